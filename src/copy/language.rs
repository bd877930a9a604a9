//! The words of a language, from `rules/language/*.toml`: what marks a number,
//! a hedge, a period, a claim, and what only looks like one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use rayon::prelude::*;
use regex::Regex;
use serde::Deserialize;

use crate::model::{Exact, Pack, PackError, PackFile, fold, whole};

use super::hedge::Hedge;
use super::openers::Openers;
use super::sieve::Sieve;
use super::trend;

/// What a form of words claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// Votes of one candidate or party.
    Votes,
    /// Its share; of a bare per cent.
    Share,
    /// First minus second, in votes or (a per cent) in points.
    Majority,
    /// Votes, or points, between two.
    Lead,
    /// Change since the election before, in votes, points or seats.
    Change,
    MajorityChange,
    TurnoutChange,
    /// Of all valid votes.
    ValidVotesChange,
    /// The figure of the election before of a stated change.
    Previous,
    /// Now over then, or one over another.
    Ratio,
    /// Majority now over majority then.
    MajorityRatio,
    /// A number of the sentence in majorities: "1,366, three times the margin".
    OverMajority,
    /// One number of the sentence (group `a`) over another (group `b`).
    PrintedRatio,
    /// One number of the sentence (group `a`) is above or below another (`b`).
    PrintedOrder,
    /// By how many per cent it grew.
    RelativeChange,
    Rank,
    /// The place before the election, by seats.
    RankBefore,
    Turnout,
    /// Electors who did not vote.
    NonVoters,
    Electorate,
    ValidVotes,
    Rejected,
    Seats,
    SeatsBefore,
    SeatsChange,
    SeatsTotal,
    /// Councils that a party controls.
    Councils,
    CouncilsBefore,
    CouncilsChange,
    /// How many stood.
    Candidates,
    /// How many stood besides the one spoken of.
    Rivals,
    /// How many contests the tables have, or somebody won.
    Contests,
    Swing,
    /// Several parties together.
    Sum,
    /// A figure that the tables label in words of their own.
    Labelled,
    /// The seats of somebody as a part of all: "four fifths of the house".
    SeatsFraction,
    /// Part of what was there before: "more than half the seats it held".
    SeatsLostFraction,
    /// Part of the votes of the election before that are gone.
    VotesLostPart,
    /// Share of the vote, as a fraction.
    ShareFraction,
    /// The winner now was the winner before.
    Hold,
    /// The winner now was not the winner before.
    Gain,
    Winner,
    Loser,
    /// One beat another.
    Order,
    /// Up or down since the election before.
    VotesDirection,
    ShareDirection,
    MajorityDirection,
    TurnoutDirection,
    SeatsDirection,
    /// Not standing this time.
    Absent,
    /// Kept below the share at which a deposit is lost.
    DepositLost,
    /// Reached it.
    DepositSaved,
    /// How many were kept below it.
    DepositsLost,
    /// More than half of all seats.
    SeatMajority,
}

impl Says {
    /// Does it compare this election with the one before?
    #[must_use]
    pub fn compares(self) -> bool {
        matches!(
            self,
            Self::Change
                | Self::MajorityChange
                | Self::TurnoutChange
                | Self::ValidVotesChange
                | Self::Ratio
                | Self::MajorityRatio
                | Self::RelativeChange
                | Self::VotesLostPart
                | Self::Swing
                | Self::VotesDirection
                | Self::ShareDirection
                | Self::MajorityDirection
                | Self::TurnoutDirection
                | Self::SeatsDirection
        )
    }

    /// Is its number a difference between two elections?
    #[must_use]
    pub fn is_of_changes(self) -> bool {
        matches!(
            self,
            Self::Change
                | Self::MajorityChange
                | Self::TurnoutChange
                | Self::ValidVotesChange
                | Self::SeatsChange
                | Self::CouncilsChange
                | Self::Swing
        )
    }

    /// Is it which way a thing went?
    #[must_use]
    pub fn is_of_direction(self) -> bool {
        matches!(
            self,
            Self::VotesDirection
                | Self::ShareDirection
                | Self::MajorityDirection
                | Self::TurnoutDirection
                | Self::SeatsDirection
        )
    }

    /// Is it about seats and nothing else?
    #[must_use]
    pub fn is_of_seats(self) -> bool {
        matches!(
            self,
            Self::Seats
                | Self::SeatsBefore
                | Self::SeatsChange
                | Self::SeatsTotal
                | Self::SeatsFraction
                | Self::SeatsLostFraction
                | Self::SeatsDirection
                | Self::Councils
                | Self::CouncilsBefore
                | Self::CouncilsChange
        )
    }
}

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    Up,
    Down,
}

/// Which election a form speaks of when it names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    Now,
    /// The election before.
    Before,
    /// Somebody's first election, whose year the tables do not say.
    First,
    /// Some years after one that was spoken of.
    Later,
}

/// How a form finds whom it speaks of, when its pattern does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectIs {
    /// The name before it in its sentence, else after it.
    #[default]
    Before,
    /// The name after it, else before it.
    After,
    /// Nobody: it is about the contest.
    Nobody,
    /// Every contest of an area.
    All,
    /// The other one: the runner-up of a winner, the winner of anybody else.
    Rival,
    /// The first two.
    FirstTwo,
    /// The one who came first, of a clause that names nobody.
    First,
    /// The one who came second, of a clause that names nobody.
    Second,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormEntry {
    id: String,
    says: Says,
    /// A regular expression over the typed sentence; see `rules/language`.
    pattern: String,
    /// Words that may not stand between the start of the match and its number:
    /// with them the number is of something else.
    #[serde(default)]
    not_across: Option<String>,
    #[serde(default)]
    sign: Option<Sign>,
    #[serde(default)]
    when: Option<When>,
    #[serde(default)]
    subject: SubjectIs,
    /// The number that the words themselves are: 2, of "runner-up".
    #[serde(default)]
    number: Option<i64>,
    /// The hedge, by id, that the words put on their number ("failed to reach").
    #[serde(default)]
    hedge: Option<String>,
    /// Its number is printed with a sign.
    #[serde(default)]
    signed: bool,
    /// Its words say nothing of a result: what other forms see in them is void.
    #[serde(default)]
    void: bool,
    /// Only of tables that count seats, or only of those that do not.
    #[serde(default)]
    seats: Option<bool>,
    /// 6: a claim even of a number that looks like none; 4 and 5: narrow forms
    /// that go before general ones; 3: the words leave no doubt; 2: they mean it as a rule; 1: a guess,
    /// never contradicted.
    strength: u8,
    /// A sentence that the pattern must match, in typed form.
    example: Vec<String>,
}

/// A form of words that carries a claim.
#[derive(Debug)]
pub struct Form {
    pub id: String,
    pub says: Says,
    pub pattern: Pattern,
    pub not_across: Option<Regex>,
    pub sign: Option<Sign>,
    pub when: Option<When>,
    pub subject: SubjectIs,
    pub number: Option<i64>,
    pub hedge: Option<String>,
    pub signed: bool,
    pub void: bool,
    pub seats: Option<bool>,
    pub strength: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoClaimEntry {
    why: String,
    /// A regular expression over the sentence as written, case folded; the
    /// numbers in its group `n`, or else in the whole match, are no claims.
    pattern: String,
    example: Vec<String>,
}

/// A regular expression that is compiled when it is first asked for: of the
/// hundreds of a language few occur in one story.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(source: String) -> Self {
        Self {
            source,
            compiled: OnceLock::new(),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// `None` of one that is no regular expression, which reading has told.
    pub fn get(&self) -> Option<&Regex> {
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.source).ok());
        compiled.as_ref()
    }
}

/// A number that says nothing about a result.
#[derive(Debug)]
pub struct NoClaim {
    pub why: String,
    pub pattern: Pattern,
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct LanguageFile {
    #[serde(default)]
    macros: HashMap<String, String>,
    #[serde(default)]
    form: Vec<FormEntry>,
    #[serde(default)]
    guess: Vec<FormEntry>,
    #[serde(default)]
    hedge: Vec<Hedge>,
    #[serde(default)]
    no_claim: Vec<NoClaimEntry>,
    #[serde(default)]
    numbers: Option<NumberWords>,
    #[serde(default)]
    words: Option<OtherWords>,
    #[serde(default)]
    chance: Option<ChanceEntry>,
    #[serde(default)]
    period: Vec<PeriodEntry>,
    #[serde(default)]
    clauses: Option<ClauseEntry>,
    #[serde(default)]
    sum: Vec<SumEntry>,
    #[serde(default)]
    place: Vec<PlaceEntry>,
    #[serde(default)]
    given_names: Vec<Vec<String>>,
    #[serde(default)]
    given_name_pronouns: Option<GivenNamePronouns>,
    #[serde(default)]
    part: Vec<PartEntry>,
    #[serde(default)]
    option: Vec<OptionEntry>,
    #[serde(default)]
    apposition: Vec<AppositionEntry>,
    #[serde(default)]
    trend: Vec<TrendEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChanceEntry {
    count: i64,
    anybody: i64,
    slip: i64,
    digit: i64,
    neighbour: i64,
    divisor: i64,
}

/// From what value on a number printed to its last digit meets a figure by no
/// chance.
#[derive(Debug, Default)]
pub struct Chance {
    /// It is what it is, though no words say so.
    pub count: Exact,
    /// It may be of anybody in the contest.
    pub anybody: Exact,
    /// A figure from which it is parted by two digits exchanged is meant.
    pub slip: Exact,
    /// One from which it is parted by one digit is meant.
    pub digit: Exact,
    /// It may be taken from somebody else.
    pub neighbour: Exact,
    /// It may divide another number of its sentence.
    pub divisor: Exact,
}

impl From<ChanceEntry> for Chance {
    fn from(entry: ChanceEntry) -> Self {
        Self {
            count: whole(entry.count),
            anybody: whole(entry.anybody),
            slip: whole(entry.slip),
            digit: whole(entry.digit),
            neighbour: whole(entry.neighbour),
            divisor: whole(entry.divisor),
        }
    }
}

/// Number words: cardinals, ordinals, multipliers, fractions.
#[derive(Debug, Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
pub struct NumberWords {
    pub cardinal: HashMap<String, i64>,
    pub ordinal: HashMap<String, i64>,
    pub multiplier: HashMap<String, i64>,
    /// Numerator and denominator.
    pub fraction: HashMap<String, (i64, i64)>,
    /// "twice", "doubled": how many times.
    pub multiple: HashMap<String, (i64, i64)>,
    /// Suffixes of a numeral that make it per cent.
    pub percent: Vec<String>,
    /// Suffixes that make it percentage points.
    pub points: Vec<String>,
    /// After a number, they make it a multiple: "three times".
    pub times: HashSet<String>,
    /// Nouns that only a count can have: "1851 votes" is no year.
    pub counted_nouns: HashSet<String>,
    /// Between two small numbers, they make a fraction: "one in nine".
    pub in_parts: HashSet<String>,
}

impl NumberWords {
    /// Can only a count stand before this word?
    #[must_use]
    pub fn counted(&self, word: Option<&str>) -> bool {
        word.is_some_and(|word| self.counted_nouns.contains(word))
    }
}

#[derive(Debug, Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
struct OtherWords {
    /// Written before a name; they mark a person and are no part of the name.
    titles: Vec<String>,
    /// Before a party that somebody has left.
    former: Vec<String>,
    /// In the names of places, and left out in copy: "city".
    place_kinds: Vec<String>,
    /// Words for what is held in one place after another: "primary", "runoff".
    contest_kinds: Vec<String>,
    /// Before a number after a verb of change: where it went, not how far.
    levels: Vec<String>,
    /// After an option of a ballot question that opens a sentence: it is the
    /// option and no plain word.
    option_verbs: Vec<String>,
    /// Written inside a name in lower case.
    particles: Vec<String>,
    /// Capitalised at the start of a sentence, or in a heading, and no name.
    common: Vec<String>,
    /// End with a point inside a sentence.
    abbreviations: Vec<String>,
    /// Capitalised words that are neither a person nor a place of a result.
    not_names: Vec<String>,
    /// Pronouns of a man, of a woman, of others, and relative ones.
    masculine: Vec<String>,
    feminine: Vec<String>,
    impersonal: Vec<String>,
    /// Pronouns of whoever is speaking.
    speaker: Vec<String>,
    things: Vec<String>,
    relative: Vec<String>,
    /// Titles of a man, and of a woman.
    masculine_titles: Vec<String>,
    feminine_titles: Vec<String>,
    /// Open a sentence whose subject comes later.
    fronting: Vec<String>,
    /// Stand before a party that votes are given to.
    votes_for: Vec<String>,
    articles: Vec<String>,
    /// Before several names: "both".
    both: Vec<String>,
    /// After a name, to which what follows belongs.
    #[serde(default)]
    possessive: Vec<String>,
    /// With an article, for the party that was spoken of.
    #[serde(default)]
    for_parties: Vec<String>,
    /// They join the last two names of a list.
    conjunctions: Vec<String>,
    /// Before a name that a clause is not about: "than", "against".
    objects: Vec<String>,
    #[serde(default)]
    clause_openers: Vec<String>,
    #[serde(default)]
    no_verbs: Vec<String>,
    /// Between a number and the name after it that it belongs to: "for".
    glue: Vec<String>,
}

/// Words that make a clause speak of something else than the contest.
#[derive(Debug)]
pub struct Part {
    pub pattern: Regex,
    /// It is more than the contest: the country around it.
    pub wider: bool,
    /// The whole of which the tables hold parts, where they hold it as well.
    pub whole: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    pattern: String,
    #[serde(default)]
    wider: bool,
    #[serde(default)]
    whole: bool,
    example: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppositionEntry {
    /// Regular expression over the words between two names (and, with `tail`,
    /// after the second).
    between: String,
    first: NameKind,
    second: NameKind,
    /// Which of the two names it is that the other describes.
    keep: Keep,
}

/// A kind of name, as far as apposition goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameKind {
    Person,
    Party,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    First,
    Second,
}

/// Two names beside each other that mean one: "Labour's Ann Lee".
#[derive(Debug)]
pub struct Apposition {
    pub between: Regex,
    pub first: NameKind,
    pub second: NameKind,
    pub keep: Keep,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodEntry {
    /// Regular expression over the typed sentence.
    pattern: String,
    is: When,
    example: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenNamePronouns {
    masculine: Vec<String>,
    feminine: Vec<String>,
}

/// Which pronoun stands for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    Masculine,
    Feminine,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SumEntry {
    /// Regular expression over the typed sentence; the numbers in its groups
    /// `a` and `b` make the one in `c`.
    pattern: String,
    is: Operation,
    example: Vec<String>,
}

/// How two numbers make a third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// c = a − b
    Difference,
    /// c = a + b
    Sum,
    /// c = a ÷ b, in per cent
    Percent,
}

/// Three numbers of a sentence, two of which make the third.
#[derive(Debug)]
pub struct Sum {
    pub pattern: Regex,
    pub is: Operation,
}

/// Regular expressions over the typed sentence that part its clauses and tie
/// years to them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClauseEntry {
    /// Ends a clause.
    ends: String,
    /// The text between a statement and what is of the next clause only.
    next: String,
    /// The text before a place where something happens.
    locative: String,
    /// The text before a year that a change is measured from.
    base_year: String,
    /// The text up to a year that opens a sentence and holds for all of it.
    opening_year: String,
    pluperfect: String,
    /// The text before such a verb where it is what somebody said of now.
    reported: String,
    /// A clause that goes on with the one before.
    participle: String,
    /// What stands between two commas and tells of something else.
    set_off: String,
    /// The text before what did not quite happen.
    almost: String,
    here: String,
    pointing: String,
    continuing: String,
    /// What follows a number that rose, and one that fell.
    more: String,
    fewer: String,
    /// The text before a name that the verb right after another name acts on.
    transitive: String,
    seat_words: String,
    vote_words: String,
    /// Words that name shares of the vote.
    share_words: String,
    first_count: String,
    last_count: String,
    /// The same, without words for another contest ("runoff").
    after_preferences: String,
    spoken: String,
    hanging: String,
    aside: String,
    until_year: String,
    rival: String,
    conditional: String,
    /// An election that is not the general one of its year.
    special: String,
    /// Points to the election that the sentence before spoke of.
    then: String,
    /// After a statement: names, in group `who`, that are examples of it.
    examples: String,
    /// Several are added up: "between them".
    together: String,
    /// Several numbers belong to several names, in their order.
    respectively: String,
    /// The text before a name inside words, set off by commas, that tell of the
    /// one named before them: ", daughter of the late".
    described: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceEntry {
    /// Regular expression over the typed sentence; its group `at` is a name
    /// that must be a contest.
    pattern: String,
    example: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrendEntry {
    id: String,
    /// Regular expression over the typed text from the end of a figure on: `x`
    /// the words that say which way, `n` by how much, `base` since when.
    pattern: String,
    sign: Sign,
    example: Vec<String>,
}

/// Words after a figure that say which way it went.
#[derive(Debug)]
pub struct Trend {
    pub pattern: Regex,
    /// The forms of the claims that the words can make, whatever is counted.
    pub forms: Vec<Form>,
}

#[derive(Debug, Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct OptionEntry {
    name: String,
    words: Vec<String>,
}

/// A cue for the election that a clause speaks of.
#[derive(Debug)]
pub struct Period {
    pub pattern: Regex,
    pub is: When,
}

/// What tells a name that a clause is about from others.
#[derive(Debug, Default)]
pub struct Objects {
    /// Before a name that a clause is not about: "than", "against".
    pub words: HashSet<String>,
    /// The same, unless a verb follows the name: "after".
    pub openers: HashSet<String>,
    /// Words after a name that are no verb of its.
    pub no_verbs: HashSet<String>,
}

/// How the parts of a sentence hang together.
#[derive(Debug)]
pub struct Turns {
    pluperfect: Regex,
    reported: Regex,
    /// The text before a name that is the object of the verb before it.
    pub transitive: Regex,
    /// Opens a clause of what somebody does beside what the sentence tells.
    pub participle: Regex,
    /// Words between commas that a sentence can be read without.
    pub set_off: Regex,
    /// Before what did not quite happen: "nearly".
    pub almost: Regex,
    /// In a clause of the place that the copy is about.
    pub here: Regex,
    /// Opens a sentence that goes on with the one before: "that was".
    pub pointing: Regex,
    /// A clause that goes on with the one before.
    pub continuing: Regex,
    /// The text after a number of what rose, and of what fell.
    pub more: Regex,
    pub fewer: Regex,
    /// Before a number after a verb of change: where it went, not how far.
    pub levels: HashSet<String>,
    /// Before several names: "both".
    pub both: HashSet<String>,
    /// After a name, to which what follows belongs.
    pub possessive: HashSet<String>,
    /// With an article, for the party that was spoken of.
    pub for_parties: HashSet<String>,
}

impl Turns {
    /// Do words tell what was before something else? "He said he had lost" does
    /// not.
    #[must_use]
    pub fn is_pluperfect(&self, words: &str) -> bool {
        let mut verbs = self.pluperfect.find_iter(words);
        verbs.any(|verb| {
            let before = words.get(..verb.start());
            !before.is_some_and(|before| self.reported.is_match(before))
        })
    }

    fn nothing(nothing: &Regex) -> Self {
        Self {
            pluperfect: nothing.clone(),
            reported: nothing.clone(),
            transitive: nothing.clone(),
            participle: nothing.clone(),
            set_off: nothing.clone(),
            almost: nothing.clone(),
            here: nothing.clone(),
            pointing: nothing.clone(),
            continuing: nothing.clone(),
            more: nothing.clone(),
            fewer: nothing.clone(),
            levels: HashSet::new(),
            both: HashSet::new(),
            possessive: HashSet::new(),
            for_parties: HashSet::new(),
        }
    }
}

/// Where preferences are counted, words for a count.
#[derive(Debug)]
pub struct Counts {
    pub first: Regex,
    pub last: Regex,
    /// Of the last, those that name no other contest ("runoff").
    pub after_preferences: Regex,
}

impl Counts {
    fn nothing(nothing: &Regex) -> Self {
        Self {
            first: nothing.clone(),
            last: nothing.clone(),
            after_preferences: nothing.clone(),
        }
    }
}

/// Words for what is counted.
#[derive(Debug)]
pub struct Nouns {
    pub votes: Regex,
    pub shares: Regex,
    pub seats: Regex,
}

impl Nouns {
    fn nothing(nothing: &Regex) -> Self {
        Self {
            votes: nothing.clone(),
            shares: nothing.clone(),
            seats: nothing.clone(),
        }
    }
}

/// Words for kinds of contests, and what follows the options of a question.
#[derive(Debug, Default)]
pub struct Kinds {
    /// Of contests that one place holds after another: "primary", "runoff".
    pub contests: BTreeSet<String>,
    /// After an option that opens a sentence: it is the option and no plain word.
    pub option_verbs: HashSet<String>,
}

/// What ties several names and numbers to each other.
#[derive(Debug)]
pub struct Lists {
    /// After a statement: names (`who`) that are examples of it.
    pub examples: Regex,
    /// Several are added up: "between them".
    pub together: Regex,
    /// Several numbers belong to several names, in their order.
    pub respectively: Regex,
    /// Before a name that only tells who another is.
    pub described: Regex,
}

impl Lists {
    fn nothing(nothing: &Regex) -> Self {
        Self {
            examples: nothing.clone(),
            together: nothing.clone(),
            respectively: nothing.clone(),
            described: nothing.clone(),
        }
    }
}

/// Which patterns may match a sentence at all.
#[derive(Debug, Default)]
pub struct Sieves {
    pub forms: Sieve,
    pub no_claims: Sieve,
}

/// Everything that the copy engine knows of a language.
#[derive(Debug)]
pub struct Language {
    pub forms: Vec<Form>,
    /// What a number may be that no form takes in, the likeliest first.
    pub guesses: Vec<Form>,
    pub chance: Chance,
    pub sieves: Sieves,
    pub hedges: Vec<Hedge>,
    pub no_claims: Vec<NoClaim>,
    pub numbers: NumberWords,
    /// What `hedges` and `numbers` begin with.
    pub openers: Openers,
    pub titles: HashSet<String>,
    pub particles: HashSet<String>,
    pub common: HashSet<String>,
    pub former: HashSet<String>,
    pub place_kinds: HashSet<String>,
    pub abbreviations: HashSet<String>,
    pub not_names: HashSet<String>,
    pub masculine: HashSet<String>,
    pub feminine: HashSet<String>,
    pub relative: HashSet<String>,
    pub masculine_titles: HashSet<String>,
    pub feminine_titles: HashSet<String>,
    pub fronting: HashSet<String>,
    pub votes_for: HashSet<String>,
    masculine_names: HashSet<String>,
    feminine_names: HashSet<String>,
    pub impersonal: HashSet<String>,
    pub speaker: HashSet<String>,
    /// Pronouns that stand for no person.
    pub things: HashSet<String>,
    pub articles: HashSet<String>,
    pub conjunctions: HashSet<String>,
    pub objects: Objects,
    pub glue: HashSet<String>,
    pub periods: Vec<Period>,
    /// Words that make a name a contest's: "the U seat".
    pub places: Vec<Regex>,
    /// Words that make a clause speak of a part of a contest.
    pub parts: Vec<Part>,
    pub sums: Vec<Sum>,
    pub clause_break: Regex,
    /// What parts a clause from the next one, which has a subject of its own.
    pub next_clause: Regex,
    pub locative: Regex,
    pub base_year: Regex,
    pub opening_year: Regex,
    /// The words between a place or a year (`on`) and the clause that hangs on it.
    pub hanging: Regex,
    /// After a change: the year (`y`) until which it is told.
    pub until_year: Regex,
    /// After a name: it is the rival who is meant.
    pub rival: Regex,
    /// Opens a clause about somebody inside another one.
    pub aside: Regex,
    pub counts: Counts,
    pub nouns: Nouns,
    /// What follows quoted words and says whose they are (`who`).
    pub spoken: Regex,
    /// Words of what did not happen.
    pub conditional: Regex,
    pub special: Regex,
    pub then: Regex,
    pub lists: Lists,
    pub turns: Turns,
    pub kinds: Kinds,
    /// Options of a ballot question and the words that stand for them.
    pub options: Vec<(String, Vec<String>)>,
    pub appositions: Vec<Apposition>,
    pub trends: Vec<Trend>,
    given_names: HashMap<String, Vec<usize>>,
}

/// From this strength on a form takes in a number that looks like no claim.
const CERTAIN: u8 = 6;

impl Form {
    /// Do its words make a claim of what elsewhere is none ("one more than")?
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.strength >= CERTAIN
    }
}

impl Language {
    /// Reads `rules/language`.
    ///
    /// # Errors
    /// A mistake in a file, with its place.
    pub fn from_pack(pack: &Pack) -> Result<Self, PackError> {
        let mut macros = HashMap::new();
        let mut read = Vec::new();
        for file in pack.files("language") {
            let content: LanguageFile = file.parse()?;
            macros.extend(content.macros.clone());
            read.push((file, content));
        }
        let macros = resolved(macros);
        let mut language = Self::empty(&nothing()?);
        for (file, content) in read {
            let builder = Builder {
                file,
                macros: &macros,
            };
            language.take(&builder, content)?;
        }
        let forms = language.forms.iter().map(|form| form.pattern.as_str());
        language.sieves.forms = sieve_of(forms)?;
        let no_claims = language.no_claims.iter().map(|rule| rule.pattern.as_str());
        language.sieves.no_claims = sieve_of(no_claims)?;
        let longest_first = |hedge: &Hedge| std::cmp::Reverse(hedge.longest());
        language.hedges.sort_by_key(longest_first);
        language.openers = Openers::new(&language.hedges, &language.numbers);
        Ok(language)
    }

    fn take(&mut self, builder: &Builder<'_>, content: LanguageFile) -> Result<(), PackError> {
        self.forms.extend(builder.forms(content.form)?);
        for entry in content.guess {
            self.guesses.push(builder.form(entry)?);
        }
        for entry in content.no_claim {
            let pattern = builder.pattern(&entry.pattern, &entry.example, &entry.why)?;
            self.no_claims.push(NoClaim {
                why: entry.why,
                pattern,
            });
        }
        for entry in content.period {
            let pattern = builder.regex(&entry.pattern, &entry.example, "period")?;
            self.periods.push(Period {
                pattern,
                is: entry.is,
            });
        }
        for entry in content.sum {
            let pattern = builder.regex(&entry.pattern, &entry.example, "sum")?;
            self.sums.push(Sum {
                pattern,
                is: entry.is,
            });
        }
        for entry in content.part {
            let pattern = builder.regex(&entry.pattern, &entry.example, "part")?;
            self.parts.push(Part {
                pattern,
                wider: entry.wider,
                whole: entry.whole,
            });
        }
        for entry in content.place {
            self.places
                .push(builder.regex(&entry.pattern, &entry.example, "place")?);
        }
        for entry in content.trend {
            self.trends.push(builder.trend(&entry)?);
        }
        for entry in content.apposition {
            self.appositions.push(builder.apposition(&entry)?);
        }
        if let Some(clauses) = content.clauses {
            self.take_clauses(builder, &clauses)?;
        }
        self.hedges.extend(content.hedge);
        let options = content.option.into_iter().map(|o| (o.name, o.words));
        self.options.extend(options);
        if let Some(chance) = content.chance {
            self.chance = chance.into();
        }
        self.take_names(&content.given_names, content.given_name_pronouns);
        self.take_words(content.numbers, content.words);
        Ok(())
    }

    fn take_clauses(
        &mut self,
        builder: &Builder<'_>,
        clauses: &ClauseEntry,
    ) -> Result<(), PackError> {
        let regex = |pattern: &str| builder.regex(pattern, &[], "clauses");
        self.clause_break = regex(&clauses.ends)?;
        self.next_clause = regex(&clauses.next)?;
        self.locative = regex(&clauses.locative)?;
        self.base_year = regex(&clauses.base_year)?;
        self.opening_year = regex(&clauses.opening_year)?;
        self.until_year = regex(&clauses.until_year)?;
        self.rival = regex(&clauses.rival)?;
        self.aside = regex(&clauses.aside)?;
        self.hanging = regex(&clauses.hanging)?;
        self.counts.first = regex(&clauses.first_count)?;
        self.counts.last = regex(&clauses.last_count)?;
        self.counts.after_preferences = regex(&clauses.after_preferences)?;
        self.nouns.seats = regex(&clauses.seat_words)?;
        self.nouns.votes = regex(&clauses.vote_words)?;
        self.nouns.shares = regex(&clauses.share_words)?;
        self.spoken = regex(&clauses.spoken)?;
        self.turns.pluperfect = regex(&clauses.pluperfect)?;
        self.turns.reported = regex(&clauses.reported)?;
        self.turns.participle = regex(&clauses.participle)?;
        self.turns.set_off = regex(&clauses.set_off)?;
        self.turns.almost = regex(&clauses.almost)?;
        self.turns.here = regex(&clauses.here)?;
        self.turns.pointing = regex(&clauses.pointing)?;
        self.turns.continuing = regex(&clauses.continuing)?;
        self.turns.more = regex(&clauses.more)?;
        self.turns.fewer = regex(&clauses.fewer)?;
        self.turns.transitive = regex(&clauses.transitive)?;
        self.conditional = regex(&clauses.conditional)?;
        self.special = regex(&clauses.special)?;
        self.then = regex(&clauses.then)?;
        self.lists = Lists {
            examples: regex(&clauses.examples)?,
            together: regex(&clauses.together)?,
            respectively: regex(&clauses.respectively)?,
            described: regex(&clauses.described)?,
        };
        Ok(())
    }

    fn empty(nothing: &Regex) -> Self {
        Self {
            clause_break: nothing.clone(),
            next_clause: nothing.clone(),
            locative: nothing.clone(),
            base_year: nothing.clone(),
            opening_year: nothing.clone(),
            hanging: nothing.clone(),
            aside: nothing.clone(),
            until_year: nothing.clone(),
            rival: nothing.clone(),
            nouns: Nouns::nothing(nothing),
            spoken: nothing.clone(),
            conditional: nothing.clone(),
            special: nothing.clone(),
            then: nothing.clone(),
            lists: Lists::nothing(nothing),
            turns: Turns::nothing(nothing),
            counts: Counts::nothing(nothing),
            kinds: Kinds::default(),
            forms: Vec::new(),
            guesses: Vec::new(),
            chance: Chance::default(),
            sieves: Sieves::default(),
            hedges: Vec::new(),
            no_claims: Vec::new(),
            numbers: NumberWords::default(),
            openers: Openers::default(),
            titles: HashSet::new(),
            particles: HashSet::new(),
            common: HashSet::new(),
            former: HashSet::new(),
            place_kinds: HashSet::new(),
            abbreviations: HashSet::new(),
            not_names: HashSet::new(),
            masculine: HashSet::new(),
            feminine: HashSet::new(),
            relative: HashSet::new(),
            masculine_titles: HashSet::new(),
            feminine_titles: HashSet::new(),
            fronting: HashSet::new(),
            votes_for: HashSet::new(),
            masculine_names: HashSet::new(),
            feminine_names: HashSet::new(),
            impersonal: HashSet::new(),
            speaker: HashSet::new(),
            things: HashSet::new(),
            articles: HashSet::new(),
            conjunctions: HashSet::new(),
            objects: Objects::default(),
            glue: HashSet::new(),
            periods: Vec::new(),
            places: Vec::new(),
            parts: Vec::new(),
            sums: Vec::new(),
            options: Vec::new(),
            trends: Vec::new(),
            appositions: Vec::new(),
            given_names: HashMap::new(),
        }
    }

    fn take_words(&mut self, numbers: Option<NumberWords>, words: Option<OtherWords>) {
        if let Some(numbers) = numbers {
            self.numbers = numbers;
        }
        if let Some(words) = words {
            self.titles.extend(words.titles);
            self.particles.extend(words.particles);
            self.common.extend(words.common);
            self.former.extend(words.former);
            self.place_kinds.extend(words.place_kinds);
            self.kinds.contests.extend(words.contest_kinds);
            self.turns.levels.extend(words.levels);
            self.kinds.option_verbs.extend(words.option_verbs);
            self.abbreviations.extend(words.abbreviations);
            self.not_names.extend(words.not_names);
            self.masculine.extend(words.masculine);
            self.feminine.extend(words.feminine);
            self.impersonal.extend(words.impersonal);
            self.speaker.extend(words.speaker);
            self.things.extend(words.things);
            self.relative.extend(words.relative);
            self.masculine_titles.extend(words.masculine_titles);
            self.feminine_titles.extend(words.feminine_titles);
            self.fronting.extend(words.fronting);
            self.votes_for.extend(words.votes_for);
            self.articles.extend(words.articles);
            self.turns.both.extend(words.both);
            self.turns.possessive.extend(words.possessive);
            self.turns.for_parties.extend(words.for_parties);
            self.conjunctions.extend(words.conjunctions);
            self.objects.words.extend(words.objects);
            self.objects.openers.extend(words.clause_openers);
            self.objects.no_verbs.extend(words.no_verbs);
            self.glue.extend(words.glue);
        }
    }

    fn take_names(&mut self, given_names: &[Vec<String>], pronouns: Option<GivenNamePronouns>) {
        for (group, names) in given_names.iter().enumerate() {
            for name in names {
                self.given_names.entry(fold(name)).or_default().push(group);
            }
        }
        if let Some(pronouns) = pronouns {
            self.masculine_names.extend(pronouns.masculine);
            self.feminine_names.extend(pronouns.feminine);
        }
        for set in [&mut self.masculine_names, &mut self.feminine_names] {
            let groups = given_names.iter();
            let known = groups.filter(|g| g.iter().any(|name| set.contains(name)));
            let short: Vec<String> = known.flatten().cloned().collect();
            set.extend(short);
        }
    }

    /// Is a word a pronoun of a person?
    #[must_use]
    pub fn is_personal(&self, word: &str) -> bool {
        self.masculine.contains(word) || self.feminine.contains(word)
    }

    /// Which pronoun a folded name calls for, by its title or given name.
    #[must_use]
    pub fn gender(&self, folded: &str) -> Option<Gender> {
        let mut words = folded.split(' ');
        let first = words.next()?;
        let pick = |men: &HashSet<String>, women: &HashSet<String>, word: &str| match (
            men.contains(word),
            women.contains(word),
        ) {
            (true, false) => Some(Gender::Masculine),
            (false, true) => Some(Gender::Feminine),
            _ => None,
        };
        pick(&self.masculine_titles, &self.feminine_titles, first)
            .or_else(|| pick(&self.masculine_names, &self.feminine_names, first))
            .or_else(|| pick(&self.masculine_names, &self.feminine_names, words.next()?))
    }

    /// May two given names be one person's? ("Liz" and "Elizabeth")
    #[must_use]
    pub fn same_given_name(&self, a: &str, b: &str) -> bool {
        if a == b {
            return true;
        }
        let groups = |name| self.given_names.get(name).map_or(&[][..], Vec::as_slice);
        groups(a).iter().any(|g| groups(b).contains(g))
    }
}

/// A pattern that matches nothing, for a language without the entry.
fn nothing() -> Result<Regex, PackError> {
    Regex::new(r"[^\s\S]").map_err(|e| PackError::Unreadable {
        path: "rules/language".to_owned(),
        reason: e.to_string(),
    })
}

fn sieve_of<'a>(patterns: impl Iterator<Item = &'a str>) -> Result<Sieve, PackError> {
    let patterns: Vec<&str> = patterns.collect();
    Sieve::new(&patterns).map_err(|reason| PackError::Unreadable {
        path: "rules/language".to_owned(),
        reason,
    })
}

/// A pattern with the macros that it names.
fn fill(pattern: &str, macros: &HashMap<String, String>) -> String {
    let mut filled = String::with_capacity(pattern.len() * 4);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}');
        let found = named.and_then(|(name, after)| Some((macros.get(name)?, after)));
        if let Some((value, after)) = found {
            filled.extend(["(?:", value, ")"]);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// Macros may use macros; a few rounds fill them all.
fn resolved(mut macros: HashMap<String, String>) -> HashMap<String, String> {
    for _ in 0..4 {
        let filled = macros
            .iter()
            .map(|(name, value)| (name.clone(), fill(value, &macros)));
        macros = filled.collect();
    }
    macros
}

/// Compiles the patterns of one file.
struct Builder<'a> {
    file: &'a PackFile,
    macros: &'a HashMap<String, String>,
}

impl Builder<'_> {
    /// All forms of a file, on all processors: the user's are compiled. Of several
    /// mistakes, the first of the file.
    fn forms(&self, entries: Vec<FormEntry>) -> Result<Vec<Form>, PackError> {
        let entries = entries.into_par_iter();
        let forms: Vec<_> = entries.map(|entry| self.form(entry)).collect();
        forms.into_iter().collect()
    }

    fn form(&self, entry: FormEntry) -> Result<Form, PackError> {
        let pattern = self.pattern(&entry.pattern, &entry.example, &entry.id)?;
        let not_across = entry.not_across.as_deref();
        let not_across = not_across.map(|words| self.regex(words, &[], &entry.id));
        Ok(Form {
            id: entry.id,
            says: entry.says,
            pattern,
            not_across: not_across.transpose()?,
            sign: entry.sign,
            when: entry.when,
            subject: entry.subject,
            number: entry.number,
            hedge: entry.hedge,
            signed: entry.signed,
            void: entry.void,
            seats: entry.seats,
            strength: entry.strength,
        })
    }

    fn trend(&self, entry: &TrendEntry) -> Result<Trend, PackError> {
        let pattern = self.regex(
            &format!("^(?:{})", entry.pattern),
            &entry.example,
            &entry.id,
        )?;
        let form = |says| Form {
            id: entry.id.clone(),
            says,
            pattern: Pattern::new(String::new()),
            not_across: None,
            sign: Some(entry.sign),
            when: None,
            subject: SubjectIs::default(),
            number: None,
            hedge: None,
            signed: false,
            void: false,
            seats: None,
            strength: 4,
        };
        let forms = trend::SAYS.into_iter().map(form).collect();
        Ok(Trend { pattern, forms })
    }

    fn apposition(&self, entry: &AppositionEntry) -> Result<Apposition, PackError> {
        let whole = format!("^(?:{})$", entry.between);
        let between = self.regex(&whole, &[], "apposition")?;
        let (first, second, keep) = (entry.first, entry.second, entry.keep);
        Ok(Apposition {
            between,
            first,
            second,
            keep,
        })
    }

    /// A pattern with its macros filled in. One of the user's is held against its
    /// examples at once, those that are built in by a test.
    fn pattern(&self, pattern: &str, examples: &[String], id: &str) -> Result<Pattern, PackError> {
        if self.file.own {
            self.regex(pattern, examples, id)?;
        }
        Ok(Pattern::new(self.filled(pattern)))
    }

    /// A pattern with its macros filled in; it must match its examples.
    fn regex(&self, pattern: &str, examples: &[String], id: &str) -> Result<Regex, PackError> {
        let regex = Regex::new(&self.filled(pattern))
            .map_err(|e| self.file.mistake(format!("{id}: {e}"), self.token(pattern)))?;
        match examples.iter().find(|example| !regex.is_match(example)) {
            Some(missed) => Err(self.file.mistake(
                format!("{id}: the pattern does not match its example {missed:?}"),
                self.token(pattern),
            )),
            None => Ok(regex),
        }
    }

    fn filled(&self, pattern: &str) -> String {
        // Slots are numbered in ASCII; the digits of all scripts would be a class
        // that takes long to compile.
        fill(pattern, self.macros).replace(r"\d", "[0-9]")
    }

    fn token(&self, pattern: &str) -> Option<std::ops::Range<usize>> {
        let at = self.file.source.text().find(pattern)?;
        Some(at..at + pattern.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sieve leaves each form in whose example its pattern matches.
    #[test]
    fn no_form_is_sieved_out_of_its_examples() {
        let language = Language::from_pack(&Pack::embedded()).expect("built in");
        for file in Pack::embedded().files("language") {
            let content: LanguageFile = file.parse().expect("built in");
            for example in content.form.iter().flat_map(|form| &form.example) {
                let left = language.sieves.forms.may_match(example);
                for (index, form) in language.forms.iter().enumerate() {
                    let matches = form.pattern.get().is_some_and(|p| p.is_match(example));
                    assert!(!matches || left.contains(&index), "{}: {example}", form.id);
                }
            }
        }
    }

    /// Reading a folder matches every pattern against its examples.
    #[test]
    fn every_pattern_matches_its_examples() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let pack = Pack::with_folder(&folder).expect("it can be read");
        let read = Language::from_pack(&pack);
        assert!(
            read.is_ok(),
            "{}",
            read.err().map(|e| e.to_string()).unwrap_or_default()
        );
    }
}
