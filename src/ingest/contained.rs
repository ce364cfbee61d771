//! What must hold of input files as a whole: none lies outside the data root, and none changed
//! between its reading and the end of the run. Knows no format.

use std::path::Path;

use super::hashes::hashes;
use super::open::expand;
use super::types::InputRecord;
use crate::config::{Config, Form, Source};
use crate::error::{Problem, Problems, Result};
use crate::files;

/// Refuses inputs outside `root`: absolute paths, `..`, and links that lead out. A config from
/// somebody else could otherwise have any file of this machine read into a report.
///
/// # Errors
/// Each path that leads out. What is wrong with a path otherwise is for the readers to say.
pub fn contained(form: &Form, root: &Path) -> Result<()> {
    let mut problems = Problems::default();
    for (source, path) in asked(form) {
        if files::climbs(path) && files::leads_out(root, path) {
            problems.push(outside(source, path, root));
            continue;
        }
        for input in expand(source.to_owned(), root, path).unwrap_or_default() {
            if files::leads_out(root, &input.shown) {
                problems.push(outside(source, &input.shown, root));
            }
        }
    }
    problems.or(())
}

fn outside(source: &str, path: &str, root: &Path) -> Problem {
    let what = format!("`{path}` of `{source}` leads out of the data folder `{}`", files::shown(root));
    Problem::new(what)
        .file(path)
        .hint("name the folder that holds all inputs with `--data`, or trust the config with `--allow-outside`")
}

/// Every path or pattern that would be read, with its source.
fn asked(form: &Form) -> Vec<(&str, &str)> {
    match form {
        Form::Survey(config) => of_survey(config),
        Form::Dataset(dataset) => {
            let mut all = Vec::new();
            for source in &dataset.sources {
                all.extend(source.files.iter().map(|path| (source.id.as_str(), path.as_str())));
            }
            all
        }
    }
}

fn of_survey(config: &Config) -> Vec<(&str, &str)> {
    let (inputs, mut all) = (&config.inputs, Vec::new());
    let real = |source: Source| source != Source::Simulated;
    if real(inputs.survey.source) {
        all.extend(inputs.survey.files.iter().map(|file| ("survey", file.path.as_str())));
    }
    if real(inputs.workforce.source) {
        all.extend(inputs.workforce.files.iter().map(|path| ("workforce", path.as_str())));
    }
    if real(inputs.practices.source) {
        all.extend(inputs.practices.files.iter().map(|file| ("practices", file.path.as_str())));
        let lists = inputs.list_sizes.iter().flat_map(|lists| &lists.files);
        all.extend(lists.map(|(_, path)| ("list_sizes", path.as_str())));
    }
    if let Some(deprivation) = inputs.deprivation.as_ref().filter(|input| real(input.source)) {
        all.push(("deprivation", deprivation.path.as_str()));
    }
    all.extend(config.analyses.power.iter().map(|power| ("power", power.file.as_str())));
    all
}

/// Hashes every input again and compares with what was read: a file that was replaced meanwhile may
/// have been read in part from both.
///
/// # Errors
/// Every file with other bytes than `records` name, that is gone, or that was not there before.
pub fn unchanged(form: &Form, root: &Path, records: &[InputRecord]) -> Result<()> {
    let mut problems = Problems::default();
    let hint = "run again when nothing writes to the inputs";
    let now = hashes(form, root)?;
    for (path, sha256) in &now {
        let what = match records.iter().find(|record| record.path == *path) {
            Some(record) if record.sha256 == *sha256 => continue,
            Some(_) => format!("`{path}` changed while the run was at work"),
            None => format!("`{path}` appeared while the run was at work"),
        };
        problems.push(Problem::new(what).file(path).hint(hint));
    }
    for record in records.iter().filter(|record| !now.iter().any(|(path, _)| *path == record.path)) {
        let what = format!("`{}` vanished while the run was at work", record.path);
        problems.push(Problem::new(what).file(&record.path).hint(hint));
    }
    problems.or(())
}
