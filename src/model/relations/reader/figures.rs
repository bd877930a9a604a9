//! The cells of a row in, its figures by what they measure out.

use std::collections::BTreeMap;

use crate::model::{FigureRow, Locator, Measured, Metric, Number, Relations, Scope, Unread};

use super::TableReader;

impl TableReader<'_> {
    /// The figures of a row in the columns of one election.
    pub(super) fn figures(
        &self,
        row: usize,
        election: Option<&str>,
        scope: &Scope,
        out: &mut Relations,
    ) -> BTreeMap<Metric, Measured> {
        let mut figures = BTreeMap::new();
        let columns = self
            .columns
            .iter()
            .filter(|(c, _)| self.election_of(*c) == election);
        for &(column, metric) in columns {
            let Some(text) = self.table.cell(row, column) else {
                continue;
            };
            if self.layout.is_missing(text) {
                continue;
            }
            let place = self.place(row, column);
            // A per cent among votes ("Turnout | 50.5%") is no count.
            let metric = match metric {
                Metric::Votes if text.ends_with('%') => Metric::Share,
                metric => metric,
            };
            match Number::parse(text) {
                Some(number) => {
                    let number = self.in_percent(number, metric, column);
                    let measured = Measured { number, place };
                    // Blank and spoilt ballots are rejected in two columns.
                    let second = metric == Metric::RejectedVotes && figures.contains_key(&metric);
                    if second && self.is_told_above(metric, &measured, scope, out) {
                    } else if second {
                        out.figures.push(FigureRow {
                            scope: scope.clone(),
                            metric,
                            measured,
                            party: None,
                        });
                    } else {
                        figures.entry(metric).or_insert(measured);
                    }
                }
                None => out.unread.push(Unread {
                    place,
                    text: text.to_owned(),
                }),
            }
        }
        figures
    }

    /// Is a figure the same cell as that of the row above: one that stands around
    /// the rows of a contest, or is merged over them?
    pub(super) fn is_told_above(
        &self,
        metric: Metric,
        measured: &Measured,
        scope: &Scope,
        out: &Relations,
    ) -> bool {
        let Locator::Cells(spans) = &self.table.locator else {
            return false;
        };
        let place = measured.place;
        let span = |row: u32| {
            spans
                .get(row as usize)?
                .get(place.column as usize)
                .copied()?
        };
        let of_table = |f: &&FigureRow| f.measured.place.table == self.id;
        let mut last = out
            .figures
            .iter()
            .rev()
            .take(Metric::ALL.len())
            .filter(of_table);
        span(place.row).is_some()
            && last.any(|f| {
                let other = f.measured.place;
                f.metric == metric
                    && other.column == place.column
                    && f.scope.same_as(scope)
                    && span(other.row) == span(place.row)
            })
    }
}
