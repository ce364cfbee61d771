//! Perfect prediction by a combination of regressors, found where a fit runs off. Knows nothing of how
//! steps are made.
//!
//! Where the likelihood has no maximum, Newton's steps settle on a direction of recession: along it
//! the predictor of every perfectly predicted cell moves outward by about one a step (the
//! reciprocal of its size for probit), and that of every other cell stays. That is checked cell by
//! cell before it is said.

use std::collections::BTreeSet;

use super::cells::Packed;
use super::design::Design;
use super::kernel::Batch;
use super::options::Family;
use super::predictor::{Point, Predictor, batches};
use super::result::{Separation, Term};
use super::sample::Sample;

/// A step with no part beyond this moves no cell by as much as a runaway one.
const STILL: f64 = 1e-4;
/// A regressor with this part in the direction is named.
const PART: f64 = 1e-2;

/// True when a step is too small to hide a cell on its way to infinity.
pub(crate) fn still(step: &Point) -> bool {
    step.beta.iter().chain(&step.groups).all(|part| part.abs() < STILL)
}

/// What the cells that moved have in common.
struct Moved<'a> {
    sample: &'a Sample<'a>,
    /// Per factor: the level that all have, if they do.
    levels: Vec<Option<u16>>,
    /// Per block column of the sample: an indicator that all have.
    columns: Vec<bool>,
    responses: u64,
    groups: BTreeSet<u32>,
    /// Some have outcome 0, some 1 (or a count).
    outcomes: [bool; 2],
}

impl Moved<'_> {
    fn add(&mut self, block: usize, pattern: usize, success: bool) {
        let sample = self.sample;
        let first = self.outcomes == [false; 2];
        self.outcomes[usize::from(success)] = true;
        if !sample.patterns.factors.is_empty() {
            for (common, level) in self.levels.iter_mut().zip(sample.patterns.of(pattern)) {
                *common = if first { Some(*level) } else { common.filter(|known| known == level) };
            }
        }
        for (common, column) in self.columns.iter_mut().zip(&sample.columns) {
            *common &= !column.level.is_empty() && column.values[block] == 1.0;
        }
    }

    /// The levels that all share and that the direction speaks of, reference levels included.
    fn shared(&self, direction: &[Term]) -> Vec<Term> {
        let spoken = |name: &str| direction.iter().any(|term| term.name == name);
        let columns =
            self.sample.columns.iter().zip(&self.columns).filter(|(column, all)| **all && spoken(&column.name));
        let mut terms: Vec<Term> = columns.map(|(column, _)| Term::new(&column.name, &column.level)).collect();
        for (factor, level) in self.sample.patterns.factors.iter().zip(&self.levels) {
            if let Some(level) = level.filter(|_| spoken(&factor.name)) {
                terms.push(Term::new(&factor.name, &factor.levels[usize::from(level)]));
            }
        }
        terms
    }
}

/// The perfectly predicted cells along `step`; nothing unless every cell agrees.
pub(crate) fn find(
    sample: &Sample,
    packed: &Packed,
    design: &Design,
    family: Family,
    step: &Point,
) -> Option<Separation> {
    // A probit's coefficients stop at 8, where the predictor moves by an eighth a step.
    let (far, near) = match family {
        Family::Linear => return None,
        Family::Probit => (0.05, 0.005),
        Family::Logit | Family::Poisson => (0.5, 0.05),
    };
    let predictor = Predictor::new(design, step, packed.patterns.len());
    let (levels, columns) = (vec![None; sample.patterns.factors.len()], vec![true; sample.columns.len()]);
    let mut moved = Moved { sample, levels, columns, responses: 0, groups: BTreeSet::new(), outcomes: [false; 2] };
    let mut batch = Batch::new();
    for (chunk, side) in packed.chunks.iter().zip(&design.chunks) {
        for (at, run) in chunk.runs.iter().enumerate() {
            for cells in batches(run.cells.clone()) {
                predictor.fill(chunk, side, at, cells.clone(), &mut batch.eta);
                for (eta, cell) in batch.eta.iter().zip(cells) {
                    let by = eta - chunk.offset.get(cell).copied().unwrap_or(0.0);
                    if by.abs() < near {
                        continue;
                    }
                    let (trials, successes) = (chunk.trials.get(cell), chunk.successes.get(cell));
                    let outward = match family {
                        Family::Poisson => by < 0.0 && successes == 0.0,
                        _ => successes == if by > 0.0 { trials } else { 0.0 },
                    };
                    if by.abs() < far || !outward {
                        return None;
                    }
                    let pattern = packed.patterns[chunk.pattern[cell] as usize] as usize;
                    moved.add(run.block, pattern, by > 0.0);
                    moved.responses += chunk.responses_of(cell);
                    moved.groups.insert(run.group);
                }
            }
        }
    }
    let parts = design.terms.iter().zip(&step.beta).filter(|(_, part)| part.abs() > PART);
    let direction: Vec<Term> = parts.map(|(term, _)| term.clone()).collect();
    let outcome = match moved.outcomes {
        [false, false] => return None,
        [true, true] => None,
        [_, success] => Some(success),
    };
    let (shared, groups) = (moved.shared(&direction), moved.groups.len() as u64);
    Some(Separation { direction, shared, responses: moved.responses, groups, outcome })
}
