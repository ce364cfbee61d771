//! Effects by subgroup as a forest: one row per level, covariates with their test.

use crate::config::Config;
use crate::disclosure::{SubgroupTest, SubgroupsFound};
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate, Forest, ForestMark, ForestRow, Picture, cell, forest, header};
use crate::format;

pub(super) fn subgroups(config: &Config, found: &SubgroupsFound, caption: &Caption) -> Drawn {
    let outcome = config.analyses.subgroups.as_ref().map_or(0, |plan| plan.figure);
    let mut rows = Vec::new();
    for test in found.tests.iter().filter(|test| test.outcome == outcome) {
        rows.push(heading(config, test));
        rows.extend(test.levels.iter().filter(|level| !level.missing).map(|level| ForestRow {
            label: level.level.clone(),
            note: String::new(),
            first: ForestMark {
                estimate: level.effect.shown().map(|e| Estimate {
                    value: 100.0 * e.estimate,
                    low: 100.0 * e.low,
                    high: 100.0 * e.high,
                }),
                text: level.effect.shown().map_or_else(String::new, |e| {
                    let [value, low, high] = [e.estimate, e.low, e.high].map(|x| format::percent(x, 2));
                    format!("{value} ({low} to {high})")
                }),
            },
            second: None,
        }));
    }
    let label = config.outcomes.get(outcome).map_or_else(String::new, |outcome| outcome.label.clone());
    let input = Forest {
        row_title: "Subgroup".into(),
        text_title: "Percentage points (95% CI)".into(),
        axis_title: format!("Percentage points per {}", config.terms.exposure_unit),
        reference: Some(0.0),
        directions: ("lower share".into(), "higher share".into()),
        first_name: label,
        second_name: String::new(),
        rows,
    };
    let note = "p: joint test that the effect is the same in all levels, before adjustment.".into();
    let picture = Picture { csv: values(config, found, outcome), ..forest(caption, &input) };
    (picture, vec![note])
}

/// The plotted values: levels go by their covariate too.
fn values(config: &Config, found: &SubgroupsFound, outcome: usize) -> Vec<Vec<String>> {
    let mut rows = vec![header(&["covariate", "level", "estimate", "conf_low", "conf_high", "p_interaction"])];
    for test in found.tests.iter().filter(|test| test.outcome == outcome) {
        let [_, label] = config.subgroups_by(test.by);
        let p = cell(test.wald.shown().map(|wald| wald.p));
        for level in test.levels.iter().filter(|level| !level.missing) {
            let of =
                |pick: fn(&crate::disclosure::Estimate) -> f64| cell(level.effect.shown().map(|e| 100.0 * pick(e)));
            let numbers = [of(|e| e.estimate), of(|e| e.low), of(|e| e.high), p.clone()];
            rows.push([label.clone(), level.level.clone()].into_iter().chain(numbers).collect());
        }
    }
    rows
}

/// A row without a marker: the covariate and its test.
fn heading(config: &Config, test: &SubgroupTest) -> ForestRow {
    let [_, label] = config.subgroups_by(test.by);
    let text = test.wald.shown().map_or_else(
        || "not estimated".to_string(),
        |wald| match format::p_value(wald.p) {
            small if small.starts_with('<') => format!("p {small}"),
            p => format!("p = {p}"),
        },
    );
    let label = format!("{}:", format::capital(&label));
    ForestRow { label, note: String::new(), first: ForestMark { estimate: None, text }, second: None }
}
