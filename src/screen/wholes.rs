//! The other tables in, out the rows that count the units of the large one.

use std::collections::{BTreeMap, HashSet};

use super::Unfit;
use super::memory::ById;
use crate::model::{
    Dataset, Layout, Measured, Metric, Number, Parties, Relations, ResultRow, Role, TableId, fold,
    key, sum_key,
};

/// Is it a row of all areas together, and its count?
type Counted = (bool, Option<i64>);

/// Rows of other tables that units may add up to. Each sum has a number.
#[derive(Debug, Default)]
pub struct Wholes {
    sums: ById<u32>,
    /// By their numbers.
    stated: Vec<Stated>,
    /// The areas that rows count.
    areas: HashSet<Vec<String>>,
}

/// A sum that rows of other tables state.
#[derive(Debug)]
pub struct Stated {
    pub key: u128,
    /// Is it that of all areas together?
    pub of_all: bool,
    /// What they say that it comes to.
    pub values: Vec<Option<i64>>,
}

impl Stated {
    /// Does a value differ from what one of them says?
    pub fn differs(&self, value: i64) -> bool {
        self.values.iter().any(|stated| *stated != Some(value))
    }
}

impl Wholes {
    /// # Errors
    /// Where other tables have figures of units: rows of the large one may be
    /// parts of those.
    pub fn new(
        large: TableId,
        dataset: &Dataset,
        relations: &Relations,
        layout: &Layout,
        parties: &Parties,
    ) -> Result<Self, Unfit> {
        if relations.figures.iter().any(|f| f.scope.unit.is_some()) {
            return Err(Unfit::Shape("figures of units in other tables"));
        }
        let usable = |row: &&ResultRow| {
            let table = dataset.table(row.table);
            row.table != large
                && row.scope.unit.is_none()
                && row.scope.stage.is_none()
                && table.is_some_and(|t| t.column_of(Role::Mode).is_none())
        };
        let mut by_key: BTreeMap<(u128, TableId), Vec<Counted>> = BTreeMap::new();
        let mut wholes = Self::default();
        for row in relations.results.iter().filter(usable) {
            let Some(votes) = row.figures.get(&Metric::Votes) else {
                continue;
            };
            let mut area: Vec<String> = row.scope.regions.iter().map(|r| fold(r)).collect();
            area.sort();
            let scope = &row.scope;
            let key = sum_key(
                &scope.contest_key,
                &scope.election_key,
                &area,
                &whose(row, parties),
            );
            let value = count(dataset, layout, votes);
            let of_table = by_key.entry((key, row.table)).or_default();
            of_table.push((area.is_empty(), value));
            if !wholes.areas.contains(&area) {
                wholes.areas.insert(area);
            }
        }
        for ((key, _), values) in by_key {
            // Rows that are not alone count nothing.
            if let [(of_all, value)] = values.as_slice() {
                wholes.add(key, *of_all, *value);
            }
        }
        Ok(wholes)
    }

    fn add(&mut self, key: u128, of_all: bool, value: Option<i64>) {
        let next = u32::try_from(self.stated.len()).unwrap_or(u32::MAX);
        let at = *self.sums.entry(key).or_insert(next);
        if at == next {
            self.stated.push(Stated {
                key,
                of_all,
                values: Vec::new(),
            });
        }
        if let Some(stated) = self.stated.get_mut(at as usize) {
            stated.values.push(value);
        }
    }

    /// The number of a sum that rows of other tables state, by its contest and
    /// election, its area, and whose it is.
    pub fn find(
        &self,
        [contest, election]: [&str; 2],
        area: &[String],
        whose: &str,
    ) -> Option<u32> {
        let key = sum_key(contest, election, area, whose);
        self.sums.get(&key).copied()
    }

    pub fn counts_area(&self, area: &[String]) -> bool {
        self.areas.contains(area)
    }

    /// How many sums there are.
    pub fn len(&self) -> usize {
        self.stated.len()
    }

    pub fn get(&self, at: usize) -> Option<&Stated> {
        self.stated.get(at)
    }
}

fn whose(row: &ResultRow, parties: &Parties) -> String {
    let candidate = row.candidate.as_ref().map(|name| key(&name.text));
    let party = || row.party.as_ref().map(|name| parties.key(&name.text));
    candidate.or_else(party).unwrap_or_default()
}

fn count(dataset: &Dataset, layout: &Layout, votes: &Measured) -> Option<i64> {
    let text = dataset.cell(votes.place)?;
    let number = Number::parse(text).filter(|_| !layout.is_missing(text))?;
    let whole = number.value.is_integer().then(|| number.value.to_integer());
    i64::try_from(whole?).ok()
}
