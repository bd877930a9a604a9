//! The rows of the relations: results, figures, outcomes, each with the cells
//! that it was read from.

use std::collections::BTreeMap;

use crate::model::{Metric, Number, Place, TableId};

use super::Scope;

/// A name as printed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub place: Place,
}

/// A number as printed, and where. Shares printed as fractions of one are in
/// per cent here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub number: Number,
    pub place: Place,
}

/// The result of one candidate, party or option.
#[derive(Debug, Clone)]
pub struct ResultRow {
    pub table: TableId,
    pub row: u32,
    pub scope: Scope,
    pub candidate: Option<Name>,
    pub party: Option<Name>,
    /// Several candidates in one row ("Others").
    pub aggregate: bool,
    /// Its figures stand in columns of their own beside those of others.
    pub wide: bool,
    /// Does its table mark it as elected, or as not?
    pub elected: Option<bool>,
    pub figures: BTreeMap<Metric, Measured>,
}

impl ResultRow {
    /// The name of the candidate, else of the party, as printed.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.candidate.as_ref().or(self.party.as_ref());
        name.map_or("this row", |name| &name.text)
    }

    /// Does it have a result after preferences?
    #[must_use]
    pub fn has_preferences(&self) -> bool {
        self.figures.keys().any(|metric| metric.is_preferred())
    }
}

/// A figure of a contest as a whole.
#[derive(Debug, Clone)]
pub struct FigureRow {
    pub scope: Scope,
    pub metric: Metric,
    pub measured: Measured,
    /// "CON majority" says whose.
    pub party: Option<String>,
}

/// A figure whose label is not in the vocabulary: "Councils contested".
#[derive(Debug, Clone)]
pub struct LabelledRow {
    pub scope: Scope,
    pub label: Name,
    pub measured: Measured,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    Hold,
    Gain,
}

/// A stated outcome: "Lab hold".
#[derive(Debug, Clone)]
pub struct OutcomeRow {
    pub scope: Scope,
    pub party: String,
    pub kind: OutcomeKind,
    pub place: Place,
}

/// A cell that should hold a number and does not.
#[derive(Debug, Clone)]
pub struct Unread {
    pub place: Place,
    pub text: String,
}

/// The name of a contest that other rows of its code call otherwise.
#[derive(Debug, Clone)]
pub struct Misnamed {
    pub name: Name,
    /// The name that most rows of the code have, and how many these are.
    pub usual: String,
    pub rows: usize,
}
