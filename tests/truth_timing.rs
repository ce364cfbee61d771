//! Timing and dose against truths that the simulator was given: outcomes that move ahead of provision, a bend, and
//! neither.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and what is measured is worth seeing")]

use offprint::config::{Config, Kink, load};
use offprint::disclosure::{Analyses, DoseOutcome, Look};
use offprint::ingest::Data;
use offprint::simulate::{Size, survey, tables};
use offprint::{num, panel, pipeline};
use rayon::prelude::*;

/// Outcome that the truths are given to, and one that stays as it is.
const MOVED: usize = 3;
const STILL: usize = 2;

/// A middling study with these two analyses only.
fn study(seed: u64, change: impl Fn(&mut Config)) -> Config {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let mut config = load("config.yaml", &text).unwrap().form.survey().unwrap().clone();
    config.models.truncate(1);
    config.models[0].contrasts.clear();
    config.models[0].covariates.clear();
    config.tests.joint.clear();
    config.study.seed = seed;
    let small = &mut config.simulation.as_mut().unwrap().small;
    (small.responders, small.practices, small.clusters) = (120_000, 600, 200);
    config.analyses.subgroups = None;
    config.analyses.inequality = None;
    config.analyses.provision = None;
    config.analyses.population = None;
    config.analyses.costs = None;
    config.analyses.grid = None;
    config.analyses.leave_out = None;
    config.analyses.public_route = None;
    for outcomes in
        [&mut config.analyses.timing.as_mut().unwrap().outcomes, &mut config.analyses.dose.as_mut().unwrap().outcomes]
    {
        *outcomes = vec![STILL, MOVED];
    }
    change(&mut config);
    config
}

fn analysed(config: &Config) -> Analyses {
    let mut data = tables(config, Size::Small, Data::default()).unwrap();
    data.survey = survey(config, Size::Small, &data).unwrap();
    let (panel, provision) = panel::build(config, data).unwrap();
    pipeline::findings(config, &panel, &provision, &|_, _, _| {}).unwrap().analyses
}

/// p of the joint test of what lies before provision.
fn ahead(found: &Analyses, look: Look, outcome: usize) -> f64 {
    let tests = &found.timing.as_ref().unwrap().tests;
    let test = tests.iter().find(|t| t.look == look && t.outcome == outcome && t.before).unwrap();
    test.wald.shown().unwrap().p
}

fn dose(found: &Analyses, outcome: usize) -> &DoseOutcome {
    found.dose.as_ref().unwrap().outcomes.iter().find(|dose| dose.outcome == outcome).unwrap()
}

/// The id of an outcome.
fn id(config: &Config, outcome: usize) -> String {
    config.outcomes[outcome].id.clone()
}

#[test]
fn outcomes_that_move_ahead_of_provision_are_flagged() {
    let trend = 0.1;
    let mut still = Vec::new();
    for seed in [11, 12, 13] {
        let config = study(seed, |config| {
            let moved = id(config, MOVED);
            config.simulation.as_mut().unwrap().outcomes.get_mut(&moved).unwrap().trend = trend;
            config.analyses.timing.as_mut().unwrap().outcomes = vec![STILL, MOVED];
        });
        let found = analysed(&config);
        let moved = ahead(&found, Look::Event, MOVED);
        still.push(ahead(&found, Look::Event, STILL));
        eprintln!("joint test before provision: p {moved:.2e} with a trend, {:.3} without", still[still.len() - 1]);
        assert!(moved < 1e-3, "study {seed}: {moved}");
        has_the_trend(&found, trend);
    }
    // One in twenty is flagged by chance (the first of these is): two of three would be no chance.
    assert!(still.iter().filter(|p| **p < 0.05).count() < 2, "{still:?}");
}

/// The trend was put in per year: two years before the reference it is -2 of it. It follows the true later
/// provision; returns that were not sent make the observed one less exact, which draws estimates towards none.
fn has_the_trend(found: &Analyses, trend: f64) {
    let rows = &found.timing.as_ref().unwrap().rows;
    let row = |look: Look, at: i64| rows.iter().find(|r| r.look == look && r.outcome == MOVED && r.at == at).unwrap();
    for (wave, expected) in [(0, -2.0 * trend), (1, -trend)] {
        let found = row(Look::Event, wave).coefficient.shown().unwrap();
        let off = (found.estimate - expected) / found.std_error;
        eprintln!("wave {wave}: true {expected}, found {:.4} ({:.4})", found.estimate, found.std_error);
        assert!(off.abs() < 3.5, "wave {wave} is {off:.2} errors off");
    }
    let moved_back = row(Look::Shift, 2).coefficient.shown().unwrap();
    assert!(moved_back.low > 0.0, "the exposure moved back shows the trend: {moved_back:?}");
    let control = rows.iter().find(|r| r.look == Look::Control).unwrap();
    assert!(control.coefficient.shown().unwrap().p > 0.001, "a condition is not moved by provision");
}

#[test]
fn a_bend_is_recovered() {
    let (below, above, at) = (1.12, 1.0, 2.0);
    let config = study(12, |config| {
        let moved = id(config, MOVED);
        let truth = config.simulation.as_mut().unwrap().outcomes.get_mut(&moved).unwrap();
        truth.odds_ratio = below;
        truth.cluster_wave_sd = 0.0;
        truth.kink = Some(Kink { at, odds_ratio: above });
    });
    let found = analysed(&config);
    let (bent, straight) = (dose(&found, MOVED), dose(&found, STILL));
    let p = |dose: &DoseOutcome| dose.bend.shown().unwrap().p;
    eprintln!("non-linearity: p {:.2e} with a bend, {:.3} without", p(bent), p(straight));
    assert!(p(bent) < 0.01 && p(straight) > 0.01);
    let truth = |x: f64| num::ln(below) * x.min(at) + num::ln(above) * (x - at).max(0.0);
    let mut inside = 0;
    for point in &bent.curve {
        let found = point.coefficient.shown().unwrap();
        eprintln!(
            "at {:.2}: true {:.3}, found {:.3} ({:.3})",
            point.at,
            truth(point.at),
            found.estimate,
            found.std_error
        );
        inside += usize::from(found.low <= truth(point.at) && truth(point.at) <= found.high);
        assert!((found.estimate - truth(point.at)).abs() < 4.0 * found.std_error + 0.02);
    }
    // A spline smooths a kink, so the band need not hold it everywhere.
    assert!(inside * 10 >= bent.curve.len() * 7, "{inside} of {}", bent.curve.len());
    for category in &bent.categories {
        let found = category.coefficient.shown().unwrap();
        let expected = truth(*category.mean.shown().unwrap());
        assert!((found.estimate - expected).abs() < 4.0 * found.std_error + 0.02, "{category:?} {expected}");
    }
}

#[test]
fn where_there_is_nothing_one_test_in_twenty_says_so() {
    const STUDIES: u64 = 200;
    let one = |seed: u64| {
        let config = study(1000 + seed, |config| {
            let moved = id(config, MOVED);
            let simulation = config.simulation.as_mut().unwrap();
            (simulation.small.responders, simulation.small.practices) = (40_000, 400);
            simulation.outcomes.get_mut(&moved).unwrap().odds_ratio = 1.0;
            config.analyses.timing.as_mut().unwrap().outcomes = vec![MOVED];
            config.analyses.dose.as_mut().unwrap().outcomes = vec![MOVED];
        });
        let found = analysed(&config);
        let timing = found.timing.as_ref().unwrap();
        let single = |look: Look, at: i64| {
            let row = timing.rows.iter().find(|row| row.look == look && row.at == at).unwrap();
            row.coefficient.shown().unwrap().p
        };
        [
            ahead(&found, Look::Event, MOVED),
            ahead(&found, Look::Path, MOVED),
            single(Look::Shift, 1),
            single(Look::Shift, 2),
            single(Look::Control, 0),
            dose(&found, MOVED).bend.shown().unwrap().p,
            dose(&found, MOVED).categories_test.shown().unwrap().p,
        ]
    };
    let names = ["pre-trend", "lead", "moved back 1", "moved back 2", "placebo outcome", "non-linearity", "categories"];
    let all: Vec<[f64; 7]> = (0..STUDIES).into_par_iter().map(one).collect();
    let mut failed = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let share = all.iter().filter(|p| p[at] < 0.05).count() as f64 / STUDIES as f64;
        eprintln!("{name}: {:.1} % of tests below 0.05", 100.0 * share);
        // Two Monte Carlo errors are 3.1 points.
        if !(0.02..=0.081).contains(&share) {
            failed.push(format!("{name}: {share}"));
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
