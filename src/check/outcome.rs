//! A stated hold or gain agrees with the winners of both elections.

use serde::Deserialize;

use crate::model::{Locus, OutcomeKind, OutcomeRow};

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
    let standing = subject
        .standings
        .find(&row.scope.contest_key, &row.scope.election_key);
    let winner = standing.and_then(|s| Some((s, facts.winner(s)?)));
    let Some((standing, winner)) = winner else {
        answer.unknown("the winner cannot be told from the tables");
        return;
    };
    let entry = subject
        .standings
        .get(standing)
        .and_then(|s| s.entries.get(winner));
    let Some((entry, party)) = entry.and_then(|e| Some((e, e.party.as_ref()?))) else {
        answer.unknown("the winner has no party in the tables");
        return;
    };
    let word = match row.kind {
        OutcomeKind::Hold => "hold",
        OutcomeKind::Gain => "gain",
    };
    let said = format!("{} {word}", row.party.to_uppercase());
    let fail = |message: String, label: String| {
        let mut found = finding(rule, Locus::Cell(row.place), &row.scope, message, label);
        let won = entry.figures.values().flatten().next();
        found
            .related
            .extend(won.map(|p| related(p.place, format!("{} won", party.text))));
        found.stated = Some(said.clone());
        found
    };
    if !subject.parties.same(&row.party, &party.text) {
        answer.fail(fail(
            format!(
                "{} is called “{said}”, but {} won it.",
                title(&row.scope),
                party.text
            ),
            format!("{} won", party.text),
        ));
        return;
    }
    let before = facts
        .before(standing)
        .and_then(|b| Some((b, facts.winner(b)?)));
    let (Some((before, then)), Ok((held, _))) = (before, facts.held(standing)) else {
        answer.unknown("the election before is not in the tables");
        return;
    };
    if held == (row.kind == OutcomeKind::Hold) {
        answer.pass();
        return;
    }
    let earlier = subject
        .standings
        .get(before)
        .and_then(|s| Some((s, s.entries.get(then)?)));
    let earlier = earlier.map_or_else(String::new, |(s, e)| {
        let party = e.party.as_ref().map_or_else(|| e.name(), |p| &p.text);
        format!("{party} won it in {}", s.election)
    });
    answer.fail(fail(
        format!("{} is called “{said}”, but {earlier}.", title(&row.scope)),
        earlier.clone(),
    ));
}
