//! Delimited text in, a table out: every cell as printed, and the byte at
//! which each row starts.
//!
//! Records are parted by the model's own [`field_at`](crate::model::field_at),
//! the function that later finds the bytes of a cell, so that both always see the
//! same fields.

mod reader;
mod record;
mod shape;

use super::format;
use super::grid::{Cell, Grid, Line, Merged};
use super::heading;
use crate::model::{Dataset, Layout, Source, SourceId, Span};

use reader::Reader;
use record::{cell, record_from};
use shape::Shape;

const QUOTE: u8 = b'"';

const MAX_COLUMNS: usize = 4096;

/// A larger file is read as one table.
const MAX_GRID_BYTES: usize = 1 << 24;

/// Is a text without a telling name delimited from its start to its end?
#[must_use]
pub fn looks_delimited(text: &str, layout: &Layout) -> bool {
    let shape = Shape::of(text, layout);
    (shape.known >= 2 || shape.published)
        && shape.width >= 2
        && shape.records.len() >= 2
        && shape.header == 0
        && shape.steady >= 900
        && text.as_bytes().first() != Some(&b'|')
}

/// Reads a source as one table.
pub fn read(dataset: &mut Dataset, id: SourceId, layout: &Layout) {
    let Some(source) = dataset.source(id).cloned() else {
        return;
    };
    let shape = Shape::of(source.text(), layout);
    let mut reader = Reader::new(&source, id, shape, layout);
    let table = reader.table();
    if reader.stacked && source.text().len() <= MAX_GRID_BYTES {
        grid(&source, id, reader.shape.delimiter)
            .read(layout)
            .put(dataset);
        return;
    }
    if let Some(table) = table {
        match reader.format {
            Some(format) => format::shape(table, source.text(), source.name(), format).put(dataset),
            None => dataset.tables.push(table),
        }
    }
    dataset.defects.append(&mut reader.defects);
    dataset.excluded.append(&mut reader.excluded);
    dataset.notes.append(&mut reader.notes);
}

/// The text as a grid, which may hold several tables.
fn grid(source: &Source, id: SourceId, delimiter: u8) -> Grid<'_> {
    let text = source.text();
    let mut lines = Vec::new();
    let (mut at, mut end) = (0, 0);
    while let Some(record) = record_from(text, at, delimiter) {
        let apart = end > 0 && is_apart(text.get(end..record.start).unwrap_or(""));
        (at, end) = (record.next, record.end());
        let cells = record.fields.iter().take(MAX_COLUMNS).map(|field| {
            let text = cell(text, field);
            Cell {
                span: (!text.is_empty()).then(|| trimmed(source, id, field.range.clone())),
                text,
                merged: Merged::No,
            }
        });
        lines.push(Line {
            cells: cells.take(record.len(text)).collect(),
            apart,
            head: false,
        });
    }
    Grid {
        source: id,
        name: source.name().to_owned(),
        title: source.stem().to_owned(),
        year: heading::year_of_name(source.stem()),
        column: |column| format!("column {}", column + 1),
        lines,
        over: None,
        several: false,
    }
}

/// Does a gap between two records hold an empty line?
fn is_apart(gap: &str) -> bool {
    gap.matches('\n').count().max(gap.matches('\r').count()) > 1
}

fn trimmed(source: &Source, id: SourceId, range: std::ops::Range<usize>) -> Span {
    let raw = source.text().get(range.clone()).unwrap_or("");
    let start = range.start + (raw.len() - raw.trim_start().len());
    Span::new(id, start, start + raw.trim().len())
}

#[cfg(test)]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
mod tests;
