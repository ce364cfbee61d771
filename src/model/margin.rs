//! Sums over the cells of one run by pattern and by slot: the busiest few lines of a pass. Knows only
//! the design's table of slots.

use super::design::Design;
use super::kernel::BATCH;

/// Slot tables of at most this size take the unrolled path.
const SMALL: usize = 256;

/// One run's sums by slot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Margin {
    /// Sums over even and odd cells. Neighbours often share a slot; two places for it halve the wait
    /// of one addition for the other.
    pairs: Vec<[f64; 2]>,
    /// The same of two values at once, for even and for odd cells.
    doubles: [Vec<[f64; 2]>; 2],
    totals: Vec<f64>,
}

impl Margin {
    /// All sums zero.
    pub(crate) fn clear(&mut self, design: &Design) {
        self.pairs.resize(design.places().max(SMALL), [0.0; 2]);
        self.pairs[..design.places()].fill([0.0; 2]);
    }

    /// All sums of two values zero.
    pub(crate) fn clear_both(&mut self, design: &Design) {
        for doubles in &mut self.doubles {
            doubles.resize(design.places().max(SMALL), [0.0; 2]);
            doubles[..design.places()].fill([0.0; 2]);
        }
    }

    /// The sums of the dummies' slots, of the first or the second of two values.
    pub(crate) fn totals_of(&mut self, design: &Design, which: usize) -> &[f64] {
        let [even, odd] = &self.doubles;
        self.totals.clear();
        self.totals.extend(even.iter().zip(odd).take(design.dummies).map(|(even, odd)| even[which] + odd[which]));
        &self.totals
    }

    /// Adds both values to each cell's slots and to its pattern's place in the table.
    pub(crate) fn scatter_both(
        &mut self,
        design: &Design,
        (patterns, places): (&[u32], &[u32]),
        first: &[f64; BATCH],
        second: &[f64; BATCH],
        table: &mut [[f64; 2]],
    ) {
        let [even, odd] = &mut self.doubles;
        if let (true, Some(even), Some(odd)) =
            (design.places() <= SMALL, even.first_chunk_mut::<SMALL>(), odd.first_chunk_mut::<SMALL>())
        {
            let (cells, values) = ((patterns, places), (first, second));
            match design.factors {
                4 => return unrolled_both::<4>(&design.slots, cells, values, table, [even, odd]),
                5 => return unrolled_both::<5>(&design.slots, cells, values, table, [even, odd]),
                6 => return unrolled_both::<6>(&design.slots, cells, values, table, [even, odd]),
                7 => return unrolled_both::<7>(&design.slots, cells, values, table, [even, odd]),
                8 => return unrolled_both::<8>(&design.slots, cells, values, table, [even, odd]),
                _ => {}
            }
        }
        let width = design.factors;
        for (cell, (((pattern, place), a), b)) in patterns.iter().zip(places).zip(first).zip(second).enumerate() {
            let at = *pattern as usize;
            plus(&mut table[*place as usize], [*a, *b]);
            for slot in &design.slots[at * width..(at + 1) * width] {
                plus(&mut self.doubles[cell & 1][usize::from(*slot)], [*a, *b]);
            }
        }
    }

    /// The sums of the dummies' slots.
    pub(crate) fn totals(&mut self, design: &Design) -> &[f64] {
        self.totals.clear();
        self.totals.extend(self.pairs.iter().take(design.dummies).map(|[even, odd]| even + odd));
        &self.totals
    }

    /// Adds each cell's `first` to its pattern's slots, and both values to its pattern's
    /// place in the table.
    pub(crate) fn scatter(
        &mut self,
        design: &Design,
        (patterns, places): (&[u32], &[u32]),
        first: &[f64; BATCH],
        second: &[f64; BATCH],
        table: &mut [[f64; 2]],
    ) {
        if let (true, Some(pairs)) = (design.places() <= SMALL, self.pairs.first_chunk_mut::<SMALL>()) {
            let (cells, values) = ((patterns, places), (first, second));
            match design.factors {
                4 => return unrolled::<4>(&design.slots, cells, values, table, pairs),
                5 => return unrolled::<5>(&design.slots, cells, values, table, pairs),
                6 => return unrolled::<6>(&design.slots, cells, values, table, pairs),
                7 => return unrolled::<7>(&design.slots, cells, values, table, pairs),
                8 => return unrolled::<8>(&design.slots, cells, values, table, pairs),
                _ => {}
            }
        }
        let width = design.factors;
        for (cell, (((pattern, place), a), b)) in patterns.iter().zip(places).zip(first).zip(second).enumerate() {
            let (at, place) = (*pattern as usize, *place as usize);
            table[place] = [table[place][0] + a, table[place][1] + b];
            for slot in &design.slots[at * width..(at + 1) * width] {
                self.pairs[usize::from(*slot)][cell & 1] += a;
            }
        }
    }
}

/// [`Margin::scatter`] for a known number of factors and few slots: no loop, no bounds to check.
fn unrolled<const N: usize>(
    slots: &[u16],
    (patterns, places): (&[u32], &[u32]),
    (first, second): (&[f64; BATCH], &[f64; BATCH]),
    table: &mut [[f64; 2]],
    pairs: &mut [[f64; 2]; SMALL],
) {
    let (slots, _) = slots.as_chunks::<N>();
    for (cell, (((pattern, place), a), b)) in patterns.iter().zip(places).zip(first).zip(second).enumerate() {
        let (at, place) = (*pattern as usize, *place as usize);
        table[place] = [table[place][0] + a, table[place][1] + b];
        for slot in slots[at] {
            pairs[usize::from(slot) % SMALL][cell & 1] += a;
        }
    }
}

/// [`Margin::scatter_both`] for a known number of factors and few slots.
fn unrolled_both<const N: usize>(
    slots: &[u16],
    (patterns, places): (&[u32], &[u32]),
    (first, second): (&[f64; BATCH], &[f64; BATCH]),
    table: &mut [[f64; 2]],
    [even, odd]: [&mut [[f64; 2]; SMALL]; 2],
) {
    let (slots, _) = slots.as_chunks::<N>();
    let cells = patterns.iter().zip(places).zip(first.iter().zip(second));
    let doubles = [even, odd];
    for (cell, ((pattern, place), (a, b))) in cells.enumerate() {
        plus(&mut table[*place as usize], [*a, *b]);
        for slot in slots[*pattern as usize] {
            plus(&mut doubles[cell & 1][usize::from(slot) % SMALL], [*a, *b]);
        }
    }
}

fn plus(sum: &mut [f64; 2], more: [f64; 2]) {
    *sum = [sum[0] + more[0], sum[1] + more[1]];
}
