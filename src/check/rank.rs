//! Printed ranks follow the votes.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{
    Cause, Exact, Finding, Locus, Measured, Metric, ResultRow, TableId, show, whole,
};

use super::{Answer, Rule, Subject, Tally, finding, related, title};

/// The parameters of ranks: what may order the rows, the first that all have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rank {
    by: Vec<Metric>,
}

struct Ranked<'s> {
    row: &'s ResultRow,
    rank: &'s Measured,
    by: &'s Measured,
}

/// The ranked rows of one count.
struct Count<'s> {
    ranked: Vec<Ranked<'s>>,
    by: Metric,
}

impl Rank {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut by_table: BTreeMap<TableId, Vec<Count<'_>>> = BTreeMap::new();
        for rows in subject.counts() {
            let rows = rows.iter().copied().filter(|r| !r.aggregate);
            let rows: Vec<&ResultRow> = rows.collect();
            match self.count(&rows) {
                Some(Ok((table, count))) => by_table.entry(table).or_default().push(count),
                Some(Err(reason)) => answer.unknown(reason),
                None => {}
            }
        }
        for counts in by_table.values() {
            judge(rule, counts, &mut answer);
        }
        answer
    }

    /// `None` where no row has a rank.
    fn count<'s>(
        &self,
        rows: &[&'s ResultRow],
    ) -> Option<Result<(TableId, Count<'s>), &'static str>> {
        let has = |metric: Metric| rows.iter().filter(move |r| r.figures.contains_key(&metric));
        has(Metric::Rank).next()?;
        let first = rows.first()?;
        if first.scope.stage.is_some() || rows.iter().any(|r| r.has_preferences()) {
            return Some(Err("the ranks may be those after preferences"));
        }
        if first.scope.is_part() {
            return Some(Err("the ranks of a part may be those of the whole"));
        }
        let mut names: Vec<&str> = rows
            .iter()
            .filter_map(|r| r.candidate.as_ref().map(|name| name.text.as_str()))
            .collect();
        let rows_named = names.len();
        names.sort_unstable();
        names.dedup();
        if names.len() < rows_named {
            return Some(Err("a candidate of several parties has several rows"));
        }
        let by = self.by.iter().find(|&&m| has(m).count() == rows.len());
        let Some(&by) = by.filter(|_| rows.len() > 1) else {
            return Some(Err("not all rows have votes to order them by"));
        };
        let ranked = rows.iter().filter_map(|&row| {
            let (rank, by) = (row.figures.get(&Metric::Rank)?, row.figures.get(&by)?);
            Some(Ranked { row, rank, by })
        });
        let ranked = ranked.collect();
        Some(Ok((first.table, Count { ranked, by })))
    }
}

/// Ranks that mostly do not follow the votes are of something else: the order
/// on the ballot paper, the seats.
fn judge(rule: &Rule, counts: &[Count<'_>], answer: &mut Answer) {
    let fit = |c: &'_ Count<'_>| {
        let fit = c.ranked.iter().map(|r| c.fits(r, &r.rank.number.value));
        fit.collect::<Vec<bool>>()
    };
    let tally = Tally::of(counts.iter().flat_map(fit));
    for count in counts {
        let wrong = count.wrong();
        for _ in wrong.len()..count.ranked.len() {
            answer.pass();
        }
        if tally.is_of_something_else() {
            for _ in &wrong {
                answer.unknown("most ranks do not follow the votes");
            }
        } else if let [one, another] = wrong.as_slice()
            && count.fits(one, &another.rank.number.value)
            && count.fits(another, &one.rank.number.value)
        {
            let mut found = count.found(rule, one);
            let says = format!(
                "the ranks of {} and {} are exchanged",
                one.row.name(),
                another.row.name()
            );
            found
                .related
                .push(related(another.rank.place, "the other rank"));
            found.cause = Some(Cause {
                kind: "rows-exchanged",
                says,
                suggestion: None,
                rivals: 0,
            });
            answer.fail(found);
        } else {
            for one in wrong {
                answer.fail(count.found(rule, one));
            }
        }
    }
}

impl Ranked<'_> {
    fn value(&self) -> &Exact {
        &self.by.number.value
    }
}

impl<'s> Count<'s> {
    /// The best and the worst rank of a row: rows with as many share one.
    fn ranks(&self, of: &Ranked<'_>) -> (i64, i64) {
        let better = self.ranked.iter().filter(|r| r.value() > of.value());
        let equal = self.ranked.iter().filter(|r| r.value() == of.value());
        let narrow = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let better = narrow(better.count());
        (better + 1, better + narrow(equal.count()))
    }

    /// Ranks after a shared one go on with the next number, or leave some out.
    fn fits(&self, of: &Ranked<'_>, rank: &Exact) -> bool {
        let (best, worst) = self.ranks(of);
        let better = self.ranked.iter().filter(|r| r.value() > of.value());
        let mut values: Vec<&Exact> = better.map(Ranked::value).collect();
        values.sort();
        values.dedup();
        let dense = i64::try_from(values.len()).unwrap_or(i64::MAX - 1) + 1;
        *rank == whole(dense) || *rank >= whole(best) && *rank <= whole(worst)
    }

    fn wrong(&self) -> Vec<&Ranked<'s>> {
        let rows = self.ranked.iter();
        rows.filter(|r| !self.fits(r, &r.rank.number.value))
            .collect()
    }

    fn found(&self, rule: &Rule, one: &Ranked<'_>) -> Finding {
        let (rank, (best, worst)) = (show(&one.rank.number.value, 0), self.ranks(one));
        let right = if best == worst {
            best.to_string()
        } else {
            format!("{best} to {worst}")
        };
        let (by, scope) = (self.by.words(), &one.row.scope);
        let shown = show(one.value(), one.by.number.decimals.clamp(0, 2));
        let message = format!(
            "{} is given the rank {rank} in {}, but by {by} ({shown}) it is {right}.",
            one.row.name(),
            title(scope)
        );
        let label = format!("{right} by {by}");
        let mut found = finding(rule, Locus::Cell(one.rank.place), scope, message, label);
        found
            .related
            .push(related(one.by.place, format!("{by}: {shown}")));
        found.stated = Some(rank);
        found.expected = Some(right);
        found.about(Some(one.row.name()), Metric::Rank)
    }
}
