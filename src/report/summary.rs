//! A report in, its last lines out: what was checked, and what was not.

use super::neutral::{clean, one_line};
use super::text::Style;
use crate::model::{Because, Cause, Outcome, Report, RuleOutcome, Severity, Verdict};

/// More reasons or rules of one kind are counted, not listed.
const LISTED: usize = 8;

/// The summary: two lines where all is well.
pub fn summary(report: &Report, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
    };
    page.heading(&headline(report));
    if let Some((about, why)) = verdict(report) {
        page.row(about, &why);
    }
    page.row("copy", &copy_line(report));
    let well = report.findings.is_empty();
    page.list("unchecked", &unchecked_reasons(report));
    page.row("rules", &rules_line(report));
    if !well {
        page.list("failed", &failed(report));
    }
    page.list("unknown", &by_reason(report, Outcome::Unknown));
    page.list("in part", &in_part(report, style.skipped));
    if well {
        page.list("left out", &report.dataset.left_alone);
    } else {
        page.row("skipped", &skipped(report, style));
        page.row("not asked", &not_asked(report));
        page.list("left out", &left_out(report));
    }
    page.list("guessed", &report.dataset.notes);
    page.list("compared", &report.differences.partly);
    page.list("set aside", &set_aside(report));
    page.list("settings", &report.settings);
    page.list("unread", &report.unread);
    page.text
}

/// Lines wrapped to the page, with a margin for what they are about.
struct Page {
    text: String,
    style: Style,
}

impl Page {
    fn heading(&mut self, text: &str) {
        let wrapped = textwrap::fill(&one_line(text), self.style.width);
        let (bold, plain) = if self.style.color {
            ("\u{1b}[1m", "\u{1b}[0m")
        } else {
            ("", "")
        };
        self.text.extend([bold, &wrapped, plain, "\n"]);
    }

    fn row(&mut self, about: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let first = format!("  {about:<10}");
        let options = textwrap::Options::new(self.style.width)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .initial_indent(&first)
            .subsequent_indent("            ");
        self.text
            .push_str(&textwrap::fill(&one_line(text), options));
        self.text.push('\n');
    }

    fn list(&mut self, about: &str, items: &[String]) {
        for (i, item) in items.iter().take(LISTED).enumerate() {
            self.row(if i == 0 { about } else { "" }, item);
        }
        if items.len() > LISTED {
            self.row("", &format!("… and {} more", items.len() - LISTED));
        }
    }
}

pub fn headline(report: &Report) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (report.count(severity), severity.name()))
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| counted(count, name))
        .collect::<Vec<_>>();
    let checked = report.rules.iter().any(|r| r.outcome() == Outcome::Passed)
        || report.count_claims(Verdict::Agrees) > 0;
    let found = if !counts.is_empty() {
        counts.join(", ")
    } else if !report.aside.is_empty() {
        "Nothing new found".to_owned()
    } else if report.differences.hindrance.is_some() {
        "Nothing was compared".to_owned()
    } else if checked {
        "No mistake found".to_owned()
    } else {
        "Nothing could be checked".to_owned()
    };
    let files = counted(report.dataset.files(), "file");
    let rows = counted(report.dataset.rows(), "row");
    let aside = tally(report.aside.iter().map(|aside| aside.because.name()));
    let aside = if aside.is_empty() {
        String::new()
    } else {
        format!("; set aside: {}", aside.join(", ").replace(" × ", " "))
    };
    format!("{found} in {files} ({rows}){aside}")
}

/// Whether a run fails, and why, where what was found does not show it.
pub fn verdict(report: &Report) -> Option<(&'static str, String)> {
    let judged = report.judged.as_ref()?;
    let failing = report.findings.iter().filter(|f| report.fails_by(f));
    let shown = failing.map(|f| f.severity).max() == Some(Severity::Error);
    let passing = report.findings.iter().any(|f| f.severity >= judged.bar);
    match (&judged.found, &judged.unchecked) {
        (found, Some(unchecked)) => {
            let parts = found.iter().chain([unchecked]).map(String::as_str);
            Some(("fails", parts.collect::<Vec<_>>().join("; ")))
        }
        (Some(found), None) if !shown => Some(("fails", found.clone())),
        (None, None) if passing => Some(("passes", "so many findings are allowed".to_owned())),
        _ => None,
    }
}

/// A cause, and how sure it is.
pub fn cause_in_words(cause: &Cause) -> String {
    let says = clean(&cause.says);
    match cause.rivals {
        0 => says,
        1 => format!("{says} (or another cause that fits)"),
        rivals => format!("{says} (or one of {rivals} other causes that fit)"),
    }
}

pub fn copy_line(report: &Report) -> String {
    if report.claims.is_empty() && report.not_claims.is_empty() {
        return String::new();
    }
    let [agree, contradict, unchecked] =
        [Verdict::Agrees, Verdict::Contradicts, Verdict::Unchecked].map(|v| report.count_claims(v));
    let doubtful = match report.count_agreeing_in_doubt() {
        0 => String::new(),
        count => format!(" ({count} with a figure in doubt)"),
    };
    format!(
        "{}: {agree} agree{doubtful}, {contradict} contradict, {unchecked} unchecked; \
         numbers that claim nothing: {}",
        counted(report.claims.len(), "claim"),
        report.not_claims.len(),
    )
}

pub fn rules_line(report: &Report) -> String {
    let always = [
        Outcome::Passed,
        Outcome::Failed,
        Outcome::Unknown,
        Outcome::Skipped,
    ];
    let aside = (report.count_rules(Outcome::Aside) > 0).then_some(Outcome::Aside);
    let outcomes = always.into_iter().chain(aside);
    let name = |outcome: Outcome| match outcome {
        Outcome::Aside => "set aside",
        outcome => outcome.name(),
    };
    let counts = outcomes.map(|o| format!("{} {}", report.count_rules(o), name(o)));
    counts.collect::<Vec<_>>().join(", ")
}

/// What was set aside, by rule and why.
pub fn set_aside(report: &Report) -> Vec<String> {
    let aside = report.aside.iter();
    let texts = aside.map(|a| match &a.because {
        Because::Known | Because::Untouched => {
            format!("{}: {}", a.because.name(), a.finding.rule)
        }
        Because::Waived { reason, link } => {
            let link = link.iter().map(|link| format!(" <{link}>"));
            let link: String = link.collect();
            format!("waived: {}: {reason}{link}", a.finding.rule)
        }
    });
    let texts: Vec<String> = texts.collect();
    tally(texts.iter().map(String::as_str))
}

pub fn unchecked_reasons(report: &Report) -> Vec<String> {
    let unchecked = report
        .claims
        .iter()
        .filter(|c| c.verdict == Verdict::Unchecked);
    tally(unchecked.map(|c| c.reason.as_deref().unwrap_or("no reason given")))
}

/// Rows that were left out of sums, and files that were left alone.
pub fn left_out(report: &Report) -> Vec<String> {
    let mut rows = tally(report.dataset.excluded.iter().map(|e| e.why.as_str()));
    rows.extend_from_slice(&report.dataset.left_alone);
    rows
}

/// Each text once, with how often it stands there; the most frequent first.
fn tally<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for text in texts {
        match counts.iter_mut().find(|(seen, _)| *seen == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
        .into_iter()
        .map(|(text, count)| format!("{count} × {text}"))
        .collect()
}

pub fn failed(report: &Report) -> Vec<String> {
    let failed = of(report, Outcome::Failed);
    failed
        .map(|r| {
            let all = r.passed + r.failed + r.aside + r.unknown;
            format!("{} ({} of {all})", r.rule, r.failed)
        })
        .collect()
}

/// Rules of one outcome, those with the same reason in one line.
pub fn by_reason(report: &Report, outcome: Outcome) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for rule in of(report, outcome) {
        let reason = rule.reason.as_deref().unwrap_or("");
        match groups.iter_mut().find(|(seen, _)| *seen == reason) {
            Some((_, rules)) => rules.push(&rule.rule),
            None => groups.push((reason, vec![&rule.rule])),
        }
    }
    groups
        .into_iter()
        .map(|(reason, rules)| match reason {
            "" => rules.join(", "),
            reason => format!("{}: {reason}", rules.join(", ")),
        })
        .collect()
}

/// The rules that left cases open beside those that they decided: those that left
/// most open, or all of them.
pub fn in_part(report: &Report, all: bool) -> Vec<String> {
    let decided = |rule: &&RuleOutcome| rule.passed + rule.failed + rule.aside > 0;
    let open = report
        .rules
        .iter()
        .filter(decided)
        .filter(|r| r.unknown > 0);
    let mostly = |rule: &&RuleOutcome| all || rule.unknown > rule.passed + rule.failed;
    let (told, others): (Vec<_>, Vec<_>) = open.partition(mostly);
    let line = |rule: &RuleOutcome| {
        let cases = rule.unknown + rule.passed + rule.failed + rule.aside;
        let reason = rule.reason.as_deref().unwrap_or("no reason was given");
        let of = format!("{} of {cases} cases", rule.unknown);
        format!("{}: {of} left open: {reason}", rule.rule)
    };
    let mut lines: Vec<String> = told.into_iter().map(line).collect();
    if !others.is_empty() {
        let rules = counted(others.len(), "rule");
        lines.push(format!(
            "{rules} left some cases open: --list-skipped names them"
        ));
    }
    lines
}

/// The rules that found nothing of their concern; where they are many, how to
/// list them.
fn skipped(report: &Report, style: Style) -> String {
    const FEW: usize = 5;
    let asked = of(report, Outcome::Skipped).filter(|r| r.asked);
    let names: Vec<&str> = asked.map(|r| r.rule.as_str()).collect();
    if names.len() <= FEW || style.skipped {
        return names.join(", ");
    }
    let rules = counted(names.len(), "rule");
    format!("{rules}: --list-skipped names them")
}

/// How many rules the user left out.
fn not_asked(report: &Report) -> String {
    match report.rules.iter().filter(|r| !r.asked).count() {
        0 => String::new(),
        count => counted(count, "rule"),
    }
}

fn of(report: &Report, outcome: Outcome) -> impl Iterator<Item = &RuleOutcome> {
    report.rules.iter().filter(move |r| r.outcome() == outcome)
}

/// "1 file", "2 files".
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
