//! Text into sentences, sentences into tokens.

use std::ops::Range;

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
    let chars: Vec<(usize, char)> = slice.char_indices().collect();
    let mut i = 0;
    while let Some(&(at, ch)) = chars.get(i) {
        let next = if ch.is_whitespace() {
            i + 1
        } else if ch.is_alphabetic() {
            word_end(&chars, i)
        } else if ch.is_ascii_digit() {
            digits_end(&chars, i)
        } else {
            i + 1
        };
        let end = chars.get(next).map_or(slice.len(), |&(e, _)| e);
        if !ch.is_whitespace() {
            push(&mut out, slice, at..end, ch, range.start);
        }
        i = next;
    }
    out
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
fn word_end(chars: &[(usize, char)], start: usize) -> usize {
    let letter = |i: usize| {
        chars
            .get(i)
            .is_some_and(|&(_, c)| c.is_alphabetic() || is_mark(c))
    };
    let mut i = start;
    while letter(i) || (is_apostrophe(chars, i) && letter(i + 1)) {
        i += 1;
    }
    i
}

fn is_mark(ch: char) -> bool {
    unicode_normalization::char::is_combining_mark(ch)
}

fn is_apostrophe(chars: &[(usize, char)], i: usize) -> bool {
    matches!(chars.get(i), Some((_, '\'' | '’')))
}

/// Digits, and `,` `.` `:` between digits.
fn digits_end(chars: &[(usize, char)], start: usize) -> usize {
    let digit = |i: usize| chars.get(i).is_some_and(|&(_, c)| c.is_ascii_digit());
    let mut i = start;
    while digit(i) || (matches!(chars.get(i), Some((_, ',' | '.' | ':'))) && digit(i + 1)) {
        i += 1;
    }
    i
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
