//! The ledger: every response on file is either analysed or left for one stated reason, by
//! outcome and wave. The order of reasons is fixed, so each response is counted once.

use super::{FIRST_REASON, Levels, Made, Panel, Unexposed};
use crate::config::{Config, CovariateKind, MissingRule, Model};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// One line: responses and practices that left for a reason, or that remain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Reason for leaving; empty for those that remain.
    pub reason: String,
    /// Responses by wave.
    pub rows: Vec<u64>,
    /// Practices by wave.
    pub practices: Vec<u64>,
    /// Practices over all waves.
    pub practices_any: u64,
}

/// The ledger of one outcome under one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// On file.
    pub received: LedgerLine,
    /// Left, in the order in which the reasons apply.
    pub left: Vec<LedgerLine>,
    /// Analysed.
    pub kept: LedgerLine,
}

/// Reasons for having no exposure, in the ledger's order, with their words.
fn exposure_reasons(config: &Config) -> [(Unexposed, String); 5] {
    let [practice, cluster] = [&config.terms.practice[0], &config.terms.cluster[0]];
    [
        (Unexposed::NoPractice, format!("{practice} on no {practice} file of the wave")),
        (Unexposed::NoCluster, format!("{practice} in no {cluster}")),
        (Unexposed::NoPatients, format!("{cluster} without registered patients on file")),
        (Unexposed::NoReturn, format!("{cluster} sent no return at the census")),
        (Unexposed::AboveCap, format!("{cluster} above the cap on the exposure")),
    ]
}

/// Number of exposure reasons.
const EXPOSURE: usize = 5;

/// What becomes of a row: index into the reasons, or kept.
const KEPT: usize = usize::MAX;

impl Panel {
    /// Why each block leaves for want of an exposure: index into the reasons, or none.
    fn block_reason(&self, block: usize, made: Option<&Made>) -> Option<usize> {
        made.map_or(self.blocks[block].exposure, |made| made.exposure[block]).err().map(|why| why as usize)
    }

    /// The exposure that a model takes in place of the panel's own; none where it takes that. A rule
    /// that was not made is no rule of the config's.
    pub fn made(&self, model: &Model) -> Option<&Made> {
        model.change.exposure.as_ref().and_then(|rule| self.places.made_by(Some(rule)))
    }

    /// Whether a model's change leaves a block out: its wave, its area or region, its cluster's size.
    fn left_out(&self, model: &Model, block: usize) -> bool {
        let change = &model.change;
        let at = &self.blocks[block];
        let cluster = at.cluster as usize;
        let within = |codes: &[String], names: &[[String; 2]], of: &[Option<u32>]| {
            let place = of.get(cluster).copied().flatten().and_then(|place| names.get(place as usize));
            place.is_some_and(|[code, _]| codes.contains(code))
        };
        let places = &self.places;
        let large = change
            .largest_cluster
            .is_some_and(|most| places.patients.get(cluster).copied().flatten().is_none_or(|patients| patients > most));
        change.without.contains(&usize::from(at.wave))
            || within(&change.without_areas, &places.areas, &places.area)
            || within(&change.without_regions, &places.regions, &places.region)
            || large
    }

    /// Covariates of the model whose missing values leave: `(config index, missing level)`.
    fn droppers(&self, config: &Config, model: &Model) -> Vec<(usize, u8)> {
        let missing = |index: &usize| match &config.covariates[*index].kind {
            CovariateKind::Item { levels, missing: MissingRule::Drop, .. } => Some((*index, levels.len() as u8)),
            CovariateKind::Rurality { levels, missing: MissingRule::Drop, .. } => Some((*index, levels.len() as u8)),
            // A number cannot be a level of its own.
            CovariateKind::Deprivation { .. } => Some((*index, 0)),
            _ => None,
        };
        model.covariates.iter().filter_map(missing).collect()
    }

    /// Calls `each(row, fate)` for the rows of one block, where fate is an index into the
    /// reasons of [`Panel::ledger`] or `KEPT`.
    fn fates(
        &self,
        (block, made): (usize, Option<&Made>),
        outcome: usize,
        droppers: &[(usize, u8)],
        mut each: impl FnMut(usize, usize),
    ) {
        let exposure = self.block_reason(block, made);
        let classes = &self.outcomes[outcome];
        for row in self.blocks[block].rows.clone() {
            if !self.speaks_of(row, outcome) {
                continue;
            }
            let class = classes.class[row];
            let missing = || {
                droppers.iter().position(|(index, level)| match &self.covariates[*index] {
                    Levels::Rows(levels) => levels[row] == *level,
                    Levels::Blocks(levels) => levels[block] == *level,
                    Levels::Numbers(values) => values[block].is_nan(),
                })
            };
            let fate = match exposure {
                Some(reason) => reason,
                None if class >= FIRST_REASON => EXPOSURE + usize::from(class - FIRST_REASON),
                None => missing().map_or(KEPT, |at| EXPOSURE + classes.reasons.len() + at),
            };
            each(row, fate);
        }
    }

    /// The rows that a model analyses for an outcome, as `(block, rows)`; blocks without any are left out.
    pub fn kept(&self, config: &Config, model: &Model, outcome: usize) -> Vec<(usize, Vec<u32>)> {
        let droppers = self.droppers(config, model);
        let made = self.made(model);
        let of_block = |block: usize| {
            let mut rows = Vec::new();
            if self.left_out(model, block) {
                return None;
            }
            self.fates((block, made), outcome, &droppers, |row, fate| {
                if fate == KEPT {
                    rows.push(row as u32);
                }
            });
            (!rows.is_empty()).then_some((block, rows))
        };
        let mut kept: Vec<(usize, Vec<u32>)> =
            (0..self.blocks.len()).into_par_iter().with_min_len(256).filter_map(of_block).collect();
        if model.change.balanced {
            self.balance(config.waves.len(), &mut kept);
        }
        kept
    }

    /// Keeps the practices that have rows in every wave in which any practice has.
    fn balance(&self, waves: usize, kept: &mut Vec<(usize, Vec<u32>)>) {
        let mut present = vec![false; waves];
        let mut of_practice = vec![0usize; self.practices.len()];
        for (block, _) in kept.iter() {
            present[usize::from(self.blocks[*block].wave)] = true;
            of_practice[self.blocks[*block].practice as usize] += 1;
        }
        let all = present.iter().filter(|present| **present).count();
        kept.retain(|(block, _)| of_practice[self.blocks[*block].practice as usize] == all);
    }

    /// The ledger of an outcome under a model.
    pub fn ledger(&self, config: &Config, model: &Model, outcome: usize) -> Ledger {
        let droppers = self.droppers(config, model);
        let mut reasons: Vec<String> = exposure_reasons(config).into_iter().map(|(_, text)| text).collect();
        reasons.extend(self.outcomes[outcome].reasons.iter().cloned());
        reasons.extend(droppers.iter().map(|(index, _)| format!("no value for {}", config.covariates[*index].label)));
        // One tally per block: received, each reason, kept.
        let width = reasons.len() + 2;
        let tallies: Vec<Vec<u64>> = (0..self.blocks.len())
            .into_par_iter()
            .with_min_len(256)
            .map(|block| {
                let mut tally = vec![0u64; width];
                self.fates((block, None), outcome, &droppers, |row, fate| {
                    let n = self.responses(row);
                    tally[0] += n;
                    tally[if fate == KEPT { width - 1 } else { fate + 1 }] += n;
                });
                tally
            })
            .collect();
        let line = |at: usize, reason: String| self.line(config, &tallies, at, reason);
        let left = reasons.into_iter().enumerate().map(|(at, reason)| line(at + 1, reason));
        let left = left.filter(|l| l.rows.iter().any(|n| *n > 0));
        Ledger {
            received: line(0, String::new()),
            left: left.chain(self.withheld(config, outcome)).collect(),
            kept: line(width - 1, String::new()),
        }
    }

    /// The practices whose count of an outcome is not on file: a line of its own that takes no response off
    /// those received, since nobody knows how many answers it would have.
    fn withheld(&self, config: &Config, outcome: usize) -> Option<LedgerLine> {
        let own = self.withheld.iter().filter(|one| usize::from(one.outcome) == outcome);
        let places: BTreeSet<(u32, u8)> = own.map(|one| (one.practice, one.wave)).collect();
        let (practice, response) = (&config.terms.practice[0], &config.terms.response[1]);
        let mut practices = vec![0; config.waves.len()];
        places.iter().for_each(|(_, wave)| practices[usize::from(*wave)] += 1);
        let any: BTreeSet<u32> = places.iter().map(|(practice, _)| *practice).collect();
        (!places.is_empty()).then(|| LedgerLine {
            reason: format!("count of the {practice} suppressed or empty on file (how many {response}: not known)"),
            rows: vec![0; config.waves.len()],
            practices,
            practices_any: any.len() as u64,
        })
    }

    /// Adds the blocks' tallies up by wave.
    fn line(&self, config: &Config, tallies: &[Vec<u64>], at: usize, reason: String) -> LedgerLine {
        let waves = config.waves.len();
        let mut line = LedgerLine { reason, rows: vec![0; waves], practices: vec![0; waves], practices_any: 0 };
        let mut last = None;
        for (block, tally) in self.blocks.iter().zip(tallies).filter(|(_, tally)| tally[at] > 0) {
            line.rows[usize::from(block.wave)] += tally[at];
            line.practices[usize::from(block.wave)] += 1;
            if last != Some(block.practice) {
                line.practices_any += 1;
                last = Some(block.practice);
            }
        }
        line
    }
}
