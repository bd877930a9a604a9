//! A table in, its rows that count all others together and are not called so,
//! out: the last one, where each of its counts is the sum of those above; rows of
//! no unit among those of units, where they are the sums of these.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Layout, Metric, Number, Role, Table, Wide, fold, place_of};

/// What shows of a row that it is a total, though it is not called one.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalSigns {
    /// So many rows are counted together at least.
    rows: usize,
    /// A sum of so much is no accident in two columns; one of `small` in three.
    large: i64,
    small: i64,
    /// So many candidates' sums come out where rows of no unit are totals, and so
    /// many times those that do not.
    right: usize,
}

/// The rows of a table that are totals by their figures alone.
#[must_use]
pub fn unlabelled_totals(table: &Table, wide: &Wide, layout: &Layout) -> BTreeSet<usize> {
    let reader = Reader {
        table,
        layout,
        counts: counts(table, wide, layout),
    };
    if table.sound.is_some() || reader.counts.is_empty() {
        return BTreeSet::new();
    }
    if !wide.columns.is_empty() {
        return reader.last_of_wide();
    }
    match table.column_of(Role::Unit) {
        Some(unit) => reader.of_units(unit),
        None => reader.last_of_candidates(),
    }
}

/// The columns of counts that add up over rows.
fn counts(table: &Table, wide: &Wide, layout: &Layout) -> Vec<usize> {
    let votes = wide.columns.iter().filter(|w| w.metric == Metric::Votes);
    let of_wide = votes.map(|w| w.at);
    let of_wide = of_wide.chain(wide.totals.iter().map(|(at, _)| *at));
    let of_wide = of_wide.chain(wide.figures.iter().map(|(at, _)| *at));
    let columns = table.columns.iter().enumerate();
    let known = columns.filter(|(_, column)| {
        matches!(
            column.role,
            Role::ModeVotes
                | Role::Value
                | Role::Measure(
                    Metric::Votes
                        | Metric::Electorate
                        | Metric::Turnout
                        | Metric::ValidVotes
                        | Metric::RejectedVotes
                        | Metric::TotalVotes
                )
        )
    });
    let mut all: BTreeSet<usize> = known.map(|(at, _)| at).chain(of_wide).collect();
    all.extend(layout.votes_column(table));
    all.into_iter().collect()
}

/// By all that rows are about but the unit: the rows that may be totals, and those
/// of units.
type Groups<'t> = BTreeMap<Vec<Option<&'t str>>, (Vec<usize>, Vec<usize>)>;

struct Reader<'a> {
    table: &'a Table,
    layout: &'a Layout,
    counts: Vec<usize>,
}

impl Reader<'_> {
    fn cell(&self, row: usize, column: usize) -> Option<&str> {
        let cell = self.table.cell(row, column)?;
        (!self.layout.is_missing(cell)).then_some(cell)
    }

    /// A count; `None` of a cell that has none.
    fn count(&self, row: usize, column: usize) -> Option<i64> {
        let number = Number::parse(self.cell(row, column)?)?;
        let whole = number.value.is_integer().then(|| number.value.to_integer());
        i64::try_from(whole?).ok()
    }

    /// Do words of a row say what its figures are?
    fn is_labelled(&self, row: usize) -> bool {
        let columns = self.table.columns.iter().enumerate();
        let mut names = columns.filter(|(at, c)| *at == 0 || c.role.is_key());
        names.any(|(at, _)| {
            let name = self.table.cell(row, at);
            let label = name.and_then(|name| self.layout.row(name));
            label.is_some_and(|(label, _)| !label.aggregate)
        })
    }

    /// The columns in which a row has what others add up to, where it has that
    /// in all of its counts.
    fn sums(&self, row: usize, others: &[usize]) -> Option<Vec<i64>> {
        let mut sums = Vec::new();
        for &column in &self.counts {
            let Some(own) = self.count(row, column) else {
                continue;
            };
            let parts = others.iter().filter_map(|&other| self.count(other, column));
            if parts.sum::<i64>() != own {
                return None;
            }
            sums.push(own);
        }
        Some(sums)
    }

    /// The last row of a table of candidates in columns.
    fn last_of_wide(&self) -> BTreeSet<usize> {
        let Some(last) = self.table.rows().checked_sub(1) else {
            return BTreeSet::new();
        };
        let above: Vec<usize> = (0..last).collect();
        if above.len() < self.layout.total_signs.rows || (0..=last).any(|row| self.is_labelled(row))
        {
            return BTreeSet::new();
        }
        let is_total = self
            .sums(last, &above)
            .is_some_and(|sums| tells(self.layout.total_signs, &sums));
        is_total.then_some(last).into_iter().collect()
    }

    /// The last row of a table of candidates in rows, where a name stands in it
    /// as in theirs: its share is that of all, or it is their sum in several ways.
    fn last_of_candidates(&self) -> BTreeSet<usize> {
        let Some(last) = self.table.rows().checked_sub(1) else {
            return BTreeSet::new();
        };
        let scopes = [Role::Contest, Role::District, Role::Election, Role::Stage];
        let scopes: Vec<usize> = (scopes.iter())
            .filter_map(|&role| self.table.column_of(role))
            .collect();
        let of_one = (0..last).all(|row| {
            let mut scopes = scopes.iter();
            scopes.all(|&at| self.table.cell(row, at) == self.table.cell(0, at))
        });
        let party = self.table.column_of(Role::Party);
        let of_party = party.is_some_and(|at| self.cell(last, at).is_some());
        if last < self.layout.total_signs.rows
            || !of_one
            || of_party
            || (0..=last).any(|row| self.is_labelled(row))
        {
            return BTreeSet::new();
        }
        let above: Vec<usize> = (0..last).collect();
        let sums = self.sums(last, &above).filter(|sums| !sums.is_empty());
        let is_total = sums.is_some_and(|sums| {
            tells(self.layout.total_signs, &sums) || self.has_all_of_the_shares(last)
        });
        is_total.then_some(last).into_iter().collect()
    }

    fn has_all_of_the_shares(&self, row: usize) -> bool {
        let share = self.table.column_of(Role::Measure(Metric::Share));
        let share = share.and_then(|at| Number::parse(self.cell(row, at)?));
        // Half of all is the sum of the other half.
        share.is_some_and(|share| share.value == super::whole(100))
    }

    /// Rows of no unit, or of the last one, among those of others.
    fn of_units(&self, unit: usize) -> BTreeSet<usize> {
        let blank = self.of_no_unit(unit);
        if blank.is_empty() {
            self.of_last_unit(unit)
        } else {
            blank
        }
    }

    fn key(&self, row: usize, unit: usize) -> Vec<Option<&str>> {
        let columns = self.table.columns.iter().enumerate();
        let keys = columns.filter(|(at, c)| *at != unit && c.role.is_key());
        keys.map(|(at, _)| self.table.cell(row, at)).collect()
    }

    /// Rows of no unit are totals where those of most candidates are the sums of
    /// their units.
    fn of_no_unit(&self, unit: usize) -> BTreeSet<usize> {
        let rows = 0..self.table.rows();
        let blank: Vec<usize> = rows
            .clone()
            .filter(|&row| self.table.cell(row, unit).is_none())
            .collect();
        let mut groups: Groups<'_> = BTreeMap::new();
        for &row in &blank {
            groups.entry(self.key(row, unit)).or_default().0.push(row);
        }
        if groups.is_empty() {
            return BTreeSet::new();
        }
        for row in rows.filter(|&row| self.table.cell(row, unit).is_some()) {
            if let Some((_, units)) = groups.get_mut(&self.key(row, unit)) {
                units.push(row);
            }
        }
        groups.retain(|_, (blank, units)| blank.len() == 1 && units.len() > 1);
        let judged = groups.values().filter_map(|(blank, units)| {
            let total = *blank.first()?;
            Some((total, self.sums(total, units)))
        });
        let judged: Vec<(usize, Option<Vec<i64>>)> = judged.collect();
        let shown = |sums: &Option<Vec<i64>>| {
            let mut sums = sums.iter().flatten();
            sums.any(|&sum| sum >= self.layout.total_signs.small)
        };
        let right = judged.iter().filter(|(_, sums)| shown(sums)).count();
        let wrong = judged.iter().filter(|(_, sums)| sums.is_none()).count();
        let told = right >= self.layout.total_signs.right
            && right >= wrong * self.layout.total_signs.right;
        let totals = judged.into_iter().filter(|_| told);
        totals.map(|(row, _)| row).collect()
    }

    /// The rows of the unit that stands last, where each is the sum of the other
    /// units' of its candidate.
    fn of_last_unit(&self, unit: usize) -> BTreeSet<usize> {
        let found = || {
            let last = self.table.rows().checked_sub(1)?;
            let name = fold(self.table.cell(last, unit)?);
            let key = self.key(last, unit);
            let is_own = |row: usize| self.table.cell(row, unit).map(fold).as_ref() == Some(&name);
            // Most tables are told by the last of their candidates.
            let others = (0..last).filter(|&row| self.key(row, unit) == key && !is_own(row));
            let others: Vec<usize> = others.collect();
            let first = self
                .sums(last, &others)
                .filter(|_| others.len() >= self.layout.total_signs.rows);
            first.filter(|sums| sums.iter().any(|sum| *sum > 0))?;
            if self.layout.is_total(&name) || self.layout.is_units_together(&name) {
                return None;
            }
            let mut groups: Groups<'_> = BTreeMap::new();
            for row in 0..=last {
                let (totals, units) = groups.entry(self.key(row, unit)).or_default();
                let of = if is_own(row) { totals } else { units };
                of.push(row);
            }
            let mut sums: Vec<i64> = Vec::new();
            let mut rows = BTreeSet::new();
            for (totals, units) in groups.values().filter(|(totals, _)| !totals.is_empty()) {
                let &[total] = totals.as_slice() else {
                    return None;
                };
                let own = self.sums(total, units)?;
                sums.extend(own.into_iter().max());
                rows.insert(total);
            }
            tells(self.layout.total_signs, &sums).then_some(rows)
        };
        found().unwrap_or_default()
    }
}

/// Are sums too many, and too large, to be what they are by accident?
fn tells(signs: TotalSigns, sums: &[i64]) -> bool {
    let least = |most: i64| sums.iter().filter(|sum| **sum >= most).count();
    least(signs.large) >= 2 || least(signs.small) >= 3
}

/// The column in which the name of an unlabelled total stands.
#[must_use]
pub fn name_column(table: &Table) -> usize {
    let unit = table.column_of(Role::Unit);
    unit.or_else(|| place_of(table)).unwrap_or(0)
}
