//! Run logs: lines added to `logs/<version's folder>.jsonl` beside the versions. Outside every version,
//! so that no hash covers them and no comparison sees them: times differ from run to run.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::error::Result;

use super::failed;

/// Adds lines to a version's log.
///
/// # Errors
/// A log that cannot be written; published versions are as before.
pub(super) fn append(output: &Path, version_folder: &str, lines: &str) -> Result<()> {
    let folder = output.join("logs");
    fs::create_dir_all(&folder).map_err(|error| failed("make the folder of run logs", &folder, &error))?;
    let path = folder.join(format!("{version_folder}.jsonl"));
    let file = File::options().create(true).append(true).open(&path);
    // One write: lines of two runs at once do not mix.
    let written = file.and_then(|mut file| file.write_all(lines.as_bytes()));
    written.map_err(|error| failed("write the run log", &path, &error))
}
