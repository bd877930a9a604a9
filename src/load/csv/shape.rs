//! The first records of a delimited text in, how it is delimited and where its
//! headings are out.

use super::record::{Record, cell, record_from};
use super::{MAX_COLUMNS, is_apart};
use crate::load::heading::Row;
use crate::model::Layout;

/// How much of a file shows how it is delimited, and where its heading is.
const SAMPLE_BYTES: usize = 1 << 16;

const SAMPLE_RECORDS: usize = 60;

/// How a file is delimited and headed.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) delimiter: u8,
    /// Known headings in the best record for a header.
    pub(super) known: usize,
    pub(super) width: usize,
    /// Sampled records of that width, in a thousand.
    pub(super) steady: usize,
    pub(super) records: Vec<Record>,
    pub(super) header: usize,
    /// Are the headings those of a published format?
    pub(super) published: bool,
}

impl Shape {
    fn new(text: &str, delimiter: u8, layout: &Layout) -> Self {
        let records = sample(text, delimiter);
        let (width, count) = usual_width(&records);
        let known_in = |r: &Record| r.known(text, layout);
        let named = records.iter().position(|r| known_in(r) >= 2);
        // A line above the headings may have as many cells, most of them empty.
        let full = |r: &Record| r.fields.len() >= width && filled(text, r) * 2 > width;
        let wide = || records.iter().position(full);
        let published = records.iter().position(|r| {
            let cells: Vec<_> = r
                .fields
                .iter()
                .take(MAX_COLUMNS)
                .map(|f| cell(text, f))
                .collect();
            let format = layout.formats.of(cells.iter().map(AsRef::as_ref));
            format.is_some()
        });
        let header = published.or(named).or_else(wide).unwrap_or(0);
        Self {
            delimiter,
            published: published.is_some(),
            known: records.get(header).map_or(0, known_in),
            width,
            steady: count * 1000 / records.len().max(1),
            header,
            records,
        }
    }

    /// Of all delimiters the one with the most known headings, then the one
    /// that parts the records most evenly.
    pub(super) fn of(text: &str, layout: &Layout) -> Self {
        let mut best = Self::new(text, b',', layout);
        for delimiter in [b';', b'\t', b'|'] {
            let other = Self::new(text, delimiter, layout);
            if other.rank() > best.rank() {
                best = other;
            }
        }
        best
    }

    /// The sampled records as rows of cells.
    pub(super) fn rows(&self, text: &str) -> Vec<Row> {
        let mut end = 0;
        let rows = self.records.iter().map(|record| {
            let gap = text.get(end..record.start).unwrap_or("");
            let apart = end > 0 && is_apart(gap);
            end = record.end();
            Row {
                apart,
                ..record.row(text)
            }
        });
        rows.collect()
    }

    fn rank(&self) -> (bool, usize, bool, usize, usize) {
        let known = (self.published, self.known);
        (known.0, known.1, self.width > 1, self.steady, self.width)
    }
}

fn sample(text: &str, delimiter: u8) -> Vec<Record> {
    let mut records = Vec::new();
    let mut at = 0;
    while let Some(record) = record_from(text, at, delimiter) {
        at = record.next;
        let too_far = at > SAMPLE_BYTES && !records.is_empty();
        if too_far || records.len() == SAMPLE_RECORDS {
            break;
        }
        records.push(record);
    }
    records
}

fn filled(text: &str, record: &Record) -> usize {
    let cells = record.fields.iter().take(MAX_COLUMNS);
    cells.filter(|f| !cell(text, f).is_empty()).count()
}

/// The width that most records have.
fn usual_width(records: &[Record]) -> (usize, usize) {
    let mut widths: Vec<usize> = records.iter().map(|r| r.fields.len()).collect();
    widths.sort_unstable();
    let runs = widths.chunk_by(|a, b| a == b);
    let counted = runs.map(|run| (run.len(), run.first().copied().unwrap_or(0)));
    let (count, width) = counted.max().unwrap_or((0, 0));
    (width, count)
}
