//! Statements about figures: votes, shares, majorities, changes, turnout, seats.

use num_traits::Signed;

use crate::model::{Entry, Fact, Metric, Routes, Standing, fold, ratio, show, slip, whole};

use super::super::language::{Says, Sign, SubjectIs, When};
use super::super::mention::Referent;
use super::super::numeral::{Numeral, Unit};
use super::super::scope::{Period, Scope};
use super::super::statement::{Actor, sign_of};
use super::super::typed::Slot;
use super::{Answer, Asker, Inquiry};

/// A count of preferences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    First,
    Last,
}

impl Asker<'_> {
    pub(super) fn signed(&self, fact: Fact) -> Fact {
        match sign_of(self.statement, self.typed) {
            Some(Sign::Down) => Fact {
                value: -fact.value,
                ..fact
            },
            Some(Sign::Up) | None => fact,
        }
    }

    /// The count of preferences that the words up to the end of the statement's
    /// clause name, if just one.
    fn count_meant(&self) -> Option<Count> {
        let language = self.resolver.language;
        let core = &self.statement.core;
        let clause = self.resolver.clause(self.typed, core);
        let start = self.typed.text.get(..core.start)?.rfind([';', ':']);
        let text = self.typed.text.get(start.unwrap_or(0)..clause.end)?;
        let (first, last) = (&language.counts.first, &language.counts.last);
        let first = first.find(text).filter(|found| {
            let at = start.unwrap_or(0);
            !self.is_later_count(at + found.start()..at + found.end())
        });
        match (first.is_some(), last.is_match(text)) {
            (true, false) => Some(Count::First),
            (false, true) => Some(Count::Last),
            _ => None,
        }
    }

    /// Does the copy speak of what preferences made of the votes?
    fn is_after_preferences(&self) -> bool {
        let words = &self.resolver.language.counts.after_preferences;
        self.count_meant() == Some(Count::Last) && words.is_match(&self.typed.text)
    }

    /// Is the count that words name the second or a later one?
    fn is_later_count(&self, words: std::ops::Range<usize>) -> bool {
        let mut slots = self.typed.slots(words);
        slots.any(|(slot, _)| {
            let Slot::Numeral(index) = slot else {
                return false;
            };
            let ordinal = self.typed.numerals.get(index);
            ordinal.is_some_and(|n| n.unit == Unit::Ordinal && n.integer() != Some(1))
        })
    }

    /// Votes; where a table has votes after preferences as well, either; where
    /// it has seats only, seats. Shares after preferences without their votes
    /// leave open which count is meant, so that nothing is contradicted.
    pub(super) fn votes(&self, standing: usize, entry: usize) -> Routes {
        let facts = self.facts();
        let of = |metric| facts.of_entry(standing, entry, metric);
        let mut routes = of(Metric::PreferredVotes).unwrap_or_default();
        let stages = facts.later_stages(standing, entry, Metric::Votes);
        let undecided = routes.is_empty() && of(Metric::PreferredShare).is_ok();
        let several = undecided || !routes.is_empty() || !stages.is_empty();
        if several && self.count_meant() == Some(Count::First) {
            return of(Metric::Votes);
        }
        match of(Metric::Votes) {
            Ok(votes) => routes.extend(votes),
            Err(reason) if routes.is_empty() => return of(Metric::Seats).map_err(|_| reason),
            Err(_) => {}
        }
        // Words that name votes are of no seats.
        if !self.speaks_of(&self.resolver.language.nouns.votes) {
            routes.extend(of(Metric::Seats).unwrap_or_default());
        }
        // The copy may mean any count, and no figure that stands in none.
        routes.extend(stages);
        if undecided || !several && self.is_after_preferences() {
            routes = routes.into_iter().map(Fact::unsettled).collect();
        }
        Ok(routes)
    }

    /// Shares of which the tables do not say at what count; where the copy speaks
    /// of the last one, they contradict nothing.
    fn of_any_count(&self, share: Routes) -> Routes {
        if !self.is_after_preferences() {
            return share;
        }
        Ok(share?.into_iter().map(Fact::unsettled).collect())
    }

    /// The share; where the table has one after preferences as well, either.
    pub(super) fn share(&self, standing: usize, entry: usize) -> Routes {
        let preferred = self
            .facts()
            .of_entry(standing, entry, Metric::PreferredShare);
        let share = self.facts().share(standing, entry);
        let Ok(mut preferred) = preferred else {
            return self.of_any_count(share);
        };
        match (self.count_meant(), share) {
            (Some(Count::Last), _) => Ok(preferred),
            // It may be of first preferences, which the tables do not tell.
            (None, Err(_)) => Ok(preferred.into_iter().map(Fact::unsettled).collect()),
            (Some(Count::First), share) => share,
            (None, Ok(share)) => {
                preferred.extend(share);
                Ok(preferred)
            }
        }
    }

    /// First minus second on first preferences, where the tables have a later
    /// count as well.
    fn first_majority(&self, standing: usize) -> Option<Fact> {
        let facts = self.facts();
        let entries = 0..facts.standing(standing)?.entries.len();
        let later = |entry| {
            facts
                .of_entry(standing, entry, Metric::PreferredVotes)
                .is_ok()
        };
        if !entries.clone().any(later) {
            return None;
        }
        let votes = |entry| {
            self.first(facts.of_entry(standing, entry, Metric::Votes))
                .ok()
        };
        let mut all: Vec<Fact> = entries.filter_map(votes).collect();
        all.sort_by(|a, b| b.value.cmp(&a.value));
        let [first, second, ..] = all.as_slice() else {
            return None;
        };
        Some(first.minus(second))
    }

    pub(super) fn majority(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Result<Answer, String> {
        let winner = self.facts().winner(standing);
        if self.statement.whom.is_some()
            && let Ok(entry) = whose()
            && let Ok(routes) = self.lead(standing, entry)
        {
            return Ok(Answer::Value(routes));
        }
        // Somebody who did not win "lost by" the gap to the winner.
        if let (Ok(entry), Some(winner)) = (whose(), winner)
            && entry != winner
            && self.statement.form.sign == Some(Sign::Down)
        {
            let gap = self.difference(standing, winner, entry)?;
            return Ok(Answer::Value(vec![gap]));
        }
        if let Some((Metric::Seats, order)) = self.facts().ranking(standing) {
            return self.seats_ahead(standing, &order).map(Answer::Value);
        }
        if self.count_meant() == Some(Count::First)
            && let Some(gap) = self.first_majority(standing)
        {
            return Ok(Answer::Value(vec![gap]));
        }
        let mut routes = self.facts().majority(standing)?;
        if let Some((_, order)) = self.facts().ranking(standing)
            && let [first, second, ..] = order.as_slice()
        {
            routes.extend(self.later_gaps(standing, *first, *second));
        }
        Ok(Answer::Value(routes))
    }

    /// In seats: the first's over all others together, and over the second's.
    fn seats_ahead(&self, standing: usize, order: &[usize]) -> Routes {
        let [first, second, ..] = order else {
            return Err("there is nobody to compare with".to_owned());
        };
        let of = |entry: &usize| self.first(self.facts().of_entry(standing, *entry, Metric::Seats));
        let (first, second) = (of(first)?, of(second)?);
        let total = self.first(self.facts().seats_total(standing));
        let overall = total.map(|total| first.minus(&total.minus(&first)));
        Ok(overall.into_iter().chain([first.minus(&second)]).collect())
    }

    /// The differences between two at later stages of a count.
    fn later_gaps(&self, standing: usize, a: usize, b: usize) -> Vec<Fact> {
        let of = |entry| self.facts().later_stages(standing, entry, Metric::Votes);
        let (a, b) = (of(a), of(b));
        a.iter()
            .flat_map(|a| b.iter().map(move |b| a.minus(b)))
            .map(|gap| Fact {
                value: gap.value.abs(),
                ..gap.unsettled()
            })
            .collect()
    }

    pub(super) fn difference(&self, standing: usize, a: usize, b: usize) -> Result<Fact, String> {
        if a == b {
            return Err("the copy does not say between which two".to_owned());
        }
        let metric = if self.percent() {
            Metric::Share
        } else {
            Metric::Votes
        };
        let of = |entry| self.first(self.facts().of_entry(standing, entry, metric));
        if metric == Metric::Share
            && let (Ok(a), Ok(b)) = (self.exact_share(standing, a), self.exact_share(standing, b))
        {
            return Ok(a.minus(&b));
        }
        if metric == Metric::Votes && of(a).is_err() && of(b).is_err() {
            let seats = |entry| self.first(self.facts().of_entry(standing, entry, Metric::Seats));
            return Ok(seats(a)?.minus(&seats(b)?));
        }
        let gap = of(a)?.minus(&of(b)?);
        // After preferences, which the table gives no votes for, it is another.
        let preferred = |metric| self.facts().of_entry(standing, a, metric).is_ok();
        let first = self.count_meant() == Some(Count::First);
        if !first && preferred(Metric::PreferredShare) && !preferred(Metric::PreferredVotes) {
            return Ok(gap.unsettled());
        }
        Ok(gap)
    }

    /// The share from the votes where they are there, else as printed.
    pub(super) fn exact_share(&self, standing: usize, entry: usize) -> Result<Fact, String> {
        let routes = self.facts().share(standing, entry)?;
        let computed = routes.iter().find(|f| f.derived && f.sound).cloned();
        computed
            .or_else(|| routes.first().cloned())
            .ok_or_else(|| "no share".to_owned())
    }

    pub(super) fn first(&self, routes: Routes) -> Result<Fact, String> {
        let _ = self;
        routes?
            .into_iter()
            .next()
            .ok_or_else(|| "not in the tables".to_owned())
    }

    /// The election before in which the person stood against whom a statement
    /// holds somebody, where it is not this one, and the person's entry in it.
    fn earlier_rival(&self, standing: usize) -> Option<(usize, usize)> {
        let whom = self.statement.whom.as_ref()?;
        let stood = whom.elections()?;
        if stood.contains(&standing) {
            return None;
        }
        let mut at = self.facts().before(standing);
        while let Some(then) = at.filter(|then| !stood.contains(then)) {
            at = self.facts().before(then);
        }
        let then = at?;
        Some((then, self.resolver.entry(whom, then).ok()?))
    }

    /// What somebody is ahead of a person by who stood in an earlier election
    /// only.
    fn lead_over_earlier(&self, standing: usize, entry: usize) -> Option<Fact> {
        let (then, other) = self.earlier_rival(standing)?;
        let of = |standing, entry| {
            if self.percent() {
                return self.exact_share(standing, entry).ok();
            }
            let votes = self.facts().of_entry(standing, entry, Metric::Votes);
            self.first(votes).ok()
        };
        Some(of(standing, entry)?.minus(&of(then, other)?))
    }

    /// Whom a lead is over where nobody is named: the last one elected of those
    /// who were not, else the first one who was not.
    fn opponent(&self, standing: usize, entry: usize, order: &[usize]) -> Option<usize> {
        let seats = self.facts().seats_to_fill(standing).max(1);
        let behind = self.statement.form.sign == Some(Sign::Down);
        let is_elected = order.iter().take(seats).any(|e| *e == entry);
        let at = if behind || !is_elected {
            seats - 1
        } else {
            seats
        };
        order.get(at).copied()
    }

    /// Between the actor and another: the one named, else the next best, or
    /// the winner for one who is behind.
    pub(super) fn lead(&self, standing: usize, entry: usize) -> Routes {
        if let Some(fact) = self.lead_over_earlier(standing, entry) {
            return Ok(vec![self.signed(fact)]);
        }
        let (_, order) = self
            .facts()
            .ranking(standing)
            .ok_or_else(|| "the order cannot be told from the tables".to_owned())?;
        let other = if let Some(actor) = &self.statement.whom {
            self.resolver.entry(actor, standing)?
        } else {
            self.opponent(standing, entry, &order)
                .ok_or_else(|| "there is nobody to compare with".to_owned())?
        };
        let fact = self.difference(standing, entry, other)?;
        let behind = self.statement.form.sign == Some(Sign::Down);
        let by_form = match self.statement.form.says {
            Says::Majority => fact.value.is_negative(),
            _ => behind,
        };
        let fact = if by_form {
            self.difference(standing, other, entry)?
        } else {
            fact
        };
        // Of whom an earlier count says nothing where nobody else is named.
        let open = self.statement.whom.is_none() && self.facts().last_count(standing).is_some();
        let fact = if open { fact.unsettled() } else { fact };
        Ok([vec![fact], self.later_gaps(standing, entry, other)].concat())
    }

    /// The election that a change is measured from.
    pub(super) fn base(&self, standing: usize) -> Result<usize, String> {
        let own = self.facts().standing(standing).and_then(Standing::year);
        match self.statement.year.filter(|year| Some(*year) != own) {
            None => self
                .facts()
                .before(standing)
                .ok_or_else(|| "no table for the election before".to_owned()),
            Some(year) => {
                let key = self
                    .facts()
                    .standing(standing)
                    .map_or("", |s| &s.contest_key);
                let period = Period::Year {
                    year,
                    special: false,
                };
                let scope = Scope::Contest(key.to_owned());
                let base = self.resolver.standing(&scope, &period, Says::Votes)?;
                let other = (base != standing).then_some(base);
                other.ok_or_else(|| format!("no table for {year}"))
            }
        }
    }

    pub(super) fn change(&self, standing: usize, entry: usize) -> Routes {
        let metric = if self.percent() {
            Metric::Share
        } else {
            Metric::Votes
        };
        if self.statement.form.says == Says::Change && self.is_of_an_earlier_change() {
            return Err("it may be the change of an earlier election".to_owned());
        }
        let changes = self.change_of(standing, entry, metric);
        let changes = match changes {
            Ok(changes) => changes,
            Err(reason) if metric == Metric::Votes => {
                return self.seats_change(standing, entry).map_err(|_| reason);
            }
            Err(reason) => return Err(reason),
        };
        Ok(changes.into_iter().map(|fact| self.signed(fact)).collect())
    }

    /// Do the words place the change itself in the election before ("a jump at the
    /// poll before"), and do not measure it from there ("on last time")?
    fn is_of_an_earlier_change(&self) -> bool {
        let core = &self.statement.core;
        let clause = self.resolver.clause(self.typed, core);
        let language = self.resolver.language;
        let rest = self.typed.text.get(core.end..clause.end).unwrap_or("");
        let before = language.periods.iter().filter(|p| p.is == When::Before);
        let mut cues = before.filter_map(|p| p.pattern.find(rest));
        cues.any(|cue| {
            let upto = rest.get(..cue.start()).unwrap_or("");
            !language.base_year.is_match(upto) && !language.aside.is_match(upto)
        })
    }

    /// Now minus then, as printed and as worked out.
    pub(super) fn change_of(&self, standing: usize, entry: usize, metric: Metric) -> Routes {
        let printed = match metric {
            Metric::Share => Some(Metric::ShareChange),
            Metric::Votes => Some(Metric::VotesChange),
            _ => None,
        };
        let is_last = self.statement.year.is_none();
        let mut routes = match printed.filter(|_| is_last) {
            Some(printed) => self
                .facts()
                .of_entry(standing, entry, printed)
                .unwrap_or_default(),
            None => Vec::new(),
        };
        match self.worked_out_change(standing, entry, metric) {
            Ok(fact) => routes.push(fact),
            Err(reason) if routes.is_empty() => return Err(reason),
            Err(_) => {}
        }
        // The copy may mean the share after preferences, unless it says not.
        if metric == Metric::Share && self.count_meant() != Some(Count::First) {
            let preferred = Metric::PreferredShareChange;
            routes.extend(
                self.facts()
                    .of_entry(standing, entry, preferred)
                    .unwrap_or_default(),
            );
        }
        Ok(routes)
    }

    pub(super) fn worked_out_change(
        &self,
        standing: usize,
        entry: usize,
        metric: Metric,
    ) -> Result<Fact, String> {
        let base = self.base(standing)?;
        let then = self.then(standing, entry, base)?;
        let (a, b) = if metric == Metric::Share {
            (
                self.exact_share(standing, entry)?,
                self.exact_share(base, then)?,
            )
        } else {
            let of = |s, e| self.first(self.facts().of_entry(s, e, metric));
            (of(standing, entry)?, of(base, then)?)
        };
        Ok(a.minus(&b))
    }

    pub(super) fn then(&self, standing: usize, entry: usize, base: usize) -> Result<usize, String> {
        self.facts()
            .counterpart(standing, entry, base)
            .ok_or_else(|| {
                let title = self
                    .facts()
                    .standing(base)
                    .map_or_else(String::new, Standing::title);
                format!("there is no counterpart in the tables for {title}")
            })
    }

    pub(super) fn majority_difference(&self, standing: usize) -> Result<Fact, String> {
        let base = self.base(standing)?;
        let now = self.first(self.facts().majority(standing))?;
        let then = self.first(self.facts().majority(base))?;
        Ok(now.minus(&then))
    }

    pub(super) fn majority_change(&self, standing: usize) -> Routes {
        Ok(vec![self.signed(self.majority_difference(standing)?)])
    }

    pub(super) fn turnout_difference(&self, standing: usize) -> Routes {
        let mut routes = self
            .facts()
            .of_contest(standing, Metric::TurnoutShareChange)
            .unwrap_or_default();
        let worked_out = || {
            let base = self.base(standing)?;
            let now = self.first(self.facts().turnout_share(standing))?;
            let then = self.first(self.facts().turnout_share(base))?;
            Ok::<Fact, String>(now.minus(&then))
        };
        match worked_out() {
            Ok(fact) => routes.push(fact),
            Err(reason) if routes.is_empty() => return Err(reason),
            Err(_) => {}
        }
        Ok(routes)
    }

    pub(super) fn turnout_change(&self, standing: usize) -> Routes {
        Ok(self
            .turnout_difference(standing)?
            .into_iter()
            .map(|f| self.signed(f))
            .collect())
    }

    /// Electors less those who voted; in per cent, what turnout leaves.
    pub(super) fn non_voters(&self, standing: usize) -> Routes {
        let facts = self.facts();
        if self.percent() {
            let turnout = self.first(facts.turnout_share(standing))?;
            let value = whole(100) - &turnout.value;
            let working = format!("100 − {} = {}", turnout.shown(), show(&value, 1));
            return Ok(vec![Fact {
                value,
                working,
                derived: true,
                ..turnout
            }]);
        }
        let electorate = self.first(facts.of_contest(standing, Metric::Electorate))?;
        let voted = facts.turnout(standing)?.into_iter();
        Ok(voted.map(|voted| electorate.minus(&voted)).collect())
    }

    /// The change of all valid votes.
    pub(super) fn valid_votes_change(&self, standing: usize) -> Routes {
        let base = self.base(standing)?;
        let of = |standing| self.first(self.facts().valid_votes(standing));
        Ok(vec![self.signed(of(standing)?.minus(&of(base)?))])
    }

    pub(super) fn ratio(&self, standing: usize, entry: usize) -> Result<Fact, String> {
        let facts = self.facts();
        let of = |s, e| self.first(facts.of_entry(s, e, Metric::Votes));
        let seats = |s, e| self.first(facts.of_entry(s, e, Metric::Seats));
        let of_seats = self.speaks_of_seats();
        let of_share = |s, e| {
            if of_seats {
                return seats(s, e);
            }
            of(s, e).or_else(|_| self.exact_share(s, e))
        };
        let over = |a: Fact, b: Fact| {
            a.over(&b, 1, 2)
                .ok_or_else(|| "nothing to divide by".to_owned())
        };
        if let Some(whom) = self
            .statement
            .whom
            .as_ref()
            .filter(|_| self.statement.year.is_none())
        {
            if let Some((then, other)) = self.earlier_rival(standing) {
                return over(of_share(standing, entry)?, of_share(then, other)?);
            }
            let other = self.resolver.entry(whom, standing)?;
            if other == entry {
                return Err("the copy does not say between which two".to_owned());
            }
            return over(of_share(standing, entry)?, of_share(standing, other)?);
        }
        if self.statement.form.when == Some(When::Now) {
            let other = self.rival(standing, entry)?;
            return over(of_share(standing, entry)?, of_share(standing, other)?);
        }
        if self.speaks_of(&self.resolver.language.nouns.shares) {
            let base = self.base(standing)?;
            let then = self.then(standing, entry, base)?;
            return over(
                self.exact_share(standing, entry)?,
                self.exact_share(base, then)?,
            );
        }
        if of_seats || of(standing, entry).is_err() {
            let now = self.first(facts.of_entry(standing, entry, Metric::Seats))?;
            return over(now, self.seats_then(standing, entry)?);
        }
        let base = self.base(standing)?;
        let then = self.then(standing, entry, base)?;
        over(of(standing, entry)?, of(base, then)?)
    }

    /// The seats that a change of seats is measured from: those now less the
    /// change. A stated number of seats before may count more than were at stake.
    fn seats_then(&self, standing: usize, entry: usize) -> Result<Fact, String> {
        let of = |metric| self.first(self.facts().of_entry(standing, entry, metric));
        match (of(Metric::Seats), of(Metric::SeatsChange)) {
            (Ok(now), Ok(change)) => Ok(now.minus(&change)),
            _ => self.first(self.facts().seats_before(standing, entry)),
        }
    }

    /// Do the words of the statement name seats?
    fn speaks_of_seats(&self) -> bool {
        self.speaks_of(&self.resolver.language.nouns.seats)
    }

    fn speaks_of(&self, what: &regex::Regex) -> bool {
        let words = self.typed.text.get(self.statement.matched.clone());
        words.is_some_and(|words| what.is_match(words))
    }

    pub(super) fn majority_ratio(&self, standing: usize) -> Result<Fact, String> {
        let base = self.base(standing)?;
        let now = self.first(self.facts().majority(standing))?;
        let then = self.first(self.facts().majority(base))?;
        now.over(&then, 1, 2)
            .ok_or_else(|| "nothing to divide by".to_owned())
    }

    /// A number that the sentence prints, over the majority.
    pub(super) fn over_majority(&self, standing: usize) -> Result<Fact, String> {
        let nothing = || "the sentence does not say of which numbers".to_owned();
        let (a, _) = self.statement.pair.ok_or_else(nothing)?;
        let printed = self.typed.numerals.get(a).ok_or_else(nothing)?;
        let stated = Fact::stated(&printed.magnitude.value, printed.magnitude.decimals);
        let majority = self.first(self.facts().majority(standing))?;
        stated
            .over(&majority, 1, 2)
            .ok_or_else(|| "nothing to divide by".to_owned())
    }

    pub(super) fn relative_change(&self, standing: usize, entry: usize) -> Routes {
        let base = self.base(standing)?;
        let then = self.then(standing, entry, base)?;
        let of = |s, e| self.first(self.facts().of_entry(s, e, Metric::Votes));
        let (now, then) = (of(standing, entry)?, of(base, then)?);
        let grown = now.over(&then, 100, 1).ok_or("nothing to divide by")?;
        let value = &grown.value - whole(100);
        let working = format!("{} − 100 = {}", grown.working, show(&value, 1));
        Ok(vec![self.signed(Fact {
            value,
            working,
            ..grown
        })])
    }

    pub(super) fn seats_change(&self, standing: usize, entry: usize) -> Routes {
        let mut routes = self
            .facts()
            .of_entry(standing, entry, Metric::SeatsChange)
            .unwrap_or_default();
        if let (Ok(now), Ok(then)) = (
            self.first(self.facts().of_entry(standing, entry, Metric::Seats)),
            self.first(self.facts().of_entry(standing, entry, Metric::SeatsBefore)),
        ) && routes.is_empty()
        {
            routes.push(now.minus(&then));
        }
        if routes.is_empty() {
            routes.extend(self.worked_out_change(standing, entry, Metric::Seats));
        }
        if routes.is_empty() {
            return Err("no change of seats in the tables".to_owned());
        }
        Ok(routes.into_iter().map(|fact| self.signed(fact)).collect())
    }

    pub(super) fn councils_change(&self, standing: usize, entry: usize) -> Routes {
        let change = self
            .facts()
            .of_entry(standing, entry, Metric::CouncilsChange)?;
        Ok(change.into_iter().map(|fact| self.signed(fact)).collect())
    }

    pub(super) fn councils_before(&self, standing: usize, entry: usize) -> Routes {
        let of = |metric| self.first(self.facts().of_entry(standing, entry, metric));
        let now = of(Metric::Councils)?;
        Ok(vec![now.minus(&of(Metric::CouncilsChange)?)])
    }

    /// What two numbers that the sentence itself prints are to each other.
    pub(super) fn without_tables(&self) -> Inquiry {
        Inquiry {
            answer: self.of_the_sentence().unwrap_or_else(Answer::Unknown),
            metric: self.metric(),
            actor: None,
            scope: None,
            standing: None,
            entry: None,
            of_rival: false,
        }
    }

    pub(super) fn of_the_sentence(&self) -> Result<Answer, String> {
        let nothing = || "the sentence does not say of which numbers".to_owned();
        let (a, b) = self.statement.pair.ok_or_else(nothing)?;
        let of = |index: usize| self.typed.numerals.get(index);
        let (a, b) = of(a).zip(of(b)).ok_or_else(nothing)?;
        let (x, y) = (&a.magnitude.value, &b.magnitude.value);
        if *y < self.resolver.language.chance.divisor {
            return Err(nothing());
        }
        let stated = |n: &Numeral| Fact::stated(&n.magnitude.value, n.magnitude.decimals);
        if self.statement.form.says == Says::PrintedRatio {
            let over = stated(a).over(&stated(b), 1, 2).ok_or_else(nothing)?;
            return Ok(Answer::Ratio(vec![over]));
        }
        if a.unit != b.unit || a.hedge.is_some() || b.hedge.is_some() || x == y {
            return Err(nothing());
        }
        let above = self.statement.form.sign == Some(Sign::Up);
        let sign = if x > y { "more than" } else { "less than" };
        Ok(Answer::Truth {
            holds: (x > y) == above,
            working: format!("{} is {sign} {}", stated(a).working, stated(b).working),
            cells: Vec::new(),
        })
    }

    pub(super) fn candidates(&self, standing: usize) -> Routes {
        let own = self.facts().standing(standing).ok_or("not in the tables")?;
        let parties = self.facts().parties;
        let is_nobody = |entry: &Entry| {
            let names = [&entry.candidate, &entry.party].into_iter().flatten();
            names.into_iter().any(|name| parties.is_nobody(&name.text))
        };
        let rows = own
            .entries
            .iter()
            .filter(|e| !e.aggregate && e.candidate.is_some() && !is_nobody(e))
            .count();
        let aggregates = own.entries.iter().any(|e| e.aggregate);
        let sound = !aggregates
            && self
                .facts()
                .valid_votes(standing)
                .is_ok_and(|r| r.iter().any(|f| f.sound));
        if rows == 0 {
            return Err("no candidates in the tables".to_owned());
        }
        Ok(vec![Fact {
            value: whole(i64::try_from(rows).unwrap_or(i64::MAX)),
            slack: whole(0),
            decimals: 0,
            working: format!("{rows} candidates in the tables for {}", own.title()),
            cells: Vec::new(),
            sound,
            limit: None,
            derived: true,
        }])
    }

    /// All who stood but one.
    pub(super) fn rivals(&self, standing: usize) -> Routes {
        let all = self.first(self.candidates(standing))?;
        let value = &all.value - whole(1);
        let working = format!("{}, besides the one: {}", all.working, show(&value, 0));
        Ok(vec![Fact {
            value,
            working,
            ..all
        }])
    }

    /// Swing, by each of its definitions that the tables allow: the change
    /// after preferences, the change of the one party named, and Butler's, half
    /// the sum of one side's gain and the other's loss, between the winner and
    /// the winner before, else the second.
    /// D. E. Butler, in H. G. Nicholas, The British General Election of 1950.
    pub(super) fn swing(&self, standing: usize) -> Routes {
        let facts = self.facts();
        let (_, order) = facts.ranking(standing).ok_or("the order cannot be told")?;
        let winner = order.first().copied().ok_or("nobody stood")?;
        let named =
            |actor: Option<&Actor>| actor.and_then(|a| self.resolver.entry(a, standing).ok());
        let to = named(self.statement.who.first()).unwrap_or(winner);
        // Between two named parties, the change of one is none.
        let of_one = [Metric::PreferredShareChange, Metric::ShareChange];
        let both = self.statement.whom.is_some() && !self.statement.who.is_empty();
        let of_one = of_one
            .iter()
            .copied()
            .filter(|metric| !both || *metric == Metric::PreferredShareChange)
            .filter(|_| self.swings_of_one(standing));
        let mut routes: Vec<Fact> = of_one
            .filter_map(|metric| facts.of_entry(standing, to, metric).ok())
            .flatten()
            .map(|fact| Fact {
                value: fact.value.abs(),
                ..fact.unsettled()
            })
            .collect();
        let preferred = self.preferred_swing(standing, to);
        let settled = preferred.is_ok();
        routes.extend(preferred);
        match self.butler_swing(standing, to, named(self.statement.whom.as_ref()), &order) {
            Ok(fact) if settled => routes.push(fact.unsettled()),
            Ok(fact) => routes.push(fact),
            Err(reason) if routes.is_empty() => return Err(reason),
            Err(_) => {}
        }
        Ok(routes)
    }

    /// Where preferences are counted, a swing is the change of what somebody has
    /// after them.
    fn preferred_swing(&self, standing: usize, to: usize) -> Result<Fact, String> {
        let fact = self.worked_out_change(standing, to, Metric::PreferredShare)?;
        Ok(Fact {
            value: fact.value.abs(),
            ..fact
        })
    }

    /// May the copy mean the change of one party by a swing?
    fn swings_of_one(&self, standing: usize) -> bool {
        let facts = self.facts();
        let entries = facts.standing(standing).map(|s| s.entries.as_slice());
        let entries = entries.unwrap_or(&[]).iter();
        let preferred = |e: &Entry| e.figures.keys().any(|m| m.is_preferred());
        let names = entries
            .clone()
            .filter_map(|e| Some(e.party.as_ref()?.text.as_str()));
        entries.clone().any(preferred) || facts.parties.swings_of_one(names)
    }

    pub(super) fn butler_swing(
        &self,
        standing: usize,
        to: usize,
        from: Option<usize>,
        order: &[usize],
    ) -> Result<Fact, String> {
        let facts = self.facts();
        let base = self.base(standing)?;
        let before = facts
            .winner(base)
            .and_then(|w| facts.counterpart(base, w, standing));
        let from = from
            .or(before.filter(|b| *b != to))
            .or_else(|| order.iter().copied().find(|e| *e != to))
            .ok_or("there is no second party")?;
        let gain = self.worked_out_change(standing, to, Metric::Share)?;
        let loss = self.worked_out_change(standing, from, Metric::Share)?;
        let both = gain.minus(&loss);
        let value = (&both.value / whole(2)).abs();
        let working = format!(
            "({} − {}) ÷ 2 = {}",
            gain.shown(),
            loss.shown(),
            show(&value, 2)
        );
        Ok(Fact {
            value,
            slack: both.slack / whole(2),
            working,
            ..both
        })
    }

    pub(super) fn seats_lost(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let change = self.first(self.facts().of_entry(standing, entry, Metric::SeatsChange))?;
        let before = self.first(self.facts().seats_before(standing, entry))?;
        let lost = Fact {
            value: -change.value.clone(),
            ..change
        };
        let part = lost.over(&before, 1, 3).ok_or("nothing to divide by")?;
        Ok(Answer::Ratio(vec![part]))
    }

    /// What is gone of the votes of the election before, as a part of them.
    pub(super) fn votes_lost(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let base = self.base(standing)?;
        let then = self.then(standing, entry, base)?;
        let of = |s, e| self.first(self.facts().of_entry(s, e, Metric::Votes));
        let before = of(base, then)?;
        let lost = before.minus(&of(standing, entry)?);
        let scale = if self.percent() { 100 } else { 1 };
        let part = lost.over(&before, scale, 2).ok_or("nothing to divide by")?;
        let routes = vec![part];
        Ok(if self.percent() {
            Answer::Value(routes)
        } else {
            Answer::Ratio(routes)
        })
    }

    /// The seats of somebody as a part of all.
    pub(super) fn seats_fraction(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let seats = self.first(self.facts().of_entry(standing, entry, Metric::Seats))?;
        let total = self.first(self.facts().seats_total(standing))?;
        let part = seats.over(&total, 1, 3).ok_or("nothing to divide by")?;
        Ok(Answer::Ratio(vec![part]))
    }

    pub(super) fn share_fraction(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let share = self.exact_share(standing, entry)?;
        Ok(Answer::Ratio(vec![of_one(share)]))
    }

    /// A figure that the tables label in words of their own: the label that
    /// shares most words with the sentence. It can agree, never contradict.
    pub(super) fn labelled(&self) -> Routes {
        let stems: Vec<String> = self.typed.tokens.iter().map(|t| stem(&t.folded)).collect();
        let what = self.statement.what.as_deref().map(stem).unwrap_or_default();
        let mut best: Option<(usize, Fact)> = None;
        for standing in self.facts().standings.iter() {
            for (label, printed) in &standing.labelled {
                let folded = fold(&label.text);
                let words: Vec<String> = folded
                    .split(' ')
                    .filter(|word| word.len() > 3)
                    .map(stem)
                    .collect();
                let shared = words.iter().filter(|w| stems.contains(w)).count();
                if !words.contains(&what) || best.as_ref().is_some_and(|(s, _)| *s >= shared) {
                    continue;
                }
                let shown = show(&printed.number.value, printed.number.decimals.min(2));
                best = Some((
                    shared,
                    Fact {
                        value: printed.number.value.clone(),
                        slack: whole(0),
                        decimals: 0,
                        working: format!("{} = {shown}", label.text),
                        cells: vec![printed.place],
                        sound: false,
                        limit: None,
                        derived: false,
                    },
                ));
            }
        }
        let (_, mut fact) = best.ok_or("no such figure in the tables")?;
        // One slip away from a large figure, it is meant.
        let stated = self.numeral().map(|n| &n.magnitude.value);
        let slipped = stated.is_some_and(|s| slip(s, &fact.value, 0).is_some());
        fact.sound = slipped && fact.value >= self.resolver.language.chance.count;
        Ok(vec![fact])
    }

    /// Whom a sum adds up: everybody named, or all who stood for the one party
    /// named ("the independents shared").
    fn added_up(&self, standing: usize) -> Result<Vec<usize>, String> {
        let who = &self.statement.who;
        if self.statement.form.subject == SubjectIs::FirstTwo {
            let (_, order) = self
                .facts()
                .ranking(standing)
                .ok_or("the order cannot be told from the tables")?;
            return Ok(order.into_iter().take(2).collect());
        }
        let entries = match who.as_slice() {
            [
                Actor {
                    referent: Referent::Party(party),
                    ..
                },
            ] => self.facts().party_entries(standing, party),
            _ => who
                .iter()
                .map(|actor| self.resolver.entry(actor, standing))
                .collect::<Result<_, _>>()?,
        };
        if entries.len() < 2 {
            return Err("no parties to add up".to_owned());
        }
        Ok(entries)
    }

    /// Several parties or candidates together.
    pub(super) fn sum(&self) -> Inquiry {
        let mut inquiry = self.inquiry(None);
        let first = self.statement.who.first();
        let fraction = self.statement.form.says == Says::ShareFraction;
        let answer = || {
            let scope = self
                .resolver
                .scope(self.statement, first, self.typed, self.setting)?;
            let standing = self.standing(&scope, first)?;
            let mut total: Option<Fact> = None;
            for entry in self.added_up(standing)? {
                let fact = self.part_of_sum(standing, entry)?;
                total = Some(match total {
                    Some(total) => total.plus(&fact),
                    None => fact,
                });
            }
            let total = total.ok_or("no parties to add up")?;
            Ok::<_, String>((standing, scope, total))
        };
        match answer() {
            Ok((standing, scope, total)) => {
                inquiry.standing = Some(standing);
                inquiry.scope = Some(scope);
                inquiry.answer = if fraction {
                    Answer::Ratio(vec![of_one(total)])
                } else {
                    Answer::Value(vec![total])
                };
            }
            Err(reason) => inquiry.answer = Answer::Unknown(reason),
        }
        inquiry
    }

    /// What one of several adds to their sum.
    fn part_of_sum(&self, standing: usize, entry: usize) -> Result<Fact, String> {
        let says = self.statement.form.says;
        match says {
            Says::SeatsChange => self.first(self.seats_change(standing, entry)),
            Says::CouncilsChange => self.first(self.councils_change(standing, entry)),
            _ if self.percent() || says == Says::ShareFraction => self.exact_share(standing, entry),
            _ => self
                .first(self.facts().of_entry(standing, entry, Metric::Votes))
                .or_else(|_| self.first(self.facts().of_entry(standing, entry, Metric::Seats))),
        }
    }
}

/// A share in per cent as a part of one.
pub(super) fn of_one(share: Fact) -> Fact {
    let hundredth = ratio(1, 100);
    Fact {
        value: &share.value * &hundredth,
        slack: &share.slack * &hundredth,
        ..share
    }
}

/// The first letters of a word, under which its forms agree ("England",
/// "English"; "council", "councils").
fn stem(word: impl AsRef<str>) -> String {
    word.as_ref().chars().take(4).collect()
}
