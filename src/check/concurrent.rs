//! Contests that are held in one place on one day have one electorate there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Exact, FigureRow, Finding, Locus, Metric, TableId, fold, show};

use super::{Answer, Rule, Subject, finding, related};

/// The parameters of what concurrent contests have in common.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concurrent {
    of: Metric,
    /// So many places of a table that have one figure in all contests show that
    /// the contests have the same voters.
    enough: usize,
    /// Of so many such places, one at most has two.
    one_in: usize,
}

/// An election, a unit and the areas that it lies in.
type Unit<'s> = (&'s str, String, &'s [String]);

impl Concurrent {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut tables: BTreeMap<TableId, BTreeMap<Unit<'_>, Vec<&FigureRow>>> = BTreeMap::new();
        let figures = subject.relations.figures.iter();
        for figure in figures.filter(|f| f.metric == self.of && f.party.is_none()) {
            let scope = &figure.scope;
            let (Some(unit), false) = (&scope.unit, scope.contest_key.is_empty()) else {
                continue;
            };
            let unit = (
                scope.election_key.as_str(),
                fold(unit),
                scope.regions.as_slice(),
            );
            let of_table = tables.entry(figure.measured.place.table).or_default();
            of_table.entry(unit).or_default().push(figure);
        }
        for units in tables.into_values() {
            self.judge(rule, &units, &mut answer);
        }
        answer
    }

    fn judge(&self, rule: &Rule, units: &BTreeMap<Unit<'_>, Vec<&FigureRow>>, answer: &mut Answer) {
        let several = units.values().filter(|figures| {
            let contests = figures.iter().map(|f| &f.scope.contest_key);
            contests.collect::<BTreeSet<_>>().len() > 1
        });
        let (same, differing): (Vec<&Vec<&FigureRow>>, Vec<&Vec<&FigureRow>>) =
            several.partition(|figures| {
                let values = figures.iter().map(|f| &f.measured.number.value);
                values.collect::<BTreeSet<_>>().len() == 1
            });
        let shown = same.len() >= self.enough && differing.len() * self.one_in <= same.len();
        for _ in &same {
            answer.pass();
        }
        for figures in differing {
            if shown {
                answer.findings.extend(self.found(rule, figures));
            } else {
                answer.unknown("the contests of the table have different voters in many places");
            }
        }
    }

    /// The figure that fewest contests have is the one in doubt.
    fn found(&self, rule: &Rule, figures: &[&FigureRow]) -> Option<Finding> {
        let mut counts: BTreeMap<&Exact, usize> = BTreeMap::new();
        for figure in figures {
            *counts.entry(&figure.measured.number.value).or_default() += 1;
        }
        let count = |f: &FigureRow| counts.get(&f.measured.number.value).copied();
        let rare = figures.iter().min_by_key(|f| count(f))?;
        let other = figures.iter().max_by_key(|f| count(f))?;
        let (stated, right) = (&rare.measured.number.value, &other.measured.number.value);
        let (shown, wanted) = (show(stated, 0), show(right, 0));
        let unit = rare.scope.unit.as_deref().unwrap_or_default();
        let message = format!(
            "The {} of “{unit}” is given as {shown} for {}, but as {wanted} for {}.",
            self.of.words(),
            rare.scope.contest,
            other.scope.contest
        );
        let label = format!("{wanted} in another contest");
        let at = Locus::Cell(rare.measured.place);
        let mut found = finding(rule, at, &rare.scope, message, label);
        found.related.push(related(
            other.measured.place,
            format!("for {}", other.scope.contest),
        ));
        Some(found.differing(stated, right, 0).about(None, self.of))
    }
}
