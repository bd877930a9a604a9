//! One slip that several findings tell of, in one of them: a column that is
//! shifted by a row, two figures that have changed places.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::model::{Cause, Finding, Locus, Place, Related, TableId, show, whole};

use super::sums::Sum;

/// A finding and the cells of a row that may be wrong, each with what is given
/// there and what would be right.
struct Doubt {
    finding: usize,
    table: TableId,
    row: u32,
    /// By column.
    cells: BTreeMap<u32, Doubted>,
}

struct Doubted {
    given: String,
    wanted: String,
}

/// The kind of the cause where two rows have changed places.
const EXCHANGED: &str = "rows-exchanged";

/// To which side a column is shifted.
#[derive(Clone, Copy)]
enum Shift {
    Down,
    Up,
}

/// Says in one finding what several tell of; which others are told by it.
pub(super) fn merge(findings: &mut [Finding], sums: &[Sum]) -> HashSet<usize> {
    let mut told = HashSet::new();
    for doubts in by_rule(findings, sums).into_values() {
        for run in runs(&doubts) {
            if let Some((column, shift)) = shifted(run) {
                name_shifted(findings, run, column, shift);
                told.extend(run.iter().skip(1).map(|doubt| doubt.finding));
            }
        }
        let left = doubts.iter().filter(|d| !told.contains(&d.finding));
        let left: Vec<&Doubt> = left.collect();
        for (one, another, column) in exchanged(&left) {
            name_exchanged(findings, [one, another], column);
            told.insert(another.finding);
        }
    }
    told.extend(same_rows(findings, &told));
    told
}

/// Two rows that are exchanged by what several rules say of them (by their shares,
/// and by their ranks) are told once.
fn same_rows(findings: &mut [Finding], told: &HashSet<usize>) -> Vec<usize> {
    let mut by_rows: BTreeMap<(TableId, BTreeSet<u32>), Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings
        .iter()
        .enumerate()
        .filter(|(at, _)| !told.contains(at))
    {
        let exchanged = finding.cause.as_ref().map(|cause| cause.kind) == Some(EXCHANGED);
        let Locus::Cell(first) = finding.at else {
            continue;
        };
        if looks_elsewhere(finding, first) {
            continue;
        }
        let others = finding.related.iter().filter_map(|r| match r.at {
            Locus::Cell(other) if other.table == first.table => Some(other),
            _ => None,
        });
        let others = others.filter(|other| other.column == first.column);
        let rows: BTreeSet<u32> = others.map(|other| other.row).chain([first.row]).collect();
        if exchanged && rows.len() == 2 {
            by_rows.entry((first.table, rows)).or_default().push(at);
        }
    }
    let mut further = Vec::new();
    for all in by_rows.into_values().filter(|all| all.len() > 1) {
        let Some((first, others)) = all.split_first() else {
            continue;
        };
        let rules: Vec<String> = others
            .iter()
            .filter_map(|at| findings.get(*at).map(|f| f.rule.clone()))
            .collect();
        let own = findings.get(*first).map(|f| &f.rule);
        if rules.iter().any(|rule| Some(rule) == own) {
            continue;
        }
        if let Some(cause) = findings.get_mut(*first).and_then(|f| f.cause.as_mut()) {
            let rules = rules.join(" and ");
            cause.says.push_str("; the same two rows fail ");
            cause.says.push_str(&rules);
            cause.says.push_str(", so it may be what both follow from");
        }
        further.extend(others);
    }
    further
}

/// The doubts of each rule and table, in the order of the rows.
fn by_rule(findings: &[Finding], sums: &[Sum]) -> BTreeMap<(String, TableId), Vec<Doubt>> {
    let of_sums = sums.iter().filter_map(|sum| Some((sum.finding?, sum)));
    let of_sums: BTreeMap<usize, &Sum> = of_sums.collect();
    let mut found: BTreeMap<_, Vec<Doubt>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let Locus::Cell(place) = finding.at else {
            continue;
        };
        let cells = match of_sums.get(&at) {
            Some(sum) if sum.is_of_row() => cells_of_sum(sum),
            Some(_) => continue,
            // Against a second source, each difference is told.
            None if looks_elsewhere(finding, place) => continue,
            None => cell_of_finding(finding, place),
        };
        let doubt = Doubt {
            finding: at,
            table: place.table,
            row: place.row,
            cells,
        };
        let of_rule = found.entry((finding.rule.clone(), place.table));
        of_rule.or_default().push(doubt);
    }
    for doubts in found.values_mut() {
        doubts.sort_by_key(|doubt| doubt.row);
    }
    found
}

fn cells_of_sum(sum: &Sum) -> BTreeMap<u32, Doubted> {
    let cells = sum.terms().filter_map(|term| {
        let shown = |value: i64| show(&whole(value), 0);
        let wanted = sum.wanted(term.place)?;
        let doubted = Doubted {
            given: shown(term.value),
            wanted: shown(wanted),
        };
        Some((term.place.column, doubted))
    });
    cells.collect()
}

/// Does a finding hold its cell against one of another table?
fn looks_elsewhere(finding: &Finding, place: Place) -> bool {
    let mut related = finding.related.iter();
    related.any(|r| matches!(r.at, Locus::Cell(other) if other.table != place.table))
}

fn cell_of_finding(finding: &Finding, place: Place) -> BTreeMap<u32, Doubted> {
    let pair = finding.stated.clone().zip(finding.expected.clone());
    let cell = pair.map(|(given, wanted)| (place.column, Doubted { given, wanted }));
    cell.into_iter().collect()
}

/// Doubts of rows that follow each other, three at least: fewer show nothing.
fn runs(doubts: &[Doubt]) -> impl Iterator<Item = &[Doubt]> {
    const ROWS: usize = 3;
    let runs = doubts.chunk_by(|one, next| one.row + 1 == next.row);
    runs.filter(|run| run.len() >= ROWS)
}

/// The one column in which each row has what its neighbour should have.
fn shifted(run: &[Doubt]) -> Option<(u32, Shift)> {
    let columns = run.first()?.cells.keys().copied();
    let mut found = columns.flat_map(|column| {
        [Shift::Down, Shift::Up]
            .into_iter()
            .filter(move |shift| is_shifted(run, column, *shift))
            .map(move |shift| (column, shift))
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn is_shifted(run: &[Doubt], column: u32, shift: Shift) -> bool {
    run.windows(2).all(|pair| {
        let [above, below] = pair else { return false };
        let (right, moved) = match shift {
            Shift::Down => (above, below),
            Shift::Up => (below, above),
        };
        let cells = right.cells.get(&column).zip(moved.cells.get(&column));
        cells.is_some_and(|(right, moved)| right.wanted == moved.given)
    })
}

fn name_shifted(findings: &mut [Finding], run: &[Doubt], column: u32, shift: Shift) {
    let Some(first) = run.first() else { return };
    let places: Vec<Place> = run.iter().map(|doubt| doubt.place(column)).collect();
    let Some(finding) = findings.get_mut(first.finding) else {
        return;
    };
    let way = match shift {
        Shift::Down => "down",
        Shift::Up => "up",
    };
    let says = format!(
        "from here on {} figures of the column may have moved {way} by a row: each is what the row {} should have",
        run.len(),
        match shift {
            Shift::Down => "above",
            Shift::Up => "below",
        }
    );
    point_to(finding, &places, "the first of those that moved");
    finding.cause = Some(Cause {
        kind: "column-shifted",
        says,
        suggestion: None,
        rivals: 0,
    });
}

/// Pairs of rows each of which has what the other should have.
fn exchanged<'d>(doubts: &[&'d Doubt]) -> Vec<(&'d Doubt, &'d Doubt, u32)> {
    let mut found = Vec::new();
    let mut used: HashSet<usize> = HashSet::new();
    for (at, one) in doubts.iter().enumerate() {
        let [(column, own)] = one.cells.iter().collect::<Vec<_>>()[..] else {
            continue;
        };
        let mut others = doubts.iter().skip(at + 1).filter(|other| {
            let theirs = other.cells.get(column).filter(|_| other.cells.len() == 1);
            let crosswise = |theirs: &Doubted| {
                theirs.given == own.wanted && theirs.wanted == own.given && own.given != own.wanted
            };
            theirs.is_some_and(crosswise) && !used.contains(&other.finding)
        });
        if let (Some(other), None, false) =
            (others.next(), others.next(), used.contains(&one.finding))
        {
            used.extend([one.finding, other.finding]);
            found.push((*one, *other, *column));
        }
    }
    found
}

fn name_exchanged(findings: &mut [Finding], pair: [&Doubt; 2], column: u32) {
    let places = pair.map(|doubt| doubt.place(column));
    let Some(finding) = findings.get_mut(pair[0].finding) else {
        return;
    };
    let given = pair[0].cells.get(&column);
    let says = given.map_or_else(String::new, |cell| {
        format!(
            "{} and {} may be exchanged, or the figures that they follow from",
            cell.given, cell.wanted
        )
    });
    point_to(finding, &places, "the other");
    finding.cause = Some(Cause {
        kind: EXCHANGED,
        says,
        suggestion: None,
        rivals: 0,
    });
}

/// The first place becomes that of the finding, the others stand beside it.
fn point_to(finding: &mut Finding, places: &[Place], label: &str) {
    let Some((first, others)) = places.split_first() else {
        return;
    };
    let before = std::mem::replace(&mut finding.at, Locus::Cell(*first));
    let at = finding.at;
    if before != at {
        let label = std::mem::replace(&mut finding.label, label.to_owned());
        finding.related.insert(0, Related { at: before, label });
    }
    let others: Vec<Locus> = others.iter().map(|place| Locus::Cell(*place)).collect();
    let known = |r: &Related| r.at != at && !others.contains(&r.at);
    finding.related.retain(known);
    let others = others.iter().map(|at| Related {
        at: *at,
        label: "and this".to_owned(),
    });
    let others: Vec<Related> = others.collect();
    finding.related.splice(0..0, others);
}

impl Doubt {
    fn place(&self, column: u32) -> Place {
        Place {
            table: self.table,
            row: self.row,
            column,
        }
    }
}
