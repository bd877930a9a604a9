//! A file added to `rules/` is built in without touching the code.

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
