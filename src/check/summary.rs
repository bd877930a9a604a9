//! A table of parties for a whole election agrees with the contests: the seats of
//! a party are those where it has most votes, its votes the sum of all.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{
    Entry, Exact, Finding, Locus, Measured, Metric, Standing, fold, key, show, whole,
};

use super::{Answer, Rule, Subject, Tally, finding, title};

/// The parameters of a summary: the figure of each party.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    of: Of,
    /// So many parties that agree show that the contests are all.
    enough: usize,
    /// A summary has so many parties with seats at least.
    parties: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    /// The contests in which the party has most votes.
    Seats,
    /// Its votes in all contests.
    Votes,
    /// The same in per cent of all votes there.
    Share,
}

/// What the contests come to, by the printed names of parties: one may stand for
/// several parties, of which the summary shows which is meant.
struct Made {
    by_party: BTreeMap<String, Exact>,
    /// What those come to who have no party, or stand together.
    others: Exact,
    contests: usize,
}

/// A party of the summary, and what the contests come to.
struct Line<'s> {
    entry: &'s Entry,
    stated: &'s Measured,
    made: Exact,
    /// The part of it that stands under a longer name ("Labour and Co-operative").
    loose: Exact,
}

impl Summary {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for (at, summary) in subject.standings.iter().enumerate() {
            if !self.is_summary(summary) {
                continue;
            }
            match self.contests(subject, at, summary) {
                Some(Ok(contests)) => self.judge(rule, subject, summary, &contests, &mut answer),
                Some(Err(reason)) => answer.unknown(reason),
                None => {}
            }
        }
        answer
    }

    fn metric(&self) -> Metric {
        match self.of {
            Of::Seats => Metric::Seats,
            Of::Votes => Metric::Votes,
            Of::Share => Metric::Share,
        }
    }

    /// What each party comes to in the contests of a summary, and how many these
    /// are; `None` where there are none.
    fn contests(
        &self,
        subject: &Subject<'_>,
        of: usize,
        summary: &Standing,
    ) -> Option<Result<Made, &'static str>> {
        let contests = self.contests_of(subject, of, summary);
        if contests.len() < 2 {
            return None;
        }
        let mut by_party: BTreeMap<String, Exact> = BTreeMap::new();
        let mut others = Exact::default();
        for &at in &contests {
            let standing = subject.standings.get(at)?;
            if self.of == Of::Seats {
                if subject.facts.seats_to_fill(at) > 1 {
                    return Some(Err("contests elect several"));
                }
                let won = subject
                    .facts
                    .winner(at)
                    .and_then(|won| standing.entries.get(won));
                let Some(party) = won.and_then(|won| won.party.as_ref()) else {
                    return Some(Err("who won is not known of every contest"));
                };
                *by_party.entry(party.text.clone()).or_default() += whole(1);
                continue;
            }
            for entry in &standing.entries {
                let votes = entry.figure(Metric::Votes).map(|p| &p.number.value);
                let none = votes.is_none_or(|votes| *votes == whole(0));
                let Some(party) = entry.party.as_ref().filter(|_| !entry.aggregate) else {
                    if none {
                        continue;
                    }
                    if let (Of::Share, Some(votes)) = (self.of, votes) {
                        others += votes;
                        continue;
                    }
                    return Some(Err("the votes of several parties stand together"));
                };
                let Some(votes) = votes else { continue };
                *by_party.entry(party.text.clone()).or_default() += votes;
            }
        }
        Some(Ok(Made {
            by_party,
            others,
            contests: contests.len(),
        }))
    }

    fn judge(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        summary: &Standing,
        contests: &Made,
        answer: &mut Answer,
    ) {
        let entries = summary.entries.iter().filter(|e| !e.aggregate);
        let lines = entries.filter_map(|entry| {
            entry.party.as_ref()?;
            Some(Line {
                entry,
                stated: entry.figure(self.metric())?,
                made: Exact::default(),
                loose: Exact::default(),
            })
        });
        let mut lines: Vec<Line<'_>> = lines.collect();
        let mut absent: Vec<&Exact> = Vec::new();
        for (party, value) in &contests.by_party {
            if let Some(at) = lines.iter().position(|l| l.is_of(subject, party)) {
                if let Some(line) = lines.get_mut(at) {
                    line.made += value;
                }
            } else if let Some(at) = lines.iter().position(|l| l.begins(party)) {
                if let Some(line) = lines.get_mut(at) {
                    line.made += value;
                    line.loose += value;
                }
            } else {
                absent.push(value);
            }
        }
        if self.of == Of::Share {
            let votes: Exact = contests.by_party.values().chain([&contests.others]).sum();
            if votes == whole(0) {
                return;
            }
            for made in lines.iter_mut().flat_map(|l| [&mut l.made, &mut l.loose]) {
                *made = &*made / &votes * whole(100);
            }
        }
        let nothing = whole(0);
        let telling = lines
            .iter()
            .filter(|l| l.made > nothing || l.stated.number.value > nothing);
        let tally = Tally::of(telling.map(Line::agrees));
        let covers = tally.right >= self.enough && tally.wrong * 2 <= tally.right;
        for line in &lines {
            if line.agrees() {
                answer.pass();
            } else if !covers {
                answer
                    .unknown("most parties have other figures there: the contests may not be all");
            } else if self.of == Of::Share && !absent.is_empty()
                || line.is_named_otherwise(&absent, &lines)
            {
                answer.unknown("a party may go by two names");
            } else {
                answer.fail(self.found(rule, summary, line, contests.contests));
            }
        }
    }

    fn found(&self, rule: &Rule, summary: &Standing, line: &Line<'_>, contests: usize) -> Finding {
        let (stated, made) = (&line.stated.number.value, &line.made);
        let decimals = line.stated.number.decimals.clamp(0, 2);
        let (shown, right) = (show(stated, decimals), show(made, decimals));
        let (name, scope) = (line.entry.name(), summary.scope());
        let message = match self.of {
            Of::Seats => format!(
                "{name} is given {shown} seats in {}, but has most votes in {right} of the {contests} contests.",
                title(&scope)
            ),
            Of::Share => format!(
                "{name} is given {shown}% of the votes in {}, but has {right}% in the {contests} contests together.",
                title(&scope)
            ),
            Of::Votes => format!(
                "{name} is given {shown} votes in {}, but has {right} in the {contests} contests together.",
                title(&scope)
            ),
        };
        let label = format!("{right} in the contests");
        let found = finding(rule, Locus::Cell(line.stated.place), &scope, message, label);
        found
            .differing(stated, made, decimals)
            .about(Some(name), self.metric())
    }
}

impl Line<'_> {
    fn agrees(&self) -> bool {
        self.is(&self.made) || self.is(&(&self.made - &self.loose))
    }

    /// Is it stated as this, at its own precision?
    fn is(&self, made: &Exact) -> bool {
        let number = &self.stated.number;
        let (off, slack) = (&number.value - made, number.half_unit());
        off <= slack && -off <= slack
    }

    fn party(&self) -> &str {
        let party = self.entry.party.as_ref();
        party.map_or("", |party| party.text.as_str())
    }

    fn is_of(&self, subject: &Subject<'_>, party: &str) -> bool {
        subject.parties.same(self.party(), party)
    }

    fn begins(&self, party: &str) -> bool {
        fold(party).starts_with(&(fold(self.party()) + " "))
    }

    /// Is it off by just what stands under a name that only one of the two has:
    /// the Speaker's seat, a party with two labels?
    fn is_named_otherwise(&self, absent: &[&Exact], lines: &[Line<'_>]) -> bool {
        let off = &self.stated.number.value - &self.made;
        let all: Exact = absent.iter().copied().sum();
        let unmatched = lines.iter().filter(|l| l.made == whole(0));
        let mut unmatched = unmatched.map(|line| -&line.stated.number.value);
        absent.contains(&&off)
            || off != whole(0) && off == all
            || unmatched.any(|other| other == off)
    }
}

impl Summary {
    /// Has a standing parties with seats, and no candidates?
    fn is_summary(&self, standing: &Standing) -> bool {
        let mut entries = standing.entries.iter();
        let seats =
            |entry: &&Entry| entry.party.is_some() && entry.figures.contains_key(&Metric::Seats);
        let with_seats = standing.entries.iter().filter(seats).count();
        with_seats >= self.parties && entries.all(|entry| entry.candidate.is_none())
    }

    /// The contests of the same election whose votes are known; where the summary is
    /// of an area, those in it.
    fn contests_of(&self, subject: &Subject<'_>, of: usize, summary: &Standing) -> Vec<usize> {
        let all = subject.standings.iter().enumerate();
        let all = all.filter(|(at, standing)| {
            let with_votes = |entry: &Entry| entry.figures.contains_key(&Metric::Votes);
            *at != of
                && !standing.contest_key.is_empty()
                && standing.contest_key != summary.contest_key
                && !self.is_summary(standing)
                && standing.entries.iter().any(with_votes)
        });
        let all: Vec<(usize, &Standing)> = all.collect();
        let elections: BTreeSet<&str> = all.iter().map(|(_, s)| s.election_key.as_str()).collect();
        let undated = summary.election_key.is_empty() || elections.contains("");
        let one = elections.len() == 1;
        let same = |standing: &&(usize, &Standing)| {
            standing.1.election_key == summary.election_key || undated && one
        };
        let of_area = |standing: &Standing| {
            let mut regions = standing.regions.iter();
            regions.any(|region| key(region) == summary.contest_key)
        };
        let same: Vec<&(usize, &Standing)> = all.iter().filter(same).collect();
        let in_area = same.iter().any(|(_, standing)| of_area(standing));
        let kept = same
            .iter()
            .filter(|(_, standing)| !in_area || of_area(standing));
        kept.map(|(at, _)| *at).collect()
    }
}
