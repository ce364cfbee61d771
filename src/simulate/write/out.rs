//! Bytes to disk: CSV fields, encodings, files with named failures.

use crate::config::Encoding;
use crate::error::{Problem, Problems, Result};
use std::borrow::Cow;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Bytes that are collected before they go to disk.
const BUFFER: usize = 1 << 20;

/// The problem that `path` could not be written.
pub(super) fn failed(path: &Path, error: &dyn std::fmt::Display) -> Problems {
    Problem::new(format!("cannot write simulated data: {error}"))
        .file(path.display().to_string())
        .hint("check that the folder is writable and the disk has room")
        .into()
}

/// Opens `path` for writing, with the folders above it.
pub(super) fn create(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }
    File::create(path).map_err(|error| failed(path, &error))
}

/// Writes a whole file.
pub(super) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    create(path)?.write_all(bytes).map_err(|error| failed(path, &error))
}

/// A file that is written in large pieces.
pub(super) struct Output<'a> {
    path: &'a Path,
    file: File,
    /// What is to be written next.
    pub(super) bytes: Vec<u8>,
}

impl<'a> Output<'a> {
    pub(super) fn new(path: &'a Path) -> Result<Self> {
        Ok(Self { path, file: create(path)?, bytes: Vec::with_capacity(BUFFER + 4096) })
    }

    /// Hands the bytes to the file when there are enough.
    #[inline]
    pub(super) fn spill(&mut self) -> Result<()> {
        if self.bytes.len() < BUFFER { Ok(()) } else { self.flush() }
    }

    /// Hands all bytes to the file.
    pub(super) fn flush(&mut self) -> Result<()> {
        let written = self.file.write_all(&self.bytes).map_err(|error| failed(self.path, &error));
        self.bytes.clear();
        written
    }
}

/// A CSV field, quoted where it must be.
pub(super) fn field(text: &str) -> Cow<'_, str> {
    if text.contains(['"', ',', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}

/// A CSV line of fields.
pub(super) fn line<'a>(text: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (at, value) in fields.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&field(value));
    }
    text.push('\n');
}

/// Text in the encoding of a source.
pub(super) fn encoded(text: &str, encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Utf8 => Cow::Borrowed(text.as_bytes()),
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252.encode(text).0,
    }
}
