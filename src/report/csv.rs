//! The findings as a table, one a row, for spreadsheets.

use std::io::{self, Write};

use super::fingerprint::{Told, told};
use super::neutral::cell;
use super::summary::cause_in_words;
use crate::model::Report;

const HEADINGS: [&str; 20] = [
    "severity",
    "rule",
    "message",
    "file",
    "line",
    "column",
    "row",
    "column_name",
    "text",
    "contest",
    "election",
    "unit",
    "candidate",
    "metric",
    "stated",
    "expected",
    "difference",
    "cause",
    "help",
    "fingerprint",
];

/// Writes the headings and a row for each finding.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(HEADINGS)?;
    for told in told(report) {
        table.write_record(row(&told).map(|text| cell(&text)))?;
    }
    table.flush()
}

fn row(told: &Told<'_>) -> [String; HEADINGS.len()] {
    let Told { finding, at, .. } = told;
    let region = at.map(|at| at.region(|_| 1));
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let number = |number: Option<usize>| number.map(|n| n.to_string()).unwrap_or_default();
    let key = |name| text(finding.key.get(name));
    [
        finding.severity.name().to_owned(),
        finding.rule.clone(),
        finding.message.clone(),
        text(at.map(|at| at.source.name())),
        number(region.map(|r| r.line)),
        number(region.map(|r| r.column)),
        at.and_then(|at| at.row)
            .map(|r| r.to_string())
            .unwrap_or_default(),
        text(at.and_then(|at| at.column_name)),
        text(at.map(|at| at.text())),
        key("contest"),
        key("election"),
        key("unit"),
        key("candidate"),
        key("metric"),
        text(finding.stated.as_deref()),
        text(finding.expected.as_deref()),
        text(finding.difference.as_deref()),
        finding
            .cause
            .as_ref()
            .map_or_else(String::new, cause_in_words),
        text(finding.help.as_deref()),
        told.fingerprint.clone(),
    ]
}
