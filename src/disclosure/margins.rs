//! The tables whose counts add up: the ledger, and descriptions by level and wave. Says which sums a
//! reader can form; what follows from them for hidden counts is [`super::protect`]'s.

use std::collections::BTreeMap;

use super::protect::Sum;
use super::{FlowRow, Gate, Released, Stage};

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

/// Counts of one description by level and wave.
pub type Described = Vec<Vec<Released<u64>>>;

impl Gate {
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
        // What is received stands in every outcome's ledger, what is analysed beside every estimate.
        let everywhere = |line: &LedgerLine| match line.stage {
            Stage::Received => true,
            Stage::Analysed => line.wave.is_none(),
            Stage::Left => false,
        };
        let last: Vec<bool> = ledger.iter().map(everywhere).collect();
        let received = |at: &usize| ledger[*at].stage == Stage::Received;
        let over_waves = |at: &usize| ledger[*at].wave.is_none();
        let mut sums: Vec<Sum> = stages.into_values().filter_map(|line| sum(line, received)).collect();
        sums.extend(waves.into_values().filter_map(|line| sum(line, over_waves)));
        let mut rows = self.margins(&counts, &sums, &last, &ties, None);
        let along = |sum: &&Sum| over_waves(&sum.total) && !sum.parts.iter().any(over_waves);
        sums.iter().filter(along).for_each(|sum| self.total_of_parts(&mut rows, sum));
        let row = |(line, rows): (&LedgerLine, Released<u64>)| FlowRow {
            outcome: line.outcome,
            wave: line.wave,
            stage: line.stage,
            reason: line.reason.clone(),
            practices: match rows.hidden() {
                None => self.units(line.practices),
                Some(_) => rows.map(|_| line.practices),
            },
            rows,
        };
        ledger.iter().zip(rows).map(row).collect()
    }

    /// Under a regime that wants it, the total of shown parts becomes their sum.
    fn total_of_parts(&self, cells: &mut [Released<u64>], sum: &Sum) {
        let parts: Option<u64> = sum.parts.iter().map(|at| cells[*at].shown().copied()).sum();
        if let (true, Some(parts), true) = (self.rules.totals_of_parts, parts, cells[sum.total].shown().is_some()) {
            cells[sum.total] = Released(Ok(parts));
        }
    }

    /// Tables of counts by level (rows) and wave (columns) on the same people, whose numbers by wave are
    /// `by_wave`: these with their total at the end, and the tables, each row with its total at the end.
    /// What any table would tell of a hidden total is hidden with it.
    pub fn described(&self, by_wave: &[u64], tables: &[Vec<Vec<u64>>]) -> (Vec<Released<u64>>, Vec<Described>) {
        let (waves, width) = (by_wave.len(), by_wave.len() + 1);
        let mut cells: Vec<u64> = by_wave.to_vec();
        cells.push(by_wave.iter().sum());
        let along = |first: usize| Sum { parts: (first..first + waves).collect(), total: first + waves };
        let mut sums = vec![along(0)];
        for counts in tables {
            let start = cells.len();
            for level in counts {
                sums.push(along(cells.len()));
                cells.extend((0..waves).map(|wave| level.get(wave).copied().unwrap_or(0)));
                cells.push(level.iter().sum());
            }
            let down = |wave: usize| (0..counts.len()).map(move |level| start + level * width + wave).collect();
            sums.extend((0..width).map(|wave| Sum { parts: down(wave), total: wave }));
        }
        let last: Vec<bool> = (0..cells.len()).map(|at| at < width).collect();
        let own: Vec<usize> = (0..cells.len()).collect();
        let mut released = self.margins(&cells, &sums, &last, &own, None);
        let rows = sums
            .iter()
            .filter(|sum| sum.total % width == waves && sum.parts.first().map(|at| at + waves) == Some(sum.total));
        rows.for_each(|sum| self.total_of_parts(&mut released, sum));
        let mut rows = released.chunks(width).map(<[_]>::to_vec);
        let totals = rows.next().unwrap_or_default();
        let tables = tables.iter().map(|counts| rows.by_ref().take(counts.len()).collect()).collect();
        (totals, tables)
    }
}

/// A sum from the cells of a line; none without a total or without parts.
fn sum(line: Vec<usize>, is_total: impl Fn(&usize) -> bool) -> Option<Sum> {
    let total = line.iter().copied().find(|at| is_total(at))?;
    let parts: Vec<usize> = line.into_iter().filter(|at| *at != total).collect();
    (!parts.is_empty()).then_some(Sum { parts, total })
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
            let by_wave: Vec<u64> = (0..waves).map(|wave| counts.iter().map(|level| level[wave]).sum()).collect();
            let (totals, mut tables) = gate.described(&by_wave, std::slice::from_ref(&counts));
            let released = tables.pop().unwrap();
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
                let mut line: Vec<_> = (0..levels).map(|level| at(level, wave)).collect();
                line.push((line.iter().map(|(n, _)| n).sum(), &totals[wave]));
                assert!(safe(&line, 10), "{counts:?} {totals:?} {released:?}");
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
    fn no_sum_of_a_random_ledger_gives_a_hidden_count_away_and_most_totals_stay() {
        let gate = Gate::new(10);
        let mut state = 5;
        let mut whole = 0;
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
            }
            let spared =
                |(line, row): (&LedgerLine, &FlowRow)| line.stage != Stage::Received || row.rows.shown().is_some();
            whole += usize::from(cells().all(spared));
        }
        assert!(whole > 475, "{whole} of 500 keep all totals");
    }
}
