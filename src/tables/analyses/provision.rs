//! Provision against need by census, and its concentration. Arranges released values.

use super::super::cells::{self, count, head, listed, row, words};
use super::super::notes::{Rests, finish};
use super::super::results::estimate;
use super::super::types::{Row, Table};
use super::{Key, alone, line};
use crate::config::{Config, Exhibit, ProvisionAdjust, ProvisionNeed};
use crate::disclosure::ProvisionFound;
use crate::format;

fn three(x: f64) -> String {
    format::fixed(x, 3)
}

/// One row per census.
pub(super) fn provision(config: &Config, found: &ProvisionFound, exhibit: &Exhibit) -> Table {
    let clusters = cells::capital(&config.terms.cluster[1]);
    let per = config.analyses.provision.as_ref().map_or(1.0, |plan| plan.per);
    let amount = &config.terms.amount;
    let heads = vec![
        head("Census", &["census"], false),
        head(format!("{clusters}, n"), &["clusters"], true),
        head(format!("Mean {amount} per {}", format::fixed(per, 0)), &["mean"], true),
        head("Per 10 points of need, raw (95% CI)", &["raw", "raw_low", "raw_high"], true),
        head("Adjusted (95% CI)", &["adjusted", "adjusted_low", "adjusted_high"], true),
        head("Concentration index (95% CI)", &["concentration", "concentration_low", "concentration_high"], true),
    ];
    let rows: Vec<Row> = found
        .censuses
        .iter()
        .map(|census| {
            let cells = vec![
                words(census.census.clone(), &[&census.census]),
                count(&census.clusters),
                cells::fixed(&census.mean, 3),
                cells::with_interval(&census.raw, three),
                cells::with_interval(&census.adjusted, three),
                cells::with_interval(&census.concentration, three),
            ];
            row("", cells)
        })
        .collect();
    let mut own = config.analyses.provision.as_ref().map(|plan| how(config, plan)).unwrap_or_default();
    // Licences stand wherever the data they are about are shown.
    own.extend(config.study.notices.iter().cloned());
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn how(config: &Config, plan: &ProvisionNeed) -> Vec<String> {
    let [cluster, clusters] = &config.terms.cluster;
    let wave = config.waves.get(plan.wave).map(ToString::to_string).unwrap_or_default();
    let adjusted: Vec<String> = plan
        .adjust
        .iter()
        .map(|adjust| match adjust {
            ProvisionAdjust::Deprivation => "mean deprivation score of its patients".into(),
            ProvisionAdjust::Patients => "registered patients".into(),
            ProvisionAdjust::Area => format!("an effect for each {}", config.terms.area[0]),
        })
        .collect();
    let adjusted = if adjusted.is_empty() { "nothing".into() } else { listed(&adjusted) };
    vec![
        format!(
            "Need: {} in {wave}, by {cluster}. {} per {} patients of the {clusters} that sent a return is regressed on it \
             (least squares, errors robust to unequal variance); adjusted for {adjusted}.",
            plan.label,
            config.terms.amount,
            format::fixed(plan.per, 0)
        ),
        "Concentration index: twice the covariance of provision and the rank of patients from most to least deprived, \
         over mean provision, by the regression of Kakwani, Wagstaff and van Doorslaer (1997); below zero provision is \
         concentrated among the more deprived."
            .into(),
    ]
}

/// Alternative text of the slopes' figure.
pub(super) fn alt(config: &Config, found: &ProvisionFound) -> Vec<String> {
    let mut sentences = vec![format!(
        "Change in {} per 10 percentage points more need by census, raw and adjusted, with 95% confidence intervals; the \
         line of no relation is at 0.",
        config.terms.amount
    )];
    for census in &found.censuses {
        let text = |e: &crate::disclosure::Released<crate::disclosure::Estimate>| {
            e.shown().map_or_else(|| cells::NOT_RELEASED.into(), |e| cells::interval_text(e, three))
        };
        sentences.push(format!("{}: raw {}, adjusted {}.", census.census, text(&census.raw), text(&census.adjusted)));
    }
    sentences
}

/// Alternative text of the concentration curve.
pub(super) fn curve_alt(config: &Config, found: &ProvisionFound) -> Vec<String> {
    let index = found.censuses.iter().find(|census| census.census == found.curve_census);
    let index = index
        .and_then(|census| census.concentration.shown())
        .map_or_else(String::new, |e| format!(" Concentration index {}.", cells::interval_text(e, three)));
    let half = found.curve.shown().and_then(|curve| {
        curve.iter().min_by(|a, b| (a[0] - 0.5).abs().total_cmp(&(b[0] - 0.5).abs())).map(|[x, y]| {
            format!(" The most deprived {}% of patients have {}% of it.", cells::percent(*x), cells::percent(*y))
        })
    });
    vec![format!(
        "Cumulative share of {} against that of patients, from most to least deprived, at the census of {}; the straight \
         line is equal provision.{}{index}",
        config.terms.amount,
        found.curve_census,
        half.unwrap_or_default()
    )]
}

/// Slopes and indices by census.
pub(super) fn results_rows(_: &Config, found: &ProvisionFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for census in &found.censuses {
        let label = format!("census={}", census.census);
        let key = |term, quantity| Key { analysis: "provision", outcome: "", subgroup: &label, term, quantity };
        let (n, ranked) = (Some(&census.clusters), Some(&census.ranked));
        rows.push(line(key("need", "provision_mean"), &census.mean.map(|x| alone(*x)), None, n));
        rows.push(line(key("need", "provision_raw"), &estimate(&census.raw), None, n));
        rows.push(line(key("need", "provision_adjusted"), &estimate(&census.adjusted), None, n));
        let index = estimate(&census.concentration);
        rows.push(line(key("deprivation", "concentration_index"), &index, None, ranked));
    }
    rows
}
