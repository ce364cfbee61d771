//! Average marginal effects of the exposure, over everyone and within subgroups, with their exact
//! delta method. Knows nothing of how the maximum was found.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use super::cells::Packed;
use super::covariance::{Functional, Variance};
use super::design::Design;
use super::effects::{Effects, Level, Levels};
use super::failure::FitError;
use super::inference::Estimate;
use super::kernel::BATCH;
use super::means::by_slot;
use super::newton::Solution;
use super::options::Options;
use super::pass::add;
use super::predictor::Point;
use super::result::{MarginalEffect, SubgroupEffect};
use super::sample::Sample;
use super::sampling::{self, Mean};
use super::through::Moving;

/// All marginal effects of one fit.
#[derive(Default)]
pub(crate) struct Effect {
    pub(crate) average: Option<MarginalEffect>,
    pub(crate) subgroups: Vec<SubgroupEffect>,
}

/// The effects that the options ask for; `average` is that over everyone where the last pass has it.
pub(crate) fn effects(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &Design,
    (point, average): (&Point, Option<Level>),
    moving: &Moving,
    spread: &dyn Variance,
) -> Result<Effect, FitError> {
    let effects = Effects::new(packed, design, options.family, point, moving);
    let all = Levels::all();
    let average = average.unwrap_or_else(|| effects.within(&all).swap_remove(0));
    let average = one(&effects, (&all, 0), average, spread)?;
    let mut subgroups = Vec::new();
    for subgroup in 0..options.subgroups.len() {
        let levels = Levels::of(sample, options, packed, subgroup);
        for (at, level) in effects.within(&levels).into_iter().enumerate().filter(|(_, level)| level.mass > 0.0) {
            let with = |(unit, _): (usize, &[f64; 2])| design.ways[0].of[unit];
            let members = level.units.iter().enumerate().filter(|(_, [_, mass])| *mass > 0.0);
            let clusters = members.map(with).collect::<BTreeSet<u32>>().len() as u64;
            let responses = level.responses;
            let effect = one(&effects, (&levels, at), level, spread)?;
            subgroups.push(SubgroupEffect { subgroup, level: levels.names[at], responses, clusters, effect });
        }
    }
    Ok(Effect { average: Some(average), subgroups })
}

/// One average with its errors.
fn one(
    effects: &Effects,
    (levels, at): (&Levels, usize),
    level: Level,
    spread: &dyn Variance,
) -> Result<MarginalEffect, FitError> {
    let Level { value, mass, jacobian, units, .. } = level;
    let units = units.iter().map(|[sum, own]| (sum - value * own) / mass).collect();
    let cells = |place: (usize, usize, Range<usize>), out: &mut [f64; BATCH]| {
        effects.deviations((levels, at), (value, mass), place, out);
    };
    let Estimate { estimate, std_error, sampled } =
        sampling::estimate(spread, &Mean { value, jacobian, units, cells: &cells })?;
    Ok(MarginalEffect { estimate, std_error, sampled })
}

/// Over everyone, of an exposure with one column: the mean slope times the coefficient, from what the last
/// pass has kept.
pub(crate) fn along_one_column(exposure: usize, packed: &Packed, design: &Design, solution: &Solution) -> Level {
    let (q, k, scores) = (design.dense(), design.width(), &solution.scores);
    let beta = solution.point.beta[exposure] / design.scale[exposure];
    let mass = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.trials).sum::<f64>();
    let slope = scores.iter().map(|part| part.slope).sum::<f64>() / mass;
    let mut jacobian = vec![0.0; k];
    let mut groups = vec![0.0; design.groups];
    let dummies = scores.par_iter().zip(&design.chunks).map(|(part, side)| by_slot(design, side, &part.patterns));
    let dummies: Vec<Vec<f64>> = dummies.collect();
    for ((part, side), dummies) in scores.iter().zip(&design.chunks).zip(&dummies) {
        add(&mut jacobian[..q], &part.bend);
        add(&mut jacobian[q..], &dummies[..design.dummies]);
        let first = side.group.first().map_or(0, |group| *group as usize);
        add(&mut groups[first..first + part.groups.len()], &part.groups);
    }
    jacobian.iter_mut().chain(&mut groups).for_each(|value| *value *= beta / mass);
    jacobian[exposure] += slope / design.scale[exposure];
    let mut units = vec![[0.0; 2]; design.units];
    for part in scores {
        for ((unit, _), [slope, mass]) in part.keys.iter().zip(&part.units) {
            let unit = &mut units[*unit as usize];
            *unit = [unit[0] + beta * slope, unit[1] + mass];
        }
    }
    let jacobian = Functional { beta: jacobian, groups };
    Level { value: beta * slope, mass, responses: 0, jacobian, units }
}
