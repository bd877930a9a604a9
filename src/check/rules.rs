//! Rules as data: the entries of `rules/checks`.

use serde::Deserialize;

use crate::model::{Pack, PackError, PackFile, Severity, goes_by};

use super::across::Across;
use super::allowed::Allowed;
use super::astray::Astray;
use super::balance::Balance;
use super::blanks::Blanks;
use super::bounds::Bounds;
use super::change::Change;
use super::concurrent::Concurrent;
use super::copy::Copy;
use super::drift::Drift;
use super::elected::Elected;
use super::entry::Entry;
use super::figures::Figures;
use super::filled::Filled;
use super::gap::Gap;
use super::given::Given;
use super::label::Label;
use super::levels::Levels;
use super::modes::Modes;
use super::naming::Naming;
use super::of_which::OfWhich;
use super::outcome::Outcome;
use super::pseudo::Pseudo;
use super::query::{Dialect, Mistake, nearest};
use super::quotients::Quotients;
use super::rank::Rank;
use super::readable::Readable;
use super::reference::Reference;
use super::refers::Refers;
use super::row::Row;
use super::runs::Runs;
use super::same_figure::SameFigure;
use super::share::Share;
use super::spelling::Spelling;
use super::sql::Sql;
use super::stages::Stages;
use super::summary::Summary;
use super::suppression::Suppressions;
use super::swing::Swing;
use super::turnout::Turnout;
use super::unique::Unique;
use super::usual::Usual;
use super::winner::Winner;

/// A kind of check with its parameters.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    Across(Across),
    Allowed(Allowed),
    Astray(Astray),
    Balance(Balance),
    Blanks(Blanks),
    Bounds(Bounds),
    Change(Change),
    Concurrent(Concurrent),
    Copy(Copy),
    Drift(Drift),
    Elected(Elected),
    Entry(Entry),
    Figures(Figures),
    Filled(Filled),
    Gap(Gap),
    Given(Given),
    Label(Label),
    Levels(Levels),
    Modes(Modes),
    Naming(Naming),
    OfWhich(OfWhich),
    Outcome(Outcome),
    Pseudo(Pseudo),
    Quotients(Quotients),
    Rank(Rank),
    Readable(Readable),
    Reference(Reference),
    Refers(Refers),
    Row(Row),
    Runs(Runs),
    SameFigure(SameFigure),
    Share(Share),
    Spelling(Spelling),
    Sql(Sql),
    Stages(Stages),
    Summary(Summary),
    Suppressions(Suppressions),
    Swing(Swing),
    Turnout(Turnout),
    Unique(Unique),
    Usual(Usual),
    Winner(Winner),
}

/// Inputs on which a rule passes, or fails.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Tables as delimited text, each one input.
    pub tables: Vec<String>,
    /// Names of their files without `.csv`, for rules that name a table;
    /// `table-1` and so on where none is given.
    #[serde(default)]
    pub names: Vec<String>,
    #[serde(default)]
    pub copy: Option<String>,
    /// Tables that the others are held against.
    #[serde(default)]
    pub against: Vec<String>,
}

/// What must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Says what must hold: `majority-is-first-minus-second`.
    pub id: String,
    /// The same in a sentence.
    pub title: String,
    /// Why it must hold, and who else checks it.
    pub why: String,
    pub severity: Severity,
    /// What to do about a finding.
    #[serde(default)]
    pub help: Option<String>,
    /// What the input must have for the rule to apply, in a few words.
    #[serde(default)]
    pub needs: Option<String>,
    pub check: Check,
    /// Rules that tell better of a contest what is wrong there: where one of
    /// them does, this one says nothing.
    #[serde(default)]
    pub yields_to: Vec<String>,
    pub pass: Example,
    pub fail: Example,
    /// Is it the user's, not built in?
    #[serde(skip)]
    pub own: bool,
}

impl Example {
    /// Its references, each with the name of a file.
    #[must_use]
    pub fn references(&self) -> Vec<(String, &str)> {
        let tables = (1..).zip(&self.against);
        let named = tables.map(|(n, text)| (format!("reference-{n}.csv"), text.trim_start()));
        named.collect()
    }

    /// Its inputs, each with the name of a file.
    #[must_use]
    pub fn inputs(&self) -> Vec<(String, &str)> {
        let tables = self.tables.iter().enumerate().map(|(index, text)| {
            let name = self.names.get(index);
            let name = name.map_or_else(|| format!("table-{}", index + 1), Clone::clone);
            (format!("{name}.csv"), text.trim_start())
        });
        let copy = self.copy.iter();
        let copy = copy.map(|text| ("copy.txt".to_owned(), text.as_str()));
        tables.chain(copy).collect()
    }
}

impl Check {
    /// Can it do without the rows of a large table that a screen has proved
    /// sound? It counts them by [`Sound`](crate::model::Sound), or looks only at
    /// rows of other kinds: of whole contests, of figures, with shares or ranks.
    /// (Nothing is screened that has a second source beside it.)
    fn takes_sound_rows(&self) -> bool {
        match self {
            Self::Bounds(check) => check.holds_of_sound(),
            Self::Row(check) => check.is_of_figures(),
            Self::Refers(_) | Self::Sql(_) => false,
            Self::Across(_)
            | Self::Allowed(_)
            | Self::Astray(_)
            | Self::Balance(_)
            | Self::Blanks(_)
            | Self::Change(_)
            | Self::Concurrent(_)
            | Self::Copy(_)
            | Self::Drift(_)
            | Self::Elected(_)
            | Self::Entry(_)
            | Self::Filled(_)
            | Self::Figures(_)
            | Self::Given(_)
            | Self::Gap(_)
            | Self::Label(_)
            | Self::Levels(_)
            | Self::Modes(_)
            | Self::Naming(_)
            | Self::OfWhich(_)
            | Self::Outcome(_)
            | Self::Pseudo(_)
            | Self::Quotients(_)
            | Self::Rank(_)
            | Self::Runs(_)
            | Self::Readable(_)
            | Self::Reference(_)
            | Self::Stages(_)
            | Self::SameFigure(_)
            | Self::Spelling(_)
            | Self::Share(_)
            | Self::Summary(_)
            | Self::Suppressions(_)
            | Self::Swing(_)
            | Self::Turnout(_)
            | Self::Unique(_)
            | Self::Usual(_)
            | Self::Winner(_) => true,
        }
    }

    /// What is wrong in the texts of a check that has any.
    fn mistakes(&self, file: &PackFile, dialect: &Dialect) -> Vec<Mistake> {
        match self {
            Self::Refers(check) => check.mistakes(),
            Self::Row(check) => check.mistakes(file, dialect),
            Self::Sql(check) => check.mistakes(file, dialect),
            _ => Vec::new(),
        }
    }
}

impl Rule {
    fn goes_by(&self, name: &str) -> bool {
        goes_by(&self.id, name)
    }

    /// Its check as the rule file has it.
    ///
    /// # Errors
    /// A mistake in a file.
    pub fn check_as_written(&self, pack: &Pack) -> Result<String, PackError> {
        let files: Vec<_> = pack.files("checks").collect();
        // The user's stand last, and in the place of built-in ones.
        for file in files.into_iter().rev() {
            let rules = file.parse::<Written>()?.rule;
            if let Some(own) = rules.into_iter().find(|rule| rule.id == self.id) {
                let check = toml::Table::from_iter([("check".to_owned(), own.check)]);
                return Ok(check.to_string());
            }
        }
        Ok(String::new())
    }
}

/// A file of rules with the checks left as they are.
#[derive(Deserialize)]
struct Written {
    rule: Vec<WrittenRule>,
}

#[derive(Deserialize)]
struct WrittenRule {
    id: String,
    check: toml::Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rule: Vec<Rule>,
}

fn read(file: &PackFile) -> Result<Vec<Rule>, PackError> {
    let mut rules = file.parse::<RuleFile>()?.rule;
    for rule in &mut rules {
        rule.own = file.own;
    }
    Ok(rules)
}

/// Adds a rule; the user's takes the place of a built-in one.
fn put(rules: &mut Vec<Rule>, rule: Rule, file: &PackFile) -> Result<(), PackError> {
    match rules.iter_mut().find(|known| known.id == rule.id) {
        None => rules.push(rule),
        Some(known) if rule.own && !known.own => *known = rule,
        Some(_) => {
            let at = file.source.text().rfind(&rule.id);
            let span = at.map(|at| at..at + rule.id.len());
            return Err(file.mistake(format!("the rule {} stands twice", rule.id), span));
        }
    }
    Ok(())
}

/// The rules that the rules of a file yield to, and that are not there.
fn unknown_others(file: &PackFile, own: &[String], all: &[Rule]) -> Vec<PackError> {
    let own = all.iter().filter(|rule| own.contains(&rule.id));
    let others = own.flat_map(|rule| &rule.yields_to);
    let unknown = others.filter(|other| all.iter().all(|rule| rule.id != **other));
    let mistake = |other: &String| {
        let quoted = format!("\"{other}\"");
        let at = file.source.text().find(&quoted);
        let span = at.map(|at| at..at + quoted.len());
        let near = nearest(other, all.iter().map(|rule| rule.id.as_str()));
        let message = format!("no rule is called {other}, to yield to it");
        let error = file.mistake(message, span);
        error.with_help(near.map(|near| format!("did you mean {near}?")))
    };
    unknown.map(mistake).collect()
}

fn error(file: &PackFile, mistake: Mistake) -> PackError {
    let error = file.mistake(mistake.message, Some(mistake.at));
    error.with_help(mistake.help)
}

/// The rules of a run, in the order of their files.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Rules that the user left out.
    left_out: Vec<Rule>,
}

/// A name that no rule goes by.
#[derive(Debug, thiserror::Error)]
#[error("no rule is called {name}")]
pub struct UnknownRule {
    pub name: String,
    /// A name that a rule goes by and that is much like it.
    pub nearest: Option<String>,
}

/// What is wrong, or doubtful, in the user's rule files.
#[derive(Debug, Default)]
pub struct Linted {
    /// How many rules were looked at.
    pub rules: usize,
    pub mistakes: Vec<PackError>,
    /// They stop nothing.
    pub doubts: Vec<PackError>,
}

impl Rules {
    /// Reads `rules/checks`. A rule of the user's takes the place of the built-in
    /// one of the same id.
    ///
    /// # Errors
    /// A mistake in a file, at its token; an id that stands twice.
    pub fn from_pack(pack: &Pack) -> Result<Self, PackError> {
        let dialect = Dialect::from_pack(pack)?;
        let mut rules: Vec<Rule> = Vec::new();
        let mut of_files: Vec<(&PackFile, Vec<String>)> = Vec::new();
        for file in pack.files("checks") {
            let read = read(file)?;
            of_files.push((file, read.iter().map(|rule| rule.id.clone()).collect()));
            for rule in read {
                let mut mistakes = rule.check.mistakes(file, &dialect).into_iter();
                if let Some(mistake) = mistakes.find(|mistake| !mistake.doubt) {
                    return Err(error(file, mistake));
                }
                put(&mut rules, rule, file)?;
            }
        }
        let mut unknown = of_files.iter();
        if let Some(mistake) = unknown.find_map(|(file, own)| {
            let mistakes = unknown_others(file, own, &rules);
            mistakes.into_iter().next()
        }) {
            return Err(mistake);
        }
        Ok(Self {
            rules,
            left_out: Vec::new(),
        })
    }

    /// Everything that is wrong in the user's rules, not only the first.
    ///
    /// # Errors
    /// A mistake in what is built in, or in `rules/sql`.
    pub fn lint(pack: &Pack) -> Result<Linted, PackError> {
        let dialect = Dialect::from_pack(pack)?;
        let mut linted = Linted::default();
        let mut rules: Vec<Rule> = Vec::new();
        let built_in = pack.files("checks").filter(|file| !file.own);
        let mut all: Vec<Rule> = Vec::new();
        for file in built_in {
            all.extend(read(file)?);
        }
        let mut of_files: Vec<(&PackFile, Vec<String>)> = Vec::new();
        for file in pack.files("checks").filter(|file| file.own) {
            let read = read(file).unwrap_or_else(|error| {
                linted.mistakes.push(error);
                Vec::new()
            });
            of_files.push((file, read.iter().map(|rule| rule.id.clone()).collect()));
            for rule in read {
                linted.rules += 1;
                for mistake in rule.check.mistakes(file, &dialect) {
                    let doubt = mistake.doubt;
                    let found = error(file, mistake);
                    if doubt {
                        linted.doubts.push(found);
                    } else {
                        linted.mistakes.push(found);
                    }
                }
                linted.mistakes.extend(put(&mut rules, rule, file).err());
            }
        }
        all.append(&mut rules);
        for (file, own) in &of_files {
            linted.mistakes.extend(unknown_others(file, own, &all));
        }
        Ok(linted)
    }

    /// Keeps the rules that go by one of the names of `only` (all, where that is
    /// empty) and by none of `skip`. A rule goes by its id, and by the first
    /// words of it: `copy`, `copy-agrees`.
    ///
    /// # Errors
    /// A name that no rule goes by.
    pub fn choose(&mut self, only: &[String], skip: &[String]) -> Result<(), UnknownRule> {
        for name in only.iter().chain(skip) {
            self.known(name)?;
        }
        self.leave_out(|rule| {
            let wanted = only.is_empty() || only.iter().any(|name| rule.goes_by(name));
            !wanted || skip.iter().any(|name| rule.goes_by(name))
        });
        Ok(())
    }

    /// Gives the rules that go by a name another severity; `None` leaves them
    /// out.
    ///
    /// # Errors
    /// A name that no rule goes by.
    pub fn weigh(&mut self, name: &str, severity: Option<Severity>) -> Result<(), UnknownRule> {
        self.known(name)?;
        let Some(severity) = severity else {
            self.leave_out(|rule| rule.goes_by(name));
            return Ok(());
        };
        for rule in self.rules.iter_mut().filter(|rule| rule.goes_by(name)) {
            rule.severity = severity;
        }
        Ok(())
    }

    fn leave_out(&mut self, unwanted: impl Fn(&Rule) -> bool) {
        let rules = std::mem::take(&mut self.rules).into_iter();
        let (left_out, rules): (Vec<Rule>, _) = rules.partition(unwanted);
        self.rules = rules;
        self.left_out.extend(left_out);
    }

    /// A rule by its id.
    ///
    /// # Errors
    /// An id that no rule has.
    pub fn get(&self, id: &str) -> Result<&Rule, UnknownRule> {
        let rule = self.rules.iter().find(|rule| rule.id == id);
        rule.ok_or_else(|| self.unknown(id))
    }

    /// Does a rule go by a name?
    ///
    /// # Errors
    /// Where none does.
    pub fn known(&self, name: &str) -> Result<(), UnknownRule> {
        let known = self.all().any(|rule| rule.goes_by(name));
        known.then_some(()).ok_or_else(|| self.unknown(name))
    }

    /// Ids are long: what is misspelt may be the first words of one.
    fn unknown(&self, name: &str) -> UnknownRule {
        let names = self.all().flat_map(|rule| {
            let dashes = rule.id.match_indices('-').map(|(at, _)| at);
            let ends = dashes.chain([rule.id.len()]);
            ends.filter_map(|end| rule.id.get(..end))
        });
        UnknownRule {
            name: name.to_owned(),
            nearest: nearest(name, names).map(ToOwned::to_owned),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().chain(&self.left_out)
    }

    /// May the rows of large tables that a screen has proved sound be counted,
    /// and not kept?
    #[must_use]
    pub fn take_sound_rows(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.all(|rule| rule.check.takes_sound_rows())
    }

    /// Does one of them hold tables against a second source?
    #[must_use]
    pub fn compare(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| matches!(rule.check, Check::Reference(_)))
    }

    /// The rules that were left out.
    pub fn left_out(&self) -> impl Iterator<Item = &Rule> {
        self.left_out.iter()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }
}
