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
    totals: Vec<f64>,
}

impl Margin {
    /// All sums zero.
    pub(crate) fn clear(&mut self, design: &Design) {
        self.pairs.resize(design.places().max(SMALL), [0.0; 2]);
        self.pairs[..design.places()].fill([0.0; 2]);
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
            let cells = ((patterns, places), first, second);
            match design.factors {
                4 => return unrolled::<4>(&design.slots, cells, table, pairs),
                5 => return unrolled::<5>(&design.slots, cells, table, pairs),
                6 => return unrolled::<6>(&design.slots, cells, table, pairs),
                7 => return unrolled::<7>(&design.slots, cells, table, pairs),
                8 => return unrolled::<8>(&design.slots, cells, table, pairs),
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
    ((patterns, places), first, second): ((&[u32], &[u32]), &[f64; BATCH], &[f64; BATCH]),
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
