//! The bytes of a workbook in; its sheets out, each as a source, and the
//! tables in them.

mod biff;
mod parts;
mod value;

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{Cursor, Read};

use calamine::{Data, Dimensions, Ods, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxError};

use super::grid::{self, Grid, Line, Merged};
use super::gzip;
use super::heading::year_of_name;
use crate::model::{Address, Dataset, Layout, Source, SourceId, Span, column_letters};

/// A workbook with more cells than this is refused.
const MAX_CELLS: usize = 5_000_000;
/// A row of a sheet goes no further.
const MAX_COLUMN: u32 = 16_383;

/// Why a workbook could not be read.
#[derive(Debug)]
pub enum Fault {
    Broken(String),
    Locked,
    UnpacksTooLarge(u64),
    /// It has more cells than this.
    TooManyCells(usize),
    Empty,
}

/// The formats of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    Ods,
    /// The older format, and whatever else is in its container.
    Compound,
}

/// What kind of workbook bytes begin as, if any.
#[must_use]
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Some(Kind::Compound);
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.xml") || has("xl/workbook.bin") {
        Some(Kind::Xlsx)
    } else if has("content.xml") && has("mimetype") && !has("word/document.xml") {
        Some(Kind::Ods)
    } else {
        None
    }
}

/// A sheet as it is stored: its cells in order, and which are merged.
#[derive(Debug)]
struct Sheet {
    name: String,
    cells: Vec<(Address, String)>,
    merged: Vec<Dimensions>,
}

#[derive(Debug, Default)]
struct Book {
    sheets: Vec<Sheet>,
    notes: Vec<String>,
    cells: usize,
}

/// Reads every sheet that can be seen. A workbook may unpack to `limit` bytes.
///
/// # Errors
/// Where the workbook is broken, locked, empty or too large.
pub fn read(
    dataset: &mut Dataset,
    name: &str,
    bytes: &[u8],
    kind: Kind,
    limit: u64,
    layout: &Layout,
) -> Result<(), Fault> {
    // A reader of another's format may still stumble over what it was not made
    // for; then the file is broken, and the others are read all the same.
    let stored = std::panic::catch_unwind(|| Book::stored(name, bytes, kind, limit));
    let malformed = || Fault::Broken("its contents contradict each other".to_owned());
    let mut book = stored.unwrap_or_else(|_| Err(malformed()))?;
    if book.sheets.iter().all(|sheet| sheet.cells.is_empty()) && book.notes.is_empty() {
        return Err(Fault::Empty);
    }
    dataset.notes.append(&mut book.notes);
    let (before, several) = (dataset.tables.len(), book.sheets.len() > 1);
    for sheet in &book.sheets {
        sheet.put(dataset, name, several, layout);
    }
    parts::settle(dataset, before, layout);
    Ok(())
}

/// Unpacks every part once and counts, whatever its header says.
fn check_size(bytes: &[u8], limit: u64) -> Result<(), Fault> {
    let broken = |e: zip::result::ZipError| Fault::Broken(e.to_string());
    let limit = gzip::allowance(bytes.len(), limit);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = limit;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let mut part = part.take(left.saturating_add(1));
        let unpacked = std::io::copy(&mut part, &mut std::io::sink());
        let unpacked = unpacked.map_err(|e| Fault::Broken(e.to_string()))?;
        left = left
            .checked_sub(unpacked)
            .ok_or(Fault::UnpacksTooLarge(limit))?;
    }
    Ok(())
}

impl Book {
    fn stored(name: &str, bytes: &[u8], kind: Kind, limit: u64) -> Result<Self, Fault> {
        let mut book = Self::default();
        match kind {
            Kind::Xlsx => {
                check_size(bytes, limit)?;
                book.read_xlsx(name, bytes)?;
            }
            Kind::Ods => {
                check_size(bytes, limit)?;
                book.read_ods(name, bytes)?;
            }
            Kind::Compound => book.read_xls(name, bytes)?,
        }
        Ok(book)
    }

    fn read_xlsx(&mut self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
        for sheet in self.seen(name, book.sheets_metadata()) {
            let mut reader = book.worksheet_cells_reader(&sheet).map_err(fault)?;
            let percent: Vec<bool> = reader
                .styles()
                .iter()
                .map(|s| value::is_percent(s.number_format.as_ref()))
                .collect();
            let mut cells = Vec::new();
            while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(fault)? {
                let percent = percent.get(style) == Some(&true);
                if let Some(text) = value::text(&Data::from(cell.get_value().clone()), percent) {
                    self.count()?;
                    let (row, column) = cell.get_position();
                    cells.push((Address { row, column }, text));
                }
            }
            drop(reader);
            let merged = book.merge_cells_by_sheet_name(&sheet).map_err(fault)?;
            self.sheets.push(Sheet::new(sheet, cells, merged));
        }
        Ok(())
    }

    fn read_ods(&mut self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let broken = |e: calamine::OdsError| Fault::Broken(e.to_string());
        let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(broken)?;
        for sheet in self.seen(name, book.sheets_metadata()) {
            let range = book.worksheet_range(&sheet).map_err(broken)?;
            let cells = self.cells_of(&range, None)?;
            self.sheets.push(Sheet::new(sheet, cells, Vec::new()));
        }
        Ok(())
    }

    /// What is in a compound file but no workbook is often a newer one behind
    /// a password.
    fn read_xls(&mut self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let locked = matches!(Xlsx::new(Cursor::new(bytes)), Err(XlsxError::Password));
        if locked {
            return Err(Fault::Locked);
        }
        let percents = biff::percents(bytes)?;
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
            calamine::XlsError::Password => Fault::Locked,
            other => Fault::Broken(other.to_string()),
        })?;
        for sheet in self.seen(name, book.sheets_metadata()) {
            let broken = |e: calamine::XlsError| Fault::Broken(e.to_string());
            let range = book.worksheet_range(&sheet).map_err(broken)?;
            let cells = self.cells_of(&range, percents.get(&sheet))?;
            let merged = book.merge_cells_by_sheet_name(&sheet).map_err(broken)?;
            self.sheets.push(Sheet::new(sheet, cells, merged));
        }
        Ok(())
    }

    /// The sheets that are read; the others are told.
    fn seen(&mut self, name: &str, sheets: &[calamine::Sheet]) -> Vec<String> {
        let mut seen = Vec::new();
        for sheet in sheets {
            let why = match (sheet.visible, sheet.typ) {
                (SheetVisible::Hidden | SheetVisible::VeryHidden, _) => "is hidden",
                (_, SheetType::WorkSheet) => {
                    seen.push(sheet.name.clone());
                    continue;
                }
                _ => "is no sheet of cells",
            };
            let note = format!(
                "the sheet {:?} of {name} {why}, and was left out",
                sheet.name
            );
            self.notes.push(note);
        }
        seen
    }

    fn cells_of(
        &mut self,
        range: &calamine::Range<Data>,
        percents: Option<&HashSet<Address>>,
    ) -> Result<Vec<(Address, String)>, Fault> {
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        let mut cells = Vec::new();
        for (row, column, data) in range.used_cells() {
            let at = |first: u32, index: usize| {
                first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))
            };
            let (row, column) = (at(first_row, row), at(first_column, column));
            let at = Address { row, column };
            let percent = percents.is_some_and(|percents| percents.contains(&at));
            if let Some(text) = value::text(data, percent) {
                self.count()?;
                cells.push((at, text));
            }
        }
        Ok(cells)
    }

    fn count(&mut self) -> Result<(), Fault> {
        self.cells += 1;
        if self.cells > MAX_CELLS {
            return Err(Fault::TooManyCells(MAX_CELLS));
        }
        Ok(())
    }
}

fn fault(error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => Fault::Locked,
        other => Fault::Broken(other.to_string()),
    }
}

impl Sheet {
    fn new(name: String, mut cells: Vec<(Address, String)>, merged: Vec<Dimensions>) -> Self {
        cells.retain(|(at, _)| at.column <= MAX_COLUMN);
        cells.sort_by_key(|(at, _)| *at);
        Self {
            name,
            cells,
            merged,
        }
    }

    fn put(&self, dataset: &mut Dataset, file: &str, several: bool, layout: &Layout) {
        let cells = self.cells.iter().map(|(at, text)| (*at, text.as_str()));
        let (source, ranges) = Source::of_sheet(file, &self.name, cells);
        let (name, stem) = (source.name().to_owned(), source.stem().to_owned());
        let id = dataset.add_source(source);
        if self.cells.is_empty() {
            dataset.notes.push(format!("{name} is empty"));
            return;
        }
        let (lines, repeated) = self.lines(id, &ranges);
        if repeated > 0 {
            dataset.notes.push(format!(
                "{name}: {repeated} cells are merged with one above, which counts for each of them"
            ));
        }
        let grid = Grid {
            source: id,
            name,
            title: self.title(&stem),
            year: year_of_name(&self.name).or_else(|| year_of_name(&stem)),
            column: |c| {
                format!(
                    "column {}",
                    column_letters(u32::try_from(c).unwrap_or(u32::MAX))
                )
            },
            lines,
            over: None,
            several: false,
        };
        let found = grid.read(layout);
        if several && !found.tables.is_empty() && found.tables.iter().all(parts::is_of_words) {
            let name = &grid.name;
            let note = format!("{name} is of words, and was left out: no heading of it is known");
            dataset.notes.push(note);
            return;
        }
        found.put(dataset);
    }

    fn title(&self, stem: &str) -> String {
        format!("{stem} {}", self.name)
    }

    /// Its rows; and how many cells repeat the one above.
    fn lines(&self, id: SourceId, ranges: &[std::ops::Range<usize>]) -> (Vec<Line<'_>>, usize) {
        let mut lines: Vec<(u32, Line<'_>)> = Vec::new();
        for ((at, text), range) in self.cells.iter().zip(ranges) {
            let cell = grid::Cell {
                text: Cow::Borrowed(text.trim()),
                span: Some(Span::new(id, range.start, range.end)),
                merged: Merged::No,
            };
            let before = lines.last().map(|(row, _)| *row);
            if before != Some(at.row) {
                let line = Line {
                    apart: before.is_some_and(|row| row + 1 < at.row),
                    ..Line::default()
                };
                lines.push((at.row, line));
            }
            if let Some((_, line)) = lines.last_mut() {
                put(line, at.column, cell);
            }
        }
        let repeated = self.merge(&mut lines);
        (lines.into_iter().map(|(_, line)| line).collect(), repeated)
    }

    /// Copies the first cell of each merged area to the others, in rows that
    /// have anything else.
    fn merge(&self, lines: &mut [(u32, Line<'_>)]) -> usize {
        let mut repeated = 0;
        for area in &self.merged {
            let of = |row: u32| lines.binary_search_by_key(&row, |(row, _)| *row);
            let column = area.start.1 as usize;
            let first = of(area.start.0).ok().and_then(|at| lines.get(at));
            let Some(cell) = first.and_then(|(_, line)| line.cells.get(column)).cloned() else {
                continue;
            };
            let from = lines.partition_point(|(row, _)| *row < area.start.0);
            let until = lines.partition_point(|(row, _)| *row <= area.end.0);
            for (row, line) in lines.get_mut(from..until).unwrap_or_default() {
                for column in area.start.1..=area.end.1.min(MAX_COLUMN) {
                    let merged = if column > area.start.1 {
                        Merged::Right
                    } else if *row > area.start.0 {
                        repeated += 1;
                        Merged::Down
                    } else {
                        continue;
                    };
                    put(
                        line,
                        column,
                        grid::Cell {
                            merged,
                            ..cell.clone()
                        },
                    );
                }
            }
        }
        repeated
    }
}

fn put<'a>(line: &mut Line<'a>, column: u32, cell: grid::Cell<'a>) {
    let column = column as usize;
    if line.cells.len() <= column {
        line.cells.resize_with(column + 1, grid::Cell::default);
    }
    if let Some(own) = line.cells.get_mut(column) {
        *own = cell;
    }
}

#[cfg(test)]
mod tests;
