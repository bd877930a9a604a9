//! Inputs in, their files in the dataset out: each is opened once, told from
//! the others by its first bytes, and handed to the reader of its format.

mod folder;

use std::io::Read;
use std::path::{Path, PathBuf};

use super::article::docx;
use super::decode::{self, Decoded, Fault};
use super::document::add_document;
use super::ending::{Format, format_of, is_unsupported};
use super::faults::{parquet_error, unpacked, workbook_error};
use super::text::add_formatted;
use super::{Input, Large, LoadError, Loaded, Options, Words, gzip, parquet, settle, workbook};
use crate::model::{Dataset, SourceId, Span, TableId};

pub(super) struct Loader<'a> {
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
    pub(super) loaded: Loaded,
}

impl<'a> Loader<'a> {
    /// Goes on with a dataset.
    pub(super) fn new(
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
    /// Reads an input: a folder, a file, or what is left of standard input.
    pub(super) fn read(&mut self, input: &Input, stdin: &mut Option<impl Read>) {
        let path = &input.path;
        self.copy = input.copy;
        self.begin(input.reference);
        if path.as_os_str() == "-" {
            if let Some(stdin) = stdin.take() {
                self.read_from(stdin, "<stdin>", None);
            }
        } else if path.is_dir() {
            self.read_folder(path);
        } else {
            self.read_file(path);
        }
        self.end(input.reference);
    }

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

    pub(super) fn add_from(
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

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Opens a file. A pipe or a device is none: reading it might never end.
pub(super) fn open(path: &Path, name: &str) -> Result<std::fs::File, LoadError> {
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
