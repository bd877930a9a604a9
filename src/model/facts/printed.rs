//! A contest or one who stands in it in, their printed figures out.

use num_traits::Signed;

use crate::model::{Metric, Standing, show};

use super::fact::found;
use super::{Fact, Facts, Routes};

impl<'a> Facts<'a> {
    /// A printed figure of an entry.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_entry(&self, standing: usize, entry: usize, metric: Metric) -> Routes {
        let row = self.entry(standing, entry)?;
        let printed = row.figures.get(&metric).into_iter().flatten();
        let routes: Vec<Fact> = printed
            .map(|p| {
                let shown = show(&p.number.value, p.number.decimals.min(2));
                let working = format!(
                    "{} of {}, {} = {shown}",
                    metric.words(),
                    row.name(),
                    self.when(standing)
                );
                Fact::printed(p, working, metric.is_percent())
            })
            .collect();
        let routes = undisputed(routes);
        found(routes, || {
            format!(
                "no {} of {} in the tables for {}",
                metric.words(),
                row.name(),
                self.name(standing)
            )
        })
    }

    /// A printed figure of the contest.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_contest(&self, standing: usize, metric: Metric) -> Routes {
        let routes: Vec<Fact> = self
            .family(standing)
            .into_iter()
            .filter_map(|s| s.figures.get(&metric))
            .flatten()
            .map(|p| {
                let shown = show(&p.number.value, p.number.decimals.min(2));
                Fact::printed(
                    p,
                    format!("{} in {} = {shown}", metric.words(), self.name(standing)),
                    metric.is_percent(),
                )
            })
            .collect();
        found(routes, || {
            format!(
                "no {} in the tables for {}",
                metric.words(),
                self.name(standing)
            )
        })
    }

    /// The standings that tell of the same contest and election: other stages
    /// of its count, and tables that name no contest where there is only one.
    fn family(&self, standing: usize) -> Vec<&'a Standing> {
        let Some(own) = self.standings.get(standing) else {
            return Vec::new();
        };
        let mut of_contest = self.standings.positions(&own.contest_key).to_vec();
        if !own.contest_key.is_empty() && self.standings.has_one_contest() {
            of_contest.extend(self.standings.positions(""));
            of_contest.sort_unstable();
        }
        let akin = |other: &&Standing| {
            let undated = other.election_key.is_empty() && !own.is_parted();
            let election = other.election_key == own.election_key || undated;
            election && !std::ptr::eq(*other, own)
        };
        let others = of_contest.into_iter();
        let others = others.filter_map(|at| self.standings.get(at));
        std::iter::once(own).chain(others.filter(akin)).collect()
    }

    /// The figures of an entry at the other stages of its count.
    #[must_use]
    pub fn later_stages(&self, standing: usize, entry: usize, metric: Metric) -> Vec<Fact> {
        let Some(own) = self.standings.get(standing).filter(|s| s.stage.is_some()) else {
            return Vec::new();
        };
        let akin = |other: usize| {
            other != standing
                && self
                    .standings
                    .get(other)
                    .is_some_and(|s| s.election_key == own.election_key && s.stage.is_some())
        };
        let of_contest = self.standings.positions(&own.contest_key).iter();
        let stages = of_contest.copied().filter(|&other| akin(other));
        let there = |other| Some((other, self.counterpart(standing, entry, other)?));
        stages
            .filter_map(there)
            .filter_map(|(other, entry)| self.of_entry(other, entry, metric).ok())
            .flatten()
            .collect()
    }

    /// Do the tables have shares of a standing at several stages of its count,
    /// so that a share may be of any?
    #[must_use]
    pub fn has_rounds(&self, standing: usize) -> bool {
        let Some(own) = self.standings.get(standing) else {
            return false;
        };
        let rounds = self.standings.of_contest(&own.contest_key).filter(|s| {
            s.election_key == own.election_key
                && s.stage.is_some()
                && s.entries.iter().any(|e| e.figure(Metric::Share).is_some())
        });
        rounds.count() > 1
    }
}

/// Figures that two tables print differently decide nothing.
fn undisputed(mut routes: Vec<Fact>) -> Vec<Fact> {
    let disputed = routes.split_first().is_some_and(|(first, others)| {
        let differs = |f: &Fact| (&f.value - &first.value).abs() > (&f.slack + &first.slack);
        others.iter().any(differs)
    });
    if disputed {
        routes = routes.into_iter().map(Fact::unsettled).collect();
    }
    routes
}
