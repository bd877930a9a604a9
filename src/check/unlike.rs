//! Figures of tables against those of a second source that is laid out in
//! another way (a row a constituency against a row a candidate): both are brought
//! into one shape, and what they say of one contest is compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Difference, FigureRow, Metric, Place, Printed, Relations, ResultRow, Scope, Standing,
    Standings, TableId, key,
};

use super::Subject;
use super::reference::agree;

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
}

/// Compares tables with all references. Nothing is compared where they have no
/// contest in common.
#[must_use]
pub fn compare(subject: &Subject<'_>, tables: &BTreeSet<TableId>) -> Compared {
    let mut compared = Compared::default();
    if tables.is_empty() || subject.dataset.references().next().is_none() {
        return compared;
    }
    let of_tables = |table: TableId| tables.contains(&table);
    let own = kept(subject.relations, of_tables);
    let theirs = Relations::of_references(subject.dataset, subject.layout, subject.parties);
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
    let standings = Standings::new(&together(own, theirs), subject.parties);
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

/// The rows of both, the reference's first. A part of a contest is compared as
/// a contest is; an election that one of the two does not name is that of the
/// other.
fn together(own: Relations, theirs: Relations) -> Relations {
    let named = |relations: &Relations| -> BTreeSet<String> {
        let results = relations.results.iter().map(|row| &row.scope);
        let figures = relations.figures.iter().map(|figure| &figure.scope);
        let keys = results
            .chain(figures)
            .map(|scope| scope.election_key.clone());
        keys.collect()
    };
    let is_unnamed = |keys: &BTreeSet<String>| keys.iter().all(String::is_empty);
    let unnamed = is_unnamed(&named(&own)) || is_unnamed(&named(&theirs));
    let regional = |relations: &Relations| {
        let mut scopes = relations.results.iter().map(|row| &row.scope);
        scopes.all(|scope| !scope.regions.is_empty())
    };
    let regional = regional(&own) && regional(&theirs);
    let alike = |scope: &mut Scope| {
        if unnamed {
            scope.election_key.clear();
        }
        let region = scope.regions.last().filter(|_| regional).cloned();
        for part in [scope.unit.take(), region].into_iter().flatten() {
            if key(&part) != scope.contest_key {
                scope.contest_key = format!("{}\n{}", scope.contest_key, key(&part));
                scope.contest = format!("{part}, {}", scope.contest);
            }
        }
    };
    let result = |mut row: ResultRow| {
        alike(&mut row.scope);
        row
    };
    let figure = |mut row: FigureRow| {
        alike(&mut row.scope);
        row
    };
    let results = theirs.results.into_iter().chain(own.results);
    let figures = theirs.figures.into_iter().chain(own.figures);
    Relations {
        results: told_once(results.map(result).collect()),
        figures: figures.map(figure).collect(),
        ..Relations::default()
    }
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
            contest: self.standing.contest.clone(),
            unit: None,
            name: self.name.to_owned(),
            heading,
            is_votes: self.metric == Metric::Votes && !self.name.is_empty(),
        }
    }
}
