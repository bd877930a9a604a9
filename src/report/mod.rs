//! A report in, bytes out.
