//! Tables as read in; which of them have figures that no heading explains out.

use crate::model::{Dataset, Number, Role, Source, Table, wide};

use super::{Words, heading};

/// Says which of the tables from the `from`th on have no figures that are
/// understood, under a heading or as columns of parties.
pub fn tell(dataset: &mut Dataset, from: usize, words: Words<'_>) {
    let tables = dataset.tables.iter().skip(from);
    let unknown = tables.filter(|table| {
        let figures = table.columns.iter().any(|c| c.role.is_figure());
        !figures && wide(table, words.layout, words.parties).columns.is_empty()
    });
    let notes = unknown.filter_map(|table| {
        let name = dataset.source(table.source).map_or("", Source::name);
        if table.columns.iter().all(|c| c.role == Role::Other) {
            return Some(heading::unknown_note(name, &table.columns));
        }
        let numbers = of_numbers(table);
        (!numbers.is_empty()).then(|| {
            format!(
                "no heading over the numbers of {name} is known ({}); its figures are not checked",
                numbers.join(", ")
            )
        })
    });
    let notes: Vec<String> = notes.collect();
    dataset.notes.extend(notes);
}

/// The first columns that hold numbers for the most part, and nobody knows which.
fn of_numbers(table: &Table) -> Vec<&str> {
    const MOST: usize = 8;
    let columns = table.columns.iter().enumerate();
    let numbers = columns.filter(|(at, column)| {
        let cells = || (0..table.rows()).filter_map(|row| table.cell(row, *at));
        let numbers = cells().filter(|cell| Number::parse(cell).is_some()).count();
        column.role == Role::Other && numbers > 0 && numbers * 2 > cells().count()
    });
    numbers.map(|(_, c)| c.name.as_str()).take(MOST).collect()
}
