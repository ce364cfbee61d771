//! Models whose absorbed effects cross and are too many for a square of them: Newton's method and the covariance,
//! with every system in those effects solved by [`super::crossed`]. The likelihood, its maximum and the formulas are
//! those of the other models; only what is solved how differs.
//!
//! With `X` the reported columns, `D` the effects' indicators and `W` the information, `G = D'WD` and `G Z = D'WX`,
//! the full information's system `A r = J` has `r_b = (X'WX - X'WD Z)^-1 (J_b - Z'J_d)` and `r_d = G^-1 J_d - Z r_b`.

use rayon::prelude::*;

use self::spread::Spread;
use self::sums::Sums;
use super::cells::Packed;
use super::covariance::{Functional, Variance, dot};
use super::crossed::{Crossed, Inverse};
use super::dense::{Cholesky, product};
use super::design::Design;
use super::failure::FitError;
use super::kernel::{self, Batch};
use super::newton::{self, Ascent};
use super::options::{Family, Options};
use super::predictor::{Point, Predictor, batches};
use super::prune::Pruned;
use super::result::{Fit, Step};
use super::sample::Sample;
use super::sandwich::{self, Maximum};
use super::separation;

mod spread;
mod sums;
#[cfg(test)]
mod tests;

/// Share of a column's information that must be left beside all absorbed effects.
const WITHIN: f64 = 1e-9;

/// A model and its cells.
struct Wide<'a> {
    sample: &'a Sample<'a>,
    packed: &'a Packed,
    design: &'a Design,
    family: Family,
    crossed: Crossed,
}

/// What each cell gives at a point, by chunk.
struct Cells {
    weight: Vec<Vec<f64>>,
    residual: Vec<Vec<f64>>,
    likelihood: f64,
}

/// The information at a point.
struct Information {
    /// By combination.
    weight: Vec<f64>,
    inverse: Inverse,
    /// `Z` by column.
    columns: Vec<Vec<f64>>,
    /// Of what is left of the reported columns' own.
    factor: Cholesky,
}

/// Fits a wide design, and counts its redundant levels.
pub(crate) fn fit(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &mut Design,
    pruned: Pruned,
) -> Result<Fit, FitError> {
    let crossed = Crossed::new(design, packed);
    for (effect, redundant) in design.absorbed.iter_mut().zip(crossed.redundant()) {
        effect.redundant = redundant;
        design.redundant += redundant as usize;
    }
    let wide = Wide { sample, packed, design, family: options.family, crossed };
    let (point, trace) = wide.climb(options)?;
    let cells = wide.cells(&point, true);
    let gradient = wide.gradient(&cells);
    let information = wide.information(&cells, None)?;
    let largest = |max: f64, score: &f64| max.max(score.abs());
    let maximum = Maximum {
        point: &point,
        gradient_norm: gradient.groups.iter().chain(&gradient.beta).fold(0.0, largest),
        raw: cells.likelihood,
        condition: information.factor.condition(),
        trace,
        average: None,
        joint: Vec::new(),
        bootstrap: None,
    };
    let (wide, information, point) = (&wide, &information, &point);
    let spread = |factors| -> Result<Box<dyn Variance + '_>, FitError> {
        Ok(Box::new(Spread { wide, information, point, kind: options.covariance, factors }))
    };
    sandwich::assemble(sample, options, packed, wide.design, maximum, pruned, spread)
}

impl Wide<'_> {
    /// Maximises the likelihood as [`newton::solve`] does.
    fn climb(&self, options: &Options) -> Result<(Point, Vec<Step>), FitError> {
        let Ascent { mut point, unit, tolerance } = Ascent::new(self.packed, self.design, options);
        let mut cells = self.cells(&point, false);
        let mut gradient = self.gradient(&cells);
        let (mut trace, mut halvings): (Vec<Step>, u32) = (Vec::new(), 0);
        let mut columns = None;
        let find = |step: &Point| separation::find(self.sample, self.packed, self.design, self.family, step);
        let explain = |error: FitError, step: Option<&Point>, trace: &[Step]| {
            let separation = step.and_then(&find);
            separation.map_or(error, |separation| FitError::Separated { separation, trace: trace.to_vec() })
        };
        // Where a step cannot be made any more, the one before may tell why.
        let mut before: Option<Point> = None;
        loop {
            let at_hand = |error| explain(error, before.as_ref(), &trace);
            let information = self.information(&cells, columns.take()).map_err(at_hand)?;
            let steps = self.directions(&information, std::slice::from_ref(&gradient)).map_err(at_hand)?;
            let step = &steps[0];
            let decrement = dot(step, &gradient).max(0.0).sqrt();
            let step = Point { groups: step.groups.clone(), beta: step.beta.clone() };
            trace.push(Step { gradient: decrement * unit, halvings });
            let reported = &point.beta[..self.design.reported];
            if let Some(at) = reported.iter().position(|b| b.abs() > newton::runaway(self.family)) {
                if let Some(separation) = find(&step) {
                    return Err(FitError::Separated { separation, trace });
                }
                if newton::lingers(&trace) {
                    return Err(FitError::Diverged { term: Some(self.design.terms[at].clone()), trace });
                }
            }
            if decrement * unit <= tolerance {
                if !separation::still(&step)
                    && let Some(separation) = find(&step)
                {
                    return Err(FitError::Separated { separation, trace });
                }
                newton::moved(&mut point, &step, 1.0);
                return Ok((point, trace));
            }
            if trace.len() > options.max_iterations {
                return Err(explain(FitError::NotConverged { trace: trace.clone() }, Some(&step), &trace));
            }
            let mut size = 1.0;
            halvings = 0;
            loop {
                let mut next = point.clone();
                newton::moved(&mut next, &step, size);
                let there = self.cells(&next, false);
                let reached = self.gradient(&there);
                if dot(&reached, &steps[0]) >= -0.5 * decrement * decrement - f64::EPSILON * size {
                    (point, cells, gradient) = (next, there, reached);
                    break;
                }
                if halvings == newton::HALVINGS {
                    let error = FitError::Diverged { term: None, trace: trace.clone() };
                    return Err(explain(error, Some(&step), &trace));
                }
                halvings += 1;
                size *= 0.5;
            }
            (columns, before) = (Some(information.columns), Some(step));
        }
    }

    /// Weights and residuals at a point, on demand with the likelihood.
    fn cells(&self, point: &Point, full: bool) -> Cells {
        let predictor = Predictor::new(self.design, point, self.packed.patterns.len());
        let chunk = |at: usize| {
            let (chunk, side) = (&self.packed.chunks[at], &self.design.chunks[at]);
            let cells = chunk.pattern.len();
            let (mut weight, mut residual, mut likelihood) = (vec![0.0; cells], vec![0.0; cells], 0.0);
            let mut batch = Batch::new();
            for (run, own) in chunk.runs.iter().enumerate() {
                for cells in batches(own.cells.clone()) {
                    predictor.fill(chunk, side, run, cells.clone(), &mut batch.eta);
                    chunk.observed(cells.clone(), &mut batch);
                    kernel::moments(self.family, &mut batch);
                    weight[cells.clone()].copy_from_slice(&batch.weight[..batch.length]);
                    residual[cells].copy_from_slice(&batch.residual[..batch.length]);
                    if full {
                        kernel::full(self.family, &mut batch);
                        likelihood += kernel::lanes(&batch.likelihood[..batch.length]);
                    }
                }
            }
            (weight, residual, likelihood)
        };
        let parts: Vec<_> = (0..self.packed.chunks.len()).into_par_iter().map(chunk).collect();
        let mut cells = Cells { weight: Vec::new(), residual: Vec::new(), likelihood: 0.0 };
        for (weight, residual, likelihood) in parts {
            cells.weight.push(weight);
            cells.residual.push(residual);
            cells.likelihood += likelihood;
        }
        cells
    }

    /// Sums over cells by combination.
    fn combined(&self, cells: &[Vec<f64>]) -> Vec<f64> {
        let mut sums = vec![0.0; self.crossed.combinations()];
        for (of, values) in self.crossed.of.iter().zip(cells) {
            of.iter().zip(values).for_each(|(at, value)| sums[*at as usize] += value);
        }
        sums
    }

    /// The information, with the columns' solutions found from those `near` by, if there are any.
    fn information(&self, cells: &Cells, near: Option<Vec<Vec<f64>>>) -> Result<Information, FitError> {
        let k = self.design.reported;
        let weight = self.combined(&cells.weight);
        let inverse = self.crossed.inverse(&weight)?;
        let Sums { sides, own } = self.sums(cells);
        let starts = near.unwrap_or_else(|| sides.iter().map(|side| vec![0.0; side.len()]).collect());
        let columns = self.crossed.solve(&weight, &inverse, &sides, &starts)?;
        let mut left = vec![0.0; k * k];
        for row in 0..k {
            for column in 0..=row {
                let taken = product(&sides[row], &columns[column]) + product(&sides[column], &columns[row]);
                let value = own[row * k + column] - 0.5 * taken;
                (left[row * k + column], left[column * k + row]) = (value, value);
            }
            if left[row * k + row].is_nan() || left[row * k + row] <= WITHIN * own[row * k + row] {
                return Err(self.collinear(row));
            }
        }
        let factor = Cholesky::new(&left, k).map_err(|explained| FitError::Collinear {
            term: self.design.terms[explained.column].clone(),
            with: explained.by.iter().map(|at| self.design.terms[*at].clone()).collect(),
            within: None,
        })?;
        Ok(Information { weight, inverse, columns, factor })
    }

    fn collinear(&self, column: usize) -> FitError {
        let names = self.design.absorbed.iter().map(|effect| format!(" and `{}`", effect.name)).collect::<String>();
        let within = Some(format!("{}{names}", self.design.within));
        FitError::Collinear { term: self.design.terms[column].clone(), with: Vec::new(), within }
    }

    /// Each `r` with `A r = jacobian`.
    fn directions(&self, information: &Information, sides: &[Functional]) -> Result<Vec<Functional>, FitError> {
        let k = self.design.reported;
        let joined = |side: &Functional| [&side.groups[..], &side.beta[k..]].concat();
        let effects: Vec<Vec<f64>> = sides.iter().map(joined).collect();
        let starts: Vec<Vec<f64>> = effects.iter().map(|side| vec![0.0; side.len()]).collect();
        let solved = self.crossed.solve(&information.weight, &information.inverse, &effects, &starts)?;
        let one = |((side, effects), own): ((&Functional, &Vec<f64>), Vec<f64>)| {
            let left = side.beta[..k].iter().zip(&information.columns).map(|(j, z)| j - product(z, effects));
            self.along(information, information.factor.solve(&left.collect::<Vec<f64>>()), own)
        };
        Ok(sides.iter().zip(&effects).zip(solved).map(one).collect())
    }

    /// The direction with the coefficients' part `beta` and the effects' `own` before those move them.
    fn along(&self, information: &Information, mut beta: Vec<f64>, mut own: Vec<f64>) -> Functional {
        for (column, beta) in information.columns.iter().zip(&beta) {
            own.iter_mut().zip(column).for_each(|(effect, z)| *effect -= z * beta);
        }
        beta.extend(own.split_off(self.design.groups));
        Functional { beta, groups: own }
    }
}
