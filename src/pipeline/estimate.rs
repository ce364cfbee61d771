//! Fits every model to every outcome: options from the config, samples from the panel, failures in
//! words. Must not decide what may be shown.

use super::Progress;
use super::controls::{BASELINE, OTHER_ROLES, REGION};
use super::gone::Gone;
use super::kept::{self, Kept};
use super::sample::{self, EXPOSURE, WAVE};
use super::{fitted::Fitted, shown, tested};
use crate::config::{Absorb, Config, Errors, ExposureAt, Family, Model};
use crate::disclosure::{Gate, ModelResult};
use crate::error::{Problem, Problems, Result};
use crate::files;
use crate::model::{self, Bootstrap, Covariance, Fit, FitError, Options, Reason, Sample};
use crate::panel::Panel;

/// What left within the estimator, by panel block: `(reason, [(block, responses)])`.
pub(super) type DroppedBlocks = Vec<(String, Vec<(usize, u64)>)>;

/// Results of all models.
pub(super) struct Fits {
    /// By model, then outcome.
    pub(super) results: Vec<ModelResult>,
    /// What left within the main model's estimator, by outcome.
    pub(super) main_dropped: Vec<DroppedBlocks>,
    /// Whether a row of the panel is analysed by the main model for some outcome.
    pub(super) analysed: Vec<bool>,
}

/// Fits every model to every outcome.
///
/// # Errors
/// Every model of every outcome that cannot be fitted, with the reason.
pub(super) fn fits(
    config: &Config,
    panel: &Panel,
    gate: &Gate,
    kept: Option<&dyn Kept>,
    progress: Progress,
) -> Result<Fits> {
    let mut fits = Fits { results: Vec::new(), main_dropped: Vec::new(), analysed: vec![false; panel.rows] };
    let mut problems = Problems::default();
    let all = (config.models.len() * config.outcomes.len()) as u64;
    for (at, model) in config.models.iter().enumerate() {
        let coding = sample::coding(config, panel, model);
        let mut results = Vec::new();
        for outcome in 0..config.outcomes.len() {
            progress("fitting", (at * config.outcomes.len() + outcome) as u64, all);
            let (sample, origin) = sample::sample(config, panel, model, &coding, outcome);
            let name = format!("model `{}` of outcome `{}`", model.id, config.outcomes[outcome].id);
            let options = options(config, panel, model, outcome, &origin);
            let fit = match kept::fit(kept, &name, &sample, &options) {
                Ok(fit) => fit,
                Err(error) => {
                    problems.0.extend(failed(config, model, outcome, &error).0);
                    continue;
                }
            };
            let gone = Gone::new(&sample, &fit);
            if at == 0 {
                fits.main_dropped.push(dropped_blocks(config, model, &fit, &origin));
                mark(&sample, &gone, &origin, &mut fits.analysed);
            }
            let gate = &gate.for_fit(shown::residual_df(&fit, model.absorb != Absorb::None));
            results.push(Fitted { config, gate, model, sample: &sample, fit: &fit, gone: &gone }.result(at, outcome));
        }
        tested::adjust(config, &mut results, gate);
        fits.results.extend(results);
    }
    progress("fitting", all, all);
    problems.or(fits)
}

/// Takes the first step of every fit: what makes a model impossible shows there, at a small part of
/// the fit's cost.
pub(super) fn estimable(config: &Config, panel: &Panel, progress: Progress) -> Result<()> {
    let mut problems = Problems::default();
    let all = (config.models.len() * config.outcomes.len()) as u64;
    for (at, model) in config.models.iter().enumerate() {
        let coding = sample::coding(config, panel, model);
        for outcome in 0..config.outcomes.len() {
            progress("checking models", (at * config.outcomes.len() + outcome) as u64, all);
            let (sample, origin) = sample::sample(config, panel, model, &coding, outcome);
            let options = options(config, panel, model, outcome, &origin);
            match model::fit(&sample, &Options { max_iterations: 0, ..options }) {
                Ok(_) | Err(FitError::NotConverged { .. }) => {}
                Err(error) => problems.0.extend(failed(config, model, outcome, &error).0),
            }
        }
    }
    problems.or(())
}

/// What is asked of the fit of a model to an outcome. `origin` holds the panel's block behind each
/// block of the sample.
pub(super) fn options(
    config: &Config,
    panel: &Panel,
    model: &Model,
    outcome: usize,
    origin: &[(usize, Vec<u32>)],
) -> Options {
    let covariance = match model.errors {
        Errors::Cluster if model.cluster_waves => Covariance::TwoWay,
        Errors::Cluster => Covariance::Cluster,
        Errors::Cr3 => Covariance::Cr3,
        Errors::Hc1 => Covariance::Hc1,
        Errors::Iid => Covariance::Iid,
    };
    let waves = || origin.iter().map(|(block, _)| u32::from(panel.blocks[*block].wave)).collect();
    let place = |at: ExposureAt| match at {
        ExposureAt::Observed => model::At::Observed,
        ExposureAt::Value(value) => model::At::Value(value),
    };
    Options {
        absorb: model.absorb != Absorb::None,
        family: match model.family {
            Family::Logit => model::Family::Logit,
            Family::Probit => model::Family::Probit,
            Family::Linear => model::Family::Linear,
        },
        vcov: super::profile(model.vcov),
        covariance,
        second_cluster: if covariance == Covariance::TwoWay { waves() } else { Vec::new() },
        effect_of: Some(0),
        contrasts: model.contrasts.iter().map(|contrast| (place(contrast.from), place(contrast.to))).collect(),
        bootstrap: model.bootstrap.map(|draws| Bootstrap { draws, seed: seed(config, model, outcome) }),
        ..Options::default()
    }
}

/// The seed of a model and outcome: from the study's and both names, so that neither their order nor
/// another outcome changes the draws.
fn seed(config: &Config, model: &Model, outcome: usize) -> u64 {
    let named = format!("bootstrap\n{}\n{}\n{}", config.study.seed, model.id, config.outcomes[outcome].id);
    let hash = files::sha256_hex(named.as_bytes());
    hash.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(config.study.seed)
}

/// A fit that failed, with what to do about it.
fn failed(config: &Config, model: &Model, outcome: usize, error: &FitError) -> Problems {
    let outcome = &config.outcomes[outcome];
    let hint = match error {
        FitError::Collinear { term, .. } if term.name == EXPOSURE => {
            "look at the linkage facts: do the clusters of the practice files and of the censuses go by the same codes, and is the outcome asked in waves with and without exposure?"
        }
        FitError::Collinear { within: Some(_), .. } => {
            "remove the covariate from this model, or absorb nothing (`absorb: none`) in a variant that has it"
        }
        FitError::Collinear { .. } => "remove one of the covariates from this model",
        FitError::OutcomeConstant { .. } | FitError::Empty | FitError::NothingLeft { .. } => {
            "check the outcome's codes and base, and the participants' flow"
        }
        FitError::NegativeVariance { .. } | FitError::FewClusters { .. } | FitError::LeaveOneOut { .. } => {
            "choose other `errors` or another `cluster` for this model"
        }
        FitError::ReferenceUnobserved { .. } => "choose a reference level that occurs in the sample",
        _ => "look at the outcome by wave and at small levels of the covariates",
    };
    let what = format!("model `{}` of outcome `{}` cannot be fitted: {error}", model.id, outcome.id);
    Problem::new(what).hint(hint).into()
}

/// Words for why responses left within the estimator.
pub(super) fn reason(config: &Config, why: &Reason, groups: &str) -> String {
    match why {
        Reason::ZeroWeight => "weight of zero".into(),
        Reason::GroupAllFailures => format!("{groups} in which nobody has the outcome"),
        Reason::GroupAllSuccesses => format!("{groups} in which everybody has the outcome"),
        Reason::Separated { term, outcome } => {
            let label = term_label(config, &term.name);
            let who = if *outcome { "everybody" } else { "nobody" };
            format!("level “{}” of {label}, in which {who} has the outcome", term.level)
        }
        Reason::AbsorbedLevels { name, outcome, .. } => {
            let who = if *outcome { "everybody" } else { "nobody" };
            format!("absorbed levels of {}, in which {who} has the outcome", term_label(config, name))
        }
    }
}

/// The absorbed groups' words.
pub(super) fn group_words<'a>(config: &'a Config, model: &Model) -> &'a [String; 2] {
    if model.absorb == Absorb::Cluster { &config.terms.cluster } else { &config.terms.practice }
}

fn dropped_blocks(config: &Config, model: &Model, fit: &Fit, origin: &[(usize, Vec<u32>)]) -> DroppedBlocks {
    let groups = &group_words(config, model)[1];
    let one = |d: &model::Dropped| {
        let blocks = d.blocks.iter().map(|(block, n)| (origin[*block].0, *n)).collect();
        (reason(config, &d.reason, groups), blocks)
    };
    fit.dropped.iter().map(one).collect()
}

/// Marks the panel's rows that are analysed.
fn mark(sample: &Sample, gone: &Gone, origin: &[(usize, Vec<u32>)], analysed: &mut [bool]) {
    for (at, (block, (_, rows))) in sample.blocks.iter().zip(origin).enumerate() {
        for (row, of) in block.rows.clone().zip(rows) {
            analysed[*of as usize] |= !gone.has(sample, at, row);
        }
    }
}

/// Label of a term.
pub(super) fn term_label(config: &Config, name: &str) -> String {
    match name {
        EXPOSURE => config.exposure.label.clone(),
        WAVE => "Wave".into(),
        OTHER_ROLES => "Other roles".into(),
        BASELINE => "Baseline by wave".into(),
        REGION => "Region by wave".into(),
        other => config.covariates.iter().find(|c| c.id == other).map_or_else(|| other.into(), |c| c.label.clone()),
    }
}
