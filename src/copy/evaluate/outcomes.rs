//! Statements without a figure of their own: places, winners, holds and gains,
//! directions.

use num_traits::Signed;

use crate::model::{Exact, Fact, Metric, Place, Printed, Routes, show, whole};

use super::super::language::{Says, Sign, SubjectIs};
use super::super::mention::Referent;
use super::super::scope::{Period, Scope};
use super::{Answer, Asker, Inquiry, field_of};

impl Asker<'_> {
    /// The place in the order that decides; for the others of a count by
    /// preferences, the place by first preferences.
    pub(super) fn rank(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let facts = self.facts();
        let (decides, _) = facts
            .ranking(standing)
            .ok_or("the order cannot be told from the tables")?;
        let own = facts.standing(standing).ok_or("not in the tables")?;
        let stated = self.stated_rank(field_of(own));
        let metrics = [decides, Metric::Votes, Metric::Seats];
        let mut answers = metrics.into_iter().filter_map(|metric| {
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
        // Several who come last together are the last ones.
        let field = field_of(own);
        let among_last = place <= field && place + self.statement.who.len() > field;
        Ok(Answer::Rank {
            place,
            tied,
            working,
            cells: vec![cell],
            of: if among_last { place } else { field },
        })
    }

    /// The stated place, from 1; the last place of so many for −1.
    pub(super) fn stated_rank(&self, field: usize) -> Option<usize> {
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
    pub(super) fn rank_before(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let own = self.facts().standing(standing).ok_or("not in the tables")?;
        let before = |at: usize| {
            let fact = self.first(self.facts().seats_before(standing, at)).ok()?;
            Some(fact.value)
        };
        let Some(mine) = before(entry) else {
            return self.rank_last_time(standing, entry);
        };
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

    /// The place of the same party in the election before.
    fn rank_last_time(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let facts = self.facts();
        let before = facts.before(standing);
        let before = before.ok_or("no table for the election before")?;
        let then = facts.counterpart(standing, entry, before);
        self.rank(
            before,
            then.ok_or("it did not stand in the election before")?,
        )
    }

    pub(super) fn hold(
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
            if self.won_before(standing) {
                return self.winner(standing, entry, true);
            }
            // Of the earliest election in the tables only the winner is known.
            if self.facts().before(standing).is_none() && self.facts().held(standing).is_err() {
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

    /// Did the person spoken of win the election before, for whatever party?
    fn won_before(&self, standing: usize) -> bool {
        let facts = self.facts();
        let Some(before) = facts.before(standing) else {
            return false;
        };
        let mut people = self.statement.who.iter().filter(|actor| actor.is_person());
        let won = facts.winner(before);
        people.any(|actor| won.is_some() && self.resolver.entry(actor, before).ok() == won)
    }

    pub(super) fn gain(
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

    pub(super) fn winning_cells(&self, standing: usize) -> Vec<Place> {
        let own = self.facts().standing(standing);
        let winner = self.facts().winner(standing);
        let figures = winner.and_then(|w| own?.entries.get(w));
        figures
            .and_then(|e| e.figure(Metric::Votes))
            .map(|p| p.place)
            .into_iter()
            .collect()
    }

    pub(super) fn winner(
        &self,
        standing: usize,
        entry: usize,
        wins: bool,
    ) -> Result<Answer, String> {
        let facts = self.facts();
        if let Some(last) = facts.last_count(standing) {
            return match facts.counterpart(standing, entry, last) {
                Some(there) => self.winner(last, there, wins),
                None => Ok(Answer::Truth {
                    holds: !wins,
                    working: "it was out before the last count".to_owned(),
                    cells: Vec::new(),
                }),
            };
        }
        let own = facts.standing(standing).ok_or("not in the tables")?;
        let (metric, order) = facts.ranking(standing).ok_or("the winner cannot be told")?;
        let winner = facts.winner(standing).ok_or("the first two are level")?;
        let seats = facts.seats_to_fill(standing);
        if winner != entry && seats == 1 && facts.may_elect_several(standing) {
            return Err("the tables do not say how many were elected".to_owned());
        }
        let marked = own.entries.get(entry).and_then(|e| e.elected);
        let first = order.iter().take(seats).any(|&first| first == entry);
        let elected = marked.unwrap_or(winner == entry || first);
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
            holds: elected == wins,
            working: format!("{working} ({})", metric.words()),
            cells: self.winning_cells(standing),
        })
    }

    pub(super) fn order(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let whom = self
            .statement
            .whom
            .as_ref()
            .ok_or("the copy does not say over whom")?;
        let other = self.resolver.entry(whom, standing)?;
        let facts = self.facts();
        // The last count decides; the first may be meant as well.
        if let Some(last) = facts.last_count(standing)
            && let Some(a) = facts.counterpart(standing, entry, last)
            && let Some(b) = facts.counterpart(standing, other, last)
        {
            let first = self.order_of(standing, entry, other)?;
            let holds = matches!(first, Answer::Truth { holds: true, .. });
            return if holds {
                Ok(first)
            } else {
                self.order_of(last, a, b)
            };
        }
        self.order_of(standing, entry, other)
    }

    fn order_of(&self, standing: usize, entry: usize, other: usize) -> Result<Answer, String> {
        let facts = self.facts();
        let own = facts.standing(standing).ok_or("not in the tables")?;
        let (decides, _) = facts.ranking(standing).ok_or("the order cannot be told")?;
        let of = |at: usize, metric| own.entries.get(at)?.figure(metric);
        // Those who dropped out before the count that decides have first
        // preferences only.
        let both = [entry, other].iter().all(|&at| of(at, decides).is_some());
        let metric = if both { decides } else { Metric::Votes };
        let value = |at: usize| of(at, metric);
        let (a, b) = (
            value(entry).ok_or("no figure")?,
            value(other).ok_or("no figure")?,
        );
        let ahead = a.number.value > b.number.value;
        let shown = |p: &Printed| show(&p.number.value, p.number.decimals.min(2));
        let wanted = self.statement.form.sign != Some(Sign::Down);
        Ok(Answer::Truth {
            holds: ahead == wanted,
            working: format!("{} against {} {}", shown(a), shown(b), metric.words()),
            cells: vec![a.place, b.place],
        })
    }

    pub(super) fn direction(&self, changes: Routes) -> Result<Answer, String> {
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

    /// The direction of votes; of seats where the tables have no votes; else of
    /// the share.
    pub(super) fn votes_direction(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let votes = self.direction(self.change_of(standing, entry, Metric::Votes));
        votes
            .or_else(|_| self.direction(self.seats_moved(standing, entry)))
            .or_else(|_| self.direction(self.change_of(standing, entry, Metric::Share)))
    }

    fn seats_moved(&self, standing: usize, entry: usize) -> Routes {
        self.facts().of_entry(standing, entry, Metric::SeatsChange)
    }

    pub(super) fn share_direction(&self, standing: usize, entry: usize) -> Result<Answer, String> {
        let by_share = self.direction(self.change_of(standing, entry, Metric::Share));
        by_share.or_else(|reason| {
            self.direction(self.change_of(standing, entry, Metric::Votes))
                .map_err(|_| reason)
        })
    }

    pub(super) fn majority_direction(
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

    pub(super) fn absent(&self, standing: usize) -> Answer {
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
    /// Whether a share is below the one at which a deposit is lost (`lost`), or
    /// not. That share is the number of the copy, else that of the country which
    /// the parties are of.
    pub(super) fn deposit(
        &self,
        standing: usize,
        entry: usize,
        lost: bool,
    ) -> Result<Answer, String> {
        let printed = self.numeral().map(|n| n.magnitude.value.clone());
        let threshold = match printed {
            Some(printed) => printed,
            None => self.deposit_threshold(standing)?,
        };
        let share = self.exact_share(standing, entry)?;
        Ok(Answer::Truth {
            holds: (share.value < threshold) == lost,
            working: share.working,
            cells: share.cells,
        })
    }

    /// The share of the valid votes, in per cent, below which a deposit is lost.
    fn deposit_threshold(&self, standing: usize) -> Result<Exact, String> {
        let entries = self
            .facts()
            .standing(standing)
            .map(|s| s.entries.as_slice());
        let parties = entries.unwrap_or_default().iter();
        let parties = parties.filter_map(|entry| Some(entry.party.as_ref()?.text.as_str()));
        let of_country = self.facts().parties.deposit(parties).map(whole);
        of_country.ok_or_else(|| "at what share a deposit is lost is not known".to_owned())
    }

    /// How many of those who stood lost their deposits.
    pub(super) fn deposits_lost(&self, standing: usize) -> Routes {
        let printed = self
            .statement
            .pair
            .and_then(|(_, share)| self.typed.numerals.get(share));
        let threshold = match printed {
            Some(printed) => printed.magnitude.value.clone(),
            None => self.deposit_threshold(standing)?,
        };
        let all = self.first(self.candidates(standing))?;
        let entries = self.facts().standing(standing).map(|s| &s.entries);
        let entries = entries.into_iter().flatten().enumerate();
        let stood = entries.filter(|(_, entry)| !entry.aggregate && entry.candidate.is_some());
        let mut lost = 0;
        for (entry, _) in stood {
            let share = self.exact_share(standing, entry)?;
            lost += i64::from(share.value < threshold);
        }
        let below = show(&threshold, 0);
        Ok(vec![Fact {
            value: whole(lost),
            working: format!("{lost} candidates below {below} per cent"),
            ..all
        }])
    }

    pub(super) fn seat_majority(&self, standing: usize, entry: usize) -> Result<Answer, String> {
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
    pub(super) fn all(&self) -> Inquiry {
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

    /// How many contests the tables have; of those, how many the actor won. They
    /// may lack some, so that nothing is contradicted.
    pub(super) fn contests(&self) -> Inquiry {
        let actor = self.statement.who.first();
        let mut inquiry = Inquiry {
            answer: Answer::Unknown("the tables are of one contest".to_owned()),
            metric: self.metric(),
            actor: actor.cloned(),
            scope: None,
            standing: None,
            entry: None,
            of_rival: false,
        };
        let now = |key: &String| {
            let scope = Scope::Contest(key.clone());
            let standing = self.resolver.standing(&scope, &Period::Now, Says::Winner);
            standing.ok()
        };
        let keys = self.resolver.contests_in(None);
        let standings: Vec<usize> = keys.iter().filter_map(now).collect();
        // The tables may say how many there are in words of their own.
        if standings.len() < 2 {
            let labelled = self.labelled().map(Answer::Value);
            inquiry.answer = labelled.unwrap_or(inquiry.answer);
            return inquiry;
        }
        let won = |standing: &usize| {
            let winner = self.facts().winner(*standing);
            actor.is_none_or(|a| self.resolver.entry(a, *standing).ok() == winner)
        };
        let count = standings.iter().copied().filter(|s| won(s)).count();
        let working = match actor {
            Some(actor) => format!("{} won {count} of {} contests", actor.text, standings.len()),
            None => format!("{count} contests in the tables"),
        };
        inquiry.answer = Answer::Value(vec![Fact {
            value: whole(i64::try_from(count).unwrap_or(i64::MAX)),
            slack: whole(0),
            decimals: 0,
            working,
            cells: Vec::new(),
            sound: false,
            limit: None,
            derived: true,
        }]);
        inquiry
    }
}
