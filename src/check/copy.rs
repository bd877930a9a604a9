//! What the copy says agrees with the tables.

use serde::Deserialize;

use crate::model::{Claim, Finding, Key, Locus, Severity, Verdict};

use super::{Answer, Rule};

/// The claims were judged when the copy was read; here they become findings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copy {}

impl Copy {
    pub(super) fn answer(&self, rule: &Rule, claims: &[Claim]) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for claim in claims {
            match claim.verdict {
                Verdict::Agrees => answer.pass(),
                Verdict::Unchecked => answer.unknown(claim.reason.clone().unwrap_or_default()),
                Verdict::Contradicts => answer.fail(found(rule, claim)),
            }
        }
        answer
    }
}

/// Lowers what contradictions weigh that rest on a cell where a rule about
/// tables has found an error: there the copy may be right.
pub(super) fn weaken(claims: &mut [Claim], findings: &[Finding]) {
    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
    let doubtful: Vec<Locus> = errors
        .map(|finding| finding.at)
        .filter(|at| matches!(at, Locus::Cell(_)))
        .collect();
    for claim in claims {
        let rests = claim.cells.iter().any(|cell| doubtful.contains(&cell.at));
        if rests && claim.verdict == Verdict::Contradicts {
            claim.severity = claim.severity.map(Severity::lower);
            let doubt = "a cell that it rests on is itself in doubt";
            claim.reason.get_or_insert(doubt.to_owned());
            if let Some(message) = &mut claim.message {
                message.push_str(" The table itself is in doubt there.");
            }
        }
    }
}

fn found(rule: &Rule, claim: &Claim) -> Finding {
    let severity = claim.severity.unwrap_or(Severity::Error).min(rule.severity);
    let expected = claim.expected.as_deref();
    Finding {
        rule: rule.id.clone(),
        severity,
        message: claim
            .message
            .clone()
            .unwrap_or_else(|| "Copy and tables disagree.".to_owned()),
        label: label(claim),
        help: claim
            .cause
            .as_ref()
            .and_then(|c| help(c.kind))
            .map(ToOwned::to_owned)
            .or(rule.help.clone()),
        at: claim.at(),
        related: claim.cells.clone(),
        key: key(claim),
        stated: Some(claim.stated.clone()),
        expected: expected.map(ToOwned::to_owned),
        difference: None,
        cause: claim.cause.clone(),
    }
}

/// A few words under the number: what it should be, or the sum.
fn label(claim: &Claim) -> String {
    match (&claim.cause, &claim.expected, &claim.working) {
        (Some(cause), _, _) if cause.kind == "follows-from" => cause.says.clone(),
        (Some(cause), Some(expected), _) => format!("{expected} by the tables: {}", cause.says),
        (Some(cause), None, _) => cause.says.clone(),
        (None, Some(expected), _) => format!("{expected} by the tables"),
        (None, None, Some(working)) => working.clone(),
        (None, None, None) => "the tables say otherwise".to_owned(),
    }
}

fn help(cause: &str) -> Option<&'static str> {
    match cause {
        "follows-from" => Some("correct the number that it follows from, and this one with it"),
        "truncated" => Some("round it, or give the exact figure"),
        "two-figures" => Some("decide which of the two figures is right"),
        _ => None,
    }
}

fn key(claim: &Claim) -> Key {
    let mut key = Key::new();
    let mut put = |name: &'static str, value: &Option<String>| {
        if let Some(value) = value {
            key.insert(name, value.clone());
        }
    };
    put("contest", &claim.contest);
    put("election", &claim.election);
    put("candidate", &claim.entity);
    key.insert("metric", claim.metric.to_owned());
    key
}
