//! All that a run has found, and all that it has not checked.

use super::{
    Claim, Dataset, Differences, Finding, NotClaim, Parties, Severity, Standings, Verdict,
};

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    /// It could be decided nowhere: every group lacked a value.
    Unknown,
    /// Nothing in the input is of its concern.
    Skipped,
}

impl Outcome {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
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
        } else if self.passed > 0 {
            Outcome::Passed
        } else if self.unknown > 0 {
            Outcome::Unknown
        } else {
            Outcome::Skipped
        }
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
    /// Parties under all their names.
    pub parties: Parties,
    /// Where the tables differ from a second source.
    pub differences: Differences,
    /// Inputs that could not be read, each in a sentence.
    pub unread: Vec<String>,
}

impl Report {
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|f| f.severity == severity)
            .count()
    }

    #[must_use]
    pub fn count_claims(&self, verdict: Verdict) -> usize {
        self.claims.iter().filter(|c| c.verdict == verdict).count()
    }

    #[must_use]
    pub fn count_rules(&self, outcome: Outcome) -> usize {
        self.rules.iter().filter(|r| r.outcome() == outcome).count()
    }

    /// The worst severity found.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }
}
