//! Sheets of one workbook that are laid out alike in; the same as parts of one
//! contest, or as contests, under the names of their sheets, out.

use std::collections::HashSet;

use super::super::{heading, sheet};
use crate::model::{Column, Constant, Dataset, Layout, Number, Role, Source, Table, fold, year_in};

/// Names the contest or the unit of the tables from the `from`th on that are the
/// only ones of their sheets, and no other words say of what.
pub fn settle(dataset: &mut Dataset, from: usize, layout: &Layout) {
    let akin = akin(dataset, from);
    let Some(first) = akin.first().and_then(|(at, _)| dataset.tables.get(*at)) else {
        return;
    };
    let figures = |at: usize| {
        let table = dataset.tables.get(at);
        table.is_some_and(|table| !heading::entries(table, layout).is_empty())
    };
    if akin.len() < 2 || !akin.iter().all(|(at, _)| figures(*at)) {
        return;
    }
    let holds = |role| first.column_of(role).is_some();
    let persons = holds(Role::Candidate) || holds(Role::Surname);
    let role = match (share_names(dataset, &akin, layout), holds(Role::Unit)) {
        (true, true) => Role::Region,
        (true, false) if persons => Role::Unit,
        (true | false, _) => Role::Contest,
    };
    let file = dataset.source(first.source).map_or("", Source::file);
    let what = if role == Role::Contest {
        "contests"
    } else {
        "parts of the results"
    };
    let note = format!(
        "the names of {} sheets of {file} that are laid out alike were taken for those of {what}",
        akin.len()
    );
    dataset.notes.push(note);
    for (at, sheet) in &akin {
        name(dataset, *at, sheet, role);
    }
}

/// The tables of the layout that most sheets have, with the names of these.
fn akin(dataset: &Dataset, from: usize) -> Vec<(usize, String)> {
    let alone = |at: usize| {
        let table = dataset.tables.get(at)?;
        let same = dataset.tables.iter().skip(from);
        let same = same.filter(|t| t.source == table.source).count();
        let sheet = dataset.source(table.source).and_then(Source::sheet)?;
        let unnamed = table.contest.is_none() && table.column_of(Role::Contest).is_none();
        (same == 1 && unnamed && year_in(sheet).is_none()).then(|| (at, sheet.to_owned()))
    };
    let tables: Vec<(usize, String)> = (from..dataset.tables.len()).filter_map(alone).collect();
    let shapes = tables
        .iter()
        .map(|(at, _)| dataset.tables.get(*at).map(shape));
    let shapes: Vec<_> = shapes.collect();
    let most = shapes
        .iter()
        .max_by_key(|own| shapes.iter().filter(|other| other == own).count());
    let akin = tables.iter().zip(&shapes);
    let akin = akin.filter(|(_, own)| Some(*own) == most);
    akin.map(|(table, _)| table.clone()).collect()
}

/// What the columns hold, and the first heading.
fn shape(table: &Table) -> (Vec<Role>, String) {
    let known = table
        .columns
        .iter()
        .map(|c| c.role)
        .filter(|role| *role != Role::Other);
    let first = table
        .columns
        .first()
        .map_or_else(String::new, |c| fold(&c.name));
    (known.collect(), first)
}

/// Have the tables most names in common?
fn share_names(dataset: &Dataset, tables: &[(usize, String)], layout: &Layout) -> bool {
    let entries = tables.iter().filter_map(|(at, _)| dataset.tables.get(*at));
    let entries: Vec<HashSet<String>> = entries.map(|t| heading::entries(t, layout)).collect();
    let Some((first, others)) = entries.split_first() else {
        return false;
    };
    others.iter().all(|own| {
        let least = own.len().min(first.len());
        own.intersection(first).count() * 2 > least
    })
}

fn name(dataset: &mut Dataset, at: usize, name: &str, role: Role) {
    if role == Role::Contest {
        if let Some(table) = dataset.tables.get_mut(at) {
            table.contest = Some(Constant {
                text: name.to_owned(),
                span: None,
            });
        }
        return;
    }
    sheet::change(dataset, at, |sheet| {
        for row in &mut sheet.rows {
            row.push(sheet::Cell {
                text: Some(name.to_owned()),
                span: None,
            });
        }
        sheet.columns.push(Column {
            name: "sheet".to_owned(),
            heading: None,
            role,
            election: None,
            guessed: false,
        });
    });
}

/// Is a table of a sheet one of words: no heading known, and few numbers?
#[must_use]
pub fn is_of_words(table: &Table) -> bool {
    let unknown = table.columns.iter().all(|c| c.role == Role::Other);
    let numbers = |row: usize| {
        let cells = (1..table.columns.len()).filter_map(|c| table.cell(row, c));
        cells.filter(|cell| Number::parse(cell).is_some()).count()
    };
    let with_numbers = (0..table.rows()).filter(|&row| numbers(row) > 0).count();
    unknown && with_numbers * 2 < table.rows().max(1)
}
