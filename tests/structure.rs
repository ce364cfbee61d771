//! The flow between rooms is one way, and study words stay out of `src/`: read from the source.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::{Path, PathBuf};

/// Each room with the rooms it may use. Leaves may be used by all and use no room.
const ROOMS: [(&str, &[&str]); 16] = [
    ("cli", &[]),
    ("config", &[]),
    ("model", &[]),
    ("disclosure", &[]),
    ("lint", &["config"]),
    ("ingest", &["config"]),
    ("panel", &["config", "ingest"]),
    ("simulate", &["config", "ingest"]),
    ("tables", &["config", "disclosure"]),
    ("figures", &["config", "disclosure"]),
    ("report", &["config", "disclosure", "ingest", "tables", "figures"]),
    ("store", &["ingest", "report"]),
    (
        "pipeline",
        &["config", "ingest", "panel", "model", "disclosure", "tables", "figures", "report", "simulate", "store"],
    ),
    ("compare", &["config", "ingest", "lint", "report", "store"]),
    ("commands", &["cli", "compare", "config", "ingest", "lint", "pipeline", "report", "simulate", "store"]),
    ("main", &[]),
];
const LEAVES: [&str; 4] = ["error", "files", "num", "format"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file with its room and its text without test modules.
fn files() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(found.len() > 50, "only {} source files found", found.len());
    let room = |path: &Path| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_string()
    };
    found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (room(&path), path, text)
        })
        .collect()
}

/// The room names after `crate::`, also inside one level of braces.
fn uses(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + 7..];
        let listed = rest.strip_prefix('{').map(|inner| inner.split('}').next().unwrap_or_default());
        let names: Vec<&str> = listed.map_or_else(|| vec![rest], |inner| inner.split(',').map(str::trim).collect());
        for name in names {
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
            rooms.push(name[..end].to_string());
        }
    }
    rooms
}

#[test]
fn rooms_use_only_what_lies_before_them() {
    let known: Vec<&str> = ROOMS.iter().map(|(name, _)| *name).chain(LEAVES).collect();
    let mut wrong = Vec::new();
    for (room, path, text) in files() {
        if room == "lib" {
            continue;
        }
        let allowed = match ROOMS.iter().find(|(name, _)| *name == room) {
            Some((_, allowed)) => *allowed,
            None => {
                assert!(LEAVES.contains(&room.as_str()), "{} is in no known room", path.display());
                &[]
            }
        };
        for used in uses(&text) {
            if known.contains(&used.as_str())
                && used != room
                && !allowed.contains(&used.as_str())
                && !LEAVES.contains(&used.as_str())
            {
                wrong.push(format!("{}: `{room}` uses `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "against the arrow:\n{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_uses_sees_both_forms() {
    assert_eq!(uses("use crate::error::Result; use crate::{model, simulate::x};"), ["error", "model", "simulate"]);
}

#[test]
fn study_words_stay_in_config_and_templates() {
    let words = ["link worker", "link_worker", "prescrib", "gpps", "q94", "q32_", "q28", "nwrs", "staff_role", "nhs "];
    let mut wrong = Vec::new();
    for (_, path, text) in files().into_iter().filter(|(_, path, _)| !path.ends_with("tests.rs")) {
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            // The disclosure regime of that name is a choice of the config, like any other.
            let lower = lower.replace("\"gpps\"", "");
            if let Some(word) = words.iter().find(|word| lower.contains(**word)) {
                wrong.push(format!("{}:{}: `{word}`", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "study words in src:\n{}", wrong.join("\n"));
}

#[test]
fn only_ingest_panel_and_simulate_know_polars() {
    for (room, path, text) in files() {
        if text.contains("polars::") {
            assert!(["ingest", "panel", "simulate"].contains(&room.as_str()), "{} uses polars", path.display());
        }
    }
}
