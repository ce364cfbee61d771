//! Gathers what the output checker's papers rest on: finished exhibits, the machine files' rows, the
//! fits, and counts of which one is part of another. Decides nothing.

use super::Results;
use crate::config::{Config, Dataset, Disclosure};
use crate::disclosure::{DatasetFindings, Findings, FitRow, Released, Stage};
use crate::report::{self, Audited, Linked, ModelCheck, Status};

/// The machine files: name, how many columns name a row, rows.
pub(super) type Files = Vec<(&'static str, usize, Vec<Vec<String>>)>;

/// A shown count with where it stands.
struct Count<'a> {
    output: &'static str,
    place: String,
    n: &'a Released<u64>,
}

/// What a survey's report is checked on.
pub(super) fn survey<'a>(config: &'a Config, findings: &Findings, results: &'a Results, files: Files) -> Audited<'a> {
    let models = findings.models.iter().map(|result| {
        let names = (config.models[result.model].id.as_str(), config.outcomes[result.outcome].id.as_str());
        model(names, &result.fit, result.exposure.shown().is_some())
    });
    Audited {
        rules: &config.disclosure,
        mark: report::data_mark(config),
        tables: &results.tables,
        figures: &results.figures,
        models: models.collect(),
        linked: linked(&config.disclosure, &survey_pairs(config, findings)),
        files,
    }
}

/// What a dataset's report is checked on.
pub(super) fn dataset<'a>(
    dataset: &'a Dataset,
    found: &DatasetFindings,
    results: &'a Results,
    files: Files,
) -> Audited<'a> {
    let models = found.models.iter().map(|result| {
        let names = (dataset.models[result.model].id.as_str(), dataset.outcomes[result.outcome].id.as_str());
        model(names, &result.how.fit, result.exposure.shown().is_some())
    });
    Audited {
        rules: &dataset.disclosure,
        mark: None,
        tables: &results.tables,
        figures: &results.figures,
        models: models.collect(),
        linked: linked(&dataset.disclosure, &dataset_pairs(dataset, found)),
        files,
    }
}

fn model((analysis, outcome): (&str, &str), fit: &FitRow, released: bool) -> ModelCheck {
    ModelCheck {
        analysis: analysis.into(),
        outcome: outcome.into(),
        residual_degrees_of_freedom: fit.residual_df.shown().copied(),
        released,
        status: if released { Status::Pass } else { Status::Review },
    }
}

/// Pairs of shown counts whose difference is a small number of people. Rounded counts differ by
/// multiples of the base, which say no such number.
fn linked(rules: &Disclosure, pairs: &[(Count, Count)]) -> Vec<Linked> {
    let small = |(whole, part): &&(Count, Count)| {
        let difference = whole.n.shown().zip(part.n.shown()).map(|(whole, part)| whole.abs_diff(*part));
        rules.rounding < 2 && difference.is_some_and(|d| d > 0 && d < rules.threshold)
    };
    let found = pairs.iter().filter(small).map(|(whole, part)| {
        let mut outputs = vec![whole.output.to_string(), part.output.to_string()];
        outputs.dedup();
        Linked { outputs, whole: whole.place.clone(), part: part.place.clone() }
    });
    found.collect()
}

/// Whole and part: a level among all responses and among those analysed; the numbers analysed by two
/// models of one outcome; those with a usable answer in a wave and those analysed.
fn survey_pairs<'a>(config: &Config, findings: &'a Findings) -> Vec<(Count<'a>, Count<'a>)> {
    let outcome = |at: usize| &config.outcomes[at].id;
    let mut pairs = Vec::new();
    for result in &findings.models {
        let model = &config.models[result.model].id;
        let place = format!("model {model}, {}", outcome(result.outcome));
        for row in result.coefficients.iter().filter(|row| !row.level.is_empty()) {
            let all = findings.respondents.iter().find(|all| {
                config.covariates[all.covariate].id == row.term && all.level == row.level && all.wave.is_none()
            });
            let level = format!("{}={}", row.term, row.level);
            pairs.extend(all.map(|all| {
                let whole = Count { output: "table.respondents", place: format!("all waves, {level}"), n: &all.n };
                (whole, Count { output: "table.coefficients", place: format!("{place}, {level}"), n: &row.n })
            }));
        }
        let main = findings.models.iter().find(|main| main.model == 0 && main.outcome == result.outcome);
        pairs.extend(main.filter(|_| result.model > 0).map(|main| {
            let whole = format!("model {}, {}", config.models[0].id, outcome(main.outcome));
            let whole = Count { output: "results.csv", place: whole, n: &main.n };
            (whole, Count { output: "results.csv", place, n: &result.n })
        }));
    }
    for level in &findings.levels {
        let analysed = findings
            .flow
            .iter()
            .find(|row| row.outcome == level.outcome && row.wave == Some(level.wave) && row.stage == Stage::Analysed);
        pairs.extend(analysed.map(|row| {
            let place = format!("{}, {}", outcome(level.outcome), config.waves[level.wave]);
            let whole = Count { output: "table.outcomes", place: format!("{place}, base"), n: &level.n };
            (whole, Count { output: "flow.csv", place: format!("{place}, analysed"), n: &row.rows })
        }));
    }
    pairs
}

/// Whole and part: the rows that any outcome analyses and those of one model; a model's rows and a
/// level's among them.
fn dataset_pairs<'a>(dataset: &Dataset, found: &'a DatasetFindings) -> Vec<(Count<'a>, Count<'a>)> {
    let mut pairs = Vec::new();
    for result in &found.models {
        let place = format!("model {}, {}", dataset.models[result.model].id, dataset.outcomes[result.outcome].id);
        let whole = Count { output: "table.described", place: "analysed".into(), n: &found.analysed_any };
        pairs.push((whole, Count { output: "results.csv", place: place.clone(), n: &result.n }));
        for row in &result.subgroups {
            let level = format!("{place}, {}={}", dataset.variables[row.variable].id, row.level);
            let whole = Count { output: "results.csv", place: place.clone(), n: &result.n };
            pairs.push((whole, Count { output: "results.csv", place: level, n: &row.n }));
        }
    }
    pairs
}
