//! Writing a file so that it is on the disk, and folders that vanish unless they are kept.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where bytes go: the real disk, or in tests one that fills up or dies. Whatever filing changes goes
/// through here, step by step, so that a test can stop it at each.
pub(super) trait Disk {
    /// Writes a new file and waits until it is on the disk.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Makes a folder and those above it.
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    /// Puts a file or folder in its place in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }
}

/// The real one.
pub(super) struct RealDisk;

impl Disk for RealDisk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }
}

/// Waits until a folder's entries are on the disk. Some systems cannot; a rename is then as
/// lasting as they make it.
pub(super) fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(path) {
        let _ = folder.sync_all();
    }
}

/// A file or folder that is removed when dropped, unless [`Temporary::rename`] put it in place.
pub(super) struct Temporary {
    path: PathBuf,
    kept: bool,
}

impl Temporary {
    /// Takes charge of `path`, which need not exist yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, kept: false }
    }

    /// Its path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Renames it to `to`; from then on it stays.
    pub(super) fn rename(mut self, to: &Path, disk: &dyn Disk) -> io::Result<()> {
        disk.rename(&self.path, to)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            remove(&self.path);
        }
    }
}

/// Removes a file or folder if it is there; a link is removed, not followed.
pub(super) fn remove(path: &Path) {
    let _ = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
}
