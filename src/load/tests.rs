use std::path::{Path, PathBuf};

use super::{Input, LoadError, Loaded, Options, load, with_words};

fn load_all(paths: &[PathBuf], stdin: &[u8], options: &Options) -> Loaded {
    let inputs: Vec<Input> = paths.iter().cloned().map(Input::from).collect();
    with_words(|words| load(&inputs, stdin, words, options))
}

fn write(folder: &Path, files: &[(&str, &[u8])]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("in the folder")).expect("writable");
        std::fs::write(path, bytes).expect("writable");
    }
}

#[test]
fn a_bad_file_never_loses_the_others() {
    let folder = tempfile::tempdir().expect("writable");
    let files: [(&str, &[u8]); 7] = [
        ("b/good.csv", b"party,votes\nBlue,1\n"),
        (
            "a/latin.csv",
            b"party,candidate,votes\nBlue,Se\xe1n \xd3 B\xfaachalla,1\n",
        ),
        ("copy.md", b"Blue won by 1 vote.\n"),
        ("empty.csv", b"\n"),
        ("binary.txt", b"PK\x03\x04\0\0\0\0"),
        ("book.pdf", b"%PDF-1.4"),
        ("picture.png", b"\x89PNG"),
    ];
    write(folder.path(), &files);
    let missing = folder.path().join("missing.csv");
    let paths = [
        missing,
        folder.path().to_owned(),
        folder.path().join("b/good.csv"),
    ];
    let loaded = load_all(&paths, b"", &Options::default());
    let names: Vec<_> = loaded
        .dataset
        .sources
        .iter()
        .filter_map(|s| s.name().rsplit('/').next())
        .collect();
    assert_eq!(names, ["latin.csv", "good.csv", "copy.md"]);
    assert_eq!(loaded.dataset.tables.len(), 2);
    assert_eq!(
        loaded.dataset.tables[0].cell(0, 1),
        Some("Seán Ó Búachalla")
    );
    let told: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
    assert!(told[0].ends_with("missing.csv does not exist"), "{told:?}");
    assert!(
        told[1].ends_with("binary.txt is no text but binary data"),
        "{told:?}"
    );
    assert!(told[2].ends_with("empty.csv is empty"), "{told:?}");
    assert_eq!(told.len(), 3);
    let notes = loaded.dataset.notes.join("\n");
    assert!(notes.contains("read as windows-1252"), "{notes}");
    let left = loaded.dataset.left_alone.join("\n");
    assert!(
        left.contains("book.pdf") && !left.contains("picture.png"),
        "{left}"
    );
}

#[test]
fn standard_input_is_read_by_what_it_holds() {
    let dash = [PathBuf::from("-")];
    let table = load_all(&dash, b"party;votes\nBlue;1\n", &Options::default());
    assert_eq!(table.dataset.tables[0].cell(0, 0), Some("Blue"));
    assert_eq!(table.dataset.sources[0].name(), "<stdin>");
    let page = load_all(
        &dash,
        b"Majority: 12\n\nA close thing.\n",
        &Options::default(),
    );
    assert_eq!(
        (page.dataset.tables.len(), page.dataset.prose.len()),
        (1, 1)
    );
    assert!(page.errors.is_empty());
}

#[test]
fn copy_without_a_table_is_an_error() {
    let dash = [PathBuf::from("-")];
    let loaded = load_all(&dash, b"Blue won by 12 votes.\n", &Options::default());
    assert_eq!(
        loaded.errors[0].to_string(),
        "no table found in <stdin>: nothing to check the copy against"
    );
}

#[test]
fn limits_hold() {
    let options = Options {
        max_bytes: 8,
        ..Options::default()
    };
    let loaded = load_all(&[PathBuf::from("-")], b"party,votes\n", &options);
    assert!(matches!(
        loaded.errors[0],
        LoadError::TooLarge { limit: 8, .. }
    ));
    let folder = tempfile::tempdir().expect("writable");
    let nothing = load_all(&[folder.path().to_owned()], b"", &options);
    assert!(matches!(nothing.errors[0], LoadError::NothingToRead { .. }));
}

#[test]
fn a_packed_table_is_unpacked() {
    let folder = tempfile::tempdir().expect("writable");
    let packed = super::gzip::tests::packed(b"party,votes\nBlue,1\n");
    let cut = &packed[..packed.len() - 9];
    write(
        folder.path(),
        &[("2023.csv.gz", &packed), ("cut.tsv.gz", cut)],
    );
    let loaded = load_all(&[folder.path().to_owned()], b"", &Options::default());
    let table = &loaded.dataset.tables[0];
    assert_eq!(
        (table.title.as_str(), table.cell(0, 1)),
        ("2023", Some("1"))
    );
    assert!(loaded.dataset.sources[0].name().ends_with("2023.csv.gz"));
    assert!(loaded.dataset.notes[0].ends_with("bytes are those of the unpacked text"));
    let told = loaded.errors[0].to_string();
    assert!(
        told.ends_with("cut.tsv.gz cannot be unpacked: it ends too early"),
        "{told}"
    );
}
