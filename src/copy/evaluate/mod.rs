//! Statements into answers: what the tables say to each.

mod figures;
mod outcomes;

use num_traits::Zero;

use crate::model::{Exact, Fact, Facts, Metric, Place, Routes, ratio};

use super::language::{Says, Sign, SubjectIs};
use super::mention::Referent;
use super::numeral::{Numeral, Unit};
use super::scope::{Period, Resolver, Scope, Setting};
use super::statement::{Actor, Statement};
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
#[derive(Clone, Copy)]
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
        if says == Says::Contests {
            return vec![self.contests()];
        }
        if matches!(says, Says::PrintedRatio | Says::PrintedOrder) {
            return vec![self.without_tables()];
        }
        if says == Says::Sum || self.adds_up() || self.statement.form.subject == SubjectIs::FirstTwo
        {
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

    /// Does the sentence add up those whom it speaks of ("between them")?
    fn adds_up(&self) -> bool {
        let of_each = matches!(
            self.statement.form.says,
            Says::Votes
                | Says::Share
                | Says::Seats
                | Says::SeatsChange
                | Says::CouncilsChange
                | Says::ShareFraction
        );
        let before = self.typed.text.get(..self.statement.core.start);
        let bracketed = before.is_some_and(|words| words.ends_with("( "));
        of_each && !bracketed && self.resolver.is_together(self.statement, self.typed)
    }

    fn inquiry(&self, actor: Option<&Actor>) -> Inquiry {
        let mut inquiry = Inquiry {
            answer: Answer::Unknown(String::new()),
            metric: self.metric(),
            actor: actor.cloned(),
            scope: None,
            standing: None,
            entry: None,
            of_rival: self.statement.form.subject == SubjectIs::Rival
                || actor.is_some_and(|actor| actor.rival),
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
        let stranger = actor.is_some_and(|a| a.referent == Referent::Unknown);
        if let Some(Err(reason)) = entry.as_ref().filter(|_| stranger) {
            return Err(reason.clone());
        }
        let entry = entry.or_else(|| self.placed_entry(standing));
        let of_rival = self.statement.form.subject == SubjectIs::Rival
            || actor.is_some_and(|actor| actor.rival);
        let entry = match entry {
            Some(Ok(entry)) if of_rival => Some(self.rival(standing, entry)),
            entry => entry,
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
                .map(|answer| self.staged(standing, answer))
                .and_then(|answer| self.placed(standing, answer)),
        }
    }

    /// The one whom a form means by the place that they took.
    fn placed_entry(&self, standing: usize) -> Option<Result<usize, String>> {
        let place = match self.statement.form.subject {
            SubjectIs::First => 0,
            SubjectIs::Second => 1,
            _ => return None,
        };
        let order = self.facts().ranking(standing).map(|(_, order)| order);
        let found = order.and_then(|order| order.get(place).copied());
        Some(found.ok_or_else(|| "the order cannot be told from the tables".to_owned()))
    }

    /// Where there were several rounds, the copy may speak of any of them:
    /// figures of the first can agree, and contradict nothing.
    fn staged(&self, standing: usize, answer: Answer) -> Answer {
        match answer {
            Answer::Value(routes) if self.facts().has_rounds(standing) => {
                Answer::Value(routes.into_iter().map(Fact::unsettled).collect())
            }
            other => other,
        }
    }

    /// What the copy says of a place or a year that the tables do not tell apart
    /// can agree with them, and never contradict them.
    fn placed(&self, standing: usize, answer: Answer) -> Result<Answer, String> {
        let period = self
            .resolver
            .period(self.statement, self.typed, self.setting);
        let dated = matches!(period, Period::Year { .. })
            && !self.statement.form.says.compares()
            && self
                .facts()
                .standing(standing)
                .is_some_and(|s| s.year().is_none());
        let wider = self.resolver.is_wider(self.statement, self.typed);
        let is_value = matches!(answer, Answer::Value(_));
        let elsewhere = self
            .resolver
            .is_elsewhere(self.statement, self.typed, is_value);
        let elsewhere = wider || elsewhere;
        match answer {
            answer if !dated && !elsewhere => Ok(answer),
            Answer::Value(routes) => Ok(Answer::Value(
                routes.into_iter().map(Fact::unsettled).collect(),
            )),
            Answer::Truth { holds: true, .. } if wider || !elsewhere => Ok(answer),
            Answer::Rank { .. } | Answer::Truth { .. } if elsewhere => {
                Err("the tables do not tell places apart".to_owned())
            }
            Answer::Rank { .. } | Answer::Truth { .. } => {
                Err("the tables do not say which election they are of".to_owned())
            }
            other @ (Answer::Ratio(_) | Answer::Unknown(_)) => Ok(other),
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
        self.outcome(standing, whose)
            .or_else(|| self.seats(standing, whose))
            .unwrap_or_else(|| self.figure(standing, whose))
    }

    /// The answer to a statement about places, winners or directions; `None` to
    /// any other.
    fn outcome(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Option<Result<Answer, String>> {
        let told = || -> Result<Option<Answer>, String> {
            let answer = match self.statement.form.says {
                Says::Hold => self.hold(standing, whose),
                Says::Gain => self.gain(standing, whose),
                Says::Winner => self.winner(standing, whose()?, true),
                Says::Loser => self.winner(standing, whose()?, false),
                Says::Order => self.order(standing, whose()?),
                Says::VotesDirection => self.votes_direction(standing, whose()?),
                Says::ShareDirection => self.share_direction(standing, whose()?),
                Says::MajorityDirection => self.majority_direction(standing, whose),
                Says::TurnoutDirection => self.direction(self.turnout_difference(standing)),
                Says::SeatsDirection => self.direction(self.facts().of_entry(
                    standing,
                    whose()?,
                    Metric::SeatsChange,
                )),
                Says::Absent => Ok(self.absent(standing)),
                Says::DepositLost => self.deposit(standing, whose()?, true),
                Says::DepositSaved => self.deposit(standing, whose()?, false),
                Says::SeatMajority => self.seat_majority(standing, whose()?),
                _ => return Ok(None),
            };
            answer.map(Some)
        };
        told().transpose()
    }

    /// The answer to a statement about seats or councils; `None` to any other.
    fn seats(
        &self,
        standing: usize,
        whose: &dyn Fn() -> Result<usize, String>,
    ) -> Option<Result<Answer, String>> {
        let facts = self.facts();
        let told = || -> Result<Option<Answer>, String> {
            let routes = match self.statement.form.says {
                Says::Seats => facts.of_entry(standing, whose()?, Metric::Seats),
                Says::SeatsBefore => facts.seats_before(standing, whose()?),
                Says::SeatsChange => self.seats_change(standing, whose()?),
                Says::SeatsTotal => facts.seats_total(standing),
                Says::Councils => facts.of_entry(standing, whose()?, Metric::Councils),
                Says::CouncilsBefore => self.councils_before(standing, whose()?),
                Says::CouncilsChange => self.councils_change(standing, whose()?),
                _ => return Ok(None),
            };
            routes.map(|routes| Some(Answer::Value(routes)))
        };
        told().transpose()
    }

    fn figure(
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
            Says::ValidVotesChange => value(self.valid_votes_change(standing)),
            Says::Ratio => self
                .ratio(standing, whose()?)
                .map(|f| Answer::Ratio(vec![f])),
            Says::PrintedRatio | Says::PrintedOrder => self.of_the_sentence(),
            Says::OverMajority => Ok(Answer::Ratio(vec![self.over_majority(standing)?])),
            Says::MajorityRatio => self
                .majority_ratio(standing)
                .map(|f| Answer::Ratio(vec![f])),
            Says::RelativeChange => value(self.relative_change(standing, whose()?)),
            Says::Rank => self.rank(standing, whose()?),
            Says::RankBefore => self.rank_before(standing, whose()?),
            Says::Turnout if self.unit() == Unit::Fraction => {
                let share = self.first(facts.turnout_share(standing))?;
                Ok(Answer::Ratio(vec![figures::of_one(share)]))
            }
            Says::NonVoters => value(self.non_voters(standing)),
            Says::Turnout if self.percent() => value(facts.turnout_share(standing)),
            Says::Turnout => value(facts.turnout(standing)),
            Says::Electorate => value(facts.of_contest(standing, Metric::Electorate)),
            Says::ValidVotes => value(facts.valid_votes(standing)),
            Says::Rejected if self.percent() => value(facts.rejected_share(standing)),
            Says::Rejected => value(facts.rejected(standing)),
            Says::Candidates => value(self.candidates(standing)),
            Says::Rivals => value(self.rivals(standing)),
            Says::DepositsLost => value(self.deposits_lost(standing)),
            Says::Swing => value(self.swing(standing)),
            Says::SeatsLostFraction => self.seats_lost(standing, whose()?),
            Says::SeatsFraction => self.seats_fraction(standing, whose()?),
            Says::VotesLostPart => self.votes_lost(standing, whose()?),
            Says::ShareFraction => self.share_fraction(standing, whose()?),
            Says::Labelled => value(self.labelled()),
            Says::Sum => Err("no parties to add up".to_owned()),
            Says::Contests => Err("the copy does not say which contests".to_owned()),
            // The two above have answered.
            _ => Err("the words tell no figure".to_owned()),
        }
    }

    /// The standing that the statement speaks of. A majority that is somebody's
    /// who did not win now, and won before, is the one of before.
    fn standing(&self, scope: &Scope, actor: Option<&Actor>) -> Result<usize, String> {
        let says = self.statement.form.says;
        if says.compares() {
            let year = self.resolver.year_compared(self.statement, self.typed);
            let then = |year| Period::Year {
                year,
                special: false,
            };
            let now = || self.resolver.now_of(self.setting);
            let period = year.map_or_else(now, then);
            return self.resolver.standing(scope, &period, says);
        }
        let period = self
            .resolver
            .period(self.statement, self.typed, self.setting);
        let standing = self.resolver.standing(scope, &period, says)?;
        if let Some(own) = self.own_election(standing, &period, actor) {
            return Ok(own);
        }
        if says == Says::Order && period == Period::Now {
            return Ok(self.meeting(standing, actor).unwrap_or(standing));
        }
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

    /// The latest election in which a person stood who did not stand now: what
    /// the person got is of that one.
    fn own_election(&self, now: usize, period: &Period, actor: Option<&Actor>) -> Option<usize> {
        let of_person = matches!(
            self.statement.form.says,
            Says::Votes | Says::Share | Says::Rank | Says::Hold | Says::Winner | Says::Lead
        );
        let stood = actor?.elections()?;
        if *period != Period::Now || !of_person || stood.contains(&now) {
            return None;
        }
        let mut at = self.facts().before(now);
        while let Some(standing) = at {
            if stood.contains(&standing) {
                return Some(standing);
            }
            at = self.facts().before(standing);
        }
        None
    }

    /// Of two people of whom one did not stand now, the latest election of the
    /// contest in which both did.
    fn meeting(&self, now: usize, actor: Option<&Actor>) -> Option<usize> {
        let whom = self.statement.whom.as_ref();
        let both = [actor?.elections()?, whom?.elections()?];
        let stood = |standing: usize| both.iter().all(|own| own.contains(&standing));
        let mut at = Some(now);
        while let Some(standing) = at {
            if stood(standing) {
                return Some(standing);
            }
            at = self.facts().before(standing);
        }
        None
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

    /// The metric's name in reports.
    fn metric(&self) -> &'static str {
        match self.statement.form.says {
            Says::Votes => "votes",
            Says::Share | Says::DepositLost | Says::DepositSaved => "share",
            Says::Majority if self.percent() => "majority-share",
            Says::Majority => "majority",
            Says::Lead => "difference",
            Says::Change | Says::Previous if !self.percent() => "votes-change",
            Says::Change | Says::Previous | Says::ShareDirection => "share-change",
            Says::VotesDirection => "votes-change",
            Says::MajorityChange | Says::MajorityDirection => "majority-change",
            Says::TurnoutChange | Says::TurnoutDirection => "turnout-change",
            Says::Ratio | Says::PrintedRatio | Says::OverMajority => "ratio",
            Says::MajorityRatio => "majority-ratio",
            Says::RelativeChange => "relative-change",
            Says::Rank | Says::RankBefore => "rank",
            Says::Turnout => "turnout",
            Says::NonVoters => "non-voters",
            Says::ValidVotesChange => "valid-votes-change",
            Says::Electorate => "electorate",
            Says::ValidVotes => "valid-votes",
            Says::Rejected => "rejected-votes",
            Says::Seats | Says::SeatMajority => "seats",
            Says::SeatsBefore => "seats-before",
            Says::SeatsChange | Says::SeatsDirection => "seats-change",
            Says::SeatsTotal => "seats-total",
            Says::Councils => "councils",
            Says::CouncilsBefore => "councils-before",
            Says::CouncilsChange => "councils-change",
            Says::Candidates
            | Says::Rivals
            | Says::Absent
            | Says::Contests
            | Says::DepositsLost => "count",
            Says::Swing => "swing",
            Says::Sum => "sum",
            Says::Labelled => "figure",
            Says::SeatsFraction
            | Says::SeatsLostFraction
            | Says::VotesLostPart
            | Says::ShareFraction => "fraction",
            Says::Hold | Says::Gain => "outcome",
            Says::Winner | Says::Loser => "winner",
            Says::Order | Says::PrintedOrder => "order",
        }
    }
}

/// How many stood; several in one row are not counted.
fn field_of(standing: &crate::model::Standing) -> usize {
    standing.entries.iter().filter(|e| !e.aggregate).count()
}

/// Is a ratio as large as a multiple or fraction says?
///
/// Bounds: within 5 % agrees, within 10 % agrees with a note; *nearly*
/// 0.85–1; *more than* 1–1.5; a half or less counts as halved to 0.525. A
/// multiple below 1 says how far something shrank: *more than halved* is less.
#[must_use]
pub fn ratio_fits(stated: &Exact, hedge: Option<&str>, value: &Exact) -> Option<bool> {
    if stated.is_zero() {
        return None;
    }
    let relative = if *stated < ratio(1, 1) && !value.is_zero() {
        stated / value
    } else {
        value / stated
    };
    let within = |low: i64, high: i64| relative >= ratio(low, 100) && relative <= ratio(high, 100);
    Some(match hedge {
        Some("more-than") => within(100, 150),
        Some("well-over") => within(105, 160),
        Some("fewer") => within(50, 100) && relative < ratio(1, 1),
        Some("nearly" | "just-under") => within(85, 100),
        _ => within(90, 110),
    })
}
