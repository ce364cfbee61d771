//! Hashes: every file of a folder, and every input at hand, against the manifest.

use super::folder::Folder;
use crate::error::Result;
use crate::files;
use crate::store::InputEntry;
use rayon::prelude::*;
use serde::Serialize;
use std::path::Path;

/// What the hashes say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HashCheck {
    /// Files that the manifest names.
    pub files: usize,
    /// Files with other bytes than were filed.
    pub edited: Vec<String>,
    /// Files that the manifest names and that are not there.
    pub missing: Vec<String>,
    /// Files that are there and that the manifest does not name.
    pub extra: Vec<String>,
    /// Whether the manifest's identity is that of its own entries, the config and the templates.
    pub manifest_holds: bool,
    /// Inputs, in the manifest's order.
    pub inputs: Vec<InputCheck>,
}

impl HashCheck {
    /// Whether the folder is the one that was filed.
    pub fn folder_holds(&self) -> bool {
        self.edited.is_empty() && self.missing.is_empty() && self.extra.is_empty() && self.manifest_holds
    }

    /// Paths of inputs that are not at hand.
    pub fn absent(&self) -> Vec<String> {
        self.inputs_where(|state| *state == InputState::Absent)
    }

    /// Paths of inputs with other bytes than were read.
    pub fn changed(&self) -> Vec<String> {
        self.inputs_where(|state| matches!(state, InputState::Changed { .. }))
    }

    fn inputs_where(&self, wanted: impl Fn(&InputState) -> bool) -> Vec<String> {
        self.inputs.iter().filter(|input| wanted(&input.state)).map(|input| input.path.clone()).collect()
    }
}

/// One input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputCheck {
    /// Source.
    pub source: String,
    /// Path as the config gives it.
    pub path: String,
    /// What became of it.
    #[serde(flatten)]
    pub state: InputState,
}

/// State of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum InputState {
    /// The bytes that were read.
    Same,
    /// Other bytes.
    Changed {
        /// Bytes then.
        filed_bytes: u64,
        /// Bytes now.
        bytes: u64,
        /// SHA-256 now.
        sha256: String,
    },
    /// Not at hand.
    Absent,
}

/// Checks a folder and the inputs under `root` against the manifest.
///
/// # Errors
/// An input that is there and cannot be read.
pub fn check_hashes(folder: &Folder, root: &Path) -> Result<HashCheck> {
    let manifest = &folder.manifest;
    let (mut edited, mut missing) = (Vec::new(), Vec::new());
    for entry in &manifest.files {
        match folder.files.get(&entry.path) {
            None => missing.push(entry.path.clone()),
            Some(bytes) if files::sha256_hex(bytes) != entry.sha256 => edited.push(entry.path.clone()),
            Some(_) => {}
        }
    }
    let inputs: Vec<Result<InputCheck>> = manifest.inputs.par_iter().map(|input| check_input(input, root)).collect();
    let inputs = inputs.into_iter().collect::<Result<_>>()?;
    let manifest_holds = holds(folder, &edited, &missing);
    let (files, extra) = (manifest.files.len(), folder.extra.clone());
    Ok(HashCheck { files, edited, missing, extra, manifest_holds, inputs })
}

fn check_input(input: &InputEntry, root: &Path) -> Result<InputCheck> {
    let path = root.join(&input.path);
    let state = match files::sha256_file(&path) {
        Ok((_, sha256)) if sha256 == input.sha256 => InputState::Same,
        Ok((bytes, sha256)) => InputState::Changed { filed_bytes: input.bytes, bytes, sha256 },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => InputState::Absent,
        Err(error) => return Err(files::failed("read", &path, &error).into()),
    };
    Ok(InputCheck { source: input.source.clone(), path: input.path.clone(), state })
}

/// Whether the manifest agrees with itself. Where config or templates are not those that were filed,
/// that is said of them, and of the manifest only what can still be told: nothing.
fn holds(folder: &Folder, edited: &[String], missing: &[String]) -> bool {
    let part_of_identity = |path: &String| path == "config.yaml" || path.starts_with("templates/");
    if edited.iter().chain(missing).any(part_of_identity) {
        return true;
    }
    let Some(config) = folder.config() else { return false };
    let mut templates = Vec::new();
    for entry in &folder.manifest.templates {
        // The manifest names roles, the folder files: their hashes tell which is which.
        let named = folder.files.iter().filter(|(path, _)| path.starts_with("templates/"));
        let found = named.map(|(_, bytes)| bytes).find(|bytes| files::sha256_hex(bytes) == entry.sha256);
        let Some(text) = found.and_then(|bytes| std::str::from_utf8(bytes).ok()) else { return false };
        templates.push((entry.role.clone(), text.to_string()));
    }
    files::sha256_hex(config.as_bytes()) == folder.manifest.config_sha256
        && folder.manifest.is_sealed(config, &templates)
}
