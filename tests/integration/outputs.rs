//! What is written: whole or not at all, the same bytes each time, nothing over
//! what was read. Killed runs, full disks, readers that go away.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::SystemTime;

const TABLE: &str = "contest,party,votes,share\nAshby,Red,60,50.0\nAshby,Blue,40,40.0\n";

fn scrutineer(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrutineer"));
    command.args(arguments).current_dir(folder);
    // Where the tests run in CI, no summary is to be written for them.
    command.env_remove("GITHUB_STEP_SUMMARY");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let ran = scrutineer(folder, arguments).output();
    ran.expect("it runs")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("writable");
    fs::write(folder.path().join("results.csv"), TABLE).expect("writable");
    folder
}

/// Every file of a folder, with when it was written and what is in it.
fn contents(folder: &Path) -> BTreeMap<String, (SystemTime, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("readable");
    let entries = entries.map(|entry| {
        let entry = entry.expect("readable");
        let written = entry.metadata().and_then(|about| about.modified());
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = fs::read(entry.path()).expect("readable");
        (name, (written.expect("told"), bytes))
    });
    entries.collect()
}

/// Starts a run that waits for its standard input.
fn waiting(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = scrutineer(folder, arguments);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

#[test]
fn a_killed_run_leaves_the_report_that_was_there() {
    let folder = folder();
    let report = folder.path().join("report.json");
    fs::write(&report, "the last one").expect("writable");
    let before = contents(folder.path());
    let arguments = ["check", "results.csv", "-", "--output", "json=report.json"];
    let mut child = waiting(folder.path(), &arguments);
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(TABLE.as_bytes()).expect("it reads");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert_eq!(contents(folder.path()), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = folder();
    let output = run(
        folder.path(),
        &["check", "results.csv", "--output", "json=/dev/full"],
    );
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(
        says.contains("cannot write the report to /dev/full"),
        "{says}"
    );

    let full = fs::File::options().write(true).open("/dev/full");
    let mut command = scrutineer(folder.path(), &["check", "results.csv"]);
    command
        .stdout(full.expect("it is there"))
        .stderr(Stdio::piped());
    let output = command.spawn().and_then(Child::wait_with_output);
    let output = output.expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(says.contains("cannot write the report"), "{says}");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let folder = folder();
    for format in ["text", "json", "html", "sarif", "csv"] {
        let mut child = waiting(folder.path(), &["check", "-", "--format", format]);
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(TABLE.as_bytes()).expect("it reads");
        drop(stdin);
        let mut says = String::new();
        let mut stderr = child.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut says).expect("text");
        let status = child.wait().expect("it ends");
        assert_eq!((status.code(), says.as_str()), (Some(1), ""), "{format}");
    }
}

#[test]
fn what_is_read_is_not_touched() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("copy.md"), "Red won Ashby by 25 votes.\n").expect("writable");
    for name in ["results.csv", "copy.md"] {
        let mut may = fs::metadata(path.join(name)).expect("there").permissions();
        may.set_readonly(true);
        fs::set_permissions(path.join(name), may).expect("own");
    }
    let before = contents(path);
    let printed = run(path, &["check", "."]);
    assert_eq!(printed.status.code(), Some(1));
    let over = run(path, &["check", ".", "--output", "csv=results.csv"]);
    assert_eq!(over.status.code(), Some(2));
    let over = run(path, &["check", ".", "--output", "markdown=./copy.md"]);
    assert_eq!(over.status.code(), Some(2));
    run(path, &["diff", "results.csv", "results.csv"]);
    assert_eq!(contents(path), before);
}

#[test]
fn a_pivot_needs_a_second_source() {
    let folder = folder();
    let output = "--output=pivot-csv=pivot.csv";
    for word in ["--format=pivot", "--format=pivot-csv", output] {
        let ran = run(folder.path(), &["check", "results.csv", word]);
        let says = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{word}");
        assert!(says.contains("needs a second source"), "{says}");
    }
    let against = ["--against", "results.csv", "--format=pivot"];
    let ran = run(
        folder.path(),
        &[&["check", "results.csv"], against.as_slice()].concat(),
    );
    assert_ne!(ran.status.code(), Some(2));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = folder();
    let ran = run(
        folder.path(),
        &["check", "results.csv", "--output=html=out/report.html"],
    );
    let says = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2));
    assert!(says.contains("there is no folder out"), "{says}");
}

#[test]
fn agreement_with_a_figure_in_doubt_is_said() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path();
    let rows = "contest,year,candidate,party,votes,share\n\
        Ashby,2020,Ann Lee,Red,1800,60.0\nAshby,2020,Bo Hart,Blue,1200,36.0\n";
    fs::write(path.join("results.csv"), rows).expect("writable");
    let story = "In Ashby, Bo Hart won 36.0 per cent of the vote.\n";
    fs::write(path.join("story.md"), story).expect("writable");
    let of = |format: &str| {
        let ran = run(path, &["check", ".", "--format", format]);
        String::from_utf8_lossy(&ran.stdout).into_owned()
    };
    let text = of("text");
    assert!(
        text.contains("1 agree (1 with a figure in doubt)"),
        "{text}"
    );
    let html = of("html");
    assert!(html.contains("class=\"m doubtful\" role"), "{html}");
    assert!(!html.contains("class=\"m agrees\" role"), "{html}");
    assert!(of("json").contains("\"in_doubt\": true"));
}

/// Every report of a run lies in the folder that the next run checks.
#[test]
fn reports_are_not_checked_by_the_next_run() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("copy.md"), "Red won Ashby by 25 votes.\n").expect("writable");
    let outputs = [
        "html=report.html",
        "text=report.txt",
        "markdown=report.md",
        "letter=letter.md",
        "csv=report.csv",
        "parquet=report.parquet",
        "json=report.json",
        "jsonl=report.jsonl",
        "sarif=sarif.json",
        "gitlab=quality.json",
        "rdjson=rd.json",
        "junit=junit.xml",
        "github=github.txt",
    ];
    let outputs: Vec<String> = outputs.iter().map(|o| format!("--output={o}")).collect();
    let with = |more: &[&str]| {
        let words = [&["check", ".", "--format=json", "--no-config"], more].concat();
        let out = run(path, &words);
        let report: serde_json::Value = serde_json::from_slice(&out.stdout).expect("it is JSON");
        (report, String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let words: Vec<&str> = outputs.iter().map(String::as_str).collect();
    let (first, _) = with(&words);
    let printed = run(path, &["check", "results.csv"]);
    fs::write(path.join("printed.txt"), printed.stdout).expect("writable");
    let known = ["baseline", "write", ".", "--baseline", "known.json"];
    assert_eq!(run(path, &known).status.code(), Some(0));
    for (words, why) in [
        (words.as_slice(), "written by this run"),
        (&[], "of earlier runs"),
    ] {
        let (next, said) = with(words);
        assert_eq!(next["summary"], first["summary"], "{said}");
        assert_eq!(said, "");
        let notes = next["notes"].to_string();
        assert!(
            notes.contains(why) && notes.contains("report.html"),
            "{notes}"
        );
    }
    let text = run(path, &["check", "."]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("left out  left alone, as reports of"),
        "{text}"
    );
}

#[test]
fn every_report_is_the_same_bytes_whatever_the_threads() {
    let formats = [
        "text",
        "json",
        "jsonl",
        "sarif",
        "github",
        "junit",
        "gitlab",
        "rdjson",
        "csv",
        "parquet",
        "markdown",
        "html",
        "letter",
        "pivot",
        "pivot-csv",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let reports = |jobs: &str| {
        let folder = tempfile::tempdir().expect("writable");
        let outputs = formats.map(|format| {
            let file = folder.path().join(format);
            format!("--output={format}={}", file.display())
        });
        let mut arguments = vec!["check", "samples/norfolk-2017", "--jobs", jobs];
        arguments.extend(["--against", "samples/norfolk-2017/results-2017.csv"]);
        arguments.extend(outputs.iter().map(String::as_str));
        let output = run(root, &arguments);
        assert_eq!(output.status.code(), Some(1));
        let files = contents(folder.path());
        let files = files.into_iter().map(|(name, (_, bytes))| (name, bytes));
        (output.stdout, files.collect::<BTreeMap<_, _>>())
    };
    let one = reports("1");
    assert_eq!(one.1.len(), formats.len());
    assert!(one.1.values().all(|bytes| !bytes.is_empty()));
    for jobs in ["1", "2", "7"] {
        let (printed, files) = reports(jobs);
        assert!(printed == one.0, "what is printed, {jobs} threads");
        for (name, bytes) in &files {
            assert!(one.1.get(name) == Some(bytes), "{name}, {jobs} threads");
        }
    }
}

#[test]
fn parquet_is_for_files() {
    let folder = folder();
    let printed = run(folder.path(), &["check", ".", "--format", "parquet"]);
    assert_eq!(printed.status.code(), Some(2));
    assert!(printed.stdout.is_empty());
    let says = String::from_utf8_lossy(&printed.stderr);
    assert!(says.contains("--output parquet=FILE"), "{says}");
}

#[test]
fn shells_and_man_are_told_of_every_command() {
    let folder = folder();
    let commands = ["check", "diff", "explain", "rules", "completions"];
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(folder.path(), &["completions", shell]).stdout;
        let script = String::from_utf8(script).expect("text");
        for word in commands.into_iter().chain(["fail-on", "jobs"]) {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let page =
        |arguments: &[&str]| String::from_utf8(run(folder.path(), arguments).stdout).expect("text");
    let all = page(&["man"]);
    assert!(all.contains(".TH scrutineer 1"), "{all}");
    for word in commands {
        assert!(all.contains(&format!("scrutineer\\-{word}(1)")), "{all}");
    }
    let check = page(&["man", "check"]);
    assert!(check.contains(".TH scrutineer-check 1"), "{check}");
    for word in ["fail\\-on", "jobs", "Exit status: 0"] {
        assert!(check.contains(word), "{word}: {check}");
    }
    let none = run(folder.path(), &["man", "woman"]);
    assert_eq!(none.status.code(), Some(2));
}

/// Progress is told from a thread of its own, which must not wait for ours: on
/// a terminal, which `script` makes.
#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn on_a_terminal_progress_is_told_and_the_run_ends() {
    let folder = folder();
    let on_terminal = |arguments: &str| {
        let line = format!("{} check {arguments}", env!("CARGO_BIN_EXE_scrutineer"));
        let mut command = Command::new("script");
        command.args([
            "-qec",
            &format!("timeout 60 {line} results.csv"),
            "/dev/null",
        ]);
        command.current_dir(folder.path()).stdin(Stdio::null());
        let output = command.output().ok()?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        Some((output.status.code(), printed))
    };
    let Some((status, printed)) = on_terminal("") else {
        eprintln!("skipped: there is no `script`");
        return;
    };
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("checking 2 rows"), "{printed}");
    let (status, printed) = on_terminal("--quiet").expect("it ran before");
    assert_eq!(status, Some(1), "{printed}");
    assert!(!printed.contains("checking"), "{printed}");
}

/// The step of `action.yml`, as GitHub runs it.
#[cfg(unix)]
mod action {
    use super::*;

    fn step(folder: &Path, paths: &str, arguments: &str) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/action");
        let mut command = Command::new(script);
        command.current_dir(folder);
        command.env("SCRUTINEER", env!("CARGO_BIN_EXE_scrutineer"));
        command.env("PATHS", paths).env("ARGS", arguments);
        command.env("SARIF", "results.sarif");
        command.env("GITHUB_OUTPUT", folder.join("output"));
        command.env("GITHUB_STEP_SUMMARY", folder.join("summary.md"));
        command.output().expect("it runs")
    }

    fn read(folder: &Path, name: &str) -> String {
        fs::read_to_string(folder.join(name)).expect("it was written")
    }

    #[test]
    fn annotations_summary_sarif_and_status_are_written() {
        let folder = folder();
        let path = folder.path();
        let output = step(path, "results.csv", "");
        assert_eq!(output.status.code(), Some(1));
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains("::error title="), "{printed}");
        assert_eq!(read(path, "output"), "status=1\n");
        assert!(read(path, "summary.md").contains("results.csv"));
        assert!(read(path, "results.sarif").contains("2.1.0"));
    }

    #[test]
    fn what_it_is_given_is_not_run() {
        let folder = folder();
        let path = folder.path();
        let two = "results.csv\n$(touch ran) `touch ran`; touch ran";
        let output = step(path, two, "--only=no-such-rule\n");
        assert_eq!(output.status.code(), Some(2));
        let output = step(path, two, "--quiet");
        assert_eq!(
            output.status.code(),
            Some(2),
            "the second path does not exist"
        );
        assert!(!path.join("ran").exists());
        fs::rename(path.join("results.csv"), path.join("two words.csv")).expect("own");
        let output = step(path, "two words.csv", "");
        assert_eq!(output.status.code(), Some(1));
    }
}
