//! `scrutineer check`: load, check, read the copy, report.

use std::io;
use std::path::PathBuf;

use super::knowledge::{Given, Knowledge};
use super::output::Outputs;
use super::{Console, Exit, Stop};
use crate::load::{self, Input, LoadError, Loaded, Options};
use crate::model::{Report, Severity};
use crate::report::{self, Format, Style};

/// Check tables and copy against the rules and each other.
///
/// Exit status: 0 nothing found at or above --fail-on, 1 something found,
/// 2 the job could not be done.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    inputs: Inputs,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    outputs: Outputs,
    /// The least severity that makes the exit status 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Only these rules: an id, or the first words of several (copy).
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    only: Vec<String>,
    /// All rules but these.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    skip: Vec<String>,
    /// Findings only, without the summary.
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    given: Given,
}

/// What a command reads.
#[derive(Debug, clap::Args)]
pub struct Inputs {
    /// Files, folders, or - for standard input: tables and copy in any mix.
    #[arg(required_unless_present = "copy", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A file, or -, that is copy even where it looks like a table.
    #[arg(long, value_name = "FILE")]
    copy: Vec<PathBuf>,
}

impl Inputs {
    /// Copy by word of the user goes first, so that a path named both ways is
    /// taken as said.
    fn list(&self) -> Vec<Input> {
        let copy = self.copy.iter().cloned();
        let copy = copy.map(|path| Input { path, copy: true });
        let paths = self.paths.iter().cloned().map(Input::from);
        copy.chain(paths).collect()
    }

    /// Its arguments as they stand.
    pub fn names(&self) -> Vec<String> {
        let paths = self.paths.iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    /// Reads them, and says what could not be read.
    pub fn load(&self, knowledge: &Knowledge, console: &mut Console<'_>) -> Loaded {
        let options = Options::default();
        let loaded = load::load(&self.list(), io::stdin(), knowledge.words(), &options);
        for error in &loaded.errors {
            console.complain(&error.into());
        }
        loaded
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
        }
    }
}

impl Args {
    /// Load, check, read the copy, report.
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let mut knowledge = Knowledge::new(&self.given)?;
        knowledge.rules.choose(&self.only, &self.skip)?;
        let loaded = self.inputs.load(&knowledge, console);
        if loaded.dataset.sources.is_empty() {
            return Ok(Exit::Failed);
        }
        let mut report = knowledge.examine(loaded.dataset)?;
        let unread = loaded.errors.iter().map(ToString::to_string);
        report.unread.extend(unread);
        self.write(&report, console)?;
        let stops = self.outputs.write(&report, self.format);
        for stop in &stops {
            console.complain(&stop.into());
        }
        if stops.is_empty() {
            Ok(self.exit(&report, &loaded.errors))
        } else {
            Ok(Exit::Failed)
        }
    }

    fn write(&self, report: &Report, console: &mut Console<'_>) -> io::Result<()> {
        let style = Style {
            quiet: self.quiet,
            ..console.out_style
        };
        console.print(|mut out| report::write(report, self.format, style, &mut out))
    }

    fn exit(&self, report: &Report, errors: &[LoadError]) -> Exit {
        if !errors.is_empty() {
            Exit::Failed
        } else if report.worst() >= Some(self.fail_on.into()) {
            Exit::Found
        } else {
            Exit::Clean
        }
    }
}
