//! A condition that every row of a table meets, in SQL.

use std::collections::BTreeSet;

use polars::prelude::DataFrame;
use serde::Deserialize;
use toml::Spanned;

use crate::model::{PackFile, Related, Scope};

use super::query::{
    Aim, Dialect, Mistake, Parsed, Sheet, Template, condition, lint, made_columns, nearest, snake,
};
use super::{Answer, Rule, finding, title};

/// In a message, what the row is of: "Ashby Vale, 2020".
const SCOPE: &str = "scope";

/// What becomes of a row on which the condition is neither true nor false,
/// since a value is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Nulls {
    #[default]
    Unknown,
    Violate,
    Pass,
}

/// The parameters of a condition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// `results`, `figures`, the name of a file, or `*` for every file.
    table: Spanned<String>,
    /// What holds on each row.
    must: Spanned<String>,
    #[serde(default)]
    nulls: Nulls,
    /// The column that a finding points at: the first of the condition, if none.
    #[serde(default)]
    cell: Option<Spanned<String>>,
    /// Columns that say what a finding is about.
    #[serde(default)]
    key: Vec<Spanned<String>>,
    #[serde(default)]
    message: Option<Spanned<String>>,
}

impl Row {
    pub(super) fn mistakes(&self, file: &PackFile, dialect: &Dialect) -> Vec<Mistake> {
        let parsed = match Parsed::condition(self.must.get_ref()) {
            Ok(parsed) => parsed,
            Err(mistake) => return vec![mistake.within(file, &self.must)],
        };
        let mut mistakes = lint(&parsed, dialect, Aim::Row);
        let columns = parsed.columns();
        if columns.is_empty() {
            let says = "this says nothing of a row: it names no column";
            mistakes.push(Mistake::new(parsed.whole(), says));
        }
        for (name, at) in &columns {
            mistakes.extend(self.unknown(name, at.clone()));
        }
        let mistakes = mistakes.into_iter();
        let mut mistakes: Vec<Mistake> = mistakes.map(|m| m.within(file, &self.must)).collect();
        for name in self.cell.iter().chain(&self.key) {
            let mistake = self.unknown(&snake(name.get_ref()), 0..name.get_ref().len());
            mistakes.extend(mistake.map(|m| m.within(file, name)));
        }
        if let Some(message) = &self.message {
            let unknown = Template(message.get_ref()).names();
            let unknown = unknown.filter(|(name, _)| *name != SCOPE);
            let unknown = unknown.filter_map(|(name, at)| self.unknown(&snake(name), at));
            mistakes.extend(unknown.map(|m| m.within(file, message)));
        }
        mistakes
    }

    /// A column that the table cannot have.
    fn unknown(&self, name: &str, at: std::ops::Range<usize>) -> Option<Mistake> {
        if name.contains('.') {
            let says = "a condition is about one table: write the column alone";
            return Some(Mistake::new(at, says));
        }
        let table = snake(self.table.get_ref());
        let columns = made_columns(&table)?;
        let names = || columns.iter().map(|column| column.name.as_str());
        if names().any(|known| known == name) {
            return None;
        }
        let quoted = self.must.get_ref().get(at.clone());
        let quoted = quoted.filter(|text| text.starts_with('"'));
        let help = match nearest(name, names()) {
            Some(near) => format!("did you mean {near}?"),
            None if quoted.is_some() => {
                "text stands in single quotes: double ones are for names of columns".to_owned()
            }
            None => format!("it has {}", names().collect::<Vec<_>>().join(", ")),
        };
        let says = format!("{table} has no column {name}");
        Some(Mistake::new(at, says).help(help))
    }

    /// Does it read nothing of a table but the figures of contests?
    pub(super) fn is_of_figures(&self) -> bool {
        snake(self.table.get_ref()) == "figures"
    }

    pub(super) fn answer(&self, rule: &Rule, sheets: &[Sheet<'_>]) -> Answer {
        let mut answer = Answer::default();
        let name = snake(self.table.get_ref());
        let all = self.table.get_ref().trim() == "*";
        let wanted = |sheet: &&Sheet<'_>| {
            if all {
                sheet.is_read()
            } else {
                sheet.name == name
            }
        };
        let mut found = sheets.iter().filter(wanted).peekable();
        if found.peek().is_none() {
            answer.reason = Some(format!("no table is called {name}"));
        }
        for sheet in found {
            if let Err(reason) = self.judge(rule, sheet, &mut answer) {
                answer.reason.get_or_insert(reason);
            }
        }
        answer
    }

    /// `Err` with the reason where it does not apply to the table.
    fn judge(&self, rule: &Rule, sheet: &Sheet<'_>, answer: &mut Answer) -> Result<(), String> {
        let parsed = Parsed::condition(self.must.get_ref()).map_err(|m| m.message)?;
        let columns: BTreeSet<String> = parsed.columns().into_iter().map(|(c, _)| c).collect();
        let lacking: Vec<&str> = columns.iter().map(String::as_str).collect();
        let lacking = lacking.iter().filter(|c| sheet.column(c).is_none());
        if let Some(column) = lacking.into_iter().next() {
            return Err(format!("no column {column} in {}", sheet.name));
        }
        if sheet.height() == 0 {
            return Err(format!("no rows in {}", sheet.name));
        }
        let frame = sheet.frame(&columns).map_err(|e| e.to_string())?;
        let empty = empty_columns(&frame);
        let answers = match answers(&parsed, frame) {
            Ok(answers) => answers,
            Err(reason) => {
                answer.unknown(format!("it could not be run on {}: {reason}", sheet.name));
                return Ok(());
            }
        };
        if let Some(column) = empty
            .first()
            .filter(|_| answers.iter().all(Option::is_none))
        {
            return Err(format!("no {column} is given in {}", sheet.name));
        }
        for (row, holds) in answers.into_iter().enumerate() {
            match (holds, self.nulls) {
                (Some(true), _) | (None, Nulls::Pass) => answer.pass(),
                (None, Nulls::Unknown) => answer.unknown("a value that it compares is missing"),
                (Some(false), _) | (None, Nulls::Violate) => {
                    self.fail(rule, sheet, row, &parsed, answer);
                }
            }
        }
        Ok(())
    }

    fn fail(
        &self,
        rule: &Rule,
        sheet: &Sheet<'_>,
        row: usize,
        parsed: &Parsed<'_>,
        answer: &mut Answer,
    ) {
        let own = self.cell.as_ref().map(|cell| cell.get_ref().clone());
        let own = own.or_else(|| parsed.columns().into_iter().next().map(|(name, _)| name));
        let cell = own.and_then(|name| sheet.column(&name));
        let none = Scope::default();
        let scope = sheet.scope(row).unwrap_or(&none);
        let value = |name: &str| {
            if name == SCOPE {
                return Some(title(scope));
            }
            let column = sheet.column(name)?;
            let printed = sheet.printed(row, column);
            Some(printed.unwrap_or_else(|| "(missing)".to_owned()))
        };
        let message = match &self.message {
            Some(message) => Template(message.get_ref()).fill(value),
            None => format!(
                "{}; not so in row {} of {}.",
                rule.title,
                row + 1,
                sheet.name
            ),
        };
        let Some(at) = sheet.place(row, cell) else {
            return;
        };
        let must: Vec<&str> = self.must.get_ref().split_whitespace().collect();
        let label = format!("must be so: {}", must.join(" "));
        let mut found = finding(rule, at, scope, message, label);
        let key = self.key.iter().map(|name| snake(name.get_ref()));
        for name in ["candidate", "party"]
            .map(ToOwned::to_owned)
            .into_iter()
            .chain(key)
        {
            let column = sheet.column(&name);
            if let Some(value) = column.and_then(|column| sheet.printed(row, column)) {
                found.key.insert(name, value);
            }
        }
        let columns: BTreeSet<String> = parsed.columns().into_iter().map(|(c, _)| c).collect();
        for column in columns.iter().filter_map(|name| sheet.column(name)) {
            let other = sheet.figure_place(row, column).filter(|place| *place != at);
            let label = sheet.printed(row, column).unwrap_or_default();
            found.related.extend(other.map(|at| Related { at, label }));
        }
        found.stated = cell.and_then(|cell| sheet.printed(row, cell));
        answer.fail(found);
    }
}

/// The answers of the condition, row by row.
fn answers(parsed: &Parsed<'_>, frame: DataFrame) -> Result<Vec<Option<bool>>, String> {
    let height = frame.height();
    let answers = condition(parsed.engine_text(), frame)?;
    let answers = answers.column("answer").and_then(|column| column.bool());
    let answers = answers.map_err(|_| "it is no yes or no".to_owned())?;
    if answers.len() != height {
        return Err("it says nothing of the row".to_owned());
    }
    Ok(answers.iter().collect())
}

/// Columns without a single value.
pub(super) fn empty_columns(frame: &DataFrame) -> Vec<String> {
    let columns = frame.columns().iter();
    let empty = columns.filter(|column| column.null_count() == frame.height());
    empty.map(|column| column.name().to_string()).collect()
}
