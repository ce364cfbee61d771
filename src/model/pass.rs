//! One pass over the cells: scores and information, by group and in total; on the last pass also
//! scores by cluster and what marginal effects need. Fixed chunks are reduced in order, so the bits
//! do not depend on threads. Knows nothing of steps.

use rayon::prelude::*;

use super::cells::Packed;
use super::design::{ChunkDesign, Design};
use super::kernel::Batch;
use super::options::Family;
use super::predictor::{Point, Predictor};
use super::scores::Scores;
use super::work::{Extent, Purpose, Work};

/// Patterns reduced together.
const SLICE: usize = 4_096;
/// More slots than this make squares that must not be many.
pub(crate) const WIDE: usize = 256;

/// Derivatives of the log likelihood at a point. `k` is the design's width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    /// Scores of the coefficients, `k`.
    pub(crate) gradient: Vec<f64>,
    /// Information of the coefficients, `k x k`; zeros after a pass for the gradient alone.
    pub(crate) hessian: Vec<f64>,
    /// Per group, row-major: information of the effect, its score, cross information with each of
    /// the `k` coefficients. After a pass for the gradient alone nothing but scores.
    pub(crate) groups: Vec<f64>,
}

impl Moments {
    /// Takes over the scores of a pass for the gradient alone; the information stays as it was.
    pub(crate) fn take_scores(&mut self, from: Moments) {
        let width = self.gradient.len() + 2;
        for (own, group) in self.groups.chunks_exact_mut(width).zip(from.groups.chunks_exact(width)) {
            own[1] = group[1];
        }
        self.gradient = from.gradient;
    }
}

/// Reusable memory for passes over one sample.
#[derive(Debug, Clone)]
pub(crate) struct Passes<'a> {
    packed: &'a Packed,
    design: &'a Design,
    family: Family,
    purpose: Purpose,
    work: Vec<Work>,
}

impl<'a> Passes<'a> {
    /// Prepares passes; allocates on the first.
    pub(crate) fn new(packed: &'a Packed, design: &'a Design, family: Family) -> Self {
        Self { packed, design, family, purpose: Purpose::Moments, work: vec![Work::default(); packed.chunks.len()] }
    }

    /// The scores of the last pass, if it was asked for them.
    pub(crate) fn into_scores(self) -> Vec<Scores> {
        self.work.into_iter().filter_map(|work| work.scores).collect()
    }

    /// Sums of squared scores in the places of the information.
    pub(crate) fn meat(packed: &'a Packed, design: &'a Design, family: Family, point: &Point) -> Moments {
        let mut passes = Self::new(packed, design, family);
        passes.purpose = Purpose::Meat;
        passes.at(point, Extent::Information)
    }

    /// Derivatives at `point`.
    pub(crate) fn at(&mut self, point: &Point, extent: Extent) -> Moments {
        let (design, kernel) = (self.design, (self.family, self.purpose, extent));
        let predictor = Predictor::new(design, point, self.packed.patterns.len());
        let chunks = self.packed.chunks.par_iter().zip(&design.chunks);
        self.work.par_iter_mut().zip(chunks).for_each(|(work, (chunk, side))| {
            work.clear(design, side, side.tabulated(predictor.pattern.len()), extent);
            let mut batch = Batch::new();
            for run in 0..chunk.runs.len() {
                work.run(&predictor, kernel, chunk, side, run, &mut batch);
            }
        });
        self.reduce(extent)
    }

    fn reduce(&self, extent: Extent) -> Moments {
        let design = self.design;
        let (q, k, slots) = (design.dense(), design.width(), design.places());
        let mut moments =
            Moments { gradient: vec![0.0; k], hessian: vec![0.0; k * k], groups: vec![0.0; design.groups * (k + 2)] };
        for (work, side) in self.work.iter().zip(&design.chunks) {
            add(&mut moments.gradient[..q], &work.gradient);
            for a in 0..q {
                for b in 0..=a {
                    moments.hessian[a * k + b] += work.dense[a * q + b];
                }
                for d in 0..design.dummies {
                    moments.hessian[(q + d) * k + a] += work.cross[a * slots + d];
                }
            }
            let first = side.group.first().map_or(0, |group| *group as usize) * (k + 2);
            add(&mut moments.groups[first..first + work.groups.len()], &work.groups);
        }
        self.reduce_patterns(&mut moments, extent);
        for a in 0..k {
            for b in 0..a {
                moments.hessian[b * k + a] = moments.hessian[a * k + b];
            }
        }
        moments
    }

    /// Adds what the pattern tables say about the dummies.
    fn reduce_patterns(&self, moments: &mut Moments, extent: Extent) {
        let (design, count) = (self.design, self.packed.patterns.len());
        if design.factors == 0 {
            return;
        }
        let (q, k, slots) = (design.dense(), design.width(), design.places());
        // Wide squares are few.
        let slice = if slots > WIDE { SLICE.max(count.div_ceil(4)) } else { SLICE };
        let starts: Vec<usize> = (0..count).step_by(slice).collect();
        let slices: Vec<(Vec<f64>, Vec<f64>)> = starts
            .into_par_iter()
            .map(|start| {
                let end = (start + slice).min(count);
                let mut table = vec![[0.0; 2]; end - start];
                for (work, side) in self.work.iter().zip(&design.chunks) {
                    add_patterns(&mut table, start, work, side);
                }
                let (mut gradient, mut hessian) = (vec![0.0; slots], vec![0.0; slots * slots]);
                let used = &design.slots[start * design.factors..end * design.factors];
                for (sum, used) in table.iter().zip(used.chunks_exact(design.factors)) {
                    for (at, a) in used.iter().enumerate() {
                        gradient[usize::from(*a)] += sum[1];
                        if extent == Extent::Gradient {
                            continue;
                        }
                        // Slots of later factors are larger, except those for none, which are never read.
                        for b in &used[..=at] {
                            hessian[usize::from(*a) * slots + usize::from(*b)] += sum[0];
                        }
                    }
                }
                (gradient, hessian)
            })
            .collect();
        for (gradient, hessian) in slices {
            for a in 0..design.dummies {
                moments.gradient[q + a] += gradient[a];
                for b in 0..=a {
                    moments.hessian[(q + a) * k + q + b] += hessian[a * slots + b];
                }
            }
        }
    }
}

/// Adds a chunk's sums by pattern to a slice of all patterns from `start` on.
fn add_patterns(table: &mut [[f64; 2]], start: usize, work: &Work, side: &ChunkDesign) {
    let end = start + table.len();
    if side.places.is_empty() {
        for (sum, part) in table.iter_mut().zip(&work.patterns[start..end]) {
            *sum = [sum[0] + part[0], sum[1] + part[1]];
        }
        return;
    }
    let first = side.present.partition_point(|pattern| (*pattern as usize) < start);
    for (pattern, part) in side.present.iter().zip(&work.patterns).skip(first) {
        let Some(sum) = table.get_mut(*pattern as usize - start) else { break };
        *sum = [sum[0] + part[0], sum[1] + part[1]];
    }
}

/// Adds `more` to `sums`, place by place.
pub(crate) fn add(sums: &mut [f64], more: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(more) {
        *sum += value;
    }
}
