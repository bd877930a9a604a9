//! Totals that stand beside each candidate in, whose they are out: that of the
//! contest, or that of the candidate's list.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Exact, Metric, Parties, TableId};

use super::{Relations, Scope};

/// A table and a count in it.
type Count = (
    TableId,
    String,
    String,
    Option<String>,
    Option<String>,
    Vec<String>,
);

/// The totals beside the candidates of each party: which figure, and the party as
/// it is printed there.
type ByParty<'a> = BTreeMap<String, Vec<(usize, &'a str)>>;

fn count_of(table: TableId, scope: &Scope) -> Count {
    (
        table,
        scope.contest_key.clone(),
        scope.election_key.clone(),
        scope.stage.clone(),
        scope.unit.clone(),
        scope.regions.clone(),
    )
}

impl Relations {
    /// A column of totals that has one number for each party of a contest, and not
    /// one for all, is of the lists.
    pub(super) fn total_lists(&mut self, parties: &Parties) {
        let mut party_of: BTreeMap<(TableId, u32), &str> = BTreeMap::new();
        for row in self.results.iter().filter(|r| r.candidate.is_some()) {
            if let Some(party) = &row.party {
                party_of.insert((row.table, row.row), &party.text);
            }
        }
        let mut counts: BTreeMap<Count, ByParty<'_>> = BTreeMap::new();
        for (at, figure) in self.figures.iter().enumerate() {
            let place = figure.measured.place;
            let is_total = figure.metric == Metric::TotalVotes && figure.party.is_none();
            let party = party_of.get(&(place.table, place.row));
            if let (true, Some(party)) = (is_total, party) {
                let count = counts
                    .entry(count_of(place.table, &figure.scope))
                    .or_default();
                let of_party = count.entry(parties.key(party)).or_default();
                of_party.push((at, *party));
            }
        }
        let mut of_lists: Vec<(usize, String)> = Vec::new();
        for by_party in counts.into_values() {
            let usual = by_party.values().map(|rows| self.usual(rows));
            let usual: Option<BTreeSet<&Exact>> = usual.collect();
            if usual.is_some_and(|usual| usual.len() > 1) {
                let rows = by_party.into_values().flatten();
                of_lists.extend(rows.map(|(at, party)| (at, party.to_owned())));
            }
        }
        for (at, party) in of_lists {
            if let Some(figure) = self.figures.get_mut(at) {
                figure.party = Some(party);
            }
        }
    }

    /// The number that most of these figures are, where there is one.
    fn usual(&self, rows: &[(usize, &str)]) -> Option<&Exact> {
        let mut counts: BTreeMap<&Exact, usize> = BTreeMap::new();
        for (at, _) in rows {
            *counts
                .entry(&self.figures.get(*at)?.measured.number.value)
                .or_default() += 1;
        }
        let (value, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        (count * 2 > rows.len()).then_some(value)
    }
}
