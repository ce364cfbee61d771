//! From a stored run of simulated studies and this study's own standard errors to what is shown of power.
//! The studies themselves are made by `pipeline::power`. Must not word anything.

use crate::config::{Config, Family, Power};
use crate::disclosure::{Gate, ModelResult, PowerFound, PowerOutcome, PowerRow, Released, Share};
use crate::ingest::{StoredPower, StoredRow, unfit};
use crate::{model, num};

/// What a stored run says for this study, or why it says nothing.
pub(in crate::pipeline) fn power(
    config: &Config,
    plan: &Power,
    stored: Option<&StoredPower>,
    models: &[ModelResult],
    gate: &Gate,
) -> PowerFound {
    let problem = unfit(config, plan, stored).unwrap_or_default();
    let known = Known { config, plan, gate };
    let stored = stored.filter(|_| problem.is_empty()).map_or(&[][..], |stored| &stored.rows);
    let (mut rows, mut outcomes) = (Vec::new(), Vec::new());
    for (at, outcome) in config.outcomes.iter().enumerate() {
        let result = models.iter().find(|result| result.model == 0 && result.outcome == at);
        let error = known.error(result);
        let mine: Vec<&StoredRow> = stored.iter().filter(|row| row.outcome == outcome.id).collect();
        for effect in &plan.effects {
            let name = effect.name();
            rows.extend(mine.iter().filter(|row| row.effect == name).map(|row| known.row(at, row, &error)));
        }
        let (covered, fitted) = mine.iter().fold((Some(0), 0), |(covered, fitted), row| {
            (covered.zip(row.covered).map(|(a, b)| a + b), fitted + row.fitted)
        });
        outcomes.push(PowerOutcome {
            outcome: at,
            detectable: result.map_or_else(|| gate.missing(NO_FIT), |result| result.minimum_detectable.clone()),
            detectable_ratio: error.map(|error| num::exp(known.detectable(*error))),
            coverage: known.share(covered, fitted),
        });
    }
    PowerFound { problem, rows, outcomes }
}

const NO_FIT: &str = "no model of the outcome";
const NO_RATIO: &str = "only a logistic model has odds ratios";

struct Known<'a> {
    config: &'a Config,
    plan: &'a Power,
    gate: &'a Gate,
}

impl Known<'_> {
    /// Standard error of this study's log odds ratio.
    fn error(&self, result: Option<&ModelResult>) -> Released<f64> {
        match result {
            None => self.gate.missing(NO_FIT),
            Some(_) if !self.logit() => self.gate.missing(NO_RATIO),
            Some(result) => result.exposure.map(|exposure| exposure.std_error),
        }
    }

    fn logit(&self) -> bool {
        self.config.models.first().is_some_and(|model| model.family == Family::Logit)
    }

    fn detectable(&self, error: f64) -> f64 {
        let tests = &self.config.tests;
        model::minimum_detectable_effect(error, tests.alpha, tests.power, model::Reference::Normal)
    }

    fn row(&self, outcome: usize, row: &StoredRow, error: &Released<f64>) -> PowerRow {
        let (truth, alpha) = (num::ln(row.odds_ratio), self.config.tests.alpha);
        let n = row.fitted as f64;
        let by = |error: f64| model::power_of_effect(truth, error, alpha);
        let logit = |x: Option<f64>| x.filter(|_| self.logit()).map_or_else(|| self.nothing(), |x| self.public(x));
        let mean_error = logit(row.mean_std_error.filter(|error| *error > 0.0));
        let bias = row.mean_estimate.zip(row.sd_estimate).filter(|_| self.logit());
        PowerRow {
            effect: row.effect.clone(),
            outcome,
            odds_ratio: row.odds_ratio,
            replications: row.replications,
            fitted: row.fitted,
            power: self.share(Some(row.detected), row.fitted),
            formula: mean_error.map(|error| by(*error)),
            coverage: self.share(row.covered, row.fitted),
            bias: bias.map_or_else(|| self.nothing(), |(mean, sd)| self.public([mean - truth, sd / n.sqrt()])),
            mean_error,
            here: error.map(|error| by(*error)),
        }
    }

    fn share(&self, of: Option<u64>, all: u64) -> Released<Share> {
        match of {
            Some(of) if all > 0 => self.public(share(of, all)),
            _ => self.nothing(),
        }
    }

    fn nothing<T>(&self) -> Released<T> {
        self.gate.missing(if self.logit() { "not fitted" } else { NO_RATIO })
    }

    /// A number on simulated people, of whom there are as many as the config says.
    fn public<T>(&self, value: T) -> Released<T> {
        self.gate.value(self.plan.size.responders.saturating_mul(self.plan.replications), value)
    }
}

/// A share with its binomial error and Wilson's 95 % interval (1927), which stays open where all or none do.
fn share(of: u64, all: u64) -> Share {
    let (n, p, z) = (all as f64, of as f64 / all as f64, num::normal_quantile(0.975));
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    [p, (p * (1.0 - p) / n).sqrt(), (middle - half).max(0.0), (middle + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_wilsons_interval() {
        // Newcombe (Stat Med 1998;17:857), table I: 81 of 263, 15 of 148, 0 of 20.
        for (of, all, low, high) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)] {
            let [_, _, l, h] = share(of, all);
            assert!((l - low).abs() < 5e-5 && (h - high).abs() < 5e-5, "{l} {h}");
        }
    }
}
