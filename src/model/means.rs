//! Mean predictions over the sample and their gradients in all parameters. One pass over the cells; fixed chunks
//! reduced in order. Knows no covariance.

use rayon::prelude::*;

use super::cells::Packed;
use super::covariance::Functional;
use super::design::{ChunkDesign, Design};
use super::kernel::{self, Batch};
use super::options::Family;
use super::pass::add;
use super::predictor::{Point, Predictor, batches};

/// Sums over all responses.
pub(crate) struct Means {
    /// Of the means.
    pub(crate) sum: f64,
    /// Their gradient.
    pub(crate) jacobian: Functional,
    /// Sum of the means and mass of each unit of correlated errors.
    pub(crate) units: Vec<[f64; 2]>,
}

/// Sums of one chunk.
struct Part {
    sum: f64,
    beta: Vec<f64>,
    /// From the chunk's first group.
    groups: Vec<f64>,
    units: Vec<(u32, [f64; 2])>,
}

impl Means {
    /// At `point`.
    pub(crate) fn new(packed: &Packed, design: &Design, family: Family, point: &Point) -> Self {
        let predictor = Predictor::new(design, point, packed.patterns.len());
        let part = |at: usize| part(packed, &predictor, family, at);
        let parts: Vec<Part> = (0..packed.chunks.len()).into_par_iter().map(part).collect();
        let jacobian = Functional { beta: vec![0.0; design.width()], groups: vec![0.0; design.groups] };
        let mut all = Self { sum: 0.0, jacobian, units: vec![[0.0; 2]; design.units] };
        for (part, side) in parts.iter().zip(&design.chunks) {
            all.sum += part.sum;
            add(&mut all.jacobian.beta, &part.beta);
            let first = side.group.first().map_or(0, |group| *group as usize);
            add(&mut all.jacobian.groups[first..first + part.groups.len()], &part.groups);
            for (unit, own) in &part.units {
                let unit = &mut all.units[*unit as usize];
                *unit = [unit[0] + own[0], unit[1] + own[1]];
            }
        }
        all
    }
}

fn part(packed: &Packed, predictor: &Predictor, family: Family, at: usize) -> Part {
    let design = predictor.design;
    let (chunk, side) = (&packed.chunks[at], &design.chunks[at]);
    let (blocks, n) = (design.blocks, design.numerics);
    let first = side.group.first().copied().unwrap_or(0);
    let groups = side.group.last().map_or(0, |last| (last - first + 1) as usize);
    let mut part = Part { sum: 0.0, beta: vec![0.0; design.width()], groups: vec![0.0; groups], units: Vec::new() };
    let mut patterns = vec![0.0; side.tabulated(packed.patterns.len())];
    let places = if side.places.is_empty() { &chunk.pattern } else { &side.places };
    let mut batch = Batch::new();
    for (run, own) in chunk.runs.iter().enumerate() {
        let (mut mean, mut slope) = (0.0, 0.0);
        for cells in batches(own.cells.clone()) {
            predictor.fill(chunk, side, run, cells.clone(), &mut batch.eta);
            chunk.observed(cells.clone(), &mut batch);
            kernel::means(family, &mut batch);
            mean += kernel::lanes(&batch.weight[..batch.length]);
            slope += kernel::lanes(&batch.residual[..batch.length]);
            for (place, slope) in places[cells.clone()].iter().zip(&batch.residual) {
                patterns[*place as usize] += slope;
            }
            for (at, cell) in cells.enumerate().take(if n > 0 { usize::MAX } else { 0 }) {
                let values = &side.numerics[cell * n..(cell + 1) * n];
                let sums = part.beta[blocks..].iter_mut().zip(values);
                sums.for_each(|(sum, x)| *sum += batch.residual[at] * x);
            }
        }
        part.sum += mean;
        part.groups[(side.group[run] - first) as usize] += slope;
        part.units.push((side.unit[run], [mean, own.trials]));
        let columns = &side.columns[run * blocks..(run + 1) * blocks];
        part.beta.iter_mut().zip(columns).for_each(|(sum, x)| *sum += slope * x);
    }
    let dummies = by_slot(design, side, &patterns);
    add(&mut part.beta[design.dense()..], &dummies[..design.dummies]);
    part
}

/// A chunk's sums by pattern, added up for each slot.
pub(crate) fn by_slot(design: &Design, side: &ChunkDesign, patterns: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; design.places()];
    if design.factors > 0 {
        for (place, value) in patterns.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            let at = side.pattern(place) * design.factors;
            for slot in &design.slots[at..at + design.factors] {
                sums[usize::from(*slot)] += value;
            }
        }
    }
    sums
}
