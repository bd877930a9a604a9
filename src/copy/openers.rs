//! The words that a number or its hedge can begin with: most words of a text
//! are none, and need no closer look.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use super::hedge::Hedge;
use super::language::NumberWords;

/// A wording of a hedge.
#[derive(Debug)]
pub struct Wording {
    /// Index into [`Language::hedges`](super::language::Language::hedges).
    pub hedge: usize,
    pub words: String,
}

/// Wordings by their first word, those of one word in the order of the hedges.
type Wordings = HashMap<String, Vec<Wording>, FixedState>;

/// How numbers and hedges begin.
#[derive(Debug, Default)]
pub struct Openers {
    before: Wordings,
    after: Wordings,
    numbers: HashSet<String, FixedState>,
}

impl Openers {
    #[must_use]
    pub fn new(hedges: &[Hedge], numbers: &NumberWords) -> Self {
        let spelled = numbers.fraction.keys();
        let spelled = spelled.chain(numbers.multiple.keys());
        let spelled = spelled.chain(numbers.ordinal.keys());
        let spelled = spelled.chain(numbers.cardinal.keys());
        Self {
            before: by_first_word(hedges, |hedge| &hedge.words),
            after: by_first_word(hedges, |hedge| &hedge.after),
            numbers: spelled.map(|words| first_word(words).to_owned()).collect(),
        }
    }

    /// The hedges that may begin with a word, and stand before their number.
    #[must_use]
    pub fn hedges(&self, word: &str) -> &[Wording] {
        self.before.get(word).map_or(&[], Vec::as_slice)
    }

    /// Those that stand after it.
    #[must_use]
    pub fn hedges_after(&self, word: &str) -> &[Wording] {
        self.after.get(word).map_or(&[], Vec::as_slice)
    }

    /// May a number that is spelled out, or a hedge before one, begin with a word?
    #[must_use]
    pub fn may_open(&self, word: &str) -> bool {
        self.numbers.contains(word) || self.before.contains_key(word)
    }
}

fn by_first_word(hedges: &[Hedge], wordings: impl Fn(&Hedge) -> &Vec<String>) -> Wordings {
    let mut found = Wordings::default();
    for (hedge, entry) in hedges.iter().enumerate() {
        for words in wordings(entry) {
            let own = found.entry(first_word(words).to_owned()).or_default();
            let words = words.clone();
            own.push(Wording { hedge, words });
        }
    }
    found
}

fn first_word(words: &str) -> &str {
    words.split(' ').next().unwrap_or_default()
}
