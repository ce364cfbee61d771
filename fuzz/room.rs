//! One folder for the files of a whole session, in memory where there is such a place.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder.
pub(crate) fn folder() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let room = if Path::new("/dev/shm").is_dir() { PathBuf::from("/dev/shm") } else { std::env::temp_dir() };
        let folder = room.join(format!("offprint-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for files");
        folder
    })
}
