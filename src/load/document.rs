//! A document of paragraphs and tables in (Word, HTML), its prose and its tables
//! in the dataset out.

use super::article::{docx, html};
use super::grid::{Grid, Line};
use super::{LoadError, Words, heading, page};
use crate::model::{Constant, Dataset, Layout, Role, Source, SourceId};

/// A Word document becomes a text of its paragraphs.
pub(super) fn add_document(
    dataset: &mut Dataset,
    name: String,
    document: &docx::Document,
    copy: bool,
    layout: &Layout,
) -> Result<(), LoadError> {
    let text = document.text();
    if text.trim().is_empty() {
        return Err(LoadError::Empty { name });
    }
    let notes = &mut dataset.notes;
    notes.push(format!(
        "the lines of {name} are its paragraphs, and the rows of its tables"
    ));
    if document.nested > 0 {
        notes.push(format!("{name}: the text of tables in tables was left out"));
    }
    let id = dataset.add_source(Source::new(name, text));
    if let Some(source) = dataset.source(id) {
        let prose = document.prose(id, source);
        dataset.prose.push(prose);
    }
    let tables = document.tables(id).into_iter();
    if copy && tables.len() > 0 {
        let name = dataset.source(id).map_or("", Source::name);
        let note = format!("{name}: the text of its tables was left out");
        dataset.notes.push(note);
    } else {
        let tables = tables.map(|table| (table.lines, table.over));
        add_tables(dataset, id, tables.collect(), false, layout);
    }
    Ok(())
}

/// The article of a page in HTML, and its tables.
pub(super) fn add_page(dataset: &mut Dataset, id: SourceId, copy: bool, words: Words<'_>) {
    let Some(source) = dataset.source(id) else {
        return;
    };
    let mut read = html::read(id, source, copy);
    let (lists, told) = if copy {
        Default::default()
    } else {
        page::take_lists(&mut read.prose, source.name(), words)
    };
    dataset.prose.push(read.prose);
    dataset.notes.extend(read.notes);
    // A line of facts between the heading and the table names nothing.
    let tables = read.tables.into_iter().map(|table| {
        let facts = |over: &Constant| words.layout.is_remark(&over.text);
        let beyond = table.over.as_ref().is_some_and(facts);
        let over = if beyond {
            table.beyond.or(table.over)
        } else {
            table.over
        };
        (table.lines, over)
    });
    let apart = !lists.is_empty();
    add_tables(dataset, id, tables.collect(), apart, words.layout);
    dataset.tables.extend(lists);
    dataset.notes.extend(told);
}

/// Tables of a document, each with what stands over it, which tells them apart
/// where there are several, or others of the same document.
fn add_tables(
    dataset: &mut Dataset,
    id: SourceId,
    tables: Vec<(Vec<Line<'static>>, Option<Constant>)>,
    others: bool,
    layout: &Layout,
) {
    let Some(source) = dataset.source(id) else {
        return;
    };
    let (name, title) = (source.name().to_owned(), source.stem().to_owned());
    let several = tables.len() > 1 || others;
    let mut contest: Option<Constant> = None;
    for (number, (lines, over)) in (1..).zip(tables) {
        let titled = over.is_some();
        let grid = Grid {
            source: id,
            name: if several {
                format!("table {number} of {name}")
            } else {
                name.clone()
            },
            title: title.clone(),
            year: heading::year_of_name(&title),
            column: |column| format!("column {}", column + 1),
            lines,
            over,
            several,
        };
        let before = dataset.tables.len();
        grid.read(layout).put(dataset);
        // "Turnout" over a table is of the contest of the table before.
        for table in dataset.tables.iter_mut().skip(before) {
            if table.contest.is_some() || !titled {
                contest.clone_from(&table.contest);
            } else if table.column_of(Role::Contest).is_none() {
                table.contest.clone_from(&contest);
            }
        }
    }
}
