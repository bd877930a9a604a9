//! What was read: sources, tables, copy, and what could not be read.

use super::table::field_range;
use super::{
    Defect, Excluded, Locator, Locus, Place, Role, Source, SourceId, Span, Table, TableId, fold,
};

/// What a block of copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Sets the scope of what follows.
    Heading,
    Paragraph,
}

/// A paragraph or heading of copy: a range of bytes of the prose's text.
#[derive(Debug, Clone)]
pub struct Block {
    pub kind: BlockKind,
    pub range: std::ops::Range<usize>,
}

/// A stretch of prose text, and the bytes of its source that it stands for.
/// Where both are of one length they are the same bytes; else the one is what
/// the other means, and no part of it has a place of its own.
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    pub text_start: usize,
    pub len: usize,
    pub source_start: usize,
    pub source_len: usize,
}

/// A comment in copy that accepts a figure: it is not contradicted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The comment.
    pub span: Span,
    /// The figure as the copy prints it.
    pub figure: String,
    /// Without a reason it accepts nothing.
    pub reason: Option<String>,
}

/// Copy: text in blocks. Its text may differ from its source's (mark-up taken
/// out, entities decoded); the segments lead back.
#[derive(Debug, Clone)]
pub struct Prose {
    pub source: SourceId,
    pub text: String,
    pub blocks: Vec<Block>,
    /// In order of `text_start`, covering `text`.
    pub segments: Vec<Segment>,
    pub suppressions: Vec<Suppression>,
}

impl Prose {
    /// The place in the source of a range of the text.
    #[must_use]
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.place(range.start).map_or(0, |(start, _)| start);
        let last = range.end.max(range.start + 1) - 1;
        let end = self.place(last).map_or(start, |(_, end)| end);
        Span::new(self.source, start, end.max(start))
    }

    /// The range of the text that a place in the source became; `None` where
    /// it is of another source, or became no text.
    #[must_use]
    pub fn range(&self, span: Span) -> Option<std::ops::Range<usize>> {
        if span.source != self.source {
            return None;
        }
        let last = span.end.max(span.start + 1) - 1;
        let (start, _) = self.became(span.start)?;
        let (_, end) = self.became(last)?;
        (start <= end && self.text.get(start..end).is_some()).then_some(start..end)
    }

    /// The bytes of the text that a byte of the source became.
    fn became(&self, at: usize) -> Option<(usize, usize)> {
        let holds = |s: &&Segment| (s.source_start..s.source_start + s.source_len).contains(&at);
        let segment = self.segments.iter().find(holds)?;
        let start = segment.text_start;
        if segment.len == segment.source_len {
            let at = start + (at - segment.source_start);
            Some((at, at + 1))
        } else {
            Some((start, start + segment.len))
        }
    }

    /// The bytes of the source that a byte of the text stands for.
    fn place(&self, at: usize) -> Option<(usize, usize)> {
        let index = self.segments.partition_point(|s| s.text_start <= at);
        let segment = self.segments.get(index.checked_sub(1)?)?;
        let within = at - segment.text_start;
        let start = segment.source_start;
        if segment.len == segment.source_len {
            let at = start + within.min(segment.len);
            Some((at, (at + 1).min(start + segment.len)))
        } else {
            Some((start, start + segment.source_len))
        }
    }
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Dataset {
    pub sources: Vec<Source>,
    pub tables: Vec<Table>,
    /// Tables of other sources, which the others are held against, in order of
    /// authority.
    pub references: Vec<TableId>,
    pub prose: Vec<Prose>,
    pub defects: Vec<Defect>,
    pub excluded: Vec<Excluded>,
    /// Files of folders that were not read, and why, in sentences.
    pub left_alone: Vec<String>,
    /// What was guessed while reading, in sentences.
    pub notes: Vec<String>,
}

impl Dataset {
    /// Adds a source; its id is how spans name it.
    pub fn add_source(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        id
    }

    #[must_use]
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    #[must_use]
    pub fn table(&self, id: TableId) -> Option<&Table> {
        self.tables.get(id.0 as usize)
    }

    /// The tables that are checked, with their ids.
    pub fn tables(&self) -> impl Iterator<Item = (TableId, &Table)> {
        let all = (0..).map(TableId).zip(&self.tables);
        all.filter(|(id, _)| !self.references.contains(id))
    }

    /// The tables that others are held against, in order of authority.
    pub fn references(&self) -> impl Iterator<Item = (TableId, &Table)> {
        let ids = self.references.iter();
        ids.filter_map(|&id| Some((id, self.table(id)?)))
    }

    /// A cell as printed.
    #[must_use]
    pub fn cell(&self, place: Place) -> Option<&str> {
        self.table(place.table)?
            .cell(place.row as usize, place.column as usize)
    }

    /// The bytes of a cell.
    #[must_use]
    pub fn cell_span(&self, place: Place) -> Option<Span> {
        let table = self.table(place.table)?;
        let (row, column) = (place.row as usize, place.column as usize);
        match &table.locator {
            Locator::Cells(spans) => *spans.get(row)?.get(column)?,
            Locator::Records {
                starts,
                delimiter,
                quote,
            } => {
                let text = self.source(table.source)?.text();
                let start = usize::try_from(*starts.get(row)?).ok()?;
                let range = field_range(text, start, column, *delimiter, *quote)?;
                let cell = text.get(range.clone())?;
                let start = range.start + (cell.len() - cell.trim_start().len());
                let end = start + cell.trim().len();
                Some(Span::new(table.source, start, end))
            }
        }
    }

    /// The bytes of any place.
    #[must_use]
    pub fn span(&self, locus: Locus) -> Option<Span> {
        match locus {
            Locus::Span(span) => Some(span),
            Locus::Cell(place) => self.cell_span(place),
            Locus::Heading(place) => {
                self.table(place.table)?
                    .columns
                    .get(place.column as usize)?
                    .heading
            }
        }
    }

    /// The source of any place.
    #[must_use]
    pub fn source_of(&self, locus: Locus) -> Option<&Source> {
        match locus {
            Locus::Span(span) => self.source(span.source),
            Locus::Cell(place) | Locus::Heading(place) => {
                self.source(self.table(place.table)?.source)
            }
        }
    }

    /// The name of the file of any place, without its folder.
    #[must_use]
    pub fn file_of(&self, locus: Locus) -> &str {
        self.source_of(locus).map_or("", Source::own_name)
    }

    /// The heading of the column of any place; empty where it is in none.
    #[must_use]
    pub fn column_of(&self, locus: Locus) -> &str {
        match locus {
            Locus::Span(_) => "",
            Locus::Cell(place) | Locus::Heading(place) => {
                self.column_name(place).unwrap_or_default()
            }
        }
    }

    /// The areas that the row of any place lies in, as printed, the narrowest
    /// first.
    #[must_use]
    pub fn areas_of(&self, locus: Locus) -> Vec<&str> {
        let Locus::Cell(place) = locus else {
            return Vec::new();
        };
        let table = self.table(place.table);
        let columns = table.map_or(&[][..], |table| &table.columns);
        let areas = columns.iter().enumerate().rev();
        let areas = areas.filter(|(_, column)| column.role == Role::Region);
        let cell = |at| table.and_then(|table| table.cell(place.row as usize, at));
        areas.filter_map(|(at, _)| cell(at)).collect()
    }

    /// The cell of the row of any place under a heading, whichever way that is
    /// written.
    #[must_use]
    pub fn cell_under(&self, locus: Locus, heading: &str) -> Option<&str> {
        let Locus::Cell(place) = locus else {
            return None;
        };
        let table = self.table(place.table)?;
        let heading = fold(heading);
        let mut columns = table.columns.iter();
        let at = columns.position(|column| fold(&column.name) == heading)?;
        table.cell(place.row as usize, at)
    }

    /// The heading of a place's column.
    #[must_use]
    pub fn column_name(&self, place: Place) -> Option<&str> {
        Some(
            &self
                .table(place.table)?
                .columns
                .get(place.column as usize)?
                .name,
        )
    }

    /// Files read: the sheets of a workbook are one.
    #[must_use]
    pub fn files(&self) -> usize {
        let sources = self.sources.iter().enumerate();
        let first = |at: usize, s: &Source| {
            let before = self.sources.get(..at).unwrap_or_default();
            let same = |other: &Source| other.sheet().is_some() && other.file() == s.file();
            s.sheet().is_none() || !before.iter().any(same)
        };
        sources.filter(|(at, s)| first(*at, s)).count()
    }

    /// Data rows in all tables that are checked, those included that were
    /// counted and not kept.
    #[must_use]
    pub fn rows(&self) -> usize {
        let sound = |table: &Table| table.sound.as_ref().map_or(0, |sound| sound.rows);
        let rows = self.tables().map(|(_, t)| t.rows() as u64 + sound(t));
        usize::try_from(rows.sum::<u64>()).unwrap_or(usize::MAX)
    }

    /// The number of a row in its file, from 1, headings not counted.
    #[must_use]
    pub fn row_number(&self, place: Place) -> u64 {
        let sound = self.table(place.table).and_then(|t| t.sound.as_ref());
        let number = sound.and_then(|s| s.numbers.get(place.row as usize));
        number.copied().unwrap_or(u64::from(place.row) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_the_source_lead_back_to_the_text() {
        // `A &amp; <b>12</b> é`, as "A & 12 é".
        let segment = |text_start, len, source_start, source_len| Segment {
            text_start,
            len,
            source_start,
            source_len,
        };
        let prose = Prose {
            source: SourceId(0),
            text: "A & 12 é".to_owned(),
            blocks: Vec::new(),
            segments: vec![
                segment(0, 2, 0, 2),
                segment(2, 1, 2, 5),
                segment(3, 1, 7, 1),
                segment(4, 2, 11, 2),
                segment(6, 3, 17, 3),
            ],
            suppressions: Vec::new(),
        };
        for range in [0..1, 2..3, 4..6, 7..9, 0..9] {
            assert_eq!(prose.range(prose.span(range.clone())), Some(range));
        }
        assert_eq!(prose.range(Span::new(SourceId(0), 8, 9)), None, "mark-up");
        assert_eq!(prose.range(Span::new(SourceId(1), 0, 1)), None);
    }
}
