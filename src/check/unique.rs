//! No row stands twice.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::model::{Locus, Metric, Place, ResultRow, Role, Scope, Table, TableId, whole};

use super::{Answer, Rule, Subject, finding, related};

/// Rows are the same where all cells but their figures are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// Rows of candidates in columns are the same by accident where fewer than two
    /// of their votes are so many.
    large: i64,
}

impl Unique {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            self.judge(rule, subject, id, table, &mut answer);
        }
        answer
    }

    fn judge(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        id: TableId,
        table: &Table,
        answer: &mut Answer,
    ) {
        let keys: Vec<usize> = (0..table.columns.len())
            .filter(|&c| !table.columns[c].role.is_figure())
            .collect();
        let named = |role| table.columns.iter().any(|c| c.role == role);
        if !(named(Role::Candidate) || named(Role::Surname) || named(Role::Party)) {
            self.judge_wide(rule, subject, id, table, answer);
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

    /// In a table of candidates in columns, a row that has the same in every cell as
    /// another stands twice; rows of small numbers may be alike.
    fn judge_wide(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        id: TableId,
        table: &Table,
        answer: &mut Answer,
    ) {
        let results = subject.relations.results.iter();
        let results = results.filter(|r| r.table == id && r.wide);
        let large = |r: &ResultRow| {
            let votes = r.figures.get(&Metric::Votes);
            votes.is_some_and(|votes| votes.number.value >= whole(self.large))
        };
        let mut rows: BTreeMap<u32, (&Scope, usize)> = BTreeMap::new();
        for row in results {
            let (_, figures) = rows.entry(row.row).or_insert((&row.scope, 0));
            *figures += usize::from(large(row));
        }
        let names_rows = |at: usize, role: Role| at == 0 || role.is_key();
        let mut seen: HashMap<Vec<Option<&str>>, u32> = HashMap::new();
        for (row, (scope, large)) in rows {
            let cells = (0..table.columns.len()).map(|at| table.cell(row as usize, at));
            let columns = table.columns.iter().enumerate();
            let mut names = columns.filter(|(at, c)| names_rows(*at, c.role));
            let name = names.find_map(|(at, _)| Some((at, table.cell(row as usize, at)?)));
            let Some((at, name)) = name.filter(|_| large > 1) else {
                continue;
            };
            let Some(first) = seen.insert(cells.collect(), row) else {
                answer.pass();
                continue;
            };
            let place = |row: u32| Place {
                table: id,
                row,
                column: u32::try_from(at).unwrap_or(u32::MAX),
            };
            let name = scope.unit.as_deref().unwrap_or(name);
            let message = format!("The row of {name} stands twice in {}.", table.title);
            let label = "the same row again".to_owned();
            let mut found = finding(rule, Locus::Cell(place(row)), scope, message, label);
            let first = related(place(first), "it stands here first");
            found.related.push(first);
            answer.fail(found);
        }
    }
}
