//! Does each row stand once? In a file whose rows of a unit stand together, only
//! those of one unit are compared, and only the names of the units are kept; in
//! any other, a number for each row.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use super::judge::Row;
use super::memory::{ById, Itself, Numbered, Unit};
use super::pass::Spot;

/// How rows are held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    ByUnit,
    Any,
}

/// Halves of identities: where two are the same, it is looked once more.
pub type Halves = HashSet<u64, BuildHasherDefault<Itself>>;
type Ids = HashSet<u128, BuildHasherDefault<Itself>>;
type Sums = [Option<u32>; 2];

/// A row, as far as others are held against it.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    entry: Numbered,
    key: Numbered,
    sums: Sums,
    /// Is it a part of its sums?
    part: bool,
    spot: Spot,
}

impl Held {
    pub fn new(row: &Row<'_>, spot: Spot) -> Self {
        Self {
            entry: row.words.entry,
            key: row.words.key,
            sums: row.words.sums,
            part: row.counted || row.spoils,
            spot,
        }
    }

    /// Half of what tells whose figure it is, in a unit.
    pub fn half(&self, unit: &Unit) -> u64 {
        half(unit.id.rotate_left(1) ^ self.entry.1)
    }

    pub fn byte(&self) -> u64 {
        self.spot.byte
    }
}

/// What rows of one unit that are of one entry show.
#[derive(Debug, Default)]
pub struct Repeats {
    /// Rows that stand twice, the first of them as well.
    pub twice: Vec<Spot>,
    /// Sums in which a unit stands twice.
    pub sums: Vec<u32>,
}

impl Repeats {
    fn add_twice(&mut self, first: Spot, row: &Held) {
        if first != row.spot {
            self.twice.extend([first, row.spot]);
        }
    }

    fn add_part(&mut self, first: &Held, row: &Held) {
        if first.spot != row.spot {
            self.sums
                .extend(first.sums.into_iter().chain(row.sums).flatten());
        }
    }
}

/// The rows of a unit that stand together in a block.
#[derive(Debug, Default)]
pub struct Run {
    pub unit: Unit,
    rows: Vec<Held>,
}

/// Where the identities of the unit at hand stand in its run, by their numbers.
#[derive(Debug, Default)]
pub struct Stamps {
    /// The number of the unit at hand.
    at: u32,
    keys: Vec<(u32, usize)>,
    parts: Vec<(u32, usize)>,
}

impl Stamps {
    fn begin(&mut self) {
        self.at += 1;
    }

    /// The place of a number in the unit at hand, unless it is a new one.
    fn first(
        places: &mut Vec<(u32, usize)>,
        unit: u32,
        number: u32,
        place: usize,
    ) -> Option<usize> {
        let number = number as usize;
        if number >= places.len() {
            places.resize(number * 2 + 64, (0, 0));
        }
        let stamp = places.get_mut(number)?;
        if stamp.0 == unit {
            return Some(stamp.1);
        }
        *stamp = (unit, place);
        None
    }
}

impl Run {
    /// Empties it for another unit.
    pub fn begin(&mut self, unit: Unit, stamps: &mut Stamps) {
        self.unit = unit;
        self.rows.clear();
        stamps.begin();
    }

    pub fn add(&mut self, row: Held, stamps: &mut Stamps, out: &mut Repeats) {
        let place = self.rows.len();
        let key = Stamps::first(&mut stamps.keys, stamps.at, row.key.0, place);
        if let Some(first) = key.and_then(|at| self.rows.get(at)) {
            out.add_twice(first.spot, &row);
        }
        if row.part {
            let part = Stamps::first(&mut stamps.parts, stamps.at, row.entry.0, place);
            if let Some(first) = part.and_then(|at| self.rows.get(at)) {
                out.add_part(first, &row);
            }
        }
        self.rows.push(row);
    }
}

/// The rows of a unit of several blocks.
#[derive(Debug, Default)]
pub struct Joined {
    unit: Unit,
    keys: ById<Spot>,
    parts: ById<Held>,
}

impl Joined {
    fn of(run: Run) -> Self {
        let mut joined = Self {
            unit: run.unit,
            ..Self::default()
        };
        // What is the same within the run is known already.
        let mut known = Repeats::default();
        for row in run.rows {
            joined.add(row, &mut known);
        }
        joined
    }

    pub fn add(&mut self, row: Held, out: &mut Repeats) {
        out.add_twice(*self.keys.entry(row.key.1).or_insert(row.spot), &row);
        if row.part {
            out.add_part(self.parts.entry(row.entry.1).or_insert(row), &row);
        }
    }
}

/// The units of a block: the first and the last may go on in others.
#[derive(Debug, Default)]
pub struct Runs {
    pub first: Option<Run>,
    /// The units between.
    pub between: Vec<u64>,
    /// The names of these, where they matter.
    pub names: Vec<u128>,
    /// `None` where there is but one.
    pub last: Option<Run>,
}

/// Units one after another, as they stand in the file.
#[derive(Debug, Default)]
pub struct Units {
    open: Option<Joined>,
    closed: Halves,
    names: Ids,
}

/// Half of an identity.
#[expect(clippy::cast_possible_truncation, reason = "that is wanted")]
pub fn half(id: u128) -> u64 {
    id as u64
}

impl Units {
    /// Adds those of the next block; `false` where a unit may come again.
    pub fn add(&mut self, runs: Runs, out: &mut Repeats) -> bool {
        let Some(first) = runs.first else { return true };
        match &mut self.open {
            Some(open) if open.unit == first.unit => {
                for row in first.rows {
                    open.add(row, out);
                }
            }
            _ => {
                if !self.end() {
                    return false;
                }
                self.open = Some(Joined::of(first));
            }
        }
        let Some(last) = runs.last else { return true };
        if !self.end() {
            return false;
        }
        self.open = Some(Joined::of(last));
        self.names.extend(runs.names);
        let mut between = runs.between.into_iter();
        between.all(|unit| self.closed.insert(unit))
    }

    /// Ends the last one.
    pub fn end(&mut self) -> bool {
        self.open.take().is_none_or(|last| {
            self.names.insert(last.unit.name);
            self.closed.insert(half(last.unit.id))
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.closed.len()
    }

    /// How many names they have, where these were given.
    pub fn names(&self) -> usize {
        self.names.len()
    }
}
