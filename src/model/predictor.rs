//! Where in the parameter space, and each cell's linear predictor there. Knows no likelihood.

use std::ops::Range;

use super::cells::Chunk;
use super::design::{ChunkDesign, Design};
use super::kernel::BATCH;

/// A point in the parameter space, in the design's units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    /// Effect of each group (one intercept when nothing is absorbed).
    pub(crate) groups: Vec<f64>,
    /// Coefficients: dense regressors, then dummies.
    pub(crate) beta: Vec<f64>,
}

/// The predictor's parts that rows share.
pub(crate) struct Predictor<'a> {
    pub(crate) design: &'a Design,
    point: &'a Point,
    /// Sum of the dummies' coefficients per pattern.
    pub(crate) pattern: Vec<f64>,
    /// All coefficients are zero: only groups differ.
    pub(crate) flat: bool,
}

impl<'a> Predictor<'a> {
    /// Tabulates the point's dummies by pattern.
    pub(crate) fn new(design: &'a Design, point: &'a Point, patterns: usize) -> Self {
        let mut dummies = point.beta[design.dense()..].to_vec();
        dummies.resize(design.places(), 0.0);
        let value = |slots: &[u16]| slots.iter().map(|slot| dummies[usize::from(*slot)]).sum();
        let pattern = match design.factors {
            0 => vec![0.0; patterns],
            width => design.slots.chunks_exact(width).map(value).collect(),
        };
        Self { design, point, pattern, flat: point.beta.iter().all(|b| *b == 0.0) }
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
        if !chunk.offset.is_empty() {
            for (eta, offset) in eta.iter_mut().zip(&chunk.offset[cells.clone()]) {
                *eta += offset;
            }
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
