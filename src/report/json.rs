//! The report for programs: one object, whose keys never change meaning.
//!
//! Its structs are the outside format and nothing else: the model may change
//! without it.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::{Told, told};
use super::place::{Located, locate};
use crate::model::{
    Aside, Because, Cause, Claim, Considered, Dataset, Key, Locus, Outcome, Place, Position,
    Report, RuleOutcome, Severity, Verdict,
};

/// The whole report.
#[derive(Serialize)]
pub struct Document<'a> {
    pub version: u32,
    pub summary: Summary,
    pub findings: Vec<FindingOut<'a>>,
    pub claims: Vec<ClaimOut<'a>>,
    pub not_claims: Vec<Remark<'a>>,
    pub rules: Vec<RuleOut<'a>>,
    pub excluded: Vec<Remark<'a>>,
    /// What was guessed, what was compared in part, and which files of folders
    /// were left alone.
    pub notes: Vec<&'a str>,
    /// Inputs that could not be read.
    pub unread: &'a [String],
    /// Findings that are not among the others and do not count.
    pub aside: Vec<AsideOut<'a>>,
    pub settings: &'a [String],
}

#[derive(Serialize)]
pub struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Findings that are counted above, and are not below.
    #[serde(skip_serializing_if = "is_zero")]
    findings_left_out: usize,
    /// Findings that are not counted above: known, waived, out of the change.
    set_aside: usize,
    rules: BTreeMap<&'static str, usize>,
    claims: BTreeMap<&'static str, usize>,
    /// Agreeing claims, counted above, that rest on a figure in doubt.
    #[serde(skip_serializing_if = "is_zero")]
    agreeing_in_doubt: usize,
    rows: usize,
    files: usize,
    /// Whether the run fails by what was found or not checked, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictOut>,
}

#[derive(Serialize)]
struct VerdictOut {
    fails: bool,
    because: Vec<String>,
    /// Rules whose findings are so few that they fail nothing.
    allowed: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Bytes count from 0, lines and columns from 1; ends are exclusive. In a sheet
/// of a workbook, lines and columns are those of its cells, and there are no
/// bytes.
#[derive(Serialize)]
struct At<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    byte_start: Option<usize>,
    byte_end: Option<usize>,
    text: &'a str,
    row: Option<u64>,
    column_name: Option<&'a str>,
}

#[derive(Serialize)]
struct RelatedOut<'a> {
    at: Option<At<'a>>,
    label: &'a str,
}

#[derive(Serialize)]
struct CauseOut<'a> {
    kind: &'a str,
    says: &'a str,
    suggestion: Option<&'a str>,
    rivals: u32,
}

#[derive(Serialize)]
pub struct FindingOut<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    at: Option<At<'a>>,
    related: Vec<RelatedOut<'a>>,
    key: &'a Key,
    stated: Option<&'a str>,
    expected: Option<&'a str>,
    difference: Option<&'a str>,
    cause: Option<CauseOut<'a>>,
    fingerprint: String,
}

/// A finding that was set aside, and why.
#[derive(Serialize)]
pub struct AsideOut<'a> {
    rule: &'a str,
    message: &'a str,
    at: Option<At<'a>>,
    key: &'a Key,
    because: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
}

#[derive(Serialize)]
pub struct ClaimOut<'a> {
    at: Option<At<'a>>,
    sentence: &'a str,
    kind: &'static str,
    metric: &'a str,
    entity: Option<&'a str>,
    contest: Option<&'a str>,
    election: Option<&'a str>,
    verdict: &'static str,
    /// It agrees with a figure that a finding says is wrong.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    in_doubt: bool,
    severity: Option<&'static str>,
    stated: &'a str,
    expected: Option<&'a str>,
    working: Option<&'a str>,
    reason: Option<&'a str>,
    readings: Vec<ReadingOut<'a>>,
}

/// A way to understand a claim.
#[derive(Serialize)]
struct ReadingOut<'a> {
    form: &'a str,
    strength: u8,
    sentence: &'a str,
    metric: &'a str,
    of: &'a [String],
    verdict: &'static str,
    because: &'a str,
    lost: Option<&'a str>,
}

#[derive(Serialize)]
pub struct Remark<'a> {
    at: Option<At<'a>>,
    why: &'a str,
}

#[derive(Serialize)]
pub struct RuleOut<'a> {
    rule: &'a str,
    title: &'a str,
    outcome: &'static str,
    passed: u64,
    failed: u64,
    aside: u64,
    unknown: u64,
    reason: Option<&'a str>,
}

/// Writes the object and a line end.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report))?;
    out.write_all(b"\n")
}

/// The report in its outside form.
pub fn document(report: &Report) -> Document<'_> {
    let dataset = &report.dataset;
    let remark = |span, why| Remark {
        at: at(dataset, Locus::Span(span)),
        why,
    };
    let mut claims: Vec<&Claim> = report.claims.iter().collect();
    claims.sort_by_key(|c| c.span);
    let doubts = report.cells_in_doubt();
    Document {
        version: 1,
        summary: summary(report),
        findings: told(report)
            .into_iter()
            .map(|told| finding(dataset, told))
            .collect(),
        claims: claims
            .into_iter()
            .map(|c| claim(dataset, c, &doubts))
            .collect(),
        not_claims: report
            .not_claims
            .iter()
            .map(|n| remark(n.span, &n.why))
            .collect(),
        rules: report.rules.iter().map(rule).collect(),
        excluded: dataset
            .excluded
            .iter()
            .map(|e| remark(e.span, &e.why))
            .collect(),
        notes: notes(report),
        unread: &report.unread,
        aside: report.aside.iter().map(|a| aside(dataset, a)).collect(),
        settings: &report.settings,
    }
}

/// What was guessed, what was compared in part, and what was left alone.
fn notes(report: &Report) -> Vec<&str> {
    let partly = &report.differences.partly;
    let notes = report.dataset.notes.iter().chain(partly);
    let notes = notes.chain(&report.dataset.left_alone);
    notes.map(String::as_str).collect()
}

fn summary(report: &Report) -> Summary {
    let outcomes = [
        Outcome::Passed,
        Outcome::Failed,
        Outcome::Unknown,
        Outcome::Skipped,
        Outcome::Aside,
    ];
    let verdicts = [Verdict::Agrees, Verdict::Contradicts, Verdict::Unchecked];
    let mut claims: BTreeMap<_, _> = verdicts
        .map(|v| (v.name(), report.count_claims(v)))
        .into_iter()
        .collect();
    claims.insert("not_claims", report.not_claims.len());
    Summary {
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        notes: report.count(Severity::Note),
        findings_left_out: report.left_out.values().sum(),
        set_aside: report.aside.len(),
        rules: outcomes
            .map(|o| (o.name(), report.count_rules(o)))
            .into_iter()
            .collect(),
        claims,
        rows: report.dataset.rows(),
        files: report.dataset.files(),
        agreeing_in_doubt: report.count_agreeing_in_doubt(),
        verdict: report.judged.as_ref().map(|judged| VerdictOut {
            fails: judged.fails(),
            because: judged
                .found
                .iter()
                .chain(&judged.unchecked)
                .cloned()
                .collect(),
            allowed: judged.allowed.clone(),
        }),
    }
}

fn at(dataset: &Dataset, locus: Locus) -> Option<At<'_>> {
    let located = locate(dataset, locus)?;
    let Located { source, span, .. } = located;
    let (start, end) = match ends_in_sheet(&located) {
        Some(ends) => ends,
        None => (source.position(span.start), source.position(span.end)),
    };
    let in_text = source.is_the_file();
    Some(At {
        file: source.file(),
        sheet: source.sheet(),
        cell: source
            .sheet()
            .and_then(|_| located.cell())
            .map(|cell| cell.to_string()),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_start: in_text.then(|| source.file_byte(span.start)),
        byte_end: in_text.then(|| source.file_byte(span.end)),
        text: source.slice(span),
        row: located.row,
        column_name: located.column_name,
    })
}

fn ends_in_sheet(located: &Located<'_>) -> Option<(Position, Position)> {
    let last = located.span.end.saturating_sub(1).max(located.span.start);
    let (first, last) = (located.cell()?, located.source.address(last)?);
    let position = |row: u32, column: u32| Position {
        line: row as usize + 1,
        column: column as usize + 1,
    };
    let end = position(last.row, last.column.saturating_add(1));
    Some((position(first.row, first.column), end))
}

fn finding<'a>(dataset: &'a Dataset, told: Told<'a>) -> FindingOut<'a> {
    let Told {
        finding,
        fingerprint,
        ..
    } = told;
    let related = finding.related.iter().map(|related| RelatedOut {
        at: at(dataset, related.at),
        label: &related.label,
    });
    FindingOut {
        rule: &finding.rule,
        severity: finding.severity.name(),
        message: &finding.message,
        help: finding.help.as_deref(),
        at: at(dataset, finding.at),
        related: related.collect(),
        key: &finding.key,
        stated: finding.stated.as_deref(),
        expected: finding.expected.as_deref(),
        difference: finding.difference.as_deref(),
        cause: finding.cause.as_ref().map(cause),
        fingerprint,
    }
}

fn aside<'a>(dataset: &'a Dataset, aside: &'a Aside) -> AsideOut<'a> {
    let finding = &aside.finding;
    let (reason, link) = match &aside.because {
        Because::Known | Because::Untouched => (None, None),
        Because::Waived { reason, link } => (Some(reason.as_str()), link.as_deref()),
    };
    AsideOut {
        rule: &finding.rule,
        message: &finding.message,
        at: at(dataset, finding.at),
        key: &finding.key,
        because: aside.because.name(),
        reason,
        link,
    }
}

fn cause(cause: &Cause) -> CauseOut<'_> {
    CauseOut {
        kind: cause.kind,
        says: &cause.says,
        suggestion: cause.suggestion.as_deref(),
        rivals: cause.rivals,
    }
}

fn claim<'a>(dataset: &'a Dataset, claim: &'a Claim, doubts: &HashSet<Place>) -> ClaimOut<'a> {
    let sentence = locate(dataset, Locus::Span(claim.sentence));
    ClaimOut {
        at: at(dataset, claim.at()),
        sentence: sentence.map_or("", |at| at.source.slice(at.span)),
        kind: claim.kind.name(),
        metric: claim.metric,
        entity: claim.entity.as_deref(),
        contest: claim.contest.as_deref(),
        election: claim.election.as_deref(),
        verdict: claim.verdict.name(),
        in_doubt: claim.agrees_with_any(doubts),
        severity: claim.severity.map(Severity::name),
        stated: &claim.stated,
        expected: claim.expected.as_deref(),
        working: claim.working.as_deref(),
        reason: claim.reason.as_deref(),
        readings: claim.readings.iter().map(reading).collect(),
    }
}

fn reading(reading: &Considered) -> ReadingOut<'_> {
    ReadingOut {
        form: &reading.form,
        strength: reading.strength,
        sentence: &reading.sentence,
        metric: reading.metric,
        of: &reading.of,
        verdict: reading.verdict.name(),
        because: &reading.because,
        lost: reading.lost.as_deref(),
    }
}

fn rule(rule: &RuleOutcome) -> RuleOut<'_> {
    RuleOut {
        rule: &rule.rule,
        title: &rule.title,
        outcome: rule.outcome().name(),
        passed: rule.passed,
        failed: rule.failed,
        aside: rule.aside,
        unknown: rule.unknown,
        reason: rule.reason.as_deref(),
    }
}
