//! The bytes of a Parquet file in; its table out, in a source with a line for
//! each row, so that a place is a row and a column.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use bytes::Bytes;

use super::grid::{Cell, Grid, Line};
use super::gzip;
use super::heading::year_of_name;
use crate::model::{Address, Dataset, Layout, Source, Span};

/// A table with more cells than this is refused.
const MAX_CELLS: usize = 5_000_000;
/// Who writes the findings as a table: these are no results.
pub const OWN: &str = "scrutineer";

/// Why a file could not be read.
#[derive(Debug)]
pub enum Fault {
    Broken(String),
    UnpacksTooLarge(u64),
    /// It has more cells than this.
    TooManyCells(usize),
    Empty,
}

/// Do bytes begin as those of a Parquet file?
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PAR1")
}

/// A table as it is stored: texts by row, without the cells that have none.
#[derive(Debug, Default)]
pub struct Stored {
    columns: Vec<String>,
    cells: Vec<(Address, String)>,
    /// It is a report of this program.
    own: bool,
}

/// Reads the table. The file may unpack to `limit` bytes.
///
/// # Errors
/// Where it is broken, empty, too large, or packed in a way that is not known.
pub fn read(
    dataset: &mut Dataset,
    name: &str,
    bytes: Vec<u8>,
    limit: u64,
    layout: &Layout,
) -> Result<(), Fault> {
    // As with workbooks: what another's reader stumbles over is broken.
    let stored = catch_unwind(AssertUnwindSafe(|| stored(bytes, limit)));
    let malformed = || Fault::Broken("its contents contradict each other".to_owned());
    let stored = stored.unwrap_or_else(|_| Err(malformed()))?;
    if stored.own {
        let note = format!("{name} is a report of this program, and was left out");
        dataset.notes.push(note);
        return Ok(());
    }
    stored.put(dataset, name, layout);
    Ok(())
}

fn broken(error: ParquetError) -> Fault {
    let reason = match error {
        ParquetError::General(reason) | ParquetError::EOF(reason) => reason,
        ParquetError::NYI(what) => format!("{what} is not read"),
        other => other.to_string(),
    };
    Fault::Broken(reason)
}

fn stored(bytes: Vec<u8>, limit: u64) -> Result<Stored, Fault> {
    let limit = gzip::allowance(bytes.len(), limit);
    let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(broken)?;
    let file = reader.metadata().file_metadata();
    let columns: Vec<String> = file
        .schema()
        .get_fields()
        .iter()
        .map(|field| field.name().to_owned())
        .collect();
    let unpacked = reader.metadata().row_groups().iter();
    let unpacked: u64 = unpacked
        .map(|group| u64::try_from(group.total_byte_size()).unwrap_or(u64::MAX))
        .fold(0, u64::saturating_add);
    if unpacked > limit {
        return Err(Fault::UnpacksTooLarge(limit));
    }
    let rows = usize::try_from(file.num_rows()).unwrap_or(0);
    if rows == 0 || columns.is_empty() {
        return Err(Fault::Empty);
    }
    if rows.saturating_mul(columns.len()) > MAX_CELLS {
        return Err(Fault::TooManyCells(MAX_CELLS));
    }
    let mut stored = Stored {
        own: file.created_by() == Some(OWN),
        columns,
        cells: Vec::new(),
    };
    for (row, read) in (0..).zip(reader.get_row_iter(None).map_err(broken)?) {
        let read = read.map_err(broken)?;
        for (column, (_, field)) in (0..).zip(read.get_column_iter()) {
            let text = text(field);
            if !text.trim().is_empty() {
                stored.cells.push((Address { row, column }, text));
            }
        }
    }
    Ok(stored)
}

/// A value as it would be printed; empty where there is none. Numbers are given
/// their shortest form: 139.0 is "139", 0.384 is "0.384".
fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.trim().to_owned(),
        Field::Bytes(bytes) => bytes.as_utf8().unwrap_or_default().trim().to_owned(),
        Field::Double(number) if number.is_nan() => String::new(),
        Field::Float(number) if number.is_nan() => String::new(),
        Field::Double(number) => number.to_string(),
        Field::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}

impl Stored {
    /// Of its columns and the cells that have a text, row by row.
    pub fn of(columns: &[String], cells: Vec<(Address, String)>) -> Self {
        Self {
            columns: columns.to_vec(),
            cells,
            own: false,
        }
    }

    /// Puts it into a dataset, with a source of its own.
    pub fn put(&self, dataset: &mut Dataset, file: &str, layout: &Layout) {
        let cells = self.cells.iter().map(|(at, text)| (*at, text.as_str()));
        let (source, ranges) = Source::of_rows(file, self.columns.clone(), cells);
        let title = source.stem().to_owned();
        let id = dataset.add_source(source);
        let heads = self.columns.iter().map(|name| Cell {
            text: Cow::Borrowed(name.trim()),
            ..Cell::default()
        });
        let mut lines = vec![Line {
            cells: heads.collect(),
            apart: false,
            head: true,
        }];
        let mut last = None;
        for ((at, text), range) in self.cells.iter().zip(ranges) {
            if last != Some(at.row) {
                lines.push(Line::default());
                last = Some(at.row);
            }
            let cell = Cell {
                text: Cow::Borrowed(text.as_str()),
                span: Some(Span::new(id, range.start, range.end)),
                ..Cell::default()
            };
            if let Some(line) = lines.last_mut() {
                line.cells.resize_with(at.column as usize, Cell::default);
                line.cells.push(cell);
            }
        }
        let grid = Grid {
            source: id,
            name: file.to_owned(),
            year: year_of_name(&title),
            title,
            column: |column| format!("column {}", column + 1),
            lines,
            over: None,
            several: false,
        };
        grid.read(layout).put(dataset);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::parquet::basic::{Compression, GzipLevel, ZstdLevel};
    use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;

    use super::*;
    use crate::load::with_words;
    use crate::model::{Locus, Place, TableId};

    const SCHEMA: &str = "message results {
        required binary candidate (utf8);
        optional int64 votes;
        required double share;
    }";

    fn file(by: &str) -> Vec<u8> {
        packed(by, Compression::SNAPPY)
    }

    fn packed(by: &str, packing: Compression) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(SCHEMA).expect("it is a schema"));
        let properties = WriterProperties::builder()
            .set_compression(packing)
            .set_created_by(by.to_owned())
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, schema, properties.into()).expect("a writer");
        let mut group = writer.next_row_group().expect("a group");
        let names = ["Ann", "Bo", "Cy"].map(ByteArray::from);
        let mut column = group.next_column().expect("readable").expect("a column");
        let typed = column.typed::<ByteArrayType>();
        typed.write_batch(&names, None, None).expect("written");
        column.close().expect("closed");
        let mut column = group.next_column().expect("readable").expect("a column");
        let typed = column.typed::<Int64Type>();
        typed
            .write_batch(&[700, 300], Some(&[1, 0, 1]), None)
            .expect("written");
        column.close().expect("closed");
        let mut column = group.next_column().expect("readable").expect("a column");
        let typed = column.typed::<DoubleType>();
        typed
            .write_batch(&[0.7, f64::NAN, 0.3], None, None)
            .expect("written");
        column.close().expect("closed");
        group.close().expect("closed");
        writer.close().expect("closed");
        bytes
    }

    fn read_bytes(bytes: Vec<u8>) -> Result<Dataset, Fault> {
        let mut dataset = Dataset::default();
        with_words(|words| read(&mut dataset, "a/b.parquet", bytes, 1 << 20, words.layout))?;
        Ok(dataset)
    }

    #[test]
    fn a_place_is_a_row_and_a_column() {
        let dataset = read_bytes(file("another")).expect("it is read");
        let table = &dataset.tables[0];
        let cells = |row| [0, 1, 2].map(|column| table.cell(row, column).unwrap_or(""));
        assert_eq!(cells(0), ["Ann", "700", "0.7"]);
        assert_eq!(cells(1), ["Bo", "", ""]);
        let place = Place {
            table: TableId(0),
            row: 2,
            column: 1,
        };
        let span = dataset.span(Locus::Cell(place)).expect("it has a place");
        let source = &dataset.sources[0];
        assert_eq!(source.slice(span), "300");
        let name = source.cell_name(span.start);
        assert_eq!(name.as_deref(), Some("a/b.parquet#row 3, votes"));
        assert!(!source.is_the_file());
    }

    #[test]
    fn files_are_packed_in_several_ways() {
        let zstd = Compression::ZSTD(ZstdLevel::default());
        let gzip = Compression::GZIP(GzipLevel::default());
        for packing in [Compression::UNCOMPRESSED, Compression::SNAPPY, gzip, zstd] {
            let dataset = read_bytes(packed("another", packing)).expect("it is read");
            assert_eq!(dataset.tables[0].cell(2, 1), Some("300"), "{packing:?}");
        }
    }

    #[test]
    fn a_report_is_no_results() {
        let dataset = read_bytes(file(OWN)).expect("it is read");
        assert!(dataset.tables.is_empty());
        assert!(dataset.notes[0].contains("is a report of this program"));
    }

    #[test]
    fn a_file_that_is_cut_off_is_broken() {
        let mut bytes = file("another");
        bytes.truncate(bytes.len() - 9);
        assert!(matches!(read_bytes(bytes), Err(Fault::Broken(_))));
        assert!(matches!(
            read_bytes(b"PAR1".to_vec()),
            Err(Fault::Broken(_))
        ));
    }
}
