//! The other tables in, out the rows that count the units of the large one.

use std::collections::{BTreeMap, HashSet};

use super::Unfit;
use super::judge::ByHash;
use crate::model::{
    Dataset, Layout, Measured, Metric, Number, Parties, Relations, ResultRow, Role, TableId,
    area_hash, fold, key, sum_key,
};

/// The area of a row, and its count.
type Stated = (u64, Option<i64>);

/// Rows of other tables that units may add up to. Each sum has a number.
#[derive(Debug, Default)]
pub struct Wholes {
    sums: ByHash<u32>,
    /// By the number of the sum: the key, and what other tables say that it
    /// comes to.
    stated: Vec<(u64, Vec<Option<i64>>)>,
    /// By the number of the sum: the area.
    of_areas: Vec<u64>,
    /// The areas that rows count.
    areas: HashSet<u64>,
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
        let mut by_key: BTreeMap<(u64, TableId), Vec<Stated>> = BTreeMap::new();
        let mut wholes = Self::default();
        for row in relations.results.iter().filter(usable) {
            let Some(votes) = row.figures.get(&Metric::Votes) else {
                continue;
            };
            let mut area: Vec<String> = row.scope.regions.iter().map(|r| fold(r)).collect();
            area.sort();
            let hash = area_hash(&area);
            wholes.areas.insert(hash);
            let scope = &row.scope;
            let key = sum_key(
                &scope.contest_key,
                &scope.election_key,
                &area,
                &whose(row, parties),
            );
            let value = count(dataset, layout, votes);
            let of_table = by_key.entry((key, row.table)).or_default();
            of_table.push((hash, value));
        }
        for ((key, _), values) in by_key {
            // Rows that are not alone count nothing.
            if let [(area, value)] = values.as_slice() {
                wholes.add(key, *area, *value);
            }
        }
        Ok(wholes)
    }

    fn add(&mut self, key: u64, area: u64, value: Option<i64>) {
        let next = u32::try_from(self.stated.len()).unwrap_or(u32::MAX);
        let at = *self.sums.entry(key).or_insert(next);
        if at == next {
            self.stated.push((key, Vec::new()));
            self.of_areas.push(area);
        }
        if let Some((_, stated)) = self.stated.get_mut(at as usize) {
            stated.push(value);
        }
    }

    /// The number of a sum that rows of other tables state.
    pub fn find(&self, key: u64) -> Option<u32> {
        self.sums.get(&key).copied()
    }

    pub fn counts_area(&self, area: u64) -> bool {
        self.areas.contains(&area)
    }

    /// Is a sum of an area?
    pub fn is_of(&self, at: usize, area: u64) -> bool {
        self.of_areas.get(at) == Some(&area)
    }

    /// How many sums there are.
    pub fn len(&self) -> usize {
        self.stated.len()
    }

    /// The key of a sum, and what it comes to by other tables.
    pub fn stated(&self, at: usize) -> Option<(u64, &[Option<i64>])> {
        self.stated
            .get(at)
            .map(|(key, stated)| (*key, stated.as_slice()))
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
