//! A stated hold or gain agrees with the winners of both elections.

use serde::Deserialize;

use crate::model::{Finding, Locus, OutcomeKind, OutcomeRow, Place};

use super::{Answer, Rule, Subject, finding, related, title};

/// An outcome has no parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {}

impl Outcome {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let _ = self;
        let mut answer = Answer::default();
        for row in &subject.relations.outcomes {
            judge(rule, subject, row, &mut answer);
        }
        answer
    }
}

fn judge(rule: &Rule, subject: &Subject<'_>, row: &OutcomeRow, answer: &mut Answer) {
    let facts = subject.facts;
    let scope = &row.scope;
    let standing = subject
        .standings
        .find(&scope.contest_key, &scope.election_key);
    let Some((standing, won)) = standing.and_then(|s| Some((s, victor(subject, s)?))) else {
        answer.unknown("the winner, or the winner's party, cannot be told from the tables");
        return;
    };
    if !subject.parties.same(&row.party, &won.party) {
        answer.fail(found(rule, row, &won, format!("{} won it", won.party)));
        return;
    }
    let before = facts
        .before(standing)
        .and_then(|b| Some((b, victor(subject, b)?)));
    let (Some((before, then)), Ok((held, _))) = (before, facts.held(standing)) else {
        answer.unknown("the election before is not in the tables");
        return;
    };
    if held == (row.kind == OutcomeKind::Hold) {
        answer.pass();
        return;
    }
    let election = subject
        .standings
        .get(before)
        .map_or("", |s| s.election.as_str());
    answer.fail(found(
        rule,
        row,
        &won,
        format!("{} won it in {election}", then.party),
    ));
}

/// The party that won, and a cell that says so.
struct Victor {
    party: String,
    place: Option<Place>,
}

fn victor(subject: &Subject<'_>, standing: usize) -> Option<Victor> {
    let winner = subject.facts.winner(standing)?;
    let entry = subject.standings.get(standing)?.entries.get(winner)?;
    Some(Victor {
        party: entry.party.as_ref()?.text.clone(),
        place: entry.figures.values().flatten().next().map(|p| p.place),
    })
}

fn found(rule: &Rule, row: &OutcomeRow, won: &Victor, instead: String) -> Finding {
    let word = match row.kind {
        OutcomeKind::Hold => "hold",
        OutcomeKind::Gain => "gain",
    };
    let said = format!("{} {word}", row.party.to_uppercase());
    let message = format!("{} is called “{said}”, but {instead}.", title(&row.scope));
    let mut found = finding(rule, Locus::Cell(row.place), &row.scope, message, instead);
    let place = won
        .place
        .map(|place| related(place, format!("{} won", won.party)));
    found.related.extend(place);
    found.stated = Some(said);
    found
}
