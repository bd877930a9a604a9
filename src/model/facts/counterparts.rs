//! One who stands in a contest, or a party, in: who that is in another contest,
//! out.

use crate::model::{Entry, Parties, fold};

use super::Facts;

/// A name of a party, looked up.
#[derive(Debug)]
pub(super) struct Label<'a> {
    folded: String,
    ids: &'a [usize],
}

impl<'a> Label<'a> {
    pub(super) fn new(name: &str, parties: &'a Parties) -> Self {
        Self {
            folded: fold(name),
            ids: parties.ids(name),
        }
    }

    /// See [`Parties::same`].
    pub(super) fn same(&self, other: &Self) -> bool {
        self.ids.iter().any(|id| other.ids.contains(id)) || self.folded == other.folded
    }
}

impl Facts<'_> {
    /// The entry of another standing that is the same person, else the same
    /// party, as one of this standing.
    #[must_use]
    pub fn counterpart(&self, standing: usize, entry: usize, other: usize) -> Option<usize> {
        let row = self.standings.get(standing)?.entries.get(entry)?;
        let there = self.standings.get(other)?;
        let same_person = |e: &Entry| match (&row.candidate, &e.candidate) {
            (Some(a), Some(b)) => fold(&a.text) == fold(&b.text),
            _ => false,
        };
        let by_party = || {
            let party = row
                .party
                .as_ref()
                .filter(|p| !self.parties.is_shared(&p.text))?;
            self.party_entry(other, &party.text)
        };
        there.entries.iter().position(same_person).or_else(by_party)
    }

    /// The only entry of a party in a standing.
    #[must_use]
    pub fn party_entry(&self, standing: usize, party: &str) -> Option<usize> {
        match self.party_entries(standing, party).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// All entries of a party in a standing.
    #[must_use]
    pub fn party_entries(&self, standing: usize, party: &str) -> Vec<usize> {
        let wanted = Label::new(party, self.parties);
        let of_party = |e: &Entry| {
            let label = party_label(e).and_then(|name| self.labels.get(name));
            label.is_some_and(|label| label.same(&wanted))
        };
        let own = self.standings.get(standing);
        let entries = own.into_iter().flat_map(|s| s.entries.iter().enumerate());
        let found = entries.filter(|(_, e)| of_party(e));
        found.map(|(index, _)| index).collect()
    }
}

/// What an entry's party is called; of one without a party, its candidate, who may
/// be one ("Labour" in a column of names).
pub(super) fn party_label(entry: &Entry) -> Option<&str> {
    let label = entry.party.as_ref().or(entry.candidate.as_ref());
    label.map(|name| name.text.as_str())
}

pub(super) fn same_person(a: &Entry, b: &Entry) -> bool {
    match (&a.candidate, &b.candidate) {
        (Some(own), Some(other)) => fold(&own.text) == fold(&other.text),
        _ => false,
    }
}
