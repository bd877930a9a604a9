//! Contradictions in words: what the number is instead, and which error it
//! follows from.

use num_traits::Signed;

use crate::model::{Cause, Claim, ClaimKind, Exact, Facts, Metric, Number, Verdict, show, whole};

use super::evaluate::{Answer, Inquiry};
use super::language::Language;
use super::numeral::Numeral;

/// Writes the sentence of a contradiction, and looks for a kind explanation.
pub fn explain(
    claim: &mut Claim,
    inquiry: &Inquiry,
    numeral: Option<&Numeral>,
    facts: &Facts<'_>,
    language: &Language,
) {
    if claim.cause.is_none()
        && let (Some(numeral), Answer::Value(_)) = (numeral, &inquiry.answer)
    {
        claim.cause = cause(numeral, inquiry, facts, language);
    }
    claim.message = Some(message(claim));
}

/// One sentence that stands alone; it blames neither the copy nor the tables.
fn message(claim: &Claim) -> String {
    let stated = &claim.stated;
    let about = about(claim);
    let metric = words_of(claim.metric);
    let cause = claim
        .cause
        .as_ref()
        .map_or_else(String::new, |c| format!(": {}", c.says));
    let working = claim.working.as_deref().unwrap_or("no figure");
    let expected = claim.expected.as_deref().unwrap_or("otherwise");
    match claim.kind {
        ClaimKind::Number if is_phrase(claim.metric) => format!(
            "The copy says “{stated}”{about}; by the tables it is {expected} ({}).",
            result_of(working).1
        ),
        ClaimKind::Number => format!(
            "The copy gives {stated} as the {metric}{about}; by the tables it is {expected}{cause}."
        ),
        ClaimKind::Rank => format!(
            "The copy says “{stated}”{about}; by the tables it is {expected} ({working}){cause}."
        ),
        ClaimKind::Direction => {
            let (result, sum) = result_of(working);
            format!(
                "The copy says “{stated}”{about}; by the tables the {metric} is {result} ({sum})."
            )
        }
        ClaimKind::Outcome => {
            format!("The copy says “{stated}”{about}; the tables say otherwise: {working}.")
        }
    }
}

/// A metric as people call it.
fn words_of(metric: &str) -> String {
    match metric.strip_suffix("-change") {
        Some(of) => format!("change in {of}"),
        None => metric.replace('-', " "),
    }
}

/// Is a claim of this metric a phrase ("doubled his votes"), not a number?
fn is_phrase(metric: &str) -> bool {
    matches!(metric, "ratio" | "majority-ratio" | "fraction")
}

/// " of Ann Lee in Ashby Vale, 2020": what is known of it.
fn about(claim: &Claim) -> String {
    let entity = claim
        .entity
        .as_ref()
        .map_or_else(String::new, |e| format!(" of {e}"));
    let contest = claim
        .contest
        .as_ref()
        .filter(|c| claim.entity.as_ref() != Some(*c));
    let contest = contest.map_or_else(String::new, |c| format!(" in {c}"));
    let election = claim
        .election
        .as_ref()
        .map_or_else(String::new, |e| format!(", {e}"));
    format!("{entity}{contest}{election}")
}

/// A sum and its result, apart: "−20" and "980 − 1,000".
fn result_of(working: &str) -> (&str, &str) {
    let (sum, result) = working.rsplit_once(" = ").unwrap_or((working, working));
    (result, sum)
}

/// Another figure of the contest that the number is.
fn cause(
    numeral: &Numeral,
    inquiry: &Inquiry,
    facts: &Facts<'_>,
    language: &Language,
) -> Option<Cause> {
    let hedged = numeral
        .hedge
        .and_then(|h| language.hedges.get(h))
        .is_some_and(|h| !h.comment);
    if hedged {
        return None;
    }
    other_figure(&numeral.magnitude.value, inquiry, facts)
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
pub fn follow(claims: &mut [Claim]) {
    let wrong: Vec<(Claim, Exact)> = claims
        .iter()
        .filter(|c| c.verdict == Verdict::Contradicts && c.metric == "votes" && c.working.is_some())
        .filter_map(|c| Some((c.clone(), Number::parse(&c.stated)?.value)))
        .collect();
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
