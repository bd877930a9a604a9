//! Why an input could not be read, and what to do.

use miette::Diagnostic;
use thiserror::Error;

/// An input that could not be read. It does not concern the others.
#[derive(Debug, Error, Diagnostic)]
pub enum LoadError {
    #[error("{name} does not exist")]
    #[diagnostic(help("check the path; a folder, or - for standard input, will do as well"))]
    Missing { name: String },
    #[error("{name} is a link to a file that does not exist")]
    #[diagnostic(help("mend the link, or remove it"))]
    LinkToNothing { name: String },
    #[error("{name} is no file, but a pipe or a device")]
    #[diagnostic(help("save what it gives to a file, or pipe it in and name it -"))]
    NoFile { name: String },
    #[error("{name} cannot be read: {source}")]
    #[diagnostic(help("check that it is a file that you may read"))]
    Unreadable {
        name: String,
        source: std::io::Error,
    },
    #[error("the folder {name} cannot be searched: {reason}")]
    #[diagnostic(help("check that you may read it, or name its files one by one"))]
    Folder { name: String, reason: String },
    #[error("{name} is empty")]
    #[diagnostic(help("check that it was saved or downloaded whole"))]
    Empty { name: String },
    #[error("{name} is no text but binary data")]
    #[diagnostic(help("export it as CSV, or save the page as text"))]
    Binary { name: String },
    #[error(
        "{name} cannot be decoded: it looks like {encoding}, and has bytes that {encoding} has not"
    )]
    #[diagnostic(help("save it again as UTF-8"))]
    Undecodable {
        name: String,
        encoding: &'static str,
    },
    #[error("{name} cannot be read as a Word document: {reason}")]
    #[diagnostic(help("save it again as .docx, or as text"))]
    Document { name: String, reason: String },
    #[error("{name} cannot be read as a workbook: {reason}")]
    #[diagnostic(help("save it again as .xlsx, or export its sheets as CSV"))]
    Workbook { name: String, reason: String },
    #[error("{name} cannot be read as Parquet: {reason}")]
    #[diagnostic(help("write it again with Zstandard, Snappy or gzip, or as CSV"))]
    Parquet { name: String, reason: String },
    #[error("{name} is broken at line {line}, column {column}: {reason}")]
    #[diagnostic(help("check that it was written whole, as JSON"))]
    Json {
        name: String,
        reason: String,
        line: usize,
        column: usize,
    },
    #[error("{name} is broken at line {line}, column {column}: {reason}")]
    #[diagnostic(help("check that it was written whole, as XML"))]
    Xml {
        name: String,
        reason: String,
        line: usize,
        column: usize,
    },
    #[error("{name} is XML of an unknown kind: its root is <{root}>")]
    #[diagnostic(help("the command `formats` lists the formats that are known"))]
    UnknownXml { name: String, root: String },
    #[error("{name} holds no list of records")]
    #[diagnostic(help("give a list of objects, a list of rows, or an object a line"))]
    NoRecords { name: String },
    #[error("{name} is nested deeper than {limit} levels")]
    #[diagnostic(help("give the list of records itself"))]
    TooDeep { name: String, limit: usize },
    #[error("{name} is locked with a password")]
    #[diagnostic(help("save a copy without the password"))]
    Locked { name: String },
    #[error("{name} has more than {limit} cells")]
    #[diagnostic(help("split it, or leave out what is not to be checked"))]
    TooManyCells { name: String, limit: usize },
    #[error("{name} cannot be unpacked: {reason}")]
    #[diagnostic(help("download it again, or unpack it first"))]
    Packed { name: String, reason: String },
    #[error("{name} unpacks to more than {limit} bytes")]
    #[diagnostic(help("unpack it first, if it is what you expect"))]
    UnpacksTooLarge { name: String, limit: u64 },
    #[error("{name} is larger than the limit of {limit} bytes")]
    #[diagnostic(help("split it, or leave out what is not to be checked"))]
    TooLarge { name: String, limit: u64 },
    #[error("there are more than {limit} files; {left_out} were not read")]
    #[diagnostic(help("check them folder by folder"))]
    TooManyFiles { limit: usize, left_out: usize },
    #[error("{name} is in a format that is not read")]
    #[diagnostic(help("export it as CSV or .xlsx, or save it as text (.txt, .md), HTML or .docx"))]
    Unsupported { name: String },
    #[error("the folder {name} has no file that can be read")]
    #[diagnostic(help(
        "files that are read end in .csv, .tsv, .csv.gz, .xlsx, .xls, .ods, .parquet, .json, .ndjson, .html, .docx, .txt or .md"
    ))]
    NothingToRead { name: String },
    #[error("no table found in {}: nothing to check the copy against", list(names))]
    #[diagnostic(help(
        "give the results as well: a CSV file, a workbook, or a page that has them"
    ))]
    NoTables { names: Vec<String> },
}

fn list(names: &[String]) -> String {
    match names {
        [] => "the input".to_owned(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, rest @ ..] => format!("{first} and {} other files", rest.len()),
    }
}
