//! Single errors planted into true claims of the labelled copy are found, and
//! copy as it stands shows nothing that its labels do not know. Skipped, with a
//! message, where the copy is not beside the project.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use scrutineer::load;
use scrutineer::model::{Claim, Metric, Reading, Relations, Standings, Verdict, fold};
use serde_json::Value;

use super::rules::Knowledge;

/// At least this many of a hundred planted errors must be found.
const LEAST_FOUND: usize = 97;

/// A labelled passage with its tables.
struct Passage {
    name: String,
    copy: String,
    tables: Vec<(String, String)>,
    labels: Value,
}

/// An error to plant.
struct Error {
    kind: &'static str,
    range: Range<usize>,
    instead: String,
}

#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn passages() -> Vec<Passage> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/copy/dev");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no labelled copy in {}", folder.display());
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    folders.sort();
    folders
        .iter()
        .filter_map(|folder| passage(folder))
        .collect()
}

fn passage(folder: &Path) -> Option<Passage> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let mut tables: Vec<(String, String)> = (1..=9)
        .map(|number| format!("T{number}.csv"))
        .filter_map(|name| Some((name.clone(), read(&name)?)))
        .collect();
    tables.sort();
    Some(Passage {
        name: folder.file_name()?.to_string_lossy().into_owned(),
        copy: read("copy.txt")?,
        tables,
        labels: serde_json::from_str(&read("truth.json")?).ok()?,
    })
}

impl Passage {
    fn read(&self, knowledge: &Knowledge, copy: &str) -> Reading {
        let mut inputs: Vec<(&str, &str)> = self
            .tables
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        inputs.push(("copy.txt", copy));
        knowledge.read_copy(&load::load_texts(&inputs, knowledge.words()))
    }

    fn labels(&self) -> impl Iterator<Item = &Value> {
        let lists = ["claims", "qualitative"].map(|key| self.labels[key].as_array());
        lists.into_iter().flatten().flatten()
    }

    /// The true claims that were read as such, with their labels.
    fn true_claims<'a>(&'a self, reading: &'a Reading) -> Vec<(&'a Value, &'a Claim)> {
        let pairs = self.labels().filter(|l| l["verdict"] == "agrees");
        let pairs = pairs.filter_map(|label| {
            let own = bytes(label, "byte_start", "byte_end")?;
            let mut met = reading.claims.iter();
            let claim = met.find(|c| c.verdict == Verdict::Agrees && meets(c, &own))?;
            Some((label, claim))
        });
        pairs.collect()
    }

    /// The number of a label, without the words around it.
    fn number(&self, label: &Value) -> Option<Range<usize>> {
        let points = bytes(label, "num_start", "num_end")?;
        let byte = |point: usize| {
            let mut starts = self.copy.char_indices().map(|(at, _)| at);
            starts.nth(point).unwrap_or(self.copy.len())
        };
        let range = byte(points.start)..byte(points.end);
        (range.start < range.end).then_some(range)
    }
}

fn bytes(label: &Value, start: &str, end: &str) -> Option<Range<usize>> {
    let at = |key: &str| usize::try_from(label[key].as_u64()?).ok();
    Some(at(start)?..at(end)?)
}

fn meets(claim: &Claim, range: &Range<usize>) -> bool {
    claim.span.start < range.end && range.start < claim.span.end
}

/// Every single error that makes one true claim of a passage untrue.
fn errors(passage: &Passage, reading: &Reading, standings: &Standings) -> Vec<Error> {
    let claims = passage.true_claims(reading);
    let mut out = Vec::new();
    for (label, claim) in &claims {
        let Some(range) = passage.number(label) else {
            out.extend(turned(passage, label));
            continue;
        };
        let text = &passage.copy[range.clone()];
        let mut plant = |kind, instead: String| {
            let range = range.clone();
            out.push(Error {
                kind,
                range,
                instead,
            });
        };
        if label["unit"] == "rank" {
            if let Some(other) = other_rank(text) {
                plant("rank", other.to_owned());
            }
            continue;
        }
        if !label["hedge"].is_null() {
            continue;
        }
        if is_exact(text) {
            for (kind, slip) in slips(text) {
                plant(kind, slip);
            }
        }
        if let Some(other) = neighbours(label, text, &claims, passage) {
            plant("neighbour", other);
        }
        if let Some(other) = other_election(claim, text, standings) {
            plant("election", other);
        }
    }
    out.extend(
        claims
            .iter()
            .filter_map(|(label, _)| turned_hedge(passage, label)),
    );
    out
}

/// A number printed to the last digit.
fn is_exact(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || c == ',' || c == '.');
    plain && digits.len() >= 3 && !digits.ends_with("00")
}

/// The slips of a hand on a keyboard.
fn slips(text: &str) -> Vec<(&'static str, String)> {
    let places: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .map(|(at, _)| at)
        .collect();
    let digit = |at: usize| &text[at..=at];
    let mut out = Vec::new();
    let pair = places
        .windows(2)
        .skip(1)
        .find(|p| digit(p[0]) != digit(p[1]));
    if let Some(&[a, b]) = pair {
        let mut swapped = text.to_owned();
        swapped.replace_range(a..=a, digit(b));
        swapped.replace_range(b..=b, digit(a));
        out.push(("swapped", swapped));
    }
    let middle = places[places.len() / 2];
    let next = (digit(middle).parse::<u8>().unwrap_or(0) + 4) % 10;
    let mut replaced = text.to_owned();
    replaced.replace_range(middle..=middle, &next.to_string());
    out.push(("replaced", replaced));
    if !text.contains(['.', ',']) || places.len() > 4 {
        let mut dropped = text.to_owned();
        dropped.remove(middle);
        out.push(("dropped", dropped.replace(',', "")));
    }
    out
}

/// The figure of somebody else: of the same kind, and another.
fn neighbours(
    label: &Value,
    text: &str,
    claims: &[(&Value, &Claim)],
    passage: &Passage,
) -> Option<String> {
    let akin = claims.iter().filter(|(other, _)| {
        ["unit", "form", "metric", "period"]
            .iter()
            .all(|key| other[key] == label[key])
    });
    let mut texts = akin.filter_map(|(other, _)| Some(&passage.copy[passage.number(other)?]));
    texts
        .find(|other| *other != text && is_exact(other))
        .map(ToOwned::to_owned)
}

/// The figure of the same person, or party, at another election.
fn other_election(claim: &Claim, text: &str, standings: &Standings) -> Option<String> {
    let metric = match claim.metric {
        "votes" => Metric::Votes,
        "share" => Metric::Share,
        _ => return None,
    };
    let name = fold(claim.entity.as_deref()?);
    let election = claim.election.as_deref()?;
    let of = |election: &dyn Fn(&str) -> bool| {
        let mut own = standings.iter().filter(|s| election(&s.election));
        own.find_map(|standing| {
            let entry = standing.entries.iter().find(|e| fold(e.name()) == name)?;
            let value = &entry.figure(metric)?.number;
            Some((value.value.clone(), value.decimals))
        })
    };
    let (now, decimals) = of(&|own| own == election)?;
    let (then, _) = of(&|own| own != election)?;
    let shown = scrutineer::model::show(&then, decimals.max(0));
    (now != then && is_exact(&shown) && shown != text).then_some(shown)
}

fn other_rank(text: &str) -> Option<&'static str> {
    let ranks = [
        ("first", "second"),
        ("second", "third"),
        ("third", "fourth"),
        ("fourth", "third"),
        ("fifth", "fourth"),
    ];
    let folded = text.to_lowercase();
    ranks
        .iter()
        .find(|(own, _)| *own == folded)
        .map(|(_, other)| *other)
}

/// A claim without a number, turned round.
fn turned(passage: &Passage, label: &Value) -> Option<Error> {
    let turns = [
        ("bigger majority", "smaller majority"),
        ("bigger share", "smaller share"),
        ("lower than", "higher than"),
        ("has dropped", "has risen"),
        ("slides", "climbs"),
        ("surged", "slumped"),
        ("went backwards", "surged"),
        ("Numbers also rose", "Numbers fell"),
        ("defeated", "lost to"),
        ("beat ", "lost to "),
        ("beaten by", "victorious over"),
        ("unseated by", "victorious over"),
        ("loses", "wins"),
        ("has won", "has lost"),
        ("keeps", "loses"),
    ];
    let range = bytes(label, "byte_start", "byte_end")?;
    let text = passage.copy.get(range.clone())?;
    let (own, other) = turns.iter().find(|(own, _)| text.contains(own))?;
    Some(Error {
        kind: "direction",
        range,
        instead: text.replacen(own, other, 1),
    })
}

/// A hedge on the other side.
fn turned_hedge(passage: &Passage, label: &Value) -> Option<Error> {
    let (own, other) = match label["hedge"].as_str()? {
        "more than" | "just more than" | "over" => (label["hedge"].as_str()?, "fewer than"),
        "nearly" | "almost" | "just shy of" | "near" => (label["hedge"].as_str()?, "more than"),
        "less than" => ("less than", "more than"),
        _ => return None,
    };
    let range = bytes(label, "byte_start", "byte_end")?;
    let text = passage.copy.get(range.clone())?;
    Some(Error {
        kind: "hedge",
        range,
        instead: text.contains(own).then(|| text.replacen(own, other, 1))?,
    })
}

/// How an error that was planted is understood, where it is not found.
fn missed(passage: &Passage, knowledge: &Knowledge, error: &Error) -> Option<String> {
    let mut copy = passage.copy.clone();
    copy.replace_range(error.range.clone(), &error.instead);
    let planted = error.range.start..error.range.start + error.instead.len();
    let reading = passage.read(knowledge, &copy);
    let met = reading.claims.iter().filter(|c| meets(c, &planted));
    let said: Vec<String> = met
        .map(|c| match c.verdict {
            Verdict::Contradicts => String::new(),
            Verdict::Agrees | Verdict::Unchecked => {
                let why = c.reason.as_ref().or(c.working.as_ref());
                format!(
                    "{} {}: {}",
                    c.metric,
                    c.verdict.name(),
                    why.map_or("", |w| w)
                )
            }
        })
        .collect();
    let was = &passage.copy[error.range.clone()];
    (!said.contains(&String::new())).then(|| {
        format!(
            "{}: {}: {was} -> {}: {}",
            passage.name,
            error.kind,
            error.instead,
            said.join("; ")
        )
    })
}

#[test]
#[expect(clippy::print_stderr, reason = "the rates are what it measures")]
fn planted_errors_are_found() {
    let knowledge = Knowledge::built_in();
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut all_missed = Vec::new();
    for passage in passages() {
        let reading = passage.read(&knowledge, &passage.copy);
        let inputs: Vec<(&str, &str)> = passage
            .tables
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let dataset = load::load_texts(&inputs, knowledge.words());
        let standings = knowledge.standings(&Relations::new(
            &dataset,
            knowledge.words().layout,
            knowledge.words().parties,
        ));
        for error in errors(&passage, &reading, &standings) {
            let (found, all) = tally.entry(error.kind).or_default();
            *all += 1;
            match missed(&passage, &knowledge, &error) {
                None => *found += 1,
                Some(told) => all_missed.push(told),
            }
        }
    }
    for (kind, (found, all)) in &tally {
        eprintln!("{kind}: {found} of {all}");
    }
    let (found, all) = tally.values().fold((0, 0), |(f, a), (x, y)| (f + x, a + y));
    eprintln!("all: {found} of {all}\n{}", all_missed.join("\n"));
    assert!(found * 100 >= all * LEAST_FOUND, "{found} of {all}");
}

#[test]
fn copy_as_it_stands_shows_nothing_new() {
    let knowledge = Knowledge::built_in();
    for passage in passages() {
        let reading = passage.read(&knowledge, &passage.copy);
        let wrong = reading
            .claims
            .iter()
            .filter(|c| c.verdict == Verdict::Contradicts);
        for claim in wrong {
            let known = passage.labels().any(|label| {
                let said = std::iter::once(&label["verdict"])
                    .chain(label["accept"].as_array().into_iter().flatten());
                let own = bytes(label, "byte_start", "byte_end");
                said.into_iter().any(|v| v == "contradicts")
                    && own.is_some_and(|own| meets(claim, &own))
            });
            assert!(known, "{}: {:?}", passage.name, claim.message);
        }
    }
}
