//! Columns of votes by the way they were cast, and the columns that they are
//! parts of.

use super::table::JOINT;
use super::{Layout, Metric, Role, Table, fold};

/// A column and those that are its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeColumns {
    pub total: usize,
    pub parts: Vec<usize>,
}

impl ModeColumns {
    /// The votes and their modes; and each mode that others are parts of by their
    /// names ("early_voting", "early_voting_paper").
    #[must_use]
    pub fn of(table: &Table, layout: &Layout) -> Vec<Self> {
        let names: Vec<(usize, String)> = table
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.role == Role::ModeVotes)
            .map(|(at, column)| (at, fold(&column.name)))
            .collect();
        let parent = |name: &str| {
            let longer = |other: &&(usize, String)| {
                let rest = name.strip_prefix(other.1.as_str());
                rest.is_some_and(|rest| rest.starts_with(' '))
            };
            names
                .iter()
                .filter(longer)
                .max_by_key(|(_, name)| name.len())
        };
        let mut found: Vec<Self> = Vec::new();
        // The column of all votes; where there is none, of all that took part.
        let cast = table.column_of(Role::Measure(Metric::Turnout));
        let votes = layout.votes_column(table).or(cast);
        for (at, name) in &names {
            let Some(total) = parent(name).map(|(at, _)| *at).or(votes) else {
                continue;
            };
            match found.iter_mut().find(|columns| columns.total == total) {
                Some(columns) => columns.parts.push(*at),
                None => found.push(Self {
                    total,
                    parts: vec![*at],
                }),
            }
        }
        found.extend(of_names(table, layout));
        found.retain(|columns| columns.parts.len() > 1);
        found
    }
}

/// The columns of each candidate by mode, where one of them holds all votes.
fn of_names(table: &Table, layout: &Layout) -> Vec<ModeColumns> {
    let mut of: Vec<(String, Option<usize>, Vec<usize>)> = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let Some(moded) = Moded::of(&column.name, layout).filter(|_| column.role == Role::Other)
        else {
            continue;
        };
        if !of.iter().any(|(name, ..)| *name == moded.name) {
            of.push((moded.name.clone(), None, Vec::new()));
        }
        let known = of.iter_mut().find(|(name, ..)| *name == moded.name);
        match known {
            Some((_, total, _)) if moded.is_total => *total = Some(at),
            Some((_, _, parts)) => parts.push(at),
            None => {}
        }
    }
    let whole = |(_, total, parts): (String, Option<usize>, Vec<usize>)| {
        let total = total?;
        Some(ModeColumns { total, parts })
    };
    of.into_iter().filter_map(whole).collect()
}

/// A heading of the votes that somebody has in one way of voting, or in all:
/// "Jane Smith › Absentee", "Jane Smith Total".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moded {
    pub name: String,
    pub is_total: bool,
}

impl Moded {
    /// `None` where the heading ends in no mode.
    #[must_use]
    pub fn of(heading: &str, layout: &Layout) -> Option<Self> {
        let joints = heading
            .match_indices(JOINT)
            .map(|(at, _)| (at, JOINT.len()));
        let spaces = heading.match_indices(' ').map(|(at, _)| (at, 1));
        let mut cuts: Vec<(usize, usize)> = joints.chain(spaces).collect();
        cuts.sort_unstable();
        cuts.into_iter().find_map(|(at, len)| {
            let name = heading.get(..at)?.trim_end_matches([' ', '-', ':', '›']);
            let mode = heading
                .get(at + len..)?
                .trim_start_matches([' ', '-', ':', '›']);
            let is_total = layout.is_total(mode);
            let moded = is_total || layout.label(mode) == Role::ModeVotes;
            (moded && !name.is_empty()).then(|| Self {
                name: name.to_owned(),
                is_total,
            })
        })
    }
}
