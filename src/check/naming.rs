//! A contest has one name for each code.

use serde::Deserialize;

use crate::model::{Locus, Role, Scope, TableId};

use super::{Answer, Rule, Subject, finding};

/// Rows that share a code share the name of their contest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naming {}

impl Naming {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            let coded = [Role::ContestCode, Role::Contest];
            if coded.iter().all(|&role| table.column_of(role).is_some()) {
                judge(rule, subject, id, &mut answer);
            }
        }
        answer
    }
}

fn judge(rule: &Rule, subject: &Subject<'_>, id: TableId, answer: &mut Answer) {
    let misnamed = subject.relations.misnamed.iter();
    let mut own = misnamed.filter(|m| m.name.place.table == id).peekable();
    if own.peek().is_none() {
        answer.pass();
    }
    for m in own {
        let scope = Scope {
            contest: m.usual.clone(),
            ..Scope::default()
        };
        let mut found = finding(
            rule,
            Locus::Cell(m.name.place),
            &scope,
            format!(
                "A row is of “{}” by name, and by its code of “{}”, like {} others; it was counted there.",
                m.name.text, m.usual, m.rows
            ),
            format!("“{}” by its code", m.usual),
        );
        found.stated = Some(m.name.text.clone());
        found.expected = Some(m.usual.clone());
        answer.fail(found);
    }
}
