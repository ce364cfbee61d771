//! The simulator as a source among others: completes what real files leave out, and writes a whole
//! study that the readers can read.

use super::counts;
use super::tables::{Size, survey_telling, tables};
use super::write::write;
use crate::config::{Config, Source, SurveyReader};
use crate::error::{Problem, Problems, Result};
use crate::ingest::Data;
use serde_yaml::Value;
use std::path::Path;

/// Form of the survey files of a written study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One row per responder, CSV.
    Person,
    /// One row per responder, Parquet.
    Parquet,
    /// Rows with a count, CSV. Survey weights do not survive.
    Cells,
    /// Counts per practice, CSV. Neither weights nor answers to covariates survive.
    Practice,
}

/// Simulates the sources of `data` that are simulated in this process, on what is real in it.
///
/// # Errors
/// When the config cannot be simulated.
pub fn complete(config: &Config, data: &mut Data, progress: &(dyn Fn(&str, u64, u64) + Sync)) -> Result<()> {
    if !config.simulated() {
        return Ok(());
    }
    progress("simulating tables", 0, 0);
    if Source::Simulated == config.inputs.workforce.source
        || Source::Simulated == config.inputs.practices.source
        || config.inputs.deprivation.as_ref().is_some_and(|d| d.source == Source::Simulated)
    {
        *data = tables(config, Size::Full, std::mem::take(data))?;
    }
    if config.inputs.survey.source == Source::Simulated {
        data.survey =
            survey_telling(config, Size::Full, data, &|done, all| progress("simulating responders", done, all))?;
    }
    Ok(())
}

/// Writes the files of a study whose every source is simulated.
///
/// # Errors
/// A source that is real, or a file that cannot be written.
pub fn write_study(config: &Config, root: &Path, size: Size, form: Form) -> Result<()> {
    let inputs = &config.inputs;
    let sources = [
        Some(inputs.survey.source),
        Some(inputs.workforce.source),
        Some(inputs.practices.source),
        inputs.deprivation.as_ref().map(|d| d.source),
    ];
    if sources.contains(&Some(Source::Real)) {
        let hint = "set `source: simulated` for every input, as in the default config";
        return Err(Problem::new("a source of this study is real, so it cannot be written as a whole")
            .hint(hint)
            .into());
    }
    let reader = match form {
        Form::Person | Form::Parquet => SurveyReader::Person,
        Form::Cells => SurveyReader::Cells,
        Form::Practice => SurveyReader::Practice,
    };
    write(config, size, Data::default(), root, reader).map(|_| ())
}

/// The config of a written study: the same study, its sources the files that were written.
/// Comments survive where the form of the survey stays as it is. Also gives the names of what the form cannot
/// answer, which the new config leaves out.
///
/// # Errors
/// A config that is no YAML mapping.
pub fn config_for(text: &str, form: Form) -> Result<(String, Vec<String>)> {
    let written = |line: &str| line.replacen("source: simulated", "source: simulated_files", 1);
    let lines = text
        .lines()
        .map(|line| if line.contains("source: simulated_files") { line.to_string() } else { written(line) });
    let text = lines.map(|line| line + "\n").collect::<String>();
    if form == Form::Person {
        return Ok((text, Vec::new()));
    }
    let broken = |what: String| Problems::from(Problem::new(format!("the config cannot be rewritten: {what}")));
    let mut tree: Value = serde_yaml::from_str(&text).map_err(|error| broken(error.to_string()))?;
    let gone = reform(&mut tree, form).ok_or_else(|| broken("`inputs.survey` is not as expected".into()))?;
    let body = serde_yaml::to_string(&tree).map_err(|error| broken(error.to_string()))?;
    let head = "# Written by `offprint simulate`: simulated data, survey in another form than the default study's.\n";
    Ok((format!("{head}{body}"), gone))
}

/// Turns the survey section, and what depends on it, to another form; gives what that cannot answer.
fn reform(tree: &mut Value, form: Form) -> Option<Vec<String>> {
    let survey = tree.get_mut("inputs")?.get_mut("survey")?.as_mapping_mut()?;
    if form == Form::Parquet {
        for (_, path) in survey.get_mut("files")?.as_mapping_mut()?.iter_mut() {
            *path = Value::from(path.as_str()?.replace(".csv", ".parquet"));
        }
        return Some(Vec::new());
    }
    let columns = survey.get_mut("columns")?.as_mapping_mut()?;
    columns.remove("weight");
    if form == Form::Cells {
        columns.insert("count".into(), "count".into());
        survey.insert("reader".into(), "cells".into());
    } else {
        survey.insert("reader".into(), "practice".into());
    }
    let models = tree.get_mut("models")?.as_mapping_mut()?;
    models.insert("variants".into(), Value::Sequence(Vec::new()));
    tree.get_mut("tables")?.as_mapping_mut()?.remove("variants");
    if let Some(axes) = tree.get_mut("analyses").and_then(|all| all.get_mut("grid")?.get_mut("axes")?.as_mapping_mut())
    {
        axes.remove("weights");
    }
    let mut gone = vec!["survey weights".to_string()];
    if form == Form::Practice {
        gone.extend(counts::practice(tree)?);
    }
    Some(gone)
}
