//! What changed since the version before: said in numbers and causes, the same bytes whenever it is made
//! again, and no reason for a copy without its predecessor to fail.

use crate::support::{class_size, copy, edit, files, offprint, rows, run, text, verify};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A study of two versions: another covariate, so that the estimate moves.
fn two() -> (TempDir, PathBuf, PathBuf) {
    let study = class_size();
    let first = run(study.path(), &[]);
    change(study.path());
    let second = run(study.path(), &[]);
    assert_ne!(first, second);
    (study, first, second)
}

fn change(study: &Path) {
    let config = study.join("config.yaml");
    edit(&config, "terms: [elpct]", "terms: [elpct, mealpct]");
}

fn previous(version: &Path) -> Value {
    let manifest: Value = serde_json::from_slice(&std::fs::read(version.join("manifest.json")).unwrap()).unwrap();
    manifest["previous"].clone()
}

/// A row of results.csv: estimate, standard error, n.
fn estimate(version: &Path, quantity: &str) -> [f64; 3] {
    let rows = rows(version.join("results.csv"));
    let row = rows.iter().find(|row| row[0] == "main" && row[3] == "str" && row[4] == quantity).unwrap();
    [5, 6, 11].map(|at| row[at].parse().unwrap())
}

#[test]
fn a_new_version_says_what_moved_and_why() {
    let (_study, first, second) = two();
    let said = rows(second.join("changes.csv"));
    let row = said.iter().find(|row| row[0] == "main" && row[3] == "coefficient").unwrap();
    let ([a, error, n], [b, ..]) = (estimate(&first, "coefficient"), estimate(&second, "coefficient"));
    let number = |at: usize| row[at].parse::<f64>().unwrap();
    assert_eq!((number(4), number(10), number(8)), (a, b, n));
    assert!((number(16) - (b - a)).abs() < 1e-12 && (number(17) - (b - a) / error).abs() < 1e-9, "{row:?}");
    let report = text(second.join("report.md"));
    let section = report.split("### What changed since the previous version").nth(1).unwrap();
    assert!(section.contains("config key models.main.terms"), "{section}");
    assert!(section.contains(first.file_name().unwrap().to_str().unwrap()), "{section}");
    assert!(section.contains("standard errors of that version"));
    assert!(text(second.join("report.html")).contains("What changed since the previous version"));
    assert!(text(first.join("report.md")).contains("No earlier version of this study was on file"));
    assert!(!first.join("changes.md").exists() && previous(&first).is_null());
    assert_eq!(previous(&second)["folder"], first.file_name().unwrap().to_str().unwrap());
}

#[test]
fn the_same_again_gives_the_same_bytes_in_either_order() {
    let (study, first, second) = two();
    let of = |folder: &Path| -> Vec<Vec<u8>> {
        files(folder).iter().map(|file| std::fs::read(folder.join(file)).unwrap()).collect()
    };
    let (before, later) = (of(&first), of(&second));
    assert_eq!(run(study.path(), &[]), second);
    edit(&study.path().join("config.yaml"), "terms: [elpct, mealpct]", "terms: [elpct]");
    assert_eq!(run(study.path(), &[]), first, "a first version stays one");
    assert_eq!((of(&first), of(&second)), (before, later.clone()));
    // Elsewhere, in the same order: the same bytes.
    let other = class_size();
    let one = run(other.path(), &[]);
    assert_eq!(one.file_name(), first.file_name());
    change(other.path());
    assert_eq!(of(&run(other.path(), &["--threads", "1"])), later);
}

#[test]
fn a_copy_without_its_predecessor_verifies_and_is_made_again() {
    let (study, first, second) = two();
    let there = tempfile::tempdir().unwrap();
    let moved = there.path().join(second.file_name().unwrap());
    copy(&second, &moved);
    let (status, said) = verify(study.path(), &moved);
    assert_eq!((status, said["verdict"].as_str()), (Some(0), Some("full")), "{said}");
    let (status, _) = verify(study.path(), &second);
    assert_eq!(status, Some(0), "beside its predecessor as well");
    let config = moved.join("config.yaml");
    let again = run(study.path(), &["--config", config.to_str().unwrap(), "--data", ".", "--output", "again"]);
    assert_eq!(again.file_name(), second.file_name());
    for file in files(&second) {
        assert_eq!(std::fs::read(second.join(&file)).unwrap(), std::fs::read(again.join(&file)).unwrap(), "{file}");
    }
    // The predecessor gone from the output folder: still the same version.
    std::fs::remove_dir_all(&first).unwrap();
    assert_eq!(run(study.path(), &[]), second);
    assert_eq!(verify(study.path(), &second).0, Some(0));
}

#[test]
fn a_comparison_edited_by_hand_is_noticed() {
    let (study, _, second) = two();
    edit(&second.join("changes.json"), "\"n\": 420.0", "\"n\": 421.0");
    let (status, said) = verify(study.path(), &second);
    assert_eq!(status, Some(1));
    assert!(said["causes"].to_string().contains("changes.json"), "{said}");
    let ran = offprint(study.path(), &["run"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("`changes.json` differs"));
}

#[test]
fn other_studies_later_versions_and_damaged_ones_are_no_predecessors() {
    let (study, first, _) = two();
    let config = study.path().join("config.yaml");
    edit(&config, "id: class-size", "id: another");
    let other = run(study.path(), &[]);
    assert!(previous(&other).is_null(), "another study");
    edit(&config, "id: another", "id: class-size");
    edit(&config, "version: \"1\"", "version: \"0.9\"");
    assert!(previous(&run(study.path(), &[])).is_null(), "1 is later than 0.9");
    edit(&config, "version: \"0.9\"", "version: \"2\"");
    let third = run(study.path(), &[]);
    let newest = previous(&third)["folder"].as_str().unwrap().to_string();
    assert!(newest.starts_with("1-") && newest != first.file_name().unwrap().to_str().unwrap(), "{newest}");
    // Once the newest is damaged, the one before it is taken, and that is said.
    std::fs::write(third.join("results.csv"), "no results\n").unwrap();
    edit(&config, "version: \"2\"", "version: \"3\"");
    let ran = offprint(study.path(), &["run"]);
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains("not compared with") && said.contains("damaged"), "{said}");
    let fourth = study.path().join(String::from_utf8(ran.stdout).unwrap().trim());
    assert_eq!(previous(&fourth)["folder"], newest.as_str());
}

#[test]
fn words_alone_move_no_estimate() {
    let study = class_size();
    run(study.path(), &[]);
    edit(&study.path().join("config.yaml"), "label: Test score", "label: Score");
    let second = run(study.path(), &[]);
    let report = text(second.join("report.md"));
    assert!(report.contains("no estimate differs"), "{report}");
    assert_eq!(rows(second.join("changes.csv")).len(), 1, "a header and no row");
}
