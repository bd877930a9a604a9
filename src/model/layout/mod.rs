//! `rules/formats` in, how published tables name their columns and rows out.
//!
//! What each kind of words is asked is a file of its own: headings, labels of
//! rows, names, cells, elections, stages of a count, results pages.

mod cells;
mod elections;
mod file;
mod headings;
mod names;
mod page;
mod page_headings;
mod rows;
mod stages;

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use regex::RegexSet;

use super::cell::CellWords;
use super::guess::GuessWords;
use super::{Formats, Pack, PackError, PackFile, Pattern, Role, TotalSigns, fold};

use file::{ElectedWords, LayoutFile};
use rows::pattern_with_examples;

pub use elections::year_in;
pub use page::PageWords;
pub use rows::RowLabel;

pub(super) use headings::{apart, heading_key};

/// The names of columns and rows in published tables.
#[derive(Debug, Default)]
pub struct Layout {
    columns: HashMap<String, Role>,
    /// Bytes of the longest of these headings.
    longest: usize,
    rows: Vec<RowLabel>,
    /// All their patterns at once.
    row_set: OnceLock<RegexSet>,
    special: Vec<String>,
    hold: Vec<String>,
    gain: Vec<String>,
    /// What says of a candidate that they were elected, and that they were not.
    elected: HashMap<String, bool>,
    missing: Vec<String>,
    below: Vec<String>,
    marks: Vec<String>,
    /// Marks of notes at the end of a name.
    notes: Vec<Pattern>,
    options: Vec<String>,
    /// What labels of counts begin with.
    counting: Vec<String>,
    stages: Vec<Pattern>,
    transfers: Vec<Pattern>,
    preferred: Vec<Pattern>,
    first: Vec<Pattern>,
    percents: Vec<Pattern>,
    unmarked: Vec<Pattern>,
    labels: Vec<(Pattern, Role)>,
    /// The words of results pages.
    pub page: PageWords,
    /// Published formats.
    pub formats: Formats,
    /// What cells print besides numbers.
    pub cells: CellWords,
    units_together: Vec<Pattern>,
    pub total_signs: TotalSigns,
    guess: GuessWords,
    short: BTreeMap<String, String>,
}

impl Layout {
    /// Reads `rules/formats`.
    ///
    /// # Errors
    /// A mistake in a file, with its place.
    pub fn from_pack(pack: &Pack) -> Result<Self, PackError> {
        let mut layout = Self::default();
        for file in pack.files("formats") {
            let mut read: LayoutFile = file.parse()?;
            let formats = std::mem::take(&mut read.format);
            layout.formats.add(file, formats)?;
            if file.proves() {
                layout.formats.prove().map_err(|m| file.mistake(m, None))?;
            }
            layout.extend(file, read)?;
        }
        Ok(layout)
    }

    /// The same with a mapping file of the user: its words as well, and every
    /// table is read as its first format.
    ///
    /// # Errors
    /// A mistake in the file, with its place.
    pub fn with_columns(mut self, file: &PackFile) -> Result<Self, PackError> {
        let mut read: LayoutFile = file.parse()?;
        let formats = std::mem::take(&mut read.format);
        self.formats.put_first(file, formats)?;
        self.extend(file, read)?;
        self.row_set = OnceLock::new();
        Ok(self)
    }

    fn extend(&mut self, file: &PackFile, read: LayoutFile) -> Result<(), PackError> {
        for column in read.column {
            let folded = column.names.iter().map(|n| (heading_key(n), column.holds));
            self.columns.extend(folded);
        }
        self.longest = self.columns.keys().map(String::len).max().unwrap_or(0);
        for row in read.row {
            let label = RowLabel::new(&row, file.proves()).map_err(|m| file.mistake(m, None))?;
            self.rows.push(label);
        }
        if let Some(election) = read.election {
            self.special
                .extend(election.special.iter().map(|w| fold(w)));
        }
        if let Some(outcome) = read.outcome {
            self.hold.extend(outcome.hold.iter().map(|w| fold(w)));
            self.gain.extend(outcome.gain.iter().map(|w| fold(w)));
        }
        self.extend_elected(read.elected);
        for label in read.label {
            let pattern = pattern_with_examples(&label.label, &label.example, file.proves())
                .map_err(|m| file.mistake(m, None))?;
            self.labels.push((pattern, label.holds));
        }
        self.page
            .extend(read.page, file.proves())
            .map_err(|m| file.mistake(m, None))?;
        self.guess.extend(&read.guess);
        self.short.extend(read.short);
        self.total_signs = read.total.unwrap_or(self.total_signs);
        self.cells
            .extend(&read.cell, file.proves())
            .map_err(|m| file.mistake(m, None))?;
        self.options.extend(read.options.iter().map(|o| fold(o)));
        for (patterns, own) in [
            (&read.unit.together, &mut self.units_together),
            (&read.stages, &mut self.stages),
            (&read.transfers, &mut self.transfers),
            (&read.preferred, &mut self.preferred),
            (&read.first, &mut self.first),
            (&read.percents, &mut self.percents),
            (&read.unmarked, &mut self.unmarked),
        ] {
            for pattern in patterns {
                let pattern = Pattern::new(pattern, file.proves());
                own.push(pattern.map_err(|m| file.mistake(m, None))?);
            }
        }
        self.extend_notes(&read.notes, file.proves())
            .map_err(|m| file.mistake(m, None))?;
        self.counting
            .extend(read.counting.iter().map(|words| fold(words) + " "));
        let lower = |words: &[String]| words.iter().map(|w| w.to_lowercase()).collect::<Vec<_>>();
        self.marks.extend(lower(&read.marks));
        self.missing.extend(lower(&read.missing));
        self.below.extend(lower(&read.below));
        Ok(())
    }

    fn extend_elected(&mut self, words: Option<ElectedWords>) {
        let said = |words: Vec<String>, is| words.into_iter().map(move |w| (w.to_lowercase(), is));
        if let Some(elected) = words {
            self.elected.extend(said(elected.yes, true));
            self.elected.extend(said(elected.no, false));
        }
    }

    fn extend_notes(&mut self, patterns: &[String], prove: bool) -> Result<(), String> {
        for pattern in patterns {
            let pattern = format!("(?i)(?:{pattern})$");
            self.notes.push(Pattern::new(pattern, prove)?);
        }
        Ok(())
    }
}

/// Does one of the patterns match a text, folded?
fn any_matches(patterns: &[Pattern], text: &str) -> bool {
    let folded = fold(text);
    patterns.iter().any(|pattern| pattern.is_match(&folded))
}
