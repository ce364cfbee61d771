//! Cost per additional person. Arranges released values.

use super::super::cells::{self, head, lower, numbers, points, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::{NONE, estimate};
use super::super::types::{Cell, Row, Table};
use super::super::{outcome_id, outcome_label};
use super::{Key, alone, line};
use crate::config::{Config, Costs, Exhibit, InPost, Quantity};
use crate::disclosure::{CostsFound, Released};
use crate::format;

/// Money to the nearest whole unit.
fn money(currency: &str, x: f64) -> String {
    format!("{currency}{}", format::fixed(x, 0))
}

/// `£1,200 (£800 to £2,400)`; without an upper limit where people may be none.
pub(super) fn cost_text(currency: &str, cost: &[Option<f64>; 3]) -> String {
    let [base, low, high] = cost.map(|cost| cost.map(|cost| money(currency, cost)));
    match (base, low, high) {
        (Some(base), Some(low), Some(high)) => format!("{base} ({low} to {high})"),
        (Some(base), Some(low), None) => format!("{base} ({low} to no limit)"),
        (None, Some(low), None) => format!("no additional people ({low} to no limit)"),
        _ => "no additional people".into(),
    }
}

fn cost_cell(currency: &str, cost: &Released<[Option<f64>; 3]>) -> Cell {
    cells::released(cost, 3, |cost| numbers(cost_text(currency, cost), &cost.map(|cost| cost.unwrap_or(f64::NAN))))
}

fn share(x: &Released<f64>) -> Cell {
    cells::released(x, 1, |x| numbers(format!("{}%", cells::percent(*x)), &[*x]))
}

/// One row per outcome.
pub(super) fn costs(config: &Config, found: &CostsFound, exhibit: &Exhibit) -> Table {
    let plan = config.analyses.costs.as_ref();
    let currency = plan.map_or("", |plan| plan.currency.as_str());
    let referred = plan.is_some_and(|plan| plan.referred.is_some());
    let mut heads = vec![
        head("Outcome", &["outcome", "label"], false),
        head("Additional people with the better answer (95% CI)", &["people", "people_low", "people_high"], true),
        head(format!("Cost of each, {currency} (at the limits)"), &["cost", "cost_low", "cost_high"], true),
        head("Draws with additional people", &["probability_better"], true),
    ];
    heads.extend(referred.then(|| {
        head(
            "Implied effect per person referred, percentage points (95% CI)",
            &["referred", "referred_low", "referred_high"],
            true,
        )
    }));
    let rows: Vec<Row> = found
        .outcomes
        .iter()
        .map(|outcome| {
            let label = outcome_label(config, outcome.outcome);
            let mut cells = vec![
                words(label.clone(), &[&outcome_id(config, outcome.outcome), &label]),
                cells::with_interval(&outcome.people, cells::people),
                cost_cell(currency, &outcome.cost),
                share(&outcome.better),
            ];
            cells.extend(referred.then(|| cells::with_interval(&outcome.referred, points)));
            row("", cells)
        })
        .collect();
    let mut own = vec![notes::exposure_unit(config)];
    own.extend(plan.map(|plan| how(config, plan, found)).unwrap_or_default());
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn stated(quantity: &Quantity) -> String {
    let range = match quantity.low < quantity.high {
        true => format!(", {} to {}", format::fixed(quantity.low, 0), format::fixed(quantity.high, 0)),
        false => String::new(),
    };
    format!("{} {} ({}{range})", lower(&quantity.label), format::fixed(quantity.value, 0), quantity.distribution.word())
}

fn how(config: &Config, plan: &Costs, found: &CostsFound) -> Vec<String> {
    let text =
        |x: &Released<f64>, digits| x.shown().map_or_else(|| cells::NOT_RELEASED.into(), |x| format::fixed(*x, digits));
    let posts = match &plan.in_post {
        InPost::Census => format!(
            "{} in post {} (last census, scaled up from the {} with a return to all patients)",
            config.terms.amount,
            text(&found.in_post, 0),
            config.terms.cluster[1]
        ),
        InPost::Stated(quantity) => stated(quantity),
    };
    let mut own = vec![
        format!(
            "Cost of one unit of exposure everywhere: {}{} a year, from {}, {posts} and {}.",
            plan.currency,
            text(&found.everywhere, 0),
            stated(&plan.total),
            stated(&plan.patients)
        ),
        format!(
            "Cost of each: that cost over the people; in brackets over the limits of their interval, without a limit \
             where the interval has no additional people. Draws: {} of every quantity as stated and of the effect, normal \
             with its standard error. Associations are not effects: the cost per person holds only if they were.",
            format::count(plan.draws)
        ),
    ];
    own.extend(plan.referred.as_ref().map(|referred| {
        format!(
            "Implied effect per person referred: the average effect at the mean exposure of the last census over the \
             share referred ({}: {}%), if it works through referrals alone, these rise in step with {} in post and \
             responders are referred like everybody.",
            lower(&referred.label),
            cells::percent(referred.share),
            config.terms.amount
        )
    }));
    own
}

/// Alternative text of the one-way figure.
pub(super) fn tornado_alt(config: &Config, found: &CostsFound) -> Vec<String> {
    let Some(plan) = &config.analyses.costs else { return Vec::new() };
    let mut sentences = vec![format!(
        "Cost per additional person, {}, with one quantity at a time at its limits, widest first.",
        lower(&outcome_label(config, plan.figure))
    )];
    for row in &found.one_way {
        let cost = row.cost.shown().map_or_else(
            || cells::NOT_RELEASED.into(),
            |[_, low, high]| {
                let one =
                    |x: &Option<f64>| x.map_or_else(|| "no additional people".into(), |x| money(&plan.currency, x));
                format!("{} and {}", one(low), one(high))
            },
        );
        sentences.push(format!("{}: {cost}.", row.label));
    }
    sentences
}

/// Alternative text of the acceptability curves.
pub(super) fn acceptability_alt(config: &Config, found: &CostsFound) -> Vec<String> {
    let Some(plan) = &config.analyses.costs else { return Vec::new() };
    let most = plan.worth.last().copied().unwrap_or(0.0);
    let mut sentences = vec![format!(
        "Share of draws in which the additional people are worth the cost, by what one is worth, from {} to {}.",
        money(&plan.currency, 0.0),
        money(&plan.currency, most)
    )];
    for outcome in &found.outcomes {
        let short = config.outcomes.get(outcome.outcome).map_or_else(String::new, |o| o.short.clone());
        let last = outcome.acceptable.shown().and_then(|shares| shares.last());
        let text =
            last.map_or_else(|| cells::NOT_RELEASED.into(), |x| format!("{}% at the right end", cells::percent(*x)));
        sentences.push(format!("{short}: {text}."));
    }
    sentences
}

fn key<'a>(outcome: &'a str, subgroup: &'a str, term: &'a str, quantity: &'a str) -> Key<'a> {
    Key { analysis: "costs", outcome, subgroup, term, quantity }
}

/// Costs by outcome, one quantity at a time, acceptability by worth.
pub(super) fn results_rows(config: &Config, found: &CostsFound) -> Vec<Vec<String>> {
    let Some(plan) = &config.analyses.costs else { return Vec::new() };
    let mut rows = Vec::new();
    let three = |cost: &[Option<f64>; 3]| {
        let [base, low, high] = cost.map(|cost| cost.unwrap_or(NONE));
        [base, NONE, low, high, NONE, NONE]
    };
    for (quantity, value) in
        [("in_post", &found.in_post), ("cost_of_each", &found.each), ("cost_everywhere", &found.everywhere)]
    {
        rows.push(line(key("", "", "exposure", quantity), &value.map(|x| alone(*x)), None, None));
    }
    for outcome in &found.outcomes {
        let id = outcome_id(config, outcome.outcome);
        rows.push(line(key(&id, "", "exposure", "additional_people"), &estimate(&outcome.people), None, None));
        rows.push(line(key(&id, "", "exposure", "cost_per_person"), &outcome.cost.map(three), None, None));
        rows.push(line(key(&id, "", "exposure", "probability_better"), &outcome.better.map(|x| alone(*x)), None, None));
        if plan.referred.is_some() {
            rows.push(line(key(&id, "", "exposure", "effect_per_referred"), &estimate(&outcome.referred), None, None));
        }
        for (at, worth) in plan.worth.iter().enumerate() {
            let subgroup = format!("worth={}", format::plain(*worth));
            let share = outcome.acceptable.map(|shares| alone(shares.get(at).copied().unwrap_or(NONE)));
            rows.push(line(key(&id, &subgroup, "exposure", "probability_acceptable"), &share, None, None));
        }
    }
    let id = outcome_id(config, plan.figure);
    for row in &found.one_way {
        rows.push(line(key(&id, "one way", &row.label, "cost_per_person"), &row.cost.map(three), None, None));
    }
    rows
}
