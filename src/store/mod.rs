//! The output folder: everything that is ever written under it, and nothing else.
//!
//! A version is built in a staging folder and renamed once, so that it is there whole or not at
//! all; what is published is never written again. Knows bytes, hashes and names; not what a
//! number in a report means. Reads the clock for run logs only. Entries: [`file()`], [`list`], [`Manifest::read`].

mod disk;
mod index;
#[cfg(all(test, unix))]
mod killed;
mod log;
mod manifest;
mod publish;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Problem, Problems, Result};
use crate::ingest::InputRecord;
use crate::report::Bundle;

pub use index::Listed;
pub use manifest::{FileEntry, InputEntry, Manifest, PreviousEntry, ProgramEntry, TemplateEntry};

/// The program's commit, where the build was told it; empty otherwise.
pub const COMMIT: &str = match option_env!("OFFPRINT_COMMIT") {
    Some(commit) => commit,
    None => "",
};

/// This program.
pub fn program() -> ProgramEntry {
    ProgramEntry {
        name: env!("CARGO_PKG_NAME").into(),
        version: env!("CARGO_PKG_VERSION").into(),
        commit: COMMIT.into(),
    }
}

/// What a version is made from: equal identities must give equal bytes.
///
/// The commit belongs to it: a program built from another commit is another program. The target
/// and the number of threads do not: the bytes are the same for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Title of the study, for the list of versions.
    pub title: String,
    /// Names of the sources that are not real; empty when all are.
    pub simulated: Vec<String>,
    /// The config in its canonical form.
    pub config: String,
    /// Templates: role (`report`, `page`) and text, in a fixed order.
    pub templates: Vec<(String, String)>,
    /// Every input file, in config order.
    pub inputs: Vec<InputRecord>,
    /// Program version.
    pub program: String,
    /// Program commit: [`COMMIT`].
    pub commit: String,
    /// The earlier version that the report compares itself with.
    pub previous: Option<PreviousEntry>,
}

/// What filing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filed {
    /// The version is new; its folder.
    New(PathBuf),
    /// The same bytes were there before; their folder.
    Already(PathBuf),
}

impl Filed {
    /// True when the same bytes were there before.
    pub fn already(&self) -> bool {
        matches!(self, Self::Already(_))
    }

    /// The version's folder, `output/<version>-<8 hex>`.
    pub fn folder(&self) -> &Path {
        match self {
            Self::New(folder) | Self::Already(folder) => folder,
        }
    }
}

/// Files a bundle under `output/<version>-<8 hex>/` with its `manifest.json`, and lists it in
/// `output/index.html` and `output/index.json`.
///
/// # Errors
/// A version that is no folder name; an output folder that cannot be written, a full disk; a
/// published version of the same name with other bytes (each file that differs is named). On any
/// error nothing is filed and published versions are as before.
pub fn file(output: &Path, version: &str, identity: &Identity, bundle: &Bundle) -> Result<Filed> {
    publish::file(output, version, identity, bundle, &disk::RealDisk)
}

/// The files of a version as [`file()`] would write them, `manifest.json` among them; writes nothing.
///
/// # Errors
/// A bundle whose paths leave the folder.
pub fn whole(version: &str, identity: &Identity, bundle: &Bundle) -> Result<BTreeMap<String, Vec<u8>>> {
    publish::whole(version, identity, bundle).map(|(_, files)| files)
}

/// The manifest of a version as [`file()`] would write it; writes nothing.
///
/// # Errors
/// A bundle whose paths leave the folder.
pub fn manifest(version: &str, identity: &Identity, bundle: &Bundle) -> Result<Manifest> {
    publish::whole(version, identity, bundle).map(|(manifest, _)| manifest)
}

/// Whether a path of a manifest stays inside the version's folder.
pub fn is_inside(path: &str) -> bool {
    publish::inside(path)
}

/// Finds out before the work starts whether a version could be filed: makes the output folder if
/// it is missing and writes and removes a small file in it.
///
/// # Errors
/// An output folder that cannot be made or written to.
pub fn check_writable(output: &Path) -> Result<()> {
    publish::check_writable(output)
}

/// The name of the folder that `identity` is filed under.
///
/// # Errors
/// A version that is no folder name.
pub fn folder_name(version: &str, identity: &Identity) -> Result<String> {
    check_version(version)?;
    Ok(format!("{version}-{}", &manifest::identity_hash(identity)[..8]))
}

/// Files what is known of a version beside another: `NAME.previous.json` beside its folder, outside of what
/// its manifest covers, as it depends on what else was on file.
///
/// # Errors
/// A file that cannot be written.
pub fn note_previous(output: &Path, name: &str, text: &str) -> Result<()> {
    crate::files::replace(&output.join(format!("{name}.previous.json")), text.as_bytes())
}

/// The versions on file, newest first: by version (numbers compared as numbers), then by the
/// order in which they were filed. A folder that does not exist holds none.
///
/// # Errors
/// A folder that cannot be read. A damaged version is listed with what is wrong with it.
pub fn list(output: &Path) -> Result<Vec<Listed>> {
    index::scan(output)
}

/// The versions on file that are not later than `version`, newest first; see [`list`].
///
/// # Errors
/// As [`list`].
pub fn up_to(output: &Path, version: &str) -> Result<Vec<Listed>> {
    let mut versions = index::scan(output)?;
    versions.retain(|listed| index::natural(&listed.version, version).is_le());
    Ok(versions)
}

/// Adds lines to the log of a version's runs, `output/logs/<folder>.jsonl`, which no hash covers.
///
/// # Errors
/// A log that cannot be written.
pub fn log(output: &Path, version_folder: &str, lines: &str) -> Result<()> {
    log::append(output, version_folder, lines)
}

/// The time of day in UTC, like `2026-01-31T12:00:00Z`, for run logs and nothing else.
pub fn now() -> String {
    log::now()
}

/// Letters, digits, `.`, `-` and `_`, at most 64, starting with a letter or digit.
fn check_version(version: &str) -> Result<()> {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let begins_well = version.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins_well && version.len() <= 64 && version.chars().all(safe) && !version.ends_with('.') {
        return Ok(());
    }
    Err(Problem::new(format!("version `{version}` cannot be part of a folder's name"))
        .hint("`study.version` takes up to 64 letters, digits, dots, hyphens and underscores, like `2023.1`")
        .into())
}

/// A failed file operation in this program's words.
fn failed(doing: &str, path: &Path, error: &std::io::Error) -> Problems {
    use std::io::ErrorKind as Kind;
    let hint = match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => {
            "the disk is full: make room, or choose another folder with `--output`"
        }
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem => "choose a folder that you may write to with `--output`",
        Kind::NotADirectory | Kind::AlreadyExists => {
            "a file stands where a folder is needed: move it, or use `--output`"
        }
        _ => "nothing was filed; published versions are untouched",
    };
    Problem::new(format!("cannot {doing}: {error}")).file(path.display().to_string()).hint(hint).into()
}
