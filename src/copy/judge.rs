//! Answers into verdicts: does the printed number agree with the tables?

use num_traits::{Signed, Zero};

use crate::model::{
    Cause, Exact, Fact, Limit, Locus, Place, Related, Severity, Verdict, power_of_ten, ratio, show,
    whole,
};

use super::evaluate::{Answer, ratio_fits};
use super::hedge::{Hedge, Interval, Magnitude, Reach};
use super::language::Language;
use super::numeral::{Numeral, Unit};

/// A verdict with what led to it.
#[derive(Debug, Clone)]
pub struct Judgement {
    pub verdict: Verdict,
    pub severity: Option<Severity>,
    pub expected: Option<String>,
    pub working: Option<String>,
    /// Why unchecked, or a remark.
    pub reason: Option<String>,
    pub cause: Option<Cause>,
    pub cells: Vec<Related>,
    /// The stated number over the one expected, of a contradiction that is more
    /// than one or two off.
    pub off_by: Option<Exact>,
}

impl Judgement {
    #[must_use]
    pub fn unchecked(reason: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unchecked,
            severity: None,
            expected: None,
            working: None,
            reason: Some(reason.into()),
            cause: None,
            cells: Vec::new(),
            off_by: None,
        }
    }
}

/// How one route to a value compares with the printed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Agrees,
    /// It agrees, and deserves a remark.
    Loosely,
    Contradicts,
}

/// Judges an answer against the number that the copy prints, if it prints one.
#[must_use]
pub fn judge(answer: &Answer, numeral: Option<&Numeral>, language: &Language) -> Judgement {
    match (answer, numeral) {
        (Answer::Unknown(reason), _) => Judgement::unchecked(reason.clone()),
        (
            Answer::Truth {
                holds,
                working,
                cells,
            },
            _,
        ) => truth(*holds, working, cells),
        (
            Answer::Rank {
                place,
                tied,
                working,
                cells,
                of,
            },
            Some(numeral),
        ) => {
            let stated = numeral.integer().map(|n| {
                if n < 0 {
                    *of
                } else {
                    usize::try_from(n).unwrap_or(0)
                }
            });
            rank(*place, *tied, working, cells, stated)
        }
        (Answer::Value(routes), Some(numeral)) => Judge { numeral, language }.value(routes),
        (Answer::Ratio(routes), Some(numeral)) => Judge { numeral, language }.ratio(routes),
        (Answer::Rank { .. } | Answer::Value(_) | Answer::Ratio(_), None) => {
            Judgement::unchecked("the form has no number")
        }
    }
}

fn truth(holds: bool, working: &str, cells: &[Place]) -> Judgement {
    Judgement {
        verdict: if holds {
            Verdict::Agrees
        } else {
            Verdict::Contradicts
        },
        severity: (!holds).then_some(Severity::Error),
        expected: None,
        working: Some(working.to_owned()),
        reason: None,
        cause: None,
        cells: related(cells, working),
        off_by: None,
    }
}

fn rank(
    place: usize,
    tied: bool,
    working: &str,
    cells: &[Place],
    stated: Option<usize>,
) -> Judgement {
    let holds = stated == Some(place);
    let mut judgement = truth(holds, working, cells);
    judgement.expected = Some(ordinal(place));
    if tied {
        judgement.reason = Some("the place is shared".to_owned());
    }
    judgement
}

/// "1st", "2nd", "11th".
#[must_use]
pub fn ordinal(n: usize) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

fn related(cells: &[Place], label: &str) -> Vec<Related> {
    const MOST: usize = 3;
    let label = |_| label.to_owned();
    cells
        .iter()
        .take(MOST)
        .map(|&p| Related {
            at: Locus::Cell(p),
            label: label(p),
        })
        .collect()
}

struct Judge<'a> {
    numeral: &'a Numeral,
    language: &'a Language,
}

impl Judge<'_> {
    fn hedge(&self) -> Option<&Hedge> {
        let hedge = self.language.hedges.get(self.numeral.hedge?)?;
        (!hedge.comment).then_some(hedge)
    }

    fn value(&self, routes: &[Fact]) -> Judgement {
        let fits: Vec<(Fit, &Fact)> = routes.iter().map(|f| (self.fit(f), f)).collect();
        let find = |wanted: Fit| fits.iter().find(|(fit, _)| *fit == wanted).map(|(_, f)| *f);
        if let Some(fact) = find(Fit::Agrees) {
            return self.with(Verdict::Agrees, fact, self.remark(fact));
        }
        if let Some(fact) = find(Fit::Loosely) {
            return self.with(
                Verdict::Agrees,
                fact,
                Some(format!("loosely: {}", fact.working)),
            );
        }
        let decides = |f: &Fact| f.sound || self.is_beyond(f);
        let sound = fits.iter().find(|(_, f)| decides(f)).map(|(_, f)| *f);
        match (sound, fits.first()) {
            (Some(fact), _) => self.contradiction(fact),
            (None, Some((_, fact))) if self.is_one_slip_off(fact) => self.contradiction(fact),
            (None, Some((_, fact))) => {
                let mut judgement =
                    Judgement::unchecked(format!("the tables may lack a row: {}", fact.working));
                judgement.working = Some(fact.working.clone());
                judgement
            }
            (None, None) => Judgement::unchecked("not in the tables"),
        }
    }

    /// Is a number too large to be one slip away from a figure by chance?
    fn is_one_slip_off(&self, fact: &Fact) -> bool {
        let stated = &self.numeral.magnitude;
        let exact = self.hedge().is_none() && !fact.derived;
        let telling = stated.value >= self.language.chance.slip
            || self.numeral.unit == Unit::Percent && stated.decimals > 1;
        let cause = || crate::model::slip(&stated.value, &fact.value, stated.decimals.max(0));
        exact && telling && cause().is_some()
    }

    /// Is a printed count missed by one or two, and not by all of it?
    fn is_near(&self, fact: &Fact) -> bool {
        let gap = (&self.numeral.magnitude.value - &fact.value).abs();
        let printed = !fact.derived && self.numeral.unit == Unit::Count;
        printed && fact.value >= whole(1) && gap <= whole(2)
    }

    /// Is the stated number on the side of the value where the true one cannot
    /// be?
    fn is_beyond(&self, fact: &Fact) -> bool {
        let stated = self.magnitude().interval(self.hedge());
        match fact.limit {
            Some(Limit::AtMost) => stated.low > &fact.value + &fact.slack,
            Some(Limit::AtLeast) => {
                let high = stated.high.as_ref();
                high.is_some_and(|high| *high < &fact.value - &fact.slack)
            }
            None => false,
        }
    }

    fn with(&self, verdict: Verdict, fact: &Fact, reason: Option<String>) -> Judgement {
        Judgement {
            verdict,
            severity: (verdict == Verdict::Contradicts).then_some(Severity::Error),
            expected: Some(self.shown(fact)),
            working: Some(fact.working.clone()),
            reason,
            cause: None,
            cells: related(&fact.cells, &fact.working),
            off_by: None,
        }
    }

    fn shown(&self, fact: &Fact) -> String {
        let decimals = self.numeral.magnitude.decimals.max(fact.decimals);
        let percent = if self.numeral.unit == Unit::Percent {
            "%"
        } else {
            ""
        };
        format!("{}{percent}", show(&fact.value, decimals.min(2)))
    }

    fn remark(&self, fact: &Fact) -> Option<String> {
        let rounded = self.hedge().is_none()
            && self.numeral.magnitude.is_round()
            && fact.value != self.numeral.magnitude.value;
        if rounded {
            return Some("agrees, rounded".to_owned());
        }
        (!fact.sound).then(|| "on the rows supplied".to_owned())
    }

    fn fit(&self, fact: &Fact) -> Fit {
        let stated = self.magnitude();
        if let Some(upper) = &self.numeral.upper {
            return self.fit_range(fact, upper);
        }
        let Some(hedge) = self.hedge() else {
            return bare_fit(&stated, fact);
        };
        let interval = stated.interval(Some(hedge));
        if interval.meets(&fact.value, &fact.slack) {
            return Fit::Agrees;
        }
        loosely(hedge, &stated, &interval, fact)
    }

    fn magnitude(&self) -> Magnitude {
        let mut stated = self.numeral.magnitude.clone();
        if self.numeral.sign.is_some_and(|s| s < 0) && self.numeral.hedge.is_none() {
            // The sign is judged through the direction of the change.
            stated.value = stated.value.abs();
        }
        stated
    }

    /// "60 or 61 per cent": inside, ends half a unit wider.
    fn fit_range(&self, fact: &Fact, upper: &Exact) -> Fit {
        let half = self.numeral.magnitude.unit() * ratio(1, 2);
        let interval = Interval {
            low: &self.numeral.magnitude.value - &half,
            low_open: false,
            high: Some(upper + &half),
            high_open: false,
        };
        if interval.meets(&fact.value, &fact.slack) {
            Fit::Agrees
        } else {
            Fit::Contradicts
        }
    }

    fn contradiction(&self, fact: &Fact) -> Judgement {
        let mut judgement = self.with(Verdict::Contradicts, fact, None);
        judgement.off_by = (!self.is_near(fact)).then(|| {
            if fact.value.is_zero() {
                whole(1000)
            } else {
                (&self.numeral.magnitude.value / &fact.value).abs()
            }
        });
        let stated = &self.numeral.magnitude;
        let shows_slips = !fact.derived || fact.value.abs() >= whole(100);
        if self.hedge().is_none() && shows_slips {
            let decimals = stated.decimals.max(0);
            judgement.cause = crate::model::slip(&stated.value, &fact.value, decimals)
                .or_else(|| crate::model::rearranged(&stated.value, &fact.value));
        }
        if self.hedge().is_none() && judgement.cause.is_none() && is_shifted(stated, &fact.value) {
            judgement.cause = Some(Cause {
                kind: "decimal-point",
                says: "the decimal point stands one place off".to_owned(),
                suggestion: None,
                rivals: 0,
            });
        }
        if self.hedge().is_none() && is_truncated(stated, &fact.value) {
            judgement.severity = Some(Severity::Warning);
            let places = stated.decimals.max(0);
            let right =
                crate::model::round_half_up(&(&fact.value / stated.unit()), 0) * stated.unit();
            judgement.cause = Some(Cause {
                kind: "truncated",
                says: format!(
                    "cut off, not rounded: {} rounds to {}",
                    show(&fact.value, fact.decimals),
                    show(&right, places)
                ),
                suggestion: Some(show(&right, places)),
                rivals: 0,
            });
        }
        judgement
    }

    fn ratio(&self, routes: &[Fact]) -> Judgement {
        let Some(fact) = routes.first() else {
            return Judgement::unchecked("not in the tables");
        };
        let stated = &self.numeral.magnitude.value;
        let hedge = self.hedge().map(|h| h.id.as_str());
        let fits = match self.numeral.unit {
            Unit::Fraction => self.fraction_fits(fact),
            Unit::Count
            | Unit::Percent
            | Unit::Points
            | Unit::Ordinal
            | Unit::Multiple
            | Unit::Year
            | Unit::Pair => ratio_fits(stated, hedge, &fact.value).unwrap_or(false),
        };
        let mut judgement = if fits {
            self.with(Verdict::Agrees, fact, None)
        } else if fact.sound {
            self.with(Verdict::Contradicts, fact, None)
        } else {
            Judgement::unchecked("the tables may lack a row")
        };
        if judgement.verdict != Verdict::Unchecked {
            judgement.expected = Some(format!("× {}", show(&fact.value, 2)));
        }
        // What grew and is said to have shrunk is not far off, but the other way.
        let turned = (*stated > whole(1)) != (fact.value > whole(1));
        if judgement.verdict == Verdict::Contradicts && !turned {
            let by = || (stated / &fact.value).abs();
            judgement.off_by = Some(if fact.value.is_zero() {
                whole(1000)
            } else {
                by()
            });
        }
        judgement
    }

    /// |v − p/q| ≤ 0.025, twice that with *about*.
    fn fraction_fits(&self, fact: &Fact) -> bool {
        let stated = &self.numeral.magnitude.value;
        let gap = &fact.value - stated;
        match self.hedge().map(|h| h.id.as_str()) {
            Some("more-than" | "well-over") => gap.is_positive() && gap < ratio(1, 4),
            Some("nearly" | "just-under") => !gap.is_positive() && gap > ratio(-6, 100),
            Some("fewer") => gap.is_negative() && gap > ratio(-1, 4),
            Some("just-over") => !gap.is_negative() && gap <= ratio(5, 100),
            Some("about") => gap.abs() <= ratio(5, 100),
            _ => gap.abs() <= ratio(25, 1000),
        }
    }
}

/// A bare number: equal for counts, right to its own last place for decimals
/// and round numbers; against a rounded cell, right to the coarser of the two.
fn bare_fit(stated: &Magnitude, fact: &Fact) -> Fit {
    let interval = stated.interval(None);
    let half = interval
        .high
        .as_ref()
        .map_or_else(|| whole(0), |high| high - &stated.value);
    let gap = (&fact.value - &stated.value).abs();
    let fits = if fact.slack.is_zero() {
        gap <= half
    } else if fact.derived {
        gap < half + &fact.slack
    } else {
        gap <= half.max(fact.slack.clone())
    };
    if fits { Fit::Agrees } else { Fit::Contradicts }
}

/// Beyond the far end of a hedge that only bounds from one side: "more than
/// 60%" of 61.4 is right, and would mislead only at twice the number. A change
/// or difference that was worked out is held to the far end.
fn loosely(hedge: &Hedge, stated: &Magnitude, interval: &Interval, fact: &Fact) -> Fit {
    let above = hedge.below == Reach::Zero && fact.value > interval.low;
    let misleading =
        fact.value >= &stated.value * whole(2) || fact.derived && !fact.slack.is_zero();
    let below = hedge.above == Reach::Zero && hedge.below == Reach::Unbounded;
    if above && !misleading && !fact.is_difference() || below && fact.value < stated.value {
        Fit::Loosely
    } else {
        Fit::Contradicts
    }
}

/// Is the number, which has a decimal point, ten times the value or a tenth of
/// it, at the precision of its last place?
fn is_shifted(stated: &Magnitude, value: &Exact) -> bool {
    let ten = whole(10);
    let near = |other: Exact| {
        (&other - &stated.value).abs() * whole(2) <= stated.unit() * whole(1) && !other.is_zero()
    };
    stated.decimals > 0 && (near(value * &ten) || near(value / &ten))
}

/// Is the number the value cut off at the number's last place?
fn is_truncated(stated: &Magnitude, value: &Exact) -> bool {
    let unit = if stated.decimals > 0 || stated.percent {
        power_of_ten(-stated.decimals.max(0))
    } else if stated.value >= whole(1000) {
        stated.unit()
    } else {
        return false;
    };
    if unit == whole(1) && !stated.percent {
        return false;
    }
    let cut = (value / &unit).trunc() * &unit;
    cut == stated.value && *value != stated.value
}
