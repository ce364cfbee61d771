//! The arithmetic per cell, in batches that the compiler vectorises. Knows no design.

use pulp::Arch;

use super::options::Family;
use crate::num;

/// Cells per batch.
pub(crate) const BATCH: usize = 256;

/// Working columns of one batch.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    /// How many cells, at most [`BATCH`].
    pub(crate) length: usize,
    /// In: their trials and successes.
    pub(crate) trials: [f64; BATCH],
    pub(crate) successes: [f64; BATCH],
    /// In: linear predictor.
    pub(crate) eta: [f64; BATCH],
    /// Out: second derivative of minus the log likelihood in the predictor; but for probit also
    /// trials times the mean's slope.
    pub(crate) weight: [f64; BATCH],
    /// Out: first derivative of the log likelihood (score).
    pub(crate) residual: [f64; BATCH],
    /// Out of [`full`], probit only: trials times the mean's slope.
    pub(crate) density: [f64; BATCH],
    /// Out of [`full`]: derivative of the slope.
    pub(crate) bend: [f64; BATCH],
    /// Out of [`full`]: the log likelihood in parts; nothing but their sum has a meaning.
    pub(crate) likelihood: [f64; BATCH],
}

impl Batch {
    /// An empty batch.
    pub(crate) fn new() -> Self {
        let none = [0.0; BATCH];
        Self {
            length: 0,
            trials: none,
            successes: none,
            eta: none,
            weight: none,
            residual: none,
            density: none,
            bend: none,
            likelihood: none,
        }
    }

    /// Trials and successes of each cell.
    fn observed(&self, at: usize) -> (f64, f64) {
        (self.trials[at], self.successes[at])
    }

    /// Out of [`full`]: trials times the mean's slope.
    pub(crate) fn slope(&self, family: Family) -> &[f64; BATCH] {
        if family == Family::Probit { &self.density } else { &self.weight }
    }
}

/// Score and information of each cell at its predictor.
#[inline]
pub(crate) fn moments(family: Family, batch: &mut Batch) {
    // As many cells at once as this machine's vectors hold. Each cell's arithmetic is the same in any of
    // them, and nothing is fused, so the bits are too.
    Arch::new().dispatch(
        #[inline(always)]
        || plain(family, batch),
    );
}

/// [`moments`] in vectors that every machine has.
#[inline(always)]
fn plain(family: Family, batch: &mut Batch) {
    match family {
        Family::Logit => logit(batch),
        Family::Linear => linear(batch),
        Family::Probit => probit(batch),
        Family::Poisson => poisson(batch),
    }
}

/// As [`moments`], with the likelihood and what marginal effects need.
#[inline]
pub(crate) fn full(family: Family, batch: &mut Batch) {
    Arch::new().dispatch(
        #[inline(always)]
        || plain_full(family, batch),
    );
}

/// [`full`] in vectors that every machine has.
#[inline(always)]
fn plain_full(family: Family, batch: &mut Batch) {
    match family {
        Family::Logit => logit_full(batch),
        Family::Linear => linear_full(batch),
        Family::Probit => probit_full(batch),
        Family::Poisson => poisson_full(batch),
    }
}

/// [`moments`] where all cells share the first one's predictor: one exponential for all.
pub(crate) fn flat(family: Family, batch: &mut Batch) {
    let eta = batch.eta[0];
    let (mean, slope) = match family {
        Family::Linear => (eta, 1.0),
        Family::Logit => {
            let mean = num::logistic(eta);
            (mean, mean * num::logistic(-eta))
        }
        Family::Poisson => (num::exp(eta), num::exp(eta)),
        // Its information depends on the outcome.
        Family::Probit => {
            batch.eta[..batch.length.min(BATCH)].fill(eta);
            return probit(batch);
        }
    };
    for at in 0..batch.length.min(BATCH) {
        let (n, s) = batch.observed(at);
        batch.residual[at] = s - n * mean;
        batch.weight[at] = n * slope;
    }
}

#[inline(always)]
fn logit(batch: &mut Batch) {
    let length = batch.length.min(BATCH);
    let (trials, successes, eta) = (&batch.trials[..length], &batch.successes[..length], &batch.eta[..length]);
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

#[inline(always)]
fn logit_full(batch: &mut Batch) {
    let length = batch.length.min(BATCH);
    let (trials, successes, eta) = (&batch.trials[..length], &batch.successes[..length], &batch.eta[..length]);
    let (weight, residual) = (&mut batch.weight[..length], &mut batch.residual[..length]);
    let (bend, likelihood) = (&mut batch.bend[..length], &mut batch.likelihood[..length]);
    let mut tails = [0.0; BATCH];
    for (at, tail) in tails[..length].iter_mut().enumerate() {
        let x = eta[at];
        let e = num::exp_nonpositive(-x.abs());
        let inverse = 1.0 / (1.0 + e);
        let lower = e * inverse;
        let (mean, positive, sign) = if x >= 0.0 { (inverse, x, 1.0) } else { (lower, 0.0, -1.0) };
        residual[at] = successes[at] - trials[at] * mean;
        weight[at] = trials[at] * (lower * inverse);
        // slope x (1 - 2 mean), the latter without cancellation
        bend[at] = weight[at] * (sign * (e - 1.0) * inverse);
        likelihood[at] = successes[at] * x - trials[at] * positive;
        *tail = e;
    }
    if let Some(first) = likelihood.first_mut() {
        *first -= logarithms(trials, &tails[..length]);
    }
}

/// Sum of `n ln(1 + e)` for `0 <= e <= 1`. Where nearly all cells stand for one or two responses, one
/// logarithm of products serves them (at most 2^128 in each of four lanes).
#[inline(always)]
fn logarithms(trials: &[f64], tails: &[f64]) -> f64 {
    let many = |n: f64| n != 1.0 && n != 2.0;
    let cells = || trials.iter().zip(tails);
    if trials.iter().filter(|n| many(**n)).count() * 8 > trials.len() {
        return cells().map(|(n, e)| n * num::ln_1p_unit(*e)).sum();
    }
    let mut products = [1.0; 4];
    for (n, e) in trials.chunks(4).zip(tails.chunks(4)) {
        for ((product, n), e) in products.iter_mut().zip(n).zip(e) {
            let one = 1.0 + e;
            let again = if *n == 2.0 { one } else { 1.0 };
            *product *= if many(*n) { 1.0 } else { one * again };
        }
    }
    let rest = cells().filter(|(n, _)| many(**n)).map(|(n, e)| n * num::ln_1p_unit(*e)).sum::<f64>();
    let pairs = [products[0] * products[1], products[2] * products[3]];
    num::ln(pairs[0]) + num::ln(pairs[1]) + rest
}

/// Least squares.
fn linear(batch: &mut Batch) {
    for at in 0..batch.length.min(BATCH) {
        let (n, s) = batch.observed(at);
        let mean = batch.eta[at];
        batch.residual[at] = s - n * mean;
        batch.weight[at] = n;
    }
}

/// The mean's slope is constant, so nothing bends. The likelihood is minus half the sum of squares of
/// the cells' means about the fitted ones.
fn linear_full(batch: &mut Batch) {
    linear(batch);
    for at in 0..batch.length.min(BATCH) {
        let n = batch.trials[at];
        batch.bend[at] = 0.0;
        batch.likelihood[at] = -0.5 * batch.residual[at] * batch.residual[at] / n;
    }
}

/// After [`moments`]: puts the sum of the responses' squared scores in place of the information.
/// `squared` as in `Chunk::squared`.
pub(crate) fn meat(family: Family, squared: &[[f64; 3]], batch: &mut Batch) {
    for at in 0..batch.length.min(BATCH) {
        let (n, s) = batch.observed(at);
        let [mass, centre, about] = squared.get(at).copied().unwrap_or([n, s / n, s * (n - s) / n]);
        batch.weight[at] = if family == Family::Probit {
            let (up, down) = (num::normal_hazard(-batch.eta[at]), num::normal_hazard(batch.eta[at]));
            mass * (centre * up * up + (1.0 - centre) * down * down)
        } else {
            let away = centre - (s - batch.residual[at]) / n;
            about + mass * away * away
        };
    }
}

/// Observed information: with `h = density / cdf` on the side of the outcome, the score is `h` and
/// the information `h (h + eta)` for 1, and mirrored for 0.
fn probit(batch: &mut Batch) {
    for at in 0..batch.length.min(BATCH) {
        let (n, s) = batch.observed(at);
        let eta = batch.eta[at];
        let (up, down) = (num::normal_hazard(-eta), num::normal_hazard(eta));
        batch.residual[at] = s * up - (n - s) * down;
        batch.weight[at] = s * up * (up + eta) + (n - s) * down * (down - eta);
    }
}

fn probit_full(batch: &mut Batch) {
    probit(batch);
    for at in 0..batch.length.min(BATCH) {
        let (n, s) = batch.observed(at);
        let eta = batch.eta[at];
        batch.density[at] = n * num::normal_density(eta);
        batch.bend[at] = -eta * batch.density[at];
        let (up, down) = (num::ln_normal_cdf(eta), num::ln_normal_cdf(-eta));
        batch.likelihood[at] = if s > 0.0 { s * up } else { 0.0 } + if n > s { (n - s) * down } else { 0.0 };
    }
}

#[inline(always)]
fn poisson(batch: &mut Batch) {
    let length = batch.length.min(BATCH);
    let (trials, successes, eta) = (&batch.trials[..length], &batch.successes[..length], &batch.eta[..length]);
    let (weight, residual) = (&mut batch.weight[..length], &mut batch.residual[..length]);
    for at in 0..length {
        let mean = trials[at] * num::exp_clamped(eta[at]);
        residual[at] = successes[at] - mean;
        weight[at] = mean;
    }
}

/// The likelihood lacks `ln(y!)`.
fn poisson_full(batch: &mut Batch) {
    poisson(batch);
    for at in 0..batch.length.min(BATCH) {
        let s = batch.successes[at];
        batch.bend[at] = batch.weight[at];
        batch.likelihood[at] = s * batch.eta[at] - batch.weight[at];
    }
}

/// Trials times the mean in the information's place, and times its slope in the score's.
pub(crate) fn means(family: Family, batch: &mut Batch) {
    for at in 0..batch.length.min(BATCH) {
        let n = batch.trials[at];
        let eta = batch.eta[at];
        let (mean, slope) = match family {
            Family::Linear => (eta, 1.0),
            Family::Logit => (num::logistic(eta), num::logistic(eta) * num::logistic(-eta)),
            Family::Probit => (num::normal_cdf(eta), num::normal_density(eta)),
            Family::Poisson => (num::exp_clamped(eta), num::exp_clamped(eta)),
        };
        batch.weight[at] = n * mean;
        batch.residual[at] = n * slope;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Predictors of all sizes with one, two and many trials.
    fn batch() -> Batch {
        let mut batch = Batch::new();
        batch.length = BATCH - 3;
        for at in 0..batch.length {
            let away = at as f64 - 100.0;
            batch.eta[at] = away * away * away * 4.1e-4 + 0.013 * away;
            batch.trials[at] = [1.0, 2.0, 7.25][at % 3];
            batch.successes[at] = [0.0, 1.0, 0.5][at % 3] * batch.trials[at];
        }
        batch
    }

    #[test]
    fn the_width_of_the_vectors_changes_no_bit() {
        for family in [Family::Logit, Family::Linear, Family::Probit, Family::Poisson] {
            for (wide, narrow) in [(moments as fn(_, &mut _), plain as fn(_, &mut _)), (full, plain_full)] {
                let (mut one, mut other) = (batch(), batch());
                wide(family, &mut one);
                narrow(family, &mut other);
                for (a, b) in [
                    (&one.weight, &other.weight),
                    (&one.residual, &other.residual),
                    (&one.density, &other.density),
                    (&one.bend, &other.bend),
                    (&one.likelihood, &other.likelihood),
                ] {
                    assert!(a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits()), "{family:?}");
                }
                assert!(one.weight[..one.length].iter().any(|weight| *weight > 0.0));
            }
        }
    }
}
