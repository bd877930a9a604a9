//! A dataset in, what became of each rule out.
