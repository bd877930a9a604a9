//! A printed change is the figure now minus the figure then.

use std::collections::BTreeMap;

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{
    Entry, Exact, FigureRow, Finding, Locus, Measured, Metric, ResultRow, Scope, TableId, ratio,
    show,
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
    table: TableId,
    scope: &'s Scope,
    /// The party; `None` for a figure of the contest.
    whose: Option<&'s str>,
    change: &'s Measured,
    now: &'s Measured,
    then: Then<'s>,
}

enum Then<'s> {
    Printed {
        measured: &'s Measured,
        election: &'s str,
    },
    /// The party did not stand, and its change is all of its share.
    New,
    Unknown,
}

impl Change {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: BTreeMap<TableId, Vec<Compared<'_>>> = BTreeMap::new();
        let compared = if self.change.is_of_entry() {
            self.of_entries(subject)
        } else {
            self.of_contests(subject)
        };
        for one in compared {
            by_table.entry(one.table).or_default().push(one);
        }
        for compared in by_table.values() {
            self.judge(rule, compared, &mut answer);
        }
        answer
    }

    fn of_entries<'s>(&self, subject: &Subject<'s>) -> Vec<Compared<'s>> {
        let rows = subject.relations.results.iter();
        let compared = rows.filter(|r| !r.scope.is_part()).filter_map(|row| {
            let (change, now) = (row.figures.get(&self.change)?, row.figures.get(&self.of)?);
            Some(Compared {
                table: row.table,
                scope: &row.scope,
                whose: row.party.as_ref().map(|p| p.text.as_str()),
                change,
                now,
                then: self.then_of_entry(subject, row, change, now),
            })
        });
        compared.collect()
    }

    /// The figure of the same party in the election before.
    fn then_of_entry<'s>(
        &self,
        subject: &Subject<'s>,
        row: &ResultRow,
        change: &Measured,
        now: &Measured,
    ) -> Then<'s> {
        let named = row.party.as_ref().map(|p| &p.text);
        let before = general_before(subject, row.table, &row.scope);
        let party = named.filter(|p| !subject.parties.is_shared(p));
        let (Some(before), Some(party)) = (before, party) else {
            return Then::Unknown;
        };
        let Some(standing) = subject.standings.get(before) else {
            return Then::Unknown;
        };
        let stood = |e: &Entry| {
            e.party
                .as_ref()
                .is_some_and(|p| subject.parties.same(&p.text, party))
        };
        if !standing.entries.iter().any(stood) && change.number.value == now.number.value {
            return Then::New;
        }
        let entry = subject.facts.party_entry(before, party);
        let entry = entry.and_then(|entry| standing.entries.get(entry));
        match entry.and_then(|entry| entry.precise(self.of)) {
            Some(measured) => Then::Printed {
                measured,
                election: &standing.election,
            },
            None => Then::Unknown,
        }
    }

    fn of_contests<'s>(&self, subject: &Subject<'s>) -> Vec<Compared<'s>> {
        let figures = subject.relations.figures.iter();
        let changes = figures.filter(|f| f.metric == self.change && !f.scope.is_part());
        let compared = changes.filter_map(|figure| {
            let (scope, table) = (&figure.scope, figure.measured.place.table);
            let beside = |f: &&&FigureRow| f.metric == self.of && f.measured.place.table == table;
            let now = subject.figures_of(scope).iter().find(beside)?;
            let before = general_before(subject, table, scope);
            let standing = before.and_then(|before| subject.standings.get(before));
            let then = standing.and_then(|s| Some((s, s.figure(self.of)?)));
            Some(Compared {
                table,
                scope,
                whose: None,
                change: &figure.measured,
                now: &now.measured,
                then: then.map_or(Then::Unknown, |(standing, measured)| Then::Printed {
                    measured,
                    election: &standing.election,
                }),
            })
        });
        compared.collect()
    }

    /// Where most changes of a table do not come out, they are measured from
    /// other figures (new boundaries, say), and nothing can be said.
    fn judge(&self, rule: &Rule, compared: &[Compared<'_>], answer: &mut Answer) {
        let known = compared.iter().filter(|c| c.is_known()).count();
        let fitting = compared.iter().filter(|c| c.is_known() && c.fits()).count();
        let doubtful = known > 1 && (fitting == 0 || fitting * 2 < known);
        let doubtful = doubtful || known == 1 && fitting == 0 && self.change.is_of_entry();
        for one in compared {
            if one.fits() {
                answer.pass();
            } else if doubtful && one.is_known() {
                answer.unknown(
                    "most changes are measured from other figures than those in the tables",
                );
            } else if let Some(found) = self.found(rule, one) {
                answer.fail(found);
            } else {
                answer.unknown("the election before, or the party in it, is not in the tables");
            }
        }
    }

    fn found(&self, rule: &Rule, one: &Compared<'_>) -> Option<Finding> {
        let Then::Printed { measured, election } = &one.then else {
            return None;
        };
        let decimals = one.change.number.decimals.clamp(0, 2);
        let shown = |value: &Exact| show(value, decimals);
        let then = &measured.number.value;
        let right = &one.now.number.value - then;
        let whose = one
            .whose
            .map_or_else(String::new, |party| format!(" of {party}"));
        let (stated, expected) = (shown(&one.change.number.value), shown(&right));
        let (now_shown, then_shown) = (shown(&one.now.number.value), shown(then));
        let message = format!(
            "The {}{whose} in {} is given as {stated}, but {now_shown} now and {then_shown} in \
             {election} make {expected}.",
            self.change.words(),
            title(one.scope),
        );
        let label = format!("the two figures make {expected}");
        let mut found = finding(
            rule,
            Locus::Cell(one.change.place),
            one.scope,
            message,
            label,
        );
        found.related = vec![
            related(one.now.place, format!("{now_shown} now")),
            related(measured.place, format!("{then_shown} in {election}")),
        ];
        let mut found = found.differing(&one.change.number.value, &right, decimals);
        if let Some(party) = one.whose {
            found.key.insert("party", party.to_owned());
        }
        Some(found.about(None, self.change))
    }
}

impl Compared<'_> {
    /// Is there a figure to compare with?
    fn is_known(&self) -> bool {
        matches!(self.then, Then::Printed { .. })
    }

    /// Within the rounding of all three figures.
    fn fits(&self) -> bool {
        let measured = match &self.then {
            Then::Printed { measured, .. } => measured,
            Then::New => return true,
            Then::Unknown => return false,
        };
        let off = &self.change.number.value - (&self.now.number.value - &measured.number.value);
        let numbers = [self.change, self.now, measured];
        let slack: Exact = numbers.iter().map(|m| m.number.half_unit()).sum();
        // A double printed in full is not right to its last digits.
        off.abs() <= slack.max(ratio(1, 100_000))
    }
}

/// The general election before: the one that the table names, else the nearest
/// earlier one that is not a by-election.
fn general_before(subject: &Subject<'_>, table: TableId, scope: &Scope) -> Option<usize> {
    let named = subject.dataset.table(table)?.base_election.as_ref();
    if let Some(named) = named {
        let key = subject.layout.election_key(&named.text);
        return subject.standings.find(&scope.contest_key, &key);
    }
    let now = subject
        .standings
        .find(&scope.contest_key, &scope.election_key)?;
    let mut at = subject.facts.before(now)?;
    while subject.standings.get(at)?.is_special() {
        at = subject.facts.before(at)?;
    }
    Some(at)
}
