//! A row with columns of candidates or parties in, a result for each of them out.

use std::collections::BTreeMap;

use crate::model::{
    FigureRow, Measured, Metric, Name, Number, Place, Relations, ResultRow, Scope, Whose,
    WideColumn, key, whole,
};

use super::TableReader;

impl TableReader<'_> {
    /// The results in the columns of a row.
    pub(super) fn read_wide(&self, row: usize, scope: &Scope, out: &mut Relations) {
        if self.is_of_percents(row) {
            self.read_percents(row, out);
            return;
        }
        let mut results: Vec<ResultRow> = Vec::new();
        for column in &self.wide.columns {
            let place = self.place(row, column.at);
            let text = self.table.cell(row, column.at).unwrap_or("");
            let Some(number) = Number::parse(text).filter(|_| !self.layout.is_missing(text)) else {
                let gap = column.metric == Metric::Votes && is_gap(text, scope);
                out.gaps.extend(gap.then_some(place));
                continue;
            };
            if column.metric == Metric::Votes && text.ends_with('%') {
                if results.is_empty() && !self.tells_percents(row, out) {
                    let why = "a row of per cents among counts".to_owned();
                    out.left_out.push((place, why));
                }
                continue;
            }
            // A party that did not stand is given 0.
            if matches!(column.whose, Whose::Party(_)) && number.value == whole(0) {
                continue;
            }
            let (candidate, party) = names_of_column(column, place);
            let scope = scope_of_column(scope, column);
            let measured = Measured {
                number: self.in_percent(number, column.metric, column.at),
                place,
            };
            let text = |name: &Option<Name>| name.as_ref().map(|n| n.text.clone());
            let same = |r: &&mut ResultRow| {
                text(&r.candidate) == text(&candidate)
                    && text(&r.party) == text(&party)
                    && r.scope.contest == scope.contest
            };
            if let Some(known) = results.iter_mut().find(same) {
                known.figures.entry(column.metric).or_insert(measured);
                continue;
            }
            results.push(ResultRow {
                table: self.id,
                row: u32::try_from(row).unwrap_or(u32::MAX),
                scope,
                candidate,
                party,
                aggregate: matches!(column.whose, Whose::Others(_)),
                wide: true,
                elected: None,
                figures: BTreeMap::from([(column.metric, measured)]),
            });
        }
        out.results.append(&mut results);
        self.read_wide_figures(row, scope, out);
    }

    /// The figures of a whole row in columns of their own.
    fn read_wide_figures(&self, row: usize, scope: &Scope, out: &mut Relations) {
        for &(column, metric) in &self.wide.figures {
            let number = self.table.cell(row, column).and_then(Number::parse);
            let place = self.place(row, column);
            out.figures.extend(number.map(|number| FigureRow {
                scope: scope.clone(),
                metric,
                measured: Measured { number, place },
                party: None,
            }));
        }
    }

    /// Does a row hold what the totals of its columns are in per cent?
    fn is_of_percents(&self, row: usize) -> bool {
        let mut counts = self.wide.columns.iter();
        let first = self.table.cell(row, 0);
        counts.any(|column| column.metric == Metric::Votes)
            && first.is_some_and(|name| self.layout.is_percents(name))
    }

    /// The shares of all together, to the rows of their votes.
    fn read_percents(&self, row: usize, out: &mut Relations) {
        for column in &self.wide.columns {
            let place = self.place(row, column.at);
            let text = self.table.cell(row, column.at).unwrap_or("");
            let Some(number) = Number::parse(text) else {
                continue;
            };
            let of_all = |r: &&mut ResultRow| {
                let own = r.figures.get(&Metric::Votes);
                r.table == self.id
                    && r.scope.contest.is_empty()
                    && own.is_some_and(|votes| votes.place.column == place.column)
            };
            if let Some(all) = out.results.iter_mut().rev().find(of_all) {
                let measured = Measured { number, place };
                all.figures.entry(Metric::Share).or_insert(measured);
            } else if !self.tells_percents(row, out) {
                let why = "a row of per cents among counts".to_owned();
                out.left_out.push((place, why));
            }
        }
    }

    /// Is a cell of a row told already?
    fn tells_percents(&self, row: usize, out: &Relations) -> bool {
        let last = out
            .left_out
            .last()
            .map(|(place, _)| (place.table, place.row as usize));
        last == Some((self.id, row))
    }
}

/// The candidate and the party that a column is of.
fn names_of_column(column: &WideColumn, place: Place) -> (Option<Name>, Option<Name>) {
    let name = |text: &String| Name {
        text: text.clone(),
        place,
    };
    match &column.whose {
        Whose::Candidate(text) | Whose::Others(text) => {
            (Some(name(text)), column.party.as_ref().map(name))
        }
        Whose::Party(text) => (None, Some(name(text))),
    }
}

/// Does a cell without a figure hide one? A dash stands for somebody who did not
/// stand; so does an empty cell, but not in one unit of a contest.
fn is_gap(text: &str, scope: &Scope) -> bool {
    let is_dash = |ch: char| matches!(ch, '-' | '–' | '—' | '−' | '.' | ' ');
    if text.trim().is_empty() {
        return scope.unit.is_some();
    }
    !text.chars().all(is_dash)
}

/// The contest that stands over a column; the row is then of a part of it.
fn scope_of_column(scope: &Scope, column: &WideColumn) -> Scope {
    let Some(contest) = &column.contest else {
        return scope.clone();
    };
    let place = (!scope.contest.is_empty()).then(|| scope.contest.clone());
    Scope {
        contest: contest.clone(),
        contest_key: key(contest),
        unit: scope.unit.clone().or(place),
        ..scope.clone()
    }
}
