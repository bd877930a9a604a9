//! Tables with a group of columns for each of several candidates ("Candidate 1,
//! Votes 1, Candidate 2, Votes 2"; the same headings again; headings over the
//! first group only) in; tables with a row for each out.

use std::collections::BTreeMap;

use super::sheet::{self, Cell, Sheet};
use crate::model::{Column, Dataset, JOINT, Layout, Metric, Number, Role, Source, fold, year_in};

/// A heading of more groups is none.
const MOST: usize = 400;

/// A heading of the columns of all groups, and by the number of the group the
/// column.
#[derive(Debug)]
struct Repeated {
    name: String,
    role: Role,
    columns: BTreeMap<usize, usize>,
}

/// "Votes 2" is "Votes", of the second; `None` where it has no number.
fn numbered(heading: &str) -> Option<(String, usize)> {
    let mut runs = heading.split(|c: char| !c.is_ascii_digit());
    let mut digits = runs.by_ref().filter(|run| !run.is_empty());
    let digits = digits.next().filter(|_| digits.next().is_none())?;
    let number: usize = digits.parse().ok()?;
    let at = heading.find(digits)?;
    let marks = |c: char| !c.is_alphanumeric() && c != '%' && c != ')';
    let before = heading.get(..at)?.trim_end_matches(marks);
    let after = heading.get(at + digits.len()..)?.trim_start_matches(marks);
    let name = [before, after].join(" ").trim().to_owned();
    let is_group = (1..=MOST).contains(&number) && year_in(heading).is_none();
    (is_group && !name.is_empty()).then_some((name, number))
}

/// The headings that stand once for each group: names and votes among them.
fn repeated(columns: &[Column], layout: &Layout) -> Vec<Repeated> {
    let mut all: Vec<Repeated> = Vec::new();
    let mut add = |name: String, number: Option<usize>, at: usize| {
        let known = all.iter_mut().find(|r| fold(&r.name) == fold(&name));
        if let Some(known) = known {
            let number = number.unwrap_or(known.columns.len() + 1);
            known.columns.entry(number).or_insert(at);
        } else {
            let role = role_of(&name, layout);
            let columns = BTreeMap::from([(number.unwrap_or(1), at)]);
            all.push(Repeated {
                name,
                role,
                columns,
            });
        }
    };
    for (at, column) in columns
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.name.is_empty())
    {
        match numbered(&column.name) {
            Some((name, number)) => add(name, Some(number), at),
            None => add(column.name.clone(), None, at),
        }
    }
    all.retain(|repeated| repeated.columns.len() > 1 && repeated.columns.contains_key(&1));
    let is_name = |role| matches!(role, Role::Candidate | Role::Surname | Role::Party);
    let groups = all.iter().filter(|r| is_name(r.role));
    let groups = groups.map(|r| r.columns.len()).max().unwrap_or(0);
    let votes = Role::Measure(Metric::Votes);
    all.retain(|repeated| repeated.columns.len() == groups);
    let is_whole = all.iter().any(|r| r.role == votes) && all.iter().any(|r| is_name(r.role));
    if is_whole { all } else { Vec::new() }
}

/// What a heading without its number holds: "Candidate Votes" are votes.
fn role_of(name: &str, layout: &Layout) -> Role {
    let role = layout.role(name);
    let rest = || {
        let (first, rest) = name.split_once([' ', '_'])?;
        let of_candidate = matches!(role_like(first, layout), Role::Candidate | Role::Party);
        of_candidate.then(|| layout.role(rest))
    };
    if role == Role::Other {
        let known = rest().filter(|role| !matches!(role, Role::Other | Role::Candidate));
        known.unwrap_or_else(|| role_like(name, layout))
    } else {
        role
    }
}

/// The role of a heading, or of the only known one that it is like.
fn role_like(name: &str, layout: &Layout) -> Role {
    match layout.role(name) {
        Role::Other => match layout.like(name).as_slice() {
            [only] => only.role,
            _ => Role::Other,
        },
        known => known,
    }
}

/// Gives the columns after the headings of a first group, and those whose
/// headings stand again, the number of their group. `cells` are rows of the table.
pub fn name_groups(columns: &mut Vec<Column>, rows: &[Vec<String>], layout: &Layout) {
    name_shares(columns);
    let named = columns.iter().rposition(|c| !c.name.is_empty());
    let named = named.map_or(0, |last| last + 1);
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    if let Some(group) = group_to_repeat(columns.get(..named).unwrap_or_default(), rows) {
        let width = group.len();
        for at in named..widest {
            let group_number = (at - named) / width + 2;
            let Some(first) = columns.get(group.start + (at - named) % width).cloned() else {
                return;
            };
            let column = Column {
                name: format!("{} {group_number}", first.name),
                role: Role::Other,
                ..first
            };
            match columns.get_mut(at) {
                Some(own) => *own = column,
                None => columns.push(column),
            }
        }
        return;
    }
    let groups = repeated(columns, layout);
    for repeated in groups.iter().filter(|r| r.columns.len() > 1) {
        for (number, &at) in repeated.columns.iter().skip(1) {
            if let Some(column) = columns.get_mut(at) {
                column.name = format!("{} {number}", repeated.name);
                column.role = Role::Other;
            }
        }
    }
}

/// Shares and changes that stand each behind the votes of somebody, under one
/// heading ("Lee (Red), %, Hart (Blue), %"), are of the name before them.
fn name_shares(columns: &mut [Column]) {
    let is_share = |role: Role| {
        let share = matches!(role, Role::Measure(Metric::Share) | Role::ValueShare);
        share || role.is_change()
    };
    let mut names: Vec<(usize, String)> = Vec::new();
    let mut before: Option<&str> = None;
    for (at, column) in columns.iter().enumerate() {
        let same = columns.iter().filter(|other| other.name == column.name);
        if is_share(column.role) && !column.name.is_empty() && same.count() > 1 {
            let Some(name) = before else {
                return;
            };
            names.push((at, format!("{name}{JOINT}{}", column.name)));
        } else {
            let unknown = column.role == Role::Other && !column.name.is_empty();
            before = unknown.then_some(column.name.as_str());
        }
    }
    for (at, name) in names {
        if let Some(column) = columns.get_mut(at) {
            column.name = name;
            column.role = Role::Other;
        }
    }
}

/// The last of the headings, where rows go on behind them with cells like those
/// under these, once or more often.
fn group_to_repeat(columns: &[Column], rows: &[Vec<String>]) -> Option<std::ops::Range<usize>> {
    let is_name = |c: &Column| matches!(c.role, Role::Candidate | Role::Surname | Role::Party);
    let votes = Role::Measure(Metric::Votes);
    let name = columns.iter().position(is_name)?;
    let count = columns.iter().position(|c| c.role == votes)?;
    let named = columns.len();
    let widest = rows.iter().map(Vec::len).max().filter(|w| *w > named)?;
    let starts = (0..=name.min(count)).rev();
    let like = |start: usize| {
        let width = named - start;
        let (mut same, mut other) = (0_usize, 0_usize);
        for row in rows {
            for (at, cell) in row.iter().enumerate().skip(named) {
                let first = row.get(start + (at - named) % width);
                let kinds = [Some(cell), first].map(|c| c.map_or(Kind::Empty, |c| kind(c)));
                match kinds {
                    [Kind::Empty, _] | [_, Kind::Empty] => {}
                    [a, b] if a == b => same += 1,
                    _ => other += 1,
                }
            }
        }
        (widest - named).is_multiple_of(width) && same > 0 && other * 20 <= same
    };
    let start = starts.into_iter().find(|&start| like(start))?;
    Some(start..named)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Empty,
    Count,
    Share,
    Words,
}

fn kind(cell: &str) -> Kind {
    let cell = cell.trim();
    let pointed = cell.replace(',', ".");
    match Number::parse(cell).or_else(|| Number::parse(&pointed)) {
        _ if cell.is_empty() => Kind::Empty,
        Some(number) if number.decimals > 0 || cell.ends_with('%') => Kind::Share,
        Some(_) => Kind::Count,
        None => Kind::Words,
    }
}

/// Gives the tables from the `from`th on a row for each group.
pub fn settle(dataset: &mut Dataset, from: usize, layout: &Layout) {
    for at in from..dataset.tables.len() {
        let Some(table) = dataset.tables.get(at) else {
            return;
        };
        let groups = repeated(&table.columns, layout);
        let Some(first) = groups.first() else {
            continue;
        };
        let name = dataset.source(table.source).map_or("", Source::name);
        let heading = first.columns.get(&1).and_then(|&at| table.columns.get(at));
        let heading = heading.map_or("", |column| column.name.as_str());
        let note = format!(
            "{} groups of columns of {name}, from “{heading}” on, were read as rows",
            first.columns.len()
        );
        if sheet::change(dataset, at, |sheet| unfold(sheet, &groups)) {
            dataset.notes.push(note);
        }
    }
}

fn unfold(sheet: &mut Sheet, groups: &[Repeated]) {
    let taken: Vec<usize> = groups
        .iter()
        .flat_map(|r| r.columns.values().copied())
        .collect();
    let kept: Vec<usize> = (0..sheet.columns.len())
        .filter(|at| !taken.contains(at))
        .collect();
    let numbers: Vec<usize> = groups
        .first()
        .map_or_else(Vec::new, |first| first.columns.keys().copied().collect());
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let cell = |at: usize| row.get(at).cloned().unwrap_or_default();
        let before = rows.len();
        for number in &numbers {
            let own = groups
                .iter()
                .map(|r| r.columns.get(number).map(|&at| cell(at)));
            let own: Vec<Cell> = own.map(Option::unwrap_or_default).collect();
            if own.iter().any(|cell| cell.text.is_some()) {
                rows.push(
                    kept.iter()
                        .map(|&at| cell(at))
                        .chain(own)
                        .collect::<Vec<_>>(),
                );
            }
        }
        if rows.len() == before {
            let none = groups.iter().map(|_| Cell::default());
            rows.push(kept.iter().map(|&at| cell(at)).chain(none).collect());
        }
    }
    let first = |repeated: &Repeated| {
        let own = repeated
            .columns
            .get(&1)
            .and_then(|&at| sheet.columns.get(at));
        Column {
            name: repeated.name.clone(),
            heading: own.and_then(|column| column.heading),
            role: repeated.role,
            election: None,
            guessed: false,
        }
    };
    let of_groups: Vec<Column> = groups.iter().map(first).collect();
    let of_rows = kept.iter().filter_map(|&at| sheet.columns.get(at).cloned());
    sheet.columns = of_rows.chain(of_groups).collect();
    sheet.rows = rows;
}

#[cfg(test)]
mod tests {
    use crate::load::{load_text, with_words};
    use crate::model::Dataset;

    fn read(text: &str) -> Dataset {
        with_words(|words| load_text("a.csv", text, words))
    }

    fn rows(dataset: &Dataset) -> Vec<String> {
        let table = &dataset.tables[0];
        let cell = |row, column| table.cell(row, column).unwrap_or("");
        let row = |row| {
            let cells: Vec<&str> = (0..table.columns.len()).map(|c| cell(row, c)).collect();
            cells.join(" ")
        };
        (0..table.rows()).map(row).collect()
    }

    const ROWS: [&str; 3] = ["Ashby 10 Ann 7", "Ashby 10 Bo 3", "Birch 5 Cy 5"];

    #[test]
    fn groups_of_columns_are_rows() {
        for heads in [
            "Ward,Electorate,Candidate 1,Votes 1,Candidate 2,Votes 2",
            "Ward,Electorate,Candidate,Votes,Candidate,Votes",
            "Ward,Electorate,Candidate,Votes,,",
            "Ward,Electorate,Candidate,Votes",
            "Ward,Electorate,cand1_name,cand1_votes,cand2_name,cand2_votes",
        ] {
            let dataset = read(&format!("{heads}\nAshby,10,Ann,7,Bo,3\nBirch,5,Cy,5,,\n"));
            assert_eq!(rows(&dataset), ROWS, "{heads}");
            assert!(dataset.defects.is_empty(), "{heads}: {:?}", dataset.defects);
            let told = |note: &String| note.starts_with("2 groups of columns");
            assert!(dataset.notes.iter().any(told), "{:?}", dataset.notes);
        }
        let ordered = read(
            "Ward,Electorate,Candidate 1,Candidate 2,Votes 1,Votes 2\nAshby,10,Ann,Bo,7,3\nBirch,5,Cy,,5,\n",
        );
        assert_eq!(rows(&ordered), ROWS);
    }

    #[test]
    fn years_and_stages_are_no_groups() {
        let years = read("Party,Votes 2019,Votes 2024\nRed,7,8\nBlue,3,4\n");
        assert_eq!(years.tables[0].rows(), 2);
        let stages = read("Candidate,Count 1,Count 2\nAnn,7,8\nBo,3,\n");
        assert_eq!(stages.tables[0].rows(), 2);
    }
}
