//! Provision against need in words.

use crate::config::{Config, ProvisionNeed};
use crate::disclosure::{Estimate, ProvisionCensus, ProvisionFound, Released};
use crate::format;
use crate::report::facts::words::{count, lowered, month, shown, signed};
use serde::Serialize;

/// Provision against need.
#[derive(Debug, Clone, Serialize)]
pub struct ProvisionNeedFacts {
    /// What need is, within a sentence.
    pub need: String,
    /// Wave that it is from.
    pub wave: String,
    /// Patients that provision is per.
    pub per: String,
    /// True when the slope is adjusted too.
    pub adjusts: bool,
    /// True when there is a census.
    pub any: bool,
    /// First census with a slope that is released.
    pub first: ProvisionCensusFacts,
    /// Last census.
    pub last: ProvisionCensusFacts,
    /// First census from which on every adjusted interval (raw without adjustment) lies below zero; empty
    /// for none.
    pub below_from: String,
    /// The same above zero.
    pub above_from: String,
    /// Census of the concentration curve, in words.
    pub curve: String,
    /// Its concentration index with its interval; empty without one.
    pub index: String,
    /// `more`, `less` or `neither`: is provision concentrated among the more or less deprived?
    pub concentrated: &'static str,
}

/// Provision against need at a census.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ProvisionCensusFacts {
    /// Month in words.
    pub month: String,
    /// Clusters.
    pub clusters: String,
    /// Slope with its sign and interval.
    pub raw: String,
    /// Adjusted slope.
    pub adjusted: String,
}

fn text(found: &Released<Estimate>) -> String {
    shown(found, |e| format!("{} (95% CI {})", signed(e.estimate, 3), format::interval(e.low, e.high, 3)))
}

fn of_census(census: Option<&ProvisionCensus>) -> ProvisionCensusFacts {
    census.map_or_else(ProvisionCensusFacts::default, |census| ProvisionCensusFacts {
        month: month(&census.census),
        clusters: count(&census.clusters),
        raw: text(&census.raw),
        adjusted: text(&census.adjusted),
    })
}

pub(super) fn facts(config: &Config, plan: &ProvisionNeed, found: &ProvisionFound) -> ProvisionNeedFacts {
    let adjusts = !plan.adjust.is_empty();
    let from = |is: fn(&Estimate) -> bool| {
        let slope = |census: &&ProvisionCensus| {
            (if adjusts { census.adjusted.shown() } else { census.raw.shown() }).is_some_and(is)
        };
        let run = found.censuses.iter().rev().take_while(slope).last();
        run.map(|census| month(&census.census)).unwrap_or_default()
    };
    let index = found.censuses.iter().find(|c| c.census == found.curve_census).and_then(|c| c.concentration.shown());
    ProvisionNeedFacts {
        need: lowered(&plan.label),
        wave: config.waves.get(plan.wave).map(ToString::to_string).unwrap_or_default(),
        per: format::fixed(plan.per, 0),
        adjusts,
        any: !found.censuses.is_empty(),
        first: of_census(found.censuses.iter().find(|census| census.raw.shown().is_some())),
        last: of_census(found.censuses.last()),
        below_from: from(|e| e.high < 0.0),
        above_from: from(|e| e.low > 0.0),
        curve: month(&found.curve_census),
        index: index.map_or_else(String::new, |e| {
            format!("{} (95% CI {})", signed(e.estimate, 3), format::interval(e.low, e.high, 3))
        }),
        concentrated: match index {
            Some(e) if e.high < 0.0 => "more",
            Some(e) if e.low > 0.0 => "less",
            _ => "neither",
        },
    }
}
