//! The report for programs that read line by line: the objects of the JSON
//! report, each in a line that says what it is. The summary comes last, so that
//! a file without one was cut off.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{AsideOut, ClaimOut, Document, FindingOut, Remark, RuleOut, Summary, document};
use crate::model::Report;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'a> {
    Report { version: u32 },
    Finding(FindingOut<'a>),
    Claim(ClaimOut<'a>),
    NotClaim(Remark<'a>),
    Rule(RuleOut<'a>),
    Excluded(Remark<'a>),
    Note { text: &'a str },
    Unread { text: &'a str },
    Aside(AsideOut<'a>),
    Setting { text: &'a str },
    Summary(Summary),
}

/// Writes one object a line.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for line in lines(document(report)) {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn lines(document: Document<'_>) -> impl Iterator<Item = Line<'_>> {
    let first = Line::Report {
        version: document.version,
    };
    let notes = document.notes.into_iter().map(|text| Line::Note { text });
    let unread = document.unread.iter().map(|text| Line::Unread { text });
    let settings = document.settings.iter();
    let settings = settings.map(|text| Line::Setting { text });
    std::iter::once(first)
        .chain(document.findings.into_iter().map(Line::Finding))
        .chain(document.claims.into_iter().map(Line::Claim))
        .chain(document.not_claims.into_iter().map(Line::NotClaim))
        .chain(document.rules.into_iter().map(Line::Rule))
        .chain(document.excluded.into_iter().map(Line::Excluded))
        .chain(notes)
        .chain(unread)
        .chain(document.aside.into_iter().map(Line::Aside))
        .chain(settings)
        .chain(std::iter::once(Line::Summary(document.summary)))
}
