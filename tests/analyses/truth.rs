//! Simulated studies that contain a difference between subgroups or a roll-out away from need.

use super::{QUIET, only, shipped};
use offprint::config::{Config, SubgroupBy, SubgroupFamily, Subgroups};
use offprint::disclosure::Findings;
use offprint::ingest::Data;
use offprint::simulate::{Size, survey, tables};
use offprint::{panel, pipeline};
use std::collections::BTreeMap;

/// A study of one outcome over enough clusters for clustered errors.
pub(super) fn small(responders: u64) -> Config {
    let mut config = shipped();
    let experience = config.outcomes.iter().position(|outcome| outcome.id == "experience").unwrap();
    config.outcomes = vec![config.outcomes[experience].clone()];
    config.tests.family = vec![0];
    config.tests.smallest_effect = vec![config.tests.smallest_effect[experience]];
    config.published.estimates.clear();
    let simulation = config.simulation.as_mut().unwrap();
    simulation.items.clear();
    simulation.covariates.get_mut("conditions").unwrap().by.remove("Q30_recoded");
    simulation.outcomes.retain(|id, _| id == "experience");
    let small = &mut simulation.small;
    (small.practices, small.clusters, small.responders) = (300, 120, responders);
    config
}

pub(super) fn by(config: &Config, ids: &[&str]) -> Subgroups {
    let at = |id: &&str| match *id {
        "region" => SubgroupBy::Region,
        id => SubgroupBy::Covariate(config.covariates.iter().position(|covariate| covariate.id == *id).unwrap()),
    };
    Subgroups { by: ids.iter().map(at).collect(), outcomes: vec![0], family: SubgroupFamily::All, figure: 0 }
}

pub(super) fn analysed(config: &Config, study: u64) -> Findings {
    let mut config = config.clone();
    config.study.seed += study;
    let mut data = tables(&config, Size::Small, Data::default()).unwrap();
    data.survey = survey(&config, Size::Small, &data).unwrap();
    let (panel, provision) = panel::build(&config, data).unwrap();
    pipeline::findings(&config, &panel, &provision, QUIET).unwrap()
}

#[test]
fn a_difference_between_subgroups_is_found_where_it_is() {
    let mut config = small(60_000);
    let plan = by(&config, &["carer", "age"]);
    only(&mut config, |asked, _| asked.subgroups = Some(plan));
    let truth = config.simulation.as_mut().unwrap().outcomes.get_mut("experience").unwrap();
    // Carers (codes 2 to 6) gain 0.15 log odds per unit, others nothing beyond the main effect.
    truth.exposure_by = BTreeMap::from([("carer".into(), (2..=6).map(|code| (code, 0.15)).collect())]);
    let found = analysed(&config, 1).analyses.subgroups.unwrap();
    let [carer, age] = &found.tests[..] else { panic!("two tests") };
    assert!(carer.holm.shown().unwrap() < &0.001, "{carer:?}");
    assert!(age.wald.shown().unwrap().p > 0.01, "{age:?}");
    let ratio = |label: &str| carer.levels.iter().find(|l| l.level == label).unwrap().odds_ratio.shown().unwrap();
    let (no, yes) = (offprint::num::ln(ratio("No").estimate), offprint::num::ln(ratio("Yes").estimate));
    let error = ratio("Yes").std_error;
    assert!((yes - no - 0.15).abs() < 4.0 * error, "{no} {yes} {error}");
    assert!(ratio("No").low < 1.015 && 1.015 < ratio("No").high);
    // Effects of the levels make the whole: weighted by their responses, they add up to the main effect's size.
    let counts: Vec<f64> = carer.levels.iter().map(|l| *l.n.shown().unwrap() as f64).collect();
    assert_eq!(counts.iter().sum::<f64>() as u64, *carer.n.shown().unwrap());
}

#[test]
fn a_difference_between_regions_and_by_conditions_is_found_where_it_is() {
    let mut config = small(60_000);
    let plan = by(&config, &["region", "conditions", "gender"]);
    only(&mut config, |asked, _| asked.subgroups = Some(plan));
    let truth = config.simulation.as_mut().unwrap().outcomes.get_mut("experience").unwrap();
    // One region of six gains 0.4 log odds per unit, people with three conditions or more (codes 3 to 6) 0.25.
    truth.exposure_by_region = BTreeMap::from([("Y02".into(), 0.4)]);
    truth.exposure_by = BTreeMap::from([("conditions".into(), (3..=6).map(|code| (code, 0.25)).collect())]);
    let found = analysed(&config, 2).analyses.subgroups.unwrap();
    let [region, conditions, gender] = &found.tests[..] else { panic!("three tests") };
    eprintln!("{:?}\n{:?}\n{:?}", region.wald, conditions.wald, gender.wald);
    assert!(region.wald.shown().unwrap().p < 0.05 && conditions.wald.shown().unwrap().p < 0.01);
    assert!(gender.wald.shown().unwrap().p > 0.01, "{gender:?}");
    let log = |test: &offprint::disclosure::SubgroupTest, label: &str| {
        let level = test.levels.iter().find(|level| level.level == label).unwrap();
        let ratio = level.odds_ratio.shown().unwrap();
        (offprint::num::ln(ratio.estimate), ratio.std_error)
    };
    for (test, label, other, more) in
        [(region, "Simulated region 2", "Simulated region 1", 0.4), (conditions, "Three or more", "One", 0.25)]
    {
        let ((with, a), (without, b)) = (log(test, label), log(test, other));
        let error = (a * a + b * b).sqrt();
        assert!((with - without - more).abs() < 3.5 * error, "{label}: {with} {without} {error}");
    }
    assert_eq!(region.levels.iter().filter(|level| !level.missing).count(), 6);
    let counts: Vec<u64> = region.levels.iter().map(|level| *level.n.shown().unwrap()).collect();
    assert_eq!(counts.iter().sum::<u64>(), *region.n.shown().unwrap());
}

#[test]
fn a_roll_out_away_from_need_is_found() {
    let mut config = small(120_000);
    only(&mut config, |asked, all| {
        asked.provision = all.provision;
        asked.provision.as_mut().unwrap().outcome = 0;
    });
    let simulation = config.simulation.as_mut().unwrap();
    let last = simulation.workforce.censuses.len() - 1;
    for (at, census) in simulation.workforce.censuses.values_mut().enumerate() {
        (census.need, census.returns) = (if at == last { -0.8 } else { 0.0 }, 0.95);
    }
    let found = analysed(&config, 3).analyses.provision.unwrap();
    let [first, .., last] = &found.censuses[..] else { panic!("censuses") };
    let (raw, index) = (last.raw.shown().unwrap(), last.concentration.shown().unwrap());
    assert!(raw.high < 0.0, "provision falls with need: {raw:?}");
    assert!(index.low > 0.0, "and is concentrated among the less deprived: {index:?}");
    assert!(first.concentration.shown().unwrap().p > 0.001);
    let adjusted = last.adjusted.shown().unwrap();
    assert!(adjusted.estimate.abs() < raw.estimate.abs(), "deprivation explains most of it: {adjusted:?} {raw:?}");
}
