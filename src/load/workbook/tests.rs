use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::load::{Input, LoadError, Loaded, Options, load, with_printed_words};
use crate::model::{Metric, Place, Role, TableId};

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).expect("writable");
        writer.write_all(text.as_bytes()).expect("writable");
    }
    writer.finish().expect("writable").into_inner()
}

/// A workbook of sheets, each with its state and the XML of its data.
fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let numbered = || (1..).zip(sheets);
    let listed: Vec<String> = numbered()
        .map(|(n, (name, state, _))| {
            format!(r#"<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>"#)
        })
        .collect();
    let related: Vec<String> = numbered()
        .map(|(n, _)| format!(r#"<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>"#))
        .collect();
    let book = format!(
        r#"<workbook xmlns="m" xmlns:r="r"><sheets>{}</sheets></workbook>"#,
        listed.concat()
    );
    let related = format!("<Relationships>{}</Relationships>", related.concat());
    let styles = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="170" formatCode="0.0%"/></numFmts>
        <cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
    let data: Vec<(String, String)> = numbered()
        .map(|(n, (_, _, data))| {
            let xml = format!("<worksheet>{data}</worksheet>");
            (format!("xl/worksheets/sheet{n}.xml"), xml)
        })
        .collect();
    let package = r#"<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let mut parts = vec![
        ("_rels/.rels", package),
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", related.as_str()),
        ("xl/styles.xml", styles),
    ];
    parts.extend(data.iter().map(|(name, xml)| (name.as_str(), xml.as_str())));
    zipped(&parts)
}

/// Rows of cells: a text, or a number with the index of its style ("=0.5/1").
fn rows(first: usize, rows: &[&str]) -> String {
    let row = |(number, row): (usize, &&str)| {
        let cells = row.split(';').zip(0..).filter(|(cell, _)| !cell.is_empty());
        let cells: Vec<String> = cells
            .map(|(cell, column)| {
                let at = format!("{}{number}", column_letters(column));
                match cell.strip_prefix('=') {
                    Some(number) => {
                        let (number, style) = number.split_once('/').unwrap_or((number, "0"));
                        format!(r#"<c r="{at}" s="{style}"><v>{number}</v></c>"#)
                    }
                    None => format!(r#"<c r="{at}" t="inlineStr"><is><t>{cell}</t></is></c>"#),
                }
            })
            .collect();
        format!(r#"<row r="{number}">{}</row>"#, cells.concat())
    };
    let rows = rows.iter().enumerate().map(|(i, r)| row((first + i, r)));
    rows.collect::<Vec<String>>().concat()
}

fn read(name: &str, bytes: &[u8]) -> Loaded {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writable");
    with_printed_words(|words| load(&[Input::from(path)], &b""[..], words, &Options::default()))
}

fn row(loaded: &Loaded, table: usize, row: usize) -> Vec<&str> {
    let table = &loaded.dataset.tables[table];
    let cells = (0..table.columns.len()).map(|c| table.cell(row, c).unwrap_or(""));
    cells.collect()
}

fn cell_of(loaded: &Loaded, row: u32, column: u32) -> String {
    let place = Place {
        table: TableId(0),
        row,
        column,
    };
    let span = loaded.dataset.cell_span(place).expect("the cell is there");
    let source = &loaded.dataset.sources[0];
    let cell = source.address(span.start).expect("it is a sheet");
    format!("{cell} {}", source.slice(span))
}

#[test]
fn values_are_read_as_they_are_shown() {
    let data = rows(
        3,
        &[
            "contest;party;votes;share;date",
            "Ashby;Blue;=139.0;=0.384/3;=43958/2",
            ";;;;",
            "Ashby;Red;=223;=0.616/1;=43958.5/2",
        ],
    );
    let sheet = format!(
        "<sheetData>{}{data}</sheetData>",
        rows(1, &["Council of 2019"])
    );
    let loaded = read("a.xlsx", &workbook(&[("Results", "visible", &sheet)]));
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    assert_eq!(
        row(&loaded, 0, 0),
        ["Ashby", "Blue", "139", "38.4%", "2020-05-07"]
    );
    assert_eq!(row(&loaded, 0, 1)[3..], ["61.6%", "2020-05-07 12:00"]);
    assert_eq!(cell_of(&loaded, 1, 3), "D6 61.6%");
    let source = &loaded.dataset.sources[0];
    assert!(source.name().ends_with("a.xlsx#Results"));
    let left_out = loaded.dataset.excluded.iter().map(|e| source.slice(e.span));
    assert_eq!(left_out.collect::<Vec<_>>(), ["Council of 2019"]);
}

#[test]
fn merged_cells_count_for_each_row_and_column() {
    let data = rows(
        1,
        &[
            "Results of the night",
            "Ward;Party;Votes",
            ";;2019;2023",
            "Ashby;Blue;=1;=2",
            ";Red;=3;=4",
            "Total in all;;=4;=6",
            "Source: the council",
        ],
    );
    let merged = "<mergeCells><mergeCell ref=\"A1:D1\"/><mergeCell ref=\"C2:D2\"/><mergeCell ref=\"A2:A3\"/><mergeCell ref=\"B2:B3\"/><mergeCell ref=\"A4:A5\"/></mergeCells>";
    let sheet = format!("<sheetData>{data}</sheetData>{merged}");
    let loaded = read("a.xlsx", &workbook(&[("S", "visible", &sheet)]));
    let table = &loaded.dataset.tables[0];
    let columns: Vec<_> = table
        .columns
        .iter()
        .map(|c| (c.name.as_str(), c.role))
        .collect();
    let votes = Role::Measure(Metric::Votes);
    assert_eq!(
        columns,
        [
            ("Ward", Role::Contest),
            ("Party", Role::Party),
            ("Votes › 2019", votes),
            ("Votes › 2023", votes)
        ]
    );
    assert_eq!(row(&loaded, 0, 1), ["Ashby", "Red", "3", "4"]);
    assert_eq!(cell_of(&loaded, 1, 0), "A4 Ashby");
    let notes = loaded.dataset.notes.join("\n");
    assert!(notes.contains("cells are merged"), "{notes}");
    let why: Vec<_> = loaded
        .dataset
        .excluded
        .iter()
        .map(|e| e.why.as_str())
        .collect();
    assert_eq!(why, ["above the row of headings", "a note below the table"]);
}

#[test]
fn tables_below_each_other_are_told_apart() {
    let rows_of = |n: usize, name: &str, votes: &str| {
        rows(
            n,
            &[
                name,
                "party;votes;share",
                &format!("Blue;={votes};=0.5/1"),
                "Red;=3;=0.5/1",
            ],
        )
    };
    let sheet = format!(
        "<sheetData>{}{}</sheetData>",
        rows_of(2, "Ashby", "3"),
        rows_of(8, "West End", "4")
    );
    let loaded = read("a.xlsx", &workbook(&[("S", "visible", &sheet)]));
    let told = loaded.dataset.tables.iter();
    let told: Vec<_> = told
        .map(|t| (t.contest.as_ref().map(|c| c.text.as_str()), t.rows()))
        .collect();
    assert_eq!(told, [(Some("Ashby"), 2), (Some("West End"), 2)]);
    assert_eq!(row(&loaded, 1, 0), ["Blue", "4", "50%"]);
}

#[test]
fn hidden_and_empty_sheets_are_told() {
    let data = format!(
        "<sheetData>{}</sheetData>",
        rows(1, &["party;votes", "Blue;=1"])
    );
    let book = workbook(&[
        ("Now", "visible", &data),
        ("Old", "hidden", &data),
        ("None", "visible", "<sheetData/>"),
    ]);
    let loaded = read("a.xlsx", &book);
    assert_eq!(loaded.dataset.tables.len(), 1);
    let notes = loaded.dataset.notes.join("\n");
    assert!(
        notes.contains("\"Old\"") && notes.contains("is hidden"),
        "{notes}"
    );
    assert!(notes.contains("a.xlsx#None is empty"), "{notes}");
    assert_eq!(loaded.dataset.files(), 1);
}

#[test]
fn cells_far_apart_take_no_memory() {
    let far = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    let loaded = read("a.xlsx", &workbook(&[("S", "visible", far)]));
    assert!(loaded.dataset.sources[0].text().len() < 2_000_000);
    assert!(loaded.dataset.tables.is_empty());
}

#[test]
fn an_open_document_is_read() {
    let content = r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="S">
        <table:table-row><table:table-cell office:value-type="string"><text:p>party</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>votes</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><text:p>Blue</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="139"><text:p>139</text:p></table:table-cell></table:table-row>
        </table:table></office:spreadsheet></office:body></office:document-content>"#;
    let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = "<manifest:manifest></manifest:manifest>";
    let parts = [
        ("mimetype", mimetype),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ];
    let loaded = read("a.ods", &zipped(&parts));
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    assert_eq!(row(&loaded, 0, 0), ["Blue", "139"]);
}

/// The container of older documents, with one empty stream in it.
fn compound(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0; 512 * 3];
    let mut put = |at: usize, with: &[u8]| bytes[at..at + with.len()].copy_from_slice(with);
    put(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    put(44, &[1, 0, 0, 0, 1, 0, 0, 0]);
    put(
        56,
        &[
            0, 16, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff,
        ],
    );
    put(76, &[0xff; 436]);
    put(76, &[0; 4]);
    put(512, &[0xff; 512]);
    put(512, &[0xfd, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
    for (entry, (name, kind)) in [("Root Entry", 5), (stream, 2)].into_iter().enumerate() {
        let at = 1024 + 128 * entry;
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        put(at, &wide);
        put(
            at + 64,
            &[u8::try_from(wide.len() + 2).expect("short"), 0, kind, 1],
        );
        put(at + 68, &[0xff; 12]);
        put(at + 116, &[0xfe, 0xff, 0xff, 0xff]);
    }
    bytes
}

#[test]
fn what_cannot_be_read_says_why() {
    let error = |name: &str, bytes: &[u8]| read(name, bytes).errors.remove(0);
    let locked = error("a.xlsx", &compound("EncryptedPackage"));
    assert!(
        locked
            .to_string()
            .ends_with("a.xlsx is locked with a password"),
        "{locked}"
    );
    let other = error("a.xls", &compound("WordDocument"));
    assert!(matches!(other, LoadError::Workbook { .. }), "{other}");
    let whole = workbook(&[("S", "visible", "<sheetData/>")]);
    let cut = error("a.xlsx", &whole[..whole.len() - 30]);
    assert!(
        matches!(cut, LoadError::Workbook { .. } | LoadError::Binary { .. }),
        "{cut}"
    );
    let broken = error(
        "a.xlsx",
        &workbook(&[("S", "visible", "<sheetData><row><c")]),
    );
    assert!(matches!(broken, LoadError::Workbook { .. }), "{broken}");
    let zeros = "0".repeat(20 << 20);
    let bomb = error("a.xlsx", &zipped(&[("xl/workbook.xml", &zeros)]));
    assert!(matches!(bomb, LoadError::UnpacksTooLarge { .. }), "{bomb}");
}

#[test]
fn a_table_under_the_name_of_a_workbook_is_read() {
    let page = read("a.xls", b"party\tvotes\nBlue\t1\n");
    assert_eq!(row(&page, 0, 0), ["Blue", "1"]);
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn published_workbooks_are_read_whole() {
    let folder =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/formats");
    for (file, rows, place, text) in [
        (
            "GE2010-results-flatfile-website.xls",
            651,
            (0, 1),
            "B2 Aberavon",
        ),
        ("provincial_AB.xlsx", 89, (1, 5), "F4 10959"),
        ("DOP_2001_ACT.xls", 9, (1, 2), "D12 135"),
    ] {
        let Ok(bytes) = std::fs::read(folder.join(file)) else {
            eprintln!("skipped: {file} is not here");
            continue;
        };
        let loaded = read(file, &bytes);
        assert_eq!(loaded.dataset.tables[0].rows(), rows, "{file}");
        assert_eq!(cell_of(&loaded, place.0, place.1), text, "{file}");
    }
}

/// An older workbook of one sheet, from the records of its cells.
fn older(cells: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let length = u16::try_from(data.len()).expect("short");
        [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
    };
    let start = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let style = |format: u8| record(0x00e0, &[&[0, 0, format, 0][..], &[0; 16]].concat());
    let format = record(0x041e, &[164, 0, 4, 0, 0, b'0', b'.', b'0', b'%']);
    let global = [start(5), format, style(0), style(164), style(9)].concat();
    let sheet_at = u32::try_from(global.len() + 4 + 9 + 4).expect("short");
    let sheet = [&sheet_at.to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat();
    let cells: Vec<u8> = cells
        .iter()
        .flat_map(|(kind, data)| record(*kind, data))
        .collect();
    let end = record(0x000a, &[]);
    let stream = [
        global,
        record(0x0085, &sheet),
        end.clone(),
        start(16),
        cells,
        end,
    ]
    .concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    let mut workbook = file.create_stream("/Workbook").expect("memory");
    workbook.write_all(&stream).expect("memory");
    drop(workbook);
    file.into_inner().into_inner()
}

fn stored_at(row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
    let head = [row, column, style].map(u16::to_le_bytes).concat();
    [&head[..], value].concat()
}

#[test]
fn per_cents_of_older_workbooks_are_read_as_they_are_shown() {
    let label = |column: u16, text: &str| {
        let length = u16::try_from(text.len()).expect("short");
        let value = [&length.to_le_bytes()[..], &[0], text.as_bytes()].concat();
        (0x0204, stored_at(0, column, 0, &value))
    };
    let number = |column: u16, style: u16, number: f64| {
        (0x0203, stored_at(1, column, style, &number.to_le_bytes()))
    };
    let cells = [
        label(0, "votes"),
        label(1, "share"),
        label(2, "of all"),
        number(0, 0, 139.0),
        number(1, 1, 0.384),
        number(2, 2, 0.5),
    ];
    let loaded = read("a.xls", &older(&cells));
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    assert_eq!(row(&loaded, 0, 0), ["139", "38.4%", "50%"]);
}

#[test]
fn an_older_workbook_that_would_fill_the_memory_is_refused() {
    let at = |row, column| (0x0203, stored_at(row, column, 0, &1f64.to_le_bytes()));
    let beyond = read("a.xls", &older(&[at(0, 0), at(3, 300)]))
        .errors
        .remove(0);
    assert!(
        beyond
            .to_string()
            .ends_with("the record of cell KO4 is damaged"),
        "{beyond}"
    );
    let far = read("a.xls", &older(&[at(0, 0), at(65_000, 255)]))
        .errors
        .remove(0);
    assert!(matches!(far, LoadError::TooManyCells { .. }), "{far}");
}

proptest! {
    #[test]
    fn a_damaged_workbook_stops_nothing(
        old in any::<bool>(),
        damage in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 1..6),
    ) {
        let sheet = format!("<sheetData>{}</sheetData>", rows(1, &["party;votes", "Blue;=1"]));
        let number = (0x0203, stored_at(1, 0, 0, &1f64.to_le_bytes()));
        let mut bytes = if old { older(&[number]) } else { workbook(&[("S", "visible", &sheet)]) };
        for (at, byte) in damage {
            *at.get_mut(&mut bytes) = byte;
        }
        let loaded = read(if old { "a.xls" } else { "a.xlsx" }, &bytes);
        let heard = loaded.dataset.sources.len() + loaded.errors.len() + loaded.dataset.notes.len();
        prop_assert!(heard > 0);
    }
}

#[test]
fn sheets_that_are_laid_out_alike_are_parts_or_contests() {
    let sheet = |lines: &[&str]| format!("<sheetData>{}</sheetData>", rows(1, lines));
    let notes = sheet(&[
        "Notes",
        "1. Final results of 3 May.",
        "2. See the sheets;Abbey",
    ]);
    let heads = "Candidate;Party;Votes";
    let abbey = sheet(&[heads, "Ann Lee;Red;=600", "Bo Hart;Blue;=400"]);
    let same = sheet(&[heads, "Ann Lee;Red;=300", "Bo Hart;Blue;=500"]);
    let others = sheet(&[heads, "Cy Dunn;Red;=300", "Di Ash;Blue;=500"]);
    let book = |second: &str| {
        let sheets = [
            ("Notes", "visible", notes.as_str()),
            ("Abbey", "visible", abbey.as_str()),
            ("Bridge", "visible", second),
        ];
        read("a.xlsx", &workbook(&sheets))
    };
    let contests = book(&others);
    let tables = &contests.dataset.tables;
    let named = |at: usize| tables[at].contest.as_ref().map(|c| c.text.as_str());
    assert_eq!(
        (tables.len(), named(0), named(1)),
        (2, Some("Abbey"), Some("Bridge"))
    );
    let said = |note: &String| note.contains("#Notes is of words, and was left out");
    assert!(
        contests.dataset.notes.iter().any(said),
        "{:?}",
        contests.dataset.notes
    );
    let parts = book(&same);
    assert_eq!(row(&parts, 1, 0), ["Ann Lee", "Red", "300", "Bridge"]);
    assert!(parts.dataset.tables[1].column_of(Role::Unit).is_some());
}
