//! The output checker's papers: a line for each cell with what was decided and why, and
//! `disclosure.json` with the status of each output, after the manner of ACRO (AI-SDC).
//!
//! Reads finished tables, drawings and rows, never an unreleased value; decides nothing. Its checks are
//! made once more on what is about to be filed, not taken from the room that hid the values.
//!
//! `pass`: nothing had to be hidden, and no check found anything. `review`: values were hidden, or a
//! person should look at something. `fail`: a check found a number that the regime refuses. An exception
//! from the config stands beside the status and does not change it.

mod cells;
mod checks;

use serde::Serialize;

use crate::config::Disclosure;
use crate::error::{Problem, Problems, Result};
use crate::figures::Figure;
use crate::tables::Table;

use super::Bundle;
use super::csv::{csv_bytes, mark_csv};

pub use cells::is_count;
pub use checks::{Linked, ModelCheck};

/// Path of the lines by cell.
pub const CELLS: &str = "disclosure.csv";
/// Path of the statuses by output.
pub const STATUSES: &str = "disclosure.json";

/// What is checked.
#[derive(Debug, Clone)]
pub struct Audited<'a> {
    /// The regime.
    pub rules: &'a Disclosure,
    /// The mark on simulated data; none over real data.
    pub mark: Option<String>,
    /// Finished tables.
    pub tables: &'a [Table],
    /// Finished figures.
    pub figures: &'a [Figure],
    /// Files of rows, header first, with the number of columns that name a row.
    pub files: Vec<(&'static str, usize, Vec<Vec<String>>)>,
    /// Fits.
    pub models: Vec<ModelCheck>,
    /// Shown counts of which one is part of another.
    pub linked: Vec<Linked>,
}

/// An output's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nothing to see.
    Pass,
    /// A person should look.
    Review,
    /// The regime refuses something in it.
    Fail,
}

/// One rule applied to one output.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Check {
    rule: &'static str,
    status: Status,
    detail: String,
}

/// One output.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Output {
    output: String,
    kind: &'static str,
    files: Vec<String>,
    status: Status,
    shown: usize,
    hidden: usize,
    not_estimated: usize,
    checks: Vec<Check>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<String>,
}

/// The file's whole.
#[derive(Debug, Serialize)]
struct Statuses<'a> {
    form: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a str>,
    profile: &'a str,
    rules: Rules,
    status: Status,
    outputs: Vec<Output>,
    models: &'a [ModelCheck],
    linked: &'a [Linked],
}

/// The numbers of the regime.
#[derive(Debug, Serialize)]
struct Rules {
    threshold: u64,
    rounding: u64,
    zeros: &'static str,
    totals: &'static str,
    residual_degrees_of_freedom: u64,
    largest_two: f64,
    p_percent: f64,
}

/// Adds both files to a bundle.
///
/// # Errors
/// An exception for an output that there is none of.
pub fn audit(bundle: &mut Bundle, audited: &Audited<'_>) -> Result<()> {
    let lines = cells::lines(audited);
    let mut outputs = checks::outputs(audited, &lines);
    let mut problems = Problems::default();
    let names: Vec<String> = outputs.iter().map(|output| output.output.clone()).collect();
    for (name, why) in &audited.rules.exceptions {
        match outputs.iter_mut().find(|output| output.output == *name) {
            Some(output) => output.exception = Some(why.clone()),
            None => problems.push(
                Problem::new(format!("`disclosure.exceptions` names `{name}`, which is no output of this report"))
                    .nearest(name, &names),
            ),
        }
    }
    let rules = audited.rules;
    let statuses = Statuses {
        form: "offprint disclosure 1",
        data: audited.mark.as_deref(),
        profile: &rules.profile,
        rules: Rules {
            threshold: rules.threshold,
            rounding: rules.rounding,
            zeros: if rules.hide_zeros { "hidden" } else { "shown" },
            totals: if rules.totals_of_parts { "of-rounded-parts" } else { "before-rounding" },
            residual_degrees_of_freedom: rules.residual_df,
            largest_two: rules.largest_two,
            p_percent: rules.p_percent,
        },
        status: outputs.iter().map(|output| output.status).max().unwrap_or(Status::Pass),
        outputs,
        models: &audited.models,
        linked: &audited.linked,
    };
    let mut json = serde_json::to_string_pretty(&statuses)
        .map_err(|error| Problem::new(format!("cannot write {STATUSES}: {error}")))?;
    json.push('\n');
    bundle.0.insert(STATUSES.into(), json.into_bytes());
    bundle.0.insert(CELLS.into(), csv_bytes(&mark_csv(cells::rows(&lines), audited.mark.as_deref())));
    problems.or(())
}
