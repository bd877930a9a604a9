//! What a run writes for other programs is what their schemas say.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn the_sample_is_what_the_schemas_say() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let formats = ["sarif", "gitlab", "rdjson", "junit"];
    let outputs = formats.map(|format| {
        let path = folder.path().join(format);
        format!("--output={format}={}", path.display())
    });
    let run = Command::new(env!("CARGO_BIN_EXE_scrutineer"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", "samples/norfolk-2017"])
        .args(outputs)
        .output()
        .expect("the program runs");
    assert_eq!(
        run.status.code(),
        Some(1),
        "the exit code is that of the findings"
    );
    let read = |format: &str| {
        let text = std::fs::read_to_string(folder.path().join(format));
        text.expect("the report is written")
    };
    let json = |format: &str| serde_json::from_str(&read(format)).expect("it is JSON");
    for (format, schema) in [
        ("sarif", "sarif-2.1.0.json"),
        ("gitlab", "gitlab-code-quality.json"),
        ("rdjson", "rdformat.json"),
    ] {
        let schema: Value = serde_json::from_str(&schema_text(schema)).expect("it is JSON");
        let validator = jsonschema::validator_for(&schema).expect("the schema is one");
        let faults: Vec<String> = validator
            .iter_errors(&json(format))
            .map(|e| e.to_string())
            .collect();
        assert!(faults.is_empty(), "{format}: {faults:#?}");
    }
    let results = json("sarif")["runs"][0]["results"].as_array().map(Vec::len);
    assert_eq!(results, Some(9));
    let schema = schema_text("junit-10.xsd");
    let schema = uppsala::parse(&schema).expect("the schema is XML");
    let validator = uppsala::XsdValidator::from_schema(&schema).expect("the schema is one");
    let junit = read("junit");
    let faults = validator.validate(&uppsala::parse(&junit).expect("it is XML"));
    assert!(faults.is_empty(), "{faults:?}");
}

fn schema_text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    std::fs::read_to_string(folder.join(name)).expect("the schema can be read")
}
