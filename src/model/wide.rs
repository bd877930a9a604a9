//! A table whose headings are parties, candidates or options ("Con", "Lab",
//! "Yes"), in: which of its columns are results of whom, out.

use super::{Layout, Metric, Number, Parties, Role, Table};

/// Whom a column of results is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Party(String),
    /// A candidate, or an option of a referendum.
    Candidate(String),
    /// All others together.
    Others(String),
}

/// A column of results of one party, candidate or option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WideColumn {
    pub at: usize,
    pub whose: Whose,
    pub metric: Metric,
}

/// What the headings of a table say that has a column for each party.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wide {
    /// None where rows, not columns, are of parties.
    pub columns: Vec<WideColumn>,
    /// The column of their totals.
    pub total: Option<usize>,
    /// Columns of figures of the whole row ("Over Votes": rejected votes), by
    /// the words that rows are known by.
    pub figures: Vec<(usize, Metric)>,
    /// The column that says what each row is of, where it is no unit.
    pub place: Option<usize>,
}

/// The columns of results of a table that has one for each party.
///
/// Two headings at least name a party or an option. Columns of counts between
/// the first and the last of these are of others, whatever they are called.
/// Where no heading is known, columns of counts are of candidates if they add
/// up to the total of most rows, with or without the rejected votes.
#[must_use]
pub fn wide(table: &Table, layout: &Layout, parties: &Parties) -> Wide {
    let of_rows = [
        Role::Candidate,
        Role::Surname,
        Role::Party,
        Role::PartyShort,
        Role::Label,
        Role::Measure(Metric::Share),
        Role::Measure(Metric::Seats),
    ];
    let columns = || table.columns.iter().enumerate();
    let is_total = |name: &str| layout.is_total(name);
    let votes =
        columns().any(|(_, c)| c.role == Role::Measure(Metric::Votes) && !is_total(&c.name));
    if votes || of_rows.iter().any(|&role| table.column_of(role).is_some()) {
        return Wide::default();
    }
    let valid = Role::Measure(Metric::ValidVotes);
    let total = columns().find(|(_, c)| is_total(&c.name) || c.role == valid);
    let total = total.map(|(at, _)| at);
    let figures = figure_columns(table, layout, total);
    let found = Unnamed {
        table,
        layout,
        figures: &figures,
        total,
    };
    let found = found.columns(parties);
    if found.is_empty() {
        return Wide::default();
    }
    Wide {
        total: total.filter(|&at| table.columns.get(at).is_some_and(|c| c.role != valid)),
        columns: found,
        figures,
        place: place_of(table),
    }
}

/// The contests; else of several columns of areas the one that tells most rows
/// apart ("Region", "County").
fn place_of(table: &Table) -> Option<usize> {
    let columns = table.columns.iter().enumerate();
    let regions = columns.filter(|(_, column)| column.role == Role::Region);
    let distinct = |at: usize| {
        let cells = (0..table.rows()).filter_map(|row| table.cell(row, at));
        cells.collect::<std::collections::BTreeSet<_>>().len()
    };
    let finest = regions
        .map(|(at, _)| at)
        .rev()
        .max_by_key(|at| distinct(*at));
    table.column_of(Role::Contest).or(finest)
}

/// Columns that no heading names, but the words of a row do.
fn figure_columns(table: &Table, layout: &Layout, total: Option<usize>) -> Vec<(usize, Metric)> {
    let columns = table.columns.iter().enumerate();
    let unknown = columns.filter(|(at, c)| c.role == Role::Other && total != Some(*at));
    let figures = unknown.filter_map(|(at, column)| {
        let (row, party) = layout.row(&column.name)?;
        let metric = row.count.filter(|&m| m != Metric::TotalVotes)?;
        let counts = metric_of(table, at) == Some(Metric::Votes);
        (party.is_none() && counts).then_some((at, metric))
    });
    figures.collect()
}

/// A table whose headings are to be told apart.
struct Unnamed<'a> {
    table: &'a Table,
    layout: &'a Layout,
    figures: &'a [(usize, Metric)],
    total: Option<usize>,
}

impl Unnamed<'_> {
    /// The columns that are nothing else.
    fn unknown(&self) -> impl Iterator<Item = usize> {
        let columns = self.table.columns.iter().enumerate();
        let unknown = columns.filter(|(_, column)| column.role == Role::Other);
        let free = unknown.filter(|(at, _)| self.total != Some(*at));
        let free = free.filter(|(at, _)| self.figures.iter().all(|(figure, _)| figure != at));
        free.map(|(at, _)| at)
    }

    fn columns(&self, parties: &Parties) -> Vec<WideColumn> {
        let named: Vec<WideColumn> = self
            .unknown()
            .filter_map(|at| self.named(at, parties))
            .collect();
        let known = |w: &&WideColumn| !matches!(w.whose, Whose::Others(_));
        if named.iter().filter(known).count() >= 2 {
            return self.with_columns_between(named);
        }
        let total = self.total;
        total.map_or_else(Vec::new, |total| self.adding_up(total))
    }

    fn named(&self, at: usize, parties: &Parties) -> Option<WideColumn> {
        let column = self.table.columns.get(at)?;
        let (name, metric) = self.layout.without_measure(&column.name);
        let metric = metric.or_else(|| metric_of(self.table, at))?;
        let whose = if self.is_of_others(&name) {
            Whose::Others(name)
        } else if self.layout.is_option(&name) {
            Whose::Candidate(name)
        } else if !parties.ids(&name).is_empty() {
            Whose::Party(name)
        } else {
            return None;
        };
        Some(WideColumn { at, whose, metric })
    }

    fn is_of_others(&self, name: &str) -> bool {
        self.layout.row(name).is_some_and(|(row, _)| row.aggregate)
    }

    fn with_columns_between(&self, named: Vec<WideColumn>) -> Vec<WideColumn> {
        let ends = named.first().zip(named.last()).map(|(a, b)| (a.at, b.at));
        let Some((first, last)) = ends else {
            return named;
        };
        let counts = named.iter().all(|w| w.metric == Metric::Votes);
        let mut all = named;
        for at in self.unknown().filter(|at| (first..last).contains(at)) {
            let Some(column) = self.table.columns.get(at).filter(|_| counts) else {
                continue;
            };
            let free = all.iter().all(|w| w.at != at);
            if free && metric_of(self.table, at) == Some(Metric::Votes) {
                all.push(WideColumn {
                    at,
                    whose: Whose::Party(column.name.clone()),
                    metric: Metric::Votes,
                });
            }
        }
        all.sort_by_key(|w| w.at);
        all
    }

    /// Columns of counts without known headings that add up to the total of
    /// most rows, with a name for each row beside them; and the shares that
    /// stand beside them under the same names. Numbers before them ("Poll") are
    /// none of them.
    fn adding_up(&self, total: usize) -> Vec<WideColumn> {
        let places = [Role::Contest, Role::Unit, Role::Region];
        if places.iter().all(|&r| self.table.column_of(r).is_none()) {
            return Vec::new();
        }
        let (counts, others): (Vec<usize>, Vec<usize>) = self
            .unknown()
            .partition(|&at| metric_of(self.table, at) == Some(Metric::Votes));
        let from = (0..counts.len().saturating_sub(1))
            .find(|&from| counts.get(from..).is_some_and(|of| self.fits(of, total)));
        let counts = from.and_then(|from| counts.get(from..)).unwrap_or_default();
        let votes = counts.iter().filter_map(|&at| self.of_candidate(at, None));
        let mut found: Vec<WideColumn> = votes.collect();
        let shares = others.into_iter().filter_map(|at| {
            let (_, metric) = self
                .layout
                .without_measure(&self.table.columns.get(at)?.name);
            let share = self.of_candidate(at, metric.filter(|&m| m == Metric::Share))?;
            let known = found.iter().any(|votes| votes.whose == share.whose);
            (share.metric == Metric::Share && known).then_some(share)
        });
        let shares: Vec<WideColumn> = shares.collect();
        found.extend(shares);
        found
    }

    /// Do some columns make the total of most rows?
    fn fits(&self, columns: &[usize], total: usize) -> bool {
        let number = |row: usize, at: usize| Number::parse(self.table.cell(row, at)?);
        let sum = |row: usize, columns: &mut dyn Iterator<Item = usize>| -> super::Exact {
            columns
                .filter_map(|at| number(row, at))
                .map(|n| n.value)
                .sum()
        };
        let rejected = |row: usize| {
            let by_role = self.table.columns.iter().enumerate();
            let by_role = by_role.filter(|(_, c)| c.role == Role::Measure(Metric::RejectedVotes));
            let by_words = self.figures.iter().copied();
            let by_words = by_words.filter(|(_, metric)| *metric == Metric::RejectedVotes);
            sum(
                row,
                &mut by_role.map(|(at, _)| at).chain(by_words.map(|(at, _)| at)),
            )
        };
        let adds_up = |&row: &usize| {
            let votes = sum(row, &mut columns.iter().copied());
            let total = number(row, total).map(|n| n.value);
            total.is_some_and(|total| total == votes || total == votes + rejected(row))
        };
        let fitting = (0..self.table.rows()).filter(adds_up).count();
        fitting * 2 > self.table.rows()
    }

    /// A column of somebody whose name is not known.
    fn of_candidate(&self, at: usize, metric: Option<Metric>) -> Option<WideColumn> {
        let (name, own) = self
            .layout
            .without_measure(&self.table.columns.get(at)?.name);
        let whose = if self.is_of_others(&name) {
            Whose::Others(name)
        } else {
            Whose::Candidate(name)
        };
        Some(WideColumn {
            at,
            whose,
            metric: metric.or(own).unwrap_or(Metric::Votes),
        })
    }
}

/// Counts are votes; numbers with decimals, none above 100, are shares.
fn metric_of(table: &Table, at: usize) -> Option<Metric> {
    let numbers = numbers(table, at)?;
    if numbers.iter().all(|n| n.decimals <= 0) {
        Some(Metric::Votes)
    } else if numbers.iter().all(|n| n.value <= super::whole(100)) {
        Some(Metric::Share)
    } else {
        None
    }
}

/// The numbers of a column that has nothing else.
fn numbers(table: &Table, at: usize) -> Option<Vec<Number>> {
    let cells = (0..table.rows()).filter_map(|row| table.cell(row, at));
    let numbers: Option<Vec<Number>> = cells.map(Number::parse).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}
