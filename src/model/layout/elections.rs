//! The name of an election in, its key out.

use crate::model::fold;

use super::Layout;

impl Layout {
    /// The key of an election: its year, with a mark where it is not the
    /// general election of that year; its folded name where it has no year.
    #[must_use]
    pub fn election_key(&self, election: &str) -> String {
        let folded = fold(election);
        let Some(year) = year_in(election) else {
            return folded;
        };
        let padded = format!(" {folded} ");
        let special = self
            .special
            .iter()
            .any(|w| padded.contains(&format!(" {w} ")));
        if special {
            format!("{year} by-election")
        } else {
            year.to_string()
        }
    }

    /// A name without the words for a special election at its end, and these:
    /// "North Shropshire by-election".
    #[must_use]
    pub fn without_special<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        let cuts = name.match_indices(' ').map(|(at, _)| at);
        let mut ends = cuts.filter_map(|at| Some((name.get(..at)?, name.get(at + 1..)?)));
        ends.find(|(place, words)| {
            let words = fold(words);
            !place.trim().is_empty() && self.special.contains(&words)
        })
    }
}

/// The only year (1800–2199) that a text has; `None` where it has none or
/// several.
#[must_use]
pub fn year_in(text: &str) -> Option<i32> {
    let mut years = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| run.len() == 4)
        .filter_map(|run| run.parse::<i32>().ok())
        .filter(|year| (1800..2200).contains(year));
    let year = years.next()?;
    years.all(|other| other == year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pack;

    #[test]
    fn elections_of_one_year_are_told_apart() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        assert_eq!(layout.election_key("The general election of 2017"), "2017");
        assert_eq!(layout.election_key("2019 by-election"), "2019 by-election");
        assert_eq!(layout.election_key("First round"), "first round");
    }
}
