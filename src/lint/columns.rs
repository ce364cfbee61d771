//! Numbers of one row of a CSV against each other: estimate, interval, error, test. Knows how the
//! columns are named; must not know what was estimated.

use super::numbers::{Printed, symmetric};
use super::{Finding, Rows, error};

/// Columns of an interval: estimate, limits, name.
struct Interval {
    middle: usize,
    low: usize,
    high: usize,
    name: String,
}

/// Every row of a file.
pub(super) fn check(path: &str, rows: &Rows, found: &mut Vec<Finding>) {
    let Some((header, rows)) = rows.split_first() else { return };
    let all = intervals(header);
    for (at, row) in rows.iter().enumerate() {
        let line = at + 2;
        for interval in &all {
            one(path, line, row, interval, found);
        }
        order(path, line, header, row, found);
        tested(path, line, header, row, &all, found);
        probabilities(path, line, header, row, found);
    }
}

fn place(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|head| head == name)
}

fn number(row: &[String], at: usize) -> Option<f64> {
    row.get(at)?.parse::<f64>().ok().filter(|x| x.is_finite())
}

fn intervals(header: &[String]) -> Vec<Interval> {
    let one = |(low, name): (usize, &String)| {
        let high = place(header, &name.replace("_low", "_high"))?;
        let plain = name.replace("_low", "");
        let known = match plain.as_str() {
            "conf" => vec!["estimate", "value"],
            "printed" => vec!["printed_odds_ratio", "printed"],
            "quartile" => vec!["value"],
            other => vec![other],
        };
        let middle = known.into_iter().find_map(|name| place(header, name))?;
        Some(Interval { middle, low, high, name: plain })
    };
    header.iter().enumerate().filter(|(_, name)| name.contains("_low")).filter_map(one).collect()
}

fn one(path: &str, line: usize, row: &[String], interval: &Interval, found: &mut Vec<Finding>) {
    let numbers = [interval.low, interval.middle, interval.high].map(|at| number(row, at));
    let [Some(low), Some(middle), Some(high)] = numbers else { return };
    let slack = 1e-9 * (high - low).abs();
    if !(low - slack <= middle && middle <= high + slack) {
        let what = format!("{} {middle} lies outside its interval {low} to {high}", interval.name);
        error(found, path, line, what, "one of the three numbers is wrong: make the report again");
        return;
    }
    // Quartiles are no interval around a number; what others printed is rounded, so not exact.
    if interval.name == "quartile" || interval.name == "printed" {
        return;
    }
    let text = |at: usize| row.get(at).map_or("", String::as_str);
    let exact = |value: f64, at: usize| {
        let half = if text(at).len() > 9 { 0.0 } else { half(text(at)) };
        Printed { value, half, at: (0, 0) }
    };
    if path != "figures/forest.csv"
        && !symmetric(exact(low, interval.low), exact(middle, interval.middle), exact(high, interval.high))
    {
        let what = format!("{} {middle} is not the middle of its interval {low} to {high} on any scale", interval.name);
        error(found, path, line, what, "one of the three numbers is wrong: make the report again");
    }
}

/// Half a unit of the last digit written.
fn half(text: &str) -> f64 {
    let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
    (0..decimals).fold(0.5, |unit, _| unit / 10.0)
}

/// Quantiles rise.
fn order(path: &str, line: usize, header: &[String], row: &[String], found: &mut Vec<Finding>) {
    for names in [
        ["p10", "p25", "median", "p75", "p90"],
        ["q1", "median", "q3", "", ""],
        ["exposure_q25", "exposure_median", "exposure_q75", "", ""],
    ] {
        let values: Vec<f64> = names.iter().filter_map(|name| number(row, place(header, name)?)).collect();
        if values.windows(2).any(|pair| pair[0] > pair[1]) {
            error(found, path, line, format!("quantiles do not rise: {values:?}"), "make the report again");
        }
    }
}

/// Statistic against estimate and error; p against interval.
fn tested(path: &str, line: usize, header: &[String], row: &[String], all: &[Interval], found: &mut Vec<Finding>) {
    let cell = |name: &str| number(row, place(header, name)?);
    if let (Some(estimate), Some(error_of), Some(statistic)) = (cell("estimate"), cell("std_error"), cell("statistic"))
        && error_of > 0.0
        && (estimate / error_of - statistic).abs() > 1e-6 * (1.0 + statistic.abs())
        && !header.iter().any(|name| name == "null")
        && !row.iter().any(|word| word.contains("ratio"))
    {
        let what = format!("statistic {statistic} is not estimate {estimate} over its error {error_of}");
        error(found, path, line, what, "make the report again");
    }
    let (Some(p), Some(interval)) = (cell("p_value"), all.first()) else { return };
    let [Some(low), Some(high)] = [interval.low, interval.high].map(|at| number(row, at)) else { return };
    let ratio = interval.name.contains("ratio") || row.iter().any(|word| word.contains("ratio"));
    let null = if ratio { 1.0 } else { 0.0 };
    let excludes = low > null || high < null;
    if (p < 0.0499 && !excludes) || (p > 0.0501 && excludes) {
        let what = format!("p value {p} does not agree with the interval {low} to {high}");
        error(
            found,
            path,
            line,
            what,
            "p is below 0.05 where the interval leaves no effect out: make the report again",
        );
    }
}

/// p values and shares lie between 0 and 1.
fn probabilities(path: &str, line: usize, header: &[String], row: &[String], found: &mut Vec<Finding>) {
    for (at, name) in header.iter().enumerate().filter(|(_, name)| {
        *name == "p_value" || name.starts_with("p_") || name.starts_with("share_2") || name.ends_with("_share")
    }) {
        if let Some(x) = number(row, at).filter(|x| !(-1e-9..=1.0 + 1e-9).contains(x)) {
            error(found, path, line, format!("{name} {x} is no number from 0 to 1"), "make the report again");
        }
    }
}
