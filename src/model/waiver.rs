//! Findings that somebody accepts for a reason, and until when.

use std::collections::BTreeMap;

use num_traits::Signed;

use super::baseline::size;
use super::{Because, Dataset, Exact, Finding, Report, fold, goes_by};

/// What is accepted: the findings of a rule that are about this.
#[derive(Debug, Clone, Default)]
pub struct Waiver {
    /// The id of a rule, or the first words of several.
    pub rule: String,
    /// Without its folder.
    pub file: Option<String>,
    /// A heading.
    pub column: Option<String>,
    /// Of the key of a finding, or by headings of its row; what is not named may
    /// be anything.
    pub key: BTreeMap<String, String>,
    pub reason: String,
    pub link: Option<String>,
    /// The last day, as "2027-01-31".
    pub until: Option<String>,
    /// A larger difference is not accepted.
    pub max_difference: Option<Exact>,
}

/// What has become of a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It accepts so many findings.
    Of(usize),
    /// Nothing that it is about was found, and it was looked for.
    Unused,
    /// It would accept findings, and its last day is over.
    Expired(usize),
    /// Its rule was not asked, or its file not read.
    NotLookedFor,
}

impl Waiver {
    fn is_over(&self, today: &str) -> bool {
        self.until.as_deref().is_some_and(|until| until < today)
    }

    fn is_about(&self, dataset: &Dataset, finding: &Finding) -> bool {
        let same = |own: Option<&str>, other: &str| own.is_none_or(|own| fold(own) == fold(other));
        let fits = |(name, value): (&String, &String)| {
            let own = finding.key.get(name);
            let own = own.or_else(|| dataset.cell_under(finding.at, name));
            own.is_some_and(|own| same(Some(value), own))
        };
        goes_by(&finding.rule, &self.rule)
            && same(self.file.as_deref(), dataset.file_of(finding.at))
            && same(self.column.as_deref(), dataset.column_of(finding.at))
            && self.key.iter().all(fits)
            && self.is_wide_enough(finding)
    }

    fn is_wide_enough(&self, finding: &Finding) -> bool {
        let Some(most) = &self.max_difference else {
            return true;
        };
        size(finding).is_some_and(|(size, _)| size.abs() <= *most)
    }

    fn was_looked_for(&self, report: &Report) -> bool {
        let asked = report
            .rules
            .iter()
            .any(|r| r.asked && goes_by(&r.rule, &self.rule));
        let mut sources = report.dataset.sources.iter();
        let wanted = self.file.as_deref().map(fold);
        let read = wanted.is_none_or(|file| sources.any(|s| fold(s.own_name()) == file));
        asked && read
    }
}

/// What waivers accept of the findings of a report (a place for each), and what
/// has become of each waiver, by the day of today ("2026-11-24").
#[must_use]
pub fn waive(waivers: &[Waiver], report: &Report, today: &str) -> (Vec<Option<Because>>, Vec<Use>) {
    let mut because = vec![None; report.findings.len()];
    let mut uses = Vec::new();
    for waiver in waivers {
        let mut accepted = 0;
        for (place, finding) in because.iter_mut().zip(&report.findings) {
            if !waiver.is_about(&report.dataset, finding) {
                continue;
            }
            accepted += 1;
            if !waiver.is_over(today) {
                *place = Some(Because::Waived {
                    reason: waiver.reason.clone(),
                    link: waiver.link.clone(),
                });
            }
        }
        uses.push(match accepted {
            0 if waiver.was_looked_for(report) => Use::Unused,
            0 => Use::NotLookedFor,
            some if waiver.is_over(today) => Use::Expired(some),
            some => Use::Of(some),
        });
    }
    (because, uses)
}
