//! Names in the forms that tables and copy give them, folded for comparison.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without diacritics; apostrophes dropped, every other mark that
/// is no letter or digit a single space, `&` the word *and*.
///
/// `"Seán Ó Búachalla"` and `"Sean O’Buachalla"` differ only in a space after
/// folding; see [`key`].
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut out = String::with_capacity(text.len());
    fold_into(&mut out, text.nfkd().filter(|&ch| !is_combining_mark(ch)));
    out.truncate(out.trim_end().len());
    out
}

/// The same, of a text in ASCII, as nearly all are.
fn fold_ascii(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'\'' | b'`' | b'.' => {}
            b'&' => {
                if out.last().is_some_and(|last| *last != b' ') {
                    out.push(b' ');
                }
                out.extend_from_slice(b"and ");
            }
            byte if byte.is_ascii_alphanumeric() => out.push(byte.to_ascii_lowercase()),
            _ if out.last().is_none_or(|last| *last == b' ') => {}
            _ => out.push(b' '),
        }
    }
    out.truncate(out.trim_ascii_end().len());
    String::from_utf8(out).unwrap_or_default()
}

/// Folds characters without diacritics.
fn fold_into(out: &mut String, text: impl Iterator<Item = char>) {
    for ch in text {
        match ch {
            // They part no words, and the last nobody sees.
            '\'' | '’' | '‘' | '`' | 'ʼ' | '.' => {}
            ch if is_unseen(ch) => {}
            '&' => push_word(out, "and"),
            'ß' => out.push_str("ss"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'æ' | 'Æ' => out.push_str("ae"),
            ch if ch.is_ascii_alphanumeric() => out.push(ch.to_ascii_lowercase()),
            ch if ch.is_alphanumeric() => out.extend(ch.to_lowercase()),
            _ if out.is_empty() || out.ends_with(' ') => {}
            _ => out.push(' '),
        }
    }
}

/// Characters of no width.
fn is_unseen(ch: char) -> bool {
    matches!(
        ch,
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' | '\u{feff}'
    )
}

fn push_word(out: &mut String, word: &str) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
    out.push_str(word);
    out.push(' ');
}

/// A key under which word order, case, diacritics, punctuation and "&" do not
/// count: `"Ashby North West"` and `"North West Ashby"` share one. Where two
/// words have digits their order counts: "Ward 2 ED 3" is not "Ward 3 ED 2".
#[must_use]
pub fn key(text: &str) -> String {
    let folded = fold(text);
    let mut words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    if words.iter().filter(|word| has_digit(word)).count() < 2 {
        words.sort_unstable();
    }
    words.join(" ")
}

/// Has a word a digit, so that it tells one of a series from the others?
#[must_use]
pub fn has_digit(word: &str) -> bool {
    word.chars().any(|ch| ch.is_ascii_digit())
}

/// Does a rule go by a name: its id, or the first words of it?
#[must_use]
pub fn goes_by(rule: &str, name: &str) -> bool {
    let rest = rule.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The nearest of some names, where one is near.
#[must_use]
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let far = name.chars().count() / 3 + 1;
    names
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_what_does_not_distinguish() {
        assert_eq!(fold("Seán Ó Búachalla"), "sean o buachalla");
        assert_eq!(fold("Alan Hart-Rowe "), "alan hart rowe");
        assert_eq!(fold("O’Rourke"), fold("O'Rourke"));
        assert_eq!(fold("Suffolk & Ipswich"), "suffolk and ipswich");
    }

    #[test]
    fn ascii_is_folded_as_any_text_is() {
        for text in ["A. B'Cd & E", "&", " & x&y ", "10,5 % (a)", "x & ", "\t-"] {
            let mut folded = String::new();
            fold_into(&mut folded, text.chars());
            assert_eq!(fold(text), folded.trim_end(), "{text:?}");
        }
    }

    #[test]
    fn keys_do_not_depend_on_word_order() {
        assert_eq!(key("Ashby North West"), key("north west Ashby"));
        assert_eq!(key("Ward 2"), key("2 Ward"));
        assert_ne!(key("Ward 2 ED 3"), key("Ward 3 ED 2"));
    }
}
