//! Tables whose cells are parted by marks: pipes, tabs, wide gaps; and tables
//! with each cell on a line of its own.

use std::ops::Range;

use super::draft::{Draft, DraftColumn};
use super::facts::{self, Look};
use super::lines::{Piece, trim, trim_with};
use super::{Page, is_of_entry};
use crate::model::{DefectKind, Metric, Role, fold, year_in};

type Cells = Vec<Range<usize>>;

impl Page<'_> {
    pub(super) fn read_grids(&mut self) {
        let mut at = 0;
        while at < self.lines.len() {
            let draft = self
                .pipe_table(at)
                .or_else(|| self.aligned_table(at))
                .or_else(|| self.stacked_table(at));
            if let Some(draft) = draft {
                at = draft.lines.end;
                self.take(draft);
            } else {
                at += 1;
            }
        }
    }

    /// A table of cells between pipes, with a line of dashes under its
    /// headings, or with a pipe at both ends of every line.
    fn pipe_table(&mut self, at: usize) -> Option<Draft> {
        let framed = |i: usize| self.line(i).starts_with('|') && self.line(i).ends_with('|');
        let ruled = self.line(at).contains('|') && is_rule(self.line(at + 1));
        let belongs = |i: usize| framed(i) || (ruled && self.line(i).contains('|'));
        let end = (at..self.lines.len())
            .find(|&i| !belongs(i))
            .unwrap_or(self.lines.len());
        if end < at + 2 {
            return None;
        }
        let header = self.piped_cells(at);
        let body: Vec<usize> = (at + 1..end).filter(|&i| !is_rule(self.line(i))).collect();
        self.grid(at..end, header, &body, Self::piped_cells)
    }

    fn piped_cells(&self, line: usize) -> Cells {
        let range = self.lines.get(line).map_or(0..0, |l| l.range.clone());
        let raw = self.str(&range);
        let mut cells = Vec::new();
        let mut start = range.start;
        let mut escaped = false;
        for (at, c) in raw.char_indices() {
            if c == '|' && !escaped {
                cells.push(start..range.start + at);
                start = range.start + at + 1;
            }
            escaped = c == '\\' && !escaped;
        }
        if !raw.ends_with('|') {
            cells.push(start..range.end);
        }
        if raw.starts_with('|') && !cells.is_empty() {
            cells.remove(0);
        }
        let emphasis = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`');
        let trimmed = cells.into_iter().map(|c| trim_with(self.text, c, emphasis));
        trimmed.collect()
    }

    /// A table of cells parted by tabs or by two spaces and more, under known
    /// headings.
    fn aligned_table(&mut self, at: usize) -> Option<Draft> {
        let header = self.aligned_cells(at);
        let known = header.iter().any(|c| self.label_role(c) != Role::Other);
        let is_figure = |p: &Piece| p.number && year_in(self.str(&p.range)).is_none();
        let figures = self.pieces(at).iter().any(is_figure);
        if header.len() < 2 || !known || figures || !self.is_free(at) {
            return None;
        }
        let belongs = |i: usize| {
            self.is_free(i) && (self.aligned_cells(i).len() >= 2 || is_rule(self.line(i)))
        };
        let end = (at..self.lines.len())
            .find(|&i| !belongs(i))
            .unwrap_or(self.lines.len());
        let body: Vec<usize> = (at + 1..end).filter(|&i| !is_rule(self.line(i))).collect();
        let numbers = |i: &&usize| self.pieces(**i).iter().any(|p| p.number);
        if body.iter().filter(numbers).count() * 2 < body.len().max(1) {
            return None;
        }
        self.grid(at..end, header, &body, Self::aligned_cells)
    }

    fn aligned_cells(&self, line: usize) -> Cells {
        let range = self.lines.get(line).map_or(0..0, |l| l.range.clone());
        let raw = self.str(&range);
        let mut cells = Vec::new();
        let mut start = 0;
        if raw.contains('\t') {
            for part in raw.split('\t') {
                cells.push(range.start + start..range.start + start + part.len());
                start += part.len() + 1;
            }
        } else {
            while let Some(gap) = raw.get(start..).and_then(|r| r.find("  ")) {
                cells.push(range.start + start..range.start + start + gap);
                let rest = raw.get(start + gap..).unwrap_or("");
                start += gap + (rest.len() - rest.trim_start().len());
            }
            cells.push(range.start + start..range.end);
        }
        cells.into_iter().map(|c| trim(self.text, c)).collect()
    }

    fn label_role(&self, cell: &Range<usize>) -> Role {
        self.words.layout.label(self.str(cell))
    }

    /// Rows of cells under headings, turned where the headings stand at the
    /// left.
    fn grid(
        &mut self,
        lines: Range<usize>,
        header: Cells,
        body: &[usize],
        cells: impl Fn(&Self, usize) -> Cells,
    ) -> Option<Draft> {
        let read = body.iter().map(|&line| {
            let mut row = cells(self, line);
            while row.len() > header.len() && row.last().is_some_and(|cell| self.is_beside(cell)) {
                row.pop();
            }
            if row.len() < header.len() {
                let fitted = self.under(&header, row.clone());
                row = fitted
                    .or_else(|| self.by_look(&header, &row))
                    .unwrap_or(row);
            }
            (line, row)
        });
        let (rows, misfits): (Vec<_>, Vec<_>) = read.partition(|(_, r)| r.len() == header.len());
        if rows.is_empty() {
            return None;
        }
        for (line, row) in misfits {
            let parts = self.footing(line, lines.start);
            if parts.is_empty() {
                self.misfit(line, row.len(), header.len());
            }
            self.drafts.extend(parts);
        }
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        let (header, rows) = self.upright(header, rows);
        let columns = header.into_iter().map(|heading| {
            let role = self.label_role(&heading);
            DraftColumn::printed(self.text, heading, role)
        });
        let mut columns: Vec<DraftColumn> = columns.collect();
        for (at, column) in columns.iter_mut().enumerate() {
            if column.role == Role::Elected && self.counts(rows.iter().filter_map(|r| r.get(at))) {
                column.role = Role::Measure(Metric::Seats);
            }
        }
        let cell = |range: Range<usize>| (!range.is_empty()).then_some(range);
        let rows = rows
            .into_iter()
            .map(|row| row.into_iter().map(cell).collect());
        Some(Draft::new(lines, columns, rows.collect()))
    }

    /// The cells of a row that lacks some, each under the heading that it
    /// stands under; `None` where that is not clear.
    fn under(&self, header: &[Range<usize>], row: Cells) -> Option<Cells> {
        let columns = |r: &Range<usize>| Some((self.column(r.start)?, self.column(r.end)?));
        let mut out: Vec<Option<Range<usize>>> = vec![None; header.len()];
        let mut free = 0;
        for cell in row.into_iter().filter(|c| !c.is_empty()) {
            let (start, end) = columns(&cell)?;
            let gaps = header
                .iter()
                .enumerate()
                .skip(free)
                .filter_map(|(at, heading)| {
                    let (from, to) = columns(heading)?;
                    let gap = from.saturating_sub(end).max(start.saturating_sub(to));
                    Some((gap, at))
                });
            let (_, at) = gaps.min()?;
            *out.get_mut(at)? = Some(cell);
            free = at + 1;
        }
        Some(out.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// The cells of a row without some of them, where its first is the label of a
    /// fact: its figures go under the headings of their kind, a count, a per cent
    /// and a change.
    fn by_look(&self, header: &[Range<usize>], row: &[Range<usize>]) -> Option<Cells> {
        let (label, rest) = row.split_first()?;
        let (found, _) = self.words.layout.row(self.str(label))?;
        let mut out = vec![label.end..label.end; header.len()];
        out.first_mut()?.start = label.start;
        for cell in rest.iter().filter(|cell| !cell.is_empty()) {
            let text = self.str(cell);
            if self.words.layout.is_missing(text) {
                continue;
            }
            let looks = facts::look(text)?;
            let fits = |role: Role| match (looks, role) {
                (Look::Change, Role::Change) => true,
                (look, Role::Measure(metric)) => {
                    let change = metric.name().ends_with("-change");
                    look == match (change, metric.is_percent()) {
                        (true, _) => Look::Change,
                        (false, true) => Look::Share,
                        (false, false) => Look::Count,
                    }
                }
                _ => false,
            };
            let free = |at: &usize| out.get(*at).is_some_and(Range::is_empty);
            let mut at = (1..header.len()).filter(free);
            let at = at.find(|&at| header.get(at).is_some_and(|h| fits(self.label_role(h))))?;
            *out.get_mut(at)? = cell.clone();
        }
        (!found.aggregate || rest.len() > 1).then_some(out)
    }

    /// A line at the foot of a table that has no cells under its headings: an
    /// outcome ("Labour hold"), and facts with their labels, of another election
    /// too ("Majority 2017").
    fn footing(&self, line: usize, table: usize) -> Vec<Draft> {
        let cells: Cells = self.aligned_cells(line);
        let Some(first) = cells.first() else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        let mut rest = self.lines.get(line).map_or(0..0, |l| l.range.clone());
        if self.is_outcome(first) {
            let column = DraftColumn::unnamed("result", Role::Result);
            let row = vec![Some(first.clone())];
            parts.push(Draft::new(line..line + 1, vec![column], vec![row]));
            rest.start = first.end;
        }
        parts.extend(self.facts_in(line, &rest));
        parts.into_iter().map(|part| part.part_of(table)).collect()
    }

    /// How many characters stand before a byte on its line.
    fn column(&self, at: usize) -> Option<usize> {
        let before = self.text.get(..at)?;
        let line = before.rsplit(['\n', '\r']).next()?;
        (!line.contains(['\t', '|'])).then(|| line.chars().count())
    }

    /// Is it nothing, or the mark of who was elected, which needs no heading?
    fn is_beside(&self, cell: &Range<usize>) -> bool {
        let text = self.str(cell);
        let is_word = text.chars().filter(|c| c.is_alphabetic()).count() > 2;
        cell.is_empty() || is_word && self.words.layout.elected(Some(text)) == Some(true)
    }

    /// Are all cells counts, and not all of them 0 or 1? "Won" over these says how
    /// many, not who.
    fn counts<'r>(&self, cells: impl Iterator<Item = &'r Range<usize>>) -> bool {
        let texts: Vec<&str> = cells
            .map(|c| self.str(c))
            .filter(|t| !t.is_empty())
            .collect();
        let count = |t: &&str| facts::look(t) == Some(Look::Count);
        texts.iter().all(count) && texts.iter().any(|t| !matches!(*t, "0" | "1"))
    }

    fn misfit(&mut self, line: usize, found: usize, expected: usize) {
        let message = format!(
            "{} has {found} cells under {expected} headings; the row was left out",
            self.place(line)
        );
        let range = self.lines.get(line).map_or(0..0, |l| l.range.clone());
        let help = "check that each cell of the row stands under its heading";
        self.defect(range, DefectKind::RowLength, message, help);
    }

    /// A table whose first column holds the labels of its figures, and whose
    /// headings hold none, is turned.
    fn upright(&self, header: Cells, rows: Vec<Cells>) -> (Cells, Vec<Cells>) {
        let labelled = rows
            .iter()
            .all(|r| r.first().is_some_and(|c| is_of_entry(self.label_role(c))));
        let plain = header
            .iter()
            .skip(1)
            .all(|c| !is_of_entry(self.label_role(c)));
        if !labelled || !plain {
            return (header, rows);
        }
        let all: Vec<Cells> = std::iter::once(header).chain(rows).collect();
        let width = all.first().map_or(0, Vec::len);
        let mut turned = (0..width).map(|column| {
            let cells = all.iter().filter_map(|row| row.get(column).cloned());
            cells.collect::<Cells>()
        });
        (turned.next().unwrap_or_default(), turned.collect())
    }

    /// Headings on a line each, then rows with a line for each cell.
    fn stacked_table(&mut self, at: usize) -> Option<Draft> {
        let mut columns: Vec<DraftColumn> = Vec::new();
        let mut next = self.free_from(at).filter(|&first| first == at);
        while let Some(line) = next.filter(|&l| self.words.layout.knows(self.line(l))) {
            let heading = self.lines.get(line)?.range.clone();
            if columns
                .iter()
                .any(|c| fold(&c.name) == fold(self.str(&heading)))
            {
                break;
            }
            let role = self.label_role(&heading);
            columns.push(DraftColumn::printed(self.text, heading, role));
            next = self.free_from(line + 1);
        }
        let named = columns.first().is_some_and(|c| !is_of_entry(c.role));
        let measured = columns.last().is_some_and(|c| is_of_entry(c.role));
        if columns.len() < 2 || !named || !measured {
            return None;
        }
        let mut rows = Vec::new();
        let mut end = at;
        while let Some((row, after)) = next.and_then(|line| self.stacked_row(line, &columns)) {
            rows.push(row);
            end = after;
            next = self.free_from(after);
        }
        (rows.len() >= 2).then(|| Draft::new(at..end, columns, rows))
    }

    fn stacked_row(
        &self,
        start: usize,
        columns: &[DraftColumn],
    ) -> Option<(Vec<Option<Range<usize>>>, usize)> {
        let mut row = Vec::new();
        let mut line = start;
        for column in columns {
            line = self.free_from(line)?;
            let cell = match self.pieces(line) {
                [piece] if piece.number == is_of_entry(column.role) => piece.range.clone(),
                _ => return None,
            };
            if !self.is_short(line) {
                return None;
            }
            row.push(Some(cell));
            line += 1;
        }
        Some((row, line))
    }
}

/// A line that only parts headings from rows.
#[must_use]
pub fn is_rule(line: &str) -> bool {
    line.contains("--")
        && line
            .chars()
            .all(|c| matches!(c, '-' | '|' | ':' | '+' | '=') || c.is_whitespace())
        || (line.contains('|')
            && line.contains('-')
            && line.chars().all(|c| matches!(c, '-' | '|' | ':' | ' ')))
}
