//! One step of Newton's method: each group is one row and column of the information, coupled to the
//! coefficients only, so it is eliminated and the coefficients' system is what is left. Knows nothing of
//! likelihoods, nor whether the step is taken.

use rayon::prelude::*;

use super::dense::{Cholesky, Explained};
use super::design::Design;
use super::pass::{Moments, WIDE, add};
use super::predictor::Point;

/// Groups eliminated together.
const GROUPS: usize = 512;
/// Share of a coefficient's information that must be left beside the groups' effects.
const WITHIN: f64 = 1e-10;

/// A step, its length and what it was computed with.
pub(crate) struct Direction {
    pub(crate) step: Point,
    /// Root of the step's product with the scores: its length in units of the likelihood.
    pub(crate) decrement: f64,
    /// Of the information left beside the groups' effects.
    pub(crate) factor: Cholesky,
}

/// The Newton step, or a chord with the `known` factor of an earlier one. The error names a column that
/// has no information of its own: `by` is empty when the groups' effects take it all.
pub(crate) fn direction(
    moments: &Moments,
    design: &Design,
    frozen: Option<usize>,
    known: Option<Cholesky>,
) -> Result<Direction, Explained> {
    if let Some(factor) = known {
        let mut gradient = scores_left(moments, design.width());
        frozen.iter().for_each(|at| gradient[*at] = 0.0);
        return Ok(stepped(moments, &gradient, factor));
    }
    let k = design.width();
    let (mut schur, mut gradient) = eliminated(moments, k);
    if let Some(frozen) = frozen {
        for at in (0..k).filter(|at| *at != frozen) {
            (schur[frozen * k + at], schur[at * k + frozen]) = (0.0, 0.0);
        }
        gradient[frozen] = 0.0;
    }
    for column in 0..k {
        let own = schur[column * k + column];
        if own.is_nan() || own <= WITHIN * moments.hessian[column * k + column] {
            return Err(Explained { column, by: vec![column] });
        }
    }
    let factor = Cholesky::new(&schur, k)?;
    Ok(stepped(moments, &gradient, factor))
}

/// The step from the scores left after the groups' effects and the factor of what is left of the information.
fn stepped(moments: &Moments, gradient: &[f64], factor: Cholesky) -> Direction {
    let beta = factor.solve(gradient);
    let mut decrement: f64 = beta.iter().zip(&moments.gradient).map(|(b, g)| b * g).sum();
    let width = beta.len() + 2;
    let mut groups = Vec::with_capacity(moments.groups.len() / width);
    for group in moments.groups.chunks_exact(width) {
        let explained = group[2..].iter().zip(&beta).map(|(m, b)| m * b).sum::<f64>();
        let step = (group[1] - explained) / group[0];
        decrement += step * group[1];
        groups.push(step);
    }
    Direction { step: Point { groups, beta }, decrement: decrement.max(0.0).sqrt(), factor }
}

/// The scores of the coefficients after eliminating the groups' effects, `g - sum m s / h`.
fn scores_left(moments: &Moments, k: usize) -> Vec<f64> {
    let mut left = moments.gradient.clone();
    for group in moments.groups.chunks_exact(k + 2) {
        let ratio = group[1] / group[0];
        left.iter_mut().zip(&group[2..]).for_each(|(sum, m)| *sum -= ratio * m);
    }
    left
}

/// Information and scores of the coefficients after eliminating the groups' effects:
/// `H - sum m m' / h` and `g - sum m s / h`.
pub(crate) fn eliminated(moments: &Moments, k: usize) -> (Vec<f64>, Vec<f64>) {
    // Wide squares are few.
    let all = moments.groups.len() / (k + 2);
    let together = if k > WIDE { GROUPS.max(all.div_ceil(4)) } else { GROUPS };
    let parts: Vec<(Vec<f64>, Vec<f64>)> = moments
        .groups
        .par_chunks(together * (k + 2))
        .map(|groups| {
            let (mut matrix, mut vector) = (vec![0.0; k * k], vec![0.0; k]);
            for group in groups.chunks_exact(k + 2) {
                let (information, score, cross) = (group[0], group[1], &group[2..]);
                for (row, m) in cross.iter().enumerate().filter(|(_, m)| **m != 0.0) {
                    let ratio = m / information;
                    vector[row] += ratio * score;
                    for (sum, other) in matrix[row * k..].iter_mut().zip(&cross[..=row]) {
                        *sum += ratio * other;
                    }
                }
            }
            (matrix, vector)
        })
        .collect();
    let (mut matrix, mut vector) = (vec![0.0; k * k], vec![0.0; k]);
    for (part, scores) in &parts {
        add(&mut matrix, part);
        add(&mut vector, scores);
    }
    for row in 0..k {
        for column in 0..=row {
            let left = moments.hessian[row * k + column] - matrix[row * k + column];
            matrix[row * k + column] = left;
            matrix[column * k + row] = left;
        }
        vector[row] = moments.gradient[row] - vector[row];
    }
    (matrix, vector)
}
