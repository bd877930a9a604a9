//! A cell of words in, what it says out: that there is no value, who was elected,
//! who held or gained a seat.

use crate::model::fold;

use super::Layout;

impl Layout {
    /// Does a cell say that there is no value?
    #[must_use]
    pub fn is_missing(&self, cell: &str) -> bool {
        let cell = cell.trim().to_lowercase();
        let bound = |words: &String| {
            let number = cell.strip_prefix(words.as_str()).map(str::trim_start);
            number.is_some_and(|n| !n.is_empty() && n.chars().all(|ch| ch.is_ascii_digit()))
        };
        cell.is_empty() || self.missing.contains(&cell) || self.below.iter().any(bound)
    }

    /// Does a cell say that a candidate was elected, or was not? An empty one
    /// says that they were not; `None` where it says something else.
    #[must_use]
    pub fn elected(&self, cell: Option<&str>) -> Option<bool> {
        let cell = cell.map_or_else(String::new, |cell| cell.trim().to_lowercase());
        if cell.is_empty() {
            return Some(false);
        }
        // "Yes (by lot)" is yes.
        let without_remark = || cell.split_once('(').map(|(said, _)| said.trim_end());
        let said = self.elected.get(&cell);
        said.or_else(|| self.elected.get(without_remark()?))
            .copied()
    }

    /// "Lab hold", "CON GAIN from LAB": the party, and whether it held.
    #[must_use]
    pub fn outcome(&self, text: &str) -> Option<(String, bool)> {
        let folded = fold(text);
        let cut = |words: &[String]| {
            words.iter().find_map(|word| {
                let at = format!(" {folded} ").find(&format!(" {word} "))?;
                Some(folded[..at.min(folded.len())].trim().to_owned())
            })
        };
        let held = cut(&self.hold).map(|party| (party, true));
        held.or_else(|| cut(&self.gain).map(|party| (party, false)))
            .filter(|(party, _)| !party.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pack;

    #[test]
    fn outcomes_name_a_party() {
        let layout = Layout::from_pack(&Pack::embedded()).expect("the built-in formats are right");
        assert_eq!(layout.outcome("Lab hold"), Some(("lab".into(), true)));
        assert_eq!(
            layout.outcome("CON GAIN from LAB"),
            Some(("con".into(), false))
        );
        assert_eq!(layout.outcome("hold the line"), None);
    }
}
