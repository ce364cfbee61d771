//! Results kept from run to run, so that a changed template costs no fit.
//!
//! An entry is named by the SHA-256 of everything results depend on: the config without its
//! templates, the bytes of every input, this program's own bytes. It lies in `.offprint/` beside the
//! config, readable by its owner only, and holds released values, never rows. A damaged or foreign
//! entry is noticed by its checksum and computed again.

use super::study::Study;
use crate::error::{Problem, Result};
use crate::files;
use crate::ingest;
use crate::pipeline::Results;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Version of the entry's form.
const FORM: &str = "offprint results 1";
/// Folder beside the config.
const FOLDER: &str = ".offprint";
/// Most entries kept per study.
const KEPT: usize = 4;

/// What was found.
pub(super) enum Cached {
    /// Results of an equal run.
    Hit(Box<Results>),
    /// Nothing to reuse, and why.
    Miss(String),
}

impl Cached {
    /// One line for `--explain`.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Hit(_) => "results: reused, as config, inputs and program are those of an earlier run".into(),
            Self::Miss(why) => format!("results: computed, as {why}"),
        }
    }
}

/// Looks for results of an equal run.
///
/// # Errors
/// An input that cannot be read.
pub(super) fn find(study: &Study, tell: &(dyn Fn(&str, u64, u64) + Sync)) -> Result<Cached> {
    if published(study) {
        return Ok(Cached::Miss("the config is that of a published version, beside which nothing is kept".into()));
    }
    let Some(prefix) = config_key(study) else {
        return Ok(Cached::Miss("this program cannot read its own bytes".into()));
    };
    let folder = study.home.join(FOLDER);
    if entries(&folder, &prefix).is_empty() {
        return Ok(Cached::Miss("there are no results for this config and program".into()));
    }
    tell("hashing inputs", 0, 0);
    let records = ingest::hashes(&study.loaded.form, &study.root)?;
    let path = folder.join(entry_name(&prefix, &records));
    let Ok(bytes) = std::fs::read(&path) else { return Ok(Cached::Miss("an input has changed".into())) };
    Ok(match decode(&bytes) {
        Some(results) => Cached::Hit(Box::new(results)),
        None => {
            let _ = std::fs::remove_file(&path);
            Cached::Miss(format!("the entry {} is damaged", path.display()))
        }
    })
}

/// Keeps results for the next run.
///
/// # Errors
/// A folder or file that cannot be written.
pub(super) fn keep(study: &Study, results: &Results) -> Result<()> {
    if published(study) {
        return Ok(());
    }
    let Some(prefix) = config_key(study) else { return Ok(()) };
    let folder = study.home.join(FOLDER);
    files::create_private_dir(&folder)?;
    for (_, old) in entries(&folder, "").into_iter().rev().skip(KEPT - 1) {
        let _ = std::fs::remove_file(old);
    }
    let hashes: Vec<(String, String)> = results.records.iter().map(|r| (r.path.clone(), r.sha256.clone())).collect();
    let path = folder.join(entry_name(&prefix, &hashes));
    let bytes = encode(results)?;
    files::replace(&path, &bytes)
}

/// Whether the config lies in a published version's folder, which nothing may be added to.
fn published(study: &Study) -> bool {
    study.home.join("manifest.json").exists()
}

/// Entries whose name starts with `prefix`, oldest first.
fn entries(folder: &Path, prefix: &str) -> Vec<(std::time::SystemTime, PathBuf)> {
    let named = |path: &PathBuf| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(prefix) && name.ends_with(".results")
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let dated = |path: PathBuf| Some((path.metadata().ok()?.modified().ok()?, path));
    let mut found: Vec<_> = entries.filter(named).filter_map(dated).collect();
    found.sort();
    found
}

/// Hash of program and config, templates left out: they do not change results.
fn config_key(study: &Study) -> Option<String> {
    let program = std::fs::read(std::env::current_exe().ok()?).ok()?;
    let canonical = without_report(&study.loaded.canonical);
    let mut hash = Sha256::new();
    for part in [FORM.as_bytes(), &files::sha256_hex(&program).into_bytes(), canonical.as_bytes()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Some(files::hex(&hash.finalize())[..24].to_string())
}

/// The canonical config without its `report` section.
fn without_report(canonical: &str) -> String {
    let mut inside = false;
    let keep = |line: &&str| {
        if !line.starts_with([' ', '-']) {
            inside = line.starts_with("report:");
        }
        !inside
    };
    canonical.lines().filter(keep).collect::<Vec<_>>().join("\n")
}

fn entry_name(prefix: &str, inputs: &[(String, String)]) -> String {
    let mut hash = Sha256::new();
    for (path, sha256) in inputs {
        hash.update(format!("{path}\n{sha256}\n"));
    }
    format!("{prefix}-{}.results", &files::hex(&hash.finalize())[..24])
}

/// Checksum, then JSON.
fn encode(results: &Results) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(results).map_err(|e| Problem::new(format!("results cannot be kept: {e}")))?;
    let mut bytes = files::sha256_hex(&json).into_bytes();
    bytes.push(b'\n');
    bytes.extend(json);
    Ok(bytes)
}

fn decode(bytes: &[u8]) -> Option<Results> {
    let (checksum, json) = (bytes.get(..64)?, bytes.get(65..)?);
    if files::sha256_hex(json).as_bytes() != checksum {
        return None;
    }
    serde_json::from_slice(json).ok()
}
