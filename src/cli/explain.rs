//! `scrutineer explain`: why a rule exists; how a claim was understood.

use std::io::{self, Write};

use super::check::Inputs;
use super::config::Choice;
use super::knowledge::{Given, Knowledge};
use super::{Console, Exit, Stop};
use crate::check::{Example, Rule};
use crate::model::{Claim, Considered, NotClaim, Position, Report, Span};

/// Explain a rule, or how a number in the copy was understood.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "scrutineer explain RULE\n       scrutineer explain --claim FILE:LINE:COL PATH..."
)]
pub struct Args {
    /// The place of a claim, as reports give it.
    #[arg(long, value_name = "FILE:LINE:COL")]
    claim: Option<Place>,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    choice: Choice,
}

/// A line and a column of a file.
#[derive(Debug, Clone)]
struct Place {
    file: String,
    position: Position,
}

impl std::str::FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.rsplitn(3, ':');
        let column = parts.next().and_then(|p| p.parse().ok());
        let line = parts.next().and_then(|p| p.parse().ok());
        match (parts.next(), line, column) {
            (Some(file), Some(line), Some(column)) if !file.is_empty() => Ok(Self {
                file: file.to_owned(),
                position: Position { line, column },
            }),
            _ => Err("a place is FILE:LINE:COL, such as story.txt:3:17".to_owned()),
        }
    }
}

impl Args {
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        let (mut inputs, mut given) = (self.inputs.clone(), self.given.clone());
        let first = inputs.first().filter(|_| self.claim.is_some());
        if let Some(config) = self.choice.open(first)? {
            given.or(&config)?;
            if self.claim.is_some() {
                inputs.or(&config)?;
            }
        }
        let mut knowledge = Knowledge::new(&given)?;
        let Some(place) = &self.claim else {
            return self.rules(&knowledge, &given, console);
        };
        inputs.require()?;
        knowledge.thorough = true;
        let loaded = inputs.load(&knowledge, console);
        let report = knowledge.examine(loaded.dataset)?;
        let at = spot(&report, place)
            .ok_or_else(|| Stop::Place(format!("{} is not in the input", place.file)))?;
        let mut told = false;
        for claim in report.claims.iter().filter(|c| c.span.overlaps(&at)) {
            told = true;
            console.show(|out| tell_claim(&report, claim, out))?;
        }
        for other in report.not_claims.iter().filter(|n| n.span.overlaps(&at)) {
            told = true;
            console.show(|out| tell_not_claim(&report, other, out))?;
        }
        if !told {
            let Position { line, column } = place.position;
            let near = columns(&report, at);
            let message = format!("no claim stands at {}:{line}:{column}; {near}", place.file);
            return Err(Stop::Place(message));
        }
        Ok(Exit::Clean)
    }

    /// Without a claim, each argument names a rule.
    fn rules(
        &self,
        knowledge: &Knowledge,
        given: &Given,
        console: &mut Console<'_>,
    ) -> Result<Exit, Stop> {
        let pack = given.rules.pack()?;
        let names = self.inputs.names();
        if names.is_empty() {
            return Err(Stop::Advice {
                message: "no rule is named".to_owned(),
                help: "say which: scrutineer explain RULE; scrutineer rules lists them".to_owned(),
            });
        }
        for (number, name) in names.iter().enumerate() {
            let rule = knowledge.rules.get(name)?;
            let check = rule.check_as_written(&pack)?;
            let failing = failure(knowledge, rule)?;
            let width = console.out_style.width;
            console.print(|out| {
                if number > 0 {
                    writeln!(out)?;
                }
                tell_rule(rule, &check, &failing, width, out)
            })?;
        }
        Ok(Exit::Clean)
    }
}

/// What a rule says of its failing example.
fn failure(knowledge: &Knowledge, rule: &Rule) -> Result<Vec<String>, Stop> {
    let report = knowledge.examine_example(&rule.fail)?;
    let own = report.findings.into_iter().filter(|f| f.rule == rule.id);
    Ok(own.map(|f| f.message).collect())
}

fn tell_rule(
    rule: &Rule,
    check: &str,
    failing: &[String],
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut wrapped = |text: &str| writeln!(out, "{}\n", textwrap::fill(text, width));
    wrapped(&format!("{} ({})", rule.id, rule.severity.name()))?;
    wrapped(&format!("{}.", rule.title))?;
    wrapped(&rule.why.split_whitespace().collect::<Vec<_>>().join(" "))?;
    if let Some(needs) = &rule.needs {
        wrapped(&format!("It needs {needs}."))?;
    }
    if let Some(help) = &rule.help {
        wrapped(&format!("When it fails, {help}."))?;
    }
    writeln!(out, "As it stands in the rules:\n{}", indented(check))?;
    tell_example(&rule.pass, "It passes on", out)?;
    tell_example(&rule.fail, "It fails on", out)?;
    for message in failing {
        writeln!(
            out,
            "{}",
            textwrap::fill(&format!("with: {message}"), width)
        )?;
    }
    Ok(())
}

fn tell_example(example: &Example, title: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{title}")?;
    for (index, (name, text)) in example.inputs().into_iter().enumerate() {
        if index < example.names.len() {
            writeln!(out, "  {name}")?;
        }
        writeln!(out, "{}", indented(text))?;
    }
    for (_, text) in example.references() {
        writeln!(out, "against\n{}", indented(text))?;
    }
    Ok(())
}

fn indented(text: &str) -> String {
    textwrap::indent(text.trim_end(), "    ") + "\n"
}

/// The byte of the input that a place names.
fn spot(report: &Report, place: &Place) -> Option<Span> {
    let sources = report.dataset.sources.iter().enumerate();
    let (id, source) = sources
        .into_iter()
        .find(|(_, source)| source.name() == place.file)?;
    let line = source.line_range(place.position.line.checked_sub(1)?);
    let text = source.text().get(line.clone())?;
    let skipped = text.chars().take(place.position.column.checked_sub(1)?);
    let at = line.start + skipped.map(char::len_utf8).sum::<usize>();
    let id = crate::model::SourceId(u32::try_from(id).ok()?);
    Some(Span::new(id, at, at + 1))
}

/// Where numbers stand in the line of a place.
fn columns(report: &Report, at: Span) -> String {
    let Some(source) = report.dataset.source(at.source) else {
        return String::new();
    };
    let claims = report.claims.iter().map(|c| c.span);
    let spans = claims.chain(report.not_claims.iter().map(|n| n.span));
    let line = source.line_index(at.start);
    let mut columns: Vec<usize> = spans
        .filter(|s| s.source == at.source && source.line_index(s.start) == line)
        .map(|s| source.position(s.start).column)
        .collect();
    columns.sort_unstable();
    let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
    if columns.is_empty() {
        "there is none in that line".to_owned()
    } else {
        format!("those of that line are in column {}", columns.join(", "))
    }
}

fn tell_claim(report: &Report, claim: &Claim, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}\n    “{}”",
        heading(report, claim.span),
        slice(report, claim.sentence)
    )?;
    let said = [&claim.message, &claim.reason, &claim.working];
    let said = said.into_iter().find_map(|text| text.as_deref());
    writeln!(out, "{}: {}", claim.verdict.name(), said.unwrap_or(""))?;
    let Some(first) = claim.readings.first() else {
        return writeln!(out, "no form of words in the rules takes this number in");
    };
    writeln!(out, "seen as: {}", first.sentence)?;
    for (number, reading) in (1..).zip(&claim.readings) {
        tell_reading(number, reading, out)?;
    }
    Ok(())
}

fn tell_reading(number: usize, reading: &Considered, out: &mut dyn Write) -> io::Result<()> {
    let of = reading.of.join(", ");
    let of = if of.is_empty() {
        of
    } else {
        format!(" of {of}")
    };
    writeln!(
        out,
        "{number:3}. {}{of}, by the form {} (strength {})",
        reading.metric, reading.form, reading.strength
    )?;
    writeln!(out, "     {}: {}", reading.verdict.name(), reading.because)?;
    match &reading.lost {
        Some(why) => writeln!(out, "     not taken: {why}"),
        None => writeln!(out, "     taken"),
    }
}

fn tell_not_claim(report: &Report, other: &NotClaim, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}\nno claim: {}",
        heading(report, other.span),
        other.why
    )
}

fn heading(report: &Report, span: Span) -> String {
    let Some(source) = report.dataset.source(span.source) else {
        return String::new();
    };
    let Position { line, column } = source.position(span.start);
    format!(
        "{}:{line}:{column}: “{}”",
        source.name(),
        slice(report, span)
    )
}

fn slice(report: &Report, span: Span) -> &str {
    report
        .dataset
        .source(span.source)
        .map_or("", |s| s.slice(span))
}
