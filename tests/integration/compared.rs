//! Tables held against a second source: what is the same in another spelling,
//! order or layout is compared, and what is not is told. A file against a copy
//! of itself differs in nothing, and with one figure changed in that alone.

use std::path::{Path, PathBuf};

use scrutineer::check::Checked;
use scrutineer::load;
use scrutineer::model::{Dataset, Differences, Metric};

use super::rules::Knowledge;

/// What the rules that compare find.
fn compared(knowledge: &Knowledge, dataset: &Dataset) -> (Checked, Vec<String>) {
    let mut checked = knowledge.check(dataset);
    let rules = ["agrees-with-reference", "rows-stand-in-both-sources"];
    checked
        .findings
        .retain(|f| rules.contains(&f.rule.as_str()));
    let messages = checked.findings.iter().map(|f| f.message.clone()).collect();
    (checked, messages)
}

/// What is found in a table beside another, with how many figures agree.
fn against(own: &str, other: &str) -> (u64, Vec<String>) {
    let knowledge = Knowledge::comparing();
    let dataset =
        load::load_texts_against(&[("a.csv", own)], &[("b.csv", other)], knowledge.words());
    let (checked, messages) = compared(&knowledge, &dataset);
    let agrees = checked.outcomes.iter();
    let agrees = agrees.filter(|o| o.rule == "agrees-with-reference");
    (agrees.map(|o| o.passed).sum(), messages)
}

fn differences(own: &str, other: &str) -> Differences {
    let knowledge = Knowledge::comparing();
    let texts = [("a.csv", own)];
    let dataset = load::load_texts_against(&texts, &[("b.csv", other)], knowledge.words());
    knowledge.differences(&dataset)
}

const BASE: &str = "county,precinct,office,party,candidate,votes
Kent,Ward 1,Mayor,DEM,Ann Lee,412
Kent,Ward 1,Mayor,REP,Bob Ray,388
Kent,Ward 2,Mayor,DEM,Ann Lee,250
Kent,Ward 2,Mayor,REP,Bob Ray,301
Kent,St. Mary's,Mayor,DEM,Ann Lee,88
Kent,St. Mary's,Mayor,REP,Bob Ray,91
";

/// The table in another spelling, in which one figure differs.
fn respelled(from: &str, to: &str) -> Vec<String> {
    let own = BASE.replace(from, to).replace(",301\n", ",310\n");
    let (agrees, messages) = against(&own, BASE);
    assert_eq!(agrees, 5, "{to}: {messages:?}");
    let differs = |message: &String| message.contains("is given as 310; b.csv has 301");
    let of_figures = messages.iter().filter(|m| differs(m)).count();
    assert_eq!(of_figures, 1, "{to}: {messages:?}");
    messages.into_iter().filter(|m| !differs(m)).collect()
}

#[test]
fn columns_of_one_role_go_by_their_names() {
    let table = "region,county,office,candidate,votes\nNorth,Kent,Mayor,Ann Lee,40\nNorth,Essex,Mayor,Ann Lee,50\n";
    assert_eq!(against(table, table), (2, Vec::new()));
    let turned = "county,region,office,candidate,votes\nKent,North,Mayor,Ann Lee,40\nEssex,North,Mayor,Ann Lee,50\n";
    assert_eq!(against(table, turned), (2, Vec::new()));
}

#[test]
fn spelling_makes_no_other_row() {
    let none: Vec<String> = Vec::new();
    for (from, to) in [
        ("St. Mary's", "Saint Marys"),
        ("Ward ", "WARD 0"),
        ("Bob Ray", "Ray Bob"),
        ("DEM", "Democratic"),
    ] {
        assert_eq!(respelled(from, to), none);
    }
    // Numbers as names.
    let own = BASE.replace("Ward 1", "015.0").replace("Ward 2", "1");
    let other = BASE.replace("Ward 1", "15").replace("Ward 2", "01");
    assert_eq!(against(&own, &other), (6, none));
}

#[test]
fn the_order_of_numbers_tells_names_apart() {
    let own = "precinct,office,candidate,votes\nWard 2 ED 3,Mayor,Ann Lee,40\nWard 3 ED 2,Mayor,Ann Lee,55\n";
    let turned = own
        .replace("Ward 2 ED 3", "x")
        .replace("Ward 3 ED 2", "Ward 2 ED 3");
    let (agrees, messages) = against(own, &turned.replace('x', "Ward 3 ED 2"));
    assert_eq!((agrees, messages.len()), (0, 2), "{messages:?}");
    let people =
        "precinct,office,candidate,votes\n1,Mayor,James Thomas,120\n1,Mayor,Thomas James,90\n";
    let turned =
        "precinct,office,candidate,votes\n1,Mayor,James Thomas,90\n1,Mayor,Thomas James,120\n";
    assert_eq!(against(people, turned).1.len(), 2);
}

#[test]
fn one_name_that_is_another_throughout_is_told_once() {
    let told = respelled("Mayor", "City Mayor");
    let says = "City Mayor is called Mayor in b.csv; the names of “office” that differ in this way are taken for one.";
    assert_eq!(told, [says]);
    let told = respelled("Kent", "Kent County");
    assert_eq!(told.len(), 1, "{told:?}");
    let long = "Ward,Candidate,Votes\nAbbey Ward,Ann Lee,40\nCastle Ward,Bo Hart,50\nDale Ward,Cy Dunn,60\n";
    let (agrees, told) = against(long, &long.replace(" Ward", ""));
    assert_eq!((agrees, told.len()), (3, 1), "{told:?}");
}

#[test]
fn a_candidate_renamed_in_other_rows_is_known() {
    let told = respelled("Bob Ray", "Robert Raymond");
    let says = "Robert Raymond is called Bob Ray in b.csv; the rows are taken for one.";
    assert_eq!(told, [says; 3]);
    // Of one whose party alone differs it says so.
    let told = respelled("DEM", "Whig");
    assert!(
        told.iter().all(|m| m.starts_with("The party of ")),
        "{told:?}"
    );
    assert_eq!(told.len(), 3);
}

#[test]
fn a_row_that_another_table_has_is_not_missing() {
    let table = |contest: &str, votes: u32| {
        format!(
            "<h2>{contest}</h2><table><tr><th>Candidate</th><th>Party</th><th>Votes</th></tr><tr><td>Ann Lee</td><td>Labour</td><td>{votes}</td></tr><tr><td>Bo Hart</td><td>Green</td><td>{}</td></tr></table>",
            votes / 2
        )
    };
    let page = table("Abbey", 400) + &table("Castle", 700);
    let knowledge = Knowledge::comparing();
    let dataset = load::load_texts_against(
        &[("a.html", &page)],
        &[("b.html", &page)],
        knowledge.words(),
    );
    assert_eq!(dataset.tables().count(), 2);
    let (_, messages) = compared(&knowledge, &dataset);
    assert!(messages.is_empty(), "{messages:?}");
}

#[test]
fn headings_that_are_names_are_compared() {
    let wide = "precinct,Ann Lee,Bob Ray\nWard 1,412,388\nWard 2,250,310\nSt. Mary's,88,91\n";
    let differs = |other: &str, names: &str| {
        let (agrees, messages) = against(wide, other);
        assert_eq!(agrees, 5, "{messages:?}");
        assert_eq!(
            messages,
            [format!(
                "“Bob Ray” of {names} is given as 310; b.csv has 301."
            )]
        );
        let found = differences(wide, other).figures;
        let of: Vec<_> = found
            .iter()
            .map(|d| (d.is_votes, d.name.as_str(), d.unit.as_deref()))
            .collect();
        assert_eq!(of, [(true, "Bob Ray", Some("Ward 2"))]);
    };
    differs(&wide.replace("310", "301"), "Ward 2");
    differs(BASE, "Bob Ray, Ward 2, Mayor");
}

#[test]
fn what_is_compared_with_nothing_says_why() {
    let county = "county,office,party,candidate,votes\nKent,Mayor,DEM,Ann Lee,750\n";
    let found = differences(county, BASE);
    assert_eq!(found.compared, 0);
    let why = "the rows of b.csv are of parts (“precinct”), and a.csv has no such column";
    assert_eq!(found.hindrance.as_deref(), Some(why));
    let found = differences(&BASE.replace("Mayor", "Sheriff"), BASE);
    let why = "the names of “office” are not the same: a.csv has “Sheriff”, b.csv has “Mayor”";
    assert_eq!(found.hindrance.as_deref(), Some(why));
    let found = differences(&BASE.replace("Ward 2", "Quay"), BASE);
    assert_eq!((found.compared, found.hindrance), (4, None));
    assert_eq!(found.partly, ["4 of 6 rows of a.csv were compared"]);
}

/// The published files beside the project that are not too large.
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn published() -> Vec<PathBuf> {
    const LARGEST: u64 = 150_000;
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folders = ["formats", "uk"].map(|name| data.join(name));
    let entries = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok());
    let files = entries.flatten().flatten();
    let small = files.filter(|file| file.metadata().is_ok_and(|data| data.len() < LARGEST));
    let mut files: Vec<PathBuf> = small.map(|file| file.path()).collect();
    files.sort();
    if files.is_empty() {
        eprintln!("skipped: no published files in {}", data.display());
    }
    files
}

#[test]
fn a_file_is_the_same_as_its_copy() {
    let knowledge = Knowledge::comparing();
    for path in published() {
        let own = load::Input::from(path.clone());
        let reference = load::Input {
            reference: true,
            ..own.clone()
        };
        let options = load::Options::default();
        let inputs = [own, reference];
        let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
        let (checked, messages) = compared(&knowledge, &loaded.dataset);
        assert!(messages.is_empty(), "{}: {messages:?}", path.display());
        let agreeing: u64 = checked.outcomes.iter().map(|o| o.passed).sum();
        assert!(agreeing > 0, "{}: nothing was compared", path.display());
    }
}

#[test]
fn one_changed_figure_is_the_only_finding() {
    let knowledge = Knowledge::comparing();
    let is_text = |path: &PathBuf| path.extension().is_some_and(|e| e == "csv");
    for path in published().iter().filter(|path| is_text(path)) {
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let name = path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let alone = load::load_text(&name, &text, knowledge.words());
        let relations = knowledge.relations(&alone);
        let votes = relations
            .results
            .iter()
            .filter_map(|row| row.figures.get(&Metric::Votes));
        let votes: Vec<_> = votes
            .filter(|votes| votes.number.value > scrutineer::model::whole(10))
            .collect();
        let Some(votes) = votes.get(votes.len() / 2) else {
            continue;
        };
        let span = alone
            .cell_span(votes.place)
            .expect("a figure stands somewhere");
        let mut changed = alone
            .source(span.source)
            .expect("a source")
            .text()
            .to_owned();
        changed.insert(span.end, '7');
        let (own, other) = (
            [(name.as_str(), changed.as_str())],
            [("copy.csv", text.as_str())],
        );
        let dataset = load::load_texts_against(&own, &other, knowledge.words());
        let (_, messages) = compared(&knowledge, &dataset);
        assert_eq!(messages.len(), 1, "{name}: {messages:?}");
    }
}
