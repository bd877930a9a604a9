//! All that a run has found, and all that it has not checked.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use super::{
    Claim, Dataset, Differences, Finding, Locus, NotClaim, Parties, Parts, Place, Severity,
    Standings, Verdict,
};

/// What a report in a file begins with that is for people, before the version of
/// the program: by this a later run knows it.
pub const REPORT_OF: &str = "Report of scrutineer ";

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    /// It could be decided nowhere: every group lacked a value.
    Unknown,
    /// Nothing in the input is of its concern.
    Skipped,
    /// All that it found was set aside, see [`Aside`].
    Aside,
}

impl Outcome {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::Aside => "aside",
        }
    }
}

/// How often a rule passed, failed, and could not be decided.
#[derive(Debug, Clone)]
pub struct RuleOutcome {
    pub rule: String,
    pub title: String,
    /// Why it must hold.
    pub why: String,
    /// Of its findings, at most.
    pub severity: Severity,
    pub passed: u64,
    pub failed: u64,
    /// It failed as often besides, and those findings were set aside.
    pub aside: u64,
    pub unknown: u64,
    /// `false` where the user left it out.
    pub asked: bool,
    /// Why it was skipped, or could not be decided everywhere.
    pub reason: Option<String>,
}

impl RuleOutcome {
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.failed > 0 {
            Outcome::Failed
        } else if self.aside > 0 {
            Outcome::Aside
        } else if self.passed > 0 {
            Outcome::Passed
        } else if self.unknown > 0 {
            Outcome::Unknown
        } else {
            Outcome::Skipped
        }
    }
}

/// Why a finding is not told of and does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// A baseline has it.
    Known,
    /// Somebody accepted it for a reason.
    Waived {
        reason: String,
        link: Option<String>,
    },
    /// It is in no file that the change touches.
    Untouched,
}

impl Because {
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Waived { .. } => "waived",
            Self::Untouched => "untouched",
        }
    }
}

/// A finding that was set aside.
#[derive(Debug, Clone)]
pub struct Aside {
    pub finding: Finding,
    pub because: Because,
}

/// What a run comes to.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The least severity that fails.
    pub bar: Severity,
    /// Rules whose findings are so few that they fail nothing.
    pub allowed: Vec<String>,
    /// What was found that fails, counted.
    pub found: Option<String>,
    /// What was not checked, where that fails.
    pub unchecked: Option<String>,
}

impl Judged {
    #[must_use]
    pub fn fails(&self) -> bool {
        self.found.is_some() || self.unchecked.is_some()
    }

    fn allows(&self, finding: &Finding) -> bool {
        self.allowed.contains(&finding.rule)
    }
}

/// The result of a run: the dataset that was read, and what was found in it.
#[derive(Debug)]
pub struct Report {
    pub dataset: Dataset,
    pub findings: Vec<Finding>,
    pub claims: Vec<Claim>,
    pub not_claims: Vec<NotClaim>,
    pub rules: Vec<RuleOutcome>,
    /// The contests that the tables tell of.
    pub standings: Standings,
    /// Contests by unit, where a figure of a unit is in doubt.
    pub parts: Vec<Parts>,
    /// Parties under all their names.
    pub parties: Parties,
    /// Where the tables differ from a second source.
    pub differences: Differences,
    /// Inputs that could not be read, each in a sentence.
    pub unread: Vec<String>,
    /// Findings that were not kept, see [`Self::keep`].
    pub left_out: BTreeMap<Severity, usize>,
    /// Findings that are not told of and do not count, and why.
    pub aside: Vec<Aside>,
    /// By what settings of the user's the run went, in sentences.
    pub settings: Vec<String>,
    /// Whether it fails, and why; where somebody asks for that.
    pub judged: Option<Judged>,
}

impl Report {
    /// Sets findings aside: `because` has a place for each finding, in their
    /// order. Their rules have failed so much less often.
    pub fn set_aside(&mut self, because: Vec<Option<Because>>) {
        let findings = std::mem::take(&mut self.findings).into_iter();
        let whys = because.into_iter().chain(std::iter::repeat(None));
        for (finding, why) in findings.zip(whys) {
            let Some(because) = why else {
                self.findings.push(finding);
                continue;
            };
            let rule = self.rules.iter_mut().find(|r| r.rule == finding.rule);
            if let Some(rule) = rule {
                rule.failed = rule.failed.saturating_sub(1);
                rule.aside += 1;
            }
            self.aside.push(Aside { finding, because });
        }
    }

    /// Keeps the worst `most` findings, counts the others, and says so in the
    /// notes, which every format prints.
    pub fn keep(&mut self, most: usize) {
        let all = self.findings.len();
        if all <= most {
            return;
        }
        self.findings.sort_by_key(|f| Reverse(f.severity));
        for finding in self.findings.drain(most..) {
            *self.left_out.entry(finding.severity).or_default() += 1;
        }
        let note = format!(
            "{all} findings are more than the {most} that are kept; {} were counted and left out, \
             the least bad first: mend the others and check again, or give --max-findings",
            all - most
        );
        self.dataset.notes.insert(0, note);
    }

    /// Does a finding make the run fail?
    #[must_use]
    pub fn fails_by(&self, finding: &Finding) -> bool {
        self.judged
            .as_ref()
            .is_none_or(|judged| finding.severity >= judged.bar && !judged.allows(finding))
    }

    /// What a finding is told as to programs that fail by it: what is allowed is
    /// a note.
    #[must_use]
    pub fn weight(&self, finding: &Finding) -> Severity {
        let allowed = self.judged.as_ref().is_some_and(|j| j.allows(finding));
        if allowed {
            Severity::Note
        } else {
            finding.severity
        }
    }

    /// The cells that a finding about tables says are wrong.
    #[must_use]
    pub fn cells_in_doubt(&self) -> HashSet<Place> {
        let findings = self.findings.iter();
        let findings = findings.filter(|finding| finding.severity > Severity::Note);
        let cells = findings.filter_map(|finding| match finding.at {
            Locus::Cell(place) => Some(place),
            Locus::Heading(_) | Locus::Span(_) => None,
        });
        cells.collect()
    }

    /// How many claims agree with a figure that is in doubt itself.
    #[must_use]
    pub fn count_agreeing_in_doubt(&self) -> usize {
        let doubts = self.cells_in_doubt();
        let claims = self.claims.iter();
        claims.filter(|c| c.agrees_with_any(&doubts)).count()
    }

    /// How many findings there are, with those that were not kept.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let left_out = self.left_out.get(&severity).copied().unwrap_or(0);
        let kept = self.findings.iter();
        left_out + kept.filter(|f| f.severity == severity).count()
    }

    #[must_use]
    pub fn count_claims(&self, verdict: Verdict) -> usize {
        self.claims.iter().filter(|c| c.verdict == verdict).count()
    }

    #[must_use]
    pub fn count_rules(&self, outcome: Outcome) -> usize {
        self.rules.iter().filter(|r| r.outcome() == outcome).count()
    }

    /// The worst severity found, kept or not.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let kept = self.findings.iter().map(|f| f.severity);
        kept.chain(self.left_out.keys().copied()).max()
    }
}
