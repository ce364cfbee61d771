//! The simulator as a source among others: completes what real files leave out, and writes a whole
//! study that the readers can read.

use super::tables::{Size, survey_telling, tables};
use super::write::write;
use crate::config::{Config, Source, SurveyReader};
use crate::error::{Problem, Problems, Result};
use crate::ingest::Data;
use serde_yaml::{Mapping, Value};
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

/// What the ids of tables and figures of analyses beside the models begin with.
const ANALYSES: [&str; 14] = [
    "subgroup",
    "inequality",
    "provision_need",
    "concentration",
    "population",
    "costs",
    "tornado",
    "acceptability",
    "timing",
    "placebos",
    "dose",
    "grid",
    "leave_out",
    "power",
];

/// The config of a written study: the same study, its sources the files that were written.
/// Comments survive where the form of the survey stays as it is.
///
/// # Errors
/// A config that is no YAML mapping.
pub fn config_for(text: &str, form: Form) -> Result<String> {
    let written = |line: &str| line.replacen("source: simulated", "source: simulated_files", 1);
    let lines = text
        .lines()
        .map(|line| if line.contains("source: simulated_files") { line.to_string() } else { written(line) });
    let text = lines.map(|line| line + "\n").collect::<String>();
    if form == Form::Person {
        return Ok(text);
    }
    let broken = |what: String| Problems::from(Problem::new(format!("the config cannot be rewritten: {what}")));
    let mut tree: Value = serde_yaml::from_str(&text).map_err(|error| broken(error.to_string()))?;
    reform(&mut tree, form).ok_or_else(|| broken("`inputs.survey` is not as expected".into()))?;
    let body = serde_yaml::to_string(&tree).map_err(|error| broken(error.to_string()))?;
    Ok(format!(
        "# Written by `offprint simulate`: simulated data, survey in another form than the default study's.\n{body}"
    ))
}

/// Turns the survey section, and what depends on it, to another form.
fn reform(tree: &mut Value, form: Form) -> Option<()> {
    let survey = tree.get_mut("inputs")?.get_mut("survey")?.as_mapping_mut()?;
    if form == Form::Parquet {
        for (_, path) in survey.get_mut("files")?.as_mapping_mut()?.iter_mut() {
            *path = Value::from(path.as_str()?.replace(".csv", ".parquet"));
        }
        return Some(());
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
    if form == Form::Practice {
        let main = tree.get_mut("models")?.get_mut("main")?.as_mapping_mut()?;
        main.insert("covariates".into(), Value::Sequence(Vec::new()));
        tree.get_mut("tables")?.as_mapping_mut()?.remove("respondents");
        only_practice_covariates(tree.get_mut("covariates")?.as_mapping_mut()?);
        only_own_terms(tree);
        without_analyses(tree);
        let assumptions = tree.get_mut("assumptions")?.as_sequence_mut()?;
        let gone = |key: &str| key.starts_with("covariates.") || key.starts_with("analyses.");
        assumptions.retain(|a| !a.get("key").and_then(Value::as_str).is_some_and(gone));
        tree.as_mapping_mut()?.remove("simulate");
    }
    Some(())
}

/// Practice files know nothing of single people, which most of the analyses beside the models are about: all
/// of them go, with their tables and figures.
fn without_analyses(tree: &mut Value) -> Option<()> {
    tree.as_mapping_mut()?.remove("analyses");
    for exhibits in ["tables", "figures"] {
        let of_models = |id: &Value| id.as_str().is_some_and(|id| !ANALYSES.iter().any(|name| id.starts_with(name)));
        tree.get_mut(exhibits)?.as_mapping_mut()?.retain(|id, _| of_models(id));
    }
    Some(())
}

/// Joint tests of terms that a model without covariates has; their table goes when none is left.
fn only_own_terms(tree: &mut Value) -> Option<()> {
    let joint = tree.get_mut("tests")?.get_mut("joint")?.as_sequence_mut()?;
    let own = |term: &Value| matches!(term.as_str(), Some("wave" | "exposure"));
    joint.retain(|test| test.get("terms").and_then(Value::as_sequence).is_some_and(|terms| terms.iter().all(own)));
    if joint.is_empty() {
        tree.get_mut("tables")?.as_mapping_mut()?.remove("joint");
    }
    Some(())
}

/// Practice files hold no answers to covariates.
fn only_practice_covariates(covariates: &mut Mapping) {
    covariates.retain(|_, covariate| covariate.get("from").is_some());
}
