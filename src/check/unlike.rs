//! Figures of tables against those of a second source that is laid out in
//! another way (a row a constituency against a row a candidate): both are brought
//! into one shape, and what they say of one contest is compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Column, Difference, Measured, Metric, Number, Parties, Place, Printed, Relations, ResultRow,
    Role, Scope, Standing, Standings, TableId, fold, key,
};

use super::Subject;
use super::alike::called;
use super::reference::agree;
use super::unheaded;

/// What was compared.
#[derive(Debug, Default)]
pub struct Compared {
    /// How many figures agree.
    pub same: u64,
    pub differing: Vec<Difference>,
    /// Contests that the reference lacks, by their name and a cell of theirs.
    pub only_here: Vec<(String, Place)>,
    /// Contests that the tables lack.
    pub only_there: Vec<(String, Place)>,
    /// Candidates of the tables whom the reference gives another name.
    pub renamed: Vec<Called>,
}

/// A candidate whom one source gives the surname of only.
#[derive(Debug, Clone)]
pub struct Called {
    pub at: Place,
    pub here: String,
    pub there: String,
}

/// Compares tables with all references. Nothing is compared where they have no
/// contest in common.
#[must_use]
pub fn compare(subject: &Subject<'_>, tables: &BTreeSet<TableId>) -> Compared {
    let mut compared = Compared::default();
    if tables.is_empty() || subject.dataset.references().next().is_none() {
        return compared;
    }
    let ([own, theirs], renamed) = both(subject, tables);
    compared.renamed = renamed;
    let (here, there) = (contests(&own), contests(&theirs));
    if !here.keys().any(|contest| there.contains_key(contest)) {
        return compared;
    }
    let lacking = |some: &Contests, other: &Contests| -> Vec<(String, Place)> {
        let lacking = some.iter().filter(|(key, _)| !other.contains_key(*key));
        lacking.map(|(_, contest)| contest.clone()).collect()
    };
    compared.only_here = lacking(&here, &there);
    compared.only_there = lacking(&there, &here);
    let (relations, parts) = together(subject, own, theirs);
    let standings = Standings::new(&relations, subject.parties);
    for standing in standings.iter() {
        let of_entries = standing.entries.iter().flat_map(|entry| {
            let figures = entry.figures.iter();
            figures.map(move |(metric, printed)| (entry.name(), *metric, printed))
        });
        let of_contest = standing
            .figures
            .iter()
            .map(|(m, printed)| ("", *m, printed));
        for (name, metric, printed) in of_entries.chain(of_contest) {
            let all = Printings {
                subject,
                tables,
                standing,
                part: parts.get(&standing.contest_key),
                name,
                metric,
            };
            all.compare(printed, &mut compared);
        }
    }
    compared
}

/// By key, the name of a contest and a cell of it.
type Contests = BTreeMap<String, (String, Place)>;

fn contests(relations: &Relations) -> Contests {
    let of_results = relations.results.iter().filter_map(|row| {
        let first = row.figures.values().next()?;
        Some((&row.scope, first.place))
    });
    let of_figures = relations.figures.iter();
    let of_figures = of_figures.map(|figure| (&figure.scope, figure.measured.place));
    let mut contests = Contests::new();
    for (scope, place) in of_results.chain(of_figures) {
        let contest = (scope.contest.clone(), place);
        contests.entry(scope.contest_key.clone()).or_insert(contest);
    }
    contests
}

/// What the tables tell and what the references do, of contests by one name.
fn both(subject: &Subject<'_>, tables: &BTreeSet<TableId>) -> ([Relations; 2], Vec<Called>) {
    let (dataset, parties) = (subject.dataset, subject.parties);
    let mut own = kept(subject.relations, |table| tables.contains(&table));
    let mut theirs = Relations::of_references(dataset, subject.layout, parties);
    let names = |relations: &Relations| {
        let names = all_names(relations, parties);
        let surnames = surnames(relations).into_keys().map(|name| key(&name));
        names.into_iter().chain(surnames).collect::<BTreeSet<_>>()
    };
    let (here, there) = (names(&own), names(&theirs));
    let unknown = dataset.tables().filter(|(id, _)| tables.contains(id));
    for table in unknown {
        let results = unheaded::results(subject, &own, table, &there);
        own.results.extend(results);
    }
    for table in dataset.references() {
        let results = unheaded::results(subject, &theirs, table, &here);
        theirs.results.extend(results);
    }
    let renamed = call_alike(&mut own, &mut theirs);
    add_modes(subject, &mut own, &mut theirs);
    adopt(&mut own, &theirs, parties);
    adopt(&mut theirs, &own, parties);
    let keys = |relations: &Relations| contests(relations).into_keys().collect();
    let names = called(&keys(&own), &keys(&theirs));
    for scope in scopes(&mut own) {
        if let Some(name) = names.get(&scope.contest_key) {
            scope.contest_key.clone_from(name);
        }
    }
    ([own, theirs], renamed)
}

/// The surnames that one candidate only has, folded, with the whole name.
fn surnames(relations: &Relations) -> BTreeMap<String, String> {
    let names = relations.results.iter().filter(|row| !row.aggregate);
    let names: BTreeSet<&str> = names
        .filter_map(|row| row.candidate.as_ref())
        .map(|name| name.text.as_str())
        .collect();
    let mut all: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for name in names {
        let surname = match name.split_once(',') {
            Some((surname, first)) if !first.trim().is_empty() => fold(surname),
            _ => match fold(name).rsplit_once(' ') {
                Some((_, last)) => last.to_owned(),
                None => continue,
            },
        };
        all.entry(surname).or_default().insert(name);
    }
    let sole = |(surname, names): (String, BTreeSet<&str>)| {
        let first = (*names.first()?).to_owned();
        let same = names.iter().all(|name| key(name) == key(&first));
        same.then_some((surname, first))
    };
    all.into_iter().filter_map(sole).collect()
}

/// Gives candidates of whom one source has the surname only the name that the
/// other has, where only one there has that surname.
fn call_alike(own: &mut Relations, theirs: &mut Relations) -> Vec<Called> {
    let mut renamed: Vec<Called> = Vec::new();
    let [here, there] = [surnames(own), surnames(theirs)];
    for (rows, names, is_own) in [
        (&mut own.results, &there, true),
        (&mut theirs.results, &here, false),
    ] {
        for name in rows.iter_mut().filter_map(|row| row.candidate.as_mut()) {
            let Some(whole) = names.get(&fold(&name.text)) else {
                continue;
            };
            let (here, there) = if is_own {
                (name.text.clone(), whole.clone())
            } else {
                (whole.clone(), name.text.clone())
            };
            name.text.clone_from(whole);
            if is_own && renamed.iter().all(|called| called.here != here) {
                let at = name.place;
                renamed.push(Called { at, here, there });
            }
        }
    }
    renamed
}

/// Where one source has a row for each way of voting and the other a column,
/// these columns are rows too.
fn add_modes(subject: &Subject<'_>, own: &mut Relations, theirs: &mut Relations) {
    let has = |relations: &Relations, role: Role| {
        let mut rows = relations.results.iter();
        let of = |table: TableId| subject.dataset.table(table);
        rows.any(|row| of(row.table).is_some_and(|table| table.column_of(role).is_some()))
    };
    let modes = [Role::Mode, Role::ModeVotes];
    let of = |relations: &Relations| modes.map(|role| has(relations, role));
    let ([as_rows, as_columns], other) = (of(own), of(theirs));
    if as_columns && other[0] {
        let more = by_mode(subject, own);
        own.results.extend(more);
    }
    if as_rows && other[1] {
        let more = by_mode(subject, theirs);
        theirs.results.extend(more);
    }
}

/// The votes of each row in the columns of ways of voting.
fn by_mode(subject: &Subject<'_>, relations: &Relations) -> Vec<ResultRow> {
    let of_row = |row: &ResultRow| -> Vec<ResultRow> {
        let table = subject.dataset.table(row.table).filter(|_| !row.wide);
        let columns = table.into_iter().flat_map(|t| t.columns.iter().enumerate());
        let modes = columns.filter(|(_, column)| column.role == Role::ModeVotes);
        let of_mode = |(at, column): (usize, &Column)| {
            let place = Place::at(row.table, row.row as usize, at);
            let number = Number::parse(subject.dataset.cell(place)?)?;
            let unit = [row.scope.unit.clone(), Some(column.name.clone())];
            let unit: Vec<String> = unit.into_iter().flatten().collect();
            Some(ResultRow {
                scope: Scope {
                    unit: Some(unit.join(", ")),
                    ..row.scope.clone()
                },
                figures: BTreeMap::from([(Metric::Votes, Measured { number, place })]),
                ..row.clone()
            })
        };
        modes.filter_map(of_mode).collect()
    };
    relations.results.iter().flat_map(of_row).collect()
}

fn scopes(relations: &mut Relations) -> impl Iterator<Item = &mut Scope> {
    let results = relations.results.iter_mut().map(|row| &mut row.scope);
    let figures = relations.figures.iter_mut();
    results.chain(figures.map(|figure| &mut figure.scope))
}

/// Who and what a row is of, by keys.
fn names(row: &ResultRow, parties: &Parties) -> impl Iterator<Item = String> {
    let party = row.party.as_ref().map(|party| parties.key(&party.text));
    let person = row.candidate.as_ref().map(|name| key(&name.text));
    [person, party].into_iter().flatten()
}

fn all_names(relations: &Relations, parties: &Parties) -> BTreeSet<String> {
    let rows = relations.results.iter().filter(|row| !row.aggregate);
    rows.flat_map(|row| names(row, parties)).collect()
}

/// A table that names no contest is of the only one of the others with which it
/// shares names.
fn adopt(some: &mut Relations, others: &Relations, parties: &Parties) {
    const SHARED: usize = 2;
    let mut contests: BTreeMap<&str, (&str, BTreeSet<String>)> = BTreeMap::new();
    let named = others
        .results
        .iter()
        .filter(|row| !row.scope.contest_key.is_empty());
    for row in named.filter(|row| !row.aggregate) {
        let contest = contests.entry(&row.scope.contest_key);
        let (_, own) = contest.or_insert((&row.scope.contest, BTreeSet::new()));
        own.extend(names(row, parties));
    }
    let mut nameless: BTreeMap<TableId, BTreeSet<String>> = BTreeMap::new();
    let rows = some
        .results
        .iter()
        .filter(|row| row.scope.contest_key.is_empty());
    for row in rows.filter(|row| !row.aggregate) {
        nameless
            .entry(row.table)
            .or_default()
            .extend(names(row, parties));
    }
    for (table, own) in nameless {
        let shares = |names: &BTreeSet<String>| names.intersection(&own).count() >= SHARED;
        let mut fitting = contests.iter().filter(|(_, (_, names))| shares(names));
        if let (Some((key, (contest, _))), None) = (fitting.next(), fitting.next()) {
            some.name_contest(table, contest, key);
        }
    }
}

/// The rows of some tables.
fn kept(relations: &Relations, of: impl Fn(TableId) -> bool) -> Relations {
    let results = relations.results.iter().filter(|row| of(row.table));
    let figures = relations.figures.iter();
    let figures = figures.filter(|figure| of(figure.measured.place.table));
    Relations {
        results: results.cloned().collect(),
        figures: figures.cloned().collect(),
        ..Relations::default()
    }
}

/// A part of a contest, as both call it.
struct Part {
    contest: String,
    name: String,
}

/// How the rows of two sources are brought into contests of both.
struct Joining<'a> {
    subject: &'a Subject<'a>,
    /// One of the two names no election: it is that of the other.
    undated: bool,
    /// Both name the areas that contests lie in.
    regional: bool,
    /// What parts are called in the reference.
    called: BTreeMap<String, String>,
    parts: BTreeMap<String, Part>,
}

impl<'a> Joining<'a> {
    fn new(subject: &'a Subject<'a>, own: &mut Relations, theirs: &mut Relations) -> Self {
        let undated = |relations: &mut Relations| {
            scopes(relations).all(|scope| scope.election_key.is_empty())
        };
        let regional = |relations: &Relations| {
            let mut scopes = relations.results.iter().map(|row| &row.scope);
            scopes.all(|scope| !scope.regions.is_empty())
        };
        let units = |relations: &mut Relations| -> BTreeSet<String> {
            let units = scopes(relations).filter_map(|scope| scope.unit.as_ref());
            units.map(|unit| part_key(subject, unit)).collect()
        };
        Self {
            undated: undated(own) || undated(theirs),
            regional: regional(own) && regional(theirs),
            called: called(&units(own), &units(theirs)),
            parts: BTreeMap::new(),
            subject,
        }
    }

    /// A part of a contest is compared as a contest is.
    fn join(&mut self, scope: &mut Scope) {
        if self.undated {
            scope.election_key.clear();
        }
        let region = scope.regions.last().filter(|_| self.regional).cloned();
        let mut names: Vec<String> = Vec::new();
        for part in [scope.unit.take(), region].into_iter().flatten() {
            let own = part_key(self.subject, &part);
            let known = self.called.get(&own).unwrap_or(&own);
            if *known != scope.contest_key {
                scope.contest_key = format!("{}\n{known}", scope.contest_key);
                names.push(part);
            }
        }
        if !names.is_empty() {
            let part = Part {
                contest: scope.contest.clone(),
                name: names.join(", "),
            };
            let parts = self.parts.entry(scope.contest_key.clone());
            parts.or_insert(part);
        }
    }
}

fn part_key(subject: &Subject<'_>, part: &str) -> String {
    key(&subject.layout.spelled_out(part))
}

/// The rows of both, the reference's first, and by key the parts of contests.
fn together(
    subject: &Subject<'_>,
    mut own: Relations,
    mut theirs: Relations,
) -> (Relations, BTreeMap<String, Part>) {
    let mut joining = Joining::new(subject, &mut own, &mut theirs);
    for scope in scopes(&mut theirs).chain(scopes(&mut own)) {
        joining.join(scope);
    }
    let results = theirs.results.into_iter().chain(own.results);
    let figures = theirs.figures.into_iter().chain(own.figures);
    let relations = Relations {
        results: told_once(results.collect()),
        figures: figures.collect(),
        ..Relations::default()
    };
    (relations, joining.parts)
}

/// Of a name that a table has in several rows of one contest (its parts, say, in
/// a way that is not understood) it cannot be said which is which.
fn told_once(mut rows: Vec<ResultRow>) -> Vec<ResultRow> {
    let id = |row: &ResultRow| {
        let scope = &row.scope;
        let stage = scope.stage.clone().unwrap_or_default();
        let contest = [scope.contest_key.clone(), scope.election_key.clone(), stage];
        (row.table, contest, key(row.name()))
    };
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for row in &rows {
        *times.entry(id(row)).or_default() += 1;
    }
    rows.retain(|row| times.get(&id(row)) == Some(&1));
    rows
}

/// A figure wherever it is printed.
struct Printings<'a> {
    subject: &'a Subject<'a>,
    tables: &'a BTreeSet<TableId>,
    standing: &'a Standing,
    /// Where it is of a part of a contest.
    part: Option<&'a Part>,
    /// Whose it is; empty for one of the contest.
    name: &'a str,
    metric: Metric,
}

impl Printings<'_> {
    /// The tables against the first reference that has it.
    fn compare(&self, printed: &[Printed], compared: &mut Compared) {
        let is_own = |p: &&Printed| self.tables.contains(&p.place.table);
        let Some(theirs) = printed.iter().find(|p| !is_own(p)) else {
            return;
        };
        for ours in printed.iter().filter(is_own) {
            let heading = self.subject.dataset.column_name(ours.place);
            let heading = heading.unwrap_or_else(|| self.metric.words()).to_owned();
            let tolerance = self.subject.tolerance(&heading);
            let tolerance = tolerance.max(self.subject.tolerance(self.metric.words()));
            if agree(Some(&ours.number), Some(&theirs.number), tolerance) == Some(true) {
                compared.same += 1;
            } else {
                compared
                    .differing
                    .push(self.difference(ours, theirs, heading));
            }
        }
    }

    fn difference(&self, ours: &Printed, theirs: &Printed, heading: String) -> Difference {
        Difference {
            own: ours.place,
            other: theirs.place,
            ours: Some(ours.number.clone()),
            theirs: Some(theirs.number.clone()),
            contest: self
                .part
                .map_or(&self.standing.contest, |p| &p.contest)
                .clone(),
            unit: self.part.map(|part| part.name.clone()),
            name: self.name.to_owned(),
            heading,
            is_votes: self.metric == Metric::Votes && !self.name.is_empty(),
        }
    }
}
