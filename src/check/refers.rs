//! What one table names stands in another.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::model::{Scope, fold, key};

use super::query::{Mistake, Sheet, made_columns, nearest, snake};
use super::{Answer, Rule, finding};

/// Names that are this much alike, of 1, are one name misspelt.
const ALIKE: f64 = 0.85;

/// Characters of a name that is a part of another by more than chance.
const PART: usize = 5;

/// A table and the columns that name things in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Side {
    table: Spanned<String>,
    columns: Vec<Spanned<String>>,
}

/// The parameters of a reference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refers {
    from: Side,
    /// Where every name of `from` stands.
    to: Side,
}

impl Refers {
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes: Vec<Mistake> = Vec::new();
        for side in [&self.from, &self.to] {
            let table = snake(side.table.get_ref());
            let Some(known) = made_columns(&table) else {
                continue;
            };
            let names = || known.iter().map(|column| column.name.as_str());
            for column in &side.columns {
                let name = snake(column.get_ref());
                if names().any(|known| known == name) {
                    continue;
                }
                let mistake = Mistake::new(column.span(), format!("{table} has no column {name}"));
                mistakes.push(match nearest(&name, names()) {
                    Some(near) => mistake.help(format!("did you mean {near}?")),
                    None => mistake,
                });
            }
        }
        let (from, to) = (self.from.columns.len(), self.to.columns.len());
        if from != to || from == 0 {
            let says = format!("as many columns on both sides: {from} here and {to} there");
            mistakes.push(Mistake::new(self.from.table.span(), says));
        }
        mistakes
    }

    pub(super) fn answer(&self, rule: &Rule, sheets: &[Sheet<'_>]) -> Answer {
        let mut answer = Answer::default();
        match (self.from.names(sheets), self.to.names(sheets)) {
            (Ok(from), Ok(to)) if to.rows.is_empty() || from.rows.is_empty() => {
                let empty = if to.rows.is_empty() { &to } else { &from };
                answer.reason = Some(format!("nothing is named in {}", empty.sheet.name));
            }
            (Ok(from), Ok(to)) => judge(rule, &from, &to, &mut answer),
            (Err(reason), _) | (_, Err(reason)) => answer.reason = Some(reason),
        }
        answer
    }
}

/// The names of a table, each with the rows that have it.
struct Names<'s, 'a> {
    sheet: &'s Sheet<'a>,
    columns: Vec<String>,
    rows: BTreeMap<Vec<String>, Vec<usize>>,
    /// Rows that lack a part of the name.
    incomplete: u64,
}

impl Side {
    /// `Err` with the reason where the table or a column is not there.
    fn names<'s, 'a>(&self, sheets: &'s [Sheet<'a>]) -> Result<Names<'s, 'a>, String> {
        let name = snake(self.table.get_ref());
        let sheet = sheets.iter().find(|sheet| sheet.name == name);
        let sheet = sheet.ok_or_else(|| format!("no table is called {name}"))?;
        let mut columns = Vec::new();
        for column in &self.columns {
            let found = sheet.column(column.get_ref());
            let missing = || format!("no column {} in {name}", snake(column.get_ref()));
            columns.push(found.ok_or_else(missing)?);
        }
        let mut names = Names {
            sheet,
            columns: columns.iter().map(|column| column.name.clone()).collect(),
            rows: BTreeMap::new(),
            incomplete: 0,
        };
        for row in 0..sheet.height() {
            let cells = columns.iter().map(|column| sheet.printed(row, column));
            match cells.collect::<Option<Vec<String>>>() {
                Some(name) => names.rows.entry(name).or_default().push(row),
                None => names.incomplete += 1,
            }
        }
        Ok(names)
    }
}

fn judge(rule: &Rule, from: &Names<'_, '_>, to: &Names<'_, '_>, answer: &mut Answer) {
    for (name, rows) in &from.rows {
        let Some(first) = rows.first().filter(|_| !to.rows.contains_key(name)) else {
            answer.pass();
            continue;
        };
        let column = from
            .columns
            .last()
            .and_then(|column| from.sheet.column(column));
        let Some(at) = from.sheet.place(*first, column) else {
            continue;
        };
        let shown = name.join(", ");
        let near = near(name, to);
        let instead = near.as_ref().map_or_else(String::new, |(other, how)| {
            format!(": “{other}” is there, {how}")
        });
        let (own, other) = (&from.sheet.name, &to.sheet.name);
        let message = format!("“{shown}” of {own} is not in {other}{instead}.");
        let label = match rows.len() {
            1 => format!("not in {}", to.sheet.name),
            count => format!("not in {}; the first of {count} rows", to.sheet.name),
        };
        let scope = Scope::default();
        let mut found = finding(rule, at, &scope, message, label);
        if let Some((other, _)) = near {
            let write = format!("write “{other}”, if that is what is meant");
            found.help = Some(match &found.help {
                Some(help) => format!("{write}; {help}"),
                None => write,
            });
            found.expected = Some(other);
        }
        for (column, value) in from.columns.iter().zip(name) {
            found.key.insert(column.clone(), value.clone());
        }
        found.stated = Some(shown);
        answer.fail(found);
    }
    for _ in 0..from.incomplete {
        answer.unknown(format!("a row of {} names nothing", from.sheet.name));
    }
}

/// What the other table has that is much like a name, and how it differs.
/// Names that stand in both tables are taken.
fn near(name: &[String], to: &Names<'_, '_>) -> Option<(String, &'static str)> {
    let own = name.join(", ");
    let (folded, keyed) = (fold(&own), key(&own));
    let mut best: Option<(f64, String, &'static str)> = None;
    for other in to.rows.keys() {
        let other = other.join(", ");
        let (score, how) = if fold(&other).replace(' ', "") == folded.replace(' ', "") {
            (3.0, "which differs only in case, accents or marks")
        } else if key(&other) == keyed {
            (2.0, "which has the same words in another order")
        } else {
            let alike = strsim::normalized_damerau_levenshtein(&folded, &fold(&other));
            (alike, "which is spelt much like it")
        };
        let (score, how) = if score < ALIKE && is_part(&fold(&other), &folded) {
            (ALIKE, "which is a part of it")
        } else {
            (score, how)
        };
        let better = best.as_ref().is_none_or(|(most, ..)| score > *most);
        if score >= ALIKE && better {
            best = Some((score, other, how));
        }
    }
    best.map(|(_, other, how)| (other, how))
}

/// Does a name begin or end with another, of some length?
fn is_part(part: &str, whole: &str) -> bool {
    part.chars().count() >= PART && (whole.starts_with(part) || whole.ends_with(part))
}
