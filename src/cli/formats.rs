//! `scrutineer formats`: the published formats that are recognised, a line each.

use super::config::Choice;
use super::knowledge::Given;
use super::{Console, Exit, RulesFolder, Stop};

/// List the published formats that are recognised (id, title).
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    rules: RulesFolder,
    #[command(flatten)]
    choice: Choice,
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let mut given = Given::folder(self.rules.clone());
        if let Some(config) = self.choice.open(None)? {
            given.or(&config)?;
        }
        let layout = given.known_layout(&given.rules.pack()?)?;
        let formats = || layout.formats.iter();
        let width = formats().map(|f| f.id.chars().count()).max().unwrap_or(0);
        console.print(|out| {
            formats().try_for_each(|f| writeln!(out, "{:width$}  {}", f.id, f.title))
        })?;
        Ok(Exit::Clean)
    }
}
