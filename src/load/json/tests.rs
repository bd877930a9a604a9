use proptest::prelude::*;

use crate::load::{Input, Loaded, Options, load, load_text, with_words};
use crate::model::{DefectKind, Place, Role, TableId};

fn read(name: &str, text: &str) -> Loaded {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("writable");
    with_words(|words| load(&[Input::from(path)], &b""[..], words, &Options::default()))
}

fn names(loaded: &Loaded, table: usize) -> Vec<&str> {
    let columns = loaded.dataset.tables[table].columns.iter();
    columns.map(|c| c.name.as_str()).collect()
}

fn row(loaded: &Loaded, table: usize, row: usize) -> Vec<&str> {
    let table = &loaded.dataset.tables[table];
    let cells = (0..table.columns.len()).map(|c| table.cell(row, c).unwrap_or(""));
    cells.collect()
}

fn bytes(loaded: &Loaded, row: u32, column: u32) -> String {
    let place = Place {
        table: TableId(0),
        row,
        column,
    };
    let span = loaded.dataset.cell_span(place).expect("the cell is there");
    loaded.dataset.sources[0].slice(span).to_owned()
}

#[test]
fn records_are_rows_and_lead_back_to_their_bytes() {
    let text = "\u{feff}[\n {\"party\": \"Bl\\u00fce\", \"votes\": 1204, \"by\": {\"party\": \"x\"}},\n {\"party\": \"Red\", \"share\": 0.5, \"votes\": null}\n]";
    let loaded = read("night.json", text);
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    assert_eq!(names(&loaded, 0), ["party", "votes", "by.party", "share"]);
    assert_eq!(row(&loaded, 0, 0), ["Blüe", "1204", "x", ""]);
    assert_eq!(row(&loaded, 0, 1), ["Red", "", "", "0.5"]);
    assert_eq!(bytes(&loaded, 0, 0), "Bl\\u00fce");
    assert_eq!(bytes(&loaded, 0, 1), "1204");
    let heading = loaded.dataset.tables[0].columns[3]
        .heading
        .expect("its key");
    assert_eq!(loaded.dataset.sources[0].slice(heading), "share");
}

#[test]
fn what_stands_around_records_goes_to_each_of_them() {
    let text = r#"{"updated": "5 am", "contests": [
        {"constituency": "Ashby", "electorate": 9, "candidates": [
            {"name": "Lee", "votes": 3}, {"name": "Moss", "votes": 4}]},
        {"constituency": "Vale", "electorate": 8, "candidates": [{"name": "Hart", "votes": 5}]}]}"#;
    let loaded = read("a.json", text);
    assert_eq!(
        names(&loaded, 0),
        ["updated", "constituency", "electorate", "name", "votes"]
    );
    assert_eq!(row(&loaded, 0, 1), ["5 am", "Ashby", "9", "Moss", "4"]);
    assert_eq!(row(&loaded, 0, 2), ["5 am", "Vale", "8", "Hart", "5"]);
    assert_eq!(loaded.dataset.tables[0].columns[1].role, Role::Contest);
    assert_eq!(loaded.dataset.tables.len(), 1);
}

#[test]
fn columns_and_rows_may_stand_apart() {
    let by_name = read(
        "a.json",
        r#"{"columns": ["party", "votes"], "data": [["Blue", 1], ["Red", 2]]}"#,
    );
    let rows_only = read("a.json", r#"[["party", "votes"], ["Blue", 1], ["Red", 2]]"#);
    let described = read(
        "a.json",
        r#"{"result": {"fields": [{"id": "party"}, {"id": "votes"}], "rows": [["Blue", 1], ["Red", 2]]}}"#,
    );
    for loaded in [by_name, rows_only, described] {
        assert_eq!(names(&loaded, 0), ["party", "votes"]);
        assert_eq!(row(&loaded, 0, 1), ["Red", "2"]);
        assert_eq!(bytes(&loaded, 0, 0), "Blue");
    }
}

#[test]
fn a_record_a_line_is_read_and_a_broken_line_told() {
    let text = "{\"party\":\"Blue\",\"votes\":1}\n\n{\"party\":\"Red\",\n{\"party\":\"Green\",\"votes\":3}\n";
    for name in ["a.ndjson", "a.jsonl", "a"] {
        let loaded = read(name, text);
        assert_eq!(loaded.dataset.tables[0].rows(), 2, "{name}");
        assert_eq!(bytes(&loaded, 1, 1), "3");
        let defect = &loaded.dataset.defects[0];
        assert_eq!(defect.kind, DefectKind::Unreadable);
        assert_eq!(
            loaded.dataset.sources[0].position(defect.span.start).line,
            3
        );
    }
}

#[test]
fn what_is_no_table_says_why() {
    let error = |text: &str| read("a.json", text).errors.remove(0).to_string();
    let broken = error("[{\"party\": \"Blue\",\n  \"votes\" 1}]");
    assert!(
        broken.ends_with("a.json is broken at line 2, column 11: expected `:`"),
        "{broken}"
    );
    assert!(error("{\"a\": 1}").ends_with("a.json holds no list of records"));
    assert!(error("{\"a\": 1").contains("EOF"));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(!read("a.json", &deep).errors.is_empty());
}

proptest! {
    #[test]
    fn every_value_is_found_again(text in r#"(\[|\]|\{|\}|,|:|"a"|"b\\n"|"party"|"votes"|1|2\.5|null| |\n){0,40}"#) {
        let dataset = with_words(|words| load_text("a.json", &text, words));
        for table in &dataset.tables {
            for row in 0..table.rows() {
                for column in 0..table.columns.len() {
                    let place = Place {
                        table: TableId(0),
                        row: u32::try_from(row).expect("few"),
                        column: u32::try_from(column).expect("few"),
                    };
                    let found = dataset.cell_span(place).is_some();
                    prop_assert_eq!(found, dataset.cell(place).is_some());
                }
            }
        }
    }
}
