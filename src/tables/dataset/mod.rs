//! Tables of a dataset study, from released values only. Takes every word for units and variables from
//! the config. Entries: [`build`] and the rows of the machine files.

mod describe;
mod effects;
mod machine;
mod notes;
mod show;
mod terms;
mod texts;

pub use machine::{flow_rows, models_rows, results_rows};
pub use texts::{ResultTexts, model_texts, origin_text, result_texts};

use super::types::Table;
use crate::config::Dataset;
use crate::disclosure::{DatasetFindings, DatasetResult};
use crate::error::{Problem, Problems, Result};

/// The ids that [`build`] knows.
pub const IDS: [&str; 10] =
    ["sample", "main", "contrasts", "subgroups", "tests", "variants", "coefficients", "published", "flow", "dropped"];

/// Every table that the config asks for, in its order.
///
/// # DatasetErrors
/// An id that no builder has, a table asked for twice.
pub fn build(dataset: &Dataset, found: &DatasetFindings) -> Result<Vec<Table>> {
    let mut problems = Problems::default();
    let mut tables: Vec<Table> = Vec::with_capacity(dataset.tables.len());
    for exhibit in &dataset.tables {
        let table = match exhibit.id.as_str() {
            "sample" => describe::sample(dataset, found, exhibit),
            "main" => effects::main(dataset, found, exhibit),
            "contrasts" => effects::contrasts(dataset, found, exhibit),
            "subgroups" => effects::subgroups(dataset, found, exhibit),
            "tests" => terms::tests(dataset, found, exhibit),
            "variants" => effects::variants(dataset, found, exhibit),
            "coefficients" => terms::coefficients(dataset, found, exhibit),
            "published" => terms::published(dataset, found, exhibit),
            "flow" => describe::flow(dataset, found, exhibit),
            "dropped" => describe::dropped(dataset, found, exhibit),
            other => {
                problems.push(Problem::new(format!("no table `{other}`")).nearest(other, &IDS));
                continue;
            }
        };
        if tables.iter().any(|other| other.id == table.id) {
            problems.push(Problem::new(format!("table `{}` is listed twice", table.id)).hint("keep one of them"));
        } else {
            tables.push(table);
        }
    }
    problems.or(tables)
}

/// The results of one model in the order of the config's outcomes.
fn results_of(found: &DatasetFindings, model: usize) -> impl Iterator<Item = &DatasetResult> {
    found.models.iter().filter(move |result| result.model == model)
}
