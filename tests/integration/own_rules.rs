//! Rules of a user's own: conditions, queries and references, and what becomes
//! of them where something is missing.

use std::path::Path;

use scrutineer::check::{Checked, Rules};
use scrutineer::load;
use scrutineer::model::{Finding, Locus, Outcome, Pack, PackError, RuleOutcome};

use super::rules::Knowledge;

/// A folder of rules, `own-0` and so on, that each have a check.
fn pack(checks: &[String]) -> Result<Pack, PackError> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (number, check) in checks.iter().enumerate() {
        let rule = format!(
            "[[rule]]\nid = \"own-{number}\"\ntitle = \"It holds\"\nwhy = \"So.\"\n\
             severity = \"error\"\npass.tables = []\nfail.tables = []\n{check}\n"
        );
        let path = folder.path().join(format!("{number}.toml"));
        std::fs::write(path, rule).expect("a file can be written");
    }
    Pack::with_folder(folder.path())
}

/// What each of the rules comes to on some files.
fn run_all(checks: &[String], files: &[(&str, &str)]) -> Vec<(RuleOutcome, Vec<Finding>)> {
    let knowledge = Knowledge::of(&pack(checks).expect("the rules can be read"));
    let Checked { findings, outcomes } =
        knowledge.check(&load::load_texts(files, knowledge.words()));
    let own = |number: usize| {
        let id = format!("own-{number}");
        let outcome = outcomes.iter().find(|o| o.rule == id);
        let findings = findings.iter().filter(|f| f.rule == id).cloned();
        let outcome = outcome.expect("the rule has an outcome").clone();
        (outcome, findings.collect())
    };
    (0..checks.len()).map(own).collect()
}

/// What one rule comes to.
fn run(check: &str, files: &[(&str, &str)]) -> (RuleOutcome, Vec<Finding>) {
    let mut all = run_all(&[check.to_owned()], files);
    all.pop().expect("there is one rule")
}

fn messages(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.message.as_str()).collect()
}

const PRECINCTS: (&str, &str) = (
    "precincts.csv",
    "Precinct,Registered Voters,Ballots\n1-A,900,612\n1-B,800,851\n1-C,,300\n",
);

fn row(rest: &str) -> String {
    format!("check.row = {{ must = \"ballots <= registered_voters\", {rest} }}")
}

#[test]
fn a_missing_value_is_what_the_rule_says_it_is() {
    let files = [PRECINCTS];
    for (nulls, passed, failed, unknown) in [
        ("unknown", 1, 1, 1),
        ("violate", 1, 2, 0),
        ("pass", 2, 1, 0),
    ] {
        let check = row(&format!("table = \"Precincts\", nulls = \"{nulls}\""));
        let (own, _) = run(&check, &files);
        assert_eq!(
            (own.passed, own.failed, own.unknown),
            (passed, failed, unknown),
            "{nulls}: {own:?}"
        );
    }
}

#[test]
fn a_finding_stands_at_the_cell_that_the_rule_names() {
    let check = row(
        "table = \"*\", cell = \"Registered Voters\", message = \"{Precinct}: {ballots}, {x}\"",
    );
    let (_, findings) = run(&check, &[PRECINCTS]);
    assert_eq!(messages(&findings), ["1-B: 851, {x}"]);
    let Locus::Cell(place) = findings[0].at else {
        panic!("a cell: {:?}", findings[0].at);
    };
    assert_eq!((place.row, place.column), (1, 1));
    assert_eq!(findings[0].stated.as_deref(), Some("800"));
}

#[test]
fn a_table_or_column_that_is_not_there_is_no_pass() {
    let cases = [
        (row("table = \"counties\""), "no table is called counties"),
        (
            "check.row = { table = \"*\", must = \"ballot > 0\" }".to_owned(),
            "no column ballot in precincts",
        ),
        (
            "check.row = { table = \"results\", must = \"seats >= 0\" }".to_owned(),
            "no rows in results",
        ),
        (
            "check.sql.query = \"SELECT county FROM counties\"".to_owned(),
            "no table is called counties",
        ),
        (
            "check.sql.query = \"SELECT ballot FROM precincts\"".to_owned(),
            "no column ballot in its tables",
        ),
        (
            "check.sql.query = \"SELECT p.ballot FROM precincts p\"".to_owned(),
            "no column ballot in its tables",
        ),
        (
            "check.refers = { from = { table = \"precincts\", columns = [\"county\"] }, \
             to = { table = \"precincts\", columns = [\"precinct\"] } }"
                .to_owned(),
            "no column county in precincts",
        ),
    ];
    let checks = cases.each_ref().map(|(check, _)| check.clone());
    let ran = run_all(&checks, &[PRECINCTS]);
    for ((check, reason), (own, findings)) in cases.into_iter().zip(ran) {
        assert_eq!(own.outcome(), Outcome::Skipped, "{check}");
        assert_eq!(own.reason.as_deref(), Some(reason), "{check}");
        assert!(findings.is_empty(), "{check}");
    }
}

#[test]
fn what_the_engine_cannot_do_is_unknown_and_no_pass() {
    let (own, _) = run(
        "check.row = { table = \"precincts\", must = \"precinct > 3\" }",
        &[PRECINCTS],
    );
    assert_eq!(own.outcome(), Outcome::Unknown);
    let reason = own.reason.expect("a reason");
    assert!(reason.contains("cannot compare string"), "{reason}");
}

#[test]
fn headings_that_come_to_one_name_are_not_mixed_up() {
    let file = ("twins.csv", "name,No. of votes,No of votes\na,1,2\n");
    let check =
        |column: &str| format!("check.row = {{ table = \"twins\", must = \"{column} = 2\" }}");
    let (own, _) = run(&check("no_of_votes"), &[file]);
    assert_eq!(
        own.reason.as_deref(),
        Some("no column no_of_votes in twins")
    );
    let (own, _) = run(&check("no_of_votes_2"), &[file]);
    assert_eq!(own.outcome(), Outcome::Passed);
}

#[test]
fn a_file_called_results_does_not_hide_the_results() {
    let file = (
        "results.csv",
        "contest,party,votes\nAshby,Red,7\nAshby,Blue,3\n",
    );
    for (table, passed) in [("results", 2), ("results_file", 2)] {
        let check = format!("check.row = {{ table = \"{table}\", must = \"votes > 0\" }}");
        assert_eq!(run(&check, &[file]).0.passed, passed, "{table}");
    }
    let check = "check.row = { table = \"results_file\", must = \"votes_change = 0\" }";
    let (own, _) = run(check, &[file]);
    assert_eq!(own.outcome(), Outcome::Skipped);
}

#[test]
fn codes_stay_text_and_shares_are_exact() {
    let file = ("codes.csv", "code,share\n007,33.4\n012,33.3\n");
    for must in [
        "code = '007' OR code LIKE '01%'",
        "ABS(share - 33.35) = 0.05",
        "share * 3 = 100.2 OR share * 3 = 99.9",
    ] {
        let check = format!("check.row = {{ table = \"codes\", must = \"{must}\" }}");
        assert_eq!(run(&check, &[file]).0.passed, 2, "{must}");
    }
}

#[test]
fn results_have_the_figures_of_their_contest() {
    let file = (
        "night.csv",
        "contest,year,candidate,party,votes,share\nAshby,2020,Ann Lee,Red,700,70.0\n\
         Ashby,2020,Bo Hart,Blue,300,30.0\nAshby,2020,Valid votes,,900,\n",
    );
    let check = "check.sql = { query = '''SELECT _table, _row, contest, party, votes, valid_votes \
                 FROM results WHERE votes * 100 > valid_votes * 75''', key = [\"party\"] }";
    let (_, findings) = run(check, &[file]);
    assert_eq!(messages(&findings), ["Not so for party Red: It holds."]);
    let Locus::Cell(place) = findings[0].at else {
        panic!("a cell: {:?}", findings[0].at);
    };
    // The first figure of the query.
    assert_eq!((place.row, place.column), (0, 4));
}

#[test]
fn a_query_with_no_row_of_its_own_is_told_at_the_headings() {
    let check = "check.sql = { query = \"SELECT COUNT(*) - 4 AS n FROM precincts\", \
                 message = \"{n} rows too many\" }";
    let (own, findings) = run(check, &[PRECINCTS]);
    assert_eq!(messages(&findings), ["−1 rows too many"]);
    assert!(matches!(findings[0].at, Locus::Heading(_)), "{findings:?}");
    assert!(findings[0].label.contains("no _row"), "{findings:?}");
    assert_eq!(own.failed, 1);
}

#[test]
fn a_query_says_what_it_likes_of_a_row() {
    let check = "check.sql.query = '''SELECT _table, _row, 'Ballots' AS _column, \
                 precinct || ' is over' AS _message, registered_voters AS _expected, \
                 ballots AS _actual FROM precincts WHERE ballots > registered_voters'''";
    let (_, findings) = run(check, &[PRECINCTS]);
    assert_eq!(messages(&findings), ["1-B is over"]);
    assert_eq!(findings[0].expected.as_deref(), Some("800"));
    assert_eq!(findings[0].stated.as_deref(), Some("851"));
}

/// Queries, and how many rows SQL returns for them.
const FORMS: [(&str, usize); 23] = [
    ("SELECT k FROM a GROUP BY k HAVING COUNT(*) > 1", 1),
    (
        "SELECT a.k FROM a LEFT JOIN b ON a.k = b.k WHERE b.k IS NULL",
        2,
    ),
    ("SELECT a.k, b.z FROM a FULL JOIN b ON a.k = b.k", 6),
    ("SELECT a.k, b.z FROM a RIGHT JOIN b ON a.k = b.k", 4),
    (
        "SELECT a.k FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.k = a.k)",
        2,
    ),
    (
        "SELECT a.k FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k)",
        2,
    ),
    ("SELECT k FROM a EXCEPT SELECT k FROM b", 2),
    ("SELECT k FROM a INTERSECT SELECT k FROM b", 1),
    ("SELECT k FROM a UNION ALL SELECT k FROM b", 7),
    (
        "WITH m AS (SELECT MAX(y) AS m FROM a) SELECT a.k FROM a CROSS JOIN m WHERE a.y = m.m",
        1,
    ),
    ("SELECT a.k, c.k AS other FROM a JOIN a c ON a.y < c.y", 2),
    (
        "SELECT k FROM (SELECT k, COUNT(*) OVER (PARTITION BY k) AS n FROM a) t WHERE n = 2",
        2,
    ),
    (
        "SELECT k FROM (SELECT k, x - LAG(x) OVER (PARTITION BY k ORDER BY x) AS d FROM a) t WHERE d = 3",
        1,
    ),
    (
        "SELECT k FROM (SELECT k, RANK() OVER (ORDER BY COALESCE(x, 0)) - 2 AS n FROM a) t WHERE n < 0",
        1,
    ),
    (
        "SELECT k FROM (SELECT k, SUM(x) OVER (PARTITION BY k ORDER BY x ROWS UNBOUNDED PRECEDING) AS n FROM a WHERE x IS NOT NULL) t WHERE n = 5",
        1,
    ),
    ("SELECT k FROM a WHERE x IS DISTINCT FROM 1", 3),
    ("SELECT k FROM a WHERE COALESCE(x, 0) IN (0, 4)", 2),
    ("SELECT k FROM a WHERE x IN (SELECT MIN(x) FROM a)", 1),
    (
        "SELECT k, SUM(CASE WHEN x > 1 THEN 1 ELSE 0 END) - 2 AS n FROM a GROUP BY k HAVING SUM(x) - 5 = 0",
        1,
    ),
    (
        "SELECT k, COUNT(*) FILTER (WHERE x > 1) AS n FROM a GROUP BY k HAVING COUNT(DISTINCT x) = 2",
        1,
    ),
    ("SELECT k FROM a WHERE CAST(x AS DOUBLE) / 4 > 0.5", 1),
    ("SELECT k FROM a WHERE x % 2 = 0 AND k LIKE 'p%'", 1),
    ("SELECT k FROM a WHERE y BETWEEN 1.5 AND 2", 2),
];

#[test]
fn the_forms_that_rules_may_use_give_the_answers_of_sql() {
    let a = ("a.csv", "k,x,y\np,1,1.5\nq,2,\nr,,2.5\np,4,1.5\n");
    let b = ("b.csv", "k,z\np,10\ns,20\n,30\n");
    let checks = FORMS.map(|(query, _)| format!("check.sql.query = '''{query}'''"));
    let ran = run_all(&checks, &[a, b]);
    for ((query, rows), (own, findings)) in FORMS.into_iter().zip(ran) {
        assert_eq!(findings.len(), rows, "{query}: {own:?}");
    }
}

#[test]
fn a_figure_that_nobody_gives_makes_no_pass() {
    let file = (
        "night.csv",
        "contest,party,votes\nAshby,Red,7\nAshby,Blue,3\n",
    );
    let check = "check.sql.query = \"SELECT party FROM results WHERE votes > valid_votes\"";
    let (own, _) = run(check, &[file]);
    assert_eq!(own.outcome(), Outcome::Unknown);
    assert_eq!(
        own.reason.as_deref(),
        Some("no valid_votes is given in results")
    );
}

#[test]
fn queries_have_their_limits() {
    let long = format!("k,n\n{}", "x,1\n".repeat(10_050));
    let file = ("long.csv", long.as_str());
    let (own, findings) = run("check.sql.query = \"SELECT n, _row FROM long\"", &[file]);
    assert_eq!(own.failed, 10_001);
    let last = findings.last().expect("there are some");
    assert!(last.message.contains("more than 10000 rows"), "{last:?}");
    let check = "check.sql.query = \"SELECT a.k FROM long a CROSS JOIN long b\"";
    let (own, findings) = run(check, &[file]);
    assert!(
        findings.is_empty() && own.outcome() == Outcome::Unknown,
        "{own:?}"
    );
    let reason = own.reason.expect("a reason");
    assert!(reason.contains("every row of long"), "{reason}");
}

#[test]
fn names_that_are_nearly_the_same_are_named() {
    let known = (
        "areas.csv",
        "name\nAshby & Vale\nCorfe Castle\nÉvry\nNewton\n",
    );
    let check = "check.refers = { from = { table = \"rows\", columns = [\"area\"] }, \
                 to = { table = \"areas\", columns = [\"Name\"] } }";
    for (name, near) in [
        (
            "Ashby and Vale",
            Some("Ashby & Vale, which differs only in case, accents or marks"),
        ),
        (
            "ÉVRY",
            Some("Évry, which differs only in case, accents or marks"),
        ),
        (
            "Castle Corfe",
            Some("Corfe Castle, which has the same words in another order"),
        ),
        (
            "Corfe Castel",
            Some("Corfe Castle, which is spelt much like it"),
        ),
        ("NewNewton", Some("Newton, which is a part of it")),
        ("Oldham", None),
    ] {
        let table = format!("area,votes\n{name},3\n{name},4\nNewton,1\n,2\n");
        let (own, findings) = run(check, &[("rows.csv", table.as_str()), known]);
        assert_eq!((own.passed, own.failed, own.unknown), (1, 1, 1), "{name}");
        let finding = &findings[0];
        assert!(finding.label.contains("2 rows"), "{finding:?}");
        match near {
            None => assert!(finding.help.is_none(), "{finding:?}"),
            Some(near) => {
                let (other, how) = near.split_once(", ").expect("two parts");
                let says = format!("“{other}” is there, {how}");
                assert!(finding.message.contains(&says), "{finding:?}");
                assert_eq!(finding.expected.as_deref(), Some(other));
            }
        }
    }
}

#[test]
fn a_rule_of_the_users_takes_the_place_of_a_built_in_one() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let checks = folder.path().join("checks");
    std::fs::create_dir(&checks).expect("a folder can be made");
    let built_in = include_str!("../../rules/checks/totals.toml");
    let first = built_in.split("[[rule]]").nth(1).expect("a rule");
    let own = format!("[[rule]]{}", first.replace("\"error\"", "\"note\""));
    // The name of a built-in file, which stays.
    std::fs::write(checks.join("totals.toml"), own).expect("a file can be written");
    let before = Knowledge::built_in();
    let after = Knowledge::of(&Pack::with_folder(folder.path()).expect("it can be read"));
    assert_eq!(before.rules.iter().count(), after.rules.iter().count());
    let rule = after
        .rules
        .get("votes-add-up-to-valid-votes")
        .expect("it is there");
    assert_eq!(rule.severity.name(), "note");
    assert!(rule.own);
}

#[test]
fn the_rules_in_the_readme_do_as_they_should() {
    let readme = include_str!("../../README.md");
    let blocks = readme.split("```toml\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    let rules: Vec<&str> = blocks
        .filter(|block| block.starts_with("[[rule]]"))
        .collect();
    assert!(rules.len() > 1, "the README has rules");
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (number, rule) in rules.iter().enumerate() {
        let path = folder.path().join(format!("{number}.toml"));
        std::fs::write(path, rule).expect("a file can be written");
    }
    all_do_as_they_should(folder.path());
}

#[test]
fn the_sample_rules_do_as_they_should() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/own-rules");
    all_do_as_they_should(&samples);
}

fn all_do_as_they_should(folder: &Path) {
    let knowledge = Knowledge::of(&Pack::with_folder(folder).expect("the rules can be read"));
    let own: Vec<_> = knowledge.rules.iter().filter(|rule| rule.own).collect();
    assert!(!own.is_empty());
    for rule in own {
        for (example, should) in [(&rule.pass, Outcome::Passed), (&rule.fail, Outcome::Failed)] {
            let outcomes = knowledge.outcomes(example);
            let own = outcomes.iter().find(|o| o.rule == rule.id);
            let own = own.expect("every rule has an outcome");
            assert_eq!(own.outcome(), should, "{own:?}");
        }
    }
}

#[test]
fn figures_that_disagree_are_rows_of_their_own() {
    let file = (
        "wards.csv",
        "ward no,votes cast,valid votes,rejected votes\n1,100,90,10\n2,200,190,10\n2,200,190,10\n",
    );
    let check =
        "check.row = { table = \"figures\", must = \"valid_votes + rejected_votes = 100\" }";
    let (own, _) = run(check, &[file]);
    assert_eq!((own.passed, own.failed, own.unknown), (1, 1, 0), "{own:?}");
}

#[test]
fn what_a_finding_is_about_does_not_depend_on_its_row() {
    let check = row("table = \"precincts\", key = [\"Precinct\"]");
    let (_, findings) = run(&check, &[PRECINCTS]);
    let key: Vec<_> = findings[0].key.iter().collect();
    assert_eq!(key, [("precinct", "1-B")]);
}

#[test]
fn a_mistake_in_sql_has_its_place_whatever_the_line_ends() {
    for (before, ends) in [("", "\n"), ("\n", "\n"), ("\r\n", "\r\n")] {
        let query = ["SELECT party", "FROM results", "WHERE ROUND(share) = 3"].join(ends);
        let Err(PackError::Invalid {
            source_file, span, ..
        }) = Rules::from_pack(
            &pack(&[format!("check.sql.query = '''{before}{query}'''")]).expect("it is text"),
        )
        else {
            panic!("ROUND is refused");
        };
        let span = span.expect("it has a place");
        assert_eq!(source_file.text().get(span), Some("ROUND"), "{ends:?}");
    }
}

#[test]
fn a_query_joins_no_more_rows_than_the_limit() {
    let table = |name: &str| {
        let rows: Vec<String> = (0..8000).map(|n| format!("{name} {n},Red,1")).collect();
        format!("contest,party,votes\n{}\n", rows.join("\n"))
    };
    let (one, other) = (table("A"), table("B"));
    let query = "check.sql = { query = \"SELECT a.contest FROM one a CROSS JOIN other b\" }";
    let (outcome, findings) = run(query, &[("one.csv", &one), ("other.csv", &other)]);
    assert!(findings.is_empty());
    let reason = outcome.reason.unwrap_or_default();
    assert!(
        reason.contains("every row of one would be joined with every row of other"),
        "{reason}"
    );
}
