//! A second look at a number that no form settled: the figure itself says what
//! it is, where it is too particular to be met by chance.
//!
//! Every guess of the language (`[[guess]]`) is asked of everybody whom the
//! sentence or the paragraph speaks of. One that the tables bear out to the
//! last digit agrees; one that a slip of the keyboard parts from the votes of
//! somebody in the sentence is contradicted. Anything else stays open.

use num_traits::Signed;

use super::evaluate::Inquiry;
use super::explain;
use super::judge::judge;
use super::language::{Form, Says, Sign};
use super::mention::Referent;
use super::numeral::{Numeral, Unit};
use super::reader::{Around, Reader};
use super::scope::{Period, Scope};
use super::statement::{self, Actor, Context, Statement};
use super::typed::Slot;
use crate::model::{Claim, Verdict};

impl Reader<'_> {
    /// Reads the number again; `first` is how a form understood it.
    pub(super) fn second_look(
        &self,
        around: &Around<'_>,
        number: usize,
        first: Option<&Statement<'_>>,
    ) -> Option<Claim> {
        let numeral = around.typed.numerals.get(number)?;
        // A swing is nobody's own change.
        let swing = first.is_some_and(|f| f.form.says == Says::Swing);
        if swing || !self.is_particular(numeral) {
            return None;
        }
        let look = Look {
            around,
            number,
            periods: around.periods(number, first, self.language.guesses.first()?)?,
            scopes: around.scopes(),
        };
        // Words that name their subject leave nobody else to ask.
        let named = |f: &&Statement<'_>| !f.who.is_empty() && f.who.iter().all(is_known);
        let bound = first.filter(|f| f.bound).filter(named);
        let named = bound.map_or_else(|| around.named(number), |f| f.who.clone());
        let remembered = around.remembered();
        let everybody = match bound {
            Some(_) => named.clone(),
            None => [
                named.clone(),
                remembered.clone(),
                self.anybody_else(around, numeral, &named, first),
            ]
            .concat(),
        };
        let said = first
            .filter(|f| f.form.strength >= CLEAR)
            .map(|f| f.form.says);
        let guesses = self.language.guesses.iter();
        let rest = around.rest(number);
        let guesses = guesses.filter(|g| may_be(said, g.says) && self.goes_with(g, rest));
        let guesses: Vec<&Form> = guesses.collect();
        let agreeing = look.statements(guesses, &everybody).find_map(|statement| {
            let claim = self.claim(around.typed, &statement, &look.ask(&statement));
            (claim.verdict == Verdict::Agrees).then_some(claim)
        });
        if let Some(mut claim) = agreeing {
            claim
                .reason
                .get_or_insert_with(|| "taken for what it is by its value alone".to_owned());
            return Some(claim);
        }
        let somebody = if named.is_empty() { remembered } else { named };
        let slip = self.slip_of(&look, numeral, &somebody);
        if slip.is_some() || bound.is_some() || numeral.magnitude.value < self.language.chance.digit
        {
            return slip;
        }
        let anybody = self.slip_of(&look, numeral, &self.entries_at_home(around))?;
        let swapped = anybody.cause.as_ref().map(|c| c.kind) == Some(SWAPPED);
        swapped.then_some(anybody)
    }

    /// Everybody in the contest, where a number is too large to be one of them
    /// by chance, or where the words name only people whom the tables do not
    /// know: one may stand in them under another name.
    fn anybody_else(
        &self,
        around: &Around<'_>,
        numeral: &Numeral,
        named: &[Actor],
        first: Option<&Statement<'_>>,
    ) -> Vec<Actor> {
        let least = &self.language.chance.anybody;
        let large = numeral.unit == Unit::Count && numeral.magnitude.value >= *least;
        let unknown = first.is_some_and(|f| !f.who.iter().all(is_known));
        if large || unknown && named.is_empty() {
            self.entries_at_home(around)
        } else {
            Vec::new()
        }
    }

    /// Everybody in the contest that the copy is about.
    fn entries_at_home(&self, around: &Around<'_>) -> Vec<Actor> {
        let home = self.names.home().unwrap_or_default();
        let scope = Scope::Contest(home.to_owned());
        let now = around
            .resolver
            .standing(&scope, &Period::Now, Says::Votes)
            .ok();
        let entries = now.and_then(|s| self.facts.standing(s));
        let count = entries.map_or(0, |s| s.entries.len());
        let pairs = now
            .into_iter()
            .flat_map(|s| (0..count).map(move |e| (s, e)));
        pairs
            .map(|(standing, entry)| self.actor(standing, entry))
            .collect()
    }

    /// The contradiction of a number that one slip parts from just one figure of
    /// somebody, or of the contest.
    fn slip_of(&self, look: &Look<'_>, numeral: &Numeral, whose: &[Actor]) -> Option<Claim> {
        let guesses = self.language.guesses.iter();
        let slips = guesses.filter(|g| self.may_slip(g.says, numeral));
        let slips: Vec<&Form> = slips.collect();
        let mut found: Vec<Claim> = Vec::new();
        for statement in look.statements(slips, whose) {
            let inquiries = look.ask(&statement);
            let inquiry = inquiries.first()?;
            let judgement = judge(&inquiry.answer, Some(numeral), self.language);
            let slipped = judgement.cause.as_ref().is_some_and(|cause| {
                cause.kind == SWAPPED
                    || cause.kind.starts_with("digit")
                        && numeral.magnitude.value >= self.language.chance.digit
            });
            if judgement.verdict != Verdict::Contradicts || !slipped {
                continue;
            }
            let known = found
                .iter()
                .any(|other| other.expected == judgement.expected);
            if known {
                continue;
            }
            let mut claim = self.claim(look.around.typed, &statement, &inquiries);
            claim.verdict = judgement.verdict;
            claim.severity = judgement.severity;
            claim.expected = judgement.expected;
            claim.cause = judgement.cause;
            claim.cells = judgement.cells;
            claim.working = judgement.working;
            claim.reason = Some("taken for what it is one slip away from".to_owned());
            explain::explain(
                &mut claim,
                inquiry,
                Some(numeral),
                self.facts,
                self.language,
            );
            found.push(claim);
        }
        let mut found = found.into_iter();
        found.next().filter(|_| found.next().is_none())
    }

    /// Is a slip between a number and such a figure no chance? Of a large count,
    /// or a share with a decimal.
    fn may_slip(&self, says: Says, numeral: &Numeral) -> bool {
        match numeral.unit {
            Unit::Count => {
                let large = numeral.magnitude.value >= self.language.chance.slip;
                let printed = matches!(
                    says,
                    Says::Votes
                        | Says::Majority
                        | Says::Turnout
                        | Says::Electorate
                        | Says::ValidVotes
                        | Says::Rejected
                );
                printed && large
            }
            Unit::Percent => says == Says::Share,
            _ => false,
        }
    }

    /// "2,047 more votes": is a guess no fall, where the words after the number
    /// say that it rose, and no rise where they say that it fell?
    fn goes_with(&self, guess: &Form, rest: &str) -> bool {
        let falls = guess.sign == Some(Sign::Down);
        let against = if falls {
            &self.language.turns.more
        } else {
            &self.language.turns.fewer
        };
        guess.says != Says::Change || !against.is_match(rest)
    }

    /// Is a number printed so fully that it stands for one figure only: a count
    /// to its last digit, a share with a decimal?
    pub(super) fn is_particular(&self, numeral: &Numeral) -> bool {
        let plain = numeral.hedge.is_none() && numeral.upper.is_none() && !numeral.spelled;
        let magnitude = &numeral.magnitude;
        plain
            && match numeral.unit {
                Unit::Count => {
                    magnitude.value.abs() >= self.language.chance.count && !magnitude.is_round()
                }
                Unit::Percent | Unit::Points => magnitude.decimals >= 1,
                Unit::Ordinal | Unit::Fraction | Unit::Multiple | Unit::Year | Unit::Pair => false,
            }
    }
}

impl Around<'_> {
    /// The typed text after a number.
    fn rest(&self, number: usize) -> &str {
        let range = self.typed.typed_range(Slot::Numeral(number));
        let rest = range.and_then(|range| self.typed.text.get(range.end..));
        rest.unwrap_or("")
    }

    /// The elections to ask, that of the words first; the others only where the
    /// words name none.
    fn periods(
        &self,
        number: usize,
        first: Option<&Statement<'_>>,
        guess: &Form,
    ) -> Option<Vec<Period>> {
        let own = self.statement(number, guess, Vec::new(), None)?;
        let said = first.map_or_else(
            || self.resolver.period(&own, self.typed, self.setting),
            |first| self.resolver.period(first, self.typed, self.setting),
        );
        let mut periods = vec![said.clone()];
        if said == Period::Now {
            let years = statement::years(self.typed).into_iter();
            periods.extend(years.map(|(_, year)| Period::Year {
                year,
                special: false,
            }));
            periods.push(Period::Before);
        }
        Some(periods)
    }

    /// The contests to ask: that of the words first, then each that the sentence
    /// names.
    fn scopes(&self) -> Vec<Option<Scope>> {
        let mut scopes = vec![None];
        for mention in &self.typed.mentions {
            if let Referent::Contest(key) = &mention.referent {
                let scope = Some(Scope::Contest(key.clone()));
                if !scopes.contains(&scope) {
                    scopes.push(scope);
                }
            }
        }
        scopes
    }

    /// Those whom the sentence names, nearest to the number first.
    fn named(&self, number: usize) -> Vec<Actor> {
        let Some(at) = self.typed.typed_range(Slot::Numeral(number)) else {
            return Vec::new();
        };
        let mut named: Vec<(usize, Actor)> = Vec::new();
        for (index, mention) in self.typed.mentions.iter().enumerate() {
            let Some(range) = self.typed.typed_range(Slot::Mention(index)) else {
                continue;
            };
            if statement::is_actor(mention) && is_known(&mention.into()) {
                let distance = range.start.abs_diff(at.start);
                named.push((distance, mention.into()));
            }
        }
        named.sort_by_key(|(distance, _)| *distance);
        named.into_iter().map(|(_, actor)| actor).collect()
    }

    /// Those whom the sentences before left in mind.
    pub(super) fn remembered(&self) -> Vec<Actor> {
        let Context {
            person,
            man,
            woman,
            actor,
            ..
        } = self.context;
        let all = [actor, person, man, woman].into_iter().flatten();
        all.filter(|actor| is_known(actor)).cloned().collect()
    }

    fn statement<'l>(
        &self,
        number: usize,
        form: &'l Form,
        who: Vec<Actor>,
        whom: Option<Actor>,
    ) -> Option<Statement<'l>> {
        let core = self.typed.typed_range(Slot::Numeral(number))?;
        Some(Statement {
            form,
            number: Some(number),
            matched: core.clone(),
            core,
            who,
            whom,
            year: None,
            period: None,
            scope: None,
            bound: true,
            what: None,
            pair: None,
            remembered: false,
        })
    }
}

/// The cause of two neighbouring digits exchanged.
const SWAPPED: &str = "digits-swapped";

/// From this strength on the words leave no doubt about what a number is.
pub(super) const CLEAR: u8 = 3;

/// May a number that clear words call one thing be another? A majority may be
/// the gap between any two; it is nobody's votes. A share is nothing else.
fn may_be(said: Option<Says>, guess: Says) -> bool {
    match said {
        Some(Says::Majority) => matches!(guess, Says::Majority | Says::Lead),
        Some(Says::Share) => guess == Says::Share,
        _ => true,
    }
}

fn is_known(actor: &Actor) -> bool {
    match actor.referent {
        Referent::Candidate(_) | Referent::Party(_) => true,
        Referent::Unknown => actor.party.is_some(),
        Referent::Contest(_) | Referent::Region(_) => false,
    }
}

/// A number, and the elections and contests that it may be of.
struct Look<'a> {
    around: &'a Around<'a>,
    number: usize,
    periods: Vec<Period>,
    /// `None`: the one that the words around the number point to.
    scopes: Vec<Option<Scope>>,
}

impl Look<'_> {
    /// Every guess about everybody in every election.
    fn statements<'s, 'l: 's>(
        &'s self,
        guesses: impl IntoIterator<Item = &'l Form> + 's,
        actors: &'s [Actor],
    ) -> impl Iterator<Item = Statement<'l>> + 's {
        let typed = self.around.typed;
        let at = typed.typed_range(Slot::Numeral(self.number));
        let text = at.and_then(|at| typed.text.get(at)).unwrap_or("");
        let guesses = guesses
            .into_iter()
            .filter(|g| g.pattern.get().is_some_and(|p| p.is_match(text)));
        guesses.flat_map(move |form| {
            let pairs = self.pairs(form, actors);
            pairs.into_iter().flat_map(move |(who, whom)| {
                let settings = self.periods.iter();
                let settings = settings.flat_map(|p| self.scopes.iter().map(move |s| (p, s)));
                settings.filter_map(move |(period, scope)| {
                    let statement =
                        self.around
                            .statement(self.number, form, who.clone(), whom.clone())?;
                    Some(Statement {
                        period: Some(period.clone()),
                        scope: scope.clone(),
                        ..statement
                    })
                })
            })
        })
    }

    /// Who, and against whom, a guess may be about.
    fn pairs(&self, form: &Form, actors: &[Actor]) -> Vec<(Vec<Actor>, Option<Actor>)> {
        let _ = self;
        match form.says {
            Says::Lead => {
                let pairs = actors
                    .iter()
                    .flat_map(|a| actors.iter().map(move |b| (a, b)));
                let pairs = pairs.filter(|(a, b)| a != b);
                pairs
                    .map(|(a, b)| (vec![a.clone()], Some(b.clone())))
                    .collect()
            }
            Says::Votes | Says::Share | Says::Change => {
                actors.iter().map(|a| (vec![a.clone()], None)).collect()
            }
            _ => actors
                .iter()
                .map(|a| (vec![a.clone()], None))
                .chain([(Vec::new(), None)])
                .collect(),
        }
    }

    fn ask(&self, statement: &Statement<'_>) -> Vec<Inquiry> {
        self.around.ask(statement)
    }
}
