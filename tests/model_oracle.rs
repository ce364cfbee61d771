//! Estimates against statsmodels and explicit numpy algebra with one dummy per practice
//! (`oracles/make.py`, versions in `oracles/versions.txt`).

mod model_support;

use model_support::{Use, patterns, rows, sample};
use offprint::model::{Family, Fit, Options, Profile, fit};

fn reference(model: &str, term: &str, quantity: &str) -> f64 {
    let wanted = format!("{model},{term},{quantity},");
    let line = include_str!("oracles/reference.csv").lines().find(|line| line.starts_with(&wanted));
    line.unwrap_or_else(|| panic!("no stored {wanted}"))[wanted.len()..].parse().expect("a number")
}

fn name(fit: &Fit, at: usize) -> String {
    format!("{}{}", fit.terms[at].name, fit.terms[at].level)
}

fn close(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!((got / want - 1.0).abs() < tolerance, "{what}: got {got}, want {want}, relative {:e}", got / want - 1.0);
}

fn compare(model: &str, with: Use, options: &Options) -> Fit {
    let (rows, patterns) = (rows(), patterns());
    let fit = fit(&sample(&rows, &patterns, with), options).expect("the stored data fit");
    assert_eq!(fit.responses, rows.len() as u64);
    for at in 0..fit.terms.len() {
        let term = name(&fit, at);
        close(fit.coefficient[at], reference(model, &term, "coefficient"), 1e-9, &term);
        close(fit.std_error[at], reference(model, &term, "std_error"), 1e-8, &term);
    }
    close(fit.log_likelihood, reference(model, "", "log_likelihood"), 1e-12, "log likelihood");
    fit
}

fn options(absorb: bool) -> Options {
    Options { absorb, vcov: Profile::None, effect_of: Some(0), ..Options::default() }
}

fn compare_effect(model: &str, fit: &Fit) {
    let effect = fit.average_marginal_effect.expect("an exposure was named");
    close(effect.estimate, reference(model, "exposure", "ame"), 1e-9, "marginal effect");
    close(effect.std_error, reference(model, "exposure", "ame_se"), 1e-8, "its error");
}

#[test]
fn logit_with_absorbed_practices_equals_statsmodels_with_dummies() {
    let fit = compare("main", Use::default(), &options(true));
    compare_effect("main", &fit);
    for at in 0..fit.terms.len() {
        close(fit.std_error[at], reference("main", &name(&fit, at), "statsmodels_std_error"), 1e-8, "statsmodels");
    }
    assert_eq!((fit.groups, fit.clusters), (50, 17));
    assert!(fit.gradient_norm < 1e-8, "{}", fit.gradient_norm);
}

#[test]
fn logit_with_intercept() {
    let fit = compare("intercept", Use::default(), &options(false));
    compare_effect("intercept", &fit);
    assert_eq!(fit.terms.last().unwrap().name, "(intercept)");
}

#[test]
fn weighted_logit() {
    compare_effect("weighted", &compare("weighted", Use { weight: true, z: false }, &options(true)));
}

#[test]
fn row_level_numbers_with_and_without_weights() {
    compare_effect("numeric", &compare("numeric", Use { weight: false, z: true }, &options(true)));
    compare_effect("weighted_numeric", &compare("weighted_numeric", Use { weight: true, z: true }, &options(false)));
}

#[test]
fn linear_probability_model() {
    let fit = compare("linear", Use::default(), &Options { family: Family::Linear, ..options(true) });
    let effect = fit.average_marginal_effect.unwrap();
    close(effect.estimate, fit.coefficient[0], 1e-12, "marginal effect");
    close(effect.std_error, fit.std_error[0], 1e-12, "its error");
}

#[test]
fn stata_profile_is_the_cluster_factor_alone() {
    let (rows, patterns) = (rows(), patterns());
    let fit =
        fit(&sample(&rows, &patterns, Use::default()), &Options { vcov: Profile::Stata, ..options(true) }).unwrap();
    close(fit.small_sample.factor, 17.0 / 16.0, 1e-15, "factor");
    close(fit.std_error[0], reference("main", "exposure", "std_error") * (17.0_f64 / 16.0).sqrt(), 1e-8, "error");
}

#[test]
fn fixest_profile_equals_pyfixest_with_crossing_and_with_nested_clusters() {
    let (mut rows, patterns) = (rows(), patterns());
    let options = Options { family: Family::Linear, vcov: Profile::Fixest013, ..options(true) };
    for model in ["fixest_crossing", "fixest_nested"] {
        let fit = fit(&sample(&rows, &patterns, Use::default()), &options).unwrap();
        close(fit.coefficient[0], reference(model, "exposure", "coefficient"), 1e-9, model);
        close(fit.std_error[0], reference(model, "exposure", "std_error"), 1e-8, model);
        close(fit.p_value[0], reference(model, "exposure", "p_value"), 1e-6, model);
        rows.iter_mut().for_each(|row| row.cluster = row.practice);
    }
}

#[test]
fn a_numeric_outcome_with_and_without_weights() {
    let (rows, patterns) = (rows(), patterns());
    let options = Options { family: Family::Linear, ..options(true) };
    for weight in [true, false] {
        let mut sample = sample(&rows, &patterns, Use { weight, z: false });
        sample.outcome = Some(rows.iter().map(|row| row.z).collect());
        let fit = fit(&sample, &options).unwrap();
        // Another unit for the outcome, the same passes.
        sample.outcome.iter_mut().flatten().for_each(|z| *z *= 1e9);
        let large = offprint::model::fit(&sample, &options).unwrap();
        assert_eq!(large.trace.len(), fit.trace.len());
        close(large.coefficient[0], fit.coefficient[0] * 1e9, 1e-9, "outcome in another unit");
        if weight {
            for at in 0..fit.terms.len() {
                let term = name(&fit, at);
                close(fit.coefficient[at], reference("number", &term, "coefficient"), 1e-9, &term);
                close(fit.std_error[at], reference("number", &term, "std_error"), 1e-8, &term);
            }
        } else {
            close(fit.coefficient[0], reference("number_unweighted", "exposure", "coefficient"), 1e-9, "coefficient");
            close(fit.log_likelihood, reference("number_unweighted", "", "log_likelihood"), 1e-12, "likelihood");
        }
    }
}
