//! Breaks in series as drawings take them: a place between two waves, the reason, the panels that it is in.
//! From the config alone; draws nothing.

use super::{Break, canvas::NOTE};
use crate::config::Config;

/// The breaks of the outcomes, which are the panels in this order; those that share place and reason are one.
pub(super) fn of(config: &Config, outcomes: impl Iterator<Item = usize>) -> Vec<Break> {
    let mut breaks: Vec<Break> = Vec::new();
    for (panel, outcome) in outcomes.enumerate() {
        let Some(outcome) = config.outcomes.get(outcome) else { continue };
        for (wave, text) in &outcome.breaks {
            let at = f64::from(config.waves[*wave] + config.waves[wave.saturating_sub(1)]) / 2.0;
            match breaks.iter_mut().find(|b| b.label == *text && b.at == at) {
                Some(known) => known.series.push(panel),
                None => breaks.push(Break { at, label: text.clone(), series: vec![panel] }),
            }
        }
    }
    breaks.sort_by(|a, b| a.at.total_cmp(&b.at));
    breaks
}

/// Panel and wave where the panel's outcome has no comparable item.
pub(super) fn absent(config: &Config, outcomes: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
    let none = |(panel, outcome): (usize, usize)| {
        let items = config.outcomes.get(outcome).map_or(&[][..], |outcome| &outcome.items);
        items.iter().enumerate().filter(|(_, item)| item.is_none()).map(move |(wave, _)| (panel, wave))
    };
    outcomes.enumerate().flat_map(none).collect()
}

/// The sign of a break, by its number: a, b, ..., z, then numbers.
pub(super) fn letter(number: usize) -> String {
    u8::try_from(number)
        .ok()
        .filter(|n| *n < 26)
        .map_or_else(|| (number + 1).to_string(), |n| char::from(b'a' + n).to_string())
}

/// Room that a letter needs.
pub(super) fn wide(number: usize) -> f64 {
    NOTE.width(&letter(number)) + 3.0
}
