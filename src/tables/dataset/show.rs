//! How numbers of any size print: estimates to two significant digits of their standard error, in
//! percentage points where they are about probabilities.

use super::super::cells::{interval_text, numbers, released};
use super::super::types::Cell;
use crate::config::{Dataset, DatasetFamily, Measure};
use crate::disclosure::{Estimate, Prediction, Released};
use crate::format;

/// Decimals that show `size` with two significant digits: 0 to 8.
pub(super) fn decimals(size: f64) -> usize {
    let mut size = size.abs();
    if !size.is_finite() || size == 0.0 {
        return 2;
    }
    let mut digits = 0;
    while size < 10.0 && digits < 8 {
        size *= 10.0;
        digits += 1;
    }
    digits
}

/// Whether effects on an outcome are differences of probabilities.
pub(super) fn is_share(dataset: &Dataset, outcome: usize) -> bool {
    matches!(dataset.outcomes[outcome].measure, Measure::Binary(_) | Measure::Grouped { .. })
}

/// What the exponential of a coefficient is called.
pub(super) fn ratio_name(family: DatasetFamily) -> Option<&'static str> {
    match family {
        DatasetFamily::Logit => Some("Odds ratio"),
        DatasetFamily::Poisson => Some("Rate ratio"),
        DatasetFamily::Probit | DatasetFamily::Linear => None,
    }
}

/// An estimate with its interval to two significant digits of its standard error.
pub(super) fn estimate(found: &Released<Estimate>) -> Cell {
    let least = |e: &Estimate| if e.estimate.abs() < 100.0 { 2 } else { 0 };
    let digits = found.shown().map_or(2, |e| decimals(e.std_error).max(least(e)));
    released(found, 3, |e| numbers(interval_text(e, |x| format::fixed(x, digits)), &[e.estimate, e.low, e.high]))
}

/// A ratio with its interval: at least two decimals, to two significant digits of its own error.
pub(super) fn ratio(found: &Released<Estimate>) -> Cell {
    let digits = found.shown().map_or(2, |e| decimals(e.std_error * e.estimate).clamp(2, 6));
    released(found, 3, |e| numbers(interval_text(e, |x| format::fixed(x, digits)), &[e.estimate, e.low, e.high]))
}

/// An effect in the outcome's units: percentage points where they are probabilities.
pub(super) fn effect(found: &Released<Estimate>, share: bool) -> Cell {
    if !share {
        return estimate(found);
    }
    let digits = found.shown().map_or(2, |e| decimals(100.0 * e.std_error).clamp(1, 4));
    let points = |e: &Estimate| {
        let text = interval_text(e, |x| format::fixed(100.0 * x, digits));
        let text = text.replacen(" (", " pp (", 1);
        numbers(if text.contains(" pp") { text } else { format!("{text} pp") }, &[e.estimate, e.low, e.high])
    };
    released(found, 3, points)
}

/// A predicted mean with its interval where it has one: per cent where it is a probability.
pub(super) fn mean(found: &Released<Prediction>, share: bool) -> Cell {
    let times = if share { 100.0 } else { 1.0 };
    let text = |x: f64, digits: usize| {
        if share { format!("{}%", format::percent(x, digits)) } else { format::fixed(x, digits) }
    };
    released(found, 3, |p| match p.error {
        Some([std_error, low, high]) => {
            let digits = decimals(times * std_error).min(4);
            let range = format!("{} to {}", text(low, digits), text(high, digits));
            numbers(format!("{} ({range})", text(p.mean, digits)), &[p.mean, low, high])
        }
        None => numbers(if share { text(p.mean, 1) } else { number(p.mean) }, &[p.mean, f64::NAN, f64::NAN]),
    })
}

/// A plain number of unknown size with three significant digits or more.
pub(super) fn number(x: f64) -> String {
    format::fixed(x, decimals(x / 10.0).min(6))
}

/// An outcome's mean: per cent where it is a probability.
pub(super) fn level(found: &Released<f64>, share: bool) -> Cell {
    let text = |x: f64| if share { format!("{}%", format::percent(x, 1)) } else { number(x) };
    released(found, 1, |x| numbers(text(*x), &[*x]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_of_the_error_are_shown() {
        for (size, want) in
            [(0.012, 3), (0.1, 2), (5.0, 1), (12.0, 0), (1200.0, 0), (1e-12, 8), (0.0, 2), (f64::NAN, 2)]
        {
            assert_eq!(decimals(size), want, "{size}");
        }
        assert_eq!((number(763.4211), number(0.012_345), number(12.0)), ("763".into(), "0.0123".into(), "12.0".into()));
    }
}
