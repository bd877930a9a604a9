//! A part is no larger than its whole: a column "of which postal" beside the one
//! before it, a row of that name below the one above it.

use serde::Deserialize;

use crate::model::{Locus, Metric, Place, Role, Table, TableId, show, whole};

use super::cells::count_at;
use super::{Answer, Rule, Subject, Tally, described, finding, related, title};

/// "Of which" has no parameters: which words say so, the formats know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfWhich {}

/// A part and its whole, as counts in cells.
struct Pair {
    part: (Place, i64),
    whole: (Place, i64),
}

impl OfWhich {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            for pairs in [columns(subject, id, table), rows(subject, id, table)] {
                judge(rule, subject, table, &pairs, &mut answer);
            }
        }
        answer
    }
}

fn is_part(subject: &Subject<'_>, name: &str) -> bool {
    let label = subject.layout.row(name);
    label.is_some_and(|(label, _)| label.part)
}

fn pair(subject: &Subject<'_>, part: Place, whole: Place) -> Option<Pair> {
    Some(Pair {
        part: (part, count_at(subject, part)?),
        whole: (whole, count_at(subject, whole)?),
    })
}

/// The columns of parts, each with the column before it that is none.
fn columns(subject: &Subject<'_>, id: TableId, table: &Table) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut whole: Option<usize> = None;
    for (at, column) in table.columns.iter().enumerate() {
        if !is_part(subject, &column.name) {
            whole = Some(at);
            continue;
        }
        let Some(whole) = whole else { continue };
        let of_row = |row: usize| pair(subject, Place::at(id, row, at), Place::at(id, row, whole));
        pairs.extend((0..table.rows()).filter_map(of_row));
    }
    pairs
}

/// The rows of parts, each with the row above it that is none.
fn rows(subject: &Subject<'_>, id: TableId, table: &Table) -> Vec<Pair> {
    let columns = table.columns.iter().enumerate();
    let counts: Vec<usize> = columns
        .filter(|(_, column)| match column.role {
            Role::Value | Role::ModeVotes => true,
            Role::Measure(metric) => matches!(metric, Metric::Votes | Metric::Seats),
            _ => false,
        })
        .map(|(at, _)| at)
        .collect();
    if counts.is_empty() {
        return Vec::new();
    }
    let columns = table.columns.iter().enumerate();
    let names = columns.filter(|(_, column)| column.role.is_key());
    let names: Vec<usize> = names.map(|(at, _)| at).collect();
    let mut pairs = Vec::new();
    let mut whole: Option<usize> = None;
    for row in 0..table.rows() {
        let mut cells = names.iter().filter_map(|&at| table.cell(row, at));
        if !cells.any(|cell| is_part(subject, cell)) {
            whole = Some(row);
            continue;
        }
        let Some(whole) = whole else { continue };
        let of_column =
            |&at: &usize| pair(subject, Place::at(id, row, at), Place::at(id, whole, at));
        pairs.extend(counts.iter().filter_map(of_column));
    }
    pairs
}

/// Where most parts are larger, they are of another whole.
fn judge(rule: &Rule, subject: &Subject<'_>, table: &Table, pairs: &[Pair], answer: &mut Answer) {
    let fits = |pair: &Pair| pair.part.1 <= pair.whole.1;
    let tally = Tally::of(pairs.iter().map(fits));
    for pair in pairs {
        if fits(pair) {
            answer.pass();
            continue;
        }
        if tally.is_of_something_else() {
            answer.unknown("most parts are larger: they may be of another whole");
            continue;
        }
        let heading = |place: Place| {
            let column = table.columns.get(place.column as usize);
            column.map_or("", |column| column.name.as_str())
        };
        let ((part, own), (at_whole, all)) = (pair.part, pair.whole);
        let name = if part.row == at_whole.row {
            heading(part).to_owned()
        } else {
            let names = table.columns.iter().enumerate();
            let mut names = names.filter(|(_, column)| column.role.is_key());
            let cell = names.find_map(|(at, _)| {
                let cell = table.cell(part.row as usize, at)?;
                is_part(subject, cell).then_some(cell)
            });
            cell.unwrap_or_default().to_owned()
        };
        let [own, all] = [own, all].map(|value| show(&whole(value), 0));
        let about = described(subject, at_whole);
        let message = format!(
            "“{name}” is given as {own} in {}, which is more than the {all} that it is a part of.",
            title(&about.scope)
        );
        let label = format!("more than {all}");
        let mut found = finding(rule, Locus::Cell(part), &about.scope, message, label);
        found.related.push(related(at_whole, "the whole"));
        found.stated = Some(own);
        found.expected = Some(format!("at most {all}"));
        found.key.insert("part", name);
        answer.fail(found);
    }
}
