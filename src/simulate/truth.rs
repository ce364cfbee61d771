//! The truth as named values, to be filed beside simulated data and held against estimates.

use super::tables::simulation;
use crate::config::Config;
use crate::error::Result;
use crate::format::plain;
use crate::num;

/// One true value.
#[derive(Debug, Clone, PartialEq)]
pub struct TruthValue {
    /// Outcome id.
    pub outcome: String,
    /// `exposure`, `practice`, `cluster and wave`, a wave label, or `covariate:code`.
    pub term: String,
    /// `odds_ratio`, `log_odds_ratio`, `level` (a share of successes), `sd` (of log odds) or
    /// `log_odds_per_sd_deprivation`.
    pub quantity: &'static str,
    /// The value.
    pub value: f64,
}

/// Everything that an analysis of the simulated data should find again.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// The values, by outcome in config order.
    pub values: Vec<TruthValue>,
}

/// The truth of the study's outcomes.
///
/// # Errors
/// When the config has no `simulate` section.
pub fn truth(config: &Config) -> Result<Truth> {
    let simulation = simulation(config)?;
    let mut values = Vec::new();
    for outcome in &config.outcomes {
        let Some(truth) = simulation.outcomes.get(&outcome.id) else { continue };
        let mut add = |term: String, quantity, value| {
            values.push(TruthValue { outcome: outcome.id.clone(), term, quantity, value });
        };
        add("exposure".into(), "odds_ratio", truth.odds_ratio);
        add("exposure".into(), "log_odds_ratio", num::ln(truth.odds_ratio));
        if let Some(kink) = truth.kink {
            add(format!("exposure above {}", plain(kink.at)), "log_odds_ratio", num::ln(kink.odds_ratio));
        }
        if truth.trend != 0.0 {
            add("later exposure:year".into(), "log_odds_ratio", truth.trend);
        }
        add("practice".into(), "sd", truth.practice_sd);
        add("practice".into(), "log_odds_per_sd_deprivation", truth.deprivation);
        add("cluster and wave".into(), "sd", truth.cluster_wave_sd);
        for (wave, level) in &truth.levels {
            add(wave.to_string(), "level", *level);
        }
        for (covariate, effects) in &truth.effects {
            for (code, effect) in effects {
                add(format!("{covariate}:{code}"), "log_odds_ratio", *effect);
            }
        }
        for (covariate, effects) in &truth.exposure_by {
            for (code, effect) in effects {
                add(format!("exposure:{covariate}:{code}"), "log_odds_ratio", *effect);
            }
        }
        for (region, effect) in &truth.exposure_by_region {
            add(format!("exposure:region:{region}"), "log_odds_ratio", *effect);
        }
    }
    Ok(Truth { values })
}

impl Truth {
    /// True log odds ratio per unit of exposure of an outcome.
    pub fn log_odds_ratio(&self, outcome: &str) -> Option<f64> {
        let wanted = |value: &&TruthValue| {
            value.outcome == outcome && value.term == "exposure" && value.quantity == "log_odds_ratio"
        };
        self.values.iter().find(wanted).map(|value| value.value)
    }

    /// The values as CSV with a header, at full precision.
    pub fn csv(&self) -> String {
        let mut text = String::from("outcome,term,quantity,value\n");
        for value in &self.values {
            text.push_str(&format!("{},{},{},{}\n", value.outcome, value.term, value.quantity, plain(value.value)));
        }
        text
    }
}
