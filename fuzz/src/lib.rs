//! What the targets share: an input goes through loading, and what is located
//! must read back. `tests/integration/rough.rs` does the same in `cargo test`,
//! from the same real files.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::sync::LazyLock;

use scrutineer::check::Rules;
use scrutineer::load::{self, Input, Options, Words};
use scrutineer::model::{Dataset, Layout, Locus, Number, Pack, Parties, Place, TableId, show};

static KNOWN: LazyLock<(Layout, Parties)> = LazyLock::new(|| {
    let pack = Pack::embedded();
    let layout = Layout::from_pack(&pack).expect("the built-in formats are right");
    let parties = Parties::from_pack(&pack).expect("the built-in parties are right");
    (layout, parties)
});

fn words() -> Words<'static> {
    Words {
        layout: &KNOWN.0,
        parties: &KNOWN.1,
    }
}

/// Reads a text as a file of that name.
pub fn text(name: &str, text: &str) {
    reads_back(&load::load_text(name, text, words()));
}

/// Reads bytes as what they look like: workbooks of every kind, packed files.
pub fn xlsx(bytes: &[u8]) {
    let options = Options {
        max_bytes: 1 << 24,
        ..Options::default()
    };
    let input = Input::from(PathBuf::from("-"));
    reads_back(&load::load(&[input], bytes, words(), &options).dataset);
}

/// Reads bytes as the XML of a Word document.
pub fn xml(bytes: &[u8]) {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let written = writer
        .start_file("word/document.xml", options)
        .and_then(|()| Ok(writer.write_all(bytes)?));
    if let (Ok(()), Ok(packed)) = (written, writer.finish()) {
        xlsx(&packed.into_inner());
    }
}

/// What is read of a number is printed, and read again.
pub fn numeral(text: &str) {
    if let Some(number) = Number::parse(text) {
        let printed = show(&number.value, number.decimals.max(0));
        let again = Number::parse(&printed).expect("a printed number is one");
        assert_eq!(again.value, number.value, "{text:?} is {printed}");
    }
}

/// Reads a file of rules.
pub fn rules(text: &str) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    if std::fs::write(folder.path().join("own.toml"), text).is_ok()
        && let Ok(pack) = Pack::with_folder(folder.path())
    {
        let _ = Rules::from_pack(&pack);
    }
}

fn reads_back(dataset: &Dataset) {
    for (id, table) in (0..).map(TableId).zip(&dataset.tables) {
        for row in (0..).take(table.rows()) {
            for column in (0..).take(table.columns.len()) {
                let place = Place {
                    table: id,
                    row,
                    column,
                };
                let Some(span) = dataset.span(Locus::Cell(place)) else {
                    continue;
                };
                let source = dataset.source(span.source).expect("the source is there");
                assert!(source.text().get(span.start..span.end).is_some());
            }
        }
    }
}
