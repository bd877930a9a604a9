//! JSON in, its tables out: lists of records, with what stands around them as
//! columns of their own; lists of rows under a list of columns; and a record a
//! line (NDJSON).

mod value;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::value::RawValue;

use super::grid::{Cell, Grid, Line};
use super::heading::year_of_name;
use crate::model::{Dataset, Defect, DefectKind, Layout, SourceId, Span};
use value::{Key, Value};

/// What lies deeper is no table.
const MAX_DEPTH: usize = 16;
const MAX_CELLS: usize = 5_000_000;
/// What every kind of object has.
const NAME: &str = "name";

/// Why a text could not be read as JSON.
#[derive(Debug)]
pub enum Fault {
    /// What is wrong, at which line and column.
    Broken {
        reason: String,
        line: usize,
        column: usize,
    },
    /// It holds nothing that is a table.
    NoRecords,
    TooManyCells(usize),
    /// All that it holds is nested deeper than this.
    TooDeep(usize),
}

/// Is a text without a telling name JSON?
#[must_use]
pub fn looks_like(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.starts_with(['{', '[']) && first_value(start).is_some()
}

fn first_value(text: &str) -> Option<()> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let first = values.next()?.ok()?;
    first.get().starts_with(['{', '[']).then_some(())
}

/// Reads a source as tables.
///
/// # Errors
/// Where it is no JSON, or has no records.
pub fn read(dataset: &mut Dataset, id: SourceId, layout: &Layout) -> Result<(), Fault> {
    let Some(source) = dataset.source(id).cloned() else {
        return Ok(());
    };
    let mut reader = Reader::new(source.text(), id);
    let body = source.text().trim_start_matches('\u{feff}');
    let values = reader.values(body)?;
    match values.as_slice() {
        [only] => reader.walk(only, "", &[], 0),
        several => reader.list(several, "", &[], 0),
    }
    if reader.cells > MAX_CELLS {
        return Err(Fault::TooManyCells(MAX_CELLS));
    }
    if reader.tables.is_empty() {
        if reader.too_deep {
            return Err(Fault::TooDeep(MAX_DEPTH));
        }
        return Err(Fault::NoRecords);
    }
    dataset.defects.append(&mut reader.defects);
    let (name, several) = (source.name(), reader.tables.len() > 1);
    if reader.unread > 0 {
        let note = format!(
            "{name}: {} values that are in no table were left out",
            reader.unread
        );
        dataset.notes.push(note);
    }
    if reader.too_deep {
        let note = format!("{name}: what is nested deeper than {MAX_DEPTH} levels was left out");
        dataset.notes.push(note);
    }
    for table in reader.tables {
        let stem = source.stem();
        let (name, title) = if several && !table.path.is_empty() {
            (
                format!("{} of {name}", table.path),
                format!("{stem} {}", table.path),
            )
        } else {
            (name.to_owned(), stem.to_owned())
        };
        let grid = Grid {
            source: id,
            name,
            title,
            year: year_of_name(stem),
            column: |column| format!("column {}", column + 1),
            lines: table.lines(),
            over: None,
            several: false,
        };
        grid.read(layout).put(dataset);
    }
    Ok(())
}

/// A value of a record with the name of its column.
#[derive(Debug, Clone)]
struct Field<'t> {
    name: String,
    heading: Option<Span>,
    cell: Cell<'t>,
}

/// Records that stand at one path.
#[derive(Debug)]
struct Gathered<'t> {
    path: String,
    columns: Vec<(String, Option<Span>)>,
    /// Where each column is in `columns`.
    at: HashMap<String, usize>,
    rows: Vec<Vec<Cell<'t>>>,
}

impl<'t> Gathered<'t> {
    fn column(&mut self, name: &str, heading: Option<Span>) -> usize {
        if let Some(&known) = self.at.get(name) {
            return known;
        }
        self.columns.push((name.to_owned(), heading));
        let at = self.columns.len() - 1;
        self.at.insert(name.to_owned(), at);
        at
    }

    fn lines(self) -> Vec<Line<'t>> {
        let heads = self.columns.into_iter().map(|(name, span)| Cell {
            text: Cow::Owned(name),
            span,
            ..Cell::default()
        });
        let head = Line {
            cells: heads.collect(),
            head: true,
            apart: false,
        };
        let rows = self.rows.into_iter().map(|cells| Line {
            cells,
            ..Line::default()
        });
        std::iter::once(head).chain(rows).collect()
    }
}

struct Reader<'t> {
    text: &'t str,
    id: SourceId,
    tables: Vec<Gathered<'t>>,
    /// Where the table of each path is.
    paths: HashMap<String, usize>,
    defects: Vec<Defect>,
    cells: usize,
    /// Values that no table took.
    unread: usize,
    /// Are some of them deeper than is looked?
    too_deep: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, id: SourceId) -> Self {
        Self {
            text,
            id,
            tables: Vec::new(),
            paths: HashMap::new(),
            defects: Vec::new(),
            cells: 0,
            unread: 0,
            too_deep: false,
        }
    }

    /// The values of the text: one, or one a line. A line that is none is a
    /// defect where others are.
    fn values(&mut self, body: &'t str) -> Result<Vec<&'t RawValue>, Fault> {
        let first_error = match serde_json::from_str::<&RawValue>(body) {
            Ok(value) => return Ok(vec![value]),
            Err(error) => error,
        };
        let mut values = Vec::new();
        let mut broken = Vec::new();
        for line in body.lines().filter(|line| !line.trim().is_empty()) {
            match serde_json::from_str::<&RawValue>(line) {
                Ok(value) if value.get().starts_with(['{', '[']) => values.push(value),
                Ok(_) => broken.push((line, "it is no record".to_owned())),
                Err(error) => broken.push((line, error.to_string())),
            }
        }
        if values.len() < 2 || broken.len() >= values.len() {
            let (line, column) = (first_error.line(), first_error.column());
            let reason = first_error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or("").to_owned();
            return Err(Fault::Broken {
                reason,
                line,
                column,
            });
        }
        for (line, reason) in broken {
            let start = line.as_ptr().addr() - self.text.as_ptr().addr();
            self.defects.push(Defect {
                span: Span::new(self.id, start, start + line.len()),
                kind: DefectKind::Unreadable,
                message: format!("a line is no JSON ({reason}); it was left out"),
                help: Some("check that it was written whole".to_owned()),
            });
        }
        Ok(values)
    }

    fn walk(&mut self, raw: &'t RawValue, path: &str, around: &[Field<'t>], depth: usize) {
        if depth > MAX_DEPTH || self.cells > MAX_CELLS {
            self.unread += 1;
            self.too_deep |= depth > MAX_DEPTH;
            return;
        }
        match value::value(self.text, raw) {
            Value::Plain(_) => self.unread += 1,
            Value::List(items) => self.list(&items, path, around, depth),
            Value::Members(members) => {
                if !self.matrix(&members, path, around) {
                    self.object(members, path, around, depth, false);
                }
            }
        }
    }

    /// A list of records, or of rows with the names of the columns first.
    fn list(&mut self, items: &[&'t RawValue], path: &str, around: &[Field<'t>], depth: usize) {
        let are = |open: char| items.iter().all(|item| item.get().starts_with(open));
        if are('[') && !items.is_empty() {
            if let Some((head, rows)) = items.split_first() {
                self.rows(head, rows, path, around);
            }
            return;
        }
        for item in items {
            if self.cells > MAX_CELLS {
                return;
            }
            match value::value(self.text, item) {
                Value::Members(members) => self.object(members, path, around, depth, true),
                Value::List(_) | Value::Plain(_) => self.unread += 1,
            }
        }
    }

    /// An object is a record where it stands in a list and holds no lists of
    /// records; else what it holds besides them goes to each of their rows.
    fn object(
        &mut self,
        members: Vec<(Key<'t>, &'t RawValue)>,
        path: &str,
        around: &[Field<'t>],
        depth: usize,
        in_list: bool,
    ) {
        let mut fields = around.to_vec();
        let mut holders: Vec<(String, &'t RawValue)> = Vec::new();
        self.flatten(members, "", &mut fields, &mut holders, depth);
        let own = fields.len() - around.len();
        if holders.is_empty() {
            if in_list {
                self.record(path, fields, around.len());
            } else {
                self.unread += own;
            }
            return;
        }
        // The records have names of their own.
        let holder = path.rsplit('.').next().unwrap_or("");
        for field in fields.iter_mut().skip(around.len()) {
            if field.name == NAME && !holder.is_empty() {
                field.name = format!("{holder}.{NAME}");
            }
        }
        for (key, raw) in holders {
            let path = if path.is_empty() {
                key
            } else {
                format!("{path}.{key}")
            };
            self.walk(raw, &path, &fields, depth + 1);
        }
    }

    /// The plain values of an object, those of objects in it under dotted
    /// names; and the values that hold records.
    fn flatten(
        &mut self,
        members: Vec<(Key<'t>, &'t RawValue)>,
        under: &str,
        fields: &mut Vec<Field<'t>>,
        holders: &mut Vec<(String, &'t RawValue)>,
        depth: usize,
    ) {
        for (key, raw) in members {
            let name = if under.is_empty() {
                key.name.to_string()
            } else {
                format!("{under}.{}", key.name)
            };
            if depth <= MAX_DEPTH && self.holds_records(raw, depth) {
                holders.push((name, raw));
                continue;
            }
            match value::value(self.text, raw) {
                Value::Members(inner) if depth <= MAX_DEPTH => {
                    self.flatten(inner, &name, fields, holders, depth + 1);
                }
                _ => fields.push(Field {
                    heading: key.range.map(|r| Span::new(self.id, r.start, r.end)),
                    name,
                    cell: self.cell(raw),
                }),
            }
        }
    }

    /// Is it a list of objects or of lists, or an object of columns and rows?
    fn holds_records(&self, raw: &'t RawValue, depth: usize) -> bool {
        match value::value(self.text, raw) {
            Value::Plain(_) => false,
            Value::List(items) => {
                let is = |open: char| items.iter().any(|item| item.get().starts_with(open));
                is('{') || is('[')
            }
            Value::Members(members) => {
                depth < 3
                    && members
                        .iter()
                        .any(|(_, raw)| self.holds_records(raw, depth + 1))
            }
        }
    }

    /// An object of a list of names and a list of lists as long.
    fn matrix(
        &mut self,
        members: &[(Key<'t>, &'t RawValue)],
        path: &str,
        around: &[Field<'t>],
    ) -> bool {
        let lists = || {
            members
                .iter()
                .filter_map(|(_, raw)| match value::value(self.text, raw) {
                    Value::List(items) if !items.is_empty() => Some((*raw, items)),
                    _ => None,
                })
        };
        let of = |items: &[&RawValue], open: char| items.iter().all(|i| i.get().starts_with(open));
        let head = lists().find(|(_, items)| of(items, '"') || of(items, '{'));
        let rows = lists().find(|(_, items)| of(items, '['));
        let (Some((head, names)), Some((_, rows))) = (head, rows) else {
            return false;
        };
        let fits = rows.iter().all(|row| match value::value(self.text, row) {
            Value::List(cells) => cells.len() <= names.len(),
            Value::Plain(_) | Value::Members(_) => false,
        });
        if fits {
            self.rows(head, &rows, path, around);
        }
        fits
    }

    /// Rows of values under a list of names, which may be objects with a name.
    fn rows(
        &mut self,
        head: &'t RawValue,
        rows: &[&'t RawValue],
        path: &str,
        around: &[Field<'t>],
    ) {
        let Value::List(names) = value::value(self.text, head) else {
            return;
        };
        let names: Vec<Cell<'t>> = names.into_iter().map(|name| self.name(name)).collect();
        for row in rows {
            if self.cells > MAX_CELLS {
                return;
            }
            let Value::List(values) = value::value(self.text, row) else {
                continue;
            };
            let mut fields = around.to_vec();
            for (at, raw) in values.into_iter().enumerate() {
                let name = names.get(at);
                fields.push(Field {
                    name: name.map_or(String::new(), |n| n.text.to_string()),
                    heading: name.and_then(|n| n.span),
                    cell: self.cell(raw),
                });
            }
            self.record(path, fields, around.len());
        }
    }

    /// What a column is called: a text, or the first text of an object.
    fn name(&self, raw: &'t RawValue) -> Cell<'t> {
        match value::value(self.text, raw) {
            Value::Members(members) => {
                let text = members.iter().find(|(_, raw)| raw.get().starts_with('"'));
                text.map_or_else(Cell::default, |(_, raw)| self.cell(raw))
            }
            Value::Plain(_) | Value::List(_) => self.cell(raw),
        }
    }

    fn cell(&self, raw: &'t RawValue) -> Cell<'t> {
        let text = match value::value(self.text, raw) {
            Value::Plain(text) => text,
            Value::List(_) | Value::Members(_) => Cow::Borrowed(raw.get()),
        };
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        let range = value::range(self.text, raw).filter(|_| !text.is_empty());
        Cell {
            span: range.map(|r| Span::new(self.id, r.start, r.end)),
            text,
            ..Cell::default()
        }
    }

    /// Adds a row. A field with the name of one around it has the path before
    /// its name.
    fn record(&mut self, path: &str, fields: Vec<Field<'t>>, around: usize) {
        let at = self.paths.get(path).copied().unwrap_or_else(|| {
            self.paths.insert(path.to_owned(), self.tables.len());
            self.tables.push(Gathered {
                path: path.to_owned(),
                columns: Vec::new(),
                at: HashMap::new(),
                rows: Vec::new(),
            });
            self.tables.len() - 1
        });
        let Some(table) = self.tables.get_mut(at) else {
            return;
        };
        let taken = fields.iter().take(around).map(|f| f.name.clone());
        let taken: HashSet<String> = taken.collect();
        let mut row: Vec<Cell<'t>> = Vec::new();
        for (at, field) in fields.into_iter().enumerate() {
            let again = at >= around && taken.contains(&field.name);
            let name = if again {
                format!("{path}.{}", field.name)
            } else {
                field.name
            };
            let column = table.column(&name, field.heading);
            if row.len() <= column {
                row.resize_with(column + 1, Cell::default);
            }
            if let Some(cell) = row.get_mut(column) {
                *cell = field.cell;
            }
        }
        self.cells += row.len();
        table.rows.push(row);
    }
}

#[cfg(test)]
mod tests;
