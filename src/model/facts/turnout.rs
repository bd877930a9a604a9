//! A contest in, how many voted out, and how many papers did not count.

use crate::model::Metric;

use super::fact::found;
use super::{Fact, Facts, Routes};

impl Facts<'_> {
    /// Votes cast, with and without those that did not count.
    ///
    /// # Errors
    /// Why there is none.
    pub fn turnout(&self, standing: usize) -> Routes {
        let mut routes = Vec::new();
        for metric in [Metric::Turnout, Metric::TotalVotes] {
            routes.extend(self.of_contest(standing, metric).unwrap_or_default());
        }
        if let Ok(valid) = self.valid_votes(standing) {
            if let (Some(valid), Ok(rejected)) = (
                valid.first(),
                self.of_contest(standing, Metric::RejectedVotes),
            ) {
                routes.extend(rejected.first().map(|r| valid.plus(r)));
            }
            routes.extend(valid);
        }
        found(routes, || {
            format!("no turnout in the tables for {}", self.name(standing))
        })
    }

    /// Turnout in per cent: as printed, and over the electorate.
    ///
    /// # Errors
    /// Why there is none.
    pub fn turnout_share(&self, standing: usize) -> Routes {
        let mut routes = self
            .of_contest(standing, Metric::TurnoutShare)
            .unwrap_or_default();
        if let (Ok(electorate), Ok(cast)) = (
            self.of_contest(standing, Metric::Electorate),
            self.turnout(standing),
        ) {
            let computed = cast
                .iter()
                .filter_map(|c| c.over(electorate.first()?, 100, 2));
            routes.extend(computed);
        }
        found(routes, || {
            format!("turnout is not in the tables for {}", self.name(standing))
        })
    }

    /// Papers that did not count: as printed, or cast minus valid.
    ///
    /// # Errors
    /// Why there is none.
    pub fn rejected(&self, standing: usize) -> Routes {
        let mut routes = self
            .of_contest(standing, Metric::RejectedVotes)
            .unwrap_or_default();
        if let (Ok(cast), Ok(valid)) = (
            self.of_contest(standing, Metric::Turnout),
            self.of_contest(standing, Metric::ValidVotes),
        ) && let (Some(cast), Some(valid)) = (cast.first(), valid.first())
        {
            routes.push(cast.minus(valid));
        }
        found(routes, || {
            format!(
                "no rejected votes in the tables for {}",
                self.name(standing)
            )
        })
    }

    /// Papers that did not count, in per cent of all papers.
    ///
    /// # Errors
    /// Why there is none.
    pub fn rejected_share(&self, standing: usize) -> Routes {
        let rejected = self.rejected(standing)?;
        let cast = self.turnout(standing)?;
        let valid = self.valid_votes(standing)?;
        // Papers are the valid and the rejected ones, whatever "turnout" counts.
        let papers = valid.first().zip(rejected.first()).map(|(v, r)| v.plus(r));
        let of = papers.iter().chain(cast.iter().take(1));
        let routes: Vec<Fact> = of
            .filter_map(|papers| rejected.first()?.over(papers, 100, 2))
            .collect();
        found(routes, || "no votes cast in the tables".to_owned())
    }
}
