//! Small polars frames in and out: the only place of this room that knows polars' calls.

use crate::error::{Problem, Result};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

/// A frame of `columns`, all of equal length.
///
/// # Errors
/// When lengths differ.
pub(super) fn frame(columns: Vec<Series>) -> Result<DataFrame> {
    let height = columns.first().map_or(0, |column| column.len());
    DataFrame::new(height, columns.into_iter().map(Column::from).collect())
        .map_err(|error| Problem::new(format!("cannot build a simulated table: {error}")).into())
}

/// A column.
pub(super) fn column<T: ?Sized, V: AsRef<T>>(name: &str, values: V) -> Series
where
    Series: NamedFrom<V, T>,
{
    Series::new(name.into(), values)
}

/// A text column's values, none where null.
pub(super) fn texts(frame: &DataFrame, name: &str) -> Result<Vec<Option<String>>> {
    let column = find(frame, name)?;
    let values = column.str().map_err(|error| wrong(name, &error))?;
    Ok(values.iter().map(|value| value.map(str::to_owned)).collect())
}

/// A number column's values, none where null.
pub(super) fn numbers(frame: &DataFrame, name: &str) -> Result<Vec<Option<f64>>> {
    let values = find(frame, name)?.f64().map_err(|error| wrong(name, &error))?;
    Ok(values.iter().collect())
}

/// A column of whole numbers, 0 where null.
pub(super) fn integers(frame: &DataFrame, name: &str) -> Result<Vec<i32>> {
    let values = find(frame, name)?.i32().map_err(|error| wrong(name, &error))?;
    Ok(values.iter().map(Option::unwrap_or_default).collect())
}

/// A column of truths, false where null.
pub(super) fn truths(frame: &DataFrame, name: &str) -> Result<Vec<bool>> {
    let values = find(frame, name)?.bool().map_err(|error| wrong(name, &error))?;
    Ok(values.iter().map(Option::unwrap_or_default).collect())
}

fn find<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Column> {
    frame.column(name).map_err(|error| wrong(name, &error))
}

fn wrong(name: &str, error: &dyn std::fmt::Display) -> crate::error::Problems {
    Problem::new(format!("column `{name}` of a table handed to the simulator: {error}")).into()
}
