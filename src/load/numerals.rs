//! Tables whose numbers have a comma before their decimals, or points between
//! their thousands, in; the same tables with numbers as all others print them
//! out, each cell with its place.
//!
//! The cells of a column show how its numbers are printed. What only one way of
//! writing has ("70,5", "1.234.567") decides; "1,584" is never 1.584 in a column
//! of counts, and "1.584" there is no count of one and a half.

use super::sheet;
use crate::model::{Column, Dataset, Role, Source, Table};

/// How a cell prints its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Digits alone, so many.
    Digits(usize),
    /// `70,5`, `1.234,5`
    Comma,
    /// `70.5`, `1,234.5`, `1,234,567`
    Point,
    /// `1,584`
    EitherComma,
    /// `1.584`; are its last digits all 0?
    EitherPoint {
        round: bool,
    },
    /// `1.234.567`
    Points,
    None,
}

/// How the numbers of a column are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    DecimalComma,
    PointsForThousands,
}

/// Reads the tables from the `from`th on as their numbers are printed, and says
/// so.
pub fn settle(dataset: &mut Dataset, from: usize) {
    for at in from..dataset.tables.len() {
        let Some(table) = dataset.tables.get(at) else {
            return;
        };
        let tallies: Vec<Tally> = (0..table.columns.len())
            .map(|column| Tally::of(table, column))
            .collect();
        if tallies.iter().all(Tally::is_usual) {
            continue;
        }
        let styles = styles(&table.columns, &tallies);
        let source = dataset.source(table.source);
        let name = source.map_or("", Source::name).to_owned();
        let mut notes: Vec<String> = doubts(table, &tallies, &styles, &name)
            .into_iter()
            .collect();
        if styles.iter().any(|style| *style != Style::Plain) {
            let text = source.map_or("", Source::text);
            let plain = |column: usize, cell: &str| {
                let style = *styles.get(column)?;
                plain(cell, style, table.columns.get(column)?)
            };
            let rewritten = sheet::rewritten(table, text, plain);
            notes.extend(told(table, &styles, &name, rewritten.is_some()));
            if let (Some(table), Some(own)) = (rewritten, dataset.tables.get_mut(at)) {
                *own = table;
            }
        }
        dataset.notes.extend(notes);
    }
}

/// How many cells of a column are printed in which way.
#[derive(Debug, Default)]
struct Tally {
    long: usize,
    comma: usize,
    point: usize,
    either_comma: usize,
    either_point: usize,
    /// Of these, those that end in `.000`.
    round: usize,
    points: usize,
}

impl Tally {
    fn of(table: &Table, column: usize) -> Self {
        let mut tally = Self::default();
        let role = table.columns.get(column).map(|c| c.role);
        if !role.is_some_and(|role| role.is_figure() || role == Role::Other) {
            return tally;
        }
        for cell in (0..table.rows()).filter_map(|row| table.cell(row, column)) {
            match shape(cell) {
                Shape::Digits(count) => tally.long += usize::from(count > 3),
                Shape::Comma => tally.comma += 1,
                Shape::Point => tally.point += 1,
                Shape::EitherComma => tally.either_comma += 1,
                Shape::EitherPoint { round } => {
                    tally.either_point += 1;
                    tally.round += usize::from(round);
                }
                Shape::Points => tally.points += 1,
                Shape::None => {}
            }
        }
        tally
    }

    /// Does nothing in it need a second look?
    fn is_usual(&self) -> bool {
        self.comma + self.points + self.either_point == 0
    }
}

impl Tally {
    /// May all its points part thousands?
    fn shows_grouped_points(&self) -> bool {
        self.either_point > 0 && self.long == 0
    }

    /// Do its points part thousands? `elsewhere` commas stand before decimals.
    fn has_grouped_points(&self, column: &Column, elsewhere: bool) -> bool {
        let only_grouped = is_count(column) && self.shows_grouped_points();
        self.points > 0 || only_grouped && (self.round < self.either_point || elsewhere)
    }
}

fn styles(columns: &[Column], tallies: &[Tally]) -> Vec<Style> {
    let commas = tallies.iter().any(|t| t.comma > 0);
    let no_points = tallies.iter().all(|t| t.point == 0);
    let elsewhere = commas && no_points;
    // What counts of the table show, a column of unknown numbers follows.
    let grouped = |(column, t): (&Column, &Tally)| {
        is_count(column) && t.has_grouped_points(column, elsewhere)
    };
    let counts_grouped = columns.iter().zip(tallies).any(grouped);
    let style = |(column, t): (&Column, &Tally)| {
        let per_cent = is_per_cent(column);
        let own = t.comma > 0 && (per_cent || t.either_comma == 0);
        let follows = counts_grouped && (column.role == Role::Other || is_count(column));
        if t.point > 0 {
            Style::Plain
        } else if own || per_cent && elsewhere && t.either_comma > 0 {
            Style::DecimalComma
        } else if !per_cent
            && (t.has_grouped_points(column, elsewhere) || follows && t.shows_grouped_points())
        {
            Style::PointsForThousands
        } else {
            Style::Plain
        }
    };
    columns.iter().zip(tallies).map(style).collect()
}

fn is_per_cent(column: &Column) -> bool {
    match column.role {
        Role::Measure(metric) => metric.is_percent(),
        Role::ValueShare | Role::Change => true,
        _ => false,
    }
}

fn is_count(column: &Column) -> bool {
    match column.role {
        Role::Measure(metric) => !metric.is_percent(),
        Role::ModeVotes => true,
        _ => false,
    }
}

/// A cell as others print it, where it differs.
fn plain(cell: &str, style: Style, column: &Column) -> Option<String> {
    let shape = shape(cell);
    match style {
        Style::Plain => None,
        Style::DecimalComma => {
            let decimal =
                shape == Shape::Comma || shape == Shape::EitherComma && is_per_cent(column);
            let grouped = matches!(shape, Shape::Points | Shape::EitherPoint { .. });
            (decimal || grouped).then(|| cell.replace('.', "").replace(',', "."))
        }
        Style::PointsForThousands => {
            let grouped = matches!(shape, Shape::Points | Shape::EitherPoint { .. });
            grouped.then(|| cell.replace('.', ""))
        }
    }
}

/// The headings of the columns of a style, as they are told.
fn headings(table: &Table, of: impl Fn(usize) -> bool) -> Option<String> {
    let columns = table.columns.iter().enumerate();
    let names: Vec<&str> = columns
        .filter(|(at, _)| of(*at))
        .map(|(_, c)| c.name.as_str())
        .collect();
    (!names.is_empty()).then(|| format!("“{}”", names.join("”, “")))
}

fn told(table: &Table, styles: &[Style], name: &str, done: bool) -> Vec<String> {
    let of = |style: Style| headings(table, |at| styles.get(at) == Some(&style));
    let outcome = if done {
        "they were read so"
    } else {
        "the table is too large to be read so"
    };
    let commas = of(Style::DecimalComma).map(|columns| {
        format!(
            "the numbers under {columns} of {name} have a comma before their decimals; {outcome}"
        )
    });
    let points = of(Style::PointsForThousands).map(|columns| {
        format!(
            "the numbers under {columns} of {name} have points between their thousands; {outcome}"
        )
    });
    commas.into_iter().chain(points).collect()
}

/// Counts that may be a thousand times what they were read as.
fn doubts(table: &Table, tallies: &[Tally], styles: &[Style], name: &str) -> Option<String> {
    let doubtful = |at: usize| {
        let count = table.columns.get(at).is_some_and(is_count);
        let plain = styles.get(at) == Some(&Style::Plain);
        let tally = tallies.get(at);
        count && plain && tally.is_some_and(|t| t.either_point > 0 && t.point == 0 && t.long == 0)
    };
    headings(table, doubtful).map(|columns| {
        format!("the points in the numbers under {columns} of {name} were taken for decimal points")
    })
}

fn shape(cell: &str) -> Shape {
    let body = cell.trim().trim_end_matches('%').trim_end();
    let body = body.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != ',');
    let body = without_exponent(body);
    if body.len() > 40
        || !body
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        return Shape::None;
    }
    match (body.matches(',').count(), body.matches('.').count()) {
        (0, 0) => Shape::Digits(body.len()),
        (1, 0) if is_grouped(body, ',') => Shape::EitherComma,
        (1, 0) => fraction(body, ',').map_or(Shape::None, |_| Shape::Comma),
        (0, 1) if is_grouped(body, '.') => Shape::EitherPoint {
            round: body.ends_with(".000"),
        },
        (0, 1) | (_, 0) => Shape::Point,
        (0, _) if is_grouped(body, '.') => Shape::Points,
        (1, _) => match fraction(body, ',') {
            Some(whole) if is_grouped(whole, '.') => Shape::Comma,
            _ => Shape::Point,
        },
        (_, _) => Shape::Point,
    }
}

/// The digits of "3,36e-05".
fn without_exponent(body: &str) -> &str {
    let Some((digits, exponent)) = body.split_once(['e', 'E']) else {
        return body;
    };
    let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or("");
    let is_exponent = !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit());
    if is_exponent { digits } else { body }
}

/// What stands before a mark, where digits stand on both sides of it.
fn fraction(body: &str, mark: char) -> Option<&str> {
    let (whole, fraction) = body.split_once(mark)?;
    let digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    (digits && !whole.is_empty()).then_some(whole)
}

/// Groups of three digits, the first of one to three and not 0.
fn is_grouped(body: &str, mark: char) -> bool {
    let mut groups = body.split(mark);
    let first = groups.next().unwrap_or("");
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && digits(first)
        && groups.all(|group| group.len() == 3 && digits(group))
}

#[cfg(test)]
mod tests {
    use crate::load::{load_text, with_words};
    use crate::model::{Dataset, Locus, Place, TableId};

    fn read(rows: &[[&str; 3]]) -> Dataset {
        let mut text = "candidate;votes;share\n".to_owned();
        for row in rows {
            text += &(row.join(";") + "\n");
        }
        with_words(|words| load_text("a.csv", &text, words))
    }

    fn column(dataset: &Dataset, column: usize) -> Vec<&str> {
        let table = &dataset.tables[0];
        (0..table.rows())
            .filter_map(|row| table.cell(row, column))
            .collect()
    }

    #[test]
    fn decimal_commas_are_read_and_told() {
        let dataset = read(&[["Ann", "1.234.567", "70,05"], ["Bo", "529.100", "29,95"]]);
        assert_eq!(column(&dataset, 1), ["1234567", "529100"]);
        assert_eq!(column(&dataset, 2), ["70.05", "29.95"]);
        assert_eq!(
            dataset.notes,
            [
                "the numbers under “share” of a.csv have a comma before their decimals; they were read so",
                "the numbers under “votes” of a.csv have points between their thousands; they were read so"
            ]
        );
        let place = Place {
            table: TableId(0),
            row: 1,
            column: 2,
        };
        let span = dataset
            .span(Locus::Cell(place))
            .expect("the cell has a place");
        assert_eq!(dataset.sources[0].slice(span), "29,95");
    }

    #[test]
    fn exponents_of_spreadsheets_have_decimal_commas_too() {
        let dataset = read(&[["Ann", "700", "99,9"], ["Bo", "1", "3,36e-05"]]);
        assert_eq!(column(&dataset, 2), ["99.9", "3.36e-05"]);
    }

    #[test]
    fn thousands_never_become_decimals() {
        for votes in [["1,584", "2,416"], ["1.584", "2.416"]] {
            for share in [["39.6", "60.4"], ["39,6", "60,4"], ["39", "61"]] {
                let dataset = read(&[["Ann", votes[0], share[0]], ["Bo", votes[1], share[1]]]);
                let read: Vec<String> = column(&dataset, 1)
                    .iter()
                    .map(|cell| cell.replace(',', ""))
                    .collect();
                assert_eq!(read, ["1584", "2416"], "{votes:?} {share:?}");
            }
        }
    }

    #[test]
    fn points_that_may_be_decimal_points_are_told() {
        let dataset = read(&[["Ann", "7.000", "70.0"], ["Bo", "3.000", "30.0"]]);
        assert_eq!(column(&dataset, 1), ["7.000", "3.000"]);
        assert_eq!(
            dataset.notes,
            ["the points in the numbers under “votes” of a.csv were taken for decimal points"]
        );
        let transferred = read(&[["Ann", "1234.567", "70.0"], ["Bo", "3.123", "30.0"]]);
        assert_eq!(column(&transferred, 1), ["1234.567", "3.123"]);
        let commas = read(&[["Ann", "7.000", "70,0"], ["Bo", "3.000", "30,0"]]);
        assert_eq!(column(&commas, 1), ["7000", "3000"]);
    }

    #[test]
    fn a_slip_among_thousands_stays_as_it_is() {
        let dataset = read(&[["Ann", "1,584", "70.0"], ["Bo", "1,58", "30.0"]]);
        assert_eq!(column(&dataset, 1), ["1,584", "1,58"]);
    }
}
