//! `scrutineer rules`: what is checked, a line each.

use std::fmt::Write as _;
use std::io::Write;

use super::{Exit, RulesFolder, Stop, unless_gone};
use crate::check::Rules;

/// List the rules: id, severity, title.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    rules: RulesFolder,
}

impl Args {
    pub fn run(&self, out: &mut impl Write) -> Result<Exit, Stop> {
        let rules = Rules::from_pack(&self.rules.pack()?)?;
        let width = rules
            .iter()
            .map(|r| r.id.chars().count())
            .max()
            .unwrap_or(0);
        let mut list = String::new();
        for rule in rules.iter() {
            let severity = rule.severity.name();
            let _ = writeln!(list, "{:width$}  {severity:7}  {}", rule.id, rule.title);
        }
        unless_gone(out.write_all(list.as_bytes()).and_then(|()| out.flush()))?;
        Ok(Exit::Clean)
    }
}
