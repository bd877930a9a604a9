//! What follows from the tables: totals, ranks, majorities, shares, changes,
//! each with its sum in words and the cells it came from.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use num_traits::{Signed, Zero};

use super::number::{show, whole};
use super::relations::{EARLIER, OutcomeKind};
use super::{
    Entry, Exact, Metric, Named, Number, Parties, Place, Printed, Standing, Standings, fold, ratio,
};

/// A value worked out from the tables.
#[derive(Debug, Clone)]
pub struct Fact {
    pub value: Exact,
    /// Half the width of what rounding leaves open; 0 where exact.
    pub slack: Exact,
    /// Places to show.
    pub decimals: i32,
    /// The sum in one line.
    pub working: String,
    pub cells: Vec<Place>,
    /// `false` where the tables may lack a row that the value needs: it can
    /// agree with a claim, and never contradict one.
    pub sound: bool,
    /// Of one that is not sound: on which side the true value lies, all the
    /// same. Votes of rows that are missing can only add to a total.
    pub limit: Option<Limit>,
    /// Worked out, not printed.
    pub derived: bool,
}

/// A bound of a true value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// It is the value or less.
    AtMost,
    /// It is the value or more.
    AtLeast,
}

/// Every route to a value, the most trusted first; or why there is none.
pub type Routes = Result<Vec<Fact>, String>;

/// Answers questions about the standings.
#[derive(Debug)]
pub struct Facts<'a> {
    pub standings: &'a Standings,
    pub parties: &'a Parties,
    /// For each standing, the one of the election before it.
    previous: Vec<Option<usize>>,
    /// For each standing, all its votes; added up when they are first asked for.
    sums: Vec<OnceLock<Option<Fact>>>,
    /// What parties are called in the tables, and so candidates without one.
    labels: HashMap<&'a str, Label<'a>, FixedState>,
}

/// A name of a party, looked up.
#[derive(Debug)]
struct Label<'a> {
    folded: String,
    ids: &'a [usize],
}

impl<'a> Label<'a> {
    fn new(name: &str, parties: &'a Parties) -> Self {
        Self {
            folded: fold(name),
            ids: parties.ids(name),
        }
    }

    /// See [`Parties::same`].
    fn same(&self, other: &Self) -> bool {
        self.ids.iter().any(|id| other.ids.contains(id)) || self.folded == other.folded
    }
}

impl Fact {
    fn printed(printed: &Printed, working: String, percent: bool) -> Self {
        let slack = if percent {
            printed.number.half_unit()
        } else {
            whole(0)
        };
        Self {
            value: printed.number.value.clone(),
            slack,
            decimals: printed.number.decimals.min(2),
            working,
            cells: vec![printed.place],
            sound: true,
            limit: None,
            derived: false,
        }
    }

    /// A number that is given, as a fact.
    #[must_use]
    pub fn stated(value: &Exact, decimals: i32) -> Self {
        Self {
            value: value.clone(),
            slack: whole(0),
            decimals: decimals.max(0),
            working: show(value, decimals.max(0)),
            cells: Vec::new(),
            sound: true,
            limit: None,
            derived: true,
        }
    }

    /// The same, deciding nothing.
    #[must_use]
    pub fn unsettled(self) -> Self {
        Self {
            sound: false,
            limit: None,
            ..self
        }
    }

    /// The value as people write it.
    #[must_use]
    pub fn shown(&self) -> String {
        show(&self.value, self.decimals)
    }

    /// Is it a change or a difference?
    #[must_use]
    pub fn is_difference(&self) -> bool {
        self.derived && self.working.contains(" − ")
    }

    /// `self` minus `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let value = &self.value - &other.value;
        let decimals = self.decimals.max(other.decimals);
        Self {
            working: format!(
                "{} − {} = {}",
                self.shown(),
                other.shown(),
                show(&value, decimals)
            ),
            value,
            slack: &self.slack + &other.slack,
            decimals,
            cells: [self.cells.clone(), other.cells.clone()].concat(),
            sound: self.sound && other.sound,
            limit: None,
            derived: true,
        }
    }

    /// `self` plus `other`.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let value = &self.value + &other.value;
        let decimals = self.decimals.max(other.decimals);
        Self {
            working: format!(
                "{} + {} = {}",
                self.shown(),
                other.shown(),
                show(&value, decimals)
            ),
            value,
            slack: &self.slack + &other.slack,
            decimals,
            cells: [self.cells.clone(), other.cells.clone()].concat(),
            sound: self.sound && other.sound,
            limit: None,
            derived: true,
        }
    }

    /// `self` over `other`, times `scale`; `None` where `other` may be 0.
    #[must_use]
    pub fn over(&self, other: &Self, scale: i64, decimals: i32) -> Option<Self> {
        let smallest = &other.value - &other.slack;
        if !smallest.is_positive() {
            return None;
        }
        let value = &self.value / &other.value * whole(scale);
        let widest = (&self.value + &self.slack) / smallest * whole(scale);
        let times = if scale == 1 {
            String::new()
        } else {
            format!(" × {scale}")
        };
        Some(Self {
            working: format!(
                "{} ÷ {}{times} = {}",
                self.shown(),
                other.shown(),
                show(&value, decimals)
            ),
            slack: widest - &value,
            value,
            decimals,
            cells: [self.cells.clone(), other.cells.clone()].concat(),
            sound: self.sound && other.sound,
            limit: match other.limit {
                Some(Limit::AtLeast) if self.sound => Some(Limit::AtMost),
                Some(_) | None => None,
            },
            derived: true,
        })
    }
}

impl<'a> Facts<'a> {
    #[must_use]
    pub fn new(standings: &'a Standings, parties: &'a Parties) -> Self {
        let entries = standings.iter().flat_map(|s| &s.entries);
        let names = entries.filter_map(party_label);
        let labels = names.map(|name| (name, Label::new(name, parties)));
        let mut facts = Self {
            standings,
            parties,
            previous: Vec::new(),
            sums: standings.iter().map(|_| OnceLock::new()).collect(),
            labels: labels.collect(),
        };
        let mut previous = previous_standings(standings);
        for (index, link) in previous.iter_mut().enumerate() {
            *link = link.filter(|&before| facts.is_comparable(index, before));
        }
        facts.previous = previous;
        facts
    }

    /// Is an earlier standing what the printed changes of a later one are
    /// measured from? Where two or more of them say otherwise, and most do, it
    /// is not: a seat may keep its name and change its boundaries.
    fn is_comparable(&self, standing: usize, before: usize) -> bool {
        let Some(own) = self.standings.get(standing) else {
            return false;
        };
        let misses = own.entries.iter().enumerate().filter_map(|(at, entry)| {
            let change = &entry.precise(Metric::ShareChange)?.number;
            let now = &entry.precise(Metric::Share)?.number;
            let there = self.party_entry(before, &own.entries.get(at)?.party.as_ref()?.text)?;
            let then = self.standings.get(before)?.entries.get(there)?;
            let then = &then.precise(Metric::Share)?.number;
            let off = (&change.value - (&now.value - &then.value)).abs();
            let slack = change.half_unit() + now.half_unit() + then.half_unit();
            Some(off > slack.max(ratio(1, 100_000)))
        });
        let (off, fitting): (Vec<bool>, Vec<bool>) = misses.partition(|miss| *miss);
        off.len() < 2 || off.len() <= fitting.len()
    }

    #[must_use]
    pub fn standing(&self, index: usize) -> Option<&'a Standing> {
        self.standings.get(index)
    }

    /// Do the tables name no candidate, but parties only?
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        let mut entries = self.standings.iter().flat_map(|s| &s.entries);
        entries.all(|entry| entry.candidate.is_none())
    }

    /// The standing of the same contest in the election before.
    #[must_use]
    pub fn before(&self, standing: usize) -> Option<usize> {
        self.previous.get(standing).copied().flatten()
    }

    fn entry(&self, standing: usize, entry: usize) -> Result<&'a Entry, String> {
        let found = self
            .standings
            .get(standing)
            .and_then(|s| s.entries.get(entry));
        found.ok_or_else(|| "not in the tables".to_owned())
    }

    fn name(&self, standing: usize) -> String {
        self.standings
            .get(standing)
            .map_or_else(String::new, Standing::title)
    }

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
        if routes.is_empty() {
            return Err(format!(
                "no {} of {} in the tables for {}",
                metric.words(),
                row.name(),
                self.name(standing)
            ));
        }
        Ok(routes)
    }

    fn when(&self, standing: usize) -> &str {
        self.standings
            .get(standing)
            .map_or("", |s| match s.election.as_str() {
                "" => "this election",
                election => election,
            })
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
        if routes.is_empty() {
            return Err(format!(
                "no {} in the tables for {}",
                metric.words(),
                self.name(standing)
            ));
        }
        Ok(routes)
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
        if routes.is_empty() {
            return Err(format!(
                "no votes in the tables for {}",
                self.name(standing)
            ));
        }
        Ok(routes)
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

    /// How many the contest elects, by the tables' own figure, else by how many
    /// they mark as elected; 1 where they do not say.
    #[must_use]
    pub fn seats_to_fill(&self, standing: usize) -> usize {
        let own = self.standings.get(standing);
        let entries = own.map_or(&[][..], |s| &s.entries);
        let of_candidates = entries.iter().any(|e| e.candidate.is_some());
        let stated = own.and_then(|s| s.figure(Metric::SeatsTotal));
        let stated = stated
            .filter(|_| of_candidates)
            .and_then(|p| usize::try_from(p.number.value.to_integer()).ok());
        let marked = entries.iter().filter(|e| e.elected == Some(true)).count();
        stated.unwrap_or(marked).max(1)
    }

    /// Do some parties stand with several candidates against others, as where
    /// more than one is elected?
    #[must_use]
    pub fn may_elect_several(&self, standing: usize) -> bool {
        let entries = self.standings.get(standing).map_or(&[][..], |s| &s.entries);
        let labels: Vec<&str> = entries
            .iter()
            .filter(|e| e.candidate.is_some() && !e.aggregate)
            .filter_map(|e| Some(e.party.as_ref()?.text.as_str()))
            .filter(|party| !self.parties.is_shared(party))
            .collect();
        let kinds: std::collections::HashSet<&&str> = labels.iter().collect();
        kinds.len() > 1 && kinds.len() < labels.len()
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
        if routes.is_empty() {
            return Err(format!(
                "no majority in the tables for {}",
                self.name(standing)
            ));
        }
        Ok(routes)
    }

    /// Is the contest decided by preferences, so that first preferences do not
    /// tell its majority?
    fn has_preferences(&self, standing: usize) -> bool {
        self.standings.get(standing).is_some_and(|s| {
            let preferred = |e: &Entry| e.figures.keys().any(|m| m.is_preferred());
            s.stage.is_some() || s.entries.iter().any(preferred)
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
        if routes.is_empty() {
            return Err(format!(
                "no shares in the tables for {}",
                self.name(standing)
            ));
        }
        Ok(routes)
    }

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
        if routes.is_empty() {
            return Err(format!(
                "no turnout in the tables for {}",
                self.name(standing)
            ));
        }
        Ok(routes)
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
        if routes.is_empty() {
            return Err(format!(
                "turnout is not in the tables for {}",
                self.name(standing)
            ));
        }
        Ok(routes)
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
        if routes.is_empty() {
            return Err(format!(
                "no rejected votes in the tables for {}",
                self.name(standing)
            ));
        }
        Ok(routes)
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
        if routes.is_empty() {
            return Err("no votes cast in the tables".to_owned());
        }
        Ok(routes)
    }

    /// Seats before: as printed, or seats minus their change.
    ///
    /// # Errors
    /// Why there is none.
    pub fn seats_before(&self, standing: usize, entry: usize) -> Routes {
        let mut routes = self
            .of_entry(standing, entry, Metric::SeatsBefore)
            .unwrap_or_default();
        if let (Ok(now), Ok(change)) = (
            self.of_entry(standing, entry, Metric::Seats),
            self.of_entry(standing, entry, Metric::SeatsChange),
        ) && let (Some(now), Some(change)) = (now.first(), change.first())
        {
            routes.push(now.minus(change));
        }
        if let (true, Some(then)) = (routes.is_empty(), self.before(standing))
            && let Some(there) = self.counterpart(standing, entry, then)
        {
            routes.extend(
                self.of_entry(then, there, Metric::Seats)
                    .unwrap_or_default(),
            );
        }
        if routes.is_empty() {
            let name = self.entry(standing, entry)?.name();
            return Err(format!("no earlier seats of {name} in the tables"));
        }
        Ok(routes)
    }

    /// The share, or votes, before: now minus the printed change.
    ///
    /// # Errors
    /// Why there is none.
    pub fn before_change(&self, standing: usize, entry: usize, metric: Metric) -> Routes {
        let pairs = match metric {
            Metric::Share => [
                (Metric::Share, Metric::ShareChange),
                (Metric::PreferredShare, Metric::PreferredShareChange),
            ]
            .as_slice(),
            _ => [(Metric::Votes, Metric::VotesChange)].as_slice(),
        };
        let first = |metric| {
            self.of_entry(standing, entry, metric)
                .ok()?
                .into_iter()
                .next()
        };
        let routes: Vec<Fact> = pairs
            .iter()
            .filter_map(|(now, change)| Some(first(*now)?.minus(&first(*change)?)))
            .collect();
        if routes.is_empty() {
            return Err("no table for the election before".to_owned());
        }
        Ok(routes)
    }

    /// All seats: as printed, or the sum of all parties'.
    ///
    /// # Errors
    /// Why there is none.
    pub fn seats_total(&self, standing: usize) -> Routes {
        let mut routes = self
            .of_contest(standing, Metric::SeatsTotal)
            .unwrap_or_default();
        let entries = self.standings.get(standing).map(|s| s.entries.as_slice());
        let entries = entries.unwrap_or(&[]);
        let seats: Vec<&Printed> = entries
            .iter()
            .filter_map(|e| e.figure(Metric::Seats))
            .collect();
        if seats.len() > 1 {
            let value: Exact = seats.iter().map(|p| &p.number.value).sum();
            routes.push(Fact {
                working: format!("all seats in {} = {}", self.name(standing), show(&value, 0)),
                value,
                slack: whole(0),
                decimals: 0,
                cells: seats.iter().map(|p| p.place).collect(),
                sound: seats.len() == entries.len(),
                limit: None,
                derived: true,
            });
        }
        if routes.is_empty() {
            return Err("no seats in the tables".to_owned());
        }
        Ok(routes)
    }

    /// The entry of another standing that is the same person, else the same
    /// party, as one of this standing.
    #[must_use]
    pub fn counterpart(&self, standing: usize, entry: usize, other: usize) -> Option<usize> {
        let row = self.standings.get(standing)?.entries.get(entry)?;
        let there = self.standings.get(other)?;
        let same_person = |e: &Entry| match (&row.candidate, &e.candidate) {
            (Some(a), Some(b)) => fold(&a.text) == fold(&b.text),
            _ => false,
        };
        let by_party = || {
            let party = row
                .party
                .as_ref()
                .filter(|p| !self.parties.is_shared(&p.text))?;
            self.party_entry(other, &party.text)
        };
        there.entries.iter().position(same_person).or_else(by_party)
    }

    /// The only entry of a party in a standing.
    #[must_use]
    pub fn party_entry(&self, standing: usize, party: &str) -> Option<usize> {
        match self.party_entries(standing, party).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// All entries of a party in a standing.
    #[must_use]
    pub fn party_entries(&self, standing: usize, party: &str) -> Vec<usize> {
        let wanted = Label::new(party, self.parties);
        let of_party = |e: &Entry| {
            let label = party_label(e).and_then(|name| self.labels.get(name));
            label.is_some_and(|label| label.same(&wanted))
        };
        let own = self.standings.get(standing);
        let entries = own.into_iter().flat_map(|s| s.entries.iter().enumerate());
        let found = entries.filter(|(_, e)| of_party(e));
        found.map(|(index, _)| index).collect()
    }

    /// Did the party that won now also win before? With the words that say so.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn held(&self, standing: usize) -> Result<(bool, String), String> {
        let own = self.standings.get(standing).ok_or("not in the tables")?;
        let winner = self.winner(standing);
        let before = self
            .before(standing)
            .and_then(|b| Some((b, self.winner(b)?)));
        if let (Some(now), Some((b, then))) = (winner, before) {
            let (now, then) = (self.entry(standing, now)?, self.entry(b, then)?);
            if self.is_within_party(standing) {
                let working = format!(
                    "{} won {}, {} won {}",
                    then.name(),
                    self.when(b),
                    now.name(),
                    self.when(standing)
                );
                return Ok((same_person(now, then), working));
            }
            let working = format!(
                "{} won {}, {} won {}",
                party_or_name(then),
                self.when(b),
                party_or_name(now),
                self.when(standing)
            );
            return Ok((self.same_side(now, then), working));
        }
        if let Some((party, kind, _)) = &own.outcome {
            let word = match kind {
                OutcomeKind::Hold => "hold",
                OutcomeKind::Gain => "gain",
            };
            let working = format!("the tables say: {party} {word}");
            return Ok((*kind == OutcomeKind::Hold, working));
        }
        Err(format!(
            "no earlier result in the tables for {}",
            self.name(standing)
        ))
    }

    /// Do all who stand do so for one party, as in its primary?
    fn is_within_party(&self, standing: usize) -> bool {
        let entries = self.standings.get(standing).map_or(&[][..], |s| &s.entries);
        let mut parties = entries.iter().map(|e| e.party.as_ref());
        let Some(Some(first)) = parties.next() else {
            return false;
        };
        let same = |other: &Named| self.parties.same(&first.text, &other.text);
        entries.len() > 1 && parties.all(|party| party.is_some_and(same))
    }

    /// Of one party; of no party, one person. A member who changed sides did
    /// not hold the seat for either.
    fn same_side(&self, a: &Entry, b: &Entry) -> bool {
        let party = |e: &Entry| e.party.as_ref().map(|p| p.text.clone());
        let stands_for_none = |p: &str| self.parties.is_shared(p);
        match (party(a), party(b)) {
            (Some(own), Some(other)) if stands_for_none(&own) == stands_for_none(&other) => {
                self.parties.same(&own, &other) && (!stands_for_none(&own) || same_person(a, b))
            }
            (Some(_), Some(_)) => false,
            _ => same_person(a, b),
        }
    }
}

/// What an entry's party is called; of one without a party, its candidate, who may
/// be one ("Labour" in a column of names).
fn party_label(entry: &Entry) -> Option<&str> {
    let label = entry.party.as_ref().or(entry.candidate.as_ref());
    label.map(|name| name.text.as_str())
}

fn same_person(a: &Entry, b: &Entry) -> bool {
    match (&a.candidate, &b.candidate) {
        (Some(own), Some(other)) => fold(&own.text) == fold(&other.text),
        _ => false,
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

fn party_or_name(entry: &Entry) -> &str {
    entry
        .party
        .as_ref()
        .map_or_else(|| entry.name(), |p| &p.text)
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

/// Do others who are counted together have more votes than an entry? Then one of
/// them may be before it.
fn others_may_be(own: &Standing, metric: Metric, before: Option<&usize>) -> bool {
    let value = |entry: &Entry| entry.figure(metric).map(|p| p.number.value.clone());
    let votes = before.and_then(|&at| value(own.entries.get(at)?));
    let mut others = own.entries.iter().filter(|e| e.aggregate).filter_map(value);
    let of_votes = matches!(metric, Metric::Votes | Metric::Share);
    of_votes && votes.is_some_and(|votes| others.any(|together| together > votes))
}

/// For each standing, the latest dated one of the same contest before it. One
/// without a date is taken for the latest.
fn previous_standings(standings: &Standings) -> Vec<Option<usize>> {
    let mut by_contest: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, standing) in standings.iter().enumerate() {
        if (!standing.entries.is_empty() || !standing.figures.is_empty())
            && standing.year().is_some()
        {
            by_contest
                .entry(&standing.contest_key)
                .or_default()
                .push(index);
        }
    }
    let order = |i: usize| standings.get(i).map(|s| (s.year(), s.election_key.clone()));
    let undated = |standing: &Standing| {
        let is_before = |s: &Standing| {
            s.contest_key == standing.contest_key && s.election_key.starts_with(EARLIER)
        };
        let found = || standings.iter().position(is_before);
        standing.election_key.is_empty().then(found).flatten()
    };
    let before = |(index, standing): (usize, &Standing)| {
        if let Some(earlier) = undated(standing) {
            return Some(earlier);
        }
        let dated = by_contest.get(standing.contest_key.as_str())?;
        let is_dated = standing.year().is_some();
        let earlier = dated
            .iter()
            .copied()
            .filter(|&i| !is_dated || order(i) < order(index));
        earlier.max_by_key(|&i| order(i))
    };
    standings.iter().enumerate().map(before).collect()
}

impl Standing {
    /// "Ashby Vale, 2020"; what there is of it.
    #[must_use]
    pub fn title(&self) -> String {
        match (self.contest.as_str(), self.election.as_str()) {
            ("", "") => "this contest".to_owned(),
            (contest, "") => contest.to_owned(),
            ("", election) => election.to_owned(),
            (contest, election) => format!("{contest}, {election}"),
        }
    }
}

impl Standings {
    /// Do the tables name one contest at most?
    #[must_use]
    pub fn has_one_contest(&self) -> bool {
        let mut keys = self
            .iter()
            .map(|s| s.contest_key.as_str())
            .filter(|k| !k.is_empty());
        let first = keys.next();
        keys.all(|key| Some(key) == first)
    }
}
