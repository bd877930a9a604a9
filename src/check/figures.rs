//! Figures of a contest that add up to another: valid and rejected votes to the
//! votes cast.

use serde::Deserialize;

use crate::model::{FigureRow, Locus, Metric, Rest, Scope, show};

use super::sums::{Sum, Term};
use super::{Answer, Rule, Subject, count_at, finding, related, title, without_totals};

/// The figures that are added up, and the one that they make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    parts: Vec<Metric>,
    total: Metric,
}

impl Figures {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let figures = subject.relations.figures.iter();
        let totals = figures.filter(|f| f.metric == self.total);
        let known = totals.filter_map(|total| Some((total, self.parts_of(subject, total)?)));
        let known: Vec<_> = known.collect();
        // Parts that are nowhere all given are not the tables' concern.
        if known.iter().all(|(_, parts)| parts.is_err()) {
            return answer;
        }
        for (total, parts) in known {
            match parts {
                Ok(parts) => self.judge(rule, subject, total, &parts, &mut answer),
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
    ) -> Option<Result<Vec<&'s FigureRow>, String>> {
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
        if parts.iter().any(Vec::is_empty) || of(&self.total).len() > 1 {
            let words: Vec<&str> = self.parts.iter().map(|m| m.words()).collect();
            return Some(Err(format!(
                "the {} are not all given once",
                words.join(" and the ")
            )));
        }
        Some(Ok(parts.concat()))
    }

    fn judge(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        total: &FigureRow,
        parts: &[&FigureRow],
        answer: &mut Answer,
    ) {
        let term = |figure: &FigureRow| {
            let place = figure.measured.place;
            let value = count_at(subject, place)?;
            Some(Term { place, value })
        };
        let terms = parts
            .iter()
            .map(|part| term(part))
            .collect::<Option<Vec<_>>>();
        let (Some(total_term), Some(terms)) = (term(total), terms) else {
            answer.unknown("a figure is no count");
            return;
        };
        let mut sum = Sum {
            total: total_term,
            parts: terms,
            rest: Rest::default(),
            finding: None,
        };
        if sum.comes_out() {
            answer.pass();
        } else {
            sum.finding = Some(answer.findings.len());
            let found = self.broken(rule, &total.scope, total, parts, &sum);
            answer.fail(found);
        }
        answer.sums.push(sum);
    }

    fn broken(
        &self,
        rule: &Rule,
        scope: &Scope,
        total: &FigureRow,
        parts: &[&FigureRow],
        sum: &Sum,
    ) -> crate::model::Finding {
        let [stated, added] = sum.shown();
        let shown: Vec<String> = parts
            .iter()
            .map(|part| {
                let value = show(&part.measured.number.value, 0);
                format!("{} {value}", part.metric.words())
            })
            .collect();
        let mut found = finding(
            rule,
            Locus::Cell(total.measured.place),
            scope,
            format!(
                "In {} {} make {added}, but the {} are given as {stated}.",
                title(scope),
                shown.join(" and "),
                self.total.words(),
            ),
            format!("the parts make {added}"),
        );
        let labelled = parts
            .iter()
            .map(|part| related(part.measured.place, part.metric.words()));
        found.related.extend(labelled);
        sum.tell(found).about(None, self.total)
    }
}
