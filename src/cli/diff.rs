//! `scrutineer diff`: what changed between two versions of a dataset.

use std::io;
use std::path::PathBuf;

use super::config::Choice;
use super::knowledge::{Given, Knowledge};
use super::{Console, Exit, Stop};
use crate::load::{self, Input, Options};
use crate::report::{self, Fault};

/// List the figures that changed between two versions of a dataset, with what
/// that does to winners and majorities.
///
/// Exit status: 0 nothing changed, 1 something did, 2 the job could not be done.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The version before: a file or a folder.
    old: PathBuf,
    /// The version after.
    new: PathBuf,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    choice: Choice,
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let mut given = self.given.clone();
        let config = self.choice.open(Some(&self.old))?;
        if let Some(config) = &config {
            given.or(config)?;
        }
        let mut knowledge = Knowledge::new(&given)?;
        if let Some(config) = &config {
            config.weigh(&mut knowledge.rules)?;
        }
        let old = Input::from(self.old.clone());
        let new = Input {
            reference: true,
            ..Input::from(self.new.clone())
        };
        let both = load::load(
            &[old, new],
            io::empty(),
            knowledge.words(),
            &Options::default(),
        );
        for error in &both.errors {
            console.complain(&Fault::from(error));
        }
        if !both.errors.is_empty() {
            return Ok(Exit::Failed);
        }
        let alone = [Input::from(self.new.clone())];
        let alone = load::load(&alone, io::empty(), knowledge.words(), &Options::default());
        let outcomes = [
            knowledge.outcomes(&both.dataset),
            knowledge.outcomes(&alone.dataset),
        ];
        let report = knowledge.examine(both.dataset)?;
        let [before, after] = &outcomes;
        if let Some(fault) = super::hindrance(&report) {
            console.complain(&fault);
            return Ok(Exit::Failed);
        }
        console.print(|mut out| report::write_changes(&report, [before, after], &mut out))?;
        let found = &report.differences;
        let changed = !(found.figures.is_empty()
            && found.only_here.is_empty()
            && found.only_there.is_empty());
        Ok(if changed { Exit::Found } else { Exit::Clean })
    }
}
