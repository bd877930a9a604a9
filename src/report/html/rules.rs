//! Every rule with its outcome and why, and what else was not checked.

use maud::{Markup, html};

use super::Page;
use crate::model::{Outcome, RuleOutcome};
use crate::report::summary::{left_out, rules_line, set_aside, unchecked_reasons};

impl Page<'_> {
    pub(super) fn rules(&self) -> Markup {
        let report = self.report;
        let outcomes = [
            (Outcome::Failed, "Failed"),
            (Outcome::Unknown, "Could not be decided"),
            (Outcome::Aside, "Set aside"),
            (Outcome::Passed, "Passed"),
            (Outcome::Skipped, "Skipped"),
        ];
        html! {
            section id="rules" aria-labelledby="rules-title" {
                h2 id="rules-title" { "What was checked" }
                p { "Rules: " (rules_line(report)) }
                @for (outcome, title) in outcomes {
                    @let rules: Vec<&RuleOutcome> =
                        report.rules.iter().filter(|r| r.outcome() == outcome).collect();
                    @if outcome == Outcome::Skipped && !rules.is_empty() {
                        // Most rules find nothing of their concern.
                        details.skipped {
                            summary { (title) " (" (rules.len()) ")" }
                            ul.rules { @for rule in rules { (item(rule, outcome)) } }
                        }
                    } @else if !rules.is_empty() {
                        h3 { (title) }
                        ul.rules { @for rule in rules { (item(rule, outcome)) } }
                    }
                }
                (list("Claims that were not checked", &unchecked_reasons(report)))
                (list("Left out", &left_out(report)))
                (list("Guessed while reading", &report.dataset.notes))
                (list("Findings that were set aside", &set_aside(report)))
                (list("Settings", &report.settings))
            }
        }
    }
}

fn item(rule: &RuleOutcome, outcome: Outcome) -> Markup {
    let all = rule.passed + rule.failed + rule.aside + rule.unknown;
    html! {
        li {
            span class={ "outcome " (outcome.name()) } { (outcome.name()) } " "
            b { (rule.title) }
            @if all > 0 {
                span.count {
                    (rule.passed) " passed, " (rule.failed) " failed, " (rule.unknown) " undecided"
                    @if rule.aside > 0 { ", " (rule.aside) " set aside" }
                }
            }
            @if let Some(reason) = &rule.reason { p { (reason) } }
            @if rule.failed > 0 && !rule.why.is_empty() { p.why { (rule.why.trim()) } }
            code { (rule.rule) }
        }
    }
}

fn list(title: &str, items: &[String]) -> Markup {
    html! {
        @if !items.is_empty() {
            h3 { (title) }
            ul { @for item in items { li { (item) } } }
        }
    }
}
