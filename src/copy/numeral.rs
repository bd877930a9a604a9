//! Tokens into numbers: digits and words, with their hedge and their unit.

use std::ops::Range;

use num_traits::ToPrimitive;

use crate::model::{Exact, Number, ratio, whole};

use super::hedge::{Hedge, Magnitude};
use super::language::Language;
use super::openers::Wording;
use super::token::{Token, TokenKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Count,
    Percent,
    Points,
    /// "third"
    Ordinal,
    /// "two-thirds", "half"
    Fraction,
    /// "doubled", "twice"
    Multiple,
    Year,
    /// A two-part score: "232-164".
    Pair,
}

/// A number in a sentence.
#[derive(Debug, Clone)]
pub struct Numeral {
    /// Tokens of the number with its hedge and unit.
    pub tokens: Range<usize>,
    /// Tokens of the bare number with its unit.
    pub core: Range<usize>,
    pub unit: Unit,
    pub magnitude: Magnitude,
    /// Index into [`Language::hedges`].
    pub hedge: Option<usize>,
    /// Printed with + or −.
    pub sign: Option<i8>,
    /// Written in words.
    pub spelled: bool,
    /// The upper end of "60 or 61 per cent".
    pub upper: Option<Exact>,
}

/// Every number of a sentence, in order.
#[must_use]
pub fn numerals(tokens: &[Token], language: &Language) -> Vec<Numeral> {
    let mut out: Vec<Numeral> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let scanner = Scanner { tokens, language };
        let found = scanner.may_open(i).then(|| scanner.at(i)).flatten();
        let Some(numeral) = found else {
            i += 1;
            continue;
        };
        i = numeral.tokens.end.max(i + 1);
        out.push(numeral);
    }
    merge_ranges(&mut out, tokens);
    merge_parts(&mut out, tokens, language);
    out
}

/// "60 or 61 per cent", "between 5 and 6 per cent": one number with two ends.
fn merge_ranges(out: &mut Vec<Numeral>, tokens: &[Token]) {
    let mut i = 0;
    while i + 1 < out.len() {
        let (a, b) = (&out[i], &out[i + 1]);
        let gap: Vec<&str> = tokens[a.core.end..b.tokens.start.max(a.core.end)]
            .iter()
            .map(|t| t.folded.as_str())
            .collect();
        let joined = matches!(gap.as_slice(), ["or"]) && b.hedge.is_none();
        let kinds = a.unit == Unit::Count && matches!(b.unit, Unit::Percent | Unit::Count);
        if joined && kinds && a.magnitude.value < b.magnitude.value {
            let b = out.remove(i + 1);
            let a = &mut out[i];
            a.upper = Some(b.magnitude.value);
            a.unit = b.unit;
            a.magnitude.percent = b.magnitude.percent;
            a.tokens.end = b.tokens.end;
            a.core.end = b.core.end;
        }
        i += 1;
    }
}

/// "One in nine", "seven out of every ten": a fraction.
fn merge_parts(out: &mut Vec<Numeral>, tokens: &[Token], language: &Language) {
    let mut i = 0;
    while i + 1 < out.len() {
        let (a, b) = (&out[i], &out[i + 1]);
        let gap = tokens.get(a.core.end..b.tokens.start).unwrap_or(&[]);
        let words: Vec<&str> = gap.iter().map(|t| t.folded.as_str()).collect();
        let joined = language.numbers.in_parts.contains(&words.join(" "));
        let counts = a.unit == Unit::Count && b.unit == Unit::Count && b.hedge.is_none();
        let small = b.magnitude.value <= whole(100) && a.magnitude.value < b.magnitude.value;
        if joined && counts && a.is_small() && small {
            let b = out.remove(i + 1);
            let a = &mut out[i];
            a.magnitude.value = &a.magnitude.value / &b.magnitude.value;
            a.unit = Unit::Fraction;
            a.tokens.end = b.tokens.end;
            a.core.end = b.core.end;
        }
        i += 1;
    }
}

struct Scanner<'a> {
    tokens: &'a [Token],
    language: &'a Language,
}

/// A bare number: its tokens, value, decimals and unit.
struct Bare {
    end: usize,
    value: Exact,
    decimals: i32,
    unit: Unit,
    spelled: bool,
}

impl Scanner<'_> {
    fn word(&self, i: usize) -> Option<&str> {
        self.tokens.get(i).map(|t| t.folded.as_str())
    }

    fn adjacent(&self, i: usize) -> bool {
        match (self.tokens.get(i), self.tokens.get(i + 1)) {
            (Some(a), Some(b)) => a.range.end == b.range.start,
            _ => false,
        }
    }

    /// May a number begin at a token, as far as this one tells?
    fn may_open(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|token| {
            token.kind == TokenKind::Digits
                || matches!(token.folded.as_str(), "+" | "-")
                || self.language.openers.may_open(&token.folded)
        })
    }

    /// Is it an ordinal that goes on a name ("Yorkshire First")? In a headline
    /// every word has a capital.
    fn is_of_name(&self, i: usize) -> bool {
        let capital = |i: usize| {
            let token = self.tokens.get(i);
            token.is_some_and(|t| t.kind == TokenKind::Word && t.capital)
        };
        let plain = |t: &Token| t.kind == TokenKind::Word && !t.capital && t.folded.len() > 3;
        let ordinal = self
            .word(i)
            .is_some_and(|word| self.language.numbers.ordinal.contains_key(word));
        ordinal
            && capital(i)
            && i.checked_sub(1).is_some_and(capital)
            && self.tokens.iter().any(plain)
    }

    /// The number that starts at a token, its hedge included.
    fn at(&self, i: usize) -> Option<Numeral> {
        if self.is_of_name(i) {
            return None;
        }
        let (hedge, mut start) = self.hedge(i).unzip();
        let mut begin = start.unwrap_or(i);
        let article = matches!(self.word(begin), Some("a" | "an" | "the" | "some" | "its"))
            && start.is_some();
        // "Far more than the 25 seats they got": they got 25.
        let definite = article && self.word(begin) == Some("the");
        let strict = hedge.and_then(|h| self.language.hedges.get(h));
        if definite && strict.is_some_and(|hedge| !hedge.equal && hedge.id != "nearly") {
            return None;
        }
        if article && self.bare(begin).is_none() {
            begin += 1;
        }
        let (sign, first) = self.sign(begin);
        let bare = self.bare(first).or_else(|| {
            start = None;
            None
        })?;
        let core_start = if sign.is_some() { begin } else { first };
        let (unit, end) = self.unit(&bare);
        let percent = matches!(unit, Unit::Percent | Unit::Points);
        let after = self.hedge_after(end);
        Some(Numeral {
            tokens: i..after.map_or(end, |(_, end)| end),
            core: core_start..end,
            unit,
            magnitude: Magnitude {
                value: bare.value,
                decimals: bare.decimals,
                percent,
            },
            hedge: hedge.or(after.map(|(hedge, _)| hedge)),
            sign,
            spelled: bare.spelled,
            upper: None,
        })
    }

    /// The hedge at a token, and where it ends.
    fn hedge(&self, i: usize) -> Option<(usize, usize)> {
        let before = i.checked_sub(1).and_then(|at| self.word(at));
        let fits = |index: usize| {
            let hedge = self.language.hedges.get(index);
            let barred = |hedge: &Hedge| {
                before.is_some_and(|word| hedge.not_after.iter().any(|w| w == word))
            };
            hedge.is_some_and(|hedge| !barred(hedge))
        };
        self.first_of(i, self.language.openers.hedges(self.word(i)?), fits)
    }

    fn hedge_after(&self, i: usize) -> Option<(usize, usize)> {
        let wordings = self.language.openers.hedges_after(self.word(i)?);
        self.first_of(i, wordings, |_| true)
    }

    /// The first hedge with a wording that stands at a token, and where the longest
    /// of its wordings there ends.
    fn first_of(
        &self,
        i: usize,
        wordings: &[Wording],
        fits: impl Fn(usize) -> bool,
    ) -> Option<(usize, usize)> {
        let ends = wordings.iter().filter(|w| fits(w.hedge));
        let mut ends = ends.filter_map(|w| Some((w.hedge, self.phrase(i, &w.words)?)));
        let (hedge, end) = ends.next()?;
        let others = ends.take_while(|(other, _)| *other == hedge);
        Some((hedge, others.map(|(_, end)| end).fold(end, usize::max)))
    }

    /// Where a phrase ends that starts at a token.
    fn phrase(&self, i: usize, phrase: &str) -> Option<usize> {
        let mut at = i;
        for word in phrase.split(' ') {
            if self.word(at)? != word {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    /// A sign written right before digits, and where the digits start.
    fn sign(&self, i: usize) -> (Option<i8>, usize) {
        let before_digits = self.adjacent(i)
            && self
                .tokens
                .get(i + 1)
                .is_some_and(|t| t.kind == TokenKind::Digits);
        let starts = |i: usize| self.tokens.get(i).map(|t| t.range.start);
        let ends = |i: usize| self.tokens.get(i).map(|t| t.range.end);
        let free = i == 0 || ends(i - 1) < starts(i) || self.word(i - 1) == Some("(");
        match self.word(i) {
            Some("+") if before_digits && free => (Some(1), i + 1),
            Some("-") if before_digits && free => (Some(-1), i + 1),
            _ => (None, i),
        }
    }

    fn bare(&self, i: usize) -> Option<Bare> {
        match self.tokens.get(i)?.kind {
            TokenKind::Digits => self.digits(i),
            TokenKind::Word => self.spelled(i),
            TokenKind::Possessive | TokenKind::Mark => None,
        }
    }

    fn digits(&self, i: usize) -> Option<Bare> {
        let text = self.word(i)?;
        // A letter before makes it a name ("A27"); a colon makes it a time.
        let glued = i > 0 && self.adjacent(i - 1) && self.tokens[i - 1].kind == TokenKind::Word;
        if glued || text.contains(':') {
            return None;
        }
        if let Some(ordinal) = self.digit_ordinal(i, text) {
            return Some(ordinal);
        }
        if self.is_pair(i) {
            return Some(self.pair(i));
        }
        let (text, end) = self.with_stray_space(i, text);
        let number = Number::parse(&text)?;
        let (scale, end) = self.scale(end);
        // "1.35 lakh" is given to the thousand.
        let zeros = i32::try_from(scale.to_string().len()).unwrap_or(1) - 1;
        let decimals = match number.decimals {
            0 if scale > 1 => 0,
            decimals => decimals - zeros,
        };
        let is_year = scale == 1 && is_year(&text) && !self.counts(end);
        Some(Bare {
            end,
            value: number.value * whole(scale),
            decimals,
            unit: if is_year { Unit::Year } else { Unit::Count },
            spelled: false,
        })
    }

    /// "12, 345": a thousands comma with a space after it, before a noun.
    fn with_stray_space(&self, i: usize, text: &str) -> (String, usize) {
        let next = self.word(i + 2).unwrap_or("");
        let split = self.word(i + 1) == Some(",")
            && self.adjacent(i)
            && (1..=3).contains(&text.len())
            && next.len() == 3
            && next.bytes().all(|b| b.is_ascii_digit())
            && self.language.numbers.counted(self.word(i + 3));
        if split {
            (format!("{text},{next}"), i + 3)
        } else {
            (text.to_owned(), i + 1)
        }
    }

    /// Does a noun follow that only a count can have ("1851 votes")?
    fn counts(&self, i: usize) -> bool {
        let at = if self.word(i) == Some("-") { i + 1 } else { i };
        self.language.numbers.counted(self.word(at))
            || self.language.numbers.counted(self.word(at + 1))
                && !matches!(
                    self.word(at),
                    Some("," | "." | "(" | ")" | ";" | ":" | "'s")
                )
                // "In 2021 by more than 12,000".
                && !self.word(at).is_some_and(|w| self.language.objects.no_verbs.contains(w))
    }

    fn digit_ordinal(&self, i: usize, text: &str) -> Option<Bare> {
        let suffix = self.word(i + 1)?;
        if !self.adjacent(i) || !matches!(suffix, "st" | "nd" | "rd" | "th") {
            return None;
        }
        Some(Bare {
            end: i + 2,
            value: Number::parse(text)?.value,
            decimals: 0,
            unit: Unit::Ordinal,
            spelled: false,
        })
    }

    /// A score of small numbers, or two years: "33-26", "2015-16". Larger numbers
    /// are each a number of its own.
    fn is_pair(&self, i: usize) -> bool {
        let digits = self.word(i).unwrap_or("");
        let large = digits.contains(['.', ',']) || digits.len() > 2 && !is_year(digits);
        !large
            && self.word(i + 1) == Some("-")
            && self.adjacent(i)
            && self.adjacent(i + 1)
            && self
                .tokens
                .get(i + 2)
                .is_some_and(|t| t.kind == TokenKind::Digits)
    }

    fn pair(&self, i: usize) -> Bare {
        let value = self
            .word(i)
            .and_then(Number::parse)
            .map_or_else(|| whole(0), |n| n.value);
        Bare {
            end: i + 3,
            value,
            decimals: 0,
            unit: Unit::Pair,
            spelled: false,
        }
    }

    /// "million", "k" after digits.
    fn scale(&self, i: usize) -> (i64, usize) {
        let word = self.word(i).unwrap_or("");
        let multiplier = self.language.numbers.multiplier.get(word);
        let glued_only = word.len() == 1;
        match multiplier {
            Some(&scale) if !glued_only || (i > 0 && self.adjacent(i - 1)) => (scale, i + 1),
            _ => (1, i),
        }
    }

    fn spelled(&self, i: usize) -> Option<Bare> {
        let words = &self.language.numbers;
        self.fraction(i)
            .or_else(|| {
                let &(n, d) = words.multiple.get(self.word(i)?)?;
                Some(spelled_out(i + 1, ratio(n, d), Unit::Multiple))
            })
            .or_else(|| {
                let &n = words.ordinal.get(self.word(i)?)?;
                Some(spelled_out(i + 1, whole(n), Unit::Ordinal))
            })
            .or_else(|| self.cardinal(i))
    }

    /// "half", "a third", "two-thirds": a numerator makes an ordinal a part.
    fn fraction(&self, i: usize) -> Option<Bare> {
        let fractions = &self.language.numbers.fraction;
        let word = self.word(i)?;
        let joined = |at: usize| {
            let skip = usize::from(self.word(at) == Some("-"));
            Some((at + skip, self.word(at + skip)?))
        };
        if let Some((at, next)) = joined(i + 1)
            && let Some(&(n, d)) = fractions.get(&format!("{word} {next}"))
        {
            return Some(spelled_out(at + 1, ratio(n, d), Unit::Fraction));
        }
        let &(n, d) = fractions.get(word)?;
        Some(spelled_out(i + 1, ratio(n, d), Unit::Fraction))
    }

    /// "twenty-five thousand", "a dozen".
    fn cardinal(&self, start: usize) -> Option<Bare> {
        let words = &self.language.numbers;
        let (mut total, mut part, mut i, mut any) = (0_i64, 0_i64, start, false);
        loop {
            let skip = usize::from(any && matches!(self.word(i), Some("-" | "and")));
            let Some(word) = self.word(i + skip) else {
                break;
            };
            if let Some(&n) = words.cardinal.get(word) {
                if any && part % 10 != 0 && part % 100 != 0 {
                    break;
                }
                if skip == 1 && self.word(i) == Some("and") && part < 100 {
                    break;
                }
                part += n;
            } else if let Some(&scale) =
                words.multiplier.get(word).filter(|_| any && word.len() > 1)
            {
                part = part.max(1).checked_mul(scale)?;
                if scale >= 1000 {
                    total = total.checked_add(part)?;
                    part = 0;
                }
            } else {
                break;
            }
            any = true;
            i += skip + 1;
        }
        any.then(|| spelled_out(i, whole(total + part), Unit::Count))
    }

    /// The unit after a bare number, and where it ends.
    fn unit(&self, bare: &Bare) -> (Unit, usize) {
        if bare.unit != Unit::Count {
            return (bare.unit, bare.end);
        }
        let times = &self.language.numbers.times;
        if self.word(bare.end).is_some_and(|word| times.contains(word)) {
            return (Unit::Multiple, bare.end + 1);
        }
        let at = bare.end + usize::from(self.word(bare.end) == Some("-"));
        let longest = |list: &[String], from: usize| {
            list.iter()
                .filter_map(|words| self.phrase(from, words))
                .max()
        };
        if let Some(end) = longest(&self.language.numbers.points, at) {
            return (Unit::Points, end);
        }
        if let Some(end) = longest(&self.language.numbers.percent, bare.end) {
            return (Unit::Percent, end);
        }
        // A count has no decimals: "Phelps 51.2" is a share.
        if bare.decimals > 0 {
            return (Unit::Percent, bare.end);
        }
        (Unit::Count, bare.end)
    }
}

fn spelled_out(end: usize, value: Exact, unit: Unit) -> Bare {
    Bare {
        end,
        value,
        decimals: 0,
        unit,
        spelled: true,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse::<i32>()
            .is_ok_and(|y| (1832..=2100).contains(&y))
}

impl Numeral {
    /// The year, of a numeral that is one.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        (self.unit == Unit::Year).then(|| self.magnitude.value.to_integer().to_i32())?
    }

    /// Too small to be anybody's votes, as a rule.
    #[must_use]
    pub fn is_small(&self) -> bool {
        self.unit == Unit::Count && self.magnitude.value < whole(100)
    }

    /// The number that a form's own words are.
    #[must_use]
    pub fn of_words(n: i64) -> Self {
        Self {
            tokens: 0..0,
            core: 0..0,
            unit: Unit::Ordinal,
            magnitude: Magnitude {
                value: whole(n),
                decimals: 0,
                percent: false,
            },
            hedge: None,
            sign: None,
            spelled: true,
            upper: None,
        }
    }

    #[must_use]
    pub fn integer(&self) -> Option<i64> {
        let value = &self.magnitude.value;
        value.is_integer().then(|| value.to_integer())?.to_i64()
    }
}
