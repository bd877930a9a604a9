//! The rows of all parts of a contest (precincts, polling stations) add up to
//! the row that counts them together.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::model::{
    Finding, Locus, Metric, Place, Rest, Role, Table, TableId, Wide, fold, show, slip, whole, wide,
};

use super::sums::{Sum, Term};
use super::{Answer, Rule, Subject, count_at, described, finding, related};

/// A table has rows for units and a row for all of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {}

/// The rows of one candidate, party or figure.
#[derive(Debug, Default)]
struct Rows {
    totals: Vec<usize>,
    units: Vec<usize>,
}

impl Levels {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            let wide = wide(table, subject.layout, subject.parties);
            let parts = [unit_of(table, &wide), table.column_of(Role::Mode)];
            for unit in parts.into_iter().flatten() {
                let rows = rows_of(subject, table, unit);
                let of_wide = |at: usize| {
                    let votes = wide.columns.iter().filter(|w| w.metric == Metric::Votes);
                    wide.total(at).is_some() || votes.map(|w| w.at).any(|column| column == at)
                };
                let columns = table.columns.iter().enumerate();
                for (at, _) in columns.filter(|(at, c)| adds_up(c.role) || of_wide(*at)) {
                    let column = Column {
                        id,
                        table,
                        at,
                        unit,
                        rows: &rows,
                    };
                    column.judge(rule, subject, &mut answer);
                }
            }
        }
        answer
    }
}

/// The column of units; of a table with a column for each party, that of the
/// places that its rows are of.
fn unit_of(table: &Table, wide: &Wide) -> Option<usize> {
    let unit = table.column_of(Role::Unit);
    let places = [Role::Contest, Role::Region];
    let mut of_place = places.iter().filter(|_| !wide.columns.is_empty());
    unit.or_else(|| of_place.find_map(|&role| table.column_of(role)))
}

/// Counts add up over units; shares and majorities do not.
fn adds_up(role: Role) -> bool {
    match role {
        Role::ModeVotes | Role::Value => true,
        Role::Measure(metric) => matches!(
            metric,
            Metric::Votes
                | Metric::Electorate
                | Metric::Turnout
                | Metric::ValidVotes
                | Metric::RejectedVotes
                | Metric::TotalVotes
        ),
        _ => false,
    }
}

/// Rows by all of their cells that are neither a unit nor a figure.
fn rows_of(subject: &Subject<'_>, table: &Table, unit: usize) -> Vec<Rows> {
    let keys: Vec<usize> = (0..table.columns.len())
        .filter(|&c| c != unit && table.columns.get(c).is_some_and(|c| c.role.is_key()))
        .collect();
    let mut found: Vec<Rows> = Vec::new();
    let mut index: HashMap<Vec<String>, usize> = HashMap::new();
    for row in 0..table.rows() {
        let Some(name) = table.cell(row, unit) else {
            continue;
        };
        let cell = |&column: &usize| table.cell(row, column).map_or_else(String::new, fold);
        let key: Vec<String> = keys.iter().map(cell).collect();
        let at = *index.entry(key).or_insert_with(|| {
            found.push(Rows::default());
            found.len() - 1
        });
        let Some(rows) = found.get_mut(at) else {
            continue;
        };
        if subject.layout.is_total(name) {
            rows.totals.push(row);
        } else {
            rows.units.push(row);
        }
    }
    found.retain(|rows| !rows.totals.is_empty() && !rows.units.is_empty());
    found
}

/// A column of counts, and the rows that add up in it.
struct Column<'a> {
    id: TableId,
    table: &'a Table,
    at: usize,
    /// The column of units.
    unit: usize,
    rows: &'a [Rows],
}

impl Column<'_> {
    fn judge(&self, rule: &Rule, subject: &Subject<'_>, answer: &mut Answer) {
        let mut sums: Vec<Sum> = Vec::new();
        for rows in self.rows {
            match self.sum(subject, rows) {
                Some(Ok(sum)) => sums.push(sum),
                Some(Err(reason)) => answer.unknown(reason),
                None => {}
            }
        }
        let holding = sums.iter().filter(|sum| sum.off() == 0).count();
        let failing = sums.len() - holding;
        if failing > holding && failing > 1 {
            self.all_off(rule, subject, &sums, answer);
            return;
        }
        for mut sum in sums {
            if sum.off() == 0 {
                answer.pass();
            } else {
                sum.finding = Some(answer.findings.len());
                answer.fail(self.broken(rule, subject, &sum));
            }
            answer.sums.push(sum);
        }
    }

    fn term(&self, subject: &Subject<'_>, row: usize) -> Option<Term> {
        let place = Place {
            table: self.id,
            row: u32::try_from(row).ok()?,
            column: u32::try_from(self.at).ok()?,
        };
        let value = count_at(subject, place)?;
        Some(Term { place, value })
    }

    /// `None` where the column has no total; an error where it cannot be judged.
    fn sum(&self, subject: &Subject<'_>, rows: &Rows) -> Option<Result<Sum, String>> {
        let totals = rows.totals.iter();
        let totals: Vec<Term> = totals.filter_map(|&row| self.term(subject, row)).collect();
        let total = match totals.as_slice() {
            [] => return None,
            [total] => *total,
            [..] => return Some(Err("several rows count all units together".to_owned())),
        };
        let units = rows.units.iter();
        let parts: Vec<Term> = units.filter_map(|&row| self.term(subject, row)).collect();
        let complete = parts.len() == rows.units.len();
        let sum = Sum {
            total,
            parts,
            rest: Rest::default(),
            finding: None,
        };
        Some(if complete || sum.off() <= 0 && !sum.parts.is_empty() {
            Ok(sum)
        } else {
            Err("a unit has no figure".to_owned())
        })
    }

    /// Most sums are off: a unit that stands twice, or the units are not all.
    fn all_off(&self, rule: &Rule, subject: &Subject<'_>, sums: &[Sum], answer: &mut Answer) {
        if let Some(unit) = self.doubled(sums) {
            let Some(sum) = sums.first() else { return };
            let mut found = self.broken(rule, subject, sum);
            found.message = format!(
                "In {} the units come to more than their totals, each by what “{unit}” has: it is counted twice.",
                self.table.title
            );
            found.label = format!("the sums are right without one “{unit}”");
            answer.fail(found);
            return;
        }
        for sum in sums {
            if sum.off() == 0 {
                answer.pass();
            } else {
                answer.unknown(format!(
                    "most totals of “{}” in {} are not the sum of the units: some units may be missing",
                    self.heading(),
                    self.table.title
                ));
            }
        }
    }

    /// The unit whose figures every sum has too many.
    fn doubled(&self, sums: &[Sum]) -> Option<String> {
        let mut fits: BTreeMap<&str, usize> = BTreeMap::new();
        for sum in sums {
            let excess = -sum.off();
            let mut names: Vec<&str> = sum
                .parts
                .iter()
                .filter(|part| part.value == excess)
                .filter_map(|part| self.table.cell(part.place.row as usize, self.unit))
                .collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                *fits.entry(name).or_default() += 1;
            }
        }
        let mut all = fits.into_iter().filter(|(_, count)| *count == sums.len());
        let (name, _) = all.next()?;
        all.next().is_none().then(|| name.to_owned())
    }

    fn heading(&self) -> &str {
        let column = self.table.columns.get(self.at);
        column.map_or("", |column| column.name.as_str())
    }

    fn broken(&self, rule: &Rule, subject: &Subject<'_>, sum: &Sum) -> Finding {
        let (added, stated) = (whole(sum.added()), whole(sum.total.value));
        let about = described(subject, sum.total.place);
        let mut found = finding(
            rule,
            Locus::Cell(sum.total.place),
            &about.scope,
            format!(
                "The “{}” of {} in {} rows add up to {}, but their total is given as {}.",
                self.heading(),
                about.name,
                sum.parts.len(),
                show(&added, 0),
                show(&stated, 0),
            ),
            format!("the rows add up to {}", show(&added, 0)),
        );
        if let Some(first) = sum.parts.first() {
            let label = format!("the first of {} rows", sum.parts.len());
            found.related.push(related(first.place, label));
        }
        found.stated = Some(show(&stated, 0));
        found.expected = Some(show(&added, 0));
        found.difference = Some(show(&whole(sum.off()), 0));
        found.cause = slip(&stated, &added, 0);
        found.key.insert("candidate", about.name);
        found.key.insert("metric", self.heading().to_owned());
        found
    }
}
