//! Sums under headings that nobody knows: where a column is the sum of those
//! beside it in nearly all rows, it is so in every row.

use serde::Deserialize;

use crate::model::{Locus, Rest, Role, Table, TableId};

use super::columns::Numbers;
use super::reference::place;
use super::sums::{Sum, Term};
use super::{Answer, Rule, Subject, described, finding, related, title};

/// The parameters of sums of columns: what shows that a column is one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// So many rows, with as many different sums, come out.
    enough: usize,
    /// Of so many that come out, one at most does not.
    one_in: usize,
    /// Tables with more columns of numbers are not looked through.
    columns: usize,
}

/// A column, and those beside it whose sum it is.
struct Run<'t> {
    total: &'t Numbers,
    parts: &'t [Numbers],
    right: usize,
}

impl Runs {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let tables = subject.dataset.tables();
        for (id, table) in tables.filter(|(_, table)| table.sound.is_none()) {
            let numbers = Numbers::of(table, subject.layout);
            if numbers.len() > self.columns {
                continue;
            }
            for at in 0..numbers.len() {
                let Some(total) = numbers.get(at) else {
                    continue;
                };
                let holds = table.columns.get(total.at).map(|column| column.role);
                if holds != Some(Role::Other) || !total.are_counts() || !total.varies(self.enough) {
                    continue;
                }
                if let Some(run) = self.find(&numbers, at) {
                    judge(rule, subject, (id, table), &run, &mut answer);
                }
            }
        }
        answer
    }

    /// The columns right after one, or right before it, that it is the sum of.
    fn find<'t>(&self, numbers: &'t [Numbers], at: usize) -> Option<Run<'t>> {
        let total = numbers.get(at)?;
        let after = (at + 2..numbers.len()).map(|last| at + 1..last + 1);
        let before = (0..at.saturating_sub(1)).map(|first| first..at);
        let mut best: Option<Run<'t>> = None;
        for range in before.chain(after) {
            let parts = numbers.get(range)?;
            // Further columns only make the run longer.
            if !parts.iter().all(Numbers::are_counts) {
                continue;
            }
            let mut run = Run {
                total,
                parts,
                right: 0,
            };
            let sums: Vec<(i128, i128)> = (0..total.cells.len())
                .filter_map(|row| run.sum(row))
                .collect();
            let right = sums.iter().filter(|(stated, made)| stated == made).count();
            let wrong = sums.len() - right;
            let plain = sums
                .iter()
                .filter(|(stated, made)| stated == made && *made > 0);
            let shown = plain.count() >= self.enough && wrong * self.one_in <= right;
            run.right = right;
            if shown && best.as_ref().is_none_or(|best| best.right < right) {
                best = Some(run);
            }
        }
        best
    }
}

impl Run<'_> {
    /// What is stated and what the parts make; `None` where one is not given, or
    /// all but one are 0.
    fn sum(&self, row: usize) -> Option<(i128, i128)> {
        let parts = self.parts.iter().map(|part| part.count(row));
        let parts: Vec<i128> = parts.collect::<Option<_>>()?;
        Some((self.total.count(row)?, parts.iter().sum()))
    }
}

fn judge(
    rule: &Rule,
    subject: &Subject<'_>,
    (id, table): (TableId, &Table),
    run: &Run<'_>,
    answer: &mut Answer,
) {
    let heading = |n: &Numbers| table.columns.get(n.at).map_or("", |column| &column.name);
    for row in 0..table.rows() {
        let term = |n: &Numbers| {
            let value = i64::try_from(n.count(row)?).ok()?;
            let place = place(id, row, n.at);
            Some(Term { place, value })
        };
        let parts: Option<Vec<Term>> = run.parts.iter().map(term).collect();
        let Some((total, parts)) = term(run.total).zip(parts) else {
            continue;
        };
        let mut sum = Sum {
            total,
            parts,
            rest: Rest::default(),
            finding: None,
        };
        if sum.comes_out() {
            answer.pass();
        } else {
            let about = described(subject, sum.total.place);
            let [stated, made] = sum.shown();
            let ends = [run.parts.first(), run.parts.last()];
            let [first, last] = ends.map(|n| n.map_or("", heading));
            let message = format!(
                "“{}” is the sum of “{first}” to “{last}” in {} rows, but in {} it is given as {stated}, and these make {made}.",
                heading(run.total),
                run.right,
                title(&about.scope),
            );
            let label = format!("the columns make {made}");
            let at = Locus::Cell(sum.total.place);
            let mut found = finding(rule, at, &about.scope, message, label);
            let parts = run.parts.iter().zip(&sum.parts);
            found
                .related
                .extend(parts.map(|(n, term)| related(term.place, heading(n))));
            found.key.insert("column", heading(run.total).to_owned());
            sum.finding = Some(answer.findings.len());
            answer.fail(sum.tell(found));
        }
        answer.sums.push(sum);
    }
}
