//! Bytes in, a dataset out.
//!
//! Every file is read on its own: one that cannot be read is an error beside
//! the dataset, and the others are still there. What is read is not judged: a
//! row that does not fit is a [`Defect`](crate::model::Defect), for a rule.

mod article;
mod csv;
mod decode;
mod document;
mod ending;
mod error;
mod faults;
mod format;
mod grid;
mod groups;
mod gzip;
mod heading;
mod json;
mod large;
mod loader;
mod marks;
mod missing;
mod numerals;
mod own;
mod page;
mod parquet;
mod repeats;
mod sheet;
mod text;
mod transposed;
mod unknown;
mod workbook;
mod xml;

use std::io::Read;
use std::path::PathBuf;

use crate::model::{Dataset, Layout, Parties, TableId};
use loader::Loader;
use text::add_text;

pub use error::LoadError;
pub use large::Large;

/// The knowledge that reading needs.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub layout: &'a Layout,
    pub parties: &'a Parties,
}

/// A path to read, and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// A file, a folder, or `-` for standard input.
    pub path: PathBuf,
    /// It is copy, even where it looks like a table.
    pub copy: bool,
    /// Its tables are what the others are held against.
    pub reference: bool,
}

impl From<PathBuf> for Input {
    /// An input that is taken for what it looks like.
    fn from(path: PathBuf) -> Self {
        Self {
            path,
            copy: false,
            reference: false,
        }
    }
}

/// How large tables are screened.
#[derive(Debug, Clone, Copy)]
pub struct Screening {
    /// Tables of so many bytes of text are: delimited ones, and those in Parquet.
    pub bytes: u64,
    /// Of sums that do not come out, no more rows are kept.
    pub parts: usize,
}

/// Limits of reading.
#[derive(Debug, Clone)]
pub struct Options {
    /// A larger file is an error.
    pub max_bytes: u64,
    /// Files beyond these are not read, which is an error.
    pub max_files: usize,
    /// Which tables are only begun: see [`Large`].
    pub large: Option<Screening>,
    /// Files that the run writes. Results among them are read all the same, so
    /// that they are not written over.
    pub written: Vec<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 30,
            max_files: 10_000,
            large: None,
            written: Vec::new(),
        }
    }
}

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub struct Loaded {
    pub dataset: Dataset,
    pub errors: Vec<LoadError>,
    /// Large tables that were only begun, in their order.
    pub large: Vec<Large>,
}

/// Reads files, the supported files of folders (sorted), and `stdin` for `-`.
pub fn load(inputs: &[Input], stdin: impl Read, words: Words<'_>, options: &Options) -> Loaded {
    load_telling(inputs, stdin, words, options, &mut |_| {})
}

/// The same, and tells the name of each file before it is read.
pub fn load_telling(
    inputs: &[Input],
    stdin: impl Read,
    words: Words<'_>,
    options: &Options,
    tell: &mut dyn FnMut(&str),
) -> Loaded {
    let mut loader = Loader::new(Dataset::default(), words, options, tell);
    let mut stdin = Some(stdin);
    for input in inputs {
        loader.read(input, &mut stdin);
    }
    let mut all = loader.loaded;
    if all.dataset.tables.is_empty() && !all.dataset.sources.is_empty() {
        let names = all.dataset.sources.iter().map(|s| s.name().to_owned());
        let names = names.collect();
        all.errors.push(LoadError::NoTables { names });
    }
    all
}

/// Reads one text as the file `name` would be read.
#[must_use]
pub fn load_text(name: &str, text: &str, words: Words<'_>) -> Dataset {
    load_texts(&[(name, text)], words)
}

/// Reads texts, each with its name, as those files would be read together.
#[must_use]
pub fn load_texts(texts: &[(&str, &str)], words: Words<'_>) -> Dataset {
    let mut dataset = Dataset::default();
    for (name, text) in texts {
        add_text(&mut dataset, name, (*text).to_owned(), words);
    }
    dataset
}

/// The same, with further texts that they are held against.
#[must_use]
pub fn load_texts_against(
    texts: &[(&str, &str)],
    references: &[(&str, &str)],
    words: Words<'_>,
) -> Dataset {
    let mut dataset = load_texts(texts, words);
    let before = dataset.tables.len();
    for (name, text) in references {
        add_text(&mut dataset, name, (*text).to_owned(), words);
    }
    let ids = (before..dataset.tables.len()).filter_map(|id| u32::try_from(id).ok());
    dataset.references.extend(ids.map(TableId));
    dataset
}

/// What holds for tables of every format: the tables from the `from`th on with a
/// contest, a number or a name in each cell that has more.
fn settle(dataset: &mut Dataset, from: usize, words: Words<'_>) {
    repeats::settle(dataset, from, words.layout);
    transposed::settle(dataset, from, words);
    groups::settle(dataset, from, words.layout);
    marks::settle(dataset, from, words);
    numerals::settle(dataset, from);
    missing::tell(dataset, from, words.layout);
    unknown::tell(dataset, from, words);
}

#[cfg(test)]
mod tests;

#[cfg(test)]
fn with_words<T>(job: impl FnOnce(Words<'_>) -> T) -> T {
    use std::sync::LazyLock;
    static KNOWN: LazyLock<(Layout, Parties)> = LazyLock::new(|| {
        let pack = crate::model::Pack::embedded();
        let layout = Layout::from_pack(&pack).expect("the built-in formats are right");
        let parties = Parties::from_pack(&pack).expect("the built-in parties are right");
        (layout, parties)
    });
    job(Words {
        layout: &KNOWN.0,
        parties: &KNOWN.1,
    })
}

/// The same without the published formats: tables stay as they are printed.
#[cfg(test)]
fn with_printed_words<T>(job: impl FnOnce(Words<'_>) -> T) -> T {
    let pack = crate::model::Pack::embedded();
    let mut layout = Layout::from_pack(&pack).expect("the built-in formats are right");
    layout.formats = crate::model::Formats::default();
    with_words(|words| {
        job(Words {
            layout: &layout,
            ..words
        })
    })
}
