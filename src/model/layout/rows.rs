//! The label of a row in, what the row is out, where it is no candidate.

use regex::RegexSet;

use crate::model::{Metric, Pattern, Role, fold};

use super::file::RowEntry;
use super::{Layout, any_matches};

/// A row that is no candidate: what its count, share and change columns hold.
#[derive(Debug)]
pub struct RowLabel {
    pattern: Pattern,
    pub count: Option<Metric>,
    pub share: Option<Metric>,
    pub change: Option<Metric>,
    /// Several candidates or parties in one row ("Others"): it counts in sums
    /// and has no rank.
    pub aggregate: bool,
    /// A part of the row above, or of the column before ("of which postal").
    pub part: bool,
    /// Why such a row is no part of the results.
    pub left_out: Option<String>,
}

impl RowLabel {
    pub(super) fn new(entry: &RowEntry, prove: bool) -> Result<Self, String> {
        Ok(Self {
            pattern: pattern_with_examples(&entry.label, &entry.example, prove)?,
            count: entry.count,
            share: entry.share,
            change: entry.change,
            aggregate: entry.aggregate,
            part: entry.part,
            left_out: entry.left_out.clone(),
        })
    }
}

impl Layout {
    /// What a row with this label is, where it is no candidate; with the party
    /// that the label names.
    #[must_use]
    pub fn row(&self, label: &str) -> Option<(&RowLabel, Option<String>)> {
        let folded = fold(label);
        let folded = folded.as_str();
        // "Total number of valid votes" are valid votes.
        let mut openings = self.counting.iter();
        let counted = openings.find_map(|words| folded.strip_prefix(words.as_str()));
        self.row_called(folded)
            .or_else(|| self.row_called(counted?))
    }

    fn row_called(&self, folded: &str) -> Option<(&RowLabel, Option<String>)> {
        // Most labels are names, of candidates, and match none.
        let fitting = self.set_of_rows().matches(folded).into_iter();
        let mut fitting = fitting.filter_map(|at| self.rows.get(at));
        fitting.find_map(|row| {
            let found = row.pattern.captures(folded)?;
            let party = found.name("party").map(|m| m.as_str().to_owned());
            Some((row, party))
        })
    }

    fn set_of_rows(&self) -> &RegexSet {
        let patterns = || self.rows.iter().map(|row| row.pattern.as_str());
        let compile = || RegexSet::new(patterns()).expect("each of them is right");
        self.row_set.get_or_init(compile)
    }

    /// Does a line say more of what the line above it names ("(Vote for one)",
    /// "Turnout: 52%"), and names nothing itself?
    #[must_use]
    pub fn is_remark(&self, line: &str) -> bool {
        let is_row = |text: &str| self.row(text).is_some_and(|(row, _)| !row.aggregate);
        let facts = || {
            let (label, _) = line.split_once(|c: char| c == ':' || c.is_ascii_digit())?;
            let measured = matches!(self.role(label.trim()), Role::Measure(_));
            Some(measured || is_row(label.trim()))
        };
        line.starts_with(['(', '['])
            || self.label(line) != Role::Other
            || is_row(line)
            || facts() == Some(true)
    }

    /// Does a row with this label count all the others together?
    #[must_use]
    pub fn is_total(&self, label: &str) -> bool {
        let found = self.row(label);
        found.is_some_and(|(row, _)| row.count == Some(Metric::TotalVotes))
    }

    /// Does a row of this unit count several units together, under a name of
    /// its own ("Burlington Totals")?
    #[must_use]
    pub fn is_units_together(&self, unit: &str) -> bool {
        let folded = fold(unit);
        self.units_together.iter().any(|p| p.is_match(&folded))
    }

    /// Does a row of this name hold the totals of its columns in per cent?
    #[must_use]
    pub fn is_percents(&self, name: &str) -> bool {
        any_matches(&self.percents, name)
    }

    /// Are ballots of this name those without a valid mark for one of several
    /// contests?
    #[must_use]
    pub fn is_unmarked(&self, name: &str) -> bool {
        any_matches(&self.unmarked, name)
    }
}

pub(super) fn pattern_with_examples(
    label: &str,
    examples: &[String],
    prove: bool,
) -> Result<Pattern, String> {
    let pattern = Pattern::new(label, prove)?;
    let missed = |l: &&String| prove && !pattern.is_match(&fold(l));
    match examples.iter().find(missed) {
        Some(missed) => Err(format!(
            "the label {label:?} does not match its example {missed:?}"
        )),
        None => Ok(pattern),
    }
}
