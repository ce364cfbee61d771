//! Inequality of outcomes in words.

use crate::config::{Config, Inequality};
use crate::disclosure::{Estimate, InequalityFound, InequalityOutcome, InequalityWave, Released};
use crate::format;
use crate::report::facts::words::{lowered, phrase, shown, signed};
use serde::Serialize;

/// Inequality of outcomes.
#[derive(Debug, Clone, Serialize)]
pub struct InequalityFacts {
    /// The ranked variable within a sentence.
    pub by: String,
    /// Words for the first rank.
    pub first_end: String,
    /// Words for the last rank.
    pub last_end: String,
    /// What the gradient is adjusted for, as a phrase; empty for nothing.
    pub adjusted: String,
    /// By outcome.
    pub outcomes: Vec<InequalityOutcomeFacts>,
}

/// Inequality of one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct InequalityOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// First wave.
    pub first_wave: String,
    /// Its slope index with its sign and interval, in percentage points.
    pub first: String,
    /// Last wave.
    pub last_wave: String,
    /// Its slope index.
    pub last: String,
    /// Its relative index with its interval.
    pub last_relative: String,
    /// Change from the first to the last wave.
    pub change: String,
    /// Change per unit of the exposure.
    pub provision: String,
    /// True when its interval excludes no change.
    pub provision_clear: bool,
    /// True when the change is shown to be smaller than the smallest that matters.
    pub equivalent: bool,
    /// p value of that claim with its sign; empty where no smallest effect is stated.
    pub equivalence: String,
}

/// `+1.23 (95% CI 0.45 to 2.01)` in percentage points.
pub(super) fn points(found: &Released<Estimate>) -> String {
    shown(found, |e| {
        let interval = format::interval(100.0 * e.low, 100.0 * e.high, 2);
        format!("{} (95% CI {interval})", signed(100.0 * e.estimate, 2))
    })
}

pub(super) fn facts(config: &Config, plan: &Inequality, found: &InequalityFound) -> InequalityFacts {
    let label = |at: &usize| config.covariates.get(*at).map_or_else(String::new, |c| lowered(&c.label));
    InequalityFacts {
        by: label(&plan.by),
        first_end: plan.ends[0].clone(),
        last_end: plan.ends[1].clone(),
        adjusted: phrase(&plan.covariates.iter().map(label).collect::<Vec<_>>()),
        outcomes: found.outcomes.iter().map(|outcome| of_outcome(config, outcome)).collect(),
    }
}

fn of_outcome(config: &Config, outcome: &InequalityOutcome) -> InequalityOutcomeFacts {
    let wave = |row: Option<&InequalityWave>| {
        row.and_then(|row| config.waves.get(row.wave)).map(ToString::to_string).unwrap_or_default()
    };
    let slope = |row: Option<&InequalityWave>| row.map(|row| points(&row.slope)).unwrap_or_default();
    let (first, last) = (outcome.waves.first(), outcome.waves.last());
    let relative = last.map(|row| {
        shown(&row.relative, |e| {
            format!("{} (95% CI {})", format::fixed(e.estimate, 3), format::interval(e.low, e.high, 3))
        })
    });
    let equivalence = outcome.equivalence.shown();
    InequalityOutcomeFacts {
        short: config.outcomes.get(outcome.outcome).map_or_else(String::new, |o| o.short.clone()),
        first_wave: wave(first),
        first: slope(first),
        last_wave: wave(last),
        last: slope(last),
        last_relative: relative.unwrap_or_default(),
        change: points(&outcome.change),
        provision: points(&outcome.provision),
        provision_clear: outcome.provision.shown().is_some_and(|e| e.low > 0.0 || e.high < 0.0),
        equivalent: equivalence.is_some_and(|p| *p < config.tests.alpha),
        equivalence: equivalence.map_or_else(String::new, |p| match format::p_value(*p) {
            small if small.starts_with('<') => format!("p {small}"),
            p => format!("p = {p}"),
        }),
    }
}
