//! Filing killed at every step: a child process files a version on a disk that sends it SIGKILL at
//! step N, for N from 0 until nothing is left to kill. And filing on a disk that fails at step N.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::disk::{Disk, RealDisk};
use super::publish::{self, walk};
use super::{Filed, Identity, list};
use crate::files::sha256_hex;
use crate::report::Bundle;

/// Variables that only the child below reads.
const FOLDER: &str = "OFFPRINT_TEST_FOLDER";
const STEP: &str = "OFFPRINT_TEST_STEP";

/// The real disk, on which the process dies at one step: before it, or in the middle of a write and
/// right after anything else.
struct Deadly {
    steps: Cell<usize>,
    last: usize,
}

impl Deadly {
    /// Two steps for each thing done; dies when the number has come.
    fn step(&self, what: &str, path: &Path) {
        let now = self.steps.get();
        self.steps.set(now + 1);
        if now == self.last {
            // Told on a file, as what a test prints is kept back.
            let note = PathBuf::from(std::env::var_os(FOLDER).unwrap()).join("note");
            let shown = path.file_name().unwrap().to_string_lossy();
            fs::write(note, format!("{what} {}", shown.trim_end_matches(|c: char| c.is_ascii_digit()))).unwrap();
            let own = std::process::id().to_string();
            Command::new("sh").args(["-c", &format!("kill -9 {own}")]).status().unwrap();
            unreachable!("SIGKILL was survived");
        }
    }
}

impl Disk for Deadly {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.step("before writing", path);
        fs::write(path, &bytes[..bytes.len() / 2])?;
        self.step("while writing", path);
        fs::remove_file(path)?;
        RealDisk.write(path, bytes)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step("before making", path);
        RealDisk.make_folder(path)?;
        self.step("after making", path);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("before renaming", to);
        RealDisk.rename(from, to)?;
        self.step("after renaming", to);
        Ok(())
    }
}

fn identity(config: &str) -> Identity {
    Identity {
        title: "T".into(),
        simulated: Vec::new(),
        config: config.into(),
        templates: Vec::new(),
        inputs: Vec::new(),
        program: "1".into(),
        commit: String::new(),
        previous: None,
    }
}

fn bundle() -> Bundle {
    Bundle(BTreeMap::from([("a.md".into(), vec![b'a'; 3000]), ("t/b.csv".into(), vec![b'b'; 3000])]))
}

fn file(output: &Path, version: &str, disk: &dyn Disk) -> Filed {
    publish::file(output, version, &identity(version), &bundle(), disk).unwrap()
}

/// Every file under a folder with its hash; folders that hold nothing count too.
fn state(output: &Path) -> BTreeMap<String, String> {
    let mut paths = Vec::new();
    walk(output, output, &mut paths);
    let hash = |path: &String| sha256_hex(&fs::read(output.join(path)).unwrap());
    let mut found: BTreeMap<String, String> = paths.iter().map(|path| (path.clone(), hash(path))).collect();
    for entry in fs::read_dir(output).unwrap().flatten() {
        found.entry(entry.file_name().to_string_lossy().into_owned()).or_default();
    }
    found
}

/// The process that dies.
#[test]
#[ignore = "started by killed_at_every_step"]
fn child() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let last = std::env::var(STEP).unwrap().parse().unwrap();
    file(&folder.join("output"), "2", &Deadly { steps: Cell::new(0), last });
}

/// The real disk, on which one step fails for want of room.
struct Full {
    steps: Cell<usize>,
    last: usize,
}

impl Full {
    fn step(&self) -> io::Result<()> {
        let now = self.steps.get();
        self.steps.set(now + 1);
        if now == self.last { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Full {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.step().inspect_err(|_| fs::write(path, &bytes[..bytes.len() / 2]).unwrap())?;
        RealDisk.write(path, bytes)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.make_folder(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.rename(from, to))
    }
}

#[test]
fn each_step_fails_once() {
    let steps = 3 + 3 + 3 + 4;
    for last in 0..=steps {
        let folder = tempfile::tempdir().unwrap();
        file(folder.path(), "1", &RealDisk);
        let before = state(folder.path());
        let disk = Full { steps: Cell::new(0), last };
        let filed = publish::file(folder.path(), "2", &identity("2"), &bundle(), &disk);
        assert_eq!(filed.is_ok(), last == steps, "step {last}");
        let now = state(folder.path());
        assert!(!now.keys().any(|path| path.contains(".staging")), "step {last}: {now:?}");
        // The last three steps put the lists in place, when the version is there already.
        assert!(last >= steps - 3 || now == before, "step {last} left something behind: {now:?}");
        file(folder.path(), "2", &RealDisk);
    }
}

#[test]
fn killed_at_every_step() {
    let reference = tempfile::tempdir().unwrap();
    file(reference.path(), "1", &RealDisk);
    let one = state(reference.path());
    file(reference.path(), "2", &RealDisk);
    let both = state(reference.path());
    let (mut hit, mut step) = (BTreeSet::new(), 0);
    loop {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        file(&output, "1", &RealDisk);
        let mut started = Command::new(std::env::current_exe().unwrap());
        started.args(["--exact", "store::killed::child", "--ignored"]);
        let ended = started.env(FOLDER, folder.path()).env(STEP, step.to_string()).output().unwrap();
        if ended.status.success() {
            break;
        }
        assert_eq!(ended.status.signal(), Some(9), "step {step}: {}", String::from_utf8_lossy(&ended.stdout));
        let note = fs::read_to_string(folder.path().join("note")).unwrap();
        survived(&output, &one, &both, &note);
        assert!(hit.insert(note.clone()), "twice at `{note}`");
        step += 1;
    }
    // Output folder, staging and its folder; three files; three lists; four renames: two steps each.
    assert_eq!(hit.len(), 2 * (3 + 3 + 3 + 4), "{hit:#?}");
    for name in ["a.md", "b.csv", "manifest.json", "index.html", "index.json", ".order"] {
        assert!(hit.iter().any(|note| note.ends_with(name) || note.contains(&name[1..])), "never at {name}: {hit:#?}");
    }
}

/// What was filed is whole, what was not is either whole or not there; the next run clears up.
fn survived(output: &Path, one: &BTreeMap<String, String>, both: &BTreeMap<String, String>, note: &str) {
    let now = state(output);
    let old: Vec<_> = one.iter().filter(|(path, _)| path.starts_with("1-")).collect();
    assert!(old.iter().all(|(path, hash)| now.get(*path) == Some(*hash)), "{note}: the old version was touched");
    let new: Vec<_> = both.iter().filter(|(path, _)| path.starts_with("2-")).collect();
    let whole = new.iter().filter(|(path, hash)| now.get(*path) == Some(*hash)).count();
    assert!(whole == 0 || whole == new.len(), "{note}: half a version is in place");
    let listed = list(output).unwrap();
    assert!(listed.iter().all(|version| version.problem.is_empty()), "{note}: {listed:?}");
    for name in [".order", "index.html", "index.json"] {
        let either = [one, both].map(|state| state.get(name));
        assert!(either.contains(&now.get(name)), "{note}: {name} is neither the old list nor the new");
    }
    file(output, "2", &RealDisk);
    assert_eq!(state(output), *both, "{note}: the next run left something behind");
}
