//! What a run knows, and the run itself: everything between input and report.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use toml::Spanned;

use super::config::Config;
use super::{RulesFolder, Stop};
use crate::check::{self, Example, Rules, Subject, Tolerances};
use crate::copy::{self, Language, Means};
use crate::load::{self, Input, Large, LoadError, Loaded, Options, Words};
use crate::model::{
    Aliases, ContestOutcome, Dataset, Differences, Excluded, Facts, Layout, Pack, PackFile,
    Parties, Parts, Reading, Relations, Report, Standings, outcomes,
};
use crate::screen::{self, Kept, Rows, Screened};

/// What the user gives a command to go by, beside its input.
#[derive(Debug, Clone, clap::Args)]
pub struct Given {
    #[command(flatten)]
    pub rules: RulesFolder,
    /// Further names of candidates, places and parties (TOML).
    #[arg(long, value_name = "FILE")]
    pub aliases: Option<PathBuf>,
    /// Read every table as this published format; `formats` lists them.
    #[arg(long = "as", value_name = "FORMAT")]
    pub read_as: Option<String>,
    /// Read every table by a format of your own: which column holds what (TOML).
    #[arg(long, value_name = "FILE", conflicts_with = "read_as")]
    pub columns: Option<PathBuf>,
}

impl Given {
    /// No more than a folder of rules.
    pub fn folder(rules: RulesFolder) -> Self {
        Self {
            rules,
            aliases: None,
            read_as: None,
            columns: None,
        }
    }

    /// The files and the folder that it names.
    pub fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        let files = self.aliases.iter().chain(&self.columns);
        files.chain(&self.rules.folder)
    }

    /// What the command line does not name, from the settings.
    pub fn or(&mut self, config: &Config) -> Result<(), Stop> {
        let settings = &config.settings;
        let path = |own: Option<PathBuf>, text: &Option<Spanned<String>>| match (own, text) {
            (None, Some(text)) => config.existing(text).map(Some),
            (own, _) => Ok(own),
        };
        self.rules.folder = path(self.rules.folder.take(), &settings.rules)?;
        self.aliases = path(self.aliases.take(), &settings.aliases)?;
        if self.read_as.is_none() && self.columns.is_none() {
            self.read_as = settings.read_as.as_ref().map(|id| id.get_ref().clone());
            self.columns = path(None, &settings.columns)?;
        }
        Ok(())
    }

    /// All published formats, and that of the user.
    pub fn known_layout(&self, pack: &Pack) -> Result<Layout, Stop> {
        let layout = Layout::from_pack(pack)?;
        Ok(match &self.columns {
            Some(path) => layout.with_columns(&PackFile::open(path)?)?,
            None => layout,
        })
    }

    /// The same, where every table is read as one of them if the user says so.
    fn layout(&self, pack: &Pack) -> Result<Layout, Stop> {
        let mut layout = self.known_layout(pack)?;
        if let Some(id) = &self.read_as {
            let unknown = |nearest| Stop::Format {
                id: id.clone(),
                nearest,
            };
            layout.formats.force(id).map_err(unknown)?;
        }
        Ok(layout)
    }
}

/// Everything in `rules/`, and what the user gave.
pub struct Knowledge {
    layout: Layout,
    parties: Parties,
    /// The language of copy, compiled when there is some: it takes longer than
    /// a small table.
    language: OnceCell<Language>,
    pack: Pack,
    aliases: Aliases,
    pub rules: Rules,
    /// Keep every way to understand a claim.
    pub thorough: bool,
    /// By how much figures may differ from a reference.
    pub tolerances: Tolerances,
}

impl Knowledge {
    pub fn new(given: &Given) -> Result<Self, Stop> {
        let pack = given.rules.pack()?;
        let aliases = match &given.aliases {
            Some(path) => Aliases::open(path)?,
            None => Aliases::default(),
        };
        let language = OnceCell::new();
        // A mistake in the user's own words is told at once.
        if pack.files("language").any(|file| file.own) {
            let _ = language.set(Language::from_pack(&pack)?);
        }
        Ok(Self {
            language,
            layout: given.layout(&pack)?,
            parties: Parties::from_pack(&pack)?.with(&aliases.parties),
            rules: Rules::from_pack(&pack)?,
            aliases,
            pack,
            thorough: false,
            tolerances: Tolerances::new(),
        })
    }

    pub fn words(&self) -> Words<'_> {
        Words {
            layout: &self.layout,
            parties: &self.parties,
        }
    }

    /// Reads inputs, and screens the large tables among them: what is sound in
    /// these is counted, and not kept. Those that cannot be screened are read
    /// whole.
    pub fn load(&self, inputs: &[Input], options: &Options, tell: &mut dyn FnMut(&str)) -> Loaded {
        let screened = self.rules.take_sound_rows() && inputs.iter().all(|input| !input.reference);
        let options = Options {
            large: options.large.filter(|_| screened),
            ..options.clone()
        };
        let mut loaded = load::load_telling(inputs, io::stdin(), self.words(), &options, tell);
        // Those that come first keep their places.
        while let Some(large) = loaded.large.pop() {
            tell(&large.name);
            if let Err(error) = self.screen(&large, &mut loaded.dataset, &options) {
                loaded.errors.push(error);
            }
        }
        loaded
    }

    fn screen(
        &self,
        large: &Large,
        dataset: &mut Dataset,
        options: &Options,
    ) -> Result<(), LoadError> {
        let head = screen::Head {
            rows: match &large.stored {
                Some(rows) => Rows::Stored(rows),
                None => Rows::Lines(&large.path),
            },
            name: &large.name,
            text: &large.text,
            table: &large.head,
            id: large.table,
            most: options.large.map_or(0, |large| large.parts),
        };
        let relations = Relations::new(dataset, &self.layout, &self.parties);
        let screened = screen::screen(head, dataset, &relations, &self.layout, &self.parties);
        let put = screened.is_ok_and(|screened| self.put(large, dataset, screened, head.most));
        if put {
            return Ok(());
        }
        large.read_whole(dataset, self.words(), options)
    }

    fn put(&self, large: &Large, dataset: &mut Dataset, screened: Screened, most: usize) -> bool {
        let Screened {
            kept,
            sound,
            left_out,
        } = screened;
        let fits = match kept {
            Kept::Lines(kept) => large.put(dataset, kept, sound, &self.layout),
            Kept::Cells(kept) => large.put_cells(dataset, kept, sound, &self.layout),
        };
        if fits && left_out > 0 {
            dataset.notes.push(format!(
                "{left_out} sums of units of {} do not come out, and were not searched unit by unit: \
                 that is done where these have {most} rows together",
                large.name
            ));
        }
        fits
    }

    /// What the tables make of each contest.
    pub fn outcomes(&self, dataset: &Dataset) -> BTreeMap<String, ContestOutcome> {
        outcomes(&Relations::new(dataset, &self.layout, &self.parties))
    }

    /// Examines the inputs of an example.
    pub fn examine_example(&self, example: &Example) -> Result<Report, Stop> {
        let inputs = example.inputs();
        let inputs: Vec<(&str, &str)> = inputs.iter().map(|(n, t)| (n.as_str(), *t)).collect();
        let references = example.references();
        let references: Vec<(&str, &str)> =
            references.iter().map(|(n, t)| (n.as_str(), *t)).collect();
        let dataset = load::load_texts_against(&inputs, &references, self.words());
        self.examine(dataset)
    }

    fn read_copy(&self, dataset: &Dataset, facts: &Facts<'_>) -> Reading {
        let Some(language) = self.language.get().filter(|_| !dataset.prose.is_empty()) else {
            return Reading::default();
        };
        let means = Means {
            language,
            aliases: &self.aliases,
            thorough: self.thorough,
        };
        copy::read(dataset, facts, means)
    }

    /// Checks the tables, reads the copy against them, and brings both
    /// together.
    pub fn examine(&self, mut dataset: Dataset) -> Result<Report, Stop> {
        let relations = Relations::new(&dataset, &self.layout, &self.parties);
        let standings = Standings::new(&relations, &self.parties);
        let facts = Facts::new(&standings, &self.parties);
        let subject = Subject::new(&dataset, &relations, &facts, &self.layout, &self.tolerances)?;
        let compiled = !dataset.prose.is_empty() && self.language.get().is_none();
        let (rules, pack) = (&self.rules, Some(&self.pack).filter(|_| compiled));
        let (tables, language) = rayon::join(
            || check::run(rules, &subject),
            || pack.map(Language::from_pack).transpose(),
        );
        if let Some(language) = language? {
            let _ = self.language.set(language);
        }
        let mut reading = self.read_copy(&dataset, &facts);
        let copy = check::copy(&self.rules, &mut reading, &tables);
        let rows = relations.left_out.iter();
        let rows: Vec<Excluded> = rows
            .filter_map(|(place, why)| {
                let span = dataset.cell_span(*place)?;
                let why = why.clone();
                Some(Excluded { span, why })
            })
            .collect();
        let differences = if self.rules.compare() {
            check::differences(&subject)
        } else {
            Differences::default()
        };
        let parts = Parts::in_doubt(&relations, &tables.findings);
        dataset.excluded.extend(rows);
        let left_out = check::left_out(&self.rules);
        dataset.notes.append(&mut reading.notes);
        dataset.notes.extend(relations.notes.iter().cloned());
        let nothing = differences.hindrance.iter();
        let unread = nothing.map(|why| format!("nothing was compared: {why}"));
        Ok(Report {
            unread: unread.collect(),
            left_out: BTreeMap::new(),
            aside: Vec::new(),
            settings: Vec::new(),
            judged: None,
            findings: [tables.findings, copy.findings].concat(),
            rules: [tables.outcomes, copy.outcomes, left_out].concat(),
            claims: reading.claims,
            not_claims: reading.not_claims,
            dataset,
            standings,
            parts,
            parties: self.parties.clone(),
            differences,
        })
    }
}

#[cfg(test)]
mod tests;
