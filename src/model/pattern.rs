//! Regular expressions of rule files, compiled when they are first needed: most
//! runs need few of them, and all together take longer than a small table.

use std::sync::OnceLock;

use regex::{Captures, Match, Regex, Split};

/// A regular expression.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// One that is to be proved is compiled at once: the user's own
    /// ([`PackFile::proves`](super::PackFile::proves)).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: impl Into<String>, prove: bool) -> Result<Self, String> {
        let (text, compiled) = (text.into(), OnceLock::new());
        if prove {
            let regex = Regex::new(&text).map_err(|e| e.to_string())?;
            let _ = compiled.set(regex);
        }
        Ok(Self { text, compiled })
    }

    fn regex(&self) -> &Regex {
        let compile = || Regex::new(&self.text).expect("tests prove what is built in");
        self.compiled.get_or_init(compile)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.regex().is_match(text)
    }

    #[must_use]
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex().find(text)
    }

    /// What stands between its matches.
    pub fn split<'r, 't>(&'r self, text: &'t str) -> Split<'r, 't> {
        self.regex().split(text)
    }

    #[must_use]
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex().captures(text)
    }
}
