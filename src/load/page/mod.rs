//! A results page as text in; the tables that stand in it, and the copy
//! between them, out.
//!
//! Tables are known by general signs: marks that part cells, labels of the
//! vocabulary beside numbers, lines of one shape that repeat. Each pass takes
//! the lines of the tables that it finds; what no pass takes is copy.

mod draft;
mod entries;
mod facts;
mod grids;
mod heads;
mod lines;
mod lists;
mod prose;
mod records;
mod scope;

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use draft::Draft;
use lines::{Line, Piece};

use super::{Words, article};
use crate::model::{
    BlockKind, Dataset, Defect, DefectKind, Metric, Prose, Role, SourceId, Span, Table, fold,
};

/// Reads a source as tables and prose.
pub fn read(dataset: &mut Dataset, id: SourceId, words: Words<'_>) {
    let Some(source) = dataset.source(id).cloned() else {
        return;
    };
    let mut page = Page::new(source.text(), source.name(), id, words);
    page.read_grids();
    page.read_records();
    page.read_entries();
    page.read_facts();
    page.read_lists();
    page.drafts.sort_by_key(|d| d.lines.start);
    page.settle_scopes();
    let span = |r: &Range<usize>| Span::new(id, r.start, r.end);
    let tables = page
        .drafts
        .iter()
        .filter_map(|d| d.table(source.text(), id, span));
    dataset.tables.extend(tables);
    let prose = if is_markdown(source.name()) {
        article::markdown::read(id, &source, &page.table_ranges())
    } else {
        let blocks = prose::blocks(source.text(), &page.lines, &page.taken);
        article::plain(id, &source, &blocks)
    };
    dataset.prose.push(prose);
    dataset.defects.append(&mut page.defects);
    dataset.notes.append(&mut page.notes);
}

/// Takes the lists of candidates out of prose whose tables were read already, and
/// the facts that stand beside them.
#[must_use]
pub fn take_lists(prose: &mut Prose, name: &str, words: Words<'_>) -> (Vec<Table>, Vec<String>) {
    let text = std::mem::take(&mut prose.text);
    let mut page = Page::new(&text, name, prose.source, words);
    let headings = prose.blocks.iter().filter(|b| b.kind == BlockKind::Heading);
    page.headings = headings.map(|b| b.range.start).collect();
    page.read_entries();
    if page.drafts.is_empty() {
        prose.text = text;
        return (Vec::new(), Vec::new());
    }
    page.read_facts();
    page.drafts.sort_by_key(|d| d.lines.start);
    page.settle_scopes();
    let span = |r: &Range<usize>| prose.span(r.clone());
    let drafts = page.drafts.iter();
    let tables = drafts.filter_map(|d| d.table(&text, prose.source, span));
    let tables = tables.collect();
    let taken = page.table_ranges();
    let notes = page.notes;
    prose.blocks.retain(|block| {
        let mut inside = taken.iter();
        !inside.any(|line| line.start < block.range.end && block.range.start < line.end)
    });
    prose.text = text;
    (tables, notes)
}

/// Reads a source as prose, whatever in it may look like a table.
pub fn read_copy(dataset: &mut Dataset, id: SourceId, words: Words<'_>) {
    let Some(source) = dataset.source(id) else {
        return;
    };
    let prose = if is_markdown(source.name()) {
        article::markdown::read(id, source, &[])
    } else {
        let lines = lines::lines(source.text(), words.layout);
        let blocks = prose::blocks(source.text(), &lines, &vec![false; lines.len()]);
        article::plain(id, source, &blocks)
    };
    dataset.prose.push(prose);
}

fn is_markdown(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|e| e.to_str());
    extension.is_some_and(|e| e.eq_ignore_ascii_case("md") || e.eq_ignore_ascii_case("markdown"))
}

/// A page while its tables are being found.
struct Page<'a> {
    text: &'a str,
    name: &'a str,
    id: SourceId,
    words: Words<'a>,
    lines: Vec<Line>,
    /// Lines that belong to a table.
    taken: Vec<bool>,
    drafts: Vec<Draft>,
    /// Where lines start that the mark-up says are headings.
    headings: Vec<usize>,
    /// Parties that tables of the page name, folded.
    parties: HashSet<String>,
    /// Candidates that tables of the page name, folded.
    candidates: HashSet<String>,
    defects: Vec<Defect>,
    notes: Vec<String>,
}

impl<'a> Page<'a> {
    fn new(text: &'a str, name: &'a str, id: SourceId, words: Words<'a>) -> Self {
        let lines = lines::lines(text, words.layout);
        Self {
            text,
            name,
            id,
            words,
            taken: vec![false; lines.len()],
            lines,
            drafts: Vec::new(),
            headings: Vec::new(),
            parties: HashSet::new(),
            candidates: HashSet::new(),
            defects: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn str(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or("")
    }

    fn line(&self, index: usize) -> &'a str {
        self.lines.get(index).map_or("", |l| self.str(&l.range))
    }

    /// The first line from `index` on that has text and is in no table.
    fn free_from(&self, index: usize) -> Option<usize> {
        let next = (index..self.lines.len()).find(|&i| !self.is_blank(i))?;
        self.is_free(next).then_some(next)
    }

    /// The last line before `index` that has text, where it is in no table.
    fn free_before(&self, index: usize) -> Option<usize> {
        let previous = (0..index).rev().find(|&i| !self.is_blank(i))?;
        self.is_free(previous).then_some(previous)
    }

    fn is_blank(&self, index: usize) -> bool {
        self.lines.get(index).is_none_or(|l| l.range.is_empty())
    }

    fn is_free(&self, index: usize) -> bool {
        self.taken.get(index) == Some(&false) && !self.is_blank(index)
    }

    fn take(&mut self, draft: Draft) {
        for taken in self
            .taken
            .iter_mut()
            .take(draft.lines.end)
            .skip(draft.lines.start)
        {
            *taken = true;
        }
        for (at, column) in draft.columns.iter().enumerate() {
            let names = draft.rows.iter().filter_map(|row| row.get(at)?.as_ref());
            let folded: Vec<String> = names.map(|r| fold(self.str(r))).collect();
            if matches!(column.role, Role::Party | Role::PartyShort) {
                self.parties.extend(folded);
            } else if column.role == Role::Candidate {
                self.candidates.extend(folded);
            }
        }
        self.drafts.push(draft);
    }

    fn is_party(&self, name: &str) -> bool {
        !self.words.parties.ids(name).is_empty()
            || self.parties.contains(&fold(name))
            || self
                .words
                .layout
                .row(name)
                .is_some_and(|(r, _)| r.aggregate)
    }

    /// Are at least half of the names those of parties?
    fn mostly_parties<'r>(&self, names: impl Iterator<Item = &'r Range<usize>>) -> bool {
        let (mut known, mut all) = (0, 0);
        for name in names {
            all += 1;
            known += usize::from(self.is_party(self.str(name)));
        }
        all > 0 && known * 2 >= all
    }

    /// The role of a label, where a figure with it is of one entry.
    fn entry_role(&self, label: &str) -> Option<Role> {
        let role = self.words.layout.label(label);
        is_of_entry(role).then_some(role)
    }

    fn is_short(&self, index: usize) -> bool {
        self.lines.get(index).is_some_and(|l| l.words <= 10)
            && !prose::is_sentence(self.line(index))
    }

    fn pieces(&self, index: usize) -> &[Piece] {
        self.lines.get(index).map_or(&[], |l| l.pieces.as_slice())
    }

    fn defect(&mut self, range: Range<usize>, kind: DefectKind, message: String, help: &str) {
        self.defects.push(Defect {
            span: Span::new(self.id, range.start, range.end),
            kind,
            message,
            help: Some(help.to_owned()),
        });
    }

    /// "Change since 2015": a line whose one number is an election.
    fn is_base_line(&self, index: usize) -> bool {
        let numbers = self.pieces(index).iter().filter(|p| p.number).count();
        numbers == 1
            && self.is_short(index)
            && self.words.layout.page.base(self.line(index)).is_some()
    }

    /// The bytes of the lines that are in a table.
    fn table_ranges(&self) -> Vec<Range<usize>> {
        let taken = self.lines.iter().zip(&self.taken).filter(|(_, t)| **t);
        taken.map(|(line, _)| line.range.clone()).collect()
    }

    /// A defect message's place.
    fn place(&self, line: usize) -> String {
        format!("line {} of {}", line + 1, self.name)
    }
}

fn is_of_entry(role: Role) -> bool {
    matches!(role, Role::Change) || matches!(role, Role::Measure(metric) if metric.is_of_entry())
}

fn is_of_seats(role: Role) -> bool {
    matches!(
        role,
        Role::Measure(
            Metric::Seats
                | Metric::SeatsBefore
                | Metric::SeatsChange
                | Metric::Councils
                | Metric::CouncilsChange
                | Metric::SeatsDeclared
                | Metric::SeatsTotal
        )
    )
}

#[cfg(test)]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
mod tests;
