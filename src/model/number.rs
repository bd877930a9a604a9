//! Exact numbers that remember how precisely they were printed.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

pub use super::exact::Exact;

/// A whole number as an exact value.
#[must_use]
pub fn whole(value: i64) -> Exact {
    Exact::whole(value)
}

/// `numerator / denominator`; the denominator must not be 0.
#[must_use]
pub fn ratio(numerator: i64, denominator: i64) -> Exact {
    whole(numerator) / whole(denominator)
}

/// 10 to the power of `exponent`, which may be negative.
#[must_use]
pub fn power_of_ten(exponent: i32) -> Exact {
    let power = match 10_i64.checked_pow(exponent.unsigned_abs()) {
        Some(small) => whole(small),
        None => Exact::from_integer(BigInt::from(10).pow(exponent.unsigned_abs())),
    };
    if exponent < 0 { power.recip() } else { power }
}

/// A number as printed: its exact value, and how many decimals it was given.
///
/// `decimals` is negative where the last printed place stands left of the
/// point (a fraction `0.5` read as 50 per cent has −1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub value: Exact,
    pub decimals: i32,
}

impl Number {
    #[must_use]
    pub fn whole(value: i64) -> Self {
        Self {
            value: whole(value),
            decimals: 0,
        }
    }

    /// `scaled` × 10^−`decimals`.
    #[must_use]
    pub fn scaled(scaled: i64, decimals: i32) -> Self {
        Self {
            value: whole(scaled) * power_of_ten(-decimals),
            decimals,
        }
    }

    /// Half a unit of the last printed place.
    #[must_use]
    pub fn half_unit(&self) -> Exact {
        power_of_ten(-self.decimals) / whole(2)
    }

    /// A fraction of one as per cent: the value × 100, two decimals fewer.
    #[must_use]
    pub fn percent(&self) -> Self {
        Self {
            value: &self.value * whole(100),
            decimals: self.decimals - 2,
        }
    }

    /// The value × 10^decimals where that is a whole number that fits.
    #[must_use]
    pub fn to_scaled(&self) -> Option<i64> {
        let scaled = &self.value * power_of_ten(self.decimals);
        scaled.is_integer().then(|| scaled.to_i64())?
    }

    /// Reads the numeral of a table cell.
    ///
    /// Takes a sign of any kind, thousands marks (`,` `'` `’` thin, narrow and
    /// plain spaces; in groups of three, or two as in Indian grouping), a point
    /// decimal, a trailing `%` and a trailing `.0`, and the `9.4E-05` of
    /// spreadsheets. `1,584` is never 1.584.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('%').trim_end();
        if let Some(count) = plain_count(text) {
            return Some(count);
        }
        let (negative, body) = split_sign(text);
        let (body, shift) = split_exponent(body)?;
        let (integer, fraction) = body.split_once('.').unwrap_or((body, ""));
        let digits = ungroup(integer)?;
        if (digits.is_empty() && fraction.is_empty())
            || !fraction.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let decimals = i32::try_from(fraction.len()).ok()? - shift;
        let significant = digits.len() + fraction.len();
        if significant > DIGITS || written_out(&digits, fraction, decimals)? > DIGITS {
            return None;
        }
        let scaled: BigInt = format!("{digits}{fraction}").parse().ok()?;
        let value = Exact::from_integer(scaled) * power_of_ten(-decimals);
        Some(Self {
            value: if negative { -value } else { value },
            decimals,
        })
    }
}

/// Most numerals are digits alone, and few.
fn plain_count(text: &str) -> Option<Number> {
    const FEW: usize = 18;
    let plain = (1..=FEW).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let count: i64 = plain.then(|| text.parse().ok())??;
    Some(Number {
        value: whole(count),
        decimals: 0,
    })
}

/// A numeral of more digits is none, with all its noughts written out: what is
/// read can be shown, and read again.
const DIGITS: usize = 40;

/// How many digits a number has without an exponent.
fn written_out(digits: &str, fraction: &str, decimals: i32) -> Option<usize> {
    let leading = digits.bytes().chain(fraction.bytes());
    let leading = leading.take_while(|digit| *digit == b'0').count();
    let significant = i32::try_from(digits.len() + fraction.len() - leading).ok()?;
    let before_point = (significant - decimals).max(1);
    usize::try_from(before_point + decimals.max(0)).ok()
}

fn split_sign(text: &str) -> (bool, &str) {
    const MINUS: [char; 9] = [
        '-', '−', '–', '‒', '﹣', '\u{ff0d}', '\u{2010}', '\u{2011}', '\u{207b}',
    ];
    if let Some(rest) = text.strip_prefix(MINUS) {
        (true, rest.trim_start())
    } else if let Some(rest) = text.strip_prefix(['+', '\u{ff0b}']) {
        (false, rest.trim_start())
    } else {
        (false, text)
    }
}

/// The digits and the exponent of `9.4E-05`, which always has a sign.
fn split_exponent(text: &str) -> Option<(&str, i32)> {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else {
        return Some((text, 0));
    };
    let unsigned = exponent.strip_prefix(['-', '+'])?;
    let digit = |b: u8| b.is_ascii_digit();
    let fits = (1..=2).contains(&unsigned.len()) && unsigned.bytes().all(digit);
    fits.then(|| Some((digits, exponent.parse().ok()?)))?
}

/// Digits without their thousands marks; `None` where the grouping is none.
fn ungroup(text: &str) -> Option<String> {
    const MARKS: [char; 8] = [
        ',', '\'', '’', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '\u{2007}',
    ];
    let groups: Vec<&str> = text.split(MARKS).collect();
    let all_digits = groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit()));
    if !all_digits {
        return None;
    }
    if let [first, middle @ .., last] = groups.as_slice() {
        let well_grouped = (1..=3).contains(&first.len())
            && last.len() == 3
            && middle.iter().all(|g| g.len() == 3 || g.len() == 2);
        return (well_grouped).then(|| groups.concat());
    }
    Some(text.to_owned())
}

/// Rounds half away from zero to `decimals` places.
#[must_use]
pub fn round_half_up(value: &Exact, decimals: i32) -> Exact {
    let scaled = value * power_of_ten(decimals);
    let half = ratio(1, 2);
    let rounded = if scaled.is_negative() {
        (scaled - half).ceil()
    } else {
        (scaled + half).floor()
    };
    rounded * power_of_ten(-decimals)
}

/// The value with thousands commas and exactly `decimals` places (0 where
/// negative), rounded half up: for people.
#[must_use]
pub fn show(value: &Exact, decimals: i32) -> String {
    let decimals = decimals.max(0);
    let rounded = round_half_up(value, decimals) * power_of_ten(decimals);
    let digits = match rounded.to_i64() {
        Some(small) => small.unsigned_abs().to_string(),
        None => rounded.to_integer().abs().to_string(),
    };
    let places = usize::try_from(decimals).unwrap_or(0);
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (integer, fraction) = padded.split_at(padded.len() - places);
    let sign = if value.is_negative() && !rounded.is_zero() {
        "−"
    } else {
        ""
    };
    let point = if places > 0 { "." } else { "" };
    format!("{sign}{}{point}{fraction}", group_thousands(integer))
}

fn group_thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_are_read_as_printed() {
        for (text, scaled, decimals) in [
            ("42,207", 42207, 0),
            ("1,18,035", 118_035, 0),
            ("60.20", 6020, 2),
            ("−13", -13, 0),
            ("\u{2011}13", -13, 0),
            ("+7.4%", 74, 1),
            ("139.0", 1390, 1),
            ("12 345", 12345, 0),
            (".2", 2, 1),
            ("9.44417E-05", 944_417, 10),
        ] {
            assert_eq!(
                Number::parse(text),
                Some(Number::scaled(scaled, decimals)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_numeral_is_none() {
        for text in [
            "9e+86",
            "9E-62",
            "-.0388313531311225603883113533112256038831",
            "",
            "n/a",
            "-",
            "*",
            "1,58",
            "12-13",
            "1.5.2",
            "CON",
            "1,2345",
            "3E5",
            "E-05",
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_shown_for_people() {
        assert_eq!(show(&whole(-1_234_567), 0), "−1,234,567");
        assert_eq!(show(&ratio(1, 3), 2), "0.33");
        assert_eq!(show(&ratio(64_503, 10_000), 1), "6.5");
        assert_eq!(show(&ratio(-1, 1000), 1), "0.0");
    }

    proptest! {
        #[test]
        fn numerals_round_trip(
            text in "[-+−]?([0-9]{1,20}|[0-9]{1,3}(,[0-9]{3}){1,5})(\\.[0-9]{1,6})?%?",
        ) {
            let number = Number::parse(&text).expect("it is a number");
            let shown = show(&number.value, number.decimals);
            let again = Number::parse(&shown).expect("what is shown is a number");
            prop_assert_eq!(&again.value, &number.value, "{}", shown);
            prop_assert_eq!(again.decimals, number.decimals);
        }

        #[test]
        fn no_text_makes_a_numeral_panic(text in "([-+−0-9.,' %eE]|\\PC){0,60}") {
            if let Some(number) = Number::parse(&text) {
                let shown = show(&number.value, number.decimals);
                let again = Number::parse(&shown).map(|n| n.value);
                prop_assert_eq!(again, Some(number.value), "{}", shown);
            }
        }
    }
}
