//! Figures of parts of contests that two files both have: where nearly all are
//! the same, the two tell of one count, and those that differ were corrected in
//! one file only.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use crate::model::{
    Finding, Locus, Number, Place, Role, Severity, Table, TableId, key, show, whole, words_of,
};

use super::alike::{Form, Words};
use super::beside::Beside;
use super::cells::{number_at, source_of};
use super::reference::agree;
use super::{Answer, Rule, Subject, described, finding, related};

/// When two tables tell of one count.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// So many rows of both are about the same.
    rows: usize,
    /// So many per cent of their figures are the same.
    same: usize,
    /// From so many on they are for certain; else a finding is a warning.
    certain: usize,
    /// Smaller figures are often the same by chance, and tell nothing.
    telling: i64,
}

/// A figure that stands in both tables.
struct Shared {
    rows: [usize; 2],
    columns: [usize; 2],
    numbers: [Number; 2],
}

impl Drift {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for (one, other) in self.pairs(subject) {
            self.compare(rule, subject, one, other, &mut answer);
        }
        answer
    }

    /// The tables of two files each that have enough rows about the same.
    fn pairs(&self, subject: &Subject<'_>) -> Vec<(TableId, TableId)> {
        /// What more tables have tells no two of them from the others.
        const MOST: usize = 16;
        let source = |id: TableId| subject.dataset.table(id).map(|table| table.source);
        let sources = subject.dataset.tables().map(|(_, table)| table.source);
        if sources.collect::<BTreeSet<_>>().len() < 2 {
            return Vec::new();
        }
        let mut about: HashMap<Vec<String>, BTreeSet<TableId>> = HashMap::new();
        let parts = subject.relations.results.iter();
        for row in parts.filter(|r| r.scope.unit.is_some() || !r.scope.regions.is_empty()) {
            let scope = &row.scope;
            let unit = scope.unit.as_deref().map_or_else(String::new, key);
            let id = [
                &scope.contest_key,
                &scope.election_key,
                &unit,
                &key(row.name()),
            ];
            let id = id.map(ToOwned::to_owned).to_vec();
            about.entry(id).or_default().insert(row.table);
        }
        let mut shared: BTreeMap<(TableId, TableId), usize> = BTreeMap::new();
        for tables in about.values().filter(|t| (2..=MOST).contains(&t.len())) {
            for one in tables {
                for other in tables.range(*one..).skip(1) {
                    *shared.entry((*one, *other)).or_default() += 1;
                }
            }
        }
        let enough = shared.into_iter().filter(|(_, rows)| *rows >= self.rows);
        let pairs = enough.map(|(pair, _)| pair);
        let apart = |&(one, other): &(TableId, TableId)| source(one) != source(other);
        // Most rows of a screened table are not kept.
        let whole = |id: TableId| subject.dataset.table(id).is_some_and(|t| t.sound.is_none());
        let both = |&(one, other): &(TableId, TableId)| whole(one) && whole(other);
        pairs.filter(apart).filter(both).collect()
    }

    fn compare(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        one: TableId,
        other: TableId,
        answer: &mut Answer,
    ) {
        let tables = subject.dataset.table(one).zip(subject.dataset.table(other));
        let Some((own, theirs)) = tables else { return };
        if !same_election(subject, own, theirs) {
            return;
        }
        let Ok(beside) = Beside::new(own, theirs) else {
            return;
        };
        let words = Words {
            layout: subject.layout,
            parties: subject.parties,
        };
        let rows = shared_rows(&beside, own, theirs, words);
        if rows.len() < self.rows {
            return;
        }
        let shared = shared_figures(subject, &beside, own, theirs, &rows);
        let [agreeing, differing] = &shared;
        let (same, different) = (agreeing.len(), differing.len());
        let telling = agreeing
            .iter()
            .filter(|f| f.numbers[0].value >= whole(self.telling));
        if telling.count() < self.rows || same * 100 < self.same * (same + different) {
            return;
        }
        let certain = same * 100 >= self.certain * (same + different);
        (0..same).for_each(|_| answer.pass());
        for figure in differing {
            let mut found = differs(rule, subject, [one, other], figure);
            if !certain {
                found.severity = found.severity.min(Severity::Warning);
            }
            answer.fail(found);
        }
    }
}

/// Two elections that are named must be one.
fn same_election(subject: &Subject<'_>, own: &Table, other: &Table) -> bool {
    let named = |table: &Table| {
        let election = table.election.as_ref()?;
        Some(subject.layout.election_key(&election.text))
    };
    match (named(own), named(other)) {
        (Some(own), Some(other)) => own == other,
        _ => true,
    }
}

/// Rows that are about the same, of which each table has one only.
fn shared_rows(
    beside: &Beside<'_>,
    own: &Table,
    other: &Table,
    words: Words<'_>,
) -> Vec<[usize; 2]> {
    let unique = |table: &Table, of: Option<&Table>| {
        let mut rows: HashMap<String, Option<usize>> = HashMap::new();
        for row in (0..table.rows()).filter(|&row| is_of_part(table, row)) {
            let known = rows.entry(beside.key_of(row, of, Form::Ordered, words));
            known.and_modify(|row| *row = None).or_insert(Some(row));
        }
        rows
    };
    let theirs = unique(other, None);
    let own = unique(own, Some(own));
    let pair = |(key, row): (String, Option<usize>)| Some([row?, (*theirs.get(&key)?)?]);
    let mut rows: Vec<[usize; 2]> = own.into_iter().filter_map(pair).collect();
    rows.sort_unstable();
    rows
}

/// Whole contests are compared by another rule, over all tables.
fn is_of_part(table: &Table, row: usize) -> bool {
    let parts = [Role::Unit, Role::Mode, Role::Region].into_iter();
    let mut cells = parts.filter_map(|role| table.cell(row, table.column_of(role)?));
    cells.next().is_some()
}

/// The figures that both have: those that are the same, and those that are not.
fn shared_figures(
    subject: &Subject<'_>,
    beside: &Beside<'_>,
    own: &Table,
    other: &Table,
    rows: &[[usize; 2]],
) -> [Vec<Shared>; 2] {
    let (mut same, mut different) = (Vec::new(), Vec::new());
    let figures = beside.figures.iter().filter(|(column, _)| {
        let role = own.columns.get(*column).map(|c| c.role);
        role.is_some_and(Role::is_figure)
    });
    for &(mine, theirs) in figures {
        for &[row, there] in rows {
            let numbers =
                number_at(subject, own, row, mine).zip(number_at(subject, other, there, theirs));
            let Some((a, b)) = numbers else { continue };
            let agrees = agree(Some(&a), Some(&b), whole(0)) == Some(true);
            let into = if agrees { &mut same } else { &mut different };
            into.push(Shared {
                rows: [row, there],
                columns: [mine, theirs],
                numbers: [a, b],
            });
        }
    }
    [same, different]
}

fn differs(
    rule: &Rule,
    subject: &Subject<'_>,
    [one, other]: [TableId; 2],
    figure: &Shared,
) -> Finding {
    let [at, there] = [
        Place::at(one, figure.rows[0], figure.columns[0]),
        Place::at(other, figure.rows[1], figure.columns[1]),
    ];
    let [a, b] = &figure.numbers;
    let decimals = a.decimals.max(b.decimals).max(0);
    let shown = |n: &Number| show(&n.value, n.decimals.max(0));
    let heading = subject.dataset.column_name(at).unwrap_or("").to_owned();
    let table = subject.dataset.table(one);
    let whose = table.map_or_else(String::new, |table| words_of(table, figure.rows[0]));
    let about = described(subject, at);
    let mut found = finding(
        rule,
        Locus::Cell(at),
        &about.scope,
        format!(
            "“{heading}” of {whose} is {} in {} and {} in {}, which agree otherwise.",
            shown(a),
            source_of(subject, one),
            shown(b),
            source_of(subject, other),
        ),
        format!("{} in the other file", shown(b)),
    );
    found
        .related
        .push(related(there, format!("{} here", shown(b))));
    let mut found = found.differing(&a.value, &b.value, decimals);
    if !about.name.is_empty() {
        found.key.insert("candidate", about.name);
    }
    found.key.insert("metric", heading);
    found
}
