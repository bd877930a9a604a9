//! One small report in both formats: a wrong figure in a long paragraph, a
//! wrong cell in a table, and much that was not checked.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::*;
use crate::model::{
    Cause, Claim, ClaimKind, Column, Dataset, Differences, Excluded, Finding, Key, Locator, Locus,
    NotClaim, Parties, Place, Related, Role, RuleOutcome, Severity, Source, SourceId, Span,
    Standings, Table, TableId, Verdict,
};

const COPY: &str = "Count night\n\n\
    It was well past three in the morning, the hall half empty and the tea long cold, when the \
    returning officer climbed the steps again: Ann Ash had held the seat with 41,207 votes, more \
    than 2,500 up on last time, and she thanked the counters, the police and her dog.\n";
pub const TABLE: &str =
    "party,candidate,votes,majority\nRed,Ann Ash,42207,26587\nBlue,Bob Beech,15630,\n";

pub const FULL: Style = Style {
    color: false,
    width: 80,
    quiet: false,
    skipped: false,
};

fn span(source: u32, text: &str, part: &str) -> Span {
    let start = text.find(part).expect("the part stands in the text");
    Span::new(SourceId(source), start, start + part.len())
}

pub fn cell(row: u32, column: u32) -> Locus {
    let table = TableId(0);
    Locus::Cell(Place { table, row, column })
}

fn dataset(table: &str) -> Dataset {
    let mut dataset = Dataset::default();
    dataset.add_source(Source::new("night/copy.md", COPY));
    let source = dataset.add_source(Source::new("night/results.csv", table));
    let column = |name: &str| Column {
        name: name.to_owned(),
        heading: None,
        role: Role::Other,
        election: None,
        guessed: false,
    };
    let starts = dataset.sources[1]
        .text()
        .match_indices('\n')
        .map(|(at, _)| u64::try_from(at).expect("a small file") + 1);
    dataset.tables.push(Table {
        title: "results".to_owned(),
        source,
        columns: ["party", "candidate", "votes", "majority"]
            .map(column)
            .into(),
        frame: DataFrame::empty(),
        locator: Locator::Records {
            starts: starts.collect(),
            delimiter: b',',
            quote: b'"',
        },
        contest: None,
        election: None,
        base_election: None,
        sound: None,
    });
    dataset.excluded.push(Excluded {
        span: span(1, TABLE, "Blue"),
        why: "total row".to_owned(),
    });
    dataset
        .notes
        .push("night/results.csv: parted by commas".to_owned());
    dataset
}

fn wrong_votes() -> Finding {
    Finding {
        rule: "copy-agrees-with-tables".to_owned(),
        severity: Severity::Error,
        message: "The copy gives Ann Ash 41,207 votes; the tables say 42,207.".to_owned(),
        label: "42,207 in the tables".to_owned(),
        help: Some("Correct the copy, or the table if the copy is right.".to_owned()),
        at: Locus::Span(span(0, COPY, "41,207")),
        related: vec![Related {
            at: cell(0, 2),
            label: "the table says 42,207".to_owned(),
        }],
        key: Key::from([("candidate", "Ann Ash".to_owned())]),
        stated: Some("41,207".to_owned()),
        expected: Some("42,207".to_owned()),
        difference: Some("−1,000".to_owned()),
        cause: Some(Cause {
            kind: "digit-replaced",
            says: "one digit differs".to_owned(),
            suggestion: Some("42,207".to_owned()),
            rivals: 0,
        }),
    }
}

fn missing_majority() -> Finding {
    Finding {
        rule: "majority-is-first-minus-second".to_owned(),
        severity: Severity::Warning,
        message: "The row of Bob Beech gives no majority.".to_owned(),
        label: "no figure".to_owned(),
        help: None,
        at: cell(1, 3),
        related: vec![Related {
            at: cell(0, 3),
            label: "the majority is here".to_owned(),
        }],
        key: Key::new(),
        stated: None,
        expected: None,
        difference: None,
        cause: None,
    }
}

fn claim(part: &str, verdict: Verdict, reason: Option<&str>) -> Claim {
    Claim {
        span: span(0, COPY, part),
        sentence: span(0, COPY, "Ann Ash had held the seat with 41,207 votes"),
        kind: ClaimKind::Number,
        metric: "votes",
        entity: Some("Ann Ash".to_owned()),
        contest: None,
        election: None,
        verdict,
        severity: (verdict == Verdict::Contradicts).then_some(Severity::Error),
        stated: part.to_owned(),
        expected: None,
        working: Some("votes of Ann Ash = 42,207".to_owned()),
        reason: reason.map(ToOwned::to_owned),
        message: None,
        cause: None,
        cells: Vec::new(),
        readings: Vec::new(),
    }
}

fn rule(rule: &str, passed: u64, failed: u64, reason: Option<&str>) -> RuleOutcome {
    RuleOutcome {
        rule: rule.to_owned(),
        title: rule.replace('-', " "),
        why: format!("Why {rule} must hold."),
        severity: Severity::Error,
        passed,
        failed,
        aside: 0,
        asked: true,
        unknown: 0,
        reason: reason.map(ToOwned::to_owned),
    }
}

pub fn report(table: &str) -> Report {
    Report {
        judged: None,
        left_out: BTreeMap::new(),
        aside: Vec::new(),
        settings: Vec::new(),
        dataset: dataset(table),
        findings: vec![missing_majority(), wrong_votes()],
        claims: vec![
            claim("41,207", Verdict::Contradicts, None),
            claim(
                "more than 2,500",
                Verdict::Unchecked,
                Some("no table for the last election"),
            ),
        ],
        not_claims: vec![NotClaim {
            span: span(0, COPY, "three in the morning"),
            why: "time".to_owned(),
        }],
        rules: vec![
            rule("copy-agrees-with-tables", 0, 1, None),
            rule("votes-add-up", 1, 0, None),
            rule("seats-add-up", 0, 0, Some("no table of seats")),
            rule("seats-net-to-zero", 0, 0, Some("no table of seats")),
        ],
        standings: Standings::default(),
        parts: Vec::new(),
        parties: Parties::default(),
        differences: Differences::default(),
        unread: Vec::new(),
    }
}

pub fn written(report: &Report, format: Format, style: Style) -> String {
    let mut out = Vec::new();
    write(report, format, style, &mut out).expect("a vector takes all bytes");
    String::from_utf8(out).expect("reports are UTF-8")
}

#[test]
fn people_see_the_number_underlined_and_the_cell_beside_it() {
    insta::assert_snapshot!(written(&report(TABLE), Format::Text, FULL));
}

#[test]
fn programs_get_the_contract() {
    insta::assert_snapshot!(written(&report(TABLE), Format::Json, FULL));
}

#[test]
fn all_well_is_said_in_a_few_lines() {
    let mut report = report(TABLE);
    report.findings.clear();
    report.claims.truncate(0);
    report.rules.remove(0);
    insta::assert_snapshot!(written(&report, Format::Text, FULL));
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in [60, 80, 120] {
        let text = written(&report(TABLE), Format::Text, Style { width, ..FULL });
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{width}:\n{text}");
        assert!(text.contains("41,207 votes"), "{width}:\n{text}");
    }
}

#[test]
fn fingerprints_stay_when_rows_are_inserted() {
    let fingerprints = |table: &str| -> Vec<String> {
        let text = written(&report(table), Format::Json, FULL);
        let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let findings = json["findings"].as_array().expect("findings are a list");
        let own = findings.iter().map(|f| f["fingerprint"].to_string());
        own.collect()
    };
    let before = fingerprints(TABLE);
    let longer = TABLE.replace("Red,", "\n\nRed,");
    assert_eq!(before, fingerprints(&longer));
    assert_ne!(before[0], before[1]);
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let mut report = report(TABLE);
    report.findings[0].message = "\u{1b}[2J cleared".to_owned();
    let text = written(&report, Format::Text, FULL);
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_fault_points_at_its_token() {
    let source = Source::new("rules/mine.toml", "[rule]\nseverity = \"eror\"\n");
    let fault = Fault {
        message: "unknown variant `eror`".to_owned(),
        help: Some("one of: error, warning, note".to_owned()),
        at: Some((source, 18..24)),
        doubt: false,
    };
    let mut out = Vec::new();
    write_fault(&fault, FULL, &mut out).expect("a vector takes all bytes");
    insta::assert_snapshot!(String::from_utf8(out).expect("text is UTF-8"));
}
#[test]
fn addends_and_their_total_stand_in_one_snippet() {
    let table = format!("{TABLE}Green,Cy Cedar,12,\nTotal,,46000,\n");
    let mut report = report(&table);
    let wrong_total = Finding {
        message: "The 3 rows add up to 45,040 votes; the total row says 46,000, 960 more."
            .to_owned(),
        label: "46,000, which is 960 more than all the rows above it together".to_owned(),
        at: cell(3, 2),
        related: (0..3)
            .map(|row| Related {
                at: cell(row, 2),
                label: "added".to_owned(),
            })
            .collect(),
        ..missing_majority()
    };
    report.findings = vec![wrong_total];
    let quiet = Style {
        quiet: true,
        ..FULL
    };
    insta::assert_snapshot!(written(&report, Format::Text, quiet));
}
