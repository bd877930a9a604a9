use std::path::PathBuf;

use proptest::prelude::*;

use crate::load::{load_text, with_printed_words, with_words};
use crate::model::{Dataset, DefectKind, Metric, Place, Relations, Role, Standings, TableId};

fn read(name: &str, text: &str) -> Dataset {
    with_words(|words| load_text(name, text, words))
}

fn cells(dataset: &Dataset, row: usize) -> Vec<Option<&str>> {
    let table = &dataset.tables[0];
    (0..table.columns.len())
        .map(|column| table.cell(row, column))
        .collect()
}

fn place(row: usize, column: usize) -> Place {
    Place {
        table: TableId(0),
        row: u32::try_from(row).expect("small"),
        column: u32::try_from(column).expect("small"),
    }
}

#[test]
fn delimiters_are_told_from_the_lines() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = ["party", "votes", "share"].join(delimiter)
            + "\r\n\r\n"
            + &["Blue", "\"1,234\"", "61.3"].join(delimiter)
            + "\r"
            + &["Red", "815", "39.8"].join(delimiter);
        let dataset = read("a.csv", &text);
        assert_eq!(
            cells(&dataset, 0),
            [Some("Blue"), Some("1,234"), Some("61.3")],
            "{delimiter:?}"
        );
        assert_eq!(cells(&dataset, 1), [Some("Red"), Some("815"), Some("39.8")]);
        let span = dataset.cell_span(place(0, 1)).expect("the cell is there");
        assert_eq!(dataset.sources[0].slice(span), "1,234");
        assert!(dataset.defects.is_empty(), "{:?}", dataset.defects);
    }
}

#[test]
fn rows_of_another_length_are_told_and_lose_no_others() {
    let dataset = read(
        "a.csv",
        "party,votes,share\nBlue,1,234,61.3\nRed,815\nGreen,4,1.0,,\n",
    );
    assert_eq!(dataset.tables[0].rows(), 2);
    assert_eq!(cells(&dataset, 0), [Some("Red"), Some("815"), None]);
    let told: Vec<_> = dataset.defects.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "line 2 of a.csv has 4 cells under 3 headings; the row was left out",
            "line 3 of a.csv has 2 cells under 3 headings; the rest count as empty"
        ]
    );
    assert!(
        dataset
            .defects
            .iter()
            .all(|d| d.kind == DefectKind::RowLength)
    );
}

#[test]
fn an_open_quotation_mark_swallows_no_rows() {
    for broken in ["\"Blue,1,2", "\"Blue,1,\"2"] {
        let text = format!("party,votes,share\nRed,3,4\n{broken}\nGreen,5,6\n\"Grey\",7,8\n");
        let dataset = read("a.csv", &text);
        assert_eq!(dataset.tables[0].rows(), 3, "{broken}");
        assert_eq!(dataset.defects.len(), 1, "{:?}", dataset.defects);
        assert_eq!(
            dataset.sources[0]
                .position(dataset.defects[0].span.start)
                .line,
            3
        );
    }
}

#[test]
fn headings_are_judged() {
    let twice = read("a.csv", "party,votes,votes,\nBlue,1,2,3\n");
    let kinds: Vec<_> = twice.defects.iter().map(|d| d.kind).collect();
    assert!(kinds.contains(&DefectKind::Heading), "{:?}", twice.defects);
    let headless = read("a.csv", "Blue,1234,61.3\nRed,815,39.8\n");
    assert_eq!(headless.defects[0].kind, DefectKind::Heading);
    assert_eq!(headless.tables[0].rows(), 2);
    let foreign = read("a.csv", "alpha,beta\nx,1\n");
    let unknown = |note: &String| note.contains("no heading of a.csv is known");
    assert!(foreign.notes.iter().any(unknown), "{:?}", foreign.notes);
    let preamble = read(
        "a.csv",
        "Council elections 2011, as declared\n\nparty,votes\nBlue,1\n",
    );
    assert_eq!(preamble.tables[0].rows(), 1);
    assert_eq!(preamble.excluded.len(), 1);
    let election = preamble.tables[0]
        .election
        .as_ref()
        .expect("a year stands above");
    assert_eq!(election.text, "2011");
}

#[test]
fn headings_in_several_rows_are_joined() {
    let text = "Ashby council, 2023\narea;votes;;share;\n;2019;2023;2019;2023\nWest;1;2;3;4\n";
    let dataset = read("a.csv", text);
    let table = &dataset.tables[0];
    let columns = table.columns.iter();
    let columns: Vec<_> = columns
        .map(|c| (c.name.as_str(), c.role, c.election.as_deref()))
        .collect();
    let measure = |metric| Role::Measure(metric);
    assert_eq!(
        columns,
        [
            ("area", Role::Contest, None),
            ("votes › 2019", measure(Metric::Votes), Some("2019")),
            ("votes › 2023", measure(Metric::Votes), Some("2023")),
            ("share › 2019", measure(Metric::Share), Some("2019")),
            ("share › 2023", measure(Metric::Share), Some("2023")),
        ]
    );
    assert_eq!((table.rows(), dataset.excluded.len()), (1, 1));
    assert_eq!(cells(&dataset, 0)[2], Some("2"));
    assert!(dataset.notes[0].contains("2 rows"), "{:?}", dataset.notes);
    let heading = table.columns[3].heading.expect("its lowest part");
    assert_eq!(dataset.sources[0].position(heading.start).line, 3);
}

#[test]
fn notes_below_a_table_are_left_out_and_told() {
    let text = "party,votes,share\nBlue,1,5\nAshby\nRed,2,6\n\nSource: the council of Ashby,,\n* after a recount\n";
    let dataset = read("a.csv", text);
    assert_eq!(dataset.tables[0].rows(), 3);
    assert_eq!(dataset.defects.len(), 1, "{:?}", dataset.defects);
    let told: Vec<_> = dataset
        .excluded
        .iter()
        .map(|e| dataset.sources[0].slice(e.span))
        .collect();
    assert_eq!(
        told,
        ["Source: the council of Ashby,,", "* after a recount"]
    );
}

#[test]
fn the_year_of_an_election_is_taken_from_the_file_name() {
    let dataset = read("2016/GE2017-results.csv", "party,votes\nBlue,1\n");
    let election = dataset.tables[0]
        .election
        .as_ref()
        .expect("the name has a year");
    assert_eq!((election.text.as_str(), election.span), ("2017", None));
    assert_eq!(dataset.notes.len(), 1);
    let dated = read("xx__20251104__general.csv", "party,votes\nBlue,1\n");
    assert_eq!(
        dated.tables[0].election.as_ref().map(|e| e.text.as_str()),
        Some("2025")
    );
}

#[test]
fn published_results_are_read_whole() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/uk");
    for (file, key, first, last) in [
        (
            "hoc-ge2015-results-full.csv",
            "2015",
            "Stephen Kinnock",
            15_416,
        ),
        (
            "HoC-GE2017-results-by-candidate.csv",
            "2017",
            "Stephen Kinnock",
            22_662,
        ),
    ] {
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
            eprintln!("skipped: {file} is not here");
            continue;
        };
        let dataset = read(file, &text);
        assert!(dataset.defects.is_empty(), "{:?}", dataset.defects.first());
        let roles: Vec<Role> = dataset.tables[0].columns.iter().map(|c| c.role).collect();
        for role in [
            Role::Contest,
            Role::Party,
            Role::PartyShort,
            Role::FirstName,
            Role::Surname,
            Role::Change,
        ] {
            assert!(roles.contains(&role), "{file}: {role:?}");
        }
        let relations = with_words(|words| Relations::new(&dataset, words.layout, words.parties));
        assert!(
            relations.unread.is_empty(),
            "{:?}",
            relations.unread.first()
        );
        let standings = with_words(|words| Standings::new(&relations, words.parties));
        assert_eq!(standings.len(), 650, "{file}");
        let standing = standings.iter().find(|s| s.contest == "Aberavon");
        let standing = standing.expect("the seat is in the file");
        assert_eq!(standing.election_key, key);
        let entry = &standing.entries[0];
        assert_eq!(entry.name(), first);
        let votes = entry.figure(Metric::Votes).expect("votes are printed");
        assert_eq!(votes.number.to_scaled(), Some(last));
    }
}

#[test]
fn every_row_of_published_formats_is_a_row_or_told() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/formats");
    for (file, lines_above, heads, rows) in [
        (
            "HouseFirstPrefsByCandidateByVoteTypeDownload-24310.csv",
            1,
            1,
            1_207,
        ),
        ("btw21_kerg2.csv", 6, 1, 18_818),
        ("btw25_kerg.csv", 4, 3, 316),
        ("eci_data_2024.csv", 0, 1, 8_902),
        ("elections-canada-table12-2021.csv", 0, 1, 2_010),
        ("krefeld_wahlergebnis.csv", 1, 2, 196),
        ("medsl-2022-nj-local.csv", 0, 1, 2_682),
        ("osv4-3_telling_gr2022_westmaasenwaal.csv", 4, 1, 277),
    ] {
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
            eprintln!("skipped: {file} is not here");
            continue;
        };
        let dataset = with_printed_words(|words| load_text(file, &text, words));
        let filled = |line: &&str| line.chars().any(|c| !matches!(c, ';' | ',' | '\u{feff}'));
        assert_eq!(dataset.tables[0].rows(), rows, "{file}");
        assert_eq!(
            text.lines().filter(filled).count(),
            lines_above + heads + rows,
            "{file}"
        );
        let no_value = |e: &&crate::model::Excluded| e.why.contains("taken for no value");
        let above = dataset.excluded.iter().filter(|e| !no_value(e));
        let above = above.map(|e| dataset.sources[0].slice(e.span));
        let above = above.flat_map(str::lines).filter(filled).count();
        assert_eq!(above, lines_above, "{file}");
    }
}

#[test]
fn every_table_that_came_with_copy_is_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/copy/dev");
    let Ok(cases) = std::fs::read_dir(folder) else {
        eprintln!("skipped: the labelled copy is not here");
        return;
    };
    for case in cases.flatten() {
        for name in ["T1.csv", "T2.csv"] {
            let Ok(text) = std::fs::read_to_string(case.path().join(name)) else {
                continue;
            };
            let dataset = read(name, &text);
            assert!(dataset.defects.is_empty(), "{:?}", dataset.defects);
            assert_eq!(dataset.tables[0].rows() + 1, text.lines().count());
        }
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    #[test]
    fn every_cell_is_found_again(
        rows in prop::collection::vec(prop::collection::vec("[a-c,;\"\n\r| é]{0,6}", 3), 1..12),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        blank in any::<bool>(),
    ) {
        let gap = if blank { line_end } else { "" };
        let mut text = format!("\u{feff}party,votes,share{line_end}{gap}");
        for row in &rows {
            let cells: Vec<String> = row.iter().map(|c| quoted(c)).collect();
            text += &(cells.join(",") + line_end + gap);
        }
        let dataset = read("a.csv", &text);
        let rows: Vec<_> = rows.iter().filter(|r| r.iter().any(|c| !c.trim().is_empty())).collect();
        prop_assert_eq!(dataset.tables[0].rows(), rows.len());
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let span = dataset.cell_span(place(r, c)).expect("the cell is there");
                let bytes = dataset.sources[0].slice(span);
                prop_assert_eq!(bytes.replace("\"\"", "\""), cell.trim());
                let read = dataset.tables[0].cell(r, c).unwrap_or("");
                prop_assert_eq!(read, cell.trim());
            }
        }
    }

    #[test]
    fn nothing_panics(text in "(?s)[\"',;|\t\r\n a-z0-9é.%\u{feff}-]{0,200}") {
        let dataset = read("a.csv", &text);
        for table in &dataset.tables {
            for row in 0..table.rows() {
                for column in 0..table.columns.len() {
                    _ = dataset.cell_span(place(row, column));
                }
            }
        }
    }
}
