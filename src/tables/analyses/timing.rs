//! Timing of the association: by wave, by years before and after, placebos. Arranges released values.

use super::super::breaks;
use super::super::cells::{self, blank, count, head, points, ratio, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::{estimate, p_row};
use super::super::types::{Cell, Head, Row, Table};
use super::super::{outcome_id, outcome_label, wave_label};
use super::joint::{joint_words, wald, wald_head, wald_rows};
use super::{Key, line};
use crate::config::{Config, Exhibit, Family};
use crate::disclosure::{Estimate, Look, Released, TimedRow, TimedTest, TimingFound};
use crate::{format, num};

/// Whether coefficients are log odds ratios.
pub(super) fn logit(config: &Config) -> bool {
    config.models.first().is_none_or(|model| model.family == Family::Logit)
}

/// The odds ratio of a log odds ratio.
pub(super) fn as_ratio(found: &Released<Estimate>) -> Released<Estimate> {
    found.map(|e| Estimate {
        estimate: num::exp(e.estimate),
        low: num::exp(e.low),
        high: num::exp(e.high),
        ..e.clone()
    })
}

fn heads(config: &Config) -> Vec<Head> {
    let mut heads = vec![
        head("Exposure", &["outcome", "look", "at"], false),
        head(format!("{}, n", cells::capital(&config.terms.response[1])), &["n"], true),
        head("Percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true),
    ];
    heads.extend(
        logit(config).then(|| head("Odds ratio (95% CI)", &["odds_ratio", "odds_ratio_low", "odds_ratio_high"], true)),
    );
    heads
}

fn cells_of(config: &Config, found: &TimedRow, outcome: &str, label: &str) -> Vec<Cell> {
    let at = found.at.to_string();
    let mut cells = vec![
        words(label, &[outcome, found.look.word(), &at]),
        count(&found.n),
        cells::with_interval(&found.effect, points),
    ];
    cells.extend(logit(config).then(|| cells::with_interval(&as_ratio(&found.coefficient), ratio)));
    cells
}

/// Words for a row.
fn label(config: &Config, found: &TimedRow) -> String {
    let years = |n: i64| if n == 1 { "one year".to_string() } else { format!("{n} years") };
    match (found.look, found.at) {
        (Look::Event, wave) => {
            usize::try_from(wave).map_or_else(|_| String::new(), |wave| breaks::marked(config, found.outcome, wave))
        }
        (Look::Path, 0) => "Of the year".into(),
        (Look::Path, at) if at < 0 => format!("Of {} later", years(-at)),
        (Look::Path, at) => format!("Of {} before", years(at)),
        (Look::Shift, at) => format!("Moved back by {}", years(at)),
        (Look::Control, _) => String::new(),
    }
}

/// Coefficients by wave and by years before and after, with their joint tests.
pub(super) fn timing(config: &Config, found: &TimingFound, exhibit: &Exhibit) -> Table {
    let mut heads = heads(config);
    heads.push(wald_head("Wald χ²", ["wald", "wald_terms", "wald_df"]));
    heads.push(head("p", &["p_value"], true));
    let mut rows: Vec<Row> = Vec::new();
    let plan = config.analyses.timing.clone().unwrap_or_default();
    for outcome in &plan.outcomes {
        let id = outcome_id(config, *outcome);
        for (look, words) in [(Look::Event, "later provision, by wave"), (Look::Path, "exposure of other years")] {
            let mut section = format!("{}: {words}", outcome_label(config, *outcome));
            for one in found.rows.iter().filter(|row| row.look == look && row.outcome == *outcome) {
                let mut cells = cells_of(config, one, &id, &label(config, one));
                cells.extend([blank(3), cells::p_value(&one.coefficient.map(|e| e.p))]);
                rows.push(row(std::mem::take(&mut section), cells));
            }
            for test in found.tests.iter().filter(|test| test.look == look && test.outcome == *outcome) {
                rows.push(tested(config, test, &id));
            }
        }
    }
    finish(
        config,
        exhibit,
        Rests::Responses,
        heads,
        rows,
        notes(config).into_iter().chain(breaks::notes(config, plan.outcomes.iter().copied())).collect(),
    )
}

fn tested(config: &Config, test: &TimedTest, outcome: &str) -> Row {
    let name = match (test.look, test.before) {
        (Look::Event, true) => "Joint test, waves before provision",
        (Look::Event, false) => "Joint test, waves with provision",
        _ => "Joint test, exposure of later years",
    };
    let at = if test.before { "before" } else { "after" };
    let mut cells = vec![words(name, &[outcome, test.look.word(), at]), count(&test.n), blank(3)];
    cells.extend(logit(config).then(|| blank(3)));
    cells.extend([wald(&test.wald), cells::p_value(&test.wald.map(|wald| wald.p))]);
    row("", cells)
}

fn notes(config: &Config) -> Vec<String> {
    let plan = config.analyses.timing.clone().unwrap_or_default();
    let practice = &config.terms.practice[0];
    vec![
        notes::exposure_unit(config),
        format!(
            "Later provision, by wave: the {practice}’s mean exposure over the waves with a census, interacted with the \
             waves; {} is the reference. Exposure of other years: in one model with that of the year, in the waves in \
             which all are known; before the first wave it is {}.",
            wave_label(config, plan.reference),
            format::plain(config.exposure.before_start)
        ),
        "Percentage points: difference in the mean predicted share between one unit and none of the exposure named, \
         everything else as it was, with the delta method over all parameters."
            .into(),
        super::super::notes::adjustment(config, 0).unwrap_or_default(),
        joint_words(config),
    ]
}

/// Exposures moved back, and outcomes that it should not change.
pub(super) fn placebos(config: &Config, found: &TimingFound, exhibit: &Exhibit) -> Table {
    let mut heads = heads(config);
    heads.push(head("p", &["p_value"], true));
    heads.push(head("Equivalence p", &["p_equivalence"], true));
    let mut rows: Vec<Row> = Vec::new();
    let mut last = None;
    for one in found.rows.iter().filter(|row| row.look == Look::Shift) {
        let name = outcome_label(config, one.outcome);
        let section = if last.replace(one.outcome) == Some(one.outcome) { String::new() } else { name };
        rows.push(placebo(config, one, section, &outcome_id(config, one.outcome), &label(config, one)));
    }
    let mut section = "Outcomes that the exposure should not change".to_string();
    for (one, control) in controls(config, found) {
        rows.push(placebo(config, one, std::mem::take(&mut section), &control.id, &control.label));
    }
    let before = "Exposure moved back: the exposure of later waves in waves before any provision, analysed in those \
                  waves alone. "
        .to_string()
        + "An association there cannot be one with workers in post.";
    finish(config, exhibit, Rests::Responses, heads, rows, vec![notes::exposure_unit(config), before])
}

fn placebo(config: &Config, one: &TimedRow, section: String, outcome: &str, label: &str) -> Row {
    let mut cells = cells_of(config, one, outcome, label);
    cells.extend([cells::p_value(&one.coefficient.map(|e| e.p)), cells::p_value(&one.equivalence)]);
    row(section, cells)
}

fn controls<'a>(
    config: &'a Config,
    found: &'a TimingFound,
) -> impl Iterator<Item = (&'a TimedRow, &'a crate::config::Outcome)> {
    let rows = found.rows.iter().filter(|row| row.look == Look::Control);
    rows.filter_map(|row| Some((row, config.controls().get(row.outcome)?)))
}

/// Alternative text of the event study.
pub(super) fn alt(config: &Config, found: &TimingFound) -> Vec<String> {
    let plan = config.analyses.timing.clone().unwrap_or_default();
    let mut sentences = vec![format!(
        "Percentage points per {} of later provision, by wave, with 95% confidence intervals; {} is the reference at 0.",
        config.terms.exposure_unit,
        wave_label(config, plan.reference)
    )];
    for outcome in &plan.outcomes {
        let own = found.rows.iter().filter(|row| row.look == Look::Event && row.outcome == *outcome);
        let each: Vec<String> = own
            .map(|row| {
                let value = row
                    .effect
                    .shown()
                    .map_or_else(|| cells::NOT_RELEASED.to_string(), |e| cells::interval_text(e, points));
                format!("{} {value}", label(config, row).trim_end_matches('†'))
            })
            .collect();
        sentences.push(format!(
            "{}: {}{}.",
            outcome_label(config, *outcome),
            each.join("; "),
            breaks::words(config, *outcome)
        ));
    }
    sentences
}

/// Coefficients and joint tests.
pub(super) fn results_rows(config: &Config, found: &TimingFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for one in &found.rows {
        let outcome = match one.look {
            Look::Control => config.controls().get(one.outcome).map_or_else(String::new, |control| control.id.clone()),
            _ => outcome_id(config, one.outcome),
        };
        let term = match one.look {
            Look::Event => format!("later_exposure:wave={}", label(config, one)),
            Look::Path => format!("exposure:years_ago={}", one.at),
            Look::Shift => format!("exposure:moved_back={}", one.at),
            Look::Control => "exposure".into(),
        };
        let mut quantities =
            vec![("coefficient", estimate(&one.coefficient)), ("predicted_difference", estimate(&one.effect))];
        quantities.extend(logit(config).then(|| ("odds_ratio", estimate(&as_ratio(&one.coefficient)))));
        if matches!(one.look, Look::Shift | Look::Control) && config.tests.smallest_effect.iter().any(Option::is_some) {
            quantities.push(("p_equivalence", p_row(&one.equivalence)));
        }
        for (quantity, numbers) in quantities {
            let key = Key { analysis: one.look.word(), outcome: &outcome, subgroup: "", term: &term, quantity };
            rows.push(line(key, &numbers, Some(&one.n), Some(&one.clusters)));
        }
    }
    for test in &found.tests {
        let term = if test.before { "before" } else { "after" };
        let key = |quantity| Key { analysis: test.look.word(), outcome: "", subgroup: "", term, quantity };
        let outcome = outcome_id(config, test.outcome);
        for (quantity, numbers) in wald_rows(&test.wald) {
            rows.push(line(Key { outcome: &outcome, ..key(quantity) }, &numbers, Some(&test.n), Some(&test.clusters)));
        }
    }
    rows
}
