//! Practices by wave: which cluster each belongs to and how many patients it has.
//!
//! Knows nothing of responses or exposures; a wave without a file is left to the next room.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use super::Progress;
use super::csv_rows::CsvRows;
use super::fields::{self, NEGATIVE};
use super::frames::{columns, frame, needed_text};
use super::marker;
use super::matching::Matching;
use super::open::Input;
use super::places::line_at;
use super::types::InputRecord;
use crate::config::{Config, PracticesFile, PracticesInput};
use crate::error::{Problem, Problems, Result};

#[derive(Debug, Default)]
struct Columns {
    wave: Vec<i32>,
    practice: Vec<String>,
    name: Vec<String>,
    pcn: Vec<Option<String>>,
    patients: Vec<Option<f64>>,
    rurality: Vec<Option<String>>,
    closed: Vec<bool>,
}

/// Where each practice of a wave was met first: file (by place in the config), byte, cluster.
type Met = BTreeMap<(usize, String), (usize, u64, Option<String>)>;

/// Reads all practice files: `wave`, `practice`, `name`, `pcn`, `patients`, `rurality`, `closed`,
/// in file order.
///
/// # Errors
/// Everything that is wrong with any of the files.
pub fn read_practices(config: &Config, root: &Path, progress: &Progress<'_>) -> Result<(DataFrame, Vec<InputRecord>)> {
    let settings = &config.inputs.practices;
    let mut problems = Problems::default();
    let inputs: Vec<_> = settings.files.iter().map(|file| Input::new("practices", root, &file.path)).collect();
    marker::check_marker(root, settings.source, &inputs, &mut problems);
    let mut reader = Reader {
        settings,
        inputs: &inputs,
        all: Columns::default(),
        met: Met::new(),
        no_pcn: vec![0; settings.no_pcn.len()],
        clashes: Vec::new(),
    };
    let mut records = Vec::new();
    for at in 0..inputs.len() {
        records.extend(problems.keep(reader.read_file(at)));
        let rows = reader.all.practice.len() as u64;
        progress("practices", rows, if at + 1 == inputs.len() { rows } else { 0 });
    }
    problems.0.append(&mut reader.clashes);
    reader.check_no_pcn(&mut problems);
    problems.or(())?;
    Ok((table(reader.all)?, records))
}

struct Reader<'a> {
    settings: &'a PracticesInput,
    inputs: &'a [Input],
    all: Columns,
    met: Met,
    /// How often each of the words for no cluster was met.
    no_pcn: Vec<u64>,
    clashes: Vec<Problem>,
}

/// Positions of a file's columns.
struct Places {
    practice: usize,
    name: usize,
    pcn: usize,
    patients: usize,
    rurality: Option<usize>,
    closed: Option<usize>,
}

impl Reader<'_> {
    fn read_file(&mut self, at: usize) -> Result<InputRecord> {
        let file = &self.settings.files[at];
        let mut rows = CsvRows::open(&self.inputs[at], self.settings.encoding, true)?;
        let mut problems = Problems::default();
        let mut keep = Matching::new(&file.keep);
        let places = places(file, &rows, &mut problems);
        let filter = keep.columns(&rows, &mut problems);
        let (Some(places), true) = (places, problems.is_empty()) else { return Err(problems) };
        let mut left = 0_u64;
        while rows.next()? {
            if keep.matches(&rows, &filter) {
                self.read_row(at, &mut rows, &places);
            } else {
                left += 1;
            }
        }
        if rows.rows() > 0 {
            let shown = &self.inputs[at].shown;
            problems.0.extend(keep.never_met(&format!("`{shown}`")).into_iter().map(|problem| problem.file(shown)));
        }
        if left > 0 {
            rows.note(format!("{} {} not kept", crate::format::count(left), if left == 1 { "row" } else { "rows" }));
        }
        rows.finish(problems)
    }

    fn read_row(&mut self, at: usize, rows: &mut CsvRows, places: &Places) {
        let practice = needed_text(rows, places.practice);
        let pcn = self.text(rows, places.pcn).filter(|code| {
            let word = self.settings.no_pcn.iter().position(|none| none.trim() == code);
            word.inspect(|at| self.no_pcn[*at] += 1).is_none()
        });
        self.meet(at, &practice, pcn.as_deref(), rows.byte());
        let patients = match self.text(rows, places.patients) {
            Some(_) => read_patients(rows, places.patients),
            None => None,
        };
        self.all.wave.push(self.settings.files[at].wave as i32);
        self.all.practice.push(practice);
        self.all.name.push(rows.text(places.name).into_owned());
        self.all.pcn.push(pcn);
        self.all.patients.push(patients);
        self.all.rurality.push(places.rurality.and_then(|place| self.text(rows, place)));
        self.all.closed.push(places.closed.is_some_and(|place| self.text(rows, place).is_some()));
    }

    /// A word for no cluster that never occurs: a slip in it would make a cluster of all who are in none.
    fn check_no_pcn(&self, problems: &mut Problems) {
        if !problems.is_empty() {
            return;
        }
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for code in self.all.pcn.iter().flatten() {
            *counts.entry(code).or_default() += 1;
        }
        // A word that is no code is longer than they are, or the commonest.
        let mut present: Vec<(&str, u64)> = counts.into_iter().collect();
        present.sort_by_key(|(code, count)| (std::cmp::Reverse(code.chars().count()), std::cmp::Reverse(*count)));
        let present: Vec<&str> = present.into_iter().map(|(code, _)| code).take(5).collect();
        for (word, _) in self.settings.no_pcn.iter().zip(&self.no_pcn).filter(|(_, met)| **met == 0) {
            let what = format!("value `{word}` of `inputs.practices.no_pcn` never occurs in the practice files");
            let hint = format!("the longest codes are {}; correct the value, or take it out", quoted(&present));
            problems.push(Problem::new(what).hint(hint));
        }
    }

    /// A value, or none when it is empty or written as missing.
    fn text(&self, rows: &CsvRows, at: usize) -> Option<String> {
        let text = rows.text(at);
        let missing = text.is_empty() || self.settings.missing.iter().any(|mark| mark.trim() == text);
        (!missing).then(|| text.into_owned())
    }

    /// Notes that a practice was met, and a problem when it was met before in the wave.
    fn meet(&mut self, at: usize, practice: &str, pcn: Option<&str>, byte: u64) {
        let key = (self.settings.files[at].wave, practice.to_owned());
        let Some((first, first_byte, before)) = self.met.get(&key) else {
            self.met.insert(key, (at, byte, pcn.map(str::to_owned)));
            return;
        };
        let (first, file) = (&self.inputs[*first], &self.inputs[at]);
        let (line, first_line) = (line_at(file, byte), line_at(first, *first_byte));
        let place = format!("line {first_line} of `{}` and line {line} of `{}`", first.shown, file.shown);
        let named = |pcn: Option<&str>| pcn.map_or_else(|| "none".to_owned(), |pcn| format!("`{pcn}`"));
        let problem = if before.as_deref() == pcn {
            Problem::new(format!("practice `{practice}` is listed twice in one wave: {place}"))
                .hint("keep one row per practice")
        } else {
            let what = format!(
                "practice `{practice}` is in two clusters in one wave: {} and {}, {place}",
                named(before.as_deref()),
                named(pcn)
            );
            Problem::new(what).hint("keep the row of the cluster that the practice belongs to")
        };
        // Every clash reads the file again for its lines: after twenty the point is made.
        if self.clashes.len() < 20 {
            self.clashes.push(problem.file(&file.shown).line(line));
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A number of patients of the current row.
pub(crate) fn read_patients(rows: &mut CsvRows, at: usize) -> Option<f64> {
    match fields::number(rows.field(at)) {
        Ok(Some(value)) if value < 0.0 => rows.complain(&NEGATIVE, at),
        Ok(value) => return value,
        Err(kind) => rows.complain(kind, at),
    }
    None
}

fn places(file: &PracticesFile, rows: &CsvRows, problems: &mut Problems) -> Option<Places> {
    let names = [&file.practice, &file.name, &file.pcn, &file.patients].map(String::as_str);
    let found = columns(rows, names, problems);
    let mut optional = |name: &Option<String>| name.as_ref().map(|name| rows.column(name, problems));
    let (rurality, closed) = (optional(&file.rurality), optional(&file.closed));
    let [practice, name, pcn, patients] = found?;
    Some(Places { practice, name, pcn, patients, rurality: rurality.flatten(), closed: closed.flatten() })
}

fn table(all: Columns) -> Result<DataFrame> {
    frame(vec![
        Column::from(Series::new("wave".into(), all.wave)),
        Column::from(Series::new("practice".into(), all.practice)),
        Column::from(Series::new("name".into(), all.name)),
        Column::from(Series::new("pcn".into(), all.pcn)),
        Column::from(Series::new("patients".into(), all.patients)),
        Column::from(Series::new("rurality".into(), all.rurality)),
        Column::from(Series::new("closed".into(), all.closed)),
    ])
}
