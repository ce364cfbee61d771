//! The participants' flow: the panel's ledger with what left in the estimator taken off.

use super::estimate::{DroppedBlocks, Fits};
use crate::config::Config;
use crate::disclosure::{FlowRow, Gate, LedgerLine as Line, Stage};
use crate::panel::{LedgerLine, Panel};

/// The flow of all outcomes.
pub(super) struct Flow {
    /// Lines by outcome; per outcome over all waves, then by wave.
    pub(super) rows: Vec<FlowRow>,
    /// Responses analysed for at least one outcome.
    pub(super) analysed_any: u64,
}

/// Builds the flow of the main model.
pub(super) fn rows(config: &Config, panel: &Panel, fits: &Fits, gate: &Gate) -> Flow {
    let mut rows = Vec::new();
    let mut sum = 0;
    for (outcome, dropped) in fits.main_dropped.iter().enumerate() {
        let ledger = panel.ledger(config, &config.models[0], outcome);
        let mut left = ledger.left;
        let mut kept = ledger.kept;
        for (reason, blocks) in dropped {
            left.push(taken_off(config, panel, &mut kept, reason, blocks));
        }
        kept.practices_any = analysed_practices(panel, &mut kept, config, outcome, dropped);
        sum += kept.rows.iter().sum::<u64>();
        rows.extend(lines(config, outcome, &ledger.received, &left, &kept));
    }
    let counted = (0..panel.rows).filter(|row| fits.analysed[*row]).map(|row| panel.responses(row)).sum();
    // Practice files count answers, not people: there the sum over outcomes is all that is known.
    Flow { rows: gate.ledger(&rows), analysed_any: if panel.only.is_some() { sum } else { counted } }
}

/// A ledger line for what left in the estimator, taken off the kept responses.
fn taken_off(
    config: &Config,
    panel: &Panel,
    kept: &mut LedgerLine,
    reason: &str,
    blocks: &[(usize, u64)],
) -> LedgerLine {
    let waves = config.waves.len();
    let mut line =
        LedgerLine { reason: reason.into(), rows: vec![0; waves], practices: vec![0; waves], practices_any: 0 };
    let mut practices = std::collections::BTreeSet::new();
    for (block, n) in blocks {
        let wave = usize::from(panel.blocks[*block].wave);
        line.rows[wave] += n;
        line.practices[wave] += 1;
        kept.rows[wave] = kept.rows[wave].saturating_sub(*n);
        practices.insert(panel.blocks[*block].practice);
    }
    line.practices_any = practices.len() as u64;
    line
}

/// Practices that still have an analysed response, by wave (in place) and over all waves.
fn analysed_practices(
    panel: &Panel,
    kept: &mut LedgerLine,
    config: &Config,
    outcome: usize,
    dropped: &DroppedBlocks,
) -> u64 {
    let mut gone = std::collections::BTreeMap::new();
    for (block, n) in dropped.iter().flat_map(|(_, blocks)| blocks) {
        *gone.entry(*block).or_insert(0u64) += n;
    }
    kept.practices.fill(0);
    let mut practices = std::collections::BTreeSet::new();
    for (block, rows) in panel.kept(config, &config.models[0], outcome) {
        let responses: u64 = rows.iter().map(|row| panel.responses(*row as usize)).sum();
        if responses > gone.get(&block).copied().unwrap_or(0) {
            kept.practices[usize::from(panel.blocks[block].wave)] += 1;
            practices.insert(panel.blocks[block].practice);
        }
    }
    practices.len() as u64
}

/// Lines of one outcome over all waves and by wave, before the gate.
fn lines(config: &Config, outcome: usize, received: &LedgerLine, left: &[LedgerLine], kept: &LedgerLine) -> Vec<Line> {
    let mut rows = Vec::new();
    for wave in [None].into_iter().chain((0..config.waves.len()).map(Some)) {
        let line = |line: &LedgerLine, stage| Line {
            outcome,
            wave,
            stage,
            reason: line.reason.clone(),
            rows: wave.map_or_else(|| line.rows.iter().sum(), |w| line.rows[w]),
            practices: wave.map_or(line.practices_any, |w| line.practices[w]),
        };
        rows.push(line(received, Stage::Received));
        rows.extend(left.iter().map(|l| line(l, Stage::Left)));
        rows.push(line(kept, Stage::Analysed));
    }
    rows
}
