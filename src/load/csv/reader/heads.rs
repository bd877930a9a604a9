//! The rows of headings of a delimited text in, its columns and its election out,
//! and what is wrong with the headings.

use super::Reader;
use crate::load::csv::record::{Record, cell, record_from};
use crate::load::csv::{MAX_COLUMNS, trimmed};
use crate::load::{format, heading, repeats};
use crate::model::{
    Column, Constant, DefectKind, Excluded, Field, Number, Role, Span, TableFormat, file_stem,
    year_in,
};

impl Reader<'_> {
    pub(super) fn columns(&self) -> Vec<Column> {
        let text = self.source.text();
        let widest = self.shape.records.iter().map(|r| r.len(text)).max();
        let named = self.headings.iter().map(|row| row.cells.len()).max();
        let count = widest.unwrap_or(1).min(named.unwrap_or(1)).max(1);
        let headings = heading::headings(&self.headings, count, self.layout);
        let columns = headings.into_iter().enumerate().map(|(column, heading)| {
            let (row, column) = heading
                .at
                .unwrap_or((self.headings.len().saturating_sub(1), column));
            let record = self.shape.records.get(self.heads.start + row);
            let field = record.and_then(|r| r.fields.get(column));
            Column {
                name: heading.name,
                heading: field.map(|f| trimmed(self.source, self.id, f.range.clone())),
                role: heading.role,
                election: heading.election,
                guessed: false,
            }
        });
        let mut columns: Vec<Column> = columns.collect();
        if !self.format.is_some_and(TableFormat::reshapes) {
            let rows = self.wide_rows(&columns);
            repeats::name_groups(&mut columns, &rows, self.layout);
        }
        if let Some(format) = self.format {
            format::name_columns(&mut columns, format, &[]);
        }
        columns
    }

    /// The rows as they show whether they go on behind their headings: the
    /// sampled ones, and all of a file that is no wider in these.
    fn wide_rows(&self, columns: &[Column]) -> Vec<Vec<String>> {
        let text = self.source.text();
        let named = columns.iter().rposition(|c| !c.name.is_empty());
        let named = named.map_or(0, |last| last + 1);
        let goes_on = |record: &Record| record.len(text) > named;
        let body = self.shape.records.get(self.heads.end..).unwrap_or_default();
        if !body.iter().any(goes_on) {
            return Vec::new();
        }
        let cells = |record: &Record| {
            let cells = record.fields.iter().take(record.len(text).min(MAX_COLUMNS));
            cells
                .map(|f| cell(text, f).into_owned())
                .collect::<Vec<_>>()
        };
        let mut rows: Vec<Vec<String>> = body.iter().map(cells).collect();
        let mut at = body.last().map_or(text.len(), |record| record.next);
        while let Some(record) = record_from(text, at, self.shape.delimiter) {
            at = record.next;
            let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
            if record.len(text) > widest {
                rows.push(cells(&record));
            }
        }
        rows
    }

    pub(super) fn first_row_is_data(&self) -> bool {
        let text = self.source.text();
        let numeral = |f: &Field| {
            let cell = cell(text, f);
            Number::parse(&cell).is_some() && year_in(&cell).is_none()
        };
        let header = self.shape.records.get(self.shape.header);
        header.is_some_and(|r| r.fields.iter().any(numeral))
    }

    pub(super) fn judge_header(&mut self, headless: bool, columns: &[Column]) {
        let name = self.source.name();
        let records = &self.shape.records;
        let (Some(first), Some(last)) = (
            records.get(self.heads.start),
            records.get(self.heads.end - 1),
        ) else {
            return;
        };
        let (start, end) = (first.start, last.end());
        if headless {
            let message = format!("the first row of {name} holds data, and no headings");
            let help =
                "put a row above it that names the columns: contest, candidate, party, votes";
            self.defect(start..end, DefectKind::Heading, message, Some(help));
            return;
        }
        if self.headings.len() > 1 {
            self.notes.push(format!(
                "the headings of {name} stand in {} rows, and were joined",
                self.headings.len()
            ));
        }
        self.judge_preamble(start);
        self.judge_headings(columns);
    }

    fn judge_headings(&mut self, columns: &[Column]) {
        let name = self.source.name();
        let published = |name: &str| self.format.is_some_and(|f| f.may_repeat(name));
        let faults = heading::faults(columns);
        let faults: Vec<_> = faults
            .filter(|f| columns.get(f.column).is_none_or(|c| !published(&c.name)))
            .collect();
        for fault in faults {
            let message = fault.message(&format!("column {}", fault.column + 1), name);
            let heading = columns.get(fault.column).and_then(|c| c.heading);
            let span = heading.map_or(0..0, |h| h.start..h.end);
            self.defect(
                span,
                DefectKind::Heading,
                message,
                Some(heading::FAULT_HELP),
            );
        }
    }

    /// Lines above the header are told, not read.
    fn judge_preamble(&mut self, header_start: usize) {
        let Some(first) = self
            .shape
            .records
            .first()
            .filter(|r| r.start < header_start)
        else {
            return;
        };
        let end = self.source.text().get(first.start..header_start);
        let end = first.start + end.unwrap_or("").trim_end().len();
        self.excluded.push(Excluded {
            span: Span::new(self.id, first.start, end),
            why: "above the row of headings".to_owned(),
        });
    }

    /// The year in the file's name, else in the lines above the header.
    pub(super) fn election(&mut self, columns: &[Column]) -> Option<Constant> {
        if columns.iter().any(|c| c.role == Role::Election) {
            return None;
        }
        let name = self.source.name();
        if let Some(year) = heading::year_of_name(file_stem(name)) {
            let note = format!("the election of {name} was taken from its name: {year}");
            self.notes.push(note);
            let text = year.to_string();
            return Some(Constant { text, span: None });
        }
        let above = self.shape.records.get(..self.heads.start)?;
        let found = above.iter().find_map(|record| {
            let line = self.source.text().get(record.start..record.end())?;
            let year = year_in(line)?.to_string();
            let at = record.start + line.find(&year)?;
            let span = Some(Span::new(self.id, at, at + year.len()));
            Some(Constant { text: year, span })
        })?;
        let note = format!(
            "the election of {name} was taken from the lines above its headings: {}",
            found.text
        );
        self.notes.push(note);
        Some(found)
    }
}
