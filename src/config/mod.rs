//! The study's config: raw keys, defaults with reasons, the checked [`Config`], canonical text.
//!
//! Knows YAML and nothing of data files. Everything wrong is found in one go and shown with its
//! line. Entry: [`load`].

mod check;
mod guard;
mod locate;
mod raw;
mod simulation;
mod types;

pub use simulation::*;
pub use types::*;

use crate::error::{Problem, Problems, Result};
use locate::Source as Text;

/// A checked study in one of its two forms.
#[derive(Debug, Clone)]
pub enum Form {
    /// Waves of a survey, joined to an exposure by practice and cluster.
    Survey(Box<Config>),
    /// Any table of rows.
    Dataset(Box<Dataset>),
}

impl Form {
    /// Who, what, which version.
    pub fn study(&self) -> &Study {
        match self {
            Self::Survey(config) => &config.study,
            Self::Dataset(dataset) => &dataset.study,
        }
    }

    /// The report's templates.
    pub fn report(&self) -> &Report {
        match self {
            Self::Survey(config) => &config.report,
            Self::Dataset(dataset) => &dataset.report,
        }
    }

    /// The names of the sources that are not real; a dataset's always are.
    pub fn simulated_sources(&self) -> Vec<&'static str> {
        match self {
            Self::Survey(config) => config.simulated_sources(),
            Self::Dataset(_) => Vec::new(),
        }
    }

    /// The term of `results.csv` that an analysis (`main` or a variant's id) is about.
    pub fn exposure_term(&self, analysis: &str) -> &str {
        match self {
            Self::Survey(_) => "exposure",
            Self::Dataset(dataset) => {
                let model = dataset.models.iter().find(|model| model.id == analysis).or(dataset.models.first());
                model.map_or("exposure", |model| &dataset.variables[model.exposure].id)
            }
        }
    }

    /// The survey study, for what only it can do.
    ///
    /// # Errors
    /// The study is of the other form.
    pub fn survey(&self) -> Result<&Config> {
        match self {
            Self::Survey(config) => Ok(config),
            Self::Dataset(_) => Err(Problem::new("this config describes a study of one dataset, not of a survey")
                .hint("name a config with `inputs` and `simulate`")
                .into()),
        }
    }
}

/// Longest config, in bytes.
const LARGEST: usize = 4 << 20;

/// A config file, read and checked.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The checked study.
    pub form: Form,
    /// The same keys and values without comments or layout: what is hashed and filed. Templates are
    /// named as they lie beside it in a report folder, so that the folder runs again by itself.
    pub canonical: String,
}

/// Reads and checks a config.
///
/// `shown` is the path to name in messages; `text` the file's text.
///
/// # Errors
/// Every problem found, each with file, line and hint.
pub fn load(shown: &str, text: &str) -> Result<Loaded> {
    let source = Text::new(shown, text);
    if let Some(why) = guard::too_much(text) {
        let hint = "no config of a study comes near: is this the right file?";
        return Err(Problem::new(why).file(shown).hint(hint).into());
    }
    // The untyped pass finds duplicate keys, which the typed maps would quietly overwrite.
    let mut tree: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| yaml_problem(&source, &error))?;
    let empty = guard::empty(&tree).into_iter().filter(|path| !path.is_empty());
    let without = |path: String| {
        let problem = Problem::new(format!("`{}` has no value", path.replace(".#", ".")));
        source.at(&path, problem.hint("give it one (`\"\"` for no text, `[]` for an empty list), or leave the key out"))
    };
    Problems(empty.map(without).collect()).or(())?;
    // Keys that only one of the forms has; the other has `inputs`.
    let of_dataset = ["sources", "variables", "rows", "row"].iter().any(|key| tree.get(key).is_some());
    let form = if of_dataset {
        let raw: raw::RawDataset = serde_yaml::from_str(text).map_err(|error| yaml_problem(&source, &error))?;
        Form::Dataset(Box::new(check::dataset::check(raw, &tree, &source)?))
    } else {
        let raw: raw::RawConfig = serde_yaml::from_str(text).map_err(|error| yaml_problem(&source, &error))?;
        Form::Survey(Box::new(check::check(raw, &tree, &source)?))
    };
    for key in ["template", "page"] {
        if let Some(path) = tree.get_mut("report").and_then(|report| report.get_mut(key)) {
            let filed = path.as_str().map(filed_template);
            *path = filed.map_or_else(|| path.clone(), Into::into);
        }
    }
    let canonical = serde_yaml::to_string(&tree)
        .map_err(|error| Problem::new(format!("config cannot be written back: {error}")).file(shown))?;
    Ok(Loaded { form, canonical })
}

/// The id of the study in a config's text, whatever else is in it; none where there is none.
pub fn study_id(text: &str) -> Option<String> {
    if text.len() > LARGEST {
        return None;
    }
    let tree: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
    tree.get("study")?.get("id")?.as_str().map(str::to_string)
}

/// Where a template lies in a report folder.
pub fn filed_template(path: &str) -> String {
    format!("templates/{}", path.rsplit(['/', '\\']).next().unwrap_or(path))
}

/// Turns a YAML error into a problem: place, the line itself, and the nearest known key.
fn yaml_problem(source: &Text, error: &serde_yaml::Error) -> Problems {
    let text = error.to_string();
    let what = in_words(text.split(" at line ").next().unwrap_or(&text));
    let mut problem = Problem::new(what.clone());
    if let Some(place) = error.location() {
        problem = source.place(problem, place.line(), place.column());
    } else {
        problem = problem.file(source.shown());
    }
    if let Some((got, known)) = unknown_field(&what) {
        problem = problem.nearest(&got, &known);
    } else {
        problem = problem.hint("`offprint init DIR` writes a config with every key and its comment");
    }
    problem.into()
}

/// The library's message without the names of this program's types.
fn in_words(text: &str) -> String {
    let text = match text.split_once("data did not match any variant of untagged enum ") {
        Some((key, "PerWave")) => format!("{key}expected one text, or a text for each wave"),
        Some((key, "RawCap")) => format!("{key}expected `none`, or `{{ at: NUMBER, action: limit }}` (or `drop`)"),
        Some((key, "OneOrTwo")) => format!("{key}expected a key, or two: `[a, b]`"),
        Some((key, "RawOffset")) => format!("{key}expected `none`, a variable, or `{{ log: VARIABLE }}`"),
        Some((key, "RawWeights")) => {
            format!("{key}expected `none`, `{{ frequency: VARIABLE }}` or `{{ sampling: VARIABLE }}`")
        }
        Some((key, "RawCluster")) => format!("{key}expected one kind of cluster, or a list of two"),
        Some((key, "RawBootstrap")) => format!("{key}expected `none`, or `{{ draws: NUMBER }}`"),
        Some((key, "RawPlace")) => format!("{key}expected a value of the exposure, or `observed`"),
        Some((key, "RawSmallest")) => {
            format!("{key}expected `{{ value: NUMBER, scale: percentage_points }}`, or one of these for each outcome")
        }
        Some((key, "RawPowerEffect")) => format!("{key}expected an odds ratio, or `truth`"),
        Some((key, "RawInPost")) => format!("{key}expected `census`, or a quantity with `label` and `value`"),
        Some((key, "Scalar")) => format!("{key}expected a code or a word"),
        _ => text.to_string(),
    };
    match text.split_once("expected struct ") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
            format!("{before}expected keys with values{rest}")
        }
        None => text,
    }
}

/// The key and the known ones in serde's "unknown field `x`, expected one of `a`, `b`".
fn unknown_field(text: &str) -> Option<(String, Vec<String>)> {
    let rest = &text[text.find("unknown field ")?..];
    let mut quoted = rest.split('`').skip(1).step_by(2).map(str::to_string);
    let got = quoted.next()?;
    Some((got, quoted.collect()))
}

#[cfg(test)]
mod tests;
