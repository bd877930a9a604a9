//! Which contest and election the tables of a page are about: from the
//! headings over them, and from each other.

use std::ops::Range;

use super::Page;
use super::draft::{Draft, Stated};
use super::lines::{trim_label, words};
use crate::model::{Role, fold, year_in};

/// How many lines above a table may tell what it is about.
const REACH: usize = 100;

/// A heading that may name a contest.
#[derive(Debug, Clone)]
struct Named {
    at: Range<usize>,
    /// The words around it say that it names one.
    sure: bool,
}

/// What the headings over a table say.
#[derive(Debug, Default)]
struct Over {
    title: String,
    /// The nearest heading that may name a contest, and the nearest that does.
    near: Option<Named>,
    sure: Option<Named>,
    election: Option<Stated>,
    base: Option<Stated>,
}

impl Page<'_> {
    /// Gives every draft its title, contest, election and base election.
    pub(super) fn settle_scopes(&mut self) {
        let mut drafts = std::mem::take(&mut self.drafts);
        let over: Vec<Over> = drafts.iter_mut().map(|d| self.settle_headings(d)).collect();
        self.settle_contests(&mut drafts, &over);
        self.settle_elections(&mut drafts);
        settle_outcomes(&mut drafts, &over);
        share_bases(&mut drafts);
        self.drafts = drafts;
    }

    /// Reads the lines above a table up to the nearest sentence, no more than
    /// [`REACH`]; lines of other tables are passed over.
    fn headings_over(&self, start: usize) -> Over {
        let mut over = Over::default();
        let mut beside = true;
        let above = (0..start).rev().filter(|&l| !self.is_blank(l));
        for line in above.take(REACH) {
            if !self.is_free(line) {
                beside = false;
                continue;
            }
            if !self.is_short(line) {
                break;
            }
            self.read_heading(line, beside, &mut over);
        }
        over
    }

    fn read_heading(&self, line: usize, beside: bool, over: &mut Over) {
        let range = self.lines.get(line).map_or(0..0, |l| l.range.clone());
        let base = (beside || over.election.is_none()).then(|| self.base_in(&range));
        match base.flatten() {
            Some(base) if beside => {
                over.base.get_or_insert(base);
            }
            None if over.election.is_none() => over.election = self.election_in(&range),
            Some(_) | None => {}
        }
        if over.title.is_empty() && beside {
            let title = self.str(&range).trim_start_matches('#').trim();
            title.clone_into(&mut over.title);
        }
        if over.sure.is_none()
            && let Some(named) = self.contest_in(line)
        {
            over.sure = Some(named.clone()).filter(|n| n.sure);
            over.near.get_or_insert(named);
        }
    }

    fn base_in(&self, range: &Range<usize>) -> Option<Stated> {
        let (_, year) = self.words.layout.page.base(self.str(range))?;
        let at = range.start + year.start..range.start + year.end;
        let text = self.str(&at).to_owned();
        Some(Stated { text, at: Some(at) })
    }

    /// The election that a heading names: its year alone where that is its
    /// whole key.
    fn election_in(&self, range: &Range<usize>) -> Option<Stated> {
        let text = self.str(range);
        let year = year_in(text)?.to_string();
        let key = self.words.layout.election_key(text);
        let at = text.find(&year)?;
        let year_at = range.start + at..range.start + at + year.len();
        let text = if key == year { year } else { key };
        Some(Stated {
            text,
            at: Some(year_at),
        })
    }

    /// What is left of a heading without the words that name no place.
    fn contest_in(&self, line: usize) -> Option<Named> {
        let range = self.lines.get(line)?.range.clone();
        let all = words(self.text, range.clone());
        let page = &self.words.layout.page;
        if page.is_place_type(self.line(line)) {
            return None;
        }
        let plain = |w: &Range<usize>| {
            let text = self.str(w);
            page.is_generic(text) || page.is_date(text) || !text.chars().any(char::is_alphabetic)
        };
        let droppable = |w: &Range<usize>| plain(w) || page.is_linking(self.str(w));
        let start = all.iter().position(|w| !droppable(w))?;
        let end = all.iter().rposition(|w| !droppable(w))? + 1;
        let kept = all.get(start..end)?;
        let at = trim_label(self.text, kept.first()?.start..kept.last()?.end);
        let capital = |w: &Range<usize>| {
            let text = self
                .str(w)
                .trim_start_matches(|c: char| !c.is_alphanumeric());
            text.starts_with(char::is_uppercase) || page.is_linking(text)
        };
        let text = self.str(&at);
        if text.is_empty() || !kept.iter().all(capital) || self.is_known_name(text) {
            return None;
        }
        let dropped = all.iter().any(plain) && year_in(self.line(line)).is_none();
        let typed = self
            .free_from(line + 1)
            .is_some_and(|next| page.is_place_type(self.line(next)));
        let marked = self.line(line).starts_with('#');
        Some(Named {
            at,
            sure: dropped || typed || marked,
        })
    }

    /// A party, a candidate or an outcome is no contest.
    fn is_known_name(&self, text: &str) -> bool {
        let layout = self.words.layout;
        self.is_party(text)
            || layout.outcome(text).is_some()
            || layout.row(text).is_some()
            || self.candidates.contains(&fold(text))
    }

    /// What the headings over a draft say, and a line under it.
    fn settle_headings(&mut self, draft: &mut Draft) -> Over {
        let over = self.headings_over(draft.lines.start);
        draft.title.clone_from(&over.title);
        draft.election.clone_from(&over.election);
        if draft.has_changes() {
            draft.base.clone_from(&over.base);
        }
        let open = draft.has_changes() && draft.base.is_none();
        if let Some((line, base)) = self.footer(draft).filter(|_| open) {
            draft.base = Some(base);
            draft.lines.end = line + 1;
            if let Some(taken) = self.taken.get_mut(line) {
                *taken = true;
            }
        }
        over
    }

    /// "Change compared with 2010" under a table, unless it heads the next.
    fn footer(&self, draft: &Draft) -> Option<(usize, Stated)> {
        let line = self
            .free_from(draft.lines.end)
            .filter(|&l| self.is_short(l))?;
        let base = self.base_in(&self.lines.get(line)?.range)?;
        let next = (line + 1..self.lines.len()).find(|&l| !self.is_blank(l));
        let heads = next.is_some_and(|l| !self.is_free(l));
        (!heads).then_some((line, base))
    }

    /// A sure heading over the table; else the contest of the table before it
    /// of the same kind, unless that has the same columns already; else any
    /// heading; else the page's first.
    fn settle_contests(&self, drafts: &mut [Draft], over: &[Over]) {
        let stated = |named: &Named| Stated {
            text: self.str(&named.at).to_owned(),
            at: Some(named.at.clone()),
        };
        let first = (0..self.lines.len()).filter(|&l| self.is_free(l) && self.is_short(l));
        let on_page: Vec<Named> = first.filter_map(|l| self.contest_in(l)).collect();
        let main = on_page
            .iter()
            .find(|n| n.sure)
            .or(on_page.first())
            .map(stated);
        for at in 0..drafts.len() {
            let (earlier, rest) = drafts.split_at_mut(at);
            let (Some(draft), Some(over)) = (rest.first_mut(), over.get(at)) else {
                continue;
            };
            if draft.column_of(Role::Contest).is_some() {
                continue;
            }
            let kind = draft.is_of_seats();
            let before = earlier
                .iter()
                .rev()
                .find(|d| d.is_of_seats() == kind && d.contest.is_some());
            let roles = |d: &Draft| {
                let (own, other) = (d.columns.iter(), draft.columns.iter());
                own.map(|c| c.role).eq(other.map(|c| c.role))
            };
            let carried = before.and_then(|d| d.contest.clone());
            let again = earlier.iter().rev().take(REACH).any(|d| {
                same_text(d.contest.as_ref(), carried.as_ref()) && d.is_of_entries() && roles(d)
            });
            let sure = over.sure.as_ref().map(stated);
            let near = over.near.as_ref().map(stated);
            draft.contest = if again {
                sure.or(near).or(carried)
            } else {
                sure.or(carried).or(near)
            };
            draft.contest = draft.contest.take().or_else(|| main.clone());
        }
    }

    /// A heading's year; else, for a table that measures its changes from an
    /// election before the one that the main table measures from, that
    /// election; else the election of the other tables, or of the file's name.
    fn settle_elections(&mut self, drafts: &mut [Draft]) {
        let page = self.page_election(drafts);
        let year = |stated: &Option<Stated>| stated.as_ref().and_then(|s| year_in(&s.text));
        let bases = drafts.iter().filter_map(|d| d.base.clone());
        let before = bases.max_by_key(|b| year_in(&b.text));
        let mut last = page.clone();
        for at in 0..drafts.len() {
            let (earlier, rest) = drafts.split_at_mut(at);
            let Some(draft) = rest
                .first_mut()
                .filter(|d| d.column_of(Role::Election).is_none())
            else {
                continue;
            };
            let older = year(&draft.base).is_some() && year(&draft.base) < year(&before);
            let nameless = draft.election.is_none() || is_carried(draft, earlier);
            if nameless && (older || self.differs(draft, earlier)) && before.is_some() {
                draft.election.clone_from(&before);
                self.note_earlier(draft);
                continue;
            }
            draft.election = draft.election.take().or(last.clone());
            last.clone_from(&draft.election);
        }
        if page.is_none() && !drafts.is_empty() {
            self.notes
                .push(format!("the tables of {} name no election", self.name));
        }
    }

    fn note_earlier(&mut self, draft: &Draft) {
        let (line, year) = (
            draft.lines.start + 1,
            draft.election.as_ref().map_or("", |e| &e.text),
        );
        self.notes.push(format!(
            "the table at line {line} of {} names no election; it is read as that of {year}, \
             from which the page's changes are measured",
            self.name
        ));
    }

    /// The election of tables that no heading dates: that of the first table
    /// with one, of a heading anywhere, of the file's name.
    fn page_election(&mut self, drafts: &[Draft]) -> Option<Stated> {
        let main = drafts.iter().find_map(|d| d.election.clone());
        if let Some(found) = main.or_else(|| self.election_on_page()) {
            return Some(found);
        }
        let text = year_in(crate::model::file_stem(self.name))?.to_string();
        if !drafts.is_empty() {
            let note = format!(
                "the election of {} was taken from its name: {text}",
                self.name
            );
            self.notes.push(note);
        }
        Some(Stated { text, at: None })
    }

    /// The first heading of the page that names an election, wherever.
    fn election_on_page(&self) -> Option<Stated> {
        let page = &self.words.layout.page;
        let first = self.free_from(0);
        (0..self.lines.len())
            .filter(|&l| self.is_free(l) && self.is_short(l))
            .find_map(|line| {
                let range = &self.lines.get(line)?.range;
                let about = self
                    .str(range)
                    .split_whitespace()
                    .any(|w| page.is_generic(w));
                let heads = about || Some(line) == first || self.line(line).starts_with('#');
                let stated = self.election_in(range).filter(|_| heads)?;
                self.base_in(range).is_none().then_some(stated)
            })
    }

    /// Another election's table of the same contest: most of its votes differ
    /// from those that are printed above for the same parties.
    fn differs(&self, draft: &Draft, earlier: &[Draft]) -> bool {
        let votes = |d: &Draft| -> Vec<(String, String)> {
            let pair = || {
                let measure = Role::Measure(crate::model::Metric::Votes);
                Some((d.column_of(Role::Party)?, d.column_of(measure)?))
            };
            let Some((party, votes)) = pair() else {
                return Vec::new();
            };
            let cell = |row: &[Option<Range<usize>>], at: usize| {
                Some(fold(self.str(row.get(at)?.as_ref()?)))
            };
            let rows = d.rows.iter();
            rows.filter_map(|r| Some((cell(r, party)?, cell(r, votes)?)))
                .collect()
        };
        let own = votes(draft);
        let of_contest = |d: &&Draft| same_text(d.contest.as_ref(), draft.contest.as_ref());
        let near = earlier.iter().rev().take(REACH).filter(of_contest);
        near.map(votes).any(|others| {
            let in_both = |(party, _): &&(String, String)| others.iter().any(|o| o.0 == *party);
            let shared: Vec<_> = own.iter().filter(in_both).collect();
            let unlike = shared.iter().filter(|pair| !others.contains(pair));
            shared.len() >= 2 && unlike.count() * 2 > shared.len()
        })
    }
}

/// Does the year of a draft's heading stand over an earlier table, too?
fn is_carried(draft: &Draft, earlier: &[Draft]) -> bool {
    let at = draft.election.as_ref().and_then(|e| e.at.clone());
    earlier.iter().rev().take(REACH).any(|d| {
        let own = d.election.as_ref().and_then(|e| e.at.clone());
        own.is_some() && own == at && d.is_of_entries() && draft.is_of_entries()
    })
}

/// An outcome is of the election of the table that follows it, where that is
/// of the same contest.
fn settle_outcomes(drafts: &mut [Draft], over: &[Over]) {
    for at in 0..drafts.len() {
        let is_outcome = |d: &Draft| d.column_of(Role::Result).is_some() && d.columns.len() == 1;
        let next = drafts
            .iter()
            .zip(over)
            .skip(at + 1)
            .find(|(d, _)| !is_outcome(d) && !d.is_of_seats());
        let next = next.map(|(d, _)| (d.contest.clone(), d.election.clone()));
        let Some(draft) = drafts.get_mut(at).filter(|d| is_outcome(d)) else {
            continue;
        };
        if let Some((_, election)) = next.filter(|(contest, _)| *contest == draft.contest) {
            draft.election = election;
        }
    }
}

/// Where one table of a contest and election says from which election its
/// changes are measured, so are the others'.
fn share_bases(drafts: &mut [Draft]) {
    for at in 0..drafts.len() {
        let Some(draft) = drafts
            .get(at)
            .filter(|d| d.base.is_none() && d.has_changes())
        else {
            continue;
        };
        let same = |d: &&Draft| {
            d.base.is_some()
                && same_text(d.contest.as_ref(), draft.contest.as_ref())
                && same_text(d.election.as_ref(), draft.election.as_ref())
        };
        let base = drafts.iter().find(same).and_then(|d| d.base.clone());
        if let Some(draft) = drafts.get_mut(at) {
            draft.base = base;
        }
    }
}

fn same_text(a: Option<&Stated>, b: Option<&Stated>) -> bool {
    a.map(|s| &s.text) == b.map(|s| &s.text)
}
