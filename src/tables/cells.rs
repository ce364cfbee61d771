//! Cells from released values: the one place that decides how a hidden value prints and that
//! keeps the printed text and the values behind it together. Knows no table and no config.

use super::types::{Cell, Head, Row, Value};
use crate::disclosure::{Estimate, Reason, Released};
use crate::format;
pub(super) use crate::format::capital;

/// Printed in place of a value that the disclosure rules hide.
pub(super) const NOT_RELEASED: &str = "not released";
/// Printed in place of a value that could not be computed.
pub(super) const NOT_ESTIMATED: &str = "not estimated";
/// Printed where nothing belongs.
pub(super) const NOTHING: &str = "–";

/// The word printed for a hidden value.
pub(super) fn hidden_word(reason: &Reason) -> &'static str {
    match reason {
        Reason::NotEstimated(_) => NOT_ESTIMATED,
        _ => NOT_RELEASED,
    }
}

/// A heading with the CSV names of its values.
pub(super) fn head(text: impl Into<String>, names: &[&str], numeric: bool) -> Head {
    Head { text: text.into(), names: names.iter().map(|name| (*name).to_owned()).collect(), numeric }
}

/// A row that opens `section` (empty for none).
pub(super) fn row(section: impl Into<String>, cells: Vec<Cell>) -> Row {
    Row { section: section.into(), cells }
}

/// Words, with the words behind each CSV column.
pub(super) fn words(text: impl Into<String>, values: &[&str]) -> Cell {
    Cell { text: text.into(), values: values.iter().map(|value| Value::Text((*value).to_owned())).collect() }
}

/// A cell in which nothing belongs, over `width` CSV columns.
pub(super) fn blank(width: usize) -> Cell {
    Cell { text: NOTHING.into(), values: vec![Value::Blank; width] }
}

/// A hidden cell over `width` CSV columns.
pub(super) fn hidden(reason: &Reason, width: usize) -> Cell {
    Cell { text: hidden_word(reason).into(), values: vec![Value::Hidden(reason.status()); width] }
}

/// A value for machines; not-a-number is blank.
pub(super) fn value(x: f64) -> Value {
    if x.is_nan() { Value::Blank } else { Value::Number(x) }
}

/// Text with its values.
pub(super) fn numbers(text: String, values: &[f64]) -> Cell {
    Cell { text, values: values.iter().map(|x| value(*x)).collect() }
}

/// The cell of a released value, or its hidden form over `width` CSV columns.
pub(super) fn released<T>(what: &Released<T>, width: usize, show: impl FnOnce(&T) -> Cell) -> Cell {
    match both(what, what) {
        Ok((shown, _)) => show(shown),
        Err(reason) => hidden(&reason, width),
    }
}

/// Both values, or the reason of the first hidden one. A pair that gives each other away (a count
/// and its share) is shown or hidden together.
pub(super) fn both<'a, A, B>(a: &'a Released<A>, b: &'a Released<B>) -> Result<(&'a A, &'a B), Reason> {
    match (a.shown(), b.shown()) {
        (Some(a), Some(b)) => Ok((a, b)),
        _ => Err(a.hidden().or(b.hidden()).cloned().unwrap_or(Reason::Small)),
    }
}

/// A count.
pub(super) fn count(n: &Released<u64>) -> Cell {
    released(n, 1, |n| numbers(format::count(*n), &[*n as f64]))
}

/// A number with `digits` decimals.
pub(super) fn fixed(x: &Released<f64>, digits: usize) -> Cell {
    released(x, 1, |x| numbers(format::fixed(*x, digits), &[*x]))
}

/// A p value.
pub(super) fn p_value(p: &Released<f64>) -> Cell {
    released(p, 1, |p| numbers(format::p_value(*p), &[*p]))
}

/// `estimate (low to high)` with three values; `show` turns each number into text.
pub(super) fn with_interval(estimate: &Released<Estimate>, show: impl Fn(f64) -> String) -> Cell {
    released(estimate, 3, |e| numbers(interval_text(e, show), &[e.estimate, e.low, e.high]))
}

/// `1.006 (1.001 to 1.010)`; only the estimate where there is no interval.
pub(super) fn interval_text(e: &Estimate, show: impl Fn(f64) -> String) -> String {
    if e.low.is_finite() && e.high.is_finite() {
        format!("{} ({} to {})", show(e.estimate), show(e.low), show(e.high))
    } else {
        show(e.estimate)
    }
}

/// A share in 0..=1 as a percentage with one decimal, in words meant to stand alone.
pub(super) fn percent(share: f64) -> String {
    format::percent(share, 1)
}

/// Percentage points with two decimals.
pub(super) fn points(share: f64) -> String {
    format::percent(share, 2)
}

/// People to the nearest thousand.
pub(super) fn people(n: f64) -> String {
    format::rounded(n, 1000.0)
}

/// An odds ratio with three decimals.
pub(super) fn ratio(x: f64) -> String {
    format::fixed(x, 3)
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// `text` for the middle of a sentence: first letter in lower case, unless it opens an acronym.
pub(super) fn lower(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
