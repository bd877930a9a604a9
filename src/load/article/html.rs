//! HTML in, the prose of its article and the tables of the page out.
//!
//! Of a page with `<article>`s the longest is read, of one with a `<main>` that,
//! of any other the body; the furniture around (navigation, forms, scripts) is
//! left out.

use std::ops::Range;

use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, Token};

use super::Article;
use super::tables::{self, Printed, Tables};
use crate::model::{BlockKind, Prose, Source, SourceId};

/// Elements whose text is no copy.
const FURNITURE: [&str; 17] = [
    "head", "script", "style", "noscript", "template", "svg", "math", "nav", "aside", "footer",
    "form", "button", "select", "iframe", "object", "audio", "video",
];
/// Elements that end a paragraph where they begin and where they end.
const BLOCKS: [&str; 25] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "figure",
    "figcaption",
    "pre",
    "hr",
    "br",
    "table",
    "tr",
    "td",
    "th",
    "body",
    "address",
    "details",
];
/// More elements that are left out may not be open at a time.
const MAX_OPEN: usize = 256;
pub const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// What was read of a page, and what was left out, in sentences.
pub struct Read {
    pub prose: Prose,
    pub tables: Vec<Printed>,
    pub notes: Vec<String>,
}

/// Does a text without a telling name look like HTML?
#[must_use]
pub fn looks_like(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with('<') || start.starts_with("<!--") {
        return false;
    }
    let known = |name: &str| is_one_of(&BLOCKS, name) || is_one_of(&HEADINGS, name);
    let doctype = start
        .get(..9)
        .is_some_and(|s| s.eq_ignore_ascii_case("<!doctype"));
    let mut first = marks(start).into_iter().take(3);
    doctype || first.any(|mark| known(&mark.name) || mark.name == "html")
}

/// Reads the article of a page, and its tables unless it is only copy.
#[must_use]
pub fn read(id: SourceId, source: &Source, copy: bool) -> Read {
    let marks = marks(source.text());
    let part = article(&marks, source.text());
    let mut reader = Reader {
        text: source.text(),
        article: Article::default(),
        furniture: Vec::new(),
        tables: 0,
        too_deep: false,
        raised: Raised::No,
    };
    let tables = if copy {
        Tables::default()
    } else {
        tables::read(&marks, source.text(), id)
    };
    for mark in marks.get(part.clone()).unwrap_or(&[]) {
        reader.read(mark);
    }
    let mut notes = reader.notes(source, part.len() < marks.len());
    reader.read_title(&marks);
    let left_out = if copy {
        reader.tables
    } else {
        tables.layout + tables.plain
    };
    if tables.too_deep > 0 {
        notes.push(format!(
            "{}: tables nested deeper than {} levels were left out",
            source.name(),
            tables::MAX_OPEN
        ));
    }
    if left_out > 0 {
        let which = if copy {
            ""
        } else {
            " without figures of their own"
        };
        notes.push(format!(
            "{}: the text of {}{which} was left out",
            source.name(),
            counted(left_out)
        ));
    }
    Read {
        prose: reader.article.into_prose(id, source),
        tables: tables.printed,
        notes,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    Start,
    End,
    Text,
}

/// A tag, or a run of text between tags.
#[derive(Debug)]
pub struct Mark {
    pub kind: MarkKind,
    /// The element; empty for text.
    pub name: String,
    pub range: Range<usize>,
    /// Columns and rows that a cell says it spans.
    pub columns: usize,
    pub rows: usize,
}

fn marks(text: &str) -> Vec<Mark> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let tokens = Tokenizer::new_with_emitter(text, emitter);
    let mut out: Vec<Mark> = Vec::new();
    for Ok(token) in tokens {
        let (mut columns, mut rows) = (1, 1);
        if let Token::StartTag(tag) = &token {
            let said = |name: &[u8]| {
                let value = tag.attributes.get(name)?;
                std::str::from_utf8(&value.value).ok()?.trim().parse().ok()
            };
            columns = said(b"colspan").unwrap_or(1);
            rows = said(b"rowspan").unwrap_or(1);
        }
        let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (kind, name, range) = match &token {
            Token::StartTag(tag) => (
                MarkKind::Start,
                name(&tag.name),
                tag.span.start..tag.span.end,
            ),
            Token::EndTag(tag) => (MarkKind::End, name(&tag.name), tag.span.start..tag.span.end),
            Token::String(text) => (
                MarkKind::Text,
                String::new(),
                text.span.start..text.span.end,
            ),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => continue,
        };
        out.push(Mark {
            kind,
            name,
            range,
            columns,
            rows,
        });
    }
    out
}

/// The marks of the longest article, else of the main part, else all.
fn article(marks: &[Mark], text: &str) -> Range<usize> {
    let length = |part: &Range<usize>| -> usize {
        let marks = marks.get(part.clone()).unwrap_or(&[]);
        let texts = marks.iter().filter(|m| m.kind == MarkKind::Text);
        texts
            .map(|m| text.get(m.range.clone()).unwrap_or("").trim().len())
            .sum()
    };
    let longest = |name: &str| parts(marks, name).into_iter().max_by_key(length);
    longest("article")
        .or_else(|| longest("main"))
        .unwrap_or(0..marks.len())
}

/// The outermost elements of a name.
fn parts(marks: &[Mark], name: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, mark) in marks.iter().enumerate().filter(|(_, m)| m.name == name) {
        match mark.kind {
            MarkKind::Start => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            MarkKind::End if depth == 1 => {
                depth = 0;
                out.push(start..at + 1);
            }
            MarkKind::End => depth = depth.saturating_sub(1),
            MarkKind::Text => {}
        }
    }
    if depth > 0 {
        out.push(start..marks.len());
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    article: Article,
    /// Elements open now whose text is left out.
    furniture: Vec<String>,
    tables: usize,
    /// Were elements nested deeper than the limit?
    too_deep: bool,
    raised: Raised,
}

/// Is text raised, and is it the number of a note ("<sup>[4]</sup>")?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Raised {
    No,
    Open,
    Reference,
}

impl Reader<'_> {
    fn read(&mut self, mark: &Mark) {
        match mark.kind {
            MarkKind::Start => self.start(&mark.name),
            MarkKind::End => self.end(&mark.name),
            MarkKind::Text if self.furniture.is_empty() && !self.refers(&mark.range) => {
                self.push(mark.range.clone());
            }
            MarkKind::Text => {}
        }
    }

    /// Is a text raised, and in brackets: the number of a note?
    fn refers(&mut self, range: &Range<usize>) -> bool {
        let raw = self.text.get(range.clone()).unwrap_or("");
        if self.raised == Raised::Open && raw.trim_start().starts_with('[') {
            self.raised = Raised::Reference;
        }
        self.raised == Raised::Reference
    }

    /// The title of the page, which windows and search engines show, behind the
    /// article; without the name of the site, and where it says more than words.
    fn read_title(&mut self, marks: &[Mark]) {
        let starts = |m: &Mark| m.kind == MarkKind::Start && m.name == "title";
        let head = marks.iter().take_while(|m| m.name != "body");
        let mut after = head.skip_while(|m| !starts(m)).skip(1);
        let Some(title) = after.next().filter(|m| m.kind == MarkKind::Text) else {
            return;
        };
        let raw = self.text.get(title.range.clone()).unwrap_or("");
        let own = raw.rfind(" | ").map_or(raw.len(), |at| at);
        let says = raw.get(..own).unwrap_or("");
        if says.contains(|c: char| c.is_ascii_digit()) {
            self.furniture.clear();
            self.article.close(BlockKind::Paragraph);
            self.push(title.range.start..title.range.start + own);
            self.article.close(BlockKind::Heading);
        }
    }

    fn start(&mut self, name: &str) {
        if name == "sup" {
            self.raised = Raised::Open;
        }
        let table = name == "table";
        if table || is_one_of(&FURNITURE, name) {
            self.tables += usize::from(table);
            if self.furniture.len() < MAX_OPEN {
                self.furniture.push(name.to_owned());
            } else {
                self.too_deep = true;
            }
        }
        if is_one_of(&BLOCKS, name) || is_one_of(&HEADINGS, name) {
            self.article.close(BlockKind::Paragraph);
        }
    }

    fn end(&mut self, name: &str) {
        if name == "sup" {
            self.raised = Raised::No;
        }
        if let Some(at) = self.furniture.iter().rposition(|open| open == name) {
            self.furniture.truncate(at);
        }
        if is_one_of(&HEADINGS, name) {
            self.article.close(BlockKind::Heading);
        } else if is_one_of(&BLOCKS, name) {
            self.article.close(BlockKind::Paragraph);
        }
    }

    /// Adds text; a reference such as `&nbsp;` stands for what it means.
    fn push(&mut self, range: Range<usize>) {
        let raw = self.text.get(range.clone()).unwrap_or("");
        let mut at = 0;
        while let Some(found) = raw.get(at..).and_then(|rest| rest.find('&')) {
            let start = at + found;
            let rest = raw.get(start..).unwrap_or("");
            let len = 1 + rest
                .bytes()
                .skip(1)
                .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
                .count();
            let len = len + usize::from(rest.as_bytes().get(len) == Some(&b';'));
            self.piece(raw, at..start, range.start);
            let meant = meaning(rest.get(..len).unwrap_or(rest));
            self.article
                .push(&meant, range.start + start..range.start + start + len);
            at = start + len;
        }
        self.piece(raw, at..raw.len(), range.start);
    }

    fn piece(&mut self, raw: &str, range: Range<usize>, base: usize) {
        let text = raw.get(range.clone()).unwrap_or("");
        self.article
            .push(text, base + range.start..base + range.end);
    }

    fn notes(&self, source: &Source, partly: bool) -> Vec<String> {
        let mut notes = Vec::new();
        if partly {
            notes.push(format!(
                "{}: the article was read, the page around it was not",
                source.name()
            ));
        }
        if self.too_deep {
            notes.push(format!(
                "{}: elements are nested deeper than {MAX_OPEN} levels; what is read of it may end early",
                source.name()
            ));
        }
        if let Some(open) = self.furniture.first() {
            notes.push(format!(
                "{}: nothing was read after a <{open}> that is never closed",
                source.name()
            ));
        }
        notes
    }
}

fn counted(count: usize) -> String {
    if count == 1 {
        "a table".to_owned()
    } else {
        format!("{count} tables")
    }
}

/// What a character reference means, as browsers read it.
pub fn meaning(reference: &str) -> String {
    let mut out = String::new();
    for Ok(token) in Tokenizer::new(reference) {
        if let Token::String(text) = token {
            out.push_str(&String::from_utf8_lossy(&text.value));
        }
    }
    out
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(html: &str) -> (Vec<(BlockKind, String)>, Read, Source) {
        let source = Source::new("story.html", html);
        let read = read(SourceId(0), &source, true);
        let blocks = read.prose.blocks.iter();
        let blocks = blocks
            .map(|b| (b.kind, read.prose.text[b.range.clone()].to_owned()))
            .collect();
        (blocks, read, source)
    }

    #[test]
    fn an_article_is_read_without_its_furniture() {
        let (blocks, read, _) = read_text(
            "<!doctype html><html><head><title>Lee holds it by 12 | The Mail</title></head><body><nav>Home 5</nav>\
             <article><h1>Lee holds Ashby</h1><p>Ann <b>Lee</b> polled <a href='/2019'>12,345</a>\n votes.\
             <p>A majority of 2,0<i>00</i>.<script>var a = 7;</script></article>\
             <article><p>Also read</article><footer>1999</footer></body></html>",
        );
        let expected = [
            (BlockKind::Heading, "Lee holds Ashby"),
            (BlockKind::Paragraph, "Ann Lee polled 12,345  votes."),
            (BlockKind::Paragraph, "A majority of 2,000."),
            (BlockKind::Heading, "Lee holds it by 12"),
        ];
        let expected = expected.map(|(kind, text)| (kind, text.to_owned()));
        assert_eq!(blocks, expected);
        assert_eq!(read.notes.len(), 1);
    }

    #[test]
    fn every_word_leads_back_to_its_bytes() {
        let html = "<p>Se&aacute;n&nbsp;Lee &amp; &#8220;Co&#8221; won 12&thinsp;345 &lt; <em>20</em>,000 R&D &bogus;.</p>";
        let (blocks, read, source) = read_text(html);
        assert_eq!(
            blocks[0].1,
            "Seán\u{a0}Lee & “Co” won 12\u{2009}345 < 20,000 R&D &bogus;."
        );
        let at = |needle: &str| {
            let start = read.prose.text.find(needle).expect("it is there");
            let span = read.prose.span(start..start + needle.len());
            source.slice(span).to_owned()
        };
        assert_eq!(at("Seán"), "Se&aacute;n");
        assert_eq!(at("12\u{2009}345"), "12&thinsp;345");
        assert_eq!(at("20,000"), "20</em>,000");
        assert_eq!(at("”"), "&#8221;");
        assert_eq!(at("R&D"), "R&D");
    }

    #[test]
    fn what_is_left_out_is_said() {
        let (blocks, read, _) =
            read_text("<p>One.<table><tr><td>5</td></tr></table><nav>two <p>three");
        assert_eq!(blocks.len(), 1);
        assert!(read.notes[0].contains("<nav>"), "{:?}", read.notes);
        assert!(read.notes[1].contains("a table"), "{:?}", read.notes);
        assert!(looks_like("<p>x") && looks_like("<!DOCTYPE html><title>x"));
        assert!(!looks_like("<not html>") && !looks_like("Lee 5 < 6"));
    }
}
