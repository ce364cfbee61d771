//! Two checks before counts are shown: the ledger adds up, and no hidden count can be worked out
//! by subtraction. A second pair of eyes behind the disclosure room, not a replacement for it.

use std::collections::BTreeMap;

use super::{outcome_id, wave_label};
use crate::config::Config;
use crate::disclosure::{Findings, FlowRow, Released, RespondentRow, Stage};

/// Counts that satisfy `total = sum of parts`, with the words for where they stand.
struct Sum<'a> {
    place: String,
    total: &'a Released<u64>,
    parts: Vec<&'a Released<u64>>,
}

/// Every sum that a reader of the ledger can form: the stages of one outcome and wave, and the
/// waves of one line.
fn ledger_sums<'a>(config: &Config, findings: &'a Findings) -> Vec<Sum<'a>> {
    let mut stages: BTreeMap<(usize, Option<usize>), Vec<&FlowRow>> = BTreeMap::new();
    let mut waves: BTreeMap<(usize, Stage, &str), Vec<&FlowRow>> = BTreeMap::new();
    for line in &findings.flow {
        stages.entry((line.outcome, line.wave)).or_default().push(line);
        waves.entry((line.outcome, line.stage, &line.reason)).or_default().push(line);
    }
    let mut sums = Vec::new();
    for ((outcome, wave), lines) in stages {
        let wave = wave.map_or_else(|| "all waves".into(), |wave| wave_label(config, wave));
        let place = format!("the ledger of `{}`, {wave}", outcome_id(config, outcome));
        sums.extend(sum(place, lines, |line| line.stage == Stage::Received, |line| &line.rows));
    }
    for ((outcome, stage, reason), lines) in waves {
        let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
        let place = format!("the waves of `{}`, {}{reason}", outcome_id(config, outcome), stage.word());
        sums.extend(sum(place, lines, |line| line.wave.is_none(), |line| &line.rows));
    }
    sums
}

/// Every sum that a reader of the description of responses can form.
fn respondent_sums<'a>(config: &Config, findings: &'a Findings) -> Vec<Sum<'a>> {
    let name = |at: usize| config.covariates.get(at).map_or_else(|| at.to_string(), |covariate| covariate.id.clone());
    let mut levels: BTreeMap<(usize, Option<usize>), Vec<&Released<u64>>> = BTreeMap::new();
    let mut waves: BTreeMap<(usize, &str), Vec<&RespondentRow>> = BTreeMap::new();
    for row in &findings.respondents {
        levels.entry((row.covariate, row.wave)).or_default().push(&row.n);
        waves.entry((row.covariate, &row.level)).or_default().push(row);
    }
    let mut sums = Vec::new();
    for ((covariate, wave), parts) in levels {
        let place = format!(
            "the levels of `{}`, {}",
            name(covariate),
            wave.map_or_else(|| "all waves".into(), |wave| wave_label(config, wave))
        );
        let total = wave.map_or(Some(&findings.responses), |wave| findings.responses_by_wave.get(wave));
        sums.extend(total.map(|total| Sum { place, total, parts }));
    }
    for ((covariate, level), rows) in waves {
        let place = format!("the waves of `{}`, level `{level}`", name(covariate));
        sums.extend(sum(place, rows, |row| row.wave.is_none(), |row| &row.n));
    }
    sums
}

/// A sum from its lines; none without a total or without parts.
fn sum<'a, T>(
    place: String,
    lines: Vec<&'a T>,
    is_total: impl Fn(&T) -> bool,
    count: impl Fn(&'a T) -> &'a Released<u64>,
) -> Option<Sum<'a>> {
    let total = count(lines.iter().copied().find(|line| is_total(line))?);
    let parts: Vec<_> = lines.into_iter().filter(|line| !is_total(line)).map(count).collect();
    (!parts.is_empty()).then_some(Sum { place, total, parts })
}

/// One sentence for each sum of shown counts that does not hold; empty for a sound ledger.
pub(super) fn adds_up(config: &Config, findings: &Findings) -> Vec<String> {
    // Rounded parts add up to a rounded total only by chance.
    if config.disclosure.rounding > 1 {
        return Vec::new();
    }
    let wrong = |sum: &Sum<'_>| {
        let total = *sum.total.shown()?;
        let parts: Option<u64> = sum.parts.iter().map(|n| n.shown().copied()).sum();
        let parts = parts?;
        (parts != total).then(|| format!("counts do not add up: {}: total {total}, parts {parts}", sum.place))
    };
    ledger_sums(config, findings).iter().filter_map(wrong).collect()
}

/// One sentence for each sum in which exactly one count is hidden, so that subtraction gives it
/// away; names the place, never the number. Empty for safe findings: whenever a chain of
/// subtractions leads to a hidden count, its first step is such a sum.
pub fn derivable(config: &Config, findings: &Findings) -> Vec<String> {
    let gives_away = |sum: &Sum<'_>| {
        let hidden = |n: &Released<u64>| usize::from(n.hidden().is_some());
        hidden(sum.total) + sum.parts.iter().map(|n| hidden(n)).sum::<usize>() == 1
    };
    let mut sums = ledger_sums(config, findings);
    sums.extend(respondent_sums(config, findings));
    let leaks = sums.into_iter().filter(gives_away);
    leaks.map(|sum| format!("a hidden count could be worked out by subtraction: {}", sum.place)).collect()
}
