//! A version's folder in memory: its manifest and the files that the manifest names. Refuses what
//! is no such folder; follows no link and no path out of it.

use crate::error::{Problem, Problems, Result};
use crate::files;
use crate::store::{Manifest, is_inside};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files larger than this are no part of a report.
const LARGEST: u64 = 256 << 20;

/// A version's folder, read.
#[derive(Debug, Clone)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// Its manifest.
    pub manifest: Manifest,
    /// Bytes of every file that the manifest names and that is there, and of `manifest.json`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Paths that are there and that the manifest does not name.
    pub extra: Vec<String>,
}

impl Folder {
    /// Reads a version's folder.
    ///
    /// # Errors
    /// A folder that is none or no version's, a damaged or foreign manifest, files that cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = files::shown(path);
        if !path.is_dir() {
            let what = if path.exists() { "is not a folder" } else { "does not exist" };
            return Err(Problem::new(format!("`{shown}` {what}"))
                .hint("name a version's folder, like `output/2023.1-0a1b2c3d`; `offprint list` shows them")
                .into());
        }
        if !path.join("manifest.json").is_file() {
            return Err(Problem::new(format!("`{shown}` is not a version's folder: it holds no manifest.json"))
                .hint("name the folder of one version, not the output folder; `offprint list` shows them")
                .into());
        }
        let manifest = Manifest::read(path)?;
        check_manifest(&manifest, &shown)?;
        let mut present = Vec::new();
        walk(path, path, &mut present)?;
        present.sort();
        let mut held = BTreeMap::new();
        let named = manifest.files.iter().map(|file| file.path.as_str()).chain(["manifest.json"]);
        for name in named.filter(|name| present.iter().any(|found| found == name)) {
            held.insert(name.to_string(), read_small(&path.join(name))?);
        }
        let extra = present.into_iter().filter(|found| !held.contains_key(found)).collect();
        let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let name = whole.file_name().map_or(shown, |name| name.to_string_lossy().into_owned());
        Ok(Self { path: path.to_path_buf(), name, manifest, files: held, extra })
    }

    /// Text of a file; `None` when it is missing or not UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// The filed config without the line that marks simulated data; `None` as in [`Self::text`].
    pub fn config(&self) -> Option<&str> {
        let text = self.text("config.yaml")?;
        match text.split_once('\n') {
            Some((first, rest)) if first.starts_with('#') => Some(rest),
            _ => Some(text),
        }
    }

    /// SHA-256 that the manifest gives for a path.
    pub(super) fn filed_hash(&self, path: &str) -> Option<&str> {
        self.manifest.files.iter().find(|file| file.path == path).map(|file| file.sha256.as_str())
    }
}

fn check_manifest(manifest: &Manifest, shown: &str) -> Result<()> {
    let mut problems = Problems::default();
    let file = format!("{shown}/manifest.json");
    let (ours, theirs) = (env!("CARGO_PKG_NAME"), &manifest.program.name);
    if theirs != ours {
        problems.push(Problem::new(format!("the folder was made by `{theirs}`, not by {ours}")).file(&file));
    }
    if manifest.manifest != 1 {
        let what = format!("manifest of format {}, and this program knows format 1", manifest.manifest);
        problems.push(Problem::new(what).file(&file).hint("use the program version that made the folder"));
    }
    let mut paths: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    paths.sort_unstable();
    for path in paths.iter().filter(|path| !is_inside(path) || **path == "manifest.json") {
        problems.push(Problem::new(format!("the manifest names `{path}`, which is no file of a report")).file(&file));
    }
    for pair in paths.windows(2).filter(|pair| pair[0] == pair[1]) {
        problems.push(Problem::new(format!("the manifest names `{}` twice", pair[0])).file(&file));
    }
    problems.or(())
}

fn read_small(path: &Path) -> Result<Vec<u8>> {
    let size = fs::metadata(path).map_err(|error| files::failed("read", path, &error))?.len();
    if size > LARGEST {
        let shown = files::shown(path);
        return Err(Problem::new(format!("`{shown}` has {size} bytes: too large for a file of a report")).into());
    }
    files::read(path)
}

/// Every regular file below `folder`; links are not followed and so count as missing.
fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) -> Result<()> {
    let failed = |error: std::io::Error| files::failed("read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        if kind.is_dir() {
            walk(root, &path, found)?;
        } else if kind.is_file()
            && let Ok(relative) = path.strip_prefix(root)
        {
            found.push(files::shown(relative));
        }
    }
    Ok(())
}
