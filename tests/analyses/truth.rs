//! Simulated studies that contain a difference between subgroups, a roll-out away from need, or nothing.

use super::{QUIET, only, shipped};
use offprint::config::{Config, SubgroupBy, SubgroupFamily, Subgroups};
use offprint::disclosure::Findings;
use offprint::ingest::Data;
use offprint::simulate::{Size, survey, tables};
use offprint::{panel, pipeline};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A study of one outcome over enough clusters for clustered errors.
fn small(responders: u64) -> Config {
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

fn by(config: &Config, ids: &[&str]) -> Subgroups {
    let at = |id: &&str| match *id {
        "region" => SubgroupBy::Region,
        id => SubgroupBy::Covariate(config.covariates.iter().position(|covariate| covariate.id == *id).unwrap()),
    };
    Subgroups { by: ids.iter().map(at).collect(), outcomes: vec![0], family: SubgroupFamily::All, figure: 0 }
}

fn analysed(config: &Config, study: u64) -> Findings {
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
fn nothing_is_found_where_there_is_nothing() {
    const STUDIES: u64 = 200;
    let mut config = small(24_000);
    let ids = ["imd", "age", "gender", "ethnicity", "rurality", "conditions", "carer", "work", "region"];
    let plan = by(&config, &ids);
    only(&mut config, |asked, all| {
        asked.subgroups = Some(plan);
        asked.inequality = all.inequality;
        asked.provision = all.provision;
        asked.provision.as_mut().unwrap().outcome = 0;
    });
    for census in config.simulation.as_mut().unwrap().workforce.censuses.values_mut() {
        census.need = 0.0;
    }
    let study = |study: u64| -> Vec<f64> {
        let found = analysed(&config, 1 + study).analyses;
        let mut p: Vec<f64> =
            found.subgroups.unwrap().tests.iter().map(|t| t.wald.shown().map_or(1.0, |w| w.p)).collect();
        p.push(found.inequality.unwrap().outcomes[0].provision.shown().unwrap().p);
        let last = found.provision.unwrap().censuses.pop().unwrap();
        p.extend([last.raw.shown().unwrap().p, last.concentration.shown().unwrap().p]);
        p
    };
    let studies: Vec<Vec<f64>> = (0..STUDIES).into_par_iter().map(study).collect();
    let names = ids.into_iter().chain(["inequality by exposure", "provision on need", "concentration"]);
    let mut shares = Vec::new();
    for (at, name) in names.enumerate() {
        let share = studies.iter().filter(|p| p[at] < 0.05).count() as f64 / STUDIES as f64;
        eprintln!("{name}: {:.1} % of tests without a difference are below 5 %", 100.0 * share);
        shares.push(share);
    }
    // Two Monte Carlo errors of one share are 3.1 points. Joint tests of many terms err on the safe side where
    // degrees of freedom are few (Pustejovsky and Tipton 2018, section 4): of age's seven terms with 120 clusters hardly
    // any is below 5 %.
    assert!(shares.iter().all(|share| *share <= 0.081), "{shares:?}");
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    assert!((0.02..=0.06).contains(&mean), "{mean}");
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
