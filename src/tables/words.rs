//! Alternative texts of figures: finished sentences from the same released numbers that the
//! figures show, in the study's own words. Pure; knows no drawing.

use super::breaks;
use super::cells::{self, hidden_word, interval_text, lower, percent, ratio};
use super::notes::{Rests, counted, simulated};
use super::{outcome_label, results_of, wave_label};
use crate::config::{Config, Family, Outcome};
use crate::disclosure::{AreaRow, Findings, LevelRow, ProvisionRow, Released, Stage};
use crate::format;

/// Alternative text of the figure `id` (`rollout`, `outcomes`, `forest`, `areas`, `flow`), ending
/// with the sentence on simulated data where there are any. Empty for an id it does not know.
pub fn alt(config: &Config, findings: &Findings, id: &str) -> String {
    let mut sentences = match id {
        "rollout" => rollout(config, findings),
        "outcomes" => outcomes(config, findings),
        "forest" => forest(config, findings),
        "areas" => areas(config, findings),
        "flow" => flow(config, findings),
        other => match super::analyses::alt(config, findings, other) {
            Some(sentences) => sentences,
            None => return String::new(),
        },
    };
    let rests = if matches!(id, "rollout" | "areas") || super::analyses::administrative(config, id) {
        Rests::Administrative
    } else {
        Rests::Responses
    };
    sentences.extend(simulated(config, rests).map(|text| text.replace("in this table", "in this figure")));
    sentences.join(" ")
}

/// The shown value as text, or the word for a hidden one.
fn shown<T>(value: &Released<T>, text: impl FnOnce(&T) -> String) -> String {
    match (value.shown(), value.hidden()) {
        (Some(value), _) => text(value),
        (None, Some(reason)) => hidden_word(reason).into(),
        (None, None) => cells::NOTHING.into(),
    }
}

fn rollout(config: &Config, findings: &Findings) -> Vec<String> {
    let (Some(first), Some(last)) = (findings.provision.first(), findings.provision.last()) else {
        return vec![format!("{}: no census on file.", config.exposure.label)];
    };
    let [_, clusters] = &config.terms.cluster;
    let amount = |row: &ProvisionRow| shown(&row.amount, |x| format::fixed(*x, 1));
    let median = |row: &ProvisionRow| shown(&row.quantiles, |q| format::fixed(q[2], 2));
    let reporting = |row: &ProvisionRow| shown(&row.reporting, |n| format::count(*n));
    let middle = shown(&last.quantiles, |q| format!("from {}", format::interval(q[1], q[3], 2)));
    vec![
        format!(
            "{} over {} censuses, {} to {}.",
            config.exposure.label,
            findings.provision.len(),
            first.census,
            last.census
        ),
        format!(
            "Median across {clusters}: {} at first, {} at last; the middle half of {clusters} at the last census: \
             {middle}.",
            median(first),
            median(last)
        ),
        format!("Total {}: {} at first, {} at last.", config.terms.amount, amount(first), amount(last)),
        format!(
            "{} that sent a return: {} at first, {} at last.",
            cells::capital(clusters),
            reporting(first),
            reporting(last)
        ),
    ]
}

fn outcomes(config: &Config, findings: &Findings) -> Vec<String> {
    let ends = match (config.waves.first(), config.waves.last()) {
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    let weighted = if findings.weighted { "Weighted percentage" } else { "Percentage" };
    let mut sentences = vec![format!("{weighted} with each outcome by wave{ends}, with 95% confidence intervals.")];
    for (at, outcome) in config.outcomes.iter().enumerate() {
        sentences.extend(outcome_sentence(config, findings, at, outcome));
    }
    sentences
}

fn outcome_sentence(config: &Config, findings: &Findings, at: usize, outcome: &Outcome) -> Option<String> {
    let mut levels: Vec<&LevelRow> = findings.levels.iter().filter(|level| level.outcome == at).collect();
    levels.sort_by_key(|level| level.wave);
    let each: Vec<String> = levels
        .iter()
        .map(|level| {
            let share = shown(&level.share, |[share, ..]| format!("{}%", percent(*share)));
            format!("{} {share}", wave_label(config, level.wave))
        })
        .collect();
    let broken = breaks::words(config, at);
    (!each.is_empty()).then(|| format!("{}: {}{broken}.", outcome.short, each.join(", ")))
}

fn forest(config: &Config, findings: &Findings) -> Vec<String> {
    let ratios = config.models.first().is_none_or(|model| model.family == Family::Logit);
    let (quantity, none) = if ratios { ("Odds ratios", "1") } else { ("Percentage points", "0") };
    let mut sentences = vec![format!(
        "{quantity} per {} with 95% confidence intervals, one row per outcome; the line of no association is at {none}.",
        config.terms.exposure_unit
    )];
    for result in results_of(findings, 0) {
        let short = config.outcomes.get(result.outcome).map_or_else(String::new, |outcome| outcome.short.clone());
        let here = if ratios {
            shown(&result.odds_ratio, |e| interval_text(e, ratio))
        } else {
            shown(&result.average_marginal_effect, |e| interval_text(e, cells::points))
        };
        let mut text = format!("{short}: {here}");
        let printed = config.published.estimates.iter().find(|p| ratios && p.outcome == result.outcome);
        if let Some(printed) = printed {
            text += &match printed.odds_ratio {
                Some([ratio, low, high]) => format!(
                    "; printed {} ({})",
                    format::fixed(ratio, printed.digits),
                    format::interval(low, high, printed.digits)
                ),
                None => "; no number printed".into(),
            };
        }
        sentences.push(text + ".");
    }
    sentences
}

fn areas(config: &Config, findings: &Findings) -> Vec<String> {
    let [area, areas] = &config.terms.area;
    let mut open: Vec<(&AreaRow, f64)> =
        findings.areas.iter().filter_map(|row| row.exposure.shown().map(|x| (row, *x))).collect();
    open.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.code.cmp(&b.0.code)));
    let mut sentences = vec![format!(
        "{} by {area} at the census of {}: {} sorted from least to most.",
        config.exposure.label,
        findings.areas_census,
        counted_plain(open.len(), area, areas)
    )];
    if let (Some((least, low)), Some((most, high))) = (open.first(), open.last()) {
        sentences.push(format!(
            "Least: {}, {}. Most: {}, {}.",
            least.name,
            format::fixed(*low, 2),
            most.name,
            format::fixed(*high, 2)
        ));
    }
    let hidden = findings.areas.len() - open.len();
    if hidden > 0 {
        sentences.push(format!("{}: {}.", counted_plain(hidden, area, areas), cells::NOT_RELEASED));
    }
    sentences
}

fn counted_plain(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", format::count(n as u64), if n == 1 { one } else { many })
}

fn flow(config: &Config, findings: &Findings) -> Vec<String> {
    let units = &config.terms.response;
    let mut sentences = vec![format!(
        "Flow of {} into the analysis of each outcome, all waves: {} received.",
        units[1],
        counted(&findings.responses, &config.counted())
    )];
    for at in 0..config.outcomes.len() {
        let lines = || findings.flow.iter().filter(move |line| line.outcome == at && line.wave.is_none());
        let analysed = lines().find(|line| line.stage == Stage::Analysed);
        let largest = lines()
            .filter(|line| line.stage == Stage::Left)
            .filter_map(|line| line.rows.shown().map(|n| (*n, line)))
            .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.reason.cmp(&a.1.reason)));
        let Some(analysed) = analysed else { continue };
        let count = shown(&analysed.rows, |n| format::count(*n));
        let mut text = format!("{}: {count} analysed", outcome_label(config, at));
        if let Some((n, line)) = largest.filter(|(n, _)| *n > 0) {
            text += &format!("; most that left: {} ({})", lower(&line.reason), format::count(n));
        }
        sentences.push(text + ".");
    }
    sentences
}
