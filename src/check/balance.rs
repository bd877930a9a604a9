//! Parts and their total: votes and a stated total, shares and 100, seats and
//! the number declared, changes and 0.

use std::collections::BTreeMap;

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{
    Cause, Exact, FigureRow, Finding, Locus, Measured, Metric, Number, Rest, ResultRow, Scope,
    TableId, show, whole,
};

use super::cut_off::{CutOff, unit};
use super::sums::{self, Term};
use super::{Answer, Rule, Subject, finding, related, title, without_totals};

/// What the parts must come to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Total {
    /// A stated figure of the contest.
    Figure(Metric),
    /// A number.
    Number(i64),
}

/// The parameters of a balance.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// The figure of each row that is added up.
    parts: Metric,
    total: Total,
    /// A figure that may be part of the total as well (rejected votes).
    #[serde(default)]
    or_with: Option<Metric>,
    /// The parts are rounded: their sum may be off by half a unit of each.
    #[serde(default)]
    rounded: bool,
    /// The sum is judged only where a row for all others shows that no party
    /// was left out.
    #[serde(default)]
    with_others: bool,
    /// The total may be of something else: it is judged in tables where it comes
    /// out in so many counts at least, and in all but one in as many.
    #[serde(default)]
    shown_by: Option<usize>,
    /// When shares may be cut off instead of rounded: then their sum may be less
    /// by a unit of each.
    #[serde(default)]
    cut_off: Option<CutOff>,
}

/// The sum of the parts of one count.
struct Sum<'s> {
    rows: Vec<&'s ResultRow>,
    value: Exact,
    slack: Exact,
    decimals: i32,
}

impl Balance {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut by_table: BTreeMap<TableId, Answer> = BTreeMap::new();
        let cut = self.cut_off.as_ref().map(|cut| cut.tables(subject));
        let cut = cut.unwrap_or_default();
        for rows in subject.counts() {
            let has_parts = rows.iter().any(|r| r.figures.contains_key(&self.parts));
            let Some(first) = rows.first().filter(|_| has_parts) else {
                continue;
            };
            if is_later_stage(subject, rows) {
                continue;
            }
            let answer = by_table.entry(first.table).or_default();
            match self.sum(rows, cut.contains(&first.table)) {
                Ok(sum) => self.judge(rule, subject, &sum, answer),
                Err(reason) => {
                    if self.applies(subject, rows) {
                        answer.unknown(reason);
                    }
                }
            }
        }
        let of_tables = by_table.into_values().map(|answer| self.shown(answer));
        of_tables.fold(Answer::default(), Answer::with)
    }

    /// What a table says, where its counts show that the total is one of them.
    fn shown(&self, answer: Answer) -> Answer {
        let (right, wrong) = (answer.passed, answer.findings.len() as u64);
        let is_shown = self.shown_by.is_none_or(|enough| {
            let enough = enough as u64;
            right >= enough && wrong * enough <= right
        });
        if is_shown || wrong == 0 {
            return answer;
        }
        let mut unknown = Answer::default();
        for _ in 0..right + wrong + answer.unknown {
            unknown.unknown("too few counts of the table show what the total is of");
        }
        unknown
    }

    fn applies(&self, subject: &Subject<'_>, rows: &[&ResultRow]) -> bool {
        match self.total {
            Total::Number(_) => true,
            Total::Figure(metric) => !stated(subject, rows, metric).is_empty(),
        }
    }

    fn sum<'s>(&self, rows: &[&'s ResultRow], is_cut: bool) -> Result<Sum<'s>, String> {
        let rows = left_in(rows, self.parts);
        let mut sum = Sum {
            rows: rows.clone(),
            value: whole(0),
            slack: whole(0),
            decimals: 0,
        };
        for row in &rows {
            let Some(measured) = row.figures.get(&self.parts) else {
                return Err(format!("a row has no {}", self.parts.words()));
            };
            let Number { value, decimals } = &measured.number;
            sum.value += value;
            sum.decimals = sum.decimals.max((*decimals).min(2));
            if is_cut {
                sum.slack += unit(measured);
            } else if self.rounded {
                sum.slack += measured.number.half_unit();
            }
        }
        if rows.len() < 2 {
            return Err("a single row is no sum".to_owned());
        }
        Ok(sum)
    }

    fn judge(&self, rule: &Rule, subject: &Subject<'_>, sum: &Sum<'_>, answer: &mut Answer) {
        match self.total {
            Total::Number(total) => self.against_number(rule, subject, sum, &whole(total), answer),
            Total::Figure(metric) => {
                let all = stated(subject, &sum.rows, metric);
                let (of_lists, totals): (Vec<_>, Vec<_>) =
                    all.into_iter().partition(|total| total.party.is_some());
                for total in of_lists {
                    self.against_list(rule, subject, sum, total, answer);
                }
                if totals.len() > 1 {
                    answer.unknown("several totals are stated for one contest");
                } else if let Some(total) = totals.first() {
                    self.against_figure(rule, subject, sum, total, answer);
                }
            }
        }
    }

    /// A total of one party's candidates.
    fn against_list(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        sum: &Sum<'_>,
        total: &FigureRow,
        answer: &mut Answer,
    ) {
        let Some(party) = &total.party else { return };
        let own = |row: &&&ResultRow| {
            let named = row.party.as_ref();
            named.is_some_and(|named| subject.parties.same(&named.text, party))
        };
        let rows: Vec<&ResultRow> = sum.rows.iter().filter(own).copied().collect();
        match self.sum(&rows, false) {
            Ok(sum) => self.against_figure(rule, subject, &sum, total, answer),
            Err(reason) => answer.unknown(reason),
        }
    }

    fn against_number(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        sum: &Sum<'_>,
        total: &Exact,
        answer: &mut Answer,
    ) {
        let off = &sum.value - total;
        let within = off <= sum.slack && -off.clone() <= sum.slack;
        let Some(first) = sum.rows.first() else {
            return;
        };
        if within || self.is_of_all_ballots(subject, sum) {
            answer.pass();
        } else if self.may_lack_rows(subject, sum, &off) {
            answer.unknown("rows may have been left out of the table");
        } else {
            let Some(measured) = first.figures.get(&self.parts) else {
                return;
            };
            let shown = show(&sum.value, sum.decimals);
            let mut found = finding(
                rule,
                Locus::Cell(measured.place),
                &first.scope,
                format!(
                    "The {} in {} add up to {shown}, not to {}.",
                    plural(self.parts),
                    title(&first.scope),
                    show(total, 0)
                ),
                format!("the first of {} that add up to {shown}", sum.rows.len()),
            );
            found.stated = Some(shown);
            found.expected = Some(show(total, 0));
            found.difference = Some(show(&off, sum.decimals));
            answer.fail(found.about(None, self.parts));
        }
    }

    /// Do shares come to what the votes are of a larger stated count, of the
    /// rejected ballots as well? Then each is of that.
    fn is_of_all_ballots(&self, subject: &Subject<'_>, sum: &Sum<'_>) -> bool {
        let votes = sum.rows.iter().map(|r| r.figures.get(&Metric::Votes));
        let votes: Option<Exact> = votes.map(|m| m.map(|m| &m.number.value)).sum();
        let Some(votes) = votes.filter(|_| self.parts == Metric::Share) else {
            return false;
        };
        let wholes = [Metric::Turnout, Metric::TotalVotes].into_iter();
        let mut wholes = wholes.flat_map(|metric| stated(subject, &sum.rows, metric));
        wholes.any(|total| {
            let total = &total.measured.number.value;
            *total > votes && (&sum.value - &votes / total * whole(100)).abs() <= sum.slack
        })
    }

    /// A sum that misses its total proves nothing where rows may be missing.
    fn may_lack_rows(&self, subject: &Subject<'_>, sum: &Sum<'_>, off: &Exact) -> bool {
        if self.with_others {
            return !sum.rows.iter().any(|row| row.aggregate);
        }
        // Twice 100 is two sets of shares in one table, not a wrong share.
        let several_sets = *off > whole(50);
        let incomplete = !self.parts.is_preferred() && !is_complete(subject, &sum.rows);
        several_sets || *off < whole(0) && incomplete
    }

    fn against_figure(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        sum: &Sum<'_>,
        total: &FigureRow,
        answer: &mut Answer,
    ) {
        let value = &total.measured.number.value;
        if let Some(further) = self.further_parts(subject, sum, value) {
            answer.pass();
            answer.sums.extend(self.counted(sum, total, &further));
            return;
        }
        if sum.value < *value && self.has_gap(subject, sum) {
            answer.unknown("a part has no figure");
            return;
        }
        let stray = self.stray(subject, sum, &(value - &sum.value));
        if sum.value < *value && stray.is_none() && shares_leave_rest(sum, value) {
            answer.unknown("the shares show that rows were left out of the table");
            return;
        }
        let (added, stated) = (show(&sum.value, 0), show(value, 0));
        let found = finding(
            rule,
            Locus::Cell(total.measured.place),
            &total.scope,
            format!(
                "The {} in {} add up to {added}, but the {} is given as {stated}.",
                plural(self.parts),
                title(&total.scope),
                total.metric.words()
            ),
            format!("the rows add up to {added}"),
        );
        let mut found = found.differing(value, &sum.value, 0);
        let left = omitted(subject, &sum.rows, total, &(value - &sum.value));
        name_rest(&mut found, left, stray.as_ref());
        let parts = self.usual_further(subject, sum);
        if let Some(counted) = self.counted(sum, total, &parts) {
            answer.sums.push(sums::Sum {
                finding: Some(answer.findings.len()),
                ..counted
            });
        }
        if let Some(row) = sum.rows.first().and_then(|r| r.figures.get(&self.parts)) {
            found.related.push(related(
                row.place,
                format!("the first of {} rows", sum.rows.len()),
            ));
        }
        answer.fail(found.about(None, total.metric));
    }

    /// Is a part of the sum, in a column of its own, not given?
    fn has_gap(&self, subject: &Subject<'_>, sum: &Sum<'_>) -> bool {
        let Some(first) = sum.rows.first().filter(|row| row.wide) else {
            return false;
        };
        let gaps = &subject.relations.gaps;
        self.parts == Metric::Votes
            && gaps
                .iter()
                .any(|gap| gap.table == first.table && gap.row == first.row)
    }

    /// The figures beside the rows that make up the total with them: none, one
    /// of those that may be part of it, or all of these. `None` where nothing
    /// does.
    fn further_parts<'s>(
        &self,
        subject: &Subject<'s>,
        sum: &Sum<'_>,
        total: &Exact,
    ) -> Option<Vec<&'s FigureRow>> {
        let stated = self.or_with.map(|m| beside(subject, &sum.rows, m));
        let all = without_totals(stated.unwrap_or_default());
        let each = all.iter().map(|figure| vec![*figure]);
        let mut tries = [Vec::new(), all.clone()].into_iter().chain(each);
        tries.find(|further| {
            let more: Exact = further.iter().map(|f| &f.measured.number.value).sum();
            &sum.value + more == *total
        })
    }

    /// The figures beside the rows that a broken total counts, going by most
    /// other counts of the table: all of them, or none.
    fn usual_further<'s>(&self, subject: &Subject<'s>, sum: &Sum<'_>) -> Vec<&'s FigureRow> {
        let (Some(with), Total::Figure(metric)) = (self.or_with, &self.total) else {
            return Vec::new();
        };
        let Some(table) = sum.rows.first().map(|row| row.table) else {
            return Vec::new();
        };
        let counts = subject.counts();
        let of_table = counts
            .iter()
            .filter(|rows| rows.first().is_some_and(|r| r.table == table));
        let (mut with_all, mut with_none) = (0, 0);
        for rows in of_table {
            let total = stated(subject, rows, *metric)
                .into_iter()
                .find(|t| t.party.is_none());
            let (Ok(sum), Some(total)) = (self.sum(rows, false), total) else {
                continue;
            };
            match self.further_parts(subject, &sum, &total.measured.number.value) {
                Some(further) if further.is_empty() => with_none += 1,
                Some(_) => with_all += 1,
                None => {}
            }
        }
        if with_all > with_none {
            return without_totals(beside(subject, &sum.rows, with));
        }
        Vec::new()
    }

    /// The sum as counts in cells; `None` where a cell has no whole number.
    fn counted(
        &self,
        sum: &Sum<'_>,
        total: &FigureRow,
        further: &[&FigureRow],
    ) -> Option<sums::Sum> {
        let term = |measured: &Measured| {
            let value = &measured.number.value;
            let whole = value.is_integer().then(|| value.to_integer())?;
            Some(Term {
                place: measured.place,
                value: i64::try_from(whole).ok()?,
            })
        };
        let parts = sum.rows.iter().map(|row| row.figures.get(&self.parts));
        let parts = parts.chain(further.iter().map(|f| Some(&f.measured)));
        Some(sums::Sum {
            total: term(&total.measured)?,
            parts: parts.map(|part| term(part?)).collect::<Option<_>>()?,
            rest: Rest::default(),
            finding: None,
        })
    }

    /// A row that makes up what is missing, alone in a contest of its own: its
    /// contest is probably misspelt.
    fn stray<'s>(
        &self,
        subject: &Subject<'s>,
        sum: &Sum<'_>,
        missing: &Exact,
    ) -> Option<Stray<'s>> {
        let own = sum.rows.first()?;
        let counts = subject.counts();
        let alone = counts.iter().filter_map(|rows| match rows.as_slice() {
            [row] => Some(*row),
            _ => None,
        });
        let of_table = alone.filter(|row| {
            row.table == own.table && row.scope.election_key == own.scope.election_key
        });
        let mut strays = of_table.filter_map(|row| {
            let measured = row.figures.get(&self.parts)?;
            (measured.number.value == *missing).then_some(Stray { row, measured })
        });
        let first = strays.next()?;
        strays.next().is_none().then_some(first)
    }
}

/// The rows that are in a count: those who dropped out before the last one have
/// no votes after preferences.
pub(super) fn left_in<'s>(rows: &[&'s ResultRow], part: Metric) -> Vec<&'s ResultRow> {
    let has = |row: &&&ResultRow| !part.is_preferred() || row.figures.contains_key(&part);
    rows.iter().filter(has).copied().collect()
}

/// Says what else makes up the difference: a figure of the contest, or a row
/// that stands elsewhere.
fn name_rest(found: &mut Finding, left: Option<&FigureRow>, stray: Option<&Stray<'_>>) {
    let cause = |kind, says| Cause {
        kind,
        says,
        suggestion: None,
        rivals: 0,
    };
    if let Some(left) = left {
        let words = left.metric.words();
        found.related.push(related(left.measured.place, words));
        let says = format!("it is off by just the {words}");
        found.cause = Some(cause("category-omitted", says));
    }
    if let Some(stray) = stray {
        let (votes, contest) = (&stray.measured.number.value, &stray.row.scope.contest);
        let says = format!("{} stand under “{contest}”", show(votes, 0));
        found
            .related
            .push(related(stray.measured.place, says.clone()));
        found.cause = Some(cause("row-elsewhere", says));
    }
}

/// A figure of the contest that is as large as what is missing. Small numbers
/// show nothing.
fn omitted<'s>(
    subject: &Subject<'s>,
    rows: &[&ResultRow],
    total: &FigureRow,
    missing: &Exact,
) -> Option<&'s FigureRow> {
    const LEAST: i64 = 10;
    let categories = [
        Metric::RejectedVotes,
        Metric::RejectedByReason,
        Metric::Abstentions,
    ];
    let left_out = categories
        .into_iter()
        .flat_map(|metric| beside(subject, rows, metric));
    let mut same = left_out.filter(|f| {
        f.measured.number.value == missing.abs() && f.measured.place != total.measured.place
    });
    same.next().filter(|_| missing.abs() >= whole(LEAST))
}

/// A row that stands where it does not belong.
struct Stray<'s> {
    row: &'s ResultRow,
    measured: &'s Measured,
}

/// Do all rows have shares, and these leave as much of 100 as the votes leave
/// of the total? Then the total is of rows that are not there.
fn shares_leave_rest(sum: &Sum<'_>, total: &Exact) -> bool {
    let (mut shares, mut slack) = (whole(0), whole(0));
    for row in &sum.rows {
        let Some(share) = row.figures.get(&Metric::Share) else {
            return false;
        };
        shares += &share.number.value;
        slack += share.number.half_unit();
    }
    let rest = &sum.value / total * whole(100);
    &shares + &slack < whole(100) && (rest - shares).abs() <= slack
}

/// After the first stage of a count, votes that cannot be transferred drop out,
/// and the rest need not add up to anything.
fn is_later_stage(subject: &Subject<'_>, rows: &[&ResultRow]) -> bool {
    let Some(row) = rows.first().filter(|r| r.scope.stage.is_some()) else {
        return false;
    };
    let akin = |r: &&ResultRow| {
        r.table == row.table
            && r.scope.contest_key == row.scope.contest_key
            && r.scope.election_key == row.scope.election_key
    };
    let first = subject.relations.results.iter().find(akin);
    first.is_some_and(|first| first.scope.stage != row.scope.stage)
}

/// Stated figures of a metric for the contest, election, stage and unit of the
/// rows.
fn stated<'s>(subject: &Subject<'s>, rows: &[&ResultRow], metric: Metric) -> Vec<&'s FigureRow> {
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let scope = &first.scope;
    let of_metric = subject.figures_of(scope).iter().copied().filter(|f| {
        f.metric == metric && (f.scope.stage.is_none() || f.scope.stage == scope.stage)
    });
    let mut found: Vec<&FigureRow> = of_metric.collect();
    if found.is_empty() && scope.unit.is_some() {
        // What is counted of a unit once is of all its contests.
        let of_unit = Scope {
            contest_key: String::new(),
            ..scope.clone()
        };
        let of_unit = subject.figures_of(&of_unit).iter().copied();
        found.extend(
            of_unit.filter(|f| f.metric == metric && f.measured.place.table == first.table),
        );
    }
    found.dedup_by(|a, b| a.measured.number.value == b.measured.number.value);
    found
}

/// All figures of a metric that stand in the table of the rows; where it has
/// none, those of other tables.
fn beside<'s>(subject: &Subject<'s>, rows: &[&ResultRow], metric: Metric) -> Vec<&'s FigureRow> {
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let scope = &first.scope;
    let own = subject.figures_of(scope).iter().copied().filter(|f| {
        let of_stage = f.scope.stage.is_none() || f.scope.stage == scope.stage;
        f.metric == metric && of_stage && f.measured.place.table == first.table
    });
    let own: Vec<&FigureRow> = own.collect();
    if own.is_empty() {
        return stated(subject, rows, metric);
    }
    own
}

/// Do the votes of the rows come to a stated total? Then no row is missing.
fn is_complete(subject: &Subject<'_>, rows: &[&ResultRow]) -> bool {
    let votes: Option<Exact> = rows
        .iter()
        .map(|r| r.figures.get(&Metric::Votes).map(|m| &m.number.value))
        .sum();
    let Some(votes) = votes.filter(|v| !v.is_zero()) else {
        return false;
    };
    let totals = stated(subject, rows, Metric::ValidVotes);
    totals.iter().any(|t| t.measured.number.value == votes)
}

fn plural(metric: Metric) -> &'static str {
    match metric {
        Metric::Share => "shares",
        Metric::SeatsChange => "changes in seats",
        Metric::ShareChange => "changes in share",
        other => other.words(),
    }
}
