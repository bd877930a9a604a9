//! A JSON text in, its values out, each with the bytes that it stands on.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The value that a piece of the text is.
#[derive(Debug)]
pub enum Value<'t> {
    /// A string without its quotes, a number or a word as printed; empty for
    /// `null`.
    Plain(Cow<'t, str>),
    List(Vec<&'t RawValue>),
    Members(Vec<(Key<'t>, &'t RawValue)>),
}

/// The name of a member.
#[derive(Debug, Clone)]
pub struct Key<'t> {
    pub name: Cow<'t, str>,
    /// Its bytes, where they are the name itself.
    pub range: Option<Range<usize>>,
}

/// Takes a value apart, one level deep.
#[must_use]
pub fn value<'t>(text: &str, raw: &'t RawValue) -> Value<'t> {
    let printed = raw.get();
    match printed.as_bytes().first() {
        Some(b'[') => Value::List(serde_json::from_str(printed).unwrap_or_default()),
        Some(b'{') => {
            let members: Members<'t> = serde_json::from_str(printed).unwrap_or_default();
            let key = |name: Cow<'t, str>| {
                let range = match &name {
                    Cow::Borrowed(own) => range_of(text, own),
                    Cow::Owned(_) => None,
                };
                Key { name, range }
            };
            let members = members.0.into_iter().map(|(name, raw)| (key(name), raw));
            Value::Members(members.collect())
        }
        Some(b'"') => Value::Plain(
            serde_json::from_str::<Text<'t>>(printed)
                .unwrap_or_default()
                .0,
        ),
        Some(b'n') => Value::Plain(Cow::Borrowed("")),
        _ => Value::Plain(Cow::Borrowed(printed)),
    }
}

/// The bytes of a value; of a string those between its quotes.
#[must_use]
pub fn range(text: &str, raw: &RawValue) -> Option<Range<usize>> {
    let range = range_of(text, raw.get())?;
    let quoted = raw.get().starts_with('"');
    Some(if quoted {
        range.start + 1..range.end - 1
    } else {
        range
    })
}

/// Where a part of a text stands in it.
fn range_of(text: &str, part: &str) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let end = start + part.len();
    (end <= text.len()).then_some(start..end)
}

#[derive(Default, Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

/// The members of an object in their order, repeated ones included.
#[derive(Default)]
struct Members<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Gather;
        impl<'t> Visitor<'t> for Gather {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<Text<'t>, &'t RawValue>()? {
                    members.push((key.0, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Gather)
    }
}
