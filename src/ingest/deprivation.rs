//! Deprivation scores by practice and year. Areas that are no practice are harmless: the next room
//! looks up the practices it has.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::Progress;
use super::csv_rows::CsvRows;
use super::fields;
use super::frames::{NOT_A_YEAR, YEARS, columns, complained, frame, needed_text, needed_whole};
use super::marker;
use super::open::Input;
use super::places::line_at;
use super::types::InputRecord;
use crate::config::{Config, DeprivationInput};
use crate::error::{Problem, Problems, Result};

#[derive(Debug, Default)]
struct Columns {
    practice: Vec<String>,
    year: Vec<i32>,
    score: Vec<f64>,
}

/// Reads the deprivation file: `practice`, `year`, `score`, in file order; no rows when the study
/// has none.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read_deprivation(
    config: &Config,
    root: &Path,
    progress: &Progress<'_>,
) -> Result<(DataFrame, Vec<InputRecord>)> {
    let (mut all, mut records) = (Columns::default(), Vec::new());
    if let Some(settings) = &config.inputs.deprivation {
        let mut problems = Problems::default();
        let input = Input::new("deprivation", root, &settings.path);
        marker::check_marker(root, settings.source, std::slice::from_ref(&input), &mut problems);
        records.extend(problems.keep(read_file(settings, &input, &mut all)));
        problems.or(())?;
        progress("deprivation", all.score.len() as u64, all.score.len() as u64);
    }
    let table = frame(vec![
        Column::from(Series::new("practice".into(), all.practice)),
        Column::from(Series::new("year".into(), all.year)),
        Column::from(Series::new("score".into(), all.score)),
    ])?;
    Ok((table, records))
}

fn read_file(settings: &DeprivationInput, input: &Input, all: &mut Columns) -> Result<InputRecord> {
    let mut rows = CsvRows::open(input, settings.encoding, true)?;
    let mut problems = Problems::default();
    let names = [&settings.practice, &settings.year, &settings.score].map(String::as_str);
    let Some([practice, year, score]) = columns(&rows, names, &mut problems) else { return Err(problems) };
    let mut met: BTreeMap<(String, i32), u64> = BTreeMap::new();
    let mut empty = 0_u64;
    while rows.next()? {
        let year = needed_whole(&mut rows, year, YEARS, &NOT_A_YEAR);
        let practice = needed_text(&mut rows, practice);
        let key = (practice.clone(), year);
        if let Some(first) = met.get(&key).filter(|_| problems.0.len() < 20) {
            let (first, line) = (line_at(input, *first), line_at(input, rows.byte()));
            let what = format!("`{practice}` has two scores for {year} in `{}`: lines {first} and {line}", input.shown);
            problems.push(Problem::new(what).file(&input.shown).line(line).hint("keep one row per practice and year"));
        }
        met.insert(key, rows.byte());
        match fields::number(rows.field(score)) {
            Ok(None) => empty += 1,
            read => {
                let read = read.map(Option::unwrap_or_default);
                all.score.push(complained(&mut rows, score, read));
                all.practice.push(practice);
                all.year.push(year);
            }
        }
    }
    if empty > 0 {
        rows.note(format!(
            "{} {} without a score",
            crate::format::count(empty),
            if empty == 1 { "row" } else { "rows" }
        ));
    }
    rows.finish(problems)
}
