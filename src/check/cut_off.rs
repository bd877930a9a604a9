//! Counts with votes and shares in, which tables cut their shares off out: 23.67
//! per cent is printed as 23.6.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::Signed;
use serde::Deserialize;

use crate::model::{Exact, Measured, Metric, TableId, power_of_ten, whole};

use super::Subject;
use super::balance::left_in;

/// When shares are held to be cut off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CutOff {
    /// So many shares of a table are right only if cut off.
    enough: usize,
    /// Of so many that are right if cut off, one at most is not.
    one_in: usize,
}

/// How many shares are right if rounded, and if cut off.
#[derive(Debug, Default, Clone, Copy)]
struct Fits {
    all: usize,
    rounded: usize,
    cut: usize,
}

impl CutOff {
    /// The tables whose shares are cut off.
    pub(super) fn tables(&self, subject: &Subject<'_>) -> BTreeSet<TableId> {
        let mut by_table: BTreeMap<TableId, Fits> = BTreeMap::new();
        for rows in subject.counts() {
            let Some(first) = rows.first() else { continue };
            let rows = left_in(rows, Metric::Votes);
            let of = |metric| rows.iter().map(move |r| r.figures.get(&metric));
            let pairs: Vec<(&Measured, &Measured)> = of(Metric::Votes)
                .zip(of(Metric::Share))
                .filter_map(|(votes, share)| votes.zip(share))
                .collect();
            let sum: Option<Exact> = of(Metric::Votes)
                .map(|votes| votes.map(|m| &m.number.value))
                .sum();
            let totals = [Metric::ValidVotes, Metric::TotalVotes, Metric::Turnout];
            let figures = subject.figures_of(&first.scope).iter();
            let stated = figures.filter(|f| totals.contains(&f.metric));
            let stated = stated.map(|f| f.measured.number.value.clone());
            let totals = sum.into_iter().chain(stated).filter(Signed::is_positive);
            let known: Vec<Fits> = totals.map(|total| fits(&pairs, &total)).collect();
            let best = |of: fn(&Fits) -> usize| known.iter().map(of).max().unwrap_or(0);
            let of_table = by_table.entry(first.table).or_default();
            of_table.all += pairs.len();
            of_table.rounded += best(|f| f.rounded);
            of_table.cut += best(|f| f.cut);
        }
        let is_cut = |fits: &Fits| {
            let wrong = fits.all - fits.cut;
            fits.cut >= fits.rounded + self.enough && wrong * self.one_in <= fits.cut
        };
        let cut = by_table.into_iter().filter(|(_, fits)| is_cut(fits));
        cut.map(|(table, _)| table).collect()
    }
}

fn fits(pairs: &[(&Measured, &Measured)], total: &Exact) -> Fits {
    let mut fits = Fits {
        all: pairs.len(),
        ..Fits::default()
    };
    for (votes, share) in pairs {
        let over = &votes.number.value / total * whole(100) - &share.number.value;
        fits.rounded += usize::from(over.abs() <= share.number.half_unit());
        fits.cut += usize::from(!over.is_negative() && over < unit(share));
    }
    fits
}

/// What the last printed place of a share is worth.
pub(super) fn unit(share: &Measured) -> Exact {
    power_of_ten(-share.number.decimals)
}
