//! Tables that name no contest, in: of which contest each of them is, out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Dataset, Metric, Parties, TableId, key};

use super::{EARLIER, Name, Relations, ResultRow};

/// What the key of a contest begins with that the tables do not name.
pub const NAMELESS: char = '#';

impl Relations {
    /// A table that names no contest is of the only one that the other tables
    /// name, where two of its candidates, or two of its parties, are of that one
    /// too.
    pub(super) fn join_nameless(&mut self, parties: &Parties) {
        const SHARED: usize = 2;
        let named = self.results.iter().map(|r| &r.scope);
        let named = named.filter(|scope| !scope.contest_key.is_empty());
        let mut contests: Vec<(&str, &str)> = named
            .map(|scope| (scope.contest_key.as_str(), scope.contest.as_str()))
            .collect();
        contests.dedup_by_key(|(key, _)| *key);
        contests.sort_unstable();
        contests.dedup_by_key(|(key, _)| *key);
        let [(contest_key, contest)] = contests.as_slice() else {
            return;
        };
        let own_names = |row: &ResultRow| {
            let party = row.party.as_ref().map(|party| parties.key(&party.text));
            let person = row.candidate.as_ref().map(|name| key(&name.text));
            [person, party].into_iter().flatten().collect::<Vec<_>>()
        };
        let of_contest = |row: &&ResultRow| row.scope.contest_key == *contest_key;
        let known: BTreeSet<String> = self
            .results
            .iter()
            .filter(of_contest)
            .flat_map(own_names)
            .collect();
        let mut shared: BTreeMap<TableId, BTreeSet<String>> = BTreeMap::new();
        let nameless = |row: &&ResultRow| row.scope.contest_key.is_empty() && !row.aggregate;
        for row in self.results.iter().filter(nameless) {
            let common = own_names(row)
                .into_iter()
                .filter(|name| known.contains(name));
            shared.entry(row.table).or_default().extend(common);
        }
        // A table of seats is of many contests, unless the one has seats as well.
        let seats = |row: &&ResultRow| row.figures.contains_key(&Metric::Seats);
        let of_seats: BTreeSet<TableId> =
            self.results.iter().filter(seats).map(|r| r.table).collect();
        let mut of_one = self.results.iter().filter(of_contest);
        let one_has_seats = of_one.any(|row| of_seats.contains(&row.table));
        shared.retain(|table, common| {
            common.len() >= SHARED && (one_has_seats || !of_seats.contains(table))
        });
        let (contest_key, contest) = ((*contest_key).to_owned(), (*contest).to_owned());
        for id in shared.into_keys() {
            self.name_contest(id, &contest, &contest_key);
        }
    }

    /// Tables that name no contest are of one contest where they share a name.
    /// Files of results whose names all differ are each of a contest of its
    /// own, called by the file.
    pub(super) fn part_nameless(&mut self, dataset: &Dataset) {
        let mut names: BTreeMap<TableId, Named> = BTreeMap::new();
        let nameless = self.results.iter().filter(|r| {
            r.scope.contest_key.is_empty() && !r.scope.election_key.starts_with(EARLIER)
        });
        for row in nameless.filter(|r| !r.aggregate) {
            let of_table = names.entry(row.table).or_default();
            let text = |name: &Option<Name>| name.as_ref().map(|name| key(&name.text));
            of_table.parties.extend(text(&row.party));
            of_table.people.extend(text(&row.candidate));
            of_table.seats |= row.figures.contains_key(&Metric::Seats);
        }
        let source = |id: &TableId| dataset.table(*id).map(|table| table.source);
        let apart = |(id, own): &(&TableId, &Named)| {
            let mut others = names.iter().filter(|(other, _)| other != id);
            let anybody = !own.people.is_empty() || !own.parties.is_empty();
            anybody
                && others.all(|(other, theirs)| source(id) != source(other) && !own.meets(theirs))
        };
        let parted: Vec<TableId> = names.iter().filter(apart).map(|(id, _)| *id).collect();
        if parted.len() < 2 || parted.len() < names.len() {
            return;
        }
        for id in parted {
            let table = dataset.table(id).and_then(|t| dataset.source(t.source));
            let name = table.map_or("", |source| source.stem());
            self.name_contest(id, name, &format!("{NAMELESS}{}", key(name)));
        }
    }

    /// Gives the rows of a table a contest.
    pub fn name_contest(&mut self, id: TableId, name: &str, key: &str) {
        let results = self.results.iter_mut().filter(|r| r.table == id);
        let figures = self.figures.iter_mut();
        let figures = figures.filter(|f| f.measured.place.table == id);
        let labelled = self.labelled.iter_mut();
        let labelled = labelled.filter(|l| l.measured.place.table == id);
        let outcomes = self.outcomes.iter_mut().filter(|o| o.place.table == id);
        let scopes = results
            .map(|r| &mut r.scope)
            .chain(figures.map(|f| &mut f.scope))
            .chain(labelled.map(|l| &mut l.scope))
            .chain(outcomes.map(|o| &mut o.scope));
        for scope in scopes {
            name.clone_into(&mut scope.contest);
            key.clone_into(&mut scope.contest_key);
        }
    }
}

/// Who has rows in a table.
#[derive(Debug, Default)]
struct Named {
    people: BTreeSet<String>,
    parties: BTreeSet<String>,
    seats: bool,
}

impl Named {
    /// Do two tables share a name? A leader beside a party with its seats is not
    /// its only name.
    fn meets(&self, other: &Self) -> bool {
        let alone = |own: &Self| own.people.is_empty();
        if alone(self) != alone(other) {
            return self.seats && other.seats && !self.parties.is_disjoint(&other.parties);
        }
        if alone(self) {
            return !self.parties.is_disjoint(&other.parties);
        }
        !self.people.is_disjoint(&other.people)
    }
}
