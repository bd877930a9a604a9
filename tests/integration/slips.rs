//! Slips of the keyboard in the cells of tables that add up: how many are
//! found, and how often the wrong cell is among the first two that are named.

use scrutineer::model::{Dataset, Locus, Place};

use super::rules::Knowledge;

const CANDIDATES: [&str; 4] = ["Ann Lee", "Bo Hart", "Cy Dunn", "Di Ford"];
const UNITS: [&str; 6] = ["North", "South", "East", "West", "Mill", "Quay"];
/// Votes of each unit, candidate and mode, by no rule.
const VOTES: [[[u32; 3]; 4]; 6] = [
    [[412, 97, 38], [385, 120, 41], [64, 18, 5], [23, 9, 2]],
    [[298, 71, 26], [341, 88, 39], [47, 13, 8], [31, 4, 6]],
    [[523, 144, 57], [476, 139, 62], [81, 27, 12], [36, 11, 3]],
    [[187, 52, 19], [216, 64, 28], [29, 7, 4], [15, 6, 1]],
    [[349, 83, 45], [312, 95, 34], [58, 21, 9], [27, 8, 5]],
    [[261, 68, 33], [277, 74, 29], [43, 16, 6], [19, 3, 7]],
];

/// Rows of cells: the heading, a row for each unit and candidate, the totals.
fn precincts() -> Vec<Vec<String>> {
    let heading = "precinct,office,candidate,election_day,early_voting,mail,votes";
    let mut rows = vec![heading.split(',').map(ToOwned::to_owned).collect()];
    let mut row = |unit: &str, candidate: &str, modes: [u32; 3]| {
        let mut cells = vec![unit.to_owned(), "Mayor".to_owned(), candidate.to_owned()];
        cells.extend(modes.map(|votes| votes.to_string()));
        cells.push(modes.iter().sum::<u32>().to_string());
        rows.push(cells);
    };
    for (of, candidate) in CANDIDATES.iter().enumerate() {
        let mut totals = [0; 3];
        for (unit, votes) in UNITS.iter().zip(VOTES) {
            for (total, votes) in totals.iter_mut().zip(votes[of]) {
                *total += votes;
            }
            row(unit, candidate, votes[of]);
        }
        row("Total", candidate, totals);
    }
    rows
}

/// Candidates in rows, units in columns, with totals of both.
fn candidates() -> Vec<Vec<String>> {
    let mut rows = vec![];
    let mut heading = vec!["precinct".to_owned()];
    heading.extend(CANDIDATES.map(ToOwned::to_owned));
    heading.push("Total".to_owned());
    rows.push(heading);
    let of_unit = |votes: &[[u32; 3]; 4]| votes.map(|modes| modes.iter().sum::<u32>());
    let mut totals = [0; 4];
    let mut row = |name: &str, votes: [u32; 4]| {
        let mut cells = vec![name.to_owned()];
        cells.extend(votes.map(|votes| votes.to_string()));
        cells.push(votes.iter().sum::<u32>().to_string());
        rows.push(cells);
    };
    for (unit, votes) in UNITS.iter().zip(&VOTES) {
        let votes = of_unit(votes);
        for (total, votes) in totals.iter_mut().zip(votes) {
            *total += votes;
        }
        row(unit, votes);
    }
    row("Total", totals);
    rows
}

/// What a slip makes of a number, where it makes something else of it.
fn slips(number: &str, below: Option<&str>) -> Vec<(&'static str, String)> {
    let digits: Vec<char> = number.chars().collect();
    let text = |digits: Vec<char>| digits.into_iter().collect::<String>();
    let middle = digits.len() / 2;
    let mut all = Vec::new();
    let mut replaced = digits.clone();
    if let Some(digit) = replaced.get_mut(middle) {
        *digit = if *digit == '7' { '2' } else { '7' };
    }
    all.push(("replaced", text(replaced)));
    if digits.len() > 1 {
        let mut swapped = digits.clone();
        swapped.swap(0, 1);
        all.push(("swapped", text(swapped)));
        let mut dropped = digits.clone();
        dropped.remove(middle);
        all.push(("dropped", text(dropped)));
    }
    let mut added = digits.clone();
    added.insert(middle, '4');
    all.push(("added", text(added)));
    all.extend(below.map(|below| ("neighbour", below.to_owned())));
    let leading = |slip: &String| slip.len() > 1 && slip.starts_with('0');
    all.retain(|(_, slip)| slip != number && !leading(slip));
    all
}

/// The places that a run names, in its order.
fn named(knowledge: &Knowledge, table: &[Vec<String>]) -> Vec<Place> {
    let lines: Vec<String> = table.iter().map(|row| row.join(",")).collect();
    let dataset: Dataset =
        scrutineer::load::load_text("table.csv", &(lines.join("\n") + "\n"), knowledge.words());
    let findings = knowledge.check(&dataset).findings;
    let places = findings.iter().flat_map(|finding| {
        let related = finding.related.iter().map(|related| related.at);
        std::iter::once(finding.at).chain(related)
    });
    let cells = places.filter_map(|at| match at {
        Locus::Cell(place) => Some(place),
        Locus::Heading(_) | Locus::Span(_) => None,
    });
    cells.collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "the test prints its rates")]
fn slips_in_tables_with_row_and_column_totals_are_located() {
    let knowledge = Knowledge::built_in();
    let (mut planted, mut found, mut located) = (0, 0, 0);
    let mut missed = Vec::new();
    for (table, first) in [(precincts(), 3), (candidates(), 1)] {
        assert!(named(&knowledge, &table).is_empty());
        for row in 1..table.len() {
            for column in first..table[row].len() {
                let below = table.get(row + 1).map(|below| below[column].as_str());
                for (slip, by) in slips(&table[row][column], below) {
                    let mut wrong = table.clone();
                    wrong[row][column].clone_from(&by);
                    let places = named(&knowledge, &wrong);
                    planted += 1;
                    found += usize::from(!places.is_empty());
                    let is_it =
                        |p: &Place| (p.row as usize + 1, p.column as usize) == (row, column);
                    if places.iter().take(2).any(is_it) {
                        located += 1;
                    } else {
                        missed.push(format!("{slip} {} -> {by}", table[row][column]));
                    }
                }
            }
        }
    }
    println!("planted {planted}, found {found}, among the first two named {located}");
    println!("not among them: {missed:?}");
    assert_eq!(found, planted, "the sums determine every one");
    assert!(
        located * 100 >= planted * 95,
        "{located} of {planted}: {missed:?}"
    );
}

/// Contests of `tests/contests` whose figures are parts of two sums, with the
/// first column of figures.
const CONTESTS: [(&str, usize); 5] = [
    ("us-canvass-wide", 4),
    ("us-subtotals", 2),
    ("us-ny-fusion", 2),
    ("canada-polls", 2),
    ("ireland-stv-wide", 2),
];

#[test]
#[expect(clippy::print_stdout, reason = "the test prints its rates")]
fn slips_in_published_layouts_are_located() {
    let knowledge = Knowledge::built_in();
    for (name, first) in CONTESTS {
        let path = format!("{}/tests/contests/{name}.csv", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("it is there");
        let lines = text
            .lines()
            .map(|line| line.split(',').map(ToOwned::to_owned));
        let table: Vec<Vec<String>> = lines.map(Iterator::collect).collect();
        let (mut planted, mut found, mut located) = (0, 0, 0);
        for row in 1..table.len() {
            for column in first..table[row].len() {
                let cell = &table[row][column];
                if cell.is_empty() || !cell.chars().all(|c| c.is_ascii_digit()) {
                    continue;
                }
                // One slip a cell: the run of all is long.
                let slips = slips(cell, None);
                let Some((_, by)) = slips.get((row + column) % slips.len().max(1)) else {
                    continue;
                };
                let mut wrong = table.clone();
                wrong[row][column].clone_from(by);
                let places = named(&knowledge, &wrong);
                planted += 1;
                found += usize::from(!places.is_empty());
                let is_it = |p: &Place| (p.row as usize + 1, p.column as usize) == (row, column);
                located += usize::from(places.iter().take(2).any(is_it));
            }
        }
        println!("{name}: planted {planted}, found {found}, among the first two {located}");
        assert_eq!(found, planted, "{name}: the sums determine every one");
        assert!(
            located * 10 >= planted * 9,
            "{name}: {located} of {planted}"
        );
    }
}
