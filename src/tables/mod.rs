//! Tables as numbers beside finished text, from released values only. Knows no file format, no
//! page and no survey; takes the words for units from the config. Entries: [`build`] for the
//! tables, [`results_rows`], [`models_rows`] and [`flow_rows`] for the machine files, [`alt`] for the words
//! that stand in for figures.

mod analyses;
mod breaks;
mod cells;
mod changes;
mod coefficients;
mod dataset;
mod derivable;
mod descriptive;
mod effects;
mod flow;
mod inference;
mod models;
mod notes;
mod provision;
mod published;
mod results;
mod tested;
mod types;
mod words;

pub use changes::changes;
pub use dataset::{
    IDS as DATASET_IDS, ResultTexts, build as build_dataset, flow_rows as dataset_flow_rows, model_texts,
    models_rows as dataset_models_rows, origin_text, result_texts, results_rows as dataset_results_rows,
};
pub use derivable::derivable;
pub use inference::errors;
pub use models::{MODELS_HEADER, models_rows};
pub use results::{RESULTS_HEADER, results_rows};
pub use types::*;
pub use words::alt;

pub use flow::{FLOW_HEADER, flow_rows};

use crate::config::{Config, Exhibit};
use crate::disclosure::{Findings, ModelResult};
use crate::error::{Problem, Problems, Result};

/// The ids that [`build`] knows.
pub const IDS: [&str; 12] = [
    "respondents",
    "outcomes",
    "provision",
    "main",
    "tests",
    "contrasts",
    "published",
    "variants",
    "joint",
    "coefficients",
    "flow",
    "dropped",
];

/// The ids of all tables, those of the analyses last.
pub fn ids() -> Vec<&'static str> {
    IDS.into_iter().chain(analyses::IDS.iter().copied()).collect()
}

/// Every table that the config asks for, in its order.
///
/// # Errors
/// All of them at once: an id that no builder has, a table asked for twice, a comparison with a
/// paper of which nothing is on file, a ledger that does not add up, a hidden count that
/// subtraction would give away.
pub fn build(config: &Config, findings: &Findings) -> Result<Vec<Table>> {
    let mut problems = Problems(sound(config, findings));
    let mut tables: Vec<Table> = Vec::with_capacity(config.tables.len());
    for exhibit in &config.tables {
        if tables.iter().any(|table| table.id == exhibit.id) {
            problems.push(Problem::new(format!("table `{}` is listed twice", exhibit.id)).hint("keep one of them"));
        } else if let Some(table) = problems.keep(one(config, findings, exhibit)) {
            tables.push(table);
        }
    }
    problems.or(tables)
}

/// What makes the counts unfit to show at all.
fn sound(config: &Config, findings: &Findings) -> Vec<Problem> {
    let wrong = derivable::adds_up(config, findings).into_iter();
    let leaks = derivable(config, findings).into_iter();
    let hint = "this is a fault of the program, not of the inputs: please report it";
    wrong.chain(leaks).map(|what| Problem::new(what).hint(hint)).collect()
}

fn one(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Result<Table> {
    match exhibit.id.as_str() {
        "respondents" => Ok(descriptive::respondents(config, findings, exhibit)),
        "outcomes" => Ok(descriptive::outcomes(config, findings, exhibit)),
        "provision" => Ok(provision::provision(config, findings, exhibit)),
        "main" => Ok(effects::main_results(config, findings, exhibit)),
        "tests" => Ok(tested::tests(config, findings, exhibit)),
        "contrasts" => Ok(tested::contrasts(config, findings, exhibit)),
        "joint" => Ok(tested::joint(config, findings, exhibit)),
        "published" => published::published(config, findings, exhibit),
        "variants" => Ok(effects::variants(config, findings, exhibit)),
        "coefficients" => Ok(coefficients::coefficients(config, findings, exhibit)),
        "flow" => Ok(flow::flow(config, findings, exhibit)),
        "dropped" => Ok(flow::dropped(config, findings, exhibit)),
        other => analyses::build(config, findings, exhibit)
            .ok_or_else(|| Problem::new(format!("no table `{other}`")).nearest(other, &ids()).into()),
    }
}

/// The results of one model in the order of the config's outcomes.
fn results_of(findings: &Findings, model: usize) -> Vec<&ModelResult> {
    let mut results: Vec<_> = findings.models.iter().filter(|result| result.model == model).collect();
    results.sort_by_key(|result| result.outcome);
    results
}

/// Label of an outcome; its index where the config has none (never, in a checked config).
fn outcome_label(config: &Config, outcome: usize) -> String {
    config.outcomes.get(outcome).map_or_else(|| format!("outcome {outcome}"), |outcome| outcome.label.clone())
}

/// Id of an outcome.
fn outcome_id(config: &Config, outcome: usize) -> String {
    config.outcomes.get(outcome).map_or_else(|| format!("outcome{outcome}"), |outcome| outcome.id.clone())
}

/// Label of a wave.
fn wave_label(config: &Config, wave: usize) -> String {
    config.waves.get(wave).map_or_else(|| format!("wave {wave}"), ToString::to_string)
}
