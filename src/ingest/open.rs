//! Finding and opening input files: paths and globs under the data root, the simulator's marker,
//! and a reader that hashes what passes through it. Knows no format.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::types::InputRecord;
use crate::error::{Problem, Problems, Result};
use crate::files;

/// An input file before it is opened.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Which source it belongs to.
    pub(crate) source: Cow<'static, str>,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Path as the config gives it, for messages and the record.
    pub(crate) shown: String,
}

impl Input {
    /// The file at `path` under `root`; nothing is opened.
    pub(crate) fn new(source: impl Into<Cow<'static, str>>, root: &Path, path: &str) -> Self {
        Self { source: source.into(), path: root.join(path), shown: path.replace('\\', "/") }
    }

    /// Its ending in lower case.
    pub(crate) fn ending(&self) -> String {
        self.path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
    }

    /// Opens it and notes its length.
    ///
    /// # Errors
    /// When it is missing, a folder, a device or pipe, empty or not readable.
    pub(crate) fn open(&self) -> Result<(File, u64)> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => missing_file(&self.path, &self.shown),
            _ => Problem { file: Some(self.shown.clone()), ..files::failed("read", &self.path, &error) },
        };
        // Asked before opening: opening a pipe that nobody writes to would wait for ever.
        let metadata = fs::metadata(&self.path).map_err(failed)?;
        if metadata.is_dir() {
            return Err(Problem::new(format!("`{}` is a folder, not a file", self.shown))
                .file(&self.shown)
                .hint("name a file in it")
                .into());
        }
        if !metadata.is_file() {
            return Err(Problem::new(format!("`{}` is a device or a pipe, not a file", self.shown))
                .file(&self.shown)
                .hint("name a file, which can be read twice")
                .into());
        }
        let file = File::open(&self.path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.len() == 0 {
            return Err(Problem::new(format!("`{}` is empty", self.shown))
                .file(&self.shown)
                .hint("is the download or copy complete?")
                .into());
        }
        Ok((file, metadata.len()))
    }

    /// The record of a file that was read to its end.
    ///
    /// # Errors
    /// When the file's length is not what it was when it was opened.
    pub(crate) fn record(&self, opened: u64, read: Digested, rows: u64, notes: Vec<String>) -> Result<InputRecord> {
        let now = fs::metadata(&self.path).map(|metadata| metadata.len()).unwrap_or(0);
        if opened != read.bytes || opened != now {
            return Err(Problem::new(format!(
                "`{}` changed while it was being read: {opened} bytes when opened, {} read, {now} now",
                self.shown, read.bytes
            ))
            .file(&self.shown)
            .hint("run again when nothing writes to the file")
            .into());
        }
        let (source, path) = (self.source.to_string(), self.shown.clone());
        Ok(InputRecord { source, path, bytes: read.bytes, sha256: read.sha256, rows, notes })
    }
}

/// Length and SHA-256 of what was read.
#[derive(Debug, Clone)]
pub(crate) struct Digested {
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// Hashes a file from its start to its end.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn digest(input: &Input, file: &mut File) -> Result<Digested> {
    let failed = |error| Problem { file: Some(input.shown.clone()), ..files::failed("read", &input.path, &error) };
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 18]);
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error).into()),
        };
        hash.update(&buffer[..count]);
        bytes += count as u64;
    }
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok(Digested { bytes, sha256: files::hex(&hash.finalize()) })
}

/// The files that `pattern` stands for: itself, or the matches of a glob in sorted order.
///
/// # Errors
/// When the pattern is malformed or matches no file.
pub(crate) fn expand(source: impl Into<Cow<'static, str>>, root: &Path, pattern: &str) -> Result<Vec<Input>> {
    let plain = Input::new(source, root, pattern);
    if !pattern.contains(['*', '?', '[']) || plain.path.is_file() {
        return Ok(vec![plain]);
    }
    let full = format!("{}/{pattern}", glob::Pattern::escape(&root.to_string_lossy()));
    let full = if Path::new(pattern).is_absolute() { pattern.to_owned() } else { full };
    let paths = glob::glob(&full).map_err(|error| {
        Problem::new(format!("pattern `{pattern}` is malformed: {error}"))
            .hint("`*` stands for any text within a name, `?` for one character")
    })?;
    let mut found: Vec<Input> = paths
        .filter_map(std::result::Result::ok)
        .filter(|path| path.is_file())
        .map(|path| {
            let shown = files::shown(path.strip_prefix(root).unwrap_or(&path));
            Input { source: plain.source.clone(), path, shown }
        })
        .collect();
    found.sort_by(|a, b| a.shown.cmp(&b.shown));
    if found.is_empty() {
        let problem = Problem::new(format!("no file matches `{pattern}`")).file(pattern);
        return Err(with_entries(problem, &root.join(pattern), pattern).into());
    }
    Ok(found)
}

/// Every file of a source, in the order of its patterns; a file that two of them match is a problem.
pub(crate) fn expand_all(source: &str, root: &Path, patterns: &[String], problems: &mut Problems) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for pattern in patterns {
        for input in problems.keep(expand(source.to_owned(), root, pattern)).unwrap_or_default() {
            if inputs.iter().any(|known| known.path == input.path) {
                let what = format!("`{}` is listed twice among the {source} files", input.shown);
                problems.push(Problem::new(what).file(&input.shown).hint(format!("`{pattern}` matches it again")));
            } else {
                inputs.push(input);
            }
        }
    }
    inputs
}

fn missing_file(path: &Path, shown: &str) -> Problem {
    with_entries(Problem::new(format!("no file `{shown}`")).file(shown), path, shown)
}

/// Adds a hint that lists the nearest folder above `path` that exists.
fn with_entries(problem: Problem, path: &Path, shown: &str) -> Problem {
    let Some(folder) = path.ancestors().skip(1).find(|folder| folder.as_os_str().is_empty() || folder.is_dir()) else {
        return problem;
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut entries: Vec<String> = fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    entries.sort();
    let name = Path::new(shown).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if entries.is_empty() {
        return problem.hint(format!("the folder `{}` is empty", files::shown(folder)));
    }
    let problem = problem.nearest(&name, &entries);
    let hint = problem.hint.clone().unwrap_or_default();
    problem.hint(format!("in `{}`: {hint}", files::shown(folder)))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("work [1]")).unwrap();
        for name in ["b – March.csv", "a.csv", "c.txt"] {
            fs::write(folder.path().join("work [1]").join(name), "x").unwrap();
        }
        folder
    }

    #[test]
    fn globs_are_sorted_and_relative_even_below_odd_names() {
        let folder = folder();
        let root = folder.path().join("work [1]");
        let found = expand("workforce", &root, "*.csv").unwrap();
        assert_eq!(found.iter().map(|input| input.shown.as_str()).collect::<Vec<_>>(), ["a.csv", "b – March.csv"]);
        // A name that looks like a glob but is a file stands for itself.
        fs::write(root.join("d[2].csv"), "x").unwrap();
        assert_eq!(expand("workforce", &root, "d[2].csv").unwrap().len(), 1);
    }

    #[test]
    fn a_glob_or_path_without_file_lists_the_folder() {
        let folder = folder();
        let root = folder.path().join("work [1]");
        let message = expand("workforce", &root, "*.tsv").unwrap_err().to_string();
        assert!(message.starts_with("error: no file matches `*.tsv`"), "{message}");
        assert!(message.contains("present: `a.csv`, `b – March.csv`, `c.txt`"), "{message}");
        let message = Input::new("survey", &root, "A.csv").open().unwrap_err().to_string();
        assert!(message.contains("no file `A.csv`") && message.contains("did you mean `a.csv`?"), "{message}");
        let message = Input::new("survey", &root, "deep/er/A.csv").open().unwrap_err().to_string();
        assert!(message.contains("present: `a.csv`"), "{message}");
        assert!(expand("workforce", &root, "***.csv").unwrap_err().to_string().contains("malformed"));
    }

    #[test]
    fn folders_and_empty_files_are_named() {
        let folder = folder();
        let message = Input::new("survey", folder.path(), "work [1]").open().unwrap_err().to_string();
        assert!(message.contains("`work [1]` is a folder, not a file"), "{message}");
        fs::write(folder.path().join("e.csv"), "").unwrap();
        let message = Input::new("survey", folder.path(), "e.csv").open().unwrap_err().to_string();
        assert!(message.contains("`e.csv` is empty"), "{message}");
    }

    #[test]
    fn a_file_that_grows_while_read_is_refused() {
        let folder = folder();
        let input = Input::new("survey", folder.path(), "work [1]/a.csv");
        let (mut file, length) = input.open().unwrap();
        let read = digest(&input, &mut file).unwrap();
        assert_eq!(read.sha256, files::sha256_hex(b"x"));
        assert!(input.record(length, read.clone(), 0, Vec::new()).is_ok());
        fs::OpenOptions::new().append(true).open(&input.path).unwrap().write_all(b"more").unwrap();
        let message = input.record(length, read, 0, Vec::new()).unwrap_err().to_string();
        assert!(message.contains("changed while it was being read: 1 bytes when opened, 1 read, 5 now"), "{message}");
    }
}
