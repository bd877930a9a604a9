//! Each limit is told with its number, where it was met, and what to do; what
//! is within it is still read.

use std::path::{Path, PathBuf};
use std::process::Command;

use scrutineer::load::{self, Loaded, Options};
use scrutineer::model::{Pack, Table};
use serde_json::Value;

use super::rules::Knowledge;

const GOOD: &str = "contest,party,votes\nAshby Vale,Red,7\n";

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("writable");
    }
}

fn load(paths: &[PathBuf], options: &Options) -> Loaded {
    let inputs: Vec<load::Input> = paths.iter().cloned().map(load::Input::from).collect();
    let knowledge = Knowledge::built_in();
    load::load(&inputs, std::io::empty(), knowledge.words(), options)
}

/// What is told of one file beside a good one: errors, defects, notes.
fn told(name: &str, text: &str) -> (String, Loaded) {
    let folder = tempfile::tempdir().expect("writable");
    write(folder.path(), &[("good.csv", GOOD), (name, text)]);
    let loaded = load(&[folder.path().to_owned()], &Options::default());
    let errors = loaded.errors.iter().map(ToString::to_string);
    let defects = loaded.dataset.defects.iter().map(|d| d.message.clone());
    let notes = loaded.dataset.notes.iter().cloned();
    let all: Vec<String> = errors.chain(defects).chain(notes).collect();
    let good = loaded.dataset.tables.iter().any(|t| t.title == "good");
    assert!(good, "the other file is read");
    (all.join("\n"), loaded)
}

/// Contests whose shares are not those of their votes.
fn rows(contests: usize) -> String {
    let mut rows = String::new();
    for n in 0..contests {
        let contest = format!("C{n},2020,Red,10,55.0\nC{n},2020,Blue,10,45.0\n");
        rows.push_str(&contest);
    }
    rows
}

#[test]
fn long_cells_and_rows_are_left_out() {
    let long = "x".repeat(70_000);
    let text = format!("contest,party,votes\nAshby,Red,7\n{long},Blue,8\nCorfe,Gold,9\n");
    let (says, loaded) = told("long.csv", &text);
    assert!(
        says.contains("line 3 of ") && says.contains("long.csv has a cell of 70000 bytes"),
        "{says}"
    );
    assert!(says.contains("at most 65536"), "{says}");
    let long_table = loaded.dataset.tables.iter().find(|t| t.title == "long");
    assert_eq!(long_table.map(Table::rows), Some(2));
    assert!(loaded.dataset.defects[0].help.is_some());

    let wide = format!("a,b\n{}\n1,2\n", "y,".repeat(600_000));
    let (says, _) = told("wide.csv", &wide);
    assert!(
        says.contains("a row of 1200000 bytes; at most 1048576"),
        "{says}"
    );

    let rows = format!(r#"[{{"party":"Red","votes":1}},{{"party":"{long}","votes":2}}]"#);
    let (says, _) = told("long.json", &rows);
    assert!(says.contains("has a cell of 70000 bytes"), "{says}");
}

#[test]
fn a_table_has_so_many_columns() {
    let head = "h,".repeat(5000);
    let (says, _) = told("wide.csv", &format!("{head}\n1,2\n"));
    assert!(
        says.contains("wide.csv has more than 4096 columns"),
        "{says}"
    );
}

#[test]
fn nesting_ends_somewhere() {
    let inner = r#"[{"party":"Red","votes":1}]"#;
    let nested = (0..20).fold(inner.to_owned(), |inner, _| format!(r#"[{{"a":{inner}}}]"#));
    let (says, _) = told("deep.json", &nested);
    assert!(
        says.contains("deep.json is nested deeper than 16 levels"),
        "{says}"
    );

    let bottomless = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(
        told("bottomless.json", &bottomless)
            .0
            .contains("bottomless.json")
    );

    let tables = "<table><tr><td>".repeat(1000) + "5";
    let (says, _) = told("deep.html", &tables);
    assert!(
        says.contains("tables nested deeper than 32 levels were left out"),
        "{says}"
    );
    let (says, _) = told("nav.html", &("<nav>".repeat(5000) + "5"));
    assert!(says.contains("nested deeper than 256 levels"), "{says}");
}

#[test]
fn a_sentence_has_so_many_bytes() {
    let knowledge = Knowledge::built_in();
    let copy = "Red won 7 ".repeat(1200);
    let dataset = load::load_texts(
        &[("good.csv", GOOD), ("copy.txt", &copy)],
        knowledge.words(),
    );
    let notes = knowledge.read_copy(&dataset).notes;
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0].starts_with("line 1 of copy.txt has a sentence of 11999 bytes, which was not read; at most 10000 are"),
        "{notes:?}"
    );
}

#[test]
fn files_are_as_many_as_the_limit() {
    let folder = tempfile::tempdir().expect("writable");
    write(
        folder.path(),
        &[
            ("a.csv", GOOD),
            ("b.csv", GOOD),
            ("c.csv", GOOD),
            ("d.csv", GOOD),
        ],
    );
    let options = Options {
        max_files: 2,
        ..Options::default()
    };
    let loaded = load(&[folder.path().to_owned()], &options);
    assert_eq!(loaded.dataset.tables.len(), 2);
    let errors: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["there are more than 2 files; 2 were not read"]);
}

#[test]
fn a_file_of_rules_has_so_many_bytes() {
    let folder = tempfile::tempdir().expect("writable");
    write(folder.path(), &[("big.toml", &"# big\n".repeat(800_000))]);
    let error = Pack::with_folder(folder.path())
        .expect_err("too large")
        .to_string();
    assert!(
        error.contains("big.toml: it is larger than 4194304 bytes"),
        "{error}"
    );
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let folder = tempfile::tempdir().expect("writable");
    let rows = rows(40);
    write(
        folder.path(),
        &[(
            "many.csv",
            &format!("contest,year,party,votes,share\n{rows}"),
        )],
    );
    let check = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scrutineer"));
        command
            .args(["check", "many.csv"])
            .args(more)
            .current_dir(folder.path());
        let output = command.output().expect("it runs");
        (
            output.status.code(),
            String::from_utf8(output.stdout).expect("text"),
        )
    };
    let json = |more: &[&str]| -> Value {
        let (code, out) = check(&[&["--format", "json"], more].concat());
        assert_eq!(code, Some(1));
        serde_json::from_str(&out).expect("it is JSON")
    };
    let (all, some) = (json(&[]), json(&["--max-findings", "3"]));
    let found = all["findings"].as_array().map_or(0, Vec::len);
    assert!(found > 3, "{all}");
    assert_eq!(some["findings"].as_array().map(Vec::len), Some(3));
    assert_eq!(some["summary"]["findings_left_out"], found - 3);
    for count in ["errors", "warnings", "notes"] {
        assert_eq!(some["summary"][count], all["summary"][count], "{count}");
    }
    let (code, text) = check(&["--max-findings", "3"]);
    assert_eq!(code, Some(1));
    assert!(
        text.contains(&format!(
            "… and {} more findings that were not kept",
            found - 3
        )),
        "{text}"
    );
    assert!(text.contains("--max-findings"), "{text}");
    // None kept is no reason to say that all is well.
    let (code, text) = check(&["--max-findings", "0"]);
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().expect("writable");
    let rows = rows(400);
    let table = format!("contest,year,party,votes,share\n{rows}");
    write(folder.path(), &[("many.csv", &table)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_scrutineer"))
        .args(["check", "many.csv", "--format", "json"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "as if all had been read");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(unix)]
mod odd_files {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_pipes_and_devices_are_told_and_stop_nothing() {
        let folder = tempfile::tempdir().expect("writable");
        let at = |name: &str| folder.path().join(name);
        write(folder.path(), &[("good.csv", GOOD)]);
        std::fs::create_dir(at("inner")).expect("writable");
        symlink(folder.path(), at("inner/loop")).expect("writable");
        symlink("nowhere.csv", at("broken.csv")).expect("writable");
        symlink("self.csv", at("self.csv")).expect("writable");
        symlink("/dev/zero", at("zero.csv")).expect("writable");
        let made = Command::new("mkfifo").arg(at("pipe.csv")).status();
        assert!(made.is_ok_and(|status| status.success()));
        let loaded = load(
            &[folder.path().to_owned(), PathBuf::from("/dev/null")],
            &Options::default(),
        );
        let own = |text: String| text.replace(&format!("{}/", folder.path().display()), "");
        let errors: Vec<String> = loaded.errors.iter().map(|e| own(e.to_string())).collect();
        assert_eq!(errors.len(), 5, "{errors:?}");
        assert_eq!(
            errors[0],
            "broken.csv is a link to a file that does not exist"
        );
        assert_eq!(errors[1], "pipe.csv is no file, but a pipe or a device");
        assert!(
            errors[2].starts_with("self.csv cannot be read: "),
            "{errors:?}"
        );
        assert_eq!(errors[3], "zero.csv is no file, but a pipe or a device");
        assert_eq!(errors[4], "/dev/null is no file, but a pipe or a device");
        let notes = own(loaded.dataset.left_alone.join("\n"));
        assert!(
            notes.contains("left alone, links to other folders: inner/loop;"),
            "{notes}"
        );
        assert_eq!(loaded.dataset.tables.len(), 1);
    }

    #[test]
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn unreadable_files_and_folders_are_told_and_stop_nothing() {
        let folder = tempfile::tempdir().expect("writable");
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("shut")).expect("writable");
        write(folder.path(), &[("good.csv", GOOD), ("mine.csv", GOOD)]);
        let may = |path: PathBuf, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        };
        may(at("mine.csv"), 0o000).expect("own");
        may(at("shut"), 0o000).expect("own");
        if std::fs::read(at("mine.csv")).is_ok() {
            eprintln!("skipped: nothing is closed to this user");
            return;
        }
        let loaded = load(&[folder.path().to_owned()], &Options::default());
        may(at("shut"), 0o700).expect("own");
        let errors: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(
            errors.iter().any(|e| e.contains("cannot be searched")),
            "{errors:?}"
        );
        assert!(
            errors.iter().any(|e| e.contains("mine.csv cannot be read")),
            "{errors:?}"
        );
        assert_eq!(loaded.dataset.tables.len(), 1);
    }

    #[test]
    fn what_is_read_is_not_touched() {
        let folder = tempfile::tempdir().expect("writable");
        let at = folder.path().join("good.csv");
        write(folder.path(), &[("good.csv", GOOD)]);
        std::fs::set_permissions(&at, std::fs::Permissions::from_mode(0o444)).expect("own");
        let state = || {
            let about = std::fs::metadata(&at).expect("it is there");
            (
                about.modified().expect("known"),
                about.permissions().mode(),
                std::fs::read(&at).expect("readable"),
            )
        };
        let before = state();
        let output = Command::new(env!("CARGO_BIN_EXE_scrutineer"))
            .args(["check", "."])
            .current_dir(folder.path())
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(0));
        assert!(state() == before);
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("readable").count(),
            1
        );
    }
}

#[test]
fn many_tables_and_columns_of_one_name_take_no_time() {
    let tables: Vec<String> = (0..4000)
        .map(|n| format!(r#""a{n}": [{{"party": "x", "votes": 1}}]"#))
        .collect();
    let head = "votes,".repeat(2000);
    let files = [
        ("many.json", format!("{{{}}}", tables.join(", "))),
        ("wide.csv", format!("party,{head}\nRed,1\n")),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let knowledge = Knowledge::built_in();
    let started = std::time::Instant::now();
    let dataset = load::load_texts(&files, knowledge.words());
    assert_eq!(dataset.tables.len(), 4001);
    knowledge.check(&dataset);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

/// Each candidate is a group of rows that a total may count; to hold each against
/// each would take minutes.
#[test]
fn many_groups_of_rows_take_no_time() {
    let row = |n: usize| format!("C{},P1,Office {},Ann {n},7\n", n % 50, n / 50 % 100);
    let rows: String = (0..20_000).map(row).collect();
    let text = format!("county,precinct,office,candidate,votes\n{rows}");
    let knowledge = Knowledge::built_in();
    let dataset = load::load_texts(&[("a.csv", &text)], knowledge.words());
    let started = std::time::Instant::now();
    knowledge.check(&dataset);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
