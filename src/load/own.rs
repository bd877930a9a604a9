//! Reports of earlier runs, known by their first bytes: a folder that is checked
//! may hold them, and they are no results.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// So much of a file shows what it is.
const SHOWN: u64 = 4096;

/// Is a file a report, or a list of known findings, that this program wrote?
pub fn is_report(path: &Path) -> bool {
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    let mut head = Vec::new();
    if file.by_ref().take(SHOWN).read_to_end(&mut head).is_err() {
        return false;
    }
    if super::parquet::looks_like(&head) {
        return ends_as_report(&mut file);
    }
    begins_as_report(&String::from_utf8_lossy(&head))
}

fn begins_as_report(head: &str) -> bool {
    let first = head.lines().next().unwrap_or_default();
    first_line_is_of_report(first) || is_of_text(head) || is_of_markup(head) || is_of_json(head)
}

fn first_line_is_of_report(line: &str) -> bool {
    let starts = [
        crate::model::REPORT_OF,
        "# Figures that cannot be right",
        "severity,rule,message,file,line,column,row,",
        "contest,unit,candidate,file_minus_reference",
        "No votes differ from the reference.",
        "scrutineer: ",
        "::error title=scrutineer",
        "::warning title=scrutineer",
        "::notice title=scrutineer",
        r#"{"type":"report","version":"#,
    ];
    let line = line.trim_start_matches("<!-- ");
    starts.iter().any(|start| line.starts_with(start)) || line.ends_with(": file minus reference")
}

/// "error[votes-add-up]", and a mark before the sentence.
fn is_of_text(head: &str) -> bool {
    let mut lines = head.lines();
    let first = lines.next().and_then(|line| line.strip_suffix(']'));
    let levels = ["error[", "warning[", "note["];
    let is_code = first.is_some_and(|line| levels.iter().any(|level| line.starts_with(level)));
    let marks = ["  × ", "  ⚠ ", "  ☞ "];
    let told = lines.find(|line| !line.is_empty());
    is_code && told.is_some_and(|line| marks.iter().any(|mark| line.starts_with(mark)))
}

fn is_of_markup(head: &str) -> bool {
    let marks = [
        r#"<meta name="generator" content="scrutineer "#,
        r#"<testsuites name="scrutineer""#,
    ];
    marks.iter().any(|mark| head.contains(mark))
}

/// However it is laid out.
fn is_of_json(head: &str) -> bool {
    if !head.starts_with(['{', '[']) {
        return false;
    }
    let dense: String = head.chars().filter(|ch| !ch.is_whitespace()).collect();
    let starts = [
        r#"{"version":1,"summary":{"errors":"#,
        r#"{"version":1,"known":["#,
        r#"{"version":2,"known":["#,
        r#"{"source":{"name":"scrutineer"}"#,
    ];
    // What a host of code gets where nothing was found.
    let of_nothing = dense == "[]";
    let of_sarif = dense.contains("sarif") && dense.contains(r#""driver":{"name":"scrutineer""#);
    let of_gitlab = dense.starts_with(r#"[{"description":"#) && dense.contains(r#""check_name":"#);
    of_nothing || of_sarif || of_gitlab || starts.iter().any(|start| dense.starts_with(start))
}

/// A Parquet file says at its end who made it.
fn ends_as_report(file: &mut File) -> bool {
    let size = file.metadata().map_or(0, |data| data.len());
    let from = size.saturating_sub(SHOWN);
    let mut tail = Vec::new();
    if file.seek(SeekFrom::Start(from)).is_err() || file.read_to_end(&mut tail).is_err() {
        return false;
    }
    memchr::memmem::find(&tail, b"scrutineer").is_some()
}
