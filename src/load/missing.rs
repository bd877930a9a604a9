//! Tables as read in; what was taken for no value out, each mark once a table,
//! with the first place where it stands.

use std::collections::BTreeMap;

use crate::model::{Dataset, Excluded, Layout, Place, Source, Table, TableId};

/// Marks of a table that are told one by one; others together.
const MOST: usize = 4;
/// A longer cell is no mark.
const LONGEST: usize = 40;

/// Says which cells of figures in the tables from the `from`th on were taken for
/// no value.
pub fn tell(dataset: &mut Dataset, from: usize, layout: &Layout) {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    for at in from..dataset.tables.len() {
        let Some(table) = dataset.tables.get(at) else {
            return;
        };
        let id = TableId(narrow(at));
        let name = dataset.source(table.source).map_or("", Source::name);
        let marks = marks(table, layout);
        let more: usize = marks.iter().skip(MOST).map(|mark| mark.cells).sum();
        let told = marks
            .iter()
            .take(MOST)
            .enumerate()
            .filter_map(|(nth, mark)| {
                let place = Place::at(id, mark.row, mark.column);
                let others = if nth + 1 == MOST && more > 0 {
                    format!("; so were {more} cells with other marks")
                } else {
                    String::new()
                };
                let cells = if mark.cells == 1 {
                    "1 cell".to_owned()
                } else {
                    format!("{} cells", mark.cells)
                };
                Some(Excluded {
                    span: dataset.cell_span(place)?,
                    why: format!(
                        "“{}” was taken for no value, in {cells} of {name}{others}",
                        mark.text
                    ),
                })
            });
        let told: Vec<Excluded> = told.collect();
        dataset.excluded.extend(told);
    }
}

/// What stands for no value in a table.
struct Mark {
    text: String,
    cells: usize,
    /// Of the first cell.
    row: usize,
    column: usize,
}

/// The marks of a table, the most frequent first.
fn marks(table: &Table, layout: &Layout) -> Vec<Mark> {
    let mut marks: BTreeMap<&str, Mark> = BTreeMap::new();
    let columns = table.columns.iter().enumerate();
    for (column, _) in columns.filter(|(_, column)| column.role.is_figure()) {
        for row in 0..table.rows() {
            let cell = table.cell(row, column).unwrap_or("");
            let number = cell.starts_with(|c: char| c.is_ascii_digit());
            if cell.is_empty() || number || cell.len() > LONGEST || !layout.is_missing(cell) {
                continue;
            }
            let mark = marks.entry(cell).or_insert_with(|| Mark {
                text: cell.to_owned(),
                cells: 0,
                row,
                column,
            });
            mark.cells += 1;
            if row < mark.row {
                (mark.row, mark.column) = (row, column);
            }
        }
    }
    let mut marks: Vec<Mark> = marks.into_values().collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.cells));
    marks
}
