//! How far a run is, for somebody who watches: a line on standard error that
//! is gone when the work is done.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Console;
use crate::report;

/// How often the line moves.
const STEP: Duration = Duration::from_millis(120);

/// A line on a terminal, or nothing. It goes away with the value, and nothing
/// else is to be written before.
#[derive(Debug)]
pub struct Progress {
    line: ProgressBar,
}

impl Progress {
    /// Begins to tell where somebody watches.
    pub fn new(console: &Console<'_>, doing: &str) -> Self {
        let target = if console.watched {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let line = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}");
        line.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        let progress = Self { line };
        progress.tell(doing);
        if console.watched {
            progress.line.enable_steady_tick(STEP);
        }
        progress
    }

    /// What is done now; some of it may be of the input.
    pub fn tell(&self, doing: &str) {
        self.line.set_message(report::shown(doing));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}
