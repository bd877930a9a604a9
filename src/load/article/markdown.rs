//! Markdown in, prose out: links without their addresses, words without their
//! stars.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Article;
use crate::model::{BlockKind, Prose, Source, SourceId};

/// Reads the text that is not in one of the tables found.
#[must_use]
pub fn read(id: SourceId, source: &Source, tables: &[Range<usize>]) -> Prose {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut article = Article::default();
    let mut metadata = false;
    for (event, range) in Parser::new_ext(source.text(), options).into_offset_iter() {
        let in_table = tables.iter().any(|t| super::within(t, &range));
        match event {
            Event::Start(Tag::MetadataBlock(_)) => metadata = true,
            Event::End(TagEnd::MetadataBlock(_)) => metadata = false,
            Event::Text(text) | Event::Code(text) if !in_table && !metadata => {
                let inner = inner(source.text(), range, &text);
                article.push(&text, inner);
            }
            Event::SoftBreak => article.push(" ", range),
            Event::HardBreak => article.close(BlockKind::Paragraph),
            Event::Start(tag) if is_block(&tag) => article.close(BlockKind::Paragraph),
            Event::End(TagEnd::Heading(_)) => article.close(BlockKind::Heading),
            Event::End(tag) if is_block_end(tag) => article.close(BlockKind::Paragraph),
            _ => {}
        }
    }
    article.into_prose(id, source)
}

/// The bytes of a text without the marks around it (`` `code` ``).
fn inner(source: &str, range: Range<usize>, text: &str) -> Range<usize> {
    let raw = source.get(range.clone()).unwrap_or("");
    match raw.find(text) {
        Some(at) => range.start + at..range.start + at + text.len(),
        None => range,
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn is_block_end(tag: TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_addresses_are_no_copy() {
        let text = "---\ndate: 2019\n---\n# Lee *holds* Ashby\n\nAnn **Lee** polled [12,345](https://x.org/2017)\nvotes &amp; won.\n<!-- scrutineer: ok 12,345 — a reason -->\n\n- one\n- two\n";
        let source = Source::new("story.md", text);
        let prose = read(SourceId(0), &source, &[]);
        let blocks: Vec<_> = prose
            .blocks
            .iter()
            .map(|b| (b.kind, &prose.text[b.range.clone()]))
            .collect();
        let expected = [
            (BlockKind::Heading, "Lee holds Ashby"),
            (BlockKind::Paragraph, "Ann Lee polled 12,345 votes & won."),
            (BlockKind::Paragraph, "one"),
            (BlockKind::Paragraph, "two"),
        ];
        assert_eq!(blocks, expected);
        let start = prose.text.find("12,345").expect("it is there");
        assert_eq!(source.slice(prose.span(start..start + 6)), "12,345");
        assert_eq!(prose.suppressions[0].figure, "12,345");
    }
}
