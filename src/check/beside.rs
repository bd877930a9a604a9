//! A table and a reference in, the columns that say the same in both out; or
//! what keeps the two from being held against each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Column, Role, Table, fold};

use super::alike::{Form, Words, is_name};

/// A reference, with the columns that both have.
pub(super) struct Beside<'a> {
    pub(super) table: &'a Table,
    pub(super) keys: Vec<(usize, usize)>,
    pub(super) figures: Vec<(usize, usize)>,
    /// What names of a column are called there, by the number of the key.
    pub(super) called: BTreeMap<usize, BTreeMap<String, String>>,
}

/// Why two tables cannot be held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hindrance {
    /// They share no column of names.
    Names,
    /// The rows of one are parts of the other's: it has such a column.
    Parts(Role),
    /// Rows of one are of candidates or parties, those of the other of contests.
    Rows,
    /// No figures are in both.
    Figures,
}

impl<'a> Beside<'a> {
    pub(super) fn new(own: &Table, table: &'a Table) -> Result<Self, Hindrance> {
        let keys = keys(own, table);
        let figures = figures(own, table);
        let has = |table: &Table, role: Role| table.column_of(role).is_some();
        // Rows of candidates, and rows of contests with a column for each party,
        // are not about the same.
        let of_names = |table| {
            let names = [Role::Candidate, Role::Surname, Role::Label];
            names.into_iter().any(|role| has(table, role))
        };
        if of_names(own) != of_names(table) {
            return Err(Hindrance::Rows);
        }
        let levels = [Role::Unit, Role::Mode, Role::Stage];
        let mut parts = levels.into_iter();
        if let Some(part) = parts.find(|&role| has(own, role) != has(table, role)) {
            return Err(Hindrance::Parts(part));
        }
        if figures.is_empty() {
            return Err(Hindrance::Figures);
        }
        if !tells(own, &keys, &figures) {
            return Err(Hindrance::Names);
        }
        let called = BTreeMap::new();
        Ok(Self {
            table,
            keys,
            figures,
            called,
        })
    }

    /// What a row is about: of the reference, or of the other table.
    pub(super) fn key_of(
        &self,
        row: usize,
        own: Option<&Table>,
        form: Form,
        words: Words<'_>,
    ) -> String {
        let mut all = String::new();
        for (number, &(mine, theirs)) in self.keys.iter().enumerate() {
            let (table, column) = own.map_or((self.table, theirs), |own| (own, mine));
            let role = table.columns.get(column).map_or(Role::Other, |c| c.role);
            if let Some(cell) = table.cell(row, column) {
                let cell = words.formed(cell, role, form);
                let called = self.called.get(&number).filter(|_| own.is_some());
                let called = called.filter(|_| form >= Form::Ordered);
                all.push_str(called.and_then(|c| c.get(&cell)).unwrap_or(&cell));
            }
            all.push('\n');
        }
        all
    }

    /// The names in the columns of a key, of both tables.
    pub(super) fn names(
        &self,
        own: &Table,
        number: usize,
        words: Words<'_>,
    ) -> Option<[BTreeSet<String>; 2]> {
        let &(mine, theirs) = self.keys.get(number)?;
        let of = |table: &Table, column: usize| -> BTreeSet<String> {
            let role = table.columns.get(column).map_or(Role::Other, |c| c.role);
            let cells = (0..table.rows()).filter_map(|row| table.cell(row, column));
            let printed: BTreeSet<&str> = cells.collect();
            let printed = printed.into_iter();
            printed
                .map(|cell| words.formed(cell, role, Form::Ordered))
                .collect()
        };
        Some([of(own, mine), of(self.table, theirs)])
    }
}

/// Do the columns say whom or what a row is about? Where only its part is named,
/// the headings of its figures must say whose these are.
fn tells(own: &Table, keys: &[(usize, usize)], figures: &[(usize, usize)]) -> bool {
    let role = |at: usize| own.columns.get(at).map(|c| c.role);
    let whose = |&(at, _): &(usize, usize)| {
        role(at)
            .is_some_and(|r| is_name(r) || matches!(r, Role::Party | Role::Label | Role::Contest))
    };
    let headed = figures
        .iter()
        .filter(|(at, _)| role(*at) == Some(Role::Other));
    keys.iter().any(whose) || !keys.is_empty() && headed.count() > 1
}

/// The columns of both that say what a row is about: those of one name first,
/// then of those of one role the first and the first, the second and the second.
fn keys(own: &Table, table: &Table) -> Vec<(usize, usize)> {
    let of = |table: &Table| -> Vec<usize> {
        let columns = table.columns.iter().enumerate();
        columns
            .filter(|(_, c)| c.role.is_key())
            .map(|(at, _)| at)
            .collect()
    };
    let (mine, mut free) = (of(own), of(table));
    let mut pairs = Vec::new();
    for by_name in [true, false] {
        for &at in &mine {
            if pairs.iter().any(|&(own, _)| own == at) {
                continue;
            }
            let same = |other: &usize| {
                let both = own.columns.get(at).zip(table.columns.get(*other));
                both.is_some_and(|(a, b)| a.role == b.role && (!by_name || same_name(a, b)))
            };
            if let Some(found) = free.iter().position(same) {
                pairs.push((at, free.remove(found)));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

fn same_name(a: &Column, b: &Column) -> bool {
    fold(&a.name) == fold(&b.name) && a.election == b.election
}

/// The columns of both that hold the same figures. Of several columns of one
/// name the first is that of the first.
fn figures(own: &Table, table: &Table) -> Vec<(usize, usize)> {
    let columns = |table: &'_ Table| -> Vec<usize> {
        let columns = table.columns.iter().enumerate();
        let figures = columns.filter(|(_, c)| !c.role.is_key() && c.role != Role::Result);
        figures.map(|(at, _)| at).collect()
    };
    let (mine, mut free) = (columns(own), columns(table));
    let mut pairs = Vec::new();
    for at in mine {
        let Some(column) = own.columns.get(at) else {
            continue;
        };
        let of_role = |&other: &usize| {
            let other = table.columns.get(other);
            other.filter(|other| other.role == column.role)
        };
        let named = |other: &usize| of_role(other).is_some_and(|o| same_name(o, column));
        let only = || {
            let known = !matches!(column.role, Role::ModeVotes | Role::Other);
            let alone = table
                .columns
                .iter()
                .filter(|c| c.role == column.role)
                .count()
                == 1;
            let mut own = own.columns.iter().filter(|c| c.role == column.role);
            let named = own.any(|c| table.columns.iter().any(|o| same_name(c, o)));
            (known && alone && !named)
                .then(|| free.iter().position(|other| of_role(other).is_some()))
                .flatten()
        };
        if let Some(found) = free.iter().position(named).or_else(only) {
            pairs.push((at, free.remove(found)));
        }
    }
    pairs
}
