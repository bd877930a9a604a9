//! Findings: breaches of rules, each with its place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Place, Span};

/// How bad a finding is. Ordered: a note is less than an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The next less bad one; a note stays a note.
    #[must_use]
    pub fn lower(self) -> Self {
        match self {
            Self::Error => Self::Warning,
            Self::Warning | Self::Note => Self::Note,
        }
    }
}

/// Where something is: a cell, the heading of a column, or bytes of a source.
/// Checks name places; the table finds the bytes when the report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locus {
    Cell(Place),
    /// The heading of the place's column; its row is not read.
    Heading(Place),
    Span(Span),
}

/// A second place that bears on a finding.
#[derive(Debug, Clone)]
pub struct Related {
    pub at: Locus,
    pub label: String,
}

/// What the figures of a finding are consistent with.
#[derive(Debug, Clone)]
pub struct Cause {
    /// A stable word for programs: `digit-replaced`, `truncated`, `follows-from`.
    pub kind: &'static str,
    /// The same for people: "one digit differs".
    pub says: String,
    /// The value that the cause points to, where there is just one.
    pub suggestion: Option<String>,
    /// How many other explanations fit as well.
    pub rivals: u32,
}

/// What a finding is about, independent of where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(BTreeMap<Cow<'static, str>, String>);

impl Key {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn insert(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        self.0.insert(name.into(), value);
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, value.as_str()))
    }
}

impl<const N: usize> From<[(&'static str, String); N]> for Key {
    fn from(pairs: [(&'static str, String); N]) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(name, value)| (name.into(), value)).collect())
    }
}

/// A breach of a rule.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: String,
    pub severity: Severity,
    /// One sentence that stands alone, with both numbers.
    pub message: String,
    /// What is under the label of the primary place: a few words.
    pub label: String,
    pub help: Option<String>,
    pub at: Locus,
    pub related: Vec<Related>,
    pub key: Key,
    pub stated: Option<String>,
    pub expected: Option<String>,
    pub difference: Option<String>,
    pub cause: Option<Cause>,
}
