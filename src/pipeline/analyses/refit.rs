//! Fits many models to outcomes with as little repeated work as possible: models with the same covariates
//! share their coding, models that differ in the likelihood only share the sample. Must not decide what
//! may be shown: results pass the gate on their way out.

use super::super::kept::Sampled;
use super::super::{controls, estimate, sample, shown};
use super::Study;
use crate::config::{Family, Model};
use crate::disclosure::{Estimate, Released};

/// One model of one outcome.
pub(super) struct Refit {
    /// Index into the models given.
    pub(super) model: usize,
    /// Index into the config's outcomes.
    pub(super) outcome: usize,
    /// Responses analysed and clusters; none where the model could not be fitted.
    pub(super) counts: Option<(u64, u64)>,
    /// Coefficient of the exposure.
    pub(super) coefficient: Released<Estimate>,
    /// Average marginal effect.
    pub(super) effect: Released<Estimate>,
}

/// The fits of all models to all outcomes, by outcome, then model. A model that cannot be fitted keeps its
/// place, with the reason. `stage` and what one of the models is called are for people.
pub(super) fn refits(study: &Study, models: &[&Model], outcomes: &[usize], (stage, what): (&str, &str)) -> Vec<Refit> {
    let all = (models.len() * outcomes.len()) as u64;
    let mut found = Vec::new();
    for group in groups(models, |a, b| a.covariates == b.covariates) {
        let members: Vec<&Model> = group.iter().map(|at| models[*at]).collect();
        let coding = sample::coding(study.config, study.panel, members[0]);
        for alike in groups(&members, |a, b| {
            *a == Model { family: a.family, id: a.id.clone(), label: a.label.clone(), ..b.clone() }
        }) {
            for outcome in outcomes {
                (study.progress)(stage, found.len() as u64, all);
                let alike: Vec<usize> = alike.iter().map(|at| group[*at]).collect();
                one_sample((study, what), models, &alike, *outcome, &coding, &mut found);
            }
        }
    }
    (study.progress)(stage, all, all);
    found.sort_by_key(|fit| (outcomes.iter().position(|outcome| *outcome == fit.outcome), fit.model));
    found
}

/// Indices of models that are alike, each group in order of its first.
fn groups(models: &[&Model], alike: impl Fn(&Model, &Model) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, model) in models.iter().enumerate() {
        match groups.iter_mut().find(|group| alike(models[group[0]], model)) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

/// Models that analyse the same rows of an outcome with the same columns.
fn one_sample(
    (study, what): (&Study, &str),
    models: &[&Model],
    alike: &[usize],
    outcome: usize,
    coding: &sample::Coding,
    found: &mut Vec<Refit>,
) {
    let (config, panel) = (study.config, study.panel);
    let first = models[alike[0]];
    if let Some(why) = controls::problem(panel, first) {
        found.extend(alike.iter().map(|at| failed(study, *at, outcome, &why)));
        return;
    }
    let (sample, origin) = sample::sample(config, panel, first, coding, outcome);
    let sampled = Sampled::new(study.kept, &sample);
    for at in alike {
        let name = study.named(&format!("{what} `{}`", models[*at].id), outcome);
        let options = estimate::options(config, panel, models[*at], outcome, &origin);
        found.push(match sampled.fit(&name, &options) {
            Err(error) => failed(study, *at, outcome, &error.to_string()),
            Ok(fit) => {
                let effect = fit.average_marginal_effect.map(|a| shown::delta(&fit, a.estimate, a.std_error));
                let coefficient = shown::coefficient(&fit, 0);
                Refit {
                    model: *at,
                    outcome,
                    counts: Some((fit.responses, fit.clusters)),
                    coefficient: shown::released(study.gate, &fit, coefficient),
                    effect: match effect {
                        Some(effect) => shown::released(study.gate, &fit, effect),
                        None => study.gate.missing("no average marginal effect"),
                    },
                }
            }
        });
    }
}

fn failed(study: &Study, model: usize, outcome: usize, why: &str) -> Refit {
    let missing = || study.gate.missing(why);
    Refit { model, outcome, counts: None, coefficient: missing(), effect: missing() }
}

impl Refit {
    /// Whether it is of the linear family.
    pub(super) fn linear(&self, models: &[&Model]) -> bool {
        models[self.model].family == Family::Linear
    }
}

/// Numbers of responses through the gate. Two that differ by fewer people than the threshold would tell of
/// those few by subtraction, so the later one is hidden; `known` are shown elsewhere.
pub(super) fn spaced_counts(study: &Study, counts: &[Option<u64>], known: &[u64]) -> Vec<Released<u64>> {
    let mut shown: Vec<u64> = known.to_vec();
    let close = |a: u64, b: u64| a != b && a.abs_diff(b) < study.gate.threshold();
    let mut one = |n: &Option<u64>| match n {
        None => study.gate.missing("not fitted"),
        Some(n) if shown.iter().any(|other| close(*n, *other)) => {
            study.gate.missing("differs by too few people from another number shown")
        }
        Some(n) => {
            shown.push(*n);
            study.gate.count(*n)
        }
    };
    counts.iter().map(&mut one).collect()
}
