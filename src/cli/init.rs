//! `scrutineer init`: a scrutineer.toml for a folder, from what is in it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::knowledge::{Given, Knowledge};
use super::output::write_whole;
use super::{Console, Exit, RulesFolder, Stop, config};
use crate::load::{self, Input, Options};
use crate::model::{Dataset, Source, SourceId};
use crate::report::Fault;

/// More files are named by their folders.
const LISTED: usize = 30;

/// Write a commented scrutineer.toml for a folder, from what is in it.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Write over the one that is there.
    #[arg(long)]
    force: bool,
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        if !self.folder.is_dir() {
            let folder = self.folder.display();
            return Err(Stop::Place(format!("{folder} is no folder")));
        }
        let path = self.folder.join(config::NAME);
        let path = path.strip_prefix(".").unwrap_or(&path).to_owned();
        if path.exists() && !self.force {
            return Err(exists(&path));
        }
        let knowledge = Knowledge::new(&Given::folder(RulesFolder::default()))?;
        let input = [Input::from(self.folder.clone())];
        let loaded = load::load(&input, io::empty(), knowledge.words(), &Options::default());
        let doubts = loaded.errors.iter().map(|error| Fault {
            doubt: true,
            ..Fault::from(error)
        });
        for doubt in doubts {
            console.complain(&doubt);
        }
        let found = Found::new(&loaded.dataset, &self.folder);
        save(&path, &found.settings(), self.force)?;
        let says = format!(
            "{}: {} with tables, {} of copy; look it over, then run scrutineer check",
            path.display(),
            crate::report::counted(found.tables.len(), "file"),
            crate::report::counted(found.copy.len(), "file"),
        );
        console.show(|out| write!(out, "{says}"))?;
        Ok(Exit::Clean)
    }
}

fn exists(path: &Path) -> Stop {
    Stop::Advice {
        message: format!("{} is there already", path.display()),
        help: "--force writes over it".to_owned(),
    }
}

fn save(path: &Path, text: &str, force: bool) -> Result<(), Stop> {
    let failed = |source: io::Error| match source.kind() {
        ErrorKind::AlreadyExists => exists(path),
        _ => Stop::File {
            path: path.to_owned(),
            source,
        },
    };
    if force {
        return write_whole(path, |out| out.write_all(text.as_bytes())).map_err(failed);
    }
    let mut file = File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// What is in a folder.
#[derive(Debug, Default)]
struct Found {
    /// With the format that it was read as, if that is a published one.
    tables: Vec<(String, Option<String>)>,
    copy: Vec<String>,
}

impl Found {
    fn new(dataset: &Dataset, folder: &Path) -> Self {
        let mut found = Self::default();
        let own = |source: &Source| {
            let path = Path::new(source.file());
            let own = path.strip_prefix(folder).unwrap_or(path);
            own.display().to_string().replace('\\', "/")
        };
        for (id, source) in (0..).map(SourceId).zip(&dataset.sources) {
            let name = own(source);
            let has_table = dataset.tables.iter().any(|table| table.source == id);
            let has_copy = dataset.prose.iter().any(|prose| prose.source == id);
            if has_table {
                if found.tables.last().is_none_or(|(last, _)| *last != name) {
                    found.tables.push((name, format_of(dataset, source)));
                }
            } else if has_copy {
                found.copy.push(name);
            }
        }
        found
    }

    fn settings(&self) -> String {
        let mut text = format!("{HEAD}\n");
        text.push_str(&self.tables());
        if !self.copy.is_empty() {
            let items = short(self.copy.iter().map(|name| (name.as_str(), None)));
            text.extend([
                "\n# Copy: every claim in it is held against the tables.\n",
                &list("copy", &items),
            ]);
        }
        text + REST
    }

    fn tables(&self) -> String {
        let about = "# What is checked: files, folders, patterns such as \"results/*.csv\".\n";
        if self.tables.is_empty() {
            return format!("{about}# No table was found here.\ntables = []\n");
        }
        let named = self.tables.iter();
        let items = short(named.map(|(name, format)| (name.as_str(), format.as_deref())));
        format!("{about}{}", list("tables", &items))
    }
}

/// The published format that a file was read as: reading says it in a note.
fn format_of(dataset: &Dataset, source: &Source) -> Option<String> {
    let said = format!("{} was read as ", source.name());
    let format = dataset
        .notes
        .iter()
        .find_map(|note| note.strip_prefix(&said));
    format.map(ToOwned::to_owned)
}

/// Names, or their folders where there are many.
fn short<'a>(
    names: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> Vec<(&'a str, Option<&'a str>)> {
    let names: Vec<_> = names.collect();
    if names.len() <= LISTED {
        return names;
    }
    let folder = |name: &'a str| name.split_once('/').map_or(name, |(folder, _)| folder);
    let folders: BTreeSet<&str> = names.iter().map(|(name, _)| folder(name)).collect();
    folders.into_iter().map(|folder| (folder, None)).collect()
}

fn list(key: &str, items: &[(&str, Option<&str>)]) -> String {
    let mut text = format!("{key} = [\n");
    for (name, format) in items {
        let name = toml::Value::from(*name).to_string();
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let format = format.map(|f| f.chars().map(plain).collect::<String>());
        let format = format.map(|format| format!("  # {format}"));
        text.extend(["  ", &name, ",", &format.unwrap_or_default(), "\n"]);
    }
    text + "]\n"
}

const HEAD: &str = "\
# What `scrutineer check` goes by in this folder and those below it. Every key is
# called as its option is, and the command line goes before this file. Paths are
# seen from here. `scrutineer schema` prints what may stand here, for editors.
";

const REST: &str = r#"
# A second source: each figure that it has as well is held against it.
# against = ["official.csv"]

# Read in every run, also where the command line names what is checked.
# extra = ["last-election.csv"]

# What the tables are: a published format (`scrutineer formats` lists them), or a
# file that says which column holds what.
# as = "openelections"
# columns = "columns.toml"

# Further names of candidates, places and parties; rules of your own.
# aliases = "names.toml"
# rules = "my-rules"

# Which rules: an id, or the first words of several (`scrutineer rules`).
# only = ["copy"]
# skip = ["turnout"]

# Known findings, which do not fail: `scrutineer baseline write` makes the file.
# baseline = "scrutineer-baseline.json"

# What makes the exit status 1: "error", "warning" or "note".
fail-on = "error"

# Rules that were skipped, and all that could not be decided, fail too.
# strict = true

# [severity]             # error, warning, note or off
# turnout = "note"

# [max-failing]          # so many findings of a rule fail nothing
# shares = "2%"

# [tolerance]            # by how much a column may differ from a second source
# votes = 2

# [output]               # reports in files: a format, and where it goes
# html = "report.html"

# [[waiver]]             # a finding that is accepted for a reason
# rule = "votes"
# key = { contest = "Lake" }
# reason = "certified by the county as it is"
# link = "https://example.org/minutes"
# until = 2027-12-31
"#;
