//! Statements into answers: what the tables say to each.

use num_traits::{Signed, Zero};

use crate::model::{Exact, Fact, Facts, Metric, Place, Routes, ratio, show, whole};

use super::language::{Says, Sign, SubjectIs};
use super::mention::Referent;
use super::numeral::{Numeral, Unit};
use super::scope::{Period, Resolver, Scope, Setting};
use super::statement::{Actor, Statement, sign_of};
use super::typed::Typed;

/// What the tables say to a statement.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A value to hold the printed number against.
    Value(Vec<Fact>),
    /// A ratio to hold a multiple or fraction against.
    Ratio(Vec<Fact>),
    /// A place in an order, and whether it is shared.
    Rank {
        place: usize,
        tied: bool,
        working: String,
        cells: Vec<Place>,
        /// How many there are in the order.
        of: usize,
    },
    /// A yes or a no.
    Truth {
        holds: bool,
        working: String,
        cells: Vec<Place>,
    },
    /// Why it cannot be said.
    Unknown(String),
}

/// An answer with what it is about.
#[derive(Debug, Clone)]
pub struct Inquiry {
    pub answer: Answer,
    pub metric: &'static str,
    pub actor: Option<Actor>,
    pub scope: Option<Scope>,
    pub standing: Option<usize>,
    pub entry: Option<usize>,
    /// It is about the actor's rival.
    pub of_rival: bool,
}

/// Asks the tables about one statement.
pub struct Asker<'a> {
    pub resolver: &'a Resolver<'a>,
    pub typed: &'a Typed,
    pub statement: &'a Statement<'a>,
    pub setting: &'a Setting,
}

impl Asker<'_> {
    fn facts(&self) -> &Facts<'_> {
        self.resolver.facts
    }

    fn numeral(&self) -> Option<&Numeral> {
        self.typed.numerals.get(self.statement.number?)
    }

    fn unit(&self) -> Unit {
        self.numeral().map_or(Unit::Count, |n| n.unit)
    }

    fn percent(&self) -> bool {
        matches!(self.unit(), Unit::Percent | Unit::Points)
    }

    /// One inquiry for each actor; one where there is none.
    #[must_use]
    pub fn inquiries(&self) -> Vec<Inquiry> {
        let says = self.statement.form.says;
        if self.statement.form.subject == SubjectIs::All {
            return vec![self.all()];
        }
        if says == Says::Sum {
            return vec![self.sum()];
        }
        if self.statement.who.is_empty() {
            return vec![self.inquiry(None)];
        }
        self.statement
            .who
            .iter()
            .map(|actor| self.inquiry(Some(actor)))
            .collect()
    }

    fn inquiry(&self, actor: Option<&Actor>) -> Inquiry {
        let mut inquiry = Inquiry {
            answer: Answer::Unknown(String::new()),
            metric: self.metric(),
            actor: actor.cloned(),
            scope: None,
            standing: None,
            entry: None,
            of_rival: self.statement.form.subject == SubjectIs::Rival,
        };
        match self.ask(actor, &mut inquiry) {
            Ok(answer) => inquiry.answer = answer,
            Err(reason) => inquiry.answer = Answer::Unknown(reason),
        }
        inquiry
    }

    fn ask(&self, actor: Option<&Actor>, inquiry: &mut Inquiry) -> Result<Answer, String> {
        let scope = self
            .resolver
            .scope(self.statement, actor, self.typed, self.setting)?;
        inquiry.scope = Some(scope.clone());
        let (standing, before) = match self.standing(&scope, actor) {
            Ok(standing) => (standing, None),
            Err(reason) => (
                self.now_for_before(&scope).ok_or_else(|| reason.clone())?,
                Some(reason),
            ),
        };
        inquiry.standing = Some(standing);
        let entry = actor.map(|actor| self.resolver.entry(actor, standing));
        let entry = match (entry, self.statement.form.subject) {
            (Some(Ok(entry)), SubjectIs::Rival) => Some(self.rival(standing, entry)),
            (entry, _) => entry,
        };
        inquiry.entry = entry.as_ref().and_then(|e| e.as_ref().ok()).copied();
        let whose = || {
            entry
                .clone()
                .unwrap_or_else(|| Err("the copy does not say whose".to_owned()))
        };
        match before {
            Some(reason) => self.before_change(standing, &whose).map_err(|_| reason),
            None => self
                .answer(standing, &whose)
                .map(|answer| self.staged(standing, answer)),
        }
    }

    /// Where there were several rounds, the copy may speak of any of them:
    /// figures of the first can agree, and contradict nothing.
    fn staged(&self, standing: usize, answer: Answer) -> Answer {
        match answer {
            Answer::Value(mut routes) if self.facts().has_rounds(standing) => {
                for fact in &mut routes {
                    fact.sound = false;
                }
                Answer::Value(routes)
            }
            other => other,
        }
    }

    /// Without a table of the election before, this one's printed changes may
    /// tell it.
    fn now_for_before(&self, scope: &Scope) -> Option<usize> {
        let period = self
            .resolver
            .period(self.statement, self.typed, self.setting);
        let says = self.statement.form.says;
        let may =
            period == Period::Before && matches!(says, Says::Votes | Says::Share | Says::Seats);
        may.then(|| self.resolver.standing(scope, &Period::Now, says).ok())?
    }

    fn before_change(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Result<Answer, String> {
        let (facts, entry) = (self.facts(), whose()?);
        let routes = match self.statement.form.says {
            Says::Share => facts.before_change(standing, entry, Metric::Share),
            Says::Seats => facts.seats_before(standing, entry),
            _ => facts
                .before_change(standing, entry, Metric::Votes)
                .or_else(|_| facts.seats_before(standing, entry)),
        };
        routes.map(Answer::Value)
    }

    fn answer(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Result<Answer, String> {
        let facts = self.facts();
        let value = |routes: Routes| routes.map(Answer::Value);
        match self.statement.form.says {
            Says::Votes => value(self.votes(standing, whose()?)),
            Says::Share => value(self.share(standing, whose()?)),
            Says::Majority if self.percent() => value(facts.majority_share(standing)),
            Says::Majority => self.majority(standing, whose),
            Says::Lead => value(self.lead(standing, whose()?)),
            Says::Change | Says::Previous => value(self.change(standing, whose()?)),
            Says::MajorityChange => value(self.majority_change(standing)),
            Says::TurnoutChange => value(self.turnout_change(standing)),
            Says::Ratio => self
                .ratio(standing, whose()?)
                .map(|f| Answer::Ratio(vec![f])),
            Says::MajorityRatio => self
                .majority_ratio(standing)
                .map(|f| Answer::Ratio(vec![f])),
            Says::RelativeChange => value(self.relative_change(standing, whose()?)),
            Says::Rank => self.rank(standing, whose()?),
            Says::RankBefore => self.rank_before(standing, whose()?),
            Says::Turnout if self.percent() => value(facts.turnout_share(standing)),
            Says::Turnout => value(facts.turnout(standing)),
            Says::Electorate => value(facts.of_contest(standing, Metric::Electorate)),
            Says::ValidVotes => value(facts.valid_votes(standing)),
            Says::Rejected if self.percent() => value(facts.rejected_share(standing)),
            Says::Rejected => value(facts.rejected(standing)),
            Says::Seats => value(facts.of_entry(standing, whose()?, Metric::Seats)),
            Says::SeatsBefore => value(facts.seats_before(standing, whose()?)),
            Says::SeatsChange => value(self.seats_change(standing, whose()?)),
            Says::SeatsTotal => value(facts.seats_total(standing)),
            Says::Candidates => value(self.candidates(standing)),
            Says::Swing => value(self.swing(standing)),
            Says::SeatsLostFraction => self.seats_lost(standing, whose()?),
            Says::VotesLostPart => self.votes_lost(standing, whose()?),
            Says::ShareFraction => self.share_fraction(standing, whose()?),
            Says::Labelled => value(self.labelled()),
            Says::Hold => self.hold(standing, whose),
            Says::Gain => self.gain(standing, whose),
            Says::Winner => self.winner(standing, whose()?, true),
            Says::Loser => self.winner(standing, whose()?, false),
            Says::Order => self.order(standing, whose()?),
            Says::VotesDirection => {
                self.direction(self.change_of(standing, whose()?, Metric::Votes))
            }
            Says::ShareDirection => self.share_direction(standing, whose()?),
            Says::MajorityDirection => self.majority_direction(standing, whose),
            Says::TurnoutDirection => self.direction(self.turnout_difference(standing)),
            Says::SeatsDirection => {
                self.direction(facts.of_entry(standing, whose()?, Metric::SeatsChange))
            }
            Says::Absent => Ok(self.absent(standing)),
            Says::DepositLost => self.deposit_lost(standing, whose()?),
            Says::SeatMajority => self.seat_majority(standing, whose()?),
            Says::Sum => Err("no parties to add up".to_owned()),
        }
    }

    /// The standing that the statement speaks of. A majority that is somebody's
    /// who did not win now, and won before, is the one of before.
    fn standing(&self, scope: &Scope, actor: Option<&Actor>) -> Result<usize, String> {
        let says = self.statement.form.says;
        let compares = matches!(
            says,
            Says::Change
                | Says::MajorityChange
                | Says::TurnoutChange
                | Says::Ratio
                | Says::MajorityRatio
                | Says::RelativeChange
                | Says::VotesLostPart
                | Says::Swing
                | Says::VotesDirection
                | Says::ShareDirection
                | Says::MajorityDirection
                | Says::TurnoutDirection
                | Says::SeatsDirection
        );
        if compares {
            return self.resolver.standing(scope, &Period::Now, says);
        }
        let period = self
            .resolver
            .period(self.statement, self.typed, self.setting);
        let standing = self.resolver.standing(scope, &period, says)?;
        let lost = self.statement.form.sign == Some(Sign::Down);
        if says != Says::Majority || period != Period::Now || lost {
            return Ok(standing);
        }
        let won = |s: usize| {
            let entry = self.resolver.entry(actor?, s).ok()?;
            Some(self.facts().winner(s)? == entry)
        };
        match (won(standing), self.facts().before(standing)) {
            (Some(false), Some(before))
                if won(before) == Some(true) && self.statement.whom.is_none() =>
            {
                Ok(before)
            }
            _ => Ok(standing),
        }
    }

    /// The runner-up of the winner; the winner of anybody else.
    fn rival(&self, standing: usize, entry: usize) -> Result<usize, String> {
        let (_, order) = self
            .facts()
            .ranking(standing)
            .ok_or("the order cannot be told")?;
        order
            .into_iter()
            .find(|&e| e != entry)
            .ok_or_else(|| "nobody else stood".to_owned())
    }

    fn signed(&self, fact: Fact) -> Fact {
        match sign_of(self.statement, self.typed) {
            Some(Sign::Down) => Fact {
                value: -fact.value,
                ..fact
            },
            Some(Sign::Up) | None => fact,
        }
    }

    /// Votes; where a table has votes after preferences as well, either; where
    /// it has seats only, seats. Shares after preferences without their votes
    /// leave open which count is meant, so that nothing is contradicted.
    fn votes(&self, standing: usize, entry: usize) -> Routes {
        let facts = self.facts();
        let of = |metric| facts.of_entry(standing, entry, metric);
        let mut routes = of(Metric::PreferredVotes).unwrap_or_default();
        let undecided = routes.is_empty() && of(Metric::PreferredShare).is_ok();
        match of(Metric::Votes) {
            Ok(votes) => routes.extend(votes),
            Err(reason) if routes.is_empty() => return of(Metric::Seats).map_err(|_| reason),
            Err(_) => {}
        }
        routes.extend(of(Metric::Seats).unwrap_or_default());
        let stages = facts.later_stages(standing, entry, Metric::Votes);
        let undecided = undecided || !stages.is_empty();
        routes.extend(stages);
        for fact in &mut routes {
            fact.sound &= !undecided;
        }
        Ok(routes)
    }

    /// The share; where the table has one after preferences as well, either.
    fn share(&self, standing: usize, entry: usize) -> Routes {
        let preferred = self
            .facts()
            .of_entry(standing, entry, Metric::PreferredShare);
        let share = self.facts().share(standing, entry);
        match (preferred, share) {
            (Ok(mut preferred), Ok(share)) => {
                preferred.extend(share);
                Ok(preferred)
            }
            (Ok(preferred), Err(_)) => Ok(preferred),
            (Err(_), share) => share,
        }
    }

    fn majority(
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
        self.facts().majority(standing).map(Answer::Value)
    }

    fn difference(&self, standing: usize, a: usize, b: usize) -> Result<Fact, String> {
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
        Ok(of(a)?.minus(&of(b)?))
    }

    /// The share from the votes where they are there, else as printed.
    fn exact_share(&self, standing: usize, entry: usize) -> Result<Fact, String> {
        let routes = self.facts().share(standing, entry)?;
        let computed = routes.iter().find(|f| f.derived && f.sound).cloned();
        computed
            .or_else(|| routes.first().cloned())
            .ok_or_else(|| "no share".to_owned())
    }

    fn first(&self, routes: Routes) -> Result<Fact, String> {
        let _ = self;
        routes?
            .into_iter()
            .next()
            .ok_or_else(|| "not in the tables".to_owned())
    }

    /// Between the actor and another: the one named, else the next best, or
    /// the winner for one who is behind.
    fn lead(&self, standing: usize, entry: usize) -> Routes {
        let (_, order) = self
            .facts()
            .ranking(standing)
            .ok_or_else(|| "the order cannot be told from the tables".to_owned())?;
        let other = if let Some(actor) = &self.statement.whom {
            self.resolver.entry(actor, standing)?
        } else {
            let behind = self.statement.form.sign == Some(Sign::Down);
            let winner = order.first().copied();
            let other = if behind || winner != Some(entry) {
                winner
            } else {
                order.get(1).copied()
            };
            other.ok_or_else(|| "there is nobody to compare with".to_owned())?
        };
        let fact = self.difference(standing, entry, other)?;
        let behind = self.statement.form.sign == Some(Sign::Down);
        let by_form = match self.statement.form.says {
            Says::Majority => fact.value.is_negative(),
            _ => behind,
        };
        Ok(vec![if by_form {
            self.difference(standing, other, entry)?
        } else {
            fact
        }])
    }

    /// The election that a change is measured from.
    fn base(&self, standing: usize) -> Result<usize, String> {
        let own = self
            .facts()
            .standing(standing)
            .and_then(crate::model::Standing::year);
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

    fn change(&self, standing: usize, entry: usize) -> Routes {
        let metric = if self.percent() {
            Metric::Share
        } else {
            Metric::Votes
        };
        let changes = self.change_of(standing, entry, metric);
        let seats = || self.facts().of_entry(standing, entry, Metric::SeatsChange);
        let changes = match changes {
            Ok(changes) => changes,
            Err(reason) if metric == Metric::Votes => seats().map_err(|_| reason)?,
            Err(reason) => return Err(reason),
        };
        Ok(changes.into_iter().map(|fact| self.signed(fact)).collect())
    }

    /// Now minus then, as printed and as worked out.
    fn change_of(&self, standing: usize, entry: usize, metric: Metric) -> Routes {
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
        Ok(routes)
    }

    fn worked_out_change(
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

    fn then(&self, standing: usize, entry: usize, base: usize) -> Result<usize, String> {
        self.facts()
            .counterpart(standing, entry, base)
            .ok_or_else(|| {
                let title = self
                    .facts()
                    .standing(base)
                    .map_or_else(String::new, crate::model::Standing::title);
                format!("there is no counterpart in the tables for {title}")
            })
    }

    fn majority_difference(&self, standing: usize) -> Result<Fact, String> {
        let base = self.base(standing)?;
        let now = self.first(self.facts().majority(standing))?;
        let then = self.first(self.facts().majority(base))?;
        Ok(now.minus(&then))
    }

    fn majority_change(&self, standing: usize) -> Routes {
        Ok(vec![self.signed(self.majority_difference(standing)?)])
    }

    fn turnout_difference(&self, standing: usize) -> Routes {
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

    fn turnout_change(&self, standing: usize) -> Routes {
        Ok(self
            .turnout_difference(standing)?
            .into_iter()
            .map(|f| self.signed(f))
            .collect())
    }

    fn ratio(&self, standing: usize, entry: usize) -> Result<Fact, String> {
        let facts = self.facts();
        let of = |s, e| self.first(facts.of_entry(s, e, Metric::Votes));
        let of_share = |s, e| of(s, e).or_else(|_| self.exact_share(s, e));
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
            let other = self.resolver.entry(whom, standing)?;
            if other == entry {
                return Err("the copy does not say between which two".to_owned());
            }
            return over(of_share(standing, entry)?, of_share(standing, other)?);
        }
        if self.statement.form.when == Some(super::language::When::Now) {
            let other = self.rival(standing, entry)?;
            return over(of_share(standing, entry)?, of_share(standing, other)?);
        }
        if of(standing, entry).is_err() {
            let now = self.first(facts.of_entry(standing, entry, Metric::Seats))?;
            return over(now, self.first(facts.seats_before(standing, entry))?);
        }
        let base = self.base(standing)?;
        let then = self.then(standing, entry, base)?;
        over(of(standing, entry)?, of(base, then)?)
    }

    fn majority_ratio(&self, standing: usize) -> Result<Fact, String> {
        let base = self.base(standing)?;
        let now = self.first(self.facts().majority(standing))?;
        let then = self.first(self.facts().majority(base))?;
        now.over(&then, 1, 2)
            .ok_or_else(|| "nothing to divide by".to_owned())
    }

    fn relative_change(&self, standing: usize, entry: usize) -> Routes {
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

    /// The place in the order that decides; for the others of a count by
    /// preferences, the place by first preferences.
    fn rank(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let facts = self.facts();
        let (decides, _) = facts
            .ranking(standing)
            .ok_or("the order cannot be told from the tables")?;
        let own = facts.standing(standing).ok_or("not in the tables")?;
        let stated = self.stated_rank(field_of(own));
        let mut answers = [decides, Metric::Votes].into_iter().filter_map(|metric| {
            let (place, tied) = facts.rank(standing, entry, Some(metric))?;
            let value = own.entries.get(entry)?.figure(metric)?;
            let shown = show(&value.number.value, value.number.decimals.min(2));
            let name = own.entries.get(entry)?.name();
            let working = format!("{name} is number {place} with {shown} {}", metric.words());
            Some((place, tied, working, value.place))
        });
        let first = answers
            .next()
            .ok_or("its place cannot be told from the tables")?;
        let agreeing = std::iter::once(first.clone())
            .chain(answers)
            .find(|a| Some(a.0) == stated);
        let (place, tied, working, cell) = agreeing.unwrap_or(first);
        Ok(Answer::Rank {
            place,
            tied,
            working,
            cells: vec![cell],
            of: field_of(own),
        })
    }

    /// The stated place, from 1; the last place of so many for −1.
    fn stated_rank(&self, field: usize) -> Option<usize> {
        let n = match self.statement.form.number {
            Some(n) => n,
            None => self.numeral()?.integer()?,
        };
        if n < 0 {
            Some(field)
        } else {
            usize::try_from(n).ok()
        }
    }

    /// The place by seats before the election.
    fn rank_before(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let own = self.facts().standing(standing).ok_or("not in the tables")?;
        let before = |at: usize| {
            let fact = self.first(self.facts().seats_before(standing, at)).ok()?;
            Some(fact.value)
        };
        let mine = before(entry).ok_or("no earlier seats in the tables")?;
        let others = (0..own.entries.len()).filter_map(before);
        let place = others.filter(|value| *value > mine).count() + 1;
        let working = format!("{} seats before, number {place}", show(&mine, 0));
        Ok(Answer::Rank {
            place,
            tied: false,
            working,
            cells: Vec::new(),
            of: field_of(own),
        })
    }

    fn seats_change(&self, standing: usize, entry: usize) -> Routes {
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
            return Err("no change of seats in the tables".to_owned());
        }
        Ok(routes.into_iter().map(|fact| self.signed(fact)).collect())
    }

    fn candidates(&self, standing: usize) -> Routes {
        let own = self.facts().standing(standing).ok_or("not in the tables")?;
        let rows = own
            .entries
            .iter()
            .filter(|e| !e.aggregate && e.candidate.is_some())
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
            derived: true,
        }])
    }

    /// Swing, by each of its definitions that the tables allow: the change
    /// after preferences, the change of the one party named, and Butler's, half
    /// the sum of one side's gain and the other's loss, between the winner and
    /// the winner before, else the second.
    /// D. E. Butler, in H. G. Nicholas, The British General Election of 1950.
    fn swing(&self, standing: usize) -> Routes {
        let facts = self.facts();
        let (_, order) = facts.ranking(standing).ok_or("the order cannot be told")?;
        let winner = order.first().copied().ok_or("nobody stood")?;
        let named =
            |actor: Option<&Actor>| actor.and_then(|a| self.resolver.entry(a, standing).ok());
        let to = named(self.statement.who.first()).unwrap_or(winner);
        let mut routes: Vec<Fact> = [Metric::PreferredShareChange, Metric::ShareChange]
            .into_iter()
            .filter_map(|metric| facts.of_entry(standing, to, metric).ok())
            .flatten()
            .map(|fact| Fact {
                value: fact.value.abs(),
                sound: false,
                ..fact
            })
            .collect();
        match self.butler_swing(standing, to, named(self.statement.whom.as_ref()), &order) {
            Ok(fact) => routes.push(fact),
            Err(reason) if routes.is_empty() => return Err(reason),
            Err(_) => {}
        }
        Ok(routes)
    }

    fn butler_swing(
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

    fn seats_lost(&self, standing: usize, entry: usize) -> Result<Answer, String> {
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
    fn votes_lost(&self, standing: usize, entry: usize) -> Result<Answer, String> {
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

    fn share_fraction(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let share = self.exact_share(standing, entry)?;
        let hundredth = ratio(1, 100);
        Ok(Answer::Ratio(vec![Fact {
            value: &share.value * &hundredth,
            slack: &share.slack * &hundredth,
            ..share
        }]))
    }

    /// A figure that the tables label in words of their own: the label that
    /// shares most words with the sentence. It can agree, never contradict.
    fn labelled(&self) -> Routes {
        let stems: Vec<String> = self.typed.tokens.iter().map(|t| stem(&t.folded)).collect();
        let what = self.statement.what.as_deref().map(stem).unwrap_or_default();
        let mut best: Option<(usize, Fact)> = None;
        for standing in self.facts().standings.iter() {
            for (label, printed) in &standing.labelled {
                let folded = crate::model::fold(&label.text);
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
                        derived: false,
                    },
                ));
            }
        }
        best.map(|(_, fact)| vec![fact])
            .ok_or_else(|| "no such figure in the tables".to_owned())
    }

    fn hold(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Result<Answer, String> {
        if !self.statement.who.is_empty() {
            let entry = whose()?;
            let winner = self
                .facts()
                .winner(standing)
                .ok_or("the winner cannot be told")?;
            if winner != entry {
                return self.winner(standing, entry, true);
            }
        }
        let (held, working) = self.facts().held(standing)?;
        Ok(Answer::Truth {
            holds: held,
            working,
            cells: self.winning_cells(standing),
        })
    }

    fn gain(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Result<Answer, String> {
        let Answer::Truth { holds: true, .. } = self.winner(standing, whose()?, true)? else {
            return self.winner(standing, whose()?, true);
        };
        let (held, working) = self.facts().held(standing)?;
        Ok(Answer::Truth {
            holds: !held,
            working,
            cells: self.winning_cells(standing),
        })
    }

    fn winning_cells(&self, standing: usize) -> Vec<Place> {
        let own = self.facts().standing(standing);
        let winner = self.facts().winner(standing);
        let figures = winner.and_then(|w| own?.entries.get(w));
        figures
            .and_then(|e| e.figure(Metric::Votes))
            .map(|p| p.place)
            .into_iter()
            .collect()
    }

    fn winner(&self, standing: usize, entry: usize, wins: bool) -> Result<Answer, String> {
        let facts = self.facts();
        let own = facts.standing(standing).ok_or("not in the tables")?;
        let (metric, order) = facts.ranking(standing).ok_or("the winner cannot be told")?;
        let winner = facts.winner(standing).ok_or("the first two are level")?;
        let shown = |at: usize| {
            let entry = own.entries.get(at)?;
            let printed = entry.figure(metric)?;
            Some(format!(
                "{} {}",
                entry.name(),
                show(&printed.number.value, printed.number.decimals.min(2))
            ))
        };
        let other = if entry == winner {
            order.get(1).copied()
        } else {
            Some(entry)
        };
        let working = [Some(winner), other]
            .into_iter()
            .flatten()
            .filter_map(shown)
            .collect::<Vec<_>>()
            .join(", ");
        Ok(Answer::Truth {
            holds: (winner == entry) == wins,
            working: format!("{working} ({})", metric.words()),
            cells: self.winning_cells(standing),
        })
    }

    fn order(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let whom = self
            .statement
            .whom
            .as_ref()
            .ok_or("the copy does not say over whom")?;
        let other = self.resolver.entry(whom, standing)?;
        let facts = self.facts();
        let own = facts.standing(standing).ok_or("not in the tables")?;
        let (metric, _) = facts.ranking(standing).ok_or("the order cannot be told")?;
        let value = |at: usize| own.entries.get(at)?.figure(metric);
        let (a, b) = (
            value(entry).ok_or("no figure")?,
            value(other).ok_or("no figure")?,
        );
        let ahead = a.number.value > b.number.value;
        let shown = |p: &crate::model::Printed| show(&p.number.value, p.number.decimals.min(2));
        let wanted = self.statement.form.sign != Some(Sign::Down);
        Ok(Answer::Truth {
            holds: ahead == wanted,
            working: format!("{} against {} {}", shown(a), shown(b), metric.words()),
            cells: vec![a.place, b.place],
        })
    }

    fn direction(&self, changes: Routes) -> Result<Answer, String> {
        let changes = changes?;
        let clear = |fact: &&Fact| fact.value.abs() > fact.slack && fact.sound;
        let change = changes
            .iter()
            .find(clear)
            .ok_or("the change is within rounding")?;
        let up = change.value.is_positive();
        let wanted = self
            .statement
            .form
            .sign
            .ok_or("the form has no direction")?
            == Sign::Up;
        Ok(Answer::Truth {
            holds: up == wanted,
            working: change.working.clone(),
            cells: change.cells.clone(),
        })
    }

    fn share_direction(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let by_share = self.direction(self.change_of(standing, entry, Metric::Share));
        by_share.or_else(|reason| {
            self.direction(self.change_of(standing, entry, Metric::Votes))
                .map_err(|_| reason)
        })
    }

    fn majority_direction(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Result<Answer, String> {
        if !self.statement.who.is_empty() {
            let entry = whose()?;
            if self.facts().winner(standing) != Some(entry) {
                return Err("the majority is not theirs".to_owned());
            }
        }
        self.direction(self.majority_difference(standing).map(|f| vec![f]))
    }

    fn absent(&self, standing: usize) -> Answer {
        let actor = self.statement.who.first();
        let entry = actor.map(|a| self.resolver.entry(a, standing));
        let Some(entry) = entry else {
            return Answer::Unknown("nobody is named".to_owned());
        };
        Answer::Truth {
            holds: entry.is_err(),
            working: match entry {
                Ok(_) => "there is a row in the tables".to_owned(),
                Err(reason) => reason,
            },
            cells: Vec::new(),
        }
    }

    /// Below the share in the statement's number; without one, five per cent
    /// cannot be assumed, so it stays unknown.
    fn deposit_lost(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let numeral = self.numeral().ok_or("the threshold is not in the copy")?;
        let share = self.exact_share(standing, entry)?;
        let below = share.value < numeral.magnitude.value;
        Ok(Answer::Truth {
            holds: below,
            working: share.working,
            cells: share.cells,
        })
    }

    fn seat_majority(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let seats = self.first(self.facts().of_entry(standing, entry, Metric::Seats))?;
        let total = self.first(self.facts().seats_total(standing))?;
        let holds = &seats.value * whole(2) > total.value;
        let working = format!("{} of {} seats", seats.shown(), total.shown());
        Ok(Answer::Truth {
            holds,
            working,
            cells: seats.cells,
        })
    }

    /// "All of Ashby's MPs": each contest of the area.
    fn all(&self) -> Inquiry {
        let region = self.typed.mentions.iter().find_map(|m| match &m.referent {
            Referent::Region(name) => Some(name.clone()),
            _ => None,
        });
        let unknown = self
            .typed
            .mentions
            .iter()
            .find(|m| m.referent == Referent::Unknown);
        let mut inquiry = Inquiry {
            answer: Answer::Unknown("the copy does not say which contests".to_owned()),
            metric: self.metric(),
            actor: None,
            scope: None,
            standing: None,
            entry: None,
            of_rival: self.statement.form.subject == SubjectIs::Rival,
        };
        if region.is_none() && (unknown.is_some() || self.resolver.names.home().is_some()) {
            if let Some(name) = unknown {
                inquiry.answer = Answer::Unknown(format!("{} is no area of the tables", name.text));
            }
            return inquiry;
        }
        let keys = self.resolver.contests_in(region.as_deref());
        let mut exceptions = Vec::new();
        for key in &keys {
            let standing =
                self.resolver
                    .standing(&Scope::Contest(key.clone()), &Period::Now, Says::Hold);
            match standing.and_then(|s| self.facts().held(s).map(|h| (s, h))) {
                Ok((_, (true, _))) => {}
                Ok((s, (false, _))) => {
                    exceptions.extend(self.facts().standing(s).map(|s| s.contest.clone()));
                }
                Err(reason) => {
                    inquiry.answer = Answer::Unknown(reason);
                    return inquiry;
                }
            }
        }
        if keys.len() >= 2 {
            inquiry.answer = Answer::Truth {
                holds: exceptions.is_empty(),
                working: if exceptions.is_empty() {
                    format!("all {} contests were held", keys.len())
                } else {
                    format!("not held: {}", exceptions.join(", "))
                },
                cells: Vec::new(),
            };
        }
        inquiry
    }

    /// Several parties or candidates together.
    fn sum(&self) -> Inquiry {
        let mut inquiry = self.inquiry(None);
        let first = self.statement.who.first();
        let answer = || {
            let scope = self
                .resolver
                .scope(self.statement, first, self.typed, self.setting)?;
            let standing = self.standing(&scope, first)?;
            let mut total: Option<Fact> = None;
            for actor in &self.statement.who {
                let entry = self.resolver.entry(actor, standing)?;
                let fact = if self.percent() {
                    self.exact_share(standing, entry)?
                } else {
                    self.first(self.facts().of_entry(standing, entry, Metric::Votes))
                        .or_else(|_| {
                            self.first(self.facts().of_entry(standing, entry, Metric::Seats))
                        })?
                };
                total = Some(match total {
                    Some(total) => total.plus(&fact),
                    None => fact,
                });
            }
            let total = total
                .filter(|_| self.statement.who.len() > 1)
                .ok_or("no parties to add up")?;
            Ok::<_, String>((standing, scope, total))
        };
        match answer() {
            Ok((standing, scope, total)) => {
                inquiry.standing = Some(standing);
                inquiry.scope = Some(scope);
                inquiry.answer = Answer::Value(vec![total]);
            }
            Err(reason) => inquiry.answer = Answer::Unknown(reason),
        }
        inquiry
    }

    /// The metric's name in reports.
    fn metric(&self) -> &'static str {
        match self.statement.form.says {
            Says::Votes => "votes",
            Says::Share | Says::DepositLost => "share",
            Says::Majority if self.percent() => "majority-share",
            Says::Majority => "majority",
            Says::Lead => "difference",
            Says::Change | Says::Previous if !self.percent() => "votes-change",
            Says::Change | Says::Previous | Says::ShareDirection => "share-change",
            Says::VotesDirection => "votes-change",
            Says::MajorityChange | Says::MajorityDirection => "majority-change",
            Says::TurnoutChange | Says::TurnoutDirection => "turnout-change",
            Says::Ratio => "ratio",
            Says::MajorityRatio => "majority-ratio",
            Says::RelativeChange => "relative-change",
            Says::Rank | Says::RankBefore => "rank",
            Says::Turnout => "turnout",
            Says::Electorate => "electorate",
            Says::ValidVotes => "valid-votes",
            Says::Rejected => "rejected-votes",
            Says::Seats | Says::SeatMajority => "seats",
            Says::SeatsBefore => "seats-before",
            Says::SeatsChange | Says::SeatsDirection => "seats-change",
            Says::SeatsTotal => "seats-total",
            Says::Candidates | Says::Absent => "count",
            Says::Swing => "swing",
            Says::Sum => "sum",
            Says::Labelled => "figure",
            Says::SeatsLostFraction | Says::VotesLostPart | Says::ShareFraction => "fraction",
            Says::Hold | Says::Gain => "outcome",
            Says::Winner | Says::Loser => "winner",
            Says::Order => "order",
        }
    }
}

/// How many stood; several in one row are not counted.
fn field_of(standing: &crate::model::Standing) -> usize {
    standing.entries.iter().filter(|e| !e.aggregate).count()
}

/// The first letters of a word, under which its forms agree ("England",
/// "English"; "council", "councils").
fn stem(word: impl AsRef<str>) -> String {
    word.as_ref().chars().take(4).collect()
}

/// Is a ratio as large as a multiple or fraction says?
///
/// Bounds: within 5 % agrees, within 10 % agrees with a note; *nearly*
/// 0.85–1; *more than* 1–1.5; a half or less counts as halved to 0.525.
#[must_use]
pub fn ratio_fits(stated: &Exact, hedge: Option<&str>, value: &Exact) -> Option<bool> {
    if stated.is_zero() {
        return None;
    }
    let relative = value / stated;
    let within = |low: i64, high: i64| relative >= ratio(low, 100) && relative <= ratio(high, 100);
    Some(match hedge {
        Some("more-than") => within(100, 150),
        Some("nearly" | "just-under") => within(85, 100),
        _ => within(90, 110),
    })
}
