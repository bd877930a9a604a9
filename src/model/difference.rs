//! Two sources side by side: the figures in which they differ, and what each
//! makes of a contest.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::Zero;

use super::{Exact, Metric, Number, Place, Relations, key};

/// A figure in which a table differs from another source.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The cell of the table, and that of the other source.
    pub own: Place,
    pub other: Place,
    /// `None` where a cell is empty.
    pub ours: Option<Number>,
    pub theirs: Option<Number>,
    /// Empty where the tables name none.
    pub contest: String,
    pub unit: Option<String>,
    /// Whose figure it is, as printed.
    pub name: String,
    /// The heading of its column.
    pub heading: String,
    pub is_votes: bool,
}

impl Difference {
    /// Ours minus theirs; an empty cell counts nothing.
    #[must_use]
    pub fn off(&self) -> Exact {
        let value = |n: &Option<Number>| n.as_ref().map_or_else(Exact::zero, |n| n.value.clone());
        value(&self.ours) - value(&self.theirs)
    }
}

/// What two versions of a dataset do not share.
#[derive(Debug, Default)]
pub struct Differences {
    pub figures: Vec<Difference>,
    /// A cell of each row that the other source lacks.
    pub only_here: Vec<Place>,
    /// A cell of each row of the other source that the tables lack.
    pub only_there: Vec<Place>,
    /// How many figures were held against one of the other source.
    pub compared: u64,
    /// What was compared of tables that were not compared as a whole.
    pub partly: Vec<String>,
    /// Why nothing was compared, where there was something to compare with.
    pub hindrance: Option<String>,
    /// Keys of names of candidates, each with what the other source calls them.
    pub renamed: BTreeSet<(String, String)>,
}

/// The winner of a contest and the majority in votes, by the rows of whole
/// contests, else by the sum of those of its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// `None` on a tie.
    pub winner: Option<String>,
    pub majority: Exact,
}

/// The outcomes of all contests with two candidates or more, by contest and
/// election as named.
#[must_use]
pub fn outcomes(relations: &Relations) -> BTreeMap<String, Outcome> {
    /// By key: the name as first printed, and its votes.
    type Votes = BTreeMap<String, (String, Exact)>;
    let mut whole: BTreeMap<String, Votes> = BTreeMap::new();
    let mut units: BTreeMap<String, Votes> = BTreeMap::new();
    for row in relations.results.iter().filter(|r| !r.aggregate) {
        let name = row.candidate.as_ref().or(row.party.as_ref());
        let (Some(name), Some(votes)) = (name, row.figures.get(&Metric::Votes)) else {
            continue;
        };
        let contest = [row.scope.contest.as_str(), row.scope.election.as_str()];
        let contest = contest.join(" ").trim().to_owned();
        let of = if row.scope.unit.is_none() {
            &mut whole
        } else {
            &mut units
        };
        let votes_of = of.entry(contest).or_default();
        let own = votes_of.entry(key(&name.text));
        let own = own.or_insert_with(|| (name.text.clone(), Exact::zero()));
        own.1 += &votes.number.value;
    }
    for (contest, votes) in units {
        whole.entry(contest).or_insert(votes);
    }
    let outcome = |votes: Votes| {
        let mut order: Vec<(String, Exact)> = votes.into_values().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1));
        let [first, second, ..] = order.as_slice() else {
            return None;
        };
        let majority = &first.1 - &second.1;
        let winner = (!majority.is_zero()).then(|| first.0.clone());
        Some(Outcome { winner, majority })
    };
    let all = whole.into_iter();
    all.filter_map(|(contest, votes)| Some((contest, outcome(votes)?)))
        .collect()
}
