//! CSV text: quoting, formulas made harmless, the mark on simulated data, tables as columns.

use crate::config::Config;
use crate::error::{Problem, Result};
use crate::format;
use crate::tables::{Table, Value};

/// What the column `data` says over simulated data: `simulated`, or `simulated: survey` where only
/// some of the sources are; none over real data.
pub fn data_mark(config: &Config) -> Option<String> {
    let simulated = config.simulated_sources();
    let sources = 3 + usize::from(config.inputs.deprivation.is_some());
    match simulated.len() {
        0 => None,
        n if n == sources => Some("simulated".into()),
        _ => Some(format!("simulated: {}", simulated.join(" "))),
    }
}

/// Adds a last column `data` with the mark in every row, when there is one.
///
/// `rows` come with their header first; no rows stay no rows.
#[must_use]
pub fn mark_csv(mut rows: Vec<Vec<String>>, mark: Option<&str>) -> Vec<Vec<String>> {
    if let Some(mark) = mark {
        for (at, row) in rows.iter_mut().enumerate() {
            row.push(if at == 0 { "data" } else { mark }.into());
        }
    }
    rows
}

/// Rows as CSV bytes: UTF-8, commas, LF, quotes only where needed. Text that a spreadsheet would
/// read as a formula gets a leading apostrophe; numbers stay as they are.
pub fn csv_bytes(rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_cell(&mut out, cell);
        }
        out.push('\n');
    }
    out.into_bytes()
}

fn push_cell(out: &mut String, cell: &str) {
    // What spreadsheets take for the start of a formula, full-width signs among them.
    const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let formula = cell.starts_with(SIGNS) && cell.parse::<f64>().is_err();
    let guard = if formula { "'" } else { "" };
    if cell.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(cell);
    }
}

/// True when a table has sections, which then become the first column of its CSV and sheet.
pub(super) fn has_sections(table: &Table) -> bool {
    table.rows.iter().any(|row| !row.section.is_empty())
}

/// Header names of a table's CSV.
pub(super) fn names(table: &Table) -> Vec<String> {
    let section = has_sections(table).then(|| "section".to_string());
    section.into_iter().chain(table.heads.iter().flat_map(|head| head.names.clone())).collect()
}

/// A table's values in CSV order: one list per row, as long as [`names`].
pub(super) fn values(table: &Table) -> Vec<Vec<Value>> {
    let sections = has_sections(table);
    let mut current = String::new();
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        if !row.section.is_empty() {
            current.clone_from(&row.section);
        }
        let mut values = Vec::new();
        if sections {
            values.push(if current.is_empty() { Value::Blank } else { Value::Text(current.clone()) });
        }
        values.extend(row.cells.iter().flat_map(|cell| cell.values.clone()));
        rows.push(values);
    }
    rows
}

/// A table as CSV bytes.
pub(super) fn table_csv(table: &Table, mark: Option<&str>) -> Vec<u8> {
    let text = |value: &Value| match value {
        Value::Number(x) => format::plain(*x),
        Value::Text(text) | Value::Hidden(text) => text.clone(),
        Value::Blank => String::new(),
    };
    let rows = values(table);
    let rows = rows.iter().map(|row| row.iter().map(text).collect());
    csv_bytes(&mark_csv(std::iter::once(names(table)).chain(rows).collect(), mark))
}

/// Every row has a cell per column and every cell a value per CSV name, or the table is refused.
///
/// # Errors
/// One problem per row that does not fit: a fault of the room that made the table.
pub(super) fn check_shape(table: &Table) -> Result<()> {
    let place = |at: usize| format!("table `{}`, row {}", table.id, at + 1);
    for (at, row) in table.rows.iter().enumerate() {
        if row.cells.len() != table.heads.len() {
            let what = format!("{}: {} cells under {} headings", place(at), row.cells.len(), table.heads.len());
            return Err(Problem::new(what).into());
        }
        if let Some((cell, head)) = row.cells.iter().zip(&table.heads).find(|(c, h)| c.values.len() != h.names.len()) {
            let (got, expected) = (cell.values.len(), head.names.len());
            let what = format!("{}: {got} values under `{}`, expected {expected}", place(at), head.text);
            return Err(Problem::new(what).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_numbers_are_numbers() {
        let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        let rows = vec![row(&["name", "x"]), row(&["=1+1", "-0.5"]), row(&["@a,\"b\"", "+"]), row(&["-x", "1e-7"])];
        let text = String::from_utf8(csv_bytes(&mark_csv(rows, Some("simulated")))).unwrap();
        assert_eq!(text, "name,x,data\n'=1+1,-0.5,simulated\n\"'@a,\"\"b\"\"\",'+,simulated\n'-x,1e-7,simulated\n");
    }
}
