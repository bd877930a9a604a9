//! Claims: checkable statements of the copy, and what the tables say of them.

use super::{Cause, Locus, Related, Severity, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Agrees,
    Contradicts,
    Unchecked,
}

impl Verdict {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Contradicts => "contradicts",
            Self::Unchecked => "unchecked",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimKind {
    Number,
    Rank,
    Direction,
    Outcome,
}

impl ClaimKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Rank => "rank",
            Self::Direction => "direction",
            Self::Outcome => "outcome",
        }
    }
}

/// A checkable statement with its verdict.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The phrase that carries the claim: "more than 2,500", "second".
    pub span: Span,
    /// The sentence that the phrase stands in.
    pub sentence: Span,
    pub kind: ClaimKind,
    /// What is claimed: `votes`, `share`, `majority`, `difference`, `rank`, ….
    pub metric: &'static str,
    pub entity: Option<String>,
    pub contest: Option<String>,
    pub election: Option<String>,
    pub verdict: Verdict,
    /// Of a contradiction; `None` otherwise.
    pub severity: Option<Severity>,
    pub stated: String,
    pub expected: Option<String>,
    /// The sum in one line: "42,207 − 40,000 = 2,207".
    pub working: Option<String>,
    /// Why it was not checked, or a remark on a claim that agrees.
    pub reason: Option<String>,
    /// One sentence that stands alone; of a contradiction.
    pub message: Option<String>,
    pub cause: Option<Cause>,
    /// The cells that the verdict rests on.
    pub cells: Vec<Related>,
    /// Every way to understand it that was considered, best first.
    pub readings: Vec<String>,
}

impl Claim {
    #[must_use]
    pub fn at(&self) -> Locus {
        Locus::Span(self.span)
    }
}

/// A number in the copy that says nothing about a result, and why.
#[derive(Debug, Clone)]
pub struct NotClaim {
    pub span: Span,
    /// `year`, `time`, `date`, `age`, `idiom`, ….
    pub why: String,
}
