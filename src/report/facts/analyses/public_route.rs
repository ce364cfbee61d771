//! Counts by practice beside answers of people, in finished strings.

use serde::Serialize;

use super::super::outcome::{direction, interval};
use super::super::words::{count, phrase, shown, signed, spelled};
use crate::config::Config;
use crate::disclosure::{Estimate, PublicRouteFound, PublicRouteRow, Released};
use crate::format;

/// The public route.
#[derive(Debug, Clone, Serialize)]
pub struct PublicRouteFacts {
    /// Counts with fewer answers are suppressed.
    pub suppress_below: u64,
    /// Outcomes whose reading (higher, lower, no clear difference) is the main model's, in words.
    pub same: String,
    /// Outcomes with both estimates, in words.
    pub of: String,
    /// Outcomes with another reading, as a phrase; empty for none.
    pub other: String,
    /// Covariates that counts cannot be adjusted for, as a phrase; empty for none.
    pub not_adjusted: String,
    /// By outcome.
    pub outcomes: Vec<PublicRouteOutcomeFacts>,
}

/// One outcome.
#[derive(Debug, Clone, Serialize)]
pub struct PublicRouteOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// True when the counts have an estimate.
    pub estimated: bool,
    /// Percentage points from counts, with their sign.
    pub points: String,
    /// Their interval.
    pub points_ci: String,
    /// Percentage points of the main model.
    pub main: String,
    /// Counts less the main model, in standard errors of the latter, with sign.
    pub from_main: String,
    /// Counts less the answers of people with the same terms.
    pub from_same_terms: String,
    /// Counts (one practice in one wave) used.
    pub counts: String,
    /// Counts suppressed.
    pub suppressed: String,
}

pub(super) fn facts(config: &Config, found: &PublicRouteFound) -> PublicRouteFacts {
    let both = |row: &&PublicRouteRow| row.public.effect.shown().is_some() && row.full.effect.shown().is_some();
    let reading = |e: &Released<Estimate>| direction(e.shown());
    let (mut same, mut other) = (0, Vec::new());
    for row in found.rows.iter().filter(both) {
        if reading(&row.public.effect) == reading(&row.full.effect) {
            same += 1;
        } else {
            other.push(config.outcomes[row.outcome].short.clone());
        }
    }
    let items = config.models.first().map_or(&[][..], |main| &main.covariates).iter().filter_map(|at| {
        let covariate = config.covariates.get(*at)?;
        let single = matches!(covariate.kind, crate::config::CovariateKind::Item { .. });
        single.then(|| super::super::words::lowered(&covariate.label))
    });
    PublicRouteFacts {
        suppress_below: found.suppress_below,
        same: spelled(same),
        of: spelled(same + other.len()),
        other: phrase(&other),
        not_adjusted: phrase(&items.collect::<Vec<_>>()),
        outcomes: found.rows.iter().map(|row| of_outcome(config, row)).collect(),
    }
}

fn of_outcome(config: &Config, row: &PublicRouteRow) -> PublicRouteOutcomeFacts {
    let points = |e: &Released<Estimate>| shown(e, |e| signed(100.0 * e.estimate, 2));
    let errors = |x: &Released<f64>| shown(x, |x| if x.abs() < 0.005 { format::fixed(0.0, 2) } else { signed(*x, 2) });
    PublicRouteOutcomeFacts {
        short: config.outcomes[row.outcome].short.clone(),
        estimated: row.public.effect.shown().is_some(),
        points: points(&row.public.effect),
        points_ci: interval(&row.public.effect, 100.0, 2),
        main: points(&row.full.effect),
        from_main: errors(&row.from_full),
        from_same_terms: errors(&row.from_crude),
        counts: count(&row.counts),
        suppressed: count(&row.suppressed),
    }
}
