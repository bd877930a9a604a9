//! A column in, what its numbers measure out, and of which election: by its
//! heading, and where that leaves it open by its cells.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Column, Metric, Number, Role, whole};

use super::TableReader;

impl<'a> TableReader<'a> {
    pub(super) fn metric_of(&self, column: usize) -> Option<Metric> {
        if let Some(metric) = self.wide.total(column) {
            return Some(metric);
        }
        match self.table.columns.get(column)?.role {
            Role::Measure(Metric::Seats) if self.seats_are_of_contests(column) => {
                Some(Metric::SeatsTotal)
            }
            Role::Measure(Metric::Turnout | Metric::ValidVotes)
                if self.counts_are_of_entries(column) =>
            {
                Some(Metric::Votes)
            }
            Role::Measure(Metric::TurnoutShare) if self.are_counts(column) => Some(Metric::Turnout),
            Role::Measure(metric) => Some(metric),
            Role::Value => Some(Metric::Votes),
            Role::ValueShare => Some(Metric::Share),
            Role::Change => Some(self.change_of(column)),
            Role::Other if self.layout.votes_column(self.table) == Some(column) => {
                Some(Metric::Votes)
            }
            Role::Other if self.last_stage() == Some(column) => Some(Metric::PreferredVotes),
            Role::Contest
            | Role::ContestCode
            | Role::District
            | Role::Region
            | Role::Election
            | Role::Unit
            | Role::Mode
            | Role::ModeVotes
            | Role::Stage
            | Role::Candidate
            | Role::FirstName
            | Role::Surname
            | Role::Party
            | Role::PartyShort
            | Role::Label
            | Role::Result
            | Role::Elected
            | Role::Winner
            | Role::RunnerUp
            | Role::Control
            | Role::Other => None,
        }
    }

    /// Has a column under a heading of turnout whole numbers only, and more above
    /// 100 than not? Then it counts voters.
    fn are_counts(&self, column: usize) -> bool {
        let cells = (0..self.table.rows()).filter_map(|row| self.table.cell(row, column));
        let cells = cells.filter(|cell| !self.layout.is_missing(cell));
        let (mut large, mut small) = (0, 0);
        for cell in cells {
            match Number::parse(cell) {
                Some(n) if n.decimals > 0 || cell.ends_with('%') => return false,
                Some(n) if n.value > whole(100) => large += 1,
                Some(_) | None => small += 1,
            }
        }
        large > small
    }

    /// The last of several stages of a count, beside first preferences.
    fn last_stage(&self) -> Option<usize> {
        let is_stage = |(_, column): &(usize, &Column)| {
            column.role == Role::Other && self.layout.is_stage(&column.name)
        };
        let columns = self.table.columns.iter().enumerate();
        let stages: Vec<usize> = columns.filter(is_stage).map(|(at, _)| at).collect();
        let first = self.table.column_of(Role::Measure(Metric::Votes));
        stages.last().copied().filter(|_| first.is_some())
    }

    /// Beside candidates without votes, "votes polled" and "valid votes" are
    /// theirs where they differ within a contest.
    fn counts_are_of_entries(&self, column: usize) -> bool {
        let has = |role| self.table.column_of(role).is_some();
        let entries = [Role::Candidate, Role::Surname, Role::Party];
        if has(Role::Measure(Metric::Votes)) || !entries.into_iter().any(has) {
            return false;
        }
        let mut counts: BTreeMap<[Option<&str>; 3], BTreeSet<&str>> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let scope = [Role::Contest, Role::District, Role::Unit];
            let of = |role| self.table.cell(row, self.table.column_of(role)?);
            let own = counts.entry(scope.map(of)).or_default();
            own.extend(self.table.cell(row, column));
        }
        counts.values().any(|own| own.len() > 1)
    }

    /// Beside candidates and their votes, seats are what the contest has to give:
    /// in each the same for all.
    fn seats_are_of_contests(&self, column: usize) -> bool {
        let has = |role| self.table.column_of(role).is_some();
        let Some(contest) = self.table.column_of(Role::Contest) else {
            return false;
        };
        if !has(Role::Candidate) && !has(Role::Surname) || !has(Role::Measure(Metric::Votes)) {
            return false;
        }
        let mut seats: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let own = seats.entry(self.table.cell(row, contest)).or_default();
            own.extend(self.table.cell(row, column));
        }
        seats.values().all(|own| own.len() <= 1)
    }

    /// A change is of shares where it has decimals; else of seats, where the
    /// table has them; else of shares where it has those; else of votes.
    fn change_of(&self, column: usize) -> Metric {
        let with_point = self.numbers(column).any(|n| n.decimals > 0);
        let has = |metric| self.table.column_of(Role::Measure(metric)).is_some();
        let shares = has(Metric::Share) || self.table.column_of(Role::ValueShare).is_some();
        if with_point {
            Metric::ShareChange
        } else if has(Metric::Seats) {
            Metric::SeatsChange
        } else if shares {
            Metric::ShareChange
        } else {
            Metric::VotesChange
        }
    }

    /// The election of a column. Where headings name elections and nothing
    /// else in the table does, a column that names none is of the latest.
    pub(super) fn election_of(&self, column: usize) -> Option<&'a str> {
        let own = self.table.columns.get(column)?.election.as_deref();
        let named_elsewhere =
            self.table.election.is_some() || self.table.column_of(Role::Election).is_some();
        if own.is_some() || named_elsewhere {
            return own;
        }
        let columns = self.table.columns.iter();
        let latest = columns
            .clone()
            .filter_map(|c| c.election.as_deref())
            .max()?;
        // "seats_2018, seats": what names none is of the election after.
        let of_latest = |role| {
            let mut columns = columns.clone();
            columns.any(|c| c.role == role && c.election.as_deref() == Some(latest))
        };
        let later = columns
            .clone()
            .filter(|c| c.election.is_none())
            .any(|c| c.role.is_figure() && of_latest(c.role));
        (!later).then_some(latest)
    }
}
