//! The figures of a table against those of a second source, the reference: row
//! by row, by all cells that say what a row is about.

use std::collections::HashMap;

use num_traits::{Signed, Zero};
use serde::Deserialize;

use crate::model::{
    Cause, Difference, Differences, Exact, Finding, Key, Locus, Metric, Number, Place, ResultRow,
    Role, Table, TableId, key, show, slip, words_of,
};

use super::alike::{is_name, is_party};
use super::cells::{number_at, source_of};
use super::pairing::{Comparison, Comparisons, Pair, Renamed, Row};
use super::unlike;
use super::{Answer, Rule, Subject, described, finding, related};

/// What is compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    compare: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Figures,
    Rows,
}

impl Reference {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        if subject.dataset.references().next().is_none() {
            return answer;
        }
        let compared = Comparisons::new(subject);
        for comparison in &compared.all {
            match self.compare {
                What::Figures => comparison.figures(rule, subject, &mut answer),
                What::Rows => comparison.rows(rule, subject, &mut answer),
            }
        }
        for (comparison, there) in compared.only_there() {
            if self.compare == What::Rows {
                answer.fail(comparison.only_there(rule, subject, there));
            }
        }
        if !compared.unlike.is_empty() {
            self.compare_unlike(rule, subject, &compared, &mut answer);
        }
        answer
    }

    /// Tables that are laid out in another way than the reference.
    fn compare_unlike(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        comparisons: &Comparisons<'_>,
        answer: &mut Answer,
    ) {
        let compared = unlike::compare(subject, &comparisons.unlike);
        if compared.same == 0 && compared.differing.is_empty() {
            answer.unknown(comparisons.hindrance());
            return;
        }
        match self.compare {
            What::Figures => {
                (0..compared.same).for_each(|_| answer.pass());
                for difference in &compared.differing {
                    answer.fail(differs_unlike(rule, subject, difference));
                }
            }
            What::Rows => {
                for called in &compared.renamed {
                    answer.fail(called_there(rule, subject, called));
                }
                for (contest, at) in &compared.only_here {
                    let says = format!("The reference has no contest {contest}.");
                    answer.fail(lacking(rule, contest, *at, says, "not in the reference"));
                }
                for (contest, at) in &compared.only_there {
                    let says =
                        format!("The reference has the contest {contest}, which is not here.");
                    answer.fail(lacking(rule, contest, *at, says, "not in the tables"));
                }
            }
        }
    }
}

/// A candidate whom one of the two gives the surname of only.
fn called_there(rule: &Rule, subject: &Subject<'_>, called: &unlike::Called) -> Finding {
    let (here, there) = (&called.here, &called.there);
    let says = format!("{here} is called {there} in the reference; the two are taken for one.");
    let scope = described(subject, called.at).scope;
    let label = format!("{there} in the reference");
    let mut found = finding(rule, Locus::Cell(called.at), &scope, says, label);
    found.key.insert("candidate", here.clone());
    found
}

fn lacking(rule: &Rule, contest: &str, at: Place, says: String, label: &str) -> Finding {
    let scope = crate::model::Scope {
        contest: contest.to_owned(),
        ..crate::model::Scope::default()
    };
    finding(rule, Locus::Cell(at), &scope, says, label.to_owned())
}

/// A figure that a reference of another layout has otherwise.
fn differs_unlike(rule: &Rule, subject: &Subject<'_>, difference: &Difference) -> Finding {
    let unit = difference.unit.as_deref().unwrap_or_default();
    let whose = [&difference.name, unit, &difference.contest];
    let whose: Vec<&str> = whose.into_iter().filter(|part| !part.is_empty()).collect();
    let mut found = told(rule, subject, difference, &whose.join(", "));
    if !difference.name.is_empty() {
        found.key.insert("candidate", difference.name.clone());
    }
    found.key.insert("metric", difference.heading.clone());
    found
}

/// A difference with both its figures.
fn told(rule: &Rule, subject: &Subject<'_>, difference: &Difference, whose: &str) -> Finding {
    let about = described(subject, difference.own);
    let heading = &difference.heading;
    let source = source_of(subject, difference.other.table);
    let shown = |n: &Option<Number>| {
        let text = n.as_ref().map(|n| show(&n.value, n.decimals.max(0)));
        text.unwrap_or_else(|| "nothing".to_owned())
    };
    let (ours, theirs) = (shown(&difference.ours), shown(&difference.theirs));
    let mut found = finding(
        rule,
        Locus::Cell(difference.own),
        &about.scope,
        format!("“{heading}” of {whose} is given as {ours}; {source} has {theirs}."),
        format!("{theirs} in the reference"),
    );
    found
        .related
        .push(related(difference.other, format!("{theirs} here")));
    if let (Some(a), Some(b)) = (&difference.ours, &difference.theirs) {
        let decimals = a.decimals.max(b.decimals).max(0);
        found.difference = Some(show(&(&a.value - &b.value), decimals));
        found.cause = slip(&a.value, &b.value, decimals);
    }
    found.stated = Some(ours);
    found.expected = Some(theirs);
    found
}

impl Comparison<'_> {
    /// All figures that both have: those that agree, and those that do not.
    fn differing(&self, subject: &Subject<'_>) -> Vec<Result<(), Difference>> {
        let mut all = Vec::new();
        for pair in &self.pairs {
            let Some(beside) = self.references.get(&pair.other.table) else {
                continue;
            };
            for &(own, theirs) in &beside.figures {
                let ours = number_at(subject, self.table, pair.own, own);
                let theirs_is = number_at(subject, beside.table, pair.other.row, theirs);
                let heading = self.heading(own);
                let tolerance = subject.tolerance(&heading);
                match agree(ours.as_ref(), theirs_is.as_ref(), tolerance) {
                    Some(true) => all.push(Ok(())),
                    Some(false) => {
                        let difference = Difference {
                            ours,
                            theirs: theirs_is,
                            other: Place::at(pair.other.table, pair.other.row, theirs),
                            ..self.about(subject, pair.own, own)
                        };
                        all.push(Err(difference));
                    }
                    None => {}
                }
            }
        }
        all
    }

    /// All that it makes of the table.
    fn tell(&self, subject: &Subject<'_>, all: &mut Differences) {
        for compared in self.differing(subject) {
            all.compared += 1;
            all.figures.extend(compared.err());
        }
        let gone = self.only_here.iter();
        all.only_here
            .extend(gone.map(|&row| Self::first_cell(self.table, self.id, row)));
        for pair in self.pairs.iter().filter(|pair| pair.renamed.is_some()) {
            let beside = self.references.get(&pair.other.table);
            let there = beside.map_or_else(String::new, |b| whom(b.table, pair.other.row));
            all.renamed
                .insert((key(&whom(self.table, pair.own)), key(&there)));
        }
        if self.pairs.len() < self.table.rows() {
            let (compared, rows) = (self.pairs.len(), self.table.rows());
            let source = source_of(subject, self.id);
            all.partly.push(format!(
                "{compared} of {rows} rows of {source} were compared"
            ));
        }
    }

    fn figures(&self, rule: &Rule, subject: &Subject<'_>, answer: &mut Answer) {
        let mut differing: Vec<Difference> = Vec::new();
        for compared in self.differing(subject) {
            match compared {
                Ok(()) => answer.pass(),
                Err(difference) => differing.push(difference),
            }
        }
        let exchanged = exchanged(&differing);
        for (index, difference) in differing.iter().enumerate() {
            let with = exchanged.get(&index).and_then(|&with| differing.get(with));
            answer.fail(self.differs(rule, subject, difference, with));
        }
    }

    /// What a figure of the table is, before it is held against another.
    fn about(&self, subject: &Subject<'_>, row: usize, column: usize) -> Difference {
        let own = self.place(row, column);
        let described = described(subject, own);
        let heading = self.heading(column);
        let role = self.table.columns.get(column).map(|c| c.role);
        let (name, is_votes) = match result_of(subject, own) {
            Some((result, metric)) => (result.name().to_owned(), metric == Metric::Votes),
            // Headings of names that are not known as such.
            None if role == Some(Role::Other) && described.name.is_empty() => {
                (heading.clone(), true)
            }
            None => (described.name, role == Some(Role::Measure(Metric::Votes))),
        };
        let unit = self.table.column_of(Role::Unit);
        let unit = unit.and_then(|at| self.table.cell(row, at));
        let of_all = unit.is_some_and(|unit| subject.layout.is_total(unit));
        Difference {
            own,
            other: own,
            ours: None,
            theirs: None,
            contest: described.scope.contest,
            unit: described.scope.unit.or(unit.map(ToOwned::to_owned)),
            name,
            is_votes: is_votes && !of_all,
            heading,
        }
    }

    fn heading(&self, column: usize) -> String {
        let column = self.table.columns.get(column);
        column.map_or_else(String::new, |column| column.name.clone())
    }

    fn differs(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        difference: &Difference,
        exchanged: Option<&Difference>,
    ) -> Finding {
        let heading = difference.heading.clone();
        let whose = self.words_of(difference.own.row as usize);
        let mut found = told(rule, subject, difference, &whose);
        if let Some(with) = exchanged {
            let other = self.words_of(with.own.row as usize);
            found.cause = Some(Cause {
                kind: "rows-exchanged",
                says: format!("exchanged with the figure of {other}"),
                suggestion: difference.theirs.as_ref().and(found.expected.clone()),
                rivals: 0,
            });
            found.related.push(related(with.own, "exchanged with this"));
        }
        self.name_row(&mut found.key, difference.own.row as usize);
        found.key.insert("metric", heading);
        found
    }

    /// The cells that say what a row is about, one after another.
    fn words_of(&self, row: usize) -> String {
        words_of(self.table, row)
    }

    fn name_row(&self, found: &mut Key, row: usize) {
        let of = |wanted: fn(Role) -> bool| {
            let columns = self.table.columns.iter().enumerate();
            let keys = columns.filter(|(_, column)| wanted(column.role));
            let cells: Vec<&str> = keys
                .filter_map(|(at, _)| self.table.cell(row, at))
                .collect();
            cells.join(" ")
        };
        for (name, text) in [
            ("candidate", of(|role| is_name(role) || role == Role::Label)),
            ("party", of(|role| role == Role::Party)),
            ("unit", of(|role| matches!(role, Role::Unit | Role::Mode))),
            (
                "contest",
                of(|role| matches!(role, Role::Contest | Role::District)),
            ),
        ] {
            if !text.is_empty() {
                found.insert(name, text);
            }
        }
    }

    fn rows(&self, rule: &Rule, subject: &Subject<'_>, answer: &mut Answer) {
        for pair in &self.pairs {
            match pair.renamed {
                Some(renamed) => answer.fail(self.renamed(rule, subject, pair, renamed)),
                None => answer.pass(),
            }
        }
        for (own, other) in self.called() {
            answer.fail(self.called_otherwise(rule, subject, own, other));
        }
        for &row in &self.only_here {
            answer.fail(self.only_here(rule, subject, row));
        }
    }

    /// The first cell that says what a row is about.
    fn first_cell(table: &Table, id: TableId, row: usize) -> Place {
        let columns = table.columns.iter().enumerate();
        let mut keys: Vec<(bool, usize)> = columns
            .filter(|(at, column)| column.role.is_key() && table.cell(row, *at).is_some())
            .map(|(at, column)| (!is_name(column.role), at))
            .collect();
        keys.sort_unstable();
        Place::at(id, row, keys.first().map_or(0, |(_, at)| *at))
    }

    /// The first cells of a pair that differ in a name, of the table and of the
    /// reference.
    fn differing_names(&self, pair: &Pair, of: fn(Role) -> bool) -> Option<(Place, Place)> {
        let beside = self.references.get(&pair.other.table)?;
        let is_wanted = |at: usize| self.table.columns.get(at).is_some_and(|c| of(c.role));
        let mut names = beside.keys.iter().filter(|(own, _)| is_wanted(*own));
        let differs = |&&(own, theirs): &&(usize, usize)| {
            let cell = |text: Option<&str>| text.map_or_else(String::new, key);
            let other = beside.table.cell(pair.other.row, theirs);
            cell(self.table.cell(pair.own, own)) != cell(other)
        };
        let &(own, theirs) = names.find(differs)?;
        let there = Place::at(pair.other.table, pair.other.row, theirs);
        Some((self.place(pair.own, own), there))
    }

    fn renamed(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        pair: &Pair,
        renamed: Renamed,
    ) -> Finding {
        let first = || {
            let beside = self.references.get(&pair.other.table);
            let other = beside.map(|b| Self::first_cell(b.table, pair.other.table, pair.other.row));
            let at = Self::first_cell(self.table, self.id, pair.own);
            (at, other.unwrap_or(at))
        };
        let cell = |place: Place| subject.dataset.cell(place).unwrap_or("nothing").to_owned();
        let source = source_of(subject, pair.other.table);
        let (at, other, says) = match renamed {
            Renamed::Candidate => {
                let (at, other) = self.differing_names(pair, is_name).unwrap_or_else(first);
                let (own, name) = (cell(at), cell(other));
                let says =
                    format!("{own} is called {name} in {source}; the rows are taken for one.");
                (at, other, says)
            }
            Renamed::Party => {
                let (at, other) = self.differing_names(pair, is_party).unwrap_or_else(first);
                let (own, party, whose) = (cell(at), cell(other), self.words_of(pair.own));
                let says = format!(
                    "The party of {whose} is given as {own}; in {source} it is {party}, and the \
                     rows are taken for one."
                );
                (at, other, says)
            }
        };
        let label = format!("{} in the reference", cell(other));
        let mut found = taken_for_one(rule, subject, at, says, label);
        found.related.push(related(other, "the same row"));
        self.name_row(&mut found.key, pair.own);
        found
    }

    /// The first cells, of each column whose names the reference has otherwise
    /// throughout, that show it.
    fn called(&self) -> Vec<(Place, Place)> {
        let mut all = Vec::new();
        for (id, beside) in &self.references {
            let columns = beside.called.keys().filter_map(|&key| beside.keys.get(key));
            for &(own, theirs) in columns {
                let mut pairs = self.pairs.iter().filter(|pair| pair.other.table == *id);
                let named = |pair: &&Pair| {
                    let text = |text: Option<&str>| text.map_or_else(String::new, key);
                    let other = beside.table.cell(pair.other.row, theirs);
                    text(self.table.cell(pair.own, own)) != text(other)
                };
                let first = pairs.find(named).map(|pair| {
                    let other = Place::at(*id, pair.other.row, theirs);
                    (self.place(pair.own, own), other)
                });
                all.extend(first);
            }
        }
        all
    }

    fn called_otherwise(
        &self,
        rule: &Rule,
        subject: &Subject<'_>,
        own: Place,
        other: Place,
    ) -> Finding {
        let cell = |place: Place| subject.dataset.cell(place).unwrap_or("nothing").to_owned();
        let (name, there) = (cell(own), cell(other));
        let heading = self.heading(own.column as usize);
        let says = format!(
            "{name} is called {there} in {}; the names of “{heading}” that differ in this way \
             are taken for one.",
            source_of(subject, other.table),
        );
        let label = format!("{there} in the reference");
        let mut found = taken_for_one(rule, subject, own, says, label);
        found.related.push(related(other, "the same name"));
        found.key.insert("metric", heading);
        found
    }

    fn only_here(&self, rule: &Rule, subject: &Subject<'_>, row: usize) -> Finding {
        let at = Self::first_cell(self.table, self.id, row);
        let about = described(subject, at);
        let message = format!("The reference has no row of {}.", self.words_of(row));
        let label = "not in the reference".to_owned();
        let mut found = finding(rule, Locus::Cell(at), &about.scope, message, label);
        self.name_row(&mut found.key, row);
        found
    }

    fn only_there(&self, rule: &Rule, subject: &Subject<'_>, there: Row) -> Finding {
        let beside = self.references.get(&there.table);
        let whose = beside.map_or_else(String::new, |beside| words_of(beside.table, there.row));
        let at = beside.map_or(Place::at(there.table, there.row, 0), |beside| {
            Self::first_cell(beside.table, there.table, there.row)
        });
        let source = source_of(subject, self.id);
        let mut found = finding(
            rule,
            Locus::Cell(at),
            &crate::model::Scope::default(),
            format!("{source} has no row of {whose}; the reference has one."),
            format!("not in {source}"),
        );
        found.key.insert("candidate", whose);
        found
    }
}

/// Two names are taken for one: a finding that weighs less.
fn taken_for_one(
    rule: &Rule,
    subject: &Subject<'_>,
    at: Place,
    says: String,
    label: String,
) -> Finding {
    let about = described(subject, at);
    let mut found = finding(rule, Locus::Cell(at), &about.scope, says, label);
    found.severity = found.severity.lower();
    found
}

/// The result that a figure is of, and what it measures.
fn result_of<'s>(subject: &Subject<'s>, place: Place) -> Option<(&'s ResultRow, Metric)> {
    let wanted = (place.table, place.row);
    let results = &subject.relations.results;
    let first = results.partition_point(|r| (r.table, r.row) < wanted);
    let rows = results.get(first..)?.iter();
    let mut rows = rows.take_while(|r| (r.table, r.row) == wanted);
    rows.find_map(|row| {
        let mut figures = row.figures.iter();
        let (metric, _) = figures.find(|(_, figure)| figure.place == place)?;
        Some((row, *metric))
    })
}

/// Compares all tables with the references.
#[must_use]
pub fn differences(subject: &Subject<'_>) -> Differences {
    let mut all = Differences::default();
    if subject.dataset.references().next().is_none() {
        return all;
    }
    let compared = Comparisons::new(subject);
    for comparison in &compared.all {
        comparison.tell(subject, &mut all);
    }
    for (comparison, there) in compared.only_there() {
        let beside = comparison.references.get(&there.table);
        let cell = beside.map(|b| Comparison::first_cell(b.table, there.table, there.row));
        all.only_there.extend(cell);
    }
    let unlike = unlike::compare(subject, &compared.unlike);
    all.compared += unlike.same + unlike.differing.len() as u64;
    all.figures.extend(unlike.differing);
    all.only_here
        .extend(unlike.only_here.into_iter().map(|(_, at)| at));
    all.only_there
        .extend(unlike.only_there.into_iter().map(|(_, at)| at));
    all.figures.sort_by_key(|difference| difference.own);
    let nothing = all.compared == 0 && subject.dataset.tables().next().is_some();
    all.hindrance = nothing.then(|| compared.hindrance());
    all
}

/// Who a row is of.
fn whom(table: &Table, row: usize) -> String {
    let columns = table.columns.iter().enumerate();
    let names = columns.filter(|(_, column)| is_name(column.role));
    let cells: Vec<&str> = names.filter_map(|(at, _)| table.cell(row, at)).collect();
    cells.join(" ")
}

/// Do two figures agree? `None` where neither has one. Shares are compared as
/// far as both are printed.
pub(super) fn agree(
    ours: Option<&Number>,
    theirs: Option<&Number>,
    tolerance: Exact,
) -> Option<bool> {
    match (ours, theirs) {
        (None, None) => None,
        (Some(a), Some(b)) => {
            let off = (&a.value - &b.value).abs();
            let rounded = (a.decimals > 0 || b.decimals > 0) && a.decimals != b.decimals;
            let slack = if rounded {
                a.half_unit().max(b.half_unit())
            } else {
                Exact::zero()
            };
            Some(off <= tolerance.max(slack))
        }
        (Some(_), None) | (None, Some(_)) => Some(false),
    }
}
/// Pairs of figures of one column that have each other's value.
fn exchanged(differing: &[Difference]) -> HashMap<usize, usize> {
    let value = |n: &Option<Number>| n.as_ref().map(|n| n.value.clone());
    let mut found = HashMap::new();
    for (a, one) in differing.iter().enumerate() {
        for (b, another) in differing.iter().enumerate().skip(a + 1).take(64) {
            let crossed = one.own.column == another.own.column
                && value(&one.ours) == value(&another.theirs)
                && value(&one.theirs) == value(&another.ours);
            if crossed && !found.contains_key(&a) && !found.contains_key(&b) {
                found.insert(a, b);
                found.insert(b, a);
            }
        }
    }
    found
}

pub(super) fn place(table: TableId, row: usize, column: usize) -> Place {
    Place::at(table, row, column)
}
