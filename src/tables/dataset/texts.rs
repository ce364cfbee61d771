//! The same texts as in the tables, for sentences: one result's numbers, and a model in words.

use super::super::types::Cell;
use super::effects::p;
use super::show::{self, is_share, ratio_name};
use super::{notes, results_of};
use crate::config::Dataset;
use crate::disclosure::{DatasetFindings, DatasetResult};
use crate::format;

/// One result in texts. A number that is not released reads "not released".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultTexts {
    /// Responses analysed.
    pub n: String,
    /// Clusters; empty without any.
    pub clusters: String,
    /// Mean of the outcome.
    pub mean: String,
    /// What the estimate is: "odds ratio", "rate ratio", "coefficient".
    pub estimate_name: String,
    /// Estimate with its interval.
    pub estimate: String,
    /// Average marginal effect with its interval.
    pub effect: String,
    /// P value.
    pub p: String,
    /// `higher`, `lower`, `no clear difference` by the interval, or `not released`.
    pub direction: &'static str,
}

/// The texts of one result.
pub fn result_texts(dataset: &Dataset, result: &DatasetResult) -> ResultTexts {
    let model = &dataset.models[result.model];
    let share = is_share(dataset, result.outcome);
    let name = ratio_name(model.family);
    let text = |cell: Cell| cell.text;
    ResultTexts {
        n: text(super::super::cells::count(&result.n)),
        clusters: match result.how.fit.ways.shown() {
            Some(ways) if ways.is_empty() => String::new(),
            _ => text(super::super::cells::count(&result.clusters)),
        },
        mean: text(show::level(&result.mean, share)),
        estimate_name: name.map_or_else(|| "coefficient".into(), str::to_lowercase),
        estimate: text(match name {
            Some(_) => show::ratio(&result.ratio),
            None => show::estimate(&result.exposure),
        }),
        effect: text(show::effect(&result.effect, share)),
        p: text(p(&result.exposure)),
        direction: match result.exposure.shown() {
            None => "not released",
            Some(e) if e.low > 0.0 => "higher",
            Some(e) if e.high < 0.0 => "lower",
            Some(_) => "no clear difference",
        },
    }
}

/// A model in words: its family and terms, then how its intervals were made and what to beware of.
pub fn model_texts(dataset: &Dataset, found: &DatasetFindings, model: usize) -> (String, Vec<String>) {
    let spec = &dataset.models[model];
    let results: Vec<&DatasetResult> = results_of(found, model).collect();
    (notes::model(dataset, spec), notes::inference(dataset, spec, &results))
}

/// What a variable is made of, in words.
pub fn origin_text(dataset: &Dataset, variable: usize) -> String {
    use crate::config::Origin;
    let label = |at: usize| dataset.variables[at].label.clone();
    let source = |from: &crate::config::Lookup| {
        let keys: Vec<String> = from.matching.iter().map(|(header, at)| format!("{header} = {}", label(*at))).collect();
        let of = &dataset.sources[from.source].id;
        if keys.is_empty() { format!("of {of}") } else { format!("of {of}, by {}", keys.join(" and ")) }
    };
    let only = |matching: &[(String, Vec<String>)]| {
        let one = |(header, values): &(String, Vec<String>)| {
            let values: Vec<&str> = values.iter().map(|v| if v.is_empty() { "empty" } else { v.as_str() }).collect();
            format!("{header} is {}", values.join(" or "))
        };
        let all: Vec<String> = matching.iter().map(one).collect();
        if all.is_empty() { String::new() } else { format!(", where {}", all.join(" and ")) }
    };
    match &dataset.variables[variable].origin {
        Origin::Column { from, column, .. } => format!("{column} {}", source(from)),
        Origin::Sum { from, column, matching, absent } => {
            let what = column.as_ref().map_or_else(|| "number of rows".to_string(), |c| format!("sum of {c}"));
            let absent = match absent {
                Some(x) => format!("; {} where the code is not on file", format::plain(*x)),
                None => "; missing where the code is not on file".into(),
            };
            format!("{what} {}{}{absent}", source(from), only(matching))
        }
        Origin::Ratio { numerator, denominator, times } => {
            let times = if *times == 1.0 { String::new() } else { format!(", times {}", format::plain(*times)) };
            format!("{} over {}{times}", label(*numerator), label(*denominator))
        }
        Origin::Log(of) => format!("natural logarithm of {}", label(*of)),
    }
}
