//! A file in, its lines out in blocks, to as many threads as there are.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::judge::{Judge, Kind, Row};
use super::memory::Memory;
use super::pass::Spot;
use super::record::Record;
use super::{Rows, Unfit};

/// A block is small enough to stay near the processor, and large enough that
/// threads seldom wait for each other.
const BLOCK_BYTES: u64 = if cfg!(test) { 1 << 10 } else { 1 << 22 };
/// So much is read at once where a line goes on beyond its block.
const MORE_BYTES: u64 = 1 << 12;
/// Lines that are longer are none.
const MAX_LINE_BYTES: u64 = 1 << 26;

/// Whole lines of a file.
#[derive(Debug)]
pub struct Block {
    pub index: usize,
    /// The byte at which it starts. Rows that are stored otherwise count as if
    /// each block had its own stretch of bytes.
    pub start: u64,
    pub text: String,
}

/// The blocks of a file: those of lines are the lines that start in so many
/// bytes.
#[derive(Debug, Clone, Copy)]
pub struct Blocks<'r> {
    rows: Rows<'r>,
    /// Where the first row starts, and the file ends.
    start: u64,
    end: u64,
}

impl<'r> Blocks<'r> {
    pub fn new(rows: Rows<'r>, start: usize) -> Result<Self, Unfit> {
        let end = match rows {
            Rows::Lines(path) => std::fs::metadata(path)?.len(),
            Rows::Stored(_) => 0,
        };
        let start = start as u64;
        Ok(Self { rows, start, end })
    }

    fn len(&self) -> usize {
        let lines = self.end.saturating_sub(self.start).div_ceil(BLOCK_BYTES);
        match self.rows {
            Rows::Lines(_) => usize::try_from(lines).unwrap_or(usize::MAX),
            Rows::Stored(rows) => rows.block_count(),
        }
    }

    /// A block. Lines that are no text are for the reader of whole files.
    fn block(&self, index: usize) -> Result<Block, Unfit> {
        let (start, text) = match self.rows {
            Rows::Lines(path) => self.lines(path, index)?,
            Rows::Stored(rows) => {
                let text = rows.block(index).ok_or(Unfit::Shape("how it is stored"))?;
                return Ok(Block {
                    index,
                    start: (index as u64) << 32,
                    text,
                });
            }
        };
        let control = |byte: &u8| *byte < b'\t' || (14..b' ').contains(byte);
        let odd = text.iter().fold(false, |odd, byte| odd | control(byte));
        match String::from_utf8(text) {
            Ok(text) if !odd => Ok(Block { index, start, text }),
            _ => Err(Unfit::Shape("its encoding")),
        }
    }

    /// The lines that start in the bytes of a block, and where the first does.
    fn lines(&self, path: &Path, index: usize) -> Result<(u64, Vec<u8>), Unfit> {
        let from = self.start + index as u64 * BLOCK_BYTES;
        let end = self.end.min(from + BLOCK_BYTES);
        let mut file = File::open(path)?;
        // The byte before ends a line, or one goes on.
        let first = match index {
            0 => Some(from),
            _ => line_end(&mut file, from - 1..end)?.map(|at| at + 1),
        };
        let Some(first) = first.filter(|first| *first < end) else {
            return Ok((from, Vec::new()));
        };
        file.seek(SeekFrom::Start(first))?;
        let room = usize::try_from(BLOCK_BYTES + MORE_BYTES).unwrap_or(0);
        let mut bytes = Vec::with_capacity(room);
        (&file).take(end - first).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Ok((from, bytes));
        }
        // The last line goes on to its end.
        let mut searched = bytes.len() - 1;
        loop {
            let rest = bytes.get(searched..).unwrap_or_default();
            if let Some(end) = memchr::memchr(b'\n', rest) {
                bytes.truncate(searched + end + 1);
                break;
            }
            searched = bytes.len();
            if (&file).take(MORE_BYTES).read_to_end(&mut bytes)? == 0 {
                break;
            }
            if bytes.len() as u64 > MAX_LINE_BYTES {
                return Err(Unfit::Shape("a long line"));
            }
        }
        Ok((first, bytes))
    }

    /// Gives each block to one of the threads, each of which has a state of its own.
    pub fn on_all_threads<S: Send>(
        &self,
        state: impl Fn() -> S + Sync,
        job: impl Fn(&mut S, &Block) -> Result<(), Unfit> + Sync,
    ) -> Result<Vec<S>, Unfit> {
        let all: Vec<usize> = (0..self.len()).collect();
        self.some_on_all_threads(&all, state, job)
    }

    /// The same with some of them.
    pub fn some_on_all_threads<S: Send>(
        &self,
        wanted: &[usize],
        state: impl Fn() -> S + Sync,
        job: impl Fn(&mut S, &Block) -> Result<(), Unfit> + Sync,
    ) -> Result<Vec<S>, Unfit> {
        let next = AtomicUsize::new(0);
        let done = rayon::broadcast(|_| {
            let mut own = state();
            while let Some(index) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                job(&mut own, &self.block(*index)?)?;
            }
            Ok(own)
        });
        done.into_iter().collect()
    }

    /// The records at some spots, which are in order.
    pub fn texts(&self, spots: &[Spot]) -> Result<Vec<String>, Unfit> {
        let encoding = |_| Unfit::Shape("its encoding");
        match self.rows {
            Rows::Lines(path) => {
                let mut file = File::open(path)?;
                let texts = spots.iter().map(|spot| {
                    file.seek(SeekFrom::Start(spot.byte))?;
                    let mut bytes = vec![0; spot.len];
                    file.read_exact(&mut bytes)?;
                    String::from_utf8(bytes).map_err(encoding)
                });
                texts.collect()
            }
            Rows::Stored(rows) => {
                let blocks: Vec<&[Spot]> = spots.chunk_by(|a, b| a.block == b.block).collect();
                let texts = blocks.par_iter().map(|spots| {
                    let wanted: Vec<u64> = spots.iter().map(|spot| spot.line).collect();
                    rows.some_rows(spots.first()?.block, &wanted)
                });
                let texts: Option<Vec<Vec<String>>> = texts.collect();
                Ok(texts.ok_or(Unfit::Shape("its rows"))?.concat())
            }
        }
    }
}

/// The first line end in some bytes of a file.
fn line_end(file: &mut File, bytes: Range<u64>) -> Result<Option<u64>, Unfit> {
    file.seek(SeekFrom::Start(bytes.start))?;
    let (mut at, mut read) = (bytes.start, Vec::new());
    while at < bytes.end {
        read.clear();
        let most = MORE_BYTES.min(bytes.end - at);
        (&*file).take(most).read_to_end(&mut read)?;
        if let Some(found) = memchr::memchr(b'\n', &read) {
            return Ok(Some(at + found as u64));
        }
        if read.is_empty() {
            break;
        }
        at += read.len() as u64;
    }
    Ok(None)
}

/// Where a record stands: in a text its bytes without its line end; lines and
/// rows before it.
#[derive(Debug, Clone, Copy, Default)]
pub struct At {
    pub byte: usize,
    pub len: usize,
    pub line: u64,
    pub row: u64,
}

/// Judges each record of a text. Gives how many lines and rows it has, and its
/// length.
pub fn each(
    judge: &Judge<'_>,
    memory: &mut Memory,
    text: &str,
    mut job: impl FnMut(&Row<'_>, At) -> Result<(), Unfit>,
) -> Result<At, Unfit> {
    let bytes = text.as_bytes();
    let mut at = At::default();
    let (mut marks, mut record) = (judge.marks(text), Record::new(text, judge.plan.quote));
    memory.begin();
    loop {
        match bytes.get(at.byte) {
            None => return Ok(at),
            Some(b'\n') => (at.byte, at.line) = (at.byte + 1, at.line + 1),
            Some(b'\r') => {
                let both = bytes.get(at.byte + 1) == Some(&b'\n');
                (at.byte, at.line) = (at.byte + 1 + usize::from(both), at.line + 1);
            }
            Some(_) => {
                let end = record.read(at.byte, &mut marks, judge.plan)?;
                let row = judge.row(memory, &record)?;
                at.len = end - at.byte;
                if row.kind != Kind::Blank {
                    job(&row, at)?;
                }
                at.byte = end;
                at.row += u64::from(matches!(row.kind, Kind::Odd | Kind::Sound));
            }
        }
    }
}
