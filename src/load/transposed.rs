//! Tables with a column for each precinct, ward or candidate where others have a
//! row in; tables with rows of these out.
//!
//! Two kinds are known: candidates as rows and their votes in a column for each
//! unit, which become a row for each of these votes; and figures as rows
//! ("Votes", "%", "Electorate", the votes of each party), where rows and columns
//! change places. What is not surely one of these stays as it is printed.

use super::Words;
use super::sheet::{self, Cell, Sheet};
use crate::model::{
    Column, Dataset, Exact, Layout, Metric, Number, Role, Source, Table, whole, year_in,
};

/// Gives the tables from the `from`th on rows of what they have in columns.
pub fn settle(dataset: &mut Dataset, from: usize, words: Words<'_>) {
    for at in from..dataset.tables.len() {
        let Some(table) = dataset.tables.get(at) else {
            return;
        };
        let name = dataset
            .source(table.source)
            .map_or("", Source::name)
            .to_owned();
        let done = if let Some(units) = units(table, words.layout) {
            let first = units.first().and_then(|&at| table.columns.get(at));
            let first = first.map_or("", |column| &column.name).to_owned();
            let note = format!(
                "{} columns of {name}, from “{first}” on, were read as rows of parts of the contest",
                units.len()
            );
            (
                sheet::change(dataset, at, |sheet| unfold(sheet, &units, words.layout)),
                note,
            )
        } else if let Some(of) = sides(table, words) {
            let note = format!(
                "{name} has figures as rows; its rows and columns were taken the other way round"
            );
            (
                sheet::change(dataset, at, |sheet| turn(sheet, of, words.layout)),
                note,
            )
        } else {
            continue;
        };
        if let (true, note) = done {
            dataset.notes.push(note);
        }
    }
}

fn has(table: &Table, role: Role) -> bool {
    table.column_of(role).is_some()
}

fn is_entry(role: Role) -> bool {
    matches!(role, Role::Candidate | Role::Surname | Role::Party)
}

/// The numbers of a column; `None` where most of its cells are none.
fn counts(table: &Table, column: usize, layout: &Layout) -> Option<Vec<Option<Exact>>> {
    let cell = |row| {
        table
            .cell(row, column)
            .filter(|cell| !layout.is_missing(cell))
    };
    let cells: Vec<Option<&str>> = (0..table.rows()).map(cell).collect();
    let numbers = cells
        .iter()
        .map(|cell| Some(Number::parse((*cell)?)?.value));
    let numbers: Vec<Option<Exact>> = numbers.collect();
    let (filled, read) = (
        cells.iter().flatten().count(),
        numbers.iter().flatten().count(),
    );
    (read > 0 && read == filled).then_some(numbers)
}

/// The columns of units beside rows of candidates or parties: counts under
/// headings that nobody knows, which are called as units are, or add up to a
/// column that counts all of them.
fn units(table: &Table, layout: &Layout) -> Option<Vec<usize>> {
    let entry = table.columns.iter().position(|c| is_entry(c.role))?;
    let parts = [Role::Unit, Role::Mode, Role::ModeVotes, Role::Stage];
    let measured = |c: &Column| matches!(c.role, Role::Measure(metric) if metric != Metric::Votes);
    if parts.iter().any(|&role| has(table, role)) || table.columns.iter().any(measured) {
        return None;
    }
    let votes = Role::Measure(Metric::Votes);
    let is_all = |at: usize| {
        let column = table.columns.get(at);
        column.is_some_and(|c| c.role == votes || c.role == Role::Other && layout.is_total(&c.name))
    };
    let is_unit = |at: usize| {
        let column = table.columns.get(at).filter(|c| c.role == Role::Other);
        column.is_some_and(|c| {
            let stage = layout.is_stage(&c.name) || layout.is_transfer(&c.name);
            !c.name.is_empty() && !stage && !is_all(at) && year_in(&c.name).is_none()
        }) && counts(table, at, layout).is_some()
    };
    let after = entry + 1..table.columns.len();
    let found: Vec<usize> = after.clone().filter(|&at| is_unit(at)).collect();
    let mut totals = after.filter(|&at| is_all(at));
    let (total, other) = (totals.next(), totals.next());
    let called = |&at: &usize| {
        let name = table.columns.get(at).map_or("", |c| c.name.as_str());
        let first = name.split([' ', '_', '-', '#']).next().unwrap_or("");
        let numbered = name.contains(|c: char| c.is_ascii_digit());
        numbered
            && matches!(
                layout.role(first),
                Role::Unit | Role::Contest | Role::District
            )
    };
    let fits = found.iter().all(called) || total.is_some_and(|t| add_up(table, &found, t, layout));
    (found.len() > 1 && other.is_none() && fits).then(|| found.into_iter().chain(total).collect())
}

/// Are most numbers of a column the sum of those beside it?
fn add_up(table: &Table, parts: &[usize], total: usize, layout: &Layout) -> bool {
    let Some(totals) = counts(table, total, layout) else {
        return false;
    };
    let parts: Vec<_> = parts
        .iter()
        .filter_map(|&at| counts(table, at, layout))
        .collect();
    let fits = |(row, total): (usize, &Option<Exact>)| {
        let values = parts.iter().filter_map(|part| part.get(row)?.as_ref());
        let sum: Exact = values.sum();
        total.as_ref() == Some(&sum) && sum > whole(0)
    };
    let all = totals.iter().flatten().count();
    totals.iter().enumerate().filter(|pair| fits(*pair)).count() * 2 > all
}

/// A row for each cell of the columns of units.
fn unfold(sheet: &mut Sheet, units: &[usize], layout: &Layout) {
    let kept: Vec<usize> = (0..sheet.columns.len())
        .filter(|at| !units.contains(at))
        .collect();
    let heads: Vec<Cell> = units
        .iter()
        .map(|&at| {
            let column = sheet.columns.get(at);
            // Votes of all units are of none.
            let named = column.filter(|c| c.role == Role::Other || layout.is_total(&c.name));
            Cell {
                text: named.map(|c| c.name.clone()),
                span: column.and_then(|c| c.heading),
            }
        })
        .collect();
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let cell = |at: usize| row.get(at).cloned().unwrap_or_default();
        for (&at, head) in units.iter().zip(&heads) {
            let value = cell(at);
            if value.text.is_some() {
                let kept = kept.iter().map(|&at| cell(at));
                rows.push(kept.chain([head.clone(), value]).collect());
            }
        }
    }
    let made = |name: &str, role| Column {
        name: name.to_owned(),
        heading: None,
        role,
        election: None,
        guessed: false,
    };
    let kept = kept.iter().filter_map(|&at| sheet.columns.get(at).cloned());
    let votes = Role::Measure(Metric::Votes);
    let added = [made("unit", Role::Unit), made(Metric::Votes.words(), votes)];
    sheet.columns = kept.chain(added).collect();
    sheet.rows = rows;
}

/// What the columns of a table are of whose rows are figures: candidates, or
/// places.
fn sides(table: &Table, words: Words<'_>) -> Option<Role> {
    let (first, others) = table.columns.split_first()?;
    let unknown =
        |c: &Column| c.role == Role::Other && !c.name.is_empty() && year_in(&c.name).is_none();
    let roles = [
        Role::Other,
        Role::Label,
        Role::Unit,
        Role::Contest,
        Role::Region,
    ];
    if others.len() < 2
        || table.rows() < 2
        || !others.iter().all(unknown)
        || !roles.contains(&first.role)
    {
        return None;
    }
    let labels: Option<Vec<&str>> = (0..table.rows()).map(|row| table.cell(row, 0)).collect();
    let labels = labels?;
    let is_fact = |label: &str| {
        let fact = words
            .layout
            .row(label)
            .is_some_and(|(row, _)| !row.aggregate);
        matches!(words.layout.role(label), Role::Measure(_)) || fact
    };
    let (facts, rest): (Vec<&str>, Vec<&str>) = labels.iter().partition(|label| is_fact(label));
    let heads = others.iter().map(|column| column.name.as_str());
    let named = heads.filter(|head| is_whose(head, words)).count();
    let votes = Role::Measure(Metric::Votes);
    if rest.is_empty() {
        let counted = facts.iter().any(|label| words.layout.role(label) == votes);
        let of_places = of_each_column(table, words.layout) || !counted;
        return Some(if of_places {
            place_role(first.role)
        } else {
            Role::Candidate
        });
    }
    let parties = rest.iter().filter(|label| is_whose(label, words)).count();
    let is_turned =
        named == 0 && !facts.is_empty() && parties >= 2 && parties * 5 >= rest.len() * 4;
    is_turned.then(|| place_role(first.role))
}

fn place_role(first: Role) -> Role {
    match first {
        Role::Contest | Role::Region => first,
        _ => Role::Unit,
    }
}

/// Is it a party, all others, or a candidate with a party behind the name?
fn is_whose(name: &str, words: Words<'_>) -> bool {
    let inner = || name.strip_suffix([')', ']'])?.rsplit_once(['(', '[']);
    let known = |name: &str| !words.parties.ids(name).is_empty();
    known(name)
        || words.layout.row(name).is_some_and(|(row, _)| row.aggregate)
        || inner().is_some_and(|(_, party)| known(party.trim()))
}

/// Are electors, or votes cast, given for several columns? Then these are places.
fn of_each_column(table: &Table, layout: &Layout) -> bool {
    let of_contest = [
        Metric::Electorate,
        Metric::Turnout,
        Metric::ValidVotes,
        Metric::TurnoutShare,
    ];
    (0..table.rows()).any(|row| {
        let label = table.cell(row, 0).unwrap_or("");
        let metric = match layout.role(label) {
            Role::Measure(metric) => Some(metric),
            _ => layout.row(label).and_then(|(row, _)| row.count),
        };
        let filled = (1..table.columns.len())
            .filter(|&c| table.cell(row, c).is_some())
            .count();
        metric.is_some_and(|metric| of_contest.contains(&metric)) && filled > 1
    })
}

/// Rows become columns.
fn turn(sheet: &mut Sheet, of: Role, layout: &Layout) {
    let heads: Vec<Column> = std::mem::take(&mut sheet.columns);
    let column = |row: &Vec<Cell>| {
        let cell = row.first().cloned().unwrap_or_default();
        let name = cell.text.unwrap_or_default();
        let (role, election) = layout.role_and_election(&name);
        Column {
            name,
            heading: cell.span,
            role,
            election,
            guessed: false,
        }
    };
    let columns: Vec<Column> = sheet.rows.iter().map(column).collect();
    let (first, others) = match heads.split_first() {
        Some((first, others)) => (first.clone(), others),
        None => return,
    };
    let rows = others.iter().enumerate().map(|(at, head)| {
        let name = Cell {
            text: Some(head.name.clone()),
            span: head.heading,
        };
        let cells = sheet
            .rows
            .iter()
            .map(|row| row.get(at + 1).cloned().unwrap_or_default());
        std::iter::once(name).chain(cells).collect()
    });
    sheet.rows = rows.collect();
    let first = Column { role: of, ..first };
    sheet.columns = std::iter::once(first).chain(columns).collect();
}

#[cfg(test)]
mod tests {
    use crate::load::{load_text, with_words};
    use crate::model::{Dataset, Role};

    fn read(text: &str) -> Dataset {
        with_words(|words| load_text("a.csv", text, words))
    }

    #[test]
    fn a_column_for_each_precinct_is_a_row_for_each_vote() {
        let dataset = read("Candidate,Party,Ashby,Birch,Total\nAnn,Red,7,3,10\nBo,Blue,4,5,9\n");
        let table = &dataset.tables[0];
        assert_eq!(table.rows(), 6);
        let unit = table.column_of(Role::Unit).expect("it has units");
        let units: Vec<_> = (0..3).map(|row| table.cell(row, unit)).collect();
        assert_eq!(units, [Some("Ashby"), Some("Birch"), Some("Total")]);
    }

    #[test]
    fn numbers_that_add_up_to_nothing_stay() {
        let text = "Candidate,Age,Number,Total\nAnn,47,3,10\nBo,41,5,9\n";
        assert_eq!(read(text).tables[0].rows(), 2);
        let stages = "Candidate,Count 1,Count 2\nAnn,7,8\nBo,3,\n";
        assert_eq!(read(stages).tables[0].rows(), 2);
    }

    #[test]
    fn figures_as_rows_are_turned() {
        let dataset = read("Ward,Abbey,Bridge\nElectorate,50,52\nCon,7,9\nLab,12,8\n");
        let table = &dataset.tables[0];
        assert_eq!(table.rows(), 2);
        assert_eq!(table.cell(1, 2), Some("9"));
        let wide = read("Ward,Con,Lab\nAbbey,7,12\nTotal,7,12\nTurnout,40,\n");
        assert_eq!(wide.tables[0].columns.len(), 3);
    }
}
