//! Sums over the cells of a wide model: scores of all parameters, and the reported columns' information with the
//! effects and with one another. Fixed lots of chunks are reduced in order, so the bits do not depend on threads.

use std::ops::Range;

use rayon::prelude::*;

use super::super::covariance::Functional;
use super::super::pass::add;
use super::{Cells, Wide};

/// Lots of chunks: each needs a table of effects by columns.
const LOTS: usize = 8;

/// The reported columns' information.
pub(super) struct Sums {
    /// With each effect, by column.
    pub(super) sides: Vec<Vec<f64>>,
    /// With the columns, lower half.
    pub(super) own: Vec<f64>,
}

/// What one lot adds up.
struct Lot {
    /// Information of columns with effects, effects x columns; of groups only those of the lot.
    groups: Vec<f64>,
    levels: Vec<f64>,
    first: usize,
    own: Vec<f64>,
}

/// What a run adds up.
struct Run {
    weight: f64,
    /// By reported level.
    margin: Vec<f64>,
    /// By row-level number.
    numbers: Vec<f64>,
}

impl Wide<'_> {
    /// Absorbed levels start at this slot.
    fn first_level(&self) -> usize {
        self.design.reported - self.design.dense()
    }

    /// Scores of all parameters.
    pub(super) fn gradient(&self, cells: &Cells) -> Functional {
        let design = self.design;
        let (blocks, n, q, width) = (design.blocks, design.numerics, design.dense(), design.factors);
        let chunk = |at: usize| {
            let (chunk, side) = (&self.packed.chunks[at], &design.chunks[at]);
            let (mut beta, mut groups) = (vec![0.0; q + design.places()], vec![0.0; self.groups_of(at).len()]);
            for (run, own) in chunk.runs.iter().enumerate() {
                let mut score = 0.0;
                for cell in own.cells.clone() {
                    let residual = cells.residual[at][cell];
                    score += residual;
                    let pattern = chunk.pattern[cell] as usize * width;
                    let slots = &design.slots[pattern..pattern + width];
                    slots.iter().for_each(|slot| beta[q + usize::from(*slot)] += residual);
                    let values = &side.numerics[cell * n..(cell + 1) * n];
                    beta[blocks..].iter_mut().zip(values).for_each(|(sum, x)| *sum += residual * x);
                }
                groups[side.group[run] as usize - self.groups_of(at).start] += score;
                let columns = &side.columns[run * blocks..(run + 1) * blocks];
                beta.iter_mut().zip(columns).for_each(|(sum, x)| *sum += score * x);
            }
            (beta, groups)
        };
        let parts: Vec<_> = (0..self.packed.chunks.len()).into_par_iter().map(chunk).collect();
        let mut all = Functional { beta: vec![0.0; q + design.places()], groups: vec![0.0; design.groups] };
        for (at, (beta, groups)) in parts.iter().enumerate() {
            add(&mut all.beta, beta);
            add(&mut all.groups[self.groups_of(at)], groups);
        }
        all.beta.truncate(design.width());
        all
    }

    /// The groups of a chunk.
    fn groups_of(&self, chunk: usize) -> Range<usize> {
        match &self.design.chunks[chunk].group[..] {
            [first, .., last] => *first as usize..*last as usize + 1,
            [only] => *only as usize..*only as usize + 1,
            [] => 0..0,
        }
    }

    /// The reported columns' information.
    pub(super) fn sums(&self, cells: &Cells) -> Sums {
        let (design, k) = (self.design, self.design.reported);
        let levels = design.width() - k;
        let each = self.packed.chunks.len().div_ceil(LOTS).max(1);
        let lots: Vec<Lot> = (0..self.packed.chunks.len().div_ceil(each))
            .into_par_iter()
            .map(|lot| self.lot(cells, lot * each..((lot + 1) * each).min(self.packed.chunks.len())))
            .collect();
        let mut effects = vec![0.0; (design.groups + levels) * k];
        let mut own = vec![0.0; k * k];
        for lot in &lots {
            add(&mut effects[lot.first * k..lot.first * k + lot.groups.len()], &lot.groups);
            add(&mut effects[design.groups * k..], &lot.levels);
            add(&mut own, &lot.own);
        }
        let column = |at: usize| effects.iter().skip(at).step_by(k).copied().collect();
        Sums { sides: (0..k).into_par_iter().map(column).collect(), own }
    }

    fn lot(&self, cells: &Cells, chunks: Range<usize>) -> Lot {
        let (design, k) = (self.design, self.design.reported);
        let bounds = chunks.clone().map(|at| self.groups_of(at)).filter(|groups| !groups.is_empty());
        let (first, last) = bounds.fold((usize::MAX, 0), |(low, high), own| (low.min(own.start), high.max(own.end)));
        let groups = last.saturating_sub(first);
        let mut lot = Lot {
            groups: vec![0.0; groups * k],
            levels: vec![0.0; (design.width() - k) * k],
            first: if groups == 0 { 0 } else { first },
            own: vec![0.0; k * k],
        };
        let (margin, numbers) = (vec![0.0; self.first_level()], vec![0.0; design.numerics]);
        let mut sums = Run { weight: 0.0, margin, numbers };
        for at in chunks {
            for run in 0..self.packed.chunks[at].runs.len() {
                self.run(cells, (at, run), &mut sums, &mut lot);
                self.close((at, run), &sums, &mut lot);
            }
        }
        lot
    }

    /// The cells of a run, each with its levels.
    fn run(&self, cells: &Cells, (at, run): (usize, usize), sums: &mut Run, lot: &mut Lot) {
        let (design, k, first) = (self.design, self.design.reported, self.first_level());
        let (chunk, side) = (&self.packed.chunks[at], &design.chunks[at]);
        let (blocks, n, q, width) = (design.blocks, design.numerics, design.dense(), design.factors);
        let plain = width - design.absorbed.len();
        let columns = &side.columns[run * blocks..(run + 1) * blocks];
        sums.weight = 0.0;
        sums.margin.fill(0.0);
        sums.numbers.fill(0.0);
        for cell in chunk.runs[run].cells.clone() {
            let weight = cells.weight[at][cell];
            let pattern = chunk.pattern[cell] as usize * width;
            let (reported, absorbed) = design.slots[pattern..pattern + width].split_at(plain);
            // A place beyond the levels stands for none.
            let reported = || reported.iter().map(|slot| usize::from(*slot)).filter(|slot| *slot < first);
            let values = &side.numerics[cell * n..(cell + 1) * n];
            sums.weight += weight;
            for slot in reported() {
                sums.margin[slot] += weight;
                let line = &mut lot.own[(q + slot) * k..(q + slot + 1) * k];
                reported().filter(|other| *other <= slot).for_each(|other| line[q + other] += weight);
                line[blocks..].iter_mut().zip(values).for_each(|(sum, x)| *sum += weight * x);
            }
            for (i, x) in values.iter().enumerate() {
                sums.numbers[i] += weight * x;
                let line = &mut lot.own[(blocks + i) * k + blocks..];
                line.iter_mut().zip(&values[..=i]).for_each(|(sum, other)| *sum += weight * x * other);
            }
            for level in absorbed {
                let line = &mut lot.levels[(usize::from(*level) - first) * k..][..k];
                let dense = columns.iter().chain(values);
                line.iter_mut().zip(dense).for_each(|(sum, x)| *sum += weight * x);
                reported().for_each(|slot| line[q + slot] += weight);
            }
        }
    }

    /// What all cells of a finished run share: its group and its block columns.
    fn close(&self, (at, run): (usize, usize), sums: &Run, lot: &mut Lot) {
        let (design, k) = (self.design, self.design.reported);
        let (side, blocks, q) = (&design.chunks[at], design.blocks, design.dense());
        let columns = &side.columns[run * blocks..(run + 1) * blocks];
        let group = (side.group[run] as usize - lot.first) * k;
        let line = &mut lot.groups[group..group + k];
        line.iter_mut().zip(columns).for_each(|(sum, x)| *sum += sums.weight * x);
        add(&mut line[blocks..], &sums.numbers);
        add(&mut line[q..], &sums.margin);
        for (a, x) in columns.iter().enumerate().filter(|(_, x)| **x != 0.0) {
            let line = &mut lot.own[a * k..(a + 1) * k];
            line.iter_mut().zip(&columns[..=a]).for_each(|(sum, other)| *sum += sums.weight * x * other);
        }
        for (row, sum) in sums.numbers.iter().chain(&sums.margin).enumerate() {
            let line = &mut lot.own[(blocks + row) * k..];
            line.iter_mut().zip(columns).for_each(|(own, x)| *own += sum * x);
        }
    }
}
