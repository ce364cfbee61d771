//! Numbers of one row of a CSV against each other: estimates, their intervals, quantiles, shares.
//! Knows how the columns are named; must not know what was estimated.

use super::numbers::{exact, inside, printed, symmetric};
use super::{Finding, Rows, Told, error, number, place};

const AGAIN: &str = "one of these numbers is wrong: make the report again";
const THEIRS: &str = "is it typed as printed? if so the print contradicts itself: leave its interval out";

/// Columns of an interval.
pub(super) struct Interval {
    /// Estimate.
    pub(super) middle: usize,
    /// Lower limit.
    pub(super) low: usize,
    /// Upper limit.
    pub(super) high: usize,
    /// What the columns are called without `_low`.
    pub(super) name: String,
}

/// Every row of a file.
pub(super) fn check(path: &str, rows: &Rows, told: &Told, found: &mut Vec<Finding>) {
    let Some((header, rows)) = rows.split_first() else { return };
    let all = intervals(header);
    for (at, row) in rows.iter().enumerate() {
        let line = at + 2;
        for interval in &all {
            let name = header.get(interval.middle).map_or("", String::as_str);
            // A share of rounded counts has moved within its interval, which is that of the counts themselves.
            let moved = told.rounding > 1 && (name.starts_with("share") || path == "figures/outcomes.csv");
            one((path, line), name, row, (interval, moved), found);
        }
        order(path, line, header, row, found);
        shares(path, line, header, row, found);
        words(path, line, header, row, found);
    }
}

/// The intervals that columns make: `x`, `x_low`, `x_high`, with or without a wave behind; `low` and
/// `high` beside `estimate`.
pub(super) fn intervals(header: &[String]) -> Vec<Interval> {
    let one = |(low, name): (usize, &String)| {
        let high = place(header, &name.replace("low", "high"))?;
        let plain = if name == "low" { String::new() } else { name.replace("_low", "") };
        let known = match plain.as_str() {
            "conf" | "" => vec!["estimate", "value", "share"],
            "printed" => vec!["printed_odds_ratio", "printed", "printed_estimate"],
            "quartile" => Vec::new(),
            other => vec![other],
        };
        let middle = known.into_iter().find_map(|name| place(header, name))?;
        Some(Interval { middle, low, high, name: plain })
    };
    let lows = header.iter().enumerate().filter(|(_, name)| *name == "low" || name.contains("_low"));
    lows.filter_map(one).collect()
}

fn one(
    (path, line): (&str, usize),
    column: &str,
    row: &[String],
    (interval, moved): (&Interval, bool),
    found: &mut Vec<Finding>,
) {
    let at = [interval.low, interval.middle, interval.high];
    let [Some(low), Some(middle), Some(high)] = at.map(|at| number(row, at)) else { return };
    let name = if interval.name.is_empty() || interval.name == "conf" { "estimate" } else { &interval.name };
    let known = |at: usize, value: f64| exact(row.get(at).map_or("", String::as_str), value);
    let printed = [known(at[0], low), known(at[1], middle), known(at[2], high)];
    let hint = if interval.name == "printed" { THEIRS } else { AGAIN };
    let slack = 1e-9 * (high - low).abs();
    let within = low - slack <= middle && middle <= high + slack;
    let balanced = moved || symmetric(printed[0], printed[1], printed[2]);
    if within && balanced {
        return;
    }
    let spread = is_spread(path, &words_of(row), interval);
    // What is varied one way first and then the other may fall where it rises.
    let within = within || (spread && high - slack <= middle && middle <= low + slack);
    let place = (line, column);
    let whole = middle.fract() == 0.0 && low <= high;
    if !(within || whole && inside(printed[0], printed[1], printed[2])) {
        error(found, path, place, format!("{name} {middle} lies outside its interval {low} to {high}"), hint);
    } else if !spread && !balanced {
        let what = format!("{name} {middle} is not the middle of its interval {low} to {high} on any scale");
        error(found, path, place, what, hint);
    }
}

/// Words of a row that say what it holds.
fn words_of(row: &[String]) -> String {
    row.iter().filter(|cell| cell.parse::<f64>().is_err()).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Whether limits are those of a spread, a simulation or a ratio of sums: in no scale's middle.
fn is_spread(path: &str, words: &str, interval: &Interval) -> bool {
    let named = ["cost", "median", "quantile", "acceptab", "tornado", "range", "implied"];
    let any = |text: &str| named.iter().any(|word| text.contains(word));
    any(path) || any(words) || any(&interval.name)
}

/// Quantiles rise.
fn order(path: &str, line: usize, header: &[String], row: &[String], found: &mut Vec<Finding>) {
    for names in [
        &["p10", "p25", "median", "p75", "p90"][..],
        &["q1", "median", "q3"][..],
        &["exposure_q25", "exposure_median", "exposure_q75"][..],
        &["effect_least", "effect_median", "effect_greatest"][..],
        &["quartile_low", "quartile_high"][..],
    ] {
        let values: Vec<f64> = names.iter().filter_map(|name| number(row, place(header, name)?)).collect();
        if values.windows(2).any(|pair| pair[0] > pair[1]) {
            error(found, path, line, format!("quantiles do not rise: {values:?}"), AGAIN);
        }
    }
}

/// p values and shares lie between 0 and 1; a share of two counts of its row is their ratio.
fn shares(path: &str, line: usize, header: &[String], row: &[String], found: &mut Vec<Finding>) {
    let is_share = |name: &str| {
        name == "p_value" || name.starts_with("p_") || name.starts_with("share_") || name.ends_with("_share")
    };
    // A mean where the variable has no levels is no share.
    let is_share = |name: &str| is_share(name) && !name.contains("_or_") || name == "holm_p";
    for (at, name) in header.iter().enumerate().filter(|(_, name)| is_share(name)) {
        let most = if name.ends_with("_percent") { 100.0 } else { 1.0 };
        if let Some(x) = number(row, at).filter(|x| !(-1e-9..=most + 1e-9).contains(x)) {
            error(found, path, (line, name.as_str()), format!("{name} {x} is no number from 0 to {most}"), AGAIN);
        }
    }
    let cell = |name: &str| number(row, place(header, name)?);
    for (share, part, whole) in [("reporting_share", "reporting", "known"), ("with_any_share", "with_any", "reporting")]
    {
        if let (Some(share_of), Some(some), Some(all)) = (cell(share), cell(part), cell(whole))
            && all > 0.0
            && (share_of - some / all).abs() > 1e-9
        {
            error(found, path, (line, share), format!("{share} {share_of} is not {some} of {all}"), AGAIN);
        }
    }
}

/// Numbers in a column of finished text are those of the row.
fn words(path: &str, line: usize, header: &[String], row: &[String], found: &mut Vec<Finding>) {
    let Some(text) = place(header, "text").and_then(|at| row.get(at)) else { return };
    let values: Vec<f64> = (0..row.len()).filter_map(|at| number(row, at)).collect();
    for printed in printed(text) {
        if !values.iter().any(|x| printed.prints(*x)) {
            error(found, path, (line, "text"), format!("{} in “{text}” is no number of its row", printed.value), AGAIN);
        }
    }
}
