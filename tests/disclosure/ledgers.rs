//! Random ledgers of two outcomes that share their first line.

use std::collections::BTreeMap;

use offprint::disclosure::{Gate, LedgerLine, Rules, Stage};
use proptest::prelude::*;

use crate::solver::Puzzle;
use crate::tables::{count, shows};

type Left = Vec<Vec<[u64; 2]>>;

/// By outcome and wave: two reasons. The first is the same in all outcomes.
fn left() -> impl Strategy<Value = (Left, Vec<u64>)> {
    (1usize..=3).prop_flat_map(|waves| {
        let shared = prop::collection::vec(count(), waves);
        let own = prop::collection::vec(prop::collection::vec(count(), waves), 2);
        let analysed = prop::collection::vec(prop_oneof![1 => 0u64..12, 3 => 12u64..60], waves);
        (shared, own, analysed).prop_map(|(shared, own, analysed)| {
            let by_wave = |own: &Vec<u64>| shared.iter().zip(own).map(|(a, b)| [*a, *b]).collect();
            let left: Left = own.iter().map(by_wave).collect();
            let most = |wave: usize| left.iter().map(|waves| waves[wave].iter().sum::<u64>()).max().unwrap_or(0);
            let received = analysed.iter().enumerate().map(|(wave, n)| n + most(wave)).collect();
            (left, received)
        })
    })
}

fn lines(left: &Left, received: &[u64]) -> Vec<LedgerLine> {
    let waves = received.len();
    let mut lines = Vec::new();
    for (outcome, by_wave) in left.iter().enumerate() {
        for wave in (0..waves).map(Some).chain([None]) {
            let over = |f: &dyn Fn(usize) -> u64| wave.map_or_else(|| (0..waves).map(f).sum(), f);
            let mut add = |stage, reason: &str, rows: u64| {
                lines.push(LedgerLine { outcome, wave, stage, reason: reason.into(), rows, practices: 1 });
            };
            add(Stage::Received, "", over(&|w| received[w]));
            add(Stage::Left, "shared", over(&|w| by_wave[w][0]));
            add(Stage::Left, "own", over(&|w| by_wave[w][1]));
            add(Stage::Analysed, "", over(&|w| received[w] - by_wave[w].iter().sum::<u64>()));
        }
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_count_of_a_ledger_can_be_solved_for((left, received) in left(), threshold in 3u64..11) {
        let rules = Rules::above(threshold);
        let raw = lines(&left, &received);
        let released = Gate::under(rules.clone()).ledger(&raw);
        let most = received.iter().sum::<u64>() + 10;
        let mut puzzle = Puzzle::default();
        // What is received and the shared line are one number in both outcomes.
        let mut same: BTreeMap<(Option<usize>, Stage), usize> = BTreeMap::new();
        let mut at = Vec::new();
        for (line, row) in raw.iter().zip(&released) {
            let twin = line.stage == Stage::Received || line.reason == "shared";
            let domain = || shows(&rules).domain(&row.rows, most);
            at.push(match twin {
                true => *same.entry((line.wave, line.stage)).or_insert_with(|| puzzle.count(domain())),
                false => puzzle.count(domain()),
            });
        }
        for lines in (0..raw.len()).step_by(4) {
            puzzle.sum(at[lines + 1..lines + 4].to_vec(), at[lines]);
        }
        let width = received.len() + 1;
        for (outcome, line) in (0..2).flat_map(|outcome| (0..4).map(move |line| (outcome, line))) {
            let place = |wave: usize| at[outcome * width * 4 + wave * 4 + line];
            puzzle.sum((0..width - 1).map(place).collect(), place(width - 1));
        }
        for ((line, row), at) in raw.iter().zip(&released).zip(at) {
            let closed = row.rows.shown().is_none() && puzzle.open(at, line.rows) == Some(false);
            prop_assert!(!closed, "{:?}: {:?}", line, released);
        }
    }
}
