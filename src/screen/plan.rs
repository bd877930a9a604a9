//! The head of a table in, out what its columns are to the screen.

use super::{Head, Rows, Unfit};
use crate::model::StoredRows;
use crate::model::{Constant, Field, Layout, Locator, Metric, ModeColumns, Role, Table, field_at};

/// Columns of counts are bits of a word.
pub const MAX_COUNTS: usize = 32;

/// The columns of a table that can be screened.
#[derive(Debug)]
pub struct Plan {
    pub delimiter: u8,
    pub quote: u8,
    pub width: usize,
    /// The byte at which the first row starts, and its line, from 0.
    pub start: (usize, usize),
    /// The headings as printed, row by row.
    pub headings: Vec<Vec<String>>,
    pub contest: usize,
    pub district: Option<usize>,
    pub election: Option<usize>,
    /// The election of rows that name none.
    pub of_election: String,
    pub region: Option<usize>,
    pub unit: usize,
    pub candidate: usize,
    pub party: Option<usize>,
    pub votes: usize,
    /// The place of the votes in `counts`.
    pub votes_count: usize,
    /// Columns that hold counts: the votes, and those by mode.
    pub counts: Vec<usize>,
    /// Where each of `counts` is a part of another: their places in it.
    pub sums: Vec<ModeSum>,
    /// A bit for each of `sums` that the votes are in.
    pub of_votes: u64,
    /// Where the cells stand that tell whose result in which contest a row is:
    /// the first and the last of those that are beside each other.
    pub of_words: Vec<(usize, usize)>,
    /// The same of its unit.
    pub of_unit: Vec<(usize, usize)>,
}

/// A total and its parts, by their places in [`Plan::counts`].
#[derive(Debug)]
pub struct ModeSum {
    /// The column of the total.
    pub column: usize,
    pub total: usize,
    pub parts: Vec<usize>,
    /// A bit for each of `parts`.
    pub of_parts: u64,
}

impl Plan {
    /// # Errors
    /// Where the table has columns that rules look at and the screen does not.
    pub fn of(head: Head<'_>, layout: &Layout) -> Result<Self, Unfit> {
        let table = head.table;
        let shape = Shape::of(head)?;
        let columns = Columns(table);
        columns.are_known()?;
        let counts = columns.all(is_count);
        if counts.len() > MAX_COUNTS {
            return Err(Unfit::Shape("many columns"));
        }
        let at = |column: usize| counts.iter().position(|&count| count == column);
        let sums = mode_sums(ModeColumns::of(table, layout), at);
        let sums = sums.ok_or(Unfit::Shape("its modes"))?;
        let votes = columns.one(Role::Measure(Metric::Votes))?;
        let votes_count = at(votes).ok_or(Unfit::Shape("its votes"))?;
        let has_votes =
            |sum: &ModeSum| sum.total == votes_count || sum.parts.contains(&votes_count);
        let of_votes = sums.iter().enumerate();
        let of_votes = of_votes.map(|(at, sum)| u64::from(has_votes(sum)) << at);
        let of_election = |constant: &Constant| constant.text.clone();
        let [contest, candidate] = [Role::Contest, Role::Candidate].map(|role| columns.one(role));
        let [district, election] = [Role::District, Role::Election].map(|role| columns.some(role));
        let [region, party] = [Role::Region, Role::Party].map(|role| columns.some(role));
        let (contest, candidate, unit) = (contest?, candidate?, columns.one(Role::Unit)?);
        let words = [
            Some(contest),
            Some(candidate),
            district,
            election,
            region,
            party,
        ];
        Ok(Self {
            of_words: beside(&words),
            of_unit: beside(&[region, Some(unit)]),
            delimiter: shape.delimiter,
            quote: shape.quote,
            width: table.columns.len(),
            start: shape.start,
            headings: shape.headings,
            contest,
            district,
            election,
            of_election: table
                .election
                .as_ref()
                .map_or_else(String::new, of_election),
            region,
            unit,
            candidate,
            party,
            votes,
            votes_count,
            of_votes: of_votes.fold(0, |bits, bit| bits | bit),
            sums,
            counts,
        })
    }
}

/// Sums of modes, where all of their columns are counts.
fn mode_sums(all: Vec<ModeColumns>, at: impl Fn(usize) -> Option<usize>) -> Option<Vec<ModeSum>> {
    let sums = all.into_iter().map(|columns| {
        let parts = columns.parts.into_iter().map(&at);
        let parts: Vec<usize> = parts.collect::<Option<_>>()?;
        Some(ModeSum {
            column: columns.total,
            total: at(columns.total)?,
            of_parts: parts.iter().fold(0, |bits, part| bits | 1 << part),
            parts,
        })
    });
    sums.collect()
}

/// The first and the last of columns that are beside each other.
fn beside(columns: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut columns: Vec<usize> = columns.iter().copied().flatten().collect();
    columns.sort_unstable();
    let groups = columns.chunk_by(|one, next| one + 1 == *next);
    groups
        .filter_map(|group| Some((*group.first()?, *group.last()?)))
        .collect()
}

/// How rows are parted, and where they start.
struct Shape {
    delimiter: u8,
    quote: u8,
    start: (usize, usize),
    headings: Vec<Vec<String>>,
}

impl Shape {
    fn of(head: Head<'_>) -> Result<Self, Unfit> {
        let rows = match head.rows {
            Rows::Lines(_) => return Self::of_lines(head),
            Rows::Stored(rows) => rows,
        };
        let headings: Vec<String> = rows.columns().to_vec();
        if headings.len() != head.table.columns.len() {
            return Err(Unfit::Shape("its columns"));
        }
        Ok(Self {
            delimiter: StoredRows::DELIMITER,
            quote: StoredRows::QUOTE,
            start: (0, 0),
            headings: vec![headings],
        })
    }

    fn of_lines(head: Head<'_>) -> Result<Self, Unfit> {
        let Locator::Records {
            starts,
            delimiter,
            quote,
        } = &head.table.locator
        else {
            return Err(Unfit::Shape("its rows"));
        };
        let first = starts.first().and_then(|&at| usize::try_from(at).ok());
        let start = first.ok_or(Unfit::Shape("no rows"))?;
        let above = head.text.get(..start).unwrap_or_default();
        if above.contains('\r') && !above.contains('\n') {
            return Err(Unfit::Shape("the ends of its lines"));
        }
        Ok(Self {
            delimiter: *delimiter,
            quote: *quote,
            start: (start, memchr::memchr_iter(b'\n', above.as_bytes()).count()),
            headings: rows(above, *delimiter, *quote),
        })
    }
}

fn is_count(role: Role) -> bool {
    matches!(role, Role::Measure(Metric::Votes) | Role::ModeVotes)
}

/// The rows of cells of a text.
fn rows(text: &str, delimiter: u8, quote: u8) -> Vec<Vec<String>> {
    let bytes = text.as_bytes();
    let cell = |field: &Field| {
        text.get(field.range.clone())
            .unwrap_or("")
            .trim()
            .to_owned()
    };
    let (mut at, mut rows) = (0, vec![Vec::new()]);
    while at < bytes.len() {
        let field = field_at(bytes, at, delimiter, quote);
        if let Some(row) = rows.last_mut() {
            row.push(cell(&field));
        }
        if bytes.get(field.end) != Some(&delimiter) {
            rows.push(Vec::new());
        }
        at = field.end + 1;
    }
    rows.retain(|row| row.len() > 1);
    rows
}

struct Columns<'t>(&'t Table);

impl Columns<'_> {
    fn all(&self, wanted: impl Fn(Role) -> bool) -> Vec<usize> {
        let columns = self.0.columns.iter().enumerate();
        columns
            .filter(|(_, c)| wanted(c.role))
            .map(|(at, _)| at)
            .collect()
    }

    fn some(&self, role: Role) -> Option<usize> {
        self.0.column_of(role)
    }

    fn one(&self, role: Role) -> Result<usize, Unfit> {
        self.some(role)
            .ok_or(Unfit::Shape("a column that it lacks"))
    }

    /// Rules may ask anything of columns of other roles. Each of these says the
    /// same however many rows there are: nothing in them is guessed.
    fn are_known(&self) -> Result<(), Unfit> {
        let known = |role: Role| match role {
            Role::Contest
            | Role::District
            | Role::Region
            | Role::Election
            | Role::Unit
            | Role::Candidate
            | Role::Party
            | Role::Measure(Metric::Votes) => self.all(|other| other == role).len() == 1,
            role => role == Role::ModeVotes,
        };
        let mut columns = self.0.columns.iter();
        let plain = columns.all(|c| known(c.role) && !c.guessed && c.election.is_none());
        plain
            .then_some(())
            .ok_or(Unfit::Shape("a column of another kind"))
    }
}
