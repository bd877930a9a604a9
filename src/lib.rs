//! Scrutineer checks election results, and the copy written about them, the
//! way a compiler checks code.
//!
//! ```text
//!            rules/  (formats, parties, checks, language: knowledge, as TOML)
//!               │
//!  bytes ──► load ──► model ──► check ──► report ──► text, JSON
//!                       │          ▲
//!                       └─► copy ──┘
//! ```
//!
//! [`load`] turns files into a [`model::Dataset`]: tables as printed, prose in
//! blocks, and what could not be read. [`model::Relations`] brings the tables
//! into one shape. [`check`] runs the rules over it; [`copy`] reads the prose
//! and compares each claim with the tables; [`report`] writes what was found.
//! [`screen`] goes through tables that are too large to be kept, and leaves of
//! them the rows that `check` has to see. The five use `model` and not each
//! other; [`cli`] joins them.

pub mod check;
pub mod cli;
pub mod copy;
pub mod load;
pub mod model;
pub mod report;
pub mod screen;
