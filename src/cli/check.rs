//! `scrutineer check`: load, check, read the copy, set aside what is known,
//! report.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::{EnumValueParser, TypedValueParser};
use num_traits::Signed;

use super::config::{Choice, Config, Level};
use super::knowledge::{Given, Knowledge};
use super::output::Outputs;
use super::progress::Progress;
use super::verdict::Bar;
use super::{Console, Exit, Stop, aside};
use crate::load::{Input, Loaded, Options, Screening};
use crate::model::{Dataset, Exact, Metric, Number, Report, Root, Severity, Waiver, fold, nearest};
use crate::report::{self, Fault, Format, Style};

/// As many findings as somebody may want to go through.
const MAX_FINDINGS: usize = 10_000;

/// Check tables and copy against the rules and each other.
///
/// Exit status: 0 nothing found at or above --fail-on, 1 something found,
/// 2 the job could not be done.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub asked: Asked,
    /// What is printed.
    #[arg(long, value_parser = printable(), default_value = "text")]
    format: Format,
    #[command(flatten)]
    outputs: Outputs,
    #[command(flatten)]
    bar: Bar,
    /// Findings only, without the summary.
    #[arg(long, short)]
    quiet: bool,
    /// Name the rules that were skipped, or left cases open, in the summary.
    #[arg(long)]
    list_skipped: bool,
    /// More findings are counted, not kept; the worst are [default: 10000].
    #[arg(long, value_name = "NUMBER")]
    max_findings: Option<usize>,
    /// Show and count what a baseline knows, too.
    #[arg(long, conflicts_with = "baseline")]
    no_baseline: bool,
    /// Only findings in files that were changed since a commit, branch or tag
    /// (git); everything is read and checked all the same.
    #[arg(long, value_name = "REVISION")]
    changed_since: Option<String>,
}

/// Smaller tables take about a second as they are. Of a county that does not
/// come out rarely more than a thousand precincts are kept.
const LARGE: Screening = Screening {
    bytes: 1 << 25,
    parts: 10_000,
};

/// What is checked, and by what.
#[derive(Debug, Clone, clap::Args)]
pub struct Asked {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub choice: Choice,
    /// Only these rules: an id, or the first words of several (copy).
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    only: Vec<String>,
    /// All rules but these.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    skip: Vec<String>,
    /// Give rules another severity, or leave them out: RULE=error, warning, note
    /// or off.
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',')]
    severity: Vec<Weight>,
    #[command(flatten)]
    given: Given,
    /// By how much the figures of a column may differ from a second source.
    #[arg(long, value_name = "COLUMN=NUMBER", value_delimiter = ',', value_parser = tolerance)]
    tolerance: Vec<(String, Exact)>,
    /// Findings that are known, see `scrutineer baseline`: they are not shown
    /// and do not fail.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

/// The formats that are printed.
fn printable() -> impl TypedValueParser<Value = Format> {
    EnumValueParser::<Format>::new().try_map(|format| match format {
        Format::Parquet => Err("it is for files: --output parquet=FILE"),
        format => Ok(format),
    })
}

/// What the progress says of the longest part of a run.
fn checking(dataset: &Dataset) -> String {
    let (files, rows) = (dataset.files(), dataset.rows());
    format!("checking {rows} rows of {files} files")
}

/// "votes=2": a heading, and by how much its figures may differ.
fn tolerance(text: &str) -> Result<(String, Exact), String> {
    let parts = text.split_once('=');
    let (heading, number) = parts.ok_or("write a column and a number: votes=2")?;
    if number.contains('%') {
        return Err("write the number in the unit of the column, without %: share=0.1".to_owned());
    }
    let number = Number::parse(number).ok_or("the tolerance is no number")?;
    if number.value.is_negative() {
        return Err("a tolerance is 0 or more".to_owned());
    }
    Ok((fold(heading), number.value))
}

/// What a command reads.
#[derive(Debug, Clone, clap::Args)]
pub struct Inputs {
    /// Files, folders, or - for standard input: tables and copy in any mix. If
    /// none, those that scrutineer.toml names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A file, or -, that is copy even where it looks like a table.
    #[arg(long, value_name = "FILE")]
    copy: Vec<PathBuf>,
    /// A second source: each figure that it has as well is held against it.
    /// Several go in order of authority.
    #[arg(long, value_name = "PATH")]
    against: Vec<PathBuf>,
    /// Those of the settings that are read in every run.
    #[arg(skip)]
    extra: Vec<PathBuf>,
    /// What the run writes: it is not read in folders.
    #[arg(skip)]
    written: Vec<PathBuf>,
}

impl Inputs {
    /// What settings are looked for by.
    pub fn first(&self) -> Option<&Path> {
        let all = self.paths.iter().chain(&self.copy);
        all.map(PathBuf::as_path).next()
    }

    /// What the command line does not name, from the settings.
    pub fn or(&mut self, config: &Config) -> Result<(), Stop> {
        let settings = &config.settings;
        if self.paths.is_empty() {
            self.paths = config.paths(&settings.tables)?;
            if self.copy.is_empty() {
                self.copy = config.paths(&settings.copy)?;
            }
        }
        if self.against.is_empty() {
            self.against = config.paths(&settings.against)?;
        }
        self.extra = config.paths(&settings.extra)?;
        Ok(())
    }

    /// Is anything to be checked?
    pub fn require(&self) -> Result<(), Stop> {
        if self.paths.is_empty() && self.copy.is_empty() {
            return Err(Stop::Advice {
                message: "nothing is named that could be checked".to_owned(),
                help: "name files or folders: scrutineer check results.csv story.md; or let \
                       scrutineer init write a scrutineer.toml that names them"
                    .to_owned(),
            });
        }
        Ok(())
    }

    /// Everything that is read, and its role. Copy by word of the user goes
    /// first, so that a path named both ways is taken as said.
    fn list(&self) -> Vec<Input> {
        let copy = self.copy.iter().cloned();
        let copy = copy.map(|path| Input {
            copy: true,
            ..Input::from(path)
        });
        let paths = self.paths.iter().chain(&self.extra);
        let paths = paths.cloned().map(Input::from);
        let against = self.against.iter().cloned();
        let against = against.map(|path| Input {
            reference: true,
            ..Input::from(path)
        });
        copy.chain(paths).chain(against).collect()
    }

    /// Every path that is read.
    pub fn all(&self) -> impl Iterator<Item = &Path> {
        let [copy, paths, extra, against] = [&self.copy, &self.paths, &self.extra, &self.against];
        let all = copy.iter().chain(paths).chain(extra).chain(against);
        all.map(PathBuf::as_path)
    }

    /// Its arguments as they stand.
    pub fn names(&self) -> Vec<String> {
        let paths = self.paths.iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    /// Reads them, and says what could not be read.
    pub fn load(&self, knowledge: &Knowledge, console: &mut Console<'_>) -> Loaded {
        let options = Options {
            large: Some(LARGE),
            written: self.written.clone(),
            ..Options::default()
        };
        let progress = Progress::new(console, "reading");
        let tell = &mut |name: &str| progress.tell(&format!("reading {name}"));
        let loaded = knowledge.load(&self.list(), &options, tell);
        drop(progress);
        for error in &loaded.errors {
            console.complain(&error.into());
        }
        loaded
    }
}

/// How heavy some rules are to be.
#[derive(Debug, Clone)]
struct Weight {
    rule: String,
    severity: Option<Severity>,
}

impl std::str::FromStr for Weight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rule, level) = text.split_once('=').unwrap_or((text, ""));
        let level = <Level as clap::ValueEnum>::from_str(level, false)
            .map_err(|_| "say RULE=error, RULE=warning, RULE=note or RULE=off".to_owned())?;
        let severity = level.into();
        let rule = rule.to_owned();
        Ok(Self { rule, severity })
    }
}

/// What was asked for, with what the settings say where the command line says
/// nothing.
#[derive(Debug)]
pub struct Settled {
    pub asked: Asked,
    pub config: Option<Config>,
    waivers: Vec<Waiver>,
    /// Rules that are named elsewhere: how many findings of them are allowed.
    named: Vec<String>,
}

/// What was found.
#[derive(Debug)]
pub struct Examined {
    /// Waived findings are set aside.
    pub report: Report,
    /// Could all inputs be read, and held against what they were to be?
    pub whole: bool,
}

impl Asked {
    /// Brings the settings under what the command line says.
    pub fn settled(&self) -> Result<Settled, Stop> {
        let mut asked = self.clone();
        let config = asked.choice.open(asked.inputs.first())?;
        let mut waivers = Vec::new();
        if let Some(config) = &config {
            asked.inputs.or(config)?;
            asked.given.or(config)?;
            asked.or(config)?;
            waivers = config.waivers()?;
        }
        asked.inputs.require()?;
        asked.inputs.written.extend(asked.baseline.clone());
        Ok(Settled {
            asked,
            config,
            waivers,
            named: Vec::new(),
        })
    }

    fn or(&mut self, config: &Config) -> Result<(), Stop> {
        let settings = &config.settings;
        let words = |words: &[toml::Spanned<String>]| {
            let words = words.iter().map(|word| word.get_ref().clone());
            words.collect()
        };
        if self.only.is_empty() && self.skip.is_empty() {
            (self.only, self.skip) = (words(&settings.only), words(&settings.skip));
        }
        let weights = settings.severity.iter().map(|(rule, level)| Weight {
            rule: rule.get_ref().clone(),
            severity: (*level).into(),
        });
        // The later ones win.
        self.severity.splice(0..0, weights);
        let mut tolerance = Vec::new();
        for (heading, number) in &settings.tolerance {
            tolerance.push((fold(heading.get_ref()), config.number(number)?.value));
        }
        self.tolerance.splice(0..0, tolerance);
        let baseline = settings.baseline.as_ref();
        let baseline = baseline.map(|file| config.path(file.get_ref()));
        self.baseline = self.baseline.take().or(baseline);
        self.inputs.written = outputs(config)?.into_iter().map(|(_, path)| path).collect();
        Ok(())
    }
}

impl Settled {
    /// Loads, checks, reads the copy, and sets aside what is waived. Nothing
    /// where nothing could be read.
    pub fn examine(&self, console: &mut Console<'_>) -> Result<Option<Examined>, Stop> {
        let knowledge = self.knowledge().map_err(|stop| self.blame(stop))?;
        let mut loaded = self.asked.inputs.load(&knowledge, console);
        let root = Root::of_repository(Path::new("."));
        for source in &mut loaded.dataset.sources {
            source.see_from(&root);
        }
        if loaded.dataset.sources.is_empty() {
            return Ok(None);
        }
        self.require_columns(&loaded.dataset)?;
        let progress = Progress::new(console, &checking(&loaded.dataset));
        let examined = knowledge.examine(loaded.dataset);
        drop(progress);
        let mut report = examined?;
        let hindrance = super::hindrance(&report);
        if let Some(fault) = &hindrance {
            console.complain(fault);
        }
        let unread = loaded.errors.iter().map(ToString::to_string);
        report.unread.extend(unread);
        if let Some(config) = &self.config {
            report.settings.push(format!("by {}", config.name()));
            aside::waived(&mut report, config, &self.waivers, console);
        }
        Ok(Some(Examined {
            report,
            whole: loaded.errors.is_empty() && hindrance.is_none(),
        }))
    }

    /// A tolerance is of a column that is read, or of a figure that some tables
    /// have: anything else is mistyped, and would allow nothing.
    fn require_columns(&self, dataset: &Dataset) -> Result<(), Stop> {
        let tables = dataset.tables().chain(dataset.references());
        let columns = tables.flat_map(|(_, table)| &table.columns);
        let columns = columns.map(|column| column.name.as_str());
        let metrics = Metric::ALL.iter().flat_map(|m| [m.name(), m.words()]);
        let known: BTreeMap<String, &str> = metrics
            .chain(columns)
            .map(|name| (fold(name), name))
            .collect();
        let unknown = |(heading, _): &&(String, Exact)| !known.contains_key(heading);
        let Some((heading, _)) = self.asked.tolerance.iter().find(unknown) else {
            return Ok(());
        };
        let near = nearest(heading, known.values().copied());
        let help = near.map(|near| format!("did you mean {near}?"));
        let says = format!("no column that was read is called {heading}");
        let config = self.config.as_ref();
        let own = config.and_then(|c| c.mistake_of_tolerance(heading, &says, help.clone()));
        Err(own.unwrap_or_else(|| Stop::Advice {
            message: says,
            help: help.unwrap_or_else(|| "call it by its heading: votes=2".to_owned()),
        }))
    }

    /// Every file and folder that a run goes by.
    pub fn reads(&self) -> Vec<PathBuf> {
        let config = self
            .config
            .iter()
            .map(|config| PathBuf::from(config.name()));
        let inputs = self.asked.inputs.all().map(Path::to_owned);
        let given = self.asked.given.paths().cloned();
        let all = inputs.chain(given).chain(config);
        all.chain(self.asked.baseline.clone()).collect()
    }

    fn knowledge(&self) -> Result<Knowledge, Stop> {
        let asked = &self.asked;
        let mut knowledge = Knowledge::new(&asked.given)?;
        for waiver in &self.waivers {
            knowledge.rules.known(&waiver.rule)?;
        }
        for weight in &asked.severity {
            knowledge.rules.weigh(&weight.rule, weight.severity)?;
        }
        for rule in &self.named {
            knowledge.rules.known(rule)?;
        }
        knowledge.rules.choose(&asked.only, &asked.skip)?;
        knowledge.tolerances = asked.tolerance.iter().cloned().collect();
        Ok(knowledge)
    }

    fn blame(&self, stop: Stop) -> Stop {
        match &self.config {
            Some(config) => config.blame(stop),
            None => stop,
        }
    }
}

/// The reports that the settings ask for.
fn outputs(config: &Config) -> Result<Vec<(Format, PathBuf)>, Stop> {
    let outputs = config.settings.output.iter();
    let outputs = outputs.map(|(format, path)| Ok((*format, config.output(path)?)));
    outputs.collect()
}

impl Args {
    /// What of a run the settings say that the command line does not.
    pub fn settled(&self) -> Result<(Self, Settled), Stop> {
        let mut settled = self.asked.settled()?;
        let mut args = self.clone();
        if let Some(config) = &settled.config {
            let settings = &config.settings;
            args.bar.or(config)?;
            args.outputs.or(outputs(config)?.into_iter());
            args.max_findings = args.max_findings.or(settings.max_findings);
        }
        let allowed = args.bar.max_failing.iter();
        settled.named = allowed.map(|allowance| allowance.rule.clone()).collect();
        let written = args.written().map(Path::to_owned);
        settled.asked.inputs.written.extend(written);
        Ok((args, settled))
    }

    /// The files that a run writes.
    pub fn written(&self) -> impl Iterator<Item = &Path> {
        self.outputs.paths()
    }

    /// Load, check, read the copy, report.
    pub fn run(&self, console: &mut Console<'_>) -> Result<Exit, Stop> {
        console.watched &= !self.quiet;
        let (args, settled) = self.settled()?;
        args.run_settled(&settled, console)
    }

    /// A pivot is of differences from a second source: without one it would say
    /// that nothing differs.
    fn require_reference(&self, settled: &Settled) -> Result<(), Stop> {
        let mut formats = self.outputs.formats().chain([self.format]);
        let pivot = formats.any(|f| matches!(f, Format::Pivot | Format::PivotCsv));
        if pivot && settled.asked.inputs.against.is_empty() {
            return Err(Stop::Advice {
                message: "a pivot needs a second source".to_owned(),
                help: "name it: --against official.csv".to_owned(),
            });
        }
        Ok(())
    }

    /// The same, with the settings brought in.
    pub fn run_settled(&self, settled: &Settled, console: &mut Console<'_>) -> Result<Exit, Stop> {
        self.require_reference(settled)?;
        let baseline = settled
            .asked
            .baseline
            .as_ref()
            .filter(|_| !self.no_baseline);
        let baseline = match baseline {
            Some(path) => {
                let read = aside::open(path).map_err(|stop| settled.blame(stop));
                Some((path, read?))
            }
            None => None,
        };
        let Some(Examined { mut report, whole }) = settled.examine(console)? else {
            return Ok(Exit::Failed);
        };
        if let Some((path, baseline)) = &baseline {
            let compared = aside::known(&mut report, baseline, path);
            aside::tell_stale(baseline, &compared.stale, path, console);
        }
        if let Some(revision) = &self.changed_since {
            let folder = settled.config.as_ref().map(Config::folder);
            aside::untouched(&mut report, revision, folder.unwrap_or(Path::new(".")))?;
        }
        let exit = self.judge(&mut report, console);
        report.keep(self.max_findings.unwrap_or(MAX_FINDINGS));
        self.write(&report, console)?;
        let stops = self.outputs.write(&report, self.format);
        for stop in &stops {
            console.complain(&stop.into());
        }
        Ok(if stops.is_empty() && whole {
            exit
        } else {
            Exit::Failed
        })
    }

    fn judge(&self, report: &mut Report, console: &mut Console<'_>) -> Exit {
        let exit = self.bar.judge(report);
        let unchecked = report.judged.as_ref().and_then(|j| j.unchecked.clone());
        if let Some(message) = unchecked {
            let help = "skip the rules that do not apply, or choose rules with --only";
            console.complain(&Fault {
                message,
                help: Some(help.to_owned()),
                ..Fault::default()
            });
        }
        exit
    }

    fn write(&self, report: &Report, console: &mut Console<'_>) -> io::Result<()> {
        let style = Style {
            quiet: self.quiet,
            skipped: self.list_skipped,
            ..console.out_style
        };
        console.print(|mut out| report::write(report, self.format, style, &mut out))
    }
}
