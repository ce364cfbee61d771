//! The arithmetic per cell, in batches that the compiler vectorises. Knows no design.

use super::sample::Family;
use crate::num;

/// Cells per batch.
pub(crate) const BATCH: usize = 256;

/// Working columns of one batch.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    /// In: linear predictor.
    pub(crate) eta: [f64; BATCH],
    /// Out: second derivative of minus the log likelihood in the predictor; also trials times the
    /// mean's slope (logit).
    pub(crate) weight: [f64; BATCH],
    /// Out: first derivative of the log likelihood (score).
    pub(crate) residual: [f64; BATCH],
    /// Out of [`full`]: derivative of the slope.
    pub(crate) bend: [f64; BATCH],
    /// Out of [`full`]: log likelihood.
    pub(crate) likelihood: [f64; BATCH],
}

impl Batch {
    /// An empty batch.
    pub(crate) fn new() -> Self {
        let none = [0.0; BATCH];
        Self { eta: none, weight: none, residual: none, bend: none, likelihood: none }
    }
}

/// Score and information of each cell at its predictor. `trials` and `successes` are of one batch.
#[inline]
pub(crate) fn moments(family: Family, trials: &[f64], successes: &[f64], batch: &mut Batch) {
    match family {
        Family::Logit => logit(trials, successes, batch),
        Family::Linear => linear(trials, successes, batch),
    }
}

/// As [`moments`], with the likelihood and what marginal effects need.
#[inline]
pub(crate) fn full(family: Family, trials: &[f64], successes: &[f64], batch: &mut Batch) {
    match family {
        Family::Logit => logit_full(trials, successes, batch),
        Family::Linear => linear(trials, successes, batch),
    }
}

/// [`moments`] where all cells share the first one's predictor: one exponential for all.
pub(crate) fn flat(family: Family, trials: &[f64], successes: &[f64], batch: &mut Batch) {
    let eta = batch.eta[0];
    let (mean, slope) = match family {
        Family::Linear => (eta, 1.0),
        Family::Logit => {
            let mean = num::logistic(eta);
            (mean, mean * num::logistic(-eta))
        }
    };
    for (at, (n, s)) in trials.iter().zip(successes).enumerate().take(BATCH) {
        batch.residual[at] = s - n * mean;
        batch.weight[at] = n * slope;
    }
}

fn logit(trials: &[f64], successes: &[f64], batch: &mut Batch) {
    let length = trials.len().min(BATCH);
    let (trials, successes, eta) = (&trials[..length], &successes[..length], &batch.eta[..length]);
    let (weight, residual) = (&mut batch.weight[..length], &mut batch.residual[..length]);
    for at in 0..length {
        let e = num::exp_nonpositive(-eta[at].abs());
        let inverse = 1.0 / (1.0 + e);
        let lower = e * inverse;
        let mean = if eta[at] >= 0.0 { inverse } else { lower };
        residual[at] = successes[at] - trials[at] * mean;
        weight[at] = trials[at] * (lower * inverse);
    }
}

fn logit_full(trials: &[f64], successes: &[f64], batch: &mut Batch) {
    logit(trials, successes, batch);
    let length = trials.len().min(BATCH);
    let (trials, successes, eta) = (&trials[..length], &successes[..length], &batch.eta[..length]);
    let (weight, bend) = (&batch.weight[..length], &mut batch.bend[..length]);
    let likelihood = &mut batch.likelihood[..length];
    for at in 0..length {
        let x = eta[at];
        let e = num::exp_nonpositive(-x.abs());
        let (positive, sign) = if x >= 0.0 { (x, 1.0) } else { (0.0, -1.0) };
        // slope x (1 - 2 mean), the latter without cancellation
        bend[at] = weight[at] * (sign * (e - 1.0) / (1.0 + e));
        likelihood[at] = successes[at] * x - trials[at] * (positive + num::ln_1p_unit(e));
    }
}

/// Least squares; the mean's slope is constant, so nothing bends. The likelihood is minus half the
/// residual sum of squares, without the outcome's own squares.
fn linear(trials: &[f64], successes: &[f64], batch: &mut Batch) {
    for (at, (n, s)) in trials.iter().zip(successes).enumerate().take(BATCH) {
        let mean = batch.eta[at];
        batch.residual[at] = s - n * mean;
        batch.weight[at] = *n;
        batch.bend[at] = 0.0;
        batch.likelihood[at] = s * mean - 0.5 * n * mean * mean;
    }
}

/// Sum in four fixed lanes.
#[inline]
pub(crate) fn lanes(values: &[f64]) -> f64 {
    let (fours, rest) = values.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, value) in sums.iter_mut().zip(four) {
            *sum += value;
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest.iter().sum::<f64>()
}
