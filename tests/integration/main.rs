//! The program and the house from outside: command lines (the README's among
//! them), the order of the layers, labelled copy.

mod cli;
mod labelled;
mod layers;
mod rules;
