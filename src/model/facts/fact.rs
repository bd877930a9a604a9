//! Two values in, a third one out: its sum in words, the cells it came from, and
//! how far it can be trusted.

use num_traits::Signed;

use crate::model::{Exact, Place, Printed, show, whole};

/// A value worked out from the tables.
#[derive(Debug, Clone)]
pub struct Fact {
    pub value: Exact,
    /// Half the width of what rounding leaves open; 0 where exact.
    pub slack: Exact,
    /// Places to show.
    pub decimals: i32,
    /// The sum in one line.
    pub working: String,
    pub cells: Vec<Place>,
    /// `false` where the tables may lack a row that the value needs: it can
    /// agree with a claim, and never contradict one.
    pub sound: bool,
    /// Of one that is not sound: on which side the true value lies, all the
    /// same. Votes of rows that are missing can only add to a total.
    pub limit: Option<Limit>,
    /// Worked out, not printed.
    pub derived: bool,
}

/// A bound of a true value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// It is the value or less.
    AtMost,
    /// It is the value or more.
    AtLeast,
}

/// Every route to a value, the most trusted first; or why there is none.
pub type Routes = Result<Vec<Fact>, String>;

impl Fact {
    pub(super) fn printed(printed: &Printed, working: String, percent: bool) -> Self {
        let slack = if percent {
            printed.number.half_unit()
        } else {
            whole(0)
        };
        Self {
            value: printed.number.value.clone(),
            slack,
            decimals: printed.number.decimals.min(2),
            working,
            cells: vec![printed.place],
            sound: true,
            limit: None,
            derived: false,
        }
    }

    /// A number that is given, as a fact.
    #[must_use]
    pub fn stated(value: &Exact, decimals: i32) -> Self {
        Self {
            value: value.clone(),
            slack: whole(0),
            decimals: decimals.max(0),
            working: show(value, decimals.max(0)),
            cells: Vec::new(),
            sound: true,
            limit: None,
            derived: true,
        }
    }

    /// The same, deciding nothing.
    #[must_use]
    pub fn unsettled(self) -> Self {
        Self {
            sound: false,
            limit: None,
            ..self
        }
    }

    /// The value as people write it.
    #[must_use]
    pub fn shown(&self) -> String {
        show(&self.value, self.decimals)
    }

    /// Is it a change or a difference?
    #[must_use]
    pub fn is_difference(&self) -> bool {
        self.derived && self.working.contains(" − ")
    }

    /// `self` minus `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.joined("−", other, &self.value - &other.value)
    }

    /// `self` plus `other`.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.joined("+", other, &self.value + &other.value)
    }

    /// A difference or a sum: what either leaves open adds up.
    fn joined(&self, sign: &str, other: &Self, value: Exact) -> Self {
        let decimals = self.decimals.max(other.decimals);
        Self {
            working: format!(
                "{} {sign} {} = {}",
                self.shown(),
                other.shown(),
                show(&value, decimals)
            ),
            value,
            slack: &self.slack + &other.slack,
            decimals,
            cells: [self.cells.clone(), other.cells.clone()].concat(),
            sound: self.sound && other.sound,
            limit: None,
            derived: true,
        }
    }

    /// `self` over `other`, times `scale`; `None` where `other` may be 0.
    #[must_use]
    pub fn over(&self, other: &Self, scale: i64, decimals: i32) -> Option<Self> {
        let smallest = &other.value - &other.slack;
        if !smallest.is_positive() {
            return None;
        }
        let value = &self.value / &other.value * whole(scale);
        let widest = (&self.value + &self.slack) / smallest * whole(scale);
        let times = if scale == 1 {
            String::new()
        } else {
            format!(" × {scale}")
        };
        Some(Self {
            working: format!(
                "{} ÷ {}{times} = {}",
                self.shown(),
                other.shown(),
                show(&value, decimals)
            ),
            slack: widest - &value,
            value,
            decimals,
            cells: [self.cells.clone(), other.cells.clone()].concat(),
            sound: self.sound && other.sound,
            limit: match other.limit {
                Some(Limit::AtLeast) if self.sound => Some(Limit::AtMost),
                Some(_) | None => None,
            },
            derived: true,
        })
    }
}

/// The routes that were found; else why there is none.
pub(super) fn found(routes: Vec<Fact>, why: impl FnOnce() -> String) -> Routes {
    if routes.is_empty() {
        return Err(why());
    }
    Ok(routes)
}
