//! A precinct lies in one county: rows of it under another, which are just those
//! that it lacks in its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Cause, Locus, Place, ResultRow, Role, Scope, TableId, fold, key};

use super::{Answer, Rule, Subject, finding, related};

/// The parameters of areas: how much rarer the wrong one is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Astray {
    /// The right area has so many times the rows of the wrong one.
    times: usize,
}

/// The rows of a unit in one area: where they begin, and whose results they are.
struct Rows<'s> {
    scope: &'s Scope,
    region: &'s str,
    place: Place,
    stands_for: BTreeSet<(&'s str, String)>,
}

/// By area, the rows of each unit.
type Areas<'s> = BTreeMap<String, BTreeMap<String, Rows<'s>>>;

impl Astray {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        subject.leave_screened(&mut answer);
        let mut tables: BTreeMap<(TableId, &str), Areas<'_>> = BTreeMap::new();
        let rows = subject.relations.results.iter();
        for row in rows.filter(|r| !r.wide && !subject.is_screened(r.table)) {
            put(subject, row, &mut tables);
        }
        for areas in tables.values().filter(|areas| areas.len() > 1) {
            self.judge(rule, areas, &mut answer);
        }
        answer
    }

    fn judge(&self, rule: &Rule, areas: &Areas<'_>, answer: &mut Answer) {
        for (area, units) in areas {
            for (unit, rare) in units {
                let others = areas.iter().filter(|(other, _)| *other != area);
                let mut others = others.filter_map(|(_, theirs)| Some((theirs, theirs.get(unit)?)));
                let usual = others.find(|(theirs, usual)| {
                    usual.stands_for.len() >= rare.stands_for.len() * self.times
                        && rare.stands_for.is_disjoint(&usual.stands_for)
                        && theirs.iter().any(|(other, peer)| {
                            other != unit
                                && peer.stands_for.is_superset(&rare.stands_for)
                                && peer.stands_for.is_superset(&usual.stands_for)
                        })
                });
                let Some((_, usual)) = usual else {
                    answer.pass();
                    continue;
                };
                answer.fail(found(rule, rare, usual));
            }
        }
    }
}

fn put<'s>(
    subject: &Subject<'s>,
    row: &'s ResultRow,
    tables: &mut BTreeMap<(TableId, &'s str), Areas<'s>>,
) {
    let scope = &row.scope;
    let table = subject.dataset.table(row.table);
    let column = table.and_then(|table| table.column_of(Role::Region));
    let column = column.and_then(|at| u32::try_from(at).ok());
    let name = row.candidate.as_ref().or(row.party.as_ref());
    let (Some(unit), Some(region), Some(column), Some(name)) =
        (scope.unit.as_deref(), scope.regions.first(), column, name)
    else {
        return;
    };
    let areas = tables.entry((row.table, &scope.election_key)).or_default();
    let units = areas.entry(fold(region)).or_default();
    let rows = units.entry(fold(unit)).or_insert_with(|| Rows {
        scope,
        region,
        place: Place {
            table: row.table,
            row: row.row,
            column,
        },
        stands_for: BTreeSet::new(),
    });
    rows.stands_for
        .insert((&scope.contest_key, key(&name.text)));
}

fn found(rule: &Rule, rare: &Rows<'_>, usual: &Rows<'_>) -> crate::model::Finding {
    let unit = rare.scope.unit.as_deref().unwrap_or_default();
    let message = format!(
        "{} rows of “{unit}” stand under {}; they are just those that it lacks under {}, where it has {}.",
        rare.stands_for.len(),
        rare.region,
        usual.region,
        usual.stands_for.len()
    );
    let label = format!("{}?", usual.region);
    let mut found = finding(rule, Locus::Cell(rare.place), rare.scope, message, label);
    found
        .related
        .push(related(usual.place, "as it stands elsewhere"));
    found.stated = Some(rare.region.to_owned());
    found.expected = Some(usual.region.to_owned());
    found.cause = Some(Cause {
        kind: "row-elsewhere",
        says: format!("“{unit}” may lie in {}", usual.region),
        suggestion: Some(usual.region.to_owned()),
        rivals: 0,
    });
    found
}
