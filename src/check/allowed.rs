//! The votes of a contest are no more than the ballots allow: each voter has so
//! many.

use serde::Deserialize;

use crate::model::{Exact, FigureRow, Locus, Metric, ResultRow, Severity, show, whole};

use super::{Answer, Rule, Subject, at_most, finding, related, title};

/// The parameters of allowed votes: what is counted, what may state how many
/// votes each voter has, and of whom they are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    votes: Metric,
    each: Metric,
    /// Stands for `each` where that is not given; then it is a warning.
    or_each: Metric,
    of: Vec<Metric>,
}

impl Allowed {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for rows in subject.counts() {
            self.judge(rule, subject, rows, &mut answer);
        }
        answer
    }

    fn judge(&self, rule: &Rule, subject: &Subject<'_>, rows: &[&ResultRow], answer: &mut Answer) {
        let Some(scope) = rows.first().map(|r| &r.scope) else {
            return;
        };
        let figures = subject.figures_of(scope);
        let of = |metric: Metric| -> Option<&FigureRow> {
            let mut found = figures.iter().filter(|f| f.metric == metric);
            found.find(|f| f.party.is_none()).copied()
        };
        let stated = of(self.each);
        let Some(each) = stated.or_else(|| of(self.or_each)) else {
            return;
        };
        let votes = rows.iter().filter_map(|r| r.figures.get(&self.votes));
        let votes: Vec<_> = votes.collect();
        let cast = self.of.iter().find_map(|&metric| of(metric));
        let (Some(cast), Some(first)) = (cast, votes.first()) else {
            answer.unknown("the votes, or the ballots cast, are not in the tables");
            return;
        };
        let sum: Exact = votes.iter().map(|m| &m.number.value).sum();
        let (each_value, cast_value) = (&each.measured.number.value, &cast.measured.number.value);
        let most = each_value * cast_value;
        if *each_value < whole(1) {
            answer.unknown("no number of votes is stated");
        } else if sum <= most {
            answer.pass();
        } else {
            let message = format!(
                "The votes in {} add up to {}, but {} {} with {} votes each can give {} at most.",
                title(scope),
                show(&sum, 0),
                show(cast_value, 0),
                cast.metric.words(),
                show(each_value, 0),
                show(&most, 0)
            );
            let label = format!("{} at most", show(&most, 0));
            let at = Locus::Cell(cast.measured.place);
            let mut found = finding(rule, at, scope, message, label);
            found
                .related
                .push(related(each.measured.place, each.metric.words()));
            let words = format!(
                "the first of {} that add up to {}",
                votes.len(),
                show(&sum, 0)
            );
            found.related.push(related(first.place, words));
            if stated.is_none() {
                found.severity = at_most(rule, Severity::Warning);
            }
            found.stated = Some(show(&sum, 0));
            found.expected = Some(format!("at most {}", show(&most, 0)));
            found.difference = Some(show(&(&sum - &most), 0));
            answer.fail(found.about(None, cast.metric));
        }
    }
}
