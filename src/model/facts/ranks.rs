//! A contest in, who came first, second and so on out, as far as nothing hides
//! it.

use crate::model::{Entry, Metric, Standing};

use super::Facts;

impl Facts<'_> {
    /// Entries in the order of their result, best first, and what orders them:
    /// the share after preferences where printed, else votes, seats or share.
    /// `None` also where first and second cannot be told apart from others.
    #[must_use]
    pub fn ranking(&self, standing: usize) -> Option<(Metric, Vec<usize>)> {
        self.ranking_to(standing, 1)
    }

    /// The same where nothing may hide an entry before that of a place, from 0.
    #[must_use]
    pub fn ranking_to(&self, standing: usize, place: usize) -> Option<(Metric, Vec<usize>)> {
        let orders = self.orders(standing);
        let own = self.standings.get(standing)?;
        orders
            .into_iter()
            .find(|(metric, order)| !others_may_be(own, *metric, order.get(place)))
    }

    /// Why first and second cannot be told, where it is that others who are
    /// counted together have more votes than the second.
    #[must_use]
    pub fn unranked(&self, standing: usize) -> Option<&'static str> {
        let hidden = self.ranking(standing).is_none() && !self.orders(standing).is_empty();
        hidden.then_some(
            "others who are counted together have more votes than the second: one of them may be second",
        )
    }

    /// Entries in the order of each result that all of them have.
    fn orders(&self, standing: usize) -> Vec<(Metric, Vec<usize>)> {
        let own = self.standings.get(standing).filter(|s| !is_disputed(s));
        let Some(own) = own else { return Vec::new() };
        let orders = [
            Metric::PreferredVotes,
            Metric::PreferredShare,
            Metric::Votes,
            Metric::Seats,
            Metric::Share,
        ];
        let orders = orders
            .into_iter()
            .map(|metric| (metric, ranked(own, metric)));
        let told = orders.filter(|(metric, order)| {
            let whole_field = metric.is_preferred() || order.len() == ranked_size(own);
            order.len() >= 2 && whole_field
        });
        told.collect()
    }

    /// The place of an entry, from 1, and whether it is shared.
    #[must_use]
    pub fn rank(
        &self,
        standing: usize,
        entry: usize,
        metric: Option<Metric>,
    ) -> Option<(usize, bool)> {
        let own = self.standings.get(standing)?;
        let metric = match metric {
            Some(metric) => metric,
            None => self.ranking(standing)?.0,
        };
        let value = |at: usize| own.entries.get(at)?.figure(metric).map(|p| &p.number.value);
        let mine = value(entry)?;
        let order = ranked(own, metric);
        let better = order
            .iter()
            .filter(|&&at| value(at).is_some_and(|v| v > mine))
            .count();
        let equal = order.iter().filter(|&&at| value(at) == Some(mine)).count();
        Some((better + 1, equal > 1))
    }

    /// The entry that won; `None` on a tie or where it cannot be told.
    #[must_use]
    pub fn winner(&self, standing: usize) -> Option<usize> {
        if let Some(last) = self.last_count(standing) {
            return self.counterpart(last, self.winner(last)?, standing);
        }
        let (metric, order) = self.ranking_to(standing, 0)?;
        let own = self.standings.get(standing)?;
        let value = |at: usize| own.entries.get(at)?.figure(metric).map(|p| &p.number.value);
        let (&first, &second) = (order.first()?, order.get(1)?);
        (value(first) != value(second)).then_some(first)
    }

    /// The last stage of the count that a standing is an earlier stage of: the
    /// one that decides.
    #[must_use]
    pub fn last_count(&self, standing: usize) -> Option<usize> {
        let own = self.standings.get(standing).filter(|s| s.stage.is_some())?;
        let akin = |s: &Standing| {
            s.stage.is_some()
                && s.contest_key == own.contest_key
                && s.election_key == own.election_key
                && s.entries.len() > 1
        };
        let last = (0..self.standings.len())
            .rev()
            .find(|&other| self.standings.get(other).is_some_and(akin))?;
        (last > standing).then_some(last)
    }
}

/// Do two tables print different votes for two entries or more? Then they are
/// of two elections, or one of them is not of this contest.
fn is_disputed(standing: &Standing) -> bool {
    let differs = |entry: &&Entry| {
        let mut votes = entry.figures.get(&Metric::Votes).into_iter().flatten();
        let first = votes.next().map(|p| &p.number.value);
        votes.any(|p| Some(&p.number.value) != first)
    };
    standing.entries.iter().filter(differs).count() >= 2
}

/// Entries with a figure of a metric, largest first; aggregates have no rank.
fn ranked(standing: &Standing, metric: Metric) -> Vec<usize> {
    let value = |at: usize| {
        standing
            .entries
            .get(at)?
            .figure(metric)
            .map(|p| &p.number.value)
    };
    let mut order: Vec<usize> = (0..standing.entries.len())
        .filter(|&at| !standing.entries[at].aggregate && value(at).is_some())
        .collect();
    order.sort_by(|&a, &b| value(b).cmp(&value(a)));
    order
}

/// Those that can have a place. A row of councils alone ("no overall control")
/// is no party's.
fn ranked_size(standing: &Standing) -> usize {
    let of_councils = |m: &Metric| matches!(m, Metric::Councils | Metric::CouncilsChange);
    let in_order =
        |e: &&Entry| !e.aggregate && (e.figures.is_empty() || !e.figures.keys().all(of_councils));
    standing.entries.iter().filter(in_order).count()
}

/// Do others who are counted together have more votes than an entry? Then one of
/// them may be before it.
fn others_may_be(own: &Standing, metric: Metric, before: Option<&usize>) -> bool {
    let value = |entry: &Entry| entry.figure(metric).map(|p| p.number.value.clone());
    let votes = before.and_then(|&at| value(own.entries.get(at)?));
    let mut others = own.entries.iter().filter(|e| e.aggregate).filter_map(value);
    let of_votes = matches!(metric, Metric::Votes | Metric::Share);
    of_votes && votes.is_some_and(|votes| others.any(|together| together > votes))
}
