//! Rows of a large table that were proved sound as they went by: counted, and
//! not kept.

use std::collections::HashMap;

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
    pub sums: HashMap<u128, Rest>,
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
    /// Are they parts of no other sum across tables?
    pub alone: bool,
    /// Does another sum that comes out, that of its row, vouch for each of them?
    pub vouched: bool,
}

/// Which sum across tables a row is part of: contest, election, area and whose
/// figure, as a number.
#[must_use]
pub fn sum_key(contest_key: &str, election_key: &str, area: &[String], whose: &str) -> u128 {
    let area = area.iter().map(String::as_str);
    let texts: Vec<&str> = [contest_key, election_key, whose]
        .into_iter()
        .chain(area)
        .collect();
    identity(&texts)
}

/// Texts as a number, the same in every run: others have another. (By BLAKE3;
/// nobody can make two that are the same, and chance does not.)
#[must_use]
pub fn identity(texts: &[&str]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    let hash = hasher.finalize();
    let first = hash.as_bytes().first_chunk().copied();
    u128::from_le_bytes(first.unwrap_or_default())
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
