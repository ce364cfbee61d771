//! Errors clustered over units that may cut across the absorbed groups, and the average marginal
//! effect with its exact delta method. Knows nothing of how the maximum was found.
//!
//! With `s_c` the scores of *all* parameters summed over cluster `c` and `A` the full information,
//! the covariance is `factor x A^-1 (sum s_c s_c') A^-1`. Only the coefficients' corner is formed:
//! `A^-1 s_c` in that corner is `S^-1 (s_c,beta - sum_g m_g s_c,g / h_g)`, `S` the Schur complement.

use rayon::prelude::*;

use super::cells::Packed;
use super::design::Design;
use super::inference::p_value;
use super::newton::Solution;
use super::pass::add;
use super::prune::Pruned;
use super::result::{Fit, MarginalEffect, Reference, SmallSample, Term};
use super::sample::{Family, Options, Profile};
use super::scores::Scores;
use crate::num;

/// Everything after the maximum.
pub(crate) fn finish(options: &Options, packed: &Packed, design: &Design, solution: Solution, pruned: Pruned) -> Fit {
    let responses = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.responses).sum::<u64>();
    let mass = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.trials).sum::<f64>();
    let small_sample = small_sample(options, design, responses);
    let reference = match options.vcov {
        Profile::Fixest013 => Reference::StudentT(design.clusters as f64 - 1.0),
        Profile::Stata | Profile::None => Reference::Normal,
    };
    let influence = influence(design, &solution, options.absorb);
    let covariance = outer(&influence, design.width() + usize::from(!options.absorb), small_sample.factor);
    let average_marginal_effect =
        design.exposure.map(|at| marginal_effect(at, mass, design, &solution, small_sample.factor));
    let mut terms = design.terms.clone();
    let mut coefficient: Vec<f64> = solution.point.beta.clone();
    coefficient.iter_mut().zip(&design.scale).for_each(|(beta, scale)| *beta /= scale);
    if !options.absorb {
        let shift = coefficient.iter().zip(&design.centre).map(|(b, c)| b * c).sum::<f64>();
        coefficient.push(solution.point.groups[0] - shift);
        terms.push(Term::new("(intercept)", ""));
    }
    let k = terms.len();
    let std_error: Vec<f64> = (0..k).map(|at| covariance[at * k + at].sqrt()).collect();
    let statistic: Vec<f64> = coefficient.iter().zip(&std_error).map(|(b, s)| b / s).collect();
    let p_value = statistic.iter().map(|z| p_value(*z, reference)).collect();
    let (gradient_norm, raw) = at_maximum(design, &solution.scores);
    Fit {
        terms,
        coefficient,
        covariance,
        std_error,
        statistic,
        p_value,
        reference,
        critical_value: critical_value(reference),
        average_marginal_effect,
        family: options.family,
        responses,
        groups: design.sampled_groups as u64,
        clusters: design.clusters as u64,
        small_sample,
        log_likelihood: log_likelihood(options.family, raw, packed, mass),
        trace: solution.trace,
        gradient_norm,
        condition: solution.factor.condition,
        dropped: pruned.dropped,
        unobserved: design.unobserved.clone(),
    }
}

/// The statistic that a 95 % interval reaches to.
pub(crate) fn critical_value(reference: Reference) -> f64 {
    match reference {
        Reference::Normal => num::normal_quantile(0.975),
        Reference::StudentT(df) => num::student_quantile(0.05, df),
    }
}

/// Gaussian at the maximising variance in the linear family, where `raw` lacks the outcome's squares.
fn log_likelihood(family: Family, raw: f64, packed: &Packed, mass: f64) -> f64 {
    if family == Family::Logit {
        return raw;
    }
    -0.5 * mass * (num::ln((packed.squares() - 2.0 * raw) / mass * std::f64::consts::TAU) + 1.0)
}

fn small_sample(options: &Options, design: &Design, responses: u64) -> SmallSample {
    let clusters = design.clusters as f64;
    let factor = match options.vcov {
        Profile::None => 1.0,
        Profile::Stata => clusters / (clusters - 1.0),
        Profile::Fixest013 => {
            // Parameters: coefficients; the absorbed effects only if some group spans clusters
            // (nested ones do not count, but the intercept they contain does).
            let effects = if design.nested { 1 } else { design.groups };
            let n = responses as f64;
            clusters / (clusters - 1.0) * (n - 1.0) / (n - (design.width() + effects) as f64)
        }
    };
    SmallSample { profile: options.vcov, factor }
}

/// Per cluster, `A^-1 s_c` for the reported parameters in the caller's units: the change in the
/// estimate that the cluster's scores amount to.
fn influence(design: &Design, solution: &Solution, absorb: bool) -> Vec<Vec<f64>> {
    let k = design.width();
    let mut sums = vec![vec![0.0; k + 1]; design.clusters];
    for part in &solution.scores {
        for ((cluster, group), record) in part.keys.iter().zip(part.records.chunks_exact(k + 1)) {
            let group = &solution.moments.groups[*group as usize * (k + 2)..];
            let sum = &mut sums[*cluster as usize];
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
            if !absorb {
                intercept -= out.iter().zip(&design.centre).map(|(b, c)| b * c).sum::<f64>();
                out.push(intercept);
            }
            out
        })
        .collect()
}

fn outer(influence: &[Vec<f64>], k: usize, factor: f64) -> Vec<f64> {
    let mut matrix = vec![0.0; k * k];
    for vector in influence {
        for (row, a) in vector.iter().enumerate() {
            for (sum, b) in matrix[row * k..(row + 1) * k].iter_mut().zip(vector) {
                *sum += a * b;
            }
        }
    }
    matrix.iter_mut().for_each(|value| *value *= factor);
    matrix
}

/// Mean slope times the coefficient, and its delta-method error: with `J` the gradient in all
/// parameters and `A r = J`, the variance is `factor x sum_c (r' s_c)^2`.
fn marginal_effect(exposure: usize, mass: f64, design: &Design, solution: &Solution, factor: f64) -> MarginalEffect {
    let (q, k, scores) = (design.dense(), design.width(), &solution.scores);
    let beta = solution.point.beta[exposure] / design.scale[exposure];
    let slope = scores.iter().map(|part| part.slope).sum::<f64>() / mass;
    let mut jacobian = vec![0.0; k];
    let mut groups = vec![0.0; design.groups];
    for (part, side) in scores.iter().zip(&design.chunks) {
        add(&mut jacobian[..q], &part.bend);
        if design.factors > 0 {
            for ([_, value], slots) in part.patterns.iter().zip(design.slots.chunks_exact(design.factors)) {
                for slot in slots.iter().filter(|slot| usize::from(**slot) < design.dummies) {
                    jacobian[q + usize::from(*slot)] += value;
                }
            }
        }
        let first = side.group.first().map_or(0, |group| *group as usize);
        add(&mut groups[first..first + part.groups.len()], &part.groups);
    }
    jacobian.iter_mut().chain(&mut groups).for_each(|value| *value *= beta / mass);
    jacobian[exposure] += slope / design.scale[exposure];
    for (value, group) in groups.iter().zip(solution.moments.groups.chunks_exact(k + 2)) {
        for (j, m) in jacobian.iter_mut().zip(&group[2..]) {
            *j -= m * value / group[0];
        }
    }
    let direction = solution.factor.solve(&jacobian);
    for (value, group) in groups.iter_mut().zip(solution.moments.groups.chunks_exact(k + 2)) {
        let explained = group[2..].iter().zip(&direction).map(|(m, r)| m * r).sum::<f64>();
        *value = (*value - explained) / group[0];
    }
    let mut sums = vec![0.0; design.clusters];
    for part in scores {
        for ((cluster, group), record) in part.keys.iter().zip(part.records.chunks_exact(k + 1)) {
            let own = record[1..].iter().zip(&direction).map(|(s, r)| s * r).sum::<f64>();
            sums[*cluster as usize] += own + record[0] * groups[*group as usize];
        }
    }
    let variance = factor * sums.iter().map(|sum| sum * sum).sum::<f64>();
    MarginalEffect { estimate: beta * slope, std_error: variance.sqrt() }
}

/// Largest absolute score and the log likelihood at the final point.
fn at_maximum(design: &Design, scores: &[Scores]) -> (f64, f64) {
    let k = design.width();
    let (mut groups, mut total) = (vec![0.0; design.groups], vec![0.0; k]);
    for part in scores {
        for ((_, group), record) in part.keys.iter().zip(part.records.chunks_exact(k + 1)) {
            groups[*group as usize] += record[0];
            add(&mut total, &record[1..]);
        }
    }
    let norm = groups.iter().chain(&total).fold(0.0_f64, |max, score| max.max(score.abs()));
    (norm, scores.iter().map(|part| part.log_likelihood).sum())
}
