//! The reviewer's commands: verify says what was changed and how far results come back, diff what
//! moved between two versions; both write nothing.

use crate::study::{Study, copy, offprint, tree};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The version that every copy of the study holds.
fn version(study: &Study) -> PathBuf {
    let folders = std::fs::read_dir(study.file("output")).unwrap().map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = folders.filter(|path| path.join("manifest.json").is_file()).collect();
    assert_eq!(found.len(), 1);
    found[0].clone()
}

fn words(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs `verify` on the study's version from the study's folder, expects a status and that nothing
/// below the study changed, and gives the JSON.
fn verified(study: &Study, status: i32, more: &[&str]) -> Value {
    let folder = version(study);
    let before = tree(study.path());
    let mut args = vec!["verify", folder.to_str().unwrap(), "--json"];
    args.extend(more);
    let ran = offprint(study.path(), &args);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(status), "{told}{}", words(&ran));
    assert!(told.is_empty(), "{told}");
    assert!(before == tree(study.path()), "verify wrote something");
    assert!(!study.file(".offprint").exists() && !folder.join(".offprint").exists());
    serde_json::from_slice(&ran.stdout).unwrap()
}

/// What a cue is about; empty when the cue is not among the causes.
fn about(found: &Value, cue: &str) -> Vec<String> {
    let causes = found["causes"].as_array().unwrap();
    let cause = causes.iter().find(|cause| cause["cue"] == cue);
    let items = cause.map(|cause| cause["about"].as_array().unwrap().clone()).unwrap_or_default();
    items.iter().map(|item| item.as_str().unwrap().to_string()).collect()
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "`{from}` is not in {}", path.display());
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn an_untouched_version_is_full() {
    let study = Study::new();
    let found = verified(&study, 0, &[]);
    assert_eq!(found["verdict"], "full");
    assert_eq!(found["causes"].as_array().unwrap().len(), 0);
    assert!(found["rerun"]["files"].as_u64().unwrap() > 20);
    assert!(found["rerun"]["estimates"]["rows"].as_u64().unwrap() > 300);
    assert!(found["hashes"]["inputs"].as_array().unwrap().iter().all(|input| input["state"] == "same"));
    // The published numbers stand beside this run's.
    let published = found["published"].as_array().unwrap();
    let experience = published.iter().find(|one| one["outcome"] == "experience").unwrap();
    assert_eq!(experience["printed"], 1.015);
    let (here, inside) = (experience["odds_ratio"].as_f64().unwrap(), experience["inside"].as_bool().unwrap());
    assert_eq!(inside, (1.004..=1.027).contains(&((here * 1000.0).round() / 1000.0)));
    let text = words(&study.run(&["verify", version(&study).to_str().unwrap()]));
    assert!(text.contains("\nverdict: full\n") && text.contains("all the same"), "{text}");
}

#[test]
fn a_copy_elsewhere_is_full_with_its_data_named() {
    let study = Study::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("a folder – renamed");
    copy(&version(&study), &folder);
    let before = tree(elsewhere.path());
    let args = ["verify", folder.to_str().unwrap(), "--data", study.path().to_str().unwrap(), "--threads", "1"];
    let ran = offprint(elsewhere.path(), &args);
    assert_eq!(ran.status.code(), Some(0), "{}", words(&ran));
    assert!(words(&ran).contains("verdict: full\n"), "{}", words(&ran));
    assert!(before == tree(elsewhere.path()), "verify wrote something");
}

#[test]
fn without_inputs_only_hashes_are_checked() {
    let study = Study::new();
    let empty = tempfile::tempdir().unwrap();
    let data = empty.path().to_str().unwrap();
    let found = verified(&study, 1, &["--data", data]);
    assert_eq!(found["verdict"], "partial");
    assert!(found["rerun"].is_null());
    assert!(about(&found, "input_missing").contains(&"survey/gpps_2018.csv".to_string()));
    assert!(found["published"].as_array().unwrap().len() == 5, "those of the folder");
    // Files of the folder as filed are all that was asked for here.
    let found = verified(&study, 0, &["--data", data, "--hashes"]);
    assert!(found["verdict"].is_null());
    edit(&version(&study).join("flow.csv"), "1", "2");
    assert_eq!(verified(&study, 1, &["--data", data])["verdict"], "failure");
    assert_eq!(about(&verified(&study, 1, &["--data", data, "--hashes"]), "file_edited"), ["flow.csv"]);
}

#[test]
fn a_changed_input_byte_is_named() {
    let study = Study::new();
    study.edit("survey/gpps_2022.csv", ",1,", ",2,");
    let found = verified(&study, 1, &[]);
    assert_eq!(about(&found, "input_changed"), ["survey/gpps_2022.csv"]);
    assert!(about(&found, "bytes_differ").contains(&"manifest.json".to_string()));
    assert!(about(&found, "file_edited").is_empty());
    let verdict = found["verdict"].as_str().unwrap();
    assert!(["partial", "full_with_minor_issues"].contains(&verdict), "{verdict}");
    assert_eq!(about(&verified(&study, 1, &["--hashes"]), "input_changed"), ["survey/gpps_2022.csv"]);
    let text = words(&study.run(&["verify", version(&study).to_str().unwrap()]));
    assert!(text.contains("changed: survey/gpps_2022.csv") && text.contains("input changed:"), "{text}");
}

#[test]
fn an_input_that_cannot_be_read_is_a_failure_with_its_cause() {
    let study = Study::new();
    std::fs::write(study.file("survey/gpps_2022.csv"), "nothing\n").unwrap();
    let found = verified(&study, 1, &[]);
    assert_eq!(found["verdict"], "failure");
    assert_eq!(about(&found, "input_changed"), ["survey/gpps_2022.csv"]);
    assert!(!about(&found, "rerun_failed").is_empty());
}

#[test]
fn an_input_more_than_was_read_is_named() {
    let study = Study::new();
    // Next quarter's file, which the config's pattern takes in.
    let last = study.text("workforce/2022-12.csv");
    let next: Vec<u8> = last.replace("\n2022,12,", "\n2023,3,").chars().map(|c| u32::from(c) as u8).collect();
    std::fs::write(study.file("workforce/2023-03.csv"), next).unwrap();
    let found = verified(&study, 1, &[]);
    assert_eq!(about(&found, "input_added"), ["workforce/2023-03.csv"]);
    assert!(about(&found, "input_changed").is_empty());
}

#[test]
fn a_number_edited_in_the_report_is_named() {
    let study = Study::new();
    let report = version(&study).join("report.md");
    edit(&report, "percentage points, 95% CI ", "percentage points, 95% CI 9");
    let found = verified(&study, 1, &[]);
    assert_eq!(about(&found, "file_edited"), ["report.md"]);
    assert_eq!(about(&found, "bytes_differ"), ["report.md"]);
    assert_eq!(found["verdict"], "partial");
    let change = &found["rerun"]["changes"][0];
    assert_eq!((&change["path"], &change["rerun_gives_filed"]), (&"report.md".into(), &true.into()));
    assert_eq!((&change["numbers_differ"], change["removed"].as_array().unwrap().len()), (&true.into(), 1));
    let text = words(&study.run(&["verify", version(&study).to_str().unwrap()]));
    assert!(text.contains("edited since: report.md") && text.contains("percentage points, 95% CI 9"), "{text}");
}

#[test]
fn words_edited_in_the_report_are_a_minor_issue() {
    let study = Study::new();
    edit(&version(&study).join("report.md"), "percentage points", "points of percentage");
    let found = verified(&study, 1, &[]);
    assert_eq!(
        (&found["verdict"], about(&found, "file_edited")),
        (&"full_with_minor_issues".into(), vec!["report.md".into()])
    );
    std::fs::write(version(&study).join(".DS_Store"), "x").unwrap();
    assert_eq!(about(&verified(&study, 1, &[]), "file_extra"), [".DS_Store"]);
}

#[test]
fn an_edited_estimate_is_named_with_its_distance() {
    let study = Study::new();
    let results = version(&study).join("results.csv");
    let text = std::fs::read_to_string(&results).unwrap();
    let row = text.lines().find(|l| l.starts_with("main,support,,exposure,odds_ratio,")).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let (estimate, error): (f64, f64) = (cells[5].parse().unwrap(), cells[6].parse().unwrap());
    edit(&results, row, &row.replacen(cells[5], "1.5", 1));
    let found = verified(&study, 1, &[]);
    assert_eq!((&found["verdict"], about(&found, "file_edited")), (&"partial".into(), vec!["results.csv".into()]));
    let changes = found["rerun"]["estimates"]["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1);
    let change = &changes[0];
    assert_eq!((&change["outcome"], &change["quantity"]), (&"support".into(), &"odds_ratio".into()));
    #[expect(clippy::disallowed_methods, reason = "on purpose another logarithm than the program's")]
    let expected = (estimate / 1.5).ln() / error;
    assert!((change["in_errors"].as_f64().unwrap() - expected).abs() < 1e-6 * expected.abs());
    assert_eq!(change["in_digits"], ((estimate * 1000.0).round() - 1500.0) as i64);
    let outcomes = found["rerun"]["estimates"]["outcomes"].as_array().unwrap();
    let lost: Vec<&Value> = outcomes.iter().filter(|outcome| outcome["comes_back"] == false).collect();
    assert_eq!((lost.len(), &lost[0]["outcome"], &lost[0]["analysis"]), (1, &"support".into(), &"main".into()));
}

#[test]
fn a_truncated_results_file_is_a_failure() {
    let study = Study::new();
    let results = version(&study).join("results.csv");
    let bytes = std::fs::read(&results).unwrap();
    std::fs::write(&results, &bytes[..bytes.len() / 2]).unwrap();
    let found = verified(&study, 1, &[]);
    assert_eq!((&found["verdict"], about(&found, "file_edited")), (&"failure".into(), vec!["results.csv".into()]));
    assert!(found["rerun"]["estimates_problem"].as_str().unwrap().contains("truncated"));
    // Two versions cannot be compared by it at all.
    let folder = version(&study);
    let ran = study.run(&["diff", folder.to_str().unwrap(), folder.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("results.csv"));
}

#[test]
fn an_edited_template_and_a_removed_file_are_named() {
    let study = Study::new();
    let folder = version(&study);
    edit(&folder.join("templates/report.md.j2"), "## ", "## Edited: ");
    std::fs::remove_file(folder.join("figures/forest.svg")).unwrap();
    let found = verified(&study, 1, &[]);
    assert_eq!(about(&found, "templates_changed"), ["templates/report.md.j2"]);
    assert_eq!(about(&found, "file_missing"), ["figures/forest.svg"]);
    assert!(about(&found, "bytes_differ").contains(&"report.md".to_string()));
    assert_eq!(found["verdict"], "partial");
}

#[test]
fn an_edited_config_and_an_edited_manifest_are_named() {
    let study = Study::new();
    let folder = version(&study);
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    edit(&folder.join("manifest.json"), "\"rows\": ", "\"rows\": 1");
    let found = verified(&study, 1, &[]);
    assert_eq!(about(&found, "manifest_edited"), ["manifest.json"]);
    assert!(!about(&verified(&study, 1, &["--hashes"]), "manifest_edited").is_empty());
    std::fs::write(folder.join("manifest.json"), &manifest).unwrap();
    edit(&folder.join("config.yaml"), "id: splw", "id: other");
    assert_eq!(about(&verified(&study, 1, &[]), "config_changed"), ["config.yaml"]);
    std::fs::write(folder.join("manifest.json"), manifest.replace("\"commit\": \"", "\"commit\": \"1a2b")).unwrap();
    assert_eq!(about(&verified(&study, 1, &[]), "program_changed").len(), 1);
}

/// Each file in turn: cut in half, one byte changed, emptied, taken away.
#[test]
fn a_folder_damaged_anywhere_is_noticed() {
    let study = Study::new();
    let folder = version(&study);
    let shown = folder.to_str().unwrap();
    let whole = tempfile::tempdir().unwrap();
    copy(&folder, whole.path());
    let mut tried = 0;
    for (path, bytes) in tree(&folder) {
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 3] ^= 0x55;
        for damage in [Some(bytes[..bytes.len() / 2].to_vec()), Some(flipped), Some(Vec::new()), None] {
            match damage {
                Some(damaged) => std::fs::write(folder.join(&path), damaged).unwrap(),
                None => std::fs::remove_file(folder.join(&path)).unwrap(),
            }
            for args in [&["verify", shown, "--hashes"][..], &["diff", whole.path().to_str().unwrap(), shown]] {
                let ran = study.run(args);
                let told = String::from_utf8_lossy(&ran.stderr).into_owned();
                assert!(matches!(ran.status.code(), Some(1 | 2)), "{}: {args:?}: {told}", path.display());
                assert!(!told.contains("panicked"), "{told}");
                tried += 1;
            }
            std::fs::write(folder.join(&path), &bytes).unwrap();
        }
    }
    assert!(tried > 200, "{tried}");
    assert_eq!(study.run(&["verify", shown, "--hashes"]).status.code(), Some(0));
}

#[test]
fn what_is_no_version_s_folder_is_an_error() {
    let study = Study::new();
    let fails = |args: &[&str], fragment: &str| {
        let ran = study.run(args);
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{told}");
        assert!(told.starts_with("error: ") && told.contains(fragment) && !told.contains("panicked"), "{told}");
        assert!(ran.stdout.is_empty());
    };
    let folder = version(&study);
    let shown = folder.to_str().unwrap().to_string();
    fails(&["verify", "nowhere"], "does not exist");
    fails(&["verify", "config.yaml"], "is not a folder");
    fails(&["verify", "output"], "holds no manifest.json");
    fails(&["diff", &shown, "output"], "holds no manifest.json");
    fails(&["verify", &shown, "--data", "nowhere"], "data folder `nowhere`");
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    let with = |text: &str| std::fs::write(folder.join("manifest.json"), text).unwrap();
    for damaged in ["", "{", "[]", "null", &manifest[..manifest.len() / 2], "\u{0}\u{1}"] {
        with(damaged);
        fails(&["verify", &shown], "not a manifest of this program");
    }
    with(&manifest.replacen("\"name\": \"offprint\"", "\"name\": \"other\"", 1));
    fails(&["verify", &shown], "made by `other`");
    with(&manifest.replacen("\"manifest\": 1", "\"manifest\": 2", 1));
    fails(&["verify", &shown], "format 2");
    with(&manifest.replacen("\"report.md\"", "\"../../config.yaml\"", 1));
    fails(&["verify", &shown], "no file of a report");
    with(&manifest.replacen("\"report.md\"", "\"report.html\"", 1));
    fails(&["verify", &shown], "twice");
}

#[test]
fn diff_names_the_key_and_the_outcomes_that_moved() {
    let study = Study::new();
    let first = version(&study);
    let outcome = "confidence";
    let codes = |success: &str, failure: &str| format!("success: [{success}]\n    failure: [{failure}]\n");
    study.edit("config.yaml", &codes("1, 2", "3, 4"), &codes("1", "2, 3, 4"));
    let ran = study.run(&["run"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let second = study.path().join(words(&ran).trim());
    let before = tree(study.path());
    let args = ["diff", first.to_str().unwrap(), second.to_str().unwrap(), "--json"];
    let ran = study.run(&args);
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
    let found: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let keys = found["causes"]["config"].as_array().unwrap();
    let keys: Vec<_> = keys.iter().map(|key| [&key["key"], &key["before"], &key["after"]]).collect();
    let said = |key: &str, before: &str, after: &str| [key, before, after].map(Value::from);
    assert_eq!(
        keys,
        [
            said("outcomes.confidence.success", "[1,2]", "[1]").each_ref(),
            said("outcomes.confidence.failure", "[3,4]", "[2,3,4]").each_ref()
        ]
    );
    assert!(found["causes"]["inputs"].as_array().unwrap().is_empty() && found["causes"]["program"].is_null());
    let moved = |wanted: &str| {
        let outcomes = found["estimates"]["outcomes"].as_array().unwrap();
        let of = outcomes.iter().filter(|one| one["outcome"] == wanted && one["analysis"] == "main");
        of.map(|one| one["comes_back"] == false).collect::<Vec<_>>()
    };
    assert_eq!(moved(outcome), [true]);
    assert_eq!(moved("isolation"), [false]);
    let text = words(&study.run(&args[..3]));
    assert!(text.contains(&format!("config `outcomes.{outcome}.success`: `[1,2]` then `[1]`")), "{text}");
    assert!(text.contains(&format!("| main | {outcome} | odds ratio |")), "{text}");
    assert!(before == tree(study.path()), "diff wrote something");
}

#[test]
fn diff_of_a_version_with_itself_is_the_same() {
    let study = Study::new();
    let folder = version(&study);
    let folder = folder.to_str().unwrap();
    let ran = study.run(&["diff", folder, folder]);
    assert_eq!(ran.status.code(), Some(0));
    assert!(words(&ran).contains("Every file has the same bytes"));
    let copied = tempfile::tempdir().unwrap();
    copy(Path::new(folder), copied.path());
    edit(&copied.path().join("report.md"), "percentage points", "points");
    let ran = study.run(&["diff", folder, copied.path().to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(1));
    let text = words(&ran);
    assert!(text.contains("after filing: `report.md`") && text.contains("1 line removed, 1 added"), "{text}");
}
