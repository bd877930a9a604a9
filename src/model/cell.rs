//! What is printed in a cell besides a number: a mark of a footnote, what is
//! counted, or a second number (`rules/formats`).

use std::ops::Range;

use serde::Deserialize;

use super::{Number, Pattern};

/// Words of `rules/formats`: what cells of figures print besides a number.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CellFile {
    /// Regular expressions for what stands after a number and is no part of it.
    after: Vec<String>,
    /// Regular expressions for a count and a share in one cell, in groups of
    /// those names.
    count_and_share: Vec<String>,
    /// Cells with what stands after their number, and such with two.
    example: Vec<String>,
}

/// The same, for use.
#[derive(Debug, Default)]
pub struct CellWords {
    after: Vec<Pattern>,
    count_and_share: Vec<Pattern>,
}

/// A numeral as it is printed, with marks of any kind between its digits.
const NUMERAL: &str = r"[+\-−–]?[0-9][0-9.,'’\u{a0}\u{202f}\u{2009} ]*(?:\s*%)?";

impl CellWords {
    pub(super) fn extend(&mut self, file: &CellFile, prove: bool) -> Result<(), String> {
        let compile = |pattern: String| Pattern::new(pattern, prove);
        for after in &file.after {
            let pattern = format!(r"(?i)^({NUMERAL}?)\s*(?:{after})$");
            self.after.push(compile(pattern)?);
        }
        for both in &file.count_and_share {
            self.count_and_share.push(compile(format!("^(?:{both})$"))?);
        }
        let read = |cell: &&String| self.bare(cell).is_some() || self.pair(cell).is_some();
        match file.example.iter().find(|cell| prove && !read(cell)) {
            Some(missed) => Err(format!("no expression matches the cell {missed:?}")),
            None => Ok(()),
        }
    }

    /// The numeral of a cell that has something after it; `None` where the cell
    /// is no more than a number, or has none.
    #[must_use]
    pub fn bare(&self, cell: &str) -> Option<Range<usize>> {
        if !says_more(cell) {
            return None;
        }
        let found = self.after.iter().find_map(|after| after.captures(cell))?;
        let numeral = found.get(1)?;
        Some(numeral.start()..numeral.start() + numeral.as_str().trim_end().len())
    }

    /// A count and a share that stand in one cell.
    #[must_use]
    pub fn pair(&self, cell: &str) -> Option<(Range<usize>, Range<usize>)> {
        if !says_more(cell) {
            return None;
        }
        let mut all = self.count_and_share.iter();
        let found = all.find_map(|both| both.captures(cell))?;
        let group = |name: &str| found.name(name).map(|group| group.range());
        Some((group("count")?, group("share")?))
    }
}

/// May a cell hold more than a number? Most are names or numbers, and patterns
/// cost.
fn says_more(cell: &str) -> bool {
    let body = cell.trim_start_matches(['+', '-', '−', '–']);
    let starts = body.starts_with(|c: char| c.is_ascii_digit());
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'\'' | b' ' | b'%');
    starts && !body.bytes().all(plain) && Number::parse(cell).is_none()
}

#[cfg(test)]
mod tests {
    use crate::model::{Layout, Pack};

    #[test]
    fn a_numeral_is_told_from_what_stands_after_it() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        let bare = |cell: &'static str| layout.cells.bare(cell).map(|range| &cell[range]);
        for (cell, numeral) in [
            ("1,234 (a)", "1,234"),
            ("766 [1]", "766"),
            ("900*", "900"),
            ("1.234,5 †", "1.234,5"),
            ("890 votes", "890"),
            ("1 votes", "1"),
            ("+3.1 pp", "+3.1"),
            ("45.6 % ¹", "45.6 %"),
        ] {
            assert_eq!(bare(cell), Some(numeral), "{cell}");
        }
        for cell in [
            "1,234", "12 May", "12 (34)", "3-4", "votes", "12 Ashby", "1st",
        ] {
            assert_eq!(bare(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_count_and_a_share_in_one_cell_are_two_numbers() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        let pair = |cell: &'static str| {
            let (count, share) = layout.cells.pair(cell)?;
            Some((&cell[count], &cell[share]))
        };
        assert_eq!(pair("12,345 (45.6%)"), Some(("12,345", "45.6%")));
        assert_eq!(pair("45,6 % (12.345)"), Some(("12.345", "45,6 %")));
        assert_eq!(pair("890 / 33.0%"), Some(("890", "33.0%")));
        assert_eq!(pair("12 (34)"), None);
        assert_eq!(pair("12,345"), None);
    }
}
