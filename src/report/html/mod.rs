//! The report as a page: one file that loads nothing, for people who edit copy
//! or keep results. Everything that comes from input is text in it, never
//! mark-up: the templates escape it, the page forbids every script but its own.

mod contests;
mod findings;
mod rules;
mod story;

use std::collections::HashMap;
use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::fingerprint::{Told, told};
use super::neutral::printable;
use super::place::{Located, locate};
use super::summary::{copy_line, counted, headline, verdict};
use crate::model::{
    Dataset, Exact, Facts, Locus, Place, Report, Severity, Stake, Stakes, Verdict, show,
};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What the parts of the page share.
struct Page<'a> {
    report: &'a Report,
    facts: &'a Facts<'a>,
    items: Vec<Item<'a>>,
    /// Cells that findings about tables name, with the first such finding.
    doubts: HashMap<Place, Doubt>,
}

/// A finding, and what hangs on it.
struct Item<'a> {
    told: Told<'a>,
    stake: Stake,
    standing: Option<usize>,
}

/// A cell in doubt: which finding says so, and whether it is the finding's own
/// or one that it is held against.
#[derive(Clone, Copy)]
struct Doubt {
    item: usize,
    own: bool,
}

/// Writes the page.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let facts = Facts::new(&report.standings, &report.parties);
    let page = Page::new(report, &facts);
    let body = page.body();
    // Nobody can write a script that knows the hash of the page it is part of.
    let nonce = blake3::hash(body.0.as_bytes()).to_hex();
    let text = document(&headline(report), &body, &nonce).into_string();
    let shown = |ch| if ch == '\n' { ch } else { printable(ch) };
    out.write_all(text.chars().map(shown).collect::<String>().as_bytes())?;
    out.write_all(b"\n")
}

fn document(title: &str, body: &Markup, nonce: &str) -> Markup {
    let policy = format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; \
         style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'"
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="generator" content={ "scrutineer " (env!("CARGO_PKG_VERSION")) };
                title { "scrutineer: " (title) }
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script nonce=(nonce) { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// Is a finding wrong because another one is?
fn is_consequence(item: &Item) -> bool {
    let cause = item.told.finding.cause.as_ref();
    cause.is_some_and(|cause| cause.kind == "follows-from")
}

impl<'a> Page<'a> {
    fn new(report: &'a Report, facts: &'a Facts<'a>) -> Self {
        let stakes = Stakes::new(facts, &report.dataset);
        let mut items: Vec<Item> = told(report)
            .into_iter()
            .map(|told| Item {
                stake: stakes.of(told.finding),
                standing: stakes.standing(told.finding),
                told,
            })
            .collect();
        // What follows from another finding comes after all that do not; those of
        // equal weight stay as they are told: by severity and place.
        items.sort_by(|a, b| {
            let rank = |item| (!is_consequence(item), weight(item));
            rank(b).cmp(&rank(a))
        });
        Self {
            doubts: doubts(&items),
            items,
            report,
            facts,
        }
    }

    fn body(&self) -> Markup {
        let story = self.story();
        let contests = self.contests();
        html! {
            a.skip href="#findings" { "Skip to the findings" }
            (self.header())
            nav aria-label="Parts of the report" {
                a href="#findings" { "Findings" }
                @if story.is_some() { a href="#story" { "Story" } }
                @if contests.is_some() { a href="#contests" { "Contests" } }
                a href="#rules" { "What was checked" }
            }
            main {
                (self.findings())
                @if let Some(story) = story { (story) }
                @if let Some(contests) = contests { (contests) }
                (self.rules())
            }
            footer { "scrutineer " (env!("CARGO_PKG_VERSION")) }
        }
    }

    fn header(&self) -> Markup {
        let report = self.report;
        let winners = self.items.iter().filter(|i| i.stake.winner).count();
        let class = match report.worst() {
            _ if !report.unread.is_empty() => "error",
            Some(severity) => severity.name(),
            None => "well",
        };
        html! {
            header class=(class) {
                p.name { "scrutineer" }
                h1 { (headline(report)) }
                @if let Some((about, why)) = verdict(report) {
                    p.verdict { b { @if about == "fails" { "This fails: " } @else { "This passes: " } } (why) }
                }
                @if self.not_shown() > 0 {
                    p.unshown { (self.not_shown()) " of these findings are not on this page" }
                }
                @if winners > 0 {
                    p.winner { (counted(winners, "finding")) " on a figure that could change who won" }
                }
                @if !report.unread.is_empty() {
                    p.unread { "Not all could be read:" }
                    ul { @for text in &report.unread { li { (text) } } }
                }
                @if !report.claims.is_empty() {
                    p { (copy_line(report)) }
                    (self.bar())
                }
            }
        }
    }

    /// How many claims agree, contradict and are unchecked, as a bar.
    fn bar(&self) -> Markup {
        let of = [Verdict::Agrees, Verdict::Contradicts, Verdict::Unchecked]
            .map(|verdict| (verdict.name(), self.report.count_claims(verdict)));
        let all: usize = of.iter().map(|(_, count)| count).sum();
        let starts = of.iter().scan(0, |start, (_, count)| {
            *start += count;
            Some(*start - count)
        });
        html! {
            svg.claims viewBox={ "0 0 " (all) " 1" } preserveAspectRatio="none" aria-hidden="true" {
                @for ((name, count), start) in of.iter().zip(starts) {
                    rect class=(name) x=(start) width=(count) height="1" {}
                }
            }
        }
    }

    /// "results.csv, line 24, votes: 29408".
    fn place(&self, at: Locus, label: &str) -> Markup {
        html! {
            @if let Some(at) = locate(&self.report.dataset, at) {
                span.place { (where_it_is(at)) }
                @let text = at.text();
                @if !text.is_empty() { ": " b { (text) } }
            }
            @if !label.is_empty() { " (" (label) ")" }
        }
    }

    fn dataset(&self) -> &'a Dataset {
        &self.report.dataset
    }
}

/// Whether a winner could change, how many votes, how bad.
fn weight<'i>(item: &'i Item<'_>) -> (bool, Option<&'i Exact>, Severity) {
    (
        item.stake.winner,
        item.stake.votes.as_ref(),
        item.told.finding.severity,
    )
}

fn doubts(items: &[Item<'_>]) -> HashMap<Place, Doubt> {
    let mut doubts: HashMap<Place, Doubt> = HashMap::new();
    for (item, index) in items.iter().zip(0..) {
        let finding = item.told.finding;
        let Locus::Cell(own) = finding.at else {
            continue;
        };
        let related = finding
            .related
            .iter()
            .filter_map(|related| match related.at {
                Locus::Cell(place) => Some((place, false)),
                Locus::Heading(_) | Locus::Span(_) => None,
            });
        for (place, own) in std::iter::once((own, true)).chain(related) {
            let doubt = Doubt { item: index, own };
            let known = doubts.entry(place).or_insert(doubt);
            if own && !known.own {
                *known = doubt;
            }
        }
    }
    doubts
}

fn where_it_is(at: Located<'_>) -> String {
    let line = at.region(|_| 1).line;
    let column = at.column_name.map(|name| format!(", {name}"));
    format!(
        "{}, line {line}{}",
        at.source.name(),
        column.unwrap_or_default()
    )
}

/// "1,000 votes".
fn votes(votes: &Exact) -> String {
    format!("{} votes", show(votes, 0))
}
