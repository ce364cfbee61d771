//! From the panel's plain columns to a model's sample.

use super::controls::Controls;
use crate::config::{Absorb, ClusterUnit, Config, CovariateKind, Model};
use crate::model::{Block, Column, Factor, Patterns, Sample};
use crate::panel::{Levels, Panel, SUCCESS};
use rayon::prelude::*;

/// Label of the level for responses without a usable answer.
pub(super) const MISSING: &str = "Missing";
/// Name of the exposure among a model's terms.
pub(super) const EXPOSURE: &str = "exposure";
/// Name of the wave among a model's terms.
pub(super) const WAVE: &str = "wave";

/// A model's coding of the panel, shared by its outcomes.
pub(super) struct Coding {
    /// The distinct combinations of row-level covariates.
    pub(super) patterns: Patterns,
    /// Pattern of every row of the panel.
    pub(super) pattern: Vec<u32>,
}

/// Most combinations that are numbered directly rather than looked up.
const DIRECT: u64 = 1 << 20;

/// Numbers the combinations of a model's row-level covariates.
pub(super) fn coding(config: &Config, panel: &Panel, model: &Model) -> Coding {
    let mut factors = Vec::new();
    let mut columns = Vec::new();
    for index in &model.covariates {
        let covariate = &config.covariates[*index];
        if let (CovariateKind::Item { levels, reference, .. }, Levels::Rows(rows)) =
            (&covariate.kind, &panel.covariates[*index])
        {
            let names = levels.iter().map(|(label, _)| label.clone()).chain([MISSING.to_string()]).collect();
            factors.push(Factor { name: covariate.id.clone(), levels: names, reference: *reference, absorbed: false });
            columns.push(rows);
        }
    }
    let sizes: Vec<u64> = factors.iter().map(|f: &Factor| f.levels.len() as u64).collect();
    let key = |row: usize| {
        columns
            .iter()
            .zip(&sizes)
            .fold(0u64, |key, (levels, size)| key.wrapping_mul(*size).wrapping_add(u64::from(levels[row])))
    };
    let combinations = sizes.iter().try_fold(1u64, |all, size| all.checked_mul(*size)).unwrap_or(u64::MAX);
    if combinations <= DIRECT {
        let pattern = (0..panel.rows).into_par_iter().map(|row| key(row) as u32).collect();
        let levels = (0..combinations).flat_map(|key| digits(key, &sizes)).collect();
        return Coding { patterns: Patterns { factors, levels }, pattern };
    }
    // Too many to list: those that occur, in order of their levels.
    let of_row = |row: &usize| columns.iter().map(|levels| u16::from(levels[*row])).collect::<Vec<u16>>();
    let mut seen: Vec<Vec<u16>> = (0..panel.rows).collect::<Vec<_>>().par_iter().map(of_row).collect();
    seen.par_sort_unstable();
    seen.dedup();
    let place = |row: usize| seen.binary_search(&of_row(&row)).unwrap_or_default() as u32;
    let pattern = (0..panel.rows).into_par_iter().map(place).collect();
    Coding { patterns: Patterns { factors, levels: seen.concat() }, pattern }
}

/// A combination's number as levels, the first factor slowest.
fn digits(mut key: u64, sizes: &[u64]) -> Vec<u16> {
    let mut levels = vec![0; sizes.len()];
    for (level, size) in levels.iter_mut().zip(sizes).rev() {
        *level = (key % size) as u16;
        key /= size;
    }
    levels
}

/// The sample of one outcome under a model. The exposure is the first block column. Also gives,
/// for each block of the sample, its index in the panel and its rows there.
pub(super) fn sample<'a>(
    config: &Config,
    panel: &Panel,
    model: &Model,
    coding: &'a Coding,
    outcome: usize,
) -> (Sample<'a>, Vec<(usize, Vec<u32>)>) {
    let mut kept = panel.kept(config, model, outcome);
    let controls = Controls::new(config, panel, model, outcome);
    kept.retain(|(block, _)| controls.has(*block));
    if model.absorb == Absorb::Cluster {
        kept.sort_by_key(|(block, _)| (panel.blocks[*block].cluster, *block));
    }
    let total = kept.iter().map(|(_, rows)| rows.len()).sum();
    let (mut pattern, mut success) = (Vec::with_capacity(total), Vec::with_capacity(total));
    let mut count = panel.count.as_ref().map(|_| Vec::with_capacity(total));
    let mut weight = panel.weight.as_ref().filter(|_| model.weighted).map(|_| Vec::with_capacity(total));
    let class = &panel.outcomes[outcome].class;
    let mut blocks = Vec::with_capacity(kept.len());
    for (at, rows) in &kept {
        let start = pattern.len();
        for row in rows.iter().map(|row| *row as usize) {
            pattern.push(coding.pattern[row]);
            success.push(u8::from(class[row] == SUCCESS));
            if let (Some(to), Some(from)) = (&mut count, &panel.count) {
                to.push(from[row]);
            }
            if let (Some(to), Some(from)) = (&mut weight, &panel.weight) {
                to.push(from[row]);
            }
        }
        let block = &panel.blocks[*at];
        let group = if model.absorb == Absorb::Cluster { block.cluster } else { block.practice };
        let cluster = match model.cluster {
            ClusterUnit::Cluster => block.cluster,
            ClusterUnit::Practice => block.practice,
            ClusterUnit::Area => area(panel, block.cluster),
        };
        blocks.push(Block { rows: start..pattern.len(), group, cluster });
    }
    let at: Vec<usize> = kept.iter().map(|(block, _)| *block).collect();
    let mut columns = columns(config, panel, model, &at);
    columns.extend(controls.columns(config, &at));
    let group = if model.absorb == Absorb::Cluster { &config.terms.cluster[0] } else { &config.terms.practice[0] };
    let sample = Sample {
        blocks,
        columns,
        patterns: &coding.patterns,
        numerics: Vec::new(),
        pattern,
        success,
        outcome: None,
        offset: None,
        count,
        weight,
        group_name: group.clone(),
    };
    (sample, kept)
}

/// The area that a cluster lies in; one in none is its own.
fn area(panel: &Panel, cluster: u32) -> u32 {
    let places = &panel.places;
    let own = places.areas.len() as u32 + cluster;
    places.area.get(cluster as usize).copied().flatten().unwrap_or(own)
}

/// Block columns: exposure, wave indicators, practice-level covariates.
fn columns(config: &Config, panel: &Panel, model: &Model, origin: &[usize]) -> Vec<Column> {
    let column = |name: &str, level: &str, value: &dyn Fn(usize) -> f64| Column {
        name: name.into(),
        level: level.into(),
        values: origin.iter().map(|block| value(*block)).collect(),
    };
    // Blocks without an exposure are not in the sample.
    let made = panel.made(model);
    let exposure = |block: usize| made.map_or(panel.blocks[block].exposure, |made| made.exposure[block]);
    let mut columns = vec![column(EXPOSURE, "", &|block| exposure(block).unwrap_or(0.0))];
    let has = |wave: usize| origin.iter().any(|block| usize::from(panel.blocks[*block].wave) == wave);
    if model.wave_effects {
        for wave in (0..config.waves.len()).filter(|wave| has(*wave)).skip(1) {
            let is = |block: usize| f64::from(u8::from(usize::from(panel.blocks[block].wave) == wave));
            columns.push(column(WAVE, &config.waves[wave].to_string(), &is));
        }
    }
    for index in &model.covariates {
        let covariate = &config.covariates[*index];
        match (&covariate.kind, &panel.covariates[*index]) {
            (CovariateKind::Rurality { levels, reference, .. }, Levels::Blocks(values)) => {
                let names = levels.iter().map(|(label, _)| label.as_str()).chain([MISSING]);
                for (level, name) in names.enumerate().filter(|(level, _)| level != reference) {
                    if origin.iter().any(|block| usize::from(values[*block]) == level) {
                        let is = |block: usize| f64::from(u8::from(usize::from(values[block]) == level));
                        columns.push(column(&covariate.id, name, &is));
                    }
                }
            }
            (CovariateKind::Deprivation { .. }, Levels::Numbers(values)) => {
                columns.push(column(&covariate.id, "", &|block| values[block]));
            }
            _ => {}
        }
    }
    columns
}

/// Whether a covariate has more than one value in any of the model's absorbed units, among the
/// blocks that have an exposure. Row-level covariates always may.
pub(super) fn varies_within(panel: &Panel, model: &Model, covariate: usize) -> bool {
    let value = |block: usize| match &panel.covariates[covariate] {
        Levels::Rows(_) => None,
        Levels::Blocks(levels) => Some(f64::from(levels[block])),
        Levels::Numbers(values) => Some(values[block]),
    };
    let mut first = std::collections::BTreeMap::new();
    for (at, block) in panel.blocks.iter().enumerate().filter(|(_, block)| block.exposure.is_ok()) {
        let Some(value) = value(at) else { return true };
        let unit = if model.absorb == Absorb::Cluster { block.cluster } else { block.practice };
        if !value.is_nan() && *first.entry(unit).or_insert(value) != value {
            return true;
        }
    }
    false
}
