//! Counts in tables with margins: which cells must be hidden besides the small ones, so that no
//! subtraction along a row or a column gives one away.
//!
//! The method is complementary suppression as in Cox (1980), in its plain greedy form: every line
//! of the table must hold no hidden cell, or at least two that hide `threshold` people together.

use std::collections::BTreeMap;

use super::{FlowRow, Gate, Reason, Released, Stage};

/// A line of the ledger before the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Index into the config's waves; none for all waves together.
    pub wave: Option<usize>,
    /// Stage.
    pub stage: Stage,
    /// Reason for leaving; empty for `received` and `analysed`.
    pub reason: String,
    /// Responses.
    pub rows: u64,
    /// Practices among them.
    pub practices: u64,
}

/// What is known of a cell while the hidden set grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Shown,
    Small,
    Complement,
}

impl Gate {
    /// The cells of tables that share cells. `lines` are the sums that a reader can form: indices
    /// into `counts` of which one is the sum of the others. `last` marks cells that are hidden
    /// only if nothing else will do (totals that stand in other tables). Cells of the same `tie`
    /// and count stand in several tables and are hidden together.
    pub fn margins(&self, counts: &[u64], lines: &[Vec<usize>], last: &[bool], ties: &[usize]) -> Vec<Released<u64>> {
        let small = |n: &u64| if self.count(*n).shown().is_some() { Fate::Shown } else { Fate::Small };
        let mut fates: Vec<Fate> = counts.iter().map(small).collect();
        let mut same: BTreeMap<(usize, u64), Vec<usize>> = BTreeMap::new();
        for (at, (tie, n)) in ties.iter().zip(counts).enumerate() {
            same.entry((*tie, *n)).or_default().push(at);
        }
        // Each round hides at least one more cell, so there are at most as many rounds as cells.
        while lines.iter().any(|line| self.close(counts, line, last, ties, &same, &mut fates)) {}
        let release = |(fate, n): (Fate, &u64)| match fate {
            Fate::Shown => Released(Ok(*n)),
            Fate::Small => Released(Err(Reason::Small)),
            Fate::Complement => Released(Err(Reason::Complement)),
        };
        fates.into_iter().zip(counts).map(release).collect()
    }

    /// Hides one more cell of `line` if what is hidden in it could be worked out; true if it did.
    fn close(
        &self,
        counts: &[u64],
        line: &[usize],
        last: &[bool],
        ties: &[usize],
        same: &BTreeMap<(usize, u64), Vec<usize>>,
        fates: &mut [Fate],
    ) -> bool {
        let hidden: Vec<usize> = line.iter().copied().filter(|&at| fates[at] != Fate::Shown).collect();
        let people: u64 = hidden.iter().map(|&at| counts[at]).sum();
        if hidden.is_empty() || (hidden.len() > 1 && people >= self.threshold) {
            return false;
        }
        let open = line.iter().copied().filter(|&at| fates[at] == Fate::Shown && counts[at] > 0);
        let Some(next) = open.min_by_key(|&at| (last[at], counts[at], at)) else { return false };
        for &at in same.get(&(ties[next], counts[next])).map_or(&[next][..], Vec::as_slice) {
            fates[at] = Fate::Complement;
        }
        true
    }

    /// The ledger: along stages and along waves, and alike in every outcome that shares a line.
    pub fn ledger(&self, ledger: &[LedgerLine]) -> Vec<FlowRow> {
        let counts: Vec<u64> = ledger.iter().map(|line| line.rows).collect();
        let mut stages: BTreeMap<(usize, Option<usize>), Vec<usize>> = BTreeMap::new();
        let mut waves: BTreeMap<(usize, Stage, &str), Vec<usize>> = BTreeMap::new();
        let mut names: BTreeMap<(Option<usize>, Stage, &str), usize> = BTreeMap::new();
        let mut ties = Vec::with_capacity(ledger.len());
        for (at, line) in ledger.iter().enumerate() {
            stages.entry((line.outcome, line.wave)).or_default().push(at);
            waves.entry((line.outcome, line.stage, &line.reason)).or_default().push(at);
            let fresh = names.len();
            ties.push(*names.entry((line.wave, line.stage, &line.reason)).or_insert(fresh));
        }
        let last: Vec<bool> = ledger.iter().map(|line| line.stage == Stage::Received).collect();
        let lines: Vec<Vec<usize>> = stages.into_values().chain(waves.into_values()).collect();
        let rows = self.margins(&counts, &lines, &last, &ties);
        let row = |(line, rows): (&LedgerLine, Released<u64>)| FlowRow {
            outcome: line.outcome,
            wave: line.wave,
            stage: line.stage,
            reason: line.reason.clone(),
            practices: rows.map(|_| line.practices),
            rows,
        };
        ledger.iter().zip(rows).map(row).collect()
    }

    /// A table of counts by level (rows) and wave (columns) whose sums are shown elsewhere: each
    /// row gets its total at the end, each column's total is public.
    pub fn levels_by_wave(&self, counts: &[Vec<u64>]) -> Vec<Vec<Released<u64>>> {
        let waves = counts.iter().map(Vec::len).max().unwrap_or(0);
        let width = waves + 1;
        let mut cells = Vec::with_capacity(counts.len() * width);
        for level in counts {
            cells.extend((0..waves).map(|wave| level.get(wave).copied().unwrap_or(0)));
            cells.push(level.iter().sum());
        }
        let along = |level: usize| (0..width).map(|wave| level * width + wave).collect();
        let down = |wave: usize| (0..counts.len()).map(|level| level * width + wave).collect();
        let lines: Vec<Vec<usize>> = (0..counts.len()).map(along).chain((0..width).map(down)).collect();
        let own: Vec<usize> = (0..cells.len()).collect();
        let released = self.margins(&cells, &lines, &vec![false; cells.len()], &own);
        released.chunks(width).map(<[_]>::to_vec).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splitmix64.
    fn next(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Small numbers are common, as they are in real ledgers.
    fn count(state: &mut u64) -> u64 {
        match next(state) % 4 {
            0 => 0,
            1 => next(state) % 12,
            _ => next(state) % 5000,
        }
    }

    /// No line gives a hidden cell away: none hidden, or two that hide enough people together,
    /// unless all other cells of the line are zero.
    fn safe(line: &[(u64, &Released<u64>)], threshold: u64) -> bool {
        let hidden: Vec<u64> = line.iter().filter(|(_, n)| n.hidden().is_some()).map(|(n, _)| *n).collect();
        let open = line.iter().any(|(n, released)| *n > 0 && released.shown().is_some());
        hidden.is_empty()
            || (hidden.len() > 1 && hidden.iter().sum::<u64>() >= threshold)
            || (hidden.len() > 1 && !open)
    }

    #[test]
    fn no_row_or_column_of_a_random_table_gives_a_hidden_count_away() {
        let gate = Gate::new(10);
        let mut state = 1;
        let mut hidden_tables = 0;
        for _ in 0..2000 {
            let (levels, waves) = (2 + (next(&mut state) % 4) as usize, 1 + (next(&mut state) % 6) as usize);
            let counts: Vec<Vec<u64>> = (0..levels).map(|_| (0..waves).map(|_| count(&mut state)).collect()).collect();
            let released = gate.levels_by_wave(&counts);
            let at = |level: usize, wave: usize| {
                let n = if wave == waves { counts[level].iter().sum() } else { counts[level][wave] };
                (n, &released[level][wave])
            };
            for level in 0..levels {
                let line: Vec<_> = (0..=waves).map(|wave| at(level, wave)).collect();
                assert!(safe(&line, 10), "{counts:?} {released:?}");
                assert!(line.iter().all(|(n, r)| r.shown().is_none_or(|shown| shown == n && (*n == 0 || *n >= 10))));
            }
            for wave in 0..=waves {
                let line: Vec<_> = (0..levels).map(|level| at(level, wave)).collect();
                let alone = line.iter().filter(|(n, _)| *n > 0).count() == 1;
                assert!(safe(&line, 10) || alone, "{counts:?} {released:?}");
            }
            hidden_tables += usize::from(released.iter().flatten().any(|n| n.hidden().is_some()));
        }
        assert!(hidden_tables > 500);
    }

    fn ledger(state: &mut u64) -> Vec<LedgerLine> {
        let mut lines = Vec::new();
        let mut line = |outcome, wave, stage, reason: &str, rows| {
            lines.push(LedgerLine { outcome, wave, stage, reason: reason.into(), rows, practices: rows / 100 });
        };
        let received: Vec<u64> = (0..3).map(|_| 20_000 + next(state) % 1000).collect();
        let shared: Vec<u64> = (0..3).map(|_| count(state)).collect();
        for outcome in 0..3 {
            let mut sums = [0; 5];
            for wave in 0..3 {
                let left = [shared[wave], count(state), count(state)];
                let analysed = received[wave] - left.iter().sum::<u64>();
                let all = [received[wave], left[0], left[1], left[2], analysed];
                sums.iter_mut().zip(all).for_each(|(sum, n)| *sum += n);
                add(&mut line, outcome, Some(wave), all);
            }
            add(&mut line, outcome, None, sums);
        }
        lines
    }

    fn add(
        line: &mut impl FnMut(usize, Option<usize>, Stage, &str, u64),
        outcome: usize,
        wave: Option<usize>,
        n: [u64; 5],
    ) {
        line(outcome, wave, Stage::Received, "", n[0]);
        for (at, reason) in ["not linked", "no answer", "no exposure"].iter().enumerate() {
            line(outcome, wave, Stage::Left, reason, n[at + 1]);
        }
        line(outcome, wave, Stage::Analysed, "", n[4]);
    }

    #[test]
    fn no_sum_of_a_random_ledger_gives_a_hidden_count_away_and_totals_stay() {
        let gate = Gate::new(10);
        let mut state = 5;
        for _ in 0..500 {
            let raw = ledger(&mut state);
            let released = gate.ledger(&raw);
            let cells = || raw.iter().zip(&released);
            for (line, row) in cells() {
                let mates: Vec<_> = cells()
                    .filter(|(other, _)| other.outcome == line.outcome && other.wave == line.wave)
                    .map(|(other, row)| (other.rows, &row.rows))
                    .collect();
                assert!(safe(&mates, 10));
                let waves: Vec<_> = cells()
                    .filter(|(o, _)| (o.outcome, o.stage, &o.reason) == (line.outcome, line.stage, &line.reason))
                    .map(|(other, row)| (other.rows, &row.rows))
                    .collect();
                assert!(safe(&waves, 10));
                let twin = cells().any(|(o, r)| {
                    (o.wave, o.stage, &o.reason, o.rows) == (line.wave, line.stage, &line.reason, line.rows)
                        && r.rows.hidden().is_some() != row.rows.hidden().is_some()
                });
                assert!(!twin, "hidden in one outcome, shown in another");
                assert!(line.stage != Stage::Received || row.rows.shown() == Some(&line.rows));
            }
        }
    }
}
