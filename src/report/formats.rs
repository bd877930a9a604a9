//! Formats for other programs: each is what its schema says, and what a file
//! says does no harm in it.

use serde_json::Value;

use super::tests::{FULL, TABLE, cell, report, written};
use super::*;
use crate::model::{Finding, Locus, Related, Severity};

/// Markup, a command to a terminal, a change of direction, a formula, a command
/// of a workflow, a link.
const HOSTILE: &str =
    "=<script>alert('1')</script>\u{1b}[2J\u{202e}|[x](http://e.example)\n::error::%0A@all";

/// A report in which everything that comes from input is hostile.
fn hostile() -> Report {
    let mut report = report(TABLE);
    for finding in &mut report.findings {
        finding.message = HOSTILE.to_owned();
        finding.label = HOSTILE.to_owned();
        finding.stated = Some(HOSTILE.to_owned());
        finding.key.insert("candidate", HOSTILE.to_owned());
        finding.help = Some(HOSTILE.to_owned());
        finding.related.push(Related {
            at: cell(0, 0),
            label: HOSTILE.to_owned(),
        });
    }
    for claim in &mut report.claims {
        claim.working = Some(HOSTILE.to_owned());
        claim.reason = Some(HOSTILE.to_owned());
        claim.stated = HOSTILE.to_owned();
    }
    for rule in &mut report.rules {
        rule.reason = Some(HOSTILE.to_owned());
    }
    report.dataset.notes.push(HOSTILE.to_owned());
    report.unread.push(HOSTILE.to_owned());
    report
}

/// Many findings, of one rule.
fn many(count: usize) -> Report {
    let mut report = report(TABLE);
    let one = report.findings[1].clone();
    report.findings = vec![one; count];
    report
}

fn json(report: &Report, format: Format) -> Value {
    serde_json::from_str(&written(report, format, FULL)).expect("it is JSON")
}

#[track_caller]
fn fits(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

fn reports() -> [Report; 3] {
    let mut empty = report(TABLE);
    empty.findings.clear();
    [report(TABLE), hostile(), empty]
}

#[test]
fn sarif_is_what_its_schema_says() {
    for report in reports() {
        let sarif = include_str!("../../tests/schemas/sarif-2.1.0.json");
        fits(sarif, &json(&report, Format::Sarif));
    }
}

#[test]
fn gitlab_and_reviewdog_get_what_their_schemas_say() {
    for report in reports() {
        let gitlab = include_str!("../../tests/schemas/gitlab-code-quality.json");
        fits(gitlab, &json(&report, Format::Gitlab));
        let rdformat = include_str!("../../tests/schemas/rdformat.json");
        fits(rdformat, &json(&report, Format::Rdjson));
    }
}

#[test]
fn junit_is_what_its_schema_says() {
    let schema = uppsala::parse(include_str!("../../tests/schemas/junit-10.xsd"));
    let schema = schema.expect("the schema is XML");
    let validator = uppsala::XsdValidator::from_schema(&schema).expect("the schema is one");
    for report in reports() {
        let text = written(&report, Format::Junit, FULL);
        let document = uppsala::parse(&text).expect("it is XML");
        let faults = validator.validate(&document);
        assert!(faults.is_empty(), "{faults:?}\n{text}");
    }
    let wrong = uppsala::parse("<testsuites><testcase/></testsuites>").expect("it is XML");
    assert!(!validator.validate(&wrong).is_empty());
}

#[test]
fn programs_get_these() {
    let report = report(TABLE);
    for format in [
        Format::Jsonl,
        Format::Github,
        Format::Junit,
        Format::Gitlab,
        Format::Rdjson,
        Format::Csv,
        Format::Markdown,
        Format::Letter,
    ] {
        insta::assert_snapshot!(format!("{format:?}"), written(&report, format, FULL));
    }
    let sarif = serde_json::to_string_pretty(&json(&report, Format::Sarif));
    insta::assert_snapshot!("Sarif", sarif.expect("it is JSON"));
}

#[test]
fn one_fingerprint_in_every_format() {
    let report = report(TABLE);
    let own = &json(&report, Format::Json)["findings"][0]["fingerprint"];
    let own = own.as_str().expect("a fingerprint is text");
    let sarif = &json(&report, Format::Sarif)["runs"][0]["results"][0]["partialFingerprints"];
    assert_eq!(sarif["primaryLocationLineHash"], format!("{own}:1"));
    assert_eq!(json(&report, Format::Gitlab)[0]["fingerprint"], own);
    assert!(written(&report, Format::Csv, FULL).contains(own));
}

#[test]
fn columns_are_in_the_unit_of_each_host() {
    let table = TABLE.replace("Bob", "𝔅é");
    let mut report = report(&table);
    report.findings.truncate(1);
    let at = written(&report, Format::Json, FULL);
    assert!(at.contains("\"column\": 21,"), "characters: {at}");
    let sarif = &json(&report, Format::Sarif)["runs"][0]["results"][0]["locations"][0];
    assert_eq!(sarif["physicalLocation"]["region"]["startColumn"], 22);
    let rdjson = &json(&report, Format::Rdjson)["diagnostics"][0]["location"];
    assert_eq!(rdjson["range"]["start"]["column"], 25);
}

#[test]
fn github_shows_ten_of_a_kind_and_counts_the_others() {
    let mut report = many(14);
    for finding in report.findings.iter_mut().skip(12) {
        finding.severity = Severity::Note;
    }
    let text = written(&report, Format::Github, FULL);
    let count = |start: &str| text.lines().filter(|l| l.starts_with(start)).count();
    assert_eq!(count("::error "), 10);
    assert_eq!(count("::notice "), 3);
    assert!(text.contains("::2 errors more: "), "{text}");
}

#[test]
fn sarif_brings_together_what_is_too_much_and_counts_what_it_leaves_out() {
    let mut report = many(12);
    for (finding, contest) in report.findings.iter_mut().zip(0..) {
        finding.key.insert("contest", (contest / 3).to_string());
    }
    let results = |shown, taken| {
        let mut out = Vec::new();
        let limits = sarif::Limits { shown, taken };
        sarif::write(&report, limits, &mut out).expect("a vector takes all bytes");
        let log: Value = serde_json::from_slice(&out).expect("it is JSON");
        log["runs"][0]["results"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(results(12, 12).len(), 12);
    let together = results(11, 11);
    assert_eq!(together.len(), 4);
    assert_eq!(
        together[0]["relatedLocations"].as_array().map(Vec::len),
        Some(3)
    );
    let cut = results(11, 3);
    assert_eq!(cut.len(), 3);
    let last = cut[2]["message"]["text"].as_str().unwrap_or_default();
    assert_eq!(last, "6 findings more left out: a host takes 3 results.");
}

#[test]
fn markdown_keeps_to_the_room_of_a_comment() {
    let text = written(&many(2_000), Format::Markdown, FULL);
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("more findings not listed here"));
}

#[test]
fn a_letter_is_not_a_book() {
    let mut report = many(1);
    let one = report.findings[0].clone();
    report.claims.clear();
    report.findings = vec![
        Finding {
            at: cell(0, 2),
            ..one
        };
        130
    ];
    let letter = written(&report, Format::Letter, FULL);
    assert_eq!(letter.matches("\n## ").count(), 100);
    assert!(letter.contains("found 130 places"), "{letter}");
    assert!(letter.contains("And 30 more places, of which we can send a list."));
}

#[test]
fn nothing_from_a_file_commands_a_reader() {
    let report = hostile();
    for format in [
        Format::Text,
        Format::Github,
        Format::Junit,
        Format::Gitlab,
        Format::Rdjson,
        Format::Csv,
        Format::Markdown,
        Format::Letter,
        Format::Html,
    ] {
        let text = written(&report, format, FULL);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format:?}: {text}");
    }
    let github = written(&report, Format::Github, FULL);
    assert!(!github.contains("\n::error::"), "{github}");
    assert!(github.contains("%250A"), "{github}");
    let markdown = written(&report, Format::Markdown, FULL);
    assert!(
        !markdown.contains("<script") && !markdown.contains("[x]("),
        "{markdown}"
    );
    let mut table =
        ::csv::Reader::from_reader(written(&report, Format::Csv, FULL).leak().as_bytes());
    for record in table.records() {
        for cell in &record.expect("it is a table") {
            assert!(!cell.starts_with(['=', '@']), "{cell}");
        }
    }
}

#[test]
fn headings_of_places_without_bytes_have_regions() {
    let mut report = report(TABLE);
    let place = crate::model::Place {
        table: crate::model::TableId(0),
        row: 0,
        column: 0,
    };
    report.findings[0].at = Locus::Heading(place);
    let sarif = include_str!("../../tests/schemas/sarif-2.1.0.json");
    fits(sarif, &json(&report, Format::Sarif));
}

#[test]
fn a_cause_is_no_surer_in_one_format_than_in_another() {
    let mut report = report(TABLE);
    report.claims.clear();
    report.findings.truncate(1);
    for finding in &mut report.findings {
        finding.at = cell(1, 3);
        finding.cause = Some(crate::model::Cause {
            kind: "digit-replaced",
            says: "one digit differs".to_owned(),
            suggestion: None,
            rivals: 2,
        });
    }
    for format in [
        Format::Text,
        Format::Github,
        Format::Csv,
        Format::Markdown,
        Format::Letter,
        Format::Html,
    ] {
        let text = written(&report, format, FULL);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains("or one of 2 other causes"),
            "{format:?}: {text}"
        );
    }
}

#[test]
fn a_letter_does_not_say_which_of_two_figures_is_right() {
    let mut report = report(TABLE);
    report.claims.clear();
    report.findings.truncate(1);
    for finding in &mut report.findings {
        finding.at = cell(0, 2);
        finding.stated = Some("200".to_owned());
        finding.expected = Some("190".to_owned());
    }
    let letter = written(&report, Format::Letter, FULL);
    assert!(letter.contains("It begins in"), "{letter}");
    assert!(
        letter.contains("The two figures are 200 and 190."),
        "{letter}"
    );
    assert!(!letter.contains("should come to"), "{letter}");
}

#[test]
fn a_page_says_how_many_findings_are_not_on_it() {
    let page = written(&many(1_200), Format::Html, FULL);
    assert!(page.contains("200 of these findings are not on this page"));
    assert!(page.contains("data-more=\"200\""));
    assert!(page.contains("Nothing matches."));
    assert!(page.contains("<details class=\"skipped\">"));
}
