//! Standard errors of means over the sample: with its covariates taken as fixed (the delta method), and
//! with their sampling counted. Knows nothing of what is averaged.
//!
//! A mean `m = sum w_i m_i(b) / W` moves with the estimates and with who is sampled: the influence of a
//! response is `r's_i + w_i (m_i - m) / W`, with `A r = dm/db` and `s_i` its score. The variance is that of
//! the influences' sums over clusters, with the covariance's own factors, as Stata's
//! `margins, vce(unconditional)` after a robust or clustered fit ([R] margins, Methods and formulas).

use std::ops::Range;

use rayon::prelude::*;

use super::cells::Packed;
use super::covariance::{Functional, Variance};
use super::design::Design;
use super::failure::FitError;
use super::inference::Estimate;
use super::kernel::{self, BATCH, Batch};
use super::options::Family;
use super::predictor::{Point, Predictor, batches};
use crate::num;

/// Fills `(m_i - m) / W` for cells of one run, given chunk, run and cells.
pub(crate) type Deviations<'a> = dyn Fn((usize, usize, Range<usize>), &mut [f64; BATCH]) + Sync + 'a;

/// A mean over the sample.
pub(crate) struct Mean<'a> {
    /// Its value.
    pub(crate) value: f64,
    /// Its gradient.
    pub(crate) jacobian: Functional,
    /// Per unit of correlated errors: sum of `w_i (m_i - m) / W`.
    pub(crate) units: Vec<f64>,
    /// The same per cell, where each response is its own cluster.
    pub(crate) cells: &'a Deviations<'a>,
}

/// The mean with its standard errors. Nothing but a two-way difference can be negative: then the error
/// is not a number.
pub(crate) fn estimate(spread: &dyn Variance, mean: &Mean) -> Result<Estimate, FitError> {
    let (variance, sampled) = spread.both(mean)?;
    let sampled = sampled.filter(|variance| *variance >= 0.0).map(f64::sqrt);
    Ok(Estimate { estimate: mean.value, std_error: variance.sqrt(), sampled })
}

/// What the sampling of covariates adds to the sum of squared influences when each response is its own
/// cluster: `2 t_i h_i + h_i^2` with `t` the influence through the estimates and `h` the other.
pub(crate) fn by_response(
    packed: &Packed,
    design: &Design,
    family: Family,
    point: &Point,
    direction: &Functional,
    deviations: &Deviations,
) -> f64 {
    let along = Point { groups: direction.groups.clone(), beta: direction.beta.clone() };
    let (here, along) =
        (Predictor::new(design, point, packed.patterns.len()), Predictor::new(design, &along, packed.patterns.len()));
    let chunk_sum = |at: usize| {
        let (chunk, side) = (&packed.chunks[at], &design.chunks[at]);
        let (mut batch, mut moved, mut off) = (Batch::new(), [0.0; BATCH], [0.0; BATCH]);
        let mut sum = 0.0;
        for (run, own) in chunk.runs.iter().enumerate() {
            for cells in batches(own.cells.clone()) {
                here.fill(chunk, side, run, cells.clone(), &mut batch.eta);
                along.fill(chunk, side, run, cells.clone(), &mut moved);
                chunk.observed(cells.clone(), &mut batch);
                kernel::moments(family, &mut batch);
                deviations((at, run, cells.clone()), &mut off);
                for (place, cell) in cells.enumerate() {
                    let (n, s) = (batch.trials[place], batch.successes[place]);
                    // Sum of squared weights, and the outcome's mean with those as weights.
                    let [mass, centre, _] = chunk.squared.get(cell).copied().unwrap_or([n, s / n, 0.0]);
                    let score = if family == Family::Probit {
                        let eta = batch.eta[place];
                        centre * num::normal_hazard(-eta) - (1.0 - centre) * num::normal_hazard(eta)
                    } else {
                        centre - (s - batch.residual[place]) / n
                    };
                    let along = moved[place] - chunk.offset.get(cell).copied().unwrap_or(0.0);
                    sum += mass * off[place] * (2.0 * score * along + off[place]);
                }
            }
        }
        sum
    };
    let sums: Vec<f64> = (0..packed.chunks.len()).into_par_iter().map(chunk_sum).collect();
    sums.iter().sum()
}
