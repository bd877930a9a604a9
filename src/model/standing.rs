//! A contest in one election as all tables together tell it: who stood, with
//! what result, and the figures of the contest.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::relations::{
    ANOTHER, EARLIER, FigureRow, Measured, Name, OutcomeKind, Relations, ResultRow, Scope,
};
use super::{Metric, Parties, Place, TableId, fold, key};

/// A name as printed, and where.
pub type Named = Name;

/// A number as printed, and where.
pub type Printed = Measured;

/// A candidate, party or option in a contest. Each metric has its figures in
/// the order of the input; the first one counts.
#[derive(Debug, Clone)]
pub struct Entry {
    pub candidate: Option<Named>,
    pub party: Option<Named>,
    pub aggregate: bool,
    /// Do the tables mark it as elected, or as not?
    pub elected: Option<bool>,
    pub figures: BTreeMap<Metric, Vec<Printed>>,
}

/// One contest, in one election, at one stage of its count.
#[derive(Debug, Clone)]
pub struct Standing {
    pub contest: String,
    pub contest_key: String,
    pub election: String,
    /// See [`Layout::election_key`](super::Layout::election_key).
    pub election_key: String,
    pub stage: Option<String>,
    /// Wider areas that the contest lies in.
    pub regions: Vec<String>,
    pub entries: Vec<Entry>,
    /// Are its entries rows of a table?
    has_rows: bool,
    /// How many entries each table has a row of.
    of_tables: HashMap<TableId, usize>,
    pub figures: BTreeMap<Metric, Vec<Printed>>,
    /// The stated outcome: the party, whether it held, and where.
    pub outcome: Option<(String, OutcomeKind, Place)>,
    /// Figures with labels of their own, as printed.
    pub labelled: Vec<(Named, Printed)>,
    /// Are all its entries answers to a question? Then none is missing.
    pub is_question: bool,
}

/// Every standing, in the order of the input.
#[derive(Debug, Default)]
pub struct Standings {
    all: Vec<Standing>,
    by_scope: HashMap<(String, String, Option<String>), usize>,
    by_contest: HashMap<String, Vec<usize>>,
}

impl Entry {
    /// The first printed figure of a metric.
    #[must_use]
    pub fn figure(&self, metric: Metric) -> Option<&Printed> {
        self.figures.get(&metric)?.first()
    }

    /// The most precise printed figure of a metric.
    #[must_use]
    pub fn precise(&self, metric: Metric) -> Option<&Printed> {
        self.figures
            .get(&metric)?
            .iter()
            .max_by_key(|p| p.number.decimals)
    }

    /// Adds the figures of a further line of the same candidate.
    fn add(&mut self, row: &ResultRow) {
        for (metric, measured) in &row.figures {
            let own = self.figures.get_mut(metric);
            let own = own.and_then(|all| all.iter_mut().find(|p| p.place.table == row.table));
            if let Some(own) = own {
                own.number.value += &measured.number.value;
                own.number.decimals = own.number.decimals.max(measured.number.decimals);
            }
        }
    }

    /// The name of the candidate, else of the party, as printed.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.candidate.as_ref().or(self.party.as_ref());
        name.map_or("", |n| &n.text)
    }
}

impl Standing {
    fn new(scope: &Scope) -> Self {
        Self {
            contest: scope.contest.clone(),
            contest_key: scope.contest_key.clone(),
            election: scope.election.clone(),
            election_key: scope.election_key.clone(),
            stage: scope.stage.clone(),
            regions: scope.regions.clone(),
            entries: Vec::new(),
            has_rows: false,
            of_tables: HashMap::new(),
            figures: BTreeMap::new(),
            outcome: None,
            labelled: Vec::new(),
            is_question: false,
        }
    }

    /// "Ashby Vale, 2020"; what there is of it.
    #[must_use]
    pub fn title(&self) -> String {
        match (self.contest.as_str(), self.election.as_str()) {
            ("", "") => "this contest".to_owned(),
            (contest, "") => contest.to_owned(),
            ("", election) => election.to_owned(),
            (contest, election) => format!("{contest}, {election}"),
        }
    }

    /// Is it of an election other than the general one of its year?
    #[must_use]
    pub fn is_special(&self) -> bool {
        self.year().is_some() && self.election_key.len() > 4
    }

    /// Is it of an election that its table does not name, other than that of the
    /// other tables without a name?
    #[must_use]
    pub fn is_parted(&self) -> bool {
        self.election_key.starts_with([EARLIER, ANOTHER])
    }

    /// Which contest, election and stage it is of.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope {
            contest: self.contest.clone(),
            contest_key: self.contest_key.clone(),
            election: self.election.clone(),
            election_key: self.election_key.clone(),
            stage: self.stage.clone(),
            regions: self.regions.clone(),
            ..Scope::default()
        }
    }

    /// The year of the election, where its key has one.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        self.election_key.get(..4)?.parse().ok()
    }

    /// The first printed figure of the contest.
    #[must_use]
    pub fn figure(&self, metric: Metric) -> Option<&Printed> {
        self.figures.get(&metric)?.first()
    }

    /// Takes in the result of a candidate, party or option. `has_lines`: one
    /// candidate may have several rows in its table.
    fn add(&mut self, row: &ResultRow, has_lines: bool, parties: &Parties) {
        // Columns of parties add to what rows say, and name nobody anew: "Lab"
        // may be two parties there, and "Others" some who have rows.
        if row.wide && self.has_rows && !self.entries.iter().any(|e| e.takes(row, parties)) {
            return;
        }
        self.has_rows |= !row.wide;
        let line = has_lines.then(|| self.line_of(row, parties));
        if let Some(line) = line.flatten() {
            line.add(row);
            return;
        }
        let at = self.entry_for(row, parties);
        let entry = &mut self.entries[at];
        entry.candidate = entry.candidate.take().or_else(|| row.candidate.clone());
        entry.party = entry.party.take().or_else(|| row.party.clone());
        entry.elected = entry.elected.or(row.elected);
        for (metric, measured) in &row.figures {
            let figures = entry.figures.entry(*metric).or_default();
            figures.push(measured.clone());
        }
    }

    /// Takes in a figure of the contest as a whole.
    fn add_figure(&mut self, row: &FigureRow, parties: &Parties) {
        let figures = match self.preferred_of(row, parties) {
            Some(entry) => &mut entry.figures,
            None => &mut self.figures,
        };
        let figures = figures.entry(row.metric).or_default();
        if !figures.iter().any(|p| p.number == row.measured.number) {
            figures.push(row.measured.clone());
        }
    }

    /// The entry of a candidate who stands for several parties, each with a row
    /// of its own in the table.
    fn line_of(&mut self, row: &ResultRow, parties: &Parties) -> Option<&mut Entry> {
        let (candidate, party) = (row.candidate.as_ref()?, row.party.as_ref()?);
        let same = |entry: &&mut Entry| {
            let own = entry.candidate.as_ref().zip(entry.party.as_ref());
            let from_table = |p: &Printed| p.place.table == row.table;
            own.is_some_and(|(name, other)| {
                key(&name.text) == key(&candidate.text) && !parties.same(&other.text, &party.text)
            }) && entry.figures.values().flatten().any(from_table)
        };
        self.entries
            .iter_mut()
            .find(same)
            .filter(|_| !row.aggregate)
    }

    /// The entry whose result after preferences a row is of that names its party.
    fn preferred_of(&mut self, row: &FigureRow, parties: &Parties) -> Option<&mut Entry> {
        let party = row.party.as_ref().filter(|_| row.metric.is_preferred())?;
        let same = |entry: &&mut Entry| {
            let own = entry.party.as_ref();
            own.is_some_and(|own| parties.same(&own.text, party))
        };
        self.entries.iter_mut().find(same)
    }

    fn entry_for(&mut self, row: &ResultRow, parties: &Parties) -> usize {
        let of_table = self.of_tables.entry(row.table).or_default();
        // Rows of one table never share an entry.
        let others = *of_table < self.entries.len();
        *of_table += 1;
        let mut entries = self.entries.iter();
        let at = others.then(|| entries.position(|entry| entry.takes(row, parties)));
        at.flatten().unwrap_or_else(|| {
            self.entries.push(Entry {
                candidate: None,
                party: None,
                aggregate: row.aggregate,
                elected: row.elected,
                figures: BTreeMap::new(),
            });
            self.entries.len() - 1
        })
    }
}

impl Entry {
    /// Is a row of another table about this entry? Rows of one table never
    /// share an entry.
    fn takes(&self, row: &ResultRow, parties: &Parties) -> bool {
        let from_same_table = self
            .figures
            .values()
            .flatten()
            .any(|p| p.place.table == row.table);
        if from_same_table || self.aggregate != row.aggregate {
            return false;
        }
        let same_party = match (&self.party, &row.party) {
            (Some(own), Some(other)) => {
                parties.same(&own.text, &other.text) && !parties.is_shared(&own.text)
            }
            _ => false,
        };
        match (&self.candidate, &row.candidate) {
            (Some(own), Some(other)) => {
                key(&own.text) == key(&other.text)
                    || (same_party && same_surname(&own.text, &other.text))
            }
            (None, None) if self.party.is_none() => false,
            _ => same_party,
        }
    }
}

/// Tables in which candidates stand for several parties, each with a row of its
/// own: a tenth of all candidates at least do. A few are two people of one name.
fn tables_with_lines(relations: &Relations, parties: &Parties) -> HashSet<TableId> {
    const PART: usize = 10;
    let mut lines: BTreeMap<(TableId, &str, &str, String), BTreeSet<&str>> = BTreeMap::new();
    for row in relations.results.iter().filter(|r| !r.aggregate) {
        if let (Some(name), Some(party)) = (&row.candidate, &row.party) {
            let scope = &row.scope;
            let stage = scope.stage.as_deref().unwrap_or("");
            let id = (
                row.table,
                scope.contest_key.as_str(),
                stage,
                key(&name.text),
            );
            if scope.unit.is_none() {
                lines.entry(id).or_default().insert(&party.text);
            }
        }
    }
    let mut counts: BTreeMap<TableId, (usize, usize)> = BTreeMap::new();
    for ((table, ..), printed) in &lines {
        // A candidate may have a row in each of several counties.
        let own: BTreeSet<String> = printed.iter().map(|party| parties.key(party)).collect();
        let (several, all) = counts.entry(*table).or_default();
        *several += usize::from(own.len() > 1);
        *all += 1;
    }
    let with = counts
        .into_iter()
        .filter(|(_, (several, all))| several * PART >= *all && *several > 0);
    with.map(|(table, _)| table).collect()
}

/// Tables whose areas are all of one contest, such as the counties of a state.
fn tables_of_one_contest(relations: &Relations) -> HashSet<TableId> {
    let mut contests: BTreeMap<TableId, BTreeSet<&str>> = BTreeMap::new();
    for row in relations.results.iter().filter(|r| r.scope.by_area) {
        let own = contests.entry(row.table).or_default();
        own.insert(&row.scope.contest_key);
    }
    let of_one = contests.into_iter().filter(|(_, own)| own.len() == 1);
    of_one.map(|(table, _)| table).collect()
}

/// A contest in one of its areas, as a contest that is told for itself: by the name
/// of the area where its table is of nothing else.
fn of_area(scope: &Scope, area: &str, of_one: bool) -> Scope {
    let contest = if of_one {
        area.to_owned()
    } else {
        format!("{}, {area}", scope.contest)
    };
    let wider = scope.regions.len().saturating_sub(1);
    Scope {
        contest_key: key(&contest),
        contest,
        regions: scope.regions.iter().take(wider).cloned().collect(),
        ..scope.clone()
    }
}

fn same_surname(a: &str, b: &str) -> bool {
    let last = |name: &str| fold(name).rsplit(' ').next().map(ToOwned::to_owned);
    last(a) == last(b)
}

impl Standings {
    #[must_use]
    pub fn new(relations: &Relations, parties: &Parties) -> Self {
        let mut standings = Self::default();
        // Parts of a contest are not the contest.
        let whole = |scope: &Scope| scope.unit.is_none();
        let results = || relations.results.iter().filter(|r| whole(&r.scope));
        let lines = tables_with_lines(relations, parties);
        let of_one = tables_of_one_contest(relations);
        let scope_in = |table: TableId, scope: &Scope| match scope.regions.last() {
            Some(area) if scope.by_area => of_area(scope, area, of_one.contains(&table)),
            Some(_) | None => scope.clone(),
        };
        let by_rows = results().filter(|r| !r.wide);
        for row in by_rows.chain(results().filter(|r| r.wide)) {
            let standing = standings.of_mut(&scope_in(row.table, &row.scope));
            standing.add(row, lines.contains(&row.table), parties);
        }
        for row in relations.figures.iter().filter(|r| whole(&r.scope)) {
            let scope = scope_in(row.measured.place.table, &row.scope);
            standings.of_mut(&scope).add_figure(row, parties);
        }
        for row in &relations.labelled {
            let pair = (row.label.clone(), row.measured.clone());
            standings.of_mut(&row.scope).labelled.push(pair);
        }
        for row in &relations.outcomes {
            let outcome = (row.party.clone(), row.kind, row.place);
            standings.of_mut(&row.scope).outcome.get_or_insert(outcome);
        }
        for standing in &mut standings.all {
            let mut entries = standing.entries.iter();
            standing.is_question =
                standing.entries.len() > 1 && entries.all(|e| relations.answers.contains(e.name()));
        }
        standings
    }

    fn of_mut(&mut self, scope: &Scope) -> &mut Standing {
        let id = (
            scope.contest_key.clone(),
            scope.election_key.clone(),
            scope.stage.clone(),
        );
        let at = *self.by_scope.entry(id).or_insert_with(|| {
            let at = self.all.len();
            self.all.push(Standing::new(scope));
            let of_contest = self.by_contest.entry(scope.contest_key.clone());
            of_contest.or_default().push(at);
            at
        });
        &mut self.all[at]
    }

    pub fn iter(&self) -> impl Iterator<Item = &Standing> {
        self.all.iter()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// The first standing of a contest in an election, with or without entries.
    #[must_use]
    pub fn position(&self, contest_key: &str, election_key: &str) -> Option<usize> {
        let found = self.find(contest_key, election_key);
        found.or_else(|| self.of(contest_key, election_key).next())
    }

    /// The standing of a contest in an election, by their keys; the first stage
    /// where its count has several.
    #[must_use]
    pub fn find(&self, contest_key: &str, election_key: &str) -> Option<usize> {
        let has_entries = |at: &usize| self.get(*at).is_some_and(|s| !s.entries.is_empty());
        self.of(contest_key, election_key).find(has_entries)
    }

    fn of(&self, contest_key: &str, election_key: &str) -> impl Iterator<Item = usize> {
        let is_of = move |at: &usize| {
            self.get(*at)
                .is_some_and(|s| s.election_key == election_key)
        };
        let of_contest = self.positions(contest_key).iter();
        of_contest.copied().filter(is_of)
    }

    /// Where the standings of a contest are, in order.
    #[must_use]
    pub fn positions(&self, contest_key: &str) -> &[usize] {
        self.by_contest.get(contest_key).map_or(&[], Vec::as_slice)
    }

    /// The standings of a contest, in order.
    pub fn of_contest(&self, contest_key: &str) -> impl Iterator<Item = &Standing> {
        let positions = self.positions(contest_key).iter();
        positions.filter_map(|at| self.get(*at))
    }

    /// Do the tables name one contest at most?
    #[must_use]
    pub fn has_one_contest(&self) -> bool {
        let mut keys = self
            .iter()
            .map(|s| s.contest_key.as_str())
            .filter(|k| !k.is_empty());
        let first = keys.next();
        keys.all(|key| Some(key) == first)
    }

    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Standing> {
        self.all.get(index)
    }
}
