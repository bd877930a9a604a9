//! Cells of two sources in, whether they name the same out: as printed, in
//! another spelling, with their words in another order; and names that one of
//! the two calls otherwise throughout.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Layout, Parties, Role, fold, has_digit, key};

/// How freely names are held to be the same, each form more freely than the
/// one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// But for case, diacritics and punctuation.
    Exact,
    /// Short forms are spelled out, and parties go by any of their names.
    Spelled,
    /// Words may stand in any order.
    Ordered,
    /// Parties do not count.
    WithoutParty,
    /// Nor do candidates.
    WithoutNames,
}

/// What names are known by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) layout: &'a Layout,
    pub(super) parties: &'a Parties,
}

/// Does it say whom a row is about, so that it may be spelled in two ways?
pub(super) fn is_name(role: Role) -> bool {
    matches!(role, Role::Candidate | Role::FirstName | Role::Surname)
}

pub(super) fn is_party(role: Role) -> bool {
    matches!(role, Role::Party | Role::PartyShort)
}

impl Words<'_> {
    /// A cell of a column in a form.
    pub(super) fn formed(&self, cell: &str, role: Role, form: Form) -> String {
        match form {
            Form::Exact => exact(cell),
            Form::WithoutParty | Form::WithoutNames if is_party(role) => String::new(),
            Form::WithoutNames if is_name(role) => String::new(),
            Form::Spelled | Form::Ordered if is_party(role) => self.parties.key(cell),
            Form::Spelled => self.layout.spelled_out(cell),
            Form::Ordered | Form::WithoutParty | Form::WithoutNames => {
                key(&self.layout.spelled_out(cell))
            }
        }
    }
}

/// Folded; a decimal point between digits is no mark that may be dropped.
fn exact(cell: &str) -> String {
    let numeral = |ch: char| ch.is_ascii_digit() || ch == '.';
    if cell.contains('.') && cell.chars().all(numeral) {
        cell.to_owned()
    } else {
        fold(cell)
    }
}

/// Names of a column that the other source calls otherwise, each with what it is
/// called there: the only name of the one is nearly the only one of the other, or
/// most names of one that the other lacks have the same word more ("Abbey Ward",
/// "Castle Ward" for "Abbey", "Castle").
pub(super) fn called(own: &BTreeSet<String>, other: &BTreeSet<String>) -> BTreeMap<String, String> {
    if let (1, 1, Some(a), Some(b)) = (own.len(), other.len(), own.first(), other.first()) {
        let near = a != b && is_near(a, b);
        return near.then(|| (a.clone(), b.clone())).into_iter().collect();
    }
    let left = |some: &BTreeSet<String>, others: &BTreeSet<String>| -> BTreeSet<String> {
        some.difference(others).cloned().collect()
    };
    let (own, other) = (left(own, other), left(other, own));
    let longer = with_a_word_more(&own, &other);
    if !longer.is_empty() {
        return longer;
    }
    let shorter = with_a_word_more(&other, &own).into_iter();
    shorter.map(|(long, short)| (short, long)).collect()
}

/// Nearly one name: all words of one are words of the other, or a letter or two
/// differ. Numbers must be the same.
fn is_near(a: &str, b: &str) -> bool {
    /// See the likeness of names of candidates.
    const NEAR: f64 = 0.93;
    let words = |text: &'_ str| -> BTreeSet<String> {
        text.split(' ')
            .filter(|w| !w.is_empty())
            .map(ToOwned::to_owned)
            .collect()
    };
    let (own, other) = (words(a), words(b));
    if own.is_empty() || other.is_empty() {
        return false;
    }
    let numbers = |words: &BTreeSet<String>| -> Vec<String> {
        words.iter().filter(|w| has_digit(w)).cloned().collect()
    };
    numbers(&own) == numbers(&other)
        && (own.is_subset(&other) || other.is_subset(&own) || strsim::jaro_winkler(a, b) >= NEAR)
}

/// Is one of two names the other with first names cut to their initials?
pub(super) fn is_initialled(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    let (own, other): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let ([firsts @ .., last], [others @ .., same]) = (own.as_slice(), other.as_slice()) else {
        return false;
    };
    let starts = |(a, b): (&&str, &&str)| {
        let shorter = a.len().min(b.len());
        a == b || shorter == 1 && a.get(..1) == b.get(..1)
    };
    last == same
        && last.len() > 1
        && !firsts.is_empty()
        && firsts.len() == others.len()
        && firsts.iter().zip(others).all(starts)
}

/// Names that are others with one word more, always the same, where that holds
/// for two at least and for most of them.
fn with_a_word_more(long: &BTreeSet<String>, short: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut by_word: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for name in long {
        for (word, rest) in one_word_less(name) {
            if let Some(rest) = short.get(&rest) {
                let of_word = by_word.entry(word).or_default();
                of_word.insert(name.clone(), rest.clone());
            }
        }
    }
    let most = by_word.into_values().max_by_key(BTreeMap::len);
    let most = most.filter(|names| names.len() >= 2 && names.len() * 2 > long.len());
    most.unwrap_or_default()
}

/// A name without one of its words, for each that has no digit.
fn one_word_less(name: &str) -> impl Iterator<Item = (&str, String)> {
    let words: Vec<&str> = name.split(' ').collect();
    (0..words.len()).filter_map(move |at| {
        let word = *words.get(at)?;
        let rest = words.iter().enumerate().filter(|(other, _)| *other != at);
        let rest: Vec<&str> = rest.map(|(_, word)| *word).collect();
        (!has_digit(word)).then(|| (word, rest.join(" ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> BTreeSet<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_word_that_all_names_have_more_is_no_difference() {
        let (long, short) = (
            names(&["abbey ward", "castle ward"]),
            names(&["abbey", "castle"]),
        );
        assert_eq!(
            called(&long, &short).get("abbey ward"),
            Some(&"abbey".to_owned())
        );
        assert_eq!(
            called(&short, &long).get("castle"),
            Some(&"castle ward".to_owned())
        );
        assert!(called(&names(&["abbey north", "dale"]), &names(&["abbey", "glen"])).is_empty());
    }

    #[test]
    fn initials_stand_for_first_names() {
        assert!(is_initialled("A. Green", "Alice Green"));
        assert!(!is_initialled("B. Green", "Alice Green"));
        assert!(!is_initialled("Green", "Green"));
    }

    #[test]
    fn the_only_names_of_both_are_one_where_they_are_near() {
        assert_eq!(called(&names(&["city mayor"]), &names(&["mayor"])).len(), 1);
        assert!(called(&names(&["sheriff"]), &names(&["mayor"])).is_empty());
        assert!(called(&names(&["district 1"]), &names(&["district 2"])).is_empty());
    }
}
