//! Delimited text in, a table out: every cell as printed, and the byte at
//! which each row starts.
//!
//! Records are parted by the model's own [`field_at`], the function that later
//! finds the bytes of a cell, so that both always see the same fields.

use std::borrow::Cow;

use polars::prelude::{Column as Series, DataFrame, IntoColumn, StringChunkedBuilder};

use super::format;
use super::grid::{Cell, Grid, Line, MAX_CELL_BYTES, Merged, TOO_LONG_HELP};
use super::heading::{self, Row};
use super::repeats;
use crate::model::{
    Column, Constant, Dataset, Defect, DefectKind, Excluded, Field, Layout, Locator, Number, Role,
    Source, SourceId, Span, Table, TableFormat, field_at, field_text, file_stem, year_in,
};

const QUOTE: u8 = b'"';
/// How much of a file shows how it is delimited, and where its heading is.
const SAMPLE_BYTES: usize = 1 << 16;
const SAMPLE_RECORDS: usize = 60;
const MAX_COLUMNS: usize = 4096;
const MAX_DEFECTS: usize = 200;
/// A larger file is read as one table.
const MAX_GRID_BYTES: usize = 1 << 24;
/// A longer row, and one with a longer cell, is left out: a quotation mark that
/// never closes, or no table at all.
const MAX_ROW_BYTES: usize = 1 << 20;

/// One record: where it starts, its fields, and where the next line starts.
#[derive(Debug)]
struct Record {
    start: usize,
    fields: Vec<Field>,
    next: usize,
}

impl Record {
    fn cell<'t>(&self, text: &'t str, column: usize) -> Cow<'t, str> {
        let field = self.fields.get(column);
        field.map_or(Cow::Borrowed(""), |field| cell(text, field))
    }

    fn row(&self, text: &str) -> Row {
        let cells = self.fields.iter().take(MAX_COLUMNS);
        Row {
            cells: cells.map(|f| cell(text, f).into_owned()).collect(),
            apart: false,
            spread: false,
        }
    }

    fn is_sound(&self) -> bool {
        self.fields.iter().all(|f| f.sound)
    }

    /// Cells up to the last one that is not empty.
    fn len(&self, text: &str) -> usize {
        let filled = |f: &Field| !cell(text, f).is_empty();
        self.fields.iter().rposition(filled).map_or(0, |at| at + 1)
    }

    /// Bytes of the longest cell.
    fn longest(&self) -> usize {
        let lengths = self.fields.iter().map(|f| f.range.len());
        lengths.max().unwrap_or(0)
    }

    fn end(&self) -> usize {
        self.fields.last().map_or(self.start, |f| f.end)
    }

    fn known(&self, text: &str, layout: &Layout) -> usize {
        let fields = || self.fields.iter().take(MAX_COLUMNS);
        let is_known = |f: &&Field| layout.knows(&cell(text, f));
        let known = fields().filter(is_known).count();
        // "Total" is a heading beside others only.
        let total = |f: &&Field| !is_known(f) && layout.is_total(&cell(text, f));
        if known == 1 {
            known + fields().filter(total).count()
        } else {
            known
        }
    }
}

fn cell<'t>(text: &'t str, field: &Field) -> Cow<'t, str> {
    field_text(text, field, QUOTE)
}

/// The record at or after `at`; blank lines and rows of empty cells are
/// passed over.
fn record_from(text: &str, mut at: usize, delimiter: u8) -> Option<Record> {
    let bytes = text.as_bytes();
    if at == 0 && text.starts_with('\u{feff}') {
        at = '\u{feff}'.len_utf8();
    }
    loop {
        while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        if at >= bytes.len() {
            return None;
        }
        let record = record_at(bytes, at, delimiter);
        if record.len(text) > 0 {
            return Some(record);
        }
        at = record.next;
    }
}

fn record_at(bytes: &[u8], start: usize, delimiter: u8) -> Record {
    let mut fields = Vec::new();
    let mut at = start;
    loop {
        let field = field_at(bytes, at, delimiter, QUOTE);
        let end = field.end;
        add(&mut fields, field);
        if bytes.get(end) != Some(&delimiter) {
            let next = (end + 1).min(bytes.len());
            return Record {
                start,
                fields,
                next,
            };
        }
        at = end + 1;
    }
}

/// Adds a field; those that no table has room for become one.
fn add(fields: &mut Vec<Field>, field: Field) {
    if fields.len() <= MAX_COLUMNS {
        fields.push(field);
    } else if let Some(last) = fields.last_mut() {
        last.range.end = field.range.end;
        last.end = field.end;
        last.sound &= field.sound;
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

/// How a file is delimited and headed.
#[derive(Debug)]
struct Shape {
    delimiter: u8,
    /// Known headings in the best record for a header.
    known: usize,
    width: usize,
    /// Sampled records of that width, in a thousand.
    steady: usize,
    records: Vec<Record>,
    header: usize,
    /// Are the headings those of a published format?
    published: bool,
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
    fn of(text: &str, layout: &Layout) -> Self {
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
    fn rows(&self, text: &str) -> Vec<Row> {
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

struct Reader<'a> {
    source: &'a Source,
    id: SourceId,
    shape: Shape,
    layout: &'a Layout,
    /// The published format that the headings are of.
    format: Option<&'a TableFormat>,
    /// The sampled records that are headings.
    heads: std::ops::Range<usize>,
    /// The same as rows; none where the file has no headings.
    headings: Vec<Row>,
    defects: Vec<Defect>,
    excluded: Vec<Excluded>,
    notes: Vec<String>,
    /// Defects beyond the limit.
    untold: usize,
    /// Do headings come again under a title, or others further down?
    stacked: bool,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source, id: SourceId, shape: Shape, layout: &'a Layout) -> Self {
        let rows = shape.rows(source.text());
        let header = rows.get(shape.header).filter(|_| shape.published);
        let format = header.and_then(|row| {
            let cells = row.cells.iter().map(String::as_str);
            layout.formats.of(cells)
        });
        let last = |count: usize| shape.header + count.clamp(1, rows.len() - shape.header);
        let heads = match format.and_then(|f| f.header_rows) {
            Some(count) => shape.header..last(count),
            None => heading::rows_around(&rows, shape.header),
        };
        Self {
            source,
            id,
            format,
            headings: rows.get(heads.clone()).unwrap_or_default().to_vec(),
            heads,
            shape,
            layout,
            defects: Vec::new(),
            excluded: Vec::new(),
            notes: Vec::new(),
            untold: 0,
            stacked: false,
        }
    }

    fn table(&mut self) -> Option<Table> {
        let first = self.shape.records.get(self.heads.start)?;
        let (start, mut next) = (
            first.start,
            self.shape.records.get(self.heads.end - 1)?.next,
        );
        let header = self.shape.records.get(self.shape.header)?;
        if header.fields.len() > MAX_COLUMNS {
            let message = format!("{} has more than {MAX_COLUMNS} columns", self.source.name());
            let help = "check that it is a table, and leave out columns that are not to be checked";
            self.defect(start..start, DefectKind::Unreadable, message, Some(help));
            return None;
        }
        let longest = header.longest();
        if longest > MAX_CELL_BYTES {
            self.tell(header.start..header.end(), Misfit::LongCell(longest));
            return None;
        }
        let mut columns = self.columns();
        let known = self.shape.known > 0 || self.format.is_some();
        let headless = !known && self.first_row_is_data();
        if headless {
            next = start;
            self.headings.clear();
            for (column, number) in columns.iter_mut().zip(1..) {
                column.name = format!("column {number}");
                column.heading = None;
            }
        }
        self.judge_header(headless, &columns);
        let (frame, starts) = self.rows(next, &columns);
        let above = self.source.text().get(..start).unwrap_or("");
        let [contest, election] = match self.format {
            Some(format) => format::above(format, above, self.id),
            None => [None, None],
        };
        let mut table = Table {
            title: self.source.stem().to_owned(),
            source: self.id,
            contest,
            election: election.or_else(|| self.election(&columns)),
            base_election: None,
            sound: None,
            columns,
            frame: frame?,
            locator: Locator::Records {
                starts,
                delimiter: self.shape.delimiter,
                quote: QUOTE,
            },
        };
        if self.format.is_none() && !headless {
            self.guess(&mut table);
        }
        Some(table)
    }

    /// Headings that are not known: what they may be.
    fn guess(&mut self, table: &mut Table) {
        let name = self.source.name();
        let notes = heading::guess(table, name, self.layout);
        self.notes.extend(notes);
    }

    fn columns(&self) -> Vec<Column> {
        let text = self.source.text();
        let widest = self.shape.records.iter().map(|r| r.len(text)).max();
        let named = self.headings.iter().map(|row| row.cells.len()).max();
        let count = widest.unwrap_or(1).min(named.unwrap_or(1)).max(1);
        let headings = heading::headings(&self.headings, count, self.layout);
        let columns = headings.into_iter().enumerate().map(|(column, heading)| {
            let (row, column) = heading
                .at
                .unwrap_or((self.headings.len().saturating_sub(1), column));
            let record = self.shape.records.get(self.heads.start + row);
            let field = record.and_then(|r| r.fields.get(column));
            Column {
                name: heading.name,
                heading: field.map(|f| trimmed(self.source, self.id, f.range.clone())),
                role: heading.role,
                election: heading.election,
                guessed: false,
            }
        });
        let mut columns: Vec<Column> = columns.collect();
        if !self.format.is_some_and(TableFormat::reshapes) {
            let rows = self.wide_rows(&columns);
            repeats::name_groups(&mut columns, &rows, self.layout);
        }
        if let Some(format) = self.format {
            format::name_columns(&mut columns, format, &[]);
        }
        columns
    }

    /// The rows as they show whether they go on behind their headings: the
    /// sampled ones, and all of a file that is no wider in these.
    fn wide_rows(&self, columns: &[Column]) -> Vec<Vec<String>> {
        let text = self.source.text();
        let named = columns.iter().rposition(|c| !c.name.is_empty());
        let named = named.map_or(0, |last| last + 1);
        let goes_on = |record: &Record| record.len(text) > named;
        let body = self.shape.records.get(self.heads.end..).unwrap_or_default();
        if !body.iter().any(goes_on) {
            return Vec::new();
        }
        let cells = |record: &Record| {
            let cells = record.fields.iter().take(record.len(text).min(MAX_COLUMNS));
            cells
                .map(|f| cell(text, f).into_owned())
                .collect::<Vec<_>>()
        };
        let mut rows: Vec<Vec<String>> = body.iter().map(cells).collect();
        let mut at = body.last().map_or(text.len(), |record| record.next);
        while let Some(record) = record_from(text, at, self.shape.delimiter) {
            at = record.next;
            let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
            if record.len(text) > widest {
                rows.push(cells(&record));
            }
        }
        rows
    }

    fn first_row_is_data(&self) -> bool {
        let text = self.source.text();
        let numeral = |f: &Field| {
            let cell = cell(text, f);
            Number::parse(&cell).is_some() && year_in(&cell).is_none()
        };
        let header = self.shape.records.get(self.shape.header);
        header.is_some_and(|r| r.fields.iter().any(numeral))
    }

    fn judge_header(&mut self, headless: bool, columns: &[Column]) {
        let name = self.source.name();
        let records = &self.shape.records;
        let (Some(first), Some(last)) = (
            records.get(self.heads.start),
            records.get(self.heads.end - 1),
        ) else {
            return;
        };
        let (start, end) = (first.start, last.end());
        if headless {
            let message = format!("the first row of {name} holds data, and no headings");
            let help =
                "put a row above it that names the columns: contest, candidate, party, votes";
            self.defect(start..end, DefectKind::Heading, message, Some(help));
            return;
        }
        if self.headings.len() > 1 {
            self.notes.push(format!(
                "the headings of {name} stand in {} rows, and were joined",
                self.headings.len()
            ));
        }
        self.judge_preamble(start);
        self.judge_headings(columns);
    }

    fn judge_headings(&mut self, columns: &[Column]) {
        let name = self.source.name();
        let published = |name: &str| self.format.is_some_and(|f| f.may_repeat(name));
        let faults = heading::faults(columns);
        let faults: Vec<_> = faults
            .filter(|f| columns.get(f.column).is_none_or(|c| !published(&c.name)))
            .collect();
        for fault in faults {
            let message = fault.message(&format!("column {}", fault.column + 1), name);
            let heading = columns.get(fault.column).and_then(|c| c.heading);
            let span = heading.map_or(0..0, |h| h.start..h.end);
            self.defect(
                span,
                DefectKind::Heading,
                message,
                Some(heading::FAULT_HELP),
            );
        }
    }

    /// Lines above the header are told, not read.
    fn judge_preamble(&mut self, header_start: usize) {
        let Some(first) = self
            .shape
            .records
            .first()
            .filter(|r| r.start < header_start)
        else {
            return;
        };
        let end = self.source.text().get(first.start..header_start);
        let end = first.start + end.unwrap_or("").trim_end().len();
        self.excluded.push(Excluded {
            span: Span::new(self.id, first.start, end),
            why: "above the row of headings".to_owned(),
        });
    }

    fn rows(&mut self, mut at: usize, columns: &[Column]) -> (Option<DataFrame>, Vec<u64>) {
        let text = self.source.text();
        let mut cells: Vec<StringChunkedBuilder> = (0..columns.len())
            .map(|i| StringChunkedBuilder::new(format!("c{i}").into(), 1024))
            .collect();
        let (mut starts, from, mut read) = (Vec::new(), at, 0);
        let mut notes: Vec<Record> = Vec::new();
        let mut above = Above::default();
        while let Some(record) = record_from(text, at, self.shape.delimiter) {
            at = record.next;
            read += 1;
            self.stacked |= self.starts_another(&mut above, &record);
            if !starts.is_empty() && self.may_be_note(&record, columns) {
                notes.push(record);
                continue;
            }
            for record in notes.drain(..).chain([record]) {
                match self.judge(&record, columns) {
                    Fit::Row => {
                        starts.push(record.start as u64);
                        for (column, out) in cells.iter_mut().enumerate() {
                            let cell = record.cell(text, column);
                            out.append_option((!cell.is_empty()).then_some(cell));
                        }
                    }
                    Fit::LeftOut { resume } => at = resume,
                }
            }
        }
        self.leave_out_notes(&notes);
        self.tell_untold(text.len());
        self.read_again(from, read);
        let series: Vec<Series> = cells
            .into_iter()
            .map(|c| c.finish().into_column())
            .collect();
        (DataFrame::new(starts.len(), series).ok(), starts)
    }

    /// A row with words in its first column and nothing else, in a table that
    /// has more: a sentence, or a line without delimiters. Where no row follows
    /// it, it is a note.
    fn may_be_note(&self, record: &Record, columns: &[Column]) -> bool {
        let text = self.source.text();
        let first = record.cell(text, 0);
        let is_line = record.fields.len() == 1 || first.split_whitespace().count() >= 4;
        columns.len() > 2
            && is_line
            && record.len(text) == 1
            && record.is_sound()
            && Number::parse(&first).is_none()
    }

    fn leave_out_notes(&mut self, notes: &[Record]) {
        for note in notes {
            self.excluded.push(Excluded {
                span: Span::new(self.id, note.start, note.end()),
                why: "a note below the table".to_owned(),
            });
        }
    }

    /// Counts the records once more with another reader: where the two differ,
    /// cells may stand elsewhere than they are said to. Rows that are known not
    /// to fit settle the matter without it.
    fn read_again(&mut self, from: usize, read: usize) {
        if !self.defects.is_empty() {
            return;
        }
        let text = self.source.text().get(from..).unwrap_or("");
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(self.shape.delimiter)
            .quote(QUOTE)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let has_text = |r: &::csv::ByteRecord| r.iter().any(|f| !f.trim_ascii().is_empty());
        let again = reader
            .byte_records()
            .filter_map(Result::ok)
            .filter(has_text)
            .count();
        if again != read {
            let message = format!(
                "{} has {read} rows by one reading and {again} by another; its quotes may not close",
                self.source.name()
            );
            self.defect(from..from, DefectKind::Unreadable, message, None);
        }
    }

    /// Does a record fit under the headings? Says what is wrong where not.
    fn judge(&mut self, record: &Record, columns: &[Column]) -> Fit {
        let (expected, found) = (columns.len(), record.len(self.source.text()));
        let resume = record.next;
        let swallowed = (!record.is_sound() || found > expected)
            .then(|| self.line_after(record, expected))
            .flatten();
        if let Some(resume) = swallowed {
            self.tell(record.start..resume, Misfit::Open);
            return Fit::LeftOut { resume };
        }
        let range = record.start..record.end();
        if !record.is_sound() {
            self.tell(range, Misfit::Quotes);
            return Fit::LeftOut { resume };
        }
        if range.len() > MAX_ROW_BYTES {
            let bytes = range.len();
            self.tell(range, Misfit::LongRow(bytes));
            return Fit::LeftOut { resume };
        }
        let longest = record.longest();
        if longest > MAX_CELL_BYTES {
            self.tell(range, Misfit::LongCell(longest));
            return Fit::LeftOut { resume };
        }
        if found > expected {
            self.tell(range, Misfit::Long { found, expected });
            return Fit::LeftOut { resume };
        }
        if self.repeats_header(record) {
            self.excluded.push(Excluded {
                span: Span::new(self.id, range.start, range.end),
                why: "the row of headings again".to_owned(),
            });
            return Fit::LeftOut { resume };
        }
        let found = record.fields.len();
        if found < expected {
            self.tell(range, Misfit::Short { found, expected });
        }
        Fit::Row
    }

    fn tell(&mut self, range: std::ops::Range<usize>, misfit: Misfit) {
        let line = self.source.position(range.start).line;
        let place = format!("line {line} of {}", self.source.name());
        let (kind, what, help) = match misfit {
            Misfit::Open => (
                DefectKind::Unreadable,
                "a quotation mark that does not close; the row was left out".to_owned(),
                "close it on the same line, or double it where it belongs to the text",
            ),
            Misfit::Quotes => (
                DefectKind::Unreadable,
                "a quotation mark out of place; the row was left out".to_owned(),
                "quote the whole cell, and double the quotation marks in it",
            ),
            Misfit::LongRow(bytes) => (
                DefectKind::Unreadable,
                format!(
                    "a row of {bytes} bytes; at most {MAX_ROW_BYTES} are read, and it was left out"
                ),
                TOO_LONG_HELP,
            ),
            Misfit::LongCell(bytes) => (
                DefectKind::Unreadable,
                format!(
                    "a cell of {bytes} bytes; at most {MAX_CELL_BYTES} are read, and the row was left out"
                ),
                TOO_LONG_HELP,
            ),
            Misfit::Long { found, expected } => (
                DefectKind::RowLength,
                format!("{found} cells under {expected} headings; the row was left out"),
                "quote a cell that holds the delimiter, or add the missing heading",
            ),
            Misfit::Short { found, expected } => (
                DefectKind::RowLength,
                format!("{found} cells under {expected} headings; the rest count as empty"),
                "check that no cell of the row is missing in its middle",
            ),
        };
        self.defect(range, kind, format!("{place} has {what}"), Some(help));
    }

    /// Where to go on after a record that swallowed its next lines: at its
    /// second line, where that is a row by itself.
    fn line_after(&self, record: &Record, expected: usize) -> Option<usize> {
        let text = self.source.text();
        let body = text.get(record.start..record.end())?;
        let line_end = record.start + body.find(['\n', '\r'])?;
        let second = record_from(text, line_end, self.shape.delimiter)?;
        let fits = second.is_sound() && second.fields.len() == expected;
        (fits && second.start < record.end()).then_some(second.start)
    }

    /// Is a record a row of headings of a table further down? That shows in the
    /// one below it.
    fn starts_another(&self, above: &mut Above, record: &Record) -> bool {
        let text = self.source.text();
        let title = is_title(text, record);
        if self.stacked || above.title && self.repeats_header(record) {
            return true;
        }
        // Most rows have a number, and follow one that has.
        let numbered = |f: &Field| cell(text, f).starts_with(|c: char| c.is_ascii_digit());
        let words = !record.fields.iter().skip(1).any(numbered);
        if !words && above.heads.is_none() {
            above.title = false;
            above.end = record.end();
            return false;
        }
        let row = record.row(text);
        if above.heads.is_some() && row.goes_below() {
            above.end = record.end();
            return false;
        }
        let gap = above.end > 0 && is_apart(text.get(above.end..record.start).unwrap_or(""));
        let another = above.heads.take().is_some_and(|(heads, gap)| {
            let first = self.headings.last();
            first
                .is_some_and(|first| heading::starts_another(&heads, first, &row, gap, self.layout))
        });
        above.heads = row.is_words().then_some((row, gap || above.title));
        above.title = title;
        above.end = record.end();
        another
    }

    fn repeats_header(&self, record: &Record) -> bool {
        let text = self.source.text();
        let repeats = |row: &Row| {
            let same = |(at, heading): (usize, &String)| record.cell(text, at) == heading.as_str();
            row.cells.len() > 1 && row.cells.iter().enumerate().all(same)
        };
        self.headings.iter().any(repeats)
    }

    /// The year in the file's name, else in the lines above the header.
    fn election(&mut self, columns: &[Column]) -> Option<Constant> {
        if columns.iter().any(|c| c.role == Role::Election) {
            return None;
        }
        let name = self.source.name();
        if let Some(year) = heading::year_of_name(file_stem(name)) {
            let note = format!("the election of {name} was taken from its name: {year}");
            self.notes.push(note);
            let text = year.to_string();
            return Some(Constant { text, span: None });
        }
        let above = self.shape.records.get(..self.heads.start)?;
        let found = above.iter().find_map(|record| {
            let line = self.source.text().get(record.start..record.end())?;
            let year = year_in(line)?.to_string();
            let at = record.start + line.find(&year)?;
            let span = Some(Span::new(self.id, at, at + year.len()));
            Some(Constant { text: year, span })
        })?;
        let note = format!(
            "the election of {name} was taken from the lines above its headings: {}",
            found.text
        );
        self.notes.push(note);
        Some(found)
    }

    fn defect(
        &mut self,
        range: std::ops::Range<usize>,
        kind: DefectKind,
        message: String,
        help: Option<&str>,
    ) {
        if self.defects.len() >= MAX_DEFECTS {
            self.untold += 1;
            return;
        }
        self.defects.push(Defect {
            span: Span::new(self.id, range.start, range.end),
            kind,
            message,
            help: help.map(ToOwned::to_owned),
        });
    }

    fn tell_untold(&mut self, end: usize) {
        if self.untold > 0 {
            let message = format!(
                "{} more rows of {} do not fit",
                self.untold,
                self.source.name()
            );
            self.defects.push(Defect {
                span: Span::new(self.id, end, end),
                kind: DefectKind::RowLength,
                message,
                help: None,
            });
        }
    }
}

/// What stands above a record.
#[derive(Default)]
struct Above {
    title: bool,
    /// The row above, where it is of words; does it stand apart, or under a title?
    heads: Option<(Row, bool)>,
    end: usize,
}

/// One cell of words.
fn is_title(text: &str, record: &Record) -> bool {
    let words = |cell: &str| cell.contains(char::is_alphabetic) && Number::parse(cell).is_none();
    record.len(text) == 1 && words(&record.cell(text, 0))
}

/// How a record does not fit.
#[derive(Debug, Clone, Copy)]
enum Misfit {
    Open,
    Quotes,
    /// It has so many bytes.
    LongRow(usize),
    /// Its longest cell has.
    LongCell(usize),
    Long {
        found: usize,
        expected: usize,
    },
    Short {
        found: usize,
        expected: usize,
    },
}

/// What becomes of a record.
enum Fit {
    Row,
    LeftOut { resume: usize },
}

#[cfg(test)]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
mod tests;
