//! Figures of one row that make another: gains minus losses, the net change.

use std::collections::BTreeMap;

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Exact, Finding, Locus, Measured, Metric, ResultRow, TableId, show};

use super::{Answer, Rule, Subject, Tally, finding, related, title};

/// The parameters of a row's sum: what is added, what is taken away, and what
/// they make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    plus: Vec<Metric>,
    #[serde(default)]
    minus: Vec<Metric>,
    makes: Metric,
}

/// A row with all its figures.
struct Sum<'s> {
    row: &'s ResultRow,
    parts: Vec<(Metric, &'s Measured)>,
    stated: &'s Measured,
    made: Exact,
}

impl Entry {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: BTreeMap<TableId, Vec<Sum<'_>>> = BTreeMap::new();
        for row in &subject.relations.results {
            match self.sum(row) {
                Some(Ok(sum)) => by_table.entry(row.table).or_default().push(sum),
                Some(Err(reason)) => answer.unknown(reason),
                None => {}
            }
        }
        for sums in by_table.values() {
            let tally = Tally::of(sums.iter().map(Sum::holds));
            for sum in sums {
                if sum.holds() {
                    answer.pass();
                } else if tally.is_of_something_else() {
                    // Measured from another base: new boundaries, by-elections.
                    answer.unknown("most rows of the table do not come out");
                } else {
                    answer.fail(self.found(rule, sum));
                }
            }
        }
        answer
    }

    /// `None` of a row that has none of the figures but one.
    fn sum<'s>(&self, row: &'s ResultRow) -> Option<Result<Sum<'s>, String>> {
        let stated = row.figures.get(&self.makes)?;
        let figure = |metric: &Metric| Some((*metric, row.figures.get(metric)?));
        let plus: Vec<_> = self.plus.iter().filter_map(figure).collect();
        let minus: Vec<_> = self.minus.iter().filter_map(figure).collect();
        if plus.is_empty() && minus.is_empty() {
            return None;
        }
        if plus.len() + minus.len() < self.plus.len() + self.minus.len() {
            return Some(Err("a row has not all of the figures".to_owned()));
        }
        let value = |(_, m): &(Metric, &Measured)| m.number.value.clone();
        let added: Exact = plus.iter().map(value).sum();
        // Losses are printed with a minus sign or without one.
        let taken: Exact = minus.iter().map(|part| value(part).abs()).sum();
        Some(Ok(Sum {
            row,
            parts: [plus, minus].concat(),
            stated,
            made: added - taken,
        }))
    }

    fn found(&self, rule: &Rule, sum: &Sum<'_>) -> Finding {
        let name = sum.row.name();
        let stated = &sum.stated.number.value;
        let made = show(&sum.made, 0);
        let parts = sum.parts.iter().map(|(metric, m)| {
            let value = show(&m.number.value, 0);
            format!("{} {value}", metric.words())
        });
        let parts: Vec<String> = parts.collect();
        let scope = &sum.row.scope;
        let message = format!(
            "The {} of {name} in {} is given as {}, but {} make {made}.",
            self.makes.words(),
            title(scope),
            show(stated, 0),
            parts.join(" and ")
        );
        let label = format!("the figures make {made}");
        let mut found = finding(rule, Locus::Cell(sum.stated.place), scope, message, label);
        let places = sum
            .parts
            .iter()
            .map(|(metric, m)| related(m.place, metric.words()));
        found.related.extend(places);
        found
            .differing(stated, &sum.made, 0)
            .about(Some(name), self.makes)
    }
}

impl Sum<'_> {
    fn holds(&self) -> bool {
        self.stated.number.value == self.made
    }
}
