//! Findings in the order in which they are told, each with its fingerprint: the
//! same in every format.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::place::{Located, by_place, locate};
use crate::model::{Dataset, Finding, Report, Source};

/// A finding with its fingerprint and its place.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    pub finding: &'a Finding,
    pub fingerprint: String,
    pub at: Option<Located<'a>>,
}

/// Errors first, then by file and place. A fingerprint is what a finding is
/// about, hashed. No line, row or value goes in, so that it stays when others
/// are inserted; findings about one thing are counted in their order.
pub fn told(report: &Report) -> Vec<Told<'_>> {
    let dataset = &report.dataset;
    let findings = by_place(report);
    // Not in the order in which the files were given.
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|&at| {
        let source = findings.get(at).and_then(|f| dataset.source_of(f.at));
        source.map(Source::name)
    });
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut told: Vec<(usize, Told)> = order
        .into_iter()
        .filter_map(|at| {
            let finding = *findings.get(at)?;
            let about = about(dataset, finding);
            let repeat = seen.entry(about.clone()).or_default();
            *repeat += 1;
            let hash = blake3::hash(format!("{about}\0{repeat}").as_bytes()).to_hex();
            let told = Told {
                finding,
                fingerprint: hash.chars().take(32).collect(),
                at: locate(dataset, finding.at),
            };
            Some((at, told))
        })
        .collect();
    told.sort_by_key(|(at, told)| (Reverse(told.finding.severity), *at));
    told.into_iter().map(|(_, told)| told).collect()
}

fn about(dataset: &Dataset, finding: &Finding) -> String {
    let source = dataset.source_of(finding.at);
    let file = source.map_or_else(String::new, |source| {
        let sheet = source.sheet().map(|sheet| format!("#{sheet}"));
        source.path() + &sheet.unwrap_or_default()
    });
    let column = dataset.column_of(finding.at);
    let mut parts = vec![finding.rule.as_str(), &file, column];
    parts.extend(finding.key.iter().flat_map(|(k, v)| [k, v]));
    parts.join("\0")
}
