//! What is found does not depend on the order of rows or of files, and two runs
//! print the same bytes.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use scrutineer::load;

use super::rules::Knowledge;

pub static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::built_in);

/// The same cases in every run, unless the environment asks for others
/// (`PROPTEST_CASES`, `PROPTEST_RNG_SEED`).
pub fn config(cases: u32) -> Config {
    let asked = |name: &str| std::env::var_os(name).is_some();
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if !asked("PROPTEST_CASES") {
        config.cases = cases;
    }
    if !asked("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(2017);
    }
    config
}

/// Findings and claims without their places, in order of their words.
fn said(texts: &[(&str, &str)]) -> Vec<String> {
    let dataset = load::load_texts(texts, KNOWLEDGE.words());
    let report = KNOWLEDGE.examine(dataset);
    let findings = report.findings.iter().map(|f| {
        let severity = f.severity.name();
        let about: Vec<String> = f.key.iter().map(|(k, v)| format!("{k}={v}")).collect();
        format!(
            "{} {severity} {about:?} {} | {:?}",
            f.rule,
            f.message,
            f.cause.as_ref().map(|c| &c.says)
        )
    });
    let claims = report.claims.iter().map(|c| {
        let verdict = c.verdict.name();
        format!(
            "{:?} {} {verdict} {:?} {:?}",
            c.span, c.metric, c.expected, c.reason
        )
    });
    let outcomes = report
        .rules
        .iter()
        .map(|r| format!("{} {} {} {}", r.rule, r.passed, r.failed, r.unknown));
    let mut said: Vec<String> = findings.chain(claims).chain(outcomes).collect();
    said.sort();
    said
}

/// What one has and the other has not.
fn apart(one: &[String], other: &[String]) -> Vec<String> {
    let only = |mark: char, own: &[String], others: &[String]| -> Vec<String> {
        let own = own.iter().filter(|line| !others.contains(line));
        own.map(|line| format!("{mark} {line}")).collect()
    };
    [only('-', one, other), only('+', other, one)].concat()
}

fn sample(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/norfolk-2017");
    std::fs::read_to_string(folder.join(name)).expect("the sample is there")
}

/// A table with its rows in the order of the keys.
fn reordered(table: &str, keys: &[u32]) -> String {
    let mut lines = table.lines();
    let head = lines.next().unwrap_or("");
    let mut rows: Vec<(u32, &str)> = keys.iter().copied().cycle().zip(lines).collect();
    rows.sort_by_key(|(key, _)| *key);
    let rows: Vec<&str> = rows.into_iter().map(|(_, row)| row).collect();
    format!("{head}\n{}\n", rows.join("\n"))
}

/// Precincts of two contests, with totals of the contest and some slips.
fn precincts(votes: &[u32], slips: &[(usize, u32)]) -> String {
    let mut table = "contest,precinct,year,candidate,party,votes\n".to_owned();
    let mut cells = votes.iter().copied().cycle();
    let mut rows: Vec<(String, u32)> = Vec::new();
    for contest in ["Ashby Vale", "Corfe"] {
        let mut totals = [0; 3];
        for precinct in ["1-A", "1-B", "1-C", "Total"] {
            for (at, who) in ["Ann Lee,Red", "Bo Hart,Blue", "Cy Dunn,Green"]
                .iter()
                .enumerate()
            {
                let count = if precinct == "Total" {
                    totals[at]
                } else {
                    cells.next().unwrap_or(0)
                };
                totals[at] += count;
                rows.push((format!("{contest},{precinct},2020,{who}"), count));
            }
        }
    }
    for (at, by) in slips {
        let at = at % rows.len();
        rows[at].1 += by;
    }
    for (row, count) in rows {
        writeln!(table, "{row},{count}").expect("memory is writable");
    }
    table
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn the_order_of_rows_changes_nothing(keys in prop::collection::vec(any::<u32>(), 80)) {
        let (old, new, copy) = (sample("results-2015.csv"), sample("results-2017.csv"), sample("copy.md"));
        let new = new.replacen("32406", "32460", 1);
        let files = |old, new| said(&[("results-2015.csv", old), ("results-2017.csv", new), ("copy.md", &copy)]);
        let before = files(&old, &new);
        let after = files(&reordered(&old, &keys), &reordered(&new, &keys));
        prop_assert!(before.len() > 40);
        prop_assert_eq!(apart(&before, &after), Vec::<String>::new());
    }

    #[test]
    fn the_order_of_the_rows_of_precincts_changes_nothing(
        votes in prop::collection::vec(0u32..2000, 18),
        slips in prop::collection::vec((0usize..24, 1u32..400), 0..3),
        keys in prop::collection::vec(any::<u32>(), 24),
    ) {
        let table = precincts(&votes, &slips);
        let before = said(&[("precincts.csv", &table)]);
        let after = said(&[("precincts.csv", &reordered(&table, &keys))]);
        prop_assert_eq!(apart(&before, &after), Vec::<String>::new());
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    let (old, new, copy) = (
        sample("results-2015.csv"),
        sample("results-2017.csv").replacen("32406", "32460", 1),
        sample("copy.md"),
    );
    let files = [
        ("results-2015.csv", old.as_str()),
        ("results-2017.csv", new.as_str()),
        ("copy.md", copy.as_str()),
    ];
    let strip = |said: Vec<String>| -> Vec<String> {
        // A span names its file by number.
        let lines = said
            .into_iter()
            .map(|line| match line.split_once("SourceId(") {
                Some((before, after)) => format!("{before}{}", &after[1..]),
                None => line,
            });
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        lines
    };
    let before = strip(said(&files));
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let after = strip(said(&order.map(|at| files[at])));
        assert_eq!(apart(&before, &after), Vec::<String>::new(), "{order:?}");
    }
}

#[test]
fn two_runs_print_the_same_bytes() {
    let folder = tempfile::tempdir().expect("writable");
    for name in ["results-2015.csv", "results-2017.csv", "copy.md"] {
        let text = sample(name)
            .replacen("32406", "32460", 1)
            .replacen("507", "570", 1);
        std::fs::write(folder.path().join(name), text).expect("writable");
    }
    for format in ["text", "json"] {
        let run = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_scrutineer"));
            command
                .args(["check", ".", "--format", format])
                .current_dir(folder.path());
            let output = command.output().expect("it runs");
            (output.status.code(), output.stdout, output.stderr)
        };
        let first = run();
        assert_eq!(first.0, Some(1));
        for _ in 0..2 {
            assert!(run() == first, "two runs differ in {format}");
        }
    }
}
