//! `data_dictionary.csv` of a dataset study: every variable with its column, codes and levels, and every
//! outcome with the variables that it is made of. From the config alone.

use crate::config::{Dataset, Lookup, Measure, Origin, Variable, VariableKind, Weights};
use crate::format;

use super::dictionary::Dictionary;

/// The dictionary's rows, header first.
pub(super) fn rows(dataset: &Dataset) -> Vec<Vec<String>> {
    let mut out = Dictionary::new();
    for outcome in &dataset.outcomes {
        out.about("outcome", &outcome.id, &outcome.label);
        let id = |at: usize| dataset.variables[at].id.as_str();
        let mut line = |variable: usize, becomes: &str, goes: &str| {
            out.line(["variable", "", id(variable), "number", becomes, goes])
        };
        match outcome.measure {
            Measure::Binary(at) => line(at, "0 or 1", "outcome"),
            Measure::Count(at) => line(at, "whole number from 0", "outcome"),
            Measure::Number(at) => line(at, "number", "outcome"),
            Measure::Grouped { successes, trials } => {
                line(successes, "successes", "outcome");
                line(trials, "trials", "base of the outcome");
            }
        }
    }
    for (at, variable) in dataset.variables.iter().enumerate() {
        out.about(role(dataset, at), &variable.id, &variable.label);
        push_variable(&mut out, dataset, variable);
    }
    out.finish()
}

/// What a variable is for; the first that holds.
fn role(dataset: &Dataset, at: usize) -> &'static str {
    let any = |test: &dyn Fn(&crate::config::DatasetModel) -> bool| dataset.models.iter().any(test);
    let measured = |measure: &Measure| match *measure {
        Measure::Binary(v) | Measure::Count(v) | Measure::Number(v) => v == at,
        Measure::Grouped { successes, trials } => successes == at || trials == at,
    };
    if any(&|model| model.exposure == at) {
        "exposure"
    } else if dataset.outcomes.iter().any(|outcome| measured(&outcome.measure)) {
        "variable of an outcome"
    } else if any(&|model| model.terms.iter().any(|term| term.factors.iter().any(|(v, _)| *v == at))) {
        "covariate"
    } else if any(&|model| matches!(model.weights, Some(Weights::Frequency(v) | Weights::Sampling(v)) if v == at)) {
        "weight"
    } else if any(&|model| model.absorb.contains(&at)) {
        "absorbed effect"
    } else {
        "key or part of another variable"
    }
}

fn push_variable(out: &mut Dictionary, dataset: &Dataset, variable: &Variable) {
    let from = |lookup: &Lookup| {
        let source = &dataset.sources[lookup.source];
        let keys: Vec<String> =
            lookup.matching.iter().map(|(header, key)| format!("{header} = {}", dataset.variables[*key].id)).collect();
        let name =
            if keys.is_empty() { source.id.clone() } else { format!("{} where {}", source.id, keys.join(" and ")) };
        (name, &source.missing)
    };
    let leaves = format!("leaves: {}", variable.reason);
    match &variable.origin {
        Origin::Column { from: lookup, column, missing } => {
            let (source, also) = from(lookup);
            push_kind(out, variable, &source, column);
            let [becomes, goes] = absent(variable, &leaves);
            for text in also.iter().chain(missing) {
                out.line([&source, "", column, text, becomes, goes]);
            }
            out.line([&source, "", column, "empty, or no row found", becomes, goes]);
        }
        Origin::Sum { from: lookup, column, matching, absent } => {
            let (source, _) = from(lookup);
            let kept: Vec<String> =
                matching.iter().map(|(head, values)| format!("{head} = {}", values.join(" or "))).collect();
            let kept =
                if kept.is_empty() { "every row".to_string() } else { format!("rows with {}", kept.join(" and ")) };
            let (column, what) = column.as_deref().map_or(("(rows)", "number of rows"), |column| (column, "sum"));
            out.line([&source, "", column, &kept, what, "value"]);
            let value = absent.map(format::plain);
            let (becomes, goes) = value.as_deref().map_or(("missing", leaves.as_str()), |value| (value, "value"));
            out.line([&source, "", column, "key not on file", becomes, goes]);
        }
        Origin::Ratio { numerator, denominator, times } => {
            let (over, under) = (&dataset.variables[*numerator].id, &dataset.variables[*denominator].id);
            let becomes = format!("{over} / {under} times {}", format::plain(*times));
            out.line(["variable", "", &format!("{over} {under}"), "number", &becomes, "value"]);
            out.line(["variable", "", under, "0 or less", "missing", &leaves]);
        }
        Origin::Log(of) => {
            let id = &dataset.variables[*of].id;
            out.line(["variable", "", id, "number", "natural logarithm", "value"]);
            out.line(["variable", "", id, "0 or less", "missing", &leaves]);
        }
    }
}

/// Where a row without a value goes.
fn absent<'a>(variable: &Variable, leaves: &'a str) -> [&'a str; 2] {
    match variable.kind {
        VariableKind::Category { missing_level: true, .. } => ["Missing", "a level of its own"],
        _ => ["missing", leaves],
    }
}

fn push_kind(out: &mut Dictionary, variable: &Variable, source: &str, column: &str) {
    match &variable.kind {
        VariableKind::Key => out.line([source, "", column, "any text", "the same text", "key"]),
        VariableKind::Number { scale, values } => {
            let divided = |text: &str| {
                if *scale == 1.0 { text.to_string() } else { format!("{text} divided by {}", format::plain(*scale)) }
            };
            if values.is_empty() {
                out.line([source, "", column, "number", &divided("number"), "value"]);
            }
            for (text, value) in values {
                out.line([source, "", column, text, &divided(&format::plain(*value)), "value"]);
            }
        }
        VariableKind::Category { levels, reference, .. } => {
            if levels.is_empty() {
                let goes = reference.as_ref().map_or_else(
                    || "level; the first in order is the reference".to_string(),
                    |reference| format!("level; the reference is {reference}"),
                );
                out.line([source, "", column, "any text", "the same text", &goes]);
            }
            for (at, (level, texts)) in levels.iter().enumerate() {
                let is_reference = reference.as_ref().map_or(at == 0, |reference| reference == level);
                let goes = if is_reference { "reference level" } else { "level" };
                texts.iter().for_each(|text| out.line([source, "", column, text, level, goes]));
            }
        }
    }
}
