//! A message with names of columns in braces, filled from a row.

use polars::prelude::AnyValue;

use crate::model::{Number, show};

use super::snake;

/// A message of a rule: `"{county}/{precinct} has {n} rows"`.
#[derive(Debug, Clone, Copy)]
pub struct Template<'a>(pub &'a str);

impl<'a> Template<'a> {
    /// The names in braces, with where they stand.
    pub fn names(self) -> impl Iterator<Item = (&'a str, std::ops::Range<usize>)> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let open = from + self.0.get(from..)?.find('{')?;
            let close = open + self.0.get(open..)?.find('}')?;
            from = close + 1;
            Some((self.0.get(open + 1..close)?, open..close + 1))
        })
    }

    /// The message of a row; a name that the row lacks stays as it is written.
    pub fn fill(self, value: impl Fn(&str) -> Option<String>) -> String {
        let (mut out, mut from) = (String::new(), 0);
        for (name, range) in self.names() {
            out.push_str(self.0.get(from..range.start).unwrap_or_default());
            match value(&snake(name)) {
                Some(value) => out.push_str(&value),
                None => out.push_str(self.0.get(range.clone()).unwrap_or_default()),
            }
            from = range.end;
        }
        out.push_str(self.0.get(from..).unwrap_or_default());
        out
    }
}

/// A value of the engine for people; `None` for NULL. Whole numbers of up to
/// four digits, which may be years, get no comma.
pub fn shown(value: &AnyValue<'_>) -> Option<String> {
    match value {
        AnyValue::Null => None,
        AnyValue::String(text) => Some((*text).to_owned()),
        AnyValue::StringOwned(text) => Some(text.to_string()),
        AnyValue::Boolean(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        other => {
            let printed = other.to_string();
            Some(number(&printed).unwrap_or(printed))
        }
    }
}

fn number(printed: &str) -> Option<String> {
    let number = Number::parse(printed)?;
    let decimals = printed.split_once('.').map_or("", |(_, decimals)| decimals);
    let decimals = i32::try_from(decimals.trim_end_matches('0').len()).ok()?;
    let few = printed.trim_start_matches('-').split('.').next()?.len() <= 4;
    let shown = show(&number.value, decimals.min(4));
    Some(if few { shown.replace(',', "") } else { shown })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_filled_and_others_stay() {
        let fill = |text| Template(text).fill(|name| (name == "n").then(|| "3".to_owned()));
        assert_eq!(fill("{N} rows of {x}"), "3 rows of {x}");
        assert_eq!(fill("no braces }{"), "no braces }{");
    }

    #[test]
    fn numbers_are_shown_for_people() {
        assert_eq!(shown(&AnyValue::Int64(2017)).as_deref(), Some("2017"));
        assert_eq!(shown(&AnyValue::Int64(-42_207)).as_deref(), Some("−42,207"));
        let share = AnyValue::Decimal(334_000_000_000, 38, 10);
        assert_eq!(shown(&share).as_deref(), Some("33.4"));
        assert_eq!(shown(&AnyValue::Null), None);
    }
}
