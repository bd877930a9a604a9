//! A figure is about as large, beside another, as such figures are: a share of
//! rejected votes, a turnout, a change of the electorate.

use std::collections::BTreeMap;

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{Exact, FigureRow, Finding, Locus, Measured, Metric, TableId, show, whole};

use super::{Answer, Rule, Subject, described, finding, related, title};

/// The parameters of what is usual, in per cent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usual {
    part: Metric,
    /// Figures that together are the whole.
    of: Vec<Metric>,
    /// The whole is that of the same contest in the election before.
    #[serde(default)]
    since_last: bool,
    #[serde(default)]
    at_least: Option<i64>,
    #[serde(default)]
    at_most: Option<i64>,
    /// A smaller whole shows nothing.
    #[serde(default)]
    whole_at_least: i64,
    /// What more than one in so many contests of a table have is usual there.
    one_in: usize,
    /// Stands for `at_most` in tables that are too small to show what is usual.
    #[serde(default)]
    alone: Option<Alone>,
    /// Whose thresholds these are.
    source: String,
}

/// What a figure may be where fewer than so many stand beside it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alone {
    fewer_than: usize,
    at_most: i64,
}

/// Ballots that leave one of several contests open are many as often as not.
fn is_unmarked(subject: &Subject<'_>, figure: &FigureRow) -> bool {
    let place = figure.measured.place;
    let heading = subject.dataset.column_name(place);
    let is = |name: &str| subject.layout.is_unmarked(name);
    figure.metric == Metric::RejectedVotes
        && (heading.is_some_and(is) || is(&described(subject, place).name))
}

/// A part beside its whole.
struct Ratio<'s> {
    figure: &'s FigureRow,
    wholes: Vec<&'s Measured>,
    whole: Exact,
    percent: Exact,
}

impl Usual {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: BTreeMap<TableId, Vec<Ratio<'_>>> = BTreeMap::new();
        let figures = subject.relations.figures.iter();
        let figures = figures.filter(|f| f.metric == self.part && f.party.is_none());
        for figure in figures {
            if is_unmarked(subject, figure) {
                continue;
            }
            if let Some(ratio) = self.ratio(subject, figure) {
                let of_table = by_table.entry(figure.measured.place.table).or_default();
                of_table.push(ratio);
            }
        }
        for ratios in by_table.values() {
            let at_most = self.at_most(ratios);
            let at_most = at_most.as_ref();
            let unusual = |r: &&Ratio<'_>| !self.is_usual(&r.percent, at_most);
            let many = ratios.iter().filter(unusual).count();
            for ratio in ratios {
                if self.is_usual(&ratio.percent, at_most) {
                    answer.pass();
                } else if many > 1 && many * self.one_in > ratios.len() {
                    answer.unknown("it is as much in many contests of the table");
                } else {
                    answer.fail(self.found(rule, ratio, at_most));
                }
            }
        }
        answer
    }

    /// What is usual in a table: where it is large enough to show that, twice
    /// what is in the middle of it, if that is more.
    fn at_most(&self, ratios: &[Ratio<'_>]) -> Option<Exact> {
        let most = whole(self.at_most?);
        let Some(alone) = &self.alone else {
            return Some(most);
        };
        if ratios.len() < alone.fewer_than {
            return Some(whole(alone.at_most));
        }
        let mut percents: Vec<&Exact> = ratios.iter().map(|r| &r.percent).collect();
        percents.sort();
        let middle = percents.get(percents.len() / 2)?;
        Some(most.max(*middle * whole(2)))
    }

    fn is_usual(&self, percent: &Exact, at_most: Option<&Exact>) -> bool {
        let low = self.at_least.is_none_or(|low| *percent >= whole(low));
        low && at_most.is_none_or(|high| percent <= high)
    }

    /// `None` where the whole is not in the tables, or is small.
    fn ratio<'s>(&self, subject: &Subject<'s>, figure: &'s FigureRow) -> Option<Ratio<'s>> {
        let wholes: Vec<&Measured> = if self.since_last {
            let scope = &figure.scope;
            scope.unit.is_none().then_some(())?;
            let find = subject
                .standings
                .position(&scope.contest_key, &scope.election_key);
            let before = subject.facts.before(find?)?;
            let before = subject.facts.standing(before)?;
            let of = |metric: &Metric| before.figure(*metric);
            self.of.iter().map(of).collect::<Option<_>>()?
        } else {
            let beside = subject.figures_of(&figure.scope).iter().filter(|f| {
                f.measured.place.table == figure.measured.place.table
                    && f.scope.stage == figure.scope.stage
                    && f.party.is_none()
            });
            let beside: Vec<_> = beside.collect();
            let of = |metric: &Metric| {
                let mut found = beside.iter().filter(|f| f.metric == *metric);
                let first = found.next().map(|f| &f.measured);
                first.filter(|_| found.next().is_none())
            };
            self.of.iter().map(of).collect::<Option<_>>()?
        };
        let sum: Exact = wholes.iter().map(|m| &m.number.value).sum();
        let large = sum.is_positive() && sum >= whole(self.whole_at_least);
        let value = &figure.measured.number.value;
        (large && !value.is_negative() && !sum.is_zero()).then(|| Ratio {
            figure,
            percent: value / &sum * whole(100),
            wholes,
            whole: sum,
        })
    }

    fn found(&self, rule: &Rule, ratio: &Ratio<'_>, at_most: Option<&Exact>) -> Finding {
        let number = &ratio.figure.measured.number;
        let decimals = number.decimals.clamp(0, 2);
        let (part, percent) = (show(&number.value, decimals), show(&ratio.percent, 1));
        let words: Vec<&str> = self.of.iter().map(|m| m.words()).collect();
        let last = if self.since_last {
            " of the election before"
        } else {
            ""
        };
        let bounds = match (self.at_least, at_most) {
            (Some(low), Some(high)) => format!("outside {low}% to {}%", show(high, 0)),
            (Some(low), None) => format!("less than {low}%"),
            (None, Some(high)) => format!("more than {}%", show(high, 0)),
            (None, None) => String::new(),
        };
        let scope = &ratio.figure.scope;
        let message = format!(
            "The figure for the {} in {} is {part}, {percent}% of the {} {}{last}: {bounds}, which is seldom so ({}).",
            self.part.words(),
            title(scope),
            show(&ratio.whole, decimals),
            words.join(" and "),
            self.source
        );
        let label = format!("{percent}%: {bounds}");
        let at = Locus::Cell(ratio.figure.measured.place);
        let mut found = finding(rule, at, scope, message, label);
        let places = ratio.wholes.iter().zip(&words);
        found
            .related
            .extend(places.map(|(m, words)| related(m.place, *words)));
        found.stated = Some(part);
        found.about(None, self.part)
    }
}
