//! Findings in, the same with what their row lies in: the areas, the district
//! and the stage that tell it from others of its name.
//!
//! Precinct 1 of one county is not that of the next. What a finding is about
//! must be told apart wherever the table tells it apart, and must stay the same
//! when rows change places.

use std::collections::HashMap;

use crate::model::{Dataset, Finding, Layout, Locus, Place, Role, Table, TableId};

use super::query::snake;

/// Puts into the key of each finding what its row lies in, by the headings.
pub(super) fn name_places(findings: &mut [Finding], dataset: &Dataset, layout: &Layout) {
    let mut tables = Tables {
        dataset,
        layout,
        of_contests: HashMap::new(),
    };
    for found in findings {
        if let Locus::Cell(place) = found.at {
            tables.name_place(found, place);
        }
    }
}

struct Tables<'a> {
    dataset: &'a Dataset,
    layout: &'a Layout,
    of_contests: HashMap<TableId, OfContests<'a>>,
}

/// What all rows of a contest have in columns of areas and codes; `None` where
/// they differ.
type OfContests<'a> = HashMap<ContestCells<'a>, Vec<Option<&'a str>>>;

/// The contest, the district, the election and the unit of a row, as printed.
type ContestCells<'a> = [Option<&'a str>; 4];

impl Tables<'_> {
    fn name_place(&mut self, found: &mut Finding, place: Place) {
        let Some(table) = self.dataset.table(place.table) else {
            return;
        };
        // A finding of a contest stands at any of its rows: what only some of
        // these have is not its own. One of no contest is of its row.
        let of_row = found.key.get("candidate").is_some() || found.key.get("contest").is_none();
        let of_unit = found.key.get("unit").is_some();
        for (at, column) in table.columns.iter().enumerate() {
            let own = match column.role {
                Role::District | Role::Stage => true,
                Role::Region => of_row || of_unit || self.is_of_contest(table, place, at),
                Role::ContestCode => of_row || self.is_of_contest(table, place, at),
                Role::Party => of_row,
                // The others are in the key already, or tell no place apart.
                _ => false,
            };
            let cell = table.cell(place.row as usize, at).filter(|_| own);
            let cell = cell.filter(|cell| !self.layout.is_missing(cell));
            let name = snake(&column.name);
            if let Some(cell) = cell.filter(|_| found.key.get(&name).is_none()) {
                found.key.insert(name, cell.to_owned());
            }
        }
    }

    /// Do all rows of the contest have the same in a column?
    fn is_of_contest(&mut self, table: &Table, place: Place, at: usize) -> bool {
        let dataset = self.dataset;
        let known = self.of_contests.entry(place.table);
        let known = known.or_insert_with(|| {
            let table = dataset.table(place.table);
            table.map_or_else(HashMap::new, of_contests)
        });
        let contest = contest_cells(table, place.row as usize);
        let shared = known.get(&contest).and_then(|cells| cells.get(at));
        shared.is_some_and(Option::is_some)
    }
}

fn contest_cells(table: &Table, row: usize) -> ContestCells<'_> {
    let roles = [Role::Contest, Role::District, Role::Election, Role::Unit];
    roles.map(|role| table.cell(row, table.column_of(role)?))
}

fn of_contests(table: &Table) -> OfContests<'_> {
    let mut all: OfContests<'_> = HashMap::new();
    let columns = 0..table.columns.len();
    for row in 0..table.rows() {
        let own = columns.clone().map(|at| table.cell(row, at));
        let Some(shared) = all.get_mut(&contest_cells(table, row)) else {
            all.insert(contest_cells(table, row), own.collect());
            continue;
        };
        for (shared, own) in shared.iter_mut().zip(own) {
            *shared = shared.filter(|_| *shared == own);
        }
    }
    all
}
