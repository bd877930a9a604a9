//! `scrutineer check`: load, check, read the copy, report.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

use super::{Console, Exit, RulesFolder, Stop};
use crate::check::{self, Rules, Subject};
use crate::copy::{self, Language};
use crate::load::{self, LoadError, Options, Words};
use crate::model::{
    Dataset, Facts, Layout, Pack, PackError, Parties, Relations, Report, Severity, Standings,
};
use crate::report::{self, Fault, Format, Style};

/// Check tables and copy against the rules and each other.
///
/// Exit status: 0 nothing found at or above --fail-on, 1 something found,
/// 2 the job could not be done.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, folders, or - for standard input: tables and copy in any mix.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The least severity that makes the exit status 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Findings only, without the summary.
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    rules: RulesFolder,
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
        let knowledge = Knowledge::new(&self.rules.pack()?)?;
        let loaded = load::load(
            &self.paths,
            io::stdin(),
            knowledge.words(),
            &Options::default(),
        );
        for error in &loaded.errors {
            console.complain(&fault(error));
        }
        if loaded.dataset.sources.is_empty() {
            return Ok(Exit::Failed);
        }
        let report = examine(loaded.dataset, &knowledge)?;
        self.write(&report, console)?;
        Ok(self.exit(&report, &loaded.errors))
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

/// An input that could not be read, with what to do.
fn fault(error: &LoadError) -> Fault {
    Fault {
        message: error.to_string(),
        help: error.help().map(|help| help.to_string()),
        at: None,
    }
}

/// What a run knows: everything in `rules/`.
struct Knowledge {
    layout: Layout,
    parties: Parties,
    language: Language,
    rules: Rules,
}

impl Knowledge {
    fn new(pack: &Pack) -> Result<Self, PackError> {
        Ok(Self {
            layout: Layout::from_pack(pack)?,
            parties: Parties::from_pack(pack)?,
            language: Language::from_pack(pack)?,
            rules: Rules::from_pack(pack)?,
        })
    }

    fn words(&self) -> Words<'_> {
        Words {
            layout: &self.layout,
            parties: &self.parties,
        }
    }
}

/// Checks the tables, reads the copy against them, and brings both together.
fn examine(dataset: Dataset, knowledge: &Knowledge) -> Result<Report, Stop> {
    let relations = Relations::new(&dataset, &knowledge.layout);
    let standings = Standings::new(&relations, &knowledge.parties);
    let facts = Facts::new(&standings, &knowledge.parties);
    let subject = Subject::new(&dataset, &relations, &facts, &knowledge.layout)?;
    let tables = check::run(&knowledge.rules, &subject);
    let reading = copy::read(&dataset, &facts, &knowledge.language);
    let copy = check::claims(&knowledge.rules, &reading.claims);
    Ok(Report {
        findings: [tables.findings, copy.findings].concat(),
        rules: [tables.outcomes, copy.outcomes].concat(),
        claims: reading.claims,
        not_claims: reading.not_claims,
        dataset,
    })
}
