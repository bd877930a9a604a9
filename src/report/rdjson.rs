//! The findings in the diagnostic format of reviewdog. Columns are bytes of
//! UTF-8. <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>
//!
//! No suggestions are given: reviewdog makes of each a change that one click
//! accepts, and which of two figures is right is for a person to find out.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::{Told, told};
use super::neutral::clean;
use super::place::{Located, locate};
use crate::model::{Report, Severity};

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    severity: &'static str,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct RelatedLocation {
    message: String,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

/// Writes one object.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let document = Document {
        source: Source { name: "scrutineer" },
        severity: report.worst().map_or("UNKNOWN_SEVERITY", severity),
        diagnostics: told(report)
            .iter()
            .filter_map(|told| diagnostic(report, told))
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn diagnostic<'a>(report: &Report, told: &Told<'a>) -> Option<Diagnostic<'a>> {
    let finding = told.finding;
    let help = finding.help.iter().map(|help| format!("\n{help}"));
    let related = finding.related.iter().filter_map(|related| {
        Some(RelatedLocation {
            message: clean(&related.label),
            location: location(locate(&report.dataset, related.at)?),
        })
    });
    Some(Diagnostic {
        message: clean(&format!("{}{}", finding.message, help.collect::<String>())),
        location: location(told.at?),
        severity: severity(report.weight(finding)),
        code: Code {
            value: &finding.rule,
        },
        related_locations: related.collect(),
    })
}

fn location(at: Located<'_>) -> Location {
    let region = at.region(char::len_utf8);
    Location {
        path: at.path(),
        range: Range {
            start: Position {
                line: region.line,
                column: region.column,
            },
            end: Position {
                line: region.end_line,
                column: region.end_column,
            },
        },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    }
}
