//! The columns of votes by the way they were cast add up to the votes of their
//! row.

use serde::Deserialize;

use crate::model::{Locus, Metric, Place, Role, Table, TableId, fold, show, whole};

use super::sums::{Sum, Term};
use super::{Answer, Rule, Subject, Tally, count_at, described, finding, related};

/// A table has its votes by mode in columns of their own, beside their sum.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modes {}

/// A column and those that are its parts.
#[derive(Debug)]
struct Columns {
    total: usize,
    parts: Vec<usize>,
}

impl Modes {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            for columns in columns_of(table, total_of(subject, table)) {
                judge(rule, subject, id, table, &columns, &mut answer);
            }
        }
        answer
    }
}

/// The column of all votes; where there is none, of all that took part.
fn total_of(subject: &Subject<'_>, table: &Table) -> Option<usize> {
    let cast = table.column_of(Role::Measure(Metric::Turnout));
    subject.layout.votes_column(table).or(cast)
}

/// The votes and their modes; and each mode that others are parts of by their
/// names ("early_voting", "early_voting_paper").
fn columns_of(table: &Table, votes: Option<usize>) -> Vec<Columns> {
    let names: Vec<(usize, String)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.role == Role::ModeVotes)
        .map(|(at, column)| (at, fold(&column.name)))
        .collect();
    let parent = |name: &str| {
        let longer = |other: &&(usize, String)| {
            let rest = name.strip_prefix(other.1.as_str());
            rest.is_some_and(|rest| rest.starts_with(' '))
        };
        names
            .iter()
            .filter(longer)
            .max_by_key(|(_, name)| name.len())
    };
    let mut found: Vec<Columns> = Vec::new();
    for (at, name) in &names {
        let Some(total) = parent(name).map(|(at, _)| *at).or(votes) else {
            continue;
        };
        match found.iter_mut().find(|columns| columns.total == total) {
            Some(columns) => columns.parts.push(*at),
            None => found.push(Columns {
                total,
                parts: vec![*at],
            }),
        }
    }
    found.retain(|columns| columns.parts.len() > 1);
    found
}

fn judge(
    rule: &Rule,
    subject: &Subject<'_>,
    id: TableId,
    table: &Table,
    columns: &Columns,
    answer: &mut Answer,
) {
    let mut sums: Vec<Sum> = Vec::new();
    for row in 0..table.rows() {
        match sum_of(subject, id, row, columns) {
            Some(Ok(sum)) => sums.push(sum),
            Some(Err(reason)) => answer.unknown(reason),
            None => {}
        }
    }
    let tally = Tally::of(sums.iter().map(Sum::comes_out));
    for mut sum in sums {
        if sum.comes_out() {
            answer.pass();
        } else if sum.off() > 0 && tally.right <= tally.wrong {
            // Parts may miss their whole where a mode has no column.
            answer.unknown(format!(
                "the modes come to less than the votes in {} rows of {}: one may have no column",
                tally.wrong, table.title
            ));
            continue;
        } else {
            sum.finding = Some(answer.findings.len());
            answer.fail(broken(rule, subject, table, columns, &sum));
        }
        answer.sums.push(sum);
    }
}

/// `None` where the row has no modes; an error where it lacks some, unless those
/// that it has are too many already, or enough.
fn sum_of(
    subject: &Subject<'_>,
    id: TableId,
    row: usize,
    columns: &Columns,
) -> Option<Result<Sum, String>> {
    let term = |column: usize| {
        let place = Place {
            table: id,
            row: u32::try_from(row).ok()?,
            column: u32::try_from(column).ok()?,
        };
        let value = count_at(subject, place)?;
        Some(Term { place, value })
    };
    let parts: Vec<Term> = columns
        .parts
        .iter()
        .filter_map(|&part| term(part))
        .collect();
    if parts.is_empty() {
        return None;
    }
    let complete = parts.len() == columns.parts.len();
    let Some(total) = term(columns.total) else {
        return Some(Err("a row has modes and no votes".to_owned()));
    };
    let sum = Sum {
        total,
        parts,
        finding: None,
    };
    let decided = complete || sum.off() <= 0;
    Some(if decided {
        Ok(sum)
    } else {
        Err("a row lacks votes of a mode".to_owned())
    })
}

fn broken(
    rule: &Rule,
    subject: &Subject<'_>,
    table: &Table,
    columns: &Columns,
    sum: &Sum,
) -> crate::model::Finding {
    let [stated, added] = sum.shown();
    let heading = |at: usize| table.columns.get(at).map_or("", |c| c.name.as_str());
    let parts: Vec<String> = sum.parts.iter().map(|p| show(&whole(p.value), 0)).collect();
    let about = described(subject, sum.total.place);
    let mut found = finding(
        rule,
        Locus::Cell(sum.total.place),
        &about.scope,
        format!(
            "The votes by mode of {} are {} = {added}, but “{}” is given as {stated}.",
            about.name,
            parts.join(" + "),
            heading(columns.total),
        ),
        format!("the modes add up to {added}"),
    );
    for part in &sum.parts {
        let heading = heading(part.place.column as usize);
        found.related.push(related(part.place, heading));
    }
    let mut found = sum.tell(found);
    found.key.insert("candidate", about.name);
    found
        .key
        .insert("metric", heading(columns.total).to_owned());
    found
}
