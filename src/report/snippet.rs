//! Places in several sources in, one source for miette out: the lines that the
//! places stand on, cut to the width of the page around what is underlined.
//!
//! A diagnostic of miette has one source and looks for lines from its first
//! byte. A [`Sheet`] is made of excerpts of all the sources that a finding
//! names, holds no more than their lines, and knows where each came from.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::neutral::{one_line, printable};
use super::place::Located;
use crate::model::{Source, SourceId};

/// Lines this near to each other are shown in one excerpt.
const NEAR: usize = 2;
/// Marks on one line that have more bytes between them are shown apart.
const SPREAD: usize = 30;
/// A label that is longer is broken into lines.
const LABEL_WIDTH: usize = 44;
/// What is shown after the underlined text, where the line goes on.
const AFTER: usize = 16;

/// A place to underline, and what to say of it.
#[derive(Debug, Clone)]
pub struct Mark<'a> {
    pub at: Located<'a>,
    pub label: String,
}

/// Excerpts of sources as one text, with labels into it.
#[derive(Debug, Default)]
pub struct Sheet {
    text: String,
    lines: Vec<Line>,
    labels: Vec<LabeledSpan>,
    /// The column (from 0) in the source at which each label starts.
    columns: Vec<usize>,
}

/// A line of the sheet: where it stands in it, and where it came from.
#[derive(Debug)]
struct Line {
    range: Range<usize>,
    excerpt: usize,
    name: String,
    /// From 0.
    number: usize,
}

/// Marks on lines of one source that stand near each other.
struct Excerpt<'a> {
    source: &'a Source,
    pieces: Vec<Piece>,
}

/// The part of a mark that stands on one line: bytes from the line's start.
#[derive(Clone)]
struct Piece {
    /// Which mark it is of.
    rank: usize,
    line: usize,
    range: Range<usize>,
    label: Option<String>,
}

impl Sheet {
    /// Lays out marks, the excerpt of the first one first.
    pub fn new(marks: &[Mark<'_>], width: usize) -> Self {
        let mut sheet = Self::default();
        for (index, excerpt) in excerpts(marks).iter().enumerate() {
            sheet.add(index, excerpt, width);
        }
        sheet
    }

    pub fn labels(&self) -> &[LabeledSpan] {
        &self.labels
    }

    fn add(&mut self, index: usize, excerpt: &Excerpt<'_>, width: usize) {
        let numbers = excerpt.pieces.iter().map(|p| p.line);
        let (Some(first), Some(last)) = (numbers.clone().min(), numbers.max()) else {
            return;
        };
        let digits = excerpt.source.line_number(last).to_string().len();
        let width = width.saturating_sub(digits + 4).max(20);
        for line in first..=last {
            let mut pieces: Vec<&Piece> =
                excerpt.pieces.iter().filter(|p| p.line == line).collect();
            pieces.sort_by_key(|p| (p.range.start, p.range.end));
            self.add_line(index, excerpt.source, line, &pieces, width);
        }
    }

    fn add_line(
        &mut self,
        excerpt: usize,
        source: &Source,
        number: usize,
        pieces: &[&Piece],
        width: usize,
    ) {
        let text = source
            .text()
            .get(source.line_range(number))
            .unwrap_or_default();
        let cut = Cut::new(text, pieces, width);
        let start = self.text.len();
        cut.write(text, &mut self.text);
        for piece in pieces {
            let from = start + cut.offset(text, piece.range.start);
            let to = start + cut.offset(text, piece.range.end);
            let (label, span) = (piece.label.clone(), (from, to.saturating_sub(from)));
            // The header of an excerpt gives the place of its primary label.
            self.labels.push(if piece.rank == 0 {
                LabeledSpan::new_primary_with_span(label, span)
            } else {
                LabeledSpan::new_with_span(label, span)
            });
            self.columns
                .push(count(text.get(..piece.range.start).unwrap_or(text)));
        }
        self.text.push('\n');
        self.lines.push(Line {
            range: start..self.text.len(),
            excerpt,
            name: name(source, pieces, number),
            number: source.line_number(number) - 1,
        });
    }

    fn line_at(&self, offset: usize) -> Option<usize> {
        let after = self.lines.partition_point(|l| l.range.start <= offset);
        after.checked_sub(1)
    }
}

impl SourceCode for Sheet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let out = MietteError::OutOfBounds;
        let last_byte = span.offset() + span.len().saturating_sub(1);
        let (Some(first), Some(last)) = (
            self.line_at(span.offset()).and_then(|i| self.lines.get(i)),
            self.line_at(last_byte).and_then(|i| self.lines.get(i)),
        ) else {
            return Err(out);
        };
        if first.excerpt != last.excerpt {
            return Err(out);
        }
        let range = first.range.start..last.range.end;
        let label = self.labels.iter().position(|l| l.inner() == span);
        let column = label.and_then(|i| self.columns.get(i)).copied();
        let data = self.text.as_bytes().get(range.clone()).unwrap_or_default();
        Ok(Box::new(MietteSpanContents::new_named(
            first.name.clone(),
            data,
            (range.start, range.len()).into(),
            first.number,
            column.unwrap_or(0),
            last.number - first.number + 1,
        )))
    }
}

/// Gathers the marks that stand near each other; the first mark's excerpt
/// comes first.
fn excerpts<'a>(marks: &[Mark<'a>]) -> Vec<Excerpt<'a>> {
    let mut pieces: Vec<(&'a Source, SourceId, Piece)> = marks
        .iter()
        .enumerate()
        .flat_map(|(rank, mark)| pieces(rank, mark).into_iter().map(move |p| (mark, p)))
        .map(|(mark, piece)| (mark.at.source, mark.at.span.source, piece))
        .collect();
    pieces.sort_by_key(|(_, id, piece)| (*id, piece.line, piece.range.start));
    let mut excerpts: Vec<(SourceId, Excerpt<'a>)> = Vec::new();
    for (source, id, piece) in pieces {
        let last = excerpts
            .last_mut()
            .filter(|(own, excerpt)| *own == id && excerpt.reaches(&piece));
        match last {
            Some((_, excerpt)) => excerpt.put(piece),
            None => excerpts.push((id, Excerpt::new(source, piece))),
        }
    }
    excerpts.sort_by_key(|(_, e)| e.pieces.iter().map(|p| p.rank).min());
    excerpts.into_iter().map(|(_, excerpt)| excerpt).collect()
}

impl<'a> Excerpt<'a> {
    fn new(source: &'a Source, piece: Piece) -> Self {
        Self {
            source,
            pieces: vec![piece],
        }
    }

    fn reaches(&self, piece: &Piece) -> bool {
        // Lines that stand beside each other in the text may be far apart in the
        // file.
        let number = |line: usize| self.source.line_number(line);
        let near = |p: &Piece| {
            let apart = p.line.abs_diff(piece.line);
            apart <= NEAR && number(p.line).abs_diff(number(piece.line)) == apart
        };
        self.pieces.iter().any(near) && !self.pieces.iter().any(|p| p.is_far_along(piece))
    }

    /// What is underlined already gets no second line: the first mark wins.
    fn put(&mut self, piece: Piece) {
        match self.pieces.iter_mut().find(|p| p.overlaps(&piece)) {
            Some(own) if own.rank <= piece.rank => {}
            Some(own) => *own = piece,
            None => self.pieces.push(piece),
        }
    }
}

impl Piece {
    fn overlaps(&self, other: &Self) -> bool {
        let end = |p: &Self| p.range.end.max(p.range.start + 1);
        self.line == other.line && self.range.start < end(other) && other.range.start < end(self)
    }

    /// Does it stand so far along the same line that one window cannot show
    /// both?
    fn is_far_along(&self, other: &Self) -> bool {
        let gap = usize::max(self.range.start, other.range.start)
            .saturating_sub(self.range.end.min(other.range.end));
        self.line == other.line && gap > SPREAD
    }
}

/// A mark line by line, blank lines left out; the label stands under the last.
fn pieces(rank: usize, mark: &Mark<'_>) -> Vec<Piece> {
    let Located { source, span, .. } = mark.at;
    let first = source.line_index(span.start);
    let last = source.line_index(span.end.saturating_sub(1).max(span.start));
    let mut pieces: Vec<Piece> = (first..=last.min(first + NEAR))
        .map(|line| {
            let whole = source.line_range(line);
            let inside = |byte: usize| byte.clamp(whole.start, whole.end) - whole.start;
            Piece {
                rank,
                line,
                range: inside(span.start)..inside(span.end),
                label: None,
            }
        })
        .collect();
    if pieces.iter().any(|p| !p.range.is_empty()) {
        pieces.retain(|p| !p.range.is_empty());
    }
    if let Some(piece) = pieces.last_mut().filter(|_| !mark.label.is_empty()) {
        piece.label = Some(broken(&mark.label));
    }
    pieces
}

/// Follows the name of a cell, which has its line and column in it.
pub const NAMES_CELL: char = '\u{e000}';

/// What a line is shown as a part of: the file, or the cell of a sheet.
fn name(source: &Source, pieces: &[&Piece], number: usize) -> String {
    let first = pieces.iter().min_by_key(|p| p.rank);
    let byte = source.line_range(number).start + first.map_or(0, |p| p.range.start);
    match source.cell_name(byte) {
        Some(cell) => format!("{}{NAMES_CELL}", one_line(&cell)),
        None => one_line(source.name()),
    }
}

/// Takes out the line and column that miette puts after the name of a cell.
pub fn without_double_places(text: &str) -> String {
    let mut parts = text.split(NAMES_CELL);
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        out.push_str(part.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    out
}

/// The part of a line that is shown, in bytes of the line.
struct Cut {
    shown: Range<usize>,
    before: bool,
    after: bool,
}

impl Cut {
    /// A window of at most `width` characters that has every piece in it, with
    /// room for the labels.
    fn new(text: &str, pieces: &[&Piece], width: usize) -> Self {
        let length = count(text);
        let column = |byte: usize| count(text.get(..byte).unwrap_or(text));
        let first = pieces.first().map_or(0, |p| column(p.range.start));
        let needed = |piece: &&Piece| {
            let (start, end) = (column(piece.range.start), column(piece.range.end));
            let label = piece.label.as_deref().map_or(0, widest);
            let label_end = usize::midpoint(start, end) + 4 + label;
            label_end.max((end + AFTER).min(length))
        };
        let furthest = pieces.iter().map(needed).max().unwrap_or(0);
        let overlong = furthest.max(length.min(width)).saturating_sub(width);
        let from = if overlong == 0 {
            0
        } else {
            word_start(text, overlong + 1).min(first)
        };
        let room = width - usize::from(from > 0);
        let after = from + room < length;
        let to = if after {
            let last = pieces.iter().map(|p| column(p.range.end)).max();
            word_end(text, (from + room).saturating_sub(1), last.unwrap_or(0))
        } else {
            length
        };
        Self {
            shown: byte_of(text, from)..byte_of(text, to),
            before: from > 0,
            after,
        }
    }

    /// What is shown of the line. Control characters of an untrusted file do
    /// not reach the terminal.
    fn write(&self, text: &str, out: &mut String) {
        let shown = text.get(self.shown.clone()).unwrap_or_default();
        out.push_str(if self.before { "…" } else { "" });
        out.extend(shown.chars().map(printable));
        out.push_str(if self.after { "…" } else { "" });
    }

    /// Where a byte of the line stands in what is shown.
    fn offset(&self, text: &str, byte: usize) -> usize {
        let byte = byte.clamp(self.shown.start, self.shown.end);
        let shown = text.get(self.shown.start..byte).unwrap_or_default();
        let mark = if self.before { '…'.len_utf8() } else { 0 };
        mark + shown
            .chars()
            .map(|c| printable(c).len_utf8())
            .sum::<usize>()
    }
}

fn count(text: &str) -> usize {
    text.chars().count()
}

fn widest(label: &str) -> usize {
    label.lines().map(count).max().unwrap_or(0)
}

fn byte_of(text: &str, column: usize) -> usize {
    text.char_indices()
        .nth(column)
        .map_or(text.len(), |(byte, _)| byte)
}

/// The start of a word at or soon after a column, else the column.
fn word_start(text: &str, column: usize) -> usize {
    let starts_word = |at: &usize| is_gap(text, *at) && !is_gap(text, *at + 1);
    let ends = (column..column + AFTER).find(starts_word);
    ends.map_or(column, |at| at + 1)
}

/// The end of a word at or soon before a column, else the column; what must be
/// shown stays.
fn word_end(text: &str, column: usize, keep: usize) -> usize {
    let soonest = column.saturating_sub(AFTER).max(keep);
    let end = (soonest..=column).rev().find(|&at| is_gap(text, at));
    end.unwrap_or(column)
}

/// May a line be cut at a column? Never within a number: "3,500".
fn is_gap(text: &str, column: usize) -> bool {
    let mut around = text.chars().skip(column.saturating_sub(1));
    let before = if column > 0 { around.next() } else { None };
    let (here, after) = (around.next(), around.next());
    let digit = |ch: Option<char>| ch.is_some_and(|c| c.is_ascii_digit());
    match here {
        Some(' ') => true,
        Some(',' | ';') => !(digit(before) && digit(after)),
        _ => false,
    }
}

/// A label broken into lines that a page has room for.
fn broken(label: &str) -> String {
    let clean: String = label.chars().map(printable).collect();
    textwrap::fill(&clean, LABEL_WIDTH)
}

#[cfg(test)]
mod tests {
    use miette::{GraphicalReportHandler, GraphicalTheme, MietteDiagnostic, SourceCode};
    use proptest::prelude::*;

    use super::*;
    use crate::model::Span;

    /// The bytes of two characters of a text, the earlier one first.
    fn range(text: &str, a: prop::sample::Index, b: prop::sample::Index) -> Range<usize> {
        let edges: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let (a, b) = (*a.get(&edges), *b.get(&edges));
        a.min(b)..a.max(b)
    }

    proptest! {
        #[test]
        fn a_sheet_shows_what_it_underlines(
            text in "([a-z ,0-9é€]{0,90}[\n\r]{0,2}){0,4}",
            spans in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 1..4),
            width in 40_usize..100,
        ) {
            let source = Source::new("x", text.as_str());
            let marks: Vec<Mark> = spans.iter().map(|(a, b)| {
                let range = range(&text, *a, *b);
                let span = Span::new(SourceId(0), range.start, range.end);
                let at = Located { source: &source, span, row: None, column_name: None };
                Mark { at, label: "label".to_owned() }
            }).collect();
            let sheet = Sheet::new(&marks, width);
            prop_assert!(!sheet.labels().is_empty());
            for line in sheet.text.lines() {
                prop_assert!(count(line) <= width, "{line}");
            }
            for label in sheet.labels() {
                let read = sheet.read_span(label.inner(), 0, 0);
                prop_assert!(read.is_ok());
                let end = label.offset() + label.len();
                prop_assert!(sheet.text.get(label.offset()..end).is_some());
            }
            let diagnostic = MietteDiagnostic::new("told").with_labels(sheet.labels().to_vec());
            let told = miette::Report::new(diagnostic).with_source_code(sheet);
            let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
            let mut out = String::new();
            prop_assert!(handler.render_report(&mut out, told.as_ref()).is_ok());
            prop_assert!(!out.contains("Failed to read"), "{out}");
        }
    }
}
