//! The named regimes, by what their own words say.

use offprint::config::Disclosure;
use offprint::disclosure::{Gate, Rules};

fn gate(profile: &str) -> Gate {
    let rules = Disclosure::named(profile).unwrap();
    Gate::under(Rules {
        threshold: rules.threshold,
        rounding: rules.rounding,
        hide_zeros: rules.hide_zeros,
        totals_of_parts: rules.totals_of_parts,
        residual_df: rules.residual_df,
        largest_two: rules.largest_two,
        p_percent: rules.p_percent,
        clusters: profile == "none",
        practices: false,
    })
}

fn shown(profile: &str, counts: &[u64]) -> Vec<Option<u64>> {
    counts.iter().map(|n| gate(profile).count(*n).shown().copied()).collect()
}

#[test]
fn counts_by_regime() {
    let counts = [0, 1, 7, 8, 9, 10, 12, 13, 1002, 1003];
    let plain = |least: u64, zero: bool| counts.map(|n| (n >= least || (n == 0 && zero)).then_some(n)).to_vec();
    assert_eq!(shown("none", &counts), plain(0, true));
    assert_eq!(shown("gpps", &counts), plain(10, true));
    assert_eq!(shown("acro", &counts), plain(10, false));
    let fives = [Some(10), Some(10), Some(10), Some(10), Some(15), Some(1000), Some(1005)];
    assert_eq!(shown("nhs-digital", &counts)[..3], [Some(0), None, None]);
    assert_eq!(shown("nhs-digital", &counts)[3..], fives);
    assert_eq!(shown("opensafely", &counts)[..3], [None, None, None]);
    assert_eq!(shown("opensafely", &counts)[3..], fives);
}

#[test]
fn percentages_follow_from_rounded_counts() {
    assert_eq!(gate("nhs-digital").share(13.0, 101.0), 15.0 / 100.0);
    assert_eq!(gate("gpps").share(13.0, 101.0), 13.0 / 101.0);
    assert!(gate("opensafely").split(4, 100, 0.05).shown().is_none(), "4 of 100");
    assert!(gate("opensafely").split(96, 100, 0.95).shown().is_none(), "all but 4 of 100");
    assert!(gate("opensafely").split(50, 100, 0.5).shown().is_some());
}

#[test]
fn totals_before_rounding_or_of_rounded_parts() {
    let by_wave = [12, 12, 12];
    let table = vec![vec![12, 12, 12]];
    let totals = |profile: &str| gate(profile).described(&by_wave, std::slice::from_ref(&table)).0[3].shown().copied();
    assert_eq!(totals("nhs-digital"), Some(35), "36 to the nearest 5");
    assert_eq!(totals("opensafely"), Some(30), "three times 10");
    assert_eq!(totals("gpps"), Some(36));
}

#[test]
fn a_fit_with_too_few_residual_degrees_of_freedom_is_shut() {
    assert!(gate("acro").for_fit(9).value(500, 1.0).shown().is_none());
    assert!(gate("acro").for_fit(10).value(500, 1.0).shown().is_some());
    assert!(gate("gpps").for_fit(1).value(500, 1.0).shown().is_some());
}

#[test]
fn amounts_that_one_or_two_clusters_make_up_are_hidden() {
    // Two have 92 of 100.
    assert!(gate("acro").magnitude(50, &[60.0, 32.0, 8.0], 100.0).shown().is_none());
    assert!(gate("acro").magnitude(50, &[50.0, 32.0, 18.0], 100.0).shown().is_some());
    // 6 are less than a tenth of 70.
    assert!(gate("acro").magnitude(50, &[70.0, 12.0, 6.0], 88.0).shown().is_none());
    for profile in ["gpps", "nhs-digital", "opensafely"] {
        assert!(gate(profile).magnitude(50, &[60.0, 32.0, 8.0], 100.0).shown().is_some());
        assert!(gate(profile).magnitude(50, &[60.0], 60.0).shown().is_none(), "a single cluster");
    }
    assert!(gate("none").magnitude(50, &[60.0], 60.0).shown().is_some());
    // Asked for by name.
    let asked = Gate::under(Rules { clusters: true, practices: true, rounding: 5, ..Rules::above(8) });
    assert!(asked.magnitude(50, &[60.0], 60.0).shown().is_some());
    assert_eq!(asked.units(3).shown(), Some(&3));
    assert_eq!(gate("opensafely").units(3).shown(), None);
    assert_eq!(gate("gpps").units(3).shown(), Some(&3));
}
