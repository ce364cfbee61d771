//! The whole analysis against the truth that the simulator put into the data: the shipped study at
//! full size, and the coverage of 95 % intervals over many small studies.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and what is measured is worth seeing")]

use offprint::config::{Config, load};
use offprint::disclosure::{Estimate, Findings};
use offprint::ingest::Data;
use offprint::num;
use offprint::simulate::{Size, survey, tables, truth};
use offprint::{panel, pipeline};
use rayon::prelude::*;
use std::path::Path;

const QUIET: pipeline::Progress<'static> = &|_, _, _| {};

/// The shipped study with its main model only.
fn shipped() -> Config {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let mut config = load("config.yaml", &text).unwrap().form.survey().unwrap().clone();
    config.models.truncate(1);
    config.analyses = Default::default();
    config.tables.clear();
    config.figures.clear();
    config
}

fn analysed(config: &Config, data: Data) -> Findings {
    let (panel, provision) = panel::build(config, data).unwrap();
    pipeline::findings(config, &panel, &provision, QUIET).unwrap()
}

#[test]
fn the_full_study_finds_its_truth_again() {
    let config = shipped();
    let truth = truth(&config).unwrap();
    let data = pipeline::data(&config, Path::new("."), QUIET).unwrap();
    assert_eq!(data.survey.practice.len() as u64, config.simulation.as_ref().unwrap().full.responders);
    let findings = analysed(&config, data);
    assert_eq!(findings.models.len(), config.outcomes.len());
    for (result, outcome) in findings.models.iter().zip(&config.outcomes) {
        let expected = truth.log_odds_ratio(&outcome.id).unwrap();
        let found = result.exposure.shown().unwrap();
        let off = (found.estimate - expected) / found.std_error;
        eprintln!(
            "{}: true {expected:.5}, found {:.5}, standard error {:.5}, off by {off:.2}",
            outcome.id, found.estimate, found.std_error
        );
        assert!(off.abs() < 3.0, "{} is {off:.2} standard errors off", outcome.id);
        let ratio = result.odds_ratio.shown().unwrap();
        assert!((num::ln(ratio.estimate) - found.estimate).abs() < 1e-12 && ratio.low < ratio.high);
        let effect = result.average_marginal_effect.shown().unwrap();
        // A null effect may fall on either side; the four others are there to be found.
        if expected > 0.0 {
            assert!(effect.estimate > 0.0, "{}: average marginal effect {}", outcome.id, effect.estimate);
        }
        assert_eq!(effect.estimate > 0.0, found.estimate > 0.0);
        assert!(effect.low < effect.estimate && effect.estimate < effect.high);
    }
}

#[test]
fn intervals_cover_the_truth_over_many_small_studies() {
    const STUDIES: u64 = 200;
    let mut config = shipped();
    // With the 50 clusters of `simulate.small` about 91 % cover: clustered errors need many clusters, all the more
    // when the exposure is as uneven as here. 200 are enough to see whether the errors are right.
    let small = &mut config.simulation.as_mut().unwrap().small;
    (small.practices, small.clusters) = (800, 200);
    let truth = truth(&config).unwrap();
    let expected: Vec<f64> = config.outcomes.iter().map(|o| truth.log_odds_ratio(&o.id).unwrap()).collect();
    let mut covered = vec![0_u64; expected.len()];
    let (mut sums, mut squares, mut errors) =
        (vec![0.0; expected.len()], vec![0.0; expected.len()], vec![0.0; expected.len()]);
    let study = |study: u64| -> Vec<Estimate> {
        let mut config = config.clone();
        config.study.seed += 1 + study;
        let mut data = tables(&config, Size::Small, Data::default()).unwrap();
        data.survey = survey(&config, Size::Small, &data).unwrap();
        analysed(&config, data).models.iter().map(|result| result.exposure.shown().unwrap().clone()).collect()
    };
    let studies: Vec<Vec<Estimate>> = (0..STUDIES).into_par_iter().map(study).collect();
    for (at, found) in studies.iter().flat_map(|study| study.iter().enumerate()) {
        covered[at] += u64::from(found.low <= expected[at] && expected[at] <= found.high);
        let off = found.estimate - expected[at];
        sums[at] += off;
        squares[at] += off * off;
        errors[at] += found.std_error;
    }
    let n = STUDIES as f64;
    let mut failed = Vec::new();
    let mut check = |name: &str, share: f64| {
        eprintln!("{name}: {:.1} % of 95 % intervals cover the truth", share * 100.0);
        if !(0.91..=0.98).contains(&share) {
            failed.push(format!("{name}: {share}"));
        }
    };
    for (at, outcome) in config.outcomes.iter().enumerate() {
        check(&outcome.id, covered[at] as f64 / n);
        let mean = sums[at] / n;
        eprintln!(
            "    mean error {mean:.5}, standard deviation {:.5}, mean standard error {:.5}",
            (squares[at] / n - mean * mean).sqrt(),
            errors[at] / n
        );
    }
    check("all outcomes", covered.iter().sum::<u64>() as f64 / n / covered.len() as f64);
    assert!(failed.is_empty(), "{failed:?}");
}
