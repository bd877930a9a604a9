//! The rules as test cases, for programs that read JUnit's XML: a rule that
//! failed has a case for each file, every other rule has one, passed or skipped
//! and why.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::fingerprint::{Told, told};
use super::neutral::{clean, one_line};
use super::summary::{
    by_reason, copy_line, headline, left_out, set_aside, unchecked_reasons, verdict,
};
use crate::model::{Outcome, Report, RuleOutcome, Severity};

/// More findings of a case are counted, not listed.
const LISTED: usize = 20;

/// What a case comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Result {
    Of(Outcome),
    /// What was found fails nothing.
    Allowed,
}

impl Result {
    fn of(report: &Report, own: &[&&Told<'_>]) -> Self {
        if own.iter().any(|told| report.fails_by(told.finding)) {
            Self::Of(Outcome::Failed)
        } else {
            Self::Allowed
        }
    }
}

struct Case<'a> {
    rule: &'a str,
    severity: Severity,
    name: String,
    result: Result,
    message: String,
    body: String,
}

/// Writes one suite.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let told = told(report);
    let cases: Vec<Case> = report
        .rules
        .iter()
        .flat_map(|rule| cases(report, rule, &told))
        .chain(unchecked(report))
        .collect();
    let count = |is: fn(Result) -> bool| cases.iter().filter(|c| is(c.result)).count().to_string();
    let failures = count(|result| result == Result::Of(Outcome::Failed));
    let skipped = count(|result| match result {
        Result::Of(Outcome::Skipped | Outcome::Unknown | Outcome::Aside) | Result::Allowed => true,
        Result::Of(Outcome::Passed | Outcome::Failed) => false,
    });
    let tests = cases.len().to_string();
    let counts = [
        ("tests", tests.as_str()),
        ("failures", &failures),
        ("errors", "0"),
    ];
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = BytesStart::new("testsuites").with_attributes([("name", "scrutineer")]);
    xml.write_event(Event::Start(suites.with_attributes(counts)))?;
    let suite = BytesStart::new("testsuite").with_attributes([("name", "rules")]);
    let suite = suite
        .with_attributes(counts)
        .with_attributes([("skipped", skipped.as_str())]);
    xml.write_event(Event::Start(suite))?;
    for case in &cases {
        case.write(&mut xml)?;
    }
    element(&mut xml, BytesStart::new("system-out"), &said(report))?;
    xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    out.write_all(b"\n")
}

/// The cases of a rule. What fails nothing (allowed, or below the bar) is no
/// failure.
fn cases<'a>(report: &Report, rule: &'a RuleOutcome, told: &[Told<'_>]) -> Vec<Case<'a>> {
    let own: Vec<&Told> = told
        .iter()
        .filter(|t| t.finding.rule == rule.rule)
        .collect();
    if own.is_empty() {
        return vec![Case {
            rule: &rule.rule,
            severity: rule.severity,
            name: one_line(&rule.title),
            result: Result::Of(rule.outcome()),
            message: one_line(rule.reason.as_deref().unwrap_or_default()),
            body: String::new(),
        }];
    }
    let mut files: Vec<String> = own.iter().map(|told| file(told)).collect();
    files.sort_unstable();
    files.dedup();
    let failed = files.into_iter().map(|name| {
        let own: Vec<&&Told> = own.iter().filter(|told| file(told) == name).collect();
        let mut lines: Vec<String> = own.iter().take(LISTED).map(|told| line(told)).collect();
        if own.len() > LISTED {
            lines.push(format!("… and {} more", own.len() - LISTED));
        }
        Case {
            rule: &rule.rule,
            severity: rule.severity,
            name: one_line(&format!("{} ({name})", rule.title)),
            result: Result::of(report, &own),
            message: own
                .first()
                .map_or_else(String::new, |told| one_line(&told.finding.message)),
            body: lines.join("\n"),
        }
    });
    failed.collect()
}

/// That not all was checked, where that fails.
fn unchecked(report: &Report) -> Option<Case<'_>> {
    let why = report.judged.as_ref()?.unchecked.as_ref()?;
    Some(Case {
        rule: "all-is-checked",
        severity: Severity::Error,
        name: "Nothing that is asked is left unchecked".to_owned(),
        result: Result::Of(Outcome::Failed),
        message: one_line(why),
        body: String::new(),
    })
}

fn file(told: &Told<'_>) -> String {
    told.at.map_or_else(String::new, |at| at.path())
}

fn line(told: &Told<'_>) -> String {
    let (severity, message) = (told.finding.severity.name(), &told.finding.message);
    let at = told.at.map_or_else(String::new, |at| {
        let region = at.region(|_| 1);
        format!("{}:{}:{}: ", at.path(), region.line, region.column)
    });
    one_line(&format!("{at}{severity}: {message}"))
}

/// What no case shows.
fn said(report: &Report) -> String {
    let unread = report
        .unread
        .iter()
        .map(|text| format!("could not be read: {text}"));
    let unchecked = unchecked_reasons(report)
        .into_iter()
        .map(|r| format!("unchecked: {r}"));
    let unknown = by_reason(report, Outcome::Unknown)
        .into_iter()
        .map(|r| format!("unknown: {r}"));
    let excluded = left_out(report)
        .into_iter()
        .map(|r| format!("left out: {r}"));
    let notes = report
        .dataset
        .notes
        .iter()
        .map(|note| format!("guessed: {note}"));
    let partly = report.differences.partly.iter();
    let partly = partly.map(|text| format!("compared: {text}"));
    let verdict = verdict(report).map(|(what, why)| format!("{what}: {why}"));
    let lines = [
        headline(report),
        verdict.unwrap_or_default(),
        copy_line(report),
    ];
    let lines = lines.into_iter();
    let aside = set_aside(report)
        .into_iter()
        .map(|text| format!("set aside: {text}"));
    let settings = report
        .settings
        .iter()
        .map(|text| format!("settings: {text}"));
    let lines = lines
        .chain(unread)
        .chain(unchecked)
        .chain(unknown)
        .chain(excluded)
        .chain(notes)
        .chain(partly)
        .chain(aside)
        .chain(settings);
    let lines: Vec<String> = lines
        .filter(|l| !l.is_empty())
        .map(|l| one_line(&l))
        .collect();
    lines.join("\n")
}

impl Case<'_> {
    fn write(&self, xml: &mut Writer<impl Write>) -> io::Result<()> {
        let start = BytesStart::new("testcase")
            .with_attributes([("name", self.name.as_str()), ("classname", self.rule)]);
        let skipped = |kind: &str| {
            let start = BytesStart::new("skipped");
            start.with_attributes([("type", kind), ("message", self.message.as_str())])
        };
        let inner = match self.result {
            Result::Of(Outcome::Passed) => return xml.write_event(Event::Empty(start)),
            Result::Of(Outcome::Failed) => BytesStart::new("failure").with_attributes([
                ("type", self.severity.name()),
                ("message", self.message.as_str()),
            ]),
            Result::Of(other @ (Outcome::Unknown | Outcome::Skipped | Outcome::Aside)) => {
                skipped(other.name())
            }
            Result::Allowed => skipped("allowed"),
        };
        xml.write_event(Event::Start(start))?;
        element(xml, inner, &self.body)?;
        xml.write_event(Event::End(BytesEnd::new("testcase")))
    }
}

fn element(xml: &mut Writer<impl Write>, start: BytesStart<'_>, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return xml.write_event(Event::Empty(start));
    }
    let end = start.to_end().into_owned();
    xml.write_event(Event::Start(start))?;
    xml.write_event(Event::Text(BytesText::new(&clean(text))))?;
    xml.write_event(Event::End(end))
}
