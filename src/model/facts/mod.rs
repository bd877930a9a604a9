//! The standings in, what follows from them out: totals, ranks, majorities,
//! shares, changes, each with its sum in words and the cells it came from.

mod before;
mod counterparts;
mod fact;
mod held;
mod majority;
mod printed;
mod ranks;
mod seats;
mod turnout;
mod votes;

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::FixedState;

use super::{Entry, Parties, Standing, Standings};

use before::previous_standings;
use counterparts::{Label, party_label};

pub use fact::{Fact, Limit, Routes};

/// Answers questions about the standings.
#[derive(Debug)]
pub struct Facts<'a> {
    pub standings: &'a Standings,
    pub parties: &'a Parties,
    /// For each standing, the one of the election before it.
    previous: Vec<Option<usize>>,
    /// For each standing, all its votes; added up when they are first asked for.
    sums: Vec<OnceLock<Option<Fact>>>,
    /// What parties are called in the tables, and so candidates without one.
    labels: HashMap<&'a str, Label<'a>, FixedState>,
}

impl<'a> Facts<'a> {
    #[must_use]
    pub fn new(standings: &'a Standings, parties: &'a Parties) -> Self {
        let entries = standings.iter().flat_map(|s| &s.entries);
        let names = entries.filter_map(party_label);
        let labels = names.map(|name| (name, Label::new(name, parties)));
        let mut facts = Self {
            standings,
            parties,
            previous: Vec::new(),
            sums: standings.iter().map(|_| OnceLock::new()).collect(),
            labels: labels.collect(),
        };
        let mut previous = previous_standings(standings);
        for (index, link) in previous.iter_mut().enumerate() {
            *link = link.filter(|&before| facts.is_comparable(index, before));
        }
        facts.previous = previous;
        facts
    }

    #[must_use]
    pub fn standing(&self, index: usize) -> Option<&'a Standing> {
        self.standings.get(index)
    }

    /// Do the tables name no candidate, but parties only?
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        let mut entries = self.standings.iter().flat_map(|s| &s.entries);
        entries.all(|entry| entry.candidate.is_none())
    }

    fn entry(&self, standing: usize, entry: usize) -> Result<&'a Entry, String> {
        let found = self
            .standings
            .get(standing)
            .and_then(|s| s.entries.get(entry));
        found.ok_or_else(|| "not in the tables".to_owned())
    }

    fn name(&self, standing: usize) -> String {
        self.standings
            .get(standing)
            .map_or_else(String::new, Standing::title)
    }

    fn when(&self, standing: usize) -> &str {
        self.standings
            .get(standing)
            .map_or("", |s| match s.election.as_str() {
                "" => "this election",
                election => election,
            })
    }
}
