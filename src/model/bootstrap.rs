//! Wild cluster bootstrap of the test that the exposure's coefficient is zero, with the null imposed:
//! the restricted wild cluster bootstrap for least squares (Cameron, Gelbach and Miller 2008), and its
//! linearisation at the restricted estimate for the other families (WCLR of MacKinnon, Nielsen and
//! Webb 2023, the score bootstrap of Kline and Santos 2012 with re-estimated cluster scores).
//!
//! With `s_c` the clusters' scores and `A_c` their information at the restricted estimate, `A` the sum,
//! `r` the exposure's row of `A^-1` and signs `v`: the numerator is `sum v_c r's_c`, and the squared
//! denominator `sum_c (v_c r's_c - r'A_c A^-1 sum_d v_d s_d)^2` (Roodman and others 2019), so a draw
//! costs one product with a clusters x clusters matrix and no regression. All signs one gives the
//! sample's own statistic, which for least squares is the usual t.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

use super::cells::Packed;
use super::covariance::{Functional, direction};
use super::dense::Cholesky;
use super::design::Design;
use super::failure::FitError;
use super::jackknife::{self, Part};
use super::newton::{self, Solution};
use super::options::{Bootstrap, Options};
use super::result::BootstrapTest;
use super::sample::Sample;
use super::scores::Scores;
use super::step::eliminated;

/// Statistics this close, relatively, are equal.
const TIE: f64 = 1e-9;

/// The test, when one is asked for and there is an exposure.
pub(crate) fn test(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &Design,
) -> Result<Option<BootstrapTest>, FitError> {
    let (Some(asked), Some(exposure)) = (options.bootstrap, design.exposure) else { return Ok(None) };
    let mut solution = newton::solve(sample, packed, design, options, Some(exposure))?;
    let k = design.width();
    let (schur, _) = eliminated(&solution.moments, k);
    solution.factor = Cholesky::new(&schur, k).map_err(|explained| FitError::Diverged {
        term: Some(design.terms[explained.column].clone()),
        trace: solution.trace.clone(),
    })?;
    let mut unit = Functional { beta: vec![0.0; k], groups: vec![0.0; design.groups] };
    unit.beta[exposure] = 1.0;
    let row = direction(&solution, &unit);
    let scores = along(design, &solution.scores, &row);
    let matrix: Vec<Vec<f64>> =
        jackknife::parts(packed, design, &solution, options.family, |part| projected(part, design, &solution, &row));
    let own = statistic(&scores, &matrix, |_| 1.0);
    let clusters = scores.len();
    let all = u32::try_from(clusters).ok().and_then(|bits| 1_u64.checked_shl(bits));
    let enumerated = all.is_some_and(|all| all <= asked.draws);
    let draws = if enumerated { all.unwrap_or(asked.draws) } else { asked.draws };
    let one = |draw: u64| {
        let signs = if enumerated { spelled(draw, clusters) } else { drawn(asked, draw, clusters) };
        let value = statistic(&scores, &matrix, |at| signs[at]);
        u64::from(value.abs() >= own.abs() * (1.0 - TIE))
    };
    let beyond: u64 = (0..draws).into_par_iter().map(one).sum();
    let p_value = beyond as f64 / draws as f64;
    Ok(Some(BootstrapTest { statistic: own, p_value, draws, enumerated, seed: asked.seed }))
}

/// Each cluster's score along a direction.
fn along(design: &Design, scores: &[Scores], direction: &Functional) -> Vec<f64> {
    let mut units = vec![0.0; design.units];
    for part in scores {
        for ((unit, group), record) in part.keys.iter().zip(part.records.chunks_exact(design.width() + 1)) {
            let own = record[1..].iter().zip(&direction.beta).map(|(s, r)| s * r).sum::<f64>();
            units[*unit as usize] += own + record[0] * direction.groups[*group as usize];
        }
    }
    units
}

/// `r'A_c A^-1 s_d` for all clusters `d`.
fn projected(part: &Part, design: &Design, solution: &Solution, row: &Functional) -> Vec<f64> {
    let k = design.width();
    let mut image = Functional { beta: vec![0.0; k], groups: vec![0.0; design.groups] };
    for a in 0..k {
        for b in 0..=a {
            let value = part.hessian[a * k + b];
            image.beta[a] += value * row.beta[b];
            if b < a {
                image.beta[b] += value * row.beta[a];
            }
        }
    }
    for (group, own) in &part.groups {
        let effect = row.groups[*group as usize];
        for (sum, m) in image.beta.iter_mut().zip(&own[2..]) {
            *sum += m * effect;
        }
        let follows = own[2..].iter().zip(&row.beta).map(|(m, r)| m * r).sum::<f64>();
        image.groups[*group as usize] = own[0] * effect + follows;
    }
    along(design, &solution.scores, &direction(solution, &image))
}

fn statistic(scores: &[f64], matrix: &[Vec<f64>], sign: impl Fn(usize) -> f64) -> f64 {
    let signs: Vec<f64> = (0..scores.len()).map(sign).collect();
    let (mut sum, mut squares) = (0.0, 0.0);
    for ((score, row), sign) in scores.iter().zip(matrix).zip(&signs) {
        let taken: f64 = row.iter().zip(&signs).map(|(h, v)| h * v).sum();
        sum += sign * score;
        squares += (sign * score - taken) * (sign * score - taken);
    }
    sum / squares.sqrt()
}

/// Signs that spell a number.
fn spelled(number: u64, clusters: usize) -> Vec<f64> {
    (0..clusters).map(|at| if number >> at & 1 == 1 { -1.0 } else { 1.0 }).collect()
}

/// Rademacher signs: a stream of its own for each draw, so that threads do not matter.
fn drawn(asked: Bootstrap, draw: u64, clusters: usize) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(asked.seed);
    random.set_stream(draw);
    let words: Vec<u64> = (0..clusters.div_ceil(64)).map(|_| random.next_u64()).collect();
    words.iter().flat_map(|word| spelled(*word, 64)).take(clusters).collect()
}
