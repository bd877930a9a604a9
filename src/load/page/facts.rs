//! Figures of a contest or a body, known by their labels: majority, turnout,
//! seats declared; and stated outcomes ("CON HOLD").

use std::ops::Range;

use super::Page;
use super::draft::{Draft, DraftColumn};
use super::lines::{trim_label, words};
use super::records::name_of;
use crate::model::{Metric, Number, Role, fold};

/// A label, its figures, and its lines.
struct Fact {
    lines: Range<usize>,
    label: Range<usize>,
    numbers: Vec<Range<usize>>,
}

impl Page<'_> {
    pub(super) fn read_facts(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let draft = self
                .progress(at)
                .or_else(|| self.outcome(at))
                .or_else(|| self.facts(at));
            at = draft.as_ref().map_or(at + 1, |d| d.lines.end);
            if let Some(draft) = draft {
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
            Draft::new(at..at + 1, vec![column], vec![vec![Some(cell)]])
        })
    }

    /// A known party, or capitals, and what it did: nothing before or after.
    fn is_outcome(&self, cell: &Range<usize>) -> bool {
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
    fn facts(&self, at: usize) -> Option<Draft> {
        let mut facts = vec![self.fact(at)?];
        while let Some(next) = facts.last().and_then(|f| self.free_from(f.lines.end)) {
            match self.fact(next) {
                Some(fact) => facts.push(fact),
                None => break,
            }
        }
        let end = facts.last()?.lines.end;
        let roles = [Role::Label, Role::Value, Role::ValueShare, Role::Change];
        let rows: Vec<Vec<Option<Range<usize>>>> = facts.iter().map(|f| self.fact_row(f)).collect();
        let used =
            |at: usize| at == 1 || rows.iter().any(|r| r.get(at).is_some_and(Option::is_some));
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
        Some(Draft::new(at..end, columns.collect(), rows.collect()))
    }

    fn fact(&self, at: usize) -> Option<Fact> {
        if !self.is_free(at) || !self.is_short(at) {
            return None;
        }
        let (text, numbers) = self.pieces(at).split_first()?;
        let label = trim_label(self.text, text.range.clone());
        if text.number || !self.is_fact_label(&label) {
            return None;
        }
        let all = |pieces: &[super::Piece]| {
            let few = (1..=3).contains(&pieces.len()) && pieces.iter().all(|p| p.number);
            few.then(|| pieces.iter().map(|p| p.range.clone()).collect::<Vec<_>>())
        };
        if let Some(numbers) = all(numbers) {
            return Some(Fact {
                lines: at..at + 1,
                label,
                numbers,
            });
        }
        let next = self.free_from(at + 1).filter(|_| numbers.is_empty())?;
        let numbers = all(self.pieces(next))?;
        Some(Fact {
            lines: at..next + 1,
            label,
            numbers,
        })
    }

    fn is_fact_label(&self, label: &Range<usize>) -> bool {
        let found = self.words.layout.row(self.str(label));
        found.is_some_and(|(row, party)| {
            !row.aggregate && party.is_none_or(|p| p.split(' ').count() <= 4)
        })
    }

    /// Label, count, per cent and change: a number is in per cent where it has
    /// the sign or decimals, and a change where it is signed.
    fn fact_row(&self, fact: &Fact) -> Vec<Option<Range<usize>>> {
        let mut row = vec![Some(fact.label.clone()), None, None, None];
        for number in &fact.numbers {
            let text = self.str(number);
            let signed = text.starts_with(['+', '-', '−', '–']);
            let decimals = Number::parse(text).is_some_and(|n| n.decimals > 0);
            let at = match (signed, text.ends_with('%') || decimals) {
                (true, _) => 3,
                (false, true) => 2,
                (false, false) => 1,
            };
            if let Some(cell) = row.get_mut(at).filter(|c| c.is_none()) {
                *cell = Some(number.clone());
            }
        }
        row
    }
}
