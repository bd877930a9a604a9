//! What two differing numbers are consistent with: a slip of one digit, a
//! figure cut off, a sign or a point in the wrong place.

use num_traits::{Signed, Zero};

use super::{Cause, Exact, power_of_ten, ratio, round_half_up, show, whole};

/// Compares a stated number with the one expected in its place; both are shown
/// with `decimals` places. `None` where no known slip leads from one to the
/// other.
///
/// Slips of one key are those of Scholtus 2009 (CBS 09046): a digit replaced,
/// dropped, added, or two neighbours exchanged. Numbers below 10 show nothing.
#[must_use]
pub fn slip(stated: &Exact, expected: &Exact, decimals: i32) -> Option<Cause> {
    let expected_text = show(expected, decimals);
    let found = |kind, says: &str| {
        Some(Cause {
            kind,
            says: says.to_owned(),
            suggestion: Some(expected_text.clone()),
            rivals: 0,
        })
    };
    if stated == expected || stated.is_zero() || expected.is_zero() {
        return None;
    }
    if *stated == -expected {
        return found("sign-flipped", "the sign is the other way round");
    }
    if let Some(power) = power_between(stated, expected) {
        return found("point-moved", &format!("one is {power} times the other"));
    }
    let cut = (expected * power_of_ten(decimals)).trunc() * power_of_ten(-decimals);
    if decimals > 0 && cut == *stated && round_half_up(expected, decimals) != *stated {
        return found("truncated", "cut off, not rounded");
    }
    if stated.abs() < whole(10) && decimals <= 0 {
        return None;
    }
    let digits = |value: &Exact| digits_of(value, decimals);
    let (kind, says) = one_key(&digits(stated), &digits(expected))?.words();
    found(kind, says)
}

/// The same digits in another order, of counts of three digits and more: what a
/// hurried eye copies. No slip of one key.
#[must_use]
pub fn rearranged(stated: &Exact, expected: &Exact) -> Option<Cause> {
    let sorted = |value: &Exact| {
        let mut digits = digits_of(value, 0);
        digits.sort_unstable();
        digits
    };
    let counts = stated.is_integer() && expected.is_integer() && *stated >= whole(100);
    let same = counts && stated != expected && sorted(stated) == sorted(expected);
    same.then(|| Cause {
        kind: "digits-rearranged",
        says: "the same digits in another order".to_owned(),
        suggestion: Some(show(expected, 0)),
        rivals: 0,
    })
}

/// The slip of one key that leads from a whole number to one between two
/// bounds. `None` where none does, or to several numbers.
#[must_use]
pub fn slip_between(stated: &Exact, least: &Exact, most: &Exact) -> Option<Cause> {
    let digits = digits_of(stated, 0);
    if !stated.is_integer() || stated.is_negative() || !(2..=12).contains(&digits.len()) {
        return None;
    }
    let within = |text: &Vec<u8>| {
        let value: Option<i64> = std::str::from_utf8(text).ok().and_then(|t| t.parse().ok());
        value
            .map(whole)
            .filter(|v| v != stated && v >= least && v <= most)
    };
    let mut values: Vec<Exact> = one_key_away(&digits).iter().filter_map(within).collect();
    values.sort();
    values.dedup();
    let [value] = values.as_slice() else {
        return None;
    };
    slip(stated, value, 0)
}

/// Every number that one key turned into this one.
fn one_key_away(digits: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for at in 0..=digits.len() {
        let (before, after) = digits.split_at(at);
        for digit in b'0'..=b'9' {
            found.push([before, &[digit], after].concat());
            found.push([before, &[digit], after.get(1..).unwrap_or_default()].concat());
        }
        if let [a, b, rest @ ..] = after {
            found.push([before, &[*b, *a], rest].concat());
            found.push([before, after.get(1..).unwrap_or_default()].concat());
        }
    }
    found.push(
        digits
            .split_last()
            .map_or(&[][..], |(_, rest)| rest)
            .to_vec(),
    );
    found
}

fn digits_of(value: &Exact, decimals: i32) -> Vec<u8> {
    let scaled = round_half_up(&value.abs(), decimals.max(0)) * power_of_ten(decimals.max(0));
    scaled.to_integer().to_string().into_bytes()
}

/// 10, 100 or 1000, where one number is that many times the other.
fn power_between(a: &Exact, b: &Exact) -> Option<i64> {
    let quotient = a / b;
    [10, 100, 1000]
        .into_iter()
        .find(|&power| quotient == whole(power) || quotient == ratio(1, power))
}

enum Key {
    Replaced,
    Swapped,
    Dropped,
    Added,
}

impl Key {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Replaced => ("digit-replaced", "one digit differs"),
            Self::Swapped => ("digits-swapped", "two neighbouring digits are exchanged"),
            Self::Dropped => ("digit-dropped", "a digit is missing"),
            Self::Added => ("digit-added", "there is a digit too many"),
        }
    }
}

fn one_key(stated: &[u8], expected: &[u8]) -> Option<Key> {
    let differ: Vec<usize> = (0..stated.len().min(expected.len()))
        .filter(|&i| stated[i] != expected[i])
        .collect();
    if stated.len() == expected.len() {
        return match differ.as_slice() {
            [_] => Some(Key::Replaced),
            [i, j] if *j == i + 1 && stated[*i] == expected[*j] && stated[*j] == expected[*i] => {
                Some(Key::Swapped)
            }
            _ => None,
        };
    }
    if lacks_one(stated, expected) {
        return Some(Key::Dropped);
    }
    lacks_one(expected, stated).then_some(Key::Added)
}

/// Is `short` what is left of `long` without one of its digits?
fn lacks_one(short: &[u8], long: &[u8]) -> bool {
    short.len() + 1 == long.len()
        && (0..long.len()).any(|i| long[..i] == short[..i] && long[i + 1..] == short[i..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_one_key_are_told_apart() {
        for (stated, expected, kind) in [
            (41_207, 42_207, "digit-replaced"),
            (51_821, 51_281, "digits-swapped"),
            (1_539, 15_393, "digit-dropped"),
            (15_393, 1_593, "digit-added"),
            (12_000, 1_200, "point-moved"),
            (-84, 84, "sign-flipped"),
        ] {
            let cause = slip(&whole(stated), &whole(expected), 0);
            assert_eq!(cause.map(|c| c.kind), Some(kind), "{stated} for {expected}");
        }
    }

    #[test]
    fn a_slip_into_a_range_counts_where_it_is_the_only_one() {
        let between =
            |stated, least, most| slip_between(&whole(stated), &whole(least), &whole(most));
        let cause = between(17_350, 18_321, 18_391).expect("18,350 alone is one key away");
        assert_eq!(cause.kind, "digit-replaced");
        assert_eq!(cause.suggestion.as_deref(), Some("18,350"));
        assert!(between(17_350, 17_300, 17_399).is_none());
        assert!(between(17_350, 21_000, 21_005).is_none());
    }

    #[test]
    fn the_same_digits_in_another_order_are_told() {
        let kind = |a, b| rearranged(&whole(a), &whole(b)).map(|c| c.kind);
        assert_eq!(kind(151, 515), None);
        assert_eq!(kind(155, 515), Some("digits-rearranged"));
        assert_eq!(kind(13_826, 18_326), Some("digits-rearranged"));
        assert_eq!(kind(12, 21), None);
    }

    #[test]
    fn unlike_numbers_have_no_cause() {
        assert!(slip(&whole(15_000), &whole(15_610), 0).is_none());
        assert!(slip(&whole(3), &whole(4), 0).is_none());
    }
}
