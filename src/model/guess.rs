//! A heading that is not known in, the known headings that it is most like out:
//! the same words in another order, short forms, a misspelt word.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use super::Role;
use super::layout::{apart, heading_key};

/// Words of `rules/formats`: how unknown headings are compared.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GuessFile {
    /// Words and phrases that do not count, the longest first.
    drop: Vec<String>,
    /// Short forms, and what they stand for.
    short: BTreeMap<String, String>,
}

/// The same, for use.
#[derive(Debug, Default)]
pub(super) struct GuessWords {
    drop: Vec<String>,
    short: BTreeMap<String, String>,
    /// The known headings that may be guessed; found when first asked for.
    known: OnceLock<Vec<Known>>,
}

/// A known heading, what it holds, and the words of it that count.
#[derive(Debug)]
struct Known {
    heading: String,
    role: Role,
    words: Vec<String>,
}

/// A known heading that another one is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    pub heading: String,
    pub role: Role,
}

impl GuessWords {
    pub(super) fn extend(&mut self, file: &GuessFile) {
        self.drop.extend(file.drop.iter().map(|w| heading_key(w)));
        let short = file.short.iter();
        self.short
            .extend(short.map(|(short, long)| (heading_key(short), heading_key(long))));
        self.known = OnceLock::new();
    }

    /// One heading for each thing that the nearest ones hold.
    pub(super) fn like(&self, heading: &str, known: &HashMap<String, Role>) -> Vec<Likeness> {
        let own = self.words(&heading_key(&apart(heading)));
        if own.is_empty() {
            return Vec::new();
        }
        let known = self.known.get_or_init(|| self.known_of(known)).iter();
        let mut near: Vec<(usize, String, Role)> = known
            .filter_map(|known| {
                let edits = edits(&own, &known.words)?;
                Some((edits, known.heading.clone(), known.role))
            })
            .collect();
        near.sort_by(|a, b| (a.0, a.1.len(), &a.1).cmp(&(b.0, b.1.len(), &b.1)));
        let least = near.first().map_or(0, |n| n.0);
        let mut found: Vec<Likeness> = Vec::new();
        for (_, heading, role) in near.into_iter().filter(|n| n.0 == least) {
            if found.iter().all(|f| f.role != role) {
                found.push(Likeness { heading, role });
            }
        }
        found
    }

    fn known_of(&self, headings: &HashMap<String, Role>) -> Vec<Known> {
        let guessed = headings.iter().filter(|(_, role)| may_be_guessed(**role));
        let known = guessed.map(|(heading, role)| Known {
            heading: heading.clone(),
            role: *role,
            words: self.words(heading),
        });
        known.collect()
    }

    /// The words of a folded heading that count, in full.
    fn words(&self, folded: &str) -> Vec<String> {
        let mut text = format!(" {folded} ");
        let mut exchange = |words: &str, by: &str| {
            // Most are not in it at all.
            if text.contains(words) {
                text = text.replace(&format!(" {words} "), by);
            }
        };
        for phrase in &self.drop {
            exchange(phrase, " ");
        }
        for (short, long) in &self.short {
            exchange(short, &format!(" {long} "));
        }
        let singular = |word: &str| {
            let stem = word.strip_suffix('s').filter(|stem| stem.len() > 2);
            stem.unwrap_or(word).to_owned()
        };
        text.split_whitespace().map(singular).collect()
    }
}

/// Columns that a likeness is enough for: names, and figures whose cells show
/// whether they are any.
fn may_be_guessed(role: Role) -> bool {
    match role {
        Role::Contest
        | Role::Region
        | Role::Unit
        | Role::Candidate
        | Role::FirstName
        | Role::Surname
        | Role::Party
        | Role::PartyShort
        | Role::Measure(_) => true,
        Role::ContestCode
        | Role::District
        | Role::Election
        | Role::Mode
        | Role::ModeVotes
        | Role::Stage
        | Role::Label
        | Role::Value
        | Role::ValueShare
        | Role::Change
        | Role::Elected
        | Role::Winner
        | Role::RunnerUp
        | Role::Control
        | Role::Result
        | Role::Other => false,
    }
}

/// How many letters two headings differ by, word by word in any order; `None`
/// where they are not alike.
fn edits(own: &[String], other: &[String]) -> Option<usize> {
    /// More letters are no slip.
    const MOST: usize = 2;
    if own.len() != other.len() {
        return None;
    }
    let mut left: Vec<&String> = other.iter().collect();
    let mut sum = 0;
    for word in own {
        let near = |(at, other): (usize, &&String)| Some((misspelt(word, other)?, at));
        let (edits, at) = left.iter().enumerate().filter_map(near).min()?;
        left.remove(at);
        sum += edits;
    }
    (sum <= MOST).then_some(sum)
}

/// Letters that two words differ by; `None` where one is hardly the other
/// misspelt: short words, or another first letter ("notes", "votes").
fn misspelt(a: &str, b: &str) -> Option<usize> {
    if a == b {
        return Some(0);
    }
    let short = a.len().min(b.len());
    let allowed = match short {
        0..5 => return None,
        5..8 => 1,
        _ => 2,
    };
    let edits = strsim::osa_distance(a, b);
    (a.chars().next() == b.chars().next() && edits <= allowed).then_some(edits)
}

#[cfg(test)]
mod tests {
    use crate::model::{Layout, Metric, Pack, Role};

    #[test]
    fn headings_are_like_those_that_they_mean() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        let role = |heading: &str| {
            let like = layout.like(heading);
            like.first().filter(|_| like.len() == 1).map(|l| l.role)
        };
        let measure = |metric| Some(Role::Measure(metric));
        for (heading, holds) in [
            ("Votes Rec'd", measure(Metric::Votes)),
            ("# of votes", measure(Metric::Votes)),
            ("No. of votes", measure(Metric::Votes)),
            ("Vote %age", measure(Metric::Share)),
            ("Share of vote (%)", measure(Metric::Share)),
            ("Candidte", Some(Role::Candidate)),
            ("Name of candidate", Some(Role::Candidate)),
            ("Constituancy", Some(Role::Contest)),
            ("Pol. Party", Some(Role::Party)),
            ("Majorty", measure(Metric::Majority)),
            ("Reg. voters", measure(Metric::Electorate)),
        ] {
            assert_eq!(
                role(heading),
                holds,
                "{heading:?}: {:?}",
                layout.like(heading)
            );
        }
    }

    #[test]
    fn headings_of_other_things_are_like_none() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        for heading in [
            "",
            "Notes",
            "No votes",
            "Majority notes",
            "Party id",
            "Voters",
            "Unregistered voters",
            "Candidate votes share rank",
            "Website",
            "Elected",
            "Votes for Smith",
            "id",
            "Position",
        ] {
            assert_eq!(layout.like(heading), Vec::new(), "{heading:?}");
        }
    }
}
