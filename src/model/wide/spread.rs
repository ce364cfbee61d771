//! The covariance of a wide model, from the scores along directions. Knows nothing of how the maximum was found.

use rayon::prelude::*;

use super::super::covariance::{Functional, Variance, combined, dot, outer, summed};
use super::super::failure::FitError;
use super::super::kernel::{self, BATCH, Batch};
use super::super::options::Covariance;
use super::super::pass::add;
use super::super::predictor::{Point, Predictor, batches};
use super::super::sampling::{self, Mean};
use super::{Information, Wide};

/// The covariance of a wide model.
pub(super) struct Spread<'a> {
    pub(super) wide: &'a Wide<'a>,
    pub(super) information: &'a Information,
    pub(super) point: &'a Point,
    pub(super) kind: Covariance,
    pub(super) factors: Vec<f64>,
}

impl Spread<'_> {
    /// Scores of the units along each direction, units x directions.
    fn units(&self, directions: &[Functional]) -> Vec<Vec<f64>> {
        let k = directions.len();
        let part = || -> Vec<(u32, Vec<f64>)> { Vec::new() };
        let parts = self.wide.scored(self.point, directions, false, part, |part, unit, score, along| {
            if part.last().is_none_or(|(last, _)| *last != unit) {
                part.push((unit, vec![0.0; k]));
            }
            if let Some((_, sums)) = part.last_mut() {
                sums.iter_mut().zip(along).for_each(|(sum, along)| *sum += score * along);
            }
        });
        let mut units = vec![vec![0.0; k]; self.wide.design.units];
        parts.iter().flatten().for_each(|(unit, sums)| add(&mut units[*unit as usize], sums));
        units
    }

    /// Squared scores along pairs of directions.
    fn squares(&self, directions: &[Functional]) -> Vec<f64> {
        let k = directions.len();
        let parts = self.wide.scored(
            self.point,
            directions,
            true,
            || vec![0.0; k * k],
            |part, _, squares, along| {
                for (line, a) in part.chunks_exact_mut(k).zip(along) {
                    line.iter_mut().zip(along).for_each(|(sum, b)| *sum += squares * a * b);
                }
            },
        );
        let mut all = vec![0.0; k * k];
        parts.iter().for_each(|part| add(&mut all, part));
        all
    }
}

impl Variance for Spread<'_> {
    fn matrix(&self, _: bool) -> Vec<f64> {
        let (wide, design) = (self.wide, self.wide.design);
        let (k, effects) = (design.reported, design.groups + design.width() - design.reported);
        let scale = |at: usize| design.scale.get(at).copied().unwrap_or(1.0);
        let direction = |at: usize| {
            let mut own = vec![0.0; k];
            own[at] = 1.0 / scale(at);
            wide.along(self.information, self.information.factor.solve(&own), vec![0.0; effects])
        };
        let directions: Vec<Functional> = (0..k).map(direction).collect();
        match self.kind {
            Covariance::Iid => {
                let pairs = (0..k).flat_map(|a| directions.iter().map(move |r| r.beta[a] / scale(a)));
                pairs.map(|value| value * self.factors[0]).collect()
            }
            Covariance::Hc1 => self.squares(&directions).iter().map(|value| value * self.factors[0]).collect(),
            Covariance::Cluster | Covariance::TwoWay | Covariance::Cr3 => {
                let units = self.units(&directions);
                let mut matrix = vec![0.0; k * k];
                for (way, factor) in design.ways.iter().zip(&self.factors) {
                    let part = outer(&summed(&units, &way.of, way.clusters), k);
                    matrix.iter_mut().zip(part).for_each(|(sum, value)| *sum += way.sign * factor * value);
                }
                matrix
            }
        }
    }

    fn both(&self, mean: &Mean) -> Result<(f64, Option<f64>), FitError> {
        let (wide, factor) = (self.wide, self.factors[0]);
        let directions = wide.directions(self.information, std::slice::from_ref(&mean.jacobian))?;
        Ok(match self.kind {
            Covariance::Iid => (factor * dot(&mean.jacobian, &directions[0]), None),
            Covariance::Hc1 => {
                let fixed = self.squares(&directions)[0];
                let (packed, design, family) = (wide.packed, wide.design, wide.family);
                let more = sampling::by_response(packed, design, family, self.point, &directions[0], mean.cells);
                (factor * fixed, Some(factor * (fixed + more)))
            }
            Covariance::Cluster | Covariance::TwoWay | Covariance::Cr3 => {
                let mut units: Vec<f64> = self.units(&directions).into_iter().flatten().collect();
                let fixed = combined(wide.design, &self.factors, &units);
                add(&mut units, &mean.units);
                (fixed, Some(combined(wide.design, &self.factors, &units)))
            }
        })
    }
}

impl Wide<'_> {
    /// The parts of chunks, given each cell's score (or, for `meat`, the sum of its responses' squared scores) and
    /// the predictor's change along each direction.
    fn scored<T: Send>(
        &self,
        point: &Point,
        directions: &[Functional],
        meat: bool,
        part: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, u32, f64, &[f64]) + Sync,
    ) -> Vec<T> {
        let (packed, design) = (self.packed, self.design);
        let patterns = packed.patterns.len();
        let points: Vec<Point> =
            directions.iter().map(|r| Point { groups: r.groups.clone(), beta: r.beta.clone() }).collect();
        let along: Vec<Predictor> = points.iter().map(|point| Predictor::new(design, point, patterns)).collect();
        let here = Predictor::new(design, point, patterns);
        let chunk = |at: usize| {
            let (chunk, side) = (&packed.chunks[at], &design.chunks[at]);
            let (mut out, mut batch) = (part(), Batch::new());
            let (mut moved, mut each) = (vec![[0.0; BATCH]; along.len()], vec![0.0; along.len()]);
            for (run, own) in chunk.runs.iter().enumerate() {
                for cells in batches(own.cells.clone()) {
                    here.fill(chunk, side, run, cells.clone(), &mut batch.eta);
                    chunk.observed(cells.clone(), &mut batch);
                    kernel::moments(self.family, &mut batch);
                    if meat {
                        let squared = if chunk.squared.is_empty() { &[] } else { &chunk.squared[cells.clone()] };
                        kernel::meat(self.family, squared, &mut batch);
                    }
                    let score = if meat { &batch.weight } else { &batch.residual };
                    for (along, moved) in along.iter().zip(&mut moved) {
                        along.fill(chunk, side, run, cells.clone(), moved);
                    }
                    for (place, cell) in cells.enumerate() {
                        let offset = chunk.offset.get(cell).copied().unwrap_or(0.0);
                        each.iter_mut().zip(&moved).for_each(|(own, moved)| *own = moved[place] - offset);
                        add(&mut out, side.unit[run], score[place], &each);
                    }
                }
            }
            out
        };
        (0..packed.chunks.len()).into_par_iter().map(chunk).collect()
    }
}
