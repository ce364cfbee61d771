//! Power by true odds ratio: simulated studies as points, the formula as a curve.

use super::panels::{Key, Panel, Panels, panels};
use crate::config::Config;
use crate::disclosure::{PowerFound, PowerOutcome};
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate};
use crate::format;
use crate::num;

/// Steps of the formula's curve.
const STEPS: usize = 60;

pub(super) fn power(config: &Config, found: &PowerFound, caption: &Caption) -> Drawn {
    let mut ratios: Vec<f64> = found.rows.iter().map(|row| row.odds_ratio).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.dedup();
    let (low, high) = (ratios.first().copied().unwrap_or(1.0), ratios.last().copied().unwrap_or(1.1));
    let high = if high > low { high } else { low + 0.1 };
    let panel = |outcome: &PowerOutcome| Panel {
        name: config.outcomes.get(outcome.outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
        points: found
            .of(outcome.outcome)
            .map(|row| {
                let power = row.power.shown();
                let estimate =
                    power.map(|[p, _, low, high]| Estimate { value: 100.0 * p, low: 100.0 * low, high: 100.0 * high });
                (row.odds_ratio, estimate, row.effect == "truth")
            })
            .collect(),
        curve: curve(config, found, outcome.outcome, (low, high)),
        bars: Vec::new(),
    };
    let shown = found.rows.iter().filter(|row| row.effect != "truth").map(|row| row.odds_ratio);
    let mut places: Vec<f64> = shown.collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let input = Panels {
        title: "Studies that find a difference (%)".into(),
        across: format!("true odds ratio per {}", config.terms.exposure_unit),
        places: places.into_iter().map(|x| (x, format::plain(x))).collect(),
        x: (low, high),
        onset: None,
        breaks: Vec::new(),
        panels: if found.problem.is_empty() { found.outcomes.iter().map(panel).collect() } else { Vec::new() },
        keys: vec![
            (Key::Curve, "By formula, from the mean standard error".into()),
            (Key::Point, "Simulated studies, with 95% Monte Carlo interval".into()),
            (Key::Reference, "The same, at the odds ratio that the config takes as true".into()),
        ],
    };
    let note = if found.problem.is_empty() {
        "All studies here are simulated, and of the size that the table states.".into()
    } else {
        format!("Nothing to draw: {}.", found.problem)
    };
    (panels(caption, &input), vec![note])
}

/// Power over the range of odds ratios; the standard error is the mean of those of the effects.
fn curve(config: &Config, found: &PowerFound, outcome: usize, (low, high): (f64, f64)) -> Vec<(f64, Option<Estimate>)> {
    let errors: Vec<f64> = found.of(outcome).filter_map(|row| row.mean_error.shown().copied()).collect();
    if errors.is_empty() {
        return Vec::new();
    }
    let error = num::sum(errors.iter().copied()) / errors.len() as f64;
    let beyond = num::normal_quantile(1.0 - config.tests.alpha / 2.0);
    let at = |step: usize| {
        let ratio = low + (high - low) * step as f64 / STEPS as f64;
        let shift = (num::ln(ratio) / error).abs();
        let power = 100.0 * (num::normal_sf(beyond - shift) + num::normal_sf(beyond + shift));
        (ratio, Some(Estimate { value: power, low: power, high: power }))
    };
    (0..=STEPS).map(at).collect()
}
