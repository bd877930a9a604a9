//! `scrutineer completions` and `scrutineer man`: what shells and `man` want to
//! know, from the same definition that the command line is read by.

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man as Page;

use super::{Cli, Console, Exit, Stop};

/// Print a script that completes command lines in a shell.
///
/// For bash, say: scrutineer completions bash >
/// ~/.local/share/bash-completion/completions/scrutineer
#[derive(Debug, clap::Args)]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "scrutineer", &mut script);
        console.print(|out| out.write_all(&script))?;
        Ok(Exit::Clean)
    }
}

/// Print the manual page: of all, or of a command.
///
/// To read it: scrutineer man | man -l -
#[derive(Debug, clap::Args)]
pub struct Man {
    command: Option<String>,
}

impl Man {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let mut command = Cli::command();
        // Names the commands in full, and hands down what is for all of them.
        command.build();
        if let Some(name) = &self.command {
            let unknown = || Stop::Command(name.clone());
            command = command.find_subcommand(name).ok_or_else(unknown)?.clone();
        }
        let mut page = Vec::new();
        Page::new(command).render(&mut page)?;
        console.print(|out| out.write_all(&page))?;
        Ok(Exit::Clean)
    }
}
