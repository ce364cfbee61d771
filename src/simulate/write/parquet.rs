//! Survey rows as Parquet: dictionary-coded columns, Zstandard, no arrow.

use super::out::{create, failed};
use super::person::Part;
use crate::error::Result;
use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

type Tried<T> = std::result::Result<T, ParquetError>;

/// Rows per row group.
const GROUP: usize = 1 << 18;

/// Writes the part's rows to `path`.
pub(super) fn write_parquet(part: &Part<'_>, path: &Path) -> Result<()> {
    write(part, create(path)?).map_err(|error| failed(path, &error))
}

fn write(part: &Part<'_>, file: File) -> Tried<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::try_new(1)?))
        // The library's version would change the bytes of a file with equal contents.
        .set_created_by("simulated".into())
        .build();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema(part)?), Arc::new(properties))?;
    let rows: Vec<usize> = part.rows.iter().cloned().flatten().collect();
    let practices: Vec<ByteArray> = part.survey.practices.iter().map(|code| ByteArray::from(code.as_str())).collect();
    for rows in rows.chunks(GROUP) {
        let mut group = writer.next_row_group()?;
        write_group(part, rows, &practices, &mut group)?;
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn schema(part: &Part<'_>) -> Tried<Type> {
    let (survey, file) = (part.survey, part.file);
    let mut fields = vec![field(&file.practice, Physical::BYTE_ARRAY, ConvertedType::UTF8)?];
    if let Some(header) = &file.wave_column {
        fields.push(field(header, Physical::INT32, ConvertedType::INT_32)?);
    }
    if let (Some(header), true) = (&file.weight, survey.weight.is_some()) {
        fields.push(field(header, Physical::DOUBLE, ConvertedType::NONE)?);
    }
    if let (Some(header), true) = (part.count, survey.count.is_some()) {
        fields.push(field(header, Physical::INT32, ConvertedType::INT_32)?);
    }
    for item in &part.items {
        fields.push(field(part.file.header(&survey.items[*item].name), Physical::INT32, ConvertedType::INT_8)?);
    }
    Type::group_type_builder("survey").with_fields(fields).build()
}

fn field(name: &str, physical: Physical, converted: ConvertedType) -> Tried<Arc<Type>> {
    let builder = Type::primitive_type_builder(name, physical);
    builder.with_repetition(Repetition::REQUIRED).with_converted_type(converted).build().map(Arc::new)
}

type Group<'a> = SerializedRowGroupWriter<'a, File>;

fn write_group(part: &Part<'_>, rows: &[usize], practices: &[ByteArray], group: &mut Group<'_>) -> Tried<()> {
    let (survey, file) = (part.survey, part.file);
    let codes: Vec<ByteArray> = rows.iter().map(|row| practices[survey.practice[*row] as usize].clone()).collect();
    write_column::<ByteArrayType>(group, &codes)?;
    drop(codes);
    if file.wave_column.is_some() {
        let waves: Vec<i32> = rows.iter().map(|row| part.waves[usize::from(survey.wave[*row])]).collect();
        write_column::<Int32Type>(group, &waves)?;
    }
    if let (Some(_), Some(weight)) = (&file.weight, &survey.weight) {
        write_column::<DoubleType>(group, &rows.iter().map(|row| weight[*row]).collect::<Vec<_>>())?;
    }
    if let (Some(_), Some(count)) = (part.count, &survey.count) {
        write_column::<Int32Type>(group, &rows.iter().map(|row| count[*row] as i32).collect::<Vec<_>>())?;
    }
    for item in &part.items {
        let codes = &survey.items[*item].codes;
        write_column::<Int32Type>(group, &rows.iter().map(|row| i32::from(codes[*row])).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn write_column<T: DataType>(group: &mut Group<'_>, values: &[T::T]) -> Tried<()> {
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(values, None, None)?;
        column.close()?;
    }
    Ok(())
}
