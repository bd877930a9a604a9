//! A file in, its lines out in blocks, to as many threads as there are.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

use super::Unfit;
use super::judge::{Judge, Kind, Memory, Row};

/// A block is small enough to stay near the processor, and large enough that
/// threads seldom wait for each other.
const BLOCK_BYTES: usize = if cfg!(test) { 1 << 10 } else { 1 << 21 };
/// Lines that are longer are none.
const MAX_BLOCK_BYTES: usize = 1 << 26;

/// Whole lines of a file.
#[derive(Debug)]
pub struct Block {
    pub index: usize,
    /// The byte at which it starts.
    pub start: u64,
    pub text: String,
}

/// What is read of a file, block by block.
#[derive(Debug)]
pub struct Blocks {
    file: File,
    start: u64,
    end: u64,
    index: usize,
    /// The start of a line that goes on.
    rest: Vec<u8>,
}

impl Blocks {
    /// The lines from one byte, which starts one, to another, which ends one.
    pub fn new(path: &Path, start: u64, end: u64) -> Result<Self, Unfit> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        Ok(Self {
            file,
            start,
            end,
            index: 0,
            rest: Vec::new(),
        })
    }

    fn next(&mut self) -> Result<Option<(usize, u64, Vec<u8>)>, Unfit> {
        let mut bytes = Vec::with_capacity(BLOCK_BYTES + self.rest.len());
        bytes.append(&mut self.rest);
        loop {
            let left = self.end.saturating_sub(self.start + bytes.len() as u64);
            let wanted = left.min(BLOCK_BYTES as u64);
            let read = (&self.file).take(wanted).read_to_end(&mut bytes)?;
            if read == 0 {
                break;
            }
            if let Some(last) = memchr::memrchr(b'\n', &bytes) {
                if (read as u64) < left {
                    self.rest = bytes.split_off(last + 1);
                }
                break;
            }
            if bytes.len() > MAX_BLOCK_BYTES {
                return Err(Unfit::Shape("a long line"));
            }
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let (index, start) = (self.index, self.start);
        self.index += 1;
        self.start += bytes.len() as u64;
        Ok(Some((index, start, bytes)))
    }
}

/// The next block of blocks that threads share. Lines that are no text are for
/// the reader of whole files.
fn shared(blocks: &Mutex<Blocks>) -> Result<Option<Block>, Unfit> {
    let next = match blocks.lock() {
        Ok(mut blocks) => blocks.next()?,
        Err(_) => return Err(Unfit::Shape("a thread that failed")),
    };
    let Some((index, start, bytes)) = next else {
        return Ok(None);
    };
    let control = |byte: &u8| *byte < b'\t' || (14..b' ').contains(byte);
    let odd = bytes.iter().fold(false, |odd, byte| odd | control(byte));
    match String::from_utf8(bytes) {
        Ok(text) if !odd => Ok(Some(Block { index, start, text })),
        _ => Err(Unfit::Shape("its encoding")),
    }
}

/// Gives each block to one of the threads, each of which has a state of its own.
pub fn on_all_threads<S: Send>(
    blocks: Blocks,
    state: impl Fn() -> S + Sync,
    job: impl Fn(&mut S, &Block) -> Result<(), Unfit> + Sync,
) -> Result<Vec<S>, Unfit> {
    let blocks = Mutex::new(blocks);
    let done = rayon::broadcast(|_| {
        let mut own = state();
        while let Some(block) = shared(&blocks)? {
            job(&mut own, &block)?;
        }
        Ok(own)
    });
    done.into_iter().collect()
}

/// The same on this thread, in order.
pub fn in_order(
    blocks: Blocks,
    mut job: impl FnMut(&Block) -> Result<(), Unfit>,
) -> Result<(), Unfit> {
    let blocks = Mutex::new(blocks);
    while let Some(block) = shared(&blocks)? {
        job(&block)?;
    }
    Ok(())
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
    mut job: impl FnMut(&Row, At) -> Result<(), Unfit>,
) -> Result<At, Unfit> {
    let bytes = text.as_bytes();
    let mut at = At::default();
    loop {
        match bytes.get(at.byte) {
            None => return Ok(at),
            Some(b'\n') => (at.byte, at.line) = (at.byte + 1, at.line + 1),
            Some(b'\r') => {
                let both = bytes.get(at.byte + 1) == Some(&b'\n');
                (at.byte, at.line) = (at.byte + 1 + usize::from(both), at.line + 1);
            }
            Some(_) => {
                let (row, end) = judge.record(memory, text, at.byte)?;
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
