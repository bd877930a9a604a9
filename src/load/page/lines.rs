//! A text in, its lines out: each with its words parted into runs of text and
//! single numbers.

use std::ops::Range;

use crate::model::{Layout, Number};

/// A run of words, or one number as printed (its sign and `%` included).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub range: Range<usize>,
    pub number: bool,
}

/// A line: its bytes without the white space and the bullet around it.
#[derive(Debug)]
pub struct Line {
    pub range: Range<usize>,
    pub bulleted: bool,
    pub words: usize,
    pub pieces: Vec<Piece>,
}

const BULLETS: [&str; 9] = ["•", "*", "-", "·", "–", "‣", "◦", "▪", "●"];

/// Lines end at `\n`, `\r\n` or a lone `\r`, as in a source.
#[must_use]
pub fn lines(text: &str, layout: &Layout) -> Vec<Line> {
    let mut out = Vec::new();
    let mut start = 0;
    while start <= text.len() {
        let rest = text.get(start..).unwrap_or("");
        let len = rest.find(['\n', '\r']).unwrap_or(rest.len());
        out.push(line(text, start..start + len, layout));
        let after = rest.get(len..).unwrap_or("");
        start += len + if after.starts_with("\r\n") { 2 } else { 1 };
    }
    out
}

/// The range without white space at its ends.
#[must_use]
pub fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    trim_with(text, range, |c| c.is_whitespace() || c == '\u{feff}')
}

/// The range without the given characters at its ends.
#[must_use]
pub fn trim_with(text: &str, range: Range<usize>, drop: fn(char) -> bool) -> Range<usize> {
    let raw = text.get(range.clone()).unwrap_or("");
    let start = range.start + (raw.len() - raw.trim_start_matches(drop).len());
    let end = start + raw.trim_matches(drop).len();
    start..end.max(start)
}

/// A label without the marks that part it from its value.
#[must_use]
pub fn trim_label(text: &str, range: Range<usize>) -> Range<usize> {
    trim_with(text, range, |c| {
        c.is_whitespace() || matches!(c, ':' | ',' | ';' | '.' | '=' | '(' | ')' | '•' | '–' | '—')
    })
}

/// The words of a range.
#[must_use]
pub fn words(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let base = range.start;
    let raw = text.get(range).unwrap_or("");
    let mut out = Vec::new();
    let mut from: Option<usize> = None;
    for (at, c) in raw.char_indices() {
        let gap = c.is_whitespace();
        if let Some(start) = from.filter(|_| gap) {
            out.push(base + start..base + at);
            from = None;
        } else if !gap && from.is_none() {
            from = Some(at);
        }
    }
    out.extend(from.map(|start| base + start..base + raw.len()));
    out
}

fn line(text: &str, range: Range<usize>, layout: &Layout) -> Line {
    let mut range = trim(text, range);
    let mut words = split_labels(text, words(text, range.clone()));
    let first = words.first().and_then(|w| text.get(w.clone()));
    let bulleted = words.len() > 1 && first.is_some_and(|w| BULLETS.contains(&w));
    if bulleted {
        words.remove(0);
        range.start = words.first().map_or(range.end, |w| w.start);
    }
    Line {
        bulleted,
        words: words.len(),
        pieces: pieces(text, &words, layout),
        range,
    }
}

/// "Votes:42,207" is two words.
fn split_labels(text: &str, words: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        let raw = text.get(word.clone()).unwrap_or("");
        let cut = raw.find([':', '=']).map(|at| at + 1).filter(|&at| {
            let before = raw.get(..at - 1).unwrap_or("");
            before.ends_with(char::is_alphabetic)
                && numeral(text, word.start + at..word.end).is_some()
        });
        if let Some(at) = cut {
            out.push(word.start..word.start + at);
            out.push(word.start + at..word.end);
        } else {
            out.push(word);
        }
    }
    out
}

/// The number that a word is, without the brackets and stops around it.
#[must_use]
pub fn numeral(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let range = trim_with(text, word, |c| {
        matches!(c, '(' | ')' | '[' | ']' | ',' | ';' | ':')
    });
    let raw = text.get(range.clone())?;
    let raw = raw.strip_suffix('.').unwrap_or(raw);
    let has_digit = raw.bytes().any(|b| b.is_ascii_digit());
    (has_digit && raw.len() <= 40 && Number::parse(raw).is_some())
        .then(|| range.start..range.start + raw.len())
}

fn pieces(text: &str, words: &[Range<usize>], layout: &Layout) -> Vec<Piece> {
    let numerals: Vec<Option<Range<usize>>> =
        words.iter().map(|w| numeral(text, w.clone())).collect();
    let is_number = |at: usize| numerals.get(at).is_none_or(Option::is_some);
    let mut out: Vec<Piece> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Some(Some(range)) = numerals.get(at) {
            let range = range.clone();
            out.push(Piece {
                range,
                number: true,
            });
            continue;
        }
        let raw = text.get(word.clone()).unwrap_or("");
        let mark = raw.chars().all(|c| !c.is_alphanumeric()) || raw.contains('/');
        let beside = at > 0 && is_number(at + 1);
        if mark && beside && raw.chars().count() <= 3 && layout.is_missing(raw) {
            let range = word.clone();
            out.push(Piece {
                range,
                number: true,
            });
            continue;
        }
        match out.last_mut().filter(|p| !p.number) {
            Some(piece) => piece.range.end = word.end,
            None => out.push(Piece {
                range: word.clone(),
                number: false,
            }),
        }
    }
    out
}
