//! The report as SARIF 2.1.0, as GitHub's code scanning takes it: every rule,
//! each finding as a result with one place and the others related to it.
//!
//! GitHub shows 5,000 results and rejects a file of more than 25,000. Past the
//! first number, results of one rule about one contest in one file become one;
//! past the second, the worst are kept, and a result says how many are not
//! there. <https://docs.github.com/en/code-security/code-scanning>

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::{Told, told};
use super::neutral::{clean, one_line};
use super::place::{Located, locate};
use super::summary::{
    by_reason, copy_line, counted, headline, left_out, set_aside, unchecked_reasons, verdict,
};
use crate::model::{Locus, Outcome, Report, RuleOutcome, Severity};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// More related places of a result GitHub does not show.
const PLACES: usize = 100;
/// So many places are links in the message.
const LINKS: usize = 8;
/// Descriptions are cut here.
const DESCRIPTION: usize = 1024;

/// How many results a host takes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// More are brought together.
    pub shown: usize,
    /// More are left out.
    pub taken: usize,
}

/// Those of GitHub.
pub const GITHUB: Limits = Limits {
    shown: 5_000,
    taken: 25_000,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    automation_details: AutomationDetails,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<ResultOut<'a>>,
}

#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<u8>,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<RuleOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleOut<'a> {
    id: &'a str,
    name: &'a str,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    tags: [&'static str; 1],
    outcome: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOut<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    primary_location_line_hash: String,
}

#[derive(Serialize)]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    #[serde(rename = "physicalLocation")]
    place: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// Writes the log in one line: the file may be large, and is for programs.
pub fn write(report: &Report, limits: Limits, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &log(report, limits))?;
    out.write_all(b"\n")
}

fn log(report: &Report, limits: Limits) -> Log<'_> {
    let unchecked = report.judged.as_ref().and_then(|j| j.unchecked.as_ref());
    let invocation = Invocation {
        execution_successful: report.unread.is_empty() && unchecked.is_none(),
        exit_code: match &report.judged {
            _ if !report.unread.is_empty() => Some(2),
            judged => judged.as_ref().map(|judged| u8::from(judged.fails())),
        },
        tool_execution_notifications: notifications(report),
    };
    Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "scrutineer",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: report.rules.iter().map(rule).collect(),
                },
            },
            automation_details: AutomationDetails { id: "scrutineer/" },
            invocations: [invocation],
            column_kind: "utf16CodeUnits",
            results: results(report, limits),
        }],
    }
}

/// What no result shows: what was checked, what was not, what was guessed.
fn notifications(report: &Report) -> Vec<Notification> {
    let all = |level, texts: Vec<String>| {
        let shown = texts.into_iter().filter(|text| !text.is_empty());
        shown.map(move |text| Notification {
            level,
            message: message(&text),
        })
    };
    let prefixed = |about: &str, texts: Vec<String>| -> Vec<String> {
        texts
            .iter()
            .map(|text| format!("{about}: {text}"))
            .collect()
    };
    let verdict = verdict(report).map(|(what, why)| format!("{what}: {why}"));
    let notes = [
        vec![headline(report)],
        verdict.into_iter().collect(),
        vec![copy_line(report)],
        prefixed("unchecked", unchecked_reasons(report)),
        prefixed("unknown", by_reason(report, Outcome::Unknown)),
        prefixed("skipped", by_reason(report, Outcome::Skipped)),
        prefixed("left out", left_out(report)),
        prefixed("guessed", report.dataset.notes.clone()),
        prefixed("compared", report.differences.partly.clone()),
        prefixed("set aside", set_aside(report)),
        prefixed("settings", report.settings.clone()),
    ];
    all(
        "error",
        prefixed("could not be read", report.unread.clone()),
    )
    .chain(all("note", notes.concat()))
    .collect()
}

fn rule(rule: &RuleOutcome) -> RuleOut<'_> {
    let description = |text: &str| Message {
        text: one_line(text).chars().take(DESCRIPTION).collect(),
    };
    RuleOut {
        id: &rule.rule,
        name: &rule.rule,
        short_description: description(&rule.title),
        full_description: description(&rule.why),
        help: description(&format!("{}. {}", rule.title, rule.why)),
        default_configuration: Configuration {
            level: rule.severity.name(),
        },
        properties: Properties {
            problem_severity: match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
            tags: ["election-results"],
            outcome: rule.outcome().name(),
        },
    }
}

fn results(report: &Report, limits: Limits) -> Vec<ResultOut<'_>> {
    let told = told(report);
    let mut groups = if told.len() > limits.shown {
        grouped(told)
    } else {
        told.into_iter().map(|told| vec![told]).collect()
    };
    let over = groups.len() > limits.taken;
    let left_out = groups.split_off(groups.len().min(if over {
        limits.taken.saturating_sub(1)
    } else {
        limits.taken
    }));
    let left_out: Vec<Told> = left_out.into_iter().flatten().collect();
    let index: HashMap<&str, usize> = (report.rules.iter().map(|r| r.rule.as_str()))
        .zip(0..)
        .collect();
    let results = groups.iter().map(|group| result(report, &index, group));
    let more = left_out.first().map(|first| {
        let text = format!(
            "{} more left out: a host takes {} results.",
            counted(left_out.len(), "finding"),
            limits.taken
        );
        ResultOut {
            message: message(&text),
            ..result(report, &index, std::slice::from_ref(first))
        }
    });
    results.chain(more).collect()
}

/// Findings of one rule about one contest in one file, the worst first.
fn grouped(told: Vec<Told<'_>>) -> Vec<Vec<Told<'_>>> {
    let mut groups: Vec<Vec<Told>> = Vec::new();
    let mut index = HashMap::new();
    for told in told {
        let finding = told.finding;
        let file = told.at.map(|at| at.span.source);
        let of = (
            &finding.rule,
            file,
            finding.key.get("contest"),
            finding.severity.name(),
        );
        let at = *index.entry(of).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(told),
            None => groups.push(vec![told]),
        }
    }
    groups
}

/// One finding, or several as one. `group` is not empty.
fn result<'a>(report: &Report, index: &HashMap<&str, usize>, group: &[Told<'a>]) -> ResultOut<'a> {
    let (first, others) = (&group[0], &group[1..]);
    let finding = first.finding;
    let own = finding.related.iter().map(|r| (r.at, r.label.as_str()));
    let others = others
        .iter()
        .map(|o| (o.finding.at, o.finding.message.as_str()));
    let places: Vec<(Locus, &str)> = own.chain(others).collect();
    let related: Vec<Location> = places
        .iter()
        .take(PLACES)
        .zip(0..)
        .filter_map(|((at, label), id)| {
            Some(location(locate(&report.dataset, *at)?, Some((id, label))))
        })
        .collect();
    ResultOut {
        rule_id: &finding.rule,
        rule_index: index.get(finding.rule.as_str()).copied(),
        level: report.weight(finding).name(),
        message: says(group, &related, places.len().saturating_sub(PLACES)),
        locations: first.at.into_iter().map(|at| location(at, None)).collect(),
        related_locations: related,
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: format!("{}:1", first.fingerprint),
        },
    }
}

/// The message of a result: what was found, what to do, and where to look.
fn says(group: &[Told<'_>], related: &[Location], more_places: usize) -> Message {
    let finding = group[0].finding;
    let mut text = vec![escaped(&finding.message)];
    if group.len() > 1 {
        let more = counted(group.len() - 1, "more finding");
        text.push(format!("And {more} of this rule here."));
    }
    text.extend(finding.help.as_deref().map(sentence));
    text.extend(links(related));
    if more_places > 0 {
        text.push(format!("{more_places} more places are not listed."));
    }
    Message {
        text: text.join(" "),
    }
}

/// The related places as links of a message: a viewer may show no others.
fn links(related: &[Location]) -> Option<String> {
    let links: Vec<String> = related
        .iter()
        .take(LINKS)
        .filter_map(|at| {
            Some(format!(
                "[{}]({})",
                escaped(&at.message.as_ref()?.text),
                at.id?
            ))
        })
        .collect();
    (!links.is_empty()).then(|| format!("See: {}.", links.join(", ")))
}

fn location(at: Located<'_>, related: Option<(usize, &str)>) -> Location {
    let region = at.region(char::len_utf16);
    Location {
        id: related.map(|(id, _)| id),
        message: related.map(|(_, label)| Message {
            text: one_line(label),
        }),
        place: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri(&at.path()),
            },
            region: Region {
                start_line: region.line,
                start_column: region.column,
                end_line: region.end_line,
                end_column: region.end_column,
            },
        },
    }
}

fn message(text: &str) -> Message {
    Message {
        text: escaped(text),
    }
}

/// Text of a message, in which brackets make links.
fn escaped(text: &str) -> String {
    let text = clean(text).replace('\\', "\\\\");
    text.replace('[', "\\[").replace(']', "\\]")
}

/// Words as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let text: String = first.chain(chars).collect();
    escaped(&format!("{}.", text.trim_end_matches('.')))
}

/// A path as a reference: relative to the root of the repository, or a file.
fn uri(path: &str) -> String {
    let root = if path.starts_with('/') { "file://" } else { "" };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(byte);
    let bytes = path.bytes().map(|byte| {
        if plain(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    root.to_owned() + &bytes.collect::<String>()
}
