//! A column's heading agrees with what its figures are.

use std::collections::BTreeMap;

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Locus, Measured, Metric, Place, ResultRow, TableId, fold, show};

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

impl Label {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            for (index, column) in table.columns.iter().enumerate() {
                let claimed = self.claimed(&column.name);
                let cells = column_cells(subject, id, index);
                let shown = cells.first().and_then(|(_, metric, _)| Family::of(*metric));
                let (Some(shown), false) = (shown, claimed.is_empty()) else {
                    continue;
                };
                if claimed.contains(&shown) {
                    answer.pass();
                } else if let Some(proof) = proof(subject, &cells) {
                    let first = Place {
                        table: id,
                        row: 0,
                        column: u32::try_from(index).unwrap_or(0),
                    };
                    answer.fail(found(
                        rule,
                        &column.name,
                        shown,
                        &cells,
                        first,
                        &proof,
                        column.heading.is_some(),
                    ));
                } else {
                    answer.unknown("what the figures are cannot be shown from the tables");
                }
            }
        }
        answer
    }

    /// The families that the words of a heading name.
    fn claimed(&self, heading: &str) -> Vec<Family> {
        let folded = format!(" {} ", fold(heading));
        let names = |words: &[String]| {
            words
                .iter()
                .any(|w| folded.contains(&format!(" {} ", fold(w))))
        };
        self.words
            .iter()
            .filter(|(_, words)| names(words))
            .map(|(family, _)| *family)
            .collect()
    }
}

/// The cells of a column that are figures, with their rows and metric.
fn column_cells<'s>(
    subject: &Subject<'s>,
    table: TableId,
    column: usize,
) -> Vec<(&'s ResultRow, Metric, &'s Measured)> {
    let here = |m: &Measured| m.place.table == table && m.place.column as usize == column;
    let rows = subject
        .relations
        .results
        .iter()
        .filter(|r| r.table == table);
    rows.flat_map(|row| row.figures.iter().map(move |(metric, m)| (row, *metric, m)))
        .filter(|(_, _, measured)| here(measured))
        .collect()
}

/// What shows that the figures are what they were taken for: the differences
/// of two elections' shares, or decimals that no count has.
fn proof(subject: &Subject<'_>, cells: &[(&ResultRow, Metric, &Measured)]) -> Option<String> {
    let differences = cells
        .iter()
        .filter_map(|(row, metric, m)| difference(subject, row, *metric, m));
    let (mut fitting, mut example) = (0, None);
    for (fits, words) in differences {
        fitting += usize::from(fits);
        if fits {
            example.get_or_insert(words);
        }
    }
    if fitting >= 2 && fitting * 2 > cells.len() {
        return example;
    }
    let decimals = cells
        .iter()
        .find(|(_, _, m)| !m.number.value.is_integer())?;
    Some(format!(
        "{} is no whole number",
        show(&decimals.2.number.value, 2)
    ))
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
    heading: &str,
    shown: Family,
    cells: &[(&ResultRow, Metric, &Measured)],
    column: Place,
    proof: &str,
    has_heading: bool,
) -> crate::model::Finding {
    let scope = cells
        .first()
        .map(|(row, _, _)| row.scope.clone())
        .unwrap_or_default();
    let first = cells.first().map_or(column, |(_, _, m)| m.place);
    let at = if has_heading {
        Locus::Heading(column)
    } else {
        Locus::Cell(first)
    };
    let mut found = finding(
        rule,
        at,
        &scope,
        format!(
            "The heading “{heading}” stands over figures of {}: {proof}.",
            shown.words()
        ),
        format!("these are {}", shown.words()),
    );
    found.related.push(super::related(first, proof.to_owned()));
    found.stated = Some(heading.to_owned());
    found
}
