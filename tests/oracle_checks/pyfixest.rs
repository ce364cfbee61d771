//! Logit and Poisson models under profile `fixest-0.13` against pyfixest (`oracles/pyfixest_glm.py`), which
//! follows R's fixest. families.py has the linear family.

use offprint::model::{Covariance, Fit, Options, Profile, fit};

use super::r::{Panel, family, panels, place, take};
use crate::model_support::{close, patterns};

/// A line of `oracles/pyfixest.csv`: coefficient, error and p value of the exposure, and responses.
struct Stored {
    coefficient: f64,
    std_error: f64,
    p_value: f64,
    responses: f64,
}

fn stored(model: &str, kind: &str) -> Stored {
    let wanted = format!("{model},{kind},");
    let line = include_str!("../oracles/pyfixest.csv").lines().find(|line| line.starts_with(&wanted));
    let line = line.unwrap_or_else(|| panic!("no stored {wanted}"));
    let v: Vec<f64> = line[wanted.len()..].split(',').map(|cell| cell.parse().expect("a number")).collect();
    Stored { coefficient: v[0], std_error: v[1], p_value: v[2], responses: v[3] }
}

const KINDS: [(&str, Covariance); 5] = [
    ("iid", Covariance::Iid),
    ("hc", Covariance::Hc1),
    ("cluster", Covariance::Cluster),
    ("nested", Covariance::Cluster),
    ("twoway", Covariance::TwoWay),
];

fn estimate(panel: &mut Panel, model: &str, kind: &str, covariance: Covariance) -> Fit {
    if kind == "nested" {
        panel.rows.iter_mut().for_each(|row| row.cluster = row.practice);
    }
    let patterns = patterns();
    let sample = take(panel, model, &patterns, false);
    let places = || sample.blocks.iter().map(|block| place(&panel.rows[block.rows.start])).collect();
    let second_cluster = if covariance == Covariance::TwoWay { places() } else { Vec::new() };
    let options =
        Options { family: family(model), vcov: Profile::Fixest013, covariance, second_cluster, ..Options::default() };
    fit(&sample, &options).expect("a fit")
}

/// The convention's factor at these numbers of responses and practices.
fn factor(kind: &str, n: f64, practices: f64) -> f64 {
    let k = 11.0 + practices;
    match kind {
        "hc" => n / (n - k),
        "nested" => practices / (practices - 1.0) * (n - 1.0) / (n - 12.0),
        _ => (n - 1.0) / (n - k),
    }
}

fn each(check: impl Fn(&Fit, &Stored, &str)) {
    for at in 0..2 {
        for model in ["logit", "poisson"] {
            for (kind, covariance) in KINDS {
                let mut panel = panels().into_iter().nth(at).expect("two panels");
                let fit = estimate(&mut panel, model, kind, covariance);
                let name = format!("{}_{model}", panel.name);
                check(&fit, &stored(&name, kind), &format!("{name} {kind}"));
            }
        }
    }
}

#[test]
fn coefficients_and_errors_as_pyfixest_has_them() {
    each(|fit, stored, what| {
        close(fit.coefficient[0], stored.coefficient, 1e-9, what);
        // pyfixest keeps a practice whose outcome never varies, which is nothing to the scores but counts in N
        // and K; here and in R's fixest it leaves.
        let kind = what.split(' ').nth(1).expect("a kind");
        let (n, groups) = (fit.responses as f64, fit.groups as f64);
        let gone = if stored.responses > n { 1.0 } else { 0.0 };
        let ratio = factor(kind, stored.responses, groups + gone) / factor(kind, n, groups);
        // Its errors are those of the step before its last: 2e-8 off in the Poisson model, where R agrees.
        close(fit.std_error[0] * ratio.sqrt(), stored.std_error, 1e-7, what);
    });
}

/// fixest refers to the normal distribution in every model but the linear one (`use_t_distr` in its source).
#[test]
fn p_values_as_pyfixest_has_them() {
    each(|fit, stored, what| {
        // Below, pyfixest's one minus a distribution function has no digits; the other practice moves the rest.
        if stored.p_value > 1e-9 {
            close(fit.p_value[0], stored.p_value, 1e-3, what);
        }
    });
}
