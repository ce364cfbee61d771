//! Finished reports, made once.

use crate::study::{Study, offprint};
use offprint::config;
use offprint::lint::{Files, Told};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A report's files with what its study tells the linter.
pub(crate) struct Report {
    pub(crate) files: Files,
    pub(crate) told: Told,
}

fn walk(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_string();
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// The folder of the only version in an output folder.
pub(crate) fn version(output: &Path) -> PathBuf {
    let entries = std::fs::read_dir(output).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().find(|path| path.join("manifest.json").is_file()).unwrap()
}

pub(crate) fn read(version: &Path) -> Report {
    let mut files = Files::new();
    walk(version, version, &mut files);
    let text = std::str::from_utf8(&files["config.yaml"]).unwrap();
    let told = Told::of(&config::load("config.yaml", text).unwrap().form);
    Report { files, told }
}

/// The study of class sizes, real data, not run yet.
pub(crate) fn class_size_study() -> TempDir {
    let (folder, root) = (tempfile::tempdir().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR")));
    std::fs::copy(root.join("tests/fixtures/caschool.csv"), folder.path().join("caschool.csv")).unwrap();
    std::fs::copy(root.join("studies/class-size.yaml"), folder.path().join("config.yaml")).unwrap();
    folder
}

/// The report of it.
pub(crate) fn class_size() -> &'static Report {
    static MADE: OnceLock<Report> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = class_size_study();
        let done = offprint(folder.path(), &["run"]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        read(&version(&folder.path().join("output")))
    })
}

/// The default study at small scale.
pub(crate) fn small() -> &'static Report {
    static MADE: OnceLock<Report> = OnceLock::new();
    MADE.get_or_init(|| read(&version(&Study::new().file("output"))))
}
