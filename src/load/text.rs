//! A decoded text in, what it holds in the dataset out: a table, a page, records,
//! whichever it shows itself to be.

use std::path::Path;

use super::article::html;
use super::document::add_page;
use super::ending::{Format, format_of};
use super::faults::{json_error, xml_error};
use super::{LoadError, Words, csv, json, page, settle, xml};
use crate::model::{Dataset, Source};

pub(super) fn add_text(dataset: &mut Dataset, name: &str, text: String, words: Words<'_>) {
    let format = format_of(Path::new(name));
    let before = dataset.tables.len();
    if let Err(error) = add_formatted(dataset, name, text, format, false, words) {
        dataset.notes.push(error.to_string());
    }
    settle(dataset, before, words);
}

/// A text that is delimited from its first line on is a table whatever its
/// name says; anything else without a telling name is a page.
pub(super) fn add_formatted(
    dataset: &mut Dataset,
    name: &str,
    text: String,
    format: Option<Format>,
    copy: bool,
    words: Words<'_>,
) -> Result<(), LoadError> {
    let named = !matches!(format, None | Some(Format::Workbook | Format::Parquet));
    let html = format == Some(Format::Html) || !named && html::looks_like(&text);
    let json = format == Some(Format::Json) || !named && !copy && json::looks_like(&text);
    let delimited = format == Some(Format::Delimited) || csv::looks_delimited(&text, words.layout);
    let id = dataset.add_source(Source::new(name, text));
    if json {
        let read = json::read(dataset, id, words.layout);
        return read.map_err(|fault| {
            dataset.sources.pop();
            json_error(name.to_owned(), fault)
        });
    }
    if format == Some(Format::Xml) {
        return xml::read(dataset, id, words.layout).map_err(|fault| {
            let position = dataset.source(id).map(|source| match &fault {
                xml::Fault::Broken { at, .. } => source.position(*at),
                xml::Fault::Unknown(_) => source.position(0),
            });
            dataset.sources.pop();
            xml_error(name.to_owned(), fault, position)
        });
    }
    if html {
        add_page(dataset, id, copy, words);
    } else if copy {
        page::read_copy(dataset, id, words);
    } else if delimited {
        csv::read(dataset, id, words.layout);
    } else {
        page::read(dataset, id, words);
    }
    Ok(())
}
