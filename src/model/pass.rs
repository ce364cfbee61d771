//! One pass over the cells: log likelihood, scores and information, by group and in total. Fixed
//! chunks are reduced in order, so the bits do not depend on threads. Knows nothing of steps.

use std::ops::Range;

use rayon::prelude::*;

use super::cells::{Chunk, Packed};
use super::design::{ChunkDesign, Design};
use super::kernel::{self, BATCH, Batch};
use super::sample::Family;

/// Patterns reduced together.
const SLICE: usize = 4_096;

/// A point in the parameter space, in the design's units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    /// Effect of each group (one intercept when nothing is absorbed).
    pub(crate) groups: Vec<f64>,
    /// Coefficients: dense regressors, then dummies.
    pub(crate) beta: Vec<f64>,
}

/// Likelihood and derivatives at a point. `k` is the design's width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    /// Log likelihood.
    pub(crate) log_likelihood: f64,
    /// Scores of the coefficients, `k`.
    pub(crate) gradient: Vec<f64>,
    /// Information of the coefficients, `k x k`.
    pub(crate) hessian: Vec<f64>,
    /// Per group, row-major: information of the effect, its score, cross information with each of
    /// the `k` coefficients.
    pub(crate) groups: Vec<f64>,
}

/// The predictor's parts that rows share.
pub(crate) struct Predictor<'a> {
    design: &'a Design,
    point: &'a Point,
    /// Sum of the dummies' coefficients per pattern.
    pattern: Vec<f64>,
}

impl<'a> Predictor<'a> {
    /// Tabulates the point's dummies by pattern.
    pub(crate) fn new(design: &'a Design, point: &'a Point, patterns: usize) -> Self {
        let mut dummies = point.beta[design.dense()..].to_vec();
        dummies.push(0.0);
        let value = |slots: &[u16]| slots.iter().map(|slot| dummies[usize::from(*slot)]).sum();
        let pattern = match design.factors {
            0 => vec![0.0; patterns],
            width => design.slots.chunks_exact(width).map(value).collect(),
        };
        Self { design, point, pattern }
    }

    /// Fills `eta` for some cells of one run.
    #[inline]
    pub(crate) fn fill(
        &self,
        chunk: &Chunk,
        side: &ChunkDesign,
        run: usize,
        cells: Range<usize>,
        eta: &mut [f64; BATCH],
    ) {
        let design = self.design;
        let columns = &side.columns[run * design.blocks..(run + 1) * design.blocks];
        let base = columns.iter().zip(&self.point.beta).map(|(x, b)| x * b).sum::<f64>();
        let base = base + self.point.groups[side.group[run] as usize];
        for (eta, pattern) in eta.iter_mut().zip(&chunk.pattern[cells.clone()]) {
            *eta = base + self.pattern[*pattern as usize];
        }
        if design.numerics > 0 {
            let slopes = &self.point.beta[design.blocks..design.dense()];
            for (eta, cell) in eta.iter_mut().zip(cells) {
                let values = &side.numerics[cell * design.numerics..(cell + 1) * design.numerics];
                *eta += values.iter().zip(slopes).map(|(x, b)| x * b).sum::<f64>();
            }
        }
    }
}

/// Cells of a run in batches.
pub(crate) fn batches(cells: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = cells.end;
    cells.step_by(BATCH).map(move |start| start..(start + BATCH).min(end))
}

/// Sums of one chunk, kept between passes.
#[derive(Debug, Clone, Default)]
struct Work {
    log_likelihood: f64,
    /// Scores of the dense regressors.
    gradient: Vec<f64>,
    /// Information among the dense regressors, full square, lower half filled.
    dense: Vec<f64>,
    /// Dense regressors x (dummies and none).
    cross: Vec<f64>,
    /// Information and score per pattern.
    patterns: Vec<[f64; 2]>,
    /// As `Moments::groups`, from the chunk's first group.
    groups: Vec<f64>,
    /// Per run: information by slot.
    margin: Vec<f64>,
    /// Per run: information times each row-level number.
    numbers: Vec<f64>,
}

/// Reusable memory for passes over one sample.
#[derive(Debug, Clone)]
pub(crate) struct Passes<'a> {
    packed: &'a Packed,
    design: &'a Design,
    family: Family,
    work: Vec<Work>,
}

impl<'a> Passes<'a> {
    /// Prepares passes; allocates on the first.
    pub(crate) fn new(packed: &'a Packed, design: &'a Design, family: Family) -> Self {
        Self { packed, design, family, work: vec![Work::default(); packed.chunks.len()] }
    }

    /// Likelihood and derivatives at `point`.
    pub(crate) fn at(&mut self, point: &Point) -> Moments {
        let (design, family) = (self.design, self.family);
        let predictor = Predictor::new(design, point, self.packed.patterns.len());
        let chunks = self.packed.chunks.par_iter().zip(&design.chunks);
        self.work.par_iter_mut().zip(chunks).for_each(|(work, (chunk, side))| {
            work.clear(design, side, predictor.pattern.len());
            let mut batch = Batch::new();
            for run in 0..chunk.runs.len() {
                work.run(&predictor, family, chunk, side, run, &mut batch);
            }
        });
        self.reduce()
    }

    fn reduce(&self) -> Moments {
        let design = self.design;
        let (q, k, slots) = (design.dense(), design.width(), design.dummies + 1);
        let mut moments = Moments {
            log_likelihood: 0.0,
            gradient: vec![0.0; k],
            hessian: vec![0.0; k * k],
            groups: vec![0.0; design.groups * (k + 2)],
        };
        for (work, side) in self.work.iter().zip(&design.chunks) {
            moments.log_likelihood += work.log_likelihood;
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
        self.reduce_patterns(&mut moments);
        for a in 0..k {
            for b in 0..a {
                moments.hessian[b * k + a] = moments.hessian[a * k + b];
            }
        }
        moments
    }

    /// Adds what the pattern tables say about the dummies.
    fn reduce_patterns(&self, moments: &mut Moments) {
        let (design, count) = (self.design, self.packed.patterns.len());
        if design.factors == 0 {
            return;
        }
        let (q, k, slots) = (design.dense(), design.width(), design.dummies + 1);
        let starts: Vec<usize> = (0..count).step_by(SLICE).collect();
        let slices: Vec<(Vec<f64>, Vec<f64>)> = starts
            .into_par_iter()
            .map(|start| {
                let end = (start + SLICE).min(count);
                let mut table = vec![[0.0; 2]; end - start];
                for work in &self.work {
                    for (sum, part) in table.iter_mut().zip(&work.patterns[start..end]) {
                        *sum = [sum[0] + part[0], sum[1] + part[1]];
                    }
                }
                let (mut gradient, mut hessian) = (vec![0.0; slots], vec![0.0; slots * slots]);
                let used = &design.slots[start * design.factors..end * design.factors];
                for (sum, used) in table.iter().zip(used.chunks_exact(design.factors)) {
                    for (at, a) in used.iter().enumerate() {
                        gradient[usize::from(*a)] += sum[1];
                        // Slots of later factors are larger, except `none`, which is never read.
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

impl Work {
    fn clear(&mut self, design: &Design, side: &ChunkDesign, patterns: usize) {
        let (q, slots) = (design.dense(), design.dummies + 1);
        let groups = match (side.group.first(), side.group.last()) {
            (Some(first), Some(last)) => (last - first + 1) as usize,
            _ => 0,
        };
        self.log_likelihood = 0.0;
        zero(&mut self.gradient, q);
        zero(&mut self.dense, q * q);
        zero(&mut self.cross, q * slots);
        self.patterns.clear();
        self.patterns.resize(patterns, [0.0; 2]);
        zero(&mut self.groups, groups * (design.width() + 2));
        zero(&mut self.margin, slots);
        zero(&mut self.numbers, design.numerics);
    }

    fn run(
        &mut self,
        predictor: &Predictor,
        family: Family,
        chunk: &Chunk,
        side: &ChunkDesign,
        run: usize,
        batch: &mut Batch,
    ) {
        let design = predictor.design;
        self.margin.fill(0.0);
        self.numbers.fill(0.0);
        let (mut information, mut score) = (0.0, 0.0);
        for cells in batches(chunk.runs[run].cells.clone()) {
            predictor.fill(chunk, side, run, cells.clone(), &mut batch.eta);
            kernel::moments(family, &chunk.trials[cells.clone()], &chunk.successes[cells.clone()], batch);
            let length = cells.len();
            self.log_likelihood += kernel::lanes(&batch.extra[..length]);
            information += kernel::lanes(&batch.weight[..length]);
            score += kernel::lanes(&batch.residual[..length]);
            let patterns = &chunk.pattern[cells.clone()];
            for (at, pattern) in patterns.iter().enumerate() {
                let sum = &mut self.patterns[*pattern as usize];
                *sum = [sum[0] + batch.weight[at], sum[1] + batch.residual[at]];
            }
            scatter(design, patterns, &batch.weight[..length], &mut self.margin);
            if design.numerics > 0 {
                self.numbers(design, chunk, side, cells, batch);
            }
        }
        self.close(design, side, run, information, score);
    }

    /// Row-level numbers: everything per cell.
    fn numbers(&mut self, design: &Design, chunk: &Chunk, side: &ChunkDesign, cells: Range<usize>, batch: &Batch) {
        let (n, q, slots) = (design.numerics, design.dense(), design.dummies + 1);
        for (at, cell) in cells.enumerate() {
            let values = &side.numerics[cell * n..(cell + 1) * n];
            let pattern = chunk.pattern[cell] as usize;
            let used = &design.slots[pattern * design.factors..(pattern + 1) * design.factors];
            for (i, x) in values.iter().enumerate() {
                let (weighted, row) = (batch.weight[at] * x, design.blocks + i);
                self.gradient[row] += batch.residual[at] * x;
                self.numbers[i] += weighted;
                for (j, other) in values[..=i].iter().enumerate() {
                    self.dense[row * q + design.blocks + j] += weighted * other;
                }
                for slot in used {
                    self.cross[row * slots + usize::from(*slot)] += weighted;
                }
            }
        }
    }

    /// Adds a finished run to its group and to the crosses with its block columns.
    fn close(&mut self, design: &Design, side: &ChunkDesign, run: usize, information: f64, score: f64) {
        let (q, k, slots) = (design.dense(), design.width(), design.dummies + 1);
        let columns = &side.columns[run * design.blocks..(run + 1) * design.blocks];
        let group = (side.group[run] - side.group[0]) as usize * (k + 2);
        let group = &mut self.groups[group..group + k + 2];
        group[0] += information;
        group[1] += score;
        for (a, x) in columns.iter().enumerate().filter(|(_, x)| **x != 0.0) {
            group[2 + a] += information * x;
            self.gradient[a] += score * x;
            for (b, other) in columns[..=a].iter().enumerate() {
                self.dense[a * q + b] += information * x * other;
            }
            for (i, sum) in self.numbers.iter().enumerate() {
                self.dense[(design.blocks + i) * q + a] += sum * x;
            }
            for (cross, margin) in self.cross[a * slots..(a + 1) * slots].iter_mut().zip(&self.margin) {
                *cross += margin * x;
            }
        }
        add(&mut group[2 + design.blocks..2 + q], &self.numbers);
        add(&mut group[2 + q..], &self.margin[..design.dummies]);
    }
}

/// Adds each cell's value to the slots of its pattern.
pub(crate) fn scatter(design: &Design, patterns: &[u32], values: &[f64], margin: &mut [f64]) {
    match design.factors {
        0 => {}
        1 => scatter_fixed::<1>(&design.slots, patterns, values, margin),
        2 => scatter_fixed::<2>(&design.slots, patterns, values, margin),
        3 => scatter_fixed::<3>(&design.slots, patterns, values, margin),
        4 => scatter_fixed::<4>(&design.slots, patterns, values, margin),
        5 => scatter_fixed::<5>(&design.slots, patterns, values, margin),
        6 => scatter_fixed::<6>(&design.slots, patterns, values, margin),
        7 => scatter_fixed::<7>(&design.slots, patterns, values, margin),
        8 => scatter_fixed::<8>(&design.slots, patterns, values, margin),
        width => {
            for (pattern, value) in patterns.iter().zip(values) {
                let start = *pattern as usize * width;
                for slot in &design.slots[start..start + width] {
                    margin[usize::from(*slot)] += value;
                }
            }
        }
    }
}

fn scatter_fixed<const N: usize>(slots: &[u16], patterns: &[u32], values: &[f64], margin: &mut [f64]) {
    let (slots, _) = slots.as_chunks::<N>();
    for (pattern, value) in patterns.iter().zip(values) {
        for slot in slots[*pattern as usize] {
            margin[usize::from(slot)] += value;
        }
    }
}

fn zero(values: &mut Vec<f64>, length: usize) {
    values.clear();
    values.resize(length, 0.0);
}

/// Adds `more` to `sums`, place by place.
pub(crate) fn add(sums: &mut [f64], more: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(more) {
        *sum += value;
    }
}
