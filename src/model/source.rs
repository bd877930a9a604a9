//! Where things stand: sources as text, and spans of bytes in them.

use std::path::Path;

use super::Root;

/// Index of a [`Source`] in its [`Dataset`](super::Dataset).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: usize,
    pub end: usize,
}

impl Span {
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, start, end }
    }

    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.source == other.source && self.start < other.end && other.start < self.end
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Between the cells of a sheet.
const BAR: &str = " | ";
/// A wider gap between cells of a sheet is rendered as one of so many columns.
const MAX_GAP: u32 = 32;

/// A cell of a sheet: row and column, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    pub row: u32,
    pub column: u32,
}

impl std::fmt::Display for Address {
    /// "D7".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}{}",
            column_letters(self.column),
            u64::from(self.row) + 1
        )
    }
}

/// "A" for column 0, "AA" for column 26.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// What a text stands for that is not the file's.
#[derive(Debug, Clone)]
struct Rendered {
    of: Kind,
    /// Where each cell starts in the text, in order.
    cells: Vec<(usize, Address)>,
}

#[derive(Debug, Clone)]
enum Kind {
    /// A sheet of a workbook, by its name.
    Sheet(String),
    /// Rows under columns of these names.
    Rows(Vec<String>),
}

/// A stretch of a file that a text holds: where it starts in the text, and where
/// in the file.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    text: usize,
    byte: usize,
    /// The line, from 0.
    line: usize,
}

/// One input as text, with the starts of its lines.
///
/// Of a large file the text may hold only some lines ([`Source::of_lines`]):
/// spans are offsets into what is held, and [`Source::position`] and
/// [`Source::file_byte`] lead back to the file.
///
/// A sheet of a workbook, or the rows of a file that is no text, are rendered as
/// a text: a row a line, its cells parted by bars; so that line 7 is row 7, and a
/// span in it leads back to its cells. Rows of a file that are not held have no
/// line: these may be millions.
///
/// The text of a UTF-8 file is the file byte for byte (a byte order mark
/// included), so spans are offsets into the file on disk. Any other encoding
/// is decoded first, and spans are offsets into the decoded text.
#[derive(Clone)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    rendered: Option<Rendered>,
    /// What of the file is held; none where that is all of it.
    held: Vec<Stretch>,
    /// What hosts of repositories call the file, where that is known.
    path: Option<String>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({}, {} bytes)", self.name, self.text.len())
    }
}

impl Source {
    /// Lines end at `\n`, `\r\n` or a lone `\r`.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let bytes = text.as_bytes();
        let mut line_starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                line_starts.push(at + 1);
            }
        }
        Self {
            name: name.into(),
            text,
            line_starts,
            rendered: None,
            held: Vec::new(),
            path: None,
        }
    }

    /// Some lines of a file, each with the byte and the line (from 0) at which
    /// it stands there, in their order. A line has its line end.
    #[must_use]
    pub fn of_lines<'l>(
        name: impl Into<String>,
        lines: impl Iterator<Item = (usize, usize, &'l str)>,
    ) -> Self {
        let (mut text, mut held) = (String::new(), Vec::new());
        for (byte, line, line_text) in lines {
            held.push(Stretch {
                text: text.len(),
                byte,
                line,
            });
            text.push_str(line_text);
        }
        Self {
            held,
            ..Self::new(name, text)
        }
    }

    fn stretch(&self, byte: usize) -> Stretch {
        let after = self.held.partition_point(|s| s.text <= byte);
        let held = after.checked_sub(1).and_then(|at| self.held.get(at));
        held.copied().unwrap_or(Stretch {
            text: 0,
            byte: 0,
            line: 0,
        })
    }

    /// The byte of the file that a byte of the text is.
    #[must_use]
    pub fn file_byte(&self, byte: usize) -> usize {
        let stretch = self.stretch(byte);
        stretch.byte + (byte - stretch.text)
    }

    /// The number (from 1) in the file of a line of the text (index from 0).
    #[must_use]
    pub fn line_number(&self, index: usize) -> usize {
        let start = self.line_starts.get(index).copied();
        let stretch = self.stretch(start.unwrap_or(self.text.len()));
        stretch.line + (index - self.line_index(stretch.text)) + 1
    }

    /// A sheet of a workbook, from its cells in order of rows and columns;
    /// with the bytes of each. Breaks of lines in a cell become blanks.
    #[must_use]
    pub fn of_sheet<'c>(
        file: &str,
        sheet: &str,
        cells: impl Iterator<Item = (Address, &'c str)>,
    ) -> (Self, Vec<std::ops::Range<usize>>) {
        Self::rendered(
            format!("{file}#{sheet}"),
            Kind::Sheet(sheet.to_owned()),
            cells,
        )
    }

    /// Rows under columns of these names, from their cells in order; with the
    /// bytes of each.
    #[must_use]
    pub fn of_rows<'c>(
        file: &str,
        columns: Vec<String>,
        cells: impl Iterator<Item = (Address, &'c str)>,
    ) -> (Self, Vec<std::ops::Range<usize>>) {
        Self::rendered(file.to_owned(), Kind::Rows(columns), cells)
    }

    fn rendered<'c>(
        name: String,
        of: Kind,
        cells: impl Iterator<Item = (Address, &'c str)>,
    ) -> (Self, Vec<std::ops::Range<usize>>) {
        let mut text = String::new();
        let (mut row, mut column) = (0, 0);
        let (mut starts, mut ranges) = (Vec::new(), Vec::new());
        let (by_rows, mut held) = (matches!(of, Kind::Rows(_)), Vec::new());
        for (at, cell) in cells {
            let below = at.row.saturating_sub(row);
            let left_out = by_rows && below > 1;
            let lines = if left_out { 1 } else { below };
            text.extend((0..lines).map(|_| '\n'));
            if left_out {
                held.push(Stretch {
                    text: text.len(),
                    byte: text.len(),
                    line: at.row as usize,
                });
            }
            let from = if at.row > row { 0 } else { column };
            let gap = at.column.saturating_sub(from).min(MAX_GAP);
            text.extend((0..gap).map(|_| BAR));
            (row, column) = (at.row.max(row), at.column);
            let start = text.len();
            let plain = |c: char| if c.is_control() { ' ' } else { c };
            text.extend(cell.chars().map(plain));
            starts.push((start, at));
            ranges.push(start..text.len());
        }
        let mut source = Self::new(name, text);
        source.rendered = Some(Rendered { of, cells: starts });
        source.held = held;
        (source, ranges)
    }

    /// The file, without the sheet that it is of.
    #[must_use]
    pub fn file(&self) -> &str {
        let sheet = self.sheet().map_or(0, |name| name.len() + 1);
        let file = self.name.len().checked_sub(sheet);
        file.and_then(|end| self.name.get(..end))
            .unwrap_or(&self.name)
    }

    /// Is its text that of the file, so that its bytes are too?
    #[must_use]
    pub fn is_the_file(&self) -> bool {
        self.rendered.is_none()
    }

    /// The name of the sheet, where it is of one.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        match &self.rendered.as_ref()?.of {
            Kind::Sheet(name) => Some(name),
            Kind::Rows(_) => None,
        }
    }

    /// What the cell that holds a byte is called, with its file:
    /// "results.xlsx#Sheet1!D7", "results.parquet#row 7, votes".
    #[must_use]
    pub fn cell_name(&self, byte: usize) -> Option<String> {
        let at = self.address(byte)?;
        let name = &self.name;
        match &self.rendered.as_ref()?.of {
            Kind::Sheet(_) => Some(format!("{name}!{at}")),
            Kind::Rows(columns) => {
                let column = columns.get(at.column as usize)?;
                Some(format!("{name}#row {}, {column}", u64::from(at.row) + 1))
            }
        }
    }

    /// The cell that holds a byte, or the last one before it; `None` in a text
    /// that is the file's.
    #[must_use]
    pub fn address(&self, byte: usize) -> Option<Address> {
        let cells = &self.rendered.as_ref()?.cells;
        let after = cells.partition_point(|(start, _)| *start <= byte);
        cells.get(after.saturating_sub(1)).map(|(_, at)| *at)
    }

    /// The path as the user gave it, or `<stdin>`; of a sheet with its name
    /// after it: "results.xlsx#Sheet1".
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file as hosts of repositories name it: from their root, with slashes.
    #[must_use]
    pub fn path(&self) -> String {
        let given = || self.file().replace('\\', "/");
        let path = self.path.clone().unwrap_or_else(given);
        path.trim_start_matches("./").to_owned()
    }

    /// Makes its path that from the root of the repository.
    pub fn see_from(&mut self, root: &Root) {
        self.path = Some(root.name_inside(self.file()));
    }

    /// The same without the folder.
    #[must_use]
    pub fn own_name(&self) -> &str {
        let name = self.name.as_str();
        name.rsplit(['/', '\\']).next().unwrap_or(name)
    }

    /// Its [`file_stem`].
    #[must_use]
    pub fn stem(&self) -> &str {
        file_stem(self.file())
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of a span as text; empty where the span is out of range.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Index (from 0) of the line that holds a byte.
    #[must_use]
    pub fn line_index(&self, byte: usize) -> usize {
        self.line_starts
            .partition_point(|&start| start <= byte)
            .saturating_sub(1)
    }

    /// Byte range of a line (index from 0) without its line end.
    #[must_use]
    pub fn line_range(&self, index: usize) -> std::ops::Range<usize> {
        let start = self
            .line_starts
            .get(index)
            .copied()
            .unwrap_or(self.text.len());
        let end = self
            .line_starts
            .get(index + 1)
            .copied()
            .unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\n', '\r']);
        start..start + line.len()
    }

    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let index = self.line_index(byte);
        let start = self.line_starts[index];
        let upto = self
            .text
            .get(start..byte.min(self.text.len()))
            .unwrap_or("");
        Position {
            line: self.line_number(index),
            column: upto.chars().count() + 1,
        }
    }
}

/// The name of a file without its folder and extension, nor the one that says
/// that it is packed.
#[must_use]
pub fn file_stem(name: &str) -> &str {
    let packed = [".gz", ".GZ"].iter().find_map(|e| name.strip_suffix(e));
    let name = packed.unwrap_or(name);
    let stem = Path::new(name).file_stem().and_then(|s| s.to_str());
    stem.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_starts_a_line() {
        let source = Source::new("x", "a\nb\r\nc\rd");
        let lines: Vec<_> = (0..source.line_count())
            .map(|i| &source.text()[source.line_range(i)])
            .collect();
        assert_eq!(lines, ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_sheet_leads_back_to_its_cells() {
        let at = |row, column| Address { row, column };
        let cells = [
            (at(0, 1), "Votes\nin all"),
            (at(0, 3), "2"),
            (at(2, 27), "5"),
        ];
        let (source, ranges) = Source::of_sheet("a#b.xlsx", "S1", cells.into_iter());
        assert_eq!(source.text().lines().next(), Some(" | Votes in all |  | 2"));
        assert_eq!(source.line_index(ranges[2].start), 2);
        let named = |byte| source.address(byte).expect("a cell").to_string();
        assert_eq!(named(ranges[1].start), "D1");
        assert_eq!(named(ranges[2].end), "AB3");
        assert_eq!(named(0), "B1");
        assert_eq!((source.file(), source.sheet()), ("a#b.xlsx", Some("S1")));
        assert_eq!((source.name(), source.stem()), ("a#b.xlsx#S1", "a#b"));
        let letters = [0, 25, 26, 701, 702, 16_383].map(column_letters);
        assert_eq!(letters, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn rows_that_are_held_keep_their_numbers() {
        let at = |row| Address { row, column: 0 };
        let cells = [
            (at(0), "a"),
            (at(1), "b"),
            (at(30_000_000), "c"),
            (at(30_000_001), "d"),
        ];
        let (source, ranges) = Source::of_rows("x", vec!["A".to_owned()], cells.into_iter());
        assert_eq!(source.text(), "a\nb\nc\nd");
        let lines: Vec<usize> = ranges
            .iter()
            .map(|r| source.position(r.start).line)
            .collect();
        assert_eq!(lines, [1, 2, 30_000_001, 30_000_002]);
        let named = source.cell_name(ranges[3].start);
        assert_eq!(named.as_deref(), Some("x#row 30000002, A"));
        let first = [(at(5), "e")].into_iter();
        let (source, _) = Source::of_rows("x", Vec::new(), first);
        assert_eq!(source.position(source.text().len()).line, 6);
    }

    #[test]
    fn lines_that_are_held_lead_back_to_the_file() {
        let lines = [(0, 0, "a,b\n"), (40, 7, "é,2\n"), (45, 8, "x,3\n")];
        let source = Source::of_lines("x", lines.into_iter());
        assert_eq!(source.text(), "a,b\né,2\nx,3\n");
        let at = |text: &str| source.text().find(text).expect("it is held");
        let place = |text: &str| (source.position(at(text)), source.file_byte(at(text)));
        assert_eq!(place("b"), (Position { line: 1, column: 3 }, 2));
        assert_eq!(place("2"), (Position { line: 8, column: 3 }, 43));
        assert_eq!(place("3"), (Position { line: 9, column: 3 }, 47));
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("x", "é1\nü22");
        assert_eq!(source.position(2), Position { line: 1, column: 2 });
        assert_eq!(source.position(6), Position { line: 2, column: 2 });
    }
}
