//! Lists of candidates without headings: on each line, or on a few lines for
//! each, a name, a party and figures in any order, parted by brackets, dashes,
//! commas, tabs or wide gaps ("• Ann Lee (Labour) – 1,234 (38.4%, +2.6)").

use std::ops::Range;

use super::draft::{Draft, DraftColumn};
use super::facts::{Look, look};
use super::lines::{numeral, trim, words};
use super::records::name_of;
use super::{Page, prose};
use crate::model::{Metric, Role, year_in};

/// A longer line is no line of a list.
const MAX_WORDS: usize = 24;
/// A longer text is no name.
const MAX_NAME: usize = 9;

/// A text of an entry, and whether it stood in brackets.
#[derive(Debug, Clone)]
struct Text {
    range: Range<usize>,
    bracketed: bool,
}

/// A candidate's part of a list.
#[derive(Debug, Default)]
struct Entry {
    lines: Range<usize>,
    texts: Vec<Text>,
    count: Option<Range<usize>>,
    share: Option<Range<usize>>,
    change: Option<Range<usize>>,
    elected: Option<Range<usize>>,
}

impl Page<'_> {
    pub(super) fn read_entries(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let run = self.entry_run(at);
            let draft = self.entry_table(&run);
            at = draft.as_ref().map_or(at + 1, |d| d.lines.end);
            if let Some(draft) = draft {
                self.take(draft);
            }
        }
    }

    /// Entries one under the other, all on a line or all on several.
    fn entry_run(&self, at: usize) -> Vec<Entry> {
        let on_one = |at: usize| self.entry_on_line(at);
        let on_several = |at: usize| self.entry_on_lines(at);
        let run = |read: &dyn Fn(usize) -> Option<Entry>| {
            let mut run: Vec<Entry> = Vec::new();
            let mut next = Some(at);
            while let Some(entry) = next.and_then(read) {
                next = self.free_from(entry.lines.end);
                run.push(entry);
            }
            run
        };
        let lines = run(&on_one);
        if lines.len() >= 2 {
            return lines;
        }
        run(&on_several)
    }

    fn entry_on_line(&self, at: usize) -> Option<Entry> {
        let line = self.lines.get(at).filter(|_| self.is_free(at))?;
        if self.headings.contains(&line.range.start) {
            return None;
        }
        if line.words > MAX_WORDS || prose::is_sentence(self.line(at)) {
            return None;
        }
        let mut entry = Entry {
            lines: at..at + 1,
            ..Entry::default()
        };
        self.read_fields(&line.range, &mut entry)?;
        (self.is_entry(&entry) && !self.is_dated_heading(&entry)).then_some(entry)
    }

    /// A name, perhaps a party, and one to three figures, each on its line; a mark
    /// of who was elected may stand above.
    fn entry_on_lines(&self, at: usize) -> Option<Entry> {
        let mut entry = Entry {
            lines: at..at,
            ..Entry::default()
        };
        let mut next = Some(at).filter(|&at| self.is_free(at));
        let mut figures = 0;
        // "Rep." and "Lee Jr." end in a full stop, and are no sentences.
        let words = |line: usize| self.lines.get(line).map_or(0, |l| l.words);
        while let Some(line) = next.filter(|&line| words(line) <= 4 || self.is_short(line)) {
            let [piece] = self.pieces(line) else {
                break;
            };
            if !piece.number && figures > 0 || figures == 3 {
                break;
            }
            let texts = entry.texts.len();
            self.read_fields(&piece.range, &mut entry)?;
            let added = entry.texts.len() - texts;
            figures += usize::from(piece.number);
            if entry.texts.len() > 2 || added > 1 {
                return None;
            }
            entry.lines.end = line + 1;
            next = self.free_from(line + 1);
        }
        (figures > 0 && self.is_entry(&entry)).then_some(entry)
    }

    /// Reads the fields of a line; `None` where it holds something else than
    /// names, labels and one figure of each kind.
    fn read_fields(&self, range: &Range<usize>, entry: &mut Entry) -> Option<()> {
        let words = words(self.text, range.clone());
        let mut open: Option<Text> = None;
        let mut end = range.start;
        for (at, word) in words.iter().enumerate() {
            let raw = self.str(word);
            let wide = at > 0 && is_wide(self.text.get(end..word.start).unwrap_or(""));
            end = word.end;
            if wide {
                self.close(&mut open, entry)?;
            }
            if let Some(number) = numeral(self.text, word.clone()) {
                self.close(&mut open, entry)?;
                let last = at + 1 == words.len();
                self.add_number(number, at == 0 && !last, entry)?;
                continue;
            }
            if raw.chars().all(|c| !c.is_alphanumeric()) {
                self.close(&mut open, entry)?;
                if self.words.layout.elected(Some(raw)) == Some(true) {
                    entry.elected.get_or_insert(word.clone());
                }
                continue;
            }
            let marked = |t: &Text| {
                let both = self.str(&(t.range.start..word.end));
                self.words.layout.unmarked(both).len() <= t.range.len()
            };
            // "(inc)" marks an incumbent, "(INC)" is a party.
            let inner = self.str(&bare(self.text, word.clone()));
            let party = inner.starts_with(char::is_uppercase) && self.is_party(inner);
            if let Some(text) = open.as_mut().filter(|t| !party && marked(t)) {
                text.range.end = word.end;
                continue;
            }
            if raw.starts_with(['(', '[']) {
                self.close(&mut open, entry)?;
            }
            let text = open.get_or_insert(Text {
                range: word.clone(),
                bracketed: raw.starts_with(['(', '[']),
            });
            text.range.end = word.end;
            let closed =
                text.bracketed && raw.trim_end_matches([',', ';', ':']).ends_with([')', ']']);
            if closed || raw.ends_with([',', ';', ':']) {
                self.close(&mut open, entry)?;
            }
        }
        self.close(&mut open, entry)
    }

    fn add_number(&self, number: Range<usize>, leads: bool, entry: &mut Entry) -> Option<()> {
        let text = self.str(&number);
        // "1. Ann Lee": the place in the list.
        if leads && entry.texts.is_empty() && text.len() <= 2 && look(text) == Some(Look::Count) {
            return Some(());
        }
        let slot = match look(text)? {
            Look::Count => &mut entry.count,
            Look::Share => &mut entry.share,
            Look::Change => &mut entry.change,
        };
        slot.is_none().then(|| *slot = Some(number))
    }

    /// Ends a text: a label beside a figure ("votes"), the mark of who was elected,
    /// a missing figure, or a name.
    fn close(&self, open: &mut Option<Text>, entry: &mut Entry) -> Option<()> {
        let Some(text) = open.take() else {
            return Some(());
        };
        let range = bare(self.text, text.range);
        let raw = self.str(&range);
        let layout = self.words.layout;
        let figures = entry.count.is_some() || entry.share.is_some();
        if raw.is_empty() || figures && (layout.is_missing(raw) || self.entry_role(raw).is_some()) {
            return Some(());
        }
        if layout.elected(Some(raw)) == Some(true) && (figures || text.bracketed) {
            entry.elected.get_or_insert(range);
            return Some(());
        }
        let small = |word: &str| word.starts_with(char::is_lowercase);
        let named = !raw.starts_with(char::is_lowercase)
            && !raw.rsplit(' ').next().is_some_and(small)
            && !raw.contains(|c: char| c.is_ascii_digit())
            && raw.split_whitespace().count() <= MAX_NAME;
        named.then(|| {
            entry.texts.push(Text { range, ..text });
        })
    }

    /// One to three texts and votes or a share; the label of a fact is no name.
    fn is_entry(&self, entry: &Entry) -> bool {
        let label = |t: &Text| {
            let row = self.words.layout.row(self.str(&t.range));
            row.is_some_and(|(row, _)| !row.aggregate)
        };
        let figures = entry.count.is_some() || entry.share.is_some();
        figures && (1..=3).contains(&entry.texts.len()) && !entry.texts.iter().any(label)
    }

    /// "Result: Ashby 2017": names no party, and its only figure is a year.
    fn is_dated_heading(&self, entry: &Entry) -> bool {
        let year = entry.count.as_ref().is_some_and(|count| {
            let text = self.str(count);
            text.len() == 4 && year_in(text).is_some()
        });
        let party = |t: &Text| t.bracketed || self.is_party(self.str(&t.range));
        year && entry.share.is_none() && !entry.texts.iter().any(party)
    }

    fn entry_table(&self, run: &[Entry]) -> Option<Draft> {
        let (first, last) = (run.first()?, run.last()?);
        let pairs: Vec<&Entry> = run.iter().filter(|e| e.texts.len() >= 2).collect();
        let at_end = pairs.iter().filter(|e| self.party_at(e, true)).count();
        let at_start = pairs.iter().filter(|e| self.party_at(e, false)).count();
        let known = at_end.max(at_start);
        // One party that is known tells what stands in all the brackets.
        let bracketed = pairs.iter().all(|e| e.texts.iter().any(|t| t.bracketed));
        let of_parties = known * 2 >= pairs.len() || bracketed;
        if run.len() < 2 || pairs.len() * 2 < run.len() || known == 0 || !of_parties {
            return None;
        }
        let names = run.iter().map(|e| self.names_of(e, at_end >= at_start));
        let rows = names.zip(run).map(|((candidate, party), e)| {
            let figures = [&e.count, &e.share, &e.change, &e.elected];
            let mut row = vec![candidate, party];
            row.extend(figures.into_iter().cloned());
            row
        });
        let rows: Vec<Vec<Option<Range<usize>>>> = rows.collect();
        let roles = [
            Role::Candidate,
            Role::Party,
            Role::Measure(Metric::Votes),
            Role::Measure(Metric::Share),
            Role::Change,
            Role::Elected,
        ];
        let used = |at: &usize| rows.iter().any(|r| r.get(*at).is_some_and(Option::is_some));
        let kept: Vec<usize> = (0..roles.len()).filter(used).collect();
        let columns = kept.iter().filter_map(|&at| {
            let role = *roles.get(at)?;
            let name = if role == Role::Elected {
                "elected"
            } else {
                name_of(role)
            };
            Some(DraftColumn::unnamed(name, role))
        });
        let cells = |row: &Vec<Option<Range<usize>>>| {
            let cells = kept.iter().map(|&at| row.get(at).cloned().flatten());
            cells.collect()
        };
        let lines = first.lines.start..last.lines.end;
        Some(Draft::new(
            lines,
            columns.collect(),
            rows.iter().map(cells).collect(),
        ))
    }

    /// Is the last text of an entry, or its first, a known party?
    fn party_at(&self, entry: &Entry, end: bool) -> bool {
        let text = if end {
            entry.texts.last()
        } else {
            entry.texts.first()
        };
        text.is_some_and(|t| self.is_party(self.str(&t.range)))
    }

    /// Candidate and party: what stands in brackets, a known party, or what stands
    /// where the other parties of the list do. A name with a comma is one.
    fn names_of(
        &self,
        entry: &Entry,
        party_last: bool,
    ) -> (Option<Range<usize>>, Option<Range<usize>>) {
        let texts = &entry.texts;
        if texts.len() < 2 {
            let only = texts.first().map(|t| t.range.clone());
            let party = only.as_ref().is_some_and(|r| {
                let text = self.str(r);
                self.is_party(text) && self.words.layout.row(text).is_none()
            });
            return if party { (None, only) } else { (only, None) };
        }
        let ends = [texts.len() - 1, 0];
        let mut known = ends.into_iter().filter(|&at| {
            texts
                .get(at)
                .is_some_and(|t| self.is_party(self.str(&t.range)))
        });
        let bracketed = texts.iter().position(|t| t.bracketed);
        let usual = if party_last { texts.len() - 1 } else { 0 };
        let usual_is_known = self.party_at(entry, party_last);
        let party = bracketed
            .or(Some(usual).filter(|_| usual_is_known))
            .or_else(|| known.next())
            .unwrap_or(usual);
        let mut others = texts.iter().enumerate().filter(|(at, _)| *at != party);
        let name = others.next().map(|(_, t)| t.range.clone());
        let name = name
            .map(|first| first.start..others.next_back().map_or(first.end, |(_, t)| t.range.end));
        (name, texts.get(party).map(|t| t.range.clone()))
    }
}

/// A gap that parts columns.
fn is_wide(gap: &str) -> bool {
    gap.contains('\t') || gap.chars().count() >= 2
}

/// A text without the marks behind it and a pair of brackets around it.
fn bare(text: &str, range: Range<usize>) -> Range<usize> {
    let drop = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':');
    let raw = text.get(range.clone()).unwrap_or("");
    let range = range.start..range.start + raw.trim_end_matches(drop).len();
    let raw = text.get(range.clone()).unwrap_or("");
    let inner = raw.strip_prefix(['(', '[']).map(|inner| {
        let inner = inner.strip_suffix([')', ']']).unwrap_or(inner);
        range.start + 1..range.start + 1 + inner.len()
    });
    trim(text, inner.unwrap_or(range))
}
