//! Lines of headings and names in, their parts out: which words are one
//! heading, which are one party.

use std::ops::Range;

use super::lines::words;
use super::{Page, is_of_entry};
use crate::model::{Role, fold};

/// More words than this are no row of headings.
const MAX_WORDS: usize = 40;

impl Page<'_> {
    /// Parts a line of headings ("Party Votes % Change") where every word of
    /// it belongs to one, `known` labels of the page among them: up to two of
    /// names, then `figures` of figures.
    pub(super) fn headings(
        &self,
        line: usize,
        known: &[String],
        figures: usize,
    ) -> Option<Vec<(Range<usize>, Role)>> {
        let words = words(self.text, self.lines.get(line)?.range.clone());
        if words.is_empty() || words.len() > MAX_WORDS {
            return None;
        }
        let cost = |range: &Range<usize>, len: usize| {
            let text = self.str(range);
            if self.words.layout.knows(text) || (!text.contains('%') && known.contains(&fold(text)))
            {
                Some(1)
            } else if self.words.layout.label(text) != Role::Other {
                Some(2 + len)
            } else {
                None
            }
        };
        let with_role = |range: Range<usize>| {
            let role = self.words.layout.label(self.str(&range));
            (range, role)
        };
        let found = (figures..figures + 3).filter_map(|count| {
            let (cost, parts, _) = partition(&words, count, cost)?;
            let parts: Vec<_> = parts.into_iter().map(with_role).collect();
            let is_name = |role| !is_of_entry(role) && role != Role::Other;
            let (names, rest) = parts.split_at(count - figures);
            let fits = names.iter().all(|p| is_name(p.1)) && !rest.iter().any(|p| is_name(p.1));
            fits.then_some((cost, parts))
        });
        found.min_by_key(|(cost, _)| *cost).map(|(_, parts)| parts)
    }

    /// Parts a line of names into `count` of them; with `false` where another
    /// way would do as well.
    pub(super) fn names(
        &self,
        range: Range<usize>,
        count: usize,
    ) -> Option<(Vec<Range<usize>>, bool)> {
        let words = words(self.text, range);
        if words.len() > MAX_WORDS {
            return None;
        }
        let ends = |word: &str| self.words.layout.page.ends_name(word);
        let cost = |range: &Range<usize>, len: usize| {
            let text = self.str(range);
            if self.is_party(text) {
                return Some(0);
            }
            let inner: Vec<&str> = text.split_whitespace().collect();
            let (last, before) = inner.split_last()?;
            let misplaced = before.iter().filter(|w| ends(w)).count();
            let closed = usize::from(!ends(last) && len > 1);
            Some(10 + len + 6 * misplaced + 3 * closed)
        };
        let (_, parts, unique) = partition(&words, count, cost)?;
        Some((parts, unique))
    }

    /// Parts the name of a row into candidate and party, by the party's name
    /// at its end or its start; `None` where no part of it is known.
    pub(super) fn candidate_and_party(
        &self,
        name: &Range<usize>,
        party_first: bool,
    ) -> Option<(Range<usize>, Range<usize>)> {
        let words = words(self.text, name.clone());
        let cuts: Vec<usize> = if party_first {
            (1..words.len()).rev().collect()
        } else {
            (1..words.len()).collect()
        };
        cuts.into_iter().find_map(|cut| {
            let first = words.first()?.start..words.get(cut - 1)?.end;
            let second = words.get(cut)?.start..words.last()?.end;
            let (candidate, party) = if party_first {
                (second, first)
            } else {
                (first, second)
            };
            let bracket = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '–' | '-');
            let party = super::lines::trim_with(self.text, party, bracket);
            let candidate = super::lines::trim_with(self.text, candidate, bracket);
            self.is_party(self.str(&party))
                .then_some((candidate, party))
        })
    }
}

type Partition = (usize, Vec<Range<usize>>, bool);

/// The cheapest way to part words into `count` runs: its cost, the runs, and
/// whether it is the only one of that cost.
fn partition(
    words: &[Range<usize>],
    count: usize,
    cost: impl Fn(&Range<usize>, usize) -> Option<usize>,
) -> Option<Partition> {
    // best[end]: the cheapest way to part the words before `end`
    let mut best: Vec<Option<Partition>> = vec![None; words.len() + 1];
    *best.first_mut()? = Some((0, Vec::new(), true));
    for _ in 0..count {
        let mut next: Vec<Option<Partition>> = vec![None; words.len() + 1];
        for (start, state) in best.iter().enumerate() {
            let Some((so_far, parts, unique)) = state else {
                continue;
            };
            let Some(first) = words.get(start) else {
                continue;
            };
            for (end, slot) in next.iter_mut().enumerate().skip(start + 1) {
                let Some(last) = words.get(end - 1) else {
                    continue;
                };
                let range = first.start..last.end;
                let Some(own) = cost(&range, end - start) else {
                    continue;
                };
                let total = so_far + own;
                match slot {
                    Some((known, ..)) if *known < total => {}
                    Some((known, _, only)) if *known == total => *only = false,
                    _ => *slot = Some((total, [parts.as_slice(), &[range]].concat(), *unique)),
                }
            }
        }
        best = next;
    }
    best.pop().flatten()
}
