//! The command line: joins the layers.

mod check;
mod rules;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};

use crate::model::{Pack, PackError};
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
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Rules(rules::Args),
}

/// The folder of rules that a command goes by.
#[derive(Debug, clap::Args)]
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
    #[error("cannot write the report: {0}")]
    Output(#[from] io::Error),
    #[error("the tables cannot be brought into one shape: {0}")]
    Tables(#[from] polars::prelude::PolarsError),
}

impl Stop {
    fn fault(&self) -> Fault {
        match self {
            Self::Rules(PackError::Invalid {
                source_file,
                message,
                span,
            }) => Fault {
                message: format!("a rule file has a mistake: {message}"),
                help: None,
                at: span
                    .clone()
                    .map(|span| (source_file.as_ref().clone(), span)),
            },
            Self::Rules(PackError::Unreadable { .. }) | Self::Output(_) | Self::Tables(_) => {
                Fault {
                    message: self.to_string(),
                    ..Fault::default()
                }
            }
        }
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
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut stderr = io::stderr().lock();
    cli.run(&mut stdout, &mut stderr).into()
}

impl Cli {
    fn run(&self, out: &mut impl Write, err: &mut impl Write) -> Exit {
        let told = style(self.color, &io::stderr());
        let done = match &self.command {
            Command::Check(args) => args.run(style(self.color, &io::stdout()), out, err),
            Command::Rules(args) => args.run(out),
        };
        match done {
            Ok(exit) => exit,
            Err(stop) => {
                // Where standard error is gone too, the exit code is all.
                let _ = report::write_fault(&stop.fault(), told, err);
                Exit::Failed
            }
        }
    }
}

/// A reader that goes away (`| head`) has what it wants.
fn unless_gone(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
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
    }
}
