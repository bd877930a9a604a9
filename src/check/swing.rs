//! A swing is half of what one of two parties gained on the other.

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Exact, FigureRow, Locus, Metric, show, whole};

use super::{Answer, Rule, Subject, finding, related, title};

/// A swing has no parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swing {}

/// The share of a party now and then, and half a unit of what rounding leaves.
#[derive(Clone)]
struct Moved {
    name: String,
    now: Exact,
    then: Exact,
    slack: Exact,
    place: crate::model::Place,
}

impl Swing {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        let figures = subject.relations.figures.iter();
        for figure in figures.filter(|f| f.metric == Metric::Swing && !f.scope.is_part()) {
            judge(rule, subject, figure, &mut answer);
        }
        answer
    }
}

fn judge(rule: &Rule, subject: &Subject<'_>, figure: &FigureRow, answer: &mut Answer) {
    let scope = &figure.scope;
    let standing = subject
        .standings
        .find(&scope.contest_key, &scope.election_key);
    let pairs = standing.map_or_else(Vec::new, |standing| pairs(subject, standing));
    let Some([one, another]) = pairs.first() else {
        answer.unknown("the shares of two parties in both elections are not in the tables");
        return;
    };
    let number = &figure.measured.number;
    let stated = number.value.abs();
    let fits = |pair: &[Moved; 2]| {
        let slack = number.half_unit() + (&pair[0].slack + &pair[1].slack) / whole(2);
        (&stated - butler(pair)).abs() <= slack
            || two_party(pair).is_some_and(|swing| (&stated - swing).abs() <= slack * whole(2))
    };
    if pairs.iter().any(fits) {
        answer.pass();
        return;
    }
    let decimals = number.decimals.clamp(0, 2);
    let right = show(&butler(&[one.clone(), another.clone()]), decimals);
    let moved = |m: &Moved| {
        let (then, now) = (show(&m.then, decimals), show(&m.now, decimals));
        format!("{} from {then} to {now}", m.name)
    };
    let message = format!(
        "The swing in {} is given as {}, but half the difference of {} and {} is {right}.",
        title(scope),
        show(&number.value, decimals),
        moved(one),
        moved(another)
    );
    let label = format!("the shares make {right}");
    let at = Locus::Cell(figure.measured.place);
    let mut found = finding(rule, at, scope, message, label);
    let places = [one, another].map(|m| related(m.place, format!("share of {}", m.name)));
    found.related.extend(places);
    found.stated = Some(show(&number.value, decimals));
    found.expected = Some(right);
    answer.fail(found.about(None, Metric::Swing));
}

/// The pairs that a swing may be between: the first two now, and each of them
/// with the party that won before.
fn pairs(subject: &Subject<'_>, standing: usize) -> Vec<[Moved; 2]> {
    let facts = subject.facts;
    let Some((Metric::Votes | Metric::Share, order)) = facts.ranking(standing) else {
        return Vec::new();
    };
    let Some(own) = facts.standing(standing) else {
        return Vec::new();
    };
    let moved = |at: &usize| moved(subject, standing, *at);
    let mut found = Vec::new();
    let leaders: Vec<Moved> = order.iter().take(2).filter_map(moved).collect();
    if let [first, second] = leaders.as_slice() {
        found.push([first.clone(), second.clone()]);
    }
    let before = facts.before(standing);
    let won = before.and_then(|before| {
        let winner = facts.winner(before)?;
        let party = facts
            .standing(before)?
            .entries
            .get(winner)?
            .party
            .as_ref()?;
        facts.party_entry(standing, &party.text)
    });
    if let Some(won) = won
        .filter(|won| own.entries.get(*won).is_some())
        .as_ref()
        .and_then(moved)
    {
        let others = leaders.iter().filter(|leader| leader.place != won.place);
        found.extend(others.map(|leader| [leader.clone(), won.clone()]));
    }
    found
}

/// The share of an entry now, and then: less its printed change, else as the
/// tables of the election before have it.
fn moved(subject: &Subject<'_>, standing: usize, at: usize) -> Option<Moved> {
    let facts = subject.facts;
    let entry = facts.standing(standing)?.entries.get(at)?;
    let share = entry.precise(Metric::Share)?;
    let (now, half) = (&share.number.value, share.number.half_unit());
    let made = |then: Exact, slack: Exact| Moved {
        name: entry.name().to_owned(),
        now: now.clone(),
        then,
        slack,
        place: share.place,
    };
    if let Some(change) = entry.precise(Metric::ShareChange) {
        return Some(made(now - &change.number.value, change.number.half_unit()));
    }
    let before = facts.before(standing)?;
    let there = facts.party_entry(before, &entry.party.as_ref()?.text)?;
    let then = facts
        .standing(before)?
        .entries
        .get(there)?
        .precise(Metric::Share)?;
    Some(made(
        then.number.value.clone(),
        half + then.number.half_unit(),
    ))
}

/// Half the difference of the two changes (Butler).
fn butler([one, another]: &[Moved; 2]) -> Exact {
    let change = |m: &Moved| &m.now - &m.then;
    ((change(one) - change(another)) / whole(2)).abs()
}

/// The change of the share that one has of both together (Steed).
fn two_party([one, another]: &[Moved; 2]) -> Option<Exact> {
    let of = |a: &Exact, b: &Exact| {
        let both = a + b;
        both.is_positive().then(|| a / both * whole(100))
    };
    let (now, then) = (of(&one.now, &another.now)?, of(&one.then, &another.then)?);
    Some((now - then).abs())
}
