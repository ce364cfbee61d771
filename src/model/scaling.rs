//! Regressors centred within groups and scaled to unit spread. Knows no likelihood.

use rayon::prelude::*;

use super::cells::Packed;
use super::design::Design;

/// A column that varies less than this within groups, relative to its size, does not vary.
const FLAT: f64 = 1e-10;

impl Design {
    /// Value of a dense regressor in every cell or run with its group and mass, in order.
    fn each(&self, packed: &Packed, at: usize, mut visit: impl FnMut(u32, f64, f64)) {
        let (blocks, numerics) = (self.blocks, self.numerics);
        for (chunk, cells) in self.chunks.iter().zip(&packed.chunks) {
            for (index, run) in cells.runs.iter().enumerate() {
                if at < blocks {
                    visit(chunk.group[index], run.trials, chunk.columns[index * blocks + at]);
                } else {
                    for cell in run.cells.clone() {
                        visit(
                            chunk.group[index],
                            cells.trials.get(cell),
                            chunk.numerics[cell * numerics + at - blocks],
                        );
                    }
                }
            }
        }
    }

    /// Centres each regressor within groups and scales it to unit spread; the error is one of which nothing is
    /// left. Indicators stay as they are: their zeros are worth more than their centring.
    pub(super) fn centre_and_scale(&mut self, packed: &Packed) -> Result<(), usize> {
        // Regressors side by side, each in the order of its cells.
        let scalings: Vec<Option<Scaling>> =
            (0..self.dense()).into_par_iter().map(|at| self.scaling(packed, at)).collect();
        let mut used = Vec::with_capacity(scalings.len());
        for (at, scaling) in scalings.into_iter().enumerate() {
            used.push(scaling.ok_or(at)?);
        }
        let (blocks, numerics) = (self.blocks, self.numerics);
        self.chunks.par_iter_mut().zip(&packed.chunks).for_each(|(chunk, cells)| {
            for (index, run) in cells.runs.iter().enumerate() {
                let group = chunk.group[index] as usize;
                let line = chunk.columns[index * blocks..].iter_mut().zip(&used[..blocks]);
                line.for_each(|(value, scaling)| scaling.apply(group, value));
                for cell in run.cells.clone().take(if numerics > 0 { usize::MAX } else { 0 }) {
                    let line = chunk.numerics[cell * numerics..].iter_mut().zip(&used[blocks..]);
                    line.for_each(|(value, scaling)| scaling.apply(group, value));
                }
            }
        });
        self.centre.extend(used.iter().map(|scaling| scaling.means.first().copied().unwrap_or(0.0)));
        self.scale.extend(used.iter().map(|scaling| scaling.scale));
        Ok(())
    }

    /// How a regressor is centred and scaled; none when nothing is left of it.
    fn scaling(&self, packed: &Packed, at: usize) -> Option<Scaling> {
        let mut sums = vec![(0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY); self.groups];
        let (mut indicator, mut size) = (true, 0.0_f64);
        self.each(packed, at, |group, mass, value| {
            let sum = &mut sums[group as usize];
            *sum = (sum.0 + mass, sum.1 + mass * value, sum.2.min(value), sum.3.max(value));
            indicator &= matches!(value, 0.0 | 1.0);
            size = size.max(value.abs());
        });
        let spread = sums.iter().map(|(_, _, low, high)| high - low).fold(0.0, f64::max);
        if spread.is_nan() || spread <= FLAT * size {
            return None;
        }
        if indicator {
            return Some(Scaling { means: Vec::new(), scale: 1.0 });
        }
        let means: Vec<f64> = sums.iter().map(|sum| sum.1 / sum.0).collect();
        let (mut squares, mut total) = (0.0, 0.0);
        self.each(packed, at, |group, mass, value| {
            let centred = value - means[group as usize];
            squares += mass * centred * centred;
            total += mass;
        });
        let scale = (squares / total).sqrt();
        (scale > 0.0 && scale.is_finite()).then_some(Scaling { means, scale })
    }
}

/// What is subtracted from a regressor in each group (nothing, from an indicator) and what it is divided by.
struct Scaling {
    means: Vec<f64>,
    scale: f64,
}

impl Scaling {
    fn apply(&self, group: usize, value: &mut f64) {
        if let Some(mean) = self.means.get(group) {
            *value = (*value - mean) / self.scale;
        }
    }
}
