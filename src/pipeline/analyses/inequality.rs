//! Slope and relative index of inequality by wave, and whether the exposure changes the slope. The rank
//! of a response is the midpoint of its level's share among the wave's responses (its ridit), levels in
//! order. Slope: linear model with one rank slope per wave; relative: the same with Poisson likelihood
//! and log link (Zou 2004 for its errors); the exposure's part: the main model, linear, with the exposure
//! times the rank, beside the unit's mean exposure times the rank.

use super::Study;
use super::split::{Split, level_of, names, of_blocks, split};
use crate::config::{Absorb, Errors, Family, Inequality, Model};
use crate::disclosure::{Estimate, Gate, InequalityFound, InequalityOutcome, InequalityWave, Released};
use crate::model::{self, Column, Fit, FitError};
use crate::num;
use crate::panel::Levels;
use crate::pipeline::{estimate, sample, shown};
use std::collections::BTreeMap;

/// Name of the rank among terms.
const RANK: &str = "rank";
/// Name of the exposure times the rank.
const CHANGE: &str = "exposure:rank";

/// Every outcome's inequality.
pub(super) fn inequality(study: &Study, plan: &Inequality) -> InequalityFound {
    let gradient = gradient_model(study, plan);
    let coding = sample::coding(study.config, study.panel, &gradient);
    let provision = provision_model(study, plan);
    let provision_coding = sample::coding(study.config, study.panel, &provision);
    let all = study.config.outcomes.len() as u64;
    let one = |outcome: usize| {
        (study.progress)("inequality", outcome as u64, all);
        let ranked = Ranked::new(study, plan, &gradient, &coding, outcome);
        let changed = Ranked::new(study, plan, &provision, &provision_coding, outcome).change(&provision);
        ranked.found(&gradient, changed)
    };
    InequalityFound { outcomes: (0..study.config.outcomes.len()).map(one).collect() }
}

fn gradient_model(study: &Study, plan: &Inequality) -> Model {
    let main = &study.config.models[0];
    Model {
        family: Family::Linear,
        covariates: plan.covariates.clone(),
        absorb: Absorb::None,
        wave_effects: true,
        errors: Errors::Cluster,
        cluster_waves: false,
        bootstrap: None,
        contrasts: Vec::new(),
        ..main.clone()
    }
}

fn provision_model(study: &Study, plan: &Inequality) -> Model {
    let main = &study.config.models[0];
    let covariates = main.covariates.iter().copied().filter(|at| *at != plan.by).collect();
    Model { family: Family::Linear, covariates, bootstrap: None, contrasts: Vec::new(), ..main.clone() }
}

/// One outcome's responses with their rank.
struct Ranked<'a> {
    study: &'a Study<'a>,
    outcome: usize,
    split: Split<'a>,
    /// Rank of each block, 0..1.
    rank: Vec<f64>,
    /// Wave of each block.
    wave: Vec<usize>,
    /// Responses by wave.
    n: Vec<u64>,
    /// Whether the rank belongs to practices.
    of_practices: bool,
}

impl<'a> Ranked<'a> {
    fn new(study: &'a Study<'a>, plan: &Inequality, model: &Model, coding: &'a sample::Coding, outcome: usize) -> Self {
        let panel = study.panel;
        let (sample, origin) = sample::sample(study.config, panel, model, coding, outcome);
        let by_block = of_blocks(panel, plan.by);
        let missing = names(study.config, plan.by).len().saturating_sub(1) as u32;
        let numbers = match &panel.covariates[plan.by] {
            Levels::Numbers(numbers) => Some(numbers),
            _ => None,
        };
        let split = split(sample, &origin, |block, row| match numbers {
            Some(numbers) => (!numbers[block].is_nan()).then_some(0),
            None => Some(level_of(panel, plan.by, &by_block, block, row)).filter(|level| *level != missing),
        });
        let wave: Vec<usize> = split.origin.iter().map(|(block, _)| usize::from(panel.blocks[*block].wave)).collect();
        // High scores rank first, as first levels do.
        let key = |at: usize| numbers.map_or(f64::from(split.level[at]), |numbers| -numbers[split.origin[at].0]);
        let keys: Vec<f64> = (0..split.level.len()).map(key).collect();
        let masses = masses(&split);
        let waves = study.config.waves.len();
        let mut rank = vec![0.0; keys.len()];
        let mut n = vec![0; waves];
        for (at, block) in split.sample.blocks.iter().enumerate() {
            let count = split.sample.count.as_ref();
            n[wave[at]] +=
                count.map_or(block.rows.len() as u64, |c| c[block.rows.clone()].iter().map(|c| u64::from(*c)).sum());
        }
        for of in 0..waves {
            let members: Vec<usize> = (0..keys.len()).filter(|at| wave[*at] == of).collect();
            let found = ridits(&members.iter().map(|at| (keys[*at], masses[*at])).collect::<Vec<_>>());
            members.iter().zip(found).for_each(|(at, ridit)| rank[*at] = ridit);
        }
        Self {
            study,
            outcome,
            split,
            rank,
            wave,
            n,
            of_practices: !matches!(panel.covariates[plan.by], Levels::Rows(_)),
        }
    }

    fn waves(&self) -> Vec<usize> {
        (0..self.n.len()).filter(|wave| self.n[*wave] > 0).collect()
    }

    /// Rank within one wave, zero in the others.
    fn rank_column(&self, wave: usize) -> Column {
        let own = self.rank.iter().zip(&self.wave).map(|(rank, of)| if *of == wave { *rank } else { 0.0 });
        Column { name: RANK.into(), level: self.study.config.waves[wave].to_string(), values: own.collect() }
    }

    /// Change of the slope per unit of the exposure.
    fn change(mut self, model: &Model) -> (Released<Estimate>, Released<f64>) {
        let gate = self.study.gate;
        // Beside practice effects, slopes of all waves on a practice's own rank are one too many.
        let skipped = usize::from(self.of_practices && model.absorb != Absorb::None);
        let ranks: Vec<Column> = self.waves().into_iter().skip(skipped).map(|wave| self.rank_column(wave)).collect();
        let exposure = &self.split.sample.columns[0].values;
        let values = exposure.iter().zip(&self.rank).map(|(x, rank)| x * (rank - 0.5)).collect();
        let mean = (!self.of_practices).then(|| self.mean_column());
        self.split.sample.columns.extend(ranks.into_iter().chain(mean));
        self.split.sample.columns.push(Column { name: CHANGE.into(), level: String::new(), values });
        match self.fit("change with the exposure", model, model::Family::Linear) {
            Err(error) => (gate.missing(error.to_string()), gate.missing(error.to_string())),
            Ok(fit) => match fit.terms.iter().position(|term| term.name == CHANGE) {
                None => (gate.missing("the term left the model"), gate.missing("the term left the model")),
                Some(at) => {
                    let found = shown::coefficient(&fit, at);
                    let margin = self.study.config.tests.smallest_effect.get(self.outcome).copied().flatten();
                    let p =
                        margin.map(|margin| model::equivalence(found.estimate, found.std_error, margin, fit.reference));
                    let equivalence =
                        p.map_or_else(|| gate.missing("no smallest effect stated"), |p| gate.value(fit.responses, p));
                    (shown::released(gate, &fit, found), equivalence)
                }
            },
        }
    }

    /// Rank times the mean exposure of the absorbed unit: steeper slopes where there is more of the exposure
    /// at all times are no change with it (Giesselmann and Schmidt-Catran 2022).
    fn mean_column(&self) -> Column {
        let (exposure, masses) = (&self.split.sample.columns[0].values, masses(&self.split));
        let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for ((block, x), mass) in self.split.sample.blocks.iter().zip(exposure).zip(masses) {
            let sum = sums.entry(block.group).or_default();
            *sum = (sum.0 + mass * x, sum.1 + mass);
        }
        let mean = |group: u32| sums.get(&group).map_or(0.0, |(sum, mass)| if *mass > 0.0 { sum / mass } else { 0.0 });
        let values = self.split.sample.blocks.iter().zip(&self.rank).map(|(block, rank)| mean(block.group) * rank);
        Column { name: "mean exposure:rank".into(), level: String::new(), values: values.collect() }
    }

    /// Fits without singling out the exposure.
    fn fit(&self, what: &str, model: &Model, family: model::Family) -> Result<Fit, FitError> {
        let Study { config, panel, .. } = self.study;
        let options = estimate::options(config, panel, model, self.outcome, &self.split.origin);
        let options = model::Options { effect_of: None, family, ..options };
        self.study.fit(&format!("inequality ({what})"), self.outcome, &self.split.sample, &options)
    }

    fn found(mut self, model: &Model, change: (Released<Estimate>, Released<f64>)) -> InequalityOutcome {
        let gate = self.study.gate;
        let waves = self.waves();
        let ranks: Vec<Column> = waves.iter().map(|wave| self.rank_column(*wave)).collect();
        self.split.sample.columns.remove(0);
        self.split.sample.columns.extend(ranks);
        let linear = self.fit("slopes", model, model::Family::Linear);
        self.split.sample.outcome = Some(self.split.sample.success.iter().map(|y| f64::from(*y)).collect());
        let poisson = self.fit("ratios", model, model::Family::Poisson);
        let parts = gate.parts(&self.n);
        let in_wave = |wave: usize, fit: &Result<Fit, FitError>, ratio: bool| match (fit, parts[wave].shown()) {
            (_, None) => parts[wave].map(|_| Estimate {
                estimate: 0.0,
                std_error: 0.0,
                low: 0.0,
                high: 0.0,
                statistic: 0.0,
                p: 1.0,
            }),
            (Err(error), _) => gate.missing(error.to_string()),
            (Ok(fit), _) => self.slope(gate, fit, wave, ratio),
        };
        let rows = waves.iter().map(|wave| InequalityWave {
            wave: *wave,
            n: parts[*wave].clone(),
            slope: in_wave(*wave, &linear, false),
            relative: in_wave(*wave, &poisson, true),
        });
        InequalityOutcome {
            outcome: self.outcome,
            n: gate.count(self.n.iter().sum()),
            waves: rows.collect(),
            change: match (&linear, waves.first(), waves.last()) {
                (Ok(fit), Some(first), Some(last)) if first != last => self.between(gate, fit, *first, *last),
                (Err(error), ..) => gate.missing(error.to_string()),
                _ => gate.missing("one wave only"),
            },
            provision: change.0,
            equivalence: change.1,
        }
    }

    fn term(&self, fit: &Fit, wave: usize) -> Option<usize> {
        let label = self.study.config.waves[wave].to_string();
        fit.terms.iter().position(|term| term.name == RANK && term.level == label)
    }

    fn slope(&self, gate: &Gate, fit: &Fit, wave: usize, ratio: bool) -> Released<Estimate> {
        let Some(at) = self.term(fit, wave) else { return gate.missing("the wave left the model") };
        let found = shown::coefficient(fit, at);
        let scaled = if ratio {
            Estimate {
                estimate: num::exp(found.estimate),
                low: num::exp(found.low),
                high: num::exp(found.high),
                ..found
            }
        } else {
            found
        };
        shown::released(gate, fit, scaled)
    }

    /// The last slope less the first.
    fn between(&self, gate: &Gate, fit: &Fit, first: usize, last: usize) -> Released<Estimate> {
        let (Some(a), Some(b)) = (self.term(fit, first), self.term(fit, last)) else {
            return gate.missing("a wave left the model");
        };
        let k = fit.terms.len();
        let variance = fit.covariance[a * k + a] + fit.covariance[b * k + b] - 2.0 * fit.covariance[a * k + b];
        shown::released(gate, fit, shown::delta(fit, fit.coefficient[b] - fit.coefficient[a], variance.sqrt()))
    }
}

/// Weight of each block: its responses, or their sampling weights.
fn masses(split: &Split) -> Vec<f64> {
    let count = |row: usize| split.sample.count.as_ref().map_or(1.0, |count| f64::from(count[row]));
    let weight = |row: usize| split.sample.weight.as_ref().map_or(1.0, |weight| weight[row]);
    split.sample.blocks.iter().map(|block| num::sum(block.rows.clone().map(|row| count(row) * weight(row)))).collect()
}

/// Midpoint of the share of each `(key, weight)` among all, in order of the keys; equal keys share one
/// (Bross 1958).
pub(super) fn ridits(members: &[(f64, f64)]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|a, b| members[*a].0.total_cmp(&members[*b].0));
    let total = num::sum(order.iter().map(|at| members[*at].1));
    let mut out = vec![0.5; members.len()];
    let (mut below, mut start) = (0.0, 0);
    while start < order.len() {
        let key = members[order[start]].0;
        let end = start + order[start..].iter().take_while(|at| members[**at].0 == key).count();
        let mass = num::sum(order[start..end].iter().map(|at| members[*at].1));
        if total > 0.0 {
            order[start..end].iter().for_each(|at| out[*at] = (below + mass / 2.0) / total);
        }
        below += mass;
        start = end.max(start + 1);
    }
    out
}
