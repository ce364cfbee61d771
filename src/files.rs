//! Small file helpers, each of which names the path when it fails.
//!
//! A leaf that any room may use. It knows no format and no folder layout.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Problem, Result};

/// The whole content of a file.
///
/// # Errors
/// When the file is missing or cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| failed("read", path, &error).into())
}

/// The whole content of a UTF-8 file of at most `most` bytes, without a byte order mark. Reads no
/// further, so that a device without end is no trap.
///
/// # Errors
/// When the file is missing, cannot be read, is larger or is not UTF-8.
pub fn read_text_up_to(path: &Path, most: u64) -> Result<String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| failed("read", path, &error))?;
    if bytes.len() as u64 > most {
        let what = format!("`{}` is larger than {} MiB", shown(path), most >> 20);
        return Err(Problem::new(what).file(shown(path)).hint("is this the right file?").into());
    }
    text_of(bytes, path)
}

/// The whole content of a UTF-8 file, without a byte order mark.
///
/// # Errors
/// When the file is missing, cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    text_of(read(path)?, path)
}

fn text_of(bytes: Vec<u8>, path: &Path) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        Problem::new(format!("byte {} is not UTF-8", error.utf8_error().valid_up_to() + 1))
            .file(shown(path))
            .hint("save the file as UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// Writes a file that must not exist yet.
///
/// # Errors
/// When the file exists or cannot be written in full.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| failed("write", path, &e))?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(|error| failed("write", path, &error).into())
}

/// Makes a folder and those above it; one that exists is fine.
///
/// # Errors
/// When it cannot be made.
pub fn create_dir(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| failed("create folder", path, &error).into())
}

/// Makes a folder that only its owner may look into; one that exists is fine.
///
/// # Errors
/// When it cannot be made.
pub fn create_private_dir(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed("create folder", path, &error).into()),
        _ => Ok(()),
    }
}

/// Puts a file in place of another in one step: readers see the old bytes or the new ones. What a
/// process that was killed left behind in the folder is removed: whoever writes there holds the
/// folder's `.lock`, so nobody is at work on it.
///
/// # Errors
/// When it cannot be written; then the old file is as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let lock = locked(folder).map_err(|error| failed("write", path, &error))?;
    if lock.lock().is_ok() {
        halves(folder).for_each(|half| drop(fs::remove_file(half)));
    }
    let mut name = path.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    name.push(format!(".{}.new", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        failed("write", path, &error).into()
    })
}

/// Removes what a killed process left half written in a folder of [`replace`]d files, if anything.
pub fn clear(folder: &Path) {
    if halves(folder).next().is_some()
        && let Ok(lock) = locked(folder)
        && lock.lock().is_ok()
    {
        halves(folder).for_each(|half| drop(fs::remove_file(half)));
    }
}

/// The file whose lock writers in a folder hold.
fn locked(folder: &Path) -> std::io::Result<fs::File> {
    fs::File::options().create(true).truncate(false).write(true).open(folder.join(".lock"))
}

/// Files of a folder that are not yet in their place.
fn halves(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "new"))
}

/// Whether a path, read from a folder, is absolute or climbs out of it by its words alone. Links are
/// another matter: see [`leads_out`].
pub fn climbs(path: &str) -> bool {
    let mut depth = 0_i64;
    for part in path.split(['/', '\\']) {
        depth += match part {
            "" | "." => 0,
            ".." => -1,
            _ => 1,
        };
        if depth < 0 {
            return true;
        }
    }
    path.starts_with(['/', '\\']) || Path::new(path).is_absolute()
}

/// Whether `path`, read from `root`, is a file outside of it: by `..`, as an absolute path, or by a
/// link. Of what does not exist the words alone tell.
pub fn leads_out(root: &Path, path: &str) -> bool {
    match (fs::canonicalize(root), fs::canonicalize(root.join(path))) {
        (Ok(root), Ok(file)) => !file.starts_with(root),
        _ => climbs(path),
    }
}

/// SHA-256 of `bytes` in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Length and SHA-256 (lower-case hex) of a file, read piece by piece.
///
/// # Errors
/// When it is missing, is no regular file (a device or pipe might never end) or cannot be read.
pub fn sha256_file(path: &Path) -> std::io::Result<(u64, String)> {
    if !fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    let (mut file, mut hash, mut bytes, mut buffer) = (fs::File::open(path)?, Sha256::new(), 0, vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hex(&hash.finalize()))),
            Ok(count) => {
                hash.update(&buffer[..count]);
                bytes += count as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The problem for a failed file operation: `cannot read: permission denied`.
pub fn failed(action: &str, path: &Path, error: &std::io::Error) -> Problem {
    let reason = match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::AlreadyExists => "it exists already".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::FileTooLarge => "no file may be that large here".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    };
    let hint = match error.kind() {
        ErrorKind::NotFound => "check the path for a slip, and the folder that it starts from",
        ErrorKind::IsADirectory => "name a file",
        ErrorKind::StorageFull | ErrorKind::FileTooLarge => "make room",
        ErrorKind::AlreadyExists => "name another, or move it away",
        _ => "check the path and who may use it",
    };
    Problem::new(format!("cannot {action} `{}`: {reason}", shown(path))).file(shown(path)).hint(hint)
}

/// A path as text, with forward slashes.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_of_the_standard_s_example() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn paths_that_climb_out() {
        for path in ["..", "../a", "a/../../b", "/etc/passwd", "a\\..\\..\\b", "./../a", "\\\\host\\share"] {
            assert!(climbs(path), "{path}");
        }
        for path in ["a", "./a", "a/../b", "a/b/../../c", "a..b/..c", ""] {
            assert!(!climbs(path), "{path}");
        }
    }

    #[test]
    fn failures_name_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let message = read(&path).unwrap_err().to_string();
        assert!(message.contains("cannot read") && message.contains("a.txt") && message.contains("no such file"));
        write_new(&path, b"\xef\xbb\xbfhello").unwrap();
        assert_eq!(read_text(&path).unwrap(), "hello");
        let message = write_new(&path, b"again").unwrap_err().to_string();
        assert!(message.contains("cannot write") && message.contains("exists already"), "{message}");
        assert_eq!(read_text(&path).unwrap(), "hello");
        assert!(create_dir(&path.join("below")).unwrap_err().to_string().contains("cannot create folder"));
        fs::write(&path, b"ab\xffc").unwrap();
        assert!(read_text(&path).unwrap_err().to_string().contains("byte 3 is not UTF-8"));
    }
}
