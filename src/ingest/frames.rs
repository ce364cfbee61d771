//! Columns to polars frames, and the steps that all administrative readers share.

use polars::prelude::{Column, DataFrame};

use super::complaints::Kind;
use super::csv_rows::CsvRows;
use super::fields;
use crate::error::{Problem, Problems, Result};

/// A frame of columns of equal length.
///
/// # Errors
/// When the columns differ in length, which is a fault of the program.
pub(crate) fn frame(columns: Vec<Column>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns)
        .map_err(|error| Problem::new(format!("columns do not make a table: {error}")).into())
}

/// Positions of `names` in the file, in order, when all are there.
pub(crate) fn columns<const N: usize>(rows: &CsvRows, names: [&str; N], problems: &mut Problems) -> Option<[usize; N]> {
    let found = names.map(|name| rows.column(name, problems));
    let mut positions = [0; N];
    for (position, found) in positions.iter_mut().zip(found) {
        *position = found?;
    }
    Some(positions)
}

/// A text that must not be empty.
pub(crate) fn needed_text(rows: &mut CsvRows, at: usize) -> String {
    let text = rows.text(at).into_owned();
    if text.is_empty() {
        rows.complain(&fields::EMPTY, at);
    }
    text
}

/// A whole number in a range that must be there; 0 after a complaint.
pub(crate) fn needed_whole(
    rows: &mut CsvRows,
    at: usize,
    range: std::ops::RangeInclusive<i32>,
    other: &'static Kind,
) -> i32 {
    let read = fields::number(rows.field(at)).ok().flatten();
    let value = read.unwrap_or(f64::NAN);
    if value.fract() == 0.0 && value >= f64::from(*range.start()) && value <= f64::from(*range.end()) {
        return value as i32;
    }
    rows.complain(other, at);
    0
}

/// The value, or 0 after a complaint.
pub(crate) fn complained(rows: &mut CsvRows, at: usize, read: std::result::Result<f64, &'static Kind>) -> f64 {
    read.unwrap_or_else(|kind| {
        rows.complain(kind, at);
        0.0
    })
}

/// Calendar years that inputs may hold.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A year outside [`YEARS`].
pub(crate) const NOT_A_YEAR: Kind =
    Kind { one: "value that is not a year", many: "values that are not years", hint: "a year has four digits" };
