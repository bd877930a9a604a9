//! Each contest as a table, its doubtful cells marked, with a bar for each
//! share.

use std::collections::{BTreeSet, HashMap};

use maud::{Markup, html};
use num_traits::{Signed, ToPrimitive, Zero};

use super::Page;
use crate::model::{Entry, Exact, Locus, Metric, Parts, Place, Printed, Standing, whole};

/// More contests are counted, not shown.
const SHOWN: usize = 300;
/// So many contests without a finding are open from the start.
const OPEN: usize = 3;

impl Page<'_> {
    /// `None` where the tables tell of no contest.
    pub(super) fn contests(&self) -> Option<Markup> {
        let all = self.by_interest();
        if all.is_empty() && self.report.parts.is_empty() {
            return None;
        }
        let more = all.len().saturating_sub(SHOWN);
        let doubtful = all
            .iter()
            .skip(SHOWN)
            .filter(|(_, i)| *i == Interest::Doubtful);
        let doubtful = doubtful.count();
        let open = all.len() <= OPEN;
        Some(html! {
            section id="contests" aria-labelledby="contests-title" {
                h2 id="contests-title" { "Contests" }
                @for &(index, interest) in all.iter().take(SHOWN) {
                    @if let Some(standing) = self.facts.standing(index) {
                        (self.contest(index, standing, open || interest == Interest::Doubtful))
                    }
                }
                @if more > 0 {
                    p.more {
                        (more) " more contests are not on this page; there are findings on "
                        (doubtful) " of them."
                    }
                }
                @for parts in &self.report.parts { (self.parts(parts)) }
            }
        })
    }

    /// Contests with findings, then those that the copy is about, then the
    /// others.
    fn by_interest(&self) -> Vec<(usize, Interest)> {
        let mut doubtful = HashMap::new();
        for (item, rank) in self.items.iter().zip(0_usize..) {
            if let Some(standing) = item.standing {
                doubtful.entry(standing).or_insert(rank);
            }
        }
        let mut told = BTreeSet::new();
        for cell in self.report.claims.iter().flat_map(|claim| &claim.cells) {
            if let Locus::Cell(place) = cell.at {
                told.insert((place.table, place.row));
            }
        }
        let is_told = |standing: &Standing| {
            let mut places = places(standing);
            places.any(|place| told.contains(&(place.table, place.row)))
        };
        let standings = self.report.standings.iter().zip(0..);
        let mut all: Vec<(usize, Interest)> = standings
            .filter(|(standing, _)| !standing.entries.is_empty())
            .map(|(standing, index)| {
                let interest = if doubtful.contains_key(&index) {
                    Interest::Doubtful
                } else if is_told(standing) {
                    Interest::Told
                } else {
                    Interest::Other
                };
                (index, interest)
            })
            .collect();
        all.sort_by_key(|(index, interest)| (*interest, doubtful.get(index).copied()));
        all
    }

    fn contest(&self, index: usize, standing: &Standing, open: bool) -> Markup {
        let doubts = places(standing).filter(|place| self.doubts.get(place).is_some_and(|d| d.own));
        let doubts = doubts.count();
        let title = match standing.title() {
            title if title.is_empty() => "These results".to_owned(),
            title => title,
        };
        let stage = standing.stage.as_deref().map(|stage| format!(", {stage}"));
        html! {
            details.contest id={ "c" (index) } open[open] {
                summary {
                    (title) (stage.unwrap_or_default())
                    @if doubts > 0 { " " span.badge.error { (doubts) " in doubt" } }
                }
                (self.entries(standing))
                (self.figures(standing))
            }
        }
    }

    fn entries(&self, standing: &Standing) -> Markup {
        let metrics: BTreeSet<Metric> = standing
            .entries
            .iter()
            .flat_map(|entry| entry.figures.keys().copied())
            .collect();
        let shares = shares(standing);
        let has_candidates = standing
            .entries
            .iter()
            .any(|entry| entry.candidate.is_some());
        let has_parties = standing.entries.iter().any(|entry| entry.party.is_some());
        html! {
            div.scroll tabindex="0" role="group" aria-label={ "Results: " (standing.title()) } {
                table {
                    thead { tr {
                        @if has_candidates { th scope="col" { "Candidate" } }
                        @if has_parties { th scope="col" { "Party" } }
                        @for metric in &metrics { th.number scope="col" { (metric.name().replace('-', " ")) } }
                        @if !shares.is_empty() { th.chart scope="col" { span.vh { "Chart" } } }
                    } }
                    tbody {
                        @for (entry, at) in standing.entries.iter().zip(0..) { tr {
                            (names(entry, has_candidates, has_parties))
                            @for metric in &metrics { (self.cells(entry.figures.get(metric))) }
                            @if let Some(share) = shares.get(at) {
                                td.chart { (bar(*share)) }
                            }
                        } }
                    }
                }
            }
        }
    }

    /// A contest by unit: precincts in rows.
    fn parts(&self, parts: &Parts) -> Markup {
        let places = parts.rows.iter().flat_map(|(_, cells)| cells).flatten();
        let doubts = places.filter(|p| self.doubts.get(p).is_some_and(|d| d.own));
        let doubts = doubts.count();
        let title = match parts.title.as_str() {
            "" => "These results by unit".to_owned(),
            title => format!("{title}, by unit"),
        };
        html! {
            details.contest open {
                summary {
                    (title)
                    @if doubts > 0 { " " span.badge.error { (doubts) " in doubt" } }
                }
                div.scroll tabindex="0" role="group" aria-label={ "Votes: " (title) } {
                    table {
                        thead { tr {
                            th scope="col" { "Unit" }
                            @for name in &parts.names { th.number scope="col" { (name) } }
                        } }
                        tbody {
                            @for (unit, cells) in &parts.rows { tr {
                                th scope="row" { (unit) }
                                @for places in cells { (self.figure(places)) }
                            } }
                        }
                    }
                }
                @if parts.more > 0 { p.more { (parts.more) " more units are not on this page." } }
            }
        }
    }

    /// A figure as its tables print it.
    fn cells(&self, printed: Option<&Vec<Printed>>) -> Markup {
        let printed = printed.into_iter().flatten();
        self.figure(&printed.map(|p| p.place).collect::<Vec<_>>())
    }

    /// A figure that stands in these cells.
    fn figure(&self, places: &[Place]) -> Markup {
        let own = |place: &&Place| self.doubts.get(place).is_some_and(|d| d.own);
        let doubt = places
            .iter()
            .find(own)
            .or_else(|| places.iter().find(|place| self.doubts.contains_key(place)))
            .and_then(|place| self.doubts.get(place));
        let class = doubt.map(|doubt| {
            if doubt.own {
                "number doubt"
            } else {
                "number held"
            }
        });
        let mut texts: Vec<&str> = places
            .iter()
            .filter_map(|place| self.dataset().cell(*place))
            .collect();
        texts.dedup();
        let text = texts.join(" / ");
        html! {
            td class=(class.unwrap_or("number")) {
                @match doubt {
                    Some(doubt) => a href={ "#f" (doubt.item) } {
                        (text) span.vh { @if doubt.own { " (in doubt)" } @else { " (held against a figure in doubt)" } }
                    },
                    None => (text),
                }
            }
        }
    }

    /// The figures of the contest itself.
    fn figures(&self, standing: &Standing) -> Markup {
        html! {
            @if !standing.figures.is_empty() {
                div.scroll tabindex="0" role="group" aria-label="Figures of the contest" {
                    table.figures {
                        tbody {
                            @for (metric, printed) in &standing.figures { tr {
                                th scope="row" { (metric.words()) }
                                (self.cells(Some(printed)))
                            } }
                        }
                    }
                }
            }
        }
    }
}

/// Why a contest is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Interest {
    Doubtful,
    Told,
    Other,
}

fn places(standing: &Standing) -> impl Iterator<Item = Place> {
    let of_entries = standing.entries.iter().flat_map(|e| e.figures.values());
    let all = of_entries.chain(standing.figures.values()).flatten();
    all.map(|printed| printed.place)
}

fn names(entry: &Entry, candidates: bool, parties: bool) -> Markup {
    let text = |name: &Option<crate::model::Named>| {
        name.as_ref().map_or(String::new(), |n| n.text.clone())
    };
    html! {
        @if candidates { th scope="row" { (text(&entry.candidate)) } }
        @if parties {
            @if candidates { td { (text(&entry.party)) } } @else { th scope="row" { (text(&entry.party)) } }
        }
    }
}

/// The share of each entry in per cent: of the votes, else as printed. Empty
/// where neither is there.
fn shares(standing: &Standing) -> Vec<f64> {
    let of = |metric| -> Vec<Option<&Exact>> {
        let figures = standing.entries.iter().map(|entry| entry.figure(metric));
        figures
            .map(|printed| printed.map(|p| &p.number.value))
            .collect()
    };
    let votes = of(Metric::Votes);
    let total = votes
        .iter()
        .flatten()
        .fold(whole(0), |sum, votes| sum + *votes);
    let shares: Vec<Option<Exact>> = if votes.len() > 1 && total.is_positive() {
        let share = |votes: &Exact| votes * whole(100) / &total;
        votes.iter().map(|votes| votes.map(share)).collect()
    } else {
        of(Metric::Share)
            .into_iter()
            .map(Option::<&Exact>::cloned)
            .collect()
    };
    if shares.iter().flatten().all(Zero::is_zero) {
        return Vec::new();
    }
    // Only for drawing: no verdict hangs on it.
    let drawn = |share: Option<Exact>| share.and_then(|s| s.to_f64()).unwrap_or(0.0);
    shares
        .into_iter()
        .map(|share| drawn(share).clamp(0.0, 100.0))
        .collect()
}

fn bar(share: f64) -> Markup {
    html! {
        svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect.track width="100" height="8" {}
            rect.share width=(format!("{share:.1}")) height="8" {}
        }
    }
}
