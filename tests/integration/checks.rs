//! Results as they were published are not accused, and slips in figures are
//! found. What is not beside the project is skipped, with a message.

use std::path::{Path, PathBuf};

use scrutineer::load;
use scrutineer::model::{Finding, Severity};

use super::rules::Knowledge;

#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// The errors found in these inputs, as rule and message.
fn errors(knowledge: &Knowledge, paths: &[PathBuf]) -> Vec<(String, String)> {
    let options = load::Options::default();
    let inputs: Vec<load::Input> = paths.iter().cloned().map(load::Input::from).collect();
    let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let findings = knowledge.check(&loaded.dataset).findings.into_iter();
    let errors = findings.filter(|f| f.severity == Severity::Error);
    errors.map(|f| (f.rule, f.message)).collect()
}

#[test]
fn published_results_are_not_accused() {
    let Some(folder) = shared("data/uk") else {
        return;
    };
    let found = errors(&Knowledge::built_in(), &[folder]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn tables_of_news_pages_are_not_accused() {
    let Some(folder) = shared("copy/dev") else {
        return;
    };
    let knowledge = Knowledge::built_in();
    let mut pages: Vec<_> = std::fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").path())
        .collect();
    pages.sort();
    for page in pages {
        let tables: Vec<PathBuf> = std::fs::read_dir(&page)
            .expect("readable")
            .map(|entry| entry.expect("readable").path())
            .filter(|path| path.extension().is_some_and(|e| e == "csv"))
            .collect();
        let found = errors(&knowledge, &tables);
        // Its turnout of 76.9 per cent is not 41,334 of 56,010.
        let known = page.ends_with("22-brecon-2019");
        let rules: Vec<&str> = found.iter().map(|(rule, _)| rule.as_str()).collect();
        let expected: &[&str] = if known {
            &["turnout-is-votes-cast-over-electorate"]
        } else {
            &[]
        };
        assert_eq!(rules, expected, "{}: {found:?}", page.display());
    }
}

const TABLE: &str = "\
contest,year,candidate,party,votes,share
Ashby Vale,2020,Ann Lee,Red,18350,55.1
Ashby Vale,2020,Bo Hart,Blue,11842,35.6
Ashby Vale,2020,Cy Dunn,Green,1627,4.9
Ashby Vale,2020,Di Ford,Gold,1466,4.4
";

fn findings(table: &str) -> Vec<Finding> {
    Knowledge::built_in().check_table(table).findings
}

#[test]
fn a_wrong_number_of_votes_is_found_by_the_shares_alone() {
    assert!(findings(TABLE).is_empty());
    let found = findings(&TABLE.replace("18350", "17350"));
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    assert_eq!(finding.rule, "share-is-votes-over-all-votes");
    assert_eq!(finding.stated.as_deref(), Some("17,350"));
    let cause = finding
        .cause
        .as_ref()
        .expect("one digit leads to the range");
    assert_eq!(cause.kind, "digit-replaced");
    assert_eq!(cause.suggestion.as_deref(), Some("18,350"));
}

#[test]
fn a_wrong_share_is_found_by_the_votes() {
    let found = findings(&TABLE.replace("35.6", "53.6"));
    let of_shares = found
        .iter()
        .find(|f| f.rule == "share-is-votes-over-all-votes");
    let finding = of_shares.expect("the share is found");
    assert_eq!(finding.stated.as_deref(), Some("53.6"));
    assert_eq!(finding.expected.as_deref(), Some("35.6"));
    let cause = finding.cause.as_ref().map(|c| c.kind);
    assert_eq!(cause, Some("digits-swapped"));
}

#[test]
fn one_share_above_one_does_not_make_fractions_per_cents() {
    use std::fmt::Write as _;
    let mut table = "contest,year,party,votes,share\n".to_owned();
    for ward in 1..=12 {
        let _ = writeln!(
            table,
            "Ward {ward},2020,Red,680,0.68\nWard {ward},2020,Blue,320,0.32"
        );
    }
    assert!(findings(&table).is_empty());
    let found = findings(&table.replacen("0.68", "6.8", 1));
    let of_shares = found
        .iter()
        .find(|f| f.rule == "share-is-votes-over-all-votes");
    let finding = of_shares.expect("the share is found");
    assert_eq!(finding.expected.as_deref(), Some("68"));
    assert_eq!(finding.cause.as_ref().map(|c| c.kind), Some("point-moved"));
}

#[test]
fn rows_left_out_are_no_error() {
    let short: Vec<&str> = TABLE.lines().take(4).collect();
    assert!(findings(&short.join("\n")).is_empty());
    let total = "\nAshby Vale,2020,Valid votes,,33285,";
    assert!(findings(&(short.join("\n") + total)).is_empty());
}

#[test]
fn a_row_under_a_misspelt_contest_is_named() {
    let table = "\
contest,year,candidate,votes
Ashby,2020,Ann Lee,700
Ashbby,2020,Bo Hart,300
Ashby,2020,Cy Dunn,200
Ashby,2020,Valid votes,1200
";
    let found = findings(table);
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    let cause = finding.cause.as_ref().expect("the row that is missing");
    assert_eq!(cause.kind, "row-elsewhere");
    assert!(cause.says.contains("Ashbby"), "{}", cause.says);
}

/// The kind of cause that a finding of a rule has.
fn cause_of(table: &str, rule: &str) -> Option<&'static str> {
    let found = findings(table);
    let finding = found.iter().find(|f| f.rule == rule);
    finding.and_then(|f| f.cause.as_ref()).map(|c| c.kind)
}

#[test]
fn what_a_sum_is_off_by_is_named() {
    let with_rejected = "row,votes\nLeave,600\nRemain,400\nRejected ballots,37\nValid votes,1037\n";
    let kind = cause_of(with_rejected, "votes-add-up-to-valid-votes");
    assert_eq!(kind, Some("category-omitted"));
    let exchanged = "\
precinct,office,candidate,votes
North,Mayor,Ann Lee,31
South,Mayor,Ann Lee,50
West,Mayor,Ann Lee,77
Total,Mayor,Ann Lee,172
North,Mayor,Bo Hart,45
South,Mayor,Bo Hart,35
West,Mayor,Bo Hart,12
Total,Mayor,Bo Hart,78
North,Mayor,Cy Dunn,5
South,Mayor,Cy Dunn,6
West,Mayor,Cy Dunn,7
Total,Mayor,Cy Dunn,18
North,Mayor,Di Ford,4
South,Mayor,Di Ford,1
West,Mayor,Di Ford,2
Total,Mayor,Di Ford,7
";
    let found = findings(exchanged);
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    let kind = finding.cause.as_ref().map(|c| c.kind);
    assert_eq!(kind, Some("rows-exchanged"));
}

/// Contests with two candidates, of which the first has most votes, and who of
/// them is marked as elected in each.
fn marked(elected: &[usize]) -> String {
    use std::fmt::Write as _;
    let mut table = "contest,candidate,votes,elected\n".to_owned();
    for (ward, elected) in elected.iter().enumerate() {
        for (at, (name, votes)) in [("Ann Lee", 700), ("Bo Hart", 300)].iter().enumerate() {
            let mark = if at == *elected { "yes" } else { "no" };
            let _ = writeln!(table, "Ward {ward},{name} {ward},{votes},{mark}");
        }
    }
    table
}

#[test]
fn a_mark_of_election_is_an_error_where_the_others_follow_the_votes() {
    let severity = |elected: &[usize]| {
        let found = findings(&marked(elected)).into_iter();
        let found: Vec<_> = found.map(|f| (f.rule, f.severity)).collect();
        found
    };
    let rule = "the-elected-have-most-votes".to_owned();
    assert!(severity(&[0; 8]).is_empty());
    let one = severity(&[0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(one, [(rule.clone(), Severity::Error)]);
    assert_eq!(severity(&[1]), [(rule, Severity::Warning)]);
    let by_preferences = severity(&[0, 1, 0, 1, 0, 1, 0, 0]);
    assert!(by_preferences.is_empty(), "{by_preferences:?}");
}

#[test]
fn one_elected_too_many_is_found_by_the_other_contests() {
    let table = marked(&[0; 8]);
    let found = findings(&table.replace("Bo Hart 3,300,no", "Bo Hart 3,300,yes"));
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    assert_eq!(finding.rule, "as-many-are-elected-as-there-are-seats");
    assert_eq!(finding.stated.as_deref(), Some("2"));
}

#[test]
fn exchanged_ranks_are_one_finding() {
    let table = "candidate,votes,rank\nAnn Lee,700,1\nBo Hart,300,3\nCy Dunn,400,2\nDi Ford,100,4\nEd Gray,50,5\n";
    assert!(findings(table).is_empty());
    let found = findings(&table.replace("300,3", "300,2").replace("400,2", "400,3"));
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    assert_eq!(
        finding.cause.as_ref().map(|c| c.kind),
        Some("rows-exchanged")
    );
    let ballot = "candidate,votes,rank\nAnn Lee,700,4\nBo Hart,300,1\nCy Dunn,400,5\nDi Ford,100,2\nEd Gray,50,3\n";
    assert!(findings(ballot).is_empty(), "ranks of something else");
}

#[test]
fn a_share_of_another_total_is_named() {
    let table = "\
contest,year,candidate,votes,share
Ashby,2020,Ann Lee,500,50.0
Ashby,2020,Bo Hart,300,30.0
Ashby,2020,Cy Dunn,200,18.2
Ashby,2020,Ballots cast,1100,
";
    let found = findings(table);
    let finding = found
        .iter()
        .find(|f| f.rule == "share-is-votes-over-all-votes");
    let cause = finding.and_then(|f| f.cause.as_ref());
    assert_eq!(cause.map(|c| c.kind), Some("another-total"), "{found:?}");
}

#[test]
fn losses_may_be_printed_with_their_sign() {
    let table = "party,seats,gains,losses,net change\nRed,60,12,-2,+10\nBlue,40,3,-13,-10\n";
    let knowledge = Knowledge::built_in();
    let checked = knowledge.check_table(table);
    let outcome = checked
        .outcomes
        .iter()
        .find(|o| o.rule == "net-change-is-gains-minus-losses");
    assert!(outcome.is_some_and(|o| o.passed == 2), "{outcome:?}");
}

#[test]
fn a_rule_yields_to_one_that_tells_better() {
    let table = "\
contest,year,candidate,votes
Ashby,2020,Ann Lee,7000
Ashby,2020,Bo Hart,300
Ashby,2020,Valid votes,1000
";
    let checked = Knowledge::built_in().check_table(table);
    let rules: Vec<&str> = checked.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["votes-add-up-to-valid-votes"]);
    let outcome = checked
        .outcomes
        .iter()
        .find(|o| o.rule == "no-candidate-has-more-votes-than-are-valid");
    assert!(
        outcome.is_some_and(|o| o.failed == 0 && o.unknown == 1),
        "{outcome:?}"
    );
}

/// A contest of each kind, and the rules that judge it.
const CONTESTS: [(&str, &[&str]); 53] = [
    (
        "preferences",
        &["votes-add-up-to-valid-votes", "votes-add-up-to-the-total"],
    ),
    ("majority-column", &["majority-is-first-minus-second"]),
    ("fusion-lines", &["majority-is-first-minus-second"]),
    ("lists", &["votes-add-up-to-the-total"]),
    ("several-seats", &["turnout-is-votes-cast-over-electorate"]),
    ("several-seats-shares", &["share-is-votes-over-all-votes"]),
    ("of-which", &["votes-add-up-to-the-total"]),
    ("preliminary-and-final", &["votes-add-up-to-the-total"]),
    ("referendum-by-area", &["units-add-up-to-their-total"]),
    ("transferable-votes", &["votes-add-up-to-valid-votes"]),
    ("tie", &["majority-is-first-minus-second"]),
    ("uncontested", &["share-is-votes-over-all-votes"]),
    ("unlabelled-total", &["votes-add-up-to-the-total"]),
    ("under-and-over-votes", &["counts-are-not-negative"]),
    (
        "us-openelections-precinct",
        &[
            "votes-and-rejected-ballots-make-the-ballots-cast",
            "votes-do-not-exceed-the-electorate",
        ],
    ),
    (
        "us-canvass-wide",
        &[
            "votes-add-up-to-the-total",
            "units-add-up-to-their-total",
            "turnout-is-votes-cast-over-electorate",
            "votes-and-rejected-ballots-make-the-ballots-cast",
        ],
    ),
    (
        "us-modes-columns",
        &[
            "votes-by-mode-add-up-to-the-votes",
            "units-add-up-to-their-total",
        ],
    ),
    ("us-medsl-modes", &["units-add-up-to-their-total"]),
    (
        "us-ny-fusion",
        &["votes-add-up-to-the-total", "units-add-up-to-their-total"],
    ),
    ("us-rcv", &["each-stage-of-a-count-adds-up"]),
    (
        "us-subtotals",
        &["votes-add-up-to-the-total", "units-add-up-to-their-total"],
    ),
    (
        "us-counties-percent",
        &[
            "share-is-votes-over-all-votes",
            "majority-is-first-minus-second",
        ],
    ),
    (
        "uk-rejected-reasons",
        &["reasons-add-up-to-the-rejected-votes"],
    ),
    ("uk-council-summary", &["net-change-is-gains-minus-losses"]),
    (
        "uk-referendum",
        &[
            "votes-add-up-to-valid-votes",
            "share-is-votes-over-all-votes",
            "valid-and-rejected-votes-make-the-votes-cast",
        ],
    ),
    (
        "uk-turnout-stations",
        &["votes-by-mode-add-up-to-the-votes"],
    ),
    (
        "uk-tie",
        &["ranks-follow-the-votes", "the-elected-have-most-votes"],
    ),
    ("canada-riding", &["votes-add-up-to-valid-votes"]),
    (
        "canada-polls",
        &["votes-add-up-to-the-total", "units-add-up-to-their-total"],
    ),
    (
        "germany-gemeinde",
        &[
            "share-is-votes-over-all-votes",
            "votes-add-up-to-valid-votes",
        ],
    ),
    (
        "germany-wahlbezirke",
        &["votes-add-up-to-valid-votes", "units-add-up-to-their-total"],
    ),
    (
        "germany-preliminary-final",
        &["votes-add-up-to-valid-votes"],
    ),
    ("ireland-stv-wide", &["each-stage-of-a-count-adds-up"]),
    (
        "australia-first-preferences",
        &[
            "votes-by-mode-add-up-to-the-votes",
            "votes-add-up-to-valid-votes",
        ],
    ),
    ("india-eci", &["votes-by-mode-add-up-to-the-votes"]),
    (
        "sweden",
        &[
            "share-is-votes-over-all-votes",
            "valid-and-rejected-votes-make-the-votes-cast",
        ],
    ),
    ("norway", &["votes-by-mode-add-up-to-the-votes"]),
    (
        "netherlands",
        &[
            "valid-and-rejected-votes-make-the-votes-cast",
            "turnout-is-votes-cast-over-electorate",
        ],
    ),
    (
        "spain",
        &[
            "votes-add-up-to-valid-votes",
            "votes-cast-and-abstentions-make-the-electorate",
            "share-is-votes-over-all-votes",
        ],
    ),
    ("france-candidats", &["share-is-votes-over-all-votes"]),
    (
        "france-participation",
        &["votes-cast-and-abstentions-make-the-electorate"],
    ),
    (
        "france-communes",
        &["units-add-up-to-their-total", "votes-add-up-to-valid-votes"],
    ),
    (
        "brazil",
        &["votes-cast-and-abstentions-make-the-electorate"],
    ),
    (
        "swiss-referendum",
        &["votes-add-up-to-valid-votes", "units-add-up-to-their-total"],
    ),
    (
        "national-lists",
        &[
            "changes-of-seats-net-to-zero",
            "votes-add-up-to-valid-votes",
        ],
    ),
    (
        "seats-two-elections",
        &["change-in-seats-is-now-minus-then"],
    ),
    ("others-in-one-column", &["majority-is-first-minus-second"]),
    (
        "us-counties-modes",
        &[
            "votes-by-mode-add-up-to-the-votes",
            "share-is-votes-over-all-votes",
            "votes-add-up-to-the-total",
        ],
    ),
    (
        "uk-shares-cut-off",
        &["share-is-votes-over-all-votes", "shares-add-up-to-100"],
    ),
    ("germany-cumulative", &["votes-add-up-to-valid-votes"]),
    (
        "france-per-cents",
        &["per-cents-of-two-columns-are-so-in-every-row"],
    ),
    (
        "spain-lists-column",
        &["a-column-of-sums-is-one-in-every-row"],
    ),
    ("netherlands-list-totals", &["votes-add-up-to-the-total"]),
];

#[test]
fn contests_of_every_kind_are_judged_and_not_accused() {
    let knowledge = Knowledge::built_in();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contests");
    for (name, judged) in CONTESTS {
        let path = folder.join(name).with_extension("csv");
        let text = std::fs::read_to_string(&path).expect("it is there");
        let checked = knowledge.check_table(&text);
        assert!(
            checked.findings.is_empty(),
            "{name}: {:?}",
            checked.findings
        );
        for rule in judged {
            let outcome = checked.outcomes.iter().find(|o| o.rule == *rule);
            let passed = outcome.is_some_and(|o| o.passed > 0 && o.failed == 0);
            assert!(passed, "{name}: {rule}: {outcome:?}");
        }
    }
    let files = std::fs::read_dir(folder).expect("it is there").count();
    assert_eq!(files, CONTESTS.len(), "every contest is judged");
}

/// Precincts of two counties have the same names; each adds up by itself.
#[test]
fn precincts_of_two_counties_are_counted_apart() {
    let rows = |county: &str, total: u32| {
        format!(
            "{county},P1,Governor,Ann Lee,Red,100\n{county},P1,Governor,Bo Hart,Blue,60\n{county},P1,Governor,Total,,{total}\n"
        )
    };
    let table = |lake, polk| {
        let head = "county,precinct,office,candidate,party,votes\n";
        findings(&format!(
            "{head}{}{}",
            rows("Lake", lake),
            rows("Polk", polk)
        ))
    };
    assert!(table(160, 160).is_empty(), "{:?}", table(160, 160));
    let found = table(160, 170);
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    assert!(
        finding.message.contains("P1, Polk, Governor"),
        "{finding:?}"
    );
    assert_eq!(finding.key.get("county"), Some("Polk"));
}

/// A total that leaves its county open, or county and district, counts the rows of
/// all of them; each pattern those that it names.
#[test]
fn totals_count_the_areas_that_they_leave_open() {
    let head = "county,precinct,office,district,candidate,votes\n\
        Ash,P1,House,1,Ann Lee,40\nAsh,P2,House,2,Ann Lee,50\n\
        Kirk,P3,House,2,Ann Lee,7\nKirk,P4,House,1,Bo Hart,5\n";
    let messages = |[district, other, all]: [u32; 3]| {
        let totals = format!(
            ",Total,House,2,Ann Lee,{district}\n,Total,House,1,Bo Hart,{other}\n,Total,House,,Ann Lee,{all}\n"
        );
        let found = findings(&format!("{head}{totals}")).into_iter();
        found.map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert!(messages([57, 5, 97]).is_empty());
    for (totals, says) in [
        ([57, 5, 98], "in 3 rows add up to 97"),
        ([58, 5, 97], "in 2 rows add up to 57"),
    ] {
        let found = messages(totals);
        assert!(
            matches!(found.as_slice(), [one] if one.contains(says)),
            "{found:?}"
        );
    }
}
