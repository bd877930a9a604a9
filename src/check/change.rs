//! A printed change is the figure now minus the figure then.

use std::collections::HashMap;

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{
    Exact, Finding, Locus, Measured, Metric, Place, ResultRow, TableId, show, slip,
};

use super::{Answer, Rule, Subject, finding, related, title};

/// The parameters of a change: the printed change, and of which figure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    change: Metric,
    of: Metric,
}

/// A printed change beside the two figures that it is of.
struct Compared<'s> {
    row: &'s ResultRow,
    change: &'s Measured,
    now: &'s Measured,
    then: Option<Then>,
}

struct Then {
    value: Exact,
    slack: Exact,
    place: Option<Place>,
    election: String,
}

impl Change {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: HashMap<TableId, Vec<Compared<'_>>> = HashMap::new();
        for row in subject
            .relations
            .results
            .iter()
            .filter(|r| r.scope.unit.is_none())
        {
            if let (Some(change), Some(now)) =
                (row.figures.get(&self.change), row.figures.get(&self.of))
            {
                let then = self.then(subject, row);
                by_table.entry(row.table).or_default().push(Compared {
                    row,
                    change,
                    now,
                    then,
                });
            }
        }
        let mut tables: Vec<_> = by_table.into_iter().collect();
        tables.sort_unstable_by_key(|(table, _)| *table);
        for (_, compared) in tables {
            self.judge(rule, &compared, &mut answer);
        }
        answer
    }

    /// The figure of the election before, of the same candidate or party.
    /// `None` where the tables do not have the election or the party.
    fn then(&self, subject: &Subject<'_>, row: &ResultRow) -> Option<Then> {
        let now = subject
            .standings
            .find(&row.scope.contest_key, &row.scope.election_key)?;
        let before = general_before(subject, row, now)?;
        let party = row
            .party
            .as_ref()
            .filter(|p| !subject.parties.is_shared(&p.text))?;
        let entry = subject.facts.party_entry(before, &party.text)?;
        let standing = subject.standings.get(before)?;
        let printed = standing.entries.get(entry)?.precise(self.of)?;
        Some(Then {
            value: printed.number.value.clone(),
            slack: printed.number.half_unit(),
            place: Some(printed.place),
            election: standing.election.clone(),
        })
    }

    /// Where most changes of a table do not come out, they are measured from
    /// other figures (new boundaries, say), and nothing can be said.
    fn judge(&self, rule: &Rule, compared: &[Compared<'_>], answer: &mut Answer) {
        let known: Vec<&Compared<'_>> = compared.iter().filter(|c| c.then.is_some()).collect();
        let fitting = known.iter().filter(|c| c.fits()).count();
        let doubtful = fitting * 2 < known.len() || (fitting == 0 && !known.is_empty());
        for one in compared {
            if one.then.is_none() {
                answer.unknown("the election before, or the party in it, is not in the tables");
            } else if one.fits() {
                answer.pass();
            } else if doubtful {
                answer.unknown(
                    "most changes are measured from other figures than those in the tables",
                );
            } else {
                answer.findings.extend(self.found(rule, one));
            }
        }
    }

    fn found(&self, rule: &Rule, one: &Compared<'_>) -> Option<Finding> {
        let then = one.then.as_ref()?;
        let decimals = one.change.number.decimals.clamp(0, 2);
        let right = &one.now.number.value - &then.value;
        let party = one.row.party.as_ref().map_or("this row", |p| &p.text);
        let shown = |value: &Exact| show(value, decimals);
        let (stated, expected) = (shown(&one.change.number.value), shown(&right));
        let mut found = finding(
            rule,
            Locus::Cell(one.change.place),
            &one.row.scope,
            format!(
                "The {} of {party} in {} is given as {stated}, but {} now and {} in {} make {expected}.",
                self.change.words(),
                title(&one.row.scope),
                shown(&one.now.number.value),
                shown(&then.value),
                then.election
            ),
            format!("the two figures make {expected}"),
        );
        found.key.insert("party", party.to_owned());
        found.related.push(related(
            one.now.place,
            format!("{} now", shown(&one.now.number.value)),
        ));
        if let Some(place) = then.place {
            found.related.push(related(
                place,
                format!("{} in {}", shown(&then.value), then.election),
            ));
        }
        found.cause = slip(&one.change.number.value, &right, decimals);
        found.difference = Some(shown(&(&one.change.number.value - &right)));
        found.stated = Some(stated);
        found.expected = Some(expected);
        Some(found)
    }
}

impl Compared<'_> {
    /// Within the rounding of all three figures.
    fn fits(&self) -> bool {
        let Some(then) = &self.then else { return false };
        let off = &self.change.number.value - (&self.now.number.value - &then.value);
        let slack = self.change.number.half_unit() + self.now.number.half_unit() + &then.slack;
        // A double printed in full is not right to its last digits.
        off.abs() <= slack.max(crate::model::ratio(1, 100_000))
    }
}

/// The general election before: the one that the table names, else the nearest
/// earlier one that is not a by-election.
fn general_before(subject: &Subject<'_>, row: &ResultRow, now: usize) -> Option<usize> {
    let named = subject.dataset.table(row.table)?.base_election.as_ref();
    if let Some(named) = named {
        let key = subject.layout.election_key(&named.text);
        return subject.standings.find(&row.scope.contest_key, &key);
    }
    let mut at = subject.facts.before(now)?;
    while subject.standings.get(at)?.is_special() {
        at = subject.facts.before(at)?;
    }
    Some(at)
}
