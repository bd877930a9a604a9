//! The command line: joins the layers.

mod aside;
mod baseline;
mod changed;
mod check;
mod config;
mod diff;
mod explain;
mod formats;
mod init;
mod knowledge;
mod output;
mod progress;
mod rules;
mod schema;
mod shell;
mod verdict;
mod watch;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};
use miette::Diagnostic;

use crate::check::UnknownRule;
use crate::load::LoadError;
use crate::model::{Pack, PackError, Report};
use crate::report::{self, Fault, Style};

/// Checks election results, and the copy written about them.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colour.
    #[arg(long, global = true, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    color: ColorChoice,
    /// How many threads may work; as many as there are processors unless said.
    /// What is found and printed does not depend on it.
    #[arg(long, global = true, value_name = "NUMBER")]
    jobs: Option<NonZeroU16>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Baseline(baseline::Args),
    Check(Box<check::Args>),
    Diff(diff::Args),
    Explain(explain::Args),
    Formats(formats::Args),
    Init(init::Args),
    Rules(rules::Args),
    Schema(schema::Args),
    Watch(watch::Args),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// The folder of rules that a command goes by.
#[derive(Debug, Clone, Default, clap::Args)]
struct RulesFolder {
    /// A folder of rule files over the built-in ones.
    #[arg(long = "rules", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl RulesFolder {
    fn pack(&self) -> Result<Pack, PackError> {
        match &self.folder {
            Some(folder) => Pack::with_folder(folder),
            None => Ok(Pack::embedded()),
        }
    }
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Nothing found that is bad enough.
    Clean,
    Found,
    /// The job could not be done.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Found => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

/// What stops a run.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Rules(#[from] PackError),
    #[error("{0}; the command `rules` lists them")]
    Rule(#[from] UnknownRule),
    #[error("{0}")]
    Place(String),
    #[error("there is no baseline {}", .0.display())]
    NoBaseline(PathBuf),
    /// With what to do.
    #[error("{message}")]
    Advice { message: String, help: String },
    #[error("no command is called {0}; the command `help` lists them")]
    Command(String),
    #[error("{id} is no known format; the command `formats` lists them")]
    Format { id: String, nearest: Option<String> },
    #[error("no rules are in {0}")]
    NoRules(String),
    #[error("cannot write the report: {0}")]
    Output(#[from] io::Error),
    #[error("cannot write the report to {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the tables cannot be brought into one shape: {0}")]
    Tables(#[from] polars::prelude::PolarsError),
}

/// What to do where there is no list of known findings.
const NO_BASELINE: &str = "scrutineer baseline write makes one of what is found now";

impl From<&Stop> for Fault {
    fn from(stop: &Stop) -> Self {
        let near = |near: &String| format!("did you mean {near}?");
        match stop {
            Stop::Rules(error) => error.into(),
            Stop::Rule(unknown) => Self {
                message: stop.to_string(),
                help: unknown.nearest.as_ref().map(near),
                ..Self::default()
            },
            Stop::Format { nearest, .. } => Self {
                message: stop.to_string(),
                help: nearest.as_ref().map(near),
                ..Self::default()
            },
            Stop::NoBaseline(_) => Self {
                message: stop.to_string(),
                help: Some(NO_BASELINE.to_owned()),
                ..Self::default()
            },
            Stop::Advice { help, .. } => Self {
                message: stop.to_string(),
                help: Some(help.clone()),
                ..Self::default()
            },
            Stop::Command(_)
            | Stop::Place(_)
            | Stop::Output(_)
            | Stop::File { .. }
            | Stop::Tables(_)
            | Stop::NoRules(_) => Self {
                message: stop.to_string(),
                ..Self::default()
            },
        }
    }
}

impl From<&PackError> for Fault {
    fn from(error: &PackError) -> Self {
        let (help, at) = match error {
            PackError::Invalid {
                source_file,
                span,
                help,
                ..
            } => {
                let at = span.clone().map(|span| ((**source_file).clone(), span));
                (help.clone(), at)
            }
            PackError::Unreadable { .. } => (None, None),
        };
        Self {
            message: error.to_string(),
            help,
            at,
            ..Self::default()
        }
    }
}

impl From<&LoadError> for Fault {
    /// An input that could not be read, with what to do.
    fn from(error: &LoadError) -> Self {
        Self {
            message: error.to_string(),
            help: error.help().map(|help| help.to_string()),
            ..Self::default()
        }
    }
}

/// What to say where a second source was named and nothing of it was compared.
fn hindrance(report: &Report) -> Option<Fault> {
    let why = report.differences.hindrance.as_ref()?;
    Some(Fault {
        message: format!("nothing was compared with the other source: {why}"),
        help: Some(
            "name columns and contests alike in both, or say with --columns what columns hold"
                .to_owned(),
        ),
        ..Fault::default()
    })
}

/// Where a command writes, and in what style.
struct Console<'a> {
    out: &'a mut dyn Write,
    out_style: Style,
    err: &'a mut dyn Write,
    err_style: Style,
    /// Is somebody watching who wants to know how far the work is?
    watched: bool,
}

impl Console<'_> {
    /// Writes what it is given; a reader that goes away (`| head`) has had what
    /// it wanted.
    fn print(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match write(self.out).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Writes lines of which some are of the input, so that none commands the
    /// terminal.
    fn show(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut text = Vec::new();
        write(&mut text)?;
        let text = report::shown(&String::from_utf8_lossy(&text));
        self.print(|out| writeln!(out, "{text}"))
    }

    /// Says why the job could not be done. Where standard error is gone too,
    /// the exit status is all there is.
    fn complain(&mut self, fault: &Fault) {
        let _ = report::write_fault(fault, self.err_style, &mut self.err);
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let printed = error.print();
            let failed = error.use_stderr() || printed.is_err();
            return if failed { Exit::Failed } else { Exit::Clean }.into();
        }
    };
    let (stdout, stderr) = (io::stdout(), io::stderr());
    let mut console = Console {
        out_style: style(cli.color, &stdout),
        err_style: style(cli.color, &stderr),
        out: &mut BufWriter::new(stdout.lock()),
        // Not locked: the progress is told from a thread of its own.
        err: &mut io::stderr(),
        watched: stderr.is_terminal(),
    };
    let done = with_jobs(cli.jobs, || match &cli.command {
        Command::Baseline(args) => args.run(&mut console),
        Command::Check(args) => args.run(&mut console),
        Command::Diff(args) => args.run(&mut console),
        Command::Explain(args) => args.run(&mut console),
        Command::Formats(args) => args.run(&mut console),
        Command::Init(args) => args.run(&mut console),
        Command::Rules(args) => args.run(&mut console),
        Command::Schema(args) => args.run(&mut console),
        Command::Watch(args) => args.run(&mut console),
        Command::Completions(args) => args.run(&mut console),
        Command::Man(args) => args.run(&mut console),
    });
    done.unwrap_or_else(|stop| {
        console.complain(&Fault::from(&stop));
        Exit::Failed
    })
    .into()
}

/// Does a job with so many threads. The pools of threads ask the environment,
/// and nothing else, when they are first used: this is before.
fn with_jobs<T>(jobs: Option<NonZeroU16>, job: impl FnOnce() -> T) -> T {
    let Some(jobs) = jobs else { return job() };
    let jobs = Some(jobs.to_string());
    let pools = ["POLARS_MAX_THREADS", "RAYON_NUM_THREADS"];
    temp_env::with_vars(pools.map(|pool| (pool, jobs.as_deref())), job)
}

/// The style of a stream: as wide as its terminal, 80 columns where it is
/// none.
fn style(color: ColorChoice, stream: &impl IsTerminal) -> Style {
    let terminal = stream.is_terminal();
    let width = terminal_size::terminal_size().filter(|_| terminal);
    let wanted = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style {
        color: match color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !dumb && !wanted("NO_COLOR"),
        },
        width: width.map_or(80, |(width, _)| usize::from(width.0).clamp(40, 120)),
        quiet: false,
        skipped: false,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn every_command_can_be_asked_for() {
        super::Cli::command().debug_assert();
    }
}
