//! Prose and tables in, claims with verdicts out.
//!
//! `token` cuts the text, `numeral` finds numbers where their `openers` stand,
//! `mention` finds names that are in the `dictionary` of the tables,
//! `typed` writes each sentence with both as placeholders; `statement` matches
//! the forms of `rules/language` against it, of which a `sieve` leaves few to be
//! tried; `scope` settles contest, election
//! and entry; `evaluate` asks the tables; `judge` compares; `reread` and
//! `second` look again at what is loose or open; `explain` says why not.

mod accept;
mod dictionary;
mod evaluate;
mod explain;
mod hedge;
mod inside;
mod judge;
mod language;
mod mention;
mod numeral;
mod openers;
mod reader;
mod reread;
mod scope;
mod second;
mod section;
mod sieve;
mod statement;
mod token;
mod trend;
mod typed;

use std::collections::HashSet;

use rayon::prelude::*;

use crate::model::{Aliases, Claim, Dataset, Facts, Prose, Reading, Span, Standing, Verdict};

use dictionary::Dictionary;
use hedge::Magnitude;
use mention::Names;
use reader::{Reader, Sentence};
use scope::Period;
use token::Token;

pub use language::Language;

/// A headline and two paragraphs say what copy is about.
const OPENING: usize = 3;

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
    let dictionary = Dictionary::new(facts.standings, facts.parties, language, means.aliases);
    let pieces = dataset.prose.par_iter();
    let drafts = pieces.map(|prose| read_piece(dataset, prose, facts, means, &dictionary));
    let drafts: Vec<Draft> = drafts.collect();
    let mut draft = Draft::default();
    for piece in drafts {
        draft.append(piece);
    }
    let contests: HashSet<&str> = facts.standings.iter().map(|s| s.contest.as_str()).collect();
    let may_be_of = |contest: Option<&str>| match contest {
        Some(name) => !contests.contains(name),
        None => facts.standings.is_empty(),
    };
    inside::twice(&mut draft.reading.claims, &draft.printed, may_be_of);
    explain::follow(&mut draft.reading.claims);
    let mut reading = draft.reading;
    reading.notes = draft
        .too_long
        .iter()
        .map(|span| too_long(dataset, *span))
        .collect();
    for suppression in dataset.prose.iter().flat_map(|p| &p.suppressions) {
        let used = accept::accept(suppression, &mut reading.claims);
        reading.suppressions.push((suppression.clone(), used));
    }
    reading
}

/// Reads one piece of copy.
fn read_piece(
    dataset: &Dataset,
    prose: &Prose,
    facts: &Facts<'_>,
    means: Means<'_>,
    dictionary: &Dictionary<'_>,
) -> Draft {
    let language = means.language;
    let mut names = Names::new(dictionary);
    names.set_home(home(dataset, prose, facts));
    names.set_latest(latest(dataset, prose, facts));
    let blocks = prose.blocks.par_iter();
    let tokens = blocks.map(|block| token::tokens(&prose.text, block.range.clone()));
    let tokens: Vec<Vec<Token>> = tokens.collect();
    for (at, tokens) in tokens.iter().enumerate() {
        names.introduce(tokens);
        if at < OPENING {
            names.open();
        }
    }
    names.settle();
    let blocks = prose.blocks.par_iter().zip(tokens);
    let sentences =
        blocks.map(|(block, tokens)| Sentence::all_of(prose, block, tokens, &names, language));
    let mut sentences: Vec<Vec<Sentence>> = sentences.collect();
    let mentions = sentences.iter().flatten().flat_map(Sentence::mentions);
    names.introduce_members(mentions);
    // A headline and a first paragraph say where.
    let opening = sentences.iter().take(2).flatten();
    names.introduce_place(opening.flat_map(Sentence::mentions));
    for sentence in sentences.iter_mut().flatten() {
        sentence.join_members(&names);
    }
    let sections = section::years(dataset, prose);
    let reader = Reader {
        prose,
        sections: &sections,
        facts,
        language,
        names: &names,
        thorough: means.thorough,
    };
    let mut draft = Draft::default();
    reader.read(&sentences, &mut draft);
    draft
}

/// A reading in the making: with the numbers of its claims, and the elections
/// that they speak of.
#[derive(Default)]
struct Draft {
    reading: Reading,
    printed: Vec<(Span, Magnitude, Period)>,
    /// Claims that agree because they were read of somebody else, by index, as
    /// they were before.
    reread: Vec<(usize, Claim)>,
    /// Contradictions by index that print, to the last digit, the figure of
    /// somebody else; with the names of those.
    neighbours: Vec<(usize, Vec<String>)>,
    /// Sentences that were not read.
    too_long: Vec<Span>,
}

impl Draft {
    /// Takes in that of the next piece of copy.
    fn append(&mut self, next: Self) {
        self.reading.claims.extend(next.reading.claims);
        self.reading.not_claims.extend(next.reading.not_claims);
        self.printed.extend(next.printed);
        self.too_long.extend(next.too_long);
    }

    /// Takes back readings of somebody else whose own figure the same copy gives
    /// as well: then the figure stands in the wrong place.
    fn take_back(&mut self) {
        if self.reread.is_empty() && self.neighbours.is_empty() {
            return;
        }
        let reread: HashSet<usize> = self.reread.iter().map(|(own, _)| *own).collect();
        let is_reread = |index: &usize| reread.contains(index);
        let claims = self.reading.claims.iter().enumerate();
        let plain: Vec<Claim> = claims
            .filter(|(index, c)| c.verdict == Verdict::Agrees && !is_reread(index))
            .map(|(_, claim)| claim.clone())
            .collect();
        for (index, before) in self.reread.drain(..) {
            let Some(claim) = self.reading.claims.get_mut(index) else {
                continue;
            };
            let same = |other: &Claim| {
                (other.metric, &other.entity, &other.contest, &other.election)
                    == (claim.metric, &claim.entity, &claim.contest, &claim.election)
            };
            if plain.iter().any(same) {
                *claim = before;
            }
        }
        self.spare_neighbours(&plain);
    }

    /// A figure of somebody else may well be meant where the copy gives it
    /// nowhere else: then it is no contradiction.
    fn spare_neighbours(&mut self, plain: &[Claim]) {
        for (index, names) in self.neighbours.drain(..) {
            let Some(claim) = self.reading.claims.get_mut(index) else {
                continue;
            };
            let given = plain.iter().any(|other| {
                let entity = other.entity.as_ref();
                other.metric == claim.metric && entity.is_some_and(|e| names.contains(e))
            });
            if !given && claim.verdict == Verdict::Contradicts {
                let whose = names.join(" or ");
                claim.verdict = Verdict::Unchecked;
                claim.severity = None;
                claim.reason = Some(format!("ambiguous: the figure is that of {whose}"));
            }
        }
    }
}

fn too_long(dataset: &Dataset, span: Span) -> String {
    let source = dataset.source(span.source);
    let name = source.map_or("", |s| s.name());
    let line = source.map_or(1, |s| s.position(span.start).line);
    let most = reader::MAX_SENTENCE;
    format!(
        "line {line} of {name} has a sentence of {} bytes, which was not read; at most {most} are: \
         part it with full stops or blank lines",
        span.end - span.start
    )
}

/// The results of candidates in a page's own tables.
fn own_standings<'a>(
    dataset: &'a Dataset,
    prose: &'a Prose,
    facts: &'a Facts<'_>,
) -> impl Iterator<Item = &'a Standing> {
    let own = |place: crate::model::Place| {
        dataset
            .table(place.table)
            .is_some_and(|t| t.source == prose.source)
    };
    let people = |s: &&Standing| s.entries.iter().any(|e| e.candidate.is_some());
    let mut tables = dataset.tables();
    let has_own = tables.any(|(_, table)| table.source == prose.source);
    let standings = has_own
        .then(|| facts.standings.iter())
        .into_iter()
        .flatten();
    standings.filter(people).filter(move |s| {
        let mut entries = s.entries.iter();
        entries.any(|e| e.figures.values().flatten().any(|p| own(p.place)))
    })
}

/// The year of the latest of a page's own results: no page is older than its
/// tables.
fn latest(dataset: &Dataset, prose: &Prose, facts: &Facts<'_>) -> Option<i32> {
    own_standings(dataset, prose, facts)
        .filter_map(Standing::year)
        .max()
}

/// The contest of a page's own tables, where they have just one with results.
fn home(dataset: &Dataset, prose: &Prose, facts: &Facts<'_>) -> Option<String> {
    let mut keys: Vec<&str> = own_standings(dataset, prose, facts)
        .map(|s| s.contest_key.as_str())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    match keys.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
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
    use crate::model::{
        Block, BlockKind, Layout, Pack, Parties, Relations, Segment, Source, Standings,
    };

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
            let relations = Relations::new(&dataset, &layout, &parties);
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
