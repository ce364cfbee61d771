//! Every coefficient, the tests, and estimates beside printed ones.

use super::super::cells::{self, blank, head, numbers, row, words};
use super::super::types::{Cell, Row, Table, Value};
use super::effects::p;
use super::notes::{self, finish};
use super::results_of;
use super::show::{self, ratio_name};
use crate::config::{Dataset, EffectScale, Exhibit, PublishedTerm};
use crate::disclosure::{CoefficientRow, DatasetFindings, DatasetResult, Estimate, JointTested, Released};
use crate::{format, num};

/// All coefficients of the main model, in sections by outcome.
pub(super) fn coefficients(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let model = &dataset.models[0];
    let name = ratio_name(model.family);
    let mut heads = vec![
        head("Term", &["outcome", "term", "level"], false),
        head("n", &["n"], true),
        head("Coefficient (95% CI)", &["coefficient", "coefficient_low", "coefficient_high"], true),
        head("Standard error", &["std_error"], true),
    ];
    if let Some(name) = name {
        heads.push(head(format!("{name} (95% CI)"), &["ratio", "ratio_low", "ratio_high"], true));
    }
    heads.push(head("p", &["p_value"], true));
    let mut rows: Vec<Row> = Vec::new();
    for result in results_of(found, 0) {
        let outcome = &dataset.outcomes[result.outcome];
        let mut section = outcome.label.clone();
        for line in &result.coefficients {
            let text =
                if line.level.is_empty() { line.label.clone() } else { format!("{}: {}", line.label, line.level) };
            let error = cells::released(&line.coefficient, 1, |e| {
                numbers(format::fixed(e.std_error, show::decimals(e.std_error / 10.0).min(8)), &[e.std_error])
            });
            let mut cells = vec![
                words(text, &[&outcome.id, &line.term, &line.level]),
                cells::count(&line.n),
                show::estimate(&line.coefficient),
                error,
            ];
            if name.is_some() {
                cells.push(show::ratio(&line.coefficient.map(exponential)));
            }
            cells.push(p(&line.coefficient));
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    finish(dataset, exhibit, heads, rows, notes::main(dataset, found))
}

/// The exponential of a coefficient; the error stays on the log scale.
fn exponential(e: &Estimate) -> Estimate {
    Estimate { estimate: num::exp(e.estimate), low: num::exp(e.low), high: num::exp(e.high), ..e.clone() }
}

/// Tests of the exposure over the main model's outcomes, then joint tests.
pub(super) fn tests(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let model = &dataset.models[0];
    let heads = vec![
        head("Outcome", &["outcome", "test"], false),
        head("p", &["p_value"], true),
        head("Holm", &["p_holm"], true),
        head("Hochberg", &["p_hochberg"], true),
        head("Benjamini–Hochberg", &["p_benjamini_hochberg"], true),
        head("Equivalence p", &["p_equivalence"], true),
        head("Bootstrap p", &["p_bootstrap"], true),
        head("Detectable", &["minimum_detectable_effect"], true),
        head("E-value (limit)", &["e_value", "e_value_limit"], true),
    ];
    let results: Vec<&DatasetResult> = results_of(found, 0).collect();
    let mut rows: Vec<Row> = results.iter().map(|result| test_row(dataset, result)).collect();
    for result in &results {
        let outcome = &dataset.outcomes[result.outcome];
        let mut section = format!("Joint tests: {}", outcome.label);
        for joint in &result.joint {
            let Some(spec) = model.joint.get(joint.test) else { continue };
            let text = |found: &JointTested| {
                format!("{} (Wald {} on {})", spec.label, format::fixed(found.statistic, 2), found.terms)
            };
            let label = joint.wald.shown().map_or_else(|| spec.label.clone(), text);
            let mut cells = vec![words(label, &[&outcome.id, &spec.label]), cells::p_value(&joint.wald.map(|w| w.p))];
            cells.extend([1, 1, 1, 1, 1, 1, 2].map(blank));
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    finish(dataset, exhibit, heads, rows, test_notes(dataset, found, &results))
}

fn test_row(dataset: &Dataset, result: &DatasetResult) -> Row {
    let outcome = &dataset.outcomes[result.outcome];
    let mut cells = vec![words(outcome.label.clone(), &[&outcome.id, "exposure"]), p(&result.exposure)];
    match &result.tests {
        Some(tests) => {
            cells.extend([0, 1, 2].map(|at| cells::p_value(&tests.adjusted.map(|p| p[at]))));
            cells.push(asked(&tests.equivalence));
            cells.push(result.bootstrap.as_ref().map_or_else(|| blank(1), |b| cells::p_value(&b.map(|b| b.p))));
            cells.push(cells::released(&tests.detectable, 1, |x| {
                numbers(format::fixed(*x, show::decimals((x - x.floor()) / 10.0).clamp(2, 6)), &[*x])
            }));
        }
        None => cells.extend([1; 6].map(blank)),
    }
    let e = |[point, limit]: &[f64; 2]| {
        numbers(format!("{} ({})", format::fixed(*point, 2), format::fixed(*limit, 2)), &[*point, *limit])
    };
    cells.push(if result.e_value.shown().is_some() { cells::released(&result.e_value, 2, e) } else { blank(2) });
    row("", cells)
}

/// A p value that not every study asks for: nothing belongs where it does not.
fn asked(found: &Released<f64>) -> Cell {
    match found.hidden() {
        Some(crate::disclosure::Reason::NotEstimated(_)) => blank(1),
        _ => cells::p_value(found),
    }
}

fn test_notes(dataset: &Dataset, found: &DatasetFindings, results: &[&DatasetResult]) -> Vec<String> {
    let tests = &dataset.tests;
    let mut own = vec![format!(
        "Holm, Hochberg and Benjamini–Hochberg adjust over the {} of the main model. Detectable: the smallest {} that a \
         two-sided test at {} finds with a probability of {}.",
        if results.len() == 1 { "one outcome".into() } else { format!("{} outcomes", results.len()) },
        match ratio_name(dataset.models[0].family) {
            Some(name) => name.to_lowercase(),
            None => "coefficient".into(),
        },
        format::fixed(tests.alpha, 2),
        format::fixed(tests.power, 2)
    )];
    if let Some((smallest, scale)) = tests.smallest_effect {
        let size = format::plain(smallest);
        let within = match scale {
            EffectScale::Coefficient => format!("the coefficient lies within ±{size}"),
            EffectScale::Ratio => format!("the ratio lies between 1/{size} and {size}"),
            EffectScale::Effect => format!("the average marginal effect lies within ±{size}"),
        };
        own.push(format!("Equivalence: two one-sided tests that {within}; a small p says that it does."));
    }
    if let Some(draws) = results.iter().find_map(|r| r.bootstrap.as_ref()?.shown()).map(|b| b.draws) {
        own.push(format!("Bootstrap: by cluster, null imposed, {} draws.", format::count(draws)));
    }
    own.push(
        "E-value: how strongly an unmeasured confounder would have to go with both exposure and outcome, as a risk ratio, \
         to explain the estimate (the interval’s nearer limit) away."
            .into(),
    );
    own.extend(notes::main(dataset, found));
    own
}

/// Estimates beside printed ones.
pub(super) fn published(dataset: &Dataset, found: &DatasetFindings, exhibit: &Exhibit) -> Table {
    let name = if dataset.published_name.is_empty() { "Printed" } else { &dataset.published_name };
    let heads = vec![
        head("Estimate", &["model", "outcome", "term", "level", "scale"], false),
        head("This run (95% CI)", &["estimate", "conf_low", "conf_high"], true),
        head("Standard error", &["std_error"], true),
        head(name, &["printed", "printed_low", "printed_high"], true),
        head("Printed standard error", &["printed_std_error"], true),
        head("Difference, last printed digit", &["difference_in_digits"], true),
        head("Difference of the errors, last printed digit", &["std_error_difference_in_digits"], true),
    ];
    let rows = dataset.published.iter().map(|printed| published_row(dataset, found, printed)).collect();
    let own = vec![
        "This run is rounded as printed before it is compared: the difference is in units of the last printed digit."
            .into(),
    ];
    finish(dataset, exhibit, heads, rows, own)
}

fn published_row(dataset: &Dataset, found: &DatasetFindings, printed: &PublishedTerm) -> Row {
    let (model, outcome) = (&dataset.models[printed.model], &dataset.outcomes[printed.outcome]);
    let result = found.models.iter().find(|r| r.model == printed.model && r.outcome == printed.outcome);
    let line =
        |r: &DatasetResult| r.coefficients.iter().find(|c| c.term == printed.term && c.level == printed.level).cloned();
    let here: Option<Released<Estimate>> = result.and_then(|result| {
        let line: Option<CoefficientRow> = line(result);
        match printed.scale {
            EffectScale::Coefficient => line.map(|line| line.coefficient),
            EffectScale::Ratio => line.map(|line| line.coefficient.map(exponential)),
            EffectScale::Effect => Some(result.effect.clone()),
        }
    });
    let scale = match printed.scale {
        EffectScale::Coefficient => "coefficient",
        EffectScale::Ratio => "ratio",
        EffectScale::Effect => "average marginal effect",
    };
    let term = dataset.variables.iter().find(|v| v.id == printed.term).map_or(&printed.term, |v| &v.label);
    let level = if printed.level.is_empty() { String::new() } else { format!(": {}", printed.level) };
    let text = format!("{} ({}): {term}{level}, {scale}", outcome.short, model.label);
    let digits = printed.digits;
    let own =
        |e: &Estimate| numbers(cells::interval_text(e, |x| format::fixed(x, digits)), &[e.estimate, e.low, e.high]);
    let error = |e: &Estimate| numbers(format::fixed(e.std_error, digits), &[e.std_error]);
    let shown = here.as_ref().and_then(|here| here.shown().cloned());
    let [low, high] = printed.interval.unwrap_or([f64::NAN; 2]);
    let beside = match printed.interval {
        Some([low, high]) => {
            format!("{} ({})", format::fixed(printed.estimate, digits), format::interval(low, high, digits))
        }
        None => format::fixed(printed.estimate, digits),
    };
    row(
        "",
        vec![
            words(text, &[&model.id, &outcome.id, &printed.term, &printed.level, scale]),
            here.as_ref().map_or_else(|| blank(3), |here| cells::released(here, 3, own)),
            here.as_ref().map_or_else(|| blank(1), |here| cells::released(here, 1, error)),
            numbers(beside, &[printed.estimate, low, high]),
            printed.std_error.map_or_else(|| blank(1), |x| numbers(format::fixed(x, digits), &[x])),
            shown.as_ref().map_or_else(|| blank(1), |e| difference(e.estimate, printed.estimate, digits)),
            match (shown, printed.std_error) {
                (Some(e), Some(error)) => difference(e.std_error, error, digits),
                _ => blank(1),
            },
        ],
    )
}

/// Both rounded as printed, in units of the last digit.
fn difference(here: f64, printed: f64, digits: usize) -> Cell {
    let units = |x: f64| format!("{x:.digits$}").replace('.', "").parse::<i64>().ok();
    match units(here).zip(units(printed)) {
        Some((here, printed)) => numbers(format::fixed((here - printed) as f64, 0), &[(here - printed) as f64]),
        None => Cell { text: cells::NOTHING.into(), values: vec![Value::Blank] },
    }
}
