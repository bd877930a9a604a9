//! Rows of a large table that were proved sound as they went by: counted, and
//! not kept.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::quality::FixedState;

/// What rules need to know of the rows that are not kept.
///
/// Each of them is the result of a candidate in a unit, with votes that are a
/// plain count, and stands once; its votes by mode add up; and every sum across
/// tables that it is part of either comes out or cannot be judged.
#[derive(Debug, Clone, Default)]
pub struct Sound {
    /// How many they are.
    pub rows: u64,
    /// Of these, those of several candidates together.
    pub aggregates: u64,
    /// By the column of a total, how many rows have modes that add up to it.
    pub modes: HashMap<usize, u64>,
    /// What they come to in the sums that they are part of, by [`sum_key`].
    pub sums: HashMap<u64, Rest>,
    /// For each row that is kept its number in the file, from 1.
    pub numbers: Vec<u64>,
}

/// The parts of a sum that are not kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rest {
    pub parts: usize,
    pub value: i64,
    /// Does a unit stand twice among all parts, kept or not?
    pub repeats: bool,
}

/// Which sum across tables a row is part of: contest, election, area and whose
/// figure, as a number.
#[must_use]
pub fn sum_key(contest_key: &str, election_key: &str, area: &[String], whose: &str) -> u64 {
    let scope = scope_hash(contest_key, election_key);
    joined(joined(scope, area_hash(area)), text_hash(whose))
}

/// A contest in an election, as a number.
#[must_use]
pub fn scope_hash(contest_key: &str, election_key: &str) -> u64 {
    joined(text_hash(contest_key), text_hash(election_key))
}

/// Folded names of regions, as a number.
#[must_use]
pub fn area_hash(area: &[String]) -> u64 {
    let regions = area.iter().map(|region| text_hash(region));
    regions.fold(0, joined)
}

/// A text as a number: the same in every run.
#[must_use]
pub fn text_hash(text: &str) -> u64 {
    FixedState::default().hash_one(text.as_bytes())
}

/// A number of two, which does not depend on how they were come by, but on
/// their order.
#[must_use]
pub fn joined(one: u64, another: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (one.rotate_left(23) ^ another).wrapping_mul(ODD);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_apart() {
        let areas: [&[String]; 3] = [&[], &["a".into()], &["a".into(), "b".into()]];
        let words = ["", "a", "b", "ab"];
        let mut keys = Vec::new();
        for contest in words {
            for election in words {
                for area in areas {
                    keys.extend(words.map(|whose| sum_key(contest, election, area, whose)));
                }
            }
        }
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
