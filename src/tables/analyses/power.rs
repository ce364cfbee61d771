//! Power in small simulated studies: table, words for the figure, machine rows. Arranges released values.

use super::super::cells::{self, blank, head, numbers, percent, points, ratio, row, words};
use super::super::notes::{Rests, finish};
use super::super::results::NONE;
use super::super::types::{Cell, Table};
use super::super::{outcome_id, outcome_label};
use super::{Key, alone, line};
use crate::config::{Config, Exhibit, Power};
use crate::disclosure::{PowerFound, PowerOutcome, PowerRow, Released, Share};
use crate::format;

/// What to do where there is no run to show.
const AGAIN: &str = "offprint simulate --power makes one";

fn share(x: &Released<Share>) -> Cell {
    cells::released(x, 2, |x| numbers(format!("{} ({})", percent(x[0]), percent(x[1])), &x[..2]))
}

fn chance(x: &Released<f64>) -> Cell {
    cells::released(x, 1, |x| numbers(percent(*x), &[*x]))
}

/// One row per outcome and effect, and one for what this study can find.
pub(super) fn power(config: &Config, plan: &Power, found: &PowerFound, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Odds ratio", &["outcome", "label", "effect", "odds_ratio"], true),
        head("Simulated studies", &["fitted", "replications"], true),
        head("Power, % (Monte Carlo error)", &["power", "power_error"], true),
        head("By formula, %", &["power_formula"], true),
        head("Interval holds the truth, % (error)", &["coverage", "coverage_error"], true),
        head("Bias, log odds (error)", &["bias", "bias_error"], true),
        head("Power of this study, by formula, %", &["power_here"], true),
    ];
    let mut rows = Vec::new();
    for outcome in &found.outcomes {
        let label = outcome_label(config, outcome.outcome);
        let id = outcome_id(config, outcome.outcome);
        let mut section = label.clone();
        for one in found.of(outcome.outcome) {
            rows.push(row(std::mem::take(&mut section), simulated(&id, &label, one)));
        }
        rows.push(row(std::mem::take(&mut section), detectable(config, &id, &label, outcome)));
    }
    finish(config, exhibit, Rests::Responses, heads, rows, notes(config, plan, found))
}

fn simulated(id: &str, label: &str, one: &PowerRow) -> Vec<Cell> {
    let ratio = format::plain(one.odds_ratio);
    let text = if one.effect == "truth" { format!("{ratio} (its own truth)") } else { ratio.clone() };
    let (fitted, all) = (one.fitted, one.replications);
    let many = if fitted == all { format::count(all) } else { format!("{} of {all}", format::count(fitted)) };
    let bias = |b: &[f64; 2]| numbers(format!("{} ({})", format::fixed(b[0], 4), format::fixed(b[1], 4)), b);
    vec![
        words(text, &[id, label, &one.effect, &ratio]),
        numbers(many, &[fitted as f64, all as f64]),
        share(&one.power),
        chance(&one.formula),
        share(&one.coverage),
        cells::released(&one.bias, 2, bias),
        chance(&one.here),
    ]
}

/// The smallest effect that this study finds with the stated power, which is the last cell.
fn detectable(config: &Config, id: &str, label: &str, outcome: &PowerOutcome) -> Vec<Cell> {
    let first = match (outcome.detectable_ratio.shown(), outcome.detectable.shown()) {
        (Some(x), Some(effect)) => {
            let text = format!("{} (detectable here: {} percentage points)", ratio(*x), points(*effect));
            words(text, &[id, label, "detectable", &format::plain(*x)])
        }
        _ => words("detectable here: not shown", &[id, label, "detectable", ""]),
    };
    let power = outcome.detectable_ratio.map(|_| config.tests.power);
    vec![first, blank(2), blank(2), blank(1), blank(2), blank(2), chance(&power)]
}

fn notes(config: &Config, plan: &Power, found: &PowerFound) -> Vec<String> {
    if !found.problem.is_empty() {
        return vec![format!("No simulated studies are shown: {}; {AGAIN}.", found.problem)];
    }
    let (size, terms) = (&plan.size, &config.terms);
    let mut notes = vec![format!(
        "Simulated studies of {} {}, {} {} and {} {} each, made from the truth in the config with the odds ratio per {} \
         given, whatever this study’s own data are; not observed. Power: share in which the main model’s p value is \
         below {}.",
        format::count(size.responders),
        terms.response[1],
        format::count(size.practices as u64),
        terms.practice[1],
        format::count(size.clusters as u64),
        terms.cluster[1],
        terms.exposure_unit,
        format::plain(config.tests.alpha)
    )];
    notes.push(
        "By formula: from the root mean square of the studies’ standard errors; of this study: from its own standard \
         error, taken as known. Monte Carlo errors are those of so many simulated studies."
            .into(),
    );
    notes
}

/// The figure in words.
pub(super) fn alt(config: &Config, plan: &Power, found: &PowerFound) -> Vec<String> {
    if !found.problem.is_empty() {
        return vec![format!("Nothing is drawn: {}; {AGAIN}.", found.problem)];
    }
    let mut text = vec![format!(
        "Share of simulated studies of {} {} in which the main model finds a difference, by true odds ratio, one panel \
         per outcome: points with 95% Monte Carlo intervals, and the curve that the formula gives.",
        format::count(plan.size.responders),
        config.terms.response[1]
    )];
    for outcome in &found.outcomes {
        let shown = |row: &PowerRow| {
            let share = row.power.shown()?;
            Some(format!("{}% at {}", percent(share[0]), format::plain(row.odds_ratio)))
        };
        let all: Vec<String> = found.of(outcome.outcome).filter_map(shown).collect();
        let short = config.outcomes.get(outcome.outcome).map_or("", |outcome| outcome.short.as_str());
        if !all.is_empty() {
            text.push(format!("{short}: {}.", cells::listed(&all)));
        }
    }
    text
}

/// Rows of `results.csv`: `odds_ratio=1.06` is what studies were made with.
pub(super) fn results_rows(config: &Config, found: &PowerFound) -> Vec<Vec<String>> {
    let interval = |x: &Released<Share>| x.map(|[p, error, low, high]| [*p, *error, *low, *high, NONE, NONE]);
    let mut rows = Vec::new();
    for one in &found.rows {
        let outcome = outcome_id(config, one.outcome);
        let subgroup = format!("odds_ratio={}", one.effect);
        let mut add = |quantity: &str, value: &Released<[f64; 6]>| {
            let key = Key { analysis: "power", outcome: &outcome, subgroup: &subgroup, term: "exposure", quantity };
            rows.push(line(key, value, None, None));
        };
        add("power", &interval(&one.power));
        add("power_formula", &one.formula.map(|x| alone(*x)));
        add("coverage", &interval(&one.coverage));
        add("bias", &one.bias.map(|[bias, error]| [*bias, *error, NONE, NONE, NONE, NONE]));
        add("power_of_this_study", &one.here.map(|x| alone(*x)));
    }
    for one in &found.outcomes {
        let outcome = outcome_id(config, one.outcome);
        let values =
            [("detectable_odds_ratio", one.detectable_ratio.map(|x| alone(*x))), ("coverage", interval(&one.coverage))];
        for (quantity, value) in values {
            let key = Key { analysis: "power", outcome: &outcome, subgroup: "", term: "exposure", quantity };
            rows.push(line(key, &value, None, None));
        }
    }
    rows
}
