//! Random descriptions by level and wave, and parts of a shown total.

use offprint::disclosure::{Gate, Released, Rules};
use proptest::prelude::*;

use crate::solver::{Puzzle, Shows};

/// Regimes that differ in all that matters here.
pub(crate) fn regimes() -> impl Strategy<Value = Rules> {
    let shapes = [(3, 1, false, false), (5, 1, false, false), (10, 1, false, false), (10, 1, true, false)];
    let rounded = [(8, 5, false, false), (8, 5, true, true), (6, 10, false, false)];
    let all: Vec<(u64, u64, bool, bool)> = shapes.into_iter().chain(rounded).collect();
    proptest::sample::select(all).prop_map(|(threshold, rounding, hide_zeros, totals_of_parts)| Rules {
        rounding,
        hide_zeros,
        totals_of_parts,
        ..Rules::above(threshold)
    })
}

pub(crate) fn shows(rules: &Rules) -> Shows {
    Shows { threshold: rules.threshold, rounding: rules.rounding, hide_zeros: rules.hide_zeros }
}

/// Counts around thresholds, zeros among them.
pub(crate) fn count() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0u64), 5 => 1u64..12, 2 => 12u64..40]
}

/// Levels by wave, one or two descriptions of the same people.
fn descriptions() -> impl Strategy<Value = Vec<Vec<Vec<u64>>>> {
    (1usize..=3, 2usize..=4).prop_flat_map(|(waves, levels)| {
        let first = prop::collection::vec(prop::collection::vec(count(), waves), levels);
        (first, prop::collection::vec(0u64..=100, waves), any::<bool>()).prop_map(move |(first, cuts, second)| {
            let totals: Vec<u64> = (0..waves).map(|wave| first.iter().map(|level| level[wave]).sum()).collect();
            let part: Vec<u64> = totals.iter().zip(&cuts).map(|(total, cut)| total * cut / 100).collect();
            let rest = totals.iter().zip(&part).map(|(total, part)| total - part).collect();
            if second { vec![first, vec![part, rest]] } else { vec![first] }
        })
    })
}

/// What a reader knows of a total: what is printed; nothing where it is only the sum of rounded parts.
fn total(rules: &Rules, released: &Released<u64>, parts: &[&Released<u64>], most: u64) -> Vec<u64> {
    let told = parts.iter().all(|part| part.shown().is_some());
    if rules.totals_of_parts && told && released.shown().is_some() {
        return (0..=most).collect();
    }
    shows(rules).domain(released, most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_count_of_a_description_can_be_solved_for(tables in descriptions(), rules in regimes()) {
        let waves = tables[0][0].len();
        let by_wave: Vec<u64> = (0..waves).map(|wave| tables[0].iter().map(|level| level[wave]).sum()).collect();
        let (totals, released) = Gate::under(rules.clone()).described(&by_wave, &tables);
        let most = by_wave.iter().sum::<u64>() + 10;
        let mut puzzle = Puzzle::default();
        let mut hidden = Vec::new();
        let mut row = |puzzle: &mut Puzzle, cells: &[Released<u64>], counts: &[u64]| {
            let mut at = Vec::new();
            let parts: Vec<&Released<u64>> = cells[..waves].iter().collect();
            for (wave, cell) in cells.iter().enumerate() {
                let domain = match wave == waves {
                    true => total(&rules, cell, &parts, most),
                    false => shows(&rules).domain(cell, most),
                };
                at.push(puzzle.count(domain));
                let truth = if wave == waves { counts.iter().sum() } else { counts[wave] };
                if cell.shown().is_none() {
                    hidden.push((at[wave], truth));
                }
            }
            puzzle.sum(at[..waves].to_vec(), at[waves]);
            at
        };
        let top = row(&mut puzzle, &totals, &by_wave);
        for (table, released) in tables.iter().zip(&released) {
            let rows: Vec<Vec<usize>> =
                table.iter().zip(released).map(|(counts, cells)| row(&mut puzzle, cells, counts)).collect();
            for wave in 0..=waves {
                puzzle.sum(rows.iter().map(|row| row[wave]).collect(), top[wave]);
            }
        }
        for (at, truth) in hidden {
            prop_assert_ne!(puzzle.open(at, truth), Some(false), "count {} is {}: {:?} {:?}", at, truth, totals, released);
        }
    }

    #[test]
    fn no_hidden_part_of_a_shown_total_can_be_solved_for(
        counts in prop::collection::vec(count(), 1..6),
        rules in regimes(),
    ) {
        let released = Gate::under(rules.clone()).parts(&counts);
        let sum: u64 = counts.iter().sum();
        // Where all parts but one are nothing, the total is the part: it must not be shown at all.
        prop_assume!(counts.iter().filter(|n| **n > 0).count() > 1 || rules.hide_zeros && counts.len() > 1);
        // As many people as parts that are not zero: each is one, whatever is hidden beside a shown total.
        let nonzero = counts.iter().filter(|n| **n > 0).count() as u64;
        prop_assume!(sum >= rules.threshold && sum > nonzero);
        let mut puzzle = Puzzle::default();
        let cells: Vec<usize> =
            released.iter().map(|cell| puzzle.count(shows(&rules).domain(cell, sum))).collect();
        let total = puzzle.count(vec![sum]);
        puzzle.sum(cells.clone(), total);
        for ((at, truth), cell) in cells.into_iter().zip(&counts).zip(&released) {
            let closed = cell.shown().is_none() && puzzle.open(at, *truth) == Some(false);
            prop_assert!(!closed, "{} of {:?} {:?}", truth, counts, released);
        }
    }

    #[test]
    fn the_level_that_is_not_printed_protects_and_is_protected(
        counts in prop::collection::vec(count(), 2..6),
        silent in 0usize..6,
        threshold in 3u64..11,
    ) {
        let silent = silent % counts.len();
        let rules = Rules::above(threshold);
        let released = Gate::under(rules.clone()).levels(&counts, silent);
        let sum: u64 = counts.iter().sum();
        let nonzero = counts.iter().filter(|n| **n > 0).count() as u64;
        prop_assume!(sum >= threshold && sum > nonzero && counts.iter().filter(|n| **n > 0).count() > 1);
        let mut puzzle = Puzzle::default();
        let domain = |(at, cell): (usize, &Released<u64>)| match at == silent {
            true => (0..=sum).collect(),
            false => shows(&rules).domain(cell, sum),
        };
        let cells: Vec<usize> = released.iter().enumerate().map(|cell| puzzle.count(domain(cell))).collect();
        let total = puzzle.count(vec![sum]);
        puzzle.sum(cells.clone(), total);
        for (at, truth) in counts.iter().enumerate() {
            let small = *truth > 0 && *truth < threshold;
            let closed = small && puzzle.open(cells[at], *truth) == Some(false);
            prop_assert!(!closed, "{} of {:?}, {} not printed: {:?}", truth, counts, silent, released);
        }
    }
}
