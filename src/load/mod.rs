//! Bytes in, a dataset out.
//!
//! Every file is read on its own: one that cannot be read is an error beside
//! the dataset, and the others are still there. What is read is not judged: a
//! row that does not fit is a [`Defect`](crate::model::Defect), for a rule.

mod article;
mod csv;
mod decode;
mod error;
mod format;
mod grid;
mod groups;
mod gzip;
mod heading;
mod json;
mod large;
mod marks;
mod missing;
mod numerals;
mod own;
mod page;
mod parquet;
mod repeats;
mod sheet;
mod transposed;
mod unknown;
mod workbook;
mod xml;

use std::io::Read;
use std::path::{Path, PathBuf};

use article::{docx, html};
use decode::{Decoded, Fault};
use grid::{Grid, Line};

use crate::model::{
    Constant, Dataset, Layout, Parties, Position, Role, Source, SourceId, Span, TableId,
};

pub use error::LoadError;
pub use large::Large;

/// The knowledge that reading needs.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub layout: &'a Layout,
    pub parties: &'a Parties,
}

/// A path to read, and what it is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// A file, a folder, or `-` for standard input.
    pub path: PathBuf,
    /// It is copy, even where it looks like a table.
    pub copy: bool,
    /// Its tables are what the others are held against.
    pub reference: bool,
}

impl From<PathBuf> for Input {
    /// An input that is taken for what it looks like.
    fn from(path: PathBuf) -> Self {
        Self {
            path,
            copy: false,
            reference: false,
        }
    }
}

/// How large tables are screened.
#[derive(Debug, Clone, Copy)]
pub struct Screening {
    /// Tables of so many bytes of text are: delimited ones, and those in Parquet.
    pub bytes: u64,
    /// Of sums that do not come out, no more rows are kept.
    pub parts: usize,
}

/// Limits of reading.
#[derive(Debug, Clone)]
pub struct Options {
    /// A larger file is an error.
    pub max_bytes: u64,
    /// Files beyond these are not read, which is an error.
    pub max_files: usize,
    /// Which tables are only begun: see [`Large`].
    pub large: Option<Screening>,
    /// Files that the run writes. Results among them are read all the same, so
    /// that they are not written over.
    pub written: Vec<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 30,
            max_files: 10_000,
            large: None,
            written: Vec::new(),
        }
    }
}

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub struct Loaded {
    pub dataset: Dataset,
    pub errors: Vec<LoadError>,
    /// Large tables that were only begun, in their order.
    pub large: Vec<Large>,
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
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

/// Reads files, the supported files of folders (sorted), and `stdin` for `-`.
pub fn load(inputs: &[Input], stdin: impl Read, words: Words<'_>, options: &Options) -> Loaded {
    load_telling(inputs, stdin, words, options, &mut |_| {})
}

/// The same, and tells the name of each file before it is read.
pub fn load_telling(
    inputs: &[Input],
    stdin: impl Read,
    words: Words<'_>,
    options: &Options,
    tell: &mut dyn FnMut(&str),
) -> Loaded {
    let mut loader = Loader::new(Dataset::default(), words, options, tell);
    let mut stdin = Some(stdin);
    for Input {
        path,
        copy,
        reference,
    } in inputs
    {
        loader.copy = *copy;
        loader.begin(*reference);
        if path.as_os_str() == "-" {
            if let Some(stdin) = stdin.take() {
                loader.read_from(stdin, "<stdin>", None);
            }
        } else if path.is_dir() {
            loader.read_folder(path);
        } else {
            loader.read_file(path);
        }
        loader.end(*reference);
    }
    let mut all = loader.loaded;
    if all.dataset.tables.is_empty() && !all.dataset.sources.is_empty() {
        let names = all.dataset.sources.iter().map(|s| s.name().to_owned());
        let names = names.collect();
        all.errors.push(LoadError::NoTables { names });
    }
    all
}

/// Reads one text as the file `name` would be read.
#[must_use]
pub fn load_text(name: &str, text: &str, words: Words<'_>) -> Dataset {
    load_texts(&[(name, text)], words)
}

/// Reads texts, each with its name, as those files would be read together.
#[must_use]
pub fn load_texts(texts: &[(&str, &str)], words: Words<'_>) -> Dataset {
    let mut dataset = Dataset::default();
    for (name, text) in texts {
        add_text(&mut dataset, name, (*text).to_owned(), words);
    }
    dataset
}

/// The same, with further texts that they are held against.
#[must_use]
pub fn load_texts_against(
    texts: &[(&str, &str)],
    references: &[(&str, &str)],
    words: Words<'_>,
) -> Dataset {
    let mut dataset = load_texts(texts, words);
    let before = dataset.tables.len();
    for (name, text) in references {
        add_text(&mut dataset, name, (*text).to_owned(), words);
    }
    let ids = (before..dataset.tables.len()).filter_map(|id| u32::try_from(id).ok());
    dataset.references.extend(ids.map(TableId));
    dataset
}

struct Loader<'a> {
    tell: &'a mut dyn FnMut(&str),
    words: Words<'a>,
    options: &'a Options,
    /// Is the input copy by the word of the user?
    copy: bool,
    /// Files read, so that none is read twice.
    seen: Vec<PathBuf>,
    /// Are references read?
    references: bool,
    tables_before: usize,
    loaded: Loaded,
}

impl<'a> Loader<'a> {
    /// Goes on with a dataset.
    fn new(
        dataset: Dataset,
        words: Words<'a>,
        options: &'a Options,
        tell: &'a mut dyn FnMut(&str),
    ) -> Self {
        Self {
            tell,
            words,
            options,
            copy: false,
            seen: Vec::new(),
            references: false,
            tables_before: 0,
            loaded: Loaded {
                dataset,
                ..Loaded::default()
            },
        }
    }
}

impl Loader<'_> {
    /// A file may be held against itself as it was.
    fn begin(&mut self, reference: bool) {
        if reference && !self.references {
            self.seen.clear();
        }
        self.references = reference;
        self.tables_before = self.loaded.dataset.tables.len();
    }

    /// The tables of a reference are not checked, and its copy is not read.
    fn end(&mut self, reference: bool) {
        if !reference {
            return;
        }
        let dataset = &mut self.loaded.dataset;
        let ids = self.tables_before..dataset.tables.len();
        let ids = ids.filter_map(|id| u32::try_from(id).ok());
        dataset.references.extend(ids.map(TableId));
        let of_reference = |source: SourceId| {
            let mut tables = dataset.references.iter();
            tables.any(|id| {
                dataset
                    .tables
                    .get(id.0 as usize)
                    .is_some_and(|t| t.source == source)
            })
        };
        let kept = |span: Span| !of_reference(span.source);
        let prose = std::mem::take(&mut dataset.prose);
        let prose = prose
            .into_iter()
            .filter(|prose| !of_reference(prose.source));
        let prose: Vec<_> = prose.collect();
        let defects = std::mem::take(&mut dataset.defects);
        let defects: Vec<_> = defects.into_iter().filter(|d| kept(d.span)).collect();
        dataset.prose = prose;
        dataset.defects = defects;
    }

    fn read_folder(&mut self, folder: &Path) {
        let mut found = Found::default();
        let by_name = |a: &std::ffi::OsStr, b: &std::ffi::OsStr| a.cmp(b);
        for entry in ignore::WalkBuilder::new(folder)
            .sort_by_file_name(by_name)
            .build()
        {
            match entry {
                Ok(entry) => {
                    let is_link = entry.path_is_symlink();
                    found.add(entry.into_path(), is_link);
                }
                Err(error) => self.loaded.errors.push(LoadError::Folder {
                    name: folder.display().to_string(),
                    reason: error.to_string(),
                }),
            }
        }
        let Found { files, odd, links } = found;
        self.note_links(&links);
        let (read, left): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|f| format_of(f).is_some());
        if read.is_empty() && odd.is_empty() {
            let name = folder.display().to_string();
            self.loaded.errors.push(LoadError::NothingToRead { name });
        }
        let (reports, read): (Vec<_>, Vec<_>) =
            read.into_iter().partition(|file| own::is_report(file));
        let written: Vec<PathBuf> = self.options.written.iter().map(|w| real(w)).collect();
        let (now, before): (Vec<_>, Vec<_>) = reports
            .into_iter()
            .partition(|file| written.contains(&real(file)));
        for file in read.iter().chain(&odd) {
            self.read_file(file);
            self.forgive_other_xml();
        }
        self.leave_alone("in a format that is not read", &unsupported(left));
        self.leave_alone("written by this run", &now);
        self.leave_alone("as reports of earlier runs", &before);
    }

    /// A folder is searched, those that it links to are not: they may hold the
    /// folder itself.
    fn note_links(&mut self, links: &[PathBuf]) {
        if !links.is_empty() {
            let names: Vec<String> = links.iter().map(|l| l.display().to_string()).collect();
            let note = format!(
                "left alone, links to other folders: {}; name those that are to be read",
                names.join(", ")
            );
            self.loaded.dataset.left_alone.push(note);
        }
    }

    /// In a folder, XML may be of anything.
    fn forgive_other_xml(&mut self) {
        let last = self.loaded.errors.pop();
        if let Some(LoadError::UnknownXml { name, .. }) = &last {
            let note = format!("left alone, as XML of another kind: {name}");
            self.loaded.dataset.left_alone.push(note);
        } else {
            self.loaded.errors.extend(last);
        }
    }

    fn leave_alone(&mut self, why: &str, files: &[PathBuf]) {
        if !files.is_empty() {
            let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
            let note = format!("left alone, {why}: {}", names.join(", "));
            self.loaded.dataset.left_alone.push(note);
        }
    }

    fn read_file(&mut self, path: &Path) {
        let name = path.display().to_string();
        let real = real(path);
        if self.seen.contains(&real) {
            return;
        }
        if self.seen.len() >= self.options.max_files {
            self.refuse_more();
            return;
        }
        self.seen.push(real);
        if is_unsupported(path) {
            self.loaded.errors.push(LoadError::Unsupported { name });
            return;
        }
        match open(path, &name) {
            Ok(file) => {
                if !self.begin_large(&file, path, &name) {
                    self.read_from(file, &name, format_of(path));
                }
            }
            Err(error) => self.loaded.errors.push(error),
        }
    }

    /// Only begins a large table; `false` where it is to be read now.
    fn begin_large(&mut self, file: &std::fs::File, path: &Path, name: &str) -> bool {
        let Some(large) = self
            .options
            .large
            .filter(|_| !self.copy && !self.references)
        else {
            return false;
        };
        let (dataset, layout) = (&mut self.loaded.dataset, self.words.layout);
        let size = file.metadata().map_or(0, |data| data.len());
        let begun = match format_of(path) {
            Some(Format::Delimited) if size >= large.bytes => {
                Large::begin(path, name, dataset, layout)
            }
            Some(Format::Parquet) => Large::begin_stored(path, name, large.bytes, dataset, layout),
            _ => None,
        };
        let found = begun.is_some();
        self.loaded.large.extend(begun);
        found
    }

    /// Files beyond the limit are one error.
    fn refuse_more(&mut self) {
        let limit = self.options.max_files;
        if let Some(LoadError::TooManyFiles { left_out, .. }) = self.loaded.errors.last_mut() {
            *left_out += 1;
        } else {
            let error = LoadError::TooManyFiles { limit, left_out: 1 };
            self.loaded.errors.push(error);
        }
    }

    fn read_from(&mut self, input: impl Read, name: &str, format: Option<Format>) {
        (self.tell)(name);
        let before = self.loaded.dataset.tables.len();
        if let Err(error) = self.add_from(input, name, format) {
            self.loaded.errors.push(error);
        }
        settle(&mut self.loaded.dataset, before, self.words);
    }

    fn add_from(
        &mut self,
        input: impl Read,
        name: &str,
        format: Option<Format>,
    ) -> Result<(), LoadError> {
        let mut bytes = self.bytes_of(input, name)?;
        let dataset = &mut self.loaded.dataset;
        let name = name.to_owned();
        if gzip::looks_like(&bytes) {
            bytes = unpacked(&name, &bytes, self.options.max_bytes)?;
            dataset.notes.push(format!(
                "{name} was unpacked; lines and bytes are those of the unpacked text"
            ));
        }
        if format == Some(Format::Docx) || format.is_none() && docx::looks_like(&bytes) {
            let limit = self.options.max_bytes;
            let document = docx::open(&bytes, limit).map_err(|reason| LoadError::Document {
                name: name.clone(),
                reason,
            })?;
            return add_document(dataset, name, &document, self.copy, self.words.layout);
        }
        if let Some(kind) = workbook::kind(&bytes) {
            let (limit, layout) = (self.options.max_bytes, self.words.layout);
            return workbook::read(dataset, &name, &bytes, kind, limit, layout)
                .map_err(|fault| workbook_error(name, fault));
        }
        if parquet::looks_like(&bytes) {
            let (limit, layout) = (self.options.max_bytes, self.words.layout);
            return parquet::read(dataset, &name, bytes, limit, layout)
                .map_err(|fault| parquet_error(name, fault));
        }
        let Decoded { text, encoding } = decode::decode(bytes).map_err(|fault| match fault {
            Fault::Empty => LoadError::Empty { name: name.clone() },
            Fault::Binary => LoadError::Binary { name: name.clone() },
            Fault::Undecodable { encoding } => LoadError::Undecodable {
                name: name.clone(),
                encoding,
            },
        })?;
        if let Some(encoding) = encoding {
            let note = format!("{name} is no UTF-8; it was read as {encoding}");
            dataset.notes.push(note);
        }
        add_formatted(dataset, &name, text, format, self.copy, self.words)
    }

    fn bytes_of(&self, input: impl Read, name: &str) -> Result<Vec<u8>, LoadError> {
        let name = name.to_owned();
        let limit = self.options.max_bytes;
        let mut bytes = Vec::new();
        match input.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            Err(source) => Err(LoadError::Unreadable { name, source }),
            Ok(read) if read as u64 > limit => Err(LoadError::TooLarge { name, limit }),
            Ok(_) => Ok(bytes),
        }
    }
}

/// What a folder holds.
#[derive(Debug, Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Called as files are that are read, and none: links to nothing, pipes.
    odd: Vec<PathBuf>,
    /// Links to folders.
    links: Vec<PathBuf>,
}

impl Found {
    fn add(&mut self, path: PathBuf, is_link: bool) {
        if path.is_file() {
            self.files.push(path);
        } else if path.is_dir() {
            if is_link {
                self.links.push(path);
            }
        } else if format_of(&path).is_some() {
            self.odd.push(path);
        }
    }
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Opens a file. A pipe or a device is none: reading it might never end.
fn open(path: &Path, name: &str) -> Result<std::fs::File, LoadError> {
    let failed = |source: std::io::Error| {
        let name = name.to_owned();
        match source.kind() {
            std::io::ErrorKind::NotFound if path.is_symlink() => LoadError::LinkToNothing { name },
            std::io::ErrorKind::NotFound => LoadError::Missing { name },
            _ => LoadError::Unreadable { name, source },
        }
    };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        let name = name.to_owned();
        return Err(LoadError::NoFile { name });
    }
    std::fs::File::open(path).map_err(failed)
}

fn unpacked(name: &str, bytes: &[u8], limit: u64) -> Result<Vec<u8>, LoadError> {
    let name = name.to_owned();
    gzip::unpack(bytes, limit).map_err(|fault| match fault {
        gzip::Fault::Broken(reason) => LoadError::Packed { name, reason },
        gzip::Fault::TooLarge(limit) => LoadError::UnpacksTooLarge { name, limit },
    })
}

fn parquet_error(name: String, fault: parquet::Fault) -> LoadError {
    match fault {
        parquet::Fault::Broken(reason) => LoadError::Parquet { name, reason },
        parquet::Fault::UnpacksTooLarge(limit) => LoadError::UnpacksTooLarge { name, limit },
        parquet::Fault::TooManyCells(limit) => LoadError::TooManyCells { name, limit },
        parquet::Fault::Empty => LoadError::Empty { name },
    }
}

fn workbook_error(name: String, fault: workbook::Fault) -> LoadError {
    match fault {
        workbook::Fault::Broken(reason) => LoadError::Workbook { name, reason },
        workbook::Fault::Locked => LoadError::Locked { name },
        workbook::Fault::UnpacksTooLarge(limit) => LoadError::UnpacksTooLarge { name, limit },
        workbook::Fault::TooManyCells(limit) => LoadError::TooManyCells { name, limit },
        workbook::Fault::Empty => LoadError::Empty { name },
    }
}

/// A Word document becomes a text of its paragraphs.
fn add_document(
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

fn add_text(dataset: &mut Dataset, name: &str, text: String, words: Words<'_>) {
    let format = format_of(Path::new(name));
    let before = dataset.tables.len();
    if let Err(error) = add_formatted(dataset, name, text, format, false, words) {
        dataset.notes.push(error.to_string());
    }
    settle(dataset, before, words);
}

/// What holds for tables of every format: the tables from the `from`th on with a
/// contest, a number or a name in each cell that has more.
fn settle(dataset: &mut Dataset, from: usize, words: Words<'_>) {
    repeats::settle(dataset, from, words.layout);
    transposed::settle(dataset, from, words);
    groups::settle(dataset, from, words.layout);
    marks::settle(dataset, from, words);
    numerals::settle(dataset, from);
    missing::tell(dataset, from, words.layout);
    unknown::tell(dataset, from, words);
}

/// A text that is delimited from its first line on is a table whatever its
/// name says; anything else without a telling name is a page.
fn add_formatted(
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

fn json_error(name: String, fault: json::Fault) -> LoadError {
    match fault {
        json::Fault::Broken {
            reason,
            line,
            column,
        } => LoadError::Json {
            name,
            reason,
            line,
            column,
        },
        json::Fault::NoRecords => LoadError::NoRecords { name },
        json::Fault::TooDeep(limit) => LoadError::TooDeep { name, limit },
        json::Fault::TooManyCells(limit) => LoadError::TooManyCells { name, limit },
    }
}

fn xml_error(name: String, fault: xml::Fault, position: Option<Position>) -> LoadError {
    match fault {
        xml::Fault::Broken { reason, .. } => LoadError::Xml {
            name,
            reason,
            line: position.map_or(1, |p| p.line),
            column: position.map_or(1, |p| p.column),
        },
        xml::Fault::Unknown(root) => LoadError::UnknownXml { name, root },
    }
}

/// The article of a page in HTML, and its tables.
fn add_page(dataset: &mut Dataset, id: SourceId, copy: bool, words: Words<'_>) {
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

/// The ending of a name; of a packed file the one before ".gz".
fn extension(path: &Path) -> String {
    let name = path.to_string_lossy();
    let extension = Path::new(gzip::inner_name(&name)).extension();
    extension
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
}

fn format_of(path: &Path) -> Option<Format> {
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

/// Those that may hold results, in a format that is not read.
fn unsupported(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.retain(|file| is_unsupported(file));
    files
}

fn is_unsupported(path: &Path) -> bool {
    const OTHERS: [&str; 6] = ["xlsb", "numbers", "pdf", "doc", "odt", "rtf"];
    OTHERS.contains(&extension(path).as_str())
}

#[cfg(test)]
mod tests;

#[cfg(test)]
fn with_words<T>(job: impl FnOnce(Words<'_>) -> T) -> T {
    use std::sync::LazyLock;
    static KNOWN: LazyLock<(Layout, Parties)> = LazyLock::new(|| {
        let pack = crate::model::Pack::embedded();
        let layout = Layout::from_pack(&pack).expect("the built-in formats are right");
        let parties = Parties::from_pack(&pack).expect("the built-in parties are right");
        (layout, parties)
    });
    job(Words {
        layout: &KNOWN.0,
        parties: &KNOWN.1,
    })
}

/// The same without the published formats: tables stay as they are printed.
#[cfg(test)]
fn with_printed_words<T>(job: impl FnOnce(Words<'_>) -> T) -> T {
    let pack = crate::model::Pack::embedded();
    let mut layout = Layout::from_pack(&pack).expect("the built-in formats are right");
    layout.formats = crate::model::Formats::default();
    with_words(|words| {
        job(Words {
            layout: &layout,
            ..words
        })
    })
}
