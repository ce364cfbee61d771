//! Newton's method with the groups' effects eliminated exactly: each group is one row and column of
//! the information, coupled to the coefficients only, so the coefficients' system is the Schur
//! complement of a diagonal block. Knows nothing of clusters.

use super::cells::{Chunk, Packed, Run};
use super::dense::{Cholesky, Explained};
use super::design::Design;
use super::failure::FitError;
use super::options::{Family, Options};
use super::pass::{Moments, Passes};
use super::predictor::Point;
use super::result::{Step, Term};
use super::sample::Sample;
use super::scores::Scores;
use super::separation;
use super::step::{Direction, direction};
use super::work::Extent;
use crate::num;

/// A coefficient of this size, per unit of spread or against the reference level, is on its way to
/// infinity: an odds ratio of millions is not estimable from any sample that fits in memory.
const RUNAWAY: f64 = 16.0;
/// The same in units of a normal deviate.
const RUNAWAY_PROBIT: f64 = 8.0;
/// Towards infinity the decrement shrinks by the root of e a step; towards a maximum it is squared.
const LINGER: f64 = 0.3;
/// From so many responses on, the information is summed only where a step needs it.
const LARGE: u64 = 200_000;
/// There the test is so many times wider. One decrement changes the information by about a thousandth (the
/// steps' shrinking shows it), so errors move by 1e-9 of themselves within it; the step that follows the test
/// brings the coefficients to the last bit all the same.
const WIDER: f64 = 10.0;
/// Most halvings of one step.
pub(crate) const HALVINGS: u32 = 30;

/// Below this decrement the next pass is expected to be the last and keeps scores by cluster.
const NEARLY: f64 = 1e-2;

/// The maximum and what was computed there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Solution {
    /// Where the likelihood is largest.
    pub(crate) point: Point,
    /// Derivatives at the last pass (one negligible step away from `point`).
    pub(crate) moments: Moments,
    /// Scores at the last pass.
    pub(crate) scores: Vec<Scores>,
    /// Factor of the Schur complement.
    pub(crate) factor: Cholesky,
    /// One entry per pass.
    pub(crate) trace: Vec<Step>,
}

/// Where an ascent begins and when it ends.
pub(crate) struct Ascent {
    /// Each group at its own mean.
    pub(crate) point: Point,
    /// What the decrement is multiplied by before it is judged.
    pub(crate) unit: f64,
    /// The largest decrement of the last step.
    pub(crate) tolerance: f64,
}

impl Ascent {
    /// Weights and outcomes of any scale converge alike: the decrement is judged per unit of both.
    pub(crate) fn new(packed: &Packed, design: &Design, options: &Options) -> Self {
        let runs = || packed.chunks.iter().flat_map(|chunk| &chunk.runs);
        let size = match options.family {
            Family::Linear => packed.squares(),
            _ => runs().map(|run| run.trials).sum::<f64>(),
        };
        let unit = (runs().map(|run| run.responses).sum::<u64>() as f64 / size).sqrt();
        Self { point: start(packed, design, options.family), unit, tolerance: options.tolerance }
    }
}

/// Maximises the likelihood; over all but the coefficient `frozen` at zero, if there is one.
///
/// The log likelihood is concave, so a step was too long exactly when the slope along it is negative
/// at its end: such a step is halved once the slope has turned by more than half (the curvature
/// condition of a line search). No likelihood is needed for that, which saves a logarithm per cell.
pub(crate) fn solve(
    sample: &Sample,
    packed: &Packed,
    design: &Design,
    options: &Options,
    frozen: Option<usize>,
) -> Result<Solution, FitError> {
    let mut passes = Passes::new(packed, design, options.family);
    let Ascent { mut point, unit, mut tolerance } = Ascent::new(packed, design, options);
    let large = packed.chunks.iter().flat_map(|chunk| &chunk.runs).map(|run| run.responses).sum::<u64>() >= LARGE;
    if large {
        tolerance *= WIDER;
    }
    let (mut extent, mut halvings) = (Extent::Information, 0);
    let mut moments = passes.at(&point, extent);
    // The step from a pass without information takes that of the pass before (a chord).
    let mut known: Option<Cholesky> = None;
    let mut trace: Vec<Step> = Vec::new();
    let explain = |error: FitError, step: Option<&Point>, trace: &[Step]| {
        let found = step.and_then(|step| separation::find(sample, packed, design, options.family, step));
        found.map_or(error, |separation| FitError::Separated { separation, trace: trace.to_vec() })
    };
    let mut before: Option<Point> = None;
    loop {
        let Direction { step, decrement, factor } = direction(&moments, design, frozen, known.take())
            .map_err(|explained| explain(singular(explained, design, &trace), before.as_ref(), &trace))?;
        let gradient = decrement * unit;
        trace.push(Step { gradient, halvings });
        if let Some(at) = point.beta.iter().position(|b| b.abs() > runaway(options.family)) {
            if let Some(separation) = separation::find(sample, packed, design, options.family, &step) {
                return Err(FitError::Separated { separation, trace });
            }
            // Nearly collinear columns have large coefficients and converge all the same.
            if lingers(&trace) {
                return Err(FitError::Diverged { term: Some(design.terms[at].clone()), trace });
            }
        }
        if gradient <= tolerance && extent == Extent::Scores {
            if !separation::still(&step)
                && let Some(separation) = separation::find(sample, packed, design, options.family, &step)
            {
                return Err(FitError::Separated { separation, trace });
            }
            // This step costs nothing any more, and squares the error.
            moved(&mut point, &step, 1.0);
            return Ok(Solution { point, moments, scores: passes.into_scores(), factor, trace });
        }
        if trace.len() > options.max_iterations {
            return Err(explain(FitError::NotConverged { trace: trace.clone() }, Some(&step), &trace));
        }
        extent = if large { next(&trace, extent, options.family, tolerance) } else { after(&trace, tolerance) };
        halvings = 0;
        let mut size = 1.0;
        loop {
            let mut next = point.clone();
            moved(&mut next, &step, size);
            let reached = passes.at(&next, extent);
            let slope = slope(&reached, &step);
            // What rounding can do to a sum of that size is forgiven.
            if slope >= -0.5 * decrement * decrement - f64::EPSILON * size {
                point = next;
                if extent == Extent::Gradient {
                    moments.take_scores(reached);
                    known = Some(factor);
                } else {
                    moments = reached;
                }
                break;
            }
            if halvings == HALVINGS {
                return Err(explain(FitError::Diverged { term: None, trace: trace.clone() }, Some(&step), &trace));
            }
            halvings += 1;
            size *= 0.5;
        }
        before = Some(step);
    }
}

/// What the next pass should sum: no chords.
fn after(trace: &[Step], tolerance: f64) -> Extent {
    match trace {
        [.., last] if last.gradient <= NEARLY.max(tolerance) => Extent::Scores,
        _ => Extent::Information,
    }
}

/// The same where passes are dear enough for a chord.
fn next(trace: &[Step], extent: Extent, family: Family, tolerance: f64) -> Extent {
    match (after(trace, tolerance), trace) {
        (Extent::Scores, _) => Extent::Scores,
        // A straight line has its maximum one step away.
        _ if family == Family::Linear => Extent::Scores,
        // After Newton's steps `p` and `d`, the next decrement is about `d^3/p^2`, and a chord's after that
        // `2 d/p^2` times `d` times it, or up to four times that: short enough to be the last?
        (_, [.., before, last]) if extent == Extent::Information => {
            let (p, d) = (before.gradient, last.gradient);
            let reached = 2.0 * (d * d * d) / (p * p) * (d / p) * (d / p);
            if 5.0 * reached <= tolerance { Extent::Gradient } else { Extent::Information }
        }
        _ => Extent::Information,
    }
}

/// True when the last step gained little, as all steps do on the way to infinity.
pub(crate) fn lingers(trace: &[Step]) -> bool {
    matches!(trace, [.., before, last] if last.gradient > LINGER * before.gradient)
}

/// Size of a coefficient that has left for infinity.
pub(crate) fn runaway(family: Family) -> f64 {
    match family {
        Family::Linear => f64::INFINITY,
        Family::Probit => RUNAWAY_PROBIT,
        Family::Logit | Family::Poisson => RUNAWAY,
    }
}

/// Slope of the log likelihood along `step`.
fn slope(moments: &Moments, step: &Point) -> f64 {
    let groups = moments.groups.chunks_exact(step.beta.len() + 2).zip(&step.groups);
    let own = moments.gradient.iter().zip(&step.beta).map(|(g, b)| g * b).sum::<f64>();
    own + groups.map(|(group, step)| group[1] * step).sum::<f64>()
}

/// Each group at its own mean, no effect of anything else.
fn start(packed: &Packed, design: &Design, family: Family) -> Point {
    let mut totals = vec![(0.0, 0.0); design.groups];
    for (chunk, side) in packed.chunks.iter().zip(&design.chunks) {
        for (run, group) in chunk.runs.iter().zip(&side.group) {
            let total = &mut totals[*group as usize];
            *total = (total.0 + run.successes, total.1 + at_risk(family, chunk, run));
        }
    }
    let effect = |(successes, trials): &(f64, f64)| match family {
        Family::Logit => num::ln(successes / (trials - successes)),
        Family::Linear => successes / trials,
        Family::Probit => num::normal_quantile(successes / trials),
        Family::Poisson => num::ln(successes / trials),
    };
    Point { groups: totals.iter().map(effect).collect(), beta: vec![0.0; design.width()] }
}

/// What a run's successes are divided by to give its rate.
fn at_risk(family: Family, chunk: &Chunk, run: &Run) -> f64 {
    if family != Family::Poisson || chunk.offset.is_empty() {
        return run.trials;
    }
    run.cells.clone().map(|cell| chunk.trials.get(cell) * num::exp_clamped(chunk.offset[cell])).sum()
}

pub(crate) fn moved(point: &mut Point, step: &Point, size: f64) {
    for (values, steps) in [(&mut point.groups, &step.groups), (&mut point.beta, &step.beta)] {
        for (value, step) in values.iter_mut().zip(steps) {
            *value += size * step;
        }
    }
}

fn singular(explained: Explained, design: &Design, trace: &[Step]) -> FitError {
    let term = design.terms[explained.column].clone();
    if !trace.is_empty() {
        return FitError::Diverged { term: Some(term), trace: trace.to_vec() };
    }
    if explained.by == [explained.column] {
        return FitError::Collinear { term, with: Vec::new(), within: Some(design.within.clone()) };
    }
    let with: Vec<Term> = explained.by.iter().map(|at| design.terms[*at].clone()).collect();
    FitError::Collinear { term, with, within: None }
}
