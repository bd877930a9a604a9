//! Text into sentences, sentences into tokens.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::model::fold;

use super::language::Language;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    /// A run of digits with the marks inside it: `12,345`, `2.5`, `03:15`.
    Digits,
    /// `'s` after a word.
    Possessive,
    Mark,
}

/// A token: where it stands in the prose text, and its folded form.
#[derive(Debug, Clone)]
pub struct Token {
    pub range: Range<usize>,
    pub kind: TokenKind,
    /// Lower case without accents; a mark is itself (dashes `-`, quotes `"`).
    pub folded: String,
    pub capital: bool,
}

/// The sentences of a block, as ranges of the text.
#[must_use]
pub fn sentences(text: &str, block: Range<usize>, language: &Language) -> Vec<Range<usize>> {
    let Some(slice) = text.get(block.clone()) else {
        return Vec::new();
    };
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (at, piece) in slice.split_sentence_bound_indices() {
        let start = block.start + at;
        let range = start..start + piece.len();
        match out.last_mut() {
            Some(last) if open => last.end = range.end,
            _ => out.push(range),
        }
        open = ends_in_abbreviation(piece, language);
    }
    for range in &mut out {
        trim(text, range);
    }
    out.retain(|range| !range.is_empty());
    out
}

fn ends_in_abbreviation(piece: &str, language: &Language) -> bool {
    let Some(body) = piece.trim_end().strip_suffix('.') else {
        return false;
    };
    let last = body
        .rsplit(|c: char| c.is_whitespace() || c == '(' || c == '.')
        .next();
    let last = last.unwrap_or("");
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
    initial || language.abbreviations.contains(&last.to_lowercase())
}

fn trim(text: &str, range: &mut Range<usize>) {
    let Some(slice) = text.get(range.clone()) else {
        return;
    };
    range.start += slice.len() - slice.trim_start().len();
    range.end -= slice.len() - slice.trim_end().len();
    range.end = range.end.max(range.start);
}

/// The tokens of a range of the text.
#[must_use]
pub fn tokens(text: &str, range: Range<usize>) -> Vec<Token> {
    let Some(slice) = text.get(range.clone()) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(ch) = char_at(slice, at) {
        let end = if ch.is_alphabetic() {
            word_end(slice, at)
        } else if ch.is_ascii_digit() {
            digits_end(slice, at)
        } else {
            at + ch.len_utf8()
        };
        if !ch.is_whitespace() {
            push(&mut out, slice, at..end, ch, range.start);
        }
        at = end;
    }
    out
}

/// The character that starts at a byte.
fn char_at(text: &str, at: usize) -> Option<char> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii() {
        return Some(char::from(byte));
    }
    text.get(at..)?.chars().next()
}

fn push(out: &mut Vec<Token>, slice: &str, own: Range<usize>, first: char, offset: usize) {
    let text = &slice[own.clone()];
    let shift = |r: Range<usize>| r.start + offset..r.end + offset;
    if first.is_alphabetic() {
        let stem = text
            .strip_suffix("'s")
            .or_else(|| text.strip_suffix("’s"))
            .or_else(|| text.strip_suffix("'S"))
            .or_else(|| text.strip_suffix("’S"))
            .unwrap_or(text);
        let cut = own.start + stem.len();
        out.push(Token {
            range: shift(own.start..cut),
            kind: TokenKind::Word,
            folded: fold(stem),
            capital: first.is_uppercase(),
        });
        if cut < own.end {
            out.push(Token {
                range: shift(cut..own.end),
                kind: TokenKind::Possessive,
                folded: "'s".to_owned(),
                capital: false,
            });
        }
        return;
    }
    let (kind, folded) = if first.is_ascii_digit() {
        (TokenKind::Digits, text.to_owned())
    } else {
        (TokenKind::Mark, mark(first))
    };
    out.push(Token {
        range: shift(own),
        kind,
        folded,
        capital: false,
    });
}

fn mark(ch: char) -> String {
    match ch {
        '–' | '—' | '−' | '‒' | '‑' => "-".to_owned(),
        '“' | '”' | '„' | '«' | '»' => "\"".to_owned(),
        '‘' | '’' | '`' => "'".to_owned(),
        other => other.to_string(),
    }
}

/// Letters, and apostrophes between letters.
fn word_end(text: &str, start: usize) -> usize {
    let is_letter = |ch: char| ch.is_alphabetic() || !ch.is_ascii() && is_combining_mark(ch);
    let mut at = start;
    while let Some(ch) = char_at(text, at) {
        let next = at + ch.len_utf8();
        let joins = matches!(ch, '\'' | '’') && char_at(text, next).is_some_and(is_letter);
        if !is_letter(ch) && !joins {
            break;
        }
        at = next;
    }
    at
}

/// Digits, and `,` `.` `:` between digits.
fn digits_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = start;
    while digit(at) || (matches!(bytes.get(at), Some(b',' | b'.' | b':')) && digit(at + 1)) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pack;

    fn folded(text: &str) -> Vec<String> {
        tokens(text, 0..text.len())
            .into_iter()
            .map(|t| t.folded)
            .collect()
    }

    #[test]
    fn possessives_and_apostrophes_are_told_apart() {
        assert_eq!(
            folded("Labour’s O’Rourke, 41,207 – 03:15."),
            ["labour", "'s", "orourke", ",", "41,207", "-", "03:15", "."]
        );
    }

    #[test]
    fn sentences_do_not_end_at_titles_or_initials() {
        let language = Language::from_pack(&Pack::embedded()).expect("built in");
        let text = "Mr. W. Smith won by 5. Dr. Jones lost.";
        let got: Vec<_> = sentences(text, 0..text.len(), &language)
            .into_iter()
            .map(|r| &text[r])
            .collect();
        assert_eq!(got, ["Mr. W. Smith won by 5.", "Dr. Jones lost."]);
    }
}
