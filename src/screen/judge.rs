//! A row in, out what it is, and whether it is sound by itself.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::Unfit;
use super::plan::{MAX_COUNTS, Plan};
use super::wholes::Wholes;
use crate::model::{
    Field, Layout, Metric, Number, area_hash, field_at, field_text, fold, joined, key, named_scope,
    scope_hash, text_hash,
};

/// Counts have no more digits: sums of them stay numbers.
const MAX_DIGITS: usize = 10;
/// A longer row is no row of a table.
const MAX_ROW_BYTES: usize = 1 << 15;
const MAX_FIELDS: usize = 4096;
/// What is known of so many cells is kept; then it is found out anew.
const MAX_KNOWN: usize = 1 << 17;

/// A map whose keys are hashes already.
pub type ByHash<V> = HashMap<u64, V, BuildHasherDefault<Itself>>;

/// The hash of a hash.
#[derive(Debug, Default, Clone, Copy)]
pub struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = joined(self.0, u64::from(*byte));
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

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

/// What a row says. Names are given as numbers that differ where they do.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "they are told one by one")]
pub struct Row {
    pub kind: Kind,
    /// The unit within its region, and its name alone; 0 where it is in none.
    pub unit: u64,
    pub unit_name: u64,
    /// Whose result in which contest.
    pub entry: u64,
    /// All cells but its figures.
    pub key: u64,
    /// The sums of other tables that it is part of: of its region, of all.
    pub sums: [Option<u32>; 2],
    pub votes: i64,
    /// Do its votes count in these sums?
    pub counted: bool,
    /// They would, and are no count: the sums cannot be told.
    pub spoils: bool,
    /// Several candidates together.
    pub aggregate: bool,
    /// Nobody's figures.
    pub nameless: bool,
    /// A bit for each of [`Plan::sums`] that has parts and comes out.
    pub holds: u64,
    /// A bit for each of [`Plan::counts`] that has more than three digits.
    pub long: u64,
}

impl Row {
    fn of_kind(kind: Kind) -> Self {
        Self {
            kind,
            unit: 0,
            unit_name: 0,
            entry: 0,
            key: 0,
            sums: [None; 2],
            votes: 0,
            counted: false,
            spoils: false,
            aggregate: false,
            nameless: false,
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

#[derive(Debug, Clone, Copy)]
struct Scope {
    hash: u64,
    given: bool,
    named: Named,
}

#[derive(Debug, Clone, Copy)]
struct Whose {
    /// The key of the candidate.
    hash: Option<u64>,
    nameless: bool,
    named: Named,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UnitName {
    Given,
    Missing,
    /// It counts the others together.
    Total,
}

/// What is known of cells, so that each is looked at once.
#[derive(Debug, Default)]
pub struct Memory {
    fields: Vec<Field>,
    scopes: ByHash<Scope>,
    whose: ByHash<Whose>,
    units: ByHash<UnitName>,
    /// By the region: the areas, as far as other tables count them.
    areas: ByHash<[Option<u64>; 2]>,
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
        self.plan.region.is_some() && self.wholes.counts_area(area_hash(&[]))
    }

    /// The record that starts at `at`, which is no line end; with the end of its
    /// line.
    ///
    /// # Errors
    /// Where the records of the file cannot be told apart line by line, or other
    /// rows are judged by this one.
    pub fn record(
        &self,
        memory: &mut Memory,
        text: &str,
        at: usize,
    ) -> Result<(Row, usize), Unfit> {
        let mut fields = std::mem::take(&mut memory.fields);
        let end = self.part(text.as_bytes(), at, &mut fields)?;
        let record = Record {
            text,
            fields: &fields,
            quote: self.plan.quote,
        };
        let row = self.row(memory, &record)?;
        memory.fields = fields;
        Ok((row, end))
    }

    fn part(&self, bytes: &[u8], start: usize, fields: &mut Vec<Field>) -> Result<usize, Unfit> {
        fields.clear();
        let (delimiter, quote) = (self.plan.delimiter, self.plan.quote);
        let mut at = start;
        loop {
            let field = field_at(bytes, at, delimiter, quote);
            let end = field.end;
            let quoted = bytes.get(at) == Some(&quote);
            let inside = bytes.get(field.range.clone()).unwrap_or_default();
            if !field.sound || quoted && memchr::memchr2(b'\n', b'\r', inside).is_some() {
                return Err(Unfit::Shape("quotation marks"));
            }
            fields.push(field);
            if bytes.get(end) != Some(&delimiter) {
                let fits = end - start <= MAX_ROW_BYTES;
                return fits.then_some(end).ok_or(Unfit::Shape("a long row"));
            }
            if fields.len() > MAX_FIELDS {
                return Err(Unfit::Shape("a long row"));
            }
            at = end + 1;
        }
    }

    fn row(&self, memory: &mut Memory, record: &Record<'_>) -> Result<Row, Unfit> {
        let plan = self.plan;
        let counts = if record.fields.len() == plan.width {
            self.counts(record)
        } else {
            None
        };
        let mut row = match counts {
            Some(row) => row,
            None => match self.shape(record)? {
                Kind::Odd => self.odd(record),
                other => return Ok(Row::of_kind(other)),
            },
        };
        let hash = |column: usize| text_hash(&record.cell(column));
        let of = |column: Option<usize>| column.map_or(0, hash);
        let (region, unit) = (of(plan.region), hash(plan.unit));
        let (contest, district) = (hash(plan.contest), of(plan.district));
        let (election, party) = (of(plan.election), of(plan.party));
        let candidate = hash(plan.candidate);
        let known = [region, unit, contest, district, election, candidate, party];
        row.key = known.into_iter().fold(0, joined);
        let named_unit = (joined(region, unit), unit);
        let scope = joined(joined(contest, district), election);
        let scope = *look(&mut memory.scopes, scope, || self.scope(record));
        let whose = joined(candidate, party);
        let whose = *look(&mut memory.whose, whose, || self.whose(record));
        let unit = *look(&mut memory.units, unit, || self.unit(record));
        let areas = *look(&mut memory.areas, region, || self.areas(record));
        match unit {
            UnitName::Given => (row.unit, row.unit_name) = named_unit,
            UnitName::Missing => {}
            UnitName::Total => return Err(Unfit::Shape("rows that count all units")),
        }
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
        row.aggregate = named == Named::Aggregate;
        row.nameless = whose.nameless && is_result;
        row.entry = joined(scope.hash, whose.hash.unwrap_or(row.key));
        if let Some(hash) = whose.hash {
            let sum = |area| self.wholes.find(joined(joined(scope.hash, area), hash));
            row.sums = areas.map(|area| area.and_then(sum));
        }
        let given = scope.given && whose.hash.is_some() && unit == UnitName::Given;
        if !(given && is_result) {
            row.kind = Kind::Odd;
            row.counted = false;
            row.spoils = false;
        }
        Ok(row)
    }

    /// A row whose counts are plain; sound where those by mode add up.
    fn counts(&self, record: &Record<'_>) -> Option<Row> {
        let plan = self.plan;
        let mut row = Row::of_kind(Kind::Sound);
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
        let votes = plan.counts.iter().position(|&column| column == plan.votes);
        row.votes = value(votes?)?;
        row.counted = true;
        for (at, sum) in plan.sums.iter().enumerate() {
            let mut parts = sum.parts.iter().filter_map(|&part| value(part)).peekable();
            if parts.peek().is_none() {
                continue;
            }
            if value(sum.total) == Some(parts.sum()) {
                row.holds |= 1 << at;
            } else {
                row.kind = Kind::Odd;
            }
        }
        Some(row)
    }

    /// A row that has not the cells of a sound one; its votes may be a count.
    fn odd(&self, record: &Record<'_>) -> Row {
        let mut row = Row::of_kind(Kind::Odd);
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
        let count = record.fields.len();
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
            hash: scope_hash(&scope.contest_key, &scope.election_key),
            given: contest.is_some() && !scope.contest_key.is_empty(),
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
            hash: key.filter(|key| !key.is_empty()).map(|key| text_hash(&key)),
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

    fn unit(&self, record: &Record<'_>) -> UnitName {
        let name = record.cell(self.plan.unit);
        if self.layout.is_missing(&name) {
            UnitName::Missing
        } else if self.layout.is_total(&name) {
            UnitName::Total
        } else {
            UnitName::Given
        }
    }

    fn areas(&self, record: &Record<'_>) -> [Option<u64>; 2] {
        let counted = |area: &[String]| {
            let hash = area_hash(area);
            self.wholes.counts_area(hash).then_some(hash)
        };
        let region = self.plan.region.map(|column| fold(&record.cell(column)));
        let printed = self.plan.region.is_some_and(|c| !record.cell(c).is_empty());
        let own = region.filter(|_| printed).map(|region| counted(&[region]));
        [own.flatten(), counted(&[])]
    }
}

/// What is known of a cell, or is found out.
fn look<V>(known: &mut ByHash<V>, hash: u64, find: impl FnOnce() -> V) -> &V {
    if known.len() > MAX_KNOWN {
        known.clear();
    }
    known.entry(hash).or_insert_with(find)
}

struct Record<'t> {
    text: &'t str,
    fields: &'t [Field],
    quote: u8,
}

impl<'t> Record<'t> {
    /// A cell; empty where the record is too short.
    fn cell(&self, column: usize) -> Cow<'t, str> {
        let field = self.fields.get(column);
        field.map_or(Cow::Borrowed(""), |f| field_text(self.text, f, self.quote))
    }

    fn bytes(&self, column: usize) -> &'t [u8] {
        let range = self.fields.get(column).map(|field| field.range.clone());
        let bytes = range.and_then(|range| self.text.as_bytes().get(range));
        bytes.unwrap_or_default().trim_ascii()
    }
}

/// A plain count.
fn count(cell: &[u8]) -> Option<i64> {
    let plain = cell.len() <= MAX_DIGITS && cell.iter().all(u8::is_ascii_digit);
    let digit = |byte: &u8| i64::from(byte - b'0');
    plain.then(|| cell.iter().fold(0, |value, byte| value * 10 + digit(byte)))
}
