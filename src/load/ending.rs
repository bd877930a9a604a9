//! The name of a file in, the format that its ending says out.

use std::path::Path;

use super::gzip;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Delimited,
    Page,
    Html,
    Docx,
    Json,
    Xml,
    /// Or a table of another format under the name of one.
    Workbook,
    Parquet,
}

pub(super) fn format_of(path: &Path) -> Option<Format> {
    match extension(path).as_str() {
        "csv" | "tsv" | "tab" | "psv" => Some(Format::Delimited),
        "txt" | "text" | "md" | "markdown" => Some(Format::Page),
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "docx" => Some(Format::Docx),
        "xml" => Some(Format::Xml),
        "json" | "ndjson" | "jsonl" => Some(Format::Json),
        "xlsx" | "xlsm" | "xls" | "ods" => Some(Format::Workbook),
        "parquet" => Some(Format::Parquet),
        _ => None,
    }
}

pub(super) fn is_unsupported(path: &Path) -> bool {
    const OTHERS: [&str; 6] = ["xlsb", "numbers", "pdf", "doc", "odt", "rtf"];
    OTHERS.contains(&extension(path).as_str())
}

/// The ending of a name; of a packed file the one before ".gz".
fn extension(path: &Path) -> String {
    let name = path.to_string_lossy();
    let extension = Path::new(gzip::inner_name(&name)).extension();
    extension
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
}
