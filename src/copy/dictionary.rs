//! What the tables call people, parties, places and areas: made once, however
//! many pieces of copy are read.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use foldhash::fast::FixedState;

use crate::model::{
    Alias, Aliases, Entry, Exact, Metric, NAMELESS, Parties, Standing, Standings, fold, key,
    whole as exact,
};

use super::language::Language;
use super::mention::{EntryRef, sorted, spoken, surname_forms};

/// A whole has at least two parts beside it.
const PARTS: usize = 3;

/// The names that the tables know.
#[derive(Debug)]
pub struct Dictionary<'a> {
    pub standings: &'a Standings,
    pub parties: &'a Parties,
    pub language: &'a Language,
    pub people: HashMap<String, Vec<EntryRef>>,
    pub surnames: HashMap<String, Vec<EntryRef>>,
    pub contests: HashSet<String>,
    /// Further names of contests, to their keys.
    pub places: HashMap<String, String>,
    /// Words that only one contest has in its name, of those that tell several
    /// apart which one place holds ("runoff").
    pub kinds: HashMap<String, String>,
    pub regions: HashSet<String>,
    pub parties_by_key: HashMap<String, String>,
    /// Words that stand for an option of a ballot question.
    pub options: HashMap<String, Vec<EntryRef>>,
    /// Leaders of parties of the tables, folded.
    pub leaders: HashMap<String, String>,
    /// Do the tables name anybody?
    pub has_people: bool,
    /// The contest that the others are parts of.
    pub whole: Option<String>,
    /// Do they count seats?
    pub has_seats: bool,
    /// By standing and entry, the name of the candidate as it is spoken, folded;
    /// empty where there is none.
    spoken: Vec<Vec<String>>,
    words: NameWords,
}

/// The words of all names. With any other word in it, a run of words is no name.
#[derive(Debug, Default)]
struct NameWords {
    /// For each, is it a word of a name that may be in lower case?
    all: HashMap<String, bool, FixedState>,
}

impl NameWords {
    fn add<'n>(&mut self, names: impl Iterator<Item = &'n String>, in_lower_case: bool) {
        for word in names.flat_map(|name| name.split(' ')) {
            if let Some(known) = self.all.get_mut(word) {
                *known |= in_lower_case;
            } else {
                self.all.insert(word.to_owned(), in_lower_case);
            }
        }
    }
}

impl<'a> Dictionary<'a> {
    #[must_use]
    pub fn new(
        standings: &'a Standings,
        parties: &'a Parties,
        language: &'a Language,
        aliases: &Aliases,
    ) -> Self {
        let mut dictionary = Self {
            standings,
            parties,
            language,
            people: HashMap::new(),
            surnames: HashMap::new(),
            contests: HashSet::new(),
            places: HashMap::new(),
            kinds: HashMap::new(),
            regions: HashSet::new(),
            parties_by_key: HashMap::new(),
            options: HashMap::new(),
            leaders: HashMap::new(),
            has_people: false,
            whole: whole(standings),
            has_seats: standings.iter().any(counts_seats),
            spoken: Vec::new(),
            words: NameWords::default(),
        };
        for party in parties.iter() {
            let all = std::iter::once(&party.name)
                .chain(&party.aliases)
                .chain(&party.words);
            for name in all {
                dictionary.add_party(name);
            }
        }
        for (index, standing) in standings.iter().enumerate() {
            if !standing.contest_key.is_empty() && !standing.contest_key.starts_with(NAMELESS) {
                dictionary.contests.insert(standing.contest_key.clone());
            }
            dictionary
                .regions
                .extend(standing.regions.iter().map(|r| fold(r)));
            dictionary.add_entries(index);
        }
        dictionary.add_short_names();
        dictionary.add_kinds();
        // An option of a ballot question is nobody.
        let mut entries = dictionary.standings.iter().flat_map(|s| &s.entries);
        dictionary.has_people = entries.any(|e| e.candidate.is_some() && e.party.is_some());
        dictionary.add_options();
        dictionary.add_leaders();
        dictionary.add_aliases(aliases);
        dictionary.note_words();
        dictionary
    }

    /// Notes the words of all names; when there are no more to come.
    fn note_words(&mut self) {
        let words = &mut self.words;
        words.add(self.options.keys(), true);
        words.add(self.kinds.keys(), true);
        words.add(self.parties_by_key.keys(), true);
        words.add(self.people.keys(), false);
        words.add(self.contests.iter(), false);
        words.add(self.places.keys(), false);
        words.add(self.regions.iter(), false);
        words.add(self.leaders.keys(), false);
    }

    /// May a word stand in a name, written with a capital or without?
    #[must_use]
    pub fn may_name(&self, word: &str, capital: bool) -> bool {
        let known = self.words.all.get(word);
        known.is_some_and(|in_lower_case| capital || *in_lower_case)
    }

    /// The name of a candidate as it is spoken, folded.
    #[must_use]
    pub fn spoken_name(&self, at: EntryRef) -> Option<&str> {
        let name = self.spoken.get(at.standing)?.get(at.entry)?;
        (!name.is_empty()).then_some(name.as_str())
    }

    /// A name of a party; of one in capitals the plural as well ("the PCs").
    fn add_party(&mut self, name: &str) {
        let mut add = |key| {
            let entry = self.parties_by_key.entry(key);
            entry.or_insert_with(|| name.to_owned());
        };
        add(key(name));
        let capitals = name.chars().all(char::is_uppercase) && name.len() > 1;
        if capitals {
            add(format!("{}s", key(name)));
        }
    }

    /// "Dundee" for "Dundee City": a contest's name without the kind of place that
    /// it is, where that leaves the name of one contest only.
    fn add_short_names(&mut self) {
        let mut short: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for standing in self.standings.iter() {
            let folded = fold(&standing.contest);
            let kinds = &self.language.place_kinds;
            let own = folded.split(' ').filter(|word| !kinds.contains(*word));
            let own: Vec<&str> = own.collect();
            let contest = &standing.contest_key;
            if own.is_empty() || sorted(&own) == *contest || !self.contests.contains(contest) {
                continue;
            }
            short
                .entry(sorted(&own))
                .or_default()
                .insert(contest.clone());
        }
        for (name, contests) in short {
            let taken = self.contests.contains(&name) || self.people.contains_key(&name);
            if let (Some(contest), 1, false) = (contests.first(), contests.len(), taken) {
                self.places.insert(name, contest.clone());
            }
        }
    }

    /// "The runoff", of a primary and its runoff.
    fn add_kinds(&mut self) {
        for kind in &self.language.kinds.contests {
            let of_kind = |name: &&String| name.split(' ').any(|word| word == kind);
            let mut found = self.contests.iter().filter(of_kind);
            if let (Some(only), None) = (found.next(), found.next())
                && self.contests.len() > 1
            {
                self.kinds.insert(kind.clone(), only.clone());
            }
        }
    }

    /// The words of an option count where a table has the option.
    fn add_options(&mut self) {
        for (name, words) in &self.language.options {
            let Some(found) = self.people.get(&key(name)).cloned() else {
                continue;
            };
            for word in words {
                self.options.insert(fold(word), found.clone());
            }
        }
    }

    /// Leaders count where the tables have the party, and one party only that
    /// they led.
    fn add_leaders(&mut self) {
        let entries = self.standings.iter().flat_map(|s| &s.entries);
        let labels: HashSet<&str> = entries
            .filter_map(|entry| Some(entry.party.as_ref()?.text.as_str()))
            .collect();
        let known: HashSet<usize> = labels
            .iter()
            .flat_map(|label| self.parties.ids(label))
            .copied()
            .collect();
        let mut led: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for (_, party) in self
            .parties
            .iter()
            .enumerate()
            .filter(|(id, _)| known.contains(id))
        {
            for leader in &party.leaders {
                led.entry(fold(leader)).or_default().push(&party.name);
            }
        }
        for (leader, parties) in led {
            if let [only] = parties.as_slice() {
                self.leaders.insert(leader, (*only).clone());
            }
        }
    }

    fn add_entries(&mut self, standing: usize) {
        let Some(of) = self.standings.get(standing) else {
            return;
        };
        let name = |row: &Entry| {
            let candidate = row.candidate.as_ref();
            candidate.map_or_else(String::new, |name| fold(&spoken(&name.text)))
        };
        self.spoken.push(of.entries.iter().map(name).collect());
        for (entry, row) in of.entries.iter().enumerate() {
            let at = EntryRef { standing, entry };
            if let Some(party) = &row.party {
                self.add_party(&party.text);
            }
            let Some(candidate) = row.candidate.as_ref().filter(|_| !row.aggregate) else {
                continue;
            };
            self.people
                .entry(key(&candidate.text))
                .or_default()
                .push(at);
            let folded = self.spoken_name(at).unwrap_or_default();
            let words: Vec<&str> = folded.split(' ').collect();
            for surname in surname_forms(&words) {
                self.surnames.entry(surname).or_default().push(at);
            }
            // A ticket goes by the name at its head: "Lee/Hart" by "Lee".
            if let Some((head, _)) = candidate.text.split_once('/') {
                let head = fold(head);
                let surname = head.rsplit(' ').next().unwrap_or(&head).to_owned();
                self.surnames.entry(surname).or_default().push(at);
            }
        }
    }

    /// Takes in further names of candidates and places that the tables know.
    fn add_aliases(&mut self, aliases: &Aliases) {
        for Alias { name, aliases } in &aliases.candidates {
            if let Some(found) = self.people.get(&key(name)).cloned() {
                let further = aliases.iter().map(|alias| (key(alias), found.clone()));
                self.people.extend(further);
            }
        }
        for Alias { name, aliases } in &aliases.places {
            if let Some(contest) = self.contest(&key(name)).map(ToOwned::to_owned) {
                let further = aliases.iter().map(|alias| (key(alias), contest.clone()));
                self.places.extend(further);
            }
        }
    }

    /// The contest that a name's key means.
    pub fn contest<'n>(&'n self, name: &'n str) -> Option<&'n str> {
        let own = self.contests.contains(name).then_some(name);
        own.or_else(|| self.places.get(name).map(String::as_str))
    }

    pub fn only_contest(&self) -> Option<String> {
        // Beside a table of seats, one contest is an example.
        let nameless =
            |s: &&Standing| s.contest_key.is_empty() || s.contest_key.starts_with(NAMELESS);
        if self.standings.iter().filter(nameless).any(counts_seats) {
            return None;
        }
        let mut keys = self.contests.iter();
        let only = keys.next()?;
        keys.next().is_none().then(|| only.clone())
    }

    /// The name of a candidate as the tables print it.
    pub fn candidate_name(&self, at: EntryRef) -> Option<&'a str> {
        let entry = self.standings.get(at.standing)?.entries.get(at.entry)?;
        entry.candidate.as_ref().map(|n| n.text.as_str())
    }
}

fn counts_seats(standing: &Standing) -> bool {
    let mut entries = standing.entries.iter();
    entries.any(|e| e.figure(Metric::Seats).is_some())
}

/// The contest that all others of the tables are parts of: each name of it has at
/// least as many votes there as in all the others together.
fn whole(standings: &Standings) -> Option<String> {
    let mut votes: BTreeMap<&str, BTreeMap<String, &Exact>> = BTreeMap::new();
    let latest = standings.iter().filter_map(Standing::year).max();
    // Of a contest with a result that has no year, those with one are earlier.
    let undated = standings.iter().filter(|s| s.year().is_none());
    let undated: HashSet<&str> = undated.map(|s| s.contest_key.as_str()).collect();
    let now = |s: &&Standing| {
        let dated = s.year() == latest && !undated.contains(s.contest_key.as_str());
        dated || s.year().is_none()
    };
    for standing in standings.iter().filter(now) {
        let own = votes.entry(&standing.contest_key).or_default();
        for entry in standing.entries.iter().filter(|e| !e.aggregate) {
            if let Some(printed) = entry.figure(Metric::Votes) {
                // Tables of parts may print surnames only.
                let name = fold(&spoken(entry.name()));
                let last = name.rsplit(' ').next().unwrap_or_default();
                own.insert(last.to_owned(), &printed.number.value);
            }
        }
    }
    let mut sums: BTreeMap<&str, (usize, Exact)> = BTreeMap::new();
    for (name, value) in votes.values().flatten() {
        let (contests, sum) = sums.entry(name).or_insert_with(|| (0, exact(0)));
        *contests += 1;
        *sum += *value;
    }
    let is_whole = |own: &BTreeMap<String, &Exact>| {
        let shared = own.iter().filter_map(|(name, value)| {
            let (contests, sum) = sums.get(name.as_str())?;
            (*contests >= PARTS).then(|| *value * exact(2) >= *sum)
        });
        let held: Vec<bool> = shared.collect();
        held.len() > 1 && held.into_iter().all(|held| held)
    };
    let mut found = votes.iter().filter(|(_, own)| is_whole(own));
    let (contest, _) = found.next()?;
    found.next().is_none().then(|| (*contest).to_owned())
}
