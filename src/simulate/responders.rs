//! Who responds where: exact numbers by practice and wave, and what a practice adds to the log odds
//! of each outcome. Must not know how answers are drawn.

use super::allocate::largest_remainder;
use super::person::Job;
use super::plan::Plan;
use super::random::stream;
use super::world::World;
use crate::config::{Config, Scale, Simulation};
use crate::error::{Problem, Result};
use crate::num;
use rayon::prelude::*;

/// The true exposure of a practice (index into [`World::practices`]) in a wave.
pub(super) type Exposure<'a> = dyn Fn(usize, usize) -> Option<f64> + 'a;

/// Everything that the numbers of responders depend on.
pub(super) struct Sites<'a> {
    pub(super) config: &'a Config,
    pub(super) simulation: &'a Simulation,
    pub(super) world: &'a World,
    pub(super) exposure: &'a Exposure<'a>,
}

impl<'a> Sites<'a> {
    /// Responders by wave, then practice.
    ///
    /// # Errors
    /// When a wave has responders but no practice with patients.
    pub(super) fn responders(&self, scale: &Scale) -> Result<Vec<Vec<u64>>> {
        let waves = self.config.waves.iter();
        let of_wave: Vec<f64> =
            waves.map(|wave| self.simulation.responders_by_wave.get(wave).copied().unwrap_or(0.0)).collect();
        let propensity = self.propensity();
        let mut responders = Vec::with_capacity(of_wave.len());
        for (wave, total) in largest_remainder(scale.responders, &of_wave).into_iter().enumerate() {
            let weight = |practice: usize| {
                let place = self.world.practices[practice].waves[wave];
                let place = place.filter(|_| (self.exposure)(practice, wave).is_some());
                place.map_or(0.0, |place| place.patients * propensity[practice])
            };
            let weights: Vec<f64> = (0..propensity.len()).map(weight).collect();
            let shares = largest_remainder(total, &weights);
            if shares.iter().sum::<u64>() != total {
                let wave = self.config.waves[wave];
                let what = format!("no practice has patients in wave {wave}, so nobody can respond to it");
                return Err(Problem::new(what).into());
            }
            responders.push(shares);
        }
        Ok(responders)
    }

    fn propensity(&self) -> Vec<f64> {
        let (seed, truth) = (self.config.study.seed, &self.simulation.response);
        let practices = self.world.practices.iter();
        practices
            .map(|practice| {
                let normal = stream(seed, "response", &[&practice.code]).normal();
                num::exp(truth.spread * normal + truth.deprivation * practice.deprivation)
            })
            .collect()
    }

    /// The jobs of each wave, by practice. `index` numbers the practices that the survey has.
    pub(super) fn jobs<'b>(
        &self,
        plans: &[Plan],
        labels: &'b [String],
        responders: &[Vec<u64>],
        index: &[u32],
    ) -> Vec<Vec<Job<'b>>>
    where
        'a: 'b,
    {
        let own = practice_terms(self.config, self.simulation, self.world);
        let job = |wave: usize, practice: usize| Job {
            code: &self.world.practices[practice].code,
            practice: index[practice],
            wave_label: &labels[wave],
            wave,
            deprivation: self.world.practices[practice].deprivation,
            exposure: (self.exposure)(practice, wave).unwrap_or(0.0),
            responders: responders[wave][practice] as u32,
            terms: self.terms(&plans[wave], &own[practice], practice, wave, &labels[wave]),
        };
        let of_wave = |wave: usize| {
            let practices = (0..index.len()).filter(|practice| responders[wave][*practice] > 0);
            practices.map(|practice| job(wave, practice)).collect()
        };
        (0..plans.len()).map(of_wave).collect()
    }

    /// Years since the first wave.
    fn years(&self, wave: usize) -> f64 {
        let label = |wave: usize| self.config.waves.get(wave).copied().unwrap_or_default();
        f64::from(label(wave) - label(0))
    }

    /// Mean exposure over the waves that have a census.
    fn later(&self, practice: usize) -> f64 {
        let waves = self.config.exposure.census_for_wave.iter().enumerate().filter(|(_, census)| census.is_some());
        let known: Vec<f64> = waves.filter_map(|(wave, _)| (self.exposure)(practice, wave)).collect();
        if known.is_empty() { 0.0 } else { known.iter().sum::<f64>() / known.len() as f64 }
    }

    /// Log odds of a practice in a wave by outcome of the plan, without the wave's term.
    fn terms(&self, plan: &Plan, own: &[f64], practice: usize, wave: usize, label: &str) -> Vec<f64> {
        let exposure = (self.exposure)(practice, wave).unwrap_or(0.0);
        let cluster = self.world.practices[practice].waves[wave].and_then(|place| place.cluster);
        let shared = |at: usize| {
            let id = &self.config.outcomes[at].id;
            let sd = self.simulation.outcomes.get(id).map_or(0.0, |truth| truth.cluster_wave_sd);
            let Some(cluster) = cluster.filter(|_| sd > 0.0) else { return 0.0 };
            let unit = [id.as_str(), &self.world.clusters[cluster], label];
            sd * stream(self.config.study.seed, "cluster term", &unit).normal()
        };
        let ahead = |trend: f64| if trend == 0.0 { 0.0 } else { trend * self.years(wave) * self.later(practice) };
        let region = cluster.and_then(|cluster| self.world.regions[cluster].as_deref());
        let placed = |at: usize| {
            let truth = self.simulation.outcomes.get(&self.config.outcomes[at].id);
            truth
                .zip(region)
                .and_then(|(truth, region)| truth.exposure_by_region.get(region))
                .map_or(0.0, |b| b * exposure)
        };
        let outcomes = plan.outcomes.iter();
        let sum = |outcome: &super::plan::OutcomePlan| {
            let at = outcome.at;
            own[at] + shared(at) + outcome.dose(exposure) + ahead(outcome.trend) + placed(at)
        };
        outcomes.map(sum).collect()
    }
}

/// Terms that last through the waves, by practice, then outcome of the config.
fn practice_terms(config: &Config, simulation: &Simulation, world: &World) -> Vec<Vec<f64>> {
    let seed = config.study.seed;
    let practices = world.practices.par_iter();
    practices
        .map(|practice| {
            let term = |id: &str| {
                let Some(truth) = simulation.outcomes.get(id) else { return 0.0 };
                let normal = stream(seed, "practice term", &[id, &practice.code]).normal();
                truth.practice_sd * normal + truth.deprivation * practice.deprivation
            };
            config.outcomes.iter().map(|outcome| term(&outcome.id)).collect()
        })
        .collect()
}

/// Index of each practice among those with responders; `u32::MAX` for the others.
pub(super) fn surveyed(responders: &[Vec<u64>], practices: usize) -> Vec<u32> {
    let mut next = 0;
    (0..practices)
        .map(|practice| {
            if responders.iter().all(|wave| wave[practice] == 0) {
                return u32::MAX;
            }
            next += 1;
            next - 1
        })
        .collect()
}
