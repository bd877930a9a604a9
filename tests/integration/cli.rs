//! Command lines and what they print; `TRYCMD=overwrite cargo test` rewrites.

#[test]
fn command_lines_print_what_their_cases_say() {
    trycmd::TestCases::new()
        .case("tests/cmd/*.toml")
        .case("README.md");
}
