//! The name of a stage of a count in, which stage it is out.

use super::{Layout, any_matches};

impl Layout {
    /// Is a column of the votes at one stage of a count?
    #[must_use]
    pub fn is_stage(&self, heading: &str) -> bool {
        any_matches(&self.stages, heading)
    }

    /// Is a column of the votes that are passed on before a stage?
    #[must_use]
    pub fn is_transfer(&self, heading: &str) -> bool {
        any_matches(&self.transfers, heading)
    }

    /// Is a stage of a count that of first preferences?
    #[must_use]
    pub fn is_first(&self, stage: &str) -> bool {
        any_matches(&self.first, stage)
    }

    /// Is a stage of a count the one between the last candidates?
    #[must_use]
    pub fn is_preferred(&self, stage: &str) -> bool {
        any_matches(&self.preferred, stage)
    }
}
