//! Columns of shares and turnouts in, which of them are fractions of one out;
//! and their numbers in per cent.

use std::collections::BTreeMap;

use crate::model::{Exact, Metric, Number, Role, ratio, whole};

use super::TableReader;

impl TableReader<'_> {
    /// Shares are fractions of one where none is above 1, none carries a per
    /// cent sign, and they add up to about 1 a contest. In per cent, every
    /// contest has one above 1; where few contests do, those are mistyped.
    pub(super) fn shares_are_fractions(&self) -> bool {
        let column = self.table.column_of(Role::Measure(Metric::Share));
        let Some(column) = column.or_else(|| self.table.column_of(Role::ValueShare)) else {
            return false;
        };
        let cells = (0..self.table.rows()).map(|row| self.table.cell(row, column));
        if cells.flatten().any(|cell| cell.ends_with('%')) {
            return false;
        }
        let one = whole(1);
        let (large, small): (Vec<Number>, Vec<Number>) =
            self.numbers(column).partition(|number| number.value > one);
        let sum: Exact = small.iter().map(|number| &number.value).sum();
        if sum <= ratio(1, 2) || large.len() * 10 > small.len() {
            return false;
        }
        large.is_empty() || self.few_contests_exceed_one(column)
    }

    fn few_contests_exceed_one(&self, column: usize) -> bool {
        let mut exceeds: BTreeMap<[Option<&str>; 5], bool> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let roles = [
                Role::Contest,
                Role::District,
                Role::Election,
                Role::Unit,
                Role::Stage,
            ];
            let of = |role| self.table.cell(row, self.table.column_of(role)?);
            let number = self.table.cell(row, column).and_then(Number::parse);
            let large = number.is_some_and(|number| number.value > whole(1));
            *exceeds.entry(roles.map(of)).or_default() |= large;
        }
        exceeds.values().filter(|large| **large).count() * 10 <= exceeds.len()
    }

    /// Nowhere do less than one in a hundred vote: turnouts of at most 1, some of
    /// them with decimals and none with a per cent sign, are fractions.
    pub(super) fn is_of_fractions(&self, column: usize) -> bool {
        let mut cells = (0..self.table.rows()).filter_map(|row| self.table.cell(row, column));
        let numbers: Vec<Number> = self.numbers(column).collect();
        numbers.iter().all(|number| number.value <= whole(1))
            && numbers.iter().any(|number| number.decimals > 0)
            && !cells.any(|cell| cell.ends_with('%'))
    }

    pub(super) fn in_percent(&self, number: Number, metric: Metric, column: usize) -> Number {
        let of_shares = self.fractions && matches!(metric, Metric::Share | Metric::ShareChange);
        let number = if of_shares || self.fraction_columns.contains(&column) {
            number.percent()
        } else {
            number
        };
        if metric.is_percent() {
            number
        } else {
            without_zero_decimals(number)
        }
    }
}

/// A count printed `139.0` is 139.
fn without_zero_decimals(number: Number) -> Number {
    if number.decimals > 0 && number.value.is_integer() {
        Number {
            decimals: 0,
            ..number
        }
    } else {
        number
    }
}
