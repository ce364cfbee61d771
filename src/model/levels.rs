//! Covariates' levels as places in small tables, absorbed ones last. Knows no likelihood.

use rayon::prelude::*;

use super::cells::Packed;
use super::design::{Design, distinct};
use super::failure::FitError;
use super::prune::Pruned;
use super::result::{AbsorbedEffect, Term};
use super::sample::Sample;

/// Most coefficients whose information is a square of this size, factored at every step.
pub(crate) const WIDEST: usize = 2_500;
/// Most places that a slot, or levels that a pattern, can name.
pub(crate) const PLACES: usize = 1 << 16;
/// Most patterns that every chunk of work has a table for.
const MANY: usize = 1 << 17;

impl Design {
    /// Numbers the levels: those that are reported first, then those of absorbed covariates, all of
    /// which have a place for now.
    pub(crate) fn choose_levels(
        &mut self,
        sample: &Sample,
        packed: &Packed,
        pruned: &Pruned,
        widest: usize,
    ) -> Result<(), FitError> {
        let factors = &sample.patterns.factors;
        let mut order: Vec<usize> = (0..factors.len()).collect();
        order.sort_by_key(|at| factors[*at].absorbed);
        let mut slot_of: Vec<Vec<Option<u16>>> = Vec::new();
        for at in &order {
            let (factor, outcomes) = (&factors[*at], &pruned.levels[*at]);
            let term = |level: usize| Term::new(&factor.name, &factor.levels[level]);
            if !factor.absorbed && outcomes[factor.reference] == 0 {
                let had = |p: &u32| usize::from(sample.patterns.of(*p as usize)[*at]) == factor.reference;
                let dropped = packed.patterns.iter().any(had);
                return Err(FitError::ReferenceUnobserved { term: term(factor.reference), dropped });
            }
            let mut slots = vec![None; factor.levels.len()];
            for level in (0..factor.levels.len()).filter(|level| factor.absorbed || *level != factor.reference) {
                if outcomes[level] == 0 {
                    self.unobserved.extend((!factor.absorbed).then(|| term(level)));
                } else {
                    slots[level] = u16::try_from(self.dummies).ok();
                    self.dummies += 1;
                    self.terms.push(term(level));
                }
            }
            if factor.absorbed {
                let levels = slots.iter().flatten().count() as u64;
                self.absorbed.push(AbsorbedEffect { name: factor.name.clone(), levels, redundant: 0 });
            } else {
                self.reported = self.width();
            }
            slot_of.push(slots);
        }
        self.wide = self.width() > widest;
        for (columns, most) in [(self.reported, widest), (self.width() + self.factors, PLACES)] {
            if columns > most {
                return Err(FitError::TooWide { columns: columns as u64, most: most as u64 });
            }
        }
        let none = self.dummies;
        for pattern in &packed.patterns {
            let levels = sample.patterns.of(*pattern as usize);
            let slot = |(place, (at, slots)): (usize, (&usize, &Vec<Option<u16>>))| {
                slots[usize::from(levels[*at])].unwrap_or((none + place) as u16)
            };
            self.slots.extend(order.iter().zip(&slot_of).enumerate().map(slot));
        }
        Ok(())
    }

    /// Forgets the dummies that are not `kept`.
    pub(crate) fn keep(&mut self, kept: &[bool]) {
        let (q, before) = (self.dense(), self.dummies);
        self.dummies = kept[q..].iter().filter(|kept| **kept).count();
        let (mut next, mut place) = (0, Vec::with_capacity(before));
        for kept in &kept[q..] {
            place.push(kept.then_some(next));
            next += u16::from(*kept);
        }
        let (factors, dummies) = (self.factors, self.dummies);
        for (at, slot) in self.slots.iter_mut().enumerate() {
            let known = place.get(usize::from(*slot)).copied().flatten();
            *slot = known.unwrap_or((dummies + at % factors) as u16);
        }
        let mut each = kept.iter();
        self.terms.retain(|_| each.next().copied().unwrap_or(false));
    }

    /// Where patterns are many, the chunks' tables have places for their own only.
    pub(crate) fn locate(&mut self, packed: &Packed) {
        if packed.patterns.len() <= MANY {
            return;
        }
        self.chunks.par_iter_mut().zip(&packed.chunks).for_each(|(side, chunk)| {
            side.present = distinct(chunk.pattern.iter().copied());
            let mut place = vec![0_u32; packed.patterns.len()];
            for (at, pattern) in side.present.iter().enumerate() {
                place[*pattern as usize] = at as u32;
            }
            side.places = chunk.pattern.iter().map(|pattern| place[*pattern as usize]).collect();
        });
    }
}
