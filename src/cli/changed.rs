//! Which files were changed since a revision, by git.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::Stop;
use crate::model::{Because, Finding, Report};

/// What a change touches.
#[derive(Debug)]
pub struct Change {
    /// The folder of the repository; what is not in it may have changed.
    root: PathBuf,
    files: BTreeSet<PathBuf>,
}

impl Change {
    /// The files that differ from where this branch left `revision`, saved or
    /// not, and those that are new; in the repository of `folder`.
    pub fn since(revision: &str, folder: &Path) -> Result<Self, Stop> {
        let root = ask(folder, &["rev-parse", "--show-toplevel"]).map_err(|says| Stop::Advice {
            message: format!("--changed-since needs a git repository: {says}"),
            help: "run it in the repository of the files, or leave --changed-since out".to_owned(),
        })?;
        let root = PathBuf::from(String::from_utf8_lossy(&root).trim_end_matches(['\n', '\r']));
        let unknown = |says: String| Stop::Advice {
            message: format!("git does not know what changed since {revision}: {says}"),
            help: "name a commit, a branch or a tag; a checkout of CI may hold one commit only \
                   (fetch-depth: 0 brings all)"
                .to_owned(),
        };
        let differ = ["diff", "--name-only", "-z", "--no-ext-diff", "--no-renames"];
        let since = ["--merge-base", "--end-of-options", revision, "--"];
        let differ = [differ.as_slice(), &since].concat();
        let changed = ask(&root, &differ).map_err(unknown)?;
        let new = ["ls-files", "--others", "--exclude-standard", "-z"];
        let new = ask(&root, &new).map_err(unknown)?;
        let names = [changed, new].concat();
        let names = names
            .split(|byte| *byte == 0)
            .filter(|name| !name.is_empty());
        let files = names.map(|name| root.join(String::from_utf8_lossy(name).as_ref()));
        Ok(Self {
            root: real(&root),
            files: files.map(|file| real(&file)).collect(),
        })
    }

    /// Sets aside the findings that have no place in a changed file: a place
    /// for each.
    pub fn untouched(&self, report: &Report) -> Vec<Option<Because>> {
        let dataset = &report.dataset;
        let names = dataset.sources.iter().map(crate::model::Source::file);
        let touched: BTreeSet<&str> = names.filter(|name| self.touches(Path::new(name))).collect();
        let is_touched = |finding: &Finding| {
            let related = finding.related.iter().map(|related| related.at);
            let mut places = std::iter::once(finding.at).chain(related);
            places.any(|at| {
                dataset
                    .source_of(at)
                    .is_none_or(|s| touched.contains(s.file()))
            })
        };
        let findings = report.findings.iter();
        let because = findings.map(|f| (!is_touched(f)).then_some(Because::Untouched));
        because.collect()
    }

    fn touches(&self, file: &Path) -> bool {
        let file = real(file);
        !file.starts_with(&self.root) || self.files.contains(&file)
    }

    /// How many files it touches.
    pub fn len(&self) -> usize {
        self.files.len()
    }
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Asks git, which runs nothing that the repository names.
fn ask(folder: &Path, words: &[&str]) -> Result<Vec<u8>, String> {
    let here = Path::new(".");
    let folder = if folder.as_os_str().is_empty() {
        here
    } else {
        folder
    };
    let asked = Command::new("git")
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.quotePath=false",
            "-C",
        ])
        .arg(folder.as_os_str())
        .args(words.iter().map(OsStr::new))
        .env("GIT_OPTIONAL_LOCKS", "0")
        .output();
    match asked {
        Ok(Output { status, stdout, .. }) if status.success() => Ok(stdout),
        Ok(Output { stderr, .. }) => {
            let says = String::from_utf8_lossy(&stderr);
            let line = says.lines().find(|line| !line.trim().is_empty());
            let line = line.unwrap_or("it does not say why");
            Err(line.trim_start_matches("fatal: ").to_owned())
        }
        Err(error) => Err(format!("git cannot be run: {error}")),
    }
}
