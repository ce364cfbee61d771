//! What leaving out one cluster does to the estimates: one Newton step from the full estimate, which
//! is exact for least squares. A group that leaves with its cluster keeps the effect that its own
//! responses ask for. Knows no small-sample convention.

use rayon::prelude::*;

use super::cells::{Chunk, Packed};
use super::covariance::Functional;
use super::dense::Cholesky;
use super::design::{ChunkDesign, Design};
use super::failure::FitError;
use super::kernel::{self, Batch};
use super::newton::Solution;
use super::options::Family;
use super::pass::Moments;
use super::predictor::{Predictor, batches};
use super::step::eliminated;

/// A group of which less than this share of information is left has gone with the cluster.
const GONE: f64 = 1e-9;

/// Change of the parameters when one cluster leaves, in the design's units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LeftOut {
    /// Of the coefficients.
    beta: Vec<f64>,
    /// Of the effects of groups partly in the cluster, beyond what the coefficients' change makes of
    /// any group: group and difference.
    groups: Vec<(u32, f64)>,
}

impl LeftOut {
    /// Change of a function of the parameters with this gradient.
    pub(crate) fn change(&self, jacobian: &Functional, moments: &Moments) -> f64 {
        let k = self.beta.len();
        let mut change: f64 = jacobian.beta.iter().zip(&self.beta).map(|(j, b)| j * b).sum();
        for (value, group) in jacobian.groups.iter().zip(moments.groups.chunks_exact(k + 2)) {
            if *value != 0.0 {
                change -= value * follow(&group[2..], &self.beta) / group[0];
            }
        }
        change + self.groups.iter().map(|(group, extra)| jacobian.groups[*group as usize] * extra).sum::<f64>()
    }
}

/// Scores and information of one cluster.
pub(crate) struct Part {
    pub(crate) gradient: Vec<f64>,
    /// Lower half filled.
    pub(crate) hessian: Vec<f64>,
    /// Per group: as a row of `Moments::groups`.
    pub(crate) groups: Vec<(u32, Vec<f64>)>,
}

/// What `each` makes of each cluster's scores and information at the solution. One part exists per
/// thread at a time: with many coefficients all of them would not fit into memory.
pub(crate) fn parts<T: Send>(
    packed: &Packed,
    design: &Design,
    solution: &Solution,
    family: Family,
    each: impl Fn(&Part) -> T + Sync,
) -> Vec<T> {
    let mut runs: Vec<Vec<(usize, usize)>> = vec![Vec::new(); design.units];
    for (at, side) in design.chunks.iter().enumerate() {
        for (run, unit) in side.unit.iter().enumerate() {
            runs[*unit as usize].push((at, run));
        }
    }
    let predictor = Predictor::new(design, &solution.point, packed.patterns.len());
    let one = |runs: &Vec<(usize, usize)>| {
        let mut part = Part::new(design);
        let mut batch = Batch::new();
        for (at, run) in runs {
            part.add(&predictor, family, &packed.chunks[*at], &design.chunks[*at], *run, &mut batch);
        }
        each(&part)
    };
    runs.par_iter().map(one).collect()
}

/// The changes, one per cluster.
pub(crate) fn leave_out(
    packed: &Packed,
    design: &Design,
    solution: &Solution,
    family: Family,
) -> Result<Vec<LeftOut>, FitError> {
    let (schur, _) = eliminated(&solution.moments, design.width());
    let one = |part: &Part| {
        part.left_out(&schur, &solution.moments, design.reported)
            .map_err(|column| FitError::LeaveOneOut { term: design.terms[column].clone() })
    };
    parts(packed, design, solution, family, one).into_iter().collect()
}

impl Part {
    fn new(design: &Design) -> Self {
        let k = design.width();
        Self { gradient: vec![0.0; k], hessian: vec![0.0; k * k], groups: Vec::new() }
    }

    fn add(
        &mut self,
        predictor: &Predictor,
        family: Family,
        chunk: &Chunk,
        side: &ChunkDesign,
        run: usize,
        batch: &mut Batch,
    ) {
        let (design, k) = (predictor.design, predictor.design.width());
        let at = match self.groups.iter().position(|(group, _)| *group == side.group[run]) {
            Some(at) => at,
            None => {
                self.groups.push((side.group[run], vec![0.0; k + 2]));
                self.groups.len() - 1
            }
        };
        let mut sums = Sums::new(design);
        for cells in batches(chunk.runs[run].cells.clone()) {
            predictor.fill(chunk, side, run, cells.clone(), &mut batch.eta);
            chunk.observed(cells.clone(), batch);
            kernel::moments(family, batch);
            for (place, cell) in cells.enumerate() {
                let own = [batch.weight[place], batch.residual[place]];
                let numbers = &side.numerics[cell * design.numerics..(cell + 1) * design.numerics];
                let pattern = chunk.pattern[cell] as usize * design.factors;
                let slots = &design.slots[pattern..pattern + design.factors];
                sums.cell(design, own, numbers, slots, &mut self.hessian);
            }
        }
        self.close(design, at, &sums, &side.columns[run * design.blocks..(run + 1) * design.blocks]);
    }

    /// Adds what all cells of a run share: its block columns.
    fn close(&mut self, design: &Design, at: usize, sums: &Sums, columns: &[f64]) {
        let (k, blocks) = (design.width(), design.blocks);
        let group = &mut self.groups[at].1;
        (group[0], group[1]) = (group[0] + sums.all[0], group[1] + sums.all[1]);
        for (row, x) in columns.iter().enumerate() {
            self.gradient[row] += sums.all[1] * x;
            group[2 + row] += sums.all[0] * x;
            for (column, other) in columns[..=row].iter().enumerate() {
                self.hessian[row * k + column] += sums.all[0] * x * other;
            }
        }
        let rest = sums.numerics.iter().chain(&sums.slots[..design.dummies]);
        for (row, [weight, residual]) in (blocks..).zip(rest) {
            self.gradient[row] += residual;
            group[2 + row] += weight;
            for (entry, x) in self.hessian[row * k..].iter_mut().zip(columns) {
                *entry += weight * x;
            }
        }
    }

    /// The step to the estimate without this cluster; the error is a column that is not estimable.
    /// Columns from `reported` on belong to absorbed levels: one that has gone with the cluster, or that
    /// the others then determine, stays where it is.
    fn left_out(&self, schur: &[f64], moments: &Moments, reported: usize) -> Result<LeftOut, usize> {
        let k = self.gradient.len();
        let mut matrix = schur.to_vec();
        let mut vector: Vec<f64> = self.gradient.iter().map(|score| -score).collect();
        for row in 0..k {
            for column in 0..=row {
                matrix[row * k + column] -= self.hessian[row * k + column];
            }
        }
        let rest = |group: u32, own: &[f64]| -> Option<Vec<f64>> {
            let all = &moments.groups[group as usize * (k + 2)..(group as usize + 1) * (k + 2)];
            let left: Vec<f64> = all.iter().zip(own).map(|(all, own)| all - own).collect();
            (left[0] > GONE * all[0]).then_some(left)
        };
        for (group, own) in &self.groups {
            let all = &moments.groups[*group as usize * (k + 2)..(*group as usize + 1) * (k + 2)];
            let left = rest(*group, own);
            for row in 0..k {
                for column in 0..=row {
                    let entry = &mut matrix[row * k + column];
                    *entry += all[2 + row] * all[2 + column] / all[0];
                    if let Some(left) = &left {
                        *entry -= left[2 + row] * left[2 + column] / left[0];
                    }
                }
                if let Some(left) = &left {
                    vector[row] += left[2 + row] * own[1] / left[0];
                }
            }
        }
        for row in 0..k {
            for column in 0..row {
                matrix[column * k + row] = matrix[row * k + column];
            }
        }
        for row in 0..k {
            if matrix[row * k + row] <= GONE * schur[row * k + row] {
                set_aside(&mut matrix, &mut vector, row, reported)?;
            }
        }
        let factor = loop {
            match Cholesky::new(&matrix, k) {
                Ok(factor) => break factor,
                Err(explained) => set_aside(&mut matrix, &mut vector, explained.column, reported)?,
            }
        };
        let beta = factor.solve(&vector);
        let extra = |(group, own): &(u32, Vec<f64>)| {
            let all = &moments.groups[*group as usize * (k + 2)..(*group as usize + 1) * (k + 2)];
            let left = rest(*group, own)?;
            let own_step = (-own[1] - follow(&left[2..], &beta)) / left[0];
            Some((*group, own_step + follow(&all[2..], &beta) / all[0]))
        };
        let groups = self.groups.iter().filter_map(extra).collect();
        Ok(LeftOut { beta, groups })
    }
}

/// Sums of weight and residual over the cells of a run.
struct Sums {
    all: [f64; 2],
    /// Times each row-level number.
    numerics: Vec<[f64; 2]>,
    /// With each level.
    slots: Vec<[f64; 2]>,
}

impl Sums {
    fn new(design: &Design) -> Self {
        Self { all: [0.0; 2], numerics: vec![[0.0; 2]; design.numerics], slots: vec![[0.0; 2]; design.places()] }
    }

    /// Adds a cell, its pairs of numbers and levels to the information.
    fn cell(&mut self, design: &Design, own: [f64; 2], numbers: &[f64], slots: &[u16], hessian: &mut [f64]) {
        let (k, dense) = (design.width(), design.dense());
        let add = |sum: &mut [f64; 2], x: f64| *sum = [sum[0] + own[0] * x, sum[1] + own[1] * x];
        add(&mut self.all, 1.0);
        for (at, x) in numbers.iter().enumerate() {
            add(&mut self.numerics[at], *x);
            let line = &mut hessian[(design.blocks + at) * k + design.blocks..];
            line.iter_mut().zip(&numbers[..=at]).for_each(|(entry, other)| *entry += own[0] * x * other);
        }
        for (at, slot) in slots.iter().map(|slot| usize::from(*slot)).enumerate() {
            add(&mut self.slots[slot], 1.0);
            if slot >= design.dummies {
                continue;
            }
            let line = &mut hessian[(dense + slot) * k..];
            line[design.blocks..dense].iter_mut().zip(numbers).for_each(|(entry, x)| *entry += own[0] * x);
            for other in slots[..=at].iter().map(|slot| usize::from(*slot)).filter(|other| *other < design.dummies) {
                line[dense + other] += own[0];
            }
        }
    }
}

/// Gives a column a step of zero if it is not `reported`; the error is one that is.
fn set_aside(matrix: &mut [f64], vector: &mut [f64], column: usize, reported: usize) -> Result<(), usize> {
    let k = vector.len();
    if column < reported {
        return Err(column);
    }
    for other in 0..k {
        (matrix[column * k + other], matrix[other * k + column]) = (0.0, 0.0);
    }
    (matrix[column * k + column], vector[column]) = (1.0, 0.0);
    Ok(())
}

fn follow(cross: &[f64], beta: &[f64]) -> f64 {
    cross.iter().zip(beta).map(|(m, b)| m * b).sum()
}
