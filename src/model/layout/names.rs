//! A name as printed in, the same without marks, or spelled out, out.

use crate::model::fold;

use super::Layout;

impl Layout {
    /// A name without the marks that tables print after it.
    #[must_use]
    pub fn unmarked<'n>(&self, name: &'n str) -> &'n str {
        let ends_in = |name: &str, mark: &String| {
            let at = name.len().checked_sub(mark.len())?;
            let end = name.get(at..)?;
            (end.to_lowercase() == *mark).then_some(at)
        };
        let mut name = name.trim_end();
        // Most names end in a letter, and patterns cost.
        let may_refer = |name: &str| name.ends_with(|c: char| !c.is_alphabetic() && c != ')');
        let note = |name: &str| {
            let mut notes = self.notes.iter().filter(|_| may_refer(name));
            notes.find_map(|note| note.find(name)).map(|m| m.start())
        };
        let mark = |name: &str| self.marks.iter().find_map(|mark| ends_in(name, mark));
        while let Some(at) = mark(name).or_else(|| note(name)) {
            let rest = name.get(..at).unwrap_or("").trim_end();
            if rest.is_empty() {
                break;
            }
            name = rest;
        }
        name
    }

    /// A name, folded, as it is spelled out: "St. Mary's 07" is "Saint Marys 7".
    /// A number that is a name is the same with ".0" after it.
    #[must_use]
    pub fn spelled_out(&self, name: &str) -> String {
        let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let whole = name.trim_end_matches('0').strip_suffix('.');
        let folded = fold(whole.filter(|digits| is_number(digits)).unwrap_or(name));
        let words = folded
            .split(' ')
            .map(|word| match word.trim_start_matches('0') {
                "" if is_number(word) => "0",
                digits if is_number(word) => digits,
                _ => self.short.get(word).map_or(word, String::as_str),
            });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Is a name an answer to a question that is put to the vote?
    #[must_use]
    pub fn is_option(&self, name: &str) -> bool {
        self.options.contains(&fold(name))
    }
}
