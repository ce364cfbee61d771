//! The covariance of the estimates and of smooth functions of *all* parameters, absorbed effects
//! included. Knows nothing of how the maximum was found, nor of small-sample conventions.
//!
//! With `A` the full information and `J` a function's gradient, `A r = J` is solved through the Schur
//! complement `S` of the groups' diagonal; the variance is `J'r` (iid), `r'Mr` with `M` the sum of
//! squared scores (HC1), `sum_c (r's_c)^2` over clusters' scores, or `sum_c (J'd_c)^2` over the changes
//! when a cluster leaves.

use rayon::prelude::*;

use super::cells::Packed;
use super::design::Design;
use super::failure::FitError;
use super::jackknife::{self, LeftOut};
use super::newton::Solution;
use super::options::{Covariance, Family, Options};
use super::pass::{Moments, Passes};
use super::sampling::{self, Mean};

/// A gradient, or a direction, over all parameters in the design's units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Functional {
    /// Coefficients.
    pub(crate) beta: Vec<f64>,
    /// Groups' effects.
    pub(crate) groups: Vec<f64>,
}

/// What the variance is made of.
enum Kind {
    /// The inverse information alone.
    Information,
    /// Sums of squared scores.
    Squares(Moments),
    /// Scores by cluster.
    Clusters,
    /// Changes when a cluster leaves.
    LeftOut(Vec<LeftOut>),
}

/// A covariance that can be asked.
pub(crate) trait Variance {
    /// Covariance of the reported parameters in the caller's units, the intercept last if it is one of them.
    fn matrix(&self, intercept: bool) -> Vec<f64>;

    /// Variance of a mean over the sample with covariates as they are, and where there is one with
    /// their sampling counted.
    ///
    /// # Errors
    /// Systems in the absorbed effects that cannot be solved.
    fn both(&self, mean: &Mean) -> Result<(f64, Option<f64>), FitError>;
}

/// A covariance of which the whole information is at hand.
pub(crate) struct Spread<'a> {
    packed: &'a Packed,
    family: Family,
    design: &'a Design,
    solution: &'a Solution,
    kind: Kind,
    /// Factor of each way, or the only one.
    factors: Vec<f64>,
}

impl<'a> Spread<'a> {
    /// Prepares the covariance that the options name.
    pub(crate) fn new(
        options: &Options,
        packed: &'a Packed,
        design: &'a Design,
        solution: &'a Solution,
        factors: Vec<f64>,
    ) -> Result<Self, FitError> {
        let kind = match options.covariance {
            Covariance::Iid => Kind::Information,
            Covariance::Hc1 => Kind::Squares(Passes::meat(packed, design, options.family, &solution.point)),
            Covariance::Cluster | Covariance::TwoWay => Kind::Clusters,
            Covariance::Cr3 => Kind::LeftOut(jackknife::leave_out(packed, design, solution, options.family)?),
        };
        Ok(Self { packed, family: options.family, design, solution, kind, factors })
    }

    /// Scores of the units along a direction.
    fn units(&self, direction: &Functional) -> Vec<f64> {
        let (design, k) = (self.design, self.design.width());
        let mut units = vec![0.0; design.units];
        for part in &self.solution.scores {
            for ((unit, group), record) in part.keys.iter().zip(part.records.chunks_exact(k + 1)) {
                let own = record[1..].iter().zip(&direction.beta).map(|(s, r)| s * r).sum::<f64>();
                units[*unit as usize] += own + record[0] * direction.groups[*group as usize];
            }
        }
        units
    }

    /// Gradient of a reported parameter: a coefficient, or the intercept before centring.
    fn reported(&self, at: usize) -> Functional {
        let (design, k) = (self.design, self.design.width());
        let mut out = Functional { beta: vec![0.0; k], groups: vec![0.0; design.groups] };
        if at < design.reported {
            out.beta[at] = 1.0 / design.scale.get(at).copied().unwrap_or(1.0);
        } else {
            out.groups[0] = 1.0;
            let shift = design.centre.iter().zip(&design.scale).map(|(centre, scale)| -centre / scale);
            out.beta.iter_mut().zip(shift).for_each(|(beta, shift)| *beta = shift);
        }
        out
    }
}

impl Variance for Spread<'_> {
    fn matrix(&self, intercept: bool) -> Vec<f64> {
        let design = self.design;
        let k = design.reported + usize::from(intercept);
        if let Kind::Clusters = self.kind {
            let influence = influence(design, self.solution, intercept);
            let mut matrix = vec![0.0; k * k];
            for (way, factor) in design.ways.iter().zip(&self.factors) {
                let part = if design.ways.len() == 1 {
                    outer(&influence, k)
                } else {
                    outer(&summed(&influence, &way.of, way.clusters), k)
                };
                matrix.iter_mut().zip(part).for_each(|(sum, value)| *sum += way.sign * factor * value);
            }
            return matrix;
        }
        let reported: Vec<Functional> = (0..k).map(|at| self.reported(at)).collect();
        if let Kind::LeftOut(left) = &self.kind {
            let change = |one: &LeftOut| reported.iter().map(|j| one.change(j, &self.solution.moments)).collect();
            let changes: Vec<Vec<f64>> = left.par_iter().map(change).collect();
            return outer(&changes, k).iter().map(|value| value * self.factors[0]).collect();
        }
        let directions: Vec<Functional> = reported.iter().map(|j| direction(self.solution, j)).collect();
        let other: Vec<Functional> = match &self.kind {
            Kind::Squares(meat) => directions.iter().map(|r| times(meat, r)).collect(),
            _ => reported,
        };
        let pairs = other.iter().flat_map(|a| directions.iter().map(|b| dot(a, b) * self.factors[0]));
        pairs.collect()
    }

    fn both(&self, mean: &Mean) -> Result<(f64, Option<f64>), FitError> {
        let (jacobian, factor) = (&mean.jacobian, self.factors[0]);
        let direction = direction(self.solution, jacobian);
        Ok(match &self.kind {
            Kind::Information => (factor * dot(jacobian, &direction), None),
            Kind::Squares(meat) => {
                let fixed = dot(&times(meat, &direction), &direction);
                let (packed, point) = (self.packed, &self.solution.point);
                let more = sampling::by_response(packed, self.design, self.family, point, &direction, mean.cells);
                (factor * fixed, Some(factor * (fixed + more)))
            }
            Kind::LeftOut(left) => {
                let changes = left.par_iter().map(|one| one.change(jacobian, &self.solution.moments));
                let changes: Vec<f64> = changes.collect();
                (factor * changes.iter().map(|change| change * change).sum::<f64>(), None)
            }
            Kind::Clusters => {
                let mut units = self.units(&direction);
                let fixed = combined(self.design, &self.factors, &units);
                units.iter_mut().zip(&mean.units).for_each(|(unit, own)| *unit += own);
                (fixed, Some(combined(self.design, &self.factors, &units)))
            }
        })
    }
}

/// Signed sum over the kinds of clusters of the squares of their units' sums.
pub(crate) fn combined(design: &Design, factors: &[f64], units: &[f64]) -> f64 {
    let mut variance = 0.0;
    for (way, factor) in design.ways.iter().zip(factors) {
        let mut sums = vec![0.0; way.clusters];
        for (unit, cluster) in units.iter().zip(&way.of) {
            sums[*cluster as usize] += unit;
        }
        variance += way.sign * factor * sums.iter().map(|sum| sum * sum).sum::<f64>();
    }
    variance
}

/// `r` with `A r = jacobian`.
pub(crate) fn direction(solution: &Solution, jacobian: &Functional) -> Functional {
    let (k, moments) = (jacobian.beta.len(), &solution.moments);
    let mut own = jacobian.beta.clone();
    for (value, group) in jacobian.groups.iter().zip(moments.groups.chunks_exact(k + 2)) {
        for (j, m) in own.iter_mut().zip(&group[2..]) {
            *j -= m * value / group[0];
        }
    }
    let beta = solution.factor.solve(&own);
    let effect = |(value, group): (&f64, &[f64])| {
        let explained = group[2..].iter().zip(&beta).map(|(m, r)| m * r).sum::<f64>();
        (value - explained) / group[0]
    };
    let groups = jacobian.groups.iter().zip(moments.groups.chunks_exact(k + 2)).map(effect).collect();
    Functional { beta, groups }
}

pub(crate) fn dot(a: &Functional, b: &Functional) -> f64 {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    product(&a.beta, &b.beta) + product(&a.groups, &b.groups)
}

/// Product with a matrix shaped like the information.
fn times(matrix: &Moments, vector: &Functional) -> Functional {
    let k = vector.beta.len();
    let row = |at: usize| matrix.hessian[at * k..(at + 1) * k].iter().zip(&vector.beta).map(|(m, v)| m * v).sum();
    let mut beta: Vec<f64> = (0..k).map(row).collect();
    let mut groups = Vec::with_capacity(vector.groups.len());
    for (value, group) in vector.groups.iter().zip(matrix.groups.chunks_exact(k + 2)) {
        for (sum, m) in beta.iter_mut().zip(&group[2..]) {
            *sum += m * value;
        }
        groups.push(group[0] * value + group[2..].iter().zip(&vector.beta).map(|(m, v)| m * v).sum::<f64>());
    }
    Functional { beta, groups }
}

/// Per unit, `A^-1 s_c` for the reported parameters in the caller's units: the change in the
/// estimate that the unit's scores amount to.
pub(crate) fn influence(design: &Design, solution: &Solution, with_intercept: bool) -> Vec<Vec<f64>> {
    let k = design.width();
    let mut sums = vec![vec![0.0; k + 1]; design.units];
    for part in &solution.scores {
        for ((unit, group), record) in part.keys.iter().zip(part.records.chunks_exact(k + 1)) {
            let group = &solution.moments.groups[*group as usize * (k + 2)..];
            let sum = &mut sums[*unit as usize];
            let share = record[0] / group[0];
            sum[k] += record[0];
            for at in 0..k {
                sum[at] += record[1 + at] - share * group[2 + at];
            }
        }
    }
    sums.par_iter()
        .map(|sum| {
            let mut out = solution.factor.solve(&sum[..k]);
            let first = &solution.moments.groups;
            let explained = out.iter().zip(&first[2..]).map(|(b, m)| b * m).sum::<f64>();
            let mut intercept = (sum[k] - explained) / first[0];
            out.iter_mut().zip(&design.scale).for_each(|(value, scale)| *value /= scale);
            intercept -= out.iter().zip(&design.centre).map(|(b, c)| b * c).sum::<f64>();
            out.truncate(design.reported);
            out.extend(with_intercept.then_some(intercept));
            out
        })
        .collect()
}

/// Sums of the units' vectors by cluster.
pub(crate) fn summed(units: &[Vec<f64>], of: &[u32], clusters: usize) -> Vec<Vec<f64>> {
    let width = units.first().map_or(0, Vec::len);
    let mut sums = vec![vec![0.0; width]; clusters];
    for (unit, cluster) in units.iter().zip(of) {
        super::pass::add(&mut sums[*cluster as usize], unit);
    }
    sums
}

pub(crate) fn outer(vectors: &[Vec<f64>], k: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; k * k];
    for vector in vectors {
        for (row, a) in vector.iter().enumerate() {
            for (sum, b) in matrix[row * k..(row + 1) * k].iter_mut().zip(vector) {
                *sum += a * b;
            }
        }
    }
    matrix
}
