//! A small study of a table, its files in a folder that a test can break one at a time.

use offprint::config::{self, Dataset, Form};
use offprint::error::{Problems, Result};
use offprint::ingest::{self, InputRecord, Tables};
use offprint::panel::{self, Frame, NONE, Values};
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Runs the program on a config; gives the report's folder.
pub(crate) fn run(config: &Path, data: &Path, out: &Path) -> PathBuf {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("offprint"));
    command.arg("run").arg("--config").arg(config).arg("--data").arg(data).arg("--output").arg(out).arg("--quiet");
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    PathBuf::from(String::from_utf8(ran.stdout).unwrap().trim())
}

/// Term, coefficient and standard error of each coefficient of the main model in a report's folder.
pub(crate) fn coefficients(folder: &Path) -> Vec<(String, [f64; 2])> {
    let text = std::fs::read_to_string(folder.join("tables/coefficients.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let place = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (term, coefficient, error) = (place("term"), place("coefficient"), place("std_error"));
    let number = |text: &str| text.parse().unwrap_or(f64::NAN);
    lines.map(|line| (line[term].to_owned(), [number(line[coefficient]), number(line[error])])).collect()
}
