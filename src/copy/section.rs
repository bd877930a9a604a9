//! A page's headings in, the elections that its sections are about out.
//!
//! "How it looked in 2017" over a table of 2017: what is written there, up to the
//! next heading, is of that election and not of the page's latest.

use crate::model::{BlockKind, Dataset, Place, Prose, TableId, year_in};

/// For each block of the copy the year of its section; `None` where the heading
/// of the section dates no table in it.
#[must_use]
pub fn years(dataset: &Dataset, prose: &Prose) -> Vec<Option<i32>> {
    let tables = dated_tables(dataset, prose);
    let is_heading = |at: &usize| {
        let block = prose.blocks.get(*at);
        block.is_some_and(|b| b.kind == BlockKind::Heading)
    };
    let start = |at: usize| {
        let block = prose.blocks.get(at)?;
        Some(prose.span(block.range.clone()).start)
    };
    let mut year = None;
    let years = (0..prose.blocks.len()).map(|at| {
        if is_heading(&at) {
            // The title of a page in HTML stands behind its article.
            let below = |next: &usize| start(*next) > start(at);
            let mut headings = (at + 1..prose.blocks.len()).filter(is_heading);
            let next = headings.find(below).and_then(start);
            let text = prose
                .blocks
                .get(at)
                .and_then(|b| prose.text.get(b.range.clone()));
            year = text.and_then(year_in).filter(|year| {
                let inside = |place: usize| {
                    start(at).is_some_and(|from| from < place) && next.is_none_or(|to| place < to)
                };
                tables
                    .iter()
                    .any(|(place, held)| held == year && inside(*place))
            });
        }
        year
    });
    years.collect()
}

/// Where the tables of the copy's own source start, each with its year.
fn dated_tables(dataset: &Dataset, prose: &Prose) -> Vec<(usize, i32)> {
    let own = dataset
        .tables()
        .filter(|(_, table)| table.source == prose.source);
    let dated = own.filter_map(|(id, table)| {
        let year = year_in(&table.election.as_ref()?.text)?;
        let columns = u32::try_from(table.columns.len()).ok()?;
        let mut cells = (0..columns).filter_map(|column| first_cell(dataset, id, column));
        Some((cells.next()?, year))
    });
    dated.collect()
}

fn first_cell(dataset: &Dataset, table: TableId, column: u32) -> Option<usize> {
    let place = Place {
        table,
        row: 0,
        column,
    };
    dataset.cell_span(place).map(|span| span.start)
}
