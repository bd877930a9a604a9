//! No row stands twice.

use std::collections::HashMap;

use serde::Deserialize;

use crate::model::{Locus, Place, Role, Table, TableId};

use super::{Answer, Rule, Subject, finding, related};

/// Rows are the same where all cells but their figures are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {}

impl Unique {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            judge(rule, subject, id, table, &mut answer);
        }
        answer
    }
}

fn judge(rule: &Rule, subject: &Subject<'_>, id: TableId, table: &Table, answer: &mut Answer) {
    let keys: Vec<usize> = (0..table.columns.len())
        .filter(|&c| !table.columns[c].role.is_figure())
        .collect();
    let named = |role| table.columns.iter().any(|c| c.role == role);
    if !(named(Role::Candidate) || named(Role::Surname) || named(Role::Party)) {
        return;
    }
    if let Some(sound) = &table.sound {
        answer.passed += sound.rows - sound.aggregates;
    }
    // Several may be written in and be called by one word.
    let rows = subject.relations.results.iter();
    let rows = rows.filter(|r| r.table == id && !r.aggregate);
    let mut seen: HashMap<Vec<Option<&str>>, u32> = HashMap::new();
    for row in rows {
        let key: Vec<Option<&str>> = keys
            .iter()
            .map(|&c| table.cell(row.row as usize, c))
            .collect();
        let Some(&first) = seen.get(&key) else {
            seen.insert(key, row.row);
            answer.pass();
            continue;
        };
        // A row may have the figures of several elections beside each other.
        if first == row.row {
            continue;
        }
        let name = row.candidate.as_ref().or(row.party.as_ref());
        let Some(name) = name else { continue };
        let mut found = finding(
            rule,
            Locus::Cell(name.place),
            &row.scope,
            format!("The row of {} stands twice in {}.", name.text, table.title),
            "the same row again".to_owned(),
        );
        found.key.insert("candidate", name.text.clone());
        found.related.push(related(
            Place {
                row: first,
                ..name.place
            },
            "it stands here first",
        ));
        answer.fail(found);
    }
}
