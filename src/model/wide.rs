//! A table whose headings are parties, candidates or options ("Con", "Lab",
//! "Yes"), in: which of its columns are results of whom, out.

use super::modes::Moded;
use super::table::JOINT;
use super::{Exact, Layout, Metric, Number, Parties, Role, Table, whole};

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
    /// The candidate's, in brackets after the name.
    pub party: Option<String>,
    pub metric: Metric,
    /// What stands over the names of those who stand in one contest.
    pub contest: Option<String>,
}

/// What the headings of a table say that has a column for each party.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wide {
    /// None where rows, not columns, are of parties.
    pub columns: Vec<WideColumn>,
    /// Columns that count all of these together, and what they count.
    pub totals: Vec<(usize, Metric)>,
    /// Columns of counts beside those of parties that name none.
    pub unknown: Vec<usize>,
    /// Columns of figures of the whole row ("Over Votes": rejected votes), by
    /// the words that rows are known by.
    pub figures: Vec<(usize, Metric)>,
}

impl Wide {
    /// What a column counts of all together.
    #[must_use]
    pub fn total(&self, column: usize) -> Option<Metric> {
        let mut totals = self.totals.iter();
        totals.find_map(|&(at, metric)| (at == column).then_some(metric))
    }
}

/// The columns of results of a table that has one for each party.
///
/// Two headings at least name a party or an option. Columns of counts between
/// the first and the last of these are of others, whatever they are called; so
/// are those beside them if all add up to another column in most rows. Where no
/// heading is known, columns of counts are of candidates if they add up to the
/// total of most rows.
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
    if of_rows.iter().any(|&role| table.column_of(role).is_some()) {
        return Wide::default();
    }
    let totals: Vec<(usize, Metric)> = (0..table.columns.len())
        .filter_map(|at| Some((at, total_of(table, at, layout)?)))
        .collect();
    let figures = figure_columns(table, layout, &totals);
    let reader = Reader {
        table,
        layout,
        parties,
        totals: &totals,
        figures: &figures,
        moded: moded(table, layout),
    };
    let columns = reader.columns();
    if columns.is_empty() {
        return Wide::default();
    }
    Wide {
        unknown: reader.unknown(&columns),
        columns,
        totals,
        figures,
    }
}

/// The names over columns of votes by mode that have a column of all as well.
fn moded(table: &Table, layout: &Layout) -> Vec<String> {
    let columns = table.columns.iter().filter(|c| c.role == Role::Other);
    let all: Vec<Moded> = columns.filter_map(|c| Moded::of(&c.name, layout)).collect();
    let parted = |of: &&Moded| all.iter().any(|m| m.name == of.name && !m.is_total);
    let totals = all.iter().filter(|m| m.is_total).filter(parted);
    totals.map(|m| m.name.clone()).collect()
}

/// Columns that no heading names, but the words of a row do.
fn figure_columns(
    table: &Table,
    layout: &Layout,
    totals: &[(usize, Metric)],
) -> Vec<(usize, Metric)> {
    let columns = table.columns.iter().enumerate();
    let unknown = columns.filter(|(_, column)| column.role == Role::Other);
    let free = unknown.filter(|(at, _)| totals.iter().all(|(total, _)| total != at));
    let figures = free.filter_map(|(at, column)| {
        let (row, party) = layout.row(&column.name)?;
        let metric = row.count.filter(|&metric| metric != Metric::TotalVotes)?;
        let whole = numbers_of(table, layout, at)?
            .iter()
            .all(|n| n.decimals <= 0);
        (party.is_none() && whole).then_some((at, metric))
    });
    figures.collect()
}

/// What a column counts of all together: what a row with its heading would; for
/// votes that are nobody's, all.
fn total_of(table: &Table, at: usize, layout: &Layout) -> Option<Metric> {
    let column = table.columns.get(at)?;
    if layout.is_total(&column.name) {
        return Some(Metric::TotalVotes);
    }
    if column.role != Role::Measure(Metric::Votes) {
        return None;
    }
    let row = layout.row(&column.name).and_then(|(row, _)| row.count);
    Some(row.unwrap_or(Metric::TotalVotes))
}

/// The column that says what each row is of: the contests; else of several
/// columns of areas the one that tells most rows apart ("Region", "County").
#[must_use]
pub fn place_of(table: &Table) -> Option<usize> {
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

/// The numbers of a column that has nothing else but missing values.
fn numbers_of(table: &Table, layout: &Layout, at: usize) -> Option<Vec<Number>> {
    let rows = (0..table.rows()).filter(|&row| !is_percents(table, layout, row));
    let cells = rows.filter_map(|row| table.cell(row, at));
    let cells: Vec<&str> = cells.filter(|cell| !layout.is_missing(cell)).collect();
    let counts = cells.iter().filter(|cell| !cell.ends_with('%')).copied();
    let counts: Vec<&str> = counts.collect();
    let cells = if counts.is_empty() { cells } else { counts };
    let numbers: Option<Vec<Number>> = cells.into_iter().map(Number::parse).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

/// Is a row of the totals in per cent?
fn is_percents(table: &Table, layout: &Layout, row: usize) -> bool {
    let name = table.cell(row, 0);
    name.is_some_and(|name| layout.is_percents(name))
}

/// Reads the headings of a table.
struct Reader<'a> {
    table: &'a Table,
    layout: &'a Layout,
    parties: &'a Parties,
    totals: &'a [(usize, Metric)],
    figures: &'a [(usize, Metric)],
    /// Whose votes are given by mode, and all together.
    moded: Vec<String>,
}

impl Reader<'_> {
    fn columns(&self) -> Vec<WideColumn> {
        let all = 0..self.table.columns.len();
        let named: Vec<WideColumn> = all.clone().filter_map(|at| self.named(at)).collect();
        let known = |w: &&WideColumn| !matches!(w.whose, Whose::Others(_));
        if named.iter().filter(known).count() >= 2 {
            return self.with_shares(self.with_beside(self.with_between(named)));
        }
        let valid = Role::Measure(Metric::ValidVotes);
        let mut totals = all.filter(|&at| {
            let valid = self.table.columns.get(at).is_some_and(|c| c.role == valid);
            valid || self.totals.iter().any(|(total, _)| *total == at)
        });
        totals
            .next()
            .map_or_else(Vec::new, |total| self.adding_up(total))
    }

    fn named(&self, at: usize) -> Option<WideColumn> {
        let column = self.table.columns.get(at);
        let column = column.filter(|c| c.role == Role::Other && self.is_none_of_totals(at))?;
        let heading = self.without_mode(&column.name)?;
        let (contest, name, metric) = self.parts(&heading);
        let metric = metric.or_else(|| self.metric_of(at))?;
        let (whose, party) = self.whose(&name)?;
        Some(WideColumn {
            at,
            whose,
            party,
            metric,
            contest,
        })
    }

    /// A heading without the words for all ways of voting; `None` of one that is
    /// of one way only, beside a column of all.
    fn without_mode(&self, heading: &str) -> Option<String> {
        match Moded::of(heading, self.layout) {
            Some(moded) if self.moded.contains(&moded.name) => moded.is_total.then_some(moded.name),
            _ => Some(heading.to_owned()),
        }
    }

    /// The contest, the name and the measure that a heading gives.
    fn parts(&self, heading: &str) -> (Option<String>, String, Option<Metric>) {
        let parts: Vec<&str> = heading.split(JOINT).collect();
        let measure = |part: &str| self.layout.without_measure(&format!("x {part}")).1;
        let (own, metric): (Vec<&str>, Option<Metric>) = match parts.as_slice() {
            [rest @ .., low] if !rest.is_empty() && measure(low).is_some() => {
                (rest.to_vec(), measure(low))
            }
            [top, rest @ ..] if !rest.is_empty() && measure(top).is_some() => {
                (rest.to_vec(), measure(top))
            }
            all => (all.to_vec(), None),
        };
        let (name, above) = own.split_last().map_or(("", &[][..]), |(n, a)| (*n, a));
        let (name, of_name) = self.layout.without_measure(name);
        let contest = (!above.is_empty()).then(|| above.join(" "));
        (contest, name, metric.or(of_name))
    }

    /// Whose column has this name; a candidate's if a party stands behind it.
    fn whose(&self, name: &str) -> Option<(Whose, Option<String>)> {
        let is_party = |name: &str| !self.parties.ids(name).is_empty();
        if self.is_others(name) {
            Some((Whose::Others(name.to_owned()), None))
        } else if self.layout.is_option(name) {
            Some((Whose::Candidate(name.to_owned()), None))
        } else if is_party(name) {
            Some((Whose::Party(name.to_owned()), None))
        } else {
            let Some(inner) = name.strip_suffix([')', ']']) else {
                return self.led_by_party(name);
            };
            let (candidate, party) = inner.rsplit_once(['(', '['])?;
            let (candidate, party) = (candidate.trim(), party.trim());
            let candidate = (is_party(party) && !candidate.is_empty()).then_some(candidate)?;
            Some((
                Whose::Candidate(candidate.to_owned()),
                Some(party.to_owned()),
            ))
        }
    }

    /// A candidate's name after the short form of a party: "DEM Ann Lee".
    fn led_by_party(&self, name: &str) -> Option<(Whose, Option<String>)> {
        const SHORT: usize = 5;
        let (party, candidate) = name.split_once([' ', '\n'])?;
        let candidate = candidate.trim_start_matches([' ', '-', '–', ':']);
        let is_short = party.len() <= SHORT && party.chars().all(char::is_uppercase);
        let is_person = candidate.split_whitespace().count() >= 2
            && candidate.starts_with(char::is_uppercase)
            && self.layout.row(candidate).is_none()
            && !self.layout.knows(candidate);
        let known = is_short && is_person && !self.parties.ids(party).is_empty();
        known.then(|| {
            let whose = Whose::Candidate(candidate.to_owned());
            (whose, Some(party.to_owned()))
        })
    }

    fn is_others(&self, name: &str) -> bool {
        self.layout.row(name).is_some_and(|(row, _)| row.aggregate)
    }

    fn is_none_of_totals(&self, at: usize) -> bool {
        let mut taken = self.totals.iter().chain(self.figures);
        taken.all(|(other, _)| *other != at)
    }

    /// Counts are votes, or seats where the table says who runs each council; numbers with decimals, none above 100, are shares. Per
    /// cents among counts are another row's.
    fn metric_of(&self, at: usize) -> Option<Metric> {
        let numbers = self.numbers(at)?;
        if numbers.iter().all(|n| n.decimals <= 0) {
            Some(self.counted())
        } else if numbers.iter().all(|n| n.value <= whole(100)) {
            Some(Metric::Share)
        } else {
            None
        }
    }

    /// What the counts of the table are.
    fn counted(&self) -> Metric {
        match self.table.column_of(Role::Control) {
            Some(_) => Metric::Seats,
            None => Metric::Votes,
        }
    }

    fn numbers(&self, at: usize) -> Option<Vec<Number>> {
        numbers_of(self.table, self.layout, at)
    }

    /// A column of counts under a heading that says nothing.
    fn unnamed(&self, at: usize) -> Option<WideColumn> {
        let column = self.table.columns.get(at);
        let column = column.filter(|c| c.role == Role::Other && self.is_none_of_totals(at))?;
        if self.metric_of(at) != Some(self.counted()) {
            return None;
        }
        let (contest, name, _) = self.parts(&self.without_mode(&column.name)?);
        let whose = if self.is_others(&name) {
            Whose::Others(name)
        } else {
            Whose::Party(name)
        };
        Some(WideColumn {
            at,
            whose,
            party: None,
            metric: self.counted(),
            contest,
        })
    }

    /// Adds the columns of shares that leave out the party of a name: "Lee pct"
    /// beside "Lee (D)".
    fn with_shares(&self, mut all: Vec<WideColumn>) -> Vec<WideColumn> {
        let votes: Vec<WideColumn> = all
            .iter()
            .filter(|w| w.metric == Metric::Votes)
            .cloned()
            .collect();
        let shares = self.shares_of(&votes).into_iter();
        let shares: Vec<WideColumn> = shares
            .filter(|share| all.iter().all(|w| w.at != share.at))
            .collect();
        all.extend(shares);
        all
    }

    fn with_between(&self, mut all: Vec<WideColumn>) -> Vec<WideColumn> {
        let known = || all.iter().filter(|w| !matches!(w.whose, Whose::Others(_)));
        let ends = known().next().zip(known().next_back());
        let ends = ends.map(|(a, b)| (a.at, b.at));
        let counts = all.iter().all(|w| w.metric == self.counted());
        let Some((first, last)) = ends.filter(|_| counts) else {
            return all;
        };
        let between = (first..last).filter(|&at| all.iter().all(|w| w.at != at));
        let between: Vec<WideColumn> = between.filter_map(|at| self.unnamed(at)).collect();
        all.extend(between);
        all.sort_by_key(|w| w.at);
        all
    }

    /// Adds the columns before and after, if with them all add up.
    fn with_beside(&self, all: Vec<WideColumn>) -> Vec<WideColumn> {
        let votes = all.iter().all(|w| w.metric == Metric::Votes);
        let of_one = all.iter().all(|w| w.contest.is_none());
        let (before, after) = self.beside(&all);
        if !votes || !of_one || before.is_empty() && after.is_empty() || self.some_total(&all) {
            return all;
        }
        for (before, after) in [(&[][..], &after[..]), (&before, &[]), (&before, &after)] {
            let more = before.iter().chain(&all).chain(after).cloned();
            let mut more: Vec<WideColumn> = more.collect();
            more.sort_by_key(|w| w.at);
            if self.some_total(&more) {
                return more;
            }
        }
        all
    }

    /// The columns of counts next to some others, on both sides.
    fn beside(&self, all: &[WideColumn]) -> (Vec<WideColumn>, Vec<WideColumn>) {
        let known = || all.iter().filter(|w| !matches!(w.whose, Whose::Others(_)));
        let Some((first, last)) = known().next().zip(known().next_back()) else {
            return (Vec::new(), Vec::new());
        };
        let (first, last) = (first.at, last.at);
        let is_free = |w: &WideColumn| all.iter().all(|other| other.at != w.at);
        let before = (0..first).rev().map_while(|at| self.unnamed(at));
        let mut before: Vec<WideColumn> = before.filter(is_free).collect();
        before.reverse();
        let after = last + 1..self.table.columns.len();
        let after = after.map_while(|at| self.unnamed(at));
        (before, after.filter(is_free).collect())
    }

    /// Is there a column that they add up to, in most rows?
    fn some_total(&self, parts: &[WideColumn]) -> bool {
        let parts: Vec<usize> = parts.iter().map(|w| w.at).collect();
        let others = (0..self.table.columns.len()).filter(|at| !parts.contains(at));
        let mut others = others.filter(|&at| {
            let column = self.table.columns.get(at);
            column.is_some_and(|c| !c.role.is_key())
        });
        others.any(|total| self.add_up(&parts, total))
    }

    fn add_up(&self, parts: &[usize], total: usize) -> bool {
        let number = |row: usize, at: usize| Number::parse(self.table.cell(row, at)?);
        let adds_up = |&row: &usize| {
            let parts = parts.iter().filter_map(|&at| number(row, at));
            let sum: Exact = parts.map(|n| n.value).sum();
            number(row, total).is_some_and(|total| total.value == sum)
        };
        (0..self.table.rows()).filter(adds_up).count() * 2 > self.table.rows()
    }

    /// Columns of counts beside those of parties that are taken for nothing.
    fn unknown(&self, columns: &[WideColumn]) -> Vec<usize> {
        let (before, after) = self.beside(columns);
        before.into_iter().chain(after).map(|w| w.at).collect()
    }

    /// Columns of counts without known headings that add up to the total of most
    /// rows, with a name for each row beside them.
    fn adding_up(&self, total: usize) -> Vec<WideColumn> {
        let places = [Role::Contest, Role::Unit, Role::Region];
        if places
            .iter()
            .all(|&role| self.table.column_of(role).is_none())
        {
            return Vec::new();
        }
        let columns: Vec<WideColumn> = (0..self.table.columns.len())
            .filter(|&at| at != total)
            .filter_map(|at| self.unnamed(at))
            .collect();
        let parts: Vec<usize> = columns.iter().map(|w| w.at).collect();
        let fits =
            self.add_up(&parts, total) || self.add_up(&[parts, self.rejected()].concat(), total);
        if columns.len() < 2 || !fits {
            return Vec::new();
        }
        let of_candidate = |column: WideColumn| WideColumn {
            whose: match column.whose {
                Whose::Party(name) => Whose::Candidate(name),
                other => other,
            },
            ..column
        };
        let votes: Vec<WideColumn> = columns.into_iter().map(of_candidate).collect();
        let shares = self.shares_of(&votes);
        votes.into_iter().chain(shares).collect()
    }

    /// Columns of rejected votes.
    fn rejected(&self) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        let named = columns.filter(|(_, c)| c.role == Role::Measure(Metric::RejectedVotes));
        let by_words = self.figures.iter();
        let by_words = by_words.filter(|(_, metric)| *metric == Metric::RejectedVotes);
        let named = named.map(|(at, _)| at);
        named.chain(by_words.map(|(at, _)| *at)).collect()
    }

    /// The columns of shares that stand under the names of columns of votes.
    fn shares_of(&self, votes: &[WideColumn]) -> Vec<WideColumn> {
        let of = |at: usize| {
            let column = self.table.columns.get(at);
            let column = column.filter(|c| c.role == Role::Other && self.is_none_of_totals(at))?;
            let (name, metric) = self.layout.without_measure(&column.name);
            let metric = metric.or_else(|| self.metric_of(at))?;
            let own = votes.iter().find(|own| match &own.whose {
                Whose::Candidate(of) | Whose::Party(of) | Whose::Others(of) => *of == name,
            })?;
            (metric == Metric::Share).then(|| WideColumn {
                at,
                metric,
                ..own.clone()
            })
        };
        (0..self.table.columns.len()).filter_map(of).collect()
    }
}
