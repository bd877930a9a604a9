//! Places of a dataset in, bytes of a source out; and findings in the order in
//! which they are told.

use std::cmp::Reverse;

use crate::model::{Address, Dataset, Finding, Locus, Place, Report, Source, Span};

/// A place with its source.
#[derive(Debug, Clone, Copy)]
pub struct Located<'a> {
    pub source: &'a Source,
    pub span: Span,
    /// From 1, the header not counted.
    pub row: Option<u64>,
    pub column_name: Option<&'a str>,
}

/// A place in lines and columns, from 1; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl<'a> Located<'a> {
    /// The cell of the sheet, where the source is one.
    pub fn cell(&self) -> Option<Address> {
        self.source.address(self.span.start)
    }

    /// Its lines and columns, counted in the unit that `width` gives the width
    /// of a character in. A byte order mark is no part of a line.
    pub fn region(&self, width: fn(char) -> usize) -> Region {
        let place = |byte: usize| {
            let line = self.source.line_index(byte);
            let start = self.source.line_range(line).start;
            let before = self.source.text().get(start..byte).unwrap_or_default();
            let before = before.trim_start_matches('\u{feff}');
            let number = self.source.line_number(line);
            (number, before.chars().map(width).sum::<usize>() + 1)
        };
        let (line, column) = place(self.span.start);
        let (end_line, end_column) = place(self.span.end);
        Region {
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// The file as hosts of repositories name it: from their root, with slashes.
    pub fn path(&self) -> String {
        self.source.path()
    }

    /// The text that stands there.
    pub fn text(&self) -> &'a str {
        self.source.slice(self.span)
    }
}

/// Finds a place; `None` only where the dataset has no such source or table.
pub fn locate(dataset: &Dataset, at: Locus) -> Option<Located<'_>> {
    let (row, column) = match at {
        Locus::Cell(place) => (Some(dataset.row_number(place)), Some(place)),
        Locus::Heading(place) => (None, Some(place)),
        Locus::Span(_) => (None, None),
    };
    let span = dataset
        .span(at)
        .or_else(|| beside(dataset, column?, row.is_some()))?;
    Some(Located {
        source: dataset.source(span.source)?,
        span,
        row,
        column_name: column.and_then(|place| dataset.column_name(place)),
    })
}

/// An empty span for a cell or heading that has no bytes of its own: at the
/// end of the nearest one in its row, else at the start of the file.
fn beside(dataset: &Dataset, place: Place, in_row: bool) -> Option<Span> {
    let table = dataset.table(place.table)?;
    let columns = (0..).take(table.columns.len());
    let nearest = columns
        .filter_map(|column| {
            let other = Place { column, ..place };
            let locus = if in_row {
                Locus::Cell(other)
            } else {
                Locus::Heading(other)
            };
            Some((column.abs_diff(place.column), dataset.span(locus)?))
        })
        .min_by_key(|(distance, _)| *distance);
    let (source, at) = nearest.map_or((table.source, 0), |(_, s)| (s.source, s.end));
    Some(Span::new(source, at, at))
}

/// Findings by file and place.
pub fn by_place(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_cached_key(|f| locate(&report.dataset, f.at).map(|at| at.span));
    findings
}

/// Findings as they are told: errors first, then by file and place.
pub fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut findings = by_place(report);
    findings.sort_by_key(|f| Reverse(f.severity));
    findings
}
