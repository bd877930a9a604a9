//! A row with figures has what rows of its table have: a contest, a unit, a
//! name; and a contest with votes has the total that the others have.

use serde::Deserialize;

use crate::model::{Finding, Locus, Number, Place, Role, Scope, Table, TableId};

use super::{Answer, Rule, Subject, finding, related};

/// The parameters of what is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Columns that are filled in all but a few rows, or in none.
    of: Vec<Role>,
    /// More than one in so many empty cells are left empty on purpose.
    one_in: usize,
    /// In a shorter table one empty cell is missing, beside so many that are filled;
    /// in the last row, it may be that of a total.
    alone: usize,
}

impl Given {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        subject.leave_screened(&mut answer);
        let tables = subject.dataset.tables();
        for (id, table) in tables.filter(|(_, table)| table.sound.is_none()) {
            for &role in &self.of {
                if let Some(column) = table.column_of(role) {
                    let column = Column {
                        id,
                        table,
                        at: column,
                    };
                    self.judge(rule, subject, &column, &mut answer);
                }
            }
        }
        answer
    }

    /// Is one cell empty, of few rows, and not that of the last?
    fn is_alone(&self, column: &Column<'_>, empty: &[(usize, usize)], filled: usize) -> bool {
        let last = column.table.rows().saturating_sub(1);
        matches!(empty, [(row, _)] if *row < last) && filled >= self.alone
    }

    fn judge(&self, rule: &Rule, subject: &Subject<'_>, column: &Column<'_>, answer: &mut Answer) {
        let rows = (0..column.table.rows()).filter(|&row| !column.is_labelled(subject, row));
        let with_figures = rows.filter_map(|row| Some((row, column.figure(row)?)));
        let (filled, empty): (Vec<_>, Vec<_>) =
            with_figures.partition(|&(row, _)| column.table.cell(row, column.at).is_some());
        if empty.is_empty() && !filled.is_empty() {
            answer.pass();
        } else if empty.len() * self.one_in > filled.len()
            && !self.is_alone(column, &empty, filled.len())
        {
            if !filled.is_empty() {
                answer.unknown("the column is empty in many rows");
            }
        } else {
            for (row, figure) in empty {
                answer.fail(column.found(rule, row, figure));
            }
        }
    }
}

/// A column that says what its rows are about.
struct Column<'a> {
    id: TableId,
    table: &'a Table,
    at: usize,
}

impl Column<'_> {
    /// Is the row a figure of the contest, or a total ("Ballots Cast")?
    fn is_labelled(&self, subject: &Subject<'_>, row: usize) -> bool {
        let columns = self.table.columns.iter().enumerate();
        let keys = columns.filter(|(_, column)| column.role.is_key());
        let mut words = keys.filter_map(|(at, _)| self.table.cell(row, at));
        words.any(|words| subject.layout.row(words).is_some())
    }

    /// The first column of the row that has a figure.
    fn figure(&self, row: usize) -> Option<usize> {
        let columns = self.table.columns.iter().enumerate();
        let mut figures = columns.filter(|(_, column)| column.role.is_figure());
        let is_number = |at: usize| self.table.cell(row, at).and_then(Number::parse).is_some();
        figures.find_map(|(at, _)| is_number(at).then_some(at))
    }

    fn found(&self, rule: &Rule, row: usize, figure: usize) -> Finding {
        let heading = |at: usize| self.table.columns.get(at).map_or("", |c| c.name.as_str());
        let place = |column: usize| Place::at(self.id, row, column);
        let value = self.table.cell(row, figure).unwrap_or("");
        let message = format!(
            "A row of {} has “{}” {value} and no “{}”: nothing says what it is of.",
            self.table.title,
            heading(figure),
            heading(self.at)
        );
        let at = Locus::Cell(place(self.at));
        let label = format!("no “{}”", heading(self.at));
        let mut found = finding(rule, at, &Scope::default(), message, label);
        found.related.push(related(place(figure), heading(figure)));
        found.key.insert("column", heading(self.at).to_owned());
        found
    }
}
