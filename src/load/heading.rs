//! The first rows of a table in, its row or rows of headings out.
//!
//! A heading may stand in several rows: a wide one over the columns that it is
//! of ("Votes" over "2019" and "2024"), or a name over several lines. The parts
//! of a column are joined from the top down.

use std::ops::Range;

use crate::model::{Layout, Number, Role, year_in};

/// Between the parts of a heading that stands in several rows.
const JOINT: &str = " › ";
/// More rows are no headings.
const MAX_ROWS: usize = 6;

/// A row of a table as it is needed here.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub cells: Vec<String>,
    /// An empty row stands above it.
    pub apart: bool,
}

impl Row {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|c| !c.is_empty()).count()
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let texts = self.cells.iter().map(String::as_str);
        texts.filter(|c| !c.is_empty())
    }

    /// Does it hold no numbers but years, and no empty words?
    fn is_words(&self) -> bool {
        self.texts().all(is_word) && self.filled() > 0
    }
}

fn is_word(cell: &str) -> bool {
    year_in(cell).is_some() || Number::parse(cell).is_none()
}

/// The rows of headings among the first rows of a table, where `base` is one
/// of them.
#[must_use]
pub fn rows_around(rows: &[Row], base: usize) -> Range<usize> {
    let Some(own) = rows.get(base).filter(|row| row.is_words()) else {
        return base..base + 1;
    };
    let earliest = (base + 1).saturating_sub(MAX_ROWS);
    let mut start = base;
    while start > earliest {
        let apart = rows.get(start).is_none_or(|row| row.apart);
        let above = rows.get(start - 1).filter(|row| !apart && row.is_words());
        if !above.is_some_and(|row| spreads_over(row, own)) {
            break;
        }
        start -= 1;
    }
    let below = rows.get(base + 1..).unwrap_or_default();
    let Some(data) = below.iter().find(|row| !row.is_words()) else {
        return start..base + 1;
    };
    let mut end = base + 1;
    while end < start + MAX_ROWS {
        let below = rows.get(end).filter(|row| !row.apart && row.is_words());
        if !below.is_some_and(|row| stands_under(row, own, data)) {
            break;
        }
        end += 1;
    }
    start..end
}

/// Is a row above one of headings a part of them? A line of its own names
/// nothing in particular; headings stand over several of the columns, up to
/// the right half of them.
fn spreads_over(above: &Row, base: &Row) -> bool {
    let over = (0..base.cells.len()).filter(|&c| !above.cell(c).is_empty());
    let (count, rightmost) = (over.clone().count(), over.max().unwrap_or(0));
    let enough = if above.cell(0).is_empty() {
        2
    } else {
        3.max(base.filled() / 2)
    };
    count >= enough && rightmost * 2 >= base.filled() && above.filled() == count
}

/// Is a row below one of headings a part of them? It leaves the first column
/// to the row above, and its words stand where the data has numbers.
fn stands_under(below: &Row, base: &Row, data: &Row) -> bool {
    let filled = (0..below.cells.len()).filter(|&c| !below.cell(c).is_empty());
    let numbers = |c: &usize| Number::parse(data.cell(*c)).is_some();
    let words = |c: &usize| !data.cell(*c).is_empty() && !numbers(c);
    !base.cell(0).is_empty()
        && below.cell(0).is_empty()
        && below.filled() >= 2
        && filled.clone().filter(numbers).count() > filled.filter(words).count()
}

/// What a column is called, and what it holds.
#[derive(Debug)]
pub struct Heading {
    pub name: String,
    pub role: Role,
    pub election: Option<String>,
    /// Row and column of its lowest part; `None` where it has none.
    pub at: Option<(usize, usize)>,
}

/// The headings of so many columns. A heading in several parts that is not
/// known as a whole is what its lowest or its topmost part says, where no other
/// column has that part.
#[must_use]
pub fn headings(rows: &[Row], columns: usize, layout: &Layout) -> Vec<Heading> {
    let parts = parts(rows, columns);
    let text = |part: Option<&(usize, usize)>| {
        part.and_then(|(r, c)| rows.get(*r).map(|row| row.cell(*c)))
    };
    let alone = |pick: fn(&[(usize, usize)]) -> Option<&(usize, usize)>, own: &str| {
        let same = parts.iter().filter(|p| text(pick(p)) == Some(own));
        same.count() == 1
    };
    let heading = |parts: &Vec<(usize, usize)>| {
        let name = joined(rows, parts);
        let (mut role, mut election) = layout.role_and_election(&name);
        let ends: [fn(&[(usize, usize)]) -> Option<&(usize, usize)>; 2] =
            [<[_]>::last, <[_]>::first];
        for end in ends {
            let Some(part) = text(end(parts)).filter(|_| parts.len() > 1 && role == Role::Other)
            else {
                break;
            };
            if alone(end, part) {
                (role, election) = layout.role_and_election(part);
            }
        }
        Heading {
            name,
            role,
            election,
            at: parts.last().copied(),
        }
    };
    parts.iter().map(heading).collect()
}

/// The parts of each column's heading, as rows and columns. A cell stands for
/// the empty ones to its right, as far as there is something under them and no
/// row above has a cell of its own.
fn parts(rows: &[Row], columns: usize) -> Vec<Vec<(usize, usize)>> {
    let mut out = vec![Vec::new(); columns];
    for (at, row) in rows.iter().enumerate() {
        let below = rows.get(at + 1..).unwrap_or_default();
        let above = rows.get(..at).unwrap_or_default();
        let named = |rows: &[Row], c: usize| rows.iter().any(|r| !r.cell(c).is_empty());
        let mut last = None;
        for (column, parts) in out.iter_mut().enumerate() {
            if !row.cell(column).is_empty() {
                last = Some(column);
            } else if named(above, column) || !named(below, column) {
                last = None;
            }
            parts.extend(last.map(|from| (at, from)));
        }
    }
    out
}

/// The parts of a heading as one text; a part that is repeated counts once.
fn joined(rows: &[Row], parts: &[(usize, usize)]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for (row, column) in parts {
        let text = rows.get(*row).map_or("", |r| r.cell(*column));
        if texts.last() != Some(&text) {
            texts.push(text);
        }
    }
    texts.join(JOINT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::with_words;

    fn rows(lines: &[&str]) -> Vec<Row> {
        let row = |line: &&str| Row {
            cells: line.split(';').map(ToOwned::to_owned).collect(),
            apart: line.is_empty(),
        };
        lines.iter().map(row).collect()
    }

    fn names(lines: &[&str], base: usize) -> Vec<String> {
        let rows = rows(lines);
        let headings = &rows[rows_around(&rows, base)];
        let columns = headings.iter().map(|r| r.cells.len()).max().unwrap_or(0);
        let headings = with_words(|words| super::headings(headings, columns, words.layout));
        headings.into_iter().map(|h| h.name).collect()
    }

    #[test]
    fn a_wide_heading_is_of_the_columns_under_it() {
        let lines = [
            "Preliminary;;;;;;;;",
            "No;Area;Electors;;;;Valid;;",
            ";;First;;Second;;First;;",
            ";;Now;Then;Now;Then;Now;Then;",
            "1;Ashby;5;6;7;8;1;2;",
        ];
        let expected = [
            "No",
            "Area",
            "Electors › First › Now",
            "Electors › First › Then",
            "Electors › Second › Now",
            "Electors › Second › Then",
            "Valid › First › Now",
            "Valid › First › Then",
            "",
        ];
        assert_eq!(names(&lines, 1), expected);
    }

    #[test]
    fn names_may_stand_over_known_headings() {
        let lines = [
            ";LEE;;;MOSS;;;;",
            ";Ann;;;Bo;;;;",
            "Count;Votes;%;;Votes;%;;Total;",
            "FIRST;3;30;;7;70;;10;",
        ];
        let expected = [
            "Count",
            "LEE › Ann › Votes",
            "LEE › Ann › %",
            "",
            "MOSS › Bo › Votes",
            "MOSS › Bo › %",
            "",
            "Total",
            "",
        ];
        assert_eq!(names(&lines, 2), expected);
    }

    #[test]
    fn one_row_of_headings_stays_one() {
        let lines = ["Town;2021", "party;votes;share", "Blue;1;2", ";;x"];
        assert_eq!(names(&lines, 1), ["party", "votes", "share"]);
        assert_eq!(
            names(&["party;seat;result", "Blue;Ashby;hold"], 0),
            ["party", "seat", "result"]
        );
        assert_eq!(names(&["a;b;c", ";;5"], 0), ["a", "b", "c"]);
    }
}
