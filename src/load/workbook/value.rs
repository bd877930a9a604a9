//! What a cell of a workbook stores in, the text that stands for it out: a
//! count stored as 139.0 is "139", a share stored as 0.384 and shown as a per
//! cent is "38.4%".

use calamine::{Data, ExcelDateTime, NumberFormat};

/// A number with a fraction has no more digits that mean anything.
const DIGITS: usize = 12;

/// Are numbers of this format shown as per cent?
#[must_use]
pub fn is_percent(format: Option<&NumberFormat>) -> bool {
    let Some(format) = format else {
        return false;
    };
    let built_in = matches!(format.format_id, Some(9 | 10));
    built_in || shows_percent(&format.format_code)
}

/// Has the code of a format a per cent sign that is not only a text?
#[must_use]
pub fn shows_percent(code: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    code.chars().any(|c| {
        let plain = !quoted && !escaped;
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        plain && c == '%'
    })
}

/// The text of a cell; `None` where it has none.
#[must_use]
pub fn text(data: &Data, percent: bool) -> Option<String> {
    let text = match data {
        Data::Int(number) if percent => format!("{}%", number.checked_mul(100)?),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => float(*number, percent),
        Data::String(text) => text.trim().to_owned(),
        Data::Bool(true) => "TRUE".to_owned(),
        Data::Bool(false) => "FALSE".to_owned(),
        Data::DateTime(day) => date_text(day),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    };
    (!text.trim().is_empty()).then_some(text)
}

fn float(number: f64, percent: bool) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let whole = number.fract() == 0.0 && number.abs() < 1e15;
    let digits = if whole { 15 } else { DIGITS };
    let places = digits - 1;
    let written = format!("{:.places$e}", number.abs());
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let exponent = exponent.parse::<i32>().unwrap_or(0) + if percent { 2 } else { 0 };
    let sign = if number < 0.0 && !digits.is_empty() {
        "-"
    } else {
        ""
    };
    let ending = if percent { "%" } else { "" };
    format!("{sign}{}{ending}", placed(digits, exponent))
}

/// Digits with the point after the first one moved by `exponent`.
fn placed(digits: &str, exponent: i32) -> String {
    if digits.is_empty() {
        return "0".to_owned();
    }
    let Ok(before) = usize::try_from(exponent + 1) else {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("0.{zeros}{digits}");
    };
    match digits.split_at_checked(before) {
        Some(("", after)) => format!("0.{after}"),
        Some((whole, "")) => whole.to_owned(),
        Some((whole, after)) => format!("{whole}.{after}"),
        None => format!("{digits}{}", "0".repeat(before - digits.len())),
    }
}

fn date_text(date: &ExcelDateTime) -> String {
    if date.is_duration() {
        return float(date.as_f64(), false);
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => day,
        (hour, minute, 0) => format!("{day} {hour:02}:{minute:02}"),
        (hour, minute, second) => format!("{day} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_say_whether_they_show_per_cents() {
        let shows = ["0%", "0.0%;[Red]-0.0%", "#,##0.00 %"];
        assert!(shows.into_iter().all(shows_percent));
        let plain = ["General", "0.0\"%\"", "0\\%", ""];
        assert!(!plain.into_iter().any(shows_percent));
    }

    #[test]
    fn numbers_are_written_as_they_are_meant() {
        for (stored, percent, meant) in [
            (139.0, false, "139"),
            (0.384, true, "38.4%"),
            (0.1 + 0.2, false, "0.3"),
            (-0.0512, true, "-5.12%"),
            (1.0, true, "100%"),
            (0.0, true, "0%"),
            (0.000_123, false, "0.000123"),
            (61_181_072.0, false, "61181072"),
            (123_456_789_012_345.0, false, "123456789012345"),
            (12.5, false, "12.5"),
            (0.005, true, "0.5%"),
            (1e20, false, "100000000000000000000"),
        ] {
            assert_eq!(float(stored, percent), meant);
        }
    }
}
