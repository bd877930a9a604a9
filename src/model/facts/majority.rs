//! A contest in, by how much its first is before its second out.

use crate::model::{Entry, Metric, whole};

use super::fact::found;
use super::{Fact, Facts, Routes};

impl Facts<'_> {
    /// First minus second, in votes.
    ///
    /// # Errors
    /// Why there is none.
    pub fn majority(&self, standing: usize) -> Routes {
        let mut routes = self
            .of_contest(standing, Metric::Majority)
            .unwrap_or_default();
        if let Some((metric @ (Metric::Votes | Metric::PreferredVotes), order)) =
            self.ranking(standing)
            && !(metric == Metric::Votes && self.has_preferences(standing))
            && let [first, second, ..] = order.as_slice()
        {
            let of = |entry| {
                self.of_entry(standing, entry, metric)
                    .ok()?
                    .into_iter()
                    .next()
            };
            routes.extend(of(*first).zip(of(*second)).map(|(a, b)| a.minus(&b)));
        }
        found(routes, || {
            format!("no majority in the tables for {}", self.name(standing))
        })
    }

    /// First minus second, in points of share.
    ///
    /// # Errors
    /// Why there is none.
    pub fn majority_share(&self, standing: usize) -> Routes {
        let mut routes = self
            .of_contest(standing, Metric::MajorityShare)
            .unwrap_or_default();
        if let (Ok(majority), Ok(total)) = (self.majority(standing), self.valid_votes(standing)) {
            let first = majority
                .first()
                .and_then(|m| m.over(total.first()?, 100, 2));
            routes.extend(first);
        }
        if let Some((metric, order)) = self.ranking(standing)
            && let [first, second, ..] = order.as_slice()
        {
            let metric = if metric.is_preferred() {
                Metric::PreferredShare
            } else {
                Metric::Share
            };
            if let (Ok(a), Ok(b)) = (
                self.of_entry(standing, *first, metric),
                self.of_entry(standing, *second, metric),
            ) && let (Some(a), Some(b)) = (a.first(), b.first())
            {
                routes.push(a.minus(b));
            }
        }
        // In Australia a margin is what the winner has above half.
        if let Some((metric, order)) = self.ranking(standing)
            && metric.is_preferred()
            && let Some(winner) = order.first()
            && let Ok(share) = self.of_entry(standing, *winner, Metric::PreferredShare)
        {
            let half = Fact::stated(&whole(50), 0);
            routes.extend(share.first().map(|share| share.minus(&half)));
        }
        found(routes, || {
            format!("no shares in the tables for {}", self.name(standing))
        })
    }

    /// Is the contest decided by preferences, so that first preferences do not
    /// tell its majority?
    fn has_preferences(&self, standing: usize) -> bool {
        self.standings.get(standing).is_some_and(|s| {
            let preferred = |e: &Entry| e.figures.keys().any(|m| m.is_preferred());
            s.stage.is_some() || s.entries.iter().any(preferred)
        })
    }
}
