//! The story as written, with a mark on every number: agrees, contradicts, not
//! checked, or no claim at all. A mark tells its sum and cells on hover, focus
//! and click, without a script.

use std::ops::Range;

use maud::{Markup, html};

use super::{Doubt, Page};
use crate::model::{BlockKind, Claim, Locus, NotClaim, Prose, Severity, Verdict};

/// What is told of a stretch of the text.
#[derive(Clone, Copy)]
enum Remark<'a> {
    Claim(&'a Claim),
    Nothing(&'a NotClaim),
}

/// A stretch of the text, and all that is told of it.
struct Mark<'a> {
    range: Range<usize>,
    remarks: Vec<Remark<'a>>,
}

impl Page<'_> {
    /// `None` where there is no copy.
    pub(super) fn story(&self) -> Option<Markup> {
        let prose = &self.dataset().prose;
        let told: Vec<(&Prose, Vec<Mark>)> = prose
            .iter()
            .map(|prose| (prose, self.marks(prose)))
            .filter(|(_, marks)| !marks.is_empty())
            .collect();
        if told.is_empty() {
            return None;
        }
        Some(html! {
            section id="story" aria-labelledby="story-title" {
                h2 id="story-title" { "The story as written" }
                ul.legend {
                    li { span.m.agrees { "✓" } " agrees with the tables" }
                    @if self.report.count_agreeing_in_doubt() > 0 {
                        li { span.m.doubtful { "!" } " agrees with a figure in doubt" }
                    }
                    li { span.m.contradicts { "✗" } " contradicts them" }
                    li { span.m.unchecked { "?" } " was not checked" }
                    li { span.m.nothing { "·" } " claims nothing about a result" }
                }
                @for ((prose, marks), number) in told.iter().zip(0..) {
                    article {
                        h3 { (self.dataset().source(prose.source).map_or("", |s| s.name())) }
                        div.story { (self.blocks(prose, marks, number)) }
                    }
                }
            }
        })
    }

    /// Claims and numbers that are none, in the order of the text; those that
    /// overlap are one mark.
    fn marks(&self, prose: &Prose) -> Vec<Mark<'_>> {
        let claims = self
            .report
            .claims
            .iter()
            .map(|c| (c.span, Remark::Claim(c)));
        let nothing = self
            .report
            .not_claims
            .iter()
            .map(|n| (n.span, Remark::Nothing(n)));
        let mut all: Vec<(Range<usize>, Remark)> = claims
            .chain(nothing)
            .filter_map(|(span, remark)| Some((prose.range(span)?, remark)))
            .collect();
        all.sort_by_key(|(range, _)| (range.start, range.end));
        let mut marks: Vec<Mark> = Vec::new();
        for (range, remark) in all {
            match marks.last_mut().filter(|last| range.start < last.range.end) {
                Some(last) => {
                    last.range.end = last.range.end.max(range.end);
                    last.remarks.push(remark);
                }
                None => marks.push(Mark {
                    range,
                    remarks: vec![remark],
                }),
            }
        }
        marks
    }

    fn blocks(&self, prose: &Prose, marks: &[Mark<'_>], number: usize) -> Markup {
        html! {
            @for block in &prose.blocks {
                @let inner = self.block(prose, &block.range, marks, number);
                @match block.kind {
                    BlockKind::Heading => h4.blk { (inner) },
                    BlockKind::Paragraph => p.blk { (inner) },
                }
            }
        }
    }

    fn block(
        &self,
        prose: &Prose,
        block: &Range<usize>,
        marks: &[Mark<'_>],
        number: usize,
    ) -> Markup {
        let inside = |mark: &Mark| block.start <= mark.range.start && mark.range.end <= block.end;
        let first = marks.partition_point(|mark| mark.range.start < block.start);
        let own: Vec<(usize, &Mark)> = (first..)
            .zip(marks.iter().skip(first).take_while(|mark| inside(mark)))
            .collect();
        let text = |range| prose.text.get(range).unwrap_or_default();
        let ends = own.iter().map(|(_, mark)| mark.range.end);
        let starts = std::iter::once(block.start).chain(ends);
        let last = own.last().map_or(block.start, |(_, mark)| mark.range.end);
        html! {
            @for ((id, mark), from) in own.iter().zip(starts) {
                (text(from..mark.range.start))
                (self.mark(mark, text(mark.range.clone()), &format!("m{number}-{id}")))
            }
            (text(last..block.end))
        }
    }

    fn mark(&self, mark: &Mark<'_>, text: &str, id: &str) -> Markup {
        let doubtful = mark.claims().any(|claim| self.doubt_of(claim).is_some());
        let (class, glyph, says) = match mark.verdict() {
            Some(Verdict::Agrees) if doubtful => ("doubtful", "!", "agrees with a figure in doubt"),
            Some(Verdict::Contradicts) => ("contradicts", "✗", "contradicts the tables"),
            Some(Verdict::Unchecked) => ("unchecked", "?", "not checked"),
            Some(Verdict::Agrees) => ("agrees", "✓", "agrees with the tables"),
            None => ("nothing", "·", "no claim"),
        };
        html! {
            span.w {
                span class={ "m " (class) } role="button" tabindex="0" aria-describedby=(id) {
                    (text) span.g aria-hidden="true" { (glyph) } span.vh { " (" (says) ")" }
                }
                span.tip id=(id) {
                    @for remark in &mark.remarks { (self.tip(*remark)) }
                }
            }
        }
    }

    fn tip(&self, remark: Remark<'_>) -> Markup {
        match remark {
            Remark::Nothing(nothing) => html! {
                span.line { b { "Claims nothing about a result" } ": " (nothing.why) }
            },
            Remark::Claim(claim) => self.claim_tip(claim),
        }
    }

    fn claim_tip(&self, claim: &Claim) -> Markup {
        let of = [&claim.entity, &claim.contest, &claim.election];
        let of: Vec<&str> = of.iter().filter_map(|name| name.as_deref()).collect();
        let finding = self
            .items
            .iter()
            .position(|i| i.told.finding.at == claim.at());
        let finding = finding.filter(|_| claim.verdict == Verdict::Contradicts);
        let doubt = self.doubt_of(claim);
        html! {
            span.line {
                b { @match claim.verdict {
                    Verdict::Agrees if doubt.is_some() => "Agrees with a figure in doubt",
                    Verdict::Agrees => "Agrees",
                    Verdict::Contradicts => "Contradicts the tables",
                    Verdict::Unchecked => "Not checked",
                } }
                ": " (claim.metric.replace('-', " "))
                @if !of.is_empty() { " of " (of.join(", ")) }
            }
            @if let Some(expected) = &claim.expected {
                span.line { "Stated " b { (claim.stated) } "; by the tables " b { (expected) } }
            }
            @if let Some(working) = &claim.working { span.line.sum { (working) } }
            @if let Some(reason) = &claim.reason { span.line { (reason) } }
            @for cell in &claim.cells {
                @if matches!(cell.at, Locus::Cell(_) | Locus::Span(_)) {
                    span.line.cell { (self.place(cell.at, "")) }
                }
            }
            @if let Some(finding) = finding {
                span.line { a href={ "#f" (finding) } { "The finding" } }
            }
            @if let Some(doubt) = doubt {
                span.line { a href={ "#f" (doubt.item) } { "Why the figure is in doubt" } }
            }
        }
    }
}

impl Page<'_> {
    /// Why a figure is in doubt that a claim agrees with.
    fn doubt_of(&self, claim: &Claim) -> Option<Doubt> {
        let cells = claim
            .cells
            .iter()
            .filter(|_| claim.verdict == Verdict::Agrees);
        let mut doubts = cells.filter_map(|cell| match cell.at {
            Locus::Cell(place) => self.doubts.get(&place).copied(),
            Locus::Heading(_) | Locus::Span(_) => None,
        });
        doubts.find(|doubt| {
            let item = self.items.get(doubt.item);
            doubt.own && item.is_some_and(|i| i.told.finding.severity > Severity::Note)
        })
    }
}

impl Mark<'_> {
    fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.remarks.iter().filter_map(|remark| match remark {
            Remark::Claim(claim) => Some(*claim),
            Remark::Nothing(_) => None,
        })
    }

    /// The worst verdict; `None` where nothing is claimed.
    fn verdict(&self) -> Option<Verdict> {
        let verdicts = self.claims().map(|claim| claim.verdict);
        verdicts.max_by_key(|verdict| match verdict {
            Verdict::Agrees => 0,
            Verdict::Unchecked => 1,
            Verdict::Contradicts => 2,
        })
    }
}
