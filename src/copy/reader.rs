//! Sentences of one piece of copy in, its claims out.

use std::ops::Range;

use crate::model::{
    Block, BlockKind, Claim, ClaimKind, Considered, Facts, Metric, NotClaim, Printed, Prose,
    Severity, Span, Verdict, ratio, round_half_up, whole,
};

use super::evaluate::{Answer, Asker, Inquiry};
use super::judge::{Judgement, judge};
use super::language::{Gender, Language, Says, When};
use super::mention::{self, Names, Referent};
use super::numeral::{Numeral, Unit};
use super::scope::{Period, Resolver, Scope, Setting, Told, year_alone};
use super::second::CLEAR;
use super::statement::{Context, Found, Statement, is_actor, statements, years};
use super::token::Token;
use super::typed::Typed;
use super::{Draft, explain, fold_same_length, inside, token};

/// A longer sentence is none, but a table without its cells or noise, and takes
/// its time.
pub const MAX_SENTENCE: usize = 10_000;

/// Reads one piece of copy.
pub struct Reader<'a> {
    pub prose: &'a Prose,
    /// For each block the year that its section is about.
    pub sections: &'a [Option<i32>],
    pub facts: &'a Facts<'a>,
    pub language: &'a Language,
    pub names: &'a Names<'a>,
    /// Are the ways to understand a claim that lost kept as well?
    pub thorough: bool,
}

/// What stands between two full stops.
#[derive(Debug)]
pub enum Sentence {
    Typed(Box<Typed>),
    /// Too long to be read.
    TooLong(Range<usize>),
}

impl Sentence {
    /// The sentences of a block of copy, which has these tokens.
    #[must_use]
    pub fn all_of(
        prose: &Prose,
        block: &Block,
        tokens: Vec<Token>,
        names: &Names<'_>,
        language: &Language,
    ) -> Vec<Self> {
        let ranges = token::sentences(&prose.text, block.range.clone(), language);
        let mut tokens = tokens.into_iter().peekable();
        let typed = |range: Range<usize>| {
            let inside = |token: &Token| token.range.start < range.end;
            let own: Vec<Token> = std::iter::from_fn(|| tokens.next_if(inside)).collect();
            if range.len() > MAX_SENTENCE {
                return Self::TooLong(range);
            }
            let typed = Typed::new(&prose.text, range, own, names, language);
            Self::Typed(Box::new(typed))
        };
        ranges.into_iter().map(typed).collect()
    }

    /// The names in it.
    #[must_use]
    pub fn mentions(&self) -> &[mention::Mention] {
        match self {
            Self::Typed(typed) => &typed.mentions,
            Self::TooLong(_) => &[],
        }
    }

    /// Gives its strangers their parties: see [`Names::join_members`].
    pub fn join_members(&mut self, names: &Names<'_>) {
        if let Self::Typed(typed) = self {
            names.join_members(&mut typed.mentions);
        }
    }
}

/// A sentence, and what is known where it stands.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub typed: &'a Typed,
    pub resolver: &'a Resolver<'a>,
    pub setting: &'a Setting,
    pub context: &'a Context,
}

impl Around<'_> {
    /// What the tables say to a statement of the sentence.
    #[must_use]
    pub fn ask(&self, statement: &Statement<'_>) -> Vec<Inquiry> {
        Asker {
            resolver: self.resolver,
            typed: self.typed,
            statement,
            setting: self.setting,
        }
        .inquiries()
    }
}

impl Reader<'_> {
    /// Reads all of it: the sentences of each block.
    pub fn read(&self, sentences: &[Vec<Sentence>], out: &mut Draft) {
        let mut setting = Setting::default();
        let mut context = Context {
            seats: self.names.has_seats(),
            ..Context::default()
        };
        let latest = self.names.year();
        for (at, (block, sentences)) in self.prose.blocks.iter().zip(sentences).enumerate() {
            let section = self.sections.get(at).copied().flatten();
            setting.section = section.filter(|year| latest.is_some_and(|latest| *year < latest));
            setting.paragraph = None;
            setting.told = None;
            context.actor = None;
            context.party = None;
            self.read_block(block.kind, sentences, &mut setting, &mut context, out);
        }
        out.take_back();
    }

    fn read_block(
        &self,
        kind: BlockKind,
        sentences: &[Sentence],
        setting: &mut Setting,
        context: &mut Context,
        out: &mut Draft,
    ) {
        for sentence in sentences {
            let typed = match sentence {
                Sentence::Typed(typed) => typed,
                Sentence::TooLong(range) => {
                    out.too_long.push(self.prose.span(range.clone()));
                    continue;
                }
            };
            let resolver = self.resolver();
            if kind == BlockKind::Heading {
                setting.heading = resolver.heading(typed).or(setting.heading.take());
            }
            let first = out.reading.claims.len();
            self.read_sentence(typed, &resolver, setting, context, out);
            let claims = out.reading.claims.get(first..).unwrap_or(&[]);
            setting.told = self.told(typed, claims, setting.told);
            if let Some(topic) = topic(typed) {
                setting.paragraph = Some(topic);
            }
            remember(typed, &resolver, context);
            let mut cues = typed.cues(self.language).iter();
            if let Some((_, year)) = years(typed).last() {
                setting.then = Some(year_alone(*year));
            } else if cues.any(|cue| cue.is == When::Before) {
                setting.then = Some(Period::Before);
            }
        }
    }

    /// The earlier election that a paragraph tells of after a sentence: the one
    /// that it names, until a figure of the latest election is given right.
    fn told(&self, typed: &Typed, claims: &[Claim], before: Option<Told>) -> Option<Told> {
        let latest = self.names.year()?;
        if let Some((_, year)) = years(typed).last() {
            return (*year < latest).then_some(Told::Year(*year));
        }
        let cues = typed.cues(self.language);
        if cues.iter().any(|cue| cue.is == When::Later) {
            return Some(Told::Unknown);
        }
        before.filter(|_| !claims.iter().any(|claim| self.is_of_latest(claim)))
    }

    fn resolver(&self) -> Resolver<'_> {
        Resolver {
            facts: self.facts,
            names: self.names,
            language: self.language,
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
        if typed.mentions.iter().any(mention::Mention::is_full_name) {
            setting.meets_candidate();
        }
        let no_claims = self.no_claims(typed);
        let first = out.reading.claims.len();
        let found = statements(typed, self.language, context);
        let mut claimed: Vec<usize> = Vec::new();
        let mut told: Vec<Range<usize>> = Vec::new();
        for statement in &found.kept {
            let barred = |n: usize| no_claims.iter().any(|(i, _)| *i == n);
            let core = &statement.core;
            let is_told = told
                .iter()
                .any(|t| t.start < core.end && core.start < t.end);
            if is_told || statement.number.is_some_and(barred) && !statement.form.is_certain() {
                continue;
            }
            claimed.extend(statement.number);
            let around = Around {
                typed,
                resolver,
                setting,
                context,
            };
            let inquiries = around.ask(statement);
            if let Some(first) = inquiries.first() {
                settle(first, statement, resolver, typed, setting, context);
            }
            let around = Around {
                typed,
                resolver,
                setting,
                context,
            };
            let verdict = self.take(&around, &found, statement, &inquiries, first, out);
            if verdict == Verdict::Agrees {
                for (range, number, claim) in self.trends(&around, statement, &inquiries) {
                    told.push(range);
                    claimed.extend(number);
                    out.reading.claims.push(claim);
                }
            }
        }
        settle_directions(out.reading.claims.get_mut(first..).unwrap_or_default());
        self.break_sums(typed, out);
        let around = Around {
            typed,
            resolver,
            setting,
            context,
        };
        for index in (0..typed.numerals.len()).filter(|index| !claimed.contains(index)) {
            let why = no_claims.iter().find(|(i, _)| *i == index);
            self.unclaimed(&around, index, why.map(|(_, why)| why.clone()), out);
        }
    }

    /// Makes the claim of a statement, and returns the verdict that its own words
    /// have, read of nobody else. The claims of its sentence begin at `first`.
    fn take(
        &self,
        around: &Around<'_>,
        found: &Found<'_>,
        statement: &Statement<'_>,
        inquiries: &[Inquiry],
        first: usize,
        out: &mut Draft,
    ) -> Verdict {
        let typed = around.typed;
        let mut claim = self.claim(typed, statement, inquiries);
        let verdict = claim.verdict;
        if self.thorough {
            let lost = found.lost_to(statement);
            let lost = lost.map(|other| self.lost(around, statement, other));
            claim.readings.extend(lost);
        }
        if let Some(again) = self.reread(&claim, around, statement, inquiries) {
            let before = replace(&mut claim, again, "of others in the sentence it is right");
            out.reread.push((out.reading.claims.len(), before));
        }
        let before = out.reading.claims.get(first..).unwrap_or_default();
        if let Some(again) = self.as_told(&claim, around, statement, before) {
            replace(
                &mut claim,
                again,
                "the paragraph tells of an earlier election",
            );
        }
        if claim.verdict == Verdict::Unchecked
            && let Some(again) = self.by_other_words(around, found, statement, Verdict::Agrees)
        {
            replace(&mut claim, again, "it left the number open");
        }
        if claim.verdict == Verdict::Unchecked
            && let Some(number) = statement.number
            && let Some(again) = self.second_look(around, number, Some(statement))
        {
            replace(&mut claim, again, "it left the number open");
        }
        if claim.reason.as_deref() == Some(FAR)
            && let Some(again) = self
                .by_other_words(around, found, statement, Verdict::Contradicts)
                .or_else(|| self.of_another(around, statement))
        {
            replace(&mut claim, again, FAR);
        }
        if let Some(numeral) = statement.number.and_then(|n| typed.numerals.get(n))
            && numeral.hedge.is_none()
        {
            let fast = statement.bound && statement.form.strength > 3;
            let loose = !fast && !statement.follows_its_name(typed, self.language);
            if claim.verdict == Verdict::Contradicts
                && loose
                && let Some(inquiry) = inquiries.first()
            {
                let names = self.neighbours(inquiry, numeral);
                if !names.is_empty() {
                    out.neighbours.push((out.reading.claims.len(), names));
                }
            }
            let period = around.resolver.period(statement, typed, around.setting);
            let magnitude = numeral.magnitude.clone();
            if statement.is_named(typed) {
                out.printed.push((claim.span, magnitude, period));
            }
        }
        out.reading.claims.push(claim);
        verdict
    }

    /// What the other clear words around the number of a statement claim of it, where
    /// they have a verdict: what the tables bear out, of a number that the strongest
    /// words leave open; what it is near to, of one that is far from theirs.
    fn by_other_words(
        &self,
        around: &Around<'_>,
        found: &Found<'_>,
        statement: &Statement<'_>,
        verdict: Verdict,
    ) -> Option<Claim> {
        let mut lost = found.lost_to(statement).filter(|other| {
            other.number.is_some()
                && other.number == statement.number
                && other.form.strength >= CLEAR
        });
        lost.find_map(|other| {
            let claim = self.claim(around.typed, other, &around.ask(other));
            (claim.verdict == verdict).then_some(claim)
        })
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
        for index in self.language.sieves.no_claims.may_match(&folded) {
            let Some(rule) = self.language.no_claims.get(index) else {
                continue;
            };
            let pattern = rule.pattern.get().into_iter();
            for captures in pattern.flat_map(|p| p.captures_iter(&folded)) {
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
    fn unclaimed(&self, around: &Around<'_>, index: usize, why: Option<String>, out: &mut Draft) {
        let typed = around.typed;
        let Some(numeral) = typed.numerals.get(index) else {
            return;
        };
        let again = why.is_none().then(|| self.second_look(around, index, None));
        if let Some(claim) = again.flatten() {
            out.reading.claims.push(claim);
            return;
        }
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
    pub fn claim(&self, typed: &Typed, statement: &Statement<'_>, inquiries: &[Inquiry]) -> Claim {
        let own = statement.form.number.map(Numeral::of_words);
        let numeral = statement
            .number
            .and_then(|n| typed.numerals.get(n))
            .or(own.as_ref());
        let hedged = numeral.and_then(|n| self.hedged(n, statement));
        let numeral = hedged.as_ref().or(numeral);
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
        let printed = judgement.verdict == Verdict::Contradicts
            && statement.is_named(typed)
            && numeral.is_some_and(|n| self.is_printed(inquiry, n));
        let judgement = self.tempered(judgement, statement, typed, &range, printed);
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

    /// A number with the hedge that the words of its form put on it, if they do.
    fn hedged(&self, numeral: &Numeral, statement: &Statement<'_>) -> Option<Numeral> {
        let id = statement.form.hedge.as_deref()?;
        let hedge = self.language.hedges.iter().position(|h| h.id == id)?;
        Some(Numeral {
            hedge: Some(hedge),
            ..numeral.clone()
        })
    }

    /// A guess is never contradicted; inside quotation marks, and for a form
    /// that may mean something else, a contradiction weighs less.
    fn tempered(
        &self,
        mut judgement: Judgement,
        statement: &Statement<'_>,
        typed: &Typed,
        range: &Range<usize>,
        printed: bool,
    ) -> Judgement {
        if judgement.verdict != Verdict::Contradicts {
            return judgement;
        }
        if statement.form.strength <= 1 {
            return Judgement::unchecked("the words do not say clearly what the number is");
        }
        let upto = typed.text.get(..statement.core.end).unwrap_or("");
        let rest = typed.text.get(statement.core.end..).unwrap_or("");
        let rest = rest.split([',', ';']).next().unwrap_or("");
        let conditional = &self.language.conditional;
        if conditional.is_match(upto) || conditional.is_match(rest) {
            return Judgement::unchecked("the words say what might have been");
        }
        if self.resolver().is_pluperfect(statement, typed) && judgement.cause.is_none() {
            return Judgement::unchecked("it may be of an earlier election");
        }
        if statement.remembered && judgement.cause.is_none() {
            return Judgement::unchecked("the sentence does not say whose");
        }
        if !printed && is_far(&judgement, statement.form.says, statement.form.strength) {
            return Judgement::unchecked(FAR);
        }
        if typed.quoted(range.start) {
            judgement.severity = judgement.severity.map(Severity::lower);
            judgement.reason = Some("in quotation".to_owned());
        }
        judgement
    }

    /// Is a number, to its last digit, a figure of the same kind that somebody
    /// has in the contest of an inquiry, in any election, or another figure of
    /// whom it is said? Then it may have been taken from there.
    fn is_printed(&self, inquiry: &Inquiry, numeral: &Numeral) -> bool {
        let metric = match inquiry.metric {
            "votes" => Some(Metric::Votes),
            "share" => Some(Metric::Share),
            "seats" => Some(Metric::Seats),
            "share-change" | "votes-change" => None,
            _ => return false,
        };
        let percent = matches!(numeral.unit, Unit::Percent | Unit::Points);
        let telling = percent && numeral.magnitude.decimals > 0
            || !percent && numeral.magnitude.value >= self.language.chance.neighbour;
        let same = |printed: &Printed| printed.number.value == numeral.magnitude.value;
        let contest = inquiry.standing.and_then(|s| self.facts.standing(s));
        let standings = contest.map(|own| self.facts.standings.of_contest(&own.contest_key));
        let standings = standings.into_iter().flatten();
        let mut figures = standings
            .flat_map(|s| &s.entries)
            .filter_map(|entry| entry.figure(metric?));
        let own = contest.and_then(|s| s.entries.get(inquiry.entry?));
        let exact = percent || numeral.magnitude.value >= self.language.chance.anybody;
        // A change that is no change, but what there is.
        let mut of_own = own
            .filter(|_| metric.is_none())
            .into_iter()
            .flat_map(|entry| entry.figures.values());
        let mut own_figure = || of_own.any(|all| all.iter().any(same));
        let places = numeral.magnitude.decimals.max(0);
        let preferred = || {
            let figure = own?.figure(Metric::PreferredShare)?;
            let rounded = round_half_up(&figure.number.value, places);
            (metric == Some(Metric::Share) && rounded == numeral.magnitude.value).then_some(())
        };
        let mut elsewhere =
            || exact && (own_figure() || self.is_lead(inquiry, numeral) || preferred().is_some());
        numeral.hedge.is_none() && telling && (figures.any(same) || elsewhere())
    }

    /// Is a share what the winner of the contest is ahead by?
    fn is_lead(&self, inquiry: &Inquiry, numeral: &Numeral) -> bool {
        let lead = || self.facts.majority_share(inquiry.standing?).ok();
        let agrees = |routes| {
            let judgement = judge(&Answer::Value(routes), Some(numeral), self.language);
            judgement.verdict == Verdict::Agrees
        };
        numeral.unit == Unit::Percent && inquiry.metric == "share" && lead().is_some_and(agrees)
    }

    /// Whose figure a number that is printed to the last digit is, in the contest
    /// of an inquiry.
    fn neighbours(&self, inquiry: &Inquiry, numeral: &Numeral) -> Vec<String> {
        let metric = match inquiry.metric {
            "votes" => Metric::Votes,
            "share" => Metric::Share,
            "seats" => Metric::Seats,
            _ => return Vec::new(),
        };
        if numeral.hedge.is_some() || numeral.magnitude.value < self.language.chance.neighbour {
            return Vec::new();
        }
        let standing = inquiry.standing.and_then(|s| self.facts.standing(s));
        let entries = standing.into_iter().flat_map(|s| &s.entries);
        let same = entries.filter(|entry| {
            let printed = entry.figure(metric).map(|p| &p.number.value);
            printed == Some(&numeral.magnitude.value)
        });
        same.map(|entry| entry.name().to_owned()).collect()
    }

    /// A way to understand a claim that lost against the one taken.
    fn lost(
        &self,
        around: &Around<'_>,
        winner: &Statement<'_>,
        statement: &Statement<'_>,
    ) -> Considered {
        let claim = self.claim(around.typed, statement, &around.ask(statement));
        let why = if statement.form.strength < winner.form.strength {
            format!("its words are weaker than those of {}", winner.form.id)
        } else {
            format!("{} takes in more of the words", winner.form.id)
        };
        Considered {
            lost: Some(why),
            ..considered(&claim, statement, around.typed)
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

/// "Its share is up 26.9 points": where the number is wrong, too, or right of
/// somebody else, the wrong direction is not told a second time.
fn settle_directions(claims: &mut [Claim]) {
    // "by" and two spaces.
    const GAP: usize = 4;
    let decided = |c: &&Claim| c.kind == ClaimKind::Number && c.verdict != Verdict::Unchecked;
    let numbers: Vec<Claim> = claims.iter().filter(decided).cloned().collect();
    let is_told = |claim: &Claim| {
        let (source, end) = (claim.span.source, claim.span.end);
        numbers.iter().any(|number| {
            let start = number.span.start;
            let beside = number.span.source == source && (end..=end + GAP).contains(&start);
            let wrong = number.verdict == Verdict::Contradicts;
            beside && (wrong || number.entity != claim.entity)
        })
    };
    for claim in claims {
        let wrong = claim.kind == ClaimKind::Direction && claim.verdict == Verdict::Contradicts;
        if wrong && is_told(claim) {
            claim.verdict = Verdict::Unchecked;
            claim.severity = None;
            claim.message = None;
            claim.reason = Some("the number beside it tells the direction".to_owned());
        }
    }
}

/// Why a contradiction is not believed.
const FAR: &str = "the number is far from anything these words could mean";

/// Puts another reading in the place of a claim's, which keeps the one that it
/// had as lost. Returns the claim as it was.
fn replace(claim: &mut Claim, by: Claim, why: &str) -> Claim {
    let before = std::mem::replace(claim, by);
    let lost = before.readings.iter().cloned().map(|reading| Considered {
        lost: reading.lost.or_else(|| Some(why.to_owned())),
        ..reading
    });
    claim.readings.extend(lost);
    before
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
/// something else. Words that bind fast are given more room, and so are changes,
/// which are small; none is what somebody got: a number there is copied from a
/// table, and miscopied by a slip. Sizes of our own: of 244 contradictions of
/// labelled copy, those without a slip and outside of them were as often wrong as
/// right.
fn is_far(judgement: &Judgement, says: Says, strength: u8) -> bool {
    let Some(off_by) = judgement
        .off_by
        .as_ref()
        .filter(|_| judgement.cause.is_none())
    else {
        return false;
    };
    let own = matches!(says, Says::Votes | Says::Share);
    let (low, high) = match strength {
        _ if matches!(
            says,
            Says::SeatsFraction | Says::ShareFraction | Says::Ratio | Says::MajorityRatio
        ) =>
        {
            (ratio(5, 8), ratio(8, 5))
        }
        ..=2 if own => (ratio(3, 4), ratio(4, 3)),
        ..=2 if !says.is_of_changes() => (ratio(3, 5), ratio(5, 3)),
        ..=4 if own => (ratio(7, 10), ratio(7, 5)),
        ..=3 => (ratio(1, 2), whole(2)),
        4 if !says.is_of_changes() => (ratio(1, 2), whole(2)),
        _ => (ratio(1, 4), whole(4)),
    };
    *off_by < low || *off_by > high
}

fn kind_of(statement: &Statement<'_>, numeral: Option<&Numeral>) -> ClaimKind {
    match statement.form.says {
        Says::Rank => ClaimKind::Rank,
        says if says.is_of_direction() => ClaimKind::Direction,
        Says::Hold
        | Says::Gain
        | Says::Winner
        | Says::Loser
        | Says::Order
        | Says::PrintedOrder
        | Says::Absent
        | Says::SeatMajority => ClaimKind::Outcome,
        _ if numeral.is_none() => ClaimKind::Outcome,
        _ => ClaimKind::Number,
    }
}

/// The one contest that a sentence names: what follows is about it.
fn topic(typed: &Typed) -> Option<Scope> {
    let mut named = typed.mentions.iter().filter_map(|m| match &m.referent {
        Referent::Contest(key) => Some(key),
        _ => None,
    });
    let first = named.next()?;
    named
        .all(|key| key == first)
        .then(|| Scope::Contest(first.clone()))
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
    let parts = |scope: &&Scope| match scope {
        Scope::Contest(_) => true,
        // A person whom the tables do not know stood elsewhere, unless they name
        // no candidate at all.
        Scope::Unknown(name) => {
            let person = inquiry.actor.as_ref().is_some_and(|a| a.text == *name);
            resolver.names.has_contests() && !(person && resolver.facts.is_nameless())
        }
    };
    if let Some(scope) = inquiry.scope.as_ref().filter(parts) {
        setting.paragraph = Some(scope.clone());
    }
    if let Some(actor) = &inquiry.actor {
        context.actor = Some(actor.clone());
    }
    let period = resolver.period(statement, typed, setting);
    if matches!(period, Period::Year { .. } | Period::Before) {
        setting.then = Some(period);
    }
}

/// Whom the pronouns of the next sentence may mean: the first person of this
/// one, unless a pronoun goes before, and its last man and woman.
fn remember(typed: &Typed, resolver: &Resolver<'_>, context: &mut Context) {
    let language = resolver.language;
    let is_person = |(_, m): &(usize, &mention::Mention)| match m.referent {
        Referent::Candidate(_) => true,
        Referent::Unknown => m.text.contains(' ') && !m.place,
        Referent::Party(_) | Referent::Contest(_) | Referent::Region(_) => false,
    };
    let mut parties = typed.mentions.iter();
    if let Some(party) = parties.rfind(|m| matches!(m.referent, Referent::Party(_))) {
        context.party = Some(party.into());
    }
    let people: Vec<_> = typed
        .mentions
        .iter()
        .enumerate()
        .filter(is_person)
        .collect();
    // "It was a good night for the Greens. They": nobody else was named.
    let mut actors = typed.mentions.iter().filter(|m| is_actor(m));
    if let (Some(only), None) = (actors.next(), actors.next())
        && matches!(only.referent, Referent::Party(_))
    {
        context.actor = Some(only.into());
    }
    let unknown = |m: &mention::Mention| m.referent == mention::Referent::Unknown;
    // Of two, the one in the tables: "Bell and running mate Ann Strand".
    let known = people.iter().find(|(_, m)| !unknown(m));
    let Some((_, first)) = known.or(people.first()) else {
        return;
    };
    let strangers = people.iter().filter(|(_, m)| unknown(m));
    for (_, mention) in strangers.chain(people.iter().filter(|(_, m)| !unknown(m))) {
        match mention.gender {
            Some(Gender::Masculine) => context.man = Some((*mention).into()),
            Some(Gender::Feminine) => context.woman = Some((*mention).into()),
            // Either pronoun may mean the first one of whom it is not known.
            None if !unknown(mention) && mention.tokens == first.tokens => {
                context.man = Some((*mention).into());
                context.woman = Some((*mention).into());
            }
            None => {}
        }
    }
    let before = typed.tokens.get(..first.tokens.start).unwrap_or(&[]);
    if !before.iter().any(|t| language.is_personal(&t.folded)) {
        context.person = Some((*first).into());
    }
}
