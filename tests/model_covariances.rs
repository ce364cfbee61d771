//! Every covariance against explicit algebra with one dummy per practice, and against pyfixest,
//! statsmodels and linearmodels under the profile they follow (`oracles/families.py`).

mod model_support;

use model_support::{Use, close, counts, name, patterns, reference, rows, sample, textbook};
use offprint::model::{
    Covariance, Family, Fit, FitError, Options, Patterns, Profile, Reference, Sample, Warning, Way, fit,
};

const KINDS: [(Covariance, &str); 5] = [
    (Covariance::Iid, "iid"),
    (Covariance::Hc1, "hc"),
    (Covariance::Cluster, "cluster"),
    (Covariance::TwoWay, "twoway"),
    (Covariance::Cr3, "cr3"),
];

fn options(covariance: Covariance, sample: &Sample, waves: &[u32]) -> Options {
    let second = |at: &offprint::model::Block| waves[at.rows.start];
    Options {
        vcov: Profile::None,
        covariance,
        effect_of: Some(0),
        second_cluster: if covariance == Covariance::TwoWay {
            sample.blocks.iter().map(second).collect()
        } else {
            vec![]
        },
        ..Options::default()
    }
}

fn compare(model: &str, sample: &Sample, family: Family, absorb: bool) {
    let waves: Vec<u32> = rows().iter().map(|row| row.wave).collect();
    for (covariance, kind) in KINDS {
        let fit = fit(sample, &Options { family, absorb, ..options(covariance, sample, &waves) });
        let fit = fit.unwrap_or_else(|error| panic!("{model} {kind}: {error}"));
        let none = if family == Family::Linear && kind == "iid" {
            let n = fit.responses as f64;
            let k = fit.terms.len() as f64 + if absorb { fit.groups as f64 } else { 0.0 };
            (n / (n - k)).sqrt()
        } else {
            1.0
        };
        for at in 0..fit.terms.len() {
            let term = name(&fit, at);
            let (error, wanted) = (fit.std_error[at] * none, reference(model, &term, &format!("se_{kind}")));
            if wanted.is_nan() {
                // Wave indicators have hardly any variance between waves: the stored numbers say so too.
                assert!(
                    kind == "twoway" && error.is_nan() && term.starts_with("wave"),
                    "{model} {kind} {term}: {error}"
                );
                let warned = |warning: &Warning| matches!(warning, Warning::NegativeVariance { terms } if terms.contains(&fit.terms[at]));
                assert!(fit.warnings.iter().any(warned));
                continue;
            }
            // What is left of a difference of nearly equal variances has fewer digits.
            let cancels = kind == "twoway" && wanted < 0.3 * reference(model, &term, "se_cluster");
            let tolerance = if cancels { 1e-6 } else { 1e-8 };
            close(error, wanted, tolerance, &format!("{model} {kind} {term}"));
        }
        if kind != "cr3" || family == Family::Linear {
            let effect = fit.average_marginal_effect.expect("an exposure was named").std_error * none;
            close(
                effect,
                reference(model, "exposure", &format!("ame_se_{kind}")),
                1e-8,
                &format!("{model} {kind} effect"),
            );
        }
    }
}

#[test]
fn logit() {
    let (rows, patterns) = (rows(), patterns());
    compare("logit", &sample(&rows, &patterns, Use::default()), Family::Logit, true);
    compare("logit_weighted", &sample(&rows, &patterns, Use { weight: true, z: false }), Family::Logit, true);
}

#[test]
fn probit() {
    let (rows, patterns) = (rows(), patterns());
    compare("probit", &sample(&rows, &patterns, Use::default()), Family::Probit, true);
    compare("probit_intercept", &sample(&rows, &patterns, Use { weight: false, z: true }), Family::Probit, false);
    compare("probit_weighted", &sample(&rows, &patterns, Use { weight: true, z: false }), Family::Probit, true);
}

#[test]
fn poisson() {
    let (rows, patterns, counts) = (rows(), patterns(), counts());
    let outcome = Some(counts.iter().map(|c| c[0]).collect());
    let offset = Some(counts.iter().map(|c| c[1]).collect());
    let plain = Sample { outcome, offset, ..sample(&rows, &patterns, Use::default()) };
    compare("poisson", &plain, Family::Poisson, true);
    let with = sample(&rows, &patterns, Use { weight: true, z: true });
    compare(
        "poisson_weighted",
        &Sample { outcome: plain.outcome, offset: plain.offset, ..with },
        Family::Poisson,
        false,
    );
}

#[test]
fn linear() {
    let (rows, patterns) = (rows(), patterns());
    let plain = sample(&rows, &patterns, Use::default());
    compare("linear", &plain, Family::Linear, true);
    let number = Some(rows.iter().map(|row| row.z).collect());
    compare("number", &Sample { outcome: number.clone(), ..plain }, Family::Linear, true);
    let weighted = sample(&rows, &patterns, Use { weight: true, z: false });
    compare("number_weighted", &Sample { outcome: number, ..weighted }, Family::Linear, true);
}

fn exposure(covariance: Covariance, vcov: Profile, absorb_clusters: bool) -> Fit {
    let (mut rows, patterns) = (rows(), patterns());
    let waves: Vec<u32> = rows.iter().map(|row| row.wave).collect();
    if absorb_clusters {
        rows.iter_mut().for_each(|row| row.cluster = row.practice);
    }
    let sample = sample(&rows, &patterns, Use::default());
    fit(&sample, &Options { family: Family::Linear, vcov, ..options(covariance, &sample, &waves) })
        .expect("the stored data fit")
}

#[test]
fn fixest_profile_equals_pyfixest() {
    let cases = [
        (Covariance::Iid, "pyfixest_iid", false),
        (Covariance::Hc1, "pyfixest_hetero", false),
        (Covariance::TwoWay, "pyfixest_twoway", false),
        (Covariance::TwoWay, "pyfixest_nested", true),
    ];
    for (covariance, model, nested) in cases {
        let fit = exposure(covariance, Profile::Fixest013, nested);
        close(fit.coefficient[0], reference(model, "exposure", "coefficient"), 1e-9, model);
        close(fit.std_error[0], reference(model, "exposure", "std_error"), 1e-8, model);
        close(fit.p_value[0], reference(model, "exposure", "p_value"), 1e-6, model);
    }
}

#[test]
fn leave_one_out_equals_pyfixest_but_for_its_factors() {
    let fit = exposure(Covariance::Cr3, Profile::Fixest013, false);
    // pyfixest 0.60 multiplies the sum of squares by its factors for clusters and parameters; here it is
    // (G-1)/G, as MacKinnon, Nielsen and Webb define CV3.
    let theirs = 17.0 / 16.0 * 5579.0 / 5519.0;
    let sum = reference("pyfixest_crv3", "exposure", "std_error") / f64::sqrt(theirs);
    close(fit.std_error[0] / f64::sqrt(16.0 / 17.0), sum, 1e-8, "root of the sum of squares");
    assert_eq!(fit.small_sample.factor, 16.0 / 17.0);
}

#[test]
fn two_ways_equal_statsmodels_and_linearmodels() {
    let stata = exposure(Covariance::TwoWay, Profile::Stata, false);
    // linearmodels also multiplies by (N-1)/N.
    let theirs = reference("linearmodels_twoway", "exposure", "std_error") / f64::sqrt(5579.0 / 5580.0);
    // Neither kind of clusters holds the 50 groups whole, so they count in K.
    let few = 5579.0 / (5580.0 - 61.0);
    close(stata.std_error[0], theirs * f64::sqrt(few), 1e-8, "each its own factor");
    let none = exposure(Covariance::TwoWay, Profile::None, false);
    close(none.std_error[0], reference("statsmodels_twoway", "exposure", "std_error"), 1e-8, "no factor");
    assert_eq!((none.clusters, none.ways.len()), (17, 3));
    let (g, w) = (17.0, 6.0);
    assert_eq!(stata.ways[0], Way { clusters: 17, factor: g / (g - 1.0) * few });
    assert_eq!(stata.ways[1], Way { clusters: 6, factor: w / (w - 1.0) * few });
    assert!(stata.ways[2].factor < -1.0);
}

#[test]
fn few_clusters_draw_a_warning_and_the_reference_is_told() {
    let fit = exposure(Covariance::Cr3, Profile::Stata, false);
    assert_eq!(fit.warnings, [Warning::FewClusters { clusters: 17 }]);
    assert_eq!((fit.reference, fit.errors), (Reference::StudentT(16.0), Covariance::Cr3));
    let many = exposure(Covariance::Cluster, Profile::Stata, true);
    assert_eq!((many.warnings, many.clusters, many.reference), (vec![], 50, Reference::StudentT(49.0)));
    let none = exposure(Covariance::Iid, Profile::Stata, false);
    assert!(none.warnings.is_empty() && none.ways.is_empty());
    assert_eq!(none.reference, Reference::StudentT(none.responses as f64 - 61.0));
}

#[test]
fn published_models_with_classical_errors() {
    let nothing = Patterns::default();
    for (data, text) in [("mroz", include_str!("oracles/mroz.csv")), ("fair", include_str!("oracles/fair.csv"))] {
        let sample = textbook(text, &nothing, false);
        for (family, kind) in [(Family::Logit, "logit"), (Family::Probit, "probit")] {
            let model = format!("{data}_{kind}");
            let covariance = Covariance::Iid;
            let options = |at| Options { absorb: false, family, covariance, effect_of: Some(at), ..Options::default() };
            for at in 0..sample.columns.len() {
                let fit = fit(&sample, &options(at)).unwrap();
                let (term, effect) = (name(&fit, at), fit.average_marginal_effect.unwrap());
                close(fit.std_error[at], reference(&model, &term, "se_iid"), 1e-8, &term);
                close(effect.estimate, reference(&model, &term, "ame"), 1e-8, &term);
                close(effect.std_error, reference(&model, &term, "ame_se_iid"), 1e-8, &term);
            }
        }
    }
}

#[test]
fn without_one_cluster_is_a_refit_in_the_linear_family() {
    let (rows, patterns) = (rows(), patterns());
    let of = |keep: &dyn Fn(u32) -> bool| -> Vec<model_support::Row> {
        rows.iter().filter(|row| keep(row.cluster)).copied().collect()
    };
    let options = Options { family: Family::Linear, covariance: Covariance::Cr3, ..Options::default() };
    let all = fit(&sample(&rows, &patterns, Use::default()), &options).unwrap();
    let mut squares = vec![0.0; all.terms.len()];
    for cluster in 0..17 {
        let left = of(&|c| c != cluster);
        let fit =
            fit(&sample(&left, &patterns, Use::default()), &Options { covariance: Covariance::Iid, ..options.clone() });
        let fit = fit.unwrap();
        assert_eq!(fit.terms, all.terms);
        for (sum, (a, b)) in squares.iter_mut().zip(fit.coefficient.iter().zip(&all.coefficient)) {
            *sum += (a - b) * (a - b) * 16.0 / 17.0;
        }
    }
    for (at, sum) in squares.iter().enumerate() {
        close(all.std_error[at], sum.sqrt(), 1e-9, &name(&all, at));
    }
}

#[test]
fn a_level_of_one_cluster_alone_stops_the_jackknife_by_name() {
    let (mut rows, patterns) = (rows(), patterns());
    let mut seen = 0;
    for row in &mut rows {
        if row.gender == 2 {
            row.gender = 0;
        }
        if row.cluster == 2 && row.practice == 6 {
            row.gender = if seen % 3 == 0 { 2 } else { 0 };
            seen += 1;
        }
    }
    let sample = sample(&rows, &patterns, Use::default());
    let got = fit(&sample, &Options { covariance: Covariance::Cr3, ..Options::default() });
    match got {
        Err(FitError::LeaveOneOut { term }) => assert_eq!(term.to_string(), "`gender: 2`"),
        other => panic!("{other:?}"),
    }
}
