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
    /// Per run: score by slot, on the last pass.
    pub(crate) score_margin: Margin,
    /// Per run: information times each row-level number.
    pub(crate) numbers: Vec<f64>,
    /// Unit, sum of means and mass of each run, where means are summed.
    pub(crate) units: Vec<(u32, [f64; 2])>,
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
    /// The means' slopes and, per group, the means.
    Means,
}

impl Work {
    /// Makes room for another pass: `patterns` places in the table, scores if it is the `last`.
    pub(crate) fn clear(&mut self, design: &Design, side: &ChunkDesign, patterns: usize, last: bool) {
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

    /// Adds one run.
    pub(crate) fn run(
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

fn zero(values: &mut Vec<f64>, length: usize) {
    values.clear();
    values.resize(length, 0.0);
}
