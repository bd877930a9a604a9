//! A figure that is printed twice is the same twice.

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Finding, Locus, Metric, Printed, Standing, show, slip};

use super::{Answer, Rule, Subject, finding, related, title};

/// The parameters of a same figure: the metrics that are compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SameFigure {
    of: Vec<Metric>,
}

impl SameFigure {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for standing in subject.standings.iter() {
            let entries = standing.entries.iter().flat_map(|entry| {
                entry
                    .figures
                    .iter()
                    .map(move |(metric, figures)| (entry.name(), *metric, figures))
            });
            let whole = standing
                .figures
                .iter()
                .map(|(metric, figures)| ("", *metric, figures));
            for (name, metric, figures) in entries.chain(whole) {
                if self.of.contains(&metric) {
                    compare(rule, standing, name, metric, figures, &mut answer);
                }
            }
        }
        answer
    }
}

fn compare(
    rule: &Rule,
    standing: &Standing,
    name: &str,
    metric: Metric,
    figures: &[Printed],
    answer: &mut Answer,
) {
    let Some((first, others)) = figures.split_first() else {
        return;
    };
    for other in others {
        if same(first, other, metric) {
            answer.pass();
        } else {
            answer.fail(found(rule, standing, name, metric, first, other));
        }
    }
}

/// Equal for counts; equal at the coarser precision for per cents and points.
fn same(a: &Printed, b: &Printed, metric: Metric) -> bool {
    let gap = (&a.number.value - &b.number.value).abs();
    if metric.is_percent() {
        gap <= a.number.half_unit().max(b.number.half_unit())
    } else {
        gap == crate::model::whole(0)
    }
}

fn found(
    rule: &Rule,
    standing: &Standing,
    name: &str,
    metric: Metric,
    first: &Printed,
    other: &Printed,
) -> Finding {
    let decimals = first.number.decimals.max(other.number.decimals).clamp(0, 2);
    let shown = |p: &Printed| show(&p.number.value, decimals);
    let of = if name.is_empty() {
        String::new()
    } else {
        format!(" of {name}")
    };
    let scope = standing.scope();
    let mut found = finding(
        rule,
        Locus::Cell(other.place),
        &scope,
        format!(
            "The {}{of} in {} stands as {} in one place and as {} in another.",
            metric.words(),
            title(&scope),
            shown(first),
            shown(other)
        ),
        format!("{} here", shown(other)),
    );
    if !name.is_empty() {
        found.key.insert("candidate", name.to_owned());
    }
    found
        .related
        .push(related(first.place, format!("{} here", shown(first))));
    found.difference = Some(show(&(&other.number.value - &first.number.value), decimals));
    found.cause = slip(&other.number.value, &first.number.value, decimals);
    found.stated = Some(shown(other));
    found.expected = Some(shown(first));
    found
}
