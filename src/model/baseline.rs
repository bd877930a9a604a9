//! Findings that are known: a list to read and write, and what of a report it
//! covers.
//!
//! An entry says what a finding is about (rule, file, column, key) and how large
//! its difference was, and no line or row: so that it holds when others come
//! in. A difference that has grown, or turned its direction, is not covered.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use num_traits::{Signed, Zero};
use serde::{Deserialize, Serialize};

use super::{
    Because, Dataset, Exact, Finding, Key, Number, PackError, PackFile, Report, Root, Source, show,
};

/// A larger file is no baseline.
const MAX_BYTES: u64 = 256 << 20;
/// Of the file. Keys of the first version left out the areas of units, and its
/// files their folders.
const VERSION: u32 = 2;

/// What a finding is about, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Subject {
    rule: String,
    /// As seen from the folder of the list, so that those of two folders are
    /// two.
    file: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    column: String,
    #[serde(default)]
    key: Key,
}

/// The files of a dataset under the names that a list has for them.
struct Files<'a> {
    dataset: &'a Dataset,
    /// By the names of the sources.
    names: BTreeMap<&'a str, String>,
}

impl<'a> Files<'a> {
    fn seen_from(folder: &Root, dataset: &'a Dataset) -> Self {
        let name = |source: &'a Source| {
            let sheet = source.sheet().map(|sheet| format!("#{sheet}"));
            let name = folder.name(source.file()) + &sheet.unwrap_or_default();
            (source.name(), name)
        };
        let names = dataset.sources.iter().map(name).collect();
        Self { dataset, names }
    }

    fn subject(&self, finding: &Finding) -> Subject {
        let source = self.dataset.source_of(finding.at);
        let file = source.and_then(|source| self.names.get(source.name()));
        Subject {
            rule: finding.rule.clone(),
            file: file.cloned().unwrap_or_default(),
            column: self.dataset.column_of(finding.at).to_owned(),
            key: finding.key.clone(),
        }
    }

    fn have(&self, file: &str) -> bool {
        self.names.values().any(|name| name == file)
    }
}

/// A finding that is known.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    subject: Subject,
    /// Where it has one: a larger one is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
    /// For people, and to tell findings about the same from each other.
    message: String,
}

impl Entry {
    fn size(&self) -> Option<Exact> {
        Some(Number::parse(self.difference.as_deref()?)?.value)
    }

    fn order(&self, other: &Self) -> Ordering {
        let by = |e: &Self| (e.subject.clone(), e.size(), e.message.clone());
        by(self).cmp(&by(other))
    }
}

/// The findings that are known.
#[derive(Debug, Default)]
pub struct Baseline {
    /// In order.
    entries: Vec<Entry>,
}

/// The file.
#[derive(Deserialize)]
struct File {
    version: u32,
    known: Vec<Entry>,
}

/// What a baseline makes of a report.
#[derive(Debug, Default)]
pub struct Compared {
    /// A place for each finding.
    pub because: Vec<Option<Because>>,
    /// Findings that an entry is about, which are larger now; with what the
    /// entry says.
    pub grown: Vec<(usize, String)>,
    /// Entries of rules that were asked and of files that were read, which
    /// nothing was found of: indices.
    pub stale: Vec<usize>,
}

impl Baseline {
    /// All findings of a report, for a list in a folder.
    #[must_use]
    pub fn of(report: &Report, folder: &Root) -> Self {
        let files = Files::seen_from(folder, &report.dataset);
        let entries = report.findings.iter().map(|finding| Entry {
            subject: files.subject(finding),
            difference: size(finding).map(|(size, decimals)| show(&size, decimals)),
            message: finding.message.clone(),
        });
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort_by(Entry::order);
        Self { entries }
    }

    /// Takes over what an earlier list knows of files that were not read now and
    /// are still there, and of rules that were not asked.
    pub fn take_over(&mut self, earlier: Self, report: &Report, folder: &Root) {
        let files = Files::seen_from(folder, &report.dataset);
        let mut kept = earlier.entries;
        kept.retain(|Entry { subject, .. }| {
            let file = subject.file.split('#').next().unwrap_or_default();
            folder.has(file) && !was_looked_for(subject, report, &files)
        });
        self.entries.append(&mut kept);
        self.entries.sort_by(Entry::order);
    }

    /// Reads a file that is to be written again: what an older version wrote
    /// is under other names, and is empty.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no baseline.
    pub fn open_earlier(path: &Path) -> Result<Self, PackError> {
        let (_, read) = Self::read(path)?;
        let entries = Some(read).filter(|read| read.version == VERSION);
        let entries = entries.map(|read| read.known).unwrap_or_default();
        Ok(Self { entries })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no baseline of this version.
    pub fn open(path: &Path) -> Result<Self, PackError> {
        let (file, read) = Self::read(path)?;
        if read.version != VERSION {
            let says = format!("this is a baseline of version {}", read.version);
            let help = "write it again with `scrutineer baseline write`".to_owned();
            return Err(file.mistake(says, None).with_help(Some(help)));
        }
        let mut entries = read.known;
        entries.sort_by(Entry::order);
        Ok(Self { entries })
    }

    fn read(path: &Path) -> Result<(PackFile, File), PackError> {
        let file = PackFile::open_up_to(path, MAX_BYTES)?;
        let text = file.source.text();
        let read: File = serde_json::from_str(text).map_err(|error| {
            let line = file.source.line_range(error.line().saturating_sub(1));
            let at = (line.start + error.column().saturating_sub(1)).min(line.end);
            let message = error.to_string();
            let says = message.split(" at line ").next().unwrap_or(&message);
            file.mistake(format!("this is no baseline: {says}"), Some(at..at))
        })?;
        Ok((file, read))
    }

    /// As a file: JSON, an entry a line, in an order that does not depend on
    /// that of the findings.
    #[must_use]
    pub fn to_text(&self) -> String {
        let lines = self
            .entries
            .iter()
            .filter_map(|e| serde_json::to_string(e).ok());
        let lines: Vec<String> = lines.collect();
        format!(
            "{{\"version\":{VERSION},\"known\":[\n{}\n]}}\n",
            lines.join(",\n")
        )
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An entry in words.
    #[must_use]
    pub fn says(&self, entry: usize) -> Option<String> {
        let entry = self.entries.get(entry)?;
        let (rule, file) = (&entry.subject.rule, &entry.subject.file);
        Some(format!("{rule} in {file}: {}", entry.message))
    }

    /// Takes entries out: indices in order.
    pub fn remove(&mut self, stale: &[usize]) {
        let entries = std::mem::take(&mut self.entries).into_iter().enumerate();
        let kept = entries.filter(|(at, _)| stale.binary_search(at).is_err());
        self.entries = kept.map(|(_, entry)| entry).collect();
    }

    /// What it covers of the findings of a report, as a list in a folder. Each
    /// entry covers one.
    #[must_use]
    pub fn compare(&self, report: &Report, folder: &Root) -> Compared {
        let files = Files::seen_from(folder, &report.dataset);
        let mut of: BTreeMap<&Subject, Group> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            of.entry(&entry.subject).or_default().entries.push(at);
        }
        for (at, finding) in report.findings.iter().enumerate() {
            if let Some(group) = of.get_mut(&files.subject(finding)) {
                group.findings.push(at);
            }
        }
        let mut compared = Compared {
            because: vec![None; report.findings.len()],
            ..Compared::default()
        };
        for (subject, mut group) in of {
            let left = group.pair(&self.entries, &report.findings, &mut compared);
            if was_looked_for(subject, report, &files) {
                compared.stale.extend(left);
            }
        }
        compared.stale.sort_unstable();
        compared
    }
}

/// Could a finding about this have been made?
fn was_looked_for(subject: &Subject, report: &Report, files: &Files<'_>) -> bool {
    let asked = |rule: &super::RuleOutcome| rule.asked && rule.rule == subject.rule;
    report.rules.iter().any(asked) && files.have(&subject.file)
}

/// Entries and findings about one thing.
#[derive(Debug, Default)]
struct Group {
    entries: Vec<usize>,
    findings: Vec<usize>,
}

impl Group {
    /// Pairs findings with entries: the same first, then each with the smallest
    /// that covers it. The entries that are left over.
    fn pair(
        &mut self,
        entries: &[Entry],
        findings: &[Finding],
        compared: &mut Compared,
    ) -> Vec<usize> {
        let mut known = |at: usize| compared.because[at] = Some(Because::Known);
        let mut same: HashMap<&str, Vec<usize>> = HashMap::new();
        for &at in &self.entries {
            same.entry(&entries[at].message).or_default().push(at);
        }
        self.findings.retain(|&at| {
            let taken = same
                .get_mut(findings[at].message.as_str())
                .and_then(Vec::pop);
            if taken.is_some() {
                known(at);
            }
            taken.is_none()
        });
        let mut left: Vec<usize> = same.into_values().flatten().collect();
        left.sort_unstable();
        let sized = |at: &usize| size(&findings[*at]).map(|(size, _)| size.abs());
        self.findings.sort_by_key(sized);
        for &at in &self.findings {
            let size = size(&findings[at]).map(|(size, _)| size);
            let covering = left.iter().enumerate();
            let covering = covering.filter(|(_, e)| covers(&entries[**e], size.as_ref()));
            let smallest = covering.min_by_key(|(_, e)| entries[**e].size().map(|s| s.abs()));
            if let Some((place, _)) = smallest {
                known(at);
                left.remove(place);
            }
        }
        // What grew is still about what the entry is about.
        let grown = self
            .findings
            .iter()
            .filter(|at| compared.because[**at].is_none());
        let pairs: Vec<(usize, usize)> = grown.copied().zip(left.iter().copied()).collect();
        left.drain(..pairs.len());
        let told = pairs
            .into_iter()
            .filter_map(|(finding, entry)| Some((finding, entries[entry].difference.clone()?)));
        compared.grown.extend(told);
        left
    }
}

/// A difference that is no larger, in the same direction. Where there is no
/// number, one is as good as another.
fn covers(entry: &Entry, size: Option<&Exact>) -> bool {
    match (entry.size(), size) {
        (Some(known), Some(now)) => {
            now.is_zero() || known.is_negative() == now.is_negative() && now.abs() <= known.abs()
        }
        (None, _) => true,
        (Some(_), None) => false,
    }
}

/// How far off a finding is, and to how many decimals that is known.
pub(super) fn size(finding: &Finding) -> Option<(Exact, i32)> {
    let number = |text: &Option<String>| Number::parse(text.as_deref()?);
    if let Some(difference) = number(&finding.difference) {
        return Some((difference.value, difference.decimals));
    }
    let (stated, expected) = (number(&finding.stated)?, number(&finding.expected)?);
    let decimals = stated.decimals.max(expected.decimals);
    Some((stated.value - expected.value, decimals))
}
