//! A column's heading agrees with what its figures are.

use std::collections::BTreeMap;

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{
    Column, Finding, Locus, Measured, Metric, Number, Place, ResultRow, Role, TableId, fold, show,
};

use super::{Answer, Rule, Subject, finding};

/// The parameters of a label: the words of a heading that say what its figures
/// are of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    words: BTreeMap<Family, Vec<String>>,
}

/// What a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Family {
    Votes,
    Share,
    Seats,
}

impl Family {
    fn of(metric: Metric) -> Option<Self> {
        match metric {
            Metric::Votes | Metric::VotesChange => Some(Self::Votes),
            Metric::Share | Metric::ShareChange => Some(Self::Share),
            Metric::Seats | Metric::SeatsBefore | Metric::SeatsChange => Some(Self::Seats),
            _ => None,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Votes => "votes",
            Self::Share => "shares of the vote",
            Self::Seats => "seats",
        }
    }
}

/// A figure of a column, with its row.
struct Cell<'s> {
    row: &'s ResultRow,
    metric: Metric,
    measured: Measured,
}

impl Label {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            for (index, column) in table.columns.iter().enumerate() {
                let claimed = self.claimed(&column.name);
                if claimed.is_empty() {
                    continue;
                }
                let place = Place::at(id, 0, index);
                if column.role == Role::Other {
                    let cells = unnamed_cells(subject, place);
                    let shown = Some(Family::Share).filter(|f| !claimed.contains(f));
                    // What an unknown column holds is known only by comparing.
                    if let Some((shown, proof)) = shown.zip(differences(subject, &cells)) {
                        answer.fail(found(rule, column, shown, &cells, place, &proof));
                    }
                    continue;
                }
                let cells = column_cells(subject, place);
                match cells.first().and_then(|cell| Family::of(cell.metric)) {
                    None => {}
                    Some(shown) if claimed.contains(&shown) => answer.pass(),
                    Some(shown) => match proof(subject, &cells) {
                        Some(proof) => {
                            answer.fail(found(rule, column, shown, &cells, place, &proof));
                        }
                        None => {
                            answer.unknown("what the figures are cannot be shown from the tables");
                        }
                    },
                }
            }
        }
        answer
    }

    /// The families that the words of a heading name.
    fn claimed(&self, heading: &str) -> Vec<Family> {
        let folded = spelled(heading);
        let names = |words: &[String]| words.iter().any(|w| folded.contains(&spelled(w)));
        self.words
            .iter()
            .filter(|(_, words)| names(words))
            .map(|(family, _)| *family)
            .collect()
    }
}

/// Folded words between spaces. A per cent sign is a word: without it, a share
/// of the votes would be called votes.
fn spelled(text: &str) -> String {
    let parts: Vec<String> = text.split('%').map(fold).collect();
    let joined = parts.join(" % ");
    let words: Vec<&str> = joined.split_whitespace().collect();
    format!(" {} ", words.join(" "))
}

/// The cells of a column that are figures.
fn column_cells<'s>(subject: &Subject<'s>, column: Place) -> Vec<Cell<'s>> {
    let here = |m: &Measured| m.place.table == column.table && m.place.column == column.column;
    let figures = rows_of(subject, column.table)
        .flat_map(|row| row.figures.iter().map(move |(metric, m)| (row, *metric, m)));
    figures
        .filter(|(_, _, measured)| here(measured))
        .map(|(row, metric, measured)| Cell {
            row,
            metric,
            measured: measured.clone(),
        })
        .collect()
}

/// The numbers of a column that is not known, as if they were changes in share.
fn unnamed_cells<'s>(subject: &Subject<'s>, column: Place) -> Vec<Cell<'s>> {
    let cell = |row: &'s ResultRow| {
        let place = Place {
            row: row.row,
            ..column
        };
        let number = Number::parse(subject.dataset.cell(place)?)?;
        Some(Cell {
            row,
            metric: Metric::ShareChange,
            measured: Measured { number, place },
        })
    };
    rows_of(subject, column.table).filter_map(cell).collect()
}

fn rows_of<'s>(subject: &Subject<'s>, table: TableId) -> impl Iterator<Item = &'s ResultRow> {
    let rows = subject.relations.results.iter();
    rows.filter(move |row| row.table == table)
}

/// What shows that the figures are what they were taken for: the differences
/// of two elections' shares, or decimals that no count has.
fn proof(subject: &Subject<'_>, cells: &[Cell<'_>]) -> Option<String> {
    differences(subject, cells).or_else(|| {
        let mut numbers = cells.iter().map(|cell| &cell.measured.number.value);
        let decimals = numbers.find(|value| !value.is_integer())?;
        Some(format!("{} is no whole number", show(decimals, 2)))
    })
}

/// An example, where most of the figures are changes between two elections'
/// shares. Figures that may all be 0 show nothing.
fn differences(subject: &Subject<'_>, cells: &[Cell<'_>]) -> Option<String> {
    let fitting = cells.iter().filter_map(|cell| {
        let (fits, words) = difference(subject, cell.row, cell.metric, &cell.measured)?;
        let large = cell.measured.number.value.abs() > cell.measured.number.half_unit();
        (fits && large).then_some(words)
    });
    let fitting: Vec<String> = fitting.collect();
    let most = fitting.len() >= 2 && fitting.len() * 2 > cells.len();
    most.then(|| fitting.into_iter().next()).flatten()
}

/// Is a printed change the difference of two shares? In words as well.
fn difference(
    subject: &Subject<'_>,
    row: &ResultRow,
    metric: Metric,
    change: &Measured,
) -> Option<(bool, String)> {
    if metric != Metric::ShareChange {
        return None;
    }
    let now = subject
        .standings
        .find(&row.scope.contest_key, &row.scope.election_key)?;
    let before = subject.facts.before(now)?;
    let party = row.party.as_ref()?;
    let share = |standing: usize| {
        let entry = subject.facts.party_entry(standing, &party.text)?;
        subject
            .standings
            .get(standing)?
            .entries
            .get(entry)?
            .figure(Metric::Share)
    };
    let (a, b) = (share(now)?, share(before)?);
    let off = (&change.number.value - (&a.number.value - &b.number.value)).abs();
    let slack = change.number.half_unit() + a.number.half_unit() + b.number.half_unit();
    let shown = |m: &Measured| show(&m.number.value, m.number.decimals.clamp(0, 2));
    let words = format!(
        "{} is the change from {} to {}%",
        shown(change),
        shown(b),
        shown(a)
    );
    Some((off <= slack, words))
}

fn found(
    rule: &Rule,
    column: &Column,
    shown: Family,
    cells: &[Cell<'_>],
    place: Place,
    proof: &str,
) -> Finding {
    let scope = cells.first().map(|cell| cell.row.scope.clone());
    let first = cells.first().map_or(place, |cell| cell.measured.place);
    let at = match column.heading {
        Some(_) => Locus::Heading(place),
        None => Locus::Cell(first),
    };
    let heading = &column.name;
    let mut found = finding(
        rule,
        at,
        &scope.unwrap_or_default(),
        format!(
            "The heading “{heading}” stands over figures of {}: {proof}.",
            shown.words()
        ),
        format!("these are {}", shown.words()),
    );
    found.related.push(super::related(first, proof.to_owned()));
    found.stated = Some(heading.clone());
    found
}
