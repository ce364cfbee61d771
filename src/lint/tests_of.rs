//! Statistics and p values against the estimates, errors and intervals of their row. Knows what a
//! two-sided test of nothing is; must not know the model.

use super::columns::{Interval, intervals};
use super::{Finding, Rows, error, number, place};
use crate::num;

const HINT: &str = "a number of the row is wrong: make the report again";
/// Level of the tests that 95% intervals stand for.
const LEVEL: f64 = 0.05;

/// Every row of a file.
pub(super) fn check(path: &str, rows: &Rows, found: &mut Vec<Finding>) {
    let Some((header, rows)) = rows.split_first() else { return };
    for (at, row) in rows.iter().enumerate() {
        let cell = |name: &str| number(row, place(header, name)?);
        let quantity = place(header, "quantity").and_then(|at| row.get(at)).map_or("", String::as_str);
        let mut tell = |what: String| error(found, path, at + 2, what, HINT);
        if !SHARES.contains(&quantity) {
            wald(&cell, quantity, &mut tell);
        }
        excludes(header, row, quantity, &mut tell);
        adjusted(&cell, &mut tell);
    }
}

/// Shares of simulated studies: their intervals (Wilson's) are narrower than their errors say.
const SHARES: [&str; 2] = ["power", "coverage"];

fn is_ratio(name: &str) -> bool {
    name.split('_').any(|word| ["ratio", "relative"].contains(&word))
}

/// Estimate over error is the statistic, the interval is as wide as the error says, and p follows.
fn wald(cell: &dyn Fn(&str) -> Option<f64>, quantity: &str, tell: &mut dyn FnMut(String)) {
    let log = |x: f64| if is_ratio(quantity) { (x > 0.0).then(|| num::ln(x)) } else { Some(x) };
    let (Some(estimate), Some(std_error)) = (cell("estimate").and_then(log), cell("std_error")) else { return };
    if std_error <= 0.0 {
        return;
    }
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + b.abs());
    let statistic = cell("statistic");
    if let Some(statistic) = statistic.filter(|statistic| !near(*statistic, estimate / std_error)) {
        tell(format!("statistic {statistic} is not the estimate over its error {std_error}"));
    }
    let (Some(low), Some(high)) = (cell("conf_low").and_then(log), cell("conf_high").and_then(log)) else { return };
    let critical = (high - low) / (2.0 * std_error);
    let normal = num::normal_quantile(1.0 - LEVEL / 2.0);
    if critical < normal * (1.0 - 1e-6) || critical > 13.0 {
        tell(format!("an interval of {critical:.4} errors to each side is none of 95%"));
        return;
    }
    // Other distributions have degrees of freedom that the row does not tell.
    if let (Some(statistic), Some(p), true) = (statistic, cell("p_value"), near(critical, normal)) {
        let expected = num::normal_two_sided(statistic);
        if (p - expected).abs() > 1e-6 * expected + 1e-15 {
            tell(format!("p value {p} is not that of the statistic {statistic}, {expected:.3e}"));
        }
    }
}

/// p is below 0.05 where the interval leaves no difference out.
fn excludes(header: &[String], row: &[String], quantity: &str, tell: &mut dyn FnMut(String)) {
    let Some(p) = place(header, "p_value").and_then(|at| number(row, at)) else { return };
    // The first interval is that of the estimate that is tested; printed ones are others'.
    let all = intervals(header);
    let tested = |interval: &&Interval| interval.name == "difference" || !all.iter().any(|i| i.name == "difference");
    let intervals = all.iter().filter(tested).filter(|interval| interval.name != "printed");
    let limits = |low: usize, high: usize| Some((number(row, low)?, number(row, high)?));
    let Some((name, (low, high))) = intervals.filter_map(|i| Some((&i.name, limits(i.low, i.high)?))).next() else {
        return;
    };
    let null = if is_ratio(name) || is_ratio(quantity) { 1.0 } else { 0.0 };
    let excluded = low > null || high < null;
    // A delta-method interval and the coefficient's test part by a little near the level.
    if (p < 0.9 * LEVEL && !excluded) || (p > 1.1 * LEVEL && excluded) {
        tell(format!("p value {p} does not agree with the interval {low} to {high}"));
    }
}

/// Adjusted p values are no smaller than plain ones, and in order.
fn adjusted(cell: &dyn Fn(&str) -> Option<f64>, tell: &mut dyn FnMut(String)) {
    let holm = cell("p_holm").or_else(|| cell("holm_p"));
    let chain = [cell("p_value"), cell("p_benjamini_hochberg"), cell("p_hochberg"), holm];
    let known: Vec<f64> = chain.into_iter().flatten().collect();
    if known.len() > 1 && holm.is_some() && known.windows(2).any(|pair| pair[0] > pair[1] * (1.0 + 1e-9)) {
        tell(format!("p values do not grow with stricter adjustment: {known:?}"));
    }
}
