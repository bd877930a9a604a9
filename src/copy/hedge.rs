//! Hedges: how far a true value may lie from a printed number.

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{Exact, power_of_ten, ratio, whole};

/// How far from a printed number n, in one direction, the value may lie.
/// `G` is the grain of n: the place of its last digit that is not 0, or five
/// times that where the digit is 5; at most 1 for per cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    Zero,
    /// min(G, n/4)
    Step,
    /// min(G/2, n/10)
    HalfStep,
    /// min(G, n/10)
    ShortStep,
    /// 2 G
    TwoSteps,
    /// G/4: the near end of "well over".
    QuarterStep,
    /// min(G/2, n/10); n/4 below 200
    Around,
    Unbounded,
}

/// An entry of `rules/language`: words before (or after) a number, and where
/// the value may then lie.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hedge {
    pub id: String,
    /// Written before the number.
    pub words: Vec<String>,
    /// Written after it: "or so", "-odd".
    #[serde(default)]
    pub after: Vec<String>,
    /// Words before it with which it is no hedge: "went up to".
    #[serde(default)]
    pub not_after: Vec<String>,
    /// The value may lie this far below n …
    pub below: Reach,
    /// … and this far above it.
    pub above: Reach,
    /// n itself agrees.
    pub equal: bool,
    /// A comment on the size ("a whopping"): the number is read as if bare.
    #[serde(default)]
    pub comment: bool,
    /// At least this far above n.
    #[serde(default)]
    pub from: Option<Reach>,
    /// Where the bounds come from.
    pub source: String,
}

impl Hedge {
    /// Length of the longest wording; longer ones are tried first.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.words.iter().map(String::len).max().unwrap_or(0)
    }
}

/// A printed number as the copy gives it: its size and how finely it was
/// printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Magnitude {
    pub value: Exact,
    pub decimals: i32,
    pub percent: bool,
}

/// An interval of exact values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    pub low: Exact,
    pub low_open: bool,
    pub high: Option<Exact>,
    pub high_open: bool,
}

impl Interval {
    #[must_use]
    pub fn contains(&self, value: &Exact) -> bool {
        let above = if self.low_open {
            *value > self.low
        } else {
            *value >= self.low
        };
        let below = self.high.as_ref().is_none_or(|high| {
            if self.high_open {
                value < high
            } else {
                value <= high
            }
        });
        above && below
    }

    /// Do some of the values `value ± slack` lie in it?
    #[must_use]
    pub fn meets(&self, value: &Exact, slack: &Exact) -> bool {
        if slack.is_zero() {
            return self.contains(value);
        }
        let (low, high) = (value - slack, value + slack);
        high >= self.low && self.high.as_ref().is_none_or(|own| low <= *own)
    }
}

impl Magnitude {
    /// The place of the last digit that is not 0, as a power of ten; the last
    /// printed decimal where there are any.
    #[must_use]
    pub fn unit(&self) -> Exact {
        if self.decimals != 0 {
            return power_of_ten(-self.decimals);
        }
        let mut exponent = 0;
        while exponent < 12 && (&self.value / power_of_ten(exponent + 1)).is_integer() {
            if self.value.is_zero() {
                break;
            }
            exponent += 1;
        }
        let unit = power_of_ten(exponent);
        if self.percent && unit > whole(1) {
            whole(1)
        } else {
            unit
        }
    }

    /// G: see [`Reach`].
    #[must_use]
    pub fn grain(&self) -> Exact {
        let unit = self.unit();
        let units = (&self.value / &unit).to_integer();
        let last_is_five = units % num_bigint::BigInt::from(10) == num_bigint::BigInt::from(5);
        let halves = self.decimals == 1 || self.decimals <= 0 && !self.percent;
        if last_is_five && halves {
            unit * whole(5)
        } else {
            unit
        }
    }

    /// How many digits the number was given to, its final zeros not counted.
    #[must_use]
    pub fn significant_digits(&self) -> usize {
        let scaled = (&self.value / self.exact_unit()).to_integer().abs();
        scaled.to_string().len()
    }

    fn exact_unit(&self) -> Exact {
        let as_count = Self {
            percent: false,
            ..self.clone()
        };
        as_count.unit()
    }

    fn reach(&self, reach: Reach) -> Option<Exact> {
        let n = self.value.abs();
        let grain = self.grain();
        let part = |denominator| &n * ratio(1, denominator);
        Some(match reach {
            Reach::Zero => whole(0),
            Reach::Step => grain.min(part(4)),
            Reach::ShortStep => grain.min(part(10)),
            Reach::TwoSteps => grain * whole(2),
            Reach::QuarterStep => grain * ratio(1, 4),
            Reach::Around if n < whole(200) && !self.percent => {
                (grain * ratio(1, 2)).min(part(4)).max(ratio(1, 2))
            }
            Reach::HalfStep | Reach::Around => (grain * ratio(1, 2)).min(part(10)),
            Reach::Unbounded => return None,
        })
    }

    /// Where the value may lie, given the hedge.
    #[must_use]
    pub fn interval(&self, hedge: Option<&Hedge>) -> Interval {
        let Some(hedge) = hedge.filter(|h| !h.comment) else {
            return self.bare();
        };
        let low = match (hedge.from, self.reach(hedge.below)) {
            (Some(from), _) => &self.value + self.reach(from).unwrap_or_else(|| whole(0)),
            (None, Some(below)) => &self.value - below,
            (None, None) => whole(0),
        };
        let high = self.reach(hedge.above).map(|above| &self.value + above);
        let is_n = |end: &Exact| *end == self.value;
        Interval {
            low_open: is_n(&low) && !hedge.equal,
            high_open: high.as_ref().is_some_and(is_n) && !hedge.equal,
            low,
            high,
        }
    }

    /// Without a hedge: the number itself; half a unit either way for decimals
    /// and for round numbers (at most two digits, 1,000 or more).
    fn bare(&self) -> Interval {
        let round = self.value >= whole(1000) && self.significant_digits() <= 2;
        let slack = if self.percent || self.decimals != 0 {
            power_of_ten(-self.decimals) * ratio(1, 2)
        } else if round {
            self.unit() * ratio(1, 2)
        } else {
            whole(0)
        };
        Interval {
            low: &self.value - &slack,
            low_open: false,
            high: Some(&self.value + &slack),
            high_open: false,
        }
    }

    /// Is it a bare round number, right only to its own unit?
    #[must_use]
    pub fn is_round(&self) -> bool {
        !self.percent
            && self.decimals <= 0
            && self.value >= whole(1000)
            && self.significant_digits() <= 2
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn count(n: i64) -> Magnitude {
        Magnitude {
            value: whole(n),
            decimals: 0,
            percent: false,
        }
    }

    fn more_than() -> Hedge {
        Hedge {
            not_after: Vec::new(),
            id: "more-than".into(),
            words: vec!["more than".into()],
            after: Vec::new(),
            below: Reach::Zero,
            above: Reach::Step,
            equal: false,
            comment: false,
            from: None,
            source: String::new(),
        }
    }

    #[test]
    fn grains_follow_the_last_digit() {
        for (n, grain) in [
            (3500, 500),
            (250, 50),
            (11_000, 1000),
            (47_000, 1000),
            (5_500, 500),
        ] {
            assert_eq!(count(n).grain(), whole(grain), "{n}");
        }
    }

    #[test]
    fn a_little_over_a_point_and_a_half_is_within_a_quarter() {
        let stated = Magnitude {
            value: ratio(3, 2),
            decimals: 1,
            percent: true,
        };
        assert_eq!(stated.grain(), ratio(1, 2));
    }

    #[test]
    fn more_than_3500_is_3681_and_not_4681() {
        let interval = count(3500).interval(Some(&more_than()));
        assert!(interval.contains(&whole(3681)));
        assert!(!interval.contains(&whole(4681)));
        assert!(!interval.contains(&whole(3500)));
    }

    #[test]
    fn bare_round_numbers_are_right_to_half_their_unit() {
        assert!(count(20_000).interval(None).contains(&whole(20_144)));
        assert!(!count(15_000).interval(None).contains(&whole(15_610)));
        assert!(!count(15_630).interval(None).contains(&whole(15_631)));
    }

    #[test]
    fn more_than_30_million_reaches_to_the_next_ten_million_quarter() {
        let interval = count(30_000_000).interval(Some(&more_than()));
        assert!(interval.contains(&whole(33_577_342)));
    }

    proptest! {
        #[test]
        fn intervals_contain_their_value(
            digits in 0i64..100_000_000,
            decimals in 0i32..4,
            percent in any::<bool>(),
            below in reach(),
            above in reach(),
        ) {
            let magnitude = Magnitude {
                value: whole(digits) * power_of_ten(-decimals),
                decimals,
                percent,
            };
            prop_assert!(magnitude.interval(None).contains(&magnitude.value));
            let hedge = Hedge { below, above, equal: true, ..more_than() };
            let interval = magnitude.interval(Some(&hedge));
            prop_assert!(interval.contains(&magnitude.value), "{interval:?}");
            let strict = Hedge { below: Reach::Zero, equal: false, ..hedge };
            prop_assert!(!magnitude.interval(Some(&strict)).contains(&magnitude.value));
        }
    }

    fn reach() -> impl Strategy<Value = Reach> {
        prop::sample::select(vec![
            Reach::Zero,
            Reach::Step,
            Reach::HalfStep,
            Reach::ShortStep,
            Reach::TwoSteps,
            Reach::QuarterStep,
            Reach::Around,
            Reach::Unbounded,
        ])
    }
}
