//! The findings as GitLab's code quality report: an array, one object each.
//! <https://docs.gitlab.com/ci/testing/code_quality/>

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::{Told, told};
use super::neutral::one_line;
use crate::model::{Report, Severity};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the array.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let issues: Vec<Issue> = told(report)
        .into_iter()
        .map(|told| issue(report, told))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

/// The widget shows no name of a rule, so that it stands in the description.
fn issue<'a>(report: &Report, told: Told<'a>) -> Issue<'a> {
    let Told {
        finding,
        fingerprint,
        at,
    } = told;
    let region = at.map(|at| at.region(|_| 1));
    Issue {
        description: one_line(&format!("{}: {}", finding.rule, finding.message)),
        check_name: &finding.rule,
        fingerprint,
        severity: match report.weight(finding) {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location {
            path: at.map_or_else(String::new, |at| at.path()),
            lines: Lines {
                begin: region.map_or(1, |r| r.line),
                end: region.map_or(1, |r| r.end_line),
            },
        },
    }
}
