//! Scores by cluster and group, and what marginal effects need, gathered on the last pass. Knows
//! no covariance.

use std::ops::Range;

use super::design::{ChunkDesign, Design};
use super::kernel::{self, Batch};
use super::options::Family;
use super::pass::add;

/// Scores of one chunk and its part in marginal effects, from the last pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scores {
    /// Log likelihood.
    pub(crate) log_likelihood: f64,
    /// Unit and group of each record.
    pub(crate) keys: Vec<(u32, u32)>,
    /// Per record: score of the group's effect, then of each coefficient.
    pub(crate) records: Vec<f64>,
    /// Per record: sum of the mean's slopes, and mass.
    pub(crate) units: Vec<[f64; 2]>,
    /// Sum of the mean's slopes.
    pub(crate) slope: f64,
    /// Slopes' derivatives times each dense regressor.
    pub(crate) bend: Vec<f64>,
    /// Slopes' derivatives per pattern.
    pub(crate) patterns: Vec<f64>,
    /// Slopes' derivatives per group, from the chunk's first.
    pub(crate) groups: Vec<f64>,
}

impl Scores {
    /// Starts a record unless the run continues the last one's unit and group.
    pub(crate) fn open(&mut self, design: &Design, side: &ChunkDesign, run: usize) {
        let key = (side.unit[run], side.group[run]);
        if self.keys.last() != Some(&key) {
            self.keys.push(key);
            self.units.push([0.0; 2]);
            self.records.resize(self.records.len() + design.width() + 1, 0.0);
        }
    }

    pub(crate) fn batch(
        &mut self,
        design: &Design,
        side: &ChunkDesign,
        run: usize,
        (pattern, cells): (&[u32], Range<usize>),
        (family, batch): (Family, &Batch),
    ) {
        let length = cells.len();
        let places = if side.places.is_empty() { pattern } else { &side.places };
        for (place, bend) in places[cells.clone()].iter().zip(&batch.bend) {
            self.patterns[*place as usize] += bend;
        }
        self.log_likelihood += kernel::lanes(&batch.likelihood[..length]);
        let slope = kernel::lanes(&batch.slope(family)[..length]);
        self.slope += slope;
        if let Some(unit) = self.units.last_mut() {
            unit[0] += slope;
        }
        let bend = kernel::lanes(&batch.bend[..length]);
        self.groups[(side.group[run] - side.group[0]) as usize] += bend;
        for (a, x) in side.columns[run * design.blocks..(run + 1) * design.blocks].iter().enumerate() {
            self.bend[a] += bend * x;
        }
        let record = self.records.len() - design.width() + design.blocks;
        for (at, cell) in cells.enumerate().take(if design.numerics > 0 { length } else { 0 }) {
            let values = &side.numerics[cell * design.numerics..(cell + 1) * design.numerics];
            for (i, x) in values.iter().enumerate() {
                self.records[record + i] += batch.residual[at] * x;
                self.bend[design.blocks + i] += batch.bend[at] * x;
            }
        }
    }

    pub(crate) fn close(
        &mut self,
        design: &Design,
        side: &ChunkDesign,
        (run, trials): (usize, f64),
        score: f64,
        margin: &[f64],
    ) {
        if let Some(unit) = self.units.last_mut() {
            unit[1] += trials;
        }
        let start = self.records.len() - (design.width() + 1);
        let record = &mut self.records[start..];
        record[0] += score;
        for (a, x) in side.columns[run * design.blocks..(run + 1) * design.blocks].iter().enumerate() {
            record[1 + a] += score * x;
        }
        add(&mut record[1 + design.dense()..], margin);
    }
}
