//! `scrutineer baseline`: findings that are known, written, compared, and
//! pruned.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::check::{Asked, Examined, Settled};
use super::output::write_whole;
use super::{Console, Exit, Stop, aside};
use crate::model::{Baseline, Report, Root};
use crate::report::{self, Format};

/// The file, where none is named.
const FILE: &str = "scrutineer-baseline.json";

/// Keep a list of known findings, so that only new ones fail.
///
/// The list is --baseline FILE, or that of scrutineer.toml, or
/// scrutineer-baseline.json. It says what each finding is about (rule, file,
/// column, key) and how large its difference was, and no line: it holds when
/// rows come in or change places. A difference that grows is new.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write all that is found now into the list. What it knows of files that
    /// are not read now stays.
    Write(Asked),
    /// Say what is new, and which entries were not found any more: exit status
    /// 1 where there are any.
    Check(Asked),
    /// Take out the entries that were not found any more, and add none.
    Prune(Asked),
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let (Command::Write(asked) | Command::Check(asked) | Command::Prune(asked)) = &self.command;
        let settled = asked.settled()?;
        let file = settled.asked.baseline.clone();
        let file = file.unwrap_or_else(|| {
            let base = settled.config.as_ref().map(|config| config.path(FILE));
            base.unwrap_or_else(|| PathBuf::from(FILE))
        });
        match &self.command {
            Command::Write(_) => write(&settled, &file, console),
            Command::Check(_) => check(&settled, &file, console),
            Command::Prune(_) => prune(&settled, &file, console),
        }
    }
}

/// A list of what was found in half of the input would lose the other half.
fn examined(settled: &Settled, console: &mut Console<'_>) -> Result<Option<Examined>, Stop> {
    let examined = settled.examine(console)?;
    Ok(examined.filter(|examined| examined.whole))
}

fn write(settled: &Settled, file: &Path, console: &mut Console<'_>) -> Result<Exit, Stop> {
    let Some(Examined { report, .. }) = examined(settled, console)? else {
        return Ok(Exit::Failed);
    };
    let folder = Root::of_file(file);
    let mut baseline = Baseline::of(&report, &folder);
    refuse_input(file, &report)?;
    if file.exists() {
        baseline.take_over(Baseline::open_earlier(file)?, &report, &folder);
    }
    save(&baseline, file, &report)?;
    let known = report::counted(baseline.len(), "finding");
    console.show(|out| write!(out, "{}: {known} known", file.display()))?;
    if settled.asked.baseline.is_none() {
        let name = file.display();
        console.show(|out| write!(out, "now: scrutineer check --baseline {name}"))?;
        console.show(|out| write!(out, "or, in scrutineer.toml: baseline = \"{FILE}\""))?;
    }
    Ok(Exit::Clean)
}

fn check(settled: &Settled, file: &Path, console: &mut Console<'_>) -> Result<Exit, Stop> {
    let baseline = aside::open(file)?;
    let Some(Examined { mut report, .. }) = examined(settled, console)? else {
        return Ok(Exit::Failed);
    };
    let compared = aside::known(&mut report, &baseline, file);
    aside::tell_stale(&baseline, &compared.stale, file, console);
    let style = console.out_style;
    let quiet = report::Style {
        quiet: true,
        ..style
    };
    console.print(|mut out| report::write(&report, Format::Text, quiet, &mut out))?;
    let (new, larger, gone) = (
        report.findings.len(),
        compared.grown.len(),
        compared.stale.len(),
    );
    let known = baseline.len();
    console.show(|out| {
        write!(
            out,
            "known: {known}, new: {new} (grown: {larger}), not found any more: {gone}"
        )
    })?;
    Ok(if new + gone == 0 {
        Exit::Clean
    } else {
        Exit::Found
    })
}

fn prune(settled: &Settled, file: &Path, console: &mut Console<'_>) -> Result<Exit, Stop> {
    let mut baseline = aside::open(file)?;
    let Some(Examined { report, .. }) = examined(settled, console)? else {
        return Ok(Exit::Failed);
    };
    let stale = baseline.compare(&report, &Root::of_file(file)).stale;
    baseline.remove(&stale);
    if !stale.is_empty() {
        save(&baseline, file, &report)?;
    }
    let (out, left) = (stale.len(), baseline.len());
    console.show(|to| write!(to, "{}: {out} taken out, {left} left", file.display()))?;
    Ok(Exit::Clean)
}

fn save(baseline: &Baseline, file: &Path, report: &Report) -> Result<(), Stop> {
    refuse_input(file, report)?;
    let text = baseline.to_text();
    let written = write_whole(file, |out| out.write_all(text.as_bytes()));
    written.map_err(|source| failed(file, source))
}

fn failed(file: &Path, source: std::io::Error) -> Stop {
    Stop::File {
        path: file.to_owned(),
        source,
    }
}

fn refuse_input(file: &Path, report: &Report) -> Result<(), Stop> {
    let same = |name: &str| std::fs::canonicalize(name).ok() == std::fs::canonicalize(file).ok();
    let is_input = file.exists() && report.dataset.sources.iter().any(|s| same(s.file()));
    if is_input {
        return Err(failed(file, std::io::Error::other("it is an input")));
    }
    Ok(())
}
