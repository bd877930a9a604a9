//! The lines that no table took in, paragraphs and headings out.

use std::ops::Range;

use super::lines::Line;
use crate::model::{Block, BlockKind};

const LONGEST_HEADING: usize = 20;

/// Does a line end as a sentence does?
#[must_use]
pub fn is_sentence(line: &str) -> bool {
    let closing = |c: char| matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']');
    let bare = line.trim_end_matches(closing);
    !bare.ends_with("...") && bare.ends_with(['.', '!', '?', '…', ';', ':'])
}

/// Paragraphs and headings of the lines that are in no table.
///
/// Blank lines and tables part the text; within such a part, lines that were
/// wrapped by hand are one paragraph, and any other line is one of its own.
#[must_use]
pub fn blocks(text: &str, lines: &[Line], taken: &[bool]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut chunk: Vec<&Line> = Vec::new();
    for (line, taken) in lines.iter().zip(taken) {
        let raw = text.get(line.range.clone()).unwrap_or("");
        if *taken || line.range.is_empty() || super::grids::is_rule(raw) {
            push_chunk(text, &chunk, &mut blocks);
            chunk.clear();
        } else {
            chunk.push(line);
        }
    }
    push_chunk(text, &chunk, &mut blocks);
    blocks
}

fn push_chunk(text: &str, chunk: &[&Line], blocks: &mut Vec<Block>) {
    let wrapped = is_wrapped(text, chunk);
    let mut at = 0;
    while let Some(first) = chunk.get(at) {
        let mut end = at + 1;
        while let (Some(line), Some(next)) = (chunk.get(end - 1), chunk.get(end)) {
            if !(wrapped || continues(text, line, next)) || next.bulleted {
                break;
            }
            end += 1;
        }
        let last = chunk.get(end - 1).unwrap_or(first);
        let alone = chunk.len() == 1 || (at == 0 && chunk.get(end).is_some_and(|n| over(text, n)));
        let heading = end == at + 1 && is_heading(text, first, alone);
        blocks.push(block(text, first.range.start..last.range.end, heading));
        at = end;
    }
}

fn block(text: &str, range: Range<usize>, heading: bool) -> Block {
    let raw = text.get(range.clone()).unwrap_or("");
    let bare = raw.trim_start_matches('#');
    let marked = bare.len() < raw.len() && bare.starts_with(' ');
    let start = if marked {
        range.end - bare.trim_start().len()
    } else {
        range.start
    };
    Block {
        kind: if heading || marked {
            BlockKind::Heading
        } else {
            BlockKind::Paragraph
        },
        range: start..range.end,
    }
}

/// A short line that is no sentence and stands alone, or over a paragraph.
fn is_heading(text: &str, line: &Line, alone: bool) -> bool {
    let raw = text.get(line.range.clone()).unwrap_or("");
    alone && !line.bulleted && line.words <= LONGEST_HEADING && !is_sentence(raw)
}

/// Is the line below a heading the paragraph that it heads?
fn over(text: &str, line: &Line) -> bool {
    line.words > 5 && is_sentence(text.get(line.range.clone()).unwrap_or(""))
}

/// Does a sentence go on in the next line?
fn continues(text: &str, line: &Line, next: &Line) -> bool {
    let of = |l: &Line| text.get(l.range.clone()).unwrap_or("");
    let lower = of(next).starts_with(char::is_lowercase);
    lower && line.words > 5 && !is_sentence(of(line))
}

/// Wrapped by hand: no line would have had room for the next one's first word.
fn is_wrapped(text: &str, chunk: &[&Line]) -> bool {
    let of = |l: &Line| text.get(l.range.clone()).unwrap_or("");
    let length = |l: &Line| of(l).chars().count();
    let width = chunk.iter().map(|l| length(l)).max().unwrap_or(0);
    let pairs = || chunk.iter().zip(chunk.iter().skip(1));
    let full = |(line, next): (&&Line, &&Line)| {
        let word = of(next).split_whitespace().next().unwrap_or("");
        length(line) + 1 + word.chars().count() > width
    };
    let ends = pairs().filter(|(line, _)| is_sentence(of(line))).count();
    (40..=120).contains(&width) && pairs().all(full) && ends * 2 < chunk.len()
}
