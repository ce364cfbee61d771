//! What was tested beside the main estimates: adjusted p values, E-values, equivalence and power by
//! outcome; contrasts of predictions; joint tests. Arranges released values; computes nothing.

use super::cells::{self, head, listed, numbers, points, row, words};
use super::notes::{self, Rests, finish};
use super::types::{Cell, Head, Row, Table};
use super::{outcome_id, outcome_label, results_of};
use crate::config::{Adjustment, Config, Exhibit, ExposureAt, Family, ModelContrast};
use crate::disclosure::{ContrastRow, Findings, ModelResult, Prediction, Released};
use crate::format;

/// Table of the main model's tests: one row per outcome.
pub(super) fn tests(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let results = results_of(findings, 0);
    let columns = columns(config, &results);
    let mut heads = vec![head("Outcome", &["outcome", "label"], false)];
    heads.extend(columns.iter().map(|(head, _)| head.clone()));
    let rows = results.iter().map(|result| {
        let label = outcome_label(config, result.outcome);
        let mut cells = vec![words(label.clone(), &[&outcome_id(config, result.outcome), &label])];
        cells.extend(columns.iter().map(|(_, cell)| cell(result)));
        row("", cells)
    });
    let rows: Vec<Row> = rows.collect();
    let mut own = vec![notes::exposure_unit(config), family_note(config)];
    own.extend(test_notes(config, &results));
    own.extend(notes::inference(config, &results));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

type Column = (Head, fn(&ModelResult) -> Cell);

/// The columns that the config asks for.
fn columns(config: &Config, results: &[&ModelResult]) -> Vec<Column> {
    let number = |text: &str, name: &str| head(text, &[name], true);
    let mut columns: Vec<Column> = vec![(number("p", "p_value"), |r| cells::p_value(&r.exposure.map(|e| e.p)))];
    for adjustment in &config.tests.adjust {
        columns.push(match adjustment {
            Adjustment::Holm => (number("Holm p", "p_holm"), |r| cells::p_value(&r.holm)),
            Adjustment::Hochberg => (number("Hochberg p", "p_hochberg"), |r| cells::p_value(&r.hochberg)),
            Adjustment::BenjaminiHochberg => {
                (number("Benjamini–Hochberg p", "p_benjamini_hochberg"), |r| cells::p_value(&r.benjamini_hochberg))
            }
        });
    }
    if results.iter().any(|result| result.bootstrap.is_some()) {
        columns.push((number("Bootstrap p", "p_bootstrap"), |r| {
            r.bootstrap.as_ref().map_or_else(|| cells::blank(1), |b| cells::p_value(&b.map(|b| b.p)))
        }));
    }
    if logit(config) {
        columns.push((head("E-value (limit)", &["e_value", "e_value_limit"], true), |r| {
            cells::released(&r.e_value, 2, |[point, limit]| {
                let two = |x: f64| format::fixed(x, 2);
                numbers(format!("{} ({})", two(*point), two(*limit)), &[*point, *limit])
            })
        }));
    }
    if config.tests.smallest_effect.iter().any(Option::is_some) {
        columns.push((number("Equivalence p", "p_equivalence"), |r| cells::p_value(&r.equivalence)));
    }
    columns.push((number("Minimum detectable effect, percentage points", "minimum_detectable_effect"), |r| {
        cells::released(&r.minimum_detectable, 1, |x| numbers(points(*x), &[*x]))
    }));
    columns
}

fn logit(config: &Config) -> bool {
    config.models.first().is_none_or(|model| model.family == Family::Logit)
}

/// Over which outcomes p values are adjusted.
fn family_note(config: &Config) -> String {
    let family = &config.tests.family;
    if family.len() == config.outcomes.len() {
        return format!("Adjusted p values are over all {} outcomes.", family.len());
    }
    let names: Vec<String> =
        family.iter().filter_map(|at| config.outcomes.get(*at)).map(|outcome| cells::lower(&outcome.short)).collect();
    format!("Adjusted p values are over the declared family of outcomes: {}.", listed(&names))
}

fn test_notes(config: &Config, results: &[&ModelResult]) -> Vec<String> {
    let mut own = Vec::new();
    if logit(config) {
        own.push(
            "E-value: how strongly an unmeasured confounder would have to be related to both exposure and outcome, as \
             a risk ratio, to explain the odds ratio away; in brackets for the interval’s limit nearer 1. The outcome \
             is taken as common: risk ratio √(odds ratio)."
                .into(),
        );
    }
    own.extend(equivalence_note(config));
    own.push(format!(
        "Minimum detectable effect: the smallest average marginal effect that a two-sided test at {}% finds with a \
         power of {}%, from its standard error (CSV: a share, not a percentage).",
        percent_of(config.tests.alpha),
        percent_of(config.tests.power)
    ));
    let draws = results.iter().filter_map(|result| result.bootstrap.as_ref()?.shown().map(|b| b.draws)).max();
    own.extend(draws.map(|draws| {
        let way = match config.models.first().map(|model| model.family) {
            Some(Family::Linear) => "wild cluster bootstrap",
            _ => "cluster score bootstrap",
        };
        format!(
            "Bootstrap p: {way} of the exposure’s coefficient, null imposed, {} draws of signs.",
            format::count(draws)
        )
    }));
    own
}

/// A level in 0..=1 as a percentage without needless digits.
fn percent_of(share: f64) -> String {
    format::plain((share * 1e6).round() / 1e4)
}

/// The smallest effects that matter; outcomes that share one share a sentence.
fn equivalence_note(config: &Config) -> Option<String> {
    let stated = || config.tests.smallest_effect.iter().enumerate().filter_map(|(at, e)| Some((at, (*e)?)));
    let mut sizes: Vec<(f64, Vec<String>)> = Vec::new();
    for (at, effect) in stated() {
        let name = config.outcomes.get(at).map_or_else(String::new, |outcome| cells::lower(&outcome.short));
        match sizes.iter_mut().find(|(size, _)| *size == effect) {
            Some((_, names)) => names.push(name),
            None => sizes.push((effect, vec![name])),
        }
    }
    let all = stated().count() == config.outcomes.len() && sizes.len() == 1;
    let each = |(size, names): &(f64, Vec<String>)| {
        let size = format!("{} percentage points", percent_of(*size));
        if all { size } else { format!("{size} ({})", listed(names)) }
    };
    let sizes: Vec<String> = sizes.iter().map(each).collect();
    (!sizes.is_empty()).then(|| {
        format!(
            "Equivalence p: two one-sided tests that the average marginal effect lies within ± the smallest effect \
             taken to matter, {}; a small p speaks for a difference too small to matter.",
            listed(&sizes)
        )
    })
}

/// Table of the main model's contrasts; sections are contrasts where there are several.
pub(super) fn contrasts(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let known = config.models.first().map_or(&[][..], |main| &main.contrasts);
    let (from, to) = match known {
        [one] => (format!("Predicted {}", place(one.from)), format!("Predicted {}", place(one.to))),
        _ => ("First prediction".into(), "Second prediction".into()),
    };
    let heads = vec![
        head("Outcome", &["contrast", "outcome", "label"], false),
        head(format!("{from}, % (95% CI)"), &["from", "from_low", "from_high"], true),
        head(format!("{to}, % (95% CI)"), &["to", "to_low", "to_high"], true),
        head("Difference, percentage points (95% CI)", &["difference", "difference_low", "difference_high"], true),
        head("People (95% CI)", &["people", "people_low", "people_high"], true),
    ];
    let results = results_of(findings, 0);
    let mut rows = Vec::new();
    for (at, contrast) in known.iter().enumerate() {
        let mut section = if known.len() > 1 { contrast_words(contrast) } else { String::new() };
        for result in &results {
            for found in result.contrasts.iter().filter(|row| row.contrast == at) {
                rows.push(contrast_row(config, result, contrast, found, std::mem::take(&mut section)));
            }
        }
    }
    let mut own: Vec<String> = vec![notes::exposure_unit(config)];
    own.extend(known.iter().filter(|_| known.len() == 1).map(|one| format!("{}.", contrast_words(one))));
    own.push(
        "Predicted: mean probability over the analysed responses with the exposure at that value for everyone and every \
         covariate as it was (CSV: shares); waves before any exposure count too. The difference is the second less the \
         first; errors count the uncertainty of every coefficient and absorbed effect."
            .into(),
    );
    let exact = |row: &ContrastRow| [&row.from, &row.to].iter().any(|p| p.shown().is_some_and(|p| p.error.is_none()));
    if results.iter().flat_map(|result| &result.contrasts).any(exact) {
        own.push(
            "Without an interval: with the exposure as observed, absorbed effects make the mean prediction the observed \
             share, whatever the coefficients."
                .into(),
        );
    }
    own.extend(super::effects::population_notes(config, &results, "differences"));
    own.extend(notes::inference(config, &results));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn contrast_row(
    config: &Config,
    result: &ModelResult,
    of: &ModelContrast,
    found: &ContrastRow,
    section: String,
) -> Row {
    let label = outcome_label(config, result.outcome);
    let cells = vec![
        words(label.clone(), &[&of.id, &outcome_id(config, result.outcome), &label]),
        prediction(&found.from),
        prediction(&found.to),
        cells::with_interval(&found.difference, points),
        cells::with_interval(&found.people, cells::people),
    ];
    row(section, cells)
}

fn prediction(found: &Released<Prediction>) -> Cell {
    cells::released(found, 3, |p| match p.error {
        Some([_, low, high]) => {
            numbers(format!("{} ({} to {})", points(p.mean), points(low), points(high)), &[p.mean, low, high])
        }
        None => numbers(points(p.mean), &[p.mean, f64::NAN, f64::NAN]),
    })
}

/// `No workers against observed: exposure 0, then as observed`.
fn contrast_words(contrast: &ModelContrast) -> String {
    format!("{}: {}, then {}", contrast.label, place(contrast.from), place(contrast.to))
}

fn place(at: ExposureAt) -> String {
    match at {
        ExposureAt::Observed => "with the exposure as observed".into(),
        ExposureAt::Value(value) => format!("with an exposure of {}", format::plain(value)),
    }
}

/// Table of joint tests; sections are tests.
pub(super) fn joint(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Outcome", &["test", "outcome", "label"], false),
        head("Wald statistic", &["wald"], true),
        head("Terms, n", &["terms"], true),
        head("p", &["p_value"], true),
    ];
    let mut rows = Vec::new();
    let mut made: Vec<&ModelResult> = Vec::new();
    for (at, test) in config.tests.joint.iter().enumerate() {
        let model = config.models.get(test.model).filter(|_| test.model > 0);
        let mut section = model.map_or_else(|| test.label.clone(), |m| format!("{} ({})", test.label, m.label));
        for result in results_of(findings, test.model) {
            for found in result.joint.iter().filter(|row| row.test == at) {
                let label = outcome_label(config, result.outcome);
                let tested = vec![
                    words(label.clone(), &[&test.label, &outcome_id(config, result.outcome), &label]),
                    cells::fixed(&found.wald.map(|w| w.statistic), 1),
                    cells::count(&found.wald.map(|w| w.terms)),
                    cells::p_value(&found.wald.map(|w| w.p)),
                ];
                rows.push(row(std::mem::take(&mut section), tested));
            }
            made.push(result);
        }
    }
    let mut own =
        vec!["Wald tests that all coefficients of the named terms are zero, from the model’s own covariance.".into()];
    own.extend(notes::inference(config, &made));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}
