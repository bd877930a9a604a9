//! A text and a place in out, the cells of the record that starts there.

use std::borrow::Cow;

use super::Unfit;
use super::marks::Marks;
use super::plan::Plan;
use crate::model::{Field, field_at, field_text};

/// A longer row is no row of a table.
const MAX_ROW_BYTES: usize = 1 << 15;
const MAX_FIELDS: usize = 4096;

/// A record of a text.
#[derive(Debug)]
pub struct Record<'t> {
    text: &'t str,
    start: usize,
    fields: Vec<Field>,
    quote: u8,
}

impl<'t> Record<'t> {
    pub fn new(text: &'t str, quote: u8) -> Self {
        Self {
            text,
            start: 0,
            fields: Vec::new(),
            quote,
        }
    }

    /// Reads the record that starts at `at`, which is no line end. Gives the end
    /// of its line.
    ///
    /// # Errors
    /// Where the records of the file cannot be told apart line by line.
    pub fn read(&mut self, at: usize, marks: &mut Marks<'_>, plan: &Plan) -> Result<usize, Unfit> {
        self.start = at;
        let end = match self.read_plain(marks, plan) {
            Some(end) => end,
            None => self.read_quoted(plan)?,
        };
        let fits = end - at <= MAX_ROW_BYTES && self.fields.len() <= MAX_FIELDS;
        fits.then_some(end).ok_or(Unfit::Shape("a long row"))
    }

    /// `None` where it has quotation marks.
    fn read_plain(&mut self, marks: &mut Marks<'_>, plan: &Plan) -> Option<usize> {
        self.fields.clear();
        marks.skip_to(self.start);
        let mut start = self.start;
        loop {
            let end = marks.next().unwrap_or(self.text.len());
            let mark = self.text.as_bytes().get(end).copied();
            if mark == Some(plan.quote) {
                return None;
            }
            self.fields.push(Field {
                range: start..end,
                end,
                sound: true,
            });
            if mark != Some(plan.delimiter) {
                return Some(end);
            }
            start = end + 1;
        }
    }

    fn read_quoted(&mut self, plan: &Plan) -> Result<usize, Unfit> {
        self.fields.clear();
        let bytes = self.text.as_bytes();
        let mut at = self.start;
        loop {
            let field = field_at(bytes, at, plan.delimiter, plan.quote);
            let end = field.end;
            let quoted = bytes.get(at) == Some(&plan.quote);
            let inside = bytes.get(field.range.clone()).unwrap_or_default();
            if !field.sound || quoted && memchr::memchr2(b'\n', b'\r', inside).is_some() {
                return Err(Unfit::Shape("quotation marks"));
            }
            self.fields.push(field);
            if bytes.get(end) != Some(&plan.delimiter) {
                return Ok(end);
            }
            if self.fields.len() > MAX_FIELDS {
                return Err(Unfit::Shape("a long row"));
            }
            at = end + 1;
        }
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// A cell; empty where the record is too short.
    pub fn cell(&self, column: usize) -> Cow<'t, str> {
        let field = self.fields.get(column);
        field.map_or(Cow::Borrowed(""), |f| field_text(self.text, f, self.quote))
    }

    /// The bytes of a cell, within its quotes.
    pub fn bytes(&self, column: usize) -> &'t [u8] {
        let range = self.fields.get(column).map(|field| field.range.clone());
        let bytes = range.and_then(|range| self.text.as_bytes().get(range));
        bytes.unwrap_or_default()
    }

    /// A cell as it stands in the file, with its quotes.
    pub fn printed(&self, column: usize) -> &'t [u8] {
        let before = column.checked_sub(1).and_then(|c| self.fields.get(c));
        let start = before.map_or(self.start, |field| field.end + 1);
        let end = self.fields.get(column).map_or(start, |field| field.end);
        self.text.as_bytes().get(start..end).unwrap_or_default()
    }
}
