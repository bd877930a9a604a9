//! The winner, and the second, that a table names in a column of its own, by
//! party or by name, are those with most votes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{
    Entry, Finding, Locus, Place, Role, Scope, Severity, Table, TableId, key, show,
};

use super::{Answer, Rule, Subject, at_most, described, finding, related, title};

/// The parameters of stated winners.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Winner {
    /// So many contests of a table that agree show what its column names.
    enough: usize,
    /// Of that many, one may do otherwise.
    one_in: usize,
}

/// Somebody whom a table gives a place.
struct Stated {
    scope: Scope,
    name: String,
    place: Place,
}

/// A name held against the votes.
enum Verdict<'s> {
    Right,
    /// The one who has that place, and the one who is named.
    Wrong(&'s Entry, &'s Entry),
    Unknown(&'static str),
}

impl Winner {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        for (id, table) in subject.dataset.tables() {
            let columns = table.columns.iter().enumerate();
            let columns = columns.filter_map(|(at, column)| Some((at, rank_of(column.role)?)));
            for (column, rank) in columns {
                if table.columns.get(column).map(|c| c.role) == Some(Role::Elected)
                    && are_marks(subject, table, column)
                {
                    continue;
                }
                let stated = stated(subject, id, table, column, &mut answer);
                let judged: Vec<(Stated, Verdict<'_>)> = stated
                    .into_iter()
                    .map(|stated| {
                        let verdict = verdict(subject, &stated, rank);
                        (stated, verdict)
                    })
                    .collect();
                self.judge(rule, &judged, rank, &mut answer);
            }
        }
        answer
    }

    /// Preferences, lists and electors decide otherwise: the other contests of the
    /// table show whether votes do.
    fn judge(
        &self,
        rule: &Rule,
        judged: &[(Stated, Verdict<'_>)],
        rank: usize,
        answer: &mut Answer,
    ) {
        let count =
            |wanted: fn(&Verdict<'_>) -> bool| judged.iter().filter(|(_, v)| wanted(v)).count();
        let right = count(|v| matches!(v, Verdict::Right));
        let wrong = count(|v| matches!(v, Verdict::Wrong(..)));
        let shown = right >= self.enough && wrong * self.one_in <= right.max(self.one_in);
        let few = right < self.enough && wrong == 1;
        for (stated, verdict) in judged {
            match verdict {
                Verdict::Right => answer.pass(),
                Verdict::Unknown(reason) => answer.unknown(*reason),
                Verdict::Wrong(has, named) if shown || few => {
                    let mut found = found(rule, stated, rank, [has, named]);
                    if !shown {
                        found.severity = at_most(rule, Severity::Warning);
                    }
                    answer.fail(found);
                }
                Verdict::Wrong(..) => {
                    answer.unknown("others than those with most votes are named");
                }
            }
        }
    }
}

/// The place, from 0, of those whom such a column names.
fn rank_of(role: Role) -> Option<usize> {
    match role {
        Role::Winner | Role::Elected => Some(0),
        Role::RunnerUp => Some(1),
        _ => None,
    }
}

/// Do the cells of a column say of each row whether it is of the elected? Then
/// they name nobody.
fn are_marks(subject: &Subject<'_>, table: &Table, column: usize) -> bool {
    let cells = (0..table.rows()).filter_map(|row| table.cell(row, column));
    let (marks, names): (Vec<&str>, Vec<&str>) =
        cells.partition(|cell| subject.layout.elected(Some(cell)).is_some());
    marks.len() >= names.len()
}

/// Whom a column names, contest by contest; several names of one contest are of
/// nobody.
fn stated(
    subject: &Subject<'_>,
    id: TableId,
    table: &Table,
    column: usize,
    answer: &mut Answer,
) -> Vec<Stated> {
    let mut by_contest: BTreeMap<(String, String), Vec<Stated>> = BTreeMap::new();
    for row in 0..table.rows() {
        let name = table.cell(row, column);
        let Some(name) = name.filter(|name| !subject.layout.is_missing(name)) else {
            continue;
        };
        let place = Place::at(id, row, column);
        let scope = described(subject, place).scope;
        if scope.is_part() || scope.contest_key.is_empty() {
            continue;
        }
        let contest = (scope.contest_key.clone(), scope.election_key.clone());
        by_contest.entry(contest).or_default().push(Stated {
            scope,
            name: name.to_owned(),
            place,
        });
    }
    let mut all = Vec::new();
    for mut of_contest in by_contest.into_values() {
        let names: BTreeSet<String> = of_contest.iter().map(|s| key(&s.name)).collect();
        if names.len() > 1 {
            answer.unknown("a contest is given several winners");
        } else if !of_contest.is_empty() {
            all.push(of_contest.swap_remove(0));
        }
    }
    all
}

fn verdict<'s>(subject: &Subject<'s>, stated: &Stated, rank: usize) -> Verdict<'s> {
    const NO_VOTES: Verdict<'_> = Verdict::Unknown("the votes of all are not in the tables");
    let scope = &stated.scope;
    let standing = subject
        .standings
        .find(&scope.contest_key, &scope.election_key);
    let Some(standing) = standing else {
        return NO_VOTES;
    };
    if subject.facts.seats_to_fill(standing) > 1 {
        return Verdict::Unknown("several are elected");
    }
    if subject.facts.last_count(standing).is_some() {
        return Verdict::Unknown("a later stage of the count decides");
    }
    let Some((metric, order)) = subject.facts.ranking_to(standing, rank) else {
        let hidden = subject.facts.unranked(standing);
        return hidden.map_or(NO_VOTES, Verdict::Unknown);
    };
    let entries = subject
        .standings
        .get(standing)
        .map_or(&[][..], |s| &s.entries);
    let value = |at: usize| {
        let entry = order.get(at).and_then(|&at| entries.get(at));
        entry
            .and_then(|e| e.figure(metric))
            .map(|p| &p.number.value)
    };
    let tied = value(rank) == value(rank + 1) || rank > 0 && value(rank) == value(rank - 1);
    let Some(has) = order.get(rank).and_then(|&at| entries.get(at)) else {
        return NO_VOTES;
    };
    if tied {
        return Verdict::Unknown("two have as many votes");
    }
    if is_called(subject, has, &stated.name) {
        return Verdict::Right;
    }
    let mut others = order.iter().filter_map(|&at| entries.get(at));
    match others.find(|entry| is_called(subject, entry, &stated.name)) {
        Some(named) => Verdict::Wrong(has, named),
        None => Verdict::Unknown("the winner is called as nobody of the contest is"),
    }
}

/// Is a name that of the candidate, or of the party?
fn is_called(subject: &Subject<'_>, entry: &Entry, name: &str) -> bool {
    let party = entry.party.as_ref();
    let candidate = entry.candidate.as_ref();
    party.is_some_and(|party| subject.parties.same(&party.text, name))
        || candidate.is_some_and(|candidate| key(&candidate.text) == key(name))
}

fn found(rule: &Rule, stated: &Stated, rank: usize, [has, named]: [&Entry; 2]) -> Finding {
    let votes = |entry: &Entry| {
        let printed = entry.figures.values().flatten().next();
        printed.map_or_else(String::new, |p| {
            show(&p.number.value, p.number.decimals.clamp(0, 2))
        })
    };
    let whose = |entry: &Entry| {
        let party = entry.party.as_ref().filter(|_| entry.candidate.is_some());
        match party {
            Some(party) => format!("{} ({})", entry.name(), party.text),
            None => entry.name().to_owned(),
        }
    };
    let (place, words) = if rank == 0 {
        ("the winner", "most votes")
    } else {
        ("the second", "the second most votes")
    };
    let message = format!(
        "“{}” is named as {place} of {} with {}, but {} has {words}, {}.",
        stated.name,
        title(&stated.scope),
        votes(named),
        whose(has),
        votes(has)
    );
    let label = format!("{} has {words}", whose(has));
    let at = Locus::Cell(stated.place);
    let mut found = finding(rule, at, &stated.scope, message, label);
    for entry in [has, named] {
        let printed = entry.figures.values().flatten().next();
        let words = format!("{} of {}", votes(entry), whose(entry));
        found
            .related
            .extend(printed.map(|p| related(p.place, words)));
    }
    found.stated = Some(stated.name.clone());
    let expected = has.party.as_ref().filter(|_| named.candidate.is_none());
    let expected = expected.map_or(has.name(), |party| &party.text);
    found.expected = Some(expected.to_owned());
    found
}
