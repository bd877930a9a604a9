//! SQL of a rule in, an answer of the engine out: read once for its places,
//! linted, and run with a limit.

mod contests;
mod dialect;
mod lint;
mod parse;
mod run;
mod shape;
mod sheet;
mod template;

use std::ops::Range;

use toml::Spanned;

use crate::model::PackFile;

pub(super) use crate::model::nearest;
pub use dialect::Dialect;
pub(super) use lint::{Aim, lint};
pub(super) use parse::{Parsed, snake};
pub(super) use run::{ROWS, condition, query};
pub(super) use shape::{has_wildcard, outputs, products, tables};
pub(super) use sheet::{Column, Sheet, made_columns};
pub(super) use template::{Template, shown};

/// What is wrong with the text of a rule, and where in its file.
#[derive(Debug)]
pub struct Mistake {
    /// Bytes of the file.
    pub at: Range<usize>,
    pub message: String,
    pub help: Option<String>,
    /// A doubt is told by the lint and stops nothing.
    pub doubt: bool,
}

impl Mistake {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            help: None,
            doubt: false,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// From bytes of a text of the rule to bytes of the file.
    pub(super) fn within(mut self, file: &PackFile, text: &Spanned<String>) -> Self {
        self.at = in_file(file, text, self.at);
        self
    }
}

/// Where a range of a text stands in its file. Text with escapes has no place
/// of its own for each byte: then it is the whole of it.
fn in_file(file: &PackFile, text: &Spanned<String>, range: Range<usize>) -> Range<usize> {
    let whole = text.span();
    let literal = file.source.text().get(whole.clone()).unwrap_or_default();
    let start = literal.find(text.get_ref().as_str());
    match start.filter(|_| !text.get_ref().is_empty()) {
        Some(start) => whole.start + start + range.start..whole.start + start + range.end,
        None => whole,
    }
}
