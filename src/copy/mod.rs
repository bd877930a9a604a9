//! Prose and tables in, claims with verdicts out.
