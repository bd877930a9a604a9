//! Tokens into mentions: which candidate, party, contest or area a name means.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::model::{Standing, fold, key};

use super::dictionary::Dictionary;
use super::language::Gender;
use super::token::{Token, TokenKind};

/// An entry of a standing: indices into [`Standings`] and its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryRef {
    pub standing: usize,
    pub entry: usize,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referent {
    /// One person, in every contest and election where the name stands.
    Candidate(Vec<EntryRef>),
    /// A party, by the name that the copy gives it.
    Party(String),
    /// A contest, by its key.
    Contest(String),
    /// An area that holds several contests, folded.
    Region(String),
    /// A proper name that the tables do not know.
    Unknown,
}

/// A name in a sentence.
#[derive(Debug, Clone)]
pub struct Mention {
    pub tokens: Range<usize>,
    pub referent: Referent,
    /// As written.
    pub text: String,
    /// A remark on how it is written ("spelled … in the tables").
    pub note: Option<String>,
    /// Its party, where an apposition names one.
    pub party: Option<String>,
    /// The words around it make it the name of a place.
    pub place: bool,
    /// Not the one named is meant, but the rival: "Lee's nearest rival".
    pub rival: bool,
    /// By the text, else by the name that the tables print.
    pub gender: Option<Gender>,
}

impl Mention {
    /// Is it the full name of somebody in the tables?
    #[must_use]
    pub fn is_full_name(&self) -> bool {
        matches!(self.referent, Referent::Candidate(_)) && self.text.contains(' ')
    }
}

/// The names that a piece of copy may use: those of the tables, and what it has
/// introduced itself.
#[derive(Debug)]
pub struct Names<'a> {
    dictionary: &'a Dictionary<'a>,
    /// Candidates whose full name stands somewhere in the copy.
    introduced: BTreeSet<EntryRef>,
    /// Of these, those of the opening.
    opening: BTreeSet<EntryRef>,
    /// Of these, by their first name, those who have another one.
    by_first_name: HashMap<String, BTreeSet<EntryRef>>,
    /// Surnames of leaders whom the copy names in full, with their party.
    leaders: HashMap<String, String>,
    /// People whom the tables do not name, by full name and surname, with the
    /// party that the copy gives them.
    members: HashMap<String, String>,
    /// The contest of copy that names none.
    home: Option<String>,
    /// The year of the election that the copy is about.
    year: Option<i32>,
    /// That of the latest results on the copy's own page.
    latest: Option<i32>,
    /// What the copy calls its contest, where the tables name none.
    own_place: Option<String>,
}

const LONGEST_NAME: usize = 9;
/// Bytes of a letter.
const LONGEST_LETTER: usize = 4;

impl<'a> Names<'a> {
    #[must_use]
    pub fn new(dictionary: &'a Dictionary<'a>) -> Self {
        Self {
            dictionary,
            introduced: BTreeSet::new(),
            opening: BTreeSet::new(),
            by_first_name: HashMap::new(),
            leaders: HashMap::new(),
            members: HashMap::new(),
            home: None,
            year: None,
            latest: None,
            own_place: None,
        }
    }

    /// The party that somebody leads, by a name as the copy has it.
    fn leads(&self, name: &str) -> Option<&String> {
        let known = self.dictionary.leaders.get(name);
        known.or_else(|| self.leaders.get(name))
    }

    /// The party of a leader whom the tables do not name, where the words speak
    /// of the party: in the possessive ("her party", by name), or in tables of
    /// parties alone.
    fn led(&self, words: &[&str], follows: Option<&Token>) -> Option<&String> {
        let party = self.leads(&words.join(" "))?;
        let possessive = follows.is_some_and(|t| t.kind == TokenKind::Possessive);
        (possessive || !self.dictionary.has_people).then_some(party)
    }

    /// Do the tables name any contest?
    #[must_use]
    pub fn has_contests(&self) -> bool {
        !self.dictionary.contests.is_empty()
    }

    /// Do the tables count seats?
    #[must_use]
    pub fn has_seats(&self) -> bool {
        self.dictionary.has_seats
    }

    /// The contest that the others are parts of.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        self.dictionary.whole.as_deref()
    }

    /// Makes a contest the one of copy that names none.
    pub fn set_home(&mut self, contest: Option<String>) {
        let home = contest.or_else(|| self.dictionary.only_contest());
        self.home = home.or_else(|| self.dictionary.whole.clone());
    }

    /// Sets the year of the latest of the page's own results, which its copy is
    /// about.
    pub fn set_latest(&mut self, year: Option<i32>) {
        self.latest = year;
    }

    /// The contest of copy that names none.
    #[must_use]
    pub fn home(&self) -> Option<&str> {
        self.home.as_deref()
    }

    /// The year of the election that the copy is about, where its names tell:
    /// the one with most of the candidates who are introduced.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        self.year
    }

    /// Notes that the candidates introduced so far are those whom the copy opens
    /// with. Further down it may tell of those of long ago.
    pub fn open(&mut self) {
        self.opening.clone_from(&self.introduced);
    }

    /// Settles what the copy is about by the candidates introduced so far. The
    /// year is the one with most of those of the opening, or of all where that
    /// names no two; of years with as many, the latest. Where two or more all
    /// stood in one contest, it is the home of copy that has none.
    pub fn settle(&mut self) {
        // A table without a year is of now, if there is one of another year.
        let mut years: BTreeMap<Option<i32>, BTreeSet<String>> = BTreeMap::new();
        let mut contests: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (name, standing) in self.stood(&self.introduced) {
            let year = standing.year();
            years.entry(year).or_default().insert(name.clone());
            let names = contests.entry(&standing.contest_key).or_default();
            names.insert(name);
        }
        let mut opening: BTreeMap<Option<i32>, BTreeSet<String>> = BTreeMap::new();
        for (name, standing) in self.stood(&self.opening) {
            opening.entry(standing.year()).or_default().insert(name);
        }
        let first: BTreeSet<&String> = opening.values().flatten().collect();
        let of = if first.len() > 1 { &opening } else { &years };
        let most = of
            .iter()
            .max_by_key(|(year, names)| (names.len(), year.is_none()));
        // Nobody writes of two who are yet to stand for the first time.
        let newcomers = years.iter().rev().find(|(year, names)| {
            let others = years.iter().filter(|(other, _)| other != year);
            let known: BTreeSet<&String> = others.flat_map(|(_, names)| names).collect();
            let new = names.iter().filter(|name| !known.contains(name)).count();
            new > 1 || new == 1 && contests.len() == 1
        });
        let most = most.and_then(|(year, _)| *year);
        let newcomers = newcomers.and_then(|(year, _)| *year);
        self.year = self
            .latest
            .or_else(|| most.max(newcomers).filter(|_| most.is_some()));
        let mut contests = contests.into_iter();
        if let (Some((only, names)), None) = (contests.next(), contests.next())
            && names.len() > 1
            && self.home.is_none()
            && !only.is_empty()
        {
            self.home = Some(only.to_owned());
        }
    }

    /// Names introduced, with every standing that has them. A name that several
    /// contests have counts in the one that has most of the names.
    fn stood(&self, introduced: &BTreeSet<EntryRef>) -> Vec<(String, &'a Standing)> {
        let standings = self.dictionary.standings;
        let mut all: Vec<(String, &Standing)> = Vec::new();
        let mut contests: HashMap<&str, HashSet<String>> = HashMap::new();
        for at in introduced {
            let standing = standings.get(at.standing);
            let entry = standing.and_then(|s| s.entries.get(at.entry));
            let candidate = entry.and_then(|e| e.candidate.as_ref());
            if let (Some(standing), Some(candidate)) = (standing, candidate) {
                let name = key(&candidate.text);
                let names = contests.entry(&standing.contest_key).or_default();
                names.insert(name.clone());
                all.push((name, standing));
            }
        }
        let known = |standing: &Standing| {
            let names = contests.get(standing.contest_key.as_str());
            names.map_or(0, HashSet::len)
        };
        let mut most: HashMap<String, usize> = HashMap::new();
        for (name, standing) in &all {
            let best = most.entry(name.clone()).or_default();
            *best = known(standing).max(*best);
        }
        all.retain(|(name, standing)| most.get(name) == Some(&known(standing)));
        all
    }

    /// Notes every candidate whose full name stands in these tokens.
    pub fn introduce(&mut self, tokens: &[Token]) {
        for start in 0..tokens.len() {
            if !tokens[start].capital {
                continue;
            }
            let dictionary = self.dictionary;
            for (_, window) in windows(tokens, start, dictionary) {
                let found = dictionary.people.get(&window.key);
                for at in found.filter(|_| window.words > 1).into_iter().flatten() {
                    self.introduce_candidate(*at);
                }
                if let Some(party) = self.dictionary.leaders.get(&window.folded).cloned() {
                    let surname = window.folded.rsplit(' ').next().unwrap_or_default();
                    self.leaders.entry(surname.to_owned()).or_insert(party);
                }
            }
        }
    }

    fn introduce_candidate(&mut self, at: EntryRef) {
        if !self.introduced.insert(at) {
            return;
        }
        let name = self.dictionary.spoken_name(at);
        if let Some((first, _)) = name.and_then(|name| name.split_once(' ')) {
            let akin = self.by_first_name.entry(first.to_owned());
            akin.or_default().insert(at);
        }
    }

    /// Notes the party of each person whom the tables do not name.
    pub fn introduce_members<'m>(&mut self, mentions: impl Iterator<Item = &'m Mention>) {
        for mention in mentions.filter(|m| m.referent == Referent::Unknown) {
            let folded = fold(&mention.text);
            let party = mention.party.as_ref().or_else(|| self.leads(&folded));
            let Some(party) = party.cloned() else {
                continue;
            };
            let surname = folded.rsplit(' ').next().unwrap_or(&folded).to_owned();
            self.members
                .entry(folded.clone())
                .or_insert_with(|| party.clone());
            self.members.entry(surname).or_insert_with(|| party.clone());
        }
    }

    /// Takes the first place of the copy for its contest, where the tables name
    /// none.
    pub fn introduce_place<'m>(&mut self, mentions: impl Iterator<Item = &'m Mention>) {
        let mut places = mentions.filter(|m| m.place);
        let first = places.next().filter(|_| !self.has_contests());
        self.own_place = first.map(|m| fold(&m.text));
    }

    /// Does the copy have a name for its contest, which the tables do not name?
    #[must_use]
    pub fn has_own_place(&self) -> bool {
        self.own_place.is_some()
    }

    /// Is it what the copy calls its own contest?
    #[must_use]
    pub fn is_own_place(&self, mention: &Mention) -> bool {
        self.own_place.as_deref() == Some(fold(&mention.text).as_str())
    }

    /// Gives each person whom the tables do not name the party that the copy gives
    /// them anywhere.
    pub fn join_members(&self, mentions: &mut [Mention]) {
        let unknown = |m: &&mut Mention| m.referent == Referent::Unknown && m.party.is_none();
        for mention in mentions.iter_mut().filter(unknown) {
            mention.party = self.membership(mention);
        }
    }

    /// The party of a person whom the tables do not name.
    fn membership(&self, mention: &Mention) -> Option<String> {
        let folded = fold(&mention.text);
        let surname = folded.rsplit(' ').next().unwrap_or(&folded);
        let member = self.members.get(&folded);
        let member = member.or_else(|| self.members.get(surname));
        member.or_else(|| self.leads(&folded)).cloned()
    }

    /// The names in a sentence, in order and apart from each other. `taken`
    /// tokens belong to numbers.
    #[must_use]
    pub fn mentions(&self, text: &str, tokens: &[Token], taken: &[Range<usize>]) -> Vec<Mention> {
        let mut out = Vec::new();
        let mut i = 0;
        while i < tokens.len() {
            if let Some(range) = taken.iter().find(|r| r.contains(&i)) {
                i = range.end;
                continue;
            }
            let free_to = taken.iter().map(|r| r.start).filter(|&s| s >= i).min();
            let limit = free_to.unwrap_or(tokens.len());
            let found = self
                .known(tokens, i, limit)
                .or_else(|| self.chunk(tokens, i, limit));
            match found {
                Some((mut range, referent, note)) => {
                    if matches!(referent, Referent::Contest(_)) {
                        range.end = self.with_kind(tokens, range.end, limit);
                    }
                    i = range.end;
                    let from = tokens[range.start].range.start;
                    let to = tokens[range.end - 1].range.end;
                    let text = text.get(from..to).unwrap_or("").to_owned();
                    out.push(Mention {
                        tokens: range,
                        referent,
                        text,
                        note,
                        party: None,
                        place: false,
                        rival: false,
                        gender: None,
                    });
                }
                None => i += 1,
            }
        }
        let mut out = self.join_appositions(tokens, out);
        for mention in &mut out {
            if self.is_left(tokens, mention) {
                mention.referent = Referent::Unknown;
            }
            mention.gender = self.gender(mention);
        }
        out
    }

    /// "Ozaukee County": where the kind of place ends that follows its name.
    fn with_kind(&self, tokens: &[Token], end: usize, limit: usize) -> usize {
        let kind = |at: &usize| {
            let token = tokens.get(*at).filter(|_| *at < limit);
            token.is_some_and(|t| {
                t.capital && self.dictionary.language.place_kinds.contains(&t.folded)
            })
        };
        (end..limit)
            .take_while(kind)
            .last()
            .map_or(end, |at| at + 1)
    }

    /// Which pronoun a person calls for.
    fn gender(&self, mention: &Mention) -> Option<Gender> {
        let printed = match &mention.referent {
            Referent::Candidate(refs) => refs.as_slice(),
            _ => &[],
        };
        let language = self.dictionary.language;
        // Some of the tables may print the surname only.
        let mut printed = printed
            .iter()
            .filter_map(|at| self.dictionary.spoken_name(*at));
        let own = language.gender(&fold(&mention.text));
        own.or_else(|| printed.find_map(|name| language.gender(name)))
    }

    /// "The former Green": somebody who is of the party no more.
    fn is_left(&self, tokens: &[Token], mention: &Mention) -> bool {
        let before = mention.tokens.start.checked_sub(1);
        let word = before.and_then(|at| tokens.get(at));
        let left = word.is_some_and(|word| self.dictionary.language.former.contains(&word.folded));
        left && matches!(mention.referent, Referent::Party(_))
    }

    /// The longest name of the dictionary that starts at a token.
    fn known(
        &self,
        tokens: &[Token],
        start: usize,
        limit: usize,
    ) -> Option<(Range<usize>, Referent, Option<String>)> {
        let windows = windows(tokens, start, self.dictionary).into_iter();
        let windows = windows.filter(|(end, _)| *end <= limit);
        windows.rev().find_map(|(end, window)| {
            let referent = self.look_up(tokens, start, &window)?;
            Some((start..end, referent, None))
        })
    }

    fn look_up(&self, tokens: &[Token], start: usize, window: &Window) -> Option<Referent> {
        if let Some(found) = self.dictionary.options.get(&window.folded) {
            return Some(Referent::Candidate(found.clone()));
        }
        let capital = tokens[start].capital;
        if let Some(contest) = self.dictionary.kinds.get(&window.folded) {
            return Some(Referent::Contest(contest.clone()));
        }
        if let Some(contest) = self.dictionary.contest(&window.key).filter(|_| capital) {
            return Some(Referent::Contest(contest.to_owned()));
        }
        if let Some(found) = self.dictionary.people.get(&window.key)
            && capital
            && (window.words > 1 || self.stands_alone(tokens, start))
        {
            let found = self.in_order(found, &window.folded);
            return Some(Referent::Candidate(found));
        }
        if let Some(name) = self.dictionary.parties_by_key.get(&window.key)
            && self.is_party(tokens, start, window, name)
        {
            return Some(Referent::Party(name.clone()));
        }
        let folded = window.folded.as_str();
        (capital && self.dictionary.regions.contains(folded))
            .then(|| Referent::Region(folded.to_owned()))
    }

    /// A one-word name at the start of a sentence may be a plain word.
    fn stands_alone(&self, tokens: &[Token], at: usize) -> bool {
        let first = at == 0 || tokens[..at].iter().all(|t| t.kind == TokenKind::Mark);
        // "voted No": a common word in capitals, where no sentence begins.
        let opens = at == 0 || tokens[at - 1].kind == TokenKind::Mark;
        // "No 10" is an address.
        let numbered = tokens
            .get(at + 1)
            .is_some_and(|t| t.kind == TokenKind::Digits);
        // "No took it": an option, as its verb tells.
        let does = tokens.get(at + 1);
        let does = does.is_some_and(|t| {
            self.dictionary
                .language
                .kinds
                .option_verbs
                .contains(&t.folded)
        });
        let mut options = self.dictionary.language.options.iter();
        let option = does && options.any(|(name, _)| fold(name) == tokens[at].folded);
        let common = (opens && !option || numbered)
            && self.dictionary.language.common.contains(&tokens[at].folded);
        !(common
            || first
                && self
                    .dictionary
                    .language
                    .not_names
                    .contains(&tokens[at].folded))
    }

    /// Short names count only as they are written ("Con", "LD"); long plurals
    /// ("independents"), and names that votes are given to ("voted for labour"),
    /// also in lower case.
    fn is_party(&self, tokens: &[Token], start: usize, window: &Window, name: &str) -> bool {
        let capital = tokens[start].capital;
        let letters = window.folded.chars().filter(|c| c.is_alphabetic()).count();
        if letters < 2 || self.dictionary.language.common.contains(&window.folded) {
            return false;
        }
        let after_for = start > 0
            && self
                .dictionary
                .language
                .votes_for
                .contains(&tokens[start - 1].folded);
        let own = fold(name);
        let plural = window.folded.strip_suffix('s');
        let in_order = own == window.folded || Some(own.as_str()) == plural && capital;
        let last_plural = window.folded.ends_with('s') && letters >= 6;
        in_order && (capital || last_plural || after_for && letters >= 5)
    }

    /// A run of capitalised words that the dictionary does not hold whole.
    fn chunk(
        &self,
        tokens: &[Token],
        start: usize,
        limit: usize,
    ) -> Option<(Range<usize>, Referent, Option<String>)> {
        if !tokens[start].capital || tokens[start].kind != TokenKind::Word {
            return None;
        }
        let first =
            start == 0 || tokens[start - 1].folded == "\"" || tokens[start - 1].folded == ":";
        let is_title = |i: usize| self.dictionary.language.titles.contains(&tokens[i].folded);
        let is_common = |i: usize| self.dictionary.language.common.contains(&tokens[i].folded);
        if is_common(start) {
            return None;
        }
        let end = self.chunk_end(tokens, start, limit);
        let mut own = start;
        while own < end && is_title(own) {
            own += 1 + usize::from(tokens.get(own + 1).is_some_and(|t| t.folded == "."));
        }
        let titled = own > start;
        let words: Vec<&str> = tokens[own.min(end)..end]
            .iter()
            .filter(|t| t.kind == TokenKind::Word)
            .map(|t| t.folded.as_str())
            .collect();
        if words.is_empty() {
            return None;
        }
        if let Some((found, note)) = self.person(&words, titled) {
            let sure = words.len() > 1 || titled || self.stands_alone(tokens, own);
            if sure {
                return Some((start..end, Referent::Candidate(found), note));
            }
        }
        let not_names = &self.dictionary.language.not_names;
        let plain =
            words.iter().all(|w| not_names.contains(*w)) || not_names.contains(&words.join(" "));
        let led = self.led(&words, tokens.get(end));
        if let Some(party) = led {
            return Some((start..end, Referent::Party(party.clone()), None));
        }
        if plain || (words.len() == 1 && !titled && first) {
            return None;
        }
        Some((start..end, Referent::Unknown, None))
    }

    /// Capitalised words, initials with their point, particles and hyphens
    /// between them; it stops before a name that the dictionary has.
    fn chunk_end(&self, tokens: &[Token], start: usize, limit: usize) -> usize {
        let word = |i: usize| {
            tokens
                .get(i)
                .is_some_and(|t| t.kind == TokenKind::Word && t.capital)
        };
        let mut end = start + 1;
        while end < limit {
            let token = &tokens[end];
            let initial = token.folded == "."
                && tokens[end - 1].folded.chars().count() <= 3
                && tokens[end - 1].range.end == token.range.start
                && (self
                    .dictionary
                    .language
                    .titles
                    .contains(&tokens[end - 1].folded)
                    || tokens[end - 1].folded.chars().count() == 1);
            let hyphen = token.folded == "-"
                && tokens[end - 1].range.end == token.range.start
                && tokens
                    .get(end + 1)
                    .is_some_and(|t| t.range.start == token.range.end);
            let particle = token.kind == TokenKind::Word
                && !token.capital
                && self.dictionary.language.particles.contains(&token.folded);
            let next_is_word = end + 1 < limit && word(end + 1);
            if word(end) {
                if self.known(tokens, end, limit).is_some() && !self.continues(tokens, start, end) {
                    break;
                }
                end += 1;
            } else if initial || ((hyphen || particle) && next_is_word) {
                end += if initial { 1 } else { 2 };
            } else {
                break;
            }
        }
        end.min(limit)
    }

    /// Inside a chunk, a party's or an area's name may be part of a longer
    /// proper name ("Green Lane"); only a person's or contest's ends it.
    fn continues(&self, tokens: &[Token], start: usize, at: usize) -> bool {
        let end = tokens.len();
        let titled = self
            .dictionary
            .language
            .titles
            .contains(&tokens[start].folded);
        let known = self.known(tokens, at, end);
        let one_word = known.as_ref().is_some_and(|(range, _, _)| range.len() == 1);
        match known.map(|(_, referent, _)| referent) {
            // A table may print surnames only: "McDonagh" goes on in "Seamus McDonagh".
            Some(Referent::Candidate(_)) => titled || one_word,
            Some(Referent::Contest(_)) => false,
            Some(Referent::Party(_)) => one_word,
            Some(Referent::Region(_) | Referent::Unknown) | None => true,
        }
    }

    /// The candidate that a run of words names, in full or in part.
    fn person(&self, words: &[&str], titled: bool) -> Option<(Vec<EntryRef>, Option<String>)> {
        if let Some(found) = self.dictionary.people.get(&sorted(words)) {
            return Some((self.in_order(found, &words.join(" ")), None));
        }
        if let ([given], true) = (words, titled)
            && let Some(found) = self.by_given_name(given)
        {
            return Some((found, None));
        }
        if let [name] = words
            && let Some(found) = self.by_either_name(name)
        {
            return Some((found, None));
        }
        let by_surname = surname_forms(words)
            .into_iter()
            .find_map(|form| Some((self.dictionary.surnames.get(&form)?, form)));
        if let Some((found, form)) = by_surname {
            let given = given_part(words, &form);
            let fitting: Vec<EntryRef> = found
                .iter()
                .copied()
                .filter(|at| self.fits(*at, &given, &form))
                .collect();
            let narrowed = self.narrowed(fitting, given.is_empty());
            if !narrowed.is_empty() {
                return Some((narrowed, None));
            }
        }
        self.misspelt(words)
    }

    /// Of people whose names have the same words, those who have them in this
    /// order, if any: a father and a son.
    fn in_order(&self, found: &[EntryRef], folded: &str) -> Vec<EntryRef> {
        let same = |at: &EntryRef| self.dictionary.spoken_name(*at) == Some(folded);
        let own: Vec<EntryRef> = found.iter().copied().filter(same).collect();
        if own.is_empty() { found.to_vec() } else { own }
    }

    /// "Sir Julian": a title before the given name of someone named in full.
    fn by_given_name(&self, given: &str) -> Option<Vec<EntryRef>> {
        let found = self.by_first_name.get(given)?;
        let found: Vec<EntryRef> = found.iter().copied().collect();
        (!found.is_empty() && !self.dictionary.surnames.contains_key(given)).then_some(found)
    }

    /// "Chandy", who is Chandy Oommen at one election and Oommen Chandy, his
    /// father, at the one before: both, where both are named in full.
    fn by_either_name(&self, name: &str) -> Option<Vec<EntryRef>> {
        let given = self.by_first_name.get(name)?;
        let given: Vec<EntryRef> = given.iter().copied().collect();
        let surname = self.dictionary.surnames.get(name)?.iter();
        let surname = surname.filter(|at| self.introduced.contains(at)).copied();
        let mut both: Vec<EntryRef> = surname.collect();
        let apart = |at: &EntryRef| both.iter().all(|other| other.standing != at.standing);
        if given.is_empty() || both.is_empty() || !given.iter().all(apart) {
            return None;
        }
        both.extend(given);
        both.sort_unstable();
        Some(both)
    }

    /// Do given names fit a candidate's? Nicknames and initials do; a table
    /// that prints surnames only fits any.
    fn fits(&self, at: EntryRef, given: &[&str], surname: &str) -> bool {
        let Some(name) = self.dictionary.candidate_name(at) else {
            return false;
        };
        // A ticket has two names and goes by the first.
        let head = name.split_once('/').map(|(head, _)| fold(&spoken(head)));
        let folded = head.as_deref().or_else(|| self.dictionary.spoken_name(at));
        let words: Vec<&str> = folded.unwrap_or_default().split(' ').collect();
        let own = given_part(&words, surname);
        match (given.first(), own.first()) {
            (None, _) | (_, None) => true,
            (Some(a), Some(b)) => {
                self.dictionary.language.same_given_name(a, b)
                    || (a.chars().count() == 1 && b.starts_with(a))
                    || (b.chars().count() == 1 && a.starts_with(b))
                    || own.contains(a)
                    || given.contains(b)
            }
        }
    }

    /// A surname alone means someone named before in full, else someone of the
    /// home contest.
    fn narrowed(&self, found: Vec<EntryRef>, alone: bool) -> Vec<EntryRef> {
        if !alone {
            return found;
        }
        let introduced: Vec<EntryRef> = found
            .iter()
            .copied()
            .filter(|at| self.introduced.contains(at))
            .collect();
        if !introduced.is_empty() {
            return introduced;
        }
        let at_home = |at: &EntryRef| {
            self.dictionary.standings.get(at.standing).is_some_and(|s| {
                self.home.as_deref() == Some(s.contest_key.as_str()) || s.contest_key.is_empty()
            })
        };
        found.into_iter().filter(at_home).collect()
    }

    /// A full name one letter off a candidate's.
    fn misspelt(&self, words: &[&str]) -> Option<(Vec<EntryRef>, Option<String>)> {
        let joined = words.join(" ");
        if words.len() < 2 || joined.chars().count() < 8 {
            return None;
        }
        let (last, _) = words.split_last()?;
        let near = |name: &str| {
            let longer = name.len().abs_diff(joined.len()) > LONGEST_LETTER;
            !longer && strsim::osa_distance(name, &joined) == 1
        };
        let mut found: Vec<EntryRef> = Vec::new();
        // Only names that share a word are compared: a list of a country's
        // candidates is long.
        let share = self.dictionary.surnames.get(*last).into_iter().flatten();
        let all = if self.dictionary.people.len() <= 200 {
            self.dictionary
                .people
                .values()
                .flatten()
                .collect::<Vec<_>>()
        } else {
            share.collect()
        };
        for at in all {
            let name = self
                .dictionary
                .candidate_name(*at)
                .map(fold)
                .unwrap_or_default();
            if near(&name) {
                found.push(*at);
            }
        }
        found.sort_unstable();
        let name = found
            .first()
            .and_then(|at| self.dictionary.candidate_name(*at))?;
        Some((found, Some(format!("the tables spell the name {name}"))))
    }

    /// Joins a person and the party beside it into one mention of the person.
    fn join_appositions(&self, tokens: &[Token], mentions: Vec<Mention>) -> Vec<Mention> {
        let mut out: Vec<Mention> = Vec::new();
        for mention in mentions {
            let joined = out
                .last()
                .and_then(|last| self.joined(tokens, last, &mention));
            if let Some(joined) = joined {
                out.pop();
                out.push(joined);
            } else if let [
                ..,
                person,
                Mention {
                    referent: Referent::Contest(_),
                    ..
                },
            ] = out.as_mut_slice()
                && let Some(joined) = self.joined(tokens, person, &mention)
            {
                // "Ann Lee, Ashby's Labour candidate": the contest stays.
                *person = Mention {
                    tokens: person.tokens.clone(),
                    ..joined
                };
            } else {
                out.push(mention);
            }
        }
        out
    }

    fn joined(&self, tokens: &[Token], first: &Mention, second: &Mention) -> Option<Mention> {
        use super::language::{Keep, NameKind};
        let kind = |m: &Mention| match m.referent {
            Referent::Party(_) => Some(NameKind::Party),
            Referent::Candidate(_) | Referent::Unknown => Some(NameKind::Person),
            Referent::Contest(_) | Referent::Region(_) => None,
        };
        let (a, b) = (kind(first)?, kind(second)?);
        let mut between = String::new();
        for token in &tokens[first.tokens.end..second.tokens.start] {
            between.push(' ');
            between.push_str(&token.folded);
        }
        let one_party = match (&first.referent, &second.referent) {
            (Referent::Party(a), Referent::Party(b)) => self.dictionary.parties.same(a, b),
            _ => true,
        };
        let mut appositions = self.dictionary.language.appositions.iter();
        let found = appositions
            .find(|x| x.first == a && x.second == b && x.between.is_match(&between) && one_party)?;
        let (kept, other) = match found.keep {
            Keep::First => (first, second),
            Keep::Second => (second, first),
        };
        if kept.party.is_some() {
            return None;
        }
        let person = !matches!(kept.referent, Referent::Party(_));
        Some(Mention {
            tokens: first.tokens.start..second.tokens.end,
            party: person.then(|| other.text.clone()),
            ..self.of_party(kept, other)
        })
    }

    /// The candidate among several of one name who stands for the party.
    fn of_party(&self, person: &Mention, party: &Mention) -> Mention {
        let (Referent::Candidate(found), Referent::Party(party)) =
            (&person.referent, &party.referent)
        else {
            return person.clone();
        };
        let stands_for = |at: &&EntryRef| {
            let entry = self
                .dictionary
                .standings
                .get(at.standing)
                .and_then(|s| s.entries.get(at.entry));
            let own = entry.and_then(|e| e.party.as_ref());
            own.is_some_and(|own| self.dictionary.parties.same(&own.text, party))
        };
        let fitting: Vec<EntryRef> = found.iter().filter(stands_for).copied().collect();
        let mut person = person.clone();
        if !fitting.is_empty() {
            person.referent = Referent::Candidate(fitting);
        }
        person
    }
}

/// Runs of words from a token on that may be names of the dictionary, shortest
/// first, with the token after their last.
fn windows(tokens: &[Token], start: usize, names: &Dictionary<'_>) -> Vec<(usize, Window)> {
    let mut out = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let capital = tokens.get(start).is_some_and(|t| t.capital);
    let known = |word: &str| names.may_name(word, capital);
    for i in start..tokens.len() {
        if words.len() >= LONGEST_NAME {
            break;
        }
        let token = &tokens[i];
        match token.kind {
            TokenKind::Word => {
                words.extend(token.folded.split(' '));
                let next = tokens.get(i + 1).map(|t| t.kind);
                if token.folded.split(' ').all(known) {
                    out.push((i + 1, Window::new(&words)));
                } else if next != Some(TokenKind::Possessive) {
                    break;
                }
            }
            TokenKind::Possessive if !words.is_empty() => {
                // "St Mary's": the ending may belong to the name.
                let last = words.pop().map(|last| format!("{last}s"));
                words.extend(last.as_deref());
                if words.iter().all(|word| known(word)) {
                    out.push((i + 1, Window::new(&words)));
                }
                break;
            }
            TokenKind::Mark if token.folded == "&" && !words.is_empty() => {
                words.push("and");
                if !known("and") {
                    break;
                }
            }
            TokenKind::Mark if is_inside_name(tokens, start, i) => {}
            TokenKind::Digits | TokenKind::Possessive | TokenKind::Mark => break,
        }
    }
    out
}

/// Is a mark part of a name: a hyphen, a stroke, the point of an initial, or
/// the quotes and brackets round a nickname (Christina "Chris" Gray)?
fn is_inside_name(tokens: &[Token], start: usize, at: usize) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|b| &tokens[b]), tokens.get(at + 1))
    else {
        return false;
    };
    let word_follows = after.kind == TokenKind::Word && at > start;
    let mark = &tokens[at];
    let joined = before.range.end == mark.range.start;
    match mark.folded.as_str() {
        "-" | "/" => word_follows && joined && after.range.start == mark.range.end,
        "." => word_follows && joined,
        "\"" | "(" | ")" => word_follows,
        _ => false,
    }
}

struct Window {
    key: String,
    folded: String,
    words: usize,
}

impl Window {
    fn new(words: &[&str]) -> Self {
        Self {
            key: sorted(words),
            folded: words.join(" "),
            words: words.len(),
        }
    }
}

pub fn sorted(words: &[&str]) -> String {
    let mut words = words.to_vec();
    words.sort_unstable();
    words.join(" ")
}

/// A name in the order in which it is spoken: "Lee, Ann" is Ann Lee.
pub fn spoken(name: &str) -> String {
    match name.split_once(", ") {
        Some((surname, given)) => format!("{given} {surname}"),
        None => name.to_owned(),
    }
}

/// The last word of a name; the last two or three joined, for names that are
/// written with and without a space ("Ó Búachalla", "O’Buachalla").
pub fn surname_forms(words: &[&str]) -> Vec<String> {
    let mut forms = Vec::new();
    for take in [3, 2, 1] {
        if let Some(tail) = words.len().checked_sub(take).and_then(|at| words.get(at..)) {
            forms.push(tail.concat());
        }
    }
    forms
}

/// The words of a name before a surname form.
fn given_part<'w>(words: &[&'w str], surname: &str) -> Vec<&'w str> {
    for take in [1, 2, 3] {
        if let Some(at) = words.len().checked_sub(take)
            && words.get(at..).is_some_and(|tail| tail.concat() == surname)
        {
            return words.get(..at).unwrap_or(&[]).to_vec();
        }
    }
    words.to_vec()
}
