//! Workforce rows: one file per census or several, one row per member of staff.
//!
//! Keeps every row, since a cluster with no row of interest still sent a return. Knows nothing of
//! exposures.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::Progress;
use super::complaints::Kind;
use super::csv_rows::CsvRows;
use super::fields::{self, EMPTY, NEGATIVE};
use super::frames::{NOT_A_YEAR, YEARS, columns, frame, needed_text, needed_whole};
use super::marker;
use super::matching::Matching;
use super::open::{self, Input};
use super::types::InputRecord;
use crate::config::{Census, Config, WorkforceInput};
use crate::error::{Problem, Problems, Result};

const NOT_A_MONTH: Kind =
    Kind { one: "value that is not a month", many: "values that are not months", hint: "a month is a number, 1 to 12" };
const TOO_LARGE: Kind = Kind {
    one: "value above the largest believable amount",
    many: "values above the largest believable amount",
    hint: "correct the file, or raise `largest` of the workforce input if the amount is real",
};

#[derive(Debug, Default)]
struct Columns {
    census: Vec<String>,
    /// Cluster code and name, area code and name.
    texts: [Vec<String>; 4],
    /// Region code and name, where they are read.
    region: [Vec<String>; 2],
    /// Whether a row is of other staff that may be adjusted for.
    other: Vec<bool>,
    amount: Vec<f64>,
    counts: Vec<bool>,
}

/// Reads all workforce files: `census`, `pcn`, `pcn_name`, `area`, `area_name`, `amount`, `counts`,
/// in file order, files sorted within a glob.
///
/// # Errors
/// Everything that is wrong with any of the files.
pub fn read_workforce(config: &Config, root: &Path, progress: &Progress<'_>) -> Result<(DataFrame, Vec<InputRecord>)> {
    let settings = &config.inputs.workforce;
    let mut problems = Problems::default();
    let inputs = open::expand_all("workforce", root, &settings.files, &mut problems);
    marker::check_marker(root, settings.source, &inputs, &mut problems);
    let mut matching = [Matching::new(&settings.matching), Matching::new(&settings.other)];
    let (mut all, mut records) = (Columns::default(), Vec::new());
    let mut censuses: BTreeMap<Census, String> = BTreeMap::new();
    for (done, input) in inputs.iter().enumerate() {
        let Some((record, found)) = problems.keep(read_file(settings, input, &mut matching, &mut all)) else {
            continue;
        };
        for census in found {
            if let Some(first) = censuses.insert(census, input.shown.clone()) {
                problems.push(twice(census, &first, &input.shown));
            }
        }
        records.push(record);
        progress(
            "workforce",
            all.amount.len() as u64,
            if done + 1 == inputs.len() { all.amount.len() as u64 } else { 0 },
        );
    }
    // What is missing from files that could not be read says nothing.
    if problems.is_empty() {
        let place = if records.len() == 1 {
            format!("`{}`", records[0].path)
        } else {
            format!("{} workforce files", records.len())
        };
        problems.0.extend(matching.iter().flat_map(|rows| rows.never_met(&place)));
    }
    problems.or(())?;
    Ok((table(settings, all)?, records))
}

fn twice(census: Census, first: &str, second: &str) -> Problem {
    Problem::new(format!("census {census} is in two files: `{first}` and `{second}`"))
        .file(second)
        .hint("keep one of them; a glob may match more than you mean")
}

/// Reads one file onto the end of `all`; gives its record and the censuses in it.
fn read_file(
    settings: &WorkforceInput,
    input: &Input,
    [matching, others]: &mut [Matching; 2],
    all: &mut Columns,
) -> Result<(InputRecord, Vec<Census>)> {
    let mut rows = CsvRows::open(input, settings.encoding, true)?;
    let mut problems = Problems::default();
    let names = [&settings.year, &settings.month, &settings.amount].map(String::as_str);
    let found = columns(&rows, names, &mut problems);
    let texts = [&settings.pcn, &settings.pcn_name, &settings.area, &settings.area_name].map(String::as_str);
    let texts = columns(&rows, texts, &mut problems);
    let filter = matching.columns(&rows, &mut problems);
    let other = others.columns(&rows, &mut problems);
    let regions = settings.region.iter().flatten().filter_map(|name| rows.column(name, &mut problems));
    let regions: Vec<usize> = regions.collect();
    let (Some([year, month, amount]), Some(texts), true) = (found, texts, problems.is_empty()) else {
        return Err(problems);
    };
    let mut censuses: BTreeMap<Census, String> = BTreeMap::new();
    let mut odd = 0;
    while rows.next()? {
        let year = needed_whole(&mut rows, year, YEARS, &NOT_A_YEAR);
        let month = needed_whole(&mut rows, month, 1..=12, &NOT_A_MONTH).unsigned_abs();
        let census = Census { year, month };
        let label = censuses.entry(census).or_insert_with(|| census.to_string());
        all.census.push(label.clone());
        let [pcn, named @ ..] = texts;
        all.texts[0].push(needed_text(&mut rows, pcn));
        for (column, at) in all.texts[1..].iter_mut().zip(named) {
            column.push(rows.text(at).into_owned());
        }
        for (column, at) in all.region.iter_mut().zip(&regions) {
            column.push(rows.text(*at).into_owned());
        }
        if !settings.other.is_empty() {
            all.other.push(others.matches(&rows, &other));
        }
        let counts = matching.matches(&rows, &filter);
        let (value, unusual) = read_amount(settings, &mut rows, amount, counts);
        odd += u64::from(unusual);
        all.amount.push(value);
        all.counts.push(counts);
    }
    if odd > 0 {
        let (rows_word, values) = if odd == 1 { ("row", "value") } else { ("rows", "values") };
        rows.note(format!(
            "{odd} {rows_word} that do not count with a negative or very large {values} in `{}`",
            settings.amount
        ));
    }
    Ok((rows.finish(problems)?, censuses.into_keys().collect()))
}

/// The amount of a row, and whether it is negative or too large in a row that does not count: real
/// files have such corrections, which no result uses.
fn read_amount(settings: &WorkforceInput, rows: &mut CsvRows, at: usize, counts: bool) -> (f64, bool) {
    let kind = match fields::number(rows.field(at)) {
        Ok(Some(value)) if (0.0..=settings.largest).contains(&value) => return (value, false),
        Ok(Some(value)) if !counts => return (value, true),
        Ok(Some(value)) if value < 0.0 => &NEGATIVE,
        Ok(Some(_)) => &TOO_LARGE,
        Ok(None) => &EMPTY,
        Err(kind) => kind,
    };
    rows.complain(kind, at);
    (0.0, false)
}

fn table(settings: &WorkforceInput, all: Columns) -> Result<DataFrame> {
    let [pcn, pcn_name, area, area_name] = all.texts;
    let text = |name: &str, values: Vec<String>| Column::from(Series::new(name.into(), values));
    let mut columns = vec![
        text("census", all.census),
        text("pcn", pcn),
        text("pcn_name", pcn_name),
        text("area", area),
        text("area_name", area_name),
        Column::from(Series::new("amount".into(), all.amount)),
        Column::from(Series::new("counts".into(), all.counts)),
    ];
    if settings.region.is_some() {
        let [code, name] = all.region;
        columns.extend([text("region", code), text("region_name", name)]);
    }
    if !settings.other.is_empty() {
        columns.push(Column::from(Series::new("other".into(), all.other)));
    }
    frame(columns)
}
