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
}

/// The columns of results of a table that has one for each party.
///
/// Two headings at least name a party or an option. Columns of counts between
/// the first and the last of these are of others, whatever they are called.
/// Where no heading is known, columns of counts are of candidates if they add
/// up to the total of most rows.
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
    let found = wide_columns(table, layout, parties, total);
    let counted = total.filter(|&at| table.columns.get(at).is_some_and(|c| c.role != valid));
    Wide {
        total: counted.filter(|_| !found.is_empty()),
        columns: found,
    }
}

fn wide_columns(
    table: &Table,
    layout: &Layout,
    parties: &Parties,
    total: Option<usize>,
) -> Vec<WideColumn> {
    let named: Vec<WideColumn> = (0..table.columns.len())
        .filter_map(|at| named_column(table, at, layout, parties))
        .collect();
    let known = |w: &&WideColumn| !matches!(w.whose, Whose::Others(_));
    if named.iter().filter(known).count() >= 2 {
        return with_columns_between(table, named, total);
    }
    total.map_or_else(Vec::new, |total| adding_up(table, layout, total))
}

fn named_column(
    table: &Table,
    at: usize,
    layout: &Layout,
    parties: &Parties,
) -> Option<WideColumn> {
    let column = table.columns.get(at).filter(|c| c.role == Role::Other)?;
    let (name, metric) = layout.without_measure(&column.name);
    let metric = metric.or_else(|| metric_of(table, at))?;
    let others = layout.row(&name).is_some_and(|(row, _)| row.aggregate);
    let whose = if others {
        Whose::Others(name)
    } else if layout.is_option(&name) {
        Whose::Candidate(name)
    } else if !parties.ids(&name).is_empty() {
        Whose::Party(name)
    } else {
        return None;
    };
    Some(WideColumn { at, whose, metric })
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

fn with_columns_between(
    table: &Table,
    named: Vec<WideColumn>,
    total: Option<usize>,
) -> Vec<WideColumn> {
    let ends = named.first().zip(named.last()).map(|(a, b)| (a.at, b.at));
    let Some((first, last)) = ends else {
        return named;
    };
    let counts = named.iter().all(|w| w.metric == Metric::Votes);
    let mut all = named;
    for at in first..last {
        let unknown = table.columns.get(at).filter(|c| c.role == Role::Other);
        let Some(column) =
            unknown.filter(|_| counts && total != Some(at) && all.iter().all(|w| w.at != at))
        else {
            continue;
        };
        if metric_of(table, at) == Some(Metric::Votes) {
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

/// Columns of counts without known headings that add up to the total of most
/// rows, with a name for each row beside them.
fn adding_up(table: &Table, layout: &Layout, total: usize) -> Vec<WideColumn> {
    let places = [Role::Contest, Role::Unit, Role::Region];
    if places.iter().all(|&role| table.column_of(role).is_none()) {
        return Vec::new();
    }
    let columns: Vec<usize> = (0..table.columns.len())
        .filter(|&at| at != total)
        .filter(|&at| table.columns.get(at).is_some_and(|c| c.role == Role::Other))
        .filter(|&at| metric_of(table, at) == Some(Metric::Votes))
        .collect();
    let number = |row: usize, at: usize| Number::parse(table.cell(row, at)?);
    let adds_up = |&row: &usize| {
        let parts = columns.iter().filter_map(|&at| number(row, at));
        let sum: super::Exact = parts.map(|n| n.value).sum();
        number(row, total).is_some_and(|total| total.value == sum)
    };
    let fitting = (0..table.rows()).filter(adds_up).count();
    if columns.len() < 2 || fitting * 2 <= table.rows() {
        return Vec::new();
    }
    let column = |at: usize| {
        let name = table.columns.get(at).map(|c| c.name.clone())?;
        let others = layout.row(&name).is_some_and(|(row, _)| row.aggregate);
        let whose = if others {
            Whose::Others(name)
        } else {
            Whose::Candidate(name)
        };
        Some(WideColumn {
            at,
            whose,
            metric: Metric::Votes,
        })
    };
    columns.into_iter().filter_map(column).collect()
}
