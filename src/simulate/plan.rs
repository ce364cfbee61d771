//! The config's truth compiled for one wave: tables in the order they are drawn, effects by place.
//! Must not know practices or random streams.

use super::draw::{Parent, Table, Thresholds, USABLE, thresholds};
use crate::config::{Config, CovariateKind, Draw, OutcomeTruth, Simulation};
use crate::error::{Problem, Problems, Result};
use crate::num;
use std::collections::BTreeMap;

/// How a responder of one wave is made.
pub(super) struct Plan {
    /// Items in the order they are drawn.
    pub(super) steps: Vec<Step>,
    /// Outcomes of the wave.
    pub(super) outcomes: Vec<OutcomePlan>,
}

/// One item.
pub(super) struct Step {
    /// Column of the survey.
    pub(super) column: usize,
    pub(super) table: Table,
    /// Log odds by place of the code, then by outcome of the plan.
    pub(super) effects: Vec<f64>,
    /// Factor of the weight by place of the code.
    pub(super) weight: Vec<f64>,
}

/// One outcome.
pub(super) struct OutcomePlan {
    /// Id in the config.
    pub(super) id: String,
    pub(super) column: usize,
    /// Log odds per unit of exposure.
    pub(super) slope: f64,
    /// Share of successes to be met.
    pub(super) level: f64,
    /// Steps that decide who is asked, with the accepted places.
    pub(super) base: Vec<(usize, Vec<bool>)>,
    /// Who gives a usable answer.
    pub(super) answers: Table,
    pub(super) success: Codes,
    pub(super) failure: Codes,
}

/// Codes with their shares.
pub(super) struct Codes {
    pub(super) codes: Vec<i8>,
    pub(super) row: Thresholds,
}

impl Codes {
    fn new(shares: &BTreeMap<i8, f64>) -> Self {
        let weights: Vec<f64> = shares.values().copied().collect();
        Self { codes: shares.keys().copied().collect(), row: thresholds(&weights) }
    }
}

/// Drawn items by id or name, with their column and draw.
type Entries<'a> = Vec<(&'a str, usize, &'a Draw)>;

impl Plan {
    /// The plan of a wave; `items` are the survey's columns.
    ///
    /// # Errors
    /// When items depend on each other in a circle, or on an item that the wave does not draw.
    pub(super) fn new(config: &Config, simulation: &Simulation, items: &[String], wave: usize) -> Result<Self> {
        let label = config.waves[wave];
        let column = |item: &str| items.iter().position(|name| name == item);
        let entries = in_order(entries(config, simulation, wave, &column))?;
        let truths: Vec<(usize, &OutcomeTruth)> = config
            .outcomes
            .iter()
            .enumerate()
            .filter(|(_, outcome)| outcome.items[wave].is_some())
            .filter_map(|(at, outcome)| simulation.outcomes.get(&outcome.id).map(|truth| (at, truth)))
            .collect();
        let mut steps: Vec<Step> = Vec::with_capacity(entries.len());
        for (id, column, draw) in &entries {
            let table = Table::new(draw, label, &parents(&entries, &steps, draw)?, false);
            let effect = |code: &i8, truth: &OutcomeTruth| {
                truth.effects.get(*id).and_then(|of| of.get(code)).copied().unwrap_or(0.0)
            };
            let effects =
                table.codes.iter().flat_map(|code| truths.iter().map(move |(_, truth)| effect(code, truth))).collect();
            let factors = simulation.weights.as_ref().and_then(|weights| weights.by.get(*id));
            let factor = |code: &i8| factors.and_then(|factors| factors.get(code)).copied().unwrap_or(1.0);
            let weight = table.codes.iter().map(factor).collect();
            steps.push(Step { column: *column, table, effects, weight });
        }
        let mut outcomes = Vec::with_capacity(truths.len());
        for (at, truth) in truths {
            let outcome = &config.outcomes[at];
            let Some(column) = outcome.items[wave].as_deref().and_then(column) else { continue };
            let answers = Table::new(&truth.left_out, label, &parents(&entries, &steps, &truth.left_out)?, true);
            outcomes.push(OutcomePlan {
                id: outcome.id.clone(),
                column,
                slope: num::ln(truth.odds_ratio),
                level: truth.levels.get(&label).copied().unwrap_or(0.5),
                base: base(&outcome.base, &steps, items)?,
                answers,
                success: Codes::new(&truth.success),
                failure: Codes::new(&truth.failure),
            });
        }
        Ok(Self { steps, outcomes })
    }
}

impl OutcomePlan {
    /// Whether a responder with these places is asked.
    #[inline]
    pub(super) fn asked(&self, places: &[u8]) -> bool {
        self.base.iter().all(|(step, accepted)| accepted[places[*step] as usize])
    }

    /// The code of an answer that is not usable; none for a usable one.
    #[inline]
    pub(super) fn left_out(&self, offset: usize, places: &[u8], bits: u32) -> Option<i8> {
        let code = self.answers.codes[self.answers.draw(offset, places, bits)];
        (code != USABLE).then_some(code)
    }
}

fn entries<'a>(
    config: &'a Config,
    simulation: &'a Simulation,
    wave: usize,
    column: &dyn Fn(&str) -> Option<usize>,
) -> Entries<'a> {
    let mut entries = Entries::new();
    for covariate in &config.covariates {
        if let (CovariateKind::Item { items, .. }, Some(draw)) =
            (&covariate.kind, simulation.covariates.get(&covariate.id))
        {
            entries.extend(
                items.get(wave).and_then(|item| column(item)).map(|column| (covariate.id.as_str(), column, draw)),
            );
        }
    }
    for (item, draw) in &simulation.items {
        entries.extend(column(item).map(|column| (item.as_str(), column, draw)));
    }
    entries
}

/// The entries so that each comes after those it depends on.
fn in_order(mut waiting: Entries<'_>) -> Result<Entries<'_>> {
    let mut ordered: Entries<'_> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = waiting
            .iter()
            .position(|(_, _, draw)| draw.by.keys().all(|parent| ordered.iter().any(|(id, _, _)| id == parent)));
        let Some(ready) = ready else {
            let names: Vec<String> = waiting.iter().map(|(id, _, _)| format!("`{id}`")).collect();
            let what = format!(
                "`simulate` draws {} from each other in a circle, or from an item that is not drawn",
                names.join(", ")
            );
            return Err(Problem::new(what).hint("an item may depend only on items that do not depend on it").into());
        };
        ordered.push(waiting.remove(ready));
    }
    Ok(ordered)
}

fn parents<'a>(entries: &Entries<'_>, steps: &'a [Step], draw: &'a Draw) -> Result<Vec<Parent<'a>>> {
    let mut parents = Vec::with_capacity(draw.by.len());
    let mut problems = Problems::default();
    for (id, shifts) in &draw.by {
        match entries.iter().position(|(entry, _, _)| entry == id).filter(|step| *step < steps.len()) {
            Some(step) => parents.push(Parent { step, codes: &steps[step].table.codes, shifts }),
            None => {
                problems.push(Problem::new(format!("`simulate` makes an item depend on `{id}`, which is not drawn")))
            }
        }
    }
    problems.or(parents)
}

fn base(conditions: &[(String, Vec<i8>)], steps: &[Step], items: &[String]) -> Result<Vec<(usize, Vec<bool>)>> {
    let mut base = Vec::with_capacity(conditions.len());
    let mut problems = Problems::default();
    for (item, accepted) in conditions {
        match steps.iter().position(|step| items[step.column] == *item) {
            Some(step) => {
                base.push((step, steps[step].table.codes.iter().map(|code| accepted.contains(code)).collect()));
            }
            None => {
                problems.push(Problem::new(format!("`simulate` does not draw `{item}`, which decides who is asked")))
            }
        }
    }
    problems.or(base)
}
