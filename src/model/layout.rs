//! How published tables name their columns and rows: `rules/formats`.

use std::collections::HashMap;

use regex::Regex;
use serde::Deserialize;

use super::{Metric, Pack, PackError, Role, fold};

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
struct LayoutFile {
    #[serde(default)]
    column: Vec<ColumnNames>,
    #[serde(default)]
    row: Vec<RowEntry>,
    #[serde(default)]
    election: Option<ElectionWords>,
    #[serde(default)]
    outcome: Option<OutcomeWords>,
    /// Cells that mean "no value".
    #[serde(default)]
    missing: Vec<String>,
}

/// A row that is no candidate: what its count, share and change columns hold.
#[derive(Debug)]
pub struct RowLabel {
    pattern: Regex,
    pub count: Option<Metric>,
    pub share: Option<Metric>,
    pub change: Option<Metric>,
    /// Several candidates or parties in one row ("Others"): it counts in sums
    /// and has no rank.
    pub aggregate: bool,
}

/// The names of columns and rows in published tables.
#[derive(Debug, Default)]
pub struct Layout {
    columns: HashMap<String, Role>,
    rows: Vec<RowLabel>,
    special: Vec<String>,
    hold: Vec<String>,
    gain: Vec<String>,
    missing: Vec<String>,
}

impl Layout {
    /// Reads `rules/formats`.
    ///
    /// # Errors
    /// A mistake in a file, with its place.
    pub fn from_pack(pack: &Pack) -> Result<Self, PackError> {
        let mut layout = Self::default();
        for file in pack.files("formats") {
            let read: LayoutFile = file.parse()?;
            for column in read.column {
                let folded = column.names.iter().map(|n| (heading_key(n), column.holds));
                layout.columns.extend(folded);
            }
            for row in read.row {
                let label = RowLabel::new(&row).map_err(|m| file.mistake(m, None))?;
                layout.rows.push(label);
            }
            if let Some(election) = read.election {
                layout
                    .special
                    .extend(election.special.iter().map(|w| fold(w)));
            }
            if let Some(outcome) = read.outcome {
                layout.hold.extend(outcome.hold.iter().map(|w| fold(w)));
                layout.gain.extend(outcome.gain.iter().map(|w| fold(w)));
            }
            layout
                .missing
                .extend(read.missing.iter().map(|m| m.to_lowercase()));
        }
        Ok(layout)
    }

    /// What a column with this heading holds.
    #[must_use]
    pub fn role(&self, heading: &str) -> Role {
        let percent = heading.trim() == "%";
        let folded = if percent {
            "%".to_owned()
        } else {
            fold(heading)
        };
        self.columns.get(&folded).copied().unwrap_or(Role::Other)
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
        self.rows.iter().find_map(|row| {
            let found = row.pattern.captures(&folded)?;
            let party = found.name("party").map(|m| m.as_str().to_owned());
            Some((row, party))
        })
    }

    /// Does a cell say that there is no value?
    #[must_use]
    pub fn is_missing(&self, cell: &str) -> bool {
        let cell = cell.trim().to_lowercase();
        cell.is_empty() || self.missing.contains(&cell)
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
    fn new(entry: &RowEntry) -> Result<Self, String> {
        let pattern = Regex::new(&entry.label).map_err(|e| e.to_string())?;
        if let Some(missed) = entry.example.iter().find(|l| !pattern.is_match(&fold(l))) {
            return Err(format!(
                "the label {:?} does not match its example {missed:?}",
                entry.label
            ));
        }
        Ok(Self {
            pattern,
            count: entry.count,
            share: entry.share,
            change: entry.change,
            aggregate: entry.aggregate,
        })
    }
}

/// A heading folded, with its signs as words: "Votes %" is not "Votes".
fn heading_key(heading: &str) -> String {
    let spelled = heading
        .replace("+/-", " change ")
        .replace("+/−", " change ")
        .replace('±', " change ")
        .replace('%', " pct ");
    fold(&spelled)
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
        assert_eq!(layout.election_key("General Election 2017 results"), "2017");
        assert_eq!(layout.election_key("2019 by-election"), "2019 by-election");
        assert_eq!(layout.election_key("First round"), "first round");
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
