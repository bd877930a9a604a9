//! A sentence in typed form: names, numbers and years become placeholders, and
//! everything else is folded, so that a pattern can say "N votes".
//!
//! `"Ann Lee for Labour was second, with 12,345 votes."` becomes
//! `"C0 was O1 , with N2 votes ."`. The letters: `C` a candidate, `P` a party,
//! `U` a name that the tables do not know, `S` a contest, `G` an area, `N` a
//! count, `Q` a per cent, `R` points, `O` an ordinal, `F` a fraction, `M` a
//! multiple, `Y` a year, `D` a pair. A hedge is part of its number.

use std::cell::OnceCell;
use std::fmt::Write;
use std::ops::Range;

use super::language::{Language, When};
use super::mention::{Mention, Names, Referent};
use super::numeral::{Numeral, Unit, numerals};
use super::token::{Token, TokenKind};

/// Letters of a word with the space before it, about.
const WORD: usize = 6;

/// What a placeholder stands for: an index into the sentence's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    Mention(usize),
    Numeral(usize),
}

#[derive(Debug, Clone)]
struct Part {
    typed: Range<usize>,
    tokens: Range<usize>,
    slot: Option<Slot>,
}

/// Words of a sentence that point to an election.
#[derive(Debug)]
pub struct Cue {
    pub is: When,
    pub range: Range<usize>,
    /// The number in it: "five years ago".
    pub number: Option<Range<usize>>,
}

/// A typed sentence without some of its words.
#[derive(Debug, Default)]
pub struct Shortened {
    pub text: String,
    /// What is kept: where it stands in `text`, and in the whole sentence.
    kept: Vec<(usize, usize)>,
}

impl Shortened {
    fn push(&mut self, whole: &str, range: Range<usize>) {
        self.kept.push((self.text.len(), range.start));
        self.text.push_str(whole.get(range).unwrap_or(""));
    }

    /// Where a range of the shortened sentence stands in the whole one.
    #[must_use]
    pub fn whole(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.place(range.start);
        if range.is_empty() {
            return start..start;
        }
        // The end belongs to the byte before it.
        start..self.place(range.end - 1) + 1
    }

    fn place(&self, at: usize) -> usize {
        let piece = self.kept.partition_point(|(own, _)| *own <= at);
        let piece = piece.checked_sub(1).and_then(|piece| self.kept.get(piece));
        piece.map_or(at, |(own, whole)| whole + (at - own))
    }

    /// Do words that were left out stand inside a range of the shortened sentence?
    #[must_use]
    pub fn is_across(&self, range: &Range<usize>) -> bool {
        let seams = self.kept.iter().skip(1).map(|(own, _)| *own);
        let mut inside = seams.filter(|seam| range.start < *seam && *seam < range.end);
        inside.next().is_some()
    }

    /// What of a range of the whole sentence lies unbroken around a part of it.
    #[must_use]
    pub fn unbroken(&self, range: &Range<usize>, around: &Range<usize>) -> Range<usize> {
        let starts = self.kept.iter().map(|(_, whole)| *whole);
        let start = starts.filter(|start| *start <= around.start).max();
        start.map_or(range.start, |start| start.max(range.start))..range.end
    }
}

/// A sentence, tokenised, its names and numbers found, in typed form.
#[derive(Debug)]
pub struct Typed {
    /// Its range in the prose text.
    pub range: Range<usize>,
    pub tokens: Vec<Token>,
    pub mentions: Vec<Mention>,
    pub numerals: Vec<Numeral>,
    pub text: String,
    parts: Vec<Part>,
    /// For each mention, and each numeral, the part that it is.
    parts_of_mentions: Vec<Option<usize>>,
    parts_of_numerals: Vec<Option<usize>>,
    /// What parts its clauses; found when first asked for, as its cues are.
    breaks: OnceCell<Vec<Range<usize>>>,
    cues: OnceCell<Vec<Cue>>,
    asides: OnceCell<Vec<Range<usize>>>,
}

impl Typed {
    #[must_use]
    pub fn new(
        prose: &str,
        range: Range<usize>,
        tokens: Vec<Token>,
        names: &Names<'_>,
        language: &Language,
    ) -> Self {
        let numerals = numerals(&tokens, language);
        let taken: Vec<Range<usize>> = numerals.iter().map(|n| n.tokens.clone()).collect();
        let mentions = names.mentions(prose, &tokens, &taken);
        let mut typed = Self {
            range,
            parts_of_mentions: vec![None; mentions.len()],
            parts_of_numerals: vec![None; numerals.len()],
            parts: Vec::with_capacity(tokens.len()),
            text: String::with_capacity(tokens.len() * WORD),
            tokens,
            mentions,
            numerals,
            breaks: OnceCell::new(),
            cues: OnceCell::new(),
            asides: OnceCell::new(),
        };
        typed.write();
        typed.find_places(language);
        typed.find_rivals(language);
        typed
    }

    /// Marks the unknown names that the words around them make places.
    fn find_places(&mut self, language: &Language) {
        if !self
            .mentions
            .iter()
            .any(|m| m.referent == Referent::Unknown)
        {
            return;
        }
        let found = language.places.iter();
        let found = found.flat_map(|place| place.captures_iter(&self.text));
        let found: Vec<Range<usize>> = found
            .filter_map(|captures| captures.name("at").map(|m| m.range()))
            .collect();
        for index in 0..self.mentions.len() {
            let range = self.typed_range(Slot::Mention(index));
            let at_place = range.is_some_and(|range| found.contains(&range));
            if let Some(mention) = self.mentions.get_mut(index) {
                mention.place = at_place && mention.referent == Referent::Unknown;
            }
        }
    }

    /// Marks the names that stand for whoever stood against them.
    fn find_rivals(&mut self, language: &Language) {
        for index in 0..self.mentions.len() {
            let end = self.typed_range(Slot::Mention(index)).map(|r| r.end + 1);
            let rest = end.and_then(|end| self.text.get(end..)).unwrap_or("");
            let rival = language.rival.is_match(rest);
            if let Some(mention) = self.mentions.get_mut(index) {
                mention.rival = rival;
            }
        }
    }

    fn write(&mut self) {
        let (mut mention, mut numeral) = (0, 0);
        let mut i = 0;
        while i < self.tokens.len() {
            // Both are in order and apart from each other.
            while self
                .mentions
                .get(mention)
                .is_some_and(|m| m.tokens.start < i)
            {
                mention += 1;
            }
            while self
                .numerals
                .get(numeral)
                .is_some_and(|n| n.tokens.start < i)
            {
                numeral += 1;
            }
            let named = self.mentions.get(mention).map(|m| m.tokens.clone());
            let counted = self.numerals.get(numeral).map(|n| n.tokens.clone());
            let here = |tokens: &Range<usize>| tokens.start == i;
            let (tokens, slot) = match (named.filter(here), counted.filter(here)) {
                (Some(tokens), _) => (tokens, Some(Slot::Mention(mention))),
                (None, Some(tokens)) => (tokens, Some(Slot::Numeral(numeral))),
                (None, None) => (i..i + 1, None),
            };
            self.push(tokens.clone(), slot);
            i = tokens.end.max(i + 1);
        }
    }

    fn push(&mut self, tokens: Range<usize>, slot: Option<Slot>) {
        let hyphen = |at: usize| self.tokens.get(at).is_some_and(|t| t.folded == "-");
        let touches_last = tokens.start > 0
            && self.tokens[tokens.start - 1].range.end == self.tokens[tokens.start].range.start;
        let next_touches = self
            .tokens
            .get(tokens.end)
            .is_some_and(|next| next.range.start == self.tokens[tokens.end - 1].range.end);
        let glued = touches_last
            && ((hyphen(tokens.start) && slot.is_none() && next_touches)
                || (tokens.start > 0
                    && hyphen(tokens.start - 1)
                    && self.was_glued(tokens.start - 1)));
        if !self.text.is_empty() && !glued {
            self.text.push(' ');
        }
        let start = self.text.len();
        match slot {
            Some(slot) => {
                let _ = write!(self.text, "{}{}", self.letter(slot), self.parts.len());
            }
            None => self.text.push_str(&self.tokens[tokens.start].folded),
        }
        let part = Some(self.parts.len());
        let known = match slot {
            Some(Slot::Mention(index)) => self.parts_of_mentions.get_mut(index),
            Some(Slot::Numeral(index)) => self.parts_of_numerals.get_mut(index),
            None => None,
        };
        if let Some(known) = known {
            *known = part;
        }
        self.parts.push(Part {
            typed: start..self.text.len(),
            tokens,
            slot,
        });
    }

    /// Is a hyphen joined to the word before it?
    fn was_glued(&self, token: usize) -> bool {
        let part = self.parts.last().filter(|p| p.tokens.contains(&token));
        part.is_some_and(|p| p.typed.start > 0 && !self.text[..p.typed.start].ends_with(' '))
    }

    fn letter(&self, slot: Slot) -> char {
        match slot {
            Slot::Mention(i) => match self.mentions[i].referent {
                Referent::Candidate(_) => 'C',
                Referent::Party(_) => 'P',
                Referent::Contest(_) => 'S',
                Referent::Region(_) => 'G',
                Referent::Unknown => 'U',
            },
            Slot::Numeral(i) => match self.numerals[i].unit {
                Unit::Count => 'N',
                Unit::Percent => 'Q',
                Unit::Points => 'R',
                Unit::Ordinal => 'O',
                Unit::Fraction => 'F',
                Unit::Multiple => 'M',
                Unit::Year => 'Y',
                Unit::Pair => 'D',
            },
        }
    }

    /// The parts that a range of the typed text covers.
    fn covered(&self, typed: &Range<usize>) -> &[Part] {
        let first = self.parts.partition_point(|p| p.typed.end <= typed.start);
        let end = self.parts.partition_point(|p| p.typed.start < typed.end);
        self.parts.get(first..end).unwrap_or(&[])
    }

    /// The slots that a range of the typed text covers, in order.
    pub fn slots(&self, typed: Range<usize>) -> impl Iterator<Item = (Slot, Range<usize>)> {
        self.covered(&typed)
            .iter()
            .filter_map(|p| Some((p.slot?, p.typed.clone())))
    }

    /// The range of the prose text that a range of the typed text came from.
    #[must_use]
    pub fn prose_range(&self, typed: &Range<usize>) -> Range<usize> {
        let [first, rest @ ..] = self.covered(typed) else {
            return self.range.clone();
        };
        let last = rest.last().unwrap_or(first);
        self.tokens[first.tokens.start].range.start..self.tokens[last.tokens.end - 1].range.end
    }

    /// The range of the prose text of a run of tokens.
    #[must_use]
    pub fn token_range(&self, tokens: &Range<usize>) -> Range<usize> {
        match (
            self.tokens.get(tokens.start),
            self.tokens.get(tokens.end.saturating_sub(1)),
        ) {
            (Some(first), Some(last)) => first.range.start..last.range.end,
            _ => self.range.clone(),
        }
    }

    /// Where a mention stands in the typed text.
    #[must_use]
    pub fn typed_range(&self, slot: Slot) -> Option<Range<usize>> {
        let part = match slot {
            Slot::Mention(index) => self.parts_of_mentions.get(index),
            Slot::Numeral(index) => self.parts_of_numerals.get(index),
        };
        let part = self.parts.get((*part?)?)?;
        Some(part.typed.clone())
    }

    /// What parts its clauses, in order.
    pub fn breaks(&self, language: &Language) -> &[Range<usize>] {
        self.breaks.get_or_init(|| {
            let found = language.clause_break.find_iter(&self.text);
            found.map(|found| found.range()).collect()
        })
    }

    /// Its cues of elections, in the order of the language's entries.
    pub fn cues(&self, language: &Language) -> &[Cue] {
        self.cues.get_or_init(|| {
            let cues = language.periods.iter().flat_map(|period| {
                let found = period.pattern.captures_iter(&self.text);
                found.filter_map(|found| {
                    Some(Cue {
                        is: period.is,
                        range: found.get(0)?.range(),
                        number: found.name("n").map(|n| n.range()),
                    })
                })
            });
            cues.collect()
        })
    }

    /// The clauses about somebody or something that stand between two commas.
    pub fn asides(&self, language: &Language) -> &[Range<usize>] {
        self.asides.get_or_init(|| {
            let found = language.turns.set_off.find_iter(&self.text);
            found.map(|found| found.range()).collect()
        })
    }

    /// The sentence without the clauses about somebody or something that stand
    /// between two commas; `None` where it has none.
    #[must_use]
    pub fn without_asides(&self, language: &Language) -> Option<Shortened> {
        let mut shortened = Shortened::default();
        let mut end = 0;
        for aside in self.asides(language) {
            shortened.push(&self.text, end..aside.start);
            end = aside.end;
        }
        if end == 0 {
            return None;
        }
        shortened.push(&self.text, end..self.text.len());
        Some(shortened)
    }

    /// Does the sentence stand inside quotation marks at this place?
    #[must_use]
    pub fn quoted(&self, at: usize) -> bool {
        let marks = self
            .tokens
            .iter()
            .filter(|t| t.kind == TokenKind::Mark && t.folded == "\"" && t.range.start < at);
        marks.count() % 2 == 1
    }
}
