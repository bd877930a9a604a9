//! Rules as data: the entries of `rules/checks`.

use serde::Deserialize;

use crate::model::{Pack, PackError, Severity};

use super::balance::Balance;
use super::bounds::Bounds;
use super::change::Change;
use super::copy::Copy;
use super::gap::Gap;
use super::label::Label;
use super::outcome::Outcome;
use super::readable::Readable;
use super::same_figure::SameFigure;
use super::share::Share;
use super::turnout::Turnout;
use super::unique::Unique;

/// A kind of check with its parameters.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    Balance(Balance),
    Bounds(Bounds),
    Change(Change),
    Copy(Copy),
    Gap(Gap),
    Label(Label),
    Outcome(Outcome),
    Readable(Readable),
    SameFigure(SameFigure),
    Share(Share),
    Turnout(Turnout),
    Unique(Unique),
}

/// Inputs on which a rule passes, or fails.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Tables as delimited text, each one input.
    pub tables: Vec<String>,
    #[serde(default)]
    pub copy: Option<String>,
}

/// What must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Says what must hold: `majority-is-first-minus-second`.
    pub id: String,
    /// The same in a sentence.
    pub title: String,
    /// Why it must hold, and who else checks it.
    pub why: String,
    pub severity: Severity,
    /// What to do about a finding.
    #[serde(default)]
    pub help: Option<String>,
    /// What the input must have for the rule to apply, in a few words.
    #[serde(default)]
    pub needs: Option<String>,
    pub check: Check,
    pub pass: Example,
    pub fail: Example,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rule: Vec<Rule>,
}

/// The rules of a run, in the order of their files.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
}

impl Rules {
    /// Reads `rules/checks`.
    ///
    /// # Errors
    /// A mistake in a file, at its token; an id that stands twice.
    pub fn from_pack(pack: &Pack) -> Result<Self, PackError> {
        let mut rules: Vec<Rule> = Vec::new();
        for file in pack.files("checks") {
            for rule in file.parse::<RuleFile>()?.rule {
                if rules.iter().any(|known| known.id == rule.id) {
                    let at = file.source.text().rfind(&rule.id);
                    let span = at.map(|at| at..at + rule.id.len());
                    return Err(file.mistake(format!("the rule {} stands twice", rule.id), span));
                }
                rules.push(rule);
            }
        }
        Ok(Self { rules })
    }

    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }
}
