//! A delimited text and its shape in, one table out, with all that does not fit
//! into it.

mod heads;
mod misfits;
mod stacked;

use polars::prelude::{Column as Series, DataFrame, IntoColumn, StringChunkedBuilder};

use super::record::{Record, record_from};
use super::shape::Shape;
use super::{MAX_COLUMNS, QUOTE};
use crate::load::format;
use crate::load::grid::MAX_CELL_BYTES;
use crate::load::heading::{self, Row};
use crate::model::{
    Column, Defect, DefectKind, Excluded, Layout, Locator, Number, Source, SourceId, Span, Table,
    TableFormat,
};

use misfits::{Fit, Misfit};
use stacked::Above;

pub(super) struct Reader<'a> {
    source: &'a Source,
    id: SourceId,
    pub(super) shape: Shape,
    layout: &'a Layout,
    /// The published format that the headings are of.
    pub(super) format: Option<&'a TableFormat>,
    /// The sampled records that are headings.
    heads: std::ops::Range<usize>,
    /// The same as rows; none where the file has no headings.
    headings: Vec<Row>,
    pub(super) defects: Vec<Defect>,
    pub(super) excluded: Vec<Excluded>,
    pub(super) notes: Vec<String>,
    /// Defects beyond the limit.
    untold: usize,
    /// Do headings come again under a title, or others further down?
    pub(super) stacked: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source, id: SourceId, shape: Shape, layout: &'a Layout) -> Self {
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

    pub(super) fn table(&mut self) -> Option<Table> {
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
}
