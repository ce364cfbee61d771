//! One pass over the cells: scores and information, by group and in total; on the last pass also
//! scores by cluster and what marginal effects need. Fixed chunks are reduced in order, so the bits
//! do not depend on threads. Knows nothing of steps.

use std::ops::Range;

use rayon::prelude::*;

use super::cells::{Chunk, Packed};
use super::design::{ChunkDesign, Design};
use super::kernel::{self, Batch};
use super::margin::Margin;
use super::options::Family;
use super::predictor::{Point, Predictor, batches};
use super::scores::Scores;

/// Patterns reduced together.
const SLICE: usize = 4_096;
/// More slots than this make squares that must not be many.
pub(crate) const WIDE: usize = 256;

/// Derivatives of the log likelihood at a point. `k` is the design's width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    /// Scores of the coefficients, `k`.
    pub(crate) gradient: Vec<f64>,
    /// Information of the coefficients, `k x k`.
    pub(crate) hessian: Vec<f64>,
    /// Per group, row-major: information of the effect, its score, cross information with each of
    /// the `k` coefficients.
    pub(crate) groups: Vec<f64>,
}

/// Sums of one chunk, kept between passes.
#[derive(Debug, Clone, Default)]
struct Work {
    /// Scores of the dense regressors.
    gradient: Vec<f64>,
    /// Information among the dense regressors, full square, lower half filled.
    dense: Vec<f64>,
    /// Dense regressors x (places).
    cross: Vec<f64>,
    /// Information and score per pattern.
    patterns: Vec<[f64; 2]>,
    /// As `Moments::groups`, from the chunk's first group.
    groups: Vec<f64>,
    /// Per run: information by slot.
    margin: Margin,
    /// Per run: score by slot, on the last pass.
    score_margin: Margin,
    /// Per run: information times each row-level number.
    numbers: Vec<f64>,
    /// Unit, sum of means and mass of each run, where means are summed.
    units: Vec<(u32, [f64; 2])>,
    /// On the last pass.
    scores: Option<Scores>,
}

/// What is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Scores and information.
    Moments,
    /// Scores and squared scores.
    Meat,
    /// The means' slopes and, per group, the means.
    Means,
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
        passes.at(point, false)
    }

    /// Sums of the means in the place of each group's information, and their gradient in that of the
    /// scores; the rest has no meaning. Also the means' sum and the mass of each unit.
    pub(crate) fn means(
        packed: &'a Packed,
        design: &'a Design,
        family: Family,
        point: &Point,
    ) -> (Moments, Vec<[f64; 2]>) {
        let mut passes = Self::new(packed, design, family);
        passes.purpose = Purpose::Means;
        let moments = passes.at(point, false);
        let mut units = vec![[0.0; 2]; design.units];
        for (unit, sums) in passes.work.iter().flat_map(|work| &work.units) {
            let unit = &mut units[*unit as usize];
            *unit = [unit[0] + sums[0], unit[1] + sums[1]];
        }
        (moments, units)
    }

    /// Derivatives at `point`; keeps scores by cluster when `last`.
    pub(crate) fn at(&mut self, point: &Point, last: bool) -> Moments {
        let (design, kernel) = (self.design, (self.family, self.purpose));
        let predictor = Predictor::new(design, point, self.packed.patterns.len());
        let chunks = self.packed.chunks.par_iter().zip(&design.chunks);
        self.work.par_iter_mut().zip(chunks).for_each(|(work, (chunk, side))| {
            work.clear(design, side, side.tabulated(predictor.pattern.len()), last);
            let mut batch = Batch::new();
            for run in 0..chunk.runs.len() {
                work.run(&predictor, kernel, chunk, side, run, &mut batch);
            }
        });
        self.reduce()
    }

    fn reduce(&self) -> Moments {
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

impl Work {
    fn clear(&mut self, design: &Design, side: &ChunkDesign, patterns: usize, last: bool) {
        let (q, slots) = (design.dense(), design.places());
        let groups = match (side.group.first(), side.group.last()) {
            (Some(first), Some(last)) => (last - first + 1) as usize,
            _ => 0,
        };
        zero(&mut self.gradient, q);
        zero(&mut self.dense, q * q);
        zero(&mut self.cross, q * slots);
        self.patterns.clear();
        self.patterns.resize(patterns, [0.0; 2]);
        zero(&mut self.groups, groups * (design.width() + 2));
        zero(&mut self.numbers, design.numerics);
        self.units.clear();
        self.scores = last.then(|| Scores {
            bend: vec![0.0; q],
            patterns: vec![[0.0; 2]; patterns],
            groups: vec![0.0; groups],
            ..Scores::default()
        });
    }

    fn run(
        &mut self,
        predictor: &Predictor,
        (family, purpose): (Family, Purpose),
        chunk: &Chunk,
        side: &ChunkDesign,
        run: usize,
        batch: &mut Batch,
    ) {
        let design = predictor.design;
        self.margin.clear(design);
        self.numbers.fill(0.0);
        if let Some(scores) = &mut self.scores {
            self.score_margin.clear(design);
            scores.open(design, side, run);
        }
        let (mut information, mut score) = (0.0, 0.0);
        for cells in batches(chunk.runs[run].cells.clone()) {
            let (trials, successes) = (&chunk.trials[cells.clone()], &chunk.successes[cells.clone()]);
            predictor.fill(chunk, side, run, cells.clone(), &mut batch.eta);
            match self.scores {
                _ if purpose == Purpose::Means => kernel::means(family, trials, batch),
                _ if purpose == Purpose::Meat => {
                    let squared = if chunk.squared.is_empty() { &[] } else { &chunk.squared[cells.clone()] };
                    kernel::moments(family, trials, successes, batch);
                    kernel::meat(family, trials, successes, squared, batch);
                }
                Some(_) => kernel::full(family, trials, successes, batch),
                None if predictor.flat && chunk.offset.is_empty() => kernel::flat(family, trials, successes, batch),
                None => kernel::moments(family, trials, successes, batch),
            }
            information += kernel::lanes(&batch.weight[..cells.len()]);
            score += kernel::lanes(&batch.residual[..cells.len()]);
            let places = if side.places.is_empty() { &chunk.pattern } else { &side.places };
            let patterns = (&chunk.pattern[cells.clone()], &places[cells.clone()]);
            self.margin.scatter(design, patterns, &batch.weight, &batch.residual, &mut self.patterns);
            if let Some(scores) = &mut self.scores {
                self.score_margin.scatter(design, patterns, &batch.residual, &batch.bend, &mut scores.patterns);
                scores.batch(design, side, run, cells.clone(), (family, batch));
            }
            if design.numerics > 0 {
                self.numbers(design, chunk, side, cells, batch);
            }
        }
        if purpose == Purpose::Means {
            self.units.push((side.unit[run], [information, chunk.runs[run].trials]));
        }
        self.close(design, side, run, information, score);
        if let Some(scores) = &mut self.scores {
            let trials = chunk.runs[run].trials;
            scores.close(design, side, (run, trials), score, self.score_margin.totals(design));
        }
    }

    /// Row-level numbers: everything per cell.
    fn numbers(&mut self, design: &Design, chunk: &Chunk, side: &ChunkDesign, cells: Range<usize>, batch: &Batch) {
        let (n, q, slots) = (design.numerics, design.dense(), design.places());
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
        let (q, k, slots) = (design.dense(), design.width(), design.places());
        let columns = &side.columns[run * design.blocks..(run + 1) * design.blocks];
        let margin = self.margin.totals(design);
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
            for (cross, margin) in self.cross[a * slots..(a + 1) * slots].iter_mut().zip(margin) {
                *cross += margin * x;
            }
        }
        add(&mut group[2 + design.blocks..2 + q], &self.numbers);
        add(&mut group[2 + q..], margin);
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
