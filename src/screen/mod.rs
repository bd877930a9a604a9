//! A large table of precincts in, the rows that any rule could complain of out.
//!
//! ```text
//!  file ──► blocks ──► rows ──► judge ──► sound: counted, and gone
//!                                 │
//!                                 └─────► the others: an excerpt, with places
//! ```
//!
//! A row is *sound* where it is the result of a candidate in a unit, its votes
//! are plain counts, its votes by mode add up, and it stands once; and where the
//! sums across tables that it is part of come out. Such a row is counted as it
//! goes by. All others are kept, with the rows that a rule needs beside them,
//! and are read and checked like those of a small file: what is found, and where,
//! is the same. Where the screen cannot tell, it says so, and the file is read
//! whole.

mod blocks;
mod excerpt;
mod judge;
mod marks;
mod memory;
mod pass;
mod plan;
mod record;
mod runs;
mod wholes;

use std::io;
use std::path::Path;

use crate::model::StoredRows;
use crate::model::{Address, Dataset, Layout, Parties, Relations, Sound, Source, Table, TableId};

use blocks::Blocks;
use judge::Judge;
use pass::Pass;
use plan::Plan;
use runs::Order;
use wholes::Wholes;

/// Why a file is to be read whole.
#[derive(Debug)]
pub enum Unfit {
    /// Something in it is not understood here.
    Shape(&'static str),
    Io(io::Error),
}

impl From<io::Error> for Unfit {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Where rows are.
#[derive(Debug, Clone, Copy)]
pub enum Rows<'a> {
    /// In lines of a file.
    Lines(&'a Path),
    /// In a file that holds them by columns.
    Stored(&'a StoredRows),
}

/// A large file, as far as it was read to see what it is.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub rows: Rows<'a>,
    /// What messages call it.
    pub name: &'a str,
    /// Its first lines.
    pub text: &'a str,
    /// The table that these are.
    pub table: &'a Table,
    pub id: TableId,
    /// Of sums that do not come out, no more rows are kept.
    pub most: usize,
}

/// The headings, and the rows that are kept.
#[derive(Debug)]
pub enum Kept {
    Lines(Source),
    /// Without the headings.
    Cells(Vec<(Address, String)>),
}

/// What is kept of a file.
#[derive(Debug)]
pub struct Screened {
    pub kept: Kept,
    pub sound: Sound,
    /// So many sums do not come out, and have not all of their rows kept.
    pub left_out: usize,
}

/// Screens a file. `relations` are those of the other tables of the dataset.
///
/// # Errors
/// Where the file is to be read whole.
pub fn screen(
    head: Head<'_>,
    dataset: &Dataset,
    relations: &Relations,
    layout: &Layout,
    parties: &Parties,
) -> Result<Screened, Unfit> {
    let plan = Plan::of(head, layout)?;
    let wholes = Wholes::new(head.id, dataset, relations, layout, parties)?;
    let judge = Judge::new(&plan, &wholes, layout);
    let blocks = Blocks::new(head.rows, plan.start.0)?;
    let passed = Pass::of(&blocks, &judge, Order::ByUnit)?;
    let passed = match passed {
        Some(passed) => passed,
        // The rows of a unit do not stand together.
        None => Pass::of(&blocks, &judge, Order::Any)?.ok_or(Unfit::Shape("its order"))?,
    };
    excerpt::excerpt(head, &blocks, &judge, passed)
}
