//! Tables as queries see them: `results`, `figures`, and every table that was
//! read by the name of its file; each with the places of its cells.
//!
//! Whole numbers are BIGINT, others DECIMAL(38, 10): no float is made of a
//! figure. A cell that is missing, or no number in a column of numbers, is NULL.

use std::collections::{BTreeSet, HashMap, HashSet};

use num_traits::ToPrimitive;
use polars::prelude::{
    Column as Values, DataFrame, Int128Chunked, IntoSeries, NamedFrom, NewChunkedArray,
    PolarsResult, Series,
};

use crate::model::{
    Locus, Measured, Metric, Name, Number, Place, ResultRow, Role, Scope, Table, TableId, key,
    power_of_ten, show,
};

use super::contests::{FiguresRow, OfContests, figures};
use super::parse::SCALE;
use super::snake;
use crate::check::Subject;

/// The names of the two tables that are made, not read.
pub const MADE: [&str; 2] = ["results", "figures"];

/// A table as queries see it.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub name: String,
    pub columns: Vec<Column>,
    rows: Rows<'a>,
    subject: &'a Subject<'a>,
}

/// A column and what it shows.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    of: Of,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Contest,
    ContestKey,
    Election,
    ElectionKey,
    Stage,
    Unit,
    Candidate,
    CandidateKey,
    Party,
    PartyKey,
    Aggregate,
    Measure(Metric),
    /// A column of a table as read.
    Cell(usize),
}

#[derive(Debug)]
enum Rows<'a> {
    Results(OfContests<'a>),
    Figures(Vec<FiguresRow<'a>>),
    Read(TableId, &'a Table),
}

impl Column {
    /// Does it hold figures, or may it?
    pub fn is_figure(&self) -> bool {
        matches!(self.of, Of::Measure(_) | Of::Cell(_))
    }
}

const NAMES: [(&str, Of); 11] = [
    ("contest", Of::Contest),
    ("contest_key", Of::ContestKey),
    ("election", Of::Election),
    ("election_key", Of::ElectionKey),
    ("stage", Of::Stage),
    ("unit", Of::Unit),
    ("candidate", Of::Candidate),
    ("candidate_key", Of::CandidateKey),
    ("party", Of::Party),
    ("party_key", Of::PartyKey),
    ("aggregate", Of::Aggregate),
];

/// The columns of a table that is made; `None` for every other.
pub fn made_columns(name: &str) -> Option<Vec<Column>> {
    let of_entry = |of: Of| matches!(of, Of::Candidate | Of::CandidateKey | Of::Aggregate);
    let figures = match name {
        "results" => false,
        "figures" => true,
        _ => return None,
    };
    let names = NAMES.into_iter();
    let names = names.filter(|(_, of)| !(figures && of_entry(*of)));
    let names = names.map(|(name, of)| (name.to_owned(), of));
    let metrics = Metric::ALL.into_iter();
    let metrics = metrics.map(|metric| (snake(metric.name()), Of::Measure(metric)));
    let columns = names.chain(metrics);
    Some(columns.map(|(name, of)| Column { name, of }).collect())
}

impl<'a> Sheet<'a> {
    /// Every table of a subject.
    pub fn all(subject: &'a Subject<'a>) -> Vec<Self> {
        let made = |name: &str, rows| Self {
            name: name.to_owned(),
            columns: made_columns(name).unwrap_or_default(),
            rows,
            subject,
        };
        let mut sheets = vec![
            made("results", Rows::Results(OfContests::new(subject))),
            made("figures", Rows::Figures(figures(subject))),
        ];
        let mut names = Names::default();
        names
            .taken
            .extend(sheets.iter().map(|sheet| sheet.name.clone()));
        for (id, table) in subject.dataset.tables() {
            let source = subject.dataset.source(table.source);
            let stem = snake(source.map_or("", |source| source.stem()));
            let stem = stem.trim_start_matches('_');
            let stem = if stem.is_empty() { "table" } else { stem };
            let after = if MADE.contains(&stem) { "file" } else { "2" };
            sheets.push(Self {
                name: names.unused(stem, after),
                columns: read_columns(table),
                rows: Rows::Read(id, table),
                subject,
            });
        }
        sheets
    }

    /// Is it a table as it was read?
    pub fn is_read(&self) -> bool {
        matches!(self.rows, Rows::Read(..))
    }

    pub fn height(&self) -> usize {
        match &self.rows {
            Rows::Results(_) => self.subject.relations.results.len(),
            Rows::Figures(rows) => rows.len(),
            Rows::Read(_, table) => table.rows(),
        }
    }

    /// A column by its name, whichever way it is written.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let name = snake(name);
        self.columns.iter().find(|column| column.name == name)
    }

    /// The wanted columns as a frame, among them `_table` and `_row` (from 1).
    ///
    /// # Errors
    /// Only where Polars cannot build a frame.
    pub fn frame(&self, wanted: &BTreeSet<String>) -> PolarsResult<DataFrame> {
        let height = self.height();
        let columns = self.columns.iter();
        let columns = columns.filter(|column| wanted.contains(&column.name));
        let mut values: Vec<Values> = columns.map(|column| self.values(column).into()).collect();
        if wanted.contains("_table") {
            let names = vec![self.name.as_str(); height];
            values.push(Series::new("_table".into(), names).into());
        }
        if wanted.contains("_row") {
            let rows: Vec<i64> = (1..).take(height).collect();
            values.push(Series::new("_row".into(), rows).into());
        }
        DataFrame::new(height, values)
    }

    fn values(&self, column: &Column) -> Series {
        let rows = 0..self.height();
        let name = column.name.as_str();
        match column.of {
            Of::Measure(metric) => {
                let numbers = rows.map(|row| Some(&self.measured(row, metric)?.number));
                numbers_of(name, numbers)
            }
            Of::Aggregate => {
                let aggregate = rows.map(|row| self.result(row).is_some_and(|r| r.aggregate));
                Series::new(name.into(), aggregate.collect::<Vec<bool>>())
            }
            Of::Cell(index) => self.cells(name, index),
            of => {
                let texts = rows.map(|row| self.text(row, of));
                Series::new(name.into(), texts.collect::<Vec<_>>())
            }
        }
    }

    /// The cells of a column as read: numbers where it is one of numbers.
    fn cells(&self, name: &str, index: usize) -> Series {
        let Rows::Read(_, table) = &self.rows else {
            return Series::new_null(name.into(), self.height());
        };
        let missing = |cell: &&str| !self.subject.layout.is_missing(cell);
        let cells = (0..table.rows()).map(|row| table.cell(row, index).filter(missing));
        let cells: Vec<Option<&str>> = cells.collect();
        let numbers = cells.iter().map(|cell| cell.and_then(Number::parse));
        let numbers: Vec<Option<Number>> = numbers.collect();
        let role = table.columns.get(index).map_or(Role::Other, |c| c.role);
        if is_of_numbers(role, &cells, &numbers) {
            numbers_of(name, numbers.iter().map(Option::as_ref))
        } else {
            Series::new(name.into(), cells)
        }
    }

    fn result(&self, row: usize) -> Option<&'a ResultRow> {
        match self.rows {
            Rows::Results(_) => self.subject.relations.results.get(row),
            Rows::Figures(_) | Rows::Read(..) => None,
        }
    }

    /// What a row is of; of a table as read, what the result in that row is of.
    pub fn scope(&self, row: usize) -> Option<&'a Scope> {
        match &self.rows {
            Rows::Results(_) => Some(&self.result(row)?.scope),
            Rows::Figures(rows) => Some(&rows.get(row)?.values().next()?.scope),
            Rows::Read(id, _) => {
                let place = (*id, u32::try_from(row).ok()?);
                let results = &self.subject.relations.results;
                // They stand in the order of their tables and rows.
                let first = results.partition_point(|r| (r.table, r.row) < place);
                let own = results.get(first)?;
                ((own.table, own.row) == place).then_some(&own.scope)
            }
        }
    }

    fn measured(&self, row: usize, metric: Metric) -> Option<&'a Measured> {
        match &self.rows {
            Rows::Results(figures) => {
                let result = self.result(row)?;
                let own = result.figures.get(&metric);
                own.or_else(|| figures.find(result, metric))
            }
            Rows::Figures(rows) => Some(&rows.get(row)?.get(&metric)?.measured),
            Rows::Read(..) => None,
        }
    }

    fn name(&self, row: usize, of: Of) -> Option<&'a Name> {
        let result = self.result(row)?;
        match of {
            Of::Candidate | Of::CandidateKey => result.candidate.as_ref(),
            Of::Party | Of::PartyKey => result.party.as_ref(),
            Of::Contest
            | Of::ContestKey
            | Of::Election
            | Of::ElectionKey
            | Of::Stage
            | Of::Unit
            | Of::Aggregate
            | Of::Measure(_)
            | Of::Cell(_) => None,
        }
    }

    fn text(&self, row: usize, of: Of) -> Option<String> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let scope = || self.scope(row);
        match of {
            Of::Contest => given(&scope()?.contest),
            Of::ContestKey => given(&scope()?.contest_key),
            Of::Election => given(&scope()?.election),
            Of::ElectionKey => given(&scope()?.election_key),
            Of::Stage => scope()?.stage.clone(),
            Of::Unit => scope()?.unit.clone(),
            Of::Candidate => Some(self.name(row, of)?.text.clone()),
            Of::CandidateKey => Some(key(&self.name(row, of)?.text)),
            Of::Party => self.party(row),
            Of::PartyKey => Some(self.subject.parties.key(&self.party(row)?)),
            Of::Aggregate | Of::Measure(_) | Of::Cell(_) => None,
        }
    }

    fn party(&self, row: usize) -> Option<String> {
        match &self.rows {
            Rows::Figures(rows) => rows.get(row)?.values().next()?.party.clone(),
            Rows::Results(_) | Rows::Read(..) => Some(self.name(row, Of::Party)?.text.clone()),
        }
    }

    /// A cell as people read it; `None` where nothing stands there.
    pub fn printed(&self, row: usize, column: &Column) -> Option<String> {
        match (&self.rows, column.of) {
            (Rows::Read(_, table), Of::Cell(index)) => {
                let cell = table.cell(row, index)?;
                (!self.subject.layout.is_missing(cell)).then(|| cell.to_owned())
            }
            (_, Of::Measure(metric)) => {
                let number = &self.measured(row, metric)?.number;
                Some(show(&number.value, number.decimals.clamp(0, 4)))
            }
            (_, Of::Aggregate) => {
                let aggregate = self.result(row)?.aggregate;
                Some(if aggregate { "yes" } else { "no" }.to_owned())
            }
            (_, of) => self.text(row, of),
        }
    }

    /// Where a cell stands; the first cell of its row, where it has no place of
    /// its own.
    pub fn place(&self, row: usize, column: Option<&Column>) -> Option<Locus> {
        let own = match (&self.rows, column?.of) {
            (Rows::Read(table, _), Of::Cell(index)) => Some(Place::at(*table, row, index)),
            (_, Of::Measure(metric)) => self.measured(row, metric).map(|m| m.place),
            (_, of) => self.name(row, of).map(|name| name.place),
        };
        own.or_else(|| self.start(row)).map(Locus::Cell)
    }

    /// The same for a column of figures that has a value; `None` for others.
    pub fn figure_place(&self, row: usize, column: &Column) -> Option<Locus> {
        self.printed(row, column)?;
        let of_figure = column.is_figure();
        of_figure.then(|| self.place(row, Some(column)))?
    }

    /// Where a row stands.
    fn start(&self, row: usize) -> Option<Place> {
        match &self.rows {
            Rows::Results(_) => {
                let result = self.result(row)?;
                let name = result.candidate.as_ref().or(result.party.as_ref());
                name.map(|name| name.place)
            }
            Rows::Figures(rows) => Some(rows.get(row)?.values().next()?.measured.place),
            Rows::Read(table, _) => Some(Place::at(*table, row, 0)),
        }
    }

    /// The headings of it, or of the table that its first row comes from.
    pub fn heading(&self) -> Option<Locus> {
        let table = match &self.rows {
            Rows::Read(table, _) => *table,
            Rows::Results(_) | Rows::Figures(_) => self.start(0)?.table,
        };
        Some(Locus::Heading(Place {
            table,
            row: 0,
            column: 0,
        }))
    }
}

/// The names of the sheets so far.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    /// The number that the next sheet of a name is tried with: a file may hold
    /// thousands of tables of one name.
    next: HashMap<String, u32>,
}

impl Names {
    /// A name that is not taken: itself, or with a word or number after it.
    fn unused(&mut self, name: &str, after: &str) -> String {
        let first = format!("{name}_{after}");
        let plain = (after != "file").then(|| name.to_owned());
        let free = plain
            .into_iter()
            .chain([first.clone()])
            .find(|name| !self.taken.contains(name));
        let name = free.unwrap_or_else(|| {
            let next = self.next.entry(name.to_owned()).or_insert(3);
            let mut numbered = (*next..).map(|number| (number, format!("{name}_{number}")));
            let found = numbered.find(|(_, name)| !self.taken.contains(name));
            let (number, name) = found.unwrap_or((*next, first));
            *next = number.saturating_add(1);
            name
        });
        self.taken.insert(name.clone());
        name
    }
}

/// The columns of a table as read. Headings that come to one name are told
/// apart by a number, every one of them, so that the bare name is of none.
fn read_columns(table: &Table) -> Vec<Column> {
    let plain = table.columns.iter().map(|column| {
        let name = snake(&column.name);
        name.trim_start_matches('_').to_owned()
    });
    let plain: Vec<String> = plain.collect();
    let mut twins: HashMap<&str, usize> = HashMap::new();
    for name in &plain {
        *twins.entry(name).or_default() += 1;
    }
    let mut before: HashMap<&str, usize> = HashMap::new();
    let mut names = Names::default();
    let mut columns: Vec<Column> = Vec::with_capacity(plain.len());
    for (index, name) in plain.iter().enumerate() {
        let before = before.entry(name).or_default();
        *before += 1;
        let own = if name.is_empty() {
            format!("column_{}", index + 1)
        } else if twins.get(name.as_str()) > Some(&1) {
            format!("{name}_{before}")
        } else {
            name.clone()
        };
        let name = names.unused(&own, "2");
        let of = Of::Cell(index);
        columns.push(Column { name, of });
    }
    columns
}

/// A column is of numbers where its heading says so, or every cell is one and
/// none is a code that starts with 0.
fn is_of_numbers(role: Role, cells: &[Option<&str>], numbers: &[Option<Number>]) -> bool {
    let code = |cell: &&str| cell.len() > 1 && cell.starts_with('0') && !cell.starts_with("0.");
    if role.is_figure() {
        return true;
    }
    let mut given = cells.iter().zip(numbers).filter(|(cell, _)| cell.is_some());
    let any = given.clone().next().is_some();
    any && given.all(|(cell, number)| number.is_some() && !cell.as_ref().is_some_and(code))
}

fn numbers_of<'n>(name: &str, numbers: impl Iterator<Item = Option<&'n Number>>) -> Series {
    let numbers: Vec<Option<&Number>> = numbers.collect();
    let whole = numbers.iter().map(|number| match number {
        None => Some(None),
        Some(number) if number.value.is_integer() => number.value.to_i64().map(Some),
        Some(_) => None,
    });
    if let Some(whole) = whole.collect::<Option<Vec<Option<i64>>>>() {
        return Series::new(name.into(), whole);
    }
    let scale = power_of_ten(i32::try_from(SCALE).unwrap_or(0));
    let scaled = numbers.iter().map(|number| {
        let scaled = &(*number)?.value * &scale;
        scaled.is_integer().then(|| scaled.to_i128())?
    });
    let scaled = Int128Chunked::from_iter_options(name.into(), scaled);
    match scaled.into_decimal(38, SCALE) {
        Ok(decimals) => decimals.into_series(),
        Err(_) => Series::new_null(name.into(), numbers.len()),
    }
}
