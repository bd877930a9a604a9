//! The findings as workflow commands of GitHub, which shows them beside the
//! lines. It shows ten of a kind for each step: the worst are named, the others
//! counted.

use std::io::{self, Write};

use super::fingerprint::{Told, told};
use super::neutral::{clean, one_line};
use super::summary::{cause_in_words, counted, headline, verdict};
use crate::model::{Report, Severity};

/// What GitHub takes of a kind in one step.
const SHOWN: usize = 10;

/// Writes a command a line, and what was found in all for the log.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let told = told(report);
    let of = |severity| {
        let told = told.iter();
        told.filter(move |t| report.weight(t.finding) == severity)
    };
    let kinds = [Severity::Error, Severity::Warning, Severity::Note];
    let over = kinds.iter().any(|&kind| of(kind).count() > SHOWN);
    let mut left_out = Vec::new();
    for kind in kinds {
        // What counts the others is a notice itself.
        let room = if over && kind == Severity::Note {
            SHOWN - 1
        } else {
            SHOWN
        };
        for told in of(kind).take(room) {
            writeln!(out, "{}", command(told, kind))?;
        }
        let more = of(kind).count().saturating_sub(room);
        left_out.extend((more > 0).then(|| counted(more, kind.name())));
    }
    if !left_out.is_empty() {
        let more = left_out.join(", ");
        writeln!(
            out,
            "::notice title=scrutineer::{more} more: GitHub shows {SHOWN} of a kind; the summary of \
             the step has a longer list"
        )?;
    }
    let unchecked = report.judged.as_ref().and_then(|j| j.unchecked.as_ref());
    if let Some(unchecked) = unchecked {
        writeln!(out, "::error title=scrutineer::{}", data(&clean(unchecked)))?;
    }
    let verdict = verdict(report).map(|(what, why)| format!("; {what}: {why}"));
    let headline = headline(report) + &verdict.unwrap_or_default();
    writeln!(out, "scrutineer: {}", one_line(&headline))
}

fn command(told: &Told<'_>, kind: Severity) -> String {
    let finding = told.finding;
    let name = match kind {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = vec![format!(
        "title={}",
        property(&format!("scrutineer ({})", finding.rule))
    )];
    if let Some(at) = told.at {
        let region = at.region(|_| 1);
        properties.push(format!("file={}", property(&at.path())));
        properties.push(format!("line={}", region.line));
        properties.push(format!("endLine={}", region.end_line));
        // Columns over several lines make GitHub drop the annotation.
        if region.line == region.end_line {
            properties.push(format!("col={}", region.column));
            properties.push(format!("endColumn={}", region.end_column));
        }
    }
    let cause = finding.cause.iter();
    let cause = cause.filter(|cause| !finding.message.contains(&cause.says));
    let says = std::iter::once(finding.message.clone())
        .chain(cause.map(cause_in_words))
        .chain(finding.help.clone());
    let says: Vec<String> = says.map(|line| clean(&line)).collect();
    format!(
        "::{name} {}::{}",
        properties.join(","),
        data(&says.join("\n"))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&clean(text)).replace(':', "%3A").replace(',', "%2C")
}
