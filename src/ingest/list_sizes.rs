//! Registered patients by practice and wave, which replace the practice files' own figures.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::Progress;
use super::csv_rows::CsvRows;
use super::fields::EMPTY;
use super::frames::{columns, frame, needed_text};
use super::marker;
use super::matching::Matching;
use super::open::Input;
use super::places::line_at;
use super::practices::read_patients;
use super::types::InputRecord;
use crate::config::{Config, ListSizeInput};
use crate::error::{Problem, Problems, Result};

#[derive(Debug, Default)]
struct Columns {
    wave: Vec<i32>,
    practice: Vec<String>,
    patients: Vec<f64>,
}

/// Reads the list sizes: `wave`, `practice`, `patients`, in file order; no rows when the study has
/// none.
///
/// # Errors
/// Everything that is wrong with any of the files.
pub fn read_list_sizes(config: &Config, root: &Path, progress: &Progress<'_>) -> Result<(DataFrame, Vec<InputRecord>)> {
    let (mut all, mut records) = (Columns::default(), Vec::new());
    let mut problems = Problems::default();
    if let Some(settings) = &config.inputs.list_sizes {
        let inputs: Vec<_> = settings.files.iter().map(|(_, path)| Input::new("list_sizes", root, path)).collect();
        marker::check_marker(root, config.inputs.practices.source, &inputs, &mut problems);
        for ((wave, _), input) in settings.files.iter().zip(&inputs) {
            records.extend(problems.keep(read_file(settings, *wave, input, &mut all)));
        }
        progress("list sizes", all.wave.len() as u64, all.wave.len() as u64);
    }
    problems.or(())?;
    let table = frame(vec![
        Column::from(Series::new("wave".into(), all.wave)),
        Column::from(Series::new("practice".into(), all.practice)),
        Column::from(Series::new("patients".into(), all.patients)),
    ])?;
    Ok((table, records))
}

fn read_file(settings: &ListSizeInput, wave: usize, input: &Input, all: &mut Columns) -> Result<InputRecord> {
    let mut rows = CsvRows::open(input, settings.encoding, true)?;
    let mut problems = Problems::default();
    let mut matching = Matching::new(&settings.matching);
    let found = columns(&rows, [&settings.practice, &settings.patients].map(String::as_str), &mut problems);
    let filter = matching.columns(&rows, &mut problems);
    let (Some([practice, patients]), true) = (found, problems.is_empty()) else { return Err(problems) };
    let (mut met, mut left) = (BTreeMap::<String, u64>::new(), 0_u64);
    while rows.next()? {
        if !matching.matches(&rows, &filter) {
            left += 1;
            continue;
        }
        let practice = needed_text(&mut rows, practice);
        if let Some(first) = met.get(&practice).filter(|_| problems.0.len() < 20) {
            let (first, line) = (line_at(input, *first), line_at(input, rows.byte()));
            let what = format!("practice `{practice}` is twice in `{}`: lines {first} and {line}", input.shown);
            let hint = "choose the rows of totals with `where`, one per practice";
            problems.push(Problem::new(what).file(&input.shown).line(line).hint(hint));
        }
        met.insert(practice.clone(), rows.byte());
        if rows.field(patients).trim_ascii().is_empty() {
            rows.complain(&EMPTY, patients);
        }
        all.wave.push(wave as i32);
        all.practice.push(practice);
        all.patients.push(read_patients(&mut rows, patients).unwrap_or_default());
    }
    if rows.rows() > 0 {
        problems.0.extend(matching.never_met(&format!("`{}`", input.shown)).into_iter().map(|p| p.file(&input.shown)));
    }
    if left > 0 {
        rows.note(format!("{} {} not used", crate::format::count(left), if left == 1 { "row" } else { "rows" }));
    }
    rows.finish(problems)
}
