//! Names that a newsroom uses, given by the user.

use std::path::Path;

use serde::Deserialize;

use super::parties::Party;
use super::{PackError, PackFile};

/// A candidate or a place under further names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The name that the tables use.
    pub name: String,
    /// Every other name.
    pub aliases: Vec<String>,
}

/// A file of aliases.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aliases {
    #[serde(default, rename = "candidate")]
    pub candidates: Vec<Alias>,
    #[serde(default, rename = "place")]
    pub places: Vec<Alias>,
    #[serde(default, rename = "party")]
    pub parties: Vec<Party>,
}

impl Aliases {
    /// Reads a file of aliases.
    ///
    /// # Errors
    /// A file that cannot be read; a mistake in it, at its token.
    pub fn open(path: &Path) -> Result<Self, PackError> {
        PackFile::open(path)?.parse()
    }
}
