//! Tables to draw codes from: a multinomial logit turned into thresholds, one row per grid point of
//! deprivation and combination of the codes it depends on. Must not know what the codes mean.

use crate::config::Draw;
use crate::num;
use std::collections::BTreeMap;

/// Codes per table.
pub(super) const WIDTH: usize = 16;
/// Stands for a usable answer in the tables of outcomes.
pub(super) const USABLE: i8 = i8::MAX;
/// Deprivation is taken in steps of a tenth of a standard deviation from -3 to 3.
const BINS: usize = 61;

/// The grid point of a standardised deprivation score.
pub(super) fn bin(deprivation: f64) -> usize {
    (deprivation * 10.0 + 30.5).clamp(0.0, (BINS - 1) as f64) as usize
}

fn at_bin(bin: usize) -> f64 {
    (bin as f64 - 30.0) / 10.0
}

/// Cumulative shares as thresholds for 30 random bits; unused places are never reached.
pub(super) type Thresholds = [i32; WIDTH];

/// How many thresholds the draw reaches: the place of the drawn code. Written so that it vectorises.
#[inline]
pub(super) fn pick(row: &Thresholds, bits: u32) -> usize {
    let draw = (bits >> 2) as i32;
    row.iter().map(|threshold| i32::from(*threshold <= draw)).sum::<i32>() as usize
}

/// Thresholds for `weights`, which need not sum to one.
pub(super) fn thresholds(weights: &[f64]) -> Thresholds {
    let total: f64 = weights.iter().sum();
    // Beyond the last code with a positive weight nothing may be drawn, whatever the rounding.
    let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
    let mut row = [i32::MAX; WIDTH];
    let mut sum = 0.0;
    for (place, weight) in weights.iter().enumerate().take(last.min(WIDTH)) {
        sum += weight;
        row[place] = (sum / total * f64::from(1 << 30)).round() as i32;
    }
    row
}

/// Something a table depends on: where its code's place stands, and its codes.
pub(super) struct Parent<'a> {
    /// Place among the steps of a responder.
    pub(super) step: usize,
    /// Its codes, in the order of its table.
    pub(super) codes: &'a [i8],
    /// Shifts by its code, then by the code drawn here.
    pub(super) shifts: &'a BTreeMap<i8, BTreeMap<i8, f64>>,
}

/// A table to draw one item's code from.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// The codes, by place.
    pub(super) codes: Vec<i8>,
    parents: Vec<(usize, usize)>,
    combinations: usize,
    bins: usize,
    rows: Vec<Thresholds>,
}

impl Table {
    /// The table of `draw` at a wave. With `open`, what the shares leave to 1 is [`USABLE`].
    pub(super) fn new(draw: &Draw, wave: i32, parents: &[Parent<'_>], open: bool) -> Self {
        let shares = draw.from.range(..=wave).next_back().map_or(&draw.shares, |(_, shares)| shares);
        let mut codes: Vec<i8> =
            draw.shares.keys().chain(draw.from.values().flat_map(BTreeMap::keys)).copied().collect();
        codes.sort_unstable();
        codes.dedup();
        let mut base: Vec<f64> = codes.iter().map(|code| shares.get(code).copied().unwrap_or(0.0)).collect();
        if open {
            codes.push(USABLE);
            base.push(1.0 - shares.values().sum::<f64>());
        }
        let bins = if draw.deprivation.is_empty() { 1 } else { BINS };
        let combinations = parents.iter().map(|parent| parent.codes.len()).product();
        let mut rows = Vec::with_capacity(bins * combinations);
        for bin in 0..bins {
            let score = if bins == 1 { 0.0 } else { at_bin(bin) };
            for combination in 0..combinations {
                rows.push(row(draw, score, parents, combination, &codes, &base));
            }
        }
        let mut stride = 1;
        let mut strides = Vec::with_capacity(parents.len());
        for parent in parents {
            strides.push((parent.step, stride));
            stride *= parent.codes.len();
        }
        codes.extend(draw.missing.keys());
        Self { codes, parents: strides, combinations, bins, rows }
    }

    /// Draws a place for every random word, given the places drawn before; `at` is scratch.
    pub(super) fn draw(&self, bin: usize, before: &[Vec<u8>], bits: &[u32], at: &mut [u32], out: &mut [u8]) {
        let first = if self.bins == 1 { 0 } else { bin * self.combinations };
        at.fill(first as u32);
        for (step, stride) in &self.parents {
            for (at, place) in at.iter_mut().zip(&before[*step]) {
                *at += u32::from(*place) * *stride as u32;
            }
        }
        for ((out, at), bits) in out.iter_mut().zip(at).zip(bits) {
            *out = pick(&self.rows[*at as usize], *bits) as u8;
        }
    }
}

/// One row: shares of the answers by logit, missing codes behind them untouched.
fn row(draw: &Draw, score: f64, parents: &[Parent<'_>], combination: usize, codes: &[i8], base: &[f64]) -> Thresholds {
    let missing: f64 = draw.missing.values().sum();
    let mut weights: Vec<f64> = Vec::with_capacity(WIDTH);
    for (code, share) in codes.iter().zip(base) {
        let mut shift = draw.deprivation.get(code).copied().unwrap_or(0.0) * score;
        let mut rest = combination;
        for parent in parents {
            let of = parent.codes[rest % parent.codes.len()];
            rest /= parent.codes.len();
            shift += parent.shifts.get(&of).and_then(|shifts| shifts.get(code)).copied().unwrap_or(0.0);
        }
        weights.push(share * num::exp(shift));
    }
    let total: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight *= (1.0 - missing) / total;
    }
    weights.extend(draw.missing.values());
    thresholds(&weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_without_a_share_are_never_drawn() {
        for weights in [&[0.0, 1.0, 0.0][..], &[0.5, 0.0, 0.5, 0.0], &[1.0]] {
            let row = thresholds(weights);
            for bits in (0..=u32::MAX).step_by(65_521).chain([0, 3, u32::MAX]) {
                assert!(weights[pick(&row, bits)] > 0.0);
            }
        }
    }

    #[test]
    fn a_table_follows_its_logit() {
        let draw = Draw {
            shares: BTreeMap::from([(1, 0.6), (2, 0.4)]),
            missing: BTreeMap::from([(-3, 0.1)]),
            deprivation: BTreeMap::from([(2, 0.5)]),
            ..Draw::default()
        };
        let shifts = BTreeMap::from([(7, BTreeMap::from([(2, 1.0)]))]);
        let table = Table::new(&draw, 2020, &[Parent { step: 0, codes: &[6, 7], shifts: &shifts }], false);
        assert_eq!(table.codes, [1, 2, -3]);
        let share = |score: f64, place: u8| {
            let draws = (0..=u32::MAX).step_by(4_099);
            let n = draws.clone().count() as f64;
            let bits: Vec<u32> = draws.collect();
            let (mut at, mut out) = (vec![0; bits.len()], vec![0; bits.len()]);
            table.draw(bin(score), &[vec![place; bits.len()]], &bits, &mut at, &mut out);
            out.iter().filter(|place| **place == 1).count() as f64 / n
        };
        let expected = |shift: f64| 0.9 * 0.4 * num::exp(shift) / (0.6 + 0.4 * num::exp(shift));
        assert!((share(0.0, 0) - expected(0.0)).abs() < 1e-4);
        assert!((share(0.0, 1) - expected(1.0)).abs() < 1e-4);
        assert!((share(-1.2, 1) - expected(0.4)).abs() < 1e-4);
    }
}
