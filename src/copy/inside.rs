//! Numbers that contradict each other within the copy, tables or none: sums
//! that a sentence states, and one figure given twice.

use std::collections::HashMap;

use num_traits::Zero;

use crate::model::{Cause, Claim, Exact, Severity, SourceId, Span, Verdict, fold, show, whole};

use super::hedge::Magnitude;
use super::language::{Language, Operation, Sum};
use super::numeral::Numeral;
use super::scope::Period;
use super::typed::{Slot, Typed};

/// A sum that a sentence states and that does not come out.
pub struct Broken {
    /// Index of the numeral that the others do not make.
    pub numeral: usize,
    pub expected: String,
    pub working: String,
}

/// The sums of a sentence that do not come out.
#[must_use]
pub fn broken_sums(typed: &Typed, language: &Language) -> Vec<Broken> {
    let mut out = Vec::new();
    for sum in &language.sums {
        for captures in sum.pattern.captures_iter(&typed.text) {
            let numeral = |group: &str| {
                let range = captures.name(group)?.range();
                typed.slots(range).find_map(|(slot, _)| match slot {
                    Slot::Numeral(i) => Some(i),
                    Slot::Mention(_) => None,
                })
            };
            if let (Some(a), Some(b), Some(c)) = (numeral("a"), numeral("b"), numeral("c")) {
                out.extend(check(typed, sum, a, b, c));
            }
        }
    }
    out
}

fn check(typed: &Typed, sum: &Sum, first: usize, second: usize, made: usize) -> Option<Broken> {
    let at = |i: usize| typed.numerals.get(i);
    let (first, second, stated) = (at(first)?, at(second)?, at(made)?);
    let hedged = |n: &&Numeral| n.hedge.is_some() || n.upper.is_some();
    if [first, second, stated].iter().any(hedged) {
        return None;
    }
    let (left, right) = (&first.magnitude.value, &second.magnitude.value);
    let (value, sign) = match sum.is {
        Operation::Difference => (left - right, "−"),
        Operation::Sum => (left + right, "+"),
        Operation::Percent if right.is_zero() => return None,
        Operation::Percent => (left / right * whole(100), "÷"),
    };
    if comes_out(&stated.magnitude, &value, sum.is) {
        return None;
    }
    let shown = |n: &Numeral| show(&n.magnitude.value, n.magnitude.decimals);
    let expected = show(&value, stated.magnitude.decimals.max(0));
    Some(Broken {
        numeral: made,
        working: format!("{} {sign} {} = {expected}", shown(first), shown(second)),
        expected,
    })
}

/// Equal for counts; for a per cent, right to its own last place. Round
/// numbers are left in peace: their terms may be rounded too.
fn comes_out(stated: &Magnitude, value: &Exact, is: Operation) -> bool {
    let counted = match is {
        Operation::Difference | Operation::Sum => {
            stated.is_round() || stated.percent && (value - &stated.value).is_zero()
        }
        Operation::Percent => false,
    };
    counted || stated.interval(None).contains(value)
}

/// Contradicts a claim by a sum of its own sentence.
pub fn contradict_by_sum(claim: &mut Claim, broken: &Broken) {
    claim.verdict = Verdict::Contradicts;
    claim.severity = Some(Severity::Warning);
    claim.expected = Some(broken.expected.clone());
    claim.working = Some(broken.working.clone());
    claim.message = Some(format!(
        "The copy says {}, and its own figures make it {} ({}).",
        claim.stated, broken.expected, broken.working
    ));
    claim.reason = Some("within the copy; the tables do not say".to_owned());
}

/// One figure that the copy gives twice, differently, where no table decides.
/// Beside tables it must be clear of which contest, and of one that they do not
/// have: `may_be_of` says of which it may be.
pub fn twice(
    claims: &mut [Claim],
    printed: &[(Span, Magnitude, Period)],
    may_be_of: impl Fn(Option<&str>) -> bool,
) {
    let mut magnitudes: HashMap<Span, (&Magnitude, &Period)> = HashMap::new();
    for (span, magnitude, period) in printed {
        magnitudes.entry(*span).or_insert((magnitude, period));
    }
    let mut seen: HashMap<Subject, Vec<usize>> = HashMap::new();
    for at in 0..claims.len() {
        let (before, rest) = claims.split_at_mut(at);
        let Some(claim) = rest.first_mut() else { break };
        let Some((own, period)) = magnitudes.get(&claim.span) else {
            continue;
        };
        let open = may_be_of(claim.contest.as_deref());
        let Some(subject) = subject(claim).filter(|_| open) else {
            continue;
        };
        let earlier = seen.entry(subject).or_default();
        let clash = earlier.iter().find_map(|&at| {
            let earlier = before.get(at)?;
            let (other, earlier_period) = magnitudes.get(&earlier.span)?;
            let akin = earlier.sentence != claim.sentence && period == earlier_period;
            (akin && !may_be_equal(own, other)).then(|| earlier.stated.clone())
        });
        match clash {
            Some(other) => contradict(claim, &other),
            None => earlier.push(at),
        }
    }
}

/// Metric, source, entity and contest.
type Subject = (&'static str, SourceId, String, Option<String>);

/// What an unchecked claim gives the one value of.
fn subject(claim: &Claim) -> Option<Subject> {
    const ONE_VALUE: [&str; 5] = ["votes", "majority", "turnout", "electorate", "seats"];
    let open = claim.verdict == Verdict::Unchecked && ONE_VALUE.contains(&claim.metric);
    let entity = claim.entity.as_deref().filter(|_| open).map(fold)?;
    let contest = claim.contest.as_deref().map(fold);
    Some((claim.metric, claim.span.source, entity, contest))
}

/// A count and a per cent may both be right, and so may a round number.
fn may_be_equal(a: &Magnitude, b: &Magnitude) -> bool {
    a.percent != b.percent
        || a.value == b.value
        || a.interval(None).contains(&b.value)
        || b.interval(None).contains(&a.value)
        || a.is_round()
        || b.is_round()
}

fn contradict(claim: &mut Claim, other: &str) {
    claim.verdict = Verdict::Contradicts;
    claim.severity = Some(Severity::Warning);
    claim.expected = Some(other.to_owned());
    claim.message = Some(format!(
        "The copy gives two figures for one {}: {other}, and here {}.",
        claim.metric.replace('-', " "),
        claim.stated
    ));
    claim.cause = Some(Cause {
        kind: "two-figures",
        says: format!("elsewhere the copy gives {other}"),
        suggestion: None,
        rivals: 1,
    });
    claim.reason = Some("within the copy; the tables do not say".to_owned());
}
