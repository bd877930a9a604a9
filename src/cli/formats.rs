//! `scrutineer formats`: the published formats that are recognised, a line each.

use super::{Console, Exit, RulesFolder, Stop};
use crate::model::Layout;

/// List the published formats that are recognised (id, title).
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    rules: RulesFolder,
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let layout = Layout::from_pack(&self.rules.pack()?)?;
        let formats = || layout.formats.iter();
        let width = formats().map(|f| f.id.chars().count()).max().unwrap_or(0);
        console.print(|out| {
            formats().try_for_each(|f| writeln!(out, "{:width$}  {}", f.id, f.title))
        })?;
        Ok(Exit::Clean)
    }
}
