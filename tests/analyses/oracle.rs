//! Against the numbers of statsmodels in `tests/oracles/analyses.csv`.

use super::{QUIET, only, shipped};
use offprint::config::{Config, Covariate, CovariateKind, Inequality, MissingRule};
use offprint::disclosure::{Estimate, Findings};
use offprint::panel::{CensusProvision, Classes, ClusterProvision, Levels, Panel, PanelBlock, Provision};
use offprint::pipeline;
use std::collections::BTreeMap;

fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let path = format!("{}/tests/oracles/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| names.iter().map(|n| n.to_string()).zip(line.split(',').map(str::to_string)).collect()).collect()
}

fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    row[name].parse().unwrap()
}

/// What statsmodels says.
struct Oracle(Vec<BTreeMap<String, String>>);

impl Oracle {
    fn read() -> Self {
        Self(table("analyses.csv"))
    }

    fn close(&self, model: &str, quantity: &str, found: f64, tolerance: f64) {
        let row = self.0.iter().find(|row| row["model"] == model && row["quantity"] == quantity).unwrap();
        let expected = number(row, "value");
        let off = (found - expected).abs() / expected.abs().max(1e-3);
        assert!(off < tolerance, "{model} {quantity}: {found} against {expected}");
    }
}

fn covariate(id: &str, levels: usize) -> Covariate {
    let levels = (0..levels).map(|level| (level.to_string(), vec![level as i8])).collect();
    let kind = CovariateKind::Item { items: vec![id.into(); 6], levels, reference: 0, missing: MissingRule::Level };
    Covariate { id: id.into(), label: id.into(), kind, describe: false }
}

/// The panel of `data.csv`: practices, waves, exposure, age, gender, one outcome.
fn panel() -> Panel {
    let rows = table("data.csv");
    let place = |row: &BTreeMap<String, String>| (number(row, "practice") as u32, number(row, "wave") as u8);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| place(&rows[*at]));
    let mut blocks: Vec<PanelBlock> = Vec::new();
    for (at, row) in order.iter().map(|at| &rows[*at]).enumerate() {
        let (practice, wave) = place(row);
        match blocks.last_mut().filter(|block| (block.practice, block.wave) == (practice, wave)) {
            Some(block) => block.rows.end = at + 1,
            None => blocks.push(PanelBlock {
                practice,
                wave,
                rows: at..at + 1,
                cluster: number(row, "cluster") as u32,
                exposure: Ok(number(row, "exposure")),
            }),
        }
    }
    let column = |name: &str| order.iter().map(|at| number(&rows[*at], name) as u8).collect::<Vec<u8>>();
    let most = |of: fn(&PanelBlock) -> u32| blocks.iter().map(of).max().unwrap() as usize + 1;
    Panel {
        practices: (0..most(|block| block.practice)).map(|n| format!("p{n:03}")).collect(),
        clusters: (0..most(|block| block.cluster)).map(|n| format!("c{n:03}")).collect(),
        rows: rows.len(),
        covariates: vec![Levels::Rows(column("age")), Levels::Rows(column("gender"))],
        outcomes: vec![Classes { class: column("y"), reasons: Vec::new() }],
        weight: None,
        count: None,
        only: None,
        withheld: Vec::new(),
        facts: Vec::new(),
        exposures: Vec::new(),
        places: Default::default(),
        blocks,
    }
}

/// A config for that panel.
fn study() -> Config {
    let mut config = shipped();
    config.covariates = vec![covariate("age", 4), covariate("gender", 3)];
    config.outcomes.truncate(1);
    config.tests.family = vec![0];
    config.tests.smallest_effect.truncate(1);
    config.models[0].covariates = vec![0, 1];
    config
}

fn findings(config: &Config, panel: &Panel, provision: &Provision) -> Findings {
    pipeline::findings(config, panel, provision, QUIET).unwrap()
}

#[test]
fn inequality_is_that_of_statsmodels() {
    let mut config = study();
    let plan = Inequality { by: 0, ends: ["low".into(), "high".into()], covariates: vec![1] };
    only(&mut config, |asked, _| asked.inequality = Some(plan));
    let found = findings(&config, &panel(), &Provision::default()).analyses.inequality.unwrap();
    let (oracle, outcome) = (Oracle::read(), &found.outcomes[0]);
    for (k, wave) in outcome.waves.iter().enumerate() {
        let (slope, relative) = (wave.slope.shown().unwrap(), wave.relative.shown().unwrap());
        oracle.close("inequality", &format!("slope{k}"), slope.estimate, 1e-8);
        oracle.close("inequality", &format!("slope{k}_se"), slope.std_error, 1e-8);
        oracle.close("inequality", &format!("slope{k}_low"), slope.low, 1e-7);
        oracle.close("inequality", &format!("log_relative{k}"), offprint::num::ln(relative.estimate), 1e-7);
        oracle.close("inequality", &format!("log_relative{k}_se"), relative.std_error, 1e-7);
    }
    let change = outcome.change.shown().unwrap();
    oracle.close("inequality", "change", change.estimate, 1e-8);
    oracle.close("inequality", "change_se", change.std_error, 1e-8);
}

/// A panel whose clusters have the needs of `clusters.csv`, and their provision.
fn clusters() -> (Panel, Provision) {
    let rows = table("clusters.csv");
    let mut panel = panel();
    panel.clusters = (0..rows.len()).map(|n| format!("c{n:03}")).collect();
    let first = panel.blocks.clone();
    // Two rows a cluster in wave 1, with counts: those in need, and the others.
    let mut count = vec![1; panel.rows];
    for block in &mut panel.blocks {
        block.cluster = block.practice % rows.len() as u32;
    }
    panel.blocks.retain(|block| block.wave != 1);
    for (at, row) in rows.iter().enumerate() {
        let start = panel.rows;
        panel.rows += 2;
        let need = (number(row, "need") * 10_000.0).round() as u32;
        count.extend([need, 10_000 - need]);
        panel.outcomes[0].class.extend([0, 1]);
        for levels in &mut panel.covariates {
            let Levels::Rows(levels) = levels else { panic!("rows") };
            levels.extend([0, 1]);
        }
        let practice = (first.last().unwrap().practice + 1) + at as u32;
        panel.practices.push(format!("p{practice:03}"));
        let exposure = Ok(at as f64 / 10.0);
        panel.blocks.push(PanelBlock { practice, wave: 1, rows: start..start + 2, cluster: at as u32, exposure });
    }
    panel.count = Some(count);
    let cluster = |(at, row): (usize, &BTreeMap<String, String>)| ClusterProvision {
        cluster: format!("c{at:03}"),
        amount: number(row, "amount"),
        staff: 3,
        patients: number(row, "patients"),
        area: Some(row["area"].clone()),
        deprivation: Some(number(row, "deprivation")),
    };
    let census = offprint::config::Census { year: 2022, month: 12 };
    let census = CensusProvision {
        census,
        amount: 1.0,
        amounts: vec![1.0 / 60.0; 60],
        staff: 180,
        reporting: 60,
        with_any: 60,
        known: 60,
        exposures: vec![1.0; 60],
        clusters: rows.iter().enumerate().map(cluster).collect(),
    };
    (panel, Provision { areas_census: Some(census.census), censuses: vec![census], areas: Vec::new() })
}

#[test]
fn provision_and_its_concentration_are_those_of_statsmodels() {
    let mut config = study();
    config.models[0].absorb = offprint::config::Absorb::None;
    only(&mut config, |asked, all| {
        asked.provision = all.provision;
        let plan = asked.provision.as_mut().unwrap();
        (plan.outcome, plan.wave, plan.success) = (0, 1, false);
    });
    config.disclosure.threshold = 10;
    let (panel, provision) = clusters();
    let found = findings(&config, &panel, &provision).analyses.provision.unwrap();
    let (oracle, census) = (Oracle::read(), &found.censuses[0]);
    let check = |name: &str, found: &Estimate| {
        oracle.close("provision", name, found.estimate, 1e-8);
        oracle.close("provision", &format!("{name}_se"), found.std_error, 1e-8);
        oracle.close("provision", &format!("{name}_low"), found.low, 1e-7);
        oracle.close("provision", &format!("{name}_high"), found.high, 1e-7);
    };
    check("raw", census.raw.shown().unwrap());
    check("adjusted", census.adjusted.shown().unwrap());
    let index = census.concentration.shown().unwrap();
    oracle.close("concentration", "index", index.estimate, 1e-9);
    oracle.close("concentration", "se", index.std_error, 1e-8);
    // 60 clusters in groups of ten or more: six, and the ends of the curve.
    let curve = found.curve.shown().unwrap();
    assert_eq!(curve.len(), 7);
    assert_eq!(curve[0], [0.0, 0.0]);
    assert!((curve[6][0] - 1.0).abs() < 1e-12 && (curve[6][1] - 1.0).abs() < 1e-12);
    assert!(curve.windows(2).all(|pair| pair[0][0] < pair[1][0] && pair[0][1] <= pair[1][1]));
    // Fewer staff than the threshold in a group: no curve.
    let mut few = provision;
    few.censuses[0].clusters[5].staff = 0;
    for cluster in &mut few.censuses[0].clusters {
        cluster.staff = u64::from(cluster.cluster == "c000");
    }
    assert!(findings(&config, &panel, &few).analyses.provision.unwrap().curve.shown().is_none());
}
