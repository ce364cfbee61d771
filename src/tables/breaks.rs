//! Breaks in series: their mark at a wave, their notes and their words. From the config alone; knows no values.

use super::cells::{listed, lower};
use super::wave_label;
use crate::config::Config;

/// A dagger where the outcome's series breaks.
pub(super) fn mark(config: &Config, outcome: usize, wave: usize) -> &'static str {
    let of = config.outcomes.get(outcome);
    if of.is_some_and(|outcome| outcome.breaks.iter().any(|(broken, _)| *broken == wave)) { "†" } else { "" }
}

/// A wave's label with its mark.
pub(super) fn marked(config: &Config, outcome: usize, wave: usize) -> String {
    wave_label(config, wave) + mark(config, outcome, wave)
}

/// One note for each break of the outcomes; outcomes that share wave and reason share it.
pub(super) fn notes(config: &Config, outcomes: impl Iterator<Item = usize>) -> Vec<String> {
    let mut breaks: Vec<(usize, &str, Vec<String>)> = Vec::new();
    for outcome in outcomes.filter_map(|at| config.outcomes.get(at)) {
        for (wave, reason) in &outcome.breaks {
            let who = lower(&outcome.short);
            match breaks.iter_mut().find(|(at, why, _)| at == wave && why == reason) {
                Some((.., known)) if known.contains(&who) => {}
                Some((.., known)) => known.push(who),
                None => breaks.push((*wave, reason, vec![who])),
            }
        }
    }
    breaks.sort_by_key(|(wave, ..)| *wave);
    let sentence = |(wave, reason, who): (usize, &str, Vec<String>)| {
        format!("† Break in series, {} ({}): {reason}.", wave_label(config, wave), listed(&who))
    };
    breaks.into_iter().map(sentence).collect()
}

/// What an alternative text says of an outcome's breaks; empty without one.
pub(super) fn words(config: &Config, outcome: usize) -> String {
    let of = config.outcomes.get(outcome).map_or(&[][..], |outcome| &outcome.breaks);
    let waves: Vec<String> = of.iter().map(|(wave, _)| wave_label(config, *wave)).collect();
    if waves.is_empty() { String::new() } else { format!("; break in series before {}", listed(&waves)) }
}
