//! The sample in canonical form: within each block, rows with equal covariates become one cell
//! with its number of trials and of successes, in order of pattern. Row order and aggregation leave
//! no trace, which is what makes results equal to the last bit. Knows nothing of likelihoods.

use std::ops::Range;

use rayon::prelude::*;

use super::sample::{Block, Sample};

/// Fewest responses in a chunk of work. A chunk ends at the end of a block.
const CHUNK: u64 = 65_536;
/// Most chunks: each needs a table over all patterns.
const CHUNKS: u64 = 32;

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
    pub(crate) trials: Vec<f64>,
    /// Weighted number of responses with outcome 1; weighted sum of a numeric outcome.
    pub(crate) successes: Vec<f64>,
    /// Responses; empty when there are no weights (then they equal the trials).
    pub(crate) responses: Vec<u64>,
    /// Row-level numbers, cells x numerics, row-major.
    pub(crate) numerics: Vec<f64>,
    /// Weighted sum of squares of a numeric outcome (never thinned: the linear family drops nobody).
    pub(crate) squares: f64,
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
    /// Responses with a weight of zero, by block.
    pub(crate) weightless: Vec<(usize, u64)>,
    /// The outcome is a number, not 0 or 1.
    pub(crate) numeric: bool,
}

impl Packed {
    /// Weighted sum of the squared outcome.
    pub(crate) fn squares(&self) -> f64 {
        if self.numeric {
            return self.chunks.iter().map(|chunk| chunk.squares).sum();
        }
        self.chunks.iter().flat_map(|chunk| &chunk.runs).map(|run| run.successes).sum()
    }
}

impl Chunk {
    /// Responses behind one cell.
    pub(crate) fn responses_of(&self, cell: usize) -> u64 {
        self.responses.get(cell).copied().unwrap_or(self.trials[cell] as u64)
    }

    /// Recomputes the totals of every run and forgets the empty ones.
    pub(crate) fn total(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        for run in &mut runs {
            (run.trials, run.successes, run.responses) = (0.0, 0.0, 0);
            for cell in run.cells.clone() {
                run.trials += self.trials[cell];
                run.successes += self.successes[cell];
                run.responses += self.responses_of(cell);
            }
        }
        runs.retain(|run| !run.cells.is_empty());
        self.runs = runs;
    }

    /// The chunk with only the cells that `keep` likes, given run and cell.
    pub(crate) fn retained(&self, numerics: usize, keep: impl Fn(&Run, usize) -> bool) -> Self {
        let mut kept = Chunk::default();
        for run in &self.runs {
            let start = kept.pattern.len();
            for cell in run.cells.clone().filter(|cell| keep(run, *cell)) {
                kept.pattern.push(self.pattern[cell]);
                kept.trials.push(self.trials[cell]);
                kept.successes.push(self.successes[cell]);
                kept.responses.extend(self.responses.get(cell));
                kept.numerics.extend_from_slice(&self.numerics[cell * numerics..(cell + 1) * numerics]);
            }
            kept.runs.push(Run { cells: start..kept.pattern.len(), ..run.clone() });
        }
        kept.total();
        kept
    }
}

/// Brings a checked sample into canonical form.
pub(crate) fn pack(sample: &Sample) -> Packed {
    let (patterns, place) = observed(sample);
    let spans = spans(sample);
    let packed: Vec<(Chunk, Vec<(usize, u64)>)> = spans
        .into_par_iter()
        .map(|span| {
            let mut packer = Packer { sample, place: &place, chunk: Chunk::default(), weightless: Vec::new() };
            packer.run(span);
            (packer.chunk, packer.weightless)
        })
        .collect();
    let numeric = sample.outcome.is_some();
    let weightless = packed.iter().flat_map(|(_, weightless)| weightless.clone()).collect();
    Packed { chunks: packed.into_iter().map(|(chunk, _)| chunk).collect(), patterns, weightless, numeric }
}

/// The patterns that occur and, for each of the sample's patterns, its place among them.
fn observed(sample: &Sample) -> (Vec<u32>, Vec<u32>) {
    let mut seen = vec![false; sample.patterns.len()];
    for pattern in &sample.pattern {
        seen[*pattern as usize] = true;
    }
    let patterns: Vec<u32> = (0..seen.len()).filter(|at| seen[*at]).map(|at| at as u32).collect();
    let mut place = vec![0; seen.len()];
    for (at, pattern) in patterns.iter().enumerate() {
        place[*pattern as usize] = at as u32;
    }
    (patterns, place)
}

/// Ranges of blocks with about equally many responses. They must not depend on how rows are
/// aggregated, hence responses and not rows.
fn spans(sample: &Sample) -> Vec<Range<usize>> {
    let size = |block: &Block| match &sample.count {
        Some(count) => count[block.rows.clone()].iter().map(|c| u64::from(*c)).sum(),
        None => block.rows.len() as u64,
    };
    let sizes: Vec<u64> = sample.blocks.iter().map(size).collect();
    let wanted = CHUNK.max(sizes.iter().sum::<u64>().div_ceil(CHUNKS));
    let (mut spans, mut start, mut filled) = (Vec::new(), 0, 0);
    for (at, size) in sizes.iter().enumerate() {
        filled += size;
        if filled >= wanted {
            spans.push(start..at + 1);
            (start, filled) = (at + 1, 0);
        }
    }
    if start < sizes.len() {
        spans.push(start..sizes.len());
    }
    spans
}

struct Packer<'a> {
    sample: &'a Sample<'a>,
    place: &'a [u32],
    chunk: Chunk,
    weightless: Vec<(usize, u64)>,
}

impl Packer<'_> {
    fn run(&mut self, span: Range<usize>) {
        let simple = self.sample.weight.is_none() && self.sample.numerics.is_empty() && self.sample.outcome.is_none();
        let rows = self.sample.blocks[span.clone()].iter().map(|block| block.rows.len()).sum();
        self.chunk.pattern.reserve_exact(rows);
        self.chunk.trials.reserve_exact(rows);
        self.chunk.successes.reserve_exact(rows);
        let (mut keys, mut counted, mut order) = (Vec::new(), Vec::new(), Vec::new());
        for at in span {
            let block = &self.sample.blocks[at];
            let start = self.chunk.pattern.len();
            match &self.sample.count {
                _ if !simple => self.general(at, block.rows.clone(), &mut order),
                Some(count) => self.counted(block.rows.clone(), count, &mut counted),
                None => self.single(block.rows.clone(), &mut keys),
            }
            let cells = start..self.chunk.pattern.len();
            let (group, cluster) = (block.group, block.cluster);
            self.chunk.runs.push(Run { cells, block: at, group, cluster, trials: 0.0, successes: 0.0, responses: 0 });
        }
        self.chunk.total();
    }

    /// Pattern and outcome of a row in one sortable number.
    fn key(&self, row: usize) -> u32 {
        self.place[self.sample.pattern[row] as usize] << 1 | u32::from(self.sample.success[row])
    }

    fn push(&mut self, pattern: u32, trials: u64, successes: u64) {
        self.chunk.pattern.push(pattern);
        self.chunk.trials.push(trials as f64);
        self.chunk.successes.push(successes as f64);
    }

    /// Rows that stand for one response each.
    fn single(&mut self, rows: Range<usize>, keys: &mut Vec<u32>) {
        keys.clear();
        keys.extend(rows.map(|row| self.key(row)));
        keys.sort_unstable();
        for same in keys.chunk_by(|a, b| a >> 1 == b >> 1) {
            let successes = same.iter().map(|key| u64::from(key & 1)).sum();
            self.push(same[0] >> 1, same.len() as u64, successes);
        }
    }

    /// Rows that stand for several.
    fn counted(&mut self, rows: Range<usize>, count: &[u32], keys: &mut Vec<(u32, u32)>) {
        keys.clear();
        keys.extend(rows.filter(|row| count[*row] > 0).map(|row| (self.key(row), count[row])));
        keys.sort_unstable();
        for same in keys.chunk_by(|a, b| a.0 >> 1 == b.0 >> 1) {
            let trials = same.iter().map(|(_, count)| u64::from(*count)).sum();
            let successes = same.iter().map(|(key, count)| u64::from(key & 1) * u64::from(*count)).sum();
            self.push(same[0].0 >> 1, trials, successes);
        }
    }

    /// Rows in order of pattern, numbers, outcome and weight; equal weights are counted before
    /// they are multiplied, so that aggregation cannot change a rounding.
    fn general(&mut self, block: usize, rows: Range<usize>, order: &mut Vec<usize>) {
        let sample = self.sample;
        let count = |row: usize| sample.count.as_ref().map_or(1, |count| u64::from(count[row]));
        let weight = |row: usize| sample.weight.as_ref().map_or(1.0, |weight| weight[row]);
        let outcome =
            |row: usize| sample.outcome.as_ref().map_or(f64::from(sample.success[row]), |outcome| outcome[row]);
        let place = |row: usize| self.place[sample.pattern[row] as usize];
        let numbers = |a: usize, b: usize| {
            sample.numerics.iter().fold(std::cmp::Ordering::Equal, |order, column| {
                order.then_with(|| column.values[a].total_cmp(&column.values[b]))
            })
        };
        let regressors = |a: usize, b: usize| place(a).cmp(&place(b)).then_with(|| numbers(a, b));
        let rest = |a: usize, b: usize| outcome(a).total_cmp(&outcome(b)).then_with(|| weight(a).total_cmp(&weight(b)));
        order.clear();
        order.extend(rows.clone().filter(|row| weight(*row) > 0.0 && count(*row) > 0));
        let lost: u64 = rows.filter(|row| weight(*row) == 0.0).map(count).sum();
        self.weightless.extend((lost > 0).then_some((block, lost)));
        order.sort_unstable_by(|a, b| regressors(*a, *b).then_with(|| rest(*a, *b)));
        for cell in order.chunk_by(|a, b| regressors(*a, *b).is_eq()) {
            let (mut trials, mut successes, mut responses) = (0.0, 0.0, 0);
            for same in cell.chunk_by(|a, b| rest(*a, *b).is_eq()) {
                let n = same.iter().map(|row| count(*row)).sum::<u64>();
                let mass = weight(same[0]) * n as f64;
                responses += n;
                trials += mass;
                successes += mass * outcome(same[0]);
                self.chunk.squares += mass * outcome(same[0]) * outcome(same[0]);
            }
            self.chunk.pattern.push(place(cell[0]));
            self.chunk.trials.push(trials);
            self.chunk.successes.push(successes);
            if sample.weight.is_some() {
                self.chunk.responses.push(responses);
            }
            self.chunk.numerics.extend(sample.numerics.iter().map(|column| column.values[cell[0]]));
        }
    }
}
