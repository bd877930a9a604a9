//! A name is spelled alike in all parts of a contest.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Cause, Finding, Locus, Name, Place, ResultRow, Role, Scope, TableId, key};

use super::{Answer, Rule, Subject, finding, related};

/// The parameters of spelling: whose names are compared, and how alike two are
/// that may be one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spelling {
    of: Named,
    /// Jaro–Winkler likeness in hundredths.
    alike: u8,
    /// The usual spelling stands so many times as often as the other one.
    times: usize,
    /// Where these sizes come from.
    #[expect(dead_code, reason = "shown by explain as it is written")]
    source: String,
}

/// Whose names.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Named {
    /// In the units of their contest.
    Candidates,
    /// In the contests and for the candidates of their table.
    Units,
}

/// Where the names of one group stand: those of a contest, or of a table.
type Group<'s> = (TableId, &'s str, &'s str, &'s str);

/// A name, where it stands first, and all that it stands for.
struct Spelled<'s> {
    scope: &'s Scope,
    text: &'s str,
    place: Place,
    stands_for: BTreeSet<(&'s str, &'s str)>,
}

impl Spelling {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        subject.leave_screened(&mut answer);
        let mut groups: BTreeMap<Group<'_>, BTreeMap<String, Spelled<'_>>> = BTreeMap::new();
        let rows = subject.relations.results.iter();
        for row in rows.filter(|r| !r.aggregate && !r.wide && !subject.is_screened(r.table)) {
            let Some((group, text, place, stands_for)) = self.named(subject, row) else {
                continue;
            };
            let names = groups.entry(group).or_default();
            let name = names.entry(key(text)).or_insert_with(|| Spelled {
                scope: &row.scope,
                text,
                place,
                stands_for: BTreeSet::new(),
            });
            name.stands_for.insert(stands_for);
        }
        for names in groups.values() {
            self.judge(rule, names, &mut answer);
        }
        answer
    }

    fn named<'s>(
        &self,
        subject: &Subject<'s>,
        row: &'s ResultRow,
    ) -> Option<(Group<'s>, &'s str, Place, (&'s str, &'s str))> {
        let scope = &row.scope;
        let unit = scope.unit.as_deref()?;
        let Name { text, place } = row.candidate.as_ref().or(row.party.as_ref())?;
        let (contest, election) = (scope.contest_key.as_str(), scope.election_key.as_str());
        Some(match self.of {
            Named::Candidates => {
                let stage = scope.stage.as_deref().unwrap_or("");
                let group = (row.table, contest, election, stage);
                (group, text.as_str(), *place, (unit, ""))
            }
            Named::Units => {
                let table = subject.dataset.table(row.table)?;
                let column = u32::try_from(table.column_of(Role::Unit)?).ok()?;
                let place = Place { column, ..*place };
                let region = scope.regions.first().map_or("", String::as_str);
                (
                    (row.table, region, election, ""),
                    unit,
                    place,
                    (contest, text),
                )
            }
        })
    }

    /// Two names may be one where they are alike, never stand for the same, and
    /// another name of the group stands for all that the two stand for.
    fn judge(&self, rule: &Rule, names: &BTreeMap<String, Spelled<'_>>, answer: &mut Answer) {
        for (folded, rare) in names {
            let usual = names.iter().find(|(other, usual)| {
                usual.stands_for.len() >= rare.stands_for.len() * self.times
                    && rare.stands_for.is_disjoint(&usual.stands_for)
                    && self.are_alike(folded, other)
                    && names.values().any(|peer| peer.covers(rare, usual))
            });
            match usual {
                Some((_, usual)) => answer.fail(found(rule, rare, usual)),
                None => answer.pass(),
            }
        }
    }

    /// Names with other numbers are names of others ("Ward 1", "Ward 2").
    fn are_alike(&self, one: &str, another: &str) -> bool {
        let digits = |name: &str| -> String { name.chars().filter(char::is_ascii_digit).collect() };
        let likeness = strsim::jaro_winkler(one, another) * 100.0;
        digits(one) == digits(another) && likeness >= f64::from(self.alike)
    }
}

impl Spelled<'_> {
    fn covers(&self, one: &Self, another: &Self) -> bool {
        self.stands_for.is_superset(&one.stands_for)
            && self.stands_for.is_superset(&another.stands_for)
    }
}

fn found(rule: &Rule, rare: &Spelled<'_>, usual: &Spelled<'_>) -> Finding {
    let (text, other) = (rare.text, usual.text);
    let message = format!(
        "“{text}” stands in {} of the rows, and “{other}” in {} where it does not: one may be the other, misspelt.",
        rare.stands_for.len(),
        usual.stands_for.len()
    );
    let scope = Scope {
        unit: None,
        ..rare.scope.clone()
    };
    let at = Locus::Cell(rare.place);
    let mut found = finding(rule, at, &scope, message, format!("“{other}”?"));
    found
        .related
        .push(related(usual.place, "as it stands elsewhere"));
    found.stated = Some(text.to_owned());
    found.expected = Some(other.to_owned());
    found.cause = Some(Cause {
        kind: "misspelt",
        says: format!("“{text}” may be “{other}”"),
        suggestion: Some(other.to_owned()),
        rivals: 0,
    });
    found.key.insert("name", text.to_owned());
    found
}
