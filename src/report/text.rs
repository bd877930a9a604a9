//! The report for people: each finding with its snippets, then the summary.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity as Level, SourceCode,
};

use super::neutral::clean;
use super::place::{Located, locate, worst_first};
use super::snippet::{Mark, Sheet, without_double_places};
use super::summary::{self, cause_in_words};
use crate::model::{Claim, Dataset, Finding, Report, Severity, Source, SourceId, Span};

/// More findings of one rule are counted, not shown.
const SHOWN_OF_A_RULE: usize = 25;
/// More places of one finding are counted, not shown.
const SHOWN_PLACES: usize = 7;

/// How text is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Findings only, without the summary.
    pub quiet: bool,
    /// Name the rules that were skipped, however many.
    pub skipped: bool,
}

impl Style {
    /// That of a file.
    pub const FILE: Self = Self {
        color: false,
        width: 80,
        quiet: false,
        skipped: true,
    };
}

/// Why the job could not be done, and the place that is to blame.
#[derive(Debug, Default)]
pub struct Fault {
    pub message: String,
    pub help: Option<String>,
    pub at: Option<(Source, Range<usize>)>,
    /// Is it a doubt, that stops nothing?
    pub doubt: bool,
}

/// Writes findings and summary.
pub fn write(report: &Report, style: Style, out: &mut impl Write) -> io::Result<()> {
    let mut hidden: Vec<(&str, usize)> = Vec::new();
    let mut shown: Vec<&str> = Vec::new();
    for finding in worst_first(report) {
        let rule = finding.rule.as_str();
        if shown.iter().filter(|r| **r == rule).count() < SHOWN_OF_A_RULE {
            shown.push(rule);
            let told = Told::finding(report, finding, style.width);
            writeln!(out, "{}", told.render(style))?;
        } else if let Some((_, count)) = hidden.iter_mut().find(|(r, _)| *r == rule) {
            *count += 1;
        } else {
            hidden.push((rule, 1));
        }
    }
    for (rule, count) in hidden {
        writeln!(out, "… and {count} more of {rule}: see --format json\n")?;
    }
    let left_out: usize = report.left_out.values().sum();
    if left_out > 0 {
        writeln!(
            out,
            "… and {left_out} more findings that were not kept: see --max-findings\n"
        )?;
    }
    if !style.quiet {
        out.write_all(summary::summary(report, style).as_bytes())?;
    }
    Ok(())
}

/// A fault as text.
pub fn fault(fault: &Fault, style: Style) -> String {
    let mark = fault.at.as_ref().map(|(source, range)| Mark {
        at: Located {
            source,
            span: Span::new(SourceId(0), range.start, range.end),
            row: None,
            column_name: None,
        },
        label: "here".to_owned(),
    });
    let told = Told {
        code: None,
        level: if fault.doubt {
            Level::Warning
        } else {
            Level::Error
        },
        message: clean(&fault.message),
        help: fault.help.as_deref().map(clean),
        why: None,
        sheet: Sheet::new(mark.as_slice(), style.width),
    };
    told.render(style)
}

/// A finding as miette takes it.
#[derive(Debug)]
struct Told {
    code: Option<String>,
    level: Level,
    message: String,
    help: Option<String>,
    why: Option<Why>,
    sheet: Sheet,
}

impl Told {
    fn finding(report: &Report, finding: &Finding, width: usize) -> Self {
        let claim = report.claims.iter().find(|c| c.at() == finding.at);
        let why = why(finding, claim);
        let (mut marks, more) = marks(&report.dataset, finding);
        for mark in marks.iter_mut().skip(1) {
            let told = [&finding.message, &finding.label].map(|t| t.contains(&mark.label));
            if told.contains(&true) || why.contains(&mark.label) {
                mark.label = mark.at.column_name.unwrap_or_default().to_owned();
            }
        }
        let help = finding.help.iter().cloned().chain(more);
        let help: Vec<String> = help.map(|h| clean(&h)).collect();
        Self {
            code: Some(format!("{}[{}]", finding.severity.name(), finding.rule)),
            level: match finding.severity {
                Severity::Error => Level::Error,
                Severity::Warning => Level::Warning,
                Severity::Note => Level::Advice,
            },
            message: clean(&finding.message),
            help: (!help.is_empty()).then(|| help.join("\n")),
            why: Why::new(why),
            sheet: Sheet::new(&marks, width),
        }
    }

    fn render(&self, style: Style) -> String {
        let theme = if style.color {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width)
            .with_context_lines(0)
            .without_syntax_highlighting();
        let mut out = String::new();
        match handler.render_report(&mut out, self) {
            Ok(()) => without_double_places(&out),
            Err(fmt::Error) => format!("{}\n", self.message),
        }
    }
}

/// The places of a finding, its own first; and a word on those left out.
fn marks<'a>(dataset: &'a Dataset, finding: &Finding) -> (Vec<Mark<'a>>, Option<String>) {
    let own = (finding.at, &finding.label);
    let related = finding.related.iter().map(|r| (r.at, &r.label));
    let mut marks: Vec<Mark> = std::iter::once(own)
        .chain(related)
        .filter_map(|(at, label)| {
            Some(Mark {
                at: locate(dataset, at)?,
                label: label.clone(),
            })
        })
        .collect();
    let left_out = marks.len().saturating_sub(SHOWN_PLACES);
    marks.truncate(SHOWN_PLACES);
    let more = (left_out > 0).then(|| format!("{left_out} more places are not shown here"));
    (marks, more)
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Told {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.why.as_ref().map(|why| why as &dyn Error)
    }
}

impl Diagnostic for Told {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let code = self.code.as_ref()?;
        Some(Box::new(code))
    }

    fn severity(&self) -> Option<Level> {
        Some(self.level)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.sheet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.sheet.labels().iter().cloned()))
    }
}

/// What stands behind a message, line by line: the arithmetic, the cause.
#[derive(Debug)]
struct Why {
    says: String,
    next: Option<Box<Why>>,
}

impl Why {
    fn new(lines: Vec<String>) -> Option<Self> {
        lines.into_iter().rev().fold(None, |next, says| {
            Some(Self {
                says,
                next: next.map(Box::new),
            })
        })
    }
}

/// The arithmetic and the cause, where message and label do not say them.
fn why(finding: &Finding, claim: Option<&Claim>) -> Vec<String> {
    let working = claim.and_then(|c| c.working.as_deref()).map(clean);
    let lines = working
        .into_iter()
        .chain(finding.cause.as_ref().map(cause_in_words));
    lines
        .filter(|l| !finding.message.contains(l) && !finding.label.contains(l))
        .collect()
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl Error for Why {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.next.as_deref().map(|why| why as &dyn Error)
    }
}
