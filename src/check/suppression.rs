//! What the copy accepts, it accepts for a reason and still needs to.

use serde::Deserialize;

use crate::model::{Finding, Locus, Scope, Suppression};

use super::{Answer, Rule, finding};

/// Comments that accept a figure have a reason, and a contradiction to accept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppressions {}

impl Suppressions {
    pub(super) fn answer(&self, rule: &Rule, suppressions: &[(Suppression, bool)]) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (suppression, used) in suppressions {
            let figure = suppression.figure.as_str();
            if suppression.reason.is_none() {
                let message =
                    format!("{figure} is not accepted: the comment does not say why it is right.");
                answer.fail(found(rule, suppression, message, "no reason"));
            } else if *used {
                answer.pass();
            } else {
                let message = format!("Nothing contradicts {figure}: the comment accepts nothing.");
                answer.fail(found(rule, suppression, message, "of no use"));
            }
        }
        answer
    }
}

fn found(rule: &Rule, suppression: &Suppression, message: String, label: &str) -> Finding {
    let at = Locus::Span(suppression.span);
    let mut found = finding(rule, at, &Scope::default(), message, label.to_owned());
    found.stated = Some(suppression.figure.clone());
    found
}
