//! A table while it is being read: its cells as ranges of the page's text.

use std::ops::Range;

use polars::prelude::{Column as Series, DataFrame, NamedFrom, Series as PolarsSeries};

use super::{is_of_entry, is_of_seats};
use crate::model::{Column, Constant, Locator, Role, SourceId, Span, Table};

/// A column: its heading as printed, or what it is where none is printed.
#[derive(Debug, Clone)]
pub struct DraftColumn {
    pub name: String,
    pub heading: Option<Range<usize>>,
    pub role: Role,
}

impl DraftColumn {
    pub fn unnamed(name: &str, role: Role) -> Self {
        Self {
            name: name.to_owned(),
            heading: None,
            role,
        }
    }

    /// A column under its printed heading.
    pub fn printed(text: &str, heading: Range<usize>, role: Role) -> Self {
        Self {
            name: text.get(heading.clone()).unwrap_or("").to_owned(),
            heading: Some(heading),
            role,
        }
    }
}

/// A value that holds for the whole table, and where it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    pub text: String,
    pub at: Option<Range<usize>>,
}

/// A table that was found on a page.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The lines that belong to it.
    pub lines: Range<usize>,
    pub columns: Vec<DraftColumn>,
    pub rows: Vec<Vec<Option<Range<usize>>>>,
    pub title: String,
    pub contest: Option<Stated>,
    pub election: Option<Stated>,
    pub base: Option<Stated>,
    /// The first line of the table that it was printed as a part of: it is of
    /// the same contest.
    pub of: Option<usize>,
}

impl Draft {
    pub fn new(
        lines: Range<usize>,
        columns: Vec<DraftColumn>,
        rows: Vec<Vec<Option<Range<usize>>>>,
    ) -> Self {
        Self {
            lines,
            columns,
            rows,
            title: String::new(),
            contest: None,
            election: None,
            base: None,
            of: None,
        }
    }

    /// The same as a part of the table that starts at a line.
    pub fn part_of(self, start: usize) -> Self {
        Self {
            of: Some(start),
            ..self
        }
    }

    pub fn column_of(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|c| c.role == role)
    }

    /// Is it about the seats of a body, not the votes of a contest?
    pub fn is_of_seats(&self) -> bool {
        self.columns.iter().any(|c| is_of_seats(c.role))
    }

    /// Does it print figures of candidates, parties or options?
    pub fn is_of_entries(&self) -> bool {
        self.columns.iter().any(|c| is_of_entry(c.role))
    }

    /// Does it print changes since another election?
    pub fn has_changes(&self) -> bool {
        let is_change = |role: Role| {
            matches!(role, Role::Change)
                || matches!(role, Role::Measure(metric) if metric.name().ends_with("-change"))
        };
        self.columns.iter().any(|c| is_change(c.role))
    }

    /// The table; `None` only where Polars cannot build its frame.
    pub fn table(
        &self,
        text: &str,
        id: SourceId,
        span: impl Fn(&Range<usize>) -> Span,
    ) -> Option<Table> {
        let constant = |stated: &Option<Stated>| {
            stated.as_ref().map(|s| Constant {
                text: s.text.clone(),
                span: s.at.as_ref().map(&span),
            })
        };
        let columns = self.columns.iter().map(|c| Column {
            name: c.name.clone(),
            heading: c.heading.as_ref().map(&span),
            role: c.role,
            election: None,
            guessed: false,
        });
        let spans = self.rows.iter().map(|row| {
            let cells = row.iter().map(|c| c.as_ref().map(&span));
            cells.collect()
        });
        Some(Table {
            title: self.title.clone(),
            source: id,
            columns: columns.collect(),
            frame: self.frame(text)?,
            locator: Locator::Cells(spans.collect()),
            contest: constant(&self.contest),
            election: constant(&self.election),
            base_election: constant(&self.base),
            sound: None,
        })
    }

    fn frame(&self, text: &str) -> Option<DataFrame> {
        let series = (0..self.columns.len()).map(|at| {
            let cells: Vec<Option<&str>> = self
                .rows
                .iter()
                .map(|row| text.get(row.get(at)?.clone()?).filter(|t| !t.is_empty()))
                .collect();
            Series::from(PolarsSeries::new(format!("c{at}").into(), cells))
        });
        DataFrame::new(self.rows.len(), series.collect()).ok()
    }
}
