//! Tables in one shape: a row for each result of a candidate, party or option,
//! and a row for each figure of a contest, whichever way they were published.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use polars::prelude::Series as PolarsSeries;
use polars::prelude::{Column as Series, DataFrame, NamedFrom, PolarsResult};

use super::number::{Exact, Number, ratio, whole};
use super::unlabelled::{name_column, unlabelled_totals};
use super::wide::{Whose, Wide, WideColumn, wide};
use super::{
    Dataset, Layout, Locator, Metric, Parties, Place, Role, RowLabel, Table, TableId, key,
};

/// Which contest, election and stage of the count a row belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub contest: String,
    /// Empty where the table names no contest.
    pub contest_key: String,
    pub election: String,
    pub election_key: String,
    pub stage: Option<String>,
    /// A part of the contest that is counted apart.
    pub unit: Option<String>,
    /// Wider areas that the contest lies in.
    pub regions: Vec<String>,
    /// Is it counted apart by these areas, though no unit is named?
    pub by_area: bool,
}

impl Scope {
    /// The areas that tell it from others of its contest, the widest first: units
    /// of several may have one name. None where it is of the whole contest.
    #[must_use]
    pub fn areas_of_unit(&self) -> &[String] {
        if self.is_part() { &self.regions } else { &[] }
    }

    /// Is it of a part of the contest, a unit or an area?
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.unit.is_some() || self.by_area
    }
}

/// A name as printed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub place: Place,
}

/// A number as printed, and where. Shares printed as fractions of one are in
/// per cent here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub number: Number,
    pub place: Place,
}

/// The result of one candidate, party or option.
#[derive(Debug, Clone)]
pub struct ResultRow {
    pub table: TableId,
    pub row: u32,
    pub scope: Scope,
    pub candidate: Option<Name>,
    pub party: Option<Name>,
    /// Several candidates in one row ("Others").
    pub aggregate: bool,
    /// Its figures stand in columns of their own beside those of others.
    pub wide: bool,
    /// Does its table mark it as elected, or as not?
    pub elected: Option<bool>,
    pub figures: BTreeMap<Metric, Measured>,
}

impl ResultRow {
    /// The name of the candidate, else of the party, as printed.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.candidate.as_ref().or(self.party.as_ref());
        name.map_or("this row", |name| &name.text)
    }

    /// Does it have a result after preferences?
    #[must_use]
    pub fn has_preferences(&self) -> bool {
        self.figures.keys().any(|metric| metric.is_preferred())
    }
}

/// A figure of a contest as a whole.
#[derive(Debug, Clone)]
pub struct FigureRow {
    pub scope: Scope,
    pub metric: Metric,
    pub measured: Measured,
    /// "CON majority" says whose.
    pub party: Option<String>,
}

/// A figure whose label is not in the vocabulary: "Councils contested".
#[derive(Debug, Clone)]
pub struct LabelledRow {
    pub scope: Scope,
    pub label: Name,
    pub measured: Measured,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    Hold,
    Gain,
}

/// A stated outcome: "Lab hold".
#[derive(Debug, Clone)]
pub struct OutcomeRow {
    pub scope: Scope,
    pub party: String,
    pub kind: OutcomeKind,
    pub place: Place,
}

/// A cell that should hold a number and does not.
#[derive(Debug, Clone)]
pub struct Unread {
    pub place: Place,
    pub text: String,
}

/// All tables in one shape.
#[derive(Debug, Default)]
pub struct Relations {
    pub results: Vec<ResultRow>,
    pub figures: Vec<FigureRow>,
    pub labelled: Vec<LabelledRow>,
    pub outcomes: Vec<OutcomeRow>,
    pub unread: Vec<Unread>,
    /// Tables whose shares are fractions of one.
    pub fractions: Vec<TableId>,
    /// Rows with figures that are no results, by a cell of theirs, and why.
    pub left_out: Vec<(Place, String)>,
    /// Names of contests that are not those of their codes.
    pub misnamed: Vec<Misnamed>,
    /// Cells of candidates or parties in columns of their own that hold no
    /// figure where there must be one: it is held back, or left out of a unit.
    pub gaps: Vec<Place>,
    /// Names of results that are answers to a question ("Yes"), as printed.
    pub answers: BTreeSet<String>,
    /// What was guessed of whole tables, in sentences.
    pub notes: Vec<String>,
    /// Tables without units whose rows are counted apart by area.
    pub by_area: BTreeSet<TableId>,
}

/// The name of a contest that other rows of its code call otherwise.
#[derive(Debug, Clone)]
pub struct Misnamed {
    pub name: Name,
    /// The name that most rows of the code have, and how many these are.
    pub usual: String,
    pub rows: usize,
}

impl Relations {
    /// Reads every table of a dataset.
    #[must_use]
    pub fn new(dataset: &Dataset, layout: &Layout, parties: &Parties) -> Self {
        Self::of(dataset, dataset.tables(), layout, parties)
    }

    /// Reads the tables that others are held against, in order of authority.
    #[must_use]
    pub fn of_references(dataset: &Dataset, layout: &Layout, parties: &Parties) -> Self {
        Self::of(dataset, dataset.references(), layout, parties)
    }

    fn of<'t>(
        dataset: &Dataset,
        tables: impl Iterator<Item = (TableId, &'t Table)>,
        layout: &Layout,
        parties: &Parties,
    ) -> Self {
        let mut relations = Self::default();
        for (id, table) in tables {
            TableReader::new(id, table, layout, parties).read(&mut relations);
        }
        relations.note_answers(layout);
        relations.join_preferred(layout);
        relations.join_nameless(parties);
        relations.date_by_figures();
        relations.part_undated(dataset, parties);
        relations.part_nameless(dataset);
        relations.part_by_area(dataset);
        relations.total_lists(parties);
        relations
    }

    fn note_answers(&mut self, layout: &Layout) {
        let names = self.results.iter().map(ResultRow::name);
        let names: BTreeSet<&str> = names.collect();
        let answers = names.into_iter().filter(|name| layout.is_option(name));
        self.answers = answers.map(ToOwned::to_owned).collect();
    }

    /// `results` as a frame, a row each in the same order:
    /// `table`, `row` (u32), `contest`, `election`, `stage`, `unit`, `areas` (of
    /// the unit), `candidate`, `party` (keys; str, null where not given),
    /// `aggregate` (bool), and for
    /// each metric of an entry its value × 10^dp (`votes`: i64) and its
    /// decimals (`votes_dp`: i32), null where nothing is printed.
    ///
    /// # Errors
    /// Only where Polars cannot build a frame.
    pub fn results_frame(&self, parties: &Parties) -> PolarsResult<DataFrame> {
        let rows = &self.results;
        let text = |name: &str, of: &dyn Fn(&ResultRow) -> Option<String>| {
            Series::from(PolarsSeries::new(
                name.into(),
                rows.iter().map(of).collect::<Vec<_>>(),
            ))
        };
        let mut columns = vec![
            Series::from(PolarsSeries::new(
                "table".into(),
                rows.iter().map(|r| r.table.0).collect::<Vec<_>>(),
            )),
            Series::from(PolarsSeries::new(
                "row".into(),
                rows.iter().map(|r| r.row).collect::<Vec<_>>(),
            )),
            text("contest", &|r| Some(r.scope.contest_key.clone())),
            text("election", &|r| Some(r.scope.election_key.clone())),
            text("stage", &|r| r.scope.stage.clone()),
            text("unit", &|r| r.scope.unit.clone()),
            text("areas", &|r| Some(r.scope.areas_of_unit().join("\0"))),
            text("candidate", &|r| r.candidate.as_ref().map(|n| key(&n.text))),
            text("party", &|r| r.party.as_ref().map(|n| parties.key(&n.text))),
            Series::from(PolarsSeries::new(
                "aggregate".into(),
                rows.iter().map(|r| r.aggregate).collect::<Vec<_>>(),
            )),
        ];
        for metric in Metric::ALL.into_iter().filter(|m| m.is_of_entry()) {
            let numbers = rows
                .iter()
                .map(|r| r.figures.get(&metric).map(|m| &m.number));
            columns.extend(number_columns(metric.name(), numbers));
        }
        DataFrame::new(rows.len(), columns)
    }

    /// `figures` as a frame, a row each in the same order: `contest`,
    /// `election`, `stage`, `unit`, `metric` (str), `party` (key, nullable), `value`
    /// (× 10^dp; i64), `value_dp` (i32).
    ///
    /// # Errors
    /// Only where Polars cannot build a frame.
    pub fn figures_frame(&self, parties: &Parties) -> PolarsResult<DataFrame> {
        let rows = &self.figures;
        let text = |name: &str, of: &dyn Fn(&FigureRow) -> Option<String>| {
            Series::from(PolarsSeries::new(
                name.into(),
                rows.iter().map(of).collect::<Vec<_>>(),
            ))
        };
        let mut columns = vec![
            text("contest", &|r| Some(r.scope.contest_key.clone())),
            text("election", &|r| Some(r.scope.election_key.clone())),
            text("stage", &|r| r.scope.stage.clone()),
            text("unit", &|r| r.scope.unit.clone()),
            text("metric", &|r| Some(r.metric.name().to_owned())),
            text("party", &|r| r.party.as_ref().map(|p| parties.key(p))),
        ];
        columns.extend(number_columns(
            "value",
            rows.iter().map(|r| Some(&r.measured.number)),
        ));
        DataFrame::new(rows.len(), columns)
    }
}

/// What the key of a contest begins with that the tables do not name.
pub const NAMELESS: char = '#';

fn number_columns<'a>(
    name: &str,
    numbers: impl Iterator<Item = Option<&'a Number>>,
) -> [Series; 2] {
    let (values, decimals): (Vec<Option<i64>>, Vec<Option<i32>>) = numbers
        .map(|number| match number.map(|n| (n.to_scaled(), n.decimals)) {
            Some((Some(value), decimals)) => (Some(value), Some(decimals)),
            _ => (None, None),
        })
        .unzip();
    [
        Series::from(PolarsSeries::new(name.into(), values)),
        Series::from(PolarsSeries::new(format!("{name}_dp").into(), decimals)),
    ]
}

/// Reads one table into the relations.
struct TableReader<'a> {
    id: TableId,
    table: &'a Table,
    layout: &'a Layout,
    columns: Vec<(usize, Metric)>,
    /// The elections that headings name; `None` for columns that name none.
    elections: Vec<Option<&'a str>>,
    fractions: bool,
    /// Columns of turnouts that are fractions of one.
    fraction_columns: Vec<usize>,
    wide: Wide,
    /// Rows that count all others together, and are not called so.
    totals: BTreeSet<usize>,
    /// The column that tells rows apart, where no heading says so.
    row_names: Option<usize>,
    /// Names that are known to be no labels.
    names: RefCell<HashSet<String>>,
    /// For each code of a contest, the name that most of its rows have, and how
    /// many these are; of codes with more than one.
    usual: BTreeMap<&'a str, (&'a str, usize)>,
}

impl<'a> TableReader<'a> {
    fn new(id: TableId, table: &'a Table, layout: &'a Layout, parties: &Parties) -> Self {
        let mut reader = Self {
            wide: wide(table, layout, parties),
            totals: BTreeSet::new(),
            row_names: None,
            usual: usual_names(table),
            names: RefCell::default(),
            id,
            table,
            layout,
            columns: Vec::new(),
            elections: Vec::new(),
            fractions: false,
            fraction_columns: Vec::new(),
        };
        reader.totals = unlabelled_totals(table, &reader.wide, layout);
        reader.fractions = reader.shares_are_fractions();
        reader.columns = (0..table.columns.len())
            .filter_map(|column| Some((column, reader.metric_of(column)?)))
            .collect();
        let turnouts = reader.columns.iter().copied();
        let turnouts = turnouts.filter(|&(column, metric)| {
            metric == Metric::TurnoutShare && reader.is_of_fractions(column)
        });
        reader.fraction_columns = turnouts.map(|(column, _)| column).collect();
        reader.row_names = reader.find_row_names();
        for &(column, _) in &reader.columns {
            let election = reader.election_of(column);
            if !reader.elections.contains(&election) {
                reader.elections.push(election);
            }
        }
        reader
    }

    /// Has a column under a heading of turnout whole numbers only, and more above
    /// 100 than not? Then it counts voters.
    fn are_counts(&self, column: usize) -> bool {
        let cells = (0..self.table.rows()).filter_map(|row| self.table.cell(row, column));
        let cells = cells.filter(|cell| !self.layout.is_missing(cell));
        let (mut large, mut small) = (0, 0);
        for cell in cells {
            match Number::parse(cell) {
                Some(n) if n.decimals > 0 || cell.ends_with('%') => return false,
                Some(n) if n.value > whole(100) => large += 1,
                Some(_) | None => small += 1,
            }
        }
        large > small
    }

    /// The election of a column. Where headings name elections and nothing
    /// else in the table does, a column that names none is of the latest.
    fn election_of(&self, column: usize) -> Option<&'a str> {
        let own = self.table.columns.get(column)?.election.as_deref();
        let named_elsewhere =
            self.table.election.is_some() || self.table.column_of(Role::Election).is_some();
        if own.is_some() || named_elsewhere {
            return own;
        }
        let columns = self.table.columns.iter();
        let latest = columns
            .clone()
            .filter_map(|c| c.election.as_deref())
            .max()?;
        // "seats_2018, seats": what names none is of the election after.
        let of_latest = |role| {
            let mut columns = columns.clone();
            columns.any(|c| c.role == role && c.election.as_deref() == Some(latest))
        };
        let later = columns
            .clone()
            .filter(|c| c.election.is_none())
            .any(|c| c.role.is_figure() && of_latest(c.role));
        (!later).then_some(latest)
    }

    fn metric_of(&self, column: usize) -> Option<Metric> {
        if let Some(metric) = self.wide.total(column) {
            return Some(metric);
        }
        match self.table.columns.get(column)?.role {
            Role::Measure(Metric::Seats) if self.seats_are_of_contests(column) => {
                Some(Metric::SeatsTotal)
            }
            Role::Measure(Metric::Turnout | Metric::ValidVotes)
                if self.counts_are_of_entries(column) =>
            {
                Some(Metric::Votes)
            }
            Role::Measure(Metric::TurnoutShare) if self.are_counts(column) => Some(Metric::Turnout),
            Role::Measure(metric) => Some(metric),
            Role::Value => Some(Metric::Votes),
            Role::ValueShare => Some(Metric::Share),
            Role::Change => Some(self.change_of(column)),
            Role::Other if self.layout.votes_column(self.table) == Some(column) => {
                Some(Metric::Votes)
            }
            Role::Other if self.last_stage() == Some(column) => Some(Metric::PreferredVotes),
            Role::Contest
            | Role::ContestCode
            | Role::District
            | Role::Region
            | Role::Election
            | Role::Unit
            | Role::Mode
            | Role::ModeVotes
            | Role::Stage
            | Role::Candidate
            | Role::FirstName
            | Role::Surname
            | Role::Party
            | Role::PartyShort
            | Role::Label
            | Role::Result
            | Role::Elected
            | Role::Winner
            | Role::RunnerUp
            | Role::Control
            | Role::Other => None,
        }
    }

    /// The last of several stages of a count, beside first preferences.
    fn last_stage(&self) -> Option<usize> {
        let is_stage = |(_, column): &(usize, &super::Column)| {
            column.role == Role::Other && self.layout.is_stage(&column.name)
        };
        let columns = self.table.columns.iter().enumerate();
        let stages: Vec<usize> = columns.filter(is_stage).map(|(at, _)| at).collect();
        let first = self.table.column_of(Role::Measure(Metric::Votes));
        stages.last().copied().filter(|_| first.is_some())
    }

    /// Beside candidates without votes, "votes polled" and "valid votes" are
    /// theirs where they differ within a contest.
    fn counts_are_of_entries(&self, column: usize) -> bool {
        let has = |role| self.table.column_of(role).is_some();
        let entries = [Role::Candidate, Role::Surname, Role::Party];
        if has(Role::Measure(Metric::Votes)) || !entries.into_iter().any(has) {
            return false;
        }
        let mut counts: BTreeMap<[Option<&str>; 3], BTreeSet<&str>> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let scope = [Role::Contest, Role::District, Role::Unit];
            let of = |role| self.table.cell(row, self.table.column_of(role)?);
            let own = counts.entry(scope.map(of)).or_default();
            own.extend(self.table.cell(row, column));
        }
        counts.values().any(|own| own.len() > 1)
    }

    /// Beside candidates and their votes, seats are what the contest has to give:
    /// in each the same for all.
    fn seats_are_of_contests(&self, column: usize) -> bool {
        let has = |role| self.table.column_of(role).is_some();
        let Some(contest) = self.table.column_of(Role::Contest) else {
            return false;
        };
        if !has(Role::Candidate) && !has(Role::Surname) || !has(Role::Measure(Metric::Votes)) {
            return false;
        }
        let mut seats: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let own = seats.entry(self.table.cell(row, contest)).or_default();
            own.extend(self.table.cell(row, column));
        }
        seats.values().all(|own| own.len() <= 1)
    }

    /// A change is of shares where it has decimals; else of seats, where the
    /// table has them; else of shares where it has those; else of votes.
    fn change_of(&self, column: usize) -> Metric {
        let with_point = self.numbers(column).any(|n| n.decimals > 0);
        let has = |metric| self.table.column_of(Role::Measure(metric)).is_some();
        let shares = has(Metric::Share) || self.table.column_of(Role::ValueShare).is_some();
        if with_point {
            Metric::ShareChange
        } else if has(Metric::Seats) {
            Metric::SeatsChange
        } else if shares {
            Metric::ShareChange
        } else {
            Metric::VotesChange
        }
    }

    fn numbers(&self, column: usize) -> impl Iterator<Item = Number> {
        (0..self.table.rows()).filter_map(move |row| Number::parse(self.table.cell(row, column)?))
    }

    /// Shares are fractions of one where none is above 1, none carries a per
    /// cent sign, and they add up to about 1 a contest. In per cent, every
    /// contest has one above 1; where few contests do, those are mistyped.
    fn shares_are_fractions(&self) -> bool {
        let column = self.table.column_of(Role::Measure(Metric::Share));
        let Some(column) = column.or_else(|| self.table.column_of(Role::ValueShare)) else {
            return false;
        };
        let cells = (0..self.table.rows()).map(|row| self.table.cell(row, column));
        if cells.flatten().any(|cell| cell.ends_with('%')) {
            return false;
        }
        let one = whole(1);
        let (large, small): (Vec<Number>, Vec<Number>) =
            self.numbers(column).partition(|number| number.value > one);
        let sum: Exact = small.iter().map(|number| &number.value).sum();
        if sum <= ratio(1, 2) || large.len() * 10 > small.len() {
            return false;
        }
        large.is_empty() || self.few_contests_exceed_one(column)
    }

    /// Nowhere do less than one in a hundred vote: turnouts of at most 1, some of
    /// them with decimals and none with a per cent sign, are fractions.
    fn is_of_fractions(&self, column: usize) -> bool {
        let mut cells = (0..self.table.rows()).filter_map(|row| self.table.cell(row, column));
        let numbers: Vec<Number> = self.numbers(column).collect();
        numbers.iter().all(|number| number.value <= whole(1))
            && numbers.iter().any(|number| number.decimals > 0)
            && !cells.any(|cell| cell.ends_with('%'))
    }

    fn few_contests_exceed_one(&self, column: usize) -> bool {
        let mut exceeds: BTreeMap<[Option<&str>; 5], bool> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let roles = [
                Role::Contest,
                Role::District,
                Role::Election,
                Role::Unit,
                Role::Stage,
            ];
            let of = |role| self.table.cell(row, self.table.column_of(role)?);
            let number = self.table.cell(row, column).and_then(Number::parse);
            let large = number.is_some_and(|number| number.value > whole(1));
            *exceeds.entry(roles.map(of)).or_default() |= large;
        }
        exceeds.values().filter(|large| **large).count() * 10 <= exceeds.len()
    }

    fn read(&self, out: &mut Relations) {
        if self.fractions {
            out.fractions.push(self.id);
        }
        for &column in &self.wide.unknown {
            let heading = self.table.columns.get(column).map_or("", |c| &c.name);
            let label = self.layout.row(heading).map(|(label, _)| label);
            let why = label
                .and_then(|label| label.left_out.clone())
                .unwrap_or_else(|| {
                    format!(
                        "a column of numbers beside those of parties, “{heading}”, which names none"
                    )
                });
            out.left_out.push((self.place(0, column), why));
        }
        self.tell_totals(out);
        for row in 0..self.table.rows() {
            self.read_row(row, &self.scope(row), out);
        }
    }

    /// Says which rows were taken for totals.
    fn tell_totals(&self, out: &mut Relations) {
        let column = name_column(self.table);
        let Some(&first) = self.totals.first() else {
            return;
        };
        let name = self.table.cell(first, column);
        let name = name.map_or_else(|| "a row without a name".to_owned(), |n| format!("“{n}”"));
        out.notes.push(format!(
            "{name} was taken for the total of the other rows of {}: its counts are their sums",
            self.table.title
        ));
    }

    fn text(&self, row: usize, role: Role) -> Option<Name> {
        let column = self.table.column_of(role)?;
        let text = self.table.cell(row, column)?;
        (!self.layout.is_missing(text)).then(|| Name {
            text: text.to_owned(),
            place: self.place(row, column),
        })
    }

    fn place(&self, row: usize, column: usize) -> Place {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place {
            table: self.id,
            row: narrow(row),
            column: narrow(column),
        }
    }

    fn scope(&self, row: usize) -> Scope {
        let constant = |c: &Option<super::Constant>| c.as_ref().map(|c| c.text.clone());
        let of = |role, or: &Option<super::Constant>| {
            self.text(row, role)
                .map(|n| n.text)
                .or_else(|| constant(or))
                .unwrap_or_default()
        };
        let mut contest = of(Role::Contest, &self.table.contest);
        if let Some((name, _)) = self.usual_name(row) {
            name.clone_into(&mut contest);
        }
        // Where nothing else names contests, the narrowest area does; a row of
        // all areas is of all together.
        let by_area = contest.is_empty() && !self.names_contests();
        if by_area {
            contest = self.regions(row).pop().unwrap_or_default();
        }
        let is_total = self.layout.is_total(&contest) || self.is_total_by_place(row);
        if (by_area || !self.wide.columns.is_empty()) && is_total {
            contest.clear();
        }
        let district = self.text(row, Role::District).map(|name| name.text);
        let election = of(Role::Election, &self.table.election);
        Scope {
            stage: self.text(row, Role::Stage).map(|n| n.text),
            unit: self.unit(row),
            regions: self.regions(row),
            ..named_scope(self.layout, contest, district.as_deref(), election)
        }
    }

    /// Is a row the total of all places that the table has, and not called so?
    fn is_total_by_place(&self, row: usize) -> bool {
        self.totals.contains(&row) && self.table.column_of(Role::Unit).is_none()
    }

    /// Does the table say in some way which contest its rows are of?
    fn names_contests(&self) -> bool {
        let mut roles = [Role::Contest, Role::ContestCode].into_iter();
        self.table.contest.is_some() || roles.any(|role| self.table.column_of(role).is_some())
    }

    /// The name that the other rows of its code give the contest of a row, and
    /// how many these are.
    fn usual_name(&self, row: usize) -> Option<(&'a str, usize)> {
        let code = self
            .table
            .cell(row, self.table.column_of(Role::ContestCode)?)?;
        self.usual.get(code).copied()
    }

    fn read_misnamed(&self, row: usize, out: &mut Relations) {
        let (Some(name), Some((usual, rows))) =
            (self.text(row, Role::Contest), self.usual_name(row))
        else {
            return;
        };
        if name.text != usual {
            let usual = usual.to_owned();
            out.misnamed.push(Misnamed { name, usual, rows });
        }
    }

    /// The part of the contest that a row is of; `None` of a row for all parts.
    fn unit(&self, row: usize) -> Option<String> {
        if self.totals.contains(&row) {
            return None;
        }
        let parts = [Role::Unit, Role::Mode].into_iter();
        let parts = parts.filter_map(|role| self.text(row, role));
        let parts = parts.filter(|name| {
            let label = self.label(&name.text);
            label.is_none_or(|(row, _)| row.count != Some(Metric::TotalVotes))
        });
        let named: Vec<String> = parts.map(|name| name.text).collect();
        if named.is_empty() {
            return self.row_name(row);
        }
        Some(named.join(", "))
    }

    /// What tells the rows of a table apart whose columns are of candidates or
    /// parties, where no heading says what the rows are of: its first column, if
    /// that holds no figure of theirs.
    fn row_name(&self, row: usize) -> Option<String> {
        let column = self.row_names?;
        let name = self.table.cell(row, column)?;
        let label = self.label(name);
        let is_total = label.is_some_and(|(row, _)| row.count == Some(Metric::TotalVotes));
        (!is_total).then(|| name.to_owned())
    }

    /// See [`Self::row_name`].
    fn find_row_names(&self) -> Option<usize> {
        let first = self.table.columns.first()?;
        let scopes = [
            Role::Contest,
            Role::ContestCode,
            Role::Region,
            Role::District,
            Role::Unit,
            Role::Mode,
            Role::Election,
        ];
        let is_placed = scopes
            .iter()
            .any(|&role| self.table.column_of(role).is_some());
        let wide = &self.wide;
        let taken = wide.columns.iter().any(|c| c.at == 0)
            || wide.total(0).is_some()
            || wide.figures.iter().any(|(at, _)| *at == 0)
            || wide.unknown.contains(&0);
        if first.role != Role::Other || is_placed || wide.columns.is_empty() || taken {
            return None;
        }
        let names = (0..self.table.rows()).map(|row| self.table.cell(row, 0));
        let names: Option<BTreeSet<&str>> = names.collect();
        names
            .is_some_and(|names| names.len() == self.table.rows())
            .then_some(0)
    }

    fn regions(&self, row: usize) -> Vec<String> {
        let columns = self.table.columns.iter().enumerate();
        let regions = columns.filter(|(_, column)| column.role == Role::Region);
        // "Total" in the place of an area's name is none.
        let is_area = |name: &&str| !self.layout.is_total(name);
        regions
            .filter_map(|(column, _)| self.table.cell(row, column))
            .filter(is_area)
            .map(ToOwned::to_owned)
            .collect()
    }

    fn read_row(&self, row: usize, scope: &Scope, out: &mut Relations) {
        self.read_misnamed(row, out);
        if let Some(unit) = self.units_together(row) {
            let told = |(place, _): &(Place, String)| {
                place.table == self.id
                    && self.table.cell(place.row as usize, place.column as usize)
                        == Some(&unit.text)
            };
            if !out.left_out.iter().any(told) {
                let why = format!("the rows of “{}” count other units together", unit.text);
                out.left_out.push((unit.place, why));
            }
            return;
        }
        self.read_outcome(row, scope, out);
        self.read_wide(row, scope, out);
        for election in &self.elections {
            let of_election;
            let scope = match election {
                Some(election) => {
                    of_election = Scope {
                        election: (*election).to_owned(),
                        election_key: self.layout.election_key(election),
                        ..scope.clone()
                    };
                    &of_election
                }
                None => scope,
            };
            let figures = self.figures(row, *election, scope, out);
            self.push(row, scope, figures, out);
        }
    }

    /// The unit of a row, where that is several others.
    fn units_together(&self, row: usize) -> Option<Name> {
        let unit = self.text(row, Role::Unit)?;
        let is_total = self.layout.is_total(&unit.text);
        (!is_total && self.layout.is_units_together(&unit.text)).then_some(unit)
    }

    /// The figures of a whole row in columns of their own.
    fn read_wide_figures(&self, row: usize, scope: &Scope, out: &mut Relations) {
        for &(column, metric) in &self.wide.figures {
            let number = self.table.cell(row, column).and_then(Number::parse);
            let place = self.place(row, column);
            out.figures.extend(number.map(|number| FigureRow {
                scope: scope.clone(),
                metric,
                measured: Measured { number, place },
                party: None,
            }));
        }
    }

    /// The results in the columns of a row.
    fn read_wide(&self, row: usize, scope: &Scope, out: &mut Relations) {
        if self.is_of_percents(row) {
            self.read_percents(row, out);
            return;
        }
        let mut results: Vec<ResultRow> = Vec::new();
        for column in &self.wide.columns {
            let place = self.place(row, column.at);
            let text = self.table.cell(row, column.at).unwrap_or("");
            let Some(number) = Number::parse(text).filter(|_| !self.layout.is_missing(text)) else {
                let gap = column.metric == Metric::Votes && is_gap(text, scope);
                out.gaps.extend(gap.then_some(place));
                continue;
            };
            if column.metric == Metric::Votes && text.ends_with('%') {
                if results.is_empty() && !self.tells_percents(row, out) {
                    let why = "a row of per cents among counts".to_owned();
                    out.left_out.push((place, why));
                }
                continue;
            }
            // A party that did not stand is given 0.
            if matches!(column.whose, Whose::Party(_)) && number.value == whole(0) {
                continue;
            }
            let (candidate, party) = names_of_column(column, place);
            let scope = scope_of_column(scope, column);
            let measured = Measured {
                number: self.in_percent(number, column.metric, column.at),
                place,
            };
            let text = |name: &Option<Name>| name.as_ref().map(|n| n.text.clone());
            let same = |r: &&mut ResultRow| {
                text(&r.candidate) == text(&candidate)
                    && text(&r.party) == text(&party)
                    && r.scope.contest == scope.contest
            };
            if let Some(known) = results.iter_mut().find(same) {
                known.figures.entry(column.metric).or_insert(measured);
                continue;
            }
            results.push(ResultRow {
                table: self.id,
                row: u32::try_from(row).unwrap_or(u32::MAX),
                scope,
                candidate,
                party,
                aggregate: matches!(column.whose, Whose::Others(_)),
                wide: true,
                elected: None,
                figures: BTreeMap::from([(column.metric, measured)]),
            });
        }
        out.results.append(&mut results);
        self.read_wide_figures(row, scope, out);
    }

    /// Does a row hold what the totals of its columns are in per cent?
    fn is_of_percents(&self, row: usize) -> bool {
        let mut counts = self.wide.columns.iter();
        let first = self.table.cell(row, 0);
        counts.any(|column| column.metric == Metric::Votes)
            && first.is_some_and(|name| self.layout.is_percents(name))
    }

    /// The shares of all together, to the rows of their votes.
    fn read_percents(&self, row: usize, out: &mut Relations) {
        for column in &self.wide.columns {
            let place = self.place(row, column.at);
            let text = self.table.cell(row, column.at).unwrap_or("");
            let Some(number) = Number::parse(text) else {
                continue;
            };
            let of_all = |r: &&mut ResultRow| {
                let own = r.figures.get(&Metric::Votes);
                r.table == self.id
                    && r.scope.contest.is_empty()
                    && own.is_some_and(|votes| votes.place.column == place.column)
            };
            if let Some(all) = out.results.iter_mut().rev().find(of_all) {
                let measured = Measured { number, place };
                all.figures.entry(Metric::Share).or_insert(measured);
            } else if !self.tells_percents(row, out) {
                let why = "a row of per cents among counts".to_owned();
                out.left_out.push((place, why));
            }
        }
    }

    /// Is a cell of a row told already?
    fn tells_percents(&self, row: usize, out: &Relations) -> bool {
        let last = out
            .left_out
            .last()
            .map(|(place, _)| (place.table, place.row as usize));
        last == Some((self.id, row))
    }

    fn push(
        &self,
        row: usize,
        scope: &Scope,
        figures: BTreeMap<Metric, Measured>,
        out: &mut Relations,
    ) {
        let named = [Role::Label, Role::Candidate, Role::Party, Role::Contest]
            .into_iter()
            .filter_map(|role| Some((role, self.text(row, role)?)))
            .find_map(|(role, name)| Some((self.label(&name.text)?, role, name)));
        // "Ballots Cast" stands where the office does, too: it is of the unit.
        let of_unit = matches!(named, Some((_, Role::Contest, _))) && scope.unit.is_some();
        let of_unit = of_unit.then(|| Scope {
            contest: String::new(),
            contest_key: String::new(),
            ..scope.clone()
        });
        let scope = of_unit.as_ref().unwrap_or(scope);
        if self.is_total_by_place(row) && self.wide.columns.is_empty() {
            push_total(scope, figures, out);
            return;
        }
        let named = named.map(|(label, _, name)| (label, name));
        match named {
            Some(((label, _), name)) if label.left_out.is_some() => {
                let why = label.left_out.clone().unwrap_or_default();
                out.left_out.push((name.place, why));
            }
            Some(((label, party), name)) if !label.aggregate => {
                let party = party.or_else(|| self.party_of_total(row, label, &name));
                push_figures(label, party.as_deref(), scope, figures, out);
            }
            other => self.push_result(row, scope, figures, other.is_some(), out),
        }
    }

    /// What a row of this name is, where it is no candidate. Most names stand in
    /// many rows and are none of these.
    fn label(&self, name: &str) -> Option<(&'a RowLabel, Option<String>)> {
        if self.names.borrow().contains(name) {
            return None;
        }
        let found = self.layout.row(name);
        if found.is_none() {
            self.names.borrow_mut().insert(name.to_owned());
        }
        found
    }

    /// The party whose candidates a total counts: a list's.
    fn party_of_total(&self, row: usize, label: &RowLabel, name: &Name) -> Option<String> {
        let party = self.text(row, Role::Party)?;
        let is_total = label.count == Some(Metric::TotalVotes);
        (is_total && party.place != name.place).then_some(party.text)
    }

    /// The figures of a row in the columns of one election.
    fn figures(
        &self,
        row: usize,
        election: Option<&str>,
        scope: &Scope,
        out: &mut Relations,
    ) -> BTreeMap<Metric, Measured> {
        let mut figures = BTreeMap::new();
        let columns = self
            .columns
            .iter()
            .filter(|(c, _)| self.election_of(*c) == election);
        for &(column, metric) in columns {
            let Some(text) = self.table.cell(row, column) else {
                continue;
            };
            if self.layout.is_missing(text) {
                continue;
            }
            let place = self.place(row, column);
            // A per cent among votes ("Turnout | 50.5%") is no count.
            let metric = match metric {
                Metric::Votes if text.ends_with('%') => Metric::Share,
                metric => metric,
            };
            match Number::parse(text) {
                Some(number) => {
                    let number = self.in_percent(number, metric, column);
                    let measured = Measured { number, place };
                    // Blank and spoilt ballots are rejected in two columns.
                    let second = metric == Metric::RejectedVotes && figures.contains_key(&metric);
                    if second && self.is_told_above(metric, &measured, scope, out) {
                    } else if second {
                        out.figures.push(FigureRow {
                            scope: scope.clone(),
                            metric,
                            measured,
                            party: None,
                        });
                    } else {
                        figures.entry(metric).or_insert(measured);
                    }
                }
                None => out.unread.push(Unread {
                    place,
                    text: text.to_owned(),
                }),
            }
        }
        figures
    }

    fn in_percent(&self, number: Number, metric: Metric, column: usize) -> Number {
        let of_shares = self.fractions && matches!(metric, Metric::Share | Metric::ShareChange);
        let number = if of_shares || self.fraction_columns.contains(&column) {
            number.percent()
        } else {
            number
        };
        if metric.is_percent() {
            number
        } else {
            without_zero_decimals(number)
        }
    }

    fn elected(&self, row: usize) -> Option<bool> {
        let column = self.table.column_of(Role::Elected)?;
        self.layout.elected(self.table.cell(row, column))
    }

    fn read_outcome(&self, row: usize, scope: &Scope, out: &mut Relations) {
        let Some(name) = self.text(row, Role::Result) else {
            return;
        };
        if let Some((party, held)) = self.layout.outcome(&name.text) {
            let kind = if held {
                OutcomeKind::Hold
            } else {
                OutcomeKind::Gain
            };
            let (scope, place) = (scope.clone(), name.place);
            out.outcomes.push(OutcomeRow {
                scope,
                party,
                kind,
                place,
            });
        }
    }

    fn push_result(
        &self,
        row: usize,
        scope: &Scope,
        figures: BTreeMap<Metric, Measured>,
        aggregate: bool,
        out: &mut Relations,
    ) {
        let (own, of_contest): (BTreeMap<_, _>, BTreeMap<_, _>) = figures
            .into_iter()
            .partition(|(metric, _)| metric.is_of_entry());
        for (metric, measured) in of_contest {
            if !self.is_told_above(metric, &measured, scope, out) {
                out.figures.push(FigureRow {
                    scope: scope.clone(),
                    metric,
                    measured,
                    party: None,
                });
            }
        }
        let candidate = self.candidate(row);
        let party = self
            .text(row, Role::Party)
            .or_else(|| self.text(row, Role::PartyShort));
        let label = self.text(row, Role::Label);
        let label = label.map(|name| self.unmarked(&name));
        let has_value = self.table.column_of(Role::Value).is_some();
        if let (Some(label), true) = (&label, has_value) {
            let labelled = own.into_values().map(|measured| LabelledRow {
                scope: scope.clone(),
                label: label.clone(),
                measured,
            });
            out.labelled.extend(labelled);
        } else if !own.is_empty() && (candidate.is_some() || party.is_some() || label.is_some()) {
            out.results.push(ResultRow {
                table: self.id,
                row: u32::try_from(row).unwrap_or(u32::MAX),
                scope: scope.clone(),
                candidate: candidate.or(label),
                party,
                aggregate,
                wide: false,
                elected: self.elected(row),
                figures: own,
            });
        } else if let Some(first) = own.values().next() {
            self.push_nameless(row, scope, first.place, own.clone(), out);
        }
    }

    /// Is a figure the same cell as that of the row above: one that stands around
    /// the rows of a contest, or is merged over them?
    fn is_told_above(
        &self,
        metric: Metric,
        measured: &Measured,
        scope: &Scope,
        out: &Relations,
    ) -> bool {
        let Locator::Cells(spans) = &self.table.locator else {
            return false;
        };
        let place = measured.place;
        let span = |row: u32| {
            spans
                .get(row as usize)?
                .get(place.column as usize)
                .copied()?
        };
        let of_table = |f: &&FigureRow| f.measured.place.table == self.id;
        let mut last = out
            .figures
            .iter()
            .rev()
            .take(Metric::ALL.len())
            .filter(of_table);
        span(place.row).is_some()
            && last.any(|f| {
                let other = f.measured.place;
                f.metric == metric
                    && other.column == place.column
                    && f.scope.same_as(scope)
                    && span(other.row) == span(place.row)
            })
    }

    /// A row of figures without a name: the total of the rows above, where one
    /// of its counts is their sum (three rows at least); else nobody's.
    fn push_nameless(
        &self,
        row: usize,
        scope: &Scope,
        place: Place,
        figures: BTreeMap<Metric, Measured>,
        out: &mut Relations,
    ) {
        const ROWS: usize = 2;
        let above = |r: &&ResultRow| r.table == self.id && r.scope.same_as(scope);
        let sums = |metric: Metric, measured: &Measured| {
            let values: Vec<&Exact> = out
                .results
                .iter()
                .filter(above)
                .filter_map(|r| r.figures.get(&metric).map(|m| &m.number.value))
                .collect();
            let sum: Exact = values.iter().copied().sum();
            values.len() > ROWS && measured.number.value == sum && sum > whole(0)
        };
        let counts = [Metric::Votes, Metric::Seats];
        let is_total = figures
            .iter()
            .any(|(&m, f)| counts.contains(&m) && sums(m, f));
        if !is_total || row + 1 < self.table.rows() {
            let why = "a row of figures without a name".to_owned();
            out.left_out.push((place, why));
            return;
        }
        push_total(scope, figures, out);
    }

    fn unmarked(&self, name: &Name) -> Name {
        Name {
            text: self.layout.unmarked(&name.text).to_owned(),
            place: name.place,
        }
    }

    /// The candidate's name from its one column, or from two.
    fn candidate(&self, row: usize) -> Option<Name> {
        if let Some(name) = self.text(row, Role::Candidate) {
            return Some(self.unmarked(&name));
        }
        let surname = self.text(row, Role::Surname)?;
        let first = self.text(row, Role::FirstName);
        let text = first.map_or_else(String::new, |f| f.text + " ") + &surname.text;
        Some(Name {
            text,
            place: surname.place,
        })
    }
}

/// The candidate and the party that a column is of.
fn names_of_column(column: &WideColumn, place: Place) -> (Option<Name>, Option<Name>) {
    let name = |text: &String| Name {
        text: text.clone(),
        place,
    };
    match &column.whose {
        Whose::Candidate(text) | Whose::Others(text) => {
            (Some(name(text)), column.party.as_ref().map(name))
        }
        Whose::Party(text) => (None, Some(name(text))),
    }
}

/// Does a cell without a figure hide one? A dash stands for somebody who did not
/// stand; so does an empty cell, but not in one unit of a contest.
fn is_gap(text: &str, scope: &Scope) -> bool {
    let is_dash = |ch: char| matches!(ch, '-' | '–' | '—' | '−' | '.' | ' ');
    if text.trim().is_empty() {
        return scope.unit.is_some();
    }
    !text.chars().all(is_dash)
}

/// The contest that stands over a column; the row is then of a part of it.
fn scope_of_column(scope: &Scope, column: &WideColumn) -> Scope {
    let Some(contest) = &column.contest else {
        return scope.clone();
    };
    let place = (!scope.contest.is_empty()).then(|| scope.contest.clone());
    Scope {
        contest: contest.clone(),
        contest_key: key(contest),
        unit: scope.unit.clone().or(place),
        ..scope.clone()
    }
}

/// The contest and the election that go by these names; empty where there is
/// none.
#[must_use]
pub fn named_scope(
    layout: &Layout,
    mut contest: String,
    district: Option<&str>,
    election: String,
) -> Scope {
    if let Some(district) = district {
        let apart = if contest.is_empty() { "" } else { " " };
        contest = contest + apart + district;
    }
    // "Kensington 2017" is a contest and its election.
    let (contest, election) = match split_year(&contest) {
        Some((name, year)) if election.is_empty() => match layout.without_special(name) {
            Some((place, special)) => (place.to_owned(), format!("{year} {special}")),
            None => (name.to_owned(), year.to_owned()),
        },
        _ => (contest, election),
    };
    Scope {
        contest_key: key(&contest),
        election_key: layout.election_key(&election),
        contest,
        election,
        ..Scope::default()
    }
}

/// The figures of a row that is the total of the rows above.
fn push_total(scope: &Scope, figures: BTreeMap<Metric, Measured>, out: &mut Relations) {
    for (metric, measured) in figures {
        let metric = match metric {
            Metric::Votes => Metric::TotalVotes,
            Metric::Seats => Metric::SeatsDeclared,
            _ => continue,
        };
        out.figures.push(FigureRow {
            scope: scope.clone(),
            metric,
            measured,
            party: None,
        });
    }
}

/// What the cells of a labelled row are, by the kind of their columns.
fn push_figures(
    label: &RowLabel,
    party: Option<&str>,
    scope: &Scope,
    figures: BTreeMap<Metric, Measured>,
    out: &mut Relations,
) {
    let has_votes = figures.contains_key(&Metric::Votes);
    for (column, measured) in figures {
        let percent_sign = measured.number.decimals > 0 && label.share.is_some();
        let metric = match column {
            Metric::Share => label.share,
            Metric::ShareChange | Metric::VotesChange | Metric::SeatsChange => label.change,
            Metric::Votes if percent_sign => label.share,
            // A total of seats is of those that the table has.
            Metric::Seats if label.count.is_some_and(Metric::counts_all) => {
                Some(Metric::SeatsDeclared)
            }
            // Beside votes, the label is of these.
            Metric::Seats if has_votes => None,
            Metric::Votes | Metric::Seats => label.count,
            other => Some(other),
        };
        if let Some(metric) = metric {
            out.figures.push(FigureRow {
                scope: scope.clone(),
                metric,
                measured,
                party: party.map(ToOwned::to_owned),
            });
        }
    }
}

/// The name that most rows of a code have, where its rows have several and most
/// of them have one.
fn usual_names(table: &Table) -> BTreeMap<&str, (&str, usize)> {
    let columns = table
        .column_of(Role::ContestCode)
        .zip(table.column_of(Role::Contest));
    let Some((code, name)) = columns else {
        return BTreeMap::new();
    };
    let mut names: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for row in 0..table.rows() {
        if let (Some(code), Some(name)) = (table.cell(row, code), table.cell(row, name)) {
            *names.entry(code).or_default().entry(name).or_default() += 1;
        }
    }
    let several = names.into_iter().filter(|(_, names)| names.len() > 1);
    let usual = several.filter_map(|(code, names)| {
        let all: usize = names.values().sum();
        let most = names.into_iter().max_by_key(|(_, rows)| *rows);
        let most = most.filter(|(_, rows)| rows * 2 > all)?;
        Some((code, most))
    });
    usual.collect()
}

/// A name that ends in a year, cut in two.
fn split_year(name: &str) -> Option<(&str, &str)> {
    let (rest, year) = name.trim().rsplit_once(' ')?;
    let year = year.trim_matches(['(', ')', ',']);
    let is_year = year.len() == 4 && super::layout::year_in(year).is_some();
    is_year.then(|| (rest.trim_end_matches([',', ' ']), year))
}

/// A count printed `139.0` is 139.
fn without_zero_decimals(number: Number) -> Number {
    if number.decimals > 0 && number.value.is_integer() {
        Number {
            decimals: 0,
            ..number
        }
    } else {
        number
    }
}

impl Scope {
    fn same_as(&self, other: &Self) -> bool {
        self.contest == other.contest
            && self.election == other.election
            && self.stage == other.stage
            && self.unit == other.unit
    }
}
