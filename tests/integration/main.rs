//! The program and the house from outside: command lines (the README's among
//! them), the rules' examples, the order of the layers, labelled copy.

mod checks;
mod cli;
mod compared;
mod formats;
mod labelled;
mod layers;
mod life;
mod limits;
mod mess;
mod mutations;
mod order;
mod outputs;
mod own_rules;
mod page;
mod passages;
mod publishers;
mod rough;
mod rules;
mod schemas;
mod seeds;
mod slips;
mod stories;
mod whole_rows;
