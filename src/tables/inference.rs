//! The sentences on how intervals and p values were made: covariance, factor, clusters, reference
//! distribution, and what the fits warn of. Reads released values; knows no table.

use super::cells::{listed, lower};
use crate::config::{ClusterUnit, Config, Errors, Model};
use crate::disclosure::ModelResult;
use crate::format;

/// How the intervals and p values of `results` were made: one sentence for each kind of errors among
/// their models, then one for each warning. Ranges are given where outcomes differ.
pub(super) fn inference(config: &Config, results: &[&ModelResult]) -> Vec<String> {
    let mut kinds: Vec<(&Model, Vec<&ModelResult>)> = Vec::new();
    for result in results {
        let Some(model) = config.models.get(result.model) else { continue };
        match kinds.iter_mut().find(|(first, _)| same_errors(first, model)) {
            Some((_, of)) => of.push(result),
            None => kinds.push((model, vec![result])),
        }
    }
    let several = kinds.len() > 1;
    let sentence = |(at, (model, of)): (usize, &(&Model, Vec<&ModelResult>))| {
        let text = kind(config, model, of);
        // The first kind is that of the main model and of most others.
        if several && at > 0 { format!("{}: {}", labels(config, of), lower(&text)) } else { text }
    };
    let mut notes: Vec<String> = kinds.iter().enumerate().map(sentence).collect();
    notes.extend(warnings(config, results));
    notes
}

fn same_errors(a: &Model, b: &Model) -> bool {
    (a.errors, a.vcov, a.cluster, a.cluster_waves) == (b.errors, b.vcov, b.cluster, b.cluster_waves)
}

/// The labels of the models of some results, each once.
fn labels(config: &Config, results: &[&ModelResult]) -> String {
    let mut labels: Vec<String> =
        results.iter().filter_map(|result| config.models.get(result.model)).map(|model| model.label.clone()).collect();
    labels.dedup();
    listed(&labels)
}

fn kind(config: &Config, model: &Model, results: &[&ModelResult]) -> String {
    let mut profiles: Vec<&str> = results.iter().map(|result| result.profile.as_str()).collect();
    profiles.dedup();
    let mut text = format!("95% confidence intervals and p values rest on {}", errors(config, model));
    if !profiles.is_empty() {
        text += &format!(" (profile {})", profiles.join("; "));
    }
    if model.errors.clustered() {
        text += &clusters(config, model, results);
    }
    // A factor or degrees of freedom would give a hidden number of clusters away.
    let open = || results.iter().filter(|result| result.fit.ways.shown().is_some());
    let factors: Vec<f64> = open().map(|result| result.factor).collect();
    text +=
        &spread(&factors, |x| format::fixed(x, 5)).map_or_else(String::new, |x| format!(", small-sample factor {x}"));
    let known = open().count() > 0;
    let df: Vec<f64> = open().filter_map(|result| result.fit.df).collect();
    match spread(&df, |x| format::fixed(x, 0)) {
        Some(df) => text += &format!(", Student’s t with {df} degrees of freedom"),
        None if known => text += ", normal distribution",
        None => {}
    }
    text + "."
}

/// Which errors a model has, as words that follow "standard": "errors clustered by PCN".
pub fn errors(config: &Config, model: &Model) -> String {
    let unit = unit(config, model);
    match model.errors {
        Errors::Cluster if model.cluster_waves => format!("errors clustered by {unit} and by wave"),
        Errors::Cluster => format!("errors clustered by {unit}"),
        Errors::Cr3 => format!("errors from leaving out one {unit} at a time, CR3"),
        Errors::Hc1 => format!("errors robust to unequal variances (HC1), each {} its own", config.terms.response[0]),
        Errors::Iid => "errors taken as independent and of equal variance".into(),
    }
}

fn unit<'a>(config: &'a Config, model: &Model) -> &'a str {
    match model.cluster {
        ClusterUnit::Cluster => &config.terms.cluster[0],
        ClusterUnit::Practice => &config.terms.practice[0],
        ClusterUnit::Area => &config.terms.area[0],
    }
}

/// How many clusters, and what they are.
fn clusters(config: &Config, model: &Model, results: &[&ModelResult]) -> String {
    let counts: Vec<u64> = results.iter().filter_map(|result| result.clusters.shown().copied()).collect();
    let (Some(low), Some(high)) = (counts.iter().min(), counts.iter().max()) else { return String::new() };
    let mut text = format!(": {} clusters", span(&format::count(*low), &format::count(*high)));
    if model.cluster_waves {
        let waves = |result: &&ModelResult| Some(result.fit.ways.shown()?.get(1)?.0 as f64);
        let waves: Vec<f64> = results.iter().filter_map(waves).collect();
        text += &spread(&waves, |x| format::fixed(x, 0)).map_or_else(String::new, |n| format!(" and {n} waves"));
    }
    if model.cluster == ClusterUnit::Cluster {
        let [practice, cluster] = [&config.terms.practice[0], &config.terms.cluster[0]];
        let wave = config.waves[config.linkage.reference_wave];
        text += &format!(" ({cluster} as mapped in {wave}; a {practice} in none is its own)");
    }
    if model.cluster == ClusterUnit::Area {
        let [cluster, area] = [&config.terms.cluster[0], &config.terms.area[0]];
        text += &format!(" ({area} of the {cluster}; a {cluster} in none is its own)");
    }
    text
}

/// The smallest and the largest in words; none of nothing.
fn spread(values: &[f64], text: impl Fn(f64) -> String) -> Option<String> {
    let low = values.iter().copied().reduce(f64::min)?;
    let high = values.iter().copied().reduce(f64::max)?;
    Some(span(&text(low), &text(high)))
}

/// `a` where both are equal, else `a to b`.
fn span(low: &str, high: &str) -> String {
    if low == high { low.to_owned() } else { format!("{low} to {high}") }
}

/// What the fits warn of; models and outcomes with the same words share a sentence.
fn warnings(config: &Config, results: &[&ModelResult]) -> Vec<String> {
    let several = results.iter().any(|result| Some(result.model) != results.first().map(|first| first.model));
    let mut found: Vec<(&String, Vec<String>)> = Vec::new();
    for result in results {
        let short = config.outcomes.get(result.outcome).map_or_else(String::new, |outcome| lower(&outcome.short));
        let model = config.models.get(result.model).map_or("", |model| model.label.as_str());
        let who = if several { format!("{short} ({})", lower(model)) } else { short };
        for text in result.fit.warnings.shown().into_iter().flatten() {
            match found.iter_mut().find(|(known, _)| *known == text) {
                Some((_, whose)) => whose.push(who.clone()),
                None => found.push((text, vec![who.clone()])),
            }
        }
    }
    found.into_iter().map(|(text, whose)| format!("Warning: {text}: {}.", listed(&whose))).collect()
}
