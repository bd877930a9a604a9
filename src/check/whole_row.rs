//! One row in the sums of several columns: it is counted twice, left out, moved
//! to the side, or exchanged with another. Each column by itself shows only that
//! its sum is off.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use crate::model::{Cause, Finding, Locus, Place, Related, Table, TableId, fold, show, whole};

use super::cells::count_at;
use super::sums::Sum;
use super::{Rule, Subject, described, finding, related};

/// The kind of the cause where the figures of a row have moved by a column.
pub(super) const SHIFTED: &str = "row-shifted";

/// What shows that one row is wrong.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowSigns {
    /// Sums that are all off by less show nothing.
    least: i64,
    /// The figures of a row have moved in so many columns at least.
    columns: usize,
}

/// The sums of several columns over the same rows.
pub(super) struct Block<'s> {
    pub(super) id: TableId,
    pub(super) table: &'s Table,
    /// The column that names the rows.
    pub(super) unit: usize,
    /// Columns of candidates or parties that stand beside each other.
    pub(super) wide: Vec<usize>,
    /// Columns that count these together.
    pub(super) totals: Vec<usize>,
    /// By column.
    pub(super) sums: BTreeMap<usize, &'s Sum>,
    pub(super) signs: RowSigns,
}

/// Where it is told that sums are off by a row.
pub(super) enum Told {
    Here(Box<Finding>),
    /// Another rule says that the row stands twice.
    Elsewhere,
}

/// What is wrong with one row.
enum Slip {
    /// The rows count it once more than their totals do: it, or another that has
    /// the same figures.
    Twice(Vec<u32>),
    /// The totals count it once more than the rows do.
    Omitted(u32),
    /// The totals count a row that is not there.
    Missing,
    /// The figures of a row have moved by one column.
    Shifted(u32, Side),
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// What the cells of a block hold, by row and column.
type Values = HashMap<(u32, usize), i64>;

impl Block<'_> {
    /// What one row tells of the sums that are off, where it does.
    pub(super) fn told(&self, rule: &Rule, subject: &Subject<'_>) -> Option<Told> {
        if self.off().count() < 2 {
            return None;
        }
        let slip = self.slip(subject, &self.values())?;
        match &slip {
            Slip::Twice(rows) if self.stands_twice(rows) => Some(Told::Elsewhere),
            _ => Some(Told::Here(Box::new(self.found(rule, subject, &slip)?))),
        }
    }

    /// Are rows the same in every cell? That is said of them by itself.
    fn stands_twice(&self, rows: &[u32]) -> bool {
        let cells = |row: u32| -> Vec<Option<&str>> {
            let columns = 0..self.table.columns.len();
            columns
                .map(|at| self.table.cell(row as usize, at))
                .collect()
        };
        let mut pairs = rows.windows(2);
        pairs.any(|pair| matches!(pair, [one, another] if cells(*one) == cells(*another)))
    }

    fn slip(&self, subject: &Subject<'_>, values: &Values) -> Option<Slip> {
        let several = self.independent() >= 2 && self.is_large();
        let counted = |sign| {
            let rows = self.rows_with(values, sign);
            (several && !rows.is_empty()).then_some(rows)
        };
        let counted = counted(-1).map(Slip::Twice).or_else(|| {
            let rows = counted(1)?;
            let [row] = rows.as_slice() else { return None };
            Some(Slip::Omitted(*row))
        });
        let shifted = || {
            let (row, side) = self.shifted(subject, values)?;
            Some(Slip::Shifted(row, side))
        };
        let missing = || (several && self.lacks_a_row()).then_some(Slip::Missing);
        counted.or_else(shifted).or_else(missing)
    }

    /// The columns whose sums are off, and by how much.
    fn off(&self) -> impl Iterator<Item = (usize, i64)> {
        let offs = self.sums.iter().map(|(at, sum)| (*at, sum.off()));
        offs.filter(|(_, off)| *off != 0)
    }

    fn is_large(&self) -> bool {
        self.off().any(|(_, off)| off.abs() >= self.signs.least)
    }

    /// How many columns are off of themselves: one that counts the others
    /// together is off with them.
    fn independent(&self) -> usize {
        let offs: Vec<i64> = self.off().map(|(_, off)| off).collect();
        let sum: i64 = offs.iter().sum();
        let total = offs.len() > 2 && offs.iter().any(|off| off * 2 == sum);
        offs.len() - usize::from(total)
    }

    fn values(&self) -> Values {
        let parts = self.sums.iter().flat_map(|(at, sum)| {
            let parts = sum.parts.iter();
            parts.map(move |part| ((part.place.row, *at), part.value))
        });
        parts.collect()
    }

    fn rows(&self) -> BTreeSet<u32> {
        let parts = self.sums.values().flat_map(|sum| &sum.parts);
        parts.map(|part| part.place.row).collect()
    }

    /// The rows that have in every column just what the sum is off by, or that with
    /// the other sign.
    fn rows_with(&self, values: &Values, sign: i64) -> Vec<u32> {
        let fits = |row: &u32| {
            let mut sums = self.sums.iter();
            sums.all(|(at, sum)| {
                let value = values.get(&(*row, *at)).copied().unwrap_or(0);
                value * sign == sum.off()
            })
        };
        self.rows().into_iter().filter(fits).collect()
    }

    /// The one row in which each figure that is off is what its neighbour should be.
    /// One figure is lost at the end of what has moved; the total of the row need
    /// not have moved with it.
    fn shifted(&self, subject: &Subject<'_>, values: &Values) -> Option<(u32, Side)> {
        if !self.is_large() {
            return None;
        }
        let is_moved = |row: u32, side: Side, at: usize, off: i64| {
            let beside = match side {
                Side::Right => Some(at + 1),
                Side::Left => at.checked_sub(1),
            };
            let moved = count_at(subject, self.place(row, beside?))?;
            Some(moved - values.get(&(row, at))? == off)
        };
        let is_shifted = |row: u32, side: Side| {
            let (moved, others): (Vec<usize>, Vec<usize>) = self
                .off()
                .map(|(at, off)| (at, is_moved(row, side, at, off)))
                .fold(
                    (Vec::new(), Vec::new()),
                    |(mut moved, mut others), (at, is)| {
                        if is == Some(true) {
                            moved.push(at);
                        } else {
                            others.push(at);
                        }
                        (moved, others)
                    },
                );
            let lost = others.iter().filter(|at| !self.totals.contains(at)).count();
            moved.len() + 1 >= self.signs.columns && lost <= 1
        };
        let sides = [Side::Right, Side::Left];
        let rows = self.rows();
        let tries = rows.iter().flat_map(|row| sides.map(|side| (*row, side)));
        let mut found = tries.filter(|(row, side)| is_shifted(*row, *side));
        let one = found.next()?;
        found.next().is_none().then_some(one)
    }

    /// Are all sums of candidates too small for their totals, and those of all
    /// together by just as much?
    fn lacks_a_row(&self) -> bool {
        let of = |columns: &[usize]| -> Vec<(i64, i64)> {
            let sums = columns.iter().filter_map(|at| self.sums.get(at));
            sums.map(|sum| (sum.total.value, sum.off())).collect()
        };
        let (wide, totals) = (of(&self.wide), of(&self.totals));
        let missing: i64 = wide.iter().map(|(_, off)| off).sum();
        let short = wide.iter().filter(|(_, off)| *off > 0).count();
        let none_over = self.off().all(|(_, off)| off > 0);
        let all = wide.iter().filter(|(total, _)| *total > 0).count();
        let agree = totals.iter().all(|(_, off)| *off == missing);
        // Without a total of all, each column has to say it.
        let enough = short == all || !totals.is_empty() && short * 2 > all;
        short >= 2 && none_over && agree && enough
    }

    fn name(&self, row: u32) -> Option<&str> {
        self.table.cell(row as usize, self.unit)
    }

    fn heading(&self, at: usize) -> &str {
        let column = self.table.columns.get(at);
        column.map_or("", |column| column.name.as_str())
    }

    fn place(&self, row: u32, column: usize) -> Place {
        Place::at(self.id, row as usize, column)
    }

    /// The row, the kind of the cause, the sentence, and the cause in words.
    fn words(&self, slip: &Slip) -> Option<(Option<u32>, &'static str, String, String)> {
        let name = |row: u32| self.name(row).unwrap_or("a row");
        let columns = self.off().count();
        let title = &self.table.title;
        Some(match slip {
            Slip::Twice(rows) => {
                let row = *rows.last()?;
                let quoted = rows.iter().map(|row| format!("“{}”", name(*row)));
                let names = quoted.collect::<Vec<_>>().join(" and ");
                (
                    Some(row),
                    "row-twice",
                    format!(
                        "In {title} the rows come to more than their totals in {columns} columns, in each by what {names} has."
                    ),
                    if rows.len() > 1 {
                        format!("one of {names} may be counted twice")
                    } else {
                        format!("{names} may be counted twice, or left out of the totals")
                    },
                )
            }
            Slip::Omitted(row) => (
                Some(*row),
                "row-twice",
                format!(
                    "In {title} the totals of {columns} columns are more than their rows, in each by what “{}” has.",
                    name(*row)
                ),
                format!("the totals may count “{}” twice", name(*row)),
            ),
            Slip::Missing => (
                None,
                "row-missing",
                format!(
                    "In {title} the totals of {columns} columns are more than their rows come to."
                ),
                format!("a row may be missing: {}", self.missing_row()),
            ),
            Slip::Shifted(row, side) => {
                let side = match side {
                    Side::Left => "left",
                    Side::Right => "right",
                };
                let name = name(*row);
                (
                    Some(*row),
                    SHIFTED,
                    format!(
                        "In {title} the rows do not come to their totals in {columns} columns, which would be right if each figure of “{name}” stood in the next."
                    ),
                    format!("figures of “{name}” may have moved to the {side} by a column"),
                )
            }
        })
    }

    fn found(&self, rule: &Rule, subject: &Subject<'_>, slip: &Slip) -> Option<Finding> {
        let (row, kind, message, says) = self.words(slip)?;
        let (first, _) = self.off().next()?;
        let sum = self.sums.get(&first)?;
        let at = match row {
            Some(row) => self.place(row, self.unit),
            None => sum.total.place,
        };
        let scope = described(subject, sum.total.place).scope;
        let mut found = finding(rule, Locus::Cell(at), &scope, message, says.clone());
        let [stated, added] = sum.shown();
        found.stated = Some(stated);
        found.expected = Some(added);
        found.difference = Some(show(&whole(sum.off()), 0));
        found.related = self.totals_off();
        found.cause = Some(Cause {
            kind,
            says,
            suggestion: None,
            rivals: 0,
        });
        let name = row.and_then(|row| self.name(row));
        if let Some(name) = name {
            found.key.insert("row", name.to_owned());
        }
        Some(found)
    }

    /// The totals that do not come out, the first few of them.
    fn totals_off(&self) -> Vec<Related> {
        const MOST: usize = 4;
        let off = self.off().filter_map(|(at, off)| {
            let place = self.sums.get(&at)?.total.place;
            let off = show(&whole(off), 0);
            Some(related(place, format!("off by {off}")))
        });
        off.take(MOST).collect()
    }

    /// "Lee 412, Hart 97, Total 509".
    fn missing_row(&self) -> String {
        const MOST: usize = 8;
        let figures = self.off().map(|(at, off)| {
            let off = show(&whole(off), 0);
            format!("{} {off}", self.heading(at))
        });
        let mut figures: Vec<String> = figures.collect();
        if figures.len() > MOST {
            figures.truncate(MOST);
            figures.push("…".to_owned());
        }
        figures.join(", ")
    }
}

/// Two blocks of one table whose figures have changed places in one unit: the
/// rows of two candidates. Each pair with what is to be said of it.
pub(super) fn exchanged(
    rule: &Rule,
    subject: &Subject<'_>,
    blocks: &[Block<'_>],
) -> Vec<([usize; 2], Finding)> {
    let mut by_off: BTreeMap<Vec<(usize, i64)>, Vec<usize>> = BTreeMap::new();
    for (at, block) in blocks.iter().enumerate() {
        if block.off().count() >= 2 && block.is_large() {
            by_off.entry(block.off().collect()).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for (off, own) in &by_off {
        let negated: Vec<(usize, i64)> = off.iter().map(|(at, off)| (*at, -off)).collect();
        let Some([another]) = by_off.get(&negated).map(Vec::as_slice) else {
            continue;
        };
        let &[one] = own.as_slice() else { continue };
        if one > *another {
            continue;
        }
        let pair = blocks.get(one).zip(blocks.get(*another));
        if let Some(told) = pair.and_then(|(a, b)| exchanged_rows(rule, subject, a, b)) {
            found.push(([one, *another], told));
        }
    }
    found
}

fn exchanged_rows(
    rule: &Rule,
    subject: &Subject<'_>,
    one: &Block<'_>,
    another: &Block<'_>,
) -> Option<Finding> {
    let (own, theirs) = (one.values(), another.values());
    let unit = |block: &Block<'_>, row: u32| block.name(row).map(fold);
    let others = another.rows();
    let others: Vec<(Option<String>, u32)> = others
        .into_iter()
        .map(|row| (unit(another, row), row))
        .collect();
    let fits = |row: u32, other: u32| {
        let mut sums = one.sums.iter();
        sums.all(|(at, sum)| {
            let pair = own.get(&(row, *at)).zip(theirs.get(&(other, *at)));
            pair.is_some_and(|(own, theirs)| theirs - own == sum.off())
        })
    };
    let mut pairs = one.rows().into_iter().flat_map(|row| {
        let name = unit(one, row);
        let same = others.iter().filter(move |(other, _)| *other == name);
        same.filter_map(move |(_, other)| fits(row, *other).then_some((row, *other)))
            .collect::<Vec<_>>()
    });
    let (row, other) = pairs.next()?;
    if pairs.next().is_some() {
        return None;
    }
    let (first, _) = one.off().next()?;
    let [at, beside] = [one.place(row, first), another.place(other, first)];
    let [about, rival] = [described(subject, at), described(subject, beside)];
    let message = format!(
        "In {} the figures of {} and of {} are off by the same, to either side, in {} columns.",
        one.table.title,
        about.name,
        rival.name,
        one.off().count()
    );
    let says = format!(
        "the figures of {} and {} in “{}” may be exchanged",
        about.name,
        rival.name,
        one.name(row).unwrap_or_default()
    );
    let label = "exchanged with the other row?".to_owned();
    let mut found = finding(rule, Locus::Cell(at), &about.scope, message, label);
    found.related.push(related(beside, "the other row"));
    found.related.extend(one.totals_off());
    found.cause = Some(Cause {
        kind: "rows-exchanged",
        says,
        suggestion: None,
        rivals: 0,
    });
    found.key.insert("candidate", about.name);
    Some(found)
}
