//! The findings as a Parquet table, one a row, for programs. What is missing is
//! null; figures are text, as they are printed, since they are exact.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::column::writer::ColumnWriter;
use ::parquet::data_type::ByteArray;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;

use super::fingerprint::{Told, told};
use super::place::Located;
use crate::model::Report;

/// The columns of text, and those of counts.
const SCHEMA: &str = "
    message findings {
        required binary severity (utf8);
        required binary rule (utf8);
        required binary message (utf8);
        optional binary file (utf8);
        optional int64 line;
        optional int64 column;
        optional int64 row;
        optional binary column_name (utf8);
        optional binary text (utf8);
        optional binary contest (utf8);
        optional binary election (utf8);
        optional binary unit (utf8);
        optional binary candidate (utf8);
        optional binary metric (utf8);
        optional binary stated (utf8);
        optional binary expected (utf8);
        optional binary difference (utf8);
        optional binary cause (utf8);
        optional binary help (utf8);
        required binary fingerprint (utf8);
    }";

/// A cell of the table.
enum Cell<'a> {
    Text(Option<&'a str>),
    Count(Option<i64>),
}

/// Writes the whole file, which is put together in memory.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let bytes = file(report).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn file(report: &Report) -> Result<Vec<u8>> {
    let told = told(report);
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    // Not who wrote it: a version would make other bytes of the same findings.
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("scrutineer".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, Arc::clone(&schema), properties.into())?;
    let mut group = writer.next_row_group()?;
    for field in schema.get_fields() {
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General(
                "the table has too few columns".to_owned(),
            ));
        };
        let cells = told.iter().map(|told| cell(told, field.name()));
        write_column(column.untyped(), cells, field.is_optional())?;
        column.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

/// Writes the values that there are, and which there are.
fn write_column<'a>(
    column: &mut ColumnWriter<'_>,
    cells: impl Iterator<Item = Cell<'a>>,
    optional: bool,
) -> Result<()> {
    let (mut texts, mut counts, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let is_there = match cell {
            Cell::Text(text) => {
                texts.extend(text.map(ByteArray::from));
                text.is_some()
            }
            Cell::Count(count) => {
                counts.extend(count);
                count.is_some()
            }
        };
        there.push(i16::from(is_there));
    }
    let there = optional.then_some(there.as_slice());
    match column {
        ColumnWriter::ByteArrayColumnWriter(column) => column.write_batch(&texts, there, None)?,
        ColumnWriter::Int64ColumnWriter(column) => column.write_batch(&counts, there, None)?,
        _ => {
            return Err(ParquetError::General(
                "the table has other columns".to_owned(),
            ));
        }
    };
    Ok(())
}

fn cell<'a>(told: &'a Told<'_>, column: &str) -> Cell<'a> {
    let Told { finding, at, .. } = told;
    let at = at.as_ref();
    let region = || at.map(|at| at.region(|_| 1));
    let count = |count: Option<usize>| Cell::Count(count.and_then(|n| i64::try_from(n).ok()));
    match column {
        "severity" => Cell::Text(Some(finding.severity.name())),
        "rule" => Cell::Text(Some(&finding.rule)),
        "message" => Cell::Text(Some(&finding.message)),
        "file" => Cell::Text(at.map(|at| at.source.name())),
        "line" => count(region().map(|region| region.line)),
        "column" => count(region().map(|region| region.column)),
        "row" => Cell::Count(at.and_then(|at| at.row).and_then(|row| row.try_into().ok())),
        "column_name" => Cell::Text(at.and_then(|at| at.column_name)),
        "text" => Cell::Text(at.map(Located::text)),
        "stated" => Cell::Text(finding.stated.as_deref()),
        "expected" => Cell::Text(finding.expected.as_deref()),
        "difference" => Cell::Text(finding.difference.as_deref()),
        "cause" => Cell::Text(finding.cause.as_ref().map(|cause| cause.says.as_str())),
        "help" => Cell::Text(finding.help.as_deref()),
        "fingerprint" => Cell::Text(Some(&told.fingerprint)),
        key => Cell::Text(finding.key.get(key)),
    }
}

#[cfg(test)]
mod tests {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::RowAccessor;

    use super::super::tests::{TABLE, report};
    use super::*;

    /// The fingerprint, line and candidate of each row.
    fn rows(report: &Report) -> Vec<(String, Option<i64>, Option<String>)> {
        let mut file = tempfile::tempfile().expect("a file can be made");
        write(report, &mut file).expect("the file can be written");
        let reader = SerializedFileReader::new(file).expect("it is Parquet");
        let rows = reader.get_row_iter(None).expect("it has rows");
        let read = |row: std::result::Result<::parquet::record::Row, _>| {
            let row = row.expect("it is a row");
            let fingerprint = row.get_string(19).expect("it is text").clone();
            let candidate = row.get_string(12).ok().cloned();
            (fingerprint, row.get_long(4).ok(), candidate)
        };
        rows.map(read).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let report = report(TABLE);
        let told = told(&report);
        assert!(told.len() > 1);
        let expected: Vec<_> = told
            .iter()
            .map(|told| {
                let line = told.at.map(|at| at.region(|_| 1).line);
                let line = line.and_then(|line| i64::try_from(line).ok());
                let candidate = told.finding.key.get("candidate").map(str::to_owned);
                (told.fingerprint.clone(), line, candidate)
            })
            .collect();
        assert_eq!(rows(&report), expected);
    }

    #[test]
    fn no_finding_is_a_table_without_rows() {
        let mut report = report(TABLE);
        report.findings.clear();
        assert!(rows(&report).is_empty());
    }
}
