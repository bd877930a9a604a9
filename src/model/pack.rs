//! The folder `rules/`, embedded or given: knowledge as files.

use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

use super::{Source, nearest};

/// A larger file of rules is none.
const MAX_BYTES: u64 = 4 << 20;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// One TOML file of a pack: its name carries its folder (`checks/totals.toml`).
#[derive(Debug, Clone)]
pub struct PackFile {
    pub folder: String,
    pub source: Source,
    /// Is it the user's, not built in?
    pub own: bool,
}

/// The knowledge of a run: every file of `rules/`.
#[derive(Debug, Clone)]
pub struct Pack {
    files: Vec<PackFile>,
}

/// A mistake in a rule file, at its own token.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("{}: {message}", source_file.name())]
    Invalid {
        source_file: Box<Source>,
        message: String,
        /// Byte range of the token at fault.
        span: Option<std::ops::Range<usize>>,
        /// How to write it instead.
        help: Option<String>,
    },
    #[error("cannot read {path}: {reason}")]
    Unreadable { path: String, reason: String },
}

impl Pack {
    /// The rules that were built in.
    #[must_use]
    pub fn embedded() -> Self {
        let mut files: Vec<PackFile> = EMBEDDED
            .dirs()
            .flat_map(|dir| dir.files().map(move |file| (dir, file)))
            .filter(|(_, file)| file.path().extension().is_some_and(|e| e == "toml"))
            .filter_map(|(dir, file)| {
                let name = format!("rules/{}", file.path().display());
                Some(PackFile {
                    folder: dir.path().display().to_string(),
                    source: Source::new(name, file.contents_utf8()?),
                    own: false,
                })
            })
            .collect();
        files.sort_by(|a, b| a.source.name().cmp(b.source.name()));
        Self { files }
    }

    /// The built-in rules with the files of a folder over them. Files of checks
    /// are added to the built-in ones; a file of any other sub-folder takes the
    /// place of the built-in one of the same name.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read as UTF-8 text.
    pub fn with_folder(folder: &Path) -> Result<Self, PackError> {
        let unreadable = |path: &Path, reason: String| PackError::Unreadable {
            path: path.display().to_string(),
            reason,
        };
        let mut pack = Self::embedded();
        let walk = ignore::WalkBuilder::new(folder)
            .max_depth(Some(2))
            .sort_by_file_path(Path::cmp)
            .build();
        for entry in walk {
            let entry = entry.map_err(|e| unreadable(folder, e.to_string()))?;
            let path = entry.path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let text = read(path, MAX_BYTES).map_err(|reason| unreadable(path, reason))?;
            let sub = path.strip_prefix(folder).unwrap_or(path);
            pack.put(sub, path, text);
        }
        Ok(pack)
    }

    fn put(&mut self, sub: &Path, path: &Path, text: String) {
        let folder = match sub.parent().and_then(Path::to_str) {
            Some(folder) if !folder.is_empty() => folder.to_owned(),
            _ => "checks".to_owned(),
        };
        let file_name = |name: &str| Path::new(name).file_name().map(ToOwned::to_owned);
        let own = file_name(&path.display().to_string());
        let adds = folder == "checks";
        self.files
            .retain(|f| adds || f.folder != folder || file_name(f.source.name()) != own);
        self.files.push(PackFile {
            folder,
            source: Source::new(path.display().to_string(), text),
            own: true,
        });
    }

    /// The files of one sub-folder (`checks`, `formats`, `parties`, `language`).
    pub fn files<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a PackFile> {
        self.files.iter().filter(move |f| f.folder == folder)
    }
}

/// A file of rules as text.
fn read(path: &Path, most: u64) -> Result<String, String> {
    let failed = |error: std::io::Error| error.to_string();
    let about = std::fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err("it is no file".to_owned());
    }
    if about.len() > most {
        return Err(format!("it is larger than {most} bytes; split it"));
    }
    std::fs::read_to_string(path).map_err(failed)
}

impl PackFile {
    /// Are its patterns and examples tried at once, so that a mistake is told? The
    /// tests try those that are built in.
    #[must_use]
    pub fn proves(&self) -> bool {
        self.own || cfg!(test)
    }

    /// Reads a file that is in no folder of rules.
    ///
    /// # Errors
    /// When it cannot be read as UTF-8 text.
    pub fn open(path: &Path) -> Result<Self, PackError> {
        Self::open_up_to(path, MAX_BYTES)
    }

    /// The same, of so many bytes at most.
    ///
    /// # Errors
    /// When it cannot be read as UTF-8 text.
    pub fn open_up_to(path: &Path, most: u64) -> Result<Self, PackError> {
        let text = read(path, most).map_err(|reason| PackError::Unreadable {
            path: path.display().to_string(),
            reason,
        })?;
        Ok(Self {
            folder: String::new(),
            source: Source::new(path.display().to_string(), text),
            own: true,
        })
    }

    /// Reads the file as a typed value.
    ///
    /// # Errors
    /// A mistake in the file, with its place.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, PackError> {
        toml::from_str(self.source.text()).map_err(|e| PackError::Invalid {
            source_file: Box::new(self.source.clone()),
            message: e.message().to_owned(),
            span: e.span(),
            help: meant(e.message()),
        })
    }

    /// A mistake that shows only when a value is used, at its token.
    #[must_use]
    pub fn mistake(&self, message: String, span: Option<std::ops::Range<usize>>) -> PackError {
        PackError::Invalid {
            source_file: Box::new(self.source.clone()),
            message,
            span,
            help: None,
        }
    }
}

/// What a misspelt key or word may have meant, by the message of the parser:
/// "unknown field `a`, expected one of `b`, `c`".
fn meant(message: &str) -> Option<String> {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (wrong, known) = names.split_first()?;
    if !message.starts_with("unknown ") || wrong.is_empty() {
        return None;
    }
    let begun = known.iter().find(|name| name.starts_with(wrong));
    let near = nearest(wrong, known.iter().copied()).or(begun.copied())?;
    Some(format!("did you mean {near}?"))
}

impl PackError {
    /// The same with how to write it instead.
    #[must_use]
    pub fn with_help(mut self, instead: Option<String>) -> Self {
        if let Self::Invalid { help, .. } = &mut self {
            *help = instead;
        }
        self
    }
}
