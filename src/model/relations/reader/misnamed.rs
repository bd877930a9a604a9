//! Contests with codes and names in, the names that are not those of their codes
//! out.

use std::collections::BTreeMap;

use crate::model::{Misnamed, Relations, Role, Table};

use super::TableReader;

/// The name that most rows of a code have, where its rows have several and most
/// of them have one.
pub(super) fn usual_names(table: &Table) -> BTreeMap<&str, (&str, usize)> {
    let columns = table
        .column_of(Role::ContestCode)
        .zip(table.column_of(Role::Contest));
    let Some((code, name)) = columns else {
        return BTreeMap::new();
    };
    let mut names: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for row in 0..table.rows() {
        if let (Some(code), Some(name)) = (table.cell(row, code), table.cell(row, name)) {
            *names.entry(code).or_default().entry(name).or_default() += 1;
        }
    }
    let several = names.into_iter().filter(|(_, names)| names.len() > 1);
    let usual = several.filter_map(|(code, names)| {
        let all: usize = names.values().sum();
        let most = names.into_iter().max_by_key(|(_, rows)| *rows);
        let most = most.filter(|(_, rows)| rows * 2 > all)?;
        Some((code, most))
    });
    usual.collect()
}

impl<'a> TableReader<'a> {
    /// The name that the other rows of its code give the contest of a row, and
    /// how many these are.
    pub(super) fn usual_name(&self, row: usize) -> Option<(&'a str, usize)> {
        let code = self
            .table
            .cell(row, self.table.column_of(Role::ContestCode)?)?;
        self.usual.get(code).copied()
    }

    pub(super) fn read_misnamed(&self, row: usize, out: &mut Relations) {
        let (Some(name), Some((usual, rows))) =
            (self.text(row, Role::Contest), self.usual_name(row))
        else {
            return;
        };
        if name.text != usual {
            let usual = usual.to_owned();
            out.misnamed.push(Misnamed { name, usual, rows });
        }
    }
}
