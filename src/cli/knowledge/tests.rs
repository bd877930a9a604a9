//! A large table that is screened is told of like one that is read whole.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::*;
use crate::load::Screening;
use crate::report::{self, Format, Style};

const HEADINGS: [&str; 11] = [
    "county",
    "precinct",
    "office",
    "district",
    "party",
    "candidate",
    "votes",
    "election_day",
    "early_voting",
    "absentee",
    "provisional",
];

/// Cells of other kinds, by the column that they may stand in.
const ODD: [(usize, &[&str]); 7] = [
    (0, &["", "ASHBY", "Kirkby "]),
    (1, &["", "Total", "n/a", "P 2"]),
    (2, &["", "Registered Voters", "Mayor 2020"]),
    (4, &["", "REP", "-"]),
    (
        5,
        &[
            "",
            "Write-ins",
            "Over Votes",
            "Total",
            "Ann Lee (i)",
            "\"Lee, \"\"Bo\"\"\"",
            "Ballots Cast",
            "*",
        ],
    ),
    (
        6,
        &[
            "",
            "-5",
            "4o7",
            "12.5",
            "1,234",
            "1.234",
            "\"1,234\"",
            "n/a",
            "0012",
            "99999999999",
        ],
    ),
    (7, &["", "-3", "x", "1.000", "7"]),
];

/// What is done to a row.
#[derive(Debug, Clone)]
enum Change {
    Cell(usize, &'static str),
    /// The figure of a column is off by so much.
    Add(usize, i64),
    Twice,
    /// It stands again at the end.
    Again,
    Short,
    Long,
    BlankAfter,
    HeadingsAfter,
    NoModes,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is tried by itself")]
struct Case {
    counties: usize,
    precincts: usize,
    changes: Vec<(Index, Change)>,
    by_office: bool,
    reversed: bool,
    line_end: &'static str,
    ends: bool,
    note: bool,
    /// What is done to rows of counties.
    totals: Vec<(Index, i64)>,
    with_totals: bool,
    with_state: bool,
    own_units: bool,
}

fn change() -> impl Strategy<Value = Change> {
    let cell = select(&ODD[..]).prop_flat_map(|(column, cells)| {
        select(cells).prop_map(move |cell| Change::Cell(column, cell))
    });
    let add = (6_usize..11, select(vec![-1_i64, 9, 10, 100, 37]));
    prop_oneof![
        4 => cell,
        4 => add.prop_map(|(column, by)| Change::Add(column, by)),
        2 => Just(Change::Twice),
        2 => Just(Change::Again),
        1 => Just(Change::Short),
        1 => Just(Change::Long),
        1 => Just(Change::BlankAfter),
        1 => Just(Change::HeadingsAfter),
        1 => Just(Change::NoModes),
    ]
}

fn seldom() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.1)
}

fn case() -> impl Strategy<Value = Case> {
    let size = (1_usize..4, 2_usize..9);
    let changes = prop::collection::vec((any::<Index>(), change()), 0..6);
    let totals = (any::<Index>(), select(vec![1_i64, 9, 90, 100]));
    let totals = prop::collection::vec(totals, 0..3);
    let lines = (
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.8),
        seldom(),
    );
    let order = (seldom(), seldom());
    let with = (prop::bool::weighted(0.9), seldom(), any::<bool>());
    (size, changes, totals, lines, order, with).prop_map(
        |(size, changes, totals, lines, order, with)| Case {
            counties: size.0,
            precincts: size.1,
            changes,
            totals,
            line_end: if lines.0 { "\r\n" } else { "\n" },
            ends: lines.1,
            note: lines.2,
            by_office: order.0,
            reversed: order.1,
            with_totals: with.0,
            with_state: with.1,
            own_units: with.2,
        },
    )
}

const COUNTIES: [&str; 3] = ["Ashby", "Kirkby", "Thorpe"];
const STANDS: [(&str, &str, &str, &str); 9] = [
    ("Mayor", "", "DEM", "Ann Lee"),
    ("Mayor", "", "REP", "Bo Hart"),
    ("Mayor", "", "", "Write-ins"),
    ("State House", "12", "DEM", "Cy Dunn"),
    ("State House", "12", "REP", "Dee Eaves"),
    ("State House", "13", "DEM", "Cy Dunn"),
    ("Sheriff", "", "DEM", "Flo Gray"),
    ("Sheriff", "", "REP", "Gus Hill"),
    ("Sheriff", "", "IND", "Flo Gray II"),
];

impl Case {
    fn row(&self, county: usize, precinct: usize, stand: usize) -> Vec<String> {
        let (office, district, party, candidate) = STANDS[stand];
        let votes = |by: usize| (precinct * by + stand * 7 + county * 11) % 97;
        let modes = [17, 5, 3, 1].map(|by| i64::try_from(votes(by)).unwrap_or(0));
        let modes = [modes[0] * 10, modes[1], modes[2], modes[3]];
        let unit = if self.own_units { county * 100 } else { 0 } + precinct;
        let words = [
            COUNTIES[county].to_owned(),
            format!("P {unit}"),
            office.to_owned(),
            district.to_owned(),
            party.to_owned(),
            candidate.to_owned(),
        ];
        let votes: i64 = modes.iter().sum();
        let figures = std::iter::once(votes).chain(modes);
        let figures = figures.map(|figure| figure.to_string());
        words.into_iter().chain(figures).collect()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for county in 0..self.counties {
            for precinct in 0..self.precincts {
                rows.extend((0..STANDS.len()).map(|stand| self.row(county, precinct, stand)));
            }
        }
        if self.by_office {
            rows.sort_by(|a, b| a[2..6].cmp(&b[2..6]));
        }
        if self.reversed {
            rows.reverse();
        }
        rows
    }

    fn precincts(&self) -> String {
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut rows = self.rows();
        let mut last = Vec::new();
        let headings: Vec<String> = HEADINGS.map(ToOwned::to_owned).to_vec();
        let mut changes: Vec<(usize, &Change)> = self
            .changes
            .iter()
            .map(|(index, change)| (index.index(rows.len()), change))
            .collect();
        changes.sort_by_key(|(at, _)| *at);
        for (at, row) in rows.iter_mut().enumerate() {
            let own = changes.iter().filter(|(of, _)| *of == at);
            let (mut times, mut after) = (1, Vec::new());
            for (_, change) in own {
                match change {
                    Change::Cell(column, cell) => (*cell).clone_into(&mut row[*column]),
                    Change::Add(column, by) => {
                        if let Some(Ok(value)) = row.get(*column).map(|c| c.parse::<i64>()) {
                            row[*column] = (value + by).to_string();
                        }
                    }
                    Change::Twice => times = 2,
                    Change::Again => last.push(row.clone()),
                    Change::Short => row.truncate(8),
                    Change::Long => row.push("more".to_owned()),
                    Change::BlankAfter => after.push(Vec::new()),
                    Change::HeadingsAfter => after.push(headings.clone()),
                    Change::NoModes => {
                        for cell in row.iter_mut().skip(7) {
                            cell.clear();
                        }
                    }
                }
            }
            lines.extend(std::iter::repeat_n(row.clone(), times));
            lines.extend(after);
        }
        lines.insert(0, headings);
        lines.extend(last);
        if self.note {
            lines.push(vec!["Counted by hand in every county".to_owned()]);
        }
        let lines: Vec<String> = lines.iter().map(|cells| cells.join(",")).collect();
        lines.join(self.line_end) + if self.ends { self.line_end } else { "" }
    }

    /// What the rows of counties, or of the state, come to.
    fn totals(&self, by_county: bool) -> String {
        let mut totals: Vec<(Vec<String>, i64)> = Vec::new();
        for row in self.rows() {
            let mut key = row[2..6].to_vec();
            if by_county {
                key.insert(0, row[0].clone());
            }
            let votes: i64 = row[6].parse().expect("it is a count");
            match totals.iter_mut().find(|(other, _)| *other == key) {
                Some((_, sum)) => *sum += votes,
                None => totals.push((key, votes)),
            }
        }
        for (index, by) in &self.totals {
            let at = index.index(totals.len());
            totals[at].1 += by;
        }
        let county = if by_county { "county," } else { "" };
        let mut text = format!("{county}office,district,party,candidate,votes\n");
        for (key, votes) in totals {
            let _ = writeln!(text, "{},{votes}", key.join(","));
        }
        text
    }

    fn write(&self, folder: &Path) -> Vec<PathBuf> {
        let mut files = vec![("a-2020.csv", self.precincts())];
        if self.with_totals {
            files.push(("b-2020.csv", self.totals(true)));
        }
        if self.with_state {
            files.push(("c-2020.csv", self.totals(false)));
        }
        let paths = files.into_iter().map(|(name, text)| {
            let path = folder.join(name);
            std::fs::write(&path, text).expect("the folder can be written to");
            path
        });
        paths.collect()
    }
}

/// The report on some files, and how many of their rows were counted and not
/// kept.
fn told(knowledge: &Knowledge, paths: &[PathBuf], large: Option<usize>) -> (String, u64) {
    let inputs: Vec<Input> = paths.iter().cloned().map(Input::from).collect();
    let options = Options {
        large: large.map(|parts| Screening { bytes: 0, parts }),
        ..Options::default()
    };
    let loaded = knowledge.load(&inputs, &options, &mut |_| {});
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let sound = loaded
        .dataset
        .tables
        .iter()
        .filter_map(|t| t.sound.as_ref());
    let sound = sound.map(|sound| sound.rows).sum();
    let report = knowledge
        .examine(loaded.dataset)
        .expect("it can be checked");
    let mut out = Vec::new();
    let style = Style {
        skipped: false,
        color: false,
        width: 80,
        quiet: false,
    };
    for format in [Format::Json, Format::Csv] {
        report::write(&report, format, style, &mut out).expect("it can be written");
    }
    (String::from_utf8(out).expect("it is text"), sound)
}

#[test]
fn what_is_screened_is_told_like_what_is_read_whole() {
    let texts = |case: &Case, folder: &Path| case.write(folder);
    assert_alike(200, texts);
}

#[test]
fn what_is_stored_by_columns_is_screened_as_well() {
    let stored = |case: &Case, folder: &Path| {
        let mut paths = case.write(folder);
        let text = std::fs::read_to_string(&paths[0]).expect("readable");
        paths[0] = folder.join("a-2020.parquet");
        std::fs::write(&paths[0], by_columns(&text)).expect("writable");
        paths
    };
    assert_alike(100, stored);
}

/// Asserts that the files of cases are told of alike, whether the first is read
/// whole or screened.
fn assert_alike(cases: u32, write: impl Fn(&Case, &Path) -> Vec<PathBuf>) {
    /// They say themselves that they do not look at screened tables.
    const NOT_LOOKING: [&str; 7] = [
        "rows-say-what-they-are-of",
        "a-total-is-given-where-its-parts-are",
        "candidates-are-spelled-alike-in-all-precincts",
        "precincts-are-spelled-alike-throughout",
        "what-is-no-candidate-is-spelled-as-usual",
        "a-precinct-lies-in-one-county",
        "names-have-no-blanks-around-them",
    ];
    let given = Given::folder(RulesFolder::default());
    let mut knowledge = Knowledge::new(&given).expect("the built-in rules are right");
    for rule in NOT_LOOKING {
        let left_out = knowledge.rules.weigh(rule, None);
        assert!(left_out.is_ok(), "{rule}");
    }
    let screened = Cell::new(0);
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    });
    let done = runner.run(&case(), |case| {
        let folder = tempfile::tempdir().map_err(|e| TestCaseError::fail(e.to_string()))?;
        let paths = write(&case, folder.path());
        let (whole, _) = told(&knowledge, &paths, None);
        let (kept, sound) = told(&knowledge, &paths, Some(usize::MAX));
        screened.set(screened.get() + u32::from(sound > 0));
        for (whole, kept) in whole.lines().zip(kept.lines()) {
            prop_assert_eq!(whole, kept);
        }
        prop_assert_eq!(whole.lines().count(), kept.lines().count());
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
    assert!(
        screened.get() > cases / 5,
        "{} were screened",
        screened.get()
    );
}

/// The rows of a delimited text as a Parquet file, in several groups.
fn by_columns(text: &str) -> Vec<u8> {
    const GROUP: usize = 40;
    let fields = HEADINGS.map(|name| format!("optional binary {name} (utf8);"));
    let schema = format!("message rows {{ {} }}", fields.concat());
    let schema = Arc::new(parse_message_type(&schema).expect("it is a schema"));
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.flexible(true).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, schema, Arc::default()).expect("a writer");
    for rows in rows.chunks(GROUP) {
        let mut group = writer.next_row_group().expect("a group");
        for at in 0..HEADINGS.len() {
            let cells = rows
                .iter()
                .map(|row| row.get(at).filter(|cell| !cell.is_empty()));
            let levels: Vec<i16> = cells
                .clone()
                .map(|cell| i16::from(cell.is_some()))
                .collect();
            let values: Vec<ByteArray> = cells.flatten().map(ByteArray::from).collect();
            let mut column = group.next_column().expect("readable").expect("a column");
            let typed = column.typed::<ByteArrayType>();
            typed
                .write_batch(&values, Some(&levels), None)
                .expect("written");
            column.close().expect("closed");
        }
        group.close().expect("closed");
    }
    writer.close().expect("closed");
    bytes
}

#[test]
fn precincts_of_one_name_are_in_counties_of_their_own() {
    let given = Given::folder(RulesFolder::default());
    let knowledge = Knowledge::new(&given).expect("the built-in rules are right");
    // Sorted by office and precinct: the county changes, and nothing else.
    let precincts = "county,precinct,office,party,candidate,votes\n\
        Ashby,P 1,Mayor,DEM,Ann,5\nKirkby,P 1,Mayor,DEM,Ann,7\n\
        Ashby,P 2,Mayor,DEM,Ann,3\nKirkby,P 2,Mayor,DEM,Ann,4\n";
    let counties = "county,office,party,candidate,votes\n\
        Ashby,Mayor,DEM,Ann,8\nKirkby,Mayor,DEM,Ann,11\n";
    let texts = [("a.csv", precincts), ("b.csv", counties)];
    let dataset = load::load_texts(&texts, knowledge.words());
    let report = knowledge.examine(dataset).expect("it can be checked");
    let sums = "units-add-up-to-the-rows-of-another-table";
    let outcome = report.rules.iter().find(|rule| rule.rule == sums);
    assert_eq!(
        outcome.map(|o| (o.passed, o.failed, o.unknown)),
        Some((2, 0, 0))
    );
}

#[test]
fn sums_of_many_units_are_told_without_their_rows() {
    let given = Given::folder(RulesFolder::default());
    let knowledge = Knowledge::new(&given).expect("the built-in rules are right");
    let case = Case {
        counties: 3,
        precincts: 8,
        changes: Vec::new(),
        by_office: false,
        reversed: false,
        line_end: "\n",
        ends: true,
        note: false,
        totals: Vec::new(),
        with_totals: true,
        with_state: false,
        own_units: true,
    };
    let folder = tempfile::tempdir().expect("writable");
    let paths = case.write(folder.path());
    let change = |path: &Path, line: &str, wrong: &str| {
        let text = std::fs::read_to_string(path).expect("readable");
        assert!(text.contains(line), "{text}");
        std::fs::write(path, text.replace(line, wrong)).expect("writable");
    };
    // The votes alone are wrong: the sum of the row is, and that of the county.
    let [precincts, counties] = [&paths[0], &paths[1]];
    change(
        precincts,
        "P 103,Mayor,,DEM,Ann Lee,",
        "P 103,Mayor,,DEM,Ann Lee,9",
    );
    change(
        counties,
        "Ashby,Sheriff,,DEM,Flo Gray,",
        "Ashby,Sheriff,,DEM,Flo Gray,1",
    );
    let places = |told: &str| -> Vec<String> {
        let lines = told.lines().filter(|line| line.starts_with("error,"));
        lines.map(ToOwned::to_owned).collect()
    };
    let (whole, _) = told(&knowledge, &paths, None);
    let (kept, sound) = told(&knowledge, &paths, Some(0));
    assert!(sound > 150, "{sound}");
    assert_eq!(places(&whole), places(&kept));
    assert!(kept.contains("do not come out, and were not searched unit by unit"));
}
