//! Does each row stand once? In a file whose rows of a unit stand together, only
//! those of one unit are compared, and only the names of the units are kept; in
//! any other, a number for each row.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use super::judge::{ByHash, Itself, Row};
use super::pass::Spot;

/// How rows are held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    ByUnit,
    Any,
}

pub type Hashes = HashSet<u64, BuildHasherDefault<Itself>>;

/// A row, as far as others are held against it.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub entry: u64,
    pub key: u64,
    pub sums: [Option<u32>; 2],
    pub counted: bool,
    pub spot: Spot,
}

impl Held {
    pub fn new(row: &Row, spot: Spot) -> Self {
        Self {
            entry: row.entry,
            key: row.key,
            sums: row.sums,
            counted: row.counted,
            spot,
        }
    }
}

/// What rows of one unit that are of one entry show.
#[derive(Debug, Default)]
pub struct Repeats {
    /// Rows that stand twice, the first of them as well.
    pub twice: Vec<Spot>,
    /// Sums in which a unit stands twice.
    pub sums: Vec<u32>,
    /// Sums that cannot be told.
    pub spoilt: Vec<u32>,
}

/// The rows of a unit so far.
#[derive(Debug, Default)]
pub struct Unit {
    /// The unit within its region.
    pub id: u64,
    pub name: u64,
    pub entries: ByHash<Held>,
    /// By their keys, rows of entries that have several.
    several: ByHash<Spot>,
    /// The further rows of these.
    more: Vec<Held>,
}

impl Unit {
    /// Empties it for another unit.
    pub fn begin(&mut self, unit: u64, name: u64) {
        (self.id, self.name) = (unit, name);
        self.entries.clear();
        self.several.clear();
        self.more.clear();
    }

    pub fn add(&mut self, row: Held, out: &mut Repeats) {
        let first = *self.entries.entry(row.entry).or_insert(row);
        if first.spot == row.spot {
            return;
        }
        let sums = first.sums.into_iter().chain(row.sums).flatten();
        if first.counted && row.counted {
            out.sums.extend(sums);
        } else {
            out.spoilt.extend(sums);
        }
        self.more.push(row);
        self.several.entry(first.key).or_insert(first.spot);
        let known = *self.several.entry(row.key).or_insert(row.spot);
        if known != row.spot {
            out.twice.extend([known, row.spot]);
        }
    }
}

/// The units of a block: the first and the last may go on in others.
#[derive(Debug, Default)]
pub struct Runs {
    pub first: Option<Unit>,
    /// The units between, with their names.
    pub between: Vec<(u64, u64)>,
    /// `None` where there is but one.
    pub last: Option<Unit>,
}

/// Units one after another, as they stand in the file.
#[derive(Debug, Default)]
pub struct Units {
    open: Option<Unit>,
    closed: Hashes,
    pub names: Hashes,
}

impl Units {
    /// Adds those of the next block; `false` where a unit comes again.
    pub fn add(&mut self, runs: Runs, out: &mut Repeats) -> bool {
        let Some(first) = runs.first else { return true };
        match &mut self.open {
            Some(open) if open.id == first.id => {
                let mut rows: Vec<Held> = first.entries.into_values().collect();
                rows.extend(first.more);
                rows.sort_by_key(|row| row.spot.byte);
                for row in rows {
                    open.add(row, out);
                }
            }
            _ => {
                let before = self.open.replace(first);
                if !before.is_none_or(|unit| self.close(unit.id, unit.name)) {
                    return false;
                }
            }
        }
        let Some(last) = runs.last else { return true };
        let before = self.open.replace(last);
        before.is_none_or(|unit| self.close(unit.id, unit.name))
            && runs
                .between
                .into_iter()
                .all(|(unit, name)| self.close(unit, name))
    }

    /// Ends the last one.
    pub fn end(&mut self) -> bool {
        let last = self.open.take();
        last.is_none_or(|unit| self.close(unit.id, unit.name))
    }

    fn close(&mut self, unit: u64, name: u64) -> bool {
        self.names.insert(name);
        self.closed.insert(unit)
    }

    pub fn len(&self) -> usize {
        self.closed.len()
    }
}
