//! A figure lies within its bounds: numbers, or another figure of the contest.

use std::collections::BTreeMap;

use num_traits::Zero;
use serde::Deserialize;

use crate::model::{Exact, Finding, Locus, Measured, Metric, Place, ResultRow, Scope, show, whole};

use super::{Answer, Rule, Subject, Tally, finding, related, title};

/// The parameters of bounds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    of: Vec<Metric>,
    #[serde(default)]
    at_least: Option<i64>,
    #[serde(default)]
    at_most: Option<i64>,
    /// A figure of the same contest that it must not exceed.
    #[serde(default)]
    at_most_figure: Option<Metric>,
    /// It is a whole number; votes that are passed on in parts are none.
    #[serde(default)]
    integer: bool,
}

/// What a figure is beyond its bounds, and the figure that bounds it.
type Breach<'s> = (String, Option<&'s Measured>);

/// A figure, and how it breaks its bounds, if it does.
struct Judged<'s> {
    scope: &'s Scope,
    metric: Metric,
    measured: &'s Measured,
    breach: Option<Breach<'s>>,
    /// Is it of a party, and of no candidate of it?
    is_list: bool,
}

impl Bounds {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer {
            passed: self.passed_by(subject),
            ..Answer::default()
        };
        let results = subject.relations.results.iter();
        let of_entries = results.flat_map(|r| {
            r.figures
                .iter()
                .map(move |(m, v)| (Some(r), &r.scope, *m, v))
        });
        let of_contests = subject
            .relations
            .figures
            .iter()
            .map(|f| (None, &f.scope, f.metric, &f.measured));
        let mut by_limit: BTreeMap<Option<Place>, Vec<Judged<'_>>> = BTreeMap::new();
        for (row, scope, metric, measured) in of_entries.chain(of_contests) {
            if !self.of.contains(&metric) {
                continue;
            }
            let judged = |breach| Judged {
                scope,
                metric,
                measured,
                breach,
                is_list: row.is_some_and(|r: &ResultRow| r.candidate.is_none()),
            };
            match self.breach(subject, scope, measured) {
                Some(Ok(limit)) => {
                    answer.pass();
                    let of_limit = by_limit.entry(limit.map(|m| m.place)).or_default();
                    of_limit.push(judged(None));
                }
                Some(Err(breach)) => {
                    let limit = breach.1.map(|m| m.place);
                    let of_limit = by_limit.entry(limit).or_default();
                    of_limit.push(judged(Some(breach)));
                }
                None => {}
            }
        }
        for (limit, judged) in by_limit {
            let tally = Tally::of(judged.iter().map(|judged| judged.breach.is_none()));
            let several = limit.is_some() && tally.wrong > 1 && tally.is_of_something_else();
            for judged in judged {
                if several && judged.is_list && judged.breach.is_some() {
                    answer.unknown(
                        "most lists have more votes than there are ballots: each voter may have several votes",
                    );
                } else if let Some((bound, limit)) = &judged.breach {
                    answer.fail(found(rule, &judged, bound, *limit));
                }
            }
        }
        answer
    }

    /// How many figures of rows that are not kept lie within the bounds: their
    /// votes are counts, and beside no figure of the contest.
    fn passed_by(&self, subject: &Subject<'_>) -> u64 {
        if !self.of.contains(&Metric::Votes) || self.at_most_figure.is_some() {
            return 0;
        }
        let tables = subject.dataset.tables();
        let sound = tables.filter_map(|(_, table)| table.sound.as_ref());
        sound.map(|sound| sound.rows).sum()
    }

    /// Do bounds hold of the rows of a large table that are not kept? These have
    /// votes, which are plain counts.
    pub(super) fn holds_of_sound(&self) -> bool {
        let from_0 = self.at_least.is_none_or(|least| least <= 0);
        !self.of.contains(&Metric::Votes) || from_0 && self.at_most.is_none()
    }

    /// `None` where the figure to compare with is not there.
    fn breach<'s>(
        &self,
        subject: &Subject<'s>,
        scope: &Scope,
        measured: &Measured,
    ) -> Option<Result<Option<&'s Measured>, Breach<'s>>> {
        let value = &measured.number.value;
        let below = self.at_least.map(whole).filter(|low| value < low);
        let above = self.at_most.map(whole).filter(|high| value > high);
        let shown = |bound: &Exact| show(bound, 0);
        if self.integer {
            let in_parts = scope.stage.is_some();
            let is_whole = value.is_integer() || in_parts;
            return Some(if is_whole {
                Ok(None)
            } else {
                Err(("no whole number".to_owned(), None))
            });
        }
        if let Some(low) = below {
            return Some(Err((format!("less than {}", shown(&low)), None)));
        }
        if let Some(high) = above {
            return Some(Err((format!("more than {}", shown(&high)), None)));
        }
        let Some(metric) = self.at_most_figure else {
            return Some(Ok(None));
        };
        // What is counted of a unit once is of all its contests.
        let of_unit = scope.unit.is_some().then(|| Scope {
            contest_key: String::new(),
            ..scope.clone()
        });
        let scopes = [Some(scope), of_unit.as_ref()].into_iter().flatten();
        let figures = scopes.flat_map(|scope| subject.figures_of(scope));
        let others = figures.filter(|f| f.metric == metric && f.party.is_none());
        let others: Vec<_> = others.collect();
        let other = others.first()?;
        let limit = &other.measured.number.value;
        // Two different ones are each of somebody's own: of the voters of one
        // party in a primary, say.
        if others.iter().any(|f| f.measured.number.value != *limit) {
            return None;
        }
        // Of those who vote by post some publishers count the votes and, where
        // they are counted, no electorate.
        if limit.is_zero() {
            return None;
        }
        if value > limit {
            let words = format!("more than the {} of {}", metric.words(), shown(limit));
            return Some(Err((words, Some(&other.measured))));
        }
        Some(Ok(Some(&other.measured)))
    }
}

fn found(rule: &Rule, judged: &Judged<'_>, bound: &str, other: Option<&Measured>) -> Finding {
    let (scope, metric, measured) = (judged.scope, judged.metric, judged.measured);
    let shown = show(&measured.number.value, measured.number.decimals.clamp(0, 2));
    let mut found = finding(
        rule,
        Locus::Cell(measured.place),
        scope,
        format!(
            "The {} in {} is given as {shown}, which is {bound}.",
            metric.words(),
            title(scope)
        ),
        bound.to_owned(),
    );
    found
        .related
        .extend(other.map(|m| related(m.place, "the most it can be")));
    found.stated = Some(shown);
    found.about(None, metric)
}
