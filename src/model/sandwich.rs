//! Errors clustered over units that may cut across the absorbed groups, and the average marginal
//! effect with its exact delta method. Knows nothing of how the maximum was found.
//!
//! With `s_c` the scores of *all* parameters summed over cluster `c` and `A` the full information,
//! the covariance is `factor x A^-1 (sum s_c s_c') A^-1`. Only the coefficients' corner is formed:
//! `A^-1 s_c` in that corner is `S^-1 (s_c,beta - sum_g m_g s_c,g / h_g)`, `S` the Schur complement.

use rayon::prelude::*;

use super::cells::{Chunk, Packed};
use super::design::{ChunkDesign, Design};
use super::failure::FitError;
use super::kernel::{self, Batch};
use super::newton::Solution;
use super::pass::{self, Predictor, add};
use super::prune::Pruned;
use super::result::{Fit, MarginalEffect, Reference, SmallSample, Term};
use super::sample::{Family, Options, Profile, Sample};
use crate::num;

/// Scores and marginal-effect sums of one chunk.
#[derive(Debug, Clone, Default)]
struct Scores {
    log_likelihood: f64,
    /// Cluster and group of each record.
    keys: Vec<(u32, u32)>,
    /// Per record: score of the group's effect, then of each coefficient.
    records: Vec<f64>,
    /// Sum of slopes, and of their derivatives times each parameter's regressor.
    slope: f64,
    bend: Vec<f64>,
    bend_patterns: Vec<f64>,
    bend_groups: Vec<f64>,
}

/// Everything after the maximum.
pub(crate) fn finish(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &Design,
    solution: Solution,
    pruned: Pruned,
) -> Result<Fit, FitError> {
    if design.clusters < 2 {
        return Err(FitError::FewClusters { clusters: design.clusters as u64 });
    }
    let predictor = Predictor::new(design, &solution.point, packed.patterns.len());
    let scores: Vec<Scores> = packed
        .chunks
        .par_iter()
        .zip(&design.chunks)
        .map(|(chunk, side)| scores(&predictor, options.family, chunk, side, design, packed.patterns.len()))
        .collect();
    let responses = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.responses).sum::<u64>();
    let small_sample = small_sample(options, design, responses);
    let reference = match options.vcov {
        Profile::Fixest013 => Reference::StudentT(design.clusters as f64 - 1.0),
        Profile::Stata | Profile::None => Reference::Normal,
    };
    let influence = influence(design, &solution, &scores, options.absorb);
    let covariance = outer(&influence, design.width() + usize::from(!options.absorb), small_sample.factor);
    let average_marginal_effect =
        design.exposure.map(|at| marginal_effect(at, packed, design, &solution, &scores, small_sample.factor));
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
    let p_value = statistic.iter().map(|z| two_sided(*z, reference)).collect();
    let (gradient_norm, raw) = at_maximum(design, &scores);
    let mass = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.trials).sum::<f64>();
    let _ = sample;
    Ok(Fit {
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
        log_likelihood: log_likelihood(options.family, raw, mass),
        trace: solution.trace,
        gradient_norm,
        condition: solution.factor.condition,
        dropped: pruned.dropped,
        unobserved: design.unobserved.clone(),
    })
}

/// Two-sided p value of a statistic.
pub(crate) fn two_sided(statistic: f64, reference: Reference) -> f64 {
    match reference {
        Reference::Normal => num::normal_two_sided(statistic),
        Reference::StudentT(df) => num::student_two_sided(statistic, df),
    }
}

/// The statistic that a 95 % interval reaches to.
pub(crate) fn critical_value(reference: Reference) -> f64 {
    match reference {
        Reference::Normal => num::normal_quantile(0.975),
        Reference::StudentT(df) => num::student_quantile(0.05, df),
    }
}

fn log_likelihood(family: Family, raw: f64, mass: f64) -> f64 {
    match family {
        Family::Logit => raw,
        // raw is minus half the residual sum of squares.
        Family::Linear => -0.5 * mass * (num::ln(-2.0 * raw / mass * std::f64::consts::TAU) + 1.0),
    }
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

fn scores(
    predictor: &Predictor,
    family: Family,
    chunk: &Chunk,
    side: &ChunkDesign,
    design: &Design,
    patterns: usize,
) -> Scores {
    let (q, k) = (design.dense(), design.width());
    let first = side.group.first().map_or(0, |group| *group);
    let groups = side.group.last().map_or(0, |last| (last - first + 1) as usize);
    let mut out = Scores {
        bend: vec![0.0; q],
        bend_patterns: vec![0.0; patterns],
        bend_groups: vec![0.0; groups],
        ..Scores::default()
    };
    let mut margin = vec![0.0; design.dummies + 1];
    let mut batch = Batch::new();
    for (run, cells) in chunk.runs.iter().map(|run| run.cells.clone()).enumerate() {
        margin.fill(0.0);
        let key = (side.cluster[run], side.group[run]);
        if out.keys.last() != Some(&key) {
            out.keys.push(key);
            out.records.resize(out.records.len() + k + 1, 0.0);
        }
        let at = out.records.len() - (k + 1);
        let (mut score, mut bend) = (0.0, 0.0);
        for cells in pass::batches(cells) {
            let length = cells.len();
            predictor.fill(chunk, side, run, cells.clone(), &mut batch.eta);
            let (trials, successes) = (&chunk.trials[cells.clone()], &chunk.successes[cells.clone()]);
            kernel::moments(family, trials, successes, &mut batch);
            out.log_likelihood += kernel::lanes(&batch.extra[..length]);
            kernel::curvature(family, trials, successes, &mut batch);
            score += kernel::lanes(&batch.residual[..length]);
            bend += kernel::lanes(&batch.extra[..length]);
            out.slope += kernel::lanes(&batch.weight[..length]);
            for (pattern, value) in chunk.pattern[cells.clone()].iter().zip(&batch.extra) {
                out.bend_patterns[*pattern as usize] += value;
            }
            pass::scatter(design, &chunk.pattern[cells.clone()], &batch.residual[..length], &mut margin);
            for (place, cell) in cells.enumerate() {
                for i in 0..design.numerics {
                    let x = side.numerics[cell * design.numerics + i];
                    out.records[at + 1 + design.blocks + i] += batch.residual[place] * x;
                    out.bend[design.blocks + i] += batch.extra[place] * x;
                }
            }
        }
        let record = &mut out.records[at..];
        record[0] += score;
        for (a, x) in side.columns[run * design.blocks..(run + 1) * design.blocks].iter().enumerate() {
            record[1 + a] += score * x;
            out.bend[a] += bend * x;
        }
        add(&mut record[1 + q..], &margin[..design.dummies]);
        out.bend_groups[(side.group[run] - first) as usize] += bend;
    }
    out
}

/// Per cluster, `A^-1 s_c` for the reported parameters in the caller's units: the change in the
/// estimate that the cluster's scores amount to.
fn influence(design: &Design, solution: &Solution, scores: &[Scores], absorb: bool) -> Vec<Vec<f64>> {
    let k = design.width();
    let mut sums = vec![vec![0.0; k + 1]; design.clusters];
    for part in scores {
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
fn marginal_effect(
    exposure: usize,
    packed: &Packed,
    design: &Design,
    solution: &Solution,
    scores: &[Scores],
    factor: f64,
) -> MarginalEffect {
    let (q, k) = (design.dense(), design.width());
    let mass = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.trials).sum::<f64>();
    let beta = solution.point.beta[exposure] / design.scale[exposure];
    let slope = scores.iter().map(|part| part.slope).sum::<f64>() / mass;
    let mut jacobian = vec![0.0; k];
    let mut groups = vec![0.0; design.groups];
    for (part, side) in scores.iter().zip(&design.chunks) {
        add(&mut jacobian[..q], &part.bend);
        if design.factors > 0 {
            for (value, slots) in part.bend_patterns.iter().zip(design.slots.chunks_exact(design.factors)) {
                for slot in slots.iter().filter(|slot| usize::from(**slot) < design.dummies) {
                    jacobian[q + usize::from(*slot)] += value;
                }
            }
        }
        let first = side.group.first().map_or(0, |group| *group as usize);
        add(&mut groups[first..first + part.bend_groups.len()], &part.bend_groups);
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
