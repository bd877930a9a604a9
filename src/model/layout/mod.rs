//! How published tables name their columns and rows: `rules/formats`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use regex::RegexSet;
use serde::Deserialize;

use super::cell::{CellFile, CellWords};
use super::formats::FormatEntry;
use super::guess::{GuessFile, GuessWords, Likeness};
use super::{Formats, Metric, Pack, PackError, PackFile, Pattern, Role, Table, TotalSigns, fold};

/// A column heading, and what such a column holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnNames {
    holds: Role,
    names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowEntry {
    /// A regular expression over the folded label; a group `party` may name
    /// whose figure it is.
    label: String,
    #[serde(default)]
    count: Option<Metric>,
    #[serde(default)]
    share: Option<Metric>,
    #[serde(default)]
    change: Option<Metric>,
    #[serde(default)]
    aggregate: bool,
    /// Is it a part of the row above, or of the column before?
    #[serde(default)]
    part: bool,
    /// Why such a row is no part of the results.
    #[serde(default)]
    left_out: Option<String>,
    /// Labels that the expression must match.
    example: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ElectionWords {
    /// Words that tell an election from the general one of its year.
    special: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeWords {
    hold: Vec<String>,
    gain: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ElectedWords {
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    #[serde(default)]
    column: Vec<ColumnNames>,
    #[serde(default)]
    row: Vec<RowEntry>,
    #[serde(default)]
    election: Option<ElectionWords>,
    #[serde(default)]
    outcome: Option<OutcomeWords>,
    #[serde(default)]
    elected: Option<ElectedWords>,
    /// Cells that mean "no value".
    #[serde(default)]
    missing: Vec<String>,
    /// What stands before a number that is only a bound of the figure.
    #[serde(default)]
    below: Vec<String>,
    /// What tables print after a name that is no part of it ("(incumbent)").
    #[serde(default)]
    marks: Vec<String>,
    /// Regular expressions of marks of notes and references after a name.
    #[serde(default)]
    notes: Vec<String>,
    /// What labels of counts begin with ("Number of").
    #[serde(default)]
    counting: Vec<String>,
    /// Headings of the stages of a count, and of votes that are passed on before
    /// one: regular expressions over the folded heading.
    #[serde(default)]
    stages: Vec<String>,
    #[serde(default)]
    transfers: Vec<String>,
    /// Names of the stage between the last candidates, and of the first one.
    #[serde(default)]
    preferred: Vec<String>,
    #[serde(default)]
    first: Vec<String>,
    /// Names of rows that hold the totals of their columns in per cent.
    #[serde(default)]
    percents: Vec<String>,
    /// Names of columns and rows of ballots without a mark for one contest.
    #[serde(default)]
    unmarked: Vec<String>,
    /// Answers to a question that is put to the vote.
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    label: Vec<LabelEntry>,
    #[serde(default)]
    page: PageFile,
    #[serde(default)]
    format: Vec<FormatEntry>,
    #[serde(default)]
    guess: GuessFile,
    #[serde(default)]
    cell: CellFile,
    #[serde(default)]
    unit: UnitFile,
    /// What shows of a row that it is a total.
    #[serde(default)]
    total: Option<TotalSigns>,
    /// Short forms of words in names, each with its word.
    #[serde(default)]
    short: BTreeMap<String, String>,
}

/// Words of names of units.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct UnitFile {
    /// Regular expressions over the folded names of rows that count several
    /// units together.
    together: Vec<String>,
}

/// Words that label a number in a results page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelEntry {
    /// A regular expression over the folded label.
    label: String,
    holds: Role,
    /// Labels that the expression must match.
    example: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PageFile {
    generic: Vec<String>,
    dates: Vec<String>,
    linking: Vec<String>,
    from: Vec<String>,
    place_types: Vec<String>,
    name_ends: Vec<String>,
    base: Vec<String>,
    progress: Vec<String>,
    dateline: Vec<String>,
    published: Vec<String>,
}

/// What tells the parts of a results page from each other.
#[derive(Debug, Default)]
pub struct PageWords {
    generic: HashSet<String>,
    dates: HashSet<String>,
    linking: HashSet<String>,
    from: HashSet<String>,
    place_types: HashSet<String>,
    name_ends: HashSet<String>,
    base: Vec<Pattern>,
    progress: Vec<Pattern>,
    dateline: Vec<Pattern>,
    published: HashSet<String>,
}

/// A row that is no candidate: what its count, share and change columns hold.
#[derive(Debug)]
pub struct RowLabel {
    pattern: Pattern,
    pub count: Option<Metric>,
    pub share: Option<Metric>,
    pub change: Option<Metric>,
    /// Several candidates or parties in one row ("Others"): it counts in sums
    /// and has no rank.
    pub aggregate: bool,
    /// A part of the row above, or of the column before ("of which postal").
    pub part: bool,
    /// Why such a row is no part of the results.
    pub left_out: Option<String>,
}

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

/// Does one of the patterns match a text, folded?
fn any_matches(patterns: &[Pattern], text: &str) -> bool {
    let folded = fold(text);
    patterns.iter().any(|pattern| pattern.is_match(&folded))
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

    /// What a column with this heading holds. An unknown heading is tried again
    /// in parts: in its languages ("Votes/Voix"), in its words ("TotalVotes").
    #[must_use]
    pub fn role(&self, heading: &str) -> Role {
        let known = |text: &str| {
            // Sentences of copy are asked for as well.
            let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
            let may_be = text.len() <= self.longest || letters.count() <= self.longest;
            may_be.then(|| self.columns.get(&heading_key(text)).copied())?
        };
        let parts = || heading.split('/').filter(|p| !p.is_empty());
        let languages = || heading.contains('/').then(|| parts().find_map(known))?;
        let words = || known(&Some(apart(heading)).filter(|words| words != heading)?);
        // "contests.name" in records: the name of a contest.
        let named = || {
            let holder = heading.strip_suffix(".name")?;
            known(holder).or_else(|| known(holder.strip_suffix('s')?))
        };
        let role = known(heading)
            .or_else(languages)
            .or_else(words)
            .or_else(named);
        role.unwrap_or(Role::Other)
    }

    /// What a column holds, and the election that its heading names: votes, of
    /// 2017, under "votes_2017".
    #[must_use]
    pub fn role_and_election(&self, heading: &str) -> (Role, Option<String>) {
        let role = self.role(heading);
        if role != Role::Other {
            return (role, None);
        }
        if self.label(heading) == Role::Change {
            return (Role::Change, None);
        }
        let Some(year) = year_in(heading).map(|year| year.to_string()) else {
            return (role, None);
        };
        match self.role(
            heading
                .replace(&year, " ")
                .trim_matches([' ', '_', '(', ')', '-']),
        ) {
            role @ (Role::Measure(_) | Role::Change | Role::Value | Role::ValueShare) => {
                (role, Some(year))
            }
            _ => (Role::Other, None),
        }
    }

    /// The known headings that an unknown one is most like.
    #[must_use]
    pub fn like(&self, heading: &str) -> Vec<Likeness> {
        self.guess.like(heading, &self.columns)
    }

    /// What a number with this label holds: a column heading, or the longer
    /// words that pages print beside their figures.
    #[must_use]
    pub fn label(&self, text: &str) -> Role {
        let role = self.role(text);
        if role != Role::Other {
            return role;
        }
        let folded = fold(text);
        let found = self.labels.iter().find(|(p, _)| p.is_match(&folded));
        found.map_or(Role::Other, |(_, role)| *role)
    }

    /// Is the heading known?
    #[must_use]
    pub fn knows(&self, heading: &str) -> bool {
        self.role(heading) != Role::Other
    }

    /// What a row with this label is, where it is no candidate; with the party
    /// that the label names.
    #[must_use]
    pub fn row(&self, label: &str) -> Option<(&RowLabel, Option<String>)> {
        let folded = fold(label);
        let folded = folded.as_str();
        // "Total number of valid votes" are valid votes.
        let mut openings = self.counting.iter();
        let counted = openings.find_map(|words| folded.strip_prefix(words.as_str()));
        self.row_called(folded)
            .or_else(|| self.row_called(counted?))
    }

    /// Does a line say more of what the line above it names ("(Vote for one)",
    /// "Turnout: 52%"), and names nothing itself?
    #[must_use]
    pub fn is_remark(&self, line: &str) -> bool {
        let is_row = |text: &str| self.row(text).is_some_and(|(row, _)| !row.aggregate);
        let facts = || {
            let (label, _) = line.split_once(|c: char| c == ':' || c.is_ascii_digit())?;
            let measured = matches!(self.role(label.trim()), Role::Measure(_));
            Some(measured || is_row(label.trim()))
        };
        line.starts_with(['(', '['])
            || self.label(line) != Role::Other
            || is_row(line)
            || facts() == Some(true)
    }

    fn set_of_rows(&self) -> &RegexSet {
        let patterns = || self.rows.iter().map(|row| row.pattern.as_str());
        let compile = || RegexSet::new(patterns()).expect("each of them is right");
        self.row_set.get_or_init(compile)
    }

    fn row_called(&self, folded: &str) -> Option<(&RowLabel, Option<String>)> {
        // Most labels are names, of candidates, and match none.
        let fitting = self.set_of_rows().matches(folded).into_iter();
        let mut fitting = fitting.filter_map(|at| self.rows.get(at));
        fitting.find_map(|row| {
            let found = row.pattern.captures(folded)?;
            let party = found.name("party").map(|m| m.as_str().to_owned());
            Some((row, party))
        })
    }

    /// Is a column of the votes at one stage of a count?
    #[must_use]
    pub fn is_stage(&self, heading: &str) -> bool {
        any_matches(&self.stages, heading)
    }

    /// Is a stage of a count the one between the last candidates?
    #[must_use]
    pub fn is_preferred(&self, stage: &str) -> bool {
        any_matches(&self.preferred, stage)
    }

    /// Is a stage of a count that of first preferences?
    #[must_use]
    pub fn is_first(&self, stage: &str) -> bool {
        any_matches(&self.first, stage)
    }

    /// Does a row of this name hold the totals of its columns in per cent?
    #[must_use]
    pub fn is_percents(&self, name: &str) -> bool {
        any_matches(&self.percents, name)
    }

    /// Are ballots of this name those without a valid mark for one of several
    /// contests?
    #[must_use]
    pub fn is_unmarked(&self, name: &str) -> bool {
        any_matches(&self.unmarked, name)
    }

    /// Is a column of the votes that are passed on before a stage?
    #[must_use]
    pub fn is_transfer(&self, heading: &str) -> bool {
        any_matches(&self.transfers, heading)
    }

    /// Is a name an answer to a question that is put to the vote?
    #[must_use]
    pub fn is_option(&self, name: &str) -> bool {
        self.options.contains(&fold(name))
    }

    /// A heading without the words that say what it measures: "Con", votes, of
    /// "Con votes"; "yes", shares, of "yes_pct". No metric where it has none.
    #[must_use]
    pub fn without_measure(&self, heading: &str) -> (String, Option<Metric>) {
        let spaced = heading.replace('_', " ").replace('%', " % ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let metric = |words: &[&str]| match self.role(&words.join(" ")) {
            Role::Measure(metric @ (Metric::Votes | Metric::Share)) => Some(metric),
            Role::ValueShare => Some(Metric::Share),
            _ => None,
        };
        for length in (1..words.len()).rev() {
            let (head, tail) = words.split_at(words.len() - length);
            if let Some(metric) = metric(tail) {
                return (head.join(" "), Some(metric));
            }
            let (head, tail) = words.split_at(length);
            if let Some(metric) = metric(head) {
                return (tail.join(" "), Some(metric));
            }
        }
        (heading.trim().to_owned(), None)
    }

    /// Does a row with this label count all the others together?
    #[must_use]
    pub fn is_total(&self, label: &str) -> bool {
        let found = self.row(label);
        found.is_some_and(|(row, _)| row.count == Some(Metric::TotalVotes))
    }

    /// Does a row of this unit count several units together, under a name of
    /// its own ("Burlington Totals")?
    #[must_use]
    pub fn is_units_together(&self, unit: &str) -> bool {
        let folded = fold(unit);
        self.units_together.iter().any(|p| p.is_match(&folded))
    }

    /// The column of votes; where none is called so, and there are votes by
    /// mode, that of their total.
    #[must_use]
    pub fn votes_column(&self, table: &Table) -> Option<usize> {
        let named = [Metric::Votes, Metric::TotalVotes];
        let named = named.into_iter().map(Role::Measure);
        let mut named = named.filter_map(|role| table.column_of(role));
        let total = || {
            let mut columns = table.columns.iter();
            table.column_of(Role::ModeVotes)?;
            columns.position(|c| c.role == Role::Other && self.is_total(&c.name))
        };
        named.next().or_else(total)
    }

    /// A name without the marks that tables print after it.
    #[must_use]
    pub fn unmarked<'n>(&self, name: &'n str) -> &'n str {
        let ends_in = |name: &str, mark: &String| {
            let at = name.len().checked_sub(mark.len())?;
            let end = name.get(at..)?;
            (end.to_lowercase() == *mark).then_some(at)
        };
        let mut name = name.trim_end();
        // Most names end in a letter, and patterns cost.
        let may_refer = |name: &str| name.ends_with(|c: char| !c.is_alphabetic() && c != ')');
        let note = |name: &str| {
            let mut notes = self.notes.iter().filter(|_| may_refer(name));
            notes.find_map(|note| note.find(name)).map(|m| m.start())
        };
        let mark = |name: &str| self.marks.iter().find_map(|mark| ends_in(name, mark));
        while let Some(at) = mark(name).or_else(|| note(name)) {
            let rest = name.get(..at).unwrap_or("").trim_end();
            if rest.is_empty() {
                break;
            }
            name = rest;
        }
        name
    }

    /// A name, folded, as it is spelled out: "St. Mary's 07" is "Saint Marys 7".
    /// A number that is a name is the same with ".0" after it.
    #[must_use]
    pub fn spelled_out(&self, name: &str) -> String {
        let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let whole = name.trim_end_matches('0').strip_suffix('.');
        let folded = fold(whole.filter(|digits| is_number(digits)).unwrap_or(name));
        let words = folded
            .split(' ')
            .map(|word| match word.trim_start_matches('0') {
                "" if is_number(word) => "0",
                digits if is_number(word) => digits,
                _ => self.short.get(word).map_or(word, String::as_str),
            });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Does a cell say that there is no value?
    #[must_use]
    pub fn is_missing(&self, cell: &str) -> bool {
        let cell = cell.trim().to_lowercase();
        let bound = |words: &String| {
            let number = cell.strip_prefix(words.as_str()).map(str::trim_start);
            number.is_some_and(|n| !n.is_empty() && n.chars().all(|ch| ch.is_ascii_digit()))
        };
        cell.is_empty() || self.missing.contains(&cell) || self.below.iter().any(bound)
    }

    /// The key of an election: its year, with a mark where it is not the
    /// general election of that year; its folded name where it has no year.
    #[must_use]
    pub fn election_key(&self, election: &str) -> String {
        let folded = fold(election);
        let Some(year) = year_in(election) else {
            return folded;
        };
        let padded = format!(" {folded} ");
        let special = self
            .special
            .iter()
            .any(|w| padded.contains(&format!(" {w} ")));
        if special {
            format!("{year} by-election")
        } else {
            year.to_string()
        }
    }

    /// A name without the words for a special election at its end, and these:
    /// "North Shropshire by-election".
    #[must_use]
    pub fn without_special<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        let cuts = name.match_indices(' ').map(|(at, _)| at);
        let mut ends = cuts.filter_map(|at| Some((name.get(..at)?, name.get(at + 1..)?)));
        ends.find(|(place, words)| {
            let words = fold(words);
            !place.trim().is_empty() && self.special.contains(&words)
        })
    }

    /// Does a cell say that a candidate was elected, or was not? An empty one
    /// says that they were not; `None` where it says something else.
    #[must_use]
    pub fn elected(&self, cell: Option<&str>) -> Option<bool> {
        let cell = cell.map_or_else(String::new, |cell| cell.trim().to_lowercase());
        if cell.is_empty() {
            return Some(false);
        }
        // "Yes (by lot)" is yes.
        let without_remark = || cell.split_once('(').map(|(said, _)| said.trim_end());
        let said = self.elected.get(&cell);
        said.or_else(|| self.elected.get(without_remark()?))
            .copied()
    }

    /// "Lab hold", "CON GAIN from LAB": the party, and whether it held.
    #[must_use]
    pub fn outcome(&self, text: &str) -> Option<(String, bool)> {
        let folded = fold(text);
        let cut = |words: &[String]| {
            words.iter().find_map(|word| {
                let at = format!(" {folded} ").find(&format!(" {word} "))?;
                Some(folded[..at.min(folded.len())].trim().to_owned())
            })
        };
        let held = cut(&self.hold).map(|party| (party, true));
        held.or_else(|| cut(&self.gain).map(|party| (party, false)))
            .filter(|(party, _)| !party.is_empty())
    }
}

impl RowLabel {
    fn new(entry: &RowEntry, prove: bool) -> Result<Self, String> {
        Ok(Self {
            pattern: pattern_with_examples(&entry.label, &entry.example, prove)?,
            count: entry.count,
            share: entry.share,
            change: entry.change,
            aggregate: entry.aggregate,
            part: entry.part,
            left_out: entry.left_out.clone(),
        })
    }
}

impl PageWords {
    fn extend(&mut self, file: PageFile, prove: bool) -> Result<(), String> {
        let folded = |words: Vec<String>| words.into_iter().map(|w| fold(&w));
        self.generic.extend(folded(file.generic));
        self.dates.extend(folded(file.dates));
        self.linking.extend(folded(file.linking));
        self.from.extend(folded(file.from));
        self.place_types.extend(folded(file.place_types));
        self.name_ends.extend(folded(file.name_ends));
        self.published.extend(folded(file.published));
        let compile = |p: &String| Pattern::new(p, prove);
        for pattern in &file.base {
            self.base.push(compile(pattern)?);
        }
        for pattern in &file.progress {
            self.progress.push(compile(pattern)?);
        }
        for pattern in &file.dateline {
            self.dateline.push(compile(pattern)?);
        }
        Ok(())
    }

    /// A word of headings that names no place: "results".
    #[must_use]
    pub fn is_generic(&self, word: &str) -> bool {
        self.generic.contains(&fold(word))
    }

    /// What a heading names, without the words that name no place: "Abbey" of
    /// "Abbey ward results, 2 May". All of it where a number is all that tells it
    /// from others ("Ward 3"); nothing where it names none.
    #[must_use]
    pub fn name_in(&self, heading: &str) -> Option<Range<usize>> {
        if let Some(name) = self.names_in(heading).into_iter().next() {
            return Some(name);
        }
        let says = |word: &str| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            bare.chars().any(char::is_alphabetic) && !self.is_plain(bare)
        };
        let numbered = |w: &str| w.chars().any(|c| c.is_ascii_digit()) && year_in(w).is_none();
        let mut words = heading.split_whitespace();
        let plain = !words.clone().any(says);
        (plain && words.any(numbered)).then_some(0..heading.len())
    }

    /// What the parts of a heading name, in their order: "Last time: Abbey (top
    /// three)" names Abbey. A name may go on behind a comma ("Ashby, Birch and
    /// Cold Ash"), and behind a dash where a number follows ("House – 9th").
    #[must_use]
    pub fn names_in(&self, heading: &str) -> Vec<Range<usize>> {
        let parts = parts_of_heading(heading);
        let mut names: Vec<Range<usize>> = Vec::new();
        let mut open = false;
        for (mark, part) in parts {
            let text = heading.get(part.clone()).unwrap_or("");
            let found = self.name_of_part(text);
            let numbered = text.starts_with(|c: char| c.is_ascii_digit());
            let goes_on = open && (mark == Some(',') && !numbered || mark == Some('–') && numbered);
            open = false;
            if let Some((name, whole)) = found {
                let name = part.start + name.start..part.start + name.end;
                open = whole;
                match names.last_mut().filter(|_| goes_on) {
                    Some(last) => last.end = name.end,
                    None if !numbered => names.push(name),
                    None => {}
                }
            }
        }
        names
    }

    /// The name in a part of a heading, and whether it ends the part. Names are
    /// written with capitals.
    fn name_of_part(&self, part: &str) -> Option<(Range<usize>, bool)> {
        let words: Vec<(Range<usize>, &str)> = part
            .split_whitespace()
            .map(|word| {
                let start = word.as_ptr().addr() - part.as_ptr().addr();
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
                (start..start + word.len(), bare)
            })
            .collect();
        let says = |word: &&(Range<usize>, &str)| {
            word.1.chars().any(char::is_alphabetic) && !self.is_plain(word.1)
        };
        let first = words.iter().position(|w| says(&w))?;
        let mut last = words.iter().rposition(|w| says(&w))?;
        // "9th District" is told from others by both words.
        let ends_in_number = words.get(last)?.1.starts_with(|c: char| c.is_ascii_digit());
        let typed = |at: usize| words.get(at).is_some_and(|w| self.is_generic(w.1));
        if ends_in_number && typed(last + 1) {
            last += 1;
        }
        let small = |word: &str| word.starts_with(char::is_lowercase) && !self.is_linking(word);
        let kept = words.get(first..=last)?;
        if kept.iter().any(|w| small(w.1)) {
            return None;
        }
        let (range, word) = words.get(last)?;
        let start = words.get(first)?.0.start;
        let end = range.start + part.get(range.clone())?.find(word)? + word.len();
        Some((start..end, last + 1 == words.len()))
    }

    /// A word that names no place.
    fn is_plain(&self, word: &str) -> bool {
        self.is_generic(word) || self.is_date(word) || self.is_linking(word)
    }

    /// A word of dates: "March".
    #[must_use]
    pub fn is_date(&self, word: &str) -> bool {
        self.dates.contains(&fold(word))
    }

    /// A word that links the words of a name: "of".
    #[must_use]
    pub fn is_linking(&self, word: &str) -> bool {
        self.linking.contains(&fold(word))
    }

    /// The word before the loser of a gain: "from".
    #[must_use]
    pub fn leads_to_loser(&self, word: &str) -> bool {
        self.from.contains(&fold(word))
    }

    /// What kind of place a heading is of: "Parliamentary constituency".
    #[must_use]
    pub fn is_place_type(&self, line: &str) -> bool {
        self.place_types.contains(&fold(line))
    }

    /// A word beside the date of a page: "Updated".
    #[must_use]
    pub fn is_published(&self, word: &str) -> bool {
        self.published.contains(&fold(word))
    }

    /// A word that ends the name of a party: "Party".
    #[must_use]
    pub fn ends_name(&self, word: &str) -> bool {
        self.name_ends.contains(&fold(word))
    }

    /// "since 2015": the bytes of the phrase, and those of its year.
    #[must_use]
    pub fn base(&self, line: &str) -> Option<(Range<usize>, Range<usize>)> {
        self.base.iter().find_map(|pattern| {
            let found = pattern.captures(line)?;
            Some((found.get(0)?.range(), found.name("year")?.range()))
        })
    }

    /// "13th December 2019": the bytes of the year of a full date.
    #[must_use]
    pub fn dateline(&self, line: &str) -> Option<Range<usize>> {
        let mut all = self.dateline.iter();
        let found = all.find_map(|pattern| pattern.captures(line))?;
        Some(found.name("year")?.range())
    }

    /// "After 640 of 650 seats": the bytes of the two numbers.
    #[must_use]
    pub fn progress(&self, line: &str) -> Option<(Range<usize>, Range<usize>)> {
        self.progress.iter().find_map(|pattern| {
            let found = pattern.captures(line)?;
            Some((
                found.name("declared")?.range(),
                found.name("total")?.range(),
            ))
        })
    }
}

/// The parts of a heading, each with the mark before it: those between colons,
/// commas, bars, dashes with room around them, and brackets.
fn parts_of_heading(heading: &str) -> Vec<(Option<char>, Range<usize>)> {
    let mut parts = Vec::new();
    let (mut start, mut mark) = (0, None);
    let mut before = ' ';
    let mut chars = heading.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, c)| *c);
        let parted = match c {
            ':' | ',' | ';' => next.is_whitespace(),
            '-' | '–' | '—' => before.is_whitespace() && next.is_whitespace(),
            '|' | '(' | ')' | '[' | ']' => true,
            _ => false,
        };
        if parted {
            parts.push((mark, start..at));
            start = at + c.len_utf8();
            mark = Some(if matches!(c, '-' | '—') { '–' } else { c });
        }
        before = c;
    }
    parts.push((mark, start..heading.len()));
    parts.retain(|(_, part)| {
        heading
            .get(part.clone())
            .is_some_and(|p| !p.trim().is_empty())
    });
    for (_, part) in &mut parts {
        let text = heading.get(part.clone()).unwrap_or("");
        part.start += text.len() - text.trim_start().len();
        part.end = part.start + text.trim().len();
    }
    parts
}

fn pattern_with_examples(label: &str, examples: &[String], prove: bool) -> Result<Pattern, String> {
    let pattern = Pattern::new(label, prove)?;
    let missed = |l: &&String| prove && !pattern.is_match(&fold(l));
    match examples.iter().find(missed) {
        Some(missed) => Err(format!(
            "the label {label:?} does not match its example {missed:?}"
        )),
        None => Ok(pattern),
    }
}

/// "TotalVotes" as "Total Votes".
pub(super) fn apart(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len() + 4);
    for c in heading.chars() {
        if c.is_uppercase() && out.ends_with(char::is_lowercase) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// A heading folded, with its signs: "Votes %" is not "Votes", nor is
/// "Votes +/-"; its signs alone where it has no letters.
pub(super) fn heading_key(heading: &str) -> String {
    if heading.is_ascii()
        && !heading.contains(['%', '+'])
        && heading.as_bytes().iter().any(u8::is_ascii_alphanumeric)
    {
        return fold(heading);
    }
    let plain = heading.replace(['−', '–'], "-").replace('±', "+/-");
    if plain.chars().any(char::is_alphanumeric) {
        let spelled = plain.replace("+/-", " change ");
        let parts: Vec<String> = spelled.split('%').map(fold).collect();
        return parts.join(" % ").trim().to_owned();
    }
    plain.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The only year (1800–2199) that a text has; `None` where it has none or
/// several.
#[must_use]
pub fn year_in(text: &str) -> Option<i32> {
    let mut years = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| run.len() == 4)
        .filter_map(|run| run.parse::<i32>().ok())
        .filter(|year| (1800..2200).contains(year));
    let year = years.next()?;
    years.all(|other| other == year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elections_of_one_year_are_told_apart() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        assert_eq!(layout.election_key("The general election of 2017"), "2017");
        assert_eq!(layout.election_key("2019 by-election"), "2019 by-election");
        assert_eq!(layout.election_key("First round"), "first round");
    }

    #[test]
    fn signs_count_in_headings() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        let measure = |h| match layout.role(h) {
            Role::Measure(metric) => metric.name(),
            Role::Change => "a change",
            _ => "",
        };
        for (heading, holds) in [
            ("Votes", "votes"),
            ("Votes %", "share"),
            ("%", "share"),
            ("Change", "a change"),
            ("% change", "share-change"),
            ("+/−", "a change"),
            ("TotalVotes", "votes"),
            ("Seats/Sièges", "seats"),
            ("+/- %", "share-change"),
            ("Votes +/−", "votes-change"),
            ("", ""),
        ] {
            assert_eq!(measure(heading), holds, "{heading:?}");
        }
    }

    #[test]
    fn outcomes_name_a_party() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        assert_eq!(layout.outcome("Lab hold"), Some(("lab".into(), true)));
        assert_eq!(
            layout.outcome("CON GAIN from LAB"),
            Some(("con".into(), false))
        );
        assert_eq!(layout.outcome("hold the line"), None);
    }
}
