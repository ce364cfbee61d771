//! The simulated survey: how many respond where, then every responder, in parallel over fixed
//! chunks. Must not know files.

use super::calibrate::{Calibration, calibrate};
use super::person::{Batch, Job};
use super::plan::Plan;
use super::random::{column_number, key};
use super::responders::{Sites, surveyed};
use super::world::World;
use crate::config::{Config, Scale, Simulation};
use crate::error::Result;
use crate::ingest::{ABSENT, Item, Survey};
use crate::num;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Practice-waves per parallel chunk.
const CHUNK: usize = 64;
/// Quantiles of the weight's distribution.
const QUANTILES: usize = 4096;
/// Weights come with four decimals, so that files hold them exactly.
const DECIMALS: f64 = 1e4;

/// Responders of `world`, wave after wave, by practice. `exposure` gives the true exposure of a
/// practice (index into [`World::practices`]) in a wave; where it gives none, nobody responds.
///
/// # Errors
/// When the section cannot be compiled into tables, or nobody can respond.
pub fn survey_of(
    config: &Config,
    simulation: &Simulation,
    scale: &Scale,
    world: &World,
    exposure: &dyn Fn(usize, usize) -> Option<f64>,
    tell: &(dyn Fn(u64, u64) + Sync),
) -> Result<Survey> {
    let items = config.items();
    let plans = (0..config.waves.len())
        .map(|wave| Plan::new(config, simulation, &items, wave))
        .collect::<Result<Vec<Plan>>>()?;
    let labels: Vec<String> = config.waves.iter().map(i32::to_string).collect();
    let sites = Sites { config, simulation, world, exposure };
    let responders = sites.responders(scale)?;
    let index = surveyed(&responders, world.practices.len());
    let jobs = sites.jobs(&plans, &labels, &responders, &index);
    let seed = config.study.seed;
    let solved: Vec<Calibration> =
        plans.par_iter().zip(&jobs).map(|(plan, jobs)| calibrate(seed, plan, jobs)).collect();
    let mut survey = empty(&items, &responders, simulation.weights.is_some());
    let names = world.practices.iter().enumerate();
    survey.practices =
        names.filter(|(at, _)| index[*at] != u32::MAX).map(|(_, practice)| practice.code.clone()).collect();
    let maker = Maker {
        seed,
        simulation,
        plans: &plans,
        solved: &solved,
        quantiles: quantiles(simulation),
        weights: column_number("weight"),
    };
    let jobs: Vec<Job<'_>> = jobs.into_iter().flatten().collect();
    let all = survey.practice.len() as u64;
    let done = AtomicU64::new(0);
    chunks(&mut survey, &jobs).into_par_iter().for_each(|chunk| {
        let rows = chunk.practice.len() as u64;
        maker.fill(chunk);
        tell(done.fetch_add(rows, Ordering::Relaxed) + rows, all);
    });
    Ok(survey)
}

fn empty(items: &[String], responders: &[Vec<u64>], weighted: bool) -> Survey {
    let rows = responders.iter().flatten().sum::<u64>() as usize;
    let items = items.par_iter().map(|name| Item { name: name.clone(), codes: vec![ABSENT; rows] }).collect();
    let weight = weighted.then(|| vec![0.0; rows]);
    Survey { practice: vec![0; rows], wave: vec![0; rows], items, weight, ..Survey::default() }
}

/// Standard normal quantiles at the middles of equal shares, turned into weights of mean 1.
fn quantiles(simulation: &Simulation) -> Vec<f64> {
    let Some(weights) = &simulation.weights else { return Vec::new() };
    let middle = |at: usize| (at as f64 + 0.5) / QUANTILES as f64;
    let raw: Vec<f64> = (0..QUANTILES).map(|at| num::exp(weights.spread * num::normal_quantile(middle(at)))).collect();
    let mean = num::sum(raw.iter().copied()) / QUANTILES as f64;
    raw.into_iter().map(|value| value / mean).collect()
}

/// The part of the survey that one chunk of jobs fills.
struct Chunk<'a> {
    jobs: &'a [Job<'a>],
    practice: &'a mut [u32],
    wave: &'a mut [u8],
    items: Vec<&'a mut [i8]>,
    weight: Option<&'a mut [f64]>,
}

/// Cuts the survey's columns where the chunks of `jobs` end.
fn chunks<'a>(survey: &'a mut Survey, jobs: &'a [Job<'a>]) -> Vec<Chunk<'a>> {
    let mut practice = survey.practice.as_mut_slice();
    let mut wave = survey.wave.as_mut_slice();
    let mut items: Vec<&mut [i8]> = survey.items.iter_mut().map(|item| item.codes.as_mut_slice()).collect();
    let mut weight = survey.weight.as_deref_mut();
    let mut chunks = Vec::with_capacity(jobs.len() / CHUNK + 1);
    for jobs in jobs.chunks(CHUNK) {
        let rows = jobs.iter().map(|job| job.responders as usize).sum();
        chunks.push(Chunk {
            jobs,
            practice: take(&mut practice, rows),
            wave: take(&mut wave, rows),
            items: items.iter_mut().map(|item| take(item, rows)).collect(),
            weight: weight.as_mut().map(|weight| take(weight, rows)),
        });
    }
    chunks
}

fn take<'a, T>(from: &mut &'a mut [T], rows: usize) -> &'a mut [T] {
    let (head, tail) = std::mem::take(from).split_at_mut(rows);
    *from = tail;
    head
}

/// What every chunk needs.
struct Maker<'a> {
    seed: u64,
    simulation: &'a Simulation,
    plans: &'a [Plan],
    solved: &'a [Calibration],
    quantiles: Vec<f64>,
    /// Number of the weights' random stream.
    weights: u64,
}

impl Maker<'_> {
    fn fill(&self, mut chunk: Chunk<'_>) {
        let mut start = 0;
        let (mut batch, mut bits) = (Batch::default(), Vec::new());
        for job in chunk.jobs {
            let (plan, solved) = (&self.plans[job.wave], &self.solved[job.wave]);
            let terms: Vec<f64> = job.terms.iter().zip(&solved.terms).map(|(own, wave)| own + wave).collect();
            let key = key(self.seed, "survey", &[job.code, job.wave_label]);
            let people = job.responders as usize;
            let rows = start..start + people;
            start = rows.end;
            chunk.practice[rows.clone()].fill(job.practice);
            chunk.wave[rows.clone()].fill(job.wave as u8);
            batch.items(plan, job, &terms, &key, people);
            for (step, places) in plan.steps.iter().zip(&batch.places) {
                for (code, place) in chunk.items[step.column][rows.clone()].iter_mut().zip(places) {
                    *code = step.table.codes[usize::from(*place)];
                }
            }
            for (at, outcome) in plan.outcomes.iter().enumerate() {
                let out = &mut chunk.items[outcome.column][rows.clone()];
                batch.outcome(plan, job, at, &key, self.simulation.not_asked, out);
            }
            if let Some(weight) = &mut chunk.weight {
                bits.resize(people, 0);
                key.words(self.weights, &mut bits);
                self.weigh(&bits, &batch.factors, solved.weight, &mut weight[rows]);
            }
        }
    }

    /// Weights from random words and factors, `mean` being the factors' mean.
    fn weigh(&self, bits: &[u32], factors: &[f64], mean: f64, out: &mut [f64]) {
        for ((out, bits), factor) in out.iter_mut().zip(bits).zip(factors) {
            let value = self.quantiles[*bits as usize >> 20] * factor / mean;
            // Rounded by cutting off: `round` is a call on older processors.
            *out = f64::from(((value * DECIMALS + 0.5) as u32).max(1)) / DECIMALS;
        }
    }
}
