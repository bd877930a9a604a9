//! Each share is its votes over the votes of all.

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{
    Exact, Locus, Measured, Metric, ResultRow, power_of_ten, ratio, show, slip, whole,
};

use super::{Answer, Rule, Subject, finding, related, title};

/// The parameters of a share: of which figure, and what it may be a share of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    part: Metric,
    #[serde(rename = "share")]
    stated: Metric,
    /// Stated totals of the contest to try, besides the sum of the parts.
    of: Vec<Metric>,
}

/// A total that the shares may be of.
struct Whole {
    value: Exact,
    words: String,
}

/// A double holds a fraction to about 16 digits, so one printed in full is
/// right to 12 places of a per cent and no further.
const FLOAT_PLACES: i32 = 12;

impl Share {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for rows in subject.counts() {
            let rows: Vec<&ResultRow> = rows
                .iter()
                .filter_map(|&r| subject.relations.results.get(r))
                .collect();
            let pairs: Vec<(&ResultRow, &Measured, &Measured)> = rows
                .iter()
                .filter_map(|r| {
                    Some((*r, r.figures.get(&self.part)?, r.figures.get(&self.stated)?))
                })
                .collect();
            if !pairs.is_empty() {
                self.judge(rule, subject, &rows, &pairs, &mut answer);
            }
        }
        answer
    }

    /// The total that most of the shares are of is taken to be the right one;
    /// shares that do not fit it are findings.
    fn judge(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        rows: &[&ResultRow],
        pairs: &[(&ResultRow, &Measured, &Measured)],
        answer: &mut Answer,
    ) {
        let wholes = self.wholes(subject, rows);
        let fitting = |w: &Whole| {
            pairs
                .iter()
                .filter(|(_, p, s)| fits(p, s, &w.value))
                .count()
        };
        let best = wholes.iter().max_by_key(|w| fitting(w));
        let Some((best, count)) = best.map(|w| (w, fitting(w))) else {
            answer.unknown("the votes of all are not known");
            return;
        };
        if count < pairs.len() && have_one_total(pairs) {
            for _ in pairs {
                answer.unknown("the shares are of a larger total; rows may have been left out");
            }
            return;
        }
        // One share alone, or most of them off: the total is in doubt, not the shares.
        if count * 2 < pairs.len() || count < 2 && pairs.len() > 1 || pairs.len() == 1 && count == 0
        {
            for _ in pairs {
                answer.unknown("the shares are of another total than those in the tables");
            }
            return;
        }
        for (row, part, share) in pairs {
            if fits(part, share, &best.value) {
                answer.pass();
            } else {
                answer.fail(found(rule, row, part, share, best));
            }
        }
    }

    fn wholes(&self, subject: &Subject<'_>, rows: &[&ResultRow]) -> Vec<Whole> {
        let mut wholes = Vec::new();
        let sum: Option<Exact> = rows
            .iter()
            .map(|r| r.figures.get(&self.part).map(|m| &m.number.value))
            .sum();
        if let Some(sum) = sum.filter(|s| !s.is_zero()) {
            let words = format!("all {} in the table, {}", self.part.words(), show(&sum, 0));
            wholes.push(Whole { value: sum, words });
        }
        let Some(scope) = rows.first().map(|r| &r.scope) else {
            return wholes;
        };
        for figure in &subject.relations.figures {
            let akin = figure.scope.contest_key == scope.contest_key
                && figure.scope.election_key == scope.election_key
                && figure.scope.unit == scope.unit;
            if akin && self.of.contains(&figure.metric) && !figure.measured.number.value.is_zero() {
                let value = figure.measured.number.value.clone();
                let words = format!("the {} of {}", figure.metric.words(), show(&value, 0));
                wholes.push(Whole { value, words });
            }
        }
        wholes
    }
}

fn found(
    rule: &Rule,
    row: &ResultRow,
    part: &Measured,
    share: &Measured,
    of: &Whole,
) -> crate::model::Finding {
    let decimals = share.number.decimals.clamp(0, 6);
    let expected = &part.number.value / &of.value * whole(100);
    let (stated, right) = (
        show(&share.number.value, decimals),
        show(&expected, decimals),
    );
    let name = row
        .candidate
        .as_ref()
        .or(row.party.as_ref())
        .map_or("this row", |n| &n.text);
    let votes = show(&part.number.value, 0);
    let mut found = finding(
        rule,
        Locus::Cell(share.place),
        &row.scope,
        format!(
            "The share of {name} in {} is given as {stated}%, but {votes} of {} is {right}%.",
            title(&row.scope),
            of.words
        ),
        format!("{votes} votes are {right}%"),
    );
    found.key.insert("candidate", name.to_owned());
    found
        .related
        .push(related(part.place, format!("{votes} votes")));
    found.difference = Some(show(&(&share.number.value - &expected), decimals));
    let rounded = crate::model::round_half_up(&expected, decimals);
    found.cause = slip(&share.number.value, &rounded, decimals);
    found.stated = Some(stated);
    found.expected = Some(right);
    found
}

/// Are all shares of one total, whatever it is? Each share bounds the total
/// from both sides; they agree where the bounds overlap.
fn have_one_total(pairs: &[(&ResultRow, &Measured, &Measured)]) -> bool {
    let hundred = whole(100);
    let (mut low, mut high): (Option<Exact>, Option<Exact>) = (None, None);
    for (_, part, share) in pairs {
        let votes = &part.number.value * &hundred;
        let half = share.number.half_unit();
        let (most, least) = (&share.number.value + &half, &share.number.value - &half);
        if most.is_positive() {
            let bound = &votes / most;
            low = Some(low.map_or(bound.clone(), |l| l.max(bound)));
        }
        if least.is_positive() {
            let bound = &votes / least;
            high = Some(high.map_or(bound.clone(), |h| h.min(bound)));
        }
    }
    matches!((low, high), (Some(low), Some(high)) if low <= high)
}

/// Is a share its part of the whole, at its own printed precision?
///
/// A share with three decimals or more comes out of a program, often rounded
/// twice: first to one place more, which moves it by a twentieth of a unit.
fn fits(part: &Measured, share: &Measured, of: &Exact) -> bool {
    let exact = &part.number.value / of * whole(100);
    let half = share.number.half_unit();
    let tolerance = match share.number.decimals {
        ..=2 => half,
        3..=FLOAT_PLACES => half * ratio(11, 10),
        _ => power_of_ten(-FLOAT_PLACES),
    };
    (exact - &share.number.value).abs() <= tolerance.max(ratio(1, 1_000_000_000))
}
