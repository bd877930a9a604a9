//! A contest in, its seats out: how many there are, to be filled, and were held
//! before.

use std::collections::HashSet;

use crate::model::{Exact, Metric, Printed, show, whole};

use super::fact::found;
use super::{Fact, Facts, Routes};

impl Facts<'_> {
    /// All seats: as printed, or the sum of all parties'.
    ///
    /// # Errors
    /// Why there is none.
    pub fn seats_total(&self, standing: usize) -> Routes {
        let mut routes = self
            .of_contest(standing, Metric::SeatsTotal)
            .unwrap_or_default();
        let entries = self.standings.get(standing).map(|s| s.entries.as_slice());
        let entries = entries.unwrap_or(&[]);
        let seats: Vec<&Printed> = entries
            .iter()
            .filter_map(|e| e.figure(Metric::Seats))
            .collect();
        if seats.len() > 1 {
            let value: Exact = seats.iter().map(|p| &p.number.value).sum();
            routes.push(Fact {
                working: format!("all seats in {} = {}", self.name(standing), show(&value, 0)),
                value,
                slack: whole(0),
                decimals: 0,
                cells: seats.iter().map(|p| p.place).collect(),
                sound: seats.len() == entries.len(),
                limit: None,
                derived: true,
            });
        }
        found(routes, || "no seats in the tables".to_owned())
    }

    /// How many the contest elects, by the tables' own figure, else by how many
    /// they mark as elected; 1 where they do not say.
    #[must_use]
    pub fn seats_to_fill(&self, standing: usize) -> usize {
        let own = self.standings.get(standing);
        let entries = own.map_or(&[][..], |s| &s.entries);
        let of_candidates = entries.iter().any(|e| e.candidate.is_some());
        let stated = own.and_then(|s| s.figure(Metric::SeatsTotal));
        let stated = stated
            .filter(|_| of_candidates)
            .and_then(|p| usize::try_from(p.number.value.to_integer()).ok());
        let marked = entries.iter().filter(|e| e.elected == Some(true)).count();
        stated.unwrap_or(marked).max(1)
    }

    /// Do some parties stand with several candidates against others, as where
    /// more than one is elected?
    #[must_use]
    pub fn may_elect_several(&self, standing: usize) -> bool {
        let entries = self.standings.get(standing).map_or(&[][..], |s| &s.entries);
        let labels: Vec<&str> = entries
            .iter()
            .filter(|e| e.candidate.is_some() && !e.aggregate)
            .filter_map(|e| Some(e.party.as_ref()?.text.as_str()))
            .filter(|party| !self.parties.is_shared(party))
            .collect();
        let kinds: HashSet<&&str> = labels.iter().collect();
        kinds.len() > 1 && kinds.len() < labels.len()
    }

    /// Seats before: as printed, or seats minus their change.
    ///
    /// # Errors
    /// Why there is none.
    pub fn seats_before(&self, standing: usize, entry: usize) -> Routes {
        let mut routes = self
            .of_entry(standing, entry, Metric::SeatsBefore)
            .unwrap_or_default();
        if let (Ok(now), Ok(change)) = (
            self.of_entry(standing, entry, Metric::Seats),
            self.of_entry(standing, entry, Metric::SeatsChange),
        ) && let (Some(now), Some(change)) = (now.first(), change.first())
        {
            routes.push(now.minus(change));
        }
        if let (true, Some(then)) = (routes.is_empty(), self.before(standing))
            && let Some(there) = self.counterpart(standing, entry, then)
        {
            routes.extend(
                self.of_entry(then, there, Metric::Seats)
                    .unwrap_or_default(),
            );
        }
        if routes.is_empty() {
            let name = self.entry(standing, entry)?.name();
            return Err(format!("no earlier seats of {name} in the tables"));
        }
        Ok(routes)
    }
}
