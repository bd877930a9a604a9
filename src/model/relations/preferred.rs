//! Tables that print the count of first preferences and the one between the last
//! two candidates below each other, in: one row for each candidate, with the
//! figures of both, out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Layout, Metric, TableId};

use super::{Measured, Relations, ResultRow, Scope};

impl Relations {
    /// Moves what the rows of a stage after preferences print to the rows of
    /// first preferences of the same candidates.
    pub(super) fn join_preferred(&mut self, layout: &Layout) {
        let is_preferred = |row: &ResultRow| {
            row.scope
                .stage
                .as_ref()
                .is_some_and(|s| layout.is_preferred(s))
        };
        let (preferred, mut results): (Vec<ResultRow>, Vec<ResultRow>) =
            std::mem::take(&mut self.results)
                .into_iter()
                .partition(is_preferred);
        let tables: BTreeSet<TableId> = preferred.iter().map(|row| row.table).collect();
        let of_first = |scope: &Scope| scope.stage.as_ref().is_some_and(|s| layout.is_first(s));
        let two_stages: BTreeSet<TableId> = tables
            .into_iter()
            .filter(|id| results.iter().all(|r| r.table != *id || of_first(&r.scope)))
            .collect();
        for mut row in preferred {
            row.figures = after_preferences(row.figures);
            if !two_stages.contains(&row.table) {
                results.push(row);
                continue;
            }
            let first = results.iter_mut().find(|first| is_same(first, &row));
            match first {
                Some(first) => first.figures.append(&mut row.figures),
                None => results.push(row),
            }
        }
        self.results = results;
        self.forget_stages(&two_stages);
    }

    fn forget_stages(&mut self, tables: &BTreeSet<TableId>) {
        let results = self.results.iter_mut();
        let results = results.filter(|row| tables.contains(&row.table));
        let figures = self.figures.iter_mut();
        let figures = figures.filter(|f| tables.contains(&f.measured.place.table));
        let scopes = results
            .map(|row| &mut row.scope)
            .chain(figures.map(|figure| &mut figure.scope));
        for scope in scopes {
            scope.stage = None;
        }
    }
}

/// Are two rows of one table of the same candidate?
fn is_same(first: &ResultRow, row: &ResultRow) -> bool {
    let text = |row: &ResultRow| {
        let names = [&row.candidate, &row.party];
        names.map(|name| name.as_ref().map(|n| n.text.clone()))
    };
    first.table == row.table
        && first.scope.contest_key == row.scope.contest_key
        && first.scope.election_key == row.scope.election_key
        && first.scope.unit == row.scope.unit
        && text(first) == text(row)
}

fn after_preferences(figures: BTreeMap<Metric, Measured>) -> BTreeMap<Metric, Measured> {
    let after = |metric| match metric {
        Metric::Votes => Metric::PreferredVotes,
        Metric::Share => Metric::PreferredShare,
        Metric::ShareChange => Metric::PreferredShareChange,
        other => other,
    };
    let figures = figures.into_iter();
    figures.map(|(metric, at)| (after(metric), at)).collect()
}
