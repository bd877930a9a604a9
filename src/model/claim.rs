//! Claims: checkable statements of the copy, and what the tables say of them.

use std::collections::HashSet;

use super::{Cause, Locus, Place, Related, Severity, Span, Suppression};

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
    /// The ways to understand it: the one that was taken first; the others
    /// where they were asked for.
    pub readings: Vec<Considered>,
}

/// A way to understand a claim.
#[derive(Debug, Clone)]
pub struct Considered {
    /// The form of words: an entry of `rules/language`.
    pub form: String,
    /// How fast its words bind, from 1, a guess.
    pub strength: u8,
    /// The sentence as the form sees it, names and numbers as placeholders.
    pub sentence: String,
    pub metric: &'static str,
    /// Of whom, where and when, as far as that was settled.
    pub of: Vec<String>,
    pub verdict: Verdict,
    /// The sum, or why there is none.
    pub because: String,
    /// Why it was not taken; `None` for the one that was.
    pub lost: Option<String>,
}

impl Claim {
    #[must_use]
    pub fn at(&self) -> Locus {
        Locus::Span(self.span)
    }

    /// Does it agree with the tables by one of these cells?
    #[must_use]
    pub fn agrees_with_any(&self, cells: &HashSet<Place>) -> bool {
        let is_one = |at: &Related| matches!(at.at, Locus::Cell(place) if cells.contains(&place));
        self.verdict == Verdict::Agrees && self.cells.iter().any(is_one)
    }
}

/// A number in the copy that says nothing about a result, and why.
#[derive(Debug, Clone)]
pub struct NotClaim {
    pub span: Span,
    /// `year`, `time`, `date`, `age`, `idiom`, ….
    pub why: String,
}

/// What the copy claims, and its numbers that claim nothing.
#[derive(Debug, Default)]
pub struct Reading {
    pub claims: Vec<Claim>,
    pub not_claims: Vec<NotClaim>,
    /// What was not read, in sentences.
    pub notes: Vec<String>,
    /// The comments that accept a figure, and whether it was contradicted.
    pub suppressions: Vec<(Suppression, bool)>,
}
