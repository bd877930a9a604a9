//! Sums of counts, and which of their cells is wrong where one does not come
//! out.
//!
//! A wrong cell breaks every sum that it is part of by the same number, and a
//! sound one none: the cell that mends most sums and breaks none is looked at
//! first (Fellegi and Holt 1976; the two-way table in closed form). Where one
//! sum alone is broken and no other vouches for some of its cells, all of them
//! are suspects, and none is named.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{Cause, Finding, Locus, Place, Related, Rest, TableId, show, slip, whole};

use super::slips;

/// A cell with its count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub place: Place,
    pub value: i64,
}

/// A total and its parts.
#[derive(Debug, Clone)]
pub struct Sum {
    pub total: Term,
    pub parts: Vec<Term>,
    /// Parts that are sound and not kept.
    pub rest: Rest,
    /// Which of the findings beside it says that it does not come out.
    pub finding: Option<usize>,
}

/// A cell of a broken sum, and what it would have to be.
#[derive(Debug)]
struct Suspect {
    term: Term,
    wanted: i64,
    mended: Vec<usize>,
    broken: usize,
    cause: Option<Cause>,
}

impl Sum {
    /// What the parts come to.
    #[must_use]
    pub fn added(&self) -> i64 {
        let kept: i64 = self.parts.iter().map(|part| part.value).sum();
        kept + self.rest.value
    }

    /// How many parts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.len() + self.rest.parts
    }

    /// Can its parts be looked at one by one?
    fn is_kept(&self) -> bool {
        self.rest.parts == 0
    }

    /// The total minus the sum of the parts.
    #[must_use]
    pub fn off(&self) -> i64 {
        self.total.value - self.added()
    }

    /// Do the parts make the total?
    #[must_use]
    pub fn comes_out(&self) -> bool {
        self.off() == 0
    }

    /// The total and what the parts come to, as sentences have them.
    #[must_use]
    pub fn shown(&self) -> [String; 2] {
        [self.total.value, self.added()].map(|value| show(&whole(value), 0))
    }

    /// A finding with what is given and what the parts come to.
    #[must_use]
    pub fn tell(&self, found: Finding) -> Finding {
        found.differing(&whole(self.total.value), &whole(self.added()), 0)
    }

    /// Do all its cells stand in one row?
    pub(super) fn is_of_row(&self) -> bool {
        let row = |place: Place| (place.table, place.row);
        let mut parts = self.parts.iter();
        // Parts that are not kept stand in other rows.
        self.rest.parts == 0 && parts.all(|part| row(part.place) == row(self.total.place))
    }

    pub(super) fn terms(&self) -> impl Iterator<Item = Term> {
        std::iter::once(self.total).chain(self.parts.iter().copied())
    }

    /// What a cell would have to be for the sum to come out.
    pub(super) fn wanted(&self, place: Place) -> Option<i64> {
        if self.total.place == place {
            return Some(self.added());
        }
        let part = self.parts.iter().find(|part| part.place == place)?;
        Some(part.value + self.off())
    }
}

/// Puts each finding about a sum at the cell that is probably wrong, and takes
/// out those that another one explains.
pub fn locate(findings: &mut Vec<Finding>, sums: &[Sum]) {
    let doubtful: HashSet<Place> = sums
        .iter()
        .filter(|sum| sum.finding.is_some())
        .flat_map(Sum::terms)
        .map(|term| term.place)
        .collect();
    let mut of_place: HashMap<Place, Vec<usize>> = HashMap::new();
    for (index, sum) in sums.iter().enumerate() {
        for term in sum.terms().filter(|term| doubtful.contains(&term.place)) {
            of_place.entry(term.place).or_default().push(index);
        }
    }
    let index = Index::new(sums);
    let merged = slips::merge(findings, sums);
    let mut explained = merged;
    for sum in sums {
        let Some(at) = sum.finding.filter(|at| !explained.contains(at)) else {
            continue;
        };
        // Any of the cells that are not kept may be the wrong one, unless it is
        // known what other sums say of them.
        if sum.rest.parts > 0 && !sum.rest.alone {
            continue;
        }
        let suspects = suspects(sum, sums, &of_place);
        let Some(finding) = findings.get_mut(at) else {
            continue;
        };
        // What rows and figures beside it explain is explained already.
        let kind = finding.cause.as_ref().map(|cause| cause.kind);
        let told = match kind {
            Some("row-elsewhere" | "column-shifted") => true,
            Some("category-omitted") => located(&suspects).is_none(),
            _ => false,
        };
        if told {
            continue;
        }
        if located(&suspects).is_none()
            && let Some((other, slip)) = exchanged(sum, index.opposite(sum, sums))
        {
            name_exchanged(finding, &slip);
            explained.extend(other.finding.filter(|&other| other != at));
            continue;
        }
        name(finding, &suspects, sum.rest);
        if located(&suspects).is_none() && !finding.cause.as_ref().is_some_and(is_telling) {
            finding.cause =
                of_the_whole(sum, &index.another(sum, sums)).or_else(|| finding.cause.take());
        }
        let others = located(&suspects).map_or(&[][..], |first| first.mended.as_slice());
        let others = others.iter().filter_map(|&other| sums.get(other)?.finding);
        explained.extend(others.filter(|&other| other != at));
    }
    agree(findings, sums, &explained);
    let mut at = 0;
    findings.retain(|_| {
        at += 1;
        !explained.contains(&(at - 1))
    });
}

/// Several findings that have one cell in common doubt that cell, and no other
/// in common: it is looked at first. (A turnout, and the sum of a column of
/// electors: the electors of the unit.)
fn agree(findings: &mut [Finding], sums: &[Sum], explained: &HashSet<usize>) {
    let of_sums = sums.iter().filter_map(|sum| Some((sum.finding?, sum)));
    let of_sums: HashMap<usize, &Sum> = of_sums.collect();
    let cells = |at: usize, finding: &Finding| -> BTreeSet<Place> {
        let sum = of_sums.get(&at).into_iter().flat_map(|sum| sum.terms());
        let named = finding.related.iter().map(|r| r.at).chain([finding.at]);
        let named = named.filter_map(|at| match at {
            Locus::Cell(place) => Some(place),
            Locus::Heading(_) | Locus::Span(_) => None,
        });
        sum.map(|term| term.place).chain(named).collect()
    };
    let doubted: Vec<BTreeSet<Place>> = (findings.iter().enumerate())
        .map(|(at, finding)| {
            let told = explained.contains(&at);
            if told {
                BTreeSet::new()
            } else {
                cells(at, finding)
            }
        })
        .collect();
    let mut by_place: HashMap<Place, HashSet<&str>> = HashMap::new();
    for (finding, places) in findings.iter().zip(&doubted) {
        for place in places {
            by_place.entry(*place).or_default().insert(&finding.rule);
        }
    }
    let doubts: HashMap<Place, usize> = by_place.iter().map(|(p, by)| (*p, by.len())).collect();
    for (finding, places) in findings.iter_mut().zip(&doubted) {
        let is_located = finding
            .cause
            .as_ref()
            .is_some_and(|c| c.suggestion.is_some() && c.rivals == 0);
        let most = places.iter().filter_map(|place| doubts.get(place)).max();
        let Some(most) = most.filter(|most| **most > 1 && !is_located) else {
            continue;
        };
        let mut first = places
            .iter()
            .filter(|place| doubts.get(place) == Some(most));
        if let (Some(place), None) = (first.next(), first.next()) {
            move_to(
                finding,
                *place,
                "what several findings have in common".to_owned(),
            );
        }
    }
}

/// The cells of a broken sum, the likeliest first.
fn suspects(sum: &Sum, sums: &[Sum], of_place: &HashMap<Place, Vec<usize>>) -> Vec<Suspect> {
    let suspect = |term: Term| {
        let wanted = sum.wanted(term.place).filter(|wanted| *wanted >= 0)?;
        let others = of_place.get(&term.place).map_or(&[][..], Vec::as_slice);
        let mut suspect = Suspect {
            term,
            wanted,
            mended: Vec::new(),
            broken: 0,
            cause: slip(&whole(term.value), &whole(wanted), 0),
        };
        for &index in others {
            let other = sums.get(index)?;
            if other.wanted(term.place) == Some(wanted) {
                suspect.mended.push(index);
            } else if other.off() == 0 {
                suspect.broken += 1;
            }
        }
        Some(suspect)
    };
    let mut found: Vec<Suspect> = sum.terms().filter_map(suspect).collect();
    // The sort is stable: of equals the total goes first, then the parts in
    // their order.
    found.sort_by_key(|s| {
        let slipped = s.cause.as_ref().is_some_and(is_telling);
        (
            std::cmp::Reverse(s.mended.len()),
            s.broken,
            std::cmp::Reverse(slipped),
        )
    });
    found
}

/// Sums by what they come to, and broken ones by how far off they are.
#[expect(clippy::struct_field_names, reason = "they say by what")]
struct Index {
    /// Down a table, by the table of their totals.
    by_added: HashMap<(TableId, i64), Vec<usize>>,
    /// Along a row, by the table and the row.
    by_row: HashMap<(TableId, u32), Vec<usize>>,
    by_off: HashMap<i64, Vec<usize>>,
}

impl Index {
    /// More sums of one value tell nothing.
    const MOST: usize = 16;

    fn new(sums: &[Sum]) -> Self {
        let mut index = Self {
            by_added: HashMap::new(),
            by_row: HashMap::new(),
            by_off: HashMap::new(),
        };
        for (at, sum) in sums.iter().enumerate() {
            let Place { table, row, .. } = sum.total.place;
            let akin = if sum.is_of_row() {
                index.by_row.entry((table, row)).or_default()
            } else {
                index.by_added.entry((table, sum.added())).or_default()
            };
            akin.push(at);
            if sum.finding.is_some() {
                index.by_off.entry(sum.off()).or_default().push(at);
            }
        }
        index
    }

    fn few<'a>(found: Option<&Vec<usize>>, sums: &'a [Sum]) -> Vec<&'a Sum> {
        let found = found.filter(|found| found.len() <= Self::MOST);
        let found = found.into_iter().flatten();
        found.filter_map(|&at| sums.get(at)).collect()
    }

    /// Broken sums of the same kind, down a table or along a row, that are off by
    /// as much to the other side. Small numbers show nothing.
    fn opposite<'a>(&self, sum: &Sum, sums: &'a [Sum]) -> Vec<&'a Sum> {
        const LEAST: i64 = 10;
        if sum.off().abs() < LEAST {
            return Vec::new();
        }
        let mut found = Self::few(self.by_off.get(&-sum.off()), sums);
        found.retain(|o| {
            let same_length = o.len() == sum.len();
            o.finding != sum.finding && same_length && o.is_of_row() == sum.is_of_row()
        });
        found
    }

    /// Sums of the same table that come to the total of this one; of sums along
    /// a row those of the rows beside it.
    fn another<'a>(&self, sum: &Sum, sums: &'a [Sum]) -> Vec<&'a Sum> {
        let Term { place, value } = sum.total;
        let mut found = if sum.is_of_row() {
            let rows = [place.row.checked_sub(1), place.row.checked_add(1)];
            let rows = rows.into_iter().flatten();
            let beside = rows.flat_map(|row| Self::few(self.by_row.get(&(place.table, row)), sums));
            beside.filter(|o| o.added() == value).collect()
        } else {
            Self::few(self.by_added.get(&(place.table, value)), sums)
        };
        found.retain(|o| o.total.place != place && o.len() > 1);
        found
    }
}

/// Two figures of two sums that have changed places.
struct Exchange {
    pair: [Term; 2],
    /// Are they the totals?
    totals: bool,
}

/// The other sum, and the two cells, where exchanging their totals, or a part of
/// each, makes both come out: the votes of two candidates in one precinct, of two
/// precincts in one column.
fn exchanged<'a>(sum: &Sum, opposite: Vec<&'a Sum>) -> Option<(&'a Sum, Exchange)> {
    let crosswise =
        |o: &&Sum| o.added() == sum.total.value && sum.added() == o.total.value && o.len() > 1;
    let same_table = |o: &&Sum| o.total.place.table == sum.total.place.table;
    let mut of_totals = opposite.iter().filter(|o| same_table(o) && crosswise(o));
    if let (Some(other), None) = (of_totals.next(), of_totals.next()) {
        let pair = [sum.total, other.total];
        return Some((other, Exchange { pair, totals: true }));
    }
    let mut found = None;
    for other in opposite {
        if !(sum.is_kept() && other.is_kept()) {
            continue;
        }
        let pairs = sum.parts.iter().zip(&other.parts);
        let mending = pairs.filter(|(own, there)| {
            let beside = !sum.is_of_row()
                || own.place.column == there.place.column && own.place.table == there.place.table;
            beside && there.value - own.value == sum.off()
        });
        for (own, there) in mending {
            if found.is_some() {
                return None;
            }
            let pair = [*own, *there];
            found = Some((
                other,
                Exchange {
                    pair,
                    totals: false,
                },
            ));
        }
    }
    found
}

fn name_exchanged(finding: &mut Finding, slip: &Exchange) {
    let [one, another] = slip.pair;
    let [a, b] = [one, another].map(|term| show(&whole(term.value), 0));
    let says = if slip.totals {
        format!("{a} and {b} may be exchanged, or all the figures that they count")
    } else {
        format!("{a} and {b} may be exchanged: then two sums would come out")
    };
    move_to(finding, one.place, "exchanged with the other?".to_owned());
    let at = Locus::Cell(another.place);
    finding.related.retain(|related| related.at != at);
    let label = "the other".to_owned();
    finding.related.insert(0, Related { at, label });
    finding.cause = Some(Cause {
        kind: "rows-exchanged",
        says,
        suggestion: None,
        rivals: 0,
    });
}

/// A part that is counted twice, or the total of another sum. Small numbers
/// show nothing.
fn of_the_whole(sum: &Sum, another: &[&Sum]) -> Option<Cause> {
    const TWICE: i64 = 10;
    const ANOTHER: i64 = 100;
    let cause = |kind, says| Cause {
        kind,
        says,
        suggestion: None,
        rivals: 0,
    };
    let excess = -sum.off();
    let mut twice = sum.parts.iter().filter(|part| part.value == excess);
    if sum.is_kept() && excess >= TWICE && twice.next().is_some() && twice.next().is_none() {
        let value = show(&whole(excess), 0);
        let says =
            format!("without one part of {value} the sum comes out: it may be counted twice");
        return Some(cause("row-twice", says));
    }
    let total = sum.total;
    if total.value >= ANOTHER && another.len() == 1 {
        let value = show(&whole(total.value), 0);
        let says = format!("{value} is what the parts of another sum come to: it may be its total");
        return Some(cause("total-of-another", says));
    }
    None
}

/// A replaced digit leads to almost any number; other slips seldom do.
fn is_telling(cause: &Cause) -> bool {
    cause.kind != "digit-replaced"
}

/// The one suspect that mends several sums and breaks none.
fn located(suspects: &[Suspect]) -> Option<&Suspect> {
    let first = suspects.first()?;
    let mends = |s: &Suspect| s.mended.len() >= 2 && s.broken == 0;
    let rival = suspects
        .get(1)
        .is_some_and(|s| mends(s) && s.mended.len() == first.mended.len());
    (mends(first) && !rival).then_some(first)
}

fn name(finding: &mut Finding, suspects: &[Suspect], rest: Rest) {
    const MOST: usize = 3;
    if let Some(first) = located(suspects) {
        let (value, wanted) = (
            show(&whole(first.term.value), 0),
            show(&whole(first.wanted), 0),
        );
        let says = format!(
            "{wanted} in place of {value} would make {} sums come out",
            first.mended.len()
        );
        move_to(finding, first.term.place, says.clone());
        let slip = first
            .cause
            .as_ref()
            .map(|cause| format!(" ({})", cause.says));
        finding.cause = Some(Cause {
            kind: first.cause.as_ref().map_or("one-cell", |cause| cause.kind),
            says: says + slip.as_deref().unwrap_or(""),
            suggestion: Some(wanted),
            rivals: 0,
        });
        return;
    }
    let Some(first) = suspects.first() else {
        return;
    };
    let akin = |s: &&Suspect| s.mended.len() == first.mended.len() && s.broken == first.broken;
    let akin: Vec<&Suspect> = suspects.iter().filter(akin).collect();
    // Cells that are not kept mend this sum alone, and break that of their row.
    let unlike = rest.parts == 0 || first.mended.len() > 1 || rest.vouched && first.broken == 0;
    let others = if unlike { 0 } else { rest.parts };
    let all = akin.len() + others;
    let rivals = u32::try_from(all.saturating_sub(1)).unwrap_or(u32::MAX);
    if all > MOST || others > 0 || all == suspects.len() + rest.parts {
        // Nothing tells the cells of the sum apart: it is told at its total, and
        // what it would be is one of many guesses.
        if let Some(cause) = &mut finding.cause {
            cause.rivals = rivals;
            cause.suggestion = cause.suggestion.take().filter(|_| rivals == 0);
        }
        return;
    }
    let places: Vec<Place> = akin.iter().map(|s| s.term.place).collect();
    finding.cause = first.cause.clone().filter(is_telling).map(|cause| Cause {
        suggestion: None,
        rivals,
        ..cause
    });
    let [first, rest @ ..] = places.as_slice() else {
        return;
    };
    move_to(finding, *first, "no other sum vouches for this".to_owned());
    for place in rest {
        if finding.related.iter().all(|r| r.at != Locus::Cell(*place)) {
            finding.related.push(Related {
                at: Locus::Cell(*place),
                label: "nor for this".to_owned(),
            });
        }
    }
}

/// The finding's own place becomes a related one.
fn move_to(finding: &mut Finding, place: Place, label: String) {
    let at = Locus::Cell(place);
    if finding.at == at {
        finding.label = label;
        return;
    }
    finding.related.retain(|related| related.at != at);
    let before = std::mem::replace(&mut finding.at, at);
    let before = Related {
        at: before,
        label: std::mem::replace(&mut finding.label, label),
    };
    finding.related.insert(0, before);
}
