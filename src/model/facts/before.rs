//! A contest in, the same one in the election before out, or what printed changes
//! say of that.

use std::collections::HashMap;

use num_traits::Signed;

use crate::model::relations::EARLIER;
use crate::model::{Metric, Standing, Standings, ratio};

use super::fact::found;
use super::{Fact, Facts, Routes};

impl Facts<'_> {
    /// The standing of the same contest in the election before.
    #[must_use]
    pub fn before(&self, standing: usize) -> Option<usize> {
        self.previous.get(standing).copied().flatten()
    }

    /// The share, or votes, before: now minus the printed change.
    ///
    /// # Errors
    /// Why there is none.
    pub fn before_change(&self, standing: usize, entry: usize, metric: Metric) -> Routes {
        let pairs = match metric {
            Metric::Share => [
                (Metric::Share, Metric::ShareChange),
                (Metric::PreferredShare, Metric::PreferredShareChange),
            ]
            .as_slice(),
            _ => [(Metric::Votes, Metric::VotesChange)].as_slice(),
        };
        let first = |metric| {
            self.of_entry(standing, entry, metric)
                .ok()?
                .into_iter()
                .next()
        };
        let routes: Vec<Fact> = pairs
            .iter()
            .filter_map(|(now, change)| Some(first(*now)?.minus(&first(*change)?)))
            .collect();
        found(routes, || "no table for the election before".to_owned())
    }

    /// Is an earlier standing what the printed changes of a later one are
    /// measured from? Where two or more of them say otherwise, and most do, it
    /// is not: a seat may keep its name and change its boundaries.
    pub(super) fn is_comparable(&self, standing: usize, before: usize) -> bool {
        let Some(own) = self.standings.get(standing) else {
            return false;
        };
        let misses = own.entries.iter().enumerate().filter_map(|(at, entry)| {
            let change = &entry.precise(Metric::ShareChange)?.number;
            let now = &entry.precise(Metric::Share)?.number;
            let there = self.party_entry(before, &own.entries.get(at)?.party.as_ref()?.text)?;
            let then = self.standings.get(before)?.entries.get(there)?;
            let then = &then.precise(Metric::Share)?.number;
            let off = (&change.value - (&now.value - &then.value)).abs();
            let slack = change.half_unit() + now.half_unit() + then.half_unit();
            Some(off > slack.max(ratio(1, 100_000)))
        });
        let (off, fitting): (Vec<bool>, Vec<bool>) = misses.partition(|miss| *miss);
        off.len() < 2 || off.len() <= fitting.len()
    }
}

/// For each standing, the latest dated one of the same contest before it. One
/// without a date is taken for the latest.
pub(super) fn previous_standings(standings: &Standings) -> Vec<Option<usize>> {
    let mut by_contest: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, standing) in standings.iter().enumerate() {
        if (!standing.entries.is_empty() || !standing.figures.is_empty())
            && standing.year().is_some()
        {
            by_contest
                .entry(&standing.contest_key)
                .or_default()
                .push(index);
        }
    }
    let order = |i: usize| standings.get(i).map(|s| (s.year(), s.election_key.clone()));
    let mut before_it: HashMap<&str, usize> = HashMap::new();
    for (index, standing) in standings.iter().enumerate() {
        if standing.election_key.starts_with(EARLIER) {
            before_it.entry(&standing.contest_key).or_insert(index);
        }
    }
    let undated = |standing: &Standing| {
        let found = || before_it.get(standing.contest_key.as_str()).copied();
        standing.election_key.is_empty().then(found).flatten()
    };
    let before = |(index, standing): (usize, &Standing)| {
        if let Some(earlier) = undated(standing) {
            return Some(earlier);
        }
        let dated = by_contest.get(standing.contest_key.as_str())?;
        let is_dated = standing.year().is_some();
        let earlier = dated
            .iter()
            .copied()
            .filter(|&i| !is_dated || order(i) < order(index));
        earlier.max_by_key(|&i| order(i))
    };
    standings.iter().enumerate().map(before).collect()
}
