//! The models, covariates and the exposure in words.

use crate::config::{Absorb, CapAction, ClusterUnit, Config, CovariateKind, Family, MissingRule, Model, NotReporting};
use crate::disclosure::{Findings, ModelResult};
use crate::format;
use crate::tables;

use super::outcome::{direction, interval};
use super::words::{lowered, month, phrase, shown, signed, spelled};
use super::{CovariateFacts, ExposureFacts, ModelFacts, VariantFacts, VariantOutcomeFacts};

fn family(model: &Model) -> &'static str {
    match model.family {
        Family::Logit => "logistic regression",
        Family::Probit => "probit regression",
        Family::Linear => "linear probability model",
    }
}

fn absorbed(config: &Config, model: &Model) -> [String; 2] {
    match model.absorb {
        Absorb::Practice => config.terms.practice.clone(),
        Absorb::Cluster => config.terms.cluster.clone(),
        Absorb::None => Default::default(),
    }
}

fn covariate_labels(config: &Config, model: &Model) -> Vec<String> {
    model.covariates.iter().filter_map(|at| config.covariates.get(*at)).map(|c| lowered(&c.label)).collect()
}

fn weights(model: &Model) -> &'static str {
    if model.weighted { "weighted by the survey weight" } else { "unweighted" }
}

/// The main model; `results` are its results by outcome.
pub(super) fn main_model(config: &Config, model: &Model, results: &[&ModelResult]) -> ModelFacts {
    let [absorbed_one, absorbed_many] = absorbed(config, model);
    let labels = covariate_labels(config, model);
    let mut factors: Vec<_> = results.iter().map(|r| format::fixed(r.factor, 5)).collect();
    factors.dedup();
    let mut profiles: Vec<_> = results.iter().map(|r| r.profile.clone()).collect();
    profiles.dedup();
    ModelFacts {
        label: model.label.clone(),
        odds_ratios: model.family == Family::Logit,
        family: family(model).into(),
        has_absorbed: model.absorb != Absorb::None,
        absorbed: absorbed_many,
        absorbed_one,
        wave_effects: model.wave_effects,
        clusters: config.terms.cluster[1].clone(),
        errors: tables::errors(config, model),
        by_cluster: model.errors.clustered() && model.cluster == ClusterUnit::Cluster,
        reference: if results.iter().any(|r| r.fit.df.is_some()) { "Student’s t" } else { "the normal distribution" }
            .into(),
        reference_wave: config.waves.get(config.linkage.reference_wave).map(i32::to_string).unwrap_or_default(),
        covariates: if labels.is_empty() { "nothing else".into() } else { phrase(&labels) },
        weights: weights(model).into(),
        profile: phrase(&profiles),
        factor: if factors.len() == 1 { factors.swap_remove(0) } else { String::new() },
    }
}

/// A variant with its results; `main` are the main model's.
pub(super) fn variant(config: &Config, findings: &Findings, at: usize, main: &[&ModelResult]) -> VariantFacts {
    let model = &config.models[at];
    let ratios = model.family == Family::Logit;
    let outcomes: Vec<_> = findings
        .models
        .iter()
        .filter(|result| result.model == at && result.outcome < config.outcomes.len())
        .map(|result| {
            let same = main.iter().find(|other| other.outcome == result.outcome);
            let effect = &result.average_marginal_effect;
            VariantOutcomeFacts {
                id: config.outcomes[result.outcome].id.clone(),
                label: config.outcomes[result.outcome].label.clone(),
                short: config.outcomes[result.outcome].short.clone(),
                odds_ratios: ratios,
                estimated: result.exposure.shown().is_some(),
                odds_ratio: if ratios {
                    shown(&result.odds_ratio, |e| format::fixed(e.estimate, 3))
                } else {
                    "–".into()
                },
                ci: if ratios { interval(&result.odds_ratio, 1.0, 3) } else { "–".into() },
                p: shown(&result.exposure, |e| format::p_value(e.p)),
                points: shown(effect, |e| signed(e.estimate * 100.0, 2)),
                points_ci: interval(effect, 100.0, 2),
                agrees: same.is_some_and(|s| direction(s.exposure.shown()) == direction(result.exposure.shown())),
            }
        })
        .collect();
    let other: Vec<_> = outcomes.iter().filter(|o| !o.agrees).map(|o| lowered(&o.short)).collect();
    VariantFacts {
        id: model.id.clone(),
        label: model.label.clone(),
        differs: differs(config, model),
        agreeing: spelled(outcomes.len() - other.len()),
        all_agree: other.is_empty(),
        disagreeing: phrase(&other),
        outcomes,
    }
}

/// What a variant changes against the main model, as a phrase.
fn differs(config: &Config, model: &Model) -> String {
    let Some(main) = config.models.first() else { return String::new() };
    let mut changes = Vec::new();
    if model.family != main.family {
        changes.push(family(model).to_string());
    }
    if model.absorb != main.absorb {
        changes.push(match model.absorb {
            Absorb::None => "no absorbed effects".into(),
            _ => format!("effects of {}", absorbed(config, model)[1]),
        });
    }
    if model.weighted != main.weighted {
        changes.push(weights(model).into());
    }
    if model.wave_effects != main.wave_effects {
        changes.push(if model.wave_effects { "with wave effects" } else { "without wave effects" }.into());
    }
    let label = |at: &usize| config.covariates.get(*at).map(|c| lowered(&c.label));
    let added: Vec<_> = model.covariates.iter().filter(|c| !main.covariates.contains(c)).filter_map(label).collect();
    let left: Vec<_> = main.covariates.iter().filter(|c| !model.covariates.contains(c)).filter_map(label).collect();
    if !added.is_empty() {
        changes.push(format!("adjusted for {} as well", phrase(&added)));
    }
    if !left.is_empty() {
        changes.push(format!("not adjusted for {}", phrase(&left)));
    }
    let errors = |model: &Model| (model.errors, model.cluster, model.cluster_waves);
    if errors(model) != errors(main) {
        changes.push(format!("standard {}", tables::errors(config, model)));
    }
    if model.vcov != main.vcov {
        changes.push("another small-sample profile of the standard errors".into());
    }
    changes.extend(tables::changes(config, model));
    if changes.is_empty() { "the same specification".into() } else { changes.join("; ") }
}

/// A covariate in words.
pub(super) fn covariate(config: &Config, at: usize) -> CovariateFacts {
    let covariate = &config.covariates[at];
    let missing = |rule: &MissingRule| match rule {
        MissingRule::Level => "a level of its own".to_string(),
        MissingRule::Drop => "leave, in the flow".to_string(),
    };
    let (levels, reference, missing) = match &covariate.kind {
        CovariateKind::Item { levels, reference, missing: rule, .. } => {
            let labels: Vec<_> = levels.iter().map(|(label, _)| label.clone()).collect();
            (labels.join(", "), labels.get(*reference).cloned().unwrap_or_default(), missing(rule))
        }
        CovariateKind::Rurality { levels, reference, missing: rule } => {
            let labels: Vec<_> = levels.iter().map(|(label, _)| label.clone()).collect();
            (labels.join(", "), labels.get(*reference).cloned().unwrap_or_default(), missing(rule))
        }
        CovariateKind::Deprivation { scale } => (
            format!("numeric, per {} points of the score", format::plain(*scale)),
            String::new(),
            "leave, in the flow".into(),
        ),
    };
    let in_main = config.models.first().is_some_and(|main| main.covariates.contains(&at));
    CovariateFacts { id: covariate.id.clone(), label: covariate.label.clone(), levels, reference, missing, in_main }
}

/// The exposure in words.
pub(super) fn exposure(config: &Config) -> ExposureFacts {
    let exposure = &config.exposure;
    let (responses, clusters) = (&config.terms.response[1], &config.terms.cluster[1]);
    let with_census = || config.waves.iter().zip(&exposure.census_for_wave);
    let before: Vec<_> =
        with_census().filter(|(_, census)| census.is_none()).map(|(wave, _)| wave.to_string()).collect();
    let after: Vec<_> = with_census()
        .filter_map(|(wave, census)| census.map(|census| format!("{wave} ({})", month(&census.to_string()))))
        .collect();
    ExposureFacts {
        label: exposure.label.clone(),
        unit: config.terms.exposure_unit.clone(),
        per: format::fixed(exposure.per, 0),
        not_reporting: match exposure.not_reporting {
            NotReporting::Missing => format!("counted as missing: their {responses} leave, in the flow"),
            NotReporting::Zero => "counted as having none".into(),
            NotReporting::CarryForward => "given the figure of their last return before".into(),
            NotReporting::CarryBack => "given the figure of their first return after".into(),
            NotReporting::Interpolate => {
                "given a figure interpolated in time between their returns on both sides".into()
            }
        },
        before_start: format::plain(exposure.before_start),
        waves_before: phrase(&before),
        waves_after: phrase(&after),
        cap: match exposure.cap {
            None => String::new(),
            Some((cap, CapAction::Limit)) => format!("values above {} are set to it", format::plain(cap)),
            Some((cap, CapAction::Drop)) => {
                format!("{responses} of {clusters} above {} leave, in the flow", format::plain(cap))
            }
        },
    }
}
