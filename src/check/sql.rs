//! A query that returns what is wrong.

use std::collections::BTreeSet;

use polars::prelude::{AnyValue, DataFrame};
use serde::Deserialize;
use toml::Spanned;

use crate::model::{Finding, Locus, PackFile, Scope};

use super::query::{
    Aim, Column, Dialect, Mistake, Parsed, ROWS, Sheet, Template, has_wildcard, lint, nearest,
    outputs, products, query, shown, snake, tables,
};
use super::row::empty_columns;
use super::{Answer, Rule, finding};

/// More pairs of rows than this are not joined.
const PAIRS: usize = 50_000_000;

/// What a query says of missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Nulls {
    /// Where they leave a comparison undecided, nothing is wrong.
    Pass,
}

/// The parameters of a query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    /// Each row that it returns is a breach.
    query: Spanned<String>,
    /// Columns of it that say what a breach is about.
    #[serde(default)]
    key: Vec<Spanned<String>>,
    #[serde(default)]
    message: Option<Spanned<String>>,
    #[serde(default)]
    nulls: Option<Nulls>,
}

impl Sql {
    pub(super) fn mistakes(&self, file: &PackFile, dialect: &Dialect) -> Vec<Mistake> {
        let parsed = match Parsed::query(self.query.get_ref()) {
            Ok(parsed) => parsed,
            Err(mistake) => return vec![mistake.within(file, &self.query)],
        };
        let nulls_pass = self.nulls == Some(Nulls::Pass);
        let mistakes = lint(&parsed, dialect, Aim::Query { nulls_pass }).into_iter();
        let mut mistakes: Vec<Mistake> = mistakes.map(|m| m.within(file, &self.query)).collect();
        let Some(outputs) = outputs(&parsed) else {
            return mistakes;
        };
        for key in &self.key {
            let mistake = unreturned(&outputs, key.get_ref(), 0..key.get_ref().len());
            mistakes.extend(mistake.map(|m| m.within(file, key)));
        }
        if let Some(message) = &self.message {
            let names = Template(message.get_ref()).names();
            let unknown = names.filter_map(|(name, at)| unreturned(&outputs, name, at));
            mistakes.extend(unknown.map(|m| m.within(file, message)));
        }
        mistakes
    }

    pub(super) fn answer(&self, rule: &Rule, sheets: &[Sheet<'_>]) -> Answer {
        let mut answer = Answer::default();
        match self.run(sheets) {
            Ok(Ran { rows, empty, used }) if rows.height() == 0 => match empty {
                None => answer.pass(),
                Some(column) => {
                    let used = used.first().map_or("", |sheet| &sheet.name);
                    answer.unknown(format!("no {column} is given in {used}"));
                }
            },
            Ok(ran) => self.tell(rule, &ran, sheets, &mut answer),
            Err(Failed::NotHere(reason)) => answer.reason = Some(reason),
            Err(Failed::Engine(reason)) => answer.unknown(format!("it could not be run: {reason}")),
        }
        answer
    }

    fn run<'s, 'a>(&self, sheets: &'s [Sheet<'a>]) -> Result<Ran<'s, 'a>, Failed> {
        let parsed = Parsed::query(self.query.get_ref()).map_err(|m| Failed::Engine(m.message))?;
        let mut used: Vec<&Sheet<'_>> = Vec::new();
        for name in tables(&parsed) {
            let sheet = sheets.iter().find(|sheet| sheet.name == name);
            let missing = || Failed::NotHere(format!("no table is called {name}"));
            used.push(sheet.ok_or_else(missing)?);
        }
        if used.iter().all(|sheet| sheet.height() == 0) {
            return Err(Failed::NotHere("its tables have no rows".to_owned()));
        }
        within_pairs(&parsed, &used)?;
        let words: BTreeSet<String> = parsed.words().collect();
        let (mut frames, mut empty) = (Vec::new(), None);
        for sheet in &used {
            let columns = sheet.columns.iter().map(|column| column.name.clone());
            let columns = columns.chain(["_table".to_owned(), "_row".to_owned()]);
            let wanted = |name: &String| has_wildcard(&parsed) || words.contains(name);
            let frame = sheet.frame(&columns.filter(wanted).collect());
            let frame = frame.map_err(|e| Failed::Engine(e.to_string()))?;
            let mut unused = empty_columns(&frame).into_iter();
            empty = empty.or_else(|| unused.find(|name| words.contains(name)));
            frames.push((sheet.name.clone(), frame));
        }
        let rows = query(parsed.engine_text(), frames).map_err(Failed::of_engine)?;
        Ok(Ran { rows, empty, used })
    }

    fn tell(&self, rule: &Rule, ran: &Ran<'_, '_>, sheets: &[Sheet<'_>], answer: &mut Answer) {
        let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
        let rows = (0..ran.rows.height().min(most)).map(|row| Returned {
            rows: &ran.rows,
            row,
        });
        let mut found: Vec<Finding> = rows
            .filter_map(|row| self.found(rule, &row, ran, sheets))
            .collect();
        // A query gives its rows in any order.
        found.sort_by(|a, b| order(a).cmp(&order(b)));
        answer.findings.extend(found);
        if ran.rows.height() > most
            && let Some(at) = ran.used.first().and_then(|sheet| sheet.heading())
        {
            let says = format!("The query returns more than {ROWS} rows; these are not all.");
            let label = "of this table".to_owned();
            answer.fail(finding(rule, at, &Scope::default(), says, label));
        }
    }

    fn found(
        &self,
        rule: &Rule,
        row: &Returned<'_>,
        ran: &Ran<'_, '_>,
        sheets: &[Sheet<'_>],
    ) -> Option<Finding> {
        let keys: Vec<String> = self.key.iter().map(|key| snake(key.get_ref())).collect();
        let value = |name: &str| row.value(name).unwrap_or_else(|| "(missing)".to_owned());
        let message = match (row.value("_message"), &self.message) {
            (Some(message), _) => message,
            (None, Some(message)) => {
                let has = |name: &str| row.has(name).then(|| value(name));
                Template(message.get_ref()).fill(has)
            }
            (None, None) if keys.is_empty() => format!("Not so: {}.", rule.title),
            (None, None) => {
                let about = keys.iter().map(|key| format!("{key} {}", value(key)));
                let about: Vec<String> = about.collect();
                format!("Not so for {}: {}.", about.join(", "), rule.title)
            }
        };
        let (at, scope, label) = row.place(&keys, ran, sheets)?;
        let mut found = finding(rule, at, &scope, message, label);
        for key in keys {
            let value = value(&key);
            found.key.insert(key, value);
        }
        found.stated = row.value("_actual");
        found.expected = row.value("_expected");
        Some(found)
    }
}

/// A column that a query does not return.
fn unreturned(outputs: &[String], name: &str, at: std::ops::Range<usize>) -> Option<Mistake> {
    let name = snake(name);
    if outputs.contains(&name) {
        return None;
    }
    let named = outputs.iter().filter(|name| !name.is_empty());
    let help = match nearest(&name, named.clone().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None => format!(
            "it returns {}; give others a name with AS",
            named.cloned().collect::<Vec<_>>().join(", ")
        ),
    };
    Some(Mistake::new(at, format!("the query returns no column {name}")).help(help))
}

/// What a query came to.
struct Ran<'s, 'a> {
    rows: DataFrame,
    /// A column that it names and that has no value anywhere.
    empty: Option<String>,
    used: Vec<&'s Sheet<'a>>,
}

/// Why a query did not come to anything.
enum Failed {
    /// The input has nothing of its concern.
    NotHere(String),
    Engine(String),
}

impl Failed {
    /// A column that is not there is no fault of the engine's.
    fn of_engine(says: String) -> Self {
        let quoted = |before: &str, quote: char| {
            let (_, rest) = says.split_once(before)?;
            rest.strip_prefix(quote)?.split(quote).next()
        };
        let column = quoted("unable to find column ", '"');
        match column.or_else(|| quoted("no column named ", '\'')) {
            Some(column) => Self::NotHere(format!("no column {column} in its tables")),
            None => Self::Engine(says),
        }
    }
}

fn within_pairs(parsed: &Parsed<'_>, used: &[&Sheet<'_>]) -> Result<(), Failed> {
    let height = |name: &str| {
        let sheet = used.iter().find(|sheet| sheet.name == name);
        sheet.map_or(1, |sheet| sheet.height())
    };
    for (one, other) in products(parsed) {
        if height(&one).saturating_mul(height(&other)) > PAIRS {
            return Err(Failed::Engine(format!(
                "every row of {one} would be joined with every row of {other}, \
                 which are too many; join ON a column that both have"
            )));
        }
    }
    Ok(())
}

/// A row that a query returned.
struct Returned<'r> {
    rows: &'r DataFrame,
    row: usize,
}

impl Returned<'_> {
    fn has(&self, name: &str) -> bool {
        self.rows.column(name).is_ok()
    }

    fn get(&self, name: &str) -> Option<AnyValue<'_>> {
        self.rows.column(name).ok()?.get(self.row).ok()
    }

    fn value(&self, name: &str) -> Option<String> {
        shown(&self.get(name)?)
    }

    /// The column that a row is about, where the query does not say: its first
    /// that is a figure, else its first, not counting keys.
    fn about<'s>(&self, keys: &[String], sheet: &'s Sheet<'_>) -> Option<&'s Column> {
        let outputs = self.rows.columns().iter();
        let outputs = outputs.map(|column| column.name().to_string());
        let (of_key, others): (Vec<String>, Vec<String>) =
            outputs.partition(|name| keys.contains(name));
        let own = |names: Vec<String>| {
            let columns = names.into_iter().filter_map(|name| sheet.column(&name));
            columns.collect::<Vec<_>>()
        };
        let columns = [own(others), own(of_key)].concat();
        let figure = columns.iter().find(|column| column.is_figure());
        figure.or_else(|| columns.first()).copied()
    }

    /// Where it stands, what it is of, and what to say there: the cell of
    /// `_table` and `_row`, else the headings of the first table.
    fn place(
        &self,
        keys: &[String],
        ran: &Ran<'_, '_>,
        sheets: &[Sheet<'_>],
    ) -> Option<(Locus, Scope, String)> {
        let named = self.value("_table");
        let named = named.and_then(|name| sheets.iter().find(|sheet| sheet.name == name));
        let only = || (ran.used.len() == 1).then(|| ran.used.first().copied())?;
        let row = self.get("_row").and_then(|row| row.extract::<usize>());
        let sheet = named.or_else(only).zip(row.filter(|row| *row > 0));
        let Some((sheet, row)) = sheet else {
            let at = ran.used.first()?.heading()?;
            let label = "in this table: the query passes on no _row".to_owned();
            return Some((at, Scope::default(), label));
        };
        let row = row - 1;
        let asked = self.value("_column");
        let own = asked.and_then(|name| sheet.column(&name));
        let at = sheet.place(row, own.or_else(|| self.about(keys, sheet)))?;
        let scope = sheet.scope(row).cloned().unwrap_or_default();
        Some((at, scope, "returned by the query of the rule".to_owned()))
    }
}

fn order(found: &Finding) -> (Option<(u32, u32, u32)>, &str) {
    let place = match found.at {
        Locus::Cell(place) => Some((place.table.0, place.row, place.column)),
        Locus::Heading(_) | Locus::Span(_) => None,
    };
    (place, &found.message)
}
