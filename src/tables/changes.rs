//! What a model changes about exposure, sample and controls, in words from the config.

use super::cells::listed;
use crate::config::{Config, Control, ExposureRule, Model, NotReporting};
use crate::format;

/// One phrase for each change; none for the main model.
pub fn changes(config: &Config, model: &Model) -> Vec<String> {
    let change = &model.change;
    let terms = &config.terms;
    let mut words = Vec::new();
    words.extend(change.exposure.as_ref().map(|rule| exposure(config, rule)));
    if !change.without.is_empty() {
        let waves: Vec<String> =
            change.without.iter().filter_map(|wave| config.waves.get(*wave)).map(ToString::to_string).collect();
        words.push(format!("without {}", listed(&waves)));
    }
    for (kind, codes) in [(terms.area[0].as_str(), &change.without_areas), ("region", &change.without_regions)] {
        if !codes.is_empty() {
            words.push(format!("without {kind} {}", listed(codes)));
        }
    }
    if change.balanced {
        words.push(format!("only {} with answers in every wave", terms.practice[1]));
    }
    if let Some(most) = change.largest_cluster {
        words.push(format!("only {} of at most {} patients", terms.cluster[1], format::fixed(most, 0)));
    }
    for control in &change.controls {
        words.push(match control {
            Control::OtherRoles => format!("adjusted for the {} of other roles as well", terms.amount),
            Control::BaselineByWave => {
                format!(
                    "adjusted for the outcome’s level in the {} before any census, by wave, as well",
                    terms.practice[0]
                )
            }
            Control::RegionByWave => "with an effect of each region in each wave".into(),
        });
    }
    words
}

fn exposure(config: &Config, rule: &ExposureRule) -> String {
    let month = |months: &i32| match months {
        0 => "the wave’s own census".to_string(),
        1.. => format!("the census {months} months later"),
        _ => format!("the census {} months earlier", months.abs()),
    };
    let taken: Vec<String> = rule.months.iter().map(month).collect();
    let taken = if taken.len() > 1 { format!("the mean of {}", listed(&taken)) } else { taken.concat() };
    let clusters = &config.terms.cluster[1];
    let rule = match rule.not_reporting {
        NotReporting::Missing => "missing",
        NotReporting::Zero => "zero",
        NotReporting::CarryForward => "their last one before",
        NotReporting::CarryBack => "their first one after",
        NotReporting::Interpolate => "interpolated",
    };
    format!("exposure from {taken}, {clusters} without a return {rule}")
}
