//! A record in, whether it is a row of the table out; what does not fit is told.

use std::ops::Range;

use super::Reader;
use crate::load::csv::QUOTE;
use crate::load::csv::record::{Record, record_from};
use crate::load::grid::{MAX_CELL_BYTES, TOO_LONG_HELP};
use crate::model::{Column, Defect, DefectKind, Excluded, Span};

const MAX_DEFECTS: usize = 200;

/// A longer row, and one with a longer cell, is left out: a quotation mark that
/// never closes, or no table at all.
const MAX_ROW_BYTES: usize = 1 << 20;

/// What becomes of a record.
pub(super) enum Fit {
    Row,
    LeftOut { resume: usize },
}

/// How a record does not fit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Misfit {
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

impl Reader<'_> {
    /// Does a record fit under the headings? Says what is wrong where not.
    pub(super) fn judge(&mut self, record: &Record, columns: &[Column]) -> Fit {
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

    /// Counts the records once more with another reader: where the two differ,
    /// cells may stand elsewhere than they are said to. Rows that are known not
    /// to fit settle the matter without it.
    pub(super) fn read_again(&mut self, from: usize, read: usize) {
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

    pub(super) fn tell(&mut self, range: Range<usize>, misfit: Misfit) {
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

    pub(super) fn defect(
        &mut self,
        range: Range<usize>,
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

    pub(super) fn tell_untold(&mut self, end: usize) {
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
