//! Two small studies on disk: the simulated survey, made once, and test scores in a public file.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The program with arguments, started in `folder`.
pub(crate) fn offprint(folder: &Path, args: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("offprint")).args(args).current_dir(folder).output().unwrap()
}

/// The folder that a run files, printed.
pub(crate) fn run(folder: &Path, args: &[&str]) -> PathBuf {
    let ran = offprint(folder, &[&["run"], args].concat());
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    folder.join(String::from_utf8(ran.stdout).unwrap().trim())
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub(crate) fn text(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path.as_ref()).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

/// The survey study with one version on file: root of the study, the version's folder. Read only.
pub(crate) fn survey() -> (&'static Path, PathBuf) {
    static MADE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (folder, version) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = folder.path().join("study");
        let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let version = run(&target, &[]);
        (folder, version)
    });
    (folder.path(), version.clone())
}

/// The config of the study of class size, and its file.
pub(crate) fn class_size() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("studies/class-size.yaml"), folder.path().join("config.yaml")).unwrap();
    std::fs::copy(root.join("tests/fixtures/caschool.csv"), folder.path().join("caschool.csv")).unwrap();
    folder
}

/// Replaces text in a file; the text must be there.
pub(crate) fn edit(path: &Path, from: &str, to: &str) {
    let before = text(path);
    assert!(before.contains(from), "no `{from}` in {}", path.display());
    std::fs::write(path, before.replacen(from, to, 1)).unwrap();
}

/// Rows of a CSV file, header first.
pub(crate) fn rows(path: impl AsRef<Path>) -> Vec<Vec<String>> {
    let text = text(path);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_string).collect()).collect()
}

/// Every file below a folder, relative, in order.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                walk(root, &entry.path(), found);
            } else {
                found.push(entry.path().strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

/// What `verify` says, and its exit status.
pub(crate) fn verify(root: &Path, version: &Path) -> (Option<i32>, serde_json::Value) {
    let said = offprint(root, &["verify", version.to_str().unwrap(), "--json"]);
    let json = serde_json::from_slice(&said.stdout);
    (said.status.code(), json.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&said.stderr))))
}
