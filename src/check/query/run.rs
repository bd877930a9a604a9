//! Text for the engine and frames in, a frame out, within a limit of time and
//! rows.

use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use polars::prelude::{DataFrame, IntoLazy, PolarsResult};
use polars::sql::{SQLContext, sql_expr};

/// Longer than this, and a rule is given up.
const TIME: Duration = Duration::from_secs(20);
/// No more rows than this are taken from a query.
pub const ROWS: u32 = 10_000;

/// Characters of an error of the engine.
const LONGEST: usize = 160;

/// The answers of a condition to the rows of a frame, as its one column.
///
/// # Errors
/// In words: what the engine cannot do, or that it takes too long.
pub fn condition(text: String, frame: DataFrame) -> Result<DataFrame, String> {
    limited(TIME, move || {
        let expr = sql_expr(text)?.alias("answer");
        frame.lazy().select([expr]).collect()
    })
}

/// The rows of a query, at most one more than [`ROWS`].
///
/// # Errors
/// In words: what the engine cannot do, or that it takes too long.
pub fn query(text: String, tables: Vec<(String, DataFrame)>) -> Result<DataFrame, String> {
    limited(TIME, move || {
        // Aliases of one query are known to the next of a context.
        let mut context = SQLContext::new();
        for (name, frame) in tables {
            context.register(&name, frame.lazy());
        }
        context.execute(&text)?.limit(ROWS + 1).collect()
    })
}

/// Runs on a thread of its own: what takes too long is left behind, and ends
/// with the program; what panics ends there.
fn limited(
    time: Duration,
    job: impl FnOnce() -> PolarsResult<DataFrame> + Send + 'static,
) -> Result<DataFrame, String> {
    let (tell, told) = sync_channel(1);
    let worker = thread::Builder::new().spawn(move || tell.send(job()));
    worker.map_err(|e| e.to_string())?;
    match told.recv_timeout(time) {
        Ok(Ok(frame)) => Ok(frame),
        Ok(Err(error)) => {
            // Some errors print the tree of the whole query.
            let says = error.to_string();
            let line = says.lines().next().unwrap_or_default();
            Err(line.chars().take(LONGEST).collect())
        }
        Err(RecvTimeoutError::Timeout) => {
            Err(format!("it took more than {} seconds", time.as_secs()))
        }
        Err(RecvTimeoutError::Disconnected) => Err("the engine failed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_given_up() {
        let answer = limited(Duration::from_millis(1), || {
            thread::sleep(Duration::from_mins(1));
            Ok(DataFrame::empty())
        });
        assert_eq!(answer.err().as_deref(), Some("it took more than 0 seconds"));
        let answer = limited(TIME, || Ok(DataFrame::empty()));
        assert!(answer.is_ok());
    }
}
