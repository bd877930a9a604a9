//! The command line: joins the layers.
