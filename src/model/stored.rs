//! A Parquet file in, its rows out in blocks of text: a line for each, its cells
//! parted by a character that none of them has.

use std::fmt::Write;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};

use ::parquet::basic::{ConvertedType, Type};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
use bytes::Bytes;

use super::Address;

const BLOCK_ROWS: usize = if cfg!(test) { 16 } else { 1 << 15 };
/// So much of a column is asked for at once.
const READ_BYTES: usize = 1 << 12;

/// The rows of a file, and where its blocks are.
pub struct StoredRows {
    reader: SerializedFileReader<Shared>,
    columns: Vec<String>,
    blocks: Vec<Stretch>,
}

/// Rows of a group of rows.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    group: usize,
    skipped: usize,
    rows: usize,
}

impl std::fmt::Debug for StoredRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredRows({} blocks)", self.blocks.len())
    }
}

impl StoredRows {
    /// Parts cells from cells.
    pub const DELIMITER: u8 = 0x1f;
    /// Nothing is quoted, and this stands nowhere.
    pub const QUOTE: u8 = 0x1e;

    /// `None` where a file is to be read by its rows, or refused.
    #[must_use]
    pub fn open(path: &Path, own: &str) -> Option<Self> {
        // What another's reader stumbles over is told when it is read.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            SerializedFileReader::new(Shared::open(path)?).ok()
        }));
        let reader = opened.ok()??;
        let about = reader.metadata();
        let file = about.file_metadata();
        let columns = file.schema_descr().columns();
        if file.created_by() == Some(own) || !columns.iter().all(|column| is_plain(column)) {
            return None;
        }
        let columns = columns.iter().map(|column| column.name().to_owned());
        let columns = columns.collect();
        let mut blocks = Vec::new();
        for (group, rows) in about.row_groups().iter().enumerate() {
            let rows = usize::try_from(rows.num_rows()).ok()?;
            let starts = (0..rows).step_by(BLOCK_ROWS);
            blocks.extend(starts.map(|skipped| Stretch {
                group,
                skipped,
                rows: BLOCK_ROWS.min(rows - skipped),
            }));
        }
        Some(Self {
            reader,
            columns,
            blocks,
        })
    }

    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many cells all rows have.
    #[must_use]
    pub fn cells(&self) -> u64 {
        let rows: usize = self.blocks.iter().map(|block| block.rows).sum();
        rows as u64 * self.columns.len() as u64
    }

    /// How many blocks there are.
    #[must_use]
    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The rows of a block; `None` where they cannot be read, or are no lines.
    #[must_use]
    pub fn block(&self, at: usize) -> Option<String> {
        let stretch = *self.blocks.get(at)?;
        let texts = || -> Result<Vec<Texts>> {
            let group = self.reader.get_row_group(stretch.group)?;
            let columns = 0..self.columns.len();
            let texts = columns.map(|at| Texts::of(group.get_column_reader(at)?, stretch));
            texts.collect()
        };
        let texts = catch_unwind(AssertUnwindSafe(texts)).ok()?.ok()?;
        let mut out = String::new();
        for row in 0..stretch.rows {
            for (at, column) in texts.iter().enumerate() {
                if at > 0 {
                    out.push(char::from(Self::DELIMITER));
                }
                out.push_str(column.get(row)?);
            }
            out.push('\n');
        }
        Some(out)
    }
}

impl StoredRows {
    /// The cells of a row of a block.
    pub fn cells_of(row: u32, line: &str) -> impl Iterator<Item = (Address, String)> {
        let cells = (0..).zip(line.split(char::from(Self::DELIMITER)));
        let cells = cells.filter(|(_, text)| !text.is_empty());
        cells.map(move |(column, text)| (Address { row, column }, text.to_owned()))
    }
}

/// Does each row have one value of a column at most, that is shown as it is?
fn is_plain(column: &ColumnDescriptor) -> bool {
    let shown = match column.physical_type() {
        Type::BYTE_ARRAY => matches!(
            column.converted_type(),
            ConvertedType::UTF8 | ConvertedType::NONE
        ),
        Type::INT32 | Type::INT64 => matches!(
            column.converted_type(),
            ConvertedType::NONE | ConvertedType::INT_32 | ConvertedType::INT_64
        ),
        Type::DOUBLE | Type::FLOAT => column.converted_type() == ConvertedType::NONE,
        _ => false,
    };
    let flat = column.max_rep_level() == 0 && column.max_def_level() <= 1;
    shown && flat && column.path().parts().len() == 1
}

/// The texts of a column, one after another.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn of(reader: ColumnReader, stretch: Stretch) -> Result<Self> {
        let show = |out: &mut String, number: &dyn std::fmt::Display| {
            let _ = write!(out, "{number}");
        };
        match reader {
            ColumnReader::ByteArrayColumnReader(reader) => {
                Self::read(reader, stretch, |out, text: &ByteArray| {
                    out.push_str(text.as_utf8().unwrap_or_default().trim());
                })
            }
            ColumnReader::Int32ColumnReader(reader) => {
                Self::read(reader, stretch, |out, number| show(out, number))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                Self::read(reader, stretch, |out, number| show(out, number))
            }
            ColumnReader::FloatColumnReader(reader) => {
                Self::read(reader, stretch, |out, number| {
                    if !number.is_nan() {
                        show(out, number);
                    }
                })
            }
            ColumnReader::DoubleColumnReader(reader) => {
                Self::read(reader, stretch, |out, number| {
                    if !number.is_nan() {
                        show(out, number);
                    }
                })
            }
            _ => Err(ParquetError::General("of another kind".to_owned())),
        }
    }

    fn read<D: DataType>(
        mut reader: ColumnReaderImpl<D>,
        stretch: Stretch,
        show: impl Fn(&mut String, &D::T),
    ) -> Result<Self> {
        reader.skip_records(stretch.skipped)?;
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let mut left = stretch.rows;
        while left > 0 {
            let (read, ..) = reader.read_records(left, Some(&mut levels), None, &mut values)?;
            if read == 0 {
                return Err(ParquetError::EOF("too few rows".to_owned()));
            }
            left -= read;
        }
        let mut texts = Self::default();
        let mut values = values.iter();
        for row in 0..stretch.rows {
            // A column that must be there has no levels.
            let given = levels.get(row).is_none_or(|level| *level > 0);
            if let Some(value) = given.then(|| values.next()).flatten() {
                show(&mut texts.text, value);
            }
            texts.ends.push(texts.text.len());
        }
        if texts.text.bytes().any(|byte| byte < b' ') {
            return Err(ParquetError::General("breaks of lines".to_owned()));
        }
        Ok(texts)
    }

    fn get(&self, row: usize) -> Option<&str> {
        let before = row.checked_sub(1).and_then(|row| self.ends.get(row));
        self.text
            .get(before.copied().unwrap_or(0)..*self.ends.get(row)?)
    }
}

/// A file that several threads read, each from a place of its own.
#[derive(Debug, Clone)]
struct Shared {
    file: Arc<Mutex<File>>,
    len: u64,
}

/// What is read of it from one byte on.
#[derive(Debug)]
struct From {
    shared: Shared,
    at: u64,
    read: std::io::Cursor<Vec<u8>>,
}

impl Shared {
    fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let len = file.metadata().ok()?.len();
        let file = Arc::new(Mutex::new(file));
        Some(Self { file, len })
    }

    fn read_at(&self, start: u64, most: usize) -> std::io::Result<Vec<u8>> {
        let failed = |_| std::io::Error::other("a thread failed");
        let mut file = self.file.lock().map_err(failed)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        (&mut *file).take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Length for Shared {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Shared {
    type T = From;

    fn get_read(&self, start: u64) -> Result<From> {
        Ok(From {
            shared: self.clone(),
            at: start,
            read: std::io::Cursor::default(),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.read_at(start, length)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the file ends before".to_owned()));
        }
        Ok(bytes.into())
    }
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.read.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        let next = self.shared.read_at(self.at, READ_BYTES)?;
        self.at += next.len() as u64;
        self.read = std::io::Cursor::new(next);
        self.read.read(buffer)
    }
}
