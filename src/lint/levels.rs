//! The level of confidence that the report names: one throughout. Knows how text writes it; must not know any
//! study.

use super::numbers::printed;
use super::{Finding, character, error};
use std::collections::BTreeMap;

/// What stands behind the level where intervals are named.
const INTERVAL: [&str; 3] = ["% CI", "% confidence", "% interval"];

/// Every level is that which most places name.
pub(super) fn check(lines: &[&str], found: &mut Vec<Finding>) {
    let mut places = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| INTERVAL.iter().any(|mark| line.contains(mark))) {
        for number in printed(line) {
            if INTERVAL.iter().any(|mark| line[number.at.1..].starts_with(mark)) {
                let level = &line[number.at.0..number.at.1];
                places.push((at + 1, *line, number.at.0, level));
                *counts.entry(level).or_default() += 1;
            }
        }
    }
    let Some(usual) = counts.iter().max_by_key(|(_, n)| **n).map(|(level, _)| *level) else { return };
    for (line, text, at, level) in places.into_iter().filter(|(_, _, _, level)| *level != usual) {
        let what = format!("an interval of {level}%, where the others are of {usual}%");
        error(found, "report.md", character(line, text, at), what, "name one level throughout");
    }
}
