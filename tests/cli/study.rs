//! A small simulated study on disk, made once, copied for each test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A private copy of the small study, with a filed version in `output`.
pub(crate) struct Study {
    folder: TempDir,
}

/// The program with arguments, started in `folder`.
pub(crate) fn offprint(folder: &Path, args: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("offprint")).args(args).current_dir(folder).output().unwrap()
}

/// Takes the analyses with hundreds of fits out of a config: they have tests of their own.
pub(crate) fn without_many_fits(config: &Path) {
    let (mut kept, mut inside) = (String::new(), false);
    for line in std::fs::read_to_string(config).unwrap().lines() {
        // A section ends where the next begins.
        if !line.starts_with("   ") {
            inside = ["  grid", "  leave_out"].iter().any(|id| line.starts_with(id));
        }
        if !inside {
            kept += &format!("{line}\n");
        }
    }
    std::fs::write(config, kept).unwrap();
}

fn original() -> &'static Path {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let target = folder.path().join("study");
        let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // One departure at a time is grid enough here: the full one is run a few times only.
        let config = std::fs::read_to_string(target.join("config.yaml")).unwrap();
        let fewer = config.replacen("    cross: [census, returns]\n    with_all: [likelihood]\n", "", 1);
        assert_ne!(fewer, config);
        std::fs::write(target.join("config.yaml"), fewer).unwrap();
        without_many_fits(&target.join("config.yaml"));
        let ran = offprint(&target, &["run"]);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        // Results must not come from the cache of the run above.
        std::fs::remove_dir_all(target.join(".offprint")).unwrap();
        folder
    });
    Box::leak(Box::new(made.path().join("study")))
}

/// Copies a folder.
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

/// Every file below a folder with its bytes, in order.
pub(crate) fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.push((path.strip_prefix(root).unwrap().to_path_buf(), std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

impl Study {
    /// A fresh copy.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(original(), folder.path());
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Text of a file whose bytes are UTF-8 or Windows-1252 (read byte by byte).
    pub(crate) fn text(&self, path: &str) -> String {
        std::fs::read(self.file(path)).unwrap().into_iter().map(char::from).collect()
    }

    fn put(&self, path: &str, text: &str) {
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        std::fs::write(self.file(path), bytes).unwrap();
    }

    /// Replaces the first `from` in a file.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let text = std::fs::read_to_string(self.file(path)).unwrap_or_else(|_| self.text(path));
        assert!(text.contains(from), "`{from}` is not in {path}");
        let edited = text.replacen(from, to, 1);
        if edited.is_ascii() || std::fs::read_to_string(self.file(path)).is_ok() {
            std::fs::write(self.file(path), edited).unwrap();
        } else {
            self.put(path, &edited);
        }
        self
    }

    /// Changes the fields of one data row (from 1) of a simple CSV, columns by header.
    pub(crate) fn set(&self, path: &str, row: usize, column: &str, value: &str) -> &Self {
        let text = self.text(path);
        let mut lines: Vec<String> = text.split('\n').map(str::to_string).collect();
        let headers: Vec<&str> = lines[0].trim_end_matches('\r').split(',').collect();
        let at =
            headers.iter().position(|h| h.ends_with(column)).unwrap_or_else(|| panic!("no {column} in {headers:?}"));
        let mut fields: Vec<String> = lines[row].split(',').map(str::to_string).collect();
        fields[at] = value.into();
        lines[row] = fields.join(",");
        self.put(path, &lines.join("\n"));
        self
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        offprint(self.path(), args)
    }

    /// Runs `run`, expects status 2, every fragment in the message, and `output` as it was.
    pub(crate) fn fails_with(&self, fragments: &[&str]) {
        let before = tree(&self.file("output"));
        assert!(!before.is_empty());
        let ran = self.run(&["run"]);
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{told}");
        assert!(told.starts_with("error: "), "{told}");
        for fragment in fragments {
            assert!(told.contains(fragment), "`{fragment}` is not in:\n{told}");
        }
        assert!(!told.contains("panicked"), "{told}");
        assert!(ran.stdout.is_empty());
        assert_eq!(before, tree(&self.file("output")), "the output folder changed");
    }
}
