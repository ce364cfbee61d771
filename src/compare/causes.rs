//! Why two versions, or a folder and a re-run, differ: cues, from the manifests and hashes.

use super::folder::Folder;
use super::tree::{self, KeyChange};
use crate::error::Result;
use crate::store::{InputEntry, ProgramEntry};
use serde::Serialize;
use std::collections::BTreeMap;

/// What kind of cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cue {
    /// An input has other bytes than were read.
    InputChanged,
    /// An input was read that the folder does not name.
    InputAdded,
    /// An input is not at hand.
    InputMissing,
    /// The folder's config is not the one that was filed.
    ConfigChanged,
    /// A template in the folder is not the one that was filed.
    TemplatesChanged,
    /// Another version or commit of the program.
    ProgramChanged,
    /// A file of the folder was changed after filing.
    FileEdited,
    /// A file is missing from the folder.
    FileMissing,
    /// A file is in the folder that was not filed.
    FileExtra,
    /// The manifest does not agree with itself.
    ManifestEdited,
    /// The report's numbers or references do not agree with each other.
    Contradiction,
    /// The re-run gives other bytes.
    BytesDiffer,
    /// The re-run stopped with an error.
    RerunFailed,
}

impl Cue {
    /// The cue in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::InputChanged => "input changed",
            Self::InputAdded => "input added",
            Self::InputMissing => "input not at hand",
            Self::ConfigChanged => "config changed",
            Self::TemplatesChanged => "templates changed",
            Self::ProgramChanged => "program changed",
            Self::FileEdited => "file edited",
            Self::FileMissing => "file missing",
            Self::FileExtra => "file added",
            Self::ManifestEdited => "manifest edited",
            Self::Contradiction => "report contradicts itself",
            Self::BytesDiffer => "bytes differ",
            Self::RerunFailed => "re-run failed",
        }
    }
}

/// A cause with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// What kind.
    pub cue: Cue,
    /// Paths, or versions, or the error; never empty.
    pub about: Vec<String>,
}

/// What two versions were made from, where it differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Causes {
    /// Inputs, by path.
    pub inputs: Vec<InputChange>,
    /// Keys of the config.
    pub config: Vec<KeyChange>,
    /// Templates, by role.
    pub templates: Vec<String>,
    /// The program.
    pub program: Option<ProgramChange>,
}

impl Causes {
    /// Whether both were made from the same.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.config.is_empty() && self.templates.is_empty() && self.program.is_none()
    }
}

/// An input that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputChange {
    /// Path as the config gives it.
    pub path: String,
    /// Entry of the first manifest.
    pub before: Option<InputEntry>,
    /// Entry of the second manifest.
    pub after: Option<InputEntry>,
}

/// Two programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgramChange {
    /// The first.
    pub before: ProgramEntry,
    /// The second.
    pub after: ProgramEntry,
}

/// What two folders were made from, where it differs.
///
/// # Errors
/// A config that is no YAML.
pub(super) fn between(a: &Folder, b: &Folder) -> Result<Causes> {
    let shown = |folder: &Folder| format!("{}/config.yaml", folder.name);
    let config = match (a.config(), b.config()) {
        (Some(x), Some(y)) if x != y => tree::keys((&shown(a), x), (&shown(b), y))?,
        _ => Vec::new(),
    };
    let roles = |folder: &Folder| -> BTreeMap<String, String> {
        folder.manifest.templates.iter().map(|t| (t.role.clone(), t.sha256.clone())).collect()
    };
    let (before, after) = (roles(a), roles(b));
    let mut templates: Vec<String> =
        before.keys().chain(after.keys()).filter(|role| before.get(*role) != after.get(*role)).cloned().collect();
    templates.sort();
    templates.dedup();
    Ok(Causes {
        inputs: inputs(&a.manifest.inputs, &b.manifest.inputs),
        config,
        templates,
        program: program(&a.manifest.program, &b.manifest.program),
    })
}

/// Inputs that differ, by path.
pub(super) fn inputs(before: &[InputEntry], after: &[InputEntry]) -> Vec<InputChange> {
    let by_path = |entries: &[InputEntry]| -> BTreeMap<String, InputEntry> {
        entries.iter().map(|entry| (entry.path.clone(), entry.clone())).collect()
    };
    let (before, after) = (by_path(before), by_path(after));
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    let change = |path: &&String| InputChange {
        path: (*path).clone(),
        before: before.get(*path).cloned(),
        after: after.get(*path).cloned(),
    };
    paths.iter().map(change).filter(|change| change.before != change.after).collect()
}

/// The programs, where they differ.
pub(super) fn program(before: &ProgramEntry, after: &ProgramEntry) -> Option<ProgramChange> {
    (before != after).then(|| ProgramChange { before: before.clone(), after: after.clone() })
}

/// A program in words: `offprint 0.1.0 (commit 1a2b3c4)`.
pub(super) fn program_words(program: &ProgramEntry) -> String {
    let commit = if program.commit.is_empty() { String::new() } else { format!(" (commit {})", program.commit) };
    format!("{} {}{commit}", program.name, program.version)
}
