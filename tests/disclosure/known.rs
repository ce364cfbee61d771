//! Faults of suppression by counting hidden cells alone, each as small as it gets.

use offprint::disclosure::{Gate, Reason, Released};

fn shown(cells: &[Released<u64>]) -> Vec<Option<u64>> {
    cells.iter().map(|cell| cell.shown().copied()).collect()
}

/// Two small counts whose total is the largest that two small counts can have: 9 + 9 = 18.
#[test]
fn two_small_counts_at_the_threshold_are_not_left_alone() {
    let gate = Gate::new(10);
    assert_eq!(shown(&gate.parts(&[9, 9, 30, 500])), [None, None, None, Some(500)]);
    // One less leaves two ways: 8 + 9 and 9 + 8.
    assert_eq!(shown(&gate.parts(&[8, 9, 30, 500])), [None, None, Some(30), Some(500)]);
    // With nothing else to hide, neither says that it is the small one.
    let both = gate.parts(&[9, 9]);
    assert!(both.iter().all(|cell| cell.hidden() == Some(&Reason::Either)));
    // Two ones are the least that two hidden people can be.
    assert_eq!(shown(&Gate::new(2).parts(&[1, 1, 30])), [None, None, None]);
}

/// A wave whose number is hidden for another's sake, and a description that adds up to it.
#[test]
fn a_hidden_total_is_not_the_sum_of_shown_parts() {
    let gate = Gate::new(10);
    let table = vec![vec![4, 30, 300], vec![0, 30, 300]];
    let (totals, tables) = gate.described(&[4, 60, 600], &[table]);
    assert_eq!(shown(&totals), [None, None, Some(600), Some(664)]);
    let second = [&tables[0][0][1], &tables[0][1][1]];
    assert!(second.iter().any(|cell| cell.shown().is_none()), "30 + 30 is the hidden 60");
}

/// Rounding hides nothing that an exact total gives back: 43 less three counts of at most 12 is 7 or
/// more, and a hidden count is 7 or fewer.
#[test]
fn rounded_parts_do_not_pin_a_hidden_one() {
    let rules = offprint::disclosure::Rules { rounding: 5, ..offprint::disclosure::Rules::above(8) };
    let released = Gate::under(rules).parts(&[7, 12, 12, 12]);
    assert!(released.iter().filter(|cell| cell.shown().is_none()).count() > 1, "{released:?}");
}
