//! Cells that print more than their number or their name in; tables with each
//! in a column of its own out, and what was left out told.
//!
//! "1,234 (a)" is a number with the mark of a footnote, "12,345 (45.6%)" a count
//! and its share, "HARTLEY, Susan (Labour)" a candidate and a party.

use std::ops::Range;

use super::Words;
use super::sheet::{self, Cell, Sheet};
use crate::model::{Column, Dataset, Excluded, Layout, Metric, Number, Role, Table, year_in};

/// Parts the cells of the tables from the `from`th on that hold several things.
pub fn settle(dataset: &mut Dataset, from: usize, words: Words<'_>) {
    for at in from..dataset.tables.len() {
        part_counts(dataset, at, words.layout);
        sign_losses(dataset, at);
        bare_numbers(dataset, at, words.layout);
        part_names(dataset, at, words);
    }
}

fn cells(table: &Table, column: usize) -> impl Iterator<Item = &str> {
    (0..table.rows()).filter_map(move |row| table.cell(row, column))
}

/// Counts and shares that stand in one cell become two columns, where most cells
/// of a column have both.
fn part_counts(dataset: &mut Dataset, at: usize, layout: &Layout) {
    let Some(table) = dataset.tables.get(at) else {
        return;
    };
    let both = |&column: &usize| {
        let pairs = cells(table, column).filter(|cell| layout.cells.pair(cell).is_some());
        let pairs = pairs.count();
        pairs > 0 && pairs * 2 >= cells(table, column).count()
    };
    let figures = table.columns.iter().enumerate();
    let figures = figures.filter(|(_, c)| c.role.is_figure() || c.role == Role::Other);
    let found: Vec<usize> = figures.map(|(at, _)| at).filter(both).collect();
    for column in found {
        let Some(own) = dataset.tables.get(at) else {
            return;
        };
        let roles = roles_of_pair(own, column);
        let heading = own.columns.get(column).map_or("", |c| &c.name).to_owned();
        let name = name_of(dataset, own);
        let done = sheet::change(dataset, at, |sheet| {
            part_pairs(sheet, column, roles, layout);
        });
        if done {
            dataset.notes.push(format!(
                "the cells under “{heading}” of {name} hold a count and its share, and were read as two columns"
            ));
        }
    }
}

/// What the count and the share of a column are: those of its heading; else
/// votes, where no other column has them.
fn roles_of_pair(table: &Table, column: usize) -> [Role; 2] {
    let has = |role| table.column_of(role).is_some_and(|other| other != column);
    let own = table.columns.get(column).map_or(Role::Other, |c| c.role);
    let of_votes = |role| if has(role) { Role::Other } else { role };
    let votes = of_votes(Role::Measure(Metric::Votes));
    let share = of_votes(Role::Measure(Metric::Share));
    match own {
        Role::Measure(Metric::Turnout | Metric::TurnoutShare) => {
            [Metric::Turnout, Metric::TurnoutShare].map(Role::Measure)
        }
        Role::Measure(metric) if metric != Metric::Votes && !metric.is_percent() => {
            [own, Role::Other]
        }
        _ => [votes, share],
    }
}

fn part_pairs(sheet: &mut Sheet, column: usize, [count, share]: [Role; 2], layout: &Layout) {
    let Some(own) = sheet.columns.get_mut(column) else {
        return;
    };
    own.role = count;
    let added = Column {
        name: format!("{} %", own.name.trim_end_matches(['%', '(', ')', ' '])),
        role: share,
        ..own.clone()
    };
    sheet.columns.push(added);
    for row in &mut sheet.rows {
        let parted = row.get(column).and_then(|cell| {
            let (count, share) = layout.cells.pair(cell.text.as_deref()?)?;
            Some((cell.part(count), cell.part(share)))
        });
        let (count, share) = match parted {
            Some((count, share)) => (Some(count), share),
            None => (None, Cell::default()),
        };
        if let (Some(cell), Some(count)) = (row.get_mut(column), count) {
            *cell = count;
        }
        row.push(share);
    }
}

/// In columns of changes a number in brackets is a loss: "(2.1)" is −2.1.
fn sign_losses(dataset: &mut Dataset, at: usize) {
    let Some(table) = dataset.tables.get(at) else {
        return;
    };
    let is_loss = |cell: &str| loss(cell).is_some();
    let columns = table.columns.iter().enumerate();
    let of_changes: Vec<usize> = columns
        .filter(|(at, column)| column.role.is_change() && cells(table, *at).any(is_loss))
        .map(|(at, _)| at)
        .collect();
    for column in of_changes {
        let Some(own) = dataset.tables.get(at) else {
            return;
        };
        let heading = own.columns.get(column).map_or("", |c| &c.name).to_owned();
        let name = name_of(dataset, own);
        let done = sheet::change(dataset, at, |sheet| {
            for cell in sheet.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
                let signed = cell.text.as_deref().and_then(loss);
                cell.text = signed.or(cell.text.take());
            }
        });
        if done {
            dataset.notes.push(format!(
                "the numbers in brackets under “{heading}” of {name} were read as less than nothing"
            ));
        }
    }
}

/// The number of a cell that has it in brackets, with a sign.
fn loss(cell: &str) -> Option<String> {
    let inner = cell.trim().trim_end_matches('%').trim_end();
    let inner = inner.strip_prefix('(')?.strip_suffix(')')?.trim();
    let digits = inner.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let pointed = inner.replace(',', ".");
    let number = Number::parse(inner).or_else(|| Number::parse(&pointed));
    (digits && number.is_some()).then(|| format!("-{inner}"))
}

/// Numbers are read without what stands after them.
fn bare_numbers(dataset: &mut Dataset, at: usize, layout: &Layout) {
    let Some(table) = dataset.tables.get(at) else {
        return;
    };
    let marked = |&column: &usize| cells(table, column).any(|c| layout.cells.bare(c).is_some());
    let figures = table.columns.iter().enumerate();
    let figures = figures.filter(|(_, c)| c.role.is_figure());
    let found: Vec<usize> = figures.map(|(at, _)| at).filter(marked).collect();
    if found.is_empty() {
        return;
    }
    let name = name_of(dataset, table);
    let mut told = Vec::new();
    sheet::change(dataset, at, |sheet| {
        for column in found {
            told.extend(strip(sheet, column, &name, layout));
        }
    });
    dataset.excluded.extend(told);
}

/// Takes what stands after the numbers of a column away; says what and where.
fn strip(sheet: &mut Sheet, column: usize, name: &str, layout: &Layout) -> Option<Excluded> {
    let heading = sheet.columns.get(column)?.name.clone();
    let (mut count, mut first, mut kinds) = (0, None, Vec::new());
    for cell in sheet.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
        let text = cell.text.clone().unwrap_or_default();
        let Some(range) = layout.cells.bare(&text) else {
            continue;
        };
        let rest = text.get(range.end..).unwrap_or("").trim().to_owned();
        first = first.or(cell.part(range.end..text.len()).span.or(cell.span));
        if !kinds.contains(&rest) {
            kinds.push(rest);
        }
        *cell = cell.part(range);
        count += 1;
    }
    let cells = if count == 1 { "a number" } else { "numbers" };
    let kinds = shown(&kinds);
    Some(Excluded {
        span: first?,
        why: format!("stands after {cells} under “{heading}” of {name} ({count} ×): {kinds}"),
    })
}

/// The first of some texts, in quotes.
fn shown(texts: &[String]) -> String {
    const MOST: usize = 4;
    let first: Vec<String> = texts.iter().take(MOST).map(|t| format!("“{t}”")).collect();
    let more = if texts.len() > MOST { ", …" } else { "" };
    first.join(", ") + more
}

/// Parties in brackets after the candidates become a column of their own, in a
/// table that has none of parties.
fn part_names(dataset: &mut Dataset, at: usize, words: Words<'_>) {
    let Some(table) = dataset.tables.get(at) else {
        return;
    };
    let has = |role| table.column_of(role).is_some();
    let Some(column) = table.column_of(Role::Candidate) else {
        return;
    };
    if has(Role::Party) || has(Role::PartyShort) {
        return;
    }
    let (mut known, mut unknown) = (0_usize, 0_usize);
    for cell in cells(table, column) {
        let Some((_, party)) = bracketed(words.layout.unmarked(cell)) else {
            continue;
        };
        let party = cell.get(party).unwrap_or("");
        if words.parties.ids(party).is_empty() {
            unknown += 1;
        } else {
            known += 1;
        }
    }
    if known <= unknown {
        return;
    }
    let heading = table.columns.get(column).map_or("", |c| &c.name).to_owned();
    let name = name_of(dataset, table);
    let done = sheet::change(dataset, at, |sheet| {
        part_parties(sheet, column, words.layout);
    });
    if done {
        dataset.notes.push(format!(
            "the parties in brackets under “{heading}” of {name} were read as a column"
        ));
    }
}

fn part_parties(sheet: &mut Sheet, column: usize, layout: &Layout) {
    let Some(own) = sheet.columns.get(column) else {
        return;
    };
    let added = Column {
        name: "party".to_owned(),
        role: Role::Party,
        guessed: false,
        ..own.clone()
    };
    sheet.columns.push(added);
    for row in &mut sheet.rows {
        let parted = row.get(column).and_then(|cell| {
            let (name, party) = bracketed(layout.unmarked(cell.text.as_deref()?))?;
            Some((cell.part(name), cell.part(party)))
        });
        let party = match (parted, row.get_mut(column)) {
            (Some((name, party)), Some(cell)) => {
                *cell = name;
                party
            }
            _ => Cell::default(),
        };
        row.push(party);
    }
}

/// A name and what stands in brackets at its end: "Lee, Ann (Red)".
fn bracketed(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let inner = text.trim_end().strip_suffix([')', ']'])?;
    let open = inner.rfind(['(', '['])?;
    let name = inner.get(..open)?.trim_end();
    let party = inner.get(open + 1..)?;
    let start = open + 1 + (party.len() - party.trim_start().len());
    let is_text = party.chars().any(char::is_alphabetic) && !name.is_empty();
    let is_text = is_text && Number::parse(party).is_none() && year_in(party).is_none();
    is_text.then(|| (0..name.len(), start..start + party.trim().len()))
}

/// What messages call a table.
fn name_of(dataset: &Dataset, table: &Table) -> String {
    dataset
        .source(table.source)
        .map_or_else(String::new, |source| source.name().to_owned())
}

#[cfg(test)]
mod tests {
    use crate::load::{load_text, with_words};
    use crate::model::{Dataset, Locus, Place, Role, TableId};

    fn read(text: &str) -> Dataset {
        with_words(|words| load_text("a.csv", text, words))
    }

    fn rows(dataset: &Dataset) -> Vec<Vec<&str>> {
        let table = &dataset.tables[0];
        let cell = |row, column| table.cell(row, column).unwrap_or("");
        let row = |row| (0..table.columns.len()).map(|c| cell(row, c)).collect();
        (0..table.rows()).map(row).collect()
    }

    fn printed(dataset: &Dataset, row: u32, column: u32) -> &str {
        let place = Place {
            table: TableId(0),
            row,
            column,
        };
        let span = dataset.span(Locus::Cell(place)).expect("it has a place");
        dataset.sources[0].slice(span)
    }

    #[test]
    fn marks_after_numbers_are_left_out_and_told() {
        let dataset = read("candidate,votes\nAnn,\"1,234 (a)\"\nBo,766*\nCy,12\n");
        assert_eq!(
            rows(&dataset),
            [["Ann", "1,234"], ["Bo", "766"], ["Cy", "12"]]
        );
        assert_eq!(printed(&dataset, 0, 1), "1,234");
        let [told] = dataset.excluded.as_slice() else {
            panic!("{:?}", dataset.excluded);
        };
        assert_eq!(
            told.why,
            "stands after numbers under “votes” of a.csv (2 ×): “(a)”, “*”"
        );
        assert_eq!(dataset.sources[0].slice(told.span).trim(), "(a)");
    }

    #[test]
    fn losses_in_brackets_have_a_sign() {
        let dataset = read("party,votes,change\nRed,70,2.1\nBlue,30,(2.1%)\nGreen,(30),0\n");
        let signed = [
            ["Red", "70", "2.1"],
            ["Blue", "30", "-2.1%"],
            ["Green", "(30)", "0"],
        ];
        assert_eq!(rows(&dataset), signed);
        assert_eq!(printed(&dataset, 1, 2), "(2.1%)");
    }

    #[test]
    fn counts_and_shares_in_one_cell_become_two_columns() {
        let dataset = read("candidate,Votes (%)\nAnn,\"1,230 (82.0%)\"\nBo,270 (18.0%)\n");
        let expected = [["Ann", "1,230", "82.0%"], ["Bo", "270", "18.0%"]];
        assert_eq!(rows(&dataset), expected);
        assert_eq!(printed(&dataset, 1, 2), "18.0%");
        assert_eq!(dataset.tables[0].columns[2].name, "Votes %");
    }

    #[test]
    fn parties_in_brackets_become_a_column() {
        let dataset = read("Candidate,Votes\n\"LEE, Ann (Labour)\",7\nBo Hart (Conservative),3\n");
        let expected = [
            ["LEE, Ann", "7", "Labour"],
            ["Bo Hart", "3", "Conservative"],
        ];
        assert_eq!(rows(&dataset), expected);
        assert_eq!(printed(&dataset, 0, 2), "Labour");
        assert!(dataset.tables[0].column_of(Role::Party).is_some());
        let others = read("Candidate,Votes\nAnn Lee (Ashby),7\nBo Hart (Birch),3\n");
        assert_eq!(others.tables[0].columns.len(), 2);
    }
}
