//! A report in, bytes out: one file a format, each with its own view of the
//! report.

mod json;
mod place;
mod snippet;
mod summary;
mod text;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub use text::{Fault, Style, clean};

use crate::model::Report;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one object.
    Json,
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
    }
}

/// Writes why the job could not be done.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_fault(fault: &Fault, style: Style, out: &mut impl Write) -> io::Result<()> {
    out.write_all(text::fault(fault, style).as_bytes())
}
