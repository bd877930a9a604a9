//! Bytes in, a dataset out.
