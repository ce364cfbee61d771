//! The event study: later provision by wave, one panel for each outcome.

use super::panels::{Key, Panel, Panels, panels};
use crate::config::Config;
use crate::disclosure::{Look, TimingFound};
use crate::figures::breaks;
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate};

pub(super) fn timing(config: &Config, found: &TimingFound, caption: &Caption) -> Drawn {
    let none = crate::config::Timing::default();
    let plan = config.analyses.timing.as_ref().unwrap_or(&none);
    let year = |wave: usize| config.waves.get(wave).copied().map_or(0.0, f64::from);
    let panel = |outcome: &usize| {
        let point = |wave: usize| {
            if wave == plan.reference {
                return (year(wave), Some(Estimate { value: 0.0, low: 0.0, high: 0.0 }), true);
            }
            let row = found
                .rows
                .iter()
                .find(|row| row.look == Look::Event && row.outcome == *outcome && row.at == wave as i64);
            let effect = row.and_then(|row| row.effect.shown());
            let percent =
                effect.map(|e| Estimate { value: 100.0 * e.estimate, low: 100.0 * e.low, high: 100.0 * e.high });
            (year(wave), percent, false)
        };
        Panel {
            name: config.outcomes.get(*outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
            points: (0..config.waves.len()).map(point).collect(),
            ..Panel::default()
        }
    };
    let first = config.exposure.census_for_wave.iter().position(Option::is_some).unwrap_or(0);
    let input = Panels {
        title: format!("Percentage points per {} of later provision", config.terms.exposure_unit),
        across: "wave".into(),
        places: config.waves.iter().map(|wave| (f64::from(*wave), wave.to_string())).collect(),
        x: (year(0) - 0.5, year(config.waves.len() - 1) + 0.5),
        onset: Some((year(first) + year(first.saturating_sub(1))) / 2.0),
        breaks: breaks::of(config, plan.outcomes.iter().copied()),
        panels: plan.outcomes.iter().map(panel).collect(),
        keys: vec![
            (Key::Point, "Estimate with 95% confidence interval".into()),
            (Key::Reference, format!("{}, with which the other waves are compared", config.waves[plan.reference])),
            (Key::Onset, "First wave with provision to its right".into()),
        ],
    };
    let note = format!(
        "Later provision: a {}’s mean exposure over the waves with a census. Estimates left of the dashed line would \
         lie around 0 if outcomes had moved alike before provision.",
        config.terms.practice[0]
    );
    (panels(caption, &input), vec![note])
}
