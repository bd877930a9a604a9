//! The findings as workflow commands of GitHub, which shows them beside the
//! lines. It shows ten of a kind for each step: the worst are named, the others
//! counted.

use std::io::{self, Write};

use super::fingerprint::{Told, told};
use super::neutral::clean;
use super::summary::{counted, headline};
use crate::model::{Report, Severity};

/// What GitHub takes of a kind in one step.
const SHOWN: usize = 10;

/// Writes a command a line, and what was found in all for the log.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let told = told(report);
    let of = |severity| told.iter().filter(move |t| t.finding.severity == severity);
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
            writeln!(out, "{}", command(told))?;
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
    writeln!(out, "scrutineer: {}", headline(report))
}

fn command(told: &Told<'_>) -> String {
    let finding = told.finding;
    let name = match finding.severity {
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
    let cause = finding.cause.iter().map(|cause| &cause.says);
    let says = std::iter::once(&finding.message)
        .chain(cause.filter(|says| !finding.message.contains(*says)))
        .chain(&finding.help);
    let says: Vec<String> = says.map(|line| clean(line)).collect();
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
