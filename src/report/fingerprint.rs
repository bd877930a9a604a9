//! Findings in the order in which they are told, each with its fingerprint: the
//! same in every format.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::place::{Located, by_place, locate};
use crate::model::{Dataset, Finding, Report};

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
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut told: Vec<_> = by_place(report)
        .into_iter()
        .map(|finding| {
            let about = about(&report.dataset, finding);
            let repeat = seen.entry(about.clone()).or_default();
            *repeat += 1;
            let hash = blake3::hash(format!("{about}\0{repeat}").as_bytes()).to_hex();
            Told {
                finding,
                fingerprint: hash.chars().take(32).collect(),
                at: locate(&report.dataset, finding.at),
            }
        })
        .collect();
    told.sort_by_key(|told| Reverse(told.finding.severity));
    told
}

fn about(dataset: &Dataset, finding: &Finding) -> String {
    let at = locate(dataset, finding.at);
    let file = at.map_or("", |at| at.source.name());
    let own_name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let column = at.and_then(|at| at.column_name).unwrap_or("");
    let mut parts = vec![finding.rule.as_str(), own_name, column];
    parts.extend(finding.key.iter().flat_map(|(k, v)| [k, v]));
    parts.join("\0")
}
