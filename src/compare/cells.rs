//! Cells of two CSV files. A cell is named by its line and column; rows that came or went are counted.

use super::text;
use serde::Serialize;

/// Numbers closer than this part of their size are equal.
const RELATIVE: f64 = 1e-9;

/// What differs between two CSV files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Cells {
    /// Rows of the first file only (0 where rows pair off).
    pub rows_removed: usize,
    /// Rows of the second file only (0 where rows pair off).
    pub rows_added: usize,
    /// Rows with a cell that differs, among rows that pair off.
    pub rows_changed: usize,
    /// Cells that differ, among rows that pair off.
    pub cells: Vec<CellChange>,
    /// Whether any number differs by more than 1e-9 of its size, or the columns or rows differ.
    pub numbers_differ: bool,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    /// Line in the file, from 1 (the header).
    pub line: usize,
    /// Words that the row begins with.
    pub row: String,
    /// Column's header.
    pub column: String,
    /// First file's text.
    pub before: String,
    /// Second file's text.
    pub after: String,
}

/// A CSV file as rows of cells, header first.
///
/// # Errors
/// What is wrong with it, with its line.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        return Err("the last line has no end: the file is truncated".into());
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let records = reader.records().map(|record| record.map(|record| record.iter().map(str::to_string).collect()));
    records.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// Compares two files of cells.
pub(super) fn compare(before: &[Vec<String>], after: &[Vec<String>]) -> Cells {
    if before.first() != after.first() || before.len() != after.len() {
        let (removed, added) = text::changed(before, after);
        return Cells {
            rows_removed: removed.len(),
            rows_added: added.len(),
            numbers_differ: true,
            ..Cells::default()
        };
    }
    let mut found = Cells::default();
    let header = before.first().map(Vec::as_slice).unwrap_or_default();
    for (at, (one, other)) in before.iter().zip(after).enumerate().filter(|(_, (one, other))| one != other) {
        found.rows_changed += 1;
        for (column, (old, new)) in one.iter().zip(other).enumerate().filter(|(_, (old, new))| old != new) {
            found.numbers_differ |= numbers_differ(old, new);
            found.cells.push(CellChange {
                line: at + 1,
                row: row_name(one),
                column: header.get(column).cloned().unwrap_or_default(),
                before: old.clone(),
                after: new.clone(),
            });
        }
    }
    found
}

/// The words that a row begins with: its section and label.
fn row_name(row: &[String]) -> String {
    let words = row.iter().take(4).take_while(|cell| cell.parse::<f64>().is_err());
    let words: Vec<&str> = words.map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    if words.is_empty() { row.first().cloned().unwrap_or_default() } else { words.join(", ") }
}

/// Whether two cells say different numbers: not when both are the same to 1e-9 of their size, or
/// when both are words with the same numbers in them.
pub(super) fn numbers_differ(before: &str, after: &str) -> bool {
    match (before.parse::<f64>(), after.parse::<f64>()) {
        (Ok(a), Ok(b)) => !(same(a, b, 0.0) || (a.is_nan() && b.is_nan())),
        (Err(_), Err(_)) => text::numbers(before) != text::numbers(after) || before.is_empty() != after.is_empty(),
        _ => true,
    }
}

/// Equal to within 1e-9 of the larger's size, or of `scale`.
pub(super) fn same(a: f64, b: f64, scale: f64) -> bool {
    a == b || (a - b).abs() <= RELATIVE * a.abs().max(b.abs()).max(scale.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Vec<String>> {
        rows(text.as_bytes()).unwrap()
    }

    #[test]
    fn cells_are_named_by_line_and_column() {
        let found = compare(&table("id,x\na,1\nb,2\n"), &table("id,x\na,1\nb,3\n"));
        let cell = &found.cells[0];
        assert_eq!((found.cells.len(), found.rows_changed, cell.line), (1, 1, 3));
        assert_eq!((cell.row.as_str(), cell.column.as_str()), ("b", "x"));
        assert!(found.numbers_differ);
    }

    #[test]
    fn words_and_rounding_noise_are_no_numbers() {
        assert!(!numbers_differ("yes", "no"));
        assert!(numbers_differ("", "hidden"));
        assert!(!numbers_differ("0.1", "0.10000000000000002"));
        assert!(numbers_differ("0.1", "0.1000001"));
        assert!(numbers_differ("0.1", ""));
        assert!(!numbers_differ("NaN", "nan"), "not a number on both sides");
    }

    #[test]
    fn rows_that_came_and_went_are_counted() {
        let found = compare(&table("id,x\na,1\nb,2\n"), &table("id,x\na,1\nc,5\nb,2\n"));
        assert_eq!((found.rows_removed, found.rows_added, found.numbers_differ), (0, 1, true));
        let found = compare(&table("id,x\na,1\n"), &table("id,y\na,1\n"));
        assert_eq!((found.rows_removed, found.rows_added, found.numbers_differ), (1, 1, true));
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        assert!(rows(b"a,b\n1\n").is_err() && rows(b"a,b\n1,2").is_err() && rows(b"a\n\xff\n").is_err());
    }
}
