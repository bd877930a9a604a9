//! A report in, bytes out: one file a format, each with its own view of the
//! report.

mod changes;
mod csv;
mod fingerprint;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod letter;
mod markdown;
mod neutral;
mod parquet;
mod pivot;
mod place;
mod rdjson;
mod sarif;
mod snippet;
mod summary;
mod text;

#[cfg(test)]
mod formats;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub use neutral::clean as shown;
pub use summary::counted;
pub use text::{Fault, Style};

use crate::model::{REPORT_OF, Report};

/// What is written.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    clap::ValueEnum,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one object.
    Json,
    /// For programs: one object a line.
    Jsonl,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For GitHub Actions: annotations, and the summary of the step.
    Github,
    /// For CI: each rule as a test case (XML).
    Junit,
    /// For GitLab: code quality.
    Gitlab,
    /// For reviewdog.
    Rdjson,
    /// For spreadsheets: a finding a row.
    Csv,
    /// For programs that hold tables: a finding a row, in a file only.
    Parquet,
    /// For comments and notes.
    Markdown,
    /// For people: a page that holds everything.
    Html,
    /// For whoever publishes the data: sentences to send (Markdown).
    Letter,
    /// For those who correct files: votes minus the reference, unit by candidate.
    Pivot,
    /// The same as delimited text.
    PivotCsv,
}

/// Writes a report. The style is for people's formats only.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(
    report: &Report,
    format: Format,
    style: Style,
    out: &mut impl Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Jsonl => jsonl::write(report, out),
        Format::Sarif => sarif::write(report, sarif::GITHUB, out),
        Format::Github => github::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Rdjson => rdjson::write(report, out),
        Format::Csv => csv::write(report, out),
        Format::Parquet => parquet::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Html => html::write(report, out),
        Format::Letter => letter::write(report, out),
        Format::Pivot => pivot::write_markdown(report, out),
        Format::PivotCsv => pivot::write_csv(report, out),
    }
}

/// Writes a report into a file. One for people says first what it is, so that a
/// later run over its folder does not take it for copy.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_file(report: &Report, format: Format, out: &mut impl Write) -> io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    match format {
        Format::Text => writeln!(out, "{REPORT_OF}{version}\n")?,
        Format::Markdown => writeln!(out, "<!-- {REPORT_OF}{version} -->\n")?,
        Format::Json
        | Format::Jsonl
        | Format::Sarif
        | Format::Github
        | Format::Junit
        | Format::Gitlab
        | Format::Rdjson
        | Format::Csv
        | Format::Parquet
        | Format::Html
        | Format::Letter
        | Format::Pivot
        | Format::PivotCsv => {}
    }
    write(report, format, Style::FILE, out)
}

/// Writes what changed between two versions of a dataset.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_changes(
    report: &Report,
    outcomes: [&changes::Outcomes; 2],
    out: &mut impl Write,
) -> io::Result<()> {
    changes::write(report, outcomes, out)
}

/// Writes why the job could not be done.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_fault(fault: &Fault, style: Style, out: &mut impl Write) -> io::Result<()> {
    out.write_all(text::fault(fault, style).as_bytes())
}
