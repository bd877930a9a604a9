//! Every kind of mess that published tables come in: what becomes of it, and
//! what the report says of it.

use scrutineer::load;
use scrutineer::model::{Dataset, DefectKind, Severity, Table};

use super::rules::Knowledge;

const HEADS: &str = "contest,candidate,party,votes,share\n";
const ROWS: &str = "Ashby,Ann Lee,Red,7000,70.0\nAshby,Bo Hart,Blue,3000,30.0\n";

/// A file as it was read, and all that is said of it.
struct Read {
    dataset: Dataset,
    findings: Vec<String>,
}

fn read(bytes: &[u8]) -> Read {
    read_as("a.csv", bytes)
}

fn read_as(name: &str, bytes: &[u8]) -> Read {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writable");
    let knowledge = Knowledge::built_in();
    let inputs = [load::Input::from(path)];
    let options = load::Options::default();
    let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let checked = knowledge.check(&loaded.dataset);
    Read {
        findings: checked.findings.into_iter().map(|f| f.message).collect(),
        dataset: loaded.dataset,
    }
}

impl Read {
    fn rows(&self) -> usize {
        self.dataset.tables.iter().map(Table::rows).sum()
    }

    fn column(&self, column: usize) -> Vec<Option<&str>> {
        let table = &self.dataset.tables[0];
        (0..table.rows()).map(|r| table.cell(r, column)).collect()
    }

    /// It is as if there were no mess, but for what a note says.
    fn is_clean(&self) {
        assert_eq!(self.rows(), 2);
        assert!(self.findings.is_empty(), "{:?}", self.findings);
        assert!(
            self.dataset.defects.is_empty(),
            "{:?}",
            self.dataset.defects
        );
    }

    fn notes(&self, said: &str) {
        let notes = &self.dataset.notes;
        assert!(notes.iter().any(|n| n.contains(said)), "{said}: {notes:?}");
    }

    fn finds(&self, said: &str) {
        let found = self.findings.iter().any(|f| f.contains(said));
        assert!(found, "{said}: {:?}", self.findings);
    }

    fn leaves_out(&self, text: &str, why: &str) {
        let excluded = self.dataset.excluded.iter();
        let told: Vec<(&str, &str)> = excluded
            .map(|e| {
                let source = self.dataset.source(e.span.source);
                (source.map_or("", |s| s.slice(e.span)), e.why.as_str())
            })
            .collect();
        assert!(told.contains(&(text, why)), "{told:?}");
    }
}

fn good() -> String {
    format!("{HEADS}{ROWS}")
}

#[test]
fn marks_and_line_ends_of_every_kind_change_nothing() {
    for ends in ["\n", "\r\n", "\r"] {
        for mark in ["", "\u{feff}"] {
            read(format!("{mark}{}", good().replace('\n', ends)).as_bytes()).is_clean();
        }
    }
    read(good().replacen('\n', "\r\n", 2).as_bytes()).is_clean();
}

#[test]
fn encodings_are_detected_and_said() {
    let named = good().replace("Bo Hart", "Zoë Hárt");
    let latin: Vec<u8> = named
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("Latin"))
        .collect();
    let wide = |to: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let marked = format!("\u{feff}{named}");
        marked.encode_utf16().flat_map(to).collect()
    };
    for (bytes, said) in [
        (latin, "a.csv is no UTF-8; it was read as windows-1252"),
        (
            wide(u16::to_le_bytes),
            "a.csv is no UTF-8; it was read as UTF-16LE",
        ),
        (
            wide(u16::to_be_bytes),
            "a.csv is no UTF-8; it was read as UTF-16BE",
        ),
    ] {
        let read = read(&bytes);
        read.is_clean();
        read.notes(said);
        assert_eq!(read.column(1), [Some("Ann Lee"), Some("Zoë Hárt")]);
    }
}

#[test]
fn what_stands_above_and_below_a_table_is_told() {
    let text = format!("Results of 2020\n\n{}\nSource: the council\n", good());
    let read = read(text.as_bytes());
    read.is_clean();
    read.leaves_out("Results of 2020", "above the row of headings");
    read.leaves_out("Source: the council", "a note below the table");
    read.notes("taken from the lines above its headings: 2020");
}

#[test]
fn headings_in_two_rows_and_none_are_told() {
    let text = "contest,candidate,2019,,2023,\n,,votes,share,votes,share\nAshby,Ann Lee,500,50.0,700,70.0\nAshby,Bo Hart,500,50.0,300,30.0\n";
    let two = read(text.as_bytes());
    two.is_clean();
    two.notes("stand in 2 rows, and were joined");
    let none = read(ROWS.as_bytes());
    assert_eq!(none.rows(), 2);
    none.finds("a.csv holds data, and no headings");
}

#[test]
fn numbers_are_read_however_they_are_grouped() {
    for [seven, three] in [
        ["7,000", "3,000"],
        ["7 000", "3 000"],
        ["7\u{a0}000", "3\u{a0}000"],
        ["7\u{2009}000", "3\u{2009}000"],
        ["7\u{202f}000", "3\u{202f}000"],
        ["7'000", "3'000"],
        ["7’000", "3’000"],
        ["7000.0", "3000.0"],
        ["7,00,000", "3,00,000"],
        ["7.000.000", "3.000.000"],
    ] {
        let rows = ROWS.replace("7000", &format!("\"{seven}\""));
        let rows = rows.replace("3000", &format!("\"{three}\""));
        read(format!("{HEADS}{rows}").as_bytes()).is_clean();
        // That the share is found wrong shows that the votes were read.
        let wrong = rows.replace("30.0", "31.0");
        let wrong = read(format!("{HEADS}{wrong}").as_bytes());
        wrong.finds("The share of Bo Hart in Ashby is given as 31.0%");
    }
}

#[test]
fn decimal_commas_are_read_and_said() {
    let text = good().replace(',', ";").replace('.', ",");
    let right = read(text.as_bytes());
    right.is_clean();
    right.notes("have a comma before their decimals; they were read so");
    let wrong = read(text.replace("30,0", "31,0").as_bytes());
    wrong.finds("The share of Bo Hart in Ashby is given as 31.0%");
    let points = read(
        text.replace("7000", "7.000")
            .replace("3000", "3.000")
            .as_bytes(),
    );
    points.is_clean();
    points.notes("have points between their thousands; they were read so");
}

#[test]
fn shares_are_per_cent_or_fractions() {
    for shares in [
        ["70.0%", "30.0%"],
        ["70.0 %", "30.0 %"],
        ["0.7000", "0.3000"],
    ] {
        let text = good().replace("70.0", shares[0]).replace("30.0", shares[1]);
        read(text.as_bytes()).is_clean();
    }
    let wrong = good().replace("70.0", "0.70").replace("30.0", "0.31");
    read(wrong.as_bytes()).finds("is given as 31%");
}

#[test]
fn no_value_is_not_nought() {
    for missing in ["*", "-", "–", "n/a", ""] {
        let text = format!("{}Ashby,Cy Moss,Green,{missing},{missing}\n", good());
        let read = read(text.as_bytes());
        assert!(read.findings.is_empty(), "{missing:?}: {:?}", read.findings);
        let knowledge = Knowledge::built_in();
        let relations = knowledge.relations(&read.dataset);
        assert_eq!(relations.results.len(), 2, "{missing:?}");
    }
    let word = format!("{}Ashby,Cy Moss,Green,many,0\n", good());
    read(word.as_bytes()).finds("“many” in the column votes is no number; it was left out.");
}

#[test]
fn marks_for_no_value_are_told_with_their_place() {
    let text = format!("{}Birch,Cy Moss,Green,*,*\nBirch,Di Roe,Red,n/a,\n", good());
    let read = read(text.as_bytes());
    let told: Vec<(&str, &str)> = read
        .dataset
        .excluded
        .iter()
        .map(|e| (read.dataset.sources[0].slice(e.span), e.why.as_str()))
        .collect();
    let [(star, stars), (word, words)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!((*star, *word), ("*", "n/a"));
    assert!(
        stars.starts_with("“*” was taken for no value, in 2 cells of "),
        "{stars}"
    );
    assert!(
        words.starts_with("“n/a” was taken for no value, in 1 cell of "),
        "{words}"
    );
}

#[test]
fn what_stands_after_a_number_is_told() {
    let text = good()
        .replace("7000", "\"7,000 (a)\"")
        .replace("30.0", "30.0*");
    let read = read(text.as_bytes());
    read.is_clean();
    let told = |why: &str| read.dataset.excluded.iter().any(|e| e.why.contains(why));
    assert!(told("stands after a number under “votes”"));
    assert!(told("(1 ×): “*”"));
}

#[test]
fn a_file_that_is_no_parquet_says_so() {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join("a.parquet");
    std::fs::write(&path, b"PAR1 and no more").expect("writable");
    let knowledge = Knowledge::built_in();
    let inputs = [load::Input::from(path)];
    let options = load::Options::default();
    let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
    let message = loaded.errors[0].to_string();
    assert!(
        message.contains("a.parquet cannot be read as Parquet: "),
        "{message}"
    );
}

#[test]
fn minus_signs_of_all_kinds_are_minus_signs() {
    for minus in ["-", "−", "–", "\u{2010}", "\u{2011}", "﹣", "\u{ff0d}"] {
        let text = good().replace("3000", &format!("{minus}3000"));
        read(text.as_bytes()).finds("The votes in Ashby is given as −3,000");
    }
}

#[test]
fn headings_that_fail_and_rows_that_do_not_fit_are_told() {
    let heads = read(b"party,votes,votes,\nRed,7,8,x\nBlue,3,4,y\n");
    heads.finds("the heading \"votes\" stands twice");
    heads.finds("column 4 of ");
    let text = format!("{}Ashby,Cy Moss,Green,3,1,5\nAshby,Di Roe\n", good());
    let ragged = read(text.as_bytes());
    ragged.finds("has 6 cells under 5 headings; the row was left out");
    ragged.finds("has 2 cells under 5 headings; the rest count as empty");
    let kinds = ragged.dataset.defects.iter().map(|d| d.kind);
    assert!(kinds.clone().all(|k| k == DefectKind::RowLength));
    assert_eq!(kinds.count(), 2);
}

#[test]
fn headings_like_known_ones_are_taken_and_said() {
    let heads = "Constituancy,Candidte,Pol. Party,Votes Rec'd,Share\n";
    let right = read(format!("{heads}{ROWS}").as_bytes());
    right.is_clean();
    right.notes("the heading “Votes Rec'd” of ");
    right.notes(" was taken for “votes received”");
    right.notes("the heading “Candidte” of ");
    let wrong = read(format!("{heads}{}", ROWS.replace("30.0", "31.0")).as_bytes());
    wrong.finds("The share of Bo Hart in Ashby is given as 31.0%");
    let twice = read(
        format!(
            "contest,candidate,Votes Rec'd,No. of votes,share\n{}",
            ROWS.replace("Red", "1").replace("Blue", "2")
        )
        .as_bytes(),
    );
    twice.notes("but another column is that too; it was not taken for it");
    let words = read(b"contest,candidate,Majorty\nAshby,Ann Lee,large\nAshby,Bo Hart,small\n");
    words.notes("is like “majority”, but its cells are none; it was not taken for it");
}

#[test]
fn what_rests_on_a_guess_is_a_warning() {
    let text = format!(
        "contest,candidate,party,Votes Rec'd,share\n{}",
        ROWS.replace("30.0", "31.0")
    );
    let knowledge = Knowledge::built_in();
    let dataset = load::load_texts(&[("a.csv", &text)], knowledge.words());
    let findings = knowledge.check(&dataset).findings;
    let share = findings
        .iter()
        .find(|f| f.rule == "share-is-votes-over-all-votes")
        .expect("it is found");
    assert_eq!(share.severity, Severity::Warning);
}

#[test]
fn tables_in_markdown_and_records_are_read() {
    let markdown = "| contest | candidate | votes | share |\n|---|---|---:|---:|\n| Ashby | Ann Lee | 700 | 70.0 |\n| Ashby | Bo Hart | 300 | 31.0 |\n";
    read_as("a.md", markdown.as_bytes()).finds("is given as 31.0%");
    let records = "{\"contest\":\"Ashby\",\"candidate\":\"Ann Lee\",\"votes\":700,\"share\":70.0}\n{\"contest\":\"Ashby\",\"candidate\":\"Bo Hart\",\"votes\":300,\"share\":31.0}\n";
    read_as("a.ndjson", records.as_bytes()).finds("is given as 31.0%");
}
