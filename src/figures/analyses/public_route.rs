//! Counts by practice beside the main model: a pair of estimates for each outcome.

use crate::config::Config;
use crate::disclosure::{PublicRouteFound, PublicRouteRow, RouteFound};
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate, Forest, ForestMark, ForestRow, forest};
use crate::format;

pub(super) fn public_route(config: &Config, found: &PublicRouteFound, caption: &Caption) -> Drawn {
    let mark = |route: &RouteFound| ForestMark {
        estimate: route.effect.shown().map(|e| Estimate {
            value: 100.0 * e.estimate,
            low: 100.0 * e.low,
            high: 100.0 * e.high,
        }),
        text: route.effect.shown().map_or_else(String::new, |e| {
            let [value, low, high] = [e.estimate, e.low, e.high].map(|x| format::percent(x, 2));
            format!("{value} ({low} to {high})")
        }),
    };
    let row = |one: &PublicRouteRow| ForestRow {
        label: config.outcomes.get(one.outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
        note: String::new(),
        first: mark(&one.public),
        second: Some(mark(&one.full)),
    };
    let input = Forest {
        row_title: "Outcome".into(),
        text_title: "Percentage points (95% CI)".into(),
        axis_title: format!("Percentage points per {}", config.terms.exposure_unit),
        reference: Some(0.0),
        directions: ("lower share".into(), "higher share".into()),
        first_name: format!("Counts by {}, no covariates of single people", config.terms.practice[0]),
        second_name: format!("Answers of {}, main model", config.terms.response[1]),
        rows: found.rows.iter().map(row).collect(),
    };
    (forest(caption, &input), Vec::new())
}
