//! Contradictions of words that bind loosely, read again of the others that
//! the sentence speaks of.

use std::collections::BTreeSet;

use super::evaluate::Inquiry;
use super::language::{Language, Says};
use super::mention::{EntryRef, Referent};
use super::reader::{Around, Reader};
use super::scope::{Period, Told};
use super::statement::{self, Actor, Statement};
use super::typed::{Cue, Slot, Typed};
use crate::model::{Claim, Entry, Metric, Standing, Verdict};

impl Reader<'_> {
    /// A contradiction of words that do not bind their number fast is no
    /// contradiction where another person or election that the sentence names
    /// makes it right: then the words were read of the wrong one.
    pub(super) fn reread(
        &self,
        claim: &Claim,
        around: &Around<'_>,
        statement: &Statement<'_>,
        inquiries: &[Inquiry],
    ) -> Option<Claim> {
        let typed = around.typed;
        if claim.verdict != Verdict::Contradicts || statement.form.strength > 4 {
            return None;
        }
        let variants = if statement.number.is_none() && self.gives_own_figure(around, statement) {
            Vec::new()
        } else if statement.number.is_none() {
            self.antecedents(around, statement)
        } else {
            let mut variants = alternatives(typed, statement, self.language);
            if !statement.bound && !names_before(typed, statement) {
                variants.extend(self.anybody(inquiries, statement));
            }
            // "He still got half of all votes": of two men the one who did.
            let numeral = statement.number.and_then(|n| typed.numerals.get(n));
            if numeral.is_some_and(|numeral| !self.is_particular(numeral))
                && !self.gives_own_figure(around, statement)
            {
                variants.extend(self.antecedents(around, statement));
            }
            variants
        };
        variants.iter().find_map(|variant| {
            let other = self.claim(typed, variant, &around.ask(variant));
            // A majority is the winner's; said of a loser it would be that of
            // the election before, which nothing points to.
            let moved = variant.form.says == Says::Majority
                && !variant.who.is_empty()
                && variant.period == statement.period
                && other.election != claim.election;
            (other.verdict == Verdict::Agrees && !moved).then_some(other)
        })
    }

    /// The years of all elections before the one that the copy is about.
    fn earlier_years(&self) -> Vec<i32> {
        let latest = self.names.year();
        let years = self.facts.standings.iter().filter_map(Standing::year);
        let earlier: BTreeSet<i32> = years.filter(|year| Some(*year) < latest).collect();
        earlier.into_iter().rev().collect()
    }

    /// A contradiction of a sentence that names no election, where the paragraph
    /// tells of an earlier one: right in that one, or left open.
    pub(super) fn as_told(
        &self,
        claim: &Claim,
        around: &Around<'_>,
        statement: &Statement<'_>,
        before: &[Claim],
    ) -> Option<Claim> {
        let told = around.setting.told?;
        let typed = around.typed;
        let own = around.resolver.period(statement, typed, around.setting);
        let dated = own != Period::Now || !statement::years(typed).is_empty();
        let of_one = matches!(
            statement.form.says,
            Says::Votes | Says::Share | Says::Majority | Says::Winner | Says::Loser | Says::Rank
        );
        let latest = || before.iter().any(|claim| self.is_of_latest(claim));
        let now = || self.gives_own_figure(around, statement) || latest();
        if claim.verdict != Verdict::Contradicts || dated || !of_one || now() {
            return None;
        }
        let years = match told {
            Told::Year(year) => vec![year],
            Told::Unknown => self.earlier_years(),
        };
        let then = years.into_iter().find_map(|year| {
            let special = false;
            let variant = Statement {
                period: Some(Period::Year { year, special }),
                ..statement.clone()
            };
            let then = self.claim(typed, &variant, &around.ask(&variant));
            (then.verdict == Verdict::Agrees).then_some(then)
        });
        if then.is_some() {
            return then;
        }
        claim.cause.is_none().then(|| Claim {
            verdict: Verdict::Unchecked,
            severity: None,
            reason: Some("it may be of an earlier election".to_owned()),
            ..claim.clone()
        })
    }

    /// Is a claim a figure of the latest election, given right?
    pub(super) fn is_of_latest(&self, claim: &Claim) -> bool {
        let latest = self.names.year().map(|year| year.to_string());
        let election = claim.election.as_ref();
        claim.verdict == Verdict::Agrees
            && claim.stated.contains(|ch: char| ch.is_ascii_digit())
            && election
                .zip(latest)
                .is_some_and(|(e, year)| e.contains(&year))
    }

    /// Does the sentence give another figure right that somebody of whom a
    /// statement speaks has in its election? Then it tells of that one.
    fn gives_own_figure(&self, around: &Around<'_>, statement: &Statement<'_>) -> bool {
        let numerals = around.typed.numerals.iter().enumerate();
        let others = numerals.filter(|(index, _)| Some(*index) != statement.number);
        let others: Vec<_> = others.map(|(_, numeral)| numeral).collect();
        let inquiries = around.ask(statement);
        let entries = inquiries.iter().filter_map(|inquiry| {
            let standing = self.facts.standing(inquiry.standing?)?;
            standing.entries.get(inquiry.entry?)
        });
        let metrics = [Metric::Votes, Metric::Share];
        let mut figures =
            entries.flat_map(|entry| metrics.iter().filter_map(|metric| entry.figure(*metric)));
        figures.any(|printed| {
            others.iter().any(|numeral| {
                self.is_particular(numeral) && numeral.magnitude.value == printed.number.value
            })
        })
    }

    /// A number that is far from whatever the one has for whom a pronoun was taken:
    /// right, or one slip off, of another whom it may mean.
    pub(super) fn of_another(
        &self,
        around: &Around<'_>,
        statement: &Statement<'_>,
    ) -> Option<Claim> {
        let others = self.antecedents(around, statement).into_iter();
        let claims = others.map(|other| self.claim(around.typed, &other, &around.ask(&other)));
        let clear = |claim: &Claim| match claim.verdict {
            Verdict::Agrees => true,
            Verdict::Contradicts => claim.cause.is_some(),
            Verdict::Unchecked => false,
        };
        claims.into_iter().find(clear)
    }

    /// The statement, whose subject a pronoun stands for, as said of the others
    /// in the contest whom the pronoun may mean.
    fn antecedents<'l>(
        &self,
        around: &Around<'_>,
        statement: &Statement<'l>,
    ) -> Vec<Statement<'l>> {
        let [own] = statement.who.as_slice() else {
            return Vec::new();
        };
        let mut mentions = around.typed.mentions.iter();
        if statement.bound || mentions.any(|m| m.text == own.text) {
            return Vec::new();
        }
        let others = around.remembered().into_iter();
        let others = others.filter(|actor| actor != own && self.may_stand_for(own, actor));
        let of = |actor| Statement {
            who: vec![actor],
            ..statement.clone()
        };
        others.map(of).collect()
    }

    /// May one pronoun mean either of two people: are they of one contest, and
    /// not known to be a man and a woman?
    fn may_stand_for(&self, one: &Actor, other: &Actor) -> bool {
        let contests = |actor: &Actor| -> Vec<&str> {
            let elections = actor.elections().unwrap_or_default().into_iter();
            let standings = elections.filter_map(|at| self.facts.standing(at));
            standings.map(|s| s.contest_key.as_str()).collect()
        };
        let own = contests(one);
        let akin = one.gender.zip(other.gender).is_none_or(|(a, b)| a == b);
        akin && contests(other).iter().any(|key| own.contains(key))
    }

    /// The statement as said of each entry of the contest: of somebody whom the
    /// copy calls by no name.
    fn anybody<'l>(&self, inquiries: &[Inquiry], statement: &Statement<'l>) -> Vec<Statement<'l>> {
        let standing = inquiries.first().and_then(|inquiry| inquiry.standing);
        let entries = standing.and_then(|s| self.facts.standing(s));
        let entries = entries.map_or(0, |s| s.entries.len());
        let of = |(standing, entry)| Statement {
            who: vec![self.actor(standing, entry)],
            ..statement.clone()
        };
        let pairs = standing
            .into_iter()
            .flat_map(|s| (0..entries).map(move |e| (s, e)));
        pairs.map(of).collect()
    }

    pub(super) fn actor(&self, standing: usize, entry: usize) -> Actor {
        let own = self.facts.standing(standing);
        let name = own.and_then(|s| s.entries.get(entry)).map(Entry::name);
        Actor {
            referent: Referent::Candidate(vec![EntryRef { standing, entry }]),
            text: name.unwrap_or("").to_owned(),
            party: None,
            note: None,
            rival: false,
            gender: None,
        }
    }
}

/// Does the statement's clause name somebody before its number?
fn names_before(typed: &Typed, statement: &Statement<'_>) -> bool {
    let mentions = typed.mentions.iter().enumerate();
    let mut actors = mentions.filter(|(_, m)| statement::is_actor(m));
    actors.any(|(index, _)| {
        let range = typed.typed_range(Slot::Mention(index));
        range.is_some_and(|range| range.end <= statement.core.start)
    })
}

/// The statement as said of each other person or party of its sentence, and of
/// each other election that the sentence points to.
fn alternatives<'l>(
    typed: &Typed,
    statement: &Statement<'l>,
    language: &Language,
) -> Vec<Statement<'l>> {
    let mut periods = vec![statement.period.clone()];
    let years = statement::years(typed).into_iter().map(|(_, year)| year);
    periods.extend(years.map(|year| {
        Some(Period::Year {
            year,
            special: false,
        })
    }));
    // "A smaller slice than last time": the cue is of what is compared with.
    let compared = |cue: &Cue| {
        let since = typed.text.get(statement.core.end..cue.range.start);
        since.is_some_and(|words| language.aside.is_match(words))
    };
    if typed.cues(language).iter().any(|cue| !compared(cue))
        || language.turns.is_pluperfect(&typed.text)
    {
        periods.push(Some(Period::Before));
    }
    if periods.len() > 1 {
        periods.push(Some(Period::Now));
    }
    let mut actors = vec![statement.who.clone()];
    let open = !statement.bound && !statement.follows_its_name(typed, language);
    if open && !statement.who.is_empty() {
        let mentions = typed.mentions.iter().enumerate();
        let subject = |index: usize| {
            let range = typed.typed_range(Slot::Mention(index));
            range.is_some_and(|r| !statement::is_object(typed, r.start, language))
        };
        // "fourth, behind X" is no rank of X.
        let named = mentions.filter(|(index, m)| {
            statement::is_actor(m) && (statement.form.says != Says::Rank || subject(*index))
        });
        actors.extend(named.map(|(_, m)| vec![m.into()]));
    }
    // A majority that the sentence gives nobody is the contest's; so may be "a
    // majority of" after two names.
    let before = typed.text.get(..statement.matched.start).unwrap_or("");
    let last = before.trim_end().rsplit(' ').next().unwrap_or("");
    let open = !statement.is_named(typed) || language.articles.contains(last);
    if statement.form.says == Says::Majority && open {
        actors.push(Vec::new());
    }
    let mut out = Vec::new();
    for who in &actors {
        for period in &periods {
            out.push(Statement {
                who: who.clone(),
                period: period.clone(),
                ..statement.clone()
            });
        }
    }
    out
}
