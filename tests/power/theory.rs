//! A design simple enough for the textbook: one exposure and waves, independent answers.

use crate::light;
use offprint::config::{Absorb, Config, Errors, PowerEffect, load};
use offprint::ingest::Data;
use offprint::model::power_of_effect;
use offprint::num;
use offprint::pipeline::PowerStudies;
use offprint::simulate::{Size, survey, tables};
use offprint::{panel, pipeline};
use rayon::prelude::*;

/// Odds ratio with a power in the steep part of the curve.
const RATIO: f64 = 1.1;

fn simple() -> Config {
    let mut config = load("config.yaml", &light()).unwrap().form.survey().unwrap().clone();
    config.outcomes.retain(|outcome| outcome.id == "experience");
    (config.tests.family, config.published.estimates) = (vec![0], Vec::new());
    config.tests.smallest_effect.truncate(1);
    config.covariates.clear();
    let main = &mut config.models[0];
    main.covariates.clear();
    (main.absorb, main.errors) = (Absorb::None, Errors::Iid);
    let power = config.analyses.power.as_mut().unwrap();
    (power.effects, power.seed) = (vec![PowerEffect::Ratio(1.0), PowerEffect::Ratio(RATIO)], 5);
    (power.size.responders, power.size.practices, power.size.clusters) = (4_000, 240, 200);
    let simulation = config.simulation.as_mut().unwrap();
    simulation.items.clear();
    simulation.covariates.clear();
    simulation.weights = None;
    simulation.outcomes.retain(|id, _| id == "experience");
    let truth = simulation.outcomes.get_mut("experience").unwrap();
    truth.levels.values_mut().for_each(|level| *level = 0.7);
    (truth.practice_sd, truth.deprivation, truth.cluster_wave_sd) = (0.0, 0.0, 0.0);
    truth.effects.clear();
    config
}

/// Answers and exposures of each wave in studies like those.
fn designs(config: &Config) -> Vec<Vec<Vec<[f64; 2]>>> {
    const STUDIES: u64 = 60;
    let mut config = config.clone();
    config.simulation.as_mut().unwrap().full = config.analyses.power.as_ref().unwrap().size.clone();
    config.analyses = Default::default();
    let study = |study: u64| {
        let config = {
            let mut config = config.clone();
            config.study.seed = 1_000 + study;
            config
        };
        let mut data = tables(&config, Size::Full, Data::default()).unwrap();
        data.survey = survey(&config, Size::Full, &data).unwrap();
        let (panel, _) = panel::build(&config, data).unwrap();
        let mut waves = vec![Vec::new(); config.waves.len()];
        for block in &panel.blocks {
            let answers = block.rows.clone().filter(|row| panel.outcomes[0].class[*row] < 2).count() as f64;
            waves[usize::from(block.wave)].extend(block.exposure.ok().map(|x| [answers, x]));
        }
        waves
    };
    (0..STUDIES).into_par_iter().map(study).collect()
}

/// Standard error of the log odds ratio by the textbook, beside an intercept for each wave: Fisher's information
/// of a logistic regression at the truth, which gives each wave the same share of successes.
fn textbook(waves: &[Vec<[f64; 2]>], ratio: f64) -> f64 {
    let slope = num::ln(ratio);
    let mut information = 0.0;
    for wave in waves {
        let share = |intercept: f64, x: f64| num::logistic(intercept + slope * x);
        let all: f64 = wave.iter().map(|[n, _]| n).sum();
        let (mut low, mut high) = (-10.0, 10.0);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            let mean = wave.iter().map(|[n, x]| n * share(middle, *x)).sum::<f64>() / all;
            if mean < 0.7 { low = middle } else { high = middle }
        }
        let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
        for [n, x] in wave {
            let weight = n * share(low, *x) * (1.0 - share(low, *x));
            (sum, first, second) = (sum + weight, first + weight * x, second + weight * x * x);
        }
        information += second - first * first / sum;
    }
    1.0 / information.sqrt()
}

#[test]
fn power_and_coverage_are_the_textbooks() {
    const STUDIES: u64 = 300;
    let config = simple();
    let studies = PowerStudies::new(&config).unwrap();
    let stored = studies.summary(STUDIES, &studies.run(0..studies.count(STUDIES)));
    let designs = designs(&config);
    for row in &stored.rows {
        assert_eq!(row.fitted, STUDIES);
        let n = row.fitted as f64;
        let found = row.detected as f64 / n;
        // Standard errors differ between studies, as exposures do: power is the mean over them.
        let errors: Vec<f64> = designs.iter().map(|design| textbook(design, row.odds_ratio)).collect();
        let mean = |of: &dyn Fn(f64) -> f64| errors.iter().map(|error| of(*error)).sum::<f64>() / errors.len() as f64;
        let expected = mean(&|error| power_of_effect(num::ln(row.odds_ratio), error, 0.05));
        let error = mean(&|error| error * error).sqrt();
        let off = (found - expected) / (expected * (1.0 - expected) / n).sqrt();
        let ratio = row.mean_std_error.unwrap() / error;
        let covered = row.covered.unwrap() as f64 / n;
        let bias = (row.mean_estimate.unwrap() - num::ln(row.odds_ratio)) / (row.sd_estimate.unwrap() / n.sqrt());
        eprintln!(
            "odds ratio {}: power {found:.3}, by the textbook {expected:.3} ({off:.1} errors off); coverage \
             {covered:.3}; standard error {ratio:.3} times the textbook's; bias {bias:.1} errors",
            row.odds_ratio
        );
        assert!((expected - 0.05).abs() < 1e-9 || (0.3..0.9).contains(&expected), "{expected}");
        assert!(off.abs() < 3.5, "{off}");
        assert!((ratio - 1.0).abs() < 0.04, "{ratio}");
        assert!((covered - 0.95).abs() < 3.5 * (0.95 * 0.05 / n).sqrt(), "{covered}");
        assert!(bias.abs() < 3.5, "{bias}");
        // The estimates' own spread is what their errors say: within four Monte Carlo errors of a variance.
        let spread = row.sd_estimate.unwrap() / row.mean_std_error.unwrap();
        assert!((spread - 1.0).abs() < 4.0 / (2.0 * n).sqrt(), "{spread}");
    }
}

#[test]
fn studies_are_the_same_for_any_number_of_threads_and_in_any_pieces() {
    let config = load("config.yaml", &light()).unwrap().form.survey().unwrap().clone();
    let studies = PowerStudies::new(&config).unwrap();
    // In pieces that end before these studies.
    let run = |threads: usize, ends: &[u64]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let starts = [0].iter().chain(ends);
        pool.install(|| starts.zip(ends).flat_map(|(start, end)| studies.run(*start..*end)).collect::<Vec<_>>())
    };
    let whole = run(1, &[8]);
    assert_eq!(whole.len(), 8 * config.outcomes.len());
    assert!(whole.iter().filter(|fit| fit.numbers.is_some()).count() > 30, "{whole:?}");
    assert_eq!(whole, run(3, &[8]));
    assert_eq!(whole, run(2, &[3, 4, 8]));
    // Another effect beside those asked for leaves the others as they are.
    let mut more = config.clone();
    more.analyses.power.as_mut().unwrap().effects.insert(0, PowerEffect::Ratio(1.2));
    let more = PowerStudies::new(&more).unwrap().run(0..3);
    let numbers = |fits: &[pipeline::PowerFit], study: u64| -> Vec<_> {
        fits.iter().filter(|fit| fit.study == study).map(|fit| fit.numbers).collect()
    };
    assert_eq!(numbers(&whole, 0), numbers(&more, 1));
    assert_eq!(numbers(&whole, 1), numbers(&more, 2));
}
