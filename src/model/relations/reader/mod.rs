//! One table in, its rows in the relations out.
//!
//! What columns measure is found once, the rows are then read one by one: one
//! with a name is a result, one with a label a figure of its contest, one with
//! columns of candidates or parties a result for each of these.

mod figure_rows;
mod figures;
mod fractions;
mod measures;
mod misnamed;
mod result_rows;
mod scopes;
mod wide_rows;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::model::unlabelled::name_column;
use crate::model::{
    Layout, Metric, Number, Parties, Place, Role, RowLabel, Table, TableId, Wide,
    unlabelled_totals, wide,
};

use super::{Name, OutcomeKind, OutcomeRow, Relations, Scope};
use misnamed::usual_names;

/// Reads one table into the relations.
pub(super) struct TableReader<'a> {
    id: TableId,
    table: &'a Table,
    layout: &'a Layout,
    columns: Vec<(usize, Metric)>,
    /// The elections that headings name; `None` for columns that name none.
    elections: Vec<Option<&'a str>>,
    fractions: bool,
    /// Columns of turnouts that are fractions of one.
    fraction_columns: Vec<usize>,
    wide: Wide,
    /// Rows that count all others together, and are not called so.
    totals: BTreeSet<usize>,
    /// The column that tells rows apart, where no heading says so.
    row_names: Option<usize>,
    /// Names that are known to be no labels.
    names: RefCell<HashSet<String>>,
    /// For each code of a contest, the name that most of its rows have, and how
    /// many these are; of codes with more than one.
    usual: BTreeMap<&'a str, (&'a str, usize)>,
}

impl<'a> TableReader<'a> {
    pub(super) fn new(
        id: TableId,
        table: &'a Table,
        layout: &'a Layout,
        parties: &Parties,
    ) -> Self {
        let mut reader = Self {
            wide: wide(table, layout, parties),
            totals: BTreeSet::new(),
            row_names: None,
            usual: usual_names(table),
            names: RefCell::default(),
            id,
            table,
            layout,
            columns: Vec::new(),
            elections: Vec::new(),
            fractions: false,
            fraction_columns: Vec::new(),
        };
        reader.totals = unlabelled_totals(table, &reader.wide, layout);
        reader.fractions = reader.shares_are_fractions();
        reader.columns = (0..table.columns.len())
            .filter_map(|column| Some((column, reader.metric_of(column)?)))
            .collect();
        let turnouts = reader.columns.iter().copied();
        let turnouts = turnouts.filter(|&(column, metric)| {
            metric == Metric::TurnoutShare && reader.is_of_fractions(column)
        });
        reader.fraction_columns = turnouts.map(|(column, _)| column).collect();
        reader.row_names = reader.find_row_names();
        for &(column, _) in &reader.columns {
            let election = reader.election_of(column);
            if !reader.elections.contains(&election) {
                reader.elections.push(election);
            }
        }
        reader
    }

    pub(super) fn read(&self, out: &mut Relations) {
        if self.fractions {
            out.fractions.push(self.id);
        }
        for &column in &self.wide.unknown {
            let heading = self.table.columns.get(column).map_or("", |c| &c.name);
            let label = self.layout.row(heading).map(|(label, _)| label);
            let why = label
                .and_then(|label| label.left_out.clone())
                .unwrap_or_else(|| {
                    format!(
                        "a column of numbers beside those of parties, “{heading}”, which names none"
                    )
                });
            out.left_out.push((self.place(0, column), why));
        }
        self.tell_totals(out);
        for row in 0..self.table.rows() {
            self.read_row(row, &self.scope(row), out);
        }
    }

    /// Says which rows were taken for totals.
    fn tell_totals(&self, out: &mut Relations) {
        let column = name_column(self.table);
        let Some(&first) = self.totals.first() else {
            return;
        };
        let name = self.table.cell(first, column);
        let name = name.map_or_else(|| "a row without a name".to_owned(), |n| format!("“{n}”"));
        out.notes.push(format!(
            "{name} was taken for the total of the other rows of {}: its counts are their sums",
            self.table.title
        ));
    }

    fn read_row(&self, row: usize, scope: &Scope, out: &mut Relations) {
        self.read_misnamed(row, out);
        if let Some(unit) = self.units_together(row) {
            let told = |(place, _): &(Place, String)| {
                place.table == self.id
                    && self.table.cell(place.row as usize, place.column as usize)
                        == Some(&unit.text)
            };
            if !out.left_out.iter().any(told) {
                let why = format!("the rows of “{}” count other units together", unit.text);
                out.left_out.push((unit.place, why));
            }
            return;
        }
        self.read_outcome(row, scope, out);
        self.read_wide(row, scope, out);
        for election in &self.elections {
            let of_election;
            let scope = match election {
                Some(election) => {
                    of_election = Scope {
                        election: (*election).to_owned(),
                        election_key: self.layout.election_key(election),
                        ..scope.clone()
                    };
                    &of_election
                }
                None => scope,
            };
            let figures = self.figures(row, *election, scope, out);
            self.push(row, scope, figures, out);
        }
    }

    fn read_outcome(&self, row: usize, scope: &Scope, out: &mut Relations) {
        let Some(name) = self.text(row, Role::Result) else {
            return;
        };
        if let Some((party, held)) = self.layout.outcome(&name.text) {
            let kind = if held {
                OutcomeKind::Hold
            } else {
                OutcomeKind::Gain
            };
            let (scope, place) = (scope.clone(), name.place);
            out.outcomes.push(OutcomeRow {
                scope,
                party,
                kind,
                place,
            });
        }
    }

    /// What a row of this name is, where it is no candidate. Most names stand in
    /// many rows and are none of these.
    fn label(&self, name: &str) -> Option<(&'a RowLabel, Option<String>)> {
        if self.names.borrow().contains(name) {
            return None;
        }
        let found = self.layout.row(name);
        if found.is_none() {
            self.names.borrow_mut().insert(name.to_owned());
        }
        found
    }

    fn text(&self, row: usize, role: Role) -> Option<Name> {
        let column = self.table.column_of(role)?;
        let text = self.table.cell(row, column)?;
        (!self.layout.is_missing(text)).then(|| Name {
            text: text.to_owned(),
            place: self.place(row, column),
        })
    }

    fn place(&self, row: usize, column: usize) -> Place {
        Place::at(self.id, row, column)
    }

    fn numbers(&self, column: usize) -> impl Iterator<Item = Number> {
        (0..self.table.rows()).filter_map(move |row| Number::parse(self.table.cell(row, column)?))
    }
}
