//! `scrutineer watch`: check again when a file is saved.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, SystemTime};

use notify_debouncer_mini::notify::{self, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};

use super::check::{self, Settled};
use super::{Console, Exit, Stop};
use crate::report::Fault;

/// Saving a file makes several events.
const QUIET: Duration = Duration::from_millis(200);

/// Check, and check again whenever a file is saved; Ctrl+C ends it.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub struct Args {
    #[command(flatten)]
    check: check::Args,
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let (send, events) = mpsc::channel();
        let mut notices = new_debouncer(QUIET, send).map_err(|error| failed(&error))?;
        let mut folders = BTreeSet::new();
        loop {
            let (args, settled) = self.check.settled()?;
            let mut watched = Watched::new(&args, &settled)?;
            watch(&mut notices, &watched, &mut folders)?;
            if let Err(stop) = args.run_settled(&settled, console) {
                console.complain(&Fault::from(&stop));
            }
            console.print(|out| writeln!(out, "\nwatching; Ctrl+C ends it\n"))?;
            let Some(saved) = next(&events, &mut watched) else {
                return Ok(Exit::Clean);
            };
            console.show(|out| write!(out, "{} was saved", saved.display()))?;
            self.wait_for_settings(&events, &mut watched, console);
        }
    }

    /// A file of settings that is being written may be wrong for a while.
    fn wait_for_settings(
        &self,
        events: &Receiver<DebounceEventResult>,
        watched: &mut Watched,
        console: &mut Console<'_>,
    ) {
        while let Err(stop) = self.check.settled() {
            console.complain(&Fault::from(&stop));
            if next(events, watched).is_none() {
                return;
            }
        }
    }
}

fn failed(error: &notify::Error) -> Stop {
    Stop::Place(format!("the files cannot be watched: {error}"))
}

/// Watches the folders that are not watched yet.
fn watch(
    notices: &mut Debouncer<notify::RecommendedWatcher>,
    watched: &Watched,
    folders: &mut BTreeSet<PathBuf>,
) -> Result<(), Stop> {
    for (folder, mode) in watched.folders() {
        if folders.insert(folder.clone()) {
            let watching = notices.watcher().watch(&folder, mode);
            watching.map_err(|error| failed(&error))?;
        }
    }
    Ok(())
}

/// The next file that is saved; nothing where no more events come.
fn next(events: &Receiver<DebounceEventResult>, watched: &mut Watched) -> Option<PathBuf> {
    loop {
        let paths = match events.recv().ok()? {
            Ok(events) => events.into_iter().map(|event| event.path).collect(),
            Err(error) => error.paths.into_iter().collect(),
        };
        if let Some(saved) = watched.saved(&paths) {
            return Some(saved);
        }
    }
}

/// What a file was when it was last seen.
type Stamp = Option<(SystemTime, u64)>;

/// What a run goes by, and what it writes itself.
#[derive(Debug)]
struct Watched {
    /// Files and folders, real paths.
    reads: Vec<PathBuf>,
    writes: Vec<PathBuf>,
    since: SystemTime,
    seen: BTreeMap<PathBuf, Stamp>,
}

impl Watched {
    fn new(args: &check::Args, settled: &Settled) -> Result<Self, Stop> {
        let reads = settled.reads();
        if reads.iter().any(|path| path.as_os_str() == "-") {
            return Err(Stop::Place("standard input cannot be watched".to_owned()));
        }
        let writes = args.written().map(real).collect();
        let reads = reads.iter().map(|path| real(path)).collect();
        Ok(Self::of(reads, writes))
    }

    fn of(reads: Vec<PathBuf>, writes: Vec<PathBuf>) -> Self {
        let mut watched = Self {
            reads,
            writes,
            since: SystemTime::now(),
            seen: BTreeMap::new(),
        };
        let files = watched.reads.iter().filter(|path| path.is_file());
        watched.seen = files.map(|path| (path.clone(), stamp(path))).collect();
        watched
    }

    /// The folders to watch: editors save a file by putting another in its
    /// place.
    fn folders(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let folders = self.reads.iter().filter_map(|path| {
            if path.is_dir() {
                return Some((path.clone(), RecursiveMode::Recursive));
            }
            let folder = path.parent()?.to_owned();
            folder
                .is_dir()
                .then_some((folder, RecursiveMode::NonRecursive))
        });
        folders.collect()
    }

    /// The first of some files that the run goes by and that is not what it
    /// was. That a file was read is no change.
    fn saved(&mut self, paths: &BTreeSet<PathBuf>) -> Option<PathBuf> {
        let mut first = None;
        for path in paths {
            if !self.concerns(path) {
                continue;
            }
            let now = stamp(path);
            let before = self.seen.insert(path.clone(), now);
            let changed = match before {
                Some(before) => before != now,
                None => now.is_none_or(|(at, _)| at >= self.since),
            };
            if changed && first.is_none() {
                first = Some(path.clone());
            }
        }
        first
    }

    fn concerns(&self, path: &Path) -> bool {
        let is_hidden = path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with('.') || name.ends_with('~')
        });
        !self.writes.iter().any(|own| own == path)
            && self
                .reads
                .iter()
                .any(|read| read == path || !is_hidden && path.starts_with(read))
    }
}

fn stamp(path: &Path) -> Stamp {
    let about = fs::metadata(path).ok()?;
    about
        .is_file()
        .then_some((about.modified().ok()?, about.len()))
}

/// The path without links; its folder's, where it is not there yet.
fn real(path: &Path) -> PathBuf {
    let whole = fs::canonicalize(path);
    let whole = whole.or_else(|_| std::path::absolute(path));
    whole.unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_goes_by_is_checked_again_when_it_changes() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let base = real(folder.path());
        let path = |name: &str| base.join(name);
        fs::create_dir(path("tables")).expect("writable");
        for name in ["story.md", "tables/a.csv", "other.md"] {
            fs::write(path(name), "before").expect("writable");
        }
        let reads = vec![path("story.md"), path("tables")];
        let mut watched = Watched::of(reads, vec![path("tables/report.csv")]);
        // As long ago as if the run had taken a while.
        watched.since = SystemTime::now() + Duration::from_mins(1);
        let mut saved = |name: &str| watched.saved(&BTreeSet::from([path(name)])).is_some();
        assert!(!saved("story.md"), "it was only read");
        assert!(!saved("tables/a.csv"), "it was only read");
        for name in ["story.md", "tables/a.csv", "other.md", "tables/report.csv"] {
            fs::write(path(name), "and after").expect("writable");
        }
        assert!(saved("story.md") && saved("tables/a.csv"));
        assert!(!saved("story.md"), "once");
        assert!(!saved("other.md"), "it is not read");
        assert!(!saved("tables/report.csv"), "the run writes it");
        fs::remove_file(path("tables/a.csv")).expect("writable");
        assert!(saved("tables/a.csv"), "it is gone");
    }
}
