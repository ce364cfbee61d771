//! A simulated study on disk: files where the config says they are, in the real formats, with the
//! truth and a plain warning beside them.

mod admin;
mod cells;
mod out;
mod parquet;
mod person;
mod practice;

pub use cells::{cells, write_cells};
pub use person::write_person;
pub use practice::write_practice;

use super::tables::{Size, make, survey};
use super::truth::truth;
use crate::config::{Config, Source, SurveyReader};
use crate::error::{Problem, Problems, Result};
use crate::files;
use crate::ingest::{Data, Survey};
use out::write_bytes;
use std::path::Path;

/// Writes every source that is not real under `root`, where the config's inputs say, the survey in
/// the given form (normally that of the config). Real tables that the survey depends on must be in
/// `data`. Gives the tables and the survey that were written.
///
/// # Errors
/// When the config cannot be simulated or a file cannot be written.
pub fn write(config: &Config, size: Size, data: Data, root: &Path, form: SurveyReader) -> Result<Data> {
    inside(config)?;
    let (mut data, made) = make(config, size, data, &|source| source != Source::Real)?;
    std::fs::create_dir_all(root).map_err(|error| out::failed(root, &error))?;
    write_bytes(&root.join("SIMULATED.txt"), warning(config).as_bytes())?;
    write_bytes(&root.join("truth.csv"), truth(config)?.csv().as_bytes())?;
    admin::write_admin(config, &made, root)?;
    if config.inputs.survey.source != Source::Real {
        data.survey = survey(config, size, &data)?;
        write_survey(config, &data.survey, root, form)?;
    }
    Ok(data)
}

/// Writes a survey in one form, to the files of the config.
///
/// # Errors
/// When a file cannot be written.
pub fn write_survey(config: &Config, survey: &Survey, root: &Path, form: SurveyReader) -> Result<()> {
    match form {
        SurveyReader::Person => write_person(config, survey, root),
        SurveyReader::Cells => write_cells(config, &cells(survey), root),
        SurveyReader::Practice => write_practice(config, survey, root),
    }
}

/// Refuses to write outside the study's folder, whatever the config says; no flag allows it.
fn inside(config: &Config) -> Result<()> {
    let inputs = &config.inputs;
    let mut paths: Vec<&String> = inputs.survey.files.iter().map(|file| &file.path).collect();
    paths.extend(&inputs.workforce.files);
    paths.extend(inputs.practices.files.iter().map(|file| &file.path));
    paths.extend(inputs.deprivation.iter().map(|input| &input.path));
    paths.extend(inputs.list_sizes.iter().flat_map(|input| input.files.iter().map(|(_, path)| path)));
    let mut problems = Problems::default();
    for path in paths.into_iter().filter(|path| files::climbs(path)) {
        let what = format!("simulated data would be written to `{path}`, outside the study's folder");
        problems.push(Problem::new(what).file(path).hint("name a path below the folder"));
    }
    problems.or(())
}

fn warning(config: &Config) -> String {
    let sources = config.simulated_sources().join(", ");
    format!(
        "SIMULATED DATA\n\nThese files were made by a simulator, not collected: {sources}.\n\
         They describe no real person and no real unit, and nothing may be concluded from them.\n\
         Study {} {}, seed {}. The values that went in stand in truth.csv.\n",
        config.study.id, config.study.version, config.study.seed
    )
}

/// A problem for a file whose ending names no format that is written here.
fn unknown_format(path: &str) -> Problems {
    Problem::new("the simulator writes `.csv` and `.parquet`, not this format")
        .file(path)
        .hint("change the ending of the path in the config")
        .into()
}
