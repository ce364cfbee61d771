//! Predicted means with the exposure set to a value for everyone, and their differences, with
//! delta-method errors over all parameters, absorbed effects included. The covariates are taken as
//! fixed. Knows no covariance from within.

use super::cells::Packed;
use super::covariance::{Functional, Spread};
use super::design::Design;
use super::failure::FitError;
use super::inference::Estimate;
use super::options::{At, Options};
use super::pass::{Passes, add};
use super::predictor::Point;
use super::result::Contrast;
use super::sample::Sample;

/// A mean prediction and its gradient.
struct Mean {
    value: f64,
    jacobian: Functional,
}

/// Every contrast that the options name.
pub(crate) fn contrasts(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &Design,
    point: &Point,
    spread: &Spread,
) -> Result<Vec<Contrast>, FitError> {
    let (Some(column), Some(exposure)) = (options.effect_of, design.exposure) else { return Ok(Vec::new()) };
    let values = &sample.columns[column].values;
    let at = |at: At| mean(values, exposure, options, packed, design, point, at);
    let mut out = Vec::with_capacity(options.contrasts.len());
    for (from, to) in &options.contrasts {
        let (low, high) = (at(*from), at(*to));
        let mut change = high.jacobian.clone();
        change.beta.iter_mut().zip(&low.jacobian.beta).for_each(|(a, b)| *a -= b);
        change.groups.iter_mut().zip(&low.jacobian.groups).for_each(|(a, b)| *a -= b);
        let estimate = |estimate: f64, jacobian: &Functional| {
            let variance = spread.variance(jacobian);
            if variance < 0.0 {
                return Err(FitError::NegativeVariance { term: None });
            }
            Ok(Estimate { estimate, std_error: variance.sqrt() })
        };
        out.push(Contrast {
            from: *from,
            to: *to,
            at_from: estimate(low.value, &low.jacobian)?,
            at_to: estimate(high.value, &high.jacobian)?,
            difference: estimate(high.value - low.value, &change)?,
        });
    }
    Ok(out)
}

fn mean(
    values: &[f64],
    exposure: usize,
    options: &Options,
    packed: &Packed,
    design: &Design,
    point: &Point,
    at: At,
) -> Mean {
    let mut moved = design.clone();
    if let At::Value(value) = at {
        for (side, chunk) in moved.chunks.iter_mut().zip(&packed.chunks) {
            for (columns, run) in side.columns.chunks_exact_mut(design.blocks).zip(&chunk.runs) {
                columns[exposure] += (value - values[run.block]) / design.scale[exposure];
            }
        }
    }
    let moments = Passes::means(packed, &moved, options.family, point);
    let k = design.width();
    let groups: Vec<&[f64]> = moments.groups.chunks_exact(k + 2).collect();
    let mass: f64 = packed.chunks.iter().flat_map(|chunk| &chunk.runs).map(|run| run.trials).sum();
    let value = groups.iter().map(|group| group[0]).sum::<f64>() / mass;
    let mut beta = vec![0.0; k];
    add(&mut beta, &moments.gradient);
    beta.iter_mut().for_each(|slope| *slope /= mass);
    Mean { value, jacobian: Functional { beta, groups: groups.iter().map(|group| group[1] / mass).collect() } }
}
