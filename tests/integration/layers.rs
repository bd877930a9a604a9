//! The layers are a star: each uses `model` and no other, `model` uses none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn layers_use_the_model_and_not_each_other() {
    for layer in ["model", "load", "check", "copy", "report", "screen"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(layer);
        let allowed = BTreeSet::from([layer.to_owned(), "model".to_owned()]);
        for file in rust_files(&folder) {
            let text = std::fs::read_to_string(&file).expect("the source can be read");
            let others: Vec<_> = used(&text).difference(&allowed).cloned().collect();
            assert!(others.is_empty(), "{} uses {others:?}", file.display());
        }
    }
}

#[test]
fn every_way_to_name_a_layer_is_seen() {
    let text = "use crate::model::{A, B};\nuse crate::{check, load::Loaded};\nlet x = crate::copy::read();";
    let seen: Vec<_> = used(text).into_iter().collect();
    assert_eq!(seen, ["check", "copy", "load", "model"]);
}

/// The modules of the crate that a file names: what follows `crate::`.
fn used(text: &str) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for (at, start) in text.match_indices("crate::") {
        let rest = &text[at + start.len()..];
        match rest.strip_prefix('{') {
            None => modules.insert(word(rest)),
            Some(list) => {
                let list = list.split('}').next().unwrap_or(list);
                modules.extend(list.split(',').map(|item| word(item.trim())));
                false
            }
        };
    }
    modules.remove("");
    modules
}

fn word(text: &str) -> String {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the layer has a folder");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                rust_files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}
