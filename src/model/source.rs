//! Where things stand: sources as text, and spans of bytes in them.

use std::path::Path;

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

/// One input as text, with the starts of its lines.
///
/// The text of a UTF-8 file is the file byte for byte (a byte order mark
/// included), so spans are offsets into the file on disk. Any other encoding
/// is decoded first, and spans are offsets into the decoded text.
#[derive(Clone)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
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
        }
    }

    /// The path as the user gave it, or `<stdin>`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its [`file_stem`].
    #[must_use]
    pub fn stem(&self) -> &str {
        file_stem(&self.name)
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
            line: index + 1,
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
    fn columns_count_characters_not_bytes() {
        let source = Source::new("x", "é1\nü22");
        assert_eq!(source.position(2), Position { line: 1, column: 2 });
        assert_eq!(source.position(6), Position { line: 2, column: 2 });
    }
}
