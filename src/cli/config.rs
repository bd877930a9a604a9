//! `scrutineer.toml`: found, read, and its mistakes shown at their own words.
//! Each key is called as its option is.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;
use schemars::JsonSchema;
use serde::de::{self, Deserialize, Deserializer};
use toml::Spanned;
use toml::value::Datetime;

use super::verdict::FailOn;
use super::{NO_BASELINE, Stop};
use crate::check::Rules;
use crate::model::{Number, PackFile, Severity, Waiver, fold};
use crate::report::Format;

/// The file of settings of a folder.
pub const NAME: &str = "scrutineer.toml";

/// Which settings a run goes by.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Choice {
    /// Go by this file of settings, not by the nearest scrutineer.toml.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Go by no scrutineer.toml.
    #[arg(long)]
    no_config: bool,
}

/// Settings of scrutineer. Paths are seen from the folder of the file. What the
/// command line says goes before what stands here.
#[derive(Debug, Clone, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[schemars(title = "scrutineer.toml")]
pub struct Settings {
    /// What is checked where the command line names nothing: files, folders,
    /// patterns such as `results/*.csv`.
    #[schemars(with = "Vec<String>")]
    pub tables: Vec<Spanned<String>>,
    /// Files that are copy, even where they look like tables.
    #[schemars(with = "Vec<String>")]
    pub copy: Vec<Spanned<String>>,
    /// A second source: each figure that it has as well is held against it.
    /// Several go in order of authority.
    #[schemars(with = "Vec<String>")]
    pub against: Vec<Spanned<String>>,
    /// Read in every run, also where the command line names what is checked:
    /// the election before, lists that rules of your own refer to.
    #[schemars(with = "Vec<String>")]
    pub extra: Vec<Spanned<String>>,
    /// Read every table as this published format; `scrutineer formats` lists
    /// them.
    #[serde(rename = "as")]
    #[schemars(with = "Option<String>")]
    pub read_as: Option<Spanned<String>>,
    /// A file that says which column holds what (TOML).
    #[schemars(with = "Option<String>")]
    pub columns: Option<Spanned<String>>,
    /// A file of further names of candidates, places and parties (TOML).
    #[schemars(with = "Option<String>")]
    pub aliases: Option<Spanned<String>>,
    /// A folder of rules over the built-in ones.
    #[schemars(with = "Option<String>")]
    pub rules: Option<Spanned<String>>,
    /// Only these rules: an id, or the first words of several.
    #[schemars(with = "Vec<String>")]
    pub only: Vec<Spanned<String>>,
    /// All rules but these.
    #[schemars(with = "Vec<String>")]
    pub skip: Vec<Spanned<String>>,
    /// Findings that are known: they are not shown and do not fail. `scrutineer
    /// baseline write` makes the file.
    #[schemars(with = "Option<String>")]
    pub baseline: Option<Spanned<String>>,
    /// The least severity that makes the exit status 1.
    pub fail_on: Option<FailOn>,
    /// Rules that were skipped, and all that could not be decided, fail too.
    pub strict: Option<bool>,
    /// More findings are counted, not kept; the worst are.
    pub max_findings: Option<usize>,
    /// How heavy a finding of a rule is.
    #[schemars(with = "BTreeMap<String, Level>")]
    pub severity: BTreeMap<Spanned<String>, Level>,
    /// So many findings of a rule fail nothing: a number, or a per cent of what
    /// the rule decided ("2%").
    #[schemars(with = "BTreeMap<String, Word>")]
    pub max_failing: BTreeMap<Spanned<String>, Spanned<Word>>,
    /// By how much the figures of a column may differ from a second source.
    #[schemars(with = "BTreeMap<String, Word>")]
    pub tolerance: BTreeMap<Spanned<String>, Spanned<Word>>,
    /// Reports in files: a format, and where it goes.
    #[schemars(with = "BTreeMap<Format, String>")]
    pub output: BTreeMap<Format, Spanned<String>>,
    /// Findings that are accepted for a reason.
    pub waiver: Vec<Waived>,
}

/// How heavy a finding is.
#[derive(Debug, Clone, Copy, clap::ValueEnum, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
    Note,
    /// The rule is left out.
    Off,
}

impl From<Level> for Option<Severity> {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Some(Severity::Error),
            Level::Warning => Some(Severity::Warning),
            Level::Note => Some(Severity::Note),
            Level::Off => None,
        }
    }
}

/// Findings that are accepted: those of the rule that are about what is named.
#[derive(Debug, Clone, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Waived {
    /// The id of a rule, or the first words of several.
    #[schemars(with = "String")]
    pub rule: Spanned<String>,
    /// The name of the file, without its folder.
    #[serde(default)]
    file: Option<String>,
    /// The heading of the column.
    #[serde(default)]
    column: Option<String>,
    /// What the findings are about: `{ contest = "Lake", candidate = "Ann Lee"
    /// }`. The JSON report has the key of every finding.
    #[serde(default)]
    key: BTreeMap<String, Word>,
    /// Why they are accepted.
    #[schemars(with = "String", length(min = 1))]
    reason: Spanned<String>,
    /// Where that can be read.
    #[serde(default)]
    link: Option<String>,
    /// The last day of the waiver: 2027-01-31.
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    until: Option<Spanned<Datetime>>,
    /// A larger difference is not accepted.
    #[serde(default)]
    #[schemars(with = "Option<Word>")]
    max_difference: Option<Spanned<Word>>,
}

/// A text, or a number as it is written.
#[derive(Debug, Clone)]
pub struct Word(pub String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl de::Visitor<'_> for Words {
            type Value = Word;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a number")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Word, E> {
                Ok(Word(text.to_owned()))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Word, E> {
                Ok(Word(number.to_string()))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Word, E> {
                Ok(Word(number.to_string()))
            }
        }
        deserializer.deserialize_any(Words)
    }
}

impl JsonSchema for Word {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Word".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "number"] })
    }
}

/// Settings with the file that they are from.
#[derive(Debug, Clone)]
pub struct Config {
    file: PackFile,
    /// The folder that its paths are seen from; empty for the working one.
    base: PathBuf,
    /// Did the user name it? One that was found beside a dataset may be another
    /// person's.
    named: bool,
    pub settings: Settings,
}

impl Choice {
    /// The settings of a run over these inputs: the file that the user names,
    /// or the nearest above the first input; above the working folder where
    /// there is no input.
    pub fn open(&self, first: Option<&Path>) -> Result<Option<Config>, Stop> {
        if self.no_config {
            return Ok(None);
        }
        let named = self.config.is_some();
        let start = first.filter(|path| path.as_os_str() != "-");
        let found = || nearest_above(start.unwrap_or(Path::new(".")));
        let Some(path) = self.config.clone().or_else(found) else {
            return Ok(None);
        };
        let file = PackFile::open(&path)?;
        let settings: Settings = file.parse()?;
        let base = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Some(Config {
            file,
            base,
            named,
            settings,
        }))
    }
}

/// The nearest file of settings, in the folder of a path or above it; as seen
/// from the working folder where it is in it.
fn nearest_above(start: &Path) -> Option<PathBuf> {
    let start = fs::canonicalize(start).or_else(|_| std::path::absolute(start));
    let start = start.ok()?;
    let mut found = start.ancestors().map(|folder| folder.join(NAME));
    let found = found.find(|path| path.is_file())?;
    let here = std::env::current_dir().and_then(fs::canonicalize);
    let inside = here
        .ok()
        .and_then(|here| found.strip_prefix(here).ok().map(Path::to_owned));
    Some(inside.unwrap_or(found))
}

impl Config {
    /// The file.
    pub fn name(&self) -> &str {
        self.file.source.name()
    }

    pub fn folder(&self) -> &Path {
        &self.base
    }

    /// A path as seen from the working folder.
    pub fn path(&self, text: &str) -> PathBuf {
        self.base.join(text)
    }

    /// A file or a folder that a setting names, which must be there.
    pub fn existing(&self, text: &Spanned<String>) -> Result<PathBuf, Stop> {
        let path = self.path(text.get_ref());
        // A link to nothing is told when it is read.
        if path.exists() || path.is_symlink() {
            return Ok(path);
        }
        let says = format!("there is no file or folder {}", path.display());
        Err(self.mistake(text, says))
    }

    /// The files and folders that some settings name.
    pub fn paths(&self, texts: &[Spanned<String>]) -> Result<Vec<PathBuf>, Stop> {
        let mut all = Vec::new();
        for text in texts {
            let path = self.path(text.get_ref());
            let is_pattern = text.get_ref().contains(['*', '?', '[', '{']) && !path.exists();
            if is_pattern {
                all.extend(self.matching(text)?);
            } else if text.get_ref() == "-" {
                all.push("-".into());
            } else {
                all.push(self.existing(text)?);
            }
        }
        Ok(all)
    }

    fn matching(&self, pattern: &Spanned<String>) -> Result<Vec<PathBuf>, Stop> {
        let here = Path::new(".");
        let base = if self.base.as_os_str().is_empty() {
            here
        } else {
            &self.base
        };
        let mut only = OverrideBuilder::new(base);
        let built = only.add(&format!("/{}", pattern.get_ref()));
        let built = built.and_then(|only| only.build());
        let only = built.map_err(|error| self.mistake(pattern, error.to_string()))?;
        let by_name = |a: &OsStr, b: &OsStr| a.cmp(b);
        let walk = WalkBuilder::new(base)
            .overrides(only)
            .sort_by_file_name(by_name)
            .build();
        let files = walk.filter_map(Result::ok).map(ignore::DirEntry::into_path);
        let files = files.filter(|path| path.is_file());
        let plain = |path: PathBuf| path.strip_prefix(here).map(Path::to_owned).unwrap_or(path);
        let files: Vec<PathBuf> = files.map(plain).collect();
        if files.is_empty() {
            return Err(self.mistake(pattern, "no file is called so"));
        }
        Ok(files)
    }

    /// A number of 0 or more.
    pub fn number(&self, word: &Spanned<Word>) -> Result<Number, Stop> {
        let number = Number::parse(&word.get_ref().0);
        let number = number.filter(|n| !num_traits::Signed::is_negative(&n.value));
        number.ok_or_else(|| self.mistake(word, "write a number of 0 or more"))
    }

    /// Where a report goes. Settings that were found, not named, may come with a
    /// dataset: they write into their own folder only.
    pub fn output(&self, text: &Spanned<String>) -> Result<PathBuf, Stop> {
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        if !self.named && !Path::new(text.get_ref()).components().all(inside) {
            let says = "this is outside of the folder of the settings";
            let help = format!("give --config {} to allow it", self.name());
            return Err(self.mistake_with_help(text, says, Some(help)));
        }
        Ok(self.path(text.get_ref()))
    }

    pub fn waivers(&self) -> Result<Vec<Waiver>, Stop> {
        let waived = self.settings.waiver.iter();
        waived.map(|waived| self.waiver(waived)).collect()
    }

    fn waiver(&self, waived: &Waived) -> Result<Waiver, Stop> {
        if waived.reason.get_ref().trim().is_empty() {
            return Err(self.mistake(&waived.reason, "say why it is accepted"));
        }
        if waived.key.is_empty() && waived.file.is_none() && waived.column.is_none() {
            let says = "this accepts all findings of the rule";
            let help = "say which: key = { contest = \"…\" }, file or column; to leave the rule \
                        out, skip it";
            return Err(self.mistake_with_help(&waived.rule, says, Some(help.to_owned())));
        }
        let until = waived.until.as_ref().map(|until| {
            let date = until.get_ref().date.map(|date| date.to_string());
            date.ok_or_else(|| self.mistake(until, "write a date: 2027-01-31"))
        });
        let most = waived.max_difference.as_ref().map(|most| self.number(most));
        let key = waived.key.iter();
        Ok(Waiver {
            rule: waived.rule.get_ref().clone(),
            file: waived.file.clone(),
            column: waived.column.clone(),
            key: key
                .map(|(name, word)| (name.clone(), word.0.clone()))
                .collect(),
            reason: waived.reason.get_ref().clone(),
            link: waived.link.clone(),
            until: until.transpose()?,
            max_difference: most.transpose()?.map(|most| most.value),
        })
    }

    /// A mistake at a word of the file.
    pub fn mistake<T>(&self, at: &Spanned<T>, says: impl Into<String>) -> Stop {
        self.mistake_with_help(at, says, None)
    }

    fn mistake_with_help<T>(
        &self,
        at: &Spanned<T>,
        says: impl Into<String>,
        help: Option<String>,
    ) -> Stop {
        let mistake = self.file.mistake(says.into(), Some(at.span()));
        mistake.with_help(help).into()
    }

    /// What stops a run, at the word of the file that is to blame, if one is.
    pub fn blame(&self, stop: Stop) -> Stop {
        let settings = &self.settings;
        if let (Stop::NoBaseline(path), Some(word)) = (&stop, &settings.baseline)
            && self.path(word.get_ref()) == *path
        {
            let help = Some(NO_BASELINE.to_owned());
            return self.mistake_with_help(word, stop.to_string(), help);
        }
        let (name, nearest) = match &stop {
            Stop::Rule(unknown) => (unknown.name.as_str(), unknown.nearest.as_ref()),
            Stop::Format { id, nearest } => (id.as_str(), nearest.as_ref()),
            _ => return stop,
        };
        let rules = settings.only.iter().chain(&settings.skip);
        let weighed = settings.severity.keys().chain(settings.max_failing.keys());
        let waived = settings.waiver.iter().map(|waived| &waived.rule);
        let words = rules.chain(weighed).chain(waived).chain(&settings.read_as);
        match words.into_iter().find(|word| word.get_ref() == name) {
            Some(word) => {
                let help = nearest.map(|near| format!("did you mean {near}?"));
                self.mistake_with_help(word, stop.to_string(), help)
            }
            None => stop,
        }
    }

    /// A mistake at the tolerance of a column, where the settings have one.
    pub fn mistake_of_tolerance(
        &self,
        heading: &str,
        says: &str,
        help: Option<String>,
    ) -> Option<Stop> {
        let mut named = self.settings.tolerance.keys();
        let word = named.find(|word| fold(word.get_ref()) == heading)?;
        Some(self.mistake_with_help(word, says, help))
    }

    /// Brings what the settings say of rules to a list of them.
    pub fn weigh(&self, rules: &mut Rules) -> Result<(), Stop> {
        let settings = &self.settings;
        let words = |words: &[Spanned<String>]| -> Vec<String> {
            words.iter().map(|word| word.get_ref().clone()).collect()
        };
        for (rule, level) in &settings.severity {
            let weighed = rules.weigh(rule.get_ref(), (*level).into());
            weighed.map_err(|unknown| self.blame(unknown.into()))?;
        }
        let chosen = rules.choose(&words(&settings.only), &words(&settings.skip));
        chosen.map_err(|unknown| self.blame(unknown.into()))
    }

    /// A doubt about one of the waivers.
    pub fn doubt(&self, waiver: usize, says: String, help: &str) -> crate::report::Fault {
        let named = self.settings.waiver.get(waiver);
        let span = named.map(|waived| waived.rule.span());
        crate::report::Fault {
            message: says,
            help: Some(help.to_owned()),
            at: span.map(|span| (self.file.source.clone(), span)),
            doubt: true,
        }
    }
}

/// The schema of the file, for editors.
pub fn schema() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<Settings>()
}
