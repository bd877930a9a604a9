//! Columns of votes by the way they were cast, and the columns that they are
//! parts of.

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
        found.retain(|columns| columns.parts.len() > 1);
        found
    }
}
