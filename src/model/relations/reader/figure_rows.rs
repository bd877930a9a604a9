//! A row that is nobody's in (a total, a turnout, a row without a name), figures
//! of its contest out.

use std::collections::BTreeMap;

use crate::model::{
    Exact, FigureRow, Measured, Metric, Name, Place, Relations, ResultRow, Role, RowLabel, Scope,
    whole,
};

use super::TableReader;

impl TableReader<'_> {
    /// The party whose candidates a total counts: a list's.
    pub(super) fn party_of_total(
        &self,
        row: usize,
        label: &RowLabel,
        name: &Name,
    ) -> Option<String> {
        let party = self.text(row, Role::Party)?;
        let is_total = label.count == Some(Metric::TotalVotes);
        (is_total && party.place != name.place).then_some(party.text)
    }

    /// A row of figures without a name: the total of the rows above, where one
    /// of its counts is their sum (three rows at least); else nobody's.
    pub(super) fn push_nameless(
        &self,
        row: usize,
        scope: &Scope,
        place: Place,
        figures: BTreeMap<Metric, Measured>,
        out: &mut Relations,
    ) {
        const ROWS: usize = 2;
        let above = |r: &&ResultRow| r.table == self.id && r.scope.same_as(scope);
        let sums = |metric: Metric, measured: &Measured| {
            let values: Vec<&Exact> = out
                .results
                .iter()
                .filter(above)
                .filter_map(|r| r.figures.get(&metric).map(|m| &m.number.value))
                .collect();
            let sum: Exact = values.iter().copied().sum();
            values.len() > ROWS && measured.number.value == sum && sum > whole(0)
        };
        let counts = [Metric::Votes, Metric::Seats];
        let is_total = figures
            .iter()
            .any(|(&m, f)| counts.contains(&m) && sums(m, f));
        if !is_total || row + 1 < self.table.rows() {
            let why = "a row of figures without a name".to_owned();
            out.left_out.push((place, why));
            return;
        }
        push_total(scope, figures, out);
    }
}

/// The figures of a row that is the total of the rows above.
pub(super) fn push_total(scope: &Scope, figures: BTreeMap<Metric, Measured>, out: &mut Relations) {
    for (metric, measured) in figures {
        let metric = match metric {
            Metric::Votes => Metric::TotalVotes,
            Metric::Seats => Metric::SeatsDeclared,
            _ => continue,
        };
        out.figures.push(FigureRow {
            scope: scope.clone(),
            metric,
            measured,
            party: None,
        });
    }
}

/// What the cells of a labelled row are, by the kind of their columns.
pub(super) fn push_figures(
    label: &RowLabel,
    party: Option<&str>,
    scope: &Scope,
    figures: BTreeMap<Metric, Measured>,
    out: &mut Relations,
) {
    let has_votes = figures.contains_key(&Metric::Votes);
    for (column, measured) in figures {
        let percent_sign = measured.number.decimals > 0 && label.share.is_some();
        let metric = match column {
            Metric::Share => label.share,
            Metric::ShareChange | Metric::VotesChange | Metric::SeatsChange => label.change,
            Metric::Votes if percent_sign => label.share,
            // A total of seats is of those that the table has.
            Metric::Seats if label.count.is_some_and(Metric::counts_all) => {
                Some(Metric::SeatsDeclared)
            }
            // Beside votes, the label is of these.
            Metric::Seats if has_votes => None,
            Metric::Votes | Metric::Seats => label.count,
            other => Some(other),
        };
        if let Some(metric) = metric {
            out.figures.push(FigureRow {
                scope: scope.clone(),
                metric,
                measured,
                party: party.map(ToOwned::to_owned),
            });
        }
    }
}
