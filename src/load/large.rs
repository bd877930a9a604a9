//! A large table of which only the head is read: it has its place among the
//! others, and is put there later, as a whole or as what is kept of it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Format, LoadError, Loader, Options, Words, csv, gzip, missing, numerals, open};
use crate::model::{Dataset, Layout, Locator, Sound, Source, SourceId, Table, TableId};

/// So much of a file shows what columns its table has.
const HEAD_BYTES: u64 = if cfg!(test) { 1 << 11 } else { 1 << 17 };

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
        let source = SourceId(u32::try_from(dataset.sources.len()).ok()?);
        let table = TableId(u32::try_from(dataset.tables.len()).ok()?);
        let mut begun = Dataset {
            sources: vec![Source::new("", ""); dataset.sources.len()],
            ..Dataset::default()
        };
        begun.add_source(Source::new(name, text.as_str()));
        csv::read(&mut begun, source, layout);
        let plain = begun.defects.is_empty() && begun.excluded.is_empty();
        let head = begun
            .tables
            .pop()
            .filter(|_| plain && begun.tables.is_empty())?;
        let Locator::Records { .. } = head.locator else {
            return None;
        };
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
            numerals::settle(read, 0);
            missing::tell(read, 0, layout);
            let [table] = read.tables.as_mut_slice() else {
                return false;
            };
            let fits = table.rows() == sound.numbers.len();
            table.sound = Some(Box::new(sound));
            fits
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
        self.fill(dataset, |read| {
            let mut told = |_: &str| {};
            let mut loader = Loader::new(std::mem::take(read), words, options, &mut told);
            done = loader.add_from(file, &self.name, Some(Format::Delimited));
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
