//! Wave terms that meet the configured levels (weighted, as levels are published), solved on a
//! deterministic subsample of responders.

use super::person::{Batch, Job};
use super::plan::Plan;
use super::random::key;
use crate::num;

/// Responders per wave in the subsample, about: enough for a level within half a point.
const SAMPLE: u64 = 40_000;

/// What the subsample tells about a wave.
pub(super) struct Calibration {
    /// Wave term by outcome of the plan.
    pub(super) terms: Vec<f64>,
    /// Mean of the weight's factors.
    pub(super) weight: f64,
}

/// Solves the wave's terms. Each job's share of the subsample has its own stream.
pub(super) fn calibrate(seed: u64, plan: &Plan, jobs: &[Job<'_>]) -> Calibration {
    let total: u64 = jobs.iter().map(|job| u64::from(job.responders)).sum();
    let every = (total / SAMPLE).max(1);
    let mut scores: Vec<Vec<(f64, f64)>> = vec![Vec::new(); plan.outcomes.len()];
    let (mut factors, mut people, mut seen) = (0.0, 0_u64, 0_u64);
    let mut batch = Batch::default();
    for job in jobs {
        let sampled = (seen + u64::from(job.responders)).div_ceil(every) - seen.div_ceil(every);
        seen += u64::from(job.responders);
        if sampled == 0 {
            continue;
        }
        let key = key(seed, "calibration", &[job.code, job.wave_label]);
        batch.items(plan, job, &job.terms, &key, sampled as usize);
        factors += batch.factors.iter().sum::<f64>();
        people += sampled;
        for (at, scores) in scores.iter_mut().enumerate() {
            batch.usable(plan, job, at, &key, |weight, score| scores.push((weight, score)));
        }
    }
    let terms = scores.iter().zip(&plan.outcomes).map(|(scores, outcome)| solve(scores, outcome.level)).collect();
    Calibration { terms, weight: if people > 0 { factors / people as f64 } else { 1.0 } }
}

/// The term `a` at which the weighted mean of `logistic(a + score)` is `level`: Newton within a bracket.
fn solve(scores: &[(f64, f64)], level: f64) -> f64 {
    let weights: f64 = scores.iter().map(|(weight, _)| weight).sum();
    let (mut low, mut high) = (-30.0, 30.0);
    let mut term = num::ln(level / (1.0 - level));
    for _ in 0..40 {
        let (mut mean, mut slope) = (0.0, 0.0);
        for (weight, score) in scores {
            let p = num::logistic(term + score);
            mean += weight * p;
            slope += weight * p * (1.0 - p);
        }
        let gap = mean - level * weights;
        if gap.abs() <= 1e-9 * (1.0 + weights) {
            break;
        }
        if gap > 0.0 {
            high = term
        } else {
            low = term
        }
        let next = term - gap / slope;
        term = if next > low && next < high { next } else { (low + high) / 2.0 };
    }
    term
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solved_term_meets_its_level() {
        let scores: Vec<(f64, f64)> = (0..500).map(|at| (f64::from(at % 3 + 1), f64::from(at) / 100.0 - 4.0)).collect();
        for level in [0.001, 0.07, 0.5, 0.97] {
            let term = solve(&scores, level);
            let weights: f64 = scores.iter().map(|(weight, _)| weight).sum();
            let mean = scores.iter().map(|(weight, score)| weight * num::logistic(term + score)).sum::<f64>() / weights;
            assert!((mean - level).abs() < 1e-8, "{level} {mean}");
        }
    }
}
