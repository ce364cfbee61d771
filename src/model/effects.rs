//! Average marginal effects: of the exposure through all its columns, over all responses or within the
//! levels of a subgroup, with gradients in all parameters. One pass over the cells; fixed chunks reduced
//! in order. Knows no covariance.

use std::ops::Range;

use rayon::prelude::*;

use super::cells::{Chunk, Packed};
use super::covariance::Functional;
use super::design::{Design, distinct};
use super::kernel::{self, BATCH, Batch};
use super::options::{Family, Members, Options, Place};
use super::pass::add;
use super::predictor::{Point, Predictor, batches};
use super::sample::Sample;
use super::through::{Moving, Slope};

/// Who is in which level, levels numbered without gaps.
pub(crate) struct Levels<'a> {
    /// The caller's numbers of the levels, ascending.
    pub(crate) names: Vec<u32>,
    of: Of<'a>,
}

enum Of<'a> {
    /// One level for all.
    All,
    /// Level of each of the packed patterns.
    Patterns(Vec<u32>),
    /// The caller's level of each block.
    Blocks(&'a [u32]),
    /// Place of the caller's level among the cells' extras.
    Cells(usize),
}

impl<'a> Levels<'a> {
    /// Everyone.
    pub(crate) fn all() -> Self {
        Self { names: vec![0], of: Of::All }
    }

    /// The levels of one of the subgroups.
    pub(crate) fn of(sample: &Sample, options: &'a Options, packed: &Packed, subgroup: usize) -> Self {
        match &options.subgroups[subgroup].of {
            Members::Factor(factor) => {
                let level = |pattern: &u32| u32::from(sample.patterns.of(*pattern as usize)[*factor]);
                let names = (0..sample.patterns.factors[*factor].levels.len() as u32).collect();
                Self { names, of: Of::Patterns(packed.patterns.iter().map(level).collect()) }
            }
            Members::Blocks(of) => Self { names: distinct(of.iter().copied()), of: Of::Blocks(of) },
            Members::Rows(of) => {
                let rows = |other: &super::options::Subgroup| matches!(other.of, Members::Rows(_));
                let through = options.through.iter().filter(|t| matches!(t.column, Place::Row(_))).count();
                let before = options.subgroups[..subgroup].iter().filter(|other| rows(other)).count();
                Self { names: distinct(of.iter().copied()), of: Of::Cells(through + before) }
            }
        }
    }

    fn place(&self, name: u32) -> usize {
        self.names.partition_point(|other| *other < name)
    }

    fn level(&self, chunk: &Chunk, extras: usize, block: usize, cell: usize) -> usize {
        match &self.of {
            Of::All => 0,
            Of::Patterns(of) => of[chunk.pattern[cell] as usize] as usize,
            Of::Blocks(of) => self.place(of[block]),
            Of::Cells(at) => self.place(chunk.extras[cell * extras + at] as u32),
        }
    }
}

/// The average within one level.
pub(crate) struct Level {
    /// Average.
    pub(crate) value: f64,
    /// Weighted number of responses, zero when the level has none.
    pub(crate) mass: f64,
    /// Number of responses.
    pub(crate) responses: u64,
    /// Its gradient.
    pub(crate) jacobian: Functional,
    /// Per unit: sum of the effects and mass.
    pub(crate) units: Vec<[f64; 2]>,
}

/// Everything that the effects of single cells depend on.
pub(crate) struct Effects<'a> {
    packed: &'a Packed,
    design: &'a Design,
    family: Family,
    point: &'a Point,
    moving: &'a Moving<'a>,
    predictor: Predictor<'a>,
}

/// Sums of one chunk.
struct Part {
    /// Per level: effect and mass.
    sums: Vec<[f64; 2]>,
    responses: Vec<u64>,
    /// Levels x coefficients.
    beta: Vec<f64>,
    /// Levels x groups, from the chunk's first.
    groups: Vec<f64>,
    /// Unit of each record, and effect and mass per level.
    keys: Vec<u32>,
    records: Vec<[f64; 2]>,
}

impl<'a> Effects<'a> {
    /// At `point`.
    pub(crate) fn new(
        packed: &'a Packed,
        design: &'a Design,
        family: Family,
        point: &'a Point,
        moving: &'a Moving<'a>,
    ) -> Self {
        Self { packed, design, family, point, moving, predictor: Predictor::new(design, point, packed.patterns.len()) }
    }

    /// The averages within all levels.
    pub(crate) fn within(&self, levels: &Levels) -> Vec<Level> {
        let parts: Vec<Part> =
            (0..self.packed.chunks.len()).into_par_iter().map(|chunk| self.part(levels, chunk)).collect();
        (0..levels.names.len()).map(|level| self.level(&parts, level, levels.names.len())).collect()
    }

    fn part(&self, levels: &Levels, at: usize) -> Part {
        let (chunk, side) = (&self.packed.chunks[at], &self.design.chunks[at]);
        let (k, count) = (self.design.width(), levels.names.len());
        let first = side.group.first().copied().unwrap_or(0);
        let groups = side.group.last().map_or(0, |last| (last - first + 1) as usize);
        let mut part = Part {
            sums: vec![[0.0; 2]; count],
            responses: vec![0; count],
            beta: vec![0.0; count * k],
            groups: vec![0.0; count * groups],
            keys: Vec::new(),
            records: Vec::new(),
        };
        let (mut batch, mut slope, mut bends) = (Batch::new(), Slope::default(), vec![[0.0; 2]; count]);
        for (run, cells) in chunk.runs.iter().enumerate() {
            if part.keys.last() != Some(&side.unit[run]) {
                part.keys.push(side.unit[run]);
                part.records.resize(part.records.len() + count, [0.0; 2]);
            }
            self.moving.slope(self.design, self.point, cells.block, &mut slope);
            bends.fill([0.0; 2]);
            for cells in batches(cells.cells.clone()) {
                self.moments(at, run, cells.clone(), &mut batch);
                self.cells(levels, (at, run), cells, &batch, &slope, &mut part, &mut bends);
            }
            let columns = &side.columns[run * self.design.blocks..(run + 1) * self.design.blocks];
            for (level, [bend, own]) in bends.iter().enumerate() {
                part.groups[level * groups + (side.group[run] - first) as usize] += bend;
                let beta = &mut part.beta[level * k..(level + 1) * k];
                beta.iter_mut().zip(columns).for_each(|(sum, x)| *sum += bend * x);
                slope.shared.iter().for_each(|(at, factor)| beta[*at] += own * factor);
            }
        }
        part
    }

    /// Adds cells to their levels; `bends` gets the sums that all cells of a run have in common: slopes'
    /// derivatives times the effect on the predictor, and slopes.
    #[expect(clippy::too_many_arguments, reason = "the sums of one loop")]
    fn cells(
        &self,
        levels: &Levels,
        (at, run): (usize, usize),
        cells: Range<usize>,
        batch: &Batch,
        slope: &Slope,
        part: &mut Part,
        bends: &mut [[f64; 2]],
    ) {
        let (chunk, side, design) = (&self.packed.chunks[at], &self.design.chunks[at], self.design);
        let (n, width, extras) = (design.numerics, design.factors, self.packed.extras);
        let (count, k, block) = (bends.len(), design.width(), chunk.runs[run].block);
        let slopes = batch.slope(self.family);
        let record = part.records.len() - count;
        for (place, cell) in cells.enumerate() {
            let level = levels.level(chunk, extras, block, cell);
            let own = &chunk.extras[cell * extras..(cell + 1) * extras];
            let derivative = slope.of(own);
            let (effect, bend) = (slopes[place] * derivative, batch.bend[place] * derivative);
            for sums in [&mut part.sums[level], &mut part.records[record + level]] {
                *sums = [sums[0] + effect, sums[1] + batch.trials[place]];
            }
            part.responses[level] += chunk.responses_of(cell);
            bends[level] = [bends[level][0] + bend, bends[level][1] + slopes[place]];
            let beta = &mut part.beta[level * k..(level + 1) * k];
            let pattern = chunk.pattern[cell] as usize * width;
            for slot in design.slots[pattern..pattern + width].iter().map(|slot| usize::from(*slot)) {
                if slot < design.dummies {
                    beta[design.dense() + slot] += bend;
                }
            }
            for (i, x) in side.numerics[cell * n..(cell + 1) * n].iter().enumerate() {
                beta[design.blocks + i] += bend * x;
            }
            for (at, extra, factor, _) in &slope.own {
                beta[*at] += slopes[place] * factor * own[*extra];
            }
        }
    }

    fn moments(&self, at: usize, run: usize, cells: Range<usize>, batch: &mut Batch) {
        let chunk = &self.packed.chunks[at];
        self.predictor.fill(chunk, &self.design.chunks[at], run, cells.clone(), &mut batch.eta);
        chunk.observed(cells, batch);
        kernel::full(self.family, batch);
    }

    fn level(&self, parts: &[Part], level: usize, count: usize) -> Level {
        let k = self.design.width();
        let mut jacobian = Functional { beta: vec![0.0; k], groups: vec![0.0; self.design.groups] };
        let (mut sums, mut responses, mut units) = ([0.0; 2], 0, vec![[0.0; 2]; self.design.units]);
        for (part, side) in parts.iter().zip(&self.design.chunks) {
            sums = [sums[0] + part.sums[level][0], sums[1] + part.sums[level][1]];
            responses += part.responses[level];
            add(&mut jacobian.beta, &part.beta[level * k..(level + 1) * k]);
            let (first, groups) = (side.group.first().map_or(0, |g| *g as usize), part.groups.len() / count);
            add(&mut jacobian.groups[first..first + groups], &part.groups[level * groups..(level + 1) * groups]);
            for (unit, record) in part.keys.iter().zip(part.records.chunks_exact(count)) {
                let unit = &mut units[*unit as usize];
                *unit = [unit[0] + record[level][0], unit[1] + record[level][1]];
            }
        }
        let [effect, mass] = sums;
        jacobian.beta.iter_mut().chain(&mut jacobian.groups).for_each(|value| *value /= mass);
        Level { value: effect / mass, mass, responses, jacobian, units }
    }

    /// For the cells of one run: the effect beyond the average of `level`, over its mass; zero outside.
    pub(crate) fn deviations(
        &self,
        (levels, level): (&Levels, usize),
        (value, mass): (f64, f64),
        (at, run, cells): (usize, usize, Range<usize>),
        out: &mut [f64; BATCH],
    ) {
        let (chunk, extras) = (&self.packed.chunks[at], self.packed.extras);
        let (mut batch, mut slope) = (Batch::new(), Slope::default());
        self.moving.slope(self.design, self.point, chunk.runs[run].block, &mut slope);
        self.moments(at, run, cells.clone(), &mut batch);
        for (place, cell) in cells.enumerate() {
            let derivative = slope.of(&chunk.extras[cell * extras..(cell + 1) * extras]);
            let effect = batch.slope(self.family)[place] / batch.trials[place] * derivative;
            let member = levels.level(chunk, extras, chunk.runs[run].block, cell) == level;
            out[place] = if member { (effect - value) / mass } else { 0.0 };
        }
    }
}
