//! What a file of `rules/formats` may say.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::cell::CellFile;
use crate::model::formats::FormatEntry;
use crate::model::guess::GuessFile;
use crate::model::{Metric, Role, TotalSigns};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LayoutFile {
    #[serde(default)]
    pub(super) column: Vec<ColumnNames>,
    #[serde(default)]
    pub(super) row: Vec<RowEntry>,
    #[serde(default)]
    pub(super) election: Option<ElectionWords>,
    #[serde(default)]
    pub(super) outcome: Option<OutcomeWords>,
    #[serde(default)]
    pub(super) elected: Option<ElectedWords>,
    /// Cells that mean "no value".
    #[serde(default)]
    pub(super) missing: Vec<String>,
    /// What stands before a number that is only a bound of the figure.
    #[serde(default)]
    pub(super) below: Vec<String>,
    /// What tables print after a name that is no part of it ("(incumbent)").
    #[serde(default)]
    pub(super) marks: Vec<String>,
    /// Regular expressions of marks of notes and references after a name.
    #[serde(default)]
    pub(super) notes: Vec<String>,
    /// What labels of counts begin with ("Number of").
    #[serde(default)]
    pub(super) counting: Vec<String>,
    /// Headings of the stages of a count, and of votes that are passed on before
    /// one: regular expressions over the folded heading.
    #[serde(default)]
    pub(super) stages: Vec<String>,
    #[serde(default)]
    pub(super) transfers: Vec<String>,
    /// Names of the stage between the last candidates, and of the first one.
    #[serde(default)]
    pub(super) preferred: Vec<String>,
    #[serde(default)]
    pub(super) first: Vec<String>,
    /// Names of rows that hold the totals of their columns in per cent.
    #[serde(default)]
    pub(super) percents: Vec<String>,
    /// Names of columns and rows of ballots without a mark for one contest.
    #[serde(default)]
    pub(super) unmarked: Vec<String>,
    /// Answers to a question that is put to the vote.
    #[serde(default)]
    pub(super) options: Vec<String>,
    #[serde(default)]
    pub(super) label: Vec<LabelEntry>,
    #[serde(default)]
    pub(super) page: PageFile,
    #[serde(default)]
    pub(super) format: Vec<FormatEntry>,
    #[serde(default)]
    pub(super) guess: GuessFile,
    #[serde(default)]
    pub(super) cell: CellFile,
    #[serde(default)]
    pub(super) unit: UnitFile,
    /// What shows of a row that it is a total.
    #[serde(default)]
    pub(super) total: Option<TotalSigns>,
    /// Short forms of words in names, each with its word.
    #[serde(default)]
    pub(super) short: BTreeMap<String, String>,
}

/// A column heading, and what such a column holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnNames {
    pub(super) holds: Role,
    pub(super) names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowEntry {
    /// A regular expression over the folded label; a group `party` may name
    /// whose figure it is.
    pub(super) label: String,
    #[serde(default)]
    pub(super) count: Option<Metric>,
    #[serde(default)]
    pub(super) share: Option<Metric>,
    #[serde(default)]
    pub(super) change: Option<Metric>,
    #[serde(default)]
    pub(super) aggregate: bool,
    /// Is it a part of the row above, or of the column before?
    #[serde(default)]
    pub(super) part: bool,
    /// Why such a row is no part of the results.
    #[serde(default)]
    pub(super) left_out: Option<String>,
    /// Labels that the expression must match.
    pub(super) example: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElectionWords {
    /// Words that tell an election from the general one of its year.
    pub(super) special: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeWords {
    pub(super) hold: Vec<String>,
    pub(super) gain: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElectedWords {
    pub(super) yes: Vec<String>,
    pub(super) no: Vec<String>,
}

/// Words of names of units.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct UnitFile {
    /// Regular expressions over the folded names of rows that count several
    /// units together.
    pub(super) together: Vec<String>,
}

/// Words that label a number in a results page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelEntry {
    /// A regular expression over the folded label.
    pub(super) label: String,
    pub(super) holds: Role,
    /// Labels that the expression must match.
    pub(super) example: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PageFile {
    pub(super) generic: Vec<String>,
    pub(super) dates: Vec<String>,
    pub(super) linking: Vec<String>,
    pub(super) from: Vec<String>,
    pub(super) place_types: Vec<String>,
    pub(super) name_ends: Vec<String>,
    pub(super) base: Vec<String>,
    pub(super) progress: Vec<String>,
    pub(super) dateline: Vec<String>,
    pub(super) published: Vec<String>,
}
