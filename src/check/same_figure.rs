//! A figure that is printed twice is the same twice.

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Finding, Locus, Metric, Printed, Source, Standing, show};

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
                    compare(
                        rule,
                        subject,
                        standing,
                        (name, metric),
                        figures,
                        &mut answer,
                    );
                }
            }
        }
        answer
    }
}

fn compare(
    rule: &Rule,
    subject: &Subject<'_>,
    standing: &Standing,
    (name, metric): (&str, Metric),
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
            let places = place_names(subject, [first, other]);
            answer.fail(found(
                rule,
                standing,
                (name, metric),
                [first, other],
                places,
            ));
        }
    }
}

/// What tells the places of two figures apart: their files, else their tables.
fn place_names<'s>(subject: &Subject<'s>, figures: [&Printed; 2]) -> [&'s str; 2] {
    let tables = figures.map(|p| subject.dataset.table(p.place.table));
    let sources = tables.map(|t| subject.dataset.source(t?.source).map(Source::name));
    match (sources, tables) {
        ([Some(one), Some(another)], _) if one != another => [one, another],
        (_, [Some(one), Some(another)]) if one.title != another.title => {
            [&one.title, &another.title]
        }
        _ => ["one place", "another"],
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
    (name, metric): (&str, Metric),
    [first, other]: [&Printed; 2],
    [one, another]: [&str; 2],
) -> Finding {
    let decimals = first.number.decimals.max(other.number.decimals).clamp(0, 2);
    let shown = |p: &Printed| show(&p.number.value, decimals);
    let of = if name.is_empty() {
        String::new()
    } else {
        format!(" of {name}")
    };
    let scope = standing.scope();
    let message = format!(
        "There are two figures for the {}{of} in {}: {} in {one}, {} in {another}.",
        metric.words(),
        title(&scope),
        shown(first),
        shown(other)
    );
    let label = format!("{} here", shown(other));
    let mut found = finding(rule, Locus::Cell(other.place), &scope, message, label);
    found
        .related
        .push(related(first.place, format!("{} here", shown(first))));
    found
        .differing(&other.number.value, &first.number.value, decimals)
        .about(Some(name).filter(|n| !n.is_empty()), metric)
}
