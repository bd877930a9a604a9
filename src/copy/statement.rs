//! Typed sentences into statements: which form of words says what, of whom.

use std::ops::Range;

use regex::Captures;

use super::language::{Form, Language, Says, Sign, SubjectIs, When};
use super::mention::{Mention, Referent};
use super::numeral::Unit;
use super::typed::{Slot, Typed};

/// Whom a statement speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub referent: Referent,
    pub text: String,
    /// Its party, where the copy names one beside it.
    pub party: Option<String>,
    pub note: Option<String>,
}

impl Actor {
    #[must_use]
    pub fn is_person(&self) -> bool {
        matches!(self.referent, Referent::Candidate(_) | Referent::Unknown)
    }
}

impl From<&Mention> for Actor {
    fn from(mention: &Mention) -> Self {
        Self {
            referent: mention.referent.clone(),
            text: mention.text.clone(),
            party: mention.party.clone(),
            note: mention.note.clone(),
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
    /// "one point ahead of second place": the other is nobody in particular.
    pub place: Option<Actor>,
    /// Numeral of an explicit year.
    pub year: Option<i32>,
    /// The text of group `what`: a figure's label.
    pub what: Option<String>,
}

/// What earlier sentences of a paragraph leave behind.
#[derive(Debug, Clone, Default)]
pub struct Context {
    pub person: Option<Actor>,
    pub party: Option<Actor>,
    /// The last actor of a statement.
    pub actor: Option<Actor>,
}

/// The statements of a sentence: for each number the strongest, and those
/// without a number that do not overlap a stronger one.
#[must_use]
pub fn statements<'l>(
    typed: &Typed,
    language: &'l Language,
    context: &Context,
) -> Vec<Statement<'l>> {
    let mut found = Vec::new();
    for index in language.form_set.matches(&typed.text) {
        let Some(form) = language.forms.get(index) else {
            continue;
        };
        for captures in form.pattern.captures_iter(&typed.text) {
            found.extend(
                Finder {
                    typed,
                    language,
                    form,
                    context,
                    captures: &captures,
                }
                .statement(),
            );
        }
    }
    found.sort_by_key(|s| {
        (
            std::cmp::Reverse(s.form.strength),
            std::cmp::Reverse(s.matched.len()),
        )
    });
    let mut kept: Vec<Statement<'l>> = Vec::new();
    for statement in found {
        let clashes = kept.iter().any(|k| clash(k, &statement));
        if !clashes {
            kept.push(statement);
        }
    }
    kept.sort_by_key(|s| s.core.start);
    kept
}

/// Two statements clash over a number, or over words where neither has one.
fn clash(a: &Statement<'_>, b: &Statement<'_>) -> bool {
    let overlap = a.core.start < b.core.end && b.core.start < a.core.end;
    match (a.number, b.number) {
        (Some(x), Some(y)) => x == y,
        (None, None) => overlap,
        _ => false,
    }
}

struct Finder<'t, 'l> {
    typed: &'t Typed,
    language: &'l Language,
    form: &'l Form,
    context: &'t Context,
    captures: &'t Captures<'t>,
}

impl<'l> Finder<'_, 'l> {
    fn group(&self, name: &str) -> Option<Range<usize>> {
        self.captures.name(name).map(|m| m.range())
    }

    fn statement(&self) -> Option<Statement<'l>> {
        let matched = self.captures.get(0)?.range();
        let number = match self.group("n") {
            Some(range) => Some(self.typed.slots(range).find_map(|(slot, _)| match slot {
                Slot::Numeral(i) => Some(i),
                Slot::Mention(_) => None,
            })?),
            None => None,
        };
        let core = self
            .group("x")
            .or_else(|| self.group("n"))
            .unwrap_or_else(|| matched.clone());
        let whom = self
            .actors("whom")
            .into_iter()
            .next()
            .or_else(|| self.pronoun_whom());
        let place = self.actors("at").into_iter().next();
        let year = self.group("y").and_then(|range| {
            self.typed.slots(range).find_map(|(slot, _)| match slot {
                Slot::Numeral(i) => self.typed.numerals.get(i)?.year(),
                Slot::Mention(_) => None,
            })
        });
        let what = self.captures.name("what").map(|m| m.as_str().to_owned());
        let who = self.who(&matched, &core);
        Some(Statement {
            form: self.form,
            number,
            matched,
            core,
            who,
            whom,
            place,
            year,
            what,
        })
    }

    fn actors(&self, group: &str) -> Vec<Actor> {
        let Some(range) = self.group(group) else {
            return Vec::new();
        };
        let slots = self.typed.slots(range).filter_map(|(slot, _)| match slot {
            Slot::Mention(i) => self.typed.mentions.get(i).map(Actor::from),
            Slot::Numeral(_) => None,
        });
        slots.collect()
    }

    /// "lost to him": the person of the sentences before.
    fn pronoun_whom(&self) -> Option<Actor> {
        self.group("whom")?;
        self.context.person.clone()
    }

    fn who(&self, matched: &Range<usize>, core: &Range<usize>) -> Vec<Actor> {
        let named = self.actors("who");
        if !named.is_empty() {
            return named;
        }
        match self.form.subject {
            SubjectIs::Nobody | SubjectIs::All => Vec::new(),
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

    fn after_or_context(&self, matched: &Range<usize>) -> Vec<Actor> {
        let after = self.after(matched);
        if after.is_empty() {
            self.context.actor.clone().into_iter().collect()
        } else {
            after
        }
    }

    /// Persons and parties named before the match, nearest first, with their
    /// place; those in the role of an object left out.
    fn named_before(&self, end: usize) -> Vec<(usize, Actor)> {
        let whom = self.group("whom");
        let mut out: Vec<(usize, Actor)> = self
            .typed
            .mentions
            .iter()
            .enumerate()
            .filter(|(_, m)| {
                matches!(
                    m.referent,
                    Referent::Candidate(_) | Referent::Party(_) | Referent::Unknown
                )
            })
            .filter_map(|(i, m)| Some((self.typed.typed_range(Slot::Mention(i))?, m)))
            .filter(|(range, _)| {
                range.end <= end && whom.as_ref().is_none_or(|w| !overlap(w, range))
            })
            .filter(|(range, _)| !self.is_object(range.start))
            .map(|(range, m)| (range.start, Actor::from(m)))
            .collect();
        out.reverse();
        out
    }

    fn is_object(&self, start: usize) -> bool {
        let before = self.typed.text.get(..start).unwrap_or("").trim_end();
        let before = without_article(before, self.language);
        let last = before.rsplit(' ').next().unwrap_or("");
        self.language.objects.contains(last)
    }

    fn before(&self, matched: &Range<usize>, core: &Range<usize>) -> Vec<Actor> {
        let end = core.start.max(matched.start);
        let named = self.named_before(end);
        let upto = self.typed.text.get(..end).unwrap_or("");
        let inside = self.typed.text.get(..core.end).unwrap_or("");
        if let Some((at, personal)) = last_pronoun(inside, self.language)
            && named.first().is_none_or(|(start, _)| *start < at)
        {
            return self.of_pronoun(at, personal, &named).into_iter().collect();
        }
        let Some((start, nearest)) = named.first() else {
            return Vec::new();
        };
        let mut who = vec![nearest.clone()];
        if is_last_of_list(upto, *start, self.language) {
            who.extend(self.rest_of_list(&named, *start));
        }
        who
    }

    fn of_pronoun(&self, at: usize, personal: bool, named: &[(usize, Actor)]) -> Option<Actor> {
        let fits = |a: &Actor| !personal || a.is_person();
        let in_sentence = named.iter().find(|(start, a)| *start < at && fits(a));
        in_sentence
            .map(|(_, a)| a.clone())
            .or_else(|| self.context.person.clone().filter(|_| personal))
            .or_else(|| self.context.actor.clone().filter(fits))
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
                return vec![actor];
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
            let person = matches!(
                m.referent,
                Referent::Candidate(_) | Referent::Party(_) | Referent::Unknown
            );
            (person && range.start == at).then(|| Actor::from(m))
        })
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn without_article<'t>(text: &'t str, language: &Language) -> &'t str {
    match text.rsplit_once(' ') {
        Some((rest, last)) if language.articles.contains(last) => rest.trim_end(),
        _ => text,
    }
}

/// The last pronoun of a text: where it stands, and whether it is of a person.
fn last_pronoun(text: &str, language: &Language) -> Option<(usize, bool)> {
    let mut found = None;
    let mut at = 0;
    for word in text.split_inclusive(' ') {
        let plain = word.trim();
        if language.personal.contains(plain) {
            found = Some((at, true));
        } else if language.impersonal.contains(plain) {
            found = Some((at, false));
        }
        at += word.len();
    }
    found
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
