//! Everything that should be read could be read.

use serde::Deserialize;

use crate::model::{DefectKind, Locus, Severity};

use super::{Answer, Rule, Subject, at_most, finding};

/// What must be readable.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Readable {
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// Cells of columns that hold numbers.
    Numbers,
    /// Rows with as many cells as the heading.
    Rows,
    /// Headings: none empty, none twice.
    Headings,
}

impl Readable {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let kinds: &[DefectKind] = match self.what {
            What::Numbers => &[DefectKind::NotANumber],
            What::Rows => &[DefectKind::RowLength, DefectKind::Unreadable],
            What::Headings => &[DefectKind::Heading],
        };
        if self.what == What::Numbers {
            numbers(rule, subject, &mut answer);
        }
        for defect in subject
            .dataset
            .defects
            .iter()
            .filter(|d| kinds.contains(&d.kind))
        {
            let at = Locus::Span(defect.span);
            let mut found = finding(
                rule,
                at,
                &crate::model::Scope::default(),
                defect.message.clone(),
                "here".into(),
            );
            found.help = defect.help.clone().or(found.help);
            answer.fail(found);
        }
        if answer.findings.is_empty() && !subject.dataset.tables.is_empty() {
            answer.passed = subject.dataset.tables.len() as u64;
        }
        answer
    }
}

fn numbers(rule: &Rule, subject: &Subject<'_>, answer: &mut Answer) {
    for unread in &subject.relations.unread {
        let column = subject
            .dataset
            .column_name(unread.place)
            .unwrap_or("a column of numbers");
        let mut found = finding(
            rule,
            Locus::Cell(unread.place),
            &crate::model::Scope::default(),
            format!(
                "“{}” in the column {column} is no number; it was left out.",
                unread.text
            ),
            "no number".to_owned(),
        );
        found.severity = at_most(rule, Severity::Error);
        found.stated = Some(unread.text.clone());
        answer.fail(found);
    }
}
