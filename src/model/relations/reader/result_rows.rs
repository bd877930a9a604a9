//! A row of a candidate, a party or an option with its figures in, a result out;
//! what its cells say of the whole contest goes to the figures of that.

use std::collections::BTreeMap;

use crate::model::{
    FigureRow, LabelledRow, Measured, Metric, Name, Relations, ResultRow, Role, Scope,
};

use super::TableReader;
use super::figure_rows::{push_figures, push_total};

impl TableReader<'_> {
    pub(super) fn push(
        &self,
        row: usize,
        scope: &Scope,
        figures: BTreeMap<Metric, Measured>,
        out: &mut Relations,
    ) {
        let named = [Role::Label, Role::Candidate, Role::Party, Role::Contest]
            .into_iter()
            .filter_map(|role| Some((role, self.text(row, role)?)))
            .find_map(|(role, name)| Some((self.label(&name.text)?, role, name)));
        // "Ballots Cast" stands where the office does, too: it is of the unit.
        let of_unit = matches!(named, Some((_, Role::Contest, _))) && scope.unit.is_some();
        let of_unit = of_unit.then(|| Scope {
            contest: String::new(),
            contest_key: String::new(),
            ..scope.clone()
        });
        let scope = of_unit.as_ref().unwrap_or(scope);
        if self.is_total_by_place(row) && self.wide.columns.is_empty() {
            push_total(scope, figures, out);
            return;
        }
        let named = named.map(|(label, _, name)| (label, name));
        match named {
            Some(((label, _), name)) if label.left_out.is_some() => {
                let why = label.left_out.clone().unwrap_or_default();
                out.left_out.push((name.place, why));
            }
            Some(((label, party), name)) if !label.aggregate => {
                let party = party.or_else(|| self.party_of_total(row, label, &name));
                push_figures(label, party.as_deref(), scope, figures, out);
            }
            other => self.push_result(row, scope, figures, other.is_some(), out),
        }
    }

    fn push_result(
        &self,
        row: usize,
        scope: &Scope,
        figures: BTreeMap<Metric, Measured>,
        aggregate: bool,
        out: &mut Relations,
    ) {
        let (own, of_contest): (BTreeMap<_, _>, BTreeMap<_, _>) = figures
            .into_iter()
            .partition(|(metric, _)| metric.is_of_entry());
        for (metric, measured) in of_contest {
            if !self.is_told_above(metric, &measured, scope, out) {
                out.figures.push(FigureRow {
                    scope: scope.clone(),
                    metric,
                    measured,
                    party: None,
                });
            }
        }
        let candidate = self.candidate(row);
        let party = self
            .text(row, Role::Party)
            .or_else(|| self.text(row, Role::PartyShort));
        let label = self.text(row, Role::Label);
        let label = label.map(|name| self.unmarked(&name));
        let has_value = self.table.column_of(Role::Value).is_some();
        if let (Some(label), true) = (&label, has_value) {
            let labelled = own.into_values().map(|measured| LabelledRow {
                scope: scope.clone(),
                label: label.clone(),
                measured,
            });
            out.labelled.extend(labelled);
        } else if !own.is_empty() && (candidate.is_some() || party.is_some() || label.is_some()) {
            out.results.push(ResultRow {
                table: self.id,
                row: u32::try_from(row).unwrap_or(u32::MAX),
                scope: scope.clone(),
                candidate: candidate.or(label),
                party,
                aggregate,
                wide: false,
                elected: self.elected(row),
                figures: own,
            });
        } else if let Some(first) = own.values().next() {
            self.push_nameless(row, scope, first.place, own.clone(), out);
        }
    }

    /// The candidate's name from its one column, or from two.
    fn candidate(&self, row: usize) -> Option<Name> {
        if let Some(name) = self.text(row, Role::Candidate) {
            return Some(self.unmarked(&name));
        }
        let surname = self.text(row, Role::Surname)?;
        let first = self.text(row, Role::FirstName);
        let text = first.map_or_else(String::new, |f| f.text + " ") + &surname.text;
        Some(Name {
            text,
            place: surname.place,
        })
    }

    fn unmarked(&self, name: &Name) -> Name {
        Name {
            text: self.layout.unmarked(&name.text).to_owned(),
            place: name.place,
        }
    }

    fn elected(&self, row: usize) -> Option<bool> {
        let column = self.table.column_of(Role::Elected)?;
        self.layout.elected(self.table.cell(row, column))
    }
}
