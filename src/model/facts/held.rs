//! A contest in, whether the seat was held or gained out.

use crate::model::{Entry, Named, OutcomeKind};

use super::Facts;
use super::counterparts::same_person;

impl Facts<'_> {
    /// Did the party that won now also win before? With the words that say so.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn held(&self, standing: usize) -> Result<(bool, String), String> {
        let own = self.standings.get(standing).ok_or("not in the tables")?;
        let winner = self.winner(standing);
        let before = self
            .before(standing)
            .and_then(|b| Some((b, self.winner(b)?)));
        if let (Some(now), Some((b, then))) = (winner, before) {
            let (now, then) = (self.entry(standing, now)?, self.entry(b, then)?);
            if self.is_within_party(standing) {
                let working = format!(
                    "{} won {}, {} won {}",
                    then.name(),
                    self.when(b),
                    now.name(),
                    self.when(standing)
                );
                return Ok((same_person(now, then), working));
            }
            let working = format!(
                "{} won {}, {} won {}",
                party_or_name(then),
                self.when(b),
                party_or_name(now),
                self.when(standing)
            );
            return Ok((self.same_side(now, then), working));
        }
        if let Some((party, kind, _)) = &own.outcome {
            let word = match kind {
                OutcomeKind::Hold => "hold",
                OutcomeKind::Gain => "gain",
            };
            let working = format!("the tables say: {party} {word}");
            return Ok((*kind == OutcomeKind::Hold, working));
        }
        Err(format!(
            "no earlier result in the tables for {}",
            self.name(standing)
        ))
    }

    /// Do all who stand do so for one party, as in its primary?
    fn is_within_party(&self, standing: usize) -> bool {
        let entries = self.standings.get(standing).map_or(&[][..], |s| &s.entries);
        let mut parties = entries.iter().map(|e| e.party.as_ref());
        let Some(Some(first)) = parties.next() else {
            return false;
        };
        let same = |other: &Named| self.parties.same(&first.text, &other.text);
        entries.len() > 1 && parties.all(|party| party.is_some_and(same))
    }

    /// Of one party; of no party, one person. A member who changed sides did
    /// not hold the seat for either.
    fn same_side(&self, a: &Entry, b: &Entry) -> bool {
        let party = |e: &Entry| e.party.as_ref().map(|p| p.text.clone());
        let stands_for_none = |p: &str| self.parties.is_shared(p);
        match (party(a), party(b)) {
            (Some(own), Some(other)) if stands_for_none(&own) == stands_for_none(&other) => {
                self.parties.same(&own, &other) && (!stands_for_none(&own) || same_person(a, b))
            }
            (Some(_), Some(_)) => false,
            _ => same_person(a, b),
        }
    }
}

fn party_or_name(entry: &Entry) -> &str {
    entry
        .party
        .as_ref()
        .map_or_else(|| entry.name(), |p| &p.text)
}
