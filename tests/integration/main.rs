//! The program and the house from outside.

mod layers;
