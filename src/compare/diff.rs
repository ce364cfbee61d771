//! Two versions: what moved, and why.

use super::causes::{self, Causes, program_words};
use super::content::{self, FileChange};
use super::estimates::Estimates;
use super::folder::Folder;
use crate::error::Result;
use crate::files;
use serde::Serialize;

/// One of two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Name of the folder.
    pub folder: String,
    /// Version.
    pub version: String,
    /// Title.
    pub title: String,
    /// Program that made it.
    pub program: String,
    /// Files that were edited or removed after filing: differences in them have no cause in the manifest.
    pub edited: Vec<String>,
}

/// What differs between two versions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diff {
    /// The first.
    pub first: Side,
    /// The second.
    pub second: Side,
    /// Whether every file has the same bytes.
    pub same: bool,
    /// What they were made from, where it differs.
    pub causes: Causes,
    /// Estimates.
    pub estimates: Estimates,
    /// Files that differ.
    pub files: Vec<FileChange>,
}

/// Compares two versions.
///
/// # Errors
/// A `results.csv` or a `config.yaml` that cannot be read.
pub fn diff(first: &Folder, second: &Folder) -> Result<Diff> {
    let versions = [first.manifest.program.version.as_str(), second.manifest.program.version.as_str()];
    let (estimates, files) = rayon::join(
        || content::estimates(&first.files, &second.files, [&first.name, &second.name]),
        || content::changes(&first.files, &second.files, versions),
    );
    let estimates = estimates?;
    Ok(Diff {
        same: files.is_empty(),
        causes: causes::between(first, second)?,
        estimates,
        files,
        first: side(first),
        second: side(second),
    })
}

fn side(folder: &Folder) -> Side {
    let manifest = &folder.manifest;
    let held = |path: &str| folder.files.get(path).map(|bytes| files::sha256_hex(bytes));
    let edited = manifest.files.iter().filter(|file| held(&file.path).as_deref() != Some(&file.sha256));
    Side {
        folder: folder.name.clone(),
        version: manifest.version.clone(),
        title: manifest.title.clone(),
        program: program_words(&manifest.program),
        edited: edited.map(|file| file.path.clone()).collect(),
    }
}
