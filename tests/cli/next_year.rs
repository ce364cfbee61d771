//! The page on next year's wave: its own YAML, applied to the shipped config, simulated and run.

use crate::study::{Study, copy, offprint, without_many_fits};
use serde_yaml::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The YAML blocks of the page.
fn blocks() -> Vec<Value> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/next-year.md")).unwrap();
    let parts = page.split("```yaml\n").skip(1);
    parts.map(|part| serde_yaml::from_str(part.split("```").next().unwrap()).unwrap()).collect()
}

/// Keys of `edit` over those of `config`; keys that it does not show stay.
fn apply(config: &mut Value, edit: &Value) {
    match (config.as_mapping_mut(), edit.as_mapping()) {
        (Some(known), Some(edited)) => {
            for (key, value) in edited {
                apply(known.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        _ => *config = edit.clone(),
    }
}

/// The shipped config with the page's edits.
fn edited() -> String {
    let shipped = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let mut config: Value = serde_yaml::from_str(&shipped).unwrap();
    let blocks = blocks();
    assert!(blocks.len() >= 5, "the page has {} blocks", blocks.len());
    blocks.iter().for_each(|block| apply(&mut config, block));
    serde_yaml::to_string(&config).unwrap()
}

/// A study with the new wave, and the version of the shipped config on file.
fn made() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.yaml");
    std::fs::write(&config, edited()).unwrap();
    let target = folder.path().join("study");
    let simulated = offprint(folder.path(), &["simulate", "study", "--size", "small"]);
    assert!(simulated.status.success(), "{}", String::from_utf8_lossy(&simulated.stderr));
    without_many_fits(&target.join("config.yaml"));
    let before = Study::new();
    copy(&before.file("output"), &target.join("output"));
    (folder, target)
}

fn version(study: &Path, name: &str) -> PathBuf {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(study.join("output")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir() && path.file_name().unwrap().to_string_lossy().starts_with(name));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn the_documented_edits_add_the_wave() {
    let (_folder, study) = made();
    let header = std::fs::read_to_string(study.join("survey/gpps_2024.csv")).unwrap();
    let header = header.lines().next().unwrap().to_string();
    for name in ["ad_practicecode", "overallexp", "healthltcondition"] {
        assert!(header.contains(name), "{header}");
    }
    assert!(!header.contains("Q87") && !header.contains("Q28,"), "{header}");
    let checked = offprint(&study, &["check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let ran = offprint(&study, &["run"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let new = version(&study, "2024.1");
    let text = |path: &str| std::fs::read_to_string(new.join(path)).unwrap();

    let results = text("results.csv");
    let rows = |outcome: &str| results.lines().filter(|row| row.contains(outcome) && row.contains("wave=2024")).count();
    assert!(rows("experience") > 0 && rows("confidence") > 0);
    let levels = text("tables/outcomes.csv");
    let line = levels.lines().find(|line| line.starts_with("mental_health")).unwrap();
    assert!(line.contains("no answers in this wave"), "{line}");
    let line = levels.lines().find(|line| line.starts_with("experience")).unwrap();
    assert!(!line.contains("no answers in this wave"), "{line}");

    let report = text("report.md");
    for words in [
        "There is no comparable item in 2024",
        "2024: new series with new item names",
        "2024: new wording and scale, not comparable: left out",
        "2018 to 2024",
        "2024†",
        "† Break in series, 2024 (mental health): new wording and scale, not comparable: left out.",
    ] {
        assert!(report.contains(words), "`{words}` is not in the report");
    }
    for figure in ["outcomes", "inequality", "timing"] {
        let picture = text(&format!("figures/{figure}.svg"));
        assert!(picture.contains("new series with new item") || picture.contains("new series"), "{figure}");
    }
    let changes = text("changes.md");
    assert!(changes.contains("waves") && changes.contains("2024"), "{changes}");
}

#[test]
fn a_name_that_no_item_has_is_told() {
    let study = Study::new();
    let config = std::fs::read_to_string(study.file("config.yaml")).unwrap();
    let row = config.lines().find(|line| line.contains("practice: Practice_Code")).unwrap().to_string();
    let renamed = row.replace("practice: Practice_Code", "practice: Practice_Code, items: { Q29: overallexp }");
    study.edit("config.yaml", &row, &renamed);
    study.fails_with(&["unknown item `Q29`", "Q28", "config.yaml"]);
}
