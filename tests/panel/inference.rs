//! What the config asks of the models reaches them: families, errors, contrasts, tests, failures.

use crate::pipeline::study;
use offprint::config::{
    ClusterUnit, Config, Errors, ExposureAt, Family, JointTest, Model, ModelContrast, TestPlan, Vcov,
};
use offprint::disclosure::{Findings, ModelResult};
use offprint::ingest::Data;
use offprint::{panel, pipeline, tables};

fn found(config: &Config, data: &Data) -> Findings {
    let (panel, provision) = panel::build(config, data.clone()).unwrap();
    pipeline::findings(config, &panel, &provision, &|_, _, _| {}).unwrap()
}

/// The small shipped study with its main model only.
fn plain() -> (Config, Data) {
    let (mut config, data) = study(12_000);
    config.models.truncate(1);
    config.models[0].covariates.truncate(2);
    config.tests = TestPlan::plain(config.outcomes.len());
    (config, data)
}

fn variant(config: &Config, id: &str, change: impl Fn(&mut Model)) -> Model {
    let mut model = Model { id: id.into(), contrasts: Vec::new(), ..config.models[0].clone() };
    change(&mut model);
    model
}

fn one<'a>(config: &Config, findings: &'a Findings, id: &str) -> &'a ModelResult {
    let at = config.models.iter().position(|model| model.id == id).unwrap();
    findings.models.iter().find(|result| result.model == at && result.outcome == 3).unwrap()
}

fn close(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * b.abs(), "{a} against {b}");
}

#[test]
fn families_agree_on_percentage_points_and_only_logit_has_odds_ratios() {
    let (mut config, data) = plain();
    let one_unit = ModelContrast {
        id: "unit".into(),
        label: String::new(),
        from: ExposureAt::Value(0.0),
        to: ExposureAt::Value(1.0),
    };
    for (id, family) in [("probit", Family::Probit), ("linear", Family::Linear)] {
        let model = variant(&config, id, |model| {
            model.family = family;
            model.contrasts = vec![one_unit.clone()];
        });
        config.models.push(model);
    }
    let findings = found(&config, &data);
    let effect = |id| one(&config, &findings, id).average_marginal_effect.shown().unwrap().clone();
    for id in ["probit", "linear"] {
        let (here, main) = (effect(id), effect("main"));
        assert!((here.estimate - main.estimate).abs() < main.std_error, "{id}: {here:?} {main:?}");
        close(here.std_error, main.std_error, 0.25);
        let result = one(&config, &findings, id);
        assert_eq!(result.odds_ratio.status(), "not estimated: only a logistic model has odds ratios");
        assert!(result.e_value.shown().is_none());
    }
    // In a linear model a unit of exposure is its coefficient, with the same error.
    let linear = one(&config, &findings, "linear");
    let difference = linear.contrasts[0].difference.shown().unwrap();
    close(difference.estimate, linear.exposure.shown().unwrap().estimate, 1e-9);
    close(difference.std_error, linear.exposure.shown().unwrap().std_error, 1e-9);
    let rows = tables::results_rows(&config, &findings);
    let quantities = |id: &str| -> Vec<&str> {
        rows.iter().filter(|row| row[0] == id && row[1] == "experience").map(|row| row[4].as_str()).collect()
    };
    assert!(quantities("main").contains(&"odds_ratio") && quantities("main").contains(&"e_value"));
    assert!(quantities("probit").contains(&"predicted_at_1") && quantities("probit").contains(&"contrast_people"));
    assert!(!quantities("linear").iter().any(|quantity| ["odds_ratio", "e_value"].contains(quantity)));
}

#[test]
fn the_contrast_with_what_was_observed_ends_at_the_observed_share() {
    let (config, data) = plain();
    assert_eq!(config.models[0].contrasts.len(), 1);
    let findings = found(&config, &data);
    let (panel, _) = panel::build(&config, data).unwrap();
    for result in &findings.models {
        let kept = panel.kept(&config, &config.models[0], result.outcome);
        let class = &panel.outcomes[result.outcome].class;
        let rows = || kept.iter().flat_map(|(_, rows)| rows).map(|row| *row as usize);
        let all: u64 = rows().map(|row| panel.responses(row)).sum();
        let row = &result.contrasts[0];
        let (from, to) = (row.from.shown().unwrap(), row.to.shown().unwrap());
        close(row.difference.shown().unwrap().estimate, to.mean - from.mean, 1e-9);
        // Practice effects make the mean prediction the share among those analysed.
        assert!(to.error.is_none() && from.error.is_some());
        if *result.n.shown().unwrap() == all {
            let successes: u64 =
                rows().filter(|row| class[*row] == panel::SUCCESS).map(|row| panel.responses(row)).sum();
            close(to.mean, successes as f64 / all as f64, 1e-9);
        }
    }
}

#[test]
fn each_kind_of_errors_reaches_the_model() {
    let (mut config, data) = plain();
    let kinds: [(&str, Errors, ClusterUnit, bool); 6] = [
        ("cr3", Errors::Cr3, ClusterUnit::Cluster, false),
        ("hc1", Errors::Hc1, ClusterUnit::Cluster, false),
        ("iid", Errors::Iid, ClusterUnit::Cluster, false),
        ("practice", Errors::Cluster, ClusterUnit::Practice, false),
        ("both", Errors::Cluster, ClusterUnit::Cluster, true),
        ("again", Errors::Cluster, ClusterUnit::Cluster, false),
    ];
    for (id, errors, cluster, cluster_waves) in kinds {
        let model = variant(&config, id, |model| {
            (model.errors, model.cluster, model.cluster_waves, model.vcov) =
                (errors, cluster, cluster_waves, Vcov::Fixest);
        });
        config.models.push(model);
    }
    let findings = found(&config, &data);
    let error = |id| one(&config, &findings, id).exposure.shown().unwrap().std_error;
    let estimate = |id| one(&config, &findings, id).exposure.shown().unwrap().estimate;
    let ways = |id| one(&config, &findings, id).fit.ways.shown().unwrap().clone();
    for (id, ..) in kinds {
        assert_eq!(estimate(id).to_bits(), estimate("main").to_bits(), "{id}: errors change no estimate");
    }
    assert!(error("cr3") > error("again"), "{} {}", error("cr3"), error("again"));
    let distinct: std::collections::BTreeSet<u64> = kinds.iter().map(|(id, ..)| error(*id).to_bits()).collect();
    assert_eq!(distinct.len(), kinds.len());
    assert!(ways("iid").is_empty() && ways("hc1").is_empty());
    assert_eq!(ways("both").len(), 3);
    assert_eq!(ways("both")[1].0, 6, "waves");
    assert_eq!(ways("practice")[0].0, *one(&config, &findings, "practice").groups.shown().unwrap());
    assert!(one(&config, &findings, "main").fit.df.is_none());
    assert!(one(&config, &findings, "again").fit.df.is_none(), "no t in a logit");
    assert_eq!(one(&config, &findings, "cr3").fit.df, Some(ways("cr3")[0].0 as f64 - 1.0));
    let warned = one(&config, &findings, "both").fit.warnings.shown().unwrap();
    assert!(warned.len() == 1 && warned[0].starts_with("6 clusters only"), "{warned:?}");
    let rows = tables::models_rows(&config, &findings);
    let row = rows.iter().find(|row| row[0] == "both" && row[1] == "experience").unwrap();
    assert_eq!(row[3..5], ["two-way cluster", "fixest-0.13"]);
    assert!(row[6].split(';').count() == 3 && row[6].split(';').nth(1) == Some("6"), "{row:?}");
    assert!(row[16].contains("6 clusters only"));
}

#[test]
fn the_bootstrap_is_seeded_by_study_model_and_outcome() {
    let (mut config, data) = plain();
    config.models[0].bootstrap = Some(199);
    config.models[0].contrasts.clear();
    let all = found(&config, &data);
    let p = |findings: &Findings, outcome: usize| {
        let result = findings.models.iter().find(|result| result.outcome == outcome).unwrap();
        let found = result.bootstrap.as_ref().unwrap().shown().unwrap().clone();
        assert_eq!(found.draws, 199);
        found
    };
    assert!(all == found(&config, &data), "the same bytes again");
    // Another outcome's absence changes nothing; another seed or name does.
    let last = config.outcomes.len() - 1;
    let mut fewer = config.clone();
    fewer.outcomes.drain(..last);
    fewer.tests = TestPlan::plain(1);
    assert_eq!(p(&found(&fewer, &data), 0), p(&all, last));
    let mut seeded = config.clone();
    seeded.study.seed += 1;
    let mut named = config.clone();
    named.models[0].id = "other".into();
    for other in [seeded, named] {
        let other = found(&other, &data);
        let same = (0..=last).filter(|at| p(&other, *at).p == p(&all, *at).p).count();
        assert!(same < config.outcomes.len(), "no draw changed");
        assert!((0..=last).all(|at| p(&other, at).statistic == p(&all, at).statistic));
    }
}

/// Expected values from Python: scipy 1.17 `norm.ppf`, statsmodels 0.15 `multipletests` are the model
/// room's oracles; here the plan's own numbers must arrive there.
#[test]
fn the_plan_of_tests_is_followed() {
    let (mut config, data) = plain();
    config.tests.family = vec![0, 3];
    config.tests.smallest_effect = vec![None, None, None, Some(0.002), Some(50.0)];
    (config.tests.alpha, config.tests.power) = (0.01, 0.9);
    config.tests.joint = vec![
        JointTest { label: "waves".into(), terms: vec!["wave".into()], model: 0 },
        JointTest { label: "exposure".into(), terms: vec!["exposure".into()], model: 0 },
    ];
    let findings = found(&config, &data);
    let result = |at: usize| &findings.models[at];
    let p = |at: usize| result(at).exposure.shown().unwrap().p;
    // Two tests: the smaller p twice, the larger once, in order.
    let (small, large) = if p(0) < p(3) { (0, 3) } else { (3, 0) };
    assert_eq!(*result(small).holm.shown().unwrap(), (2.0 * p(small)).min(1.0));
    assert_eq!(*result(large).holm.shown().unwrap(), p(large).max((2.0 * p(small)).min(1.0)));
    for outside in [1, 2, 4] {
        assert_eq!(result(outside).holm.status(), "not estimated: not in the family of tests");
        assert_eq!(result(outside).benjamini_hochberg.status(), "not estimated: not in the family of tests");
    }
    assert_eq!(result(0).equivalence.status(), "not estimated: no smallest effect stated");
    assert!(*result(4).equivalence.shown().unwrap() < 1e-6, "any effect is below 50");
    let effect = result(3).average_marginal_effect.shown().unwrap();
    // norm.ppf(0.995) + norm.ppf(0.9)
    close(*result(3).minimum_detectable.shown().unwrap(), 3.857_380_869_092_862 * effect.std_error, 1e-9);
    let wald = result(3).joint.iter().map(|row| row.wald.shown().unwrap().clone()).collect::<Vec<_>>();
    assert_eq!((wald[0].terms, wald[1].terms), (5, 1));
    let exposure = result(3).exposure.shown().unwrap();
    close(wald[1].statistic, exposure.statistic * exposure.statistic, 1e-9);
    close(wald[1].p, exposure.p, 1e-6);
}

#[test]
fn every_model_that_fails_is_named() {
    let (mut config, data) = plain();
    // The exposure's waves alone are left: with one wave it does not vary within practices.
    for outcome in [1, 2] {
        config.outcomes[outcome].items = vec![None, None, None, None, None, config.outcomes[outcome].items[5].clone()];
    }
    let (panel, provision) = panel::build(&config, data).unwrap();
    let text = pipeline::findings(&config, &panel, &provision, &|_, _, _| {}).unwrap_err().to_string();
    for outcome in [1, 2] {
        let what = format!("model `main` of outcome `{}` cannot be fitted", config.outcomes[outcome].id);
        assert!(text.contains(&what), "{text}");
    }
    assert_eq!(text.matches("cannot be fitted").count(), 2, "{text}");
}
