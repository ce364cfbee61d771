//! Families, offsets and textbook data against statsmodels and explicit algebra
//! (`oracles/families.py`, versions in `oracles/families_versions.txt`).

mod model_support;

use model_support::{Use, close, counts, name, patterns, reference, rows, sample, textbook};
use offprint::model::{
    At, Covariance, Family, Fit, FitError, Options, Patterns, Profile, Reason, Reference, Sample, Term, fit, wald,
};

const OPTIONS: Options = Options {
    absorb: true,
    family: Family::Logit,
    vcov: Profile::None,
    covariance: Covariance::Cluster,
    second_cluster: Vec::new(),
    effect_of: Some(0),
    through: Vec::new(),
    subgroups: Vec::new(),
    contrasts: Vec::new(),
    scenarios: Vec::new(),
    joint: Vec::new(),
    bootstrap: None,
    tolerance: 1e-7,
    max_iterations: 30,
};

fn compare(model: &str, sample: &Sample, options: &Options) -> Fit {
    let fit = fit(sample, options).expect("the stored data fit");
    for at in 0..fit.terms.len() {
        let term = name(&fit, at);
        close(fit.coefficient[at], reference(model, &term, "coefficient"), 1e-9, &term);
        close(fit.std_error[at], reference(model, &term, "se_cluster"), 1e-8, &term);
    }
    let effect = fit.average_marginal_effect.expect("an exposure was named");
    close(effect.estimate, reference(model, "exposure", "ame"), 1e-9, "marginal effect");
    close(effect.std_error, reference(model, "exposure", "ame_se_cluster"), 1e-8, "its error");
    if options.family != Family::Linear {
        close(fit.log_likelihood, reference(model, "", "log_likelihood"), 1e-12, "log likelihood");
    }
    assert!(fit.gradient_norm < 1e-5, "{}", fit.gradient_norm);
    fit
}

#[test]
fn probit() {
    let (rows, patterns) = (rows(), patterns());
    let options = Options { family: Family::Probit, ..OPTIONS };
    compare("probit", &sample(&rows, &patterns, Use::default()), &options);
    compare("probit_weighted", &sample(&rows, &patterns, Use { weight: true, z: false }), &options);
    let with = Use { weight: false, z: true };
    compare("probit_intercept", &sample(&rows, &patterns, with), &Options { absorb: false, ..options });
}

#[test]
fn poisson_with_and_without_offset() {
    let (rows, patterns, counts) = (rows(), patterns(), counts());
    let options = Options { family: Family::Poisson, ..OPTIONS };
    let number = Some(counts.iter().map(|c| c[0]).collect());
    let offset = Some(counts.iter().map(|c| c[1]).collect());
    let plain = Sample { outcome: number, ..sample(&rows, &patterns, Use::default()) };
    compare("poisson_plain", &plain, &options);
    compare("poisson", &Sample { offset: offset.clone(), ..plain.clone() }, &options);
    let with = sample(&rows, &patterns, Use { weight: true, z: true });
    let weighted = Sample { outcome: plain.outcome, offset, ..with };
    compare("poisson_weighted", &weighted, &Options { absorb: false, ..options });
}

#[test]
fn logit_with_an_offset() {
    let (rows, patterns) = (rows(), patterns());
    let offset = Some(counts().iter().map(|c| c[1]).collect());
    compare("logit_offset", &Sample { offset, ..sample(&rows, &patterns, Use::default()) }, &OPTIONS);
}

#[test]
fn linear_with_a_constant_offset_moves_the_intercept_only() {
    let (rows, patterns) = (rows(), patterns());
    let options = Options { family: Family::Linear, absorb: false, ..OPTIONS };
    let straight = sample(&rows, &patterns, Use::default());
    let moved = Sample { offset: Some(vec![0.25; rows.len()]), ..straight.clone() };
    let (a, b) = (fit(&straight, &options).unwrap(), fit(&moved, &options).unwrap());
    let last = a.terms.len() - 1;
    for at in 0..last {
        close(b.coefficient[at], a.coefficient[at], 1e-11, "coefficient");
        close(b.std_error[at], a.std_error[at], 1e-11, "error");
    }
    close(b.coefficient[last] + 0.25, a.coefficient[last], 1e-11, "intercept");
    close(b.log_likelihood, a.log_likelihood, 1e-12, "likelihood");
}

#[test]
fn published_labour_force_and_affairs_models() {
    let nothing = Patterns::default();
    for (data, text) in [("mroz", include_str!("oracles/mroz.csv")), ("fair", include_str!("oracles/fair.csv"))] {
        let sample = textbook(text, &nothing, false);
        for (family, kind) in [(Family::Logit, "logit"), (Family::Probit, "probit")] {
            let model = format!("{data}_{kind}");
            let fit = fit(&sample, &Options { absorb: false, family, effect_of: None, ..OPTIONS }).unwrap();
            for at in 0..fit.terms.len() {
                let term = name(&fit, at);
                close(fit.coefficient[at], reference(&model, &term, "coefficient"), 1e-8, &term);
                // One row a cluster and no factor: HC0, with the observed information.
                close(fit.std_error[at], reference(&model, &term, "se_hc"), 1e-8, &term);
            }
            close(fit.log_likelihood, reference(&model, "", "log_likelihood"), 1e-12, "log likelihood");
            if data == "mroz" {
                // Wooldridge, Econometric Analysis, 2nd ed., table 15.1: education, children under 6, likelihood.
                let published = if kind == "logit" { [0.221, -1.443, -401.77] } else { [0.131, -0.868, -401.30] };
                for (got, want) in [fit.coefficient[1], fit.coefficient[5], fit.log_likelihood].iter().zip(published) {
                    assert!((got - want).abs() < 0.006, "{got} for the published {want}");
                }
            }
        }
    }
}

#[test]
fn groups_and_levels_without_a_count_leave_and_are_counted() {
    let (rows, patterns, counts) = (rows(), patterns(), counts());
    let mut number: Vec<f64> = counts.iter().map(|c| c[0]).collect();
    for (y, row) in number.iter_mut().zip(&rows) {
        if [3, 7].contains(&row.practice) || row.age == 3 {
            *y = 0.0;
        }
    }
    let empty = |f: &dyn Fn(&model_support::Row) -> bool| rows.iter().filter(|r| f(r)).count() as u64;
    let from = sample(&rows, &patterns, Use::default());
    let fit = fit(&Sample { outcome: Some(number), ..from.clone() }, &Options { family: Family::Poisson, ..OPTIONS });
    let fit = fit.unwrap();
    let told: Vec<(Reason, u64)> = fit.dropped.iter().map(|d| (d.reason.clone(), d.responses)).collect();
    let gone = |r: &model_support::Row| [3, 7].contains(&r.practice);
    let level = Reason::Separated { term: Term::new("age", "3"), outcome: false };
    let wanted = [(Reason::GroupAllFailures, empty(&gone)), (level, empty(&|r| r.age == 3 && !gone(r)))];
    assert_eq!(told, wanted);
    assert_eq!((fit.groups, fit.responses), (48, empty(&|r| !gone(r) && r.age != 3)));
    assert_eq!(fit.unobserved, [Term::new("age", "3")]);
    let options = Options { family: Family::Poisson, ..OPTIONS };
    let zeros = Sample { outcome: Some(vec![0.0; rows.len()]), ..from.clone() };
    assert_eq!(offprint::model::fit(&zeros, &options), Err(FitError::OutcomeConstant { value: 0.0 }));
    let negative = Sample { outcome: Some(vec![-1.0; rows.len()]), ..from };
    assert!(matches!(offprint::model::fit(&negative, &options), Err(FitError::Malformed(_))));
}

#[test]
fn counted_rows_equal_repeated_rows_in_every_family() {
    let (rows, patterns, counts) = (rows(), patterns(), counts());
    let twice: Vec<model_support::Row> = rows.iter().flat_map(|row| [*row, *row]).collect();
    for family in [Family::Logit, Family::Linear, Family::Probit, Family::Poisson] {
        let options = Options { family, ..OPTIONS };
        let mut once = sample(&rows, &patterns, Use::default());
        let mut repeated = sample(&twice, &patterns, Use::default());
        if family == Family::Poisson {
            once.outcome = Some(counts.iter().map(|c| c[0]).collect());
            repeated.outcome = Some(counts.iter().flat_map(|c| [c[0], c[0]]).collect());
        }
        once.count = Some(vec![2; rows.len()]);
        assert_eq!(fit(&once, &options), fit(&repeated, &options), "{family:?}");
        // Scaling a column scales its coefficient and its marginal effect.
        let mut scaled = once.clone();
        scaled.columns[0].values.iter_mut().for_each(|v| *v *= 1000.0);
        let (a, b) = (fit(&once, &options).unwrap(), fit(&scaled, &options).unwrap());
        close(b.coefficient[0] * 1000.0, a.coefficient[0], 1e-10, "scaled coefficient");
        close(b.std_error[0] * 1000.0, a.std_error[0], 1e-10, "scaled error");
    }
}

#[test]
fn contrasts_and_joint_tests_equal_explicit_algebra() {
    let (rows, patterns, counts) = (rows(), patterns(), counts());
    let number = Some(counts.iter().map(|c| c[0]).collect());
    let offset = Some(counts.iter().map(|c| c[1]).collect());
    let contrasts = vec![(At::Value(0.0), At::Observed), (At::Value(0.0), At::Value(2.0))];
    for (model, family, weight) in [
        ("logit", Family::Logit, false),
        ("logit_weighted", Family::Logit, true),
        ("probit", Family::Probit, false),
        ("poisson", Family::Poisson, false),
        ("linear", Family::Linear, false),
    ] {
        let mut sample = sample(&rows, &patterns, Use { weight, z: false });
        if family == Family::Poisson {
            (sample.outcome, sample.offset) = (number.clone(), offset.clone());
        }
        let options = Options { family, contrasts: contrasts.clone(), ..OPTIONS };
        let fit = fit(&sample, &options).unwrap();
        for (contrast, name) in fit.contrasts.iter().zip(["none", "zero_two"]) {
            for (estimate, tag) in
                [(contrast.at_from, "from"), (contrast.at_to, "to"), (contrast.difference, "difference")]
            {
                close(estimate.estimate, reference(model, name, tag), 1e-9, &format!("{model} {name} {tag}"));
                let error = reference(model, name, &format!("{tag}_se"));
                close(estimate.std_error, error, 1e-8, &format!("{model} {name} {tag} error"));
            }
        }
        let test = wald(&fit, &["wave"]).unwrap();
        assert_eq!(test.df, 5);
        close(test.statistic, reference(model, "wave", "wald"), 1e-8, "statistic");
        close(test.p_value, reference(model, "wave", "wald_p"), 1e-6, "p value");
        let mut other = fit.clone();
        other.reference = Reference::StudentT(16.0);
        close(wald(&other, &["wave"]).unwrap().p_value, reference(model, "wave", "wald_f_p"), 1e-6, "F p value");
        assert_eq!(wald(&fit, &["nothing"]), Err(FitError::NotTestable { term: None }));
    }
}
