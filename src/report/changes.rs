//! What changed between two versions of a dataset, contest by contest, with
//! what it does to winner and majority.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::neutral::one_line;
use super::place::locate;
use super::summary::counted;
use crate::model::{ContestOutcome, Difference, Locus, Number, Place, Report, key, show, words_of};

/// The outcomes of contests in the old and the new version, by their names.
pub type Outcomes = BTreeMap<String, ContestOutcome>;

/// Writes the changes; the report is of the old version, held against the new.
pub fn write(report: &Report, [old, new]: [&Outcomes; 2], out: &mut impl Write) -> io::Result<()> {
    let differences = &report.differences;
    let mut by_contest: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in &differences.figures {
        by_contest
            .entry(&difference.contest)
            .or_default()
            .push(difference);
    }
    for (contest, changed) in &by_contest {
        let title = if contest.is_empty() {
            "No contest"
        } else {
            contest
        };
        writeln!(out, "{}", one_line(title))?;
        for difference in changed {
            writeln!(out, "  {}", line(report, difference))?;
        }
    }
    let mut moved = 0;
    for (contest, before) in old {
        let Some(after) = new.get(contest) else {
            continue;
        };
        let same = same_winner(report, before, after);
        if same && after.majority == before.majority {
            continue;
        }
        moved += usize::from(!same);
        writeln!(out, "{}", effect(contest, same, before, after))?;
    }
    for (places, word) in [
        (&differences.only_here, "gone"),
        (&differences.only_there, "new"),
    ] {
        for place in places {
            writeln!(out, "{word}: {}", row(report, *place))?;
        }
    }
    for partly in &differences.partly {
        writeln!(out, "{}", one_line(partly))?;
    }
    writeln!(
        out,
        "{} changed in {}, {} new, {} gone; {} changed",
        counted(differences.figures.len(), "figure"),
        counted(by_contest.len(), "contest"),
        counted(differences.only_there.len(), "row"),
        counted(differences.only_here.len(), "row"),
        counted(moved, "winner"),
    )
}

fn line(report: &Report, difference: &Difference) -> String {
    let of = [difference.unit.as_deref(), Some(difference.name.as_str())];
    let of: Vec<&str> = of
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    let off = -difference.off();
    let sign = if off > crate::model::whole(0) {
        "+"
    } else {
        ""
    };
    let off = format!("{sign}{}", show(&off, 0));
    let places = [difference.own, difference.other].map(|place| at(report, place));
    format!(
        "{} of {}: {} → {} ({off})  {}, {}",
        one_line(&difference.heading),
        one_line(&of.join(", ")),
        shown(difference.ours.as_ref()),
        shown(difference.theirs.as_ref()),
        places[0],
        places[1],
    )
}

fn shown(number: Option<&Number>) -> String {
    number.map_or_else(
        || "nothing".to_owned(),
        |n| show(&n.value, n.decimals.max(0)),
    )
}

fn at(report: &Report, place: Place) -> String {
    let located = locate(&report.dataset, Locus::Cell(place));
    located.map_or_else(String::new, |at| {
        if let Some(cell) = at.source.cell_name(at.span.start) {
            return one_line(&cell);
        }
        let position = at.source.position(at.span.start);
        let name = one_line(at.source.name());
        format!("{name}:{}:{}", position.line, position.column)
    })
}

fn row(report: &Report, place: Place) -> String {
    let table = report.dataset.table(place.table);
    let words = table.map_or_else(String::new, |t| words_of(t, place.row as usize));
    format!("{}  {}", one_line(&words), at(report, place))
}

/// Did the same win, by whatever name the new version calls them?
fn same_winner(report: &Report, before: &ContestOutcome, after: &ContestOutcome) -> bool {
    let (Some(old), Some(new)) = (&before.winner, &after.winner) else {
        return before.winner == after.winner;
    };
    let names = (key(old), key(new));
    names.0 == names.1
        || report.differences.renamed.contains(&names)
        || report.parties.same(old, new)
}

fn effect(
    contest: &str,
    same_winner: bool,
    before: &ContestOutcome,
    after: &ContestOutcome,
) -> String {
    let tell = |outcome: &ContestOutcome| match &outcome.winner {
        Some(winner) => format!(
            "{}, majority {}",
            one_line(winner),
            show(&outcome.majority, 0)
        ),
        None => "a tie".to_owned(),
    };
    let word = if same_winner { "majority" } else { "winner" };
    format!(
        "{}: {word} changes: {} → {}",
        one_line(contest),
        tell(before),
        tell(after)
    )
}
