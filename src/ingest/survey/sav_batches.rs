//! SPSS files in batches of rows.

use std::fs::File;
use std::io::BufReader;

use ambers::scanner::SavScanner;
use arrow::array::{Array, Float64Array, StringViewArray};

use super::columnar::{BATCH, Batches, Values};

type Words<T> = std::result::Result<T, String>;

struct SavBatches {
    scanner: SavScanner<BufReader<File>>,
    names: Vec<String>,
}

/// Opens a file.
pub(super) fn open(file: File) -> Words<Box<dyn Batches>> {
    let reader = BufReader::with_capacity(1 << 20, file);
    let scanner = ambers::scan_sav_from_reader(reader, BATCH).map_err(|error| words(&error))?;
    let names = scanner.schema().fields().iter().map(|field| field.name().clone()).collect();
    Ok(Box::new(SavBatches { scanner, names }))
}

impl Batches for SavBatches {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn select(&mut self, columns: &[usize]) -> Words<()> {
        let names: Vec<&str> = columns.iter().map(|column| self.names[*column].as_str()).collect();
        self.scanner.select(&names).map_err(|error| words(&error))
    }

    fn next_batch(&mut self) -> Words<Option<Vec<Values>>> {
        let Some(batch) = self.scanner.next_batch().map_err(|error| words(&error))? else { return Ok(None) };
        let schema = batch.schema();
        let columns = batch.columns().iter().zip(schema.fields());
        columns.map(|(column, field)| values(column.as_ref(), field.name())).collect::<Words<Vec<_>>>().map(Some)
    }

    fn declared(&self) -> Option<u64> {
        self.scanner.metadata().number_rows.and_then(|rows| u64::try_from(rows).ok())
    }

    fn empty_note(&self) -> &'static str {
        "system-missing values are among the empty answers"
    }
}

fn values(column: &dyn Array, name: &str) -> Words<Values> {
    if let Some(numbers) = column.as_any().downcast_ref::<Float64Array>() {
        return Ok(Values::Numbers(numbers.iter().map(|value| value.unwrap_or(f64::NAN)).collect()));
    }
    let texts = column.as_any().downcast_ref::<StringViewArray>();
    let texts = texts.ok_or_else(|| format!("column `{name}` holds dates or times"))?;
    Ok(Values::Texts(texts.iter().map(|text| text.map(str::to_owned)).collect()))
}

/// The library's words on one line.
fn words(error: &ambers::error::SpssError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
