//! A folder in, its files read out; what is left alone in it is said.

use std::path::{Path, PathBuf};

use super::{Loader, real};
use crate::load::ending::{format_of, is_unsupported};
use crate::load::{LoadError, own};

impl Loader<'_> {
    pub(super) fn read_folder(&mut self, folder: &Path) {
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

/// Those that may hold results, in a format that is not read.
fn unsupported(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.retain(|file| is_unsupported(file));
    files
}
