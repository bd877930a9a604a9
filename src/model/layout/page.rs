//! A word or a line of a results page in, which part of the page it is out.

use std::collections::HashSet;
use std::ops::Range;

use crate::model::{Pattern, fold};

use super::file::PageFile;

/// What tells the parts of a results page from each other.
#[derive(Debug, Default)]
pub struct PageWords {
    generic: HashSet<String>,
    dates: HashSet<String>,
    linking: HashSet<String>,
    from: HashSet<String>,
    place_types: HashSet<String>,
    name_ends: HashSet<String>,
    base: Vec<Pattern>,
    progress: Vec<Pattern>,
    dateline: Vec<Pattern>,
    published: HashSet<String>,
}

impl PageWords {
    pub(super) fn extend(&mut self, file: PageFile, prove: bool) -> Result<(), String> {
        let folded = |words: Vec<String>| words.into_iter().map(|w| fold(&w));
        self.generic.extend(folded(file.generic));
        self.dates.extend(folded(file.dates));
        self.linking.extend(folded(file.linking));
        self.from.extend(folded(file.from));
        self.place_types.extend(folded(file.place_types));
        self.name_ends.extend(folded(file.name_ends));
        self.published.extend(folded(file.published));
        let compile = |p: &String| Pattern::new(p, prove);
        for pattern in &file.base {
            self.base.push(compile(pattern)?);
        }
        for pattern in &file.progress {
            self.progress.push(compile(pattern)?);
        }
        for pattern in &file.dateline {
            self.dateline.push(compile(pattern)?);
        }
        Ok(())
    }

    /// A word of headings that names no place: "results".
    #[must_use]
    pub fn is_generic(&self, word: &str) -> bool {
        self.generic.contains(&fold(word))
    }

    /// A word that names no place.
    pub(super) fn is_plain(&self, word: &str) -> bool {
        self.is_generic(word) || self.is_date(word) || self.is_linking(word)
    }

    /// A word of dates: "March".
    #[must_use]
    pub fn is_date(&self, word: &str) -> bool {
        self.dates.contains(&fold(word))
    }

    /// A word that links the words of a name: "of".
    #[must_use]
    pub fn is_linking(&self, word: &str) -> bool {
        self.linking.contains(&fold(word))
    }

    /// The word before the loser of a gain: "from".
    #[must_use]
    pub fn leads_to_loser(&self, word: &str) -> bool {
        self.from.contains(&fold(word))
    }

    /// What kind of place a heading is of: "Parliamentary constituency".
    #[must_use]
    pub fn is_place_type(&self, line: &str) -> bool {
        self.place_types.contains(&fold(line))
    }

    /// A word beside the date of a page: "Updated".
    #[must_use]
    pub fn is_published(&self, word: &str) -> bool {
        self.published.contains(&fold(word))
    }

    /// A word that ends the name of a party: "Party".
    #[must_use]
    pub fn ends_name(&self, word: &str) -> bool {
        self.name_ends.contains(&fold(word))
    }

    /// "since 2015": the bytes of the phrase, and those of its year.
    #[must_use]
    pub fn base(&self, line: &str) -> Option<(Range<usize>, Range<usize>)> {
        self.base.iter().find_map(|pattern| {
            let found = pattern.captures(line)?;
            Some((found.get(0)?.range(), found.name("year")?.range()))
        })
    }

    /// "13th December 2019": the bytes of the year of a full date.
    #[must_use]
    pub fn dateline(&self, line: &str) -> Option<Range<usize>> {
        let mut all = self.dateline.iter();
        let found = all.find_map(|pattern| pattern.captures(line))?;
        Some(found.name("year")?.range())
    }

    /// "After 640 of 650 seats": the bytes of the two numbers.
    #[must_use]
    pub fn progress(&self, line: &str) -> Option<(Range<usize>, Range<usize>)> {
        self.progress.iter().find_map(|pattern| {
            let found = pattern.captures(line)?;
            Some((
                found.name("declared")?.range(),
                found.name("total")?.range(),
            ))
        })
    }
}
