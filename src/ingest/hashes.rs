//! The hashes of every real input without reading its content: what a cache of results is keyed by.

use super::open::{self, Input};
use crate::config::{Config, Form, Source};
use crate::error::{Problems, Result};
use rayon::prelude::*;
use std::path::Path;

/// Path and SHA-256 of every file that [`super::read`] would read, in its order.
///
/// # Errors
/// Every file that is missing or cannot be read.
pub fn hashes(form: &Form, root: &Path) -> Result<Vec<(String, String)>> {
    let mut problems = Problems::default();
    let files = match form {
        Form::Survey(config) => survey_files(config, root, &mut problems),
        Form::Dataset(dataset) => super::tables::files(dataset, root, &mut problems),
    };
    let hash = |input: &Input| {
        let (mut file, _) = input.open()?;
        Ok((input.shown.clone(), open::digest(input, &mut file)?.sha256))
    };
    let hashed: Vec<Result<(String, String)>> = files.par_iter().map(hash).collect();
    let hashed: Vec<_> = hashed.into_iter().filter_map(|one| problems.keep(one)).collect();
    problems.or(hashed)
}

fn survey_files(config: &Config, root: &Path, problems: &mut Problems) -> Vec<Input> {
    let inputs = &config.inputs;
    let mut files: Vec<Input> = Vec::new();
    if inputs.survey.source != Source::Simulated {
        files.extend(inputs.survey.files.iter().map(|f| Input::new("survey", root, &f.path)));
    }
    if inputs.workforce.source != Source::Simulated {
        for pattern in &inputs.workforce.files {
            files.extend(problems.keep(open::expand("workforce", root, pattern)).unwrap_or_default());
        }
    }
    if inputs.practices.source != Source::Simulated {
        files.extend(inputs.practices.files.iter().map(|f| Input::new("practices", root, &f.path)));
    }
    if let Some(deprivation) = inputs.deprivation.as_ref().filter(|d| d.source != Source::Simulated) {
        files.push(Input::new("deprivation", root, &deprivation.path));
    }
    if let Some(lists) = inputs.list_sizes.as_ref().filter(|_| inputs.practices.source != Source::Simulated) {
        files.extend(lists.files.iter().map(|(_, path)| Input::new("list_sizes", root, path)));
    }
    files.extend(super::power::input(config, root));
    files
}
