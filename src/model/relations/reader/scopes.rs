//! A row in, what it is of out: its contest and election, its unit and the areas
//! around that.

use std::collections::BTreeSet;

use crate::model::{Constant, Metric, Role};

use super::super::named_scope;
use super::{Name, Scope, TableReader};

impl TableReader<'_> {
    pub(super) fn scope(&self, row: usize) -> Scope {
        let constant = |c: &Option<Constant>| c.as_ref().map(|c| c.text.clone());
        let of = |role, or: &Option<Constant>| {
            self.text(row, role)
                .map(|n| n.text)
                .or_else(|| constant(or))
                .unwrap_or_default()
        };
        let mut contest = of(Role::Contest, &self.table.contest);
        if let Some((name, _)) = self.usual_name(row) {
            name.clone_into(&mut contest);
        }
        // Where nothing else names contests, the narrowest area does; a row of
        // all areas is of all together.
        let by_area = contest.is_empty() && !self.names_contests();
        if by_area {
            contest = self.regions(row).pop().unwrap_or_default();
        }
        let is_total = self.layout.is_total(&contest) || self.is_total_by_place(row);
        if (by_area || !self.wide.columns.is_empty()) && is_total {
            contest.clear();
        }
        let district = self.text(row, Role::District).map(|name| name.text);
        let election = of(Role::Election, &self.table.election);
        Scope {
            stage: self.text(row, Role::Stage).map(|n| n.text),
            unit: self.unit(row),
            regions: self.regions(row),
            ..named_scope(self.layout, contest, district.as_deref(), election)
        }
    }

    /// Is a row the total of all places that the table has, and not called so?
    pub(super) fn is_total_by_place(&self, row: usize) -> bool {
        self.totals.contains(&row) && self.table.column_of(Role::Unit).is_none()
    }

    /// Does the table say in some way which contest its rows are of?
    fn names_contests(&self) -> bool {
        let mut roles = [Role::Contest, Role::ContestCode].into_iter();
        self.table.contest.is_some() || roles.any(|role| self.table.column_of(role).is_some())
    }

    /// The part of the contest that a row is of; `None` of a row for all parts.
    fn unit(&self, row: usize) -> Option<String> {
        if self.totals.contains(&row) {
            return None;
        }
        let parts = [Role::Unit, Role::Mode].into_iter();
        let parts = parts.filter_map(|role| self.text(row, role));
        let parts = parts.filter(|name| {
            let label = self.label(&name.text);
            label.is_none_or(|(row, _)| row.count != Some(Metric::TotalVotes))
        });
        let named: Vec<String> = parts.map(|name| name.text).collect();
        if named.is_empty() {
            return self.row_name(row);
        }
        Some(named.join(", "))
    }

    /// What tells the rows of a table apart whose columns are of candidates or
    /// parties, where no heading says what the rows are of: its first column, if
    /// that holds no figure of theirs.
    fn row_name(&self, row: usize) -> Option<String> {
        let column = self.row_names?;
        let name = self.table.cell(row, column)?;
        let label = self.label(name);
        let is_total = label.is_some_and(|(row, _)| row.count == Some(Metric::TotalVotes));
        (!is_total).then(|| name.to_owned())
    }

    /// See [`Self::row_name`].
    pub(super) fn find_row_names(&self) -> Option<usize> {
        let first = self.table.columns.first()?;
        let scopes = [
            Role::Contest,
            Role::ContestCode,
            Role::Region,
            Role::District,
            Role::Unit,
            Role::Mode,
            Role::Election,
        ];
        let is_placed = scopes
            .iter()
            .any(|&role| self.table.column_of(role).is_some());
        let wide = &self.wide;
        let taken = wide.columns.iter().any(|c| c.at == 0)
            || wide.total(0).is_some()
            || wide.figures.iter().any(|(at, _)| *at == 0)
            || wide.unknown.contains(&0);
        if first.role != Role::Other || is_placed || wide.columns.is_empty() || taken {
            return None;
        }
        let names = (0..self.table.rows()).map(|row| self.table.cell(row, 0));
        let names: Option<BTreeSet<&str>> = names.collect();
        names
            .is_some_and(|names| names.len() == self.table.rows())
            .then_some(0)
    }

    /// The unit of a row, where that is several others.
    pub(super) fn units_together(&self, row: usize) -> Option<Name> {
        let unit = self.text(row, Role::Unit)?;
        let is_total = self.layout.is_total(&unit.text);
        (!is_total && self.layout.is_units_together(&unit.text)).then_some(unit)
    }

    fn regions(&self, row: usize) -> Vec<String> {
        let columns = self.table.columns.iter().enumerate();
        let regions = columns.filter(|(_, column)| column.role == Role::Region);
        // "Total" in the place of an area's name is none.
        let is_area = |name: &&str| !self.layout.is_total(name);
        regions
            .filter_map(|(column, _)| self.table.cell(row, column))
            .filter(is_area)
            .map(ToOwned::to_owned)
            .collect()
    }
}
