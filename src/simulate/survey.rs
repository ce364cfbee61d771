//! The simulated survey: how many respond where, then every responder, in parallel over fixed
//! chunks. Must not know files.

use super::allocate::largest_remainder;
use super::calibrate::{Calibration, calibrate};
use super::person::{Job, Person, draw_items, draw_outcome};
use super::plan::Plan;
use super::random::stream;
use super::world::World;
use crate::config::{Config, Scale, Simulation};
use crate::error::{Problem, Result};
use crate::ingest::{ABSENT, Item, Survey};
use crate::num;
use rayon::prelude::*;

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
) -> Result<Survey> {
    let items = config.items();
    let plans = (0..config.waves.len())
        .map(|wave| Plan::new(config, simulation, &items, wave))
        .collect::<Result<Vec<Plan>>>()?;
    let labels: Vec<String> = config.waves.iter().map(i32::to_string).collect();
    let responders = responders(config, simulation, scale, world, exposure)?;
    let index = surveyed(&responders, world);
    let jobs: Vec<Vec<Job<'_>>> = (0..config.waves.len())
        .map(|wave| {
            let practices = (0..world.practices.len()).filter(|practice| responders[wave][*practice] > 0);
            practices
                .map(|practice| Job {
                    code: &world.practices[practice].code,
                    practice: index[practice],
                    wave_label: &labels[wave],
                    wave,
                    deprivation: world.practices[practice].deprivation,
                    responders: responders[wave][practice] as u32,
                    terms: terms(config, simulation, &plans[wave], world, practice, wave, exposure(practice, wave)),
                })
                .collect()
        })
        .collect();
    let seed = config.study.seed;
    let solved: Vec<Calibration> =
        plans.par_iter().zip(&jobs).map(|(plan, jobs)| calibrate(seed, plan, jobs)).collect();
    let mut survey = empty(&items, &responders, simulation.weights.is_some());
    let names = world.practices.iter().enumerate();
    survey.practices =
        names.filter(|(at, _)| index[*at] != u32::MAX).map(|(_, practice)| practice.code.clone()).collect();
    let maker = Maker { seed, simulation, plans: &plans, solved: &solved, quantiles: quantiles(simulation) };
    let jobs: Vec<Job<'_>> = jobs.into_iter().flatten().collect();
    chunks(&mut survey, &jobs).into_par_iter().for_each(|chunk| maker.fill(chunk));
    Ok(survey)
}

/// Responders by wave, then practice.
fn responders(
    config: &Config,
    simulation: &Simulation,
    scale: &Scale,
    world: &World,
    exposure: &dyn Fn(usize, usize) -> Option<f64>,
) -> Result<Vec<Vec<u64>>> {
    let of_wave: Vec<f64> =
        config.waves.iter().map(|wave| simulation.responders_by_wave.get(wave).copied().unwrap_or(0.0)).collect();
    let truth = &simulation.response;
    let propensity: Vec<f64> = world
        .practices
        .iter()
        .map(|practice| {
            let normal = stream(config.study.seed, "response", &[&practice.code]).normal();
            num::exp(truth.spread * normal + truth.deprivation * practice.deprivation)
        })
        .collect();
    let totals = largest_remainder(scale.responders, &of_wave);
    let mut responders = Vec::with_capacity(totals.len());
    for (wave, total) in totals.into_iter().enumerate() {
        let weight = |practice: usize| {
            let place = world.practices[practice].waves[wave].filter(|_| exposure(practice, wave).is_some());
            place.map_or(0.0, |place| place.patients * propensity[practice])
        };
        let weights: Vec<f64> = (0..world.practices.len()).map(weight).collect();
        let shares = largest_remainder(total, &weights);
        if shares.iter().sum::<u64>() != total {
            let what = format!("no practice with patients in wave {}, so nobody can respond to it", config.waves[wave]);
            return Err(Problem::new(what).into());
        }
        responders.push(shares);
    }
    Ok(responders)
}

/// Index of each practice among those with responders; `u32::MAX` for the others.
fn surveyed(responders: &[Vec<u64>], world: &World) -> Vec<u32> {
    let mut next = 0;
    (0..world.practices.len())
        .map(|practice| {
            if responders.iter().all(|wave| wave[practice] == 0) {
                return u32::MAX;
            }
            next += 1;
            next - 1
        })
        .collect()
}

/// Log odds of a practice in a wave by outcome, without the wave's term.
fn terms(
    config: &Config,
    simulation: &Simulation,
    plan: &Plan,
    world: &World,
    practice: usize,
    wave: usize,
    exposure: Option<f64>,
) -> Vec<f64> {
    let seed = config.study.seed;
    let of = &world.practices[practice];
    let place = of.waves[wave];
    let label = config.waves[wave].to_string();
    let term = |id: &str, slope: f64| {
        let Some(truth) = simulation.outcomes.get(id) else { return 0.0 };
        let own = truth.practice_sd * stream(seed, "practice term", &[id, &of.code]).normal();
        let cluster = place.and_then(|place| place.cluster).filter(|_| truth.cluster_wave_sd > 0.0);
        let shared = cluster.map_or(0.0, |cluster| {
            truth.cluster_wave_sd * stream(seed, "cluster term", &[id, &world.clusters[cluster], &label]).normal()
        });
        own + truth.deprivation * of.deprivation + shared + slope * exposure.unwrap_or(0.0)
    };
    plan.outcomes.iter().map(|outcome| term(&outcome.id, outcome.slope)).collect()
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
}

impl Maker<'_> {
    fn fill(&self, mut chunk: Chunk<'_>) {
        let mut row = 0;
        for job in chunk.jobs {
            let (plan, solved) = (&self.plans[job.wave], &self.solved[job.wave]);
            let offsets = job.offsets(plan);
            let terms: Vec<f64> = job.terms.iter().zip(&solved.terms).map(|(own, wave)| own + wave).collect();
            let mut random = stream(self.seed, "survey", &[job.code, job.wave_label]);
            let mut person = Person::new(plan);
            let rows = row..row + job.responders as usize;
            chunk.practice[rows.clone()].fill(job.practice);
            chunk.wave[rows.clone()].fill(job.wave as u8);
            for row in rows.clone() {
                draw_items(plan, &offsets, &terms, &mut random, &mut person);
                for (step, place) in plan.steps.iter().zip(&person.places) {
                    chunk.items[step.column][row] = step.table.codes[*place as usize];
                }
                for (at, outcome) in plan.outcomes.iter().enumerate() {
                    chunk.items[outcome.column][row] =
                        draw_outcome(plan, &offsets, at, self.simulation.not_asked, &mut random, &person);
                }
                let bits = random.bits();
                if let Some(weight) = &mut chunk.weight {
                    let value = self.quantiles[bits as usize >> 20] * person.factor / solved.weight;
                    weight[row] = (value * DECIMALS).round().max(1.0) / DECIMALS;
                }
            }
            row = rows.end;
        }
    }
}
