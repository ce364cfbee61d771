//! How far two rows of estimates are apart. The rules are in the room's documentation.

use super::cells::same;
use super::estimates::Agreement;
use super::results::Numbers;
use crate::num;

/// Distance in standard errors within which an estimate comes back.
const CLOSE_ERRORS: f64 = 0.1;
/// Part of its size within which a number without a standard error comes back.
const CLOSE_PART: f64 = 0.05;
/// Part of its size within which a count comes back.
const CLOSE_COUNT: f64 = 0.001;

/// How far two rows of a quantity agree.
pub(super) fn agreement(quantity: &str, a: &Numbers, b: &Numbers) -> Agreement {
    if a.status != b.status {
        return Agreement::Moved;
    }
    let scale = a.std_error.unwrap_or(0.0);
    let numbers = |x: &Numbers| [x.estimate, x.std_error, x.conf_low, x.conf_high, x.statistic, x.p_value];
    let counts = |x: &Numbers| [x.n, x.clusters, x.groups_dropped];
    let pairs = |a: &[Option<f64>], b: &[Option<f64>], test: &dyn Fn(f64, f64) -> bool| {
        a.iter().zip(b).all(|pair| match pair {
            (Some(a), Some(b)) => test(*a, *b),
            (a, b) => a.is_none() && b.is_none(),
        })
    };
    if pairs(&numbers(a), &numbers(b), &|a, b| same(a, b, scale)) && pairs(&counts(a), &counts(b), &|a, b| a == b) {
        return Agreement::Exact;
    }
    let near = |x: f64, y: f64| {
        let errors = distance(quantity, x, y, scale);
        errors.is_some_and(|errors| errors.abs() <= CLOSE_ERRORS)
            || digits(quantity, x, y) == Some(0)
            || (a.std_error.is_none() && (x - y).abs() <= CLOSE_PART * x.abs())
    };
    let placed = |x: &Numbers| [x.estimate, x.conf_low, x.conf_high];
    let errors = |x: f64, y: f64| (x - y).abs() <= CLOSE_ERRORS * x.abs();
    let close = pairs(&placed(a), &placed(b), &near)
        && pairs(&[a.std_error], &[b.std_error], &errors)
        && pairs(&counts(a), &counts(b), &|a, b| (a - b).abs() <= CLOSE_COUNT * a.abs());
    if close { Agreement::Close } else { Agreement::Moved }
}

/// `after` less `before` in standard errors; odds ratios on the log scale.
pub(super) fn distance(quantity: &str, before: f64, after: f64, error: f64) -> Option<f64> {
    if error.is_nan() || error <= 0.0 {
        return None;
    }
    if quantity != "odds_ratio" {
        return Some((after - before) / error);
    }
    (before > 0.0 && after > 0.0).then(|| (num::ln(after) - num::ln(before)) / error)
}

/// `after` less `before` in units of the last digit that reports print of this quantity.
pub(super) fn digits(quantity: &str, before: f64, after: f64) -> Option<i64> {
    let printed = |x: f64| -> Option<i64> {
        let (x, decimals) = match quantity {
            "odds_ratio" => (x, 3),
            "coefficient" | "average_marginal_effect" | "contrast" | "minimum_detectable_effect" => (x, 4),
            "e_value" => (x, 2),
            "people" | "contrast_people" => (x / 1000.0, 0),
            other if other.starts_with("p_") => (x, 3),
            other if other.starts_with("predicted_") => (x, 4),
            _ => return None,
        };
        // Through the text, so that it rounds as the tables do.
        x.is_finite().then(|| format!("{x:.decimals$}").replace('.', "").parse().ok())?
    };
    printed(after)?.checked_sub(printed(before)?)
}
