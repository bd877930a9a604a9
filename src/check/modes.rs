//! The columns of votes by the way they were cast add up to the votes of their
//! row.

use serde::Deserialize;

use crate::model::{Locus, ModeColumns, Place, Rest, Table, TableId, show, whole};

use super::cells::term_at;
use super::sums::{Sum, Term};
use super::{Answer, Rule, Subject, Tally, described, finding, related, title};

/// A table has its votes by mode in columns of their own, beside their sum.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modes {}

impl Modes {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            for columns in ModeColumns::of(table, subject.layout) {
                judge(rule, subject, id, table, &columns, &mut answer);
            }
        }
        answer
    }
}

fn judge(
    rule: &Rule,
    subject: &Subject<'_>,
    id: TableId,
    table: &Table,
    columns: &ModeColumns,
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
    let sound = table.sound.as_ref().map(|s| s.modes.get(&columns.total));
    let sound = sound.flatten().copied().unwrap_or(0);
    answer.passed += sound;
    let mut tally = Tally::of(sums.iter().map(Sum::comes_out));
    tally.right += usize::try_from(sound).unwrap_or(usize::MAX);
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
    columns: &ModeColumns,
) -> Option<Result<Sum, String>> {
    let term = |column: usize| term_at(subject, Place::at(id, row, column));
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
        rest: Rest::default(),
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
    columns: &ModeColumns,
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
            "The votes by mode of {} in {} are {} = {added}, but “{}” is given as {stated}.",
            about.name,
            title(&about.scope),
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
