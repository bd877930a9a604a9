//! The first rows of a table in, its row or rows of headings out.
//!
//! A heading may stand in several rows: a wide one over the columns that it is
//! of ("Votes" over "2019" and "2024"), or a name over several lines. The parts
//! of a column are joined from the top down.

use std::collections::HashSet;
use std::ops::Range;

use crate::model::{Column, Constant, JOINT, Layout, Likeness, Number, Role, Table, fold, year_in};

/// More rows are no headings.
const MAX_ROWS: usize = 6;

/// A row of a table as it is needed here.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub cells: Vec<String>,
    /// An empty row stands above it.
    pub apart: bool,
    /// Its wide cells are known: no cell stands for empty ones beside it.
    pub spread: bool,
}

impl Row {
    /// May it be the second of two rows of headings? It leaves the first column to
    /// the row above.
    #[must_use]
    pub fn goes_below(&self) -> bool {
        self.cell(0).is_empty() && self.filled() > 1 && self.is_words()
    }

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
    #[must_use]
    pub fn is_words(&self) -> bool {
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
    let numbers = |c: &usize| is_figure(data.cell(*c));
    let words = |c: &usize| !data.cell(*c).is_empty() && !numbers(c);
    !base.cell(0).is_empty()
        && below.cell(0).is_empty()
        && below.filled() >= 2
        && filled.clone().filter(numbers).count() > filled.filter(words).count()
}

/// Does a row name columns of a table of its own, below one with the headings
/// `first`? It is words where the row below it has figures, and it names what is
/// known: two headings after a gap, or the first of `first` again.
#[must_use]
pub fn starts_another(row: &Row, first: &Row, below: &Row, gap: bool, layout: &Layout) -> bool {
    let filled = (0..row.cells.len()).filter(|&c| !row.cell(c).is_empty());
    let figures = filled.filter(|&c| is_figure(below.cell(c))).count();
    let is_words = row.is_words() && row.filled() >= 2 && row.cells != first.cells;
    if !is_words || figures == 0 || figures * 3 < row.filled() - 1 {
        return false;
    }
    let is_known = |cell: &&str| layout.knows(cell) || layout.is_total(cell);
    let known = row.texts().filter(is_known).count();
    let again = !row.cell(0).is_empty() && fold(row.cell(0)) == fold(first.cell(0));
    if gap {
        known >= 2 || again && known >= 1
    } else {
        again && known >= 2
    }
}

/// Is a cell of digits, with whatever marks of thousands and decimals?
fn is_figure(cell: &str) -> bool {
    let digits = cell.chars().any(|ch| ch.is_ascii_digit());
    Number::parse(cell).is_some() || digits && !cell.chars().any(char::is_alphabetic)
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
    let texts: Vec<Vec<&str>> = parts.iter().map(|p| texts(rows, p)).collect();
    let alone = |end: fn(&[&str]) -> String, own: &[&str]| {
        let same = texts.iter().filter(|other| end(other) == end(own));
        (same.count() == 1).then(|| end(own))
    };
    let heading = |(own, parts): (&Vec<&str>, &Vec<(usize, usize)>)| {
        let name = own.join(JOINT);
        let undotted = Some(name.replace('.', " ")).filter(|n| *n != name);
        let parts_alone = [alone(lowest, own), alone(topmost, own)];
        let tries = [Some(name.clone()), undotted]
            .into_iter()
            .chain(parts_alone);
        let mut known = tries.flatten().map(|text| layout.role_and_election(&text));
        let known = known.find(|(role, _)| *role != Role::Other);
        let (role, election) = known.unwrap_or((Role::Other, None));
        Heading {
            name,
            role,
            election,
            at: parts.last().copied(),
        }
    };
    texts.iter().zip(&parts).map(heading).collect()
}

fn lowest(parts: &[&str]) -> String {
    parts.last().copied().unwrap_or("").to_owned()
}

fn topmost(parts: &[&str]) -> String {
    parts.first().copied().unwrap_or("").to_owned()
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
            } else if row.spread || named(above, column) || !named(below, column) {
                last = None;
            }
            parts.extend(last.map(|from| (at, from)));
        }
    }
    out
}

/// The parts of a heading as they are printed; one that is repeated once.
fn texts<'r>(rows: &'r [Row], parts: &[(usize, usize)]) -> Vec<&'r str> {
    let texts = parts
        .iter()
        .filter_map(|(r, c)| Some(rows.get(*r)?.cell(*c)));
    let mut texts: Vec<&str> = texts.collect();
    texts.dedup();
    texts
}

/// The year that a name has, in itself or in its only date.
#[must_use]
pub fn year_of_name(stem: &str) -> Option<i32> {
    year_in(stem).or_else(|| year_of_date(stem))
}

/// The year of the only date in a name like "20251104__general".
fn year_of_date(name: &str) -> Option<i32> {
    let runs = name.split(|c: char| !c.is_ascii_digit());
    let mut dates = runs.filter(|run| run.len() == 8).filter_map(|run| {
        let (year, day) = run.split_at_checked(4)?;
        let real = (101..=1231).contains(&day.parse().unwrap_or(0));
        year_in(year).filter(|_| real)
    });
    dates.next().filter(|_| dates.next().is_none())
}

/// The names of candidates, parties or options that a table has in its rows, else
/// over its columns, folded.
#[must_use]
pub fn entries(table: &Table, layout: &Layout) -> HashSet<String> {
    let is_name = |name: &&str| layout.row(name).is_none() && !layout.is_missing(name);
    let names = [Role::Candidate, Role::Surname, Role::Party, Role::Label];
    let column = names.into_iter().find_map(|role| table.column_of(role));
    let cells = (0..table.rows()).filter_map(|row| table.cell(row, column?));
    let headings = table.columns.iter().filter(|c| c.role == Role::Other);
    let headings = headings
        .map(|c| c.name.as_str())
        .filter(|_| column.is_none());
    cells.chain(headings).filter(is_name).map(fold).collect()
}

/// A column without a heading of its own.
#[derive(Debug)]
pub struct Fault {
    /// From 0.
    pub column: usize,
    /// The heading that stands twice; `None` where there is none.
    twice: Option<String>,
}

pub const FAULT_HELP: &str = "give each column a heading of its own";

impl Fault {
    /// The column and the table by what they are called.
    #[must_use]
    pub fn message(&self, column: &str, table: &str) -> String {
        match &self.twice {
            Some(heading) => format!("the heading {heading:?} stands twice in {table}"),
            None => format!("{column} of {table} has no heading"),
        }
    }
}

/// The columns whose heading is empty or stands before.
pub fn faults(columns: &[Column]) -> impl Iterator<Item = Fault> {
    columns.iter().enumerate().filter_map(|(at, column)| {
        let mut before = columns.iter().take(at);
        let twice = before.any(|c| c.name == column.name);
        // The corner of a table is left empty as often as not.
        let faulty = twice || column.name.is_empty() && at > 0;
        let named = (!column.name.is_empty()).then(|| column.name.clone());
        faulty.then_some(Fault {
            column: at,
            twice: named,
        })
    })
}

/// Takes columns whose headings are like known ones for what those hold, where
/// nothing speaks against it; sentences about all that were considered.
#[must_use]
pub fn guess(table: &mut Table, name: &str, layout: &Layout) -> Vec<String> {
    name_corner(table, layout);
    leave_numbers_of_candidates(table);
    let unknown = |c: &&Column| c.role == Role::Other && !c.name.is_empty();
    let like: Vec<Vec<Likeness>> = table
        .columns
        .iter()
        .map(|c| {
            Some(c)
                .filter(unknown)
                .map_or_else(Vec::new, |c| layout.like(&c.name))
        })
        .collect();
    let mut notes = Vec::new();
    for (at, own) in like.iter().enumerate() {
        let Some(heading) = table.columns.get(at).map(|c| c.name.clone()) else {
            continue;
        };
        let what = format!("the heading “{heading}” of {name}");
        let [only] = own.as_slice() else {
            if !own.is_empty() {
                let known: Vec<&str> = own.iter().map(|l| l.heading.as_str()).collect();
                let known = known.join("” or “");
                notes.push(format!(
                    "{what} may be “{known}”, and was taken for neither"
                ));
            }
            continue;
        };
        let mut others = like.iter().enumerate().filter(|(other, _)| *other != at);
        let rival =
            others.any(|(_, theirs)| matches!(theirs.as_slice(), [l] if l.role == only.role));
        let refused = if rival || table.column_of(only.role).is_some_and(|other| other != at) {
            Some("another column is that too")
        } else {
            (!cells_fit(table, at, only.role, layout)).then_some("its cells are none")
        };
        match (refused, table.columns.get_mut(at)) {
            (Some(why), _) => notes.push(format!(
                "{what} is like “{}”, but {why}; it was not taken for it",
                only.heading
            )),
            (None, Some(column)) => {
                column.role = only.role;
                column.guessed = true;
                notes.push(format!("{what} was taken for “{}”", only.heading));
            }
            (None, None) => {}
        }
    }
    notes.extend(take_corner(table, name, layout));
    notes
}

/// "Candidates" beside parties are how many each has, where all are numbers.
fn leave_numbers_of_candidates(table: &mut Table) {
    let Some(at) = table.column_of(Role::Candidate) else {
        return;
    };
    let mut cells = (0..table.rows())
        .filter_map(|row| table.cell(row, at))
        .peekable();
    let counted = cells.peek().is_some() && cells.all(|cell| Number::parse(cell).is_some());
    let of_parties = table.column_of(Role::Party).is_some();
    if let Some(column) = table.columns.get_mut(at).filter(|_| counted && of_parties) {
        column.role = Role::Other;
    }
}

/// A heading that is none of the known ones stands over what the rows are about,
/// where no other column tells that and the rows themselves do: "Scotland" over
/// "Yes", "No" and "Valid votes". It names the contest.
fn take_corner(table: &mut Table, name: &str, layout: &Layout) -> Option<String> {
    const KNOWN: usize = 2;
    let names = [
        Role::Candidate,
        Role::Surname,
        Role::Party,
        Role::Label,
        Role::Contest,
        Role::District,
        Role::Unit,
    ];
    let told = names
        .into_iter()
        .any(|role| table.column_of(role).is_some());
    let figures = table.columns.iter().any(|c| c.role.is_figure());
    if told || !figures || !cells_fit(table, 0, Role::Label, layout) {
        return None;
    }
    let labels = (0..table.rows()).filter_map(|row| table.cell(row, 0));
    let known = labels.filter(|label| layout.row(label).is_some()).count();
    let corner = table.columns.first_mut()?;
    if known < KNOWN || corner.role != Role::Other || corner.name.is_empty() {
        return None;
    }
    corner.role = Role::Label;
    corner.guessed = true;
    let contest = Constant {
        text: corner.name.clone(),
        span: corner.heading,
    };
    let note = format!(
        "column “{}” of {name} was taken for what its rows are about, and its heading for the contest",
        contest.text
    );
    table.contest.get_or_insert(contest);
    Some(note)
}

/// Words under an empty corner name the rows: what a row is about, where a
/// column of figures is known; else its place, beside columns of parties.
fn name_corner(table: &mut Table, layout: &Layout) {
    let figures = table.columns.iter().any(|c| c.role.is_figure());
    let role = if figures { Role::Label } else { Role::Unit };
    let free = table.column_of(role).is_none() && cells_fit(table, 0, role, layout);
    if let Some(corner) = table.columns.first_mut()
        && corner.name.is_empty()
        && free
    {
        corner.role = role;
    }
}

/// Are most cells of a column what such a column holds: numbers, or words?
fn cells_fit(table: &Table, column: usize, role: Role, layout: &Layout) -> bool {
    let cells = (0..table.rows()).filter_map(|row| table.cell(row, column));
    let (mut numbers, mut words) = (0_usize, 0_usize);
    for cell in cells {
        let cells = &layout.cells;
        if Number::parse(cell).is_some()
            || cells
                .bare(cell)
                .or_else(|| Some(cells.pair(cell)?.0))
                .is_some()
        {
            numbers += 1;
        } else if cell.contains(char::is_alphabetic) {
            words += 1;
        }
    }
    let (fit, unfit) = if role.is_figure() {
        (numbers, words)
    } else {
        (words, numbers)
    };
    fit > unfit * 4
}

/// Says that no column of a table was understood.
#[must_use]
pub fn unknown_note(table: &str, columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).take(8).collect();
    format!(
        "no heading of {table} is known ({}); its figures are not checked",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::with_words;

    fn rows(lines: &[&str]) -> Vec<Row> {
        let row = |line: &&str| Row {
            cells: line.split(';').map(ToOwned::to_owned).collect(),
            apart: line.is_empty(),
            spread: false,
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
