//! Dose and outcome: the spline with its band, bins behind it, responses by exposure under it.

use super::panels::{Key, Panel, Panels, panels};
use crate::config::Config;
use crate::disclosure::{DoseFound, DoseOutcome, Released};
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate};
use crate::format;

fn percent(found: &Released<crate::disclosure::Estimate>) -> Option<Estimate> {
    found.shown().map(|e| Estimate { value: 100.0 * e.estimate, low: 100.0 * e.low, high: 100.0 * e.high })
}

pub(super) fn dose(config: &Config, found: &DoseFound, caption: &Caption) -> Drawn {
    let ends = found.outcomes.iter().filter_map(|outcome| outcome.curve.last()).map(|point| point.at);
    let end = ends.fold(0.0, f64::max).max(0.1);
    let panel = |outcome: &DoseOutcome| {
        let none = (0.0, Some(Estimate { value: 0.0, low: 0.0, high: 0.0 }));
        let bins = outcome.bins.iter().filter_map(|bin| Some((*bin.mean.shown()?, percent(&bin.effect), false)));
        Panel {
            name: config.outcomes.get(outcome.outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
            points: bins.filter(|(at, _, _)| *at <= end).collect(),
            curve: std::iter::once(none).chain(outcome.curve.iter().map(|p| (p.at, percent(&p.effect)))).collect(),
            bars: outcome
                .bars
                .iter()
                .filter_map(|bar| Some((bar.from, bar.to?, bar.n.shown().map(|n| *n as f64))))
                .collect(),
        }
    };
    let ticks: Vec<(f64, String)> = (0..=end as u32).map(|x| (f64::from(x), x.to_string())).collect();
    let places = if ticks.len() > 1 { ticks } else { vec![(0.0, "0".into()), (end, format::fixed(end, 1))] };
    let input = Panels {
        title: "Percentage points against no exposure".into(),
        across: config.exposure.label.clone(),
        places,
        x: (0.0, end),
        onset: None,
        breaks: Vec::new(),
        panels: found.outcomes.iter().map(panel).collect(),
        keys: vec![
            (Key::Curve, "Restricted cubic spline with 95% band".into()),
            (Key::Point, "Bins of about equal size with 95% confidence interval, at their mean exposure".into()),
            (Key::Bars, format!("{} with any exposure, by exposure", format::capital(&config.terms.response[1]))),
        ],
    };
    let note =
        "The curve ends at the 99th percentile of exposure among those with any. All panels have one scale.".into();
    (panels(caption, &input), vec![note])
}
