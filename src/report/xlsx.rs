//! One workbook with a sheet per table. Numbers are numbers, words are words (never formulas),
//! and the bytes depend on nothing but the tables.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::error::{Problem, Result};
use crate::format;
use crate::tables::{Table, Value};

use super::csv;

/// All tables as one workbook, in order.
///
/// # Errors
/// When the workbook's format cannot hold a table (over a million rows).
pub(super) fn workbook(title: &str, tables: &[Table], mark: Option<&str>) -> Result<Vec<u8>> {
    build(title, tables, mark).map_err(|error| {
        Problem::new(format!("cannot make the workbook of tables: {error}"))
            .hint("leave very long tables out of `tables` in the config")
            .into()
    })
}

fn build(title: &str, tables: &[Table], mark: Option<&str>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The format wants a creation time; a fixed one keeps the bytes the same on any day.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = mark.map_or_else(|| title.to_string(), |_| format!("{title} (simulated data)"));
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
    let mut used = Vec::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(table, &mut used))?;
        fill(sheet, table, mark)?;
    }
    if tables.is_empty() {
        workbook.add_worksheet().write_string(0, 0, mark.unwrap_or("No tables"))?;
    }
    workbook.save_to_buffer()
}

/// `Table 4`, made safe and unique: at most 31 letters, none of `[]:*?/\`.
fn sheet_name(table: &Table, used: &mut Vec<String>) -> String {
    let clean =
        |text: &str| text.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).take(24).collect::<String>();
    let base = format!("Table {}", clean(&table.number)).chars().take(24).collect::<String>();
    let mut name = base.clone();
    let mut again = 1;
    while used.contains(&name.to_lowercase()) {
        again += 1;
        name = format!("{base} ({again})");
    }
    used.push(name.to_lowercase());
    name
}

fn fill(sheet: &mut Worksheet, table: &Table, mark: Option<&str>) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let warning = Format::new().set_bold().set_font_color("#801650");
    let mut row = 0;
    if let Some(mark) = mark {
        sheet.write_string_with_format(row, 0, mark, &warning)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, format!("Table {}. {}", table.number, table.title), &bold)?;
    row += 1;
    let values = csv::values(table);
    write_heads(sheet, table, row)?;
    sheet.set_freeze_panes(row + 1, if csv::has_sections(table) { 2 } else { 1 })?;
    let texts: Vec<Vec<&str>> = table.rows.iter().map(|row| printed(row, csv::has_sections(table))).collect();
    for (at, (values, texts)) in values.iter().zip(&texts).enumerate() {
        for (column, (value, text)) in values.iter().zip(texts).enumerate() {
            write_value(sheet, row + 1 + at as u32, column as u16, value, text)?;
        }
    }
    // Notes stand below: above the header they would be frozen with it.
    let below = row + 2 + table.rows.len() as u32;
    for (at, note) in table.notes.iter().enumerate() {
        sheet.write_string(below + at as u32, 0, note)?;
    }
    for (column, width) in widths(&values).into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(row, row)?;
    Ok(())
}

/// Headings: the printed one, with the value's own name where it stands for several.
fn write_heads(sheet: &mut Worksheet, table: &Table, row: u32) -> std::result::Result<(), XlsxError> {
    let head =
        Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Bottom).set_border_bottom(FormatBorder::Thin);
    let section = csv::has_sections(table).then(|| "Section".to_string());
    let of_head = |head: &crate::tables::Head| match head.names.as_slice() {
        [_] => vec![head.text.clone()],
        names => names.iter().map(|name| format!("{}: {name}", head.text)).collect(),
    };
    for (column, text) in section.into_iter().chain(table.heads.iter().flat_map(of_head)).enumerate() {
        sheet.write_string_with_format(row, column as u16, text, &head)?;
    }
    Ok(())
}

/// The printed text behind each value, to show numbers with the digits that were printed.
fn printed(row: &crate::tables::Row, sections: bool) -> Vec<&str> {
    let cells = row.cells.iter().flat_map(|cell| cell.values.iter().map(|_| cell.text.as_str()));
    sections.then_some("").into_iter().chain(cells).collect()
}

fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    text: &str,
) -> std::result::Result<(), XlsxError> {
    match value {
        Value::Number(x) if x.is_finite() => {
            let format = Format::new().set_num_format(number_format(*x, text));
            sheet.write_number_with_format(row, column, *x, &format)?;
        }
        Value::Text(text) | Value::Hidden(text) => {
            sheet.write_string(row, column, text)?;
        }
        Value::Number(_) | Value::Blank => {}
    }
    Ok(())
}

/// As many decimals as the printed text shows of this number (two more where it prints a
/// percentage of it); the value itself keeps full precision.
fn number_format(x: f64, text: &str) -> &'static str {
    const FORMATS: [&str; 7] =
        ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000", "#,##0.00000", "#,##0.000000"];
    let shows = |number: String| text.split([' ', '(', ')', '%', '+']).any(|word| word == number);
    for digits in 0..=4 {
        if shows(format::fixed(x, digits)) {
            return FORMATS[digits];
        }
        if shows(format::fixed(x * 100.0, digits)) {
            return FORMATS[digits + 2];
        }
    }
    "General"
}

fn widths(values: &[Vec<Value>]) -> Vec<f64> {
    let columns = values.first().map_or(0, Vec::len);
    let width = |value: &Value| match value {
        Value::Text(text) | Value::Hidden(text) => text.chars().count(),
        _ => 11,
    };
    let widest = |column: usize| values.iter().filter_map(|row| row.get(column)).map(width).max().unwrap_or(11);
    (0..columns).map(|column| widest(column).clamp(12, 48) as f64 + 1.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_the_printed_digits() {
        assert_eq!(number_format(1.00612, "1.006 (1.001 to 1.010)"), "#,##0.000");
        assert_eq!(number_format(1.0101, "1.006 (1.001 to 1.010)"), "#,##0.000");
        assert_eq!(number_format(0.8379, "83.8%"), "#,##0.000");
        assert_eq!(number_format(758_165.0, "758,165"), "#,##0");
        assert_eq!(number_format(0.1234, "see note"), "General");
    }
}
