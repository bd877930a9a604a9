//! The container of an .xls workbook in; where its sheets have cells that are
//! shown as per cent, out. The reader of workbooks does not tell, and lays out
//! a sheet as wide and high as its cells say: what would fill the memory is
//! refused here.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use super::value::shows_percent;
use super::{Fault, MAX_CELLS};
use crate::model::Address;

/// The columns of a sheet.
const COLUMNS: u16 = 256;
/// Numbers of the formats "0%" and "0.00%", which are not stored.
const BUILT_IN: [u16; 2] = [9, 10];

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const DIMENSIONS: u16 = 0x0200;
const BOUND_SHEET: u16 = 0x0085;
const XF: u16 = 0x00e0;
const FORMAT: u16 = 0x041e;
const MUL_RK: u16 = 0x00bd;
const MUL_BLANK: u16 = 0x00be;
/// Records of one cell, of every version of the format: row, column and, from
/// the third version on, the number of its style.
const CELLS: [u16; 15] = [
    0x0006, 0x00fd, 0x0201, 0x0203, 0x0204, 0x0205, 0x027e, 0x00d6, 0x0206, 0x0406, 0x0001, 0x0002,
    0x0003, 0x0004, 0x0005,
];

/// The cells shown as per cent, by the name of their sheet.
pub type Percents = HashMap<String, HashSet<Address>>;

/// Looks through the records of a workbook.
///
/// # Errors
/// Where they are broken, or say that there are more cells than there may be.
pub fn percents(bytes: &[u8]) -> Result<Percents, Fault> {
    let stream = stream(bytes)?;
    let mut styles = Vec::new();
    let mut formats = HashSet::from(BUILT_IN);
    let mut sheets = Vec::new();
    for Record { kind, data } in Records::new(&stream) {
        match kind {
            FORMAT if shows_percent(&text(data, 2, 2)) => {
                formats.insert(number(data, 0));
            }
            XF => styles.push(number(data, 2)),
            BOUND_SHEET => {
                let start = u32::from(number(data, 0)) | u32::from(number(data, 2)) << 16;
                sheets.push((text(data, 6, 1), start));
            }
            _ => {}
        }
    }
    let percent: Vec<bool> = styles.iter().map(|f| formats.contains(f)).collect();
    let mut area = 0;
    let mut found = Percents::new();
    for (name, start) in sheets {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let sheet = scan(stream.get(start..).unwrap_or_default(), &percent)?;
        area += sheet.area;
        if area > MAX_CELLS {
            return Err(Fault::TooManyCells(MAX_CELLS));
        }
        found.insert(name, sheet.percent);
    }
    Ok(found)
}

fn stream(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let broken = |e: std::io::Error| Fault::Broken(e.to_string());
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(broken)?;
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let name = name.ok_or_else(|| Fault::Broken("there is no workbook in it".to_owned()))?;
    let mut stream = Vec::new();
    let limit = bytes.len() as u64;
    let opened = file.open_stream(name).map_err(broken)?;
    opened
        .take(limit)
        .read_to_end(&mut stream)
        .map_err(broken)?;
    Ok(stream)
}

#[derive(Debug, Default)]
struct Scanned {
    /// Of the least rectangle that holds all of its cells.
    area: usize,
    percent: HashSet<Address>,
}

fn scan(stream: &[u8], percent: &[bool]) -> Result<Scanned, Fault> {
    let mut scanned = Scanned::default();
    let (mut rows, mut columns) = ((u16::MAX, 0), (u16::MAX, 0));
    // The sheet is at depth 1, charts in it are deeper.
    let mut depth = 0;
    for Record { kind, data } in Records::new(stream) {
        let (row, first) = (number(data, 0), number(data, 2));
        let last = match kind {
            BOF => {
                depth += 1;
                continue;
            }
            EOF if depth <= 1 => break,
            EOF => {
                depth -= 1;
                continue;
            }
            _ if depth > 1 => continue,
            DIMENSIONS => {
                check_dimensions(data)?;
                continue;
            }
            MUL_RK | MUL_BLANK => number(data, data.len().saturating_sub(2)),
            kind if CELLS.contains(&kind) => first,
            _ => continue,
        };
        if last >= COLUMNS || first > last {
            let cell = Address {
                row: row.into(),
                column: first.into(),
            };
            return Err(Fault::Broken(format!(
                "the record of cell {cell} is damaged"
            )));
        }
        rows = (rows.0.min(row), rows.1.max(row));
        columns = (columns.0.min(first), columns.1.max(last));
        for (column, at) in (first..=last).zip((4..).step_by(6)) {
            let style = usize::from(number(data, at));
            if percent.get(style) == Some(&true) {
                let (row, column) = (row.into(), column.into());
                scanned.percent.insert(Address { row, column });
            }
        }
    }
    let length = |(first, last): (u16, u16)| usize::from(last.saturating_sub(first)) + 1;
    scanned.area = length(rows) * length(columns);
    Ok(scanned)
}

/// A sheet says how large it is before its cells come.
fn check_dimensions(data: &[u8]) -> Result<(), Fault> {
    let wide = data.len() > 10;
    // Rows are numbers of four bytes in the last version; at most 65,536.
    let too_high = wide && (number(data, 2) > 0 || number(data, 6) > 1);
    let last_column = number(data, if wide { 10 } else { 6 });
    if too_high || last_column > COLUMNS {
        let reason = "the record of the size of a sheet is damaged";
        return Err(Fault::Broken(reason.to_owned()));
    }
    Ok(())
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

/// Records up to the one that is cut off.
struct Records<'a> {
    left: &'a [u8],
}

impl<'a> Records<'a> {
    fn new(left: &'a [u8]) -> Self {
        Self { left }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.left.split_at_checked(4)?;
        let (data, rest) = rest.split_at_checked(number(head, 2).into())?;
        self.left = rest;
        let kind = number(head, 0);
        Some(Record { kind, data })
    }
}

/// The number at a byte; 0 beyond the end.
fn number(data: &[u8], at: usize) -> u16 {
    match data.get(at..at + 2) {
        Some([low, high]) => u16::from_le_bytes([*low, *high]),
        _ => 0,
    }
}

/// A text whose length, in so many bytes, stands at a byte, before the mark of
/// its width.
fn text(data: &[u8], at: usize, length_bytes: usize) -> String {
    let length = match length_bytes {
        1 => data.get(at).copied().unwrap_or(0).into(),
        _ => number(data, at),
    };
    let mark = at + length_bytes;
    let wide = data.get(mark).is_some_and(|mark| mark & 1 == 1);
    let step = if wide { 2 } else { 1 };
    let units = (0..usize::from(length)).map(|i| mark + 1 + i * step);
    let units = units.filter(|at| *at < data.len()).map(|at| {
        if wide {
            number(data, at)
        } else {
            data.get(at).copied().unwrap_or(0).into()
        }
    });
    String::from_utf16_lossy(&units.collect::<Vec<u16>>())
}
