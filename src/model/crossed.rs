//! The normal equations of absorbed effects that cross and are too many for a square: those of the groups and of the
//! levels of the other absorbed covariates together, by conjugate gradients. Knows no likelihood.
//!
//! With `D` the indicators of groups and levels and `W` the cells' information, `D'WD x = b` is singular, as levels
//! determine one another; for any `b = D'u` every solution has the same `D x`, and nothing else is asked of it. The
//! preconditioner is that of the crate `within`: additive Schwarz over pairs of covariates, each by an approximate
//! Cholesky factor (Gao, Kyng and Spielman 2025). It works within a pool of one thread, where its bits are the same
//! every time.

use rayon::prelude::*;
use within::{Effect, LocalSolverConfig, Preconditioner, PreconditionerConfig, ReductionStrategy, Solver};

use self::unseen::{Unseen, connected};
use super::cells::Packed;
use super::dense::product;
use super::design::{Design, distinct};
use super::failure::FitError;

mod unseen;

/// What may be left of a right-hand side, each effect's in units of the root of its information.
const LEFT: f64 = 1e-14;
/// What may be left where rounding allows no less.
const ROUNDING: f64 = 1e-9;
/// A round that leaves more than this share of the squares is the last.
const GAIN: f64 = 1e-2;
/// Most steps.
const STEPS: usize = 4_000;
/// Steps without gain after which a round ends.
const PATIENCE: usize = 10;

/// The cells by their group and their levels of the absorbed covariates. Effects are numbered groups first, then
/// the levels in the order of the design.
pub(crate) struct Crossed {
    groups: usize,
    effects: usize,
    /// Absorbed covariates beside the groups.
    covariates: usize,
    /// Group of each combination that occurs.
    group: Vec<u32>,
    /// Levels of each combination, as effects, combinations x covariates.
    levels: Vec<u32>,
    /// Combination of each cell, by chunk.
    pub(crate) of: Vec<Vec<u32>>,
    /// What leaves every `D x` as it is.
    unseen: Unseen,
}

/// An approximate inverse.
pub(crate) struct Inverse(Preconditioner);

impl Crossed {
    /// The combinations of a wide design.
    pub(crate) fn new(design: &Design, packed: &Packed) -> Self {
        let (factors, covariates) = (design.factors, design.absorbed.len());
        let plain = factors - covariates;
        // Slots of absorbed levels follow those of reported ones.
        let first = design.reported - design.dense();
        let own = |pattern: usize| &design.slots[pattern * factors + plain..(pattern + 1) * factors];
        let mut tuples: Vec<&[u16]> = (0..packed.patterns.len()).map(own).collect();
        tuples.sort_unstable();
        tuples.dedup();
        let tuple_of: Vec<u32> = (0..packed.patterns.len())
            .into_par_iter()
            .map(|pattern| tuples.partition_point(|tuple| *tuple < own(pattern)) as u32)
            .collect();
        let keys = |at: usize| {
            let (chunk, side) = (&packed.chunks[at], &design.chunks[at]);
            let runs = chunk.runs.iter().zip(&side.group);
            runs.flat_map(|(run, group)| {
                let of = &tuple_of;
                chunk.pattern[run.cells.clone()].iter().map(move |p| (*group, of[*p as usize]))
            })
            .collect::<Vec<(u32, u32)>>()
        };
        let cells: Vec<Vec<(u32, u32)>> = (0..packed.chunks.len()).into_par_iter().map(keys).collect();
        let some: Vec<Vec<(u32, u32)>> = cells.par_iter().map(|keys| distinct(keys.iter().copied())).collect();
        let all = distinct(some.into_iter().flatten());
        let place = |key: &(u32, u32)| all.partition_point(|other| other < key) as u32;
        let level = |slot: &u16| (design.groups + usize::from(*slot) - first) as u32;
        let mut crossed = Self {
            groups: design.groups,
            effects: design.groups + design.width() - design.reported,
            covariates,
            group: all.iter().map(|(group, _)| *group).collect(),
            levels: all.iter().flat_map(|(_, tuple)| tuples[*tuple as usize].iter().map(level)).collect(),
            of: cells.par_iter().map(|keys| keys.iter().map(place).collect()).collect(),
            unseen: Unseen::default(),
        };
        let parts = (0..covariates).map(|covariate| crossed.connected(None, covariate)).collect();
        crossed.unseen = Unseen::new(crossed.groups, parts);
        crossed
    }

    /// The parts that a covariate's levels make with those of another, or with the groups: the part of each of
    /// these effects, and how many there are.
    fn connected(&self, with: Option<usize>, covariate: usize) -> (Vec<u32>, usize) {
        let levels = |at: usize| self.levels.iter().copied().skip(at).step_by(self.covariates);
        match with {
            Some(other) => connected(self.effects, levels(other).zip(levels(covariate))),
            None => connected(self.effects, self.group.iter().copied().zip(levels(covariate))),
        }
    }

    /// Number of combinations.
    pub(crate) fn combinations(&self) -> usize {
        self.group.len()
    }

    /// Sums over combinations by effect: `D'u`.
    pub(crate) fn by_effect(&self, sums: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.effects];
        for ((sum, group), levels) in sums.iter().zip(&self.group).zip(self.levels.chunks_exact(self.covariates)) {
            out[*group as usize] += sum;
            levels.iter().for_each(|level| out[*level as usize] += sum);
        }
        out
    }

    /// `D'WD x`.
    fn times(&self, weight: &[f64], x: &[f64]) -> Vec<f64> {
        let levels = self.levels.chunks_exact(self.covariates);
        let sum = |((weight, group), levels): ((&f64, &u32), &[u32])| {
            let own = x[*group as usize] + levels.iter().map(|level| x[*level as usize]).sum::<f64>();
            weight * own
        };
        let sums: Vec<f64> = weight.iter().zip(&self.group).zip(levels).map(sum).collect();
        self.by_effect(&sums)
    }

    /// An approximate inverse of `D'WD`.
    ///
    /// # Errors
    /// When `within` finds none, in its words.
    pub(crate) fn inverse(&self, weight: &[f64]) -> Result<Inverse, FitError> {
        let mut columns = vec![self.group.clone()];
        let mut start = self.groups as u32;
        for at in 0..self.covariates {
            let levels = || self.levels.iter().skip(at).step_by(self.covariates);
            columns.push(levels().map(|level| level - start).collect());
            // Each covariate's levels follow those of the one before, all of them in use.
            start = levels().max().map_or(start, |last| last + 1);
        }
        let config = PreconditionerConfig::Additive {
            local_solver: LocalSolverConfig::default(),
            reduction: ReductionStrategy::AtomicScatter,
        };
        let built = alone(|| {
            let effects: Result<Vec<Effect>, _> = columns.iter().map(|column| Effect::new(column, true, [])).collect();
            let design = within::Design::new(effects?)?;
            Solver::new(design, Some(weight), &config).map(|solver| solver.preconditioner().cloned())
        })?;
        match built {
            Ok(Some(inverse)) if inverse.nrows() == self.effects => Ok(Inverse(inverse)),
            Ok(_) => Err(FitError::Unsolved { why: "their equations have no preconditioner".into() }),
            Err(error) => Err(FitError::Unsolved { why: error.to_string() }),
        }
    }

    /// Solves for several right-hand sides side by side, each from its own start; the same bits for any number of
    /// threads.
    ///
    /// # Errors
    /// When one is not solved: levels that hardly overlap.
    pub(crate) fn solve(
        &self,
        weight: &[f64],
        inverse: &Inverse,
        sides: &[Vec<f64>],
        starts: &[Vec<f64>],
    ) -> Result<Vec<Vec<f64>>, FitError> {
        let threads = rayon::current_num_threads().min(sides.len()).max(1);
        let one = |at: usize| self.one(weight, inverse, &sides[at], starts[at].clone());
        // Each worker solves its share within a pool of its own.
        let share = |worker: usize| {
            let own = (worker..sides.len()).step_by(threads);
            alone(|| own.map(|at| one(at).map(|x| (at, x))).collect::<Result<Vec<_>, FitError>>())?
        };
        let shares: Result<Vec<_>, FitError> = std::thread::scope(|scope| {
            let share = &share;
            let workers: Vec<_> = (0..threads).map(|worker| scope.spawn(move || share(worker))).collect();
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(stopped()))).collect()
        });
        let mut solved = vec![Vec::new(); sides.len()];
        shares?.into_iter().flatten().for_each(|(at, x)| solved[at] = x);
        Ok(solved)
    }

    /// Preconditioned conjugate gradients (Hestenes and Stiefel 1952), started again from what is truly left until
    /// that is negligible. The preconditioner blows up what rounding leaves along directions that no predictor sees,
    /// so those are taken out before and after it; the best point of each round counts.
    fn one(&self, weight: &[f64], inverse: &Inverse, side: &[f64], mut x: Vec<f64>) -> Result<Vec<f64>, FitError> {
        let diagonal = self.by_effect(weight);
        let size_of = |rest: &[f64]| rest.iter().zip(&diagonal).map(|(r, d)| r * r / d).sum::<f64>();
        // Sums of scores may hold more rounding than scores, once these are nearly nought.
        let mut side = side.to_vec();
        self.unseen.take_out_of(&mut side);
        let whole = size_of(&side);
        if whole == 0.0 {
            return Ok(vec![0.0; side.len()]);
        }
        let left_by =
            |x: &[f64]| -> Vec<f64> { side.iter().zip(self.times(weight, x)).map(|(b, ax)| b - ax).collect() };
        let (mut steps, mut rest) = (0, left_by(&x));
        let mut left = size_of(&rest);
        while left > LEFT * LEFT * whole && steps < STEPS {
            let begun = left;
            let mut near = self.near(inverse, &rest)?;
            let (mut along, mut curve) = (near.clone(), product(&rest, &near));
            let (mut at, mut best, mut idle) = (x.clone(), left, 0);
            while best > LEFT * LEFT * whole && steps < STEPS && idle < PATIENCE {
                let image = self.times(weight, &along);
                let length = curve / product(&along, &image);
                at.iter_mut().zip(&along).for_each(|(at, step)| *at += length * step);
                rest.iter_mut().zip(&image).for_each(|(rest, image)| *rest -= length * image);
                near = self.near(inverse, &rest)?;
                let next = product(&rest, &near);
                along.iter_mut().zip(&near).for_each(|(along, near)| *along = near + next / curve * *along);
                (curve, steps, idle) = (next, steps + 1, idle + 1);
                let size = size_of(&rest);
                if size < best {
                    (best, idle) = (size, 0);
                    x.copy_from_slice(&at);
                }
            }
            rest = left_by(&x);
            left = size_of(&rest);
            if left > GAIN * begun {
                break;
            }
        }
        let left = (left / whole).sqrt();
        if left.is_nan() || left > ROUNDING {
            let why =
                format!("after {steps} steps {left:.0e} of their equations are left: their levels hardly overlap");
            return Err(FitError::Unsolved { why });
        }
        Ok(x)
    }

    /// For each absorbed covariate how many of its levels the effects before it determine: for the first one per
    /// connected part of groups and levels (exact), for later ones the most that any one covariate before leaves
    /// (a lower bound, as Correia's `reghdfe` counts pairwise).
    pub(crate) fn redundant(&self) -> Vec<u64> {
        let parts = |at: usize| {
            let others = (0..at).map(Some).chain([None]);
            others.map(|other| self.connected(other, at).1 as u64).max().unwrap_or(1)
        };
        (0..self.covariates).map(parts).collect()
    }

    /// The approximate inverse among what predictors see.
    fn near(&self, inverse: &Inverse, rest: &[f64]) -> Result<Vec<f64>, FitError> {
        let mut seen = rest.to_vec();
        self.unseen.take_out_of(&mut seen);
        let mut near = inverse.times(&seen)?;
        self.unseen.take_out_of(&mut near);
        Ok(near)
    }
}

impl Inverse {
    fn times(&self, x: &[f64]) -> Result<Vec<f64>, FitError> {
        let mut out = vec![0.0; x.len()];
        self.0.apply(x, &mut out).map_err(|error| FitError::Unsolved { why: error.to_string() })?;
        Ok(out)
    }
}

fn stopped() -> FitError {
    FitError::Unsolved { why: "no thread of their own could be had for their equations".into() }
}

/// Does some work within a pool of one thread.
fn alone<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, FitError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|_| stopped())?;
    Ok(pool.install(work))
}
