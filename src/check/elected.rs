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
    /// So many contests of a table that agree show what its marks follow.
    enough: usize,
    /// Of that many, one may do otherwise.
    one_in: usize,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    /// Nobody who is not elected has more votes than one who is.
    Votes,
    /// As many are elected as the contest has seats.
    Seats,
}

/// A candidate's mark, and the votes of all rows of theirs: one candidate of
/// several parties has a row for each.
struct Marked<'s> {
    row: &'s ResultRow,
    elected: bool,
    place: Place,
    votes: Option<Exact>,
}

/// The candidates of one contest.
struct Contest<'s> {
    marked: Vec<Marked<'s>>,
    /// How many it elects, where the tables say so.
    seats: Option<usize>,
    /// Is it decided by more than the votes that are given?
    by_preferences: bool,
}

impl Elected {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: BTreeMap<TableId, Vec<Contest<'_>>> = BTreeMap::new();
        for rows in subject.counts() {
            match contest(subject, rows) {
                Some(Ok((table, contest))) => by_table.entry(table).or_default().push(contest),
                Some(Err(reason)) => answer.unknown(reason),
                None => {}
            }
        }
        for contests in by_table.values() {
            match self.by {
                By::Votes => self.by_votes(rule, contests, &mut answer),
                By::Seats => self.by_seats(rule, contests, &mut answer),
            }
        }
        answer
    }

    /// Lists, preferences and minimum shares elect others than those with most
    /// votes. Where a table's marks follow the votes all but always, one that does
    /// not is an error; where it has too few contests to show that, one seat is
    /// still as good as always won by most votes, and a warning.
    fn by_votes(&self, rule: &Rule, contests: &[Contest<'_>], answer: &mut Answer) {
        let judged: Vec<_> = contests.iter().map(|c| (c, c.order())).collect();
        let right = judged.iter().filter(|(_, o)| matches!(o, Order::Right));
        let wrong = judged
            .iter()
            .filter(|(_, o)| matches!(o, Order::Reversed(..)));
        let (right, wrong) = (right.count(), wrong.count());
        let shown = right >= self.enough && wrong * self.one_in <= right.max(self.one_in);
        let few = right < self.enough && wrong == 1;
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
                Order::Reversed(..) => answer.unknown(
                    "others than those with most votes are elected, by lists or preferences",
                ),
            }
        }
    }

    /// The seats are stated; else they are one, where that is so in all but few
    /// contests of the table.
    fn by_seats(&self, rule: &Rule, contests: &[Contest<'_>], answer: &mut Answer) {
        let ones = contests.iter().filter(|c| c.elected() == 1).count();
        let others = contests.len() - ones;
        let always_one = ones >= self.enough && others * self.one_in <= ones.max(self.one_in);
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
}

/// `None` where nobody is marked in the table.
fn contest<'s>(
    subject: &Subject<'s>,
    rows: &[&'s ResultRow],
) -> Option<Result<(TableId, Contest<'s>), &'static str>> {
    let first = rows.first()?;
    let table = subject.dataset.table(first.table)?;
    let column = table.column_of(Role::Elected)?;
    if first.scope.is_part() {
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
        let place = Place::at(row.table, row.row as usize, column);
        let votes = row.figures.get(&Metric::Votes);
        let votes = votes.map(|m| m.number.value.clone());
        let same = |m: &&mut Marked<'_>| {
            let names = m.row.candidate.as_ref().zip(row.candidate.as_ref());
            names.is_some_and(|(a, b)| a.text == b.text)
        };
        if let Some(known) = marked.iter_mut().find(same) {
            known.elected |= elected;
            known.votes = known.votes.take().zip(votes).map(|(a, b)| a + b);
            continue;
        }
        marked.push(Marked {
            row,
            elected,
            place,
            votes,
        });
    }
    let figures = subject.figures_of(&first.scope).iter();
    let mut seats = figures.filter(|f| f.metric == Metric::SeatsTotal && f.party.is_none());
    let seats = seats.next().map(|f| f.measured.number.value.to_integer());
    let contest = Contest {
        seats: seats.and_then(|n| usize::try_from(n).ok()),
        by_preferences: first.scope.stage.is_some() || rows.iter().any(|r| r.has_preferences()),
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

impl Marked<'_> {
    fn votes(&self) -> Option<&Exact> {
        self.votes.as_ref()
    }
}

fn reversed_found(rule: &Rule, [last, best]: [&Marked<'_>; 2], severity: Severity) -> Finding {
    let votes = |m: &Marked<'_>| m.votes().map_or_else(String::new, |v| show(v, 0));
    let scope = &last.row.scope;
    let message = format!(
        "{} is marked as elected in {} with {} votes, but {} has {} and is not.",
        last.row.name(),
        title(scope),
        votes(last),
        best.row.name(),
        votes(best)
    );
    let label = format!("{} has more votes", best.row.name());
    let mut found = finding(rule, Locus::Cell(last.place), scope, message, label);
    for marked in [last, best] {
        let place = marked.row.figures.get(&Metric::Votes).map(|m| m.place);
        let words = format!("{} votes of {}", votes(marked), marked.row.name());
        found
            .related
            .extend(place.map(|place| related(place, words)));
    }
    found.severity = severity;
    found.stated = Some(last.row.name().to_owned());
    found.expected = Some(best.row.name().to_owned());
    found.key.insert("candidate", last.row.name().to_owned());
    found
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
        .extend(rest.map(|m| related(m.place, format!("{} is marked", m.row.name()))));
    found.stated = Some(number.to_string());
    found.expected = Some(wanted.to_string());
    Some(found)
}
