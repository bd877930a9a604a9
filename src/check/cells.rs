//! A cell in, what a check may ask of it out: its number, its whole number, and
//! the file that it stands in.

use crate::model::{Number, Place, Source, Table, TableId};

use super::Subject;
use super::sums::Term;

/// The number in a cell that holds one.
pub(super) fn number_at(
    subject: &Subject<'_>,
    table: &Table,
    row: usize,
    column: usize,
) -> Option<Number> {
    let text = table.cell(row, column)?;
    Number::parse(text).filter(|_| !subject.layout.is_missing(text))
}

/// The whole number in a cell.
pub(super) fn count_at(subject: &Subject<'_>, place: Place) -> Option<i64> {
    let text = subject.dataset.cell(place)?;
    let number = Number::parse(text).filter(|_| !subject.layout.is_missing(text))?;
    let whole = number.value.is_integer().then(|| number.value.to_integer());
    i64::try_from(whole?).ok()
}

/// The same as a part of a sum.
pub(super) fn term_at(subject: &Subject<'_>, place: Place) -> Option<Term> {
    let value = count_at(subject, place)?;
    Some(Term { place, value })
}

/// The name of the file that a table was read from.
pub(super) fn source_of<'s>(subject: &Subject<'s>, table: TableId) -> &'s str {
    let table = subject.dataset.table(table);
    let source = table.and_then(|table| subject.dataset.source(table.source));
    source.map_or("the reference", Source::name)
}
