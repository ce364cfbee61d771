//! The config's `provenance`: what is wrong is named with its line; REPRODUCE.md names keys that exist.

use crate::support::{class_size, offprint, survey, text};
use serde_yaml::Value;

fn faults(section: &str) -> String {
    let study = class_size();
    let config = study.path().join("config.yaml");
    std::fs::write(&config, text(&config) + section).unwrap();
    let ran = offprint(study.path(), &["run"]);
    assert_eq!(ran.status.code(), Some(2), "{section}");
    assert!(
        !study.path().join("output").exists() || std::fs::read_dir(study.path().join("output")).unwrap().count() == 0
    );
    String::from_utf8(ran.stderr).unwrap()
}

#[test]
fn what_is_wrong_is_named_with_the_nearest_right() {
    let all = faults(
        "provenance:\n  licence: CC-BY-9.9\n  sources:\n    scools: { access: publik, how: x, url: \"javascript:alert(1)\" }\n  statements: { fundng: x }\n",
    );
    for part in [
        "`CC-BY-9.9` is no licence",
        "unknown source `scools`",
        "did you mean `schools`?",
        "unknown choice `publik`",
        "did you mean `public`?",
        "`javascript:alert(1)` is no address",
        "unknown statement `fundng`",
        "did you mean `funding`?",
        "config.yaml:",
    ] {
        assert!(all.contains(part), "no `{part}` in\n{all}");
    }
    assert!(faults("provenance: { license: MIT }\n").contains("did you mean `licence`?"));
}

/// Whether a dotted key leads somewhere in a config.
fn leads(tree: &Value, key: &str) -> bool {
    key.split('.').try_fold(tree, |here, step| here.get(step)).is_some()
}

#[test]
fn every_config_key_that_the_page_names_is_in_the_config() {
    let (_, folder) = survey();
    let tree: Value = serde_yaml::from_str(&text(folder.join("config.yaml"))).unwrap();
    let page = text(folder.join("REPRODUCE.md"));
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| Table") || line.starts_with("| Figure")).collect();
    assert_eq!(rows.len(), tree["tables"].as_mapping().unwrap().len() + tree["figures"].as_mapping().unwrap().len());
    for row in rows {
        let keys = row.rsplit(" | ").next().unwrap();
        let keys: Vec<&str> = keys.split('`').skip(1).step_by(2).collect();
        assert!(keys.len() > 1, "{row}");
        for key in keys {
            assert!(leads(&tree, key), "no `{key}` in the config: {row}");
        }
        for file in row.split(" | ").nth(1).unwrap().split('`').skip(1).step_by(2) {
            assert!(folder.join(file).is_file(), "no {file}");
        }
    }
    assert!(!leads(&tree, "models.mian") && leads(&tree, "models.main.contrasts"));
}
