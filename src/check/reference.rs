//! The figures of a table against those of a second source, the reference: row
//! by row, by all cells that say what a row is about.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{
    Cause, Difference, Differences, Exact, Finding, Key, Locus, Metric, Number, Place, Role,
    Source, Table, TableId, fold, key, show, slip, whole, words_of,
};

use super::unlike;
use super::{Answer, Rule, Subject, described, finding, related};

/// What is compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    compare: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Figures,
    Rows,
}

impl Reference {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut unlike = BTreeSet::new();
        for (id, _) in subject.dataset.tables() {
            let Some(compared) = Comparison::of(subject, id) else {
                unlike.insert(id);
                continue;
            };
            match self.compare {
                What::Figures => compared.figures(rule, subject, &mut answer),
                What::Rows => compared.rows(rule, subject, &mut answer),
            }
        }
        if subject.dataset.references().next().is_some() && !unlike.is_empty() {
            self.compare_unlike(rule, subject, &unlike, &mut answer);
        }
        answer
    }

    /// Tables that are laid out in another way than the reference.
    fn compare_unlike(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        tables: &BTreeSet<TableId>,
        answer: &mut Answer,
    ) {
        let compared = unlike::compare(subject, tables);
        if compared.same == 0 && compared.differing.is_empty() {
            answer.unknown("no table of the reference has the same columns, or the same contests");
            return;
        }
        match self.compare {
            What::Figures => {
                (0..compared.same).for_each(|_| answer.pass());
                for difference in &compared.differing {
                    answer.fail(differs_unlike(rule, subject, difference));
                }
            }
            What::Rows => {
                for (contest, at) in &compared.only_here {
                    let says = format!("The reference has no contest {contest}.");
                    answer.fail(lacking(rule, contest, *at, says, "not in the reference"));
                }
                for (contest, at) in &compared.only_there {
                    let says =
                        format!("The reference has the contest {contest}, which is not here.");
                    answer.fail(lacking(rule, contest, *at, says, "not in the tables"));
                }
            }
        }
    }
}

fn lacking(rule: &Rule, contest: &str, at: Place, says: String, label: &str) -> Finding {
    let scope = crate::model::Scope {
        contest: contest.to_owned(),
        ..crate::model::Scope::default()
    };
    finding(rule, Locus::Cell(at), &scope, says, label.to_owned())
}

/// A figure that a reference of another layout has otherwise.
fn differs_unlike(rule: &Rule, subject: &Subject<'_>, difference: &Difference) -> Finding {
    let whose = [difference.name.as_str(), difference.contest.as_str()];
    let whose: Vec<&str> = whose.into_iter().filter(|part| !part.is_empty()).collect();
    let mut found = told(rule, subject, difference, &whose.join(", "));
    if !difference.name.is_empty() {
        found.key.insert("candidate", difference.name.clone());
    }
    found.key.insert("metric", difference.heading.clone());
    found
}

/// A difference with both its figures.
fn told(rule: &Rule, subject: &Subject<'_>, difference: &Difference, whose: &str) -> Finding {
    let about = described(subject, difference.own);
    let heading = &difference.heading;
    let source = source_of(subject, difference.other.table);
    let shown = |n: &Option<Number>| {
        let text = n.as_ref().map(|n| show(&n.value, n.decimals.max(0)));
        text.unwrap_or_else(|| "nothing".to_owned())
    };
    let (ours, theirs) = (shown(&difference.ours), shown(&difference.theirs));
    let mut found = finding(
        rule,
        Locus::Cell(difference.own),
        &about.scope,
        format!("“{heading}” of {whose} is given as {ours}; {source} has {theirs}."),
        format!("{theirs} in the reference"),
    );
    found
        .related
        .push(related(difference.other, format!("{theirs} here")));
    if let (Some(a), Some(b)) = (&difference.ours, &difference.theirs) {
        let decimals = a.decimals.max(b.decimals).max(0);
        found.difference = Some(show(&(&a.value - &b.value), decimals));
        found.cause = slip(&a.value, &b.value, decimals);
    }
    found.stated = Some(ours);
    found.expected = Some(theirs);
    found
}

/// A row of a table and the row of a reference that is about the same.
#[derive(Debug, Clone, Copy)]
struct Pair {
    own: usize,
    other: Row,
    /// Its candidate goes by another name there.
    renamed: bool,
}

/// A row of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    table: TableId,
    row: usize,
}

/// A table beside its references.
struct Comparison<'a> {
    id: TableId,
    table: &'a Table,
    pairs: Vec<Pair>,
    /// Rows that no reference has.
    only_here: Vec<usize>,
    /// Rows of the references that the table lacks.
    only_there: Vec<Row>,
    references: BTreeMap<TableId, Beside<'a>>,
}

/// A reference, with the columns that both have.
pub(super) struct Beside<'a> {
    table: &'a Table,
    keys: Vec<(usize, usize)>,
    pub(super) figures: Vec<(usize, usize)>,
}

/// Does it say whom a row is about, so that it may be spelled in two ways?
fn is_name(role: Role) -> bool {
    matches!(role, Role::Candidate | Role::FirstName | Role::Surname)
}

impl<'a> Beside<'a> {
    /// `None` where the two cannot be told to be about the same rows: they share
    /// no column of names, or the rows of one are parts of the other's.
    pub(super) fn new(own: &Table, table: &'a Table) -> Option<Self> {
        let with_role =
            |role: Role| move |c: &usize| table.columns.get(*c).map(|c| c.role) == Some(role);
        let own_columns = own.columns.iter().enumerate();
        let keys: Vec<(usize, usize)> = own_columns
            .clone()
            .filter(|(_, column)| column.role.is_key())
            .filter_map(|(at, column)| {
                let mut others = (0..table.columns.len()).filter(with_role(column.role));
                Some((at, others.next()?))
            })
            .collect();
        let figures: Vec<(usize, usize)> = own_columns
            .filter(|(_, column)| !column.role.is_key() && column.role != Role::Result)
            .filter_map(|(at, column)| Some((at, counterpart(column, table)?)))
            .collect();
        let has = |table: &Table, role: Role| table.column_of(role).is_some();
        let levels = [Role::Unit, Role::Mode, Role::Stage];
        // Rows of candidates, and rows of contests with a column for each party,
        // are not about the same.
        let of_names = |table| {
            let names = [Role::Candidate, Role::Surname, Role::Label];
            names.into_iter().any(|role| has(table, role))
        };
        let same_level = of_names(own) == of_names(table)
            && levels
                .iter()
                .all(|&role| has(own, role) == has(table, role));
        let whose = |&(at, _): &(usize, usize)| {
            let role = own.columns.get(at).map(|c| c.role);
            role.is_some_and(|r| {
                is_name(r) || matches!(r, Role::Party | Role::Label | Role::Contest)
            })
        };
        let told = keys.iter().any(whose);
        (told && same_level && !figures.is_empty()).then_some(Self {
            table,
            keys,
            figures,
        })
    }

    /// What a row is about: of the reference, or of the other table.
    pub(super) fn key_of(
        &self,
        row: usize,
        own: Option<&Table>,
        without_names: bool,
    ) -> Vec<String> {
        let cell = |&(mine, theirs): &(usize, usize)| {
            let (table, column) = own.map_or((self.table, theirs), |own| (own, mine));
            let role = table.columns.get(column).map(|c| c.role);
            let skipped = without_names
                && role.is_some_and(|r| is_name(r) || matches!(r, Role::Party | Role::PartyShort));
            let text = table.cell(row, column).filter(|_| !skipped);
            text.map_or_else(String::new, key)
        };
        self.keys.iter().map(cell).collect()
    }
}

/// The column of a table that holds the same figures.
fn counterpart(column: &crate::model::Column, table: &Table) -> Option<usize> {
    let same_name = |c: &&(usize, &crate::model::Column)| {
        fold(&c.1.name) == fold(&column.name) && c.1.election == column.election
    };
    let columns: Vec<(usize, &crate::model::Column)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.role == column.role)
        .collect();
    let named = columns.iter().find(same_name);
    let only = match columns.as_slice() {
        [only] if !matches!(column.role, Role::ModeVotes | Role::Other) => Some(only),
        _ => None,
    };
    named.or(only).map(|(at, _)| *at)
}

impl<'a> Comparison<'a> {
    fn of(subject: &Subject<'a>, id: TableId) -> Option<Self> {
        let table = subject.dataset.table(id)?;
        let mut comparison = Self {
            id,
            table,
            pairs: Vec::new(),
            only_here: (0..table.rows()).collect(),
            only_there: Vec::new(),
            references: BTreeMap::new(),
        };
        // In order of authority: what the first has, the others are not asked.
        for (other, reference) in subject.dataset.references() {
            if let Some(beside) = Beside::new(table, reference) {
                comparison.pair_with(subject, other, &beside);
                comparison.references.insert(other, beside);
            }
        }
        (!comparison.references.is_empty()).then_some(comparison)
    }

    fn pair_with(&mut self, subject: &Subject<'_>, other: TableId, beside: &Beside<'a>) {
        let mut free: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
        for row in (0..beside.table.rows()).rev() {
            free.entry(beside.key_of(row, None, false))
                .or_default()
                .push(row);
        }
        let own = std::mem::take(&mut self.only_here);
        let mut unmatched = Vec::new();
        let mut by_key: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for row in own {
            by_key
                .entry(beside.key_of(row, Some(self.table), false))
                .or_default()
                .push(row);
        }
        for (key, mut rows) in by_key {
            let mut others = free.remove(&key).unwrap_or_default();
            others.reverse();
            // Of rows with one key, those that are alike belong together.
            rows.retain(|&row| {
                let alike = |&there: &usize| self.same_figures(subject, row, beside, there);
                let Some(at) = others.iter().position(alike) else {
                    return true;
                };
                let pair = Row {
                    table: other,
                    row: others.remove(at),
                };
                self.pairs.push(Pair {
                    own: row,
                    other: pair,
                    renamed: false,
                });
                false
            });
            let rest = others.split_off(others.len().min(rows.len()));
            for (own, row) in rows.drain(..others.len().min(rows.len())).zip(others) {
                let pair = Row { table: other, row };
                self.pairs.push(Pair {
                    own,
                    other: pair,
                    renamed: false,
                });
            }
            unmatched.extend(rows);
            if !rest.is_empty() {
                free.insert(key, rest);
            }
        }
        let mut left: Vec<usize> = free.into_values().flatten().collect();
        left.sort_unstable();
        unmatched.sort_unstable();
        self.pair_renamed(subject, other, beside, &mut unmatched, &mut left);
        self.only_here = unmatched;
        let left = left.into_iter().map(|row| Row { table: other, row });
        self.only_there.extend(left);
    }

    /// Rows that differ in their names alone and have the same figures, or whose
    /// names are nearly the same.
    fn pair_renamed(
        &mut self,
        subject: &Subject<'_>,
        other: TableId,
        beside: &Beside<'a>,
        own: &mut Vec<usize>,
        others: &mut Vec<usize>,
    ) {
        let mut by_context: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
        for &row in others.iter() {
            by_context
                .entry(beside.key_of(row, None, true))
                .or_default()
                .push(row);
        }
        own.retain(|&row| {
            let context = beside.key_of(row, Some(self.table), true);
            let Some(there) = by_context.get_mut(&context) else {
                return true;
            };
            let akin = |&candidate: &usize| {
                let known = self.has_figures(subject, row);
                known && self.same_figures(subject, row, beside, candidate)
                    || self.near_names(row, beside, candidate)
            };
            let mut fitting = (0..there.len()).filter(|&at| there.get(at).is_some_and(akin));
            let (Some(at), None) = (fitting.next(), fitting.next()) else {
                return true;
            };
            let found = there.remove(at);
            others.retain(|&left| left != found);
            let pair = Row {
                table: other,
                row: found,
            };
            self.pairs.push(Pair {
                own: row,
                other: pair,
                renamed: true,
            });
            false
        });
    }

    /// Has a row a figure that shows who it is: one above 0?
    fn has_figures(&self, subject: &Subject<'_>, row: usize) -> bool {
        let mut columns = self.table.columns.iter().enumerate();
        columns.any(|(at, column)| {
            let number = number_at(subject, self.table, row, at);
            !column.role.is_key() && number.is_some_and(|n| n.value >= whole(10))
        })
    }

    fn near_names(&self, row: usize, beside: &Beside<'_>, other: usize) -> bool {
        /// Jaro–Winkler likeness from which two names are one misspelt (names
        /// of one contest that differ in a letter or two reach it).
        const NEAR: f64 = 0.93;
        let names = beside.keys.iter().filter(|(own, _)| {
            let role = self.table.columns.get(*own).map(|c| c.role);
            role.is_some_and(is_name)
        });
        let mut all = names.filter_map(|&(own, theirs)| {
            let (a, b) = (
                self.table.cell(row, own)?,
                beside.table.cell(other, theirs)?,
            );
            Some(strsim::jaro_winkler(&key(a), &key(b)))
        });
        let first = all.next();
        first.is_some_and(|likeness| likeness >= NEAR) && all.all(|likeness| likeness >= NEAR)
    }

    fn same_figures(
        &self,
        subject: &Subject<'_>,
        row: usize,
        beside: &Beside<'_>,
        other: usize,
    ) -> bool {
        beside.figures.iter().all(|&(own, theirs)| {
            let a = number_at(subject, self.table, row, own);
            let b = number_at(subject, beside.table, other, theirs);
            a.map(|n| n.value) == b.map(|n| n.value)
        })
    }

    fn place(&self, row: usize, column: usize) -> Place {
        place(self.id, row, column)
    }

    /// All figures that both have: those that agree, and those that do not.
    fn differing(&self, subject: &Subject<'_>) -> Vec<Result<(), Difference>> {
        let mut all = Vec::new();
        for pair in &self.pairs {
            let Some(beside) = self.references.get(&pair.other.table) else {
                continue;
            };
            for &(own, theirs) in &beside.figures {
                let ours = number_at(subject, self.table, pair.own, own);
                let theirs_is = number_at(subject, beside.table, pair.other.row, theirs);
                let heading = self.heading(own);
                let tolerance = subject.tolerance(&heading);
                match agree(ours.as_ref(), theirs_is.as_ref(), tolerance) {
                    Some(true) => all.push(Ok(())),
                    Some(false) => {
                        let about = described(subject, self.place(pair.own, own));
                        all.push(Err(Difference {
                            own: self.place(pair.own, own),
                            other: place(pair.other.table, pair.other.row, theirs),
                            ours,
                            theirs: theirs_is,
                            contest: about.scope.contest,
                            unit: about.scope.unit,
                            name: about.name,
                            is_votes: self.is_votes(own),
                            heading,
                        }));
                    }
                    None => {}
                }
            }
        }
        all
    }

    fn figures(&self, rule: &Rule, subject: &Subject<'_>, answer: &mut Answer) {
        let mut differing: Vec<Difference> = Vec::new();
        for compared in self.differing(subject) {
            match compared {
                Ok(()) => answer.pass(),
                Err(difference) => differing.push(difference),
            }
        }
        let exchanged = exchanged(&differing);
        for (index, difference) in differing.iter().enumerate() {
            let with = exchanged.get(&index).and_then(|&with| differing.get(with));
            answer.fail(self.differs(rule, subject, difference, with));
        }
    }

    fn is_votes(&self, column: usize) -> bool {
        let column = self.table.columns.get(column);
        column.is_some_and(|c| c.role == Role::Measure(Metric::Votes))
    }

    fn heading(&self, column: usize) -> String {
        let column = self.table.columns.get(column);
        column.map_or_else(String::new, |column| column.name.clone())
    }

    fn differs(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        difference: &Difference,
        exchanged: Option<&Difference>,
    ) -> Finding {
        let heading = difference.heading.clone();
        let whose = self.words_of(difference.own.row as usize);
        let mut found = told(rule, subject, difference, &whose);
        if let Some(with) = exchanged {
            let other = self.words_of(with.own.row as usize);
            found.cause = Some(Cause {
                kind: "rows-exchanged",
                says: format!("exchanged with the figure of {other}"),
                suggestion: difference.theirs.as_ref().and(found.expected.clone()),
                rivals: 0,
            });
            found.related.push(related(with.own, "exchanged with this"));
        }
        self.name_row(&mut found.key, difference.own.row as usize);
        found.key.insert("metric", heading);
        found
    }

    /// The cells that say what a row is about, one after another.
    fn words_of(&self, row: usize) -> String {
        words_of(self.table, row)
    }

    fn name_row(&self, found: &mut Key, row: usize) {
        let of = |wanted: fn(Role) -> bool| {
            let columns = self.table.columns.iter().enumerate();
            let keys = columns.filter(|(_, column)| wanted(column.role));
            let cells: Vec<&str> = keys
                .filter_map(|(at, _)| self.table.cell(row, at))
                .collect();
            cells.join(" ")
        };
        for (name, text) in [
            ("candidate", of(|role| is_name(role) || role == Role::Label)),
            ("party", of(|role| role == Role::Party)),
            ("unit", of(|role| matches!(role, Role::Unit | Role::Mode))),
            (
                "contest",
                of(|role| matches!(role, Role::Contest | Role::District)),
            ),
        ] {
            if !text.is_empty() {
                found.insert(name, text);
            }
        }
    }

    fn rows(&self, rule: &Rule, subject: &Subject<'_>, answer: &mut Answer) {
        for pair in &self.pairs {
            if pair.renamed {
                answer.fail(self.renamed(rule, subject, pair));
            } else {
                answer.pass();
            }
        }
        // Where nothing fits, the two are of different things.
        if self.pairs.is_empty() {
            answer.unknown("no row of the table is in the reference");
            return;
        }
        for &row in &self.only_here {
            answer.fail(self.only_here(rule, subject, row));
        }
        for there in &self.only_there {
            answer.fail(self.only_there(rule, subject, *there));
        }
    }

    /// The first cell that says what a row is about.
    fn first_cell(table: &Table, id: TableId, row: usize) -> Place {
        let columns = table.columns.iter().enumerate();
        let mut keys: Vec<(bool, usize)> = columns
            .filter(|(at, column)| column.role.is_key() && table.cell(row, *at).is_some())
            .map(|(at, column)| (!is_name(column.role), at))
            .collect();
        keys.sort_unstable();
        place(id, row, keys.first().map_or(0, |(_, at)| *at))
    }

    fn renamed(&self, rule: &Rule, subject: &Subject<'_>, pair: &Pair) -> Finding {
        let at = Self::first_cell(self.table, self.id, pair.own);
        let there = self.references.get(&pair.other.table);
        let other = there.map(|b| Self::first_cell(b.table, pair.other.table, pair.other.row));
        let cell = |place: Place| subject.dataset.cell(place).unwrap_or("").to_owned();
        let name = other.map_or_else(String::new, cell);
        let about = described(subject, at);
        let mut found = finding(
            rule,
            Locus::Cell(at),
            &about.scope,
            format!(
                "{} is called {name} in {}; the rows are taken for one.",
                cell(at),
                source_of(subject, pair.other.table)
            ),
            format!("{name} in the reference"),
        );
        found.severity = found.severity.lower();
        found
            .related
            .extend(other.map(|place| related(place, "the same row")));
        self.name_row(&mut found.key, pair.own);
        found
    }

    fn only_here(&self, rule: &Rule, subject: &Subject<'_>, row: usize) -> Finding {
        let at = Self::first_cell(self.table, self.id, row);
        let about = described(subject, at);
        let message = format!("The reference has no row of {}.", self.words_of(row));
        let label = "not in the reference".to_owned();
        let mut found = finding(rule, Locus::Cell(at), &about.scope, message, label);
        self.name_row(&mut found.key, row);
        found
    }

    fn only_there(&self, rule: &Rule, subject: &Subject<'_>, there: Row) -> Finding {
        let beside = self.references.get(&there.table);
        let whose = beside.map_or_else(String::new, |beside| words_of(beside.table, there.row));
        let at = beside.map_or(place(there.table, there.row, 0), |beside| {
            Self::first_cell(beside.table, there.table, there.row)
        });
        let source = source_of(subject, self.id);
        let mut found = finding(
            rule,
            Locus::Cell(at),
            &crate::model::Scope::default(),
            format!("{source} has no row of {whose}; the reference has one."),
            format!("not in {source}"),
        );
        found.key.insert("candidate", whose);
        found
    }
}

/// Compares all tables with the references.
#[must_use]
pub fn differences(subject: &Subject<'_>) -> Differences {
    let mut all = Differences::default();
    let mut unlike = BTreeSet::new();
    for (id, table) in subject.dataset.tables() {
        let Some(compared) = Comparison::of(subject, id) else {
            unlike.insert(id);
            continue;
        };
        let differing = compared.differing(subject).into_iter();
        all.figures.extend(differing.filter_map(Result::err));
        let gone = compared.only_here.iter();
        all.only_here
            .extend(gone.map(|&row| Comparison::first_cell(table, id, row)));
        let new = compared.only_there.iter().filter_map(|there| {
            let beside = compared.references.get(&there.table)?;
            Some(Comparison::first_cell(beside.table, there.table, there.row))
        });
        all.only_there.extend(new);
    }
    let compared = unlike::compare(subject, &unlike);
    all.figures.extend(compared.differing);
    all.figures.sort_by_key(|difference| difference.own);
    all
}

/// Do two figures agree? `None` where neither has one. Shares are compared as
/// far as both are printed.
pub(super) fn agree(
    ours: Option<&Number>,
    theirs: Option<&Number>,
    tolerance: Exact,
) -> Option<bool> {
    match (ours, theirs) {
        (None, None) => None,
        (Some(a), Some(b)) => {
            let off = (&a.value - &b.value).abs();
            let rounded = (a.decimals > 0 || b.decimals > 0) && a.decimals != b.decimals;
            let slack = if rounded {
                a.half_unit().max(b.half_unit())
            } else {
                Exact::zero()
            };
            Some(off <= tolerance.max(slack))
        }
        (Some(_), None) | (None, Some(_)) => Some(false),
    }
}
/// Pairs of figures of one column that have each other's value.
fn exchanged(differing: &[Difference]) -> HashMap<usize, usize> {
    let value = |n: &Option<Number>| n.as_ref().map(|n| n.value.clone());
    let mut found = HashMap::new();
    for (a, one) in differing.iter().enumerate() {
        for (b, another) in differing.iter().enumerate().skip(a + 1).take(64) {
            let crossed = one.own.column == another.own.column
                && value(&one.ours) == value(&another.theirs)
                && value(&one.theirs) == value(&another.ours);
            if crossed && !found.contains_key(&a) && !found.contains_key(&b) {
                found.insert(a, b);
                found.insert(b, a);
            }
        }
    }
    found
}

pub(super) fn place(table: TableId, row: usize, column: usize) -> Place {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Place {
        table,
        row: narrow(row),
        column: narrow(column),
    }
}

pub(super) fn number_at(
    subject: &Subject<'_>,
    table: &Table,
    row: usize,
    column: usize,
) -> Option<Number> {
    let text = table.cell(row, column)?;
    Number::parse(text).filter(|_| !subject.layout.is_missing(text))
}

pub(super) fn source_of<'s>(subject: &Subject<'s>, table: TableId) -> &'s str {
    let table = subject.dataset.table(table);
    let source = table.and_then(|table| subject.dataset.source(table.source));
    source.map_or("the reference", Source::name)
}
