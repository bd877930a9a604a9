//! A total is given where its parts are: one that is empty, or 0, checks nothing.

use std::collections::BTreeMap;

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{Exact, Finding, Locus, Metric, Place, ResultRow, Role, TableId, show};

use super::{Answer, Rule, Subject, finding, related, title};

/// The parameters of a filled total: the parts, and which figures are of all of
/// them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filled {
    parts: Metric,
    totals: Vec<Metric>,
    /// Totals that more than one in so many contests lack are not asked for.
    one_in: usize,
}

/// The parts of one count, and where their total stands.
struct Count<'s> {
    row: &'s ResultRow,
    sum: Exact,
    /// Its cell and whether it is 0; `None` where it is not given.
    total: Option<(Place, bool)>,
}

impl Filled {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        subject.leave_screened(&mut answer);
        for &metric in &self.totals {
            let mut by_table: BTreeMap<TableId, Vec<Count<'_>>> = BTreeMap::new();
            let counts = subject.counts().iter();
            let screened = |rows: &&Vec<&ResultRow>| {
                rows.first()
                    .is_some_and(|row| subject.is_screened(row.table))
            };
            for rows in counts.filter(|rows| !screened(rows)) {
                if let Some(count) = self.count(subject, rows, metric) {
                    by_table.entry(count.row.table).or_default().push(count);
                }
            }
            for counts in by_table.values() {
                self.judge(rule, subject, metric, counts, &mut answer);
            }
        }
        answer
    }

    /// `None` where the parts are nothing.
    fn count<'s>(
        &self,
        subject: &Subject<'s>,
        rows: &[&'s ResultRow],
        metric: Metric,
    ) -> Option<Count<'s>> {
        let row = *rows.first()?;
        let parts = rows.iter().filter_map(|r| r.figures.get(&self.parts));
        let sum: Exact = parts.map(|m| &m.number.value).sum();
        let mut figures = subject.figures_of(&row.scope).iter().filter(|f| {
            let of_stage = f.scope.stage.is_none() || f.scope.stage == row.scope.stage;
            f.metric == metric && of_stage && f.measured.place.table == row.table
        });
        let total = figures.find(|f| f.party.is_none()).map(|f| &f.measured);
        sum.is_positive().then(|| Count {
            row,
            sum,
            total: total.map(|m| (m.place, m.number.value.is_zero())),
        })
    }

    fn judge(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        metric: Metric,
        counts: &[Count<'_>],
        answer: &mut Answer,
    ) {
        let (given, lacking): (Vec<_>, Vec<_>) = counts
            .iter()
            .partition(|c| matches!(c.total, Some((_, false))));
        for _ in &given {
            answer.pass();
        }
        let few = lacking.len() * self.one_in <= given.len();
        for count in lacking {
            let place = match count.total {
                Some((place, _)) => Some(place),
                None => empty_cell(subject, count.row, metric).filter(|_| few),
            };
            if let Some(place) = place {
                answer.fail(self.found(rule, metric, count, place));
            }
        }
    }

    fn found(&self, rule: &Rule, metric: Metric, count: &Count<'_>, place: Place) -> Finding {
        let scope = &count.row.scope;
        let sum = show(&count.sum, 0);
        let lacking = if count.total.is_some() {
            "0"
        } else {
            "not given"
        };
        let message = format!(
            "In {} there are {sum} {}, but the {} are {lacking}.",
            title(scope),
            self.parts.words(),
            metric.words()
        );
        let label = format!("the rows add up to {sum}");
        let mut found = finding(rule, Locus::Cell(place), scope, message, label);
        let first = count.row.figures.get(&self.parts);
        found
            .related
            .extend(first.map(|m| related(m.place, self.parts.words())));
        found.expected = Some(sum);
        found.about(None, metric)
    }
}

/// The empty cell of a column that should hold a figure of the row.
fn empty_cell(subject: &Subject<'_>, row: &ResultRow, metric: Metric) -> Option<Place> {
    let table = subject.dataset.table(row.table)?;
    let column = table.column_of(Role::Measure(metric))?;
    let free = table.cell(row.row as usize, column).is_none();
    free.then_some(Place::at(row.table, row.row as usize, column))
}
