//! Copy with mark-up in, prose out: its text without the mark-up, in blocks,
//! every stretch of it leading back to its source.

pub mod docx;
pub mod html;
pub mod markdown;
mod suppress;
mod tables;

use std::ops::Range;

use crate::model::{Block, BlockKind, Prose, Segment, Source, SourceId};

/// Prose while it is being put together.
#[derive(Debug, Default)]
struct Article {
    text: String,
    blocks: Vec<Block>,
    segments: Vec<Segment>,
    /// Where the block that is open began.
    open: usize,
}

impl Article {
    /// Adds text, and the bytes of the source that it stands for. White space
    /// becomes blanks: what ends a line ends no sentence.
    fn push(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        self.segments.push(Segment {
            text_start: self.text.len(),
            len: text.len(),
            source_start: source.start,
            source_len: source.len(),
        });
        self.text
            .extend(text.chars().map(|c| if is_break(c) { ' ' } else { c }));
    }

    /// Ends a block. One without text is none.
    fn close(&mut self, kind: BlockKind) {
        let raw = self.text.get(self.open..).unwrap_or("");
        let start = self.open + (raw.len() - raw.trim_start().len());
        let end = start + raw.trim().len();
        if end > start {
            let range = start..end;
            self.blocks.push(Block { kind, range });
            self.text.push('\n');
        }
        self.open = self.text.len();
    }

    fn into_prose(mut self, id: SourceId, source: &Source) -> Prose {
        self.close(BlockKind::Paragraph);
        Prose {
            source: id,
            text: self.text,
            blocks: self.blocks,
            segments: self.segments,
            suppressions: suppress::suppressions(source.text(), id),
        }
    }
}

/// White space of one byte, which a blank can take the place of.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{c}')
}

/// Prose of a text without mark-up but comments, which are no copy.
#[must_use]
pub fn plain(id: SourceId, source: &Source, blocks: &[Block]) -> Prose {
    let text = source.text();
    let comments = suppress::comments(text);
    let mut article = Article::default();
    for block in blocks {
        let mut at = block.range.start;
        for comment in comments.iter().filter(|c| within(c, &block.range)) {
            push_from(&mut article, text, at..comment.start.max(at));
            at = at.max(comment.end);
        }
        push_from(&mut article, text, at..block.range.end.max(at));
        article.close(block.kind);
    }
    article.into_prose(id, source)
}

fn push_from(article: &mut Article, text: &str, range: Range<usize>) {
    article.push(text.get(range.clone()).unwrap_or(""), range);
}

fn within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    inner.start < outer.end && outer.start < inner.end
}
