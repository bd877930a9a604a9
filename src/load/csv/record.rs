//! A byte of a delimited text in, the record that starts there out.

use std::borrow::Cow;

use super::{MAX_COLUMNS, QUOTE};
use crate::load::heading::Row;
use crate::model::{Field, Layout, field_at, field_text};

/// One record: where it starts, its fields, and where the next line starts.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) start: usize,
    pub(super) fields: Vec<Field>,
    pub(super) next: usize,
}

impl Record {
    pub(super) fn cell<'t>(&self, text: &'t str, column: usize) -> Cow<'t, str> {
        let field = self.fields.get(column);
        field.map_or(Cow::Borrowed(""), |field| cell(text, field))
    }

    pub(super) fn row(&self, text: &str) -> Row {
        let cells = self.fields.iter().take(MAX_COLUMNS);
        Row {
            cells: cells.map(|f| cell(text, f).into_owned()).collect(),
            apart: false,
            spread: false,
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        self.fields.iter().all(|f| f.sound)
    }

    /// Cells up to the last one that is not empty.
    pub(super) fn len(&self, text: &str) -> usize {
        let filled = |f: &Field| !cell(text, f).is_empty();
        self.fields.iter().rposition(filled).map_or(0, |at| at + 1)
    }

    /// Bytes of the longest cell.
    pub(super) fn longest(&self) -> usize {
        let lengths = self.fields.iter().map(|f| f.range.len());
        lengths.max().unwrap_or(0)
    }

    pub(super) fn end(&self) -> usize {
        self.fields.last().map_or(self.start, |f| f.end)
    }

    pub(super) fn known(&self, text: &str, layout: &Layout) -> usize {
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

pub(super) fn cell<'t>(text: &'t str, field: &Field) -> Cow<'t, str> {
    field_text(text, field, QUOTE)
}

/// The record at or after `at`; blank lines and rows of empty cells are
/// passed over.
pub(super) fn record_from(text: &str, mut at: usize, delimiter: u8) -> Option<Record> {
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
