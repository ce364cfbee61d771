//! Joint tests of coefficients that hold where clusters are few or uneven: the bias-reduced covariance CR2
//! (Bell and McCaffrey 2002) referred to Hotelling's T squared, with the degrees of freedom that its own
//! variance has under a working model (Pustejovsky and Tipton 2018, "HTZ" of R's clubSandwich).
//! Knows no analysis.
//!
//! With `H = R R'` the information, `A_g = R^-1 I_g R^-T` a cluster's share of it (absorbed effects
//! eliminated within the cluster, which holds them whole), `s_g` its scores and `E = C R^-T` for the
//! coefficients `C b` tested, the cluster's part is `v_g = F_g R^-1 s_g`, `F_g = E (I - A_g)^(-1/2)`, and the covariance
//! `V = sum v_g v_g'`. Under independent responses `Cov(v_g, v_h) = F_g (d_gh A_g - A_g A_h) F_h'`: a
//! diagonal less a product, so that sums over pairs of clusters are sums over clusters.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cells::Packed;
use super::dense::{Cholesky, product};
use super::design::Design;
use super::eigen::Eigen;
use super::jackknife::{Part, parts};
use super::newton::Solution;
use super::options::{Covariance, Options};
use super::step::eliminated;
use crate::num;

/// Below this size of a cluster's share its root is summed as a series.
const SMALL: f64 = 0.8;
/// A direction of which a cluster has all but this is its alone, and stays where it is.
const ALONE: f64 = 1e-9;

/// A joint test that all coefficients of some terms are zero.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct JointTest {
    /// `b' V^-1 b` with the CR2 covariance.
    pub statistic: f64,
    /// Number of coefficients.
    pub terms: usize,
    /// Denominator's degrees of freedom: with the covariance's `d`, `(d - terms + 1) / (d terms)` times the
    /// statistic is referred to F(`terms`, `d - terms + 1`).
    pub df: f64,
    /// P value.
    pub p_value: f64,
}

/// The tests asked for; none of them where the errors are not those of one kind of clusters that hold the absorbed
/// effects whole. A test that clusters are too few for is none.
pub(crate) fn tests(
    options: &Options,
    packed: &Packed,
    design: &Design,
    solution: &Solution,
) -> Vec<Option<JointTest>> {
    let clustered = matches!(options.covariance, Covariance::Cluster | Covariance::Cr3);
    let held = !options.absorb || design.ways.first().is_some_and(|way| way.nested);
    if options.joint.is_empty() || !clustered || !held || !design.absorbed.is_empty() {
        return Vec::new();
    }
    let whole = Whole::new(options, design, solution);
    let Some(whole) = whole else { return vec![None; options.joint.len()] };
    let each = parts(packed, design, solution, options.family, |part| whole.shares(part));
    (0..whole.tested.len()).map(|test| whole.test(test, solution, &each)).collect()
}

/// What all clusters share.
struct Whole {
    /// Coefficients, and the intercept where nothing is absorbed.
    width: usize,
    intercept: bool,
    factor: Cholesky,
    /// Places of the coefficients of each test.
    tested: Vec<Vec<usize>>,
    /// Rows of `E`.
    rows: Vec<Vec<Vec<f64>>>,
}

/// A cluster's part in one test.
struct Share {
    /// `v_g`.
    value: Vec<f64>,
    /// `F_g A_g`, rows.
    spread: Vec<Vec<f64>>,
    /// `F_g A_g F_g'`.
    own: Vec<f64>,
}

impl Whole {
    fn new(options: &Options, design: &Design, solution: &Solution) -> Option<Self> {
        let (k, intercept) = (design.width(), !options.absorb);
        let width = k + usize::from(intercept);
        let information = if intercept {
            let group = &solution.moments.groups;
            let mut all = vec![0.0; width * width];
            for row in 0..k {
                all[row * width..row * width + k].copy_from_slice(&solution.moments.hessian[row * k..(row + 1) * k]);
                (all[row * width + k], all[k * width + row]) = (group[2 + row], group[2 + row]);
            }
            all[width * width - 1] = group[0];
            all
        } else {
            eliminated(&solution.moments, k).0
        };
        let factor = Cholesky::new(&information, width).ok()?;
        let places = |names: &Vec<String>| -> Vec<usize> {
            let terms = design.terms[..design.reported].iter().enumerate();
            terms.filter(|(_, term)| names.contains(&term.name)).map(|(at, _)| at).collect()
        };
        let tested: Vec<Vec<usize>> = options.joint.iter().map(places).collect();
        let unit = |at: &usize| {
            let mut unit = vec![0.0; width];
            unit[*at] = 1.0;
            factor.halfway(&mut unit);
            unit
        };
        let rows = tested.iter().map(|places| places.iter().map(unit).collect()).collect();
        Some(Self { width, intercept, factor, tested, rows })
    }

    /// A cluster's information and scores with its absorbed effects eliminated, or its part of the intercept added.
    fn of(&self, part: &Part) -> (Vec<f64>, Vec<f64>) {
        let (k, width) = (part.gradient.len(), self.width);
        let (mut information, mut scores) = (vec![0.0; width * width], vec![0.0; width]);
        scores[..k].copy_from_slice(&part.gradient);
        for row in 0..k {
            information[row * width..=row * width + row].copy_from_slice(&part.hessian[row * k..=row * k + row]);
        }
        for (_, group) in &part.groups {
            let (own, score, cross) = (group[0], group[1], &group[2..]);
            if self.intercept {
                information[k * width..k * width + k].iter_mut().zip(cross).for_each(|(sum, m)| *sum += m);
                information[k * width + k] += own;
                scores[k] += score;
            } else if own > 0.0 {
                for row in 0..k {
                    let ratio = cross[row] / own;
                    scores[row] -= ratio * score;
                    let line = &mut information[row * width..=row * width + row];
                    line.iter_mut().zip(cross).for_each(|(sum, m)| *sum -= ratio * m);
                }
            }
        }
        for row in 0..width {
            for column in 0..row {
                information[column * width + row] = information[row * width + column];
            }
        }
        (information, scores)
    }

    /// A cluster's part in every test.
    fn shares(&self, part: &Part) -> Vec<Share> {
        let width = self.width;
        let (mut share, mut scores) = self.of(part);
        // R^-1 from the left, turned, and again.
        for _ in 0..2 {
            share.chunks_exact_mut(width).for_each(|row| self.factor.halfway(row));
            for row in 0..width {
                for column in 0..row {
                    share.swap(row * width + column, column * width + row);
                }
            }
        }
        self.factor.halfway(&mut scores);
        let size = share.iter().map(|x| x * x).sum::<f64>().sqrt();
        let eigen = (size > SMALL).then(|| Eigen::new(&share, width));
        let root = |x: f64| if 1.0 - x > ALONE { 1.0 / (1.0 - x).sqrt() } else { 0.0 };
        let grown = |row: &Vec<f64>| match &eigen {
            Some(eigen) => eigen.apply(root, row),
            None => series(&share, row),
        };
        let of_test = |rows: &Vec<Vec<f64>>| {
            let grown: Vec<Vec<f64>> = rows.iter().map(grown).collect();
            let spread: Vec<Vec<f64>> = grown.iter().map(|row| times(&share, row)).collect();
            Share {
                value: grown.iter().map(|row| product(row, &scores)).collect(),
                own: spread.iter().flat_map(|a| grown.iter().map(|b| product(a, b))).collect(),
                spread,
            }
        };
        self.rows.iter().map(of_test).collect()
    }

    fn test(&self, test: usize, solution: &Solution, each: &[Vec<Share>]) -> Option<JointTest> {
        let places = &self.tested[test];
        let q = places.len();
        let shares = || each.iter().map(|shares| &shares[test]);
        let (mut covariance, mut expected) = (vec![0.0; q * q], vec![0.0; q * q]);
        for share in shares() {
            for (at, entry) in covariance.iter_mut().enumerate() {
                *entry += share.value[at / q] * share.value[at % q];
            }
            for (at, entry) in expected.iter_mut().enumerate() {
                *entry += share.own[at] - product(&share.spread[at / q], &share.spread[at % q]);
            }
        }
        let beta: Vec<f64> = places.iter().map(|at| solution.point.beta[*at]).collect();
        if q == 0 {
            return None;
        }
        let statistic = product(&Cholesky::new(&covariance, q).ok()?.solve(&beta), &beta);
        let scale = Cholesky::new(&expected, q).ok()?;
        let freedom = (q * (q + 1)) as f64 / variance(&scale, q, self.width, &shares().collect::<Vec<_>>());
        let df = freedom - q as f64 + 1.0;
        let p_value = num::f_sf(statistic * df / (freedom * q as f64), q as f64, df);
        (df > 0.0 && p_value.is_finite()).then_some(JointTest { statistic, terms: q, df, p_value })
    }
}

/// Sum of the variances of the entries of the covariance, in units of its expectation's factor `scale`.
fn variance(scale: &Cholesky, q: usize, width: usize, shares: &[&Share]) -> f64 {
    // Columns are scaled from the left.
    let scaled = |share: &&Share| -> (Vec<f64>, Vec<f64>) {
        let mut spread = vec![0.0; q * width];
        for column in 0..width {
            let mut own: Vec<f64> = share.spread.iter().map(|row| row[column]).collect();
            scale.halfway(&mut own);
            own.iter().enumerate().for_each(|(row, x)| spread[row * width + column] = *x);
        }
        let mut own = share.own.clone();
        for _ in 0..2 {
            own.chunks_exact_mut(q).for_each(|row| scale.halfway(row));
            own = (0..q * q).map(|at| own[at % q * q + at / q]).collect();
        }
        (spread, own)
    };
    let shares: Vec<(Vec<f64>, Vec<f64>)> = shares.par_iter().map(scaled).collect();
    let line = |at: usize| {
        let mut sum = vec![0.0; q * width];
        for (spread, _) in shares.iter().filter(|(spread, _)| spread[at] != 0.0) {
            sum.iter_mut().zip(spread).for_each(|(sum, x)| *sum += spread[at] * x);
        }
        sum
    };
    let pairs: Vec<Vec<f64>> = (0..q * width).into_par_iter().map(line).collect();
    let crossed = |at: usize| {
        let (s, a) = (at / width, at % width);
        let other = |(to, z): (usize, &f64)| z * z + z * pairs[to / width * width + a][s * width + to % width];
        pairs[at].iter().enumerate().map(other).sum::<f64>()
    };
    let all: f64 = (0..q * width).map(crossed).sum();
    let traces = |matrix: &[f64]| {
        let trace: f64 = (0..q).map(|at| matrix[at * q + at]).sum();
        trace * trace + matrix.iter().map(|x| x * x).sum::<f64>()
    };
    let alone = |(spread, own): &(Vec<f64>, Vec<f64>)| {
        let row = |at: usize| &spread[at * width..(at + 1) * width];
        let between: Vec<f64> = (0..q * q).map(|at| product(row(at / q), row(at % q))).collect();
        let within: Vec<f64> = own.iter().zip(&between).map(|(own, between)| own - between).collect();
        traces(&within) - traces(&between)
    };
    all + shares.iter().map(alone).sum::<f64>()
}

/// `(I - matrix)^(-1/2) vector` by its power series; the matrix is smaller than one.
fn series(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    let (mut out, mut term) = (vector.to_vec(), vector.to_vec());
    let largest = |x: &[f64]| x.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
    for n in 1..1_000 {
        let factor = f64::from(2 * n - 1) / f64::from(2 * n);
        term = times(matrix, &term);
        term.iter_mut().for_each(|x| *x *= factor);
        out.iter_mut().zip(&term).for_each(|(sum, x)| *sum += x);
        if largest(&term) <= 1e-17 * largest(&out) {
            break;
        }
    }
    out
}

fn times(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    matrix.chunks_exact(vector.len().max(1)).map(|row| product(row, vector)).collect()
}
