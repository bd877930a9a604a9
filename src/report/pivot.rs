//! The votes of a file minus those of its reference, as the table that people
//! build by hand: units in rows, candidates in columns, with both totals.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::neutral::{cell, markdown};
use crate::model::{Difference, Exact, Report, show, whole};

/// The differences of one contest.
struct Pivot<'a> {
    contest: &'a str,
    names: BTreeSet<&'a str>,
    /// By unit and name.
    cells: BTreeMap<&'a str, BTreeMap<&'a str, Exact>>,
}

/// Writes a Markdown table for each contest that differs.
pub fn write_markdown(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let pivots = pivots(report);
    if pivots.is_empty() {
        return writeln!(out, "No votes differ from the reference.");
    }
    for pivot in pivots {
        let title = if pivot.contest.is_empty() {
            "All contests"
        } else {
            pivot.contest
        };
        writeln!(out, "## {}: file minus reference\n", markdown(title))?;
        let names: Vec<String> = pivot.names.iter().map(|name| markdown(name)).collect();
        writeln!(out, "| | {} | total |", names.join(" | "))?;
        writeln!(out, "|---|{}", "---:|".repeat(names.len() + 1))?;
        for row in pivot.rows() {
            let cells: Vec<String> = row.iter().map(|text| markdown(text)).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Writes one table of delimited text: contest, unit, candidate, difference.
pub fn write_csv(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(["contest", "unit", "candidate", "file_minus_reference"])?;
    for pivot in pivots(report) {
        for (unit, cells) in &pivot.cells {
            for (name, value) in cells {
                // Programs read plain digits.
                let shown = show(value, 0).replace('−', "-").replace(',', "");
                writer.write_record([cell(pivot.contest), cell(unit), cell(name), shown])?;
            }
        }
    }
    writer.flush()
}

fn pivots(report: &Report) -> Vec<Pivot<'_>> {
    let mut by_contest: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in report.differences.figures.iter().filter(|d| d.is_votes) {
        by_contest
            .entry(&difference.contest)
            .or_default()
            .push(difference);
    }
    let all = by_contest.into_iter();
    all.map(|(contest, own)| pivot(contest, &own)).collect()
}

fn pivot<'a>(contest: &'a str, differences: &[&'a Difference]) -> Pivot<'a> {
    let mut pivot = Pivot {
        contest,
        names: BTreeSet::new(),
        cells: BTreeMap::new(),
    };
    for difference in differences {
        pivot.names.insert(&difference.name);
        let unit = difference.unit.as_deref().unwrap_or("all");
        let cells = pivot.cells.entry(unit).or_default();
        *cells.entry(&difference.name).or_insert_with(|| whole(0)) += difference.off();
    }
    pivot
}

impl Pivot<'_> {
    /// A row for each unit and one for all, each with its total at the end.
    fn rows(&self) -> Vec<Vec<String>> {
        let value = |cells: &BTreeMap<&str, Exact>, name: &str| cells.get(name).cloned();
        let mut rows = Vec::new();
        let mut totals: BTreeMap<&str, Exact> = BTreeMap::new();
        for (unit, cells) in &self.cells {
            let mut row = vec![(*unit).to_owned()];
            for name in &self.names {
                let off = value(cells, name);
                row.push(off.as_ref().map_or_else(|| "0".to_owned(), signed));
                if let Some(off) = off {
                    let total = totals.entry(name).or_insert_with(|| whole(0));
                    *total += off;
                }
            }
            row.push(signed(&cells.values().sum()));
            rows.push(row);
        }
        let mut last = vec!["total".to_owned()];
        let shown = |name: &&str| totals.get(name).map_or_else(|| "0".to_owned(), signed);
        last.extend(self.names.iter().map(shown));
        last.push(signed(&totals.values().sum()));
        rows.push(last);
        rows
    }
}

fn signed(value: &Exact) -> String {
    let shown = show(value, 0);
    if *value > whole(0) {
        format!("+{shown}")
    } else {
        shown
    }
}
