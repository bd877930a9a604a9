//! Reports on a labelled page against its labels. Skipped, with a message,
//! where the page is not beside the project.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// How the verdicts of a report compare with labels.
#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    claims: usize,
    right: usize,
    /// Contradictions found that the labels call so.
    found: usize,
    /// Contradictions that the labels have and the report has not.
    missed: usize,
    /// Contradictions that the labels have not.
    invented: usize,
    /// Verdicts on what the labels call no claim.
    false_claims: usize,
}

#[test]
fn the_page_contradicts_itself_five_times() {
    let Some(score) = score_of_the_page("verdict", &[]) else {
        return;
    };
    assert_eq!(
        (score.found, score.missed, score.invented),
        (5, 0, 0),
        "{score:?}"
    );
    assert_eq!(score.false_claims, 0, "{score:?}");
    assert!(score.right * 100 >= score.claims * 97, "{score:?}");
}

const TABLES: [&str; 3] = [
    "data/uk/HoC-GE2017-results-by-candidate.csv",
    "data/uk/hoc-ge2015-results-full.csv",
    "data/uk/HoC-GE2019-results-by-candidate.csv",
];

#[test]
fn the_tables_of_both_elections_settle_every_claim() {
    every_claim_is_settled(&TABLES[..2]);
}

#[test]
fn the_tables_of_a_later_election_change_nothing() {
    every_claim_is_settled(&TABLES);
}

fn every_claim_is_settled(tables: &[&str]) {
    let Some(score) = score_of_the_page("verdict_with_norfolk_tables", tables) else {
        return;
    };
    assert_eq!(
        (score.found, score.missed, score.invented),
        (9, 0, 0),
        "{score:?}"
    );
    assert_eq!(score.false_claims, 0, "{score:?}");
    assert_eq!(score.right, score.claims, "{score:?}");
}

#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn score_of_the_page(field: &str, tables: &[&str]) -> Option<Score> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let page = shared.join("seed/norfolk-north-west.txt");
    let labels = std::fs::read_to_string(shared.join("seed/norfolk-north-west.truth.json"));
    let (Ok(labels), true) = (labels, page.exists()) else {
        eprintln!("skipped: no labelled page in {}", shared.display());
        return None;
    };
    let labels = serde_json::from_str(&labels).expect("the labels are JSON");
    let mut inputs: Vec<PathBuf> = tables.iter().map(|t| shared.join(t)).collect();
    inputs.push(page.clone());
    Some(score(&claims(&inputs, &page), &labels, field))
}

/// The claims of a run's report that stand in one of its files.
pub fn claims(inputs: &[PathBuf], file: &Path) -> Vec<Value> {
    let run = Command::new(env!("CARGO_BIN_EXE_scrutineer"))
        .arg("check")
        .args(inputs)
        .args(["--format", "json"])
        .output()
        .expect("the program can be run");
    let report: Value = serde_json::from_slice(&run.stdout).expect("the report is JSON");
    let own = file.to_str().expect("the path is UTF-8");
    let claims = report["claims"].as_array().expect("claims are a list");
    let own_claims = claims.iter().filter(|c| c["at"]["file"] == own);
    own_claims.cloned().collect()
}

fn score(claims: &[Value], truth: &Value, field: &str) -> Score {
    let mut score = Score::default();
    let mut used = vec![false; claims.len()];
    for label in list(truth, "claims") {
        let want = verdict(label, field);
        let met = || {
            claims
                .iter()
                .enumerate()
                .filter(|(_, c)| overlap(&c["at"], label))
        };
        let best = met()
            .find(|(_, c)| c["verdict"] == want)
            .or_else(|| met().next_back());
        if let Some((i, _)) = best {
            used[i] = true;
        }
        let said = best.map_or("unchecked", |(_, c)| verdict(c, "verdict"));
        score.claims += 1;
        score.right += usize::from(said == want);
        match (want == "contradicts", said == "contradicts") {
            (true, true) => score.found += 1,
            (true, false) => score.missed += 1,
            (false, true) => score.invented += 1,
            (false, false) => {}
        }
    }
    let unlabelled = claims
        .iter()
        .zip(used)
        .filter(|(c, used)| !used && c["verdict"] != "unchecked");
    for (claim, _) in unlabelled {
        let is_none = list(truth, "non_claims").any(|n| overlap(&claim["at"], n));
        let contradicts = claim["verdict"] == "contradicts";
        score.false_claims += usize::from(is_none);
        score.invented += usize::from(contradicts && (is_none || claim["kind"] == "number"));
    }
    score
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn verdict<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().expect("a verdict is a word")
}

fn overlap(a: &Value, b: &Value) -> bool {
    let (a, b) = (bytes(a), bytes(b));
    a.start < b.end && b.start < a.end
}

fn bytes(value: &Value) -> Range<u64> {
    let byte = |key: &str| value[key].as_u64().expect("a byte is a number");
    byte("byte_start")..byte("byte_end")
}

#[test]
fn scores_count_what_is_missed_and_what_is_invented() {
    let at = |start: u64, end: u64| serde_json::json!({"byte_start": start, "byte_end": end});
    let label = |start: u64, end: u64, verdict: &str| serde_json::json!({"byte_start": start, "byte_end": end, "verdict": verdict});
    let claim = |start: u64, end: u64, verdict: &str| serde_json::json!({"at": at(start, end), "verdict": verdict, "kind": "number"});
    let truth = serde_json::json!({
        "claims": [label(0, 5, "contradicts"), label(10, 15, "agrees"), label(20, 25, "contradicts")],
        "non_claims": [label(30, 35, "unchecked")],
    });
    let claims = [
        claim(2, 9, "contradicts"),
        claim(10, 15, "contradicts"),
        claim(30, 33, "agrees"),
    ];
    let expected = Score {
        claims: 3,
        right: 1,
        found: 1,
        missed: 1,
        invented: 1,
        false_claims: 1,
    };
    assert_eq!(score(&claims, &truth, "verdict"), expected);
}
