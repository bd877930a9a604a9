use std::fmt::Write;
use std::path::PathBuf;

use proptest::prelude::*;

use crate::load::{load_text, with_words};
use crate::model::{
    Constant, Dataset, DefectKind, Metric, OutcomeKind, Place, Relations, Role, Span, Standing,
    Standings,
};

fn read(name: &str, text: &str) -> Dataset {
    with_words(|words| load_text(name, text, words))
}

fn standings(dataset: &Dataset) -> Standings {
    with_words(|words| {
        Standings::new(
            &Relations::new(dataset, words.layout, words.parties),
            words.parties,
        )
    })
}

/// What was read, as text: tables under contest, election, base election and
/// title; then blocks, notes and defects.
fn shown(dataset: &Dataset) -> String {
    let mut out = String::new();
    for table in &dataset.tables {
        let of = |c: &Option<Constant>| c.as_ref().map_or("none", |c| &c.text).to_owned();
        let scope = [
            of(&table.contest),
            of(&table.election),
            of(&table.base_election),
        ];
        let columns = table.columns.iter().map(|c| match c.role {
            Role::Measure(metric) => format!("{}={}", c.name, metric.name()),
            role => format!("{}={role:?}", c.name),
        });
        let columns: Vec<String> = columns.collect();
        _ = writeln!(
            out,
            "{} [{}]\n  {}",
            scope.join(" / "),
            table.title,
            columns.join(" | ")
        );
        for row in 0..table.rows() {
            let cells = (0..columns.len()).map(|c| table.cell(row, c).unwrap_or("~"));
            _ = writeln!(out, "  {}", cells.collect::<Vec<_>>().join(" | "));
        }
    }
    for prose in &dataset.prose {
        for block in &prose.blocks {
            let text = prose
                .text
                .get(block.range.clone())
                .unwrap_or("(out of range)");
            _ = writeln!(out, "{:?}: {text}", block.kind);
        }
    }
    for note in dataset
        .notes
        .iter()
        .chain(dataset.defects.iter().map(|d| &d.message))
    {
        _ = writeln!(out, "note: {note}");
    }
    out
}

/// Every cell's bytes are the cell; no block shares a byte with a cell; every
/// block is text.
fn assert_places(dataset: &Dataset) {
    let mut cells: Vec<Span> = Vec::new();
    for (id, table) in dataset.tables() {
        let source = dataset
            .source(table.source)
            .expect("a table has its source");
        for row in 0..table.rows() {
            for column in 0..table.columns.len() {
                let narrow = |n: usize| u32::try_from(n).expect("small");
                let place = Place {
                    table: id,
                    row: narrow(row),
                    column: narrow(column),
                };
                let span = dataset.cell_span(place);
                let bytes = span.map_or("", |s| source.slice(s)).replace("\"\"", "\"");
                assert_eq!(
                    bytes,
                    table.cell(row, column).unwrap_or("").replace("\"\"", "\"")
                );
                cells.extend(span);
            }
        }
        let headings = table
            .columns
            .iter()
            .filter_map(|c| Some((c.heading?, &c.name)));
        for (heading, name) in headings {
            assert_eq!(source.slice(heading), name);
        }
    }
    for prose in &dataset.prose {
        for block in &prose.blocks {
            let span = prose.span(block.range.clone());
            assert!(!prose.text.get(block.range.clone()).unwrap_or("").is_empty());
            assert!(!cells.iter().any(|c| c.overlaps(&span)), "{block:?}");
        }
    }
}

#[test]
fn pages_of_many_kinds_are_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the pages are there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e != "snap" && e != "new"))
        .collect();
    files.sort();
    for path in files {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .expect("a plain name");
        let text = std::fs::read_to_string(&path).expect("a page is text");
        let dataset = read(name, &text);
        if path.extension().is_none_or(|e| e != "html") {
            assert_places(&dataset);
        }
        insta::with_settings!({
            snapshot_path => folder.as_path(),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, shown(&dataset));
        });
    }
}

fn shared(path: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not here", path.display());
    }
    text
}

#[test]
fn the_page_that_the_project_was_made_for_is_read() {
    let Some(text) = shared("seed/norfolk-north-west.txt") else {
        return;
    };
    let dataset = read("norfolk-north-west.txt", &text);
    assert_places(&dataset);
    assert_eq!(dataset.tables.len(), 9, "{}", shown(&dataset));
    let standings = standings(&dataset);
    let of = |election: &str, members: bool| {
        let found = standings.iter().find(|s| {
            s.election_key == election && s.entries.iter().any(|e| e.candidate.is_some()) == members
        });
        found.unwrap_or_else(|| panic!("{election} is on the page"))
    };
    let (now, before) = (of("2017", true), of("2015", true));
    let figure = |s: &Standing, m| s.figure(m).and_then(|p| p.number.to_scaled());
    assert_eq!((standings.len(), &now.contest), (3, &before.contest));
    assert_eq!((now.entries.len(), before.entries.len()), (5, 5));
    let votes: Vec<i64> = now
        .entries
        .iter()
        .filter_map(|e| e.figure(Metric::Votes)?.number.to_scaled())
        .collect();
    assert_eq!(figure(now, Metric::Majority), Some(votes[0] - votes[1]));
    assert!(figure(now, Metric::TurnoutShare).is_some());
    for entry in &now.entries {
        let count = |m| entry.figures.get(&m).map_or(0, Vec::len);
        assert_eq!((count(Metric::Share), count(Metric::ShareChange)), (2, 2));
    }
    let outcome = now.outcome.as_ref().map(|o| (o.0.as_str(), o.1));
    assert_eq!(outcome, Some(("con", OutcomeKind::Hold)));
    let whole = of("2017", false);
    assert_eq!(
        (whole.entries.len(), figure(whole, Metric::SeatsTotal)),
        (6, figure(whole, Metric::SeatsDeclared))
    );
    let bases: Vec<_> = dataset
        .tables
        .iter()
        .filter_map(|t| t.base_election.as_ref())
        .collect();
    let bases: Vec<_> = bases.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(bases.len(), 3);
}

/// The labelled claims of a page or of copy stand in its blocks.
#[test]
fn copy_stays_copy() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let cases = std::fs::read_dir(folder.join("copy/dev"))
        .into_iter()
        .flatten()
        .flatten();
    let mut files: Vec<(PathBuf, PathBuf)> = cases
        .map(|case| (case.path().join("copy.txt"), case.path().join("truth.json")))
        .collect();
    if files.is_empty() {
        eprintln!("skipped: the labelled copy is not here");
    }
    let seed = folder.join("seed/norfolk-north-west.txt");
    files.push((seed.clone(), seed.with_extension("truth.json")));
    for (file, truth) in files {
        let (Ok(text), Ok(truth)) = (
            std::fs::read_to_string(&file),
            std::fs::read_to_string(truth),
        ) else {
            continue;
        };
        let dataset = read("copy.txt", &text);
        if file != seed {
            assert!(
                dataset.tables.is_empty(),
                "{}: {}",
                file.display(),
                shown(&dataset)
            );
        }
        let truth: serde_json::Value = serde_json::from_str(&truth).expect("the labels are JSON");
        for claim in truth["claims"].as_array().into_iter().flatten() {
            let byte = |key: &str| usize::try_from(claim[key].as_u64()?).ok();
            let (Some(start), Some(end)) = (byte("byte_start"), byte("byte_end")) else {
                continue;
            };
            let prose = &dataset.prose[0];
            let mut blocks = prose.blocks.iter().map(|b| prose.span(b.range.clone()));
            let held = blocks.any(|b| b.start <= start && end <= b.end);
            assert!(held, "{}: {claim}", file.display());
        }
    }
}

#[test]
fn names_that_cannot_be_parted_are_told() {
    let page = "Seats of the Moor\n\nParty Red Dawn Blue Dusk Old Moon\nSeats 5 4\nChange +1 -1\n";
    let dataset = read("moor.txt", page);
    assert!(dataset.tables.is_empty(), "{}", shown(&dataset));
    assert_eq!(dataset.defects[0].kind, DefectKind::Unreadable);
    assert_eq!(
        dataset.defects[0].span.start,
        page.find("Red").expect("it is there")
    );
}

#[test]
fn wrapped_lines_are_one_paragraph() {
    let text = "A heading over the copy\n\nThe count in the old hall went on until the small hours, and\n\
                the winner had 30 votes more than the runner-up, who asked for\nanother count.\n\n\
                One line.\nAnother line, of its own.\n";
    let dataset = read("a.txt", text);
    let shown = shown(&dataset);
    let blocks: Vec<&str> = shown.lines().collect();
    assert_eq!(blocks[0], "Heading: A heading over the copy");
    assert_eq!(dataset.prose[0].blocks.len(), 4, "{shown}");
}

proptest! {
    #[test]
    fn nothing_panics(text in "(?s)[\u{feff}\\PC\r\n\t |]{0,300}") {
        assert_places(&read("a.txt", &text));
    }

    #[test]
    fn scraps_of_pages_are_read_or_left(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "Party", "Votes", "Candidate", "%", "Change", "Seats", "Majority", "Turnout", "Labour",
                "Green Dawn", "Ann Lee", "1,234", "61.3", "+7.4", "−19", "66.1%", "2017", "\n", "\n\n", "\t",
                "  ", " ", "|", "---", "• ", "since 2015", "CON HOLD", "After 1 of 2 seats", "#", "é", ".", ":",
            ]),
            0..80,
        ),
    ) {
        assert_places(&read("a.txt", &parts.concat()));
    }
}
