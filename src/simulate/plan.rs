//! The config's truth compiled for one wave: tables in the order they are drawn, effects by place.
//! Must not know practices or random streams.

use super::draw::{Parent, Table, Thresholds, WIDTH, thresholds};
use super::random::column_number;
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
    /// Number of its random stream.
    pub(super) random: u64,
    /// Log odds by outcome of the plan, then by place of the code; none where all are 0.
    pub(super) effects: Vec<Option<[f64; WIDTH]>>,
    /// Log odds per unit of exposure, likewise.
    pub(super) slopes: Vec<Option<[f64; WIDTH]>>,
    /// Factor of the weight by place of the code; none where it has no say.
    pub(super) weight: Option<[f64; WIDTH]>,
}

/// One outcome.
pub(super) struct OutcomePlan {
    /// Index into the config's outcomes.
    pub(super) at: usize,
    pub(super) column: usize,
    /// Numbers of its random streams: answer, success, code.
    pub(super) random: [u64; 3],
    /// Log odds per unit of exposure.
    pub(super) slope: f64,
    /// Exposure of a bend and the log odds per unit above it.
    pub(super) kink: Option<(f64, f64)>,
    /// Log odds per year and unit of mean later exposure.
    pub(super) trend: f64,
    /// Share of successes to be met.
    pub(super) level: f64,
    /// Steps that decide who is asked, with the accepted places.
    pub(super) base: Vec<(usize, Vec<bool>)>,
    /// Who gives a usable answer.
    pub(super) answers: Table,
    /// Codes of failures, then of successes.
    pub(super) codes: [Codes; 2],
}

/// Codes with their shares.
pub(super) struct Codes {
    pub(super) codes: [i8; WIDTH + 1],
    pub(super) row: Thresholds,
}

impl Codes {
    fn new(shares: &BTreeMap<i8, f64>) -> Self {
        let weights: Vec<f64> = shares.values().copied().collect();
        let mut codes = [0; WIDTH + 1];
        for (place, code) in codes.iter_mut().zip(shares.keys()) {
            *place = *code;
        }
        Self { codes, row: thresholds(&weights) }
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
            let effect = |truth: &OutcomeTruth| by_place(&table, truth.effects.get(*id), 0.0);
            let effects = truths.iter().map(|(_, truth)| effect(truth)).collect();
            let slope = |truth: &OutcomeTruth| by_place(&table, truth.exposure_by.get(*id), 0.0);
            let slopes = truths.iter().map(|(_, truth)| slope(truth)).collect();
            let factors = simulation.weights.as_ref().and_then(|weights| weights.by.get(*id));
            let weight = by_place(&table, factors, 1.0);
            let random = column_number(&format!("item {id}"));
            steps.push(Step { column: *column, random, table, effects, slopes, weight });
        }
        let mut outcomes = Vec::with_capacity(truths.len());
        for (at, truth) in truths {
            let outcome = &config.outcomes[at];
            let Some(column) = outcome.items[wave].as_deref().and_then(column) else { continue };
            let answers = Table::new(&truth.left_out, label, &parents(&entries, &steps, &truth.left_out)?, true);
            outcomes.push(OutcomePlan {
                at,
                column,
                random: ["answer", "success", "code"].map(|what| column_number(&format!("{what} {}", outcome.id))),
                slope: num::ln(truth.odds_ratio),
                kink: truth.kink.map(|kink| (kink.at, num::ln(kink.odds_ratio))),
                trend: truth.trend,
                level: truth.levels.get(&label).copied().unwrap_or(0.5),
                base: base(&outcome.base, &steps, items)?,
                answers,
                codes: [Codes::new(&truth.failure), Codes::new(&truth.success)],
            });
        }
        Ok(Self { steps, outcomes })
    }
}

impl OutcomePlan {
    /// Log odds at an exposure.
    pub(super) fn dose(&self, exposure: f64) -> f64 {
        match self.kink {
            Some((at, above)) if exposure > at => self.slope * at + above * (exposure - at),
            _ => self.slope * exposure,
        }
    }

    /// Whether the responder in `row` is asked.
    #[inline]
    pub(super) fn asked(&self, places: &[Vec<u8>], row: usize) -> bool {
        self.base.iter().fold(true, |asked, (step, accepted)| asked & accepted[usize::from(places[*step][row])])
    }
}

/// Values by place instead of code.
fn by_place(table: &Table, values: Option<&BTreeMap<i8, f64>>, otherwise: f64) -> Option<[f64; WIDTH]> {
    let values = values?;
    let mut by_place = [otherwise; WIDTH];
    for (place, code) in by_place.iter_mut().zip(&table.codes) {
        *place = values.get(code).copied().unwrap_or(otherwise);
    }
    Some(by_place)
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
