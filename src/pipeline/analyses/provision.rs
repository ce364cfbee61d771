//! Provision against need by census: clusters regressed by least squares, errors robust to unequal
//! variance; and its concentration over patients ranked by deprivation. Releases slopes, indices and a
//! curve of groups of clusters, never a cluster.

use super::Study;
use super::inequality::ridits;
use crate::config::{ProvisionAdjust, ProvisionNeed};
use crate::disclosure::{Estimate, ProvisionCensus, ProvisionFound, Released};
use crate::model::{self, Block, Column, Covariance, Fit, FitError, Options, Patterns, Sample};
use crate::num;
use crate::panel::{CensusProvision, ClusterProvision, FAILURE, SUCCESS};
use crate::pipeline::shown;
use std::collections::BTreeMap;

/// Name of need among terms.
const NEED: &str = "need";
/// Share of need that a slope is per: ten percentage points.
const STEP: f64 = 0.1;
/// Most points of the curve.
const GROUPS: usize = 10;

/// Provision against need at every census.
pub(super) fn provision(study: &Study, plan: &ProvisionNeed) -> ProvisionFound {
    (study.progress)("provision", 0, 0);
    let need = need(study, plan);
    let censuses: Vec<ProvisionCensus> =
        study.provision.censuses.iter().map(|census| at_census(study, plan, &need, census)).collect();
    let last = study.provision.censuses.iter().rfind(|c| Some(c.census) == study.provision.areas_census);
    ProvisionFound {
        censuses,
        curve: match last {
            Some(census) => curve(study, &census.clusters),
            None => study.gate.missing("no census is used"),
        },
        curve_census: last.map(|census| census.census.to_string()).unwrap_or_default(),
    }
}

/// Share of answers that show need in the baseline wave, by cluster.
fn need<'a>(study: &Study<'a>, plan: &ProvisionNeed) -> BTreeMap<&'a str, f64> {
    let panel = study.panel;
    let class = &panel.outcomes[plan.outcome].class;
    let wanted = if plan.success { SUCCESS } else { FAILURE };
    let mut sums = vec![(0.0, 0.0); panel.clusters.len()];
    for block in panel.blocks.iter().filter(|block| usize::from(block.wave) == plan.wave) {
        let sum = &mut sums[block.cluster as usize];
        for row in block.rows.clone().filter(|row| panel.speaks_of(*row, plan.outcome)) {
            let mass = panel.responses(row) as f64 * panel.weight.as_ref().map_or(1.0, |weight| weight[row]);
            if matches!(class[row], FAILURE | SUCCESS) {
                sum.0 += mass;
                sum.1 += if class[row] == wanted { mass } else { 0.0 };
            }
        }
    }
    let shares = panel.clusters.iter().zip(sums).filter(|(_, (all, _))| *all > 0.0);
    shares.map(|(cluster, (all, with))| (cluster.as_str(), with / all)).collect()
}

fn at_census(
    study: &Study,
    plan: &ProvisionNeed,
    need: &BTreeMap<&str, f64>,
    census: &CensusProvision,
) -> ProvisionCensus {
    let gate = study.gate;
    let known: Vec<(&ClusterProvision, f64)> =
        census.clusters.iter().filter_map(|c| Some((c, *need.get(c.cluster.as_str())?))).collect();
    let n = known.len() as u64;
    let amounts = known.iter().map(|(cluster, _)| plan.per * cluster.amount / cluster.patients);
    let mean = num::sum(amounts) / n as f64;
    let (ranked, concentration) = concentration(study, &census.clusters);
    ProvisionCensus {
        census: census.census.to_string(),
        clusters: gate.count(n),
        mean: if n == 0 { gate.missing("no cluster has both") } else { gate.value(n, mean) },
        raw: slope(study, plan, &known, &[]),
        adjusted: match plan.adjust.as_slice() {
            [] => gate.missing("nothing is adjusted for"),
            adjust => slope(study, plan, &known, adjust),
        },
        ranked,
        concentration,
    }
}

/// One cluster's line of a regression.
struct Line {
    group: u32,
    y: f64,
    x: Vec<f64>,
    weight: f64,
}

/// Change in provision per step of need, with what is named held constant.
fn slope(
    study: &Study,
    plan: &ProvisionNeed,
    known: &[(&ClusterProvision, f64)],
    adjust: &[ProvisionAdjust],
) -> Released<Estimate> {
    let mut areas: Vec<&Option<String>> = known.iter().map(|(cluster, _)| &cluster.area).collect();
    areas.sort();
    areas.dedup();
    let by_area = adjust.contains(&ProvisionAdjust::Area);
    let mut names = vec![NEED];
    for adjust in adjust {
        match adjust {
            ProvisionAdjust::Deprivation => names.push("deprivation"),
            ProvisionAdjust::Patients => names.push("patients"),
            ProvisionAdjust::Area => {}
        }
    }
    let line = |(cluster, need): &(&ClusterProvision, f64)| {
        let mut x = vec![need / STEP];
        for adjust in adjust {
            match adjust {
                ProvisionAdjust::Deprivation => x.push(cluster.deprivation?),
                ProvisionAdjust::Patients => x.push(cluster.patients / plan.per),
                ProvisionAdjust::Area => {}
            }
        }
        let group = if by_area { areas.binary_search(&&cluster.area).unwrap_or_default() as u32 } else { 0 };
        Some(Line { group, y: plan.per * cluster.amount / cluster.patients, x, weight: 1.0 })
    };
    let lines: Vec<Line> = known.iter().filter_map(line).collect();
    match regress(lines, &names, by_area) {
        Ok(fit) => shown::released(study.gate, &fit, shown::coefficient(&fit, 0)),
        Err(error) => study.gate.missing(error.to_string()),
    }
}

/// Least squares of `y` on the named columns, groups absorbed or an intercept; HC1 errors.
fn regress(mut lines: Vec<Line>, names: &[&str], absorb: bool) -> Result<Fit, FitError> {
    lines.sort_by_key(|line| line.group);
    let patterns = Patterns::default();
    let column = |(at, name): (usize, &&str)| Column {
        name: (*name).into(),
        level: String::new(),
        values: lines.iter().map(|line| line.x[at]).collect(),
    };
    let sample = Sample {
        blocks: lines
            .iter()
            .enumerate()
            .map(|(at, line)| Block { rows: at..at + 1, group: line.group, cluster: at as u32 })
            .collect(),
        columns: names.iter().enumerate().map(column).collect(),
        patterns: &patterns,
        numerics: Vec::new(),
        pattern: vec![0; lines.len()],
        success: vec![0; lines.len()],
        outcome: Some(lines.iter().map(|line| line.y).collect()),
        count: None,
        weight: Some(lines.iter().map(|line| line.weight).collect()),
        offset: None,
        group_name: "area".into(),
    };
    let family = model::Family::Linear;
    model::fit(&sample, &Options { absorb, family, covariance: Covariance::Hc1, ..Options::default() })
}

/// Ranks of clusters by the patients' deprivation, from most to least.
fn ranks(clusters: &[&ClusterProvision]) -> Vec<f64> {
    let keys = clusters.iter().map(|c| (-c.deprivation.unwrap_or(f64::NAN), c.patients));
    ridits(&keys.collect::<Vec<_>>())
}

fn scored(clusters: &[ClusterProvision]) -> Vec<&ClusterProvision> {
    clusters.iter().filter(|c| c.deprivation.is_some() && c.patients > 0.0).collect()
}

/// Concentration index of provision over patients: `2 var(rank) slope / mean` of the regression of
/// provision per patient on the rank, weighted by patients; its error by the delta method, the mean's
/// uncertainty included (O'Donnell and others 2008, chapter 8).
fn concentration(study: &Study, clusters: &[ClusterProvision]) -> (Released<u64>, Released<Estimate>) {
    let gate = study.gate;
    let clusters = scored(clusters);
    let n = gate.count(clusters.len() as u64);
    let rank = ranks(&clusters);
    let total = num::sum(clusters.iter().map(|c| c.patients));
    // The weighted mean of ranks is one half.
    let variance = num::sum(clusters.iter().zip(&rank).map(|(c, r)| c.patients / total * (r - 0.5) * (r - 0.5)));
    let line = |(cluster, rank): (&&ClusterProvision, &f64)| Line {
        group: 0,
        y: study.config.exposure.per * cluster.amount / cluster.patients,
        x: vec![rank - 0.5],
        weight: cluster.patients,
    };
    let fit = match regress(clusters.iter().zip(&rank).map(line).collect(), &["rank"], false) {
        Ok(fit) => fit,
        Err(error) => return (n, gate.missing(error.to_string())),
    };
    let (Some(mean), true) = (fit.terms.iter().position(|term| term.name != "rank"), fit.terms.len() == 2) else {
        return (n, gate.missing("the regression has no intercept"));
    };
    let slope = 1 - mean;
    let (b, m) = (fit.coefficient[slope], fit.coefficient[mean]);
    let gradient = [2.0 * variance / m, -2.0 * variance * b / (m * m)];
    let cov = |a: usize, b: usize| fit.covariance[a * 2 + b];
    let error = gradient[0] * gradient[0] * cov(slope, slope)
        + 2.0 * gradient[0] * gradient[1] * cov(slope, mean)
        + gradient[1] * gradient[1] * cov(mean, mean);
    let found = shown::delta(&fit, 2.0 * variance * b / m, error.sqrt());
    (n, shown::released(gate, &fit, found))
}

/// Cumulative shares of patients and amount over groups of clusters, from most to least deprived; every
/// group holds enough clusters and staff to be shown.
fn curve(study: &Study, clusters: &[ClusterProvision]) -> Released<Vec<[f64; 2]>> {
    let gate = study.gate;
    let mut clusters = scored(clusters);
    clusters.sort_by(|a, b| {
        b.deprivation.unwrap_or(0.0).total_cmp(&a.deprivation.unwrap_or(0.0)).then_with(|| a.cluster.cmp(&b.cluster))
    });
    let least = usize::try_from(gate.threshold().max(1)).unwrap_or(usize::MAX);
    let groups = (clusters.len() / least).min(GROUPS);
    let total = |of: fn(&ClusterProvision) -> f64| num::sum(clusters.iter().map(|c| of(c)));
    let (patients, amount) = (total(|c| c.patients), total(|c| c.amount));
    if groups < 2 || amount <= 0.0 {
        return gate.missing("too few clusters have a return and a deprivation score");
    }
    let (mut points, mut fewest) = (vec![[0.0, 0.0]], u64::MAX);
    for group in 0..groups {
        let end = (group + 1) * clusters.len() / groups;
        let members = &clusters[group * clusters.len() / groups..end];
        fewest = fewest.min(members.iter().map(|c| c.staff).sum());
        let upto = |of: fn(&ClusterProvision) -> f64| num::sum(clusters[..end].iter().map(|c| of(c)));
        points.push([upto(|c| c.patients) / patients, upto(|c| c.amount) / amount]);
    }
    gate.value(fewest.max(1), points)
}
