//! Inputs that the fuzzer kept, because each goes another way through a reader:
//! each goes through loading, checking and reporting again. A fault that it
//! found is among them, under the name of what it did.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use scrutineer::check::Rules;
use scrutineer::model::{Number, Pack, show};

use super::rough::run;

/// The seeds of a target of `fuzz/`.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let files = std::fs::read_dir(folder.join(target)).expect("readable");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("readable").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has seeds");
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).expect("readable");
        (path, bytes)
    };
    files.into_iter().map(read).collect()
}

/// Reads each seed under a name, as its target does.
fn read(target: &str, name: &str, made: impl Fn(Vec<u8>) -> Vec<u8>) {
    let folder = tempfile::tempdir().expect("writable");
    let path = folder.path().join(name);
    for (_, bytes) in seeds(target) {
        std::fs::write(&path, made(bytes)).expect("writable");
        run(std::slice::from_ref(&path));
    }
}

fn as_it_is(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

/// A Word document around XML.
fn packed(xml: &[u8]) -> Vec<u8> {
    let mut document = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let stored = options.compression_method(zip::CompressionMethod::Stored);
    document
        .start_file("word/document.xml", stored)
        .expect("memory is writable");
    document.write_all(xml).expect("memory is writable");
    document.finish().expect("memory is writable").into_inner()
}

#[test]
fn seeds_of_delimited_tables_do_no_harm() {
    read("csv", "seed.csv", as_it_is);
}

#[test]
fn seeds_of_pages_as_text_do_no_harm() {
    read("page", "seed.txt", as_it_is);
}

#[test]
fn seeds_of_pages_do_no_harm() {
    read("html", "seed.html", as_it_is);
}

#[test]
fn seeds_of_json_do_no_harm() {
    read("json", "seed.json", as_it_is);
}

#[test]
fn seeds_of_packed_files_do_no_harm() {
    read("xlsx", "seed", as_it_is);
}

#[test]
fn seeds_of_word_documents_do_no_harm() {
    read("xml", "seed.docx", |xml| packed(&xml));
}

#[test]
fn seeds_of_numerals_read_back() {
    for (path, bytes) in seeds("numerals") {
        let text = String::from_utf8_lossy(&bytes);
        if let Some(number) = Number::parse(&text) {
            let printed = show(&number.value, number.decimals.max(0));
            let again = Number::parse(&printed).map(|again| again.value);
            assert_eq!(again, Some(number.value), "{}", path.display());
        }
    }
}

#[test]
fn seeds_of_rules_do_no_harm() {
    let folder = tempfile::tempdir().expect("writable");
    for (_, bytes) in seeds("rules") {
        std::fs::write(folder.path().join("own.toml"), bytes).expect("writable");
        if let Ok(pack) = Pack::with_folder(folder.path()) {
            let _ = Rules::from_pack(&pack);
        }
    }
}
