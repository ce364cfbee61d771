//! Blocks divided by a level of their rows, so that what interacts with the level is constant within a
//! block: an interaction then costs a model no more than a block column. Knows no analysis.

use crate::config::{Config, CovariateKind};
use crate::model::{Block, Column, Sample};
use crate::panel::{Levels, Panel};
use crate::pipeline::sample::MISSING;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A sample whose blocks hold rows of one level each.
pub(super) struct Split<'a> {
    /// The sample.
    pub(super) sample: Sample<'a>,
    /// Level of each block.
    pub(super) level: Vec<u32>,
    /// The panel's block behind each block, in the shape of a sample's origin (no rows).
    pub(super) origin: Vec<(usize, Vec<u32>)>,
}

/// Divides the blocks; `level` gives a row's level from its block and row in the panel, or none for rows
/// that leave. Rows keep their order within a level.
pub(super) fn split<'a>(
    sample: Sample<'a>,
    origin: &[(usize, Vec<u32>)],
    level: impl Fn(usize, usize) -> Option<u32> + Sync,
) -> Split<'a> {
    let mut order: Vec<usize> = Vec::with_capacity(sample.pattern.len());
    let (mut blocks, mut levels, mut from) = (Vec::new(), Vec::new(), Vec::new());
    let divided = |(block, (of, rows)): (&Block, &(usize, Vec<u32>))| {
        let mut parts: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (row, in_panel) in block.rows.clone().zip(rows) {
            if let Some(level) = level(*of, *in_panel as usize) {
                parts.entry(level).or_default().push(row);
            }
        }
        parts
    };
    let divided: Vec<BTreeMap<u32, Vec<usize>>> = sample.blocks.par_iter().zip(origin).map(divided).collect();
    for (at, ((block, (of, _)), parts)) in sample.blocks.iter().zip(origin).zip(divided).enumerate() {
        for (part, rows) in parts {
            let start = order.len();
            order.extend(rows);
            blocks.push(Block { rows: start..order.len(), ..block.clone() });
            levels.push(part);
            from.push((at, *of));
        }
    }
    let columns = sample.columns.iter().map(|column| Column {
        name: column.name.clone(),
        level: column.level.clone(),
        values: from.iter().map(|(at, _)| column.values[*at]).collect(),
    });
    let sample = Sample {
        columns: columns.collect(),
        blocks,
        pattern: taken(&sample.pattern, &order),
        success: taken(&sample.success, &order),
        outcome: sample.outcome.as_ref().map(|values| taken(values, &order)),
        count: sample.count.as_ref().map(|values| taken(values, &order)),
        weight: sample.weight.as_ref().map(|values| taken(values, &order)),
        ..sample
    };
    Split { sample, level: levels, origin: from.into_iter().map(|(_, of)| (of, Vec::new())).collect() }
}

fn taken<T: Copy + Send + Sync>(values: &[T], order: &[usize]) -> Vec<T> {
    order.par_iter().map(|at| values[*at]).collect()
}

/// Labels of a covariate's levels, the missing one last; none for a number.
pub(super) fn names(config: &Config, covariate: usize) -> Vec<String> {
    let missing = [MISSING.to_string()];
    match &config.covariates[covariate].kind {
        CovariateKind::Item { levels, .. } => levels.iter().map(|(label, _)| label.clone()).chain(missing).collect(),
        CovariateKind::Rurality { levels, .. } => {
            levels.iter().map(|(label, _)| label.clone()).chain(missing).collect()
        }
        CovariateKind::Deprivation { .. } => Vec::new(),
    }
}

/// The level of each block where a covariate belongs to practices: that of the practice's last block, so
/// that it is one level per practice. Empty for covariates of rows.
pub(super) fn of_blocks(panel: &Panel, covariate: usize) -> Vec<u32> {
    let Levels::Blocks(levels) = &panel.covariates[covariate] else { return Vec::new() };
    let last: BTreeMap<u32, u32> =
        panel.blocks.iter().zip(levels).map(|(block, level)| (block.practice, u32::from(*level))).collect();
    panel.blocks.iter().map(|block| last[&block.practice]).collect()
}

/// The level of a row, of any covariate with levels.
pub(super) fn level_of(panel: &Panel, covariate: usize, by_block: &[u32], block: usize, row: usize) -> u32 {
    match &panel.covariates[covariate] {
        Levels::Rows(rows) => u32::from(rows[row]),
        _ => by_block.get(block).copied().unwrap_or(0),
    }
}

/// Names of the regions, the missing one last; codes where names are not one each.
pub(super) fn regions(panel: &Panel) -> Vec<String> {
    let regions = &panel.places.regions;
    let mut names: Vec<&str> = regions.iter().map(|[_, name]| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let named = names.len() == regions.len() && !names.contains(&"");
    let labels = regions.iter().map(|[code, name]| if named { name.clone() } else { code.clone() });
    labels.chain([MISSING.to_string()]).collect()
}

/// The region of a block's cluster, as an index into [`regions`].
pub(super) fn region_of(panel: &Panel, block: usize) -> u32 {
    let cluster = panel.blocks[block].cluster as usize;
    panel.places.region.get(cluster).copied().flatten().unwrap_or(panel.places.regions.len() as u32)
}
