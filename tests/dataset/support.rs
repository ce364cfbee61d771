//! A small study of a table, its files in a folder that a test can break one at a time.

use offprint::config::{self, Dataset, Form};
use offprint::error::{Problems, Result};
use offprint::ingest::{self, InputRecord, Tables};
use offprint::panel::{self, Frame, NONE, Values};
use std::path::{Path, PathBuf};

/// Reads a config that must be right.
#[track_caller]
pub(crate) fn load(text: &str) -> Dataset {
    match config::load("c.yaml", text) {
        Ok(loaded) => match loaded.form {
            Form::Dataset(dataset) => *dataset,
            Form::Survey(_) => panic!("read as a survey"),
        },
        Err(problems) => panic!("{problems}"),
    }
}

/// Everything that is wrong with a config.
#[track_caller]
pub(crate) fn wrong(text: &str) -> Problems {
    config::load("c.yaml", text).map(|_| ()).expect_err("accepted")
}

/// A folder of input files.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, bytes) in files {
            folder.write(path, bytes);
        }
        folder
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, dataset: &Dataset) -> Result<(Tables, Vec<InputRecord>)> {
        ingest::read_tables(dataset, self.root(), &|_, _, _| ())
    }

    pub(crate) fn frame(&self, dataset: &Dataset) -> Result<Frame> {
        panel::frame(dataset, &self.read(dataset)?.0)
    }
}

/// The public files, if they are at hand: `OFFPRINT_NHS`, or `../shared/nhs` beside the repository.
pub(crate) fn public_files() -> Option<PathBuf> {
    let beside = ["../shared/nhs", "../../shared/nhs"].map(|path| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path));
    let named = std::env::var_os("OFFPRINT_NHS").map(PathBuf::from);
    let found = named.into_iter().chain(beside).find(|path| path.join("hospital").is_dir());
    if found.is_none() {
        println!("skipped: no public files; set OFFPRINT_NHS to their folder");
    }
    found
}

/// A variable's numbers.
#[track_caller]
pub(crate) fn numbers<'a>(dataset: &Dataset, frame: &'a Frame, id: &str) -> &'a [f64] {
    match &frame.values[place(dataset, id)] {
        Values::Numbers(numbers) => numbers,
        Values::Named { .. } => panic!("`{id}` is not a number"),
    }
}

/// A variable's level or key in each row.
#[track_caller]
pub(crate) fn names<'a>(dataset: &Dataset, frame: &'a Frame, id: &str) -> Vec<Option<&'a str>> {
    match &frame.values[place(dataset, id)] {
        Values::Named { names, of, .. } => {
            of.iter().map(|at| (*at != NONE).then(|| names[*at as usize].as_str())).collect()
        }
        Values::Numbers(_) => panic!("`{id}` is a number"),
    }
}

pub(crate) fn place(dataset: &Dataset, id: &str) -> usize {
    dataset.variables.iter().position(|variable| variable.id == id).unwrap()
}

/// Asserts that `message` holds each of `parts`.
#[track_caller]
pub(crate) fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "missing: {part}\nin: {message}");
    }
}
