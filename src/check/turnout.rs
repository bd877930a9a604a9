//! Turnout in per cent is the votes cast over the electorate.

use std::collections::BTreeMap;

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Exact, FigureRow, Locus, Measured, Metric, Place, TableId, show, whole};

use super::{Answer, Rule, Subject, Tally, finding, related, title};

/// The parameters of a turnout: what may count as cast, each tried in turn,
/// since publishers differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turnout {
    share: Metric,
    of: Metric,
}

/// What a turnout must be, by figures in these cells.
struct WorkedOut {
    percent: Exact,
    working: String,
    /// Of the votes cast, and of the electorate.
    cells: Vec<Place>,
}

impl Turnout {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut of_units: BTreeMap<TableId, Vec<(&FigureRow, Vec<WorkedOut>)>> = BTreeMap::new();
        let figures = subject.relations.figures.iter();
        for figure in figures.filter(|f| f.metric == self.share) {
            if figure.scope.is_part() {
                let of_table = of_units.entry(figure.measured.place.table).or_default();
                of_table.push((figure, self.of_unit(subject, figure)));
            } else {
                self.judge(rule, figure, &self.of_contest(subject, figure), &mut answer);
            }
        }
        for units in of_units.into_values() {
            self.judge_units(rule, &units, &mut answer);
        }
        answer
    }

    /// Where most turnouts of units do not come out, other votes are counted.
    fn judge_units(
        &self,
        rule: &Rule,
        units: &[(&FigureRow, Vec<WorkedOut>)],
        answer: &mut Answer,
    ) {
        let known = units.iter().filter(|(_, ways)| !ways.is_empty());
        let tally = Tally::of(known.map(|(figure, ways)| ways.iter().any(|w| w.fits(figure))));
        for (figure, ways) in units {
            if tally.is_of_something_else() && !ways.is_empty() {
                answer.unknown("most turnouts of the table are of other votes, or of another roll");
            } else {
                self.judge(rule, figure, ways, answer);
            }
        }
    }

    fn of_contest(&self, subject: &Subject<'_>, figure: &FigureRow) -> Vec<WorkedOut> {
        let scope = &figure.scope;
        let standing = subject
            .standings
            .position(&scope.contest_key, &scope.election_key);
        let routes = standing.and_then(|s| {
            subject.facts.of_contest(s, self.of).ok()?;
            subject.facts.turnout_share(s).ok()
        });
        let sound = routes
            .into_iter()
            .flatten()
            .filter(|f| f.derived && f.sound);
        let worked_out = sound.map(|fact| {
            let cells = fact.cells.iter().take(1).chain(fact.cells.last());
            WorkedOut {
                percent: fact.value,
                working: fact.working,
                cells: cells.copied().collect(),
            }
        });
        worked_out.collect()
    }

    /// Of a part of a contest, by the figures beside it in its table: all that
    /// may count as cast, over the electorate.
    fn of_unit(&self, subject: &Subject<'_>, figure: &FigureRow) -> Vec<WorkedOut> {
        let beside = subject.figures_of(&figure.scope).iter().filter(|f| {
            f.measured.place.table == figure.measured.place.table
                && f.scope.stage == figure.scope.stage
                && f.party.is_none()
        });
        let beside: Vec<&FigureRow> = beside.copied().collect();
        let of = |metric: Metric| -> Vec<&Measured> {
            let own = beside.iter().filter(|f| f.metric == metric);
            own.map(|f| &f.measured).collect()
        };
        let electorate = of(self.of);
        let [electorate] = electorate.as_slice() else {
            return Vec::new();
        };
        let cast = [Metric::Turnout, Metric::TotalVotes, Metric::ValidVotes];
        let cast = cast.map(of).into_iter().flatten().map(|m| vec![m]);
        let valid = of(Metric::ValidVotes).into_iter().take(1);
        let papers = valid.map(|valid| [vec![valid], of(Metric::RejectedVotes)].concat());
        let ways = cast.chain(papers).filter_map(|parts| {
            let sum: Exact = parts.iter().map(|m| &m.number.value).sum();
            let roll = &electorate.number.value;
            roll.is_positive().then(|| WorkedOut {
                percent: &sum / roll * whole(100),
                working: format!("{} of {}", show(&sum, 0), show(roll, 0)),
                cells: parts
                    .iter()
                    .take(1)
                    .chain([electorate])
                    .map(|m| m.place)
                    .collect(),
            })
        });
        ways.collect()
    }

    fn judge(&self, rule: &Rule, figure: &FigureRow, ways: &[WorkedOut], answer: &mut Answer) {
        let Some(first) = ways.first() else {
            answer.unknown("no electorate, or no votes cast, in the tables");
            return;
        };
        if ways.iter().any(|way| way.fits(figure)) {
            answer.pass();
            return;
        }
        let number = &figure.measured.number;
        let decimals = number.decimals.clamp(0, 2);
        let (stated, right) = (
            show(&number.value, decimals),
            show(&first.percent, decimals),
        );
        let mut found = finding(
            rule,
            Locus::Cell(figure.measured.place),
            &figure.scope,
            format!(
                "Turnout in {} is given as {stated}%, but the figures make it {right}% ({}).",
                title(&figure.scope),
                first.working
            ),
            format!("the figures make {right}%"),
        );
        let cells = first.cells.iter().zip(["cast", "electorate"]);
        found
            .related
            .extend(cells.map(|(place, label)| related(*place, label)));
        let found = found.differing(&number.value, &first.percent, decimals);
        answer.fail(found.about(None, self.share));
    }
}

impl WorkedOut {
    fn fits(&self, figure: &FigureRow) -> bool {
        let number = &figure.measured.number;
        (&number.value - &self.percent).abs() <= number.half_unit()
    }
}
