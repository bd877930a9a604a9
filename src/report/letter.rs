//! The findings about tables as a letter that can be sent to whoever publishes
//! them: what, where, both figures, and why they cannot both be right.

use std::io::{self, Write};

use super::fingerprint::{Told, told};
use super::neutral::{markdown, one_line};
use super::place::{Located, locate};
use super::summary::{cause_in_words, counted};
use crate::model::{Finding, Locus, Number, Outcome, Report, Severity};

/// More findings make no letter: they are counted.
const FINDINGS: usize = 100;
/// More figures that a finding is held against are counted.
const LISTED: usize = 12;

/// Writes the letter. What is about copy, or only a note, is not in it; the
/// last lines say so.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let told = told(report);
    let (letter, others): (Vec<Told>, Vec<Told>) =
        told.into_iter().partition(|told| is_of_data(report, told));
    writeln!(out, "# Figures that cannot be right\n")?;
    writeln!(out, "{}\n", opening(report, &letter))?;
    for (number, told) in (1..).zip(letter.iter().take(FINDINGS)) {
        writeln!(
            out,
            "## {number}. {}\n",
            markdown(&about(report, told.finding))
        )?;
        writeln!(out, "{}\n", paragraphs(report, told).join("\n\n"))?;
    }
    if letter.len() > FINDINGS {
        let more = counted(letter.len() - FINDINGS, "more place");
        writeln!(out, "And {more}, of which we can send a list.\n")?;
    }
    writeln!(out, "---\n\n{}", closing(report, others.len()))
}

fn is_of_data(report: &Report, told: &Told<'_>) -> bool {
    let in_copy = |at: Located<'_>| {
        let mut prose = report.dataset.prose.iter();
        let mut claims = report.claims.iter();
        prose.any(|prose| prose.source == at.span.source)
            || claims.any(|claim| claim.span == at.span)
    };
    let of_table = match told.finding.at {
        Locus::Cell(_) | Locus::Heading(_) => true,
        Locus::Span(_) => !told.at.is_some_and(in_copy),
    };
    of_table && told.finding.severity > Severity::Note
}

fn opening(report: &Report, letter: &[Told<'_>]) -> String {
    let mut files: Vec<&str> = report
        .dataset
        .tables
        .iter()
        .filter_map(|table| Some(report.dataset.source(table.source)?.name()))
        .collect();
    files.sort_unstable();
    files.dedup();
    let names: Vec<String> = files
        .iter()
        .take(LISTED)
        .map(|name| markdown(name))
        .collect();
    let more = files.len().saturating_sub(LISTED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let files = format!("{}{more}", names.join(", "));
    match letter.len() {
        0 if files.is_empty() => "There were no tables to check.".to_owned(),
        0 if report.count_rules(Outcome::Passed) == 0 => {
            format!("Nothing in {files} could be checked.")
        }
        0 => format!("We checked {files}, and found no figure that cannot be right."),
        1 => format!(
            "We checked {files}, and found a place where two figures cannot both be right. Would you \
             tell us which of them is, and correct the other?"
        ),
        count => format!(
            "We checked {files}, and found {count} places where two figures cannot both be right. \
             Would you tell us which of them are, and correct the others?"
        ),
    }
}

/// The unit and its areas, the contest and the election, else what the rule
/// says.
fn about(report: &Report, finding: &Finding) -> String {
    let own = |name: &str| finding.key.get(name);
    let unit = own("unit");
    let areas = report.dataset.areas_of(finding.at);
    let areas = unit.map(|_| areas).into_iter().flatten();
    let contest = ["contest", "election"].into_iter().filter_map(own);
    let of: Vec<&str> = unit.into_iter().chain(areas).chain(contest).collect();
    if of.is_empty() {
        finding.rule.replace('-', " ")
    } else {
        of.join(", ")
    }
}

fn paragraphs(report: &Report, told: &Told<'_>) -> Vec<String> {
    let finding = told.finding;
    let mut paragraphs = vec![markdown(&finding.message)];
    let itself = told.at.is_some_and(|at| is_itself(finding, at.text()));
    let stands = if itself {
        "The figure stands in"
    } else {
        "It begins in"
    };
    paragraphs.extend(told.at.map(|at| format!("{stands} {}.", place(at))));
    paragraphs.extend(both(finding, itself));
    paragraphs.extend(held_against(report, finding));
    let rule = report.rules.iter().find(|rule| rule.rule == finding.rule);
    paragraphs.extend(rule.map(|rule| {
        format!(
            "They cannot both be right, because this must hold: {}.",
            markdown(&lower(&rule.title))
        )
    }));
    let cause = finding
        .cause
        .as_ref()
        .filter(|cause| !finding.message.contains(&cause.says));
    paragraphs.extend(
        cause.map(|cause| format!("It may be a slip: {}.", markdown(&cause_in_words(cause)))),
    );
    paragraphs
}

/// "results.csv, line 24 (row 23), column “votes”, where it says “29408”".
fn place(at: Located<'_>) -> String {
    let mut parts = vec![
        markdown(at.source.name()),
        format!("line {}", at.region(|_| 1).line),
    ];
    parts.extend(at.row.map(|row| format!("row {row} below the heading")));
    parts.extend(
        at.column_name
            .map(|name| format!("column “{}”", markdown(name))),
    );
    let text = one_line(at.text());
    parts.push(if text.is_empty() {
        "where nothing is printed".to_owned()
    } else {
        format!("where it says “{}”", markdown(&text))
    });
    parts.join(", ")
}

/// Is what stands at a finding's place the figure that it is about, or only the
/// first of those that add up to it?
fn is_itself(finding: &Finding, printed: &str) -> bool {
    let value = |text: &str| Number::parse(text).map(|number| number.value);
    let stated = finding.stated.as_deref();
    stated.is_none_or(|stated| stated == printed || value(stated) == value(printed))
}

fn both(finding: &Finding, itself: bool) -> Option<String> {
    let (stated, expected) = (finding.stated.as_deref()?, finding.expected.as_deref()?);
    let difference = finding.difference.as_deref().map(|difference| {
        format!(
            ", a difference of {}",
            markdown(difference.trim_start_matches(['−', '-']))
        )
    });
    let (stated, expected) = (markdown(stated), markdown(expected));
    let difference = difference.unwrap_or_default();
    Some(if itself {
        format!("The figure given is {stated}; by the other figures it is {expected}{difference}.")
    } else {
        format!("The two figures are {stated} and {expected}{difference}.")
    })
}

/// The other places, a line each.
fn held_against(report: &Report, finding: &Finding) -> Option<String> {
    let places = finding.related.iter().filter_map(|related| {
        let at = locate(&report.dataset, related.at)?;
        Some(format!("- {}: {}", place(at), markdown(&related.label)))
    });
    let mut lines: Vec<String> = places.take(LISTED).collect();
    let more = finding.related.len().saturating_sub(LISTED);
    lines.extend((more > 0).then(|| format!("- and {more} more places")));
    (!lines.is_empty()).then(|| format!("It does not agree with:\n\n{}", lines.join("\n")))
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

fn closing(report: &Report, others: usize) -> String {
    let passed = report.count_rules(Outcome::Passed);
    let undecided = report.count_rules(Outcome::Unknown) + report.count_rules(Outcome::Skipped);
    let mut lines = vec![format!(
        "Checked by machine, with scrutineer {}. Of what was looked for, {} held everywhere; {} could \
         not be decided or did not apply, and were not checked.",
        env!("CARGO_PKG_VERSION"),
        counted(passed, "rule"),
        undecided,
    )];
    if others > 0 {
        lines.push(format!(
            "{} about news copy, or of little weight, {} not in this letter.",
            counted(others, "finding"),
            if others == 1 { "is" } else { "are" },
        ));
    }
    lines.extend(
        report
            .unread
            .iter()
            .map(|text| format!("Could not be read: {}.", markdown(text))),
    );
    lines.join(" ")
}
