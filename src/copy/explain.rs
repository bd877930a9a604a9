//! Contradictions in words: what the number is instead, and which error it
//! follows from.

use num_traits::Signed;

use crate::model::{Cause, Claim, Exact, Fact, Facts, Metric, Number, Verdict, show, whole};

use super::evaluate::{Answer, Inquiry};
use super::numeral::Numeral;

/// Writes the sentence of a contradiction, and looks for a kind explanation.
pub fn explain(claim: &mut Claim, inquiry: &Inquiry, numeral: Option<&Numeral>, facts: &Facts<'_>) {
    if claim.cause.is_none()
        && let (Some(numeral), Answer::Value(routes)) = (numeral, &inquiry.answer)
    {
        claim.cause = routes
            .first()
            .and_then(|fact| cause(numeral, fact, inquiry, facts));
    }
    claim.message = Some(message(claim));
}

fn message(claim: &Claim) -> String {
    let about = match (&claim.entity, &claim.contest) {
        (Some(entity), Some(contest)) if entity != contest => format!(" of {entity} ({contest})"),
        (Some(entity), _) => format!(" of {entity}"),
        (None, Some(contest)) => format!(" in {contest}"),
        (None, None) => String::new(),
    };
    let metric = claim.metric.replace('-', " ");
    let stated = &claim.stated;
    let says = match (&claim.expected, &claim.working) {
        (Some(expected), _) => format!("the tables say {expected}"),
        (None, Some(working)) => format!("the tables say otherwise ({working})"),
        (None, None) => "the tables say otherwise".to_owned(),
    };
    let cause = claim
        .cause
        .as_ref()
        .map_or_else(String::new, |c| format!(": {}", c.says));
    format!("The copy says “{stated}” for the {metric}{about}; {says}{cause}.")
}

/// A known slip, or another figure of the contest that the number is.
fn cause(numeral: &Numeral, fact: &Fact, inquiry: &Inquiry, facts: &Facts<'_>) -> Option<Cause> {
    let stated = &numeral.magnitude.value;
    if numeral.hedge.is_some() {
        return None;
    }
    other_figure(stated, inquiry, facts)
}

/// Another figure of the same contest that the number equals.
fn other_figure(stated: &Exact, inquiry: &Inquiry, facts: &Facts<'_>) -> Option<Cause> {
    if stated.abs() < whole(100) {
        return None;
    }
    let index = inquiry.standing?;
    let says = figure_that_is(stated, index, facts).or_else(|| {
        let before = facts.before(index)?;
        figure_that_is(stated, before, facts)
    })?;
    Some(Cause {
        kind: "other-figure",
        says,
        suggestion: None,
        rivals: 0,
    })
}

fn figure_that_is(stated: &Exact, index: usize, facts: &Facts<'_>) -> Option<String> {
    let standing = facts.standing(index)?;
    let shown = show(stated, 0);
    let election = &standing.election;
    let of_entry = standing.entries.iter().find_map(|entry| {
        let printed = entry.figure(Metric::Votes)?;
        (printed.number.value == *stated)
            .then(|| format!("{shown} is the votes of {} in {election}", entry.name()))
    });
    of_entry.or_else(|| {
        let majority = facts.majority(index).ok()?;
        majority
            .iter()
            .any(|fact| fact.value == *stated)
            .then(|| format!("{shown} is the majority in {election}"))
    })
}

/// Finds contradictions that are right once another number of the copy, itself
/// contradicted, is taken at its word.
pub fn follow(claims: &mut [Claim], facts: &Facts<'_>) {
    let wrong: Vec<(Claim, Exact)> = claims
        .iter()
        .filter(|c| c.verdict == Verdict::Contradicts && c.metric == "votes")
        .filter_map(|c| Some((c.clone(), Number::parse(&c.stated)?.value)))
        .collect();
    let _ = facts;
    for claim in claims.iter_mut() {
        if claim.verdict != Verdict::Contradicts || claim.metric == "votes" {
            continue;
        }
        if let Some(cause) = wrong
            .iter()
            .find_map(|(from, value)| follows(claim, from, value))
        {
            claim.cause = Some(cause);
            claim.message = Some(message(claim));
        }
    }
}

fn follows(claim: &Claim, from: &Claim, stated: &Exact) -> Option<Cause> {
    if claim.entity != from.entity || claim.contest != from.contest {
        return None;
    }
    let working = claim.working.as_deref()?;
    let expected = from.expected.as_deref()?;
    let (left, _) = working.split_once(" = ")?;
    let (minuend, subtrahend) = left.split_once(" − ")?;
    if minuend != expected {
        return None;
    }
    let result = stated - Number::parse(subtrahend)?.value;
    Some(Cause {
        kind: "follows-from",
        says: format!(
            "follows from {}: {} − {subtrahend} = {}",
            from.stated,
            from.stated,
            show(&result, 0)
        ),
        suggestion: None,
        rivals: 0,
    })
}
