//! The votes of contests in their units, for those in which a figure of a unit
//! is in doubt: precincts in rows, candidates in columns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Finding, Locus, Metric, Place, Relations, ResultRow, key};

/// The votes of one contest by unit and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Contest, election and stage, as far as they are told.
    pub title: String,
    /// Candidates, parties or options, in the order of the input.
    pub names: Vec<String>,
    /// Units with the cells that hold the votes of each name.
    pub rows: Vec<(String, Vec<Vec<Place>>)>,
    /// Units that are not among them.
    pub more: usize,
}

/// At most so many contests, the first.
const CONTESTS: usize = 50;
/// At most so many units of a contest: those in doubt, and the first others.
const UNITS: usize = 60;
/// At most so many names.
const NAMES: usize = 40;

impl Parts {
    /// The contests whose units have a figure that a finding names.
    #[must_use]
    pub fn in_doubt(relations: &Relations, findings: &[Finding]) -> Vec<Self> {
        let doubts = doubts(findings);
        if doubts.is_empty() {
            return Vec::new();
        }
        let mut contests: Vec<Vec<&ResultRow>> = Vec::new();
        let mut known = HashMap::new();
        for row in relations.results.iter().filter(|r| r.scope.unit.is_some()) {
            let scope = &row.scope;
            let id = (&scope.contest_key, &scope.election_key, &scope.stage);
            let at = *known.entry(id).or_insert_with(|| {
                contests.push(Vec::new());
                contests.len() - 1
            });
            contests[at].push(row);
        }
        let is_doubtful = |rows: &&Vec<&ResultRow>| {
            let mut places = rows.iter().filter_map(|row| votes(row));
            places.any(|place| doubts.contains(&place))
        };
        let doubtful = contests.iter().filter(is_doubtful).take(CONTESTS);
        doubtful.map(|rows| Self::new(rows, &doubts)).collect()
    }

    fn new(rows: &[&ResultRow], doubts: &BTreeSet<Place>) -> Self {
        let title = rows.first().map_or_else(String::new, |row| title(row));
        let mut names: Vec<String> = Vec::new();
        let mut name_of = HashMap::new();
        let mut units: Vec<(String, BTreeMap<usize, Vec<Place>>)> = Vec::new();
        let mut unit_of = HashMap::new();
        for row in rows {
            let (Some(place), Some(unit)) = (votes(row), &row.scope.unit) else {
                continue;
            };
            let name = row.candidate.as_ref().or(row.party.as_ref());
            let name = name.map_or("", |name| name.text.as_str());
            let column = *name_of.entry(key(name)).or_insert_with(|| {
                names.push(name.to_owned());
                names.len() - 1
            });
            let at = *unit_of.entry(unit).or_insert_with(|| {
                units.push((unit.clone(), BTreeMap::new()));
                units.len() - 1
            });
            units[at].1.entry(column).or_default().push(place);
        }
        names.truncate(NAMES);
        let all = units.len();
        let shown = shown(&units, doubts);
        let rows = units.into_iter().zip(shown).filter(|(_, shown)| *shown);
        let rows: Vec<_> = rows
            .map(|((unit, mut cells), _)| {
                let cells = (0..names.len()).map(|name| cells.remove(&name).unwrap_or_default());
                (unit, cells.collect())
            })
            .collect();
        Self {
            title,
            names,
            more: all - rows.len(),
            rows,
        }
    }
}

/// The cell of a row's votes.
fn votes(row: &ResultRow) -> Option<Place> {
    row.figures.get(&Metric::Votes).map(|votes| votes.place)
}

/// The cells that findings name.
fn doubts(findings: &[Finding]) -> BTreeSet<Place> {
    let loci = findings
        .iter()
        .flat_map(|finding| finding.related.iter().map(|r| r.at).chain([finding.at]));
    let places = loci.filter_map(|locus| match locus {
        Locus::Cell(place) => Some(place),
        Locus::Heading(_) | Locus::Span(_) => None,
    });
    places.collect()
}

/// Which units are shown: those with a figure in doubt first.
fn shown(units: &[(String, BTreeMap<usize, Vec<Place>>)], doubts: &BTreeSet<Place>) -> Vec<bool> {
    let doubtful = units.iter().map(|(_, cells)| {
        let mut places = cells.values().flatten();
        places.any(|place| doubts.contains(place))
    });
    let doubtful: Vec<bool> = doubtful.collect();
    let count = doubtful.iter().filter(|doubtful| **doubtful).count();
    let (mut first, mut others) = (UNITS, UNITS.saturating_sub(count));
    let choose = |doubtful: &bool| {
        let room = if *doubtful { &mut first } else { &mut others };
        let chosen = *room > 0;
        *room = room.saturating_sub(1);
        chosen
    };
    doubtful.iter().map(choose).collect()
}

/// "Ashby, 2017, first count".
fn title(row: &ResultRow) -> String {
    let scope = &row.scope;
    let stage = scope.stage.as_deref().unwrap_or_default();
    let parts = [scope.contest.as_str(), scope.election.as_str(), stage];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}
