//! The wild cluster bootstrap against actual regressions over all sign combinations
//! (`oracles/bootstrap.py`).

mod model_support;

use model_support::{Use, close, patterns, rows, sample};
use offprint::model::{Bootstrap, BootstrapTest, Covariance, Family, FitError, Options, Profile, fit};

fn stored(model: &str, quantity: &str) -> f64 {
    let wanted = format!("{model},{quantity},");
    let line = include_str!("oracles/bootstrap.csv").lines().find(|line| line.starts_with(&wanted));
    line.unwrap_or_else(|| panic!("no stored {wanted}"))[wanted.len()..].parse().expect("a number")
}

fn test(family: Family, draws: u64, seed: u64) -> BootstrapTest {
    let (mut rows, patterns) = (rows(), patterns());
    for row in &mut rows {
        row.cluster %= 8;
        row.exposure += if row.wave >= 3 { f64::from(row.practice * 37 % 11) / 4.0 } else { 0.0 };
    }
    let bootstrap = Some(Bootstrap { draws, seed });
    let options = Options { family, vcov: Profile::None, effect_of: Some(0), bootstrap, ..Options::default() };
    let fit = fit(&sample(&rows, &patterns, Use::default()), &options).expect("the stored data fit");
    let test = fit.bootstrap.expect("a bootstrap was asked for");
    if family == Family::Linear {
        close(test.statistic, fit.statistic[0], 1e-9, "the usual t");
    }
    test
}

#[test]
fn all_signs_of_eight_clusters_equal_actual_regressions() {
    for (family, model) in [(Family::Linear, "linear"), (Family::Logit, "logit")] {
        let test = test(family, 999, 1);
        assert_eq!((test.draws, test.enumerated), (256, true));
        close(test.statistic, stored(model, "statistic"), 1e-8, model);
        close(test.p_value, stored(model, "p"), 1e-12, model);
    }
}

#[test]
fn drawn_signs_are_near_all_signs_and_follow_the_seed() {
    let (a, b, c) = (test(Family::Logit, 255, 1), test(Family::Logit, 255, 1), test(Family::Logit, 255, 2));
    assert!(!a.enumerated && a.draws == 255);
    assert_eq!(a, b);
    let p = stored("logit", "p");
    let reach = 4.0 * (p * (1.0 - p) / 255.0).sqrt();
    assert!((a.p_value - p).abs() < reach && (c.p_value - p).abs() < reach, "{} {} {p}", a.p_value, c.p_value);
    assert_ne!(a.p_value, c.p_value);
}

#[test]
fn threads_change_nothing() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let one = pool(1).install(|| test(Family::Probit, 200, 5));
    assert_eq!(one, pool(3).install(|| test(Family::Probit, 200, 5)));
}

#[test]
fn what_it_cannot_do_is_said() {
    let (rows, patterns) = (rows(), patterns());
    let sample = sample(&rows, &patterns, Use::default());
    let bootstrap = Some(Bootstrap { draws: 99, seed: 1 });
    for options in [
        Options { bootstrap, ..Options::default() },
        Options { bootstrap, effect_of: Some(0), covariance: Covariance::Hc1, ..Options::default() },
    ] {
        assert!(matches!(fit(&sample, &options), Err(FitError::Malformed(_))));
    }
}
