//! Turnout in per cent is the votes cast over the electorate.

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{FigureRow, Locus, Metric, show, slip};

use super::{Answer, Rule, Subject, finding, related, title};

/// The parameters of a turnout: what may count as cast, each tried in turn,
/// since publishers differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turnout {
    share: Metric,
    of: Metric,
}

impl Turnout {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let stated = subject
            .relations
            .figures
            .iter()
            .filter(|f| f.metric == self.share);
        for figure in stated.filter(|f| f.scope.unit.is_none()) {
            self.judge(rule, subject, figure, &mut answer);
        }
        answer
    }

    fn judge(&self, rule: &Rule, subject: &Subject<'_>, figure: &FigureRow, answer: &mut Answer) {
        let scope = &figure.scope;
        let standing = subject
            .standings
            .position(&scope.contest_key, &scope.election_key);
        let routes = standing.and_then(|s| {
            subject.facts.of_contest(s, self.of).ok()?;
            subject.facts.turnout_share(s).ok()
        });
        let worked_out: Vec<_> = routes
            .unwrap_or_default()
            .into_iter()
            .filter(|f| f.derived && f.sound)
            .collect();
        let Some(first) = worked_out.first() else {
            answer.unknown("no electorate, or no votes cast, in the tables");
            return;
        };
        let number = &figure.measured.number;
        let half = number.half_unit();
        if worked_out
            .iter()
            .any(|f| (&number.value - &f.value).abs() <= half)
        {
            answer.pass();
            return;
        }
        let decimals = number.decimals.clamp(0, 2);
        let (stated, right) = (show(&number.value, decimals), show(&first.value, decimals));
        let mut found = finding(
            rule,
            Locus::Cell(figure.measured.place),
            scope,
            format!(
                "Turnout in {} is given as {stated}%, but the figures make it {right}% ({}).",
                title(scope),
                first.working
            ),
            format!("the figures make {right}%"),
        );
        let cells = first.cells.iter().take(1).chain(first.cells.last());
        found.related.extend(
            cells
                .zip(["cast", "electorate"])
                .map(|(p, l)| related(*p, l)),
        );
        found.difference = Some(show(&(&number.value - &first.value), decimals));
        found.cause = slip(&number.value, &first.value, decimals);
        found.stated = Some(stated);
        found.expected = Some(right);
        answer.fail(found.about(None, self.share));
    }
}
