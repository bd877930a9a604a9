//! Figures of a contest that add up to another: valid and rejected votes to the
//! votes cast.

use serde::Deserialize;

use crate::model::{FigureRow, Locus, Metric, Rest, Scope, show};

use super::cells::term_at;
use super::sums::Sum;
use super::{Answer, Rule, Subject, finding, related, title, without_totals};

/// The figures that are added up, and the one that they make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    parts: Vec<Metric>,
    total: Metric,
    /// What stands for the total where that is nowhere given.
    #[serde(default)]
    or_total: Option<Metric>,
    /// Figures that are added as well, where they are given.
    #[serde(default)]
    with: Vec<Metric>,
    /// Figures that are taken away, where they are given; then one of these, or
    /// of those that are added where given, must be.
    #[serde(default)]
    less: Vec<Metric>,
}

/// What makes a total.
struct Parts<'s> {
    added: Vec<&'s FigureRow>,
    taken: Vec<&'s FigureRow>,
}

impl Figures {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let figures = subject.relations.figures.iter();
        let given = |metric: Metric| figures.clone().any(|f| f.metric == metric);
        let other = self.or_total.filter(|_| !given(self.total));
        let metric = other.unwrap_or(self.total);
        let totals = figures.clone().filter(|f| f.metric == metric);
        let known = totals.filter_map(|total| Some((total, self.parts_of(subject, total)?)));
        let known: Vec<_> = known.collect();
        // Parts that are nowhere all given are not the tables' concern.
        if known.iter().all(|(_, parts)| parts.is_err()) {
            return answer;
        }
        for (total, parts) in known {
            match parts {
                Ok(parts) => judge(rule, subject, total, &parts, &mut answer),
                Err(reason) => answer.unknown(reason),
            }
        }
        answer
    }

    /// The parts in the table of a total; `None` where it has none of them.
    fn parts_of<'s>(
        &self,
        subject: &'s Subject<'_>,
        total: &FigureRow,
    ) -> Option<Result<Parts<'s>, String>> {
        let table = total.measured.place.table;
        let beside = subject.figures_of(&total.scope).iter().copied();
        let beside: Vec<&FigureRow> = beside
            .filter(|f| f.measured.place.table == table && f.scope.stage == total.scope.stage)
            .collect();
        let of = |metric: &Metric| -> Vec<&FigureRow> {
            let own = beside.iter().filter(|f| f.metric == *metric);
            own.copied().collect()
        };
        let parts = self.parts.iter().map(|metric| without_totals(of(metric)));
        let parts: Vec<Vec<&FigureRow>> = parts.collect();
        if parts.iter().all(Vec::is_empty) {
            return None;
        }
        // Ballots are rejected in several columns; all else is given once.
        let several = [Metric::RejectedVotes, Metric::RejectedByReason];
        let once = |metric: &Metric| several.contains(metric) || of(metric).len() < 2;
        let further = self.with.iter().chain(&self.less);
        let mut all = self.parts.iter().chain([&total.metric]).chain(further);
        if parts.iter().any(Vec::is_empty) || !all.all(once) {
            let words: Vec<&str> = self.parts.iter().map(|m| m.words()).collect();
            return Some(Err(format!(
                "the {} are not all given once",
                words.join(" and the ")
            )));
        }
        let given = |metrics: &[Metric]| metrics.iter().flat_map(of).collect::<Vec<_>>();
        let (with, taken) = (given(&self.with), given(&self.less));
        if !self.less.is_empty() && with.is_empty() && taken.is_empty() {
            return None;
        }
        let added = [parts.concat(), with].concat();
        Some(Ok(Parts { added, taken }))
    }
}

fn judge(
    rule: &Rule,
    subject: &Subject<'_>,
    total: &FigureRow,
    parts: &Parts<'_>,
    answer: &mut Answer,
) {
    let term = |figure: &FigureRow| term_at(subject, figure.measured.place);
    let terms = |parts: &[&FigureRow]| {
        let terms = parts.iter().map(|part| term(part));
        terms.collect::<Option<Vec<_>>>()
    };
    let (added, taken) = (terms(&parts.added), terms(&parts.taken));
    let (Some(total_term), Some(added), Some(taken)) = (term(total), added, taken) else {
        answer.unknown("a figure is no count");
        return;
    };
    let mut sum = Sum {
        total: total_term,
        parts: added,
        // What is taken away is no part that could be found wrong by itself.
        rest: Rest {
            value: -taken.iter().map(|term| term.value).sum::<i64>(),
            parts: taken.len(),
            ..Rest::default()
        },
        finding: None,
    };
    if sum.comes_out() {
        answer.pass();
    } else {
        sum.finding = Some(answer.findings.len());
        let found = broken(rule, &total.scope, total, parts, &sum);
        answer.fail(found);
    }
    answer.sums.push(sum);
}

fn broken(
    rule: &Rule,
    scope: &Scope,
    total: &FigureRow,
    parts: &Parts<'_>,
    sum: &Sum,
) -> crate::model::Finding {
    let [stated, added] = sum.shown();
    let shown = |parts: &[&FigureRow]| {
        let shown = parts.iter().map(|part| {
            let value = show(&part.measured.number.value, 0);
            format!("{} {value}", part.metric.words())
        });
        shown.collect::<Vec<_>>().join(" and ")
    };
    let mut made = shown(&parts.added);
    if !parts.taken.is_empty() {
        made = format!("{made} less {}", shown(&parts.taken));
    }
    let mut found = finding(
        rule,
        Locus::Cell(total.measured.place),
        scope,
        format!(
            "In {} {made} make {added}, but the {} are given as {stated}.",
            title(scope),
            total.metric.words(),
        ),
        format!("the parts make {added}"),
    );
    let labelled = parts.added.iter().chain(&parts.taken);
    let labelled = labelled.map(|part| related(part.measured.place, part.metric.words()));
    found.related.extend(labelled);
    sum.tell(found).about(None, total.metric)
}
