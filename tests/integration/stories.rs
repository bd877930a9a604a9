//! Small stories beside small tables: what a sentence is understood to say.

use std::fs;
use std::process::Command;

use serde_json::Value;

/// The claims of a story about tables: their words, and the verdict on each.
fn verdicts(tables: &[&str], story: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut names = vec!["story.txt".to_owned()];
    fs::write(folder.path().join("story.txt"), story).expect("writable");
    for (at, table) in tables.iter().enumerate() {
        names.push(format!("t{at}.csv"));
        fs::write(folder.path().join(format!("t{at}.csv")), table).expect("writable");
    }
    let run = Command::new(env!("CARGO_BIN_EXE_scrutineer"))
        .current_dir(folder.path())
        .args(["check", "--no-config", "--format=json"])
        .args(&names)
        .output()
        .expect("the program can be run");
    let report: Value = serde_json::from_slice(&run.stdout).expect("the report is JSON");
    let claims = report["claims"].as_array().expect("it has claims");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    claims
        .iter()
        .map(|claim| (text(&claim["at"]["text"]), text(&claim["verdict"])))
        .collect()
}

/// Holds the verdict on each of some words.
#[track_caller]
fn holds(tables: &[&str], story: &str, wanted: &[(&str, &str)]) {
    let told = verdicts(tables, story);
    for (words, verdict) in wanted {
        let found: Vec<&str> = told
            .iter()
            .filter(|(text, _)| text == words)
            .map(|(_, verdict)| verdict.as_str())
            .collect();
        assert_eq!(found, [*verdict], "{words} in {story:?}: {told:?}");
    }
}

const COUNCILS: &str = "\
party,seats_before,seats_won,net_seats,councils_won,net_councils
Labour,\"1,100\",\"1,158\",+58,51,+8
Liberal Democrats,418,522,+104,12,+2
Conservative,989,515,-474,6,-10
No overall control,,,,37,0
";

#[test]
fn a_leader_stands_for_the_party_in_tables_of_parties() {
    let story = "Sir Ed Davey's party finished with 522, seven more than the Tories. \
                 Rishi Sunak's Conservatives lost 447 seats.";
    let wanted = [
        ("522", "agrees"),
        ("seven more", "agrees"),
        ("447", "contradicts"),
    ];
    holds(&[COUNCILS], story, &wanted);
}

#[test]
fn a_leader_of_two_parties_of_the_tables_stands_for_neither() {
    let table = "party,seats\nUKIP,12\nReform UK,5\nLabour,40\n";
    let told = verdicts(&[table], "Nigel Farage's party won 12 seats.");
    assert!(
        told.iter().all(|(_, verdict)| verdict != "contradicts"),
        "{told:?}"
    );
}

#[test]
fn a_row_of_councils_alone_has_no_place() {
    let story = "The Conservatives finished third with 515 seats.";
    holds(&[COUNCILS], story, &[("third", "agrees")]);
    let story = "The Conservatives finished second with 515 seats.";
    holds(&[COUNCILS], story, &[("second", "contradicts")]);
}

#[test]
fn a_change_beside_what_it_came_to_is_of_seats() {
    let story = "Labour were up 58 at 1,158. The Conservatives are down 447 at 515.";
    let wanted = [
        ("58", "agrees"),
        ("1,158", "agrees"),
        ("447", "contradicts"),
    ];
    holds(&[COUNCILS], story, &wanted);
}

#[test]
fn the_table_of_a_whole_goes_before_those_of_its_parts() {
    let whole = "row,votes,pct\nYes,1600,40.00\nNo,2400,60.00\n";
    let parts = "area,yes,no\nAshby,900,1100\nCorfe,700,1300\n";
    let story = "The No side won the referendum by 60 per cent to 40.1 per cent.";
    let wanted = [("60 per cent", "agrees"), ("40.1 per cent", "contradicts")];
    holds(&[whole, parts], story, &wanted);
}

#[test]
fn a_mark_of_the_incumbent_is_no_part_of_a_name() {
    let now = "contest,year,candidate,party,votes\n\
               Ashby,2021,Ann Lee (incumbent),Red,700\nAshby,2021,Bo Hart,Blue,900\n";
    let then = "contest,year,candidate,party,votes\n\
                Ashby,2017,Ann Lee,Red,950\nAshby,2017,Bo Hart (incumbent),Blue,800\n";
    let story = "In Ashby, Bo Hart beat Ann Lee. Hart had 900 votes and Lee 700.";
    holds(&[now, then], story, &[("900", "agrees"), ("700", "agrees")]);
}

#[test]
fn more_than_halved_is_less_than_half() {
    let tables = [
        "contest,year,candidate,party,votes\nAshby,2021,Ann Lee,Red,1400\nAshby,2021,Bo Hart,Blue,1000\n",
        "contest,year,candidate,party,votes\nAshby,2017,Ann Lee,Red,1700\nAshby,2017,Bo Hart,Blue,1000\n",
    ];
    // 400 of 700 is 0.57.
    let story = "Ann Lee held Ashby, but her majority was more than halved.";
    holds(
        &tables,
        story,
        &[("majority was more than halved", "contradicts")],
    );
}

#[test]
fn one_who_unseats_is_not_unseated() {
    let table = "contest,year,candidate,party,votes\n\
                 Ashby,2021,Ann Lee,Red,900\nAshby,2021,Bo Hart,Blue,700\n";
    let told = verdicts(
        &[table],
        "Ann Lee unseated the former minister with 900 votes in Ashby.",
    );
    assert!(
        told.iter().all(|(_, verdict)| verdict != "contradicts"),
        "{told:?}"
    );
}

#[test]
fn where_several_may_be_elected_the_second_has_not_lost() {
    let table = "ward,year,candidate,party,votes\n\
                 Mill,2023,Ann Lee,Red,900\nMill,2023,Cy Dunn,Red,850\nMill,2023,Bo Hart,Blue,870\n";
    let told = verdicts(&[table], "Bo Hart was elected in Mill.");
    assert!(
        told.iter().all(|(_, verdict)| verdict != "contradicts"),
        "{told:?}"
    );
}

#[test]
fn its_share_is_no_persons() {
    let tables = [
        "contest,year,candidate,party,votes,share\nAshby,2021,Bo Hart,Red,353,35.3\nAshby,2021,Cy Dunn,Blue,300,30.0\n",
        "contest,year,candidate,party,votes,share\nAshby,2019,Ann Lee,Red,427,42.7\nAshby,2019,Cy Dunn,Blue,360,36.0\n",
    ];
    let story = "Bo Hart won Ashby for the Red party. The party's majority stood at 67 when \
                 Ann Lee was returned in 2019, and its share has fallen since then from 42.7% to 35.3%.";
    let told = verdicts(&tables, story);
    assert!(
        told.iter().all(|(_, verdict)| verdict != "contradicts"),
        "{told:?}"
    );
}

#[test]
fn a_deposit_is_lost_by_the_rule_of_the_country() {
    let britain = "contest,party,candidate,votes\nAshby,Labour,Ann Lee,500\n\
                   Ashby,Conservative,Bob Hart,440\nAshby,Liberal Democrat,Cy Moss,60\n";
    let story = "Bob Hart lost his deposit in Ashby. Cy Moss kept his deposit.";
    let wanted = [
        ("lost his deposit", "contradicts"),
        ("kept his deposit", "agrees"),
    ];
    holds(&[britain], story, &wanted);
    // In India a sixth is needed, and the tables of no country say so.
    let india = "contest,party,candidate,votes\nAshby,Bharatiya Janata Party,Ann Lee,500\n\
                 Ashby,Indian National Congress,Bob Hart,440\nAshby,Shiv Sena,Cy Moss,60\n";
    let wanted = [
        ("lost his deposit", "unchecked"),
        ("kept his deposit", "unchecked"),
    ];
    holds(&[india], story, &wanted);
}

#[test]
fn what_might_have_been_is_no_mistake() {
    let table = "contest,party,candidate,votes\nAshby,Red,Ann Lee,500\nAshby,Blue,Bob Hart,440\n";
    let story = "Had every other voter stayed at home, Lee would have won Ashby by 312. \
                 Ann Lee won Ashby by 70.";
    holds(
        &[table],
        story,
        &[("312", "unchecked"), ("70", "contradicts")],
    );
}

const VALE: &str = "\
contest,year,party,candidate,votes,share,change
Ashby Vale,2019,Labour,Ann Lee,\"18,350\",45.9,+3.0
Ashby Vale,2019,Conservative,Bo Hart,\"15,842\",39.6,-4.0
Ashby Vale,2019,Green,Cy Dunn,\"3,627\",9.1,+0.5
Ashby Vale,2019,Liberal Democrat,Di Ford,\"2,166\",5.4,+0.5
Ashby Vale,2019,Turnout,,\"39,985\",66.1,-2.2
";

#[test]
fn what_follows_a_figure_is_of_that_figure() {
    let story = "Bo Hart, who toured by bus, had 39.6 per cent, slightly up on last time. \
                 Cy Dunn took 9.1 per cent, up on last time.";
    let wanted = [("slightly up", "contradicts"), ("up", "agrees")];
    holds(&[VALE], story, &wanted);
}

#[test]
fn numbers_given_respectively_are_of_those_listed() {
    let story = "The Greens and the Liberal Democrats, with 9.1% and 4.5% respectively, came next.";
    holds(
        &[VALE],
        story,
        &[("9.1%", "agrees"), ("4.5%", "contradicts")],
    );
}

#[test]
fn a_name_that_describes_another_is_nobodys_subject() {
    let story = "Di Ford, once a Conservative herself, came fourth with 2,166.";
    holds(&[VALE], story, &[("fourth", "agrees"), ("2,166", "agrees")]);
}

#[test]
fn a_change_placed_in_an_earlier_election_is_not_this_ones() {
    let story =
        "Labour's share rose by 3.0 points, on top of a nine-point jump at the poll before.";
    let told = verdicts(&[VALE], story);
    assert!(
        told.iter().all(|(_, verdict)| verdict != "contradicts"),
        "{told:?}"
    );
}

#[test]
fn a_slip_is_looked_for_in_the_figures_of_the_contest() {
    let story = "Ann Lee won Ashby Vale. Of the 39,958 who bothered, most came late.";
    holds(&[VALE], story, &[("39,958", "contradicts")]);
}
