//! `manifest.json`: what is in a version's folder, from what it was made, and the hashes of both.
//!
//! Holds no time and no path of the machine. `target` and `threads` say `any`: the bytes do not
//! depend on them, and a manifest that named them would.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Problem, Result};
use crate::files::{self, sha256_hex};

use super::{Identity, failed};

/// The manifest of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format: 1.
    pub manifest: u32,
    /// Version of the evaluation.
    pub version: String,
    /// Title of the study.
    pub title: String,
    /// `simulated` or `real`.
    pub data: String,
    /// Names of the sources that are not real.
    pub simulated_sources: Vec<String>,
    /// The program.
    pub program: ProgramEntry,
    /// `any`: the bytes depend on no target.
    pub target: String,
    /// `any`: the bytes depend on no number of threads.
    pub threads: String,
    /// SHA-256 of everything the version is made from; its first 8 digits end the folder's name.
    pub identity_sha256: String,
    /// SHA-256 of the canonical config.
    pub config_sha256: String,
    /// Templates.
    pub templates: Vec<TemplateEntry>,
    /// Input files.
    pub inputs: Vec<InputEntry>,
    /// The earlier version that the report compares itself with; none for a first version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousEntry>,
    /// Files of the version but this one, by path.
    pub files: Vec<FileEntry>,
}

/// The program that made a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramEntry {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Commit; empty where the build was not told.
    pub commit: String,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateEntry {
    /// What it is for.
    pub role: String,
    /// SHA-256 of its text.
    pub sha256: String,
}

/// An input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputEntry {
    /// Source.
    pub source: String,
    /// Path as the config gives it.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
    /// Data rows.
    pub rows: u64,
}

/// An earlier version that a report compares itself with: an input like any other, of which the
/// comparison is filed with the version (`changes.json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousEntry {
    /// Name of its folder.
    pub folder: String,
    /// SHA-256 of its `manifest.json`.
    pub manifest_sha256: String,
    /// SHA-256 of the comparison, this version's `changes.json`.
    pub changes_sha256: String,
}

/// A file of the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path within the folder, forward slashes.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

impl Manifest {
    /// The manifest of `files` made from `identity`.
    pub(super) fn new(version: &str, identity: &Identity, files: &BTreeMap<String, Vec<u8>>) -> Self {
        let file = |(path, bytes): (&String, &Vec<u8>)| FileEntry {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: sha256_hex(bytes),
        };
        let template =
            |(role, text): &(String, String)| TemplateEntry { role: role.clone(), sha256: sha256_hex(text.as_bytes()) };
        let input = |record: &crate::ingest::InputRecord| InputEntry {
            source: record.source.clone(),
            path: record.path.clone(),
            bytes: record.bytes,
            sha256: record.sha256.clone(),
            rows: record.rows,
        };
        Self {
            manifest: 1,
            version: version.into(),
            title: identity.title.clone(),
            data: if identity.simulated.is_empty() { "real" } else { "simulated" }.into(),
            simulated_sources: identity.simulated.clone(),
            program: ProgramEntry {
                name: env!("CARGO_PKG_NAME").into(),
                version: identity.program.clone(),
                commit: identity.commit.clone(),
            },
            target: "any".into(),
            threads: "any".into(),
            identity_sha256: identity_hash(identity),
            config_sha256: sha256_hex(identity.config.as_bytes()),
            templates: identity.templates.iter().map(template).collect(),
            inputs: identity.inputs.iter().map(input).collect(),
            previous: identity.previous.clone(),
            files: files.iter().map(file).collect(),
        }
    }

    /// Reads the manifest of a version's folder.
    ///
    /// # Errors
    /// No manifest there, or one that cannot be understood.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("manifest.json");
        let text = fs::read(&path).map_err(|error| failed("read the manifest", &path, &error))?;
        serde_json::from_slice(&text).map_err(|error| {
            Problem::new(format!("not a manifest of this program: {error}"))
                .file(path.display().to_string())
                .line(error.line() as u64)
                .hint("the folder is damaged or was not made by this program")
                .into()
        })
    }

    /// Whether `identity_sha256` is that of this manifest's own entries with the given canonical
    /// config and templates (role and text): false when any of them was changed since.
    pub fn is_sealed(&self, config: &str, templates: &[(String, String)]) -> bool {
        let record = |input: &InputEntry| crate::ingest::InputRecord {
            source: input.source.clone(),
            path: input.path.clone(),
            bytes: input.bytes,
            sha256: input.sha256.clone(),
            rows: input.rows,
            notes: Vec::new(),
        };
        let identity = Identity {
            title: self.title.clone(),
            simulated: self.simulated_sources.clone(),
            config: config.into(),
            templates: templates.to_vec(),
            inputs: self.inputs.iter().map(record).collect(),
            program: self.program.version.clone(),
            commit: self.program.commit.clone(),
            previous: self.previous.clone(),
        };
        identity_hash(&identity) == self.identity_sha256
    }

    /// Whether the version was made from the same program, config, templates and inputs as
    /// `identity`, whatever earlier version either compares itself with.
    pub fn is_of(&self, identity: &Identity) -> bool {
        let other = Self::new(&self.version, identity, &BTreeMap::new());
        let same = |a: &Self, b: &Self| {
            (&a.title, &a.data, &a.simulated_sources, &a.program)
                == (&b.title, &b.data, &b.simulated_sources, &b.program)
                && (&a.config_sha256, &a.templates, &a.inputs) == (&b.config_sha256, &b.templates, &b.inputs)
        };
        same(self, &other)
    }

    /// The manifest as JSON text.
    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|error| Problem::new(format!("cannot write the manifest: {error}")))?;
        text.push(b'\n');
        Ok(text)
    }
}

/// SHA-256 over every part of an identity in a fixed order, each with its length before it, so
/// that no two different identities can read the same. The order is part of the folder contract.
pub(super) fn identity_hash(identity: &Identity) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    };
    for part in ["offprint identity 1", &identity.program, &identity.commit, &identity.title, &identity.config] {
        add(part);
    }
    add(&identity.simulated.len().to_string());
    identity.simulated.iter().for_each(|source| add(source));
    add(&identity.templates.len().to_string());
    for (role, text) in &identity.templates {
        add(role);
        add(text);
    }
    add(&identity.inputs.len().to_string());
    for input in &identity.inputs {
        add(&input.source);
        add(&input.path);
        add(&input.bytes.to_string());
        add(&input.sha256);
        add(&input.rows.to_string());
    }
    if let Some(previous) = &identity.previous {
        add("previous");
        add(&previous.folder);
        add(&previous.manifest_sha256);
        add(&previous.changes_sha256);
    }
    files::hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
