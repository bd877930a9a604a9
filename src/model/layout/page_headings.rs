//! The heading of a results page in, the names of places in it out.

use std::ops::Range;

use super::{PageWords, year_in};

impl PageWords {
    /// What a heading names, without the words that name no place: "Abbey" of
    /// "Abbey ward results, 2 May". All of it where a number is all that tells it
    /// from others ("Ward 3"); nothing where it names none.
    #[must_use]
    pub fn name_in(&self, heading: &str) -> Option<Range<usize>> {
        if let Some(name) = self.names_in(heading).into_iter().next() {
            return Some(name);
        }
        let says = |word: &str| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            bare.chars().any(char::is_alphabetic) && !self.is_plain(bare)
        };
        let numbered = |w: &str| w.chars().any(|c| c.is_ascii_digit()) && year_in(w).is_none();
        let mut words = heading.split_whitespace();
        let plain = !words.clone().any(says);
        (plain && words.any(numbered)).then_some(0..heading.len())
    }

    /// What the parts of a heading name, in their order: "Last time: Abbey (top
    /// three)" names Abbey. A name may go on behind a comma ("Ashby, Birch and
    /// Cold Ash"), and behind a dash where a number follows ("House – 9th").
    #[must_use]
    pub fn names_in(&self, heading: &str) -> Vec<Range<usize>> {
        let parts = parts_of_heading(heading);
        let mut names: Vec<Range<usize>> = Vec::new();
        let mut open = false;
        for (mark, part) in parts {
            let text = heading.get(part.clone()).unwrap_or("");
            let found = self.name_of_part(text);
            let numbered = text.starts_with(|c: char| c.is_ascii_digit());
            let goes_on = open && (mark == Some(',') && !numbered || mark == Some('–') && numbered);
            open = false;
            if let Some((name, whole)) = found {
                let name = part.start + name.start..part.start + name.end;
                open = whole;
                match names.last_mut().filter(|_| goes_on) {
                    Some(last) => last.end = name.end,
                    None if !numbered => names.push(name),
                    None => {}
                }
            }
        }
        names
    }

    /// The name in a part of a heading, and whether it ends the part. Names are
    /// written with capitals.
    fn name_of_part(&self, part: &str) -> Option<(Range<usize>, bool)> {
        let words: Vec<(Range<usize>, &str)> = part
            .split_whitespace()
            .map(|word| {
                let start = word.as_ptr().addr() - part.as_ptr().addr();
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
                (start..start + word.len(), bare)
            })
            .collect();
        let says = |word: &&(Range<usize>, &str)| {
            word.1.chars().any(char::is_alphabetic) && !self.is_plain(word.1)
        };
        let first = words.iter().position(|w| says(&w))?;
        let mut last = words.iter().rposition(|w| says(&w))?;
        // "9th District" is told from others by both words.
        let ends_in_number = words.get(last)?.1.starts_with(|c: char| c.is_ascii_digit());
        let typed = |at: usize| words.get(at).is_some_and(|w| self.is_generic(w.1));
        if ends_in_number && typed(last + 1) {
            last += 1;
        }
        let small = |word: &str| word.starts_with(char::is_lowercase) && !self.is_linking(word);
        let kept = words.get(first..=last)?;
        if kept.iter().any(|w| small(w.1)) {
            return None;
        }
        let (range, word) = words.get(last)?;
        let start = words.get(first)?.0.start;
        let end = range.start + part.get(range.clone())?.find(word)? + word.len();
        Some((start..end, last + 1 == words.len()))
    }
}

/// The parts of a heading, each with the mark before it: those between colons,
/// commas, bars, dashes with room around them, and brackets.
fn parts_of_heading(heading: &str) -> Vec<(Option<char>, Range<usize>)> {
    let mut parts = Vec::new();
    let (mut start, mut mark) = (0, None);
    let mut before = ' ';
    let mut chars = heading.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, c)| *c);
        let parted = match c {
            ':' | ',' | ';' => next.is_whitespace(),
            '-' | '–' | '—' => before.is_whitespace() && next.is_whitespace(),
            '|' | '(' | ')' | '[' | ']' => true,
            _ => false,
        };
        if parted {
            parts.push((mark, start..at));
            start = at + c.len_utf8();
            mark = Some(if matches!(c, '-' | '—') { '–' } else { c });
        }
        before = c;
    }
    parts.push((mark, start..heading.len()));
    parts.retain(|(_, part)| {
        heading
            .get(part.clone())
            .is_some_and(|p| !p.trim().is_empty())
    });
    for (_, part) in &mut parts {
        let text = heading.get(part.clone()).unwrap_or("");
        part.start += text.len() - text.trim_start().len();
        part.end = part.start + text.trim().len();
    }
    parts
}
