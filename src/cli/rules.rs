//! `scrutineer rules`: what is checked, a line each; and whether rules of one's
//! own are well written, and do as they should.

use std::path::PathBuf;

use clap::Subcommand;

use super::config::Choice;
use super::knowledge::{Given, Knowledge};
use super::{Console, Exit, RulesFolder, Stop};
use crate::check::{Example, Rule, Rules};
use crate::model::{Outcome, Pack, RuleOutcome};
use crate::report::{self, Fault};

/// List the rules (id, severity, title, what they need); lint or test your own.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    rules: RulesFolder,
    #[command(flatten)]
    choice: Choice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong in a folder of rules: exit status 1 where anything is.
    Lint(Folder),
    /// Run each rule of a folder on its own examples: exit status 1 where one
    /// does not do as it should.
    Test(Folder),
}

#[derive(Debug, clap::Args)]
struct Folder {
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        match &self.command {
            None => self.list(console),
            Some(Command::Lint(Folder { folder })) => lint(folder, console),
            Some(Command::Test(Folder { folder })) => test(folder, console),
        }
    }

    /// The rules that a run by the same settings goes by, as heavy as they are
    /// there.
    fn chosen(&self) -> Result<Rules, Stop> {
        let mut given = Given::folder(self.rules.clone());
        let Some(config) = self.choice.open(None)? else {
            return Ok(Rules::from_pack(&given.rules.pack()?)?);
        };
        given.or(&config)?;
        let mut rules = Rules::from_pack(&given.rules.pack()?)?;
        config.weigh(&mut rules)?;
        Ok(rules)
    }

    fn list(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let rules = self.chosen()?;
        let width = rules
            .iter()
            .map(|r| r.id.chars().count())
            .max()
            .unwrap_or(0);
        console.print(|out| {
            rules.iter().try_for_each(|rule| {
                let (severity, title) = (rule.severity.name(), &rule.title);
                let needs = rule.needs.as_ref();
                let needs = needs.map_or_else(String::new, |needs| format!(" (needs {needs})"));
                writeln!(out, "{:width$}  {severity:7}  {title}{needs}", rule.id)
            })
        })?;
        Ok(Exit::Clean)
    }
}

fn lint(folder: &std::path::Path, console: &mut Console<'_>) -> Result<Exit, Stop> {
    let linted = Rules::lint(&Pack::with_folder(folder)?)?;
    if linted.rules == 0 && linted.mistakes.is_empty() {
        return Err(Stop::NoRules(folder.display().to_string()));
    }
    let style = console.out_style;
    let doubt = |fault: Fault| Fault {
        doubt: true,
        ..fault
    };
    let mistakes = linted.mistakes.iter().map(Fault::from);
    let doubts = linted.doubts.iter().map(|error| doubt(error.into()));
    let faults: Vec<Fault> = mistakes.chain(doubts).collect();
    console.print(|mut out| {
        for fault in &faults {
            report::write_fault(fault, style, &mut out)?;
            writeln!(out)?;
        }
        let (rules, mistakes) = (linted.rules, linted.mistakes.len());
        let doubts = linted.doubts.len();
        writeln!(
            out,
            "rules: {rules}, mistakes: {mistakes}, doubts: {doubts}"
        )
    })?;
    Ok(if linted.mistakes.is_empty() {
        Exit::Clean
    } else {
        Exit::Found
    })
}

/// What became of a rule on an example, in words.
struct Tried {
    as_it_should: bool,
    says: Vec<String>,
}

fn test(folder: &std::path::Path, console: &mut Console<'_>) -> Result<Exit, Stop> {
    let knowledge = Knowledge::new(&Given::folder(RulesFolder {
        folder: Some(folder.to_owned()),
    }))?;
    let own: Vec<&Rule> = knowledge.rules.iter().filter(|rule| rule.own).collect();
    if own.is_empty() {
        return Err(Stop::NoRules(folder.display().to_string()));
    }
    let mut wrong = 0;
    for rule in &own {
        let pass = try_on(&knowledge, rule, &rule.pass, Outcome::Passed)?;
        let fail = try_on(&knowledge, rule, &rule.fail, Outcome::Failed)?;
        wrong += usize::from(!(pass.as_it_should && fail.as_it_should));
        console.print(|out| {
            writeln!(out, "{}", rule.id)?;
            for (name, tried) in [("pass", pass), ("fail", fail)] {
                let mark = if tried.as_it_should { "ok" } else { "WRONG" };
                writeln!(out, "  {name}: {mark}")?;
                for line in tried.says {
                    writeln!(out, "    {}", report::shown(&line))?;
                }
            }
            Ok(())
        })?;
    }
    console.print(|out| writeln!(out, "rules: {}, wrong: {wrong}", own.len()))?;
    Ok(if wrong == 0 { Exit::Clean } else { Exit::Found })
}

fn try_on(
    knowledge: &Knowledge,
    rule: &Rule,
    example: &Example,
    should: Outcome,
) -> Result<Tried, Stop> {
    let report = knowledge.examine_example(example)?;
    let own = report.rules.iter().find(|outcome| outcome.rule == rule.id);
    let outcome = own.map_or(Outcome::Skipped, RuleOutcome::outcome);
    let findings = report.findings.iter().filter(|f| f.rule == rule.id);
    let mut says: Vec<String> = findings.map(|finding| finding.message.clone()).collect();
    if outcome != should {
        let reason = own.and_then(|own| own.reason.as_deref());
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        let (is, should) = (outcome.name(), should.name());
        says.insert(0, format!("it should be {should}, and is {is}{reason}"));
    }
    Ok(Tried {
        as_it_should: outcome == should,
        says,
    })
}
