//! Tests that follow a fit: adjustments over a family of outcomes, equivalence, power, joint tests.
//! Computes by the model room, releases by the gate; must not word anything.

use crate::config::Config;
use crate::disclosure::{Estimate, Gate, JointRow, JointTested, ModelResult, Released};
use crate::model::{self, Fit};

/// Adjusts the p values of one model's outcomes over the declared family. Outcomes outside it, and
/// those whose estimate is not released, take no part.
pub(super) fn adjust(config: &Config, results: &mut [ModelResult], gate: &Gate) {
    let in_family = |result: &ModelResult| config.tests.family.contains(&result.outcome);
    let plain = |result: &ModelResult| result.exposure.shown().filter(|_| in_family(result)).map(|e| e.p);
    let shown: Vec<Option<f64>> = results.iter().map(plain).collect();
    let p: Vec<f64> = shown.iter().flatten().copied().collect();
    let mut adjusted = model::holm(&p).into_iter().zip(model::hochberg(&p)).zip(model::benjamini_hochberg(&p));
    for (result, shown) in results.iter_mut().zip(shown) {
        let found = shown.and_then(|_| adjusted.next());
        let exposure = result.exposure.clone();
        let why = if in_family(result) { "the estimate is not released" } else { "not in the family of tests" };
        let released = |p: Option<f64>| p.map_or_else(|| gate.missing(why), |p| exposure.map(|_| p));
        result.holm = released(found.map(|((holm, _), _)| holm));
        result.hochberg = released(found.map(|((_, hochberg), _)| hochberg));
        result.benjamini_hochberg = released(found.map(|(_, benjamini_hochberg)| benjamini_hochberg));
    }
}

/// P value for the claim that the effect is smaller than the smallest that matters.
pub(super) fn equivalence(
    config: &Config,
    gate: &Gate,
    outcome: usize,
    fit: &Fit,
    effect: Option<&Estimate>,
) -> Released<f64> {
    let margin = config.tests.smallest_effect.get(outcome).copied().flatten();
    match (effect, margin) {
        (Some(effect), Some(margin)) => {
            let p = model::equivalence(effect.estimate, effect.std_error, margin, fit.reference);
            gate.value(fit.responses, p)
        }
        (None, _) => gate.missing("no average marginal effect"),
        (_, None) => gate.missing("no smallest effect stated"),
    }
}

/// The smallest effect that the design finds with the stated power.
pub(super) fn minimum_detectable(config: &Config, gate: &Gate, fit: &Fit, effect: Option<&Estimate>) -> Released<f64> {
    let (alpha, power) = (config.tests.alpha, config.tests.power);
    let found = |effect: &Estimate| model::minimum_detectable_effect(effect.std_error, alpha, power, fit.reference);
    match effect {
        Some(effect) => gate.value(fit.responses, found(effect)),
        None => gate.missing("no average marginal effect"),
    }
}

/// The joint tests that are made in this model.
pub(super) fn joint(config: &Config, gate: &Gate, fit: &Fit, model: usize) -> Vec<JointRow> {
    let mine = config.tests.joint.iter().enumerate().filter(|(_, test)| test.model == model);
    mine.map(|(at, test)| {
        let names: Vec<&str> = test.terms.iter().map(String::as_str).collect();
        let wald = match model::wald(fit, &names) {
            Ok(wald) => {
                let tested =
                    JointTested { statistic: wald.statistic, terms: wald.df as u64, df: None, p: wald.p_value };
                gate.value(fit.responses, tested)
            }
            Err(error) => gate.missing(error.to_string()),
        };
        JointRow { test: at, wald }
    })
    .collect()
}
