//! Brings a sample into the canonical form of `cells`. Knows nothing of likelihoods but which sums of
//! a numeric outcome they need.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::cells::{Chunk, Packed, Run};
use super::options::{Covariance, Family, Members, Options, Place};
use super::sample::{Block, Sample};
use crate::num;

/// Fewest responses in a chunk of work. A chunk ends at the end of a block.
const CHUNK: u64 = 131_072;
/// Most chunks: each needs a table over all patterns.
const CHUNKS: u64 = 32;
/// Most patterns to count single responses in a table instead of sorting them.
const TABLE: usize = 1 << 16;

/// Brings a checked sample into canonical form.
pub(crate) fn pack(sample: &Sample, options: &Options) -> Packed {
    let (patterns, place) = observed(sample);
    let (spans, extras) = (spans(sample), extras(options));
    let packed: Vec<(Chunk, Vec<(usize, u64)>)> = spans
        .into_par_iter()
        .map(|span| {
            let (chunk, family) = (Chunk::default(), options.family);
            let squared = options.covariance == Covariance::Hc1;
            let mut packer = Packer {
                sample,
                patterns: patterns.len(),
                extras: &extras,
                family,
                squared,
                place: &place,
                chunk,
                weightless: Vec::new(),
            };
            packer.run(span);
            (packer.chunk, packer.weightless)
        })
        .collect();
    let numeric = sample.outcome.is_some();
    let weightless = packed.iter().flat_map(|(_, weightless)| weightless.clone()).collect();
    let chunks = packed.into_iter().map(|(chunk, _)| chunk).collect();
    Packed { chunks, patterns, extras: extras.len(), weightless, numeric }
}

/// What sets rows apart without being a regressor, in the order of `Chunk::extras`.
fn extras(options: &Options) -> Vec<Cow<'_, [f64]>> {
    let others = options.through.iter().filter(|through| matches!(through.column, Place::Row(_)));
    let rows = options.subgroups.iter().filter_map(|subgroup| match &subgroup.of {
        Members::Rows(levels) => Some(Cow::Owned(levels.iter().copied().map(f64::from).collect())),
        Members::Factor(_) | Members::Blocks(_) => None,
    });
    others.map(|through| Cow::Borrowed(through.other.as_slice())).chain(rows).collect()
}

/// The patterns that occur and, for each of the sample's patterns, its place among them.
fn observed(sample: &Sample) -> (Vec<u32>, Vec<u32>) {
    // Each part needs a table over all patterns.
    let parts = if sample.patterns.len() <= TABLE { CHUNKS as usize } else { 1 };
    let rows = sample.pattern.len().div_ceil(parts).max(1);
    let tables = sample.pattern.par_chunks(rows).map(|part| {
        let mut seen = vec![false; sample.patterns.len()];
        for pattern in part {
            seen[*pattern as usize] = true;
        }
        seen
    });
    let either = |mut one: Vec<bool>, other: Vec<bool>| {
        one.iter_mut().zip(other).for_each(|(one, other)| *one |= other);
        one
    };
    let seen = tables.reduce_with(either).unwrap_or_default();
    let patterns: Vec<u32> = (0..seen.len()).filter(|at| seen[*at]).map(|at| at as u32).collect();
    let mut place = vec![0; sample.patterns.len()];
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

/// Counts by pattern, read out in order of pattern without a look at those that have none.
struct Tally {
    /// Responses in the lower half, those with outcome 1 in the upper.
    counts: Vec<u64>,
    /// A bit for each pattern that has any, and one for each such word.
    some: Vec<u64>,
    words: Vec<u64>,
}

impl Tally {
    /// For so many patterns.
    fn new(patterns: usize) -> Self {
        let patterns = if patterns <= TABLE { patterns } else { 0 };
        let some = patterns.div_ceil(64);
        Self { counts: vec![0; patterns], some: vec![0; some], words: vec![0; some.div_ceil(64)] }
    }

    fn add(&mut self, pattern: u32, success: u8) {
        let (at, word) = (pattern as usize, pattern as usize / 64);
        self.counts[at] += 1 | u64::from(success) << 32;
        self.some[word] |= 1 << (at % 64);
        self.words[word / 64] |= 1 << (word % 64);
    }

    /// Visits pattern, responses and those with outcome 1, and forgets them.
    fn empty(&mut self, mut visit: impl FnMut(u32, u64, u64)) {
        for (high, words) in self.words.iter_mut().enumerate() {
            for word in bits(std::mem::take(words)).map(|low| high * 64 + low) {
                for at in bits(std::mem::take(&mut self.some[word])).map(|low| word * 64 + low) {
                    let count = std::mem::take(&mut self.counts[at]);
                    visit(at as u32, count & u64::from(u32::MAX), count >> 32);
                }
            }
        }
    }
}

/// Places of the bits that are set, ascending.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let low = word.trailing_zeros() as usize;
        word &= word.wrapping_sub(1);
        (low < 64).then_some(low)
    })
}

struct Packer<'a> {
    sample: &'a Sample<'a>,
    /// How many patterns occur.
    patterns: usize,
    extras: &'a [Cow<'a, [f64]>],
    family: Family,
    squared: bool,
    place: &'a [u32],
    chunk: Chunk,
    weightless: Vec<(usize, u64)>,
}

impl Packer<'_> {
    fn run(&mut self, span: Range<usize>) {
        let sample = self.sample;
        let simple = sample.weight.is_none() && sample.numerics.is_empty();
        let simple = simple && sample.outcome.is_none() && sample.offset.is_none() && self.extras.is_empty();
        let rows = self.sample.blocks[span.clone()].iter().map(|block| block.rows.len()).sum();
        self.chunk.pattern.reserve_exact(rows);
        self.chunk.trials.reserve_exact(rows);
        self.chunk.successes.reserve_exact(rows);
        let (mut keys, mut counted, mut order) = (Vec::new(), Vec::new(), Vec::new());
        let mut tally = Tally::new(self.patterns);
        for at in span {
            let block = &self.sample.blocks[at];
            let start = self.chunk.pattern.len();
            match &self.sample.count {
                _ if !simple => self.general(at, block.rows.clone(), &mut order),
                Some(count) => self.counted(block.rows.clone(), count, &mut counted),
                None if self.patterns <= TABLE => self.tallied(block.rows.clone(), &mut tally),
                None => self.single(block.rows.clone(), &mut keys),
            }
            let cells = start..self.chunk.pattern.len();
            let (group, cluster) = (block.group, block.cluster);
            self.chunk.runs.push(Run { cells, block: at, group, cluster, trials: 0.0, successes: 0.0, responses: 0 });
        }
        self.chunk.total();
    }

    /// `ln(y!)` where the likelihood has it.
    fn factorial(&self, outcome: f64) -> f64 {
        if self.family == Family::Poisson { num::ln_gamma(outcome + 1.0) } else { 0.0 }
    }

    /// Pattern and outcome of a row in one sortable number.
    fn key(&self, row: usize) -> u32 {
        self.place[self.sample.pattern[row] as usize] << 1 | u32::from(self.sample.success[row])
    }

    fn push(&mut self, pattern: u32, trials: u64, successes: u64) {
        self.chunk.pattern.push(pattern);
        self.chunk.trials.count(trials);
        self.chunk.successes.count(successes);
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

    /// The same where patterns are few: counted in place, then read in order.
    fn tallied(&mut self, rows: Range<usize>, tally: &mut Tally) {
        for row in rows {
            tally.add(self.place[self.sample.pattern[row] as usize], self.sample.success[row]);
        }
        tally.empty(|pattern, trials, successes| self.push(pattern, trials, successes));
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
            let columns = sample.numerics.iter().map(|column| column.values.as_slice());
            let columns = columns.chain(self.extras.iter().map(|extra| &**extra));
            columns.fold(std::cmp::Ordering::Equal, |order, x| order.then_with(|| x[a].total_cmp(&x[b])))
        };
        let offsets = |a: usize, b: usize| {
            sample.offset.as_ref().map_or(std::cmp::Ordering::Equal, |offset| offset[a].total_cmp(&offset[b]))
        };
        let regressors =
            |a: usize, b: usize| place(a).cmp(&place(b)).then_with(|| numbers(a, b)).then_with(|| offsets(a, b));
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
                self.chunk.factorials += mass * self.factorial(outcome(same[0]));
            }
            let mean = successes / trials;
            let (mut sums, mut about) = ([0.0; 3], 0.0);
            for row in cell {
                let (w, n, y) = (weight(*row), count(*row) as f64, outcome(*row));
                about += w * n * (y - mean) * (y - mean);
                sums = [sums[0] + w * w * n, sums[1] + w * w * n * y, 0.0];
            }
            self.chunk.within += about;
            if self.squared {
                let centre = sums[1] / sums[0];
                let square = |row: &usize| {
                    let away = weight(*row) * (outcome(*row) - centre);
                    count(*row) as f64 * away * away
                };
                self.chunk.squared.push([sums[0], centre, cell.iter().map(square).sum()]);
            }
            self.chunk.pattern.push(place(cell[0]));
            self.chunk.trials.push(trials);
            self.chunk.successes.push(successes);
            if sample.weight.is_some() {
                self.chunk.responses.push(responses);
            }
            self.chunk.offset.extend(sample.offset.as_ref().map(|offset| offset[cell[0]]));
            self.chunk.numerics.extend(sample.numerics.iter().map(|column| column.values[cell[0]]));
            self.chunk.extras.extend(self.extras.iter().map(|extra| extra[cell[0]]));
        }
    }
}
