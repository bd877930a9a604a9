//! Each share is its votes over the votes of all.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{
    Cause, Exact, Finding, Locus, Measured, Metric, ResultRow, TableId, power_of_ten, ratio,
    round_half_up, show, slip, slip_between, whole,
};

use super::balance::left_in;
use super::cut_off::{CutOff, unit};
use super::{Answer, Rule, Subject, finding, related, title};

/// The parameters of a share: of which figure, and what it may be a share of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    part: Metric,
    #[serde(rename = "share")]
    printed: Metric,
    /// Stated totals of the contest to try, besides the sum of the parts.
    of: Vec<Metric>,
    /// Judge not each share, but whether the contests of a table have the same
    /// kind of total: that of so many of them, and of so many times the others.
    #[serde(default)]
    throughout: Option<usize>,
    /// When shares may be cut off instead of rounded.
    #[serde(default)]
    cut_off: Option<CutOff>,
}

/// A count whose shares are all of some of its totals and not of others: the
/// kinds of totals that they are of.
struct Told<'s> {
    row: &'s ResultRow,
    share: &'s Measured,
    of: BTreeSet<Option<Metric>>,
}

/// Votes and share of one row.
struct Pair<'s> {
    row: &'s ResultRow,
    part: &'s Measured,
    share: &'s Measured,
    /// How far the exact share may lie above the printed one, and below it.
    above: Exact,
    below: Exact,
}

/// What the shares may be of: known exactly, or between two bounds.
struct Total {
    /// The stated figure that it is; `None` of the sum of the table.
    metric: Option<Metric>,
    low: Exact,
    high: Exact,
    words: String,
}

/// The rows of one count.
struct Count<'s> {
    pairs: Vec<Pair<'s>>,
    /// All votes together; `None` where a row has none.
    sum: Option<Exact>,
    /// Do all rows have a share, and these add up to 100 within rounding?
    is_complete: bool,
}

/// A double holds a fraction to about 16 digits, so one printed in full is
/// right to 12 places of a per cent and no further.
const FLOAT_PLACES: i32 = 12;

impl Share {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        if let Some(enough) = self.throughout {
            return self.one_total(rule, subject, enough);
        }
        let mut answer = Answer::default();
        let cut = self.cut_off.as_ref().map(|cut| cut.tables(subject));
        let cut = cut.unwrap_or_default();
        for rows in subject.counts() {
            let is_cut = rows.first().is_some_and(|r| cut.contains(&r.table));
            let count = self.count(rows, is_cut);
            if !count.pairs.is_empty() {
                let totals = self.totals(subject, rows, &count);
                judge(rule, &count, &totals, &mut answer);
            }
        }
        answer
    }

    fn one_total(&self, rule: &Rule, subject: &Subject<'_>, enough: usize) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: BTreeMap<TableId, Vec<Told<'_>>> = BTreeMap::new();
        for rows in subject.counts() {
            let count = self.count(rows, false);
            let totals = self.totals(subject, rows, &count);
            if let Some(told) = count.told(&totals) {
                by_table.entry(told.row.table).or_default().push(told);
            }
        }
        for told in by_table.values() {
            throughout(rule, told, enough, &mut answer);
        }
        answer
    }

    fn count<'s>(&self, rows: &[&'s ResultRow], is_cut: bool) -> Count<'s> {
        let rows = left_in(rows, self.part);
        let pairs: Vec<Pair<'s>> = rows
            .iter()
            .filter_map(|&row| {
                let (part, share) = (
                    row.figures.get(&self.part)?,
                    row.figures.get(&self.printed)?,
                );
                let below = tolerance(share);
                let above = if is_cut { unit(share) } else { below.clone() };
                Some(Pair {
                    row,
                    part,
                    share,
                    above,
                    below,
                })
            })
            .collect();
        let votes = rows
            .iter()
            .map(|r| r.figures.get(&self.part).map(|m| &m.number.value));
        let (mut shares, mut slack) = (whole(-100), whole(0));
        for pair in &pairs {
            shares += &pair.share.number.value;
            slack += &pair.above;
        }
        Count {
            sum: votes.sum::<Option<Exact>>().filter(|sum| !sum.is_zero()),
            is_complete: pairs.len() == rows.len() && shares.abs() <= slack,
            pairs,
        }
    }

    /// The sum of the table and the stated totals.
    fn totals(&self, subject: &Subject<'_>, rows: &[&ResultRow], count: &Count<'_>) -> Vec<Total> {
        let mut totals = Vec::new();
        if let Some(sum) = &count.sum {
            let words = format!("the {} {} in the table", show(sum, 0), self.part.words());
            totals.push(Total::exactly(None, sum, words));
        }
        let Some(scope) = rows.first().map(|r| &r.scope) else {
            return totals;
        };
        for figure in subject.figures_of(scope) {
            let value = &figure.measured.number.value;
            if self.of.contains(&figure.metric) && value.is_positive() {
                let words = format!("the {} {}", show(value, 0), figure.metric.words());
                totals.push(Total::exactly(Some(figure.metric), value, words));
            }
        }
        totals
    }
}

/// The kind of total that most contests have is that of the table; where a few
/// have another, all shares there are right and cannot be compared.
fn throughout(rule: &Rule, all: &[Told<'_>], enough: usize, answer: &mut Answer) {
    let kinds: BTreeSet<Option<Metric>> = all.iter().flat_map(|t| t.of.iter().copied()).collect();
    let fitting = |kind: &Option<Metric>| all.iter().filter(|t| t.of.contains(kind)).count();
    let Some(usual) = kinds.into_iter().max_by_key(fitting) else {
        return;
    };
    let most = fitting(&usual);
    let known = most >= enough && (all.len() - most) * enough <= most;
    let words = |kind: Option<Metric>| kind.map_or("votes in the table", Metric::words);
    for told in all {
        if !known {
            answer.unknown("too few contests show what the shares of the table are of");
        } else if told.of.contains(&usual) {
            answer.pass();
        } else {
            let own = told.of.iter().next().copied().flatten();
            let scope = &told.row.scope;
            let message = format!(
                "The shares in {} are of the {}, but those of {most} other contests in the table are of the {}.",
                title(scope),
                words(own),
                words(usual)
            );
            let label = format!("of the {}", words(own));
            let at = Locus::Cell(told.share.place);
            answer.fail(finding(rule, at, scope, message, label).about(None, Metric::Share));
        }
    }
}

/// The total that most of the shares are of is taken to be the right one;
/// rows that do not fit it are findings.
fn judge(rule: &Rule, count: &Count<'_>, totals: &[Total], answer: &mut Answer) {
    let pairs = &count.pairs;
    let fitting = |total: &Total| pairs.iter().filter(|p| p.fits(total)).count();
    let known = totals.iter().map(|t| (fitting(t), t));
    // Of equals the first: the sum of the table itself.
    let known = known.rev().max_by_key(|(fits, _)| *fits);
    let all = pairs.len();
    if let Some((fits, total)) = &known
        && *fits == all
    {
        return judge_by(rule, count, total, totals, answer);
    }
    let implied = implied_total(pairs).map(|t| (fitting(&t), t));
    let enough = |fits: usize, total: &Total| {
        let sharp = || all == 2 && pairs.iter().any(|p| p.is_sharp() && p.fits(total));
        fits * 2 >= all && (fits >= 2 || sharp())
    };
    let most = implied.as_ref().map_or(0, |(fits, _)| *fits);
    match (known, &implied) {
        (_, Some((fits, _))) if *fits == all => not_known(
            answer,
            all,
            "the shares are of a larger total; rows may have been left out",
        ),
        (Some((fits, total)), _) if enough(fits, total) && fits >= most => {
            judge_by(rule, count, total, totals, answer);
        }
        (_, Some((fits, total))) if fits * 2 > all && enough(*fits, total) => {
            judge_by(rule, count, total, totals, answer);
        }
        (Some((_, total)), _) if let Some(pair) = count.worst(total) => {
            // One of the votes or shares is wrong; which, nothing shows.
            answer.fail(share_found(rule, pair, total));
            not_known(answer, all - 1, "votes and shares disagree");
        }
        _ => not_known(
            answer,
            all,
            "the shares are of another total than those in the tables",
        ),
    }
}

fn not_known(answer: &mut Answer, rows: usize, reason: &str) {
    for _ in 0..rows {
        answer.unknown(reason);
    }
}

fn judge_by(rule: &Rule, count: &Count<'_>, total: &Total, totals: &[Total], answer: &mut Answer) {
    for pair in &count.pairs {
        if pair.fits(total) {
            answer.pass();
        } else if let Some(other) = totals.iter().find(|other| pair.is_of(other)) {
            let mut found = share_found(rule, pair, total);
            found.cause = Some(Cause {
                kind: "another-total",
                says: format!("it is a share of {}", other.words),
                suggestion: None,
                rivals: 0,
            });
            answer.fail(found);
        } else if let Some((least, most)) = count.votes_instead(pair, total) {
            answer.fail(votes_found(rule, pair, &least, &most));
        } else {
            answer.fail(share_found(rule, pair, total));
        }
    }
}

/// The total that most shares are of, whatever the tables say of it: each
/// share bounds the total from both sides. `None` where two totals have as
/// many shares, or none is bounded.
fn implied_total(pairs: &[Pair<'_>]) -> Option<Total> {
    let (mut lows, mut highs) = (Vec::new(), Vec::new());
    for pair in pairs.iter().filter(|p| p.part.number.value.is_positive()) {
        let votes = &pair.part.number.value * whole(100);
        let (most, least) = pair.bounds();
        if most.is_positive() {
            lows.push(&votes / most);
            highs.extend(least.is_positive().then(|| &votes / least));
        }
    }
    lows.sort();
    highs.sort();
    let ended = |at: &Exact| highs.partition_point(|high| high < at);
    let inside: Vec<usize> = (1..).zip(&lows).map(|(n, low)| n - ended(low)).collect();
    let most = inside.iter().max()?;
    let mut best = (0..lows.len()).filter(|&at| inside.get(at) == Some(most));
    let (Some(at), None) = (best.next(), best.next()) else {
        return None;
    };
    let low = lows.get(at)?;
    let high = highs.get(ended(low))?;
    let middle = (low + high) / whole(2);
    let words = format!(
        "the {} votes that the other shares are of",
        show(&middle, 0)
    );
    Some(Total {
        metric: None,
        low: low.clone(),
        high: high.clone(),
        words,
    })
}

impl Total {
    fn exactly(metric: Option<Metric>, value: &Exact, words: String) -> Self {
        Self {
            metric,
            low: value.clone(),
            high: value.clone(),
            words,
        }
    }
}

impl Pair<'_> {
    fn share_of(&self, total: &Exact) -> Exact {
        &self.part.number.value / total * whole(100)
    }

    /// Is the share its part of the total, at its own printed precision?
    fn fits(&self, total: &Total) -> bool {
        let (most, least) = self.bounds();
        self.share_of(&total.high) <= most && least <= self.share_of(&total.low)
    }

    /// The most and the least that the exact share may be.
    fn bounds(&self) -> (Exact, Exact) {
        let share = &self.share.number.value;
        (share + &self.above, share - &self.below)
    }

    /// Is it plainly a share of this total?
    fn is_of(&self, total: &Total) -> bool {
        self.is_sharp() && self.fits(total)
    }

    /// Does the share say more than that its votes are few?
    fn is_sharp(&self) -> bool {
        self.share.number.half_unit() * whole(50) <= self.share.number.value
    }
}

impl<'s> Count<'s> {
    /// `None` where the shares do not tell its totals apart.
    fn told(&self, totals: &[Total]) -> Option<Told<'s>> {
        let first = self.pairs.first().filter(|_| self.pairs.len() > 1)?;
        let (of, not): (Vec<&Total>, Vec<&Total>) = totals
            .iter()
            .partition(|total| self.pairs.iter().all(|p| p.fits(total)));
        (!of.is_empty() && !not.is_empty()).then(|| Told {
            row: first.row,
            share: first.share,
            of: of.into_iter().map(|total| total.metric).collect(),
        })
    }

    /// Where no row is missing, the pair that misses a total by most, if by
    /// more than a unit of its share: shares may have been nudged by one to make
    /// them add up.
    fn worst(&self, total: &Total) -> Option<&Pair<'s>> {
        let miss = |p: &Pair<'_>| (p.share_of(&total.low) - &p.share.number.value).abs();
        let pair = self.pairs.iter().max_by_key(|p| miss(p))?;
        let is_off = miss(pair) > pair.share.number.half_unit() * whole(2);
        (self.is_complete && is_off).then_some(pair)
    }

    /// The votes that the share and all other votes ask for, least and most,
    /// where they agree: then the votes are wrong, and the share is not.
    fn votes_instead(&self, pair: &Pair<'_>, total: &Total) -> Option<(Exact, Exact)> {
        let others = self.sum.as_ref()? - &pair.part.number.value;
        let (most, least) = pair.bounds();
        let by_share = |s: Exact, total: &Exact| s * total / whole(100);
        let least = by_share(least, &total.low).max(&total.low - &others);
        let most = by_share(most, &total.high).min(&total.high - &others);
        let (least, most) = (least.ceil(), most.floor());
        (least.is_positive() && least <= most).then_some((least, most))
    }
}

/// How far a share may be from the exact one.
///
/// A share with three decimals or more comes out of a program, often rounded
/// twice: first to one place more, which moves it by a twentieth of a unit.
fn tolerance(share: &Measured) -> Exact {
    let half = share.number.half_unit();
    let tolerance = match share.number.decimals {
        ..=2 => half,
        3..=FLOAT_PLACES => half * ratio(11, 10),
        _ => power_of_ten(-FLOAT_PLACES),
    };
    tolerance.max(ratio(1, 1_000_000_000))
}

fn share_found(rule: &Rule, pair: &Pair<'_>, of: &Total) -> Finding {
    let decimals = pair.share.number.decimals.clamp(0, 6);
    let expected = pair.share_of(&((&of.low + &of.high) / whole(2)));
    let share = &pair.share.number.value;
    let (stated, right) = (show(share, decimals), show(&expected, decimals));
    let votes = show(&pair.part.number.value, 0);
    let message = format!(
        "The share of {} in {} is given as {stated}%, but {votes} of {} is {right}%.",
        pair.row.name(),
        title(&pair.row.scope),
        of.words
    );
    let label = format!("{votes} votes are {right}%");
    let mut found = finding(
        rule,
        Locus::Cell(pair.share.place),
        &pair.row.scope,
        message,
        label,
    );
    let votes = related(pair.part.place, format!("{votes} votes"));
    found.related.push(votes);
    found.difference = Some(show(&(share - &expected), decimals));
    found.cause = slip(share, &round_half_up(&expected, decimals), decimals);
    found.stated = Some(stated);
    found.expected = Some(right);
    found.about(Some(pair.row.name()), Metric::Share)
}

fn votes_found(rule: &Rule, pair: &Pair<'_>, least: &Exact, most: &Exact) -> Finding {
    let votes = &pair.part.number.value;
    let share = show(
        &pair.share.number.value,
        pair.share.number.decimals.clamp(0, 6),
    );
    let (stated, least_shown) = (show(votes, 0), show(least, 0));
    let (right, said) = if least == most {
        (least_shown.clone(), least_shown)
    } else {
        let most = show(most, 0);
        let said = format!("between {least_shown} and {most}");
        (format!("{least_shown} to {most}"), said)
    };
    let message = format!(
        "The votes of {} in {} are given as {stated}, but the share of {share}% and the other \
         votes make them {said}.",
        pair.row.name(),
        title(&pair.row.scope),
    );
    let label = format!("{share}% is {said}");
    let mut found = finding(
        rule,
        Locus::Cell(pair.part.place),
        &pair.row.scope,
        message,
        label,
    );
    found
        .related
        .push(related(pair.share.place, format!("{share}%")));
    found.difference = (least == most).then(|| show(&(votes - least), 0));
    found.cause = slip_between(votes, least, most);
    found.stated = Some(stated);
    found.expected = Some(right);
    found.about(Some(pair.row.name()), Metric::Votes)
}
