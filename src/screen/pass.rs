//! A file in, out what its rows come to, and which are not sound.

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::Unfit;
use super::blocks::{At, Block, Blocks, each};
use super::judge::{Judge, Kind, Row};
use super::memory::Memory;
use super::plan::MAX_COUNTS;
use super::runs::{Halves, Held, Joined, Order, Repeats, Run, Runs, Stamps, Units, half};

/// So many rows at the start show what a table is, and are kept.
const SAMPLE_ROWS: u64 = 64;

/// Where a record stands in the file. Lines and rows are counted from the start
/// of its block, until [`Pass::placed`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub byte: u64,
    pub len: usize,
    pub block: usize,
    pub line: u64,
    pub row: u64,
    pub is_row: bool,
}

/// The sound rows of a file, or of a part of it.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub rows: u64,
    pub aggregates: u64,
    /// By the place of a sum in [`super::plan::Plan::sums`].
    pub holds: Vec<u64>,
}

impl Tally {
    pub fn add(&mut self, row: &Row<'_>) {
        if row.kind != Kind::Sound {
            return;
        }
        self.rows += 1;
        self.aggregates += u64::from(row.words.aggregate);
        for (at, held) in self.holds.iter_mut().enumerate() {
            *held += (row.holds >> at) & 1;
        }
    }

    pub fn take(&mut self, row: &Row<'_>) {
        if row.kind != Kind::Sound {
            return;
        }
        self.rows -= 1;
        self.aggregates -= u64::from(row.words.aggregate);
        for (at, held) in self.holds.iter_mut().enumerate() {
            *held -= (row.holds >> at) & 1;
        }
    }

    fn join(&mut self, other: &Self) {
        self.rows += other.rows;
        self.aggregates += other.aggregates;
        for (held, more) in self.holds.iter_mut().zip(&other.holds) {
            *held += more;
        }
    }
}

/// The units of a row of another table.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    pub parts: usize,
    pub value: i64,
    /// So many parts are in a sum of their own row that comes out.
    pub vouched: usize,
    /// Parts are in another sum as well.
    pub shared: bool,
    /// The first row that is a part of it, and the block of the last one.
    pub first: Option<Spot>,
    pub last: usize,
    /// A unit stands twice.
    pub repeats: bool,
    /// A part is no count.
    pub open: bool,
}

impl Sum {
    fn add(&mut self, row: &Row<'_>, spot: Spot, of_votes: u64) {
        if row.counted {
            self.parts += 1;
            self.value += row.votes;
            self.vouched += usize::from(row.holds & of_votes != 0);
        }
        self.shared |= row.words.sums.iter().flatten().count() > 1;
        self.open |= row.spoils;
        self.first = Some(self.first.map_or(spot, |first| first.min(spot)));
        self.last = self.last.max(spot.block);
    }

    /// Leaves out a row that is kept.
    pub fn take(&mut self, row: &Row<'_>, of_votes: u64) {
        self.parts -= 1;
        self.value -= row.votes;
        self.vouched -= usize::from(row.holds & of_votes != 0);
    }

    fn join(&mut self, other: &Self) {
        self.parts += other.parts;
        self.value += other.value;
        self.vouched += other.vouched;
        self.shared |= other.shared;
        self.open |= other.open;
        self.last = self.last.max(other.last);
        self.first = match (self.first, other.first) {
            (Some(one), Some(another)) => Some(one.min(another)),
            (one, another) => one.or(another),
        };
    }
}

/// What a thread has seen.
struct Worker {
    memory: Memory,
    stamps: Stamps,
    tally: Tally,
    sums: Vec<Sum>,
    blocks: Vec<Seen>,
}

/// What a block shows.
#[derive(Debug, Default)]
struct Seen {
    index: usize,
    lines: u64,
    rows: u64,
    odd: u64,
    kept: Vec<Spot>,
    /// Its first and last row.
    ends: Option<(Spot, Spot)>,
    /// Is the row before it kept, the one after it?
    beside: (bool, bool),
    /// Is the last row nobody's?
    nameless: bool,
    /// For each count, the first row in which it is long.
    long: Vec<Option<Spot>>,
    runs: Runs,
    repeats: Repeats,
    /// In a file of any order, what must not be the same twice.
    entries: Vec<u64>,
}

/// What a file shows.
#[derive(Debug)]
pub struct Pass {
    pub tally: Tally,
    pub sums: Vec<Sum>,
    /// Rows that are kept, without those of sums that do not come out.
    pub kept: Vec<Spot>,
    /// Lines and rows before each block.
    before: Vec<(u64, u64)>,
}

/// Collects what a block shows, row by row.
struct Collector<'w> {
    judge: &'w Judge<'w>,
    block: &'w Block,
    order: Order,
    seen: Seen,
    run: Run,
    stamps: &'w mut Stamps,
    previous: Option<Spot>,
    /// Is the next row kept?
    next: bool,
    /// Counts of which no long one was seen.
    short: u64,
    tally: &'w mut Tally,
    sums: &'w mut [Sum],
}

impl Collector<'_> {
    fn add(&mut self, row: &Row<'_>, at: At) {
        let is_row = row.kind != Kind::NoRow;
        let spot = Spot {
            byte: self.block.start + at.byte as u64,
            len: at.len,
            block: self.block.index,
            line: at.line,
            row: at.row,
            is_row,
        };
        let sample = self.block.index == 0 && at.row < SAMPLE_ROWS;
        let odd = row.kind != Kind::Sound;
        self.seen.odd += u64::from(odd);
        if odd {
            self.keep_with_neighbours(spot);
        } else if sample || std::mem::take(&mut self.next) {
            self.seen.kept.push(spot);
        }
        if !is_row {
            return;
        }
        self.tally.add(row);
        let part = row.counted || row.spoils;
        for sum in row.words.sums.into_iter().flatten().filter(|_| part) {
            if let Some(sum) = self.sums.get_mut(sum as usize) {
                sum.add(row, spot, self.judge.plan.of_votes);
            }
        }
        self.see_long(row, spot);
        self.hold(row, spot);
        self.seen.nameless = row.words.nameless;
        self.previous = Some(spot);
        let first = self.seen.ends.map_or(spot, |(first, _)| first);
        self.seen.ends = Some((first, spot));
    }

    fn keep_with_neighbours(&mut self, spot: Spot) {
        match self.previous {
            Some(previous) => self.seen.kept.push(previous),
            None => self.seen.beside.0 = true,
        }
        self.seen.kept.push(spot);
        self.next = true;
    }

    fn see_long(&mut self, row: &Row<'_>, spot: Spot) {
        let new = row.long & self.short;
        if new == 0 {
            return;
        }
        self.short &= !new;
        for (at, first) in self.seen.long.iter_mut().enumerate() {
            if (new >> at) & 1 == 1 {
                *first = Some(spot);
            }
        }
    }

    /// Holds a row of a unit against the others.
    fn hold(&mut self, row: &Row<'_>, spot: Spot) {
        if row.unit.id == 0 {
            return;
        }
        let held = Held::new(row, spot);
        if self.order == Order::Any {
            self.seen.entries.push(held.half(row.unit));
            return;
        }
        if *row.unit != self.run.unit {
            self.close();
            self.run.begin(*row.unit, self.stamps);
        }
        let before = self.seen.repeats.twice.len();
        self.run.add(held, self.stamps, &mut self.seen.repeats);
        if self.seen.repeats.twice.len() > before {
            self.keep_with_neighbours(spot);
        }
    }

    fn close(&mut self) {
        let unit = self.run.unit;
        if unit.id == 0 {
            return;
        }
        if self.seen.runs.first.is_none() {
            self.seen.runs.first = Some(std::mem::take(&mut self.run));
            return;
        }
        self.seen.runs.between.push(half(unit.id));
        if self.judge.counts_regions_together() {
            self.seen.runs.names.push(unit.name);
        }
    }

    fn done(mut self) -> Seen {
        if self.seen.runs.first.is_none() {
            self.close();
        } else if self.run.unit.id != 0 {
            self.seen.runs.last = Some(self.run);
        }
        self.seen.beside.1 = self.next;
        self.seen
    }
}

impl Pass {
    /// Goes through the rows of a file; `None` where its order is another.
    ///
    /// # Errors
    /// Where the file is to be read whole.
    pub fn of(blocks: &Blocks<'_>, judge: &Judge<'_>, order: Order) -> Result<Option<Self>, Unfit> {
        let empty = Tally {
            holds: vec![0; judge.plan.sums.len()],
            ..Tally::default()
        };
        let state = || Worker {
            memory: Memory::default(),
            stamps: Stamps::default(),
            tally: empty.clone(),
            sums: vec![Sum::default(); judge.wholes.len()],
            blocks: Vec::new(),
        };
        let job = |worker: &mut Worker, block: &Block| worker.see(judge, order, block);
        let workers = blocks.on_all_threads(state, job)?;
        let mut pass = Self {
            tally: empty.clone(),
            sums: vec![Sum::default(); judge.wholes.len()],
            kept: Vec::new(),
            before: Vec::new(),
        };
        let mut seen: Vec<Seen> = Vec::new();
        for worker in workers {
            pass.tally.join(&worker.tally);
            for (sum, more) in pass.sums.iter_mut().zip(&worker.sums) {
                sum.join(more);
            }
            seen.extend(worker.blocks);
        }
        seen.sort_by_key(|block| block.index);
        let odd: u64 = seen.iter().map(|block| block.odd).sum();
        let rows: u64 = seen.iter().map(|block| block.rows).sum();
        // Much the same is kept as without the screen.
        if odd * 2 > rows.max(SAMPLE_ROWS) {
            return Err(Unfit::Shape("most of its rows"));
        }
        if seen.last().is_some_and(|block| block.nameless) {
            return Err(Unfit::Shape("a last row without a name"));
        }
        pass.number(&seen);
        pass.keep(&seen);
        let fits = match order {
            Order::ByUnit => pass.join_units(judge, seen)?,
            Order::Any => pass.join_entries(blocks, judge, seen)?,
        };
        Ok(fits.then_some(pass))
    }

    /// Leaves out a row that is kept.
    pub fn take(&mut self, row: &Row<'_>, of_votes: u64) {
        self.tally.take(row);
        let sums = row.words.sums.into_iter().flatten();
        for sum in sums.filter(|_| row.counted) {
            if let Some(sum) = self.sums.get_mut(sum as usize) {
                sum.take(row, of_votes);
            }
        }
    }

    fn number(&mut self, seen: &[Seen]) {
        let (mut lines, mut rows) = (0, 0);
        for block in seen {
            self.before.push((lines, rows));
            lines += block.lines;
            rows += block.rows;
        }
    }

    fn keep(&mut self, seen: &[Seen]) {
        let mut long = vec![None; MAX_COUNTS];
        let mut last: Option<(Spot, bool)> = None;
        for block in seen {
            self.kept.extend(&block.kept);
            for (first, own) in long.iter_mut().zip(&block.long) {
                *first = first.or(*own);
            }
            let Some((first_row, last_row)) = block.ends else {
                continue;
            };
            if let Some((before, wants_next)) = last {
                self.kept.extend(wants_next.then_some(first_row));
                self.kept.extend(block.beside.0.then_some(before));
            }
            last = Some((last_row, block.beside.1));
        }
        self.kept.extend(long.into_iter().flatten());
        self.kept.extend(last.map(|(row, _)| row));
    }

    fn join_units(&mut self, judge: &Judge<'_>, seen: Vec<Seen>) -> Result<bool, Unfit> {
        let (mut units, mut repeats) = (Units::default(), Repeats::default());
        for block in seen {
            self.mark(&block.repeats);
            if !units.add(block.runs, &mut repeats) {
                return Ok(false);
            }
        }
        if !units.end() {
            return Ok(false);
        }
        self.mark(&repeats);
        // Units of several regions may share a name: then sums over all of them
        // have a unit twice. With more parts than there are names, they do.
        let names = units.names();
        if judge.counts_regions_together() && names < units.len() {
            for (at, sum) in self.sums.iter_mut().enumerate() {
                let of_all = judge.wholes.get(at).is_some_and(|stated| stated.of_all);
                if !of_all || sum.parts == 0 {
                    continue;
                }
                if sum.parts <= names {
                    return Err(Unfit::Shape("units that share a name"));
                }
                sum.repeats = true;
            }
        }
        Ok(true)
    }

    fn mark(&mut self, repeats: &Repeats) {
        self.kept.extend(&repeats.twice);
        for &at in &repeats.sums {
            if let Some(sum) = self.sums.get_mut(at as usize) {
                sum.repeats = true;
            }
        }
    }

    /// In a file of any order: what stands twice is looked for once more.
    fn join_entries(
        &mut self,
        blocks: &Blocks<'_>,
        judge: &Judge<'_>,
        seen: Vec<Seen>,
    ) -> Result<bool, Unfit> {
        if judge.counts_regions_together() {
            return Err(Unfit::Shape("its order"));
        }
        let mut entries: Vec<u64> = Vec::new();
        for mut block in seen {
            entries.append(&mut block.entries);
        }
        entries.par_sort_unstable();
        let twice = entries
            .windows(2)
            .filter(|pair| pair.first() == pair.last());
        let twice: Halves = twice.flatten().copied().collect();
        drop(entries);
        if twice.is_empty() {
            return Ok(true);
        }
        let state = || (Memory::default(), Vec::new());
        let found = blocks.on_all_threads(state, |(memory, found), block| {
            each(judge, memory, &block.text, |row, at| {
                let held = Held::new(row, Spot::in_block(block, at));
                if row.unit.id != 0 && twice.contains(&held.half(row.unit)) {
                    found.push((row.unit.id, held));
                }
                Ok(())
            })?;
            Ok(())
        })?;
        let found = found.into_iter().flat_map(|(_, found)| found);
        let mut found: Vec<(u128, Held)> = found.collect();
        found.sort_by_key(|(unit, held)| (*unit, held.byte()));
        let mut repeats = Repeats::default();
        for rows in found.chunk_by(|(one, _), (another, _)| one == another) {
            let mut joined = Joined::default();
            for (_, held) in rows {
                joined.add(*held, &mut repeats);
            }
        }
        self.mark(&repeats);
        Ok(true)
    }

    /// A place with its line and row in the whole file, each from 0.
    pub fn placed(&self, judge: &Judge<'_>, spot: Spot) -> Spot {
        let (lines, rows) = self.before.get(spot.block).copied().unwrap_or_default();
        Spot {
            line: spot.line + lines + judge.plan.start.1 as u64,
            row: spot.row + rows,
            ..spot
        }
    }

    /// Sums that do not come out, or whose parts are no counts, with their
    /// numbers.
    fn broken_sums(&self, judge: &Judge<'_>) -> Vec<(u32, &Sum)> {
        let broken = self.sums.iter().enumerate().filter(|(at, sum)| {
            let differs = judge.wholes.get(*at).is_some_and(|s| s.differs(sum.value));
            sum.open || sum.parts > 1 && !sum.repeats && differs
        });
        broken
            .filter_map(|(at, sum)| Some((u32::try_from(at).ok()?, sum)))
            .collect()
    }

    /// The rows of these; of those that have more than `most` all together, the
    /// first rows. How many these are is the other number.
    pub fn of_broken_sums(
        &self,
        blocks: &Blocks<'_>,
        judge: &Judge<'_>,
        most: usize,
    ) -> Result<(Vec<Spot>, usize), Unfit> {
        let mut broken = self.broken_sums(judge);
        broken.sort_by_key(|(_, sum)| sum.first);
        let firsts = broken.iter().filter_map(|(_, sum)| sum.first);
        let mut found: Vec<Spot> = firsts.map(|spot| self.placed(judge, spot)).collect();
        let all = broken.len();
        let mut left = most;
        broken.retain(|(_, sum)| {
            let fits = sum.parts <= left;
            left -= if fits { sum.parts } else { 0 };
            fits
        });
        found.extend(self.of_sums(blocks, judge, &broken)?);
        Ok((found, all - broken.len()))
    }

    fn of_sums(
        &self,
        blocks: &Blocks<'_>,
        judge: &Judge<'_>,
        sums: &[(u32, &Sum)],
    ) -> Result<Vec<Spot>, Unfit> {
        let wanted: HashSet<u32> = sums.iter().map(|(at, _)| *at).collect();
        let in_blocks = sums
            .iter()
            .filter_map(|(_, sum)| Some(sum.first?.block..=sum.last));
        let in_blocks: BTreeSet<usize> = in_blocks.flatten().collect();
        let in_blocks: Vec<usize> = in_blocks.into_iter().collect();
        let state = || (Memory::default(), Vec::new());
        let found = blocks.some_on_all_threads(&in_blocks, state, |(memory, found), block| {
            each(judge, memory, &block.text, |row, at| {
                let mut sums = row.words.sums.iter().flatten();
                if sums.any(|sum| wanted.contains(sum)) {
                    found.push(self.placed(judge, Spot::in_block(block, at)));
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(found.into_iter().flat_map(|(_, found)| found).collect())
    }
}

impl Spot {
    fn in_block(block: &Block, at: At) -> Self {
        Self {
            byte: block.start + at.byte as u64,
            len: at.len,
            block: block.index,
            line: at.line,
            row: at.row,
            is_row: true,
        }
    }
}

impl Worker {
    fn see(&mut self, judge: &Judge<'_>, order: Order, block: &Block) -> Result<(), Unfit> {
        let counts = judge.plan.counts.len();
        let mut collector = Collector {
            judge,
            block,
            order,
            seen: Seen {
                index: block.index,
                long: vec![None; counts],
                ..Seen::default()
            },
            run: Run::default(),
            stamps: &mut self.stamps,
            previous: None,
            next: false,
            short: u64::MAX,
            tally: &mut self.tally,
            sums: &mut self.sums,
        };
        let ends = each(judge, &mut self.memory, &block.text, |row, at| {
            collector.add(row, at);
            Ok(())
        })?;
        let mut seen = collector.done();
        (seen.lines, seen.rows) = (ends.line, ends.row);
        self.blocks.push(seen);
        Ok(())
    }
}
