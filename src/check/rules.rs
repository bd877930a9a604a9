//! Rules as data: the entries of `rules/checks`.

use serde::Deserialize;

use crate::model::{Pack, PackError, Severity};

use super::balance::Balance;
use super::bounds::Bounds;
use super::change::Change;
use super::copy::Copy;
use super::gap::Gap;
use super::label::Label;
use super::levels::Levels;
use super::modes::Modes;
use super::naming::Naming;
use super::outcome::Outcome;
use super::readable::Readable;
use super::reference::Reference;
use super::same_figure::SameFigure;
use super::share::Share;
use super::suppression::Suppressions;
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
    Levels(Levels),
    Modes(Modes),
    Naming(Naming),
    Outcome(Outcome),
    Readable(Readable),
    Reference(Reference),
    SameFigure(SameFigure),
    Share(Share),
    Suppressions(Suppressions),
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
    /// Tables that the others are held against.
    #[serde(default)]
    pub against: Vec<String>,
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

impl Example {
    /// Its references, each with the name of a file.
    #[must_use]
    pub fn references(&self) -> Vec<(String, &str)> {
        let tables = (1..).zip(&self.against);
        let named = tables.map(|(n, text)| (format!("reference-{n}.csv"), text.trim_start()));
        named.collect()
    }

    /// Its inputs, each with the name of a file.
    #[must_use]
    pub fn inputs(&self) -> Vec<(String, &str)> {
        let tables = (1..).zip(&self.tables);
        let tables =
            tables.map(|(number, text)| (format!("table-{number}.csv"), text.trim_start()));
        let copy = self.copy.iter();
        let copy = copy.map(|text| ("copy.txt".to_owned(), text.as_str()));
        tables.chain(copy).collect()
    }
}

impl Rule {
    /// Its check as the rule file has it.
    ///
    /// # Errors
    /// A mistake in a file.
    pub fn check_as_written(&self, pack: &Pack) -> Result<String, PackError> {
        for file in pack.files("checks") {
            let rules = file.parse::<Written>()?.rule;
            if let Some(own) = rules.into_iter().find(|rule| rule.id == self.id) {
                let check = toml::Table::from_iter([("check".to_owned(), own.check)]);
                return Ok(check.to_string());
            }
        }
        Ok(String::new())
    }
}

/// A file of rules with the checks left as they are.
#[derive(Deserialize)]
struct Written {
    rule: Vec<WrittenRule>,
}

#[derive(Deserialize)]
struct WrittenRule {
    id: String,
    check: toml::Value,
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
    /// Rules that the user left out.
    left_out: Vec<Rule>,
}

/// A name that no rule goes by.
#[derive(Debug, thiserror::Error)]
#[error("no rule is called {0}")]
pub struct UnknownRule(pub String);

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
        Ok(Self {
            rules,
            left_out: Vec::new(),
        })
    }

    /// Keeps the rules that go by one of the names of `only` (all, where that is
    /// empty) and by none of `skip`. A rule goes by its id, and by the first
    /// words of it: `copy`, `copy-agrees`.
    ///
    /// # Errors
    /// A name that no rule goes by.
    pub fn choose(&mut self, only: &[String], skip: &[String]) -> Result<(), UnknownRule> {
        let goes_by = |rule: &Rule, name: &str| {
            let rest = rule.id.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        for name in only.iter().chain(skip) {
            if !self.rules.iter().any(|rule| goes_by(rule, name)) {
                return Err(UnknownRule(name.clone()));
            }
        }
        let (rules, left_out) = std::mem::take(&mut self.rules)
            .into_iter()
            .partition(|rule| {
                let wanted = only.is_empty() || only.iter().any(|name| goes_by(rule, name));
                wanted && !skip.iter().any(|name| goes_by(rule, name))
            });
        self.rules = rules;
        self.left_out.extend::<Vec<Rule>>(left_out);
        Ok(())
    }

    /// The rules that were left out.
    pub fn left_out(&self) -> impl Iterator<Item = &Rule> {
        self.left_out.iter()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }
}
