//! Tables with rows that name the contest of the rows below them in; the same
//! tables with a column of contests out.
//!
//! Such a row has one cell, its first, of words; rows with figures follow it.
//! Where the table starts with one, or where one follows the facts that end a
//! contest ("Turnout"), it is no candidate without votes. And tables that name a
//! contest in the first of its rows only, as merged cells do.

use super::sheet::{self, Cell, Sheet};
use crate::model::{
    Column, Dataset, Defect, DefectKind, Excluded, Layout, Metric, Number, Place, Role, RowLabel,
    Source, Span, Table, TableId,
};

/// Gives the tables from the `from`th on a column of contests, where rows are
/// headings of others.
pub fn settle(dataset: &mut Dataset, from: usize, layout: &Layout) {
    for at in from..dataset.tables.len() {
        let Some(table) = dataset.tables.get(at) else {
            return;
        };
        let name = dataset.source(table.source).map_or("", Source::name);
        if let Some(column) = named_once(table, layout) {
            let heading = table.columns.get(column).map_or("", |c| c.name.as_str());
            let note = format!(
                "“{heading}” of {name} is given in the first row of each contest only; the rows below were taken to be of the same"
            );
            if sheet::change(dataset, at, |sheet| fill_down(sheet, column)) {
                dataset.notes.push(note);
            }
            continue;
        }
        let heads = heads(table, layout);
        if heads.is_empty() {
            continue;
        }
        let note = format!(
            "{} rows of {name} name the contest of the rows below them, and were read so",
            heads.len()
        );
        let spans = spans(dataset, at, &heads);
        let mut told = Vec::new();
        let done = sheet::change(dataset, at, |sheet| {
            told = carry_down(sheet, &heads, layout);
        });
        if done {
            dataset.notes.push(note);
            dataset.excluded.extend(told);
            // A line of its own need not have the cells of a row.
            let is_head = |span: Span| spans.iter().any(|head| head.start == span.start);
            let short = |d: &Defect| d.kind == DefectKind::RowLength && is_head(d.span);
            dataset.defects.retain(|defect| !short(defect));
        }
    }
}

/// The column of contests of a table that gives each name once, in the first of
/// the rows of figures that are of it.
fn named_once(table: &Table, layout: &Layout) -> Option<usize> {
    let entries = [Role::Candidate, Role::Surname, Role::Party];
    let of_entries = entries.iter().any(|&role| table.column_of(role).is_some());
    let column = table.column_of(Role::Contest).filter(|_| of_entries)?;
    let rows = (0..table.rows()).filter(|&row| has_figure(table, row));
    let names: Vec<Option<&str>> = rows.map(|row| table.cell(row, column)).collect();
    let given: Vec<&str> = names.iter().copied().flatten().collect();
    let mut distinct = given.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let starts = names.first().is_some_and(Option::is_some);
    let plain = given.iter().all(|name| layout.row(name).is_none());
    let blank = names.len() - given.len();
    (starts && plain && distinct.len() == given.len() && blank >= given.len()).then_some(column)
}

/// Gives the cells of a column that are empty what stands above them.
fn fill_down(sheet: &mut Sheet, column: usize) {
    let mut above = Cell::default();
    for row in &mut sheet.rows {
        let Some(cell) = row.get_mut(column) else {
            continue;
        };
        if cell.text.is_some() {
            above = cell.clone();
        } else {
            *cell = above.clone();
        }
    }
}

/// Where rows start.
fn spans(dataset: &Dataset, table: usize, rows: &[usize]) -> Vec<Span> {
    let narrow = |n: &usize| u32::try_from(*n).ok();
    let place = |row: &usize| {
        let table = TableId(narrow(&table)?);
        let row = narrow(row)?;
        dataset.cell_span(Place {
            table,
            row,
            column: 0,
        })
    };
    rows.iter().filter_map(place).collect()
}

/// The rows that are headings of those below.
fn heads(table: &Table, layout: &Layout) -> Vec<usize> {
    let entries = [Role::Candidate, Role::Surname, Role::Party, Role::Label];
    let holds = |role| table.column_of(role).is_some();
    let figures = table.columns.iter().any(|c| c.role.is_figure());
    if holds(Role::Contest) || !figures || !entries.into_iter().any(holds) {
        return Vec::new();
    }
    let lone = |&row: &usize| is_heading(table, row, layout);
    let heads: Vec<usize> = (0..table.rows()).filter(lone).collect();
    let first_of_run = |row: &usize| row.checked_sub(1).is_none_or(|above| !has(&heads, above));
    let mut runs = heads.iter().copied().filter(first_of_run);
    let starts = heads.first() == Some(&0);
    let after_facts = |row: usize| {
        let above = row.checked_sub(1).and_then(|above| table.cell(above, 0));
        let label = above.and_then(|label| layout.row(label));
        label.is_some_and(|(label, _)| !label.aggregate)
    };
    let leads = |head: &usize| has(&heads, head + 1) || has_figure(table, head + 1);
    if !heads.iter().all(leads) || !starts && !runs.all(after_facts) {
        return Vec::new();
    }
    heads
}

/// Is a row among those, which are in order?
fn has(rows: &[usize], row: usize) -> bool {
    rows.binary_search(&row).is_ok()
}

/// Has a row a number where figures stand?
fn has_figure(table: &Table, row: usize) -> bool {
    let mut figures = (0..table.columns.len()).filter(|&column| {
        let column = table.columns.get(column);
        column.is_some_and(|column| column.role.is_figure())
    });
    row < table.rows()
        && figures.any(|column| {
            let cell = table.cell(row, column);
            cell.is_some_and(|cell| cell.contains(|c: char| c.is_ascii_digit()))
        })
}

fn is_heading(table: &Table, row: usize, layout: &Layout) -> bool {
    let rest = (1..table.columns.len()).all(|column| table.cell(row, column).is_none());
    let first = table.cell(row, 0).filter(|_| rest);
    first.is_some_and(|text| {
        let words = text.chars().any(char::is_alphabetic) && Number::parse(text).is_none();
        // "Vote for one" says more of the contest above it.
        let says_more = |(row, _): (&RowLabel, _)| row.count == Some(Metric::VotesAllowed);
        words && !layout.is_missing(text) && layout.row(text).is_none_or(says_more)
    })
}

/// Takes the headings out and puts the last of each run beside every row below
/// it; returns those that are beside none.
fn carry_down(sheet: &mut Sheet, heads: &[usize], layout: &Layout) -> Vec<Excluded> {
    let mut contest = Cell::default();
    let mut rows = Vec::new();
    let mut passed = Vec::new();
    for (at, mut row) in std::mem::take(&mut sheet.rows).into_iter().enumerate() {
        if has(heads, at) {
            let names = row.first().is_some_and(|cell| names_contest(cell, layout));
            let run = at.checked_sub(1).is_some_and(|above| has(heads, above));
            let next = row.into_iter().next().unwrap_or_default();
            if names || !run {
                passed.extend(run.then(|| std::mem::replace(&mut contest, next.clone())));
                contest = next;
            } else {
                passed.push(next);
            }
        } else {
            row.push(contest.clone());
            rows.push(row);
        }
    }
    sheet.rows = rows;
    sheet.columns.push(Column {
        name: "contest".to_owned(),
        heading: None,
        role: Role::Contest,
        election: None,
        guessed: false,
    });
    let told = passed.into_iter().filter_map(|cell| {
        Some(Excluded {
            span: cell.span?,
            why: "a line above a contest, which does not name it".to_owned(),
        })
    });
    told.collect()
}

/// A line in brackets says more of the contest above it ("(Vote for one)").
fn names_contest(cell: &Cell, layout: &Layout) -> bool {
    let text = cell.text.as_deref().unwrap_or("");
    !layout.is_remark(text)
}

#[cfg(test)]
mod tests {
    use crate::load::{load_text, with_words};
    use crate::model::{Dataset, Role};

    fn read(text: &str) -> Dataset {
        with_words(|words| load_text("a.csv", text, words))
    }

    fn contests(dataset: &Dataset) -> Vec<&str> {
        let table = &dataset.tables[0];
        let Some(column) = table.column_of(Role::Contest) else {
            return Vec::new();
        };
        let cell = |row| table.cell(row, column).unwrap_or("");
        (0..table.rows()).map(cell).collect()
    }

    #[test]
    fn a_row_may_name_the_contest_of_those_below_it() {
        let dataset = read(
            "candidate,party,votes\nABBEY,,\nAnn,Red,7\nBo,Blue,3\nBRIDGE\n(Vote for one),,\nCy,Red,5\n",
        );
        assert_eq!(contests(&dataset), ["ABBEY", "ABBEY", "BRIDGE"]);
        assert!(dataset.defects.is_empty(), "{:?}", dataset.defects);
        let [told] = dataset.excluded.as_slice() else {
            panic!("{:?}", dataset.excluded);
        };
        assert_eq!(dataset.sources[0].slice(told.span), "(Vote for one)");
    }

    #[test]
    fn the_first_row_may_name_the_contest_of_those_below_it() {
        let dataset = read(
            "ward,candidate,party,votes\nAbbey,Ann,Red,7\n,Bo,Blue,3\nBridge,Cy,Red,5\n,Di,Blue,6\n",
        );
        assert_eq!(contests(&dataset), ["Abbey", "Abbey", "Bridge", "Bridge"]);
        assert!(dataset.notes.iter().any(|note| note.contains("first row")));
        // A name that comes again is no cell that goes on below.
        let gap = read("ward,candidate,party,votes\nAbbey,Ann,Red,7\n,Bo,Blue,3\nAbbey,Cy,Red,5\n");
        assert_eq!(contests(&gap), ["Abbey", "", "Abbey"]);
    }

    #[test]
    fn a_candidate_without_votes_names_nothing() {
        let dataset = read("candidate,party,votes\nAnn,Red,7\nBo,,\nCy,Blue,3\n");
        assert!(contests(&dataset).is_empty());
        let ended =
            read("candidate,party,votes\nAnn,Red,7\nTurnout,,7\nBRIDGE,,\nCy,Blue,3\nTurnout,,3\n");
        assert_eq!(contests(&ended), ["", "", "BRIDGE", "BRIDGE"]);
    }
}
