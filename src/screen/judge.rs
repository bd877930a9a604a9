//! A row in, out what it is, and whether it is sound by itself.

use super::Unfit;
use super::marks::Marks;
use super::memory::{Memory, Unit, Words};
use super::plan::{MAX_COUNTS, Plan};
use super::record::Record;
use super::wholes::Wholes;
use crate::model::{Layout, Metric, Number, fold, identity, key, named_scope};

/// Counts have no more digits: sums of them stay numbers.
const MAX_DIGITS: usize = 10;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is printed.
    Blank,
    /// It is kept, and no row.
    NoRow,
    /// A row that is not proved sound.
    Odd,
    Sound,
}

/// What a row says.
#[derive(Debug, Clone, Copy)]
pub struct Row<'m> {
    pub kind: Kind,
    /// Whose result in which contest.
    pub words: &'m Words,
    pub unit: &'m Unit,
    pub votes: i64,
    /// Do its votes count in the sums that it is part of?
    pub counted: bool,
    /// They would, and are no count: the sums cannot be told.
    pub spoils: bool,
    /// A bit for each of [`Plan::sums`] that has parts and comes out.
    pub holds: u64,
    /// A bit for each of [`Plan::counts`] that has more than three digits.
    pub long: u64,
}

/// What the figures of a row say.
#[derive(Debug, Clone, Copy)]
struct Figures {
    kind: Kind,
    votes: i64,
    counted: bool,
    spoils: bool,
    holds: u64,
    long: u64,
}

impl Figures {
    fn of_kind(kind: Kind) -> Self {
        Self {
            kind,
            votes: 0,
            counted: false,
            spoils: false,
            holds: 0,
            long: 0,
        }
    }
}

/// What the words of a row say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Result,
    Aggregate,
    /// It is kept; no other row is judged by it.
    Apart,
    /// The figure of a contest, by which its results are judged.
    Figure,
}

/// A contest in an election.
struct Scope {
    contest_key: String,
    election_key: String,
    given: bool,
    named: Named,
}

struct Whose {
    /// The key of the candidate.
    key: Option<String>,
    nameless: bool,
    named: Named,
}

/// Judges rows by themselves.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    pub plan: &'a Plan,
    pub wholes: &'a Wholes,
    layout: &'a Layout,
}

impl<'a> Judge<'a> {
    pub fn new(plan: &'a Plan, wholes: &'a Wholes, layout: &'a Layout) -> Self {
        Self {
            plan,
            wholes,
            layout,
        }
    }

    /// Do other tables count the units of all regions together?
    pub fn counts_regions_together(&self) -> bool {
        self.plan.region.is_some() && self.wholes.counts_area(&[])
    }

    pub fn marks<'t>(&self, text: &'t str) -> Marks<'t> {
        Marks::new(text, self.plan.delimiter, self.plan.quote)
    }

    /// What a record is.
    ///
    /// # Errors
    /// Where other rows are judged by this one.
    pub fn row<'m>(&self, memory: &'m mut Memory, record: &Record<'_>) -> Result<Row<'m>, Unfit> {
        let plan = self.plan;
        let counts = if record.len() == plan.width {
            self.counts(record)
        } else {
            None
        };
        let mut figures = match counts {
            Some(figures) => figures,
            None => match self.shape(record)? {
                Kind::Odd => self.odd(record),
                other => Figures::of_kind(other),
            },
        };
        if matches!(figures.kind, Kind::Blank | Kind::NoRow) {
            let (words, unit) = memory.nothing();
            return Ok(figures.with(words, unit));
        }
        let (words, unit) = memory.look(
            record,
            plan,
            |numbers| {
                let words = self.words(record)?;
                Ok(words.numbered(numbers))
            },
            || self.unit(record),
        )?;
        if !(words.given && unit.id != 0) {
            figures.kind = Kind::Odd;
            figures.counted = false;
            figures.spoils = false;
        }
        Ok(figures.with(words, unit))
    }

    /// What the words of a row say.
    fn words(&self, record: &Record<'_>) -> Result<Words, Unfit> {
        let plan = self.plan;
        let (scope, whose) = (self.scope(record), self.whose(record));
        let named = if whose.named == Named::Result {
            scope.named
        } else {
            whose.named
        };
        let of_contest = scope.named == Named::Figure && whose.named == Named::Result;
        if !of_contest && (named == Named::Figure || scope.named != Named::Result) {
            return Err(Unfit::Shape("figures of contests by unit"));
        }
        let is_result = matches!(named, Named::Result | Named::Aggregate);
        let of = |column: Option<usize>| column.map_or_else(Default::default, |c| record.cell(c));
        let cells = [
            record.cell(plan.contest),
            of(plan.district),
            of(plan.election),
            record.cell(plan.candidate),
            of(plan.party),
        ];
        let key = identity(&cells.each_ref().map(AsRef::as_ref));
        let contest = [&scope.contest_key, &scope.election_key].map(String::as_str);
        let entry = match &whose.key {
            Some(whose) => identity(&[contest[0], contest[1], whose]),
            None => key,
        };
        let sum = |area: Vec<String>| {
            let whose = whose.key.as_deref()?;
            self.wholes.find(contest, &area, whose)
        };
        Ok(Words {
            key: (0, key),
            entry: (0, entry),
            sums: self.areas(record).map(|area| area.and_then(sum)),
            aggregate: named == Named::Aggregate,
            nameless: whose.nameless && is_result,
            given: scope.given && whose.key.is_some() && is_result,
        })
    }

    /// A row whose counts are plain; sound where those by mode add up.
    fn counts(&self, record: &Record<'_>) -> Option<Figures> {
        let plan = self.plan;
        let mut row = Figures::of_kind(Kind::Sound);
        let (mut values, mut given) = ([0; MAX_COUNTS], 0_u64);
        for (at, &column) in plan.counts.iter().enumerate() {
            let cell = record.bytes(column);
            if cell.is_empty() {
                continue;
            }
            *values.get_mut(at)? = count(cell)?;
            given |= 1 << at;
            row.long |= u64::from(cell.len() > 3) << at;
        }
        let value = |at: usize| {
            let value = values.get(at).copied();
            value.filter(|_| (given >> at) & 1 == 1)
        };
        row.votes = value(plan.votes_count)?;
        row.counted = true;
        for (at, sum) in plan.sums.iter().enumerate() {
            if given & sum.of_parts == 0 {
                continue;
            }
            // Those that are not given are 0 here.
            let parts = sum.parts.iter().filter_map(|&part| values.get(part));
            if value(sum.total) == Some(parts.sum()) {
                row.holds |= 1 << at;
            } else {
                row.kind = Kind::Odd;
            }
        }
        Some(row)
    }

    /// A row that has not the cells of a sound one; its votes may be a count.
    fn odd(&self, record: &Record<'_>) -> Figures {
        let mut row = Figures::of_kind(Kind::Odd);
        let votes = record.cell(self.plan.votes);
        let number = Number::parse(&votes).filter(|_| !self.layout.is_missing(&votes));
        if let Some(number) = number {
            let whole = number.value.is_integer().then(|| number.value.to_integer());
            let votes = whole.and_then(|whole| i64::try_from(whole).ok());
            let most = 10_i64.pow(10);
            row.votes = votes.filter(|votes| votes.abs() < most).unwrap_or(0);
            row.counted = votes == Some(row.votes);
            row.spoils = !row.counted;
        }
        row
    }

    /// What a record is that has not the cells of a sound row.
    fn shape(&self, record: &Record<'_>) -> Result<Kind, Unfit> {
        let count = record.len();
        let filled = (0..count).rposition(|column| !record.cell(column).is_empty());
        let filled = filled.map_or(0, |at| at + 1);
        if filled == 0 {
            return Ok(Kind::Blank);
        }
        if filled == 1 && Number::parse(&record.cell(0)).is_none() {
            // Where no row follows it, it is a note.
            return Err(Unfit::Shape("a line of words"));
        }
        let mut headings = self.plan.headings.iter();
        let is_heading = headings.any(|row| {
            let mut cells = row.iter().enumerate();
            cells.all(|(column, heading)| record.cell(column) == heading.as_str())
        });
        let fits = filled <= self.plan.width && !is_heading;
        Ok(if fits { Kind::Odd } else { Kind::NoRow })
    }

    fn scope(&self, record: &Record<'_>) -> Scope {
        let plan = self.plan;
        let text = |column: usize| {
            let cell = record.cell(column);
            (!self.layout.is_missing(&cell)).then(|| cell.into_owned())
        };
        let contest = text(plan.contest);
        let named = contest
            .as_deref()
            .map_or(Named::Result, |contest| self.named(contest));
        let election = plan.election.and_then(text);
        let scope = named_scope(
            self.layout,
            contest.clone().unwrap_or_default(),
            plan.district.and_then(text).as_deref(),
            election.unwrap_or_else(|| plan.of_election.clone()),
        );
        Scope {
            given: contest.is_some() && !scope.contest_key.is_empty(),
            contest_key: scope.contest_key,
            election_key: scope.election_key,
            named: match named {
                Named::Apart => Named::Figure,
                other => other,
            },
        }
    }

    fn whose(&self, record: &Record<'_>) -> Whose {
        let text = |column: usize| {
            let cell = record.cell(column);
            (!self.layout.is_missing(&cell)).then(|| cell.into_owned())
        };
        let candidate = text(self.plan.candidate);
        let party = self.plan.party.and_then(text);
        let mut named = [&candidate, &party].into_iter().flatten();
        let named = named.find_map(|name| {
            let named = self.named(name);
            (named != Named::Result).then_some(named)
        });
        let key = candidate
            .as_ref()
            .map(|name| key(self.layout.unmarked(name)));
        Whose {
            nameless: candidate.is_none() && party.is_none(),
            key: key.filter(|key| !key.is_empty()),
            named: named.unwrap_or(Named::Result),
        }
    }

    /// What a row is whose name this is.
    fn named(&self, name: &str) -> Named {
        let Some((label, _)) = self.layout.row(name) else {
            return Named::Result;
        };
        if label.left_out.is_some() {
            Named::Apart
        } else if label.aggregate {
            Named::Aggregate
        } else if label.count == Some(Metric::RejectedVotes) {
            // Nothing is added up to these alone.
            Named::Apart
        } else {
            Named::Figure
        }
    }

    fn unit(&self, record: &Record<'_>) -> Result<Unit, Unfit> {
        let name = record.cell(self.plan.unit);
        if self.layout.is_missing(&name) {
            return Ok(Unit::default());
        }
        if self.layout.is_total(&name) {
            return Err(Unfit::Shape("rows that count all units"));
        }
        let region = self.plan.region.map(|column| record.cell(column));
        Ok(Unit {
            id: identity(&[&region.unwrap_or_default(), &name]),
            name: identity(&[&name]),
        })
    }

    /// The areas of a row, as far as other tables count them: its region, all.
    fn areas(&self, record: &Record<'_>) -> [Option<Vec<String>>; 2] {
        let counted = |area: Vec<String>| self.wholes.counts_area(&area).then_some(area);
        let region = self.plan.region.map(|column| record.cell(column));
        let region = region.filter(|region| !region.is_empty());
        let own = region.map(|region| vec![fold(&region)]);
        [own.and_then(counted), counted(Vec::new())]
    }
}

impl Figures {
    fn with<'m>(self, words: &'m Words, unit: &'m Unit) -> Row<'m> {
        Row {
            kind: self.kind,
            words,
            unit,
            votes: self.votes,
            counted: self.counted,
            spoils: self.spoils,
            holds: self.holds,
            long: self.long,
        }
    }
}

/// A plain count.
fn count(cell: &[u8]) -> Option<i64> {
    let digits = Some(cell).filter(|cell| cell.len() <= MAX_DIGITS);
    digits?.iter().try_fold(0, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    })
}
