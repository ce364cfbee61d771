//! `offprint lint`, and what `run` and `verify` say of a report that contradicts itself.

use crate::reports::{class_size_study, read, version};
use crate::study::{Study, copy, offprint};
use offprint::lint::check;
use serde_json::Value;

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn a_folder_alone_is_enough_and_findings_have_file_place_and_hint() {
    let study = Study::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("a copy");
    copy(&version(&study.file("output")), &folder);
    let clean = offprint(elsewhere.path(), &["lint", "a copy"]);
    let told = String::from_utf8_lossy(&clean.stdout).into_owned();
    assert_eq!(clean.status.code(), Some(0), "{told}");
    assert!(told.contains("contradictions 0, matters of wording 0"), "{told}");

    let path = folder.join("report.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("95% CI ").unwrap();
    std::fs::write(&path, format!("{before}95% CI 9{rest}")).unwrap();
    let found = offprint(elsewhere.path(), &["lint", "a copy", "--json"]);
    assert_eq!(found.status.code(), Some(1));
    let found = json(&found.stdout);
    let first = found.as_array().unwrap().iter().find(|one| one["column"] != "").unwrap();
    assert_eq!(first["file"], "report.md");
    assert_eq!(first["line"], before.lines().count());
    assert!(!first["hint"].as_str().unwrap().is_empty() && first["warning"] == false);

    let data = study.path().to_str().unwrap();
    let config = study.file("config.yaml");
    let arguments = ["verify", "a copy", "--json", "--config", config.to_str().unwrap(), "--data", data];
    let verified = json(&offprint(elsewhere.path(), &arguments).stdout);
    assert!(!verified["lint"].as_array().unwrap().is_empty());
    let causes = verified["causes"].as_array().unwrap();
    assert!(causes.iter().any(|cause| cause["cue"] == "contradiction"), "{causes:?}");
}

#[test]
fn a_typed_number_is_warned_of_by_the_run_and_makes_full_a_minor_issue() {
    let study = Study::new();
    let template = study.file("templates/report.md.j2");
    let text = std::fs::read_to_string(&template).unwrap();
    let typed = text.replacen("\n## Methods", "\nThe odds ratio was 1.2345 here, due to the workers.\n\n## Methods", 1);
    assert_ne!(text, typed);
    std::fs::write(&template, typed).unwrap();
    let ran = study.run(&["run"]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(0), "{told}");
    assert!(told.contains("1.2345 stands in no table") && told.contains("“due to” claims a cause"), "{told}");
    let filed = study.path().join(String::from_utf8_lossy(&ran.stdout).trim());
    let name = filed.file_name().unwrap().to_str().unwrap();
    let log = std::fs::read_to_string(study.file(&format!("output/logs/{name}.jsonl"))).unwrap();
    let events: Vec<Value> =
        log.lines().map(|line| json(line.as_bytes())).filter(|one| one["event"] == "lint").collect();
    assert!(events.iter().any(|one| one["finding"]["what"] == "1.2345 stands in no table"), "{log}");
    let found = study.run(&["verify", filed.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(said.contains("verdict: full with minor issues"), "{said}");
    assert!(said.contains("1.2345 stands in no table"), "{said}");
    assert!(said.contains("report contradicts itself: 1 finding"), "{said}");
}

#[test]
fn rounded_counts_are_clean() {
    let study = Study::new();
    study.edit("config.yaml", "  profile: gpps", "  profile: opensafely");
    let ran = study.run(&["run"]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let report = read(&study.path().join(String::from_utf8_lossy(&ran.stdout).trim()));
    let found = check(&report.files, &report.told);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_second_version_with_its_changes_is_clean() {
    let study = class_size_study();
    let run = || {
        let ran = offprint(study.path(), &["run"]);
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
        read(&study.path().join(String::from_utf8_lossy(&ran.stdout).trim()))
    };
    run();
    let config = study.path().join("config.yaml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replacen("terms: [elpct]", "terms: [elpct, mealpct]", 1)).unwrap();
    let second = run();
    assert!(second.files.contains_key("changes.json"));
    let found = check(&second.files, &second.told);
    assert!(found.is_empty(), "{found:#?}");
}
