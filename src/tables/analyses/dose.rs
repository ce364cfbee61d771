//! The association by amount of exposure: categories, joint tests. Arranges released values.

use super::super::cells::{self, blank, count, fixed, head, numbers, points, ratio, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::estimate;
use super::super::types::{Cell, Row, Table};
use super::super::{outcome_id, outcome_label};
use super::joint::{joint_words, wald, wald_head, wald_rows};
use super::timing::{as_ratio, logit};
use super::{Key, alone, line};
use crate::config::{Config, Exhibit};
use crate::disclosure::{DoseFound, DoseOutcome, DoseRange, JointTested, Released};
use crate::format::{self, plain};

/// Words for a range of the exposure.
fn range(range: &DoseRange) -> String {
    let from = plain(range.from);
    match range.to {
        Some(to) if range.from == 0.0 => format!("Above 0, up to {}", plain(to)),
        Some(to) => format!("Above {from}, up to {}", plain(to)),
        None => format!("Above {from}"),
    }
}

/// Categories against none.
pub(super) fn dose(config: &Config, found: &DoseFound, exhibit: &Exhibit) -> Table {
    let mut heads = vec![
        head("Exposure", &["outcome", "above", "up_to"], false),
        head(format!("{}, n", cells::capital(&config.terms.response[1])), &["n"], true),
        head("Mean exposure", &["mean_exposure"], true),
        head("Percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true),
    ];
    heads.extend(
        logit(config).then(|| head("Odds ratio (95% CI)", &["odds_ratio", "odds_ratio_low", "odds_ratio_high"], true)),
    );
    let mut rows: Vec<Row> = Vec::new();
    for outcome in &found.outcomes {
        let id = outcome_id(config, outcome.outcome);
        let mut none = vec![
            words("None", &[&id, "", "0"]),
            count(&outcome.unexposed),
            numbers(format::fixed(0.0, 2), &[0.0]),
            Cell { text: "reference".into(), ..blank(3) },
        ];
        none.extend(logit(config).then(|| Cell { text: "reference".into(), ..blank(3) }));
        rows.push(row(outcome_label(config, outcome.outcome), none));
        for category in &outcome.categories {
            let to = category.to.map(plain).unwrap_or_default();
            let mut cells = vec![
                words(range(category), &[&id, &plain(category.from), &to]),
                count(&category.n),
                fixed(&category.mean, 2),
                cells::with_interval(&category.effect, points),
            ];
            cells.extend(logit(config).then(|| cells::with_interval(&as_ratio(&category.coefficient), ratio)));
            rows.push(row("", cells));
        }
    }
    let own = vec![
        format!("Exposure: {}.", config.exposure.label),
        "Percentage points: difference in the mean predicted share from no exposure, everything else as it was, with \
         the delta method over all parameters."
            .into(),
        notes::adjustment(config, 0).unwrap_or_default(),
    ];
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// Joint tests of the categories and of the spline.
pub(super) fn tests(config: &Config, found: &DoseFound, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Outcome", &["outcome"], false),
        wald_head("Categories, Wald χ²", ["categories_wald", "categories_terms", "categories_df"]),
        head("p (categories)", &["categories_p"], true),
        wald_head("Spline, Wald χ²", ["spline_wald", "spline_terms", "spline_df"]),
        head("p (spline)", &["spline_p"], true),
        wald_head("Non-linearity, Wald χ²", ["bend_wald", "bend_terms", "bend_df"]),
        head("p (non-linearity)", &["bend_p"], true),
    ];
    let p = |test: &Released<JointTested>| cells::p_value(&test.map(|wald| wald.p));
    let one = |outcome: &DoseOutcome| {
        let tests = [&outcome.categories_test, &outcome.overall, &outcome.bend];
        let mut cells = vec![words(outcome_label(config, outcome.outcome), &[&outcome_id(config, outcome.outcome)])];
        cells.extend(tests.into_iter().flat_map(|test| [wald(test), p(test)]));
        row("", cells)
    };
    let own = vec![spline(found), joint_words(config)];
    finish(config, exhibit, Rests::Responses, heads, found.outcomes.iter().map(one).collect(), own)
}

fn spline(found: &DoseFound) -> String {
    let knots = found.knots.shown().map(|knots| knots.iter().map(|x| plain(*x)).collect::<Vec<_>>());
    let knots = knots.map_or_else(|| cells::NOT_RELEASED.to_string(), |knots| cells::listed(&knots));
    format!(
        "Restricted cubic spline with knots at {knots}. Non-linearity: joint test of the spline’s terms other than the \
         straight line."
    )
}

/// Alternative text of the curves.
pub(super) fn alt(config: &Config, found: &DoseFound) -> Vec<String> {
    let mut sentences = vec![format!(
        "Percentage points against no exposure along {}: a restricted cubic spline with its 95% band, bins behind it \
         and the number of {} under it.",
        config.exposure.label, config.terms.response[1]
    )];
    for outcome in &found.outcomes {
        let at = |at: usize| outcome.curve.get(at).filter(|point| point.effect.shown().is_some());
        let said = [outcome.curve.len() / 2, outcome.curve.len().saturating_sub(1)].into_iter().filter_map(at);
        let said: Vec<String> = said
            .filter_map(|point| {
                let text = cells::interval_text(point.effect.shown()?, points);
                Some(format!("{text} at {}", format::fixed(point.at, 1)))
            })
            .collect();
        let said = if said.is_empty() { cells::NOT_RELEASED.to_string() } else { cells::listed(&said) };
        let bend = outcome.bend.shown().map(|w| format!("; non-linearity p {}", format::p_value(w.p)));
        sentences.push(format!("{}: {said}{}.", outcome_label(config, outcome.outcome), bend.unwrap_or_default()));
    }
    sentences
}

/// Categories, bins, curve and tests.
pub(super) fn results_rows(config: &Config, found: &DoseFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for outcome in &found.outcomes {
        let id = outcome_id(config, outcome.outcome);
        let key = |term: &'static str| Key { analysis: "dose", outcome: "", subgroup: "", term, quantity: "" };
        let of = |kind: &str, range: &DoseRange| match range.to {
            Some(to) => format!("{kind}={} to {}", plain(range.from), plain(to)),
            None => format!("{kind}=above {}", plain(range.from)),
        };
        for (kind, ranges) in [("category", &outcome.categories), ("bin", &outcome.bins)] {
            for one in ranges {
                let term = of(kind, one);
                let mean = one.mean.map(|x| alone(*x));
                let quantities = [
                    ("coefficient", estimate(&one.coefficient)),
                    ("predicted_difference", estimate(&one.effect)),
                    ("mean_exposure", mean),
                ];
                for (quantity, numbers) in quantities {
                    let key = Key { outcome: &id, term: &term, quantity, ..key("") };
                    rows.push(line(key, &numbers, Some(&one.n), Some(&outcome.clusters)));
                }
            }
        }
        for point in &outcome.curve {
            let term = format!("spline={}", plain(point.at));
            for (quantity, value) in [("coefficient", &point.coefficient), ("predicted_difference", &point.effect)] {
                let key = Key { outcome: &id, term: &term, quantity, ..key("") };
                rows.push(line(key, &estimate(value), Some(&outcome.n), Some(&outcome.clusters)));
            }
        }
        let tests =
            [("categories", &outcome.categories_test), ("spline", &outcome.overall), ("non_linearity", &outcome.bend)];
        for (term, test) in tests {
            for (quantity, numbers) in wald_rows(test) {
                let key = Key { outcome: &id, quantity, ..key(term) };
                rows.push(line(key, &numbers, Some(&outcome.n), Some(&outcome.clusters)));
            }
        }
    }
    for at in 0..found.knots.shown().map_or(0, Vec::len) {
        let term = format!("knot={}", at + 1);
        let key = Key { analysis: "dose", outcome: "", subgroup: "", term: &term, quantity: "knot" };
        rows.push(line(key, &found.knots.map(|knots| alone(knots[at])), None, None));
    }
    rows
}
