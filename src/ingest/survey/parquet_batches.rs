//! Parquet files in batches of rows.

use std::fs::File;

use parquet::basic::{LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::columnar::{BATCH, Batches, Values};

type Words<T> = std::result::Result<T, String>;

struct ParquetBatches {
    reader: SerializedFileReader<File>,
    names: Vec<String>,
    chosen: Vec<usize>,
    /// Next row group to open.
    group: usize,
    /// Readers of the chosen columns in the open row group, and its rows still to read.
    open: Vec<ColumnReader>,
    left: usize,
}

/// Opens a file.
pub(super) fn open(file: File) -> Words<Box<dyn Batches>> {
    let reader = SerializedFileReader::new(file).map_err(|error| words(&error))?;
    let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
    let names = columns.iter().map(|column| column.path().string()).collect();
    Ok(Box::new(ParquetBatches { reader, names, chosen: Vec::new(), group: 0, open: Vec::new(), left: 0 }))
}

impl Batches for ParquetBatches {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn select(&mut self, columns: &[usize]) -> Words<()> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        for column in columns {
            let (name, kind) = (&self.names[*column], schema.column(*column));
            if kind.max_rep_level() > 0 {
                return Err(format!("column `{name}` holds lists"));
            }
            if matches!(kind.logical_type_ref(), Some(LogicalType::Decimal { .. }))
                || kind.physical_type() == Type::INT96
            {
                return Err(format!("column `{name}` is neither integer, floating point nor text"));
            }
        }
        self.chosen = columns.to_vec();
        Ok(())
    }

    fn next_batch(&mut self) -> Words<Option<Vec<Values>>> {
        while self.left == 0 {
            if self.group == self.reader.num_row_groups() {
                return Ok(None);
            }
            let group = self.reader.get_row_group(self.group).map_err(|error| words(&error))?;
            self.left =
                usize::try_from(group.metadata().num_rows()).map_err(|_| "a negative number of rows".to_owned())?;
            let open = self.chosen.iter().map(|column| group.get_column_reader(*column));
            self.open = open.collect::<Result<_, _>>().map_err(|error| words(&error))?;
            self.group += 1;
        }
        let count = self.left.min(BATCH);
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let mut batch = Vec::with_capacity(self.open.len());
        for (reader, column) in self.open.iter_mut().zip(&self.chosen) {
            let nulls_below = schema.column(*column).max_def_level();
            let values = read(reader, count, nulls_below);
            batch.push(values.map_err(|words| format!("column `{}`: {words}", self.names[*column]))?);
        }
        self.left -= count;
        Ok(Some(batch))
    }

    fn declared(&self) -> Option<u64> {
        u64::try_from(self.reader.metadata().file_metadata().num_rows()).ok()
    }

    fn empty_note(&self) -> &'static str {
        ""
    }
}

fn read(reader: &mut ColumnReader, count: usize, level: i16) -> Words<Values> {
    let numbers = |values: Words<Vec<Option<f64>>>| {
        values.map(|values| Values::Numbers(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
    };
    match reader {
        ColumnReader::BoolColumnReader(reader) => numbers(take(reader, count, level, |v| Ok(f64::from(u8::from(*v))))),
        ColumnReader::Int32ColumnReader(reader) => numbers(take(reader, count, level, |v| Ok(f64::from(*v)))),
        ColumnReader::Int64ColumnReader(reader) => numbers(take(reader, count, level, |v| Ok(*v as f64))),
        ColumnReader::FloatColumnReader(reader) => numbers(take(reader, count, level, |v| Ok(f64::from(*v)))),
        ColumnReader::DoubleColumnReader(reader) => numbers(take(reader, count, level, |v| Ok(*v))),
        ColumnReader::ByteArrayColumnReader(reader) => {
            take(reader, count, level, |value: &ByteArray| text(value.data())).map(Values::Texts)
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            take(reader, count, level, |value: &FixedLenByteArray| text(value.data())).map(Values::Texts)
        }
        ColumnReader::Int96ColumnReader(_) => Err("96-bit values".to_owned()),
    }
}

/// Reads `count` values; none where the definition level is below `level`.
fn take<T: DataType, V>(
    reader: &mut ColumnReaderImpl<T>,
    count: usize,
    level: i16,
    convert: impl Fn(&T::T) -> Words<V>,
) -> Words<Vec<Option<V>>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (rows, _, _) =
        reader.read_records(count, Some(&mut levels), None, &mut values).map_err(|error| words(&error))?;
    if rows != count {
        return Err(format!("{rows} values where {count} are declared"));
    }
    let mut values = values.iter();
    let mut next = || values.next().ok_or_else(|| "too few values".to_owned()).and_then(&convert).map(Some);
    if level == 0 {
        return (0..count).map(|_| next()).collect();
    }
    levels.iter().map(|at| if *at < level { Ok(None) } else { next() }).collect()
}

fn text(bytes: &[u8]) -> Words<String> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "a text that is not UTF-8".to_owned())
}

/// The library's words on one line.
fn words(error: &parquet::errors::ParquetError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
