//! The grid of specifications: what it adds up to by outcome, every specification, the words for the
//! curve, machine rows. Arranges released values.

use super::super::cells::{self, capital, head, listed, lower, numbers, points, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::{NONE, estimate};
use super::super::types::{Cell, Head, Row, Table};
use super::super::{outcome_id, outcome_label};
use super::{Key, line};
use crate::config::{Config, Exhibit, Grid};
use crate::disclosure::{GridFound, GridRow, GridSummary, Reason};
use crate::format;

/// One row per outcome: how many specifications, on which side, how far apart.
pub(super) fn summary(config: &Config, plan: &Grid, found: &GridFound, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Outcome", &["outcome", "label"], false),
        head("Specifications, n", &["specifications"], true),
        head("Not fitted, n", &["not_estimated"], true),
        head("Main model, percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true),
        head("Median (range), percentage points", &["effect_median", "effect_least", "effect_greatest"], true),
        head("Same sign as the main model, %", &["same_sign"], true),
        head("CI beyond zero on that side, %", &["beyond"], true),
        head("CI beyond zero on the other side, %", &["against"], true),
    ];
    let rows = plan.outcomes.iter().map(|outcome| summary_row(config, found, *outcome)).collect();
    let mut own = vec![notes::exposure_unit(config), design(plan)];
    own.push(format!(
        "{} The specifications analyse much the same {} again and are no independent tests: shares describe how far the \
         answer hangs on choices and have no interval of their own. Shares are of those fitted.",
        axes(plan),
        config.terms.response[1]
    ));
    own.extend(failures(config, plan, found));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn summary_row(config: &Config, found: &GridFound, outcome: usize) -> Row {
    let summary = found.summary(outcome);
    let count = |n: usize| numbers(format::count(n as u64), &[n as f64]);
    let share = |n: usize| match (summary.main_above, summary.estimated) {
        (Some(_), all) if all > 0 => {
            let share = n as f64 / all as f64;
            numbers(format::percent(share, 0), &[share])
        }
        _ => cells::blank(1),
    };
    let label = outcome_label(config, outcome);
    let main = found.of(outcome).next();
    let cells = vec![
        words(label.clone(), &[&outcome_id(config, outcome), &label]),
        count(summary.specifications),
        count(summary.specifications - summary.estimated),
        main.map_or_else(|| cells::blank(3), |main| cells::with_interval(&main.effect, points)),
        range(&summary),
        share(summary.same_sign),
        share(summary.beyond),
        share(summary.against),
    ];
    row("", cells)
}

fn range(summary: &GridSummary) -> Cell {
    match summary.range {
        None => cells::blank(3),
        Some([low, median, high]) => {
            let text = format!("{} ({} to {})", points(median), points(low), points(high));
            numbers(text, &[median, low, high])
        }
    }
}

/// How the combinations are chosen.
fn design(plan: &Grid) -> String {
    let names = |axes: &[usize]| listed(&axes.iter().map(|at| lower(&plan.axes[*at].label)).collect::<Vec<_>>());
    let alone: Vec<usize> =
        (0..plan.axes.len()).filter(|at| !plan.cross.contains(at) && !plan.with_all.contains(at)).collect();
    let mut parts = Vec::new();
    if !plan.cross.is_empty() {
        parts.push(format!("all combinations of {}", names(&plan.cross)));
    }
    if !alone.is_empty() {
        parts.push(format!("one departure at a time in {}", names(&alone)));
    }
    let mut text = format!("{} specifications: {}", plan.specifications.len(), parts.join("; "));
    if !plan.with_all.is_empty() {
        text += &format!("; each of these with every choice of {}", names(&plan.with_all));
    }
    text + "."
}

/// The alternatives of every axis, the main model's first.
fn axes(plan: &Grid) -> String {
    let one = |axis: &crate::config::GridAxis| {
        let levels: Vec<String> = axis.levels.iter().map(|[_, label]| label.clone()).collect();
        format!("{}: {}.", axis.label, levels.join("; "))
    };
    plan.axes.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// A specification in words: what departs from the main model.
pub(super) fn departures(plan: &Grid, specification: usize) -> String {
    let Some(one) = plan.specifications.get(specification) else { return String::new() };
    let departs =
        |(axis, level): (&crate::config::GridAxis, &usize)| (*level > 0).then(|| axis.levels[*level][1].clone());
    let parts: Vec<String> = plan.axes.iter().zip(&one.levels).filter_map(departs).collect();
    if parts.is_empty() { "Main model".into() } else { parts.join("; ") }
}

/// A sentence for each reason of a specification that could not be fitted.
fn failures(config: &Config, plan: &Grid, found: &GridFound) -> Vec<String> {
    let mut reasons: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for row in &found.rows {
        if let Some(Reason::NotEstimated(why)) = row.effect.hidden() {
            let outcome = config.outcomes.get(row.outcome).map_or_else(String::new, |o| lower(&o.short));
            let what = format!("{} ({outcome})", departures(plan, row.specification));
            reasons.entry(why.clone()).or_default().push(what);
        }
    }
    reasons.into_iter().map(|(why, what)| format!("Not fitted, {why}: {}.", what.join("; "))).collect()
}

/// Every specification; sections are outcomes.
pub(super) fn specifications(config: &Config, plan: &Grid, found: &GridFound, exhibit: &Exhibit) -> Table {
    let mut names = vec!["outcome", "specification"];
    names.extend(plan.axes.iter().map(|axis| axis.id.as_str()));
    let heads: Vec<Head> = vec![
        head("Specification", &names, false),
        head("Percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true),
        head("p", &["p_value"], true),
        head(format!("{}, n", capital(&config.terms.response[1])), &["n"], true),
    ];
    let mut rows = Vec::new();
    for outcome in &plan.outcomes {
        let mut section = outcome_label(config, *outcome);
        for one in found.of(*outcome) {
            let cells = vec![
                choices(config, plan, one),
                cells::with_interval(&one.effect, points),
                cells::p_value(&one.effect.map(|e| e.p)),
                cells::count(&one.n),
            ];
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    finish(config, exhibit, Rests::Responses, heads, rows, vec![notes::exposure_unit(config), design(plan)])
}

/// A specification's words, with its choices for machines.
fn choices(config: &Config, plan: &Grid, one: &GridRow) -> Cell {
    let specification = &plan.specifications[one.specification];
    let outcome = outcome_id(config, one.outcome);
    let mut values = vec![outcome.as_str(), specification.id.as_str()];
    values.extend(plan.axes.iter().zip(&specification.levels).map(|(axis, level)| axis.levels[*level][0].as_str()));
    words(departures(plan, one.specification), &values)
}

/// The curve of one outcome, by id, in words.
pub(super) fn alt(config: &Config, found: &GridFound, id: &str) -> Option<Vec<String>> {
    let outcome = config.outcomes.iter().position(|outcome| outcome.id == id)?;
    let summary = found.summary(outcome);
    let mut text = vec![format!(
        "{}: {} specifications sorted by their effect in percentage points per {}, each with its 95% confidence \
         interval; marks below say which choices each one makes.",
        config.outcomes[outcome].short, summary.specifications, config.terms.exposure_unit
    )];
    if let Some([low, median, high]) = summary.range {
        text.push(format!("Effects run from {} to {}, median {}.", points(low), points(high), points(median)));
    }
    if let Some(main) = found.of(outcome).next().and_then(|main| main.effect.shown()) {
        text.push(format!("Main model: {}.", cells::interval_text(main, points)));
        text.push(format!(
            "{} of {} have its sign, {} with an interval beyond zero on that side, {} with one beyond zero on the other.",
            summary.same_sign, summary.estimated, summary.beyond, summary.against
        ));
    }
    let failed = summary.specifications - summary.estimated;
    if failed > 0 {
        text.push(format!("Without an estimate: {failed}."));
    }
    Some(text)
}

/// Rows of `results.csv`: the specification's id is the subgroup.
pub(super) fn results_rows(config: &Config, plan: &Grid, found: &GridFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for one in &found.rows {
        let (outcome, id) = (outcome_id(config, one.outcome), &plan.specifications[one.specification].id);
        for (quantity, value) in [("average_marginal_effect", &one.effect), ("coefficient", &one.coefficient)] {
            let key = Key { analysis: "grid", outcome: &outcome, subgroup: id, term: "exposure", quantity };
            rows.push(line(key, &estimate(value), Some(&one.n), Some(&one.clusters)));
        }
    }
    for outcome in &plan.outcomes {
        let id = outcome_id(config, *outcome);
        // What follows is computed from released effects: without any there is nothing to say.
        let Some(shown) = found.of(*outcome).find(|row| row.effect.shown().is_some()) else { continue };
        for (quantity, value) in quantities(&found.summary(*outcome)) {
            let key = Key { analysis: "grid", outcome: &id, subgroup: "", term: "exposure", quantity };
            rows.push(line(key, &shown.effect.map(|_| [value, NONE, NONE, NONE, NONE, NONE]), None, None));
        }
    }
    rows
}

/// What the specifications add up to, by name.
fn quantities(summary: &GridSummary) -> Vec<(&'static str, f64)> {
    let mut all =
        vec![("grid_specifications", summary.specifications as f64), ("grid_estimated", summary.estimated as f64)];
    if summary.main_above.is_some() && summary.estimated > 0 {
        let share = |n: usize| n as f64 / summary.estimated as f64;
        all.push(("grid_same_sign", share(summary.same_sign)));
        all.push(("grid_beyond_zero", share(summary.beyond)));
        all.push(("grid_beyond_zero_other_side", share(summary.against)));
    }
    if let Some([low, median, high]) = summary.range {
        all.extend([("grid_least", low), ("grid_median", median), ("grid_greatest", high)]);
    }
    all
}
