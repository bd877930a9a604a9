//! Which of many patterns may match a text at all, by the strings that each of
//! them needs.
//!
//! A pattern such as `(?:won|took) N[0-9]+ votes` matches no text without `N` or
//! without `votes`, nor one that has neither `won` nor `took`. One pass over a
//! text finds which of all such strings it has; few patterns are left to be tried.
//! One automaton of all patterns would have states beyond number, which every
//! start would build anew.

use std::collections::{BTreeSet, HashMap};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind};

/// More strings that one part of a pattern may be are not spelled out.
const MOST: usize = 128;
/// Nor are the characters of a larger class.
const MOST_CHARACTERS: usize = 8;

/// Strings of which a text must have one.
type Need = BTreeSet<String>;

/// The strings that patterns need, and which patterns need them.
#[derive(Debug, Default)]
pub struct Sieve {
    /// Finds every string that is needed.
    strings: Option<AhoCorasick>,
    /// For each string, the needs that it meets.
    meets: Vec<Vec<usize>>,
    /// For each pattern, its needs.
    needs: Vec<Vec<usize>>,
    /// How many needs there are.
    count: usize,
}

impl Sieve {
    /// # Errors
    /// One of the patterns is none, or they are far too many.
    pub fn new(patterns: &[&str]) -> Result<Self, String> {
        let parsed = patterns.par_iter().map(|pattern| {
            let pattern = Parser::new().parse(pattern).map_err(|e| e.to_string())?;
            Ok(needs_of(&pattern))
        });
        let parsed: Result<Vec<Vec<Need>>, String> = parsed.collect();
        let mut sieve = Draft::default();
        for pattern in parsed? {
            sieve.add(pattern);
        }
        let strings = AhoCorasick::new(&sieve.strings).map_err(|e| e.to_string())?;
        Ok(Self {
            strings: Some(strings),
            meets: sieve.meets,
            needs: sieve.needs,
            count: sieve.known.len(),
        })
    }

    /// The patterns whose needs a text meets, in order.
    #[must_use]
    pub fn may_match(&self, text: &str) -> Vec<usize> {
        let mut met = vec![false; self.count];
        let strings = self.strings.iter();
        for found in strings.flat_map(|strings| strings.find_overlapping_iter(text)) {
            let meets = self.meets.get(found.pattern().as_usize());
            for need in meets.into_iter().flatten() {
                met[*need] = true;
            }
        }
        let is_met = |needs: &[usize]| needs.iter().all(|need| met[*need]);
        let patterns = self.needs.iter().enumerate();
        let open = patterns.filter(|(_, needs)| is_met(needs));
        open.map(|(index, _)| index).collect()
    }
}

/// A sieve in the making.
#[derive(Debug, Default)]
struct Draft {
    strings: Vec<String>,
    at: HashMap<String, usize>,
    known: HashMap<Need, usize>,
    meets: Vec<Vec<usize>>,
    needs: Vec<Vec<usize>>,
}

impl Draft {
    /// Takes in the next pattern.
    fn add(&mut self, pattern: Vec<Need>) {
        let needs = pattern.into_iter().map(|need| self.id_of(need)).collect();
        self.needs.push(needs);
    }

    /// The number of a need; many patterns share one.
    fn id_of(&mut self, need: Need) -> usize {
        if let Some(id) = self.known.get(&need) {
            return *id;
        }
        let id = self.known.len();
        for string in &need {
            let next = self.strings.len();
            let at = *self.at.entry(string.clone()).or_insert(next);
            if at == next {
                self.strings.push(string.clone());
                self.meets.push(Vec::new());
            }
            if let Some(meets) = self.meets.get_mut(at) {
                meets.push(id);
            }
        }
        self.known.insert(need, id);
        id
    }
}

/// What a text needs for a pattern to match.
fn needs_of(pattern: &Hir) -> Vec<Need> {
    let mut needs = Vec::new();
    add_needs(pattern, &mut needs);
    needs
}

fn add_needs(pattern: &Hir, needs: &mut Vec<Need>) {
    match pattern.kind() {
        HirKind::Concat(parts) => add_needs_of_all(parts, needs),
        HirKind::Capture(capture) => add_needs(&capture.sub, needs),
        HirKind::Repetition(repetition) if repetition.min > 0 => add_needs(&repetition.sub, needs),
        HirKind::Alternation(branches) => {
            if let Some(spelled) = spelled_out(pattern) {
                add_need(spelled, needs);
                return;
            }
            // Each branch has needs of its own; of one of each, a text has one.
            let mut joined = Need::new();
            for branch in branches {
                let Some(best) = needs_of(branch).into_iter().max_by_key(weight) else {
                    return;
                };
                joined.extend(best);
            }
            add_need(joined, needs);
        }
        HirKind::Literal(_) | HirKind::Class(_) => {
            if let Some(spelled) = spelled_out(pattern) {
                add_need(spelled, needs);
            }
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => {}
    }
}

/// Of parts that follow each other; those that can be spelled out together are.
fn add_needs_of_all(parts: &[Hir], needs: &mut Vec<Need>) {
    let mut run: Option<Need> = None;
    for part in parts {
        let spelled = spelled_out(part);
        let joined = match (&run, &spelled) {
            (Some(run), Some(spelled)) => product(run, spelled),
            _ => None,
        };
        if joined.is_some() {
            run = joined;
            continue;
        }
        if let Some(done) = run.take() {
            add_need(done, needs);
        }
        match spelled {
            Some(spelled) => run = Some(spelled),
            None => add_needs(part, needs),
        }
    }
    if let Some(done) = run {
        add_need(done, needs);
    }
}

/// Adds a need, unless most texts meet it: placeholders have capitals, and other
/// strings of a letter or two are everywhere.
fn add_need(mut need: Need, needs: &mut Vec<Need>) {
    let telling =
        |string: &String| string.len() > 2 || string.chars().any(|ch| ch.is_ascii_uppercase());
    if need.is_empty() || !need.iter().all(telling) {
        return;
    }
    // Where one begins with another, that other is there as well.
    let mut last: Option<String> = None;
    need.retain(|string| {
        if last
            .as_ref()
            .is_some_and(|last| string.starts_with(last.as_str()))
        {
            return false;
        }
        last = Some(string.clone());
        true
    });
    needs.push(need);
}

/// The shorter its strings, and the more, the less a need tells.
fn weight(need: &Need) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = need.iter().map(String::len).min().unwrap_or(0);
    (shortest, std::cmp::Reverse(need.len()))
}

/// All that a pattern may match, if it is not much.
fn spelled_out(pattern: &Hir) -> Option<Need> {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(Need::from([String::new()])),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(Need::from([text.to_owned()]))
        }
        HirKind::Class(Class::Unicode(class)) => {
            let chars = class.iter().flat_map(|range| range.start()..=range.end());
            let few: Need = chars.take(MOST_CHARACTERS + 1).map(String::from).collect();
            (few.len() <= MOST_CHARACTERS).then_some(few)
        }
        HirKind::Capture(capture) => spelled_out(&capture.sub),
        HirKind::Repetition(repetition) if repetition.max == Some(1) => {
            let mut own = spelled_out(&repetition.sub)?;
            if repetition.min == 0 {
                own.insert(String::new());
            }
            Some(own)
        }
        HirKind::Class(Class::Bytes(_)) | HirKind::Repetition(_) => None,
        HirKind::Concat(parts) => {
            let mut all = Need::from([String::new()]);
            for part in parts {
                all = product(&all, &spelled_out(part)?)?;
            }
            Some(all)
        }
        HirKind::Alternation(branches) => {
            let mut all = Need::new();
            for branch in branches {
                all.extend(spelled_out(branch)?);
            }
            (all.len() <= MOST).then_some(all)
        }
    }
}

/// Every string of one followed by every one of the other, if they are few.
fn product(first: &Need, second: &Need) -> Option<Need> {
    (first.len() * second.len() <= MOST).then(|| {
        let pairs = first
            .iter()
            .flat_map(|a| second.iter().map(move |b| format!("{a}{b}")));
        pairs.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_left_whose_strings_a_text_has() {
        let patterns = [
            r"(?:w(?:ins?|on)|took) N[0-9]+ votes?\b",
            r"\b[CPU][0-9]+ (?:was )?beaten",
            r"[a-z]+ly",
            "(?i)held",
        ];
        let sieve = Sieve::new(&patterns).expect("they are patterns");
        assert_eq!(sieve.may_match("c0 won N1 votes"), [0, 2]);
        assert_eq!(sieve.may_match("C0 was beaten"), [1, 2]);
        assert_eq!(sieve.may_match("P0 Held N1 votes"), [2, 3]);
        assert_eq!(sieve.may_match(""), [2]);
    }
}
