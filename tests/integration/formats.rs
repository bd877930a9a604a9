//! Every published file is read whole: as many contests and votes as the file
//! itself has, counted here by other means.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use scrutineer::load;
use scrutineer::model::{Dataset, Metric, Relations};

use super::rules::Knowledge;

#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/formats");
    let path = path.join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn load(knowledge: &Knowledge, path: &Path) -> Dataset {
    let inputs = [load::Input::from(path.to_owned())];
    let options = load::Options::default();
    let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    loaded.dataset
}

/// What was read of a file.
struct Read {
    relations: Relations,
    notes: Vec<String>,
}

impl Read {
    /// Nothing in the file is accused.
    fn of(path: &Path) -> Self {
        let knowledge = Knowledge::built_in();
        let dataset = load(&knowledge, path);
        // What is seldom so is told where it is so, and accuses nobody; nor does
        // what is spelled in two ways ("Plumsted", "Plumsted Twp").
        let seldom = [
            "rejected-votes-are-few",
            "precincts-are-spelled-alike-throughout",
        ];
        let mut findings = knowledge.check(&dataset).findings;
        findings.retain(|f| !seldom.contains(&f.rule.as_str()));
        let messages: Vec<&String> = findings.iter().map(|f| &f.message).take(5).collect();
        assert!(findings.is_empty(), "{messages:?}");
        Self {
            relations: knowledge.relations(&dataset),
            notes: dataset.notes,
        }
    }

    fn is_known_as(&self, title: &str) {
        let known = self
            .notes
            .iter()
            .any(|n| n.contains(&format!("was read as {title}")));
        assert!(known, "{:?}", self.notes);
    }

    fn contests(&self) -> usize {
        let results = self.relations.results.iter();
        let keys: BTreeSet<&str> = results.map(|r| r.scope.contest_key.as_str()).collect();
        keys.len()
    }

    /// Votes of the rows that `of` takes.
    fn votes(&self, of: impl Fn(&scrutineer::model::ResultRow) -> bool) -> i64 {
        let rows = self.relations.results.iter().filter(|row| of(row));
        let votes = rows.filter_map(|row| row.figures.get(&Metric::Votes)?.number.to_scaled());
        votes.sum()
    }

    fn figures(&self, metric: Metric) -> i64 {
        let figures = self.relations.figures.iter().filter(|f| f.metric == metric);
        figures.filter_map(|f| f.measured.number.to_scaled()).sum()
    }
}

/// The records of a file after so many lines.
fn records(path: &Path, delimiter: u8, skipped: usize) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).expect("readable");
    let mut text = String::new();
    if path.extension().is_some_and(|e| e == "gz") {
        let mut unpacked = flate2::read::GzDecoder::new(bytes.as_slice());
        unpacked.read_to_string(&mut text).expect("packed text");
    } else {
        text = String::from_utf8(bytes).expect("UTF-8");
    }
    let body = text.splitn(skipped + 1, '\n').last().unwrap_or("");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let records = reader.records().map(|r| r.expect("a record"));
    let records = records.map(|r| r.iter().map(|f| f.trim().to_owned()).collect());
    records.collect()
}

fn number(cell: &str) -> i64 {
    cell.parse().unwrap_or(0)
}

fn sum(records: &[Vec<String>], column: usize) -> i64 {
    records.iter().map(|r| number(&r[column])).sum()
}

#[test]
fn first_preferences_of_australia() {
    let Some(path) = file("HouseFirstPrefsByCandidateByVoteTypeDownload-24310.csv") else {
        return;
    };
    let read = Read::of(&path);
    read.is_known_as("AEC first preferences");
    let rows = records(&path, b',', 2);
    let contests: BTreeSet<&String> = rows.iter().map(|r| &r[1]).collect();
    assert_eq!(read.contests(), contests.len());
    let informal = |r: &&Vec<String>| r[4] == "Informal";
    let informal: i64 = rows.iter().filter(informal).map(|r| number(&r[16])).sum();
    let all = read.votes(|_| true) + read.figures(Metric::RejectedVotes);
    assert_eq!(all, sum(&rows, 16));
    assert_eq!(read.figures(Metric::RejectedVotes), informal);
    assert!(
        rows.iter()
            .all(|r| (11..16).map(|c| number(&r[c])).sum::<i64>() == number(&r[16]))
    );
}

#[test]
fn candidates_of_canada() {
    let Some(path) = file("elections-canada-table12-2021.csv") else {
        return;
    };
    let read = Read::of(&path);
    read.is_known_as("Elections Canada table 12");
    let rows = records(&path, b',', 1);
    assert_eq!(read.contests(), 338);
    assert_eq!(read.relations.results.len(), rows.len());
    assert_eq!(read.votes(|_| true), sum(&rows, 6));
    assert_eq!(read.figures(Metric::Majority), sum(&rows, 8));
    let mut all = read.relations.results.iter();
    assert!(all.all(|r| r.party.is_some() && r.candidate.is_some()));
    let first = &read.relations.results[0];
    assert_eq!(
        first.candidate.as_ref().map(|n| n.text.as_str()),
        Some("Ken McDonald")
    );
    assert_eq!(
        first.party.as_ref().map(|n| n.text.as_str()),
        Some("Liberal")
    );
}

#[test]
fn candidates_of_india() {
    let Some(path) = file("eci_data_2024.csv") else {
        return;
    };
    let read = Read::of(&path);
    read.is_known_as("Election Commission of India");
    let rows = records(&path, b',', 1);
    let contests: BTreeSet<&String> = rows.iter().map(|r| &r[8]).collect();
    // One seat is uncontested, and has no figures.
    assert_eq!(read.contests(), contests.len() - 1);
    assert_eq!(read.votes(|_| true), sum(&rows, 5));
}

#[test]
fn precincts_of_new_jersey() {
    let Some(path) = file("medsl-2022-nj-local.csv") else {
        return;
    };
    let read = Read::of(&path);
    read.is_known_as("MEDSL");
    let rows = records(&path, b',', 1);
    // "Burlington Totals" counts the precincts of Burlington again; "COUNTY TOTAL"
    // and "District Totals" are rows of the whole, and no unit.
    let together = |r: &&Vec<String>| r[0].ends_with("Totals") && r[0] != "District Totals";
    let together = rows.iter().filter(together);
    let (count, votes) = together.fold((0, 0), |(count, votes), r| {
        (count + 1, votes + number(&r[5]))
    });
    assert!(count > 200, "{count}");
    assert_eq!(read.relations.results.len(), rows.len() - count);
    assert_eq!(read.votes(|_| true), sum(&rows, 5) - votes);
}

#[test]
fn long_results_of_germany() {
    let Some(path) = file("btw21_kerg2.csv") else {
        return;
    };
    let read = Read::of(&path);
    read.is_known_as("Bundeswahlleiterin results, long");
    let rows = records(&path, b';', 10);
    let of = |kind: &str, vote: &str| {
        let rows = rows
            .iter()
            .filter(|r| r[2] == kind && r[10] == vote && r[7] != "System-Gruppe");
        rows.map(|r| number(&r[11])).sum::<i64>()
    };
    let votes = |kind: &str, vote: &str| {
        read.votes(|r| r.scope.regions[0] == kind && r.scope.contest.ends_with(vote))
    };
    for (vote, name) in [("1", "Erststimmen"), ("2", "Zweitstimmen")] {
        for kind in ["Bund", "Land", "Wahlkreis"] {
            assert_eq!(votes(kind, name), of(kind, vote), "{kind} {name}");
        }
    }
    assert_eq!(votes("Bund", "Zweitstimmen"), 46_442_023);
    assert_eq!(read.figures(Metric::Electorate), 3 * 61_181_072);
}

#[test]
fn wide_results_of_germany() {
    let Some(path) = file("btw25_kerg.csv") else {
        return;
    };
    let read = Read::of(&path);
    read.is_known_as("Bundeswahlleiterin results, wide");
    let rows = records(&path, b';', 8);
    // Columns of parties come in fours: first votes, before, second votes, before.
    let of = |start: usize| {
        let rows = rows.iter().filter(|r| !r[0].is_empty());
        let cells = rows.flat_map(|r| r.iter().skip(20 + start).step_by(4));
        cells.map(|c| number(c)).sum::<i64>()
    };
    let votes = |name: &str| read.votes(|r| r.scope.contest.ends_with(name));
    assert_eq!(votes("Erststimmen"), of(0));
    assert_eq!(votes("Zweitstimmen"), of(2));
    assert_eq!(read.contests(), 2 * (299 + 16 + 1));
}

#[test]
fn polling_districts_of_germany() {
    let Some(path) = file("btw25_wahlbezirke_Sachsen.csv.gz") else {
        return;
    };
    let read = Read::of(&path);
    let rows = records(&path, b',', 1);
    let votes = |name: &str| read.votes(|r| r.scope.contest.ends_with(name));
    // Valid votes are those of all parties.
    assert_eq!(votes("Erststimmen"), sum(&rows, 17));
    assert_eq!(votes("Zweitstimmen"), sum(&rows, 35));
    assert_eq!(read.figures(Metric::Turnout), sum(&rows, 13));
    let Some(path) = file("krefeld_wahlergebnis.csv") else {
        return;
    };
    let read = Read::of(&path);
    let rows = records(&path, b';', 3);
    let votes = |name: &str| read.votes(|r| r.scope.contest.ends_with(name));
    assert_eq!(votes("Erststimmen"), sum(&rows, 13));
    assert_eq!(votes("Zweitstimmen"), sum(&rows, 15));
    assert_eq!(read.figures(Metric::Electorate), sum(&rows, 6));
}

#[test]
fn a_count_of_the_netherlands_in_two_forms() {
    let (Some(table), Some(document)) = (
        file("osv4-3_telling_gr2022_westmaasenwaal.csv"),
        file("Telling_GR2022_WestMaasenWaal.eml.xml"),
    ) else {
        return;
    };
    let (read, other) = (Read::of(&table), Read::of(&document));
    read.is_known_as("Kiesraad count");
    other.is_known_as("EML 510");
    for read in [&read, &other] {
        let lists = |r: &scrutineer::model::ResultRow| r.party.is_some();
        assert_eq!(read.votes(|r| lists(r) && r.scope.unit.is_none()), 9350);
        assert_eq!(read.votes(|r| lists(r) && r.scope.unit.is_some()), 9350);
        assert_eq!(read.votes(|r| !lists(r) && r.scope.unit.is_none()), 9350);
        assert_eq!(read.figures(Metric::Electorate), 16_202);
    }
    // The one is held against the other: no figure differs.
    let knowledge = Knowledge::built_in();
    let reference = load::Input {
        reference: true,
        ..load::Input::from(table)
    };
    let inputs = [load::Input::from(document), reference];
    let options = load::Options::default();
    let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
    let checked = knowledge.check(&loaded.dataset);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    let agrees = checked
        .outcomes
        .iter()
        .find(|o| o.rule == "agrees-with-reference");
    assert_eq!(agrees.map(|o| o.passed > 5000), Some(true), "{agrees:?}");
}

#[test]
fn a_report_of_the_united_states_in_xml() {
    let Some(path) = file("google_post_election_sample_feed_summary.xml") else {
        return;
    };
    let read = Read::of(&path);
    read.is_known_as("NIST SP 1500-100");
    let text = std::fs::read_to_string(&path).expect("readable");
    assert_eq!(read.contests(), text.matches("<Contest ").count());
    let counts = text
        .split("<Count>")
        .skip(1)
        .filter_map(|t| t.split('<').next());
    let all: i64 = counts.map(number).sum();
    assert_eq!(read.votes(|_| true), all);
}

#[test]
fn workbooks() {
    let Some(path) = file("GE2010-results-flatfile-website.xls") else {
        return;
    };
    let read = Read::of(&path);
    assert_eq!(read.contests(), 650);
    assert_eq!(read.votes(|_| true), 29_687_604);
    let Some(path) = file("provincial_AB.xlsx") else {
        return;
    };
    let read = Read::of(&path);
    assert_eq!(read.contests(), 87);
    let party = |name: &str| read.votes(|r| r.party.as_ref().is_some_and(|p| p.text == name));
    // The totals of the workbook's first row.
    for (name, votes) in [("NDP", 777_404), ("UCP", 928_900), ("IND", 12_162)] {
        assert_eq!(party(name), votes, "{name}");
    }
    let Some(path) = file("DOP_2001_ACT.xls") else {
        return;
    };
    let read = Read::of(&path);
    assert_eq!(read.contests(), 2);
    let first = |r: &scrutineer::model::ResultRow| r.scope.stage.as_deref() == Some("FIRST");
    assert_eq!(read.votes(first), 100_328 + 102_338);
}

#[test]
fn candidates_of_the_united_kingdom() {
    let knowledge = Knowledge::built_in();
    for (name, rows) in [
        ("hoc-ge2015-results-full.csv", 3971),
        ("HoC-GE2017-results-by-candidate.csv", 3304),
        ("HoC-GE2019-results-by-candidate.csv", 3320),
        ("HoC-GE2024-results-by-candidate.csv", 4515),
    ] {
        let Some(path) = file(&format!("../uk/{name}")) else {
            return;
        };
        let dataset = load(&knowledge, &path);
        let read = Read {
            relations: knowledge.relations(&dataset),
            notes: dataset.notes,
        };
        let records = records(&path, b',', 0);
        let votes = records[0]
            .iter()
            .position(|h| h.eq_ignore_ascii_case("votes"));
        let votes = votes.expect("it has votes");
        assert_eq!(records.len() - 1, rows, "{name}");
        assert_eq!(read.relations.results.len(), rows, "{name}");
        assert_eq!(read.contests(), 650, "{name}");
        assert_eq!(read.votes(|_| true), sum(&records[1..], votes), "{name}");
    }
}

#[test]
fn constituencies_of_the_united_kingdom() {
    let knowledge = Knowledge::built_in();
    for (name, candidates) in [
        (
            "HoC-GE2017-constituency-results.csv",
            "HoC-GE2017-results-by-candidate.csv",
        ),
        (
            "HoC-GE2019-results-by-constituency-csv.csv",
            "HoC-GE2019-results-by-candidate.csv",
        ),
        (
            "HoC-GE2024-results-by-constituency.csv",
            "HoC-GE2024-results-by-candidate.csv",
        ),
    ] {
        let (Some(path), Some(other)) = (
            file(&format!("../uk/{name}")),
            file(&format!("../uk/{candidates}")),
        ) else {
            return;
        };
        let relations = knowledge.relations(&load(&knowledge, &path));
        let read = Read {
            relations,
            notes: Vec::new(),
        };
        assert_eq!(read.contests(), 650, "{name}");
        // Laid out in two ways, the two are of one count.
        let reference = load::Input {
            reference: true,
            ..load::Input::from(other)
        };
        let inputs = [load::Input::from(path), reference];
        let options = load::Options::default();
        let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
        let checked = knowledge.check(&loaded.dataset);
        let of_sources = |rule: &str| {
            let outcome = checked.outcomes.iter().find(|o| o.rule == rule);
            outcome.map(|o| (o.failed, o.passed > 2000))
        };
        assert_eq!(
            of_sources("agrees-with-reference"),
            Some((0, true)),
            "{name}"
        );
        assert_eq!(
            of_sources("rows-stand-in-both-sources").map(|o| o.0),
            Some(0),
            "{name}"
        );
    }
}
