//! Typed sentences into statements: which form of words says what, of whom.

use std::ops::Range;

use regex::Captures;

use super::language::{Form, Gender, Language, Says, Sign, SubjectIs, When};
use super::mention::{Mention, Referent};
use super::numeral::Unit;
use super::scope::{Period, Scope};
use super::typed::{Shortened, Slot, Typed};

/// Whom a statement speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub referent: Referent,
    pub text: String,
    /// Its party, where the copy names one beside it.
    pub party: Option<String>,
    pub note: Option<String>,
    /// See [`Mention::rival`].
    pub rival: bool,
    /// See [`Mention::gender`].
    pub gender: Option<Gender>,
}

impl Actor {
    #[must_use]
    pub fn is_person(&self) -> bool {
        matches!(self.referent, Referent::Candidate(_) | Referent::Unknown)
    }

    /// The party of a person.
    fn of_party(&self) -> Option<Self> {
        let party = self.party.clone()?;
        Some(Self {
            referent: Referent::Party(party.clone()),
            text: party,
            party: None,
            note: None,
            rival: false,
            gender: None,
        })
    }

    /// The standings in which a person stood; `None` of anybody else.
    #[must_use]
    pub fn elections(&self) -> Option<Vec<usize>> {
        match &self.referent {
            Referent::Candidate(refs) => Some(refs.iter().map(|at| at.standing).collect()),
            Referent::Party(_) | Referent::Contest(_) | Referent::Region(_) | Referent::Unknown => {
                None
            }
        }
    }
}

impl From<&Mention> for Actor {
    fn from(mention: &Mention) -> Self {
        Self {
            referent: mention.referent.clone(),
            text: mention.text.clone(),
            party: mention.party.clone(),
            note: mention.note.clone(),
            rival: mention.rival,
            gender: mention.gender,
        }
    }
}

/// A form of words found in a sentence.
#[derive(Debug, Clone)]
pub struct Statement<'l> {
    pub form: &'l Form,
    /// Index into the sentence's numerals.
    pub number: Option<usize>,
    /// The whole match in the typed text.
    pub matched: Range<usize>,
    /// What of it is the claim: the group `x`, else the number.
    pub core: Range<usize>,
    pub who: Vec<Actor>,
    pub whom: Option<Actor>,
    /// Numeral of an explicit year.
    pub year: Option<i32>,
    /// The election that it is taken to speak of, whatever its words say.
    pub period: Option<Period>,
    /// The contest that it is taken to speak of, whatever its words say.
    pub scope: Option<Scope>,
    /// Its pattern itself names whom it speaks of.
    pub bound: bool,
    /// The text of group `what`: a figure's label.
    pub what: Option<String>,
    /// The numerals of groups `a` and `b`.
    pub pair: Option<(usize, usize)>,
    /// Nobody in its sentence is whom it speaks of: the paragraph was.
    pub remembered: bool,
}

impl Statement<'_> {
    /// Does its sentence name all whom it is about?
    #[must_use]
    pub fn is_named(&self, typed: &Typed) -> bool {
        let named = |actor: &Actor| typed.mentions.iter().any(|m| m.text == actor.text);
        self.who.iter().all(named)
    }

    /// Is the last name before its number whom it is about?
    #[must_use]
    pub fn follows_its_name(&self, typed: &Typed, language: &Language) -> bool {
        let mentions = typed.mentions.iter().enumerate();
        let mut before = mentions.filter(|(index, mention)| {
            let range = typed.typed_range(Slot::Mention(*index));
            is_actor(mention)
                && range.is_some_and(|range| {
                    range.end <= self.core.start && !is_thing(typed, mention, range.start, language)
                })
        });
        let Some((index, last)) = before.next_back() else {
            return false;
        };
        let end = typed.typed_range(Slot::Mention(index)).map_or(0, |r| r.end);
        let between = typed.text.get(end..self.core.start).unwrap_or("");
        !between.contains([':', ';']) && self.who.iter().any(|actor| actor.text == last.text)
    }
}

/// What earlier sentences of a paragraph leave behind.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The person that the text is about, whoever it is.
    pub person: Option<Actor>,
    pub man: Option<Actor>,
    pub woman: Option<Actor>,
    /// The last actor of a statement.
    pub actor: Option<Actor>,
    /// The party that the paragraph named last.
    pub party: Option<Actor>,
    /// Do the tables count seats, so that a small number may be of them?
    pub seats: bool,
}

/// The statements of a sentence, and those that lost against them.
#[derive(Debug, Default)]
pub struct Found<'l> {
    /// For each number the strongest, and those without a number that do not
    /// overlap a stronger one; in order of place.
    pub kept: Vec<Statement<'l>>,
    /// The others, strongest first.
    pub lost: Vec<Statement<'l>>,
}

impl<'l> Found<'l> {
    /// The statements that lost against one.
    pub fn lost_to(&self, kept: &Statement<'l>) -> impl Iterator<Item = &Statement<'l>> {
        self.lost.iter().filter(|other| clash(kept, other))
    }
}

/// Matches every form against a sentence.
#[must_use]
pub fn statements<'l>(typed: &Typed, language: &'l Language, context: &Context) -> Found<'l> {
    let mut all = matches(typed, language, context, None);
    if let Some(shortened) = typed.without_asides(language) {
        all.extend(matches(typed, language, context, Some(&shortened)));
    }
    all.sort_by_key(|s| {
        (
            std::cmp::Reverse(s.form.strength),
            std::cmp::Reverse(s.matched.len()),
        )
    });
    let mut found = Found::default();
    for statement in all {
        if found.kept.iter().any(|k| clash(k, &statement)) {
            found.lost.push(statement);
        } else {
            found.kept.push(statement);
        }
    }
    found.kept.retain(|s| !s.form.void);
    found.kept.sort_by_key(|s| s.core.start);
    found
}

/// The statements of every form that a sentence matches, or that it matches only
/// without its asides.
fn matches<'l>(
    typed: &Typed,
    language: &'l Language,
    context: &Context,
    shortened: Option<&Shortened>,
) -> Vec<Statement<'l>> {
    let text = shortened.map_or(typed.text.as_str(), |short| short.text.as_str());
    let mut all = Vec::new();
    for index in language.sieves.forms.may_match(text) {
        let Some(form) = language.forms.get(index) else {
            continue;
        };
        let pattern = form.pattern.get().filter(|p| p.is_match(text));
        for captures in pattern.into_iter().flat_map(|p| p.captures_iter(text)) {
            let found = captures.get(0).map_or(0..0, |m| m.range());
            if shortened.is_some_and(|short| !short.is_across(&found)) {
                continue;
            }
            let finder = Finder {
                typed,
                language,
                form,
                context,
                captures: &captures,
                shortened,
            };
            all.extend(finder.statement());
        }
    }
    all
}

/// Two statements clash over a number, or over words where neither has one.
fn clash(a: &Statement<'_>, b: &Statement<'_>) -> bool {
    let overlap = a.core.start < b.core.end && b.core.start < a.core.end;
    match (a.number, b.number) {
        (Some(x), Some(y)) => x == y,
        (None, None) => overlap,
        // "5 points ahead of B" is one claim, not two.
        (Some(_), None) => a.form.says == Says::Lead && contains(&a.matched, &b.core),
        (None, Some(_)) => b.form.says == Says::Lead && contains(&b.matched, &a.core),
    }
}

struct Finder<'t, 'l> {
    typed: &'t Typed,
    language: &'l Language,
    form: &'l Form,
    context: &'t Context,
    captures: &'t Captures<'t>,
    /// What the form was held against, where it was not the whole sentence.
    shortened: Option<&'t Shortened>,
}

impl<'l> Finder<'_, 'l> {
    fn group(&self, name: &str) -> Option<Range<usize>> {
        self.captures.name(name).map(|m| self.whole(m.range()))
    }

    /// Where a range of what was matched stands in the sentence.
    fn whole(&self, range: Range<usize>) -> Range<usize> {
        match self.shortened {
            Some(short) => short.whole(&range),
            None => range,
        }
    }

    fn statement(&self) -> Option<Statement<'l>> {
        let matched = self.whole(self.captures.get(0)?.range());
        let number = match self.group("n") {
            Some(_) => Some(self.numeral("n")?),
            None => None,
        };
        let core = self
            .group("x")
            .or_else(|| self.group("n"))
            .unwrap_or_else(|| matched.clone());
        let matched = match self.shortened {
            Some(short) => short.unbroken(&matched, &core),
            None => matched,
        };
        let between = self.typed.text.get(matched.start..core.start).unwrap_or("");
        let barred = self.form.not_across.as_ref();
        if barred.is_some_and(|words| words.is_match(between)) {
            return None;
        }
        let whom = self
            .actors("whom")
            .into_iter()
            .next()
            .or_else(|| self.pronoun_whom());
        if !self.may_hold(number) || number.is_none() && self.is_almost(core.start) {
            return None;
        }
        let what = self.captures.name("what").map(|m| m.as_str().to_owned());
        let who = self.who(&matched, &core);
        let who = self.respectively(&core, who);
        let remembered = self.is_remembered(&who, core.end);
        Some(Statement {
            form: self.form,
            number,
            matched,
            core,
            who,
            whom,
            year: self.year(),
            period: None,
            scope: None,
            bound: self.group("who").is_some(),
            what,
            pair: self.numeral("a").zip(self.numeral("b")),
            remembered,
        })
    }

    /// The year of the group `y`.
    fn year(&self) -> Option<i32> {
        let range = self.group("y")?;
        self.typed.slots(range).find_map(|(slot, _)| match slot {
            Slot::Numeral(i) => self.typed.numerals.get(i)?.year(),
            Slot::Mention(_) => None,
        })
    }

    /// "What nearly unseated him": do the words before say that it did not happen?
    fn is_almost(&self, start: usize) -> bool {
        let before = self.typed.text.get(..start);
        before.is_some_and(|before| self.language.turns.almost.is_match(before))
    }

    /// May the form be right of its number, as it is printed, and of tables that
    /// count seats or do not?
    fn may_hold(&self, number: Option<usize>) -> bool {
        let sign = |n: usize| self.typed.numerals.get(n).and_then(|n| n.sign);
        if self.form.signed && number.and_then(sign).is_none() {
            return false;
        }
        if self
            .form
            .seats
            .is_some_and(|seats| seats != self.context.seats)
            || number.is_some_and(|n| self.tells_level(n))
        {
            return false;
        }
        let says_votes = || {
            self.captures
                .get(0)
                .is_some_and(|m| m.as_str().contains("vote"))
        };
        let small = |n: usize| {
            self.typed
                .numerals
                .get(n)
                .is_some_and(|n| n.spelled && n.is_small())
        };
        if !self.context.seats && self.form.says.is_of_seats() && !self.names_seats() {
            return false;
        }
        let may_be_votes = self.context.seats || says_votes();
        self.form.says != Says::Votes || may_be_votes || !number.is_some_and(small)
    }

    /// "Slipped below 3 per cent": is it where a figure went, and not how far?
    fn tells_level(&self, number: usize) -> bool {
        let change = matches!(
            self.form.says,
            Says::Change | Says::TurnoutChange | Says::MajorityChange | Says::RelativeChange
        );
        let numeral = self.typed.numerals.get(number);
        let first = numeral.and_then(|n| self.typed.tokens.get(n.tokens.start));
        let range = self.typed.typed_range(Slot::Numeral(number));
        let before = range.and_then(|range| self.typed.text.get(..range.start));
        let by = before.is_some_and(|words| ends_in_words(words.trim_end(), "by"));
        change
            && !by
            && first.is_some_and(|token| self.language.turns.levels.contains(&token.folded))
    }

    /// Do the words of the match name seats?
    fn names_seats(&self) -> bool {
        let words = self.captures.get(0).map_or("", |m| m.as_str());
        self.language.nouns.seats.is_match(words)
    }

    /// The numeral that a group holds.
    fn numeral(&self, group: &str) -> Option<usize> {
        let range = self.group(group)?;
        self.typed.slots(range).find_map(|(slot, _)| match slot {
            Slot::Numeral(i) => Some(i),
            Slot::Mention(_) => None,
        })
    }

    fn actors(&self, group: &str) -> Vec<Actor> {
        self.group(group)
            .map_or_else(Vec::new, |range| self.mentions_in(range))
    }

    /// A name that may be anything, with its number in brackets right after it.
    fn stranger(&self, group: &str) -> Option<Actor> {
        let group = self.group(group)?;
        let bracketed = self.typed.text.get(group.end..)?.starts_with(" ( ");
        let mut mentions = self.typed.slots(group).filter_map(|(slot, _)| match slot {
            Slot::Mention(i) => self.typed.mentions.get(i),
            Slot::Numeral(_) => None,
        });
        let found = mentions.find(|m| bracketed && m.referent == Referent::Unknown);
        found.map(Actor::from)
    }

    fn mentions_in(&self, typed: Range<usize>) -> Vec<Actor> {
        let slots = self.typed.slots(typed).filter_map(|(slot, _)| match slot {
            Slot::Mention(i) => self
                .typed
                .mentions
                .get(i)
                .filter(|m| is_actor(m))
                .map(Actor::from),
            Slot::Numeral(_) => None,
        });
        slots.collect()
    }

    /// "Better than his": the last man of the sentence; "lost to him": the person
    /// of the sentences before.
    fn pronoun_whom(&self) -> Option<Actor> {
        let range = self.group("whom")?;
        let word = self.typed.text.get(range.clone())?.trim();
        let gender = if self.language.masculine.contains(word) {
            Some(Gender::Masculine)
        } else if self.language.feminine.contains(word) {
            Some(Gender::Feminine)
        } else {
            None
        };
        let mut mentions = self.typed.mentions.iter().enumerate();
        let named = mentions.rfind(|(index, mention)| {
            let at = self.typed.typed_range(Slot::Mention(*index));
            at.is_some_and(|at| at.end <= range.start)
                && matches!(mention.referent, Referent::Candidate(_))
                && mention.gender == gender
        });
        let named = named.filter(|_| gender.is_some());
        named
            .map(|(_, mention)| mention.into())
            .or_else(|| self.context.person.clone())
    }

    fn who(&self, matched: &Range<usize>, core: &Range<usize>) -> Vec<Actor> {
        let named = self.actors("who");
        if !named.is_empty() {
            return named;
        }
        if let Some(stranger) = self.stranger("who") {
            return vec![stranger];
        }
        let examples = self.examples(matched);
        if !examples.is_empty() {
            return examples;
        }
        if self.form.says == Says::Rank && self.is_of_place(core.start) {
            return Vec::new();
        }
        match self.form.subject {
            SubjectIs::Nobody
            | SubjectIs::All
            | SubjectIs::FirstTwo
            | SubjectIs::First
            | SubjectIs::Second => Vec::new(),
            SubjectIs::Rival => self.before(matched, core),
            SubjectIs::After => {
                let after = self.after(matched);
                if after.is_empty() {
                    self.before(matched, core)
                } else {
                    after
                }
            }
            SubjectIs::Before => {
                let before = self.before(matched, core);
                if before.is_empty() {
                    self.after_or_context(matched)
                } else {
                    before
                }
            }
        }
    }

    /// "; the North East was third": does a place, and nobody, do what the words
    /// before `end` tell?
    fn is_of_place(&self, end: usize) -> bool {
        let text = self.typed.text.get(..end).unwrap_or("");
        let start = text.rfind([';', ':']).map_or(0, |at| at + 1);
        let clause = text.get(start..).unwrap_or("").trim_start();
        let mut words = clause.split(' ');
        let articles = &self.language.articles;
        let first = words.find(|word| !articles.contains(*word)).unwrap_or("");
        let place = (0..self.typed.mentions.len()).any(|index| {
            let own = self.typed.mentions.get(index).map(|m| &m.referent);
            let range = self.typed.typed_range(Slot::Mention(index));
            let written = range.and_then(|range| self.typed.text.get(range));
            matches!(own, Some(Referent::Contest(_) | Referent::Region(_)))
                && written == Some(first)
        });
        let named = self.named_before(end);
        let nobody = named.iter().all(|(at, _)| *at < start);
        place
            && nobody
            && last_pronoun(clause, self.language).is_none_or(|(_, p)| p == Pronoun::Relative)
    }

    /// "A and B, with 6.0% and 4.7% respectively": of several, whom the number at
    /// `core` belongs to.
    fn respectively(&self, core: &Range<usize>, who: Vec<Actor>) -> Vec<Actor> {
        let text = self.typed.text.as_str();
        let rest = text.get(core.end..).unwrap_or("");
        let found = self.language.lists.respectively.find(rest);
        let Some(end) = found.map(|m| core.end + m.start()) else {
            return who;
        };
        let run = self.run_before(end);
        let Some(place) = run
            .iter()
            .position(|at| at.start >= core.start && at.end <= core.end)
        else {
            return who;
        };
        let first = run.first().map_or(core.start, |at| at.start);
        let named = self.subjects_before(first);
        let Some((start, nearest)) = named.first() else {
            return who;
        };
        let mut list = vec![nearest.clone()];
        list.extend(self.rest_of_list(&named, *start));
        list.reverse();
        match list.get(place) {
            Some(own) if list.len() == run.len() => vec![own.clone()],
            _ => who,
        }
    }

    /// The numbers of a list that ends at `end`: "6.0% and 4.7%".
    fn run_before(&self, end: usize) -> Vec<Range<usize>> {
        let mut run: Vec<Range<usize>> = Vec::new();
        let slots: Vec<_> = self.typed.slots(0..end).collect();
        for (slot, range) in slots.into_iter().rev() {
            let next = run.last().map_or(end, |at| at.start);
            let gap = self.typed.text.get(range.end..next).unwrap_or("");
            let joins = |word: &str| word == "," || self.language.conjunctions.contains(word);
            let words = gap.split_whitespace();
            let joined = words.filter(|word| !joins(word)).count() <= 1;
            if !matches!(slot, Slot::Numeral(_)) || !joined {
                break;
            }
            run.push(range);
        }
        run.reverse();
        run
    }

    /// Does neither a name nor a pronoun of the sentence stand for those whom a
    /// statement is about?
    fn is_remembered(&self, who: &[Actor], end: usize) -> bool {
        let named = |actor: &Actor| self.typed.mentions.iter().any(|m| m.text == actor.text);
        let upto = self.typed.text.get(..end).unwrap_or("");
        let pronoun = last_pronoun(upto, self.language);
        let pronoun = pronoun.is_some_and(|(_, pronoun)| pronoun != Pronoun::Speaker)
            || self.form.says.is_of_changes() && self.language.turns.pointing.is_match(upto);
        !who.is_empty() && !pronoun && !who.iter().any(named)
    }

    /// "…, like A and B": the names given as examples right after the match.
    fn examples(&self, matched: &Range<usize>) -> Vec<Actor> {
        let rest = self.typed.text.get(matched.end..).unwrap_or("");
        let Some(found) = self
            .language
            .lists
            .examples
            .captures(rest)
            .and_then(|c| c.name("who"))
        else {
            return Vec::new();
        };
        let range = matched.end + found.start()..matched.end + found.end();
        self.mentions_in(range)
    }

    /// The name right after the match; in a sentence that opens with its
    /// circumstances, the first name that follows; else the paragraph's.
    fn after_or_context(&self, matched: &Range<usize>) -> Vec<Actor> {
        let after = self.after(matched);
        if !after.is_empty() {
            return after;
        }
        let next = self
            .fronted()
            .then(|| self.first_after(matched.end))
            .flatten();
        next.or_else(|| self.context.actor.clone())
            .into_iter()
            .collect()
    }

    /// Does the sentence open with its circumstances ("From third place, …")?
    fn fronted(&self) -> bool {
        let opening = self
            .typed
            .text
            .split(' ')
            .find(|w| *w != "\"")
            .unwrap_or("");
        self.language.fronting.contains(opening)
    }

    fn first_after(&self, at: usize) -> Option<Actor> {
        self.typed.mentions.iter().enumerate().find_map(|(i, m)| {
            let range = self.typed.typed_range(Slot::Mention(i))?;
            (range.start >= at && is_actor(m)).then(|| Actor::from(m))
        })
    }

    /// Persons and parties named before the match, nearest first, with their
    /// place; those in the role of an object left out.
    fn named_before(&self, end: usize) -> Vec<(usize, Actor)> {
        let whom = self.group("whom");
        let free = |range: &Range<usize>| whom.as_ref().is_none_or(|w| !overlap(w, range));
        let mut out: Vec<(usize, Actor)> = self
            .typed
            .mentions
            .iter()
            .enumerate()
            .filter(|(_, m)| is_actor(m))
            .filter_map(|(i, m)| Some((self.typed.typed_range(Slot::Mention(i))?, m)))
            .filter(|(range, _)| range.end <= end && free(range))
            .map(|(range, m)| (range.start, Actor::from(m)))
            .collect();
        out.reverse();
        out
    }

    /// The same without those in the role of an object.
    fn subjects_before(&self, end: usize) -> Vec<(usize, Actor)> {
        let mut named = self.named_before(end);
        named.retain(|(start, _)| !is_object(self.typed, *start, self.language));
        let asides = self.typed.asides(self.language);
        let ended = |start: usize| asides.iter().any(|a| a.contains(&start) && a.end <= end);
        if named.iter().any(|(start, _)| !ended(*start)) {
            named.retain(|(start, _)| !ended(*start));
        }
        named
    }

    fn before(&self, matched: &Range<usize>, core: &Range<usize>) -> Vec<Actor> {
        let end = core.start.max(matched.start);
        let upto = self.typed.text.get(..end).unwrap_or("");
        let inside = self.typed.text.get(..core.end).unwrap_or("");
        let mut named = self.subjects_before(end);
        self.without_persons(&mut named, inside);
        if let Some((at, pronoun)) = self.pronoun_of(inside)
            && named.first().is_none_or(|(start, _)| *start < at)
            && (named.is_empty() || pronoun != Pronoun::Impersonal)
        {
            let ahead = || self.fronted().then(|| self.first_after(core.end)).flatten();
            let found = match pronoun {
                Pronoun::Impersonal if named.is_empty() => {
                    ahead().or_else(|| self.of_pronoun(at, pronoun, &named))
                }
                Pronoun::Speaker => self.speaker(),
                Pronoun::Impersonal | Pronoun::Personal(_) | Pronoun::Relative => {
                    self.of_pronoun(at, pronoun, &named)
                }
            };
            return found.into_iter().collect();
        }
        let Some((start, nearest)) = self.out_of_relative_clause(&named, end) else {
            return Vec::new();
        };
        let mut who = vec![nearest.clone()];
        if is_last_of_list(upto, *start, self.language) && !self.is_described(*start, end) {
            who.extend(self.rest_of_list(&named, *start));
        }
        who
    }

    /// The last pronoun of the words before a statement. Where nobody is named
    /// before "which", or a verb that points back follows, it is of the number: "he
    /// had 4,000, which was 300 fewer".
    fn pronoun_of(&self, words: &str) -> Option<(usize, Pronoun)> {
        let (at, pronoun) = last_pronoun(words, self.language)?;
        if pronoun != Pronoun::Relative {
            return Some((at, pronoun));
        }
        let (before, since) = words.split_at(at);
        let outer = last_pronoun(before, self.language);
        // "…, which makes it a fall of 300" is of what was told, whoever did it.
        if self.language.turns.pointing.is_match(since) && !self.subjects_before(at).is_empty() {
            let (start, _) = *self.subjects_before(at).first()?;
            return outer.filter(|(at, _)| *at > start);
        }
        let nobody = self.named_before(at).is_empty();
        Some(outer.filter(|_| nobody).unwrap_or((at, pronoun)))
    }

    /// "A and B , an independent with 190 votes": do words in apposition to the
    /// name at `start` lead to `end`?
    fn is_described(&self, start: usize, end: usize) -> bool {
        let since = self.typed.text.get(start..end).unwrap_or("");
        let mut words = since.split(' ').skip(1);
        let comma = words.next() == Some(",");
        let opens = |word: &str| {
            self.language.articles.contains(word) || self.language.relative.contains(word)
        };
        comma && words.next().is_some_and(opens) && !words.any(|word| word == ",")
    }

    /// "Its share": whom a person stands for, where one was named before.
    fn without_persons(&self, named: &mut Vec<(usize, Actor)>, inside: &str) {
        let plain = |word: &str| self.language.things.contains(word.trim());
        let Some(at) = last_pronoun(inside, self.language)
            .map(|(at, _)| at)
            .filter(|&at| {
                inside
                    .get(at..)
                    .and_then(|rest| rest.split(' ').next())
                    .is_some_and(plain)
            })
        else {
            return;
        };
        let of = |(start, actor): (usize, Actor)| {
            if start < at && actor.is_person() {
                return Some((start, actor.of_party()?));
            }
            Some((start, actor))
        };
        *named = std::mem::take(named).into_iter().filter_map(of).collect();
    }

    /// The nearest name; where it stands in a clause such as ", whose husband
    /// X … ," that has ended, the one before that clause.
    fn out_of_relative_clause<'n>(
        &self,
        named: &'n [(usize, Actor)],
        end: usize,
    ) -> Option<&'n (usize, Actor)> {
        let nearest = named.first()?;
        let before = self.typed.text.get(..nearest.0).unwrap_or("");
        let since = self.typed.text.get(nearest.0..end).unwrap_or("");
        let opens = |word: &String| Some((before.rfind(&format!(" , {word} "))?, word.len()));
        let described = &self.language.lists.described;
        if described.is_match(before) && since.contains(" , ") {
            return named.get(1).or(Some(nearest));
        }
        // "The Greens , fighting beside Lee 's party , had".
        let doing = self.language.turns.participle.find_iter(before).last();
        if let Some(doing) = doing.filter(|_| since.contains(" , ")) {
            let open = before
                .get(doing.end()..)
                .is_some_and(|w| !w.contains(" , "));
            let outer = named.iter().find(|(start, _)| *start < doing.start());
            if let Some(outer) = outer.filter(|_| open) {
                return Some(outer);
            }
        }
        let clause = self.language.relative.iter().filter_map(opens);
        // "Lee , a former member of the Greens , had": not right after the article.
        let inside = |(at, len): &(usize, usize)| {
            let between = before.get(at + " , ".len() + len..).unwrap_or("");
            between.trim().contains(' ')
        };
        let aside = self.language.articles.iter().filter_map(opens);
        let opened = clause.chain(aside.filter(inside)).map(|(at, _)| at).max();
        match opened.filter(|_| since.contains(" , ")) {
            Some(opened) => named
                .iter()
                .find(|(start, _)| *start < opened)
                .or(Some(nearest)),
            None => Some(nearest),
        }
    }

    fn of_pronoun(&self, at: usize, pronoun: Pronoun, named: &[(usize, Actor)]) -> Option<Actor> {
        let fits = |a: &Actor| match pronoun {
            Pronoun::Relative | Pronoun::Impersonal | Pronoun::Speaker => true,
            Pronoun::Personal(wanted) => a.is_person() && a.gender.is_none_or(|own| own == wanted),
        };
        // "who" follows its name, whatever part that plays; others refer to a subject.
        let all = self.named_before(at);
        let pool = if pronoun == Pronoun::Relative {
            all.as_slice()
        } else {
            named
        };
        let in_sentence = pool.iter().find(|(start, a)| *start < at && fits(a));
        // "Jo Lee had 11,847, and she had 11,217": of two, the one known to be a woman.
        let personal = matches!(pronoun, Pronoun::Personal(_));
        // "Lee 's share was lower and he had": the same.
        let owner = |start: usize| {
            let rest = self.typed.text.get(start..).unwrap_or("");
            let next = rest.split(' ').nth(1);
            next.is_some_and(|word| self.language.turns.possessive.contains(word))
        };
        let open = |start: usize, a: &Actor| {
            personal && a.gender.is_none() && !owner(start) && self.gives_two(at)
        };
        let in_sentence = in_sentence.filter(|(start, a)| !open(*start, a));
        let actor = self.context.actor.as_ref();
        // "They" are a party where one was named.
        let stranger = actor.is_some_and(|a| a.referent == Referent::Unknown);
        let remembered = match pronoun {
            Pronoun::Personal(Gender::Masculine) => [&self.context.man, &self.context.person],
            Pronoun::Personal(Gender::Feminine) => [&self.context.woman, &self.context.person],
            Pronoun::Impersonal if stranger => [&self.context.party, &self.context.actor],
            Pronoun::Relative | Pronoun::Impersonal | Pronoun::Speaker => {
                [&self.context.actor, &self.context.person]
            }
        };
        let found = in_sentence
            .map(|(_, a)| a.clone())
            .or_else(|| remembered.into_iter().flatten().find(|a| fits(a)).cloned())
            .or_else(|| self.context.actor.clone().filter(fits))?;
        let stranger = found.referent == Referent::Unknown && pronoun == Pronoun::Impersonal;
        Some(
            stranger
                .then(|| found.of_party())
                .flatten()
                .unwrap_or(found),
        )
    }

    /// Does a figure go before the pronoun, and one come after it?
    fn gives_two(&self, at: usize) -> bool {
        let is_figure = |index: usize| {
            let unit = self.typed.numerals.get(index).map(|n| n.unit);
            matches!(unit, Some(Unit::Count | Unit::Percent | Unit::Points))
        };
        let numbers = |range| {
            let mut slots = self.typed.slots(range);
            slots.any(|(slot, _)| matches!(slot, Slot::Numeral(index) if is_figure(index)))
        };
        numbers(0..at) && numbers(at..self.typed.text.len())
    }

    /// Whoever says the quoted words of the sentence.
    fn speaker(&self) -> Option<Actor> {
        let spoken = self.language.spoken.captures(&self.typed.text)?;
        let who = spoken.name("who").or_else(|| spoken.name("who2"))?;
        self.mentions_in(who.range()).into_iter().next()
    }

    /// "A, B and C": the names before the last one.
    fn rest_of_list(&self, named: &[(usize, Actor)], last: usize) -> Vec<Actor> {
        let mut out = Vec::new();
        let mut end = last;
        for (start, actor) in named.iter().skip(1) {
            let gap = self.typed.text.get(*start..end).unwrap_or("");
            let words: Vec<&str> = gap.split(' ').skip(1).filter(|w| !w.is_empty()).collect();
            let joins = |w: &&str| {
                *w == ","
                    || self.language.conjunctions.contains(*w)
                    || self.language.articles.contains(*w)
            };
            if !words.iter().all(joins) || words.is_empty() {
                break;
            }
            out.push(actor.clone());
            end = *start;
        }
        out
    }

    /// The name that a preposition ties to the end of the match.
    fn after(&self, matched: &Range<usize>) -> Vec<Actor> {
        let Some(rest) = self.typed.text.get(matched.end..) else {
            return Vec::new();
        };
        let mut skipped = 0;
        for word in rest.split_inclusive(' ') {
            let plain = word.trim();
            let at = matched.end + skipped;
            if let Some(actor) = self.mention_at(at) {
                let next = rest.get(skipped + word.len()..).unwrap_or("");
                let joined = rest.get(..skipped).unwrap_or("").trim();
                let conjunctions = &self.language.conjunctions;
                let own = conjunctions.contains(joined) && opens_with_number(next)
                    || joined
                        .strip_prefix(", ")
                        .is_some_and(|word| conjunctions.contains(word));
                return if own { Vec::new() } else { vec![actor] };
            }
            let glue = plain.is_empty() || plain == "," || self.language.glue.contains(plain);
            if !glue || skipped > 40 {
                break;
            }
            skipped += word.len();
        }
        Vec::new()
    }

    fn mention_at(&self, at: usize) -> Option<Actor> {
        self.typed.mentions.iter().enumerate().find_map(|(i, m)| {
            let range = self.typed.typed_range(Slot::Mention(i))?;
            (is_actor(m) && range.start == at).then(|| Actor::from(m))
        })
    }
}

/// "…, and Mrs Lee 16,736": a number of the name's own.
fn opens_with_number(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|ch| "NQR".contains(ch))
        && chars.next().is_some_and(|ch| ch.is_ascii_digit())
}

fn contains(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start <= b.start && b.end <= a.end
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn ends_in_words(text: &str, words: &str) -> bool {
    let rest = text.strip_suffix(words);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
}

fn without_article<'t>(text: &'t str, language: &Language) -> &'t str {
    match text.rsplit_once(' ') {
        Some((rest, last)) if language.articles.contains(last) => rest.trim_end(),
        _ => text,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pronoun {
    Personal(Gender),
    Impersonal,
    Relative,
    /// Of whoever is speaking.
    Speaker,
}

/// The last pronoun of a text, and where it stands.
fn last_pronoun(text: &str, language: &Language) -> Option<(usize, Pronoun)> {
    let mut end = text.len();
    text.rsplit(' ').find_map(|word| {
        let at = end - word.len();
        end = at.saturating_sub(1);
        let word = word.trim();
        // "The party 's share": whichever was spoken of.
        let before = || text.get(..at).unwrap_or("").trim_end().rsplit(' ').next();
        let noun = language.turns.for_parties.contains(word)
            && before().is_some_and(|word| language.articles.contains(word));
        let pronoun = if noun {
            Pronoun::Impersonal
        } else if language.masculine.contains(word) {
            Pronoun::Personal(Gender::Masculine)
        } else if language.feminine.contains(word) {
            Pronoun::Personal(Gender::Feminine)
        } else if language.impersonal.contains(word) {
            Pronoun::Impersonal
        } else if language.speaker.contains(word) {
            Pronoun::Speaker
        } else if language.relative.contains(word) {
            Pronoun::Relative
        } else {
            return None;
        };
        Some((at, pronoun))
    })
}

/// Is a mention somebody that a statement can be about?
#[must_use]
pub fn is_actor(mention: &Mention) -> bool {
    match mention.referent {
        Referent::Candidate(_) | Referent::Party(_) => true,
        // One unknown word is a place or a thing as often as a person.
        Referent::Unknown => {
            !mention.place && (mention.text.contains(' ') || mention.party.is_some())
        }
        Referent::Contest(_) | Referent::Region(_) => false,
    }
}

/// "A former High Sheriff", "the so-called Turnip Taliban": is a name that the
/// tables do not know one that people do not have?
fn is_thing(typed: &Typed, mention: &Mention, start: usize, language: &Language) -> bool {
    let before = typed.text.get(..start).unwrap_or("");
    let mut words = before.split_whitespace().rev().take(2);
    mention.referent == Referent::Unknown
        && mention.party.is_none()
        && words.any(|word| language.articles.contains(word))
}

/// Do the words before a name make it an object ("than", "ahead of")?
pub fn is_object(typed: &Typed, start: usize, language: &Language) -> bool {
    let before = typed.text.get(..start).unwrap_or("").trim_end();
    let before = without_article(before, language);
    let both = |word: &str| language.turns.both.contains(word);
    let before = match before.trim_end().rsplit_once(' ') {
        Some((rest, last)) if both(last) => rest,
        _ => before,
    };
    let mut objects = language.objects.words.iter();
    let mut openers = language.objects.openers.iter();
    objects.any(|words| ends_in_words(before, words))
        || follows_votes(before, typed, language)
        || !has_verb(typed, start, language)
            && (openers.any(|words| ends_in_words(before, words))
                || language.turns.transitive.is_match(before)
                || is_joined_to_object(typed, before, language))
}

/// "Overtook both A and B": is a name tied to one that is an object?
fn is_joined_to_object(typed: &Typed, before: &str, language: &Language) -> bool {
    let Some((rest, last)) = before.rsplit_once(' ') else {
        return false;
    };
    let rest = rest.trim_end();
    let mut starts = (0..typed.mentions.len()).filter_map(|index| {
        let range = typed.typed_range(Slot::Mention(index))?;
        (range.end == rest.len()).then_some(range.start)
    });
    let first = starts
        .next()
        .filter(|_| language.conjunctions.contains(last));
    first.is_some_and(|start| is_object(typed, start, language))
}

/// Does a verb follow the name at `start`? After "after" it then opens a clause
/// of its own.
fn has_verb(typed: &Typed, start: usize, language: &Language) -> bool {
    let rest = typed.text.get(start..).unwrap_or("");
    let next = rest.split(' ').nth(1).unwrap_or("");
    let is_word = next.chars().all(char::is_alphabetic) && !next.is_empty();
    is_word && !language.objects.no_verbs.contains(next)
}

/// "13,118 for the winner, …": the name belongs to the number before it.
fn follows_votes(before: &str, typed: &Typed, language: &Language) -> bool {
    let Some((rest, last)) = before.rsplit_once(' ') else {
        return false;
    };
    let mut printed = (0..typed.numerals.len()).filter(|&i| !typed.numerals[i].spelled);
    let ends_there = |i: usize| {
        let range = typed.typed_range(Slot::Numeral(i));
        range.is_some_and(|range| range.end == rest.len())
    };
    language.votes_for.contains(last) && printed.any(ends_there)
}

/// Does the name at `last` end a list: "A, B and C"?
fn is_last_of_list(text: &str, last: usize, language: &Language) -> bool {
    let before = without_article(text.get(..last).unwrap_or("").trim_end(), language);
    before
        .rsplit(' ')
        .next()
        .is_some_and(|word| language.conjunctions.contains(word))
}

/// The years that a sentence names, with their place in the typed text and the
/// word before.
#[must_use]
pub fn years(typed: &Typed) -> Vec<(Range<usize>, i32)> {
    typed
        .numerals
        .iter()
        .enumerate()
        .filter(|(_, n)| n.unit == Unit::Year)
        .filter_map(|(i, n)| Some((typed.typed_range(Slot::Numeral(i))?, n.year()?)))
        .collect()
}

/// Which way a statement points: its form's sign, else its number's.
#[must_use]
pub fn sign_of(statement: &Statement<'_>, typed: &Typed) -> Option<Sign> {
    let printed = statement.number.and_then(|n| typed.numerals.get(n)?.sign);
    match printed {
        Some(s) if s < 0 => Some(Sign::Down),
        Some(_) => Some(Sign::Up),
        None => statement.form.sign,
    }
}

/// Is a statement about the election before by its form alone?
#[must_use]
pub fn is_before(statement: &Statement<'_>) -> bool {
    statement.form.when == Some(When::Before) || statement.form.says == Says::Previous
}
