//! A table cell by cell in, to be changed; the table as changed out, each cell
//! with the bytes that it came from.

use polars::prelude::{Column as Series, DataFrame, NamedFrom, Series as PolarsSeries};

use crate::model::{Column, Dataset, Locator, Source, Span, Table, field_at};

/// A table of more cells is not made anew.
const MAX_CELLS: usize = 4_000_000;

/// A cell: its text, where it has one, and where that stands.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub text: Option<String>,
    pub span: Option<Span>,
}

impl Cell {
    /// A part of its text, with the bytes of that part where the text is what
    /// its bytes say.
    #[must_use]
    pub fn part(&self, part: std::ops::Range<usize>) -> Self {
        let text = self.text.as_deref().and_then(|t| t.get(part.clone()));
        let own = self.span.map(|span| {
            let same = self
                .text
                .as_ref()
                .is_some_and(|t| t.len() == span.end - span.start);
            if same {
                Span::new(span.source, span.start + part.start, span.start + part.end)
            } else {
                span
            }
        });
        Self {
            text: text.map(ToOwned::to_owned),
            span: own,
        }
    }
}

/// A table cell by cell.
#[derive(Debug)]
pub struct Sheet {
    pub table: Table,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// Is a table small enough to be made anew?
#[must_use]
pub fn fits(table: &Table) -> bool {
    table.rows().saturating_mul(table.columns.len()) <= MAX_CELLS
}

/// A table with some of its cells written in another way: `change` gives the
/// text of a cell (its column and what is printed) where it differs. `None`
/// where the table is too large.
#[must_use]
pub fn rewritten(
    table: &Table,
    text: &str,
    change: impl Fn(usize, &str) -> Option<String>,
) -> Option<Table> {
    if !fits(table) {
        return None;
    }
    let mut sheet = Sheet::new(table.clone(), text);
    for row in &mut sheet.rows {
        for (column, cell) in row.iter_mut().enumerate() {
            let changed = cell.text.as_deref().and_then(|text| change(column, text));
            cell.text = changed.or(cell.text.take());
        }
    }
    sheet.table_of(table.columns.clone(), &sheet.rows)
}

/// Makes the table at `at` of a dataset anew, where it is small enough; was it?
pub fn change(dataset: &mut Dataset, at: usize, change: impl FnOnce(&mut Sheet)) -> bool {
    let Some(table) = dataset.tables.get(at).filter(|table| fits(table)) else {
        return false;
    };
    let text = dataset.source(table.source).map_or("", Source::text);
    let mut sheet = Sheet::new(table.clone(), text);
    change(&mut sheet);
    let changed = sheet.table_of(sheet.columns.clone(), &sheet.rows);
    match (changed, dataset.tables.get_mut(at)) {
        (Some(changed), Some(own)) => {
            *own = changed;
            true
        }
        _ => false,
    }
}

impl Sheet {
    #[must_use]
    pub fn new(table: Table, text: &str) -> Self {
        let row = |at: usize| {
            let spans = spans_of(&table, text, at);
            let cells = (0..table.columns.len()).map(|column| Cell {
                text: table.cell(at, column).map(ToOwned::to_owned),
                span: spans.get(column).copied().flatten(),
            });
            cells.collect()
        };
        Self {
            rows: (0..table.rows()).map(row).collect(),
            columns: table.columns.clone(),
            table,
        }
    }

    /// The table with these columns and rows.
    #[must_use]
    pub fn table_of(&self, columns: Vec<Column>, rows: &[Vec<Cell>]) -> Option<Table> {
        let series = (0..columns.len()).map(|at| {
            let cells: Vec<Option<&str>> = rows
                .iter()
                .map(|row| row.get(at)?.text.as_deref())
                .collect();
            Series::from(PolarsSeries::new(format!("c{at}").into(), cells))
        });
        let frame = DataFrame::new(rows.len(), series.collect()).ok()?;
        let spans = rows.iter().map(|row| row.iter().map(|c| c.span).collect());
        Some(Table {
            title: self.table.title.clone(),
            source: self.table.source,
            columns,
            frame,
            locator: Locator::Cells(spans.collect()),
            contest: self.table.contest.clone(),
            election: self.table.election.clone(),
            base_election: self.table.base_election.clone(),
            sound: None,
        })
    }
}

/// The bytes of the cells of a row.
fn spans_of(table: &Table, text: &str, row: usize) -> Vec<Option<Span>> {
    match &table.locator {
        Locator::Cells(spans) => spans.get(row).cloned().unwrap_or_default(),
        Locator::Records {
            starts,
            delimiter,
            quote,
        } => {
            let start = starts.get(row).and_then(|s| usize::try_from(*s).ok());
            let mut at = start.unwrap_or(text.len());
            let mut spans = Vec::new();
            loop {
                let field = field_at(text.as_bytes(), at, *delimiter, *quote);
                let raw = text.get(field.range.clone()).unwrap_or("");
                let start = field.range.start + (raw.len() - raw.trim_start().len());
                spans.push(Some(Span::new(
                    table.source,
                    start,
                    start + raw.trim().len(),
                )));
                if text.as_bytes().get(field.end) != Some(delimiter) {
                    return spans;
                }
                at = field.end + 1;
            }
        }
    }
}
