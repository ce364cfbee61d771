//! Survey files with one row per responder (or per cell, with a count): CSV by hand, since millions
//! of rows are written, or Parquet.

use super::out::{Output, field};
use super::{parquet, unknown_format};
use crate::config::{Config, SurveyFile};
use crate::error::{Problem, Problems, Result};
use crate::ingest::{ABSENT, Survey};
use rayon::prelude::*;
use std::ops::Range;
use std::path::Path;

/// What one file holds.
pub(super) struct Part<'a> {
    pub(super) survey: &'a Survey,
    /// Wave labels, by index.
    pub(super) waves: &'a [i32],
    pub(super) file: &'a SurveyFile,
    /// Header of the count column, for cells.
    pub(super) count: Option<&'a str>,
    /// Rows, as runs.
    pub(super) rows: Vec<Range<usize>>,
    /// Items that the rows hold.
    pub(super) items: Vec<usize>,
}

/// Writes one row per responder to the survey's files under `root`.
///
/// # Errors
/// When a file cannot be written or its ending is neither `.csv` nor `.parquet`.
pub fn write_person(config: &Config, survey: &Survey, root: &Path) -> Result<()> {
    write_rows(config, survey, root, false)
}

/// Writes the survey's rows, with counts for cells.
pub(super) fn write_rows(config: &Config, survey: &Survey, root: &Path, cells: bool) -> Result<()> {
    let files = &config.inputs.survey.files;
    let mut problems = Problems::default();
    let done: Vec<Result<()>> = files
        .par_iter()
        .map(|file| {
            let rows = runs(survey, file.wave);
            let held = |item: &usize| {
                rows.iter().any(|run| survey.items[*item].codes[run.clone()].iter().any(|code| *code != ABSENT))
            };
            let items = (0..survey.items.len()).filter(held).collect();
            let count = cells.then(|| file.count.as_deref().unwrap_or("count"));
            let part = Part { survey, waves: &config.waves, file, count, rows, items };
            let path = root.join(&file.path);
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("csv") => write_csv(&part, &path),
                Some("parquet") => parquet::write_parquet(&part, &path),
                _ => Err(unknown_format(&file.path)),
            }
        })
        .collect();
    if files.is_empty() {
        problems.push(Problem::new("`inputs.survey.files` is empty, so the simulated survey has no file"));
    }
    for result in done {
        problems.keep(result);
    }
    problems.or(())
}

/// The rows of a wave (all for none) as runs of consecutive rows.
pub(super) fn runs(survey: &Survey, wave: Option<usize>) -> Vec<Range<usize>> {
    let Some(wave) = wave else { return std::iter::once(0..survey.wave.len()).collect() };
    let mut runs = Vec::new();
    let mut start = 0;
    for run in survey.wave.chunk_by(|a, b| a == b) {
        if run.first().is_some_and(|of| usize::from(*of) == wave) {
            runs.push(start..start + run.len());
        }
        start += run.len();
    }
    runs
}

fn write_csv(part: &Part<'_>, path: &Path) -> Result<()> {
    let (survey, file) = (part.survey, part.file);
    let mut output = Output::new(path)?;
    let weight = survey.weight.as_deref().zip(file.weight.as_deref());
    let count = survey.count.as_deref().zip(part.count);
    let mut headers = vec![file.practice.as_str()];
    headers.extend(file.wave_column.as_deref());
    headers.extend(weight.map(|(_, header)| header));
    headers.extend(count.map(|(_, header)| header));
    headers.extend(part.items.iter().map(|item| file.header(&survey.items[*item].name)));
    let headers: Vec<_> = headers.into_iter().map(field).collect();
    output.bytes.extend_from_slice(headers.join(",").as_bytes());
    output.bytes.push(b'\n');
    let practices: Vec<String> = survey.practices.iter().map(|code| field(code).into_owned()).collect();
    let waves: Vec<String> = part.waves.iter().map(|wave| format!(",{wave}")).collect();
    let codes: Vec<([u8; 8], usize)> = (0..=u8::MAX).map(|byte| code_text(byte as i8)).collect();
    let columns: Vec<&[i8]> = part.items.iter().map(|item| survey.items[*item].codes.as_slice()).collect();
    for row in part.rows.iter().cloned().flatten() {
        output.bytes.extend_from_slice(practices[survey.practice[row] as usize].as_bytes());
        if file.wave_column.is_some() {
            output.bytes.extend_from_slice(waves[usize::from(survey.wave[row])].as_bytes());
        }
        if let Some((weights, _)) = weight {
            output.bytes.push(b',');
            decimal(&mut output.bytes, weights[row]);
        }
        if let Some((counts, _)) = count {
            output.bytes.push(b',');
            whole(&mut output.bytes, u64::from(counts[row]));
        }
        // Eight bytes at a time, then back to the end of the text: no call per field.
        let mut end = output.bytes.len();
        output.bytes.resize(end + 5 * columns.len() + 8, 0);
        for column in &columns {
            let (text, length) = &codes[usize::from(column[row] as u8)];
            output.bytes[end..end + 8].copy_from_slice(text);
            end += length;
        }
        output.bytes.truncate(end);
        output.bytes.push(b'\n');
        output.spill()?;
    }
    output.flush()
}

/// A code with the comma before it, and the length of both; no code where a file that holds several
/// waves has no such item.
fn code_text(code: i8) -> ([u8; 8], usize) {
    let text = if code == ABSENT { ",".to_string() } else { format!(",{code}") };
    let mut bytes = [0; 8];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    (bytes, text.len())
}

/// A weight: four decimals when that is exact, else the shortest text that reads back.
fn decimal(bytes: &mut Vec<u8>, value: f64) {
    let scaled = (value * 1e4).round();
    if !(0.0..=1e15).contains(&scaled) || scaled / 1e4 != value {
        bytes.extend_from_slice(value.to_string().as_bytes());
        return;
    }
    let scaled = scaled as u64;
    whole(bytes, scaled / 10_000);
    let rest = scaled % 10_000;
    bytes.push(b'.');
    for place in [1000, 100, 10, 1] {
        bytes.push(b'0' + (rest / place % 10) as u8);
    }
}

fn whole(bytes: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    bytes.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_read_back_exactly() {
        for value in [0.0, 0.0001, 1.0, 12.3456, 1.0 / 3.0, 1e-7, 987_654.321, -2.5] {
            let mut bytes = Vec::new();
            decimal(&mut bytes, value);
            assert_eq!(String::from_utf8(bytes).unwrap().parse::<f64>().unwrap(), value);
        }
    }
}
