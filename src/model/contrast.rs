//! Predicted means with the exposure set to a value for everyone, and their differences, with
//! delta-method errors over all parameters, absorbed effects included. Knows no covariance from
//! within.

use std::ops::Range;

use super::cells::Packed;
use super::covariance::{Functional, Variance};
use super::design::Design;
use super::failure::FitError;
use super::inference::Estimate;
use super::kernel::{self, BATCH, Batch};
use super::means::Means;
use super::options::{At, Family, Options};
use super::predictor::{Point, Predictor};
use super::result::Contrast;
use super::sampling::{self, Mean};
use super::through::Moving;

/// Chunk, run and cells.
type Cells = (usize, usize, Range<usize>);

/// A mean prediction and what its errors need.
pub(crate) struct Predicted<'a> {
    /// The design with the exposure there.
    design: Design,
    packed: &'a Packed,
    family: Family,
    point: &'a Point,
    value: f64,
    mass: f64,
    jacobian: Functional,
    /// Per unit: sum of the means beyond their mean, over the mass.
    units: Vec<f64>,
}

/// Every contrast that the options name.
pub(crate) fn contrasts(
    options: &Options,
    packed: &Packed,
    design: &Design,
    point: &Point,
    moving: Option<&Moving>,
    spread: &dyn Variance,
) -> Result<Vec<Contrast>, FitError> {
    let Some(moving) = moving else { return Ok(Vec::new()) };
    let at = |at: At| {
        let design = match at {
            At::Observed => design.clone(),
            At::Value(value) => moving.at(packed, design, value),
        };
        Predicted::new(design, packed, options.family, point)
    };
    let mut out = Vec::with_capacity(options.contrasts.len());
    for (from, to) in &options.contrasts {
        let (low, high) = (at(*from), at(*to));
        let (below, above) = (low.predictor(), high.predictor());
        let one = |mean: &Predicted, predictor: &Predictor| {
            let cells = |cells: Cells, out: &mut [f64; BATCH]| mean.deviations(predictor, cells, out);
            let (value, jacobian, units) = (mean.value, mean.jacobian.clone(), mean.units.clone());
            sampling::estimate(spread, &Mean { value, jacobian, units, cells: &cells })
        };
        out.push(Contrast {
            from: *from,
            to: *to,
            at_from: one(&low, &below)?,
            at_to: one(&high, &above)?,
            difference: difference(spread, &low, &high)?,
        });
    }
    Ok(out)
}

/// `high - low`, with its errors.
pub(crate) fn difference(spread: &dyn Variance, low: &Predicted, high: &Predicted) -> Result<Estimate, FitError> {
    let (below, above) = (low.predictor(), high.predictor());
    let cells = |cells: Cells, out: &mut [f64; BATCH]| {
        let mut less = [0.0; BATCH];
        high.deviations(&above, cells.clone(), out);
        low.deviations(&below, cells, &mut less);
        out.iter_mut().zip(less).for_each(|(a, b)| *a -= b);
    };
    sampling::estimate(spread, &change(low, high, &cells))
}

/// The difference of two means.
fn change<'a>(low: &Predicted, high: &Predicted, cells: &'a sampling::Deviations<'a>) -> Mean<'a> {
    let less = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
    let beta = less(&high.jacobian.beta, &low.jacobian.beta);
    let jacobian = Functional { beta, groups: less(&high.jacobian.groups, &low.jacobian.groups) };
    Mean { value: high.value - low.value, jacobian, units: less(&high.units, &low.units), cells }
}

impl<'a> Predicted<'a> {
    pub(crate) fn new(design: Design, packed: &'a Packed, family: Family, point: &'a Point) -> Self {
        let Means { sum, mut jacobian, units } = Means::new(packed, &design, family, point);
        let mass: f64 = packed.chunks.iter().flat_map(|chunk| &chunk.runs).map(|run| run.trials).sum();
        let value = sum / mass;
        jacobian.beta.iter_mut().chain(&mut jacobian.groups).for_each(|slope| *slope /= mass);
        let units = units.iter().map(|[sum, own]| (sum - value * own) / mass).collect();
        Self { design, packed, family, point, value, mass, jacobian, units }
    }

    fn predictor(&self) -> Predictor<'_> {
        Predictor::new(&self.design, self.point, self.packed.patterns.len())
    }

    /// For cells of one run: the mean there beyond the mean of all, over the mass.
    fn deviations(&self, predictor: &Predictor, (at, run, cells): Cells, out: &mut [f64; BATCH]) {
        let chunk = &self.packed.chunks[at];
        let mut batch = Batch::new();
        predictor.fill(chunk, &self.design.chunks[at], run, cells.clone(), &mut batch.eta);
        chunk.observed(cells, &mut batch);
        kernel::means(self.family, &mut batch);
        for (out, (mean, n)) in out.iter_mut().zip(batch.weight.iter().zip(&batch.trials)).take(batch.length) {
            *out = (mean / n - self.value) / self.mass;
        }
    }
}
