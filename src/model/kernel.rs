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
    /// Out: second derivative of minus the log likelihood in the predictor.
    pub(crate) weight: [f64; BATCH],
    /// Out: its first derivative (score).
    pub(crate) residual: [f64; BATCH],
    /// Out: log likelihood, or the derivative of the mean's slope (see [`curvature`]).
    pub(crate) extra: [f64; BATCH],
}

impl Batch {
    /// An empty batch.
    pub(crate) fn new() -> Self {
        Self { eta: [0.0; BATCH], weight: [0.0; BATCH], residual: [0.0; BATCH], extra: [0.0; BATCH] }
    }
}

/// Likelihood, score and information of each cell at its predictor. Slices of one batch.
#[inline]
pub(crate) fn moments(family: Family, trials: &[f64], successes: &[f64], batch: &mut Batch) {
    match family {
        Family::Logit => logit(trials, successes, batch),
        Family::Linear => linear(trials, successes, batch),
    }
}

fn logit(trials: &[f64], successes: &[f64], batch: &mut Batch) {
    let length = trials.len().min(BATCH);
    let (trials, successes) = (&trials[..length], &successes[..length]);
    let (eta, weight) = (&batch.eta[..length], &mut batch.weight[..length]);
    let (residual, extra) = (&mut batch.residual[..length], &mut batch.extra[..length]);
    for at in 0..length {
        let x = eta[at];
        let e = num::exp_nonpositive(-x.abs());
        let inverse = 1.0 / (1.0 + e);
        let upper = if x >= 0.0 { 1.0 } else { e };
        let positive = if x > 0.0 { x } else { 0.0 };
        residual[at] = successes[at] - trials[at] * (upper * inverse);
        weight[at] = trials[at] * (e * inverse * inverse);
        extra[at] = successes[at] * x - trials[at] * (positive + num::ln_1p_unit(e));
    }
}

fn linear(trials: &[f64], successes: &[f64], batch: &mut Batch) {
    for (at, (n, s)) in trials.iter().zip(successes).enumerate().take(BATCH) {
        let mean = batch.eta[at];
        batch.residual[at] = s - n * mean;
        batch.weight[at] = *n;
        batch.extra[at] = -0.5 * (s - 2.0 * s * mean + n * mean * mean);
    }
}

/// Slope of the mean per unit of predictor (in `weight`), score, and derivative of the slope (in
/// `extra`), for marginal effects. In the linear family the slope is constant.
#[inline]
pub(crate) fn curvature(family: Family, trials: &[f64], successes: &[f64], batch: &mut Batch) {
    let length = trials.len().min(BATCH);
    if family == Family::Linear {
        linear(trials, successes, batch);
        batch.extra[..length].fill(0.0);
        return;
    }
    let (trials, successes) = (&trials[..length], &successes[..length]);
    let (eta, weight) = (&batch.eta[..length], &mut batch.weight[..length]);
    let (residual, extra) = (&mut batch.residual[..length], &mut batch.extra[..length]);
    for at in 0..length {
        let x = eta[at];
        let e = num::exp_nonpositive(-x.abs());
        let inverse = 1.0 / (1.0 + e);
        let (upper, sign) = if x >= 0.0 { (1.0, 1.0) } else { (e, -1.0) };
        let slope = trials[at] * (e * inverse * inverse);
        residual[at] = successes[at] - trials[at] * (upper * inverse);
        weight[at] = slope;
        // slope x (1 - 2 mean)
        extra[at] = slope * (sign * (e - 1.0) * inverse);
    }
}

/// Sum in four fixed lanes.
#[inline]
pub(crate) fn lanes(values: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let chunks = values.chunks_exact(4);
    let rest: f64 = chunks.remainder().iter().sum();
    for four in chunks {
        for (sum, value) in sums.iter_mut().zip(four) {
            *sum += value;
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
