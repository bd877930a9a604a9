//! Tables whose headings over figures nobody knows in, the results in them out:
//! another source names those who stood, and some of the headings are their
//! names.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Measured, Metric, Name, Place, Relations, ResultRow, Role, Scope, Table, TableId, key,
};

use super::Subject;
use super::cells::number_at;

/// One heading may be a name by chance.
const LEAST: usize = 2;

/// The results of a table of which the relations have none, under headings that
/// are among the names.
pub(super) fn results(
    subject: &Subject<'_>,
    relations: &Relations,
    (id, table): (TableId, &Table),
    names: &BTreeSet<String>,
) -> Vec<ResultRow> {
    if relations.results.iter().any(|row| row.table == id) {
        return Vec::new();
    }
    let headings = table.columns.iter().enumerate();
    let unknown = headings.filter(|(_, c)| c.role == Role::Other && names.contains(&key(&c.name)));
    let columns: Vec<usize> = unknown.map(|(at, _)| at).collect();
    if columns.len() < LEAST {
        return Vec::new();
    }
    let rows = (0..table.rows()).filter(|&row| !is_total(subject, table, row));
    let cells = rows.flat_map(|row| columns.iter().map(move |&column| (row, column)));
    cells
        .filter_map(|(row, column)| result(subject, (id, table), row, column))
        .collect()
}

/// The row under all others.
fn is_total(subject: &Subject<'_>, table: &Table, row: usize) -> bool {
    let columns = table.columns.iter().enumerate();
    let mut keys = columns.filter(|(_, column)| column.role.is_key());
    keys.any(|(at, _)| {
        let cell = table.cell(row, at);
        cell.is_some_and(|cell| subject.layout.is_total(cell))
    })
}

fn result(
    subject: &Subject<'_>,
    (id, table): (TableId, &Table),
    row: usize,
    column: usize,
) -> Option<ResultRow> {
    let number = number_at(subject, table, row, column)?;
    let place = Place::at(id, row, column);
    let text = table.columns.get(column)?.name.clone();
    let measured = Measured { number, place };
    Some(ResultRow {
        table: id,
        row: place.row,
        scope: scope(subject, table, row),
        candidate: Some(Name { text, place }),
        party: None,
        aggregate: false,
        wide: true,
        elected: None,
        figures: BTreeMap::from([(Metric::Votes, measured)]),
    })
}

fn scope(subject: &Subject<'_>, table: &Table, row: usize) -> Scope {
    let cell = |role: Role| {
        let cell = table.column_of(role).and_then(|at| table.cell(row, at));
        cell.map(ToOwned::to_owned)
    };
    let constant = |constant: &Option<crate::model::Constant>| {
        constant.as_ref().map(|constant| constant.text.clone())
    };
    let contest = cell(Role::Contest).or_else(|| constant(&table.contest));
    let election = cell(Role::Election).or_else(|| constant(&table.election));
    let (contest, election) = (contest.unwrap_or_default(), election.unwrap_or_default());
    let columns = table.columns.iter().enumerate();
    let regions = columns.filter(|(_, column)| column.role == Role::Region);
    let regions = regions.filter_map(|(at, _)| table.cell(row, at));
    Scope {
        contest_key: key(&contest),
        election_key: subject.layout.election_key(&election),
        unit: cell(Role::Unit),
        regions: regions.map(ToOwned::to_owned).collect(),
        stage: cell(Role::Stage),
        contest,
        election,
        ..Scope::default()
    }
}
