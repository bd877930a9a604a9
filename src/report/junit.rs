//! The rules as test cases, for programs that read JUnit's XML: a rule that
//! failed has a case for each file, every other rule has one, passed or skipped
//! and why.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::fingerprint::{Told, told};
use super::neutral::{clean, one_line};
use super::summary::{by_reason, copy_line, headline, left_out, set_aside, unchecked_reasons};
use crate::model::{Outcome, Report, RuleOutcome};

/// More findings of a case are counted, not listed.
const LISTED: usize = 20;

struct Case<'a> {
    rule: &'a RuleOutcome,
    name: String,
    result: Outcome,
    message: String,
    body: String,
}

/// Writes one suite.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let told = told(report);
    let cases: Vec<Case> = report
        .rules
        .iter()
        .flat_map(|rule| cases(rule, &told))
        .collect();
    let count = |is: fn(Outcome) -> bool| cases.iter().filter(|c| is(c.result)).count().to_string();
    let failures = count(|result| result == Outcome::Failed);
    let skipped =
        count(|result| matches!(result, Outcome::Skipped | Outcome::Unknown | Outcome::Aside));
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

fn cases<'a>(rule: &'a RuleOutcome, told: &[Told<'_>]) -> Vec<Case<'a>> {
    let own: Vec<&Told> = told
        .iter()
        .filter(|t| t.finding.rule == rule.rule)
        .collect();
    if own.is_empty() {
        return vec![Case {
            rule,
            name: one_line(&rule.title),
            result: rule.outcome(),
            message: one_line(rule.reason.as_deref().unwrap_or_default()),
            body: String::new(),
        }];
    }
    let mut files: Vec<&str> = own.iter().map(|told| file(told)).collect();
    files.sort_unstable();
    files.dedup();
    let failed = files.into_iter().map(|name| {
        let own: Vec<&&Told> = own.iter().filter(|told| file(told) == name).collect();
        let mut lines: Vec<String> = own.iter().take(LISTED).map(|told| line(told)).collect();
        if own.len() > LISTED {
            lines.push(format!("… and {} more", own.len() - LISTED));
        }
        Case {
            rule,
            name: one_line(&format!("{} ({name})", rule.title)),
            result: Outcome::Failed,
            message: own
                .first()
                .map_or_else(String::new, |told| one_line(&told.finding.message)),
            body: lines.join("\n"),
        }
    });
    failed.collect()
}

fn file<'a>(told: &Told<'a>) -> &'a str {
    told.at.map_or("", |at| at.source.name())
}

fn line(told: &Told<'_>) -> String {
    let (severity, message) = (told.finding.severity.name(), &told.finding.message);
    let at = told.at.map_or_else(String::new, |at| {
        let region = at.region(|_| 1);
        format!("{}:{}:{}: ", at.source.name(), region.line, region.column)
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
    let lines = [headline(report), copy_line(report)].into_iter();
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
        let start = BytesStart::new("testcase").with_attributes([
            ("name", self.name.as_str()),
            ("classname", self.rule.rule.as_str()),
        ]);
        let inner = match self.result {
            Outcome::Passed => return xml.write_event(Event::Empty(start)),
            Outcome::Failed => BytesStart::new("failure").with_attributes([
                ("type", self.rule.severity.name()),
                ("message", self.message.as_str()),
            ]),
            Outcome::Unknown | Outcome::Skipped | Outcome::Aside => BytesStart::new("skipped")
                .with_attributes([
                    ("type", self.result.name()),
                    ("message", self.message.as_str()),
                ]),
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
