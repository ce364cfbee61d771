//! A column of numbers, one for each cell, small where the numbers are. Knows nothing of what they count.

use std::ops::Range;

use super::kernel::{BATCH, lanes};

/// A number for each cell. Counts take an eighth of what any numbers take, and nearly all samples have
/// nothing else; one number that is not a small count makes the column wide.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Amounts {
    /// Counts below 256.
    Counts(Vec<u8>),
    /// Any numbers.
    Any(Vec<f64>),
}

impl Default for Amounts {
    fn default() -> Self {
        Self::Counts(Vec::new())
    }
}

impl Amounts {
    /// Makes room for exactly so many more.
    pub(crate) fn reserve_exact(&mut self, more: usize) {
        match self {
            Self::Counts(counts) => counts.reserve_exact(more),
            Self::Any(values) => values.reserve_exact(more),
        }
    }

    /// One more count.
    #[inline]
    pub(crate) fn count(&mut self, count: u64) {
        match (self, u8::try_from(count)) {
            (Self::Counts(counts), Ok(count)) => counts.push(count),
            (own, _) => own.widen(count as f64),
        }
    }

    /// One more number of any kind.
    pub(crate) fn push(&mut self, value: f64) {
        // A negative zero would lose its sign.
        match (self, value as u8) {
            (Self::Counts(counts), count) if f64::from(count).to_bits() == value.to_bits() => counts.push(count),
            (own, _) => own.widen(value),
        }
    }

    fn widen(&mut self, value: f64) {
        let mut values = match std::mem::take(self) {
            Self::Any(values) => values,
            Self::Counts(counts) => {
                // Room for as many as the counts had room for, which was made for all that come.
                let mut values = Vec::with_capacity(counts.capacity());
                values.extend(counts.iter().map(|count| f64::from(*count)));
                values
            }
        };
        values.push(value);
        *self = Self::Any(values);
    }

    /// The number of one cell.
    pub(crate) fn get(&self, cell: usize) -> f64 {
        match self {
            Self::Counts(counts) => f64::from(counts[cell]),
            Self::Any(values) => values[cell],
        }
    }

    /// The numbers of at most a batch of cells, in order.
    #[inline]
    pub(crate) fn read(&self, cells: Range<usize>, to: &mut [f64; BATCH]) {
        match self {
            Self::Counts(counts) => to.iter_mut().zip(&counts[cells]).for_each(|(to, count)| *to = f64::from(*count)),
            Self::Any(values) => to.iter_mut().zip(&values[cells]).for_each(|(to, value)| *to = *value),
        }
    }

    /// Their sum over some cells, in fixed order where that matters.
    pub(crate) fn sum(&self, cells: Range<usize>) -> f64 {
        match self {
            Self::Counts(counts) => counts[cells].iter().map(|count| u64::from(*count)).sum::<u64>() as f64,
            Self::Any(values) => lanes(&values[cells]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_no_small_count_makes_all_wide_and_loses_none() {
        for odd in [256.0, 0.5, -1.0, -0.0, 1e300, f64::NAN] {
            let mut amounts = Amounts::default();
            for value in [0.0, 1.0, 255.0] {
                amounts.push(value);
            }
            assert_eq!(amounts, Amounts::Counts(vec![0, 1, 255]));
            amounts.push(odd);
            amounts.count(3);
            assert!(matches!(amounts, Amounts::Any(_)), "{odd}");
            let bits = |at: usize| amounts.get(at).to_bits();
            assert_eq!((0..5).map(bits).collect::<Vec<_>>(), [0.0, 1.0, 255.0, odd, 3.0].map(f64::to_bits));
            let mut read = [7.0; BATCH];
            amounts.read(1..3, &mut read);
            assert_eq!(read[..3], [1.0, 255.0, 7.0]);
            assert_eq!(amounts.sum(0..3), 256.0);
        }
    }

    #[test]
    fn a_count_of_256_is_kept() {
        let mut amounts = Amounts::default();
        (254..258).for_each(|count| amounts.count(count));
        assert_eq!(amounts, Amounts::Any(vec![254.0, 255.0, 256.0, 257.0]));
    }
}
