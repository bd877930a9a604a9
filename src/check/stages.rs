//! The stages of a count in columns: each adds up, and follows from the one
//! before and what was passed on.

use serde::Deserialize;

use crate::model::{Finding, Locus, Number, Place, Rest, Role, Table, TableId, words_of};

use super::cells::term_at;
use super::sums::{Sum, Term};
use super::{Answer, Rule, Subject, Tally, described, finding, related};

/// A table has a column for each stage of a count.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stages {}

/// A stage: its column, and that of the votes passed on before it.
#[derive(Debug, Clone, Copy)]
struct Stage {
    at: usize,
    transfer: Option<usize>,
}

impl Stages {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            let count = Count {
                id,
                table,
                subject,
                stages: stages(subject, table),
            };
            if count.stages.len() > 1 {
                count.judge(rule, count.down(), &mut answer);
                count.judge(rule, count.along(), &mut answer);
            }
        }
        answer
    }
}

/// The stages that headings name, in their order.
fn stages(subject: &Subject<'_>, table: &Table) -> Vec<Stage> {
    let mut found = Vec::new();
    let mut transfer = None;
    for (at, column) in table.columns.iter().enumerate() {
        if column.role != Role::Other {
            continue;
        }
        if subject.layout.is_transfer(&column.name) {
            transfer = Some(at);
        } else if subject.layout.is_stage(&column.name) {
            let transfer = transfer.take();
            found.push(Stage { at, transfer });
        }
    }
    found
}

/// A count with its stages in columns.
struct Count<'a> {
    id: TableId,
    table: &'a Table,
    subject: &'a Subject<'a>,
    stages: Vec<Stage>,
}

impl Count<'_> {
    fn term(&self, row: usize, column: usize) -> Option<Term> {
        term_at(self.subject, Place::at(self.id, row, column))
    }

    /// A cell that holds something else than a number, or a part of one.
    fn is_odd(&self, row: usize, column: usize) -> bool {
        let cell = self.table.cell(row, column).and_then(Number::parse);
        cell.is_some_and(|number| !number.value.is_integer())
    }

    fn is_total(&self, row: usize) -> bool {
        let columns = self.table.columns.iter().enumerate();
        let mut names = columns.filter_map(|(at, column)| {
            let names = column.role.is_key() || column.role == Role::Other;
            self.table.cell(row, at).filter(|_| names)
        });
        names.any(|name| self.subject.layout.is_total(name))
    }

    /// The rows of each stage and its total; votes that are no longer anybody's
    /// are rows of theirs.
    fn down(&self) -> Vec<Sum> {
        let (totals, rows): (Vec<usize>, Vec<usize>) =
            (0..self.table.rows()).partition(|&row| self.is_total(row));
        let [total] = totals.as_slice() else {
            return Vec::new();
        };
        let rows: Vec<usize> = rows.into_iter().filter(|row| row < total).collect();
        let columns = self.stages.iter().flat_map(|s| [Some(s.at), s.transfer]);
        let sums = columns.flatten().filter_map(|column| {
            let odd = rows.iter().any(|&row| self.is_odd(row, column));
            Some(Sum {
                total: self.term(*total, column).filter(|_| !odd)?,
                parts: rows
                    .iter()
                    .filter_map(|&row| self.term(row, column))
                    .collect(),
                rest: Rest::default(),
                finding: None,
            })
        });
        sums.collect()
    }

    /// Each row's votes: those of the stage before, and what was passed on.
    fn along(&self) -> Vec<Sum> {
        let pairs = self.stages.windows(2);
        let sums = pairs.flat_map(|pair| {
            let [before, after] = pair else {
                return Vec::new();
            };
            let rows = (0..self.table.rows()).filter_map(|row| {
                let passed_on = self.term(row, after.transfer?)?;
                let total = self.term(row, after.at)?;
                let mut parts: Vec<Term> = self.term(row, before.at).into_iter().collect();
                parts.push(passed_on);
                Some(Sum {
                    total,
                    parts,
                    rest: Rest::default(),
                    finding: None,
                })
            });
            rows.collect()
        });
        sums.collect()
    }

    /// Where most do not come out, the columns are of something else.
    fn judge(&self, rule: &Rule, sums: Vec<Sum>, answer: &mut Answer) {
        let tally = Tally::of(sums.iter().map(Sum::comes_out));
        for mut sum in sums {
            if sum.comes_out() {
                answer.pass();
            } else if tally.is_of_something_else() {
                answer.unknown("most stages do not add up: rows may be missing");
                continue;
            } else {
                sum.finding = Some(answer.findings.len());
                answer.fail(self.found(rule, &sum));
            }
            answer.sums.push(sum);
        }
    }

    fn found(&self, rule: &Rule, sum: &Sum) -> Finding {
        let [stated, added] = sum.shown();
        let about = described(self.subject, sum.total.place);
        let heading = |place: Place| {
            let column = self.table.columns.get(place.column as usize);
            column.map_or("", |column| column.name.as_str())
        };
        let name = words_of(self.table, sum.total.place.row as usize);
        let message = if sum.is_of_row() {
            let parts = sum.parts.iter().map(|part| heading(part.place));
            let parts: Vec<&str> = parts.collect();
            format!(
                "“{}” of {name} is given as {stated}, but “{}” make {added}.",
                heading(sum.total.place),
                parts.join("” and “")
            )
        } else {
            format!(
                "The “{}” of {} rows add up to {added}, but their total is given as {stated}.",
                heading(sum.total.place),
                sum.parts.len()
            )
        };
        let at = Locus::Cell(sum.total.place);
        let label = format!("the parts make {added}");
        let mut found = finding(rule, at, &about.scope, message, label);
        let parts = sum.parts.iter().take(2);
        found
            .related
            .extend(parts.map(|part| related(part.place, heading(part.place))));
        let mut found = sum.tell(found);
        found.key.insert("candidate", name);
        found
            .key
            .insert("metric", heading(sum.total.place).to_owned());
        found
    }
}
