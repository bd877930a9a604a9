//! One slip that breaks several sums is told once, with the row that it is in.

use scrutineer::model::{Dataset, Finding};

use super::rules::Knowledge;

const WIDE: &str = "\
precinct,Ann Lee,Bo Hart,Cy Dunn,Di Ford,Total
North,412,385,64,23,884
South,298,341,47,31,717
East,523,476,81,36,1116
West,187,216,29,15,447
Mill,349,312,58,27,746
Quay,261,277,43,19,600
Total,2030,2007,322,151,4510
";

const LONG: &str = "\
precinct,office,candidate,election_day,early_voting,votes
North,Mayor,Ann Lee,30,10,40
South,Mayor,Ann Lee,35,15,50
West,Mayor,Ann Lee,61,22,83
East,Mayor,Ann Lee,20,5,25
Total,Mayor,Ann Lee,146,52,198
North,Mayor,Bo Hart,45,21,66
South,Mayor,Bo Hart,17,13,30
West,Mayor,Bo Hart,33,9,42
East,Mayor,Bo Hart,12,4,16
Total,Mayor,Bo Hart,107,47,154
North,Mayor,Cy Dunn,5,2,7
South,Mayor,Cy Dunn,7,3,10
West,Mayor,Cy Dunn,3,9,12
East,Mayor,Cy Dunn,2,4,6
Total,Mayor,Cy Dunn,17,18,35
";

fn findings(table: &str) -> Vec<Finding> {
    Knowledge::built_in().check_table(table).findings
}

/// The one finding of a table, with the kind of its cause and what that says.
fn cause(table: &str) -> (String, &'static str, String) {
    let found = findings(table);
    let [finding] = found.as_slice() else {
        panic!("one finding: {found:?}");
    };
    let cause = finding.cause.as_ref().expect("a cause is named");
    (finding.rule.clone(), cause.kind, cause.says.clone())
}

fn without(table: &str, unit: &str) -> String {
    let lines = table.lines().filter(|line| !line.starts_with(unit));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn tables_that_add_up_are_not_accused() {
    assert!(findings(WIDE).is_empty());
    assert!(findings(LONG).is_empty());
}

#[test]
fn a_missing_row_is_told_once_with_its_figures() {
    let (_, kind, says) = cause(&without(WIDE, "Mill"));
    assert_eq!(kind, "row-missing");
    assert!(
        says.contains("Ann Lee 349, Bo Hart 312, Cy Dunn 58"),
        "{says}"
    );
}

#[test]
fn a_row_that_is_counted_twice_is_named() {
    let row = "Mill,349,312,58,27,746\n";
    let again = WIDE.replace(row, &format!("{row}Millpond,349,312,58,27,746\n"));
    let (_, kind, says) = cause(&again);
    assert_eq!(kind, "row-twice");
    assert!(says.contains("“Mill” and “Millpond”"), "{says}");
    let total = WIDE.replace("2030,2007,322,151,4510", "2379,2319,380,178,5256");
    let (_, kind, says) = cause(&total);
    assert_eq!(
        (kind, says.as_str()),
        ("row-twice", "the totals may count “Mill” twice")
    );
    let left_out = WIDE.replace("2030,2007,322,151,4510", "1681,1695,264,124,3764");
    let (_, kind, says) = cause(&left_out);
    assert_eq!(kind, "row-twice");
    assert!(says.contains("left out of the totals"), "{says}");
}

#[test]
fn a_row_that_stands_twice_is_told_as_that() {
    let row = "Mill,349,312,58,27,746\n";
    let found = findings(&WIDE.replace(row, &format!("{row}{row}")));
    let rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["no-row-stands-twice"], "{found:?}");
}

#[test]
fn a_row_whose_figures_have_moved_is_named() {
    let found = findings(&WIDE.replace("Mill,349,312,58,27", "Mill,0,349,312,58"));
    let of_columns = found
        .iter()
        .find(|f| f.rule == "units-add-up-to-their-total");
    let cause = of_columns.and_then(|f| f.cause.as_ref()).expect("a cause");
    assert_eq!(cause.kind, "row-shifted");
    assert!(
        cause.says.contains("“Mill” may have moved to the right"),
        "{}",
        cause.says
    );
}

#[test]
fn figures_that_have_changed_places_are_named() {
    for (was, is, says) in [
        // Of two candidates in one precinct.
        ("North,412,385", "North,385,412", "385 and 412"),
        // The totals of two candidates, or all their figures.
        ("Total,2030,2007", "Total,2007,2030", "2,007 and 2,030"),
    ] {
        let (_, kind, told) = cause(&WIDE.replace(was, is));
        assert_eq!(kind, "rows-exchanged");
        assert!(told.contains(says), "{told}");
    }
    // Of two precincts: of one candidate, and of all.
    let one = WIDE
        .replace("North,412", "North,298")
        .replace("South,298", "South,412");
    let (rule, kind, told) = cause(&one);
    assert_eq!(
        (rule.as_str(), kind),
        ("votes-add-up-to-the-total", "rows-exchanged")
    );
    assert!(told.contains("298 and 412"), "{told}");
    let all = WIDE
        .replace("North,412,385,64,23", "North,298,341,47,31")
        .replace("South,298,341,47,31,717", "South,412,385,64,23,717");
    let (_, kind, _) = cause(&all);
    assert_eq!(kind, "rows-exchanged");
}

#[test]
fn rows_of_two_candidates_that_have_changed_places_are_one_finding() {
    let table = LONG
        .replace(
            "North,Mayor,Ann Lee,30,10,40",
            "North,Mayor,Ann Lee,45,21,66",
        )
        .replace(
            "North,Mayor,Bo Hart,45,21,66",
            "North,Mayor,Bo Hart,30,10,40",
        );
    let (_, kind, says) = cause(&table);
    assert_eq!(kind, "rows-exchanged");
    assert!(says.contains("Ann Lee and Bo Hart in “North”"), "{says}");
}

#[test]
fn exchanged_votes_are_told_once_by_shares_and_ranks() {
    let table = "\
candidate,party,votes,share,rank
Ann Lee,Red,400,46.7,1
Bo Hart,Blue,700,26.7,2
Cy Dunn,Green,300,20.0,3
Di Ford,Gold,100,6.7,4
";
    let (_, kind, says) = cause(table);
    assert_eq!(kind, "rows-exchanged");
    assert!(says.contains("ranks-follow-the-votes"), "{says}");
}

/// The notes that are made of a table, and how many sums of units pass.
fn read(table: &str) -> (Vec<String>, u64) {
    let knowledge = Knowledge::built_in();
    let dataset: Dataset = scrutineer::load::load_text("table.csv", table, knowledge.words());
    let checked = knowledge.check(&dataset);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    let of_units = checked.outcomes.iter();
    let mut of_units = of_units.filter(|o| o.rule == "units-add-up-to-their-total");
    let passed = of_units.next().map_or(0, |o| o.passed);
    (knowledge.relations(&dataset).notes, passed)
}

#[test]
fn a_last_row_that_is_the_sum_of_all_is_their_total_whatever_it_is_called() {
    for name in ["Lake County", ""] {
        let (notes, passed) = read(&WIDE.replace("Total,2", &format!("{name},2")));
        assert_eq!((notes.len(), passed), (1, 5), "{name}: {notes:?}");
        let (notes, passed) = read(&LONG.replace("Total", name));
        assert_eq!((notes.len(), passed), (1, 9), "{name}: {notes:?}");
    }
    let candidates = "candidate,votes,share\nAnn Lee,500,50.0\nBo Hart,300,30.0\nCy Dunn,200,20.0\nAshby,1000,100\n";
    assert_eq!(read(candidates).0.len(), 1);
}

#[test]
fn one_who_has_as_much_as_all_others_is_no_total() {
    let half = "candidate,votes,share\nAnn Lee,250,25.0\nBo Hart,150,15.0\nCy Dunn,100,10.0\nDi Ford,500,50.0\n";
    assert_eq!(read(half).0.len(), 0);
    let small = "precinct,Ann Lee (Lab),Bo Hart (Con)\nNorth,1,2\nSouth,2,0\nWest,1,1\nMill,4,3\n";
    assert_eq!(read(small).0.len(), 0);
}

#[test]
fn a_winner_that_is_named_by_party_is_held_against_the_votes() {
    use std::fmt::Write as _;
    let mut table = "constituency,winner,second party,Con,Lab,LD\n".to_owned();
    for seat in 0..8 {
        let _ = writeln!(table, "Seat {seat},Labour,Con,{},700,120", 300 + seat);
    }
    assert!(findings(&table).is_empty());
    let found = findings(&table.replace("Seat 3,Labour,Con", "Seat 3,Con,Labour"));
    let rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["the-winner-has-most-votes"; 2], "{found:?}");
    assert_eq!(found[0].expected.as_deref(), Some("Lab"));
}

/// A summary of parties, and eight seats that the first two parties share.
fn summary() -> (String, String) {
    use std::fmt::Write as _;
    let mut seats = "constituency,Con,Lab,LD,Green\n".to_owned();
    for seat in 0..8 {
        let votes = [[300, 700], [600, 200]][seat % 2];
        let _ = writeln!(seats, "Seat {seat},{},{},120,10", votes[0], votes[1]);
    }
    let parties = "Party,Candidates,Seats,Votes\nConservative,8,4,3600\nLabour,8,4,3600\nLib Dem,8,0,960\nGreen,8,0,80\n";
    (parties.to_owned(), seats)
}

#[test]
fn a_summary_of_parties_is_held_against_all_contests() {
    let knowledge = Knowledge::built_in();
    let check = |parties: &str, seats: &str| {
        let inputs = [("parties.csv", parties), ("seats.csv", seats)];
        let dataset = scrutineer::load::load_texts_against(&inputs, &[], knowledge.words());
        knowledge.check(&dataset)
    };
    let (parties, seats) = summary();
    assert!(check(&parties, &seats).findings.is_empty());
    let wrong = check(
        &parties.replace("Labour,8,4,3600", "Labour,8,4,3060"),
        &seats,
    );
    let rules: Vec<&str> = wrong.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["votes-of-a-party-are-those-of-all-contests"]);
    let few: String = seats.lines().take(4).collect::<Vec<_>>().join("\n");
    let checked = check(&parties, &few);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    let rule = "votes-of-a-party-are-those-of-all-contests";
    let outcome = checked.outcomes.iter().find(|o| o.rule == rule);
    assert!(outcome.is_some_and(|o| o.unknown > 0), "{outcome:?}");
}

const POLLS: &str = "\
precinct,Ann Lee (Liberal),Bo Hart (NDP),Valid Votes,Rejected Ballots,Total Votes,Electors
North,112,85,197,3,200,451
South,98,141,239,2,241,502
East,123,76,199,5,204,398
West,87,116,203,1,204,377
Total,420,418,838,11,849,1728
";

/// A row that has moved by a column through candidates and figures, with its other
/// sums, and one whose cells are too many or too few, are told once.
#[test]
fn a_moved_row_is_told_once() {
    let moved = [
        ("East,123,76,199,5,204,398", "East,,123,76,199,5,204"),
        ("East,123,76,199,5,204,398", "East,76,199,5,204,398,"),
        ("East,123,76,199,5,204,398", "East,76,199,5,204,398"),
        ("East,123,76,199,5,204,398", "East,,123,76,199,5,204,398"),
    ];
    for (row, instead) in moved {
        let table = POLLS.replace(row, instead);
        assert_ne!(table, POLLS);
        let found = findings(&table);
        let rules: Vec<&str> = found.iter().map(|f| f.rule.as_str()).collect();
        assert_eq!(rules.len(), 1, "{instead}: {rules:?}");
    }
}
