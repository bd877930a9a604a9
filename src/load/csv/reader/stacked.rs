//! A record in, whether it begins another table of the same text out: headings
//! come again under a title, or others further down.

use super::Reader;
use crate::load::csv::is_apart;
use crate::load::csv::record::{Record, cell};
use crate::load::heading::{self, Row};
use crate::model::{Field, Number};

/// What stands above a record.
#[derive(Default)]
pub(super) struct Above {
    title: bool,
    /// The row above, where it is of words; does it stand apart, or under a title?
    heads: Option<(Row, bool)>,
    end: usize,
}

impl Reader<'_> {
    /// Is a record a row of headings of a table further down? That shows in the
    /// one below it.
    pub(super) fn starts_another(&self, above: &mut Above, record: &Record) -> bool {
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

    pub(super) fn repeats_header(&self, record: &Record) -> bool {
        let text = self.source.text();
        let repeats = |row: &Row| {
            let same = |(at, heading): (usize, &String)| record.cell(text, at) == heading.as_str();
            row.cells.len() > 1 && row.cells.iter().enumerate().all(same)
        };
        self.headings.iter().any(repeats)
    }
}

/// One cell of words.
fn is_title(text: &str, record: &Record) -> bool {
    let words = |cell: &str| cell.contains(char::is_alphabetic) && Number::parse(cell).is_none();
    record.len(text) == 1 && words(&record.cell(text, 0))
}
