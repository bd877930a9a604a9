//! A Parquet file in, its rows out in blocks of text: a line for each, its cells
//! parted by a character that none of them has.

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
    /// So many rows of the file stand before it.
    before: u64,
}

/// So many rows are left out, and then so many read.
#[derive(Debug, Clone, Copy)]
struct Step {
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
        let (mut blocks, mut before) = (Vec::new(), 0);
        for (group, rows) in about.row_groups().iter().enumerate() {
            let rows = usize::try_from(rows.num_rows()).ok()?;
            let starts = (0..rows).step_by(BLOCK_ROWS);
            blocks.extend(starts.map(|skipped| Stretch {
                group,
                skipped,
                rows: BLOCK_ROWS.min(rows - skipped),
                before: before + skipped as u64,
            }));
            before += rows as u64;
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
        let (skipped, rows) = (stretch.skipped, stretch.rows);
        self.lines(stretch.group, &[Step { skipped, rows }])
    }

    /// Some rows of a block, by their numbers (from 0) in the file, which are in
    /// order.
    #[must_use]
    pub fn some_rows(&self, at: usize, wanted: &[u64]) -> Option<Vec<String>> {
        let stretch = *self.blocks.get(at)?;
        let mut next = 0;
        let steps = wanted.iter().map(|row| {
            let at = usize::try_from(row.checked_sub(stretch.before)?).ok()?;
            let at = (at < stretch.rows).then_some(at + stretch.skipped)?;
            let skipped = at.checked_sub(next)?;
            next = at + 1;
            Some(Step { skipped, rows: 1 })
        });
        let steps: Vec<Step> = steps.collect::<Option<_>>()?;
        let lines = self.lines(stretch.group, &steps)?;
        Some(lines.lines().map(ToOwned::to_owned).collect())
    }

    /// A line for each row that is read of a group.
    fn lines(&self, group: usize, steps: &[Step]) -> Option<String> {
        let texts = || -> Result<Vec<Texts>> {
            let group = self.reader.get_row_group(group)?;
            let columns = 0..self.columns.len();
            let texts = columns.map(|at| Texts::of(group.get_column_reader(at)?, steps));
            texts.collect()
        };
        let texts = catch_unwind(AssertUnwindSafe(texts)).ok()?.ok()?;
        let rows: usize = steps.iter().map(|step| step.rows).sum();
        let cells: usize = texts.iter().map(|column| column.text.len()).sum();
        let mut out = Vec::with_capacity(cells + rows * texts.len());
        for row in 0..rows {
            for (at, column) in texts.iter().enumerate() {
                if at > 0 {
                    out.push(Self::DELIMITER);
                }
                out.extend_from_slice(column.get(row)?);
            }
            out.push(b'\n');
        }
        String::from_utf8(out).ok()
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
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    fn of(reader: ColumnReader, steps: &[Step]) -> Result<Self> {
        match reader {
            ColumnReader::ByteArrayColumnReader(reader) => Self::read(reader, steps, push_text),
            ColumnReader::Int32ColumnReader(reader) => Self::read(reader, steps, |out, number| {
                push_whole(out, i64::from(*number));
            }),
            ColumnReader::Int64ColumnReader(reader) => {
                Self::read(reader, steps, |out, number| push_whole(out, *number))
            }
            ColumnReader::FloatColumnReader(reader) => Self::read(reader, steps, |out, number| {
                push_shown(out, number, number.is_nan());
            }),
            ColumnReader::DoubleColumnReader(reader) => Self::read(reader, steps, |out, number| {
                push_shown(out, number, number.is_nan());
            }),
            _ => Err(ParquetError::General("of another kind".to_owned())),
        }
    }

    fn read<D: DataType>(
        mut reader: ColumnReaderImpl<D>,
        steps: &[Step],
        show: impl Fn(&mut Vec<u8>, &D::T),
    ) -> Result<Self> {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        for step in steps {
            reader.skip_records(step.skipped)?;
            let mut left = step.rows;
            while left > 0 {
                let (read, ..) = reader.read_records(left, Some(&mut levels), None, &mut values)?;
                if read == 0 {
                    return Err(ParquetError::EOF("too few rows".to_owned()));
                }
                left -= read;
            }
        }
        let mut texts = Self::default();
        let mut values = values.iter();
        for row in 0..steps.iter().map(|step| step.rows).sum() {
            // A column that must be there has no levels.
            let given = levels.get(row).is_none_or(|level| *level > 0);
            if let Some(value) = given.then(|| values.next()).flatten() {
                show(&mut texts.text, value);
            }
            texts.ends.push(texts.text.len());
        }
        // All are looked at: that takes less than to stop at the first.
        let breaks = |byte: &u8| *byte < b' ';
        let bytes = texts.text.iter();
        if bytes.fold(false, |odd, byte| odd | breaks(byte)) {
            return Err(ParquetError::General("breaks of lines".to_owned()));
        }
        Ok(texts)
    }

    fn get(&self, row: usize) -> Option<&[u8]> {
        let before = row.checked_sub(1).and_then(|row| self.ends.get(row));
        self.text
            .get(before.copied().unwrap_or(0)..*self.ends.get(row)?)
    }
}

fn push_text(out: &mut Vec<u8>, text: &ByteArray) {
    let bytes = text.data();
    let mut ends = [bytes.first(), bytes.last()].into_iter().flatten();
    if bytes.is_ascii() && ends.all(u8::is_ascii_graphic) {
        out.extend_from_slice(bytes);
    } else {
        let text = text.as_utf8().unwrap_or_default();
        out.extend_from_slice(text.trim().as_bytes());
    }
}

fn push_shown(out: &mut Vec<u8>, number: &dyn std::fmt::Display, is_none: bool) {
    if !is_none {
        out.extend_from_slice(number.to_string().as_bytes());
    }
}

/// What `to_string` gives, without its detours: most cells are counts.
fn push_whole(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    let (mut left, start) = (number.unsigned_abs(), out.len());
    loop {
        out.push(b'0' + u8::try_from(left % 10).unwrap_or(0));
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_printed_as_everywhere() {
        for number in [0, 7, -7, 10, 4_096, -1_000, i64::MAX, i64::MIN] {
            let mut out = b"12".to_vec();
            push_whole(&mut out, number);
            assert_eq!(String::from_utf8(out), Ok(format!("12{number}")));
        }
    }
}
