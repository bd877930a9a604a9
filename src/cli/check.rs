//! `scrutineer check`: load, check, read the copy, report.

use std::io;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, TypedValueParser};
use num_traits::Signed;

use super::knowledge::{Given, Knowledge, MAX_FINDINGS};
use super::output::Outputs;
use super::progress::Progress;
use super::{Console, Exit, Stop};
use crate::load::{self, Input, LoadError, Loaded, Options};
use crate::model::{Dataset, Exact, Number, Report, Severity, fold};
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
    #[arg(long, value_parser = printable(), default_value = "text")]
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
    /// Give rules another severity, or leave them out: RULE=error, warning, note
    /// or off.
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',')]
    severity: Vec<Weight>,
    /// Findings only, without the summary.
    #[arg(long, short)]
    quiet: bool,
    /// More findings are counted, not kept; the worst are.
    #[arg(long, value_name = "NUMBER", default_value_t = MAX_FINDINGS)]
    max_findings: usize,
    #[command(flatten)]
    given: Given,
    /// By how much the figures of a column may differ from a second source.
    #[arg(long, value_name = "COLUMN=NUMBER", requires = "against", value_delimiter = ',', value_parser = tolerance)]
    tolerance: Vec<(String, Exact)>,
}

/// The formats that are printed.
fn printable() -> impl TypedValueParser<Value = Format> {
    EnumValueParser::<Format>::new().try_map(|format| match format {
        Format::Parquet => Err("it is for files: --output parquet=FILE"),
        format => Ok(format),
    })
}

/// What the progress says of the longest part of a run.
fn checking(dataset: &Dataset) -> String {
    let (files, rows) = (dataset.files(), dataset.rows());
    format!("checking {rows} rows of {files} files")
}

/// "votes=2": a heading, and by how much its figures may differ.
fn tolerance(text: &str) -> Result<(String, Exact), String> {
    let parts = text.split_once('=');
    let (heading, number) = parts.ok_or("write a column and a number: votes=2")?;
    let number = Number::parse(number).ok_or("the tolerance is no number")?;
    if number.value.is_negative() {
        return Err("a tolerance is 0 or more".to_owned());
    }
    Ok((fold(heading), number.value))
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
    /// A second source: each figure that it has as well is held against it.
    /// Several go in order of authority.
    #[arg(long, value_name = "PATH")]
    against: Vec<PathBuf>,
}

impl Inputs {
    /// Copy by word of the user goes first, so that a path named both ways is
    /// taken as said.
    fn list(&self) -> Vec<Input> {
        let copy = self.copy.iter().cloned();
        let copy = copy.map(|path| Input {
            copy: true,
            ..Input::from(path)
        });
        let paths = self.paths.iter().cloned().map(Input::from);
        let against = self.against.iter().cloned();
        let against = against.map(|path| Input {
            reference: true,
            ..Input::from(path)
        });
        copy.chain(paths).chain(against).collect()
    }

    /// Its arguments as they stand.
    pub fn names(&self) -> Vec<String> {
        let paths = self.paths.iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    /// Reads them, and says what could not be read.
    pub fn load(&self, knowledge: &Knowledge, console: &mut Console<'_>) -> Loaded {
        let options = Options::default();
        let progress = Progress::new(console, "reading");
        let loaded = load::load_telling(
            &self.list(),
            io::stdin(),
            knowledge.words(),
            &options,
            &mut |name| progress.tell(&format!("reading {name}")),
        );
        drop(progress);
        for error in &loaded.errors {
            console.complain(&error.into());
        }
        loaded
    }
}

/// How heavy some rules are to be.
#[derive(Debug, Clone)]
struct Weight {
    rule: String,
    severity: Option<Severity>,
}

impl std::str::FromStr for Weight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rule, level) = text.split_once('=').unwrap_or((text, ""));
        let severity = match level {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "note" => Some(Severity::Note),
            "off" => None,
            _ => return Err("say RULE=error, RULE=warning, RULE=note or RULE=off".to_owned()),
        };
        let rule = rule.to_owned();
        Ok(Self { rule, severity })
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
        console.watched &= !self.quiet;
        let mut knowledge = Knowledge::new(&self.given)?;
        for weight in &self.severity {
            knowledge.rules.weigh(&weight.rule, weight.severity)?;
        }
        knowledge.rules.choose(&self.only, &self.skip)?;
        knowledge.tolerances = self.tolerance.iter().cloned().collect();
        knowledge.max_findings = self.max_findings;
        let loaded = self.inputs.load(&knowledge, console);
        if loaded.dataset.sources.is_empty() {
            return Ok(Exit::Failed);
        }
        let progress = Progress::new(console, &checking(&loaded.dataset));
        let examined = knowledge.examine(loaded.dataset);
        drop(progress);
        let mut report = examined?;
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
