//! A majority is the gap between the first and the second.

use serde::Deserialize;

use crate::model::{Fact, FigureRow, Finding, Locus, Metric, show, slip};

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
        for figure in stated.filter(|f| f.scope.unit.is_none()) {
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
        let routes = if self.stated.is_percent() {
            subject.facts.majority_share(standing)
        } else {
            subject.facts.majority(standing)
        };
        let derived: Vec<_> = routes
            .unwrap_or_default()
            .into_iter()
            .filter(|fact| fact.derived)
            .collect();
        let Some(first) = derived.first() else {
            answer.unknown("first and second are not both in the tables");
            return;
        };
        let number = &figure.measured.number;
        let half = if self.stated.is_percent() {
            number.half_unit()
        } else {
            crate::model::whole(0)
        };
        let fits = derived.iter().any(|fact| {
            let gap = &number.value - &fact.value;
            let reach = &half + &fact.slack;
            gap <= reach && -gap <= reach
        });
        if fits {
            answer.pass();
            return;
        }
        answer.fail(self.found(rule, figure, first));
    }

    fn found(&self, rule: &Rule, figure: &FigureRow, gap: &Fact) -> Finding {
        let (number, scope) = (&figure.measured.number, &figure.scope);
        let decimals = number.decimals.clamp(0, 2);
        let (shown, right) = (show(&number.value, decimals), show(&gap.value, decimals));
        let mut found = finding(
            rule,
            Locus::Cell(figure.measured.place),
            scope,
            format!(
                "The {} in {} is given as {shown}, but first minus second is {right} ({}).",
                self.stated.words(),
                title(scope),
                gap.working
            ),
            format!("first minus second is {right}"),
        );
        let cells = gap.cells.iter().take(2).zip(["first", "second"]);
        found
            .related
            .extend(cells.map(|(place, label)| related(*place, label)));
        found.difference = Some(show(&(&number.value - &gap.value), decimals));
        found.cause = slip(&number.value, &gap.value, decimals);
        found.stated = Some(shown);
        found.expected = Some(right);
        found
    }
}
