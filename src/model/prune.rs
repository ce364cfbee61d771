//! Who leaves before fitting: groups without variation and separated levels, until none is left.
//! Each departure is named and counted. Knows nothing of likelihoods beyond that these have no
//! finite maximum otherwise.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::cells::{Chunk, Packed};
use super::design::moves;
use super::failure::FitError;
use super::options::{Family, Options};
use super::result::{Dropped, Reason, Term};
use super::sample::Sample;

/// Bit of a pattern or level that has responses with outcome 0.
const FAILURE: u8 = 1;
/// Bit for outcome 1.
const SUCCESS: u8 = 2;
const BOTH: u8 = FAILURE | SUCCESS;

/// Which outcomes a cell or run has. A Poisson mean can follow any positive total, so that counts as
/// both; only zeros send it off to minus infinity.
fn outcomes(family: Family, trials: f64, successes: f64) -> u8 {
    match (successes > 0.0, successes < trials) {
        (true, _) if family == Family::Poisson => BOTH,
        (success, failure) => (u8::from(success) * SUCCESS) | (u8::from(failure) * FAILURE),
    }
}

/// What pruning leaves behind, beside the thinned cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pruned {
    /// Who left.
    pub(crate) dropped: Vec<Dropped>,
    /// Per factor and level: which outcomes its remaining responses have (0: unobserved).
    pub(crate) levels: Vec<Vec<u8>>,
    /// Per block column: left because it separated.
    pub(crate) columns: Vec<bool>,
}

/// Thins `packed` until every group and every level has both outcomes (a positive one, for Poisson), and checks that
/// something is left.
pub(crate) fn prune(sample: &Sample, options: &Options, packed: &mut Packed) -> Result<Pruned, FitError> {
    let mut dropped = Vec::new();
    if !packed.weightless.is_empty() {
        let blocks = std::mem::take(&mut packed.weightless);
        let responses = blocks.iter().map(|(_, n)| n).sum();
        dropped.push(Dropped { reason: Reason::ZeroWeight, responses, groups: 0, blocks });
    }
    one_value(sample, options, packed)?;
    let mut columns = vec![false; sample.columns.len()];
    let levels = loop {
        if options.family != Family::Linear && options.absorb {
            groups(options.family, packed, &mut dropped);
        }
        let levels = levels(sample, options.family, packed);
        let before = dropped.len();
        if options.family != Family::Linear {
            separated_levels(sample, packed, &levels, &mut dropped);
            absorbed_levels(sample, packed, &levels, &mut dropped);
            separated_columns(sample, options.family, packed, &mut columns, &mut dropped);
        }
        // Whole groups may have left above, but the levels were looked at after that.
        if dropped.len() == before {
            break levels;
        }
    };
    if packed.chunks.iter().all(|chunk| chunk.runs.is_empty()) {
        return Err(FitError::NothingLeft { dropped: merged(dropped) });
    }
    let separated = |at: &usize| columns[*at] && (options.effect_of == Some(*at) || moves(options, *at));
    if let Some(effect) = (0..columns.len()).find(separated) {
        let column = &sample.columns[effect];
        return Err(FitError::ExposureSeparated { term: Term::new(&column.name, &column.level) });
    }
    Ok(Pruned { dropped: merged(dropped), levels, columns })
}

fn one_value(sample: &Sample, options: &Options, packed: &Packed) -> Result<(), FitError> {
    let runs = || packed.chunks.iter().flat_map(|chunk| &chunk.runs);
    if runs().next().is_none() {
        return Err(FitError::Empty);
    }
    if let Some(outcome) = &sample.outcome {
        let first = outcome[0];
        // A Poisson model of a constant count is a model still, with an offset at least.
        let constant =
            outcome.iter().all(|value| *value == first) && (options.family == Family::Linear || first == 0.0);
        return if constant { Err(FitError::OutcomeConstant { value: first }) } else { Ok(()) };
    }
    if runs().all(|run| run.successes == 0.0) {
        return Err(FitError::OutcomeConstant { value: 0.0 });
    }
    if runs().all(|run| run.successes == run.trials) {
        return Err(FitError::OutcomeConstant { value: 1.0 });
    }
    Ok(())
}

/// The same reason from several rounds is one entry.
fn merged(dropped: Vec<Dropped>) -> Vec<Dropped> {
    let mut out: Vec<Dropped> = Vec::new();
    for next in dropped {
        match out.iter_mut().find(|known| alike(&known.reason, &next.reason)) {
            Some(known) => {
                if let (Reason::AbsorbedLevels { levels, .. }, Reason::AbsorbedLevels { levels: more, .. }) =
                    (&mut known.reason, &next.reason)
                {
                    levels.extend_from_slice(more);
                }
                known.responses += next.responses;
                known.groups += next.groups;
                known.blocks.extend(next.blocks);
            }
            None => out.push(next),
        }
    }
    out
}

fn alike(one: &Reason, other: &Reason) -> bool {
    match (one, other) {
        (Reason::AbsorbedLevels { name, outcome, .. }, Reason::AbsorbedLevels { name: other, outcome: same, .. }) => {
            (name, outcome) == (other, same)
        }
        _ => one == other,
    }
}

/// Groups whose outcome is all 0 or all 1 carry no information once they have their own effect.
fn groups(family: Family, packed: &mut Packed, dropped: &mut Vec<Dropped>) {
    let mut totals: Vec<(u32, bool, bool, u64)> = Vec::new();
    for run in packed.chunks.iter().flat_map(|chunk| &chunk.runs) {
        let outcomes = outcomes(family, run.trials, run.successes);
        let (success, failure) = (outcomes & SUCCESS > 0, outcomes & FAILURE > 0);
        match totals.last_mut() {
            Some(last) if last.0 == run.group => {
                *last = (last.0, last.1 || success, last.2 || failure, last.3 + run.responses);
            }
            _ => totals.push((run.group, success, failure, run.responses)),
        }
    }
    let mut gone = BTreeSet::new();
    for (reason, outcome) in [(Reason::GroupAllFailures, false), (Reason::GroupAllSuccesses, true)] {
        let same = totals.iter().filter(|(_, success, failure, _)| *success == outcome && *failure != outcome);
        let these: BTreeSet<u32> = same.map(|(group, ..)| *group).collect();
        if !these.is_empty() {
            let runs = packed.chunks.iter().flat_map(|chunk| &chunk.runs).filter(|run| these.contains(&run.group));
            let blocks: Vec<(usize, u64)> = runs.map(|run| (run.block, run.responses)).collect();
            let responses = blocks.iter().map(|(_, n)| n).sum();
            dropped.push(Dropped { reason, responses, groups: these.len() as u64, blocks });
            gone.extend(these);
        }
    }
    if !gone.is_empty() {
        // The cells stay where they are; no run points at them any more.
        for chunk in &mut packed.chunks {
            chunk.runs.retain(|run| !gone.contains(&run.group));
        }
    }
}

/// Which outcomes occur with each level of each factor.
fn levels(sample: &Sample, family: Family, packed: &Packed) -> Vec<Vec<u8>> {
    let flags = |chunk: &Chunk| {
        let mut flags = vec![0_u8; packed.patterns.len()];
        for cell in chunk.runs.iter().flat_map(|run| run.cells.clone()) {
            flags[chunk.pattern[cell] as usize] |= match family {
                Family::Linear => BOTH,
                _ => outcomes(family, chunk.trials.get(cell), chunk.successes.get(cell)),
            };
        }
        flags
    };
    let factors = &sample.patterns.factors;
    let by_level = |tables: &[Vec<u8>]| {
        let mut levels: Vec<Vec<u8>> = factors.iter().map(|factor| vec![0; factor.levels.len()]).collect();
        for (at, pattern) in packed.patterns.iter().enumerate() {
            let outcomes = tables.iter().fold(0, |all, table| all | table[at]);
            for (factor, level) in sample.patterns.of(*pattern as usize).iter().enumerate() {
                levels[factor][usize::from(*level)] |= outcomes;
            }
        }
        levels
    };
    // Nobody can have more than both outcomes: where the first chunk shows them for all levels that
    // occur, the others need not be looked at.
    let first: Vec<Vec<u8>> = packed.chunks.iter().take(1).map(flags).collect();
    let (seen, most) = (by_level(&first), by_level(&[vec![BOTH; packed.patterns.len()]]));
    if seen == most {
        return seen;
    }
    let rest: Vec<Vec<u8>> = packed.chunks.par_iter().skip(1).map(flags).collect();
    by_level(&[first, rest].concat())
}

fn separated_levels(sample: &Sample, packed: &mut Packed, levels: &[Vec<u8>], dropped: &mut Vec<Dropped>) {
    for (factor, outcomes) in levels.iter().enumerate() {
        for (level, outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| !matches!(**outcome, 0 | BOTH)) {
            let named = &sample.patterns.factors[factor];
            if named.absorbed {
                continue;
            }
            let term = Term::new(&named.name, &named.levels[level]);
            let reason = Reason::Separated { term, outcome: *outcome == SUCCESS };
            let gone: Vec<bool> = packed
                .patterns
                .iter()
                .map(|pattern| usize::from(sample.patterns.of(*pattern as usize)[factor]) == level)
                .collect();
            let leaves = |chunk: &Chunk, _: usize, cell: usize| gone[chunk.pattern[cell] as usize];
            dropped.extend(leave(sample, packed, reason, leaves));
        }
    }
}

/// Levels of absorbed covariates leave together, as groups do.
fn absorbed_levels(sample: &Sample, packed: &mut Packed, levels: &[Vec<u8>], dropped: &mut Vec<Dropped>) {
    for (factor, outcomes) in levels.iter().enumerate().filter(|(at, _)| sample.patterns.factors[*at].absorbed) {
        for outcome in [FAILURE, SUCCESS] {
            let named = &sample.patterns.factors[factor];
            let with = named.levels.iter().zip(outcomes).filter(|(_, seen)| **seen == outcome);
            let lost: Vec<String> = with.map(|(name, _)| name.clone()).collect();
            let gone = |pattern: &u32| outcomes[usize::from(sample.patterns.of(*pattern as usize)[factor])] == outcome;
            let gone: Vec<bool> = packed.patterns.iter().map(gone).collect();
            let count = lost.len() as u64;
            let reason = Reason::AbsorbedLevels { name: named.name.clone(), levels: lost, outcome: outcome == SUCCESS };
            let leaves = |chunk: &Chunk, _: usize, cell: usize| gone[chunk.pattern[cell] as usize];
            let left = if count > 0 { leave(sample, packed, reason, leaves) } else { None };
            dropped.extend(left.map(|left| Dropped { groups: count, ..left }));
        }
    }
}

fn separated_columns(
    sample: &Sample,
    family: Family,
    packed: &mut Packed,
    left: &mut [bool],
    dropped: &mut Vec<Dropped>,
) {
    for (at, column) in sample.columns.iter().enumerate() {
        let indicator = |chunk: &Chunk| chunk.runs.iter().all(|run| matches!(column.values[run.block], 0.0 | 1.0));
        if left[at] || !packed.chunks.iter().all(indicator) {
            continue;
        }
        for value in [1.0, 0.0] {
            let mut seen = 0;
            let with = packed.chunks.iter().flat_map(|chunk| &chunk.runs);
            for run in with.filter(|run| column.values[run.block] == value) {
                seen |= outcomes(family, run.trials, run.successes);
                if seen == BOTH {
                    break;
                }
            }
            if matches!(seen, 0 | BOTH) {
                continue;
            }
            let level =
                if value == 1.0 { column.level.clone() } else { format!("not {}", column.level).trim_end().into() };
            let reason = Reason::Separated { term: Term::new(&column.name, level), outcome: seen == SUCCESS };
            left[at] = true;
            let leaves = |_: &Chunk, block: usize, _: usize| column.values[block] == value;
            dropped.extend(leave(sample, packed, reason, leaves));
        }
    }
}

/// Takes the cells out that `leaves` names, given chunk, block and cell.
fn leave(
    sample: &Sample,
    packed: &mut Packed,
    reason: Reason,
    leaves: impl Fn(&Chunk, usize, usize) -> bool + Sync,
) -> Option<Dropped> {
    let (mut blocks, mut groups) = (Vec::new(), BTreeSet::new());
    for chunk in &packed.chunks {
        for run in &chunk.runs {
            let cells = run.cells.clone().filter(|cell| leaves(chunk, run.block, *cell));
            let lost: u64 = cells.map(|cell| chunk.responses_of(cell)).sum();
            if lost > 0 {
                blocks.push((run.block, lost));
                groups.insert(run.group);
            }
        }
    }
    if blocks.is_empty() {
        return None;
    }
    let responses = blocks.iter().map(|(_, n)| n).sum();
    packed.chunks.par_iter_mut().for_each(|chunk| {
        *chunk = chunk.retained(sample.numerics.len(), |run, cell| !leaves(chunk, run.block, cell));
    });
    Some(Dropped { reason, responses, groups: groups.len() as u64, blocks })
}
