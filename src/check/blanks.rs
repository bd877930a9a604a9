//! Cells that say what rows are about have no blanks at their ends, and nothing
//! that is not seen: two spellings of a name look the same then, and are not.

use std::collections::HashSet;

use serde::Deserialize;

use crate::model::{Locator, Locus, Place, Scope, Table, TableId, field_range};

use super::{Answer, Rule, Subject, finding};

/// The parameters of blanks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blanks {
    /// A column in which more than one in so many cells has them is filled up
    /// with blanks on purpose.
    one_in: usize,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    AtEnds,
    Doubled,
    Unseen(char),
}

impl Blanks {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        subject.leave_screened(&mut answer);
        let tables = subject.dataset.tables();
        for (id, table) in tables.filter(|(_, table)| table.sound.is_none()) {
            let columns = table.columns.iter().enumerate();
            for (at, _) in columns.filter(|(_, column)| column.role.is_key()) {
                self.judge(rule, subject, id, table, at, &mut answer);
            }
        }
        answer
    }

    fn judge(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        id: TableId,
        table: &Table,
        at: usize,
        answer: &mut Answer,
    ) {
        let raw = Raw::new(subject, table);
        let flaw = |row: usize| Some((row, raw.flaw(table, row, at)?));
        let mut flaws: Vec<(usize, Flaw)> = (0..table.rows()).filter_map(flaw).collect();
        if flaws.iter().any(|(_, flaw)| *flaw == Flaw::Doubled) {
            // Names are printed so where nobody writes them otherwise.
            let cells = (0..table.rows()).filter_map(|row| table.cell(row, at));
            let single: HashSet<&str> = cells.filter(|cell| !cell.contains("  ")).collect();
            flaws.retain(|(row, flaw)| {
                let cell = table.cell(*row, at).unwrap_or_default();
                let words: Vec<&str> = cell.split_whitespace().collect();
                *flaw != Flaw::Doubled || single.contains(words.join(" ").as_str())
            });
        }
        let unseen = flaws.iter().find(|(_, f)| matches!(f, Flaw::Unseen(_)));
        let Some(&(row, flaw)) = unseen.or(flaws.first()) else {
            answer.pass();
            return;
        };
        let padded = flaws.len() * self.one_in > table.rows();
        if padded && unseen.is_none() {
            answer.pass();
            return;
        }
        let name = table.columns.get(at).map_or("", |c| c.name.as_str());
        let cells = match flaws.len() {
            1 => "1 cell has".to_owned(),
            count => format!("{count} cells have"),
        };
        let what = match flaw {
            Flaw::AtEnds => "blanks at the ends, which were not read".to_owned(),
            Flaw::Doubled => "two blanks together".to_owned(),
            Flaw::Unseen(ch) => {
                format!("a character that is not seen (U+{:04X})", u32::from(ch))
            }
        };
        let message = format!("Under “{name}” in {} {cells} {what}.", table.title);
        let place = Place::at(id, row, at);
        let label = if flaws.len() == 1 {
            "here"
        } else {
            "the first"
        };
        let scope = Scope::default();
        let mut found = finding(rule, Locus::Cell(place), &scope, message, label.to_owned());
        found.key.insert("column", name.to_owned());
        answer.fail(found);
    }
}

/// The text of a table, where its cells can be seen as they stand there.
struct Raw<'s> {
    text: &'s str,
    records: Option<(&'s [u64], u8, u8)>,
}

impl<'s> Raw<'s> {
    fn new(subject: &Subject<'s>, table: &'s Table) -> Self {
        let records = match &table.locator {
            Locator::Records {
                starts,
                delimiter,
                quote,
            } => Some((starts.as_slice(), *delimiter, *quote)),
            Locator::Cells(_) => None,
        };
        let source = subject.dataset.source(table.source);
        Self {
            text: source.map_or("", |source| source.text()),
            records,
        }
    }

    fn flaw(&self, table: &Table, row: usize, at: usize) -> Option<Flaw> {
        let cell = table.cell(row, at)?;
        if let Some(ch) = cell.chars().find(|ch| is_unseen(*ch)) {
            return Some(Flaw::Unseen(ch));
        }
        if self.has_more(row, at) == Some(true) {
            return Some(Flaw::AtEnds);
        }
        cell.contains("  ").then_some(Flaw::Doubled)
    }

    /// Does a cell have blanks at its ends? `None` where that is not kept.
    fn has_more(&self, row: usize, at: usize) -> Option<bool> {
        let (starts, delimiter, quote) = self.records?;
        let start = usize::try_from(*starts.get(row)?).ok()?;
        let range = field_range(self.text, start, at, delimiter, quote)?;
        let text = self.text.get(range)?;
        Some(text.trim().len() < text.len())
    }
}

/// Characters of no width that are no part of how a name is written.
fn is_unseen(ch: char) -> bool {
    matches!(
        ch,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{ad}' | '\u{feff}'
    )
}
