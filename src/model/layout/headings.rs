//! The heading of a column in, what the column holds out.

use crate::model::guess::Likeness;
use crate::model::{Metric, Role, Table, fold};

use super::{Layout, year_in};

impl Layout {
    /// What a column with this heading holds. An unknown heading is tried again
    /// in parts: in its languages ("Votes/Voix"), in its words ("TotalVotes").
    #[must_use]
    pub fn role(&self, heading: &str) -> Role {
        let known = |text: &str| {
            // Sentences of copy are asked for as well.
            let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
            let may_be = text.len() <= self.longest || letters.count() <= self.longest;
            may_be.then(|| self.columns.get(&heading_key(text)).copied())?
        };
        let parts = || heading.split('/').filter(|p| !p.is_empty());
        let languages = || heading.contains('/').then(|| parts().find_map(known))?;
        let words = || known(&Some(apart(heading)).filter(|words| words != heading)?);
        // "contests.name" in records: the name of a contest.
        let named = || {
            let holder = heading.strip_suffix(".name")?;
            known(holder).or_else(|| known(holder.strip_suffix('s')?))
        };
        let role = known(heading)
            .or_else(languages)
            .or_else(words)
            .or_else(named);
        role.unwrap_or(Role::Other)
    }

    /// What a column holds, and the election that its heading names: votes, of
    /// 2017, under "votes_2017".
    #[must_use]
    pub fn role_and_election(&self, heading: &str) -> (Role, Option<String>) {
        let role = self.role(heading);
        if role != Role::Other {
            return (role, None);
        }
        if self.label(heading) == Role::Change {
            return (Role::Change, None);
        }
        let Some(year) = year_in(heading).map(|year| year.to_string()) else {
            return (role, None);
        };
        match self.role(
            heading
                .replace(&year, " ")
                .trim_matches([' ', '_', '(', ')', '-']),
        ) {
            role @ (Role::Measure(_) | Role::Change | Role::Value | Role::ValueShare) => {
                (role, Some(year))
            }
            _ => (Role::Other, None),
        }
    }

    /// The known headings that an unknown one is most like.
    #[must_use]
    pub fn like(&self, heading: &str) -> Vec<Likeness> {
        self.guess.like(heading, &self.columns)
    }

    /// What a number with this label holds: a column heading, or the longer
    /// words that pages print beside their figures.
    #[must_use]
    pub fn label(&self, text: &str) -> Role {
        let role = self.role(text);
        if role != Role::Other {
            return role;
        }
        let folded = fold(text);
        let found = self.labels.iter().find(|(p, _)| p.is_match(&folded));
        found.map_or(Role::Other, |(_, role)| *role)
    }

    /// Is the heading known?
    #[must_use]
    pub fn knows(&self, heading: &str) -> bool {
        self.role(heading) != Role::Other
    }

    /// A heading without the words that say what it measures: "Con", votes, of
    /// "Con votes"; "yes", shares, of "yes_pct". No metric where it has none.
    #[must_use]
    pub fn without_measure(&self, heading: &str) -> (String, Option<Metric>) {
        let spaced = heading.replace('_', " ").replace('%', " % ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let metric = |words: &[&str]| match self.role(&words.join(" ")) {
            Role::Measure(metric @ (Metric::Votes | Metric::Share)) => Some(metric),
            Role::ValueShare => Some(Metric::Share),
            _ => None,
        };
        for length in (1..words.len()).rev() {
            let (head, tail) = words.split_at(words.len() - length);
            if let Some(metric) = metric(tail) {
                return (head.join(" "), Some(metric));
            }
            let (head, tail) = words.split_at(length);
            if let Some(metric) = metric(head) {
                return (tail.join(" "), Some(metric));
            }
        }
        (heading.trim().to_owned(), None)
    }

    /// The column of votes; where none is called so, and there are votes by
    /// mode, that of their total.
    #[must_use]
    pub fn votes_column(&self, table: &Table) -> Option<usize> {
        let named = [Metric::Votes, Metric::TotalVotes];
        let named = named.into_iter().map(Role::Measure);
        let mut named = named.filter_map(|role| table.column_of(role));
        let total = || {
            let mut columns = table.columns.iter();
            table.column_of(Role::ModeVotes)?;
            columns.position(|c| c.role == Role::Other && self.is_total(&c.name))
        };
        named.next().or_else(total)
    }
}

/// "TotalVotes" as "Total Votes".
pub fn apart(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len() + 4);
    for c in heading.chars() {
        if c.is_uppercase() && out.ends_with(char::is_lowercase) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// A heading folded, with its signs: "Votes %" is not "Votes", nor is
/// "Votes +/-"; its signs alone where it has no letters.
pub fn heading_key(heading: &str) -> String {
    if heading.is_ascii()
        && !heading.contains(['%', '+'])
        && heading.as_bytes().iter().any(u8::is_ascii_alphanumeric)
    {
        return fold(heading);
    }
    let plain = heading.replace(['−', '–'], "-").replace('±', "+/-");
    if plain.chars().any(char::is_alphanumeric) {
        let spelled = plain.replace("+/-", " change ");
        let parts: Vec<String> = spelled.split('%').map(fold).collect();
        return parts.join(" % ").trim().to_owned();
    }
    plain.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pack;

    #[test]
    fn signs_count_in_headings() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        let measure = |h| match layout.role(h) {
            Role::Measure(metric) => metric.name(),
            Role::Change => "a change",
            _ => "",
        };
        for (heading, holds) in [
            ("Votes", "votes"),
            ("Votes %", "share"),
            ("%", "share"),
            ("Change", "a change"),
            ("% change", "share-change"),
            ("+/−", "a change"),
            ("TotalVotes", "votes"),
            ("Seats/Sièges", "seats"),
            ("+/- %", "share-change"),
            ("Votes +/−", "votes-change"),
            ("", ""),
        ] {
            assert_eq!(measure(heading), holds, "{heading:?}");
        }
    }
}
