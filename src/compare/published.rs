//! The published numbers beside a run: read from the run's own table.

use super::cells;
use super::content::Files;
use serde::Serialize;

/// The table that sets a run beside the printed numbers.
const TABLE: &str = "tables/published.csv";

/// One outcome beside the printed number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Published {
    /// Outcome.
    pub outcome: String,
    /// Odds ratio of the run.
    pub odds_ratio: Option<f64>,
    /// Printed odds ratio; none where no number was printed.
    pub printed: Option<f64>,
    /// Printed limits.
    pub printed_low: Option<f64>,
    /// Upper one.
    pub printed_high: Option<f64>,
    /// Run less printed, log scale, in the run's standard errors.
    pub in_errors: Option<f64>,
    /// Run less printed, in the last printed digit.
    pub in_digits: Option<f64>,
    /// Whether the run's odds ratio lies in the printed interval.
    pub inside: Option<bool>,
}

/// Every outcome that the publication reports; none where the report has no such table.
pub(super) fn read(files: &Files) -> Vec<Published> {
    let Some(Ok(rows)) = files.get(TABLE).map(|bytes| cells::rows(bytes)) else { return Vec::new() };
    let Some((header, rows)) = rows.split_first() else { return Vec::new() };
    // The other form of study sets coefficients beside printed ones, in a table of its own.
    if !header.iter().any(|head| head == "printed_odds_ratio") {
        return Vec::new();
    }
    let cell = |row: &[String], name: &str| -> Option<String> {
        let text = &row[header.iter().position(|head| head == name)?];
        (!text.is_empty()).then(|| text.clone())
    };
    let number = |row: &[String], name: &str| cell(row, name)?.parse().ok();
    rows.iter()
        .filter_map(|row| {
            Some(Published {
                outcome: cell(row, "outcome")?,
                odds_ratio: number(row, "odds_ratio"),
                printed: number(row, "printed_odds_ratio"),
                printed_low: number(row, "printed_low"),
                printed_high: number(row, "printed_high"),
                in_errors: number(row, "difference_in_own_errors"),
                in_digits: number(row, "difference_in_digits"),
                inside: cell(row, "inside_printed_interval").map(|word| word == "yes"),
            })
        })
        .collect()
}
