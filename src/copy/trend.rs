//! Which way a figure went, told right after it: "28.9 per cent, slightly up on
//! last time". Whose it is, and what is counted, the figure has settled.

use std::ops::Range;

use super::evaluate::Inquiry;
use super::language::{Form, Says, Trend};
use super::numeral::Unit;
use super::reader::{Around, Reader};
use super::statement::{Statement, years};
use super::typed::Slot;
use crate::model::{Claim, Standing, Verdict};

impl Reader<'_> {
    /// The claims of what follows a figure that the tables bear out, each with
    /// the range of the typed text that it takes.
    pub(super) fn trends(
        &self,
        around: &Around<'_>,
        figure: &Statement<'_>,
        inquiries: &[Inquiry],
    ) -> Vec<(Range<usize>, Option<usize>, Claim)> {
        let told = || {
            let inquiry = inquiries.first().filter(|_| inquiries.len() == 1)?;
            let number = figure.number?;
            let end = around.typed.typed_range(Slot::Numeral(number))?.end;
            let rest = around.typed.text.get(end..)?;
            let found = self.language.trends.iter().find_map(|trend| {
                let captures = trend.pattern.captures(rest)?;
                Some((trend, captures))
            });
            let (trend, captures) = found?;
            self.is_of_the_last(around, inquiry, end, &captures)
                .then_some(())?;
            let shifted = |name: &str| {
                let group = captures.name(name)?;
                Some(end + group.start()..end + group.end())
            };
            let statements = [shifted("x"), shifted("n")].into_iter().flatten();
            let statements = statements.filter_map(|core| {
                let number = around
                    .typed
                    .slots(core.clone())
                    .find_map(|(slot, _)| match slot {
                        Slot::Numeral(index) => Some(index),
                        Slot::Mention(_) => None,
                    });
                let unit = number
                    .and_then(|n| around.typed.numerals.get(n))
                    .map(|n| n.unit);
                let form = form_of(trend, inquiry.metric, unit)?;
                Some(Statement {
                    form,
                    number,
                    matched: core.clone(),
                    core,
                    who: figure.who.clone(),
                    whom: None,
                    year: None,
                    period: Some(around.resolver.period(figure, around.typed, around.setting)),
                    scope: inquiry.scope.clone(),
                    bound: true,
                    what: None,
                    pair: None,
                    remembered: false,
                })
            });
            let statements: Vec<Statement<'_>> = statements.collect();
            Some(statements)
        };
        let statements = told().unwrap_or_default().into_iter();
        let claims = statements.map(|statement| {
            let claim = self.claim(around.typed, &statement, &around.ask(&statement));
            (statement.core, statement.number, claim)
        });
        claims
            .filter(|(_, _, claim)| claim.verdict != Verdict::Unchecked)
            .collect()
    }

    /// Is the election that a change is told since the one before, if its words
    /// name a year?
    fn is_of_the_last(
        &self,
        around: &Around<'_>,
        inquiry: &Inquiry,
        end: usize,
        captures: &regex::Captures<'_>,
    ) -> bool {
        let Some(base) = captures.name("base") else {
            return true;
        };
        let range = end + base.start()..end + base.end();
        let mut named = years(around.typed).into_iter();
        let Some((_, year)) = named.find(|(at, _)| at.start < range.end && range.start < at.end)
        else {
            return true;
        };
        let before = inquiry.standing.and_then(|s| self.facts.before(s));
        let before = before.and_then(|s| self.facts.standing(s));
        before.is_some_and(|s| Standing::year(s) == Some(year))
    }
}

/// The form of a change of a metric, told in a number of a unit or in words.
fn form_of<'t>(trend: &'t Trend, metric: &str, unit: Option<Unit>) -> Option<&'t Form> {
    let share = matches!(unit, Some(Unit::Points | Unit::Percent));
    let says = match (metric, unit) {
        ("votes", None) => Says::VotesDirection,
        ("share", None) => Says::ShareDirection,
        ("turnout", None) => Says::TurnoutDirection,
        ("majority", None) => Says::MajorityDirection,
        ("seats", None) => Says::SeatsDirection,
        ("votes", Some(Unit::Count)) => Says::Change,
        ("share" | "votes", Some(_)) if share => Says::Change,
        ("turnout", Some(_)) if share => Says::TurnoutChange,
        ("majority", Some(Unit::Count)) => Says::MajorityChange,
        ("valid-votes" | "turnout", Some(Unit::Count)) => Says::ValidVotesChange,
        ("seats", Some(Unit::Count)) => Says::SeatsChange,
        ("councils", Some(Unit::Count)) => Says::CouncilsChange,
        _ => return None,
    };
    trend.forms.iter().find(|form| form.says == says)
}

/// What a trend may be of.
pub const SAYS: [Says; 11] = [
    Says::VotesDirection,
    Says::ShareDirection,
    Says::TurnoutDirection,
    Says::MajorityDirection,
    Says::SeatsDirection,
    Says::Change,
    Says::TurnoutChange,
    Says::MajorityChange,
    Says::SeatsChange,
    Says::CouncilsChange,
    Says::ValidVotesChange,
];
