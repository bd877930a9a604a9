//! The findings: each with both figures, and the place as it is printed.

use std::ops::Range;

use maud::{Markup, html};

use super::{Item, Page, votes, where_it_is};
use crate::model::{Block, Claim, Dataset, Finding, Locus, Place, Severity, Table};
use crate::report::summary::cause_in_words;

/// More findings are counted, not shown.
const SHOWN: usize = 1_000;
/// More rows of a table are counted.
const ROWS: usize = 8;
/// Of wider tables only the columns that say what a row is, and those marked.
const COLUMNS: usize = 8;
/// What is shown of a line around a place, in characters.
const AROUND: usize = 120;

impl Page<'_> {
    pub(super) fn findings(&self) -> Markup {
        let more = self.not_shown();
        html! {
            section id="findings" aria-labelledby="findings-title" {
                h2 id="findings-title" { "Findings" }
                @if self.items.is_empty() {
                    p { "None." }
                } @else {
                    (self.filter())
                    ol.findings {
                        @for (item, index) in self.items.iter().take(SHOWN).zip(0..) {
                            (self.finding(item, index))
                        }
                    }
                    p.more id="none" hidden { "Nothing matches." }
                    @if more > 0 {
                        p.more { (more) " more findings are not on this page: another format has them all." }
                    }
                }
            }
        }
    }

    /// Findings that are counted, and not on the page.
    pub(super) fn not_shown(&self) -> usize {
        let kept = self.items.len().saturating_sub(SHOWN);
        kept + self.report.left_out.values().sum::<usize>()
    }

    fn filter(&self) -> Markup {
        let mut rules: Vec<&str> = self
            .items
            .iter()
            .map(|i| i.told.finding.rule.as_str())
            .collect();
        rules.sort_unstable();
        rules.dedup();
        html! {
            form id="filter" role="search" aria-label="Filter findings and contests" hidden {
                label { "Search " input type="search" id="search" autocomplete="off"; }
                label { "Severity "
                    select id="severity" {
                        option value="" { "all" }
                        option value="error" { "errors" }
                        option value="warning" { "warnings" }
                        option value="note" { "notes" }
                    }
                }
                label { "Rule "
                    select id="rule" {
                        option value="" { "all" }
                        @for rule in rules { option value=(rule) { (rule) } }
                    }
                }
                label { "Order "
                    select id="order" {
                        option value="weight" { "votes affected" }
                        option value="severity" { "severity" }
                        option value="place" { "place" }
                    }
                }
                label.check { input type="checkbox" id="winner"; " could change who won" }
                output id="count" aria-live="polite" data-more=(self.not_shown()) {}
            }
        }
    }

    fn finding(&self, item: &Item<'_>, index: usize) -> Markup {
        let finding = item.told.finding;
        let severity = finding.severity;
        let rank = match severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        };
        let at = item.told.at;
        let place = at.map_or_else(String::new, |at| {
            format!("{}:{:012}", at.source.name(), at.span.start)
        });
        html! {
            li.finding id={ "f" (index) } tabindex="-1" data-severity=(severity.name()) data-rank=(rank)
                data-rule=(finding.rule) data-winner[item.stake.winner] data-place=(place) {
                h3 {
                    span class={ "badge " (severity.name()) } { (severity.name()) } " "
                    (finding.message)
                }
                p.meta {
                    @if let Some(at) = at { span { (where_it_is(at)) } }
                    @if let Some(stake) = &item.stake.votes { span.votes { (votes(stake)) } }
                    @if item.stake.winner { strong.winner { "could change who won" } }
                    span.rule { (finding.rule) }
                    @if let Some(standing) = item.standing {
                        a href={ "#c" (standing) } { "the contest" }
                    }
                }
                (self.evidence(item))
                (self.reasons(item))
            }
        }
    }

    fn reasons(&self, item: &Item<'_>) -> Markup {
        let finding = item.told.finding;
        let claim = self.claim(finding.at);
        let working = claim.and_then(|c| c.working.as_deref());
        let cause = finding.cause.as_ref();
        html! {
            dl {
                @if let Some(stated) = &finding.stated { (pair("Stated", stated)) }
                @if let Some(expected) = &finding.expected { (pair("By the tables", expected)) }
                @if let Some(difference) = &finding.difference { (pair("Difference", difference)) }
                @if let Some(working) = working { (pair("The sum", working)) }
                @if let Some(cause) = cause { (pair("It may be", &cause_in_words(cause))) }
                @if let Some(help) = &finding.help { (pair("What to do", help)) }
            }
        }
    }

    /// What is said of a related place, where that is not the sum again.
    fn label<'s>(&self, finding: &Finding, label: &'s str) -> &'s str {
        let working = self.claim(finding.at).and_then(|c| c.working.as_deref());
        let told = working.is_some_and(|working| working.contains(label));
        if told { "" } else { label }
    }

    fn claim(&self, at: Locus) -> Option<&Claim> {
        self.report.claims.iter().find(|claim| claim.at() == at)
    }

    /// The place as it is printed: rows of the table, or the sentence.
    fn evidence(&self, item: &Item<'_>) -> Markup {
        let finding = item.told.finding;
        let cells = finding.related.iter().map(|r| r.at).filter_map(cell);
        match finding.at {
            Locus::Cell(own) => {
                let same = |place: &Place| place.table == own.table;
                let cells: Vec<Place> = std::iter::once(own).chain(cells).filter(same).collect();
                let elsewhere = finding
                    .related
                    .iter()
                    .filter(|r| cell(r.at).is_none_or(|p| !same(&p)));
                html! {
                    @if let Some(table) = self.dataset().table(own.table) { (rows(table, &cells)) }
                    ul.places {
                        @for related in elsewhere { li { (self.place(related.at, &related.label)) } }
                    }
                }
            }
            Locus::Heading(_) | Locus::Span(_) => html! {
                (quote(self.dataset(), item))
                ul.places {
                    @for related in &finding.related {
                        li { (self.place(related.at, self.label(finding, &related.label))) }
                    }
                }
            },
        }
    }
}

/// A place of copy in its block, as it reads; else in its line.
fn quote(dataset: &Dataset, item: &Item<'_>) -> Markup {
    let Some(at) = item.told.at else {
        return html! {};
    };
    let in_copy = dataset.prose.iter().find_map(|prose| {
        let own = prose.range(at.span)?;
        let holds = |block: &&Block| block.range.start <= own.start && own.end <= block.range.end;
        let block = prose.blocks.iter().find(holds)?;
        Some(cut_around(&prose.text, &block.range, &own))
    });
    in_copy.unwrap_or_else(|| {
        let line = at.source.line_range(at.source.line_index(at.span.start));
        let end = at
            .span
            .end
            .clamp(at.span.start, line.end.max(at.span.start));
        cut_around(at.source.text(), &line, &(at.span.start..end))
    })
}

/// A part of a text marked, with what is around it in the whole.
fn cut_around(text: &str, whole: &Range<usize>, own: &Range<usize>) -> Markup {
    let text = |range: Range<usize>| text.get(range).unwrap_or_default();
    let before: Vec<char> = text(whole.start..own.start)
        .chars()
        .rev()
        .take(AROUND)
        .collect();
    let cut = before.len() == AROUND;
    let before: String = before.into_iter().rev().collect();
    let after: String = text(own.end..whole.end).chars().take(AROUND).collect();
    let goes_on = after.chars().count() == AROUND;
    html! {
        blockquote {
            @if cut { "…" } (before) mark { (text(own.clone())) } (after) @if goes_on { "…" }
        }
    }
}

fn cell(at: Locus) -> Option<Place> {
    match at {
        Locus::Cell(place) => Some(place),
        Locus::Heading(_) | Locus::Span(_) => None,
    }
}

fn pair(name: &str, text: &str) -> Markup {
    html! { div { dt { (name) } dd { (text) } } }
}

/// The rows of some cells, the cells marked; the first is the finding's own.
fn rows(table: &Table, cells: &[Place]) -> Markup {
    let mut numbers: Vec<u32> = cells.iter().map(|cell| cell.row).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let more = numbers.len().saturating_sub(ROWS);
    numbers.truncate(ROWS);
    let columns = columns(table, cells);
    let class = |row: u32, column: u32| {
        let at = |cell: &Place| (cell.row, cell.column) == (row, column);
        match cells.iter().position(at) {
            Some(0) => Some("doubt"),
            Some(_) => Some("held"),
            None => None,
        }
    };
    html! {
        div.scroll tabindex="0" role="group" aria-label="Rows of the table" {
            table {
                thead { tr {
                    th scope="col" { "row" }
                    @for (_, name) in &columns { th scope="col" { (name) } }
                } }
                tbody {
                    @for &row in &numbers { tr {
                        th scope="row" { (u64::from(row) + 1) }
                        @for &(column, _) in &columns {
                            td class=[class(row, column)] {
                                (table.cell(row as usize, column as usize).unwrap_or_default())
                                @if class(row, column) == Some("doubt") { span.vh { " (in doubt)" } }
                            }
                        }
                    } }
                }
            }
        }
        @if more > 0 { p.more { (more) " more rows" } }
    }
}

/// The columns that are shown, with their headings.
fn columns<'a>(table: &'a Table, cells: &[Place]) -> Vec<(u32, &'a str)> {
    let marked = |column: u32| cells.iter().any(|cell| cell.column == column);
    let narrow = table.columns.len() <= COLUMNS;
    (0..)
        .zip(&table.columns)
        .filter(|(index, column)| narrow || marked(*index) || column.role.is_key())
        .map(|(index, column)| (index, column.name.as_str()))
        .collect()
}
