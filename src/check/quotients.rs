//! Per cents under headings that nobody knows: where they are one column over
//! another in nearly all rows, they are so in every row.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{Finding, Locus, Role, Table, TableId, show};

use super::columns::{Numbers, Printed};
use super::reference::place;
use super::{Answer, Rule, Subject, described, finding, related, title};

/// The parameters of quotients: what shows of which columns they are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quotients {
    /// So many rows, with as many different per cents, come out.
    enough: usize,
    /// Of so many that come out, one at most does not.
    one_in: usize,
    /// Tables with more columns of numbers are not looked through.
    columns: usize,
}

/// A column of per cents, and the two that it is made of.
struct Quotient<'t> {
    share: &'t Numbers,
    part: &'t Numbers,
    whole: &'t Numbers,
    /// Are they cut off instead of rounded?
    cut: bool,
    right: usize,
}

impl Quotients {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let tables = subject.dataset.tables();
        for (id, table) in tables.filter(|(_, table)| table.sound.is_none()) {
            let numbers = Numbers::of(table, subject.layout);
            if numbers.len() > self.columns {
                continue;
            }
            let counts: Vec<&Numbers> = numbers.iter().filter(|n| n.are_counts()).collect();
            let is_unknown = |n: &&Numbers| {
                let holds = table.columns.get(n.at).map(|column| column.role);
                holds == Some(Role::Other) && is_of_per_cents(n) && n.varies(self.enough)
            };
            let shares = numbers.iter().filter(is_unknown);
            let found: Vec<Quotient<'_>> = shares
                .filter_map(|share| self.find(share, &counts))
                .collect();
            judge(rule, subject, (id, table), &found, &mut answer);
        }
        answer
    }

    /// The two columns that a column of per cents is made of.
    fn find<'t>(&self, share: &'t Numbers, counts: &[&'t Numbers]) -> Option<Quotient<'t>> {
        let rows: Vec<usize> = (0..share.cells.len())
            .filter(|&row| share.get(row).is_some())
            .collect();
        // A pair that misses more of the first rows than may miss is none.
        let first = rows.get(..self.enough * 2).unwrap_or(&rows);
        let mut best: Option<Quotient<'_>> = None;
        let pairs = counts
            .iter()
            .flat_map(|part| counts.iter().map(move |all| (*part, *all)));
        for (part, all) in pairs.filter(|(part, all)| part.at != all.at) {
            for cut in [false, true] {
                let mut quotient = Quotient {
                    share,
                    part,
                    whole: all,
                    cut,
                    right: 0,
                };
                let (right, wrong) = quotient.tally(first);
                if right < wrong.max(1) {
                    continue;
                }
                let (right, wrong) = quotient.tally(&rows);
                quotient.right = right;
                let shown = right >= self.enough && wrong * self.one_in <= right;
                if shown && best.as_ref().is_none_or(|best| best.right < right) {
                    best = Some(quotient);
                }
            }
        }
        best
    }
}

/// Numbers with decimals between 0 and 100.
fn is_of_per_cents(column: &Numbers) -> bool {
    let mut cells = column.cells.iter().flatten();
    let in_range = |c: &Printed| (0..=100 * 10_i128.pow(c.decimals)).contains(&c.scaled);
    let with_decimals = cells.clone().filter(|c| c.decimals > 0).count();
    with_decimals * 2 > cells.clone().count() && cells.all(in_range)
}

impl Quotient<'_> {
    /// `None` where one of the three is not given.
    fn is_right(&self, row: usize) -> Option<bool> {
        let share = self.share.get(row)?;
        let (part, all) = (self.part.count(row)?, self.whole.count(row)?);
        if all == 0 {
            return None;
        }
        // Twice the exact per cent, and twice the printed one, in units of its
        // last place times the whole.
        let exact = part * 200 * 10_i128.pow(share.decimals);
        let over = exact - 2 * share.scaled * all;
        Some(if self.cut {
            (0..2 * all).contains(&over)
        } else {
            (-all..=all).contains(&over)
        })
    }

    fn tally(&self, rows: &[usize]) -> (usize, usize) {
        let judged = rows.iter().filter_map(|&row| self.is_right(row));
        let (right, wrong): (Vec<bool>, Vec<bool>) = judged.partition(|right| *right);
        (right.len(), wrong.len())
    }

    fn right_share(&self, row: usize) -> Option<String> {
        let share = self.share.get(row)?;
        let (part, all) = (self.part.count(row)?, self.whole.count(row)?);
        let scaled = i64::try_from(part * 100).ok()?;
        let exact = crate::model::ratio(scaled, i64::try_from(all).ok()?);
        Some(show(&exact, i32::try_from(share.decimals).ok()?))
    }
}

/// One wrong count makes several per cents wrong: then it is told of the count.
fn judge(
    rule: &Rule,
    subject: &Subject<'_>,
    (id, table): (TableId, &Table),
    found: &[Quotient<'_>],
    answer: &mut Answer,
) {
    let mut wrong: BTreeMap<usize, Vec<&Quotient<'_>>> = BTreeMap::new();
    for quotient in found {
        for row in 0..table.rows() {
            match quotient.is_right(row) {
                Some(true) => answer.pass(),
                Some(false) => wrong.entry(row).or_default().push(quotient),
                None => {}
            }
        }
    }
    for (row, quotients) in wrong {
        let shared = shared_count(&quotients);
        match shared {
            Some(count) if quotients.len() > 1 => {
                answer.fail(count_found(
                    rule,
                    subject,
                    (id, table, row),
                    count,
                    &quotients,
                ));
            }
            _ => {
                for quotient in quotients {
                    answer.fail(share_found(rule, subject, (id, table, row), quotient));
                }
            }
        }
    }
}

/// The count that all of these are made of.
fn shared_count(quotients: &[&Quotient<'_>]) -> Option<usize> {
    let first = quotients.first()?;
    let mut counts = [first.part.at, first.whole.at].into_iter();
    counts.find(|count| {
        let mut all = quotients.iter();
        all.all(|q| q.part.at == *count || q.whole.at == *count)
    })
}

fn heading(table: &Table, at: usize) -> &str {
    table.columns.get(at).map_or("", |column| &column.name)
}

fn share_found(
    rule: &Rule,
    subject: &Subject<'_>,
    (id, table, row): (TableId, &Table, usize),
    quotient: &Quotient<'_>,
) -> Finding {
    let at = place(id, row, quotient.share.at);
    let about = described(subject, at);
    let right = quotient.right_share(row).unwrap_or_default();
    let stated = table.cell(row, quotient.share.at).unwrap_or_default();
    let [name, part, all] =
        [quotient.share, quotient.part, quotient.whole].map(|n| heading(table, n.at));
    let message = format!(
        "“{name}” is “{part}” over “{all}” in {} rows, but in {} it is given as {stated}, and not {right}.",
        quotient.right,
        title(&about.scope),
    );
    let label = format!("the figures make {right}");
    let mut found = finding(rule, Locus::Cell(at), &about.scope, message, label);
    found
        .related
        .extend([quotient.part, quotient.whole].map(|n| {
            let label = heading(table, n.at).to_owned();
            related(place(id, row, n.at), label)
        }));
    found.stated = Some(stated.to_owned());
    found.expected = Some(right);
    found.key.insert("column", name.to_owned());
    found
}

fn count_found(
    rule: &Rule,
    subject: &Subject<'_>,
    (id, table, row): (TableId, &Table, usize),
    count: usize,
    quotients: &[&Quotient<'_>],
) -> Finding {
    let at = place(id, row, count);
    let about = described(subject, at);
    let name = heading(table, count);
    let message = format!(
        "{} per cents in {} are of “{name}”, and do not come out.",
        quotients.len(),
        title(&about.scope),
    );
    let label = "what they have in common".to_owned();
    let mut found = finding(rule, Locus::Cell(at), &about.scope, message, label);
    found.related.extend(quotients.iter().map(|quotient| {
        let right = quotient.right_share(row).unwrap_or_default();
        let label = format!("the figures make {right}");
        related(place(id, row, quotient.share.at), label)
    }));
    found.stated = table.cell(row, count).map(ToOwned::to_owned);
    found.key.insert("column", name.to_owned());
    found
}
