//! What is kept from run to run, so that a changed template costs no fit, and a changed outcome the fits
//! of that outcome only.
//!
//! Findings are named by the SHA-256 of everything that they depend on: the config without what only
//! shapes the page, the bytes of every input, this program's own bytes; tables, figures and text are made
//! anew from them. Fits are named by their sample and options. All lies in `.offprint/` beside the
//! config, readable by its owner only, and holds no rows. A damaged or foreign entry is noticed by its
//! checksum and computed again.

mod fits;
mod key;

use super::study::Study;
use crate::config::Form;
use crate::error::{Problem, Result};
use crate::files;
use crate::ingest::{self, InputRecord};
use crate::pipeline::{self, Found, Results};
pub(super) use fits::Fits;
use key::Parts;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Version of the entries' form.
const FORM: &str = "offprint findings 2";
/// Folder beside the config.
pub(super) const FOLDER: &str = ".offprint";
/// Bytes of this program that are hashed together.
const PIECE: u64 = 1 << 22;
/// Most findings kept per study.
const KEPT: usize = 4;
/// What the last findings were made from.
const LAST: &str = "last.parts";

/// Findings of a run.
#[derive(Deserialize)]
struct Entry {
    findings: Found,
    records: Vec<InputRecord>,
}

/// The same to be written.
#[derive(Serialize)]
struct Written<'a> {
    findings: &'a Found,
    records: &'a [InputRecord],
}

/// The cache of one study.
pub(super) struct Cache<'a> {
    study: &'a Study,
    folder: PathBuf,
    /// Config and program.
    parts: Parts,
    /// Hash of this program.
    program: String,
}

/// Hash of this program's bytes, or why there is none.
pub(super) type Program = std::result::Result<String, String>;

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
            Self::Hit(_) => "findings: reused, as config, inputs and program are those of an earlier run".into(),
            Self::Miss(why) => format!("findings: computed, as {why}"),
        }
    }
}

/// The cache of a study; the reason where there can be none.
pub(super) fn open(study: &Study, program: Program) -> std::result::Result<Cache<'_>, String> {
    if published(study) {
        return Err("the config is that of a published version, beside which nothing is kept".into());
    }
    let program = program?;
    let survey = matches!(study.loaded.form, Form::Survey(_));
    let parts = key::config_parts(&study.loaded.canonical, survey);
    let mut parts = parts.ok_or("the config cannot be told by its parts")?;
    parts.insert("the program".into(), program.clone());
    Ok(Cache { study, folder: study.home.join(FOLDER), parts, program })
}

/// This program by its own bytes: what another one made is not mixed with its own.
pub(super) fn program() -> Program {
    let read = |_| "this program cannot read its own bytes".to_owned();
    let path = std::env::current_exe().map_err(read)?;
    let pieces = std::fs::metadata(&path).map_err(read)?.len().div_ceil(PIECE);
    let hash = |piece: u64| -> std::io::Result<String> {
        let mut file = std::fs::File::open(&path)?;
        file.seek(SeekFrom::Start(piece * PIECE))?;
        let mut bytes = Vec::with_capacity(PIECE as usize);
        file.take(PIECE).read_to_end(&mut bytes)?;
        Ok(files::sha256_hex(&bytes))
    };
    let hashes: std::io::Result<Vec<String>> = (0..pieces).into_par_iter().map(hash).collect();
    hashes.map(|hashes| files::sha256_hex(hashes.concat().as_bytes())).map_err(read)
}

impl Cache<'_> {
    /// Looks for findings of an equal run, and draws them.
    ///
    /// # Errors
    /// An input that cannot be read; an exhibit that nothing can make.
    pub(super) fn find(&self, tell: &(dyn Fn(&str, u64, u64) + Sync)) -> Result<Cached> {
        // A run that reuses everything writes nothing here, and would leave what a killed one left.
        files::clear(&self.folder);
        let prefix = self.prefix();
        if dated(&self.folder, &prefix, ".findings").is_empty() {
            return Ok(Cached::Miss(self.why(&[])));
        }
        tell("hashing inputs", 0, 0);
        let inputs = ingest::hashes(&self.study.loaded.form, &self.study.root)?;
        let path = self.folder.join(entry_name(&prefix, &inputs));
        let Ok(bytes) = std::fs::read(&path) else { return Ok(Cached::Miss(self.why(&inputs))) };
        let entry = checked(&bytes).and_then(|json| serde_json::from_slice::<Entry>(json).ok());
        let Some(Entry { findings, records }) = entry else {
            let _ = std::fs::remove_file(&path);
            return Ok(Cached::Miss(format!("the entry {} is damaged", path.display())));
        };
        Ok(Cached::Hit(Box::new(pipeline::drawn(&self.study.loaded.form, findings, records, tell)?)))
    }

    /// The fits of earlier runs.
    pub(super) fn fits(&self) -> Fits {
        Fits::new(&self.folder, &self.program)
    }

    /// Keeps findings for the next run.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub(super) fn keep(&self, results: &Results, fits: &Fits) -> Result<()> {
        files::create_private_dir(&self.folder)?;
        fits.sweep();
        for (_, old) in dated(&self.folder, "", ".findings").into_iter().rev().skip(KEPT - 1) {
            let _ = std::fs::remove_file(old);
        }
        let inputs: Vec<(String, String)> =
            results.records.iter().map(|r| (r.path.clone(), r.sha256.clone())).collect();
        let entry = Written { findings: &results.findings, records: &results.records };
        let json = serde_json::to_vec(&entry).map_err(|e| Problem::new(format!("findings cannot be kept: {e}")))?;
        files::replace(&self.folder.join(entry_name(&self.prefix(), &inputs)), &sealed(&json))?;
        let parts = serde_json::to_vec(&self.with(&inputs)).unwrap_or_default();
        files::replace(&self.folder.join(LAST), &sealed(&parts))
    }

    fn prefix(&self) -> String {
        key::whole(&self.parts)[..24].to_owned()
    }

    fn with(&self, inputs: &[(String, String)]) -> Parts {
        let mut parts = self.parts.clone();
        parts.extend(inputs.iter().map(|(path, hash)| (format!("input `{path}`"), hash.clone())));
        parts
    }

    /// Why there is nothing to reuse; without `inputs` where they were not hashed.
    fn why(&self, inputs: &[(String, String)]) -> String {
        let last = std::fs::read(self.folder.join(LAST)).ok();
        let last = last.as_deref().and_then(checked).and_then(|json| serde_json::from_slice::<Parts>(json).ok());
        let Some(mut last) = last else { return "nothing is kept of earlier runs".into() };
        if inputs.is_empty() {
            last.retain(|name, _| !name.starts_with("input "));
        }
        key::changed(&last, &self.with(inputs)).unwrap_or_else(|| "the entry is gone".into())
    }
}

/// Whether the config lies in a published version's folder, which nothing may be added to.
pub(super) fn published(study: &Study) -> bool {
    study.home.join("manifest.json").exists()
}

/// Files of a folder by beginning and end of their name, oldest first.
fn dated(folder: &Path, prefix: &str, ending: &str) -> Vec<(std::time::SystemTime, PathBuf)> {
    let named = |path: &PathBuf| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(prefix) && name.ends_with(ending)
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let dated = |path: PathBuf| Some((path.metadata().ok()?.modified().ok()?, path));
    let mut found: Vec<_> = entries.filter(named).filter_map(dated).collect();
    found.sort();
    found
}

fn entry_name(prefix: &str, inputs: &[(String, String)]) -> String {
    let all: String = inputs.iter().map(|(path, sha256)| format!("{path}\n{sha256}\n")).collect();
    format!("{prefix}-{}.findings", &files::sha256_hex(all.as_bytes())[..24])
}

/// Checksum, then content.
fn sealed(content: &[u8]) -> Vec<u8> {
    let mut bytes = files::sha256_hex(content).into_bytes();
    bytes.push(b'\n');
    bytes.extend(content);
    bytes
}

/// The content, if the checksum holds.
fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (checksum, content) = (bytes.get(..64)?, bytes.get(65..)?);
    (files::sha256_hex(content).as_bytes() == checksum).then_some(content)
}
