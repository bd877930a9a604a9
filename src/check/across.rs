//! The units of one table add up to the rows of another: precincts to counties.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{
    Finding, Locus, Metric, Rest, ResultRow, Role, Sound, TableId, fold, key, sum_key,
};

use super::cells::term_at;
use super::sums::Sum;
use super::{Answer, Rule, Subject, Tally, finding, related, title};

/// The parameters of sums across tables: the figure that adds up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Across {
    of: Metric,
}

/// Contest, election, stage, the area, and whose figure.
type RowKey<'s> = (&'s str, &'s str, Option<&'s str>, Vec<String>, String);

/// For each row's key the rows of one table that are of it.
type Rows<'s> = BTreeMap<RowKey<'s>, Vec<&'s ResultRow>>;

/// The rows of units of a table; with those that were sound and not kept.
#[derive(Default)]
struct Units<'s> {
    rows: Rows<'s>,
    sound: Option<&'s Sound>,
}

/// The units of one table, and the row of another that counts them.
struct Pair<'s> {
    row: &'s ResultRow,
    /// The table of the units.
    units: TableId,
    sum: Sum,
}

impl Across {
    pub(super) fn answer(&self, rule: &Rule, subject: &Subject<'_>) -> Answer {
        let mut answer = Answer::default();
        let mut units: BTreeMap<TableId, Units<'_>> = BTreeMap::new();
        for (id, table) in subject.dataset.tables() {
            if let Some(sound) = table.sound.as_deref() {
                units.entry(id).or_default().sound = Some(sound);
            }
        }
        let mut wholes: BTreeMap<TableId, Rows<'_>> = BTreeMap::new();
        let usable = |r: &&ResultRow| {
            let table = subject.dataset.table(r.table);
            // A row for each way of voting would be counted with their total.
            let by_mode = table.is_some_and(|t| t.column_of(Role::Mode).is_some());
            !by_mode && !r.scope.contest_key.is_empty() && r.figures.contains_key(&self.of)
        };
        for row in subject.relations.results.iter().filter(usable) {
            if row.scope.unit.is_some() {
                let of_table = &mut units.entry(row.table).or_default().rows;
                for area in areas(row) {
                    let key = row_key(subject, row, area);
                    of_table.entry(key).or_default().push(row);
                }
            } else {
                let key = row_key(subject, row, folded(&row.scope.regions));
                let of_table = wholes.entry(row.table).or_default();
                of_table.entry(key).or_default().push(row);
            }
        }
        for (parts_of, parts) in &units {
            for (_, wholes) in wholes.iter().filter(|(of, _)| *of != parts_of) {
                let pairs = wholes
                    .iter()
                    .filter_map(|(key, rows)| self.pair(subject, *parts_of, rows, parts.of(key)?));
                let pairs: Vec<Pair<'_>> = pairs.collect();
                self.judge(rule, subject, pairs, &mut answer);
            }
        }
        answer
    }

    /// `None` where a row is not alone, or a figure is no count.
    fn pair<'s>(
        &self,
        subject: &Subject<'_>,
        units_of: TableId,
        rows: &[&'s ResultRow],
        (parts, rest): (&[&'s ResultRow], Rest),
    ) -> Option<Pair<'s>> {
        let [row] = rows else { return None };
        let units: BTreeSet<_> = parts
            .iter()
            .filter_map(|p| p.scope.unit.as_deref())
            .collect();
        if parts.len() + rest.parts < 2 || units.len() != parts.len() || rest.repeats {
            return None;
        }
        let term = |row: &ResultRow| term_at(subject, row.figures.get(&self.of)?.place);
        Some(Pair {
            row,
            units: units_of,
            sum: Sum {
                total: term(row)?,
                parts: parts.iter().map(|part| term(part)).collect::<Option<_>>()?,
                rest,
                finding: None,
            },
        })
    }

    /// Where most rows do not come out, the table has not all units.
    fn judge(&self, rule: &Rule, subject: &Subject<'_>, pairs: Vec<Pair<'_>>, answer: &mut Answer) {
        let tally = Tally::of(pairs.iter().map(|pair| pair.sum.comes_out()));
        for mut pair in pairs {
            if pair.sum.comes_out() {
                answer.pass();
            } else if tally.is_of_something_else() {
                answer.unknown("most rows are not the sum of the units: some units may be missing");
                continue;
            } else {
                pair.sum.finding = Some(answer.findings.len());
                answer.fail(self.found(rule, subject, &pair));
            }
            answer.sums.push(pair.sum);
        }
    }

    fn found(&self, rule: &Rule, subject: &Subject<'_>, pair: &Pair<'_>) -> Finding {
        let (row, sum) = (pair.row, &pair.sum);
        let [shown, right] = sum.shown();
        let name = row.name();
        let file = |table: TableId| {
            let source = subject.dataset.table(table).map(|t| t.source);
            let source = source.and_then(|id| subject.dataset.source(id));
            source.map_or("another table", |s| s.name())
        };
        let first = sum.parts.first().map(|part| part.place);
        let message = format!(
            "The {} of {name} in {} are given as {shown}, but {} units in {} add up to {right}.",
            self.of.words(),
            title(&row.scope),
            sum.len(),
            file(pair.units)
        );
        let at = Locus::Cell(sum.total.place);
        let mut found = finding(
            rule,
            at,
            &row.scope,
            message,
            format!("the units add up to {right}"),
        );
        let words = format!("the first of {} units", sum.len());
        found
            .related
            .extend(first.map(|place| related(place, words)));
        sum.tell(found).about(Some(name), self.of)
    }
}

impl<'s> Units<'s> {
    /// The rows of units of a key, and what those come to that are not kept.
    fn of(&self, key: &RowKey<'s>) -> Option<(&[&'s ResultRow], Rest)> {
        let rows = self.rows.get(key).map(Vec::as_slice);
        let (contest, election, stage, area, whose) = key;
        let sound = self.sound.filter(|_| stage.is_none());
        let rest = sound.and_then(|sound| {
            let key = sum_key(contest, election, area, whose);
            sound.sums.get(&key).copied()
        });
        let known = rows.is_some() || rest.is_some();
        known.then(|| (rows.unwrap_or_default(), rest.unwrap_or_default()))
    }
}

fn folded(regions: &[String]) -> Vec<String> {
    let mut folded: Vec<String> = regions.iter().map(|r| fold(r)).collect();
    folded.sort();
    folded
}

/// The areas that a unit may be counted in: all together, each of its regions,
/// and the one that all of these name.
fn areas(row: &ResultRow) -> BTreeSet<Vec<String>> {
    let all = folded(&row.scope.regions);
    let each = all.iter().map(|region| vec![region.clone()]);
    each.chain([Vec::new(), all.clone()]).collect()
}

fn row_key<'s>(subject: &Subject<'_>, row: &'s ResultRow, area: Vec<String>) -> RowKey<'s> {
    let scope = &row.scope;
    let party = row.party.as_ref().map(|p| subject.parties.key(&p.text));
    let candidate = row.candidate.as_ref().map(|c| key(&c.text));
    let whose = candidate.or(party).unwrap_or_default();
    (
        &scope.contest_key,
        &scope.election_key,
        scope.stage.as_deref(),
        area,
        whose,
    )
}
