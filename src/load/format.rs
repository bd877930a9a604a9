//! A table as printed and the published format that it is in, in; tables of
//! the shape that the format's entry gives them, out.
//!
//! What a format only calls otherwise stays as it was read. Where it has rows
//! of several kinds, columns that are rows, or cells that hold several things,
//! the table is made anew, each cell with the bytes that it came from.

use regex::Captures;

use super::sheet::{self, Cell, Sheet};

use crate::model::{
    Column, ColumnRule, Constant, Dataset, Defect, DefectKind, Excluded, Metric, Part, Role,
    SourceId, Span, Split, Table, TableFormat, Unfold, View,
};

/// What a format makes of a table.
#[derive(Debug, Default)]
pub struct Shaped {
    pub tables: Vec<Table>,
    pub defects: Vec<Defect>,
    pub excluded: Vec<Excluded>,
    pub notes: Vec<String>,
}

impl Shaped {
    /// Puts everything into a dataset.
    pub fn put(mut self, dataset: &mut Dataset) {
        dataset.tables.append(&mut self.tables);
        dataset.defects.append(&mut self.defects);
        dataset.excluded.append(&mut self.excluded);
        dataset.notes.append(&mut self.notes);
    }
}

/// Gives columns the roles that their format says.
pub fn name_columns(columns: &mut [Column], format: &TableFormat, view: &[ColumnRule]) {
    for column in columns {
        if let Some(rule) = format.column(&column.name, view) {
            column.role = rule.holds;
            column.election = rule.election.clone().or(column.election.take());
        }
    }
}

/// Reads a table of a text as its format says. `name` is what messages call it.
#[must_use]
pub fn shape(table: Table, text: &str, name: &str, format: &TableFormat) -> Shaped {
    let mut out = Shaped::default();
    out.notes
        .push(format!("{name} was read as {}", format.title));
    if !format.reshapes() {
        out.tables.push(table);
        return out;
    }
    if !sheet::fits(&table) {
        out.defects.push(Defect {
            span: Span::new(table.source, 0, 0),
            kind: DefectKind::Unreadable,
            message: format!("{name} has too many cells to be read as {}", format.title),
            help: Some("split it, or leave out what is not to be checked".to_owned()),
        });
        return out;
    }
    let mut sheet = Sheet::new(table, text);
    sheet.fill_down(format);
    sheet.split(format, name, &mut out.notes);
    let mut read = vec![false; sheet.rows.len()];
    for view in format.views() {
        if let Some(table) = sheet.view(view, format, name, &mut read, &mut out.notes) {
            out.tables.push(table);
        }
    }
    sheet.leave_out(&read, format, &mut out.excluded);
    out
}

impl Sheet {
    fn fill_down(&mut self, format: &TableFormat) {
        let columns = self.columns.iter().enumerate();
        let filled: Vec<usize> = columns
            .filter(|(_, c)| format.fills_down(&c.name))
            .map(|(at, _)| at)
            .collect();
        for column in filled {
            let mut above = Cell::default();
            for cell in self.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
                if cell.text.is_some() {
                    above = cell.clone();
                } else {
                    *cell = above.clone();
                }
            }
        }
    }

    /// Adds the columns that others are split into.
    fn split(&mut self, format: &TableFormat, name: &str, notes: &mut Vec<String>) {
        for at in 0..self.columns.len() {
            let heading = self.columns.get(at).map(|c| c.name.clone());
            let Some(split) = heading.as_deref().and_then(|h| format.split(h)) else {
                continue;
            };
            let own = self.columns.get_mut(at);
            let place = own.and_then(|column| {
                column.role = Role::Other;
                column.heading
            });
            self.columns.extend(split.parts.iter().map(|part| Column {
                name: part.name.clone(),
                heading: place,
                role: part.holds,
                election: None,
                guessed: false,
            }));
            let mut whole = 0;
            for row in &mut self.rows {
                let cell = row.get(at).cloned().unwrap_or_default();
                let parts = split_cell(split, &cell);
                whole += usize::from(parts.is_none() && cell.text.is_some());
                row.extend(parts.unwrap_or_else(|| unsplit(split, cell)));
            }
            if whole > 0 {
                let heading = heading.unwrap_or_default();
                notes.push(format!(
                    "{whole} cells under “{heading}” of {name} are not like the others, and were not split"
                ));
            }
        }
    }

    fn view(
        &self,
        view: &View,
        format: &TableFormat,
        name: &str,
        read: &mut [bool],
        notes: &mut Vec<String>,
    ) -> Option<Table> {
        let mut columns = self.columns.clone();
        name_columns(
            columns.get_mut(..self.table.columns.len())?,
            format,
            view.columns(),
        );
        let kept: Vec<usize> = (0..self.rows.len())
            .filter(|&row| self.keeps(view, row))
            .collect();
        for &row in &kept {
            if let Some(mark) = read.get_mut(row) {
                *mark = true;
            }
        }
        if kept.is_empty() {
            return None;
        }
        let cells = |row: usize| -> Vec<Cell> {
            let own = self.rows.get(row).map_or(&[][..], Vec::as_slice);
            let cells = own.iter().zip(&columns);
            cells
                .map(|(cell, c)| meaning(cell, c, format, view))
                .collect()
        };
        let rows: Vec<Vec<Cell>> = kept.into_iter().map(cells).collect();
        match &view.unfold {
            None => {
                let (columns, rows) = match format.views() {
                    [_] => (columns, rows),
                    _ => understood(columns, rows),
                };
                let (columns, rows) = with_constants(view, columns, rows);
                self.table_of(columns, &rows)
            }
            Some(unfold) => {
                let unfolding = Unfolding::new(unfold, view, &columns, format);
                if let Some(note) = unfolding.note(name) {
                    notes.push(note);
                }
                self.table_of(unfolding.columns(), &unfolding.rows(&rows))
            }
        }
    }

    fn keeps(&self, view: &View, row: usize) -> bool {
        view.keep.iter().all(|keep| {
            let at = self.columns.iter().position(|c| keep.is_of(&c.name));
            let cell = at.and_then(|at| self.rows.get(row)?.get(at)?.text.as_deref());
            at.is_none() || keep.holds(cell.unwrap_or(""))
        })
    }

    /// Runs of rows that no view has, one exclusion each.
    fn leave_out(&self, read: &[bool], format: &TableFormat, excluded: &mut Vec<Excluded>) {
        let left = (0..read.len()).filter(|&row| read.get(row) == Some(&false));
        let mut runs: Vec<(usize, Span)> = Vec::new();
        for row in left {
            let spans = || {
                self.rows
                    .get(row)
                    .into_iter()
                    .flatten()
                    .filter_map(|c| c.span)
            };
            let start = spans().map(|s| s.start).min().unwrap_or(0);
            let end = spans().map(|s| s.end).max().unwrap_or(start);
            match runs.last_mut() {
                Some((last, span)) if *last + 1 == row => {
                    *last = row;
                    span.end = span.end.max(end);
                }
                _ => runs.push((row, Span::new(self.table.source, start, end))),
            }
        }
        excluded.extend(runs.into_iter().map(|(_, span)| Excluded {
            span,
            why: format!("of no use in {}", format.title),
        }));
    }
}

/// The parts of a cell; `None` where it is not like the pattern.
fn split_cell(split: &Split, cell: &Cell) -> Option<Vec<Cell>> {
    let text = cell.text.as_deref()?;
    let found = split.pattern.captures(text)?;
    let parts = split.parts.iter().map(|part| {
        let own = part.text(&found);
        let span = own
            .as_deref()
            .and_then(|own| within(text, own, cell.span?, &found));
        Cell {
            span: span.or(cell.span),
            text: own,
        }
    });
    Some(parts.collect())
}

/// Where a part stands in its cell: the group that is the same text.
fn within(text: &str, part: &str, cell: Span, found: &Captures<'_>) -> Option<Span> {
    if cell.end - cell.start != text.len() {
        return None;
    }
    let mut groups = found.iter().flatten();
    let group = groups.find(|group| group.as_str() == part)?;
    Some(Span::new(
        cell.source,
        cell.start + group.start(),
        cell.start + group.end(),
    ))
}

/// A cell that cannot be split is its first part.
fn unsplit(split: &Split, cell: Cell) -> Vec<Cell> {
    let rest = split.parts.len().saturating_sub(1);
    let empty = Cell {
        text: None,
        span: cell.span,
    };
    std::iter::once(cell)
        .chain(std::iter::repeat_n(empty, rest))
        .collect()
}

/// A cell without what the format writes in its own way.
fn meaning(cell: &Cell, column: &Column, format: &TableFormat, view: &View) -> Cell {
    if column.role.is_figure() {
        return figure(cell, format);
    }
    let rule = format.column(&column.name, view.columns());
    let text = cell.text.as_deref();
    Cell {
        text: text.map(|t| rule.map_or_else(|| t.to_owned(), |r| r.value(t).to_owned())),
        span: cell.span,
    }
}

/// A figure with a decimal point; nothing where it stands for no value.
fn figure(cell: &Cell, format: &TableFormat) -> Cell {
    let text = cell.text.clone().filter(|text| !format.is_missing(text));
    Cell {
        text: text.map(|text| {
            if format.decimal_comma {
                text.replace('.', "").replace(',', ".")
            } else {
                text
            }
        }),
        span: cell.span,
    }
}

/// The figures of a cell: one, unless the format puts several in one cell.
fn several(cell: &Cell, format: &TableFormat) -> Vec<Cell> {
    let text = cell.text.as_deref().unwrap_or("");
    let parts: Vec<&str> = match &format.several {
        Some(between) => between.split(text).collect(),
        None => vec![text],
    };
    let part = |text: &str| Cell {
        text: (!text.is_empty()).then(|| text.to_owned()),
        span: cell.span,
    };
    let parts = parts.into_iter().map(|text| figure(&part(text), format));
    parts.filter(|cell| cell.text.is_some()).collect()
}

/// Without the columns that other views are made for.
fn understood(columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> (Vec<Column>, Vec<Vec<Cell>>) {
    let known: Vec<bool> = columns.iter().map(|c| c.role != Role::Other).collect();
    let rows = rows.into_iter().map(|row| kept_of(row, &known)).collect();
    (kept_of(columns, &known), rows)
}

fn kept_of<T>(all: Vec<T>, kept: &[bool]) -> Vec<T> {
    let all = all.into_iter().zip(kept);
    all.filter(|(_, kept)| **kept).map(|(one, _)| one).collect()
}

/// Adds the columns that are the same in every row.
fn with_constants(
    view: &View,
    mut columns: Vec<Column>,
    mut rows: Vec<Vec<Cell>>,
) -> (Vec<Column>, Vec<Vec<Cell>>) {
    columns.extend(view.set.iter().map(named));
    let constant = |part: &Part| Cell {
        text: Some(part.is.clone()),
        span: None,
    };
    for row in &mut rows {
        row.extend(view.set.iter().map(constant));
    }
    (columns, rows)
}

fn named(part: &Part) -> Column {
    Column {
        name: part.name.clone(),
        heading: None,
        role: part.holds,
        election: None,
        guessed: false,
    }
}

/// Columns of figures that become rows: the columns that are kept beside each
/// figure, and what the headings of the figures say.
struct Unfolding<'a> {
    unfold: &'a Unfold,
    format: &'a TableFormat,
    columns: &'a [Column],
    kept: Vec<usize>,
    figures: Vec<(usize, Vec<Cell>)>,
    left_out: usize,
}

impl<'a> Unfolding<'a> {
    fn new(
        unfold: &'a Unfold,
        view: &View,
        columns: &'a [Column],
        format: &'a TableFormat,
    ) -> Self {
        let is_figure =
            |c: &Column| !format.names(&c.name, view.columns()) && unfold.columns.is_match(&c.name);
        let all = || columns.iter().enumerate();
        let figures = all().filter(|(_, c)| is_figure(c));
        let kept = all().filter(|(_, c)| !is_figure(c) && c.role != Role::Other);
        let kept: Vec<usize> = kept.map(|(at, _)| at).collect();
        let figures: Vec<_> = figures.map(|(at, c)| (at, head_cells(unfold, c))).collect();
        Self {
            left_out: columns.len() - kept.len() - figures.len(),
            unfold,
            format,
            columns,
            kept,
            figures,
        }
    }

    fn note(&self, name: &str) -> Option<String> {
        let (first, _) = self.figures.first()?;
        let (figures, left_out) = (self.figures.len(), self.left_out);
        let first = &self.columns.get(*first)?.name;
        let rest = if left_out > 0 {
            format!("; {left_out} others were left out there")
        } else {
            String::new()
        };
        Some(format!(
            "{figures} columns of {name}, from “{first}” on, were read as rows{rest}"
        ))
    }

    fn columns(&self) -> Vec<Column> {
        let kept = self.kept.iter();
        let mut out: Vec<Column> = kept
            .filter_map(|&at| self.columns.get(at).cloned())
            .collect();
        out.extend(self.unfold.names.iter().map(named));
        out.extend(self.format.several.iter().map(|_| Column {
            name: Metric::Votes.words().to_owned(),
            heading: None,
            role: Role::Candidate,
            election: None,
            guessed: false,
        }));
        out.push(Column {
            name: Metric::Votes.words().to_owned(),
            heading: None,
            role: self.unfold.holds,
            election: None,
            guessed: false,
        });
        out
    }

    /// A row for each figure that is there.
    fn rows(&self, rows: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
        let mut out = Vec::new();
        for row in rows {
            for (at, names) in &self.figures {
                let cells = row
                    .get(*at)
                    .map_or_else(Vec::new, |cell| several(cell, self.format));
                let alone = cells.len() == 1;
                for (number, value) in (1..).zip(cells) {
                    let kept = self.kept.iter();
                    let kept = kept.map(|&at| row.get(at).cloned().unwrap_or_default());
                    let heading = self.columns.get(*at).map_or("", |c| c.name.as_str());
                    let candidate = self.format.several.iter().map(|_| Cell {
                        text: (!alone).then(|| format!("{heading} {number}")),
                        span: value.span,
                    });
                    let named = kept.chain(names.iter().cloned()).chain(candidate);
                    out.push(named.chain([value.clone()]).collect());
                }
            }
        }
        out
    }
}

/// What the heading of a column of figures says.
fn head_cells(unfold: &Unfold, column: &Column) -> Vec<Cell> {
    let found = unfold.columns.captures(&column.name);
    let names = unfold.names.iter().map(|part| Cell {
        text: found.as_ref().and_then(|found| part.text(found)),
        span: column.heading,
    });
    names.collect()
}

/// What the lines above the headings say of a whole table: its contest and its
/// election, in groups of those names.
#[must_use]
pub fn above(format: &TableFormat, text: &str, source: SourceId) -> [Option<Constant>; 2] {
    let found = format.above.as_ref().and_then(|p| p.captures(text));
    ["contest", "election"].map(|group| {
        let group = found.as_ref()?.name(group)?;
        Some(Constant {
            text: group.as_str().to_owned(),
            span: Some(Span::new(source, group.start(), group.end())),
        })
    })
}
