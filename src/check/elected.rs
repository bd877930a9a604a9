//! Those who are marked as elected have most votes, and are as many as there
//! are seats.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{
    Exact, Finding, Locus, Metric, Place, ResultRow, Role, Severity, TableId, show,
};

use super::{Answer, Rule, Subject, at_most, finding, related, title};

/// The parameters of marks: what is judged of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elected {
    by: By,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    /// Nobody who is not elected has more votes than one who is.
    Votes,
    /// As many are elected as the contest has seats.
    Seats,
}

/// A candidate's row and mark.
struct Marked<'s> {
    row: &'s ResultRow,
    elected: bool,
    place: Place,
}

/// The candidates of one contest.
struct Contest<'s> {
    marked: Vec<Marked<'s>>,
    /// How many it elects, where the tables say so.
    seats: Option<usize>,
    /// Is it decided by more than the votes that are given?
    by_preferences: bool,
}

/// So many contests of a table that agree show what its marks follow.
const ENOUGH: usize = 5;
/// Of that many, one may do otherwise.
const ONE_IN: usize = 20;

impl Elected {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: BTreeMap<TableId, Vec<Contest<'_>>> = BTreeMap::new();
        for rows in subject.counts() {
            let rows: Vec<&ResultRow> = rows
                .iter()
                .filter_map(|&r| subject.relations.results.get(r))
                .collect();
            match contest(subject, &rows) {
                Some(Ok((table, contest))) => by_table.entry(table).or_default().push(contest),
                Some(Err(reason)) => answer.unknown(reason),
                None => {}
            }
        }
        for contests in by_table.values() {
            match self.by {
                By::Votes => by_votes(rule, contests, &mut answer),
                By::Seats => by_seats(rule, contests, &mut answer),
            }
        }
        answer
    }
}

/// `None` where nobody is marked in the table.
fn contest<'s>(
    subject: &Subject<'s>,
    rows: &[&'s ResultRow],
) -> Option<Result<(TableId, Contest<'s>), &'static str>> {
    let first = rows.first()?;
    let table = subject.dataset.table(first.table)?;
    let column = table.column_of(Role::Elected)?;
    if first.scope.unit.is_some() {
        return None;
    }
    let mut marked = Vec::new();
    for row in rows.iter().filter(|r| !r.aggregate) {
        let said = subject.layout.elected(table.cell(row.row as usize, column));
        let Some(elected) = said else {
            return Some(Err(
                "a mark says neither that a candidate was elected nor that not",
            ));
        };
        let place = Place {
            table: row.table,
            row: row.row,
            column: u32::try_from(column).ok()?,
        };
        marked.push(Marked {
            row,
            elected,
            place,
        });
    }
    let figures = subject.figures_of(&first.scope).iter();
    let mut seats = figures.filter(|f| f.metric == Metric::SeatsTotal && f.party.is_none());
    let seats = seats.next().map(|f| f.measured.number.value.to_integer());
    let preferred = |r: &&ResultRow| {
        let metrics = [Metric::PreferredVotes, Metric::PreferredShare];
        metrics.iter().any(|m| r.figures.contains_key(m))
    };
    let contest = Contest {
        seats: seats.and_then(|n| usize::try_from(n).ok()),
        by_preferences: first.scope.stage.is_some() || rows.iter().any(preferred),
        marked,
    };
    Some(Ok((first.table, contest)))
}

impl Contest<'_> {
    fn elected(&self) -> usize {
        self.marked.iter().filter(|m| m.elected).count()
    }

    /// Does the elected with fewest votes have as many as anybody else?
    fn order(&self) -> Order<'_> {
        let all = self.marked.iter();
        if self.by_preferences || all.clone().any(|m| m.votes().is_none()) {
            return Order::Unknown;
        }
        let last = all.clone().filter(|m| m.elected).min_by_key(|m| m.votes());
        let best = all.filter(|m| !m.elected).max_by_key(|m| m.votes());
        match (last, best) {
            (Some(last), Some(best)) if best.votes() > last.votes() => Order::Reversed(last, best),
            (Some(_), Some(_)) => Order::Right,
            _ => Order::Unknown,
        }
    }
}

/// Do the marks of a contest follow its votes?
enum Order<'a> {
    Right,
    /// One who is elected, and one who is not and has more votes.
    Reversed(&'a Marked<'a>, &'a Marked<'a>),
    Unknown,
}

impl<'s> Marked<'s> {
    fn votes(&self) -> Option<&'s Exact> {
        let votes = self.row.figures.get(&Metric::Votes)?;
        Some(&votes.number.value)
    }

    fn name(&self) -> &str {
        let name = self.row.candidate.as_ref().or(self.row.party.as_ref());
        name.map_or("this row", |n| &n.text)
    }
}

/// Lists, preferences and minimum shares elect others than those with most
/// votes. Where a table's marks follow the votes all but always, one that does
/// not is an error; where it has too few contests to show that, one seat is
/// still as good as always won by most votes, and a warning.
fn by_votes(rule: &Rule, contests: &[Contest<'_>], answer: &mut Answer) {
    let judged: Vec<_> = contests.iter().map(|c| (c, c.order())).collect();
    let right = judged.iter().filter(|(_, o)| matches!(o, Order::Right));
    let wrong = judged
        .iter()
        .filter(|(_, o)| matches!(o, Order::Reversed(..)));
    let (right, wrong) = (right.count(), wrong.count());
    let shown = right >= ENOUGH && wrong * ONE_IN <= right.max(ONE_IN);
    let few = right < ENOUGH && wrong == 1;
    for (contest, order) in judged {
        match order {
            Order::Unknown => answer.unknown("the votes that decide are not in the tables"),
            Order::Right => answer.pass(),
            Order::Reversed(last, best) if shown => {
                answer.fail(reversed_found(rule, [last, best], rule.severity));
            }
            Order::Reversed(last, best) if few && contest.elected() == 1 => {
                let severity = at_most(rule, Severity::Warning);
                answer.fail(reversed_found(rule, [last, best], severity));
            }
            Order::Reversed(..) => answer
                .unknown("others than those with most votes are elected, by lists or preferences"),
        }
    }
}

fn reversed_found(rule: &Rule, [last, best]: [&Marked<'_>; 2], severity: Severity) -> Finding {
    let votes = |m: &Marked<'_>| m.votes().map_or_else(String::new, |v| show(v, 0));
    let scope = &last.row.scope;
    let message = format!(
        "{} is marked as elected in {} with {} votes, but {} has {} and is not.",
        last.name(),
        title(scope),
        votes(last),
        best.name(),
        votes(best)
    );
    let label = format!("{} has more votes", best.name());
    let mut found = finding(rule, Locus::Cell(last.place), scope, message, label);
    for marked in [last, best] {
        let place = marked.row.figures.get(&Metric::Votes).map(|m| m.place);
        let words = format!("{} votes of {}", votes(marked), marked.name());
        found
            .related
            .extend(place.map(|place| related(place, words)));
    }
    found.severity = severity;
    found.stated = Some(last.name().to_owned());
    found.expected = Some(best.name().to_owned());
    found.key.insert("candidate", last.name().to_owned());
    found
}

/// The seats are stated; else they are one, where that is so in all but few
/// contests of the table.
fn by_seats(rule: &Rule, contests: &[Contest<'_>], answer: &mut Answer) {
    let ones = contests.iter().filter(|c| c.elected() == 1).count();
    let others = contests.len() - ones;
    let always_one = ones >= ENOUGH && others * ONE_IN <= ones.max(ONE_IN);
    let declared = contests.iter().any(|c| c.elected() > 0);
    for contest in contests {
        let seats = contest.seats.or(always_one.then_some(1));
        let Some(seats) = seats.filter(|_| declared) else {
            answer.unknown("how many are elected is not in the tables");
            continue;
        };
        let wanted = seats.min(contest.marked.len());
        if contest.elected() == wanted {
            answer.pass();
        } else if let Some(found) = number_found(rule, contest, wanted) {
            answer.fail(found);
        }
    }
}

fn number_found(rule: &Rule, contest: &Contest<'_>, wanted: usize) -> Option<Finding> {
    let marked = contest.marked.iter();
    let elected: Vec<&Marked<'_>> = marked.filter(|m| m.elected).collect();
    let at = elected.last().copied().or(contest.marked.first())?;
    let scope = &at.row.scope;
    let number = elected.len();
    let message = format!(
        "{number} of the candidates in {} {} marked as elected, but {wanted} {} to be.",
        title(scope),
        if number == 1 { "is" } else { "are" },
        if wanted == 1 { "is" } else { "are" },
    );
    let label = format!("{number} marked, {wanted} seats");
    let mut found = finding(rule, Locus::Cell(at.place), scope, message, label);
    let rest = elected.iter().filter(|m| m.place != at.place);
    found
        .related
        .extend(rest.map(|m| related(m.place, format!("{} is marked", m.name()))));
    found.stated = Some(number.to_string());
    found.expected = Some(wanted.to_string());
    Some(found)
}
