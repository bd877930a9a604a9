//! Prose and tables in, claims with verdicts out.
//!
//! `token` cuts the text, `numeral` finds numbers, `mention` finds names,
//! `typed` writes each sentence with both as placeholders; `statement` matches
//! the forms of `rules/language` against it; `scope` settles contest, election
//! and entry; `evaluate` asks the tables; `judge` compares; `explain` says why
//! not.

mod accept;
mod evaluate;
mod explain;
mod hedge;
mod inside;
mod judge;
mod language;
mod mention;
mod numeral;
mod scope;
mod second;
mod statement;
mod token;
mod typed;

use std::ops::Range;

use crate::model::{
    Aliases, Block, BlockKind, Claim, ClaimKind, Considered, Dataset, Facts, Metric, NotClaim,
    Prose, Reading, Severity, Span, Verdict, ratio, whole,
};

use evaluate::{Asker, Inquiry};
use hedge::Magnitude;
use judge::{Judgement, judge};
use language::{Gender, Says};
use mention::{EntryRef, Names, Referent};
use numeral::{Numeral, Unit};
use scope::{Period, Resolver, Scope, Setting};
use statement::{Context, Statement, statements};
use typed::{Slot, Typed};

pub use language::Language;

/// How copy is read.
#[derive(Debug, Clone, Copy)]
pub struct Means<'a> {
    pub language: &'a Language,
    pub aliases: &'a Aliases,
    /// Keep every way to understand a claim, not only the one taken.
    pub thorough: bool,
}

/// Reads all copy of a dataset against its tables.
#[must_use]
pub fn read(dataset: &Dataset, facts: &Facts<'_>, means: Means<'_>) -> Reading {
    let language = means.language;
    let mut draft = Draft::default();
    for prose in &dataset.prose {
        let mut names = Names::new(facts.standings, facts.parties, language);
        names.add_aliases(means.aliases);
        names.set_home(home(dataset, prose, facts));
        for block in &prose.blocks {
            names.introduce(&token::tokens(&prose.text, block.range.clone()));
        }
        names.settle();
        let members: Vec<_> = sentences_of(prose, language)
            .flat_map(|range| Typed::new(&prose.text, range, &names, language).mentions)
            .collect();
        names.introduce_members(&members);
        let reader = Reader {
            prose,
            facts,
            language,
            names: &names,
            thorough: means.thorough,
        };
        reader.read(&mut draft);
    }
    inside::twice(&mut draft.reading.claims, &draft.printed);
    explain::follow(&mut draft.reading.claims);
    let mut reading = draft.reading;
    for suppression in dataset.prose.iter().flat_map(|p| &p.suppressions) {
        let used = accept::accept(suppression, &mut reading.claims);
        reading.suppressions.push((suppression.clone(), used));
    }
    reading
}

/// A reading in the making: with the numbers of its claims, and the elections
/// that they speak of.
#[derive(Default)]
struct Draft {
    reading: Reading,
    printed: Vec<(Span, Magnitude, Period)>,
}

fn sentences_of<'a>(
    prose: &'a Prose,
    language: &'a Language,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let blocks = prose.blocks.iter();
    blocks.flat_map(|block| token::sentences(&prose.text, block.range.clone(), language))
}

/// The contest of a page's own tables, where they have just one with results.
fn home(dataset: &Dataset, prose: &Prose, facts: &Facts<'_>) -> Option<String> {
    let own = |place: crate::model::Place| {
        dataset
            .table(place.table)
            .is_some_and(|t| t.source == prose.source)
    };
    let mut keys: Vec<&str> = facts
        .standings
        .iter()
        .filter(|s| s.entries.iter().any(|e| e.candidate.is_some()))
        .filter(|s| {
            s.entries
                .iter()
                .any(|e| e.figures.values().flatten().any(|p| own(p.place)))
        })
        .map(|s| s.contest_key.as_str())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    match keys.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    }
}

/// Reads one piece of copy.
struct Reader<'a> {
    prose: &'a Prose,
    facts: &'a Facts<'a>,
    language: &'a Language,
    names: &'a Names<'a>,
    /// Are the ways to understand a claim that lost kept as well?
    thorough: bool,
}

impl Reader<'_> {
    fn read(&self, out: &mut Draft) {
        let mut setting = Setting::default();
        let of_seats = |s: &crate::model::Standing| {
            let mut entries = s.entries.iter();
            entries.any(|e| e.figure(Metric::Seats).is_some())
        };
        let mut context = Context {
            seats: self.facts.standings.iter().any(of_seats),
            ..Context::default()
        };
        for block in &self.prose.blocks {
            setting.paragraph = None;
            context.actor = None;
            self.read_block(block, &mut setting, &mut context, out);
        }
    }

    fn read_block(
        &self,
        block: &Block,
        setting: &mut Setting,
        context: &mut Context,
        out: &mut Draft,
    ) {
        for range in token::sentences(&self.prose.text, block.range.clone(), self.language) {
            let typed = Typed::new(&self.prose.text, range, self.names, self.language);
            let resolver = Resolver {
                facts: self.facts,
                names: self.names,
                language: self.language,
            };
            if block.kind == BlockKind::Heading {
                setting.heading = resolver.heading(&typed).or(setting.heading.take());
            }
            self.read_sentence(&typed, &resolver, setting, context, out);
            remember(&typed, &resolver, context);
        }
    }

    fn read_sentence(
        &self,
        typed: &Typed,
        resolver: &Resolver<'_>,
        setting: &mut Setting,
        context: &mut Context,
        out: &mut Draft,
    ) {
        let no_claims = self.no_claims(typed);
        let found = statements(typed, self.language, context);
        let mut claimed: Vec<usize> = Vec::new();
        for statement in &found.kept {
            let barred = |n: usize| no_claims.iter().any(|(i, _)| *i == n);
            if statement.number.is_some_and(barred) && !statement.form.is_certain() {
                continue;
            }
            let asker = Asker {
                resolver,
                typed,
                statement,
                setting,
            };
            let inquiries = asker.inquiries();
            if let Some(first) = inquiries.first() {
                settle(first, statement, resolver, typed, setting, context);
            }
            claimed.extend(statement.number);
            let claim = self.claim(typed, statement, &inquiries);
            let mut claim = self.reread(claim, typed, statement, resolver, setting, &inquiries);
            if self.thorough {
                let asker = Asker {
                    resolver,
                    typed,
                    statement,
                    setting,
                };
                let lost = found.lost_to(statement);
                let lost = lost.map(|other| self.lost(&asker, statement, other));
                claim.readings.extend(lost);
            }
            if claim.verdict == Verdict::Unchecked
                && let Some(number) = statement.number
            {
                let around = second::Surroundings {
                    typed,
                    resolver,
                    setting,
                    context,
                };
                let again = self.second_look(&around, number, Some(statement));
                claim = again.unwrap_or(claim);
            }
            if let Some(numeral) = statement.number.and_then(|n| typed.numerals.get(n)) {
                let period = resolver.period(statement, typed, setting);
                let magnitude = numeral.magnitude.clone();
                if numeral.hedge.is_none() {
                    out.printed.push((claim.span, magnitude, period));
                }
            }
            out.reading.claims.push(claim);
        }
        self.break_sums(typed, out);
        for (index, numeral) in typed.numerals.iter().enumerate() {
            if claimed.contains(&index) {
                continue;
            }
            let why = no_claims
                .iter()
                .find(|(i, _)| *i == index)
                .map(|(_, why)| why.clone());
            let around = second::Surroundings {
                typed,
                resolver,
                setting,
                context,
            };
            let again = why
                .is_none()
                .then(|| self.second_look(&around, index, None));
            match again.flatten() {
                Some(claim) => out.reading.claims.push(claim),
                None => self.unclaimed(typed, numeral, why, out),
            }
        }
    }

    /// Contradicts claims that no table decides and a sum of their own sentence
    /// does.
    fn break_sums(&self, typed: &Typed, out: &mut Draft) {
        for broken in inside::broken_sums(typed, self.language) {
            let Some(numeral) = typed.numerals.get(broken.numeral) else {
                continue;
            };
            let span = self.prose.span(typed.token_range(&numeral.core));
            let undecided =
                |c: &&mut Claim| c.verdict == Verdict::Unchecked && c.span.overlaps(&span);
            if let Some(claim) = out.reading.claims.iter_mut().rev().find(undecided) {
                inside::contradict_by_sum(claim, &broken);
            }
        }
    }

    /// The numerals that a no-claim pattern covers, and why.
    fn no_claims(&self, typed: &Typed) -> Vec<(usize, String)> {
        let Some(slice) = self.prose.text.get(typed.range.clone()) else {
            return Vec::new();
        };
        let folded = fold_same_length(slice);
        let mut out = Vec::new();
        for index in self.language.no_claim_set.matches(&folded) {
            let Some(rule) = self.language.no_claims.get(index) else {
                continue;
            };
            for captures in rule.pattern.captures_iter(&folded) {
                let Some(found) = captures.name("n").or_else(|| captures.get(0)) else {
                    continue;
                };
                let range = typed.range.start + found.start()..typed.range.start + found.end();
                for (i, numeral) in typed.numerals.iter().enumerate() {
                    let core = typed.token_range(&numeral.core);
                    if core.start < range.end && range.start < core.end {
                        out.push((i, rule.why.clone()));
                    }
                }
            }
        }
        out
    }

    /// A number that no form took: no claim, or one that was not understood.
    fn unclaimed(&self, typed: &Typed, numeral: &Numeral, why: Option<String>, out: &mut Draft) {
        let span = self.prose.span(typed.token_range(&numeral.core));
        let why = why.or_else(|| match numeral.unit {
            Unit::Year => Some("year".to_owned()),
            Unit::Ordinal => Some("ordinal".to_owned()),
            Unit::Multiple | Unit::Fraction => Some("figure of speech".to_owned()),
            Unit::Count if numeral.spelled => Some("number word".to_owned()),
            Unit::Count | Unit::Percent | Unit::Points | Unit::Pair => None,
        });
        if let Some(why) = why {
            out.reading.not_claims.push(NotClaim { span, why });
            return;
        }
        let judgement = Judgement::unchecked("what it measures was not understood");
        out.reading
            .claims
            .push(self.bare_claim(typed, span, "unknown", judgement));
    }

    fn bare_claim(
        &self,
        typed: &Typed,
        span: Span,
        metric: &'static str,
        judgement: Judgement,
    ) -> Claim {
        Claim {
            span,
            sentence: self.prose.span(typed.range.clone()),
            kind: ClaimKind::Number,
            metric,
            entity: None,
            contest: None,
            election: None,
            verdict: judgement.verdict,
            severity: judgement.severity,
            stated: self
                .prose
                .text
                .get(span_text(self.prose, typed, span))
                .unwrap_or("")
                .to_owned(),
            expected: judgement.expected,
            working: judgement.working,
            reason: judgement.reason,
            message: None,
            cause: judgement.cause,
            cells: judgement.cells,
            readings: Vec::new(),
        }
    }

    /// The claim of a statement, over all whom it is about.
    fn claim(&self, typed: &Typed, statement: &Statement<'_>, inquiries: &[Inquiry]) -> Claim {
        let own = statement.form.number.map(Numeral::of_words);
        let numeral = statement
            .number
            .and_then(|n| typed.numerals.get(n))
            .or(own.as_ref());
        let mut judged: Vec<(&Inquiry, Judgement)> = inquiries
            .iter()
            .map(|inquiry| (inquiry, judge(&inquiry.answer, numeral, self.language)))
            .collect();
        let rank = |verdict: Verdict| match verdict {
            Verdict::Contradicts => 0,
            Verdict::Unchecked => 1,
            Verdict::Agrees => 2,
        };
        judged.sort_by_key(|(_, j)| rank(j.verdict));
        let range = core_range(typed, statement);
        let span = self.prose.span(range.clone());
        let mut judged = judged.into_iter();
        let Some((inquiry, judgement)) = judged.next() else {
            return self.bare_claim(
                typed,
                span,
                "unknown",
                Judgement::unchecked("nobody is named"),
            );
        };
        let judgement = Self::tempered(judgement, statement, typed, &range);
        let standing = inquiry.standing.and_then(|s| self.facts.standing(s));
        let contest = standing
            .map(|s| s.contest.clone())
            .filter(|c| !c.is_empty());
        let mut claim = Claim {
            kind: kind_of(statement, numeral),
            entity: self.entity(inquiry),
            contest: contest.or_else(|| match &inquiry.scope {
                Some(Scope::Unknown(name)) => Some(name.clone()),
                Some(Scope::Contest(_)) | None => None,
            }),
            election: standing
                .map(|s| s.election.clone())
                .filter(|e| !e.is_empty()),
            stated: self.prose.text.get(range).unwrap_or("").to_owned(),
            ..self.bare_claim(typed, span, inquiry.metric, judgement)
        };
        claim.readings = vec![considered(&claim, statement, typed)];
        if claim.verdict == Verdict::Contradicts {
            explain::explain(&mut claim, inquiry, numeral, self.facts, self.language);
        }
        claim
    }

    /// A guess is never contradicted; inside quotation marks, and for a form
    /// that may mean something else, a contradiction weighs less.
    fn tempered(
        mut judgement: Judgement,
        statement: &Statement<'_>,
        typed: &Typed,
        range: &Range<usize>,
    ) -> Judgement {
        if judgement.verdict != Verdict::Contradicts {
            return judgement;
        }
        if statement.form.strength <= 1 {
            return Judgement::unchecked("the words do not say clearly what the number is");
        }
        if is_far(&judgement, statement.form.strength) {
            return Judgement::unchecked("the number is far from anything these words could mean");
        }
        if typed.quoted(range.start) {
            judgement.severity = judgement.severity.map(one_lower);
            judgement.reason = Some("in quotation".to_owned());
        }
        judgement
    }

    /// A contradiction of words that do not bind their number fast is no
    /// contradiction where another person or election that the sentence names
    /// makes it right: then the words were read of the wrong one.
    fn reread(
        &self,
        claim: Claim,
        typed: &Typed,
        statement: &Statement<'_>,
        resolver: &Resolver<'_>,
        setting: &Setting,
        inquiries: &[Inquiry],
    ) -> Claim {
        let loose = claim.verdict == Verdict::Contradicts
            && statement.number.is_some()
            && statement.form.strength <= 3;
        if !loose {
            return claim;
        }
        let mut variants = alternatives(typed, statement, self.language);
        if !statement.bound && !names_before(typed, statement) {
            variants.extend(self.anybody(inquiries, statement));
        }
        let agreeing = variants.iter().find_map(|statement| {
            let asker = Asker {
                resolver,
                typed,
                statement,
                setting,
            };
            let other = self.claim(typed, statement, &asker.inquiries());
            (other.verdict == Verdict::Agrees).then_some(other)
        });
        agreeing.unwrap_or(claim)
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

    fn actor(&self, standing: usize, entry: usize) -> statement::Actor {
        let own = self.facts.standing(standing);
        let name = own.and_then(|s| s.entries.get(entry)).map(|e| e.name());
        statement::Actor {
            referent: Referent::Candidate(vec![EntryRef { standing, entry }]),
            text: name.unwrap_or("").to_owned(),
            party: None,
            note: None,
        }
    }

    /// A way to understand a claim that lost against the one taken.
    fn lost(
        &self,
        taken: &Asker<'_>,
        winner: &Statement<'_>,
        statement: &Statement<'_>,
    ) -> Considered {
        let asker = Asker {
            statement,
            ..*taken
        };
        let claim = self.claim(taken.typed, statement, &asker.inquiries());
        let why = if statement.form.strength < winner.form.strength {
            format!("its words are weaker than those of {}", winner.form.id)
        } else {
            format!("{} takes in more of the words", winner.form.id)
        };
        Considered {
            lost: Some(why),
            ..considered(&claim, statement, taken.typed)
        }
    }

    fn entity(&self, inquiry: &Inquiry) -> Option<String> {
        let standing = inquiry.standing.and_then(|s| self.facts.standing(s));
        let entry = standing.and_then(|s| s.entries.get(inquiry.entry?));
        entry.map(|e| e.name().to_owned()).or_else(|| {
            Some(
                inquiry
                    .actor
                    .as_ref()
                    .filter(|_| !inquiry.of_rival)?
                    .text
                    .clone(),
            )
        })
    }
}

fn considered(claim: &Claim, statement: &Statement<'_>, typed: &Typed) -> Considered {
    let of = [&claim.entity, &claim.contest, &claim.election];
    let because = claim.working.clone().or_else(|| claim.reason.clone());
    Considered {
        form: statement.form.id.clone(),
        strength: statement.form.strength,
        sentence: typed.text.clone(),
        metric: claim.metric,
        of: of.into_iter().flatten().cloned().collect(),
        verdict: claim.verdict,
        because: because.unwrap_or_default(),
        lost: None,
    }
}

/// The text range of a claim: its number with hedge and unit, or its words.
fn core_range(typed: &Typed, statement: &Statement<'_>) -> Range<usize> {
    typed.prose_range(&statement.core)
}

fn span_text(prose: &Prose, typed: &Typed, span: Span) -> Range<usize> {
    let found = typed
        .numerals
        .iter()
        .map(|n| typed.token_range(&n.core))
        .find(|range| prose.span(range.clone()) == span);
    found.unwrap_or(0..0)
}

/// Is a stated number further from the expected one than a mistake would put
/// it? A figure far off, with no known slip between the two, is more likely of
/// something else. Words that bind fast are given more room.
fn is_far(judgement: &Judgement, strength: u8) -> bool {
    let Some(off_by) = judgement
        .off_by
        .as_ref()
        .filter(|_| judgement.cause.is_none())
    else {
        return false;
    };
    let (low, high) = if strength <= 2 {
        (ratio(3, 5), ratio(5, 3))
    } else {
        (ratio(1, 4), whole(4))
    };
    *off_by < low || *off_by > high
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
    if language
        .periods
        .iter()
        .any(|p| p.pattern.is_match(&typed.text))
    {
        periods.push(Some(Period::Before));
    }
    if periods.len() > 1 {
        periods.push(Some(Period::Now));
    }
    let mut actors = vec![statement.who.clone()];
    if !statement.bound && !statement.who.is_empty() {
        let named = typed.mentions.iter().filter(|m| statement::is_actor(m));
        actors.extend(named.map(|m| vec![m.into()]));
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

fn one_lower(severity: Severity) -> Severity {
    match severity {
        Severity::Error => Severity::Warning,
        Severity::Warning | Severity::Note => Severity::Note,
    }
}

fn kind_of(statement: &Statement<'_>, numeral: Option<&Numeral>) -> ClaimKind {
    match statement.form.says {
        Says::Rank => ClaimKind::Rank,
        Says::VotesDirection
        | Says::ShareDirection
        | Says::MajorityDirection
        | Says::TurnoutDirection
        | Says::SeatsDirection => ClaimKind::Direction,
        Says::Hold
        | Says::Gain
        | Says::Winner
        | Says::Loser
        | Says::Order
        | Says::Absent
        | Says::SeatMajority => ClaimKind::Outcome,
        _ if numeral.is_none() => ClaimKind::Outcome,
        _ => ClaimKind::Number,
    }
}

/// What a statement leaves behind for the next ones of its paragraph.
fn settle(
    inquiry: &Inquiry,
    statement: &Statement<'_>,
    resolver: &Resolver<'_>,
    typed: &Typed,
    setting: &mut Setting,
    context: &mut Context,
) {
    // Where the tables name no contest, an unknown name parts nothing.
    let parts =
        |scope: &&Scope| matches!(scope, Scope::Contest(_)) || resolver.names.has_contests();
    if let Some(scope) = inquiry.scope.as_ref().filter(parts) {
        setting.paragraph = Some(scope.clone());
    }
    if let Some(actor) = &inquiry.actor {
        context.actor = Some(actor.clone());
    }
    if let Period::Year { year, .. } = resolver.period(statement, typed, setting) {
        setting.year = Some(year);
    }
}

/// Whom the pronouns of the next sentence may mean: the first person of this
/// one, unless a pronoun goes before, and its last man and woman.
fn remember(typed: &Typed, resolver: &Resolver<'_>, context: &mut Context) {
    let language = resolver.language;
    let is_person = |(i, m): &(usize, &mention::Mention)| match m.referent {
        Referent::Candidate(_) => true,
        Referent::Unknown => {
            let place = typed.typed_range(Slot::Mention(*i));
            m.text.contains(' ') && !place.is_some_and(|range| resolver.is_place(typed, &range))
        }
        Referent::Party(_) | Referent::Contest(_) | Referent::Region(_) => false,
    };
    let people: Vec<_> = typed
        .mentions
        .iter()
        .enumerate()
        .filter(is_person)
        .collect();
    for (_, mention) in &people {
        match language.gender(&mention.text) {
            Some(Gender::Masculine) => context.man = Some((*mention).into()),
            Some(Gender::Feminine) => context.woman = Some((*mention).into()),
            None => {}
        }
    }
    let Some((_, first)) = people.first() else {
        return;
    };
    let before = typed.tokens.get(..first.tokens.start).unwrap_or(&[]);
    if !before.iter().any(|t| language.is_personal(&t.folded)) {
        context.person = Some((*first).into());
    }
}

/// Lower case, byte for byte as long as the original, with plain quotes.
fn fold_same_length(text: &str) -> String {
    text.chars()
        .map(|ch| {
            let lower = ch.to_lowercase().next().unwrap_or(ch);
            if lower.len_utf8() == ch.len_utf8() {
                lower
            } else {
                ch
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Layout, Pack, Parties, Relations, Segment, Source, Standings};

    const WORDS: &[&str] = &[
        "Ann Lee",
        "Lee",
        "Mr Hart",
        "Labour",
        "the Tories",
        "Ashby",
        "won",
        "by",
        "majority of",
        "votes",
        "12,345",
        "1,23,456",
        "60.5%",
        "2015",
        "more than",
        "third",
        "half",
        "doubled",
        "his",
        "whose",
        "seats",
        "-",
        "–",
        "\u{201c}",
        "\u{201d}",
        "'s",
        "’s",
        "+3.1",
        "(",
        ")",
        "/",
        ".",
        ",",
        ":",
        "turnout",
        "points",
        "from",
        "to",
        "in",
        "é",
        "\u{301}",
        "١٢",
        "٪",
        "\n",
        "1.35 lakh",
    ];

    fn read_copy(text: &str) -> Reading {
        let pack = Pack::embedded();
        let layout = Layout::from_pack(&pack).expect("built in");
        let parties = Parties::from_pack(&pack).expect("built in");
        LANGUAGE.with(|language| {
            let mut dataset = Dataset::default();
            let source = dataset.add_source(Source::new("copy.txt", text));
            let whole = 0..text.len();
            dataset.prose.push(Prose {
                source,
                text: text.to_owned(),
                blocks: vec![Block {
                    kind: BlockKind::Paragraph,
                    range: whole.clone(),
                }],
                segments: vec![Segment {
                    text_start: 0,
                    source_start: 0,
                    len: whole.end,
                    source_len: whole.end,
                }],
                suppressions: Vec::new(),
            });
            let relations = Relations::new(&dataset, &layout);
            let standings = Standings::new(&relations, &parties);
            let means = Means {
                language,
                aliases: &Aliases::default(),
                thorough: true,
            };
            read(&dataset, &Facts::new(&standings, &parties), means)
        })
    }

    thread_local! {
        static LANGUAGE: Language = Language::from_pack(&Pack::embedded()).expect("built in");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn no_copy_makes_the_reader_panic(
            words in prop::collection::vec(prop::sample::select(WORDS), 0..30),
            noise in "\\PC{0,20}",
        ) {
            let text = words.join(" ") + &noise + &words.concat();
            let reading = read_copy(&text);
            let spans = reading.claims.iter().map(|c| c.span);
            for span in spans.chain(reading.not_claims.iter().map(|n| n.span)) {
                prop_assert!(text.get(span.start..span.end).is_some_and(|s| !s.is_empty()));
            }
        }
    }
}
