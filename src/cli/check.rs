//! `scrutineer check`: load, check, read the copy, report.

use std::io::Write;
use std::path::PathBuf;

use miette::Diagnostic;

use super::{Exit, RulesFolder, Stop, unless_gone};
use crate::check::{self, Rules, Subject};
use crate::copy::{self, Language};
use crate::load::{self, LoadError, Loaded};
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
    pub fn run(
        &self,
        style: Style,
        out: &mut impl Write,
        err: &mut impl Write,
    ) -> Result<Exit, Stop> {
        let knowledge = Knowledge::new(&self.rules.pack()?)?;
        let loaded = self.load(&knowledge);
        for error in &loaded.errors {
            // Where standard error is gone, the exit code is all there is.
            let _ = report::write_fault(&fault(error), style, err);
        }
        if loaded.dataset.sources.is_empty() {
            return Ok(Exit::Failed);
        }
        let failed = !loaded.errors.is_empty();
        let report = examine(loaded.dataset, &knowledge)?;
        let style = Style {
            quiet: self.quiet,
            ..style
        };
        unless_gone(report::write(&report, self.format, style, out))?;
        let found = report
            .worst()
            .is_some_and(|worst| worst >= self.fail_on.into());
        Ok(match (failed, found) {
            (true, _) => Exit::Failed,
            (false, true) => Exit::Found,
            (false, false) => Exit::Clean,
        })
    }

    fn load(&self, knowledge: &Knowledge) -> Loaded {
        let words = load::Words {
            layout: &knowledge.layout,
            parties: &knowledge.parties,
        };
        load::load(
            &self.paths,
            std::io::stdin(),
            words,
            &load::Options::default(),
        )
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
