//! Results and figures in, the same as frames of Polars out: keys and scaled
//! whole numbers, a row each.

use polars::prelude::Series as PolarsSeries;
use polars::prelude::{Column as Series, DataFrame, NamedFrom, PolarsResult};

use crate::model::{Metric, Number, Parties, key};

use super::{FigureRow, Relations, ResultRow};

impl Relations {
    /// `results` as a frame, a row each in the same order:
    /// `table`, `row` (u32), `contest`, `election`, `stage`, `unit`, `areas` (of
    /// the unit), `candidate`, `party` (keys; str, null where not given),
    /// `aggregate` (bool), and for
    /// each metric of an entry its value × 10^dp (`votes`: i64) and its
    /// decimals (`votes_dp`: i32), null where nothing is printed.
    ///
    /// # Errors
    /// Only where Polars cannot build a frame.
    pub fn results_frame(&self, parties: &Parties) -> PolarsResult<DataFrame> {
        let rows = &self.results;
        let text = |name: &str, of: &dyn Fn(&ResultRow) -> Option<String>| {
            Series::from(PolarsSeries::new(
                name.into(),
                rows.iter().map(of).collect::<Vec<_>>(),
            ))
        };
        let mut columns = vec![
            Series::from(PolarsSeries::new(
                "table".into(),
                rows.iter().map(|r| r.table.0).collect::<Vec<_>>(),
            )),
            Series::from(PolarsSeries::new(
                "row".into(),
                rows.iter().map(|r| r.row).collect::<Vec<_>>(),
            )),
            text("contest", &|r| Some(r.scope.contest_key.clone())),
            text("election", &|r| Some(r.scope.election_key.clone())),
            text("stage", &|r| r.scope.stage.clone()),
            text("unit", &|r| r.scope.unit.clone()),
            text("areas", &|r| Some(r.scope.areas_of_unit().join("\0"))),
            text("candidate", &|r| r.candidate.as_ref().map(|n| key(&n.text))),
            text("party", &|r| r.party.as_ref().map(|n| parties.key(&n.text))),
            Series::from(PolarsSeries::new(
                "aggregate".into(),
                rows.iter().map(|r| r.aggregate).collect::<Vec<_>>(),
            )),
        ];
        for metric in Metric::ALL.into_iter().filter(|m| m.is_of_entry()) {
            let numbers = rows
                .iter()
                .map(|r| r.figures.get(&metric).map(|m| &m.number));
            columns.extend(number_columns(metric.name(), numbers));
        }
        DataFrame::new(rows.len(), columns)
    }

    /// `figures` as a frame, a row each in the same order: `contest`,
    /// `election`, `stage`, `unit`, `metric` (str), `party` (key, nullable), `value`
    /// (× 10^dp; i64), `value_dp` (i32).
    ///
    /// # Errors
    /// Only where Polars cannot build a frame.
    pub fn figures_frame(&self, parties: &Parties) -> PolarsResult<DataFrame> {
        let rows = &self.figures;
        let text = |name: &str, of: &dyn Fn(&FigureRow) -> Option<String>| {
            Series::from(PolarsSeries::new(
                name.into(),
                rows.iter().map(of).collect::<Vec<_>>(),
            ))
        };
        let mut columns = vec![
            text("contest", &|r| Some(r.scope.contest_key.clone())),
            text("election", &|r| Some(r.scope.election_key.clone())),
            text("stage", &|r| r.scope.stage.clone()),
            text("unit", &|r| r.scope.unit.clone()),
            text("metric", &|r| Some(r.metric.name().to_owned())),
            text("party", &|r| r.party.as_ref().map(|p| parties.key(p))),
        ];
        columns.extend(number_columns(
            "value",
            rows.iter().map(|r| Some(&r.measured.number)),
        ));
        DataFrame::new(rows.len(), columns)
    }
}

fn number_columns<'a>(
    name: &str,
    numbers: impl Iterator<Item = Option<&'a Number>>,
) -> [Series; 2] {
    let (values, decimals): (Vec<Option<i64>>, Vec<Option<i32>>) = numbers
        .map(|number| match number.map(|n| (n.to_scaled(), n.decimals)) {
            Some((Some(value), decimals)) => (Some(value), Some(decimals)),
            _ => (None, None),
        })
        .unzip();
    [
        Series::from(PolarsSeries::new(name.into(), values)),
        Series::from(PolarsSeries::new(format!("{name}_dp").into(), decimals)),
    ]
}
