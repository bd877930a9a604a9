//! Findings in, those that doubt one figure together out as one: a wrong number
//! of votes breaks its share, its sum and the total at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::{Dataset, DefectKind, Finding, Locus, Place, Span, TableId};

use super::Checked;
use super::whole_row::SHIFTED;

impl Checked {
    /// Where a row is told as a whole (its cells are too many or too few, or have
    /// moved by a column), nothing else is said of it.
    ///
    /// The user's own rules always have their say.
    pub(super) fn leave_rows(&mut self, dataset: &Dataset, own: &HashSet<&str>) {
        let broken: Vec<Span> = dataset
            .defects
            .iter()
            .filter(|d| d.kind == DefectKind::RowLength)
            .map(|d| d.span)
            .collect();
        let moved: HashMap<(TableId, u32), String> = self
            .findings
            .iter()
            .filter(|f| f.cause.as_ref().is_some_and(|cause| cause.kind == SHIFTED))
            .filter_map(|f| match f.at {
                Locus::Cell(place) => Some(((place.table, place.row), f.rule.clone())),
                Locus::Heading(_) | Locus::Span(_) => None,
            })
            .collect();
        if broken.is_empty() && moved.is_empty() {
            return;
        }
        let misfits = self
            .findings
            .iter()
            .find(|f| matches!(f.at, Locus::Span(_)));
        let misfits = misfits.map_or_else(String::new, |f| f.rule.clone());
        let teller = |finding: &Finding| {
            let Locus::Cell(at) = finding.at else {
                return None;
            };
            if own.contains(finding.rule.as_str()) {
                return None;
            }
            let others = finding.related.iter().map(|related| related.at);
            let of_row = |other: Locus| match other {
                Locus::Cell(other) => (other.table, other.row) == (at.table, at.row),
                Locus::Heading(_) | Locus::Span(_) => true,
            };
            let is_shift = finding.cause.as_ref().is_some_and(|c| c.kind == SHIFTED);
            let span = dataset.cell_span(at);
            let holds = |broken: &Span| {
                span.is_some_and(|own| {
                    own.source == broken.source && (broken.start..broken.end).contains(&own.start)
                })
            };
            if broken.iter().any(holds) && (is_shift || others.clone().all(of_row)) {
                return Some(misfits.clone());
            }
            let told = moved.get(&(at.table, at.row)).filter(|_| !is_shift);
            told.filter(|_| others.clone().all(of_row)).cloned()
        };
        let tellers: Vec<Option<String>> = self.findings.iter().map(teller).collect();
        let left: BTreeMap<usize, String> = tellers
            .into_iter()
            .enumerate()
            .filter_map(|(at, teller)| Some((at, teller?)))
            .collect();
        self.take_out(&left, "tells it of the same row");
    }

    /// Takes findings out that others tell: they are unknown, and say of what.
    fn take_out(&mut self, tellers: &BTreeMap<usize, String>, what: &str) {
        let mut by_rule: BTreeMap<String, (u64, &str)> = BTreeMap::new();
        for (at, teller) in tellers {
            if let Some(finding) = self.findings.get(*at) {
                by_rule.entry(finding.rule.clone()).or_insert((0, teller)).0 += 1;
            }
        }
        for outcome in &mut self.outcomes {
            if let Some((count, teller)) = by_rule.get(&outcome.rule) {
                outcome.failed = outcome.failed.saturating_sub(*count);
                outcome.unknown += count;
                outcome
                    .reason
                    .get_or_insert_with(|| format!("{teller} {what}"));
            }
        }
        let mut at = 0;
        self.findings.retain(|_| {
            at += 1;
            !tellers.contains_key(&(at - 1))
        });
    }

    /// Keeps one finding of those that stand at one cell of figures. The others
    /// are unknown, say of what, and leave it their evidence.
    pub(super) fn join(&mut self, dataset: &Dataset, own: &HashSet<&str>) {
        let is_figure = |place: Place| {
            let table = dataset.table(place.table);
            let column = table.and_then(|table| table.columns.get(place.column as usize));
            column.is_some_and(|column| !column.role.is_key())
        };
        let mut by_place: HashMap<Place, Vec<usize>> = HashMap::new();
        let built_in = |f: &&Finding| !own.contains(f.rule.as_str());
        let findings = self.findings.iter().enumerate();
        for (at, finding) in findings.filter(|(_, f)| built_in(f)) {
            if let Locus::Cell(place) = finding.at
                && is_figure(place)
            {
                by_place.entry(place).or_default().push(at);
            }
        }
        let mut left: BTreeMap<usize, String> = BTreeMap::new();
        let several = by_place.into_values().filter(|all| all.len() > 1);
        let mut several: Vec<Vec<usize>> = several.collect();
        several.sort_unstable();
        for all in several {
            let best = all
                .iter()
                .copied()
                .min_by_key(|&at| self.findings.get(at).map(weight));
            let Some(best) = best else { continue };
            let teller = self.findings.get(best).map(|f| f.rule.clone());
            for other in all.into_iter().filter(|&other| other != best) {
                left.extend(teller.clone().map(|teller| (other, teller)));
                self.hand_over(other, best);
            }
        }
        self.take_out(&left, "tells it of the same figure");
    }

    /// Adds to one finding where another stood first, before it was put at the
    /// cell that both doubt.
    fn hand_over(&mut self, from: usize, to: usize) {
        let evidence = self
            .findings
            .get(from)
            .and_then(|f| f.related.first().cloned());
        let Some((evidence, kept)) = evidence.zip(self.findings.get_mut(to)) else {
            return;
        };
        if kept.related.iter().all(|related| related.at != evidence.at) {
            kept.related.push(evidence);
        }
    }
}

/// The least is kept: the worst, of these one whose figure is impossible by itself,
/// then one that says what it should be.
fn weight(finding: &Finding) -> (std::cmp::Reverse<crate::model::Severity>, bool, bool, bool) {
    let cause = finding.cause.as_ref();
    let suggests = cause.is_some_and(|cause| cause.suggestion.is_some() && cause.rivals == 0);
    (
        std::cmp::Reverse(finding.severity),
        !finding.related.is_empty(),
        !suggests,
        cause.is_none(),
    )
}
