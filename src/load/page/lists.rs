//! Lists: a name and its numbers on each line, or on two; and the same turned,
//! with the names side by side over lines of numbers.

use std::ops::Range;

use super::Page;
use super::draft::{Draft, DraftColumn};
use super::lines::trim_label;
use super::records::name_of;
use crate::model::{DefectKind, Number, Role, year_in};

type Row = Vec<Option<Range<usize>>>;

/// A name and its numbers.
#[derive(Debug, Clone)]
struct Item {
    lines: Range<usize>,
    name: Range<usize>,
    numbers: Vec<Range<usize>>,
}

/// What stands over a list, and where it starts.
struct Top {
    start: usize,
    /// The columns of its names: one or two.
    names: Vec<DraftColumn>,
    figures: Vec<DraftColumn>,
}

impl Page<'_> {
    pub(super) fn read_lists(&mut self) {
        let runs = self.runs();
        let (turned, lists): (Vec<_>, Vec<_>) = runs.into_iter().partition(|r| self.is_turned(r));
        for run in lists {
            if let Some(draft) = self.list(&run) {
                self.take(draft);
            }
        }
        for run in turned {
            if let Some(draft) = self.turned_list(&run) {
                self.take(draft);
            }
        }
    }

    /// Items one under the other, with as many numbers each.
    fn runs(&self) -> Vec<Vec<Item>> {
        let mut runs: Vec<Vec<Item>> = Vec::new();
        let mut at = 0;
        while at < self.lines.len() {
            let Some(item) = self.item(at) else {
                at += 1;
                continue;
            };
            at = item.lines.end;
            let follows = |last: &Item| {
                last.numbers.len() == item.numbers.len()
                    && last.lines.len().min(2) == item.lines.len().min(2)
                    && self.free_before(self.below_signs(item.lines.start))
                        == Some(last.lines.end - 1)
                    && !self.is_dated(last)
            };
            match runs
                .last_mut()
                .filter(|run| run.last().is_some_and(follows))
            {
                Some(run) => run.push(item),
                None => runs.push(vec![item]),
            }
        }
        runs
    }

    /// "Results 2017" is a heading, not a name with a number.
    fn is_dated(&self, item: &Item) -> bool {
        match item.numbers.as_slice() {
            [number] => {
                let text = self.str(number);
                text.len() == 4 && year_in(text).is_some() && !self.is_party(self.str(&item.name))
            }
            _ => false,
        }
    }

    fn item(&self, at: usize) -> Option<Item> {
        if !self.is_free(at) || !self.is_short(at) || self.is_base_line(at) {
            return None;
        }
        let (text, rest) = self.pieces(at).split_first()?;
        let name = trim_label(self.text, text.range.clone());
        let named = self.str(&name).starts_with(char::is_alphanumeric);
        if text.number || !named || self.str(&name).split_whitespace().count() > 8 {
            return None;
        }
        let numbers = |pieces: &[super::Piece]| {
            let all = !pieces.is_empty() && pieces.iter().all(|p| p.number);
            all.then(|| pieces.iter().map(|p| p.range.clone()).collect::<Vec<_>>())
        };
        if !rest.is_empty() {
            let numbers = numbers(rest)?;
            return Some(Item {
                lines: at..at + 1,
                name,
                numbers,
            });
        }
        let next = self.free_from(at + 1)?;
        let numbers = numbers(self.pieces(next))?;
        Some(Item {
            lines: at..next + 1,
            name,
            numbers,
        })
    }

    /// Do labels stand where names would?
    fn is_turned(&self, run: &[Item]) -> bool {
        run.iter()
            .all(|item| item.numbers.len() >= 2 && self.entry_role(self.str(&item.name)).is_some())
    }

    fn list(&self, run: &[Item]) -> Option<Draft> {
        let first = run.first().filter(|_| run.len() >= 2)?;
        let top = self.printed_top(first).or_else(|| self.implied_top(run))?;
        let mut rows = Vec::new();
        let party_first = top.names.first().is_some_and(|c| c.role == Role::Party);
        for item in run {
            let mut row: Row = match top.names.as_slice() {
                [_] => vec![Some(item.name.clone())],
                _ => self.two_names(&item.name, party_first),
            };
            row.extend(item.numbers.iter().cloned().map(Some));
            rows.push(row);
        }
        let columns = [top.names, top.figures].concat();
        Some(Draft::new(top.start..run.last()?.lines.end, columns, rows))
    }

    fn two_names(&self, name: &Range<usize>, party_first: bool) -> Row {
        match self.candidate_and_party(name, party_first) {
            Some((candidate, party)) if party_first => vec![Some(party), Some(candidate)],
            Some((candidate, party)) => vec![Some(candidate), Some(party)],
            None if party_first => vec![None, Some(name.clone())],
            None => vec![Some(name.clone()), None],
        }
    }

    /// The line of headings over a list; lines of signs may stand between.
    fn printed_top(&self, first: &Item) -> Option<Top> {
        let count = first.numbers.len();
        let line = self.free_before(self.below_signs(first.lines.start))?;
        let parts = self
            .headings(line, &[], count)
            .filter(|_| !self.is_base_line(line))?;
        let (names, figures) = parts.split_at(parts.len() - count);
        let printed =
            |part: &(Range<usize>, Role)| DraftColumn::printed(self.text, part.0.clone(), part.1);
        let mut names: Vec<DraftColumn> = names.iter().map(printed).collect();
        if names.is_empty() {
            names.push(DraftColumn::unnamed(name_of(Role::Label), Role::Label));
        }
        Some(Top {
            start: line,
            names,
            figures: figures.iter().map(printed).collect(),
        })
    }

    /// Where a list starts with the lines of signs ("+%") over it.
    fn below_signs(&self, start: usize) -> usize {
        let signs = |l: &usize| self.line(*l).chars().all(|c| !c.is_alphanumeric());
        let mut top = start;
        while let Some(line) = self.free_before(top).filter(signs) {
            top = line;
        }
        top
    }

    /// Columns from the heading over a list, or from the look of its numbers.
    fn implied_top(&self, run: &[Item]) -> Option<Top> {
        let start = self.below_signs(run.first()?.lines.start);
        let parties = self.mostly_parties(run.iter().map(|i| &i.name));
        let count = run.first()?.numbers.len();
        let heading = self
            .free_before(start)
            .and_then(|line| self.measure_of(line));
        let figures = match heading.filter(|_| count == 1) {
            Some(column) => vec![column],
            None if parties => (0..count).map(|at| self.look_of(run, at)).collect(),
            None => return None,
        };
        let role = if parties { Role::Party } else { Role::Label };
        Some(Top {
            start,
            names: vec![DraftColumn::unnamed(name_of(role), role)],
            figures,
        })
    }

    /// What a heading says that the numbers under it are.
    fn measure_of(&self, line: usize) -> Option<DraftColumn> {
        let range = self.lines.get(line)?.range.clone();
        let text = self.str(&range);
        let own = self
            .words
            .layout
            .page
            .base(text)
            .map_or(text, |(phrase, _)| text.get(..phrase.start).unwrap_or(text));
        let role = self.entry_role(own.trim())?;
        Some(DraftColumn::printed(self.text, range, role))
    }

    /// Numbers with signs are changes, with `%` or decimals shares, others
    /// votes.
    fn look_of(&self, run: &[Item], at: usize) -> DraftColumn {
        let texts = || {
            run.iter()
                .filter_map(|i| Some(self.str(i.numbers.get(at)?)))
        };
        let signed = texts().all(|t| t.starts_with(['+', '-', '−', '–']));
        let share =
            texts().any(|t| t.ends_with('%') || Number::parse(t).is_some_and(|n| n.decimals > 0));
        let role = match (signed, share) {
            (true, _) => Role::Change,
            (false, true) => Role::Measure(crate::model::Metric::Share),
            (false, false) => Role::Measure(crate::model::Metric::Votes),
        };
        DraftColumn::unnamed(name_of(role), role)
    }

    /// Names side by side, and under them a line of numbers for each label.
    fn turned_list(&mut self, run: &[Item]) -> Option<Draft> {
        let first = run.first()?;
        let count = first.numbers.len();
        let line = self.free_before(first.lines.start)?;
        let range = self.lines.get(line)?.range.clone();
        if self.pieces(line).iter().any(|p| p.number) {
            return None;
        }
        let (heading, range) = self.without_heading(range);
        let Some((names, unique)) = self.names(range.clone(), count) else {
            let message = format!(
                "{} has fewer names than the {count} numbers under it",
                self.place(line)
            );
            let help = "check that each number stands under a name";
            self.defect(range, DefectKind::Unreadable, message, help);
            return None;
        };
        if !unique {
            let message = format!(
                "{}: where one of the {count} names ends and the next begins cannot be told",
                self.place(line)
            );
            let help = "part the names with tabs or | marks, or add the parties to rules/parties";
            self.defect(range, DefectKind::Unreadable, message, help);
            return None;
        }
        let party = heading.map_or_else(
            || DraftColumn::unnamed(name_of(Role::Party), Role::Party),
            |(range, role)| DraftColumn::printed(self.text, range, role),
        );
        let mut columns = vec![party];
        columns.extend(run.iter().map(|item| {
            let role = self.words.layout.label(self.str(&item.name));
            DraftColumn::printed(self.text, item.name.clone(), role)
        }));
        let rows = names.into_iter().enumerate().map(|(at, name)| {
            let numbers = run.iter().map(|item| item.numbers.get(at).cloned());
            std::iter::once(Some(name)).chain(numbers).collect()
        });
        let rows = rows.collect();
        Some(Draft::new(line..run.last()?.lines.end, columns, rows))
    }

    /// "Party Blue Red": the heading of the names, and the names.
    fn without_heading(&self, range: Range<usize>) -> (Option<(Range<usize>, Role)>, Range<usize>) {
        let words = super::lines::words(self.text, range.clone());
        let role = words.first().map(|w| self.words.layout.role(self.str(w)));
        match (words.as_slice(), role) {
            ([first, second, ..], Some(role @ (Role::Party | Role::Candidate | Role::Label))) => {
                (Some((first.clone(), role)), second.start..range.end)
            }
            _ => (None, range),
        }
    }
}
