//! Which rows of a sample left within the estimator, from what the fit says left. Must not decide
//! who leaves.

use crate::model::{Dropped, Fit, Reason, Sample};

/// Rows that left.
pub(super) struct Gone {
    /// Blocks that left as a whole.
    blocks: Vec<bool>,
    /// Patterns with a level that left.
    patterns: Vec<bool>,
    /// Whether rows with a weight of zero left.
    weightless: bool,
}

impl Gone {
    /// Reads what a fit dropped.
    pub(super) fn new(sample: &Sample, fit: &Fit) -> Self {
        let mut gone = Self::none(sample);
        fit.dropped.iter().for_each(|dropped| gone.add(sample, dropped));
        gone
    }

    /// What left for one reason.
    pub(super) fn of(sample: &Sample, dropped: &Dropped) -> Self {
        let mut gone = Self::none(sample);
        gone.add(sample, dropped);
        gone
    }

    fn none(sample: &Sample) -> Self {
        Self {
            blocks: vec![false; sample.blocks.len()],
            patterns: vec![false; sample.patterns.len()],
            weightless: false,
        }
    }

    fn add(&mut self, sample: &Sample, dropped: &Dropped) {
        let factors = &sample.patterns.factors;
        match &dropped.reason {
            Reason::ZeroWeight => self.weightless = true,
            Reason::Separated { term, .. } if factors.iter().any(|factor| factor.name == term.name) => {
                for (at, factor) in factors.iter().enumerate().filter(|(_, factor)| factor.name == term.name) {
                    let levels = sample.patterns.levels.iter().skip(at).step_by(factors.len());
                    for (gone, level) in self.patterns.iter_mut().zip(levels) {
                        *gone |= factor.levels[usize::from(*level)] == term.level;
                    }
                }
            }
            Reason::AbsorbedLevels { name, levels, .. } => {
                for (at, factor) in factors.iter().enumerate().filter(|(_, factor)| factor.name == *name) {
                    let each = sample.patterns.levels.iter().skip(at).step_by(factors.len());
                    for (gone, level) in self.patterns.iter_mut().zip(each) {
                        *gone |= levels.contains(&factor.levels[usize::from(*level)]);
                    }
                }
            }
            // A group, or an indicator that is constant within blocks.
            _ => dropped.blocks.iter().for_each(|(block, _)| self.blocks[*block] = true),
        }
    }

    /// Whether a row of a block left.
    pub(super) fn has(&self, sample: &Sample, block: usize, row: usize) -> bool {
        let weightless = self.weightless && sample.weight.as_ref().is_some_and(|weight| weight[row] == 0.0);
        self.blocks[block] || self.patterns[sample.pattern[row] as usize] || weightless
    }
}
