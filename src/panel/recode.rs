//! Sorts rows by practice and wave and turns codes into classes and levels.

use super::frames::Tables;
use super::link::Links;
use super::{Classes, FAILURE, FIRST_REASON, Levels, Panel, PanelBlock, SUCCESS};
use crate::config::{Config, Covariate, CovariateKind, DeprivationRule, Outcome};
use crate::error::{Problem, Problems, Result};
use crate::ingest::{ABSENT, Survey};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Class of a code that the config does not mention; the readers refuse such codes.
const UNKNOWN: u8 = u8::MAX;

/// A code's place in a table of 256.
fn slot(code: i8) -> usize {
    usize::from(code.cast_unsigned())
}

/// Sorts and recodes.
pub(super) fn recode(config: &Config, tables: &Tables, mut links: Links, mut survey: Survey) -> Result<Panel> {
    let rows = survey.practice.len();
    let waves = config.waves.len();
    let (order, blocks) = sorted(&survey, &links, waves);
    let places = std::mem::take(&mut links.places).by_block(&blocks, waves);
    let sort = |codes: &[i8]| -> Vec<i8> { order.par_iter().map(|row| codes[*row as usize]).collect() };
    let items: BTreeMap<String, Vec<i8>> =
        std::mem::take(&mut survey.items).into_iter().map(|item| (item.name, sort(&item.codes))).collect();
    let weight = survey.weight.take().map(|w| order.par_iter().map(|row| w[*row as usize]).collect());
    let count = survey.count.take().map(|c| order.par_iter().map(|row| c[*row as usize]).collect());
    let only = survey.outcome.take().map(|o| order.par_iter().map(|row| o[*row as usize]).collect());
    drop(order);
    let shape = Shape { config, blocks: &blocks, items: &items, rows };
    let outcomes: Vec<Classes> =
        config.outcomes.iter().chain(config.controls()).map(|outcome| shape.classes(outcome)).collect();
    let mut covariates = Vec::with_capacity(config.covariates.len());
    for covariate in &config.covariates {
        covariates.push(shape.levels(covariate, tables, &survey.practices));
    }
    let panel = Panel {
        practices: survey.practices,
        clusters: links.clusters,
        blocks,
        rows,
        covariates,
        outcomes,
        weight,
        count,
        only,
        withheld: survey.withheld,
        facts: links.facts,
        exposures: links.exposure,
        places,
    };
    two_valued(config, &panel)?;
    Ok(panel)
}

/// The order of rows by practice and wave (a counting sort, stable), and the blocks.
fn sorted(survey: &Survey, links: &Links, waves: usize) -> (Vec<u32>, Vec<PanelBlock>) {
    let keys = survey.practices.len() * waves;
    let key = |row: usize| survey.practice[row] as usize * waves + usize::from(survey.wave[row]);
    let mut starts = vec![0u32; keys + 1];
    for row in 0..survey.practice.len() {
        starts[key(row) + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut blocks = Vec::new();
    for at in 0..keys {
        let range = starts[at] as usize..starts[at + 1] as usize;
        if !range.is_empty() {
            let practice = at / waves;
            blocks.push(PanelBlock {
                practice: practice as u32,
                wave: (at % waves) as u8,
                rows: range,
                cluster: links.cluster[practice],
                exposure: links.exposure[at],
            });
        }
    }
    let mut order = vec![0u32; survey.practice.len()];
    for row in 0..survey.practice.len() {
        let next = &mut starts[key(row)];
        order[*next as usize] = row as u32;
        *next += 1;
    }
    if let Some(weight) = &survey.weight {
        // Sums of weights depend on their order in the last bit; the order of files must not show.
        let by_block = slices(&blocks, &mut order);
        by_block.into_par_iter().for_each(|(_, rows)| rows.sort_unstable_by_key(|row| weight[*row as usize].to_bits()));
    }
    (order, blocks)
}

/// Cuts a column into the blocks' own parts.
fn slices<'a, T>(blocks: &'a [PanelBlock], column: &'a mut [T]) -> Vec<(&'a PanelBlock, &'a mut [T])> {
    let mut slices = Vec::with_capacity(blocks.len());
    let mut rest = column;
    for block in blocks {
        let (mine, others) = rest.split_at_mut(block.rows.len());
        slices.push((block, mine));
        rest = others;
    }
    slices
}

/// What recoding needs.
struct Shape<'a> {
    config: &'a Config,
    blocks: &'a [PanelBlock],
    items: &'a BTreeMap<String, Vec<i8>>,
    rows: usize,
}

impl Shape<'_> {
    /// A value per row from the wave's own rule, blocks in parallel, each writing its own rows.
    fn per_row(&self, rule: impl Fn(usize, std::ops::Range<usize>, &mut [u8]) + Sync) -> Vec<u8> {
        let mut out = vec![0u8; self.rows];
        slices(self.blocks, &mut out)
            .into_par_iter()
            .with_min_len(256)
            .for_each(|(block, slice)| rule(usize::from(block.wave), block.rows.clone(), slice));
        out
    }

    /// An outcome's classes. Reasons in order: no comparable item, base, then by code.
    fn classes(&self, outcome: &Outcome) -> Classes {
        let mut reasons = vec!["no comparable item in the wave".to_string()];
        if !outcome.base.is_empty() {
            reasons.push(outcome.base_reason.clone());
        }
        let base_class = FIRST_REASON + 1;
        let mut table = [UNKNOWN; 256];
        outcome.success.iter().for_each(|code| table[slot(*code)] = SUCCESS);
        outcome.failure.iter().for_each(|code| table[slot(*code)] = FAILURE);
        let missing = self.config.inputs.survey.missing.iter();
        for (code, reason) in outcome.left_out.iter().chain(missing) {
            let at = reasons.iter().position(|r| r == reason).unwrap_or_else(|| {
                reasons.push(reason.clone());
                reasons.len() - 1
            });
            table[slot(*code)] = FIRST_REASON + at as u8;
        }
        // An item that the row's file lacks was not asked comparably.
        table[slot(ABSENT)] = FIRST_REASON;
        let bases: Vec<(Option<&Vec<i8>>, [bool; 256])> = outcome
            .base
            .iter()
            .map(|(item, codes)| {
                let mut accepted = [false; 256];
                codes.iter().for_each(|code| accepted[slot(*code)] = true);
                (self.items.get(item), accepted)
            })
            .collect();
        let class = self.per_row(|wave, rows, out| {
            let Some(codes) = outcome.items[wave].as_ref().and_then(|name| self.items.get(name)) else {
                out.fill(FIRST_REASON);
                return;
            };
            for (class, row) in out.iter_mut().zip(rows) {
                let asked = bases.iter().all(|(item, accepted)| item.is_some_and(|codes| accepted[slot(codes[row])]));
                *class = if asked { table[slot(codes[row])] } else { base_class };
            }
        });
        Classes { class, reasons }
    }

    /// A covariate's levels or numbers.
    fn levels(&self, covariate: &Covariate, tables: &Tables, practices: &[String]) -> Levels {
        let config = self.config;
        let serving = |wave: usize| tables.serving(wave, &config.waves);
        match &covariate.kind {
            CovariateKind::Item { items, levels, .. } => {
                let mut table = [levels.len() as u8; 256];
                for (at, (_, codes)) in levels.iter().enumerate() {
                    codes.iter().for_each(|code| table[slot(*code)] = at as u8);
                }
                Levels::Rows(self.per_row(|wave, rows, out| match self.items.get(&items[wave]) {
                    Some(codes) => {
                        out.iter_mut().zip(&codes[rows]).for_each(|(level, code)| *level = table[slot(*code)])
                    }
                    None => out.fill(levels.len() as u8),
                }))
            }
            CovariateKind::Rurality { levels, .. } => {
                let of = |block: &PanelBlock| {
                    let practice = practices[block.practice as usize].as_str();
                    let near = serving(usize::from(block.wave)).and_then(|w| tables.practices[&w].get(practice));
                    // A practice that has gone from the wave's file stood in the same place before.
                    let row = near.or_else(|| tables.practices.values().find_map(|wave| wave.get(practice)));
                    let text = row.and_then(|r| r.rurality.as_deref());
                    levels
                        .iter()
                        .position(|(_, texts)| texts.iter().any(|t| Some(t.as_str()) == text))
                        .unwrap_or(levels.len())
                };
                Levels::Blocks(self.blocks.iter().map(|block| of(block) as u8).collect())
            }
            CovariateKind::Deprivation { scale } => {
                let rule = config.inputs.deprivation.as_ref().map_or(DeprivationRule::Nearest, |d| d.rule);
                let of = |block: &PanelBlock| {
                    let scores = tables.deprivation.get(&practices[block.practice as usize]);
                    let year = config.waves[usize::from(block.wave)];
                    scores.and_then(|s| score(s, year, rule)).map_or(f64::NAN, |s| s / scale)
                };
                Levels::Numbers(self.blocks.iter().map(of).collect())
            }
        }
    }
}

/// The score of a year by the rule.
pub(super) fn score(scores: &BTreeMap<i32, f64>, year: i32, rule: DeprivationRule) -> Option<f64> {
    let nearest = || scores.iter().min_by_key(|(y, _)| ((**y - year).abs(), **y)).map(|(_, s)| *s);
    match rule {
        DeprivationRule::Nearest => nearest(),
        DeprivationRule::Interpolate => {
            let before = scores.range(..=year).next_back();
            let after = scores.range(year..).next();
            match (before, after) {
                (Some((a, low)), Some((b, high))) if b > a => {
                    Some(low + (high - low) * f64::from(year - a) / f64::from(b - a))
                }
                _ => nearest(),
            }
        }
    }
}

/// Every outcome has successes and failures, and no code that the config does not mention.
fn two_valued(config: &Config, panel: &Panel) -> Result<()> {
    let mut problems = Problems::default();
    for (at, (outcome, classes)) in config.outcomes.iter().zip(&panel.outcomes).enumerate() {
        let mut seen = [0u64; 256];
        for (row, class) in classes.class.iter().enumerate() {
            if panel.speaks_of(row, at) {
                // A row that stands for nobody must not bring an unknown code in either.
                seen[usize::from(*class)] +=
                    if *class == UNKNOWN { panel.responses(row).max(1) } else { panel.responses(row) };
            }
        }
        if seen[usize::from(UNKNOWN)] > 0 {
            let what = format!(
                "{} responses of outcome `{}` have a code that the config does not mention",
                seen[255], outcome.id
            );
            problems.push(
                Problem::new(what)
                    .hint("name the code under `success`, `failure`, `left_out` or `inputs.survey.missing`"),
            );
        }
        let (failures, successes) = (seen[usize::from(FAILURE)], seen[usize::from(SUCCESS)]);
        if failures == 0 || successes == 0 {
            let what =
                format!("outcome `{}` has one value only: {successes} successes, {failures} failures", outcome.id);
            problems.push(Problem::new(what).hint("check its codes and its base"));
        }
    }
    problems.or(())
}
