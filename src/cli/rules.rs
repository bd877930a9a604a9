//! `scrutineer rules`: what is checked, a line each.

use super::{Console, Exit, RulesFolder, Stop};
use crate::check::Rules;

/// List the rules: id, severity, title.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    rules: RulesFolder,
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let rules = Rules::from_pack(&self.rules.pack()?)?;
        let width = rules
            .iter()
            .map(|r| r.id.chars().count())
            .max()
            .unwrap_or(0);
        console.print(|out| {
            rules.iter().try_for_each(|rule| {
                let severity = rule.severity.name();
                writeln!(out, "{:width$}  {severity:7}  {}", rule.id, rule.title)
            })
        })?;
        Ok(Exit::Clean)
    }
}
