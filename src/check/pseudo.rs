//! Names of candidates that are nearly those of no candidates: "Wrtie-ins",
//! "Undr Votes".

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{Cause, Locus, Name, Scope, TableId, fold};

use super::{Answer, Rule, Subject, finding};

/// The parameters: what those are called, and how much a misspelt one may differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pseudo {
    names: Vec<String>,
    /// So many letters may be wrong in a name of `letters` or more; one in a
    /// name of one letter less; none in a shorter one.
    edits: usize,
    letters: usize,
    /// Where these sizes come from.
    #[expect(dead_code, reason = "shown by explain as it is written")]
    source: String,
}

impl Pseudo {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        subject.leave_screened(&mut answer);
        let mut names: BTreeMap<(TableId, String), (&Scope, &Name)> = BTreeMap::new();
        let rows = subject.relations.results.iter();
        for row in rows.filter(|r| !r.aggregate && !r.wide) {
            if let Some(name) = &row.candidate {
                let names = names.entry((row.table, fold(&name.text)));
                names.or_insert((&row.scope, name));
            }
        }
        for ((_, folded), (scope, name)) in &names {
            let Some(meant) = self.meant(folded) else {
                answer.pass();
                continue;
            };
            let text = &name.text;
            let message = format!(
                "“{text}” is counted as a candidate; it may be “{meant}”, misspelt, which are nobody's votes."
            );
            let label = format!("“{meant}”?");
            let mut found = finding(rule, Locus::Cell(name.place), scope, message, label);
            found.stated = Some(text.clone());
            found.expected = Some(meant.to_owned());
            found.cause = Some(Cause {
                kind: "misspelt",
                says: format!("“{text}” may be “{meant}”"),
                suggestion: Some(meant.to_owned()),
                rivals: 0,
            });
            found.key.insert("name", text.clone());
            answer.fail(found);
        }
        answer
    }

    /// The known name that one is a misspelling of; `None` of one that is known.
    fn meant(&self, folded: &str) -> Option<&str> {
        let distance = |known: &&String| strsim::osa_distance(folded, &fold(known));
        let known = self.names.iter().min_by_key(distance)?;
        let length = folded.chars().count();
        let most = if length >= self.letters {
            self.edits
        } else {
            usize::from(length + 1 == self.letters)
        };
        let edits = distance(&known);
        let begins_alike = fold(known).chars().next() == folded.chars().next();
        (begins_alike && edits > 0 && edits <= most).then_some(known)
    }
}
