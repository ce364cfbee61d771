//! Simulated studies that contain nothing: about one test in twenty says otherwise. The two large ones take minutes
//! and run in `.ci/run`: `cargo test --release --locked --test analyses -- --ignored --nocapture`.

use super::only;
use super::truth::{analysed, by, small};
use offprint::config::Config;
use rayon::prelude::*;

const STUDIES: u64 = 200;

/// The same with no outcome moved by the exposure and no roll-out towards need, and so many practices in so many
/// clusters.
fn empty(practices: usize, clusters: usize, responders: u64) -> Config {
    let mut config = small(responders);
    let simulation = config.simulation.as_mut().unwrap();
    simulation.outcomes.get_mut("experience").unwrap().odds_ratio = 1.0;
    simulation.workforce.censuses.values_mut().for_each(|census| census.need = 0.0);
    (simulation.small.practices, simulation.small.clusters) = (practices, clusters);
    config
}

/// Share of p values below 5 % among the studies that have one, by name; printed. Not a number is none.
fn shares(names: &[String], studies: &[Vec<f64>]) -> Vec<f64> {
    let share = |at: usize| {
        let with: Vec<f64> = studies.iter().map(|p| p[at]).filter(|p| !p.is_nan()).collect();
        let share = with.iter().filter(|p| **p < 0.05).count() as f64 / with.len() as f64;
        eprintln!("{}: {:.1} % of {} tests of nothing are below 5 %", names[at], 100.0 * share, with.len());
        // Practices that lost their region can be a single one, whose effect is then perfectly predicted: an answer
        // of its own.
        let least = if names[at] == "region" { 8 } else { 9 };
        assert!(with.len() * 10 >= studies.len() * least, "{}: {} studies with a test", names[at], with.len());
        share
    };
    (0..names.len()).map(share).collect()
}

/// The Monte Carlo error of one share is 1.54 points. Each share may be two of them off, and so may their
/// mean: tests of the same studies are no surer together than one where they agree.
fn near_one_in_twenty(shares: &[f64]) {
    let near = |share: &f64| (share - 0.05).abs() <= 2.0 * 0.0155;
    let mean = mean(shares);
    eprintln!("all: {:.1} %", 100.0 * mean);
    assert!(shares.iter().all(near), "{shares:?}");
    assert!(near(&mean), "{mean}");
}

fn mean(shares: &[f64]) -> f64 {
    shares.iter().sum::<f64>() / shares.len() as f64
}

#[test]
#[ignore = "a minute and a half: in .ci/run"]
fn subgroups_inequality_and_provision_find_nothing_where_there_is_nothing() {
    // Joint tests of many terms err on the safe side where degrees of freedom are few (Pustejovsky and Tipton 2018,
    // section 4): with 120 clusters no test of age's seven terms was below 5 %, with 700 eleven in 199.
    let mut config = empty(700, 700, 30_000);
    let ids = ["imd", "age", "gender", "ethnicity", "rurality", "conditions", "carer", "work", "region"];
    let plan = by(&config, &ids);
    only(&mut config, |asked, all| {
        asked.subgroups = Some(plan);
        asked.inequality = all.inequality;
        asked.provision = all.provision;
        asked.provision.as_mut().unwrap().outcome = 0;
    });
    let study = |study: u64| -> Vec<f64> {
        let found = analysed(&config, 1 + study).analyses;
        let mut p: Vec<f64> =
            found.subgroups.unwrap().tests.iter().map(|t| t.wald.shown().map_or(f64::NAN, |wald| wald.p)).collect();
        p.push(found.inequality.unwrap().outcomes[0].provision.shown().unwrap().p);
        let last = found.provision.unwrap().censuses.pop().unwrap();
        p.extend([last.raw.shown().unwrap().p, last.concentration.shown().unwrap().p]);
        p
    };
    let studies: Vec<Vec<f64>> = (0..STUDIES).into_par_iter().map(study).collect();
    let names = ids.into_iter().chain(["inequality by exposure", "provision on need", "concentration"]);
    let shares = shares(&names.map(String::from).collect::<Vec<_>>(), &studies);
    near_one_in_twenty(&shares);
}

#[test]
#[ignore = "a minute and a half: in .ci/run"]
fn the_grid_finds_nothing_where_there_is_nothing() {
    let mut config = empty(1_200, 600, 30_000);
    only(&mut config, |asked, all| asked.grid = all.grid);
    let grid = config.analyses.grid.as_mut().unwrap();
    grid.outcomes = vec![0];
    let grid = grid.clone();
    assert!(grid.specifications.len() >= 60);
    let study = |study: u64| -> Vec<f64> {
        let found = analysed(&config, 1_000 + study).analyses.grid.unwrap();
        found.rows.iter().map(|row| row.coefficient.shown().map_or(f64::NAN, |found| found.p)).collect()
    };
    let studies: Vec<Vec<f64>> = (0..STUDIES).into_par_iter().map(study).collect();
    let names: Vec<String> = grid.specifications.iter().map(|specification| specification.id.clone()).collect();
    let shares = shares(&names, &studies);
    for (at, axis) in grid.axes.iter().enumerate() {
        for (level, [id, _]) in axis.levels.iter().enumerate() {
            let own = grid.specifications.iter().zip(&shares).filter(|(s, _)| s.levels[at] == level);
            let own: Vec<f64> = own.map(|(_, share)| *share).collect();
            eprintln!("{} {id}: {:.1} % of {}", axis.id, 100.0 * mean(&own), own.len());
        }
    }
    eprintln!("the main model: {:.1} %", 100.0 * shares[0]);
    near_one_in_twenty(&shares);
}
