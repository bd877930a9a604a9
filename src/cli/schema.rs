//! `scrutineer schema`: what may stand in scrutineer.toml, for editors.

use super::{Console, Exit, Stop, config};

/// Print the JSON Schema of scrutineer.toml, by which editors complete and
/// check it.
#[derive(Debug, clap::Args)]
pub struct Args {}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let Self {} = self;
        let schema = config::schema();
        console.print(|out| {
            serde_json::to_writer_pretty(&mut *out, schema.as_value())?;
            writeln!(out)
        })?;
        Ok(Exit::Clean)
    }
}
