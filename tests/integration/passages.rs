//! Labelled passages and sentences beside their tables: how much of them is
//! understood, and how much of what is called wrong is wrong.

use std::fs;
use std::ops::Add;
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::Value;

use super::labelled::claims;

/// A claim that the labels mark, by its bytes in the plain copy.
struct Label {
    start: usize,
    end: usize,
    /// The verdicts that are taken, the right one first.
    verdicts: Vec<&'static str>,
}

/// Copy without its marks, and what they said.
fn unmarked(marked: &str) -> (String, Vec<Label>) {
    let (mut text, mut labels) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once("[[") {
        let (label, after) = after.split_once("]]").expect("a label is closed");
        let (signs, words) = label.split_once(' ').expect("a label has a sign");
        text.push_str(before);
        let start = text.len();
        text.push_str(words);
        let verdicts = signs.chars().map(|sign| match sign {
            '=' => "agrees",
            '!' => "contradicts",
            '?' => "unchecked",
            other => panic!("{other} is no verdict"),
        });
        labels.push(Label {
            start,
            end: text.len(),
            verdicts: verdicts.collect(),
        });
        rest = after;
    }
    text.push_str(rest);
    (text, labels)
}

#[derive(Debug, Default)]
struct Score {
    claims: usize,
    right: usize,
    found: usize,
    missed: usize,
    invented: usize,
}

impl Score {
    fn count(&mut self, labels: &[Label], claims: &[Value]) {
        let mut used = vec![false; claims.len()];
        for label in labels {
            let met: Vec<usize> = (0..claims.len())
                .filter(|&at| overlaps(&claims[at], label))
                .collect();
            let verdict = |at: &usize| claims[*at]["verdict"].as_str().unwrap_or_default();
            let taken = met.iter().find(|at| label.verdicts.contains(&verdict(at)));
            let best = taken.or(met.first());
            if let Some(&at) = best {
                used[at] = true;
            }
            let said = best.map_or("unchecked", |at| verdict(at));
            let right = label.verdicts.contains(&said);
            self.claims += 1;
            self.right += usize::from(right);
            match (label.verdicts[0] == "contradicts", said == "contradicts") {
                (true, true) => self.found += 1,
                (true, false) => self.missed += usize::from(!right),
                (false, true) => self.invented += usize::from(!right),
                (false, false) => {}
            }
        }
        let invented = claims.iter().zip(used).filter(|(claim, used)| {
            !used && claim["verdict"] == "contradicts" && claim["kind"] == "number"
        });
        self.invented += invented.count();
    }

    /// In thousandths: verdicts that are right, contradictions that are real,
    /// real ones that are found.
    fn rates(&self) -> [usize; 3] {
        let part = |of: usize, all: usize| of * 1000 / all.max(1);
        [
            part(self.right, self.claims),
            part(self.found, self.found + self.invented),
            part(self.found, self.found + self.missed),
        ]
    }
}

impl Add for Score {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            claims: self.claims + other.claims,
            right: self.right + other.right,
            found: self.found + other.found,
            missed: self.missed + other.missed,
            invented: self.invented + other.invented,
        }
    }
}

fn overlaps(claim: &Value, label: &Label) -> bool {
    let byte = |name: &str| {
        let at = claim["at"][name].as_u64().expect("a claim has its place");
        usize::try_from(at).expect("it is no larger than the file")
    };
    byte("byte_start") < label.end && label.start < byte("byte_end")
}

/// The score of marked copy beside tables.
fn read(score: &mut Score, copy: &Path, tables: &[PathBuf]) {
    let marked = fs::read_to_string(copy).expect("the copy can be read");
    let (text, labels) = unmarked(&marked);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let plain = folder.path().join("copy.txt");
    fs::write(&plain, text).expect("writable");
    let inputs: Vec<PathBuf> = tables.iter().chain([&plain]).cloned().collect();
    let claims = claims(&inputs, &plain);
    score.count(&labels, &claims);
}

/// The files of a folder that end in `ending`, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    paths
}

#[expect(clippy::print_stderr, reason = "the rates are what the test is for")]
fn hold(name: &str, score: &Score, least: [usize; 3]) {
    let rates = score.rates();
    eprintln!("{name}: right, precision, recall in thousandths {rates:?}; {score:?}");
    for (rate, least) in rates.iter().zip(least) {
        assert!(*rate >= least, "{name}: {rates:?} is below {least:?}");
    }
}

#[test]
fn passages_are_understood_as_well_as_before() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/passages");
    let folders: Vec<PathBuf> = files(&own, "").into_iter().filter(|f| f.is_dir()).collect();
    let half = |folders: &[PathBuf]| {
        let mut score = Score::default();
        for folder in folders {
            let tables = files(folder, ".csv");
            read(&mut score, &folder.join("copy.txt"), &tables);
        }
        score
    };
    let (some, others) = folders.split_at(folders.len() / 2);
    let score = thread::scope(|scope| {
        let others = scope.spawn(|| half(others));
        half(some) + others.join().expect("no passage makes it panic")
    });
    assert!(score.claims > 2000, "{score:?}");
    hold("passages", &score, [740, 965, 675]);
}

#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says why")]
fn sentences_are_understood_as_well_as_before() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../shared/copy/dev");
    if !shared.exists() {
        eprintln!("skipped: no tables in {}", shared.display());
        return;
    }
    let mut score = Score::default();
    for copy in files(&root.join("tests/sentences"), ".txt") {
        let stem = copy.file_stem().expect("it has a name");
        read(&mut score, &copy, &files(&shared.join(stem), ".csv"));
    }
    assert!(score.claims > 800, "{score:?}");
    hold("sentences", &score, [785, 965, 705]);
}
