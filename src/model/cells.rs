//! The sample in canonical form: within each block, rows with equal covariates become one cell
//! with its number of trials and of successes, in order of pattern. Row order and aggregation leave
//! no trace, which is what makes results equal to the last bit (`pack` makes them). Knows nothing of
//! likelihoods.

use std::ops::Range;

use super::amounts::Amounts;
use super::kernel::Batch;

/// One block's cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    /// Place in the chunk's cell columns.
    pub(crate) cells: Range<usize>,
    /// Index of the block in the sample.
    pub(crate) block: usize,
    /// Group id as in the sample.
    pub(crate) group: u32,
    /// Cluster id as in the sample.
    pub(crate) cluster: u32,
    /// Sum of the cells' trials.
    pub(crate) trials: f64,
    /// Sum of the cells' successes.
    pub(crate) successes: f64,
    /// Responses, weights not counted.
    pub(crate) responses: u64,
}

/// Cells of consecutive blocks. All cell columns have the same length.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chunk {
    /// Index into `Packed::patterns`.
    pub(crate) pattern: Vec<u32>,
    /// Weighted number of responses.
    pub(crate) trials: Amounts,
    /// Weighted number of responses with outcome 1; weighted sum of a numeric outcome.
    pub(crate) successes: Amounts,
    /// Responses; empty when there are no weights (then they equal the trials).
    pub(crate) responses: Vec<u64>,
    /// Row-level numbers, cells x numerics, row-major.
    pub(crate) numerics: Vec<f64>,
    /// What sets cells apart without being a regressor, cells x extras, row-major: what row-level columns
    /// multiply powers of the exposure by, then row-level subgroups.
    pub(crate) extras: Vec<f64>,
    /// Offset of each cell; empty when there is none.
    pub(crate) offset: Vec<f64>,
    /// Weighted sum of squares of a numeric outcome (never thinned: the linear family drops nobody).
    pub(crate) squares: f64,
    /// Weighted sum of squares of a numeric outcome about the means of the cells.
    pub(crate) within: f64,
    /// For HC1, per cell: sum of squared weights, mean of the outcome with those as weights, and sum of
    /// squares about it. Empty when weights and outcome say as much.
    pub(crate) squared: Vec<[f64; 3]>,
    /// Weighted sum of `ln(y!)` of a numeric outcome (Poisson; nothing but zeros is ever thinned).
    pub(crate) factorials: f64,
    /// The blocks, none of them empty.
    pub(crate) runs: Vec<Run>,
}

/// The whole sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Packed {
    /// Fixed chunks: their bounds depend on the number of responses only.
    pub(crate) chunks: Vec<Chunk>,
    /// The patterns that occur, as indices into the sample's.
    pub(crate) patterns: Vec<u32>,
    /// Number of extras per cell.
    pub(crate) extras: usize,
    /// Responses with a weight of zero, by block.
    pub(crate) weightless: Vec<(usize, u64)>,
    /// The outcome is a number, not 0 or 1.
    pub(crate) numeric: bool,
}

impl Packed {
    /// Weighted sum of squares of the outcome about the means of the cells.
    pub(crate) fn within(&self) -> f64 {
        if self.numeric {
            return self.chunks.iter().map(|chunk| chunk.within).sum();
        }
        let cells = |chunk: &Chunk| -> f64 {
            let cells = chunk.runs.iter().flat_map(|run| run.cells.clone());
            let of = |at| (chunk.trials.get(at), chunk.successes.get(at));
            cells.map(of).map(|(n, s)| s * (n - s) / n).sum()
        };
        self.chunks.iter().map(cells).sum()
    }

    /// Weighted sum of the squared outcome.
    pub(crate) fn squares(&self) -> f64 {
        if self.numeric {
            return self.chunks.iter().map(|chunk| chunk.squares).sum();
        }
        self.chunks.iter().flat_map(|chunk| &chunk.runs).map(|run| run.successes).sum()
    }
}

impl Chunk {
    /// Hands what was observed in at most a batch of cells over.
    #[inline]
    pub(crate) fn observed(&self, cells: Range<usize>, batch: &mut Batch) {
        batch.length = cells.len();
        self.trials.read(cells.clone(), &mut batch.trials);
        self.successes.read(cells, &mut batch.successes);
    }

    /// Responses behind one cell.
    pub(crate) fn responses_of(&self, cell: usize) -> u64 {
        self.responses.get(cell).copied().unwrap_or(self.trials.get(cell) as u64)
    }

    /// Recomputes the totals of every run and forgets the empty ones.
    pub(crate) fn total(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        for run in &mut runs {
            run.trials = self.trials.sum(run.cells.clone());
            run.successes = self.successes.sum(run.cells.clone());
            let counted = self.responses.get(run.cells.clone());
            run.responses = counted.map_or(run.trials as u64, |responses| responses.iter().sum());
        }
        runs.retain(|run| !run.cells.is_empty());
        self.runs = runs;
    }

    /// The chunk with only the cells that `keep` likes, given run and cell.
    pub(crate) fn retained(&self, numerics: usize, keep: impl Fn(&Run, usize) -> bool) -> Self {
        let (squares, within, factorials) = (self.squares, self.within, self.factorials);
        let extras = self.extras.len().checked_div(self.pattern.len()).unwrap_or(0);
        let mut kept = Chunk { squares, within, factorials, ..Chunk::default() };
        for run in &self.runs {
            let start = kept.pattern.len();
            for cell in run.cells.clone().filter(|cell| keep(run, *cell)) {
                kept.pattern.push(self.pattern[cell]);
                kept.trials.push(self.trials.get(cell));
                kept.successes.push(self.successes.get(cell));
                kept.responses.extend(self.responses.get(cell));
                kept.offset.extend(self.offset.get(cell));
                kept.squared.extend(self.squared.get(cell));
                kept.numerics.extend_from_slice(&self.numerics[cell * numerics..(cell + 1) * numerics]);
                kept.extras.extend_from_slice(&self.extras[cell * extras..(cell + 1) * extras]);
            }
            kept.runs.push(Run { cells: start..kept.pattern.len(), ..run.clone() });
        }
        kept.total();
        kept
    }
}
