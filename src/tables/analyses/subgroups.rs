//! Effects by subgroup: tests of the interaction, effects by level. Arranges released values.

use super::super::cells::{self, count, head, lower, numbers, points, ratio, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::{estimate, p_row};
use super::super::types::{Head, Row, Table};
use super::super::{outcome_id, outcome_label};
use super::joint::{joint_words, wald, wald_head, wald_rows};
use super::{Key, line};
use crate::config::{Config, Exhibit, Family, SubgroupFamily};
use crate::disclosure::{SubgroupTest, SubgroupsFound};
use crate::format;

fn label(config: &Config, test: &SubgroupTest) -> String {
    let [_, label] = config.subgroups_by(test.by);
    label
}

fn id(config: &Config, test: &SubgroupTest) -> String {
    let [id, _] = config.subgroups_by(test.by);
    id
}

/// The tests in the order of outcomes, then covariates.
fn by_outcome(found: &SubgroupsFound) -> Vec<&SubgroupTest> {
    let mut tests: Vec<&SubgroupTest> = found.tests.iter().collect();
    tests.sort_by_key(|test| test.outcome);
    tests
}

/// One row per outcome and covariate: does the effect differ between levels?
pub(super) fn tests(config: &Config, found: &SubgroupsFound, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Subgroups by", &["outcome", "covariate", "label"], false),
        head("Levels, n", &["levels"], true),
        head("Smallest to largest effect, percentage points", &["effect_smallest", "effect_largest"], true),
        wald_head("Wald χ²", ["wald", "wald_terms", "wald_df"]),
        head("p", &["p_value"], true),
        head("Holm p", &["p_holm"], true),
        head("Benjamini–Hochberg p", &["p_benjamini_hochberg"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    let mut last = None;
    for test in by_outcome(found) {
        let outcome = outcome_label(config, test.outcome);
        let section = if last.replace(test.outcome) == Some(test.outcome) { String::new() } else { outcome };
        let name = label(config, test);
        let range = range(test);
        let levels = test.levels.iter().filter(|level| !level.missing).count();
        rows.push(row(
            section,
            vec![
                words(name.clone(), &[&outcome_id(config, test.outcome), &id(config, test), &name]),
                numbers(levels.to_string(), &[levels as f64]),
                range.map_or_else(
                    || cells::blank(2),
                    |(low, high)| numbers(format!("{} to {}", points(low), points(high)), &[low, high]),
                ),
                wald(&test.wald),
                cells::p_value(&test.wald.map(|wald| wald.p)),
                cells::p_value(&test.holm),
                cells::p_value(&test.benjamini_hochberg),
            ],
        ));
    }
    let mut own = vec![notes::exposure_unit(config), design(config)];
    own.push(family(config, found));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// Smallest and largest effect over the levels that are shown, the missing one aside.
pub(super) fn range(test: &SubgroupTest) -> Option<(f64, f64)> {
    let shown = test.levels.iter().filter(|level| !level.missing);
    let effects: Vec<f64> = shown.filter_map(|level| level.effect.shown().map(|e| e.estimate)).collect();
    let low = effects.iter().copied().reduce(f64::min)?;
    Some((low, effects.iter().copied().reduce(f64::max)?))
}

fn design(config: &Config) -> String {
    let adjusted = notes::adjustment(config, 0).unwrap_or_default();
    format!(
        "The main model with the exposure interacted with the levels of one division at a time, whose own effects are \
         in the model where they vary within what is absorbed. {adjusted} Responses without an answer have an effect of \
         their own that is not tested. Intervals of levels rest on the errors of the main model. The joint test asks whether \
         the effect is the same in all levels. {}",
        joint_words(config)
    )
}

fn family(config: &Config, found: &SubgroupsFound) -> String {
    match config.analyses.subgroups.as_ref().map(|plan| plan.family) {
        Some(SubgroupFamily::Outcome) => "Adjusted p values are over the tests of one outcome.".into(),
        _ => format!("Adjusted p values are over all {} tests of this table.", found.tests.len()),
    }
}

/// One row per outcome, covariate and level.
pub(super) fn levels(config: &Config, found: &SubgroupsFound, exhibit: &Exhibit) -> Table {
    let logit = config.models.first().is_none_or(|model| model.family == Family::Logit);
    let mut heads: Vec<Head> = vec![
        head("Level", &["outcome", "covariate", "level"], false),
        head(format!("{}, n", cells::capital(&config.terms.response[1])), &["n"], true),
        head("Percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true),
    ];
    heads
        .extend(logit.then(|| head("Odds ratio (95% CI)", &["odds_ratio", "odds_ratio_low", "odds_ratio_high"], true)));
    let mut rows: Vec<Row> = Vec::new();
    for test in by_outcome(found) {
        let mut section = format!("{}: {}", outcome_label(config, test.outcome), lower(&label(config, test)));
        for level in &test.levels {
            let key = [outcome_id(config, test.outcome), id(config, test), level.level.clone()];
            let mut cells = vec![
                words(level.level.clone(), &[&key[0], &key[1], &key[2]]),
                count(&level.n),
                cells::with_interval(&level.effect, points),
            ];
            cells.extend(logit.then(|| cells::with_interval(&level.odds_ratio, ratio)));
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    let own = vec![notes::exposure_unit(config), design(config)];
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// Alternative text of the figure: the range of effects by covariate for its outcome.
pub(super) fn alt(config: &Config, found: &SubgroupsFound) -> Vec<String> {
    let Some(plan) = &config.analyses.subgroups else { return Vec::new() };
    let mut sentences = vec![format!(
        "{}: percentage points per {} with 95% confidence intervals, one row per level; the line of no association is \
         at 0.",
        outcome_label(config, plan.figure),
        config.terms.exposure_unit
    )];
    for test in found.tests.iter().filter(|test| test.outcome == plan.figure) {
        let label = label(config, test);
        let p =
            test.wald.shown().map(|wald| format!("; interaction p {}", format::p_value(wald.p))).unwrap_or_default();
        sentences.push(match range(test) {
            Some((low, high)) => format!("{label}: effects from {} to {}{p}.", points(low), points(high)),
            None => format!("{label}: {}.", cells::NOT_ESTIMATED),
        });
    }
    sentences
}

/// Effects and odds ratios by level, tests by covariate.
pub(super) fn results_rows(config: &Config, found: &SubgroupsFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let logit = config.models.first().is_none_or(|model| model.family == Family::Logit);
    for test in &found.tests {
        let (outcome, covariate) = (outcome_id(config, test.outcome), id(config, test));
        let key = |subgroup: &'static str| Key { analysis: "subgroups", outcome: "", subgroup, term: "", quantity: "" };
        for level in &test.levels {
            let subgroup = format!("{covariate}={}", level.level);
            let ratio = logit.then_some(("odds_ratio", &level.odds_ratio));
            for (quantity, value) in [("average_marginal_effect", &level.effect)].into_iter().chain(ratio) {
                let key = Key { outcome: &outcome, subgroup: &subgroup, term: "exposure", quantity, ..key("") };
                rows.push(line(key, &estimate(value), Some(&level.n), Some(&test.clusters)));
            }
        }
        let term = format!("exposure:{covariate}");
        let p = [("p_holm", p_row(&test.holm)), ("p_benjamini_hochberg", p_row(&test.benjamini_hochberg))];
        for (quantity, numbers) in wald_rows(&test.wald).into_iter().chain(p) {
            let key = Key { outcome: &outcome, term: &term, quantity, ..key("") };
            rows.push(line(key, &numbers, Some(&test.n), Some(&test.clusters)));
        }
    }
    rows
}
