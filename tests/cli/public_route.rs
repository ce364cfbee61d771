//! One simulated study written in both forms, each through `run`: the practice files' model is the public route that
//! the person files foresaw.

use crate::study::{offprint, without_many_fits};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn written(folder: &Path, form: &str) -> (PathBuf, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = folder.join(form);
    let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small", "--form", form]);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{told}");
    without_many_fits(&target.join("config.yaml"));
    let ran = offprint(&target, &["run"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut versions = std::fs::read_dir(target.join("output")).unwrap().map(|entry| entry.unwrap().path());
    let version = versions.find(|path| path.join("results.csv").is_file()).unwrap();
    (version, told)
}

/// Coefficient and error of the exposure by outcome, of an analysis and subgroup.
fn coefficients(version: &Path, analysis: &str, subgroup: &str) -> BTreeMap<String, [f64; 2]> {
    let text = std::fs::read_to_string(version.join("results.csv")).unwrap();
    let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| head.iter().position(|head| *head == name).unwrap_or_else(|| panic!("{name} in {head:?}"));
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let own = rows.filter(|row| {
        row[at("analysis")] == analysis
            && row[at("subgroup")] == subgroup
            && row[at("term")] == "exposure"
            && row[at("quantity")] == "coefficient"
    });
    own.map(|row| {
        let number = |name: &str| row[at(name)].parse().unwrap();
        (row[at("outcome")].to_string(), [number("estimate"), number("std_error")])
    })
    .collect()
}

#[test]
fn practice_files_give_what_person_files_foresaw() {
    let folder = tempfile::tempdir().unwrap();
    let (person, told) = written(folder.path(), "person");
    assert!(!told.contains("cannot answer"), "{told}");
    let (practice, told) = written(folder.path(), "practice");
    for gone in ["cannot answer", "survey weights", "subgroups by age", "inequality by imd", "adjustment for age"] {
        assert!(told.contains(gone), "{told}");
    }
    let foreseen = coefficients(&person, "public_route", "route=public");
    let found = coefficients(&practice, "main", "");
    assert_eq!(foreseen.len(), 5);
    for (outcome, expected) in &foreseen {
        for (a, b) in expected.iter().zip(&found[outcome]) {
            assert!((a - b).abs() < 1e-9, "{outcome}: {a} against {b}");
        }
    }
    let report = std::fs::read_to_string(practice.join("report.md")).unwrap();
    for words in ["these need answers of single people", "Timing and placebos", "Provision against need", "Costs"] {
        assert!(report.contains(words), "{words}");
    }
    assert!(report.contains("Rurality"), "subgroups that are known of a practice stay");
}
