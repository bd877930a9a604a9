//! A majority is the gap between the first and the second.

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Fact, FigureRow, Finding, Locus, Metric, show, whole};

use super::{Answer, Rule, Subject, finding, related, title};

/// The parameters of a gap: the stated figure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    stated: Metric,
}

impl Gap {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let stated = subject
            .relations
            .figures
            .iter()
            .filter(|f| f.metric == self.stated);
        for figure in stated.filter(|f| !f.scope.is_part()) {
            self.judge(rule, subject, figure, &mut answer);
        }
        answer
    }

    fn judge(&self, rule: &Rule, subject: &Subject<'_>, figure: &FigureRow, answer: &mut Answer) {
        let scope = &figure.scope;
        let Some(standing) = subject
            .standings
            .find(&scope.contest_key, &scope.election_key)
        else {
            answer.unknown("no votes for the contest");
            return;
        };
        if subject.facts.seats_to_fill(standing) > 1 {
            answer.unknown("several are elected, and the majority may be between any two");
            return;
        }
        let routes = if self.stated.is_percent() {
            subject.facts.majority_share(standing)
        } else {
            subject.facts.majority(standing)
        };
        let derived: Vec<Fact> = routes
            .unwrap_or_default()
            .into_iter()
            .filter(|fact| fact.derived)
            .collect();
        let Some(first) = derived.first() else {
            let hidden = subject.facts.unranked(standing);
            answer.unknown(hidden.unwrap_or("first and second are not both in the tables"));
            return;
        };
        let number = &figure.measured.number;
        let half = if self.stated.is_percent() {
            number.half_unit()
        } else {
            whole(0)
        };
        let fits = |fact: &Fact| (&number.value - &fact.value).abs() <= &half + &fact.slack;
        if derived.iter().any(fits) {
            answer.pass();
        } else {
            answer.fail(self.found(rule, figure, first));
        }
    }

    fn found(&self, rule: &Rule, figure: &FigureRow, gap: &Fact) -> Finding {
        let number = &figure.measured.number;
        let decimals = number.decimals.clamp(0, 2);
        let (shown, right) = (show(&number.value, decimals), show(&gap.value, decimals));
        let message = format!(
            "The {} in {} is given as {shown}, but first minus second is {right} ({}).",
            self.stated.words(),
            title(&figure.scope),
            gap.working
        );
        let at = Locus::Cell(figure.measured.place);
        let label = format!("first minus second is {right}");
        let mut found = finding(rule, at, &figure.scope, message, label);
        let cells = gap.cells.iter().zip(["first", "second"]);
        found
            .related
            .extend(cells.map(|(place, label)| related(*place, label)));
        found
            .differing(&number.value, &gap.value, decimals)
            .about(None, self.stated)
    }
}
