//! The columns of a table in, those that hold numbers for the most part out: as
//! whole numbers that are compared without rounding.

use crate::model::{Layout, Number, Role, Table};

/// A number as printed: `scaled` × 10^−`decimals`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printed {
    pub(super) scaled: i128,
    pub(super) decimals: u32,
}

impl Printed {
    /// A count: a whole number that is not negative.
    pub(super) fn count(self) -> Option<i128> {
        (self.decimals == 0 && self.scaled >= 0).then_some(self.scaled)
    }
}

/// Most numerals are digits alone, and few.
fn plain_count(text: &str) -> Option<Printed> {
    let plain = text.len() < 19 && text.bytes().all(|b| b.is_ascii_digit());
    let scaled = plain.then(|| text.parse().ok())??;
    Some(Printed {
        scaled,
        decimals: 0,
    })
}

/// A column with its numbers by row.
pub(super) struct Numbers {
    pub(super) at: usize,
    pub(super) cells: Vec<Option<Printed>>,
}

impl Numbers {
    /// The columns of numbers of a table, in its order; none where it has no
    /// numbers under a heading that is not known.
    pub(super) fn of(table: &Table, layout: &Layout) -> Vec<Self> {
        const FIRST: usize = 20;
        let mut unknown = table.columns.iter().enumerate();
        let has_unknown = unknown.any(|(at, column)| {
            let mut cells = (0..table.rows().min(FIRST)).filter_map(|row| table.cell(row, at));
            column.role == Role::Other && cells.any(|cell| Number::parse(cell).is_some())
        });
        if !has_unknown {
            return Vec::new();
        }
        let columns = 0..table.columns.len();
        let read = columns.map(|at| {
            let cell = |row| {
                let text = table
                    .cell(row, at)
                    .filter(|text| !layout.is_missing(text))?;
                if let Some(count) = plain_count(text) {
                    return Some(count);
                }
                let number = Number::parse(text)?;
                Some(Printed {
                    scaled: number.to_scaled()?.into(),
                    decimals: u32::try_from(number.decimals).ok().filter(|d| *d < 9)?,
                })
            };
            let cells: Vec<Option<Printed>> = (0..table.rows()).map(cell).collect();
            Self { at, cells }
        });
        let is_of_numbers = |column: &Self| {
            let filled = (0..table.rows()).filter(|&row| table.cell(row, column.at).is_some());
            let numbers = column.cells.iter().flatten().count();
            numbers > 0 && numbers * 10 >= filled.count() * 9
        };
        read.filter(is_of_numbers).collect()
    }

    /// Does it hold counts alone?
    pub(super) fn are_counts(&self) -> bool {
        self.cells
            .iter()
            .flatten()
            .all(|cell| cell.count().is_some())
    }

    pub(super) fn get(&self, row: usize) -> Option<Printed> {
        self.cells.get(row).copied().flatten()
    }

    pub(super) fn count(&self, row: usize) -> Option<i128> {
        self.get(row)?.count()
    }

    /// Does it hold so many different numbers?
    pub(super) fn varies(&self, enough: usize) -> bool {
        let mut values: Vec<i128> = self.cells.iter().flatten().map(|c| c.scaled).collect();
        values.sort_unstable();
        values.dedup();
        values.len() >= enough
    }
}
