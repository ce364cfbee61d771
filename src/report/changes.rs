//! What changed since an earlier version: the comparison as it is filed (`changes.json`), as a table
//! for machines (`changes.csv`) and as a page (`changes.md`).
//!
//! The comparison is an input of the report like any other: made once from two released versions,
//! filed with the second, and read from there when the version is made again. Compares nothing itself.

use serde::{Deserialize, Serialize};

use crate::error::{Problem, Result};
use crate::format;

use super::escape::{code, markdown};
use super::facts::change_row;

/// Where the comparison lies in a version's folder.
pub const CHANGES: &str = "changes.json";

/// Quantities of the exposure that are compared row by row, in this order.
pub const QUANTITIES: [&str; 5] = ["odds_ratio", "rate_ratio", "coefficient", "average_marginal_effect", "people"];

/// A version compared with an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Name of the earlier version's folder.
    pub previous: String,
    /// The earlier version.
    pub version: String,
    /// SHA-256 of its `manifest.json`.
    pub manifest_sha256: String,
    /// `simulated` or `real`, as the new version is.
    pub data: String,
    /// Why they differ, from the manifests, in plain words.
    pub causes: Vec<String>,
    /// Every analysis, outcome and subgroup on either side, in order.
    pub outcomes: Vec<OutcomeChanges>,
    /// Tables and figures whose values differ: paths of their CSV files.
    pub exhibits: Vec<String>,
}

/// One analysis, outcome and subgroup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeChanges {
    /// Analysis.
    pub analysis: String,
    /// Outcome's id.
    pub outcome: String,
    /// Subgroup; empty for everybody.
    pub subgroup: String,
    /// Rows of `results.csv` on either side.
    pub rows: u64,
    /// Rows that are not the same text.
    pub differing: u64,
    /// Largest distance in standard errors of the earlier version; none where nothing can be compared.
    pub furthest: Option<f64>,
    /// The exposure's estimates that differ.
    pub estimates: Vec<EstimateMoved>,
}

/// An estimate of the exposure that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EstimateMoved {
    /// Quantity, one of [`QUANTITIES`].
    pub quantity: String,
    /// In the earlier version; none where it has no such row.
    pub before: Option<EstimateSide>,
    /// In this version; none where it has no such row.
    pub after: Option<EstimateSide>,
    /// This less the earlier one.
    pub difference: Option<f64>,
    /// The same in standard errors of the earlier one (odds ratios: on the log scale).
    pub in_errors: Option<f64>,
}

/// An estimate as released.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EstimateSide {
    /// Estimate.
    pub estimate: Option<f64>,
    /// Limits of the 95% interval.
    pub interval: Option<[f64; 2]>,
    /// Standard error (odds ratios: of the logarithm).
    pub std_error: Option<f64>,
    /// Responses analysed.
    pub n: Option<f64>,
    /// `ok`, or why there is no number.
    pub status: String,
}

impl Changes {
    /// The comparison as it is filed.
    ///
    /// # Errors
    /// Numbers that JSON has no form for.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let text = serde_json::to_vec_pretty(self);
        let mut text = text.map_err(|error| Problem::new(format!("cannot write the comparison: {error}")))?;
        text.push(b'\n');
        Ok(text)
    }

    /// A filed comparison.
    ///
    /// # Errors
    /// Text that is none.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|error| {
            let problem = Problem::new(format!("not a comparison of versions: {error}")).file(CHANGES);
            problem.hint("the file was edited or comes from another program version").into()
        })
    }
}

/// `changes.csv`: every estimate of the exposure that differs, at full precision; header first.
pub(super) fn change_rows(changes: &Changes) -> Vec<Vec<String>> {
    let mut rows = vec![
        "analysis,outcome,subgroup,quantity,estimate_before,conf_low_before,conf_high_before,std_error_before,n_before,\
         status_before,estimate_after,conf_low_after,conf_high_after,std_error_after,n_after,status_after,difference,\
         in_std_errors"
            .split(',')
            .map(str::to_string)
            .collect::<Vec<_>>(),
    ];
    let number = |x: Option<f64>| x.map_or_else(String::new, format::plain);
    let side = |side: &Option<EstimateSide>| match side {
        None => {
            let mut cells = vec![String::new(); 5];
            cells.push("not in this version".into());
            cells
        }
        Some(side) => vec![
            number(side.estimate),
            number(side.interval.map(|i| i[0])),
            number(side.interval.map(|i| i[1])),
            number(side.std_error),
            number(side.n),
            side.status.clone(),
        ],
    };
    for outcome in &changes.outcomes {
        for moved in &outcome.estimates {
            let mut row: Vec<String> =
                [&outcome.analysis, &outcome.outcome, &outcome.subgroup, &moved.quantity].map(Clone::clone).to_vec();
            row.extend(side(&moved.before));
            row.extend(side(&moved.after));
            row.extend([number(moved.difference), number(moved.in_errors)]);
            rows.push(row);
        }
    }
    rows
}

/// `changes.md`: the whole comparison to read.
pub(super) fn change_page(changes: &Changes, title: &str, mark: Option<&str>) -> String {
    let mut out = mark.map_or_else(String::new, |mark| format!("> **{}**\n\n", markdown(mark)));
    out.push_str(&format!("# What changed: {}\n\n", markdown(title)));
    out.push_str(&format!(
        "Compared with version {} on file, {}, whose `manifest.json` has SHA-256 {}. Distances are in standard errors of that \
         version, for odds ratios on the log scale.\n\n## Why\n\n",
        markdown(&changes.version),
        code(&changes.previous),
        code(&changes.manifest_sha256)
    ));
    for cause in &changes.causes {
        out.push_str(&format!("- {}\n", markdown(cause)));
    }
    out.push_str(
        "\n## Outcome by outcome\n\n| Analysis | Outcome | Rows | Differ | Furthest, in standard errors |\n|:---|:---|---:|---:|---:|\n",
    );
    for outcome in &changes.outcomes {
        let far = outcome.furthest.map_or_else(|| "–".into(), |x| format::fixed(x, 2));
        let (analysis, name) = (markdown(&outcome.analysis), markdown(&named(outcome)));
        out.push_str(&format!("| {analysis} | {name} | {} | {} | {far} |\n", outcome.rows, outcome.differing));
    }
    out.push_str("\n## Estimates that differ\n\n");
    if changes.outcomes.iter().all(|outcome| outcome.estimates.is_empty()) {
        out.push_str("None of the exposure’s.\n");
    } else {
        out.push_str("| Analysis | Outcome | Quantity | Before (95% CI) | Now (95% CI) | Difference | In standard errors | n |\n|:---|:---|:---|---:|---:|---:|---:|---:|\n");
    }
    for outcome in &changes.outcomes {
        for moved in &outcome.estimates {
            let row = change_row(&named(outcome), moved);
            let cells = [&row.outcome, &row.quantity, &row.before, &row.after, &row.difference, &row.errors, &row.n];
            let cells: Vec<String> = cells.map(|cell| markdown(cell)).to_vec();
            out.push_str(&format!("| {} | {} |\n", markdown(&outcome.analysis), cells.join(" | ")));
        }
    }
    out.push_str("\n## Tables and figures whose values differ\n\n");
    if changes.exhibits.is_empty() {
        out.push_str("None.\n");
    }
    changes.exhibits.iter().for_each(|path| out.push_str(&format!("- {}\n", code(path))));
    out
}

fn named(outcome: &OutcomeChanges) -> String {
    if outcome.subgroup.is_empty() {
        outcome.outcome.clone()
    } else {
        format!("{} ({})", outcome.outcome, outcome.subgroup)
    }
}
