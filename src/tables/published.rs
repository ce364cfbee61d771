//! This run beside the printed paper. Owns the arithmetic of the comparison: the difference of two
//! log odds ratios in standard errors and in printed digits, and whether one lies in the other's
//! interval. Pure functions, then the table.

use super::cells::{self, NOTHING, blank, capital, head, hidden, numbers, ratio, row, words};
use super::notes::{self, Rests, finish};
use super::types::{Cell, Row, Table, Value};
use super::{outcome_id, outcome_label, results_of};
use crate::config::{Config, Exhibit, PublishedEstimate};
use crate::disclosure::{Estimate, Findings};
use crate::error::{Problem, Result};
use crate::{format, num};

/// 97.5th percentile of the standard normal distribution: half the width of a 95% interval in
/// standard errors.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// What the comparison of an odds ratio with a printed one says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Comparison {
    /// ln(odds ratio here) - ln(printed odds ratio).
    pub log_difference: f64,
    /// `log_difference` over this run's standard error.
    pub in_own_errors: f64,
    /// `log_difference` over the root of the sum of both squared standard errors; the printed one
    /// is the width of the printed log interval over 2 x 1.96. Not-a-number without an interval.
    pub in_combined_errors: f64,
    /// Difference of both ratios as printed, in units of the last printed digit.
    pub in_digits: Option<i64>,
    /// Whether this run's ratio, rounded as printed, lies within the printed interval.
    pub inside: Option<bool>,
}

/// Compares `here` (standard error on the log scale) with a printed `[ratio, low, high]` that
/// carries `digits` decimals.
pub(super) fn compare(here: &Estimate, printed: [f64; 3], digits: usize) -> Comparison {
    let [ratio, low, high] = printed;
    let log_difference = num::ln(here.estimate) - num::ln(ratio);
    let printed_error = (num::ln(high) - num::ln(low)) / (2.0 * NORMAL_975);
    let combined = (here.std_error * here.std_error + printed_error * printed_error).sqrt();
    let unit = |x: f64| units(x, digits);
    Comparison {
        log_difference,
        in_own_errors: over(log_difference, here.std_error),
        in_combined_errors: over(log_difference, combined),
        in_digits: unit(here.estimate).zip(unit(ratio)).and_then(|(here, printed)| here.checked_sub(printed)),
        inside: match (unit(here.estimate), unit(low), unit(high)) {
            (Some(here), Some(low), Some(high)) => Some((low..=high).contains(&here)),
            _ => None,
        },
    }
}

fn over(difference: f64, error: f64) -> f64 {
    if error > 0.0 { difference / error } else { f64::NAN }
}

/// `x` as printed with `digits` decimals, as a whole number of units of the last digit. Goes
/// through the text, so that it rounds exactly as the table does.
fn units(x: f64, digits: usize) -> Option<i64> {
    if !x.is_finite() {
        return None;
    }
    format!("{x:.digits$}").replace('.', "").parse().ok()
}

/// Table of the outcomes that the paper reports.
///
/// # Errors
/// No printed estimate in the config.
pub(super) fn published(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Result<Table> {
    if config.published.estimates.is_empty() {
        return Err(Problem::new("table `published` has no printed estimate to compare with")
            .hint("list the paper's estimates under `published`, or take the table out of `tables`")
            .into());
    }
    let paper = paper(config);
    let heads = vec![
        head("Outcome", &["outcome", "label"], false),
        head("This run: odds ratio (95% CI)", &["odds_ratio", "odds_ratio_low", "odds_ratio_high"], true),
        head(
            format!("{}: odds ratio (95% CI)", capital(&paper)),
            &["printed_odds_ratio", "printed_low", "printed_high"],
            true,
        ),
        head("Difference, in standard errors of this run", &["log_difference", "difference_in_own_errors"], true),
        head("Difference, in combined standard errors", &["difference_in_combined_errors"], true),
        head("Difference, in the last printed digit", &["difference_in_digits"], true),
        head("Inside the printed interval", &["inside_printed_interval"], false),
        head("This run: people", &["people"], true),
        head(format!("{}: people", capital(&paper)), &["printed_people"], true),
    ];
    let rows = config.published.estimates.iter().map(|printed| estimate_row(config, findings, printed)).collect();
    let own = comparison_notes(config, findings, &paper);
    Ok(finish(config, exhibit, Rests::Responses, heads, rows, own))
}

/// Name of the paper for headings.
fn paper(config: &Config) -> String {
    if config.published.name.is_empty() { "paper".into() } else { config.published.name.clone() }
}

fn estimate_row(config: &Config, findings: &Findings, printed: &PublishedEstimate) -> Row {
    let label = outcome_label(config, printed.outcome);
    let result = results_of(findings, 0).into_iter().find(|result| result.outcome == printed.outcome);
    let mut cells = vec![words(label.clone(), &[&outcome_id(config, printed.outcome), &label])];
    cells.push(result.map_or_else(|| blank(3), |result| cells::with_interval(&result.odds_ratio, ratio)));
    cells.push(printed_cell(printed));
    cells.extend(match (result, printed.odds_ratio) {
        (Some(result), Some(ratio)) => match (result.odds_ratio.shown(), result.odds_ratio.hidden()) {
            (Some(here), _) => comparison_cells(&compare(here, ratio, printed.digits)),
            (None, Some(reason)) => [2, 1, 1, 1].map(|width| hidden(reason, width)),
            (None, None) => [2, 1, 1, 1].map(blank),
        },
        _ => [2, 1, 1, 1].map(blank),
    });
    cells.push(result.map_or_else(
        || blank(1),
        |result| cells::released(&result.people, 1, |e| numbers(cells::people(e.estimate), &[e.estimate])),
    ));
    cells.push(printed.people.map_or_else(|| blank(1), |people| numbers(format::fixed(people, 0), &[people])));
    row("", cells)
}

fn printed_cell(printed: &PublishedEstimate) -> Cell {
    match printed.odds_ratio {
        Some([ratio, low, high]) => {
            let text =
                format!("{} ({})", format::fixed(ratio, printed.digits), format::interval(low, high, printed.digits));
            numbers(text, &[ratio, low, high])
        }
        None => Cell { text: "no number printed".into(), values: vec![Value::Blank; 3] },
    }
}

fn comparison_cells(c: &Comparison) -> [Cell; 4] {
    let digits = match c.in_digits {
        Some(units) => numbers(signed(units as f64, 0), &[units as f64]),
        None => blank(1),
    };
    let inside = match c.inside {
        Some(true) => words("yes", &["yes"]),
        Some(false) => words("no", &["no"]),
        None => blank(1),
    };
    [
        numbers(signed(c.in_own_errors, 2), &[c.log_difference, c.in_own_errors]),
        numbers(signed(c.in_combined_errors, 2), &[c.in_combined_errors]),
        digits,
        inside,
    ]
}

/// A difference with its sign, unless it prints as zero.
fn signed(x: f64, digits: usize) -> String {
    let text = format::fixed(x, digits);
    let zero = !text.bytes().any(|b| b.is_ascii_digit() && b != b'0');
    if x > 0.0 && !zero { format!("+{text}") } else { text }
}

fn comparison_notes(config: &Config, findings: &Findings, paper: &str) -> Vec<String> {
    let mut own = vec![
        notes::exposure_unit(config),
        format!(
            "Differences are this run less {paper}. In standard errors: d = ln(OR here) − ln(OR printed), divided by \
             this run’s standard error of ln(OR), and by √(SE here² + SE printed²) with SE printed = (ln high − ln low) \
             / 3.92 from the printed interval, which itself is rounded."
        ),
        "In the last printed digit: both odds ratios rounded to as many decimals as printed, then subtracted. Inside: \
         this run’s odds ratio, rounded in the same way, lies within the printed interval, limits included."
            .into(),
        "People: this run to the nearest 1,000, the paper as printed.".into(),
    ];
    if config.published.estimates.iter().any(|printed| printed.odds_ratio.is_none() || printed.people.is_none()) {
        own.push(format!("{NOTHING}: {paper} printed no number, or there is none to compare."));
    }
    for printed in &config.published.estimates {
        if !printed.note.is_empty() {
            own.push(format!("{}: {}.", outcome_label(config, printed.outcome), printed.note.trim_end_matches('.')));
        }
    }
    if let Some(n) = config.published.n {
        own.push(format!(
            "Analysed for at least one outcome: {} here, {} in {paper}.",
            notes::counted(&findings.analysed_any, &config.counted()),
            format::count(n)
        ));
    }
    own.extend(notes::inference(config, &results_of(findings, 0)));
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(estimate: f64, std_error: f64) -> Estimate {
        Estimate { estimate, std_error, low: f64::NAN, high: f64::NAN, statistic: f64::NAN, p: f64::NAN }
    }

    /// Expected values from Python's `decimal` at 40 digits: d = ln 1.008 - ln 1.006; printed error
    /// (ln 1.010 - ln 1.001) / (2 x 1.959963984540054) = 0.0022834171; d / 0.002; d / root of both squared.
    #[test]
    fn the_comparison_agrees_with_hand_values() {
        let c = compare(&here(1.008, 0.002), [1.006, 1.001, 1.010], 3);
        assert!((c.log_difference - 0.0019860979716294).abs() < 1e-12, "{}", c.log_difference);
        assert!((c.in_own_errors - 0.9930489858147).abs() < 1e-9, "{}", c.in_own_errors);
        assert!((c.in_combined_errors - 0.6542996899036).abs() < 1e-9, "{}", c.in_combined_errors);
        assert_eq!((c.in_digits, c.inside), (Some(2), Some(true)));
    }

    #[test]
    fn digits_and_interval_follow_the_printed_rounding() {
        let c = compare(&here(1.010_49, 0.002), [1.006, 1.001, 1.010], 3);
        assert_eq!((c.in_digits, c.inside), (Some(4), Some(true)));
        let c = compare(&here(1.010_51, 0.002), [1.006, 1.001, 1.010], 3);
        assert_eq!((c.in_digits, c.inside), (Some(5), Some(false)));
        let c = compare(&here(0.994, 0.002), [1.006, 1.001, 1.010], 3);
        assert_eq!((c.in_digits, c.inside), (Some(-12), Some(false)));
        assert_eq!(compare(&here(2.4, 0.1), [3.0, 2.0, 4.0], 0).in_digits, Some(-1));
    }

    #[test]
    fn numbers_that_cannot_be_compared_stay_blank() {
        let c = compare(&here(f64::NAN, 0.0), [1.0, 1.0, 1.0], 3);
        assert_eq!((c.in_digits, c.inside), (None, None));
        assert!(c.in_own_errors.is_nan() && c.in_combined_errors.is_nan());
        assert_eq!(signed(-0.001, 2), "0.00");
        assert_eq!(signed(0.5, 1), "+0.5");
        assert_eq!(signed(-0.5, 1), "\u{2212}0.5");
    }
}
