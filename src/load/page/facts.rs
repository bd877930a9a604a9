//! Figures of a contest or a body, known by their labels: majority, turnout,
//! seats declared; and stated outcomes ("CON HOLD").

use std::ops::Range;

use super::Page;
use super::draft::{Draft, DraftColumn, Stated};
use super::lines::{Piece, trim_label, words};
use super::records::name_of;
use crate::model::{Metric, Number, Role, fold, year_in};

/// A longer line is no line of facts.
const MAX_WORDS: usize = 24;

/// A label, its figures, and its lines.
struct Fact {
    lines: Range<usize>,
    label: Range<usize>,
    numbers: Vec<Range<usize>>,
    /// The year that is printed with them, where it is not the table's own.
    election: Option<Range<usize>>,
}

impl Fact {
    fn new(lines: Range<usize>, label: Range<usize>, election: Option<Range<usize>>) -> Self {
        Self {
            lines,
            label,
            numbers: Vec::new(),
            election,
        }
    }
}

impl Page<'_> {
    pub(super) fn read_facts(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let draft = self.progress(at).or_else(|| self.outcome(at));
            let found = draft.map_or_else(|| self.facts(at), |d| vec![d]);
            at = found.first().map_or(at + 1, |d| d.lines.end);
            for draft in found {
                self.take(draft);
            }
        }
    }

    /// "After 640 of 650 seats".
    fn progress(&self, at: usize) -> Option<Draft> {
        let line = self.lines.get(at).filter(|_| self.is_free(at))?;
        let (declared, total) = self.words.layout.page.progress(self.str(&line.range))?;
        let shift = |r: Range<usize>| Some(r.start + line.range.start..r.end + line.range.start);
        let columns = [Metric::SeatsDeclared, Metric::SeatsTotal]
            .map(|m| DraftColumn::unnamed(m.words(), Role::Measure(m)));
        let row = vec![shift(declared), shift(total)];
        Some(Draft::new(at..at + 1, columns.to_vec(), vec![row]))
    }

    /// A line that is an outcome and nothing else, printed once or twice.
    fn outcome(&self, at: usize) -> Option<Draft> {
        let line = self.lines.get(at).filter(|_| self.is_free(at))?;
        let words = words(self.text, line.range.clone());
        let half = words.len() / 2;
        let folded = |w: &Range<usize>| fold(self.str(w));
        let (left, right) = words.split_at(half);
        let twice = words.len().is_multiple_of(2)
            && half > 0
            && left.iter().map(folded).eq(right.iter().map(folded));
        let words = if twice { left } else { words.as_slice() };
        if words.len() > 8 {
            return None;
        }
        let cell = words.first()?.start..words.last()?.end;
        self.is_outcome(&cell).then(|| {
            let column = DraftColumn::unnamed(name_of(Role::Result), Role::Result);
            let draft = Draft::new(at..at + 1, vec![column], vec![vec![Some(cell)]]);
            Draft {
                of: self.table_right_above(at),
                ..draft
            }
        })
    }

    /// The table of candidates that ends above a line with nothing but facts of
    /// it between: what stands at its foot is of it.
    fn table_right_above(&self, at: usize) -> Option<usize> {
        let mut end = at;
        loop {
            let last = (0..end).rev().find(|&l| !self.is_blank(l))?;
            let mut above = self.drafts.iter().filter(|d| d.of.is_none());
            let above = above.find(|d| d.lines.contains(&last))?;
            if above.is_of_entries() {
                return Some(above.lines.start);
            }
            let fact = above.column_of(Role::Value).is_some();
            end = Some(above.lines.start).filter(|_| fact)?;
        }
    }

    /// A known party, or capitals, and what it did: nothing before or after.
    pub(super) fn is_outcome(&self, cell: &Range<usize>) -> bool {
        let text = self.str(cell);
        let Some((party, _)) = self.words.layout.outcome(text) else {
            return false;
        };
        let count = party.split(' ').count();
        let words: Vec<&str> = text.split_whitespace().collect();
        let printed = words.get(..count).unwrap_or_default().join(" ");
        let capitals = printed.chars().all(char::is_uppercase) && printed.len() <= 8;
        let known = |name: &str| self.is_party(name) || (capitals && count == 1);
        let lost = words.get(count + 1..).unwrap_or_default();
        let ends = match lost {
            [] => true,
            [from, loser @ ..] => {
                let named = !loser.is_empty() && loser.len() <= 5;
                let figures = loser
                    .iter()
                    .any(|w| w.contains(|c: char| c.is_ascii_digit()));
                named && !figures && self.words.layout.page.leads_to_loser(from)
            }
        };
        known(&printed) && ends
    }

    /// Labels of the vocabulary with their figures, one under the other.
    fn facts(&self, at: usize) -> Vec<Draft> {
        let mut facts = self.facts_at(at);
        while let Some(next) = facts.last().and_then(|f| self.free_from(f.lines.end)) {
            let more = self.facts_at(next);
            if more.is_empty() {
                break;
            }
            facts.extend(more);
        }
        self.fact_tables(&facts)
    }

    /// The facts of a part of a line, where it holds nothing else.
    pub(super) fn facts_in(&self, line: usize, range: &Range<usize>) -> Vec<Draft> {
        let pieces = self.pieces(line).iter().map(|p| Piece {
            range: p.range.start.max(range.start)..p.range.end.min(range.end),
            number: p.number,
        });
        let pieces: Vec<Piece> = pieces.filter(|p| p.range.start < p.range.end).collect();
        let facts = self.labelled(line..line + 1, &pieces).unwrap_or_default();
        self.fact_tables(&facts)
    }

    /// A table of the facts of the table's own election, and one for each other.
    fn fact_tables(&self, facts: &[Fact]) -> Vec<Draft> {
        let text = |r: &Range<usize>| self.str(r);
        let mut elections: Vec<Option<&Range<usize>>> = Vec::new();
        for fact in facts {
            let year = fact.election.as_ref();
            if !elections.iter().any(|e| e.map(text) == year.map(text)) {
                elections.push(year);
            }
        }
        let start = facts.first().map_or(0, |f| f.lines.start);
        let end = facts.last().map_or(0, |f| f.lines.end);
        let whole = elections.iter().any(Option::is_none);
        let tables = elections.into_iter().map(|election| {
            let own = facts
                .iter()
                .filter(|f| f.election.as_ref().map(text) == election.map(text));
            let rows: Vec<Row> = own.map(|f| self.fact_row(f)).collect();
            let draft = fact_table(start..end, &rows);
            match election {
                None => draft,
                Some(year) => Draft {
                    election: Some(Stated {
                        text: self.str(year).to_owned(),
                        at: Some(year.clone()),
                    }),
                    of: whole.then_some(start),
                    ..draft
                },
            }
        });
        tables.collect()
    }

    /// The facts of a line, or of a label and the line of figures below it.
    fn facts_at(&self, at: usize) -> Vec<Fact> {
        let words = self.lines.get(at).map_or(0, |l| l.words);
        if !self.is_free(at) || words > MAX_WORDS || super::prose::is_sentence(self.line(at)) {
            return Vec::new();
        }
        let pieces = self.pieces(at);
        if pieces.len() > 1 {
            let several = self.labelled(at..at + 1, pieces);
            return several.unwrap_or_default();
        }
        let below = || {
            let label = pieces.first()?;
            let next = self.free_from(at + 1).filter(|_| self.is_short(at))?;
            let both = [std::slice::from_ref(label), self.pieces(next)].concat();
            self.labelled(at..next + 1, &both)
                .filter(|facts| facts.len() == 1)
        };
        below().unwrap_or_default()
    }

    /// Labels, each with up to three figures behind it; behind a year the figures
    /// are of that election ("Turnout 42.9% (2021: 46.8%)"). `None` where the
    /// pieces are anything else.
    fn labelled(&self, lines: Range<usize>, pieces: &[Piece]) -> Option<Vec<Fact>> {
        let mut facts: Vec<Fact> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            if !piece.number {
                let label = trim_label(self.text, piece.range.clone());
                if !self.is_fact_label(&label) {
                    return None;
                }
                facts.push(Fact::new(lines.clone(), label, None));
                continue;
            }
            let last = facts.last_mut()?;
            let followed = pieces.get(at + 1).is_some_and(|next| next.number);
            if followed && self.is_year(&piece.range, last.numbers.is_empty()) {
                let dated = Fact::new(lines.clone(), last.label.clone(), Some(piece.range.clone()));
                if last.numbers.is_empty() {
                    *last = dated;
                } else {
                    facts.push(dated);
                }
            } else {
                last.numbers.push(piece.range.clone());
            }
        }
        let filled = |f: &Fact| (1..=3).contains(&f.numbers.len());
        (!facts.is_empty() && facts.iter().all(filled)).then_some(facts)
    }

    /// A year, right behind a label ("Majority 2017") or before a colon.
    fn is_year(&self, number: &Range<usize>, first: bool) -> bool {
        let text = self.str(number);
        let after = self.text.get(number.end..).unwrap_or("");
        let marked = after.starts_with(':') || after.starts_with("):");
        text.len() == 4 && year_in(text).is_some() && (first || marked)
    }

    fn is_fact_label(&self, label: &Range<usize>) -> bool {
        let found = self.words.layout.row(self.str(label));
        found.is_some_and(|(row, party)| {
            !row.aggregate && party.is_none_or(|p| p.split(' ').count() <= 4)
        })
    }

    /// Label, count, per cent and change.
    fn fact_row(&self, fact: &Fact) -> Row {
        let mut row = vec![Some(fact.label.clone()), None, None, None];
        for number in &fact.numbers {
            let at = match look(self.str(number)) {
                Some(Look::Change) => 3,
                Some(Look::Share) => 2,
                Some(Look::Count) | None => 1,
            };
            if let Some(cell) = row.get_mut(at).filter(|c| c.is_none()) {
                *cell = Some(number.clone());
            }
        }
        row
    }
}

type Row = Vec<Option<Range<usize>>>;

/// What a number is by its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Count,
    Share,
    Change,
}

/// A number is a change where it is signed, and in per cent where it has the sign
/// or decimals; `None` where it is no number.
pub(super) fn look(text: &str) -> Option<Look> {
    let number = Number::parse(text)?;
    let signed = text.starts_with(['+', '-', '−', '–', '±']);
    Some(match (signed, text.ends_with('%') || number.decimals > 0) {
        (true, _) => Look::Change,
        (false, true) => Look::Share,
        (false, false) => Look::Count,
    })
}

/// A table of rows of facts, without the columns that none of them fills.
fn fact_table(lines: Range<usize>, rows: &[Row]) -> Draft {
    let roles = [Role::Label, Role::Value, Role::ValueShare, Role::Change];
    let used = |at: usize| at == 1 || rows.iter().any(|r| r.get(at).is_some_and(Option::is_some));
    let kept: Vec<usize> = (0..roles.len()).filter(|&i| used(i)).collect();
    let columns = kept.iter().filter_map(|&i| {
        let role = *roles.get(i)?;
        let name = if role == Role::Label {
            "label"
        } else {
            name_of(role)
        };
        Some(DraftColumn::unnamed(name, role))
    });
    let rows = rows.iter().map(|row| {
        let cells = kept.iter().map(|&i| row.get(i).cloned().flatten());
        cells.collect()
    });
    Draft::new(lines, columns.collect(), rows.collect())
}
