//! Figures of contests in, those of each result and the rows of `figures` out.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::check::{ScopeKey, Subject, scope_key};
use crate::model::{Exact, FigureRow, Measured, Metric, Place, ResultRow, TableId};

/// Figures of contests, for the rows of `results`.
#[derive(Debug, Default)]
pub struct OfContests<'a> {
    of_row: HashMap<(ScopeKey<'a>, Metric, TableId, u32), &'a Measured>,
    /// By table, what it says of a stage of the count, or of none.
    of_table: HashMap<(ScopeKey<'a>, Option<&'a str>, Metric), BTreeMap<TableId, Agreed<'a>>>,
}

/// A figure that is given once or several times.
#[derive(Debug, Clone, Copy)]
enum Agreed<'a> {
    On(&'a Measured),
    /// Its values differ.
    Nothing,
}

impl<'a> Agreed<'a> {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::On(one), Self::On(two)) if one.number.value == two.number.value => self,
            _ => Self::Nothing,
        }
    }

    fn figure(self) -> Option<&'a Measured> {
        match self {
            Self::On(measured) => Some(measured),
            Self::Nothing => None,
        }
    }
}

impl<'a> OfContests<'a> {
    /// Figures of one party ("CON majority") are left out.
    pub fn new(subject: &'a Subject<'a>) -> Self {
        let mut own = Self::default();
        let figures = subject.relations.figures.iter();
        for figure in figures.filter(|figure| figure.party.is_none()) {
            let (scope, measured) = (scope_key(&figure.scope), &figure.measured);
            let Place { table, row, .. } = measured.place;
            let of_row = (scope, figure.metric, table, row);
            own.of_row.entry(of_row).or_insert(measured);
            let stage = figure.scope.stage.as_deref();
            let of_stage = (scope, stage, figure.metric);
            let of_stage = own.of_table.entry(of_stage).or_default();
            let agreed = Agreed::On(measured);
            let known = of_stage.entry(table).or_insert(agreed);
            *known = known.and(agreed);
        }
        own
    }

    /// The figure of a row's contest: that of its own row; else the one that
    /// its table, else that all tables agree on.
    pub fn find(&self, row: &'a ResultRow, metric: Metric) -> Option<&'a Measured> {
        let scope = scope_key(&row.scope);
        if let Some(own) = self.of_row.get(&(scope, metric, row.table, row.row)) {
            return Some(own);
        }
        let stage = row.scope.stage.as_deref();
        let own_stage = stage.and_then(|_| self.of_table.get(&(scope, stage, metric)));
        let tables = self.of_table.get(&(scope, None, metric));
        let tables: Vec<(&TableId, &Agreed<'a>)> =
            tables.into_iter().chain(own_stage).flatten().collect();
        let own = tables.iter().filter(|(table, _)| **table == row.table);
        let own = own.map(|(_, agreed)| **agreed).reduce(Agreed::and);
        let all = || {
            tables
                .iter()
                .map(|(_, agreed)| **agreed)
                .reduce(Agreed::and)
        };
        own.or_else(all)?.figure()
    }
}

/// A row of `figures`.
pub type FiguresRow<'a> = BTreeMap<Metric, &'a FigureRow>;

/// What makes a row of `figures`: table, contest, election, stage, unit, party,
/// and the areas of the unit.
type FigureKey<'a> = (TableId, [Option<&'a str>; 5], &'a [String]);

/// A row of figures for each table, contest, election, stage, unit and party.
/// Figures that stand in one row of their table and disagree with those before
/// are a row of their own.
pub fn figures<'a>(subject: &'a Subject<'a>) -> Vec<FiguresRow<'a>> {
    let mut bundles: Vec<(FigureKey<'a>, FiguresRow<'a>)> = Vec::new();
    let mut last: Option<(FigureKey<'a>, u32)> = None;
    for figure in &subject.relations.figures {
        let at = (figure_key(figure), figure.measured.place.row);
        match bundles.last_mut().filter(|_| last == Some(at)) {
            Some((_, bundle)) => {
                bundle.entry(figure.metric).or_insert(figure);
            }
            None => bundles.push((at.0, BTreeMap::from([(figure.metric, figure)]))),
        }
        last = Some(at);
    }
    let mut rows: Vec<FiguresRow<'a>> = Vec::new();
    let mut of_key: HashMap<FigureKey<'a>, usize> = HashMap::new();
    let mut seen: HashSet<(FigureKey<'a>, Vec<(Metric, &'a Exact)>)> = HashSet::new();
    for (key, bundle) in bundles {
        let values = bundle.iter().map(|(metric, f)| (*metric, value(f)));
        if !seen.insert((key, values.collect())) {
            continue;
        }
        let first = of_key.get(&key).and_then(|row| rows.get_mut(*row));
        if let Some(row) = first.filter(|row| agree(row, &bundle)) {
            row.extend(bundle);
        } else {
            of_key.entry(key).or_insert(rows.len());
            rows.push(bundle);
        }
    }
    rows
}

fn figure_key(figure: &FigureRow) -> FigureKey<'_> {
    let scope = &figure.scope;
    let key = [
        Some(scope.contest_key.as_str()),
        Some(scope.election_key.as_str()),
        scope.stage.as_deref(),
        scope.unit.as_deref(),
        figure.party.as_deref(),
    ];
    (figure.measured.place.table, key, scope.areas_of_unit())
}

fn value(figure: &FigureRow) -> &Exact {
    &figure.measured.number.value
}

fn agree(one: &FiguresRow<'_>, other: &FiguresRow<'_>) -> bool {
    other.iter().all(|(metric, figure)| {
        let known = one.get(metric);
        known.is_none_or(|known| value(known) == value(figure))
    })
}
