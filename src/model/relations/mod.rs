//! Tables in, all of them in one shape out: a row for each result of a
//! candidate, party or option, and a row for each figure of a contest, whichever
//! way they were published.
//!
//! A [`reader`] goes through each table on its own; what only several rows or
//! tables show together (of which contest, election or part each is) is settled
//! after it, a file each.

mod by_area;
mod frames;
mod lists;
mod nameless;
mod preferred;
mod reader;
mod rows;
mod scope;
mod undated;

use std::collections::BTreeSet;

use super::{Dataset, Layout, Parties, Place, Table, TableId};

use reader::TableReader;

pub use nameless::NAMELESS;
pub use rows::{
    FigureRow, LabelledRow, Measured, Misnamed, Name, OutcomeKind, OutcomeRow, ResultRow, Unread,
};
pub use scope::{Scope, named_scope};
pub use undated::{ANOTHER, EARLIER};

/// All tables in one shape.
#[derive(Debug, Default)]
pub struct Relations {
    pub results: Vec<ResultRow>,
    pub figures: Vec<FigureRow>,
    pub labelled: Vec<LabelledRow>,
    pub outcomes: Vec<OutcomeRow>,
    pub unread: Vec<Unread>,
    /// Tables whose shares are fractions of one.
    pub fractions: Vec<TableId>,
    /// Rows with figures that are no results, by a cell of theirs, and why.
    pub left_out: Vec<(Place, String)>,
    /// Names of contests that are not those of their codes.
    pub misnamed: Vec<Misnamed>,
    /// Cells of candidates or parties in columns of their own that hold no
    /// figure where there must be one: it is held back, or left out of a unit.
    pub gaps: Vec<Place>,
    /// Names of results that are answers to a question ("Yes"), as printed.
    pub answers: BTreeSet<String>,
    /// What was guessed of whole tables, in sentences.
    pub notes: Vec<String>,
    /// Tables without units whose rows are counted apart by area.
    pub by_area: BTreeSet<TableId>,
}

impl Relations {
    /// Reads every table of a dataset.
    #[must_use]
    pub fn new(dataset: &Dataset, layout: &Layout, parties: &Parties) -> Self {
        Self::of(dataset, dataset.tables(), layout, parties)
    }

    /// Reads the tables that others are held against, in order of authority.
    #[must_use]
    pub fn of_references(dataset: &Dataset, layout: &Layout, parties: &Parties) -> Self {
        Self::of(dataset, dataset.references(), layout, parties)
    }

    fn of<'t>(
        dataset: &Dataset,
        tables: impl Iterator<Item = (TableId, &'t Table)>,
        layout: &Layout,
        parties: &Parties,
    ) -> Self {
        let mut relations = Self::default();
        for (id, table) in tables {
            TableReader::new(id, table, layout, parties).read(&mut relations);
        }
        relations.note_answers(layout);
        relations.join_preferred(layout);
        relations.join_nameless(parties);
        relations.date_by_figures();
        relations.part_undated(dataset, parties);
        relations.part_nameless(dataset);
        relations.part_by_area(dataset);
        relations.total_lists(parties);
        relations
    }

    fn note_answers(&mut self, layout: &Layout) {
        let names = self.results.iter().map(ResultRow::name);
        let names: BTreeSet<&str> = names.collect();
        let answers = names.into_iter().filter(|name| layout.is_option(name));
        self.answers = answers.map(ToOwned::to_owned).collect();
    }
}
