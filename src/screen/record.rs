//! A text and a place in out, the cells of the record that starts there.

use std::borrow::Cow;
use std::ops::Range;

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
    /// Where the mark after each cell stands.
    ends: Vec<usize>,
    /// The cells, where some have quotation marks.
    quoted: Vec<Field>,
    quote: u8,
}

impl<'t> Record<'t> {
    pub fn new(text: &'t str, quote: u8) -> Self {
        Self {
            text,
            start: 0,
            ends: Vec::new(),
            quoted: Vec::new(),
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
        self.ends.clear();
        self.quoted.clear();
        let end = match self.read_plain(marks, plan) {
            Some(end) => end,
            None => self.read_quoted(plan)?,
        };
        let fits = end - at <= MAX_ROW_BYTES && self.len() <= MAX_FIELDS;
        fits.then_some(end).ok_or(Unfit::Shape("a long row"))
    }

    /// `None` where it has quotation marks.
    fn read_plain(&mut self, marks: &mut Marks<'_>, plan: &Plan) -> Option<usize> {
        marks.skip_to(self.start);
        loop {
            let end = marks.next().unwrap_or(self.text.len());
            let mark = self.text.as_bytes().get(end).copied();
            if mark == Some(plan.quote) {
                return None;
            }
            self.ends.push(end);
            if mark != Some(plan.delimiter) {
                return Some(end);
            }
        }
    }

    fn read_quoted(&mut self, plan: &Plan) -> Result<usize, Unfit> {
        self.ends.clear();
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
            self.ends.push(end);
            self.quoted.push(field);
            if bytes.get(end) != Some(&plan.delimiter) {
                return Ok(end);
            }
            if self.len() > MAX_FIELDS {
                return Err(Unfit::Shape("a long row"));
            }
            at = end + 1;
        }
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty where the record is too short.
    pub fn cell(&self, column: usize) -> Cow<'t, str> {
        let plain = || {
            let range = self.range(column)?;
            let (end, sound) = (range.end, true);
            Some(Field { range, end, sound })
        };
        let field = self.quoted.get(column).cloned().or_else(plain);
        field.map_or(Cow::Borrowed(""), |f| field_text(self.text, &f, self.quote))
    }

    /// The bytes of a cell, within its quotes.
    pub fn bytes(&self, column: usize) -> &'t [u8] {
        match self.quoted.get(column) {
            Some(field) => self.text.as_bytes().get(field.range.clone()),
            None => self
                .range(column)
                .and_then(|range| self.text.as_bytes().get(range)),
        }
        .unwrap_or_default()
    }

    /// Cells beside each other as they stand in the file, with their quotes, and
    /// with what parts them.
    pub fn printed(&self, (first, last): (usize, usize)) -> &'t [u8] {
        let last = last.min(self.len().saturating_sub(1));
        let range = || Some(self.range(first)?.start..*self.ends.get(last)?);
        let bytes = range().and_then(|range| self.text.as_bytes().get(range));
        bytes.unwrap_or_default()
    }

    fn range(&self, column: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(column)?;
        let before = column
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        Some(before.map_or(self.start, |before| before + 1)..end)
    }
}
