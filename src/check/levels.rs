//! The rows of all parts of a contest (precincts, polling stations) add up to
//! the row that counts them together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use crate::model::{
    DefectKind, Finding, Locus, Metric, Number, Place, Rest, Role, Table, TableId, Wide, fold,
    place_of, unlabelled_totals, whole, wide,
};

use super::cells::term_at;
use super::sums::{Sum, Term};
use super::whole_row::{self, Block, RowSigns, Told};
use super::{Answer, Rule, Subject, Tally, described, finding, related};

/// A table has rows for units and a row for all of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    whole_row: RowSigns,
}

/// The rows of one candidate, party or figure.
#[derive(Debug, Default)]
struct Rows {
    totals: Vec<usize>,
    units: Vec<usize>,
}

impl Levels {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            let wide = wide(table, subject.layout, subject.parties);
            let units = table.column_of(Role::Unit).or_else(|| {
                let place = || place_of(table);
                (!wide.columns.is_empty()).then(place).flatten()
            });
            let areas = || {
                let by_area = subject.relations.by_area.contains(&id);
                let mut columns = table.columns.iter();
                by_area
                    .then(|| columns.rposition(|c| c.role == Role::Region))
                    .flatten()
            };
            let units = units.or_else(areas);
            let unlabelled = unlabelled_totals(table, &wide, subject.layout);
            let parts = [units, table.column_of(Role::Mode)];
            for unit in parts.into_iter().flatten() {
                let rows = rows_of(subject, table, unit, &unlabelled);
                let columns = table.columns.iter().enumerate();
                let columns = columns.filter(|(at, column)| {
                    adds_up(column.role) || adds_up_in(subject, table, &wide, *at)
                });
                let columns = columns.map(|(at, _)| Column {
                    id,
                    table,
                    at,
                    unit,
                    rows: &rows,
                });
                let columns: Vec<Column<'_>> = columns.collect();
                let level = Level::new(subject, &columns, &wide);
                level.judge(rule, subject, self.whole_row, &mut answer);
            }
        }
        answer
    }
}

/// Does a column of a table of candidates in columns add up over its rows?
fn adds_up_in(subject: &Subject<'_>, table: &Table, wide: &Wide, at: usize) -> bool {
    let votes = wide.columns.iter().filter(|w| w.metric == Metric::Votes);
    let mut counts = votes.map(|w| w.at);
    let mut figures = wide.figures.iter().map(|(column, _)| *column);
    let unsaid = wide.totals.is_empty();
    let total = unsaid.then(|| subject.layout.votes_column(table)).flatten();
    wide.total(at).is_some()
        || total == Some(at)
        || counts.any(|column| column == at)
        || figures.any(|column| column == at)
}

/// The columns of counts of a table, with their sums: a list for each column,
/// with one for each of the rows that add up.
struct Level<'a> {
    columns: &'a [Column<'a>],
    sums: Vec<Vec<Option<Result<Sum, String>>>>,
    /// The columns of candidates or parties, and those that count them together.
    wide: Vec<usize>,
    totals: Vec<usize>,
}

impl<'a> Level<'a> {
    fn new(subject: &Subject<'_>, columns: &'a [Column<'a>], wide: &Wide) -> Self {
        let sums = columns.iter().map(|column| {
            let rows = column.rows.iter();
            rows.map(|rows| column.sum(subject, rows)).collect()
        });
        let votes = wide.columns.iter().filter(|w| w.metric == Metric::Votes);
        Self {
            columns,
            sums: sums.collect(),
            wide: votes.map(|w| w.at).collect(),
            totals: wide.totals.iter().map(|(at, _)| *at).collect(),
        }
    }

    fn judge(mut self, rule: &Rule, subject: &Subject<'_>, signs: RowSigns, answer: &mut Answer) {
        for (group, found) in self.told_by_rows(rule, subject, signs) {
            if found.is_none() {
                answer.unknown("another finding tells what is wrong with the rows");
            }
            answer.findings.extend(found);
            for sums in &mut self.sums {
                if let Some(sum) = sums.get_mut(group) {
                    *sum = None;
                }
            }
        }
        for (column, sums) in self.columns.iter().zip(self.sums) {
            column.judge(rule, subject, sums, answer);
        }
    }

    /// The rows that add up of which one row tells what is wrong in several
    /// columns, by their number, with the finding. Of two whose rows are
    /// exchanged one has it.
    fn told_by_rows(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        signs: RowSigns,
    ) -> Vec<(usize, Option<Finding>)> {
        let groups = self.columns.first().map_or(0, |column| column.rows.len());
        let blocks: Vec<(usize, Block<'_>)> = (0..groups)
            .filter_map(|group| Some((group, self.block(group, signs)?)))
            .collect();
        let mut told: Vec<(usize, Option<Finding>)> = Vec::new();
        let mut left = Vec::new();
        let mut numbers = Vec::new();
        for (group, block) in blocks {
            match block.told(rule, subject) {
                Some(Told::Here(found)) => told.push((group, Some(*found))),
                Some(Told::Elsewhere) => told.push((group, None)),
                None => {
                    numbers.push(group);
                    left.push(block);
                }
            }
        }
        for ([one, another], found) in whole_row::exchanged(rule, subject, &left) {
            let pair = [(one, Some(found)), (another, None)];
            let pair = pair.into_iter();
            told.extend(pair.filter_map(|(at, found)| Some((*numbers.get(at)?, found))));
        }
        told
    }

    /// The sums of all columns over the same rows, where several are off.
    fn block(&self, group: usize, signs: RowSigns) -> Option<Block<'_>> {
        let sums = self.columns.iter().zip(&self.sums);
        let sums = sums.filter_map(|(column, sums)| {
            let sum = sums.get(group)?.as_ref()?.as_ref().ok()?;
            Some((column.at, sum))
        });
        let sums: BTreeMap<usize, &Sum> = sums.collect();
        let first = self.columns.first()?;
        let off = sums.values().filter(|sum| !sum.comes_out()).count();
        (off > 1).then(|| Block {
            id: first.id,
            table: first.table,
            unit: first.unit,
            wide: self.wide.clone(),
            totals: self.totals.clone(),
            sums,
            signs,
        })
    }
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
                | Metric::RejectedByReason
                | Metric::Abstentions
                | Metric::TotalVotes
        ),
        _ => false,
    }
}

/// The columns that tell groups of rows apart. A number and a name of one poll
/// are one; parts of parts have totals of their own.
fn keys_of(subject: &Subject<'_>, table: &Table, unit: usize) -> Vec<usize> {
    let is_total = |row: usize, at: usize| {
        let name = table.cell(row, at);
        name.is_some_and(|name| subject.layout.is_total(name))
    };
    let role = |at: usize| table.columns.get(at).map(|c| c.role);
    let names_the_same = |at: usize| {
        role(unit) == Some(Role::Unit)
            && role(at) == Some(Role::Unit)
            && (0..table.rows()).all(|row| !is_total(row, at) || is_total(row, unit))
    };
    let is_key = |&at: &usize| at != unit && role(at).is_some_and(Role::is_key);
    let columns = (0..table.columns.len()).filter(is_key);
    columns.filter(|&at| !names_the_same(at)).collect()
}

/// Rows by all of their cells that are neither a unit nor a figure.
fn rows_of(
    subject: &Subject<'_>,
    table: &Table,
    unit: usize,
    unlabelled: &BTreeSet<usize>,
) -> Vec<Rows> {
    let keys = keys_of(subject, table, unit);
    let mut found: Vec<Rows> = Vec::new();
    let mut index: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for row in 0..table.rows() {
        let is_total = |name: &str| subject.layout.is_total(name);
        // "Total" may stand in another column than the units do.
        let elsewhere = || {
            let columns = table.columns.iter().enumerate();
            let mut others = columns.filter(|(_, column)| column.role == Role::Other);
            others.any(|(at, _)| table.cell(row, at).is_some_and(is_total))
        };
        let is_total = match table.cell(row, unit) {
            _ if unlabelled.contains(&row) => true,
            Some(name) if is_total(name) => true,
            // A sum of some units stands beside those that it counts.
            Some(name) if subject.layout.is_units_together(name) => continue,
            Some(_) => false,
            None if elsewhere() => true,
            None => continue,
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
        if is_total {
            rows.totals.push(row);
        } else {
            rows.units.push(row);
        }
    }
    let mut grand = grand_totals(table, &keys, &index, &found);
    found.append(&mut grand);
    found.retain(|rows| !rows.totals.is_empty() && !rows.units.is_empty());
    found
}

/// The totals without units of their own, each with the units of the groups that
/// it counts: it leaves the areas of these open, and names nothing else than they
/// do.
fn grand_totals(
    table: &Table,
    keys: &[usize],
    index: &BTreeMap<Vec<String>, usize>,
    found: &[Rows],
) -> Vec<Rows> {
    let is_area = |at: &usize| {
        let role = table.columns.get(*at).map(|column| column.role);
        matches!(role, Some(Role::Region | Role::Contest | Role::District))
    };
    let areas: Vec<bool> = keys.iter().map(is_area).collect();
    // By what they leave open, since few totals differ in that, and tables are long.
    let mut open: BTreeMap<Vec<bool>, Vec<(&Vec<String>, &Rows)>> = BTreeMap::new();
    for (key, at) in index {
        let of_key = key.iter().zip(&areas);
        let left_open: Vec<bool> = of_key.map(|(own, area)| *area && own.is_empty()).collect();
        let rows = found.get(*at);
        let rows = rows.filter(|rows| rows.units.is_empty() && !rows.totals.is_empty());
        if let Some(rows) = rows.filter(|_| left_open.contains(&true)) {
            open.entry(left_open).or_default().push((key, rows));
        }
    }
    let mut grand = Vec::new();
    for (left_open, totals) in open {
        let masked = |key: &[String]| -> Vec<String> {
            let cells = key.iter().zip(&left_open);
            let shown = cells.map(|(own, open)| if *open { String::new() } else { own.clone() });
            shown.collect()
        };
        let mut counted: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
        for (key, at) in index {
            let total = masked(key);
            if total != *key
                && let Some(rows) = found.get(*at)
            {
                counted.entry(total).or_default().extend(&rows.units);
            }
        }
        for (key, rows) in totals {
            let mut units = counted.get(key).cloned().unwrap_or_default();
            units.sort_unstable();
            let totals = rows.totals.clone();
            grand.push(Rows { totals, units });
        }
    }
    grand.sort_by(|a, b| a.totals.cmp(&b.totals));
    grand
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
    fn judge(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        all: Vec<Option<Result<Sum, String>>>,
        answer: &mut Answer,
    ) {
        let mut sums: Vec<Sum> = Vec::new();
        for sum in all {
            match sum {
                Some(Ok(sum)) => sums.push(sum),
                Some(Err(reason)) => answer.unknown(reason),
                None => {}
            }
        }
        let tally = Tally::of(sums.iter().map(Sum::comes_out));
        if tally.is_of_something_else() && tally.wrong > 1 {
            self.all_off(rule, subject, &sums, answer);
            return;
        }
        for mut sum in sums {
            if sum.comes_out() {
                answer.pass();
            } else if self.misfit(subject, sum.off()) {
                answer.unknown("a row that was left out has just what is missing");
                continue;
            } else {
                sum.finding = Some(answer.findings.len());
                answer.fail(self.broken(rule, subject, &sum));
            }
            answer.sums.push(sum);
        }
    }

    /// Has a row that was left out, since it has too many cells or too few, what a
    /// sum lacks?
    fn misfit(&self, subject: &Subject<'_>, off: i64) -> bool {
        let dataset = subject.dataset;
        let text = dataset.source(self.table.source).map_or("", |s| s.text());
        let left_out = dataset.defects.iter().filter(|defect| {
            defect.kind == DefectKind::RowLength && defect.span.source == self.table.source
        });
        let mut rows = left_out.filter_map(|defect| text.get(defect.span.start..defect.span.end));
        rows.any(|row| {
            let mut cells = row.split([',', ';', '\t', '|']);
            cells.any(|cell| {
                let number = Number::parse(cell.trim_matches(['"', ' ']));
                number.is_some_and(|number| number.value == whole(off))
            })
        })
    }

    fn term(&self, subject: &Subject<'_>, row: usize) -> Option<Term> {
        term_at(subject, Place::at(self.id, row, self.at))
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
            if sum.comes_out() {
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
        let [stated, added] = sum.shown();
        let about = described(subject, sum.total.place);
        // A column of a candidate is of nobody else.
        let of_row = self.table.columns.get(self.at).map(|c| c.role) != Some(Role::Other);
        let whose = if of_row {
            format!(" of {}", about.name)
        } else {
            String::new()
        };
        let mut found = finding(
            rule,
            Locus::Cell(sum.total.place),
            &about.scope,
            format!(
                "The “{}”{whose} in {} rows add up to {added}, but their total is given as {stated}.",
                self.heading(),
                sum.parts.len(),
            ),
            format!("the rows add up to {added}"),
        );
        if let Some(first) = sum.parts.first() {
            let label = format!("the first of {} rows", sum.parts.len());
            found.related.push(related(first.place, label));
        }
        let mut found = sum.tell(found);
        found.key.insert("candidate", about.name);
        found.key.insert("metric", self.heading().to_owned());
        found
    }
}
