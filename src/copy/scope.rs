//! Statements into places in the tables: which contest, which election, which
//! entry.

use std::ops::Range;

use crate::model::{Facts, Metric, NAMELESS, Standing, fold};

use super::language::{Language, Says, When};
use super::mention::{EntryRef, Names, Referent};
use super::statement::{Actor, Statement, is_before, years};
use super::typed::{Cue, Slot, Typed};

/// Which contest a stretch of copy speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// By its key.
    Contest(String),
    /// One that the tables do not know, as written.
    Unknown(String),
}

/// Which election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Period {
    Now,
    Before,
    Year {
        year: i32,
        special: bool,
    },
    /// So many years before the latest; the one before where none fits.
    YearsAgo(i32),
    /// The election before the one of a year.
    BeforeYear(i32),
    /// Somebody's first election.
    First,
    /// One that the copy places after another.
    Later,
}

/// What a paragraph has settled so far.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    pub heading: Option<Scope>,
    pub paragraph: Option<Scope>,
    /// The election that a statement before spoke of, for "then".
    pub then: Option<Period>,
    /// The year of an earlier election that the section is about.
    pub section: Option<i32>,
    /// The earlier election that the paragraph told of last.
    pub told: Option<Told>,
}

/// An earlier election that a paragraph tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Year(i32),
    /// One without a year ("the snap election").
    Unknown,
}

impl Setting {
    /// Where somebody of the tables is named, a heading's place that they do not
    /// know is where the count was, or what people call the contest.
    pub fn meets_candidate(&mut self) {
        if matches!(self.heading, Some(Scope::Unknown(_))) {
            self.heading = None;
        }
    }
}

/// Resolves statements against the tables.
#[derive(Debug)]
pub struct Resolver<'a> {
    pub facts: &'a Facts<'a>,
    pub names: &'a Names<'a>,
    pub language: &'a Language,
}

impl Resolver<'_> {
    /// The contest of a statement about an actor: the actor's own, else one
    /// that the sentence names, else the paragraph's, the heading's, the
    /// document's.
    ///
    /// # Errors
    /// Why none can be told.
    pub fn scope(
        &self,
        statement: &Statement<'_>,
        actor: Option<&Actor>,
        typed: &Typed,
        setting: &Setting,
    ) -> Result<Scope, String> {
        let named = statement.scope.clone();
        let named = named.or_else(|| self.named_scope(statement, typed));
        if let Some(Scope::Unknown(part)) = &named
            && actor.is_some_and(|a| matches!(a.referent, Referent::Candidate(_)))
            && self.part(statement, typed).is_some()
        {
            return Ok(Scope::Unknown(part.clone()));
        }
        if let Some(actor) = actor {
            match &actor.referent {
                Referent::Candidate(refs) => return self.contest_of(refs, named, setting, actor),
                Referent::Unknown => {
                    let member = actor.party.as_deref().and_then(|party| {
                        let scope = self.settled(named.clone(), setting)?;
                        self.has_nameless(&scope, party).then_some(scope)
                    });
                    return Ok(member.unwrap_or_else(|| Scope::Unknown(actor.text.clone())));
                }
                Referent::Party(_) | Referent::Contest(_) | Referent::Region(_) => {}
            }
        }
        let named = named.or_else(|| self.contest_of_people(typed));
        let here = named.is_none() && self.says_here(statement, typed);
        let paragraph = match &setting.paragraph {
            Some(Scope::Unknown(_)) if here => None,
            paragraph => paragraph.clone(),
        };
        let setting = &Setting {
            paragraph,
            ..setting.clone()
        };
        self.settled(named, setting)
            .or_else(|| self.counted(statement.form.says))
            .ok_or_else(|| "the copy does not say which contest".to_owned())
    }

    /// "Elsewhere they won; they were sixth here": do the words next to a
    /// statement place it where the copy is about?
    fn says_here(&self, statement: &Statement<'_>, typed: &Typed) -> bool {
        let clause = self.clause(typed, &(statement.matched.start..statement.core.end));
        let words = typed.text.get(clause);
        words.is_some_and(|words| self.language.turns.here.is_match(words))
    }

    /// The one contest in which all those stood whom a sentence names.
    fn contest_of_people(&self, typed: &Typed) -> Option<Scope> {
        let mut all: Option<Vec<&str>> = None;
        for mention in &typed.mentions {
            let Referent::Candidate(refs) = &mention.referent else {
                continue;
            };
            let stood = refs
                .iter()
                .filter_map(|at| self.facts.standing(at.standing));
            let own: Vec<&str> = stood.map(|s| s.contest_key.as_str()).collect();
            all = Some(match all {
                Some(others) => others.into_iter().filter(|k| own.contains(k)).collect(),
                None => own,
            });
        }
        let mut keys = all?;
        keys.sort_unstable();
        keys.dedup();
        match keys.as_slice() {
            [only] => Some(Scope::Contest((*only).to_owned())),
            _ => None,
        }
    }

    /// For what is told of all voters: the only contest whose voters the tables
    /// count.
    fn counted(&self, says: Says) -> Option<Scope> {
        let of_voters = matches!(
            says,
            Says::Turnout | Says::TurnoutChange | Says::TurnoutDirection | Says::Electorate
        );
        let metrics = [Metric::Electorate, Metric::Turnout, Metric::TurnoutShare];
        let counted = |s: &&Standing| metrics.iter().any(|m| s.figure(*m).is_some());
        let mut keys = self.facts.standings.iter().filter(counted);
        let first = &keys.next().filter(|_| of_voters)?.contest_key;
        let only = keys.all(|s| s.contest_key == *first);
        only.then(|| Scope::Contest(first.clone()))
    }

    fn settled(&self, named: Option<Scope>, setting: &Setting) -> Option<Scope> {
        named
            .or_else(|| setting.paragraph.clone())
            .or_else(|| setting.heading.clone())
            .or_else(|| self.names.home().map(|key| Scope::Contest(key.to_owned())))
            .or_else(|| self.unnamed())
    }

    /// Does a contest have a row of the party without a candidate's name? Then
    /// a person of that party whom the copy names may be its candidate.
    fn has_nameless(&self, scope: &Scope, party: &str) -> bool {
        let Scope::Contest(key) = scope else {
            return false;
        };
        let standings = self.facts.standings.of_contest(key);
        standings.flat_map(|s| &s.entries).any(|entry| {
            let own = entry.party.as_ref();
            entry.candidate.is_none()
                && own.is_some_and(|p| self.facts.parties.same(&p.text, party))
        })
    }

    /// Tables that name no contest are of the copy's own; so is the one such
    /// table beside tables of parts ("by region").
    fn unnamed(&self) -> Option<Scope> {
        let standings = self.facts.standings;
        if !standings.positions("").is_empty() {
            return Some(Scope::Contest(String::new()));
        }
        let nameless = |s: &&Standing| s.contest_key.starts_with(NAMELESS) && s.entries.len() > 1;
        let mut keys = standings.iter().filter(nameless).map(|s| &s.contest_key);
        let first = keys.next().filter(|_| self.names.has_contests())?;
        let only = keys.all(|key| key == first);
        only.then(|| Scope::Contest(first.clone()))
    }

    fn contest_of(
        &self,
        refs: &[EntryRef],
        named: Option<Scope>,
        setting: &Setting,
        actor: &Actor,
    ) -> Result<Scope, String> {
        let mut keys: Vec<&str> = refs
            .iter()
            .filter_map(|at| self.facts.standing(at.standing))
            .map(|s| s.contest_key.as_str())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        if let [only] = keys.as_slice() {
            return Ok(Scope::Contest((*only).to_owned()));
        }
        let settled = [named, setting.paragraph.clone(), setting.heading.clone()];
        let home = self.names.home().map(|key| Scope::Contest(key.to_owned()));
        let is_own =
            |scope: &Scope| matches!(scope, Scope::Contest(key) if keys.contains(&key.as_str()));
        let settled = settled.into_iter().flatten().chain(home).find(is_own);
        if let Some(scope) = settled.or_else(|| self.unnamed().filter(is_own)) {
            return Ok(scope);
        }
        Err(format!(
            "ambiguous: {} stood in {} contests",
            actor.text,
            keys.len()
        ))
    }

    /// The contest that the sentence itself names, nearest to the statement. A
    /// place that the tables do not know counts in the statement's own clause,
    /// or where it opens the sentence.
    fn named_scope(&self, statement: &Statement<'_>, typed: &Typed) -> Option<Scope> {
        let clause = self.clause(typed, &statement.matched);
        let opening = self.clause(typed, &(0..1));
        let hangs_on = self.hangs_on(typed, &clause);
        let near = |range: &Range<usize>| {
            let inside = |c: &Range<usize>| range.start >= c.start && range.end <= c.end;
            inside(&clause)
                || hangs_on == Some(range.end)
                || (inside(&opening) && opening.end <= statement.core.start)
        };
        let at = statement.core.start;
        let distance = |range: &Range<usize>| {
            if range.end <= at {
                at - range.end
            } else {
                range.start.saturating_sub(statement.core.end)
            }
        };
        let parted = |range: &Range<usize>| {
            let between = typed.text.get(statement.core.end..range.start);
            between.is_some_and(|words| self.language.next_clause.is_match(words))
        };
        // "In A, where it rained, X led by 10, not enough once B had come in."
        let beyond = |range: &Range<usize>| {
            let between = typed.text.get(statement.core.end..range.start);
            let mut words = between.unwrap_or("").split_whitespace();
            range.start >= clause.end || words.any(|word| self.language.conjunctions.contains(word))
        };
        let mut found: Vec<((bool, usize), Scope)> = Vec::new();
        for (i, mention) in typed.mentions.iter().enumerate() {
            let range = typed.typed_range(Slot::Mention(i));
            let Some(range) = range.filter(|range| !parted(range)) else {
                continue;
            };
            let scope = match &mention.referent {
                Referent::Contest(key) => Scope::Contest(key.clone()),
                Referent::Unknown if self.names.has_contests() && near(&range) && mention.place => {
                    Scope::Unknown(mention.text.clone())
                }
                Referent::Candidate(_)
                | Referent::Party(_)
                | Referent::Region(_)
                | Referent::Unknown => continue,
            };
            found.push(((beyond(&range), distance(&range)), scope));
        }
        if let Some(whole) = self.names.whole()
            && self.lists_contests(typed, at)
        {
            return Some(Scope::Contest(whole.to_owned()));
        }
        let nearest = found.into_iter().min_by_key(|(d, _)| *d);
        nearest
            .map(|(_, scope)| scope)
            .or_else(|| self.part(statement, typed))
    }

    /// "In Bonner and Boundary counties": do the words before `end` name two contests
    /// as one?
    fn lists_contests(&self, typed: &Typed, end: usize) -> bool {
        let mentions = typed.mentions.iter().enumerate();
        let contests = mentions.filter(|(_, m)| matches!(m.referent, Referent::Contest(_)));
        let places = contests.filter_map(|(i, _)| typed.typed_range(Slot::Mention(i)));
        let places: Vec<Range<usize>> = places.filter(|range| range.end <= end).collect();
        places.windows(2).any(|pair| {
            let between = typed.text.get(pair[0].end..pair[1].start).unwrap_or("");
            self.language.conjunctions.contains(between.trim())
        })
    }

    /// Where the place or the year ends that a clause hangs on ("in 2015, when",
    /// "in Ashby, where").
    fn hangs_on(&self, typed: &Typed, clause: &Range<usize>) -> Option<usize> {
        let before = typed.text.get(..clause.start)?;
        let found = self.language.hanging.captures(before)?;
        found.name("on").map(|on| on.end())
    }

    /// A part of a contest, or the country around it, which the tables do not give
    /// apart.
    fn part(&self, statement: &Statement<'_>, typed: &Typed) -> Option<Scope> {
        let core = &statement.core;
        let start = typed.text.get(..core.start).and_then(|t| t.rfind(" ; "));
        let rest = typed.text.get(core.end..).and_then(|t| t.find(" ; "));
        let end = rest.map_or(typed.text.len(), |at| core.end + at);
        let start = start.map_or(0, |at| at + " ; ".len());
        let words = typed.text.get(start..end)?;
        // "Turnout was 68 per cent, which is high for postal votes."
        let aside = |at: &regex::Match<'_>| {
            let between = typed.text.get(core.end..start + at.start());
            between.is_some_and(|between| self.language.aside.is_match(between))
        };
        let parts = self.language.parts.iter();
        let mut parts = parts.filter(|p| !p.wider || self.names.has_contests());
        let found = parts.find_map(|p| {
            let at = p.pattern.captures(words)?.name("at")?;
            (p.wider || !aside(&at)).then_some((p.whole, at))
        });
        found.map(|(is_whole, at)| match self.names.whole() {
            Some(whole) if is_whole => Scope::Contest(whole.to_owned()),
            Some(_) | None => Scope::Unknown(format!("the {}", at.as_str())),
        })
    }

    /// Do the words next to a statement add up those whom it is about ("between
    /// them")?
    #[must_use]
    pub fn is_together(&self, statement: &Statement<'_>, typed: &Typed) -> bool {
        let clause = self.clause(typed, &(statement.matched.start..statement.core.end));
        let mut found = self.language.lists.together.find_iter(&typed.text);
        found.any(|cue| {
            let inside = cue.start() >= clause.start && cue.end() <= clause.end;
            let between = typed.text.get(statement.core.end..cue.start());
            let follows = between.is_some_and(|words| !words.contains([',', ';']));
            inside || follows || cue.start() == 0
        })
    }

    /// Does the sentence speak of the country around, while the tables name no
    /// contest, and the copy a place?
    #[must_use]
    pub fn is_wider(&self, statement: &Statement<'_>, typed: &Typed) -> bool {
        // "Won statewide, but lost here": the two are set against each other.
        let here = || self.language.turns.here.is_match(&typed.text);
        if self.names.has_contests() || !self.names.has_own_place() && !here() {
            return false;
        }
        let clause = self.clause(typed, &statement.matched);
        let wider = self.language.parts.iter().filter(|p| p.wider);
        let mut found = wider.flat_map(|p| p.pattern.find_iter(&typed.text));
        found.any(|cue| cue.start() < clause.end)
    }

    /// Does a verb of the statement's clause place it before something else, and
    /// no year say when?
    #[must_use]
    pub fn is_pluperfect(&self, statement: &Statement<'_>, typed: &Typed) -> bool {
        let clause = self.clause(typed, &statement.matched);
        let words = typed.text.get(clause.start..statement.core.end);
        let dated = statement.year.is_some() || self.year_of_clause(statement, typed).is_some();
        !dated && words.is_some_and(|words| self.language.turns.is_pluperfect(words))
    }

    /// Does the statement's own clause place it somewhere that the tables, which
    /// name no contest, say nothing of ("won in Dundee with 57 per cent")? Who
    /// "won Dundee" won it elsewhere; "gained 536 seats and Dundee" did not.
    #[must_use]
    pub fn is_elsewhere(&self, statement: &Statement<'_>, typed: &Typed, is_value: bool) -> bool {
        if self.names.has_contests() {
            return false;
        }
        let clause = self.clause(typed, &statement.matched);
        let hangs_on = self.hangs_on(typed, &clause);
        let mentions = typed.mentions.iter().enumerate();
        let mut places = mentions
            .filter(|(_, m)| m.referent == Referent::Unknown && !self.names.is_own_place(m));
        places.any(|(index, mention)| {
            typed
                .typed_range(Slot::Mention(index))
                .is_some_and(|range| {
                    let before = typed.text.get(..range.start).unwrap_or("");
                    // "In Dundee, at 57 per cent": the comma parts nothing.
                    let between = typed.text.get(range.end..statement.core.start);
                    let beside = between.is_some_and(|words| {
                        let mut words = words.split_whitespace();
                        let comma = words.next() == Some(",");
                        let no_verbs = &self.language.objects.no_verbs;
                        let one = words.next().is_some_and(|w| no_verbs.contains(w));
                        comma && one && words.next().is_none()
                    });
                    let hung = hangs_on == Some(range.end);
                    (beside || hung || range.start >= clause.start && range.end <= clause.end)
                        && mention.place
                        && (!is_value
                            || hung
                            || range.start == clause.start
                            || self.language.locative.is_match(before))
                })
        })
    }

    /// The contest that a heading is about.
    #[must_use]
    pub fn heading(&self, typed: &Typed) -> Option<Scope> {
        let contests = typed.mentions.iter().find_map(|m| match &m.referent {
            Referent::Contest(key) => Some(Scope::Contest(key.clone())),
            _ => None,
        });
        contests.or_else(|| {
            typed.mentions.iter().find_map(|mention| {
                let unknown = mention.referent == Referent::Unknown
                    && self.names.has_contests()
                    && mention.place;
                unknown.then(|| Scope::Unknown(mention.text.clone()))
            })
        })
    }

    /// The election that a statement speaks of.
    #[must_use]
    pub fn period(&self, statement: &Statement<'_>, typed: &Typed, setting: &Setting) -> Period {
        if let Some(period) = &statement.period {
            return period.clone();
        }
        if let Some(year) = statement.year {
            return Period::Year {
                year,
                special: self.special(typed),
            };
        }
        if self.cue(When::Later, statement, typed).is_some() {
            return Period::Later;
        }
        if is_before(statement) {
            let told = self.year_told(statement, typed);
            return told.map_or(Period::Before, Period::BeforeYear);
        }
        if statement.form.when == Some(When::Now) || self.says_now(statement, typed) {
            return self.now_of(setting);
        }
        if let Some(year) = self.year_of_clause(statement, typed) {
            return Period::Year {
                year,
                special: self.special(typed),
            };
        }
        if self.cue(When::First, statement, typed).is_some() {
            return Period::First;
        }
        if let Some(cue) = self.cue(When::Before, statement, typed) {
            return self.years_ago(cue, typed);
        }
        if self.says_then(typed) {
            return setting.then.clone().unwrap_or(Period::Later);
        }
        setting.section.map_or(Period::Now, year_alone)
    }

    /// "The Labour man, 4,375 to the good in 2017, this time polled 21,555": do
    /// the words right before a statement say that it is of this election?
    fn says_now(&self, statement: &Statement<'_>, typed: &Typed) -> bool {
        let Some(cue) = self.cue(When::Now, statement, typed) else {
            return false;
        };
        let end = cue.range.end;
        let mut between = years(typed).into_iter();
        let dated =
            between.any(|(range, _)| range.start >= end && range.end <= statement.core.start);
        end <= statement.core.start && !dated
    }

    /// Does a time stand in a clause about somebody, which has ended before the
    /// statement tells what it tells ("Lee , who trailed last time , won")?
    fn is_aside(&self, typed: &Typed, time: &Range<usize>, core: &Range<usize>) -> bool {
        let since = typed.text.get(time.end..core.start).unwrap_or("");
        let before = typed.text.get(..time.start).unwrap_or("");
        let clause = before
            .rsplit(" , ")
            .next()
            .filter(|_| before.contains(" , "));
        let first = clause.and_then(|clause| clause.split(' ').next());
        since.contains(" , ") && first.is_some_and(|word| self.language.relative.contains(word))
    }

    fn special(&self, typed: &Typed) -> bool {
        self.language.special.is_match(&typed.text)
    }

    fn says_then(&self, typed: &Typed) -> bool {
        self.language.then.is_match(&typed.text)
    }

    /// The year of the election whose changes a statement tells; of a swing also
    /// one beside it: "in 2010 on a swing of 8 per cent". One that its form names
    /// is what it is measured from.
    #[must_use]
    pub fn year_compared(&self, statement: &Statement<'_>, typed: &Typed) -> Option<i32> {
        let hung = self.year_hung_on(statement, typed);
        let free = || {
            let alone = statement.year.is_none() && statement.form.says == Says::Swing;
            alone
                .then(|| self.year_of_clause(statement, typed))
                .flatten()
        };
        hung.or_else(free)
    }

    /// A year in the statement's clause, or one that opens the sentence; not
    /// one that a change is measured from ("since 2015").
    fn year_of_clause(&self, statement: &Statement<'_>, typed: &Typed) -> Option<i32> {
        let clause = self.clause_of_year(typed, statement);
        let named = years(typed);
        let free = |range: &Range<usize>| {
            let before = typed.text.get(..range.start).unwrap_or("");
            !self.language.base_year.is_match(before)
        };
        let inside = named
            .iter()
            .filter(|(range, _)| {
                free(range)
                    && range.start >= clause.start
                    && range.end <= clause.end
                    && !self.is_aside(typed, range, &statement.core)
            })
            .min_by_key(|(range, _)| range.start.abs_diff(statement.core.start));
        if let Some((_, year)) = inside {
            return Some(*year);
        }
        if let Some(year) = self.year_hung_on(statement, typed) {
            return Some(year);
        }
        let opening = named.iter().find(|(range, _)| {
            range.end <= statement.core.start
                && !typed
                    .text
                    .get(range.end..statement.core.start)
                    .unwrap_or("")
                    .contains(';')
                && free(range)
                && self
                    .language
                    .opening_year
                    .is_match(typed.text.get(..range.end).unwrap_or(""))
        });
        opening.map(|(_, year)| *year)
    }

    /// The year of an earlier election that the clause before a statement tells
    /// of: "the vote in 2015 was 9,000, down from 12,000".
    fn year_told(&self, statement: &Statement<'_>, typed: &Typed) -> Option<i32> {
        let now = self.names.year()?;
        let before = |(range, _): &(Range<usize>, i32)| range.end <= statement.core.start;
        let (range, year) = years(typed).into_iter().rfind(before)?;
        let since = typed.text.get(range.end..statement.core.start)?;
        let upto = typed.text.get(..range.start)?;
        let numbers = typed.slots(range.end..statement.core.start);
        let told = numbers
            .filter(|(slot, _)| matches!(slot, Slot::Numeral(_)))
            .count()
            == 1;
        let base = self.language.base_year.is_match(upto);
        (told && !base && year < now && !since.contains(';')).then_some(year)
    }

    /// The year that the statement's clause hangs on: "in 2015, when".
    #[must_use]
    pub fn year_hung_on(&self, statement: &Statement<'_>, typed: &Typed) -> Option<i32> {
        if let Some(year) = self.year_until(statement, typed) {
            return Some(year);
        }
        let clause = self.clause(typed, &(statement.matched.start..statement.core.end));
        let on = self.hangs_on(typed, &clause)?;
        let mut named = years(typed).into_iter();
        named.find_map(|(range, year)| (range.end == on).then_some(year))
    }

    /// The year until which a change is told.
    fn year_until(&self, statement: &Statement<'_>, typed: &Typed) -> Option<i32> {
        let rest = typed.text.get(statement.core.end..)?;
        let found = self.language.until_year.captures(rest)?.name("y")?;
        let at = statement.core.end + found.start();
        let mut named = years(typed).into_iter();
        named.find_map(|(range, year)| (range.start == at).then_some(year))
    }

    /// The clause around a range: up to the next comma, semicolon, dash or
    /// clause word.
    pub fn clause(&self, typed: &Typed, core: &Range<usize>) -> Range<usize> {
        let mut clause = 0..typed.text.len();
        for found in typed.breaks(self.language) {
            if found.end <= core.start {
                clause.start = found.end;
            } else if found.start >= core.end {
                clause.end = found.start;
                break;
            }
        }
        clause
    }

    /// The clause of a statement with the one before, where it goes on with that:
    /// "a distant third in 2015, with 7,000 votes".
    fn clause_of_year(&self, typed: &Typed, statement: &Statement<'_>) -> Range<usize> {
        let core = statement.matched.start..statement.core.end;
        let clause = self.clause(typed, &core);
        let mut breaks = typed.breaks(self.language).iter();
        let Some(opened) = breaks.find(|found| found.end == clause.start) else {
            return clause;
        };
        // What parts the two may be the word with which the second one opens.
        let words = typed.text.get(opened.start..clause.end).unwrap_or("");
        let words = words.trim_start_matches([' ', ',']);
        if !self.language.turns.continuing.is_match(words) {
            return clause;
        }
        let before = self.clause(typed, opened);
        before.start.min(clause.start)..clause.end
    }

    /// The cue of an election in the clause of a statement or at the opening of
    /// its sentence.
    fn cue<'t>(&self, is: When, statement: &Statement<'_>, typed: &'t Typed) -> Option<&'t Cue> {
        let clause = self.clause(typed, &(statement.matched.start..statement.core.end));
        let cues = typed.cues(self.language).iter();
        cues.filter(|cue| cue.is == is).find_map(|found| {
            let cue = &found.range;
            let between = typed.text.get(statement.core.end..cue.start).unwrap_or("");
            let aside = is == When::Before && self.language.aside.is_match(between);
            let inside = cue.start >= clause.start
                && cue.end <= clause.end
                && !aside
                && !self.is_aside(typed, cue, &statement.core);
            // "Second two years ago, they were third": not of what follows.
            let upto = typed.text.get(..cue.start).unwrap_or("");
            let opens = cue.start <= 4
                && !upto.contains(|ch: char| ch.is_ascii_uppercase())
                && cue.end <= statement.core.start
                && !typed
                    .text
                    .get(cue.end..statement.core.start)?
                    .contains([';', ':']);
            (inside || opens).then_some(found)
        })
    }

    fn years_ago(&self, cue: &Cue, typed: &Typed) -> Period {
        let _ = self;
        let numeral = cue.number.clone().and_then(|number| {
            typed.slots(number).find_map(|(slot, _)| match slot {
                Slot::Numeral(i) => typed.numerals.get(i)?.integer(),
                Slot::Mention(_) => None,
            })
        });
        numeral
            .and_then(|n| i32::try_from(n).ok())
            .map_or(Period::Before, Period::YearsAgo)
    }

    /// The standing of a contest in a period.
    ///
    /// # Errors
    /// Why there is none.
    pub fn standing(&self, scope: &Scope, period: &Period, says: Says) -> Result<usize, String> {
        let key = match scope {
            Scope::Contest(key) => key,
            Scope::Unknown(name) => return Err(format!("{name} is not in the tables")),
        };
        let now = self.now(key, says);
        match period {
            Period::Now => now.ok_or_else(|| "no results in the tables".to_owned()),
            Period::Later => Err("the copy does not say which election".to_owned()),
            Period::First => Err("the tables do not say which election was the first".to_owned()),
            Period::Before => {
                let now = now.ok_or_else(|| "no results in the tables".to_owned())?;
                self.facts
                    .before(now)
                    .ok_or_else(|| "no table for the election before".to_owned())
            }
            Period::YearsAgo(years) => {
                let now = now.ok_or_else(|| "no results in the tables".to_owned())?;
                let year = self
                    .facts
                    .standing(now)
                    .and_then(Standing::year)
                    .map(|y| y - years);
                year.and_then(|year| self.in_year(key, year, false))
                    .or_else(|| self.facts.before(now))
                    .ok_or_else(|| "no table for the election before".to_owned())
            }
            Period::BeforeYear(year) => {
                let then = self.in_year(key, *year, false);
                then.and_then(|then| self.facts.before(then))
                    .ok_or_else(|| format!("no table for the election before {year}"))
            }
            Period::Year { year, special } => self
                .in_year(key, *year, *special)
                .or_else(|| {
                    now.filter(|&n| {
                        self.facts
                            .standing(n)
                            .is_some_and(|s| s.year().is_none() && !self.has_years(key))
                    })
                })
                .or_else(|| now.and_then(|now| self.undated_before(now)))
                .ok_or_else(|| format!("no table for {year}")),
        }
    }

    /// The election before a standing, where neither has a year: which years the
    /// copy means by the two is not known.
    fn undated_before(&self, now: usize) -> Option<usize> {
        let undated = |i: usize| self.facts.standing(i).is_some_and(|s| s.year().is_none());
        let before = self.facts.before(now).filter(|&i| undated(i));
        before.filter(|_| undated(now))
    }

    /// What a comparison with the election before is of: the election of the
    /// section, where the tables tell what changed in it.
    #[must_use]
    pub fn now_of(&self, setting: &Setting) -> Period {
        let section = setting.section.filter(|year| self.tells_changes(*year));
        section.map_or(Period::Now, year_alone)
    }

    /// Do the tables tell what changed in the election of a year?
    fn tells_changes(&self, year: i32) -> bool {
        let changes = [Metric::ShareChange, Metric::VotesChange];
        self.facts.standings.iter().any(|s| {
            let mut entries = s.entries.iter();
            let mut printed = || entries.any(|e| changes.iter().any(|m| e.figure(*m).is_some()));
            s.year().is_some_and(|own| own < year) || s.year() == Some(year) && printed()
        })
    }

    fn has_years(&self, key: &str) -> bool {
        let mut standings = self.facts.standings.of_contest(key);
        standings.any(|s| s.year().is_some() || s.is_parted())
    }

    /// The latest standing of a contest that can speak to a claim, of those no
    /// later than the election that the copy is about.
    fn now(&self, key: &str, says: Says) -> Option<usize> {
        let standings = self.facts.standings;
        let of_seats = matches!(
            says,
            Says::Seats
                | Says::SeatsBefore
                | Says::SeatsChange
                | Says::SeatsTotal
                | Says::SeatsDirection
        );
        let fits = |i: usize| {
            standings.get(i).is_some_and(|s| {
                !self.is_later(s)
                    && (!s.entries.is_empty() || !s.figures.is_empty())
                    && (!of_seats
                        || s.entries.iter().any(|e| {
                            e.figure(Metric::Seats).is_some()
                                || e.figure(Metric::SeatsChange).is_some()
                        }))
            })
        };
        let order = |i: &usize| {
            standings.get(*i).map(|s| {
                (
                    !s.entries.is_empty() && !s.is_parted(),
                    s.year().is_none(),
                    s.year(),
                    s.election_key.clone(),
                    std::cmp::Reverse(*i),
                )
            })
        };
        let of_contest = standings.positions(key).iter().copied();
        of_contest.filter(|&i| fits(i)).max_by_key(order)
    }

    /// Was the election after the one that the copy is about?
    fn is_later(&self, standing: &Standing) -> bool {
        let years = standing.year().zip(self.names.year());
        years.is_some_and(|(held, about)| held > about)
    }

    fn in_year(&self, key: &str, year: i32, special: bool) -> Option<usize> {
        let standings = self.facts.standings;
        let fits = |i: &usize| {
            let standing = standings.get(*i);
            standing.is_some_and(|s| s.year() == Some(year) && !s.entries.is_empty())
        };
        let found = standings.positions(key).iter().copied().filter(fits);
        let found: Vec<usize> = found.collect();
        let is_special = |i: &&usize| standings.get(**i).is_some_and(|s| s.election_key.len() > 4);
        let wanted = found.iter().find(|i| is_special(i) == special);
        wanted.or_else(|| found.first()).copied()
    }

    /// The entry that an actor has in a standing.
    ///
    /// # Errors
    /// Why there is none.
    pub fn entry(&self, actor: &Actor, standing: usize) -> Result<usize, String> {
        let title = || {
            self.facts
                .standing(standing)
                .map_or_else(String::new, Standing::title)
        };
        match &actor.referent {
            Referent::Candidate(refs) => {
                if let Some(at) = refs.iter().find(|at| at.standing == standing) {
                    return Ok(at.entry);
                }
                let akin = refs.iter().find_map(|at| {
                    let same = self.facts.standing(at.standing)?.contest_key
                        == self.facts.standing(standing)?.contest_key;
                    same.then(|| self.facts.counterpart(at.standing, at.entry, standing))?
                });
                akin.ok_or_else(|| format!("{} is not in the tables for {}", actor.text, title()))
            }
            Referent::Party(party) => self
                .facts
                .party_entry(standing, party)
                .ok_or_else(|| format!("{} is not in the tables for {}", actor.text, title())),
            Referent::Unknown => {
                let party = actor.party.as_deref();
                let entry = party.and_then(|party| self.facts.party_entry(standing, party));
                let nameless = |entry: &usize| {
                    let standing = self.facts.standing(standing);
                    standing
                        .and_then(|s| s.entries.get(*entry))
                        .is_some_and(|e| e.candidate.is_none())
                };
                entry
                    .filter(nameless)
                    .ok_or_else(|| format!("{} is not in the tables", actor.text))
            }
            Referent::Contest(_) | Referent::Region(_) => {
                Err(format!("{} is not in the tables", actor.text))
            }
        }
    }

    /// The contests of an area, by key; those of all tables where the area is
    /// not named.
    #[must_use]
    pub fn contests_in(&self, region: Option<&str>) -> Vec<String> {
        let mut keys: Vec<String> = self
            .facts
            .standings
            .iter()
            .filter(|s| !s.contest_key.is_empty() && !s.entries.is_empty())
            .filter(|s| region.is_none_or(|r| s.regions.iter().any(|own| fold(own) == r)))
            .map(|s| s.contest_key.clone())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// The general election of a year.
#[must_use]
pub fn year_alone(year: i32) -> Period {
    Period::Year {
        year,
        special: false,
    }
}
