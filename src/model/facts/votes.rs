//! A contest in, all its votes and the share of each out: as printed, and as
//! added up.

use num_traits::{Signed, Zero};

use crate::model::{Exact, Metric, Number, Standing, ratio, show, whole};

use super::fact::found;
use super::{Fact, Facts, Limit, Routes};

impl Facts<'_> {
    /// The votes of all entries together. Sound where a stated total or the
    /// printed shares show that no row is missing.
    ///
    /// # Errors
    /// Why there is none.
    pub fn valid_votes(&self, standing: usize) -> Routes {
        let mut routes = self
            .of_contest(standing, Metric::ValidVotes)
            .unwrap_or_default();
        let sum = self.sums.get(standing);
        let sum = sum.and_then(|sum| sum.get_or_init(|| self.sum_of_votes(standing)).as_ref());
        routes.extend(sum.cloned());
        found(routes, || {
            format!("no votes in the tables for {}", self.name(standing))
        })
    }

    fn sum_of_votes(&self, index: usize) -> Option<Fact> {
        let standing = self.standings.get(index)?;
        let mut sum = whole(0);
        let mut cells = Vec::new();
        for entry in &standing.entries {
            let printed = entry.figure(Metric::Votes)?;
            sum += &printed.number.value;
            cells.push(printed.place);
        }
        if cells.len() < 2 || sum.is_zero() {
            return None;
        }
        let stated = [Metric::ValidVotes, Metric::TotalVotes, Metric::Turnout]
            .into_iter()
            .filter_map(|metric| self.of_contest(index, metric).ok())
            .flatten()
            .any(|fact| fact.value == sum);
        let sound = stated || standing.is_question || shares_are_complete(standing, &sum);
        if shares_fall_short(standing) {
            return None;
        }
        Some(Fact {
            working: format!("all votes in {} = {}", standing.title(), show(&sum, 0)),
            value: sum,
            slack: whole(0),
            decimals: 0,
            cells,
            sound,
            limit: (!sound).then_some(Limit::AtLeast),
            derived: true,
        })
    }

    /// The share of an entry: as printed, and as its votes over all votes.
    ///
    /// # Errors
    /// Why there is none.
    pub fn share(&self, standing: usize, entry: usize) -> Routes {
        let mut routes = self
            .of_entry(standing, entry, Metric::Share)
            .unwrap_or_default();
        let votes = self.of_entry(standing, entry, Metric::Votes);
        if let (Ok(votes), Ok(totals)) = (&votes, self.valid_votes(standing)) {
            let computed = votes
                .iter()
                .take(1)
                .flat_map(|v| totals.iter().take(1).filter_map(|t| v.over(t, 100, 2)));
            routes.extend(computed);
        }
        if routes.is_empty() {
            let name = self.entry(standing, entry)?.name();
            return Err(format!(
                "no share of {name} in the tables for {}",
                self.name(standing)
            ));
        }
        Ok(routes)
    }
}

/// Do the printed shares add up to 100 within their rounding, and fit the sum
/// of the votes?
fn shares_are_complete(standing: &Standing, sum: &Exact) -> bool {
    let Some((total, slack)) = sum_of_shares(standing) else {
        return false;
    };
    let first = standing
        .entries
        .iter()
        .find_map(|e| Some((e.figure(Metric::Votes)?, e.figure(Metric::Share)?)));
    let fits = first.is_some_and(|(votes, share)| {
        let computed = &votes.number.value / sum * whole(100);
        (computed - &share.number.value).abs() <= share.number.half_unit() * whole(2)
    });
    (total - whole(100)).abs() <= slack && fits
}

/// Do all entries have a printed share, and do these fall clearly short of 100?
fn shares_fall_short(standing: &Standing) -> bool {
    sum_of_shares(standing).is_some_and(|(total, slack)| total < whole(100) - slack - ratio(1, 2))
}

fn sum_of_shares(standing: &Standing) -> Option<(Exact, Exact)> {
    let (mut total, mut slack) = (whole(0), whole(0));
    for entry in &standing.entries {
        let Number { value, .. } = &entry.figure(Metric::Share)?.number;
        total += value;
        slack += entry.figure(Metric::Share)?.number.half_unit();
    }
    (!standing.entries.is_empty()).then_some((total, slack))
}
