//! A Word document in, its paragraphs as a text out: one a line, so that the
//! line of a place is its paragraph.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::model::{BlockKind, Prose, Source, SourceId};

/// Where the text stands in the container.
const DOCUMENT: &str = "word/document.xml";

/// The paragraphs of a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Document {
    paragraphs: Vec<(BlockKind, String)>,
    /// Tables whose text was left out.
    pub tables: usize,
}

/// Do bytes begin as those of a Word document do?
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && zip::ZipArchive::new(Cursor::new(bytes))
            .is_ok_and(|archive| archive.index_for_name(DOCUMENT).is_some())
}

/// Reads a document of at most `limit` bytes when unpacked.
///
/// # Errors
/// What is wrong with the container or its XML, in words.
pub fn open(bytes: &[u8], limit: u64) -> Result<Document, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let part = archive
        .by_name(DOCUMENT)
        .map_err(|_| format!("it has no {DOCUMENT}"))?;
    let mut xml = String::new();
    let read = part
        .take(limit.saturating_add(1))
        .read_to_string(&mut xml)
        .map_err(|e| e.to_string())?;
    if read as u64 > limit {
        return Err(format!("unpacked it is larger than {limit} bytes"));
    }
    paragraphs(&xml)
}

impl Document {
    /// The text that stands for the document.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.paragraphs.iter().map(|(_, text)| text.as_str());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Its prose, in the source that [`Self::text`] made.
    #[must_use]
    pub fn prose(&self, id: SourceId, source: &Source) -> Prose {
        let mut at = 0;
        let mut blocks = Vec::new();
        for (kind, text) in &self.paragraphs {
            blocks.push(crate::model::Block {
                kind: *kind,
                range: at..at + text.len(),
            });
            at += text.len() + 1;
        }
        super::plain(id, source, &blocks)
    }
}

fn paragraphs(xml: &str) -> Result<Document, String> {
    let mut reader = Reader::from_str(xml);
    let mut draft = Draft::default();
    loop {
        let wrong = |reason: String| format!("its XML is broken: {reason}");
        let event = reader.read_event().map_err(|e| wrong(e.to_string()))?;
        match event {
            Event::Start(tag) => draft.start(&tag),
            Event::Empty(tag) => draft.empty(&tag),
            Event::End(tag) => draft.end(tag.local_name().as_ref()),
            Event::Text(text) => draft.text(&text),
            Event::GeneralRef(reference) => {
                let meant = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => quick_xml::escape::resolve_predefined_entity(&reference)
                        .ok_or_else(|| wrong(format!("unknown reference &{};", &*reference)))?
                        .to_owned(),
                };
                draft.text(&meant);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(draft.document)
}

/// A document while it is being read.
#[derive(Default)]
struct Draft {
    document: Document,
    paragraph: String,
    heading: bool,
    in_text: bool,
    /// Depth of tables.
    tables: usize,
}

impl Draft {
    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "t" => self.in_text = true,
            "tbl" => {
                self.document.tables += usize::from(self.tables == 0);
                self.tables += 1;
            }
            _ => self.empty(tag),
        }
    }

    fn empty(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "tab" => self.paragraph.push(' '),
            "noBreakHyphen" => self.paragraph.push('\u{2011}'),
            "br" | "cr" => self.close(),
            "pStyle" => self.heading = is_heading(tag),
            "outlineLvl" => self.heading = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => {
                self.close();
                self.heading = false;
            }
            "tbl" => self.tables = self.tables.saturating_sub(1),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.tables == 0 {
            self.paragraph.push_str(text);
        }
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.paragraph).replace(['\n', '\r'], " ");
        if self.tables == 0 {
            let kind = if self.heading {
                BlockKind::Heading
            } else {
                BlockKind::Paragraph
            };
            self.document.paragraphs.push((kind, text));
        }
    }
}

/// The built-in heading styles keep their English names in every language
/// version's file.
fn is_heading(tag: &BytesStart<'_>) -> bool {
    let value = tag
        .attributes()
        .flatten()
        .find(|a| a.key.local_name().as_ref() == "val");
    value.is_some_and(|v| v.value.starts_with("Heading") || v.value.starts_with("Title"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(name: &str, xml: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).expect("writable");
        writer.write_all(xml.as_bytes()).expect("writable");
        writer.finish().expect("writable").into_inner()
    }

    #[test]
    fn runs_make_paragraphs() {
        let xml = r#"<w:document xmlns:w="w"><w:body>
            <w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Lee holds Ashby</w:t></w:r></w:p>
            <w:p><w:r><w:t xml:space="preserve">A majority of 2,</w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t>345 &amp; more&#8217;s</w:t></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            </w:body></w:document>"#;
        let bytes = packed(DOCUMENT, xml);
        assert!(looks_like(&bytes));
        let document = open(&bytes, 10_000).expect("it is right");
        assert_eq!(
            document.text(),
            "Lee holds Ashby\nA majority of 2,345 & more’s"
        );
        assert_eq!(
            (document.paragraphs[0].0, document.tables),
            (BlockKind::Heading, 1)
        );
        let source = Source::new("story.docx", document.text());
        let prose = document.prose(SourceId(0), &source);
        let start = prose.text.find("2,345").expect("it is there");
        assert_eq!(source.slice(prose.span(start..start + 5)), "2,345");
        let told = open(&bytes, 100).expect_err("it is too large");
        assert!(told.contains("larger than 100 bytes"), "{told}");
    }

    #[test]
    fn a_broken_document_is_refused_with_the_reason() {
        assert!(open(b"PK\x03\x04", 100).is_err());
        assert!(!looks_like(&packed("xl/workbook.xml", "<x/>")));
        let other = open(&packed("x", ""), 100).expect_err("it is no document");
        assert!(other.contains(DOCUMENT), "{other}");
        let entity = packed(
            DOCUMENT,
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><w:p><w:t>&e;</w:t></w:p>",
        );
        let told = open(&entity, 10_000).expect_err("entities are not read");
        assert!(told.contains("unknown reference"), "{told}");
    }
}
