//! The names of a contest and an election in, the scope of a row out: which
//! contest, election, stage and part of it the row is of.

use crate::model::{Layout, key, year_in};

/// Which contest, election and stage of the count a row belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub contest: String,
    /// Empty where the table names no contest.
    pub contest_key: String,
    pub election: String,
    pub election_key: String,
    pub stage: Option<String>,
    /// A part of the contest that is counted apart.
    pub unit: Option<String>,
    /// Wider areas that the contest lies in.
    pub regions: Vec<String>,
    /// Is it counted apart by these areas, though no unit is named?
    pub by_area: bool,
}

impl Scope {
    /// The areas that tell it from others of its contest, the widest first: units
    /// of several may have one name. None where it is of the whole contest.
    #[must_use]
    pub fn areas_of_unit(&self) -> &[String] {
        if self.is_part() { &self.regions } else { &[] }
    }

    /// Is it of a part of the contest, a unit or an area?
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.unit.is_some() || self.by_area
    }

    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.contest == other.contest
            && self.election == other.election
            && self.stage == other.stage
            && self.unit == other.unit
    }
}

/// The contest and the election that go by these names; empty where there is
/// none.
#[must_use]
pub fn named_scope(
    layout: &Layout,
    mut contest: String,
    district: Option<&str>,
    election: String,
) -> Scope {
    if let Some(district) = district {
        let apart = if contest.is_empty() { "" } else { " " };
        contest = contest + apart + district;
    }
    // "Kensington 2017" is a contest and its election.
    let (contest, election) = match split_year(&contest) {
        Some((name, year)) if election.is_empty() => match layout.without_special(name) {
            Some((place, special)) => (place.to_owned(), format!("{year} {special}")),
            None => (name.to_owned(), year.to_owned()),
        },
        _ => (contest, election),
    };
    Scope {
        contest_key: key(&contest),
        election_key: layout.election_key(&election),
        contest,
        election,
        ..Scope::default()
    }
}

/// A name that ends in a year, cut in two.
fn split_year(name: &str) -> Option<(&str, &str)> {
    let (rest, year) = name.trim().rsplit_once(' ')?;
    let year = year.trim_matches(['(', ')', ',']);
    let is_year = year.len() == 4 && year_in(year).is_some();
    is_year.then(|| (rest.trim_end_matches([',', ' ']), year))
}
