//! Life in CI: known differences, waivers, changes, settings; from outside.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// So many contests have a known mistake.
const KNOWN: usize = 500;

/// What a run came to.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Run {
    fn of(folder: &Path, words: &[&str]) -> Self {
        let run = Command::new(env!("CARGO_BIN_EXE_scrutineer"))
            .current_dir(folder)
            .args(words)
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
        Self {
            code: run.status.code(),
            out: text(run.stdout),
            err: text(run.stderr),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("it is JSON")
    }

    /// The messages of the findings that are told.
    fn told(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let says = |f: &Value| f["message"].as_str().unwrap_or_default().to_owned();
        findings.iter().map(says).collect()
    }
}

/// A contest: its rows add up to 300, and its total says `total`.
fn contest(number: usize, total: u32) -> String {
    let name = format!("Ward {number}");
    format!(
        "{name},2020,Ann Lee,Red,180\n{name},2020,Bo Hart,Blue,120\n{name},2020,Total,,{total}\n"
    )
}

const HEAD: &str = "contest,year,candidate,party,votes\n";

/// Two files of contests, each with its mistake.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut files = [HEAD.to_owned(), HEAD.to_owned()];
    for number in 0..KNOWN {
        files[number % 2].push_str(&contest(number, 310));
    }
    put(&folder, "a.csv", &files[0]);
    put(&folder, "b.csv", &files[1]);
    folder
}

fn put(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).expect("the folder is writable");
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("the file is there")
}

/// The contests of a file in the opposite order.
fn turned(text: &str) -> String {
    let rows: Vec<&str> = text.lines().skip(1).collect();
    let mut turned = HEAD.to_owned();
    for contest in rows.chunks(3).rev() {
        for row in contest {
            writeln!(turned, "{row}").expect("memory is writable");
        }
    }
    turned
}

const CHECK: [&str; 4] = ["check", "--baseline", "known.json", "--format=json"];

fn check(folder: &TempDir, files: &[&str]) -> Run {
    Run::of(folder.path(), &[&CHECK, files].concat())
}

/// What writes the baseline of both files.
const WRITE: [&str; 6] = [
    "baseline",
    "write",
    "--baseline",
    "known.json",
    "a.csv",
    "b.csv",
];

#[test]
fn known_differences_pass_and_a_new_one_is_all_that_is_told() {
    let folder = folder();
    let files = ["a.csv", "b.csv"];
    let bare = Run::of(folder.path(), &["check", "a.csv", "b.csv", "--format=json"]);
    assert_eq!((bare.code, bare.told().len()), (Some(1), KNOWN));
    let written = Run::of(folder.path(), &WRITE);
    assert_eq!(written.out, format!("known.json: {KNOWN} findings known\n"));

    let known = check(&folder, &files);
    assert_eq!(
        (known.code, known.told()),
        (Some(0), Vec::new()),
        "{}",
        known.err
    );
    assert_eq!(known.json()["summary"]["set_aside"], KNOWN);

    // One new mistake, between the others.
    let before = read(&folder, "a.csv");
    let (head, rest) = before.split_at(HEAD.len());
    put(
        &folder,
        "a.csv",
        &format!("{head}{}{rest}", contest(9_000, 299)),
    );
    for files in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let new = check(&folder, &files);
        let told = new.told();
        assert_eq!((new.code, told.len()), (Some(1), 1), "{told:?}");
        assert!(told[0].contains("Ward 9000"), "{told:?}");
    }
    let text = Run::of(
        folder.path(),
        &["check", "--baseline", "known.json", "a.csv", "b.csv"],
    );
    assert!(
        text.out.contains("Ward 9000") && !text.out.contains("Ward 1,"),
        "{}",
        text.out
    );
    assert!(
        text.out.contains(&format!("set aside: {KNOWN} known")),
        "{}",
        text.out
    );

    // The contests in another order, and sound ones between them.
    put(&folder, "a.csv", &(turned(&before) + &contest(9_001, 300)));
    put(&folder, "b.csv", &turned(&read(&folder, "b.csv")));
    for files in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let moved = check(&folder, &files);
        assert_eq!((moved.code, moved.told()), (Some(0), Vec::new()));
        assert!(moved.err.is_empty(), "nothing is stale: {}", moved.err);
    }
}

#[test]
fn a_known_difference_that_grows_is_new() {
    let folder = folder();
    Run::of(folder.path(), &WRITE);
    let before = read(&folder, "a.csv");
    for (total, told) in [(310, 0), (305, 0), (311, 1), (290, 1)] {
        put(
            &folder,
            "a.csv",
            &before.replacen(",310", &format!(",{total}"), 1),
        );
        let run = check(&folder, &["a.csv", "b.csv"]);
        assert_eq!(run.told().len(), told, "{total}");
        assert_eq!(run.code, Some(i32::from(told > 0)), "{total}");
        if told > 0 {
            let report = run.json();
            let help = report["findings"][0]["help"].as_str().unwrap_or_default();
            assert!(help.contains("a difference of 10 here"), "{help}");
        }
    }
}

#[test]
fn what_is_mended_is_stale_and_is_pruned() {
    let folder = folder();
    let on = |command: &str, files: &[&str]| {
        let words = ["baseline", command, "--baseline", "known.json"];
        Run::of(folder.path(), &[&words, files].concat())
    };
    on("write", &["a.csv", "b.csv"]);
    let first = read(&folder, "known.json");
    on("write", &["b.csv", "a.csv"]);
    assert_eq!(
        read(&folder, "known.json"),
        first,
        "the order of files does not count"
    );
    let mended = read(&folder, "a.csv").replacen(",310", ",300", 2);
    put(&folder, "a.csv", &mended);
    let stale = check(&folder, &["a.csv", "b.csv"]);
    assert_eq!(stale.code, Some(0));
    assert!(
        stale.err.contains("2 entries of known.json"),
        "{}",
        stale.err
    );
    assert!(
        check(&folder, &["b.csv"]).err.is_empty(),
        "a.csv was not looked at"
    );
    assert_eq!(on("check", &["a.csv", "b.csv"]).code, Some(1));
    let pruned = on("prune", &["a.csv", "b.csv"]);
    assert_eq!(
        pruned.out,
        format!("known.json: 2 taken out, {} left\n", KNOWN - 2)
    );
    assert_eq!(on("check", &["a.csv", "b.csv"]).code, Some(0));
    let (before, after) = (
        first.lines().count(),
        read(&folder, "known.json").lines().count(),
    );
    assert_eq!(before - after, 2, "an entry is a line");
}

#[test]
fn fingerprints_do_not_depend_on_rows_and_files_elsewhere() {
    let folder = folder();
    let prints = |files: [&str; 2]| {
        let words = [&["check", "--format=json"], files.as_slice()].concat();
        let report = Run::of(folder.path(), &words).json();
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let mut prints: Vec<String> = findings
            .iter()
            .map(|f| f["fingerprint"].to_string())
            .collect();
        prints.sort();
        prints
    };
    let before = prints(["a.csv", "b.csv"]);
    assert_eq!(before.len(), KNOWN);
    assert_eq!(prints(["b.csv", "a.csv"]), before);
    put(
        &folder,
        "a.csv",
        &(turned(&read(&folder, "a.csv")) + &contest(9_001, 300)),
    );
    assert_eq!(prints(["a.csv", "b.csv"]), before);
}

const PRECINCTS: &str = "county,precinct,office,candidate,party,votes,election_day,mail\n";

/// A precinct that most counties have: the modes of the first row make 100.
fn precinct(county: &str, votes: u32) -> String {
    let row = |name: &str, votes| format!("{county},P1,Governor,{name},{votes},60,40\n");
    let sound = ["Bo Hart,Blue", "Cy Dunn,Green", "Di Ford,Gold"];
    let sound = sound.map(|name| row(name, 100));
    row("Ann Lee,Red", votes) + &sound.concat()
}

const COUNTIES: [&str; 4] = ["Lake", "Polk", "Cass", "Dane"];

#[test]
fn precincts_of_one_name_are_told_apart_by_their_counties() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |wrong: [u32; 4]| {
        let rows = COUNTIES.iter().zip(wrong);
        let rows: String = rows
            .map(|(county, votes)| precinct(county, votes))
            .collect();
        put(&folder, "a.csv", &(PRECINCTS.to_owned() + &rows));
    };
    write([101, 102, 100, 100]);
    let first = Run::of(folder.path(), &["check", "a.csv", "--format=json"]).json();
    let of_lake = &first["findings"][0];
    assert_eq!(of_lake["key"]["county"], "Lake", "{of_lake}");
    let says = of_lake["message"].as_str().unwrap_or_default();
    assert!(says.contains("P1, Lake, Governor"), "{says}");
    let letter = Run::of(folder.path(), &["check", "a.csv", "--format=letter"]);
    assert!(
        letter.out.contains("## 2. P1, Polk, Governor"),
        "{}",
        letter.out
    );

    // What is mended in one county hides nothing in another.
    let known = ["baseline", "write", "a.csv", "--baseline=known.json"];
    assert_eq!(Run::of(folder.path(), &known).code, Some(0));
    write([100, 102, 101, 100]);
    let moved = check(&folder, &["a.csv"]);
    assert_eq!(moved.code, Some(1), "{}", moved.out);
    assert!(moved.told()[0].contains("Cass"), "{:?}", moved.told());
    write([103, 100, 100, 100]);
    assert_eq!(check(&folder, &["a.csv"]).code, Some(1), "Lake has grown");
}

#[test]
fn the_order_of_counties_changes_no_fingerprint() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut counties = COUNTIES;
    let mut prints = || {
        let rows: String = counties
            .iter()
            .map(|county| precinct(county, 101))
            .collect();
        put(&folder, "a.csv", &(PRECINCTS.to_owned() + &rows));
        counties.reverse();
        let report = Run::of(folder.path(), &["check", "a.csv", "--format=json"]).json();
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let print = |f: &Value| (f["message"].to_string(), f["fingerprint"].to_string());
        let mut prints: Vec<_> = findings.iter().map(print).collect();
        prints.sort();
        prints
    };
    let before = prints();
    assert_eq!((before.len(), prints()), (COUNTIES.len(), before));
}

#[test]
fn a_waiver_is_of_one_county() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let rows: String = COUNTIES
        .iter()
        .map(|county| precinct(county, 101))
        .collect();
    put(&folder, "a.csv", &(PRECINCTS.to_owned() + &rows));
    for key in [r#"county = "lake""#, r#"County = "Lake", precinct = "P1""#] {
        let waiver =
            format!("[[waiver]]\nrule = \"votes\"\nkey = {{ {key} }}\nreason = \"certified so\"\n");
        put(&folder, "scrutineer.toml", &waiver);
        let run = Run::of(folder.path(), &["check", "a.csv", "--format=json"]);
        assert_eq!(run.told().len(), 3, "{key}: {}", run.err);
        assert!(run.told().iter().all(|told| !told.contains("Lake")));
    }
}

#[test]
fn files_of_one_name_in_two_folders_are_two() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path();
    for inner in ["east", "west"] {
        fs::create_dir(path.join(inner)).expect("a folder can be made");
    }
    let write = |east, west| {
        let table = |votes| PRECINCTS.to_owned() + &precinct("Lake", votes);
        put(&folder, "east/a.csv", &table(east));
        put(&folder, "west/a.csv", &table(west));
    };
    let run = |from: &Path, words: &[&str]| {
        let words = [words, &["--only=votes-by-mode-add-up-to-the-votes"]].concat();
        let run = Run::of(from, &words);
        assert!(run.err.is_empty(), "{}", run.err);
        run.code
    };
    let known = "--baseline=known.json";
    write(101, 100);
    assert_eq!(run(path, &["baseline", "write", ".", known]), Some(0));
    let east = path.join("east");
    let inside = ["check", "a.csv", "--baseline=../known.json"];
    assert_eq!(run(&east, &inside), Some(0));
    write(101, 101);
    assert_eq!(run(path, &["check", ".", known]), Some(1));

    // What is written of one folder keeps what is known of the other.
    for inner in ["east", "west"] {
        assert_eq!(run(path, &["baseline", "write", inner, known]), Some(0));
    }
    assert_eq!(run(path, &["check", ".", known]), Some(0));
}

/// Two contests with a mistake each.
fn two() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    put(
        &folder,
        "a.csv",
        &(HEAD.to_owned() + &contest(1, 310) + &contest(2, 320)),
    );
    folder
}

/// A folder whose contests have a mistake each, under settings.
struct Set {
    folder: TempDir,
    /// The rule that is broken.
    rule: String,
}

impl Set {
    fn new() -> Self {
        let folder = two();
        let run = Run::of(folder.path(), &["check", "a.csv", "--format=json"]);
        let rule = run.json()["findings"][0]["rule"]
            .as_str()
            .map(ToOwned::to_owned);
        let rule = rule.expect("a rule is broken");
        Self { folder, rule }
    }

    fn waiver(&self, contest: &str, rest: &str) -> String {
        let rule = &self.rule;
        format!(
            "[[waiver]]\nrule = \"{rule}\"\nkey = {{ contest = \"{contest}\", election = 2020 }}\n{rest}\n"
        )
    }

    fn run(&self, settings: &str) -> Run {
        let settings = format!("tables = [\"a.csv\"]\n{settings}");
        put(&self.folder, "scrutineer.toml", &settings);
        Run::of(self.folder.path(), &["check", "--format=json"])
    }
}

#[test]
fn waivers_accept_for_a_reason_and_for_a_time() {
    let set = Set::new();
    let reason = "reason = \"certified so\"\nlink = \"https://example.org\"";
    let accepted = set.run(&set.waiver("ward 1", reason));
    assert_eq!(accepted.told().len(), 1);
    assert_eq!(accepted.json()["aside"][0]["reason"], "certified so");
    assert!(accepted.err.is_empty(), "{}", accepted.err);
    let both = set.waiver("Ward 1", "reason = \"a\"\nuntil = 2999-01-01")
        + &set.waiver("Ward 2", "reason = \"b\"\nmax-difference = 20");
    let both = set.run(&both);
    assert_eq!((both.code, both.told().len()), (Some(0), 0));
    for (contest, rest, doubt) in [
        ("Ward 3", "", "accepts nothing any more"),
        ("Ward 1", "until = 2020-01-31", "ended on 2020-01-31"),
        ("Ward 1", "max-difference = 9", "accepts nothing any more"),
    ] {
        let run = set.run(&set.waiver(contest, &format!("reason = \"a\"\n{rest}")));
        assert_eq!(run.told().len(), 2);
        let told = run.err.contains(doubt) && run.err.contains("scrutineer.toml:3:");
        assert!(told, "{}", run.err);
    }
}

#[test]
fn mistakes_in_waivers_are_shown_at_their_words() {
    let set = Set::new();
    let whole = set.waiver("Ward 1", "reason = \"a\"");
    for (waiver, says) in [
        (set.waiver("Ward 1", ""), "missing field `reason`"),
        (
            set.waiver("Ward 1", "reason = \" \""),
            "say why it is accepted",
        ),
        (
            format!("{whole}untill = 2020-01-31\n"),
            "did you mean until?",
        ),
        (
            whole.replace(&set.rule, "vote-add"),
            "no rule is called vote-add",
        ),
        (
            format!("[[waiver]]\nrule = \"{}\"\nreason = \"a\"\n", set.rule),
            "accepts all findings",
        ),
    ] {
        let run = set.run(&waiver);
        assert_eq!(run.code, Some(2), "{}", run.err);
        let told = run.err.contains(says) && run.err.contains("scrutineer.toml:");
        assert!(told, "{}", run.err);
    }
}

#[test]
fn only_what_a_change_touches_is_told() {
    let folder = two();
    let b = HEAD.to_owned() + &contest(3, 330);
    put(&folder, "b.csv", &b);
    let outside = Run::of(
        folder.path(),
        &["check", "a.csv", "--changed-since", "HEAD"],
    );
    assert_eq!(outside.code, Some(2));
    assert!(
        outside.err.contains("needs a git repository"),
        "{}",
        outside.err
    );
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "one"]);
    let run = |revision: &str| {
        Run::of(
            folder.path(),
            &[
                "check",
                "a.csv",
                "b.csv",
                "--format=json",
                "--changed-since",
                revision,
            ],
        )
    };
    assert_eq!((run("HEAD").code, run("HEAD").told().len()), (Some(0), 0));
    put(&folder, "b.csv", &(b + &contest(4, 300)));
    let touched = run("HEAD");
    assert_eq!((touched.code, touched.told().len()), (Some(1), 1));
    assert_eq!(touched.json()["summary"]["set_aside"], 2);
    git(&folder, &["commit", "-q", "-a", "-m", "two"]);
    assert_eq!(run("HEAD").told().len(), 0);
    assert_eq!(run("HEAD~1").told().len(), 1);
    for unknown in ["nowhere", "--output=x"] {
        let words = ["check", "a.csv", &format!("--changed-since={unknown}")];
        let run = Run::of(folder.path(), &words);
        assert_eq!(run.code, Some(2));
        assert!(
            run.err.contains("does not know what changed"),
            "{}",
            run.err
        );
    }
    assert!(!folder.path().join("x").exists());
}

fn git(folder: &TempDir, words: &[&str]) {
    let who = [
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let run = Command::new("git")
        .current_dir(folder.path())
        .args(who)
        .args(words)
        .output();
    assert!(run.expect("git runs").status.success(), "{words:?}");
}

#[test]
fn strict_and_allowances_decide_what_fails() {
    let folder = two();
    let code = |words: &[&str]| Run::of(folder.path(), &[&["check", "a.csv"], words].concat()).code;
    let report = Run::of(folder.path(), &["check", "a.csv", "--format=json"]).json();
    let rule = report["findings"][0]["rule"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for (most, exit) in [("1", 1), ("2", 0), ("99%", 1), ("100%", 0)] {
        let most = format!("--max-failing={rule}={most}");
        assert_eq!(code(&[&most, "--only", &rule]), Some(exit), "{most}");
    }
    put(&folder, "a.csv", &(HEAD.to_owned() + &contest(1, 300)));
    assert_eq!(code(&["--only", &rule, "--strict"]), Some(0));
    assert_eq!(code(&["--strict"]), Some(1), "some rules were skipped");
    assert_eq!(code(&[]), Some(0));
    let nope = Run::of(folder.path(), &["check", "a.csv", "--max-failing=voets=1"]);
    assert_eq!(nope.code, Some(2));
    assert!(nope.err.contains("did you mean votes?"), "{}", nope.err);
}

#[test]
fn every_report_says_why_it_fails_or_passes() {
    let folder = two();
    let of = |format: &str, words: &[&str]| {
        let format = format!("--format={format}");
        Run::of(
            folder.path(),
            &[&["check", "a.csv", &format], words].concat(),
        )
    };
    let allowed = ["--max-failing=votes=2"];
    for (format, says, never) in [
        ("text", "passes    so many findings are allowed", "fails"),
        ("github", "::notice title=scrutineer (votes", "::error"),
        ("junit", "type=\"allowed\"", "<failure"),
        ("gitlab", "\"severity\": \"info\"", "\"major\""),
        (
            "rdjson",
            "\"severity\": \"INFO\",\n      \"code\"",
            "\"severity\": \"ERROR\",\n      \"code\"",
        ),
        ("sarif", "\"exitCode\":0", "\"level\":\"error\",\"message\""),
        ("json", "\"fails\": false", "\"fails\": true"),
        ("html", "This passes", "This fails"),
        ("markdown", "verdict: passes", "verdict: fails"),
    ] {
        let run = of(format, &allowed);
        assert_eq!(run.code, Some(0), "{format}");
        assert!(run.out.contains(says), "{format}: {}", run.out);
        assert!(!run.out.contains(never), "{format}: {}", run.out);
    }
    let rows = HEAD.to_owned() + &contest(1, 300);
    put(&folder, "a.csv", &rows);
    for (format, says) in [
        ("text", "fails     strict, and not all was checked"),
        ("github", "::error title=scrutineer::strict, and not all"),
        (
            "junit",
            "<failure type=\"error\" message=\"strict, and not all",
        ),
        ("sarif", "\"executionSuccessful\":false,\"exitCode\":1"),
        ("json", "\"fails\": true"),
        ("html", "This fails: </b>strict"),
    ] {
        let run = of(format, &["--strict"]);
        assert_eq!(run.code, Some(1), "{format}");
        assert!(run.out.contains(says), "{format}: {}", run.out);
    }
}

#[test]
fn hosts_get_paths_from_the_root_of_the_repository() {
    let folder = two();
    fs::create_dir_all(folder.path().join("repo/.git")).expect("a folder can be made");
    fs::create_dir_all(folder.path().join("repo/inner")).expect("a folder can be made");
    let table = read(&folder, "a.csv");
    put(&folder, "repo/inner/a.csv", &table);
    let whole = folder.path().join("repo/inner/a.csv");
    let whole = whole.to_string_lossy().into_owned();
    for format in ["github", "gitlab", "sarif", "rdjson", "junit", "markdown"] {
        let format = format!("--format={format}");
        for (from, file) in [
            ("repo", "inner/a.csv"),
            ("repo/inner", "a.csv"),
            ("repo/inner", "../inner/a.csv"),
            ("", "./repo/inner/../inner/a.csv"),
            ("repo", whole.as_str()),
        ] {
            let run = Run::of(&folder.path().join(from), &["check", file, &format]);
            assert!(run.out.contains("inner/a.csv"), "{file}: {}", run.out);
            assert!(!run.out.contains(".."), "{format} {file}: {}", run.out);
            let tmp = folder.path().to_string_lossy().into_owned();
            assert!(!run.out.contains(&tmp), "{format} {file}: {}", run.out);
        }
        // What is outside has no path there.
        let run = Run::of(&folder.path().join("repo"), &["check", "../a.csv", &format]);
        assert!(!run.out.contains("../"), "{format}: {}", run.out);
    }
}

#[test]
fn lists_go_by_the_settings() {
    let folder = two();
    let columns = "[[format]]\nid = \"our-desk\"\ntitle = \"our desk\"\nsource = \"https://x.example\"\nrecognise = [\"Wo\", \"Wer\", \"Wieviel\"]\nexample = [\"Wo\", \"Wer\", \"Wieviel\"]\n[[format.column]]\nholds = \"contest\"\nnames = [\"Wo\"]\n[[format.column]]\nholds = \"candidate\"\nnames = [\"Wer\"]\n[[format.column]]\nholds = { measure = \"votes\" }\nnames = [\"Wieviel\"]\n";
    put(&folder, "columns.toml", columns);
    let settings = "columns = \"columns.toml\"\nskip = [\"copy\"]\n[severity]\nvotes-add-up-to-the-total = \"note\"\n";
    put(&folder, "scrutineer.toml", settings);
    let rules = Run::of(folder.path(), &["rules"]).out;
    let own = rules
        .lines()
        .find(|l| l.starts_with("votes-add-up-to-the-total"));
    assert!(own.is_some_and(|line| line.contains(" note ")), "{rules}");
    assert!(!rules.contains("copy-agrees"), "{rules}");
    let bare = Run::of(folder.path(), &["rules", "--no-config"]).out;
    assert!(bare.contains("copy-agrees"), "{bare}");
    let formats = Run::of(folder.path(), &["formats"]).out;
    assert!(formats.contains("our-desk"), "{formats}");
    put(
        &folder,
        "old.csv",
        "Wo,Wer,Wieviel\nAshby,Ann Lee,10\nAshby,Bo Hart,5\n",
    );
    put(
        &folder,
        "new.csv",
        "Wo,Wer,Wieviel\nAshby,Ann Lee,12\nAshby,Bo Hart,5\n",
    );
    let diff = Run::of(folder.path(), &["diff", "old.csv", "new.csv"]);
    assert!(diff.out.contains("10 → 12"), "{}{}", diff.out, diff.err);
}

#[test]
fn settings_are_found_above_and_give_way_to_the_command_line() {
    let folder = two();
    fs::create_dir_all(folder.path().join("in/deep")).expect("writable");
    put(
        &folder,
        "in/deep/b.csv",
        &(HEAD.to_owned() + &contest(3, 310)),
    );
    let settings = "tables = [\"in/**/*.csv\"]\nfail-on = \"error\"\n[output]\njsonl = \"in/found.jsonl\"\n[severity]\nvotes = \"note\"\n";
    put(&folder, "scrutineer.toml", settings);
    let here = folder.path();
    let from = here.join("in/deep");
    let run = Run::of(&from, &["check", "--format=json"]);
    assert_eq!((run.code, run.told().len()), (Some(0), 1), "{}", run.err);
    assert!(here.join("in/found.jsonl").is_file());
    assert_eq!(
        Run::of(here, &["check", "a.csv", "--fail-on=note"]).code,
        Some(1)
    );
    let own = ["check", "a.csv", "--severity=votes=error", "--format=json"];
    assert_eq!(
        (Run::of(here, &own).code, Run::of(here, &own).told().len()),
        (Some(1), 2)
    );
    assert_eq!(
        Run::of(here, &["check", "a.csv", "--no-config"]).code,
        Some(1)
    );
    put(&folder, "other.toml", "tables = [\"a.csv\"]\n");
    assert_eq!(
        Run::of(here, &["check", "--config", "other.toml"]).code,
        Some(1)
    );
}

#[test]
fn mistakes_in_settings_are_shown_at_their_words() {
    let folder = two();
    let here = folder.path();
    for (settings, says) in [
        ("tabels = []\n", "did you mean tables?"),
        ("tables = [\"*.xlsx\"]\n", "no file is called so"),
        ("fail-on = \"warn\"\n", "did you mean warning?"),
        (
            "tables = [\"a.csv\"]\nonly = [\"voets\"]\n",
            "did you mean votes?",
        ),
        (
            "tables = [\"a.csv\"]\nas = \"openelection\"\n",
            "did you mean openelections",
        ),
        (
            "tables = [\"a.csv\"]\n[output]\nhtml = \"../x.html\"\n",
            "outside of the folder",
        ),
        (
            "tables = [\"a.csv\"]\n[max-failing]\nvotes = \"few\"\n",
            "a number of findings",
        ),
        (
            "tables = [\"a.csv\"]\n[tolerance]\nvotes = -1\n",
            "a number of 0 or more",
        ),
        (
            "tables = [\"a.csv\"]\n[tolerance]\nvoets = 1\n",
            "did you mean votes?",
        ),
        ("tables = [\"b.csv\"]\n", "no file or folder b.csv"),
        (
            "tables = [\"a.csv\"]\nbaseline = \"b.json\"\n",
            "there is no baseline b.json",
        ),
        (
            "tables = [\"a.csv\"]\nrules = \"own\"\n",
            "no file or folder own",
        ),
    ] {
        put(&folder, "scrutineer.toml", settings);
        let run = Run::of(here, &["check"]);
        assert_eq!(run.code, Some(2), "{settings}: {}", run.err);
        assert!(
            run.err.contains(says) && run.err.contains("scrutineer.toml:"),
            "{}",
            run.err
        );
    }
}

#[test]
fn what_init_writes_is_what_the_schema_says() {
    let folder = two();
    put(
        &folder,
        "story.md",
        "In Ward 1, Ann Lee won 180 votes in 2020.\n",
    );
    let init = Run::of(folder.path(), &["init"]);
    assert_eq!(init.code, Some(0), "{}", init.err);
    let text = read(&folder, "scrutineer.toml");
    assert!(text.contains("tables = [\n  \"a.csv\",\n]\n"), "{text}");
    assert!(text.contains("copy = [\n  \"story.md\",\n]\n"), "{text}");
    assert_eq!(Run::of(folder.path(), &["init"]).code, Some(2), "it stays");
    assert_eq!(Run::of(folder.path(), &["init", "--force"]).code, Some(0));
    // What stands in comments is right too.
    let whole: Vec<&str> = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with('[') || rest.contains(" = ") => rest,
            _ => line,
        })
        .collect();
    let whole = whole.join("\n");
    let schema = Run::of(folder.path(), &["schema"]).json();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let says = |text: &str| {
        let settings: toml::Table = toml::from_str(text).expect("it is TOML");
        let mut settings = serde_json::to_value(settings).expect("it is JSON");
        // Editors see a date as text.
        if let Some(until) = settings.pointer_mut("/waiver/0/until") {
            *until = "2027-12-31".into();
        }
        validator
            .iter_errors(&settings)
            .map(|e| e.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(says(&text), Vec::<String>::new());
    assert_eq!(says(&whole), Vec::<String>::new(), "{whole}");
    let keys: toml::Table = toml::from_str(&whole).expect("it is TOML");
    let known = schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let unsaid: Vec<&String> = known
        .keys()
        .filter(|key| !keys.contains_key(*key))
        .collect();
    assert_eq!(unsaid, ["max-findings"], "init tells of every key");
    assert!(!says("tabels = []").is_empty() && !says("[severity]\nvotes = \"bad\"").is_empty());
    // The parser takes what the schema has: each key of it is one of the file.
    for key in known.keys() {
        put(&folder, "scrutineer.toml", &format!("{key} = 1979-05-27\n"));
        let run = Run::of(folder.path(), &["check"]);
        assert!(!run.err.contains("unknown field"), "{key}: {}", run.err);
    }
}
