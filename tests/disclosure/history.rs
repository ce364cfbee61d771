//! Two versions beside each other: what both together tell is flagged.

use std::collections::BTreeMap;

use offprint::compare::{Why, flags};
use offprint::disclosure::{Gate, Released, Rules};
use offprint::tables::FLOW_HEADER;
use proptest::prelude::*;

use crate::solver::Puzzle;
use crate::tables::{count, shows};

type Files = BTreeMap<String, Vec<u8>>;

/// A `flow.csv` with one line for each count.
fn filed(cells: &[Released<u64>]) -> Files {
    let mut text = format!("{}\n", FLOW_HEADER.join(","));
    for (at, cell) in cells.iter().enumerate() {
        let n = cell.shown().map(u64::to_string).unwrap_or_default();
        text += &format!("isolation,all,left,reason {at},{n},\n");
    }
    BTreeMap::from([("flow.csv".to_string(), text.into_bytes())])
}

/// A table with the reasons in it.
fn table(cells: &[Released<u64>]) -> Files {
    let mut text = String::from("level,n\n");
    for (at, cell) in cells.iter().enumerate() {
        text += &format!("level {at},{}\n", cell.shown().map_or_else(|| cell.status(), u64::to_string));
    }
    BTreeMap::from([("tables/who.csv".to_string(), text.into_bytes())])
}

#[test]
fn differences_and_changed_decisions_are_named_without_numbers() {
    let old = Gate::new(10).parts(&[500, 60, 70, 4, 80]);
    let new = Gate::new(10).parts(&[503, 60, 70, 12, 80]);
    let found = flags(&filed(&old), &filed(&new), 10, 1);
    let found: Vec<(&str, Why)> = found.iter().map(|flag| (flag.row.as_str(), flag.why)).collect();
    let row = |at: usize| format!("isolation / all / left / reason {at}");
    assert_eq!(
        found,
        [
            (row(0).as_str(), Why::SmallDifference),
            (row(1).as_str(), Why::HiddenBefore),
            (row(3).as_str(), Why::HiddenBefore),
        ]
    );
    assert!(flags(&filed(&old), &filed(&old), 10, 1).is_empty());
    assert!(flags(&filed(&old), &filed(&new), 0, 1).is_empty(), "no threshold, nothing to tell");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same people under two thresholds: whoever reads both versions solves for nothing that is not
    /// flagged.
    #[test]
    fn a_reader_of_two_versions_solves_for_nothing_unflagged(
        counts in prop::collection::vec(count(), 3..6),
        thresholds in (3u64..11, 3u64..11),
    ) {
        let sum: u64 = counts.iter().sum();
        prop_assume!(sum >= 11 && counts.iter().filter(|n| **n > 0).count() > 1);
        let versions = [thresholds.0, thresholds.1].map(|threshold| Gate::new(threshold).parts(&counts));
        let told = flags(&table(&versions[0]), &table(&versions[1]), thresholds.1, 1);
        let mut puzzle = Puzzle::default();
        let domain = |at: usize| {
            let of = |which: usize, threshold| shows(&Rules::above(threshold)).domain(&versions[which][at], sum);
            let second = of(1, thresholds.1);
            of(0, thresholds.0).into_iter().filter(|n| second.contains(n)).collect()
        };
        let cells: Vec<usize> = (0..counts.len()).map(|at| puzzle.count(domain(at))).collect();
        let total = puzzle.count(vec![sum]);
        puzzle.sum(cells.clone(), total);
        for (at, truth) in counts.iter().enumerate() {
            let hidden = versions.iter().any(|cells| cells[at].shown().is_none());
            let closed = hidden && puzzle.open(cells[at], *truth) == Some(false);
            prop_assert!(!closed || !told.is_empty(), "{} of {:?}: {:?}", truth, counts, versions);
        }
    }

    /// People are added: whatever number of them between one and the threshold the two versions give away
    /// is flagged.
    #[test]
    fn small_numbers_that_were_added_are_flagged(
        counts in prop::collection::vec((count(), 0u64..14), 2..6),
        threshold in 3u64..11,
    ) {
        let gate = Gate::new(threshold);
        let old = gate.parts(&counts.iter().map(|(n, _)| *n).collect::<Vec<_>>());
        let new = gate.parts(&counts.iter().map(|(n, more)| n + more).collect::<Vec<_>>());
        let told = flags(&filed(&old), &filed(&new), threshold, 1);
        for (at, (_, more)) in counts.iter().enumerate() {
            let given = old[at].shown().is_some() && new[at].shown().is_some() && *more > 0 && *more < threshold;
            let row = format!("isolation / all / left / reason {at}");
            let flagged = told.iter().any(|flag| flag.row == row && flag.why == Why::SmallDifference);
            prop_assert_eq!(given, flagged);
        }
    }
}
