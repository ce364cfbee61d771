//! What `diff` finds between an earlier version and a new one, as the report files it: the exposure's
//! estimates outcome by outcome, and the causes as plain clauses.

use super::causes::{Causes, program_words};
use super::diff::{Diff, diff};
use super::estimates::EstimateChange;
use super::folder::Folder;
use super::results::Numbers;
use crate::error::Result;
use crate::files;
use crate::report::{Changes, EstimateMoved, EstimateSide, OutcomeChanges, QUANTITIES};
use crate::store::Manifest;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Most changes of one kind that are listed.
const LISTED: usize = 30;
/// Most characters of a config value that are shown.
const SHOWN: usize = 80;

/// Compares an earlier version with the files of a new one that is not on file yet; `exposure` gives
/// the term of `results.csv` that an analysis is about.
///
/// # Errors
/// As [`diff`].
pub fn changes(
    previous: &Folder,
    manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
    exposure: &dyn Fn(&str) -> String,
) -> Result<Changes> {
    let (name, found_data) = ("this version".to_string(), manifest.data.clone());
    let new = Folder { path: PathBuf::new(), name, manifest, files, extra: Vec::new() };
    let found = diff(previous, &new)?;
    let sealed = previous.files.get("manifest.json").map(|bytes| files::sha256_hex(bytes));
    Ok(Changes {
        previous: previous.name.clone(),
        version: previous.manifest.version.clone(),
        manifest_sha256: sealed.unwrap_or_default(),
        data: found_data,
        causes: causes(&found),
        outcomes: outcomes(&found, exposure),
        exhibits: exhibits(&found),
    })
}

fn outcomes(found: &Diff, exposure: &dyn Fn(&str) -> String) -> Vec<OutcomeChanges> {
    let of = |change: &&EstimateChange, analysis: &str, outcome: &str, subgroup: &str| {
        (change.analysis.as_str(), change.outcome.as_str(), change.subgroup.as_str()) == (analysis, outcome, subgroup)
    };
    let one = |sum: &super::estimates::OutcomeChange| {
        let differing: Vec<&EstimateChange> = found
            .estimates
            .changes
            .iter()
            .filter(|change| of(change, &sum.analysis, &sum.outcome, &sum.subgroup))
            .collect();
        OutcomeChanges {
            analysis: sum.analysis.clone(),
            outcome: sum.outcome.clone(),
            subgroup: sum.subgroup.clone(),
            rows: sum.rows as u64,
            differing: differing.len() as u64,
            furthest: sum.max_in_errors.filter(|x| x.is_finite()),
            estimates: moved(&differing, &exposure(&sum.analysis)),
        }
    };
    found.estimates.outcomes.iter().map(one).collect()
}

/// The exposure's rows; its coefficient only where no odds ratio says the same.
fn moved(differing: &[&EstimateChange], term: &str) -> Vec<EstimateMoved> {
    let exposure = || differing.iter().filter(|change| change.term == term);
    let has_ratio = exposure().any(|change| change.quantity.ends_with("_ratio"));
    let wanted = QUANTITIES.iter().filter(|quantity| !(has_ratio && **quantity == "coefficient"));
    let row = |change: &&EstimateChange| EstimateMoved {
        quantity: change.quantity.clone(),
        before: change.before.as_ref().map(side),
        after: change.after.as_ref().map(side),
        difference: change.difference,
        in_errors: change.in_errors.filter(|x| x.is_finite()),
    };
    wanted.flat_map(|quantity| exposure().filter(move |change| change.quantity == *quantity).map(row)).collect()
}

fn side(numbers: &Numbers) -> EstimateSide {
    let finite = |x: Option<f64>| x.filter(|x| x.is_finite());
    EstimateSide {
        estimate: finite(numbers.estimate),
        interval: finite(numbers.conf_low).zip(finite(numbers.conf_high)).map(|(low, high)| [low, high]),
        std_error: finite(numbers.std_error),
        n: finite(numbers.n),
        status: numbers.status.clone(),
    }
}

/// Tables, figures and the flow: what is behind them as CSV, not how it is worded.
fn exhibits(found: &Diff) -> Vec<String> {
    let is_one = |path: &str| {
        let of_exhibit = path.starts_with("tables/") || path.starts_with("figures/") || path == "flow.csv";
        of_exhibit && path.ends_with(".csv")
    };
    found.files.iter().map(|change| change.path.clone()).filter(|path| is_one(path)).collect()
}

fn causes(found: &Diff) -> Vec<String> {
    let causes: &Causes = &found.causes;
    let mut words = Vec::new();
    let side = |value: &Option<String>| value.as_deref().map_or_else(|| "none".into(), cut);
    for key in causes.config.iter().take(LISTED) {
        words.push(format!("config key {}: {} then {}", key.key, side(&key.before), side(&key.after)));
    }
    more(&mut words, causes.config.len(), "keys of the config");
    for input in causes.inputs.iter().take(LISTED) {
        let what = match (&input.before, &input.after) {
            (None, _) => "is new",
            (_, None) => "is no longer read",
            (Some(a), Some(b)) if a.sha256 == b.sha256 => "is described differently, its bytes are the same",
            _ => "has other bytes",
        };
        words.push(format!("input {} {what}", input.path));
    }
    more(&mut words, causes.inputs.len(), "inputs");
    words.extend(causes.templates.iter().map(|role| format!("template of the {role} changed")));
    if let Some(program) = &causes.program {
        words.push(format!("program: {} then {}", program_words(&program.before), program_words(&program.after)));
    }
    if !found.first.edited.is_empty() {
        words.push(format!("edited in the earlier version after filing: {}", found.first.edited.join(", ")));
    }
    words
}

fn more(words: &mut Vec<String>, all: usize, what: &str) {
    if all > LISTED {
        words.push(format!("{} more {what}", all - LISTED));
    }
}

fn cut(text: &str) -> String {
    let short: String = text.chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN { format!("{short}...") } else { short }
}
