//! The report as a page of Markdown: a comment on a change, the summary of a
//! step. Comments end at 65,536 characters on GitHub: the worst findings that
//! fit are listed, the others counted.

use std::io::{self, Write};

use super::fingerprint::{Told, told};
use super::neutral::markdown;
use super::summary::{
    by_reason, cause_in_words, copy_line, counted, headline, in_part, left_out, rules_line,
    set_aside, unchecked_reasons, verdict,
};
use crate::model::{Outcome, Report};

/// Room for findings, in bytes: what comes after them fits as well.
const ROOM: usize = 45_000;
/// More reasons of a kind are counted.
const LISTED: usize = 20;

/// Writes verdict, findings, and what was checked.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# {}\n", markdown(&headline(report)))?;
    findings(&told(report), out)?;
    writeln!(out, "## What was checked\n")?;
    let mut items = Vec::new();
    let mut add = |about: &str, texts: Vec<String>| {
        let more = texts.len().saturating_sub(LISTED);
        let shown = texts.iter().take(LISTED).filter(|text| !text.is_empty());
        items.extend(shown.map(|text| format!("- {about}: {}", markdown(text))));
        items.extend((more > 0).then(|| format!("- {about}: and {more} more")));
    };
    add("verdict", verdict_in_words(report));
    add("could not be read", report.unread.clone());
    add("copy", vec![copy_line(report)]);
    add("unchecked", unchecked_reasons(report));
    add("rules", vec![rules_line(report)]);
    add("unknown", by_reason(report, Outcome::Unknown));
    add("in part", in_part(report, true));
    add("skipped", by_reason(report, Outcome::Skipped));
    add("left out", left_out(report));
    add("guessed", report.dataset.notes.clone());
    add("compared", report.differences.partly.clone());
    add("set aside", set_aside(report));
    add("settings", report.settings.clone());
    writeln!(out, "{}", items.join("\n"))
}

/// "fails: strict, and not all was checked".
fn verdict_in_words(report: &Report) -> Vec<String> {
    let verdict = verdict(report);
    let words = verdict.map(|(what, why)| format!("{what}: {why}"));
    words.into_iter().collect()
}

fn findings(told: &[Told<'_>], out: &mut impl Write) -> io::Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    writeln!(out, "| | What | Stated | By the tables | Where | Rule |")?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- |")?;
    let mut room = ROOM;
    let rows = told.iter().map(row);
    let rows: Vec<String> = rows
        .take_while(|row| {
            let fits = row.len() <= room;
            room = room.saturating_sub(row.len());
            fits
        })
        .collect();
    writeln!(out, "{}\n", rows.join("\n"))?;
    match told.len() - rows.len() {
        0 => Ok(()),
        more => writeln!(out, "{} not listed here.\n", counted(more, "more finding")),
    }
}

fn row(told: &Told<'_>) -> String {
    let finding = told.finding;
    let text = |text: &Option<String>| text.as_deref().map(markdown).unwrap_or_default();
    let cause = finding.cause.as_ref();
    let cause = cause.filter(|cause| !finding.message.contains(&cause.says));
    let cause = cause.map(|cause| format!(" It may be: {}.", cause_in_words(cause)));
    let what = finding.message.clone() + &cause.unwrap_or_default();
    let at = told.at.map_or_else(String::new, |at| {
        format!("{}:{}", at.path(), at.region(|_| 1).line)
    });
    format!(
        "| {} | {} | {} | {} | {} | {} |",
        finding.severity.name(),
        markdown(&what),
        text(&finding.stated),
        text(&finding.expected),
        markdown(&at),
        markdown(&finding.rule),
    )
}
