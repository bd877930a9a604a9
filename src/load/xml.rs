//! Results in XML in, a table of each list of rows out, by the paths that a
//! format's entry gives.
//!
//! Entities other than the predefined ones are an error; nothing outside the
//! document is read.

use std::collections::{BTreeSet, HashMap};

use polars::prelude::{Column as Series, DataFrame, NamedFrom, Series as PolarsSeries};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::format;
use crate::model::{
    Column, Dataset, Layout, Locator, Role, SourceId, Span, Table, TableFormat, XmlField, XmlRows,
    XmlShape,
};

const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 4_000_000;

/// Why a document has no tables.
#[derive(Debug)]
pub enum Fault {
    Broken {
        reason: String,
        at: usize,
    },
    /// Its root, which no format has.
    Unknown(String),
}

/// An element.
#[derive(Debug, Default)]
struct Node {
    name: String,
    parent: Option<usize>,
    children: Vec<usize>,
    attributes: Vec<(String, String)>,
    text: String,
    /// The bytes of its first text; of its tag where it has none.
    start: usize,
    end: usize,
}

/// A document; its root is the first node.
#[derive(Debug, Default)]
struct Tree {
    nodes: Vec<Node>,
    open: Vec<usize>,
}

/// Reads a source.
///
/// # Errors
/// Where it is broken, or its format is not known.
pub fn read(dataset: &mut Dataset, id: SourceId, layout: &Layout) -> Result<(), Fault> {
    let Some(source) = dataset.source(id).cloned() else {
        return Ok(());
    };
    let tree = Tree::of(source.text())?;
    let root = tree.nodes.first().map_or("", |root| root.name.as_str());
    let format = layout.formats.of_root(root);
    let (format, shape) = format
        .and_then(|format| Some((format, format.xml.as_ref()?)))
        .ok_or_else(|| Fault::Unknown(root.to_owned()))?;
    let document = Document {
        ids: tree.ids(&shape.id_attribute),
        tree: &tree,
        source: id,
        shape,
    };
    let name = source.name();
    let (table, left_out) = document.table(source.stem(), format);
    if left_out > 0 {
        dataset.notes.push(format!(
            "{name}: {left_out} elements of other kinds beside those of {} were left out",
            format.title
        ));
    }
    match table {
        Some(table) => format::shape(table, source.text(), name, format).put(dataset),
        None => dataset
            .notes
            .push(format!("{name} holds no rows of {}", format.title)),
    }
    Ok(())
}

impl Tree {
    fn of(text: &str) -> Result<Self, Fault> {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let offset = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut tree = Self::default();
        loop {
            let at = place(reader.buffer_position()) + offset;
            let wrong = |reason: String| Fault::Broken { reason, at };
            let event = reader.read_event().map_err(|e| wrong(e.to_string()))?;
            let end = place(reader.buffer_position()) + offset;
            match event {
                Event::Start(tag) => tree.start(&tag, at, end).map_err(wrong)?,
                Event::Empty(tag) => {
                    tree.start(&tag, at, end).map_err(wrong)?;
                    tree.open.pop();
                }
                Event::End(_) => {
                    tree.open.pop();
                }
                Event::Text(text) => tree.text(&text, at, end),
                Event::CData(text) => tree.text(&text, at, end),
                Event::GeneralRef(reference) => {
                    let meant = match reference.resolve_char_ref() {
                        Ok(Some(c)) => c.to_string(),
                        _ => quick_xml::escape::resolve_predefined_entity(&reference)
                            .ok_or_else(|| wrong(format!("unknown reference &{};", &*reference)))?
                            .to_owned(),
                    };
                    tree.text(&meant, at, end);
                }
                Event::Eof if tree.open.is_empty() && !tree.nodes.is_empty() => return Ok(tree),
                Event::Eof => return Err(wrong("it ends too early".to_owned())),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, start: usize, end: usize) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("its elements stand more than {MAX_DEPTH} deep"));
        }
        if self.nodes.len() >= MAX_NODES {
            return Err(format!("it has more than {MAX_NODES} elements"));
        }
        let parent = self.open.last().copied();
        if parent.is_none() && !self.nodes.is_empty() {
            return Err("it has a second root".to_owned());
        }
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let name = attribute.key.local_name().as_ref().to_owned();
            let value = quick_xml::escape::unescape(&attribute.value).map_err(|e| e.to_string())?;
            attributes.push((name, value.into_owned()));
        }
        let at = self.nodes.len();
        self.nodes.push(Node {
            name: tag.local_name().as_ref().to_owned(),
            parent,
            attributes,
            start,
            end,
            ..Node::default()
        });
        if let Some(parent) = parent.and_then(|p| self.nodes.get_mut(p)) {
            parent.children.push(at);
        }
        self.open.push(at);
        Ok(())
    }

    fn text(&mut self, text: &str, start: usize, end: usize) {
        let node = self.open.last().and_then(|&at| self.nodes.get_mut(at));
        let Some(node) = node.filter(|_| !text.trim().is_empty()) else {
            return;
        };
        if node.text.is_empty() {
            let lead = text.len() - text.trim_start().len();
            node.start = start + lead;
            node.end = (node.start + text.trim().len()).min(end);
        }
        node.text.push_str(text);
    }

    fn ids(&self, attribute: &str) -> HashMap<&str, usize> {
        let nodes = self.nodes.iter().enumerate();
        let ids = nodes.flat_map(|(at, node)| {
            let own = node.attributes.iter().filter(|(name, _)| name == attribute);
            own.map(move |(_, id)| (id.as_str(), at))
        });
        ids.collect()
    }

    /// The elements at a path from the root, in their order.
    fn at(&self, path: &[String]) -> Vec<usize> {
        let root = self.nodes.first().map(|root| root.name.as_str());
        let Some((first, rest)) = path.split_first().filter(|(f, _)| root == Some(f.as_str()))
        else {
            return Vec::new();
        };
        let _ = first;
        rest.iter().fold(vec![0], |found, step| {
            let children = found.into_iter().filter_map(|at| self.nodes.get(at));
            let children = children.flat_map(|node| node.children.iter().copied());
            children.filter(|&at| self.name(at) == step).collect()
        })
    }

    fn name(&self, at: usize) -> &str {
        self.nodes.get(at).map_or("", |node| node.name.as_str())
    }
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// A document with the format that it is in.
struct Document<'a> {
    tree: &'a Tree,
    source: SourceId,
    shape: &'a XmlShape,
    ids: HashMap<&'a str, usize>,
}

/// A cell: its text, and where that stands.
type Cell = (Option<String>, Option<Span>);

impl Document<'_> {
    /// All lists of rows as one table; a column for each name of a field.
    /// With the elements at their places that are of other kinds.
    fn table(&self, title: &str, format: &TableFormat) -> (Option<Table>, usize) {
        let mut names: Vec<&str> = Vec::new();
        let fields = self.shape.rows.iter().flat_map(|rows| &rows.fields);
        for field in fields {
            if !names.contains(&field.name.as_str()) {
                names.push(&field.name);
            }
        }
        let (mut rows, mut met, mut read) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for list in &self.shape.rows {
            for at in self.tree.at(&list.path) {
                met.insert(at);
                if let Some(row) = self.row(at, list, &names) {
                    read.insert(at);
                    rows.push(row);
                }
            }
        }
        let table = self.table_of(title, &names, &rows, format);
        (table, met.len() - read.len())
    }

    fn table_of(
        &self,
        title: &str,
        names: &[&str],
        rows: &[Vec<Cell>],
        format: &TableFormat,
    ) -> Option<Table> {
        if rows.is_empty() {
            return None;
        }
        let series = (0..names.len()).map(|at| {
            let cells: Vec<Option<&str>> =
                rows.iter().map(|row| row.get(at)?.0.as_deref()).collect();
            Series::from(PolarsSeries::new(format!("c{at}").into(), cells))
        });
        let frame = DataFrame::new(rows.len(), series.collect()).ok()?;
        let spans = rows
            .iter()
            .map(|row| row.iter().map(|(_, span)| *span).collect());
        let mut columns: Vec<Column> = names
            .iter()
            .map(|name| Column {
                name: (*name).to_owned(),
                heading: None,
                role: Role::Other,
                election: None,
                guessed: false,
            })
            .collect();
        format::name_columns(&mut columns, format, &[]);
        Some(Table {
            title: title.to_owned(),
            source: self.source,
            columns,
            frame,
            locator: Locator::Cells(spans.collect()),
            contest: None,
            election: None,
            base_election: None,
            sound: None,
        })
    }

    fn row(&self, at: usize, list: &XmlRows, names: &[&str]) -> Option<Vec<Cell>> {
        let mut cells = vec![(None, None); names.len()];
        for field in &list.fields {
            let cell = self.field(at, field)?;
            let column = names.iter().position(|name| *name == field.name)?;
            *cells.get_mut(column)? = cell;
        }
        Some(cells)
    }

    /// A cell of the row at an element; `None` where its text is not like the
    /// field's pattern, and the row is of another kind.
    fn field(&self, row: usize, field: &XmlField) -> Option<Cell> {
        let node = self.tree.nodes.get(row)?;
        let whole = Span::new(self.source, node.start, node.end);
        if let Some(text) = &field.text {
            return Some((Some(text.clone()), Some(whole)));
        }
        let found = self.follow(row, &field.path);
        let (text, span) = match found {
            Some((text, at)) => {
                let node = self.tree.nodes.get(at)?;
                (Some(text), Span::new(self.source, node.start, node.end))
            }
            None => (None, whole),
        };
        let more = self.follow(row, &field.with).map(|(text, _)| text);
        let text = match (text, more) {
            (Some(text), Some(more)) => Some(format!("{text} {more}")),
            (text, _) => text,
        };
        let Some((pattern, is)) = &field.take else {
            return Some((text, Some(span)));
        };
        let text = text?;
        let found = pattern.captures(&text)?;
        let mut taken = String::new();
        found.expand(is, &mut taken);
        Some((Some(taken.trim().to_owned()), Some(span)))
    }

    /// The text at the end of a path, and the element that has it.
    fn follow(&self, row: usize, path: &[Vec<String>]) -> Option<(String, usize)> {
        let (first, rest) = path.split_first()?;
        let mut found = self.walk(row, first)?;
        for steps in rest {
            // Of several that are referred to, the first.
            let id = found.0.split_whitespace().next()?;
            found = self.walk(*self.ids.get(id)?, steps)?;
        }
        Some(found)
    }

    fn walk(&self, from: usize, steps: &[String]) -> Option<(String, usize)> {
        let mut at = from;
        for step in steps {
            let node = self.tree.nodes.get(at)?;
            if let Some(name) = step.strip_prefix('@') {
                let value = node.attributes.iter().find(|(n, _)| n == name)?;
                return Some((value.1.trim().to_owned(), at));
            }
            at = match step.as_str() {
                ".." => node.parent?,
                "." => at,
                name => {
                    let mut children = node.children.iter().copied();
                    children.find(|&child| self.tree.name(child) == name)?
                }
            };
        }
        let text = self.tree.nodes.get(at)?.text.trim();
        (!text.is_empty()).then(|| (text.to_owned(), at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{load_text, with_words};

    fn fault(text: &str) -> Option<Fault> {
        Tree::of(text).err()
    }

    #[test]
    fn broken_and_hostile_documents_are_refused() {
        assert!(fault("<a><b>1</b></a>").is_none());
        for text in ["", "<a>", "<a></b>", "<a/><b/>", "<a>&x;</a>"] {
            assert!(matches!(fault(text), Some(Fault::Broken { .. })), "{text}");
        }
        let deep = "<a>".repeat(100) + &"</a>".repeat(100);
        assert!(matches!(fault(&deep), Some(Fault::Broken { .. })));
        let bomb = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>"#;
        assert!(matches!(fault(bomb), Some(Fault::Broken { .. })));
    }

    #[test]
    fn cells_keep_their_bytes() {
        let text = r#"<ElectionReport><Election><ContestCollection><Contest><BallotSelection>
<VoteCountsCollection><VoteCounts><Type>total</Type><Count> 12 </Count></VoteCounts></VoteCountsCollection>
<CandidateIds>c1</CandidateIds></BallotSelection><Name>Mayor</Name></Contest></ContestCollection>
<CandidateCollection><Candidate objectId="c1"><BallotName><Text>Ann Lee</Text></BallotName></Candidate></CandidateCollection>
</Election></ElectionReport>"#;
        let dataset = with_words(|words| load_text("report.xml", text, words));
        let table = &dataset.tables[0];
        let cell = |role| {
            let column = table.column_of(role).expect("a column");
            let place = crate::model::Place {
                table: crate::model::TableId(0),
                row: 0,
                column: u32::try_from(column).expect("small"),
            };
            let span = dataset.cell_span(place).expect("a place");
            (table.cell(0, column), &text[span.start..span.end])
        };
        let votes = Role::Measure(crate::model::Metric::Votes);
        assert_eq!(cell(votes), (Some("12"), "12"));
        assert_eq!(cell(Role::Candidate), (Some("Ann Lee"), "Ann Lee"));
        assert_eq!(cell(Role::Contest), (Some("Mayor"), "Mayor"));
    }
}
