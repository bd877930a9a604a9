//! Rows of cells in (a sheet, a table of a page), tables out.
//!
//! A grid may hold lines above its headings, several tables one below the
//! other, columns that only keep others apart, and notes at its end. What
//! becomes no row of a table is told.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use polars::prelude::{Column as Series, DataFrame, NamedFrom, Series as PolarsSeries};

use super::format;
use super::heading::{self, Row};
use super::repeats;
use crate::model::{
    Column, Constant, Dataset, Defect, DefectKind, Excluded, Layout, Locator, Role, SourceId, Span,
    Table, TableFormat, fold, year_in,
};

/// A table with more columns is cut.
const MAX_COLUMNS: usize = 4096;
/// A row with a longer cell is left out, in tables of every format.
pub const MAX_CELL_BYTES: usize = 1 << 16;
pub const TOO_LONG_HELP: &str = "check that it is a row of a table, with its quotation marks closed; text belongs into a file of its own";
/// How many rows show where the headings are.
const SAMPLE: usize = 60;

/// A cell as printed, and where.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    pub text: Cow<'a, str>,
    pub span: Option<Span>,
    pub merged: Merged,
}

/// Does a cell repeat one that it is merged with?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Merged {
    #[default]
    No,
    /// One above it: that one is printed for each of its rows.
    Down,
    /// One beside it: as a heading that one is printed for each of its columns.
    Right,
}

/// A row that has text: its cells up to the last one that is not empty.
#[derive(Debug, Clone, Default)]
pub struct Line<'a> {
    pub cells: Vec<Cell<'a>>,
    /// An empty row stands above it.
    pub apart: bool,
    /// It is marked as a row of headings.
    pub head: bool,
}

impl Line<'_> {
    /// What a row has in a column: of cells merged with one beside them, the
    /// first.
    fn cell(&self, column: usize) -> Option<&Cell<'_>> {
        let cell = self.cells.get(column);
        cell.filter(|c| c.merged != Merged::Right)
    }

    fn text(&self, column: usize) -> &str {
        self.cell(column).map_or("", |c| &c.text)
    }

    /// Its cells with a text of their own.
    fn filled(&self) -> impl Iterator<Item = &Cell<'_>> {
        let own = |c: &&Cell<'_>| !c.text.is_empty() && c.merged == Merged::No;
        self.cells.iter().filter(own)
    }

    fn row(&self) -> Row {
        let own = |c: &Cell<'_>| match c.merged {
            Merged::No => c.text.to_string(),
            Merged::Down | Merged::Right => String::new(),
        };
        Row {
            cells: self.cells.iter().map(own).collect(),
            apart: self.apart,
            spread: false,
        }
    }

    /// The same as a row of headings, with the cells that others are merged
    /// with.
    fn heads(&self) -> Row {
        Row {
            cells: self.cells.iter().map(|c| c.text.to_string()).collect(),
            apart: self.apart,
            spread: self.cells.iter().any(|c| c.merged == Merged::Right),
        }
    }

    /// From its first to its last cell.
    fn span(&self, source: SourceId) -> Span {
        let spans = || self.filled().filter_map(|c| c.span);
        let start = spans().map(|s| s.start).min().unwrap_or(0);
        Span::new(source, start, spans().map(|s| s.end).max().unwrap_or(start))
    }

    /// The only text that it has.
    fn lone(&self) -> Option<&Cell<'_>> {
        let mut filled = self.filled();
        filled.next().filter(|_| filled.next().is_none())
    }
}

/// A grid, and what it is called.
#[derive(Debug)]
pub struct Grid<'a> {
    pub source: SourceId,
    /// What messages call it: "results.xlsx#Sheet1".
    pub name: String,
    pub title: String,
    /// Of its file or sheet, where that names one.
    pub year: Option<i32>,
    /// What messages call a column (from 0).
    pub column: fn(usize) -> String,
    pub lines: Vec<Line<'a>>,
    /// Its caption, or the heading above it.
    pub over: Option<Constant>,
    /// There are others in its file, which what stands over them tells apart.
    pub several: bool,
}

/// What was found in a grid.
#[derive(Debug, Default)]
pub struct Found {
    pub tables: Vec<Table>,
    defects: Vec<Defect>,
    excluded: Vec<Excluded>,
    notes: Vec<String>,
}

impl Found {
    /// Adds what a format made of a table.
    fn shaped(&mut self, mut shaped: format::Shaped) {
        self.tables.append(&mut shaped.tables);
        self.defects.append(&mut shaped.defects);
        self.excluded.append(&mut shaped.excluded);
        self.notes.append(&mut shaped.notes);
    }

    /// Puts everything into a dataset.
    pub fn put(mut self, dataset: &mut Dataset) {
        dataset.tables.append(&mut self.tables);
        dataset.defects.append(&mut self.defects);
        dataset.excluded.append(&mut self.excluded);
        dataset.notes.append(&mut self.notes);
    }
}

/// The lines of one table.
#[derive(Debug)]
struct Region {
    above: Range<usize>,
    heads: Range<usize>,
    body: Range<usize>,
}

impl Grid<'_> {
    /// Reads the tables; a grid without two columns, or without figures, has
    /// none.
    #[must_use]
    pub fn read(&self, layout: &Layout) -> Found {
        let mut found = Found::default();
        let digit = |c: &Cell<'_>| c.text.contains(|c: char| c.is_ascii_digit());
        let figures = self.lines.iter().any(|line| line.filled().any(digit));
        if !figures || self.lines.iter().all(|line| line.filled().count() < 2) {
            if !self.lines.is_empty() {
                let note = format!("{} holds no table of figures, and was left out", self.name);
                found.notes.push(note);
            }
            return found;
        }
        let regions = self.regions(layout);
        let several = regions.len() > 1;
        let over: Vec<Option<Constant>> = regions
            .iter()
            .map(|region| self.over(region, several, layout))
            .collect();
        let titles = contests(&over, layout);
        for ((region, over), contest) in regions.iter().zip(over).zip(titles) {
            let contest = contest.filter(|_| several || self.several);
            self.read_region(region, over, contest, layout, &mut found);
        }
        if several {
            self.part_untitled(&mut found, layout);
        }
        found
    }

    /// Tables without a title whose names all differ are each of a contest of its
    /// own.
    fn part_untitled(&self, found: &mut Found, layout: &Layout) {
        let names: Vec<HashSet<String>> = found
            .tables
            .iter()
            .map(|table| heading::entries(table, layout))
            .collect();
        let untitled = found
            .tables
            .iter()
            .map(|table| table.contest.is_none() && table.column_of(Role::Contest).is_none());
        let untitled: Vec<bool> = untitled.collect();
        let all_differ = (0..names.len()).all(|a| {
            (0..a).all(|b| {
                let pair = names.get(a).zip(names.get(b));
                pair.is_some_and(|(a, b)| !a.is_empty() && a.is_disjoint(b))
            })
        });
        if names.len() < 2 || !all_differ || !untitled.iter().all(|untitled| *untitled) {
            return;
        }
        for (number, table) in (1..).zip(&mut found.tables) {
            table.contest = Some(Constant {
                text: format!("{} ({number})", self.title),
                span: None,
            });
        }
        found.notes.push(format!(
            "the {} tables of {} have no titles and no name in common; each was taken for a contest of its own",
            names.len(),
            self.name
        ));
    }

    fn regions(&self, layout: &Layout) -> Vec<Region> {
        let marked = self.lines.iter().position(|line| line.head);
        let above = |first: &usize| self.lines.iter().take(*first);
        let marked = marked.filter(|first| above(first).all(|line| line.lone().is_some()));
        let bases = match marked {
            Some(first) => vec![first],
            None => self.bases(layout),
        };
        let mut regions: Vec<Region> = Vec::new();
        for base in bases {
            let heads = self.heads(base);
            let free = regions.last().map_or(0, |r| r.heads.end);
            if heads.start < free {
                continue;
            }
            let first = match regions.last_mut() {
                None => 0,
                Some(last) => {
                    let titles = self.titles(free..heads.start);
                    let over = self.lines.get(titles..heads.start).unwrap_or_default();
                    // "Page 2 of 3" parts no tables.
                    let is_remark = |line: &Line<'_>| {
                        let first = line.filled().next();
                        first.is_some_and(|cell| layout.is_remark(&cell.text))
                    };
                    if over.iter().all(is_remark) && self.same(&last.heads, &heads) {
                        continue;
                    }
                    last.body.end = titles;
                    titles
                }
            };
            regions.push(Region {
                above: first..heads.start,
                body: heads.end..self.lines.len(),
                heads,
            });
        }
        if regions.is_empty() {
            regions.push(Region {
                above: 0..0,
                heads: 0..0,
                body: 0..self.lines.len(),
            });
        }
        regions
    }

    /// Where the lines above headings start that stand together and are no
    /// rows.
    fn titles(&self, before: Range<usize>) -> usize {
        let alone = |line: &Line<'_>| line.lone().is_some();
        // A title may have a word beside it ("Vote for 1"), where it stands apart.
        let short = |line: &Line<'_>| line.filled().count() <= 2 && line.row().is_words();
        let start = self.run_before(before.clone(), short);
        if start < before.end && self.lines.get(start).is_some_and(|line| line.apart) {
            return start;
        }
        self.run_before(before, alone)
    }

    /// Where the run of lines of a kind starts that ends before others: at one
    /// that stands apart, at the latest.
    fn run_before(&self, before: Range<usize>, of: impl Fn(&Line<'_>) -> bool) -> usize {
        let mut start = before.end;
        for at in before.rev() {
            let Some(line) = self.lines.get(at).filter(|line| of(line)) else {
                break;
            };
            start = at;
            if line.apart {
                break;
            }
        }
        start
    }

    /// The rows that name their columns: those with known headings, else the
    /// first that is about as full as the others.
    fn bases(&self, layout: &Layout) -> Vec<usize> {
        let known = |line: &Line<'_>| {
            let known = line.filled().filter(|c| layout.knows(&c.text)).count();
            // "Total" is a heading beside others only.
            let total = |c: &&Cell<'_>| !layout.knows(&c.text) && layout.is_total(&c.text);
            if known == 1 {
                known + line.filled().filter(total).count()
            } else {
                known
            }
        };
        let words = |line: &Line<'_>| line.row().is_words();
        let lines = || self.lines.iter().enumerate();
        let published = |line: &Line<'_>| {
            let cells = line.cells.iter().map(|c| c.text.as_ref());
            layout.formats.of(cells).is_some()
        };
        let heads: Vec<usize> = lines()
            .filter(|(_, line)| words(line) && published(line))
            .map(|(at, _)| at)
            .collect();
        if !heads.is_empty() {
            return self.with_others(heads, layout);
        }
        let named: Vec<usize> = lines()
            .filter(|(_, line)| words(line) && known(line) >= 2)
            .map(|(at, _)| at)
            .collect();
        if !named.is_empty() {
            return self.with_others(named, layout);
        }
        let sample = self.lines.get(..SAMPLE.min(self.lines.len()));
        let mut fill: Vec<usize> = sample
            .unwrap_or_default()
            .iter()
            .map(|line| line.filled().count())
            .collect();
        fill.sort_unstable();
        let usual = fill.get(fill.len() / 2).copied().unwrap_or(0);
        let wide = |line: &Line<'_>| line.filled().count() * 2 > usual.max(2);
        let first = lines().find(|(_, line)| wide(line));
        let base = first.filter(|(_, line)| words(line));
        base.map(|(at, _)| at).into_iter().collect()
    }

    /// With the rows that name the columns of tables further down.
    fn with_others(&self, mut bases: Vec<usize>, layout: &Layout) -> Vec<usize> {
        let Some(first) = bases.first().copied() else {
            return bases;
        };
        let row = |at: usize| self.lines.get(at).map(Line::row);
        let Some(heads) = row(first) else {
            return bases;
        };
        let gap = |at: usize| {
            let above = self.lines.get(at - 1);
            let title = above.is_some_and(|line| line.lone().is_some() && line.row().is_words());
            title || self.lines.get(at).is_some_and(|line| line.apart)
        };
        let others = (first + 1..self.lines.len()).filter(|&at| {
            let below = row(at + 1).filter(|row| !row.goes_below());
            let pair = row(at).zip(below.or_else(|| row(at + 2)));
            pair.is_some_and(|(own, below)| {
                heading::starts_another(&own, &heads, &below, gap(at), layout)
            })
        });
        bases.extend(others);
        bases.sort_unstable();
        bases.dedup();
        bases
    }

    fn heads(&self, base: usize) -> Range<usize> {
        let marked = self.lines.iter().skip(base).take_while(|l| l.head).count();
        if marked > 0 {
            return base..base + marked;
        }
        let from = base.saturating_sub(SAMPLE);
        let until = (base + SAMPLE).min(self.lines.len());
        let rows: Vec<Row> = self
            .lines
            .get(from..until)
            .unwrap_or_default()
            .iter()
            .map(Line::row)
            .collect();
        let heads = heading::rows_around(&rows, base - from);
        heads.start + from..heads.end + from
    }

    fn same(&self, a: &Range<usize>, b: &Range<usize>) -> bool {
        let texts = |range: &Range<usize>| -> Vec<Vec<String>> {
            let lines = self.lines.get(range.clone()).unwrap_or_default();
            lines.iter().map(|line| line.row().cells).collect()
        };
        texts(a) == texts(b)
    }

    fn read_region(
        &self,
        region: &Region,
        over: Option<Constant>,
        contest: Option<Constant>,
        layout: &Layout,
        found: &mut Found,
    ) {
        let heads = self.rows(&region.heads);
        let body = self.body(region, &heads, found);
        let width = body.iter().map(|l| l.cells.len());
        let width = width
            .chain(heads.iter().map(|h| h.cells.len()))
            .max()
            .unwrap_or(0);
        let kept = self.kept(&heads, &body, width, found);
        let (mut columns, election) = self.columns(region, &heads, &kept, &body, layout, found);
        let series = kept.iter().enumerate().map(|(at, &column)| {
            let cells: Vec<Option<&str>> = body
                .iter()
                .map(|line| Some(line.text(column)).filter(|t| !t.is_empty()))
                .collect();
            Series::from(PolarsSeries::new(format!("c{at}").into(), cells))
        });
        let Ok(frame) = DataFrame::new(body.len(), series.collect()) else {
            return;
        };
        let spans = body.iter().map(|line| {
            let span = |c: &usize| line.cell(*c).and_then(|c| c.span);
            kept.iter().map(span).collect()
        });
        let format = published(&heads, layout);
        if let Some(format) = format {
            format::name_columns(&mut columns, format, &[]);
        }
        let has_contest = columns.iter().any(|c| c.role == Role::Contest);
        let mut table = Table {
            title: over.map_or_else(|| self.title.clone(), |title| title.text),
            source: self.source,
            contest: contest.filter(|_| !has_contest),
            election,
            base_election: None,
            sound: None,
            columns,
            frame,
            locator: Locator::Cells(spans.collect()),
        };
        let Some(format) = format else {
            if !heads.is_empty() {
                self.guess(&mut table, layout, found);
            }
            found.tables.push(table);
            return;
        };
        found.shaped(format::shape(table, "", &self.name, format));
    }

    /// Headings that are not known: what they may be.
    fn guess(&self, table: &mut Table, layout: &Layout, found: &mut Found) {
        let notes = heading::guess(table, &self.name, layout);
        found.notes.extend(notes);
    }

    fn rows(&self, range: &Range<usize>) -> Vec<Row> {
        let lines = self.lines.get(range.clone()).unwrap_or_default();
        lines.iter().map(Line::heads).collect()
    }

    /// The lines that are rows; others are told.
    fn body(&self, region: &Region, heads: &[Row], found: &mut Found) -> Vec<&Line<'_>> {
        let mut leave_out = |lines: &[Line<'_>], why: &str| {
            let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
                return;
            };
            let (first, last) = (first.span(self.source), last.span(self.source));
            found.excluded.push(Excluded {
                span: Span::new(self.source, first.start, last.end.max(first.end)),
                why: why.to_owned(),
            });
        };
        let lines = |range: Range<usize>| self.lines.get(range).unwrap_or_default();
        leave_out(lines(region.above.clone()), "above the row of headings");
        let body = lines(region.body.clone());
        let wide = heads.iter().any(|h| h.cells.len() > 2);
        let is_note = |line: &&Line<'_>| {
            wide && line
                .lone()
                .is_some_and(|c| c.text.chars().any(char::is_alphabetic))
        };
        let notes = body.iter().rev().take_while(is_note).count();
        let (body, notes) = body.split_at(body.len() - notes);
        leave_out(notes, "a note below the table");
        let mut rows = Vec::new();
        for line in body {
            if line.cells.iter().any(|c| c.text.len() > MAX_CELL_BYTES) {
                self.tell_long(line, &mut found.defects);
                continue;
            }
            let cells = line.heads().cells;
            if line.cells.len() > 1 && heads.iter().any(|h| h.cells == cells) {
                leave_out(std::slice::from_ref(line), "the row of headings again");
            } else {
                rows.push(line);
            }
        }
        rows
    }

    fn tell_long(&self, line: &Line<'_>, defects: &mut Vec<Defect>) {
        let bytes = line.cells.iter().map(|c| c.text.len()).max().unwrap_or(0);
        defects.push(Defect {
            span: line.span(self.source),
            kind: DefectKind::Unreadable,
            message: format!(
                "{} has a cell of {bytes} bytes; at most {MAX_CELL_BYTES} are read, and the row was left out",
                self.name
            ),
            help: Some(TOO_LONG_HELP.to_owned()),
        });
    }

    /// The columns that have anything in them.
    fn kept(
        &self,
        heads: &[Row],
        body: &[&Line<'_>],
        width: usize,
        found: &mut Found,
    ) -> Vec<usize> {
        if width > MAX_COLUMNS {
            let note = format!(
                "{} has {width} columns; those after the first {MAX_COLUMNS} were left out",
                self.name
            );
            found.notes.push(note);
        }
        let named = |c: usize| {
            heads
                .iter()
                .any(|h| h.cells.get(c).is_some_and(|t| !t.is_empty()))
        };
        let filled = |c: usize| body.iter().any(|line| !line.text(c).is_empty());
        let columns = 0..width.min(MAX_COLUMNS);
        columns.filter(|&c| named(c) || filled(c)).collect()
    }

    fn columns(
        &self,
        region: &Region,
        heads: &[Row],
        kept: &[usize],
        body: &[&Line<'_>],
        layout: &Layout,
        found: &mut Found,
    ) -> (Vec<Column>, Option<Constant>) {
        let width = kept.last().map_or(0, |c| c + 1);
        let headings = heading::headings(heads, width, layout);
        let columns = headings
            .into_iter()
            .enumerate()
            .filter(|(c, _)| kept.contains(c));
        let mut columns: Vec<Column> = columns
            .map(|(column, heading)| {
                let cell = heading.at.and_then(|(row, column)| {
                    self.lines.get(region.heads.start + row)?.cells.get(column)
                });
                Column {
                    name: if heads.is_empty() {
                        (self.column)(column)
                    } else {
                        heading.name
                    },
                    heading: cell.and_then(|c| c.span),
                    role: heading.role,
                    election: heading.election,
                    guessed: false,
                }
            })
            .collect();
        if !heads.is_empty() && published(heads, layout).is_none() {
            let texts = |line: &&Line<'_>| -> Vec<String> {
                kept.iter().map(|&c| line.text(c).to_owned()).collect()
            };
            let sample = body.iter().take(SAMPLE);
            repeats::name_groups(&mut columns, &sample.map(texts).collect::<Vec<_>>(), layout);
        }
        self.judge(region, &columns, kept, published(heads, layout), found);
        let election = self.election(region, &columns, found);
        (columns, election)
    }

    fn judge(
        &self,
        region: &Region,
        columns: &[Column],
        kept: &[usize],
        format: Option<&TableFormat>,
        found: &mut Found,
    ) {
        let name = &self.name;
        let mut defect = |span: Option<Span>, message: String, help: &str| {
            let first = self.lines.get(region.body.start.min(region.heads.start));
            let whole = first.map_or(Span::new(self.source, 0, 0), |l| l.span(self.source));
            found.defects.push(Defect {
                span: span.unwrap_or(whole),
                kind: DefectKind::Heading,
                message,
                help: Some(help.to_owned()),
            });
        };
        if region.heads.is_empty() {
            let message = format!("the first row of {name} holds data, and no headings");
            let help =
                "put a row above it that names the columns: contest, candidate, party, votes";
            defect(None, message, help);
            return;
        }
        let known = |at: usize| {
            let name = columns.get(at).map(|c| c.name.as_str());
            name.is_some_and(|name| format.is_some_and(|f| f.may_repeat(name)))
        };
        for fault in heading::faults(columns).filter(|fault| !known(fault.column)) {
            let column = kept.get(fault.column).copied().unwrap_or(fault.column);
            let message = fault.message(&(self.column)(column), name);
            let body = self.lines.get(region.body.clone()).unwrap_or_default();
            let below = || body.iter().find_map(|line| line.cells.get(column)?.span);
            let heading = columns.get(fault.column).and_then(|c| c.heading);
            let span = heading.or_else(below);
            defect(span, message, heading::FAULT_HELP);
        }
        if region.heads.len() > 1 {
            let rows = region.heads.len();
            found.notes.push(format!(
                "the headings of {name} stand in {rows} rows, and were joined"
            ));
        }
    }

    /// The year of the file or sheet, else of the lines above the headings.
    fn election(&self, region: &Region, columns: &[Column], found: &mut Found) -> Option<Constant> {
        if columns.iter().any(|c| c.role == Role::Election) {
            return None;
        }
        let name = &self.name;
        let over = self.over.as_ref();
        if let Some((year, span)) = over.and_then(|o| Some((year_in(&o.text)?, o.span))) {
            let note = format!("the election of {name} was taken from what stands over it: {year}");
            found.notes.push(note);
            return Some(Constant {
                text: year.to_string(),
                span,
            });
        }
        if let Some(year) = self.year {
            let note = format!("the election of {name} was taken from its name: {year}");
            found.notes.push(note);
            return Some(Constant {
                text: year.to_string(),
                span: None,
            });
        }
        let above = self.lines.get(..region.heads.start).unwrap_or_default();
        let mut cells = above.iter().flat_map(Line::filled);
        let (year, span) = cells.find_map(|cell| Some((year_in(&cell.text)?, cell.span)))?;
        let note =
            format!("the election of {name} was taken from the lines above its headings: {year}");
        found.notes.push(note);
        Some(Constant {
            text: year.to_string(),
            span,
        })
    }

    /// What stands over a table: its caption, or in a grid of several the nearest
    /// line above its headings that names a place or an office.
    fn over(&self, region: &Region, several: bool, layout: &Layout) -> Option<Constant> {
        if !several {
            return self.over.clone();
        }
        let lines = region.above.clone().rev();
        let mut titles = lines.filter_map(|at| {
            let line = self.lines.get(at).filter(|line| line.row().is_words())?;
            let cell = line.filled().next()?;
            Some(Constant {
                text: cell.text.to_string(),
                span: cell.span,
            })
        });
        let nearest = titles.clone().next();
        let names =
            |title: &Constant| !layout.is_remark(&title.text) && place_of(title, layout).is_some();
        titles.find(names).or(nearest)
    }
}

/// The contests that the titles of some tables name: what tells one from the
/// others, where they are not the same.
fn contests(titles: &[Option<Constant>], layout: &Layout) -> Vec<Option<Constant>> {
    let places = titles.iter().map(|title| place_of(title.as_ref()?, layout));
    let places: Vec<Option<Constant>> = places.collect();
    let text = |title: &Option<Constant>| title.as_ref().map(|t| fold(&t.text));
    let contest = |(at, title): (usize, &Option<Constant>)| {
        let place = places.get(at).cloned().flatten()?;
        let mut others = titles.iter().zip(&places);
        let mistaken = others.any(|(other, named)| {
            named.as_ref().map(|n| fold(&n.text)) == Some(fold(&place.text))
                && text(other) != text(title)
        });
        if mistaken { title.clone() } else { Some(place) }
    };
    titles.iter().enumerate().map(contest).collect()
}

/// The place that a title names: "Abbey" of "Abbey ward: results".
fn place_of(title: &Constant, layout: &Layout) -> Option<Constant> {
    let range = layout.page.name_in(layout.unmarked(&title.text))?;
    let span = title.span.map(|span| {
        if span.end - span.start == title.text.len() {
            Span::new(
                span.source,
                span.start + range.start,
                span.start + range.end,
            )
        } else {
            span
        }
    });
    let text = title.text.get(range)?.to_owned();
    Some(Constant { text, span })
}

/// The published format that a row of headings is of.
fn published<'l>(heads: &[Row], layout: &'l Layout) -> Option<&'l TableFormat> {
    heads.iter().find_map(|row| {
        let cells = row.cells.iter().map(String::as_str);
        layout.formats.of(cells)
    })
}
