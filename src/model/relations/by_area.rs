//! Rows of candidates in several areas in, which of them are counted apart out:
//! a table of counties has no units, and a row of each candidate in each county.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Dataset, Role, TableId, key};

use super::{Relations, ResultRow, Scope};

/// A table, a contest in it, the election and the stage.
type Contest = (TableId, String, String, Option<String>);

fn contest_of(table: TableId, scope: &Scope) -> Contest {
    (
        table,
        scope.contest_key.clone(),
        scope.election_key.clone(),
        scope.stage.clone(),
    )
}

impl Relations {
    /// Tells rows of one contest apart by their area, where a table has no units
    /// and most of those who stand have a row in several areas.
    pub(super) fn part_by_area(&mut self, dataset: &Dataset) {
        let with_units = |id: TableId| {
            let table = dataset.table(id);
            table.is_none_or(|table| table.column_of(Role::Unit).is_some())
        };
        let mut areas: BTreeMap<Contest, BTreeMap<String, BTreeSet<&[String]>>> = BTreeMap::new();
        let counted = |r: &&ResultRow| {
            !r.scope.regions.is_empty() && !r.scope.contest_key.is_empty() && !with_units(r.table)
        };
        for row in self.results.iter().filter(counted) {
            let of_contest = areas.entry(contest_of(row.table, &row.scope)).or_default();
            let party = row.party.as_ref().map_or("", |party| &party.text);
            let name = key(&format!("{} {party}", row.name()));
            let of_name = of_contest.entry(name).or_default();
            of_name.insert(&row.scope.regions);
        }
        areas.retain(|_, names| {
            let several = names.values().filter(|areas| areas.len() > 1).count();
            several * 2 > names.len()
        });
        let apart: BTreeSet<Contest> = areas.into_keys().collect();
        let is_apart = |table: TableId, scope: &Scope| {
            !scope.regions.is_empty() && apart.contains(&contest_of(table, scope))
        };
        for row in &mut self.results {
            row.scope.by_area = is_apart(row.table, &row.scope);
        }
        for figure in &mut self.figures {
            figure.scope.by_area = is_apart(figure.measured.place.table, &figure.scope);
        }
        self.by_area = apart.into_iter().map(|(table, ..)| table).collect();
    }
}
