//! `CITATION.cff` of a version and of the program: keys and types of format 1.2.0.

use crate::support::{class_size, edit, run, survey, text};
use serde_yaml::Value;

/// Keys that the format knows and that are used here.
const KNOWN: [&str; 11] = [
    "cff-version",
    "message",
    "type",
    "title",
    "version",
    "date-released",
    "license",
    "license-url",
    "authors",
    "keywords",
    "abstract",
];

fn check(text: &str) -> Value {
    let tree: Value = serde_yaml::from_str(text).unwrap();
    for key in tree.as_mapping().unwrap().keys() {
        assert!(KNOWN.contains(&key.as_str().unwrap()), "{key:?}");
    }
    for key in ["cff-version", "message", "title", "authors"] {
        assert!(tree.get(key).is_some(), "the format asks for `{key}`");
    }
    assert_eq!(tree["cff-version"].as_str(), Some("1.2.0"));
    assert!(matches!(tree["type"].as_str(), Some("software" | "dataset")));
    let authors = tree["authors"].as_sequence().unwrap();
    assert!(!authors.is_empty() && authors.iter().all(|author| author["name"].is_string()));
    tree
}

#[test]
fn a_version_says_how_to_cite_it_and_leaves_out_what_is_not_stated() {
    let tree = check(&text(survey().1.join("CITATION.cff")));
    assert_eq!(tree["version"].as_str(), Some("2023.1"));
    assert!(tree["date-released"].as_str() == Some("2026-11-23") && tree.get("license").is_none());
}

#[test]
fn titles_are_quoted_and_dates_are_days() {
    let study = class_size();
    let config = study.path().join("config.yaml");
    edit(&config, "title: Class size and test scores in California", "title: 'A \"b\": c # d'");
    edit(&config, "seed: 1 }", "seed: 1, date: May 2026 }");
    let tree = check(&text(run(study.path(), &[]).join("CITATION.cff")));
    assert_eq!(tree["title"].as_str(), Some("A \"b\": c # d"));
    assert!(tree.get("date-released").is_none(), "a month is no day");
    edit(&config, "date: May 2026", "date: 2026-05-31");
    let tree = check(&text(run(study.path(), &[]).join("CITATION.cff")));
    assert_eq!(tree["date-released"].as_str(), Some("2026-05-31"));
}

#[test]
fn the_program_says_how_to_cite_it() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/CITATION.cff");
    let tree = check(&text(root));
    assert_eq!(tree["version"].as_str(), Some(env!("CARGO_PKG_VERSION")), "set the version in CITATION.cff");
}
