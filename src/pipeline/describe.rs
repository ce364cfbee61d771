//! Who answered, outcomes by wave, provision: counts and weighted shares through the gate.

use super::sample::MISSING;
use crate::config::{Config, CovariateKind};
use crate::disclosure::{AreaRow, Described, Gate, LevelRow, ProvisionRow, Released, RespondentRow};
use crate::model::{ClusterTotal, weighted_share};
use crate::panel::{FAILURE, Levels, Panel, Provision, SUCCESS, quantile};
use rayon::prelude::*;

/// Responses by wave.
fn responses(config: &Config, panel: &Panel) -> Vec<u64> {
    let mut by_wave = vec![0; config.waves.len()];
    for block in &panel.blocks {
        by_wave[usize::from(block.wave)] += block.rows.clone().map(|row| panel.responses(row)).sum::<u64>();
    }
    by_wave
}

/// Count and weight of a cell of a table.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    n: u64,
    weight: f64,
    /// Weight of the latest responses and how many had it in a row.
    run: (f64, u64),
}

impl Sum {
    /// Adds `n` responses of one weight. Equal weights are counted before they are multiplied, so
    /// that aggregation cannot change a rounding.
    fn add(&mut self, n: u64, weight: f64) {
        self.n += n;
        if self.run.0 != weight {
            self.weight += self.run.0 * self.run.1 as f64;
            self.run = (weight, 0);
        }
        self.run.1 += n;
    }

    /// Sum of weights.
    fn total(&self) -> f64 {
        self.weight + self.run.0 * self.run.1 as f64
    }
}

/// Tallies of one covariate: level x wave, row-major.
fn tally(panel: &Panel, levels: &Levels, size: usize, waves: usize) -> Vec<Sum> {
    // One tally per fixed run of blocks, added up in order: the same bits for any thread count.
    let runs: Vec<Vec<Sum>> = (0..panel.blocks.len())
        .collect::<Vec<_>>()
        .par_chunks(1024)
        .map(|blocks| {
            let mut sums = vec![Sum::default(); size * waves];
            for (at, block) in blocks.iter().map(|at| (*at, &panel.blocks[*at])) {
                for row in block.rows.clone() {
                    let level = match levels {
                        Levels::Rows(rows) => rows[row],
                        Levels::Blocks(blocks) => blocks[at],
                        Levels::Numbers(_) => return sums,
                    };
                    let n = panel.responses(row);
                    let weight = panel.weight.as_ref().map_or(1.0, |w| w[row]);
                    sums[usize::from(level) * waves + usize::from(block.wave)].add(n, weight);
                }
            }
            sums
        })
        .collect();
    let mut total = vec![Sum::default(); size * waves];
    for run in runs {
        for (to, from) in total.iter_mut().zip(run) {
            to.n += from.n;
            to.weight += from.total();
        }
    }
    total
}

/// A covariate's tallies: its index, its levels' names, sums by level and wave.
type Tallied = (usize, Vec<String>, Vec<Sum>);

/// Who answered: responses by wave with all of them at the end; responses and weighted shares by level
/// and wave.
pub(super) fn respondents(config: &Config, panel: &Panel, gate: &Gate) -> (Vec<Released<u64>>, Vec<RespondentRow>) {
    let waves = config.waves.len();
    let mut tallied: Vec<Tallied> = Vec::new();
    for (index, covariate) in config.covariates.iter().enumerate().filter(|(_, c)| c.describe) {
        let mut names: Vec<String> = match &covariate.kind {
            CovariateKind::Item { levels, .. } => levels.iter().map(|(label, _)| label.clone()).collect(),
            CovariateKind::Rurality { levels, .. } => levels.iter().map(|(label, _)| label.clone()).collect(),
            CovariateKind::Deprivation { .. } => continue,
        };
        if panel.only.is_some() {
            continue;
        }
        names.push(MISSING.into());
        let sums = tally(panel, &panel.covariates[index], names.len(), waves);
        tallied.push((index, names, sums));
    }
    let counts = |(_, _, sums): &Tallied| -> Vec<Vec<u64>> {
        sums.chunks(waves).map(|row| row.iter().map(|cell| cell.n).collect()).collect()
    };
    let tables: Vec<Vec<Vec<u64>>> = tallied.iter().map(counts).collect();
    let (totals, released) = gate.described(&responses(config, panel), &tables);
    let rows = tallied.iter().zip(&released).flat_map(|(tallied, released)| level_rows(tallied, released, waves, gate));
    (totals, rows.collect())
}

/// Rows of one covariate: by wave, then over all waves.
fn level_rows(tallied: &Tallied, released: &Described, waves: usize, gate: &Gate) -> Vec<RespondentRow> {
    let (covariate, names, sums) = tallied;
    let mut rows = Vec::new();
    for wave in (0..waves).map(Some).chain([None]) {
        let weight = |level: usize| {
            let row = &sums[level * waves..(level + 1) * waves];
            wave.map_or_else(|| row.iter().map(|cell| cell.weight).sum(), |wave| row[wave].weight)
        };
        let all: f64 = (0..names.len()).map(weight).sum();
        for (level, name) in names.iter().enumerate() {
            let n = released[level][wave.unwrap_or(waves)].clone();
            let share = n.map(|_| gate.share(weight(level), all));
            rows.push(RespondentRow { covariate: *covariate, level: name.clone(), wave, n, share });
        }
    }
    rows
}

/// Outcomes by wave among those in their base: weighted share, interval clustered.
pub(super) fn levels(config: &Config, panel: &Panel, gate: &Gate) -> Vec<LevelRow> {
    let mut rows = Vec::new();
    for outcome in 0..config.outcomes.len() {
        let class = &panel.outcomes[outcome].class;
        // Count, successes, weight, weighted successes of each block.
        let blocks: Vec<(u64, u64, f64, f64)> = panel
            .blocks
            .par_iter()
            .with_min_len(256)
            .map(|block| {
                let (mut all, mut success) = (Sum::default(), Sum::default());
                for row in block.rows.clone() {
                    if panel.speaks_of(row, outcome) && matches!(class[row], FAILURE | SUCCESS) {
                        let (n, weight) = (panel.responses(row), panel.weight.as_ref().map_or(1.0, |w| w[row]));
                        all.add(n, weight);
                        success.add(if class[row] == SUCCESS { n } else { 0 }, weight);
                    }
                }
                (all.n, success.n, all.total(), success.total())
            })
            .collect();
        for wave in 0..config.waves.len() {
            let mut totals = vec![ClusterTotal { weight: 0.0, success: 0.0 }; panel.clusters.len()];
            let (mut n, mut successes) = (0, 0);
            for (block, (count, succeeded, weight, success)) in panel.blocks.iter().zip(&blocks) {
                if usize::from(block.wave) == wave {
                    let total = &mut totals[block.cluster as usize];
                    total.weight += weight;
                    total.success += success;
                    n += count;
                    successes += succeeded;
                }
            }
            let weights = totals.iter().fold([0.0, 0.0], |sum, t| [sum[0] + t.success, sum[1] + t.weight]);
            let share = match weighted_share(totals) {
                Some(s) => gate.split(successes, n, rounded_share(gate, weights, [s.share, s.low, s.high])),
                None => gate.missing("no answers in this wave"),
            };
            rows.push(LevelRow { outcome, wave, n: gate.count(n), share });
        }
    }
    rows
}

/// A share with its interval, of rounded sums where the regime rounds: the interval moves along.
fn rounded_share(gate: &Gate, [success, weight]: [f64; 2], [share, low, high]: [f64; 3]) -> [f64; 3] {
    if !gate.rounds() {
        return [share, low, high];
    }
    let rounded = gate.share(success, weight).clamp(0.0, 1.0);
    [rounded, (low + rounded - share).clamp(0.0, rounded), (high + rounded - share).clamp(rounded, 1.0)]
}

/// Provision by census and area. Nothing about a single cluster: quantiles need at least the
/// threshold's number of clusters behind them.
pub(super) fn provision(
    config: &Config,
    provision: &Provision,
    gate: &Gate,
) -> (Vec<ProvisionRow>, Vec<AreaRow>, String) {
    let census = |c: &crate::panel::CensusProvision| {
        let clusters = c.exposures.len() as u64;
        let at = |share| quantile(&c.exposures, share);
        let mean = c.exposures.iter().sum::<f64>() / clusters as f64;
        ProvisionRow {
            census: c.census.to_string(),
            amount: gate.magnitude(c.staff, &c.amounts, c.amount),
            reporting: gate.count(c.reporting),
            known: gate.count(c.known),
            with_any: gate.count(c.with_any),
            matched: gate.count(clusters),
            mean: if clusters == 0 { gate.missing("no return matches") } else { gate.value(clusters, mean) },
            quantiles: if clusters == 0 {
                gate.missing("no return matches")
            } else {
                gate.value(clusters, [at(0.1), at(0.25), at(0.5), at(0.75), at(0.9)])
            },
        }
    };
    let area = |a: &crate::panel::AreaProvision| {
        let clusters = a.exposures.len() as u64;
        let at = |share| quantile(&a.exposures, share);
        AreaRow {
            code: a.code.clone(),
            name: a.name.clone(),
            clusters: gate.count(clusters),
            exposure: gate.magnitude(a.staff, &a.amounts, config.exposure.per * a.amount / a.patients),
            quartiles: gate.value(clusters, [at(0.25), at(0.5), at(0.75)]),
        }
    };
    (
        provision.censuses.iter().map(census).collect(),
        provision.areas.iter().map(area).collect(),
        provision.areas_census.map(|c| c.to_string()).unwrap_or_default(),
    )
}
