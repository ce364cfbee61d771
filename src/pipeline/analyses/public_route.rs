//! The main model once more from what practice files would publish: counts by practice and wave, small bases
//! suppressed. Answers of people with the same terms have the same likelihood, so that what differs between the
//! two is the suppression, and what differs from the main model is what counts cannot be adjusted for.

use super::super::{estimate, sample, shown};
use super::Study;
use super::refit::spaced_counts;
use crate::config::{Config, CovariateKind, Model, PublicRoute};
use crate::disclosure::{Estimate, PublicRouteFound, PublicRouteRow, Released, RouteFound};
use crate::model::{self, Block, Column, Fit, FitError, Sample};

/// Every outcome by both routes.
pub(super) fn public_route(study: &Study, plan: &PublicRoute) -> PublicRouteFound {
    let mut found = PublicRouteFound { suppress_below: plan.suppress_below, rows: Vec::new() };
    let Some(main) = study.config.models.first() else { return found };
    let model = of_counts(study.config, main);
    let coding = sample::coding(study.config, study.panel, &model);
    for (done, outcome) in plan.outcomes.iter().enumerate() {
        (study.progress)("counts by practice", done as u64, plan.outcomes.len() as u64);
        found.rows.extend(one(study, plan, (&model, &coding), *outcome));
    }
    found
}

/// The main model with the terms that counts by practice can have: no covariates of single people, no weights.
fn of_counts(config: &Config, main: &Model) -> Model {
    let mut model = Model { bootstrap: None, contrasts: Vec::new(), weighted: false, ..main.clone() };
    model.covariates.retain(|at| !matches!(config.covariates[*at].kind, CovariateKind::Item { .. }));
    model
}

fn one(
    study: &Study,
    plan: &PublicRoute,
    (model, coding): (&Model, &sample::Coding),
    outcome: usize,
) -> Option<PublicRouteRow> {
    let (config, panel) = (study.config, study.panel);
    let main = study.models.iter().find(|result| result.model == 0 && result.outcome == outcome)?;
    let (people, origin) = sample::sample(config, panel, model, coding, outcome);
    let crude = model::fit(&people, &estimate::options(config, panel, model, outcome, &origin));
    let counts = counted(&people, plan.suppress_below);
    let origin: Vec<_> = counts.kept.iter().map(|at| origin[*at].clone()).collect();
    let public = model::fit(&counts.sample, &estimate::options(config, panel, model, outcome, &origin));
    let n = |fit: &Result<Fit, FitError>| fit.as_ref().ok().map(|fit| fit.responses);
    let known: Vec<u64> = main.n.shown().copied().into_iter().collect();
    let mut numbers = spaced_counts(study, &[n(&crude), n(&public)], &known).into_iter();
    let mut number = || numbers.next().unwrap_or_else(|| study.gate.missing("not fitted"));
    let crude = route(study, crude, number());
    let public = route(study, public, number());
    let full = RouteFound {
        n: main.n.clone(),
        coefficient: main.exposure.clone(),
        effect: main.average_marginal_effect.clone(),
    };
    Some(PublicRouteRow {
        outcome,
        from_crude: apart(&public, &crude),
        from_full: apart(&public, &full),
        suppressed: study.gate.units(counts.suppressed),
        counts: study.gate.units(counts.kept.len() as u64),
        public,
        crude,
        full,
    })
}

/// How far counts lie from the other route, in its standard errors.
fn apart(public: &RouteFound, other: &RouteFound) -> Released<f64> {
    match public.coefficient.shown() {
        Some(public) => other.coefficient.map(|e: &Estimate| (public.estimate - e.estimate) / e.std_error),
        None => public.coefficient.map(|_| 0.0),
    }
}

fn route(study: &Study, fit: Result<Fit, FitError>, n: Released<u64>) -> RouteFound {
    match fit {
        Err(error) => {
            let why = error.to_string();
            RouteFound { n, coefficient: study.gate.missing(&why), effect: study.gate.missing(&why) }
        }
        Ok(fit) => {
            let effect = fit.average_marginal_effect.map(|a| shown::delta(&fit, a.estimate, a.std_error));
            RouteFound {
                n,
                coefficient: shown::released(study.gate, &fit, shown::coefficient(&fit, 0)),
                effect: match effect {
                    Some(effect) => shown::released(study.gate, &fit, effect),
                    None => study.gate.missing("no average marginal effect"),
                },
            }
        }
    }
}

/// Answers added up.
struct Counted<'a> {
    sample: Sample<'a>,
    /// Blocks (one practice in one wave) that are left, as indices into those of the people's sample.
    kept: Vec<usize>,
    /// Blocks whose base is too small.
    suppressed: u64,
}

/// One count of successes and one of failures for each block whose base is not below `least`. The sample has no
/// covariates of single people, so all its rows are of one pattern.
fn counted<'a>(people: &Sample<'a>, least: u64) -> Counted<'a> {
    let (mut blocks, mut kept, mut suppressed) = (Vec::new(), Vec::new(), 0);
    let (mut success, mut count) = (Vec::new(), Vec::new());
    for (at, block) in people.blocks.iter().enumerate() {
        let mut answers = [0_u64; 2];
        for row in block.rows.clone() {
            answers[usize::from(people.success[row])] += people.count.as_ref().map_or(1, |count| u64::from(count[row]));
        }
        let base = answers[0] + answers[1];
        if base < least.max(1) {
            suppressed += u64::from(base > 0);
            continue;
        }
        let start = success.len();
        for (outcome, many) in [0, 1].into_iter().zip(answers).filter(|(_, many)| *many > 0) {
            success.push(outcome);
            count.push(u32::try_from(many).unwrap_or(u32::MAX));
        }
        blocks.push(Block { rows: start..success.len(), group: block.group, cluster: block.cluster });
        kept.push(at);
    }
    let column =
        |column: &Column| Column { values: kept.iter().map(|at| column.values[*at]).collect(), ..column.clone() };
    let sample = Sample {
        columns: people.columns.iter().map(column).collect(),
        blocks,
        patterns: people.patterns,
        numerics: Vec::new(),
        pattern: vec![0; success.len()],
        success,
        outcome: None,
        offset: None,
        count: Some(count),
        weight: None,
        group_name: people.group_name.clone(),
    };
    Counted { sample, kept, suppressed }
}
