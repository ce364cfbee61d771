//! Survey files: rows per person, rows with counts, and practice files, to one set of columns.
//!
//! Knows codes but not what they mean; [`check_codes`] holds them against the config.

use std::path::Path;

use rayon::prelude::*;

use self::part::Read;
use self::plan::Plan;
use self::rows::{Meter, read_rows};
use super::Progress;
use super::csv_rows::CsvRows;
use super::header;
use super::marker;
use super::open::Input;
use super::types::{InputRecord, Survey};
use crate::config::{Config, SurveyFile, SurveyReader};
use crate::error::{Problem, Problems, Result};

mod codes;
mod columnar;
mod counts;
mod parquet_batches;
mod part;
mod plan;
mod rows;
mod sav_batches;
mod text;

pub use codes::{check_codes, check_waves};
pub(in crate::ingest) use columnar::ColumnarRows;
pub(in crate::ingest) use rows::{Rows, wrong_format};

/// Reads all survey files, in the order of the config, side by side on the current thread pool.
///
/// # Errors
/// Everything that is wrong with any of the files. Whether the codes fit the config is left to
/// [`check_codes`].
pub fn read_survey(config: &Config, root: &Path, progress: &Progress<'_>) -> Result<(Survey, Vec<InputRecord>)> {
    let settings = &config.inputs.survey;
    let mut problems = Problems::default();
    let inputs: Vec<_> = settings.files.iter().map(|file| Input::new("survey", root, &file.path)).collect();
    marker::check_marker(root, settings.source, &inputs, &mut problems);
    check_weights(&settings.files, &mut problems);
    let plan = Plan::new(config);
    let length = inputs.iter().filter_map(|input| std::fs::metadata(&input.path).ok()).map(|data| data.len()).sum();
    let meter = Meter::new(progress, length);
    let reads: Vec<Result<Read>> = settings
        .files
        .par_iter()
        .zip(&inputs)
        .map(|(file, input)| read_file(config, file, input, &plan, &meter))
        .collect();
    let (mut parts, mut records) = (Vec::new(), Vec::new());
    for (part, record) in reads.into_iter().filter_map(|read| problems.keep(read)) {
        parts.push(part);
        records.push(record);
    }
    problems.or(())?;
    let survey = part::merge(parts, &plan.items);
    meter.done(survey.practice.len() as u64);
    Ok((survey, records))
}

fn read_file(config: &Config, file: &SurveyFile, input: &Input, plan: &Plan, meter: &Meter<'_>) -> Result<Read> {
    let settings = &config.inputs.survey;
    let ending = input.ending();
    let mut problems = Problems::default();
    match (settings.reader, ending.as_str()) {
        (SurveyReader::Practice, "csv" | "txt") => counts::read(config, file, input, plan),
        (SurveyReader::Practice, _) => Err(wrong_format(&input.shown, &ending, "`csv`").into()),
        (reader, "csv" | "txt") => {
            let rows = CsvRows::open(input, settings.encoding, false)?;
            let find = |name: &str| header::position(&input.shown, rows.headers(), name);
            let layout = plan.layout(file, reader, &find, &mut problems);
            layout.map_or_else(|| Err(problems), |layout| read_rows(rows, plan, layout, meter))
        }
        (reader, "parquet" | "sav" | "zsav") => {
            let mut rows = open_columns(input)?;
            let find = |name: &str| header::position(&input.shown, rows.names(), name);
            let Some(layout) = plan.layout(file, reader, &find, &mut problems) else { return Err(problems) };
            rows.select(layout.columns())?;
            read_rows(rows, plan, layout, meter)
        }
        _ => Err(wrong_format(&input.shown, &ending, "`csv`, `parquet` or `sav`").into()),
    }
}

/// Opens a file of columns: Parquet or SPSS, by its ending.
///
/// # Errors
/// When it is missing, empty or damaged.
pub(in crate::ingest) fn open_columns(input: &Input) -> Result<ColumnarRows> {
    match input.ending().as_str() {
        "parquet" => ColumnarRows::open(input, parquet_batches::open),
        _ => ColumnarRows::open(input, sav_batches::open),
    }
}

fn check_weights(files: &[SurveyFile], problems: &mut Problems) {
    let with = files.iter().find(|file| file.weight.is_some());
    let without = files.iter().find(|file| file.weight.is_none());
    if let (Some(with), Some(without)) = (with, without) {
        let what = format!("`{}` has a weight column and `{}` has none", with.path, without.path);
        problems.push(Problem::new(what).hint("name the weight column of every survey file, or of none"));
    }
}
