//! Tables of one contest that name no election and cannot be of the same one, in:
//! which of them is of the election before, out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Dataset, Exact, Metric, Number, Parties, TableId, key, whole};

use super::{Relations, ResultRow, Scope};

/// What the key of an election begins with that a table without a name for it
/// holds: the one before, or another one.
pub const EARLIER: char = '<';
pub const ANOTHER: char = '?';

/// At least so many rows of two tables are of the same, and all differ. Two may
/// differ by mistakes.
const SHARED: usize = 3;

type Rows<'r> = BTreeMap<String, &'r ResultRow>;

/// What another table is, held against the first of its contest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Other {
    /// The first table's changes are measured from it.
    Before,
    /// All that both give differs.
    Apart,
}

impl Relations {
    /// Parts tables that name no election. Their changes, not their order, say
    /// which is the earlier; where nothing says, they are only kept apart.
    pub(super) fn part_undated(&mut self, dataset: &Dataset, parties: &Parties) {
        let mut contests: BTreeMap<&str, BTreeMap<TableId, Rows<'_>>> = BTreeMap::new();
        let undated = |row: &&ResultRow| {
            let scope = &row.scope;
            scope.election_key.is_empty() && scope.unit.is_none() && scope.stage.is_none()
        };
        for row in self.results.iter().filter(undated).filter(|r| !r.aggregate) {
            let own = contests.entry(&row.scope.contest_key).or_default();
            let name = row.party.as_ref().map(|party| parties.key(&party.text));
            let name = name.or_else(|| Some(key(&row.candidate.as_ref()?.text)));
            let rows = own.entry(row.table).or_default();
            name.map(|name| rows.insert(name, row));
        }
        let mut parted: Vec<(TableId, TableId, Other)> = Vec::new();
        for tables in contests.values() {
            let pairs = tables
                .iter()
                .flat_map(|a| tables.iter().map(move |b| (a, b)))
                .filter(|((a, _), (b, _))| a != b);
            for ((a, now), (b, then)) in pairs {
                let told = |id: &TableId| parted.iter().any(|(other, _, _)| other == id);
                if told(a) || told(b) {
                    continue;
                }
                match compare(now, then) {
                    Some(Other::Before) => parted.push((*b, *a, Other::Before)),
                    Some(Other::Apart) if a < b && compare(then, now) != Some(Other::Before) => {
                        parted.push((*b, *a, Other::Apart));
                    }
                    Some(Other::Apart) | None => {}
                }
            }
        }
        for (table, than, other) in parted {
            self.name_election(dataset, table, than, other);
        }
    }

    /// Results that name no election, beside figures of the same contests by year
    /// ("turnout 2021, turnout 2022"), are of the latest of these years, where
    /// nobody's results are.
    pub(super) fn date_by_figures(&mut self) {
        let dated = |scope: &Scope| !scope.election_key.is_empty();
        let results = self.results.iter().map(|row| &row.scope);
        let contests = results.clone().filter(|scope| !dated(scope));
        let contests: BTreeSet<String> = contests.map(|s| s.contest_key.clone()).collect();
        let held: BTreeSet<&str> = results.map(|scope| scope.election_key.as_str()).collect();
        let figures = self.figures.iter().map(|row| &row.scope);
        let years: BTreeMap<&str, &str> = figures
            .filter(|scope| dated(scope) && contests.contains(&scope.contest_key))
            .map(|scope| (scope.election_key.as_str(), scope.election.as_str()))
            .collect();
        let is_year = |key: &str| key.len() == 4 && key.bytes().all(|b| b.is_ascii_digit());
        let Some((election_key, election)) = years.iter().next_back() else {
            return;
        };
        let latest = held.iter().all(|other| other < election_key);
        if years.len() < 2 || !latest || !years.keys().all(|key| is_year(key)) {
            return;
        }
        let (election_key, election) = ((*election_key).to_owned(), (*election).to_owned());
        let mut scopes: Vec<&mut Scope> = Vec::new();
        scopes.extend(self.results.iter_mut().map(|row| &mut row.scope));
        scopes.extend(self.figures.iter_mut().map(|row| &mut row.scope));
        scopes.extend(self.outcomes.iter_mut().map(|row| &mut row.scope));
        scopes.retain(|scope| !dated(scope) && contests.contains(&scope.contest_key));
        for scope in scopes {
            scope.election.clone_from(&election);
            scope.election_key.clone_from(&election_key);
        }
    }

    fn name_election(&mut self, dataset: &Dataset, id: TableId, than: TableId, other: Other) {
        let stem = |id| {
            let table = dataset.table(id);
            let source = table.and_then(|t| dataset.source(t.source));
            source.map_or("", |s| s.stem()).to_owned()
        };
        let (own, first) = (stem(id), stem(than));
        let (mark, election, why) = match other {
            Other::Before => (
                EARLIER,
                "the election before".to_owned(),
                format!("it was taken for the election before {first}, whose changes fit it"),
            ),
            Other::Apart => (
                ANOTHER,
                own.clone(),
                format!("it was taken for another election than {first}, not known which"),
            ),
        };
        self.notes.push(format!(
            "{own} names no election, and all that it shares with {first} differs: {why}"
        ));
        let election_key = format!("{mark}{}", key(&own));
        let mut scopes: Vec<&mut Scope> = Vec::new();
        let results = self.results.iter_mut().filter(|r| r.table == id);
        scopes.extend(results.map(|r| &mut r.scope));
        let figures = self.figures.iter_mut();
        let figures = figures.filter(|f| f.measured.place.table == id);
        scopes.extend(figures.map(|f| &mut f.scope));
        let outcomes = self.outcomes.iter_mut().filter(|o| o.place.table == id);
        scopes.extend(outcomes.map(|o| &mut o.scope));
        for scope in scopes {
            scope.election.clone_from(&election);
            scope.election_key.clone_from(&election_key);
        }
    }
}

fn compare(now: &Rows<'_>, then: &Rows<'_>) -> Option<Other> {
    let shared = now
        .iter()
        .filter_map(|(name, row)| Some((*row, *then.get(name)?)));
    let shared: Vec<(&ResultRow, &ResultRow)> = shared.collect();
    let differ = |(a, b): &&(&ResultRow, &ResultRow)| {
        let differs = |metric| Some(value(a, metric)? != value(b, metric)?);
        [Metric::Votes, Metric::Share].into_iter().find_map(differs) == Some(true)
    };
    let areas = |(a, b): &(&ResultRow, &ResultRow)| a.scope.regions != b.scope.regions;
    if shared.iter().any(areas) || !shared.iter().all(|pair| differ(&pair)) {
        return None;
    }
    let fits = |(a, b): &&(&ResultRow, &ResultRow)| fits_change(a, b) == Some(true);
    let fitting: BTreeSet<u32> = shared.iter().filter(fits).map(|(a, _)| a.row).collect();
    let wrong = shared.iter().any(|(a, b)| fits_change(a, b) == Some(false));
    if fitting.len() > 1 && !wrong {
        return Some(Other::Before);
    }
    // Files that name no contest and share no candidate may be of two contests.
    let candidate = |row: &ResultRow| row.candidate.as_ref().map(|name| key(&name.text));
    let same = |(a, b): &(&ResultRow, &ResultRow)| {
        !a.scope.contest_key.is_empty() || candidate(a).is_some() && candidate(a) == candidate(b)
    };
    (shared.len() >= SHARED && shared.iter().any(same)).then_some(Other::Apart)
}

fn value(row: &ResultRow, metric: Metric) -> Option<&Exact> {
    row.figures.get(&metric).map(|m| &m.number.value)
}

/// Is the share of a row less its change that of the row before, as far as they
/// are printed?
fn fits_change(now: &ResultRow, then: &ResultRow) -> Option<bool> {
    let number = |row: &'_ ResultRow, metric| -> Option<Number> {
        row.figures.get(&metric).map(|m| m.number.clone())
    };
    let share = number(now, Metric::Share)?;
    let change = number(now, Metric::ShareChange)?;
    let before = number(then, Metric::Share)?;
    let off = &(&share.value - &change.value) - &before.value;
    let slack: Exact = [&share, &change, &before]
        .map(Number::half_unit)
        .into_iter()
        .sum();
    let off = if off < whole(0) { -off } else { off };
    Some(off <= slack)
}
