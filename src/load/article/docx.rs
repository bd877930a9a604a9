//! A Word document in, its paragraphs and the rows of its tables as a text out:
//! one a line, so that the line of a place is its paragraph or row.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::load::grid::{Cell, Line, Merged};
use crate::load::gzip;
use crate::model::{BlockKind, Constant, Prose, Source, SourceId, Span};

/// Where the text stands in the container.
const DOCUMENT: &str = "word/document.xml";

/// Between the cells of a row.
const BAR: &str = " | ";
/// A cell spans no more columns, whatever it says.
const MAX_SPAN: usize = 1000;
/// A longer text is told once, over however many columns it stands.
const LONGEST_REPEATED: usize = 1000;

/// A document, piece by piece.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Document {
    pieces: Vec<Piece>,
    tables: usize,
    /// Tables in tables, whose text was left out.
    pub nested: usize,
}

/// What stands on a line of the text.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Paragraph(BlockKind, String),
    /// A row of the table of that number.
    Row(usize, Vec<Part>),
}

/// A cell of a row.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    text: String,
    columns: usize,
    /// It is merged with the one above it.
    hangs: bool,
}

impl Piece {
    fn text(&self) -> String {
        match self {
            Self::Paragraph(_, text) => text.clone(),
            Self::Row(_, parts) => {
                let texts: Vec<&str> = parts.iter().map(|p| p.text.as_str()).collect();
                texts.join(BAR)
            }
        }
    }
}

/// A table of a document.
#[derive(Debug)]
pub struct Printed {
    pub lines: Vec<Line<'static>>,
    /// The heading above it.
    pub over: Option<Constant>,
}

/// Do bytes begin as those of a Word document do?
#[must_use]
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && zip::ZipArchive::new(Cursor::new(bytes))
            .is_ok_and(|archive| archive.index_for_name(DOCUMENT).is_some())
}

/// Reads a document of at most `limit` bytes when unpacked, and no more than
/// text may pack to.
///
/// # Errors
/// What is wrong with the container or its XML, in words.
pub fn open(bytes: &[u8], limit: u64) -> Result<Document, String> {
    let limit = gzip::allowance(bytes.len(), limit);
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
        let lines: Vec<String> = self.pieces.iter().map(Piece::text).collect();
        lines.join("\n")
    }

    /// Its tables, in the source that [`Self::text`] made.
    #[must_use]
    pub fn tables(&self, id: SourceId) -> Vec<Printed> {
        let mut out: Vec<Printed> = Vec::new();
        let (mut at, mut heading, mut open) = (0, None, None);
        for piece in &self.pieces {
            match piece {
                Piece::Paragraph(BlockKind::Heading, text) => {
                    let span = Some(Span::new(id, at, at + text.len()));
                    let text = text.trim().to_owned();
                    heading = Some(Constant { text, span });
                }
                Piece::Paragraph(BlockKind::Paragraph, _) => {}
                Piece::Row(table, parts) => {
                    if open != Some(*table) {
                        open = Some(*table);
                        out.push(Printed {
                            lines: Vec::new(),
                            over: heading.clone(),
                        });
                    }
                    if let Some(printed) = out.last_mut() {
                        push_row(&mut printed.lines, parts, at, id);
                    }
                }
            }
            at += piece.text().len() + 1;
        }
        out
    }

    /// Its prose, in the source that [`Self::text`] made.
    #[must_use]
    pub fn prose(&self, id: SourceId, source: &Source) -> Prose {
        let mut at = 0;
        let mut blocks = Vec::new();
        for piece in &self.pieces {
            let range = at..at + piece.text().len();
            at = range.end + 1;
            if let Piece::Paragraph(kind, _) = piece {
                let kind = *kind;
                blocks.push(crate::model::Block { kind, range });
            }
        }
        super::plain(id, source, &blocks)
    }
}

/// Adds a row that starts at a byte; a row without text is told apart only.
fn push_row(lines: &mut Vec<Line<'static>>, parts: &[Part], start: usize, id: SourceId) {
    let above = lines
        .last()
        .map(|line| line.cells.clone())
        .unwrap_or_default();
    let mut cells: Vec<Cell<'static>> = Vec::new();
    let mut at = start;
    for part in parts {
        let span = Some(Span::new(id, at, at + part.text.len()));
        at += part.text.len() + BAR.len();
        let own = Cell {
            text: Cow::Owned(part.text.clone()),
            span: span.filter(|_| !part.text.is_empty()),
            merged: Merged::No,
        };
        let hanging = above.get(cells.len()).filter(|_| part.hangs);
        let first = match hanging {
            Some(above) => Cell {
                merged: Merged::Down,
                ..above.clone()
            },
            None => own,
        };
        let wide = Cell {
            merged: Merged::Right,
            ..first.clone()
        };
        cells.push(first);
        if wide.text.len() <= LONGEST_REPEATED {
            cells.extend((1..part.columns.min(MAX_SPAN)).map(|_| wide.clone()));
        }
    }
    lines.push(Line {
        cells,
        ..Line::default()
    });
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
    /// The row of a table that is open.
    row: Vec<Part>,
}

impl Draft {
    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "t" => self.in_text = true,
            "tbl" => {
                self.document.tables += usize::from(self.tables == 0);
                self.document.nested += usize::from(self.tables == 1);
                self.tables += 1;
            }
            "tc" if self.tables == 1 => self.row.push(Part {
                columns: 1,
                ..Part::default()
            }),
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
            "gridSpan" if self.tables == 1 => {
                let columns = value(tag).and_then(|v| v.parse().ok()).unwrap_or(1);
                if let Some(part) = self.row.last_mut() {
                    part.columns = columns;
                }
            }
            "vMerge" if self.tables == 1 => {
                let hangs = value(tag).is_none_or(|v| v == "continue");
                if let Some(part) = self.row.last_mut() {
                    part.hangs = hangs;
                }
            }
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
            "tr" if self.tables == 1 => {
                let row = std::mem::take(&mut self.row);
                let table = self.document.tables;
                self.document.pieces.push(Piece::Row(table, row));
            }
            "tbl" => self.tables = self.tables.saturating_sub(1),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.tables <= 1 {
            self.paragraph.push_str(text);
        }
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.paragraph).replace(['\n', '\r'], " ");
        match self.tables {
            0 => {
                let kind = if self.heading {
                    BlockKind::Heading
                } else {
                    BlockKind::Paragraph
                };
                self.document.pieces.push(Piece::Paragraph(kind, text));
            }
            1 => {
                if let Some(part) = self.row.last_mut() {
                    let words = part.text.split_whitespace().chain(text.split_whitespace());
                    part.text = words.collect::<Vec<_>>().join(" ");
                }
            }
            _ => {}
        }
    }
}

/// The built-in heading styles keep their English names in every language
/// version's file.
fn is_heading(tag: &BytesStart<'_>) -> bool {
    value(tag).is_some_and(|v| v.starts_with("Heading") || v.starts_with("Title"))
}

fn value(tag: &BytesStart<'_>) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let value = attributes.find(|a| a.key.local_name().as_ref() == "val")?;
    Some(value.value.to_string())
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
            "Lee holds Ashby\nA majority of 2,345 & more’s\n7"
        );
        assert_eq!((document.tables, document.nested), (1, 0));
        let source = Source::new("story.docx", document.text());
        let prose = document.prose(SourceId(0), &source);
        let kinds: Vec<_> = prose.blocks.iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [BlockKind::Heading, BlockKind::Paragraph]);
        let start = prose.text.find("2,345").expect("it is there");
        assert_eq!(source.slice(prose.span(start..start + 5)), "2,345");
        let told = open(&bytes, 100).expect_err("it is too large");
        assert!(told.contains("larger than 100 bytes"), "{told}");
    }

    fn cells(cells: &[(&str, &str)]) -> String {
        let cell = |(marks, text): &(&str, &str)| {
            format!("<w:tc><w:tcPr>{marks}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
        };
        let cells: Vec<String> = cells.iter().map(cell).collect();
        format!("<w:tr>{}</w:tr>", cells.concat())
    }

    #[test]
    fn tables_lead_back_to_their_rows() {
        let (top, below) = ("<w:vMerge w:val='restart'/>", "<w:vMerge/>");
        let rows = [
            cells(&[
                ("", "Ward"),
                ("", "Party"),
                ("<w:gridSpan w:val='2'/>", "Votes"),
            ]),
            cells(&[("", ""), ("", ""), ("", "2019"), ("", "2023")]),
            cells(&[(top, "Ashby"), ("", "Blue"), ("", "1"), ("", "2")]),
            cells(&[(below, ""), ("", "Red"), ("", "3"), ("", "4")]),
        ];
        let xml = format!(
            "<w:body><w:p><w:t>Lee won.</w:t></w:p><w:tbl>{}</w:tbl></w:body>",
            rows.concat()
        );
        let folder = tempfile::tempdir().expect("writable");
        let path = folder.path().join("night.docx");
        std::fs::write(&path, packed(DOCUMENT, &xml)).expect("writable");
        let loaded = crate::load::with_words(|words| {
            let inputs = [crate::load::Input::from(path)];
            crate::load::load(&inputs, &b""[..], words, &crate::load::Options::default())
        });
        let table = &loaded.dataset.tables[0];
        let names: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["Ward", "Party", "Votes › 2019", "Votes › 2023"]);
        let row: Vec<_> = (0..4).map(|c| table.cell(1, c)).collect();
        assert_eq!(row, [Some("Ashby"), Some("Red"), Some("3"), Some("4")]);
        let place = crate::model::Place {
            table: crate::model::TableId(0),
            row: 1,
            column: 3,
        };
        let span = loaded.dataset.cell_span(place).expect("the cell is there");
        let source = &loaded.dataset.sources[0];
        assert_eq!(
            (source.slice(span), source.position(span.start).line),
            ("4", 5)
        );
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
