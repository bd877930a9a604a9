//! A large table of which only the head is read: it has its place among the
//! others, and is put there later, as a whole or as what is kept of it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::ending::Format;
use super::loader::{Loader, open};
use super::parquet::{OWN, Stored};
use super::{LoadError, Options, Words, csv, gzip, missing, numerals};
use crate::model::StoredRows;
use crate::model::{Address, Dataset, Layout, Locator, Sound, Source, SourceId, Table, TableId};

/// So much of a file shows what columns its table has.
const HEAD_BYTES: u64 = if cfg!(test) { 1 << 11 } else { 1 << 17 };

/// As many rows of a file that holds them by columns.
const HEAD_ROWS: usize = 1 << 10;
/// A cell is about so many bytes of text.
const CELL_BYTES: u64 = 8;

/// A table that was only begun.
#[derive(Debug)]
pub struct Large {
    pub path: PathBuf,
    /// What messages call it.
    pub name: String,
    /// Its first lines, and the table that these are.
    pub text: String,
    pub head: Table,
    pub table: TableId,
    /// Its rows, where they are no lines of text.
    pub stored: Option<StoredRows>,
    source: SourceId,
    /// How many defects, excluded rows and notes the dataset had before it.
    before: [usize; 3],
}

impl Large {
    /// Keeps a place for a table whose head is one and nothing else; `None`
    /// where it is to be read now.
    pub(super) fn begin(
        path: &Path,
        name: &str,
        dataset: &mut Dataset,
        layout: &Layout,
    ) -> Option<Self> {
        let mut bytes = Vec::new();
        let file = File::open(path).ok()?;
        file.take(HEAD_BYTES).read_to_end(&mut bytes).ok()?;
        if gzip::looks_like(&bytes) {
            return None;
        }
        let end = memchr::memrchr(b'\n', &bytes)?;
        bytes.truncate(end + 1);
        let text = String::from_utf8(bytes).ok()?;
        let (source, mut begun) = beside(dataset)?;
        begun.add_source(Source::new(name, text.as_str()));
        csv::read(&mut begun, source, layout);
        let by_lines = |table: &Table| matches!(table.locator, Locator::Records { .. });
        let head = only_table(begun).filter(by_lines)?;
        Self::keep_place(path, name, dataset, (text, head), None)
    }

    /// The same for a file that holds its rows by columns, where these are text of
    /// so many bytes.
    pub(super) fn begin_stored(
        path: &Path,
        name: &str,
        bytes: u64,
        dataset: &mut Dataset,
        layout: &Layout,
    ) -> Option<Self> {
        let rows = StoredRows::open(path, OWN)?;
        if rows.cells().saturating_mul(CELL_BYTES) < bytes {
            return None;
        }
        let text = rows.block(0)?;
        let lines = (0..).zip(text.lines()).take(HEAD_ROWS);
        let cells = lines.flat_map(|(row, line)| StoredRows::cells_of(row, line));
        let first = Stored::of(rows.columns(), cells.collect());
        let (_, mut begun) = beside(dataset)?;
        first.put(&mut begun, name, layout);
        let head = only_table(begun)?;
        Self::keep_place(path, name, dataset, (String::new(), head), Some(rows))
    }

    fn keep_place(
        path: &Path,
        name: &str,
        dataset: &mut Dataset,
        (text, head): (String, Table),
        stored: Option<StoredRows>,
    ) -> Option<Self> {
        let source = SourceId(u32::try_from(dataset.sources.len()).ok()?);
        let table = TableId(u32::try_from(dataset.tables.len()).ok()?);
        dataset.add_source(Source::new(name, ""));
        dataset.tables.push(Table {
            frame: head.frame.clear(),
            ..head.clone()
        });
        Some(Self {
            path: path.to_owned(),
            name: name.to_owned(),
            before: [
                dataset.defects.len(),
                dataset.excluded.len(),
                dataset.notes.len(),
            ],
            text,
            head,
            table,
            stored,
            source,
        })
    }

    /// Puts what is kept of it in its place; `false` where that is not one table
    /// with the rows that it should have. Of several large tables the last one
    /// goes first.
    pub fn put(&self, dataset: &mut Dataset, kept: Source, sound: Sound, layout: &Layout) -> bool {
        self.fill(dataset, |read| {
            read.add_source(kept);
            csv::read(read, self.source, layout);
            is_settled(read, sound, layout)
        })
    }

    /// The same where rows are no lines of text.
    pub fn put_cells(
        &self,
        dataset: &mut Dataset,
        kept: Vec<(Address, String)>,
        sound: Sound,
        layout: &Layout,
    ) -> bool {
        let columns = self.stored.as_ref().map_or(&[][..], StoredRows::columns);
        self.fill(dataset, |read| {
            Stored::of(columns, kept).put(read, &self.name, layout);
            is_settled(read, sound, layout)
        })
    }

    /// Reads the whole of it in its place.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read_whole(
        &self,
        dataset: &mut Dataset,
        words: Words<'_>,
        options: &Options,
    ) -> Result<(), LoadError> {
        let file = open(&self.path, &self.name)?;
        let mut done = Ok(());
        let format = match self.stored {
            Some(_) => Format::Parquet,
            None => Format::Delimited,
        };
        self.fill(dataset, |read| {
            let mut told = |_: &str| {};
            let mut loader = Loader::new(std::mem::take(read), words, options, &mut told);
            done = loader.add_from(file, &self.name, Some(format));
            *read = loader.loaded.dataset;
            super::settle(read, 0, words);
            done.is_ok()
        });
        done
    }

    /// What a reader makes of it takes its place, where that is well.
    fn fill(&self, dataset: &mut Dataset, read: impl FnOnce(&mut Dataset) -> bool) -> bool {
        let at = self.source.0 as usize;
        let after = dataset.sources.split_off(at + 1);
        let place = dataset.sources.pop();
        let mut own = Dataset {
            sources: std::mem::take(&mut dataset.sources),
            ..Dataset::default()
        };
        let fits = read(&mut own);
        let source = own.sources.split_off(at).into_iter().next();
        dataset.sources = own.sources;
        dataset.sources.extend(source.filter(|_| fits).or(place));
        dataset.sources.extend(after);
        if !fits {
            return false;
        }
        let table = dataset.tables.get_mut(self.table.0 as usize);
        if let (Some(table), Some(own)) = (table, own.tables.pop()) {
            *table = own;
        }
        let [defects, excluded, notes] = self.before;
        dataset.defects.splice(defects..defects, own.defects);
        dataset.excluded.splice(excluded..excluded, own.excluded);
        dataset.notes.splice(notes..notes, own.notes);
        true
    }
}

/// The place of the next source, and a dataset with as many before it.
fn beside(dataset: &Dataset) -> Option<(SourceId, Dataset)> {
    let source = SourceId(u32::try_from(dataset.sources.len()).ok()?);
    let begun = Dataset {
        sources: vec![Source::new("", ""); dataset.sources.len()],
        ..Dataset::default()
    };
    Some((source, begun))
}

/// What was read, where that is one table and nothing else.
fn only_table(mut read: Dataset) -> Option<Table> {
    let plain = read.defects.is_empty() && read.excluded.is_empty();
    let table = read.tables.pop();
    table.filter(|_| plain && read.tables.is_empty())
}

/// Gives the one table what is known of its other rows; `false` where it is not
/// one with the rows that it should have.
fn is_settled(read: &mut Dataset, sound: Sound, layout: &Layout) -> bool {
    numerals::settle(read, 0);
    missing::tell(read, 0, layout);
    let [table] = read.tables.as_mut_slice() else {
        return false;
    };
    let fits = table.rows() == sound.numbers.len();
    table.sound = Some(Box::new(sound));
    fits
}
