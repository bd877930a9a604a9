//! Comments in copy, and the numbers that they accept.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::{SourceId, Span, Suppression};

static COMMENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(?s)<!--.*?-->").expect("the pattern is right"));

/// `<!-- scrutineer: ok 8,121 — the returning officer's figure -->`
static ACCEPTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)^<!--\s*scrutineer:\s*ok\b\s*(?<figure>.*?)(?:\s*(?:—|–|--|\s-\s|:)\s*(?<reason>.*?))?\s*-->$")
        .expect("the pattern is right")
});

/// Where comments stand.
#[must_use]
pub fn comments(text: &str) -> Vec<Range<usize>> {
    COMMENT.find_iter(text).map(|found| found.range()).collect()
}

/// What the comments of a text accept.
#[must_use]
pub fn suppressions(text: &str, source: SourceId) -> Vec<Suppression> {
    let comments = COMMENT.find_iter(text);
    let read = comments.filter_map(|comment| {
        let parts = ACCEPTED.captures(comment.as_str())?;
        let reason = parts.name("reason").map_or("", |r| r.as_str().trim());
        Some(Suppression {
            span: Span::new(source, comment.start(), comment.end()),
            figure: parts["figure"].trim().to_owned(),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
        })
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<String>)> {
        let found = suppressions(text, SourceId(0));
        found.into_iter().map(|s| (s.figure, s.reason)).collect()
    }

    #[test]
    fn a_comment_names_a_figure_and_a_reason() {
        let text = "It was 8,121.<!-- scrutineer: ok 8,121 — returning officer's figure -->\n\
            <!-- scrutineer: ok 45.2% -- recount --> <!-- a note: ok 7 -->\
            <!--scrutineer: ok 12-->";
        let reason = |text: &str| Some(text.to_owned());
        assert_eq!(
            read(text),
            [
                ("8,121".to_owned(), reason("returning officer's figure")),
                ("45.2%".to_owned(), reason("recount")),
                ("12".to_owned(), None),
            ]
        );
        assert_eq!(comments(text).len(), 4);
    }
}
