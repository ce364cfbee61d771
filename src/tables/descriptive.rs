//! Who answered, and the outcomes by wave. Arranges released counts and shares; computes nothing.

use super::breaks;
use super::cells::{self, blank, both, capital, head, hidden, numbers, percent, row, words};
use super::notes::{self, Rests, counted, finish};
use super::types::{Cell, Row, Table, Value};
use crate::config::{Config, CovariateKind, Exhibit};
use crate::disclosure::{Findings, Released, RespondentRow};
use crate::format;

/// Table of responses by covariate level (rows, in sections) and wave (columns).
pub(super) fn respondents(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let share = if findings.weighted { "weighted %" } else { "%" };
    let mut heads = vec![head("Characteristic", &["characteristic", "level"], false)];
    for wave in &config.waves {
        heads.push(head(format!("{wave}: n ({share})"), &[&format!("n_{wave}"), &format!("share_{wave}")], true));
    }
    heads.push(head(format!("All waves: n ({share})"), &["n_all", "share_all"], true));
    let mut rows = vec![all_responses(config, findings)];
    for (at, covariate) in config.covariates.iter().enumerate() {
        let mut section = covariate.label.as_str();
        for level in levels(&covariate.kind, at, findings) {
            rows.push(level_row(config, findings, at, section, &covariate.label, &level));
            section = "";
        }
    }
    let own = vec![
        format!(
            "{} on file: {} from {}.",
            capital(&config.counted()[1]),
            counted(&findings.responses, &config.counted()),
            counted(&findings.practices, &config.terms.practice)
        ),
        notes::weighted_shares(findings),
    ];
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// The first row: everyone.
fn all_responses(config: &Config, findings: &Findings) -> Row {
    let label = format!("All {}", config.counted()[1]);
    let mut cells = vec![words(label.clone(), &["", &label])];
    let whole = |n: &Released<u64>| {
        cells::released(n, 2, |n| numbers(format!("{} ({})", format::count(*n), percent(1.0)), &[*n as f64, 1.0]))
    };
    for wave in 0..config.waves.len() {
        cells.push(findings.responses_by_wave.get(wave).map_or_else(|| blank(2), whole));
    }
    cells.push(whole(&findings.responses));
    row("", cells)
}

/// Levels of a covariate that the findings describe: in the config's order, then any others
/// (missing answers) in the order of the findings.
fn levels(kind: &CovariateKind, covariate: usize, findings: &Findings) -> Vec<String> {
    let mut wanted: Vec<String> = match kind {
        CovariateKind::Item { levels, .. } => levels.iter().map(|(label, _)| label.clone()).collect(),
        CovariateKind::Rurality { levels, .. } => levels.iter().map(|(label, _)| label.clone()).collect(),
        CovariateKind::Deprivation { .. } => Vec::new(),
    };
    let described = || findings.respondents.iter().filter(|found| found.covariate == covariate);
    wanted.retain(|level| described().any(|found| found.level == *level));
    for found in described() {
        if !wanted.contains(&found.level) {
            wanted.push(found.level.clone());
        }
    }
    wanted
}

fn level_row(config: &Config, findings: &Findings, covariate: usize, section: &str, label: &str, level: &str) -> Row {
    let find = |wave: Option<usize>| {
        findings
            .respondents
            .iter()
            .find(|found| found.covariate == covariate && found.level == level && found.wave == wave)
            .map_or_else(|| blank(2), respondent_cell)
    };
    let mut cells = vec![words(level, &[label, level])];
    cells.extend((0..config.waves.len()).map(|wave| find(Some(wave))));
    cells.push(find(None));
    row(section, cells)
}

/// `n (%)`; a hidden count hides its share and the other way round.
fn respondent_cell(found: &RespondentRow) -> Cell {
    match both(&found.n, &found.share) {
        Ok((n, share)) => numbers(format!("{} ({})", format::count(*n), percent(*share)), &[*n as f64, *share]),
        Err(reason) => hidden(&reason, 2),
    }
}

/// Table of outcomes (rows) by wave (columns): share, interval and base.
pub(super) fn outcomes(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let share = if findings.weighted { "weighted % (95% CI), n" } else { "% (95% CI), n" };
    let mut heads = vec![head("Outcome", &["outcome", "label", "asked"], false)];
    for wave in &config.waves {
        let names = ["share", "share_low", "share_high", "n"].map(|name| format!("{name}_{wave}"));
        heads.push(head(format!("{wave}: {share}"), &names.each_ref().map(String::as_str), true));
    }
    let rows = config.outcomes.iter().enumerate().map(|(at, outcome)| {
        let label = if outcome.asked.is_empty() {
            outcome.label.clone()
        } else {
            format!("{} ({})", outcome.label, outcome.asked)
        };
        let mut cells = vec![words(label, &[&outcome.id, &outcome.label, &outcome.asked])];
        cells.extend((0..config.waves.len()).map(|wave| outcome_cell(config, findings, at, wave)));
        row("", cells)
    });
    let rows: Vec<Row> = rows.collect();
    let own = outcome_notes(config, findings, &rows);
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// Share, interval and base; a dagger where the series breaks.
fn outcome_cell(config: &Config, findings: &Findings, at: usize, wave: usize) -> Cell {
    let mark = breaks::mark(config, at, wave);
    let Some(level) = findings.levels.iter().find(|level| level.outcome == at && level.wave == wave) else {
        let mut none = blank(4);
        none.text += mark;
        return none;
    };
    match both(&level.share, &level.n) {
        Ok(([share, low, high], n)) => {
            let interval = format!("{} to {}", percent(*low), percent(*high));
            let text = format!("{}{mark} ({interval}), n {}", percent(*share), format::count(*n));
            numbers(text, &[*share, *low, *high, *n as f64])
        }
        Err(reason) => {
            let mut cell = hidden(&reason, 4);
            cell.text += mark;
            cell
        }
    }
}

fn outcome_notes(config: &Config, findings: &Findings, rows: &[Row]) -> Vec<String> {
    let mut own = vec![
        format!("n: {} with a usable answer, the base of the percentage.", config.terms.response[1]),
        notes::weighted_shares(findings),
    ];
    if rows.iter().flat_map(|row| &row.cells).any(|cell| cell.values.iter().all(|value| *value == Value::Blank)) {
        own.push("–: no comparable item, or no answer, in that wave.".into());
    }
    own.extend(breaks::notes(config, 0..config.outcomes.len()));
    own
}
