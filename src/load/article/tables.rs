//! The tags of a page in, its tables out: rows of cells, each with the bytes
//! of its text.

use std::borrow::Cow;
use std::ops::Range;

use super::html::{HEADINGS, Mark, MarkKind, meaning};
use crate::load::grid::{Cell, Line, Merged};
use crate::model::{Constant, SourceId, Span};

/// A cell spans no more rows or columns, whatever it says.
const MAX_SPAN: usize = 1000;
/// Tables in tables beyond these are left out.
pub const MAX_OPEN: usize = 32;
/// A longer text is told once, over however many columns or rows it stands.
const LONGEST_REPEATED: usize = 1000;
/// More cells of a page than this repeat no other.
const MAX_CELLS: usize = 1_000_000;
/// In a cell these are no part of what it says: marks of footnotes and what is
/// not shown.
const NOT_IN_CELLS: [&str; 3] = ["sup", "style", "script"];

/// A table of a page.
#[derive(Debug)]
pub struct Printed {
    pub lines: Vec<Line<'static>>,
    /// Its caption, else the heading above it.
    pub over: Option<Constant>,
    /// The heading above that one, where that tells facts.
    pub beyond: Option<Constant>,
}

/// The tables of a page.
#[derive(Debug, Default)]
pub struct Tables {
    pub printed: Vec<Printed>,
    /// Those that only lay out others.
    pub layout: usize,
    /// Those that hold no figures.
    pub plain: usize,
    /// Those that stand in too many others.
    pub too_deep: usize,
}

/// Reads the tables of a page.
#[must_use]
pub fn read(marks: &[Mark], text: &str, id: SourceId) -> Tables {
    let mut reader = Reader {
        text,
        id,
        open: Vec::new(),
        heading: None,
        beyond_heading: None,
        tables: Tables::default(),
        cells: 0,
        beyond: 0,
    };
    for mark in marks {
        match mark.kind {
            MarkKind::Start => reader.start(mark),
            MarkKind::End => reader.end(&mark.name),
            MarkKind::Text if reader.beyond > 0 => {}
            MarkKind::Text => reader.text(mark.range.clone()),
        }
    }
    while !reader.open.is_empty() {
        reader.close_table();
    }
    reader.tables
}

/// Text while it is being gathered, and the bytes that it stands on.
#[derive(Debug, Default, Clone)]
struct Gathered {
    text: String,
    range: Option<Range<usize>>,
}

impl Gathered {
    fn add(&mut self, text: &str, range: Range<usize>) {
        self.text.push_str(text);
        let own = self.range.get_or_insert(range.clone());
        *own = own.start.min(range.start)..own.end.max(range.end);
    }

    /// Its words with single blanks between them.
    fn words(&self) -> String {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        words.join(" ")
    }

    fn constant(&self, id: SourceId) -> Option<Constant> {
        let text = self.words();
        let range = self.range.clone().filter(|_| !text.is_empty())?;
        let span = Some(Span::new(id, range.start, range.end));
        Some(Constant { text, span })
    }
}

#[derive(Debug)]
struct OpenCell {
    is_heading: bool,
    columns: usize,
    rows: usize,
    says: Gathered,
}

/// A table whose end has not come.
#[derive(Debug, Default)]
struct Open {
    lines: Vec<Line<'static>>,
    /// Cells of the row that is open, and whether each is a heading.
    row: Option<Vec<(Cell<'static>, bool)>>,
    cell: Option<OpenCell>,
    /// For each column: the cell from above, and for how many rows more.
    hanging: Vec<(usize, Cell<'static>)>,
    in_head: bool,
    caption: Option<Gathered>,
    in_caption: bool,
    heading: Option<Constant>,
    beyond: Option<Constant>,
    holds_tables: bool,
    /// Elements open in the cell whose text is no part of it.
    hidden: usize,
}

struct Reader<'a> {
    text: &'a str,
    id: SourceId,
    open: Vec<Open>,
    /// The last heading of the page, and whether it is still open.
    heading: Option<(Gathered, bool)>,
    /// The one before it.
    beyond_heading: Option<Constant>,
    tables: Tables,
    cells: usize,
    /// Tables that are open beyond the limit.
    beyond: usize,
}

impl Reader<'_> {
    fn start(&mut self, mark: &Mark) {
        let name = mark.name.as_str();
        if name == "table" && self.open.len() >= MAX_OPEN {
            self.tables.too_deep += 1;
            self.beyond += 1;
            return;
        }
        if self.beyond > 0 {
            return;
        }
        if name == "table" {
            if let Some(outer) = self.open.last_mut() {
                outer.holds_tables = true;
            }
            let heading = self.heading.as_ref();
            self.open.push(Open {
                heading: heading.and_then(|(says, _)| says.constant(self.id)),
                beyond: self.beyond_heading.clone(),
                ..Open::default()
            });
            return;
        }
        if self.open.is_empty() {
            if HEADINGS.contains(&name) {
                let before = self.heading.replace((Gathered::default(), true));
                self.beyond_heading = before.and_then(|(says, _)| says.constant(self.id));
            }
            return;
        }
        match name {
            "caption" => self.with(|open| {
                open.in_caption = true;
                open.caption = Some(Gathered::default());
            }),
            "thead" => self.with(|open| open.in_head = true),
            "tbody" | "tfoot" => {
                self.close_row();
                self.with(|open| open.in_head = false);
            }
            "tr" => {
                self.close_row();
                self.with(|open| open.row = Some(Vec::new()));
            }
            "td" | "th" => self.open_cell(mark),
            "br" | "p" | "div" | "li" => self.text(mark.range.start..mark.range.start),
            name if NOT_IN_CELLS.contains(&name) => self.with(|open| open.hidden += 1),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if HEADINGS.contains(&name) {
            self.heading.iter_mut().for_each(|(_, open)| *open = false);
        }
        if self.beyond > 0 {
            self.beyond -= usize::from(name == "table");
            return;
        }
        match name {
            "table" => self.close_table(),
            "caption" => self.with(|open| open.in_caption = false),
            "thead" => {
                self.close_row();
                self.with(|open| open.in_head = false);
            }
            "tr" => self.close_row(),
            "td" | "th" => self.close_cell(),
            name if NOT_IN_CELLS.contains(&name) => {
                self.with(|open| open.hidden = open.hidden.saturating_sub(1));
            }
            _ => {}
        }
    }

    /// Adds text to what is open; an empty range stands for a blank.
    fn text(&mut self, range: Range<usize>) {
        let raw = self.text.get(range.clone()).unwrap_or("");
        let lead = raw.len() - raw.trim_start().len();
        let core = raw.trim();
        let start = range.start + lead;
        let Some(target) = self.target() else {
            return;
        };
        if core.is_empty() || lead > 0 {
            target.text.push(' ');
        }
        if !core.is_empty() {
            target.add(&meaning(core), start..start + core.len());
        }
        if start + core.len() < range.end {
            target.text.push(' ');
        }
    }

    /// What text belongs to now.
    fn target(&mut self) -> Option<&mut Gathered> {
        let Some(open) = self.open.last_mut() else {
            let (says, open) = self.heading.as_mut()?;
            return open.then_some(says);
        };
        if open.in_caption {
            return open.caption.as_mut();
        }
        let shown = open.hidden == 0;
        let cell = open.cell.as_mut().filter(|_| shown)?;
        Some(&mut cell.says)
    }

    fn with(&mut self, change: impl FnOnce(&mut Open)) {
        if let Some(open) = self.open.last_mut() {
            change(open);
        }
    }

    fn open_cell(&mut self, mark: &Mark) {
        self.close_cell();
        self.with(|open| {
            open.row.get_or_insert_default();
            open.hidden = 0;
            open.cell = Some(OpenCell {
                is_heading: mark.name == "th",
                columns: mark.columns.clamp(1, MAX_SPAN),
                rows: mark.rows.clamp(1, MAX_SPAN),
                says: Gathered::default(),
            });
        });
    }

    fn close_cell(&mut self) {
        let id = self.id;
        let Some(open) = self.open.last_mut() else {
            return;
        };
        let (Some(cell), Some(row)) = (open.cell.take(), open.row.as_mut()) else {
            return;
        };
        take_hanging(row, &mut open.hanging);
        let constant = cell.says.constant(id);
        let long = cell.says.text.len() > LONGEST_REPEATED;
        let full = self.cells > MAX_CELLS || long;
        let columns = if full { 1 } else { cell.columns };
        let own = Cell {
            span: constant.as_ref().and_then(|c| c.span),
            text: Cow::Owned(constant.map_or(String::new(), |c| c.text)),
            merged: Merged::No,
        };
        for at in 0..columns {
            let merged = if at > 0 { Merged::Right } else { Merged::No };
            let copy = Cell {
                merged,
                ..own.clone()
            };
            let below = if at > 0 { Merged::Right } else { Merged::Down };
            if cell.rows > 1 && !full {
                let column = row.len();
                if open.hanging.len() <= column {
                    open.hanging.resize_with(column + 1, Default::default);
                }
                if let Some(hanging) = open.hanging.get_mut(column) {
                    *hanging = (
                        cell.rows,
                        Cell {
                            merged: below,
                            ..own.clone()
                        },
                    );
                }
            }
            row.push((copy, cell.is_heading));
        }
        self.cells += columns;
    }

    fn close_row(&mut self) {
        self.close_cell();
        let Some(open) = self.open.last_mut() else {
            return;
        };
        let Some(mut row) = open.row.take() else {
            return;
        };
        take_hanging(&mut row, &mut open.hanging);
        self.cells += row.len();
        for (left, _) in &mut open.hanging {
            *left = left.saturating_sub(1);
        }
        let own = |(c, _): &&(Cell<'_>, bool)| !c.text.is_empty() && c.merged == Merged::No;
        let filled = row.iter().filter(own).count();
        let headings = row
            .iter()
            .filter(own)
            .filter(|(_, heading)| *heading)
            .count();
        let head = filled > 1 && (open.in_head || headings == filled);
        let mut cells: Vec<Cell<'static>> = row.into_iter().map(|(cell, _)| cell).collect();
        while cells.last().is_some_and(|c| c.text.is_empty()) {
            cells.pop();
        }
        if !cells.is_empty() {
            open.lines.push(Line {
                cells,
                apart: false,
                head,
            });
        }
    }

    fn close_table(&mut self) {
        self.close_row();
        let Some(open) = self.open.pop() else {
            return;
        };
        let digits = |c: &Cell<'_>| c.text.contains(|c: char| c.is_ascii_digit());
        let figures = open
            .lines
            .iter()
            .flat_map(|l| &l.cells)
            .filter(|c| digits(c))
            .count();
        let wide = open.lines.iter().filter(|l| l.cells.len() > 1).count();
        if open.holds_tables {
            self.tables.layout += 1;
        } else if figures == 0 || wide < 2 {
            self.tables.plain += 1;
        } else {
            let caption = open.caption.and_then(|c| c.constant(self.id));
            self.tables.printed.push(Printed {
                lines: open.lines,
                over: caption.or(open.heading),
                beyond: open.beyond,
            });
        }
    }
}

/// Puts the cells that hang down from rows above where the row has come to.
fn take_hanging(row: &mut Vec<(Cell<'static>, bool)>, hanging: &mut [(usize, Cell<'static>)]) {
    while let Some((left, cell)) = hanging.get(row.len()) {
        if *left == 0 {
            break;
        }
        row.push((cell.clone(), false));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::load::{load_text, with_words};
    use crate::model::{Dataset, Metric, Place, Role, TableId};

    fn read(html: &str) -> Dataset {
        with_words(|words| load_text("night-2019.html", html, words))
    }

    fn rows(dataset: &Dataset, table: usize) -> Vec<Vec<&str>> {
        let table = &dataset.tables[table];
        let columns = table.columns.len();
        let row = |r| {
            (0..columns)
                .map(|c| table.cell(r, c).unwrap_or(""))
                .collect()
        };
        (0..table.rows()).map(row).collect()
    }

    #[test]
    fn a_table_is_read_beside_the_copy() {
        let dataset = read(
            "<!doctype html><article><p>Lee won with 1,204 votes.</p>\
             <table><caption>Ashby, <b>2023</b></caption><thead><tr><th rowspan=2>Party<th colspan='2'>Votes\
             <tr><th>2019<th>2023</thead>\
             <tr><th scope=row>Blue &amp; Co<td>1&nbsp;100<td> <b>1,204</b><sup>[1]</sup>\n\
             <tr><td>Red<br>List<td>7<td>\
             </table><p>More.</p></article>",
        );
        assert_eq!(
            rows(&dataset, 0),
            [["Blue & Co", "1 100", "1,204"], ["Red List", "7", ""]]
        );
        let table = &dataset.tables[0];
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|c| (c.name.as_str(), c.role))
            .collect();
        let votes = Role::Measure(Metric::Votes);
        assert_eq!(
            columns,
            [
                ("Party", Role::Party),
                ("Votes › 2019", votes),
                ("Votes › 2023", votes)
            ]
        );
        let place = Place {
            table: TableId(0),
            row: 0,
            column: 2,
        };
        let span = dataset.cell_span(place).expect("the cell is there");
        assert_eq!(dataset.sources[0].slice(span), "1,204");
        assert_eq!(table.title, "Ashby, 2023");
        assert_eq!(dataset.prose[0].blocks.len(), 2);
        assert!(dataset.defects.is_empty(), "{:?}", dataset.defects);
    }

    #[test]
    fn cells_that_span_rows_count_for_each() {
        let dataset = read(
            "<table><tr><td>Ward<td>Party<td>Votes<tr><td rowspan=2>Ashby<td>Blue<td>1\
             <tr><td>Red<td>2<tr><td>Vale<td>Blue<td>3</table>",
        );
        let expected = [
            ["Ashby", "Blue", "1"],
            ["Ashby", "Red", "2"],
            ["Vale", "Blue", "3"],
        ];
        assert_eq!(rows(&dataset, 0), expected);
    }

    #[test]
    fn several_tables_are_told_apart_by_what_stands_over_them() {
        let table = "<table><tr><th>Party<th>Votes<tr><td>Blue<td>1<tr><td>Red<td>2</table>";
        let dataset = read(&format!("<body><h2>Ashby</h2>{table}<h2>Vale</h2>{table}"));
        let contests = dataset
            .tables
            .iter()
            .map(|t| t.contest.as_ref().map(|c| c.text.as_str()));
        assert_eq!(contests.collect::<Vec<_>>(), [Some("Ashby"), Some("Vale")]);
    }

    #[test]
    fn tables_without_figures_are_left_out_and_told() {
        let dataset = read(
            "<p>One.<table><tr><td><table><tr><th>Party<th>Votes<tr><td>Blue<td>1</table></table>\
             <table><tr><td>Home<td>News<tr><td>a<td>b</table>",
        );
        assert_eq!(rows(&dataset, 0), [["Blue", "1"]]);
        let notes = dataset.notes.join("\n");
        assert!(
            notes.contains("2 tables without figures of their own"),
            "{notes}"
        );
    }

    /// Cells whose text and place do not come together.
    fn lost(dataset: &Dataset) -> Vec<Place> {
        let all = dataset.tables().flat_map(|(id, table)| {
            let columns = table.columns.len();
            let places = (0..table.rows()).flat_map(move |row| (0..columns).map(move |c| (row, c)));
            places.map(move |(row, column)| Place {
                table: id,
                row: u32::try_from(row).expect("few"),
                column: u32::try_from(column).expect("few"),
            })
        });
        let lost = |at: &Place| dataset.cell(*at).is_some() != dataset.cell_span(*at).is_some();
        all.filter(lost).collect()
    }

    #[test]
    fn a_cell_merged_with_one_beside_it_stands_nowhere() {
        let dataset = read("<table><td>5<th>party<tr><th colspan=2>party</table>");
        assert_eq!(dataset.tables.len(), 1);
        assert_eq!(lost(&dataset), []);
    }

    proptest! {
        #[test]
        fn every_cell_is_found_again(html in "(<table>|</table>|<tr>|</tr>|<t[dh]>|<td rowspan=3>|<th colspan=2>|<thead>|<caption>|</caption>|<sup>|<h2>|</h2>|party|votes|5|&amp;|é| |<p>){0,40}") {
            prop_assert_eq!(lost(&read(&html)), []);
        }
    }
}
