//! Reads the sources of a dataset study: the columns that its variables need, as text or numbers.
//! Knows nothing of joins.

use super::csv_rows::CsvRows;
use super::fields;
use super::header;
use super::marker;
use super::matching::Matching;
use super::open::{self, Input};
use super::survey::{Rows, open_columns, wrong_format};
use super::{InputRecord, Progress};
use crate::config::{Dataset, TableSource};
use crate::error::{Problem, Problems, Result};
use indexmap::IndexSet;
use std::path::Path;

/// Index of a text that is missing.
const NONE: u32 = u32::MAX;
/// Rows between two calls of the progress function.
const STEP: usize = 1 << 16;

/// One column of a source.
#[derive(Debug, Clone, PartialEq)]
pub enum TableColumn {
    /// Numbers as the file has them (Parquet), missing ones NaN.
    Numbers(Vec<f64>),
    /// Texts, trimmed, each distinct one once, and each row's index into them; `u32::MAX` is missing.
    Texts {
        /// Distinct texts in order of first appearance.
        texts: Vec<String>,
        /// Index of each row.
        of: Vec<u32>,
    },
}

/// The rows of a source that its `where` keeps.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceTable {
    /// Rows kept.
    pub rows: usize,
    /// Rows on file.
    pub on_file: u64,
    /// Header and values of each column needed.
    pub columns: Vec<(String, TableColumn)>,
}

/// All sources, in the order of the config.
pub type Tables = Vec<SourceTable>;

/// Every file that [`read_tables`] reads, in its order.
pub(super) fn files(dataset: &Dataset, root: &Path, problems: &mut Problems) -> Vec<Input> {
    let of = |source: &TableSource| open::expand_all(&source.id, root, &source.files, problems);
    dataset.sources.iter().flat_map(of).collect()
}

/// Reads every source.
///
/// # Errors
/// Everything that is wrong with any of the files.
pub fn read_tables(dataset: &Dataset, root: &Path, progress: &Progress<'_>) -> Result<(Tables, Vec<InputRecord>)> {
    let (mut problems, mut tables, mut records) = (Problems::default(), Tables::new(), Vec::new());
    for at in 0..dataset.sources.len() {
        if let Some((table, of)) = problems.keep(read_source(dataset, at, root, progress)) {
            tables.push(table);
            records.extend(of);
        }
    }
    problems.or((tables, records))
}

fn read_source(
    dataset: &Dataset,
    at: usize,
    root: &Path,
    progress: &Progress<'_>,
) -> Result<(SourceTable, Vec<InputRecord>)> {
    let (source, mut problems) = (&dataset.sources[at], Problems::default());
    let inputs = open::expand_all(&source.id, root, &source.files, &mut problems);
    marker::check_real(root, &inputs, &mut problems);
    let mut reader = Reader::new(source, dataset.headers(at));
    let mut records = Vec::new();
    for input in &inputs {
        records.extend(problems.keep(reader.read_file(source, input, progress)));
    }
    // What is missing from files that could not be read says nothing.
    problems.or(())?;
    let place = match &inputs[..] {
        [only] => format!("`{}`", only.shown),
        _ => format!("the {} files of `{}`", inputs.len(), source.id),
    };
    let mut never = reader.matching.never_met(&place);
    if never.is_empty() && reader.rows == 0 {
        let what = format!("`where` of source `{}` keeps no row of {place}", source.id);
        never.push(Problem::new(what).hint("its values all occur, but never in one row"));
    }
    let shown = inputs.first().map(|input| input.shown.clone()).unwrap_or_default();
    Problems(never.into_iter().map(|problem| problem.file(&shown)).collect()).or(())?;
    progress(&source.id, reader.rows as u64, reader.rows as u64);
    let on_file = records.iter().map(|record| record.rows).sum();
    let columns = reader.columns.into_iter().map(|(header, column)| (header, column.done())).collect();
    Ok((SourceTable { rows: reader.rows, on_file, columns }, records))
}

/// One source while its files are read.
struct Reader {
    matching: Matching,
    columns: Vec<(String, Column)>,
    /// Texts that mean missing, and those of them that are numbers.
    missing: Vec<String>,
    missing_numbers: Vec<f64>,
    rows: usize,
}

impl Reader {
    fn new(source: &TableSource, headers: Vec<&str>) -> Self {
        let missing: Vec<String> = source.missing.iter().map(|text| text.trim().to_owned()).collect();
        Self {
            matching: Matching::new(&source.matching),
            columns: headers.into_iter().map(|header| (header.to_owned(), Column::Unknown)).collect(),
            missing_numbers: missing.iter().filter_map(|text| fields::number(text.as_bytes()).ok().flatten()).collect(),
            missing,
            rows: 0,
        }
    }

    fn read_file(&mut self, source: &TableSource, input: &Input, progress: &Progress<'_>) -> Result<InputRecord> {
        match input.ending().as_str() {
            "csv" | "txt" => {
                let rows = CsvRows::open(input, source.encoding, false)?;
                let places = self.places(&|name| header::position(&input.shown, rows.headers(), name))?;
                self.read_rows(source, rows, &places, progress)
            }
            "parquet" | "sav" | "zsav" => {
                let mut rows = open_columns(input)?;
                let places = self.places(&|name| header::position(&input.shown, rows.names(), name))?;
                let mut chosen: Vec<usize> = places.columns.iter().chain(&places.filter).copied().collect();
                chosen.sort_unstable();
                chosen.dedup();
                rows.select(chosen)?;
                self.read_rows(source, rows, &places, progress)
            }
            ending => Err(wrong_format(&input.shown, ending, "`csv`, `parquet` or `sav`").into()),
        }
    }

    fn places(&self, position: &dyn Fn(&str) -> Result<usize>) -> Result<Places> {
        let mut problems = Problems::default();
        let columns = self.columns.iter().filter_map(|(header, _)| problems.keep(position(header))).collect();
        let filter = self.matching.columns_by(position, &mut problems);
        problems.or(Places { columns, filter })
    }

    fn read_rows<R: Rows>(
        &mut self,
        source: &TableSource,
        mut rows: R,
        places: &Places,
        progress: &Progress<'_>,
    ) -> Result<InputRecord> {
        let mut left = 0_u64;
        while rows.advance()? {
            if !self.matching.matches_by(|at| rows.text(at), &places.filter) {
                left += 1;
                continue;
            }
            self.rows += 1;
            if self.rows.is_multiple_of(STEP) {
                progress(&source.id, self.rows as u64, 0);
            }
            for ((_, column), at) in self.columns.iter_mut().zip(&places.columns) {
                if !rows.is_number(*at) {
                    let text = rows.text(*at);
                    let missing = text.is_empty() || self.missing.iter().any(|missing| *missing == text);
                    column.text(if missing { None } else { Some(&text) });
                    continue;
                }
                let number = rows.number(*at);
                if let Err(kind) = number {
                    rows.complain(kind, *at);
                }
                let number = number.ok().flatten().filter(|number| !self.missing_numbers.contains(number));
                column.number(number.unwrap_or(f64::NAN));
            }
        }
        let mut notes = Vec::new();
        if left > 0 {
            notes.push(format!("{} {} not kept", crate::format::count(left), if left == 1 { "row" } else { "rows" }));
        }
        rows.finish(Problems::default(), notes)
    }
}

/// Positions of a file's columns.
struct Places {
    columns: Vec<usize>,
    filter: Vec<usize>,
}

/// A column while it is read. Numbers stay numbers as long as every file has them as such.
enum Column {
    Unknown,
    Numbers(Vec<f64>),
    Texts(IndexSet<String>, Vec<u32>),
}

impl Column {
    fn number(&mut self, number: f64) {
        match self {
            Self::Unknown => *self = Self::Numbers(vec![number]),
            Self::Numbers(numbers) => numbers.push(number),
            Self::Texts(..) => {
                self.text(Some(&crate::format::plain(number)).filter(|text| !text.is_empty()).map(|text| text.as_str()))
            }
        }
    }

    fn text(&mut self, text: Option<&str>) {
        if !matches!(self, Self::Texts(..)) {
            let before = std::mem::replace(self, Self::Texts(IndexSet::new(), Vec::new()));
            if let Self::Numbers(numbers) = before {
                numbers.into_iter().for_each(|number| self.number(number));
            }
        }
        let Self::Texts(texts, of) = self else { return };
        of.push(text.map_or(NONE, |text| match texts.get_index_of(text) {
            Some(at) => at as u32,
            None => texts.insert_full(text.to_owned()).0 as u32,
        }));
    }

    fn done(self) -> TableColumn {
        match self {
            Self::Unknown => TableColumn::Numbers(Vec::new()),
            Self::Numbers(numbers) => TableColumn::Numbers(numbers),
            Self::Texts(texts, of) => TableColumn::Texts { texts: texts.into_iter().collect(), of },
        }
    }
}
