//! Filing: under a lock, into a staging folder, then one rename. See [`super::file()`].

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::error::{Problem, Problems, Result};
use crate::report::Bundle;

use super::disk::{Disk, Temporary, remove, sync_folder};
use super::manifest::Manifest;
use super::{Filed, Identity, failed, folder_name, index};

/// Start of the names of staging folders and of files not yet in place.
const STAGING: &str = ".staging-";

/// [`super::file()`] on any disk.
pub(super) fn file(
    output: &Path,
    version: &str,
    identity: &Identity,
    bundle: &Bundle,
    disk: &dyn Disk,
) -> Result<Filed> {
    let name = folder_name(version, identity)?;
    let (manifest, files) = whole(version, identity, bundle)?;
    disk.make_folder(output).map_err(|error| failed("make the output folder", output, &error))?;
    let lock = lock(output)?;
    if lock.held {
        sweep(output);
    }
    let folder = output.join(&name);
    let already = fs::symlink_metadata(&folder).is_ok();
    let staged = if already {
        compare(&folder, &files)?;
        None
    } else {
        Some(stage(output, &name, &files, disk)?)
    };
    // The list is written before the version is in place: a disk that fills up stops both.
    let listing = index::prepare(output, &name, &manifest, &staging_name("list"), disk)?;
    if let Some(staged) = staged {
        staged.rename(&folder, disk).map_err(|error| failed("put the new version in place", &folder, &error))?;
    }
    index::install(output, listing, disk)?;
    sync_folder(output);
    Ok(if already { Filed::Already(folder) } else { Filed::New(folder) })
}

/// The files of a version, `manifest.json` among them.
pub(super) fn whole(
    version: &str,
    identity: &Identity,
    bundle: &Bundle,
) -> Result<(Manifest, BTreeMap<String, Vec<u8>>)> {
    check_paths(bundle)?;
    let mut files = bundle.0.clone();
    let manifest = Manifest::new(version, identity, &files);
    files.insert("manifest.json".into(), manifest.bytes()?);
    Ok((manifest, files))
}

/// See [`super::check_writable`].
pub(super) fn check_writable(output: &Path) -> Result<()> {
    fs::create_dir_all(output).map_err(|error| failed("make the output folder", output, &error))?;
    let probe = Temporary::new(output.join(staging_name("probe")));
    fs::write(probe.path(), b"probe").map_err(|error| failed("write in the output folder", output, &error))
}

/// Held until dropped. Systems without file locks go on unlocked, and then sweep nothing.
struct Lock {
    held: bool,
    _file: File,
}

fn lock(output: &Path) -> Result<Lock> {
    let path = output.join(".lock");
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    let file = opened.map_err(|error| failed("write in the output folder", output, &error))?;
    match file.lock() {
        Ok(()) => Ok(Lock { held: true, _file: file }),
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => Ok(Lock { held: false, _file: file }),
        Err(error) => Err(failed("lock the output folder", &path, &error)),
    }
}

/// Whoever stages holds the lock, so what is staged while this process holds it was left behind.
fn sweep(output: &Path) {
    let Ok(entries) = fs::read_dir(output) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(STAGING) {
            remove(&entry.path());
        }
    }
}

fn staging_name(name: &str) -> String {
    format!("{STAGING}{name}-{}", std::process::id())
}

/// Writes all files into a staging folder that removes itself unless it is renamed.
fn stage(output: &Path, name: &str, files: &BTreeMap<String, Vec<u8>>, disk: &dyn Disk) -> Result<Temporary> {
    let staging = Temporary::new(output.join(staging_name(name)));
    let root = staging.path();
    disk.make_folder(root).map_err(|error| failed("write in the output folder", output, &error))?;
    let mut folders = vec![root.to_path_buf()];
    for (path, bytes) in files {
        let target = root.join(path);
        if let Some(parent) = target.parent().filter(|parent| !folders.iter().any(|folder| folder == parent)) {
            disk.make_folder(parent).map_err(|error| failed("write in the output folder", output, &error))?;
            folders.push(parent.to_path_buf());
        }
        disk.write(&target, bytes)
            .map_err(|error| failed(&format!("write `{path}` of the new version"), output, &error))?;
    }
    for folder in folders.iter().rev() {
        sync_folder(folder);
    }
    Ok(staging)
}

/// Whether a path with forward slashes stays inside the folder that it starts from.
pub(super) fn inside(path: &str) -> bool {
    let step = |step: &str| !step.is_empty() && step != "." && step != ".." && !step.contains(['\\', ':', '\0']);
    path.split('/').all(step)
}

/// Bundle paths stay inside the folder and are files of their own.
fn check_paths(bundle: &Bundle) -> Result<()> {
    let mut problems = Problems::default();
    for path in bundle.0.keys() {
        if !inside(path) {
            problems.push(Problem::new(format!("`{path}` is not a path inside a report folder")));
        }
        if path == "manifest.json" {
            problems.push(Problem::new("a report may not bring its own `manifest.json`"));
        }
    }
    problems.or(())
}

/// A published version is the same, byte for byte, or the error names what differs.
fn compare(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let mut differences = Vec::new();
    for (path, bytes) in files {
        match fs::read(folder.join(path)) {
            Ok(published) if published == *bytes => {}
            Ok(_) => differences.push(format!("`{path}` differs")),
            Err(_) => differences.push(format!("`{path}` is missing from the published version")),
        }
    }
    let mut published = Vec::new();
    walk(folder, folder, &mut published);
    published.sort();
    let extra = published.into_iter().filter(|path| !files.contains_key(path));
    differences.extend(extra.map(|path| format!("`{path}` is in the published version only")));
    if differences.is_empty() {
        return Ok(());
    }
    let what = format!("version already published with other bytes: {}", differences.join(", "));
    Err(Problem::new(what)
        .file(folder.display().to_string())
        .hint("published versions are never overwritten: give the study a new `study.version`, or move the old folder away")
        .into())
}

pub(super) fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path: PathBuf = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(root, &path, found);
        } else if let Ok(relative) = path.strip_prefix(root) {
            found.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::{self, Write};

    use super::super::disk::RealDisk;
    use super::*;

    /// A disk with room for so many bytes; the write that does not fit leaves its beginning.
    struct SmallDisk(Cell<usize>);

    impl Disk for SmallDisk {
        fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
            let fits = bytes.len().min(self.0.get());
            self.0.set(self.0.get() - fits);
            File::create_new(path)?.write_all(&bytes[..fits])?;
            if fits == bytes.len() { Ok(()) } else { Err(io::ErrorKind::StorageFull.into()) }
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

    fn state(output: &Path) -> BTreeMap<String, Vec<u8>> {
        let mut paths = Vec::new();
        walk(output, output, &mut paths);
        paths.into_iter().map(|path| (path.clone(), fs::read(output.join(&path)).unwrap())).collect()
    }

    #[test]
    fn a_disk_that_fills_up_at_any_byte_leaves_everything_as_it_was() {
        let room = tempfile::tempdir().unwrap();
        let bundle = Bundle(BTreeMap::from([("a.md".into(), vec![b'a'; 300]), ("t/b.csv".into(), vec![b'b'; 300])]));
        file(room.path(), "1", &identity("old"), &bundle, &RealDisk).unwrap();
        let before = state(room.path());
        let mut bytes = 0;
        loop {
            match file(room.path(), "2", &identity("new"), &bundle, &SmallDisk(Cell::new(bytes))) {
                Ok(filed) => {
                    assert!(matches!(filed, Filed::New(_)));
                    break;
                }
                Err(problems) => {
                    assert!(problems.to_string().contains("the disk is full"), "{problems}");
                    assert_eq!(state(room.path()), before, "after {bytes} bytes");
                }
            }
            bytes += 97;
        }
        assert!(bytes > 2000, "the manifest and the lists must have been hit as well");
        assert_ne!(state(room.path()), before);
    }
}
