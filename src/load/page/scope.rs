//! Which contest and election the tables of a page are about: from the
//! headings over them, and from each other.

use std::collections::HashSet;
use std::ops::Range;

use super::draft::{Draft, Stated};
use super::lines::words;
use super::{Page, grids};
use crate::model::{Role, fold, year_in};

/// How many lines above a table may tell what it is about.
const REACH: usize = 100;

/// A headline of more words is none.
const LONGEST_HEADLINE: usize = 20;

/// In how many lines at its top a page may name what it is about.
const HEAD_OF_PAGE: usize = 20;

/// A heading that may name a contest.
#[derive(Debug, Clone)]
struct Named {
    at: Range<usize>,
    /// The words around it say that it names one.
    sure: bool,
    /// It names an election, too.
    dated: bool,
    /// No other table stands between it and the table.
    beside: bool,
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
        settle_parts(&mut drafts);
        share_bases(&mut drafts);
        self.drafts = drafts;
    }

    /// Reads the lines above a table up to the nearest sentence, no more than
    /// [`REACH`]; lines of other tables are passed over, and so are headings
    /// whose sections ended above the table.
    fn headings_over(&self, start: usize) -> Over {
        let mut over = Over::default();
        let mut beside = true;
        let mut level = usize::MAX;
        let above = (0..start).rev().filter(|&l| !self.is_blank(l));
        for line in above.take(REACH) {
            if !self.is_free(line) {
                beside &= self
                    .lines
                    .get(line)
                    .is_some_and(|l| self.is_outcome(&l.range));
                continue;
            }
            let own = self.line(line).bytes().take_while(|b| *b == b'#').count();
            if level < usize::MAX && !(1..level).contains(&own) {
                continue;
            }
            if !self.is_short(line) {
                break;
            }
            if own > 0 {
                level = own;
            }
            if !grids::is_rule(self.line(line)) {
                self.read_heading(line, beside, &mut over);
            }
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
            let named = Named { beside, ..named };
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
        if self.is_dateline(text) {
            return None;
        }
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

    /// What a heading names that is no party, candidate or outcome.
    fn contest_in(&self, line: usize) -> Option<Named> {
        let range = self.lines.get(line)?.range.clone();
        let page = &self.words.layout.page;
        let text = self.words.layout.unmarked(self.str(&range));
        if page.is_place_type(text) || is_trail(text) || self.is_dateline(text) {
            return None;
        }
        let names = page.names_in(text).into_iter();
        let mut names = names.map(|name| range.start + name.start..range.start + name.end);
        let is_name = |name: &Range<usize>| {
            let text = self.str(name);
            !text.contains("  ") && !text.contains('\t') && !self.is_known_name(text)
        };
        let at = names.find(is_name)?;
        let all = words(self.text, range.start..range.start + text.len());
        let plain = |w: &Range<usize>| {
            let text = self.str(w);
            page.is_generic(text) || page.is_date(text) || !text.chars().any(char::is_alphabetic)
        };
        let dated = year_in(text).is_some();
        let about =
            |w: &Range<usize>| page.is_generic(self.str(w)) && !page.is_linking(self.str(w));
        let typed = self
            .free_from(line + 1)
            .is_some_and(|next| page.is_place_type(self.line(next)));
        let marked = self.line(line).starts_with('#');
        Some(Named {
            at,
            sure: all.iter().any(plain) && !dated || typed || marked,
            dated: dated && all.iter().any(about),
            beside: false,
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
        draft.election = draft.election.take().or_else(|| over.election.clone());
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

    /// The contests of tables of candidates, parties and options first: what
    /// else is on the page is of one of them.
    fn settle_contests(&self, drafts: &mut [Draft], over: &[Over]) {
        let of_entries = |d: &Draft| d.is_of_entries() && !d.is_of_seats();
        let settled = |d: &Draft| d.column_of(Role::Contest).is_some() || d.of.is_some();
        let main = self.main_contest(drafts);
        let count = drafts.len();
        let order = (0..count).map(|at| (true, at));
        for (first, at) in order.chain((0..count).map(|at| (false, at))) {
            let Some(draft) = drafts
                .get(at)
                .filter(|d| of_entries(d) == first && !settled(d))
            else {
                continue;
            };
            let contest = self
                .same_candidates(draft, drafts)
                .or_else(|| self.contest_over(at, drafts, over))
                .or_else(|| only_contest(drafts));
            let contest = if draft.is_of_seats() && has_several(drafts) {
                contest.or_else(|| self.body_on_page())
            } else {
                contest.or_else(|| main.clone())
            };
            if let Some(draft) = drafts.get_mut(at) {
                draft.contest = contest;
            }
        }
    }

    /// A sure heading over the table; else the contest of the table before it
    /// of the same kind, unless that has the same columns already; else any
    /// heading.
    fn contest_over(&self, at: usize, drafts: &[Draft], over: &[Over]) -> Option<Stated> {
        let draft = drafts.get(at)?;
        let own = over.get(at)?;
        let stated = |named: &Named| Stated {
            text: self.str(&named.at).to_owned(),
            at: Some(named.at.clone()),
        };
        let (sure, near) = (own.sure.as_ref().map(stated), own.near.as_ref().map(stated));
        if self.tells_apart(at, drafts, over) {
            return near;
        }
        let earlier = drafts.get(..at)?;
        let kind = draft.is_of_seats();
        let before = earlier
            .iter()
            .rev()
            .find(|d| d.is_of_seats() == kind && d.contest.is_some());
        let carried = before.and_then(|d| d.contest.clone());
        let again = earlier.iter().rev().take(REACH).any(|d| {
            same_text(d.contest.as_ref(), carried.as_ref())
                && d.is_of_entries()
                && same_roles(d, draft)
                && (d.election.is_none() || same_text(d.election.as_ref(), draft.election.as_ref()))
        });
        let named = own.near.as_ref().is_some_and(|n| n.dated && n.beside);
        let other = match (&near, &carried) {
            (Some(near), Some(carried)) => named && !is_part(&near.text, &carried.text),
            _ => false,
        };
        if again || other {
            sure.or(near).or(carried)
        } else {
            sure.or(carried).or(near)
        }
    }

    /// Does the heading right over a table tell it from others of its kind, all
    /// under one sure heading?
    fn tells_apart(&self, at: usize, drafts: &[Draft], over: &[Over]) -> bool {
        let place = |named: &Option<Named>| named.as_ref().map(|n| n.at.clone());
        let (Some(draft), Some(own)) = (drafts.get(at), over.get(at)) else {
            return false;
        };
        let Some(near) = own
            .near
            .as_ref()
            .filter(|n| n.beside && !n.sure && !n.dated)
        else {
            return false;
        };
        let name = fold(self.str(&near.at));
        let others = drafts.iter().zip(over).filter(|(d, o)| {
            let theirs = o.near.as_ref().filter(|n| n.beside);
            let under = place(&o.sure) == place(&own.sure);
            d.is_of_entries()
                && same_roles(d, draft)
                && theirs.is_some_and(|n| (under || n.sure) && fold(self.str(&n.at)) != name)
        });
        own.sure.is_some() && draft.is_of_entries() && others.count() > 0
    }

    /// The contest of the table above with the same candidates: what is printed
    /// here is more of it.
    fn same_candidates(&self, draft: &Draft, drafts: &[Draft]) -> Option<Stated> {
        let names = |d: &Draft| -> Option<HashSet<String>> {
            let column = d.column_of(Role::Candidate)?;
            let cells = d.rows.iter().filter_map(|row| row.get(column)?.as_ref());
            let cells = cells.map(|cell| self.str(cell));
            let people = cells.filter(|name| self.words.layout.row(name).is_none());
            Some(
                people
                    .map(|n| fold(self.words.layout.unmarked(n)))
                    .collect(),
            )
        };
        let own = names(draft).filter(|own| own.len() >= 2)?;
        let year = |d: &Draft| d.election.as_ref().and_then(|e| year_in(&e.text));
        let same = drafts.iter().find(|d| {
            let dated = year(d).is_none() || year(draft).is_none() || year(d) == year(draft);
            d.contest.is_some() && dated && names(d).as_ref() == Some(&own)
        });
        same.and_then(|d| d.contest.clone())
    }

    /// The contest of tables that no heading names: one that a table of the page
    /// lists, where the head of the page has its name; else the first that a
    /// heading of the page names.
    fn main_contest(&self, drafts: &[Draft]) -> Option<Stated> {
        self.listed_contest(drafts).or_else(|| {
            let first = (0..self.lines.len()).filter(|&l| self.is_free(l) && self.is_short(l));
            let on_page: Vec<Named> = first.filter_map(|l| self.contest_in(l)).collect();
            let named = on_page.iter().find(|n| n.sure).or(on_page.first())?;
            Some(Stated {
                text: self.str(&named.at).to_owned(),
                at: Some(named.at.clone()),
            })
        })
    }

    /// The body that is elected in several contests: what a headline names
    /// together with the election ("Mereside election 2032: a long night").
    fn body_on_page(&self) -> Option<Stated> {
        let lines = (0..self.lines.len()).filter(|&l| self.is_free(l) && self.is_heading_like(l));
        let mut named = lines.filter_map(|l| self.contest_in(l)).filter(|n| n.dated);
        let at = named.next()?.at;
        Some(Stated {
            text: self.str(&at).to_owned(),
            at: Some(at),
        })
    }

    /// A name in a column of contests that stands among the first lines of the
    /// page too.
    fn listed_contest(&self, drafts: &[Draft]) -> Option<Stated> {
        let cells = drafts.iter().flat_map(|draft| {
            let column = draft.column_of(Role::Contest);
            let rows = draft.rows.iter();
            rows.filter_map(move |row| row.get(column?)?.clone())
        });
        let cells: Vec<Range<usize>> = cells.collect();
        let lines = (0..self.lines.len()).filter(|&line| self.is_free(line));
        lines.take(HEAD_OF_PAGE).find_map(|line| {
            let says = format!(" {} ", fold(self.line(line)));
            let named = cells.iter().filter(|cell| {
                let name = fold(self.str(cell));
                !name.is_empty() && says.contains(&format!(" {name} "))
            });
            let cell = named.max_by_key(|cell| cell.len())?.clone();
            Some(Stated {
                text: self.str(&cell).to_owned(),
                at: Some(cell),
            })
        })
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
                .filter(|d| d.column_of(Role::Election).is_none() && d.of.is_none())
            else {
                continue;
            };
            // A table of several contests goes with none of those above it.
            if draft.column_of(Role::Contest).is_some() {
                draft.election = draft.election.take().or_else(|| page.clone());
                continue;
            }
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
        let mut whole = drafts.iter().filter(|d| d.of.is_none());
        let main = whole.find_map(|d| d.election.clone());
        if let Some(found) = main.or_else(|| self.election_on_page()) {
            return Some(found);
        }
        if let Some(found) = self.dateline().filter(|_| !drafts.is_empty()) {
            let note = format!(
                "no heading of {} names an election; its tables are read as of the year of its date: {}",
                self.name, found.text
            );
            self.notes.push(note);
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

    /// The year of a full date on a line that is no sentence: when the page was
    /// published.
    fn dateline(&self) -> Option<Stated> {
        let short = |l: &usize| {
            self.lines
                .get(*l)
                .is_some_and(|l| l.words <= LONGEST_HEADLINE)
        };
        let lines = (0..self.lines.len())
            .filter(|&l| self.is_free(l))
            .filter(short);
        lines.take(HEAD_OF_PAGE).find_map(|line| {
            let range = &self.lines.get(line)?.range;
            let year = self.words.layout.page.dateline(self.str(range))?;
            let at = range.start + year.start..range.start + year.end;
            Some(Stated {
                text: self.str(&at).to_owned(),
                at: Some(at),
            })
        })
    }

    /// "Updated 7 May 2031": when a page was published, not when an election was.
    fn is_dateline(&self, text: &str) -> bool {
        let page = &self.words.layout.page;
        page.dateline(text).is_some() && text.split_whitespace().any(|w| page.is_published(w))
    }

    /// May a line head a page? Headlines are longer than other headings.
    fn is_heading_like(&self, line: usize) -> bool {
        let short = self
            .lines
            .get(line)
            .is_some_and(|l| l.words <= LONGEST_HEADLINE);
        short && !super::prose::is_sentence(self.line(line))
    }

    /// The first heading of the page that names an election, wherever.
    fn election_on_page(&self) -> Option<Stated> {
        let page = &self.words.layout.page;
        let first = self.free_from(0);
        (0..self.lines.len())
            .filter(|&l| self.is_free(l) && self.is_heading_like(l))
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

/// An outcome under a heading of its own goes with the table that follows under
/// the same; any other is of the election of the table that follows it, where
/// that is of the same contest.
fn settle_outcomes(drafts: &mut [Draft], over: &[Over]) {
    let place = |o: Option<&Over>| Some(o?.near.as_ref().filter(|n| n.beside)?.at.clone());
    for at in 0..drafts.len() {
        let is_outcome = |d: &Draft| d.column_of(Role::Result).is_some() && d.columns.len() == 1;
        let next = drafts
            .iter()
            .enumerate()
            .skip(at + 1)
            .find(|(_, d)| !is_outcome(d) && !d.is_of_seats());
        let near = place(over.get(at));
        let next = next.map(|(next, d)| {
            let shared = near.is_some() && place(over.get(next)) == near;
            (d.contest.clone(), d.election.clone(), shared)
        });
        let Some(draft) = drafts
            .get_mut(at)
            .filter(|d| is_outcome(d) && d.of.is_none())
        else {
            continue;
        };
        if let Some((contest, election, shared)) =
            next.filter(|(contest, _, shared)| *shared || *contest == draft.contest)
        {
            if shared {
                draft.contest = contest;
            }
            draft.election = election;
        }
    }
}

/// What was printed as a part of another table is of its contest and, unless it
/// names one, of its election.
fn settle_parts(drafts: &mut [Draft]) {
    for at in 0..drafts.len() {
        let Some(start) = drafts.get(at).and_then(|d| d.of) else {
            continue;
        };
        let whole = drafts
            .iter()
            .find(|d| d.of.is_none() && d.lines.start == start);
        let scope = whole.map(|d| (d.contest.clone(), d.election.clone()));
        if let Some((draft, (contest, election))) = drafts.get_mut(at).zip(scope) {
            draft.contest = contest;
            draft.election = draft.election.take().or(election);
        }
    }
}

/// "Home / Council / Elections": where on its site a page stands.
fn is_trail(line: &str) -> bool {
    let marks = ["/", ">", "»", "›", "|", "·"];
    line.split_whitespace()
        .filter(|w| marks.contains(w))
        .count()
        >= 2
}

/// Are there tables of more than one contest?
fn has_several(drafts: &[Draft]) -> bool {
    drafts.iter().any(|d| d.contest.is_some()) && only_contest(drafts).is_none()
}

/// The contest of all tables that have one, where it is one.
fn only_contest(drafts: &[Draft]) -> Option<Stated> {
    let mut contests = drafts.iter().filter_map(|d| d.contest.as_ref());
    let first = contests.next()?;
    contests
        .all(|c| c.text == first.text)
        .then(|| first.clone())
}

/// Are all words of one name among those of another ("Ashby", "North Ashby")?
fn is_part(name: &str, whole: &str) -> bool {
    let whole = fold(whole);
    fold(name)
        .split(' ')
        .all(|word| whole.split(' ').any(|w| w == word))
}

fn same_roles(a: &Draft, b: &Draft) -> bool {
    let roles = |d: &Draft| -> Vec<Role> { d.columns.iter().map(|c| c.role).collect() };
    roles(a) == roles(b)
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
