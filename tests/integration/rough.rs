//! Input that is no better than noise: nothing panics, and what was located
//! reads back. Real files, a few bytes of which are changed, come closest to
//! what breaks a reader; `fuzz/` starts from the same files.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;
use scrutineer::load;
use scrutineer::model::{Dataset, Locator, Locus, Pack, Place, TableId};
use scrutineer::report::{self, Format, Style};

use super::order::{KNOWLEDGE, config};
use super::rules::Knowledge;

/// Real files of every format that is read.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folders = ["tests/cmd/inputs", "samples/norfolk-2017"];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .flat_map(|folder| std::fs::read_dir(folder).expect("readable"))
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path
            .file_name()
            .expect("it has a name")
            .to_string_lossy()
            .into_owned();
        (name, std::fs::read(&path).expect("readable"))
    };
    files.into_iter().map(read).collect()
}

/// One change to the bytes of a file.
#[derive(Debug, Clone)]
enum Change {
    Put(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, usize),
    Repeat(Index, usize, usize),
    End(Index),
}

fn change() -> impl Strategy<Value = Change> {
    // Bytes that mean something to one format or another.
    let tokens = prop::sample::select(vec![
        "\"",
        "\n",
        "\r",
        ",",
        ";",
        "\t",
        "|",
        "\0",
        "{",
        "}",
        "[",
        "]",
        ":",
        "<",
        ">",
        "<table>",
        "</td>",
        "<tr>",
        "<td colspan=99 rowspan=99>",
        "&",
        "&#",
        "#",
        "--",
        "=",
        "\u{feff}",
        "é",
        "½",
        "%",
        "-1",
        "1e999",
        "99999999999999999999999999",
        "0",
        "1,2,3",
        "…",
        "(",
        "null",
        "\u{202e}",
        "\\",
        "\\u",
        "'''",
        "[[rule]]",
        "(?:a+)+",
        "\u{1}",
        "İ",
        "ß",
        "\u{301}",
    ]);
    let tokens = tokens.prop_map(|token| token.as_bytes().to_vec());
    let noise = prop::collection::vec(any::<u8>(), 1..6);
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Put(at, byte)),
        (any::<Index>(), tokens).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<Index>(), noise).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<Index>(), 1usize..40).prop_map(|(at, len)| Change::Cut(at, len)),
        (any::<Index>(), 1usize..60, 1usize..6)
            .prop_map(|(at, len, times)| Change::Repeat(at, len, times)),
        any::<Index>().prop_map(Change::End),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let at = |index: &Index| index.index(bytes.len() + 1);
        match change {
            Change::Put(index, byte) => {
                let at = at(index);
                if let Some(place) = bytes.get_mut(at) {
                    *place = *byte;
                }
            }
            Change::Insert(index, new) => {
                let at = at(index);
                bytes.splice(at..at, new.iter().copied());
            }
            Change::Cut(index, len) => {
                let at = at(index);
                bytes.drain(at..(at + len).min(bytes.len()));
            }
            Change::Repeat(index, len, times) => {
                let at = at(index);
                let part = bytes[at..(at + len).min(bytes.len())].repeat(*times);
                bytes.splice(at..at, part);
            }
            Change::End(index) => bytes.truncate(at(index).max(bytes.len() / 2)),
        }
    }
    bytes
}

/// Reads, checks and reports: to be called for the panics that do not come.
pub fn run(paths: &[PathBuf]) {
    let knowledge = &*KNOWLEDGE;
    let inputs: Vec<load::Input> = paths.iter().cloned().map(load::Input::from).collect();
    let options = load::Options::default();
    let loaded = load::load(&inputs, std::io::empty(), knowledge.words(), &options);
    reads_back(&loaded.dataset);
    let report = knowledge.examine(loaded.dataset);
    for finding in &report.findings {
        let loci = finding.related.iter().map(|r| r.at).chain([finding.at]);
        loci.for_each(|locus| stands(&report.dataset, locus));
    }
    for claim in &report.claims {
        stands(&report.dataset, claim.at());
        stands(&report.dataset, Locus::Span(claim.sentence));
    }
    let style = Style {
        skipped: false,
        color: false,
        width: 80,
        quiet: false,
    };
    for format in [Format::Text, Format::Json] {
        let mut out = Vec::new();
        report::write(&report, format, style, &mut out).expect("memory is writable");
        assert!(std::str::from_utf8(&out).is_ok());
    }
}

/// A place is in its source, at the bounds of characters.
fn stands(dataset: &Dataset, locus: Locus) {
    let Some(span) = dataset.span(locus) else {
        return;
    };
    let source = dataset.source(span.source).expect("the source is there");
    assert!(
        source.text().get(span.start..span.end).is_some(),
        "{locus:?} is {span:?} of {} bytes of {}",
        source.text().len(),
        source.name()
    );
}

/// Every cell of every table that has a place is what stands there.
fn reads_back(dataset: &Dataset) {
    for (id, table) in (0..).map(TableId).zip(&dataset.tables) {
        let delimited = matches!(table.locator, Locator::Records { .. });
        for row in 0..table.rows() {
            for column in 0..table.columns.len() {
                let place = Place {
                    table: id,
                    row: u32::try_from(row).expect("few rows"),
                    column: u32::try_from(column).expect("few columns"),
                };
                stands(dataset, Locus::Cell(place));
                let (Some(cell), Some(span)) = (dataset.cell(place), dataset.cell_span(place))
                else {
                    continue;
                };
                let printed = dataset.source(span.source).map_or("", |s| s.slice(span));
                if delimited {
                    // In quotes a quotation mark is printed twice.
                    let once = printed.replace("\"\"", "\"");
                    assert!(cell == printed || cell == once, "{cell:?}: {printed:?}");
                }
            }
        }
        for column in &table.columns {
            if let Some(heading) = column.heading {
                stands(dataset, Locus::Span(heading));
            }
        }
    }
    for prose in &dataset.prose {
        for block in &prose.blocks {
            assert!(prose.text.get(block.range.clone()).is_some());
            stands(dataset, Locus::Span(prose.span(block.range.clone())));
        }
    }
    for span in dataset
        .defects
        .iter()
        .map(|d| d.span)
        .chain(dataset.excluded.iter().map(|e| e.span))
    {
        stands(dataset, Locus::Span(span));
    }
}

#[test]
fn files_with_a_few_bytes_changed_do_no_harm() {
    let corpus = corpus();
    let story = corpus
        .iter()
        .find(|(name, _)| name == "good.csv")
        .expect("it is there")
        .clone();
    let folder = tempfile::tempdir().expect("writable");
    let table = folder.path().join("with-it.csv");
    std::fs::write(&table, &story.1).expect("writable");
    let which = (
        any::<Index>(),
        prop::collection::vec(change(), 1..6),
        any::<bool>(),
    );
    let mut runner = proptest::test_runner::TestRunner::new(config(160));
    let done = runner.run(&which, |(which, changes, anonymous)| {
        let (name, bytes) = which.get(&corpus);
        let name = if anonymous { "it" } else { name.as_str() };
        let path = folder.path().join(name);
        std::fs::write(&path, changed(bytes.clone(), &changes)).expect("writable");
        run(&[path, table.clone()]);
        Ok(())
    });
    done.unwrap_or_else(|failure| panic!("{failure}"));
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn noise_does_no_harm(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        text in "(\\PC|\n|\t|,|\"|[0-9]{1,6}|<[a-z]{1,5}>|[%|{}]){0,120}",
        ending in prop::sample::select(vec!["csv", "txt", "md", "html", "json", "docx", "xlsx", "xls", "ods", "csv.gz", "tsv", "x"]),
    ) {
        let folder = tempfile::tempdir().expect("writable");
        let paths = [folder.path().join(format!("noise.{ending}")), folder.path().join(format!("text.{ending}"))];
        std::fs::write(&paths[0], &bytes).expect("writable");
        std::fs::write(&paths[1], text.as_bytes()).expect("writable");
        run(&paths);
    }

    #[test]
    fn rule_files_with_a_few_bytes_changed_do_no_harm(
        which in any::<Index>(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let own = ["samples/own-rules/precincts.toml", "tests/cmd/inputs/untested-sql/mine.toml"].map(|p| root.join(p));
        let path = which.get(&own);
        let changed = changed(std::fs::read(path).expect("readable"), &changes);
        let folder = tempfile::tempdir().expect("writable");
        std::fs::write(folder.path().join("own.toml"), changed).expect("writable");
        let Ok(pack) = Pack::with_folder(folder.path()) else {
            return Ok(());
        };
        let Ok(rules) = scrutineer::check::Rules::from_pack(&pack) else {
            return Ok(());
        };
        let mut knowledge = Knowledge::built_in();
        knowledge.rules = rules;
        let dataset = load::load_texts(
            &[("precincts.csv", "County,Precinct,Registered,Ballots\nAshby,1-A,900,912\n,,,\n")],
            knowledge.words(),
        );
        knowledge.check(&dataset);
    }
}
