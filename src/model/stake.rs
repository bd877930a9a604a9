//! What hangs on a finding: how many votes its figures differ by, and whether
//! that is enough to change who won.

use std::collections::HashMap;

use num_traits::Signed;

use super::{
    Dataset, Entry, Exact, Facts, Finding, Locus, Metric, Number, Place, Role, TableId, key, whole,
};

/// What hangs on a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stake {
    /// By how many votes the figures differ; shares are turned into votes of
    /// their contest. `None` where it is not about votes.
    pub votes: Option<Exact>,
    /// Are the votes as many as part the winner from the next, or from the
    /// one that the finding is about? A doubt, not a verdict.
    pub winner: bool,
}

/// Finds what hangs on findings.
#[derive(Debug)]
pub struct Stakes<'a> {
    facts: &'a Facts<'a>,
    dataset: &'a Dataset,
    by_row: HashMap<(TableId, u32), usize>,
}

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Votes,
    Points,
}

impl<'a> Stakes<'a> {
    #[must_use]
    pub fn new(facts: &'a Facts<'a>, dataset: &'a Dataset) -> Self {
        let mut by_row = HashMap::new();
        for (standing, index) in facts.standings.iter().zip(0..) {
            let of_entries = standing.entries.iter().flat_map(|e| e.figures.values());
            for printed in of_entries.chain(standing.figures.values()).flatten() {
                by_row.insert((printed.place.table, printed.place.row), index);
            }
        }
        Self {
            facts,
            dataset,
            by_row,
        }
    }

    #[must_use]
    pub fn of(&self, finding: &Finding) -> Stake {
        let standing = self.standing(finding);
        let metric = self.metric(finding);
        if standing.is_some() && matches!(metric.as_deref(), Some("winner" | "outcome")) {
            return Stake {
                votes: None,
                winner: true,
            };
        }
        let unit = metric.as_deref().and_then(|metric| unit(metric, finding));
        let votes = unit.and_then(|unit| self.votes(finding, unit, standing));
        let gap = standing
            .filter(|_| metric.as_deref().is_some_and(decides))
            .and_then(|standing| self.gap(standing, finding));
        let winner = votes
            .as_ref()
            .zip(gap)
            .is_some_and(|(votes, gap)| *votes >= gap);
        Stake { votes, winner }
    }

    /// The contest that a finding is about: that of its cells, else of its key.
    #[must_use]
    pub fn standing(&self, finding: &Finding) -> Option<usize> {
        let related = finding.related.iter().map(|r| r.at);
        let named = || {
            let contest = key(finding.key.get("contest")?);
            let election = finding.key.get("election");
            self.facts
                .standings
                .iter()
                .position(|s| s.contest_key == contest && election.is_none_or(|e| *e == s.election))
        };
        let of = |at| match at {
            Locus::Cell(Place { table, row, .. }) => self.by_row.get(&(table, row)).copied(),
            Locus::Heading(_) | Locus::Span(_) => None,
        };
        of(finding.at)
            .or_else(named)
            .or_else(|| related.into_iter().find_map(of))
    }

    /// What the finding is about: as it says, else as its column does.
    fn metric(&self, finding: &Finding) -> Option<String> {
        let column = || {
            let Locus::Cell(place) = finding.at else {
                return None;
            };
            let table = self.dataset.table(place.table)?;
            match table.columns.get(place.column as usize)?.role {
                Role::Measure(metric) => Some(metric.name().to_owned()),
                _ => None,
            }
        };
        finding
            .key
            .get("metric")
            .map(ToOwned::to_owned)
            .or_else(column)
    }

    fn votes(&self, finding: &Finding, unit: Unit, standing: Option<usize>) -> Option<Exact> {
        let given = finding.difference.as_deref().and_then(figure);
        let apart =
            || Some(figure(finding.stated.as_deref()?)? - figure(finding.expected.as_deref()?)?);
        let off = given.or_else(apart)?.abs();
        match unit {
            Unit::Votes => Some(off),
            Unit::Points => Some(off * self.total(standing?)? / whole(100)),
        }
    }

    /// All votes of a contest: as printed, else those of its rows. Enough to
    /// weigh a finding by.
    fn total(&self, standing: usize) -> Option<Exact> {
        let standing = self.facts.standing(standing)?;
        if let Some(printed) = standing.figure(Metric::ValidVotes) {
            return Some(printed.number.value.clone());
        }
        let votes = standing.entries.iter().map(|e| e.figure(Metric::Votes));
        votes.map(|votes| Some(votes?.number.value.clone())).sum()
    }

    /// How many votes part the winner from the one that the finding is about,
    /// or from the next.
    fn gap(&self, standing: usize, finding: &Finding) -> Option<Exact> {
        let (metric @ (Metric::Votes | Metric::PreferredVotes), order) =
            self.facts.ranking(standing)?
        else {
            return None;
        };
        let entries = &self.facts.standing(standing)?.entries;
        let votes = |at: usize| Some(&entries.get(at)?.figure(metric)?.number.value);
        let (&first, &second) = (order.first()?, order.get(1)?);
        let about = order
            .iter()
            .copied()
            .find(|&at| at != first && is_about(entries.get(at), finding));
        Some(votes(first)? - votes(about.unwrap_or(second))?)
    }
}

fn is_about(entry: Option<&Entry>, finding: &Finding) -> bool {
    let named = |entry: &Entry| {
        let candidate = finding.key.get("candidate");
        candidate.is_some_and(|name| key(name) == key(entry.name()))
    };
    let stands = |entry: &Entry| {
        let mut figures = entry.figures.values().flatten();
        figures.any(|p| finding.at == Locus::Cell(p.place))
    };
    entry.is_some_and(|entry| named(entry) || stands(entry))
}

/// What a metric is counted in, where that can be turned into votes.
fn unit(metric: &str, finding: &Finding) -> Option<Unit> {
    let said = finding.stated.as_deref().unwrap_or_default();
    let points = said.contains('%') || said.contains("point") || said.contains("per cent");
    match metric {
        "votes" | "votes-change" | "majority" | "majority-change" | "difference" | "turnout"
        | "valid-votes" | "rejected-votes" | "total-votes" | "preferred-votes" => {
            Some(if points { Unit::Points } else { Unit::Votes })
        }
        "share" | "share-change" | "majority-share" | "preferred-share" => Some(Unit::Points),
        _ => None,
    }
}

/// Do figures of this kind tell who won?
fn decides(metric: &str) -> bool {
    matches!(
        metric,
        "votes"
            | "share"
            | "majority"
            | "majority-share"
            | "difference"
            | "valid-votes"
            | "total-votes"
            | "preferred-votes"
            | "preferred-share"
    )
}

/// The one number of a phrase: "more than 3,500".
fn figure(text: &str) -> Option<Exact> {
    let numeral = |word: &&str| word.chars().any(|c| c.is_ascii_digit());
    let mut numerals = text.split_whitespace().filter(numeral);
    let first = numerals.next()?;
    let alone = numerals.next().is_none();
    Some(Number::parse(first).filter(|_| alone)?.value)
}
