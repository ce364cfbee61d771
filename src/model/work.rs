//! What one chunk adds up in a pass, run by run. Knows nothing of other chunks.

use std::ops::Range;

use super::cells::Chunk;
use super::design::{ChunkDesign, Design};
use super::kernel::{self, Batch};
use super::margin::Margin;
use super::options::Family;
use super::pass::add;
use super::predictor::{Predictor, batches};
use super::scores::Scores;

/// Sums of one chunk, kept between passes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work {
    /// Scores of the dense regressors.
    pub(crate) gradient: Vec<f64>,
    /// Information among the dense regressors, full square, lower half filled.
    pub(crate) dense: Vec<f64>,
    /// Dense regressors x (places).
    pub(crate) cross: Vec<f64>,
    /// Information and score per pattern.
    pub(crate) patterns: Vec<[f64; 2]>,
    /// As `Moments::groups`, from the chunk's first group.
    pub(crate) groups: Vec<f64>,
    /// Per run: information by slot.
    pub(crate) margin: Margin,
    /// Per run: information times each row-level number.
    pub(crate) numbers: Vec<f64>,
    /// On the last pass.
    pub(crate) scores: Option<Scores>,
}

/// What is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Scores and information.
    Moments,
    /// Scores and squared scores.
    Meat,
}

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The scores in total and by group: no information.
    Gradient,
    /// Scores and information.
    Information,
    /// Also scores by cluster and what marginal effects need: the last pass.
    Scores,
}

impl Work {
    /// Makes room for another pass: `patterns` places in the table.
    pub(crate) fn clear(&mut self, design: &Design, side: &ChunkDesign, patterns: usize, extent: Extent) {
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
        self.scores = (extent == Extent::Scores).then(|| Scores {
            bend: vec![0.0; q],
            patterns: vec![0.0; patterns],
            groups: vec![0.0; groups],
            ..Scores::default()
        });
    }

    /// Adds one run.
    pub(crate) fn run(
        &mut self,
        predictor: &Predictor,
        (family, purpose, extent): (Family, Purpose, Extent),
        chunk: &Chunk,
        side: &ChunkDesign,
        run: usize,
        batch: &mut Batch,
    ) {
        let design = predictor.design;
        self.numbers.fill(0.0);
        match &mut self.scores {
            Some(scores) => {
                self.margin.clear_both(design);
                scores.open(design, side, run);
            }
            None => self.margin.clear(design),
        }
        let (mut information, mut score) = (0.0, 0.0);
        for cells in batches(chunk.runs[run].cells.clone()) {
            chunk.observed(cells.clone(), batch);
            let flat = predictor.flat && chunk.offset.is_empty();
            // Cells of a run that share their predictor need it once.
            let alike = flat && extent == Extent::Information && purpose == Purpose::Moments;
            let filled = if alike { cells.start..cells.start + 1 } else { cells.clone() };
            predictor.fill(chunk, side, run, filled, &mut batch.eta);
            match self.scores {
                _ if purpose == Purpose::Meat => {
                    let squared = if chunk.squared.is_empty() { &[] } else { &chunk.squared[cells.clone()] };
                    kernel::moments(family, batch);
                    kernel::meat(family, squared, batch);
                }
                Some(_) => kernel::full(family, batch),
                None if alike => kernel::flat(family, batch),
                None => kernel::moments(family, batch),
            }
            information += kernel::lanes(&batch.weight[..cells.len()]);
            score += kernel::lanes(&batch.residual[..cells.len()]);
            let places = if side.places.is_empty() { &chunk.pattern } else { &side.places };
            let patterns = (&chunk.pattern[cells.clone()], &places[cells.clone()]);
            let (weight, residual) = (&batch.weight, &batch.residual);
            match &mut self.scores {
                Some(scores) => {
                    self.margin.scatter_both(design, patterns, weight, residual, &mut self.patterns);
                    scores.batch(design, side, run, (&chunk.pattern, cells.clone()), (family, batch));
                }
                None if extent == Extent::Gradient => {
                    for (place, score) in patterns.1.iter().zip(residual) {
                        self.patterns[*place as usize][1] += score;
                    }
                }
                None => self.margin.scatter(design, patterns, weight, residual, &mut self.patterns),
            }
            if design.numerics > 0 {
                self.numbers(design, chunk, side, cells, batch);
            }
        }
        if let Some(scores) = &mut self.scores {
            let trials = chunk.runs[run].trials;
            scores.close(design, side, (run, trials), score, self.margin.totals_of(design, 1));
        }
        self.close(design, side, run, (information, score), extent);
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
    fn close(
        &mut self,
        design: &Design,
        side: &ChunkDesign,
        run: usize,
        (information, score): (f64, f64),
        extent: Extent,
    ) {
        let (q, k, slots) = (design.dense(), design.width(), design.places());
        let columns = &side.columns[run * design.blocks..(run + 1) * design.blocks];
        if extent == Extent::Gradient {
            self.groups[(side.group[run] - side.group[0]) as usize * (k + 2) + 1] += score;
            self.gradient.iter_mut().zip(columns).for_each(|(sum, x)| *sum += score * x);
            return;
        }
        let margin = if self.scores.is_some() { self.margin.totals_of(design, 0) } else { self.margin.totals(design) };
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

fn zero(values: &mut Vec<f64>, length: usize) {
    values.clear();
    values.resize(length, 0.0);
}
